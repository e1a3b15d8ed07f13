//! What a mapping makes of the rows of one table, cell by cell: for those who read rows without building a record of each.
//!
//! What a cell means is told by what maps records, so that there is one place for it. Beside that stands which meanings are so
//! simple that nobody has to be asked ([`Directly`]).

use std::collections::HashSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::apply::Mapper;
use super::dates::DateForm;
use super::field::{Cells, Tick};
use super::numbers::Numbers;
use super::seen::ColumnsSeen;
use super::{Class, MappedField, Mapping, Origin};
use crate::log::record::{Entry, Raw};
use crate::source::{SourceId, Span};

/// What a mapping makes of a table with certain columns.
#[derive(Debug)]
pub(in crate::log) struct ByColumn {
    mapping: Arc<Mapping>,
    /// For each column that the mapping names, where it stands among those of the table.
    places: Vec<Option<usize>>,
}

/// Where the value of a field comes from, by the places of columns in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::log) enum From {
    /// It is the same everywhere.
    Always,
    Cell(usize),
    /// Joined by a blank.
    Joined(Vec<usize>),
    Boxes(Vec<Option<usize>>),
}

/// What a column of the table is to the mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::log) enum Use {
    /// It is read for fields or conditions, or for nothing.
    Own,
    /// It stands for what its name says, as without a mapping.
    Kept,
}

/// How a cell that says something is read without asking what it means.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::log) enum Directly {
    /// It has to be asked.
    No,
    /// The text stands as it is.
    AsWritten,
    /// A number, with a comma before its fraction or a point, times something.
    Number { comma: bool, times: Option<Decimal> },
    /// A time on the clock of a zone, or of whoever reads it; as logs write it, unless there are forms.
    Time { forms: Vec<DateForm>, zone: Option<TimeZone> },
}

impl Mapper {
    /// Prepares for a table with these columns; `None` where one of them stands twice, or stands for a field that the mapping gives
    /// as well.
    pub(in crate::log) fn by_column(&self, header: &[(String, Span)]) -> Option<ByColumn> {
        let mut places = vec![None; self.mapping.columns.len()];
        for (at, (name, _)) in header.iter().enumerate() {
            let place = self.by_name.get(name).and_then(|column| places.get_mut(*column));
            if place.is_some_and(|place| place.replace(at).is_some()) {
                return None;
            }
            if self.use_of(name) == Use::Kept && self.targets.contains(name) {
                return None;
            }
        }
        let mut names: Vec<&str> = header.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        let is_twice = names.windows(2).any(|two| matches!(two, [one, other] if one == other));
        (!is_twice).then(|| ByColumn { mapping: Arc::clone(&self.mapping), places })
    }

    /// Says what a column of a table is to the mapping.
    pub(in crate::log) fn use_of(&self, name: &str) -> Use {
        let is_own = self.by_name.contains_key(name) || self.by_list.contains_key(name) || self.ignores(name);
        if is_own { Use::Own } else { Use::Kept }
    }

    /// Notes a record of a table, which has every column of it, as [`Self::item`] does.
    pub fn note(&self, header: &[(String, Span)], record: Span, seen: &mut ColumnsSeen) {
        // INVARIANT: all records of a table have the same columns, so that whatever record was met, they were noted.
        if seen.has_record() {
            return;
        }
        seen.record(record);
        for (name, _) in header {
            let own = self.by_name.get(name);
            let lists = self.by_list.get(name);
            own.into_iter().chain(lists.into_iter().flatten()).for_each(|at| seen.column(*at));
            if own.is_none() && lists.is_none() {
                seen.other(name);
            }
        }
    }
}

