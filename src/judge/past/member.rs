//! The records of a group that lie in a window, one by one: the latest first.

use std::iter::Peekable;
use std::ops::Range;

use crate::policy::Window;

use super::ask::Asked;
use super::spans::{Counted, Span, counts_at};
use super::special::Special;
use super::stretch::Stretch;

/// A record that may count for the one that asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) record: u32,
    pub(super) sure: bool,
    pub(super) counted: Counted,
}

/// A record near enough to be looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Near {
    /// At a position in one of the orders.
    Plain {
        record: u32,
        first: i64,
        lane: usize,
        position: usize,
    },
    Special {
        special: Special,
        first: i64,
    },
}

impl Near {
    fn record(&self) -> u32 {
        match self {
            Self::Plain { record, .. } => *record,
            Self::Special { special, .. } => special.record,
        }
    }

    /// Gives what they are put in order by.
    fn place(&self) -> (i64, u32) {
        match self {
            Self::Plain { record, first, .. } => (*first, *record),
            Self::Special { special, first } => (*first, special.record),
        }
    }
}

impl Member {
    /// Gives a span that adds what the record adds.
    pub(super) fn as_span(&self) -> Span {
        Span { from: 0, until: 1, sure: self.sure, counted: self.counted }
    }
}

impl<'q> Asked<'q> {
    /// Gives the records near enough in time, but not the one that asks: the latest first, `most` of them at most.
    pub(super) fn near(&self, most: usize) -> impl Iterator<Item = Near> + use<'_, 'q> {
        let [ticks, days] = [0, 1].map(|lane| PlainBackward { asked: self, lane, left: self.hull(lane) }.peekable());
        let first = |special: &Special| self.clause.time(*special, self.times).map_or(0, |time| time.first);
        let special = move |special: &Special| Near::Special { special: *special, first: first(special) };
        let special = self.near_specials().iter().rev().map(special).peekable();
        Merged { one: ticks, other: Merged { one: days, other: special }.peekable() }
            .take(most)
            .filter(|near| Some(near.record()) != self.own)
    }

    /// Gives the records of the group that count or may count, but not the one that asks, in no order.
    pub(super) fn members(&self) -> impl Iterator<Item = Member> + use<'_, 'q> {
        let plain = [0, 1].into_iter().flat_map(|lane| self.hull(lane).map(move |position| (lane, position)));
        let plain = plain.filter_map(|(lane, position)| self.lanes.get(lane)?.member(self, position));
        let special = self.near_specials().iter().filter_map(|special| self.special_member(*special));
        plain.chain(special).filter(|member| Some(member.record) != self.own)
    }

    /// Says how a record counts, if it may.
    pub(super) fn member(&self, near: &Near) -> Option<Member> {
        match near {
            Near::Plain { lane, position, .. } => self.lanes.get(*lane)?.member(self, *position),
            Near::Special { special, .. } => self.special_member(*special),
        }
    }

    fn hull(&self, lane: usize) -> Range<usize> {
        self.lanes.get(lane).map_or(0..0, |lane| lane.reach.hull())
    }

    /// Says how the record that asks counts in its group, if it is special.
    pub(super) fn own_special(&self) -> Option<Member> {
        let own = self.own?;
        self.counting(own, self.clause.specials.spans(own))
    }

    /// Says how a special record counts.
    pub(super) fn special_member(&self, special: Special) -> Option<Member> {
        self.counting(special.record, self.clause.specials.spans_of(special))
    }

    fn counting(&self, record: u32, spans: &[Span]) -> Option<Member> {
        let (sure, counted) = match self.stretch {
            Some(stretch) => self.all_at_the_same_time(record, spans, stretch)?,
            None => counts_at(spans, self.time)?,
        };
        Some(Member { record, sure, counted })
    }

    /// Says whether a record overlaps the one that asks. Several with one id count surely if each of them does.
    fn all_at_the_same_time(&self, record: u32, spans: &[Span], stretch: Stretch) -> Option<(bool, Counted)> {
        let specials = &self.clause.specials;
        let Some(joint) = specials.joint(record) else { return self.at_the_same_time(record, spans, stretch) };
        let each = joint.records.iter();
        let each = each.map(|record| self.at_the_same_time(*record, specials.own_spans(*record), stretch));
        let mut sure = joint.all_here;
        let counting = each.inspect(|counts| sure &= counts.is_some_and(|counts| counts.0)).flatten();
        let counted =
            counting.map(|counts| counts.1).reduce(|one, other| if one == other { one } else { Counted::Perhaps })?;
        Some((sure, counted))
    }

    fn at_the_same_time(&self, record: u32, spans: &[Span], stretch: Stretch) -> Option<(bool, Counted)> {
        let counted = spans.iter().find(|span| stretch.may_overlap(span))?.counted;
        let sure = spans.iter().any(|span| span.sure && stretch.surely_overlaps(span));
        let Some(passes) = self.clause.specials.phases.get(&record) else { return Some((sure, counted)) };
        counts_at(passes, self.time).map(|(surely_passes, counted)| (sure && surely_passes, counted))
    }

    /// Gives the special records of the group whose time lies near enough, by binary search.
    pub(super) fn near_specials(&self) -> &'q [Special] {
        let Some(group) = self.group else { return &[] };
        if self.history.window == Window::AtTheSameTime {
            return &group.records;
        }
        let first = |special: &Special| self.clause.time(*special, self.times).map_or(i64::MIN, |time| time.first);
        let begins = self.reckoning.reaches_back_to(self.time.first, self.history.window).saturating_sub(group.longest);
        let from = group.records.partition_point(|special| first(special) < begins);
        let until = group.records.partition_point(|special| first(special) <= self.time.last);
        group.records.get(from..until).unwrap_or_default()
    }
}

/// The plain records of a group, from the end of a range of positions.
struct PlainBackward<'a, 'q> {
    asked: &'a Asked<'q>,
    lane: usize,
    left: Range<usize>,
}

impl Iterator for PlainBackward<'_, '_> {
    type Item = Near;

    fn next(&mut self) -> Option<Near> {
        let lane = self.asked.lanes.get(self.lane)?;
        let position = lane.marks.last_in(self.left.clone(), false)?;
        self.left.end = position;
        let record = lane.order.record(position)?;
        let first = lane.order.time(record, self.asked.times)?.first;
        Some(Near::Plain { record, first, lane: self.lane, position })
    }
}

/// Two runs of records from the latest, as one.
struct Merged<O: Iterator<Item = Near>, P: Iterator<Item = Near>> {
    one: Peekable<O>,
    other: Peekable<P>,
}

impl<O: Iterator<Item = Near>, P: Iterator<Item = Near>> Iterator for Merged<O, P> {
    type Item = Near;

    fn next(&mut self) -> Option<Near> {
        let other_is_later = self.other.peek().map(Near::place) > self.one.peek().map(Near::place);
        if other_is_later { self.other.next() } else { self.one.next() }
    }
}
