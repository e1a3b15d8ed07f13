//! `supervision at least LEVEL`: only if the supervisor is at least so close.

use crate::policy::{ConditionId, NormKind, Relation, Role};
use crate::source::Span;
use crate::syntax::ast::Value;

use super::super::condition::Conditioner;

/// Makes the requirement.
pub(super) fn requirement(level: &Value, origin: Span, conditioner: &mut Conditioner<'_>) -> Option<ConditionId> {
    super::level(Role::Supervision, NormKind::Supervision, Relation::AtLeast, level, origin, conditioner)
}
