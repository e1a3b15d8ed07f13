//! Mistakes in how a clause, a header or a declaration is built.

use super::known::{after_next, at, here, is_name, next, opening, previous, word_back};
use super::{Mistake, Slice, Where, first_word, nearest};

pub(super) fn invisible_character(slice: &Slice<'_>) -> Option<Mistake> {
    let hidden = slice.text.chars().find(|c| matches!(c, '\u{AD}' | '\u{200B}'))?;
    let name = if hidden == '\u{AD}' { "soft hyphen" } else { "zero-width space" };
    here(
        format!("an invisible character (a {name}) stands in this clause"),
        "type the words again; they were pasted from a word processor or a web page",
    )
}

pub(super) fn slashes_for_comment(slice: &Slice<'_>) -> Option<Mistake> {
    let slashes = slice.after.starts_with("//") || slice.after.starts_with("/*");
    if slashes { here("a comment does not begin with a slash", "begin comments with `#`") } else { None }
}

/// `**when** …`, pasted from a document
pub(super) fn bold(slice: &Slice<'_>) -> Option<Mistake> {
    let bold = slice.text.starts_with("**") || slice.after.starts_with("**") || slice.before.ends_with("**");
    if bold { here("stars for bold letters mean nothing here", "leave out the `**`") } else { None }
}

/// `the supervisor must be in the room`, `not allowed if …`, `at least in_room supervision`
pub(super) fn sentence(slice: &Slice<'_>) -> Option<Mistake> {
    let first = opening(slice);
    let line = slice.text.lines().next().unwrap_or("").to_lowercase();
    let has = |word: &str| line.split_whitespace().any(|known| known == word);
    let forbids = has("forbidden") || has("allowed") || has("permitted");
    let help = match first.as_str() {
        "not" | "no" | "nobody" | "nothing" if forbids => "write `forbid when …`, with what is not allowed",
        "at" if has("supervision") => "write `supervision at least` and the lowest level that is close enough",
        "the" | "a" | "an" | "every" | "each" | "all" if has("supervisor") || has("supervision") => {
            "write `supervision at least` and the lowest level that is close enough; `require …` for any other demand"
        }
        "the" | "a" | "an" | "every" | "each" | "all" if has("must") || has("should") || has("shall") => {
            "write `require …` for what must be so, `oblige …` for what must be done afterwards"
        }
        _ => return None,
    };
    at(Where::First, "a clause begins with a word of the language, not with a sentence of one's own", help)
}

pub(super) fn bullet_without_list(slice: &Slice<'_>) -> Option<Mistake> {
    let dash = slice.text.starts_with(['-', '*', '\u{2013}', '\u{2022}']);
    if !dash {
        return None;
    }
    let help = "put a line `all of` or `any of` above the bullets, after `when`, `require` or the like; a remark begins with `#`";
    at(Where::First, "this bullet belongs to no list", help)
}

/// `define fragile: …`, `define fragile means …`
pub(super) fn definition_without_as(slice: &Slice<'_>) -> Option<Mistake> {
    let mut words = slice.before.split_whitespace().skip(1);
    let name = words.next().filter(|_| words.next().is_none())?;
    let word = next(slice);
    if opening(slice) != "define" || !matches!(word.as_str(), ":" | "=" | "means" | "is" | "when" | "if") {
        return None;
    }
    here(format!("a definition does not say `{word}`"), format!("write `define {name} as …`"))
}

/// `vocabulary "clinical"`
pub(super) fn vocabulary_in_quotes(slice: &Slice<'_>) -> Option<Mistake> {
    if previous(slice) != "vocabulary" || opening(slice) != "vocabulary" {
        return None;
    }
    let text = super::quotes::text_at(slice.after)?;
    let name = text.to_lowercase().replace([' ', '-'], "_");
    let help = if name == text {
        format!("write `vocabulary {name}`")
    } else {
        format!(
            "write a short name before the title, `vocabulary {name} \"{text}\"`, or the name alone in the header of a policy"
        )
    };
    here("the name of a vocabulary stands without quotes", help)
}

