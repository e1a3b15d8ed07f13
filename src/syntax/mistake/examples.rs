//! What may have been meant by a line of a case or an example that was not understood.

use crate::diagnostic::{Diagnostic, nearest};
use crate::source::Span;
use crate::syntax::problem;
use crate::syntax::tree::{self, Node, Rule};

use super::owed;
use super::{first_word, last_word};

/// In what the line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::syntax) enum Place {
    /// In a case.
    Case,
    /// In an example, under `with`.
    With,
    /// In an example.
    Example,
    /// In an example on a log.
    Log,
}

/// A mistake in a line.
pub(in crate::syntax) struct LineMistake {
    pub(in crate::syntax) message: String,
    pub(in crate::syntax) help: String,
    /// Where in the line, and how long.
    pub(in crate::syntax) at: usize,
    pub(in crate::syntax) length: usize,
}

impl LineMistake {
    pub(super) fn of(line: &str, part: &str, message: impl Into<String>, help: impl Into<String>) -> Self {
        let at = line.find(part).unwrap_or(0);
        Self { message: message.into(), help: help.into(), at, length: part.len() }
    }
}

/// Words that begin a part of an example.
const PARTS: &[&str] = &["with", "without", "following", "as of", "is", "owes", "and"];

const A_SETTING: &str = "write a field and its value: `patient.risk low`";

/// Says what is wrong with a line.
pub(in crate::syntax) fn of_line(line: &str, place: Place) -> LineMistake {
    let lower = line.to_lowercase();
    let shared = of_setting(line, &lower);
    match place {
        Place::Case => shared.unwrap_or_else(|| in_case(line, &lower)),
        Place::With => shared.unwrap_or_else(|| plain_setting(line)),
        Place::Example => in_example(line, &lower).or(shared).unwrap_or_else(|| plain_part(line)),
        Place::Log => in_log(line, &lower),
    }
}

/// Knows the ways in which a value is put to a field otherwise.
fn of_setting(line: &str, _lower: &str) -> Option<LineMistake> {
    let word = first_word(line);
    let rest = line.get(word.len()..)?.trim_start();
    for sign in [":", "=", "\u{2192}", "->"] {
        if let Some(value) = rest.strip_prefix(sign) {
            let value = value.trim();
            let help = format!("write `{word} {value}`, with a blank between");
            return Some(LineMistake::of(
                line,
                sign,
                format!("`{sign}` does not stand between a field and its value"),
                help,
            ));
        }
    }
    if line.starts_with(['-', '\u{2013}', '\u{2022}', '*']) {
        let help = "write each setting on a line of its own, without a dash: `patient.risk low`";
        return Some(LineMistake::of(line, line.get(..1).unwrap_or(line), "settings are no list with dashes", help));
    }
    if line.trim() == word && word.contains('.') {
        let help =
            format!("add its value: `{word} …`; what is not stated is missing, so leave it out if that is meant");
        return Some(LineMistake::of(line, word, format!("`{word}` has no value"), help));
    }
    None
}

fn in_case(line: &str, _lower: &str) -> LineMistake {
    let word = first_word(line);
    match word.to_lowercase().as_str() {
        word @ ("is" | "owes" | "and") => {
            let message = format!("`{word}` is a claim, and a case makes none");
            let help = "claim it in an example: `example \"what it shows\" CASE`, and the claim on the next line";
            LineMistake::of(line, first_word(line), message, help)
        }
        "with" => {
            let help = "write the field and its value without `with`: `patient.risk low`";
            LineMistake::of(line, word, "`with` belongs to examples; a case states its fields", help)
        }
        "without" => {
            let help = "leave the field out: what a case does not state is missing";
            LineMistake::of(line, word, "`without` belongs to examples", help)
        }
        "following" => {
            let help = "put it into an example: `following CASE 3 days earlier`";
            LineMistake::of(line, word, "`following` belongs to examples; a case is one episode", help)
        }
        _ => plain_setting(line),
    }
}

fn plain_setting(line: &str) -> LineMistake {
    let word = first_word(line);
    if let Some(clause) = ["when", "require", "permit", "forbid", "unless"].iter().find(|clause| **clause == word) {
        let help = "state what the episode says: `patient.risk low`; conditions belong to rules";
        return LineMistake::of(line, clause, format!("`{clause}` belongs to rules, and this is a case"), help);
    }
    LineMistake::of(line, line.trim(), "this is no setting", A_SETTING)
}

