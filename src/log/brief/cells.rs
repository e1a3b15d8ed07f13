//! One row of CSV, cell by cell.

use super::Briefer;
use super::tree::{Meaning, NONE, ROOT};
use super::value::{Sort, Token};
use crate::episode::Brief;
use crate::log::csv::Rows;
use crate::log::mapping::{Mapper, Use};
use crate::source::Span;

/// What stands in a column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column {
    Fields {
        from: u32,
        to: u32,
    },
    /// A group around fields: a cell there should be empty.
    Group,
    /// Nothing that anybody asks for: the key, and where its name stands.
    Unknown {
        key: u32,
        start: usize,
        length: usize,
    },
    /// What only a mapping asks for, or nobody.
    Own,
}

impl Briefer<'_> {
    /// Prepares for the rows of a log; `None` if its columns are not plain. `mapper`: what says what they mean, if anything does.
    pub fn columns(&mut self, rows: &Rows, mapper: Option<&Mapper>) -> Option<()> {
        self.table = None;
        self.columns.clear();
        for (path, name) in rows.columns() {
            let is_kept = mapper.is_none_or(|mapper| mapper.use_of(path) == Use::Kept);
            let column = if is_kept { self.column(path, *name)? } else { Column::Own };
            self.columns.push(column);
        }
        if let Some(mapper) = mapper {
            self.table = Some(self.table_of(mapper.by_column(rows.columns())?, rows.are_of_a_sheet())?);
        }
        Some(())
    }

    fn column(&mut self, path: &str, name: Span) -> Option<Column> {
        Some(match self.tree.meaning(path) {
            Meaning::Fields { from, to } => Column::Fields { from, to },
            Meaning::Group => Column::Group,
            Meaning::Unknown => {
                let key = self.tree.find(ROOT, NONE, format!("\"{path}\"").as_bytes())?;
                Column::Unknown { key, start: name.start, length: name.len() }
            }
            Meaning::Beyond => return None,
        })
    }

    /// Reads a row of CSV without its end. Gives `None` if anything about it is not plain.
    pub fn row(&mut self, line: &[u8], separator: u8) -> Option<&Brief> {
        if line.len() > super::LONGEST.min(self.limits.record_bytes) || memchr::memchr(0, line).is_some() {
            return None;
        }
        let is_ascii = line.is_ascii();
        if !is_ascii && std::str::from_utf8(line).is_err() {
            return None;
        }
        let cells = Cells { line, separator, is_ascii, start: 0 };
        self.begin(true);
        if self.table.is_some() {
            self.mapped_row(cells)?;
        } else {
            self.plain_row(cells)?;
        }
        (self.columns.len() <= self.limits.values).then_some(&self.brief)
    }

    fn plain_row(&mut self, mut cells: Cells<'_>) -> Option<()> {
        for at in 0..self.columns.len() {
            let cell = cells.next(at + 1 == self.columns.len())?;
            self.cell(at, cell, cells.line)?;
        }
        Some(())
    }

    /// Reads a cell as its column says.
    #[inline]
    pub(super) fn cell(&mut self, at: usize, cell: Token, record: &[u8]) -> Option<()> {
        match *self.columns.get(at)? {
            Column::Fields { from, to } => self.read(from, to, cell, record)?,
            Column::Group if cell.is_nothing() => {}
            Column::Group => return None,
            Column::Unknown { key, start, length } if cell.says_something(record)? => {
                self.unknown.push((key, start, length));
            }
            Column::Unknown { .. } => {}
            Column::Own => {}
        }
        Some(())
    }
}

/// The cells of a row, one after the other.
pub(super) struct Cells<'r> {
    pub(super) line: &'r [u8],
    separator: u8,
    is_ascii: bool,
    start: usize,
}

impl Cells<'_> {
    /// Gives the next cell; `None` if that is not plain, or the row does not end where it should.
    #[inline]
    pub(super) fn next(&mut self, is_last: bool) -> Option<Token> {
        let rest = self.line.get(self.start..)?;
        let (bytes, length) = cell(rest, self.separator)?;
        if is_last != (length == rest.len()) {
            return None;
        }
        let sort = match bytes {
            [] => Sort::Nothing,
            _ if self.is_ascii || bytes.is_ascii() => Sort::Text,
            _ => Sort::Unicode,
        };
        let start = self.start + usize::from(bytes.len() < length);
        self.start += length + 1;
        Token::new(sort, start, start + bytes.len())
    }
}

/// Gives the first cell of some bytes, without its quotation marks, and how many bytes it takes; `None` if one of these stands
/// within it.
fn cell(bytes: &[u8], separator: u8) -> Option<(&[u8], usize)> {
    let Some(inside) = bytes.strip_prefix(b"\"") else {
        let length = memchr::memchr2(separator, b'"', bytes).unwrap_or(bytes.len());
        return (bytes.get(length) != Some(&b'"')).then_some((bytes.get(..length)?, length));
    };
    let length = memchr::memchr(b'"', inside)?;
    let is_closed = inside.get(length + 1).is_none_or(|next| *next == separator);
    is_closed.then_some((inside.get(..length)?, length + 2))
}
