//! Which versions of two policies are compared: the last of each, and those that are in force from one and the same day.

use jiff::civil::Date;

use crate::policy::{Policy, Version};
use crate::prove::{Beside, Group, Prover, beside};

/// Two versions, each as a policy that is in force always: what they say is compared, not from when.
pub(super) struct Pair {
    pub(super) was: Policy,
    pub(super) is: Policy,
    /// From when both are in force, if they are not the last of their policies.
    pub(super) from: Option<Date>,
}

/// What changes from one version to another.
pub(super) struct Changes {
    pub(super) groups: Vec<Group>,
    /// Whether these are all.
    pub(super) complete: bool,
    /// What changes of duties and advisory rules.
    pub(super) beside: Vec<Beside>,
}

impl Changes {
    /// Says whether surely nothing changes.
    pub(super) fn are_none(&self) -> bool {
        self.groups.is_empty() && self.beside.is_empty() && self.complete
    }
}

impl Pair {
    fn of((old, was): (&Policy, &Version), (new, is): (&Policy, &Version), from: Option<Date>) -> Self {
        let always = |policy: &Policy, version: &Version| Policy {
            name: policy.name.clone(),
            versions: vec![Version { in_force: None, ..version.clone() }],
        };
        Self { was: always(old, was), is: always(new, is), from }
    }

    /// Compares them.
    pub(super) fn changes(&self) -> Changes {
        let (groups, complete) = Prover::new(&[&self.was, &self.is]).differences(0, 1);
        Changes { groups, complete, beside: self.beside() }
    }

    /// Gives what changes of duties and advisory rules.
    pub(super) fn beside(&self) -> Vec<Beside> {
        let both = self.was.versions.first().zip(self.is.versions.first());
        both.map(|(was, is)| beside(was, is)).unwrap_or_default()
    }

    /// Gives the words that stand above what changes.
    pub(super) fn heading(&self) -> String {
        self.from.map(|from| format!("\nof the version in force from {from}:\n\n")).unwrap_or_default()
    }
}

/// Gives the last versions.
pub(super) fn last(old: &Policy, new: &Policy) -> Option<Pair> {
    let (was, is) = old.versions.last().zip(new.versions.last())?;
    Some(Pair::of((old, was), (new, is), None))
}

/// Gives all versions that are compared: the last, then those in force from the same day.
pub(super) fn pairs(old: &Policy, new: &Policy) -> Vec<Pair> {
    let lasts = (old.versions.len(), new.versions.len());
    let others = old.versions.iter().enumerate().filter_map(|(at, was)| {
        let from = was.in_force?.from;
        let (other, is) = from_same_day(new, from)?;
        ((at + 1, other + 1) != lasts).then(|| Pair::of((old, was), (new, is), Some(from)))
    });
    last(old, new).into_iter().chain(others).collect()
}

/// Says which versions but the last are in force from a day from which none of the other policy is.
pub(super) fn without_other(old: &Policy, new: &Policy) -> Vec<String> {
    let without = |one: &Policy, other: &Policy, word: &str| {
        let earlier = one.versions.split_last().map(|(_, earlier)| earlier).unwrap_or_default();
        let from = earlier.iter().filter_map(|version| version.in_force).map(|in_force| in_force.from);
        let only = from.filter(|from| from_same_day(other, *from).is_none());
        only.map(|from| format!("the version in force from {from} is {word}")).collect::<Vec<_>>()
    };
    [without(old, new, "dropped"), without(new, old, "new")].concat()
}

fn from_same_day(policy: &Policy, from: Date) -> Option<(usize, &Version)> {
    policy.versions.iter().enumerate().find(|(_, version)| version.in_force.is_some_and(|one| one.from == from))
}

/// Says which versions are compared, where there are several.
pub(super) fn compared(old: &Policy, new: &Policy) -> String {
    let several = [old, new].iter().any(|policy| policy.versions.len() > 1);
    let note = "compared: what the last version of each says, as if both were in force, and what others say that are in force \
                from the same day\n";
    if several { note.to_owned() } else { String::new() }
}
