//! From a list in a JSON document to the values that a path leads to, each with its place.
//!
//! Readers take a list of groups for no value of any field. A mapping may: then the text of the list, which the reader has
//! found to be sound, is read again, member by member.

use super::path::{Path, Select, Way};
use crate::log::json::record;
use crate::log::limits::Limits;
use crate::log::record::{Entry, Raw, Record};
use crate::source::Span;

/// Reads lists in some bytes of one input.
pub(super) struct Within<'a> {
    pub(super) bytes: &'a [u8],
    /// Where in the input they begin.
    pub(super) from: usize,
    pub(super) limits: &'a Limits,
}

impl Within<'_> {
    /// Adds what a path leads to, from the entry that holds its list.
    pub(super) fn values(&self, path: &Path, list: &Entry, found: &mut Vec<Entry>) {
        let Raw::List(members) = &list.raw else { return };
        match &path.select {
            Select::At(at) => {
                if let Some((raw, place)) = members.get(*at) {
                    self.member(path, list, raw, *place, found);
                }
            }
            Select::Each => members.iter().for_each(|(raw, place)| self.member(path, list, raw, *place, found)),
            Select::Where(way, wanted) => {
                for (raw, place) in members {
                    if self.says(raw, *place, way, wanted) {
                        self.member(path, list, raw, *place, found);
                    }
                }
            }
        }
    }

    fn member(&self, path: &Path, list: &Entry, raw: &Raw, place: Span, found: &mut Vec<Entry>) {
        match path.rest.as_deref() {
            None => {
                found.push(Entry { path: list.path.clone(), key: list.key, place, raw: raw.clone() });
            }
            Some(way) => self.below(way, raw, place, found),
        }
    }

    /// Adds what a way leads to within a member that is a group.
    fn below(&self, way: &Way, raw: &Raw, place: Span, found: &mut Vec<Entry>) {
        let Some(record) = self.group(raw, place) else { return };
        match way {
            Way::Plain(wanted) => {
                found.extend(record.entries.into_iter().filter(|entry| entry.path == *wanted));
            }
            Way::Into(path) => {
                for entry in record.entries.iter().filter(|entry| entry.path == path.list) {
                    self.values(path, entry, found);
                }
            }
        }
    }

    fn says(&self, raw: &Raw, place: Span, way: &Way, wanted: &str) -> bool {
        let mut found = Vec::new();
        self.below(way, raw, place, &mut found);
        found.iter().any(|entry| matches!(&entry.raw, Raw::Text(text) | Raw::Number(text) if text == wanted))
    }

    /// Reads a member that is a group as if it were a record.
    fn group(&self, raw: &Raw, place: Span) -> Option<Record> {
        if !matches!(raw, Raw::Other("a group")) {
            return None;
        }
        let range = place.start.checked_sub(self.from)?..place.end.checked_sub(self.from)?;
        let text = std::str::from_utf8(self.bytes.get(range)?).ok()?;
        // Only JSON is read again: a list in YAML would want the anchors before it, and gives nothing here.
        record(text, place, self.limits).ok()
    }
}
