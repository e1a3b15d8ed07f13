//! The first pass: every record of an audit, each taken up with what history clauses need of it and no more.

use jiff::Timestamp;

use crate::episode::Episode;
use crate::judge::condition::Evaluation;
use crate::judge::measured::number_of;
use crate::judge::scope;
use crate::judge::truth::Truth;
use crate::judge::view::{KnownFrom, Possible, Purpose, View, instants, known_from, own_time};
use crate::policy::{ConditionId, FieldId, Function, History, Policy, Version, Window};
use crate::source;

use super::Past;
use super::amounts::{Amount, Amounts};
use super::clock::{Reckoning, Ticks};
use super::marks::Mark;
use super::order::Keys;
use super::records::Records;
use super::spans::{Counted, Phase, Span, spans};
use super::special::Specials;
use super::stretch::Stretch;
use super::times::{Times, as_tick, is_day};

/// Takes up the records of an audit, in their order; [`Gathering::close`] makes the [`Past`] that judging asks.
#[derive(Debug)]
pub struct Gathering<'p> {
    policy: &'p Policy,
    /// Until when what has no end is open.
    pub(super) as_of: Timestamp,
    pub(super) records: Records,
    pub(super) versions: Vec<OfVersion>,
    pub(super) begins: Option<Timestamp>,
    /// From when the log is said to be complete.
    pub(super) stated: Option<Timestamp>,
}

/// What one version's history clauses need of every record.
#[derive(Debug, Default)]
pub(super) struct OfVersion {
    /// The earliest tick of a record that was taken up in brief.
    pub(super) earliest: Option<i64>,
    pub(super) times: Times,
    /// Clauses with the same keys share them.
    pub(super) tables: Vec<Keys>,
    pub(super) clauses: Vec<Clause>,
}

/// What one clause needs of every record.
#[derive(Debug)]
pub(super) struct Clause {
    pub(super) table: usize,
    pub(super) marks: Vec<Mark>,
    /// What is summed; none where nothing is.
    pub(super) amounts: Option<Amounts>,
    pub(super) specials: Specials,
    /// Of what is summed: the records, ascending, that have a key and no time.
    placeless: Vec<u32>,
    /// Records that count for nobody, since they have no key or no time.
    pub(super) for_nobody: u32,
}

impl Clause {
    /// Lets several records have the value that those have in common which have a time: the others count for nobody.
    pub(super) fn agree_on_a_value(&mut self, records: &[u32]) {
        let Some(amounts) = &mut self.amounts else { return };
        let mut counting = records.iter().filter(|record| self.placeless.binary_search(record).is_err());
        let value = counting.next().and_then(|record| amounts.get(*record));
        let common = value.filter(|value| counting.all(|record| amounts.get(*record) == Some(*value)));
        if let Some(first) = records.first() {
            amounts.set(*first, common);
        }
    }
}

impl<'p> Gathering<'p> {
    /// Begins with no record. `None` where no version of the policy looks back.
    pub fn new(policy: &'p Policy, as_of: Timestamp) -> Option<Self> {
        let looks_back = policy.versions.iter().any(|version| !version.conditions.histories().is_empty());
        looks_back.then(|| Self {
            policy,
            as_of,
            records: Records::default(),
            versions: policy.versions.iter().map(of_version).collect(),
            begins: None,
            stated: None,
        })
    }

    /// States from when the log is complete; else it begins with its earliest record.
    #[must_use]
    pub fn complete_since(mut self, begins: Option<Timestamp>) -> Self {
        self.stated = begins;
        self
    }

    /// Takes up the next record: as each version reads it.
    pub fn add(&mut self, readings: &[&Episode]) {
        let id = readings.iter().find_map(|episode| episode.id.as_deref()).unwrap_or("");
        let place = readings.first().map_or(source::Span::new(source::SourceId(0), 0, 0), |episode| episode.record);
        let record = self.records.add(id, place);
        let times = self.policy.versions.iter().zip(readings).filter_map(|(version, episode)| {
            let evaluation = Evaluation::new(version, episode);
            instants(&evaluation, own_time(&evaluation)?)
        });
        self.begins = times.map(|when| when.earliest).chain(self.begins).min();
        let covered = scope::covers(self.policy, readings);
        for ((version, episode), of_version) in self.policy.versions.iter().zip(readings).zip(&mut self.versions) {
            of_version.add(version, episode, record, covered, self.as_of);
        }
    }

