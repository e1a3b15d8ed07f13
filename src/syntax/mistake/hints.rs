//! What follows a word, and how a clause is written, where no known mistake fits.

use crate::diagnostic::nearest;

use super::known::{next, opening, previous};
use super::{Slice, first_word, last_word};

/// Finds a number after `within`, `in the past` or `in any` that has no unit.
pub(super) fn number_without_unit(slice: &Slice<'_>) -> Option<String> {
    let number = previous(slice);
    let is_number = number.chars().all(|c| c.is_ascii_digit() || c == '.') && !number.is_empty();
    let mut before = slice.before.split_whitespace().rev().skip(1).map(str::to_lowercase);
    let needs_unit = match before.next().as_deref() {
        Some("within") => true,
        Some("past" | "last") => before.next().as_deref() == Some("the") && before.next().as_deref() == Some("in"),
        Some("any") => before.next().as_deref() == Some("in"),
        _ => false,
    };
    (is_number && needs_unit && near_unit(slice).is_none()).then_some(number)
}

/// Finds the unit that the word at the place is misspelt for.
pub(super) fn near_unit(slice: &Slice<'_>) -> Option<&'static str> {
    const UNITS: [&str; 10] =
        ["seconds", "second", "minutes", "minute", "hours", "hour", "days", "day", "weeks", "week"];
    let word = first_word(slice.after);
    let same_line = !slice.before.ends_with(['\n', '\r']) && word.chars().all(char::is_alphabetic);
    if same_line { nearest(word, UNITS).first().copied() } else { None }
}

/// Finds the outermost parenthesis that is not closed.
pub(super) fn unclosed_parenthesis(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' => open.push(at),
            ')' => drop(open.pop()),
            _ => {}
        }
    }
    open.first().copied()
}

/// Says what follows a word that ends a clause too early.
pub(super) fn what_follows(before: &str) -> Option<String> {
    let help = match last_word(before).to_lowercase().as_str() {
        "when" | "require" | "unless" | "and" | "or" | "not" => "add a condition: `patient.risk at most low`",
        "is" | "least" | "most" | "above" | "below" => "add a value: a level, a name or a number",
        "because" | "cites" | "remedy" | "owner" => "add a text in quotes",
        "ceiling" => "add a level: `risk ceiling low`",
        "of" => "add the values, or the conditions on lines of their own, each after a dash `-`",
        "within" => "add a duration: `within 30 seconds`",
        "as" => "add the condition that the name stands for",
        "version" => "add a label: `version 1.0`",
        "vocabulary" | "calendar" => "add its name",
        "from" | "until" => "add a date: `2026-01-31`",
        "define" | "rule" | "field" | "scale" | "kind" | "policy" => "put the name on the same line",
        _ => return None,
    };
    Some(help.to_owned())
}

/// Gives a hint from what the clause begins with.
pub(super) fn hint(slice: &Slice<'_>) -> Option<String> {
    if previous(slice) == "of" {
        return Some("begin each condition of the list with a dash `-`, on a line of its own".to_owned());
    }
    let form = match opening(slice).as_str() {
        "risk" => "write `risk ceiling LEVEL`",
        "supervision" => "write `supervision at least LEVEL`",
        "rescue" => "write `rescue plan with STRATEGY, STRATEGY ready within 30 seconds`",
        "because" | "cites" | "remedy" | "owner" | "allow" => "put the text in quotes",
        "effective" => "write `effective from 2026-01-01 until 2026-12-31`",
        "default" => "write `default forbid` or `default permit`",
        "time" => "write `time zone Europe/Zurich`",
        "version" => "write the label as one word, without quotes: `version 1.0-draft`",
        "field" => "write the name, then the type: `field patient.risk risk \"Title\"`",
        "scale" => "write `scale risk low < moderate < high`",
        "kind" => "write `kind activity operation, medication`",
        "vocabulary" => "write `vocabulary ward extends clinical`, or give it a title in quotes",
        "define" => "write `define NAME as CONDITION`, all names being one word",
        "severity" => "write `severity advisory`, `minor`, `major` or `critical`",
        "when" | "permit" | "forbid" | "never" | "require" | "unless" | "applies" => return condition_hint(slice),
        _ => return None,
    };
    Some(form.to_owned())
}

fn condition_hint(slice: &Slice<'_>) -> Option<String> {
    let line_begins = slice.before.rsplit(['\n', '\r']).next().is_some_and(|line| line.trim().is_empty());
    if line_begins && !first_word(slice.after).is_empty() && next(slice) != "and" {
        return Some("begin remarks with `#`, and every line of a rule with a clause word".to_owned());
    }
    Some("leave this out, or join it with `and` or `or` as a condition of its own".to_owned())
}
