//! The search for an example that notices a change: the episodes of the examples, with one value changed, then two.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::check::{Claim, Situation};
use crate::episode::Slot;
use crate::policy::{Base, ConditionId, FieldId, Length, Rule, Version};

use super::change::{Change, Edit};
use super::{Telling, deadline, length, telling, values};
use crate::trial::Stand;

/// How many situations are judged for one change.
const MOST_TRIED: usize = 6_000;

/// How many of the situations are varied in two values.
const MOST_VARIED_TWICE: usize = 12;

/// Finds an example that holds of the version and fails of the changed one.
pub(super) fn telling(
    version: &Version,
    changed: &Stand,
    change: &Change,
    situations: &[(&Situation, &[Claim])],
) -> Option<Telling> {
    let stand = Stand::of(version);
    let fields = fields_read(version, change);
    let mut search = Search { version, stand: &stand, changed, change, left: MOST_TRIED };
    let own: Vec<&Situation> = situations.iter().map(|(situation, _)| *situation).collect();
    let looks_back = looks_back(version, change);
    let owes = change.rule.and_then(|id| version.rules.get(id.0 as usize)).is_some_and(|rule| rule.duty.is_some());
    let found = own.iter().find_map(|situation| search.as_it_is(situation));
    let found = found.or_else(|| own.iter().find_map(|situation| search.at_the_edge(situation, &own)));
    let found = found.or_else(|| search.at_the_deadline(&own, &fields));
    let found = found.or_else(|| own.iter().filter(|_| looks_back).find_map(|one| search.after_others(one, &own)));
    let found = found.or_else(|| own.iter().find_map(|situation| search.with_one(situation, &fields)));
    let found = found
        .or_else(|| own.iter().filter(|_| owes).take(MOST_VARIED_TWICE).find_map(|one| search.later(one, &fields)));
    found.or_else(|| own.iter().take(MOST_VARIED_TWICE).find_map(|situation| search.with_two(situation, &fields)))
}

fn looks_back(version: &Version, change: &Change) -> bool {
    let clauses = change.rule.and_then(|id| version.rules.get(id.0 as usize)).map(of_rule).unwrap_or_default();
    let leaves = version.conditions.leaves(clauses);
    let measures = |leaf| matches!(version.conditions.get(leaf), crate::policy::Condition::Measure { .. });
    leaves.into_iter().any(measures) || change.rule.is_none()
}

struct Search<'s> {
    version: &'s Version,
    stand: &'s Stand,
    changed: &'s Stand,
    change: &'s Change,
    left: usize,
}

impl Search<'_> {
    fn asked(&mut self, situation: &Situation) -> Option<Telling> {
        self.left = self.left.checked_sub(1)?;
        telling::of(self.version, self.stand, self.changed, self.change, situation)
    }

    /// Asks of a situation, of one with an earlier episode less, and of one with an earlier episode twice.
    fn as_it_is(&mut self, situation: &Situation) -> Option<Telling> {
        self.asked(situation).or_else(|| {
            (0..situation.following.len()).find_map(|at| {
                let mut fewer = situation.clone();
                let removed = fewer.following.remove(at);
                let mut more = situation.clone();
                let mut again = removed;
                again.episode.id = Some(format!("{} again", again.case));
                more.following.push(again);
                self.asked(&fewer).or_else(|| self.asked(&more))
            })
        })
    }

    /// Asks of a situation that follows its own case several times, a day apart, and every other case once.
    fn after_others(&mut self, situation: &Situation, all: &[&Situation]) -> Option<Telling> {
        const MOST_BEFORE: i64 = 8;
        let days = |count: i64| Length::Exact(SignedDuration::from_hours(24 * count));
        for count in 1..=MOST_BEFORE {
            let before: Vec<(&Situation, Length)> = (1..=count).map(|day| (situation, days(day))).collect();
            let found = self.asked(&situation.after(self.version, &before)?);
            if found.is_some() {
                return found;
            }
        }
        let others = all.iter().map(|other| situation.after(self.version, &[(*other, days(1))]));
        others.flatten().find_map(|after| self.asked(&after))
    }

    /// Asks of situations, then of those with one value changed, judged between a deadline and the changed one.
    fn at_the_deadline(&mut self, all: &[&Situation], fields: &[FieldId]) -> Option<Telling> {
        if !matches!(self.change.edit, Edit::Deadline(..)) {
            return None;
        }
        let asked = |search: &mut Self, situation: &Situation| {
            let both = (search.stand, search.changed);
            let between = deadline::between(search.version, both, &search.change.edit, situation)?;
            search.asked(&between)
        };
        let found = all.iter().find_map(|situation| asked(self, situation));
        found.or_else(|| {
            all.iter().take(MOST_VARIED_TWICE).find_map(|situation| {
                let steps = changes(self.version, situation, fields).into_iter();
                steps.map(|step| varied(self.version, situation, step)).find_map(|one| asked(self, &one))
            })
        })
    }

    /// Asks of a situation just where a changed window begins, with up to three of its own kind since.
    fn at_the_edge(&mut self, situation: &Situation, all: &[&Situation]) -> Option<Telling> {
        let edge = length::shorter(self.version, &self.change.edit)?;
        let day = |count: i64| Length::Exact(SignedDuration::from_hours(24 * count));
        for since in 0..=3 {
            let since: Vec<(&Situation, Length)> = (1..=since).map(|count| (situation, day(count))).collect();
            let with = |other| [&[(other, edge)], since.as_slice()].concat();
            let mut others = all.iter().filter_map(|other| situation.after(self.version, &with(*other)));
            if let Some(found) = others.find_map(|after| self.asked(&after)) {
                return Some(found);
            }
        }
        None
    }

    /// Asks of a situation that is judged later, soon or long after.
    fn later(&mut self, situation: &Situation, fields: &[FieldId]) -> Option<Telling> {
        [2, 24 * 60].into_iter().find_map(|hours| {
            let later = situation.judged_later(self.version, Length::Exact(SignedDuration::from_hours(hours)))?;
            self.asked(&later).or_else(|| self.with_one(&later, fields)).or_else(|| self.with_two(&later, fields))
        })
    }

    fn with_one(&mut self, situation: &Situation, fields: &[FieldId]) -> Option<Telling> {
        let changes = changes(self.version, situation, fields);
        changes.into_iter().find_map(|change| self.asked(&varied(self.version, situation, change)))
    }

    fn with_two(&mut self, situation: &Situation, fields: &[FieldId]) -> Option<Telling> {
        for change in changes(self.version, situation, fields) {
            let field = change.0;
            let once = varied(self.version, situation, change);
            let others: Vec<FieldId> = fields.iter().copied().filter(|other| *other > field).collect();
            if let Some(found) = self.with_one(&once, &others) {
                return Some(found);
            }
            if self.left == 0 {
                return None;
            }
        }
        None
    }
}

