//! Calendar time: months and years, which have no fixed length, on the local calendar of a zone.
//!
//! A [`Period`] is a type of its own and never compares with a duration. Counted from a day that the other month does
//! not have, it ends on that month's last day.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use super::time::write_duration;

/// So many months of the local calendar; a year is twelve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The number of months.
    pub months: i32,
}

/// A stretch of time as windows and deadlines state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// `30 days`: exact elapsed time
    Exact(SignedDuration),
    /// `6 months`, `2 years`: on the local calendar
    Civil(Period),
}

impl Length {
    /// Gives the instant that lies so long before another; the beginning of time if there is none.
    pub fn before(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Exact(duration) => at.checked_sub(duration).unwrap_or(Timestamp::MIN),
            Self::Civil(period) => shifted(at, -period.months, zone).unwrap_or(Timestamp::MIN),
        }
    }

    /// Gives the instant that lies so long after another; the end of time if there is none.
    pub fn after(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Exact(duration) => at.checked_add(duration).unwrap_or(Timestamp::MAX),
            Self::Civil(period) => shifted(at, period.months, zone).unwrap_or(Timestamp::MAX),
        }
    }

    /// Gives a time that is surely not shorter, wherever it lies and however clocks are set.
    pub fn at_most(self) -> SignedDuration {
        match self {
            Self::Exact(duration) => duration,
            Self::Civil(Period { months }) => SignedDuration::from_hours((i64::from(months) * 31 + 2) * 24),
        }
    }

    /// Gives the day that lies so long after another; none if it is no whole number of days.
    pub fn days_after(self, day: Date) -> Option<Date> {
        match self {
            Self::Exact(duration) => {
                let days = whole_days(duration)?;
                day.checked_add(Span::new().try_days(days).ok()?).ok()
            }
            Self::Civil(period) => day.checked_add(Span::new().try_months(period.months).ok()?).ok(),
        }
    }

    /// Gives the day that lies so long before another; none if it is no whole number of days.
    pub fn days_before(self, day: Date) -> Option<Date> {
        match self {
            Self::Exact(duration) => Self::Exact(-duration).days_after(day),
            Self::Civil(period) => Self::Civil(Period { months: -period.months }).days_after(day),
        }
    }

    /// Gives the words: `36 hours`, `30 days`, `6 months`.
    pub fn words(self) -> String {
        match self {
            Self::Exact(duration) => exact_words(duration),
            Self::Civil(Period { months }) if months % 12 == 0 => counted(months / 12, "year"),
            Self::Civil(Period { months }) => counted(months, "month"),
        }
    }
}

/// Gives a duration as whole days of 24 hours.
pub fn whole_days(duration: SignedDuration) -> Option<i64> {
    let day = SignedDuration::from_hours(24);
    (duration.as_nanos() % day.as_nanos() == 0).then(|| duration.as_secs() / day.as_secs())
}

/// Two days and more in days, less in hours, as people say it.
fn exact_words(duration: SignedDuration) -> String {
    match whole_days(duration) {
        Some(days) if days > 1 => format!("{days} days"),
        _ if duration.as_secs() % 3600 == 0 && duration.as_secs() > 3600 && duration.subsec_nanos() == 0 => {
            format!("{} hours", duration.as_hours())
        }
        _ => write_duration(duration),
    }
}

fn counted(count: i32, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Moves an instant by months of the local calendar. A local time that the clocks skip is read as they then showed it.
fn shifted(at: Timestamp, months: i32, zone: &TimeZone) -> Option<Timestamp> {
    let local = zone.to_datetime(at);
    let moved: DateTime = local.checked_add(Span::new().try_months(months).ok()?).ok()?;
    if moved == local {
        return Some(at);
    }
    zone.to_ambiguous_timestamp(moved).compatible().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zurich() -> TimeZone {
        TimeZone::get("Europe/Zurich").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_ends_on_the_last_day_of_a_shorter_one() {
        let month = Length::Civil(Period { months: 1 });
        assert_eq!(month.before(at("2026-03-31T08:00Z"), &TimeZone::UTC), at("2026-02-28T08:00Z"));
        assert_eq!(month.after(at("2026-01-31T08:00Z"), &TimeZone::UTC), at("2026-02-28T08:00Z"));
        let year = Length::Civil(Period { months: 12 });
        assert_eq!(year.after(at("2024-02-29T08:00Z"), &TimeZone::UTC), at("2025-02-28T08:00Z"));
        assert_eq!(year.days_before("2025-02-28".parse().unwrap()), Some("2024-02-28".parse().unwrap()));
    }

    #[test]
    fn months_keep_the_local_clock_and_days_do_not() {
        let spring = at("2026-03-01T09:00+01:00");
        assert_eq!(Length::Civil(Period { months: 1 }).after(spring, &zurich()), at("2026-04-01T09:00+02:00"));
        let days = Length::Exact(SignedDuration::from_hours(31 * 24));
        assert_eq!(days.after(spring, &zurich()), at("2026-04-01T10:00+02:00"));
    }

    #[test]
    fn nothing_is_longer_than_at_most() {
        for months in [1, 2, 6, 12, 25] {
            let length = Length::Civil(Period { months });
            let mut day = at("2023-12-31T01:30Z");
            for _ in 0..500 {
                assert!(day.duration_since(length.before(day, &zurich())) <= length.at_most(), "{months} before {day}");
                assert!(length.after(day, &zurich()).duration_since(day) <= length.at_most(), "{months} after {day}");
                day += SignedDuration::from_hours(25);
            }
        }
    }

    #[test]
    fn words() {
        assert_eq!(Length::Civil(Period { months: 24 }).words(), "2 years");
        assert_eq!(Length::Civil(Period { months: 1 }).words(), "1 month");
        let hours = |hours| Length::Exact(SignedDuration::from_hours(hours)).words();
        assert_eq!(
            [hours(720), hours(336), hours(24), hours(36), hours(1)],
            ["30 days", "14 days", "24 hours", "36 hours", "1 hour"]
        );
    }
}
