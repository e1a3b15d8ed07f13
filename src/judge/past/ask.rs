//! What a history clause comes to for one record, and which records it counts.

use std::cmp::Ordering;

use jiff::Timestamp;

use crate::judge::condition::Evaluation;
use crate::judge::measured::{Bound, Exact, Measured, Ratio, number_of};
use crate::judge::truth::Truth;
use crate::policy::time::{When, days};
use crate::policy::{FieldType, Function, History, HistoryId, Window};

use super::clock::{Reckoning, Ticks};
use super::spans::{Counted, Span, counts_at};
use super::steps::{Fulfil, Signed, Steps, Total, Values, Weight};
use super::stretch::Stretch;
use super::{ClausePast, Group, Past, Summed, Totals};

/// How many records of a group are looked at one by one for one question. What lies beyond is left open, so that no log
/// takes time out of proportion to its size.
const MOST_LOOKED_AT: usize = 10_000;

/// How many are looked at for open ones, where there are more than can be looked at for an answer.
const MOST_ASKED_FOR: usize = 1_000;

/// How many of the records that count are named.
const MOST_NAMED: usize = 100;

/// What a clause looked at for one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// The clause.
    pub history: HistoryId,
    /// What it comes to.
    pub measured: Measured,
    /// The records that count or may count, by their time: the latest hundred of them, without the one that asks.
    pub seen: Vec<Seen>,
    /// How many more there are.
    pub more: usize,
    /// Whether the record that asks counts itself.
    pub itself: Itself,
    /// From when the window reaches back, if it does not reach back for ever.
    pub from: Option<Timestamp>,
    /// The time of the record that asks; none if it has none.
    pub at: Option<When>,
}

/// A record that counts, or may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its number among the records of the audit.
    pub record: u32,
    /// Whether it surely counts.
    pub sure: bool,
    /// Whether what is asked of it besides is not known: its value, its time, or the condition of a share.
    pub open: bool,
}

/// Whether the record that asks counts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Itself {
    /// The window leaves it out.
    LeftOut,
    /// The window has it in it; whether it counts.
    Counted(Truth),
}

/// A question: a clause of a version, asked for a record.
pub(in crate::judge) struct Question<'q, 'p> {
    pub(in crate::judge) past: &'q Past<'p>,
    pub(in crate::judge) version: usize,
    pub(in crate::judge) record: u32,
}

/// Where a record stands when it asks: its group, its time, and its own part in the group.
struct Asked<'q> {
    clause: &'q ClausePast,
    history: &'q History,
    group: Option<&'q Group>,
    time: Ticks,
    /// Of `at the same time`: from when to when it lasts.
    stretch: Option<Stretch>,
    /// The one of the group that stands for the record itself; none if it has no part in it.
    own: Option<u32>,
    times: &'q [Option<Ticks>],
    reckoning: Reckoning<'q>,
}

