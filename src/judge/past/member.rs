//! The records of a group that lie in a window, one by one: the latest first.

use std::iter::Peekable;
use std::ops::Range;

use crate::policy::Window;

use super::ask::Asked;
use super::close::of_plain;
use super::spans::{Counted, Phase, Span, counts_at};
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
    /// At a position in the ordering.
    Plain {
        record: u32,
        tick: i64,
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
            Self::Plain { record, tick, .. } => (*tick, *record),
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
        let plain = PlainBackward { asked: self, left: self.reach.hull() }.peekable();
        let first = |special: &Special| self.clause.time(*special, self.times).map_or(0, |time| time.first);
        let special = move |special: &Special| Near::Special { special: *special, first: first(special) };
        let special = self.near_specials().iter().rev().map(special).peekable();
        Merged { plain, special }.take(most).filter(|near| Some(near.record()) != self.own)
    }

    /// Gives the records of the group that count or may count, but not the one that asks, in no order.
    pub(super) fn members(&self) -> impl Iterator<Item = Member> + use<'_, 'q> {
        let plain = self.reach.hull().filter_map(|position| self.plain_member(position));
        let special = self.near_specials().iter().filter_map(|special| self.special_member(*special));
        plain.chain(special).filter(|member| Some(member.record) != self.own)
    }

    /// Says how a record counts, if it may.
    pub(super) fn member(&self, near: &Near) -> Option<Member> {
        match near {
            Near::Plain { position, .. } => self.plain_member(*position),
            Near::Special { special, .. } => self.special_member(*special),
        }
    }

    /// Gives where the record that asks stands in the ordering, if it does.
    pub(super) fn own_position(&self) -> Option<usize> {
        if self.history.window == Window::AtTheSameTime {
            return None;
        }
        self.order.position(&self.order.group(self.key), self.own?, self.times)
    }

    /// Says how the record that asks counts in its group, if it is special.
    pub(super) fn own_special(&self) -> Option<Member> {
        let own = self.own?;
        self.counting(own, self.clause.specials.spans(own))
    }

    /// Says how the record at a position counts, if it is plain.
    pub(super) fn plain_member(&self, position: usize) -> Option<Member> {
        let (sure, counted) = self.clause.marks.get(position).read()?;
        let record = self.order.record(position)?;
        if self.reach.edge.contains(&position) {
            let phase = Phase { sure, counted, ..Phase::ALWAYS };
            let spans = of_plain(self.times.get(record)?, phase, self.history.window, self.reckoning);
            return counts_at(&spans, self.time).map(|(sure, counted)| Member { record, sure, counted });
        }
        let surely_lies = self.reach.has(position)?;
        Some(Member { record, sure: sure && surely_lies, counted })
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
    left: Range<usize>,
}

impl Iterator for PlainBackward<'_, '_> {
    type Item = Near;

    fn next(&mut self) -> Option<Near> {
        let position = self.asked.clause.marks.last_in(self.left.clone(), false)?;
        self.left.end = position;
        let record = self.asked.order.record(position)?;
        Some(Near::Plain { record, tick: self.asked.times.tick(record)?, position })
    }
}

/// Both, by their time.
struct Merged<P: Iterator<Item = Near>, S: Iterator<Item = Near>> {
    plain: Peekable<P>,
    special: Peekable<S>,
}

impl<P: Iterator<Item = Near>, S: Iterator<Item = Near>> Iterator for Merged<P, S> {
    type Item = Near;

    fn next(&mut self) -> Option<Near> {
        let special_is_later = self.special.peek().map(Near::place) > self.plain.peek().map(Near::place);
        if special_is_later { self.special.next() } else { self.plain.next() }
    }
}
