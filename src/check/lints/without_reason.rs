//! A rule that neither gives its reason nor cites a source.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::Rule;

use super::{Finding, Ground};

/// Points out each rule without `because` and without `cites`.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let unexplained = ground.rules().filter(|(_, rule)| rule.because.is_none() && rule.cites.is_empty());
    unexplained.map(|(version, rule)| Finding::of_rule(version, rule, words(rule))).collect()
}

fn words(rule: &Rule) -> Diagnostic {
    let message = format!("rule `{}` does not say why it is there", rule.name);
    Diagnostic::new(codes::WITHOUT_REASON, message, rule.origin, "neither `because` nor `cites`")
        .with_help("add `because \"…\"` with the reason, or `cites \"…\"` with the source")
}
