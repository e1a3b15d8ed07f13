//! Ticks: the time of a record as history reckons with it, and how long it stays in a window.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::policy::time::{DAY, When, day_number, day_of, days};
use crate::policy::{Length, Value, Version, Window};

/// The time of a record: a tick, or some tick between two (or one of the two).
///
/// Ticks are nanoseconds, or days where the time is a date; an instant before 1678 or after 2261 is taken for the
/// nearest that can be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticks {
    pub(super) first: i64,
    pub(super) last: i64,
    /// Whether it is one of the two, and nothing between them.
    pub(super) either: bool,
}

impl Ticks {
    /// Reads a value of type date or instant.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Date(day) => Some(Self::exact(day_number(*day))),
            Value::Instant(when) => {
                Some(Self { first: tick(when.earliest), last: tick(when.latest), either: when.either_end })
            }
            _ => None,
        }
    }

    pub(super) fn exact(at: i64) -> Self {
        Self { first: at, last: at, either: false }
    }

    pub(super) fn is_exact(self) -> bool {
        self.first == self.last
    }
}

/// Gives an instant as nanoseconds since 1970.
pub(super) fn tick(at: Timestamp) -> i64 {
    let nanos = at.as_nanosecond();
    i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
}

/// How ticks are counted in one version: what a tick is, and by which clock months are.
#[derive(Clone, Copy)]
pub(super) struct Reckoning<'z> {
    pub(super) zone: &'z TimeZone,
    /// Whether the time of an episode is a date.
    pub(super) by_days: bool,
}

/// What lies before the windows of an episode of which it is not known to the tick when it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) least: i64,
    pub(super) greatest: i64,
    /// Whether clocks are set near an edge of the window, so that both may be an hour or so off.
    pub(super) ragged: bool,
}

/// More than the days by which months differ.
const FEW_DAYS: i64 = 5 * 86_400_000_000_000;

impl<'z> Reckoning<'z> {
    /// Gives how a version counts: by days where the time of an episode is a date.
    pub(super) fn of(version: &'z Version) -> Self {
        Self { zone: &version.zone, by_days: version.vocabulary.counts_days() }
    }

    /// Gives the nanoseconds of a tick.
    pub(super) fn nanoseconds(self) -> i128 {
        if self.by_days { DAY } else { 1 }
    }

    /// Gives the instants that a tick stands for: of a day, all of it.
    pub(super) fn instants(self, tick: i64) -> (Timestamp, Timestamp) {
        if self.by_days {
            let day = day_of(tick).and_then(|day| days(day, day, self.zone).ok());
            return day.map_or((Timestamp::MIN, Timestamp::MIN), |day: When| (day.earliest, day.latest));
        }
        let at = Timestamp::from_nanosecond(i128::from(tick)).unwrap_or(Timestamp::MIN);
        (at, at)
    }

    /// Gives the tick in which an instant lies.
    pub(super) fn tick_of(self, at: Timestamp) -> i64 {
        if self.by_days { day_number(self.zone.to_datetime(at).date()) } else { tick(at) }
    }

    /// Gives the stretches, ascending, of the time t of an episode that asks, in which a record lies in (t − D, t]:
    /// surely, and perhaps.
    pub(super) fn in_window(self, record: Ticks, window: Window) -> [Vec<(i64, i64)>; 2] {
        let from = |stretches: Vec<(i64, i64)>, first: i64| -> Vec<(i64, i64)> {
            let cut = stretches.into_iter().map(|(from, until)| (from.max(first), until));
            cut.filter(|(from, until)| from < until).collect()
        };
        let first = self.not_left(record.first, window);
        if record.is_exact() {
            let stretches = from(first, record.first);
            return [stretches.clone(), stretches];
        }
        let last = self.not_left(record.last, window);
        let surely = from(first.clone(), record.last);
        let perhaps = if record.either {
            united(from(first, record.first), from(last, record.last))
        } else {
            from(last, record.first)
        };
        [surely, perhaps]
    }

