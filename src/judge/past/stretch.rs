//! From when to when a record lasts.

use jiff::Timestamp;

use crate::episode::Slot;
use crate::judge::condition::Evaluation;
use crate::policy::{FieldId, Role};

use super::clock::{Ticks, tick};
use super::spans::Span;

/// From a start, up to and without an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) start: Ticks,
    pub(super) end: Ticks,
}

impl Stretch {
    /// Reads the start and the end of a record; `None` without a start. One without an end is open until the as-of
    /// instant. One whose end does not fit has ended, and nobody can say when.
    pub(super) fn of(evaluation: &Evaluation<'_>, as_of: Timestamp) -> Option<Self> {
        let role = |role| evaluation.version.vocabulary.role(role);
        let ticks = |field: FieldId| evaluation.episode.value(field).and_then(Ticks::of);
        let start = role(Role::Start).and_then(ticks)?;
        let open = tick(as_of);
        let end = match role(Role::End).map(|field| (field, evaluation.episode.slot(field))) {
            Some((field, Slot::Present(_))) => ticks(field)?,
            Some((_, Slot::Unfit)) => Ticks { first: start.first, last: open.max(start.last), either: false },
            _ => Ticks::exact(open),
        };
        Some(Self { start, end })
    }

    /// Says whether both ends are known.
    pub(super) fn is_exact(self) -> bool {
        self.start.is_exact() && self.end.is_exact()
    }

    /// Says whether a span may overlap it, whenever it begins and ends.
    pub(super) fn may_overlap(self, span: &Span) -> bool {
        overlap(span, self.start.first, self.end.last)
    }

    /// Says whether a span surely overlaps it.
    pub(super) fn surely_overlaps(self, span: &Span) -> bool {
        overlap(span, self.start.last, self.end.first)
    }
}

fn overlap(span: &Span, from: i64, until: i64) -> bool {
    from < until && span.from < until && from < span.until
}
