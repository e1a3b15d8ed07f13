//! A permit that nothing restricts.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{DefaultNorm, Rule, Version};

use super::{Finding, Ground};

/// Points out each permit of a policy in which no rule can make an episode impermissible, if no other policy of the run
/// has such a rule either: where several cover an episode, the strictest leads.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let restricts = |version: &Version| version.rules.iter().any(Rule::decides);
    if ground.versions().any(restricts) {
        return Vec::new();
    }
    // Under `default permit`, that the permit has no effect has been said.
    let permits = ground.rules().filter(|(version, rule)| rule.is_permit() && version.default == DefaultNorm::Forbid);
    permits.map(|(version, rule)| Finding::of_rule(version, rule, words(rule))).collect()
}

fn words(rule: &Rule) -> Diagnostic {
    let message = format!("nothing restricts what `{}` permits: where its ground holds, any risk will do", rule.name);
    Diagnostic::new(codes::UNRESTRICTED_PERMIT, message, rule.norm.origin, "permits without any condition besides")
        .with_help(
            "add a rule that bounds it: `risk ceiling …`, `supervision at least …`, `rescue plan …`, `require …`",
        )
}
