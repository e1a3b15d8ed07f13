//! What is wrong with a mapping, and the words for it.

use super::one_of;
use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::source::Span;

/// The file is no YAML, or has something that a mapping cannot have there.
pub(super) fn not_understood(at: Span, what: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::new(codes::MAPPING_NOT_UNDERSTOOD, what, at, "not understood").with_help(help)
}

/// One sign stands between thousands and before the fraction.
pub(super) fn one_sign(comma: bool, at: Span) -> Diagnostic {
    let (sign, other) = if comma { ("comma", "point") } else { ("point", "comma") };
    let what = format!("a {sign} between thousands is also the decimal sign, and nobody could tell which is meant");
    not_understood(at, what, format!("write `decimal: {other}` too, or another sign between thousands"))
}

/// A key stands where it means nothing.
pub(super) fn unknown_key(key: &str, at: Span, of: &str, known: &[&str]) -> Diagnostic {
    let message = format!("`{}` says nothing in {of}", super::super::finding::quote(key));
    let help =
        did_you_mean(key, known.iter().copied()).unwrap_or_else(|| format!("write {}", one_of(known.iter().copied())));
    Diagnostic::new(codes::MAPPING_UNKNOWN_KEY, message, at, "unknown key").with_help(help)
}

/// A field, a code or a key is said twice.
pub(super) fn said_twice(what: &str, first: Option<Span>, again: Span) -> Diagnostic {
    let message = format!("{what} is said twice, and nobody can tell which is meant");
    let problem = Diagnostic::new(codes::MAPPING_SAID_TWICE, message, again, "said here again");
    let problem = match first {
        Some(first) => problem.with_label(first, "said here first"),
        None => problem,
    };
    problem.with_help("keep the one that is right, and delete the other")
}

/// No vocabulary of the policies has the field.
pub(super) fn unknown_field(name: &str, at: Span, help: Option<String>) -> Diagnostic {
    let message = format!("no vocabulary of these policies has a field `{}`", super::super::finding::quote(name));
    let help = help.unwrap_or_else(|| "write a field of the vocabulary, or delete the line".to_owned());
    Diagnostic::new(codes::MAPPING_UNKNOWN_FIELD, message, at, "no field").with_help(help)
}

/// A clause does not go with the type of its field.
pub(super) fn unfit_clause(clause: &str, field: &str, needs: &str, at: Span) -> Diagnostic {
    let message = format!("`{clause}` is for {needs}, and `{field}` is none");
    Diagnostic::new(codes::MAPPING_UNFIT_CLAUSE, message, at, "does not go with this field")
        .with_help(format!("delete `{clause}`, or write it below a field that it goes with"))
}

/// What a code stands for, or a constant, does not fit its field.
pub(super) fn unfit_value(found: &Diagnostic, at: Span) -> Diagnostic {
    let label = found.labels.first().map_or("does not fit", |label| label.text.as_str());
    let problem = Diagnostic::new(codes::MAPPING_UNFIT_VALUE, found.message.clone(), at, label);
    // What is declared as `written` is for logs; a mapping writes the names themselves.
    let help = found.help.as_deref().map(|help| help.split(", or declare ").next().unwrap_or(help).to_owned());
    problem.with_help_if(help)
}
