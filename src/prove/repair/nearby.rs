//! What a field could have held instead: one value of each region that the conditions of a version tell apart.
//!
//! Conditions compare a field with constants and with other fields. Between two neighbours of these no condition sees a
//! difference, so that one value of each region stands for all. The nearest to what the record holds come first.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::episode::Episode;
use crate::judge::{Bound, Measured, Ratio};
use crate::policy::time::{When, day_number};
use crate::policy::{Condition, Field, FieldId, FieldType, History, NameId, Names, People, Term, Value, Version};

use super::To;

/// How many values of one field are tried.
pub(in crate::prove) const MOST_VALUES: usize = 48;

/// How many fields are followed from one to the next.
const MOST_LINKED: usize = 8;

/// How many names of a set are combined with each other.
const MOST_COMBINED: usize = 5;

/// Gives what a field could have held instead, the nearest first, each with its distance: levels, names, or places in
/// the order of nearness. `measures`: what the history clauses come to.
pub(super) fn values(version: &Version, episode: &Episode, measures: &[Measured], id: FieldId) -> Vec<(To, usize)> {
    let Some(field) = version.vocabulary.field(id) else { return Vec::new() };
    let held = episode.value(id);
    let mut compared = compared_with(version, episode, id);
    compared.extend(added_up(version, field, held, measures, id));
    let mut values = match field.kind {
        FieldType::Boolean => [true, false].map(|value| (To::Value(Value::Boolean(value)), 1)).to_vec(),
        FieldType::Scale(_) | FieldType::Kind(_) => names(version, field, held),
        FieldType::SetOfKind(_) => sets(version, field, held, &compared),
        FieldType::SetOfIdentity => people(held, &compared),
        FieldType::Identity | FieldType::Text => somebody(&compared),
        _ => in_order(version, field, held, compared),
    };
    values.retain(|(to, _)| !matches!(to, To::Value(value) if Some(value) == held));
    values.sort_by_key(|(_, distance)| *distance);
    values.truncate(MOST_VALUES);
    values
}

/// Gives the constants, and the values of other fields, with which a field is compared, and with which those are.
fn compared_with(version: &Version, episode: &Episode, id: FieldId) -> Vec<Value> {
    let mut linked = vec![id];
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(field) = linked.get(at).copied().filter(|_| at < MOST_LINKED) {
        at += 1;
        let mut others = Vec::new();
        directly(version, episode, field, &mut found, &mut others);
        others.retain(|other| !linked.contains(other));
        linked.append(&mut others);
    }
    found
}

/// Gives what a field itself is compared with: values, and other fields.
fn directly(version: &Version, episode: &Episode, id: FieldId, found: &mut Vec<Value>, others: &mut Vec<FieldId>) {
    let (conditions, zone) = (&version.conditions, &version.zone);
    for node in conditions.ids().map(|id| conditions.get(id)) {
        let reads_it = node.fields().any(|read| read.field == id);
        if !reads_it {
            continue;
        }
        for other in node.fields().map(|read| read.field).filter(|other| *other != id) {
            others.push(other);
            found.extend(episode.value(other).into_iter().flat_map(each));
        }
        let mut constant = |term: &Term| match term {
            Term::Constant(value) => found.push(value.clone()),
            Term::Field(_) => {}
        };
        match node {
            Condition::Compare { right, .. } => constant(right),
            Condition::Between { low, high, .. } => [low, high].into_iter().for_each(constant),
            Condition::Includes { member, .. } => constant(member),
            Condition::OneOf { values, .. } => found.extend(values.iter().cloned()),
            Condition::Within { first, at_most: Term::Constant(length), second } => {
                let (other, sign) = if first.field == id { (second, -1) } else { (first, 1) };
                let from = episode.value(other.field);
                found.extend(from.and_then(|from| shifted(from, length, sign, zone)));
            }
            _ => {}
        }
    }
}

