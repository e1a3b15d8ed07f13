//! Values that stand for all of their sort: what a policy can tell apart of one field.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::episode::Episode;
use crate::policy::time::{When, days};
use crate::policy::{Condition, FieldId, FieldType, ListId, NameId, Names, Range, Term, Value, Version};

/// More are not tried.
const MOST_VALUES: usize = 60;
const MOST_NAMES_OF_A_SET: usize = 4;

/// Values of a field.
#[derive(Debug, Default)]
pub(super) struct Sorts {
    /// One of each sort.
    pub(super) values: Vec<Value>,
    /// Whether there is no other sort.
    pub(super) all: bool,
}

/// Gives a value of each sort of a field that is open in an episode, which stands among others; `asks` is the one that looks back.
pub(super) fn of(
    version: &Version,
    (episode, asks): (&Episode, &Episode),
    among: &[&Episode],
    field: FieldId,
) -> Sorts {
    let Some(declared) = version.vocabulary.field(field) else { return Sorts::default() };
    let names = |list: ListId| {
        let length = version.vocabulary.list(list).map_or(0, |list| list.names.len());
        (0..length).filter_map(|at| u16::try_from(at).ok()).map(NameId)
    };
    let mut sorts = match declared.kind {
        FieldType::Boolean => Sorts { values: vec![Value::Boolean(true), Value::Boolean(false)], all: true },
        FieldType::Kind(list) | FieldType::Scale(list) => {
            Sorts { values: names(list).map(Value::Name).collect(), all: true }
        }
        FieldType::SetOfKind(list) => sets(names(list).collect(), episode.value(field)),
        FieldType::Number(range) => numbers(version, field, range, false, Value::Number),
        FieldType::WholeNumber(range) => numbers(version, field, range, true, Value::Number),
        FieldType::Percent(range) => numbers(version, field, range, false, Value::Percent),
        FieldType::Duration => durations(version, field),
        // Of another episode it is asked what lies where in the windows of the one that looks back, of that one where all lie.
        FieldType::Instant | FieldType::Date if !std::ptr::eq(episode, asks) => {
            moments(version, episode, &[asks], field)
        }
        FieldType::Instant | FieldType::Date => moments(version, episode, among, field),
        FieldType::Text => people(version, among, Value::Text),
        FieldType::Identity => people(version, among, Value::Identity),
        FieldType::SetOfIdentity => Sorts::default(),
    };
    sorts.all &= sorts.values.len() <= MOST_VALUES;
    sorts.values.truncate(MOST_VALUES);
    sorts
}

/// Every set that has the members that are known.
fn sets(names: Vec<NameId>, known: Option<&Value>) -> Sorts {
    if names.len() > MOST_NAMES_OF_A_SET {
        return Sorts::default();
    }
    let held = |members: &[NameId]| match known {
        Some(Value::Names(known)) => known.members.iter().all(|name| members.contains(name)),
        _ => true,
    };
    let chosen =
        |bits: u32| names.iter().zip(0..).filter(|(_, at)| bits >> at & 1 == 1).map(|(name, _)| *name).collect();
    let all = (0..1u32 << names.len()).map(chosen).filter(|members: &Vec<NameId>| held(members));
    let values = all.map(|members| Value::Names(Names { members: members.into(), complete: true }));
    Sorts { values: values.collect(), all: true }
}

/// Everybody whom an episode or the policy names, and somebody new.
fn people(version: &Version, among: &[&Episode], make: impl Fn(Box<str>) -> Value) -> Sorts {
    let mut known: BTreeSet<Box<str>> = BTreeSet::new();
    let mut add = |value: &Value| match value {
        Value::Text(name) | Value::Identity(name) => _ = known.insert(name.clone()),
        Value::People(people) => known.extend(people.members.iter().cloned()),
        _ => {}
    };
    let values =
        among.iter().flat_map(|episode| version.vocabulary.field_ids().filter_map(|field| episode.value(field)));
    values.for_each(&mut add);
    constants(version, |_| true).0.iter().for_each(&mut add);
    let new = (1u32..).map(|number| format!("P-{number}").into_boxed_str()).find(|name| !known.contains(name));
    Sorts { values: known.into_iter().chain(new).map(make).collect(), all: true }
}

/// Numbers at, between and beside those with which they are compared.
fn numbers(version: &Version, field: FieldId, range: Range, whole: bool, make: impl Fn(Decimal) -> Value) -> Sorts {
    let (constants, plain) = constants(version, |read| read == field);
    let compared = constants.iter().filter_map(|value| match value {
        Value::Number(number) | Value::Percent(number) => Some(*number),
        _ => None,
    });
    let mut edges: Vec<Decimal> = compared.chain(range.low).chain(range.high).collect();
    edges.sort_unstable();
    edges.dedup();
    let step = Decimal::ONE;
    let between = |pair: &[Decimal]| match pair {
        [one, other] if whole => one.checked_add(step).filter(|next| next < other),
        [one, other] => other.checked_sub(*one).and_then(|gap| one.checked_add(gap / Decimal::TWO)),
        _ => None,
    };
    let outside =
        [edges.first().and_then(|low| low.checked_sub(step)), edges.last().and_then(|high| high.checked_add(step))];
    let mut values: Vec<Decimal> = edges.windows(2).filter_map(between).chain(outside.into_iter().flatten()).collect();
    values.extend(edges.is_empty().then_some(Decimal::ONE));
    values.extend(edges);
    let fits = |value: &Decimal| {
        range.low.is_none_or(|low| low <= *value)
            && range.high.is_none_or(|high| *value <= high)
            && (!whole || value.fract().is_zero())
    };
    values.retain(fits);
    values.sort_unstable();
    values.dedup();
    Sorts { values: values.into_iter().map(make).collect(), all: plain && !is_summed(version, field) }
}

