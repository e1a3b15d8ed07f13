//! Which positions of a group lie in the window of whoever asks: a few ranges, by binary search in the ordering.
//!
//! A record with time r lies in the window of one that asks at t if b(t) < r ≤ t, where b(t) lies so long before t. If r
//! or t is only known to lie between two ticks, the record surely lies in it if it does so for all of them, and perhaps if
//! it does so for some. Where clocks are set near the far edge of a window of months, and t is not known to the tick, the
//! records there are looked at one by one.

use std::ops::Range;

use crate::policy::Window;

use super::clock::{Before, Reckoning, Ticks};
use super::order::Ordering;
use super::times::Times;

/// The positions of a group that lie in a window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Those that surely lie in it.
    pub(super) sure: Range<usize>,
    /// Those that perhaps do.
    pub(super) maybe: [Range<usize>; 2],
    /// Those that have to be looked at.
    pub(super) edge: Range<usize>,
}

/// Where a record that asks looks, in each of the two orders: the same for all clauses with one set of keys and one window.
#[derive(Debug, Clone, Default)]
pub(in crate::judge) struct Found {
    pub(super) reaches: [Reach; 2],
    /// Where the record that asks stands itself.
    pub(super) own: [Option<usize>; 2],
}

impl Found {
    /// Looks in a group for a record that asks at a time.
    pub(super) fn of(group: [Place<'_>; 2], time: Ticks, window: Window, reckoning: Reckoning<'_>) -> Self {
        Self {
            reaches: group.map(|place| Reach::of(place, time, window, reckoning)),
            own: group.map(|place| place.own),
        }
    }
}

/// A group in its ordering.
#[derive(Clone, Copy)]
pub(super) struct Place<'o> {
    pub(super) order: &'o Ordering,
    pub(super) times: &'o Times,
    pub(super) key: u32,
    /// Where the record that asks stands itself, if it does.
    pub(super) own: Option<usize>,
}

impl Place<'_> {
    fn group(self) -> Range<usize> {
        self.order.group(self.key)
    }

    /// Gives a position from which others are looked for.
    fn near(self) -> usize {
        self.own.unwrap_or_else(|| self.group().end)
    }

    fn begins_after(self, tick: i64) -> usize {
        self.order.begins_after(&self.group(), self.near(), tick, self.times)
    }

    fn ends_after(self, tick: i64) -> usize {
        self.order.ends_after(&self.group(), self.near(), tick, self.times)
    }
}

impl Reach {
    /// Finds what lies in a window for whoever asks.
    pub(super) fn of(place: Place<'_>, asks: Ticks, window: Window, reckoning: Reckoning<'_>) -> Self {
        let (first, last) = (asks.first, asks.last);
        let group = place.group();
        if group.is_empty() {
            return Self::default();
        }
        let before = reckoning.all_before(asks, window);
        // Where those end that begin in the window, and where those begin that end in it.
        let begin = |before: Option<i64>| before.map_or(group.start, |before| place.begins_after(before));
        let end = |before: Option<i64>| before.map_or(group.start, |before| place.ends_after(before));
        if asks.is_exact() && !place.order.of_days() {
            let from = end(before.map(|before| before.least));
            return Self { sure: from..place.begins_after(first), ..Self::default() };
        }
        if let Some(before) = before.filter(|before| before.ragged && !asks.either) {
            return Self::ragged(place, asks, before);
        }
        let sure = begin(before.map(|before| before.greatest))..place.ends_after(first);
        if asks.either {
            let [one, other] = [first, last].map(|at| end(reckoning.before(at, window))..place.begins_after(at));
            if one.end < other.start {
                return Self { maybe: [one, other], ..Self::default() };
            }
            return Self::around(sure, one.start.min(other.start)..one.end.max(other.end));
        }
        Self::around(sure, end(before.map(|before| before.least))..place.begins_after(last))
    }

    /// Those that surely lie in a window stand among those that perhaps do.
    fn around(sure: Range<usize>, perhaps: Range<usize>) -> Self {
        if sure.is_empty() {
            return Self { maybe: [perhaps, 0..0], ..Self::default() };
        }
        let maybe = [perhaps.start..sure.start, sure.end..perhaps.end];
        Self { sure, maybe, edge: 0..0 }
    }

