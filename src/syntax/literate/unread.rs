//! What looks like a block of policy in a document, and is not read: rules that a committee believes to be in force.
//!
//! A line with marks and the word `forbear`, or nearly so, that opens no block; and a block without a word that begins as a
//! policy does. A block within a longer or other pair of marks is a quotation, as in a document about documents; what stands
//! in a comment was put there on purpose.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::is_ours;
use crate::diagnostic::slips;

/// Why a block is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::syntax) enum Why {
    /// Its word is nearly `forbear`.
    Misspelt,
    /// It has no word, and begins as a policy does.
    NoWord,
    /// It stands within a block that began before, which is perhaps not closed.
    Within,
    /// It stands within HTML, or is indented, or has marks that are none.
    NoBlock,
}

/// Gives each line that opens what is not read, and why.
pub(in crate::syntax) fn unread(text: &str) -> Vec<(Range<usize>, Why)> {
    let blocks = Blocks::of(text);
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let mark = Mark::of(line, start);
        found.extend(mark.and_then(|mark| Some((mark.range.clone(), blocks.why_not_read(&mark)?))));
        start += line.len();
    }
    found.extend(blocks.without_word.into_iter().map(|at| (at, Why::NoWord)));
    found.sort_by_key(|(at, _)| at.start);
    found
}

/// A line that could open a block.
struct Mark<'t> {
    /// From the first of its marks to the end of its word.
    range: Range<usize>,
    marks: &'t str,
}

impl<'t> Mark<'t> {
    /// Knows a line by two marks or more and a word that is nearly `forbear`.
    fn of(line: &'t str, start: usize) -> Option<Self> {
        const MARKS: [char; 9] = ['`', '~', '´', '\'', '‘', '’', '“', '”', '"'];
        let before = line.find(MARKS)?;
        let is_lead = |c: char| c.is_whitespace() || c.is_ascii_digit() || ['>', '-', '*', '+', '.', ')'].contains(&c);
        let (lead, rest) = line.split_at_checked(before)?;
        let after = rest.trim_start_matches(MARKS);
        let marks = rest.get(..rest.len() - after.len())?;
        let word_starts = after.trim_start_matches([' ', '\t', '{', '.', '=']);
        let word = word_starts.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_').next()?;
        let end = start + line.len() - word_starts.len() + word.len();
        let is_one = lead.chars().all(is_lead) && marks.chars().count() > 1 && is_nearly_ours(word);
        is_one.then_some(Self { range: start + before..end, marks })
    }
}

fn is_nearly_ours(word: &str) -> bool {
    const LONGEST: usize = 40;
    let word = word.to_lowercase();
    word.len() <= LONGEST && (word.contains("forbear") || slips(&word, "forbear") <= 2)
}

/// Says whether a line begins a policy, or a part of one.
fn is_declaration(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let first = words.next().unwrap_or("");
    let (name, next) = (words.next().unwrap_or(""), words.next());
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') && !name.is_empty();
    let declares =
        ["policy", "rule", "vocabulary", "case", "table"].iter().any(|word| first.eq_ignore_ascii_case(word));
    declares && is_name && next.is_none_or(|next| next.starts_with('"') || next.eq_ignore_ascii_case("gives"))
}

/// The blocks of a document.
#[derive(Default)]
struct Blocks {
    /// Where those that are read begin.
    read: BTreeSet<usize>,
    /// The others, and their marks.
    others: Vec<(Range<usize>, String)>,
    comments: Vec<Range<usize>>,
    /// The first lines of those that have no word and begin as a policy does.
    without_word: Vec<Range<usize>>,
}

