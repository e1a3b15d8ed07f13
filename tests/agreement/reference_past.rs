//! Semantics.md, section 7, said once more: what the other records come to for one that looks back.
//!
//! Takes the policy, all records as each version reads them, the as-of instant, and which record asks under which
//! version; gives, for a history clause, the least and the greatest that it may come to. Every other record is looked
//! at, each time anew. Where its time or that of the record that asks is partial, all is tried out choice by choice.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use forbear::episode::{Episode, Slot};
use forbear::policy::time::When;
use forbear::policy::{
    FieldId, FieldType, Function, History, HistoryId, Length, Policy, Range, Role, Value, Version, Window,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::reference::{Reading, Truth, and};
use super::reference_instants::{around, ends_of, instants_of, local_day, midnight, on_the_clock, order};
use super::reference_measured::{self as come_to, Bound, Measured, Part, State, quantity};
use super::reference_view::{Moment, Onlooker, View};

/// All records of an audit, and what they are judged by.
pub(crate) struct Log<'a> {
    pub(crate) policy: &'a Policy,
    /// Each record, as each version reads it.
    pub(crate) records: Vec<Vec<&'a Episode>>,
    pub(crate) as_of: Timestamp,
    /// Which records, read by which version, are covered, as far as it was asked; it is the same for all that ask.
    covered: RefCell<BTreeMap<(usize, usize), Truth>>,
}

impl<'a> Log<'a> {
    pub(crate) fn new(policy: &'a Policy, records: Vec<Vec<&'a Episode>>, as_of: Timestamp) -> Self {
        Self { policy, records, as_of, covered: RefCell::default() }
    }

    pub(crate) fn reading(&self, record: usize, version: usize) -> Reading<'_> {
        Reading::new(self, record, version)
    }
}

/// A record that looks back by one clause.
struct Asking<'a> {
    log: &'a Log<'a>,
    record: usize,
    at: usize,
    version: &'a Version,
    history: &'a History,
    time: Option<&'a Value>,
}

/// Gives what a history clause comes to.
pub(crate) fn measured(log: &Log<'_>, record: usize, at: usize, id: HistoryId) -> Measured {
    let version = &log.policy.versions[at];
    let history = version.conditions.history(id).expect("the clause exists");
    let asks = log.records[record][at];
    let has_keys = history.keys.iter().all(|key| asks.value(key.asked).is_some());
    let time = own_time(version, asks);
    if !has_keys || time.is_none() || !has_place(version, history.window, asks) {
        return Measured::NoAnswer;
    }
    let parts = Asking { log, record, at, version, history, time }.parts();
    match history.function {
        Function::Count => come_to::count(&parts),
        Function::Sum(_) => come_to::sum(&parts),
        Function::Average(_) => come_to::average(&parts),
        Function::Share(_) => come_to::share(&parts),
        Function::TimeSinceLast => come_to::time_since_last(&parts),
    }
}

/// Gives the other records of which it is open whether, or with what, they count for the one that asks.
pub(crate) fn open_records(log: &Log<'_>, record: usize, at: usize, id: HistoryId) -> BTreeSet<usize> {
    let version = &log.policy.versions[at];
    let history = version.conditions.history(id).expect("the clause exists");
    let asks = log.records[record][at];
    let time = own_time(version, asks);
    if time.is_none() || !has_place(version, history.window, asks) {
        return BTreeSet::new();
    }
    let asking = Asking { log, record, at, version, history, time };
    asking.alike().into_values().filter(|numbers| asking.part(numbers).is_open()).flatten().collect()
}

/// The time of a record; in a vocabulary that has no role for it, of what lasts its start.
pub(crate) fn own_time<'a>(version: &Version, record: &'a Episode) -> Option<&'a Value> {
    record.value(own_field(version)?)
}

pub(crate) fn own_field(version: &Version) -> Option<FieldId> {
    version.vocabulary.role(Role::Time).or_else(|| version.vocabulary.role(Role::Start))
}

