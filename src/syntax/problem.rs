//! The words of this stage: one function for each problem that parsing can find.

use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::Span;

use super::literate::Why;
use super::nesting::DEEPEST;

pub(super) mod table;

/// `a or b and c`
pub(super) fn mixed_and_or(span: Span, readings: &[String; 2]) -> Diagnostic {
    let [first, second] = readings;
    let message = "`and` and `or` in one sentence can be read in two ways";
    Diagnostic::new(codes::MIXED_AND_OR, message, span, "which belongs together?")
        .with_help(format!("put the parentheses: `{first}`, or `{second}`"))
}

/// `activity is operation or procedure and patient.frail`, where `procedure` is a name of what `activity` may be.
pub(super) fn list_of_conditions(names: &[String], field: &str, at: Span, repaired: &str) -> Diagnostic {
    let message = format!("`{}` is not a condition; does it belong to a list?", names.join("`, `"));
    Diagnostic::new(codes::MISTAKEN_LIST, message, at, format!("a name of `{field}`, standing alone"))
        .with_help(format!("write `{repaired}`"))
}

/// A dash in a column that belongs to no open list.
pub(super) fn stray_bullet(dash: Span, heading: Span, tabs: bool) -> Diagnostic {
    let message = "this bullet stands in a column of its own, so it is unclear to which list it belongs";
    Diagnostic::new(codes::STRAY_BULLET, message, dash, "no list above has its dashes here")
        .with_label(heading, "the list above it")
        .with_help(if tabs {
            "a tab stands before some of the dashes: indent with spaces, so that the columns are those that you see"
        } else {
            "put the dashes of one list in one column, and those of a list within a bullet further to the right"
        })
}

/// A tab before one dash or `and`, spaces before another.
pub(super) fn tabs_and_spaces(at: Span, first: Span, what: &str) -> Diagnostic {
    let message = format!(
        "tabs and spaces stand before the lines of one list, so it is unclear to which list this {what} belongs"
    );
    Diagnostic::new(codes::STRAY_BULLET, message, at, "how far to the right it stands depends on the program")
        .with_label(first, "indented otherwise")
        .with_help("indent all of them with spaces, so that the columns are those that you see")
}

/// `and …` at the margin after a list.
pub(super) fn joined_to_list(connective: Span, word: &str) -> Diagnostic {
    let message = format!("does this `{word}` belong to the last bullet, or to the whole list?");
    Diagnostic::new(codes::JOINED_TO_LIST, message, connective, "it stands at or left of the dashes")
        .with_help("indent it beyond the dash if it belongs to the last bullet; put the list in parentheses if it belongs to the whole list")
}

/// `- a or` under `all of`.
pub(super) fn bullet_against_heading(at: Span, word: &str, heading: &str) -> Diagnostic {
    let message = format!("this bullet ends in `{word}`, but the list says `{heading} of`");
    Diagnostic::new(codes::BULLET_AGAINST_HEADING, message, at, format!("`{word}` contradicts the heading"))
        .with_help(format!("leave out the `{word}`, or change the heading"))
}

/// Nesting beyond the limit.
pub(super) fn too_deep(at: Span) -> Diagnostic {
    let message = format!("parentheses and lists nest more than {DEEPEST} deep here");
    Diagnostic::new(codes::TOO_DEEP, message, at, "one level too many")
        .with_help("give parts of the condition names of their own with `define`")
}

/// `rule "Title"` without a name.
pub(super) fn missing_name(what: &str, at: Span, title: Option<&str>) -> Diagnostic {
    let slug = title.map(slug).filter(|slug| !slug.is_empty()).unwrap_or_else(|| "short_name".to_owned());
    let what = what.to_lowercase();
    let message = format!("this {} has no name", if what == "define" { "definition" } else { &what });
    let problem = Diagnostic::new(codes::MISSING_NAME, message, at, "a short name belongs here");
    problem.with_help(match what.as_str() {
        "rule" | "policy" => format!("write `{what} {slug} \"…\"`: verdicts cite the name"),
        "define" => "write `define NAME as CONDITION`, the name on the line of `define`".to_owned(),
        _ => format!("write its name after `{what}`, on the same line"),
    })
}

/// `example routine`, without a title
pub(super) fn example_without_title(at: Span) -> Diagnostic {
    let message = "this example has no title".to_owned();
    Diagnostic::new(codes::MISSING_NAME, message, at, "a title in quotes belongs here")
        .with_help("write `example \"what it shows\" CASE`: a test that fails is named by it")
}

/// A name that cannot be one.
pub(super) fn bad_name(what: &str, text: &str, at: Span) -> Diagnostic {
    let message = format!("`{text}` cannot be the name of a {what}");
    Diagnostic::new(codes::BAD_NAME, message, at, "not a name")
        .with_help("begin a name with a letter, and use letters, digits and `_` only")
}