/// Gives the values with which the sums and averages that a field enters come to what they are compared with, and what those come to
/// that are compared with the field; every value of the field, where these are few.
fn added_up(version: &Version, field: &Field, held: Option<&Value>, measures: &[Measured], id: FieldId) -> Vec<Value> {
    let conditions = &version.conditions;
    let mut found = Vec::new();
    for node in conditions.ids().map(|id| conditions.get(id)) {
        let Condition::Measure { history, right, .. } = node else { continue };
        let enters = |history: &History| history.window.counts_itself() && history.function.summed() == Some(id);
        let (enters, is_right) = (
            conditions.history(*history).is_some_and(enters),
            matches!(right, Term::Field(field) if field.field == id),
        );
        if !enters && !is_right {
            continue;
        }
        if let Some(all) = few(field) {
            return all;
        }
        let Some(Measured::Between(low, high)) = measures.get(history.0 as usize) else { continue };
        for now in [low, high] {
            match right {
                Term::Constant(wanted) => found.extend(held.and_then(|held| shifted_by(held, now, wanted))),
                Term::Field(_) if is_right => found.extend(come_to(field, now)),
                Term::Field(_) => {}
            }
        }
    }
    found
}

/// Gives every value of a whole number, where these are few.
fn few(field: &Field) -> Option<Vec<Value>> {
    let FieldType::WholeNumber(range) = field.kind else { return None };
    let (low, high) = (range.low?.to_i64()?, range.high?.to_i64()?);
    let is_few = high.checked_sub(low)? < i64::try_from(MOST_VALUES).ok()?;
    is_few.then(|| (low..=high).map(|number| Value::Number(number.into())).collect())
}

/// Gives the value of a field that is what a clause comes to, or the next below it that is a whole number.
fn come_to(field: &Field, now: &Bound) -> Option<Value> {
    let Bound::At(Ratio { sum, of }) = now else { return None };
    let over = 10i128.checked_pow(sum.scale)?.checked_mul(i128::from(*of))?;
    let floor = i64::try_from(sum.mantissa.checked_div_euclid(over)?).ok()?;
    Some(match field.kind {
        FieldType::Percent(_) => Value::Percent(floor.into()),
        FieldType::Duration => Value::Duration(SignedDuration::from_nanos(floor)),
        _ => Value::Number(floor.into()),
    })
}

/// Gives the value in the place of another with which a sum or an average comes to what is wanted.
fn shifted_by(held: &Value, now: &Bound, wanted: &Value) -> Option<Value> {
    let Bound::At(Ratio { sum, of }) = now else { return None };
    let sum = Decimal::try_from_i128_with_scale(sum.mantissa, sum.scale).ok()?;
    let moved = |held: Decimal, wanted: Decimal| {
        let all = wanted.checked_mul(Decimal::from(*of))?;
        held.checked_add(all)?.checked_sub(sum)
    };
    Some(match (held, wanted) {
        (Value::Number(held), Value::Number(wanted)) => Value::Number(moved(*held, *wanted)?),
        (Value::Percent(held), Value::Percent(wanted) | Value::Number(wanted)) => {
            Value::Percent(moved(*held, *wanted)?)
        }
        _ => return None,
    })
}

/// Gives a value, or each member of a set.
fn each(value: &Value) -> Vec<Value> {
    match value {
        Value::People(_) | Value::Names(_) => members(Some(value)),
        value => vec![value.clone()],
    }
}

fn members(set: Option<&Value>) -> Vec<Value> {
    match set {
        Some(Value::People(people)) => people.members.iter().map(|who| Value::Identity(who.clone())).collect(),
        Some(Value::Names(names)) => names.members.iter().map(|name| Value::Name(*name)).collect(),
        _ => Vec::new(),
    }
}

/// Gives the day or the moment that lies so long after another, or before it.
fn shifted(from: &Value, length: &Value, sign: i32, zone: &TimeZone) -> Option<Value> {
    let Value::Duration(length) = length else { return None };
    let length = length.checked_mul(sign)?;
    Some(match from {
        Value::Instant(when) if when.is_exact() => {
            Value::Instant(When::exact(when.earliest.checked_add(length).ok()?, zone))
        }
        Value::Date(day) => Value::Date(day.checked_add(length).ok()?),
        _ => return None,
    })
}

