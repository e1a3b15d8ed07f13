//! The door to the SAT solver: literals, clauses, gates, and questions under assumptions.
//!
//! Gates are shared: the same conjunction asked for twice is one literal. The solver is incremental, so that many
//! questions about one encoding pay for it once.

use std::collections::HashMap;

use batsat::{BasicSolver, SolverInterface, lbool};

/// A literal: a statement or its negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Lit(batsat::Lit);

impl std::ops::Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// The clauses made so far.
pub(crate) struct Solver {
    sat: BasicSolver,
    truth: Lit,
    gates: HashMap<Vec<Lit>, Lit>,
    /// The model that was found last.
    model: Model,
}

/// What holds of every statement.
#[derive(Clone, Default)]
pub(crate) struct Model(Vec<lbool>);

impl Solver {
    /// Begins with nothing but truth.
    pub(crate) fn new() -> Self {
        let mut sat = BasicSolver::default();
        let truth = Lit(batsat::Lit::new(sat.new_var_default(), true));
        sat.add_clause_reuse(&mut vec![truth.0]);
        Self { sat, truth, gates: HashMap::new(), model: Model::default() }
    }

    /// Gives what is always true.
    pub(crate) fn yes(&self) -> Lit {
        self.truth
    }

    /// Gives what is always false.
    pub(crate) fn no(&self) -> Lit {
        !self.truth
    }

    /// Gives one of the two.
    pub(crate) fn constant(&self, value: bool) -> Lit {
        if value { self.truth } else { !self.truth }
    }

    /// Makes a statement of which nothing is known.
    pub(crate) fn free(&mut self) -> Lit {
        Lit(batsat::Lit::new(self.sat.new_var_default(), true))
    }

    /// Demands that one of some literals holds.
    pub(crate) fn demand(&mut self, any_of: &[Lit]) {
        let mut clause: Vec<batsat::Lit> = any_of.iter().map(|lit| lit.0).collect();
        self.sat.add_clause_reuse(&mut clause);
    }

    /// Demands that what one literal says follows from another.
    pub(crate) fn implies(&mut self, one: Lit, other: Lit) {
        self.demand(&[!one, other]);
    }

    /// Gives the conjunction.
    pub(crate) fn all(&mut self, parts: impl IntoIterator<Item = Lit>) -> Lit {
        let mut parts: Vec<Lit> = parts.into_iter().filter(|part| *part != self.truth).collect();
        parts.sort_unstable();
        parts.dedup();
        let contradicts = parts.iter().any(|part| *part == self.no() || parts.binary_search(&!*part).is_ok());
        match parts.as_slice() {
            _ if contradicts => self.no(),
            [] => self.truth,
            [one] => *one,
            _ => self.gate(parts),
        }
    }

    fn gate(&mut self, parts: Vec<Lit>) -> Lit {
        if let Some(known) = self.gates.get(&parts) {
            return *known;
        }
        let gate = self.free();
        for part in &parts {
            self.implies(gate, *part);
        }
        let back: Vec<Lit> = parts.iter().map(|part| !*part).chain([gate]).collect();
        self.demand(&back);
        self.gates.insert(parts, gate);
        gate
    }

    /// Gives the disjunction.
    pub(crate) fn any(&mut self, parts: impl IntoIterator<Item = Lit>) -> Lit {
        let negated: Vec<Lit> = parts.into_iter().map(|part| !part).collect();
        !self.all(negated)
    }

    /// Gives the conjunction of two.
    pub(crate) fn both(&mut self, one: Lit, other: Lit) -> Lit {
        self.all([one, other])
    }

    /// Gives the disjunction of two.
    pub(crate) fn either(&mut self, one: Lit, other: Lit) -> Lit {
        self.any([one, other])
    }

    /// Gives how many statements there are.
    pub(crate) fn statements(&self) -> usize {
        usize::try_from(self.sat.num_vars()).unwrap_or(usize::MAX)
    }

    /// Says whether everything that was demanded can hold together with some assumptions.
    pub(crate) fn holds(&mut self, assumed: &[Lit]) -> bool {
        let assumed: Vec<batsat::Lit> = assumed.iter().map(|lit| lit.0).collect();
        let holds = self.sat.solve_limited(&assumed) == lbool::TRUE;
        if holds {
            self.model.0.clear();
            self.model.0.extend_from_slice(self.sat.get_model());
        }
        holds
    }

    /// Gives the model that was found last.
    pub(crate) fn model(&self) -> Model {
        self.model.clone()
    }

    /// Takes a model that was found earlier for the one that was found last.
    pub(crate) fn recall(&mut self, model: Model) {
        self.model = model;
    }

    /// Says whether a literal holds in the model that was found last.
    pub(crate) fn value(&self, lit: Lit) -> bool {
        self.model.0.get(lit.0.var().idx() as usize).is_some_and(|value| *value == lbool::new(lit.0.sign()))
    }

    /// Gives some of the assumptions that cannot hold together, after a question that was answered *no*.
    pub(crate) fn culprits(&mut self) -> Vec<Lit> {
        self.sat.unsat_core().iter().map(|lit| !Lit(*lit)).collect()
    }
}
