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
    /// Those with a name, by it.
    known: BTreeMap<Box<str>, Somebody>,
    same: BTreeMap<(Somebody, Somebody), Lit>,
}

impl Alike {
    /// Makes somebody of whom nothing is known.
    pub(crate) fn somebody(&mut self) -> Somebody {
        self.names.push(None);
        Somebody(u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX))
    }

    /// Gives the one with a name.
    pub(crate) fn named(&mut self, name: &str) -> Somebody {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let made = self.somebody();
        if let Some(slot) = self.names.last_mut() {
            *slot = Some(name.into());
        }
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
            _ => *self.same.entry(pair).or_insert_with(|| solver.free()),
        }
    }

    /// Names everybody such that all statements are as a model has them; else gives statements that clash.
    pub(crate) fn name(&self, holds: impl Fn(Lit) -> bool) -> Result<Vec<Box<str>>, Vec<Lit>> {
        let mut names: Vec<Option<Box<str>>> = self.names.clone();
        let beside = self.beside(&holds);
        for ((one, other), lit) in &self.same {
            if !holds(*lit)
                && let Some(path) = self.path(&beside, *one, |who| who == *other)
            {
                return Err(path.into_iter().chain([!*lit]).collect());
            }
        }
        for from in self.known.values() {
            let is_other = |who: Somebody| who != *from && self.names.get(who.0 as usize).is_some_and(Option::is_some);
            if let Some(path) = self.path(&beside, *from, is_other) {
                return Err(path);
            }
        }
        let mut next = 1;
        let all = (0..).map(Somebody).take(self.names.len());
        for who in self.known.values().copied().chain(all) {
            let Some(slot) = names.get(who.0 as usize) else { continue };
            let name = slot.clone().unwrap_or_else(|| {
                let fresh = std::iter::repeat_with(|| {
                    next += 1;
                    format!("P-{}", next - 1).into_boxed_str()
                });
                fresh.take(self.known.len() + 1).find(|name| !self.known.contains_key(name)).unwrap_or_default()
            });
            for reached in self.reached(&beside, who) {
                if let Some(slot) = names.get_mut(reached.0 as usize) {
                    *slot = Some(name.clone());
                }
            }
        }
        Ok(names.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// Gives every statement that two are the same, and the name of each where a policy writes it.
    pub(crate) fn statements(&self) -> impl Iterator<Item = ((Somebody, Somebody), Lit)> + '_ {
        self.same.iter().map(|(pair, lit)| (*pair, *lit))
    }

    /// Gives the name of somebody whom a policy names.
    pub(crate) fn name_of(&self, who: Somebody) -> Option<&str> {
        self.names.get(who.0 as usize)?.as_deref()
    }

    fn beside(&self, holds: impl Fn(Lit) -> bool) -> BTreeMap<Somebody, Vec<(Somebody, Lit)>> {
        let mut beside: BTreeMap<Somebody, Vec<(Somebody, Lit)>> = BTreeMap::new();
        for ((one, other), lit) in self.same.iter().filter(|(_, lit)| holds(**lit)) {
            beside.entry(*one).or_default().push((*other, *lit));
            beside.entry(*other).or_default().push((*one, *lit));
        }
        beside
    }

    fn reached(&self, beside: &BTreeMap<Somebody, Vec<(Somebody, Lit)>>, from: Somebody) -> BTreeSet<Somebody> {
        let mut seen = BTreeSet::from([from]);
        let mut waiting = vec![from];
        while let Some(who) = waiting.pop() {
            let next = beside.get(&who).into_iter().flatten().map(|(next, _)| *next);
            waiting.extend(next.filter(|next| seen.insert(*next)));
        }
        seen
    }

    /// Gives the statements that lead from somebody to one that is sought, the fewest.
    fn path(
        &self,
        beside: &BTreeMap<Somebody, Vec<(Somebody, Lit)>>,
        from: Somebody,
        sought: impl Fn(Somebody) -> bool,
    ) -> Option<Vec<Lit>> {
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
    pub(crate) fn of(names: &[Box<str>], who: Somebody) -> &str {
        names.get(who.0 as usize).map_or("", |name| name)
    }
}