fn in_example(line: &str, lower: &str) -> Option<LineMistake> {
    let word = first_word(line);
    let has = |what: &str| lower.contains(what);
    let about = |part: &str, message: &str, help: &str| {
        let found = lower.find(part).and_then(|at| line.get(at..at + part.len()));
        Some(LineMistake::of(line, found.unwrap_or(word), message, help))
    };
    let first = lower.split_whitespace().next().unwrap_or("");
    match first {
        "is" => of_verdict(line, lower),
        "with" if lower.trim() == "with" => about("with", "nothing stands after `with`", A_SETTING),
        "with" => about("with", "this is no setting", A_SETTING),
        "without" => about(
            "without",
            "`without` takes names of fields",
            "write `without patient.risk`, several separated by commas",
        ),
        "following" if has("before") || has("ago") || has("prior") => {
            let part = ["before", "ago", "prior"].into_iter().find(|part| has(part)).unwrap_or("before");
            about(part, "how long before is said with `earlier`", "write `following CASE 3 days earlier`")
        }
        "following" if has(" and ") => about(
            "and",
            "several cases are separated by commas",
            "write `following CASE 3 days earlier, CASE 12 days earlier`",
        ),
        "following" => {
            about("following", "`following` takes a case and how long before", "write `following CASE 3 days earlier`")
        }
        "as" if after_as_of(lower).is_some() => {
            let help = format!("write `as of {} later`", after_as_of(lower).unwrap_or_default());
            about("as", "how much later it is judged is said with `later`", &help)
        }
        "overdue" | "not" if has("overdue") => {
            about(first, "a claim begins with `is`", &format!("write `is {}`", lower.trim()))
        }
        "as" => about("as", "how much later it is judged is said with a length", "write `as of 3 days later`"),
        "owes" if last_word(line).contains('.') => {
            let field = last_word(line);
            let message = format!("`{field}` is a field, and what is owed is claimed by the name of its rule");
            let help = "write the word that stands after `rule`: `owes debrief`";
            Some(LineMistake::of(line, field, message, help))
        }
        "owes" => about("owes", "`owes` takes the names of duties", "write `owes debrief`, or `owes nothing`"),
        "and" if claims_otherwise(lower) => {
            let at = lower.find("is").unwrap_or(0);
            let mistake = of_verdict(line.get(at..)?, lower.get(at..)?)?;
            Some(LineMistake { at: at + mistake.at, ..mistake })
        }
        "and" => about(
            "and",
            "`and` joins claims",
            "separate names by commas: `A, B`; after `and` stands another claim: `and owes debrief`",
        ),
        "expect" | "expects" | "assert" | "should" | "then" | "given" | "when" | "verdict" | "result" => {
            let help = "write the claim: `is permissible`, `is impermissible by RULE`, `is undetermined for want of FIELD`, `is not covered`";
            Some(LineMistake::of(line, word, format!("an example does not say `{word}`"), help))
        }
        "permissible" | "impermissible" | "undetermined" | "allowed" | "permitted" | "forbidden" => {
            Some(LineMistake::of(line, word, "a claim begins with `is`", verdict_help(first)))
        }
        "after" => about("after", "what came before is said with `following`", "write `following CASE 3 days earlier`"),
        "but" | "except" => Some(LineMistake::of(
            line,
            word,
            format!("an example does not say `{word}`"),
            "write `with FIELD value`, or `without FIELD`",
        )),
        _ => owed::of_duty(line, lower),
    }
}

/// Gives the length behind `as of`, where it is one and `later` is missing.
fn after_as_of(lower: &str) -> Option<String> {
    let words: Vec<&str> = lower.split_whitespace().skip(1).collect();
    let ["of", number, unit] = words.as_slice() else { return None };
    let is_length = number.starts_with(|c: char| c.is_ascii_digit()) && unit.starts_with(char::is_alphabetic);
    is_length.then(|| format!("{number} {unit}"))
}

