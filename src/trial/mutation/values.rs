//! The values that are tried of a field: those that the policy names, and their neighbours.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::check::Situation;
use crate::episode::{Episode, Slot};
use crate::policy::time::When;
use crate::policy::{Condition, FieldId, FieldType, ListId, NameId, Names, Role, Term, Value, Version, write_value};

/// Gives the values to try of a field, `Missing` among them, each with how a case states it.
pub(super) fn to_try(version: &Version, field: FieldId, situation: &Situation) -> Vec<(Slot, Option<String>)> {
    let episode = &situation.episode;
    let Some(declared) = version.vocabulary.field(field) else { return Vec::new() };
    if declared.kind == FieldType::Instant && declared.role.is_none() {
        return moments(version, situation);
    }
    let mut values = match declared.kind {
        FieldType::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
        FieldType::Kind(list) | FieldType::Scale(list) => names(version, list).map(Value::Name).collect(),
        FieldType::SetOfKind(list) => {
            let one = |name| Value::Names(Names { members: Box::new([name]), complete: true });
            names(version, list).map(one).collect()
        }
        FieldType::Number(range) | FieldType::WholeNumber(range) => {
            numbers(version, field).into_iter().filter(|value| range.contains(*value)).map(Value::Number).collect()
        }
        FieldType::Percent(_) => numbers(version, field).into_iter().map(Value::Percent).collect(),
        FieldType::Duration => durations(version, field).into_iter().map(Value::Duration).collect(),
        FieldType::Identity => people(version, episode, field),
        FieldType::Text => vec![Value::Text("something".into())],
        _ => Vec::new(),
    };
    values.retain(|value| episode.value(field) != Some(value));
    let missing = episode.value(field).is_some().then_some((Slot::Missing, None));
    let stated = values.into_iter().filter_map(|value| {
        let text = write_value(&version.vocabulary, field, &value)?;
        Some((Slot::Present(value), Some(text)))
    });
    stated.chain(missing).collect()
}

/// Gives the episode's own time, if that is an instant.
pub(super) fn own_time(version: &Version, situation: &Situation) -> Option<Timestamp> {
    match situation.episode.value(version.vocabulary.role(Role::Time)?)? {
        Value::Instant(when) => Some(when.earliest),
        _ => None,
    }
}

/// Gives an instant as the value of a field.
pub(super) fn instant(version: &Version, at: Timestamp) -> Slot {
    Slot::Present(Value::Instant(When::exact(at, &version.zone)))
}

/// Gives moments soon after the episode's own time, long after it, and before it.
fn moments(version: &Version, situation: &Situation) -> Vec<(Slot, Option<String>)> {
    let Some(own) = own_time(version, situation) else { return Vec::new() };
    let hour = SignedDuration::from_hours(1);
    let day = SignedDuration::from_hours(24);
    let later = [
        (hour, "1 hour later"),
        (day * 40, "40 days later"),
        (-hour, "1 hour earlier"),
        (-day * 40, "40 days earlier"),
    ];
    let moment = |(distance, text): (SignedDuration, &str)| {
        Some((instant(version, own.checked_add(distance).ok()?), Some(text.to_owned())))
    };
    later.into_iter().filter_map(moment).chain([(Slot::Missing, None)]).collect()
}

fn names(version: &Version, list: ListId) -> impl Iterator<Item = NameId> + use<> {
    let count = version.vocabulary.list(list).map_or(0, |list| list.names.len());
    (0..count).filter_map(|at| u16::try_from(at).ok().map(NameId))
}

/// Gives the constants with which the policy compares a field.
fn constants(version: &Version, field: FieldId) -> Vec<Value> {
    let mut found = Vec::new();
    let ids = version.conditions.ids();
    for id in ids {
        let terms: Vec<&Term> = match version.conditions.get(id) {
            Condition::Compare { left, right, .. } if left.field == field => vec![right],
            Condition::Between { left, low, high } if left.field == field => vec![low, high],
            _ => continue,
        };
        found.extend(terms.into_iter().filter_map(|term| match term {
            Term::Constant(value) => Some(value.clone()),
            Term::Field(_) => None,
        }));
    }
    found
}

fn numbers(version: &Version, field: FieldId) -> Vec<Decimal> {
    let mut found = Vec::new();
    for value in constants(version, field) {
        if let Value::Number(value) | Value::Percent(value) = value {
            found.extend([value, value + Decimal::ONE, value - Decimal::ONE]);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Gives the lengths of time that the policy names, and those one hour, minute or second away: 31 minutes is read more
/// easily than 1801 seconds.
fn durations(version: &Version, field: FieldId) -> Vec<SignedDuration> {
    let mut found = Vec::new();
    for value in constants(version, field) {
        if let Value::Duration(value) = value {
            let is_whole = |unit: &i64| value.subsec_nanos() == 0 && value.as_secs() % unit == 0;
            let step = SignedDuration::from_secs([3_600, 60].into_iter().find(is_whole).unwrap_or(1));
            found.extend([value, value.saturating_add(step), value.saturating_sub(step)]);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Gives the people that the episode names, and somebody else.
fn people(version: &Version, episode: &Episode, field: FieldId) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for other in version.vocabulary.field_ids().filter(|other| *other != field) {
        if let Some(value @ Value::Identity(_)) = episode.value(other)
            && !found.contains(value)
        {
            found.push(value.clone());
        }
    }
    found.push(Value::Identity("X-1".into()));
    found
}
