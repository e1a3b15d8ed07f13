//! The past: what every record of an audit means to the history clauses of one policy.
//!
//! Made in one pass over the records, whatever their order, and closed before any is judged. For each clause the records
//! are put into groups of one key, and each has the spans of time in which it counts for whoever asks then; so a question
//! costs a few binary searches, however many records there are. The meaning is that of semantics.md, section 7.

mod ask;
mod clock;
mod gather;
mod records;
mod spans;
mod steps;
mod stretch;

pub(in crate::judge) use ask::Question;
pub use ask::{Itself, Looked, Seen};
pub use gather::Gathering;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::policy::{Function, HistoryId, Policy};
use crate::source;

use super::measured::Exact;
use clock::Ticks;
use gather::{Clause, KeyTable, OfVersion};
use records::Records;
use spans::{Span, counts_at, together};
use steps::{Fulfil, Signed, Steps, Total, Values, Weight};

/// The times that are parts of dates, from their first tick to their last.
type Dates = BTreeSet<(i64, i64)>;

/// What is kept of a record to name it where it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfRecord<'p> {
    /// The id that it gives itself; empty if none.
    pub id: &'p str,
    /// Where it begins.
    pub place: source::Span,
}

/// Every record as the history clauses of one policy need it.
#[derive(Debug)]
pub struct Past<'p> {
    policy: &'p Policy,
    /// Until when what has no end is open.
    as_of: jiff::Timestamp,
    records: Records,
    /// Of records that share their id with others: which set they belong to.
    set_of: HashMap<u32, u32>,
    versions: Vec<VersionPast>,
    /// From when the log is complete: as stated, or the earliest time of any record.
    begins: Option<jiff::Timestamp>,
}

#[derive(Debug)]
struct VersionPast {
    times: Vec<Option<Ticks>>,
    tables: Vec<KeyTable>,
    clauses: Vec<ClausePast>,
}

/// One clause: its groups by key, and each record's spans.
#[derive(Debug)]
struct ClausePast {
    table: usize,
    offsets: Vec<u32>,
    spans: Vec<Span>,
    values: Vec<Option<Exact>>,
    placeless: Vec<u32>,
    phases: HashMap<u32, Vec<Span>>,
    /// Records that share their id with others, by number: the spans with which they count, the first of a group for all
    /// that are in it.
    joint: HashMap<u32, Joint>,
    /// Who stands for a set of such records in a group: by the set and the key.
    stands_for: HashMap<(u32, u32), u32>,
    /// Whether every record of `at the same time` is a plain stretch, so that running totals tell all.
    plain: bool,
    groups: Vec<Group>,
    for_nobody: u32,
}

/// Records that share their id and their key, as one.
#[derive(Debug, Default)]
struct Joint {
    spans: Vec<Span>,
    /// From the earliest of their times to the latest; none for those that another stands for.
    time: Option<Ticks>,
    /// All of them; empty for those that another stands for.
    records: Vec<u32>,
    /// Whether all records with that id are in the group.
    all_here: bool,
}

/// The records with one key.
#[derive(Debug)]
struct Group {
    /// Those that may count, by their time.
    records: Vec<u32>,
    /// The longest time, in ticks, over which the time of one of them is open.
    longest: i64,
    totals: Totals,
}

#[derive(Debug)]
enum Totals {
    Counts(Summed<(), ()>),
    Shares(Summed<Fulfil, Fulfil>),
    Sums(Summed<Values, Signed>),
    None,
}

/// The totals of a group: for whoever asks at an instant, and for whoever has a part of a date for a time.
#[derive(Debug)]
struct Summed<S, M> {
    steps: Steps<S, M>,
    /// By the first and the last tick of such a part.
    of_dates: HashMap<(i64, i64), Total<S, M>>,
}

impl<S: Weight, M: Weight> Summed<S, M> {
    fn new(records: &[(&[Span], Option<Exact>)], dates: &Dates) -> Self {
        let of_record = |(spans, value): &(&[Span], Option<Exact>)| -> Vec<(Span, Option<Exact>)> {
            spans.iter().map(|span| (*span, *value)).collect()
        };
        let spans: Vec<(Span, Option<Exact>)> = records.iter().flat_map(of_record).collect();
        let total = |date: &(i64, i64)| {
            let time = Ticks { first: date.0, last: date.1, either: false };
            let counting = records.iter().filter_map(|(spans, value)| Some((counts_at(spans, time)?, *value)));
            let total = counting.fold(Total::default(), |total: Total<S, M>, ((sure, counted), value)| {
                total.with(&Span { from: 0, until: 1, sure, counted }, value)
            });
            (*date, total)
        };
        Self { steps: Steps::new(&spans), of_dates: dates.iter().map(total).collect() }
    }
}

