//! `rescue plan [with S, …] [ready within D]`: only if a rescue is planned, with these strategies, ready in time.
//!
//! The strategies must be a non-empty set that includes all of S, and readiness at most D.

use crate::policy::{
    Condition as Node, ConditionId, Field, FieldId, FieldRef, NormKind, Relation, Role, Term, Value as Constant,
};
use crate::source::Span;
use crate::syntax::ast::{Value, ValueKind, Word};

use super::super::condition::Conditioner;
use super::{compare, role_field};

/// Makes the requirement.
pub(super) fn requirement(
    with: &[Word],
    ready: Option<&Value>,
    origin: Span,
    conditioner: &mut Conditioner<'_>,
) -> Option<ConditionId> {
    let strategies = role_field(Role::RescueStrategies, NormKind::RescuePlan, origin, conditioner);
    let ready = ready.map(|ready| readiness(ready, conditioner, origin));
    let (id, field) = strategies?;
    let mut parts = vec![conditioner.conditions.add(Node::NotEmpty(FieldRef::this(id)), origin)];
    let wanted: Vec<_> = with.iter().map(|strategy| included(id, &field, strategy, conditioner)).collect();
    parts.extend(wanted.into_iter().collect::<Option<Vec<_>>>()?);
    if let Some(ready) = ready {
        parts.push(ready?);
    }
    Some(conditioner.conditions.add(Node::All(parts.into()), origin))
}

fn included(set: FieldId, field: &Field, strategy: &Word, conditioner: &mut Conditioner<'_>) -> Option<ConditionId> {
    let value = Value { kind: ValueKind::Word(strategy.text.clone()), span: strategy.span };
    let member = conditioner.term(field, &value)?;
    Some(conditioner.conditions.add(Node::Includes { set: FieldRef::this(set), member }, strategy.span))
}

fn readiness(ready: &Value, conditioner: &mut Conditioner<'_>, origin: Span) -> Option<ConditionId> {
    let at_most = conditioner.duration(ready).map_err(|problem| conditioner.problems.push(problem)).ok();
    let (id, _) = role_field(Role::RescueReadiness, NormKind::RescuePlan, origin, conditioner)?;
    let at_most = Term::Constant(Constant::Duration(at_most?));
    Some(compare(id, Relation::AtMost, at_most, ready.span, conditioner))
}
