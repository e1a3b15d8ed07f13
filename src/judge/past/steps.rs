//! Running totals over the spans of one group: what counts at a tick costs a few binary searches.
//!
//! What surely counts and what perhaps counts are kept apart. The number of spans that cover a tick is the number that
//! have begun less the number that have ended, so that a count needs nothing but the edges.

use super::spans::{Counted, Span};
use crate::judge::measured::Exact;

/// What a span adds besides one to the count, and can be added up and taken away again.
pub(super) trait Weight: Copy + Default {
    /// Gives what one span adds. `value`: what is summed, where it is known.
    fn of(span: &Span, value: Option<Exact>) -> Self;

    /// Gives what many records add that were added up before.
    fn of_many(many: &Many) -> Self;

    /// Adds.
    fn plus(self, other: Self) -> Self;

    /// Takes away.
    fn minus(self, other: Self) -> Self;
}

/// Many records that count alike, surely or perhaps.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Many {
    /// How many there are of each sort. Of a share: those that do not fulfil its condition, perhaps do, and do. Of a sum:
    /// those whose amount is below zero, at or above it, and open.
    pub(super) sorts: [i64; 3],
    /// What the amounts below zero come to, and those at or above it.
    pub(super) sums: [Exact; 2],
}

impl Many {
    /// Gives how many there are.
    pub(super) fn count(&self) -> i64 {
        self.sorts.iter().sum()
    }

    /// Gives how many there are of one sort.
    fn sort(&self, sort: usize) -> i32 {
        self.sorts.get(sort).and_then(|count| i32::try_from(*count).ok()).unwrap_or(i32::MAX)
    }
}

/// A count weighs nothing besides.
impl Weight for () {
    fn of(_span: &Span, _value: Option<Exact>) -> Self {}

    fn of_many(_many: &Many) -> Self {}

    fn plus(self, _other: Self) -> Self {}

    fn minus(self, _other: Self) -> Self {}
}

/// Of a share: how many surely fulfil its condition, and how many perhaps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Fulfil {
    pub(super) yes: i32,
    pub(super) perhaps: i32,
}

impl Weight for Fulfil {
    fn of(span: &Span, _value: Option<Exact>) -> Self {
        let is = |counted| i32::from(span.counted == counted);
        Self { yes: is(Counted::Yes), perhaps: is(Counted::Perhaps) }
    }

    fn of_many(many: &Many) -> Self {
        Self { yes: many.sort(2), perhaps: many.sort(1) }
    }

    fn plus(self, other: Self) -> Self {
        Self { yes: self.yes + other.yes, perhaps: self.perhaps + other.perhaps }
    }

    fn minus(self, other: Self) -> Self {
        Self { yes: self.yes - other.yes, perhaps: self.perhaps - other.perhaps }
    }
}

/// Of a sum: the sum of the values that are known, and how many are not.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values {
    /// None where the digits do not fit.
    pub(super) sum: Option<Exact>,
    pub(super) open: i32,
}

impl Default for Values {
    fn default() -> Self {
        Self { sum: Some(Exact::ZERO), open: 0 }
    }
}

impl Weight for Values {
    fn of(_span: &Span, value: Option<Exact>) -> Self {
        Self { sum: Some(value.unwrap_or(Exact::ZERO)), open: i32::from(value.is_none()) }
    }

    fn of_many(many: &Many) -> Self {
        let [below, above] = many.sums;
        Self { sum: below.plus(above), open: many.sort(2) }
    }

    fn plus(self, other: Self) -> Self {
        let sum = self.sum.zip(other.sum).and_then(|(one, other)| one.plus(other));
        Self { sum, open: self.open + other.open }
    }

    fn minus(self, other: Self) -> Self {
        let sum = self.sum.zip(other.sum).and_then(|(one, other)| one.minus(other));
        Self { sum, open: self.open - other.open }
    }
}

/// Of a sum, what perhaps counts: the negative values and the others apart, since each may be left out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signed {
    pub(super) below: Values,
    pub(super) above: Values,
}

impl Weight for Signed {
    fn of(span: &Span, value: Option<Exact>) -> Self {
        let values = Values::of(span, value);
        let negative = value.is_some_and(|value| value.mantissa < 0);
        if negative { Self { below: values, ..Self::default() } } else { Self { above: values, ..Self::default() } }
    }

    fn of_many(many: &Many) -> Self {
        let [below, above] = many.sums.map(Some);
        Self { below: Values { sum: below, open: 0 }, above: Values { sum: above, open: many.sort(2) } }
    }

    fn plus(self, other: Self) -> Self {
        Self { below: self.below.plus(other.below), above: self.above.plus(other.above) }
    }

    fn minus(self, other: Self) -> Self {
        Self { below: self.below.minus(other.below), above: self.above.minus(other.above) }
    }
}

/// How many there are, and what they weigh together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts<W> {
    pub(super) count: i64,
    pub(super) weight: W,
}

/// What surely counts, and what perhaps counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Total<S, M> {
    pub(super) sure: Counts<S>,
    pub(super) maybe: Counts<M>,
}

impl<S: Weight, M: Weight> Total<S, M> {
    /// Gives how many there are, surely or perhaps.
    pub(super) fn count(&self) -> i64 {
        self.sure.count + self.maybe.count
    }

    /// Adds another.
    pub(super) fn plus(self, other: Self) -> Self {
        let sure =
            Counts { count: self.sure.count + other.sure.count, weight: self.sure.weight.plus(other.sure.weight) };
        let maybe =
            Counts { count: self.maybe.count + other.maybe.count, weight: self.maybe.weight.plus(other.maybe.weight) };
        Self { sure, maybe }
    }

