//! Changes of whole clauses: an exception or a guard dropped, a permit turned round, a rule left out.

use crate::policy::{Condition, ConditionId, NormKind, Rule, RuleId, Version};
use crate::source::{Sources, Span};

use super::change::{Change, Edit, exchanged, written};

fn rules(version: &Version) -> impl Iterator<Item = (RuleId, &Rule)> {
    (0..).zip(&version.rules).map(|(at, rule)| (RuleId(at), rule))
}

fn dropped(id: RuleId, sources: &Sources, origin: Span, word: &str, edit: Edit) -> Change {
    let text = written(sources, origin);
    let clause = if text.starts_with(word) { text } else { format!("{word} {text}") };
    let what = format!("its `{word}` is dropped");
    Change { rule: Some(id), origin, what, sentence: format!("(without) {clause}"), edit }
}

/// `unless` is dropped.
pub(super) fn without_exception(version: &Version, sources: &Sources) -> Vec<Change> {
    let with_unless = rules(version).filter_map(|(id, rule)| Some((id, rule.unless?)));
    with_unless
        .filter_map(|(id, unless)| {
            let origin = version.conditions.origin(unless)?;
            Some(dropped(id, sources, origin, "unless", Edit::NoException(id)))
        })
        .collect()
}

/// Gives the guard that is written: of a limit, without what it counts.
fn guard_of(rule: &Rule) -> Option<ConditionId> {
    rule.guard.filter(|_| rule.norm.kind != NormKind::Limit)
}

/// `when` is dropped.
pub(super) fn without_guard(version: &Version, sources: &Sources) -> Vec<Change> {
    let guarded = rules(version).filter_map(|(id, rule)| Some((id, guard_of(rule)?)));
    guarded
        .filter_map(|(id, guard)| {
            let origin = version.conditions.origin(guard)?;
            Some(dropped(id, sources, origin, "when", Edit::Guard(id, None)))
        })
        .collect()
}

/// One of the terms that a guard joins is dropped.
pub(super) fn without_a_term_of_the_guard(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, rule) in rules(version) {
        let Some(guard) = guard_of(rule) else { continue };
        let (parts, all) = match version.conditions.get(guard) {
            Condition::All(parts) => (parts, true),
            Condition::Any(parts) => (parts, false),
            _ => continue,
        };
        for part in parts.iter().filter(|_| parts.len() > 1) {
            let rest: Box<[ConditionId]> = parts.iter().copied().filter(|other| other != part).collect();
            let guard = if all { Condition::All(rest) } else { Condition::Any(rest) };
            let Some(origin) = version.conditions.origin(*part) else { continue };
            let text = written(sources, origin);
            let what = format!("its `when` no longer says `{text}`");
            let sentence = format!("(without) {text}");
            changes.push(Change { rule: Some(id), origin, what, sentence, edit: Edit::Guard(id, Some(guard)) });
        }
    }
    changes
}

/// `permit` becomes `forbid`, and the other way about.
pub(super) fn permit_forbid(version: &Version, sources: &Sources) -> Vec<Change> {
    let turn = |(id, rule): (RuleId, &Rule)| {
        let (old, new) = match rule.norm.kind {
            NormKind::Permit => ("permit", "forbid"),
            NormKind::Forbid => ("forbid", "permit"),
            _ => return None,
        };
        let origin = rule.norm.origin;
        let text = written(sources, origin);
        let sentence = exchanged(&text.to_lowercase(), old, new, false)
            .map_or(text.clone(), |_| format!("{new}{}", text.get(old.len()..).unwrap_or_default()));
        let what = format!("`{old}` becomes `{new}`");
        Some(Change { rule: Some(id), origin, what, sentence, edit: Edit::Turn(id) })
    };
    rules(version).filter_map(turn).collect()
}

/// The rule is left out.
pub(super) fn deleted(version: &Version, sources: &Sources) -> Vec<Change> {
    let delete = |(id, rule): (RuleId, &Rule)| Change {
        rule: Some(id),
        origin: rule.norm.origin,
        what: "the rule is left out".to_owned(),
        sentence: format!("(without) {}", written(sources, rule.norm.origin)),
        edit: Edit::Delete(id),
    };
    rules(version).map(delete).collect()
}
