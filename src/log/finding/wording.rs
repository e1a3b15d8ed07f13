//! The words for findings.

use super::{Finding, FindingKind, Misfit, quote};
use crate::diagnostic::{Diagnostic, Quote, QuoteClass, enumerated};
use crate::log::mapping::not_so;
use crate::log::record::Refusal;
use crate::policy::time::NoTime;
use crate::policy::{Field, FieldType, NameList, Range, Role, Vocabulary, number};
use crate::source::Span;

impl Finding {
    /// Words the finding for people.
    pub fn diagnostic(&self, vocabulary: &Vocabulary) -> Diagnostic {
        let field = self.fields.first().and_then(|id| vocabulary.field(*id));
        let name = field.map_or("", |field| field.name.as_str());
        match &self.kind {
            FindingKind::Unfit(misfit) => self.misfit(name, misfit, field.is_some_and(is_free_text)),
            FindingKind::UnknownLevel { list, near } => self.unknown_level(name, vocabulary.list(*list), near),
            FindingKind::RepeatedKey { path, first } => {
                let message =
                    format!("`{}` stands twice in one record, and nobody can tell which is meant", quote(path));
                Diagnostic::new(self.code(), message, self.place, "stands here again")
                    .with_label(*first, "stands here first")
                    .with_help("keep the one that is right, and delete the other")
            }
            FindingKind::Refused { why, rule } => self.refused(name, why, *rule, field.is_some_and(is_free_text)),
        }
    }

    fn refused(&self, name: &str, why: &Refusal, rule: Span, free: bool) -> Diagnostic {
        let Refused { reason, label, of_rule, help } = refused_words(why);
        let quote = self.quote(free);
        let message = does_not_fit(name, quote.as_ref(), &reason);
        let problem = self.at_value(Diagnostic { help: Some(help), ..self.bare(message) }, label, quote);
        problem.with_label(rule, of_rule)
    }

    fn quote(&self, free: bool) -> Option<Quote> {
        let quote = |value| if free { Quote::new(QuoteClass::Free, value) } else { Quote::of_value(value) };
        self.value.as_deref().map(quote)
    }

    fn misfit(&self, name: &str, misfit: &Misfit, free: bool) -> Diagnostic {
        let reason = reason(misfit);
        let quote = self.quote(free);
        let message = does_not_fit(name, quote.as_ref(), &reason);
        let mut problem = Diagnostic { help: Some(help(misfit).to_owned()), ..self.bare(message) };
        if matches!(misfit, Misfit::AfterThePresent(_)) {
            // The present is another one in each run.
            problem = problem.about(name);
        }
        self.at_value(problem, label(misfit), quote)
    }

    fn unknown_level(&self, name: &str, list: Option<&NameList>, near: &[String]) -> Diagnostic {
        let quote = Quote::of_value(self.value.as_deref().unwrap_or(""));
        let (word, list_name) = list.map_or(("kind", ""), |list| (list.word(), list.name.as_str()));
        let what = if word == "scale" { "level" } else { "name" };
        let message = format!("`{name}` is {}, which is no {what} of the {word} `{list_name}`", quote.mask());
        let help = if near.is_empty() { choices(list) } else { format!("did you mean {}?", one_of(near)) };
        let label = format!("no {what} of `{list_name}`");
        self.at_value(Diagnostic { help: Some(help), ..self.bare(message) }, &label, Some(quote))
    }

    fn bare(&self, message: String) -> Diagnostic {
        Diagnostic::without_place(self.code(), message)
    }

    /// Points at the value, of which a report shows as much as it may.
    fn at_value(&self, problem: Diagnostic, label: &str, quote: Option<Quote>) -> Diagnostic {
        match quote {
            Some(quote) => problem.with_label_in_log(self.place, label, quote.mask()).quoting(quote),
            None => problem.with_label(self.place, label),
        }
    }
}

fn does_not_fit(name: &str, quote: Option<&Quote>, reason: &str) -> String {
    match quote {
        Some(quote) => format!("`{name}` is {}: {reason}", quote.mask()),
        None => format!("`{name}` does not fit: {reason}"),
    }
}

fn is_free_text(field: &Field) -> bool {
    field.kind == FieldType::Text && field.role != Some(Role::Id)
}

/// The words for what a mapping refuses.
struct Refused {
    reason: String,
    label: &'static str,
    of_rule: &'static str,
    help: String,
}

fn refused_words(why: &Refusal) -> Refused {
    let words = |reason: &str, label, of_rule, help: &str| Refused {
        reason: reason.to_owned(),
        label,
        of_rule,
        help: help.to_owned(),
    };
    match why {
        Refusal::NoCode { near } => {
            let add = "add a line for it to the `codes`, or list it under `missing`";
            let help =
                if near.is_empty() { add.to_owned() } else { format!("did you mean {}? If not, {add}", one_of(near)) };
            words("the mapping has no code for it", "no code", "the codes that it has", &help)
        }
        Refusal::InNoForm => words(
            "that is not written as the mapping says",
            "written in another form",
            "the form that is read",
            "correct it, or add its form to `written`",
        ),
        Refusal::InTwoForms => words(
            "by two of the mapping's forms it is two different dates, and nobody can tell which is meant",
            "two dates",
            "the forms that are read",
            "keep only the form that this log has",
        ),
        Refusal::NotSoWritten(why) => words(
            not_so(*why),
            "written in another form",
            "read as a number here",
            "correct the number, or say how numbers are written with `decimal` and `thousands`",
        ),
        Refusal::NoBox => words(
            "the box is neither checked nor unchecked",
            "neither of the two",
            "read from boxes here",
            "add it to `checked`, to `unchecked` or to `missing`",
        ),
        Refusal::BoxMissing { missing } => {
            let boxes =
                if *missing == 1 { "one of its boxes says".to_owned() } else { format!("{missing} of its boxes say") };
            let help = "fill them in, or add what they say to `unchecked` (`\"\"` for nothing)";
            words(&format!("{boxes} nothing, and others something"), "known in part", "read from boxes here", help)
        }
        Refusal::Several { values } => words(
            &format!("the path leads to {values} values, and nobody can tell which is meant"),
            "several values",
            "the path",
            "choose one in brackets, as in `coding[0]` or `participant[function=trainee]`",
        ),
    }
}

