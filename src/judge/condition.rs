//! Conditions on one episode.

use crate::episode::{Episode, Slot};
use crate::policy::{
    Condition, ConditionId, DefinitionId, FieldId, FieldRef, HistoryId, Relation, Scope, Term, Value, Version,
};

use super::compare;
use super::measured::Measured;
use super::past::{Found, Looked, Past, Question};
use super::truth::Truth;

/// From where an episode looks back: the past, and which version and record asks.
#[derive(Debug, Clone, Copy)]
pub struct LookingBack<'p> {
    /// The past.
    pub past: &'p Past<'p>,
    /// The version, as an index into those of the policy.
    pub version: usize,
    /// The number of the record among those of the audit.
    pub record: u32,
}

/// One episode under one version. Each definition and each history clause is worked out once, and for all clauses with the same
/// keys and the same window it is found once where in the past that window lies; nothing else is kept.
pub struct Evaluation<'e> {
    /// The version by which it is judged.
    pub version: &'e Version,
    /// The episode as that version reads it.
    pub episode: &'e Episode,
    definitions: Vec<Option<Truth>>,
    measures: Vec<Option<Measured>>,
    found: Vec<Option<Found>>,
    back: Option<LookingBack<'e>>,
}

impl<'e> Evaluation<'e> {
    /// Begins; the only allocation is one cell for each definition, each history clause and each window in the past. Nothing
    /// is known of the past.
    pub fn new(version: &'e Version, episode: &'e Episode) -> Self {
        Self::looking_back(version, episode, None)
    }

    /// Begins, with the past in which history clauses look.
    pub fn looking_back(version: &'e Version, episode: &'e Episode, back: Option<LookingBack<'e>>) -> Self {
        let definitions = vec![None; version.conditions.definitions().len()];
        let measures = vec![None; version.conditions.histories().len()];
        let windows = back.map_or(0, |back| back.past.windows(back.version));
        Self { version, episode, definitions, measures, found: vec![None; windows], back }
    }

    /// Gives what a history clause comes to.
    pub fn measure(&mut self, id: HistoryId) -> Measured {
        let at = id.0 as usize;
        if let Some(known) = self.measures.get(at).copied().flatten() {
            return known;
        }
        let measured = self.question().map_or(Measured::Unknown, |question| question.measure(id, self));
        if let Some(known) = self.measures.get_mut(at) {
            *known = Some(measured);
        }
        measured
    }

    /// Supposes that a history clause comes to something else.
    pub fn suppose(&mut self, id: HistoryId, measured: Measured) {
        self.definitions.fill(None);
        if let Some(known) = self.measures.get_mut(id.0 as usize) {
            *known = Some(measured);
        }
    }

    /// Gives where in the past a window lies: as it was found before, or else by looking.
    pub(super) fn found(&mut self, window: usize, find: impl FnOnce() -> Found) -> Found {
        let Some(found) = self.found.get_mut(window) else { return find() };
        found.get_or_insert_with(find).clone()
    }

    /// Gives what a history clause comes to, with the records that it counts; none where there is no past.
    pub fn look(&mut self, id: HistoryId) -> Option<Looked> {
        self.question().map(|question| question.look(id, self))
    }

    /// Gives some of the records of which it is open whether a history clause counts them, or what they add.
    pub(super) fn open_records(&mut self, id: HistoryId, most: usize) -> Vec<u32> {
        self.question().map(|question| question.open_records(id, most, self)).unwrap_or_default()
    }

    fn question(&self) -> Option<Question<'e, 'e>> {
        self.back.map(|LookingBack { past, version, record }| Question { past, version, record })
    }

    /// Gives what is known of a condition. Allocates nothing.
    pub fn truth(&mut self, id: ConditionId) -> Truth {
        match self.version.conditions.get(id) {
            Condition::All(parts) => self.all(parts),
            Condition::Any(parts) => self.any(parts),
            Condition::Not(part) => !self.truth(*part),
            Condition::Defined(definition) => self.defined(*definition),
            Condition::Measure { history, relation, right } => {
                let measured = self.measure(*history);
                self.term(right).map_or(Truth::Unknown, |right| measured.compare(*relation, right))
            }
            Condition::Table { table, test } => self.tabled(*table, test),
            leaf => self.leaf(leaf),
        }
    }

    fn all(&mut self, parts: &[ConditionId]) -> Truth {
        let mut truth = Truth::True;
        for part in parts {
            truth = truth.and(self.truth(*part));
            if truth == Truth::False {
                break;
            }
        }
        truth
    }