/// A field, what it becomes, and how a case states that.
pub(super) type Step = (FieldId, Slot, Option<String>);

fn changes(version: &Version, situation: &Situation, fields: &[FieldId]) -> Vec<Step> {
    let of = |field: &FieldId| {
        let field = *field;
        values::to_try(version, field, situation).into_iter().map(move |(slot, text)| (field, slot, text))
    };
    fields.iter().flat_map(of).collect()
}

/// Changes one value of a situation, and how it is written.
pub(super) fn varied(version: &Version, situation: &Situation, (field, slot, text): Step) -> Situation {
    let mut varied = situation.clone();
    varied.with.retain(|(known, _)| *known != field);
    varied.without.retain(|known| *known != field);
    match text {
        Some(text) => varied.with.push((field, format!("{} {text}", version.vocabulary.field_name(field)))),
        None => varied.without.push(field),
    }
    let place = varied.episode.place(field);
    varied.episode.set(field, slot, place);
    varied
}

/// Gives the fields that the changed rule reads; of a changed scope or definition, those that it reads.
fn fields_read(version: &Version, change: &Change) -> Vec<FieldId> {
    let mut fields = BTreeSet::new();
    let conditions = &version.conditions;
    let mut clauses: Vec<_> = match change.rule.and_then(|id| version.rules.get(id.0 as usize)) {
        Some(rule) => of_rule(rule),
        None => version.rules.iter().flat_map(of_rule).chain(version.applies_when).collect(),
    };
    let duty = change.rule.and_then(|id| version.rules.get(id.0 as usize)).and_then(|rule| rule.duty.as_ref());
    for link in duty.into_iter().flat_map(|duty| &duty.links) {
        if let Some(Base::Field(base)) = link.deadline.map(|deadline| deadline.base) {
            fields.insert(base);
        }
    }
    fields.extend(known_at(version, &clauses));
    if let Edit::Replace(id, _) = &change.edit {
        clauses.push(*id);
    }
    for leaf in conditions.leaves(clauses) {
        let node = conditions.get(leaf);
        fields.extend(conditions.reads(leaf).map(|field| field.field));
        if let crate::policy::Condition::Measure { history, .. } = node
            && let Some(history) = conditions.history(*history)
        {
            fields.extend(conditions.fields_read(history.conditions()));
        }
    }
    fields.into_iter().collect()
}

/// Gives the fields that say from when what some clauses read was known.
fn known_at(version: &Version, clauses: &[ConditionId]) -> Vec<FieldId> {
    let fields = version.conditions.fields_read(clauses.iter().copied());
    fields.filter_map(|field| version.vocabulary.field(field)?.known_at).collect()
}

fn of_rule(rule: &Rule) -> Vec<ConditionId> {
    rule.clauses().chain(rule.links()).collect()
}
