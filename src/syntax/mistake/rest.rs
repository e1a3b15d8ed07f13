//! What stands beside a mistake in one clause: conditions that it is joined to are read each by itself, so that a second
//! mistake need not wait for the first to be mended. None of them counts; their names and types are still checked.

use std::ops::Range;

use crate::diagnostic::Diagnostic;

use super::super::ast::Condition;
use super::super::parser::Lowering;
use super::super::tree::{self, Rule};
use super::{CLAUSES, Slice, chief, first_word, guess_names, hints, known, quotes, stop};

/// How many conditions of one clause are read by themselves.
const MOST_PIECES: usize = 1_000;

/// How many lengths without a unit are told of one clause.
const MOST_UNITS: usize = 20;

/// Words that a clause begins with which a condition follows.
const OPENINGS: &[&str] = &["when", "unless", "require", "permit when", "forbid when", "never when", "applies when"];

/// Words and signs that a comparison begins with.
const COMPARING: &[&str] = &[
    "is", "at", "above", "below", "between", "before", "after", "within", "includes", "equals", "on", "must", "should",
    "has", "atleast", "atmost", ">", "<", "=", "!", "\u{2265}", "\u{2264}", "\u{2260}",
];

/// Signs that a bullet begins with.
const DASHES: &[char] = &['-', '\u{2010}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2022}', '\u{25AA}', '\u{B7}', '*'];

/// Reads the conditions of a clause that are not at fault, and reports the mistakes of the others but for the one told.
pub(super) fn conditions(
    lowering: &mut Lowering<'_>,
    by: Rule,
    (text, base): (&str, usize),
    told: &Diagnostic,
) -> Vec<Condition> {
    let Some(Opening { words: opening, length }) = opening(text, by) else { return Vec::new() };
    if quotes::unclosed(text, stop(by, text)).is_some() {
        return Vec::new();
    }
    let mut read = Vec::new();
    let told = told.span().map_or(0..0, |span| span.start..span.end.max(span.start + 1));
    for piece in pieces(text, length).into_iter().take(MOST_PIECES) {
        let place = lowering.origin.base + base + piece.start..lowering.origin.base + base + piece.end;
        if place.start < told.end && told.start <= place.end {
            continue;
        }
        let Some(said) = text.get(piece.clone()) else { continue };
        for (at, key) in keys(said) {
            let clause = format!("require {key} is present");
            let origin = lowering.origin.at(base + piece.start + at - "require ".len());
            let tree = tree::parse(Rule::only_clause, &clause).ok();
            let condition =
                tree.and_then(|tree| tree.into_inner().flatten().find(|node| node.as_rule() == Rule::condition));
            read.extend(condition.map(|node| lowering.at(origin, |this| this.condition(node))));
        }
        if !is_comparison(said) {
            continue;
        }
        // The blank before the piece is where the opening ends: so places in it are places in the text.
        let clause = format!("{opening} {said}");
        let origin = lowering.origin.at(base + piece.start - opening.len() - 1);
        match tree::parse(by, &clause) {
            Ok(tree) => {
                let condition = tree.into_inner().flatten().find(|node| node.as_rule() == Rule::condition);
                read.extend(condition.map(|node| lowering.at(origin, |this| this.condition(node))));
            }
            Err(_) => {
                let at = stop(by, &clause);
                // Where it ends too early, its end may be what was taken off, or lie behind the mistake that is told.
                if clause.get(at..).unwrap_or("").trim().is_empty() {
                    continue;
                }
                let place = |at: usize, length: usize| tree::whole_characters(origin, &clause, at, length);
                let problem = chief(&clause, at, CLAUSES, place);
                guess_names(lowering, &problem, &Slice::new(&clause, at), place);
                lowering.problems.push(problem);
            }
        }
    }
    read
}

