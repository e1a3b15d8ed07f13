//! What an undetermined verdict turns on.
//!
//! Of the undetermined scope, norms and permits, only the comparisons that leave them open are looked at, and of those
//! only the fields whose values are missing, unfit or partial. A field that is asked only for its presence counts too,
//! where writing it down would change a condition beside an open one. Where a history clause is open, it is for want of
//! the episode's own time or key, or of what earlier episodes do not say.

use std::collections::BTreeSet;

use crate::policy::{Condition, ConditionId, DefaultNorm, FieldId, History, Role, Version, Window};

use super::condition::Evaluation;
use super::reason::reasons;
use super::status::Status;
use super::truth::Truth;
use super::view::own_time;
use super::{Because, Judgement};

/// How many earlier records are named for one clause.
const MOST_NAMED: usize = 20;

/// A value that is wanting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wanted {
    /// Of the episode itself.
    Here(FieldId),
    /// A field of an earlier record: its number among those of the audit.
    Of {
        /// The record.
        record: u32,
        /// The field.
        field: FieldId,
    },
    /// Something of an earlier record: its number among those of the audit.
    Earlier {
        /// The record.
        record: u32,
        /// Whether it is only one of several, of which the others are not named.
        of_many: bool,
    },
}

impl Wanted {
    /// Gives the field, if it is one of the episode itself.
    pub fn here(self) -> Option<FieldId> {
        match self {
            Self::Here(field) => Some(field),
            Self::Of { .. } | Self::Earlier { .. } => None,
        }
    }
}

/// Gives what is wanting, in order.
pub(super) fn wanting(version: &Version, judgement: &Judgement, evaluation: &mut Evaluation<'_>) -> Vec<Wanted> {
    let mut wanting = BTreeSet::new();
    if judgement.because == Because::ScopeOpen {
        wanting.extend(version.applies_when.into_iter().flat_map(|scope| open_in(evaluation, scope)));
        return wanting.into_iter().collect();
    }
    for (rule, outcome) in version.rules.iter().zip(&judgement.outcomes) {
        let norm_open = rule.decides() && outcome.status() == Some(Status::Undetermined);
        let permit_open = outcome.ground() == Some(Truth::Unknown) && ground_is_open(version, judgement);
        if norm_open || permit_open {
            wanting.extend(rule.clauses().flat_map(|clause| open_in(evaluation, clause)));
        }
    }
    wanting.into_iter().collect()
}

/// Says whether it is open that anything permits the episode: the default, or a permit that is given, settles it.
fn ground_is_open(version: &Version, judgement: &Judgement) -> bool {
    version.default == DefaultNorm::Forbid
        && !judgement.outcomes.iter().any(|outcome| outcome.ground() == Some(Truth::True))
}

/// Gives what is open in the comparisons that decide a clause, or leave it open.
fn open_in(evaluation: &mut Evaluation<'_>, clause: ConditionId) -> Vec<Wanted> {
    let open_clause = evaluation.truth(clause) == Truth::Unknown;
    let mut wanted = Vec::new();
    for leaf in reasons(evaluation, clause) {
        let node = evaluation.version.conditions.get(leaf.condition);
        let asks_presence = matches!(node, Condition::Present(_));
        if open_clause || asks_presence {
            let fields = node.fields().map(|field| field.field);
            wanted.extend(fields.filter(|field| evaluation.is_open(*field)).map(Wanted::Here));
        }
        if let (true, Condition::Measure { history, .. }) = (open_clause, node) {
            let history_clause = evaluation.version.conditions.history(*history);
            wanted.extend(history_clause.into_iter().flat_map(|clause| own_part(evaluation, clause)));
            let open = evaluation.open_records(*history, MOST_NAMED + 1);
            let of_many = open.len() > MOST_NAMED;
            let named = open.into_iter().take(MOST_NAMED);
            wanted.extend(named.map(|record| Wanted::Earlier { record, of_many }));
        }
    }
    wanted
}

/// Gives what is open of the episode itself in a history clause: its time, its keys, and what a window that counts it
/// asks of it.
fn own_part(evaluation: &mut Evaluation<'_>, history: &History) -> Vec<Wanted> {
    let summed = history.function.summed().filter(|_| history.window.counts_itself());
    let lasts = history.window == Window::AtTheSameTime;
    let role = |role| evaluation.version.vocabulary.role(role).filter(|_| lasts);
    let stretch = role(Role::Start).into_iter().chain(role(Role::End));
    let own =
        own_time(evaluation).into_iter().chain(stretch).chain(history.keys.iter().map(|key| key.asked)).chain(summed);
    let mut wanted: Vec<Wanted> = own.filter(|field| evaluation.is_open(*field)).map(Wanted::Here).collect();
    if history.window.counts_itself() {
        wanted.extend(history.conditions().flat_map(|asked| open_in(evaluation, asked)));
    }
    wanted
}
