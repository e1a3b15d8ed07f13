//! What the first pass takes up of a record in brief, for the history clauses of one version.
//!
//! Only clauses that count are told so, of which every record is plain: what they ask for is known from the start, and the
//! record has an instant or a day for its time.

use std::io::Write;

use crate::episode::Brief;
use crate::episode::brief::{MISSING, UNREAD, nanoseconds};
use crate::judge::truth::Truth;
use crate::policy::{Condition, ConditionId, FieldId, FieldType, Function, History, Version, Window};

use super::test::Asking;

/// Where a version finds what its history clauses need.
#[derive(Debug)]
pub(super) struct Sight {
    time: Option<usize>,
    /// The keys of each set, without those that are asked twice.
    keys: Vec<Vec<(usize, KeySort)>>,
    filters: Vec<Option<ConditionId>>,
}

#[derive(Debug, Clone, Copy)]
enum KeySort {
    Boolean,
    Name,
    Text,
}

/// In place of the length of a key: there is none.
pub(in crate::judge) const NO_KEY: u16 = u16::MAX;

impl Sight {
    /// Prepares; `None` where a clause needs more than a brief record tells.
    pub(super) fn of(version: &Version, base: usize) -> Option<Self> {
        let vocabulary = &version.vocabulary;
        let kind = |field: FieldId| vocabulary.field(field).map(|field| field.kind);
        let time = vocabulary.episode_time();
        if time.is_some_and(|time| !matches!(kind(time), Some(FieldType::Instant | FieldType::Date))) {
            return None;
        }
        let mut sets: Vec<Vec<FieldId>> = Vec::new();
        for history in version.conditions.histories() {
            is_plain(version, history).then_some(())?;
            let fields: Vec<FieldId> = history.keys.iter().map(|key| key.stored).collect();
            if !sets.contains(&fields) {
                sets.push(fields);
            }
        }
        let slot = |field: FieldId| base + usize::from(field.0);
        let key = |field: &FieldId| {
            let sort = match kind(*field)? {
                FieldType::Boolean => KeySort::Boolean,
                FieldType::Kind(_) | FieldType::Scale(_) => KeySort::Name,
                FieldType::Text | FieldType::Identity => KeySort::Text,
                _ => return None,
            };
            Some((slot(*field), sort))
        };
        let keys: Option<Vec<Vec<_>>> = sets.iter().map(|fields| fields.iter().map(key).collect()).collect();
        let filters = version.conditions.histories().iter().map(|history| history.filter).collect();
        Some(Self { time: time.map(slot), keys: keys?, filters })
    }

    /// Writes what the clauses need: the time, each key, and whether the record passes each clause. Says whether all of it
    /// could be told.
    pub(super) fn write(
        &self,
        record: &Brief,
        bytes: &[u8],
        asking: &mut Asking<'_>,
        into: &mut Vec<u8>,
    ) -> Option<()> {
        let time = self.time.map_or(MISSING, |at| record.get(at));
        let tick = if time == MISSING { i64::MIN } else { nanoseconds(time) };
        into.extend(tick.to_le_bytes());
        for key in &self.keys {
            let at = into.len();
            into.extend(NO_KEY.to_le_bytes());
            if write_key(key, record, bytes, into)? {
                let length = u16::try_from(into.len() - at - 2).ok().filter(|length| *length != NO_KEY)?;
                into.get_mut(at..at + 2)?.copy_from_slice(&length.to_le_bytes());
            } else {
                into.truncate(at + 2);
            }
        }
        for filter in &self.filters {
            into.push(filter.map_or(Truth::True, |filter| asking.truth(filter)) as u8);
        }
        (!asking.is_beyond()).then_some(())
    }
}

/// Writes a key as the past tells keys apart; says whether the record has it.
fn write_key(key: &[(usize, KeySort)], record: &Brief, bytes: &[u8], into: &mut Vec<u8>) -> Option<bool> {
    for (at, sort) in key {
        let value = record.get(*at);
        if value == MISSING {
            return Some(false);
        }
        match sort {
            KeySort::Boolean => write!(into, "{}", value == 1).ok()?,
            KeySort::Name => write!(into, "{value}").ok()?,
            KeySort::Text => {
                let text = record.text(*at, bytes).filter(|_| value != UNREAD)?;
                write!(into, "{}:", text.len()).ok()?;
                into.extend(text);
            }
        }
        into.push(b'\x1F');
    }
    Some(true)
}

/// Says whether a clause counts, and asks for nothing that becomes known later.
fn is_plain(version: &Version, history: &History) -> bool {
    let conditions = &version.conditions;
    let leaves = conditions.leaves(history.filter);
    let is_table = |leaf: &ConditionId| matches!(conditions.get(*leaf), Condition::Table { .. });
    let is_late = |leaf: &ConditionId| {
        conditions
            .reads(*leaf)
            .any(|field| version.vocabulary.field(field.field).is_none_or(|field| field.known_afterwards))
    };
    history.function == Function::Count
        && history.window != Window::AtTheSameTime
        && !leaves.iter().any(|leaf| is_table(leaf) || is_late(leaf))
}
