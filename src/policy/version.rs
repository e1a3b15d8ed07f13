//! Policies, their versions, and the set that one run works with.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::source::Span;

use super::calendar::Calendar;
use super::condition::{ConditionId, Conditions};
use super::history::Function;
use super::rule::Rule;
use super::vocabulary::{FieldType, Vocabulary};

/// All policies of a run.
#[derive(Debug, Clone, Default)]
pub struct PolicySet {
    /// The policies, by name.
    pub policies: Vec<Policy>,
}

/// All versions of one policy.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The name that its versions share.
    pub name: String,
    /// The versions, the earliest first.
    pub versions: Vec<Version>,
}

/// One version of a policy: what one `policy` header and its rules say.
#[derive(Debug, Clone)]
pub struct Version {
    /// The name of the policy.
    pub policy: String,
    /// The title; may be empty.
    pub title: String,
    /// `version 2.1`: a label, not a number
    pub label: Option<String>,
    /// `owner "…"`
    pub owner: Option<String>,
    /// `effective from A until B`; always in force if not stated
    pub in_force: Option<InForce>,
    /// `time zone Europe/Zurich`; UTC if not stated
    pub zone: TimeZone,
    /// `calendar NAME`
    pub calendar: Option<Arc<Calendar>>,
    /// `recorded within D`
    pub recorded_within: Option<RecordedWithin>,
    /// The vocabulary in which it speaks.
    pub vocabulary: Arc<Vocabulary>,
    /// `applies when C`
    pub applies_when: Option<ConditionId>,
    /// `default forbid|permit`
    pub default: DefaultNorm,
    /// All its conditions.
    pub conditions: Conditions,
    /// Its rules, in the order in which they are written.
    pub rules: Vec<Rule>,
    /// Where the policy's name is written.
    pub origin: Span,
}

impl Version {
    /// Says whether what a history clause comes to is a length of time.
    pub fn is_length(&self, function: Function) -> bool {
        let kind = |field| self.vocabulary.field(field).map(|field| field.kind);
        function == Function::TimeSinceLast
            || function.summed().is_some_and(|field| kind(field) == Some(FieldType::Duration))
    }

    /// Gives the clauses that say whether rules, or the whole version, apply: guards and the scope.
    pub fn guards_and_scope(&self) -> impl Iterator<Item = ConditionId> + '_ {
        self.rules.iter().filter_map(|rule| rule.guard).chain(self.applies_when)
    }
}

/// `recorded within D`: how long after it occurred an episode may be recorded without being pointed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordedWithin {
    /// How long.
    pub at_most: SignedDuration,
    /// Where that is written.
    pub origin: Span,
}

/// The local days on which a version is in force, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce {
    /// The first day.
    pub from: Date,
    /// The last day; none: it has no end.
    pub until: Option<Date>,
    /// Where that is written.
    pub origin: Span,
}

impl InForce {
    /// Says whether a local day lies within.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What holds of an episode for which no rule gives a ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DefaultNorm {
    /// `default forbid`, or nothing: what no rule permits is not permitted
    #[default]
    Forbid,
    /// `default permit`
    Permit,
}
