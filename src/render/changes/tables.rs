//! What changed in decision tables: the rows that differ, each with what it gave and what it gives.
//!
//! A row is known by its cells. So the order of rows and of columns shows nothing. A row that is new and one that is gone
//! are one row whose bounds moved if all their cells but one are the same; in a table of one column, if both give the same.

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
        let lines = now.rows.iter().map(|row| (cells(self.new, row, &straight), row));
        let lines: Vec<(Cells, &Row, Option<&Row>)> = lines
            .map(|(line, row)| (left.remove(&key(&line)), line, row))
            .map(|(same, line, row)| (line, row, same))
            .collect();
        // What is left has no counterpart of the same cells.
        let gone = before.rows.iter().map(|row| (cells(self.old, row, &order), row));
        let mut gone: Vec<(Cells, &Row)> = gone.filter(|(line, _)| left.contains_key(&key(line))).collect();
        for (mut line, row, same) in lines {
            let given = self.new.given(now.gives, row.result);
            let gave = match same {
                Some(same) => Some(was(same)),
                None => moved(&line, &given, &gone, was).map(|at| {
                    let (old, old_row) = gone.remove(at);
                    show_moved(&mut line, old);
                    was(old_row)
                }),
            };
            if same.is_none() || gave.as_ref() != Some(&given) {
                line.extend([gave.unwrap_or_else(no_row), given]);
                shown.add(line);
            }
        }
        for (mut line, row) in gone {
            line.extend([was(row), no_row()]);
            shown.add(line);
        }
        if shown.rows.is_empty() { Vec::new() } else { vec![Block::Table(shown)] }
    }
}

/// The cells of a row, in words.
type Cells = Vec<Vec<Inline>>;

/// Finds among the rows that are gone the one whose bounds moved to those of a new row.
fn moved(line: &Cells, given: &[Inline], gone: &[(Cells, &Row)], was: impl Fn(&Row) -> Vec<Inline>) -> Option<usize> {
    let differing = |old: &Cells| old.iter().zip(line).filter(|(old, new)| plain(old) != plain(new)).count();
    gone.iter().position(|(old, row)| differing(old) == 1 && (line.len() > 1 || was(row) == given))
}

/// Says in the cell that differs what stood there before.
fn show_moved(line: &mut Cells, old: Cells) {
    for (cell, old) in line.iter_mut().zip(old) {
        if plain(cell) != plain(&old) {
            cell.push(t(" (before: "));
            cell.extend(old);
            cell.push(t(")"));
        }
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
