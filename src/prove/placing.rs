//! What places an episode among the others: its time, from when to when it lasts, and the keys of history clauses.
//!
//! Which episodes a clause counts for it depends on these, and where they are written in addition, it is measured anew. Not all
//! their values can be tried: of moments, those at which others enter or leave a window; of keys, one that nobody else has.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use crate::episode::{Episode, Slot};
use crate::judge::{Evaluation, Standpoint};
use crate::policy::time::When;
use crate::policy::{FieldId, FieldType, History, HistoryId, Role, Value, Version, Window};

/// How many moments are tried.
const MOST_MOMENTS: usize = 24;

/// The fields of a version that place an episode among the others.
pub(super) struct Placing<'e> {
    version: &'e Version,
    at: usize,
    /// When it happened.
    time: Option<FieldId>,
}

impl<'e> Placing<'e> {
    pub(super) fn of(version: &'e Version, at: usize) -> Self {
        Self { version, at, time: version.vocabulary.episode_time() }
    }

    /// Gives the fields that place an episode for a clause.
    pub(super) fn fields(&self, history: &History) -> BTreeSet<FieldId> {
        let lasts = history.window == Window::AtTheSameTime;
        let role = |role| self.version.vocabulary.role(role).filter(|_| lasts);
        let keys = history.keys.iter().map(|key| key.asked);
        self.time.into_iter().chain(role(Role::Start)).chain(role(Role::End)).chain(keys).collect()
    }

    /// Gives those of all clauses.
    pub(super) fn of_all(&self) -> BTreeSet<FieldId> {
        self.version.conditions.histories().iter().flat_map(|history| self.fields(history)).collect()
    }

    /// Says whether it can be measured what clauses come to for an episode in which some fields are written in addition: each
    /// key that is written must be nobody's whom anything tells, since of the others it is not known who they are.
    pub(super) fn can_be_measured(&self, written: &Episode, set: &[FieldId]) -> bool {
        self.version.conditions.histories().iter().all(|history| {
            let mut keys = history.keys.iter().map(|key| key.asked).filter(|key| set.contains(key)).peekable();
            keys.peek().is_none() || keys.any(|key| self.is_somebody_new(written, key))
        })
    }

    fn is_somebody_new(&self, written: &Episode, key: FieldId) -> bool {
        let vocabulary = &self.version.vocabulary;
        let named = vocabulary.field(key).is_some_and(|key| matches!(key.kind, FieldType::Text | FieldType::Identity));
        let Some(Value::Text(name) | Value::Identity(name)) = written.value(key).filter(|_| named) else {
            return false;
        };
        vocabulary.field_ids().filter(|field| *field != key).all(|field| match written.value(field) {
            Some(Value::Text(other) | Value::Identity(other)) => name != other,
            Some(Value::People(people)) => !people.members.contains(name),
            _ => true,
        })
    }

    /// Gives an episode with other moments for its time, if that is among the fields that are written.
    pub(super) fn at_other_times(
        &self,
        (episode, written): (&Episode, &Episode),
        set: &[FieldId],
        standpoint: Standpoint<'_>,
    ) -> Vec<Episode> {
        let looks_back = !self.version.conditions.histories().is_empty();
        let Some(time) = self.time.filter(|time| looks_back && set.contains(time)) else { return Vec::new() };
        let mut moments = self.moments(episode.value(time), episode, standpoint);
        moments.dedup();
        let written_at = |value| {
            let mut moved = written.clone();
            moved.set(time, Slot::Present(value), None);
            moved
        };
        let values = moments.into_iter().filter_map(|moment| self.value(time, moment));
        values.take(MOST_MOMENTS).map(written_at).collect()
    }

    /// Gives moments at which it may have happened: the first and the last, those at which others enter or leave a window,
    /// and those just beside; of an episode without a time, before all others and after.
    fn moments(&self, known: Option<&Value>, episode: &Episode, standpoint: Standpoint<'_>) -> Vec<Timestamp> {
        let Some(Value::Instant(when)) = known else {
            let begins = standpoint.past.and_then(|(past, _)| past.begins());
            return begins
                .into_iter()
                .flat_map(|at| [beside(at, -1), Some(at)])
                .flatten()
                .chain([standpoint.as_of])
                .collect();
        };
        let mut moments = vec![when.earliest, when.latest];
        if when.either_end {
            return moments;
        }
        let mut evaluation = Evaluation::looking_back(self.version, episode, standpoint.looking_back(self.at));
        for id in (0..).map(HistoryId).take(self.version.conditions.histories().len()) {
            let Some((past, _)) = standpoint.past else { continue };
            let seen = evaluation.look(id).map(|looked| looked.seen).unwrap_or_default();
            let length = self.version.conditions.history(id).and_then(|history| history.window.length());
            for record in seen.iter().rev().take(MOST_MOMENTS) {
                let Some((first, last)) = past.time(self.at, record.record) else { continue };
                let leaves = [first, last].map(|at| length.map(|length| length.after(at, &self.version.zone)));
                moments.extend([first, last].into_iter().chain(leaves.into_iter().flatten()));
            }
        }
        let near = moments.into_iter().flat_map(|at| [beside(at, -1), Some(at), beside(at, 1)]).flatten();
        let mut near: Vec<Timestamp> = near.filter(|at| when.earliest <= *at && *at <= when.latest).collect();
        near.sort_unstable();
        near
    }

    fn value(&self, time: FieldId, moment: Timestamp) -> Option<Value> {
        let zone = &self.version.zone;
        let value = match self.version.vocabulary.field(time)?.kind {
            FieldType::Date => Value::Date(zone.to_datetime(moment).date()),
            _ => Value::Instant(When::exact(moment, zone)),
        };
        let in_force = self.version.in_force;
        let is_in_force = in_force.is_none_or(|in_force| in_force.contains(zone.to_datetime(moment).date()));
        is_in_force.then_some(value)
    }
}

fn beside(at: Timestamp, nanoseconds: i64) -> Option<Timestamp> {
    at.checked_add(SignedDuration::from_nanos(nanoseconds)).ok()
}
