//! Pass 3: the header of a policy.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::policy::{Calendar, DefaultNorm, InForce, RecordedWithin, Role, time};
use crate::source::Span;
use crate::syntax::ast::{Condition, PolicyClauseKind, PolicyHeader, Text, Value, Word};

use super::calendars::Calendars;
use super::condition::CalendarNamed;
use super::constant::exact_duration;
use super::group::PolicyGroup;
use super::vocabulary::{Made, Vocabularies, unknown_vocabulary};

/// What a header says, its names resolved.
pub(super) struct Header<'d> {
    pub(super) label: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) in_force: Option<InForce>,
    pub(super) zone: TimeZone,
    pub(super) calendar: Option<Arc<Calendar>>,
    pub(super) calendar_named: CalendarNamed,
    pub(super) recorded_within: Option<RecordedWithin>,
    pub(super) vocabulary: Option<Made>,
    pub(super) applies_when: Option<&'d Condition>,
    pub(super) default: DefaultNorm,
    /// Where the default is written; none if it is not.
    pub(super) default_span: Option<Span>,
}

/// Reads a header.
pub(super) fn header<'d>(
    group: &PolicyGroup<'d>,
    vocabularies: &Vocabularies,
    calendars: &Calendars,
    problems: &mut Vec<Diagnostic>,
) -> Header<'d> {
    let declaration = group.header;
    report_repeated(declaration, problems);
    let mut header = Header {
        label: None,
        owner: None,
        in_force: None,
        zone: TimeZone::UTC,
        calendar: None,
        calendar_named: CalendarNamed::No,
        recorded_within: None,
        vocabulary: None,
        applies_when: None,
        default: DefaultNorm::Forbid,
        default_span: None,
    };
    let mut names_vocabulary = false;
    for clause in &declaration.clauses {
        match &clause.kind {
            PolicyClauseKind::Version(Word { text, .. }) => header.label = Some(text.clone()),
            PolicyClauseKind::Owner(Text { text, .. }) => header.owner = Some(text.clone()),
            PolicyClauseKind::Calendar(name) => {
                header.calendar_named = CalendarNamed::Yes;
                match calendars.get(&name.text) {
                    Some(calendar) => header.calendar = calendar.clone(),
                    None => problems.push(unknown_calendar(name, calendars)),
                }
            }
            PolicyClauseKind::RecordedWithin(value) => {
                header.recorded_within =
                    exact(value, problems).map(|at_most| RecordedWithin { at_most, origin: clause.span });
            }
            PolicyClauseKind::TimeZone(name) => header.zone = zone(name, problems),
            PolicyClauseKind::Effective { from, until } => {
                header.in_force = in_force(from, until.as_ref(), clause.span, problems);
            }
            PolicyClauseKind::Vocabulary(name) => {
                names_vocabulary = true;
                header.vocabulary = vocabularies.get(&name.text).cloned();
                if header.vocabulary.is_none() {
                    problems.push(unknown_vocabulary(name, vocabularies));
                }
            }
            PolicyClauseKind::AppliesWhen(condition) => header.applies_when = Some(condition),
            PolicyClauseKind::DefaultPermit(permit) => {
                header.default = if *permit { DefaultNorm::Permit } else { DefaultNorm::Forbid };
                header.default_span = Some(clause.span);
            }
            // What is allowed is read with the lints.
            PolicyClauseKind::Allow(_) => {}
        }
    }
    if !names_vocabulary && !declaration.broken {
        problems.push(no_vocabulary(group));
    }
    require_time(&header, problems);
    require_recorded(&header, problems);
    header
}

fn report_repeated(declaration: &PolicyHeader, problems: &mut Vec<Diagnostic>) {
    let mut firsts = HashMap::new();
    for clause in declaration.clauses.iter().filter(|clause| !matches!(clause.kind, PolicyClauseKind::Allow(_))) {
        let first = firsts.entry(std::mem::discriminant(&clause.kind)).or_insert(clause.span);
        if *first != clause.span {
            problems.push(repeated("this policy", clause.span, *first));
        }
    }
}

/// Words the problem that a clause stands twice.
pub(super) fn repeated(whose: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::new(codes::REPEATED_CLAUSE, format!("{whose} says this twice"), again, "here again")
        .with_label(first, "here first")
        .with_help("keep one of them")
}

