//! The cells of a sheet, and their text in the form of CSV.

use super::{Problem, Sheet};
use crate::policy::number;
use crate::source::Grid;

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// A number as logs write it.
    Number(String),
    /// Anything else.
    Text(String),
}

impl Said {
    fn text(&self) -> &str {
        match self {
            Self::Number(text) | Self::Text(text) => text,
        }
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.text().is_empty()
    }
}

/// A sheet: its rows that say something, each with its cells that do; rows and columns count from 0.
#[derive(Default)]
pub(super) struct Table {
    pub(super) name: String,
    rows: Vec<(u32, Vec<(u32, Said)>)>,
    bytes: usize,
}

impl Table {
    pub(super) fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// Adds a cell; cells come row by row.
    pub(super) fn add(&mut self, row: u32, column: u32, said: Said, most: usize) -> Result<(), Problem> {
        if said.is_nothing() {
            return Ok(());
        }
        // What a cell costs besides its text keeps a sheet of many short cells within the bound as well.
        self.bytes = self.bytes.saturating_add(said.text().len()).saturating_add(std::mem::size_of::<(u32, Said)>());
        if self.bytes > most {
            return Err(Problem::TooLarge);
        }
        match self.rows.last_mut() {
            Some((last, cells)) if *last == row => cells.push((column, said)),
            Some((last, _)) if *last > row => return Err(Problem::Damaged),
            _ => self.rows.push((row, vec![(column, said)])),
        }
        Ok(())
    }

    /// Writes the sheet as text: every row as wide as the widest, so that what is blank is blank and nothing else.
    pub(super) fn sheet(mut self, most: usize) -> Result<Sheet, Problem> {
        self.rows.iter_mut().for_each(|(_, cells)| cells.sort_by_key(|(column, _)| *column));
        let columns = || self.rows.iter().flat_map(|(_, cells)| cells.iter().map(|(column, _)| *column));
        let (first, last) = (columns().min().unwrap_or(0), columns().max().unwrap_or(0));
        let width = (last - first) as usize + 1;
        if self.rows.len().saturating_mul(width).saturating_add(self.bytes) > most {
            return Err(Problem::TooLarge);
        }
        let (mut text, mut starts) = (Vec::new(), Vec::with_capacity(self.rows.len()));
        for (row, cells) in &self.rows {
            starts.push((text.len(), row + 1));
            let mut cells = cells.iter().peekable();
            for column in first..=last {
                if column > first {
                    text.push(b',');
                }
                while let Some((_, cell)) = cells.next_if(|(at, _)| *at == column) {
                    write(cell, &mut text);
                }
            }
            text.push(b'\n');
        }
        Ok(Sheet { text, grid: Grid::new(self.name, starts, first + 1) })
    }
}

/// Writes a cell as CSV has it. A text that looks like a number has quotation marks, so that what has none is a number.
fn write(said: &Said, text: &mut Vec<u8>) {
    let cell = said.text();
    let is_like_a_number = || matches!(said, Said::Text(_)) && number::parse(cell).is_some();
    let needs_marks =
        cell.contains(['"', ',', ';', '\t', '\n', '\r']) || cell.starts_with('\u{FEFF}') || is_like_a_number();
    if needs_marks {
        text.push(b'"');
        text.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
        text.push(b'"');
    } else {
        text.extend_from_slice(cell.as_bytes());
    }
}
