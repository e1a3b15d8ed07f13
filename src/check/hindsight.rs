//! Pass 6: no permission reads what is known only afterwards.
//!
//! Whether it was right to hold back is judged on what was known then (Fischhoff, BMJ Qual Saf 2003;12:304). What became
//! known later may decide a duty: only rules with `oblige` may read such a field, and no other, directly or through a
//! definition.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Condition, ConditionId, FieldId, Version};

/// Reports every clause that reads hindsight.
pub(super) fn check(version: &Version, problems: &mut Vec<Diagnostic>) {
    let of_rules = version
        .rules
        .iter()
        .filter(|rule| rule.duty.is_none())
        .flat_map(|rule| rule.clauses().map(move |clause| (format!("rule `{}`", rule.name), clause)));
    let scope = version.applies_when.map(|clause| ("`applies when`".to_owned(), clause));
    for (reader, clause) in of_rules.chain(scope) {
        for leaf in version.conditions.leaves([clause]) {
            for field in version.conditions.reads(leaf) {
                problems.extend(hindsight(version, &reader, field.field, leaf));
            }
        }
    }
}

/// Words the problem, if the field is one that nobody knew.
fn hindsight(version: &Version, reader: &str, field_id: FieldId, at: ConditionId) -> Option<Diagnostic> {
    let field = version.vocabulary.field(field_id).filter(|field| field.known_afterwards)?;
    let message = format!("{reader} reads `{}`, which is known only afterwards", field.name);
    let problem = Diagnostic::new(
        codes::HINDSIGHT,
        message,
        version.conditions.origin(at)?,
        "nobody knew this when the decision was taken",
    );
    let through = match version.conditions.get(at) {
        Condition::Table { table, .. } => version.conditions.table(*table),
        _ => None,
    };
    let through = through.filter(|table| table.columns.iter().any(|column| column.field == field_id));
    let problem = match through {
        Some(table) => problem.with_label(table.origin, format!("`{}` asks about it", table.name)),
        None => problem,
    };
    Some(
        problem
            .with_label(field.origin, "declared as known afterwards")
            .with_help("judge by what was known at the time: the risk that was foreseen, not the harm that came"),
    )
}
