//! Quantities on a line: numbers, durations, dates, instants, counts; and statements `x − y ≤ c` about two of them.
//!
//! Every quantity is a whole number of small units. A statement is a literal; statements about the same two quantities
//! imply each other where their bounds say so. What three or more quantities imply together is found when a model is
//! looked at: if its statements contradict each other, they form a cycle whose bounds add up to less than nothing, and
//! that cycle is forbidden from then on.

use std::collections::{BTreeMap, BTreeSet};

use super::field::ONE;
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

/// How far above the usual values quantities of several grains are placed, if there are such places: in ones, or in units of the
/// coarsest grain.
const ABOVE: [i128; 4] = [0, 1, 1_000, 1_000_000];

/// So few units beside another a quantity lies since it must lie beside it.
const NEAR: u128 = 100;

/// So many cycles are forbidden at a time, of quantities that hang together.
const MOST_CYCLES: usize = 50;

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
    /// Statements that cannot hold together, each time some; and whether that is certain.
    Clash(Vec<Vec<Lit>>, bool),
}

/// What came of lowering.
enum Lowered {
    To(Vec<i128>),
    /// Zero would have to be lowered.
    Zero,
    /// It did not end soon.
    Unsure,
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

    /// Makes a quantity that is read most easily where another is.
    pub(crate) fn like(&mut self, node: Node, grain: i128) -> Node {
        let round = self.sorts.get(node.index()).map_or(&[][..], |sort| sort.round);
        self.rounded(grain, 0, round)
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
        let (mut surely, mut perhaps) = (Vec::new(), Vec::new());
        for (nodes, edges) in self.parts(self.edges(holds)) {
            match self.place_part(&nodes, edges) {
                Placed::Values(placed) => {
                    for at in nodes {
                        if let (Some(value), Some(placed)) = (values.get_mut(at), placed.get(at)) {
                            *value = *placed;
                        }
                    }
                }
                Placed::Clash(found, true) => surely.extend(found),
                Placed::Clash(found, false) => perhaps.extend(found),
            }
        }
        // As long as something surely clashes, nothing else need be forbidden.
        if !surely.is_empty() || !perhaps.is_empty() {
            let is_sure = !surely.is_empty();
            return Placed::Clash(if is_sure { surely } else { perhaps }, is_sure);
        }
        self.round(&mut values);
        Placed::Values(values)
    }

    /// Rounds every value as far as no statement changes.
    fn round(&self, values: &mut [i128]) {
        for (at, sort) in (0..).zip(&self.sorts) {
            let now = Self::of(values, Node(at));
            if sort.round.is_empty() {
                continue;
            }
            let together = self.near(values, Node(at));
            let to = sort
                .round
                .iter()
                .flat_map(|step| nearest(now, *step))
                .find(|to| self.may_move_together(values, &together, to - now));
            for node in together.iter().filter(|_| to.is_some()) {
                if let (Some(value), Some(to)) = (values.get_mut(node.index()), to) {
                    *value += to - now;
                }
            }
        }
    }

    /// Rounds every value by itself as far as no statement changes. What was put beside another is then no longer close to it.
    pub(crate) fn round_each(&self, values: &mut [i128]) {
        // One that another was in the way of may have room now.
        for at in (0..).map(Node).take(self.sorts.len()).chain((0..).map(Node).take(self.sorts.len())) {
            let now = Self::of(values, at);
            let round = self.sorts.get(at.index()).map_or(&[][..], |sort| sort.round);
            let to = round.iter().flat_map(|step| nearest(now, *step)).find(|to| self.may_move(values, at, *to));
            if let (Some(to), Some(value)) = (to, values.get_mut(at.index())) {
                *value = to;
            }
        }
    }

