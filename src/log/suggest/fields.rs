//! Which fields a column could be.

use crate::log::fit::Levels;
use crate::policy::{Field, FieldType, Vocabulary};

/// The fields of a vocabulary, to be looked for by name and by what values say.
pub(super) struct Fields<'v> {
    vocabulary: &'v Vocabulary,
    levels: Vec<Levels<'v>>,
}

/// How many fields are offered for a column.
const MOST_OFFERED: usize = 4;

/// What is known of a column, for finding its field.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known<'c> {
    pub(super) column: &'c str,
    pub(super) label: &'c str,
    /// Words that it says, numbers left out.
    pub(super) words: &'c [&'c str],
    /// Whether its values are dates.
    pub(super) time: bool,
    /// Whether its values are numbers.
    pub(super) numeric: bool,
    /// How many different values it has.
    pub(super) distinct: usize,
}

impl<'v> Fields<'v> {
    pub(super) fn new(vocabulary: &'v Vocabulary) -> Self {
        Self { vocabulary, levels: vocabulary.lists.iter().map(Levels::new).collect() }
    }

    /// Gives the field of which a column has the very name, or the path; letter case and what joins words do not count.
    pub(super) fn named(&self, column: &str) -> Option<&'v Field> {
        let wanted = plain(column);
        let mut found =
            self.vocabulary.fields.iter().filter(|field| plain(&field.name) == wanted || plain(&field.path) == wanted);
        found.next().filter(|_| found.next().is_none())
    }

    /// Gives the fields that a column could be, the likeliest first.
    pub(super) fn like(&self, known: Known<'_>) -> Vec<&'v Field> {
        let fitting = self.vocabulary.fields.iter().filter(|field| could_hold(field, known));
        let scored = fitting.map(|field| (self.score(field, known), field));
        let mut scored: Vec<(usize, &Field)> = scored.filter(|(score, _)| *score > 1).collect();
        // A stable sort: of two that are equally likely, the one that the vocabulary declares first.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        let best = scored.first().map_or(0, |(score, _)| *score);
        scored.into_iter().filter(|(score, _)| score * 2 >= best).take(MOST_OFFERED).map(|(_, field)| field).collect()
    }

    fn score(&self, field: &Field, known: Known<'_>) -> usize {
        let names = [words_of(known.column), words_of(known.label)].concat();
        let last = field.name.rsplit('.').next().unwrap_or("");
        let titles = words_of(&field.title);
        let by_name = shared(&names, &words_of(&field.name)) * 2 + shared(&names, &titles);
        let whole = [known.column, known.label]
            .into_iter()
            .any(|name| !name.is_empty() && (plain(name) == plain(last) || plain(name) == plain(&field.title)));
        let known_words = known.words.iter().filter(|word| self.level(field, word).is_some()).count();
        let by_values = if known_words > 0 && known_words * 2 >= known.words.len() { 4 } else { 0 };
        by_name + by_values + if whole { 4 } else { 0 } + if known.time { 2 } else { 0 }
    }

    /// Gives the level or name that a text stands for in a field, in any letter case and with signs for blanks.
    pub(super) fn level(&self, field: &Field, text: &str) -> Option<&'v str> {
        let (FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list)) = field.kind else {
            return None;
        };
        let names = self.vocabulary.list(list)?;
        let levels = self.levels.get(usize::from(list.0))?;
        if let Some(id) = levels.find(text) {
            return Some(names.name_of(id));
        }
        let wanted = plain(text);
        let mut found = names.names.iter().filter(|name| plain(&name.name) == wanted);
        found.next().filter(|_| found.next().is_none()).map(|name| name.name.as_str())
    }

    /// Says whether a field takes a level exactly as a log writes it.
    pub(super) fn takes(&self, field: &Field, text: &str) -> bool {
        let (FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list)) = field.kind else {
            return true;
        };
        self.levels.get(usize::from(list.0)).is_some_and(|levels| levels.find(text).is_some())
    }

    /// Says whether a text is a word of the vocabulary, or near to one: then it is nobody's name.
    pub(super) fn knows(&self, text: &str) -> bool {
        let lists = self.vocabulary.fields.iter();
        lists.clone().any(|field| self.level(field, text).is_some()) || {
            let words = words_of(text);
            let known = |word: &String| {
                word.len() > 1
                    && self
                        .vocabulary
                        .lists
                        .iter()
                        .flat_map(|list| &list.names)
                        .any(|name| words_of(&name.name).contains(word))
            };
            !words.is_empty() && words.iter().all(known)
        }
    }
}

/// Says whether a column that looks so could hold a field of this type.
fn could_hold(field: &Field, known: Known<'_>) -> bool {
    match field.kind {
        _ if known.time => is_time(field),
        FieldType::Instant | FieldType::Date => known.distinct == 0,
        FieldType::Boolean => known.distinct <= 2,
        FieldType::Number(_) | FieldType::WholeNumber(_) | FieldType::Percent(_) => {
            known.numeric || known.distinct == 0
        }
        _ => true,
    }
}

/// Counts the words that stand in both; a long beginning of a word stands for it.
fn shared(some: &[String], others: &[String]) -> usize {
    let begins = |a: &str, b: &str| a.len() >= 4 && b.starts_with(a);
    some.iter()
        .filter(|word| others.iter().any(|other| *word == other || begins(word, other) || begins(other, word)))
        .count()
}

/// Says whether a field says who somebody is.
pub(super) fn is_person(field: &Field) -> bool {
    matches!(field.kind, FieldType::Identity | FieldType::SetOfIdentity)
}

fn is_time(field: &Field) -> bool {
    matches!(field.kind, FieldType::Instant | FieldType::Date)
}

/// Letters and digits alone, in small letters.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Words that say nothing of what a column is.
const EMPTY_WORDS: [&str; 14] =
    ["the", "of", "a", "an", "in", "is", "at", "to", "was", "it", "and", "or", "for", "what"];

/// Gives the words of a name: `patient.risk` has two, and so have `Patient risk` and `patientRisk`.
fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in text.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty() && !EMPTY_WORDS.contains(&word.as_str()));
    words
}
