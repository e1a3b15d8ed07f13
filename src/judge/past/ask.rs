//! What a history clause comes to for one record, and which records it counts.

use jiff::Timestamp;

use crate::judge::condition::Evaluation;
use crate::judge::measured::{Bound, Exact, Measured, number_of};
use crate::judge::truth::Truth;
use crate::judge::view::own_time;
use crate::policy::time::{When, days};
use crate::policy::{Function, History, HistoryId, Window};

use super::Past;
use super::clock::{Reckoning, Ticks};
use super::close::ClausePast;
use super::group::{Group, Summed, Totals};
use super::lane::Lane;
use super::member::Member;
use super::range::{average, average_of_each, count, range_of, share, sum};
use super::reach::Found;
use super::spans::{Counted, Span};
use super::steps::{Fulfil, Signed, Steps, Total, Values, Weight};
use super::stretch::Stretch;
use super::times::Times;

/// How many records of a group are looked at one by one for one question. What lies beyond is left open, so that no log
/// takes time out of proportion to its size.
const MOST_LOOKED_AT: usize = 10_000;

/// How many are looked at for open ones, where there are more than can be looked at for an answer.
const MOST_ASKED_FOR: usize = 1_000;

/// The number of a key that no record has.
const NOBODY_ELSE: u32 = u32::MAX - 1;

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
pub(super) struct Asked<'q> {
    pub(super) clause: &'q ClausePast,
    pub(super) history: &'q History,
    pub(super) time: Ticks,
    pub(super) times: &'q Times,
    /// The plain records with its key, and which of them lie in the window.
    pub(super) lanes: [Lane<'q>; 2],
    /// The special records with its key, if there are any.
    pub(super) group: Option<&'q Group>,
    /// Of `at the same time`: from when to when it lasts.
    pub(super) stretch: Option<Stretch>,
    /// The one of the group that stands for the record itself; none if it has no part in it.
    pub(super) own: Option<u32>,
    pub(super) reckoning: Reckoning<'q>,
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
        let at = own_time(evaluation).and_then(|field| crate::judge::view::instants(evaluation, field));
        let from = asked.reaches_back_to(at);
        Looked { history: id, measured, seen, more, itself, from, at }
    }

    /// Gives some of the records of which it is open whether they count, or what is asked of them besides: the latest.
    pub(in crate::judge) fn open_records(
        &self,
        id: HistoryId,
        most: usize,
        evaluation: &mut Evaluation<'_>,
    ) -> Vec<u32> {
        let Some(asked) = self.asked(id, evaluation) else { return Vec::new() };
        let latest = if asked.is_crowd() { MOST_ASKED_FOR } else { MOST_LOOKED_AT };
        let near = asked.near(latest);
        let seen = near.filter_map(|near| asked.member(&near)).map(|member| asked.seen(&member));
        seen.filter(|seen| !seen.sure || seen.open).take(most).map(|seen| seen.record).collect()
    }

    /// Gives what a count comes to, for a record that says itself whether it counts itself; `None` for other clauses.
    pub(in crate::judge) fn count(&self, id: HistoryId, itself: Option<Truth>) -> Option<Measured> {
        let of_policy = self.past.policy.versions.get(self.version)?;
        let history = of_policy.conditions.history(id)?;
        if history.function != Function::Count || history.window == Window::AtTheSameTime {
            return None;
        }
        let clause = self.past.versions.get(self.version)?.clauses.get(id.0 as usize)?;
        if let Some(others) = clause.others.get(self.record) {
            let [surely, perhaps] = [Truth::True, Truth::Unknown].map(|truth| i64::from(itself >= Some(truth)));
            return Some(Measured::count(others + surely, others + perhaps));
        }
        let placed = self.as_recorded(id);
        let Some(asked) = placed.and_then(|placed| self.asked_at(id, placed, None, |_, find| find())) else {
            return Some(Measured::Unknown);
        };
        let itself = itself.map(|passes| (passes, Counted::Yes, None));
        Some(asked.total(asked.counts(), itself).map_or_else(|| asked.open(), count))
    }

    fn asked(&self, id: HistoryId, evaluation: &mut Evaluation<'_>) -> Option<Asked<'q>> {
        let history = self.past.policy.versions.get(self.version)?.conditions.history(id)?;
        let lasts = history.window == Window::AtTheSameTime;
        let stretch = if lasts { Some(Stretch::of(evaluation, self.past.as_of)?) } else { None };
        let placed = self.as_written(id, evaluation)?;
        self.asked_at(id, placed, stretch, |window, find| evaluation.found(window, find))
    }

    /// Gives the key and the time that the first pass took up.
    fn as_recorded(&self, id: HistoryId) -> Option<(u32, Ticks)> {
        let version = self.past.versions.get(self.version)?;
        let clause = version.clauses.get(id.0 as usize)?;
        Some((version.tables.get(clause.table)?.key(self.record)?, version.times.get(self.record)?))
    }

    /// Gives the key and the time of the episode that asks: of one in which these are written in addition, the time that is
    /// written, and the key of somebody of whom nothing else is on record.
    fn as_written(&self, id: HistoryId, evaluation: &Evaluation<'_>) -> Option<(u32, Ticks)> {
        let version = self.past.versions.get(self.version)?;
        let table = version.tables.get(version.clauses.get(id.0 as usize)?.table)?;
        let known = table.key(self.record);
        let is_written = || table.fields.iter().all(|field| evaluation.episode.value(*field).is_some());
        let key = known.or_else(|| is_written().then_some(NOBODY_ELSE))?;
        let time = own_time(evaluation).and_then(|field| evaluation.episode.value(field))?;
        Some((key, Ticks::of(time)?))
    }

    /// Gives where the record stands; `found` may remember what was found for a window.
    fn asked_at(
        &self,
        id: HistoryId,
        (key, time): (u32, Ticks),
        stretch: Option<Stretch>,
        found: impl FnOnce(usize, &dyn Fn() -> Found) -> Found,
    ) -> Option<Asked<'q>> {
        let version = self.past.versions.get(self.version)?;
        let of_policy = self.past.policy.versions.get(self.version)?;
        let history = of_policy.conditions.history(id)?;
        let clause = version.clauses.get(id.0 as usize)?;
        let table = version.tables.get(clause.table)?;
        let times = &version.times;
        let reckoning = Reckoning::of(of_policy);
        let find = || Found::of(table.group(key, self.record, times), time, history.window, reckoning);
        let found = clause.window.map_or_else(Found::default, |window| found(window, &find));
        let lanes = clause.lanes(&table.orders, found);
        let set = if self.past.set_of.is_empty() { None } else { self.past.set_of.get(&self.record) };
        let own = set.map_or(Some(self.record), |set| clause.specials.stands_for.get(&(*set, key)).copied());
        let group = clause.specials.groups.get(&key);
        Some(Asked { clause, history, time, times, lanes, group, stretch, own, reckoning })
    }
}

