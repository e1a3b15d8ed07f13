//! A record as its format gives it: paths, raw values and places, before any vocabulary is asked.

use jiff::tz::TimeZone;

use super::mapping::NotSo;
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
    /// A date or time on a clock that a mapping names.
    Local(Box<Local>),
    /// A value for which a mapping does not provide.
    Refused(Box<Refused>),
}

impl Raw {
    /// Gives a single value as it is written.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Boolean(true) => Some("true"),
            Self::Boolean(false) => Some("false"),
            Self::Number(text) | Self::Text(text) => Some(text),
            Self::Local(local) => Some(&local.text),
            Self::Refused(refused) => Some(&refused.written),
            Self::Nothing | Self::List(_) | Self::Other(_) => None,
        }
    }
}

/// A date or time on the clock of a zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Local {
    /// As logs write it: `2026-03-04T10:30`.
    pub text: String,
    /// Whose clock is meant where it has no offset.
    pub zone: TimeZone,
}

/// A value for which a mapping does not provide.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// As the log writes it.
    pub written: String,
    /// Why.
    pub why: Refusal,
    /// Where the mapping says what it does provide for.
    pub rule: Span,
}

/// Why a mapping refuses a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// It is none of the codes.
    NoCode {
        /// The codes that are near, nearest first, three at most.
        near: Vec<String>,
    },
    /// It is a date in none of the forms.
    InNoForm,
    /// It is two different dates in two of the forms.
    InTwoForms,
    /// It is a number in another form.
    NotSoWritten(NotSo),
    /// A box is neither checked nor unchecked.
    NoBox,
    /// Some boxes of a set say something, and some nothing.
    BoxMissing {
        /// How many say nothing.
        missing: usize,
    },
    /// A path leads to several values where one is expected.
    Several {
        /// How many.
        values: usize,
    },
}

/// What a reader finds, in the order of the input.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A record.
    Record(Record),
    /// A record that cannot be read.
    Unreadable(Unreadable),
    /// A record that a mapping leaves out.
    LeftOut(LeftOut),
}

/// A record that a mapping leaves out: no episode, such as a row with totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Where the record stands.
    pub at: Span,
    /// Why, in the words of the mapping.
    pub because: String,
    /// Where the mapping says so.
    pub rule: Span,
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
