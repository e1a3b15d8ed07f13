//! The newest record of the logs: whether it lies after the instant as of which is judged.

use std::sync::Arc;

use jiff::Timestamp;

use crate::episode::{Brief, Episode};
use crate::policy::Role;
use crate::source::Span;

use super::glance::{self, Look};
use super::lens::Lens;
use super::time_slot::TimeSlot;
use super::{Audit, Running, past};

/// Finds the newest record that surely lies after the as-of instant: its time, in the words of its log.
pub(super) fn after_as_of(audit: &Audit<'_>) -> Option<Timestamp> {
    let mut newest = None;
    glance::at_all(audit, Running::default().threads, &Times, &mut |time| newest = newest.max(Some(time)));
    newest.filter(|newest| *newest > audit.clock.as_of)
}

/// Looks for the time of each record.
struct Times;

impl Look for Times {
    type Found = Timestamp;

    const ROLE: Role = Role::Time;

    fn in_brief(&self, lenses: &[Lens<'_>], bases: &[usize], record: &Brief, _: &[u8]) -> Option<Option<Timestamp>> {
        let mut slots = lenses.iter().zip(bases);
        Some(slots.find_map(|(lens, base)| TimeSlot::of(lens.vocabulary, lens.zone, *base)?.read(record)))
    }

    fn whole(
        &self,
        lenses: &[Lens<'_>],
        episodes: &[Arc<Episode>],
        _: (Option<usize>, Option<Span>),
    ) -> Option<Timestamp> {
        past::time_of(lenses, episodes).map(|when| when.earliest)
    }
}
