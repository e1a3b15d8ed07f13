//! A guard that several rules repeat.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Condition, ConditionId, Conditions, NormKind, Rule, Version};

use super::{Finding, Ground};

/// How many rules may say the same list of names before it is pointed out. Of two terms or more, one may.
const LISTS: usize = 2;

/// How many of the places are shown.
const SHOWN: usize = 5;

/// Points out, at the second rule that says it, each guard that several rules repeat word for word.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    ground.versions().flat_map(of_version).collect()
}

fn of_version(version: &Version) -> Vec<Finding> {
    let mut by_words: BTreeMap<String, Vec<(&Rule, ConditionId)>> = BTreeMap::new();
    for rule in &version.rules {
        if let Some(guard) = guard(&version.conditions, rule) {
            by_words.entry(words(&version.conditions, guard)).or_default().push((rule, guard));
        }
    }
    let found = by_words.values().filter_map(|rules| repeated(version, rules));
    found.collect()
}

/// Gives the guard as written: of `limit`, without what its `where` adds, which lies where the guard lies or in the norm.
fn guard(conditions: &Conditions, rule: &Rule) -> Option<ConditionId> {
    let guard = rule.guard?;
    let at = conditions.origin(guard)?;
    let norm = rule.norm.origin;
    if rule.norm.kind != NormKind::Limit {
        return Some(guard);
    }
    match conditions.get(guard) {
        _ if at.source == norm.source && norm.start <= at.start && at.end <= norm.end => None,
        Condition::All(parts) => {
            parts.first().copied().filter(|part| conditions.origin(*part) == Some(at)).or(Some(guard))
        }
        _ => Some(guard),
    }
}

fn repeated(version: &Version, rules: &[(&Rule, ConditionId)]) -> Option<Finding> {
    let [(_, first), (second, again), rest @ ..] = rules else { return None };
    let terms = version.conditions.leaves([*first]).len();
    let may = match version.conditions.get(*first) {
        Condition::Defined(_) => return None,
        Condition::OneOf { values, .. } if values.len() > 1 => LISTS,
        _ if terms > 1 => 1,
        _ => return None,
    };
    if rules.len() <= may {
        return None;
    }
    let message = format!("{} rules repeat this guard: one that is changed leaves the others behind", rules.len());
    let at = |id| version.conditions.origin(id);
    let mut problem = Diagnostic::new(codes::REPEATED_GUARD, message, at(*again)?, "here again")
        .with_label(at(*first)?, "here first");
    for place in rest.iter().filter_map(|(_, guard)| at(*guard)).take(SHOWN) {
        problem = problem.with_label(place, "and here");
    }
    let help = "give it a name, `define NAME as …` above the rules, and write `when NAME` in each";
    Some(Finding::of_rule(version, second, problem.with_help(help)))
}

/// Writes a condition so that two that say the same, word for word, are written the same.
fn words(conditions: &Conditions, id: ConditionId) -> String {
    let mut written = String::new();
    let mut waiting = vec![Some(id)];
    while let Some(next) = waiting.pop() {
        let Some(id) = next else {
            written.push(')');
            continue;
        };
        let (name, parts): (&str, &[ConditionId]) = match conditions.get(id) {
            Condition::All(parts) => ("all(", parts),
            Condition::Any(parts) => ("any(", parts),
            Condition::Not(part) => ("not(", std::slice::from_ref(part)),
            leaf => {
                // A text cannot fail to be written.
                let _ = write!(written, "{leaf:?};");
                continue;
            }
        };
        written.push_str(name);
        waiting.push(None);
        waiting.extend(parts.iter().rev().map(|part| Some(*part)));
    }
    written
}
