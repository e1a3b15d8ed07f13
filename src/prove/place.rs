//! Places on the line, and what lies at one of several: a value that is missing in some records lies where its field says, or
//! somewhere else.

use super::line::{Line, Node, ZERO};
use super::solver::Lit;
use super::world::{Settled, World};

/// A place on the line: a quantity, and so much more than it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) node: Node,
    pub(crate) plus: i128,
}

impl Place {
    /// Gives where a quantity is.
    pub(crate) fn of(node: Node) -> Self {
        Self { node, plus: 0 }
    }

    /// Gives a fixed place.
    pub(crate) fn fixed(plus: i128) -> Self {
        Self { node: ZERO, plus }
    }
}

/// One of some places, each with the literal that it is that one. Exactly one of the literals holds.
#[derive(Debug, Clone)]
pub(crate) struct Somewhere(Vec<(Lit, Place)>);

impl Somewhere {
    /// Gives what lies at the first place if a literal holds, at the second if it does not and another holds, and so on; at the last
    /// place if none holds.
    pub(crate) fn first_of(world: &mut World<'_>, places: &[(Lit, Place)], else_at: Place) -> Self {
        let mut none_before = world.solver.yes();
        let mut found = Vec::new();
        for (holds, place) in places {
            found.push((world.solver.both(none_before, *holds), *place));
            none_before = world.solver.both(none_before, !*holds);
        }
        found.push((none_before, else_at));
        found.retain(|(lit, _)| *lit != world.solver.no());
        Self(found)
    }

    /// Gives the quantity that it is, if it is one in any case.
    pub(crate) fn node(&self) -> Option<Node> {
        match self.0.as_slice() {
            [(_, Place { node, plus: 0 })] => Some(*node),
            _ => None,
        }
    }

    /// Gives what lies so much further on.
    pub(crate) fn further(&self, by: i128) -> Self {
        Self(self.0.iter().map(|(lit, place)| (*lit, Place { plus: place.plus + by, ..*place })).collect())
    }
}

impl World<'_> {
    /// Gives what lies at one place in any case.
    pub(crate) fn always(&self, place: Place) -> Somewhere {
        Somewhere(vec![(self.solver.yes(), place)])
    }

    /// Gives where something lies in the last model.
    pub(crate) fn place_of(&self, somewhere: &Somewhere, settled: &Settled) -> Option<i128> {
        let found = somewhere.0.iter().find(|(lit, _)| self.solver.value(*lit));
        found.map(|(_, place)| Line::of(&settled.places, place.node) + place.plus)
    }

    /// Gives the statement that one place lies below another, or at most where it is.
    pub(crate) fn less(&mut self, one: Place, other: Place, strictly: bool) -> Lit {
        let bound = other.plus - one.plus - i128::from(strictly);
        self.line.at_most(&mut self.solver, one.node, other.node, bound)
    }

    /// Gives the statement that one thing lies below another.
    pub(crate) fn below(&mut self, one: &Somewhere, other: &Somewhere) -> Lit {
        self.in_order(one, other, true)
    }

    /// Gives the statement that one thing lies at most where another does.
    pub(crate) fn at_most(&mut self, one: &Somewhere, other: &Somewhere) -> Lit {
        self.in_order(one, other, false)
    }

    fn in_order(&mut self, one: &Somewhere, other: &Somewhere, strictly: bool) -> Lit {
        let mut each = Vec::new();
        for (first_lit, first) in &one.0 {
            for (second_lit, second) in &other.0 {
                let less = self.less(*first, *second, strictly);
                each.push(self.solver.all([*first_lit, *second_lit, less]));
            }
        }
        self.solver.any(each)
    }
}
