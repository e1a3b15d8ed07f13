//! What an undetermined verdict can turn on: the open fields and the history clauses that some supplement could make matter.
//!
//! A condition is *settled* where it is true or false and no value that is written in addition could change that. What lies
//! within settled conditions is left out, so that nothing else has to be tried.

use std::collections::{BTreeMap, BTreeSet};

use crate::episode::Slot;
use crate::judge::{Evaluation, Truth};
use crate::policy::{
    Condition, ConditionId, DefaultNorm, DefinitionId, FieldId, HistoryId, Role, Rule, TableId, Window,
};

/// Open fields of the episode, and history clauses.
#[derive(Debug, Default)]
pub(super) struct Turning {
    /// Fields that are missing, unfit or known in part, and read where it could matter.
    pub(super) fields: BTreeSet<FieldId>,
    /// Clauses that are asked where it could matter, and of which the answer is not settled.
    pub(super) clauses: BTreeSet<HistoryId>,
}

/// Finds what the verdict on an episode can turn on; `others`: more may be written of other episodes too, so that no clause is
/// settled.
pub(super) fn of(evaluation: &mut Evaluation<'_>, others: bool) -> Turning {
    let version = evaluation.version;
    let mut search = Search { others, ..Search::of(evaluation) };
    if let Some(scope) = version.applies_when {
        search.collect(scope);
    }
    for rule in version.rules.iter().filter(|rule| rule.decides()) {
        search.norm(rule);
    }
    if version.default == DefaultNorm::Forbid {
        search.permits(version.rules.iter().filter(|rule| rule.is_permit()));
    }
    search.turning
}

/// Says whether no value that is written in addition lets an episode fulfil a condition, as it is known at any time.
pub(super) fn never_counts(evaluation: &mut Evaluation<'_>, filter: ConditionId) -> bool {
    Search { viewed: true, ..Search::of(evaluation) }.settled(filter) == Some(false)
}

struct Search<'s, 'e> {
    evaluation: &'s mut Evaluation<'e>,
    turning: Turning,
    /// What was found of definitions.
    known: BTreeMap<DefinitionId, Option<bool>>,
    seen: BTreeSet<DefinitionId>,
    /// Whether what is known afterwards may not be there yet.
    viewed: bool,
    /// Whether more may be written of other episodes.
    others: bool,
}

impl<'s, 'e> Search<'s, 'e> {
    fn of(evaluation: &'s mut Evaluation<'e>) -> Self {
        Self {
            evaluation,
            turning: Turning::default(),
            known: BTreeMap::new(),
            seen: BTreeSet::new(),
            viewed: false,
            others: false,
        }
    }

    fn norm(&mut self, rule: &Rule) {
        let clear = rule.guard.is_some_and(|guard| self.settled(guard) == Some(false))
            || rule.unless.is_some_and(|unless| self.settled(unless) == Some(true))
            || self.settled(rule.norm.condition) == Some(true);
        if !clear {
            rule.clauses().for_each(|clause| self.collect(clause));
        }
    }

