//! From a record as its format gives it to a record as a vocabulary wants it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::field::Cells;
use super::seen::ColumnsSeen;
use super::within::Within;
use super::{MappedField, Mapping, Origin, Test, fits};
use crate::diagnostic::Diagnostic;
use crate::log::format::Format;
use crate::log::limits::Limits;
use crate::log::record::{Entry, Item, LeftOut, Raw, Record, Repeat};
use crate::source::SourceId;

/// Maps the records of one input: each by itself, so that several may map at once. What is to be said of the input as a whole
/// is noted beside it.
#[derive(Debug)]
pub struct Mapper {
    pub(super) mapping: Arc<Mapping>,
    input: SourceId,
    format: Format,
    /// The columns by name, and by the list that their path enters.
    pub(super) by_name: HashMap<String, usize>,
    pub(super) by_list: HashMap<String, Vec<usize>>,
    pub(super) targets: HashSet<String>,
}

impl Mapper {
    /// Prepares for an input of a format.
    pub fn new(mapping: &Arc<Mapping>, input: SourceId, format: Format) -> Self {
        let columns = mapping.columns.iter().enumerate();
        let mut by_list: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, column) in columns.clone() {
            if let Some(path) = &column.path {
                by_list.entry(path.list.clone()).or_default().push(at);
            }
        }
        Self {
            mapping: Arc::clone(mapping),
            input,
            format,
            by_name: columns.map(|(at, column)| (column.name.clone(), at)).collect(),
            by_list,
            targets: mapping.fields.iter().flat_map(|field| field.targets.iter().cloned()).collect(),
        }
    }

    /// Maps what a reader gives of some bytes, which begin at an offset of the input.
    pub fn item(&self, item: Item, (bytes, from): (&[u8], usize), limits: &Limits, seen: &mut ColumnsSeen) -> Item {
        match item {
            Item::Record(record) => self.record(record, &Within { bytes, from, limits }, seen),
            other => other,
        }
    }

    /// Says which columns no record had, of all that were seen.
    pub fn finish(&self, seen: &ColumnsSeen) -> Vec<Diagnostic> {
        seen.never_there(&self.mapping, self.input, self.format)
    }

    fn record(&self, record: Record, within: &Within<'_>, seen: &mut ColumnsSeen) -> Item {
        seen.record(record.span);
        let Record { span, entries, repeats, split_sets } = record;
        let (cells, rest) = self.split(entries, &repeats, within, seen);
        let says = |column: usize, test: &Test| {
            let entries = cells.get(column).into_iter().flat_map(|cell| &cell.entries);
            test.holds(entries.map(|entry| Cells::text(entry, self.mapping.numbers)))
        };
        let left_out =
            self.mapping.leave_out.iter().find(|rule| rule.when.iter().all(|(column, test)| says(*column, test)));
        if let Some(rule) = left_out {
            return Item::LeftOut(LeftOut { at: span, because: rule.because.value.clone(), rule: rule.because.at });
        }
        let entries = Vec::with_capacity(self.mapping.fields.len() + rest.len());
        let mut mapped = Record { span, entries, repeats: Vec::new(), split_sets };
        for field in &self.mapping.fields {
            self.field(field, &cells, &mut mapped);
        }
        self.keep(&repeats, rest, &mut mapped, seen);
        Item::Record(mapped)
    }

    /// Parts the columns that the mapping names from the others.
    fn split(
        &self,
        entries: Vec<Entry>,
        repeats: &[Repeat],
        within: &Within<'_>,
        seen: &mut ColumnsSeen,
    ) -> (Vec<Cells>, Vec<Entry>) {
        let mut cells = vec![Cells::default(); self.mapping.columns.len()];
        let mut rest = Vec::new();
        for entry in entries {
            let own = self.by_name.get(entry.path.as_str()).copied();
            let lists = if self.by_list.is_empty() { None } else { self.by_list.get(entry.path.as_str()) };
            for at in lists.into_iter().flatten().copied() {
                seen.column(at);
                let path = self.mapping.columns.get(at).and_then(|column| column.path.as_ref());
                if let (Some(path), Some(cell)) = (path, cells.get_mut(at)) {
                    within.values(path, &entry, &mut cell.entries);
                }
            }
            match own.and_then(|at| cells.get_mut(at)) {
                Some(cell) => {
                    own.into_iter().for_each(|at| seen.column(at));
                    // Nearly always there is one.
                    if cell.entries.is_empty() {
                        cell.entries.reserve_exact(1);
                    }
                    cell.entries.push(entry);
                }
                None if lists.is_none() => rest.push(entry),
                None => {}
            }
        }
        for repeat in repeats {
            if let Some(cell) = self.by_name.get(repeat.path.as_str()).and_then(|at| cells.get_mut(*at)) {
                cell.repeat = Some((repeat.first, repeat.again));
            }
        }
        (cells, rest)
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
                self.mapping.of_columns(field, &columns, mapped.split_sets)
            }
            Origin::Boxes { boxes, .. } => {
                let boxes: Vec<(&Cells, &str)> =
                    boxes.iter().filter_map(|(at, said)| Some((cells.get(*at)?, said.value.as_str()))).collect();
                self.mapping.of_boxes(field, &boxes)
            }
        };
        let Some(entry) = entry else { return };
        let Some((last, others)) = field.targets.split_last() else { return };
        for path in others {
            mapped.entries.push(Entry { path: path.clone(), ..entry.clone() });
        }
        mapped.entries.push(Entry { path: last.clone(), ..entry });
    }

    /// Keeps the columns that the mapping does not name, but for those that it says are not to be read.
    fn keep(&self, repeats: &[Repeat], rest: Vec<Entry>, mapped: &mut Record, seen: &mut ColumnsSeen) {
        for entry in rest {
            seen.other(&entry.path);
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

    pub(super) fn ignores(&self, path: &str) -> bool {
        self.mapping.ignore.iter().any(|pattern| fits(&pattern.value, path))
    }
}
