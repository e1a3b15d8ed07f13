//! Quantities on a line: numbers, durations, dates, instants, counts; and statements `x − y ≤ c` about two of them.
//!
//! Every quantity is a whole number of small units. A statement is a literal; statements about the same two quantities
//! imply each other where their bounds say so. What three or more quantities imply together is found when a model is
//! looked at: if its statements contradict each other, they form a cycle whose bounds add up to less than nothing, and
//! that cycle is forbidden from then on.

use std::collections::{BTreeMap, BTreeSet};

use super::solver::{Lit, Solver};

/// A quantity. The first is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node(u32);

impl Node {
    /// Gives its number among the places.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What stands for zero.
pub(crate) const ZERO: Node = Node(0);

/// Beyond this nothing is reckoned with: sums of a thousand such bounds still fit.
pub(crate) const FARTHEST: i128 = 1 << 115;

/// A quantity's unit and where one looks for its value first.
#[derive(Debug, Clone, Copy)]
struct Sort {
    /// Its values are multiples of this.
    grain: i128,
    /// The value that is taken if nothing speaks against it.
    usual: i128,
    /// Multiples of these are read more easily, of the first most.
    round: &'static [i128],
}

/// All quantities, and the statements about them.
pub(crate) struct Line {
    sorts: Vec<Sort>,
    /// Of `x − y ≤ c` with y before x: by c.
    statements: BTreeMap<(Node, Node), BTreeMap<i128, Lit>>,
    /// Which quantities are rounded together with another where they are as it is.
    followers: BTreeMap<Node, Vec<Node>>,
}

/// The outcome of looking at a model.
pub(crate) enum Placed {
    /// The value of every quantity, by number.
    Values(Vec<i128>),
    /// Statements that cannot hold together, and whether that is certain.
    Clash(Vec<Lit>, bool),
}

/// `x ≤ y + c`, since a literal holds.
#[derive(Clone, Copy)]
struct Edge {
    x: usize,
    y: usize,
    c: i128,
    since: Option<Lit>,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self {
            sorts: vec![Sort { grain: 1, usual: 0, round: &[] }],
            statements: BTreeMap::new(),
            followers: BTreeMap::new(),
        }
    }

    /// Makes a quantity whose values are multiples of a grain.
    pub(crate) fn quantity(&mut self, grain: i128, usual: i128) -> Node {
        self.rounded(grain, usual, &[])
    }

    /// Makes a quantity, multiples of some steps of which are read more easily.
    pub(crate) fn rounded(&mut self, grain: i128, usual: i128, round: &'static [i128]) -> Node {
        self.sorts.push(Sort { grain, usual, round });
        Node(u32::try_from(self.sorts.len() - 1).unwrap_or(u32::MAX))
    }

    /// Rounds a quantity together with another where it is as the other is.
    pub(crate) fn follow(&mut self, follower: Node, node: Node) {
        self.followers.entry(node).or_default().push(follower);
    }

    /// Gives the statement x − y ≤ c.
    pub(crate) fn at_most(&mut self, solver: &mut Solver, x: Node, y: Node, c: i128) -> Lit {
        if x == y {
            return solver.constant(c >= 0);
        }
        if x < y {
            return !self.at_most(solver, y, x, -c - 1);
        }
        let c = c.clamp(-FARTHEST, FARTHEST);
        let grain = self.common_grain(x, y);
        let c = c.div_euclid(grain) * grain;
        let known = self.statements.entry((x, y)).or_default();
        if let Some(lit) = known.get(&c) {
            return *lit;
        }
        let lit = solver.free();
        if let Some((_, before)) = known.range(..c).next_back() {
            solver.implies(*before, lit);
        }
        if let Some((_, after)) = known.range(c..).next() {
            solver.implies(lit, *after);
        }
        known.insert(c, lit);
        lit
    }

