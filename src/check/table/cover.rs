//! Whether the rows of a table leave a case open, or share one: found exactly, over present values of the declared types.
//!
//! Each cell is a set of stretches of its column's axis, so a row is a box, and a case one stretch of each column. Rows
//! are compared two by two. Where none share a case, the table is whole if their sizes add up to the size of all; if they
//! do not, a case is looked for column by column, always where something is missing.

use crate::diagnostic::{Diagnostic, codes};
use jiff::tz::TimeZone;

use crate::policy::{Conditions, Field, Table, Vocabulary};

use super::axis::{Axis, Held};

/// How many stretches may be laid out for one table: a thousand rows, each with a bound of its own, in two columns.
const MOST_STRETCHES: usize = 4_000_000;

/// How many words of bits may be compared for one table.
const MOST_WORK: usize = 20_000_000;

/// How many pieces of rows are looked at to find a gap beside overlaps.
const MOST_PIECES: usize = 200_000;

/// How many overlaps of one table are told.
const MOST_TOLD: usize = 10;

/// What the cells of a table are written in.
#[derive(Clone, Copy)]
pub(super) struct Over<'t> {
    pub(super) conditions: &'t Conditions,
    pub(super) vocabulary: &'t Vocabulary,
    /// The policy's own, for days.
    pub(super) zone: &'t TimeZone,
}

/// Reports gaps and overlaps; says whether there are none.
pub(super) fn check(table: &Table, fields: &[&Field], over: Over<'_>, problems: &mut Vec<Diagnostic>) -> bool {
    let Some(cover) = Cover::new(table, fields, over) else {
        problems.push(too_large(table));
        return false;
    };
    let before = problems.len();
    cover.every_cell_has_a_value(problems);
    if problems.len() == before {
        match cover.rows_share_no_case(problems) {
            None => problems.push(too_large(table)),
            // Where this would take too long, what is told of the overlaps has to do for now.
            Some(false) => {
                if let Some(apart) = cover.without_overlaps() {
                    apart.rows_leave_no_gap(problems);
                }
            }
            Some(true) => cover.rows_leave_no_gap(problems),
        }
    }
    problems.len() == before
}

struct Cover<'t> {
    table: &'t Table,
    fields: &'t [&'t Field],
    vocabulary: &'t Vocabulary,
    axes: Vec<Axis>,
    /// Of each row, for each column.
    boxes: Vec<Vec<Held>>,
}

