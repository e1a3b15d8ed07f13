//! The time of a record in brief.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::episode::Brief;
use crate::episode::brief::{MISSING, nanoseconds};
use crate::policy::time::{day_of, days};
use crate::policy::{FieldType, Role, Vocabulary};

/// Where a brief record has the time, and whether that is a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct TimeSlot<'a> {
    at: usize,
    is_day: bool,
    zone: &'a TimeZone,
}

impl<'a> TimeSlot<'a> {
    /// Finds it, if the vocabulary has a time. `base`: where its fields begin.
    pub(super) fn of(vocabulary: &Vocabulary, zone: &'a TimeZone, base: usize) -> Option<Self> {
        let id = vocabulary.role(Role::Time)?;
        let is_day = matches!(vocabulary.field(id)?.kind, FieldType::Date);
        Some(Self { at: base + usize::from(id.0), is_day, zone })
    }

    /// Gives the time of a record, of a day its first instant.
    pub(super) fn read(&self, record: &Brief) -> Option<Timestamp> {
        let time = Some(record.get(self.at)).filter(|time| *time != MISSING).map(nanoseconds)?;
        if self.is_day {
            let day = day_of(time)?;
            return days(day, day, self.zone).ok().map(|when| when.earliest);
        }
        Timestamp::from_nanosecond(i128::from(time)).ok()
    }
}
