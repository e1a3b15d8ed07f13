//! The words of this pass: one function for each problem that a case or an example can have.

use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::policy::{Rule, Version};
use crate::source::Span;
use crate::syntax::ast::{CaseDeclaration, Setting, Word};

use super::super::group::Loose;
use super::Beside;
use super::claim::{Concern, why_not_impermissible};

/// Finds the policy that a file of cases and examples belongs to: the only one, or the one whose name begins the
/// file's name.
pub(super) fn policy_of(file: &Loose<'_>, versions: &[Beside<'_, '_>]) -> Result<String, Option<Diagnostic>> {
    let mut names: Vec<&str> = versions.iter().map(|beside| beside.version.policy.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let stem = file.stem.replace('-', "_");
    let by_name = names.iter().filter(|name| stem.starts_with(**name)).max_by_key(|name| name.len());
    let Some(at) = file.first_place() else { return Err(None) };
    match (by_name, names.as_slice()) {
        (Some(name), _) => Ok((*name).to_owned()),
        (None, [name]) => Ok((*name).to_owned()),
        (None, []) => {
            let message = "there is no policy to which these cases and examples belong";
            Err(Some(
                Diagnostic::new(codes::NO_POLICY, message, at, "of which policy are they?")
                    .with_help("name the policy's file beside this one on the command line"),
            ))
        }
        (None, names) => {
            let message = "it is unclear to which policy these cases and examples belong";
            let first = names.first().copied().unwrap_or_default();
            Err(Some(
                Diagnostic::new(codes::NO_POLICY, message, at, "of which policy are they?")
                    .with_help(format!("begin the file's name with that of the policy: `{first}_examples.forbear`")),
            ))
        }
    }
}

pub(super) fn without_case<'c>(at: Span, cases: impl Iterator<Item = &'c str>) -> Diagnostic {
    let first: Vec<&str> = cases.take(3).collect();
    let help = match first.as_slice() {
        [] => "declare one, `case routine` with its settings below, and write its name behind the title".to_owned(),
        names => format!("write its name behind the title, on the same line: `{}`", names.join("`, `")),
    };
    Diagnostic::new(
        codes::EXAMPLE_WITHOUT_CASE,
        "this example names no case, so there is nothing to judge",
        at,
        "of which case?",
    )
    .with_help(help)
}

pub(super) fn without_claim(at: Span) -> Diagnostic {
    Diagnostic::new(
        codes::EXAMPLE_WITHOUT_CLAIM,
        "this example claims nothing, so it cannot fail",
        at,
        "what is shown by it?",
    )
    .with_help(
        "add a claim: `is permissible`, `is impermissible by RULE`, `is undetermined for want of FIELD`, `owes DUTY`",
    )
}

pub(super) fn without_records(at: Span) -> Diagnostic {
    Diagnostic::new(
        codes::EXAMPLE_WITHOUT_CLAIM,
        "this example claims nothing of the log, so it cannot fail",
        at,
        "of which record?",
    )
    .with_help("add lines with the id of a record and a claim: `EP-1 is permissible`")
}

pub(super) fn two_verdicts(at: Span, first: Span) -> Diagnostic {
    Diagnostic::new(codes::TWO_VERDICTS, "an episode has one verdict, and two are claimed", at, "the second")
        .with_label(first, "the first")
        .with_help("make two examples of it; several rules are named in one claim, `is impermissible by A, B`")
}

pub(super) fn unknown_case<'c>(name: &Word, cases: impl Iterator<Item = &'c str>) -> Diagnostic {
    let known: Vec<&str> = cases.collect();
    let help = did_you_mean(&name.text, known.iter().copied())
        .unwrap_or_else(|| format!("declare it: `case {}`, with its settings below", name.text));
    Diagnostic::new(codes::UNKNOWN_CASE, format!("there is no case `{}`", name.text), name.span, "not a case")
        .with_help(help)
}

