//! Changes within decision tables: a row gives the next level up or down, `never`, or no longer `never`.
//!
//! No row is left out: a table with a gap is refused, so no committee could adopt that by mistake.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::{Condition, NameId, NameList, Row, RuleId, Table, TableId, Version};
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
