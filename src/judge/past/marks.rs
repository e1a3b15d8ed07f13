//! One byte for each record: whether it counts wherever its time lies in the window, and as what; with totals for every
//! thirty-second position, so that the total of any range is two look-ups and a short scan.
//!
//! Such *plain* records need nothing else. Whatever depends on more than the time of the record and the window is *special*
//! and keeps spans of its own.

use std::ops::Range;

use crate::judge::measured::Exact;

use super::amounts::{Amount, Amounts};
use super::spans::Counted;
use super::steps::{Counts, Many, Total, Weight};

/// How a record counts in one clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark(u8);

/// How many sorts of plain records there are: what is asked of them besides has three outcomes, each surely or perhaps.
const SORTS: usize = 6;

/// How many positions have one total.
const BLOCK: usize = 32;

impl Mark {
    /// It never counts.
    pub(super) const NOTHING: Self = Self(0);
    /// When it counts is said elsewhere.
    pub(super) const SPECIAL: Self = Self(7);

    /// It counts surely, or perhaps. Of a share it says what is known of the condition.
    pub(super) fn plain(sure: bool, counted: Counted) -> Self {
        Self(1 + 3 * u8::from(sure) + counted as u8)
    }

    /// The same where something is summed, which says whether an amount is below zero, at or above it, or open.
    fn summed(self, units: Option<i64>) -> Self {
        let Some((sure, _)) = self.read() else { return self };
        Self(1 + 3 * u8::from(sure) + units.map_or(2, |units| u8::from(units >= 0)))
    }

    /// Says of a plain record whether it surely counts, and what is known of the condition of a share.
    pub(super) fn read(self) -> Option<(bool, Counted)> {
        let counted = match self.sort()? % 3 {
            0 => Counted::No,
            1 => Counted::Perhaps,
            _ => Counted::Yes,
        };
        Some((self.0 > 3, counted))
    }

    /// Gives the place of a plain record among its sorts.
    fn sort(self) -> Option<usize> {
        (1..=6).contains(&self.0).then(|| usize::from(self.0) - 1)
    }
}

/// How many there are of each sort, and what the known amounts come to: perhaps counted below zero and above, then surely.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    sorts: [u32; SORTS],
    sums: [i128; 4],
}

impl Tally {
    fn add(&mut self, mark: Mark, units: impl FnOnce() -> Option<i64>) {
        let Some(sort) = mark.sort() else { return };
        if let Some(count) = self.sorts.get_mut(sort) {
            *count += 1;
        }
        if let Some((sum, units)) = self.sums.get_mut(2 * (sort / 3) + sort % 3 % 2).zip(units()) {
            *sum += i128::from(units);
        }
    }

    /// Takes away what lies before.
    fn since(mut self, before: &Self) -> Self {
        self.sorts.iter_mut().zip(before.sorts).for_each(|(count, before)| *count -= before);
        self.sums.iter_mut().zip(before.sums).for_each(|(sum, before)| *sum -= before);
        self
    }

    /// Gives the total for whoever has these surely in the window, or perhaps.
    pub(super) fn total<S: Weight, M: Weight>(&self, surely: bool, amounts: Option<&Amounts>) -> Total<S, M> {
        let [no, open, yes, sure_no, sure_open, sure_yes] = self.sorts.map(i64::from);
        let [below, above, sure_below, sure_above] = self.sums;
        let exact = |units: i128| amounts.map_or(Exact::ZERO, |amounts| amounts.exact(units));
        let many = |sorts: [i64; 3], sums: [i128; 2]| Many { sorts, sums: sums.map(exact) };
        let (sure, maybe) = if surely {
            (many([sure_no, sure_open, sure_yes], [sure_below, sure_above]), many([no, open, yes], [below, above]))
        } else {
            let all = many([no + sure_no, open + sure_open, yes + sure_yes], [below + sure_below, above + sure_above]);
            (Many::default(), all)
        };
        Total {
            sure: Counts { count: sure.count(), weight: S::of_many(&sure) },
            maybe: Counts { count: maybe.count(), weight: M::of_many(&maybe) },
        }
    }
}

