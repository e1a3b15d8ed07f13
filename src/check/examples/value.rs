//! Settings: the value that a case states of a field, as a log would have it.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::time::days;
use crate::policy::value::plain_text;
use crate::policy::{Field, FieldId, FieldType, ListId, NameId, Names, People, Role, Value};
use crate::syntax::Bare;
use crate::syntax::ast::{self, Setting, SettingKind, ValueKind};

use super::case::Stated;
use super::{Maker, problem};

impl Maker<'_> {
    /// Reads a setting; one that does not fit is reported.
    pub(super) fn setting(&mut self, setting: &Setting) -> Option<(FieldId, Stated)> {
        let (id, field) = self.conditioner.field(&setting.field)?;
        let stated = match &setting.kind {
            SettingKind::Relative { distance, earlier } => {
                if let Some(found) = self.not_relative(&field, setting) {
                    self.conditioner.problems.push(found);
                    return None;
                }
                Stated::Relative(self.conditioner.length(distance)?, *earlier)
            }
            SettingKind::Words => Stated::Value(self.words(&field, setting)?),
            SettingKind::Values(values) => Stated::Value(self.values(&field, values, setting)?),
        };
        self.keep_reading(setting, reading(field.kind, &setting.kind));
        Some((id, stated))
    }

    /// Keeps how a setting was read. What another version reads otherwise is left as it is written.
    fn keep_reading(&mut self, setting: &Setting, read: Bare) {
        let known = self.bare.entry(setting.value).or_insert(read);
        if *known != read {
            *known = Bare::Settled;
        }
    }

    fn not_relative(&self, field: &Field, setting: &Setting) -> Option<Diagnostic> {
        if !matches!(field.kind, FieldType::Instant | FieldType::Date) {
            let what = self.conditioner.type_words(field.kind);
            return Some(problem::no_moment(&field.name, &what, setting.value));
        }
        (field.role == Some(Role::Time)).then(|| problem::own_time_from_itself(&field.name, setting.value))
    }

    /// Reads several words without quotes: a text, or a mistake.
    fn words(&mut self, field: &Field, setting: &Setting) -> Option<Value> {
        let found = match field.kind {
            FieldType::Text => return Some(Value::Text(plain_text(&setting.raw))),
            FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => {
                self.conditioner.unknown_name(list, &setting.raw, setting.value)
            }
            FieldType::Identity | FieldType::SetOfIdentity => problem::unquoted_person(&setting.raw, setting.value),
            kind => problem::unfit_words(&field.name, &self.conditioner.type_words(kind), setting, how(kind)),
        };
        self.conditioner.problems.push(found);
        None
    }

    fn values(&mut self, field: &Field, values: &[ast::Value], setting: &Setting) -> Option<Value> {
        match field.kind {
            FieldType::SetOfKind(list) => self.names(field, list, values),
            FieldType::SetOfIdentity => self.people(values, setting),
            FieldType::Text => self.text(field, values, setting),
            _ => match values {
                [value] => self.single(field, value, setting),
                _ => {
                    self.conditioner.problems.push(problem::several_values(&field.name, setting.value));
                    None
                }
            },
        }
    }

    fn names(&mut self, field: &Field, list: ListId, values: &[ast::Value]) -> Option<Value> {
        let mut members: Option<Vec<NameId>> = Some(Vec::new());
        if is_nothing(values) {
            return Some(Value::Names(Names { members: Box::new([]), complete: true }));
        }
        for value in values {
            let found = match &value.kind {
                ValueKind::Word(word) => self.conditioner.vocabulary.list(list).and_then(|list| list.find(word)),
                _ => None,
            };
            match (&value.kind, found) {
                (_, Some(name)) => members.iter_mut().for_each(|members| members.push(name)),
                (ValueKind::Word(word), None) => {
                    let found = self.conditioner.unknown_name(list, word, value.span);
                    self.conditioner.problems.push(found);
                    members = None;
                }
                _ => {
                    self.conditioner.constant(field, value);
                    members = None;
                }
            }
        }
        let mut members = members?;
        members.sort_unstable();
        members.dedup();
        Some(Value::Names(Names { members: members.into(), complete: true }))
    }

    fn people(&mut self, values: &[ast::Value], setting: &Setting) -> Option<Value> {
        if is_nothing(values) {
            return Some(Value::People(People { members: Box::new([]), complete: true }));
        }
        let mut members: Vec<Box<str>> = Vec::new();
        for value in values {
            match &value.kind {
                ValueKind::Text(text) => members.push(plain_text(text)),
                ValueKind::Broken => return None,
                _ => {
                    self.conditioner.problems.push(problem::unquoted_person(&setting.raw, value.span));
                    return None;
                }
            }
        }
        members.sort_unstable();
        members.dedup();
        Some(Value::People(People { members: members.into(), complete: true }))
    }

    /// Reads a text: in quotes, or words as they stand.
    fn text(&mut self, field: &Field, values: &[ast::Value], setting: &Setting) -> Option<Value> {
        match values {
            [ast::Value { kind: ValueKind::Text(text), .. }] => Some(Value::Text(plain_text(text))),
            _ if values.iter().all(is_plain) => Some(Value::Text(plain_text(&setting.raw))),
            _ if values.iter().any(|value| value.kind == ValueKind::Broken) => None,
            _ => {
                let found = problem::text_without_quotes(&field.name, &setting.raw, setting.value);
                self.conditioner.problems.push(found);
                None
            }
        }
    }

    fn single(&mut self, field: &Field, value: &ast::Value, setting: &Setting) -> Option<Value> {
        let word = match &value.kind {
            ValueKind::Word(word) => word.as_str(),
            ValueKind::Text(_) | ValueKind::Broken => return self.constant(field, value),
            _ if matches!(field.kind, FieldType::Identity) => {
                self.conditioner.problems.push(problem::unquoted_person(&setting.raw, value.span));
                return None;
            }
            ValueKind::Duration { .. } if matches!(field.kind, FieldType::Instant | FieldType::Date) => {
                self.conditioner.problems.push(problem::earlier_or_later(
                    &setting.field.text,
                    &setting.raw,
                    value.span,
                ));
                return None;
            }
            _ => return self.constant(field, value),
        };
        if let Some(name) = self.conditioner.name_constant(field, word) {
            return Some(name);
        }
        let found = self.unfit_word(field, word, value, setting);
        self.conditioner.problems.extend(found);
        None
    }

    fn unfit_word(&self, field: &Field, word: &str, value: &ast::Value, setting: &Setting) -> Option<Diagnostic> {
        let name = &setting.field.text;
        if problem::is_absence(word) {
            return Some(problem::absent(name, &setting.raw, value.span));
        }
        if self.conditioner.vocabulary.find_field(word).is_some() {
            return Some(problem::another_field(word, value.span));
        }
        match field.kind {
            FieldType::Identity => Some(problem::unquoted_person(&setting.raw, value.span)),
            FieldType::Boolean => Some(problem::neither_true_nor_false(name, word, value.span)),
            FieldType::Kind(list) | FieldType::Scale(list) => {
                Some(self.conditioner.unknown_name(list, word, value.span))
            }
            kind => Some(problem::unfit_words(name, &self.conditioner.type_words(kind), setting, how(kind))),
        }
    }

    /// Reads a constant as a log would: a day in a field of type instant is the whole day.
    fn constant(&mut self, field: &Field, value: &ast::Value) -> Option<Value> {
        let read = self.conditioner.constant(field, value)?;
        match (field.kind, read) {
            (FieldType::Instant, Value::Date(day)) => days(day, day, &self.conditioner.zone).ok().map(Value::Instant),
            (FieldType::Date, Value::Instant(_)) => {
                let message = format!("`{}` is a date, and this has a time of day", field.name);
                let found = Diagnostic::new(codes::TYPES_DIFFER, message, value.span, "does not fit")
                    .with_help("leave out the time of day");
                self.conditioner.problems.push(found);
                None
            }
            (_, read) => Some(read),
        }
    }
}

