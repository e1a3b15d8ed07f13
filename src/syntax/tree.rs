//! The door to pest: parsing a text or a slice of it, and what every lowering needs of a pair.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use pest::Parser;
use pest::iterators::Pair;

use crate::source::{SourceId, Span};

use super::ast::{Text, Word};

/// The parser that pest derives from the grammar.
#[derive(pest_derive::Parser)]
#[grammar = "grammar/forbear.pest"]
pub(super) struct Grammar;

/// Where a tree comes from: an input, and where in it the parsed text begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin {
    pub(super) source: SourceId,
    pub(super) base: usize,
}

impl Origin {
    /// Gives the origin of a slice that begins at a byte of the parsed text.
    pub(super) fn at(self, start: usize) -> Self {
        Self { base: self.base + start, ..self }
    }

    /// Gives the place of bytes of the parsed text.
    pub(super) fn span(self, start: usize, end: usize) -> Span {
        Span::new(self.source, self.base + start, self.base + end)
    }
}

/// A node of the parse tree.
pub(super) type Node<'t> = Pair<'t, Rule>;

/// Where a parse stopped: the furthest place that it reached.
pub(super) struct Stopped {
    pub(super) at: usize,
    /// Whether it gave up because the text nests too deeply.
    pub(super) too_deep: bool,
}

/// Parses a text by a rule of the grammar.
pub(super) fn parse(by: Rule, text: &str) -> Result<Node<'_>, Stopped> {
    let mut pairs = Grammar::parse(by, text).map_err(|error| stopped(&error))?;
    pairs.next().ok_or(Stopped { at: 0, too_deep: false })
}

fn stopped(error: &pest::error::Error<Rule>) -> Stopped {
    let at = match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    };
    let too_deep = matches!(&error.variant, pest::error::ErrorVariant::CustomError { .. });
    Stopped { at, too_deep }
}

/// Which rules are keywords, by number.
static KEYWORDS: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut keywords = Vec::new();
    for which in Rule::all_rules() {
        let at = *which as usize;
        keywords.resize(keywords.len().max(at + 1), false);
        if let Some(keyword) = keywords.get_mut(at) {
            *keyword = format!("{which:?}").starts_with("k_");
        }
    }
    keywords
});

/// Says whether a rule is that of a keyword.
pub(super) fn is_keyword(which: Rule) -> bool {
    KEYWORDS.get(which as usize).copied().unwrap_or(false)
}

fn is_passed_over(which: Rule) -> bool {
    matches!(which, Rule::COMMENT | Rule::EOI) || is_keyword(which)
}

/// Gives the children that carry meaning: neither keywords nor comments.
pub(super) fn parts(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.into_inner().filter(|part| !is_passed_over(part.as_rule()))
}

/// Gives the first child that carries meaning.
pub(super) fn first(node: Node<'_>) -> Option<Node<'_>> {
    parts(node).next()
}

/// Gives the place of a node, from its first token to its last: neither blanks nor comments after it belong to it.
pub(super) fn span(origin: Origin, node: &Node<'_>) -> Span {
    let start = node.as_span().start();
    let end = last_token_end(node).unwrap_or_else(|| start + node.as_str().trim_end().len());
    origin.span(start, end.max(start))
}

/// Finds the end of the last token that is no comment. A loop, since trees may be deep.
fn last_token_end(node: &Node<'_>) -> Option<usize> {
    let mut here = node.clone();
    loop {
        let text_end = here.as_span().start() + here.as_str().trim_end().len();
        let last = here.clone().into_inner().filter(|part| part.as_rule() != Rule::COMMENT).last();
        match last {
            Some(part) if !closes_itself(&here) => here = part,
            _ => return Some(text_end),
        }
    }
}

/// Says whether a node ends in a token of its own, not in its last part.
fn closes_itself(node: &Node<'_>) -> bool {
    matches!(node.as_rule(), Rule::group | Rule::percent)
}

/// Gives the place of so many bytes of a text, widened to whole characters; of nothing, or of the end, the character
/// there or the last one before it. So a label never splits a character, and never lies outside its text.
pub(super) fn whole_characters(origin: Origin, text: &str, at: usize, length: usize) -> Span {
    let last = text.char_indices().next_back().map_or(0, |(last, _)| last);
    let start = text.floor_char_boundary(at.min(last));
    let end = text.ceil_char_boundary((start + length.max(1)).max(at.saturating_add(length)).min(text.len()));
    origin.span(start, end)
}

/// Gives the comparison of a field that `not` stands before, where the two can be said in one word: `not a is b` is
/// `a is not b`. Of a table this would not be the same: where no level suffices, both `is` and `is not` are false.
pub(super) fn negated_comparison<'t>(not: &Node<'t>, tables: &BTreeSet<String>) -> Option<Node<'t>> {
    let comparison = first(not.clone()).filter(|part| part.as_rule() == Rule::comparison)?;
    let mut inner = parts(comparison.clone());
    let (field, op) = (inner.next()?, inner.next()?);
    let can_turn = matches!(
        op.as_rule(),
        Rule::is
            | Rule::is_not
            | Rule::is_one_of
            | Rule::is_not_one_of
            | Rule::is_present
            | Rule::is_not_missing
            | Rule::is_missing
            | Rule::is_not_present
    );
    (can_turn && !tables.contains(&plain_name(field.as_str()))).then_some(comparison)
}