impl<'q> Question<'q, '_> {
    /// Gives what a clause comes to.
    pub(in crate::judge) fn measure(&self, id: HistoryId, evaluation: &mut Evaluation<'_>) -> Measured {
        match self.asked(id, evaluation) {
            Some(asked) => asked.measure(evaluation),
            None => Measured::Unknown,
        }
    }

    /// Gives what a clause comes to, with the records that it counts.
    pub(in crate::judge) fn look(&self, id: HistoryId, evaluation: &mut Evaluation<'_>) -> Looked {
        let Some(asked) = self.asked(id, evaluation) else {
            let (seen, itself) = (Vec::new(), Itself::LeftOut);
            return Looked { history: id, measured: Measured::Unknown, seen, more: 0, itself, from: None, at: None };
        };
        let measured = asked.measure(evaluation);
        let (seen, more) = asked.latest();
        let itself = asked.itself(evaluation).map_or(Itself::LeftOut, |itself| Itself::Counted(itself.0));
        let at =
            crate::judge::view::own_time(evaluation).and_then(|field| crate::judge::view::instants(evaluation, field));
        let from = asked.reaches_back_to(at);
        Looked { history: id, measured, seen, more, itself, from, at }
    }

    /// Gives some of the records of which it is open whether they count, or what is asked of them besides: the latest.
    pub(in crate::judge) fn open_records(&self, id: HistoryId, most: usize, evaluation: &Evaluation<'_>) -> Vec<u32> {
        let Some(asked) = self.asked(id, evaluation) else { return Vec::new() };
        let latest = if asked.is_crowd() { MOST_ASKED_FOR } else { MOST_LOOKED_AT };
        let near = asked.near().iter().rev().take(latest).filter(|record| Some(**record) != asked.own);
        let seen = near.filter_map(|record| asked.member(*record)).map(|member| asked.seen(&member));
        seen.filter(|seen| !seen.sure || seen.open).take(most).map(|seen| seen.record).collect()
    }

    fn asked(&self, id: HistoryId, evaluation: &Evaluation<'_>) -> Option<Asked<'q>> {
        let version = self.past.versions.get(self.version)?;
        let history = self.past.policy.versions.get(self.version)?.conditions.history(id)?;
        let clause = version.clauses.get(id.0 as usize)?;
        let key = version.tables.get(clause.table)?.of_record.get(self.record as usize).copied().flatten()?;
        let time = version.times.get(self.record as usize).copied().flatten()?;
        let stretch = match history.window {
            Window::AtTheSameTime => Some(Stretch::of(evaluation, self.past.as_of)?),
            _ => None,
        };
        let set = if self.past.set_of.is_empty() { None } else { self.past.set_of.get(&self.record) };
        let own = set.map_or(Some(self.record), |set| clause.stands_for.get(&(*set, key)).copied());
        let group = clause.groups.get(key as usize);
        let reckoning = Reckoning::of(self.past.policy.versions.get(self.version)?);
        Some(Asked { clause, history, group, time, stretch, own, times: &version.times, reckoning })
    }
}

/// A record that may count for the one that asks.
struct Member {
    record: u32,
    sure: bool,
    counted: Counted,
}

impl Member {
    /// Gives a span that adds what the record adds.
    fn as_span(&self) -> Span {
        Span { from: 0, until: 1, sure: self.sure, counted: self.counted }
    }
}

impl<'q> Asked<'q> {
    fn measure(&self, evaluation: &mut Evaluation<'_>) -> Measured {
        let itself = self.itself(evaluation);
        let range = range_of(evaluation, self.history.function);
        match self.group.map(|group| &group.totals) {
            Some(Totals::Counts(sums)) => self.total(sums, itself).map_or_else(|| self.open(), count),
            Some(Totals::Shares(sums)) => self.total(sums, itself).map_or_else(|| self.open(), share),
            Some(Totals::Sums(sums)) => match (self.total(sums, itself), self.history.function) {
                (Some(total), Function::Sum(_)) => sum(total, range),
                (Some(total), _) if total.maybe.count == 0 => average(total, range),
                (Some(_), _) if !self.is_crowd() => self.average_of_members(itself, range),
                _ => self.open(),
            },
            Some(Totals::None) => self.since_last(),
            None => match self.history.function {
                Function::Count => count(with_itself(Total::default(), itself)),
                Function::Share(_) => share(with_itself(Total::default(), itself)),
                Function::Sum(_) => sum(with_itself(Total::default(), itself), range),
                Function::Average(_) => self.average_of_members(itself, range),
                Function::TimeSinceLast => Measured::Between(Bound::Highest, Bound::Highest),
            },
        }
    }

    /// Says whether there are too many records to look at one by one.
    fn is_crowd(&self) -> bool {
        self.near().len() > MOST_LOOKED_AT
    }

