//! What the columns of a log say, each with its values and how often they stand there.

use std::collections::HashMap;

use super::Known;
use crate::log::inputs::Input;
use crate::log::limits::Limits;
use crate::log::record::{Item, Raw};
use crate::source::Sources;

/// The columns of a log, in the order in which they first stand.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) all: Vec<Column>,
    pub(super) records: usize,
    /// Columns beyond those that are kept.
    pub(super) beyond: usize,
}

/// A column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// How many records say something.
    pub(super) filled: usize,
    /// Different values with how often they stand, most frequent first.
    pub(super) values: Vec<(String, usize)>,
    /// Whether there were more different values than are kept.
    pub(super) many: bool,
    /// Whether some value is a group within a list, or another thing that a path must lead into.
    pub(super) nested: bool,
}

/// How many columns are kept.
const MOST_COLUMNS: usize = 2_000;

/// How many different values of a column are kept.
const MOST_VALUES: usize = 200;

/// A longer value is free text, and not kept.
const LONGEST_VALUE: usize = 64;

#[derive(Default)]
struct Gathered {
    filled: usize,
    values: HashMap<String, usize>,
    many: bool,
    nested: bool,
}

/// Gathers the columns of a log.
pub(super) fn gather(sources: &Sources, input: &Input, known: &Known, limits: &Limits) -> Columns {
    let mut columns = Columns::default();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut gathered: Vec<(String, Gathered)> = Vec::new();
    super::read(sources, input, known, limits, &mut |item| {
        let Item::Record(record) = item else { return };
        columns.records += 1;
        for entry in record.entries {
            let at = match places.get(&entry.path) {
                Some(at) => *at,
                None if gathered.len() < MOST_COLUMNS => {
                    places.insert(entry.path.clone(), gathered.len());
                    gathered.push((entry.path, Gathered::default()));
                    gathered.len() - 1
                }
                None => {
                    columns.beyond += 1;
                    continue;
                }
            };
            if let Some((_, column)) = gathered.get_mut(at) {
                column.add(&entry.raw);
            }
        }
    });
    columns.all = gathered.into_iter().map(|(name, gathered)| gathered.finish(name)).collect();
    columns
}

impl Gathered {
    fn add(&mut self, raw: &Raw) {
        match raw {
            Raw::List(members) => {
                members.iter().for_each(|(member, _)| self.add(member));
            }
            Raw::Other(_) => self.nested = true,
            _ => {
                let text = raw.as_text().unwrap_or("").trim();
                if text.is_empty() {
                    return;
                }
                self.filled += 1;
                if let Some(count) = self.values.get_mut(text) {
                    *count += 1;
                } else if self.values.len() < MOST_VALUES && text.len() <= LONGEST_VALUE {
                    self.values.insert(text.to_owned(), 1);
                } else {
                    self.many = true;
                }
            }
        }
    }

    fn finish(self, name: String) -> Column {
        let Self { filled, values, many, nested } = self;
        let mut values: Vec<(String, usize)> = values.into_iter().collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Column { name, filled, values, many, nested }
    }
}