/// `if undocumented`, `if not documented then violated`
pub(super) fn undocumented(slice: &Slice<'_>) -> Option<Mistake> {
    let line = slice.text.lines().next().unwrap_or("").to_lowercase();
    let of_silence = ["documented", "recorded", "missing", "unknown"].iter().any(|word| line.contains(word));
    for word in ["violated", "satisfied"] {
        if of_silence && line.starts_with("if ") && line.contains(word) && !line.starts_with("if undocumented") {
            let message = "this is not how a rule says what silence counts as";
            return at(Where::First, message, format!("write `if undocumented {word}`"));
        }
    }
    let begins = line.starts_with("if undocumented");
    if begins { here("this does not say what silence counts as", "write `if undocumented violated`") } else { None }
}

pub(super) fn if_then(slice: &Slice<'_>) -> Option<Mistake> {
    if opening(slice) != "if" {
        return None;
    }
    let help = "begin the condition with `when`, and put the demand on a line of its own";
    at(Where::First, "a rule does not say `if`", help)
}

pub(super) fn except(slice: &Slice<'_>) -> Option<Mistake> {
    let words = "an exception does not begin with `except`";
    match (opening(slice) == "except", next(slice) == "except") {
        (true, _) => at(Where::First, words, "write `unless …`"),
        (_, true) => here(words, "write `unless …`"),
        _ => None,
    }
}

pub(super) fn permit_only(slice: &Slice<'_>) -> Option<Mistake> {
    if previous(slice) != "permit" || next(slice) != "only" {
        return None;
    }
    let help = "write `require …` to demand it, or `permit when …` to give a ground";
    here("`permit` gives a ground and demands nothing, so it cannot say `only`", help)
}

pub(super) fn norm_without_when(slice: &Slice<'_>) -> Option<Mistake> {
    let norm = previous(slice);
    if !matches!(norm.as_str(), "permit" | "forbid") || opening(slice) == "default" {
        return None;
    }
    here(format!("`{norm}` is followed by `when`"), format!("write `{norm} when …`"))
}

pub(super) fn never_allow(slice: &Slice<'_>) -> Option<Mistake> {
    if previous(slice) != "never" {
        return None;
    }
    if word_back(slice, 1) == "is" {
        let help = format!("write `is not {}`; `is never` is asked of a decision table, and stands alone", next(slice));
        return here("`is never` says no more", help);
    }
    here("`never` is followed by `when`", "write `never when …`")
}

/// `allow when …`, `allowed if …`: what a rule calls `permit when`.
pub(super) fn allow_when(slice: &Slice<'_>) -> Option<Mistake> {
    let first = matches!(opening(slice).as_str(), "allow" | "allowed" | "allows");
    if !first || slice.before.split_whitespace().count() > 1 {
        return None;
    }
    let help = "write `permit when …` to give a ground; `allow LINT because \"…\"` only silences a lint";
    at(Where::First, "a ground on which failure may be allowed begins with `permit when`", help)
}

pub(super) fn colon(slice: &Slice<'_>) -> Option<Mistake> {
    let in_number = slice.before.ends_with(|c: char| c.is_ascii_digit());
    if !slice.after.starts_with(':') || in_number { None } else { here("no colon belongs here", "leave out the colon") }
}

/// `rule a "A".`
pub(super) fn stray_mark(slice: &Slice<'_>) -> Option<Mistake> {
    let mark = slice.after.chars().next().filter(|c| matches!(c, '.' | ',' | ';'))?;
    if !slice.before.trim().is_empty() {
        return None;
    }
    here(format!("no `{mark}` belongs here"), format!("leave out the `{mark}`"))
}