/// Gives the words behind `is impermissible by` as one name, where they are several words and nothing else.
fn one_name(lower: &str) -> Option<String> {
    let words: Vec<&str> = lower.split_whitespace().skip_while(|word| *word != "by").skip(1).collect();
    let is_word = |word: &&str| word.chars().all(|c| c.is_alphanumeric() || c == '_');
    let joins = words.iter().any(|word| ["and", "or", "only"].contains(word));
    (words.len() > 1 && !joins && words.iter().all(is_word)).then(|| words.join("_"))
}

/// Says whether `and` joins a claim that was not understood, and not a name.
fn claims_otherwise(lower: &str) -> bool {
    lower.split_whitespace().nth(1) == Some("is")
}

fn of_verdict(line: &str, lower: &str) -> Option<LineMistake> {
    if let Some(mistake) = owed::of_claim(line, lower) {
        return Some(mistake);
    }
    let mut words = lower.split_whitespace().skip(1);
    let second = words.next().unwrap_or("");
    let part = if second.is_empty() { "is" } else { second };
    let written = lower.find(part).and_then(|at| line.get(at..at + part.len())).unwrap_or(part);
    let told = |message: &str, help: &str| Some(LineMistake::of(line, written, message, help));
    match second {
        "impermissible" if words.next().is_none() => told(
            "by which rule is it impermissible?",
            "write `is impermissible by RULE`; where no rule is broken and none permits it, `is impermissible by default`",
        ),
        "impermissible" if one_name(lower).is_some() => told(
            "a name of a rule is one word",
            &format!(
                "write `is impermissible by {}`; several names are separated by commas",
                one_name(lower).unwrap_or_default()
            ),
        ),
        "impermissible" => told(
            "`is impermissible by` takes names of rules",
            "write `is impermissible by RULE`, several separated by commas, and `only` at the end if nothing else speaks against it",
        ),
        "undetermined" => told(
            "what an undetermined verdict turns on is said with `for want of`",
            "write `is undetermined for want of FIELD`, several separated by commas",
        ),
        "excused" => told("from which rule is it excused?", "write `is excused from RULE`"),
        "not" if lower.contains("covered") => told("`is not covered` stands alone", "leave out what follows it"),
        "not" => told("a claim says which verdict it is, not which it is not", verdict_help("forbidden")),
        "allowed" | "permitted" | "ok" | "fine" | "acceptable" | "admissible" | "forbidden" | "prohibited"
        | "violated" | "unknown" | "unclear" | "open" | "undecided" => told("this is no verdict", verdict_help(second)),
        "permissible" => told(
            "`is permissible` stands alone",
            "leave out what follows it, or join it with `and`: `and owes debrief`",
        ),
        _ => {
            let near = nearest(second, ["permissible", "impermissible", "undetermined", "not covered", "excused from"]);
            match near.first() {
                Some(near) => told("this is no verdict", &format!("did you mean `is {near}`?")),
                None => told("this is no verdict", verdict_help("")),
            }
        }
    }
}

fn verdict_help(word: &str) -> &'static str {
    match word {
        "permissible" | "allowed" | "permitted" | "ok" | "fine" | "acceptable" | "admissible" => {
            "write `is permissible`"
        }
        "impermissible" | "forbidden" | "prohibited" | "violated" => {
            "write `is impermissible by RULE`, or `is impermissible by default` where no rule permits it"
        }
        "undetermined" | "unknown" | "unclear" | "open" | "undecided" => "write `is undetermined for want of FIELD`",
        _ => {
            "write `is permissible`, `is impermissible by RULE`, `is undetermined for want of FIELD` or `is not covered`"
        }
    }
}

fn plain_part(line: &str) -> LineMistake {
    let word = first_word(line);
    let near = nearest(word, PARTS.iter().copied());
    let next_is_value = line.split_whitespace().count() == 2 && word.contains('.');
    if next_is_value {
        return LineMistake::of(
            line,
            word,
            "a setting of an example begins with `with`",
            format!("write `with {}`", line.trim()),
        );
    }
    match near.first() {
        Some(near) => LineMistake::of(
            line,
            word,
            format!("`{word}` begins no part of an example"),
            format!("did you mean `{near}`?"),
        ),
        None => LineMistake::of(
            line,
            line.trim(),
            "this is no part of an example",
            "begin it with `with`, `without`, `following`, `as of`, or make a claim: `is …`, `owes …`; the name of the case is one word, behind the title",
        ),
    }
}

