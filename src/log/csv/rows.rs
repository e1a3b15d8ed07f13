//! CSV whose rows are lines: without a quotation mark anywhere, so that each row can be read by itself.

use super::{Header, after_blank, header, record, separator, split};
use crate::log::format::without_mark;
use crate::log::limits::Limits;
use crate::log::record::Item;
use crate::source::{SourceId, Sources, Span};

/// How much is looked at in one go.
const BLOCK: usize = 1 << 20;

/// The header of a log whose rows are lines.
pub struct Rows {
    id: SourceId,
    header: Header,
    separator: u8,
    first_row: usize,
}

impl Rows {
    /// Looks whether the rows of a log are lines: it has no quotation mark, no `\r` without `\n`, and a header that can be
    /// read and names no column twice.
    pub fn of(sources: &Sources, id: SourceId, limits: &Limits) -> Option<Self> {
        let mut buffer = Vec::new();
        let length = sources.length(id);
        for start in (0..length).step_by(BLOCK) {
            let bytes = sources.read(id, start..start + BLOCK + 1, &mut buffer);
            let own = bytes.get(..BLOCK.min(bytes.len())).unwrap_or_default();
            let is_lone = |at: usize| bytes.get(at + 1) != Some(&b'\n');
            if memchr::memchr(b'"', own).is_some() || memchr::memchr_iter(b'\r', own).any(is_lone) {
                return None;
            }
        }
        // A header longer than this is none that a record could have.
        let bytes = sources.read(id, 0..BLOCK, &mut buffer);
        let start = after_blank(bytes, bytes.len() - without_mark(bytes).len());
        let separator = separator(bytes, start);
        let row = split(bytes, start, separator, limits.values);
        let header = header(bytes, start, &row, id, limits).ok()?;
        let is_whole = row.next < bytes.len() && header.repeats.is_empty();
        is_whole.then_some(Self { id, header, separator, first_row: row.next })
    }

    /// Gives where the first line behind the header begins.
    pub fn first_row(&self) -> usize {
        self.first_row
    }

    /// Gives the byte between cells.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    /// Gives the columns, with the places of their names.
    pub fn columns(&self) -> &[(String, Span)] {
        &self.header.columns
    }

    /// Reads a row: a line without its end, which begins at a place.
    pub fn read(&self, line: &[u8], at: usize, limits: &Limits) -> Item {
        let row = split(line, 0, self.separator, limits.values);
        let place = Span::new(self.id, at, at + row.end);
        record(line, at, place, &row, &self.header, limits).map_or_else(Item::Unreadable, Item::Record)
    }
}