    /// Gives the range of which nothing is known, since too many records would have to be looked at.
    fn open(&self) -> Measured {
        match self.history.function {
            // One more, since the record may count itself.
            Function::Count => Measured::count(0, i64::try_from(self.near().len() + 1).unwrap_or(i64::MAX)),
            Function::Share(_) => Measured::count(0, 100),
            _ => Measured::Between(Bound::Lowest, Bound::Highest),
        }
    }

    /// Gives the total of the group for this record: without itself, or with itself as it counts for itself. Gives
    /// `None` if no running total tells and too many records would have to be looked at.
    fn total<S: Weight, M: Weight>(&self, sums: &Summed<S, M>, itself: Option<Own>) -> Option<Total<S, M>> {
        let known = self.by_steps(&sums.steps).map(|total| self.own.map_or(total, |own| self.without(total, own)));
        let known = known.or_else(|| self.of_part_of_a_date(sums));
        let one_by_one = || self.members().fold(Total::default(), |total, member| self.with(total, &member));
        let total = known.or_else(|| (!self.is_crowd()).then(one_by_one))?;
        Some(with_itself(total, itself))
    }

    /// Gives the total where the record that asks has a part of a date for a time: many share it, and it is known.
    fn of_part_of_a_date<S: Weight, M: Weight>(&self, sums: &Summed<S, M>) -> Option<Total<S, M>> {
        if self.history.window == Window::AtTheSameTime || self.time.either {
            return None;
        }
        let total = *sums.of_dates.get(&(self.time.first, self.time.last))?;
        let own = self.own.and_then(|own| Some((own, self.member(own)?)));
        Some(own.map_or(total, |(own, member)| total.without(&member.as_span(), self.clause.value(own))))
    }

    /// Gives the total by binary search, where the time of the record that asks is exact.
    fn by_steps<S: Weight, M: Weight>(&self, steps: &Steps<S, M>) -> Option<Total<S, M>> {
        if self.history.window == Window::AtTheSameTime {
            let Stretch { start, end } = self.stretch.filter(|stretch| stretch.is_exact())?;
            return self.clause.plain.then(|| steps.overlapping(start.first, end.first));
        }
        self.time.is_exact().then(|| steps.at(self.time.first))
    }

    /// Takes what the record's own spans add out of the total of its group.
    fn without<S: Weight, M: Weight>(&self, total: Total<S, M>, own: u32) -> Total<S, M> {
        let spans = self.clause.spans_in_group(own);
        let value = self.clause.value(own);
        let covering = spans.iter().filter(|span| match self.stretch {
            Some(stretch) => stretch.surely_overlaps(span),
            None => span.covers(self.time.first),
        });
        covering.fold(total, |total, span| total.without(span, value))
    }

    /// Gives the latest of the records that count, by their time, and how many more there are.
    fn latest(&self) -> (Vec<Seen>, usize) {
        let only_the_last = self.history.function == Function::TimeSinceLast;
        let mut seen: Vec<Seen> = Vec::new();
        let near = self.near().iter().rev().take(MOST_LOOKED_AT).filter(|record| Some(**record) != self.own);
        for member in near.filter_map(|record| self.member(*record)) {
            seen.push(self.seen(&member));
            if seen.len() == MOST_NAMED || (only_the_last && member.sure) {
                break;
            }
        }
        seen.reverse();
        let more = self.how_many().unwrap_or(0).saturating_sub(seen.len());
        (seen, more)
    }

    /// Gives how many records count or may count, where running totals tell.
    fn how_many(&self) -> Option<usize> {
        let count = match &self.group?.totals {
            Totals::Counts(sums) => self.total(sums, None)?.count(),
            Totals::Shares(sums) => self.total(sums, None)?.count(),
            Totals::Sums(sums) => self.total(sums, None)?.count(),
            Totals::None => return None,
        };
        usize::try_from(count).ok()
    }

