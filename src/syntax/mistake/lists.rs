//! Mistakes in lists: of values, of conditions, and of what a declaration names.

use super::joined::is_article;
use super::known::{after_next, at, here, is_name, next, opening, previous, word_back};
use super::{Mistake, Slice, Where, first_word, last_word};

/// What people put before a bullet.
const DASHES: &[char] = &['-', '*', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2022}', '\u{25AA}'];

/// `is one of` with bullets below, or parentheses after it
pub(super) fn values_in_bullets(slice: &Slice<'_>) -> Option<Mistake> {
    let asks = matches!(word_back(slice, 2).as_str(), "is" | "not" | "includes") && previous(slice) == "of";
    if !asks || !slice.after.starts_with(|c| DASHES.contains(&c) || c == '(') {
        return None;
    }
    let asked = asked(slice)?;
    let names = names_listed(slice.after);
    let names = if names.is_empty() { "…".to_owned() } else { names.join(", ") };
    here("values stand one after the other, with commas between them", format!("write `{asked} {names}`"))
}

/// `patient.consent is not one of`, from its field on.
fn asked<'t>(slice: &Slice<'t>) -> Option<&'t str> {
    let before = slice.before.trim_end();
    let mut start = before.len();
    for word in before.rsplit(char::is_whitespace).filter(|word| !word.is_empty()) {
        start = before.get(..start)?.rfind(word)?;
        if is_name(word) {
            return before.get(start..);
        }
    }
    None
}

/// `activity is (operation or procedure)`
pub(super) fn values_in_parentheses(slice: &Slice<'_>) -> Option<Mistake> {
    let word = previous(slice);
    if !slice.after.starts_with('(') || !matches!(word.as_str(), "is" | "not" | "includes") {
        return None;
    }
    let (asked, inner) = (asked(slice)?, slice.after.split(')').next().unwrap_or(""));
    let names = names_listed(slice.after);
    if names.len() < 2 || names.iter().any(|name| name.contains('.')) {
        return None;
    }
    let (names, says) = (names.join(", "), |word: &str| inner.split_whitespace().any(|one| one == word));
    let help = match (word.as_str(), says("and"), says("or")) {
        ("includes", true, false) => format!("write `{asked} all of {names}`"),
        ("includes", false, true) => format!("write `{asked} any of {names}`"),
        ("includes", ..) => {
            format!("write `{asked} all of {names}` if all are wanted, `{asked} any of {names}` if one is enough")
        }
        ("is", true, _) => format!("write `{asked} one of {names}` if either will do: it has one value, never both"),
        _ => format!("write `{asked} one of {names}`"),
    };
    here("values do not stand in parentheses", help)
}

/// Gives the names of bullets, of parentheses, or of a line.
pub(super) fn names_listed(text: &str) -> Vec<&str> {
    let inner = match text.strip_prefix('(') {
        Some(inner) => inner.split(')').next().unwrap_or(""),
        None if text.starts_with(DASHES) => {
            let bullets = text.split(['\n', '\r']).take_while(|line| line.trim_start().starts_with(DASHES));
            let end = bullets.map(|line| line.len() + 1).sum::<usize>().saturating_sub(1);
            text.get(..end).unwrap_or("")
        }
        None => text.lines().next().unwrap_or(""),
    };
    let words = inner.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    let words = words.map(|word| word.trim_start_matches(DASHES).trim_end_matches('.'));
    words.filter(|word| !matches!(*word, "" | "or" | "and")).take_while(|word| is_name(word)).collect()
}

/// `when` with bullets below
pub(super) fn bullets_without_heading(slice: &Slice<'_>) -> Option<Mistake> {
    let word = previous(slice);
    let word = word.trim_end_matches(':');
    if !slice.after.starts_with(DASHES) || !matches!(word, "when" | "require" | "unless" | "as") {
        return None;
    }
    let help = format!(
        "write `{word} all of` above the bullets if all of them must hold, `{word} any of` if one of them is enough"
    );
    here("bullets stand under `all of` or `any of`", help)
}

/// `when one of`, `none of`, `at least two of`
pub(super) fn other_heading(slice: &Slice<'_>) -> Option<Mistake> {
    let phrase: Vec<String> = slice.after.split_whitespace().take(4).map(str::to_lowercase).collect();
    let phrase: Vec<&str> = phrase.iter().map(|word| word.trim_end_matches(':')).collect();
    let count = "say which of them may go together, each as a bullet of `any of`";
    let (heading, help) = match phrase.as_slice() {
        ["at", "least", "one", "of", ..] => ("at least one of".to_owned(), "write `any of`"),
        ["at", bound, number, "of", ..] => (format!("at {bound} {number} of"), count),
        [number, "of", ..] if previous(slice) == "exactly" => (format!("exactly {number} of"), count),
        ["of", ..] => match previous(slice).as_str() {
            word @ ("one" | "either" | "some") => {
                (format!("{word} of"), "write `any of`: one of them is enough, and more may hold")
            }
            word @ ("none" | "neither") => (format!("{word} of"), "write `not any of`"),
            word @ ("each" | "both" | "every") => (format!("{word} of"), "write `all of`"),
            word @ ("two" | "three" | "four" | "most") => (format!("{word} of"), count),
            _ => return None,
        },
        _ => return None,
    };
    let place = if phrase.first() == Some(&"of") { Where::Both } else { Where::Here };
    at(place, format!("no list of conditions is headed by `{heading}`"), help)
}