/// The marks of all records in their order, with the totals before each block of them.
#[derive(Debug, Default)]
pub(super) struct Marks {
    at: Box<[Mark]>,
    sorts: Box<[[u32; SORTS]]>,
    /// Empty where nothing is summed.
    sums: Box<[[i128; 4]]>,
}

impl Marks {
    /// Puts the marks of records in the order of their positions, and adds them up.
    pub(super) fn new(by_record: &[Mark], order: &[u32], amounts: Option<&Amounts>) -> Self {
        let mark = |record: &u32| {
            let mark = by_record.get(*record as usize).copied().unwrap_or(Mark::NOTHING);
            amounts.map_or(mark, |amounts| mark.summed(units(amounts, *record)))
        };
        let at: Box<[Mark]> = order.iter().map(mark).collect();
        let blocks = at.len() / BLOCK + 1;
        let (mut sorts, mut sums) = (Vec::with_capacity(blocks), Vec::new());
        let mut running = Tally::default();
        for block in 0..blocks {
            sorts.push(running.sorts);
            sums.extend(amounts.map(|_| running.sums));
            let positions = block * BLOCK..at.len().min((block + 1) * BLOCK);
            scan(&at, order, amounts, positions, &mut running);
        }
        Self { at, sorts: sorts.into_boxed_slice(), sums: sums.into_boxed_slice() }
    }

    /// Gives the mark at a position.
    pub(super) fn get(&self, position: usize) -> Mark {
        self.at.get(position).copied().unwrap_or(Mark::NOTHING)
    }

    /// Adds up the plain records in a range of positions.
    pub(super) fn tally(&self, range: Range<usize>, order: &[u32], amounts: Option<&Amounts>) -> Tally {
        if range.len() <= BLOCK {
            let mut tally = Tally::default();
            scan(&self.at, order, amounts, range, &mut tally);
            return tally;
        }
        let up_to = |position: usize| {
            let block = position / BLOCK;
            let mut tally = Tally {
                sorts: self.sorts.get(block).copied().unwrap_or_default(),
                sums: self.sums.get(block).copied().unwrap_or_default(),
            };
            scan(&self.at, order, amounts, block * BLOCK..position, &mut tally);
            tally
        };
        up_to(range.end).since(&up_to(range.start))
    }

    /// Gives the number of plain records in a range of positions.
    pub(super) fn count(&self, range: Range<usize>) -> usize {
        let tally = self.tally(range, &[], None);
        tally.sorts.iter().map(|count| *count as usize).sum()
    }

    /// Gives the last plain record in a range of positions, or the last that surely counts.
    pub(super) fn last_in(&self, range: Range<usize>, surely: bool) -> Option<usize> {
        let is_wanted = |position: &usize| self.get(*position).read().is_some_and(|(sure, _)| sure || !surely);
        let begin = range.end / BLOCK * BLOCK;
        let here = (begin.max(range.start)..range.end).rev().find(is_wanted);
        if here.is_some() || begin <= range.start {
            return here;
        }
        // Somewhere before this block: in the last of those that added something.
        let before = |sorts: &[u32; SORTS]| -> u64 {
            let wanted = sorts.iter().skip(if surely { SORTS / 2 } else { 0 });
            wanted.map(|count| u64::from(*count)).sum()
        };
        let all = before(self.sorts.get(begin / BLOCK)?);
        let reached = self.sorts.partition_point(|sorts| before(sorts) < all).checked_sub(1)?;
        let positions = (reached * BLOCK).max(range.start)..(reached + 1) * BLOCK;
        positions.rev().find(is_wanted)
    }
}

fn units(amounts: &Amounts, record: u32) -> Option<i64> {
    match amounts.amount(record) {
        Amount::Units(units) => Some(units),
        Amount::Open | Amount::Apart => None,
    }
}

