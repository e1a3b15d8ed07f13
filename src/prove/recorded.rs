//! A record as assumptions: what it says of each field that the encoding of its version reads, and what it leaves open.

use std::collections::{BTreeMap, BTreeSet};

use crate::episode::{Episode, Slot};
use crate::judge::{Bound, Evaluation, Measured, Ratio, Truth};
use crate::policy::{FieldId, FieldType, Function, HistoryId, RuleId, Value};

use super::alike::Somebody;
use super::field::{Family, Reading, UNIT_SCALE, What, place, units_of};
use super::line::{FARTHEST, Node, ZERO};
use super::place::Place;
use super::solver::Lit;
use super::world::{Settled, World};

/// Longer, or more, than everything that a policy can compare with.
const BEYOND: i128 = FARTHEST / 32;

/// Says whether a field that is missing is completed: it has some value, whoever filled in the record.
pub(crate) fn is_completed(kind: FieldType) -> bool {
    use FieldType::{Boolean, Kind, Number, Percent, Scale, WholeNumber};
    matches!(kind, Boolean | Kind(_) | Scale(_) | Number(_) | WholeNumber(_) | Percent(_))
}

/// What is asked about a record.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// What the history clauses of the version come to.
    pub(crate) measures: &'a [Measured],
    /// The clauses of which nothing is supposed, not even that they come to something.
    pub(crate) open: &'a BTreeSet<HistoryId>,
    /// The rules that silence settled.
    pub(crate) silent: &'a [RuleId],
    /// The rules of which it is open whether silence settles them.
    pub(crate) perhaps_silent: &'a [RuleId],
    /// The fields that are supposed to be written, with any value.
    pub(crate) written: &'a [FieldId],
    /// Those of them that may also be left as they are, where nothing is written.
    pub(crate) perhaps_missing: &'a [FieldId],
    /// Whether what else is missing is completed.
    pub(crate) completed: bool,
}

impl<'a> Asked<'a> {
    /// Asks about the completions of a record. `measures`: what its history clauses come to; `silent`: what silence settled.
    pub(crate) fn of_completions(measures: &'a [Measured], silent: &'a [RuleId]) -> Self {
        static NONE: BTreeSet<HistoryId> = BTreeSet::new();
        Self { measures, open: &NONE, silent, perhaps_silent: &[], written: &[], perhaps_missing: &[], completed: true }
    }
}

