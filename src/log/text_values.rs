//! Texts that a policy compares with constants, and that matched none of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Quote, QuoteClass, codes};
use crate::episode::Episode;
use crate::policy::value::plain_text;
use crate::policy::{FieldId, Value, Vocabulary};
use crate::source::Span;

/// How many different values are kept of each field.
const MOST_VALUES: usize = 20;

/// Gathers, for fields of type text that a policy compares with constants, the values that matched none.
#[derive(Debug, Default)]
pub struct TextValues {
    watched: BTreeMap<FieldId, Watched>,
}

#[derive(Debug, Default)]
struct Watched {
    constants: BTreeSet<Box<str>>,
    values: BTreeMap<Box<str>, (Span, usize)>,
    records: usize,
}

/// A field of type text with the values that matched no constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmatchedText {
    /// The field.
    pub field: FieldId,
    /// What the policy compares it with.
    pub constants: Vec<Box<str>>,
    /// The first twenty different values, each with its first place and how often it stands there.
    pub values: Vec<(Box<str>, Span, usize)>,
    /// How many records have a value that matched no constant.
    pub records: usize,
}

impl TextValues {
    /// Makes a collection that watches no field.
    pub fn new() -> Self {
        Self::default()
    }

    /// Watches a field of type text that is compared with these constants; more may be added later.
    pub fn watch<'a>(&mut self, field: FieldId, constants: impl IntoIterator<Item = &'a str>) {
        let watched = self.watched.entry(field).or_default();
        watched.constants.extend(constants.into_iter().map(plain_text));
    }

    /// Looks at the watched fields of an episode.
    pub fn add(&mut self, episode: &Episode) {
        for (field, watched) in &mut self.watched {
            if let Some(Value::Text(text)) = episode.value(*field) {
                watched.add(text, episode.place(*field).unwrap_or(episode.record));
            }
        }
    }

    /// Gives the fields that are watched, with what they are compared with.
    pub fn watched(&self) -> impl Iterator<Item = (FieldId, Vec<Box<str>>)> + '_ {
        self.watched.iter().map(|(field, watched)| (*field, watched.constants.iter().cloned().collect()))
    }

    /// Gives the fields that have values which matched no constant.
    pub fn unmatched(&self) -> Vec<UnmatchedText> {
        let with_values = self.watched.iter().filter(|(_, watched)| watched.records > 0);
        with_values.map(|(field, watched)| watched.unmatched(*field)).collect()
    }
}

impl Watched {
    fn add(&mut self, text: &str, place: Span) {
        if self.constants.contains(text) {
            return;
        }
        self.records += 1;
        if let Some((first, count)) = self.values.get_mut(text) {
            *count += 1;
            *first = (*first).min(place);
        } else if self.values.len() < MOST_VALUES {
            self.values.insert(text.into(), (place, 1));
        }
    }

    fn unmatched(&self, field: FieldId) -> UnmatchedText {
        let mut values: Vec<_> = self.values.iter().map(|(text, (at, count))| (text.clone(), *at, *count)).collect();
        values.sort_by_key(|(_, first, _)| *first);
        UnmatchedText { field, constants: self.constants.iter().cloned().collect(), values, records: self.records }
    }
}

impl UnmatchedText {
    /// Words the field's values for people: the first three with their places, the others in number.
    pub fn diagnostic(&self, vocabulary: &Vocabulary) -> Diagnostic {
        let name = vocabulary.field_name(self.field);
        let records = if self.records == 1 { "1 record".to_owned() } else { format!("{} records", self.records) };
        let message = format!("`{name}` has a text in {records} that the policy does not compare it with");
        let field = vocabulary.field(self.field).map_or(name, |field| field.path.as_str());
        let help = "declare a kind with these forms as `written`, so that a misspelt one is found".to_owned();
        let diagnostic = Diagnostic::without_place(codes::LOG_UNMATCHED_TEXT, message).about(name).with_help(help);
        self.values.iter().take(3).fold(diagnostic, |diagnostic, (text, first, count)| {
            let label = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
            let quote = Quote::new(QuoteClass::Free, text.as_ref());
            diagnostic.with_label_in_log(*first, label, format!("{field}: {}", quote.mask())).quoting(quote)
        })
    }
}
