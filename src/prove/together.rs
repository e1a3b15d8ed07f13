//! What would have made an episode permissible by every policy that judges it.
//!
//! Takes what each policy says by itself; gives changes that the judge confirms for all of them, by the search that finds the
//! changes for one. A policy that does not cover the episode, as it is or as it would be, is no obstacle. That nothing would have
//! done is said where one policy alone proves it, or where of every choice it is proved that one policy or another is against it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::episode::Episode;
use crate::judge::{Judgement, Standpoint, Verdict};
use crate::policy::{Field, FieldId, FieldType, Names, Value, Version};

use super::exact::Exact;
use super::repair::{
    Alternative, Arranged, Choice, Chosen, MOST_FIELDS, MOST_VALUES, Repair, Search, Side, To, Unsettled, records,
};

/// Of how many choices it is proved at most that a policy is against each.
const MOST_PROVED: usize = 64;

/// What one of several policies says of an episode.
pub struct Party<'s, 'p> {
    /// What works out its verdicts.
    pub exact: &'s mut Exact<'p>,
    /// The record as the version reads it that judges.
    pub episode: &'s Episode,
    /// From where it is judged.
    pub standpoint: Standpoint<'s>,
    /// Its judgement.
    pub judgement: &'s Judgement,
    /// Its exact verdict.
    pub verdict: Verdict,
    /// What would have made it permissible by this policy alone; where it is impermissible.
    pub repair: Option<&'s Repair>,
}

impl<'p> Party<'_, 'p> {
    /// Gives the version that judges, if it is clear which.
    fn version(&self) -> Option<&'p Version> {
        self.exact.policy.versions.get(self.judgement.version?)
    }
}

/// A field that is changed, in the words of one of the policies, and what it could have held instead.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// The policy, by its place among those that were given.
    pub policy: usize,
    /// Its field.
    pub field: FieldId,
    /// What the field could have held.
    pub to: To,
}

/// What the team could have arranged so that every policy permits the episode.
#[derive(Debug, Clone, PartialEq)]
pub enum Together {
    /// Changes that would have made it permissible by every policy that covers it then, the smallest first.
    So(Vec<Vec<Changed>>),
    /// Nothing: proved.
    Nothing,
    /// No change was found, and it is not proved that there is none.
    Open,
}

