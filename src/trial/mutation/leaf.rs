//! Changes within conditions: levels, bounds, numbers, `and` and `or`.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::policy::{
    Condition, ConditionId, Conditions, FieldId, FieldType, NameId, NormKind, Relation, RuleId, TableTest, Term, Value,
    Version, number,
};
use crate::source::Sources;

use super::change::{Change, Edit, exchanged, written};
use crate::trial::coverage::leaves_of_version;

/// Gives the comparisons of a version, those in cells of tables too, each with its rule where one alone uses it.
pub(super) fn leaves(version: &Version) -> Vec<(ConditionId, Option<RuleId>)> {
    let id_of = |name: String| {
        let at = version.rules.iter().position(|rule| rule.name == name)?;
        u32::try_from(at).ok().map(RuleId)
    };
    let own = leaves_of_version(version).into_iter().map(|(leaf, rule)| (leaf, rule.and_then(id_of)));
    own.chain(super::table::cells(version)).collect()
}

/// Makes a change of a condition, if the words that it exchanges stand in the policy.
fn changed(
    version: &Version,
    sources: &Sources,
    (id, rule): (ConditionId, Option<RuleId>),
    (old, new): (&str, &str),
    condition: Condition,
) -> Option<Change> {
    let origin = version.conditions.origin(id)?;
    let text = written(sources, origin);
    let sentence = exchanged(&text, old, new, true)?;
    let what = format!("`{old}` becomes `{new}`");
    Some(Change { rule, origin, what, sentence, edit: Edit::Replace(id, condition) })
}

/// A level becomes the next one up, or down.
pub(super) fn level_up_or_down(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, rule) in leaves(version) {
        let Condition::Compare { left, relation, right: Term::Constant(Value::Name(level)) } =
            version.conditions.get(id)
        else {
            continue;
        };
        let Some(list) = scale_of(version, left.field) else { continue };
        for other in [level.0.checked_add(1), level.0.checked_sub(1)].into_iter().flatten() {
            if usize::from(other) >= list.names.len() {
                continue;
            }
            let names = (list.name_of(*level), list.name_of(NameId(other)));
            let right = Term::Constant(Value::Name(NameId(other)));
            let condition = Condition::Compare { left: *left, relation: *relation, right };
            changes.extend(changed(version, sources, (id, rule), names, condition));
        }
    }
    changes
}

fn scale_of(version: &Version, field: FieldId) -> Option<&crate::policy::NameList> {
    match version.vocabulary.field(field)?.kind {
        FieldType::Scale(list) => version.vocabulary.list(list),
        _ => None,
    }
}

/// `at least` becomes `above`, `at most` becomes `below`, and the other way about.
pub(super) fn bound_in_or_out(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, rule) in leaves(version) {
        let (relation, condition) = match version.conditions.get(id) {
            Condition::Compare { left, relation, right } => {
                let Some(other) = turned(*relation) else { continue };
                (*relation, Condition::Compare { left: *left, relation: other, right: right.clone() })
            }
            Condition::Measure { history, relation, right } => {
                let Some(other) = turned(*relation) else { continue };
                (*relation, Condition::Measure { history: *history, relation: other, right: right.clone() })
            }
            Condition::Table { table, test } => {
                let Some((relation, test)) = turned_test(test) else { continue };
                (relation, Condition::Table { table: *table, test })
            }
            _ => continue,
        };
        let words = (relation.words(), turned(relation).map(Relation::words).unwrap_or_default());
        changes.extend(changed(version, sources, (id, rule), words, condition));
    }
    changes
}

fn turned_test(test: &TableTest) -> Option<(Relation, TableTest)> {
    Some(match test {
        TableTest::Bounds { left, relation } => {
            (*relation, TableTest::Bounds { left: *left, relation: turned(*relation)? })
        }
        TableTest::Gives { relation, right } => {
            (*relation, TableTest::Gives { relation: turned(*relation)?, right: right.clone() })
        }
        _ => return None,
    })
}

fn turned(relation: Relation) -> Option<Relation> {
    match relation {
        Relation::AtLeast => Some(Relation::Above),
        Relation::Above => Some(Relation::AtLeast),
        Relation::AtMost => Some(Relation::Below),
        Relation::Below => Some(Relation::AtMost),
        _ => None,
    }
}