    /// Gives the last instant before the window.
    fn reaches_back_to(&self, at: Option<When>) -> Option<Timestamp> {
        let length = self.history.window.length()?;
        let zone = self.reckoning.zone;
        if self.reckoning.by_days {
            let day = length.days_before(at?.first_day)?;
            return days(day, day, zone).ok().map(|day| day.latest);
        }
        Some(length.before(at?.earliest, zone))
    }

    fn seen(&self, member: &Member) -> Seen {
        let open = match self.history.function {
            Function::Sum(_) | Function::Average(_) => self.clause.value(member.record).is_none(),
            Function::Share(_) => member.counted == Counted::Perhaps,
            Function::TimeSinceLast => !self.clause.time(member.record, self.times).is_some_and(Ticks::is_exact),
            Function::Count => false,
        };
        Seen { record: member.record, sure: member.sure, open }
    }

    fn with<S: Weight, M: Weight>(&self, total: Total<S, M>, member: &Member) -> Total<S, M> {
        total.with(&member.as_span(), self.clause.value(member.record))
    }

    /// Gives the records of the group that count or may count, but not the one that asks.
    fn members(&self) -> impl Iterator<Item = Member> + use<'_, 'q> {
        let near = self.near();
        near.iter().filter(|record| Some(**record) != self.own).filter_map(|record| self.member(*record))
    }

    /// Gives the records of the group whose time lies near enough, by binary search.
    fn near(&self) -> &'q [u32] {
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

    fn member(&self, record: u32) -> Option<Member> {
        let (sure, counted) = match self.stretch {
            Some(stretch) => self.all_at_the_same_time(record, stretch)?,
            None => counts_at(self.clause.spans_in_group(record), self.time)?,
        };
        Some(Member { record, sure, counted })
    }

    /// Says whether a record overlaps the one that asks. Several with one id count surely if each of them does.
    fn all_at_the_same_time(&self, record: u32, stretch: Stretch) -> Option<(bool, Counted)> {
        let Some(joint) = self.clause.joint.get(&record) else { return self.at_the_same_time(record, stretch) };
        let each = joint.records.iter().map(|record| self.at_the_same_time(*record, stretch));
        let mut sure = joint.all_here;
        let counting = each.inspect(|counts| sure &= counts.is_some_and(|counts| counts.0)).flatten();
        let counted =
            counting.map(|counts| counts.1).reduce(|one, other| if one == other { one } else { Counted::Perhaps })?;
        Some((sure, counted))
    }

    fn at_the_same_time(&self, record: u32, stretch: Stretch) -> Option<(bool, Counted)> {
        let spans = self.clause.own_spans(record);
        let counted = spans.iter().find(|span| stretch.may_overlap(span))?.counted;
        let sure = spans.iter().any(|span| span.sure && stretch.surely_overlaps(span));
        let Some(passes) = self.clause.phases.get(&record) else { return Some((sure, counted)) };
        counts_at(passes, self.time).map(|(surely_passes, counted)| (sure && surely_passes, counted))
    }

    /// Gives whether the record that asks counts itself, if its window has it in it.
    fn itself(&self, evaluation: &mut Evaluation<'_>) -> Option<Own> {
        if !self.history.window.counts_itself() {
            return None;
        }
        let passes = self.history.filter.map_or(Truth::True, |filter| evaluation.truth(filter));
        let counted = match self.history.function {
            Function::Share(counted) => match evaluation.truth(counted) {
                Truth::True => Counted::Yes,
                Truth::False => Counted::No,
                Truth::Unknown => Counted::Perhaps,
            },
            _ => Counted::Yes,
        };
        let summed = self.history.function.summed();
        let value = summed.and_then(|field| evaluation.episode.value(field)).and_then(number_of);
        Some((passes, counted, value))
    }

