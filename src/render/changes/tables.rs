//! What changed in decision tables: the rows that differ, each with what it gave and what it gives.
//!
//! A row is known by its cells. So the order of rows and of columns shows nothing, and a row whose bounds moved is shown
//! as one that is gone and one that is new.

use std::collections::BTreeMap;

use crate::policy::{FieldRef, Row, Table as Decision};

use super::super::document::{Block, Inline, Table, plain};
use super::super::table::called;
use super::super::words::{Words, t};
use super::{Change, Compared, Parts, changes, plain_line};

/// Says which tables are new, changed and gone.
pub(super) fn blocks(compared: &Compared<'_>) -> Vec<Block> {
    let (before, now) = (compared.old.version.conditions.tables(), compared.new.version.conditions.tables());
    let show = |change: Change<'_, Decision>| match change {
        Change::Added(table) => Some(compared.whole("Added", compared.new, table, false)),
        Change::Kept(before, now) => compared.table(before, now),
        Change::Removed(table) => Some(compared.whole("Removed", compared.old, table, true)),
    };
    let shown = changes(before, now, |table| &table.name).into_iter().filter_map(show);
    compared.under("tables", "The tables", shown.collect())
}

impl Compared<'_> {
    /// Shows a table that only one of the versions has.
    fn whole(&self, what: &str, words: &Words<'_>, table: &Decision, of_old: bool) -> Block {
        let (title, rows) = if of_old {
            (vec![t(&called(table))], unlinked(words.rows(table)))
        } else {
            (link(words, table), words.rows(table))
        };
        with(self.one(what, title, &table.name, parts(words, table), of_old), [Block::Table(rows)])
    }

    /// Shows what differs between two states of a table; nothing, if nothing does.
    fn table(&self, before: &Decision, now: &Decision) -> Option<Block> {
        let changed = self.changed(|words| parts(words, before), |words| parts(words, now));
        let rows = self.rows(before, now);
        if changed.is_empty() && rows.is_empty() {
            return None;
        }
        Some(with(self.one("Changed", link(self.new, now), &now.name, changed, false), rows))
    }

    fn rows(&self, before: &Decision, now: &Decision) -> Vec<Block> {
        let (old_names, new_names) = (column_names(self.old, before), column_names(self.new, now));
        let at: BTreeMap<&str, usize> = old_names.iter().copied().zip(0..).collect();
        let order: Option<Vec<usize>> = new_names.iter().map(|name| at.get(name).copied()).collect();
        let order = order.filter(|order| order.len() == old_names.len());
        let Some(order) = order else {
            // Another question is asked: no row of one is a row of the other.
            let titled = |text: &str| Block::Paragraph(vec![Inline::Strong(text.to_owned())]);
            let (was, is) = (Block::Table(unlinked(self.old.rows(before))), Block::Table(self.new.rows(now)));
            return vec![titled("All rows, before:"), was, titled("All rows, now:"), is];
        };
        let mut shown = self.new.cases(now, &["Before", "Now"]);
        let mut left: BTreeMap<Vec<String>, &Row> =
            before.rows.iter().map(|row| (key(&cells(self.old, row, &order)), row)).collect();
        let no_row = || vec![t("no such row")];
        let was = |row: &Row| self.old.given(before.gives, row.result);
        let straight: Vec<usize> = (0..order.len()).collect();
        for row in &now.rows {
            let mut line = cells(self.new, row, &straight);
            let gone = left.remove(&key(&line)).map(was);
            let given = self.new.given(now.gives, row.result);
            if gone.as_ref() != Some(&given) {
                line.extend([gone.unwrap_or_else(no_row), given]);
                shown.add(line);
            }
        }
        for row in before.rows.iter() {
            let mut line = cells(self.old, row, &order);
            if left.remove(&key(&line)).is_some() {
                line.extend([was(row), no_row()]);
                shown.add(line);
            }
        }
        if shown.rows.is_empty() { Vec::new() } else { vec![Block::Table(shown)] }
    }
}

fn parts(words: &Words<'_>, table: &Decision) -> Parts {
    let scale = words.version.vocabulary.list(table.gives).map_or("", |list| list.name.as_str());
    let gives = vec![t("a level of the scale "), Inline::code(scale)];
    vec![("Title".to_owned(), vec![Block::text(&called(table))]), ("Gives".to_owned(), vec![Block::Paragraph(gives)])]
}

/// Gives the link alone: the name follows in any case.
fn link(words: &Words<'_>, table: &Decision) -> Vec<Inline> {
    words.table(table).into_iter().take(1).collect()
}

/// Puts blocks behind the others that belong to one thing; labels without any are left out.
fn with(one: Block, more: impl IntoIterator<Item = Block>) -> Block {
    match one {
        Block::Together(mut inner) => {
            inner.retain(|block| !matches!(block, Block::Labelled(rows) if rows.is_empty()));
            inner.extend(more);
            Block::Together(inner)
        }
        other => other,
    }
}

fn column_names<'a>(words: &'a Words<'_>, table: &Decision) -> Vec<&'a str> {
    let name = |column: &FieldRef| words.version.vocabulary.field_name(column.field);
    table.columns.iter().map(name).collect()
}

/// Says the cells of a row, those of the columns in an order.
fn cells(words: &Words<'_>, row: &Row, order: &[usize]) -> Vec<Vec<Inline>> {
    order.iter().filter_map(|at| row.cells.get(*at)).map(|cell| words.cell(*cell)).collect()
}

fn key(cells: &[Vec<Inline>]) -> Vec<String> {
    cells.iter().map(|cell| plain(cell)).collect()
}

fn unlinked(mut table: Table) -> Table {
    table.head = table.head.into_iter().map(plain_line).collect();
    table
}
