//! One ordering for each set of keys: the records by key and time, shared by every clause with these keys.

use std::ops::Range;

use crate::episode::Episode;
use crate::policy::{FieldId, Value};

use super::clock::Ticks;
use super::numbers::Numbers;
use super::times::Times;

/// In place of a key's number: the record has none.
pub(super) const NO_KEY: u32 = u32::MAX;

/// The keys of every record by the same fields, numbered.
#[derive(Debug)]
pub(super) struct Keys {
    pub(super) fields: Vec<FieldId>,
    numbers: Numbers,
    of_record: Vec<u32>,
}

/// The records that have a key and a time to the tick, or those that have a key and a day, by key, then time, then their own
/// number. What a record has in this order is its *position*. Those that begin later end later.
#[derive(Debug, Default)]
pub(super) struct Ordering {
    /// Whether they are those with a day.
    of_days: bool,
    records: Vec<u32>,
    /// Where each key begins, and where the last ends.
    starts: Vec<u32>,
}

impl Keys {
    /// Begins with no record.
    pub(super) fn of(fields: Vec<FieldId>) -> Self {
        Self { fields, numbers: Numbers::default(), of_record: Vec::new() }
    }

    /// Takes up the next record.
    pub(super) fn add(&mut self, episode: &Episode) {
        let mut key = String::new();
        let complete = self.fields.iter().all(|field| match episode.value(*field) {
            Some(value) => write_key(value, &mut key),
            None => false,
        });
        self.add_written(complete.then_some(key.as_str()));
    }

    /// Takes up the next record, of which the key is written already.
    pub(super) fn add_written(&mut self, key: Option<&str>) {
        self.of_record.push(key.map_or(NO_KEY, |key| self.numbers.of(key)));
    }

    /// Gives the number of a record's key.
    pub(super) fn get(&self, record: u32) -> Option<u32> {
        self.of_record.get(record as usize).copied().filter(|number| *number != NO_KEY)
    }

    /// Forgets the keys themselves: when every record is taken up, their numbers suffice. Gives these, by record.
    pub(super) fn close(self) -> Vec<u32> {
        let mut of_record = self.of_record;
        of_record.shrink_to_fit();
        of_record
    }

    /// Says whether the record that was taken up last has a key.
    pub(super) fn last_has_one(&self) -> bool {
        self.of_record.last().is_some_and(|number| *number != NO_KEY)
    }

    /// Gives every record that has a key, with its number.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, u32)> {
        (0..).zip(&self.of_record).filter(|(_, key)| **key != NO_KEY).map(|(record, key)| (record, *key))
    }
}

impl Ordering {
    /// Puts the records in order: counted out by key, then sorted key by key.
    pub(super) fn new(keys: &Keys, times: &Times, of_days: bool) -> Self {
        let empty = Self { of_days, ..Self::default() };
        let mut starts: Vec<u32> = vec![0; keys.numbers.count() as usize + 1];
        let placed = || keys.all().filter(|(record, _)| empty.time(*record, times).is_some());
        for (_, key) in placed() {
            if let Some(count) = starts.get_mut(key as usize + 1) {
                *count += 1;
            }
        }
        let mut begun = 0;
        for start in &mut starts {
            begun += *start;
            *start = begun;
        }
        if begun == 0 {
            return empty;
        }
        let mut next = starts.clone();
        let mut records = vec![0; begun as usize];
        for (record, key) in placed() {
            let Some(at) = next.get_mut(key as usize) else { continue };
            if let Some(place) = records.get_mut(*at as usize) {
                *place = record;
            }
            *at += 1;
        }
        let mut ordering = Self { records, starts, of_days };
        let mut timed: Vec<(Option<i64>, u32)> = Vec::new();
        for key in 0..ordering.keys() {
            let group = ordering.group(key);
            let Some(records) = ordering.records.get_mut(group) else { continue };
            let first = |record: u32| if of_days { times.day(record).map(|day| day.first) } else { times.tick(record) };
            timed.clear();
            timed.extend(records.iter().map(|record| (first(*record), *record)));
            // Most logs are in the order of time.
            if !timed.is_sorted() {
                timed.sort_unstable();
                records.iter_mut().zip(&timed).for_each(|(record, (_, sorted))| *record = *sorted);
            }
        }
        ordering
    }

    /// Says whether it is the order of those with a day.
    pub(super) fn of_days(&self) -> bool {
        self.of_days
    }

    /// Gives how many keys there are; they are numbered from zero.
    pub(super) fn keys(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(NO_KEY)
    }

    /// Gives the positions of the records with a key.
    pub(super) fn group(&self, key: u32) -> Range<usize> {
        let at = key as usize;
        let ends = self.starts.get(at).zip(self.starts.get(at + 1));
        ends.map_or(0..0, |(from, until)| *from as usize..*until as usize)
    }

    /// Gives the key of the record at a position.
    pub(super) fn key_at(&self, position: usize) -> Option<u32> {
        let begun = self.starts.partition_point(|start| *start as usize <= position);
        u32::try_from(begun.checked_sub(1)?).ok()
    }

    /// Gives the first position in a group whose record begins after a tick; it is looked for from a position near it.
    pub(super) fn begins_after(&self, group: &Range<usize>, near: usize, tick: i64, times: &Times) -> usize {
        self.first_not(group, near, |record| self.first(record, times).is_some_and(|first| first <= tick))
    }

    /// Gives the first position in a group whose record ends after a tick; it is looked for from a position near it.
    pub(super) fn ends_after(&self, group: &Range<usize>, near: usize, tick: i64, times: &Times) -> usize {
        self.first_not(group, near, |record| self.time(record, times).is_some_and(|time| time.last <= tick))
    }