fn durations(version: &Version, field: FieldId) -> Sorts {
    let (constants, plain) = constants(version, |read| read == field);
    let nanos = constants.iter().filter_map(|value| match value {
        Value::Duration(length) => Some(length.as_nanos()),
        _ => None,
    });
    let near = nanos.flat_map(|at| [at - 1, at, at + 1]).chain([0]).filter(|at| *at >= 0);
    let values: BTreeSet<i128> = near.collect();
    let value = |at| i64::try_from(at).ok().map(|at| Value::Duration(SignedDuration::from_nanos(at)));
    Sorts { values: values.into_iter().filter_map(value).collect(), all: plain && !is_summed(version, field) }
}

/// Moments at and just beside those of all episodes, those when they leave a window, and those with which they are compared.
fn moments(version: &Version, episode: &Episode, among: &[&Episode], field: FieldId) -> Sorts {
    let zone = &version.zone;
    let span = |value: &Value| match value {
        Value::Instant(when) => Some((when.earliest, when.latest)),
        Value::Date(day) => days(*day, *day, zone).ok().map(|day| (day.earliest, day.latest)),
        _ => None,
    };
    let (constants, plain) = constants(version, |read| read == field);
    let of = |episode: &&Episode| {
        version.vocabulary.field_ids().filter_map(|field| episode.value(field).and_then(span)).collect::<Vec<_>>()
    };
    let known = among.iter().flat_map(of).chain(constants.iter().filter_map(span));
    let known: BTreeSet<Timestamp> = known.flat_map(|(first, last)| [first, last]).collect();
    let lengths = version.conditions.histories().iter().filter_map(|history| history.window.length());
    let lengths: Vec<_> = lengths.collect();
    let shifted = known
        .iter()
        .flat_map(|at| lengths.iter().flat_map(|length| [length.before(*at, zone), length.after(*at, zone)]));
    let in_force = version.in_force.iter().flat_map(|one| [Some(one.from), one.until]).flatten();
    let edges = in_force.filter_map(|day| days(day, day, zone).ok()).flat_map(|day| [day.earliest, day.latest]);
    let all: BTreeSet<Timestamp> = known.iter().copied().chain(shifted).chain(edges).collect();
    let nearby = |at: &Timestamp| [-1, 0, 1].map(|beside| at.checked_add(SignedDuration::from_nanos(beside)).ok());
    let all: BTreeSet<Timestamp> = all.iter().flat_map(nearby).flatten().collect();
    let fits = |at: &Timestamp| match episode.value(field).and_then(span) {
        Some((first, last)) => {
            let either = matches!(episode.value(field), Some(Value::Instant(when)) if when.either_end);
            first <= *at && *at <= last && (!either || *at == first || *at == last)
        }
        None => true,
    };
    let is_date = matches!(version.vocabulary.field(field).map(|field| field.kind), Some(FieldType::Date));
    let mut values: Vec<Value> = Vec::new();
    for at in all.into_iter().filter(fits) {
        let value =
            if is_date { Value::Date(zone.to_datetime(at).date()) } else { Value::Instant(When::exact(at, zone)) };
        if values.last() != Some(&value) {
            values.push(value);
        }
    }
    // Months, and the time since the last one, have other edges, and days begin at midnight.
    let simple =
        lengths.iter().all(|length| matches!(length, crate::policy::Length::Exact(_))) && !asks_since_last(version);
    Sorts { values, all: plain && !is_date && simple && version.in_force.is_none() }
}

fn asks_since_last(version: &Version) -> bool {
    version
        .conditions
        .histories()
        .iter()
        .any(|history| matches!(history.function, crate::policy::Function::TimeSinceLast))
}

fn is_summed(version: &Version, field: FieldId) -> bool {
    version.conditions.histories().iter().any(|history| history.function.summed() == Some(field))
}

/// Gives the constants with which fields are compared, and whether they are compared with nothing else.
fn constants(version: &Version, of: impl Fn(FieldId) -> bool) -> (Vec<Value>, bool) {
    let (mut found, mut plain) = (Vec::new(), true);
    let mut take = |term: &Term| match term {
        Term::Constant(value) => found.push(value.clone()),
        Term::Field(_) => plain = false,
    };
    let mut odd = false;
    for id in version.conditions.ids() {
        let node = version.conditions.get(id);
        if !node.fields().any(|read| of(read.field)) {
            continue;
        }
        match node {
            Condition::Compare { right, .. } => take(right),
            Condition::Between { low, high, .. } => [low, high].into_iter().for_each(&mut take),
            Condition::OneOf { values, .. } => values.iter().for_each(|value| take(&Term::Constant(value.clone()))),
            Condition::Includes { member, .. } => take(member),
            Condition::Present(_) | Condition::NotEmpty(_) => {}
            _ => odd = true,
        }
    }
    (found, plain && !odd)
}
