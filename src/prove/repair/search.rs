//! The search for the smallest changes: the record is judged with each, by one policy or by several at once.

use crate::episode::{Episode, Slot};
use crate::judge::{Judgement, Measured, Standpoint, Verdict, judge_by};
use crate::policy::{FieldId, FieldType, Value, Version};

use super::super::exact::{Exact, measures};
use super::super::subsets::subsets;
use super::{Changes, To, nearby};

/// How many changes are given, and how many fields are changed together.
const MOST_GIVEN: usize = 3;
const MOST_TOGETHER: usize = 3;

/// How many records are judged in search of changes.
const MOST_JUDGED: usize = 1_000;

/// Of how many records that are left undetermined it is asked whether they are permissible whatever the value.
const MOST_SETTLED: usize = 100;

/// How many fields are tried.
pub(in crate::prove) const MOST_FIELDS: usize = 12;

/// A version that judges, with the record as it reads it.
pub(in crate::prove) struct Side<'s> {
    pub(in crate::prove) version: &'s Version,
    pub(in crate::prove) at: usize,
    pub(in crate::prove) episode: &'s Episode,
    standpoint: Standpoint<'s>,
    /// What the history clauses of the version come to.
    pub(in crate::prove) measures: Vec<Measured>,
}

impl<'s> Side<'s> {
    pub(in crate::prove) fn new(
        version: &'s Version,
        at: usize,
        episode: &'s Episode,
        standpoint: Standpoint<'s>,
    ) -> Self {
        Self { version, at, episode, standpoint, measures: measures(version, at, episode, standpoint) }
    }

    /// Gives the same side of another record.
    pub(in crate::prove) fn of_record<'e>(&'e self, episode: &'e Episode) -> Side<'e> {
        Side::new(self.version, self.at, episode, self.standpoint)
    }

    /// Judges another record.
    pub(in crate::prove) fn judged(&self, record: &Episode) -> Judgement {
        judge_by(self.version, self.at, record, self.standpoint)
    }

    /// Gives the exact verdict on another record, whose judgement is given.
    pub(in crate::prove) fn exactly(&self, exact: &mut Exact<'_>, record: &Episode, judgement: &Judgement) -> Verdict {
        exact.of_version(self.at, record, self.standpoint, judgement).verdict
    }

    /// Gives what a field could have held instead, the nearest first, each with its distance.
    pub(in crate::prove) fn values(&self, field: FieldId) -> Vec<(To, usize)> {
        nearby::values(self.version, self.episode, &self.measures, field)
    }
}

/// A field with what it could have held instead, the nearest first.
pub(in crate::prove) struct Choice {
    /// The field as each side has it; none where a side has no such field.
    pub(in crate::prove) fields: Vec<Option<FieldId>>,
    pub(in crate::prove) alternatives: Vec<Alternative>,
}

/// What a field could have held instead, in the words of each side, and how far away that is.
pub(in crate::prove) struct Alternative {
    pub(in crate::prove) held: Vec<Option<To>>,
    pub(in crate::prove) distance: usize,
}

/// Fields that are changed together, each with what it could have held instead.
pub(in crate::prove) type Chosen<'c> = Vec<(&'c Choice, &'c Alternative)>;

impl Choice {
    /// Gives what a field of one side alone could have held.
    pub(super) fn of(side: &Side<'_>, field: FieldId) -> Self {
        let values = side.values(field).into_iter();
        let alternatives = values.map(|(to, distance)| Alternative { held: vec![Some(to)], distance }).collect();
        Self { fields: vec![Some(field)], alternatives }
    }
}

/// Gives changes in the words of the only side.
pub(super) fn changes(chosen: &Chosen<'_>) -> Changes {
    let change = |(choice, to): &(&Choice, &Alternative)| Some(((*choice.fields.first()?)?, to.held.first()?.clone()?));
    chosen.iter().filter_map(change).collect()
}

/// Gives the exact verdict on a record that a side, by its number, leaves undetermined.
pub(in crate::prove) type Settle<'x> = dyn FnMut(usize, &Episode, &Judgement) -> Verdict + 'x;

/// Looks for changes by judging.
pub(in crate::prove) struct Search<'s, 'x> {
    sides: &'s [Side<'s>],
    settle: &'x mut Settle<'x>,
    judged: usize,
    settled: usize,
}