impl World<'_> {
    /// Gives what is assumed of a record; none where a value cannot be said exactly.
    pub(crate) fn recorded(&mut self, evaluation: &mut Evaluation<'_>, asked: Asked<'_>) -> Option<Vec<Lit>> {
        let readings: Vec<(FieldId, Reading)> =
            self.readings.iter().map(|((_, field), reading)| (*field, reading.clone())).collect();
        let episode = evaluation.episode;
        let mut assumed = Vec::new();
        for (field, reading) in &readings {
            let kind = evaluation.version.vocabulary.field(*field)?.kind;
            self.presence(*field, kind, reading, episode, asked, &mut assumed)?;
            if asked.written.contains(field) {
                self.within_what_is_known(reading, episode.value(*field), &mut assumed);
            } else if let Some(value) = episode.value(*field) {
                self.is_value(reading, value, &mut assumed)?;
            }
        }
        self.people(&readings, episode, asked.written, &mut assumed);
        for (id, lit) in self.inexact.clone() {
            let reads_written =
                evaluation.version.conditions.reads(id).any(|field| asked.written.contains(&field.field));
            match evaluation.truth(id) {
                _ if reads_written => {}
                Truth::True => assumed.push(lit),
                Truth::False => assumed.push(!lit),
                Truth::Unknown => {}
            }
        }
        self.come_to(asked, &mut assumed)?;
        let settled = |rule: &RuleId| asked.silent.contains(rule);
        let known = self.silences().filter(|(rule, _)| !asked.perhaps_silent.contains(rule));
        assumed.extend(known.map(|(rule, lit)| if settled(&rule) { lit } else { !lit }));
        Some(assumed)
    }

    fn presence(
        &mut self,
        field: FieldId,
        kind: FieldType,
        reading: &Reading,
        episode: &Episode,
        asked: Asked<'_>,
        assumed: &mut Vec<Lit>,
    ) -> Option<()> {
        let (shared, solver) = (self.shared.get(reading.shared)?, &mut self.solver);
        if asked.perhaps_missing.contains(&field) {
            let (is_there, counted) = (shared.present, shared.counted);
            // What is missing counts all the same where it is completed; else as far as it is there.
            let both = [solver.either(!is_there, counted), solver.either(is_there, !counted)];
            assumed.extend(if asked.completed && is_completed(kind) { [counted, counted] } else { both });
            assumed.push(shared.complete);
            return Some(());
        }
        let written = asked.written.contains(&field);
        let present = written || matches!(episode.slot(field), Slot::Present(_));
        let counted = present || asked.completed && is_completed(kind);
        let complete = written
            || !matches!(episode.value(field), Some(Value::Names(_) | Value::People(_)) if episode.is_open(field));
        for (lit, holds) in [(shared.present, present), (shared.counted, counted), (shared.complete, complete)] {
            assumed.push(if holds { lit } else { !lit });
        }
        Some(())
    }

    /// What is supposed to be written in the place of a partial value is one of the values that it may be.
    fn within_what_is_known(&mut self, reading: &Reading, value: Option<&Value>, assumed: &mut Vec<Lit>) {
        match (value, reading.node()) {
            (Some(Value::Instant(_)), Some(_)) => {
                let _ = value.and_then(|value| self.is_value(reading, value, assumed));
            }
            (Some(Value::Names(names)), _) => {
                let held = names.members.iter().filter_map(|name| reading.names.get(usize::from(name.0)));
                assumed.extend(held);
            }
            _ => {}
        }
    }

    /// Adds what is assumed where a field has a value; none where that cannot be said exactly.
    pub(super) fn is_value(&mut self, reading: &Reading, value: &Value, assumed: &mut Vec<Lit>) -> Option<()> {
        let is = |lit: Lit, holds: bool| if holds { lit } else { !lit };
        match (value, self.shared.get(reading.shared).map(|shared| &shared.what)) {
            (Value::Boolean(value), Some(What::Truth(lit))) => assumed.push(is(*lit, *value)),
            (Value::Name(name), Some(What::Name(_))) => assumed.push(*reading.names.get(usize::from(name.0))?),
            (Value::Names(names), Some(What::Names(_))) => {
                let all = reading.names.iter().enumerate();
                assumed
                    .extend(all.map(|(at, lit)| is(*lit, names.members.iter().any(|name| usize::from(name.0) == at))));
            }
            (Value::People(people), Some(What::People { some, .. })) => {
                assumed.push(is(*some, !people.members.is_empty()));
            }
            (Value::Instant(when), Some(What::Line(node))) if !when.is_exact() => {
                let node = *node;
                let ends = (when.earliest.as_nanosecond(), when.latest.as_nanosecond());
                if when.either_end {
                    let (first, last) = (self.pinned(node, ends.0, ends.0), self.pinned(node, ends.1, ends.1));
                    let (first, last) = (self.solver.all(first), self.solver.all(last));
                    assumed.push(self.solver.either(first, last));
                } else {
                    assumed.extend(self.pinned(node, ends.0, ends.1));
                }
            }
            (Value::Text(_) | Value::Identity(_), _) => {}
            (value, Some(What::Line(node))) => {
                let node = *node;
                let place = match value {
                    Value::Number(number) | Value::Percent(number) => {
                        // Where others are compared with it, there must be room for them beside it.
                        let places = if self.line.is_tied(node) { UNIT_SCALE - 1 } else { UNIT_SCALE };
                        units_of(*number, places)
                    }
                    value => place(value),
                };
                self.at(node, place?, assumed);
            }
            _ => return None,
        }
        Some(())
    }

    /// Puts a quantity at a place: where it is compared with nothing but constants, by what those come to.
    fn at(&mut self, node: Node, place: i128, assumed: &mut Vec<Lit>) {
        if self.line.is_tied(node) || self.clocks.iter().any(|test| test.node == node) {
            assumed.extend(self.pinned(node, place, place));
        }
        assumed.extend(self.line.said_at(node, place));
    }

    fn pinned(&mut self, node: Node, low: i128, high: i128) -> [Lit; 2] {
        [!self.line.up_to(&mut self.solver, node, low - 1), self.line.up_to(&mut self.solver, node, high)]
    }

    /// Gives who everybody is that the record or the policy names.
    pub(crate) fn who(&self, episode: &Episode, written: &[FieldId]) -> BTreeMap<Somebody, Box<str>> {
        let mut who = BTreeMap::new();
        for ((_, field), reading) in &self.readings {
            if let (Some(What::Somebody(somebody)), Some(Value::Text(name) | Value::Identity(name))) =
                (self.shared.get(reading.shared).map(|shared| &shared.what), episode.value(*field))
                && !written.contains(field)
            {
                who.insert(*somebody, name.clone());
            }
        }
        who
    }

    fn people(&self, readings: &[(FieldId, Reading)], episode: &Episode, written: &[FieldId], assumed: &mut Vec<Lit>) {
        let who = self.who(episode, written);
        let name = |somebody: Somebody| who.get(&somebody).map(|name| &**name).or_else(|| self.alike.name_of(somebody));
        for ((one, other), lit) in self.alike.statements() {
            if let (Some(one), Some(other)) = (name(one), name(other)) {
                assumed.push(if one == other { lit } else { !lit });
            }
        }
        for (field, reading) in readings {
            let (Some(What::People { members, .. }), Some(Value::People(people))) =
                (self.shared.get(reading.shared).map(|shared| &shared.what), episode.value(*field))
            else {
                continue;
            };
            for (somebody, lit) in members {
                let Some(name) = name(*somebody) else { continue };
                let held = people.members.iter().any(|member| &**member == name);
                if held || !written.contains(field) {
                    assumed.push(if held { *lit } else { !*lit });
                }
            }
        }
    }

    /// Each history clause comes to one value of its range; where nothing is completed, to the range.
    fn come_to(&mut self, asked: Asked<'_>, assumed: &mut Vec<Lit>) -> Option<()> {
        let clauses: Vec<(HistoryId, usize)> = self.asked.iter().map(|((_, id), (at, _))| (*id, *at)).collect();
        for (id, at) in clauses {
            let quantity = self.quantities.get(at)?.clone();
            if asked.open.contains(&id) {
                if asked.completed {
                    assumed.push(self.less(Place::of(quantity.high), Place::of(quantity.low), false));
                }
                continue;
            }
            let Some(Measured::Between(low, high)) = asked.measures.get(id.0 as usize) else {
                assumed.push(!quantity.valued);
                continue;
            };
            assumed.push(quantity.valued);
            let unit = self.unit(0, quantity.function);
            let counts = quantity.function == Function::Count;
            if let Some(low) = bound(*low, unit, counts, true)? {
                assumed.push(!self.line.up_to(&mut self.solver, quantity.low, low - 1));
                if !asked.completed {
                    assumed.push(self.line.up_to(&mut self.solver, quantity.low, low));
                }
            }
            if let Some(high) = bound(*high, unit, counts, false)? {
                assumed.push(self.line.up_to(&mut self.solver, quantity.high, high));
                if !asked.completed {
                    assumed.push(!self.line.up_to(&mut self.solver, quantity.high, high - 1));
                }
            }
            if asked.completed {
                let (low, high) = (Place::of(quantity.low), Place::of(quantity.high));
                assumed.push(self.less(high, low, false));
            }
        }
        Some(())
    }

    /// Gives the value of a field in a model of a record: who is somebody of the record has the name that stands there.
    pub(crate) fn supplied(
        &self,
        field: FieldId,
        settled: &Settled,
        who: &BTreeMap<Somebody, Box<str>>,
    ) -> Option<Value> {
        let version = *self.versions.first()?;
        let reading = self.readings.get(&(0, field))?;
        let known = |somebody: Somebody| {
            let same = |((one, other), lit): ((Somebody, Somebody), Lit)| {
                let beside = if one == somebody { other } else { one };
                let concerned = (one == somebody || other == somebody) && self.solver.value(lit);
                who.get(&beside).filter(|_| concerned).cloned()
            };
            self.alike.statements().find_map(same)
        };
        match self.value(0, version, version.vocabulary.field(field)?, settled)? {
            Value::Text(name) => Some(Value::Text(self.somebody_of(reading).and_then(known).unwrap_or(name))),
            Value::Identity(name) => Some(Value::Identity(self.somebody_of(reading).and_then(known).unwrap_or(name))),
            Value::People(mut people) => {
                if let Some(What::People { members, .. }) = self.shared.get(reading.shared).map(|shared| &shared.what) {
                    let held = members.iter().filter(|(_, lit)| self.solver.value(**lit));
                    let mut names: Vec<Box<str>> = held
                        .map(|(one, _)| {
                            who.get(one).cloned().unwrap_or_else(|| self.alike.of(&settled.names, *one).into())
                        })
                        .collect();
                    names.sort_unstable();
                    names.dedup();
                    if !names.is_empty() {
                        people.members = names.into();
                    }
                }
                Some(Value::People(people))
            }
            value => Some(value),
        }
    }

    fn somebody_of(&self, reading: &Reading) -> Option<Somebody> {
        match self.shared.get(reading.shared).map(|shared| &shared.what) {
            Some(What::Somebody(somebody)) => Some(*somebody),
            _ => None,
        }
    }

    /// Gives what a model says of some fields, as far as comparisons can tell; and whether that is all of it.
    pub(crate) fn said_of(&self, fields: &[FieldId], episode: &Episode) -> (Vec<Lit>, bool) {
        let mut lits = Vec::new();
        let mut certain = true;
        let node_of = |field: &FieldId| self.readings.get(&(0, *field)).and_then(|reading| reading.node());
        let known: Vec<Node> = self
            .readings
            .iter()
            .filter(|((_, field), _)| fields.contains(field) || !episode.is_open(*field))
            .filter_map(|((_, field), _)| node_of(field))
            .chain([ZERO])
            .collect();
        for reading in fields.iter().filter_map(|field| self.readings.get(&(0, *field))) {
            match self.shared.get(reading.shared).map(|shared| &shared.what) {
                Some(What::Truth(lit)) => lits.push(*lit),
                Some(What::Name(names) | What::Names(names)) => lits.extend(names.iter().map(|name| name.1)),
                Some(What::People { some, members }) => lits.extend(members.values().copied().chain([*some])),
                Some(What::Somebody(one)) => {
                    let concerned = self.alike.statements().filter(|((a, b), _)| a == one || b == one);
                    lits.extend(concerned.map(|(_, lit)| lit));
                }
                Some(What::Line(node)) => {
                    for (other, _, _, lit) in self.line.about(*node) {
                        lits.push(lit);
                        certain &= known.contains(&other);
                    }
                }
                None => {}
            }
            certain &=
                matches!(reading.family, Family::Boolean | Family::Name | Family::Names) || reading.place.is_some();
        }
        for (id, lit) in &self.inexact {
            let concerned = self
                .versions
                .first()
                .is_some_and(|of| of.conditions.reads(*id).any(|read| fields.contains(&read.field)));
            if concerned {
                lits.push(*lit);
                certain = false;
            }
        }
        let said = lits.into_iter().map(|lit| if self.solver.value(lit) { lit } else { !lit });
        (said.collect(), certain)
    }
}

