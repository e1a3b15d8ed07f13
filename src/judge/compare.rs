//! Comparisons of two values, each of which may be known only in part.
//!
//! A comparison is true if it is true of everything that the values may stand for, false if it is false of all of it,
//! and else unknown. Values of types that do not compare never meet here; they would be unknown.

use std::cmp::Ordering;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::policy::time::{self, DAY, When, day_nanoseconds, day_of, days};
use crate::policy::{Length, Period, Relation, Value};

use super::truth::Truth;

/// Compares two values.
pub(super) fn compare(left: &Value, relation: Relation, right: &Value) -> Truth {
    match relation {
        Relation::Is => is(left, right),
        Relation::AtLeast | Relation::AtMost | Relation::Above | Relation::Below => {
            ordered(left, right, |order| relation.allows(order))
        }
        Relation::Before => is_before(left, right),
        Relation::After => is_before(right, left),
    }
}

fn is(left: &Value, right: &Value) -> Truth {
    match (moment(left), moment(right)) {
        (Some(left), Some(right)) => Moment::on_one_footing(left, right).is_same(),
        _ => (left == right).into(),
    }
}

/// Compares values of a type that has an order and is always known in full.
fn ordered(left: &Value, right: &Value, holds: impl Fn(Ordering) -> bool) -> Truth {
    let order = match (left, right) {
        (Value::Number(left), Value::Number(right)) | (Value::Percent(left), Value::Percent(right)) => left.cmp(right),
        (Value::Duration(left), Value::Duration(right)) => left.cmp(right),
        (Value::Name(left), Value::Name(right)) => left.cmp(right),
        _ => return Truth::Unknown,
    };
    holds(order).into()
}

/// Says whether a value is one of several constants.
pub(super) fn is_one_of(value: &Value, values: &[Value]) -> Truth {
    match value {
        Value::Instant(when) if !when.is_exact() => choices_agree(when, |choice| one_of_covers(choice, values)),
        _ => Truth::any(values.iter().map(|constant| is(value, constant))),
    }
}

/// Of a partial instant: true if the dates among the constants cover every day on which it may lie.
fn one_of_covers(when: &When, values: &[Value]) -> Truth {
    let value = Value::Instant(*when);
    let any = Truth::any(values.iter().map(|constant| is(&value, constant)));
    let mut days = when.first_day.series(jiff::Span::new().days(1)).take_while(|day| *day <= when.last_day);
    // INVARIANT: a list of n dates covers n days at most, so that a partial year costs no more than the list is long.
    let few = days.clone().take(values.len() + 1).count() <= values.len();
    if few && days.all(|day| values.contains(&Value::Date(day))) { Truth::True } else { any }
}

/// Asks of each of two choices alone; of an unbroken interval as a whole.
fn choices_agree(when: &When, ask: impl Fn(&When) -> Truth) -> Truth {
    if !when.either_end {
        return ask(when);
    }
    let at =
        |instant, day| When { earliest: instant, latest: instant, first_day: day, last_day: day, either_end: false };
    let (one, other) = (ask(&at(when.earliest, when.first_day)), ask(&at(when.latest, when.last_day)));
    if one == other { one } else { Truth::Unknown }
}

/// Says whether a value lies between two others, both included; one question, not two: an instant that is known only
/// in part surely does not lie between bounds that leave no room for it.
pub(super) fn is_between(value: &Value, low: &Value, high: &Value, zone: &TimeZone) -> Truth {
    match (moment(value), moment(low), moment(high)) {
        (Some(value), Some(low), Some(high)) => Bounded::new(value, low, high, zone).is_between(),
        _ => ordered(value, low, |order| order != Ordering::Less)
            .and(ordered(value, high, |order| order != Ordering::Greater)),
    }
}

/// Says whether the local clock showed a time from one to before another; they may have midnight between them. An instant
/// that is known only to the day may be any time of it.
pub(super) fn is_on_clock(when: &When, from: Time, until: Time, zone: &TimeZone) -> Truth {
    let shows = |at: Timestamp| time::is_on_clock(at, from, until, zone);
    let (first, last) = (shows(when.earliest), shows(when.latest));
    if when.is_exact() || when.either_end {
        return if first == last { first.into() } else { Truth::Unknown };
    }
    // A part of a date is a day at least, and only the whole clock covers that.
    if from == until { Truth::True } else { Truth::Unknown }
}

/// Says whether a value is no more than another: not later, for moments.
pub(super) fn is_no_more(left: &Value, right: &Value) -> Truth {
    match (moment(left), moment(right)) {
        (Some(_), Some(_)) => !is_before(right, left),
        _ => ordered(left, right, |order| order != Ordering::Greater),
    }
}

