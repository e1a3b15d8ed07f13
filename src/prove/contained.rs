//! What follows for two history clauses of which one counts whatever the other counts.
//!
//! That is so where it asks for no more keys, its window reaches as far back, and its `where` holds wherever the other's does,
//! which is asked of the solver, of any record. Then it counts no fewer, and its last episode is no longer ago.

use std::collections::{BTreeSet, HashMap};

use crate::policy::{ConditionId, Function, HistoryId, KeyPair, Version};

use super::dual::Dual;
use super::field::ONE;
use super::line::Node;
use super::place::Place;
use super::quantity::Quantity;
use super::reach::{Reach, reaches_no_further};
use super::solver::Lit;
use super::world::{Found, World};

/// Of how many pairs of `where` it is asked whether one holds wherever the other does.
const MOST_PAIRS: usize = 300;

/// A `where` of a version, by number among those asked about.
type Filter = (usize, ConditionId);

/// What is known of whether one `where` holds wherever another does.
#[derive(Default)]
pub(crate) struct Filters<'p> {
    world: Option<Box<World<'p>>>,
    known: HashMap<(Filter, Filter), bool>,
}

impl<'p> Filters<'p> {
    /// Says whether one surely holds wherever another does, and may hold wherever that may.
    fn follows(&mut self, versions: &[&'p Version], one: Filter, other: Filter) -> bool {
        if let Some(known) = self.known.get(&(one, other)) {
            return *known;
        }
        if self.known.len() >= MOST_PAIRS {
            return false;
        }
        let world = self.world.get_or_insert_with(|| Box::new(World::of_conditions(versions)));
        let [first, second] = [one, other].map(|(version, filter)| world.condition(version, filter));
        let cannot = |world: &mut World<'_>, lits: &[Lit]| matches!(world.settle_by_kleene(lits), Found::Cannot);
        let follows = cannot(world, &[first.yes, !second.yes]) && cannot(world, &[!first.no, second.no]);
        self.known.insert((one, other), follows);
        follows
    }
}

impl<'p> World<'p> {
    /// Demands what follows for a quantity that is made, and for it beside all others.
    pub(crate) fn relate(&mut self, made: &Quantity) {
        if self.filters.is_none() || !can_be_contained(made) {
            return;
        }
        if made.function == Function::Count && made.window.counts_itself() {
            self.count_itself(made);
        }
        let others: Vec<Quantity> = self.quantities.iter().filter(|other| can_be_contained(other)).cloned().collect();
        for other in others {
            for (one, two) in [(made, &other), (&other, made)] {
                if self.is_contained(one, two) {
                    self.demand_contained(one, two);
                }
            }
        }
    }

    /// Says whether each record that a clause counts, leaving windows out, is one that another counts.
    pub(crate) fn is_contained(&mut self, one: &Quantity, two: &Quantity) -> bool {
        if one.among == two.among {
            return true;
        }
        let keys = |quantity: &Quantity| self.history_of(quantity).map(|(version, keys, _)| key_paths(version, keys));
        let (Some(ours), Some(theirs)) = (keys(one), keys(two)) else { return false };
        theirs.is_subset(&ours) && self.filter_follows(one, two)
    }

    fn filter_follows(&mut self, one: &Quantity, two: &Quantity) -> bool {
        let filter = |quantity: &Quantity| self.history_of(quantity).map(|(_, _, filter)| filter);
        match (filter(one), filter(two)) {
            (Some(_), Some(None)) => true,
            (Some(Some(first)), Some(Some(second))) => {
                let (first, second) = ((one.of.0, first), (two.of.0, second));
                if self.was_learnt_later(first) || self.was_learnt_later(second) {
                    return false;
                }
                let versions = &self.versions;
                self.filters.as_mut().is_some_and(|filters| filters.follows(versions, first, second))
            }
            _ => false,
        }
    }

    /// Says whether a condition reads what was known only afterwards: what it says of a record depends on when it is asked.
    fn was_learnt_later(&self, (version, filter): Filter) -> bool {
        let Some(of) = self.versions.get(version) else { return true };
        let field = |id| of.vocabulary.field(id);
        of.conditions.fields_read([filter]).filter_map(field).any(|field| field.known_afterwards)
    }

    fn history_of(&self, quantity: &Quantity) -> Option<(&Version, &[KeyPair], Option<ConditionId>)> {
        let (version, id): (usize, HistoryId) = quantity.of;
        let version = *self.versions.get(version)?;
        let history = version.conditions.history(id)?;
        Some((version, &history.keys, history.filter))
    }

    /// Gives how far back the window of a clause reaches.
    pub(crate) fn reach(&self, quantity: &Quantity) -> Option<Reach<'p>> {
        Some(Reach::of(self.versions.get(quantity.of.0)?, quantity.window))
    }

