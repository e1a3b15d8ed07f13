//! What does not fit, as data. Takes nothing and decides nothing: `fit` makes findings, [`wording`] says them.

mod wording;

use jiff::Timestamp;

use super::record::{Refusal, Refused};
use crate::diagnostic::{Code, codes, printable};
use crate::policy::time::NoTime;
use crate::policy::{FieldId, ListId, Range};
use crate::source::Span;

/// One thing in a record that does not fit its vocabulary.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What is wrong.
    pub kind: FindingKind,
    /// The fields that cannot be used for it; one, but for a repeated key.
    pub fields: Vec<FieldId>,
    /// Where the value stands.
    pub place: Span,
    /// The value as written, shortened and made safe to print; `None` for people and for what is no single value.
    pub value: Option<String>,
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq)]
pub enum FindingKind {
    /// It does not fit the field's type or range.
    Unfit(Misfit),
    /// It is no name of the field's kind or scale.
    UnknownLevel {
        /// The kind or scale.
        list: ListId,
        /// The declared names that are near, nearest first, three at most.
        near: Vec<String>,
    },
    /// Its key stands more than once.
    RepeatedKey {
        /// The dotted path of the key.
        path: String,
        /// Where it stands first.
        first: Span,
    },
    /// The mapping of its log does not provide for it.
    Refused {
        /// Why.
        why: Refusal,
        /// Where the mapping says what it does provide for.
        rule: Span,
    },
}

impl FindingKind {
    /// Makes the finding on a value that a mapping refuses.
    pub(super) fn refused(refused: &Refused) -> Self {
        Self::Refused { why: refused.why.clone(), rule: refused.rule }
    }
}

/// Why a value does not fit its field.
#[derive(Debug, Clone, PartialEq)]
pub enum Misfit {
    /// A group of values stands where one value is expected.
    Group,
    /// A list stands where one value is expected.
    List,
    /// A member of a set is empty, a list or a group; the words name it.
    Member(&'static str),
    /// It is neither `true` nor `false`.
    NotBoolean,
    /// It is no number.
    NotNumber,
    /// It is a number with a comma, which may be meant for the point or for thousands.
    Comma,
    /// It is a number that cannot be held exactly.
    TooManyDigits,
    /// It has a fraction, and the field holds whole numbers.
    NotWhole,
    /// It lies outside the field's range.
    OutOfRange(Range),
    /// It is a bare number, and a duration needs a unit.
    NoUnit,
    /// It is no duration.
    NotDuration,
    /// It is no day.
    NotDate(NoTime),
    /// It is no instant.
    NotInstant(NoTime),
    /// It is the record's time, and lies after the present.
    AfterThePresent(Timestamp),
    /// It has a NUL character in it, which belongs to no text.
    Nul,
}

impl Finding {
    /// Gives the code under which the finding is reported.
    pub fn code(&self) -> Code {
        match self.kind {
            FindingKind::Unfit(_) => codes::LOG_UNFIT,
            FindingKind::UnknownLevel { .. } => codes::LOG_UNKNOWN_LEVEL,
            FindingKind::RepeatedKey { .. } => codes::LOG_REPEATED_KEY,
            FindingKind::Refused { why: Refusal::NoCode { .. }, .. } => codes::MAPPING_NO_CODE,
            FindingKind::Refused { .. } => codes::MAPPING_NOT_AS_WRITTEN,
        }
    }
}

/// How many characters of a value are quoted.
const LONGEST_QUOTE: usize = 60;

/// Shortens a value, and replaces what a terminal would obey or a reader would be misled by.
pub(super) fn quote(text: &str) -> String {
    printable(text, LONGEST_QUOTE)
}

/// Makes a path safe to print, whole.
pub(super) fn quote_path(path: &str) -> String {
    printable(path, usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_short_and_safe() {
        assert_eq!(quote("in-room"), "in-room");
        assert_eq!(quote("a\u{1b}[31mb\u{202E}c"), "a\u{FFFD}[31mb\u{FFFD}c");
        assert_eq!(quote(&"x".repeat(100)).chars().count(), 61);
    }
}
