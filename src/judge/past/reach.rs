//! Which positions of a group lie in the window of whoever asks: a few ranges, by binary search in the ordering.
//!
//! A record with time r lies in the window of one that asks at t if b(t) < r ≤ t, where b(t) lies so long before t. If t
//! is only known to lie between two ticks, a record surely lies in it if it does so for all of them, and perhaps if it
//! does so for some. Windows of months by the clock are a little ragged at their far edge, since a month before the 31st may
//! be the 28th: there the records are looked at one by one.

use std::ops::Range;

use crate::policy::{Length, Window};

use super::clock::{Reckoning, Ticks};
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

/// A group in its ordering.
#[derive(Clone, Copy)]
pub(super) struct Place<'o> {
    pub(super) order: &'o Ordering,
    pub(super) times: &'o Times,
    pub(super) key: u32,
}

impl Reach {
    /// Finds what lies in a window for whoever asks.
    pub(super) fn of(place: Place<'_>, asks: Ticks, window: Window, reckoning: Reckoning<'_>) -> Self {
        let group = place.order.group(place.key);
        let after = |tick: i64| place.order.after(&group, tick, place.times);
        let from = |tick: i64| reckoning.before(tick, window).map_or(group.start, after);
        let at = |tick: i64| from(tick)..after(tick);
        if asks.is_exact() {
            return Self { sure: at(asks.first), ..Self::default() };
        }
        let (one, other) = (at(asks.first), at(asks.last));
        if asks.either {
            return Self::of_either(one, other);
        }
        match window.length() {
            Some(Length::Civil(_)) if !reckoning.by_days => {
                let may_reach = after(reckoning.reaches_back_to(asks.first, window)).min(one.end);
                let surely_reaches =
                    after(reckoning.surely_reaches_back_to(asks.last, window)).clamp(may_reach, one.end);
                Self {
                    sure: surely_reaches..one.end,
                    maybe: [one.end..other.end, 0..0],
                    edge: may_reach..surely_reaches,
                }
            }
            _ if other.start <= one.end => {
                Self { sure: other.start..one.end, maybe: [one.start..other.start, one.end..other.end], edge: 0..0 }
            }
            _ => Self { maybe: [one.start..other.end, 0..0], ..Self::default() },
        }
    }

    fn of_either(one: Range<usize>, other: Range<usize>) -> Self {
        if other.start.max(one.start) >= one.end.min(other.end) {
            return Self { maybe: [one, other], ..Self::default() };
        }
        let sure = one.start.max(other.start)..one.end.min(other.end);
        let maybe = [one.start.min(other.start)..sure.start, sure.end..one.end.max(other.end)];
        Self { sure, maybe, edge: 0..0 }
    }

    /// Gives the range in which all of them lie.
    pub(super) fn hull(&self) -> Range<usize> {
        let all = || [&self.sure, &self.edge].into_iter().chain(&self.maybe).filter(|range| !range.is_empty());
        let from = all().map(|range| range.start).min();
        from.zip(all().map(|range| range.end).max()).map_or(0..0, |(from, until)| from..until)
    }

    /// Says how a position lies in the window, unless it is one at the edge or outside: surely, or perhaps.
    pub(super) fn has(&self, position: usize) -> Option<bool> {
        if self.sure.contains(&position) {
            return Some(true);
        }
        self.maybe.iter().any(|range| range.contains(&position)).then_some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use jiff::tz::TimeZone;

    use crate::judge::past::spans::{Counted, Phase, counts_at, spans};
    use crate::policy::Period;

    const HOUR: i64 = 3_600_000_000_000;

    /// What the ranges say of each of some records, and what the spans of each say by themselves.
    fn compare(records: &[i64], asks: Ticks, window: Window, reckoning: Reckoning<'_>) {
        let (order, times) = Ordering::of_one_key(records);
        let place = Place { order: &order, times: &times, key: 0 };
        let reach = Reach::of(place, asks, window, reckoning);
        for (position, tick) in records.iter().enumerate() {
            let always = Phase { from: i64::MIN, until: i64::MAX, sure: true, counted: Counted::Yes };
            let [surely, perhaps] = reckoning.in_window(Ticks::exact(*tick), window);
            let expected = counts_at(&spans(&[always], &surely, &perhaps), asks).map(|(sure, _)| sure);
            if !reach.edge.contains(&position) {
                assert_eq!(reach.has(position), expected, "{tick} for {asks:?} in {window:?}: {reach:?}");
            }
            assert!(expected.is_none() || reach.hull().contains(&position));
        }
    }

    #[test]
    fn ranges_say_what_the_spans_of_each_record_say() {
        let begin: i64 = 1_772_236_800_000_000_000; // 2026-02-28T00:00Z
        let hours: Vec<i64> = (0..24 * 64).map(|hour| begin + hour * HOUR).collect();
        let windows = [
            Window::InAny(Length::Exact(SignedDuration::from_hours(1))),
            Window::InThePast(Length::Exact(SignedDuration::from_hours(30 * 24))),
            Window::InThePast(Length::Civil(Period { months: 1 })),
            Window::ToDate,
        ];
        let reckoning = Reckoning { zone: &TimeZone::UTC, by_days: false };
        for window in windows {
            for day in [0, 1, 20, 28, 30, 31, 32, 40, 62] {
                let first = begin + day * 24 * HOUR;
                for (last, either) in [(first, false), (first + 24 * HOUR - 1, false), (first + 3 * HOUR, true)] {
                    compare(&hours, Ticks { first, last, either }, window, reckoning);
                }
            }
        }
    }

    #[test]
    fn so_many_days_and_months_of_days_too() {
        let days: Vec<i64> = (20_000..20_200).collect();
        let reckoning = Reckoning { zone: &TimeZone::UTC, by_days: true };
        let week = Window::InAny(Length::Exact(SignedDuration::from_hours(7 * 24)));
        for window in [week, Window::InThePast(Length::Civil(Period { months: 1 })), Window::ToDate] {
            days.iter().for_each(|day| compare(&days, Ticks::exact(*day), window, reckoning));
        }
    }
}