impl ByColumn {
    /// Gives the fields of the mapping by their numbers: those of which something is there.
    pub(in crate::log) fn fields(&self) -> impl Iterator<Item = (usize, From)> + '_ {
        self.mapping.fields.iter().enumerate().filter_map(|(number, field)| Some((number, self.from(field)?)))
    }

    fn from(&self, field: &MappedField) -> Option<From> {
        let place = |column: &usize| self.places.get(*column).copied().flatten();
        match &field.origin {
            Origin::Always(_) => Some(From::Always),
            Origin::Columns(columns) => {
                let places: Vec<usize> = columns.iter().filter_map(place).collect();
                match places.as_slice() {
                    [] => None,
                    [one] => Some(From::Cell(*one)),
                    _ => Some(From::Joined(places)),
                }
            }
            Origin::Boxes { boxes, .. } => {
                let places: Vec<Option<usize>> = boxes.iter().map(|(column, _)| place(column)).collect();
                places.iter().any(Option::is_some).then_some(From::Boxes(places))
            }
        }
    }

    /// Gives the places of the table in which a text with a point means something else than a number that is written like it.
    pub(in crate::log) fn with_a_comma(&self) -> HashSet<usize> {
        let mapping = &self.mapping;
        let of_fields = mapping.fields.iter().filter(|field| mapping.numbers_of(field).comma).flat_map(|field| {
            let columns: Vec<usize> = match &field.origin {
                Origin::Always(_) => Vec::new(),
                Origin::Columns(columns) => columns.clone(),
                Origin::Boxes { boxes, .. } => boxes.iter().map(|(column, _)| *column).collect(),
            };
            columns
        });
        let conditions = mapping.leave_out.iter().flat_map(|rule| rule.when.iter().map(|(column, _)| *column));
        let columns = of_fields.chain(conditions.filter(|_| mapping.numbers.comma));
        columns.filter_map(|column| self.places.get(column).copied().flatten()).collect()
    }

    /// Gives the paths that a log of the vocabularies would have for a field.
    pub(in crate::log) fn targets(&self, field: usize) -> &[String] {
        self.mapping.fields.get(field).map_or(&[], |field| field.targets.as_slice())
    }

    /// Says whether a row is left out; `cell` gives what stands in a place of it.
    pub(in crate::log) fn leaves_out<'t>(&self, cell: &impl Fn(usize) -> &'t str) -> bool {
        let numbers = self.mapping.numbers;
        let says =
            |column: usize| self.places.get(column).copied().flatten().map(|place| (cell(place).trim(), numbers));
        let mut rules = self.mapping.leave_out.iter();
        rules.any(|rule| rule.when.iter().all(|(column, test)| test.holds(says(*column).into_iter())))
    }

    /// Gives what counts as missing in a field, besides nothing: texts, and numbers of any form.
    pub(in crate::log) fn missing(&self, field: usize) -> (Vec<&str>, Vec<Decimal>) {
        let own = self.mapping.fields.get(field).map_or(&[][..], |field| field.missing.as_slice());
        let all = || self.mapping.missing.iter().chain(own);
        (all().map(|literal| literal.text.as_str()).collect(), all().filter_map(|literal| literal.number).collect())
    }

    /// Joins what several cells say for a field.
    pub(in crate::log) fn join<'t>(
        &self,
        field: usize,
        cells: impl Iterator<Item = &'t str>,
        take: &mut dyn FnMut(&str),
    ) {
        if let Some(field) = self.mapping.fields.get(field) {
            let numbers = self.mapping.numbers_of(field);
            self.mapping.join(field, cells.map(|cell| (cell.trim(), numbers)), take);
        }
    }

    /// Gives what a cell says for a field, or what several say that were joined; without the places of its members.
    pub(in crate::log) fn meaning(&self, field: usize, cell: &str) -> Option<Raw> {
        let field = self.mapping.fields.get(field)?;
        let raw = if cell.is_empty() { Raw::Nothing } else { Raw::Text(cell.to_owned()) };
        Some(self.mapping.value(field, &raw, nowhere(), true))
    }

    /// Gives what a field always is.
    pub(in crate::log) fn constant(&self, field: usize) -> Option<Raw> {
        let field = self.mapping.fields.get(field)?;
        let Origin::Always(said) = &field.origin else { return None };
        Some(self.mapping.value(field, &Raw::Text(said.value.clone()), nowhere(), false))
    }

    /// Gives what a box of a field says.
    pub(in crate::log) fn tick(&self, field: usize, cell: &str) -> Tick {
        self.mapping
            .fields
            .get(field)
            .map_or(Tick::Neither, |field| self.mapping.tick(field, (cell.trim(), self.mapping.numbers_of(field))))
    }

    /// Gives what the boxes of a field say together: the text of each, if it is there.
    pub(in crate::log) fn of_boxes(&self, field: usize, cells: &[Option<&str>]) -> Option<Raw> {
        let field = self.mapping.fields.get(field)?;
        let Origin::Boxes { boxes, .. } = &field.origin else { return None };
        let cell = |text: &Option<&str>| {
            let entry = |text: &str| Entry {
                path: String::new(),
                key: nowhere(),
                place: nowhere(),
                raw: Raw::Text(text.to_owned()),
            };
            Cells { entries: text.iter().map(|text| entry(text)).collect(), repeat: None }
        };
        let cells: Vec<Cells> = cells.iter().map(cell).collect();
        let boxes: Vec<(&Cells, &str)> =
            cells.iter().zip(boxes).map(|(cells, (_, said))| (cells, said.value.as_str())).collect();
        self.mapping.of_boxes(field, &boxes).map(|entry| entry.raw)
    }

    /// Tells how the cells of a field are read without asking what they mean.
    pub(in crate::log) fn directly(&self, field: usize) -> Directly {
        let Some(field) = self.mapping.fields.get(field).filter(|field| is_one_by_itself(field)) else {
            return Directly::No;
        };
        match field.class {
            Class::Time => {
                let forms = field.forms.as_ref().map_or_else(Vec::new, |said| said.value.clone());
                Directly::Time { forms, zone: self.mapping.zone.clone() }
            }
            Class::Number => {
                let Numbers { comma, .. } = self.mapping.numbers_of(field);
                Directly::Number { comma, times: field.times.as_ref().map(|said| said.value) }
            }
            Class::Other => Directly::AsWritten,
            Class::Set | Class::Duration => Directly::No,
        }
    }
}

/// Says whether a field has neither codes nor parts nor a unit.
fn is_one_by_itself(field: &MappedField) -> bool {
    field.codes.is_none() && field.split_by.is_none() && field.unit.is_none()
}

fn nowhere() -> Span {
    Span::new(SourceId(0), 0, 0)
}