/// Gives a bound of a history clause on the line; the inner none where there is none, the outer where it has no place.
///
/// A fraction between two units goes to the one with which no policy can compare, whether it is the lower or the upper bound:
/// constants have twelve places at most. Where policies can compare with every unit, the bounds lie on both sides of it.
fn bound(bound: Bound, unit: i128, whole: bool, is_low: bool) -> Option<Option<i128>> {
    let ratio: Ratio = match (bound, is_low) {
        (Bound::At(ratio), _) => ratio,
        (Bound::Lowest, true) | (Bound::Highest, false) => return Some(None),
        (Bound::Lowest, false) => return Some(Some(-BEYOND)),
        (Bound::Highest, true) => return Some(Some(BEYOND)),
    };
    let over = 10i128.checked_pow(ratio.sum.scale)?.checked_mul(i128::from(ratio.of))?;
    let sum = ratio.sum.mantissa.checked_mul(unit)?;
    let floor = sum.checked_div_euclid(over)?;
    if sum.checked_rem_euclid(over)? == 0 || whole {
        return (floor.abs() < BEYOND).then_some(Some(floor));
    }
    let is_above = if unit == 1 { !is_low } else { floor.rem_euclid(1000) == 0 };
    Some(Some(floor + i128::from(is_above)))
}