    /// Gives the last tick before the window of an episode at a tick; none if the window has no beginning.
    pub(super) fn before(self, tick: i64, window: Window) -> Option<i64> {
        match window.length()? {
            Length::Exact(length) => {
                let length = if self.by_days { i128::from(length.as_hours() / 24) } else { length.as_nanos() };
                i64::try_from(i128::from(tick) - length).ok()
            }
            civil if self.by_days => civil.days_before(day_of(tick)?).map(day_number),
            civil => Some(self.tick_of(civil.before(self.instants(tick).0, self.zone))),
        }
    }

    /// Gives a tick before which nothing lies in the window of an episode at a tick, or later.
    pub(super) fn reaches_back_to(self, tick: i64, window: Window) -> i64 {
        self.before(tick, window).map_or(i64::MIN, |before| before.saturating_sub(self.slack(window)))
    }

    /// Gives what lies before the windows of an episode that asks at some tick between two: the least and the greatest of the
    /// last ticks before them; none if the window has no beginning.
    pub(super) fn all_before(self, asks: Ticks, window: Window) -> Option<Before> {
        let before = |tick: i64| self.before(tick, window);
        let (first, last) = (before(asks.first)?, before(asks.last)?);
        let by_clock = matches!(window.length(), Some(Length::Civil(_))) && !self.by_days;
        if asks.is_exact() || asks.either || !by_clock {
            return Some(Before { least: first.min(last), greatest: first.max(last), ragged: false });
        }
        // Where the same day of a month stands for several, time goes back at midnight: by less than the days looked at here.
        let begins = self.midnights(asks.first, asks.last.min(asks.first.saturating_add(FEW_DAYS)));
        let ends = self.midnights(asks.first.max(asks.last.saturating_sub(FEW_DAYS)), asks.last);
        let least = begins.into_iter().filter_map(before).fold(first.min(last), i64::min);
        let greatest = ends.into_iter().filter_map(|midnight| before(midnight - 1)).fold(last.max(first), i64::max);
        let is_steady = |tick: i64| self.is_steady(tick.saturating_sub(FEW_DAYS), tick.saturating_add(FEW_DAYS));
        let ragged = ![asks.first, asks.last, least, greatest].into_iter().all(is_steady);
        Some(Before { least, greatest, ragged })
    }

    /// Gives the local midnights after a tick, up to another.
    fn midnights(self, after: i64, until: i64) -> Vec<i64> {
        let mut day = self.zone.to_datetime(self.instants(after).0).date();
        let mut found = Vec::new();
        while let Ok(next) = day.tomorrow() {
            let midnight = self.at(next.to_datetime(jiff::civil::Time::midnight()));
            if midnight > until {
                break;
            }
            found.push(midnight);
            day = next;
        }
        found
    }

    /// Says whether no clock is set between two ticks.
    fn is_steady(self, from: i64, until: i64) -> bool {
        let next = self.zone.following(self.instants(from).0).next();
        next.is_none_or(|set| tick(set.timestamp()) > until)
    }

    /// Months that end on the 28th and clocks that are set make the far edge of a window ragged, by this much at most.
    fn slack(self, window: Window) -> i64 {
        match window.length() {
            Some(Length::Civil(_)) => 4 * if self.by_days { 1 } else { 86_400_000_000_000 },
            _ => 0,
        }
    }

    /// Gives the stretches of t in which t − D lies before a tick.
    fn not_left(self, tick: i64, window: Window) -> Vec<(i64, i64)> {
        let leaves = match window.length() {
            None => return vec![(i64::MIN, i64::MAX)],
            Some(Length::Exact(length)) if self.by_days => tick.saturating_add(length.as_hours() / 24),
            Some(Length::Exact(length)) => tick.saturating_add(i64::try_from(length.as_nanos()).unwrap_or(i64::MAX)),
            Some(civil) if self.by_days => return self.not_left_by_days(tick, civil),
            Some(civil) => return self.not_left_by_clock(tick, civil),
        };
        vec![(i64::MIN, leaves)]
    }

