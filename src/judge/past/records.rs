//! The names and places of all records, side by side: to name those that are counted.

use crate::source::{SourceId, Span};

use super::OfRecord;

/// The ids and the places of records, by number.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Every id, one after the other.
    ids: String,
    /// Where each id ends.
    ends: Vec<usize>,
    places: Vec<(SourceId, usize)>,
}

impl Records {
    /// Takes up a record, and gives its number.
    pub(super) fn add(&mut self, id: &str, place: Span) -> u32 {
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.ids.push_str(id);
        self.ends.push(self.ids.len());
        self.places.push((place.source, place.start));
        number
    }

    /// Gives the id of a record; empty if it has none.
    fn id(&self, record: u32) -> &str {
        let at = record as usize;
        let from = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.ids.get(from..*end)).unwrap_or("")
    }

    /// Gives the name and the place of a record.
    pub(super) fn get(&self, record: u32) -> Option<OfRecord<'_>> {
        let (source, start) = *self.places.get(record as usize)?;
        Some(OfRecord { id: self.id(record), place: Span::new(source, start, start + 1) })
    }

    /// Gives the records that share an id with others, set by set, in their order.
    pub(super) fn sharing_an_id(&self) -> Vec<Vec<u32>> {
        let all = (0..u32::try_from(self.ends.len()).unwrap_or(u32::MAX)).filter(|record| !self.id(*record).is_empty());
        // Sorted by a digest of the id: comparing the ids of millions of records would take longer than judging them.
        let mut by_digest: Vec<(u64, u32)> = all.map(|record| (digest(self.id(record)), record)).collect();
        by_digest.sort_unstable();
        let alike = by_digest.chunk_by(|one, other| one.0 == other.0).filter(|records| records.len() > 1);
        let mut sets: Vec<Vec<u32>> = Vec::new();
        for records in alike {
            let mut records: Vec<u32> = records.iter().map(|(_, record)| *record).collect();
            records.sort_by(|one, other| self.id(*one).cmp(self.id(*other)).then(one.cmp(other)));
            let same = records.chunk_by(|one, other| self.id(*one) == self.id(*other));
            sets.extend(same.filter(|set| set.len() > 1).map(<[u32]>::to_vec));
        }
        sets.sort();
        sets
    }
}

fn digest(id: &str) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}