/// A number becomes one more, or one less: bounds, limits, counts.
pub(super) fn number_up_or_down(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, rule) in leaves(version) {
        for step in [Decimal::ONE, -Decimal::ONE] {
            for (old, new, condition) in stepped(version.conditions.get(id), step) {
                let words = (number::write(old), number::write(new));
                changes.extend(changed(version, sources, (id, rule), (&words.0, &words.1), condition));
            }
        }
    }
    changes
}

fn stepped(condition: &Condition, step: Decimal) -> Vec<(Decimal, Decimal, Condition)> {
    let one = |term: &Term| match term {
        Term::Constant(Value::Number(old)) => Some((*old, old + step, Term::Constant(Value::Number(old + step)))),
        Term::Constant(Value::Percent(old)) => Some((*old, old + step, Term::Constant(Value::Percent(old + step)))),
        _ => None,
    };
    match condition {
        Condition::Compare { left, relation, right } => one(right)
            .map(|(old, new, right)| (old, new, Condition::Compare { left: *left, relation: *relation, right }))
            .into_iter()
            .collect(),
        Condition::Measure { history, relation, right } => one(right)
            .map(|(old, new, right)| (old, new, Condition::Measure { history: *history, relation: *relation, right }))
            .into_iter()
            .collect(),
        Condition::Between { left, low, high } => {
            let lower =
                one(low).map(|(old, new, low)| (old, new, Condition::Between { left: *left, low, high: high.clone() }));
            let upper = one(high)
                .map(|(old, new, high)| (old, new, Condition::Between { left: *left, low: low.clone(), high }));
            lower.into_iter().chain(upper).collect()
        }
        _ => Vec::new(),
    }
}

/// `and` becomes `or`, `all of` becomes `any of`, and the other way about.
pub(super) fn and_or(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut seen = BTreeSet::new();
    for (rule, id) in (0..).zip(&version.rules).map(|(at, rule)| (RuleId(at), rule)) {
        // What a rescue plan asks, and what a limit counts, is no `and` of the committee.
        let norm = (id.norm.kind != NormKind::RescuePlan && id.duty.is_none()).then_some(id.norm.condition);
        let guard = id.guard.filter(|_| id.norm.kind != NormKind::Limit);
        for clause in [guard, id.unless, norm].into_iter().flatten() {
            changes.extend(joined(version, sources, clause, Some(rule), &mut seen));
        }
    }
    if let Some(clause) = version.applies_when {
        changes.extend(joined(version, sources, clause, None, &mut seen));
    }
    changes
}

fn joined(
    version: &Version,
    sources: &Sources,
    clause: ConditionId,
    rule: Option<RuleId>,
    seen: &mut BTreeSet<ConditionId>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for id in inner(&version.conditions, clause, seen) {
        let (condition, words) = match version.conditions.get(id) {
            Condition::All(parts) if parts.len() > 1 => {
                (Condition::Any(parts.clone()), [("all of", "any of"), ("and", "or")])
            }
            Condition::Any(parts) if parts.len() > 1 => {
                (Condition::All(parts.clone()), [("any of", "all of"), ("or", "and")])
            }
            _ => continue,
        };
        let Some(origin) = version.conditions.origin(id) else { continue };
        let text = written(sources, origin);
        let exchange = words.into_iter().find_map(|(old, new)| Some((old, new, exchanged(&text, old, new, false)?)));
        let Some((old, new, sentence)) = exchange else { continue };
        let what = format!("`{old}` becomes `{new}`");
        changes.push(Change { rule, origin, what, sentence, edit: Edit::Replace(id, condition) });
    }
    changes
}

/// Gives the conditions within a clause, through definitions too, each once.
fn inner(conditions: &Conditions, clause: ConditionId, seen: &mut BTreeSet<ConditionId>) -> Vec<ConditionId> {
    let mut waiting = vec![clause];
    let mut found = Vec::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        found.push(id);
        match conditions.get(id) {
            Condition::All(parts) | Condition::Any(parts) => waiting.extend(parts.iter()),
            Condition::Not(part) => waiting.push(*part),
            Condition::Defined(definition) => {
                waiting.extend(conditions.definition(*definition).map(|definition| definition.condition));
            }
            Condition::Measure { history, .. } => {
                waiting.extend(conditions.history(*history).and_then(|history| history.filter));
            }
            _ => {}
        }
    }
    found.sort_unstable();
    found
}
