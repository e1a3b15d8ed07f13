//! From a record as its format gives it to a record as a vocabulary wants it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::within::Within;
use super::{Column, MappedField, Mapping, Origin, Test, fits};
use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::log::format::Format;
use crate::log::limits::Limits;
use crate::log::record::{Entry, Item, LeftOut, Raw, Record, Refusal, Refused, Repeat};
use crate::source::{SourceId, Span};

/// Maps the records of one input.
pub(in crate::log) struct Mapper<'m> {
    mapping: &'m Arc<Mapping>,
    input: SourceId,
    format: Format,
    within: Within<'m>,
    /// The columns by name, and by the list that their path enters.
    by_name: HashMap<&'m str, usize>,
    by_list: HashMap<&'m str, Vec<usize>>,
    targets: HashSet<&'m str>,
    /// Which columns some record had.
    seen: Vec<bool>,
    /// Other columns, for "did you mean".
    others: HashSet<String>,
    records: usize,
    first: Option<Span>,
}

/// How many other columns are kept for "did you mean".
const MOST_OTHERS: usize = 1_000;

/// What a column says in one record.
#[derive(Default, Clone)]
struct Cells {
    entries: Vec<Entry>,
    repeat: Option<(Span, Span)>,
}

impl<'m> Mapper<'m> {
    pub(in crate::log) fn new(
        mapping: &'m Arc<Mapping>,
        input: SourceId,
        format: Format,
        bytes: &'m [u8],
        limits: &'m Limits,
    ) -> Self {
        let columns = mapping.columns.iter().enumerate();
        let mut by_list: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, column) in columns.clone() {
            if let Some(path) = &column.path {
                by_list.entry(path.list.as_str()).or_default().push(at);
            }
        }
        Self {
            mapping,
            input,
            format,
            within: Within { bytes, limits },
            by_name: columns.map(|(at, column)| (column.name.as_str(), at)).collect(),
            by_list,
            targets: mapping.fields.iter().flat_map(|field| field.targets.iter().map(String::as_str)).collect(),
            seen: vec![false; mapping.columns.len()],
            others: HashSet::new(),
            records: 0,
            first: None,
        }
    }

    /// Maps what a reader gives.
    pub(in crate::log) fn item(&mut self, item: Item) -> Item {
        match item {
            Item::Record(record) => self.record(record),
            other => other,
        }
    }

    fn record(&mut self, record: Record) -> Item {
        self.records += 1;
        self.first.get_or_insert(record.span);
        let (cells, rest) = self.split(&record);
        let left_out = self
            .mapping
            .leave_out
            .iter()
            .find(|rule| rule.when.iter().all(|(column, test)| test.holds(cells.get(*column))));
        if let Some(rule) = left_out {
            return Item::LeftOut(LeftOut {
                at: record.span,
                because: rule.because.value.clone(),
                rule: rule.because.at,
            });
        }
        let mut mapped = Record { entries: Vec::new(), repeats: Vec::new(), ..record };
        let mapping = Arc::clone(self.mapping);
        for field in &mapping.fields {
            self.field(field, &cells, &mut mapped);
        }
        self.keep(&record.repeats, rest, &mut mapped);
        Item::Record(mapped)
    }

    /// Parts the columns that the mapping names from the others.
    fn split(&mut self, record: &Record) -> (Vec<Cells>, Vec<Entry>) {
        let mut cells = vec![Cells::default(); self.mapping.columns.len()];
        let mut rest = Vec::new();
        for entry in &record.entries {
            let mut is_named = false;
            if let Some(at) = self.by_name.get(entry.path.as_str()).copied() {
                is_named = true;
                self.saw(at);
                if let Some(cell) = cells.get_mut(at) {
                    cell.entries.push(entry.clone());
                }
            }
            for at in self.by_list.get(entry.path.as_str()).cloned().unwrap_or_default() {
                is_named = true;
                self.saw(at);
                let path = self.mapping.columns.get(at).and_then(|column| column.path.as_ref());
                if let (Some(path), Some(cell)) = (path, cells.get_mut(at)) {
                    self.within.values(path, entry, &mut cell.entries);
                }
            }
            if !is_named {
                rest.push(entry.clone());
            }
        }
        for repeat in &record.repeats {
            if let Some(cell) = self.by_name.get(repeat.path.as_str()).and_then(|at| cells.get_mut(*at)) {
                cell.repeat = Some((repeat.first, repeat.again));
            }
        }
        (cells, rest)
    }

    fn saw(&mut self, at: usize) {
        if let Some(seen) = self.seen.get_mut(at) {
            *seen = true;
        }
    }

    fn field(&self, field: &MappedField, cells: &[Cells], mapped: &mut Record) {
        let entry = match &field.origin {
            Origin::Always(said) => Some(Entry {
                path: String::new(),
                key: field.name.at,
                place: said.at,
                raw: self.mapping.value(field, &Raw::Text(said.value.clone()), said.at, false),
            }),
            Origin::Columns(columns) => {
                let columns: Vec<&Cells> = columns.iter().filter_map(|at| cells.get(*at)).collect();
                if let Some((first, again)) = columns.iter().find_map(|cell| cell.repeat) {
                    let repeats = field.targets.iter().map(|path| Repeat { path: path.clone(), first, again });
                    return mapped.repeats.extend(repeats);
                }
                self.columns(field, &columns, mapped.split_sets)
            }
            Origin::Boxes { boxes, .. } => {
                let boxes: Vec<(&Cells, &str)> =
                    boxes.iter().filter_map(|(at, said)| Some((cells.get(*at)?, said.value.as_str()))).collect();
                self.boxes(field, &boxes)
            }
        };
        let Some(entry) = entry else { return };
        for path in &field.targets {
            mapped.entries.push(Entry { path: path.clone(), ..entry.clone() });
        }
    }

    fn columns(&self, field: &MappedField, columns: &[&Cells], split: bool) -> Option<Entry> {
        let cells: Vec<&Entry> = columns.iter().flat_map(|cell| &cell.entries).collect();
        let first = *cells.first()?;
        let place = cells.iter().fold(first.place, |place, cell| place.to(cell.place));
        let entry = |place, raw| Some(Entry { path: String::new(), key: first.key, place, raw });
        if cells.len() == 1 {
            return entry(place, self.mapping.value(field, &first.raw, place, split));
        }
        if columns.len() == 1 {
            // One path that leads to several values: the members of a set, or nobody can tell which is meant.
            let members =
                cells.iter().map(|cell| (self.mapping.value(field, &cell.raw, cell.place, false), cell.place));
            if field.class == super::Class::Set {
                return entry(place, Raw::List(members.filter(|(raw, _)| *raw != Raw::Nothing).collect()));
            }
            let rule = self.refusal(Refusal::Several { values: cells.len() }, field, "");
            return entry(place, rule);
        }
        let said = cells.iter().filter_map(|cell| cell.raw.as_text()).map(str::trim);
        let joined: Vec<&str> = said.filter(|text| !self.mapping.is_missing(field, text)).collect();
        if joined.is_empty() {
            return entry(place, Raw::Nothing);
        }
        entry(place, self.mapping.value(field, &Raw::Text(joined.join(" ")), place, split))
    }

    fn refusal(&self, why: Refusal, field: &MappedField, written: &str) -> Raw {
        Raw::Refused(Box::new(Refused { written: written.to_owned(), why, rule: field.name.at }))
    }

    /// Gathers the boxes that are checked. Where every box is missing, nothing is known of the set; where one is, it is
    /// known in part.
    fn boxes(&self, field: &MappedField, boxes: &[(&Cells, &str)]) -> Option<Entry> {
        let Origin::Boxes { checked, unchecked, .. } = &field.origin else { return None };
        let first = boxes.iter().find_map(|(cells, _)| cells.entries.first())?;
        let (mut members, mut missing, mut place) = (Vec::new(), 0, first.place);
        for (cells, stands_for) in boxes {
            let Some(cell) = cells.entries.first().filter(|_| cells.entries.len() == 1) else {
                missing += 1;
                continue;
            };
            place = place.to(cell.place);
            let text = cell.raw.as_text().unwrap_or("").trim();
            let says = |literals: &[super::Literal]| literals.iter().any(|literal| literal.fits(text));
            if says(checked) {
                members.push((Raw::Text((*stands_for).to_owned()), cell.place));
            } else if says(unchecked) {
            } else if self.mapping.is_missing(field, text) {
                missing += 1;
            } else {
                members.push((self.refusal(Refusal::NoBox, field, text), cell.place));
            }
        }
        let entry = |raw| Some(Entry { path: String::new(), key: first.key, place, raw });
        if missing == boxes.len() {
            return entry(Raw::Nothing);
        }
        if missing > 0 {
            members.push((self.refusal(Refusal::BoxMissing { missing }, field, ""), place));
        }
        entry(Raw::List(members))
    }

    /// Keeps the columns that the mapping does not name, but for those that it says are not to be read.
    fn keep(&mut self, repeats: &[Repeat], rest: Vec<Entry>, mapped: &mut Record) {
        for entry in rest {
            if self.others.len() < MOST_OTHERS && !self.others.contains(&entry.path) {
                self.others.insert(entry.path.clone());
            }
            if self.ignores(&entry.path) {
                continue;
            }
            // What the mapping says and a column of that very name say are two things.
            if self.targets.contains(entry.path.as_str())
                && let Some(own) = mapped.entries.iter().find(|own| own.path == entry.path)
            {
                mapped.repeats.push(Repeat { path: entry.path.clone(), first: own.key, again: entry.key });
            }
            mapped.entries.push(entry);
        }
        let others = repeats
            .iter()
            .filter(|repeat| !self.by_name.contains_key(repeat.path.as_str()) && !self.ignores(&repeat.path));
        mapped.repeats.extend(others.cloned());
    }

    fn ignores(&self, path: &str) -> bool {
        self.mapping.ignore.iter().any(|pattern| fits(&pattern.value, path))
    }

    /// Says which columns no record had.
    pub(in crate::log) fn finish(&self) -> Vec<Diagnostic> {
        if self.records == 0 {
            return Vec::new();
        }
        let unseen = self.mapping.columns.iter().zip(&self.seen).filter(|(_, seen)| !**seen);
        unseen.map(|(column, _)| self.never_there(column)).collect()
    }

    fn never_there(&self, column: &Column) -> Diagnostic {
        let name = crate::log::finding::quote_path(&column.name);
        let mut others: Vec<&str> = self.others.iter().map(String::as_str).collect();
        others.sort_unstable();
        let near = did_you_mean(&column.name, others);
        let start =
            self.first.map_or(Span::new(self.input, 0, 0), |first| Span::new(self.input, first.start, first.start));
        let (code, message, help) = if self.format.has_header() {
            (
                codes::MAPPING_NO_SUCH_COLUMN,
                format!("this log has no column `{name}`, which the mapping reads"),
                "correct the name, or use a mapping of its own for this log (`for: …`)",
            )
        } else {
            (
                codes::MAPPING_NEVER_THERE,
                format!("no record of this log has `{name}`, which the mapping reads"),
                "correct the path, unless the log just never says it",
            )
        };
        Diagnostic::new(code, message, column.at, "named here")
            .with_label_in_log(start, "in this log", "(not there)")
            .with_help(near.unwrap_or_else(|| help.to_owned()))
    }
}

impl Test {
    /// Says whether a cell says what is asked; a cell that is not there is blank.
    fn holds(&self, cells: Option<&Cells>) -> bool {
        let entries = cells.map_or(&[] as &[Entry], |cells| &cells.entries);
        let says = |text: &str| {
            self.values.iter().any(|value| value.fits(text)) || self.begins.iter().any(|start| text.starts_with(start))
        };
        let found = if entries.is_empty() {
            says("")
        } else {
            entries.iter().any(|entry| says(entry.raw.as_text().unwrap_or("").trim()))
        };
        found != self.not
    }
}
