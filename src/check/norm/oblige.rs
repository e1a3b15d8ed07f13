//! `oblige FIELD [within D [of FIELD]] [with C]`, and `otherwise oblige …`: a duty with its deadline.

use jiff::civil::Time;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{
    Base, Condition as Node, Deadline, Duty, Field, FieldId, FieldRef, FieldType, Length, Limit, Link, Role, civil,
};
use crate::source::Span;
use crate::syntax::ast::{DeadlineClause, DeadlineKind, Obligation, Value, ValueKind, Word};

use super::super::condition::Conditioner;
use super::super::length::{time_of_day, working_days};

/// Makes the chain of a duty; `None` where a link has an error, all of which are reported.
pub(super) fn duty(
    first: (&Obligation, Span),
    rest: &[(&Obligation, Span)],
    conditioner: &mut Conditioner<'_>,
) -> Option<Duty> {
    let links: Vec<Option<Link>> = std::iter::once(&first)
        .chain(rest)
        .enumerate()
        .map(|(at, (obligation, origin))| link(obligation, *origin, at > 0, conditioner))
        .collect();
    let links: Vec<Link> = links.into_iter().collect::<Option<_>>()?;
    for (before, after) in links.iter().zip(links.iter().skip(1)) {
        if before.deadline.is_none() {
            let message = "this is never owed: the duty before it has no deadline, so it is never missed";
            conditioner.problems.push(
                Diagnostic::new(codes::NEVER_OWED, message, after.origin, "never owed")
                    .with_label(before.origin, "no deadline here")
                    .with_help("give the duty before it a deadline: `within 24 hours`"),
            );
        }
    }
    Some(Duty { links })
}

fn link(obligation: &Obligation, origin: Span, later: bool, conditioner: &mut Conditioner<'_>) -> Option<Link> {
    let act = conditioner.field(&obligation.act);
    let with = obligation.with.as_ref().map(|with| conditioner.condition(with));
    let deadline = obligation.deadline.as_ref().map(|clause| deadline(clause, later, act.as_ref(), conditioner));
    let (act, field) = act?;
    let present = conditioner.conditions.add(Node::Present(FieldRef::this(act)), obligation.act.span);
    let condition = match with {
        None => present,
        Some(with) => conditioner.conditions.add(Node::All([present, with?].into()), origin),
    };
    let deadline = match deadline {
        None => None,
        Some(deadline) => Some(deadline?),
    };
    if deadline.is_some() && !reads_a_moment(condition, conditioner) {
        let message =
            format!("`{}` is {}, so nobody can say when it was done", field.name, conditioner.type_words(field.kind));
        conditioner.problems.push(
            Diagnostic::new(codes::NOT_DATED, message, obligation.act.span, "no date and no instant")
                .with_help("oblige to a field of type instant or date, `debrief.held_at`, or leave the deadline out"),
        );
        return None;
    }
    Some(Link { act, condition, deadline, origin })
}

fn reads_a_moment(condition: crate::policy::ConditionId, conditioner: &Conditioner<'_>) -> bool {
    let mut fields = conditioner.conditions.fields_read([condition]);
    fields.any(|field| conditioner.vocabulary.field(field).is_some_and(|field| is_moment(field.kind)))
}

fn is_moment(kind: FieldType) -> bool {
    matches!(kind, FieldType::Date | FieldType::Instant)
}

