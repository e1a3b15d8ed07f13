//! Duties: what an episode obliges somebody to do, by when, and what is owed when that is missed.

use jiff::civil::Time;

use crate::source::Span;

use super::civil::Length;
use super::condition::ConditionId;
use super::vocabulary::FieldId;

/// `oblige …` with every `otherwise oblige …` after it, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Duty {
    /// The links of the chain; the first is the duty itself.
    pub links: Vec<Link>,
}

/// `oblige FIELD [within D [of FIELD]] [with C]`
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The field that says that it was done.
    pub act: FieldId,
    /// What must hold: `FIELD is present`, and C if there is one.
    pub condition: ConditionId,
    /// By when; none: it is done or outstanding, never late.
    pub deadline: Option<Deadline>,
    /// Where the clause is written.
    pub origin: Span,
}

/// A deadline: from when, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// From when it counts.
    pub base: Base,
    /// How long it is.
    pub limit: Limit,
}

/// From when a deadline counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// the episode's own time
    Episode,
    /// `of FIELD`, `before FIELD`
    Field(FieldId),
    /// the deadline that was missed, for `otherwise`
    Missed,
}

/// How long a deadline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `within 24 hours`, `within 6 months`
    Within(Length),
    /// `within 3 working days`; `by the end of the next working day` is one
    WorkingDays(u32),
    /// `by the end of the day`: of the base's local day
    EndOfDay,
    /// `by 12:00 on the next day`, `by 12:00 on the next working day`
    ClockOn {
        /// The time on the local clock.
        time: Time,
        /// Whether the next working day is meant.
        working: bool,
    },
    /// `before FIELD`, the base itself excluded
    Before,
}