pub(super) fn single_quotes(slice: &Slice<'_>) -> Option<Mistake> {
    let opens = slice.after.starts_with(['\'', '\u{2018}', '`']);
    let after_blank = slice.before.ends_with(char::is_whitespace);
    if !opens || !after_blank {
        None
    } else {
        here("texts do not stand in single quotes", "write double quotes: `\"…\"`")
    }
}

pub(super) fn level_in_quotes(slice: &Slice<'_>) -> Option<Mistake> {
    let quoted = slice.after.starts_with(['"', '\u{201C}', '\u{201E}']);
    let wants_name = matches!(previous(slice).as_str(), "ceiling" | "least" | "with" | "severity");
    if !quoted || !wants_name {
        return None;
    }
    let inner = super::quotes::text_at(slice.after).unwrap_or("");
    here("levels and names stand without quotes", format!("write `{}`", inner.trim().replace([' ', '-'], "_")))
}

/// `supervision at least in_room and risk ceiling low`
pub(super) fn second_norm(slice: &Slice<'_>) -> Option<Mistake> {
    let norm = matches!(opening(slice).as_str(), "risk" | "supervision" | "rescue");
    if !norm || !matches!(next(slice).as_str(), "and" | "or") || matches!(previous(slice).as_str(), "with") {
        return None;
    }
    if opening(slice) == "rescue" {
        return None;
    }
    let (word, other) = (next(slice), after_next(slice));
    let is_norm = NORMS.contains(&other.to_lowercase().as_str());
    let ends =
        slice.after.lines().next().is_some_and(|line| line.trim_end_matches([' ', '.', ',', ';']).ends_with(other));
    if !is_norm && ends && is_name(other) && !other.contains('.') {
        let message = format!("`{word}` joins nothing here, and one level is enough");
        return here(message, format!("name the one level that bounds it: `{} …`", up_to_level(slice)));
    }
    let help = match (word.as_str(), is_norm) {
        ("and", true) => "make a rule of each: a verdict cites the rule that is broken",
        ("and", false) => "put into `when …` what the rule is about, and a further demand into a rule of its own",
        _ => {
            "write one `require` with the fields, as in `require patient.risk at most low or supervision at least in_room`; two rules would demand both"
        }
    };
    here(format!("`{word}` cannot join norms"), help)
}

/// Words that begin a norm.
const NORMS: &[&str] = &["risk", "supervision", "rescue", "require", "forbid", "never", "permit"];

/// `supervision at least` of `supervision at least in_room or hands_on`.
fn up_to_level<'t>(slice: &Slice<'t>) -> &'t str {
    let clause = slice.before.trim_end();
    clause.rsplit_once(char::is_whitespace).map_or(clause, |(words, _)| words)
}

pub(super) fn rescue_plan(slice: &Slice<'_>) -> Option<Mistake> {
    if opening(slice) != "rescue" {
        return None;
    }
    match (previous(slice).as_str(), next(slice).as_str()) {
        (_, "and") => here("strategies are joined by a comma", format!("write a comma: `…, {}`", after_next(slice))),
        ("ready", "in") => here("`ready` is followed by `within`", "write `ready within 30 seconds`"),
        (_, "within") => here("the plan says `ready within`", "write `ready within 30 seconds`"),
        _ => None,
    }
}

pub(super) fn risk_at_most(slice: &Slice<'_>) -> Option<Mistake> {
    if opening(slice) != "risk" || slice.before.to_lowercase().contains("ceiling") {
        return None;
    }
    here("the limit on risk is called `risk ceiling`", "write `risk ceiling` and the highest level that is allowed")
}