/// Gives every name of a list; of a scale those that are fewer levels away come first.
fn names(version: &Version, field: &Field, held: Option<&Value>) -> Vec<(To, usize)> {
    let (FieldType::Scale(list) | FieldType::Kind(list)) = field.kind else { return Vec::new() };
    let Some(list) = version.vocabulary.list(list) else { return Vec::new() };
    let here = match held {
        Some(Value::Name(name)) if list.ordered => Some(name.0),
        _ => None,
    };
    let all = (0..list.names.len()).filter_map(|at| u16::try_from(at).ok());
    all.map(|at| (To::Value(Value::Name(NameId(at))), here.map_or(1, |here| usize::from(here.abs_diff(at))))).collect()
}

/// Gives the set with the names that conditions ask for added, and without those; each name counts.
fn sets(version: &Version, field: &Field, held: Option<&Value>, compared: &[Value]) -> Vec<(To, usize)> {
    let mut asked: Vec<NameId> = compared
        .iter()
        .filter_map(|value| match value {
            Value::Name(name) => Some(*name),
            _ => None,
        })
        .collect();
    asked.sort_unstable();
    asked.dedup();
    // One that nothing asks for stands for all such: it makes a set that is not empty.
    let FieldType::SetOfKind(list) = field.kind else { return Vec::new() };
    let all = version.vocabulary.list(list).map_or(0, |list| list.names.len());
    let unasked = (0..all).filter_map(|at| u16::try_from(at).ok()).map(NameId).find(|name| !asked.contains(name));
    asked.extend(unasked);
    let now: Vec<NameId> = match held {
        Some(Value::Names(names)) => names.members.to_vec(),
        _ => Vec::new(),
    };
    let with = |turned: &[NameId]| {
        let mut members: Vec<NameId> = now.iter().copied().filter(|name| !turned.contains(name)).collect();
        members.extend(turned.iter().copied().filter(|name| !now.contains(name)));
        members.sort_unstable();
        (To::Value(Value::Names(Names { members: members.into(), complete: true })), turned.len())
    };
    let lacks = |name: &NameId| !now.contains(name) && Some(*name) != unasked;
    let lacking: Vec<NameId> = asked.iter().copied().filter(lacks).collect();
    let mut found: Vec<(To, usize)> = selections(asked.get(..asked.len().min(MOST_COMBINED)).unwrap_or_default())
        .iter()
        .map(|turned| with(turned))
        .collect();
    found.extend(asked.iter().skip(MOST_COMBINED).map(|name| with(&[*name])));
    found.push(with(&lacking));
    let empty = Names { members: Box::new([]), complete: true };
    found.push((To::Value(Value::Names(empty)), now.len().max(1)));
    found
}

/// Gives every selection of some names, but not none of them.
fn selections(names: &[NameId]) -> Vec<Vec<NameId>> {
    let mut all = vec![Vec::new()];
    for name in names {
        let with: Vec<Vec<NameId>> = all.iter().map(|known| [known.as_slice(), &[*name]].concat()).collect();
        all.extend(with);
    }
    all.retain(|selection| !selection.is_empty());
    all
}

/// Gives the people with one of those added whom conditions ask for, or without one of them.
fn people(held: Option<&Value>, compared: &[Value]) -> Vec<(To, usize)> {
    let now: Vec<Box<str>> = match held {
        Some(Value::People(people)) => people.members.to_vec(),
        _ => Vec::new(),
    };
    let asked = compared.iter().filter_map(|value| match value {
        Value::Identity(who) => Some(who.clone()),
        _ => None,
    });
    let with = |who: Box<str>| {
        let mut members: Vec<Box<str>> = now.iter().filter(|known| **known != who).cloned().collect();
        if members.len() == now.len() {
            members.push(who);
        }
        members.sort_unstable();
        (To::Value(Value::People(People { members: members.into(), complete: true })), 1)
    };
    asked.map(with).collect()
}

/// Gives those whom conditions name, and somebody else.
fn somebody(compared: &[Value]) -> Vec<(To, usize)> {
    let mut found = vec![(To::Another, 1)];
    let same = |value: &&Value| matches!(value, Value::Identity(_) | Value::Text(_));
    for value in compared.iter().filter(same) {
        let to = To::Value(value.clone());
        if !found.iter().any(|(known, _)| *known == to) {
            found.push((to, 2));
        }
    }
    found
}

