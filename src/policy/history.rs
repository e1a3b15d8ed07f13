//! What the records before an episode come to: one general shape for every clause that looks back.

use crate::source::Span;

use super::civil::Length;
use super::condition::ConditionId;
use super::vocabulary::FieldId;

/// A history clause, as an index into those of its version. Two clauses that say the same have one id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HistoryId(pub u32);

/// A quantity over other records: which ones, and what of them.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// What is made of those that count.
    pub function: Function,
    /// `where C`, asked of the earlier record alone.
    pub filter: Option<ConditionId>,
    /// `per F, G`: what must be equal.
    pub keys: Box<[KeyPair]>,
    /// From when to when.
    pub window: Window,
    /// Where the clause is written.
    pub origin: Span,
}

impl History {
    /// Gives the conditions that it asks of each record: `where`, and that of a share.
    pub fn conditions(&self) -> impl Iterator<Item = ConditionId> + use<> {
        let counted = match self.function {
            Function::Share(counted) => Some(counted),
            _ => None,
        };
        self.filter.into_iter().chain(counted)
    }
}

/// A field of the counted record that must equal a field of the record that asks. Today both are the same field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyPair {
    /// The field of the counted record.
    pub stored: FieldId,
    /// The field of the record that asks.
    pub asked: FieldId,
}

/// What is made of the records that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// `count of episodes`; `any episode` is at least one
    Count,
    /// `sum of X over episodes`
    Sum(FieldId),
    /// `average of X over episodes`
    Average(FieldId),
    /// `share of episodes where C among episodes where A`: the filter is A, and this is C
    Share(ConditionId),
    /// `time since the last episode`
    TimeSinceLast,
}

impl Function {
    /// Gives the field of which a sum or an average is taken.
    pub fn summed(self) -> Option<FieldId> {
        match self {
            Self::Sum(field) | Self::Average(field) => Some(field),
            Self::Count | Self::Share(_) | Self::TimeSinceLast => None,
        }
    }
}

/// Which records are near enough in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// `in the past D`: those in (t − D, t], the record itself left out
    InThePast(Length),
    /// `in any D`: those in (t − D, t], the record itself among them
    InAny(Length),
    /// `to date`: those at or before t, the record itself left out
    ToDate,
    /// `at the same time`: those whose time from start to end overlaps that of the record, itself left out
    AtTheSameTime,
}

impl Window {
    /// Says whether the record that asks counts itself.
    pub fn counts_itself(self) -> bool {
        matches!(self, Self::InAny(_))
    }

    /// Gives how far back it reaches, if that is limited.
    pub fn length(self) -> Option<Length> {
        match self {
            Self::InThePast(length) | Self::InAny(length) => Some(length),
            Self::ToDate | Self::AtTheSameTime => None,
        }
    }

    /// Gives the words of the language.
    pub fn words(self) -> String {
        match self {
            Self::InThePast(length) => format!("in the past {}", length.words()),
            Self::InAny(length) => format!("in any {}", length.words()),
            Self::ToDate => "to date".to_owned(),
            Self::AtTheSameTime => "at the same time".to_owned(),
        }
    }
}