impl<'t> Cover<'t> {
    fn new(table: &'t Table, fields: &'t [&'t Field], Over { conditions, vocabulary, zone }: Over<'t>) -> Option<Self> {
        let column = |at: usize| table.rows.iter().filter_map(move |row| row.cells.get(at).copied());
        let mut axes = Vec::new();
        let mut work = 0_usize;
        for (at, field) in fields.iter().enumerate() {
            let cells: Vec<_> = column(at).collect();
            let axis = Axis::new(field.kind, &cells, conditions, (vocabulary, zone))?;
            work = work.checked_add(axis.stretches.len().checked_mul(table.rows.len())?)?;
            if work > MOST_STRETCHES {
                return None;
            }
            axes.push(axis);
        }
        let held = |row: &crate::policy::Row| -> Vec<Held> {
            axes.iter().zip(&row.cells).map(|(axis, cell)| axis.held(conditions, *cell)).collect()
        };
        let boxes = table.rows.iter().map(held).collect();
        Some(Self { table, fields, vocabulary, axes, boxes })
    }

    fn every_cell_has_a_value(&self, problems: &mut Vec<Diagnostic>) {
        for (row, held) in self.table.rows.iter().zip(&self.boxes) {
            let empty = held.iter().zip(self.fields).find(|(held, _)| held.iter().all(|word| *word == 0));
            if let Some((_, field)) = empty {
                let message = format!("no value of `{}` fits its cell, so this row never applies", field.name);
                problems.push(
                    Diagnostic::new(codes::TABLE_BAD_CELL, message, row.origin, "never applies")
                        .with_help("mend the bounds, the lower one first, or leave the row out"),
                );
            }
        }
    }

    /// Gives nothing where it would take too long.
    fn rows_share_no_case(&self, problems: &mut Vec<Diagnostic>) -> Option<bool> {
        let mut left = MOST_WORK;
        let mut told = 0;
        for (at, held) in self.boxes.iter().enumerate() {
            for (other, earlier) in self.boxes.iter().take(at).enumerate() {
                if shares(held, earlier, &mut left)? {
                    problems.extend(self.overlap(other, at));
                    told += 1;
                    break;
                }
            }
            if told == MOST_TOLD {
                break;
            }
        }
        Some(told == 0)
    }

    /// Gives the same cases in boxes of which no two share one: each row without what the rows above it have.
    fn without_overlaps(&self) -> Option<Self> {
        let mut left = MOST_PIECES;
        let mut apart: Vec<Vec<Held>> = Vec::new();
        for held in &self.boxes {
            let mut pieces = vec![held.clone()];
            for earlier in &apart {
                left = left.checked_sub(pieces.len())?;
                pieces = pieces.into_iter().flat_map(|piece| without(piece, earlier)).collect();
            }
            apart.extend(pieces);
        }
        let axes = self.axes.clone();
        Some(Self { table: self.table, fields: self.fields, vocabulary: self.vocabulary, axes, boxes: apart })
    }

    fn overlap(&self, first: usize, second: usize) -> Option<Diagnostic> {
        let (one, two) = (self.table.rows.get(first)?, self.table.rows.get(second)?);
        let (held, also) = (self.boxes.get(first)?, self.boxes.get(second)?);
        let columns = held.iter().zip(also).zip(self.fields.iter().zip(&self.axes));
        let cell = |((held, also), (field, axis)): ((&Held, &Held), (&&Field, &Axis))| {
            let at = (0..axis.stretches.len()).find(|at| has(held, *at) && has(also, *at))?;
            Some(format!("`{}` {}", field.name, axis.write(at, at, self.vocabulary)))
        };
        let case: Vec<String> = columns.filter_map(cell).collect();
        let same = one.result == two.result;
        let message = format!("two rows of table `{}` apply to one case: {}", self.table.name, case.join(", "));
        Some(
            Diagnostic::new(codes::TABLE_OVERLAP, message, two.origin, "applies to it too")
                .with_label(one.origin, "applies to it")
                .with_help(if same {
                    "leave one of them out, or change one so that no case fits both; a table has no first row that wins"
                } else {
                    "change one of them so that no case fits both; a table has no first row that wins"
                }),
        )
    }

    fn rows_leave_no_gap(&self, problems: &mut Vec<Diagnostic>) {
        let all: Vec<usize> = (0..self.boxes.len()).collect();
        match (self.size_of(&all, 0), self.size_from(0)) {
            (Some(covered), Some(whole)) if covered == whole => {}
            (Some(_), Some(_)) => problems.push(self.gap(all)),
            _ => problems.push(too_large(self.table)),
        }
    }

    /// Gives how many cases the columns from one on have; none where it cannot be counted.
    fn size_from(&self, column: usize) -> Option<u128> {
        let sizes = self.axes.iter().skip(column).map(|axis| axis.stretches.len() as u128);
        sizes.into_iter().try_fold(1_u128, u128::checked_mul)
    }

    /// Gives how many cases some rows have in the columns from one on.
    fn size_of(&self, rows: &[usize], column: usize) -> Option<u128> {
        let size = |row: &usize| {
            let held = self.boxes.get(*row)?.iter().skip(column);
            let counts = held.map(|held| held.iter().map(|word| u128::from(word.count_ones())).sum::<u128>());
            counts.into_iter().try_fold(1_u128, u128::checked_mul)
        };
        rows.iter().try_fold(0_u128, |sum, row| sum.checked_add(size(row)?))
    }

    /// Finds a case that no row has, as wide as it goes on from there, and shows the row for it.
    fn gap(&self, mut rows: Vec<usize>) -> Diagnostic {
        let mut cells = Vec::new();
        for (column, axis) in self.axes.iter().enumerate() {
            let with = |at: usize| -> Vec<usize> {
                let holds = |row: &&usize| {
                    self.boxes.get(**row).and_then(|held| held.get(column)).is_some_and(|held| has(held, at))
                };
                rows.iter().filter(holds).copied().collect()
            };
            let whole = self.size_from(column + 1);
            let count = axis.stretches.len();
            let from = (0..count).find(|at| self.size_of(&with(*at), column + 1) != whole).unwrap_or(0);
            let left = with(from);
            cells.push(axis.write_around(from, &|at| with(at) == left, self.vocabulary));
            rows = left;
        }
        let row: String = cells.iter().map(|cell| format!(" {cell} |")).collect();
        let asked = self.fields.iter().zip(&cells).filter(|(_, cell)| *cell != "any");
        let case: Vec<String> = asked.map(|(field, cell)| format!("`{}` {cell}", field.name)).collect();
        let message = if case.is_empty() {
            format!("table `{}` has no row at all", self.table.name)
        } else {
            format!("table `{}` leaves a case open: {}", self.table.name, case.join(", "))
        };
        Diagnostic::new(codes::TABLE_GAP, message, self.table.origin, format!("no row says this: `|{row}| never |`"))
            .with_help("add the row that is shown, with the result that is meant in place of `never`")
    }
}

fn has(held: &Held, at: usize) -> bool {
    held.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
}

/// Gives what one box has and another has not, in boxes of which no two share a case.
fn without(mut one: Vec<Held>, other: &[Held]) -> Vec<Vec<Held>> {
    let mut pieces = Vec::new();
    for (column, also) in other.iter().enumerate() {
        let Some(held) = one.get_mut(column) else { break };
        let outside: Held = held.iter().zip(also).map(|(held, also)| held & !also).collect();
        let inside: Held = held.iter().zip(also).map(|(held, also)| held & also).collect();
        *held = outside;
        if held.iter().any(|word| *word != 0) {
            pieces.push(one.clone());
        }
        if inside.iter().all(|word| *word == 0) {
            break;
        }
        if let Some(held) = one.get_mut(column) {
            *held = inside;
        }
    }
    pieces
}

/// Says whether two rows have a case in common; nothing where it would take too long.
fn shares(one: &[Held], other: &[Held], left: &mut usize) -> Option<bool> {
    for (one, other) in one.iter().zip(other) {
        *left = left.checked_sub(one.len())?;
        if one.iter().zip(other).all(|(one, other)| one & other == 0) {
            return Some(false);
        }
    }
    Some(true)
}

fn too_large(table: &Table) -> Diagnostic {
    let message = format!(
        "table `{}` is too large to be looked at case by case, so it is not known whether it leaves one open",
        table.name
    );
    Diagnostic::new(codes::TABLE_TOO_LARGE, message, table.origin, "too many rows and columns")
        .with_help("make two tables of it, each with the columns that belong together, and let two rules use them")
}