fn deadline(
    clause: &DeadlineClause,
    later: bool,
    act: Option<&(FieldId, Field)>,
    conditioner: &mut Conditioner<'_>,
) -> Option<Deadline> {
    let (base, base_kind) = base(clause, later, conditioner)?;
    let limit = match &clause.kind {
        DeadlineKind::Within(value) => within(value, conditioner)?,
        DeadlineKind::Before => Limit::Before,
        DeadlineKind::EndOfDay => Limit::EndOfDay,
        DeadlineKind::NextWorkingDay => {
            require_calendar(clause.span, conditioner)?;
            Limit::WorkingDays(1)
        }
        DeadlineKind::Clock { time, working } => {
            if *working {
                require_calendar(clause.span, conditioner)?;
            }
            let read = time_of_day(&time.text, time.span).map_err(|problem| conditioner.problems.push(problem)).ok()?;
            // `24:00` is the last moment of the day, not the first.
            let time = if time.text.starts_with("24") { Time::MAX } else { read };
            Limit::ClockOn { time, working: *working }
        }
    };
    let both_dates = base_kind == Some(FieldType::Date) && act.is_some_and(|(_, act)| act.kind == FieldType::Date);
    if let (true, Limit::Within(Length::Exact(duration))) = (both_dates, limit)
        && civil::whole_days(duration).is_none()
    {
        let message = "both are dates without a time, so the deadline must be whole days";
        conditioner.problems.push(
            Diagnostic::new(codes::OUT_OF_RANGE, message, clause.span, "not a whole number of days")
                .with_help("write it in days or weeks"),
        );
        return None;
    }
    Some(Deadline { base, limit })
}

/// Gives from when a deadline counts, and the type of that field.
fn base(clause: &DeadlineClause, later: bool, conditioner: &mut Conditioner<'_>) -> Option<(Base, Option<FieldType>)> {
    match &clause.base {
        Some(word) => moment(word, conditioner).map(|(id, field)| (Base::Field(id), Some(field.kind))),
        None if later => Some((Base::Missed, None)),
        None => {
            let time = conditioner.vocabulary.role(Role::Time);
            if time.is_none() && !conditioner.unread.role {
                let message = format!(
                    "vocabulary `{}` does not say which field is an episode's time",
                    conditioner.vocabulary.name
                );
                conditioner.problems.push(
                    Diagnostic::new(codes::ROLE_NOT_BOUND, message, clause.span, "counts from the episode's time")
                        .with_help("add `role time` to a field of the vocabulary, or say from when: `within 24 hours of FIELD`"),
                );
            }
            let kind = conditioner.vocabulary.field(time?).map(|field| field.kind);
            Some((Base::Episode, kind))
        }
    }
}

fn moment(word: &Word, conditioner: &mut Conditioner<'_>) -> Option<(FieldId, Field)> {
    let (id, field) = conditioner.field(word)?;
    if is_moment(field.kind) {
        return Some((id, field));
    }
    let message = format!(
        "`{}` is {}, and a deadline counts from a date or an instant",
        field.name,
        conditioner.type_words(field.kind)
    );
    conditioner.problems.push(
        Diagnostic::new(codes::NO_SUCH_COMPARISON, message, word.span, "not a moment")
            .with_help("name a field of type date or instant"),
    );
    None
}

fn within(value: &Value, conditioner: &mut Conditioner<'_>) -> Option<Limit> {
    if let ValueKind::Duration { amount, unit, working: true } = &value.kind {
        if !unit.to_ascii_lowercase().starts_with("day") {
            let message = format!("`working` belongs to days, not to {unit}");
            conditioner.problems.push(
                Diagnostic::new(codes::WORKING_DAYS, message, value.span, "not working days")
                    .with_help(format!("write `{amount} working days`, or `{amount} {unit}`")),
            );
            return None;
        }
        require_calendar(value.span, conditioner)?;
        let days = working_days(amount, value.span).map_err(|problem| conditioner.problems.push(problem)).ok()?;
        return Some(Limit::WorkingDays(days));
    }
    conditioner.length(value).map(Limit::Within)
}

fn require_calendar(at: Span, conditioner: &mut Conditioner<'_>) -> Option<()> {
    if conditioner.calendar == super::super::condition::CalendarNamed::No {
        conditioner.problems.push(
            Diagnostic::new(codes::NO_CALENDAR, "which days are working days?", at, "needs a calendar")
                .with_help("name one in the header, `calendar basel`, and put its days into calendars/basel.yaml"),
        );
        return None;
    }
    Some(())
}
