//! Mistakes in conditions.

use crate::diagnostic::nearest;

use super::super::tree::{self, Rule};

use super::hints::near_unit;
use super::joined::is_article;
use super::known::{after_next, at, here, is_name, next, opening, previous, word_back};
use super::lists::names_listed;
use super::{Mistake, Slice, Where, first_word, last_word};

pub(super) fn either_both_neither(slice: &Slice<'_>) -> Option<Mistake> {
    let word = previous(slice);
    let help = match word.as_str() {
        "either" | "both" => format!("leave out `{word}`"),
        "neither" => "write `not a and not b`".to_owned(),
        _ => return None,
    };
    at(Where::Before, format!("conditions do not begin with `{word}`"), help)
}

pub(super) fn symbol_for_word(slice: &Slice<'_>) -> Option<Mistake> {
    if slice.after.starts_with('/') && matches!(previous(slice).as_str(), "and" | "or") {
        return here(
            "`and/or` can be read in two ways",
            "write `or` if one of them is enough, `and` if both must hold",
        );
    }
    if slice.after.starts_with('/') && !slice.after.starts_with("//") {
        let help = "write `or` or `and`; ask for several values with `is one of a, b`";
        return here("a slash does not say which of the two is meant", help);
    }
    let turned = slice.before.trim_end().ends_with('=').then(|| slice.after.chars().next()).flatten();
    if let Some(sign) = turned.filter(|sign| matches!(sign, '<' | '>')) {
        let (bound, named) = (format!("{sign}="), if sign == '<' { "at most" } else { "at least" });
        return at(Where::Before, format!("`={sign}` means nothing here"), format!("write `{bound}`, or `{named}`"));
    }
    let (symbol, word) = match slice.after {
        text if text.starts_with('&') => ("&", "and"),
        text if text.starts_with('|') => ("|", "or"),
        text if text.starts_with('!') => ("!", "not"),
        _ => return None,
    };
    here(format!("`{symbol}` means nothing here"), format!("write `{word}`"))
}

/// `activity is in operation, procedure`, `activity in operation, procedure`
pub(super) fn is_in(slice: &Slice<'_>) -> Option<Mistake> {
    let (word, before) = (previous(slice), word_back(slice, 1));
    let after_field = is_name(&word) && !is_value_next(&before);
    if next(slice) != "in" || !(after_field || matches!(word.as_str(), "is" | "not")) {
        return None;
    }
    let names = names_listed(slice.after.get("in".len()..).unwrap_or("").trim_start());
    let not = if word == "not" { "not " } else { "" };
    let asked = match names.as_slice() {
        [] => return None,
        [_] if !after_field => return in_before_name(slice),
        [name] => format!("is {name}"),
        _ => format!("is {not}one of {}", names.join(", ")),
    };
    let said = if after_field { "in".to_owned() } else { format!("{word} in") };
    here(format!("`{said}` is not how a list is asked for"), format!("write `{asked}`"))
}

/// Says whether a value follows the word.
fn is_value_next(word: &str) -> bool {
    matches!(word, "is" | "not" | "least" | "most" | "above" | "below" | "ceiling" | "includes" | "of" | "with")
        || word.ends_with(',')
}

/// `in room` or `in the room`, where `in` is a word of the language and `in_room` a name.
fn in_before_name(slice: &Slice<'_>) -> Option<Mistake> {
    let (word, mut name) = (first_word(slice.after), after_next(slice));
    if is_article(name) {
        let rest = slice.after.split_whitespace().nth(2).unwrap_or("");
        name = first_word(rest);
    }
    let wants_value =
        matches!(previous(slice).as_str(), "is" | "not" | "least" | "most" | "above" | "below" | "ceiling");
    if !wants_value || is_name(word) || !is_name(name) || !word.chars().all(char::is_alphabetic) {
        return None;
    }
    here("several words stand where one name belongs", ONE_NAME)
}

pub(super) fn apostrophe(slice: &Slice<'_>) -> Option<Mistake> {
    let word = next(slice);
    let short = slice.after.get(word.len()..).is_some_and(|rest| rest.starts_with(['\'', '\u{2019}']));
    if !short || !word.ends_with('n') {
        return None;
    }
    here("negations are written in full", "write `is not …`")
}

