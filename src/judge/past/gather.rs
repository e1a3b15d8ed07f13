//! The first pass: every record of an audit, each taken up with what history clauses need of it and no more.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::episode::Episode;
use crate::judge::condition::Evaluation;
use crate::judge::measured::{Exact, number_of};
use crate::judge::scope;
use crate::judge::truth::Truth;
use crate::judge::view::{KnownFrom, Possible, Purpose, View, instants, known_from, own_time};
use crate::policy::{ConditionId, FieldId, Function, History, HistoryId, Policy, Value, Version, Window};
use crate::source;

use super::Past;
use super::clock::{Reckoning, Ticks};
use super::records::Records;
use super::spans::{Counted, Phase, Span, spans};
use super::stretch::Stretch;

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
    pub(super) times: Vec<Option<Ticks>>,
    pub(super) tables: Vec<KeyTable>,
    pub(super) clauses: Vec<Clause>,
}

/// The keys of every record by the same fields, numbered; clauses with the same keys share it.
#[derive(Debug)]
pub(super) struct KeyTable {
    fields: Vec<FieldId>,
    numbers: HashMap<Box<str>, u32>,
    pub(super) of_record: Vec<Option<u32>>,
}

/// What one clause needs of every record.
#[derive(Debug)]
pub(super) struct Clause {
    pub(super) table: usize,
    /// The first of each record's spans; one more than there are records.
    pub(super) offsets: Vec<u32>,
    pub(super) spans: Vec<Span>,
    /// What is summed, by record; empty where nothing is.
    pub(super) values: Vec<Option<Exact>>,
    /// Of what is summed: the records, ascending, that have a key and no time.
    pub(super) placeless: Vec<u32>,
    /// Of `at the same time`: when a record passes `where`, if that is not always the same.
    pub(super) phases: HashMap<u32, Vec<Span>>,
    /// Records that count for nobody, since they have no key or no time.
    pub(super) for_nobody: u32,
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
            made.tables.push(KeyTable { fields, numbers: HashMap::new(), of_record: Vec::new() });
        }
        made.clauses.push(Clause {
            table,
            offsets: vec![0],
            spans: Vec::new(),
            values: Vec::new(),
            placeless: Vec::new(),
            phases: HashMap::new(),
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
            let key = self.tables.get(clause.table).and_then(|table| *table.of_record.last()?);
            taker.take(clause, history, record, key);
        }
    }
}

impl KeyTable {
    fn add(&mut self, episode: &Episode) {
        let mut key = String::new();
        let complete = self.fields.iter().all(|field| match episode.value(*field) {
            Some(value) => write_key(value, &mut key),
            None => false,
        });
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        let number = complete.then(|| *self.numbers.entry(key.into_boxed_str()).or_insert(next));
        self.of_record.push(number);
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

/// One record, as the clauses of one version take it up.
struct Taker<'t> {
    version: &'t Version,
    evaluation: Evaluation<'t>,
    time: Option<Ticks>,
    covered: Truth,
    as_of: Timestamp,
}

impl Taker<'_> {
    fn take(&self, clause: &mut Clause, history: &History, record: u32, key: Option<u32>) {
        if let Some(field) = history.function.summed() {
            clause.values.push(self.evaluation.episode.value(field).and_then(number_of));
        }
        let lasts = history.window == Window::AtTheSameTime;
        let placed = if lasts { self.stretch().is_some() } else { self.time.is_some() };
        if key.is_none() || !placed {
            clause.for_nobody += 1;
            clause.placeless.extend((key.is_some() && !clause.values.is_empty()).then_some(record));
        } else if self.covered != Truth::False {
            let phases = self.phases(history);
            let found = if lasts { self.lasting(&phases) } else { self.passing(history, &phases) };
            clause.spans.extend(found);
            if lasts && !phases.is_empty() && !matches!(phases.as_slice(), [always] if always.is_always()) {
                clause.phases.insert(record, phases.iter().map(|phase| phase.as_span()).collect());
            }
        }
        clause.offsets.push(u32::try_from(clause.spans.len()).unwrap_or(u32::MAX));
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
        let conditions = &self.version.conditions;
        let read = conditions.leaves(history.conditions()).into_iter().flat_map(|leaf| conditions.reads(leaf));
        read.map(|field| field.field).chain(history.function.summed()).collect()
    }
}

/// Within a window nothing lies after the record that asks.
fn counting(history: &History) -> Purpose {
    Purpose::Counting { earlier: history.window != Window::AtTheSameTime }
}

/// Gives the history clauses of a version with their ids.
pub(super) fn clauses(version: &Version) -> impl Iterator<Item = (HistoryId, &History)> {
    let ids = (0..).map(HistoryId);
    ids.zip(version.conditions.histories())
}
