//! Keys that no field of the vocabulary asks for, gathered over an audit.

use std::collections::BTreeMap;

use super::record::Entry;
use crate::diagnostic::{Diagnostic, Quote, QuoteClass, codes, did_you_mean};
use crate::policy::Vocabulary;
use crate::source::{SourceId, Span};

/// Gathers unknown keys by input and path, so that a key is told once and not once a record.
#[derive(Debug, Clone, Default)]
pub struct UnknownKeys {
    found: BTreeMap<(SourceId, String), (Span, usize)>,
    beyond: usize,
    /// Whether it is of a part of an input, and gives all that it has to another.
    is_part: bool,
}

/// A key that no field asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The dotted path of the key.
    pub path: String,
    /// Where it stands first in its input.
    pub first: Span,
    /// How often it stands there.
    pub records: usize,
}

/// How many different keys are kept; a log with more has keys made of data, and no list of them would help.
const MOST_KEYS: usize = 1_000;

impl UnknownKeys {
    /// Makes an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes an empty collection for a part of an input, which keeps every key.
    pub fn of_part() -> Self {
        Self { is_part: true, ..Self::default() }
    }

    /// Takes over what a part that follows has gathered.
    pub fn absorb(&mut self, part: Self) {
        let mut keys: Vec<((SourceId, String), (Span, usize))> = part.found.into_iter().collect();
        keys.sort_unstable_by_key(|(_, (first, _))| *first);
        for ((_, path), (first, records)) in keys {
            self.add_many(&path, first, records);
        }
    }

    fn has_room(&self) -> bool {
        self.is_part || self.found.len() < MOST_KEYS
    }

    /// Adds what one record has beyond its vocabulary: [`super::Fitted::unknown`].
    pub fn add(&mut self, unknown: &[&Entry]) {
        for entry in unknown {
            let key = (entry.key.source, entry.path.clone());
            if let Some((first, records)) = self.found.get_mut(&key) {
                *records += 1;
                *first = (*first).min(entry.key);
            } else if self.has_room() {
                self.found.insert(key, (entry.key, 1));
            } else {
                self.beyond += 1;
            }
        }
    }

    /// Adds what several records have under one path, the first of them at a place.
    pub fn add_many(&mut self, path: &str, first: Span, records: usize) {
        let key = (first.source, path.to_owned());
        if let Some((known, count)) = self.found.get_mut(&key) {
            *count += records;
            *known = (*known).min(first);
        } else if self.has_room() {
            self.found.insert(key, (first, records));
        } else {
            self.beyond += records;
        }
    }

    /// Gives the keys, by input and path.
    pub fn keys(&self) -> impl Iterator<Item = UnknownKey> + '_ {
        self.found.iter().map(|((_, path), (first, records))| UnknownKey {
            path: path.clone(),
            first: *first,
            records: *records,
        })
    }

    /// Gives how often a key stood that was not kept, since there were too many different ones.
    pub fn beyond(&self) -> usize {
        self.beyond
    }

    /// Words each key for people, with the nearest fields of the vocabulary.
    pub fn diagnostics(&self, vocabulary: &Vocabulary) -> Vec<Diagnostic> {
        self.keys().map(|key| key.diagnostic(vocabulary)).collect()
    }
}

impl UnknownKey {
    /// Words the key for people, with the nearest fields of the vocabulary.
    pub fn diagnostic(&self, vocabulary: &Vocabulary) -> Diagnostic {
        let paths = vocabulary.fields.iter().map(|field| field.path.as_str());
        let by_name = vocabulary.find_field(&self.path).and_then(|id| vocabulary.field(id));
        let elsewhere = by_name.map(|field| format!("field `{}` is read from `{}`", field.name, field.path));
        let help = elsewhere
            .or_else(|| did_you_mean(&self.path, paths))
            .unwrap_or_else(|| "declare a field for it in the vocabulary if a policy needs it".to_owned());
        let quote = Quote::new(QuoteClass::Key, super::finding::quote(&self.path));
        let key = quote.mask();
        let message = match self.records {
            1 => format!("no field is read from {key}: what one record says there is not read"),
            records => format!("no field is read from {key}: what {records} records say there is not read"),
        };
        let diagnostic = Diagnostic::without_place(codes::LOG_UNKNOWN_KEY, message).about(key.as_str()).with_help(help);
        diagnostic.with_label_in_log(self.first, "stands here first", key).quoting(quote)
    }
}