/// Gives a clause as if its lengths without a unit had one, if that is all that is wrong; further ones are reported.
pub(super) fn with_units(lowering: &mut Lowering<'_>, by: Rule, (text, base): (&str, usize)) -> Option<String> {
    let origin = lowering.origin.at(base);
    let mut text = text.to_owned();
    for told in 0..MOST_UNITS {
        let at = stop(by, &text);
        let slice = Slice::new(&text, at);
        let number = hints::number_without_unit(&slice)?;
        let end = slice.before.trim_end().len();
        if told > 0 {
            let place = tree::whole_characters(origin, &text, end - number.len(), number.len());
            lowering.problems.push(super::problem::no_unit(&number, place));
        }
        // One byte for one byte, so that no place moves; a length of nothing is one of whole days too.
        match number.len() {
            _ if end == text.len() => text.push('s'),
            2.. => text.replace_range(end - number.len()..end, &format!("{}s", "0".repeat(number.len() - 1))),
            _ => return None,
        }
        if tree::parse(by, &text).is_ok() {
            return Some(text);
        }
    }
    None
}

/// What a condition stands behind.
struct Opening<'t> {
    /// Words with which a clause may begin that has nothing but a condition; not longer than what stands before the condition.
    words: &'t str,
    /// How long what stands before the condition is.
    length: usize,
}

/// Gives the words up to where the condition begins, as they are written on one line; of a limit, where its `where` ends.
fn opening(text: &str, by: Rule) -> Option<Opening<'_>> {
    if by == Rule::only_clause && first_word(text).eq_ignore_ascii_case("limit") {
        let length = word_at(text, 0, "where")? + "where".len();
        return Some(Opening { words: "require", length });
    }
    words_of(text, by).map(|words| Opening { words, length: words.len() })
}

/// Finds a word from some place on.
fn word_at(text: &str, from: usize, word: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let mut places = lower.match_indices(word).map(|(at, _)| at).filter(|at| *at >= from);
    let blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
    places.find(|at| {
        let before = lower.get(..*at).and_then(|before| before.chars().next_back());
        let after = lower.get(at + word.len()..).and_then(|after| after.chars().next());
        blank(before) && blank(after)
    })
}

fn words_of(text: &str, by: Rule) -> Option<&str> {
    if by == Rule::only_decl {
        let line = text.lines().next()?;
        let begins = first_word(line).eq_ignore_ascii_case("define");
        let end = line.find(" as ").or_else(|| line.strip_suffix(" as").map(str::len))? + " as".len();
        return line.get(..end).filter(|opening| begins && !opening.contains('#'));
    }
    let begins = |words: &&&str| {
        let named = text.get(..words.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(words));
        named && text.get(words.len()..).is_some_and(|rest| rest.starts_with(char::is_whitespace))
    };
    text.get(..OPENINGS.iter().find(begins)?.len())
}

/// Gives the fields that stand behind `per`, each with where it begins.
fn keys(said: &str) -> Vec<(usize, &str)> {
    if !first_word(said).eq_ignore_ascii_case("per") {
        return Vec::new();
    }
    let mut at = "per".len();
    let mut found = Vec::new();
    for part in said.get(at..).unwrap_or("").split(',') {
        let begins = at + part.len() - part.trim_start().len();
        let name = first_word(part.trim_start());
        if known::is_name(name) {
            found.push((begins, name));
        }
        at += part.len() + 1;
    }
    found
}

/// Says whether something looks like a comparison: a group's field, or a name and a word that compares.
fn is_comparison(said: &str) -> bool {
    let mut words = said.split_whitespace();
    let mut first = words.next().unwrap_or("");
    while first.eq_ignore_ascii_case("not") {
        first = words.next().unwrap_or("");
    }
    let is_name = known::is_name(first) && tree::parse(Rule::reserved, first).is_err();
    let compares = words.next().is_some_and(|word| {
        let word = word.to_lowercase();
        COMPARING
            .iter()
            .any(|known| word == *known || !known.starts_with(char::is_alphabetic) && word.starts_with(known))
    });
    is_name && (first.contains('.') || compares)
}

