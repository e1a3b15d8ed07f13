//! Changes within decision tables: a row gives the next level up or down, `never`, or no longer `never`, or is left out.
//!
//! What its cells ask is changed as any other comparison (`leaf`). A table so changed may have a gap, where nothing is
//! known of what it gives, or rows that share a case: a committee could not adopt it, but an example that holds all the
//! same shows that no example asks.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::{Condition, ConditionId, NameId, NameList, Row, RuleId, Table, TableId, Version};
use crate::source::Sources;

use super::change::{Change, Edit, exchanged, written};
use crate::trial::coverage::leaves_of_version;

/// Another result stands in a row.
pub(super) fn other_result(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, rule) in asked(version) {
        let Some(table) = version.conditions.table(id) else { continue };
        let Some(list) = version.vocabulary.list(table.gives) else { continue };
        for (at, row) in table.rows.iter().enumerate() {
            for other in neighbours(row.result, list) {
                changes.extend(change(sources, (id, table, rule), (at, row), other, list));
            }
        }
    }
    changes
}

/// A row is left out.
pub(super) fn without_a_row(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, rule) in asked(version) {
        let rows = version.conditions.table(id).map(|table| (table, table.rows.iter().enumerate()));
        for (table, (at, row)) in rows.into_iter().flat_map(|(table, rows)| rows.map(move |row| (table, row))) {
            changes.push(Change {
                rule,
                origin: row.origin,
                what: format!("a row of `{}` is left out", table.name),
                sentence: format!("(without) {}", written(sources, row.origin)),
                edit: Edit::WithoutRow(id, at),
            });
        }
    }
    changes
}

/// Gives the comparisons in the cells of the tables that are asked, each with its rule where one alone asks the table.
pub(super) fn cells(version: &Version) -> Vec<(ConditionId, Option<RuleId>)> {
    let mut found = Vec::new();
    for (id, rule) in asked(version) {
        let rows = version.conditions.table(id).into_iter().flat_map(|table| &table.rows);
        let cells = version.conditions.leaves(rows.flat_map(|row| row.cells.iter().copied()));
        found.extend(cells.into_iter().map(|cell| (cell, rule)));
    }
    found
}

/// Gives the tables that are asked, each with its rule where one alone asks it.
fn asked(version: &Version) -> Vec<(TableId, Option<RuleId>)> {
    let mut found: BTreeMap<TableId, BTreeSet<Option<String>>> = BTreeMap::new();
    for (leaf, rule) in leaves_of_version(version) {
        if let Condition::Table { table, .. } = version.conditions.get(leaf) {
            found.entry(*table).or_default().insert(rule);
        }
    }
    let id_of = |name: &String| {
        let at = version.rules.iter().position(|rule| rule.name == *name)?;
        u32::try_from(at).ok().map(RuleId)
    };
    let alone = |rules: BTreeSet<Option<String>>| match rules.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(rule)] => id_of(rule),
        _ => None,
    };
    found.into_iter().map(|(table, rules)| (table, alone(rules))).collect()
}

/// Gives the next levels up and down, and `never`; of `never`, the first level and the last.
fn neighbours(result: Option<NameId>, list: &NameList) -> Vec<Option<NameId>> {
    let exists = |at: &u16| usize::from(*at) < list.names.len();
    match result {
        Some(level) => {
            let levels = [level.0.checked_add(1), level.0.checked_sub(1)].into_iter().flatten().filter(exists);
            levels.map(|at| Some(NameId(at))).chain([None]).collect()
        }
        None => {
            let last = u16::try_from(list.names.len()).ok().and_then(|count| count.checked_sub(1));
            [Some(0), last].into_iter().flatten().filter(exists).map(|at| Some(NameId(at))).collect()
        }
    }
}

fn change(
    sources: &Sources,
    (id, table, rule): (TableId, &Table, Option<RuleId>),
    (at, row): (usize, &Row),
    other: Option<NameId>,
    list: &NameList,
) -> Option<Change> {
    let word = |result: Option<NameId>| result.map_or("never", |level| list.name_of(level));
    let (old, new) = (written(sources, row.result_origin), word(other));
    let sentence = exchanged(&written(sources, row.origin), &old, new, true)?;
    let what = format!("`{}` gives `{new}` in place of `{old}`", table.name);
    Some(Change { rule, origin: row.origin, what, sentence, edit: Edit::Result(id, at, other) })
}
