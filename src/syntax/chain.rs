//! Conditions joined by `and` and `or` in one sentence: how it can be read, and the list that it may hold.

use crate::source::Span;

use super::ast::{Comparison, Condition, ConditionKind, Value, ValueKind, Word};
use super::guess::Needed;
use super::parser::Lowering;

/// The conditions of a sentence as they stand, and the words between them.
pub(super) struct Chain {
    pub(super) texts: Vec<String>,
    pub(super) words: Vec<&'static str>,
}

/// Names that stand where conditions belong, and the sentence with a list of them.
pub(super) struct ListInChain {
    pub(super) field: String,
    pub(super) names: Vec<String>,
    pub(super) place: Span,
    pub(super) needed: Vec<Needed>,
    pub(super) chain: Chain,
}

impl Chain {
    /// Writes a mixed sentence with parentheses, in the two ways in which it can be read.
    pub(super) fn readings(&self) -> [String; 2] {
        [self.reading("and"), self.reading("or")]
    }

    /// Writes the sentence without parentheses.
    pub(super) fn plain(&self) -> String {
        let words = std::iter::once("").chain(self.words.iter().copied());
        let parts: Vec<String> = words.zip(&self.texts).map(|(word, text)| format!("{word} {text}")).collect();
        parts.join(" ").trim().to_owned()
    }

    /// Writes it with parentheses around the runs that a word joins.
    fn reading(&self, inner: &str) -> String {
        let mut runs: Vec<Vec<&str>> = vec![Vec::new()];
        for (at, text) in self.texts.iter().enumerate() {
            let starts_run = at > 0 && self.words.get(at - 1).is_some_and(|word| *word != inner);
            if starts_run {
                runs.push(Vec::new());
            }
            if let Some(run) = runs.last_mut() {
                run.push(text);
            }
        }
        let outer = if inner == "and" { " or " } else { " and " };
        let written = |run: &Vec<&str>| match run.len() {
            1 => run.concat(),
            _ => format!("({})", run.join(&format!(" {inner} "))),
        };
        runs.iter().map(written).collect::<Vec<_>>().join(outer)
    }
}

impl Lowering<'_> {
    /// Finds comparisons that bare words follow which may be meant as a list with its value, the longest list first.
    pub(super) fn lists_in_chain(&self, operands: &[Condition], words: &[&'static str]) -> Vec<ListInChain> {
        let mut found = Vec::new();
        for (at, joining) in words.iter().enumerate() {
            let joined = words.iter().skip(at).take_while(|word| *word == joining).count();
            let bare: Vec<&Word> = operands.iter().skip(at + 1).take(joined).map_while(bare).collect();
            // A list of more than this is no slip of the pen.
            const LONGEST: usize = 8;
            for length in (1..=bare.len().min(LONGEST)).rev() {
                found.extend(bare.get(..length).and_then(|bare| self.list_at(at, bare, operands, words)));
            }
        }
        found
    }

    fn list_at(
        &self,
        at: usize,
        bare: &[&Word],
        operands: &[Condition],
        words: &[&'static str],
    ) -> Option<ListInChain> {
        let (field, value, form) = listed(operands.get(at)?, words.get(at)?)?;
        let place = bare.first()?.span.to(bare.last()?.span);
        let names: Vec<String> = bare.iter().map(|word| word.text.clone()).collect();
        let needed = names.iter().map(|name| Needed::NameOf { field: field.clone(), name: name.clone() }).collect();
        let all = std::iter::once(value).chain(names.iter().cloned()).collect::<Vec<_>>().join(", ");
        let mut texts: Vec<String> = operands.iter().map(|operand| self.one_line(operand.span)).collect();
        texts.splice(at..=at + bare.len(), [format!("{field} {form} {all}")]);
        let mut words = words.to_vec();
        words.drain(at..at + bare.len());
        Some(ListInChain { field, names, place, needed, chain: Chain { texts, words } })
    }
}

/// Gives a comparison's field, its value, and how several values are asked for.
fn listed(comparison: &Condition, joining: &str) -> Option<(String, String, &'static str)> {
    let ConditionKind::Comparison(field, comparison) = &comparison.kind else { return None };
    let (values, form): (&[Value], _) = match (comparison, joining) {
        (Comparison::Is(value), "or") => (std::slice::from_ref(value), "is one of"),
        (Comparison::IsNot(value), "or") => (std::slice::from_ref(value), "is not one of"),
        (Comparison::IsOneOf(values), "or") => (values, "is one of"),
        (Comparison::IsNotOneOf(values), "or") => (values, "is not one of"),
        (Comparison::Includes(value), "or") => (std::slice::from_ref(value), "includes any of"),
        (Comparison::Includes(value), _) => (std::slice::from_ref(value), "includes all of"),
        (Comparison::IncludesAny(values), "or") => (values, "includes any of"),
        (Comparison::IncludesAll(values), "and") => (values, "includes all of"),
        _ => return None,
    };
    let values: Option<Vec<&str>> = values.iter().map(word_of).collect();
    Some((field.text.clone(), values?.join(", "), form))
}

fn bare(condition: &Condition) -> Option<&Word> {
    match &condition.kind {
        ConditionKind::Bare(word) if !word.text.contains('.') => Some(word),
        _ => None,
    }
}

fn word_of(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::Word(word) => Some(word),
        _ => None,
    }
}
