//! Decision tables as written.

use crate::source::Span;

use super::{Comparison, Text, Value, Word};

/// `table NAME gives SCALE` and its rows
#[derive(Debug, Clone)]
pub struct TableDeclaration {
    /// The name; none if it could not be read, which has been reported.
    pub name: Option<Word>,
    /// The scale of its results; none if it could not be read, which has been reported.
    pub gives: Option<Word>,
    /// The title.
    pub title: Option<Text>,
    /// What its columns ask about; empty if the header could not be read, which has been reported.
    pub columns: Vec<TableColumn>,
    /// The rows that were understood: each has as many cells as there are columns.
    pub rows: Vec<TableRow>,
    /// Whether some line was not understood: then what seems to be missing may stand there.
    pub broken: bool,
    /// Where the declaration begins: its keyword, and its name if it has one.
    pub span: Span,
}

/// A column: the field that its cells ask about.
#[derive(Debug, Clone)]
pub struct TableColumn {
    /// The field.
    pub field: Word,
}

/// A row: what must hold for it to apply, and what it gives.
#[derive(Debug, Clone)]
pub struct TableRow {
    /// One cell for each column.
    pub cells: Vec<TableCell>,
    /// What it gives.
    pub result: TableResult,
    /// Where the result stands.
    pub result_span: Span,
    /// Where the row stands.
    pub span: Span,
}

/// What a row gives.
#[derive(Debug, Clone)]
pub enum TableResult {
    /// a level
    Level(Value),
    /// `never`: no level suffices
    Never,
}

/// A cell.
#[derive(Debug, Clone)]
pub struct TableCell {
    /// What it asks of the column's field.
    pub test: CellTest,
    /// Where it stands.
    pub span: Span,
}

/// What a cell asks of its column's field.
#[derive(Debug, Clone)]
pub enum CellTest {
    /// `any`
    Any,
    /// `low`, `at most low`, `1 to 2`, `low, moderate`, `above 2 and below 3`: all of them hold
    All(Vec<Comparison>),
}
