//! Records in brief, straight from the bytes of a log: the usual record of the usual log, without a string for each key.
//!
//! Takes the lenses through which an audit reads (a [`Fitter`] each) and one record's bytes, and fills a [`Brief`]. It says
//! yes only to a record in which the readers of [`super::read`] and [`Fitter::fit`] would find nothing to report but unknown
//! keys, which are told apart here too; what values mean it asks those once, and remembers. To everything else it says no, and
//! the record is theirs.

mod cells;
mod instant;
mod json;
mod mapped;
mod memo;
mod tree;
mod value;

use jiff::Timestamp;

use super::fit::Fitter;
use super::limits::Limits;
use super::unknown_keys::UnknownKeys;
use crate::episode::Brief;
use crate::policy::FieldId;
use crate::source::{SourceId, Span};

use instant::Clock;
use tree::{Asked, NONE, Tree};
use value::{Reader, Token, With};

/// Longer records are left to the reader of records.
const LONGEST: usize = 1 << 20;

/// Reads records in brief.
#[derive(Debug)]
pub struct Briefer<'v> {
    lenses: Vec<(Fitter<'v>, Clock)>,
    readers: Vec<Reader>,
    bases: Vec<usize>,
    tree: Tree,
    limits: Limits,
    present: Timestamp,
    split_sets: bool,
    brief: Brief,
    /// By the number of a path: the last record in which it stood.
    seen: Vec<u64>,
    record: u64,
    /// The keys of this record that nobody asks for, with their places.
    unknown: Vec<(u32, usize, usize)>,
    /// Of CSV: what stands in each column.
    columns: Vec<cells::Column>,
    /// Of CSV that is read through a mapping: where its fields come from.
    table: Option<Box<mapped::Table>>,
    /// Whether the texts of the record at hand stand in bytes that were put together.
    is_composed: bool,
    /// By key: how many records had it since they were last told, and where first.
    told: Vec<(usize, Span)>,
}

impl<'v> Briefer<'v> {
    /// Prepares to read through lenses, each with the fields of which the texts matter.
    pub fn new(lenses: Vec<(Fitter<'v>, Vec<FieldId>)>, limits: &Limits, present: Timestamp) -> Self {
        let (mut readers, mut bases, mut asked) = (Vec::new(), Vec::new(), Asked::default());
        let mut by_path: Vec<(&str, Reader)> = Vec::new();
        let mut base = 0;
        for (lens, (fitter, read)) in lenses.iter().enumerate() {
            let vocabulary = fitter.vocabulary();
            bases.push(base);
            for (id, field) in vocabulary.field_ids().zip(&vocabulary.fields) {
                let slot = base + usize::from(id.0);
                let reader = Reader::new(slot, lens, id, fitter, read.contains(&id), present);
                by_path.extend(reader.map(|reader| (field.path.as_str(), reader)));
                asked.groups.extend(super::fit::groups_around(&field.path).map(str::to_owned));
            }
            base += vocabulary.fields.len();
        }
        by_path.sort_by_key(|(path, reader)| (*path, reader.slot));
        for (path, reader) in by_path {
            let at = u32::try_from(readers.len()).unwrap_or(NONE);
            readers.push(reader);
            asked.fields.entry(path.to_owned()).or_insert((at, at)).1 = at + 1;
        }
        let lenses = lenses.into_iter().map(|(fitter, _)| {
            let clock = Clock::new(fitter.zone().clone());
            (fitter, clock)
        });
        Self {
            lenses: lenses.collect(),
            readers,
            bases,
            tree: Tree::new(asked),
            limits: limits.clone(),
            present,
            split_sets: false,
            brief: Brief::new(base),
            seen: Vec::new(),
            record: 0,
            unknown: Vec::new(),
            columns: Vec::new(),
            table: None,
            is_composed: false,
            told: Vec::new(),
        }
    }

    /// Skips what is in no list of fields (one for each lens): whether such values fit is not asked, and unknown keys are not
    /// told.
    #[must_use]
    pub fn only(mut self, fields: &[Vec<FieldId>]) -> Self {
        for reader in &mut self.readers {
            if fields.get(reader.lens).is_some_and(|fields| !fields.contains(&reader.field)) {
                reader.skip();
            }
        }
        self
    }

    /// Gives where the fields of each lens begin in a brief record.
    pub fn bases(&self) -> &[usize] {
        &self.bases
    }

    /// Reads a record of JSON: its bytes without white space around them. Gives `None` if anything about it is not plain.
    pub fn json(&mut self, bytes: &[u8]) -> Option<&Brief> {
        if bytes.len() > LONGEST.min(self.limits.record_bytes) {
            return None;
        }
        self.begin(false);
        let deepest = self.limits.depth;
        json::Scan::new(bytes, deepest).record(self)?;
        Some(&self.brief)
    }

    /// Gives the record that was read last, and the bytes in which its texts stand: those that it was read from, unless a
    /// mapping put others together.
    pub fn last<'b>(&'b self, bytes: &'b [u8]) -> (&'b Brief, &'b [u8]) {
        let table = self.table.as_ref().filter(|_| self.is_composed);
        (&self.brief, table.map_or(bytes, |table| table.composed()))
    }