fn scan(at: &[Mark], order: &[u32], amounts: Option<&Amounts>, range: Range<usize>, tally: &mut Tally) {
    let marks = at.get(range.clone()).unwrap_or_default();
    match (amounts, order.get(range)) {
        (Some(amounts), Some(records)) => {
            marks.iter().zip(records).for_each(|(mark, record)| tally.add(*mark, || units(amounts, *record)));
        }
        _ => marks.iter().for_each(|mark| tally.add(*mark, || None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::measured::Exact;
    use crate::policy::{FieldType, Range as Between};

    /// Marks of three hundred records that come round after a while, the last of them first in order.
    fn some(amounts: &mut Amounts) -> (Vec<Mark>, Vec<u32>, Marks) {
        let sorts = [Mark(0), Mark(6), Mark(7), Mark(1), Mark(3), Mark(0), Mark(5), Mark(2), Mark(4), Mark(6), Mark(0)];
        let by_record: Vec<Mark> = sorts.iter().cycle().take(300).copied().collect();
        (0..300).for_each(|number| amounts.push((number % 5 > 0).then(|| Exact::whole(40 - number))));
        let order: Vec<u32> = (0..300).rev().collect();
        let marks = Marks::new(&by_record, &order, Some(amounts));
        (by_record, order, marks)
    }

    #[test]
    fn a_range_comes_to_what_its_records_come_to_one_by_one() {
        let mut amounts = Amounts::of(FieldType::Number(Between::default()));
        let (_, order, marks) = some(&mut amounts);
        for from in 0..300 {
            for until in [from, from + 1, from + 31, from + 32, from + 33, from + 64, 299, 300] {
                let range = from..until.clamp(from, 300);
                let mut expected = Tally::default();
                scan(&marks.at, &order, Some(&amounts), range.clone(), &mut expected);
                assert_eq!(marks.tally(range.clone(), &order, Some(&amounts)), expected, "{range:?}");
                for surely in [false, true] {
                    let is_wanted = |at: &usize| marks.get(*at).read().is_some_and(|(sure, _)| sure || !surely);
                    let last = range.clone().rev().find(is_wanted);
                    assert_eq!(marks.last_in(range.clone(), surely), last, "{range:?}");
                }
            }
        }
    }

    #[test]
    fn the_last_is_found_across_many_that_are_nothing() {
        let mut by_record = vec![Mark::NOTHING; 1_000];
        by_record[3] = Mark::plain(true, Counted::Yes);
        let order: Vec<u32> = (0..1_000).collect();
        let marks = Marks::new(&by_record, &order, None);
        let cases =
            [(0..1_000, Some(3)), (0..3, None), (3..4, Some(3)), (4..1_000, None), (0..960, Some(3)), (0..0, None)];
        for (range, last) in cases {
            assert_eq!(marks.last_in(range.clone(), true), last, "{range:?}");
        }
    }

    #[test]
    fn a_mark_says_what_it_was_made_of() {
        for sure in [true, false] {
            for counted in [Counted::No, Counted::Perhaps, Counted::Yes] {
                assert_eq!(Mark::plain(sure, counted).read(), Some((sure, counted)));
            }
        }
        assert_eq!([Mark::NOTHING.read(), Mark::SPECIAL.read()], [None, None]);
    }

    #[test]
    fn amounts_are_added_up_by_their_sign_and_open_ones_counted() {
        use crate::judge::past::steps::{Signed, Values};
        let mut amounts = Amounts::of(FieldType::Number(Between::default()));
        [Some(3), Some(-2), None, Some(10)].iter().for_each(|amount| amounts.push(amount.map(Exact::whole)));
        let marks = [Mark::plain(true, Counted::Yes); 4];
        let order = [0, 1, 2, 3];
        let marks = Marks::new(&marks, &order, Some(&amounts));
        let tally = marks.tally(0..3, &order, Some(&amounts));
        let sure: Total<Values, Signed> = tally.total(true, Some(&amounts));
        assert_eq!((sure.sure.count, sure.maybe.count, sure.sure.weight.open), (3, 0, 1));
        let units = |sum: Option<Exact>| sum.map(|sum| sum.mantissa / 1_000_000);
        assert_eq!(units(sure.sure.weight.sum), Some(1));
        let maybe: Total<Values, Signed> = tally.total(false, Some(&amounts));
        assert_eq!((maybe.sure.count, maybe.maybe.count), (0, 3));
        let weight = maybe.maybe.weight;
        assert_eq!((units(weight.below.sum), units(weight.above.sum)), (Some(-2), Some(3)));
        assert_eq!((weight.below.open, weight.above.open), (0, 1));
    }
}
