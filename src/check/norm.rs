//! Norms: each clause gives one condition, the requirement that must hold (for `permit`, the ground).
//!
//! One file a norm. To add one: a file here, a line in [`norm`], and what CONTRIBUTING.md lists.

mod forbid;
mod limit;
mod oblige;
mod permit;
mod require;
mod rescue_plan;
mod risk_ceiling;
mod supervision;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::Condition as Node;
use crate::policy::{ConditionId, Duty, Field, FieldId, FieldRef, Norm, NormKind, Relation, Role, Term};
use crate::source::Span;
use crate::syntax::ast::{NormClause, Obligation, Value};

use super::condition::Conditioner;

/// A norm with what only some kinds of it have.
pub(super) struct Made {
    pub(super) norm: Norm,
    /// Of a limit: that the episode is one of those that it counts. It joins the guard.
    pub(super) counts_it: Option<ConditionId>,
    /// Of `oblige`: the chain.
    pub(super) duty: Option<Duty>,
}

/// Makes a norm; `None` where a part of it has an error, which is reported.
pub(super) fn norm(
    clause: &NormClause,
    origin: Span,
    otherwise: &[(&Obligation, Span)],
    conditioner: &mut Conditioner<'_>,
) -> Option<Made> {
    let (mut counts_it, mut made_duty) = (None, None);
    let (kind, condition) = match clause {
        NormClause::Permit(ground) => (NormKind::Permit, permit::ground(ground, conditioner)),
        NormClause::Forbid(condition) => (NormKind::Forbid, forbid::requirement(condition, origin, conditioner)),
        NormClause::Never(condition) => (NormKind::Never, forbid::requirement(condition, origin, conditioner)),
        NormClause::Require(condition) => (NormKind::Require, require::requirement(condition, conditioner)),
        NormClause::RiskCeiling(level) => {
            (NormKind::RiskCeiling, risk_ceiling::requirement(level, origin, conditioner))
        }
        NormClause::Supervision(level) => (NormKind::Supervision, supervision::requirement(level, origin, conditioner)),
        NormClause::RescuePlan { with, ready } => {
            (NormKind::RescuePlan, rescue_plan::requirement(with, ready.as_ref(), origin, conditioner))
        }
        NormClause::Limit { most, history } => {
            let limited = limit::of_count(most, history, origin, conditioner);
            counts_it = limited.as_ref().and_then(|limited| limited.counts_it);
            (NormKind::Limit, limited.map(|limited| limited.requirement))
        }
        NormClause::LimitShare { most, history, given } => {
            let limited = limit::of_share(most, history, given.as_ref(), origin, conditioner);
            counts_it = limited.as_ref().and_then(|limited| limited.counts_it);
            (NormKind::Limit, limited.map(|limited| limited.requirement))
        }
        NormClause::Oblige(obligation) => {
            made_duty = oblige::duty((obligation, origin), otherwise, conditioner);
            let first = made_duty.as_ref().and_then(|duty| duty.links.first());
            (NormKind::Oblige, first.map(|link| link.condition))
        }
    };
    Some(Made { norm: Norm { kind, condition: condition?, origin }, counts_it, duty: made_duty })
}

/// Finds the field that plays a role; a vocabulary that binds none is reported.
fn role_field(role: Role, norm: NormKind, origin: Span, conditioner: &mut Conditioner<'_>) -> Option<(FieldId, Field)> {
    let found = conditioner.vocabulary.role(role);
    let found = found.and_then(|id| Some((id, conditioner.vocabulary.field(id)?.clone())));
    if found.is_none() && !conditioner.unread.role {
        let (clause, vocabulary, words) = (norm.words(), &conditioner.vocabulary.name, role.words());
        let message = format!("vocabulary `{vocabulary}` does not say which field `{clause}` is about");
        let problem =
            Diagnostic::new(codes::ROLE_NOT_BOUND, message, origin, format!("needs a field with the role `{words}`"))
                .with_help(format!("add `role {words}` to a field of the vocabulary"));
        conditioner.problems.push(problem);
    }
    found
}

/// Requires the field of a role to stand in a relation to a level.
fn level(
    role: Role,
    norm: NormKind,
    relation: Relation,
    level: &Value,
    origin: Span,
    conditioner: &mut Conditioner<'_>,
) -> Option<ConditionId> {
    let (id, field) = role_field(role, norm, origin, conditioner)?;
    conditioner.compare(FieldRef::this(id), &field, relation, level, origin)
}

fn compare(
    field: FieldId,
    relation: Relation,
    right: Term,
    origin: Span,
    conditioner: &mut Conditioner<'_>,
) -> ConditionId {
    conditioner.conditions.add(Node::Compare { left: FieldRef::this(field), relation, right }, origin)
}