impl<'p> Past<'p> {
    fn of(policy: &'p Policy, gathered: Gathering<'p>) -> Self {
        let Gathering { as_of, records, versions, begins, stated, .. } = gathered;
        let begins = stated.or(begins);
        let mut set_of = HashMap::new();
        let sets = records.sharing_an_id();
        for (set, number) in sets.iter().zip(0..) {
            set_of.extend(set.iter().map(|record| (*record, number)));
        }
        let close = |(version, of_version): (&crate::policy::Version, OfVersion)| {
            let OfVersion { times, tables, clauses } = of_version;
            let closed = gather::clauses(version)
                .zip(clauses)
                .map(|((_, history), clause)| ClausePast::close(clause, history.function, &tables, &times, &sets));
            let clauses = closed.collect();
            VersionPast { times, tables, clauses }
        };
        let versions = policy.versions.iter().zip(versions).map(close).collect();
        Self { policy, as_of, records, set_of, versions, begins }
    }

    /// Gives what is kept of a record.
    pub fn record(&self, record: u32) -> Option<OfRecord<'_>> {
        self.records.get(record)
    }

    /// Gives the time of a record as a version reads it: some instant between two.
    pub fn time(&self, version: usize, record: u32) -> Option<(jiff::Timestamp, jiff::Timestamp)> {
        let ticks = self.versions.get(version)?.times.get(record as usize).copied().flatten()?;
        let reckoning = clock::Reckoning::of(self.policy.versions.get(version)?);
        Some((reckoning.instants(ticks.first).0, reckoning.instants(ticks.last).1))
    }

    /// Gives the number of records that a clause counts for nobody, since they have no key or no time.
    pub fn for_nobody(&self, version: usize, history: HistoryId) -> usize {
        self.clause(version, history).map_or(0, |clause| clause.for_nobody as usize)
    }

    /// Gives from when the log is complete: as stated, or the earliest time of any record.
    pub fn begins(&self) -> Option<jiff::Timestamp> {
        self.begins
    }

    /// Gives the policy whose past it is.
    pub fn policy(&self) -> &'p Policy {
        self.policy
    }

    fn clause(&self, version: usize, history: HistoryId) -> Option<&ClausePast> {
        self.versions.get(version)?.clauses.get(history.0 as usize)
    }
}

impl ClausePast {
    fn close(
        clause: Clause,
        function: Function,
        tables: &[KeyTable],
        times: &[Option<Ticks>],
        sets: &[Vec<u32>],
    ) -> Self {
        let Clause { table, offsets, spans, values, placeless, phases, for_nobody } = clause;
        let mut past = Self {
            table,
            offsets,
            spans,
            values,
            placeless,
            phases,
            joint: HashMap::new(),
            stands_for: HashMap::new(),
            plain: true,
            groups: Vec::new(),
            for_nobody,
        };
        let keys = tables.get(table).map(|table| table.of_record.as_slice()).unwrap_or_default();
        past.join(sets, keys, times);
        past.plain = past.phases.is_empty() && past.joint.is_empty() && past.all_plain();
        past.gather(function, keys, times);
        past
    }

    fn all_plain(&self) -> bool {
        let one_each = self.offsets.iter().zip(self.offsets.iter().skip(1)).all(|(from, until)| until - from <= 1);
        one_each && self.spans.iter().all(|span| span.sure)
    }

    /// Lets records with one id count once in each group: the first of them there stands for all.
    fn join(&mut self, sets: &[Vec<u32>], keys: &[Option<u32>], times: &[Option<Ticks>]) {
        for (set, number) in sets.iter().zip(0..) {
            let mut by_key: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for record in set {
                if let Some(key) = keys.get(*record as usize).copied().flatten() {
                    by_key.entry(key).or_default().push(*record);
                }
            }
            for (key, records) in by_key {
                self.join_in_a_group(number, key, &records, records.len() == set.len(), times);
            }
        }
    }

