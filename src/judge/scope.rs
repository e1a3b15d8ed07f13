//! Which version of a policy was in force.

use crate::episode::Episode;
use crate::policy::{FieldId, InForce, Policy, Role, Value, Version};

use super::condition::Evaluation;
use super::truth::Truth;

/// Which version is in force for an episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InForceness {
    /// One, surely: its index.
    By(usize),
    /// None, surely.
    Never,
    /// It may be one or another, or none: its time is missing or not exact enough.
    Open,
}

/// Finds the version that was in force on the episode's local day.
pub(super) fn in_force(policy: &Policy, readings: &[&Episode]) -> InForceness {
    let mut open = false;
    for (at, (version, episode)) in policy.versions.iter().zip(readings).enumerate() {
        match is_in_force(version, episode) {
            Truth::True => return InForceness::By(at),
            Truth::Unknown => open = true,
            Truth::False => {}
        }
    }
    if open { InForceness::Open } else { InForceness::Never }
}

fn is_in_force(version: &Version, episode: &Episode) -> Truth {
    let Some(in_force) = &version.in_force else {
        return Truth::True;
    };
    let time = version.vocabulary.role(Role::Time).and_then(|field| episode.value(field));
    match time {
        Some(Value::Date(day)) => in_force.contains(*day).into(),
        Some(Value::Instant(when)) if when.either_end => {
            both(in_force.contains(when.first_day), in_force.contains(when.last_day))
        }
        Some(Value::Instant(when)) => lies_in(in_force, when.first_day, when.last_day),
        _ => Truth::Unknown,
    }
}

/// Says whether a policy covers a record: by the version in force at the record's own time, and its `applies when`.
pub(super) fn covers(policy: &Policy, readings: &[&Episode]) -> Truth {
    let applies = |(version, episode): (&Version, &&Episode)| {
        let mut evaluation = Evaluation::new(version, episode);
        version.applies_when.map_or(Truth::True, |condition| evaluation.truth(condition))
    };
    let both = || policy.versions.iter().zip(readings);
    match in_force(policy, readings) {
        InForceness::Never => Truth::False,
        InForceness::By(at) => both().nth(at).map_or(Truth::False, applies),
        InForceness::Open => {
            let candidates = both().filter(|(version, episode)| is_in_force(version, episode) == Truth::Unknown);
            let each: Vec<Truth> = candidates.map(applies).collect();
            let uncovered = (!surely_in_some(policy, readings)).then_some(Truth::False);
            let mut all = each.into_iter().chain(uncovered);
            let first = all.next().unwrap_or(Truth::False);
            if all.all(|one| one == first) { first } else { Truth::Unknown }
        }
    }
}

/// Gives the versions that may be in force for an episode, and whether none may be.
pub fn candidates(policy: &Policy, readings: &[&Episode]) -> (Vec<usize>, bool) {
    let both = policy.versions.iter().zip(readings).enumerate();
    let may = both.filter(|(_, (version, episode))| is_in_force(version, episode) != Truth::False);
    let surely = matches!(in_force(policy, readings), InForceness::By(_)) || surely_in_some(policy, readings);
    (may.map(|(at, _)| at).collect(), !surely)
}

/// Says whether every day on which an episode may lie has a version in force: without a gap, one after the other.
fn surely_in_some(policy: &Policy, readings: &[&Episode]) -> bool {
    let time = policy.versions.first().zip(readings.first()).and_then(|(version, episode)| {
        let field = version.vocabulary.role(Role::Time)?;
        episode.value(field)
    });
    let Some(Value::Instant(when)) = time else { return false };
    let mut needed = when.first_day;
    for in_force in policy.versions.iter().filter_map(|version| version.in_force) {
        if in_force.from > needed {
            return false;
        }
        match in_force.until {
            None => return true,
            Some(until) if until >= needed => match until.tomorrow() {
                Ok(next) => needed = next,
                Err(_) => return true,
            },
            Some(_) => {}
        }
        if needed > when.last_day {
            return true;
        }
    }
    false
}

/// The two choices that are left decide if they agree.
fn both(one: bool, other: bool) -> Truth {
    if one == other { one.into() } else { Truth::Unknown }
}

fn lies_in(in_force: &InForce, first: jiff::civil::Date, last: jiff::civil::Date) -> Truth {
    let outside = last < in_force.from || in_force.until.is_some_and(|until| until < first);
    match () {
        () if in_force.contains(first) && in_force.contains(last) => Truth::True,
        () if outside => Truth::False,
        () => Truth::Unknown,
    }
}

/// Gives the field that says when an episode happened, in the words of the first version.
pub(super) fn time_fields(policy: &Policy) -> Vec<FieldId> {
    let first = policy.versions.first();
    first.and_then(|version| version.vocabulary.role(Role::Time)).into_iter().collect()
}
