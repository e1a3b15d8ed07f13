//! What an exact value, and what a partial instant, comes to in a comparison: for the reference judge, as plainly as
//! possible.
//!
//! It knows no interval arithmetic: what a partial instant may be is tried out, instant by instant, at the ends and
//! wherever a comparison could change.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use forbear::policy::time::When;
use forbear::policy::{Condition, FieldRef, Relation, Term, Value};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const NANOSECOND: SignedDuration = SignedDuration::from_nanos(1);

// ---- what is compared --------------------------------------------------------------------------------------------------

/// What a condition reads itself of the record that it is asked of, in the order of the words.
pub(crate) fn terms(condition: &Condition) -> Vec<Term> {
    let field = |field: &FieldRef| Term::Field(*field);
    match condition {
        Condition::Compare { left, right, .. } => vec![field(left), right.clone()],
        Condition::OneOf { left, values } => {
            [field(left)].into_iter().chain(values.iter().cloned().map(Term::Constant)).collect()
        }
        Condition::Between { left, low, high } => vec![field(left), low.clone(), high.clone()],
        Condition::Includes { set, member } => vec![field(set), member.clone()],
        Condition::Within { first, at_most, second } => vec![field(first), at_most.clone(), field(second)],
        Condition::Clock { left: of, .. } | Condition::NotEmpty(of) | Condition::Present(of) => vec![field(of)],
        Condition::Measure { right, .. } => vec![right.clone()],
        Condition::Table { test, .. } => test.fields().map(Term::Field).collect(),
        Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::Defined(_) => vec![],
    }
}

/// Says whether a comparison holds of values that are known exactly.
pub(crate) fn holds(condition: &Condition, values: &[Value], zone: &TimeZone) -> bool {
    let order = |a, b| order(a, b, zone);
    match (condition, values) {
        (Condition::Compare { relation, .. }, [left, right]) => match relation {
            Relation::Is => order(left, right) == Ordering::Equal,
            Relation::AtLeast => order(left, right) != Ordering::Less,
            Relation::AtMost => order(left, right) != Ordering::Greater,
            Relation::Above | Relation::After => order(left, right) == Ordering::Greater,
            Relation::Below | Relation::Before => order(left, right) == Ordering::Less,
        },
        (Condition::OneOf { .. }, [left, values @ ..]) => {
            values.iter().any(|value| order(left, value) == Ordering::Equal)
        }
        (Condition::Between { .. }, [left, low, high]) => {
            order(low, left) != Ordering::Greater && order(left, high) != Ordering::Greater
        }
        (Condition::Within { .. }, [first, Value::Duration(at_most), second]) => {
            let between = elapsed(first, second, zone);
            SignedDuration::ZERO <= between && between <= *at_most
        }
        (Condition::Clock { from, until, .. }, [Value::Instant(when)]) => {
            let clock = zone.to_datetime(when.earliest).time();
            let (has_begun, has_not_ended) = (*from <= clock, clock < *until);
            // Where it passes midnight, it is what is left of one day and the beginning of the next.
            if from < until { has_begun && has_not_ended } else { has_begun || has_not_ended }
        }
        other => panic!("no comparison: {other:?}"),
    }
}

/// Compares two exact values. A date and an instant compare as local dates.
pub(crate) fn order(left: &Value, right: &Value, zone: &TimeZone) -> Ordering {
    match (left, right) {
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) | (Value::Identity(a), Value::Identity(b)) => a.cmp(b),
        (Value::Name(a), Value::Name(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.earliest.cmp(&b.earliest),
        (Value::Date(_) | Value::Instant(_), Value::Date(_) | Value::Instant(_)) => {
            day(left, zone).cmp(&day(right, zone))
        }
        other => panic!("these do not compare: {other:?}"),
    }
}

/// Y − X; in whole days where one of them is a date.
pub(crate) fn elapsed(first: &Value, second: &Value, zone: &TimeZone) -> SignedDuration {
    match (first, second) {
        (Value::Instant(first), Value::Instant(second)) => second.earliest.duration_since(first.earliest),
        _ => SignedDuration::from_hours(24 * days_between(day(first, zone), day(second, zone))),
    }
}

fn days_between(first: Date, second: Date) -> i64 {
    i64::from((second - first).get_days())
}

/// Gives the local day.
pub(crate) fn day(value: &Value, zone: &TimeZone) -> Date {
    match value {
        Value::Date(day) => *day,
        Value::Instant(when) => local_day(when.earliest, zone),
        other => panic!("{other:?} is no day"),
    }
}

pub(crate) fn local_day(at: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(at).date()
}

/// The first instant of a local day.
pub(crate) fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    on_the_clock(day, Time::midnight(), zone)
}

/// The last instant of a local day.
pub(crate) fn end_of(day: Date, zone: &TimeZone) -> Timestamp {
    midnight(day.tomorrow().unwrap(), zone) - NANOSECOND
}

