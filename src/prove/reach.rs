//! How far back the windows of history clauses reach: at least and at most, since months and years differ in length.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::policy::time::{DAY, day_number};
use crate::policy::{Length, Version, Window};

/// The calendar repeats itself after so many months.
const CYCLE: i64 = 4800;

/// How many changes of a clock are looked at: two a year into the 23rd century, where every year is like the one before.
const MOST_CHANGES: usize = 800;

/// How a window reaches back from the episodes of a version.
pub(crate) struct Reach<'v> {
    window: Window,
    zone: &'v TimeZone,
    /// Whether the time of an episode is a date.
    by_days: bool,
}

impl<'v> Reach<'v> {
    pub(crate) fn of(version: &'v Version, window: Window) -> Self {
        Self { window, zone: &version.zone, by_days: version.vocabulary.counts_days() }
    }

    /// Gives a length, in nanoseconds, that it always reaches back; none where it reaches back for ever.
    pub(crate) fn shortest(&self) -> Option<i128> {
        Some(match self.window.length()? {
            Length::Exact(length) => length.as_nanos(),
            Length::Civil(period) => i128::from(days_of(period.months).0) * DAY - self.set(),
        })
    }

    /// Gives a length, in nanoseconds, beyond which it never reaches back; none where it reaches back for ever.
    pub(crate) fn longest(&self) -> Option<i128> {
        Some(match self.window.length()? {
            Length::Exact(length) => length.as_nanos(),
            Length::Civil(period) => i128::from(days_of(period.months).1) * DAY + self.set(),
        })
    }

    /// Gives by how much clocks are set at most between any two moments.
    fn set(&self) -> i128 {
        if self.by_days { 0 } else { i128::from(range_of_clocks(self.zone)) * 1_000_000_000 }
    }

    fn is_same_calendar(&self, other: &Self) -> bool {
        (self.by_days && other.by_days) || self.zone.iana_name().is_some() && self.zone == other.zone
    }
}

/// Says whether every record in one window surely lies in another, but perhaps for the one that asks.
pub(crate) fn reaches_no_further(one: &Reach<'_>, other: &Reach<'_>) -> bool {
    let at_the_same_time = Window::AtTheSameTime;
    if one.window == at_the_same_time || other.window == at_the_same_time {
        return one.window == other.window;
    }
    match (one.window.length(), other.window.length()) {
        (_, None) => true,
        (Some(Length::Civil(first)), Some(Length::Civil(second))) if one.is_same_calendar(other) => {
            first.months <= second.months
        }
        _ => one.longest().zip(other.shortest()).is_some_and(|(longest, shortest)| longest <= shortest),
    }
}

/// Gives the least and the greatest number of days of so many months, wherever they lie and whatever their last day.
fn days_of(months: i32) -> (i64, i64) {
    let of = |first: i64| {
        let [begins, ends] = [first, first + i64::from(months)].map(first_of_month);
        let between = day_number(ends?) - day_number(begins?);
        // Counted from a day that the earlier month does not have, it begins on that month's last.
        let more = i64::from(ends?.days_in_month()) - i64::from(begins?.days_in_month());
        Some((between, between + more.max(0)))
    };
    let all = || (0..CYCLE).filter_map(of);
    let shortest = all().map(|days| days.0).min();
    (shortest.unwrap_or(0), all().map(|days| days.1).max().unwrap_or(i64::MAX))
}

/// Gives the first day of a month, by number from the year 2000 on.
fn first_of_month(number: i64) -> Option<Date> {
    let year = 2000 + number.div_euclid(12);
    let month = i8::try_from(1 + number.rem_euclid(12)).ok()?;
    Date::new(i16::try_from(year).ok()?, month, 1).ok()
}

/// Gives by how many seconds the clocks of a zone were and will be apart at most, beside one that runs evenly.
fn range_of_clocks(zone: &TimeZone) -> i32 {
    let first = zone.to_offset(Timestamp::MIN).seconds();
    let set = zone.following(Timestamp::MIN).take(MOST_CHANGES).map(|change| change.offset().seconds());
    let (least, greatest) = set.fold((first, first), |(least, greatest), set| (least.min(set), greatest.max(set)));
    greatest - least
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::policy::Period;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn reach(zone: &TimeZone, length: Length) -> Reach<'_> {
        Reach { window: Window::InThePast(length), zone, by_days: false }
    }

    fn months(months: i32) -> Length {
        Length::Civil(Period { months })
    }

    #[test]
    fn months_have_so_many_days() {
        let expected =
            [(1, 28, 31), (2, 59, 62), (6, 181, 184), (12, 365, 366), (48, 1460, 1461), (4800, 146_097, 146_097)];
        for (months, shortest, longest) in expected {
            assert_eq!(days_of(months), (shortest, longest), "{months} months");
        }
    }

    #[test]
    fn no_window_of_months_reaches_further_or_less_far() {
        for name in ["UTC", "Europe/Zurich", "America/New_York", "Australia/Lord_Howe"] {
            let zone = zone(name);
            for length in [1, 2, 3, 7, 12, 25].map(months) {
                let reach = reach(&zone, length);
                let (shortest, longest) = (reach.shortest().unwrap(), reach.longest().unwrap());
                let mut at: Timestamp = "2023-11-30T00:30Z".parse().unwrap();
                for _ in 0..2_000 {
                    let back = at.duration_since(length.before(at, &zone)).as_nanos();
                    assert!((shortest..=longest).contains(&back), "{} before {at} in {name}", length.words());
                    at += SignedDuration::from_hours(11);
                }
            }
        }
    }

    #[test]
    fn days_lie_within_months_where_the_clocks_allow_it() {
        let days = |days: i64| Length::Exact(SignedDuration::from_hours(24 * days));
        let (utc, zurich) = (TimeZone::UTC, zone("Europe/Zurich"));
        let fits =
            |zone: &TimeZone, one: Length, other: Length| reaches_no_further(&reach(zone, one), &reach(zone, other));
        assert!(fits(&utc, days(28), months(1)) && fits(&utc, months(1), days(31)));
        assert!(!fits(&utc, days(29), months(1)) && !fits(&utc, months(1), days(30)));
        // From the last day of February to the day on which the clocks go forward, a month is an hour short of 28 days.
        assert!(fits(&zurich, days(27), months(1)) && !fits(&zurich, days(28), months(1)));
        assert!(fits(&zurich, months(1), months(2)) && !fits(&zurich, months(2), months(1)));
        assert!(!reaches_no_further(&reach(&utc, months(1)), &reach(&zurich, months(1))));
    }
}