/// Finds what would have made an episode permissible by every policy; none where only one is concerned, or none is against it.
pub fn together(parties: &mut [Party<'_, '_>]) -> Option<Together> {
    if !parties.iter().any(|party| party.verdict == Verdict::Impermissible) {
        return None;
    }
    let judging: Vec<(usize, Side<'_>)> =
        parties.iter().enumerate().filter_map(|(at, party)| Some((at, concerned(party)?))).collect();
    // Where it is open which version is in force, nothing that was arranged changes that.
    let is_open = |party: &&Party<'_, '_>| party.judgement.version.is_none() && party.verdict != Verdict::NotCovered;
    let open = parties.iter().filter(is_open).count();
    if judging.len() + open < 2 {
        return None;
    }
    if parties.iter().filter_map(|party| party.repair).any(proves_nothing) {
        return Some(Together::Nothing);
    }
    if open > 0 {
        return Some(Together::Open);
    }
    let choices = choices(parties, &judging);
    let (numbers, sides): (Vec<usize>, Vec<Side<'_>>) = judging.into_iter().unzip();
    let tried = choices.get(..MOST_FIELDS.min(choices.len())).unwrap_or_default();
    let mut settle = |side: usize, record: &Episode, judgement: &Judgement| {
        let party = numbers.get(side).and_then(|party| parties.get_mut(*party));
        let both = sides.get(side).zip(party);
        both.map_or(Verdict::Undetermined, |(side, party)| side.exactly(party.exact, record, judgement))
    };
    let found = Search::new(&sides, &mut settle).smallest(tried);
    if found.is_empty() {
        let hopeless = is_hopeless(parties, &numbers, &sides, &choices);
        return Some(if hopeless { Together::Nothing } else { Together::Open });
    }
    let changed = |(choice, to): &(&Choice, &Alternative)| {
        let each = numbers.iter().zip(&choice.fields).zip(&to.held);
        each.filter_map(|((policy, field), to)| Some(Changed { policy: *policy, field: (*field)?, to: to.clone()? }))
            .next()
    };
    Some(Together::So(found.iter().map(|set| set.iter().filter_map(changed).collect()).collect()))
}

/// A choice that one policy forbids, all together forbid: unless it were not covered by that one.
fn proves_nothing(repair: &Repair) -> bool {
    matches!(repair.arranged, Arranged::Nothing { .. }) && repair.stays_covered
}

/// Gives the side of a policy that covers the episode, or could have covered it.
fn concerned<'p: 's, 's>(party: &Party<'s, 'p>) -> Option<Side<'s>> {
    let at = party.judgement.version?;
    let version = party.version()?;
    let chosen = party.exact.otherwise.get(at).map(|otherwise| otherwise.chosen.as_slice()).unwrap_or_default();
    let covers = party.verdict != Verdict::NotCovered
        || version.conditions.fields_read(version.applies_when).any(|field| chosen.contains(&field));
    covers.then(|| Side::new(version, at, party.episode, party.standpoint))
}

/// Gives what could have been arranged: what some verdict reads, and what every policy that has the field calls chosen and none
/// counts episodes by.
fn choices(parties: &[Party<'_, '_>], judging: &[(usize, Side<'_>)]) -> Vec<Choice> {
    let mut paths: Vec<&str> = Vec::new();
    for (party, side) in judging {
        let otherwise = parties.get(*party).and_then(|party| party.exact.otherwise.get(side.at));
        for field in otherwise.iter().flat_map(|otherwise| &otherwise.chosen) {
            paths.extend(side.version.vocabulary.field(*field).map(|field| field.path.as_str()));
        }
    }
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(*path));
    // A policy that does not cover the episode has a say in what is a choice, too: it would cover it else.
    let is_choice =
        |path: &&str| parties.iter().filter_map(Party::version).all(|version| leaves_it_open(version, path));
    let sides: Vec<&Side<'_>> = judging.iter().map(|(_, side)| side).collect();
    paths.into_iter().filter(is_choice).map(|path| choice(&sides, path)).collect()
}

/// Says whether a version has no field at a path, or calls it chosen and counts no episodes by it.
fn leaves_it_open(version: &Version, path: &str) -> bool {
    let Some(id) = at_path(version, path) else { return true };
    let is_chosen = version.vocabulary.field(id).is_some_and(|field| field.chosen && !field.known_afterwards);
    let mut keys = version.conditions.histories().iter().flat_map(|history| &history.keys);
    is_chosen && keys.all(|key| key.asked != id)
}

fn choice(sides: &[&Side<'_>], path: &str) -> Choice {
    let fields: Vec<Option<FieldId>> = sides.iter().map(|side| at_path(side.version, path)).collect();
    let mut alternatives: Vec<Alternative> = Vec::new();
    for (side, field) in sides.iter().zip(&fields) {
        let Some(id) = *field else { continue };
        for (to, distance) in side.values(id) {
            let Some(held) = in_all_words((side.version, id), &to, sides, &fields) else { continue };
            match alternatives.iter_mut().find(|known| known.held == held) {
                Some(known) => known.distance = known.distance.max(distance),
                None => alternatives.push(Alternative { held, distance }),
            }
        }
    }
    alternatives.sort_by_key(|alternative| alternative.distance);
    Choice { fields, alternatives }
}

fn at_path(version: &Version, path: &str) -> Option<FieldId> {
    let is_there = |field: &FieldId| version.vocabulary.field(*field).is_some_and(|field| field.path == path);
    version.vocabulary.field_ids().find(is_there)
}

/// Gives a value in the words of every side that has the field; none where one has no words for it.
fn in_all_words(
    of: (&Version, FieldId),
    to: &To,
    sides: &[&Side<'_>],
    fields: &[Option<FieldId>],
) -> Option<Vec<Option<To>>> {
    let own = of.0.vocabulary.field(of.1)?;
    let told = |(side, field): (&&Side<'_>, &Option<FieldId>)| {
        let Some(field) = *field else { return Some(None) };
        let field = side.version.vocabulary.field(field)?;
        match to {
            To::Another => (own.kind == field.kind).then_some(Some(To::Another)),
            To::Value(value) => Some(Some(To::Value(in_words((of.0, own), value, (side.version, field))?))),
        }
    };
    sides.iter().zip(fields).map(told).collect()
}

/// Gives a value of a field in the words of another vocabulary.
fn in_words((from, of): (&Version, &Field), value: &Value, (version, field): (&Version, &Field)) -> Option<Value> {
    use FieldType::{Kind, Number, Percent, Scale, SetOfKind, WholeNumber};
    let name = |own, other, name| {
        let name = from.vocabulary.list(own)?.name_of(name);
        version.vocabulary.list(other)?.find(name)
    };
    Some(match (of.kind, value, field.kind) {
        (Scale(own), Value::Name(known), Scale(other)) | (Kind(own), Value::Name(known), Kind(other)) => {
            Value::Name(name(own, other, *known)?)
        }
        (SetOfKind(own), Value::Names(names), SetOfKind(other)) => {
            let mut members = names.members.iter().map(|known| name(own, other, *known)).collect::<Option<Vec<_>>>()?;
            members.sort_unstable();
            Value::Names(Names { members: members.into(), complete: names.complete })
        }
        (Number(_) | WholeNumber(_), Value::Number(number), Number(range)) if range.contains(*number) => value.clone(),
        (Number(_) | WholeNumber(_), Value::Number(number), WholeNumber(range))
            if range.contains(*number) && number.fract() == Decimal::ZERO =>
        {
            value.clone()
        }
        (Percent(_), Value::Percent(number), Percent(range)) if range.contains(*number) => value.clone(),
        (own, _, other) if own == other && !matches!(own, Scale(_) | Kind(_) | SetOfKind(_)) => value.clone(),
        _ => return None,
    })
}

/// Proves that nothing would have done: of every choice of the fields that can hold little, that one policy is against it
/// whatever the others hold.
fn is_hopeless(parties: &mut [Party<'_, '_>], numbers: &[usize], sides: &[Side<'_>], choices: &[Choice]) -> bool {
    let (mut finite, mut free): (Vec<&Choice>, Vec<&Choice>) =
        choices.iter().partition(|choice| sides.iter().zip(&choice.fields).all(holds_little));
    finite.sort_by_key(|choice| choice.alternatives.len());
    let mut all: Vec<Chosen<'_>> = vec![Vec::new()];
    for choice in finite {
        if all.len() * (choice.alternatives.len() + 1) > MOST_PROVED {
            free.push(choice);
            continue;
        }
        let mut changed = Vec::new();
        for known in &all {
            changed.extend(choice.alternatives.iter().map(|to| [known.as_slice(), &[(choice, to)]].concat()));
        }
        all.extend(changed);
    }
    all.iter().all(|chosen| {
        let records = records(sides, chosen).unwrap_or_default();
        sides.iter().zip(&records).enumerate().any(|(at, (side, record))| {
            let fields: Vec<FieldId> =
                free.iter().filter_map(|choice| choice.fields.get(at).copied().flatten()).collect();
            let exact = numbers.get(at).and_then(|party| parties.get_mut(*party)).map(|party| &mut *party.exact);
            exact.is_some_and(|exact| is_against(exact, &side.of_record(record), &fields))
        })
    })
}

/// Proves that a policy covers a record and does not permit it, whatever some fields hold.
fn is_against(exact: &mut Exact<'_>, side: &Side<'_>, fields: &[FieldId]) -> bool {
    let judgement = side.judged(side.episode);
    if fields.is_empty() && judgement.verdict == Verdict::Impermissible {
        return true;
    }
    let unsettled = Unsettled::of(side, fields, &judgement);
    [Verdict::Permissible, Verdict::NotCovered]
        .into_iter()
        .all(|verdict| unsettled.cannot(exact, |world| Some(world.of_version(0)?.lit(verdict))))
}

/// Says whether all that a field can hold is tried.
fn holds_little((side, field): (&Side<'_>, &Option<FieldId>)) -> bool {
    let Some(field) = *field else { return true };
    match side.version.vocabulary.field(field).map(|field| field.kind) {
        Some(FieldType::Boolean) => true,
        Some(FieldType::Kind(list) | FieldType::Scale(list)) => {
            side.version.vocabulary.list(list).is_some_and(|list| list.names.len() <= MOST_VALUES)
        }
        _ => false,
    }
}