/// `rule in the room`
pub(super) fn name_of_several_words(what: &str, text: &str, joined: &str, at: Span) -> Diagnostic {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    // `rule in_the_room Operations need …`: a name, and a title that has lost its quotes.
    let titled =
        rest.trim_start().starts_with(char::is_uppercase) && first.chars().all(|c| c.is_alphanumeric() || c == '_');
    if titled {
        let message = format!("the title of this {what} stands in no quotes");
        return Diagnostic::new(codes::BAD_NAME, message, at, "a name, and a title without quotes")
            .with_help(format!("write `{what} {first} \"{}\"`", rest.trim()));
    }
    let message = format!("`{text}` cannot be the name of a {what}: a name is one word");
    Diagnostic::new(codes::BAD_NAME, message, at, "not one word")
        .with_help(format!("write `{what} {joined}`; what people read goes into the title, in quotes"))
}

/// A name that the language keeps for itself.
pub(super) fn reserved_name(text: &str, at: Span) -> Diagnostic {
    let message = format!("`{text}` is a word of the language and cannot be a name");
    Diagnostic::new(codes::RESERVED_NAME, message, at, "reserved").with_help(match text.to_ascii_lowercase().as_str() {
        "no" | "true" | "false" => {
            "declare the field as `boolean` if it says yes or no; else add a word to the name".to_owned()
        }
        _ => format!("add a word to it: `{text}_…`"),
    })
}

/// `0,5`, `1'000`
pub(super) fn number_with_separator(text: &str, at: Span, in_list: bool) -> Diagnostic {
    let parts: Vec<&str> = text.split([',', '\'', '\u{2019}']).collect();
    let plain = parts.concat();
    let (mut label, mut readings) = ("a decimal, or a thousand?", Vec::new());
    if let ([whole, fraction], true) = (parts.as_slice(), text.contains(',')) {
        readings.push((format!("{whole}.{fraction}"), "a decimal"));
        let thousand = fraction.len() == 3 && *whole != "0";
        readings.extend(thousand.then(|| (plain.clone(), "a thousand")));
        readings.extend(in_list.then(|| (format!("{whole}, {fraction}"), "two numbers")));
        label = if thousand { label } else { "a decimal has a point, a list a blank after the comma" };
    }
    let readings: Vec<String> = readings.iter().map(|(text, what)| format!("`{text}` for {what}")).collect();
    let help = match readings.split_last() {
        Some((only, [])) => format!("write {only}"),
        Some((last, rest)) => format!("write {}, or {last}", rest.join(", ")),
        None => format!("write `{plain}`: numbers have a point for decimals and no separators"),
    };
    let message = format!("`{text}` can be read in more than one way");
    Diagnostic::new(codes::NUMBER_WITH_SEPARATOR, message, at, label).with_help(help)
}

/// `01.02.2026`, `2026-02`, `2026-1-1`
pub(super) fn bad_date(text: &str, at: Span) -> Diagnostic {
    let message = format!("`{text}` is not a date as policies write it");
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    let (label, help) = match parts.as_slice() {
        [_, _] => ("the day is missing", format!("write the day too: `{text}-01`")),
        [year, month, day] if year.len() == 4 => {
            ("not written as year-month-day", format!("write `{year}-{month:0>2}-{day:0>2}`"))
        }
        _ => ("which is the day, which the month?", "write dates as year-month-day, in full: `2026-01-31`".to_owned()),
    };
    Diagnostic::new(codes::BAD_DATE, message, at, label).with_help(help)
}

/// `1,5 hours`
pub(super) fn duration_with_comma(text: &str, at: Span) -> Diagnostic {
    let message = format!("`{text}` can be read in more than one way");
    Diagnostic::new(codes::NUMBER_WITH_SEPARATOR, message, at, "a decimal, or a thousand?")
        .with_help(format!("write `{}`: decimals have a point", text.replace([',', '\'', '\u{2019}'], ".")))
}

/// `within 30`
pub(super) fn no_unit(number: &str, at: Span) -> Diagnostic {
    Diagnostic::new(codes::NO_UNIT, format!("{number} what?"), at, "the unit is missing")
        .with_help("add seconds, minutes, hours, days or weeks")
}

/// `is one of a, b,`
pub(super) fn list_ends_in_comma(at: Span) -> Diagnostic {
    let message = "this list ends in a comma: is something missing?";
    Diagnostic::new(codes::LIST_ENDS_IN_COMMA, message, at, "nothing more follows in the list")
        .with_help("add the name that is missing, or leave out the comma")
}