/// Tells a circle step by step.
pub(super) fn like_itself(steps: &[&CaseDeclaration]) -> Diagnostic {
    let name = |case: &&CaseDeclaration| case.name.as_ref().map(|name| name.text.clone()).unwrap_or_default();
    let first = steps.first().map(name).unwrap_or_default();
    let at = steps.last().and_then(|case| case.like.as_ref()).map(|like| like.span);
    let at = at.or_else(|| steps.first().map(|case| case.span));
    let message = format!("the case `{first}` is like itself");
    let place = at.unwrap_or_else(|| Span::new(crate::source::SourceId(0), 0, 0));
    let mut problem = Diagnostic::new(codes::CASE_CYCLE, message, place, format!("like `{first}` again"));
    for step in steps.iter().take(5) {
        if let Some((own, like)) = step.name.as_ref().zip(step.like.as_ref()) {
            problem = problem.with_label(own.span, format!("`{}` is like `{}`", own.text, like.text));
        }
    }
    problem.with_help("state one of them without `like`")
}

pub(super) fn set_twice(field: &Word, first: Span) -> Diagnostic {
    Diagnostic::new(codes::SET_TWICE, format!("`{}` is set twice", field.text), field.span, "here again")
        .with_label(first, "here first")
        .with_help("keep one of them; the members of a set stand on one line, separated by commas")
}

pub(super) fn text_without_quotes(field: &str, raw: &str, at: Span) -> Diagnostic {
    let message = format!("`{field}` is a text, and `{raw}` is more than words");
    Diagnostic::new(codes::TYPES_DIFFER, message, at, "a quantity, or several texts")
        .with_help(format!("put one text in quotes: `\"{}\"`", raw.replace(['"', '“', '”', '„', '«', '»'], "")))
}

pub(super) fn set_and_removed(field: &Word, first: Span) -> Diagnostic {
    let message = format!("`{}` is set and left out in one example", field.text);
    Diagnostic::new(codes::SET_TWICE, message, field.span, "left out here")
        .with_label(first, "set here")
        .with_help("keep one of them")
}

pub(super) fn as_of_twice(at: Span) -> Diagnostic {
    Diagnostic::new(codes::SET_TWICE, "`as of` is said twice", at, "here again").with_help("keep one of them")
}

/// `following routine 9000 years earlier`
pub(super) fn beyond_the_calendar(at: Span) -> Diagnostic {
    let message = "no day of the calendar fits this example";
    Diagnostic::new(codes::OUT_OF_RANGE, message, at, "too long before, or after")
        .with_help("shorten the distances to what a policy may live to see")
}

pub(super) fn no_such_day(day: &Word) -> Diagnostic {
    let message = format!("`{}` is no day of the calendar", day.text);
    Diagnostic::new(codes::NO_SUCH_DAY, message, day.span, "no such day").with_help("write a day: `as of 2026-03-31`")
}

pub(super) fn unknown_rule(name: &Word, version: &Version, at: Span) -> Diagnostic {
    let names = version.rules.iter().map(|rule| rule.name.as_str());
    let defined = version.conditions.definitions().iter().any(|definition| definition.name == name.text);
    let help = did_you_mean(&name.text, names).unwrap_or_else(|| match defined {
        true => "name the rule that uses this definition".to_owned(),
        false => "write the name of a rule, the word that stands after `rule`".to_owned(),
    });
    let message = format!("policy `{}` has no rule `{}`", version.policy, name.text);
    let label = if defined { "a definition, not a rule" } else { "not a rule" };
    Diagnostic::new(codes::UNKNOWN_RULE, message, at, label).with_help(help)
}

