//! A mapping: how a foreign table or document says what a vocabulary's fields ask for.
//!
//! Takes a YAML file of ours and the vocabularies of a run, and gives a [`Mapping`] or what is wrong with it, each with its
//! place. A [`Mapper`] then stands between a reader and a [`Fitter`](super::Fitter): a record goes in, a record comes out,
//! whose values still have the places of the cells they came from. So no reader knows a mapping, and no vocabulary does.
//!
//! Guarantees that nothing is guessed: a value that the mapping does not provide for is unfit, with a finding that points
//! at the mapping's line; and that nothing is lost: a record is mapped, unreadable, or left out for a stated reason.
//!
//! YAML is read by the parser that reads logs, not by serde_yaml, because every problem must have its place.

mod apply;
mod check;
mod columns;
mod dates;
mod field;
mod literal;
mod numbers;
mod path;
mod problem;
mod read;
mod schema;
mod seen;
mod value;
mod within;

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use crate::policy::FieldType;
use crate::source::{SourceId, Span};

pub use apply::Mapper;
pub(super) use columns::{ByColumn, Directly, From, Use};
pub(super) use dates::{DateForm, Room};
pub(super) use field::Tick;
use literal::Codes;
use literal::Literal;
pub use numbers::NotSo;
use numbers::Numbers;
use path::Path;
pub(super) use path::RecordsPath;
pub use schema::schema;
pub use seen::ColumnsSeen;
pub(super) use value::not_so;

/// What is said in a mapping, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Said<T> {
    /// What is said.
    pub value: T,
    /// Where.
    pub at: Span,
}

/// A mapping that was read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The file.
    pub source: SourceId,
    /// The names of the logs that it is for, with `*` for any part; empty: all logs.
    pub(super) logs: Vec<Said<String>>,
    /// How the file is to be read, before anything is mapped.
    pub(super) reading: Reading,
    /// The clock of times without an offset; unless stated, that of the policy.
    zone: Option<TimeZone>,
    /// How numbers are written, unless a field says otherwise.
    numbers: Numbers,
    /// What counts as missing in every column.
    missing: Vec<Literal>,
    leave_out: Vec<LeaveOut>,
    /// Columns that are not read, with `*` for any part.
    ignore: Vec<Said<String>>,
    fields: Vec<MappedField>,
    /// Every column that is named, each once; the others refer to it by its place here.
    columns: Vec<Column>,
}

/// What a mapping says on how a file is read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// Where in a JSON document the records are: `entry[].resource`.
    pub records: Option<Said<RecordsPath>>,
    /// The row that has the names of the columns, from 1; unless stated, the first that is not blank.
    pub header_row: Option<Said<usize>>,
    /// What stands between the cells of a CSV file.
    pub separator: Option<Said<u8>>,
    /// The sheets that are read.
    pub sheets: Option<Sheets>,
}

/// Which sheets of a spreadsheet are read.
#[derive(Debug, Clone, PartialEq)]
pub enum Sheets {
    /// `sheets: all`
    All,
    /// `sheets: [Audit, Archive]`
    Named(Vec<Said<String>>),
}

/// A column, or what a path leads to.
#[derive(Debug, Clone, PartialEq)]
struct Column {
    name: String,
    at: Span,
    /// The way into a list, if the name can be one.
    path: Option<Path>,
}

/// `- when: {Nr: Total}` with its `because`
#[derive(Debug, Clone, PartialEq)]
struct LeaveOut {
    /// All must hold.
    when: Vec<(usize, Test)>,
    because: Said<String>,
}

/// What a column must say for a record to be left out.
#[derive(Debug, Clone, PartialEq)]
struct Test {
    /// `Nr: [Total, Sum]`
    values: Vec<Literal>,
    /// `Nr: {begins: Total}`
    begins: Vec<String>,
    /// `Nr: {not: …}`
    not: bool,
}

/// One field, and where its value comes from.
#[derive(Debug, Clone, PartialEq)]
struct MappedField {
    name: Said<String>,
    origin: Origin,
    /// `written: day.month.year`
    forms: Option<Said<Vec<DateForm>>>,
    /// `codes: {1: low}`
    codes: Option<Codes>,
    /// `missing: [99]`
    missing: Vec<Literal>,
    numbers: Option<Said<Numbers>>,
    /// `unit: minutes`
    unit: Option<Said<String>>,
    /// `times: 100`
    times: Option<Said<rust_decimal::Decimal>>,
    /// `split by: ","`
    split_by: Option<Said<String>>,
    /// What the vocabularies call it: the paths that a log of theirs would have.
    targets: Vec<String>,
    class: Class,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
enum Origin {
    /// `always: surgery`
    Always(Said<String>),
    /// `from: Date`, or `from: [Date, Time]`, joined by a blank.
    Columns(Vec<usize>),
    /// `checked in: {plan_1: take_over}`
    Boxes { boxes: Vec<(usize, Said<String>)>, checked: Vec<Literal>, unchecked: Vec<Literal> },
}

/// What a mapping must know of a field's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Class {
    Number,
    Duration,
    Time,
    Set,
    #[default]
    Other,
}

impl Class {
    fn of(kind: FieldType) -> Self {
        match kind {
            FieldType::Number(_) | FieldType::WholeNumber(_) | FieldType::Percent(_) => Self::Number,
            FieldType::Duration => Self::Duration,
            FieldType::Instant | FieldType::Date => Self::Time,
            FieldType::SetOfKind(_) | FieldType::SetOfIdentity => Self::Set,
            FieldType::Boolean | FieldType::Text | FieldType::Identity | FieldType::Kind(_) | FieldType::Scale(_) => {
                Self::Other
            }
        }
    }
}

impl Mapping {
    /// Says whether the mapping is for a log of this name: its path, or its file name where the mapping gives no folder.
    pub fn is_for(&self, log: &str) -> bool {
        let file = log.rsplit(['/', '\\']).next().unwrap_or(log);
        let fits_log = |pattern: &String| fits(pattern, if pattern.contains('/') { log } else { file });
        self.logs.is_empty() || self.logs.iter().any(|pattern| fits_log(&pattern.value))
    }

    /// Says whether it names the logs that it is for.
    pub fn names_logs(&self) -> bool {
        !self.logs.is_empty()
    }

    /// Gives what it says on how a file is read.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Gives where it names the logs that it is for, or its beginning.
    pub fn place(&self) -> Span {
        let named = self.logs.iter().map(|said| said.at).reduce(Span::to);
        named.unwrap_or_else(|| Span::new(self.source, 0, 0))
    }
}

/// Says whether a text fits a pattern, in which `*` stands for any part.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or("");
    }
    rest.ends_with(last)
}

/// Joins names for people: `` `a`, `b` or `c` ``.
fn one_of<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        let before = match at {
            0 => "",
            _ if at + 1 == names.len() => " or ",
            _ => ", ",
        };
        let _ = write!(text, "{before}`{name}`");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_part() {
        for (pattern, text, wanted) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c", "ac", true),
            ("a*a", "a", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("**", "x", true),
        ] {
            assert_eq!(fits(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
