//! `risk ceiling LEVEL`: only if the risk is at most LEVEL.

use crate::policy::{ConditionId, NormKind, Relation, Role};
use crate::source::Span;
use crate::syntax::ast::Value;

use super::super::condition::Conditioner;

/// Makes the requirement.
pub(super) fn requirement(level: &Value, origin: Span, conditioner: &mut Conditioner<'_>) -> Option<ConditionId> {
    super::level(Role::Risk, NormKind::RiskCeiling, Relation::AtMost, level, origin, conditioner)
}
