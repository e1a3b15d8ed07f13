//! Pass 4, continued: decision tables, from what is written to rows of the core.
//!
//! A cell is a condition on its column's field, with constants only: so a table refers to no other and never to itself,
//! and whether its rows leave a case open, or share one, can be found exactly (`cover`).

mod axis;
mod cover;

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{
    Condition as Node, ConditionId, Field, FieldId, FieldRef, FieldType, ListId, NameId, Row, Table, TableId, Version,
};
use crate::source::Span;
use crate::syntax::ast::{
    CellTest, Comparison, TableCell, TableColumn, TableDeclaration, TableResult, TableRow, Value, ValueKind, Word,
};

use super::condition::{Conditioner, Tabled};
use super::names::Declared;

/// Makes all tables of a policy.
pub(super) fn tabulate(tables: &[&TableDeclaration], conditioner: &mut Conditioner<'_>) {
    let mut declared = Declared::default();
    // All names first: a cell that refers to a table is told so, whichever stands first.
    for name in tables.iter().filter_map(|table| table.name.as_ref()) {
        conditioner.tables.insert(name.text.clone(), Tabled::Broken);
    }
    for table in tables {
        let Some(name) = &table.name else { continue };
        let is_new = declared.is_new("tables", name, conditioner.problems);
        if let (true, Some(made)) = (is_new, one(table, name, conditioner)) {
            let id = conditioner.conditions.tabulate(made);
            conditioner.tables.insert(name.text.clone(), Tabled::Good(id));
        }
    }
}

/// Reports tables that nothing asks.
pub(super) fn unused(version: &Version, used: &BTreeSet<TableId>, problems: &mut Vec<Diagnostic>) {
    for (table, id) in version.conditions.tables().iter().zip(0..) {
        if !used.contains(&TableId(id)) {
            let message = format!("nothing uses the table `{}`", table.name);
            problems.push(
                Diagnostic::new(codes::UNUSED_DEFINITION, message, table.origin, "declared and not used")
                    .with_help("use it in a rule, such as `risk ceiling` or `supervision at least`, or leave it out"),
            );
        }
    }
}

fn one(table: &TableDeclaration, name: &Word, conditioner: &mut Conditioner<'_>) -> Option<Table> {
    let gives = scale(table.gives.as_ref(), conditioner);
    let free = name_is_free(name, conditioner);
    let columns = columns(&table.columns, conditioner);
    let made: Vec<Option<Row>> =
        table.rows.iter().map(|written| row(written, columns.as_deref(), gives, conditioner)).collect();
    let rows = made.into_iter().collect::<Option<Vec<Row>>>();
    let (columns, gives, rows) = (columns?, gives?, rows?);
    if table.broken || !free {
        return None;
    }
    let made = Table {
        name: name.text.clone(),
        title: table.title.as_ref().map(|title| title.text.clone()).unwrap_or_default(),
        gives,
        columns: columns.iter().map(|(id, _)| FieldRef::this(*id)).collect(),
        rows: rows.into(),
        origin: name.span,
    };
    let fields: Vec<&Field> = columns.iter().map(|(_, field)| field).collect();
    let over = cover::Over {
        conditions: &conditioner.conditions,
        vocabulary: conditioner.vocabulary,
        zone: &conditioner.zone,
    };
    cover::check(&made, &fields, over, conditioner.problems).then_some(made)
}

