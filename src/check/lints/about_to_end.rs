//! A policy that is about to run out: the only lint that asks the clock.

use jiff::Timestamp;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::Policy;

use super::{Finding, Ground};

/// How many days before its end a policy is pointed out.
const SOON: i64 = 60;

/// Points out each policy whose last version ends within 60 days, or has ended, with nothing to follow.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let of = |policy: &Policy| {
        let last = policy.versions.last()?;
        Some(Finding::of_policy(last, of_policy(policy, ground.present)?))
    };
    ground.checked.set.policies.iter().filter_map(of).collect()
}

fn of_policy(policy: &Policy, present: Timestamp) -> Option<Diagnostic> {
    let last = policy.versions.last()?;
    let in_force = last.in_force?;
    let until = in_force.until?;
    let today = last.zone.to_datetime(present).date();
    let left = until.duration_since(today).as_hours() / 24;
    let words = match left {
        left if left > SOON => return None,
        left if left < 0 => format!("policy `{}` ended on {until}", policy.name),
        0 => format!("policy `{}` ends today", policy.name),
        1 => format!("policy `{}` ends tomorrow", policy.name),
        left => format!("policy `{}` ends in {left} days", policy.name),
    };
    let problem = Diagnostic::new(codes::ABOUT_TO_END, words, in_force.origin, "and no version follows");
    Some(problem.with_help("write the next version, or put off the end"))
}