/// Says how a setting of a type is read.
fn reading(kind: FieldType, setting: &SettingKind) -> Bare {
    let SettingKind::Values(values) = setting else {
        return if kind == FieldType::Text { Bare::Text } else { Bare::Settled };
    };
    let are_words = values.iter().all(|value| matches!(value.kind, ValueKind::Word(_)));
    match kind {
        FieldType::Text if values.iter().all(is_plain) => Bare::Text,
        FieldType::Kind(_) | FieldType::Scale(_) | FieldType::SetOfKind(_) if are_words => Bare::Names,
        _ => Bare::Settled,
    }
}

/// A set without members is written `nothing`.
fn is_nothing(values: &[ast::Value]) -> bool {
    matches!(values, [value] if value.kind == ValueKind::Word("nothing".to_owned()))
}

/// Says whether something may be a text as it stands: nothing of it is written in more ways than one.
fn is_plain(value: &ast::Value) -> bool {
    match &value.kind {
        ValueKind::Word(_) | ValueKind::Date(_) | ValueKind::TimeOfDay(_) => true,
        ValueKind::Number(number) => !number.starts_with('-'),
        _ => false,
    }
}

/// Says how a value of a type is written.
fn how(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Boolean => "write `true` or `false`",
        FieldType::Number(_) | FieldType::WholeNumber(_) => "write a number: `3`",
        FieldType::Percent(_) => "write a percentage: `20 %`",
        FieldType::Duration => "write a number and a unit: `30 seconds`",
        FieldType::Date => "write a date, `2026-01-31`, or `2 days later`",
        FieldType::Instant => "write a moment, `2026-01-31T08:00`, or `2 hours later`",
        _ => "write a value of its type",
    }
}
