//! Changes of deadlines, and the episodes that tell them: what is owed by one, and overdue by the other.

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use crate::check::Situation;
use crate::episode::Slot;
use crate::policy::{Base, Condition, Deadline, FieldId, FieldType, Length, Limit, Link, RuleId, Version};
use crate::source::Sources;

use super::change::{Change, Edit, exchanged, written};
use super::length::{Stepped, steps};
use super::search::{Step, varied};
use super::values::{instant, own_time};
use crate::trial::{Stand, judged};

/// A deadline is one unit later, or earlier: an hour, a day, a working day, an hour of the clock.
pub(super) fn later_or_earlier(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    for (rule, id) in version.rules.iter().zip((0..).map(RuleId)) {
        let links: &[Link] = rule.duty.as_ref().map(|duty| duty.links.as_slice()).unwrap_or_default();
        for (at, link) in links.iter().enumerate() {
            let Some(deadline) = link.deadline.filter(|_| can_be_told(version, links, at)) else { continue };
            let others = other_limits(deadline.limit, &written(sources, link.origin));
            changes.extend(others.into_iter().map(|(limit, what, sentence)| Change {
                rule: Some(id),
                origin: link.origin,
                what,
                sentence,
                edit: Edit::Deadline(id, at, limit),
            }));
        }
    }
    changes
}

/// Says whether a claim can tell when a link is overdue: not where the same act is owed by a link before it, and by all after it.
/// Then that link is overdue too, and what was done late leaves nothing to be owed.
fn can_be_told(version: &Version, links: &[Link], at: usize) -> bool {
    let Some((link, after)) = links.get(at..).and_then(<[Link]>::split_first) else { return false };
    let is_plain = |link: &Link| matches!(version.conditions.get(link.condition), Condition::Present(_));
    let is_same = |other: &Link| other.act == link.act && is_plain(other) && is_plain(link);
    let before = links.get(..at).unwrap_or_default();
    !(before.iter().any(is_same) && after.iter().all(is_same))
}

/// A limit in the place of another, what was changed, and the clause as it would read.
type Other = (Limit, String, String);

fn other_limits(limit: Limit, text: &str) -> Vec<Other> {
    match limit {
        Limit::Within(old) => {
            let stepped = |step: Stepped| (Limit::Within(step.length), step.what, step.sentence);
            steps(text, old).into_iter().map(stepped).collect()
        }
        Limit::WorkingDays(old) => working_days(old, text),
        Limit::ClockOn { time, working } => clock(time, working, text),
        Limit::EndOfDay | Limit::Before => Vec::new(),
    }
}

fn working_days(old: u32, text: &str) -> Vec<Other> {
    let say = |count: u32| format!("{count} working day{}", if count == 1 { "" } else { "s" });
    let lower = text.to_lowercase();
    // `by the end of the next working day` has no number.
    let forms = [say(old), format!("{old} working days"), "by the end of the next working day".to_owned()];
    let place = forms.iter().find_map(|form| Some((lower.rfind(form.as_str())?, form.as_str())));
    let Some((at, form)) = place else { return Vec::new() };
    let other = |new: u32| {
        let said = if form.starts_with("by") { format!("within {}", say(new)) } else { say(new) };
        let sentence = format!("{}{said}{}", text.get(..at)?, text.get(at + form.len()..)?);
        Some((Limit::WorkingDays(new), format!("`{form}` becomes `{said}`"), sentence))
    };
    [old.checked_add(1), old.checked_sub(1)].into_iter().flatten().filter(|new| *new > 0).filter_map(other).collect()
}

fn clock(old: Time, working: bool, text: &str) -> Vec<Other> {
    let say = |time: Time| time.strftime("%H:%M").to_string();
    let other = |hours: i64| {
        let time = old.checked_add(SignedDuration::from_hours(hours)).ok()?;
        let sentence = exchanged(text, &say(old), &say(time), true)?;
        Some((Limit::ClockOn { time, working }, format!("`{}` becomes `{}`", say(old), say(time)), sentence))
    };
    [1, -1].into_iter().filter_map(other).collect()
}