impl<'q> Asked<'q> {
    fn measure(&self, evaluation: &mut Evaluation<'_>) -> Measured {
        let itself = self.itself(evaluation);
        let range = range_of(evaluation, self.history.function);
        match self.history.function {
            Function::Count => self.total(self.counts(), itself).map_or_else(|| self.open(), count),
            Function::Share(_) => self.total(self.shares(), itself).map_or_else(|| self.open(), share),
            Function::Sum(_) => self.total(self.sums(), itself).map_or_else(|| self.open(), |total| sum(total, range)),
            Function::Average(_) => match self.total(self.sums(), itself) {
                Some(total) if total.maybe.count == 0 => average(total, range),
                Some(_) if !self.is_crowd() => self.average_of_members(itself, range),
                _ => self.open(),
            },
            Function::TimeSinceLast => self.since_last(),
        }
    }

    fn counts(&self) -> Option<&'q Summed<(), ()>> {
        match &self.group?.totals {
            Totals::Counts(sums) => Some(sums),
            _ => None,
        }
    }

    fn shares(&self) -> Option<&'q Summed<Fulfil, Fulfil>> {
        match &self.group?.totals {
            Totals::Shares(sums) => Some(sums),
            _ => None,
        }
    }

    fn sums(&self) -> Option<&'q Summed<Values, Signed>> {
        match &self.group?.totals {
            Totals::Sums(sums) => Some(sums),
            _ => None,
        }
    }

    /// Says whether there are too many records to look at one by one.
    fn is_crowd(&self) -> bool {
        self.how_many_near() > MOST_LOOKED_AT
    }

    fn how_many_near(&self) -> usize {
        self.lanes.iter().map(Lane::how_many).sum::<usize>() + self.near_specials().len()
    }

    /// Gives the range of which nothing is known, since too many records would have to be looked at.
    fn open(&self) -> Measured {
        match self.history.function {
            // One more, since the record may count itself.
            Function::Count => Measured::count(0, i64::try_from(self.how_many_near() + 1).unwrap_or(i64::MAX)),
            Function::Share(_) => Measured::count(0, 100),
            _ => Measured::Between(Bound::Lowest, Bound::Highest),
        }
    }

    /// Gives the total of the group for this record: without itself, or with itself as it counts for itself. `sums`: those
    /// of the special records, if there are any. Gives `None` if no total tells and too many would have to be looked at.
    fn total<S: Weight, M: Weight>(&self, sums: Option<&Summed<S, M>>, itself: Option<Own>) -> Option<Total<S, M>> {
        let special = sums.map_or_else(|| Some(Total::default()), |sums| self.of_special(sums))?;
        let all = self.lanes.iter().fold(special, |total, lane| total.plus(lane.total(self)));
        Some(with_itself(all, itself))
    }

    /// Gives the total of the special records but the one that asks, by running totals where these tell, else one by one.
    fn of_special<S: Weight, M: Weight>(&self, sums: &Summed<S, M>) -> Option<Total<S, M>> {
        if let Some(all) = self.by_steps(&sums.steps).or_else(|| self.of_part_of_a_date(sums)) {
            let without = |own: Member| all.without(&own.as_span(), self.clause.value(own.record));
            return Some(self.own_special().map_or(all, without));
        }
        let near = self.near_specials();
        if near.len() > MOST_LOOKED_AT {
            return None;
        }
        let others = near.iter().filter(|special| Some(special.record) != self.own);
        let members = others.filter_map(|special| self.special_member(*special));
        Some(
            members.fold(Total::default(), |total, member| {
                total.with(&member.as_span(), self.clause.value(member.record))
            }),
        )
    }

    /// Gives the total where the record that asks has a part of a date for a time: many share it, and it is known.
    fn of_part_of_a_date<S: Weight, M: Weight>(&self, sums: &Summed<S, M>) -> Option<Total<S, M>> {
        let foreseen = self.history.window != Window::AtTheSameTime && !self.time.either;
        if foreseen { sums.of_date(self.time) } else { None }
    }

    /// Gives the total by binary search, where the time of the record that asks is exact.
    fn by_steps<S: Weight, M: Weight>(&self, steps: &Steps<S, M>) -> Option<Total<S, M>> {
        if self.history.window == Window::AtTheSameTime {
            let Stretch { start, end } = self.stretch.filter(|stretch| stretch.is_exact())?;
            return self.clause.specials.stretches.then(|| steps.overlapping(start.first, end.first));
        }
        self.time.is_exact().then(|| steps.at(self.time.first))
    }

    /// Gives the latest of the records that count, by their time, and how many more there are.
    fn latest(&self) -> (Vec<Seen>, usize) {
        let only_the_last = self.history.function == Function::TimeSinceLast;
        let mut seen: Vec<Seen> = Vec::new();
        for member in self.near(MOST_LOOKED_AT).filter_map(|near| self.member(&near)) {
            seen.push(self.seen(&member));
            if seen.len() == MOST_NAMED || (only_the_last && member.sure) {
                break;
            }
        }
        seen.reverse();
        let more = self.how_many().unwrap_or(0).saturating_sub(seen.len());
        (seen, more)
    }

    /// Gives how many records count or may count, where totals tell.
    fn how_many(&self) -> Option<usize> {
        let count = match self.history.function {
            Function::Count => self.total(self.counts(), None)?.count(),
            Function::Share(_) => self.total(self.shares(), None)?.count(),
            Function::Sum(_) | Function::Average(_) => self.total(self.sums(), None)?.count(),
            Function::TimeSinceLast => return None,
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
            Function::TimeSinceLast => !self.time_in_group(member.record).is_some_and(Ticks::is_exact),
            Function::Count => false,
        };
        Seen { record: member.record, sure: member.sure, open }
    }

    fn time_in_group(&self, record: u32) -> Option<Ticks> {
        self.clause.specials.joint(record).map_or_else(|| self.times.get(record), |joint| joint.time)
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
        let others = self.members().map(|member| (member.sure, self.clause.value(member.record)));
        let itself = itself.filter(|itself| itself.0 != Truth::False);
        average_of_each(others.chain(itself.map(|(truth, _, value)| (truth == Truth::True, value))), range)
    }

    /// Gives the time since the last record that counts; of none, longer than every duration.
    fn since_last(&self) -> Measured {
        let [(nearest, surely), (nearest_day, sure_day)] = self.lanes.each_ref().map(|lane| lane.last(self));
        let (mut nearest, mut surely) = (nearest.max(nearest_day), surely.max(sure_day));
        let longest = self.group.map_or(0, |group| group.longest);
        for (looked_at, special) in self.near_specials().iter().rev().enumerate() {
            let Some(time) = self.clause.time(*special, self.times) else { continue };
            let is_passed = |by: Option<i64>, latest: i64| by.is_some_and(|by| latest <= by);
            // None of those beyond lies later than this.
            let latest = time.first.saturating_add(longest).min(self.time.last);
            if is_passed(nearest, latest) && is_passed(surely, time.first) {
                break;
            }
            if looked_at >= MOST_LOOKED_AT {
                nearest = nearest.max(Some(latest));
                break;
            }
            let others = (Some(special.record) != self.own).then(|| self.special_member(*special));
            let Some(member) = others.flatten() else { continue };
            nearest = nearest.max(Some(time.last.min(self.time.last)));
            surely = surely.max(member.sure.then_some(time.first));
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