    fn permits<'r>(&mut self, permits: impl Iterator<Item = &'r Rule> + Clone) {
        if permits.clone().any(|permit| self.ground(permit) == Some(true)) {
            return;
        }
        for permit in permits {
            if self.ground(permit) != Some(false) {
                permit.clauses().for_each(|clause| self.collect(clause));
            }
        }
    }

    fn ground(&mut self, permit: &Rule) -> Option<bool> {
        let guard = permit.guard.map_or(Some(true), |guard| self.settled(guard));
        let unless = permit.unless.map_or(Some(false), |unless| self.settled(unless));
        let parts = [guard, unless.map(|unless| !unless), self.settled(permit.norm.condition)];
        all(parts.into_iter())
    }

    /// Gives what a condition is, if that is settled.
    fn settled(&mut self, id: ConditionId) -> Option<bool> {
        let version = self.evaluation.version;
        match version.conditions.get(id) {
            Condition::All(parts) => all(parts.iter().map(|part| self.settled(*part))),
            Condition::Any(parts) => {
                all(parts.iter().map(|part| self.settled(*part).map(|part| !part))).map(|all| !all)
            }
            Condition::Not(part) => self.settled(*part).map(|part| !part),
            Condition::Defined(definition) => {
                if let Some(known) = self.known.get(definition) {
                    return *known;
                }
                let body = version.conditions.definition(*definition).map(|definition| definition.condition);
                let settled = body.map_or(Some(false), |body| self.settled(body));
                self.known.insert(*definition, settled);
                settled
            }
            Condition::Present(field) => {
                (!self.is_absent(field.field) && !self.comes_later(field.field)).then_some(true)
            }
            Condition::Table { table, .. } if self.asks_presence(self.cells(*table)) => None,
            Condition::Measure { history, .. } if self.others || self.may_count_otherwise(*history) => None,
            _ => match self.evaluation.truth(id) {
                Truth::True => Some(true),
                Truth::False => Some(false),
                Truth::Unknown => None,
            },
        }
    }

    fn cells(&self, table: TableId) -> Vec<ConditionId> {
        let table = self.evaluation.version.conditions.table(table);
        table.into_iter().flat_map(|table| &table.rows).flat_map(|row| row.cells.iter().copied()).collect()
    }

    /// Says whether some conditions ask whether something is there that is not.
    fn asks_presence(&self, asked: impl IntoIterator<Item = ConditionId>) -> bool {
        let conditions = &self.evaluation.version.conditions;
        conditions.leaves(asked).into_iter().any(|leaf| match conditions.get(leaf) {
            Condition::Present(field) => self.is_absent(field.field) || self.comes_later(field.field),
            Condition::Table { table, .. } => self.asks_presence(self.cells(*table)),
            _ => false,
        })
    }

    fn comes_later(&self, field: FieldId) -> bool {
        let field = self.evaluation.version.vocabulary.field(field);
        self.viewed && field.is_some_and(|field| field.known_afterwards)
    }

    fn is_absent(&self, field: FieldId) -> bool {
        !matches!(self.evaluation.episode.slot(field), Slot::Present(_))
    }

    /// Says whether a clause may come to something else although it is known what it comes to: where it asks of the episode
    /// itself whether something is there, or when it ends, since what has no end has not ended.
    fn may_count_otherwise(&self, id: HistoryId) -> bool {
        let version = self.evaluation.version;
        let Some(history) = version.conditions.history(id) else { return false };
        let end = version.vocabulary.role(Role::End).filter(|_| history.window == Window::AtTheSameTime);
        end.is_some_and(|end| self.is_absent(end))
            || history.window.counts_itself() && self.asks_presence(history.conditions())
    }

    /// Takes up what lies within a condition that is not settled.
    fn collect(&mut self, id: ConditionId) {
        if self.settled(id).is_some() {
            return;
        }
        let version = self.evaluation.version;
        match version.conditions.get(id) {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.collect(*part)),
            Condition::Not(part) => self.collect(*part),
            Condition::Defined(definition) => {
                let body = version.conditions.definition(*definition).map(|definition| definition.condition);
                if let Some(body) = body.filter(|_| self.seen.insert(*definition)) {
                    self.collect(body);
                }
            }
            leaf => {
                self.fields(version.conditions.reads(id).map(|read| read.field));
                match leaf {
                    Condition::Measure { history, .. } => self.clause(*history),
                    Condition::Table { table, .. } => self.fields(version.conditions.fields_read(self.cells(*table))),
                    _ => {}
                }
            }
        }
    }

    fn fields(&mut self, read: impl Iterator<Item = FieldId>) {
        let episode = self.evaluation.episode;
        self.turning.fields.extend(read.filter(|field| episode.is_open(*field)));
    }

    /// Takes up a clause, and what it asks of the episode itself where its window has it in it.
    fn clause(&mut self, id: HistoryId) {
        let version = self.evaluation.version;
        self.turning.clauses.insert(id);
        let Some(history) = version.conditions.history(id).filter(|history| history.window.counts_itself()) else {
            return;
        };
        self.fields(version.conditions.fields_read(history.conditions()).chain(history.function.summed()));
    }
}

/// The conjunction, if it is settled: where one part is false, whatever the others are.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut settled = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            Some(true) => {}
            None => settled = None,
        }
    }
    settled
}