/// Makes, of a situation, one that is judged between the deadlines of two versions: what the changed link asks for is not done,
/// and what the links before it ask for was done too late, so that only that link is owed.
pub(super) fn between(
    version: &Version,
    (stand, changed): (&Stand, &Stand),
    edit: &Edit,
    situation: &Situation,
) -> Option<Situation> {
    let Edit::Deadline(id, at, _) = edit else { return None };
    let links = &version.rules.get(id.0 as usize)?.duty.as_ref()?.links;
    let mut made = situation.clone();
    for (before, link) in links.iter().enumerate().take(*at) {
        let (_, last) = due(stand, &made, *id, before)?;
        made = varied(version, &made, just_after(version, &made, link.act, last)?);
    }
    let link = links.get(*at)?;
    if made.episode.value(link.act).is_some() {
        made = varied(version, &made, (link.act, Slot::Missing, None));
    }
    if let Some(step) = base_wanting(version, link, &made) {
        made = varied(version, &made, step);
    }
    let (first, other) = (due(stand, &made, *id, *at)?, due(changed, &made, *id, *at)?);
    let (earlier, later) = if first.1 <= other.1 { (first.1, other.0) } else { (other.1, first.0) };
    let distance = whole_units(own_time(version, &made)?, earlier, later)?;
    let late = situation.judged_later(version, distance)?;
    (made.as_of, made.as_of_later) = (late.as_of, late.as_of_later);
    Some(made)
}

/// Gives by when a link of a duty is owed.
fn due(stand: &Stand, situation: &Situation, rule: RuleId, at: usize) -> Option<(Timestamp, Timestamp)> {
    judged(&stand.policy, situation, |judgement, _| judgement.duty(rule)?.links.get(at)?.deadline)
}

/// Lets something have been done soon after an instant.
fn just_after(version: &Version, situation: &Situation, field: FieldId, after: Timestamp) -> Option<Step> {
    let own = own_time(version, situation)?;
    let hour = after.checked_add(SignedDuration::from_hours(1)).ok()?;
    let distance = whole_units(own, after, hour)?;
    moment(version, field, own, distance)
}

/// Lets that from which a deadline counts have happened, where it is missing.
fn base_wanting(version: &Version, link: &Link, situation: &Situation) -> Option<Step> {
    let Some(Deadline { base: Base::Field(base), .. }) = link.deadline else { return None };
    if situation.episode.value(base).is_some() {
        return None;
    }
    moment(version, base, own_time(version, situation)?, Length::Exact(SignedDuration::from_hours(1)))
}

fn moment(version: &Version, field: FieldId, own: Timestamp, distance: Length) -> Option<Step> {
    let at = distance.after(own, &version.zone);
    if version.vocabulary.field(field)?.kind != FieldType::Instant {
        return None;
    }
    Some((field, instant(version, at), Some(format!("{} later", distance.words()))))
}

/// Finds a length of time from an instant that ends after one instant, and not after another: in days if there is one, else in
/// hours, minutes or seconds.
fn whole_units(from: Timestamp, after: Timestamp, until: Timestamp) -> Option<Length> {
    let (low, high) = (after.duration_since(from), until.duration_since(from));
    [86_400, 3_600, 60, 1].into_iter().find_map(|unit| {
        let length = SignedDuration::from_secs(high.as_secs().checked_div(unit)? * unit);
        (length > low && length > SignedDuration::ZERO).then_some(Length::Exact(length))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_one_of_its_unit_later_or_earlier() {
        let said = |limit, text| other_limits(limit, text).into_iter().map(|(_, _, said)| said).collect::<Vec<_>>();
        let days = |count: i64| Limit::Within(Length::Exact(SignedDuration::from_hours(24 * count)));
        assert_eq!(said(days(14), "oblige a within 14 days"), ["oblige a within 15 days", "oblige a within 13 days"]);
        assert_eq!(said(days(1), "oblige a within 1 day"), ["oblige a within 2 days"]);
        assert_eq!(
            said(Limit::WorkingDays(2), "oblige a within 2 working days of b"),
            ["oblige a within 3 working days of b", "oblige a within 1 working day of b"]
        );
        assert_eq!(
            said(Limit::WorkingDays(1), "oblige a by the end of the next working day"),
            ["oblige a within 2 working days"]
        );
        let noon = Limit::ClockOn { time: Time::constant(12, 0, 0, 0), working: false };
        assert_eq!(
            said(noon, "oblige a by 12:00 on the next day"),
            ["oblige a by 13:00 on the next day", "oblige a by 11:00 on the next day"]
        );
        assert_eq!(said(Limit::EndOfDay, "oblige a by the end of the day"), Vec::<String>::new());
    }
}
