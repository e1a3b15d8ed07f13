//! Pass 6, continued: what can be used but probably does not do what was meant.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Condition, ConditionId, DefaultNorm, DefinitionId, FieldType, Version};
use crate::source::Span;

/// Reports the warnings about a whole policy. Where a clause was not understood, nothing is said about what is missing.
pub(super) fn check(
    version: &Version,
    used: &BTreeSet<DefinitionId>,
    default: Option<Span>,
    whole: bool,
    problems: &mut Vec<Diagnostic>,
) {
    if whole {
        unused_definitions(version, used, problems);
        default_fits_permits(version, default, problems);
    }
    texts_in_guards(version, problems);
}

fn unused_definitions(version: &Version, used: &BTreeSet<DefinitionId>, problems: &mut Vec<Diagnostic>) {
    for (at, definition) in version.conditions.definitions().iter().enumerate() {
        let id = DefinitionId(u32::try_from(at).unwrap_or(u32::MAX));
        if !used.contains(&id) {
            let message = format!("nothing uses the definition `{}`", definition.name);
            problems.push(
                Diagnostic::new(codes::UNUSED_DEFINITION, message, definition.origin, "defined and not used")
                    .with_help("use it in a rule, or leave it out"),
            );
        }
    }
}

fn default_fits_permits(version: &Version, default: Option<Span>, problems: &mut Vec<Diagnostic>) {
    let permits: Vec<_> = version.rules.iter().filter(|rule| rule.is_permit()).collect();
    match version.default {
        DefaultNorm::Forbid if permits.is_empty() => {
            let message =
                format!("policy `{}` permits nothing: every episode that it covers is impermissible", version.policy);
            let problem = Diagnostic::new(
                codes::NOTHING_PERMITTED,
                message,
                default.unwrap_or(version.origin),
                "what no rule permits is not permitted",
            );
            problems.push(problem.with_help("add a rule with `permit when …`, or say `default permit`"));
        }
        DefaultNorm::Permit => {
            for permit in permits {
                let message = format!("`{}` has no effect: the policy permits by default", permit.name);
                let problem = Diagnostic::new(
                    codes::PERMIT_WITHOUT_EFFECT,
                    message,
                    permit.norm.origin,
                    "permits what is permitted anyway",
                );
                problems.push(problem.with_help("leave the rule out, or say `default forbid`"));
            }
        }
        DefaultNorm::Forbid => {}
    }
}

/// A guard that hangs on the exact spelling of a free text misses what is spelt otherwise.
fn texts_in_guards(version: &Version, problems: &mut Vec<Diagnostic>) {
    for id in version.conditions.leaves(version.guards_and_scope()) {
        if compares_text(version, version.conditions.get(id)) {
            problems.extend(text_in_guard(version, id));
        }
    }
}

fn compares_text(version: &Version, node: &Condition) -> bool {
    let (Condition::Compare { left, .. } | Condition::OneOf { left, .. }) = node else {
        return false;
    };
    let constant = node.fields().count() == 1;
    constant && version.vocabulary.field(left.field).is_some_and(|field| field.kind == FieldType::Text)
}

fn text_in_guard(version: &Version, id: ConditionId) -> Option<Diagnostic> {
    let field = version.conditions.get(id).fields().next()?;
    let name = version.vocabulary.field_name(field.field);
    let message = format!("whether this applies hangs on the exact spelling of `{name}`, a free text");
    let problem = Diagnostic::new(
        codes::TEXT_IN_GUARD,
        message,
        version.conditions.origin(id)?,
        "another spelling would not be noticed",
    );
    Some(problem.with_help("declare a `kind` with the names, and their spellings as `written` forms"))
}
