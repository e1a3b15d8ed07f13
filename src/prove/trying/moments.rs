//! The moments to try in place of one that is known in part: wherever something that is asked of it may turn, and a nanosecond to
//! either side. Between two such points everything stays as it is.

use std::collections::BTreeSet;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::episode::Episode;
use crate::policy::time::{When, days};
use crate::policy::{Condition, ConditionId, FieldId, Length, Term, Value, Version};

/// Of a moment that may lie within more days, none is tried.
const MOST_DAYS: usize = 400;

/// By so much clocks are set at most, and by which parts of it: what lies months away may be put off by it.
const SET: [i64; 5] = [-60, -30, 0, 30, 60];

/// Gives the moments; none where there would be too many, or they cannot be told.
pub(super) fn of(
    version: &Version,
    leaves: &BTreeSet<ConditionId>,
    episode: &Episode,
    field: FieldId,
    when: When,
    most: usize,
) -> Option<Vec<Value>> {
    let zone = &version.zone;
    let exactly = |at: Timestamp| Value::Instant(When::exact(at, zone));
    if when.either_end {
        return Some(vec![exactly(when.earliest), exactly(when.latest)]);
    }
    let mut turns = Turns { zone, days: within(when)?, points: BTreeSet::from([when.earliest, when.latest]) };
    turns.on_each_day(Time::midnight());
    let set = zone.following(when.earliest).map(|set| set.timestamp());
    turns.points.extend(set.take_while(|at| *at <= when.latest));
    for leaf in leaves {
        let condition = version.conditions.get(*leaf);
        if condition.fields().any(|read| read.field == field) {
            turns.of_condition(condition, field, episode)?;
        }
    }
    let nanosecond = SignedDuration::from_nanos(1);
    let around = turns.points.into_iter().flat_map(|at| {
        [at.checked_sub(nanosecond).ok(), Some(at), at.checked_add(nanosecond).ok()].into_iter().flatten()
    });
    let around: BTreeSet<Timestamp> = around.filter(|at| (when.earliest..=when.latest).contains(at)).collect();
    (around.len() <= most).then(|| around.into_iter().map(exactly).collect())
}

/// Gives the local days in which a moment may lie.
fn within(when: When) -> Option<Vec<Date>> {
    let days: Vec<Date> = when
        .first_day
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= when.last_day)
        .take(MOST_DAYS + 1)
        .collect();
    (days.len() <= MOST_DAYS).then_some(days)
}

/// Where something may turn.
struct Turns<'v> {
    zone: &'v TimeZone,
    days: Vec<Date>,
    points: BTreeSet<Timestamp>,
}

impl Turns<'_> {
    /// Adds a time of the local clock on each day; twice, where the clocks show it twice.
    fn on_each_day(&mut self, time: Time) {
        for day in &self.days {
            let shown = self.zone.to_ambiguous_timestamp(day.to_datetime(time));
            self.points.extend(shown.earlier().ok());
            self.points.extend(shown.later().ok());
        }
    }

    /// Adds where a condition may turn; none where that cannot be told.
    fn of_condition(&mut self, condition: &Condition, field: FieldId, episode: &Episode) -> Option<()> {
        match condition {
            Condition::Clock { from, until, .. } => {
                self.on_each_day(*from);
                self.on_each_day(*until);
            }
            Condition::Compare { right, .. } => self.beside(condition, &[right], field, episode)?,
            Condition::Between { low, high, .. } => self.beside(condition, &[low, high], field, episode)?,
            Condition::OneOf { values, .. } => values.iter().try_for_each(|value| self.of_value(value))?,
            Condition::Within { first, at_most, second } => {
                let other = if first.field == field { second.field } else { first.field };
                let at_most = match at_most {
                    Term::Constant(value) => value,
                    Term::Field(length) => match episode.value(length.field) {
                        Some(value) => value,
                        // Without it nothing is known whatever the moment.
                        None => return Some(()),
                    },
                };
                let length = match at_most {
                    Value::Duration(duration) => Length::Exact(*duration),
                    Value::Period(period) => Length::Civil(*period),
                    _ => return None,
                };
                if other == field {
                    return Some(());
                }
                match episode.value(other) {
                    // It is asked by whole days, or not known whatever the moment.
                    Some(Value::Date(_)) | None => {}
                    Some(Value::Instant(other)) if other.is_exact() => self.so_long(other.earliest, length),
                    Some(_) => return None,
                }
            }
            Condition::Present(_) => {}
            _ => return None,
        }
        Some(())
    }

    /// Adds where the moment meets what it is compared with: constants and other fields.
    fn beside(&mut self, condition: &Condition, terms: &[&Term], field: FieldId, episode: &Episode) -> Option<()> {
        for term in terms {
            if let Term::Constant(value) = term {
                self.of_value(value)?;
            }
        }
        let others = condition.fields().filter(|read| read.field != field);
        others.filter_map(|read| episode.value(read.field)).try_for_each(|value| self.of_value(value))
    }

    fn of_value(&mut self, value: &Value) -> Option<()> {
        match value {
            Value::Instant(when) => self.points.extend([when.earliest, when.latest]),
            Value::Date(day) => {
                let when = days(*day, *day, self.zone).ok()?;
                self.points.extend([when.earliest, when.latest]);
            }
            _ => return None,
        }
        Some(())
    }

    /// Adds what lies so long before and after an instant, and the instant.
    fn so_long(&mut self, other: Timestamp, length: Length) {
        self.points.extend([other, length.before(other, self.zone), length.after(other, self.zone)]);
        if let Length::Civil(_) = length {
            for minutes in SET {
                if let Ok(beside) = other.checked_add(SignedDuration::from_mins(minutes)) {
                    self.on_each_day(self.zone.to_datetime(beside).time());
                }
            }
        }
    }
}
