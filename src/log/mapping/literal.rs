//! What cells are compared with: exactly, or as numbers of one value.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::Said;
use super::numbers::Numbers;
use crate::policy::number;
use crate::source::Span;

/// A value as a log writes it. One without quotation marks that is a number stands for any number of the same value, as in
/// a vocabulary: `1` fits `1`, `1.0` and `1e0`, and `1,0` where a comma stands before the fraction.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::log) struct Literal {
    /// As written.
    pub text: String,
    pub(super) number: Option<Decimal>,
    /// Where.
    pub at: Span,
}

impl Literal {
    /// Makes one; `plain` says that it stands without quotation marks.
    pub(super) fn new(text: String, plain: bool, at: Span) -> Self {
        let number = plain.then(|| number::parse(&text)).flatten().map(|number| number.normalize());
        Self { text, number, at }
    }

    /// Says whether a cell, trimmed, says this.
    pub(super) fn fits(&self, (cell, numbers): (&str, Numbers)) -> bool {
        self.text == cell || self.number.is_some_and(|own| numbers.parse(cell).is_some_and(|other| own == other))
    }
}

/// What the codes of a field stand for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Codes {
    /// The word `codes`.
    pub(super) at: Span,
    texts: HashMap<String, usize>,
    numbers: HashMap<Decimal, usize>,
    /// Each code with what it stands for.
    pub(super) pairs: Vec<(Literal, Said<String>)>,
}

impl Codes {
    /// Makes them; gives back the codes that stand for two things.
    pub(super) fn new(at: Span, pairs: Vec<(Literal, Said<String>)>) -> (Self, Vec<Span>) {
        let mut codes = Self { at, texts: HashMap::new(), numbers: HashMap::new(), pairs };
        let mut twice = Vec::new();
        for (place, (code, _)) in codes.pairs.iter().enumerate() {
            let first = match code.number {
                Some(number) => codes.numbers.insert(number, place),
                None => codes.texts.insert(code.text.clone(), place),
            };
            twice.extend(first.map(|_| code.at));
        }
        (codes, twice)
    }

    /// Gives what a cell, trimmed, stands for.
    pub(super) fn find(&self, (cell, numbers): (&str, Numbers)) -> Option<&str> {
        let of_number = |number: Option<Decimal>| self.numbers.get(&number?.normalize()).copied();
        // Whatever numbers are written like, a cell says a code that is written so.
        let is_written_so = |at: &usize| self.pairs.get(*at).is_some_and(|(code, _)| code.text == cell);
        let by_text = self.texts.get(cell).copied().or_else(|| of_number(number::parse(cell)).filter(is_written_so));
        let (_, value) = self.pairs.get(by_text.or_else(|| of_number(numbers.parse(cell)))?)?;
        Some(value.value.as_str())
    }

    /// Gives the codes.
    pub(super) fn known(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(code, _)| code.text.as_str())
    }
}