    /// Gives the first position in a group of which something does not hold that holds of all before it. Most windows begin near
    /// the record that asks, so it is looked for in ever longer steps from there.
    fn first_not(&self, group: &Range<usize>, near: usize, is_so: impl Fn(u32) -> bool) -> usize {
        let records = self.records.get(group.clone()).unwrap_or_default();
        let holds = |at: usize| records.get(at).is_some_and(|record| is_so(*record));
        let near = near.clamp(group.start, group.end) - group.start;
        let (mut low, mut high, mut step) = (0, records.len(), 1);
        if holds(near) {
            low = near + 1;
            while low < high {
                let at = (low + step - 1).min(high - 1);
                if !holds(at) {
                    high = at;
                    break;
                }
                low = at + 1;
                step *= 2;
            }
        } else {
            high = near;
            while low < high {
                let at = high.saturating_sub(step);
                if holds(at) {
                    low = at + 1;
                    break;
                }
                high = at;
                step *= 2;
            }
        }
        let between = records.get(low..high).unwrap_or_default();
        group.start + low + between.partition_point(|record| is_so(*record))
    }

    /// Gives the time of a record, if it has its place in this order.
    pub(super) fn time(&self, record: u32, times: &Times) -> Option<Ticks> {
        if self.of_days { times.day(record) } else { times.tick(record).map(Ticks::exact) }
    }

    fn first(&self, record: u32, times: &Times) -> Option<i64> {
        if self.of_days { times.day(record).map(|day| day.first) } else { times.tick(record) }
    }

    /// Gives the record at a position.
    pub(super) fn record(&self, position: usize) -> Option<u32> {
        self.records.get(position).copied()
    }

    /// Gives the records, position by position.
    pub(super) fn records(&self) -> &[u32] {
        &self.records
    }
}

/// Writes a value so that equal ones, and no others, are written alike; what cannot be a key is refused.
fn write_key(value: &Value, key: &mut String) -> bool {
    use std::fmt::Write;
    let written = match value {
        Value::Boolean(value) => write!(key, "{value}"),
        Value::Number(number) | Value::Percent(number) => write!(key, "{}", number.normalize()),
        Value::Duration(duration) => write!(key, "{}", duration.as_nanos()),
        Value::Date(day) => write!(key, "{day}"),
        Value::Name(name) => write!(key, "{}", name.0),
        Value::Text(text) | Value::Identity(text) => write!(key, "{}:{text}", text.len()),
        Value::Instant(_) | Value::Names(_) | Value::People(_) | Value::Period(_) => return false,
    };
    key.push('\u{1F}');
    written.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records with the number of their key and their tick.
    fn made(records: &[(u32, Option<Ticks>)]) -> (Keys, Times) {
        let mut keys = Keys::of(Vec::new());
        let mut times = Times::default();
        for (key, time) in records {
            keys.of_record.push(*key);
            times.push(*time);
        }
        ["a", "b", "c"].iter().for_each(|key| _ = keys.numbers.of(key));
        (keys, times)
    }

    impl Ordering {
        /// Orders records of one key, whose times ascend.
        pub(in crate::judge::past) fn of_one_key(all: &[Ticks], of_days: bool) -> (Self, Times) {
            let records: Vec<(u32, Option<Ticks>)> = all.iter().map(|time| (0, Some(*time))).collect();
            let (keys, times) = made(&records);
            (Self::new(&keys, &times, of_days), times)
        }
    }

    #[test]
    fn records_are_in_order_of_key_and_time_and_number() {
        let at = |tick| Some(Ticks::exact(tick));
        let day = |first| Some(Ticks { first, last: first + 10, either: false });
        let (keys, times) = made(&[
            (1, at(9)),
            (0, at(5)),
            (NO_KEY, at(1)),
            (1, at(2)),
            (0, None),
            (1, at(9)),
            (0, at(5)),
            (1, day(20)),
            (1, day(10)),
        ]);
        let order = Ordering::new(&keys, &times, false);
        assert_eq!(order.records, [1, 6, 3, 0, 5]);
        assert_eq!([0, 1, 2, 3].map(|key| order.group(key)), [0..2, 2..5, 5..5, 0..0]);
        let group = order.group(1);
        for near in 0..7 {
            assert_eq!([1, 2, 8, 9].map(|tick| order.begins_after(&group, near, tick, &times)), [2, 3, 3, 5], "{near}");
        }
        assert_eq!([0, 1, 2, 4].map(|position| order.key_at(position)), [Some(0), Some(0), Some(1), Some(1)]);
        let days = Ordering::new(&keys, &times, true);
        let group = days.group(1);
        assert_eq!((days.records(), group.clone()), (&[8, 7][..], 0..2));
        assert_eq!([9, 10, 19, 20].map(|tick| days.begins_after(&group, 0, tick, &times)), [0, 1, 1, 2]);
        assert_eq!([19, 20, 29, 30].map(|tick| days.ends_after(&group, 2, tick, &times)), [0, 1, 1, 2]);
    }

    #[test]
    fn a_position_is_found_from_wherever_it_is_looked_for() {
        let all: Vec<Ticks> = (0..70).map(|tick| Ticks::exact(tick / 3 * 10)).collect();
        let (order, times) = Ordering::of_one_key(&all, false);
        let group = order.group(0);
        for tick in -1..260 {
            let expected = all.iter().filter(|time| time.first <= tick).count();
            for near in 0..72 {
                assert_eq!(order.begins_after(&group, near, tick, &times), expected, "{tick} from {near}");
            }
        }
    }
}
