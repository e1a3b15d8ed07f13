//! What stays as it is in every completion of a record.

use std::borrow::Cow;

use forbear::episode::{Episode, Slot};
use forbear::judge::{Outcome, Status};
use forbear::policy::{Condition, Version};

/// Gives a version with what stays as it is on a record: presence, and what silence settled. `outcomes`: what its rules say of the
/// record.
pub(crate) fn held_fixed<'v>(version: &'v Version, episode: &Episode, outcomes: &[Outcome]) -> Cow<'v, Version> {
    let by_silence = |outcome: &Outcome| matches!(outcome, Outcome::Requirement { by_silence: true, .. });
    let conditions = &version.conditions;
    let asks_whether = conditions.ids().any(|id| matches!(conditions.get(id), Condition::Present(_)));
    if !asks_whether && !outcomes.iter().any(by_silence) {
        return Cow::Borrowed(version);
    }
    let mut fixed = version.clone();
    let constant = |holds: bool| {
        let nothing = Box::new([]);
        if holds { Condition::All(nothing) } else { Condition::Any(nothing) }
    };
    for id in conditions.ids() {
        if let Condition::Present(field) = conditions.get(id) {
            let is_there = matches!(episode.slot(field.field), Slot::Present(_));
            fixed.conditions.replace(id, constant(is_there));
        }
    }
    for (rule, outcome) in fixed.rules.iter_mut().zip(outcomes) {
        if let Outcome::Requirement { status, by_silence: true } = outcome {
            rule.norm.condition = fixed.conditions.add(constant(*status != Status::Violated), rule.origin);
            (rule.guard, rule.unless, rule.silence) = (None, None, None);
        }
    }
    Cow::Owned(fixed)
}
