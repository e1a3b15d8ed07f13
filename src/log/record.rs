//! A record as its format gives it: paths, raw values and places, before any vocabulary is asked.

use crate::source::{SourceId, Span};

/// One record of a log, its nested groups flattened to dotted paths.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Where the whole record stands.
    pub span: Span,
    /// Its values, in the order in which they stand. A path may occur more than once; `repeats` then names it.
    pub entries: Vec<Entry>,
    /// Keys that stand more than once in one group, groups included.
    pub repeats: Vec<Repeat>,
    /// Whether a set is written as one text, split by `|` or `;`: so it is in CSV, which has no lists.
    pub split_sets: bool,
}

/// A path with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The dotted path: `patient.risk`.
    pub path: String,
    /// Where the (last) key stands, as written. In CSV it stands in the header.
    pub key: Span,
    /// Where the value stands, as written: with its quotation marks, if it has any.
    pub place: Span,
    /// The value.
    pub raw: Raw,
}

/// A key that stands more than once in one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeat {
    /// The dotted path of the key.
    pub path: String,
    /// Where it stands first.
    pub first: Span,
    /// Where it stands again.
    pub again: Span,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    /// Null, or nothing at all.
    Nothing,
    /// `true` or `false`, where the format has such a thing.
    Boolean(bool),
    /// A number as written, where the format tells numbers from texts.
    Number(String),
    /// A text.
    Text(String),
    /// A list of values with their places.
    List(Vec<(Raw, Span)>),
    /// Something that cannot be a value of any field: a group inside a list, say. The words name it.
    Other(&'static str),
}

/// What a reader finds, in the order of the input.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A record.
    Record(Record),
    /// A record that cannot be read.
    Unreadable(Unreadable),
}

/// A record that cannot be read: where, and why, in the user's words, without quoting the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Where the reading failed.
    pub at: Span,
    /// Why: one sentence, lower-case start, no full stop.
    pub reason: String,
}

impl Unreadable {
    /// Makes one from its place in an input and the reason.
    pub(super) fn new(source: SourceId, start: usize, end: usize, reason: impl Into<String>) -> Self {
        Self { at: Span::new(source, start, end), reason: reason.into() }
    }
}
