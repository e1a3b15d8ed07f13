//! CSV that is read part by part: each part is some whole rows, and each row can be read by itself.

use std::ops::Range;

use super::row::{Problem, Row};
use super::{Header, header, header_at, record, separator, split};
use crate::log::header_line;
use crate::log::limits::Limits;
use crate::log::mapping::Reading;
use crate::log::record::Item;
use crate::source::{SourceId, Sources, Span};

/// A part may have so many bytes where a row is as long as a shorter one. A row that is as long as that cuts no log.
const LONGEST_PART: usize = 1 << 20;

/// The header of a log, and where its parts lie.
#[derive(Debug)]
pub struct Rows {
    id: SourceId,
    header: Header,
    separator: u8,
    /// The most cells that a row may have.
    most: usize,
    parts: Vec<Range<usize>>,
}

impl Rows {
    /// Looks where the rows of a log lie. `None` for a log that has to be read from its beginning to its end: it has no header
    /// that can be read, or one that names a column twice; a `\r` without `\n`; a row as long as a part; or a quotation mark
    /// that nothing closes in its row, or only what stands behind it. `reading`: as a mapping says, if there is one; then a header
    /// may name a column twice. `bytes`: how long the parts are to be, or a little less, since each ends where a row does.
    pub fn of(
        sources: &Sources,
        id: SourceId,
        limits: &Limits,
        reading: Option<&Reading>,
        bytes: usize,
    ) -> Option<Self> {
        Self::in_parts(sources, id, limits, reading, (bytes, LONGEST_PART))
    }

    /// `reading`: as a mapping says, if there is one. `lengths`: of a part, and of one that has to be longer.
    fn in_parts(
        sources: &Sources,
        id: SourceId,
        limits: &Limits,
        reading: Option<&Reading>,
        lengths: (usize, usize),
    ) -> Option<Self> {
        let mut buffer = Vec::new();
        let bytes = sources.read(id, 0..lengths.1, &mut buffer);
        let (stated_row, stated) =
            reading.map_or((None, None), |reading| (reading.header_row.as_ref(), reading.separator.as_ref()));
        let start = header_at(bytes, stated_row.map_or(1, |said| header_line(sources, id, said.value)));
        let separator = stated.map_or_else(|| separator(bytes, start), |said| said.value);
        let row = split(bytes, start, separator, limits.values);
        let header = header(bytes, (start, sources.is_sheet(id)), &row, id, limits).ok()?;
        let is_whole = row.next < bytes.len() && (reading.is_some() || header.repeats.is_empty());
        let mut rows = Self { id, header, separator, most: limits.values, parts: Vec::new() };
        rows.parts = is_whole.then(|| rows.find(sources, row.next, lengths))??;
        Some(rows)
    }

    /// Gives where the parts lie. Together they have every row behind the header once.
    pub fn parts(&self) -> &[Range<usize>] {
        &self.parts
    }

    /// Gives the byte between cells.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    /// Gives the columns, with the places of their names.
    pub fn columns(&self) -> &[(String, Span)] {
        &self.header.columns
    }

    /// Says whether they were made of a sheet: a number without quotation marks is a numeric cell then.
    pub fn are_of_a_sheet(&self) -> bool {
        self.header.is_sheet
    }

    /// Gives each row of a part, whose bytes begin at an offset of the log, with its own offset: without its end, and none that
    /// is blank.
    pub fn each(&self, part: &[u8], from: usize, take: &mut dyn FnMut(&[u8], usize)) {
        let mut at = 0;
        while let Some(rest) = part.get(at..).filter(|rest| !rest.is_empty()) {
            let line = line(rest);
            let (length, next) = match memchr::memchr(b'"', line) {
                None => (line.len(), line.len() + 1),
                Some(_) => {
                    let row = split(rest, 0, self.separator, self.most);
                    (row.end, row.next)
                }
            };
            let row = rest.get(..length).unwrap_or_default();
            let row = row.strip_suffix(b"\r").unwrap_or(row);
            if !row.is_empty() {
                take(row, from + at);
            }
            at += next.max(1);
        }
    }

    /// Reads a row, as [`Self::each`] gives it, that begins at a place.
    pub fn read(&self, row: &[u8], at: usize, limits: &Limits) -> Item {
        let cells = split(row, 0, self.separator, limits.values);
        let place = Span::new(self.id, at, at + cells.end);
        record(row, at, place, &cells, &self.header, limits).map_or_else(Item::Unreadable, Item::Record)
    }

    /// Finds the parts, from the first row on.
    fn find(&self, sources: &Sources, first: usize, (usual, most): (usize, usize)) -> Option<Vec<Range<usize>>> {
        let length = sources.length(self.id);
        let (mut parts, mut buffer, mut at) = (Vec::new(), Vec::new(), first);
        while at < length {
            let mut whole = |most: usize| {
                let bytes = sources.read(self.id, at..at + most, &mut buffer);
                self.whole_rows(bytes, at + bytes.len() >= length)
            };
            let rows = whole(usual).or_else(|| (most > usual).then(|| whole(most))?)?;
            parts.push(at..at + rows);
            at += rows;
        }
        Some(parts)
    }

