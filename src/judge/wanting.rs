//! The fields on which an undetermined verdict turns.
//!
//! Of the undetermined scope, norms and permits, only the comparisons that leave them open are looked at, and of those
//! only the fields whose values are missing, unfit or partial. A field that is asked only for its presence counts too,
//! where writing it down would change a condition beside an open one.

use std::collections::BTreeSet;

use crate::policy::{Condition, ConditionId, DefaultNorm, FieldId, Version};

use super::condition::Evaluation;
use super::reason::reasons;
use super::status::Status;
use super::truth::Truth;
use super::{Because, Judgement};

/// Gives the fields, in the order of the vocabulary.
pub(super) fn wanting(version: &Version, judgement: &Judgement, evaluation: &mut Evaluation<'_>) -> Vec<FieldId> {
    let mut wanting = BTreeSet::new();
    if judgement.because == Because::ScopeOpen {
        wanting.extend(version.applies_when.into_iter().flat_map(|scope| open_fields(evaluation, scope)));
        return wanting.into_iter().collect();
    }
    for (rule, outcome) in version.rules.iter().zip(&judgement.outcomes) {
        let norm_open = rule.decides() && outcome.status() == Some(Status::Undetermined);
        let permit_open = outcome.ground() == Some(Truth::Unknown) && ground_is_open(version, judgement);
        if norm_open || permit_open {
            let clauses = [rule.guard, rule.unless, Some(rule.norm.condition)];
            wanting.extend(clauses.into_iter().flatten().flat_map(|clause| open_fields(evaluation, clause)));
        }
    }
    wanting.into_iter().collect()
}

/// Says whether it is open that anything permits the episode: the default, or a permit that is given, settles it.
fn ground_is_open(version: &Version, judgement: &Judgement) -> bool {
    version.default == DefaultNorm::Forbid
        && !judgement.outcomes.iter().any(|outcome| outcome.ground() == Some(Truth::True))
}

/// Gives the open fields of the comparisons that decide a clause, or leave it open.
fn open_fields(evaluation: &mut Evaluation<'_>, clause: ConditionId) -> Vec<FieldId> {
    let open_clause = evaluation.truth(clause) == Truth::Unknown;
    let mut fields = Vec::new();
    for leaf in reasons(evaluation, clause) {
        let node = evaluation.version.conditions.get(leaf.condition);
        let asks_presence = matches!(node, Condition::Present(_));
        if open_clause || asks_presence {
            fields.extend(node.fields().map(|field| field.field).filter(|field| evaluation.is_open(*field)));
        }
    }
    fields
}
