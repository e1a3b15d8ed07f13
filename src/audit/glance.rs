//! One look at a single field of every record: block by block on all cores, and in brief where a record is plain.

use std::sync::Arc;

use crate::episode::{Brief, Episode};
use crate::log::{Briefer, Item};
use crate::policy::{FieldId, Role};
use crate::source::{SourceId, Span};

use super::blocks::{self, Block, Lines};
use super::lens::{self, Lens};
use super::{Audit, Running, Wants, brief, pass};

/// What is looked for in each record.
pub(super) trait Look: Sync {
    /// What is found in one.
    type Found: Send;

    /// The field that has to be read.
    const ROLE: Role;

    /// Looks at a record in brief, of which nothing but that field was read; `bases`: where the fields of each lens begin. Gives none
    /// where the whole of it has to be read.
    fn in_brief(
        &self,
        lenses: &[Lens<'_>],
        bases: &[usize],
        record: &Brief,
        bytes: &[u8],
    ) -> Option<Option<Self::Found>>;

    /// Looks at a record as every lens reads it; `named`: which of them finds an id in it, and where that stands.
    fn whole(
        &self,
        lenses: &[Lens<'_>],
        episodes: &[Arc<Episode>],
        named: (Option<usize>, Option<Span>),
    ) -> Option<Self::Found>;
}

/// Looks at every record of the logs, and gives what is found in their order.
pub(super) fn at_all<L: Look>(audit: &Audit<'_>, threads: usize, look: &L, take: &mut dyn FnMut(L::Found)) {
    for input in audit.inputs {
        let Some(cut) = blocks::of(audit, input, Wants::Nothing) else {
            let mut glance = Glance::new(audit, look);
            blocks::each_item(audit, input, &Running::default(), &mut |item| {
                if let Some(found) = glance.whole(&item) {
                    take(found);
                }
            });
            continue;
        };
        let make = || Glance::new(audit, look);
        let work = |glance: &mut Glance<'_, L>, block: &Block, _: usize| glance.block(block, &cut.lines);
        pass::in_order(threads, &mut make(), make, &cut.blocks, work, |found: Vec<L::Found>, _| {
            found.into_iter().for_each(&mut *take);
            true
        });
    }
}

struct Glance<'a, L> {
    audit: &'a Audit<'a>,
    look: &'a L,
    lenses: Vec<Lens<'a>>,
    brief: Option<Briefer<'a>>,
    bases: Vec<usize>,
    columns_of: Option<(SourceId, bool)>,
    buffer: Vec<u8>,
}

impl<'a, L: Look> Glance<'a, L> {
    fn new(audit: &'a Audit<'a>, look: &'a L) -> Self {
        let lenses = Lens::all(audit.set);
        let fields: Vec<Vec<FieldId>> =
            lenses.iter().map(|lens| lens.vocabulary.role(L::ROLE).into_iter().collect()).collect();
        let brief = brief::briefer(audit, &lenses).map(|briefer| briefer.only(&fields));
        let bases = brief.as_ref().map(|briefer| briefer.bases().to_vec()).unwrap_or_default();
        Self { audit, look, lenses, brief, bases, columns_of: None, buffer: Vec::new() }
    }

    fn block(&mut self, block: &Block, lines: &Lines) -> Vec<L::Found> {
        let mut buffer = std::mem::take(&mut self.buffer);
        brief::prepare(self.brief.as_mut(), lines, &mut self.columns_of, block);
        let mut all = Vec::new();
        block.each_line(self.audit.sources, lines, &mut buffer, |line, at| {
            let record = self.brief.as_mut().and_then(|brief| brief::read(brief, line, lines, self.columns_of));
            let found = record.and_then(|(record, bytes)| self.look.in_brief(&self.lenses, &self.bases, record, bytes));
            match found {
                Some(found) => all.extend(found),
                None => all.extend(self.whole(&lines.read(line, block.source, at, &self.audit.limits))),
            }
        });
        self.buffer = buffer;
        all
    }

    fn whole(&mut self, item: &Item) -> Option<L::Found> {
        let Item::Record(record) = item else { return None };
        let readings = lens::read(&mut self.lenses, record, self.audit.clock.present);
        self.look.whole(&self.lenses, &readings.episodes, (readings.named, readings.id_place))
    }
}