/// Answers a comparison of a field with itself: it has one value, whatever that is.
pub(super) fn with_itself(relation: Relation) -> Truth {
    matches!(relation, Relation::Is | Relation::AtLeast | Relation::AtMost).into()
}

/// Says whether a set has a member.
pub(super) fn includes(set: &Value, member: &Value) -> Truth {
    let (known, complete) = match (set, member) {
        (Value::Names(names), Value::Name(name)) => (names.members.binary_search(name).is_ok(), names.complete),
        (Value::People(people), Value::Identity(person)) => {
            (people.members.binary_search(person).is_ok(), people.complete)
        }
        _ => return Truth::Unknown,
    };
    member_truth(known, complete)
}

/// Says whether a set has any member at all.
pub(super) fn is_not_empty(set: &Value) -> Truth {
    match set {
        Value::Names(names) => member_truth(!names.members.is_empty(), names.complete),
        Value::People(people) => member_truth(!people.members.is_empty(), people.complete),
        _ => Truth::Unknown,
    }
}

/// What is known of membership: a set that is known in part may have further members.
fn member_truth(known: bool, complete: bool) -> Truth {
    match (known, complete) {
        (true, _) => Truth::True,
        (false, true) => Truth::False,
        (false, false) => Truth::Unknown,
    }
}

/// Says whether `first` lies before `second`, strictly.
fn is_before(first: &Value, second: &Value) -> Truth {
    match (moment(first), moment(second)) {
        (Some(first), Some(second)) => Moment::on_one_footing(first, second).is_earlier(),
        _ => Truth::Unknown,
    }
}

/// Says whether 0 ≤ second − first ≤ `at_most`.
pub(super) fn is_within(first: &Value, at_most: SignedDuration, second: &Value) -> Truth {
    match (moment(first), moment(second)) {
        (Some(first), Some(second)) => Moment::on_one_footing(first, second).is_within(at_most),
        _ => Truth::Unknown,
    }
}

/// Says whether `second` lies no earlier than `first`, and no later than so many months after it on the local calendar.
pub(super) fn is_within_period(first: &Value, at_most: Period, second: &Value, zone: &TimeZone) -> Truth {
    let (Some(first), Some(second)) = (moment(first), moment(second)) else { return Truth::Unknown };
    let length = Length::Civil(at_most);
    let day_after = |day: i128| {
        let day = day_of(i64::try_from(day / DAY).unwrap_or(0));
        day.and_then(|day| length.days_after(day)).map_or(i128::MAX, day_nanoseconds)
    };
    let instant_after = |at: i128| {
        let at = Timestamp::from_nanosecond(at).map(|at| length.after(at, zone));
        at.map_or(i128::MAX, Timestamp::as_nanosecond)
    };
    let pair = Moment::on_one_footing(first, second);
    let by_days = matches!((first, second), (Moment::Day(_), _) | (_, Moment::Day(_)));
    let latest = |at| if by_days { day_after(at) } else { instant_after(at) };
    let mut answers = pair.left.ranges().flat_map(|(first_low, first_high)| {
        pair.right.ranges().map(move |(low, high)| match () {
            () if first_high <= low && high <= latest(first_low) => Truth::True,
            () if first_low > high || low > latest(first_high) => Truth::False,
            () => Truth::Unknown,
        })
    });
    let first = answers.next().unwrap_or(Truth::Unknown);
    if answers.all(|answer| answer == first) { first } else { Truth::Unknown }
}

/// A date or an instant.
#[derive(Clone, Copy)]
enum Moment {
    Day(jiff::civil::Date),
    Instant(When),
}

fn moment(value: &Value) -> Option<Moment> {
    match value {
        Value::Date(day) => Some(Moment::Day(*day)),
        Value::Instant(when) => Some(Moment::Instant(*when)),
        _ => None,
    }
}

/// A moment and its two bounds on one line: instants, or days if the moment is a date.
struct Bounded {
    value: Choices,
    low: Choices,
    high: Choices,
}

impl Bounded {
    fn new(value: Moment, low: Moment, high: Moment, zone: &TimeZone) -> Self {
        match value {
            Moment::Day(_) => Self { value: value.days(), low: low.days(), high: high.days() },
            Moment::Instant(when) => {
                Self { value: instants(&when), low: low.start_if_day(zone), high: high.end_if_day(zone) }
            }
        }
    }

