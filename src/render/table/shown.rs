//! Decision tables row by row: what each asks, and what it gives.

use std::collections::BTreeSet;

use crate::policy::{
    Condition, ConditionId, FieldRef, ListId, NameId, Relation, Table as Decision, TableId, Term, Value,
};

use super::super::document::{Block, Inline, Table};
use super::super::index::{Numbers, places};
use super::super::prose::{Place as Beside, Told};
use super::super::usage::Usage;
use super::super::words::{Words, capital, joined, t};
use super::called;

/// What holds of every table: the rows leave no case open, and a missing input leaves several.
const HOW_TO_READ: &str = "Every case has exactly one row: where all cells of a row are true of an episode, the row says what the table gives. Where something is not documented, the results of all rows that are still possible count: a condition on the table then holds if it holds of each of these results, does not hold if it holds of none of them, and is left open otherwise.";

/// What follows from `never`.
const OF_NEVER: &str =
    ", no level suffices: whatever is compared with what the table gives, documented or not, does not meet it.";

/// Shows all tables; `level` is that of their headings.
pub(in super::super) fn section(
    words: &Words<'_>,
    usage: &Usage,
    told: &Told<'_>,
    numbers: &Numbers,
    level: u8,
) -> Vec<Block> {
    let tables = words.version.conditions.tables();
    if tables.is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![Block::text(HOW_TO_READ)];
    if tables.iter().flat_map(|table| &table.rows).any(|row| row.result.is_none()) {
        blocks.push(of_never());
    }
    let nowhere = BTreeSet::new();
    for ((at, table), id) in tables.iter().enumerate().zip(0..) {
        blocks.extend(told.before(words, Beside::Table(at), level));
        let used = places(words, numbers, usage.tables.get(&TableId(id)).unwrap_or(&nowhere));
        let mut rows = vec![("Name".to_owned(), vec![Block::Paragraph(vec![Inline::code(&table.name)])])];
        if !used.is_empty() {
            rows.insert(0, ("Used by".to_owned(), vec![Block::Paragraph(used)]));
        }
        blocks.push(Block::Together(vec![
            Block::heading(level, &words.anchor("table", &table.name), &called(table)),
            Block::Paragraph(words.gives(table)),
            Block::Table(words.rows(table)),
            Block::Labelled(rows),
        ]));
        blocks.extend(told.after(words, Beside::Table(at), level));
    }
    blocks
}

fn of_never() -> Block {
    Block::Paragraph(vec![t("Where a row gives "), Inline::term("never"), t(OF_NEVER)])
}

impl Words<'_> {
    /// Says what a table gives, and by what.
    fn gives(&self, table: &Decision) -> Vec<Inline> {
        let mut said = vec![t("It gives a level of ")];
        said.extend(self.list(table.gives));
        said.push(t(" by "));
        said.extend(joined(table.columns.iter().map(|column| self.field(column.field)).collect(), "and"));
        said.push(t("."));
        said
    }

    /// Makes a table with a row for each row.
    pub(in super::super) fn rows(&self, table: &Decision) -> Table {
        let mut made = self.cases(table, &["What it gives"]);
        for row in &table.rows {
            let mut cells: Vec<Vec<Inline>> = row.cells.iter().map(|cell| self.cell(*cell)).collect();
            cells.push(self.given(table.gives, row.result));
            made.add(cells);
        }
        made
    }

    /// Makes a table without rows: its columns are those of a decision table, and some more.
    pub(in super::super) fn cases(&self, table: &Decision, more: &[&str]) -> Table {
        let mut made = Table { of_cases: true, ..Table::new(&called(table), more).headed() };
        made.head.splice(0..0, table.columns.iter().map(|column| self.field(column.field)));
        made
    }

    /// Says what a row gives.
    pub(in super::super) fn given(&self, gives: ListId, result: Option<NameId>) -> Vec<Inline> {
        match result {
            Some(name) => vec![self.level(gives, &Value::Name(name))],
            None => vec![Inline::term("never"), t(": no level suffices")],
        }
    }

    /// Says what a cell asks: "at most *low*", "any".
    pub(in super::super) fn cell(&self, id: ConditionId) -> Vec<Inline> {
        let (condition, negated) = self.without_nots(id);
        match condition {
            Condition::All(parts) if parts.is_empty() => vec![t("any")],
            Condition::All(parts) => joined(parts.iter().map(|part| self.cell(*part)).collect(), "and"),
            Condition::Compare { left, relation, right } => self.cell_compares(*left, *relation, right, negated),
            Condition::OneOf { left, values } if values.len() == 1 => {
                let is =
                    |value: &Value| self.cell_compares(*left, Relation::Is, &Term::Constant(value.clone()), negated);
                values.iter().flat_map(is).collect()
            }
            Condition::OneOf { left, values } => {
                let before = match (negated, values.len()) {
                    (false, _) => "",
                    (true, 2) => "neither ",
                    (true, _) => "none of ",
                };
                let joining = match (negated, values.len()) {
                    (false, _) => "or",
                    (true, 2) => "nor",
                    (true, _) => "and",
                };
                [vec![t(before)], self.values(values, left.field, joining)].concat()
            }
            Condition::Between { left, low, high } => {
                let before = if negated { "not from " } else { "" };
                [vec![t(before)], self.term(low, left.field), vec![t(" to ")], self.term(high, left.field)].concat()
            }
            Condition::Any(parts) => joined(parts.iter().map(|part| self.cell(*part)).collect(), "or"),
            Condition::Includes { set, member } => {
                let before = if negated { "without " } else { "with " };
                [vec![t(before)], self.term(member, set.field)].concat()
            }
            // No cell asks anything else; a sentence says it all the same.
            _ => capital(self.condition(id, super::Mood::Is).words),
        }
    }

    fn cell_compares(&self, left: FieldRef, relation: Relation, right: &Term, negated: bool) -> Vec<Inline> {
        if let (Relation::Is, Term::Constant(Value::Boolean(answer))) = (relation, right) {
            return vec![t(if *answer == negated { "no" } else { "yes" })];
        }
        let or_on = match (relation, negated) {
            (Relation::Before, true) => Some("on or after "),
            (Relation::After, true) => Some("on or before "),
            _ => None,
        };
        if let Some(words) = or_on {
            return [vec![t(words)], self.term(right, left.field)].concat();
        }
        let (relation, negated) = relation.turned(negated);
        let order = if relation == Relation::Is { String::new() } else { format!("{} ", relation.words()) };
        let not = if negated { "not " } else { "" };
        [vec![Inline::Text(format!("{not}{order}"))], self.term(right, left.field)].concat()
    }
}
