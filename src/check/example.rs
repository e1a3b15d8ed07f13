//! A policy's own examples, checked: the episodes of their cases, and what is claimed of them.

use jiff::Timestamp;

use crate::episode::Episode;
use crate::policy::{FieldId, Length, RuleId, Version};
use crate::source::Span;

use super::examples::case::Settings;
use super::examples::time;

/// `example "title" …`
#[derive(Debug, Clone)]
pub struct Example {
    /// The title.
    pub title: String,
    /// Where it is declared.
    pub origin: Span,
    /// The version that judges it: the policy's name, and where its header stands.
    pub version: (String, Span),
    /// What is judged, and what is claimed.
    pub subject: Subject,
}

impl Example {
    /// Gives as of when it is judged, as far as it says so itself.
    pub fn as_of(&self) -> Option<Timestamp> {
        match &self.subject {
            Subject::Case(situation, _) => Some(situation.as_of),
            Subject::Log(log) => log.as_of,
        }
    }
}

/// What an example judges.
#[derive(Debug, Clone)]
pub enum Subject {
    /// `example "…" CASE`
    Case(Box<Situation>, Vec<Claim>),
    /// `example "…" in "FILE"`
    Log(LogExample),
}

/// An episode that was made up, with what came before.
#[derive(Debug, Clone)]
pub struct Situation {
    /// The case.
    pub case: String,
    /// `with FIELD value`: each field, and the setting as it is written.
    pub with: Vec<(FieldId, String)>,
    /// `without FIELD`
    pub without: Vec<FieldId>,
    /// The episodes that it follows.
    pub following: Vec<Earlier>,
    /// `as of D later`
    pub as_of_later: Option<Length>,
    /// The episode.
    pub episode: Episode,
    /// As of when it is judged, which stands for the present too.
    pub as_of: Timestamp,
    /// What it was made of.
    pub(super) stating: Stating,
}

/// What a situation is made of.
#[derive(Debug, Clone)]
pub(super) struct Stating {
    pub(super) case: String,
    /// What the case states.
    pub(super) base: Settings,
    /// What the example makes of it.
    pub(super) settings: Settings,
    pub(super) title: String,
    pub(super) origin: Span,
}

impl Situation {
    /// Supposes that it follows other cases, each at a distance, and nothing else; a time that is made up is so anew.
    pub fn after(&self, version: &Version, cases: &[(&Self, Length)]) -> Option<Self> {
        let before = |(other, distance): &(&Self, Length)| time::Before {
            case: other.case.clone(),
            settings: other.stating.base.clone(),
            distance: *distance,
            origin: self.stating.origin,
        };
        let before: Vec<time::Before> = cases.iter().map(before).collect();
        let changes = (self.with.clone(), self.without.clone());
        time::situation(version, self.stating.clone(), changes, &before, self.as_of_later)
    }

    /// Supposes that it is judged later than its own time.
    pub fn judged_later(&self, version: &Version, later: Length) -> Option<Self> {
        let before = |earlier: &Earlier| time::Before {
            case: earlier.case.clone(),
            settings: earlier.settings.clone(),
            distance: earlier.distance,
            origin: earlier.origin,
        };
        let before: Vec<time::Before> = self.following.iter().map(before).collect();
        let changes = (self.with.clone(), self.without.clone());
        time::situation(version, self.stating.clone(), changes, &before, Some(later))
    }
}

/// `following CASE D earlier`
#[derive(Debug, Clone)]
pub struct Earlier {
    /// The case.
    pub case: String,
    /// How much earlier.
    pub distance: Length,
    /// The episode.
    pub episode: Episode,
    /// Where that is written.
    pub origin: Span,
    /// What its case states.
    pub(super) settings: Settings,
}

/// Records of a log that are judged as an audit would.
#[derive(Debug, Clone)]
pub struct LogExample {
    /// The file, relative to that of the policy.
    pub file: String,
    /// Where the file is named.
    pub file_origin: Span,
    /// `as of DATE`: the end of that day; unless stated, the time of the newest record.
    pub as_of: Option<Timestamp>,
    /// The ids of records, where each is written, and what is claimed of it.
    pub records: Vec<(String, Span, Vec<Claim>)>,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it says.
    pub kind: ClaimKind,
    /// Where it is written.
    pub origin: Span,
}

/// What a claim says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClaimKind {
    /// `is permissible`
    Permissible,
    /// `is not covered`
    NotCovered,
    /// `is impermissible by R, … [only]`
    ImpermissibleBy {
        /// The rules.
        rules: Vec<RuleId>,
        /// Whether it would be permissible without them.
        only: bool,
    },
    /// `is impermissible by default [only]`
    ImpermissibleByDefault {
        /// Whether no rule is violated or undetermined.
        only: bool,
    },
    /// `is undetermined [for want of F, … [only]]`
    Undetermined {
        /// The fields.
        fields: Vec<FieldId>,
        /// Whether nothing else is wanting.
        only: bool,
    },
    /// `owes R, …`
    Owes(Vec<RuleId>),
    /// `owes nothing`
    OwesNothing,
    /// `is excused from R, …`
    ExcusedFrom(Vec<RuleId>),
    /// `is overdue with R, …`
    OverdueWith(Vec<RuleId>),
    /// `is not yet overdue with R, …`
    NotYetOverdueWith(Vec<RuleId>),
}

impl ClaimKind {
    /// Gives the rules that it names.
    pub fn rules(&self) -> &[RuleId] {
        match self {
            Self::ImpermissibleBy { rules, .. }
            | Self::Owes(rules)
            | Self::ExcusedFrom(rules)
            | Self::OverdueWith(rules)
            | Self::NotYetOverdueWith(rules) => rules,
            Self::Permissible
            | Self::NotCovered
            | Self::ImpermissibleByDefault { .. }
            | Self::Undetermined { .. }
            | Self::OwesNothing => &[],
        }
    }

    /// Gives the fields that it names.
    pub fn fields(&self) -> &[FieldId] {
        match self {
            Self::Undetermined { fields, .. } => fields,
            _ => &[],
        }
    }

    /// Gives the same claim about other rules, or other fields.
    #[must_use]
    pub fn about(&self, rules: Vec<RuleId>, fields: Vec<FieldId>) -> Self {
        match self {
            Self::ImpermissibleBy { only, .. } => Self::ImpermissibleBy { rules, only: *only },
            Self::Owes(_) => Self::Owes(rules),
            Self::ExcusedFrom(_) => Self::ExcusedFrom(rules),
            Self::OverdueWith(_) => Self::OverdueWith(rules),
            Self::NotYetOverdueWith(_) => Self::NotYetOverdueWith(rules),
            Self::Undetermined { only, .. } => Self::Undetermined { fields, only: *only },
            Self::Permissible | Self::NotCovered | Self::ImpermissibleByDefault { .. } | Self::OwesNothing => {
                self.clone()
            }
        }
    }
}
