//! Severities that nothing uses: those that tell no rule from another, and those of duties that are never missed.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Rule, RuleSeverity, Version};

use super::{Finding, Ground};

/// Points out a policy whose rules all have one severity that is not `major`: reports sort by severity, and here there
/// is nothing to sort. And each severity of a duty without any deadline: such a duty is never late or overdue, so that no
/// violation of it is ever reported.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let same = ground.versions().filter_map(|version| Some(Finding::of_policy(version, of_version(version)?)));
    let idle = ground.rules().filter(|(_, rule)| is_idle(rule));
    same.chain(idle.map(|(version, rule)| Finding::of_rule(version, rule, words_of_idle(rule)))).collect()
}

fn is_idle(rule: &Rule) -> bool {
    let never_missed = rule.duty.as_ref().is_some_and(|duty| duty.links.iter().all(|link| link.deadline.is_none()));
    never_missed && rule.severity != RuleSeverity::Major
}

fn words_of_idle(rule: &Rule) -> Diagnostic {
    let word = rule.severity.word();
    let message = format!("nothing uses the severity of `{}`: a duty without a deadline is never missed", rule.name);
    Diagnostic::new(codes::UNUSED_SEVERITY, message, rule.norm.origin, "owed without an end")
        .with_help(format!("give it a deadline, such as `within 24 hours`, or leave `severity {word}` out"))
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
