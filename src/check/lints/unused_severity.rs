//! Severities that tell no rule from another.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Rule, RuleSeverity, Version};

use super::{Finding, Ground};

/// Points out a policy whose rules all have one severity that is not `major`: reports sort by severity, and here there
/// is nothing to sort.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    ground.versions().filter_map(|version| Some(Finding::of_policy(version, of_version(version)?))).collect()
}

fn of_version(version: &Version) -> Option<Diagnostic> {
    let demands: Vec<&Rule> = version.rules.iter().filter(|rule| !rule.is_permit()).collect();
    let [first, second, rest @ ..] = demands.as_slice() else { return None };
    let severity = first.severity;
    let same = std::iter::once(second).chain(rest).all(|rule| rule.severity == severity);
    if !same || severity == RuleSeverity::Major {
        return None;
    }
    let word = severity.word();
    let message =
        format!("every rule of policy `{}` is `{word}`, so the severity tells none from another", version.policy);
    let help = if severity == RuleSeverity::Advisory {
        "leave `severity advisory` out where a rule is to decide: as it stands, no rule of this policy demands anything"
            .to_owned()
    } else {
        format!("keep `severity {word}` for the few rules that matter most, and leave it out of the others")
    };
    let problem = Diagnostic::new(codes::UNUSED_SEVERITY, message, first.origin, format!("`{word}`"));
    Some(problem.with_label(second.origin, "and so is this, and every other").with_help(help))
}