    /// True if every choice of the three lies in order, false if none does.
    fn is_between(&self) -> Truth {
        let mut answers = self.value.ranges().flat_map(|value| {
            self.low.ranges().flat_map(move |low| self.high.ranges().map(move |high| between_ranges(value, low, high)))
        });
        let Some(first) = answers.next() else { return Truth::Unknown };
        if answers.all(|answer| answer == first) { first } else { Truth::Unknown }
    }
}

fn between_ranges(value: (i128, i128), low: (i128, i128), high: (i128, i128)) -> Truth {
    match () {
        () if low.1 <= value.0 && value.1 <= high.0 => Truth::True,
        () if value.0.max(low.0) > value.1.min(high.1) => Truth::False,
        () => Truth::Unknown,
    }
}

/// Two moments on one line: instants, or, where either is a date, local days.
struct Pair {
    left: Choices,
    right: Choices,
}

/// What a moment may be: everything from one point to another, or one of these two.
#[derive(Clone, Copy)]
struct Choices {
    earliest: i128,
    latest: i128,
    either_end: bool,
}

impl Moment {
    fn on_one_footing(left: Self, right: Self) -> Pair {
        match (left, right) {
            (Self::Instant(left), Self::Instant(right)) => Pair { left: instants(&left), right: instants(&right) },
            _ => Pair { left: left.days(), right: right.days() },
        }
    }

    /// Gives the instants that are no later than all of it: of a day, its first.
    fn start_if_day(self, zone: &TimeZone) -> Choices {
        self.as_instant(zone, |when| when.earliest)
    }

    /// Gives the instants that are no earlier than all of it: of a day, its last.
    fn end_if_day(self, zone: &TimeZone) -> Choices {
        self.as_instant(zone, |when| when.latest)
    }

    fn as_instant(self, zone: &TimeZone, edge: impl Fn(&When) -> Timestamp) -> Choices {
        match self {
            Self::Instant(when) => instants(&when),
            Self::Day(day) => match days(day, day, zone) {
                Ok(when) => Choices::point(edge(&when).as_nanosecond()),
                // A day at the very end of the calendar: any instant of it will do for one that no clock reaches.
                Err(_) => Choices::point(day_nanoseconds(day)),
            },
        }
    }

    fn days(self) -> Choices {
        match self {
            Self::Day(day) => {
                Choices { earliest: day_nanoseconds(day), latest: day_nanoseconds(day), either_end: false }
            }
            Self::Instant(when) => Choices {
                earliest: day_nanoseconds(when.first_day),
                latest: day_nanoseconds(when.last_day),
                either_end: when.either_end,
            },
        }
    }
}

fn instants(when: &When) -> Choices {
    let nanos = |at: Timestamp| at.as_nanosecond();
    Choices { earliest: nanos(when.earliest), latest: nanos(when.latest), either_end: when.either_end }
}

impl Pair {
    fn is_earlier(&self) -> Truth {
        self.by_difference(|low, high| match () {
            () if low > 0 => Truth::True,
            () if high <= 0 => Truth::False,
            () => Truth::Unknown,
        })
    }

    fn is_same(&self) -> Truth {
        self.by_difference(|low, high| match () {
            () if low == 0 && high == 0 => Truth::True,
            () if low > 0 || high < 0 => Truth::False,
            () => Truth::Unknown,
        })
    }

    fn is_within(&self, at_most: SignedDuration) -> Truth {
        let at_most = at_most.as_nanos();
        self.by_difference(|low, high| match () {
            () if low >= 0 && high <= at_most => Truth::True,
            () if high < 0 || low > at_most => Truth::False,
            () => Truth::Unknown,
        })
    }

    /// Asks of every range that the difference, right less left, may lie in; the answers must agree.
    fn by_difference(&self, ask: impl Fn(i128, i128) -> Truth) -> Truth {
        let mut answers = self.left.ranges().flat_map(|(left_low, left_high)| {
            self.right.ranges().map(move |(low, high)| (low - left_high, high - left_low))
        });
        let Some((low, high)) = answers.next() else { return Truth::Unknown };
        let first = ask(low, high);
        let agree = answers.all(|(low, high)| ask(low, high) == first);
        if agree { first } else { Truth::Unknown }
    }
}

impl Choices {
    fn point(at: i128) -> Self {
        Self { earliest: at, latest: at, either_end: false }
    }

    /// Gives the unbroken ranges of what it may be: one, or two points.
    fn ranges(self) -> impl Iterator<Item = (i128, i128)> {
        let (first, second) = if self.either_end {
            ((self.earliest, self.earliest), Some((self.latest, self.latest)))
        } else {
            ((self.earliest, self.latest), None)
        };
        std::iter::once(first).chain(second)
    }
}