/// Finds the scale of the results.
fn scale(gives: Option<&Word>, conditioner: &mut Conditioner<'_>) -> Option<ListId> {
    let gives = gives?;
    let lists = &conditioner.vocabulary.lists;
    let at = lists.iter().position(|list| list.name == gives.text);
    if let Some(at) = at.filter(|at| lists.get(*at).is_some_and(|list| list.ordered)) {
        return u16::try_from(at).ok().map(ListId);
    }
    if conditioner.unread.names.contains(&gives.text) {
        return None;
    }
    let is_field = conditioner.vocabulary.find_field(&gives.text).and_then(|id| conditioner.vocabulary.field(id));
    let of_field = is_field.and_then(|field| match field.kind {
        FieldType::Scale(list) => conditioner.vocabulary.list(list),
        _ => None,
    });
    let (message, help) = match (at, of_field) {
        (Some(_), _) => (
            format!("`{}` is a kind, whose names have no order, and a table gives levels of a scale", gives.text),
            Some("let it give a scale, or write a rule for each name".to_owned()),
        ),
        (None, Some(list)) => (
            format!("`{}` is a field, and a table gives levels of a scale", gives.text),
            Some(format!("write `gives {}`", list.name)),
        ),
        (None, None) => {
            let scales = lists.iter().filter(|list| list.ordered).map(|list| list.name.as_str());
            let message = format!("vocabulary `{}` has no scale `{}`", conditioner.vocabulary.name, gives.text);
            (message, crate::diagnostic::did_you_mean(&gives.text, scales))
        }
    };
    conditioner
        .problems
        .push(Diagnostic::new(codes::UNKNOWN_TYPE, message, gives.span, "not a scale").with_help_if(help));
    None
}

/// Reports a name that something else has: a field, or a level that could stand in the same place.
fn name_is_free(name: &Word, conditioner: &mut Conditioner<'_>) -> bool {
    let vocabulary = conditioner.vocabulary;
    let field = vocabulary.find_field(&name.text).and_then(|id| vocabulary.field(id));
    let list = vocabulary.lists.iter().find_map(|list| Some((list, list.find(&name.text)?)));
    let (message, at, label) = match (field, list) {
        (Some(field), _) => {
            (format!("`{}` is a field already, so it cannot be a table", name.text), Some(field.origin), "the field")
        }
        (None, Some((list, NameId(at)))) => (
            format!("`{}` is a name of the {} `{}`, so it cannot be a table", name.text, list.word(), list.name),
            list.names.get(usize::from(at)).map(|name| name.origin),
            "the name",
        ),
        (None, None) => return true,
    };
    let mut problem = Diagnostic::new(codes::DUPLICATE_NAME, message, name.span, "the name is taken");
    if let Some(at) = at {
        problem = problem.with_label(at, label);
    }
    conditioner.problems.push(problem.with_help("give the table another name, such as that of what it decides"));
    false
}

/// Finds the fields of the columns; `None` where one of them has an error, which is reported.
fn columns(written: &[TableColumn], conditioner: &mut Conditioner<'_>) -> Option<Vec<(FieldId, Field)>> {
    let mut columns: Vec<Option<(FieldId, Field)>> = Vec::new();
    let mut seen = BTreeSet::new();
    for TableColumn { field: word } in written {
        let found = conditioner.field(word);
        let problem = match &found {
            Some((id, _)) if !seen.insert(*id) => Some(twice(word)),
            _ => None,
        };
        columns.push(found.filter(|_| problem.is_none()));
        conditioner.problems.extend(problem);
    }
    columns.into_iter().collect::<Option<Vec<_>>>().filter(|columns| !columns.is_empty())
}

fn twice(word: &Word) -> Diagnostic {
    let message = format!("two columns of this table ask about `{}`", word.text);
    Diagnostic::new(codes::TABLE_UNFIT_COLUMN, message, word.span, "here again")
        .with_help("put both conditions into one cell: `at least 2 and below 4`")
}

/// A time of day, of which no order of moments says when it is.
fn time_of_day(field: &Field, at: Span) -> Diagnostic {
    let message = format!("a cell asks `{}` for a moment, and this is a time of day", field.name);
    Diagnostic::new(codes::TABLE_BAD_CELL, message, at, "not a moment")
        .with_help("ask for the time of day in the `when` of the rule; in a cell write a day, `before 2026-07-01`")
}

