//! What a clinician may have meant by a clause that was not understood.
//!
//! The bad slice is parsed again by the strict rule; the furthest place that this reaches is at or next to the
//! culprit. What stands before and after it is looked up in an ordered list of mistakes, each with words of its own.

mod clauses;
mod comparisons;
pub(super) mod examples;
mod hints;
mod joined;
mod known;
mod lists;
mod owed;
mod quotes;
mod rest;
mod times;

use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Span;

use super::ast::Condition;
use super::guess::{Guess, MOST_GUESSES, Needed};
use super::parser::Lowering;
use super::problem;
use super::tree::{self, Node, Rule};

/// Words that begin a clause of a rule.
const CLAUSES: &[&str] = &[
    "when",
    "permit",
    "permit when",
    "forbid",
    "forbid when",
    "never",
    "require",
    "risk ceiling",
    "supervision",
    "rescue plan",
    "unless",
    "if",
    "severity",
    "because",
    "cites",
    "remedy",
    "limit",
    "oblige",
    "otherwise",
    "untested because",
    "silence is accepted because",
    "allow",
];

/// Words that begin a clause of a policy's header.
const HEADER_CLAUSES: &[&str] =
    &["version", "owner", "effective from", "time zone", "calendar", "vocabulary", "applies when", "default", "allow"];

/// Words that begin a declaration.
const DECLARATIONS: &[&str] =
    &["policy", "rule", "define", "table", "case", "example", "vocabulary", "scale", "kind", "field"];

/// A bad slice, and where the strict rule stopped in it.
pub(super) struct Slice<'t> {
    /// The text that was not understood.
    pub(super) text: &'t str,
    /// What stands before the place where reading stopped.
    pub(super) before: &'t str,
    /// What stands there and after it.
    pub(super) after: &'t str,
}

impl<'t> Slice<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        Self { text, before: text.get(..at).unwrap_or(""), after: text.get(at..).unwrap_or("") }
    }
}

/// A mistake that is known, and where in the slice it lies.
pub(super) struct Mistake {
    pub(super) at: Where,
    pub(super) message: String,
    pub(super) help: String,
}

/// The word that a message is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    /// The word at which reading stopped.
    Here,
    /// The word before it.
    Before,
    /// That word and the one before it.
    Both,
    /// The first word of the slice.
    First,
}

/// What of a bad slice can still be checked, though it does not count.
pub(super) enum Left<'t> {
    Nothing,
    /// A whole clause, before the line at fault.
    Whole(Node<'t>),
    /// The clause, as if its lengths had the units that they lack.
    Mended(String),
    /// The conditions that the clause joins to the one at fault.
    Conditions(Vec<Condition>),
}

/// Reports what is wrong with a slice, and with every further line of it that begins with a misspelt clause word. Gives what
/// is left of it.
pub(super) fn report<'t>(lowering: &mut Lowering<'_>, node: &Node<'t>, by: Rule) -> Left<'t> {
    let text = node.as_str().trim_end();
    let words: Vec<&str> = match by {
        Rule::only_pclause => [HEADER_CLAUSES, DECLARATIONS].concat(),
        Rule::only_decl => DECLARATIONS.to_vec(),
        _ => [CLAUSES, DECLARATIONS].concat(),
    };
    // A whole clause, and only what stands below it was not understood: that is a slice of its own, and reported there.
    if let Ok(whole) = tree::parse(by, text) {
        return Left::Whole(whole);
    }
    let at = stop(by, text);
    let origin = lowering.origin.at(node.as_span().start());
    let place = |at: usize, length: usize| tree::whole_characters(origin, text, at, length);
    let before = text.get(..at).filter(|before| at > 0 && begins_line(before));
    let good = before.and_then(|before| tree::parse(by, before).ok());
    let word = first_word(text.get(at..).unwrap_or(""));
    let problem = if quotes::goes_on(lowering.text, origin.base + at) {
        problem::quote_within_text(place(at, word.len()))
    } else if let Some(clause) = header_clause(by, text, at) {
        problem::header_clause(clause, place(at, clause.len()))
    } else if is_declaration_without_name(text, at) {
        problem::missing_name(word, place(at, word.len()), None)
    } else if good.is_some() && begins_remark(word) && known::except_here(text, at).is_none() {
        problem::unknown_clause(word, place(at, word.len()), &words)
    } else {
        chief(text, at, &words, place)
    };
    guess_names(lowering, &problem, &Slice::new(text, at), place);
    lowering.problems.push(problem.clone());
    report_later_lines(lowering, text, at, &words, place);
    let base = node.as_span().start();
    if let Some(good) = good {
        return Left::Whole(good);
    }
    if problem.code == codes::NO_UNIT
        && let Some(mended) = rest::with_units(lowering, by, (text, base))
    {
        return Left::Mended(mended);
    }
    match rest::conditions(lowering, by, (text, base), &problem) {
        read if read.is_empty() => Left::Nothing,
        read => Left::Conditions(read),
    }
}

