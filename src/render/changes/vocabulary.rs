//! What changed in the vocabulary: fields, scales and kinds, by name.

use crate::policy::{Field, FieldType, NameList, Range, Vocabulary, number};

use super::super::document::{Block, Inline, Table};
use super::super::index::written_words;
use super::super::words::{list_of, t};
use super::{Compared, differing, or_nothing};

/// Facts about things of a vocabulary, each under a label that names the thing and the fact.
type Facts = Vec<(String, String)>;

/// Says what changed.
pub(super) fn blocks(compared: &Compared<'_>) -> Vec<Block> {
    let (old, new) = (&compared.old.version.vocabulary, &compared.new.version.vocabulary);
    if old == new {
        return Vec::new();
    }
    let mut table = Table::new("What changed in the vocabulary", &["What", "Before", "Now"]).headed();
    for (label, before, now) in differing(facts(old), facts(new)) {
        let cell = |text: String| or_nothing(if text.is_empty() { Vec::new() } else { vec![t(&text)] });
        table.add(vec![vec![Inline::text(&label)], cell(before), cell(now)]);
    }
    if table.rows.is_empty() {
        return Vec::new();
    }
    vec![compared.heading("vocabulary", "The vocabulary"), Block::Table(table)]
}

fn facts(vocabulary: &Vocabulary) -> Facts {
    let mut facts = vec![("Vocabulary, title".to_owned(), vocabulary.title.clone())];
    for list in &vocabulary.lists {
        of_list(list, &mut facts);
    }
    for field in &vocabulary.fields {
        of_field(vocabulary, field, &mut facts);
    }
    facts.retain(|(_, fact)| !fact.is_empty());
    facts
}

fn of_list(list: &NameList, facts: &mut Facts) {
    let thing = format!("The {} {}", list.word(), list.name);
    let names: Vec<&str> = list.names.iter().map(|name| name.name.as_str()).collect();
    facts.push((thing.clone(), names.join(if list.ordered { " < " } else { ", " })));
    facts.push((format!("{thing}, title"), list.title.clone()));
    for name in &list.names {
        let written: Vec<String> = name.written.iter().map(written_words).collect();
        facts.push((format!("{thing}, {} in logs", name.name), written.join(", ")));
    }
}

fn of_field(vocabulary: &Vocabulary, field: &Field, facts: &mut Facts) {
    let thing = format!("The field {}", field.name);
    facts.push((thing.clone(), type_words(vocabulary, field.kind)));
    facts.push((format!("{thing}, title"), field.title.clone()));
    let known = match (field.known_afterwards, field.known_at) {
        (false, _) => String::new(),
        (true, None) => "only afterwards".to_owned(),
        (true, Some(at)) => format!("only afterwards, from {}", vocabulary.field_name(at)),
    };
    facts.push((format!("{thing}, known"), known));
    let yes = |yes: bool| if yes { "yes".to_owned() } else { String::new() };
    facts.push((format!("{thing}, chosen by the team"), yes(field.chosen)));
    facts.push((format!("{thing}, somebody’s judgement"), yes(field.judged)));
    facts.push((format!("{thing}, role"), field.role.map_or(String::new(), |role| role.words().to_owned())));
    let path = if field.path == field.name { String::new() } else { field.path.clone() };
    facts.push((format!("{thing}, place in the log"), path));
}

fn type_words(vocabulary: &Vocabulary, kind: FieldType) -> String {
    let list = || list_of(kind).and_then(|list| vocabulary.list(list)).map_or("", |list| list.name.as_str());
    match kind {
        FieldType::Boolean => "boolean".to_owned(),
        FieldType::Number(range) => format!("number{}", range_words(range)),
        FieldType::WholeNumber(range) => format!("whole number{}", range_words(range)),
        FieldType::Percent(range) => format!("percent{}", range_words(range)),
        FieldType::Duration => "duration".to_owned(),
        FieldType::Date => "date".to_owned(),
        FieldType::Instant => "instant".to_owned(),
        FieldType::Text => "text".to_owned(),
        FieldType::Identity => "identity".to_owned(),
        FieldType::SetOfIdentity => "set of identity".to_owned(),
        FieldType::Kind(_) => format!("kind {}", list()),
        FieldType::Scale(_) => format!("scale {}", list()),
        FieldType::SetOfKind(_) => format!("set of {}", list()),
    }
}

fn range_words(range: Range) -> String {
    let bound = |word: &str, bound| format!(" {word} {}", number::write(bound));
    let low = range.low.map(|low| bound("from", low)).unwrap_or_default();
    let high = range.high.map(|high| bound("to", high)).unwrap_or_default();
    format!("{low}{high}")
}