    /// Finds what lies in a window of months whose far edge is ragged: some hours more than clocks are set by.
    fn ragged(place: Place<'_>, asks: Ticks, before: Before) -> Self {
        const SOME_HOURS: i64 = 26 * 3_600_000_000_000;
        let near = place.ends_after(asks.first);
        let from = place.ends_after(before.least.saturating_sub(SOME_HOURS)).min(near);
        let until = place.begins_after(before.greatest.saturating_add(SOME_HOURS)).clamp(from, near);
        Self { sure: until..near, maybe: [near..place.begins_after(asks.last), 0..0], edge: from..until }
    }

    /// Gives the range in which all of them lie.
    pub(super) fn hull(&self) -> Range<usize> {
        let all = || [&self.sure, &self.edge].into_iter().chain(&self.maybe).filter(|range| !range.is_empty());
        let from = all().map(|range| range.start).min();
        from.zip(all().map(|range| range.end).max()).map_or(0..0, |(from, until)| from..until)
    }

    /// Says how a position lies in the window, unless it lies outside: surely, or perhaps; at the edge it may be looked at.
    pub(super) fn has(&self, position: usize) -> Option<bool> {
        if self.sure.contains(&position) {
            return Some(true);
        }
        let perhaps = self.maybe.iter().chain([&self.edge]).any(|range| range.contains(&position));
        perhaps.then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use jiff::tz::TimeZone;

    use crate::judge::past::spans::{Phase, counts_at, spans};
    use crate::policy::{Length, Period};

    const HOUR: i64 = 3_600_000_000_000;

    /// What the ranges say of each of some records, and what the spans of each say by themselves.
    fn compare(records: &[Ticks], asks: Ticks, window: Window, reckoning: Reckoning<'_>) {
        let of_days = records.iter().all(|time| !time.is_exact());
        let (order, times) = Ordering::of_one_key(records, of_days);
        let place = Place { order: &order, times: &times, key: 0, own: None };
        let reach = Reach::of(place, asks, window, reckoning);
        for (position, time) in records.iter().enumerate() {
            let [surely, perhaps] = reckoning.in_window(*time, window);
            let expected = counts_at(&spans(&[Phase::ALWAYS], &surely, &perhaps), asks).map(|(sure, _)| sure);
            if !reach.edge.contains(&position) {
                assert_eq!(reach.has(position), expected, "{time:?} for {asks:?} in {window:?}: {reach:?}");
            }
            assert!(expected.is_none() || reach.hull().contains(&position));
        }
    }

    #[test]
    fn ranges_say_what_the_spans_of_each_record_say() {
        let begin: i64 = 1_772_236_800_000_000_000; // 2026-02-28T00:00Z
        let day = |number: i64| {
            let first = begin + number * 24 * HOUR;
            Ticks { first, last: first + 24 * HOUR - 1, either: false }
        };
        let hours: Vec<Ticks> = (0..24 * 64).map(|hour| Ticks::exact(begin + hour * HOUR)).collect();
        let days: Vec<Ticks> = (0..64).map(day).collect();
        let windows = [
            Window::InAny(Length::Exact(SignedDuration::from_hours(1))),
            Window::InAny(Length::Exact(SignedDuration::from_hours(24))),
            Window::InThePast(Length::Exact(SignedDuration::from_hours(30 * 24))),
            Window::InThePast(Length::Civil(Period { months: 1 })),
            Window::ToDate,
        ];
        let reckoning = Reckoning { zone: &TimeZone::UTC, by_days: false };
        for window in windows {
            for number in [0, 1, 20, 28, 30, 31, 32, 40, 62] {
                let Ticks { first, .. } = day(number);
                let noon = Ticks::exact(first + 12 * HOUR);
                let either = Ticks { first, last: first + 3 * HOUR, either: true };
                let month = Ticks { first, last: first + 30 * 24 * HOUR, either: false };
                for asks in [Ticks::exact(first), noon, day(number), either, month] {
                    compare(&hours, asks, window, reckoning);
                    compare(&days, asks, window, reckoning);
                }
            }
        }
    }

    #[test]
    fn so_many_days_and_months_of_days_too() {
        let days: Vec<Ticks> = (20_000..20_200).map(Ticks::exact).collect();
        let reckoning = Reckoning { zone: &TimeZone::UTC, by_days: true };
        let week = Window::InAny(Length::Exact(SignedDuration::from_hours(7 * 24)));
        for window in [week, Window::InThePast(Length::Civil(Period { months: 1 })), Window::ToDate] {
            days.iter().for_each(|day| compare(&days, *day, window, reckoning));
        }
    }
}