/// Says whether a record has a place in a window: a time, or of what lasts a start.
fn has_place(version: &Version, window: Window, record: &Episode) -> bool {
    match window {
        Window::AtTheSameTime => value_of(version, record, Role::Start).is_some(),
        _ => own_time(version, record).is_some(),
    }
}

fn value_of<'a>(version: &Version, record: &'a Episode, role: Role) -> Option<&'a Value> {
    record.value(version.vocabulary.role(role)?)
}

// ---- who counts --------------------------------------------------------------------------------------------------------

impl<'a> Asking<'a> {
    /// The other records. Several with one id count once together, and never for each other.
    fn alike(&self) -> BTreeMap<Result<&'a str, usize>, Vec<usize>> {
        let mut alike: BTreeMap<Result<&str, usize>, Vec<usize>> = BTreeMap::new();
        for number in (0..self.log.records.len()).filter(|number| *number != self.record) {
            let record = self.record(number);
            if !is_same_id(record, self.record(self.record)) {
                alike.entry(record.id.as_deref().ok_or(number)).or_default().push(number);
            }
        }
        alike
    }

    /// What all contribute, and the record itself if the window counts it.
    fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = self.alike().values().map(|numbers| self.part(numbers)).collect();
        if self.history.window.counts_itself() {
            parts.push(Part { states: self.itself(), amount: self.amount(&[self.record]) });
        }
        parts
    }

    /// T if all are T, F if all are F, else U.
    fn part(&self, numbers: &[usize]) -> Part {
        let states = numbers.iter().flat_map(|number| self.other(*number)).collect();
        let gathered: Vec<usize> = numbers.iter().copied().filter(|number| self.gathers(*number)).collect();
        Part { states, amount: self.amount(&gathered) }
    }

    /// The record that asks is a member as its own `where` is.
    fn itself(&self) -> BTreeSet<State> {
        let reading = self.log.reading(self.record, self.at);
        let truth = |condition: Option<_>| condition.map_or(Truth::True, |condition| reading.truth(condition));
        let hit = match self.history.function {
            Function::Share(condition) => truth(Some(condition)),
            _ => Truth::False,
        };
        states(truth(self.history.filter), hit)
    }

    /// Whether another record counts: it is covered, and, worked out for every choice of the two times, it lies in the
    /// window and passes `where`.
    fn other(&self, number: usize) -> BTreeSet<State> {
        if !self.gathers(number) {
            return BTreeSet::from([State::Out]);
        }
        let record = self.record(number);
        let its_time = own_time(self.version, record);
        let landmarks = self.landmarks(number, its_time);
        let same_time = self.history.window == Window::AtTheSameTime;
        let overlaps = if same_time { self.overlap(record) } else { Truth::True };
        let covered = and(overlaps, self.is_covered(number));
        let its_moments = moments(its_time, &landmarks);
        let mut found = BTreeSet::new();
        for from in moments(self.time, &landmarks) {
            let mut looked_at = None;
            for then in &its_moments {
                let near = and(covered, known(self.is_in_window(from, *then)));
                if near == Truth::False {
                    found.insert(State::Out);
                    continue;
                }
                // Within a window the record's own time is not after the moment of the view, whichever it is.
                let (counts, hit) = match looked_at {
                    Some(known) if !same_time => known,
                    _ => self.look_at(record, from, *then),
                };
                looked_at = Some((counts, hit));
                found.extend(states(and(near, counts), hit));
            }
        }
        found
    }

    /// Whether another record has the same keys, and a time.
    fn gathers(&self, number: usize) -> bool {
        let (record, itself) = (self.record(number), self.record(self.record));
        let same_keys = self.history.keys.iter().all(|key| {
            let both = itself.value(key.asked).zip(record.value(key.stored));
            both.is_some_and(|(asked, stored)| order(asked, stored, &self.version.zone) == Ordering::Equal)
        });
        same_keys && has_place(self.version, self.history.window, record)
    }

    fn record(&self, number: usize) -> &'a Episode {
        self.log.records[number][self.at]
    }

    /// What `where` says in the view, and what is asked of a share. What is summed must have been known.
    fn look_at(&self, record: &Episode, from: Moment, then: Moment) -> (Truth, Truth) {
        let onlooker = Onlooker::History;
        let view = View { version: self.version, record, from, own: Some(then), onlooker };
        let filter = self.history.filter.map_or(Truth::True, |filter| view.see(filter).counts());
        match self.history.function {
            Function::Share(condition) => (filter, view.see(condition).counts()),
            Function::Sum(field) | Function::Average(field) => (and(filter, view.knows(field)), Truth::False),
            _ => (filter, Truth::False),
        }
    }

    // ---- how much ----------------------------------------------------------------------------------------------------

    /// What is summed of some records that count once together, or the time since them.
    fn amount(&self, numbers: &[usize]) -> Option<(Bound, Bound)> {
        match self.history.function {
            Function::Sum(field) | Function::Average(field) => Some(self.summed(numbers, field)),
            Function::TimeSinceLast => {
                let times = numbers.iter().filter_map(|number| own_time(self.version, self.record(*number)));
                times.map(|time| self.since(time)).reduce(|(low, high), (also_low, also_high)| {
                    (come_to::least(low, also_low), come_to::greatest(high, also_high))
                })
            }
            Function::Count | Function::Share(_) => None,
        }
    }

    /// The value, if all records with this id say the same; else anything of its type.
    fn summed(&self, numbers: &[usize], field: FieldId) -> (Bound, Bound) {
        let said: Vec<Option<Decimal>> =
            numbers.iter().map(|number| self.record(*number).value(field).map(quantity)).collect();
        if let [Some(first), rest @ ..] = said.as_slice()
            && rest.iter().all(|value| *value == Some(*first))
        {
            return (Bound::Of(*first, 1), Bound::Of(*first, 1));
        }
        let range = match self.version.vocabulary.field(field).unwrap().kind {
            FieldType::Number(range) | FieldType::WholeNumber(range) | FieldType::Percent(range) => range,
            FieldType::Duration => Range { low: Some(Decimal::ZERO), high: None },
            other => panic!("{other:?} has no sum"),
        };
        let low = range.low.map_or(Bound::Lowest, |low| Bound::Of(low, 1));
        (low, range.high.map_or(Bound::Highest, |high| Bound::Of(high, 1)))
    }

    /// The time since another record: from the least to the greatest that it may be, if it is not later.
    fn since(&self, then: &Value) -> (Bound, Bound) {
        let elapsed = |nanoseconds: i128| Bound::Of(Decimal::from(nanoseconds.max(0)), 1);
        let (low, high) = match (then, self.time) {
            (Value::Instant(then), Some(Value::Instant(from))) => {
                (from.earliest.duration_since(then.latest), from.latest.duration_since(then.earliest))
            }
            (Value::Date(then), Some(Value::Date(from))) => {
                let days = SignedDuration::from_hours(24 * i64::from((*from - *then).get_days()));
                (days, days)
            }
            other => panic!("a date and an instant: {other:?}"),
        };
        (elapsed(low.as_nanos()), elapsed(high.as_nanos()))
    }

    // ---- time --------------------------------------------------------------------------------------------------------

    fn is_in_window(&self, from: Moment, then: Moment) -> bool {
        let zone = &self.version.zone;
        match (self.history.window, from, then) {
            (Window::AtTheSameTime, ..) => true,
            (_, Moment::At(from), Moment::At(then)) if then > from => false,
            (_, Moment::On(from), Moment::On(then)) if then > from => false,
            (Window::ToDate, ..) => true,
            (Window::InThePast(length) | Window::InAny(length), Moment::At(from), Moment::At(then)) => match length {
                Length::Exact(duration) => from - duration < then,
                Length::Civil(period) => months_before(from, period.months, zone) < then,
            },
            (Window::InThePast(length) | Window::InAny(length), Moment::On(from), Moment::On(then)) => match length {
                Length::Exact(duration) => from - duration < then,
                Length::Civil(period) => months_away(from, -period.months) < then,
            },
            other => panic!("a date and an instant: {other:?}"),
        }
    }

    /// Whether [start, end) of a record overlaps that of the record that asks; each choice is tried.
    fn overlap(&self, other: &Episode) -> Truth {
        let ends = |record: &Episode| Some([value_of(self.version, record, Role::Start)?.clone(), self.end(record)]);
        let (Some(one), Some(other)) = (ends(self.record(self.record)), ends(other)) else {
            return Truth::False;
        };
        let all = one.iter().chain(&other).flat_map(|value| ends_of(value, &self.version.zone)).flat_map(around);
        let landmarks: BTreeSet<Timestamp> = all.collect();
        let [one_from, one_until] = one.map(|value| timestamps(&value, &landmarks));
        let [other_from, other_until] = other.map(|value| timestamps(&value, &landmarks));
        let mut found = BTreeSet::new();
        for (from, until) in one_from.iter().flat_map(|from| one_until.iter().map(move |until| (from, until))) {
            for (also_from, also_until) in other_from.iter().flat_map(|a| other_until.iter().map(move |b| (a, b))) {
                found.insert(from.max(also_from) < until.min(also_until));
            }
        }
        match (found.contains(&true), found.contains(&false)) {
            (true, false) => Truth::True,
            (false, _) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// The end of a record. Without one it is open until the as-of instant; one that does not fit has ended some time
    /// between its start and then.
    fn end(&self, record: &Episode) -> Value {
        let as_of = When::exact(self.log.as_of, &self.version.zone);
        let role = |role| self.version.vocabulary.role(role).map(|field| record.slot(field));
        match (role(Role::End), role(Role::Start)) {
            (Some(Slot::Present(end)), _) => end.clone(),
            (Some(Slot::Unfit), Some(Slot::Present(Value::Instant(start)))) => Value::Instant(When {
                earliest: start.earliest,
                latest: as_of.latest.max(start.latest),
                either_end: false,
                ..as_of
            }),
            _ => Value::Instant(as_of),
        }
    }

    /// Wherever it could change whether a record counts.
    fn landmarks(&self, number: usize, its_time: Option<&Value>) -> BTreeSet<Timestamp> {
        let times = || [self.time, its_time].into_iter().flatten();
        if !times().any(Value::is_partial) {
            return BTreeSet::new();
        }
        let zone = &self.version.zone;
        let mut found: Vec<Timestamp> = times().flat_map(|time| ends_of(time, zone)).collect();
        if let Some(length) = self.history.window.length() {
            let away: Vec<Timestamp> = found.iter().flat_map(|at| a_length_away(*at, length, zone)).collect();
            found.extend(away);
        }
        let record = self.record(number);
        let knowledge = self
            .version
            .vocabulary
            .field_ids()
            .filter(|field| self.version.vocabulary.field(*field).is_some_and(|field| field.known_afterwards));
        found.extend(knowledge.filter_map(|field| record.value(field)).flat_map(|value| ends_of(value, zone)));
        found.into_iter().flat_map(around).collect()
    }

    /// Whether a record is covered, by the version in force at its own time: T or F if so whenever that may be, else U.
    fn is_covered(&self, number: usize) -> Truth {
        let key = (number, self.at);
        if let Some(known) = self.log.covered.borrow().get(&key) {
            return *known;
        }
        let time = own_time(self.version, self.record(number));
        let periods = self.log.policy.versions.iter().filter_map(|version| Some((version, version.in_force?)));
        let turns = periods.flat_map(|(version, period)| {
            let days = [Some(period.from), period.until.map(|until| until.tomorrow().unwrap())];
            days.into_iter().flatten().map(|day| midnight(day, &version.zone))
        });
        let all = moments(time, &turns.flat_map(around).collect());
        let all: BTreeSet<Truth> = all.into_iter().map(|then| self.is_covered_at(number, then)).collect();
        let covered = if all.len() == 1 { all.into_iter().next().unwrap() } else { Truth::Unknown };
        self.log.covered.borrow_mut().insert(key, covered);
        covered
    }

    /// Whether it is covered if its time is this.
    fn is_covered_at(&self, number: usize, then: Moment) -> Truth {
        let versions = self.log.policy.versions.iter().enumerate();
        let mut perhaps = Truth::False;
        let mut surely = None;
        for (at, version) in versions {
            let applies = || {
                let reading = self.log.reading(number, at);
                version.applies_when.map_or(Truth::True, |condition| reading.truth(condition))
            };
            match in_force(version, self.log.records[number][at], then) {
                Truth::True => surely = Some(applies()),
                Truth::Unknown if applies() != Truth::False => perhaps = Truth::Unknown,
                _ => {}
            }
        }
        surely.unwrap_or(perhaps)
    }
}

/// Whether a version is in force at a moment that a record's time may be. Each version reads the time by its own clock;
/// what one reads is brought to the nearest instant that the other may mean.
fn in_force(version: &Version, record: &Episode, then: Moment) -> Truth {
    let Some(period) = version.in_force else {
        return Truth::True;
    };
    let day = match (value_of(version, record, Role::Time), then) {
        (None, _) | (_, Moment::Unclear) => return Truth::Unknown,
        (Some(Value::Date(day)), _) => *day,
        (Some(Value::Instant(when)), Moment::At(then)) => {
            local_day(then.clamp(when.earliest, when.latest), &version.zone)
        }
        other => panic!("no time: {other:?}"),
    };
    known(period.from <= day && period.until.is_none_or(|until| day <= until))
}

fn known(holds: bool) -> Truth {
    if holds { Truth::True } else { Truth::False }
}

fn is_same_id(one: &Episode, other: &Episode) -> bool {
    one.id.is_some() && one.id == other.id
}

fn states(counts: Truth, hit: Truth) -> BTreeSet<State> {
    let counted: &[State] = match hit {
        Truth::True => &[State::Hit],
        Truth::False => &[State::In],
        Truth::Unknown => &[State::In, State::Hit],
    };
    match counts {
        Truth::True => counted.iter().copied().collect(),
        Truth::False => BTreeSet::from([State::Out]),
        Truth::Unknown => counted.iter().copied().chain([State::Out]).collect(),
    }
}

fn moments(time: Option<&Value>, landmarks: &BTreeSet<Timestamp>) -> Vec<Moment> {
    match time {
        None => vec![Moment::Unclear],
        Some(Value::Date(day)) => vec![Moment::On(*day)],
        Some(time) => timestamps(time, landmarks).into_iter().map(Moment::At).collect(),
    }
}

fn timestamps(time: &Value, landmarks: &BTreeSet<Timestamp>) -> Vec<Timestamp> {
    match time {
        Value::Instant(when) => instants_of(when, landmarks),
        other => panic!("{other:?} is no instant"),
    }
}

/// The day so many months away; the last of the month where it is shorter.
pub(crate) fn months_away(day: Date, months: i32) -> Date {
    let month = i32::from(day.year()) * 12 + i32::from(day.month()) - 1 + months;
    let year = i16::try_from(month.div_euclid(12)).unwrap();
    let first = Date::new(year, i8::try_from(month.rem_euclid(12) + 1).unwrap(), 1).unwrap();
    Date::new(year, first.month(), day.day().min(first.last_of_month().day())).unwrap()
}

pub(crate) fn months_after(at: Timestamp, months: i32, zone: &TimeZone) -> Timestamp {
    let local = zone.to_datetime(at);
    on_the_clock(months_away(local.date(), months), local.time(), zone)
}

fn months_before(at: Timestamp, months: i32, zone: &TimeZone) -> Timestamp {
    months_after(at, -months, zone)
}

/// The instants that lie so long before or after another; of a month, all that may.
pub(crate) fn a_length_away(at: Timestamp, length: Length, zone: &TimeZone) -> Vec<Timestamp> {
    match length {
        Length::Exact(duration) => vec![at - duration, at + duration],
        Length::Civil(period) => {
            let after = months_after(at, period.months, zone);
            let local = zone.to_datetime(after);
            let rest = local.date().day()..=local.date().last_of_month().day();
            let days = rest.map(|day| Date::new(local.year(), local.month(), day).unwrap());
            let later = days.map(|day| on_the_clock(day, local.time(), zone));
            later.chain([months_before(at, period.months, zone)]).collect()
        }
    }
}
