//! Whether the examples would notice a change: the policy says something else, and some claim should fail.

use crate::check::Example;
use crate::policy::Version;
use crate::source::{Sources, Span};

/// How many changes of a version its examples notice.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// How many changes were tried.
    pub mutants: usize,
    /// How many made a claim fail.
    pub killed: usize,
    /// The others.
    pub survivors: Vec<Survivor>,
}

/// A change that no example notices.
#[derive(Debug, Clone)]
pub struct Survivor {
    /// The rule; none where the scope or a definition was changed.
    pub rule: Option<String>,
    /// Where the changed clause is written.
    pub origin: Span,
    /// What was changed, in words.
    pub change: String,
    /// The clause as it would read.
    pub sentence: String,
    /// An example that would notice, if one was found.
    pub example: Option<Telling>,
}

/// An example that holds of the policy and fails of the changed one.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Its text, ready to paste.
    pub text: String,
}

/// Tries every change of a version.
pub fn mutate(_version: &Version, _examples: &[&Example], _sources: &Sources) -> Score {
    Score::default()
}