pub(super) fn is_not_at_least(slice: &Slice<'_>) -> Option<Mistake> {
    let negated = slice.before.trim_end().to_lowercase().ends_with("is not");
    let turned = match next(slice).as_str() {
        "at" if after_next(slice).eq_ignore_ascii_case("least") => "`below`",
        "at" => "`above`",
        "above" => "`at most`",
        "below" => "`at least`",
        "between" | "before" | "after" | "within" => "`not (…)`",
        _ => return None,
    };
    if !negated {
        return None;
    }
    here(format!("`is not {}` is not a comparison", next(slice)), format!("write {turned}"))
}

/// `patient.risk not above low`
pub(super) fn not_after_field(slice: &Slice<'_>) -> Option<Mistake> {
    if next(slice) != "not" || !is_name(last_word(slice.before)) {
        return None;
    }
    here(
        "`not` does not stand between a field and its comparison",
        format!("write `not {} …`, or turn the comparison round: `at most` for not `above`", last_word(slice.before)),
    )
}

/// `activity not operation`
pub(super) fn not_without_is(slice: &Slice<'_>) -> Option<Mistake> {
    let (field, value) = (slice.before.split_whitespace().rev().nth(1)?, first_word(slice.after));
    let is_value = is_name(value) || value.starts_with(|c: char| c.is_ascii_digit());
    if previous(slice) != "not" || !is_name(field) || !is_value {
        return None;
    }
    here("`is` stands before `not`", format!("write `{field} is not {value}`"))
}

/// `30 minuts`
pub(super) fn misspelt_unit(slice: &Slice<'_>) -> Option<Mistake> {
    let number = previous(slice);
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let unit = near_unit(slice).filter(|_| is_number)?;
    here(format!("`{}` is not a unit of time", first_word(slice.after)), format!("did you mean `{unit}`?"))
}

/// `between 3-5`, `between 1 to 4`, `from 1 to 4`
pub(super) fn bounds_otherwise(slice: &Slice<'_>) -> Option<Mistake> {
    let words: Vec<&str> = slice.after.split_whitespace().take(5).collect();
    let first = slice.before.split_whitespace().next_back()?;
    let between = word_back(slice, 1) == "between";
    let (low, high, unit) = match words.as_slice() {
        ["to" | "till" | "until" | "-" | "\u{2013}", high, rest @ ..] if between => (first, *high, rest.first()),
        [high, rest @ ..] if between && high.starts_with(['-', '\u{2013}']) => {
            (first, high.trim_start_matches(['-', '\u{2013}']), rest.first())
        }
        ["from", low, "to", high, rest @ ..] => (*low, *high, rest.first()),
        _ => return None,
    };
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let high = high.trim_end_matches(['.', ',', ';']);
    if !is_number(low) || !is_number(high) {
        return None;
    }
    let unit = unit.map(|unit| unit.trim_end_matches(['.', ',', ';']));
    let unit =
        unit.filter(|unit| tree::parse(Rule::unit, unit).is_ok()).map_or(String::new(), |unit| format!(" {unit}"));
    here("bounds are joined by `and`", format!("write `between {low}{unit} and {high}{unit}`"))
}

/// `within 30 minutes` of nothing
pub(super) fn within_of_what(slice: &Slice<'_>) -> Option<Mistake> {
    let (number, unit) = (word_back(slice, 1), previous(slice));
    if word_back(slice, 2) != "within" || tree::parse(Rule::unit, &unit).is_err() || opening(slice) == "rescue" {
        return None;
    }
    let help = format!(
        "write `at most {number} {unit}` of how long something takes; of a moment, add the other: `within {number} {unit} after …`"
    );
    at(Where::Before, "`within` does not say before or after what", help)
}

/// `"operation" is activity`, `3 is patient.asa`
pub(super) fn value_first(slice: &Slice<'_>) -> Option<Mistake> {
    let begins = matches!(previous(slice).as_str(), "when" | "require" | "unless" | "and" | "or" | "not" | "as");
    let value = slice.after.lines().next()?.trim_end();
    let (value, rest) = value.split_once(" is ")?;
    let field = first_word(rest.trim_start());
    let is_value = value.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '\u{201C}'));
    if !begins || !is_value || !is_name(field) {
        return None;
    }
    let value = super::quotes::text_at(value).unwrap_or(value);
    let plain = value.trim().replace([' ', '-'], "_");
    here("a condition begins with the field, not with the value", format!("write `{field} is {plain}`"))
}

