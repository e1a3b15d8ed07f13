//! The words of one version: its fields, levels and values, as a meeting reads them.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::policy::{FieldId, FieldType, Length, ListId, NameId, Rule, Term, Value, Version, number};

use super::document::Inline;
use super::table::called;

/// How fields are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// By their titles: for reading.
    ByTitle,
    /// By their names: for comparing two versions, of which a title is no part.
    ByName,
}

/// Speaks in the words of one version.
#[derive(Clone)]
pub(super) struct Words<'a> {
    pub(super) version: &'a Version,
    /// Stands before every anchor, so that several versions can stand in one document.
    pub(super) prefix: String,
    pub(super) call: Call,
    /// How many fields have a title.
    titles: Rc<BTreeMap<&'a str, usize>>,
    /// How many tables have a title.
    pub(super) table_titles: Rc<BTreeMap<String, usize>>,
}

impl<'a> Words<'a> {
    /// Speaks in the words of a version.
    pub(super) fn new(version: &'a Version, prefix: &str, call: Call) -> Self {
        let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
        for field in &version.vocabulary.fields {
            *titles.entry(field.title.as_str()).or_default() += 1;
        }
        let mut table_titles = BTreeMap::new();
        for table in version.conditions.tables() {
            *table_titles.entry(called(table)).or_default() += 1;
        }
        let (titles, table_titles) = (Rc::new(titles), Rc::new(table_titles));
        Self { version, prefix: prefix.to_owned(), call, titles, table_titles }
    }

    /// Speaks of the same by names.
    pub(super) fn by_name(&self) -> Self {
        Self { call: Call::ByName, ..self.clone() }
    }

    /// Gives the anchor of something.
    pub(super) fn anchor(&self, sort: &str, name: &str) -> String {
        format!("{}{sort}-{name}", self.prefix)
    }

    /// Names a field by its title, with a link to the index; with its name too where two fields share a title.
    pub(super) fn field(&self, id: FieldId) -> Vec<Inline> {
        let Some(field) = self.version.vocabulary.field(id) else { return Vec::new() };
        let anchor = self.anchor("field", &field.name);
        if field.title.is_empty() || self.call == Call::ByName {
            return vec![Inline::link(&anchor, vec![Inline::code(&field.name)])];
        }
        let titled = Inline::link(&anchor, vec![Inline::text(&quoted(&field.title))]);
        match self.titles.get(field.title.as_str()) {
            Some(1) => vec![titled],
            _ => vec![titled, Inline::text(" ("), Inline::code(&field.name), Inline::text(")")],
        }
    }

    /// Names a definition.
    pub(super) fn definition(&self, name: &str) -> Inline {
        Inline::link(&self.anchor("definition", name), vec![Inline::text(&quoted(&spaced(name)))])
    }

    /// Names a rule by its title, with a link.
    pub(super) fn rule(&self, rule: &Rule) -> Inline {
        Inline::link(&self.anchor("rule", &rule.name), vec![Inline::text(&rule_title(rule))])
    }

    /// Says what a comparison compares with.
    pub(super) fn term(&self, term: &Term, field: FieldId) -> Vec<Inline> {
        match term {
            Term::Constant(value) => vec![self.value(value, field)],
            Term::Field(other) => self.field(other.field),
        }
    }

    /// Says a value of a field's type.
    pub(super) fn value(&self, value: &Value, field: FieldId) -> Inline {
        match value {
            Value::Boolean(value) => Inline::text(if *value { "yes" } else { "no" }),
            Value::Number(value) => Inline::Text(number::write(*value)),
            Value::Percent(value) => Inline::Text(format!("{}\u{a0}%", number::write(*value))),
            Value::Duration(value) => Inline::Text(Length::Exact(*value).words()),
            Value::Period(period) => Inline::Text(Length::Civil(*period).words()),
            Value::Date(day) => Inline::Text(day.to_string()),
            Value::Instant(when) => {
                let local = self.version.zone.to_datetime(when.earliest);
                let seconds = local.second() != 0 || local.subsec_nanosecond() != 0;
                Inline::Text(local.strftime(if seconds { "%Y-%m-%d, %H:%M:%S" } else { "%Y-%m-%d, %H:%M" }).to_string())
            }
            Value::Text(text) | Value::Identity(text) => Inline::text(&quoted(text)),
            Value::Name(name) => Inline::term(&spaced(self.name(field, *name))),
            // No constant of a policy is a set.
            Value::Names(_) | Value::People(_) => Inline::text(""),
        }
    }

    fn name(&self, field: FieldId, name: NameId) -> &str {
        let list = self.version.vocabulary.field(field).and_then(|field| list_of(field.kind));
        list.and_then(|list| self.version.vocabulary.list(list)).map_or("", |list| list.name_of(name))
    }

    /// Lists values: "*a*, *b* or *c*".
    pub(super) fn values(&self, values: &[Value], field: FieldId, joined_by: &str) -> Vec<Inline> {
        joined(values.iter().map(|value| vec![self.value(value, field)]).collect(), joined_by)
    }
}

/// Gives the kind or scale of a type.
pub(super) fn list_of(kind: FieldType) -> Option<ListId> {
    match kind {
        FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => Some(list),
        _ => None,
    }
}

/// Gives a rule's title, or its name where it has none.
pub(super) fn rule_title(rule: &Rule) -> String {
    if rule.title.trim().is_empty() { spaced(&rule.name) } else { rule.title.clone() }
}

/// Joins phrases with commas, and the last two with a word.
pub(super) fn joined(mut phrases: Vec<Vec<Inline>>, word: &str) -> Vec<Inline> {
    let last = phrases.pop().unwrap_or_default();
    let mut said = Vec::new();
    for (at, phrase) in phrases.into_iter().enumerate() {
        if at > 0 {
            said.push(Inline::text(", "));
        }
        said.extend(phrase);
    }
    if !said.is_empty() {
        said.push(Inline::Text(format!(" {word} ")));
    }
    said.extend(last);
    said
}

/// Writes a name as words: `in_room` is "in room".
pub(super) fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

/// Puts a text into quotes; a closing quote within it stays what it is.
pub(super) fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// Makes plain text.
pub(super) fn t(text: &str) -> Inline {
    Inline::text(text)
}

/// Begins a sentence with a capital, where it begins with a word of ours.
pub(super) fn capital(mut line: Vec<Inline>) -> Vec<Inline> {
    if let Some(Inline::Text(text)) = line.first_mut() {
        let mut letters = text.chars();
        if let Some(first) = letters.next() {
            *text = first.to_uppercase().chain(letters).collect();
        }
    }
    line
}
