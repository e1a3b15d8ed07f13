//! `require C`: only if C.

use crate::policy::ConditionId;
use crate::syntax::ast::Condition;

use super::super::condition::Conditioner;

/// Makes the requirement.
pub(super) fn requirement(condition: &Condition, conditioner: &mut Conditioner<'_>) -> Option<ConditionId> {
    conditioner.condition(condition)
}
