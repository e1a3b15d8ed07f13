//! `limit N episodes …` and `limit share of episodes …`: a quota, or a rate, over a rolling window.
//!
//! It judges only the episodes that it counts: that the episode itself is one of them is part of the guard. The
//! requirement is that the count is at most N; of a share, that there are fewer than it asks for, or the share is at
//! most P.

use crate::policy::{Condition as Node, ConditionId, Function, History, HistoryId, Relation, Term, Value as Constant};
use crate::source::Span;
use crate::syntax::ast::{HistoryClause, Value};

use super::super::condition::Conditioner;
use super::super::history::Quantity;

/// What a limit comes to: its requirement, and what must hold of the episode itself.
pub(super) struct Limited {
    pub(super) requirement: ConditionId,
    pub(super) counts_it: Option<ConditionId>,
}

/// Makes `limit N episodes`.
pub(super) fn of_count(
    most: &Value,
    clause: &HistoryClause,
    origin: Span,
    conditioner: &mut Conditioner<'_>,
) -> Option<Limited> {
    let Quantity { id, as_field } = conditioner.quantity(clause, false);
    let right = as_field.and_then(|as_field| conditioner.term(&as_field, most));
    let (id, right) = (id?, right?);
    let requirement = measure(id, Relation::AtMost, right, origin, conditioner);
    let counts_it = conditioner.conditions.history(id).and_then(|history| history.filter);
    Some(Limited { requirement, counts_it })
}

/// Makes `limit share of episodes`.
pub(super) fn of_share(
    most: &Value,
    clause: &HistoryClause,
    given: Option<&Value>,
    origin: Span,
    conditioner: &mut Conditioner<'_>,
) -> Option<Limited> {
    let Quantity { id, as_field } = conditioner.quantity(clause, false);
    let as_field = as_field?;
    let least = match given {
        Some(given) => conditioner.term(&count_field(&as_field), given),
        None => Some(Term::Constant(Constant::Number(rust_decimal::Decimal::ONE))),
    };
    let most = conditioner.term(&as_field, most);
    let (id, least, most) = (id?, least?, most?);
    let share = conditioner.conditions.history(id)?.clone();
    let Function::Share(counted) = share.function else { return None };
    let of_all = History { function: Function::Count, ..share.clone() };
    let all = conditioner.conditions.look_back(of_all);
    let too_few = measure(all, Relation::Below, least, origin, conditioner);
    let low_enough = measure(id, Relation::AtMost, most, origin, conditioner);
    let requirement = conditioner.conditions.add(Node::Any([too_few, low_enough].into()), origin);
    let itself: Vec<ConditionId> = share.filter.into_iter().chain([counted]).collect();
    let counts_it = conditioner.conditions.add(Node::All(itself.into()), clause.span);
    Some(Limited { requirement, counts_it: Some(counts_it) })
}

fn count_field(share: &crate::policy::Field) -> crate::policy::Field {
    let kind = crate::policy::FieldType::WholeNumber(crate::policy::Range::default());
    crate::policy::Field { name: "the count".to_owned(), kind, ..share.clone() }
}

fn measure(
    history: HistoryId,
    relation: Relation,
    right: Term,
    origin: Span,
    conditioner: &mut Conditioner<'_>,
) -> ConditionId {
    conditioner.conditions.add(Node::Measure { history, relation, right }, origin)
}
