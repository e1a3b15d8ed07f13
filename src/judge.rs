//! The one judge: a policy and an episode to a [`Judgement`].
//!
//! Takes a checked policy with all its versions, and the episode as each version reads it; gives the Kleene verdict,
//! the status of every rule, and the fields on which an undetermined verdict turns. It cannot fail, and it depends on
//! nothing but its arguments: no clock, no order of rules or records. Reasons, with the places of the values that
//! decided, are worked out on demand by [`cite`], for what is reported.
//!
//! The meaning is that of semantics.md sections 2 and 4 to 6. History, duties and the exact verdict are to come; none
//! of them changes what stands here.

mod cite;
mod compare;
mod condition;
mod reason;
mod scope;
mod status;
mod truth;
mod wanting;

pub use cite::{Citation, Clause, cite};
pub use condition::Evaluation;
pub use reason::{Leaf, reasons};
pub use scope::InForceness;
pub use status::{Need, Outcome, Status};
pub use truth::Truth;

use crate::episode::Episode;
use crate::policy::{DefaultNorm, FieldId, Policy, Version};

/// What a policy says of an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The policy is not in force at that time, or does not apply.
    NotCovered,
    /// A ground is given, and nothing speaks against it.
    Permissible,
    /// What is missing decides.
    Undetermined,
    /// A rule is broken, or no rule permits it.
    Impermissible,
}

impl Verdict {
    /// Every verdict, the strictest first.
    pub const ALL: [Self; 4] = [Self::Impermissible, Self::Undetermined, Self::Permissible, Self::NotCovered];

    /// Gives the word of machine output.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotCovered => "not_covered",
            Self::Permissible => "permissible",
            Self::Undetermined => "undetermined",
            Self::Impermissible => "impermissible",
        }
    }

    /// Gives the words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotCovered => "not covered",
            other => other.word(),
        }
    }
}

/// Why the verdict is what it is: what a report cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// The policy is not in force at that time.
    NotInForce,
    /// `applies when` is false.
    DoesNotApply,
    /// It is open in which version the episode falls, if in any.
    TimeOpen,
    /// It is open whether the policy applies.
    ScopeOpen,
    /// Rules are broken.
    Violations,
    /// No permit can hold, and nothing is permitted by default.
    ByDefault,
    /// Rules, or the permits that could still hold, are undetermined.
    Undetermined,
    /// A permit is given, or everything is permitted by default.
    Permitted,
}

/// What one policy says of one episode.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on.
    pub because: Because,
    /// The version in force, as an index into the policy's versions; none if there is none, or it is open which.
    pub version: Option<usize>,
    /// What each rule of that version says, in their order; empty where the episode is not covered or the version open.
    pub outcomes: Vec<Outcome>,
    /// The fields on which an undetermined verdict turns, in the order of the vocabulary (of the first version, where
    /// it is open which one is in force).
    pub wanting: Vec<FieldId>,
}

/// Judges one episode by one policy. `readings` holds the episode as each version reads it, in the order of versions.
pub fn judge(policy: &Policy, readings: &[&Episode]) -> Judgement {
    match scope::in_force(policy, readings) {
        scope::InForceness::Never => decided(Verdict::NotCovered, Because::NotInForce, None),
        scope::InForceness::Open => {
            let mut judgement = decided(Verdict::Undetermined, Because::TimeOpen, None);
            judgement.wanting = scope::time_fields(policy);
            judgement
        }
        scope::InForceness::By(at) => match (policy.versions.get(at), readings.get(at)) {
            (Some(version), Some(episode)) => judge_by(version, at, episode),
            _ => decided(Verdict::NotCovered, Because::NotInForce, None),
        },
    }
}

fn decided(verdict: Verdict, because: Because, version: Option<usize>) -> Judgement {
    Judgement { verdict, because, version, outcomes: Vec::new(), wanting: Vec::new() }
}

/// Judges by a version that is in force.
fn judge_by(version: &Version, at: usize, episode: &Episode) -> Judgement {
    let mut evaluation = Evaluation::new(version, episode);
    let applies = version.applies_when.map_or(Truth::True, |condition| evaluation.truth(condition));
    if applies == Truth::False {
        return decided(Verdict::NotCovered, Because::DoesNotApply, Some(at));
    }
    let outcomes: Vec<Outcome> = version.rules.iter().map(|rule| status::outcome(rule, &mut evaluation)).collect();
    let (verdict, because) = match applies {
        Truth::Unknown => (Verdict::Undetermined, Because::ScopeOpen),
        _ => verdict(version, &outcomes),
    };
    let mut judgement = Judgement { verdict, because, version: Some(at), outcomes, wanting: Vec::new() };
    if verdict == Verdict::Undetermined {
        judgement.wanting = wanting::wanting(version, &judgement, &mut evaluation);
    }
    judgement
}

/// Gives the verdict on an episode that is covered: the first row that fits.
fn verdict(version: &Version, outcomes: &[Outcome]) -> (Verdict, Because) {
    let deciding = || version.rules.iter().zip(outcomes).filter(|(rule, _)| rule.decides()).map(|(_, outcome)| outcome);
    let ground = ground(version, outcomes);
    let undetermined = deciding().any(|outcome| outcome.status() == Some(Status::Undetermined));
    if deciding().any(|outcome| outcome.status() == Some(Status::Violated)) {
        (Verdict::Impermissible, Because::Violations)
    } else if ground == Truth::False {
        (Verdict::Impermissible, Because::ByDefault)
    } else if undetermined || ground == Truth::Unknown {
        (Verdict::Undetermined, Because::Undetermined)
    } else {
        (Verdict::Permissible, Because::Permitted)
    }
}

/// Gives whether failure is allowed at all: by default, or by some permit.
fn ground(version: &Version, outcomes: &[Outcome]) -> Truth {
    match version.default {
        DefaultNorm::Permit => Truth::True,
        DefaultNorm::Forbid => Truth::any(outcomes.iter().filter_map(Outcome::ground)),
    }
}
