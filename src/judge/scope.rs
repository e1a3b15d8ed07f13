//! Which version of a policy was in force.

use crate::episode::Episode;
use crate::policy::{FieldId, InForce, Policy, Role, Value, Version};

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
