//! The list of known mistakes, the most particular first.
//!
//! Each looks at the words before and after the place where reading stopped, and gives a message and a help, or
//! nothing. To add one: a function in `clauses` or `comparisons`, and a line in [`KNOWN`].

use super::{Mistake, Slice, Where, clauses, comparisons, first_word, last_word, lists, times};

type Known = fn(&Slice<'_>) -> Option<Mistake>;

const KNOWN: &[Known] = &[
    clauses::invisible_character,
    clauses::slashes_for_comment,
    clauses::bold,
    clauses::sentence,
    clauses::bullet_without_list,
    clauses::definition_without_as,
    clauses::vocabulary_in_quotes,
    times::half,
    times::since_last,
    lists::several_words_for_name,
    lists::texts_with_comma,
    lists::list_ends_in_comma,
    clauses::undocumented,
    clauses::if_then,
    clauses::except,
    clauses::permit_only,
    clauses::norm_without_when,
    clauses::never_allow,
    clauses::allow_when,
    clauses::stray_mark,
    clauses::colon,
    clauses::single_quotes,
    clauses::level_in_quotes,
    clauses::second_norm,
    clauses::rescue_plan,
    clauses::risk_at_most,
    clauses::words_before_ceiling,
    clauses::supervision_level,
    clauses::title_of_a_field,
    times::length_in_words,
    times::limit,
    times::deadline,
    times::must,
    times::looking_back,
    clauses::header,
    clauses::list_of_names,
    lists::values_in_bullets,
    lists::values_in_parentheses,
    lists::bullets_without_heading,
    lists::other_heading,
    lists::one_of_without_is,
    lists::the_following,
    lists::one_without_of,
    lists::article,
    comparisons::value_first,
    comparisons::value_without_comparison,
    comparisons::presence_without_is,
    comparisons::misspelt_unit,
    comparisons::bounds_otherwise,
    comparisons::within_of_what,
    comparisons::either_both_neither,
    comparisons::symbol_for_word,
    comparisons::is_in,
    comparisons::apostrophe,
    comparisons::is_not_at_least,
    comparisons::not_after_field,
    comparisons::not_without_is,
    comparisons::or_value,
    comparisons::or_more,
    comparisons::greater_or_equal,
    comparisons::comma_between_conditions,
    comparisons::other_word,
    comparisons::misspelt,
    comparisons::two_words,
];

/// Finds the first known mistake that fits.
pub(super) fn mistake(slice: &Slice<'_>) -> Option<Mistake> {
    KNOWN.iter().find_map(|known| known(slice))
}

/// Finds a known mistake at the beginning of a line that a whole clause stands above.
pub(super) fn except_here(text: &str, at: usize) -> Option<Mistake> {
    let (before, after) = text.split_at_checked(at)?;
    let slice = Slice { text, before, after };
    clauses::except(&slice).or_else(|| times::must(&slice))
}

/// Makes a mistake at a place.
pub(super) fn at(at: Where, message: impl Into<String>, help: impl Into<String>) -> Option<Mistake> {
    Some(Mistake { at, message: message.into(), help: help.into() })
}

/// Makes a mistake at the word where reading stopped.
pub(super) fn here(message: impl Into<String>, help: impl Into<String>) -> Option<Mistake> {
    at(Where::Here, message, help)
}

/// Gives the word before the place, in lower case.
pub(super) fn previous(slice: &Slice<'_>) -> String {
    last_word(slice.before).to_lowercase()
}

/// Gives a word further back, in lower case: 1 for the one before the previous.
pub(super) fn word_back(slice: &Slice<'_>, back: usize) -> String {
    slice.before.split_whitespace().rev().nth(back).unwrap_or("").to_lowercase()
}

/// Gives the word at the place, in lower case.
pub(super) fn next(slice: &Slice<'_>) -> String {
    first_word(slice.after).to_lowercase()
}

/// Gives the word after that at the place.
pub(super) fn after_next<'t>(slice: &Slice<'t>) -> &'t str {
    let rest = slice.after.get(first_word(slice.after).len()..).unwrap_or("");
    first_word(rest.trim_start())
}

/// Gives the first word of the slice, in lower case.
pub(super) fn opening(slice: &Slice<'_>) -> String {
    first_word(slice.text).to_lowercase()
}

/// Says whether a word could be a name, and is no word of the language.
pub(super) fn is_name(word: &str) -> bool {
    let lower = word.to_lowercase();
    let plain = word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    plain && word.chars().next().is_some_and(char::is_alphabetic) && !LANGUAGE.contains(&lower.as_str())
}

/// Words that are part of the language and so no name.
const LANGUAGE: &[&str] = &[
    "when",
    "unless",
    "if",
    "because",
    "cites",
    "remedy",
    "permit",
    "forbid",
    "never",
    "require",
    "limit",
    "oblige",
    "otherwise",
    "and",
    "or",
    "not",
    "is",
    "per",
    "where",
    "within",
    "without",
    "with",
    "between",
    "above",
    "below",
    "before",
    "after",
    "at",
    "includes",
    "in",
    "to",
    "of",
    "as",
    "any",
    "all",
    "least",
    "most",
    "ready",
    "present",
    "missing",
    "one",
    "plan",
    "ceiling",
    "rescue",
    "severity",
    "undocumented",
    "extends",
    "written",
    "role",
    "from",
];