    fn any(&mut self, parts: &[ConditionId]) -> Truth {
        let mut truth = Truth::False;
        for part in parts {
            truth = truth.or(self.truth(*part));
            if truth == Truth::True {
                break;
            }
        }
        truth
    }

    fn defined(&mut self, id: DefinitionId) -> Truth {
        let at = id.0 as usize;
        if let Some(known) = self.definitions.get(at).copied().flatten() {
            return known;
        }
        let truth =
            self.version.conditions.definition(id).map_or(Truth::False, |definition| self.truth(definition.condition));
        if let Some(known) = self.definitions.get_mut(at) {
            *known = Some(truth);
        }
        truth
    }

    /// Gives what is known of a condition that has no parts and looks at this record alone.
    pub(super) fn leaf(&self, leaf: &Condition) -> Truth {
        match leaf {
            Condition::Present(field) => matches!(self.slot(*field), Slot::Present(_)).into(),
            Condition::NotEmpty(set) => self.value(*set).map_or(Truth::Unknown, compare::is_not_empty),
            Condition::OneOf { left, values } => match self.value(*left) {
                Some(value) => compare::is_one_of(value, values),
                None => Truth::Unknown,
            },
            Condition::Compare { left, relation, right } => match (self.value(*left), self.term(right)) {
                (Some(_), Some(_)) if *right == Term::Field(*left) => compare::with_itself(*relation),
                (Some(left), Some(right)) => compare::compare(left, *relation, right),
                _ => Truth::Unknown,
            },
            Condition::Between { left, low, high } => self.between(*left, low, high),
            Condition::Includes { set, member } => match (self.value(*set), self.term(member)) {
                (Some(set), Some(member)) => compare::includes(set, member),
                _ => Truth::Unknown,
            },
            Condition::Within { first, second, .. } if first == second => match self.value(*first) {
                Some(_) => Truth::True,
                None => Truth::Unknown,
            },
            Condition::Within { first, at_most, second } => {
                match (self.value(*first), self.term(at_most), self.value(*second)) {
                    (Some(first), Some(Value::Duration(at_most)), Some(second)) => {
                        compare::is_within(first, *at_most, second)
                    }
                    (Some(first), Some(Value::Period(at_most)), Some(second)) => {
                        compare::is_within_period(first, *at_most, second, &self.version.zone)
                    }
                    _ => Truth::Unknown,
                }
            }
            Condition::Clock { left, from, until } => match self.value(*left) {
                Some(Value::Instant(when)) => compare::is_on_clock(when, *from, *until, &self.version.zone),
                _ => Truth::Unknown,
            },
            Condition::All(_)
            | Condition::Any(_)
            | Condition::Not(_)
            | Condition::Defined(_)
            | Condition::Measure { .. }
            | Condition::Table { .. } => Truth::Unknown,
        }
    }

    /// A field that is named twice has one value, known or not.
    fn between(&self, left: FieldRef, low: &Term, high: &Term) -> Truth {
        let (Some(value), Some(low_value), Some(high_value)) = (self.value(left), self.term(low), self.term(high))
        else {
            return Truth::Unknown;
        };
        let is_left = |term: &Term| *term == Term::Field(left);
        match (is_left(low), is_left(high)) {
            (true, true) => Truth::True,
            (true, false) => compare::is_no_more(value, high_value),
            (false, true) => compare::is_no_more(low_value, value),
            (false, false) if low == high => compare::compare(value, Relation::Is, low_value),
            (false, false) => compare::is_between(value, low_value, high_value, &self.version.zone),
        }
    }

    fn slot(&self, field: FieldRef) -> &'e Slot {
        match field.scope {
            Scope::This => self.episode.slot(field.field),
        }
    }

    pub(super) fn value(&self, field: FieldRef) -> Option<&'e Value> {
        match self.slot(field) {
            Slot::Present(value) => Some(value),
            Slot::Missing | Slot::Unfit => None,
        }
    }

    pub(super) fn term<'t>(&self, term: &'t Term) -> Option<&'t Value>
    where
        'e: 't,
    {
        match term {
            Term::Constant(value) => Some(value),
            Term::Field(field) => self.value(*field),
        }
    }

    /// Says whether a field's value is missing, unfit, or known only in part.
    pub fn is_open(&self, field: FieldId) -> bool {
        self.episode.is_open(field)
    }
}
