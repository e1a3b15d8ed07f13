//! Pass 7: versions of one policy, in the order of time, without overlap.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::time::days;
use crate::policy::{InForce, Policy, PolicySet, Version};

/// Puts the versions of each policy together; overlap is an error, a gap a warning.
pub(super) fn arrange(versions: Vec<Version>, problems: &mut Vec<Diagnostic>) -> PolicySet {
    let mut by_name: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    for version in versions {
        by_name.entry(version.policy.clone()).or_default().push(version);
    }
    let mut set = PolicySet::default();
    for (name, mut versions) in by_name {
        versions
            .sort_by_key(|version| (version.in_force.and_then(|in_force| start(version, &in_force)), version.origin));
        for (at, version) in versions.iter().enumerate() {
            // Of the versions that began before, the one that ends last tells whether there is an overlap.
            let before = versions.iter().take(at).max_by_key(|before| ends(before));
            problems.extend(before.and_then(|before| overlap(before, version)));
            problems.extend(versions.get(at + 1).and_then(|next| gap(version, next)));
        }
        set.policies.push(Policy { name, versions });
    }
    set
}

/// Two versions overlap if one begins before the other has ended, each by the clock of its own zone.
fn overlap(one: &Version, later: &Version) -> Option<Diagnostic> {
    let ends = one.in_force.and_then(|in_force| end(one, &in_force));
    let begins = later.in_force.and_then(|in_force| start(later, &in_force));
    if ends.zip(begins).is_some_and(|(ends, begins)| ends < begins) {
        return None;
    }
    let message = format!("two versions of policy `{}` are in force at the same time", one.policy);
    let place = |version: &Version| version.in_force.map_or(version.origin, |in_force| in_force.origin);
    let words = |version: &Version| match &version.in_force {
        Some(in_force) => span_words(in_force),
        None => "always in force".to_owned(),
    };
    let help = match one.zone == later.zone {
        true => "let one end (`until`) on the day before the other begins",
        false => "let one end (`until`) before the other begins; their days are those of different time zones",
    };
    Some(
        Diagnostic::new(codes::OVERLAPPING_VERSIONS, message, place(later), words(later))
            .with_label(place(one), words(one))
            .with_help(help),
    )
}

/// Gives when a version ends, for comparing: one without an end is the last to do so.
fn ends(version: &Version) -> Timestamp {
    let end = version.in_force.and_then(|in_force| end(version, &in_force));
    end.unwrap_or(Timestamp::MAX)
}

/// Gives the first instant at which a version is in force.
fn start(version: &Version, in_force: &InForce) -> Option<Timestamp> {
    days(in_force.from, in_force.from, &version.zone).ok().map(|day| day.earliest)
}

/// Gives the last instant at which it is; none: it has no end.
fn end(version: &Version, in_force: &InForce) -> Option<Timestamp> {
    days(in_force.until?, in_force.until?, &version.zone).ok().map(|day| day.latest)
}

fn span_words(in_force: &InForce) -> String {
    match in_force.until {
        Some(until) => format!("from {} until {until}", in_force.from),
        None => format!("from {} without an end", in_force.from),
    }
}

/// Finds the time between two versions, by the clocks of their zones.
fn gap(one: &Version, next: &Version) -> Option<Diagnostic> {
    let (first, second) = (one.in_force?, next.in_force?);
    let (ends, begins) = (end(one, &first)?, start(next, &second)?);
    if begins.duration_since(ends) <= SignedDuration::from_nanos(1) {
        return None;
    }
    let message = match (first.until?.tomorrow().ok()?, second.from.yesterday().ok()?) {
        (day_after, last) if day_after <= last => {
            format!("no version of policy `{}` is in force from {day_after} to {last}", one.policy)
        }
        _ => format!("for some hours no version of policy `{}` is in force, since the time zones differ", one.policy),
    };
    Some(
        Diagnostic::new(codes::GAP_BETWEEN_VERSIONS, message, second.origin, format!("begins on {}", second.from))
            .with_label(first.origin, format!("ends on {}", first.until?))
            .with_help("episodes of that time are not covered; close the gap if that is not meant"),
    )
}
