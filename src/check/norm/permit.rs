//! `permit when C`: a ground on which failure may be allowed.

use crate::policy::ConditionId;
use crate::syntax::ast::Condition;

use super::super::condition::Conditioner;

/// Makes the ground.
pub(super) fn ground(condition: &Condition, conditioner: &mut Conditioner<'_>) -> Option<ConditionId> {
    conditioner.condition(condition)
}
