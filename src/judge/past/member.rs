//! The records of a group that lie in a window, one by one: the latest first.

use std::iter::Peekable;

use crate::policy::Window;

use super::ask::Asked;
use super::clock::Ticks;
use super::close::of_plain;
use super::marks::Mark;
use super::spans::{Counted, Phase, Span, counts_at};
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
pub(super) struct Near {
    pub(super) record: u32,
    /// Its time, as it counts in its group; what lasts may have none.
    pub(super) time: Option<Ticks>,
    /// Where it stands in the ordering, if it is plain.
    position: Option<usize>,
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
        let plain = PlainBackward { asked: self, end: self.reach.hull().end }.peekable();
        let special = SpecialBackward { asked: self, left: self.near_specials() }.peekable();
        Merged { plain, special }.take(most).filter(|near| Some(near.record) != self.own)
    }

    /// Gives the records of the group that count or may count, but not the one that asks.
    pub(super) fn members(&self) -> impl Iterator<Item = Member> + use<'_, 'q> {
        self.near(usize::MAX).filter_map(|near| self.member(&near))
    }

    /// Says how a record counts, if it may.
    pub(super) fn member(&self, near: &Near) -> Option<Member> {
        match near.position {
            Some(position) => self.plain_member(position),
            None => self.special_member(near.record),
        }
    }

    /// Says how the record that asks counts in its group.
    pub(super) fn own_member(&self) -> Option<Member> {
        let own = self.own?;
        match self.own_position() {
            Some(position) if self.clause.marks.get(position) != Mark::SPECIAL => self.plain_member(position),
            _ => self.special_member(own),
        }
    }

    fn own_position(&self) -> Option<usize> {
        if self.history.window == Window::AtTheSameTime {
            return None;
        }
        self.order.position(&self.order.group(self.key), self.own?, self.times)
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

    pub(super) fn special_member(&self, record: u32) -> Option<Member> {
        let (sure, counted) = match self.stretch {
            Some(stretch) => self.all_at_the_same_time(record, stretch)?,
            None => counts_at(self.clause.specials.spans(record), self.time)?,
        };
        Some(Member { record, sure, counted })
    }

    /// Says whether a record overlaps the one that asks. Several with one id count surely if each of them does.
    fn all_at_the_same_time(&self, record: u32, stretch: Stretch) -> Option<(bool, Counted)> {
        let Some(joint) = self.clause.specials.joint(record) else { return self.at_the_same_time(record, stretch) };
        let each = joint.records.iter().map(|record| self.at_the_same_time(*record, stretch));
        let mut sure = joint.all_here;
        let counting = each.inspect(|counts| sure &= counts.is_some_and(|counts| counts.0)).flatten();
        let counted =
            counting.map(|counts| counts.1).reduce(|one, other| if one == other { one } else { Counted::Perhaps })?;
        Some((sure, counted))
    }

    fn at_the_same_time(&self, record: u32, stretch: Stretch) -> Option<(bool, Counted)> {
        let spans = self.clause.specials.own_spans(record);
        let counted = spans.iter().find(|span| stretch.may_overlap(span))?.counted;
        let sure = spans.iter().any(|span| span.sure && stretch.surely_overlaps(span));
        let Some(passes) = self.clause.specials.phases.get(&record) else { return Some((sure, counted)) };
        counts_at(passes, self.time).map(|(surely_passes, counted)| (sure && surely_passes, counted))
    }

    /// Gives the special records of the group whose time lies near enough, by binary search.
    pub(super) fn near_specials(&self) -> &'q [u32] {
        let Some(group) = self.group else { return &[] };
        if self.history.window == Window::AtTheSameTime {
            return &group.records;
        }
        let first = |record: &u32| self.clause.time(*record, self.times).map_or(i64::MIN, |time| time.first);
        let begins = self.reckoning.reaches_back_to(self.time.first, self.history.window).saturating_sub(group.longest);
        let from = group.records.partition_point(|record| first(record) < begins);
        let until = group.records.partition_point(|record| first(record) <= self.time.last);
        group.records.get(from..until).unwrap_or_default()
    }
}

/// The plain records of a group, from the end of a range of positions.
struct PlainBackward<'a, 'q> {
    asked: &'a Asked<'q>,
    end: usize,
}

impl Iterator for PlainBackward<'_, '_> {
    type Item = Near;

    fn next(&mut self) -> Option<Near> {
        let asked = self.asked;
        let position = asked.clause.marks.last_in(asked.reach.hull().start..self.end)?;
        self.end = position;
        let record = asked.order.record(position)?;
        Some(Near { record, time: asked.times.get(record), position: Some(position) })
    }
}

/// The special records of a group, from the end of those that are left.
struct SpecialBackward<'a, 'q> {
    asked: &'a Asked<'q>,
    left: &'q [u32],
}

impl Iterator for SpecialBackward<'_, '_> {
    type Item = Near;

    fn next(&mut self) -> Option<Near> {
        let (record, left) = self.left.split_last()?;
        self.left = left;
        Some(Near { record: *record, time: self.asked.clause.time(*record, self.asked.times), position: None })
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
        let place = |near: &Near| (near.time.map_or(0, |time| time.first), near.record);
        let special_is_later = self.special.peek().map(place) > self.plain.peek().map(place);
        if special_is_later { self.special.next() } else { self.plain.next() }
    }
}
