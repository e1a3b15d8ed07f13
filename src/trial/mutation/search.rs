//! The search for an example that notices a change: the episodes of the examples, with one value changed, then two.

use std::collections::BTreeSet;

use crate::check::{Claim, Situation};
use crate::episode::Slot;
use crate::policy::{FieldId, Function, Rule, Version};

use super::change::{Change, Edit};
use super::{Telling, telling, values};
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
    let found = situations.iter().find_map(|(situation, _)| search.as_it_is(situation));
    let found = found.or_else(|| situations.iter().find_map(|(situation, _)| search.with_one(situation, &fields)));
    found.or_else(|| {
        let some = situations.iter().take(MOST_VARIED_TWICE);
        some.clone().find_map(|(situation, _)| search.with_two(situation, &fields))
    })
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

    fn with_one(&mut self, situation: &Situation, fields: &[FieldId]) -> Option<Telling> {
        let changes = changes(self.version, situation, fields);
        changes.into_iter().find_map(|(field, slot)| self.asked(&varied(self.version, situation, field, slot)?))
    }

    fn with_two(&mut self, situation: &Situation, fields: &[FieldId]) -> Option<Telling> {
        for (field, slot) in changes(self.version, situation, fields) {
            let Some(once) = varied(self.version, situation, field, slot) else { continue };
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

fn changes(version: &Version, situation: &Situation, fields: &[FieldId]) -> Vec<(FieldId, Slot)> {
    let of = |field: &FieldId| {
        let field = *field;
        values::to_try(version, field, &situation.episode).into_iter().map(move |slot| (field, slot))
    };
    fields.iter().flat_map(of).collect()
}

/// Changes one value of a situation, and how it is written.
fn varied(version: &Version, situation: &Situation, field: FieldId, slot: Slot) -> Option<Situation> {
    let mut varied = situation.clone();
    varied.with.retain(|(known, _)| *known != field);
    varied.without.retain(|known| *known != field);
    match &slot {
        Slot::Present(value) => {
            let name = version.vocabulary.field_name(field);
            varied.with.push((field, format!("{name} {}", values::write(version, field, value)?)));
        }
        _ => varied.without.push(field),
    }
    let place = varied.episode.place(field);
    varied.episode.set(field, slot, place);
    Some(varied)
}

/// Gives the fields that the changed rule reads; of a changed scope or definition, those that it reads.
fn fields_read(version: &Version, change: &Change) -> Vec<FieldId> {
    let mut fields = BTreeSet::new();
    let conditions = &version.conditions;
    let mut clauses: Vec<_> = match change.rule.and_then(|id| version.rules.get(id.0 as usize)) {
        Some(rule) => of_rule(rule),
        None => version.rules.iter().flat_map(of_rule).chain(version.applies_when).collect(),
    };
    if let Edit::Replace(id, _) = &change.edit {
        clauses.push(*id);
    }
    for leaf in conditions.leaves(clauses) {
        let node = conditions.get(leaf);
        fields.extend(node.fields().map(|field| field.field));
        if let crate::policy::Condition::Measure { history, .. } = node
            && let Some(history) = conditions.history(*history)
        {
            let counted = match history.function {
                Function::Share(counted) => Some(counted),
                _ => None,
            };
            let inner = conditions.leaves(history.filter.into_iter().chain(counted));
            fields.extend(inner.into_iter().flat_map(|leaf| conditions.get(leaf).fields()).map(|field| field.field));
        }
    }
    fields.into_iter().collect()
}

fn of_rule(rule: &Rule) -> Vec<crate::policy::ConditionId> {
    [rule.guard, rule.unless, Some(rule.norm.condition)].into_iter().flatten().collect()
}
