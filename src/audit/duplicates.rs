//! Ids that stand more than once: the log is looked at again only where some may.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::episode::{Brief, Episode};
use crate::log::{DuplicateId, IdDigests, Ids, Suspects};
use crate::policy::Role;
use crate::source::Span;

use super::glance::{self, Look};
use super::lens::Lens;
use super::{Audit, Clock, past};

/// Finds them, of the ids whose digests were gathered.
pub(super) fn find(audit: &Audit<'_>, digests: IdDigests, threads: usize) -> Vec<Diagnostic> {
    let suspects = digests.suspects();
    if suspects.is_empty() {
        return Vec::new();
    }
    let mut ids = Ids::new();
    let look = Suspected { suspects, clock: audit.clock };
    glance::at_all(audit, threads, &look, &mut |(episode, place)| ids.add(&episode, place));
    ids.duplicates().iter().map(DuplicateId::diagnostic).collect()
}

/// Looks for the records whose id may stand more than once.
struct Suspected {
    suspects: Suspects,
    clock: Clock,
}

impl Look for Suspected {
    type Found = (Arc<Episode>, Option<Span>);

    const ROLE: Role = Role::Id;

    fn in_brief(
        &self,
        lenses: &[Lens<'_>],
        bases: &[usize],
        record: &Brief,
        bytes: &[u8],
    ) -> Option<Option<Self::Found>> {
        let id = lenses.iter().zip(bases).find_map(|(lens, base)| {
            let field = lens.vocabulary.role(Role::Id)?;
            record.text(base + usize::from(field.0), bytes)
        });
        id.is_none_or(|id| !self.suspects.has(id)).then_some(None)
    }

    fn whole(
        &self,
        lenses: &[Lens<'_>],
        episodes: &[Arc<Episode>],
        (named, place): (Option<usize>, Option<Span>),
    ) -> Option<Self::Found> {
        if past::is_left_out(lenses, episodes, self.clock) {
            return None;
        }
        let episode = episodes.get(named?)?;
        let is_suspect = |id: &String| self.suspects.has(id.as_bytes());
        episode.id.as_ref().is_some_and(is_suspect).then(|| (Arc::clone(episode), place))
    }
}
