//! `allow LINT because "…"`: what rules and headers allow, with a reason.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::source::Span;
use crate::syntax::ast::{AllowClause, ClauseKind, PolicyClauseKind};

use super::super::group::PolicyGroup;
use super::super::header::repeated;
use super::{LINTS, lint_names, name};

/// A lint that is not to be told of a rule, or of a whole policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Allowed {
    /// Which.
    pub lint: Code,
    /// Why.
    pub because: String,
    /// Where its name is written.
    pub origin: Span,
    /// The place of the name of the rule, or of the policy, that allows it.
    pub owner: Span,
    /// The place of the policy's name.
    pub(super) version: Span,
}

impl Allowed {
    /// Gives the name under which the lint is allowed.
    pub fn name(&self) -> &'static str {
        name(self.lint)
    }
}

/// Reads every `allow`; one of an unknown lint, without a reason, or said twice is reported.
pub(in crate::check) fn allowed(policies: &[PolicyGroup<'_>], problems: &mut Vec<Diagnostic>) -> Vec<Allowed> {
    let mut read = Vec::new();
    for policy in policies {
        let Some(version) = policy.header.name.as_ref().map(|name| name.span) else { continue };
        let mut known = BTreeMap::new();
        let of_header = policy.header.clauses.iter().filter_map(|clause| match &clause.kind {
            PolicyClauseKind::Allow(allow) => Some((version, allow, clause.span)),
            _ => None,
        });
        let of_rules = policy.rules.iter().flat_map(|rule| {
            let owner = rule.name.as_ref().map_or(rule.span, |name| name.span);
            rule.clauses.iter().filter_map(move |clause| match &clause.kind {
                ClauseKind::Allow(allow) => Some((owner, allow, clause.span)),
                _ => None,
            })
        });
        for (owner, allow, at) in of_header.chain(of_rules) {
            match of_clause(allow, at, owner, version) {
                Err(problem) => problems.push(problem),
                Ok(allowed) => {
                    if let Some(first) = known.insert((owner, allowed.name()), at) {
                        let whose = if owner == version { "this policy" } else { "this rule" };
                        problems.push(repeated(whose, at, first));
                    }
                    read.push(allowed);
                }
            }
        }
    }
    read
}

fn of_clause(allow: &AllowClause, at: Span, owner: Span, version: Span) -> Result<Allowed, Diagnostic> {
    let wanted = allow.lint.text.rsplit("::").next().unwrap_or_default().to_lowercase();
    let Some(lint) = LINTS.iter().map(|lint| lint.code).find(|code| name(*code) == wanted) else {
        return Err(unknown(&allow.lint.text, allow.lint.span));
    };
    let because = allow.because.as_ref().map(|because| because.text.clone()).unwrap_or_default();
    if because.trim().is_empty() {
        return Err(without_reason(name(lint), at));
    }
    Ok(Allowed { lint, because, origin: allow.lint.span, owner, version })
}

fn unknown(written: &str, at: Span) -> Diagnostic {
    let near = did_you_mean(written.rsplit("::").next().unwrap_or_default(), lint_names());
    let all = || {
        let names: Vec<&str> = lint_names().collect();
        format!("choose one of: {}; what a rule permits begins with `permit when`", names.join(", "))
    };
    Diagnostic::new(codes::UNKNOWN_LINT, format!("there is no lint `{written}`"), at, "nothing has this name")
        .with_help(near.unwrap_or_else(all))
}

fn without_reason(lint: &str, at: Span) -> Diagnostic {
    let message = format!("this allows `{lint}` and does not say why");
    Diagnostic::new(codes::ALLOWED_WITHOUT_REASON, message, at, "the reason is missing")
        .with_help(format!("write `allow {lint} because \"…\"`"))
}

/// Words that an `allow` had nothing to allow.
pub(super) fn allows_nothing(allowed: &Allowed) -> Diagnostic {
    let message = format!("nothing here is pointed out as `{}`, so there is nothing to allow", allowed.name());
    Diagnostic::new(codes::ALLOWS_NOTHING, message, allowed.origin, "allows nothing").with_help("leave this line out")
}