/// A clause that begins with no clause word, where clauses of a rule, a header, or declarations belong.
pub(super) fn unknown_clause(word: &str, at: Span, candidates: &[&str]) -> Diagnostic {
    let near = nearest(word, candidates.iter().copied());
    let message = format!("`{word}` does not begin a clause or declaration");
    let help = match near.first() {
        _ if word.eq_ignore_ascii_case("then") && candidates.contains(&"require") => {
            "leave out `then`: each clause begins with its own word; what is owed where a duty is missed begins with `otherwise oblige`".to_owned()
        }
        Some(best) => format!("did you mean `{best}`?"),
        None if word.starts_with(|c: char| c.is_ascii_digit()) => {
            "leave out the number: each line begins with a word of the language; a remark begins with `#`".to_owned()
        }
        None if candidates.contains(&"require") => "begin the line with one of `when`, `permit when`, `forbid when`, `never when`, `require`, `risk ceiling`, `supervision at least`, `rescue plan`, `limit`, `oblige`, `unless`, `because`, `cites`; a remark begins with `#`".to_owned(),
        None if candidates.contains(&"owner") => "begin the line with one of `version`, `owner`, `effective from`, `time zone`, `calendar`, `vocabulary`, `applies when`, `default`".to_owned(),
        None => "begin with one of `policy`, `rule`, `define`, `vocabulary`, `scale`, `kind`, `field`; a remark begins with `#`".to_owned(),
    };
    Diagnostic::new(codes::UNKNOWN_CLAUSE, message, at, "not understood").with_help(help)
}

/// `default permit` below a rule.
pub(super) fn header_clause(clause: &str, at: Span) -> Diagnostic {
    let message = format!("`{clause}` belongs to the header of a policy");
    Diagnostic::new(codes::UNKNOWN_CLAUSE, message, at, "no header goes on here")
        .with_help("put it among the lines right below `policy …`")
}

/// A part that could not be read, though nothing else is known of it.
pub(super) fn lost(at: Span) -> Diagnostic {
    not_understood("this could not be read".to_owned(), at, Some("write it in another way".to_owned()))
}

/// Anything else that was not understood, in words that fit the mistake.
pub(super) fn not_understood(message: String, at: Span, help: Option<String>) -> Diagnostic {
    Diagnostic::new(codes::NOT_UNDERSTOOD, message, at, "not understood from here on").with_help_if(help)
}

/// `take over`, where `take_over` is a name.
pub(super) fn words_apart(words: &str, name: &str, at: Span) -> Diagnostic {
    let message = format!("`{words}` is written apart, and a name is one word");
    Diagnostic::new(codes::NOT_UNDERSTOOD, message, at, "one name").with_help(format!("write `{name}`"))
}

/// A quote that is not closed on its line, or by one of another sort.
pub(super) fn unclosed_text(at: Span, closing: char, other: Option<Span>) -> Diagnostic {
    if let Some(end) = other {
        let message = "this text opens with one sort of quotes and closes with another";
        return Diagnostic::new(codes::UNCLOSED_TEXT, message, at, "it opens here")
            .with_label(end, "this does not close it")
            .with_help(format!("close it with `{closing}`, or write `\"` at both ends"));
    }
    Diagnostic::new(codes::UNCLOSED_TEXT, "this text has no closing quote on its line", at, "it opens here")
        .with_help(format!("close it with `{closing}`; a long text goes on in quotes of its own on the next line"))
}

/// `"the "big" rule"`
pub(super) fn quote_within_text(at: Span) -> Diagnostic {
    let message = "the text ended at the quote before this, so what follows belongs to nothing".to_owned();
    let help = "write single quotes within a text, or `\\\"` for each quote in it";
    not_understood(message, at, Some(help.to_owned()))
}

/// A literate file without a fence.
pub(super) fn no_fence(at: Span) -> Diagnostic {
    Diagnostic::new(
        codes::NO_FENCE,
        "this document has no `forbear` block, so there is nothing to check",
        at,
        "no block in all of it",
    )
    .with_help("put the rules between a line of three backticks with the word forbear, and a line of three backticks")
}

/// What looks like a block of policy, and is not read.
pub(super) fn unread_block(at: Span, why: Why) -> Diagnostic {
    let (label, help) = match why {
        Why::Misspelt => ("no block of the policy", "write `forbear` and nothing else behind the three marks"),
        Why::NoWord => {
            ("a policy, but in no block of it", "write a line of three backticks with the word forbear above it")
        }
        Why::Within => (
            "within a block that began before",
            "close that block with a line of its own marks; if this is meant as an example, give the block around it more marks",
        ),
        Why::NoBlock => (
            "opens no block",
            "write three backticks at the beginning of a line, with the word forbear; after HTML, leave a blank line before it",
        ),
    };
    Diagnostic::new(codes::UNREAD_BLOCK, "this looks like a block of the policy, and is not read", at, label)
        .with_help(help)
}

/// Bytes that are no text.
pub(super) fn not_text(at: Span) -> Diagnostic {
    Diagnostic::new(codes::NOT_TEXT, "this file is not text in UTF-8", at, "the first byte that is none")
        .with_help("save the file as plain text in UTF-8")
}

/// Makes a name of a title: `Operations need the supervisor` gives `operations_need_the`.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(3).map(str::to_lowercase).collect::<Vec<_>>().join("_")
}
