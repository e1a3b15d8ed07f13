//! Settles what the parser could only guess at: here the names are known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::policy::{FieldType, Vocabulary};
use crate::syntax::ast::{Declaration, Document};
use crate::syntax::{Guess, Needed};

/// Words problems better whose guesses come true.
pub(super) fn settle(
    guesses: Vec<Guess>,
    documents: &[Document],
    vocabularies: &BTreeMap<String, Arc<Vocabulary>>,
    problems: &mut [Diagnostic],
) {
    if guesses.is_empty() {
        return;
    }
    let known = Known { vocabularies, definitions: definitions(documents) };
    for guess in guesses {
        guess.settle(problems, |needed| known.has(needed));
    }
}

struct Known<'k> {
    vocabularies: &'k BTreeMap<String, Arc<Vocabulary>>,
    definitions: BTreeSet<&'k str>,
}

impl Known<'_> {
    fn has(&self, needed: &Needed) -> bool {
        match needed {
            Needed::Any(name) => self.is_condition(name) || self.any(|vocabulary| is_listed(vocabulary, name)),
            Needed::NameOf { field, name } => {
                !self.is_condition(name) && self.any(|vocabulary| is_name_of(vocabulary, field, name))
            }
        }
    }

    fn is_condition(&self, name: &str) -> bool {
        self.definitions.contains(name) || self.any(|vocabulary| vocabulary.find_field(name).is_some())
    }

    fn any(&self, has: impl Fn(&Vocabulary) -> bool) -> bool {
        self.vocabularies.values().any(|vocabulary| has(vocabulary))
    }
}

fn is_listed(vocabulary: &Vocabulary, name: &str) -> bool {
    vocabulary.lists.iter().any(|list| list.find(name).is_some())
}

fn is_name_of(vocabulary: &Vocabulary, field: &str, name: &str) -> bool {
    let field = vocabulary.find_field(field).and_then(|id| vocabulary.field(id));
    let list = field.and_then(|field| match field.kind {
        FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => vocabulary.list(list),
        _ => None,
    });
    list.is_some_and(|list| list.find(name).is_some())
}

fn definitions(documents: &[Document]) -> BTreeSet<&str> {
    let declarations = documents.iter().flat_map(|document| &document.declarations);
    let defines = declarations.filter_map(|declaration| match declaration {
        Declaration::Define(define) => define.name.as_ref(),
        _ => None,
    });
    defines.map(|name| name.text.as_str()).collect()
}