/// Gives values on a line: those that are compared with, and one on each side of them.
fn in_order(version: &Version, field: &Field, held: Option<&Value>, compared: Vec<Value>) -> Vec<(To, usize)> {
    let zone = &version.zone;
    let mut marks: Vec<Value> =
        compared.into_iter().filter(|value| place(value).is_some() && fits(field, value)).collect();
    marks.sort_by_key(place);
    marks.dedup_by_key(|value| place(value));
    let mut all: Vec<Value> = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        let next = marks.get(at + 1);
        all.push(mark.clone());
        all.extend(stepped(mark, -1, zone).filter(|_| at == 0));
        all.extend(between(field, mark, next, zone));
    }
    all.retain(|value| fits(field, value));
    let here = held.and_then(place);
    all.sort_by_key(|value| (place(value).zip(here).map(|(there, here)| there.abs_diff(here)), place(value)));
    all.dedup_by_key(|value| place(value));
    all.into_iter().zip(1..).map(|(value, distance)| (To::Value(value), distance)).collect()
}

/// Gives a value between a mark and the next: a unit on, where that is still between them, else half way.
fn between(field: &Field, mark: &Value, next: Option<&Value>, zone: &TimeZone) -> Vec<Value> {
    let is_between = |value: &Value| next.is_none_or(|next| place(value) < place(next));
    let on = stepped(mark, 1, zone).filter(is_between);
    let back = next.and_then(|next| stepped(next, -1, zone)).filter(|value| place(value) > place(mark));
    let half = match (mark, next) {
        (Value::Number(low), Some(Value::Number(high))) if !matches!(field.kind, FieldType::WholeNumber(_)) => {
            low.checked_add(*high).map(|sum| Value::Number(sum / Decimal::TWO))
        }
        (Value::Percent(low), Some(Value::Percent(high))) => {
            low.checked_add(*high).map(|sum| Value::Percent(sum / Decimal::TWO))
        }
        (Value::Duration(low), Some(Value::Duration(high))) => {
            low.checked_add(*high).map(|sum| Value::Duration(sum / 2))
        }
        _ => None,
    };
    let half = half.filter(|_| on.is_none());
    [on, back, half].into_iter().flatten().collect()
}

/// Gives the value that is one unit on, or back.
fn stepped(value: &Value, sign: i32, zone: &TimeZone) -> Option<Value> {
    let one = Decimal::from(sign);
    Some(match value {
        Value::Number(number) => Value::Number(number.checked_add(one)?),
        Value::Percent(number) => Value::Percent(number.checked_add(one)?),
        Value::Duration(length) => {
            let unit = if length.as_secs().unsigned_abs() % 60 == 0 && !length.is_zero() { 60 } else { 1 };
            Value::Duration(length.checked_add(SignedDuration::from_secs(unit * i64::from(sign)))?)
        }
        Value::Date(day) => Value::Date(if sign > 0 { day.tomorrow() } else { day.yesterday() }.ok()?),
        Value::Instant(when) => {
            let at = if sign > 0 { when.latest } else { when.earliest };
            Value::Instant(When::exact(at.checked_add(SignedDuration::from_mins(i64::from(sign))).ok()?, zone))
        }
        _ => return None,
    })
}

/// Gives the place of a value on its line; none for what has no order, or is known only in part.
fn place(value: &Value) -> Option<i128> {
    const SCALE: u32 = 12;
    let of_number = |number: &Decimal| {
        let shift = 10i128.checked_pow(SCALE.checked_sub(number.scale())?)?;
        number.mantissa().checked_mul(shift)
    };
    match value {
        Value::Number(number) | Value::Percent(number) => of_number(number),
        Value::Duration(length) => Some(length.as_nanos()),
        Value::Date(day) => Some(i128::from(day_number(*day))),
        Value::Instant(when) if when.is_exact() => Some(when.earliest.as_nanosecond()),
        _ => None,
    }
}

fn fits(field: &Field, value: &Value) -> bool {
    match (field.kind, value) {
        (FieldType::Number(range) | FieldType::WholeNumber(range), Value::Number(number))
        | (FieldType::Percent(range), Value::Percent(number)) => range.contains(*number),
        (FieldType::Duration, Value::Duration(length)) => !length.is_negative(),
        (FieldType::Date, Value::Date(_)) | (FieldType::Instant, Value::Instant(_)) => true,
        _ => false,
    }
}
