//! What one rule says of one episode.

use crate::policy::{Rule, Silence};

use super::condition::Evaluation;
use super::duty::Chain;
use super::truth::Truth;

/// The status of a rule with a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It applies, is not excused, and its requirement is false.
    Violated,
    /// Its guard is false.
    NotApplicable,
    /// Its exception is true.
    Excused(Need),
    /// Its requirement is true, whether or not the guard is.
    Satisfied,
    /// What is missing decides.
    Undetermined,
}

/// Whether an exception was needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// The requirement was false.
    Needed,
    /// The requirement was true.
    NotNeeded,
    /// The requirement is unknown.
    PerhapsNeeded,
}

impl Status {
    /// Gives the word of machine output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Violated => "violated",
            Self::NotApplicable => "not_applicable",
            Self::Excused(_) => "excused",
            Self::Satisfied => "satisfied",
            Self::Undetermined => "undetermined",
        }
    }
}

/// What a rule says: the status of a requirement, or the ground of a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A requirement.
    Requirement {
        /// Its status.
        status: Status,
        /// Whether `if undocumented` settled it.
        by_silence: bool,
    },
    /// A permit: given (true), not given (false) or undetermined.
    Ground(Truth),
    /// A duty: what becomes of its chain. It does not enter the verdict.
    Duty(Chain),
}

impl Outcome {
    /// Gives the status, unless it is that of a permit.
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Requirement { status, .. } => Some(*status),
            Self::Ground(_) | Self::Duty(_) => None,
        }
    }

    /// Gives the ground, if it is that of a permit.
    pub fn ground(&self) -> Option<Truth> {
        match self {
            Self::Ground(truth) => Some(*truth),
            Self::Requirement { .. } | Self::Duty(_) => None,
        }
    }
}

/// Works out what a rule says.
pub(crate) fn outcome(rule: &Rule, evaluation: &mut Evaluation<'_>) -> Outcome {
    let guard = rule.guard.map_or(Truth::True, |guard| evaluation.truth(guard));
    let exception = rule.unless.map_or(Truth::False, |unless| evaluation.truth(unless));
    let condition = evaluation.truth(rule.norm.condition);
    outcome_of(Sort::of(rule), guard, exception, condition)
}

/// What of a rule matters to what its clauses come to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sort {
    is_permit: bool,
    silence: Option<Silence>,
}

impl Sort {
    pub(super) fn of(rule: &Rule) -> Self {
        Self { is_permit: rule.is_permit(), silence: rule.silence }
    }
}

/// Gives what a rule says where this is known of its guard, its exception and its condition.
pub(super) fn outcome_of(rule: Sort, guard: Truth, exception: Truth, condition: Truth) -> Outcome {
    if rule.is_permit {
        return Outcome::Ground(guard.and(!exception).and(condition));
    }
    match (status(guard, exception, condition), rule.silence) {
        (Status::Undetermined, Some(Silence::Violated)) => {
            Outcome::Requirement { status: Status::Violated, by_silence: true }
        }
        (Status::Undetermined, Some(Silence::Satisfied)) => {
            Outcome::Requirement { status: Status::Satisfied, by_silence: true }
        }
        (status, _) => Outcome::Requirement { status, by_silence: false },
    }
}

/// Gives the status of a requirement: the first row that fits.
fn status(guard: Truth, exception: Truth, requirement: Truth) -> Status {
    use Truth::{False, True, Unknown};
    match (guard, exception, requirement) {
        (True, False, False) => Status::Violated,
        (False, _, _) => Status::NotApplicable,
        (_, True, False) => Status::Excused(Need::Needed),
        (_, True, True) => Status::Excused(Need::NotNeeded),
        (_, True, Unknown) => Status::Excused(Need::PerhapsNeeded),
        (_, _, True) => Status::Satisfied,
        _ => Status::Undetermined,
    }
}

#[cfg(test)]
mod tests {
    use super::Need::{Needed, NotNeeded, PerhapsNeeded};
    use super::Status::{self, Excused, NotApplicable, Satisfied, Undetermined, Violated};
    use super::Truth::{False as F, True as T, Unknown as U};

    /// Every combination of guard, exception and requirement.
    #[test]
    fn the_status_table() {
        let table: [((super::Truth, super::Truth), [Status; 3]); 9] = [
            // guard, exception: requirement true, unknown, false
            ((T, T), [Excused(NotNeeded), Excused(PerhapsNeeded), Excused(Needed)]),
            ((T, U), [Satisfied, Undetermined, Undetermined]),
            ((T, F), [Satisfied, Undetermined, Violated]),
            ((U, T), [Excused(NotNeeded), Excused(PerhapsNeeded), Excused(Needed)]),
            ((U, U), [Satisfied, Undetermined, Undetermined]),
            ((U, F), [Satisfied, Undetermined, Undetermined]),
            ((F, T), [NotApplicable; 3]),
            ((F, U), [NotApplicable; 3]),
            ((F, F), [NotApplicable; 3]),
        ];
        for ((guard, exception), row) in table {
            for (requirement, expected) in [T, U, F].into_iter().zip(row) {
                assert_eq!(
                    super::status(guard, exception, requirement),
                    expected,
                    "{guard:?} {exception:?} {requirement:?}"
                );
            }
        }
    }
}
