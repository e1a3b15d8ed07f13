//! How logs write the levels of a scale and the names of a kind.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::diagnostic::nearest;
use crate::policy::value::plain_text;
use crate::policy::{NameId, NameList, Written, number};

/// The forms of one scale or kind.
#[derive(Debug)]
pub(in crate::log) struct Levels<'v> {
    list: &'v NameList,
    texts: HashMap<Box<str>, NameId>,
    numbers: HashMap<Decimal, NameId>,
}

impl<'v> Levels<'v> {
    /// Gathers the forms; a declared name goes before a written form, and an earlier name before a later one.
    pub(in crate::log) fn new(list: &'v NameList) -> Self {
        let mut levels = Self { list, texts: HashMap::new(), numbers: HashMap::new() };
        for (id, name) in ids().zip(&list.names) {
            levels.texts.entry(plain_text(&name.name)).or_insert(id);
        }
        for (id, name) in ids().zip(&list.names) {
            for form in &name.written {
                match form {
                    Written::Text(text) => levels.texts.entry(plain_text(text)).or_insert(id),
                    Written::Number(number) => levels.numbers.entry(number.normalize()).or_insert(id),
                };
            }
        }
        levels
    }

    /// Finds the name that a text stands for: exactly as declared or written, or as a number of the same value.
    pub(in crate::log) fn find(&self, text: &str) -> Option<NameId> {
        let by_text = self.texts.get(text).or_else(|| {
            let is_plain = text.is_ascii();
            if is_plain { None } else { self.texts.get(&plain_text(text)) }
        });
        by_text.or_else(|| self.numbers.get(&number::parse(text)?.normalize())).copied()
    }

    /// Gives the declared names near to a text, or to whose written forms it is near: three at most, nearest first.
    pub(in crate::log) fn near(&self, text: &str) -> Vec<String> {
        let text = plain_text(text);
        let mut names: Vec<String> = Vec::new();
        for form in nearest(&text, self.list.names.iter().flat_map(forms)) {
            let name = self.texts.get(&plain_text(form)).map(|id| self.list.name_of(*id).to_owned());
            names.extend(name.filter(|name| !names.contains(name)));
        }
        names
    }
}

fn ids() -> impl Iterator<Item = NameId> {
    (0..=u16::MAX).map(NameId)
}

fn forms(name: &crate::policy::Name) -> impl Iterator<Item = &str> {
    let written = name.written.iter().filter_map(|form| match form {
        Written::Text(text) => Some(text.as_str()),
        Written::Number(_) => None,
    });
    std::iter::once(name.name.as_str()).chain(written)
}