impl Blocks {
    fn of(text: &str) -> Self {
        let mut blocks = Self::default();
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            let said = text.get(range.clone()).unwrap_or("");
            match event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_ours(&info) => {
                    blocks.read.insert(range.start);
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let has_word = matches!(&kind, CodeBlockKind::Fenced(info) if !info.trim().is_empty());
                    let marks: String = said.chars().take_while(|c| ['`', '~'].contains(c)).collect();
                    if !has_word {
                        blocks.without_word.extend(first_declaration(said, range.start, !marks.is_empty()));
                    }
                    blocks.others.push((range, marks));
                }
                Event::Start(Tag::HtmlBlock) if said.trim_start().starts_with("<!--") => blocks.comments.push(range),
                _ => {}
            }
        }
        blocks
    }

    fn why_not_read(&self, mark: &Mark<'_>) -> Option<Why> {
        let at = mark.range.start;
        if self.read.contains(&at) || self.comments.iter().any(|comment| comment.contains(&at)) {
            return None;
        }
        let Some((block, marks)) = self.others.iter().find(|(block, _)| block.contains(&at)) else {
            return Some(Why::NoBlock);
        };
        match () {
            () if block.start == at => Some(Why::Misspelt),
            () if marks.is_empty() => Some(Why::NoBlock),
            // Only shorter marks, or others, can be meant to stand within.
            () if !marks.starts_with(mark.marks.chars().next()?) || mark.marks.len() < marks.len() => None,
            () => Some(Why::Within),
        }
    }
}

/// Gives the first line of a block that is not blank, if it begins a policy or a part of one.
fn first_declaration(block: &str, start: usize, has_marks: bool) -> Option<Range<usize>> {
    let first_line = block.find(['\n', '\r']).filter(|_| has_marks).unwrap_or(0);
    let body = block.get(first_line..)?.trim_start();
    let said = body.split(['\n', '\r']).next()?.trim_end();
    let from = start + block.len() - body.len();
    is_declaration(said).then_some(from..from + said.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Why)> {
        unread(text).into_iter().map(|(at, why)| (text.get(at).unwrap(), why)).collect()
    }

    #[test]
    fn what_looks_like_a_block_and_is_none_is_found() {
        for (text, line, why) in [
            ("```forbears\nrule a\n```\n", "```forbears", Why::Misspelt),
            ("``` forebear\nrule a\n```\n", "``` forebear", Why::Misspelt),
            ("~~~ {.forbear}\nrule a\n~~~\n", "~~~ {.forbear", Why::Misspelt),
            ("```forbear-policy\nrule a\n```\n", "```forbear-policy", Why::Misspelt),
            ("```\nrule a \"A\"\n  require b\n```\n", "rule a \"A\"", Why::NoWord),
            ("Words.\n\n    policy ward \"W\"\n      version 1\n", "policy ward \"W\"", Why::NoWord),
            ("```text\nnot closed\n\n```forbear\nrule a\n```\n", "```forbear", Why::Within),
            ("<details>\n```forbear\nrule a\n```\n</details>\n", "```forbear", Why::NoBlock),
            ("‘‘‘forbear\nrule a\n‘‘‘\n", "‘‘‘forbear", Why::NoBlock),
            ("``forbear\nrule a\n``\n", "``forbear", Why::NoBlock),
            ("1. One\n\n        ```forbear\n        rule a\n        ```\n", "```forbear", Why::NoBlock),
        ] {
            assert_eq!(found(text), [(line, why)], "{text}");
        }
    }

    #[test]
    fn what_is_read_and_what_is_quoted_is_not() {
        for text in [
            "```forbear\nrule a\n```\n",
            "> ```forbear\n> rule a\n> ```\n",
            "1. One\n   ```Forbear\n   rule a\n   ```\n",
            "````markdown\n```forbear\nrule a\n```\n````\n",
            "~~~\n```forbear\nrule a\n```\n~~~\n",
            "<!--\n```forbear\nrule a\n```\n-->\n",
            "```\nrule of thumb: none\n```\n",
            "```text\nrule a \"A\"\n```\n",
            "The word `forbear` within a sentence, and \"forbear\" in quotes.\n",
            "```fortran\nend\n```\n",
        ] {
            assert!(found(text).is_empty(), "{text}\n{:?}", found(text));
        }
    }
}
