//! Completions of the record that is asked about: the same record, with something in the place of what is missing
//! (semantics.md, section 5, *exact verdict*).
//!
//! A completion is read as if by one more version, a *view*: what a version makes of the record, but that each field of a
//! type that is completed has a value, the record's where it has one, and that each history clause comes to one value of its
//! range. Everything else is as the record has it, and is encoded once. The values of a completion are free, or *fixed*:
//! then it is what one choice of values makes of whatever record. All versions can read it, so that what two of them read
//! alike is the same literal.

use std::collections::{BTreeMap, HashMap};

use crate::policy::{Condition, ConditionId, FieldId, FieldType, HistoryId, Range};

use super::dual::Dual;
use super::field::{ONE, Reading, number};
use super::line::{Line, Node};
use super::neighbour::Neighbour;
use super::place::{Place, Somewhere};
use super::recorded::is_completed;
use super::solver::Lit;
use super::world::{Settled, World};

/// A version as it reads a completion, both by number.
pub(crate) struct View {
    of: usize,
    completion: usize,
}

/// The record with something in the place of what is missing.
#[derive(Default)]
pub(crate) struct Completion {
    /// The completion that it is but for the values below; none where it is one of its own.
    but_for: Option<usize>,
    /// The values that take that place, by the number of the shared field; free where there is none.
    fields: BTreeMap<usize, Is>,
    /// What the quantities come to, by number, where a range allows it; free where there is none. In units on the line.
    measures: BTreeMap<usize, i128>,
    /// What was made of each reading of the record.
    readings: HashMap<(usize, Lit, Box<[Lit]>), Reading>,
    /// What each quantity comes to, by its number.
    quantities: BTreeMap<usize, Somewhere>,
}

/// What takes the place of what is missing, in the words of one version.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Values {
    fields: BTreeMap<FieldId, Is>,
    measures: BTreeMap<HistoryId, i128>,
}

/// A value that takes the place of a missing one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Is {
    Truth(bool),
    /// A name, by its number in the list of a version.
    Number(usize),
    /// A name, by the literal that a shared field has for it.
    Name(Lit),
    /// In units on the line.
    Place(i128),
    /// Beside what another field says.
    Beside(Neighbour<FieldId>),
    /// The same, by the number of the shared field.
    BesideShared(Neighbour<usize>),
}