    fn not_left_by_days(self, tick: i64, civil: Length) -> Vec<(i64, i64)> {
        let Some(day) = day_of(tick) else { return vec![(i64::MIN, i64::MAX)] };
        let mut here = civil.days_after(day);
        while let Some(asked) = here {
            if civil.days_before(asked).is_none_or(|before| before >= day) {
                return vec![(i64::MIN, day_number(asked))];
            }
            here = asked.tomorrow().ok();
        }
        vec![(i64::MIN, i64::MAX)]
    }

    /// A month before the 29th, 30th and 31st of March is the 28th of February, each at its own time of day: so a record
    /// of that day leaves the window on each of them at its time of day, and is back in it at midnight.
    fn not_left_by_clock(self, tick: i64, civil: Length) -> Vec<(i64, i64)> {
        let local = self.zone.to_datetime(self.instants(tick).0);
        let (day, time) = (local.date(), local.time());
        let mut stretches = Vec::new();
        let mut from = i64::MIN;
        let mut here = civil.days_after(day).and_then(|day| day.yesterday().ok());
        while let Some(asked) = here {
            let next = asked.tomorrow().ok();
            match civil.days_before(asked) {
                Some(before) if before < day => {}
                Some(before) if before == day => {
                    stretches.push((from, self.at(asked.to_datetime(time))));
                    from = next.map_or(i64::MAX, |next| self.at(next.to_datetime(jiff::civil::Time::midnight())));
                }
                _ => {
                    let midnight = self.at(asked.to_datetime(jiff::civil::Time::midnight()));
                    if from < midnight {
                        stretches.push((from, midnight));
                    }
                    return stretches;
                }
            }
            here = next;
        }
        stretches.push((from, i64::MAX));
        stretches
    }

    fn at(self, local: jiff::civil::DateTime) -> i64 {
        self.zone.to_ambiguous_timestamp(local).compatible().map_or(i64::MAX, tick)
    }
}

/// Gives everything that lies in one of two lists of stretches.
fn united(one: Vec<(i64, i64)>, other: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    let mut all = [one, other].concat();
    all.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::new();
    for (from, until) in all {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(until),
            _ => joined.push((from, until)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Period;

    fn month() -> Window {
        Window::InThePast(Length::Civil(Period { months: 1 }))
    }

    fn at(text: &str) -> i64 {
        tick(text.parse().unwrap())
    }

    /// Says whether a record lies in (t − D, t], by the words of the definition.
    fn by_definition(record: &str, t: &str) -> bool {
        let (record, t): (Timestamp, Timestamp) = (record.parse().unwrap(), t.parse().unwrap());
        let Some(length) = month().length() else { return false };
        length.before(t, &TimeZone::UTC) < record && record <= t
    }

    #[test]
    fn a_month_back_is_what_the_definition_says() {
        let reckoning = Reckoning { zone: &TimeZone::UTC, by_days: false };
        for record in ["2026-02-28T12:00Z", "2026-01-31T12:00Z", "2026-01-15T00:00Z", "2026-03-31T12:00Z"] {
            let [surely, _] = reckoning.in_window(Ticks::exact(at(record)), month());
            for day in [
                "02-14", "02-15", "02-28", "03-01", "03-27", "03-28", "03-29", "03-30", "03-31", "04-01", "04-30",
                "05-01",
            ] {
                for time in ["00:00", "11:59", "12:00", "12:01", "23:59"] {
                    let t = format!("2026-{day}T{time}Z");
                    let inside = surely.iter().any(|(from, until)| *from <= at(&t) && at(&t) < *until);
                    assert_eq!(inside, by_definition(record, &t), "{record} asked at {t}");
                }
            }
        }
    }

    #[test]
    fn exactly_so_long_ago_is_outside() {
        let reckoning = Reckoning { zone: &TimeZone::UTC, by_days: false };
        let window = Window::InAny(Length::Exact(jiff::SignedDuration::from_hours(24)));
        let [surely, _] = reckoning.in_window(Ticks::exact(at("2026-03-01T10:00Z")), window);
        assert_eq!(surely, [(at("2026-03-01T10:00Z"), at("2026-03-02T10:00Z"))]);
    }
}