#[cfg(test)]
mod tests {
    use super::super::field::ONE;
    use super::*;
    use crate::judge::Exact;

    /// Gives where the bounds lie of something that is known to be one fraction.
    fn bounds(mantissa: i128, of: u64, unit: i128) -> (i128, i128) {
        let exactly = Bound::At(Ratio { sum: Exact { mantissa, scale: 0 }, of });
        let lies = |is_low| bound(exactly, unit, false, is_low).unwrap().unwrap();
        (lies(true), lies(false))
    }

    #[test]
    fn what_is_no_finite_decimal_has_bounds_that_do_not_contradict_each_other() {
        for unit in [1, ONE] {
            for of in 1..40 {
                for mantissa in -50..200 {
                    let (low, high) = bounds(mantissa, of, unit);
                    assert!(low <= high, "{mantissa}/{of} lies from {low} to {high}, in units of {unit}");
                }
            }
        }
    }

    #[test]
    fn a_fraction_lies_on_its_own_side_of_every_constant() {
        for (mantissa, of) in [(1, 3), (2, 3), (100, 3), (-1, 3), (1, 1_000_000_000_000_007)] {
            let (low, high) = bounds(mantissa, of, ONE);
            assert_eq!(low, high);
            // Constants have twelve places at most.
            let (below, grain) = ((mantissa * ONE).div_euclid(i128::from(of) * 1000) * 1000, 1000);
            assert!(below < low && low < below + grain, "{mantissa}/{of} lies at {low}");
        }
    }
}