/// `risk ceiling is low`, `risk ceiling at most low`
pub(super) fn words_before_ceiling(slice: &Slice<'_>) -> Option<Mistake> {
    if opening(slice) != "risk" || previous(slice) != "ceiling" {
        return None;
    }
    let filler =
        |word: &&str| matches!(*word, "is" | "of" | "at" | "most" | "to" | "the" | "=" | ":" | "<=" | "\u{2264}");
    let line = slice.after.lines().next().unwrap_or("");
    let mut words = line.split_whitespace().skip_while(filler);
    let help = match (words.next(), words.next()) {
        (Some(level), None) if is_name(level) => format!("write `risk ceiling {level}`"),
        _ => "write `risk ceiling` and the highest level that is allowed".to_owned(),
    };
    here("the level follows `risk ceiling` at once", help)
}

/// No level is proposed: "must not be remote" and "at least remote" are opposites.
pub(super) fn supervision_level(slice: &Slice<'_>) -> Option<Mistake> {
    if previous(slice) != "supervision" {
        return None;
    }
    let help = "write `supervision at least` and the lowest level that is close enough";
    here("`supervision` is followed by `at least`", help)
}

/// Clauses of a header whose form is fixed.
pub(super) fn header(slice: &Slice<'_>) -> Option<Mistake> {
    let (opening, word) = (opening(slice), first_word(slice.after));
    if opening == "time" && previous(slice).starts_with(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit()) {
        let message = "a time zone is a region: how far its clocks are from UTC changes with the season";
        return at(Where::Before, message, "write region and city: `time zone Europe/Zurich`");
    }
    let help = match opening.as_str() {
        "timezone" => "write `time zone Europe/Zurich`",
        "author" | "authors" => "write `owner \"…\"`",
        "default" => "write `default forbid` or `default permit`",
        "effective" => "write `effective from 2026-01-01`, or `effective from 2026-01-01 until 2026-12-31`",
        "owner" => "put the name in quotes: `owner \"…\"`",
        "applies" if slice.before.split_whitespace().count() < 3 => "write `applies when …`, with a condition",
        "time" => "write region and city: `time zone Europe/Zurich`",
        _ => return None,
    };
    if word.is_empty() {
        return None;
    }
    let place = if matches!(opening.as_str(), "timezone" | "author" | "authors") { Where::First } else { Where::Here };
    let word = if place == Where::First { opening.as_str() } else { word };
    at(place, format!("`{word}` is not expected here"), help)
}

/// `field ward.beds whole number from 0 to 30 Beds in use`
pub(super) fn title_of_a_field(slice: &Slice<'_>) -> Option<Mistake> {
    const ATTRIBUTES: [&str; 6] = ["role", "known", "chosen", "judged", "from", "afterwards"];
    let word = first_word(slice.after);
    let typed = opening(slice) == "field" && slice.before.split_whitespace().count() >= 3;
    let ends_line = slice.before.ends_with(['\n', '\r']);
    let begins_well = word.starts_with(char::is_alphabetic);
    if !typed || ends_line || !begins_well || !nearest(word, ATTRIBUTES).is_empty() {
        return None;
    }
    let line = slice.after.lines().next().unwrap_or("");
    let words = line.split('#').next().unwrap_or("").split_whitespace();
    let title: Vec<&str> = words.take_while(|word| !ATTRIBUTES.contains(word)).collect();
    here("the title of a field stands in quotes", format!("write `\"{}\"`", title.join(" ")))
}

/// `scale a, b`, `kind a < b`, `written Night`
pub(super) fn list_of_names(slice: &Slice<'_>) -> Option<Mistake> {
    if previous(slice) == "written" {
        return here("written forms are texts in quotes, or numbers", "put the form in quotes: `written \"Night\"`");
    }
    match (opening(slice).as_str(), slice.after.chars().next()?) {
        ("scale", ',') => {
            here("the levels of a scale have an order", "put `<` between them, the lowest first; or declare a `kind`")
        }
        ("scale", '>') => here("the levels of a scale ascend", "put `<` between them, the lowest first"),
        ("kind", '<') => here("the names of a kind have no order", "put commas between them; or declare a `scale`"),
        _ => None,
    }
}