/// Says whether below a whole clause a word begins what is neither a clause nor a list: a word, a number, a parenthesis.
fn begins_remark(word: &str) -> bool {
    known::is_name(word) || word == "(" || word.starts_with(|c: char| c.is_ascii_digit())
}

/// Finds the words of a header's clause at a line's beginning, where no header is.
fn header_clause(by: Rule, text: &str, at: usize) -> Option<&str> {
    let rest = text.get(at..)?;
    if by == Rule::only_pclause || !begins_line(text.get(..at)?) {
        return None;
    }
    let clause = |words: &&&str| {
        let blank = |rest: &str| rest.starts_with([' ', '\t', '\u{A0}']);
        let named = rest.get(..words.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(words));
        named && rest.get(words.len()..).is_some_and(blank)
    };
    let words = HEADER_CLAUSES.iter().filter(|words| !matches!(**words, "vocabulary" | "allow")).find(clause)?;
    rest.get(..words.len())
}

/// Says whether a word that begins a declaration stands alone on its line.
fn is_declaration_without_name(text: &str, at: usize) -> bool {
    let line = text.get(at..).and_then(|rest| rest.lines().next()).unwrap_or("").trim();
    let alone = DECLARATIONS.iter().any(|word| word.eq_ignore_ascii_case(line));
    alone && begins_line(text.get(..at).unwrap_or(""))
}

/// Keeps better words in case that words around the place are the name of something, written apart.
fn guess_names(
    lowering: &mut Lowering<'_>,
    problem: &Diagnostic,
    slice: &Slice<'_>,
    place: impl Fn(usize, usize) -> Span,
) {
    if problem.code != codes::NOT_UNDERSTOOD || lowering.guesses.len() >= MOST_GUESSES {
        return;
    }
    let mut instead = Vec::new();
    for joined in joined::around(slice) {
        let at = place(joined.at, joined.words.len());
        for name in joined.names {
            let better = problem::words_apart(joined.words, &name, at);
            instead.push((vec![Needed::Any(name)], better));
        }
    }
    if !instead.is_empty() {
        lowering.guesses.push(Guess { problem: problem.clone(), instead });
    }
}

/// Finds where the strict rule stops, moved on to the next word.
fn stop(by: Rule, text: &str) -> usize {
    let at = tree::parse(by, text).err().map_or(0, |stopped| stopped.at).min(text.len());
    let rest = text.get(at..).unwrap_or("");
    let blanks = rest.len() - rest.trim_start().len();
    if blanks == rest.len() { at } else { at + blanks }
}