    fn begin(&mut self, split_sets: bool) {
        self.brief.clear();
        self.unknown.clear();
        self.record += 1;
        self.is_composed = false;
        self.split_sets = split_sets;
    }

    /// Notes that the record which was read last is taken as it was read: its unknown keys count. `at`: where a record of
    /// JSON begins; of CSV, whose keys stand in the header, 0.
    pub fn take(&mut self, source: SourceId, at: usize) {
        for index in 0..self.unknown.len() {
            let Some((key, start, length)) = self.unknown.get(index).copied() else { continue };
            let place = Span::new(source, at + start, at + start + length);
            let key = key as usize;
            if self.told.len() <= key {
                self.told.resize(key + 1, (0, place));
            }
            if let Some((count, first)) = self.told.get_mut(key) {
                *first = if *count == 0 { place } else { *first };
                *count += 1;
            }
        }
    }

    /// Tells the unknown keys of the records that were taken since this was last asked.
    pub fn tell(&mut self, unknown: &mut UnknownKeys) {
        let mut all: Vec<(Span, usize, usize)> = Vec::new();
        for (key, (count, first)) in self.told.iter_mut().enumerate().filter(|(_, (count, _))| *count > 0) {
            all.push((*first, key, *count));
            *count = 0;
        }
        all.sort_unstable();
        for (first, key, count) in all {
            if let Some(key) = self.tree.key(u32::try_from(key).unwrap_or(NONE)) {
                unknown.add_many(&key.path, first, count);
            }
        }
    }

    /// Says whether a path stands in this record for the first time, and notes that it does.
    #[inline]
    fn is_first_here(&mut self, key: u32) -> bool {
        let Some(number) = self.tree.key(key).map(|key| key.number as usize) else { return false };
        if self.seen.len() <= number {
            self.seen.resize(self.tree.paths().max(number + 1), 0);
        }
        let record = self.record;
        self.seen.get_mut(number).is_some_and(|seen| std::mem::replace(seen, record) != record)
    }

    /// Reads a value for every field that asks for it.
    #[inline]
    fn read(&mut self, from: u32, to: u32, token: Token, record: &[u8]) -> Option<()> {
        for reader in self.readers.get_mut(from as usize..to as usize)? {
            let (fitter, clock) = self.lenses.get_mut(reader.lens)?;
            let (present, split_sets) = (self.present, self.split_sets);
            let value = reader.read(token, record, &mut With { fitter, clock, present, split_sets })?;
            self.brief.set(reader.slot, value);
        }
        Some(())
    }
}