    /// Ends the pass: puts what was taken up in order.
    pub fn close(self) -> Past<'p> {
        Past::of(self.policy, self)
    }
}

fn of_version(version: &Version) -> OfVersion {
    let mut made = OfVersion::default();
    for history in version.conditions.histories() {
        let fields: Vec<FieldId> = history.keys.iter().map(|key| key.stored).collect();
        let known = made.tables.iter().position(|table| table.fields == fields);
        let table = known.unwrap_or(made.tables.len());
        if known.is_none() {
            made.tables.push(Keys::of(fields));
        }
        let summed = history.function.summed().and_then(|field| version.vocabulary.field(field));
        made.clauses.push(Clause {
            table,
            marks: Vec::new(),
            amounts: summed.map(|field| Amounts::of(field.kind)),
            specials: Specials::default(),
            placeless: Vec::new(),
            for_nobody: 0,
        });
    }
    made
}

impl OfVersion {
    fn add(&mut self, version: &Version, episode: &Episode, record: u32, covered: Truth, as_of: Timestamp) {
        if self.clauses.is_empty() {
            return;
        }
        let evaluation = Evaluation::new(version, episode);
        self.tables.iter_mut().for_each(|table| table.add(episode));
        let time = own_time(&evaluation).and_then(|field| episode.value(field)).and_then(Ticks::of);
        self.times.push(time);
        let taker = Taker { version, evaluation, time, covered, as_of };
        for (clause, history) in self.clauses.iter_mut().zip(version.conditions.histories()) {
            let key = self.tables.get(clause.table).and_then(|keys| keys.get(record));
            let mark = taker.take(clause, history, record, key.is_some());
            clause.marks.push(mark);
        }
    }
}

/// One record, as the clauses of one version take it up.
struct Taker<'t> {
    version: &'t Version,
    evaluation: Evaluation<'t>,
    time: Option<Ticks>,
    covered: Truth,
    as_of: Timestamp,
}

