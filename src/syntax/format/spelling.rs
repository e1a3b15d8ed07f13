//! The one spelling of what may be spelt in several ways.

use std::borrow::Cow;

use super::super::tree::{self, Rule};

/// Gives the words by which a comparison begins.
pub(super) fn comparison(which: Rule) -> Option<&'static str> {
    Some(match which {
        Rule::is_never => "is never",
        Rule::is_not_never => "is not never",
        Rule::is_one_of => "is one of",
        Rule::is_not_one_of => "is not one of",
        Rule::is_present | Rule::is_not_missing => "is present",
        Rule::is_missing | Rule::is_not_present => "is missing",
        Rule::is_not => "is not",
        Rule::is => "is",
        Rule::at_least => "at least",
        Rule::at_most => "at most",
        Rule::above => "above",
        Rule::below => "below",
        Rule::between => "between",
        Rule::within => "within",
        Rule::on_or_before => "on or before",
        Rule::on_or_after => "on or after",
        Rule::before => "before",
        Rule::after => "after",
        _ => return None,
    })
}

/// Gives the words by which the opposite of a comparison begins.
pub(super) fn negated(which: Rule) -> Option<&'static str> {
    comparison(match which {
        Rule::is => Rule::is_not,
        Rule::is_not => Rule::is,
        Rule::is_one_of => Rule::is_not_one_of,
        Rule::is_not_one_of => Rule::is_one_of,
        Rule::is_present | Rule::is_not_missing => Rule::is_missing,
        Rule::is_missing | Rule::is_not_present => Rule::is_present,
        _ => return None,
    })
}

/// Gives the unit in full; anything else as it is.
pub(super) fn unit(written: &str, one: bool) -> &str {
    let (singular, plural) = match written.to_ascii_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => ("second", "seconds"),
        "min" | "mins" | "minute" | "minutes" => ("minute", "minutes"),
        "h" | "hr" | "hrs" | "hour" | "hours" => ("hour", "hours"),
        "day" | "days" => ("day", "days"),
        "week" | "weeks" => ("week", "weeks"),
        _ => return written,
    };
    if one { singular } else { plural }
}

/// Gives a number with a plain sign.
pub(super) fn number(written: &str) -> String {
    written.trim().replace(['\u{2212}', '\u{2013}'], "-")
}

/// Puts straight quotation marks around a text.
pub(super) fn text(written: &str) -> Cow<'_, str> {
    let written = written.trim();
    let straight = written.len() > 1 && written.starts_with('"') && written.ends_with('"');
    if straight {
        return Cow::Borrowed(written);
    }
    Cow::Owned(quoted(&tree::unquoted(written)))
}

/// Puts quotation marks around what a text says.
pub(super) fn quoted(said: &str) -> String {
    format!("\"{}\"", escaped(said))
}

/// Escapes quotation marks, and the backslashes that would else escape what follows them.
fn escaped(said: &str) -> String {
    let mut written = String::with_capacity(said.len());
    let mut characters = said.chars().peekable();
    let mut doubled = false;
    while let Some(c) = characters.next() {
        // Within a run of backslashes, all are doubled or none is.
        doubled = c == '\\' && (doubled || matches!(characters.peek(), None | Some('"' | '\\')));
        if c == '"' || doubled {
            written.push('\\');
        }
        written.push(c);
    }
    written
}

/// Gives words in lower case, one blank between them.
pub(super) fn words(written: &str) -> String {
    written.split(is_blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Knows what the grammar passes over.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{AD}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_get_straight_quotation_marks() {
        assert_eq!(text("“so”"), "\"so\"");
        assert_eq!(text("«say \"so\"»"), "\"say \\\"so\\\"\"");
        assert_eq!(text("\"a “b” c\""), "\"a “b” c\"");
        assert_eq!(text("“a\\”"), "\"a\\\\\"");
        assert_eq!(text("“C:\\data”"), "\"C:\\data\"");
        assert_eq!(text("“a\\\\b”"), "\"a\\\\\\\\b\"");
        for said in ["“a\\”", "“\\\"\\\\\"x\\y”", "«\\\\»", "“say \\\"so\\\"”"] {
            assert_eq!(tree::unquoted(&text(said)), tree::unquoted(said), "{said}");
        }
        assert_eq!(text("\"a”"), "\"a\"");
    }

    #[test]
    fn one_has_a_singular() {
        assert_eq!([unit("s", false), unit("HRS", true), unit("month", true)], ["seconds", "hour", "month"]);
    }
}