fn unknown_calendar(name: &Word, calendars: &Calendars) -> Diagnostic {
    let message = format!("there is no calendar `{}`", name.text);
    let file = format!("put its days into calendars/{}.yaml beside the policy", name.text);
    let help = did_you_mean(&name.text, calendars.keys().map(String::as_str)).unwrap_or(file);
    Diagnostic::new(codes::UNKNOWN_CALENDAR, message, name.span, "which days are working days?").with_help(help)
}

fn exact(value: &Value, problems: &mut Vec<Diagnostic>) -> Option<SignedDuration> {
    exact_duration(value).map_err(|problem| problems.push(problem)).ok()
}

fn no_vocabulary(group: &PolicyGroup<'_>) -> Diagnostic {
    let problem = Diagnostic::new(
        codes::POLICY_WITHOUT_VOCABULARY,
        "this policy does not say in which vocabulary it speaks",
        group.header.span,
        "its header has no `vocabulary`",
    );
    if let Some(name) = group.vocabulary_below.and_then(|vocabulary| vocabulary.name.as_ref()) {
        return problem
            .with_label(name.span, "this declares a vocabulary, and ends the header")
            .with_help(format!("write `vocabulary {}` there, and put the declaration above `policy`", name.text));
    }
    problem.with_help("add `vocabulary clinical`, or the name of your own")
}

fn zone(name: &Word, problems: &mut Vec<Diagnostic>) -> TimeZone {
    TimeZone::get(&name.text).unwrap_or_else(|_| {
        let message = format!("there is no time zone `{}`", name.text);
        problems.push(
            Diagnostic::new(codes::UNKNOWN_TIME_ZONE, message, name.span, "not a time zone")
                .with_help("write region and city, `Europe/Zurich`, or `UTC`"),
        );
        TimeZone::UTC
    })
}

fn in_force(from: &Word, until: Option<&Word>, origin: Span, problems: &mut Vec<Diagnostic>) -> Option<InForce> {
    let from_day = day(from, problems);
    let until_day = until.map(|until| day(until, problems));
    let in_force = InForce { from: from_day?, until: until_day.flatten(), origin };
    if in_force.until.is_some_and(|last| last < in_force.from) {
        let message = "this policy ends before it begins, so it is never in force";
        problems.push(
            Diagnostic::new(codes::ENDS_BEFORE_IT_BEGINS, message, origin, "the second day lies before the first")
                .with_help("change the two dates about"),
        );
    }
    Some(in_force)
}

fn day(word: &Word, problems: &mut Vec<Diagnostic>) -> Option<Date> {
    let found = time::parse_date(&word.text).ok();
    if found.is_none() {
        let message = format!("the calendar has no day `{}`", word.text);
        problems.push(
            Diagnostic::new(codes::NO_SUCH_DAY, message, word.span, "no such day")
                .with_help("write a day of the calendar without a time: `2026-01-31`"),
        );
    }
    found
}

fn require_recorded(header: &Header<'_>, problems: &mut Vec<Diagnostic>) {
    let (Some(within), Some(Made { vocabulary, unread })) = (&header.recorded_within, &header.vocabulary) else {
        return;
    };
    let missing = [Role::Time, Role::Recorded].into_iter().find(|role| vocabulary.role(*role).is_none());
    if let Some(missing) = missing.filter(|_| !unread.role) {
        let (name, words) = (&vocabulary.name, missing.words());
        let message = format!("vocabulary `{name}` does not say which field has the role `{words}`");
        problems.push(
            Diagnostic::new(codes::ROLE_NOT_BOUND, message, within.origin, "asks when an episode was written down")
                .with_help(format!("add `role {words}` to a field of the vocabulary")),
        );
    }
}

fn require_time(header: &Header<'_>, problems: &mut Vec<Diagnostic>) {
    if let (Some(in_force), Some(vocabulary)) = (&header.in_force, &header.vocabulary)
        && vocabulary.vocabulary.role(Role::Time).is_none()
        && !vocabulary.unread.role
    {
        let message = format!(
            "this policy is in force only at some times, but vocabulary `{}` does not say which field is an episode's time",
            vocabulary.vocabulary.name
        );
        problems.push(
            Diagnostic::new(codes::ROLE_NOT_BOUND, message, in_force.origin, "asks when an episode happened")
                .with_help("give a field of type instant or date the role: `field occurred_at instant role time`"),
        );
    }
}