/// Words the chief problem of a slice: what can be told surely first, then what is known, then what is near.
fn chief(text: &str, at: usize, words: &[&str], place: impl Fn(usize, usize) -> Span) -> Diagnostic {
    let slice = Slice::new(text, at);
    if let Some(quote) = quotes::unclosed(text, at) {
        return problem::unclosed_text(place(quote.at, 1), quote.closing, quote.other.map(|other| place(other, 1)));
    }
    if let Some(number) = hints::number_without_unit(&slice) {
        let end = slice.before.trim_end().len();
        return problem::no_unit(&number, place(end - number.len(), number.len()));
    }
    let word = first_word(slice.after);
    if lists::is_place_of_name(&slice) && tree::parse(Rule::reserved, word).is_ok() {
        return problem::reserved_name(word, place(at, word.len()));
    }
    if begins_line(slice.before) && at > 0 && is_misspelt(word, words) {
        return problem::unknown_clause(word, place(at, word.len()), words);
    }
    if let Some(mistake) = known::mistake(&slice) {
        let (from, length) = mistake.at.place(&slice);
        return problem::not_understood(mistake.message, place(from, length), Some(mistake.help));
    }
    let opening = first_word(text);
    if !knows(opening, words) {
        return problem::unknown_clause(opening, place(0, opening.len()), words);
    }
    if slice.after.trim().is_empty() {
        return ends_early(&slice, place);
    }
    problem::not_understood(format!("`{word}` is not expected here"), place(at, word.len()), hints::hint(&slice))
}

fn ends_early(slice: &Slice<'_>, place: impl Fn(usize, usize) -> Span) -> Diagnostic {
    if let Some(open) = hints::unclosed_parenthesis(slice.text) {
        let message = "this parenthesis is not closed".to_owned();
        return problem::not_understood(
            message,
            place(open, 1),
            Some("close it with `)` where the condition ends".to_owned()),
        );
    }
    let last = slice.before.trim_end();
    let from = last.len() - last_word(last).len();
    let message = format!("this ends after `{}`, and something is missing", last_word(last));
    problem::not_understood(
        message,
        place(from, last_word(last).len()),
        hints::what_follows(last).or_else(|| hints::hint(slice)),
    )
}

impl Where {
    /// Gives where the word begins in the slice, and its length.
    fn place(self, slice: &Slice<'_>) -> (usize, usize) {
        match self {
            Self::Here => (slice.before.len(), first_word(slice.after).len()),
            Self::Both => {
                let before = slice.before.trim_end();
                let from = before.len() - last_word(before).len();
                (from, slice.before.len() + first_word(slice.after).len() - from)
            }
            Self::First => (0, first_word(slice.text).len()),
            Self::Before => {
                let before = slice.before.trim_end();
                let length = last_word(before).len();
                (before.len() - length, length)
            }
        }
    }
}

/// Says whether a clause or declaration begins with the word; `time zone` begins with `time`.
fn knows(word: &str, words: &[&str]) -> bool {
    let first = |known: &&str| known.split(' ').next().is_some_and(|first| first.eq_ignore_ascii_case(word));
    words.iter().any(first)
}

/// Says whether a word is near to one of the words, and none of them.
fn is_misspelt(word: &str, words: &[&str]) -> bool {
    !knows(word, words) && !nearest(word, words.iter().copied()).is_empty()
}

/// Reports the lines after the chief one that begin with a word near to a clause word.
fn report_later_lines(
    lowering: &mut Lowering<'_>,
    text: &str,
    at: usize,
    words: &[&str],
    place: impl Fn(usize, usize) -> Span,
) {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let from = offset + line.len() - line.trim_start().len();
        offset += line.len();
        let word = first_word(line.trim_start());
        let goes_on = rest::ends_where(line.trim_start());
        if from > at && !word.is_empty() && !goes_on && is_misspelt(word, words) {
            lowering.problems.push(problem::unknown_clause(word, place(from, word.len()), words));
        }
    }
}

fn begins_line(before: &str) -> bool {
    before.rsplit(['\n', '\r']).next().is_some_and(|line| line.trim().is_empty())
}

/// Gives the word that a text begins with: letters, digits, `_`, `.` and `-`; or else its first character.
pub(super) fn first_word(text: &str) -> &str {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '\u{2011}');
    let end = text.find(|c: char| !is_word(c)).unwrap_or(text.len());
    let end = if end == 0 { text.chars().next().map_or(0, char::len_utf8) } else { end };
    let word = text.get(..end).unwrap_or("");
    if word.chars().all(|c| c == '.') { word } else { word.trim_end_matches('.') }
}

/// Gives the word that a text ends with.
pub(super) fn last_word(text: &str) -> &str {
    text.split_whitespace().last().unwrap_or("")
}
