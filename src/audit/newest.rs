//! The newest record of the logs: whether it lies after the instant as of which is judged.

use jiff::Timestamp;

use crate::log::{Briefer, Item};
use crate::policy::{FieldId, Role};
use crate::source::SourceId;

use super::blocks::{self, Block, Lines};
use super::lens::{self, Lens};
use super::time_slot::TimeSlot;
use super::{Audit, Running, Wants, pass, past};

/// Finds the newest record that surely lies after the as-of instant: its time, in the words of its log.
pub(super) fn after_as_of(audit: &Audit<'_>) -> Option<Timestamp> {
    let running = Running::default();
    let mut newest = None;
    for input in audit.inputs {
        match blocks::of(audit, input, Wants::Nothing) {
            Some(cut) => {
                let make = || Looker::new(audit);
                let work = |looker: &mut Looker<'_>, block: &Block, _: usize| looker.block(block, &cut.lines);
                pass::in_order(running.threads, &mut make(), make, &cut.blocks, work, |found, _| {
                    newest = newest.max(found);
                    true
                });
            }
            None => {
                let mut looker = Looker::new(audit);
                blocks::each_item(audit, input, &running, &mut |item| newest = newest.max(looker.item(&item)));
            }
        }
    }
    newest.filter(|newest| *newest > audit.clock.as_of)
}

/// Looks at the times of records.
struct Looker<'a> {
    audit: &'a Audit<'a>,
    lenses: Vec<Lens<'a>>,
    /// Reads nothing but the time.
    brief: Option<Briefer<'a>>,
    times: Vec<TimeSlot<'a>>,
    columns_of: Option<(SourceId, bool)>,
    buffer: Vec<u8>,
}

impl<'a> Looker<'a> {
    fn new(audit: &'a Audit<'a>) -> Self {
        let lenses = Lens::all(audit.set);
        let fields: Vec<Vec<FieldId>> =
            lenses.iter().map(|lens| lens.vocabulary.role(Role::Time).into_iter().collect()).collect();
        let brief = super::brief::briefer(audit, &lenses).map(|briefer| briefer.only(&fields));
        let bases = brief.as_ref().map(|briefer| briefer.bases().to_vec()).unwrap_or_default();
        let times = lenses.iter().zip(bases).filter_map(|(lens, base)| TimeSlot::of(lens.vocabulary, lens.zone, base));
        let times = times.collect();
        Self { audit, lenses, brief, times, columns_of: None, buffer: Vec::new() }
    }

    /// Gives the newest time in a block.
    fn block(&mut self, block: &Block, lines: &Lines) -> Option<Timestamp> {
        let mut buffer = std::mem::take(&mut self.buffer);
        super::brief::prepare(self.brief.as_mut(), lines, &mut self.columns_of, block);
        let mut newest = None;
        block.each_line(self.audit.sources, lines, &mut buffer, |line, at| {
            let in_brief =
                self.brief.as_mut().and_then(|brief| super::brief::read(brief, line, lines, self.columns_of));
            let found = match in_brief {
                Some(record) => self.times.iter().find_map(|time| time.read(record)),
                None => self.item(&lines.read(line, block.source, at, &self.audit.limits)),
            };
            newest = newest.max(found);
        });
        self.buffer = buffer;
        newest
    }

    /// Gives the time of a record.
    fn item(&mut self, item: &Item) -> Option<Timestamp> {
        let Item::Record(record) = item else { return None };
        let readings = lens::read(&mut self.lenses, record, self.audit.clock.present);
        past::time_of(&self.lenses, &readings.episodes).map(|when| when.earliest)
    }
}