pub(super) fn unfit_claim(name: &Word, rule: &Rule, concern: Concern) -> Diagnostic {
    let (message, help) = match concern {
        Concern::Impermissible => {
            let (why, help) = why_not_impermissible(rule);
            (format!("nothing is impermissible by `{}`: {why}", rule.name), help)
        }
        Concern::Owes => {
            (format!("`{}` is no duty, so nothing is owed by it", rule.name), "name a rule with `oblige`".to_owned())
        }
        Concern::Overdue if rule.duty.is_none() => (
            format!("`{}` is no duty, so nobody is overdue with it", rule.name),
            "name a rule with `oblige`".to_owned(),
        ),
        Concern::Overdue => (
            format!("`{}` has no deadline, so nobody is overdue with it", rule.name),
            format!("write `owes {}`, or give the rule a deadline: `oblige … within 24 hours`", rule.name),
        ),
        Concern::Excused if rule.is_permit() => {
            (format!("`{}` is a permit, and nobody is excused from a permit", rule.name), "leave it out".to_owned())
        }
        Concern::Excused => (
            format!("`{}` has no `unless`, so nobody is excused from it", rule.name),
            "name a rule with `unless`".to_owned(),
        ),
    };
    Diagnostic::new(codes::UNFIT_CLAIM, message, name.span, "of another sort")
        .with_label(rule.norm.origin, format!("`{}` says this", rule.name))
        .with_help(help)
}

pub(super) fn no_moment(field: &str, what: &str, at: Span) -> Diagnostic {
    let message = format!("`{field}` is {what}, and this is a moment");
    Diagnostic::new(codes::TYPES_DIFFER, message, at, "does not fit").with_help("write a value of its type")
}

pub(super) fn own_time_from_itself(field: &str, at: Span) -> Diagnostic {
    let message = format!("`{field}` is the case's own time, and cannot be told from itself");
    Diagnostic::new(codes::TYPES_DIFFER, message, at, "later or earlier than what?")
        .with_help("write a moment, `2026-01-31T08:00`, or leave it out: then a time is made up")
}

pub(super) fn earlier_or_later(field: &str, raw: &str, at: Span) -> Diagnostic {
    let message = format!("`{field}` is a moment, and this is a length");
    Diagnostic::new(codes::TYPES_DIFFER, message, at, "before or after the episode?")
        .with_help(format!("write `{field} {raw} later`, or `{field} {raw} earlier`"))
}

pub(super) fn unquoted_person(raw: &str, at: Span) -> Diagnostic {
    let raw = raw.trim_matches(['\'', '\u{2018}', '\u{2019}', '\u{201A}', '\u{201B}']);
    let message = "who somebody is stands in quotes";
    Diagnostic::new(codes::UNQUOTED_TEXT, message, at, "not in quotes").with_help(format!("write `\"{raw}\"`"))
}

pub(super) fn unfit_words(field: &str, what: &str, setting: &Setting, help: &str) -> Diagnostic {
    let message = format!("`{field}` is {what}, and `{}` is not", setting.raw);
    Diagnostic::new(codes::TYPES_DIFFER, message, setting.value, "does not fit").with_help(help)
}

pub(super) fn several_values(field: &str, at: Span) -> Diagnostic {
    let message = format!("`{field}` has one value, and here are several");
    Diagnostic::new(codes::TYPES_DIFFER, message, at, "one of them")
        .with_help("keep one, and make an example of each other: `with FIELD value`")
}

/// Knows what people write where nothing is known.
pub(super) fn is_absence(word: &str) -> bool {
    let words =
        ["missing", "unknown", "empty", "blank", "null", "none", "absent", "nothing", "undocumented", "unstated"];
    words.contains(&word.to_lowercase().as_str())
}

pub(super) fn absent(field: &str, raw: &str, at: Span) -> Diagnostic {
    let message = format!("`{raw}` is no value: what is not stated is missing");
    Diagnostic::new(codes::TYPES_DIFFER, message, at, "not a value")
        .with_help(format!("leave the line out; in an example, write `without {field}`"))
}

pub(super) fn another_field(word: &str, at: Span) -> Diagnostic {
    let message = format!("`{word}` is a field, and a case states values");
    Diagnostic::new(codes::TYPES_DIFFER, message, at, "not a value").with_help("write the value itself")
}

pub(super) fn neither_true_nor_false(field: &str, word: &str, at: Span) -> Diagnostic {
    let meant = match word.to_lowercase().as_str() {
        "no" | "n" | "off" => "false",
        _ => "true",
    };
    Diagnostic::new(codes::TYPES_DIFFER, format!("`{word}` is neither `true` nor `false`"), at, "does not fit")
        .with_help(format!("write `{field} {meant}`"))
}
