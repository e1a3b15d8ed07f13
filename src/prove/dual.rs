//! What is known of a condition, as two literals: that it is true, and that it is false; unknown is neither.

use crate::judge::Truth;

use super::solver::{Lit, Solver};

/// Kleene's three values as literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dual {
    /// It is true.
    pub(crate) yes: Lit,
    /// It is false.
    pub(crate) no: Lit,
}

impl std::ops::Not for Dual {
    type Output = Self;

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }
}

impl Dual {
    /// Gives what is never unknown.
    pub(crate) fn known(lit: Lit) -> Self {
        Self { yes: lit, no: !lit }
    }

    /// Gives what is known where something else holds, and unknown elsewhere.
    pub(crate) fn where_known(solver: &mut Solver, known: Lit, lit: Lit) -> Self {
        Self { yes: solver.both(known, lit), no: solver.both(known, !lit) }
    }

    /// Gives what nobody knows.
    pub(crate) fn unknown(solver: &Solver) -> Self {
        Self { yes: solver.no(), no: solver.no() }
    }

    /// The conjunction of all.
    pub(crate) fn all(solver: &mut Solver, parts: &[Self]) -> Self {
        Self { yes: solver.all(parts.iter().map(|part| part.yes)), no: solver.any(parts.iter().map(|part| part.no)) }
    }

    /// The disjunction of all.
    pub(crate) fn any(solver: &mut Solver, parts: &[Self]) -> Self {
        Self { yes: solver.any(parts.iter().map(|part| part.yes)), no: solver.all(parts.iter().map(|part| part.no)) }
    }

    /// Gives the literal that it is as it was found.
    pub(crate) fn is(self, truth: Truth, solver: &mut Solver) -> Lit {
        match truth {
            Truth::True => self.yes,
            Truth::False => self.no,
            Truth::Unknown => self.open(solver),
        }
    }

    /// Gives the literal that nothing is known.
    pub(crate) fn open(self, solver: &mut Solver) -> Lit {
        solver.all([!self.yes, !self.no])
    }
}
