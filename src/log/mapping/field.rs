//! One field of one record, out of the columns that say it.

use super::literal::Literal;
use super::numbers::Numbers;
use super::{Class, MappedField, Mapping, Origin, Test};
use crate::log::record::{Entry, Raw, Refusal, Refused};
use crate::source::Span;

/// What a column says in one record.
#[derive(Default, Clone)]
pub(super) struct Cells {
    pub(super) entries: Vec<Entry>,
    pub(super) repeat: Option<(Span, Span)>,
}

/// What a box says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::log) enum Tick {
    Checked,
    Unchecked,
    Missing,
    /// Something that the mapping does not provide for.
    Neither,
}

impl Cells {
    /// Gives what an entry says, trimmed, and how numbers are written there, if texts around it have such ones.
    pub(super) fn text(entry: &Entry, numbers: Numbers) -> (&str, Numbers) {
        (entry.raw.as_text().unwrap_or("").trim(), numbers.of(&entry.raw))
    }
}

impl Test {
    /// Says whether the texts of a column, trimmed, say what is asked; a column that is not there is blank.
    pub(super) fn holds<'t>(&self, texts: impl Iterator<Item = (&'t str, Numbers)>) -> bool {
        let says = |text: (&str, Numbers)| {
            let begins = |start: &String| text.0.starts_with(start);
            self.values.iter().any(|value| value.fits(text)) || self.begins.iter().any(begins)
        };
        let mut texts = texts.peekable();
        let found = if texts.peek().is_none() { says(("", Numbers::default())) } else { texts.any(says) };
        found != self.not
    }
}

impl Mapping {
    /// Gives what the columns of a field say; nothing where none of them is there.
    pub(super) fn of_columns(&self, field: &MappedField, columns: &[&Cells], split: bool) -> Option<Entry> {
        let cells: Vec<&Entry> = columns.iter().flat_map(|cell| &cell.entries).collect();
        let first = *cells.first()?;
        let place = cells.iter().fold(first.place, |place, cell| place.to(cell.place));
        let entry = |place, raw| Some(Entry { path: String::new(), key: first.key, place, raw });
        if cells.len() == 1 {
            return entry(place, self.value(field, &first.raw, place, split));
        }
        if columns.len() == 1 {
            // One path that leads to several values: the members of a set, or nobody can tell which is meant.
            let members = cells.iter().map(|cell| (self.value(field, &cell.raw, cell.place, false), cell.place));
            if field.class == Class::Set {
                return entry(place, Raw::List(members.filter(|(raw, _)| *raw != Raw::Nothing).collect()));
            }
            return entry(place, refusal(Refusal::Several { values: cells.len() }, field, ""));
        }
        let numbers = self.numbers_of(field);
        let mut said = cells.iter().filter(|cell| !self.is_missing(field, Cells::text(cell, numbers)));
        if let (Some(Entry { raw: raw @ Raw::Number(_), .. }), None) = (said.next(), said.next()) {
            // Nothing is joined to it: it stays a number.
            return entry(place, self.value(field, raw, place, split));
        }
        let mut joined = String::new();
        self.join(field, cells.iter().map(|cell| Cells::text(cell, numbers)), &mut |part| joined.push_str(part));
        if joined.is_empty() {
            return entry(place, Raw::Nothing);
        }
        entry(place, self.value(field, &Raw::Text(joined), place, split))
    }

    /// Joins by a blank what several columns say, trimmed, but for those that say nothing.
    pub(super) fn join<'t>(
        &self,
        field: &MappedField,
        texts: impl Iterator<Item = (&'t str, Numbers)>,
        take: &mut dyn FnMut(&str),
    ) {
        let said = texts.filter(|text| !self.is_missing(field, *text));
        for (at, (text, _)) in said.enumerate() {
            take(if at == 0 { "" } else { " " });
            take(text);
        }
    }

    /// Gathers the boxes that are checked. Where every box is missing, nothing is known of the set; where one is, it is
    /// known in part.
    pub(super) fn of_boxes(&self, field: &MappedField, boxes: &[(&Cells, &str)]) -> Option<Entry> {
        let first = boxes.iter().find_map(|(cells, _)| cells.entries.first())?;
        let (mut members, mut missing, mut place) = (Vec::new(), 0, first.place);
        for (cells, stands_for) in boxes {
            let Some(cell) = cells.entries.first().filter(|_| cells.entries.len() == 1) else {
                missing += 1;
                continue;
            };
            place = place.to(cell.place);
            let text = Cells::text(cell, self.numbers_of(field));
            match self.tick(field, text) {
                Tick::Checked => members.push((Raw::Text((*stands_for).to_owned()), cell.place)),
                Tick::Unchecked => {}
                Tick::Missing => missing += 1,
                Tick::Neither => members.push((refusal(Refusal::NoBox, field, text.0), cell.place)),
            }
        }
        let entry = |raw| Some(Entry { path: String::new(), key: first.key, place, raw });
        if missing == boxes.len() {
            return entry(Raw::Nothing);
        }
        if missing > 0 {
            members.push((refusal(Refusal::BoxMissing { missing }, field, ""), place));
        }
        entry(Raw::List(members))
    }

    /// Says what a box of a field says, of which the cell is trimmed.
    pub(super) fn tick(&self, field: &MappedField, cell: (&str, Numbers)) -> Tick {
        let Origin::Boxes { checked, unchecked, .. } = &field.origin else { return Tick::Neither };
        let says = |literals: &[Literal]| literals.iter().any(|literal| literal.fits(cell));
        match () {
            () if says(checked) => Tick::Checked,
            () if says(unchecked) => Tick::Unchecked,
            () if self.is_missing(field, cell) => Tick::Missing,
            () => Tick::Neither,
        }
    }
}

fn refusal(why: Refusal, field: &MappedField, written: &str) -> Raw {
    Raw::Refused(Box::new(Refused { written: written.to_owned(), why, rule: field.name.at }))
}
