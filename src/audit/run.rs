//! The audit itself: log after log, by blocks where a log has lines, and otherwise record by record.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::{Diagnostic, codes};
use crate::log::{ColumnsSeen, IdDigests, Input, Item, UnknownKeys};

use crate::source::Span;

use super::blocks::{self, Block, Cut};
use super::past::Gathered;
use super::search::Search;
use super::worker::{Asked, Held, Noted, Place, Portion, Unsearched, Worker};
use super::{Audit, Running, Sink, Summary, Wants, duplicates, empty, lens, pass};

pub(super) struct Run<'a, 's> {
    audit: &'a Audit<'a>,
    gathered: &'a Gathered<'a>,
    /// Judges what is read one by one, or again.
    own: Worker<'a>,
    search: Search<'a>,
    /// Judges blocks, where there are few.
    first: Worker<'a>,
    sink: &'s mut dyn Sink,
    /// The number of the next record among those that are judged.
    next: u32,
    summary: Summary,
    ids: IdDigests,
    unknown: UnknownKeys,
    /// What concerns a log as a whole: that it has no record, or not what its mapping reads.
    of_logs: Vec<Diagnostic>,
    /// Where it was stopped, if it was: what stands behind that was not judged.
    stopped: Option<Span>,
    running: Running<'a>,
}

impl<'a, 's> Run<'a, 's> {
    pub(super) fn new(
        audit: &'a Audit<'a>,
        gathered: &'a Gathered<'a>,
        ids: IdDigests,
        running: Running<'a>,
        sink: &'s mut dyn Sink,
    ) -> Self {
        let in_brief = sink.wants() != Wants::Everything;
        Self {
            audit,
            gathered,
            own: Worker::new(audit, gathered, running, false),
            search: Search::new(audit, gathered, running),
            first: Worker::new(audit, gathered, running, in_brief),
            sink,
            next: 0,
            summary: Summary::new(audit.set),
            ids,
            unknown: UnknownKeys::new(),
            of_logs: Vec::new(),
            stopped: None,
            running,
        }
    }

    pub(super) fn all(mut self) -> Summary {
        for (at, input) in self.audit.inputs.iter().enumerate() {
            if self.stopped.is_none() && (self.running.is_over() || self.sink.gives_up()) {
                self.stopped = Some(Span::new(input.id, 0, 0));
            }
            if self.stopped.is_some() {
                break;
            }
            let before = self.summary.records;
            let gathered = self.gathered;
            let looks_back = gathered.pasts.iter().any(Option::is_some);
            // Where the past is asked, a record has to know its number. And to cut a table takes a look at all of it.
            let own = (!looks_back).then(|| blocks::of(self.audit, input, self.sink.wants())).flatten();
            let cut = gathered.logs.get(at).and_then(|of_log| of_log.cut.as_ref());
            match cut.or(own.as_ref()) {
                Some(cut) => self.by_blocks(cut, at),
                None => self.one_by_one(input),
            }
            if self.summary.records == before && self.stopped.is_none() {
                self.of_logs.push(empty(input.id));
            }
        }
        self.finish()
    }

    fn one_by_one(&mut self, input: &Input) {
        let Self { audit, own, search, sink, next, summary, ids, unknown, running, .. } = self;
        let mut gave_up = None;
        let read = blocks::each_item(audit, input, running, &mut |item| match item {
            _ if gave_up.is_some() => {}
            Item::Record(record) if sink.gives_up() => gave_up = Some(record.span.start),
            Item::Record(record) => {
                let count = (&mut *summary, &mut Noted::new(false, ids, unknown));
                let judged = own.record(&record, *next, sink.wants_reasons(), count);
                *next = next.saturating_add(u32::from(judged.is_some()));
                if let Some(judged) = judged {
                    tell(judged, own, search, *sink);
                }
            }
            Item::Unreadable(found) => {
                summary.add_unreadable();
                sink.unreadable(&found);
            }
            Item::LeftOut(left_out) => summary.add_left_out_by_mapping(&left_out.because),
        });
        match gave_up.or(read.stopped) {
            None => self.of_logs.extend(read.of_log),
            Some(at) => self.stopped = Some(Span::new(input.id, at, at)),
        }
    }