    /// Gives the range of an average of which some members, or their values, are open.
    fn average_of_members(&self, itself: Option<Own>, range: (Bound, Bound)) -> Measured {
        let mut members: Vec<(bool, Bound, Bound)> = Vec::new();
        let bounds = |value: Option<Exact>| match value {
            Some(value) => (Bound::At(Ratio::number(value)), Bound::At(Ratio::number(value))),
            None => range,
        };
        let mut take = |sure, value| {
            let (low, high) = bounds(value);
            members.push((sure, low, high));
        };
        for member in self.members() {
            take(member.sure, self.clause.value(member.record));
        }
        if let Some((truth, _, value)) = itself.filter(|itself| itself.0 != Truth::False) {
            take(truth == Truth::True, value);
        }
        if !members.iter().any(|member| member.0) {
            return Measured::NoValue;
        }
        let highest = extreme(members.iter().map(|(sure, _, high)| (*sure, *high)), Ordering::Greater);
        let lowest = extreme(members.iter().map(|(sure, low, _)| (*sure, *low)), Ordering::Less);
        Measured::Between(lowest, highest)
    }

    /// Gives the time since the last record that counts; of none, longer than every duration.
    fn since_last(&self) -> Measured {
        let Some(group) = self.group else { return Measured::Between(Bound::Highest, Bound::Highest) };
        let mut nearest: Option<i64> = None;
        let mut surely: Option<i64> = None;
        for (looked_at, record) in self.near().iter().rev().enumerate().filter(|(_, record)| Some(**record) != self.own)
        {
            let Some(time) = self.clause.time(*record, self.times) else { continue };
            let passed = nearest.is_some_and(|nearest| time.first.saturating_add(group.longest) < nearest);
            if surely.is_some() && passed {
                break;
            }
            if looked_at >= MOST_LOOKED_AT {
                // None of those beyond lies later than this.
                nearest = nearest.max(Some(time.first.saturating_add(group.longest).min(self.time.last)));
                break;
            }
            let Some((sure, _)) = counts_at(self.clause.spans_in_group(*record), self.time) else { continue };
            nearest = nearest.max(Some(time.last.min(self.time.last)));
            surely = surely.max(sure.then_some(time.first));
        }
        let since = |now: i64, then: i64| {
            Bound::whole((i128::from(now) - i128::from(then)).max(0) * self.reckoning.nanoseconds())
        };
        let low = nearest.map_or(Bound::Highest, |then| since(self.time.first, then));
        let high = surely.map_or(Bound::Highest, |then| since(self.time.last, then));
        Measured::Between(low, high)
    }
}

/// How a record counts itself: whether it does, whether it fulfils the condition of a share, and its value.
type Own = (Truth, Counted, Option<Exact>);

/// Adds what the record that asks adds by counting itself.
fn with_itself<S: Weight, M: Weight>(total: Total<S, M>, itself: Option<Own>) -> Total<S, M> {
    match itself {
        Some((truth @ (Truth::True | Truth::Unknown), counted, value)) => {
            total.with(&Span { from: 0, until: 1, sure: truth == Truth::True, counted }, value)
        }
        _ => total,
    }
}

fn count(total: Total<(), ()>) -> Measured {
    Measured::count(total.sure.count, total.sure.count + total.maybe.count)
}

/// The least share leaves out whoever would fulfil the condition, and the greatest whoever would not.
fn share(total: Total<Fulfil, Fulfil>) -> Measured {
    let Total { sure, maybe } = total;
    if sure.count == 0 {
        return Measured::NoValue;
    }
    let part = |some: i32, all: i64| {
        Bound::At(Ratio { sum: Exact::whole(i128::from(some) * 100), of: u64::try_from(all).unwrap_or(1) })
    };
    let may_fulfil = maybe.weight.yes + maybe.weight.perhaps;
    let low = part(sure.weight.yes, sure.count + maybe.count - i64::from(maybe.weight.yes));
    let high = part(sure.weight.yes + sure.weight.perhaps + may_fulfil, sure.count + i64::from(may_fulfil));
    Measured::Between(low, high)
}

