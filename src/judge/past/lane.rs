//! The plain records of a group, as one question sees them: those whose times are known to the tick in one lane, those that
//! have a day in the other.

use std::ops::Range;

use super::ask::Asked;
use super::close::of_plain;
use super::marks::Marks;
use super::member::Member;
use super::order::Ordering;
use super::reach::Reach;
use super::spans::{Phase, counts_at};
use super::steps::{Total, Weight};

/// How many records at a ragged edge are looked at one by one: each takes some reckoning with the calendar.
const MOST_AT_THE_EDGE: usize = 100;

/// Plain records in their order, and which of them lie in the window.
pub(super) struct Lane<'q> {
    pub(super) order: &'q Ordering,
    pub(super) marks: &'q Marks,
    pub(super) reach: Reach,
    /// Where the record that asks stands, if it does.
    pub(super) own: Option<usize>,
}

impl Lane<'_> {
    /// Gives how many may have to be looked at.
    pub(super) fn how_many(&self) -> usize {
        self.marks.count(self.reach.hull())
    }

    /// Gives the total of those in the window but the one that asks: of ranges of positions, and at a ragged edge one by one.
    pub(super) fn total<S: Weight, M: Weight>(&self, asked: &Asked<'_>) -> Total<S, M> {
        let value = |member: &Member| asked.clause.value(member.record);
        let ranges = self.of_ranges(asked);
        let looked_at = self.looked_at().filter_map(|position| self.member(asked, position));
        let all = looked_at.fold(ranges, |total: Total<S, M>, member| total.with(&member.as_span(), value(&member)));
        let own = self.own.and_then(|position| self.member(asked, position));
        own.map_or(all, |own| all.without(&own.as_span(), value(&own)))
    }

    fn of_ranges<S: Weight, M: Weight>(&self, asked: &Asked<'_>) -> Total<S, M> {
        let amounts = asked.clause.amounts.as_ref();
        let of = |range: Range<usize>, surely: bool| {
            self.marks.tally(range, self.order.records(), amounts).total::<S, M>(surely, amounts)
        };
        let not_looked_at = self.reach.edge.start..self.looked_at().start;
        let maybe = self.reach.maybe.iter().cloned().chain([not_looked_at]).filter(|range| !range.is_empty());
        maybe.fold(of(self.reach.sure.clone(), true), |total, range| total.plus(of(range, false)))
    }

    /// Gives the part of the edge that is looked at; whether those beyond count is left open.
    fn looked_at(&self) -> Range<usize> {
        let Range { start, end } = self.reach.edge;
        start.max(end.saturating_sub(MOST_AT_THE_EDGE))..end
    }

    /// Says how the record at a position counts, if it is plain.
    pub(super) fn member(&self, asked: &Asked<'_>, position: usize) -> Option<Member> {
        let (sure, counted) = self.marks.get(position).read()?;
        let record = self.order.record(position)?;
        if self.looked_at().contains(&position) {
            let phase = Phase { sure, counted, ..Phase::ALWAYS };
            let time = self.order.time(record, asked.times)?;
            let spans = of_plain(time, phase, asked.history.window, asked.reckoning);
            return counts_at(&spans, asked.time).map(|(sure, counted)| Member { record, sure, counted });
        }
        let surely_lies = self.reach.has(position)?;
        Some(Member { record, sure: sure && surely_lies, counted })
    }

    /// Gives the latest time of the records that may count, and of those that surely do, but for the one that asks. What has
    /// no window has no ragged edge.
    pub(super) fn last(&self, asked: &Asked<'_>) -> (Option<i64>, Option<i64>) {
        let last = |range: &Range<usize>, surely: bool| {
            let parts = match self.own.filter(|own| range.contains(own)) {
                Some(own) => [own + 1..range.end, range.start..own],
                None => [range.clone(), 0..0],
            };
            let position = parts.into_iter().find_map(|part| self.marks.last_in(part, surely))?;
            self.order.time(self.order.record(position)?, asked.times)
        };
        let all = [&self.reach.sure].into_iter().chain(&self.reach.maybe);
        let nearest = all.filter_map(|range| last(range, false)).map(|time| time.last.min(asked.time.last)).max();
        (nearest, last(&self.reach.sure, true).map(|time| time.first))
    }
}
