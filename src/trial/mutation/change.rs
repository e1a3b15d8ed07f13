//! A change to a version: what is edited, and how to tell it.

use crate::policy::{Condition, ConditionId, HistoryId, Limit, NameId, NormKind, RuleId, TableId, Version, Window};
use crate::source::{Sources, Span};

/// A change.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// The rule; none where the scope or a definition is changed.
    pub(crate) rule: Option<RuleId>,
    /// Where the changed clause is written.
    pub(crate) origin: Span,
    /// What is changed, in words.
    pub(crate) what: String,
    /// The clause as it would read.
    pub(crate) sentence: String,
    /// What is done.
    pub(crate) edit: Edit,
}

/// What is done to a version.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    /// Another condition in the place of one.
    Replace(ConditionId, Condition),
    /// Another result in a row of a table.
    Result(TableId, usize, Option<NameId>),
    /// No such row in a table.
    WithoutRow(TableId, usize),
    /// Another window of a history clause.
    Window(HistoryId, Window),
    /// Another deadline of a link of a duty.
    Deadline(RuleId, usize, Limit),
    /// Another guard, or none.
    Guard(RuleId, Option<Condition>),
    /// No exception.
    NoException(RuleId),
    /// A permit forbids, or what forbids permits.
    Turn(RuleId),
    /// The rule says nothing.
    Delete(RuleId),
}

impl Change {
    /// Makes the change.
    pub(crate) fn apply(&self, version: &mut Version) {
        match &self.edit {
            Edit::Replace(id, condition) => version.conditions.replace(*id, condition.clone()),
            Edit::Result(table, row, result) => version.conditions.regive(*table, *row, *result),
            Edit::WithoutRow(table, row) => version.conditions.leave_out(*table, *row),
            Edit::Window(id, window) => version.conditions.rewindow(*id, *window),
            Edit::Deadline(id, at, limit) => deadline(version, *id, *at, *limit),
            Edit::Guard(id, guard) => {
                let guard = guard.clone().map(|guard| version.conditions.add(guard, self.origin));
                if let Some(rule) = version.rules.get_mut(id.0 as usize) {
                    rule.guard = guard;
                }
            }
            Edit::NoException(id) => {
                if let Some(rule) = version.rules.get_mut(id.0 as usize) {
                    rule.unless = None;
                }
            }
            Edit::Turn(id) => turn(version, *id),
            Edit::Delete(id) => {
                let never = version.conditions.add(Condition::Any(Box::new([])), self.origin);
                if let Some(rule) = version.rules.get_mut(id.0 as usize) {
                    rule.guard = Some(never);
                }
            }
        }
    }
}

fn deadline(version: &mut Version, id: RuleId, at: usize, limit: Limit) {
    let duty = version.rules.get_mut(id.0 as usize).and_then(|rule| rule.duty.as_mut());
    let link = duty.and_then(|duty| duty.links.get_mut(at));
    if let Some(deadline) = link.and_then(|link| link.deadline.as_mut()) {
        deadline.limit = limit;
    }
}

fn turn(version: &mut Version, id: RuleId) {
    let Some(rule) = version.rules.get_mut(id.0 as usize) else { return };
    let turned = version.conditions.add(Condition::Not(rule.norm.condition), rule.norm.origin);
    if rule.norm.kind == NormKind::Permit {
        rule.norm.kind = NormKind::Forbid;
    } else {
        rule.norm.kind = NormKind::Permit;
        rule.silence = None;
    }
    rule.norm.condition = turned;
}

/// Gives a clause as it is written, in one line.
pub(super) fn written(sources: &Sources, origin: Span) -> String {
    sources.text(origin).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Puts words in the place of others, where these stand as words of their own: the last time, or the first.
pub(super) fn exchanged(text: &str, old: &str, new: &str, last: bool) -> Option<String> {
    let mut places = text.match_indices(old).map(|(at, _)| at).filter(|at| stands_alone(text, *at, old.len()));
    let at = if last { places.last()? } else { places.next()? };
    Some(format!("{}{new}{}", text.get(..at)?, text.get(at + old.len()..)?))
}

fn stands_alone(text: &str, at: usize, length: usize) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let after = text.get(at + length..).and_then(|after| after.chars().next());
    !before.is_some_and(is_part) && !after.is_some_and(is_part)
}
