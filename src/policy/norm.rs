//! Norms: what a rule says of the episodes to which it applies.

use crate::source::Span;

use super::condition::ConditionId;

/// What a rule demands, or the ground that it gives.
///
/// Whatever its kind, a norm has one condition: the requirement that must hold, or for `permit` the ground. So judging
/// needs no knowledge of the kinds beyond [`NormKind::Permit`] and [`NormKind::Oblige`].
#[derive(Debug, Clone, PartialEq)]
pub struct Norm {
    /// Which clause it is.
    pub kind: NormKind,
    /// The requirement; for `permit`, the ground.
    pub condition: ConditionId,
    /// Where the clause is written.
    pub origin: Span,
}

/// Which clause a norm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NormKind {
    /// `permit when C`: a ground on which failure may be allowed
    Permit,
    /// `forbid when C`
    Forbid,
    /// `never when C`: takes no `unless`, and silence may only count against it
    Never,
    /// `require C`
    Require,
    /// `risk ceiling LEVEL`
    RiskCeiling,
    /// `supervision at least LEVEL`
    Supervision,
    /// `rescue plan [with S, …] [ready within D]`
    RescuePlan,
    /// `limit N episodes [where C] [per F, …] in any D`, or `limit share of episodes …`
    Limit,
    /// `oblige FIELD …`: a duty; its condition is that of the first link
    Oblige,
}

impl NormKind {
    /// Gives the words with which the clause begins.
    pub fn words(self) -> &'static str {
        match self {
            Self::Permit => "permit when",
            Self::Forbid => "forbid when",
            Self::Never => "never when",
            Self::Require => "require",
            Self::RiskCeiling => "risk ceiling",
            Self::Supervision => "supervision at least",
            Self::RescuePlan => "rescue plan",
            Self::Limit => "limit",
            Self::Oblige => "oblige",
        }
    }
}
