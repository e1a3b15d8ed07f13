//! Rules: a norm with its guard, its exception, and what is said about it.

use crate::source::Span;

use super::condition::ConditionId;
use super::duty::Duty;
use super::norm::{Norm, NormKind};

/// A rule, as an index into those of its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u32);

/// `rule NAME "title"` with its clauses.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The name by which verdicts cite it.
    pub name: String,
    /// The title; may be empty.
    pub title: String,
    /// What it says.
    pub norm: Norm,
    /// What it obliges to, if its norm is `oblige`.
    pub duty: Option<Duty>,
    /// `when C`; of `limit`, and that the episode is one of those that it counts
    pub guard: Option<ConditionId>,
    /// `unless C`
    pub unless: Option<ConditionId>,
    /// `if undocumented violated|satisfied`
    pub silence: Option<Silence>,
    /// `severity …`: major unless stated
    pub severity: RuleSeverity,
    /// `because "…"`
    pub because: Option<String>,
    /// `cites "…"`, each
    pub cites: Vec<String>,
    /// `remedy "…"`
    pub remedy: Option<String>,
    /// `silence is accepted because "…"`: that leaving a value out may pay
    pub silence_accepted: Option<String>,
    /// Where the rule's name is written.
    pub origin: Span,
}

impl Rule {
    /// Gives the conditions of guard, `unless` and norm.
    pub fn clauses(&self) -> impl Iterator<Item = ConditionId> + Clone + use<> {
        self.guard.into_iter().chain(self.unless).chain([self.norm.condition])
    }

    /// Gives what the links of a duty ask, one after the other; of a rule without a duty, nothing.
    pub fn links(&self) -> impl Iterator<Item = ConditionId> + use<'_> {
        self.duty.iter().flat_map(|duty| &duty.links).map(|link| link.condition)
    }

    /// Says whether the rule gives a ground and demands nothing.
    pub fn is_permit(&self) -> bool {
        self.norm.kind == NormKind::Permit
    }

    /// Says whether its status enters the verdict.
    pub fn decides(&self) -> bool {
        !self.is_permit() && self.duty.is_none() && self.severity != RuleSeverity::Advisory
    }
}

/// What a rule's own *undetermined* becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// `if undocumented violated`
    Violated,
    /// `if undocumented satisfied`
    Satisfied,
}

/// How grave a violation is. Advisory rules are reported and decide nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum RuleSeverity {
    /// `severity advisory`
    Advisory,
    /// `severity minor`
    Minor,
    /// `severity major`, or nothing
    #[default]
    Major,
    /// `severity critical`
    Critical,
}

impl RuleSeverity {
    /// Every severity, the least grave first.
    pub const ALL: [Self; 4] = [Self::Advisory, Self::Minor, Self::Major, Self::Critical];

    /// Gives the word of the language.
    pub fn word(self) -> &'static str {
        match self {
            Self::Advisory => "advisory",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Critical => "critical",
        }
    }
}