    fn join_in_a_group(&mut self, set: u32, key: u32, records: &[u32], all_here: bool, times: &[Option<Ticks>]) {
        let Some((first, rest)) = records.split_first() else { return };
        let all: Vec<&[Span]> = records.iter().map(|record| self.own_spans(*record)).collect();
        let spans = together(&all, all_here);
        let known = records.iter().filter_map(|record| times.get(*record as usize).copied().flatten());
        let time = known.reduce(|one, other| Ticks {
            first: one.first.min(other.first),
            last: one.last.max(other.last),
            either: false,
        });
        let value = self.common_value(records);
        if let Some(of_first) = self.values.get_mut(*first as usize) {
            *of_first = value;
        }
        self.joint.insert(*first, Joint { spans, time, records: records.to_vec(), all_here });
        self.joint.extend(rest.iter().map(|record| (*record, Joint::default())));
        self.stands_for.insert((set, key), *first);
    }

    /// Gives the value that those have in common which have a time: the others count for nobody.
    fn common_value(&self, records: &[u32]) -> Option<Exact> {
        let mut counting = records.iter().filter(|record| self.placeless.binary_search(record).is_err());
        let value = self.value(*counting.next()?)?;
        counting.all(|record| self.value(*record) == Some(value)).then_some(value)
    }

    /// Gives the time of a record in its group.
    fn time(&self, record: u32, times: &[Option<Ticks>]) -> Option<Ticks> {
        let joint = if self.joint.is_empty() { None } else { self.joint.get(&record) };
        joint.map_or_else(|| times.get(record as usize).copied().flatten(), |joint| joint.time)
    }

    /// Gives the spans of a record by itself.
    fn own_spans(&self, record: u32) -> &[Span] {
        let at = record as usize;
        let (from, until) = (self.offsets.get(at), self.offsets.get(at + 1));
        let range = from.zip(until).map(|(from, until)| *from as usize..*until as usize);
        range.and_then(|range| self.spans.get(range)).unwrap_or_default()
    }

    /// Gives the spans with which a record counts in its group.
    fn spans_in_group(&self, record: u32) -> &[Span] {
        let joint = if self.joint.is_empty() { None } else { self.joint.get(&record) };
        joint.map_or_else(|| self.own_spans(record), |joint| &joint.spans)
    }

    fn value(&self, record: u32) -> Option<Exact> {
        self.values.get(record as usize).copied().flatten()
    }

    fn gather(&mut self, function: Function, keys: &[Option<u32>], times: &[Option<Ticks>]) {
        let mut by_key: Vec<(Vec<u32>, Dates)> = Vec::new();
        for (record, key) in keys.iter().enumerate() {
            let (Ok(record), Some(key)) = (u32::try_from(record), key) else { continue };
            by_key.resize_with(by_key.len().max(*key as usize + 1), Default::default);
            let Some((records, dates)) = by_key.get_mut(*key as usize) else { continue };
            let time = times.get(record as usize).copied().flatten();
            dates.extend(time.filter(|time| !time.is_exact() && !time.either).map(|time| (time.first, time.last)));
            if !self.spans_in_group(record).is_empty() {
                records.push(record);
            }
        }
        let group = |(mut records, dates): (Vec<u32>, Dates)| {
            let time = |record: &u32| self.time(*record, times).map_or(0, |time| time.first);
            records.sort_by_key(|record| (time(record), *record));
            let totals = self.totals(function, &records, &dates);
            let open = |record: &u32| self.time(*record, times).map_or(0, |time| time.last - time.first);
            let longest = records.iter().map(open).max().unwrap_or(0);
            Group { records, longest, totals }
        };
        self.groups = by_key.into_iter().map(group).collect();
    }

    fn totals(&self, function: Function, records: &[u32], dates: &Dates) -> Totals {
        let of = |record: &u32| (self.spans_in_group(*record), self.value(*record));
        let records: Vec<(&[Span], Option<Exact>)> = records.iter().map(of).collect();
        match function {
            Function::Count => Totals::Counts(Summed::new(&records, dates)),
            Function::Share(_) => Totals::Shares(Summed::new(&records, dates)),
            Function::Sum(_) | Function::Average(_) => Totals::Sums(Summed::new(&records, dates)),
            Function::TimeSinceLast => Totals::None,
        }
    }
}
