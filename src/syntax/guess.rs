//! What the parser can only guess at, since it knows no names: `take over` is `take_over` if there is such a name.

use crate::diagnostic::Diagnostic;

/// After so many in one file no more are made: settling each takes time, and nobody reads so far.
pub(super) const MOST_GUESSES: usize = 500;

/// A problem that has better words if some names exist; whoever knows the names settles it.
#[derive(Debug, Clone)]
pub struct Guess {
    /// The problem as it is told if none of them exists.
    pub(super) problem: Diagnostic,
    /// What to tell instead, the most particular first.
    pub(super) instead: Vec<(Vec<Needed>, Diagnostic)>,
}

/// A name that must exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needed {
    /// A field, a definition, or a name of any scale or kind.
    Any(String),
    /// A name of the scale or kind of a field, which nothing else is called.
    NameOf {
        /// The field.
        field: String,
        /// The name.
        name: String,
    },
}

impl Guess {
    /// Puts better words in place of the problem among others, if there are any.
    pub fn settle(self, problems: &mut [Diagnostic], exists: impl Fn(&Needed) -> bool) {
        let better = self.instead.into_iter().find(|(needed, _)| needed.iter().all(&exists));
        let told = problems.iter_mut().find(|told| **told == self.problem);
        if let (Some((_, better)), Some(told)) = (better, told) {
            *told = better;
        }
    }
}
