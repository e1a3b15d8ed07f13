//! Fields: their types, and what else is said of them.

use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::policy::{Field, FieldId, FieldType, ListId, NameList, Range, Role, number};
use crate::source::Span;
use crate::syntax::ast::{Attribute, AttributeKind, FieldDeclaration, TypeKind, Value, ValueKind, Word};

use super::super::constant::not_exact;
use super::Unread;

/// The types that are no scale or kind.
pub(super) const BASIC_TYPES: &[&str] =
    &["boolean", "number", "percent", "duration", "date", "instant", "text", "identity"];

/// Makes the fields and adds them to those that are there.
pub(super) fn fields(
    declarations: &[&FieldDeclaration],
    lists: &[NameList],
    fields: &mut Vec<Field>,
    unread: &mut Unread,
    problems: &mut Vec<Diagnostic>,
) {
    for declaration in declarations {
        let made = field(declaration, lists, unread, problems);
        unread.role |= made.is_none() && declaration.attributes.iter().any(is_role);
        if let Some(made) = made.filter(|made| is_new(made, fields, problems)) {
            fields.push(made);
        }
    }
    for declaration in declarations {
        resolve_known_at(declaration, fields, unread, problems);
    }
}

fn is_role(attribute: &Attribute) -> bool {
    matches!(attribute.kind, AttributeKind::Role(_))
}

fn is_new(field: &Field, fields: &[Field], problems: &mut Vec<Diagnostic>) -> bool {
    let same_name = fields.iter().find(|known| known.name == field.name);
    if let Some(known) = same_name {
        let message = format!("there are two fields named `{}`", field.name);
        problems.push(
            Diagnostic::new(codes::DUPLICATE_NAME, message, field.origin, "here again")
                .with_label(known.origin, "here first")
                .with_help("give one of them another name"),
        );
        return false;
    }
    if let Some(known) = fields.iter().find(|known| known.path == field.path) {
        let message =
            format!("`{}` and `{}` are read from the same place in the log, `{}`", known.name, field.name, field.path);
        problems.push(
            Diagnostic::new(codes::SHARED_PATH, message, field.origin, "read from there")
                .with_label(known.origin, "and so is this one")
                .with_help("give one of them another path with `from`"),
        );
    }
    let around = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
    let group = fields.iter().find(|known| around(&known.path, &field.path) || around(&field.path, &known.path));
    if let Some(known) = group {
        let message = format!(
            "no record can have both `{}` and `{}`: one path is a group, the other a value in it",
            known.path, field.path
        );
        problems.push(
            Diagnostic::new(codes::SHARED_PATH, message, field.origin, "stands in the same place")
                .with_label(known.origin, "as this one")
                .with_help("give one of them another path with `from`"),
        );
    }
    true
}

fn field(
    declaration: &FieldDeclaration,
    lists: &[NameList],
    unread: &mut Unread,
    problems: &mut Vec<Diagnostic>,
) -> Option<Field> {
    let name = declaration.name.as_ref()?;
    let Some(kind) = field_type(&declaration.kind.kind, lists, unread, problems) else {
        unread.names.insert(name.text.clone());
        return None;
    };
    let mut field = Field {
        name: name.text.clone(),
        title: declaration.title.as_ref().map(|title| title.text.clone()).unwrap_or_default(),
        kind,
        role: None,
        known_afterwards: false,
        known_at: None,
        chosen: false,
        judged: false,
        path: name.text.clone(),
        origin: name.span,
    };
    for attribute in &declaration.attributes {
        match &attribute.kind {
            AttributeKind::Role(words) => {
                field.role = role(words, problems);
                unread.role |= field.role.is_none();
            }
            AttributeKind::KnownAfterwards(_) => field.known_afterwards = true,
            AttributeKind::Chosen => field.chosen = true,
            AttributeKind::Judged => field.judged = true,
            AttributeKind::From(path) => field.path.clone_from(&path.text),
        }
    }
    for (at, attribute) in declaration.attributes.iter().enumerate() {
        let same = |other: &&Attribute| std::mem::discriminant(&other.kind) == std::mem::discriminant(&attribute.kind);
        if let Some(first) = declaration.attributes.iter().take(at).find(same) {
            let whose = format!("field `{}`", name.text);
            problems.push(super::super::header::repeated(&whose, attribute.span, first.span));
        }
    }
    // What was written down later was not known when the decision was taken.
    field.known_afterwards |= field.role == Some(Role::Recorded);
    Some(field)
}

fn role(words: &Word, problems: &mut Vec<Diagnostic>) -> Option<Role> {
    let found = Role::ALL.into_iter().find(|role| role.words() == words.text);
    if found.is_none() {
        let message = format!("there is no role `{}`", words.text);
        let all = || Role::ALL.into_iter().map(Role::words);
        let help = did_you_mean(&words.text, all())
            .unwrap_or_else(|| format!("choose one of: {}", all().collect::<Vec<_>>().join(", ")));
        problems.push(Diagnostic::new(codes::UNKNOWN_ROLE, message, words.span, "not a role").with_help(help));
    }
    found
}

fn field_type(
    kind: &TypeKind,
    lists: &[NameList],
    unread: &Unread,
    problems: &mut Vec<Diagnostic>,
) -> Option<FieldType> {
    Some(match kind {
        TypeKind::Number(bounds) => FieldType::Number(range(bounds.as_ref(), problems)),
        TypeKind::WholeNumber(bounds) => FieldType::WholeNumber(range(bounds.as_ref(), problems)),
        TypeKind::Percent(bounds) => FieldType::Percent(range(bounds.as_ref(), problems)),
        TypeKind::SetOf(name) if name.text == "identity" => FieldType::SetOfIdentity,
        TypeKind::SetOf(name) if BASIC_TYPES.contains(&name.text.as_str()) => {
            problems.push(set_of_other(name, "a basic type"));
            return None;
        }
        TypeKind::SetOf(name) => {
            let (id, list) = find_list(name, lists, unread, problems)?;
            if list.ordered {
                problems.push(set_of_other(name, "a scale"));
                return None;
            }
            FieldType::SetOfKind(id)
        }
        TypeKind::Named(name) => named_type(name, lists, unread, problems)?,
    })
}

