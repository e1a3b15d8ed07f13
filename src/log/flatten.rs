//! From nested groups to dotted paths, for the formats that have groups.
//!
//! A reader enters and leaves groups and tells each value; what comes out is a [`Record`]. This is where the bounds on
//! depth, paths and number of values hold, and where keys that stand twice are found, also when one is written
//! `patient.risk` and the other as `risk` in the group `patient`.

use super::limits::Limits;
use super::record::{Entry, Raw, Record, Repeat, Unreadable};
use crate::source::Span;

/// The longest dotted path, in bytes. Without a bound, many values below long keys would ask for any amount of memory.
const LONGEST_PATH: usize = 1_024;

/// A record in the making.
pub(super) struct Flat<'l> {
    limits: &'l Limits,
    prefix: String,
    depth: usize,
    values: usize,
    entries: Vec<Entry>,
    groups: Vec<(String, Span)>,
}

impl<'l> Flat<'l> {
    /// Begins a record.
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, prefix: String::new(), depth: 1, values: 0, entries: Vec::with_capacity(16), groups: Vec::new() }
    }

    /// Adds a value under a key of the present group.
    pub(super) fn value(&mut self, key: &str, at: Span, raw: Raw, place: Span) -> Result<(), Unreadable> {
        self.values += 1;
        within_values(self.values, self.limits, at)?;
        let path = self.path(key, at)?;
        self.entries.push(Entry { path, key: at, place, raw });
        Ok(())
    }

    /// Enters a group; gives what [`Flat::leave`] wants back.
    pub(super) fn enter(&mut self, key: &str, at: Span) -> Result<usize, Unreadable> {
        self.depth += 1;
        within_depth(self.depth, self.limits, at)?;
        let path = self.path(key, at)?;
        let outer = self.prefix.len();
        self.prefix.clone_from(&path);
        self.prefix.push('.');
        self.groups.push((path, at));
        Ok(outer)
    }

    /// Leaves a group.
    pub(super) fn leave(&mut self, outer: usize) {
        self.depth = self.depth.saturating_sub(1);
        self.prefix.truncate(outer);
    }

    /// Gives how deep the present group lies; the record itself is 1.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    fn path(&self, key: &str, at: Span) -> Result<String, Unreadable> {
        if self.prefix.len() + key.len() > LONGEST_PATH {
            let reason = format!("a key, with the groups around it, is longer than {LONGEST_PATH} bytes");
            return Err(Unreadable { at: Span::new(at.source, at.start, at.start), reason });
        }
        let mut path = String::with_capacity(self.prefix.len() + key.len());
        path.push_str(&self.prefix);
        path.push_str(key);
        Ok(path)
    }

    /// Ends the record.
    pub(super) fn finish(self, span: Span) -> Record {
        let repeats = repeats(&self.entries, &self.groups);
        Record { span, entries: self.entries, repeats, split_sets: false }
    }
}

/// Refuses a record that has too many values.
pub(super) fn within_values(values: usize, limits: &Limits, at: Span) -> Result<(), Unreadable> {
    if values <= limits.values {
        return Ok(());
    }
    Err(Unreadable { at, reason: format!("this record has more than {} values", limits.values) })
}

/// Refuses a record that nests too deep.
pub(super) fn within_depth(depth: usize, limits: &Limits, at: Span) -> Result<(), Unreadable> {
    if depth <= limits.depth {
        return Ok(());
    }
    Err(Unreadable { at, reason: format!("the groups and lists of this record nest more than {} deep", limits.depth) })
}

/// Finds paths that stand more than once, as a value or as a group.
fn repeats(entries: &[Entry], groups: &[(String, Span)]) -> Vec<Repeat> {
    let values = entries.iter().map(|entry| (entry.path.as_str(), entry.key));
    let mut all: Vec<(&str, Span)> = values.chain(groups.iter().map(|(path, at)| (path.as_str(), *at))).collect();
    all.sort_unstable();
    repeated(all)
}

/// Gives each path that stands more than once in a sorted list, with its first two places.
pub(super) fn repeated<'p>(sorted: impl IntoIterator<Item = (&'p str, Span)>) -> Vec<Repeat> {
    let mut repeats: Vec<Repeat> = Vec::new();
    let mut last: Option<(&str, Span)> = None;
    for (path, again) in sorted {
        let is_told = repeats.last().is_some_and(|repeat| repeat.path == path);
        if let Some((_, first)) = last.filter(|(before, _)| *before == path && !is_told) {
            repeats.push(Repeat { path: path.to_owned(), first, again });
        }
        last = Some((path, again));
    }
    repeats
}
