//! Names that stand twice, and names that nobody knows.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::policy::Vocabulary;
use crate::source::Span;
use crate::syntax::ast::Word;

/// Remembers where each name was declared, and reports the second declaration.
#[derive(Default)]
pub(super) struct Declared {
    first: HashMap<String, Span>,
}

impl Declared {
    /// Says whether the name is new among things of a sort (in the plural); if it is not, that is reported.
    pub(super) fn is_new(&mut self, what: &str, name: &Word, problems: &mut Vec<Diagnostic>) -> bool {
        self.is_new_as(codes::DUPLICATE_NAME, what, name, problems)
    }

    fn is_new_as(&mut self, code: Code, what: &str, name: &Word, problems: &mut Vec<Diagnostic>) -> bool {
        let Some(first) = self.first.get(&name.text) else {
            self.first.insert(name.text.clone(), name.span);
            return true;
        };
        let message = format!("there are two {what} named `{}`", name.text);
        problems.push(
            Diagnostic::new(code, message, name.span, "here again")
                .with_label(*first, "here first")
                .with_help("give one of them another name"),
        );
        false
    }
}

/// Words the problem that a word names no field: a group of fields, or nothing at all.
pub(super) fn unknown_field(word: &Word, vocabulary: &Vocabulary, definitions: &[String]) -> Diagnostic {
    let prefix = format!("{}.", word.text);
    let members: Vec<&str> =
        vocabulary.fields.iter().map(|field| field.name.as_str()).filter(|name| name.starts_with(&prefix)).collect();
    if !members.is_empty() {
        let message = format!("`{}` is a group of fields, not a field", word.text);
        let some: Vec<String> = members.iter().take(4).map(|name| format!("`{name}`")).collect();
        let more = if members.len() > 4 { " …" } else { "" };
        return Diagnostic::new(codes::UNKNOWN_FIELD, message, word.span, "which of its fields?")
            .with_help(format!("name one of them: {}{more}", some.join(", ")));
    }
    let message = format!("vocabulary `{}` has no field `{}`", vocabulary.name, word.text);
    let names = vocabulary.fields.iter().map(|field| field.name.as_str());
    let names = names.chain(definitions.iter().map(String::as_str));
    Diagnostic::new(codes::UNKNOWN_FIELD, message, word.span, "not a field and not a definition")
        .with_help(did_you_mean(&word.text, names).unwrap_or_else(|| no_such_field(&word.text)))
}

/// Says what to do about a word that is near to no field.
fn no_such_field(word: &str) -> String {
    if matches!(word, "should" | "must" | "shall" | "it") {
        return "write what is claimed as `is permissible` or `is impermissible by RULE`".to_owned();
    }
    if matches!(word, "worse" | "more" | "higher" | "greater" | "closer" | "older" | "better") {
        return format!("write `at least` and the level or number, in place of `is … or {word}`");
    }
    if matches!(word, "less" | "lower" | "fewer" | "younger") {
        return format!("write `at most` and the level or number, in place of `is … or {word}`");
    }
    format!("name a field of the vocabulary, or declare this one in it: `field {word} boolean`, or of another type")
}