/// `activity one of operation, procedure`
pub(super) fn one_of_without_is(slice: &Slice<'_>) -> Option<Mistake> {
    let field = last_word(slice.before);
    let (word, of) = (next(slice), after_next(slice));
    if !matches!(word.as_str(), "one" | "any") || !of.eq_ignore_ascii_case("of") || !is_name(field) {
        return None;
    }
    here(format!("`is` stands before `{word} of`"), format!("write `{field} is one of …`"))
}

/// `all of the following`
pub(super) fn the_following(slice: &Slice<'_>) -> Option<Mistake> {
    let after = slice.after.to_ascii_lowercase();
    let words = ["the following", "following", "these"].into_iter().find(|words| after.starts_with(words))?;
    if previous(slice) != "of" {
        return None;
    }
    here(format!("the list follows `of` at once, without `{words}`"), format!("leave out `{words}`"))
}

/// `activity is one operation, procedure`
pub(super) fn one_without_of(slice: &Slice<'_>) -> Option<Mistake> {
    if previous(slice) != "one" || !matches!(word_back(slice, 1).as_str(), "is" | "not") {
        return None;
    }
    let (asked, names) = (asked_before_one(slice)?, names_listed(slice.after));
    if names.is_empty() {
        return None;
    }
    here("`one` is followed by `of`", format!("write `{asked} one of {}`", names.join(", ")))
}

fn asked_before_one<'t>(slice: &Slice<'t>) -> Option<&'t str> {
    let before = slice.before.trim_end();
    let before = before.get(..before.len() - last_word(before).len())?;
    asked(&Slice { text: slice.text, before, after: slice.after })
}

/// `the activity`, `an operation`
pub(super) fn article(slice: &Slice<'_>) -> Option<Mistake> {
    let word = previous(slice);
    let declares = matches!(opening(slice).as_str(), "scale" | "kind" | "field" | "define" | "vocabulary");
    if declares || !is_article(&word) || !is_name(first_word(slice.after)) {
        return None;
    }
    at(Where::Before, "names stand without an article", format!("leave out `{word}`"))
}

/// `kind shift day, night,`
pub(super) fn list_ends_in_comma(slice: &Slice<'_>) -> Option<Mistake> {
    let names = matches!(opening(slice).as_str(), "kind" | "scale");
    if !names || !slice.after.trim().is_empty() || !slice.before.trim_end().ends_with(',') {
        return None;
    }
    at(Where::Before, "this list ends in a comma: is something missing?", "add the name, or leave out the comma")
}

/// `cites "x", "y"`
pub(super) fn texts_with_comma(slice: &Slice<'_>) -> Option<Mistake> {
    let word = opening(slice);
    if !slice.before.trim_end().ends_with(',') {
        return None;
    }
    let help = match word.as_str() {
        "cites" => "write `cites` again for each of them, on a line of its own",
        "because" | "remedy" | "owner" => "leave out the comma: texts that follow each other are one text",
        _ => return None,
    };
    here("no comma stands between texts", help)
}

/// `define high stakes as`, `field stop point text`, `scale harm level low < high`
pub(super) fn several_words_for_name(slice: &Slice<'_>) -> Option<Mistake> {
    let words: Vec<&str> = slice.before.split_whitespace().collect();
    let (word, second) = (opening(slice), first_word(slice.after));
    let message = "a name is one word";
    match (word.as_str(), words.as_slice()) {
        ("define" | "vocabulary", [_, first]) if is_name(first) && is_name(second) => {
            here(message, format!("write `{word} {first}_{second}`"))
        }
        ("field", [_, first]) if is_name(first) && is_name(after_next(slice)) && is_word(second) => {
            here(message, format!("write `field {first}_{second} {}`", after_next(slice)))
        }
        ("field", [_, _, kind]) if TYPES.contains(&kind.to_lowercase().as_str()) && is_name(second) => {
            here("the title of a field is a text", "put the title in quotes")
        }
        ("field", [_, first, then]) if is_name(first) && is_name(then) && is_name(second) => at(
            Where::Before,
            message,
            format!("write `field {first}_{then} {second}` if both words are its name; put a title in quotes"),
        ),
        ("scale" | "kind", [_, first, then]) if is_name(first) && is_name(then) && is_name(second) => {
            let mark = if word == "scale" { "<" } else { "," };
            let help = format!(
                "write `{word} {first}_{then} {second} …` if both words are its name, or put `{mark}` between `{then}` and `{second}`"
            );
            here(format!("`{mark}` stands between the names of a {word}"), help)
        }
        _ => None,
    }
}

fn is_word(text: &str) -> bool {
    !next_is_attribute(text) && text.chars().all(char::is_alphabetic) && !text.is_empty()
}

fn next_is_attribute(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "set" | "whole" | "role" | "known" | "chosen" | "judged" | "from")
}

/// The types that the language has of itself.
const TYPES: &[&str] =
    &["text", "number", "boolean", "duration", "date", "instant", "identity", "percent", "percentage"];

/// Says that nothing more than a name is expected where a word of the language stands in its place.
pub(super) fn is_place_of_name(slice: &Slice<'_>) -> bool {
    let before = slice.before.trim_end();
    let after_mark = before.ends_with(['<', ',', '"', '\u{201D}']);
    let after_name = before.split_whitespace().count() == 2;
    matches!(opening(slice).as_str(), "scale" | "kind") && (after_mark || after_name) && !next(slice).is_empty()
}
