//! Ids that more than one record gives itself.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Quote, QuoteClass, codes};
use crate::episode::Episode;
use crate::source::Span;

/// How many places are kept of each id.
const MOST_PLACES: usize = 8;

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
        let mut diagnostic = Diagnostic::without_place(codes::LOG_DUPLICATE_ID, message)
            .about(id.mask())
            .with_help("give every record an id of its own, so that a verdict can be told from another");
        if let Some(first) = places.next() {
            diagnostic = diagnostic.with_label_in_log(*first, "one record", id.mask()).quoting(id.clone());
        }
        places.fold(diagnostic, |diagnostic, place| {
            diagnostic.with_label_in_log(*place, "another with the same id", id.mask()).quoting(id.clone())
        })
    }
}