fn set_of_other(name: &Word, what: &str) -> Diagnostic {
    let message = format!("`{}` is {what}; a set is of a kind, or of identities", name.text);
    Diagnostic::new(codes::UNKNOWN_TYPE, message, name.span, what)
        .with_help("declare the names as a `kind`, or write `set of identity`")
}

fn named_type(name: &Word, lists: &[NameList], unread: &Unread, problems: &mut Vec<Diagnostic>) -> Option<FieldType> {
    Some(match name.text.as_str() {
        "boolean" => FieldType::Boolean,
        "number" => FieldType::Number(Range::default()),
        "percent" => FieldType::Percent(Range::default()),
        "duration" => FieldType::Duration,
        "date" => FieldType::Date,
        "instant" => FieldType::Instant,
        "text" => FieldType::Text,
        "identity" => FieldType::Identity,
        _ => {
            let (id, list) = find_list(name, lists, unread, problems)?;
            if list.ordered { FieldType::Scale(id) } else { FieldType::Kind(id) }
        }
    })
}

fn find_list<'l>(
    name: &Word,
    lists: &'l [NameList],
    unread: &Unread,
    problems: &mut Vec<Diagnostic>,
) -> Option<(ListId, &'l NameList)> {
    let at = lists.iter().position(|list| list.name == name.text);
    let found = at.and_then(|at| Some((ListId(u16::try_from(at).ok()?), lists.get(at)?)));
    if found.is_none() && !unread.names.contains(&name.text) {
        let message = format!("there is no type, scale or kind `{}`", name.text);
        let known = lists.iter().map(|list| list.name.as_str()).chain(BASIC_TYPES.iter().copied());
        let help = other_word(&name.text).or_else(|| did_you_mean(&name.text, known.chain(["whole number"])));
        let help = help.unwrap_or_else(|| "declare it with `scale` or `kind`, above or below".to_owned());
        problems.push(Diagnostic::new(codes::UNKNOWN_TYPE, message, name.span, "not declared").with_help(help));
    }
    found
}

/// Knows what other languages and forms call the types.
fn other_word(name: &str) -> Option<String> {
    let own = match name.to_ascii_lowercase().as_str() {
        "integer" | "int" | "count" => "whole number",
        "decimal" | "float" | "real" => "number",
        "string" | "str" | "note" | "free_text" => "text",
        "person" | "people" | "user" | "staff" => "identity",
        "timestamp" | "datetime" | "time" | "moment" => "instant",
        "day" => "date",
        "yes_no" | "yesno" | "bool" | "flag" | "checkbox" => "boolean",
        "percentage" => "percent",
        _ => return None,
    };
    Some(format!("write `{own}`"))
}

fn range(bounds: Option<&(Value, Value)>, problems: &mut Vec<Diagnostic>) -> Range {
    let Some((low, high)) = bounds else {
        return Range::default();
    };
    let mut read = |value: &Value| {
        let ValueKind::Number(text) = &value.kind else { return None };
        let number = number::parse(text);
        if number.is_none() {
            problems.push(not_exact(text, value.span));
        }
        number
    };
    let range = Range { low: read(low), high: read(high) };
    if range.low.zip(range.high).is_some_and(|(low, high)| low > high) {
        let place: Span = low.span.to(high.span);
        let message = "this range is empty: its lower bound is above its upper bound";
        problems.push(
            Diagnostic::new(codes::EMPTY_RANGE, message, place, "no number lies within")
                .with_help("change the bounds about"),
        );
    }
    range
}

/// Finds the field from which another is known, once all fields are there.
fn resolve_known_at(
    declaration: &FieldDeclaration,
    fields: &mut [Field],
    unread: &Unread,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(name) = &declaration.name else { return };
    for attribute in &declaration.attributes {
        let AttributeKind::KnownAfterwards(Some(moment)) = &attribute.kind else { continue };
        let at = fields.iter().position(|field| field.name == moment.text);
        let is_moment =
            at.and_then(|at| fields.get(at)).map(|field| matches!(field.kind, FieldType::Instant | FieldType::Date));
        match (is_moment, fields.iter_mut().find(|field| field.name == name.text)) {
            (Some(true), Some(field)) => field.known_at = at.and_then(|at| u16::try_from(at).ok()).map(FieldId),
            (Some(false), _) => problems.push(not_a_moment(moment)),
            (None, _) if unread.names.contains(&moment.text) => {}
            (None, _) => problems.push(unknown_moment(moment, fields)),
            (Some(true), None) => {}
        }
    }
}

fn not_a_moment(moment: &Word) -> Diagnostic {
    let message = format!("`{}` is no instant or date, so nothing can be known from then", moment.text);
    Diagnostic::new(codes::NOT_A_MOMENT, message, moment.span, "not a moment")
        .with_help("name a field of type `instant` or `date`")
}

fn unknown_moment(moment: &Word, fields: &[Field]) -> Diagnostic {
    let message = format!("there is no field `{}`", moment.text);
    Diagnostic::new(codes::UNKNOWN_FIELD, message, moment.span, "not declared")
        .with_help_if(did_you_mean(&moment.text, fields.iter().map(|field| field.name.as_str())))
}