/// Gives the names of the tables that a file declares.
pub(super) fn tables(file: &Node<'_>) -> BTreeSet<String> {
    let names = parts(file.clone()).filter(|part| part.as_rule() == Rule::table).filter_map(first);
    let names = names.filter(|part| part.as_rule() == Rule::table_name).filter_map(first);
    names.map(|name| plain_name(name.as_str())).collect()
}

/// Reads a name or path: NFC, hyphens as underscores.
pub(super) fn word(origin: Origin, node: &Node<'_>) -> Word {
    Word { text: plain_name(node.as_str()), span: span(origin, node) }
}

/// Brings a name into the form in which names are compared.
pub(super) fn plain_name(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.trim().replace(['-', '\u{2011}'], "_").nfc().collect()
}

/// Puts one blank where words are apart, as the code around a string has it whatever its blanks are.
pub(super) fn one_blank(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads one or several strings as one text.
pub(super) fn text(origin: Origin, node: &Node<'_>) -> Text {
    let place = span(origin, node);
    let pieces: Vec<String> = if node.as_rule() == Rule::string {
        vec![unquoted(node.as_str())]
    } else {
        parts(node.clone()).map(|piece| unquoted(piece.as_str())).collect()
    };
    Text { text: joined(&pieces), span: place }
}

/// Joins the pieces of a text with a blank where neither side has one.
fn joined(pieces: &[String]) -> String {
    let mut whole = String::new();
    for piece in pieces {
        let needs_blank =
            !whole.is_empty() && !whole.ends_with(char::is_whitespace) && !piece.starts_with(char::is_whitespace);
        if needs_blank {
            whole.push(' ');
        }
        whole.push_str(piece);
    }
    whole
}

/// Takes the quotes off, straight or curly, and the backslash from `\"` and `\\`.
pub(super) fn unquoted(text: &str) -> String {
    let mut inner = text.trim().chars();
    let straight = inner.next() == Some('"');
    inner.next_back();
    let inner = inner.as_str();
    if straight { inner.replace("\\\"", "\"").replace("\\\\", "\\") } else { inner.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_made_of_whole_characters() {
        let origin = Origin { source: SourceId(0), base: 100 };
        let place = |text: &str, at, length| {
            let span = whole_characters(origin, text, at, length);
            text.get(span.start - 100..span.end - 100).map(str::to_owned)
        };
        assert_eq!(place("a “b", 2, 1).as_deref(), Some("“"));
        assert_eq!(place("a “b", 3, 1).as_deref(), Some("“"));
        assert_eq!(place("a “b", 1, 0).as_deref(), Some(" "));
        assert_eq!(place("a ü", 4, 1).as_deref(), Some("ü"));
        assert_eq!(place("word", 1, 2).as_deref(), Some("or"));
        assert_eq!(place("", 0, 1).as_deref(), Some(""));
        assert_eq!(place("ü", 70, 7).as_deref(), Some("ü"));
    }
}
