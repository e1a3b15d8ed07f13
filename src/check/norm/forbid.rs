//! `forbid when C` and `never when C`: not in this case. The requirement is `not C`.

use crate::policy::ConditionId;
use crate::source::Span;
use crate::syntax::ast::Condition;

use super::super::condition::Conditioner;

/// Makes the requirement.
pub(super) fn requirement(
    condition: &Condition,
    origin: Span,
    conditioner: &mut Conditioner<'_>,
) -> Option<ConditionId> {
    let forbidden = conditioner.condition(condition)?;
    Some(conditioner.not(forbidden, origin))
}
