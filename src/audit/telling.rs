//! What is done in the order of the log: records are counted, searched for what they ask, and told to whoever wants them.

use crate::log::{IdDigests, Item, UnknownKeys};

use super::past::Gathered;
use super::search::Search;
use super::worker::{Noted, Unsearched, Worker};
use super::{Audit, Running, Sink, Summary, lens};

/// Counts and tells, record after record.
pub(super) struct Telling<'a, 's> {
    /// Judges what is read one by one, or again.
    pub(super) own: Worker<'a>,
    search: Search<'a>,
    pub(super) sink: &'s mut dyn Sink,
    /// The number of the next record among those that are judged.
    pub(super) next: u32,
    pub(super) summary: Summary,
    pub(super) ids: IdDigests,
    pub(super) unknown: UnknownKeys,
}

impl<'a, 's> Telling<'a, 's> {
    pub(super) fn new(
        audit: &'a Audit<'a>,
        gathered: &'a Gathered<'a>,
        ids: IdDigests,
        running: Running<'a>,
        sink: &'s mut dyn Sink,
    ) -> Self {
        Self {
            own: Worker::new(audit, gathered, running, false),
            search: Search::new(audit, gathered, running),
            sink,
            next: 0,
            summary: Summary::new(audit.set),
            ids,
            unknown: UnknownKeys::new(),
        }
    }

    /// Judges, counts and tells what was read. `number`: that of the record among those that are judged; `is_noted`: whether its
    /// id and its unknown keys were counted already.
    pub(super) fn item(&mut self, item: Item, number: u32, is_noted: bool) {
        match item {
            Item::Record(record) => {
                let Self { own, sink, summary, ids, unknown, .. } = self;
                let mut noted = Noted::new(is_noted, ids, unknown);
                let judged = own.record(&record, number, sink.wants_reasons(), (summary, &mut noted));
                self.next = self.next.saturating_add(u32::from(judged.is_some()));
                if let Some(judged) = judged {
                    self.record(judged);
                }
            }
            Item::Unreadable(found) => {
                self.summary.add_unreadable();
                self.sink.unreadable(&found);
            }
            Item::LeftOut(left_out) => self.summary.add_left_out_by_mapping(&left_out.because),
        }
    }

    /// Searches for what a record asks for that was judged and counted, and tells it.
    pub(super) fn record(&mut self, mut record: Unsearched<'a>) {
        lens::watch_texts(&mut self.own.lenses, &record.episodes);
        if !self.sink.wants_reasons() {
            record.without_reasons();
        }
        self.search.record(&mut record);
        self.sink.judged(&record.judged);
    }
}
