//! Scales and kinds.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Name, NameList, Written, number};
use crate::source::Span;
use crate::syntax::ast::{ListDeclaration, NameDeclaration, Value, ValueKind};

use super::super::names::Declared;
use super::field::BASIC_TYPES;

/// Makes a scale or kind; none if its name is taken, which is reported.
pub(super) fn list(
    declaration: &ListDeclaration,
    known: &[NameList],
    problems: &mut Vec<Diagnostic>,
) -> Option<NameList> {
    let name = declaration.name.as_ref()?;
    let taken = known.iter().find(|list| list.name == name.text).map(|list| list.origin);
    if taken.is_some() || BASIC_TYPES.contains(&name.text.as_str()) {
        problems.push(taken_name(&name.text, name.span, taken));
        return None;
    }
    if declaration.ordered && declaration.names.len() < 2 {
        let message = format!("scale `{}` has only one level, so there is nothing to compare", name.text);
        problems.push(
            Diagnostic::new(codes::SHORT_SCALE, message, name.span, "a scale has levels in order")
                .with_help("add levels with `<` between them, the lowest first; or declare a `kind`"),
        );
    }
    let names = names(&declaration.names, problems);
    refuse_shared_forms(&names, problems);
    Some(NameList {
        name: name.text.clone(),
        title: declaration.title.as_ref().map(|title| title.text.clone()).unwrap_or_default(),
        ordered: declaration.ordered,
        names,
        origin: name.span,
    })
}

fn taken_name(name: &str, at: Span, first: Option<Span>) -> Diagnostic {
    let message = match first {
        Some(_) => format!("there are two scales or kinds named `{name}`"),
        None => format!("`{name}` is a type of the language and cannot be a scale or kind"),
    };
    let problem = Diagnostic::new(codes::DUPLICATE_NAME, message, at, "choose another name");
    match first {
        Some(first) => problem.with_label(first, "here first"),
        None => problem,
    }
}

fn names(declarations: &[NameDeclaration], problems: &mut Vec<Diagnostic>) -> Vec<Name> {
    let mut declared = Declared::default();
    let mut names = Vec::new();
    for declaration in declarations {
        if declared.is_new("names", &declaration.name, problems) {
            let written = declaration.written.iter().filter_map(|form| written_form(form, problems)).collect();
            names.push(Name { name: declaration.name.text.clone(), written, origin: declaration.name.span });
        }
    }
    names
}

fn written_form(form: &Value, problems: &mut Vec<Diagnostic>) -> Option<Written> {
    match &form.kind {
        ValueKind::Text(text) => Some(Written::Text(crate::policy::value::plain_text(text).into())),
        ValueKind::Number(text) => match number::parse(text) {
            Some(number) => Some(Written::Number(number)),
            None => {
                problems.push(super::super::constant::not_exact(text, form.span));
                None
            }
        },
        _ => None,
    }
}

/// One written form may mean one name only.
fn refuse_shared_forms(names: &[Name], problems: &mut Vec<Diagnostic>) {
    let mut meaning: HashMap<Written, &Name> = HashMap::new();
    for name in names {
        let own = Written::Text(name.name.clone());
        for form in std::iter::once(&own).chain(&name.written) {
            let other = meaning.get(form).copied().filter(|other| other.name != name.name);
            if let Some(other) = other {
                problems.push(shared_form(form, name, other));
            }
            meaning.entry(form.clone()).or_insert(name);
        }
    }
    for (name, text, value) in texts_that_are_numbers(names) {
        let other = meaning.get(&Written::Number(value)).copied().filter(|other| other.name != name.name);
        problems.extend(other.map(|other| shared_form(text, name, other)));
    }
}

/// Gives the forms in quotes that a log may also mean as a number.
fn texts_that_are_numbers(names: &[Name]) -> impl Iterator<Item = (&Name, &Written, Decimal)> {
    let forms = names.iter().flat_map(|name| name.written.iter().map(move |form| (name, form)));
    forms.filter_map(|(name, form)| match form {
        Written::Text(text) => Some((name, form, number::parse(text)?)),
        Written::Number(_) => None,
    })
}

fn shared_form(form: &Written, name: &Name, other: &Name) -> Diagnostic {
    let form = match form {
        Written::Text(text) => text.clone(),
        Written::Number(value) => number::write(*value),
    };
    let message = format!("`{form}` in a log would mean both `{}` and `{}`", other.name, name.name);
    Diagnostic::new(codes::SHARED_FORM, message, name.origin, format!("written `{form}`"))
        .with_label(other.origin, format!("`{form}` would be read as this too"))
        .with_help("let each written form stand for one name only")
}