impl Taker<'_> {
    /// Takes up the record for one clause, and says how it counts there.
    fn take(&self, clause: &mut Clause, history: &History, record: u32, has_key: bool) -> Mark {
        if let (Some(amounts), Some(field)) = (&mut clause.amounts, history.function.summed()) {
            amounts.push(self.evaluation.episode.value(field).and_then(number_of));
        }
        let lasts = history.window == Window::AtTheSameTime;
        let placed = if lasts { self.stretch().is_some() } else { self.time.is_some() };
        if !has_key || !placed {
            clause.for_nobody += 1;
            clause.placeless.extend((has_key && clause.amounts.is_some()).then_some(record));
            return Mark::NOTHING;
        }
        if self.covered == Truth::False {
            return Mark::NOTHING;
        }
        let phases = self.phases(history);
        if phases.is_empty() {
            return Mark::NOTHING;
        }
        let is_apart = clause.amounts.as_ref().is_some_and(|amounts| amounts.amount(record) == Amount::Apart);
        if let Some(mark) = self.plain(&phases).filter(|_| !lasts && !is_apart) {
            return mark;
        }
        let found = if lasts { self.lasting(&phases) } else { self.passing(history, &phases) };
        if lasts && !matches!(phases.as_slice(), [always] if always.is_always()) {
            clause.specials.phases.insert(record, phases.iter().map(|phase| phase.as_span()).collect());
        }
        clause.specials.push(record, found);
        Mark::SPECIAL
    }

    /// Gives the mark of a record that has a time to the tick or a day, and of which nothing changes that is known of it then
    /// or later: it counts in the same way wherever it lies in the window.
    fn plain(&self, phases: &[Phase]) -> Option<Mark> {
        let tick = self.time.filter(|time| as_tick(*time).is_some() || is_day(*time))?.first;
        let mut later = phases.iter().filter(|phase| phase.until > tick);
        let first = later.next()?;
        let mut end = first.until;
        for phase in later {
            if (phase.from, phase.sure, phase.counted) != (end, first.sure, first.counted) {
                return None;
            }
            end = phase.until;
        }
        let sure = first.sure && self.covered == Truth::True;
        (first.from <= tick && end == i64::MAX).then(|| Mark::plain(sure, first.counted))
    }

    /// Gives the spans of a record that lies in a window for some time.
    fn passing(&self, history: &History, phases: &[Phase]) -> Vec<Span> {
        let Some(time) = self.time else { return Vec::new() };
        let [surely, perhaps] = self.reckoning().in_window(time, history.window);
        let surely = if self.covered == Truth::True { surely } else { Vec::new() };
        spans(phases, &surely, &perhaps)
    }

    /// Gives the stretch of a record that has a start and perhaps an end, as spans: what overlaps it, overlaps it surely
    /// or perhaps. When it passes `where` is said apart if that is not always the same.
    fn lasting(&self, phases: &[Phase]) -> Vec<Span> {
        let (Some(Stretch { start, end }), Some(first)) = (self.stretch(), phases.first()) else { return Vec::new() };
        let passes = !first.is_always() || first.sure;
        let always = Phase { from: i64::MIN, until: i64::MAX, sure: passes && self.covered == Truth::True, ..*first };
        let surely = (start.last, end.first);
        let surely = if surely.0 < surely.1 { vec![surely] } else { Vec::new() };
        spans(&[always], &surely, &[(start.first, end.last)])
    }

    fn stretch(&self) -> Option<Stretch> {
        Stretch::of(&self.evaluation, self.as_of)
    }

    fn reckoning(&self) -> Reckoning<'_> {
        Reckoning::of(self.version)
    }

    /// Gives the stretches of time in which the record passes `where`, surely or perhaps: it changes only where
    /// something becomes known.
    fn phases(&self, history: &History) -> Vec<Phase> {
        let mut edges = vec![i64::MIN];
        for field in self.read_fields(history) {
            let known = known_from(&self.evaluation, field, counting(history));
            if let KnownFrom::Between(earliest, latest) | KnownFrom::Day(earliest, latest) = known {
                let reckoning = self.reckoning();
                let (first, last) = (reckoning.tick_of(earliest), reckoning.tick_of(latest));
                edges.extend([first, last]);
                edges.extend(reckoning.by_days.then(|| last.saturating_add(1)));
            }
        }
        edges.sort_unstable();
        edges.dedup();
        let ends = edges.iter().skip(1).copied().chain([i64::MAX]);
        edges.iter().zip(ends).filter_map(|(from, until)| self.phase(history, *from, until)).collect()
    }

    fn phase(&self, history: &History, from: i64, until: i64) -> Option<Phase> {
        let reckoning = self.reckoning();
        let (earliest, latest) = reckoning.instants(from);
        let view = View {
            evaluation: &self.evaluation,
            from: earliest,
            until: latest,
            by_days: reckoning.by_days,
            purpose: counting(history),
        };
        let passes = |id: Option<ConditionId>| id.map_or(Possible::TRUE, |id| view.possible(id));
        let mut passed = passes(history.filter);
        if let Some(field) = history.function.summed() {
            passed = passed.and(view.is_known(field));
        }
        let counted = match history.function {
            Function::Share(counted) => passes(Some(counted)),
            _ => Possible::TRUE,
        };
        let counted = match (counted.is_true(), counted.may_be_true()) {
            (true, _) => Counted::Yes,
            (_, true) => Counted::Perhaps,
            _ => Counted::No,
        };
        passed.may_be_true().then(|| Phase { from, until, sure: passed.is_true(), counted })
    }

    /// Gives the fields that a clause reads of a record.
    fn read_fields(&self, history: &History) -> Vec<FieldId> {
        self.version.conditions.fields_read(history.conditions()).chain(history.function.summed()).collect()
    }
}

/// Within a window nothing lies after the record that asks.
fn counting(history: &History) -> Purpose {
    Purpose::Counting { earlier: history.window != Window::AtTheSameTime }
}
