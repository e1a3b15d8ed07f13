//! More than three terms on one line.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Condition, ConditionId, History, NormKind, Rule, Version};
use crate::source::{SourceId, Span};

use super::{Finding, Ground};

/// As many terms a reader keeps in mind while reading on.
const MOST: usize = 3;

/// Points out each line on which a condition has more than three terms.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for version in ground.versions() {
        for rule in &version.rules {
            for problem in crowded(ground, version, of_rule(rule)) {
                found.push(Finding::of_rule(version, rule, problem));
            }
        }
        let definitions = version.conditions.definitions().iter().map(|definition| definition.condition);
        for problem in crowded(ground, version, definitions.chain(version.applies_when)) {
            found.push(Finding::of_policy(version, problem));
        }
    }
    found
}

/// Gives the clauses of a rule that are conditions as written.
fn of_rule(rule: &Rule) -> impl Iterator<Item = ConditionId> {
    let written = matches!(rule.norm.kind, NormKind::Permit | NormKind::Forbid | NormKind::Never | NormKind::Require);
    rule.guard.into_iter().chain(rule.unless).chain(written.then_some(rule.norm.condition)).chain(rule.links())
}

fn crowded(
    ground: &Ground<'_>,
    version: &Version,
    clauses: impl Iterator<Item = ConditionId>,
) -> impl Iterator<Item = Diagnostic> {
    let mut lines: BTreeMap<(SourceId, usize), Vec<Span>> = BTreeMap::new();
    for term in terms(version, clauses) {
        lines.entry((term.source, ground.sources.line_column(term).line)).or_default().push(term);
    }
    lines.into_values().filter(|terms| terms.len() > MOST).filter_map(|terms| words(&terms))
}

/// Gives the places of the terms within clauses, in order; not through the names of definitions, which stand elsewhere.
fn terms(version: &Version, clauses: impl Iterator<Item = ConditionId>) -> BTreeSet<Span> {
    let conditions = &version.conditions;
    let mut waiting: Vec<ConditionId> = clauses.collect();
    let mut seen = BTreeSet::new();
    let mut terms = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        match conditions.get(id) {
            Condition::All(parts) | Condition::Any(parts) => waiting.extend(parts.iter()),
            Condition::Not(part) => waiting.push(*part),
            Condition::Measure { history, .. } => {
                waiting.extend(conditions.history(*history).into_iter().flat_map(History::conditions));
            }
            _ => terms.extend(conditions.origin(id)),
        }
    }
    terms
}

fn words(terms: &[Span]) -> Option<Diagnostic> {
    let [first, .., last] = terms else { return None };
    let message = format!("{} terms stand on one line, and few people keep that many in mind", terms.len());
    Some(
        Diagnostic::new(codes::CROWDED_LINE, message, first.to(*last), "hard to read at once").with_help(
            "write them under `all of` or `any of`, each after a dash on a line of its own, or give some of them a name with `define`",
        ),
    )
}