    /// Gives a quantity with those that lie where it is, or a few units beside it, since they follow it or are compared with it, and
    /// with those that lie so beside them.
    fn near(&self, values: &[i128], node: Node) -> Vec<Node> {
        let is_near = |one: Node, other: Node| Self::of(values, one).abs_diff(Self::of(values, other)) <= NEAR;
        let (mut near, mut at) = (vec![node], 0);
        while let Some(node) = near.get(at).copied() {
            let followers = self.followers.get(&node).into_iter().flatten().copied();
            let beside = self.statements.keys().filter(|(x, y)| *x == node || *y == node);
            let beside = beside.map(|(x, y)| if *x == node { *y } else { *x }).filter(|other| *other != ZERO);
            for other in followers.chain(beside).filter(|other| is_near(node, *other)) {
                if !near.contains(&other) {
                    near.push(other);
                }
            }
            at += 1;
        }
        near
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
        let mut cycles = Vec::new();
        let values = loop {
            match self.relax(&edges) {
                Ok(values) if cycles.is_empty() => break values,
                Err(cycle) if cycles.len() < MOST_CYCLES => {
                    // What else clashes is looked for without an edge of what does.
                    edges.retain(|edge| cycle.first().is_none_or(|first| first.since != edge.since));
                    cycles.push(since(&self.weakened(cycle)));
                }
                _ => return Placed::Clash(cycles, true),
            }
        };
        let fits = |at: &usize| values.get(*at).is_some_and(|value| value.rem_euclid(self.grain_at(*at)) == 0);
        if nodes.iter().all(fits) { Placed::Values(values) } else { self.on_grains(nodes, &edges) }
    }

    fn grain_at(&self, at: usize) -> i128 {
        self.sorts.get(at).map_or(1, |sort| sort.grain)
    }

    /// Places quantities of a coarser grain that stand beside finer ones: begins so far above the usual values that nothing needs to be
    /// raised, and lowers until every edge is kept, each to a multiple of its grain. From the greatest beginning, zero is lowered only
    /// where there are no such places.
    fn on_grains(&self, nodes: &BTreeSet<usize>, edges: &[Edge]) -> Placed {
        let coarsest = nodes.iter().map(|at| self.grain_at(*at)).max().unwrap_or(1);
        let step = if ONE % coarsest == 0 { ONE } else { coarsest };
        for above in ABOVE {
            if let Lowered::To(values) = self.lowered_from(above * step, edges) {
                return Placed::Values(values);
            }
        }
        // Between two neighbours that are further apart than any bound, the upper ones could as well lie lower.
        let farthest = edges.iter().map(|edge| edge.c.abs()).max().unwrap_or(0);
        let count = i128::try_from(nodes.len() + 1).unwrap_or(i128::MAX);
        let greatest = (farthest / step + 3).checked_mul(count).and_then(|steps| steps.checked_mul(step));
        let Some(greatest) = greatest.filter(|greatest| *greatest < i128::MAX / 4) else {
            return Placed::Clash(vec![since(edges)], false);
        };
        match self.lowered_from(greatest, edges) {
            Lowered::To(values) => Placed::Values(values),
            Lowered::Zero => Placed::Clash(vec![since(&self.that_lower_zero(greatest, edges))], true),
            Lowered::Unsure => Placed::Clash(vec![since(edges)], false),
        }
    }

    fn lowered_from(&self, above: i128, edges: &[Edge]) -> Lowered {
        let begin = |(at, sort): (usize, &Sort)| if at == 0 { 0 } else { sort.usual + above };
        let mut values: Vec<i128> = self.sorts.iter().enumerate().map(begin).collect();
        for _ in 0..=2 * values.len() {
            let mut lowered = false;
            for edge in edges {
                let Some(y) = values.get(edge.y).copied() else { continue };
                let grain = self.grain_at(edge.x);
                let bound = (y + edge.c).div_euclid(grain) * grain;
                if let Some(x) = values.get_mut(edge.x).filter(|x| bound < **x) {
                    (*x, lowered) = (bound, true);
                }
            }
            if values.first().is_some_and(|zero| *zero < 0) {
                return Lowered::Zero;
            }
            if !lowered {
                return Lowered::To(values);
            }
        }
        Lowered::Unsure
    }