fn in_log(line: &str, lower: &str) -> LineMistake {
    let word = first_word(line);
    for part in ["with", "without", "following"] {
        if word.eq_ignore_ascii_case(part) {
            let message = format!("`{part}` changes a case, and these records are as the log has them");
            return LineMistake::of(line, word, message, "make an example of a case, or change the log");
        }
    }
    if word.eq_ignore_ascii_case("as") {
        return LineMistake::of(line, word, "of a log, a day is stated", "write `as of 2026-03-31`");
    }
    let claim = lower.split_once(' ').map(|(_, rest)| rest.trim_start().to_owned());
    if let Some(claim) = claim.filter(|claim| claim.starts_with("is"))
        && let Some(mistake) = of_verdict(&claim, &claim)
    {
        let part = claim.get(mistake.at..mistake.at + mistake.length).unwrap_or("is").to_owned();
        let at = lower.rfind(&part).and_then(|at| line.get(at..at + part.len())).unwrap_or(word);
        return LineMistake::of(line, at, mistake.message, mistake.help);
    }
    LineMistake::of(
        line,
        line.trim(),
        "this is no claim about a record",
        "write the id of a record and a claim: `EP-1 is permissible`",
    )
}

/// Reads `after 2 days`, `within 2 days`.
fn after_a_time(lower: &str) -> Option<(&str, &str)> {
    let mut words = lower.split_whitespace();
    let first = words.next().filter(|word| ["after", "before", "within", "in"].contains(word));
    let (number, unit) = first.and(words.next().zip(words.next()))?;
    let is_unit =
        ["second", "minute", "hour", "day", "week", "month", "year"].iter().any(|known| unit.starts_with(known));
    (is_unit && number.starts_with(|c: char| c.is_ascii_digit())).then_some((number, unit))
}

/// Finds a mistake in the words that stand where a value belongs.
pub(in crate::syntax) fn in_words(value: &Node<'_>, field: &str, at: Span) -> Option<Diagnostic> {
    if value.as_rule() != Rule::as_words {
        return None;
    }
    let text = value.as_str().trim();
    let lower = text.to_lowercase();
    let first = lower.split_whitespace().next().unwrap_or("");
    let told = |message: String, help: String| Some(problem::not_understood(message, at, Some(help)));
    if first == "is" {
        let claim = format!("{field} {text}");
        if let Some(mistake) = owed::of_duty(&claim, &claim.to_lowercase()) {
            return told(mistake.message, mistake.help);
        }
        let rest = text.get(2..).unwrap_or("").trim();
        return told("a case states values, it does not compare".to_owned(), format!("write `{field} {rest}`"));
    }
    if lower.contains(" is permissible")
        || lower.contains(" is impermissible")
        || lower.contains(" is undetermined")
        || lower.contains(" is not covered")
        || lower.contains(" overdue with ")
    {
        return told("a setting stands on a line of its own".to_owned(), "begin the claim on the next line".to_owned());
    }
    let next = text.split_once(',').map(|(_, rest)| super::first_word(rest.trim_start()));
    if next.is_some_and(|next| next.contains('.')) {
        return told(
            "each setting stands on a line of its own".to_owned(),
            format!("begin a line with `{}`", next.unwrap_or("")),
        );
    }
    if let Some((number, unit)) = after_a_time(&lower) {
        let message = "a moment is written from the case's own time with `later` or `earlier`".to_owned();
        return told(message, format!("write `{field} {number} {unit} later`, or `{field} {number} {unit} earlier`"));
    }
    if ["at", "above", "below", "between", "before", "after", "within", "not", "one", "includes"].contains(&first) {
        let value = last_word(text);
        let message = format!("a case states one value, and `{first} …` leaves it open");
        return told(message, format!("write the value itself: `{field} {value}`"));
    }
    let number = tree::parse(Rule::only_number, first).is_ok();
    let unit = lower.split_whitespace().nth(1).unwrap_or("");
    if number
        && ["after", "before", "ago"].iter().any(|word| lower.split_whitespace().any(|other| other == *word))
        && !unit.is_empty()
    {
        return told(
            "a moment is written from the case's own time with `later` or `earlier`".to_owned(),
            format!("write `{field} 2 hours later`, or `{field} 1 day earlier`"),
        );
    }
    None
}
