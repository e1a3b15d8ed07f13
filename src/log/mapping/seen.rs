//! Which columns a log has: found record by record, part by part of the log, and told when all of it was seen.

use std::collections::HashSet;

use super::{Column, Mapping};
use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::log::format::Format;
use crate::source::{SourceId, Span};

/// What a mapping met in a log, or in a part of one.
#[derive(Debug, Clone, Default)]
pub struct ColumnsSeen {
    /// Which of the mapping's columns some record had, by their places.
    seen: Vec<bool>,
    /// Other columns, for "did you mean": the first that were met, in their order.
    others: Vec<String>,
    known: HashSet<String>,
    /// The first record.
    first: Option<Span>,
}

/// How many other columns are kept for "did you mean".
const MOST_OTHERS: usize = 1_000;

impl ColumnsSeen {
    /// Adds what was met in the next part of the log. Any record may be met again: that changes nothing.
    pub fn absorb(&mut self, next: Self) {
        for (at, _) in next.seen.iter().enumerate().filter(|(_, seen)| **seen) {
            self.column(at);
        }
        // INVARIANT: what is among the first of the log is among the first of its part.
        next.others.iter().for_each(|path| self.other(path));
        self.first = self.first.into_iter().chain(next.first).min();
    }

    pub(super) fn record(&mut self, place: Span) {
        self.first.get_or_insert(place);
    }

    /// Says whether a record was met.
    pub(super) fn has_record(&self) -> bool {
        self.first.is_some()
    }

    pub(super) fn column(&mut self, at: usize) {
        if at >= self.seen.len() {
            self.seen.resize(at + 1, false);
        }
        if let Some(seen) = self.seen.get_mut(at) {
            *seen = true;
        }
    }

    pub(super) fn other(&mut self, path: &str) {
        if self.others.len() < MOST_OTHERS && !self.known.contains(path) {
            self.known.insert(path.to_owned());
            self.others.push(path.to_owned());
        }
    }

    /// Says which columns of a mapping no record had; nothing where there was none.
    pub(super) fn never_there(&self, mapping: &Mapping, input: SourceId, format: Format) -> Vec<Diagnostic> {
        let Some(first) = self.first else { return Vec::new() };
        let start = Span::new(input, first.start, first.start);
        let is_seen = |at: usize| self.seen.get(at).copied().unwrap_or(false);
        let unseen = mapping.columns.iter().enumerate().filter(|(at, _)| !is_seen(*at));
        unseen.map(|(_, column)| self.one_never_there(column, start, format)).collect()
    }

    fn one_never_there(&self, column: &Column, start: Span, format: Format) -> Diagnostic {
        let name = crate::log::finding::quote_path(&column.name);
        let mut others: Vec<&str> = self.others.iter().map(String::as_str).collect();
        others.sort_unstable();
        let near = did_you_mean(&column.name, others);
        let (code, message, help) = if format.has_header() {
            (
                codes::MAPPING_NO_SUCH_COLUMN,
                format!("this log has no column `{name}`, which the mapping reads"),
                "correct the name, or use a mapping of its own for this log (`for: …`)",
            )
        } else {
            (
                codes::MAPPING_NEVER_THERE,
                format!("no record of this log has `{name}`, which the mapping reads"),
                "correct the path, unless the log just never says it",
            )
        };
        Diagnostic::new(code, message, column.at, "named here")
            .with_label_in_log(start, "in this log", "(not there)")
            .with_help(near.unwrap_or_else(|| help.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_met_part_by_part_is_what_is_met_in_one() {
        let place = |at: usize| Span::new(SourceId(0), at, at + 1);
        // Some parts alone have more columns than are kept, and repeat those of others.
        let met = |seen: &mut ColumnsSeen, range: std::ops::Range<usize>| {
            for at in range {
                seen.record(place(at));
                seen.other(&format!("column {}", at * at % 7_919));
                seen.column(at % 11);
            }
        };
        let mut whole = ColumnsSeen::default();
        met(&mut whole, 5..3_000);
        assert_eq!(whole.others.len(), MOST_OTHERS);
        for cuts in [vec![5, 3_000], vec![5, 6, 400, 3_000], vec![5, 2_000, 2_001, 3_000], vec![5, 5, 1_004, 3_000]] {
            let mut seen = ColumnsSeen::default();
            for ends in cuts.windows(2) {
                let mut part = ColumnsSeen::default();
                met(&mut part, ends[0]..ends[1]);
                seen.absorb(part);
            }
            assert_eq!(
                (&seen.seen, &seen.others, seen.first),
                (&whole.seen, &whole.others, Some(place(5))),
                "{cuts:?}"
            );
        }
    }
}