/// A value that is missing may be anything in the range of its field; a record that may not count may add nothing.
fn sum(total: Total<Values, Signed>, range: (Bound, Bound)) -> Measured {
    let (sure, maybe) = (total.sure.weight, total.maybe.weight);
    let open_maybe = maybe.below.open + maybe.above.open;
    let bound = |added: Values, end: Bound, counts: fn(Exact) -> bool, outermost: Bound| {
        let open_maybe = match end {
            Bound::At(end) if !counts(end.sum) => 0,
            _ => open_maybe,
        };
        let known = sure.sum.zip(added.sum).and_then(|(one, other)| one.plus(other));
        match (known, end, sure.open + open_maybe) {
            (Some(known), _, 0) => Bound::At(Ratio::number(known)),
            (Some(known), Bound::At(end), open) => {
                let times = end.sum.mantissa.checked_mul(i128::from(open));
                let all = times.and_then(|mantissa| known.plus(Exact { mantissa, ..end.sum }));
                all.map_or(outermost, |all| Bound::At(Ratio::number(all)))
            }
            _ => outermost,
        }
    };
    let (low, high) = range;
    Measured::Between(
        bound(maybe.below, low, |end| end.mantissa < 0, Bound::Lowest),
        bound(maybe.above, high, |end| end.mantissa > 0, Bound::Highest),
    )
}

/// Of records that all count surely; a value that is missing may be anything in the range of its field.
fn average(total: Total<Values, Signed>, range: (Bound, Bound)) -> Measured {
    let Ok(of @ 1..) = u64::try_from(total.sure.count) else { return Measured::NoValue };
    let each = |bound: Bound| match bound {
        Bound::At(Ratio { sum, .. }) => Bound::At(Ratio { sum, of }),
        open => open,
    };
    match sum(total, range) {
        Measured::Between(low, high) => Measured::Between(each(low), each(high)),
        other => other,
    }
}

/// Gives the greatest (or the least) average: of those that may count, each that raises it (or lowers it) is taken in.
fn extreme(members: impl Iterator<Item = (bool, Bound)>, better: Ordering) -> Bound {
    let outermost = if better == Ordering::Greater { Bound::Highest } else { Bound::Lowest };
    let (mut total, mut of) = (Exact::ZERO, 0u64);
    let mut optional: Vec<Exact> = Vec::new();
    for (sure, bound) in members {
        let Bound::At(Ratio { sum, .. }) = bound else { return outermost };
        if sure {
            let Some(sum) = total.plus(sum) else { return outermost };
            (total, of) = (sum, of + 1);
        } else {
            optional.push(sum);
        }
    }
    optional.sort_by(|one, other| if better == Ordering::Greater { other.compare(*one) } else { one.compare(*other) });
    for value in optional {
        if (Ratio { sum: total, of }).compare(value) != better.reverse() {
            break;
        }
        let Some(sum) = total.plus(value) else { return outermost };
        (total, of) = (sum, of + 1);
    }
    Bound::At(Ratio { sum: total, of })
}

/// Gives the range of what is summed: a duration is never negative.
fn range_of(evaluation: &Evaluation<'_>, function: Function) -> (Bound, Bound) {
    let Some(field) = function.summed() else { return (Bound::Lowest, Bound::Highest) };
    let kind = evaluation.version.vocabulary.field(field).map(|field| field.kind);
    match kind {
        Some(FieldType::Number(range) | FieldType::WholeNumber(range) | FieldType::Percent(range)) => {
            let at = |end: Option<rust_decimal::Decimal>, open: Bound| {
                end.map_or(open, |end| Bound::At(Ratio::number(Exact::of(end))))
            };
            (at(range.low, Bound::Lowest), at(range.high, Bound::Highest))
        }
        Some(FieldType::Duration) => (Bound::whole(0), Bound::Highest),
        _ => (Bound::Lowest, Bound::Highest),
    }
}
