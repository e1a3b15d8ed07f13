//! A duty without a deadline.

use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;

use super::{Finding, Ground};

/// Points out each duty whose last link has no deadline. Of one before it, `never_owed` has been said.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (version, rule) in ground.rules() {
        let last = rule.duty.as_ref().and_then(|duty| duty.links.last());
        if let Some(last) = last.filter(|last| last.deadline.is_none()) {
            let problem = words(version.vocabulary.field_name(last.act), last.origin);
            found.push(Finding::of_rule(version, rule, problem));
        }
    }
    found
}

fn words(act: &str, origin: Span) -> Diagnostic {
    let message = "this duty has no deadline, so it is never late and never overdue";
    Diagnostic::new(codes::WITHOUT_DEADLINE, message, origin, "owed for ever, if it is not done")
        .with_help(format!("say by when: `oblige {act} within 24 hours`"))
}
