//! The past: what every record of an audit means to the history clauses of one policy.
//!
//! Made in one pass over the records, whatever their order, and closed before any is judged. Records are put in order once
//! for each set of keys (`order`), and what lies in a window is a range of that order (`reach`). Of most records a clause
//! needs to know no more than one byte: that they count, and as what (`marks`). The few of which something became known later,
//! or whose time or id makes more of them, have spans of the time in which they count (`spans`, `special`, `group`). So a
//! question costs a few binary searches, however many records there are. The meaning is that of semantics.md, section 7.

mod amounts;
mod ask;
mod brief;
mod clock;
mod close;
mod gather;
mod group;
mod lane;
mod marks;
mod member;
mod numbers;
mod order;
mod others;
mod range;
mod reach;
mod records;
mod spans;
mod special;
mod steps;
mod stretch;
mod table;
mod times;

pub(in crate::judge) use ask::Question;
pub use ask::{Itself, Looked, Seen};
pub use gather::Gathering;
pub(in crate::judge) use reach::Found;

use std::collections::HashMap;

use crate::policy::{HistoryId, Policy};
use crate::source;

use close::{ClausePast, VersionPast};
use records::Records;

/// What is kept of a record to name it where it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfRecord {
    /// The id that it gives itself; empty if none.
    pub id: String,
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

impl<'p> Past<'p> {
    fn of(policy: &'p Policy, gathered: Gathering<'p>) -> Self {
        let Gathering { as_of, records, versions, begins, stated, .. } = gathered;
        let earliest =
            policy.versions.iter().zip(&versions).filter_map(|(version, taken)| {
                taken.earliest.map(|tick| clock::Reckoning::of(version).instants(tick).0)
            });
        let begins = stated.or_else(|| begins.into_iter().chain(earliest).min());
        let mut set_of = HashMap::new();
        let sets = records.sharing_an_id();
        for (set, number) in sets.iter().zip(0..) {
            set_of.extend(set.iter().map(|record| (*record, number)));
        }
        let close = |(version, taken)| VersionPast::close(version, taken, &sets);
        let versions = policy.versions.iter().zip(versions).map(close).collect();
        Self { policy, as_of, records, set_of, versions, begins }
    }

    /// Gives what is kept of a record.
    pub fn record(&self, record: u32) -> Option<OfRecord> {
        self.records.get(record)
    }

    /// Gives the time of a record as a version reads it: some instant between two.
    pub fn time(&self, version: usize, record: u32) -> Option<(jiff::Timestamp, jiff::Timestamp)> {
        let ticks = self.versions.get(version)?.times.get(record)?;
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

    /// Gives the number of windows that the clauses of a version ask for: those of the same keys and length are one.
    pub(in crate::judge) fn windows(&self, version: usize) -> usize {
        self.versions.get(version).map_or(0, |version| version.windows)
    }

    fn clause(&self, version: usize, history: HistoryId) -> Option<&ClausePast> {
        self.versions.get(version)?.clauses.get(history.0 as usize)
    }
}
