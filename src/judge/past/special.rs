//! Records whose counting depends on more than their time: their spans, and who stands for several with one id.

use std::collections::HashMap;
use std::ops::Range;

use super::clock::Ticks;
use super::group::Group;
use super::spans::Span;

/// The special records of one clause.
#[derive(Debug, Default)]
pub(super) struct Specials {
    /// By number, ascending.
    records: Vec<u32>,
    /// Where the spans of each end.
    ends: Vec<u32>,
    spans: Vec<Span>,
    /// Of `at the same time`: when a record passes `where`, if that is not always the same.
    pub(super) phases: HashMap<u32, Vec<Span>>,
    /// Records that share their id with others, by number: the spans with which they count, the first of a group for all
    /// that are in it.
    pub(super) joint: HashMap<u32, Joint>,
    /// Who stands for a set of such records in a group: by the set and the key.
    pub(super) stands_for: HashMap<(u32, u32), u32>,
    /// Of `at the same time`: whether every record is a plain stretch, so that running totals tell all.
    pub(super) stretches: bool,
    /// Those of each key, as far as there are any.
    pub(super) groups: HashMap<u32, Group>,
}

/// One of them, and where its spans are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Special {
    pub(super) record: u32,
    at: u32,
}

/// In place of where the spans are: it stands for others with its id.
const JOINT: u32 = u32::MAX;

impl Special {
    /// Says whether it stands for others with its id too.
    pub(super) fn is_joint(self) -> bool {
        self.at == JOINT
    }
}

/// Records that share their id and their key, as one.
#[derive(Debug, Default)]
pub(super) struct Joint {
    pub(super) spans: Vec<Span>,
    /// From the earliest of their times to the latest; none for those that another stands for.
    pub(super) time: Option<Ticks>,
    /// All of them; empty for those that another stands for.
    pub(super) records: Vec<u32>,
    /// Whether all records with that id are in the group.
    pub(super) all_here: bool,
}

impl Specials {
    /// Takes up a record, after those before it, with its spans.
    pub(super) fn push(&mut self, record: u32, spans: Vec<Span>) {
        self.records.push(record);
        self.spans.extend(spans);
        self.ends.push(u32::try_from(self.spans.len()).unwrap_or(u32::MAX));
    }

    /// Gives the spans of a record by itself.
    pub(super) fn own_spans(&self, record: u32) -> &[Span] {
        let Ok(at) = self.records.binary_search(&record) else { return &[] };
        self.spans.get(self.range(at)).unwrap_or_default()
    }

    /// Gives the spans with which a record counts in its group.
    pub(super) fn spans(&self, record: u32) -> &[Span] {
        self.joint(record).map_or_else(|| self.own_spans(record), |joint| &joint.spans)
    }

    /// Gives those with which a record shares its id and its key.
    pub(super) fn joint(&self, record: u32) -> Option<&Joint> {
        if self.joint.is_empty() { None } else { self.joint.get(&record) }
    }

    /// Gives every record that has spans in its group, in order of its number.
    pub(super) fn all(&self) -> Vec<Special> {
        let alone = self.records.iter().zip(0..).map(|(record, at)| Special { record: *record, at });
        let alone = alone.filter(|special| self.joint(special.record).is_none());
        let joint = self.joint.keys().map(|record| Special { record: *record, at: JOINT });
        let mut all: Vec<Special> = alone.chain(joint).filter(|special| !self.spans_of(*special).is_empty()).collect();
        all.sort_unstable_by_key(|special| special.record);
        all
    }

    /// Gives the spans with which a record counts in its group.
    pub(super) fn spans_of(&self, special: Special) -> &[Span] {
        if special.at == JOINT {
            return self.spans(special.record);
        }
        self.spans.get(self.range(special.at as usize)).unwrap_or_default()
    }

    /// Says whether each record is one sure stretch.
    pub(super) fn are_stretches(&self) -> bool {
        let one_each = (0..self.records.len()).all(|at| self.range(at).len() <= 1);
        self.phases.is_empty() && self.joint.is_empty() && one_each && self.spans.iter().all(|span| span.sure)
    }

    /// Gives back what was held in reserve for more records.
    pub(super) fn shrink(&mut self) {
        self.records.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.spans.shrink_to_fit();
    }

    fn range(&self, at: usize) -> Range<usize> {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        at.checked_sub(1).map_or(0, end)..end(at)
    }
}