/// `patient.asa 1–3`, `patient.asa 3`
pub(super) fn value_without_comparison(slice: &Slice<'_>) -> Option<Mistake> {
    let field = last_word(slice.before);
    let same_line = slice.before.ends_with([' ', '\t', '\u{A0}']);
    if !same_line || !is_name(field) || !field.contains('.') || !slice.after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let word = slice.after.split_whitespace().next().unwrap_or("").trim_end_matches(['.', ',', ';']);
    let message = format!("this does not say how `{field}` is compared");
    match word.split_once(['-', '\u{2013}']) {
        Some((low, high)) => here(message, format!("write `{field} between {low} and {high}`")),
        None => here(message, format!("write `{field} is {word}`, `at least {word}` or `at most {word}`")),
    }
}

/// `patient.consent present`
pub(super) fn presence_without_is(slice: &Slice<'_>) -> Option<Mistake> {
    let (field, word) = (last_word(slice.before), next(slice));
    let meant = match word.as_str() {
        "present" | "documented" | "recorded" => "is present",
        "missing" | "absent" => "is missing",
        _ => return None,
    };
    let is_field = is_name(field) && tree::parse(Rule::reserved, field).is_err();
    if !is_field
        || !matches!(
            opening(slice).as_str(),
            "when" | "unless" | "require" | "permit" | "forbid" | "never" | "applies" | "define"
        )
    {
        return None;
    }
    here(format!("this does not say how `{field}` is compared"), format!("write `{field} {meant}`"))
}

/// `is 3 or 4`
pub(super) fn or_value(slice: &Slice<'_>) -> Option<Mistake> {
    let joined = matches!(previous(slice).as_str(), "or" | "and");
    let value = slice.after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '"' | '\u{201C}'));
    if !joined || !value || matches!(opening(slice).as_str(), "because" | "cites" | "remedy") {
        return None;
    }
    here("a condition belongs here, not a value", "ask for several values with `is one of a, b`")
}

/// `is in_room or above`
pub(super) fn or_more(slice: &Slice<'_>) -> Option<Mistake> {
    let bound = match next(slice).as_str() {
        "above" | "more" | "higher" | "greater" | "closer" => "at least",
        "below" | "less" | "fewer" | "lower" => "at most",
        _ => return None,
    };
    if previous(slice) != "or" {
        return None;
    }
    let level = slice.before.split_whitespace().rev().nth(1).filter(|word| is_name(word)).unwrap_or("…");
    here(format!("`or {}` is not a condition", next(slice)), format!("write `{bound} {level}`"))
}

pub(super) fn greater_or_equal(slice: &Slice<'_>) -> Option<Mistake> {
    let phrase = slice.after.to_lowercase();
    let help = match () {
        () if phrase.starts_with("or equal")
            && matches!(previous(slice).as_str(), "above" | "greater" | "more" | ">") =>
        {
            "write `at least`"
        }
        () if phrase.starts_with("or equal")
            && matches!(previous(slice).as_str(), "below" | "less" | "fewer" | "<") =>
        {
            "write `at most`"
        }
        () if phrase.starts_with("greater or equal") || phrase.starts_with("more or equal") => "write `at least`",
        () if phrase.starts_with("less or equal") || phrase.starts_with("fewer or equal") => "write `at most`",
        () => return None,
    };
    here("this is not how bounds are written", help)
}

pub(super) fn comma_between_conditions(slice: &Slice<'_>) -> Option<Mistake> {
    if slice.before.trim_end().ends_with([';', '.']) && matches!(next(slice).as_str(), "and" | "or") {
        let help = format!("leave out the mark before `{}`", next(slice));
        return here("the clause ended at the mark before this", help);
    }
    if !slice.before.trim_end().ends_with(',') {
        return None;
    }
    if let Some(help) = list_with_commas(slice) {
        return here("a comma does not join conditions, and makes a list only after `of`", help);
    }
    here("a comma does not join conditions", "join them with `and` or `or`, or list them under `all of` or `any of`")
}

/// `activity is operation, procedure`: says how several values are asked for.
fn list_with_commas(slice: &Slice<'_>) -> Option<String> {
    let (clause, first) = slice.before.trim_end().trim_end_matches(',').rsplit_once(char::is_whitespace)?;
    let line = slice.after.lines().next().unwrap_or("").trim_end_matches([' ', ',', '.', ';']);
    let more = names_listed(line);
    let whole = more.last().is_some_and(|last| line.ends_with(last));
    let names = if whole { [vec![first], more].concat() } else { Vec::new() };
    if names.len() < 2 || !is_name(first) || names.iter().any(|name| name.contains('.')) {
        return None;
    }
    let (asked, names) = (last_word(clause).to_lowercase(), names.join(", "));
    let field = clause.split_whitespace().rev().find(|word| is_name(word))?;
    let not = if asked == "not" { "not " } else { "" };
    match asked.as_str() {
        "is" | "not" => Some(format!(
            "write `{field} is {not}one of {names}` if this is one list, or join the conditions with `and` or `or`"
        )),
        "includes" => Some(format!(
            "write `{field} includes all of {names}` if all are wanted, `{field} includes any of {names}` if one is enough"
        )),
        _ => None,
    }
}

