//! What is pointed out of a record's own times: it was written down late, or after a change of policy; an act of a duty
//! lies before the episode, or after the present.

use crate::diagnostic::{Diagnostic, Quote, QuoteClass, codes};
use crate::judge::{DutyStatus, acts_too_early};
use crate::policy::time::When;
use crate::policy::{FieldId, Length, Limit, Link, Role, Version};

use super::past::instants;
use super::{Clock, PolicyResult};

/// Adds what is to be pointed out of one record by one policy; what was pointed out already is not said again.
pub(super) fn point_out(result: &PolicyResult<'_>, clock: Clock, findings: &mut Vec<Diagnostic>) {
    let Some(version) = result.version else { return };
    let recorded = [recorded_late(result, version), recorded_after_a_change(result, version)];
    let acts = acts(result, version).flat_map(|(link, status)| of_act(result, version, link, status, clock));
    for problem in recorded.into_iter().flatten().chain(acts) {
        if !findings.contains(&problem) {
            findings.push(problem);
        }
    }
}

fn recorded_late(result: &PolicyResult<'_>, version: &Version) -> Option<Diagnostic> {
    let allowed = version.recorded_within?;
    let (time, recorded) = times(result, version)?;
    let latest = time.latest.checked_add(allowed.at_most).ok()?;
    if recorded.earliest <= latest {
        return None;
    }
    let message = format!("this was recorded more than {} after it occurred", Length::Exact(allowed.at_most).words());
    let problem = at_recorded(codes::LOG_RECORDED_LATE, message, "recorded then", result, version)?;
    Some(
        problem
            .with_label(allowed.origin, "asks for it sooner")
            .with_help("ask why; what was known at the time is judged"),
    )
}

/// A record that was written when another version was in force may have been dated back.
fn recorded_after_a_change(result: &PolicyResult<'_>, version: &Version) -> Option<Diagnostic> {
    let (_, recorded) = times(result, version)?;
    let ended = version.in_force?.until.filter(|until| recorded.first_day > *until)?;
    let then = result.policy.versions.iter().find(|other| {
        other.in_force.is_some_and(|in_force| in_force.contains(recorded.first_day))
            && other.in_force != version.in_force
    })?;
    let label = then.label.as_deref().map(|label| format!(" {label}")).unwrap_or_default();
    let message = format!("this was recorded after a change of policy `{}`, and is dated before it", version.policy);
    let shown = format!("recorded when version{label} was in force");
    let problem = at_recorded(codes::LOG_RECORDED_AFTER_CHANGE, message, &shown, result, version)?;
    let origin = version.in_force?.origin;
    Some(
        problem
            .with_label(origin, format!("in force until {ended}"))
            .with_help("look whether the date of the episode is right"),
    )
}

/// Writes a moment on the local clock; of a part of a date, its day.
fn moment(when: &When, version: &Version) -> String {
    let local = version.zone.to_datetime(when.earliest);
    if when.is_exact() { local.strftime("%Y-%m-%d %H:%M").to_string() } else { when.first_day.to_string() }
}

fn times(result: &PolicyResult<'_>, version: &Version) -> Option<(When, When)> {
    let time = instants(version, &result.episode, Role::Time)?;
    Some((time, instants(version, &result.episode, Role::Recorded)?))
}

fn at_recorded(
    code: crate::diagnostic::Code,
    message: String,
    label: &str,
    result: &PolicyResult<'_>,
    version: &Version,
) -> Option<Diagnostic> {
    let field = version.vocabulary.role(Role::Recorded)?;
    let when = instants(version, &result.episode, Role::Recorded)?;
    let problem = Diagnostic::without_place(code, message);
    Some(labelled(problem, result, version, field, label, &moment(&when, version)))
}

fn labelled(
    problem: Diagnostic,
    result: &PolicyResult<'_>,
    version: &Version,
    field: FieldId,
    label: &str,
    value: &str,
) -> Diagnostic {
    let place = result.episode.place(field).unwrap_or(result.episode.record);
    let path = version.vocabulary.field(field).map_or("", |field| field.path.as_str());
    let quote = Quote::new(QuoteClass::Time, value);
    problem.with_label_in_log(place, label, format!("{path}: {}", quote.mask())).quoting(quote)
}

/// Gives the links of the duties that may be owed, each with its status.
fn acts<'r>(result: &'r PolicyResult<'_>, version: &'r Version) -> impl Iterator<Item = (&'r Link, DutyStatus)> {
    result.judgement.duties.iter().flat_map(move |duty| {
        let rule = version.rules.get(duty.rule.0 as usize);
        let links = rule.and_then(|rule| rule.duty.as_ref()).map(|duty| duty.links.as_slice()).unwrap_or_default();
        let owed = links.iter().zip(&duty.links).map(|(link, judged)| (link, judged.status));
        owed.filter(|(_, status)| !matches!(status, DutyStatus::NotOwed | DutyStatus::Excused))
    })
}

fn of_act(
    result: &PolicyResult<'_>,
    version: &Version,
    link: &Link,
    _status: DutyStatus,
    clock: Clock,
) -> Vec<Diagnostic> {
    let Some(field) = version.vocabulary.field(link.act) else { return Vec::new() };
    let when = match result.episode.value(link.act) {
        Some(crate::policy::Value::Instant(when)) => Some(*when),
        Some(crate::policy::Value::Date(day)) => crate::policy::time::days(*day, *day, &version.zone).ok(),
        _ => None,
    };
    let Some(when) = when else { return Vec::new() };
    let mut found = Vec::new();
    let within = link.deadline.is_some_and(|deadline| deadline.limit != Limit::Before);
    if within && acts_too_early(version, &result.episode, link.act) {
        let message =
            format!("`{}` lies before the episode itself, so it cannot be what the duty asks for", field.name);
        let problem = Diagnostic::without_place(codes::LOG_ACT_TOO_EARLY, message);
        let problem = labelled(problem, result, version, link.act, "before the episode", &moment(&when, version));
        found.push(problem.with_help("correct one of the two dates"));
    }
    if when.earliest > clock.present {
        let message = format!("`{}` lies after the present, so it has not happened", field.name);
        let problem = Diagnostic::without_place(codes::LOG_ACT_IN_FUTURE, message);
        let problem = labelled(problem, result, version, link.act, "not yet", &moment(&when, version));
        found.push(problem.with_help("correct the date, or record the act when it was done"));
    }
    found
}
