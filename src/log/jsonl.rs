//! Records in JSONL: one a line, blank lines between them or not.
//!
//! Guarantees that a line spoils no other, and that a line longer than a record may be is not looked at.

use super::format::without_mark;
use super::json::record;
use super::limits::Limits;
use super::lines::lines;
use super::plain::{text, within_size};
use super::record::{Item, Record, Unreadable};
use crate::source::{SourceId, Span};

/// Reads the records of a log.
pub(super) fn read(bytes: &[u8], id: SourceId, limits: &Limits, sink: &mut dyn FnMut(Item)) {
    let mark = bytes.len() - without_mark(bytes).len();
    for line in lines(bytes, mark) {
        let whole = bytes.get(line.start..line.end).unwrap_or(&[]);
        let start = line.start + (whole.len() - whole.trim_ascii_start().len());
        let content = whole.trim_ascii();
        if !content.is_empty() {
            sink(
                one(content, Span::new(id, start, start + content.len()), limits)
                    .map_or_else(Item::Unreadable, Item::Record),
            );
        }
    }
}

/// Reads the record of one line.
pub(super) fn one(content: &[u8], place: Span, limits: &Limits) -> Result<Record, Unreadable> {
    within_size(place, limits.record_bytes)?;
    record(text(content, place.start, place.source)?, place, limits)
}