    /// Demands what follows where a clause looks at no record that another does not look at, leaving windows out.
    fn demand_contained(&mut self, one: &Quantity, two: &Quantity) {
        let (Some(first), Some(second)) = (self.reach(one), self.reach(two)) else { return };
        match (one.function, two.function) {
            (Function::Count, Function::Count) if reaches_no_further(&first, &second) => {
                let (ours, theirs) = (self.own_part(one), self.own_part(two));
                self.demand_no_more((one.low, ours.yes), (two.low, theirs.yes));
                self.demand_no_more((one.high, !ours.no), (two.high, !theirs.no));
            }
            (Function::TimeSinceLast, Function::TimeSinceLast) => {
                for (one, two) in [(one.low, two.low), (one.high, two.high)] {
                    let no_longer = self.no_more_than(two, one, 0);
                    self.solver.demand(&[no_longer]);
                }
            }
            (Function::Count, Function::TimeSinceLast) => {
                if let Some(longest) = first.longest() {
                    let (surely, perhaps) = self.counts_another(one);
                    self.demand_sooner(surely, two.high, longest, true);
                    self.demand_sooner(perhaps, two.low, longest, true);
                }
            }
            (Function::TimeSinceLast, Function::Count) => {
                if let Some(shortest) = second.shortest() {
                    let (surely, perhaps) = self.counts_another(two);
                    self.demand_sooner(surely, one.high, shortest, false);
                    self.demand_sooner(perhaps, one.low, shortest, false);
                }
            }
            _ => {}
        }
    }

    /// Demands that a count is no greater than another, leaving the record that asks out where the literal of each says that it
    /// counts itself.
    fn demand_no_more(&mut self, (one, counts_itself): (Node, Lit), (two, other_counts_itself): (Node, Lit)) {
        let [less, no_more, one_more] = [-ONE, 0, ONE].map(|more| self.no_more_than(one, two, more));
        self.solver.demand(&[!other_counts_itself, counts_itself, less]);
        self.solver.demand(&[!other_counts_itself, no_more]);
        self.solver.demand(&[counts_itself, no_more]);
        self.solver.demand(&[one_more]);
    }

    /// Gives x ≤ y + more.
    fn no_more_than(&mut self, x: Node, y: Node, more: i128) -> Lit {
        self.less(Place::of(x), Place { node: y, plus: more }, false)
    }

    /// Demands that a time is less than some length where a literal holds; or that the literal holds where it is.
    fn demand_sooner(&mut self, lit: Lit, time: Node, length: i128, follows: bool) {
        let is_sooner = self.line.up_to(&mut self.solver, time, length - 1);
        match follows {
            true => self.solver.implies(lit, is_sooner),
            false => self.solver.implies(is_sooner, lit),
        }
    }

    /// Gives the literals that a count surely counts a record besides the one that asks, and that it may.
    fn counts_another(&mut self, count: &Quantity) -> (Lit, Lit) {
        let own = self.own_part(count);
        let mut another = |node: Node, own: Lit| {
            let one = !self.line.up_to(&mut self.solver, node, 0);
            let two = !self.line.up_to(&mut self.solver, node, ONE);
            let only_other = self.solver.both(one, !own);
            self.solver.either(two, only_other)
        };
        (another(count.low, own.yes), another(count.high, !own.no))
    }

    /// Gives whether the record that asks is one of those that are counted.
    fn own_part(&mut self, count: &Quantity) -> Dual {
        let filter = self.history_of(count).and_then(|(_, _, filter)| filter);
        match filter {
            _ if !count.window.counts_itself() => Dual::known(self.solver.no()),
            Some(filter) => self.condition(count.of.0, filter),
            None => Dual::known(self.solver.yes()),
        }
    }

    /// One that counts itself is at least one of those that are counted.
    fn count_itself(&mut self, made: &Quantity) {
        let own = self.own_part(made);
        let none_surely = self.line.up_to(&mut self.solver, made.low, 0);
        let none_perhaps = self.line.up_to(&mut self.solver, made.high, 0);
        self.solver.demand(&[!own.yes, !none_surely]);
        self.solver.demand(&[own.no, !none_perhaps]);
    }
}

fn can_be_contained(quantity: &Quantity) -> bool {
    matches!(quantity.function, Function::Count | Function::TimeSinceLast)
}

fn key_paths(version: &Version, keys: &[KeyPair]) -> BTreeSet<String> {
    let field = |key: &KeyPair| version.vocabulary.field(key.stored);
    keys.iter().filter_map(field).map(|field| field.path.clone()).collect()
}