/// Words that `than` follows.
const MORE: &[&str] = &["more", "less", "fewer", "greater", "higher", "lower", "larger", "smaller"];

/// Words that people use and the language does not.
pub(super) fn other_word(slice: &Slice<'_>) -> Option<Mistake> {
    let word = next(slice);
    let help = match word.as_str() {
        "must" | "should" | "shall" => {
            "say what is demanded with `require …`, `supervision at least …` or `risk ceiling …`"
        }
        "has" | "have" | "was" | "were" | "are" => "say it with `is`: `is given`, `is present`, or a field of its own",
        "higher" | "larger" | "bigger" | "over" => "write `above`, or `at least`",
        "lower" | "smaller" | "under" => "write `below`, or `at most`",
        "include" | "contains" | "contain" | "containing" => "write `includes`",
        "does" | "doesn" | "isnt" | "arent" | "isn" => "write `is not …`, or `not …`",
        "exists" | "documented" | "recorded" => "write `is present`",
        "equal" => "write `is`",
        "but" => "write `and` in place of `but`",
        "then" if MORE.iter().any(|more| last_word(slice.before).eq_ignore_ascii_case(more)) => "did you mean `than`?",
        "then" => "put the demand on a line of its own, without `then`",
        _ => return None,
    };
    here(format!("`{word}` is not a word of conditions"), help)
}

/// Words that stand within comparisons.
const COMPARING: &[&str] = &["least", "most", "above", "below", "between", "includes", "present", "missing", "within"];

/// `at lest 3`, `abov 3`
/// Words of conditions that are written as one by mistake.
const TOGETHER: &[(&str, &str)] =
    &[("atleast", "at least"), ("atmost", "at most"), ("isnot", "is not"), ("oneof", "one of")];

pub(super) fn misspelt(slice: &Slice<'_>) -> Option<Mistake> {
    let word = first_word(slice.after);
    if !is_name(word) {
        return None;
    }
    let together = TOGETHER.iter().find(|(together, _)| word.eq_ignore_ascii_case(together)).map(|(_, apart)| *apart);
    let near = together.or_else(|| nearest(word, COMPARING.iter().copied()).first().copied())?;
    here(format!("`{word}` is not a word of conditions"), format!("did you mean `{near}`?"))
}

pub(super) fn two_words(slice: &Slice<'_>) -> Option<Mistake> {
    if let Some(mistake) = in_before_name(slice) {
        return Some(mistake);
    }
    let (first, second) = (last_word(slice.before), first_word(slice.after));
    let adjacent = slice.before.ends_with([' ', '\t', '\u{A0}']) && !slice.before.ends_with('\n');
    let same_line = slice.before.trim_end_matches([' ', '\t', '\u{A0}']).ends_with(first);
    if !adjacent || !same_line || !is_name(first) || !is_name(second) {
        return None;
    }
    let before_first = slice.before.split_whitespace().rev().nth(1).unwrap_or("").to_lowercase();
    if first.ends_with('.') {
        return here("the clause ended at the full stop before this", "leave it out, or begin it with `#` as a remark");
    }
    let in_list = word_back(slice, 1) == "of" || word_back(slice, 1).ends_with(',');
    let listed = match opening(slice).as_str() {
        _ if in_list => Some((",", "names")),
        "kind" => Some((",", "names")),
        "scale" => Some(("<", "levels")),
        _ => None,
    };
    if let Some((mark, what)) = listed {
        let help = format!("put `{mark}` between them if they are two {what}, or `_` if they are one");
        return at(Where::Both, format!("`{first} {second}` is two words where one name belongs"), help);
    }
    if first.contains('.')
        && matches!(before_first.as_str(), "when" | "and" | "or" | "not" | "require" | "unless" | "-" | "as")
    {
        let help = format!("say what is asked of `{first}`: `is …`, `at least …`, `is present`");
        return here(format!("`{second}` is not a comparison"), help);
    }
    at(Where::Both, format!("`{first} {second}` is two words where one name belongs"), ONE_NAME)
}

/// No name is proposed that may not exist.
const ONE_NAME: &str = "write a name as one word, with `_`; a text of several words stands in quotes";
