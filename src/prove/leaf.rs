//! Conditions without parts, as literals over the values of fields.
//!
//! What cannot be said exactly is a statement of which nothing is known (`opaque`): what is proved with it holds all the
//! same, and a case that rests on it is shown only if the judge agrees.

use crate::policy::time::{When, day_nanoseconds, days};
use crate::policy::{Condition, ConditionId, FieldRef, Relation, Term, Value};

use super::alike::Somebody;
use super::clocks::ClockTest;
use super::dual::Dual;
use super::field::{Family, Reading, What, units};
use super::place::{Place, Somewhere};
use super::solver::Lit;
use super::world::World;

/// What may stand on the right of a comparison on the line: from one place to another.
struct Stretch {
    first: Somewhere,
    last: Somewhere,
    /// Whether all of it is meant, as a day is: before it is before its first moment. Else one place in it is meant, and
    /// it is not known which.
    whole: bool,
}

impl World<'_> {
    /// Gives what is known of a condition that looks at one record and has no parts.
    pub(crate) fn leaf(&mut self, version: usize, id: ConditionId, leaf: &Condition) -> Dual {
        let opaque = |world: &mut Self| world.opaque(version, id);
        match leaf {
            Condition::Present(field) => match self.reading(version, field.field) {
                Some(reading) => Dual::known(reading.present),
                None => Dual::known(self.solver.no()),
            },
            Condition::NotEmpty(set) => self.not_empty(version, *set),
            Condition::OneOf { left, values } => {
                let mut each = Vec::new();
                for value in values {
                    let is = self.compare(version, *left, Relation::Is, &Term::Constant(value.clone()));
                    let Some(is) = is else { return opaque(self) };
                    each.push(is);
                }
                Dual::any(&mut self.solver, &each)
            }
            Condition::Compare { left, relation, right } => {
                self.compare(version, *left, *relation, right).unwrap_or_else(|| opaque(self))
            }
            Condition::Between { left, low, high } => {
                self.between(version, *left, low, high).unwrap_or_else(|| opaque(self))
            }
            Condition::Includes { set, member } => self.includes(version, *set, member).unwrap_or_else(|| opaque(self)),
            Condition::Within { first, at_most, second } => {
                self.within(version, *first, at_most, *second).unwrap_or_else(|| opaque(self))
            }
            Condition::Clock { left, from, until } => {
                let (Some(reading), Some(zone)) =
                    (self.reading(version, left.field), self.versions.get(version).map(|version| version.zone.clone()))
                else {
                    return opaque(self);
                };
                let Some(node) = reading.node() else { return opaque(self) };
                let lit = self.solver.free();
                self.clocks.push(ClockTest { node, zone, from: *from, until: *until, lit });
                self.inexact.push((id, lit));
                Dual::where_known(&mut self.solver, reading.counted, lit)
            }
            _ => opaque(self),
        }
    }

    /// Gives a statement of which nothing is known but where it is unknown: the same for the same condition.
    fn opaque(&mut self, version: usize, id: ConditionId) -> Dual {
        let Some(of) = self.versions.get(version) else { return Dual::unknown(&self.solver) };
        let fields: Vec<FieldRef> = of.conditions.reads(id).collect();
        let key =
            super::same::condition(&self.numbers, of, id) + &self.mark(version, fields.iter().map(|field| field.field));
        let lit = match self.opaque.get(&key) {
            Some(known) => *known,
            None => {
                let free = self.solver.free();
                self.opaque.insert(key, free);
                free
            }
        };
        self.inexact.push((id, lit));
        let present: Vec<Lit> =
            fields.iter().filter_map(|field| Some(self.reading(version, field.field)?.counted)).collect();
        let present = self.solver.all(present);
        Dual::where_known(&mut self.solver, present, lit)
    }

    fn not_empty(&mut self, version: usize, set: FieldRef) -> Dual {
        let Some(reading) = self.reading(version, set.field) else { return Dual::unknown(&self.solver) };
        let some = match self.shared.get(reading.shared).map(|shared| &shared.what) {
            Some(What::Names(_)) => self.solver.any(reading.names.iter().copied()),
            Some(What::People { some, .. }) => *some,
            _ => self.solver.no(),
        };
        self.of_set(&reading, some)
    }

    fn includes(&mut self, version: usize, set: FieldRef, member: &Term) -> Option<Dual> {
        let reading = self.reading(version, set.field)?;
        if reading.family == Family::Names {
            return match member {
                Term::Constant(Value::Name(name)) => {
                    let lit = *reading.names.get(usize::from(name.0))?;
                    Some(self.of_set(&reading, lit))
                }
                Term::Field(field) => {
                    let other = self.reading(version, field.field)?;
                    let pairs: Vec<(Lit, Lit)> =
                        reading.names.iter().copied().zip(other.names.iter().copied()).collect();
                    let each: Vec<Lit> = pairs.into_iter().map(|(one, other)| self.solver.both(one, other)).collect();
                    let lit = self.solver.any(each);
                    let counted = self.solver.both(reading.counted, other.counted);
                    Some(self.of_set(&Reading { counted, ..reading }, lit))
                }
                Term::Constant(_) => None,
            };
        }
        let (who, present) = self.somebody(version, member)?;
        let lit = self.member(reading.shared, who)?;
        let counted = self.solver.both(reading.counted, present);
        Some(self.of_set(&Reading { counted, ..reading }, lit))
    }

    /// Gives what is known of membership: of a set that is known in part, only that it has its known members.
    fn of_set(&mut self, reading: &Reading, lit: Lit) -> Dual {
        let complete = self.shared.get(reading.shared).map_or(self.solver.yes(), |shared| shared.complete);
        Dual { yes: self.solver.both(reading.counted, lit), no: self.solver.all([reading.counted, complete, !lit]) }
    }

    /// Gives the statement that somebody is in a set of people.
    fn member(&mut self, shared: usize, who: Somebody) -> Option<Lit> {
        let What::People { some, members } = &self.shared.get(shared)?.what else { return None };
        if let Some(known) = members.get(&who) {
            return Some(*known);
        }
        let (some, others) = (*some, members.clone());
        let lit = self.solver.free();
        self.solver.implies(lit, some);
        for (other, is_in) in others {
            let same = self.alike.same(&mut self.solver, who, other);
            self.solver.demand(&[!same, !is_in, lit]);
            self.solver.demand(&[!same, is_in, !lit]);
        }
        if let Some(What::People { members, .. }) = self.shared.get_mut(shared).map(|shared| &mut shared.what) {
            members.insert(who, lit);
        }
        Some(lit)
    }

    fn somebody(&mut self, version: usize, term: &Term) -> Option<(Somebody, Lit)> {
        match term {
            Term::Constant(Value::Identity(name) | Value::Text(name)) => {
                Some((self.alike.named(name), self.solver.yes()))
            }
            Term::Constant(_) => None,
            Term::Field(field) => {
                let reading = self.reading(version, field.field)?;
                match self.shared.get(reading.shared)?.what {
                    What::Somebody(who) => Some((who, reading.counted)),
                    _ => None,
                }
            }
        }
    }

    pub(crate) fn compare(&mut self, version: usize, left: FieldRef, relation: Relation, right: &Term) -> Option<Dual> {
        let reading = self.reading(version, left.field)?;
        let (present, lit) = match reading.family {
            Family::Boolean => self.compare_truths(version, &reading, right)?,
            Family::Name => self.compare_names(version, &reading, relation, right)?,
            Family::Text | Family::Identity => {
                let (one, present) = self.somebody(version, &Term::Field(left))?;
                let (other, known) = self.somebody(version, right)?;
                (self.solver.both(present, known), self.alike.same(&mut self.solver, one, other))
            }
            Family::Names | Family::People => return None,
            _ => return self.compare_on_the_line(version, &reading, relation, right),
        };
        Some(Dual::where_known(&mut self.solver, present, lit))
    }

    fn compare_truths(&mut self, version: usize, left: &Reading, right: &Term) -> Option<(Lit, Lit)> {
        let one = left.truth?;
        match right {
            Term::Constant(Value::Boolean(value)) => Some((left.counted, if *value { one } else { !one })),
            Term::Constant(_) => None,
            Term::Field(field) => {
                let reading = self.reading(version, field.field)?;
                let other = reading.truth?;
                let (both, neither) = (self.solver.both(one, other), self.solver.both(!one, !other));
                Some((self.solver.both(left.counted, reading.counted), self.solver.either(both, neither)))
            }
        }
    }

    fn compare_names(
        &mut self,
        version: usize,
        left: &Reading,
        relation: Relation,
        right: &Term,
    ) -> Option<(Lit, Lit)> {
        let allowed = |name: usize, bound: usize| relation.allows(name.cmp(&bound));
        match right {
            Term::Constant(value) => {
                let bound = value.place()?;
                let fitting = left.names.iter().enumerate().filter(|(at, _)| allowed(*at, bound)).map(|(_, lit)| *lit);
                Some((left.counted, self.solver.any(fitting.collect::<Vec<_>>())))
            }
            Term::Field(field) => {
                let other = self.reading(version, field.field)?;
                let fitting = self.fitting(&left.names, relation);
                let both = fitting.into_iter().zip(other.names.iter().copied());
                let pairs: Vec<Lit> = both.map(|(fits, bound)| self.solver.both(fits, bound)).collect();
                let present = self.solver.both(left.counted, other.counted);
                Some((present, self.solver.any(pairs)))
            }
        }
    }

    /// Gives, for each name, that a value stands to it in a relation; in time that grows with the number of names.
    fn fitting(&mut self, names: &[Lit], relation: Relation) -> Vec<Lit> {
        if relation == Relation::Is {
            return names.to_vec();
        }
        let upwards = relation.allows(std::cmp::Ordering::Less);
        let with_itself = relation.allows(std::cmp::Ordering::Equal);
        let order: Vec<usize> = if upwards { (0..names.len()).collect() } else { (0..names.len()).rev().collect() };
        let mut fitting = vec![self.solver.no(); names.len()];
        let mut passed = self.solver.no();
        for at in order {
            let Some(name) = names.get(at).copied() else { continue };
            let with = self.solver.either(passed, name);
            if let Some(slot) = fitting.get_mut(at) {
                *slot = if with_itself { with } else { passed };
            }
            passed = with;
        }
        fitting
    }

    fn compare_on_the_line(
        &mut self,
        version: usize,
        left: &Reading,
        relation: Relation,
        right: &Term,
    ) -> Option<Dual> {
        let place = left.place.clone()?;
        let (right, known) = self.on_the_line(version, left.family, right)?;
        let present = self.solver.both(left.counted, known);
        let dual = self.compare_places(&place, relation, &right);
        Some(Dual { yes: self.solver.both(present, dual.yes), no: self.solver.both(present, dual.no) })
    }

    /// Gives where a term lies for something of a family, and that it has a value.
    fn on_the_line(&mut self, version: usize, family: Family, term: &Term) -> Option<(Stretch, Lit)> {
        let here = |place: Somewhere| Stretch { first: place.clone(), last: place, whole: true };
        match term {
            Term::Field(field) => {
                let reading = self.reading(version, field.field)?;
                let same = reading.family == family
                    || matches!(
                        (family, reading.family),
                        (Family::Number, Family::WholeNumber) | (Family::WholeNumber, Family::Number)
                    );
                same.then_some(())?;
                Some((here(reading.place?), reading.counted))
            }
            Term::Constant(value) => {
                let zone = &self.versions.get(version)?.zone;
                let at = |place| self.always(Place::fixed(place));
                let fixed = |first, last, whole| Stretch { first: at(first), last: at(last), whole };
                let stretch = match (family, value) {
                    (_, Value::Number(number) | Value::Percent(number)) => here(at(units(*number)?)),
                    (_, Value::Duration(duration)) => here(at(duration.as_nanos())),
                    (Family::Date, Value::Date(day)) => here(at(day_nanoseconds(*day))),
                    (Family::Date, Value::Instant(when)) if !when.either_end => fixed(
                        day_nanoseconds(when.first_day),
                        day_nanoseconds(when.last_day),
                        when.first_day == when.last_day,
                    ),
                    (Family::Instant, Value::Instant(when)) if !when.either_end => {
                        fixed(when.earliest.as_nanosecond(), when.latest.as_nanosecond(), when.is_exact())
                    }
                    (Family::Instant, Value::Date(day)) => {
                        let When { earliest, latest, .. } = days(*day, *day, zone).ok()?;
                        fixed(earliest.as_nanosecond(), latest.as_nanosecond(), true)
                    }
                    _ => return None,
                };
                Some((stretch, self.solver.yes()))
            }
        }
    }

    fn compare_places(&mut self, left: &Somewhere, relation: Relation, right: &Stretch) -> Dual {
        let below_first = self.below(left, &right.first);
        let above_last = self.below(&right.last, left);
        let within = self.solver.both(!below_first, !above_last);
        match relation {
            Relation::Before if right.whole => Dual::known(below_first),
            Relation::After if right.whole => Dual::known(above_last),
            Relation::Before | Relation::Below => Dual { yes: below_first, no: self.at_most(&right.last, left) },
            Relation::After | Relation::Above => Dual { yes: above_last, no: self.at_most(left, &right.first) },
            Relation::AtMost => Dual { yes: self.at_most(left, &right.first), no: above_last },
            Relation::AtLeast => Dual { yes: self.at_most(&right.last, left), no: below_first },
            Relation::Is if right.whole => Dual::known(within),
            Relation::Is => Dual { yes: self.solver.no(), no: !within },
        }
    }

    fn between(&mut self, version: usize, left: FieldRef, low: &Term, high: &Term) -> Option<Dual> {
        let reading = self.reading(version, left.field)?;
        let Some(place) = reading.place else {
            let low = self.compare(version, left, Relation::AtLeast, low)?;
            let high = self.compare(version, left, Relation::AtMost, high)?;
            return Some(Dual::all(&mut self.solver, &[low, high]));
        };
        let (low, low_known) = self.on_the_line(version, reading.family, low)?;
        let (high, high_known) = self.on_the_line(version, reading.family, high)?;
        (low.whole && high.whole).then_some(())?;
        let present = self.solver.all([reading.counted, low_known, high_known]);
        let (from, to) = (self.at_most(&low.first, &place), self.at_most(&place, &high.last));
        let lit = self.solver.both(from, to);
        Some(Dual::where_known(&mut self.solver, present, lit))
    }

    fn within(&mut self, version: usize, first: FieldRef, at_most: &Term, second: FieldRef) -> Option<Dual> {
        let (one, other) = (self.reading(version, first.field)?, self.reading(version, second.field)?);
        let Term::Constant(Value::Duration(length)) = at_most else { return None };
        (one.family == other.family).then_some(())?;
        let present = self.solver.both(one.counted, other.counted);
        let (one, other) = (one.place?, other.place?);
        let latest = one.further(length.as_nanos());
        let (not_before, in_time) = (self.at_most(&one, &other), self.at_most(&other, &latest));
        let lit = self.solver.both(not_before, in_time);
        Some(Dual::where_known(&mut self.solver, present, lit))
    }
}
