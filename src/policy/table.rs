//! Decision tables: which row applies, and what it gives.
//!
//! A row *may apply* if none of its cells is false. What is asked of a table is true if it is true of the results of all
//! rows that may apply, false if it is false of all, and else unknown: two rows that agree need no further input.

use crate::source::Span;

use super::condition::{ConditionId, FieldRef, Relation, Term};
use super::value::Value;
use super::vocabulary::{ListId, NameId};

/// A table, as an index into those of its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(pub u32);

/// `table acceptable_risk gives risk` and its rows. They leave no case open, and no case has two of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The name.
    pub name: String,
    /// The title; may be empty.
    pub title: String,
    /// The scale of its results.
    pub gives: ListId,
    /// The fields that its cells ask about.
    pub columns: Box<[FieldRef]>,
    /// The rows.
    pub rows: Box<[Row]>,
    /// Where the name is written.
    pub origin: Span,
}

/// `| at most low | 1 to 2 || in_room |`
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// One condition for each column; `any` is the empty `all of`, which is true.
    pub cells: Box<[ConditionId]>,
    /// What it gives; none for `never`: no level suffices.
    pub result: Option<NameId>,
    /// Where the row is written.
    pub origin: Span,
    /// Where its result is written.
    pub result_origin: Span,
}

/// What is asked of the result of a table. Of `never`, only `is never` is true.
#[derive(Debug, Clone, PartialEq)]
pub enum TableTest {
    /// `X at most T`, `risk ceiling T`, `supervision at least T`
    Bounds {
        /// The field.
        left: FieldRef,
        /// How it is compared with what the table gives.
        relation: Relation,
    },
    /// `T at least V`
    Gives {
        /// How what the table gives is compared.
        relation: Relation,
        /// With what.
        right: Term,
    },
    /// `T is one of V, W`
    OneOf(Box<[Value]>),
    /// `T between V and W`, both included
    Between(Term, Term),
    /// `T is never`
    Never,
}

impl TableTest {
    /// Gives the fields that it reads besides the columns of the table.
    pub fn fields(&self) -> impl Iterator<Item = FieldRef> + Clone + use<> {
        let of = |term: &Term| match term {
            Term::Field(field) => Some(*field),
            Term::Constant(_) => None,
        };
        let fields = match self {
            Self::Bounds { left, .. } => [Some(*left), None],
            Self::Gives { right, .. } => [of(right), None],
            Self::Between(low, high) => [of(low), of(high)],
            Self::OneOf(_) | Self::Never => [None, None],
        };
        fields.into_iter().flatten()
    }
}