/// The instant at which a local clock shows a time.
pub(crate) fn on_the_clock(day: Date, time: Time, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().expect("the day lies within the calendar")
}

// ---- partial instants, tried out ---------------------------------------------------------------------------------------

/// Gives every choice of exact values to try. A field that is read twice has the same value both times.
///
/// `besides` are further instants at which something could change.
pub(crate) fn choices(
    condition: &Condition,
    values: &[Value],
    besides: &[Timestamp],
    zone: &TimeZone,
) -> Vec<Vec<Value>> {
    if !values.iter().any(|value| matches!(value, Value::Instant(when) if !when.is_exact())) {
        return vec![values.to_vec()];
    }
    let terms = terms(condition);
    let mut landmarks = landmarks(values, zone);
    landmarks.extend(besides.iter().flat_map(|at| around(*at)));
    landmarks.extend(times_of_day(condition, &landmarks, zone));
    let mut choices: Vec<Vec<Value>> = vec![vec![]];
    for (at, value) in values.iter().enumerate() {
        let read_before = terms.iter().take(at).position(|term| matches!(term, Term::Field(_)) && *term == terms[at]);
        let mut longer = vec![];
        for choice in &choices {
            let next = match read_before {
                Some(before) => vec![choice[before].clone()],
                None => stands_for(value, &landmarks, zone),
            };
            longer.extend(next.into_iter().map(|value| [choice.clone(), vec![value]].concat()));
        }
        choices = longer;
    }
    choices
}

/// The exact values that a value may stand for, as far as they can make a difference.
fn stands_for(value: &Value, landmarks: &BTreeSet<Timestamp>, zone: &TimeZone) -> Vec<Value> {
    let Value::Instant(when) = value else {
        return vec![value.clone()];
    };
    instants_of(when, landmarks).into_iter().map(|at| Value::Instant(When::exact(at, zone))).collect()
}

/// The instants that a partial one may be: its ends, and the landmarks between them.
pub(crate) fn instants_of(when: &When, landmarks: &BTreeSet<Timestamp>) -> Vec<Timestamp> {
    let ends = BTreeSet::from([when.earliest, when.latest]);
    if when.either_end {
        return ends.into_iter().collect();
    }
    let between = landmarks.iter().copied().filter(|at| (when.earliest..=when.latest).contains(at));
    ends.into_iter().chain(between).collect::<BTreeSet<_>>().into_iter().collect()
}

/// An instant, and those just before and after it.
pub(crate) fn around(at: Timestamp) -> [Timestamp; 3] {
    [at.checked_sub(NANOSECOND).unwrap_or(at), at, at.checked_add(NANOSECOND).unwrap_or(at)]
}

/// Wherever a comparison of these values could change: their ends and midnights, as they are and a duration away, and
/// a nanosecond before and after.
fn landmarks(values: &[Value], zone: &TimeZone) -> BTreeSet<Timestamp> {
    let durations =
        values.iter().filter_map(|value| if let Value::Duration(duration) = value { Some(*duration) } else { None });
    let durations: Vec<SignedDuration> = durations.chain([SignedDuration::ZERO]).collect();
    let mut found = BTreeSet::new();
    for (value, duration) in values.iter().flat_map(|value| durations.iter().map(move |duration| (value, *duration))) {
        match value {
            Value::Instant(when) => {
                for end in [when.earliest, when.latest] {
                    found.extend([end - duration, end, end + duration]);
                }
            }
            Value::Date(day) => {
                let days = duration.as_hours() / 24 + 1;
                let midnight_of = |away: i64| midnight(*day + SignedDuration::from_hours(24 * away), zone);
                found.extend((-days..=days).map(midnight_of));
            }
            _ => {}
        }
    }
    found.into_iter().flat_map(around).collect()
}

/// The times of day for which a condition asks, on the days of the landmarks and beside them.
fn times_of_day(condition: &Condition, landmarks: &BTreeSet<Timestamp>, zone: &TimeZone) -> BTreeSet<Timestamp> {
    let Condition::Clock { from, until, .. } = condition else {
        return BTreeSet::new();
    };
    let days: BTreeSet<Date> = landmarks.iter().map(|at| local_day(*at, zone)).collect();
    let near = days.iter().flat_map(|day| [day.yesterday().unwrap(), *day, day.tomorrow().unwrap()]);
    near.flat_map(|day| [*from, *until].map(|time| on_the_clock(day, time, zone))).flat_map(around).collect()
}

/// The instants and days that a record's own times begin and end with.
pub(crate) fn ends_of(value: &Value, zone: &TimeZone) -> Vec<Timestamp> {
    match value {
        Value::Instant(when) => vec![when.earliest, when.latest],
        Value::Date(day) => vec![midnight(*day, zone), end_of(*day, zone)],
        _ => vec![],
    }
}