fn row(
    written: &TableRow,
    columns: Option<&[(FieldId, Field)]>,
    gives: Option<ListId>,
    conditioner: &mut Conditioner<'_>,
) -> Option<Row> {
    let cells: Option<Vec<Option<ConditionId>>> = columns.map(|columns| {
        let pairs = columns.iter().zip(&written.cells);
        pairs.map(|((_, field), written)| cell(field, written, conditioner)).collect()
    });
    let result = result(written, gives?, conditioner);
    let cells = cells?.into_iter().collect::<Option<Vec<ConditionId>>>()?;
    Some(Row { cells: cells.into(), result: result?, origin: written.span, result_origin: written.result_span })
}

/// Reads a result: a level of the table's scale, or `never`.
fn result(row: &TableRow, gives: ListId, conditioner: &mut Conditioner<'_>) -> Option<Option<NameId>> {
    let TableResult::Level(Value { kind: ValueKind::Word(word), span }) = &row.result else { return Some(None) };
    let level = conditioner.vocabulary.list(gives)?.find(word);
    if level.is_none() {
        let problem = conditioner.unknown_name(gives, word, *span);
        conditioner.problems.push(problem);
    }
    level.map(Some)
}

fn cell(field: &Field, written: &TableCell, conditioner: &mut Conditioner<'_>) -> Option<ConditionId> {
    let CellTest::All(tests) = &written.test else {
        return Some(conditioner.conditions.add(Node::All(Box::new([])), written.span));
    };
    let words: Vec<(&str, Span)> = tests.iter().flat_map(words_of).collect();
    for (word, span) in words {
        if conditioner.name_constant(field, word).is_none()
            && let Some(what) = names_something_else(word, conditioner)
        {
            let message = format!("`{word}` is {what}, and a cell compares `{}` with values only", field.name);
            conditioner.problems.push(
                Diagnostic::new(codes::TABLE_BAD_CELL, message, span, "not a value")
                    .with_help("compare the two in the `when` of a rule, or write the values"),
            );
            return None;
        }
    }
    let is_clock = |value: &&Value| matches!(value.kind, ValueKind::TimeOfDay(_));
    if let Some(value) = tests.iter().flat_map(values_of).find(is_clock) {
        let problem = time_of_day(field, value.span);
        conditioner.problems.push(problem);
        return None;
    }
    let name = Word { text: field.name.clone(), span: written.span };
    let made: Vec<Option<ConditionId>> =
        tests.iter().map(|test| conditioner.comparison(&name, test, written.span)).collect();
    match made.into_iter().collect::<Option<Vec<ConditionId>>>()?.as_slice() {
        [one] => Some(*one),
        several => Some(conditioner.conditions.add(Node::All(several.into()), written.span)),
    }
}

fn names_something_else(word: &str, conditioner: &Conditioner<'_>) -> Option<&'static str> {
    let is_field = conditioner.vocabulary.find_field(word).is_some();
    if is_field { Some("a field") } else { conditioner.tables.contains_key(word).then_some("a table") }
}

/// Gives the bare words of a comparison.
fn words_of(comparison: &Comparison) -> Vec<(&str, Span)> {
    values_of(comparison).into_iter().filter_map(word_and_place).collect()
}

fn values_of(comparison: &Comparison) -> Vec<&Value> {
    match comparison {
        Comparison::Is(value)
        | Comparison::IsNot(value)
        | Comparison::AtLeast(value)
        | Comparison::AtMost(value)
        | Comparison::Above(value)
        | Comparison::Below(value)
        | Comparison::Before(value)
        | Comparison::After(value)
        | Comparison::OnOrBefore(value)
        | Comparison::OnOrAfter(value)
        | Comparison::Includes(value)
        | Comparison::NotIncludes(value) => vec![value],
        Comparison::Between(low, high) => vec![low, high],
        Comparison::IsOneOf(values)
        | Comparison::IsNotOneOf(values)
        | Comparison::IncludesAny(values)
        | Comparison::IncludesAll(values) => values.iter().collect(),
        _ => Vec::new(),
    }
}

fn word_and_place(value: &Value) -> Option<(&str, Span)> {
    match &value.kind {
        ValueKind::Word(word) => Some((word, value.span)),
        _ => None,
    }
}