    /// Gives the statements about a quantity: the other, whether this one stands on the left, and each bound.
    pub(crate) fn about(&self, node: Node) -> impl Iterator<Item = (Node, bool, i128, Lit)> + '_ {
        let concerned = self.statements.iter().filter(move |((x, y), _)| *x == node || *y == node);
        concerned.flat_map(move |((x, y), known)| {
            let (other, left) = if *x == node { (*y, true) } else { (*x, false) };
            known.iter().map(move |(c, lit)| (other, left, *c, *lit))
        })
    }

    /// Says whether a quantity is compared with others, not with constants alone.
    pub(crate) fn is_tied(&self, node: Node) -> bool {
        self.about(node).any(|(other, ..)| other != ZERO)
    }

    /// Gives what the statements about a quantity and a constant say of it at a place.
    pub(crate) fn said_at(&self, node: Node, place: i128) -> impl Iterator<Item = Lit> + '_ {
        self.about(node).filter(|(other, ..)| *other == ZERO).map(move |(_, left, c, lit)| {
            let holds = if left { place <= c } else { -place <= c };
            if holds { lit } else { !lit }
        })
    }

    /// Gives the statement that a quantity is at most a constant.
    pub(crate) fn up_to(&mut self, solver: &mut Solver, x: Node, c: i128) -> Lit {
        self.at_most(solver, x, ZERO, c)
    }

    /// Gives what the values of a quantity are multiples of.
    pub(crate) fn grain(&self, node: Node) -> i128 {
        self.sorts.get(node.0 as usize).map_or(1, |sort| sort.grain)
    }

    /// What the difference of two is a multiple of; zero is a multiple of everything.
    fn common_grain(&self, x: Node, y: Node) -> i128 {
        let (one, other) = (self.grain(x), self.grain(y));
        if y == ZERO || one == other { one } else { 1 }
    }

    /// Finds a value for every quantity such that all statements are as a model has them.
    pub(crate) fn place(&self, holds: impl Fn(Lit) -> bool) -> Placed {
        let mut values: Vec<i128> = self.sorts.iter().map(|sort| sort.usual).collect();
        for (nodes, edges) in self.parts(self.edges(holds)) {
            match self.place_part(&nodes, edges) {
                Placed::Values(placed) => {
                    for at in nodes {
                        if let (Some(value), Some(placed)) = (values.get_mut(at), placed.get(at)) {
                            *value = *placed;
                        }
                    }
                }
                clash => return clash,
            }
        }
        self.round(&mut values);
        Placed::Values(values)
    }

    /// Rounds every value as far as no statement changes.
    fn round(&self, values: &mut [i128]) {
        for (at, sort) in (0..).zip(&self.sorts) {
            let now = Self::of(values, Node(at));
            let near = |step: &i128| {
                let below = now.div_euclid(*step) * step;
                [below, below + step]
            };
            let mut together = vec![Node(at)];
            let followers = self.followers.get(&Node(at)).into_iter().flatten().copied();
            together.extend(followers.filter(|follower| Self::of(values, *follower) == now));
            let found = sort.round.iter().flat_map(near).find(|to| self.may_move_together(values, &together, *to));
            for (node, to) in together.iter().zip(found.into_iter().cycle()) {
                if let Some(value) = values.get_mut(node.index()) {
                    *value = to;
                }
            }
        }
    }

    /// Takes apart what no statement joins: each part with its quantities and its edges.
    fn parts(&self, edges: Vec<Edge>) -> Vec<(BTreeSet<usize>, Vec<Edge>)> {
        let mut part_of: Vec<usize> = (0..self.sorts.len()).collect();
        for edge in edges.iter().filter(|edge| edge.x != 0 && edge.y != 0) {
            if let (Some(one), Some(other)) = (part_of.get(edge.x).copied(), part_of.get(edge.y).copied()) {
                part_of.iter_mut().filter(|part| **part == other).for_each(|part| *part = one);
            }
        }
        let mut parts: BTreeMap<usize, (BTreeSet<usize>, Vec<Edge>)> = BTreeMap::new();
        for edge in edges {
            let Some(part) = part_of.get(edge.x.max(edge.y)) else { continue };
            let (nodes, of_part) = parts.entry(*part).or_default();
            nodes.extend([edge.x, edge.y].into_iter().filter(|node| *node != 0));
            of_part.push(edge);
        }
        parts.into_values().collect()
    }

    fn place_part(&self, nodes: &BTreeSet<usize>, mut edges: Vec<Edge>) -> Placed {
        let mut values = match self.relax(&edges) {
            Ok(values) => values,
            Err(cycle) => return Placed::Clash(cycle, true),
        };
        // Quantities of a coarser grain that stand beside finer ones are put on their grain one by one.
        for at in nodes.iter().copied() {
            let Some(sort) = self.sorts.get(at).filter(|sort| sort.grain > 1) else { continue };
            let Some(value) = values.get(at).copied().filter(|value| value.rem_euclid(sort.grain) != 0) else {
                continue;
            };
            let below = value.div_euclid(sort.grain) * sort.grain;
            let fitting = [below, below + sort.grain, below - sort.grain].into_iter().find_map(|candidate| {
                let fixed = |x, y, c| Edge { x, y, c, since: None };
                let with = edges.iter().copied().chain([fixed(at, 0, candidate), fixed(0, at, -candidate)]);
                let with: Vec<Edge> = with.collect();
                self.relax(&with).ok().map(|values| (values, with))
            });
            let Some((placed, with)) = fitting else {
                let all: BTreeSet<Lit> = edges.iter().filter_map(|edge| edge.since).collect();
                return Placed::Clash(all.into_iter().collect(), false);
            };
            (values, edges) = (placed, with);
        }
        Placed::Values(values)
    }

    /// Says whether a quantity can have another value, the others staying as they are, without any statement changing.
    pub(crate) fn may_move(&self, values: &[i128], node: Node, to: i128) -> bool {
        self.may_move_together(values, &[node], to)
    }

    fn may_move_together(&self, values: &[i128], nodes: &[Node], to: i128) -> bool {
        let value = |at: Node| if nodes.contains(&at) { to } else { Self::of(values, at) };
        let was = |at: Node| Self::of(values, at);
        let concerned = self.statements.iter().filter(|((x, y), _)| nodes.contains(x) || nodes.contains(y));
        nodes.iter().all(|node| to.rem_euclid(self.grain(*node)) == 0)
            && concerned
                .into_iter()
                .all(|((x, y), known)| known.keys().all(|c| (value(*x) - value(*y) <= *c) == (was(*x) - was(*y) <= *c)))
    }

    /// Gives the value of a quantity among those that were placed.
    pub(crate) fn of(values: &[i128], node: Node) -> i128 {
        values.get(node.0 as usize).copied().unwrap_or(0)
    }

    /// Gives the tightest statements of each pair, as they hold or not.
    fn edges(&self, holds: impl Fn(Lit) -> bool) -> Vec<Edge> {
        let mut edges = Vec::new();
        for ((x, y), known) in &self.statements {
            // What is more than c is at least one grain more.
            let grain = self.common_grain(*x, *y);
            let (x, y) = (x.0 as usize, y.0 as usize);
            let least = known.iter().find(|(_, lit)| holds(**lit));
            edges.extend(least.map(|(c, lit)| Edge { x, y, c: *c, since: Some(*lit) }));
            let greatest = known.iter().rev().find(|(_, lit)| !holds(**lit));
            edges.extend(greatest.map(|(c, lit)| Edge { x: y, y: x, c: -c - grain, since: Some(!*lit) }));
        }
        edges
    }

    /// Bellman and Ford: lowers the usual values until every edge is kept, or finds a cycle.
    fn relax(&self, edges: &[Edge]) -> Result<Vec<i128>, Vec<Lit>> {
        let mut values: Vec<i128> = self.sorts.iter().map(|sort| sort.usual).collect();
        let mut by: Vec<Option<Edge>> = vec![None; values.len()];
        for _ in 0..=values.len() {
            let mut lowered = None;
            for edge in edges {
                let (Some(x), Some(y)) = (values.get(edge.x).copied(), values.get(edge.y).copied()) else { continue };
                if y + edge.c < x {
                    if let (Some(value), Some(reason)) = (values.get_mut(edge.x), by.get_mut(edge.x)) {
                        *value = y + edge.c;
                        *reason = Some(*edge);
                    }
                    lowered = Some(edge.x);
                }
            }
            if lowered.is_none() {
                let zero = values.first().copied().unwrap_or(0);
                return Ok(values.into_iter().map(|value| value - zero).collect());
            }
            if let Some(cycle) = lowered.and_then(|from| cycle(&by, from)) {
                return Err(cycle);
            }
        }
        Err(edges.iter().filter_map(|edge| edge.since).collect())
    }
}