    fn by_blocks(&mut self, cut: &Cut, input: usize) {
        let Self { gathered, own, search, first, sink, next, summary, ids, unknown, stopped, running, audit, .. } =
            self;
        let (audit, gathered, running) = (*audit, *gathered, *running);
        let (shows, reasons) = (AtomicBool::new(true), AtomicBool::new(true));
        let ask = |sink: &dyn Sink| {
            shows.store(sink.wants() != Wants::Nothing, Ordering::Relaxed);
            reasons.store(sink.wants_reasons(), Ordering::Relaxed);
        };
        ask(*sink);
        let in_brief = sink.wants() != Wants::Everything;
        let asked = Asked { shows: &shows, reasons: &reasons, count: sink.counter() };
        let blocks = gathered.logs.get(input).map(|of_log| of_log.blocks.as_slice()).unwrap_or_default();
        let is_kept = blocks.iter().any(|(_, kept)| kept.is_some());
        let work = |worker: &mut Worker<'a>, block: &Block, at: usize| match blocks.get(at) {
            Some((first, Some(kept))) => worker.kept_block(block, &cut.lines, (*first, kept, &gathered.gists), &asked),
            Some((first, None)) => worker.block(block, &cut.lines, *first, &asked),
            None => worker.block(block, &cut.lines, 0, &asked),
        };
        let mut columns = ColumnsSeen::default();
        let merge = |portion: Portion<'a>, block: &Block| {
            let Portion { summary: part, ids: of_part, unknown: unknown_part, columns: of_columns, problems, held } =
                portion;
            *next = next.saturating_add(u32::try_from(part.judged).unwrap_or(u32::MAX));
            summary.absorb(part);
            ids.absorb(of_part);
            unknown.absorb(unknown_part);
            columns.absorb(of_columns);
            sink.passed_over(problems);
            for held in held {
                if sink.gives_up() {
                    break;
                }
                match held {
                    Held::Judged(judged) => tell(*judged, own, search, *sink),
                    Held::Unreadable(found) => sink.unreadable(&found),
                    Held::Place(Place { place, number, is_noted }) => match own.again(place, &cut.lines) {
                        Item::Record(record) => {
                            let count = (&mut *summary, &mut Noted::new(is_noted, ids, unknown));
                            let judged = own.record(&record, number, sink.wants_reasons(), count);
                            *next = next.saturating_add(u32::from(judged.is_some()));
                            if let Some(judged) = judged {
                                tell(judged, own, search, *sink);
                            }
                        }
                        Item::Unreadable(found) => {
                            summary.add_unreadable();
                            sink.unreadable(&found);
                        }
                        Item::LeftOut(left_out) => summary.add_left_out_by_mapping(&left_out.because),
                    },
                }
            }
            ask(*sink);
            let read = if is_kept { 0 } else { block.length() };
            let goes_on = (running.goes_on(read) && !sink.gives_up()) || cut.blocks.last() == Some(block);
            if !goes_on {
                *stopped = Some(Span::new(block.source, block.end(), block.end()));
            }
            goes_on
        };
        let make = || Worker::new(audit, gathered, running, in_brief);
        pass::in_order(running.threads, first, make, &cut.blocks, work, merge);
        if self.stopped.is_none() {
            self.of_logs.extend(cut.lines.of_log(&columns));
        }
    }

    fn finish(mut self) -> Summary {
        self.summary.partial = self.stopped.is_some();
        let mut problems = match self.stopped {
            None => duplicates::find(self.audit, std::mem::take(&mut self.ids)),
            Some(place) => vec![stopped_at(place)],
        };
        problems.append(&mut self.of_logs);
        let lenses = self.own.lenses.as_slice();
        if let Some(lens) = lenses.first() {
            problems.extend(self.unknown.diagnostics(lens.vocabulary));
        }
        problems.extend(lenses.iter().flat_map(lens::Lens::unmatched_texts));
        crate::diagnostic::sort(&mut problems);
        self.summary.log_findings = problems;
        self.summary
    }
}

/// Searches for what a record asks for, and gives it to whoever wants it.
fn tell<'a>(mut record: Unsearched<'a>, own: &mut Worker<'a>, search: &mut Search<'a>, sink: &mut dyn Sink) {
    lens::watch_texts(&mut own.lenses, &record.episodes);
    if !sink.wants_reasons() {
        record.without_reasons();
    }
    search.record(&mut record);
    sink.judged(&record.judged);
}

/// Says that the audit was stopped: what was judged is not all.
fn stopped_at(place: Span) -> Diagnostic {
    let message = "the audit was stopped before its end: this report is about a part of the logs";
    Diagnostic { code: codes::LOG_STOPPED, message: message.to_owned(), labels: Vec::new(), help: None }
        .with_label_in_log(place, "what stands from here on was not judged", "(not judged)")
        .with_help("audit again, to the end, before anybody relies on it")
}