    /// Adds what one span adds.
    pub(super) fn with(mut self, span: &Span, value: Option<Exact>) -> Self {
        if span.sure {
            let weight = self.sure.weight.plus(S::of(span, value));
            self.sure = Counts { count: self.sure.count + 1, weight };
        } else {
            let weight = self.maybe.weight.plus(M::of(span, value));
            self.maybe = Counts { count: self.maybe.count + 1, weight };
        }
        self
    }

    /// Takes away what one span adds.
    pub(super) fn without(mut self, span: &Span, value: Option<Exact>) -> Self {
        if span.sure {
            let weight = self.sure.weight.minus(S::of(span, value));
            self.sure = Counts { count: self.sure.count - 1, weight };
        } else {
            let weight = self.maybe.weight.minus(M::of(span, value));
            self.maybe = Counts { count: self.maybe.count - 1, weight };
        }
        self
    }
}

/// The edges of one sort of spans, ascending, each with the weight up to it.
#[derive(Debug, Clone, Default)]
struct Edges<W> {
    at: Box<[i64]>,
    weight: Box<[W]>,
}

impl<W: Weight> Edges<W> {
    fn new(mut edges: Vec<(i64, W)>) -> Self {
        edges.sort_by_key(|edge| edge.0);
        let mut running = W::default();
        let weight = |edge: &(i64, W)| {
            running = running.plus(edge.1);
            running
        };
        let weight = edges.iter().map(weight).collect();
        Self { at: edges.into_iter().map(|edge| edge.0).collect(), weight }
    }

    fn up_to(&self, tick: i64) -> Counts<W> {
        let passed = self.at.partition_point(|at| *at <= tick);
        let weight = passed.checked_sub(1).and_then(|last| self.weight.get(last)).copied().unwrap_or_default();
        Counts { count: i64::try_from(passed).unwrap_or(i64::MAX), weight }
    }
}

/// Where spans of one sort begin and end.
#[derive(Debug, Clone, Default)]
struct Lane<W> {
    begin: Edges<W>,
    end: Edges<W>,
}

impl<W: Weight> Lane<W> {
    fn new<'s>(spans: impl Iterator<Item = &'s (Span, Option<Exact>)> + Clone) -> Self {
        let edge = |at: fn(&Span) -> i64| {
            let edges = spans.clone().map(|(span, value)| (at(span), W::of(span, *value)));
            Edges::new(edges.collect())
        };
        Self { begin: edge(|span| span.from), end: edge(|span| span.until) }
    }

    fn between(&self, begun_by: i64, ended_by: i64) -> Counts<W> {
        let (begun, ended) = (self.begin.up_to(begun_by), self.end.up_to(ended_by));
        Counts { count: begun.count - ended.count, weight: begun.weight.minus(ended.weight) }
    }
}

/// The running totals of one group.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps<S, M> {
    sure: Lane<S>,
    maybe: Lane<M>,
}

impl<S: Weight, M: Weight> Steps<S, M> {
    /// Adds up the spans of a group, each with the value of its record.
    pub(super) fn new(spans: &[(Span, Option<Exact>)]) -> Self {
        Self {
            sure: Lane::new(spans.iter().filter(|(span, _)| span.sure)),
            maybe: Lane::new(spans.iter().filter(|(span, _)| !span.sure)),
        }
    }

    /// Gives what counts at a tick.
    pub(super) fn at(&self, tick: i64) -> Total<S, M> {
        Total { sure: self.sure.between(tick, tick), maybe: self.maybe.between(tick, tick) }
    }

    /// Gives what overlaps a stretch of time, if the spans are stretches themselves: those that begin before its end, but
    /// for those that end at or before its beginning.
    pub(super) fn overlapping(&self, from: i64, until: i64) -> Total<S, M> {
        if from >= until {
            return Total::default();
        }
        Total { sure: self.sure.between(until - 1, from), maybe: self.maybe.between(until - 1, from) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, until: i64, sure: bool) -> (Span, Option<Exact>) {
        (Span { from, until, sure, counted: Counted::Yes }, Some(Exact::whole(2)))
    }

    #[test]
    fn a_tick_is_covered_from_the_first_to_before_the_last() {
        let steps = Steps::<(), ()>::new(&[span(10, 40, true), span(20, 50, false)]);
        let at = |tick| (steps.at(tick).sure.count, steps.at(tick).maybe.count);
        let expected = [(0, 0), (1, 0), (1, 1), (1, 1), (0, 1), (0, 1), (0, 0)];
        assert_eq!([9, 10, 20, 39, 40, 49, 50].map(at), expected);
    }

    #[test]
    fn stretches_that_only_touch_do_not_overlap() {
        let steps = Steps::<(), ()>::new(&[span(10, 40, true)]);
        let with = |(from, until)| steps.overlapping(from, until).sure.count;
        assert_eq!([(0, 10), (0, 11), (39, 50), (40, 50), (20, 20)].map(with), [0, 1, 1, 0, 0]);
    }

    #[test]
    fn sums_keep_apart_what_perhaps_counts() {
        let sums = Steps::<Values, Signed>::new(&[span(10, 40, true), span(20, 50, false)]).at(25);
        let mantissa = |values: Values| values.sum.map(|sum| sum.mantissa);
        assert_eq!(mantissa(sums.sure.weight), Some(2));
        assert_eq!((mantissa(sums.maybe.weight.below), mantissa(sums.maybe.weight.above)), (Some(0), Some(2)));
    }
}
