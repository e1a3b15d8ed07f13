//! One row of CSV, cell by cell.

use super::Briefer;
use super::tree::{Meaning, NONE, ROOT};
use super::value::{Sort, Token};
use crate::episode::Brief;
use crate::log::csv::Rows;

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
}

impl Briefer<'_> {
    /// Prepares for the rows of a log; `None` if its columns are not plain.
    pub fn columns(&mut self, rows: &Rows) -> Option<()> {
        let mut columns = Vec::new();
        for (path, name) in rows.columns() {
            columns.push(match self.tree.meaning(path) {
                Meaning::Fields { from, to } => Column::Fields { from, to },
                Meaning::Group => Column::Group,
                Meaning::Unknown => {
                    let key = self.tree.find(ROOT, NONE, format!("\"{path}\"").as_bytes())?;
                    Column::Unknown { key, start: name.start, length: name.len() }
                }
                Meaning::Beyond => return None,
            });
        }
        self.columns = columns;
        Some(())
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
        self.begin(true);
        let mut start = 0;
        for at in 0..self.columns.len() {
            let rest = line.get(start..)?;
            let (bytes, length) = cell(rest, separator)?;
            let is_last = at + 1 == self.columns.len();
            if is_last != (length == rest.len()) {
                return None;
            }
            let sort = match bytes {
                [] => Sort::Nothing,
                _ if is_ascii || bytes.is_ascii() => Sort::Text,
                _ => Sort::Unicode,
            };
            match *self.columns.get(at)? {
                Column::Fields { from, to } => {
                    let start = start + usize::from(bytes.len() < length);
                    self.read(from, to, Token::new(sort, start, start + bytes.len())?, line)?;
                }
                Column::Group if bytes.is_empty() => {}
                Column::Group => return None,
                Column::Unknown { key, start, length } => self.unknown.push((key, start, length)),
            }
            start += length + 1;
        }
        (self.columns.len() <= self.limits.values).then_some(&self.brief)
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
