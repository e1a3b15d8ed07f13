//! Records in CSV: a header of dotted names, then one record a row.
//!
//! The separator is a comma; where the header has none outside quotation marks, a semicolon, else a tab. Cells may be
//! in quotation marks, and then hold separators, line breaks and doubled quotation marks. An empty cell says nothing. A
//! set is one cell whose members `|` or `;` separate, which is left to fitting; in a file that is separated by
//! semicolons, `|` is the way to separate members, or quotation marks around the cell.
//!
//! Rows are split here and not by the `csv` crate, because a diagnostic points at the cell, and because a quotation mark
//! that is never closed must spoil its own row only: reading goes on at the next line. A test reads back what that crate
//! writes.

mod row;
mod rows;

pub use rows::Rows;

use super::flatten::repeated;
use super::format::without_mark;
use super::limits::Limits;
use super::lines::{line_at, lines};
use super::plain::{end_of_character, text, within_size};
use super::record::{Entry, Item, Raw, Record, Repeat, Unreadable};
use crate::policy::number;
use crate::source::{SourceId, Span};
use row::{Cell, Row, split};

/// How a table lies in its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// The line of the header, counted from 1.
    pub(super) header_row: usize,
    /// What stands between cells, where that is stated.
    pub(super) separator: Option<u8>,
    /// Whether it was made of a sheet: a number without quotation marks is a numeric cell then.
    pub(super) is_sheet: bool,
}

/// Reads the records below a header.
pub(super) fn read(bytes: &[u8], id: SourceId, layout: Layout, limits: &Limits, sink: &mut dyn FnMut(Item)) {
    let mut at = header_at(bytes, layout.header_row);
    if at >= bytes.len() {
        return;
    }
    let separator = layout.separator.unwrap_or_else(|| separator(bytes, at));
    let first = split(bytes, at, separator, limits.values);
    let header = header(bytes, (at, layout.is_sheet), &first, id, limits);
    at = after_blank(bytes, first.next);
    if let (Err(unreadable), true) = (&header, at >= bytes.len()) {
        return sink(Item::Unreadable(unreadable.clone()));
    }
    while at < bytes.len() {
        let row = split(bytes, at, separator, limits.values);
        let place = Span::new(id, at, row.end);
        let item = match &header {
            Ok(header) => record(bytes, 0, place, &row, header, limits),
            Err(unreadable) => Err(below(place, unreadable)),
        };
        at = after_blank(bytes, row.next);
        sink(item.map_or_else(Item::Unreadable, Item::Record));
    }
}

/// Says that a row cannot be read for want of its header.
fn below(place: Span, header: &Unreadable) -> Unreadable {
    Unreadable { at: place, reason: format!("the header of this file cannot be read: {}", header.reason) }
}

/// Tells what stands between the cells of a file whose header stands in this line.
pub(super) fn separator_of(bytes: &[u8], header_row: usize) -> u8 {
    separator(bytes, header_at(bytes, header_row))
}

/// Gives where the header begins: in this line, counted from 1, or the first behind it that is not blank.
fn header_at(bytes: &[u8], row: usize) -> usize {
    let mark = bytes.len() - without_mark(bytes).len();
    let line = lines(bytes, mark).nth(row.saturating_sub(1));
    after_blank(bytes, line.map_or(bytes.len(), |line| line.start))
}

/// Goes over blank lines.
fn after_blank(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or(&[]);
    from + rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count()
}

/// Tells the separator from the header.
fn separator(bytes: &[u8], at: usize) -> u8 {
    let end = line_at(bytes, at).map_or(at, |line| line.end);
    let line = bytes.get(at..end).unwrap_or(&[]);
    let outside = |wanted: u8| {
        let mut quoted = false;
        line.iter().any(|byte| {
            quoted ^= *byte == b'"';
            !quoted && *byte == wanted
        })
    };
    [b',', b';', b'\t'].into_iter().find(|separator| outside(*separator)).unwrap_or(b',')
}

#[derive(Debug)]
struct Header {
    columns: Vec<(String, Span)>,
    repeats: Vec<Repeat>,
    /// See [`Layout::is_sheet`].
    is_sheet: bool,
}

/// Reads the header, which begins at a place, of a table that was made of a sheet or not.
fn header(
    bytes: &[u8],
    (start, is_sheet): (usize, bool),
    row: &Row,
    id: SourceId,
    limits: &Limits,
) -> Result<Header, Unreadable> {
    whole(bytes, row, 0, Span::new(id, start, row.end), limits)?;
    let mut columns = Vec::with_capacity(row.cells.len());
    for (at, cell) in row.cells.iter().enumerate() {
        let name = content(bytes, 0, cell, id)?;
        // A column without a name has one in messages; it is no key of any field.
        let name = if name.trim().is_empty() { format!("column {}", at + 1) } else { name.trim().to_owned() };
        columns.push((name, Span::new(id, cell.start, cell.end)));
    }
    let mut sorted: Vec<(&str, Span)> = columns.iter().map(|(path, at)| (path.as_str(), *at)).collect();
    sorted.sort_unstable();
    let repeats = repeated(sorted);
    Ok(Header { columns, repeats, is_sheet })
}

/// Reads the record of a row in bytes that begin at an offset of the input.
fn record(
    bytes: &[u8],
    from: usize,
    place: Span,
    row: &Row,
    header: &Header,
    limits: &Limits,
) -> Result<Record, Unreadable> {
    whole(bytes, row, from, place, limits)?;
    if row.cells.len() != header.columns.len() {
        return Err(Unreadable { at: place, reason: wrong_count(row.cells.len(), header.columns.len()) });
    }
    let mut entries = Vec::with_capacity(row.cells.len());
    for (cell, (path, key)) in row.cells.iter().zip(&header.columns) {
        let value = content(bytes, from, cell, place.source)?;
        let raw = match value {
            value if value.is_empty() => Raw::Nothing,
            value if header.is_sheet && !cell.quoted && number::parse(&value).is_some() => Raw::Number(value),
            value => Raw::Text(value),
        };
        let at = Span::new(place.source, from + cell.start, from + cell.end);
        entries.push(Entry { path: path.clone(), key: *key, place: at, raw });
    }
    Ok(Record { span: place, entries, repeats: header.repeats.clone(), split_sets: true })
}

fn wrong_count(cells: usize, columns: usize) -> String {
    let cells = if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") };
    format!("this row has {cells}, the header has {columns}")
}

/// Refuses a row that is too long, or was not split to its end.
fn whole(bytes: &[u8], row: &Row, from: usize, place: Span, limits: &Limits) -> Result<(), Unreadable> {
    within_size(place, limits.record_bytes)?;
    match &row.problem {
        Some((at, reason)) => {
            let end = end_of_character(bytes, at + 1);
            Err(Unreadable::new(place.source, from + at, from + end, reason.words()))
        }
        None => Ok(()),
    }
}

/// Gives the text of a cell, without its quotation marks.
fn content(bytes: &[u8], from: usize, cell: &Cell, id: SourceId) -> Result<String, Unreadable> {
    let raw = bytes.get(cell.start..cell.end).unwrap_or(&[]);
    let written = text(raw, from + cell.start, id)?;
    let inside = written.strip_prefix('"').and_then(|text| text.strip_suffix('"')).filter(|_| cell.quoted);
    Ok(inside.map_or_else(|| written.to_owned(), |inside| inside.replace("\"\"", "\"")))
}