    /// Leaves out edges, many at once and then fewer, as long as the others lower zero.
    fn that_lower_zero(&self, above: i128, edges: &[Edge]) -> Vec<Edge> {
        let mut kept = edges.to_vec();
        let mut size = kept.len().div_ceil(2);
        while size > 0 {
            let mut at = 0;
            while at < kept.len() {
                let end = kept.len().min(at + size);
                let without: Vec<Edge> = kept.iter().take(at).chain(kept.iter().skip(end)).copied().collect();
                match self.lowered_from(above, &without) {
                    Lowered::Zero => kept = without,
                    _ => at = end,
                }
            }
            size /= 2;
        }
        kept
    }

    /// Says whether a quantity can have another value, the others staying as they are, without any statement changing.
    pub(crate) fn may_move(&self, values: &[i128], node: Node, to: i128) -> bool {
        self.may_move_together(values, &[node], to - Self::of(values, node))
    }

    /// Says whether some quantities can be moved by so much.
    fn may_move_together(&self, values: &[i128], nodes: &[Node], by: i128) -> bool {
        let was = |at: Node| Self::of(values, at);
        let value = |at: Node| was(at) + if nodes.contains(&at) { by } else { 0 };
        let concerned = self.statements.iter().filter(|((x, y), _)| nodes.contains(x) != nodes.contains(y));
        nodes.iter().all(|node| value(*node).rem_euclid(self.grain(*node)) == 0)
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
    fn relax(&self, edges: &[Edge]) -> Result<Vec<i128>, Vec<Edge>> {
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
        Err(edges.to_vec())
    }

    /// Puts other edges in the place of those of a cycle whose bounds add up to less than nothing: such as follow from them, as long as these
    /// add up to less than nothing, too. So what is forbidden is forbidden of all that say more.
    fn weakened(&self, mut edges: Vec<Edge>) -> Vec<Edge> {
        let is_cycle = edges.iter().zip(edges.iter().cycle().skip(1)).all(|(edge, next)| edge.y == next.x);
        if !is_cycle {
            return edges;
        }
        let mut slack = -1 - edges.iter().map(|edge| edge.c).sum::<i128>();
        for edge in &mut edges {
            if let Some(weaker) = self.weaker(edge, slack) {
                slack -= weaker.c - edge.c;
                *edge = weaker;
            }
        }
        edges
    }

    /// Gives the weakest edge that follows from another and whose bound is greater by no more than some slack.
    fn weaker(&self, edge: &Edge, slack: i128) -> Option<Edge> {
        let node = |at| u32::try_from(at).map(Node).ok();
        let (x, y) = (node(edge.x)?, node(edge.y)?);
        let most = edge.c + slack;
        let (c, since) = if x > y {
            let (c, lit) = self.statements.get(&(x, y))?.range(..=most).next_back()?;
            (*c, *lit)
        } else {
            let grain = self.common_grain(y, x);
            let (c, lit) = self.statements.get(&(y, x))?.range(-most - grain..).next()?;
            (-c - grain, !*lit)
        };
        (c > edge.c).then_some(Edge { c, since: Some(since), ..*edge })
    }
}

/// Goes back along the edges that lowered values until one comes round again: each edge ends where the one before it began.
fn cycle(by: &[Option<Edge>], from: usize) -> Option<Vec<Edge>> {
    let back = |at: usize| by.get(at).copied().flatten();
    let mut seen = BTreeSet::new();
    let mut at = from;
    while seen.insert(at) {
        at = back(at)?.y;
    }
    let start = at;
    let mut found = Vec::new();
    loop {
        let edge = back(at)?;
        found.push(edge);
        at = edge.y;
        if at == start {
            return Some(found);
        }
    }
}

/// Gives the multiples of a step on both sides of a value.
fn nearest(value: i128, step: i128) -> [i128; 2] {
    let below = value.div_euclid(step) * step;
    [below, below + step]
}

fn since(edges: &[Edge]) -> Vec<Lit> {
    let lits: BTreeSet<Lit> = edges.iter().filter_map(|edge| edge.since).collect();
    lits.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(line: &Line, solver: &mut Solver, assumed: &[Lit]) -> Option<Vec<i128>> {
        while solver.holds(assumed) {
            match line.place(|lit| solver.value(lit)) {
                Placed::Values(values) => return Some(values),
                Placed::Clash(clashes, _) => {
                    for lits in clashes {
                        solver.demand(&lits.iter().map(|lit| !*lit).collect::<Vec<_>>());
                    }
                }
            }
        }
        None
    }

    #[test]
    fn what_clashes_is_forbidden_of_all_that_say_more() {
        let (mut line, mut solver) = (Line::new(), Solver::new());
        let (x, y) = (line.quantity(1, 0), line.quantity(1, 0));
        let x_is_more = !line.at_most(&mut solver, x, y, 0);
        let up_to: Vec<Lit> = (1..=9).map(|c| line.up_to(&mut solver, x, c)).collect();
        let above: Vec<Lit> = (1..=9).map(|c| !line.up_to(&mut solver, y, c)).collect();
        // That x is at most 1 and y above 8 cannot be, if x is more; nor that x is at most 9 and y above 8.
        assert!(solver.holds(&[x_is_more, up_to[0], above[7]]));
        let Placed::Clash(clashes, true) = line.place(|lit| solver.value(lit)) else { panic!("they clash") };
        for lits in clashes {
            solver.demand(&lits.iter().map(|lit| !*lit).collect::<Vec<_>>());
        }
        assert!(!solver.holds(&[x_is_more, up_to[8], above[7]]));
        assert!(solver.holds(&[x_is_more, up_to[8], above[6]]), "x is 9, and y is 8");
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

    /// Says whether two coarse quantities and a fine one can keep some bounds `x ≤ y + c`, by trying all places.
    fn by_trying(bounds: &[(usize, usize, i128)]) -> bool {
        let coarse = || (-12..=12).map(|tens| tens * 10);
        coarse().any(|a| {
            coarse().any(|b| {
                (-120..=120).any(|fine| {
                    let at = [0, a, b, fine];
                    bounds.iter().all(|(x, y, c)| at[*x] <= at[*y] + c)
                })
            })
        })
    }

    #[test]
    fn coarse_quantities_beside_fine_ones_are_placed_where_they_can_be() {
        let mut drawn = 17u64;
        let mut below = |bound: u64| {
            drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((drawn >> 33) % bound).unwrap()
        };
        let mut tally = [0; 2];
        for _ in 0..400 {
            let (mut line, mut solver) = (Line::new(), Solver::new());
            let nodes = [ZERO, line.quantity(10, 0), line.quantity(10, 0), line.quantity(1, 0)];
            let bounds: Vec<(usize, usize, i128)> = (0..6)
                .map(|_| (below(4), below(4), i128::try_from(below(31)).unwrap() - 15))
                .filter(|(x, y, _)| x != y)
                .collect();
            let lits: Vec<Lit> =
                bounds.iter().map(|(x, y, c)| line.at_most(&mut solver, nodes[*x], nodes[*y], *c)).collect();
            let found = settle(&line, &mut solver, &lits);
            assert_eq!(found.is_some(), by_trying(&bounds), "{bounds:?}");
            tally[usize::from(found.is_some())] += 1;
            let Some(values) = found else { continue };
            assert!(values[1] % 10 == 0 && values[2] % 10 == 0, "{bounds:?} {values:?}");
            let value = |at: usize| if at == 0 { 0 } else { values[at] };
            assert!(bounds.iter().all(|(x, y, c)| value(*x) <= value(*y) + c), "{bounds:?} {values:?}");
        }
        assert!(tally.iter().all(|count| *count > 60), "{tally:?}");
    }
}