impl World<'_> {
    /// Makes a completion by some values that a version found, or by any; or one that is another but for these values.
    pub(crate) fn complete(&mut self, version: usize, values: &Values, but_for: Option<usize>) -> usize {
        let mut made = Completion { but_for, ..Completion::default() };
        for (field, is) in &values.fields {
            let Some(reading) = self.reading(version, *field) else { continue };
            let is = match is {
                Is::Number(number) => reading.names.get(*number).copied().map(Is::Name),
                Is::Beside(Neighbour { of, step, place }) => Some(match self.reading(version, *of) {
                    Some(of) => Is::BesideShared(Neighbour { of: of.shared, step: *step, place: *place }),
                    None => Is::Place(*place),
                }),
                is => Some(*is),
            };
            made.fields.extend(is.map(|is| (reading.shared, is)));
        }
        for (history, place) in &values.measures {
            made.measures.extend(self.quantity(version, *history).map(|quantity| (quantity, *place)));
        }
        self.completions.push(made);
        self.completions.len() - 1
    }

    /// Gives one more way to read the record: as a version reads a completion.
    pub(crate) fn view(&mut self, of: usize, completion: usize) -> Option<usize> {
        let known = self.views.iter().find(|(_, view)| view.of == of && view.completion == completion);
        if let Some((known, _)) = known {
            return Some(*known);
        }
        self.versions.push(*self.versions.get(of)?);
        self.views.insert(self.versions.len() - 1, View { of, completion });
        Some(self.versions.len() - 1)
    }

    /// Gives the completion that a view reads; none where it is none.
    pub(crate) fn completion(&self, version: usize) -> Option<usize> {
        self.views.get(&version).map(|view| view.completion)
    }

    /// Gives the version that a view completes; itself where it is none.
    pub(crate) fn without_view(&self, version: usize) -> usize {
        self.views.get(&version).map_or(version, |view| view.of)
    }

    /// Gives a field of a completion, as its version reads it in the record.
    pub(crate) fn completed(&mut self, completion: usize, kind: FieldType, record: &Reading) -> Option<Reading> {
        if !is_completed(kind) {
            return Some(record.clone());
        }
        let known = self.completions.get(completion)?;
        let key = (record.shared, record.present, record.names.clone());
        if let Some(reading) = known.readings.get(&key) {
            return Some(reading.clone());
        }
        let fixed = known.fields.get(&record.shared).copied();
        if let Some(other) = known.but_for.filter(|_| fixed.is_none()) {
            return self.completed(other, kind, record);
        }
        let there = record.present;
        let mut reading = Reading { counted: self.solver.yes(), ..record.clone() };
        if let Some(truth) = record.truth {
            let own = match fixed {
                Some(Is::Truth(value)) => self.solver.constant(value),
                _ => self.solver.free(),
            };
            reading.truth = Some(self.either_of(there, truth, own));
        }
        if !record.names.is_empty() {
            let own = self.own_name(&record.names, fixed);
            let both = record.names.iter().copied().zip(own);
            reading.names = both.map(|(name, own)| self.either_of(there, name, own)).collect();
        }
        if let Some(node) = record.node() {
            reading.place = Some(self.own_place(node, kind, there, fixed));
        }
        self.completions.get_mut(completion)?.readings.insert(key, reading.clone());
        Some(reading)
    }

    /// Gives a literal where the record has a value, and another where it does not.
    fn either_of(&mut self, there: Lit, recorded: Lit, own: Lit) -> Lit {
        let (one, other) = (self.solver.both(there, recorded), self.solver.both(!there, own));
        self.solver.either(one, other)
    }

    fn own_name(&mut self, known: &[Lit], fixed: Option<Is>) -> Vec<Lit> {
        if let Some(Is::Name(name)) = fixed
            && known.contains(&name)
        {
            return known.iter().map(|known| self.solver.constant(*known == name)).collect();
        }
        let names: Vec<Lit> = known.iter().map(|_| self.solver.free()).collect();
        self.exactly_one(&names);
        names
    }

    /// Gives where a number lies in a completion: where the record has it, else beside what another field says, else at a fixed place;
    /// or anywhere where nothing is fixed.
    fn own_place(&mut self, recorded: Node, kind: FieldType, there: Lit, fixed: Option<Is>) -> Somewhere {
        let mut places = vec![(there, Place::of(recorded))];
        if let Some(Is::BesideShared(beside)) = fixed {
            places.extend(self.place_beside(kind, beside));
        }
        let fixed = match fixed {
            Some(Is::Place(place) | Is::BesideShared(Neighbour { place, .. })) => Some(place),
            _ => None,
        };
        let range = match kind {
            FieldType::Number(range) | FieldType::WholeNumber(range) | FieldType::Percent(range) => range,
            _ => Range::default(),
        };
        let fits = |place: &i128| number(*place).is_some_and(|it| range.contains(it));
        let last = match fixed.filter(fits) {
            Some(place) => Place::fixed(place),
            None => {
                let grain = if self.line.grain(recorded) == ONE { ONE } else { 1 };
                let free = self.line.like(recorded, grain);
                let fits = self.in_range(free, range);
                self.solver.demand(&[fits]);
                Place::of(free)
            }
        };
        Somewhere::first_of(self, &places, last)
    }

    /// Gives what is known of a condition without parts of a completion: of one that reads nothing that is completed, what
    /// is known in the record. What is known in the record stays.
    pub(crate) fn completed_leaf(&mut self, (view, of): (usize, usize), id: ConditionId, leaf: &Condition) -> Dual {
        let recorded = self.condition(of, id);
        let version = self.versions.get(of).copied();
        let kind = |field| version.and_then(|version| version.vocabulary.field(field)).map(|field| field.kind);
        let mut reads = version.into_iter().flat_map(|version| version.conditions.reads(id));
        let is_open = match leaf {
            Condition::Present(_) => false,
            Condition::Measure { .. } => true,
            _ => reads.any(|read| kind(read.field).is_some_and(is_completed)),
        };
        if !is_open {
            return recorded;
        }
        let dual = match leaf {
            Condition::Measure { history, relation, right } => self.measured(view, *history, *relation, right),
            _ => self.leaf(view, id, leaf),
        };
        self.solver.implies(recorded.yes, dual.yes);
        self.solver.implies(recorded.no, dual.no);
        dual
    }

    /// Gives what a history clause comes to, from one place to another: in a completion, one value of that range.
    pub(crate) fn range(&mut self, version: usize, quantity: usize) -> Option<(Somewhere, Somewhere)> {
        match self.completion(version) {
            Some(completion) => {
                let place = self.one_of_range(completion, quantity)?;
                Some((place.clone(), place))
            }
            None => {
                let known = self.quantities.get(quantity)?;
                Some((self.always(Place::of(known.low)), self.always(Place::of(known.high))))
            }
        }
    }

    fn one_of_range(&mut self, completion: usize, quantity: usize) -> Option<Somewhere> {
        let known = self.quantities.get(quantity)?;
        let (low, high) = (known.low, known.high);
        let known = self.completions.get(completion)?;
        if let Some(place) = known.quantities.get(&quantity) {
            return Some(place.clone());
        }
        let fixed = known.measures.get(&quantity).copied();
        if let Some(other) = known.but_for.filter(|_| fixed.is_none()) {
            return self.one_of_range(other, quantity);
        }
        let place = match fixed.map(Place::fixed) {
            Some(fixed) => {
                // The value of the range that is nearest.
                let (low, high) = (Place::of(low), Place::of(high));
                let (is_low, is_high) = (self.less(fixed, low, true), self.less(high, fixed, true));
                Somewhere::first_of(self, &[(is_low, low), (is_high, high)], fixed)
            }
            None => {
                let node = self.line.like(low, self.line.grain(low));
                self.line.follow(node, low);
                let [place, low, high] = [node, low, high].map(Place::of);
                for holds in [self.less(low, place, false), self.less(place, high, false)] {
                    self.solver.demand(&[holds]);
                }
                self.always(place)
            }
        };
        self.completions.get_mut(completion)?.quantities.insert(quantity, place.clone());
        Some(place)
    }

    /// Gives the values that a world that asks about completions has found for what is missing; or for everything, as far as
    /// comparisons tell it apart.
    pub(crate) fn values(&self, settled: &Settled, of_all: bool) -> Values {
        let mut found = Values::default();
        for ((_, field), reading) in self.readings.iter().filter(|((version, _), _)| *version == 0) {
            if of_all || !self.solver.value(reading.present) {
                let is = self.beside(reading, settled).or_else(|| self.is(reading, settled));
                found.fields.extend(is.map(|is| (*field, is)));
            }
        }
        for ((_, history), (at, _)) in &self.asked {
            let Some(quantity) = self.quantities.get(*at) else { continue };
            found.measures.insert(*history, Line::of(&settled.places, quantity.low));
        }
        found
    }

    fn is(&self, reading: &Reading, settled: &Settled) -> Option<Is> {
        let name = || reading.names.iter().position(|name| self.solver.value(*name)).map(Is::Number);
        let truth = || reading.truth.map(|truth| Is::Truth(self.solver.value(truth)));
        let place = || self.place_of(reading.place.as_ref()?, settled).map(Is::Place);
        truth().or_else(name).or_else(place)
    }

    /// Gives the values of a completion in the last model, for a version.
    pub(crate) fn values_of(&self, completion: usize, version: usize, settled: &Settled) -> Values {
        let mut found = Values::default();
        let view = self.views.iter().find(|(_, view)| view.of == version && view.completion == completion);
        let Some((view, _)) = view else { return found };
        for ((_, field), reading) in self.readings.range((*view, FieldId(0))..=(*view, FieldId(u16::MAX))) {
            let recorded = self.readings.get(&(version, *field));
            if recorded.is_some_and(|recorded| !self.solver.value(recorded.present)) {
                found.fields.extend(self.is(reading, settled).map(|is| (*field, is)));
            }
        }
        let Some(known) = self.completions.get(completion) else { return found };
        let own = self.asked.iter().filter(|((of, _), _)| *of == version);
        for ((_, history), (quantity, _)) in own {
            let place = known.quantities.get(quantity).and_then(|place| self.place_of(place, settled));
            found.measures.extend(place.map(|place| (*history, place)));
        }
        found
    }

    /// Gives literals of a world that asks about completions which say that what is missing has some values.
    pub(crate) fn as_in(&self, values: &Values) -> Vec<Lit> {
        let mut lits = Vec::new();
        for (field, is) in &values.fields {
            let Some(reading) = self.readings.get(&(0, *field)) else { continue };
            match is {
                Is::Truth(value) => lits.extend(reading.truth.map(|truth| if *value { truth } else { !truth })),
                Is::Number(name) => lits.extend(reading.names.get(*name)),
                Is::Place(place) | Is::Beside(Neighbour { place, .. }) => {
                    lits.extend(reading.node().into_iter().flat_map(|node| self.line.said_at(node, *place)))
                }
                Is::Name(_) | Is::BesideShared(_) => {}
            }
        }
        for (history, place) in &values.measures {
            let quantity = self.asked.get(&(0, *history)).and_then(|(quantity, _)| self.quantities.get(*quantity));
            lits.extend(quantity.into_iter().flat_map(|quantity| self.line.said_at(quantity.low, *place)));
        }
        lits
    }

    /// Gives those of some values that are not as in others, as far as statements tell them apart.
    pub(crate) fn unlike(&self, values: &Values, others: &Values) -> Values {
        let mut unlike = Values::default();
        for (field, is) in &values.fields {
            let place = |is: &Is| match is {
                Is::Beside(Neighbour { place, .. }) => Is::Place(*place),
                is => *is,
            };
            let same = match (
                place(is),
                others.fields.get(field).map(place),
                self.readings.get(&(0, *field)).and_then(Reading::node),
            ) {
                (Is::Place(one), Some(Is::Place(other)), Some(node)) => {
                    one == other
                        || !self.line.is_tied(node) && self.line.said_at(node, one).eq(self.line.said_at(node, other))
                }
                (is, other, _) => Some(is) == other,
            };
            unlike.fields.extend((!same).then_some((*field, *is)));
        }
        for (history, place) in &values.measures {
            if others.measures.get(history) != Some(place) {
                unlike.measures.insert(*history, *place);
            }
        }
        unlike
    }
}

impl Values {
    /// Gives how many values there are.
    pub(crate) fn count(&self) -> usize {
        self.fields.len() + self.measures.len()
    }
}
