//! Ids that more than one record gives itself.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::diagnostic::{Diagnostic, Quote, QuoteClass, codes};
use crate::episode::Episode;
use crate::source::Span;

/// How many places are kept of each id.
const MOST_PLACES: usize = 8;

/// Gathers a digest of each id, eight bytes: those that stand once are told from those that may not.
///
/// Different ids may have the same digest, so that what is suspected has to be looked up in the log.
#[derive(Debug, Default)]
pub struct IdDigests {
    parts: Vec<Vec<u64>>,
}

impl IdDigests {
    /// Adds an id.
    pub fn add(&mut self, id: &[u8]) {
        let digest = Self::digest(id);
        match self.parts.last_mut().filter(|part| part.len() < MOST_IN_PART) {
            Some(part) => part.push(digest),
            None => self.parts.push(vec![digest]),
        }
    }

    /// Takes over the digests of another part of the log.
    pub fn absorb(&mut self, other: Self) {
        for mut part in other.parts {
            match self.parts.last_mut().filter(|known| known.len() + part.len() <= MOST_IN_PART) {
                Some(known) => known.append(&mut part),
                None => {
                    part.reserve_exact(MOST_IN_PART.saturating_sub(part.len()));
                    self.parts.push(part);
                }
            }
        }
    }

    /// Gives the digests of ids that may stand more than once.
    pub fn suspects(mut self) -> HashSet<u64> {
        self.parts.iter_mut().for_each(|part| part.sort_unstable());
        let (mut suspects, mut shelf) = (HashSet::new(), Vec::new());
        // Shelf by shelf, so that little has to be copied.
        for first in 0..SHELVES {
            shelf.clear();
            for part in &self.parts {
                let begin = part.partition_point(|digest| digest >> SHIFT < first);
                let own = part.get(begin..).unwrap_or_default();
                let length = own.partition_point(|digest| digest >> SHIFT == first);
                shelf.extend_from_slice(own.get(..length).unwrap_or_default());
            }
            // What is sorted in parts is sorted fast by this one.
            shelf.sort();
            suspects.extend(shelf.windows(2).filter(|pair| pair.first() == pair.last()).flatten());
        }
        suspects
    }

    /// Gives the digest of an id.
    pub fn digest(id: &[u8]) -> u64 {
        BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
    }
}

/// How many digests lie side by side.
const MOST_IN_PART: usize = 1 << 16;

/// Shelves are told apart by the first six bits.
const SHELVES: u64 = 64;

/// So many bits stand behind these.
const SHIFT: u32 = 58;

/// Gathers the ids of an audit's records.
#[derive(Debug, Default)]
pub struct Ids {
    found: HashMap<String, (usize, Vec<Span>)>,
}

/// An id that more than one record gives itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateId {
    /// The id.
    pub id: String,
    /// How many records have it.
    pub records: usize,
    /// Where the first of them stand, eight at most.
    pub places: Vec<Span>,
}

impl Ids {
    /// Makes an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record's id, if it has one, with the place where the id stands.
    pub fn add(&mut self, episode: &Episode, place: Option<Span>) {
        let Some(id) = &episode.id else {
            return;
        };
        let place = place.unwrap_or(episode.record);
        if let Some((records, places)) = self.found.get_mut(id) {
            *records += 1;
            if places.len() < MOST_PLACES {
                places.push(place);
            }
            return;
        }
        self.found.insert(id.clone(), (1, vec![place]));
    }

    /// Gives the ids that stand more than once, in the order of their first places.
    pub fn duplicates(&self) -> Vec<DuplicateId> {
        let mut duplicates: Vec<DuplicateId> = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "what is found is sorted below")]
        for (id, (records, places)) in &self.found {
            if *records > 1 {
                let mut places = places.clone();
                places.sort();
                duplicates.push(DuplicateId { id: id.clone(), records: *records, places });
            }
        }
        duplicates.sort_by(|a, b| (&a.places, &a.id).cmp(&(&b.places, &b.id)));
        duplicates
    }
}

impl DuplicateId {
    /// Words the duplicate for people.
    pub fn diagnostic(&self) -> Diagnostic {
        let id = Quote::new(QuoteClass::Id, super::finding::quote(&self.id));
        let message = format!("{} records have the id {}", self.records, id.mask());
        let mut places = self.places.iter();
        let mut diagnostic = Diagnostic {
            code: codes::LOG_DUPLICATE_ID,
            message,
            labels: Vec::new(),
            help: Some("give every record an id of its own, so that a verdict can be told from another".to_owned()),
        };
        if let Some(first) = places.next() {
            diagnostic = diagnostic.with_label_in_log(*first, "one record", id.mask()).quoting(id.clone());
        }
        places.fold(diagnostic, |diagnostic, place| {
            diagnostic.with_label_in_log(*place, "another with the same id", id.mask()).quoting(id.clone())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_stand_twice_are_suspected_in_whatever_part() {
        let (mut one, mut other) = (IdDigests::default(), IdDigests::default());
        for number in 0..100_000 {
            one.add(format!("EP-{number}").as_bytes());
            other.add(format!("EQ-{number}").as_bytes());
        }
        other.add(b"EP-7");
        one.absorb(other);
        let suspects = one.suspects();
        assert_eq!(suspects, HashSet::from([IdDigests::digest(b"EP-7")]));
    }
}