/// How many names a help lists.
const MOST_CHOICES: usize = 8;

fn choices(list: Option<&NameList>) -> String {
    let names: Vec<String> = list.map_or(Vec::new(), |list| list.names.iter().map(|name| name.name.clone()).collect());
    if names.is_empty() || names.len() > MOST_CHOICES {
        return "write one of the declared names, or declare this form with `written` in the vocabulary".to_owned();
    }
    format!("write {}, or declare this form with `written` in the vocabulary", one_of(&names))
}

/// Joins names: `` `a`, `b` or `c` ``.
fn one_of(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    enumerated(&quoted, "or")
}

/// Says why a value does not fit.
fn reason(misfit: &Misfit) -> String {
    match misfit {
        Misfit::Group => "a group of values stands where one value is expected".to_owned(),
        Misfit::List => "a list stands where one value is expected".to_owned(),
        Misfit::Member("nothing") => "one of its members is empty".to_owned(),
        Misfit::Member(what) => format!("one of its members is {what}"),
        Misfit::NotBoolean => "only `true` and `false` are meant here".to_owned(),
        Misfit::NotNumber => "that is no number".to_owned(),
        Misfit::Comma => "a comma may stand for the point or for thousands".to_owned(),
        Misfit::TooManyDigits => "no number of that size or precision can be held exactly".to_owned(),
        Misfit::NotWhole => "a whole number is expected".to_owned(),
        Misfit::OutOfRange(range) => format!("the number must be {}", in_words(*range)),
        Misfit::NoUnit => "a duration needs a unit".to_owned(),
        Misfit::NotDuration => "that is no duration".to_owned(),
        Misfit::NotDate(why) => no_time(*why, "day"),
        Misfit::NotInstant(why) => no_time(*why, "time"),
        Misfit::AfterThePresent(present) => format!("that lies after the present, which is {present}"),
        Misfit::Nul => "a NUL character stands in it, which belongs to no text".to_owned(),
    }
}

fn no_time(why: NoTime, what: &str) -> String {
    match why {
        NoTime::NotWrittenSo if what == "day" => "that is not written as year-month-day".to_owned(),
        NoTime::NotWrittenSo => "that is not written as a date, or as a date and a time".to_owned(),
        NoTime::NoSuchTime if what == "day" => "the calendar has no such day".to_owned(),
        NoTime::NoSuchTime => "there is no such day, or no such time of the day".to_owned(),
        NoTime::SkippedByClock => "the clocks were put forward over this time".to_owned(),
    }
}

fn in_words(range: Range) -> String {
    match (range.low.map(number::write), range.high.map(number::write)) {
        (Some(low), Some(high)) => format!("between {low} and {high}"),
        (Some(low), None) => format!("at least {low}"),
        (None, Some(high)) => format!("at most {high}"),
        (None, None) => "another one".to_owned(),
    }
}

/// Says in a few words what stands at the place.
fn label(misfit: &Misfit) -> &'static str {
    match misfit {
        Misfit::Group => "a group stands here",
        Misfit::List => "a list stands here",
        Misfit::Member(_) => "this member does not fit",
        Misfit::NotBoolean => "neither `true` nor `false`",
        Misfit::NotNumber => "no number",
        Misfit::Comma => "a comma in a number",
        Misfit::TooManyDigits => "too large or too precise",
        Misfit::NotWhole => "no whole number",
        Misfit::OutOfRange(_) => "out of range",
        Misfit::NoUnit => "no unit",
        Misfit::NotDuration => "no duration",
        Misfit::NotDate(_) => "no such day",
        Misfit::NotInstant(_) => "no such time",
        Misfit::AfterThePresent(_) => "in the future",
        Misfit::Nul => "a NUL character in it",
    }
}

fn help(misfit: &Misfit) -> &'static str {
    match misfit {
        Misfit::Group => "write one value, or let the vocabulary name the value within the group (`from`)",
        Misfit::List => "write one value, or declare the field as a set",
        Misfit::Member(_) => "delete the member, or write its name",
        Misfit::NotBoolean => "write `true` or `false`, or declare a kind with this form as `written`",
        Misfit::NotNumber => "write the number in digits, as `3` or `0.5`",
        Misfit::Comma => "write the fraction with a point, as `1.5`, and thousands without a sign, as `1000`",
        Misfit::TooManyDigits => "write a number of at most 28 digits",
        Misfit::NotWhole => "write a whole number, or declare the field as `number`",
        Misfit::OutOfRange(_) => "correct the number, or widen the range in the vocabulary",
        Misfit::NoUnit => "write the unit, as in `30 seconds` or `30 minutes`",
        Misfit::NotDuration => "write a number and seconds, minutes, hours, days or weeks, as in `30 seconds`",
        Misfit::NotDate(_) => "write the day as `2026-03-04`",
        Misfit::NotInstant(NoTime::SkippedByClock) => {
            "write the offset from UTC as well, as in `2026-03-29T02:30+01:00`"
        }
        Misfit::NotInstant(_) => "write the time as `2026-03-04T10:30`, or the day as `2026-03-04` if no more is known",
        Misfit::AfterThePresent(_) => "correct the time, or check the clock that wrote it",
        Misfit::Nul => "export the log again as plain text",
    }
}
