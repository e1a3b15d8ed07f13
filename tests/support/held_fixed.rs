//! What stays as it is in every completion of a record.

use std::borrow::Cow;

use forbear::episode::{Episode, Slot};
use forbear::judge::{Outcome, Status};
use forbear::policy::{Condition, ConditionId, Policy};

/// Gives a policy of one version with what stays as it is on a record: presence, and what silence settled. `outcomes`: what its
/// rules say of the record.
pub(crate) fn held_fixed<'p>(policy: &'p Policy, episode: &Episode, outcomes: &[Outcome]) -> Cow<'p, Policy> {
    let by_silence = |outcome: &Outcome| matches!(outcome, Outcome::Requirement { by_silence: true, .. });
    let conditions = &policy.versions[0].conditions;
    let ids = || (0..).map(ConditionId).take(conditions.len());
    let asks_whether = ids().any(|id| matches!(conditions.get(id), Condition::Present(_)));
    if !asks_whether && !outcomes.iter().any(by_silence) {
        return Cow::Borrowed(policy);
    }
    let mut fixed = policy.clone();
    let version = &mut fixed.versions[0];
    let constant = |holds: bool| {
        let nothing = Box::new([]);
        if holds { Condition::All(nothing) } else { Condition::Any(nothing) }
    };
    for id in ids() {
        if let Condition::Present(field) = conditions.get(id) {
            let is_there = matches!(episode.slot(field.field), Slot::Present(_));
            version.conditions.replace(id, constant(is_there));
        }
    }
    for (rule, outcome) in version.rules.iter_mut().zip(outcomes) {
        if let Outcome::Requirement { status, by_silence: true } = outcome {
            rule.norm.condition = version.conditions.add(constant(*status != Status::Violated), rule.origin);
            (rule.guard, rule.unless, rule.silence) = (None, None, None);
        }
    }
    Cow::Owned(fixed)
}
