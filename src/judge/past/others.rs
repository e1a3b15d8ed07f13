//! How many others a plain count finds for each record, worked out for all of a group at once when the first pass ends.
//!
//! To ask for one record after the other takes a few looks into memory far apart for each; within a group, times and marks lie
//! side by side. What is not plain is asked when it is needed: a record of which there are special ones with the same key, or
//! some that perhaps count; a window of months, which the calendar has to be asked for; more than a byte can say.

use crate::policy::{Function, History, Length, Window};

use super::clock::{Reckoning, Ticks};
use super::marks::Marks;
use super::special::Specials;
use super::table::Table;
use super::times::Times;

/// For each record how many others a clause counts for it, or [`ASK`]; nothing for clauses that are always asked.
#[derive(Debug, Default)]
pub(super) struct Others(Box<[u8]>);

/// In place of a number: it has to be asked.
const ASK: u8 = u8::MAX;

/// What is known of one group: the times of its records, ascending, and how many before each count.
#[derive(Default)]
struct Group {
    ticks: Vec<i64>,
    counted: Vec<u32>,
}

impl Others {
    /// Counts for every record of a clause.
    pub(super) fn of(
        history: &History,
        reckoning: Reckoning<'_>,
        table: &Table,
        times: &Times,
        (marks, specials): (&Marks, &Specials),
    ) -> Self {
        let is_plain = history.function == Function::Count
            && history.window != Window::AtTheSameTime
            && matches!(history.window.length(), None | Some(Length::Exact(_)));
        if !is_plain {
            return Self::default();
        }
        let [order, days] = &table.orders;
        let mut all = vec![ASK; times.count()];
        let mut group = Group::default();
        for key in 0..order.keys() {
            let positions = order.group(key);
            let is_mixed = !days.group(key).is_empty() || specials.groups.contains_key(&key);
            let records = order.records().get(positions.clone()).unwrap_or_default();
            if is_mixed || group.fill(records, positions.start, marks, times).is_none() {
                continue;
            }
            for (at, record) in records.iter().enumerate() {
                let found = group.others(at, |time| Some(reckoning.all_before(time, history.window)?.least));
                let said = found.and_then(|found| u8::try_from(found).ok());
                if let Some((said, of_record)) = said.zip(all.get_mut(*record as usize)) {
                    *of_record = said;
                }
            }
        }
        Self(all.into_boxed_slice())
    }

    /// Gives how many others are counted for a record; `None` where that has to be asked.
    pub(super) fn get(&self, record: u32) -> Option<i64> {
        self.0.get(record as usize).filter(|others| **others != ASK).map(|others| i64::from(*others))
    }
}

impl Group {
    /// Takes up a group; `None` if some record perhaps counts.
    fn fill(&mut self, records: &[u32], first: usize, marks: &Marks, times: &Times) -> Option<()> {
        self.ticks.clear();
        self.counted.clear();
        self.counted.push(0);
        let mut counted = 0;
        for (record, position) in records.iter().zip(first..) {
            self.ticks.push(times.tick(*record)?);
            match marks.get(position).read() {
                Some((false, _)) => return None,
                Some((true, _)) => counted += 1,
                None => {}
            }
            self.counted.push(counted);
        }
        Some(())
    }

    /// Gives how many others lie in the window of the one at a place.
    fn others(&self, at: usize, before: impl Fn(Ticks) -> Option<i64>) -> Option<u32> {
        let tick = *self.ticks.get(at)?;
        let with_later = self.ticks.get(at..)?;
        let until = at + with_later.iter().take_while(|later| **later == tick).count();
        let earlier = self.ticks.get(..until)?;
        let from = before(Ticks::exact(tick)).map_or(0, |before| earlier.partition_point(|time| *time <= before));
        let between = |from: usize, until: usize| Some(self.counted.get(until)? - self.counted.get(from)?);
        let itself = if from <= at { between(at, at + 1)? } else { 0 };
        Some(between(from, until)? - itself)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::past::marks::Mark;
    use crate::judge::past::spans::Counted;

    #[test]
    fn those_in_the_window_are_counted_and_the_one_that_asks_is_not() {
        let ticks = [0, 0, 3, 10, 10, 10, 13, 40];
        let marks = [6, 0, 6, 6, 0, 6, 6, 6].map(|mark| if mark == 0 { Mark::NOTHING } else { counts(true) });
        let group = group(&ticks, &marks).unwrap();
        for length in [1, 3, 10, 11, 100] {
            for (at, tick) in ticks.iter().enumerate() {
                let lies = |other: &usize| {
                    (tick - length + 1..=*tick).contains(&ticks[*other]) && marks[*other] != Mark::NOTHING
                };
                let expected = (0..ticks.len()).filter(|other| *other != at).filter(lies).count();
                let found = group.others(at, |time| Some(time.first - length));
                assert_eq!(found, u32::try_from(expected).ok(), "{at} in {length}");
            }
        }
        assert_eq!([0, 4, 7].map(|at| group.others(at, |_| None)), [Some(0), Some(4), Some(5)], "to date");
    }

    #[test]
    fn where_one_perhaps_counts_it_is_asked() {
        assert!(group(&[0, 1], &[counts(true), counts(false)]).is_none());
    }

    fn counts(sure: bool) -> Mark {
        Mark::plain(sure, Counted::Yes)
    }

    fn group(ticks: &[i64], marks: &[Mark]) -> Option<Group> {
        let mut times = Times::default();
        ticks.iter().for_each(|tick| times.push(Some(Ticks::exact(*tick))));
        let records: Vec<u32> = (0..).take(ticks.len()).collect();
        let mut group = Group::default();
        group.fill(&records, 0, &Marks::new(marks, &records, None), &times).map(|()| group)
    }
}