    /// Gives how many of some bytes, which begin where a row does, are whole rows; `None` if one of them cannot be read by itself,
    /// or none is there whole.
    fn whole_rows(&self, bytes: &[u8], is_end: bool) -> Option<usize> {
        let is_lone = |at: usize| !matches!(bytes.get(at + 1), Some(b'\n') | None);
        if memchr::memchr_iter(b'\r', bytes).any(is_lone) {
            return None;
        }
        let last = if is_end { bytes.len() } else { memchr::memrchr(b'\n', bytes)? + 1 };
        let mut whole = 0;
        while let Some(mark) = memchr::memchr(b'"', bytes.get(whole..last)?) {
            let mark = whole + mark;
            let before = bytes.get(whole..mark)?;
            let start = memchr::memrchr(b'\n', before).map_or(whole, |end| whole + end + 1);
            match self.row(bytes, start) {
                Some(row) if is_end || row.next <= last => whole = row.next,
                // What closes it may lie behind these bytes.
                _ if !is_end && start > 0 => return Some(start),
                _ => return None,
            }
        }
        Some(last.max(whole))
    }

    /// Splits a row; `None` for one that is broken, unless it is so whatever stands behind its first line.
    fn row(&self, bytes: &[u8], start: usize) -> Option<Row> {
        let row = split(bytes, start, self.separator, self.most);
        match row.problem {
            None => Some(row),
            Some((_, Problem::NotClosed)) => None,
            Some((at, _)) => (at < row.end).then_some(row),
        }
    }
}

fn line(bytes: &[u8]) -> &[u8] {
    let length = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    bytes.get(..length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::Layout;
    use super::*;

    fn in_parts(text: &str, length: usize) -> Option<Vec<Item>> {
        let (mut sources, limits) = (Sources::new(), Limits::default());
        let id = sources.add("log.csv", text);
        let rows = Rows::in_parts(&sources, id, &limits, None, (length, length))?;
        let mut found = Vec::new();
        for part in rows.parts() {
            let bytes = text.as_bytes().get(part.clone()).unwrap();
            rows.each(bytes, part.start, &mut |row, at| found.push(rows.read(row, at, &limits)));
        }
        Some(found)
    }

    #[test]
    fn the_parts_have_the_rows_that_the_reader_finds() {
        let pieces = ["a", "b c", ",", ",", "\n", "\r\n", "\"", "\"x,\ny\"", "\"\"", "\"z\",", "\r", "\n\n", "\u{f6}"];
        let (mut state, mut cut, mut odd) = (7_u64, 0, 0);
        for round in 0..6_000 {
            let mut text = if round % 3 == 0 { "\u{FEFF}p,\"q\"\n".to_owned() } else { "p;q\n".to_owned() };
            for _ in 0..round % 23 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // What cuts no log is left out mostly, so that others are looked at.
                let piece = pieces[(state >> 33) as usize % pieces.len()];
                text.push_str(if (piece == "\r" || piece == "\"") && state % 7 > 0 { ";" } else { piece });
            }
            let (mut sources, limits) = (Sources::new(), Limits::default());
            let id = sources.add("log.csv", text.as_str());
            let mut wanted = Vec::new();
            let layout = Layout { header_row: 1, separator: None, is_sheet: false };
            super::super::read(text.as_bytes(), id, layout, &limits, &mut |item| wanted.push(item));
            for length in [12, 17, 40, 1_000] {
                if let Some(found) = in_parts(&text, length) {
                    assert_eq!(found, wanted, "{text:?} in parts of {length}");
                    cut += 1;
                    odd += usize::from(text.contains("\"x") && wanted.len() > 2);
                }
            }
        }
        assert!(cut > 6_000 && odd > 500, "{cut} were cut, {odd} of them with rows of several lines");
    }

    #[test]
    fn what_only_the_rest_of_a_log_tells_is_not_cut() {
        assert!(in_parts("a,b\n1,\"2\n3,4\n", 1_000).is_none(), "nothing closes it");
        assert!(in_parts("a,b\n1,\"2\n3,\"4\n", 1_000).is_none(), "what closes it stands in another row");
        assert!(in_parts("a,b\n1,2\r3,4\n", 1_000).is_none(), "a lone carriage return");
        assert!(in_parts("a,b\n1,\"2\" x\n3,4\n", 1_000).is_some(), "the row is broken whatever stands behind it");
        assert!(in_parts("a,a\n1,2\n", 1_000).is_none(), "a column stands twice");
        assert!(in_parts(&format!("a,b\n1,{}\n", "x".repeat(99)), 64).is_none(), "a row as long as a part");
    }
}