/// Goes back along the edges that lowered values until one comes round again.
fn cycle(by: &[Option<Edge>], from: usize) -> Option<Vec<Lit>> {
    let back = |at: usize| by.get(at).copied().flatten();
    let mut seen = BTreeSet::new();
    let mut at = from;
    while seen.insert(at) {
        at = back(at)?.y;
    }
    let start = at;
    let mut found = BTreeSet::new();
    loop {
        let edge = back(at)?;
        found.extend(edge.since);
        at = edge.y;
        if at == start {
            return Some(found.into_iter().collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(line: &Line, solver: &mut Solver, assumed: &[Lit]) -> Option<Vec<i128>> {
        while solver.holds(assumed) {
            match line.place(|lit| solver.value(lit)) {
                Placed::Values(values) => return Some(values),
                Placed::Clash(lits, _) => solver.demand(&lits.iter().map(|lit| !*lit).collect::<Vec<_>>()),
            }
        }
        None
    }

    #[test]
    fn bounds_of_one_quantity_imply_each_other() {
        let (mut line, mut solver) = (Line::new(), Solver::new());
        let x = line.quantity(10, 0);
        let low = line.up_to(&mut solver, x, 20);
        let high = line.up_to(&mut solver, x, 35);
        assert!(!solver.holds(&[low, !high]));
        let between = settle(&line, &mut solver, &[!low, high]).unwrap();
        assert_eq!(between.get(1), Some(&30), "the one multiple of ten above 20 and up to 35");
    }

    #[test]
    fn three_that_go_round_clash() {
        let (mut line, mut solver) = (Line::new(), Solver::new());
        let [x, y, z] = [0; 3].map(|usual| line.quantity(1, usual));
        let before = |line: &mut Line, solver: &mut Solver, x, y| line.at_most(solver, x, y, -1);
        let round = [
            before(&mut line, &mut solver, x, y),
            before(&mut line, &mut solver, y, z),
            before(&mut line, &mut solver, z, x),
        ];
        assert_eq!(settle(&line, &mut solver, &round), None);
        let Some(values) = settle(&line, &mut solver, &round[..2]) else { panic!("two hold together") };
        assert!(values[1] < values[2] && values[2] < values[3]);
    }
}