impl<'s, 'x> Search<'s, 'x> {
    pub(in crate::prove) fn new(sides: &'s [Side<'s>], settle: &'x mut Settle<'x>) -> Self {
        Self { sides, settle, judged: 0, settled: 0 }
    }

    /// Gives the smallest changes with which no side is against the episode and one permits it: the fewest fields first, each set
    /// of fields once and with values as near as there are.
    pub(in crate::prove) fn smallest<'c>(&mut self, choices: &'c [Choice]) -> Vec<Chosen<'c>> {
        let mut found: Vec<Chosen<'c>> = Vec::new();
        for size in 1..=MOST_TOGETHER {
            for set in subsets(choices, size) {
                let is_in_set = |choice: &Choice| set.iter().any(|one| std::ptr::eq(*one, choice));
                if found.iter().any(|known| known.iter().all(|(choice, _)| is_in_set(choice))) {
                    continue;
                }
                found.extend(self.nearest(&set));
                if found.len() >= MOST_GIVEN || self.judged >= MOST_JUDGED {
                    return found;
                }
            }
        }
        found
    }

    /// Gives the nearest values of some fields that make the episode permissible.
    fn nearest<'c>(&mut self, set: &[&'c Choice]) -> Option<Chosen<'c>> {
        for alternatives in by_distance(set) {
            if self.judged >= MOST_JUDGED {
                return None;
            }
            self.judged += 1;
            let chosen: Chosen<'c> = set.iter().copied().zip(alternatives).collect();
            if self.is_permissible(&chosen)? {
                return Some(chosen);
            }
        }
        None
    }

    /// Says whether one side permits the record with some changes, and no other is against it, nor leaves it open.
    fn is_permissible(&mut self, chosen: &Chosen<'_>) -> Option<bool> {
        let records = records(self.sides, chosen)?;
        let both = self.sides.iter().zip(records);
        let mut judged: Vec<(Judgement, Episode)> = both.map(|(side, record)| (side.judged(&record), record)).collect();
        if judged.iter().any(|(judgement, _)| judgement.verdict == Verdict::Impermissible) {
            return Some(false);
        }
        for (side, (judgement, record)) in judged.iter_mut().enumerate() {
            if judgement.verdict == Verdict::Undetermined {
                if self.settled >= MOST_SETTLED {
                    return Some(false);
                }
                self.settled += 1;
                judgement.verdict = (self.settle)(side, record, judgement);
            }
        }
        let is_any = |verdict| judged.iter().any(|(judgement, _)| judgement.verdict == verdict);
        let is_against = is_any(Verdict::Impermissible) || is_any(Verdict::Undetermined);
        Some(!is_against && is_any(Verdict::Permissible))
    }
}

/// Gives the record with some changes, as each side reads it.
pub(in crate::prove) fn records(sides: &[Side<'_>], chosen: &Chosen<'_>) -> Option<Vec<Episode>> {
    let mut records: Vec<Episode> = sides.iter().map(|side| side.episode.clone()).collect();
    for (choice, alternative) in chosen {
        let fields = choice.fields.iter().zip(&alternative.held);
        for ((side, record), (field, to)) in sides.iter().zip(&mut records).zip(fields) {
            if let (Some(field), Some(to)) = (field, to) {
                record.set(*field, Slot::Present(written(side.version, *field, to)?), None);
            }
        }
    }
    Some(records)
}

/// Gives the values of some fields in all combinations, the nearest first; of many values only the nearest are combined.
fn by_distance<'c>(set: &[&'c Choice]) -> Vec<Vec<&'c Alternative>> {
    let most = match set.len() {
        1 => usize::MAX,
        2 => 16,
        _ => 8,
    };
    let mut all: Vec<(usize, Vec<&Alternative>)> = vec![(0, Vec::new())];
    for choice in set {
        let further = all.iter().flat_map(|(sum, known)| {
            choice.alternatives.iter().take(most).map(move |one| {
                let mut more = known.clone();
                more.push(one);
                (sum + one.distance, more)
            })
        });
        all = further.collect();
    }
    all.sort_by_key(|(sum, _)| *sum);
    all.into_iter().map(|(_, chosen)| chosen).collect()
}

/// Gives the value that is written into the record.
fn written(version: &Version, field: FieldId, to: &To) -> Option<Value> {
    // No log has an identity with a line end in it, nor can a policy write one.
    let nobody = || Box::from("\nanother");
    match to {
        To::Value(value) => Some(value.clone()),
        To::Another => Some(match version.vocabulary.field(field)?.kind {
            FieldType::Text => Value::Text(nobody()),
            _ => Value::Identity(nobody()),
        }),
    }
}
