//! The times of all records, side by side: eight bytes for each that is known to the tick, and the others apart.

use super::clock::Ticks;

/// The time of each record, by its number.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// A tick, or a number below all of these: [`NONE`], or one that says which of the others it is.
    at: Vec<i64>,
    /// Those that are no single tick.
    apart: Vec<Ticks>,
}

/// In place of a tick: there is no time.
const NONE: i64 = i64::MIN;
/// In place of a tick: the first of those apart. The others follow.
const APART: i64 = i64::MIN + 1;
/// The first number that is a tick. Those below, of the first seconds that can be told, stand apart.
const TICK: i64 = APART + (1 << 32);

impl Times {
    /// Takes up the time of the next record.
    pub(super) fn push(&mut self, time: Option<Ticks>) {
        let at = match time {
            None => NONE,
            Some(time) => as_tick(time).unwrap_or_else(|| {
                self.apart.push(time);
                APART + i64::try_from(self.apart.len() - 1).unwrap_or(i64::MAX)
            }),
        };
        self.at.push(at);
    }

    /// Gives how many records there are.
    pub(super) fn count(&self) -> usize {
        self.at.len()
    }

    /// Gives the time of a record.
    pub(super) fn get(&self, record: u32) -> Option<Ticks> {
        let at = self.at.get(record as usize).copied().unwrap_or(NONE);
        match at {
            NONE => None,
            APART..TICK => self.apart.get(usize::try_from(at - APART).ok()?).copied(),
            tick => Some(Ticks::exact(tick)),
        }
    }

    /// Gives the tick of a record, if it has one that does not stand apart.
    pub(super) fn tick(&self, record: u32) -> Option<i64> {
        self.at.get(record as usize).copied().filter(|at| *at >= TICK)
    }

    /// Gives the time of a record, if it is a local day.
    pub(super) fn day(&self, record: u32) -> Option<Ticks> {
        self.get(record).filter(|time| is_day(*time))
    }

    /// Gives the records whose time is a part of a date, with it.
    pub(super) fn parts_of_dates(&self) -> impl Iterator<Item = (u32, Ticks)> {
        let apart = (0..).zip(&self.at).filter(|(_, at)| (APART..TICK).contains(*at));
        let part = |time: &Ticks| !time.is_exact() && !time.either;
        apart.filter_map(|(record, _)| self.get(record).map(|time| (record, time))).filter(move |(_, time)| part(time))
    }

    /// Gives back what was held in reserve for more records.
    pub(super) fn shrink(&mut self) {
        self.at.shrink_to_fit();
        self.apart.shrink_to_fit();
    }
}

/// Gives the one tick that a time is, unless it has to stand apart.
pub(super) fn as_tick(time: Ticks) -> Option<i64> {
    (time.is_exact() && time.first >= TICK).then_some(time.first)
}

/// Says whether a time that is not known to the tick is a local day: other parts of dates are months and years. Days of one
/// clock follow each other, so that those that begin later end later.
pub(super) fn is_day(time: Ticks) -> bool {
    const LONGEST: i64 = 36 * 3_600_000_000_000;
    !time.is_exact() && !time.either && time.last.saturating_sub(time.first) <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_given_back() {
        let part = Ticks { first: 10, last: 20, either: false };
        let either = Ticks { first: 10, last: 20, either: true };
        let all = [
            None,
            Some(Ticks::exact(7)),
            Some(part),
            Some(Ticks::exact(i64::MIN)),
            Some(Ticks::exact(i64::MIN + 1)),
            Some(either),
            Some(Ticks::exact(i64::MAX)),
        ];
        let mut times = Times::default();
        all.iter().for_each(|time| times.push(*time));
        let given: Vec<Option<Ticks>> = (0..7).map(|record| times.get(record)).collect();
        assert_eq!(given, all);
        assert_eq!(times.get(7), None);
        let ticks: Vec<Option<i64>> = (0..7).map(|record| times.tick(record)).collect();
        assert_eq!(ticks, [None, Some(7), None, None, None, None, Some(i64::MAX)]);
        let days: Vec<Option<Ticks>> = (0..7).map(|record| times.day(record)).collect();
        assert_eq!(days, [None, None, Some(part), None, None, None, None]);
        assert_eq!(times.parts_of_dates().collect::<Vec<_>>(), [(2, part)]);
    }
}
