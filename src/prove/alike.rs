//! Who is who: identities and texts, of which nothing is known but whether two are the same.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::solver::{Lit, Solver};

/// Somebody: a field, or a name that a policy writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Somebody(u32);

/// Everybody, and the statements that two are the same.
#[derive(Default)]
pub(crate) struct Alike {
    /// By number: the name, of one that a policy writes.
    names: Vec<Option<Box<str>>>,
    /// Those without a name.
    unnamed: Vec<Somebody>,
    /// Those with a name, by it.
    known: BTreeMap<Box<str>, Somebody>,
    same: BTreeMap<(Somebody, Somebody), Lit>,
    /// Of somebody without a name: that it is one of those with a name that it was compared with.
    is_known: BTreeMap<Somebody, Lit>,
}

impl Alike {
    /// Makes somebody of whom nothing is known.
    pub(crate) fn somebody(&mut self) -> Somebody {
        let made = self.add(None);
        self.unnamed.push(made);
        made
    }

    fn add(&mut self, name: Option<Box<str>>) -> Somebody {
        self.names.push(name);
        Somebody(u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX))
    }

    /// Gives the one with a name.
    pub(crate) fn named(&mut self, name: &str) -> Somebody {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let made = self.add(Some(name.into()));
        self.known.insert(name.into(), made);
        made
    }

    /// Gives the statement that two are the same.
    pub(crate) fn same(&mut self, solver: &mut Solver, one: Somebody, other: Somebody) -> Lit {
        let pair = (one.min(other), one.max(other));
        let name = |who: Somebody| self.names.get(who.0 as usize).and_then(Option::as_ref);
        match (one == other, name(one), name(other)) {
            (true, ..) => solver.yes(),
            (false, Some(_), Some(_)) => solver.no(),
            (false, one_named, other_named) => {
                let unnamed = match (one_named.is_some(), other_named.is_some()) {
                    (true, _) => Some(other),
                    (_, true) => Some(one),
                    _ => None,
                };
                if let Some(known) = self.same.get(&pair) {
                    return *known;
                }
                let lit = solver.free();
                self.same.insert(pair, lit);
                // Nobody has two names: said at once, since a long list of names would clash pair by pair.
                if let Some(unnamed) = unnamed {
                    let before = self.is_known.get(&unnamed).copied().unwrap_or(solver.no());
                    solver.demand(&[!lit, !before]);
                    self.is_known.insert(unnamed, solver.either(before, lit));
                }
                lit
            }
        }
    }

    /// Names everybody such that all statements are as a model has them; else gives statements that clash.
    pub(crate) fn name(&self, holds: impl Fn(Lit) -> bool) -> Result<Names, Vec<Lit>> {
        let beside = self.beside(&holds);
        // Only those of whom somebody is said to be the same can be drawn into a clash.
        for ((one, other), lit) in &self.same {
            if beside.contains_key(one)
                && beside.contains_key(other)
                && !holds(*lit)
                && let Some(path) = self.path(&beside, *one, |who| who == *other)
            {
                return Err(path.into_iter().chain([!*lit]).collect());
            }
        }
        for from in beside.keys().filter(|who| self.is_named(**who)) {
            if let Some(path) = self.path(&beside, *from, |who| who != *from && self.is_named(who)) {
                return Err(path);
            }
        }
        Ok(self.given(&beside))
    }

    fn is_named(&self, who: Somebody) -> bool {
        self.names.get(who.0 as usize).is_some_and(Option::is_some)
    }

    /// Gives a name to each without one: that of whom it is the same, or one that nobody has.
    fn given(&self, beside: &Beside) -> Names {
        let mut names = Names::new();
        let mut numbers = 1..;
        for who in self.unnamed.iter().copied() {
            if names.contains_key(&who) {
                continue;
            }
            let class = self.reached(beside, who);
            let known = class.iter().find_map(|who| self.names.get(who.0 as usize)?.clone());
            let fresh = || {
                let numbered = numbers.by_ref().map(|number: u32| format!("P-{number}").into_boxed_str());
                numbered.into_iter().find(|name| !self.known.contains_key(name)).unwrap_or_default()
            };
            let name = known.unwrap_or_else(fresh);
            names.extend(class.into_iter().filter(|who| !self.is_named(*who)).map(|who| (who, name.clone())));
        }
        names
    }

    /// Gives every statement that two are the same, and the name of each where a policy writes it.
    pub(crate) fn statements(&self) -> impl Iterator<Item = ((Somebody, Somebody), Lit)> + '_ {
        self.same.iter().map(|(pair, lit)| (*pair, *lit))
    }

    /// Gives the name of somebody whom a policy names.
    pub(crate) fn name_of(&self, who: Somebody) -> Option<&str> {
        self.names.get(who.0 as usize)?.as_deref()
    }

    fn beside(&self, holds: impl Fn(Lit) -> bool) -> Beside {
        let mut beside: Beside = BTreeMap::new();
        for ((one, other), lit) in self.same.iter().filter(|(_, lit)| holds(**lit)) {
            beside.entry(*one).or_default().push((*other, *lit));
            beside.entry(*other).or_default().push((*one, *lit));
        }
        beside
    }

    fn reached(&self, beside: &Beside, from: Somebody) -> BTreeSet<Somebody> {
        let mut seen = BTreeSet::from([from]);
        let mut waiting = vec![from];
        while let Some(who) = waiting.pop() {
            let next = beside.get(&who).into_iter().flatten().map(|(next, _)| *next);
            waiting.extend(next.filter(|next| seen.insert(*next)));
        }
        seen
    }

    /// Gives the statements that lead from somebody to one that is sought, the fewest.
    fn path(&self, beside: &Beside, from: Somebody, sought: impl Fn(Somebody) -> bool) -> Option<Vec<Lit>> {
        let mut came: BTreeMap<Somebody, Option<(Somebody, Lit)>> = BTreeMap::from([(from, None)]);
        let mut waiting = VecDeque::from([from]);
        while let Some(who) = waiting.pop_front() {
            if sought(who) {
                let step = |(who, _): &(Somebody, Lit)| came.get(who).copied().flatten();
                return Some(
                    std::iter::successors(came.get(&who).copied().flatten(), step).map(|step| step.1).collect(),
                );
            }
            for (next, lit) in beside.get(&who).into_iter().flatten() {
                if !came.contains_key(next) {
                    came.insert(*next, Some((who, *lit)));
                    waiting.push_back(*next);
                }
            }
        }
        None
    }

    /// Gives the name that somebody has among those that were given.
    pub(crate) fn of<'n>(&'n self, names: &'n Names, who: Somebody) -> &'n str {
        let known = self.names.get(who.0 as usize).and_then(Option::as_ref);
        known.or_else(|| names.get(&who)).map_or("", |name| name)
    }
}

/// The names of those that have none of their own.
pub(crate) type Names = BTreeMap<Somebody, Box<str>>;

/// Who is said to be the same as whom, and by which statement.
type Beside = BTreeMap<Somebody, Vec<(Somebody, Lit)>>;