/// Takes a condition apart where it is joined, and at its bullets, whatever lies within whatever.
fn pieces(text: &str, from: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = from;
    let mut between = false;
    let mut here = from;
    let mut begins_line = false;
    while let Some(c) = text.get(here..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(here..).unwrap_or("");
        let word = first_word(rest);
        let is_bullet = begins_line && rest.starts_with(DASHES) && rest.chars().nth(1).is_some_and(char::is_whitespace);
        let mut next = here + c.len_utf8();
        if c.is_whitespace() {
            begins_line |= matches!(c, '\n' | '\r');
            here = next;
            continue;
        }
        if is_bullet {
            found.push(start..here);
            (start, between) = (next, false);
        } else if c == '#' {
            found.push(start..here);
            next = here + rest.find(['\n', '\r']).unwrap_or(rest.len());
            start = next;
        } else if matches!(c, '"' | '\u{201C}' | '\u{201E}' | '\u{AB}') {
            next = here + past_quote(rest);
        } else if c.is_alphabetic() {
            next = here + word.len().max(c.len_utf8());
            let lower = word.to_lowercase();
            if lower == "between" {
                between = true;
            } else if lower == "and" && between {
                between = false;
            } else if matches!(lower.as_str(), "and" | "or" | "where" | "among") {
                found.push(start..here);
                (start, between) = (next, false);
            } else if ends_where(rest) {
                found.push(start..here);
                (start, between) = (here, false);
            }
        }
        begins_line = false;
        here = next;
    }
    found.push(start..text.len());
    found.into_iter().map(|piece| trimmed(text, piece)).filter(|piece| !piece.is_empty()).collect()
}

/// Says whether what stands behind the condition of a `where` begins: keys, a window, the most that a share may be.
pub(super) fn ends_where(rest: &str) -> bool {
    let mut words = rest.split_whitespace().map(str::to_lowercase);
    let words = [words.next(), words.next(), words.next()].map(Option::unwrap_or_default);
    let is_share = || {
        let number = words[1].trim_end_matches('%');
        let is_number = number.starts_with(|c: char| c.is_ascii_digit());
        is_number && (number.len() < words[1].len() || matches!(words[2].as_str(), "%" | "per" | "percent"))
    };
    match [words[0].as_str(), words[1].as_str()] {
        ["per", _] | ["in", "the" | "any"] | ["to", "date"] | ["at", "the"] => true,
        ["to", _] => is_share(),
        _ => false,
    }
}

/// Gives how long a text in quotes is, with its quotes.
fn past_quote(rest: &str) -> usize {
    let mut inner = rest.char_indices().skip(1);
    inner
        .find(|(_, c)| matches!(c, '"' | '\u{201C}' | '\u{201D}' | '\u{BB}'))
        .map_or(rest.len(), |(at, c)| at + c.len_utf8())
}

/// Takes off blanks, marks at the end, and parentheses that are not closed within.
fn trimmed(text: &str, piece: Range<usize>) -> Range<usize> {
    let said = text.get(piece.clone()).unwrap_or("");
    let begins = said.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let start = piece.start + said.len() - begins.len();
    let opened = begins.matches('(').count();
    let mut kept = begins.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.'));
    while kept.matches(')').count() > opened && kept.ends_with(')') {
        kept = kept.trim_end_matches(|c: char| c.is_whitespace()).strip_suffix(')').unwrap_or(kept).trim_end();
    }
    start..start + kept.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_taken_apart_where_it_is_joined() {
        let said = |text: &str| -> Vec<String> {
            let pieces = pieces(text, "require".len());
            pieces.into_iter().map(|piece| text.get(piece).unwrap_or("").to_owned()).collect()
        };
        assert_eq!(said("require a and (b or c)"), ["a", "b", "c"]);
        assert_eq!(said("require a between 1 and 2 and b"), ["a between 1 and 2", "b"]);
        assert_eq!(said("require any of\n  - a is \"x and y\", # and so\n  - b"), ["any of", "a is \"x and y\"", "b"]);
        assert_eq!(said("require android"), ["android"]);
        assert_eq!(
            said("require count of episodes where a is b and c per k in the past 3 days at most 2"),
            ["count of episodes", "a is b", "c", "per k", "in the past 3 days at most 2"]
        );
        assert_eq!(keys("per a.b,  c in"), [(4, "a.b"), (10, "c")]);
    }
}
