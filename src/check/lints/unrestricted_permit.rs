//! A permit that nothing restricts.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Condition, ConditionId, DefaultNorm, FieldId, Relation, Rule, Term, Value, Version};

use super::{Finding, Ground};

/// Points out each permit of a policy in which no rule can make an episode impermissible that the permit allows, if no
/// other policy of the run has such a rule either: where several cover an episode, the strictest leads.
///
/// That a rule never concerns what a permit allows is known only where both ask one field for names that differ. Where
/// it is not known, nothing is said.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    // Under `default permit`, that the permit has no effect has been said.
    let permits = ground.rules().filter(|(version, rule)| rule.is_permit() && version.default == DefaultNorm::Forbid);
    let bounded = |version: &Version, permit: &Rule| {
        ground
            .rules()
            .filter(|(_, rule)| rule.decides())
            .any(|(other, rule)| !std::ptr::eq(other, version) || !are_apart(version, permit, rule))
    };
    let unbounded = permits.filter(|(version, permit)| !bounded(version, permit));
    unbounded.map(|(version, rule)| Finding::of_rule(version, rule, words(rule))).collect()
}

/// Says whether a rule surely concerns no episode that a permit allows.
fn are_apart(version: &Version, permit: &Rule, rule: &Rule) -> bool {
    let allowed = asked(version, permit.guard.into_iter().chain([permit.norm.condition]));
    let concerned = asked(version, rule.guard);
    concerned.iter().any(|(field, values)| {
        allowed.get(field).is_some_and(|allowed| !allowed.iter().any(|value| values.contains(value)))
    })
}

/// Gives the values that some clauses, all of which must hold, leave to each field.
fn asked(version: &Version, clauses: impl IntoIterator<Item = ConditionId>) -> BTreeMap<FieldId, Vec<&Value>> {
    let mut waiting: Vec<ConditionId> = clauses.into_iter().collect();
    let mut found: BTreeMap<FieldId, Vec<&Value>> = BTreeMap::new();
    while let Some(id) = waiting.pop() {
        let (field, values): (FieldId, Vec<&Value>) = match version.conditions.get(id) {
            Condition::All(parts) => {
                waiting.extend(parts.iter());
                continue;
            }
            Condition::Defined(definition) => {
                waiting.extend(version.conditions.definition(*definition).map(|definition| definition.condition));
                continue;
            }
            Condition::Compare { left, relation: Relation::Is, right: Term::Constant(value) } => {
                (left.field, vec![value])
            }
            Condition::OneOf { left, values } => (left.field, values.iter().collect()),
            _ => continue,
        };
        found.entry(field).and_modify(|known| known.retain(|value| values.contains(value))).or_insert(values);
    }
    found
}

fn words(rule: &Rule) -> Diagnostic {
    let message = format!("nothing restricts what `{}` permits: where its ground holds, any risk will do", rule.name);
    Diagnostic::new(codes::UNRESTRICTED_PERMIT, message, rule.norm.origin, "permits without any condition besides")
        .with_help(
            "add a rule that bounds it: `risk ceiling …`, `supervision at least …`, `rescue plan …`, `require …`",
        )
}
