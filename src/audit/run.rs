//! The audit itself: log after log, by blocks where a log has lines, and otherwise record by record.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::{Diagnostic, codes};
use crate::log::{IdDigests, Input, Item};
use crate::source::Span;

use super::blocks::{self, Block, Cut};
use super::past::Gathered;
use super::telling::Telling;
use super::worker::{Asked, Held, Place, Portion, Worker};
use super::{Audit, Running, Sink, Summary, Wants, duplicates, empty, lens, pass};

pub(super) struct Run<'a, 's> {
    audit: &'a Audit<'a>,
    gathered: &'a Gathered<'a>,
    /// Judges blocks, where there are few.
    first: Worker<'a>,
    telling: Telling<'a, 's>,
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
        let first = Worker::new(audit, gathered, running, sink.wants() != Wants::Everything);
        let telling = Telling::new(audit, gathered, ids, running, sink);
        Self { audit, gathered, first, telling, of_logs: Vec::new(), stopped: None, running }
    }

    pub(super) fn all(mut self) -> Summary {
        for (at, input) in self.audit.inputs.iter().enumerate() {
            if self.stopped.is_none() && (self.running.is_over() || self.telling.sink.gives_up()) {
                self.stopped = Some(Span::new(input.id, 0, 0));
            }
            if self.stopped.is_some() {
                break;
            }
            let before = self.telling.summary.records;
            let gathered = self.gathered;
            let looks_back = gathered.pasts.iter().any(Option::is_some);
            // Where the past is asked, a record has to know its number. And to cut a table takes a look at all of it.
            let own = (!looks_back).then(|| blocks::of(self.audit, input, self.telling.sink.wants())).flatten();
            let cut = gathered.logs.get(at).and_then(|of_log| of_log.cut.as_ref());
            match cut.or(own.as_ref()) {
                Some(cut) => self.by_blocks(cut, at),
                None => self.one_by_one(input),
            }
            if self.telling.summary.records == before && self.stopped.is_none() {
                self.of_logs.push(empty(input.id));
            }
        }
        self.finish()
    }

    fn one_by_one(&mut self, input: &Input) {
        let telling = &mut self.telling;
        let mut gave_up = None;
        let read = blocks::each_item(self.audit, input, &self.running, &mut |item| match &item {
            _ if gave_up.is_some() => {}
            Item::Record(record) if telling.sink.gives_up() => gave_up = Some(record.span.start),
            _ => telling.item(item, telling.next, false),
        });
        match gave_up.or(read.stopped) {
            None => self.of_logs.extend(read.of_log),
            Some(at) => self.stopped = Some(Span::new(input.id, at, at)),
        }
    }

    fn by_blocks(&mut self, cut: &Cut, input: usize) {
        let Self { audit, gathered, first, telling, stopped, running, .. } = self;
        let (audit, gathered, running) = (*audit, *gathered, *running);
        let (shows, reasons) = (AtomicBool::new(true), AtomicBool::new(true));
        let ask = |sink: &dyn Sink| {
            shows.store(sink.wants() != Wants::Nothing, Ordering::Relaxed);
            reasons.store(sink.wants_reasons(), Ordering::Relaxed);
        };
        ask(telling.sink);
        let in_brief = telling.sink.wants() != Wants::Everything;
        let asked = Asked { shows: &shows, reasons: &reasons, count: telling.sink.counter() };
        let blocks = gathered.logs.get(input).map(|of_log| of_log.blocks.as_slice()).unwrap_or_default();
        let is_kept = blocks.iter().any(|(_, kept)| kept.is_some());
        let work = |worker: &mut Worker<'a>, block: &Block, at: usize| match blocks.get(at) {
            Some((first, Some(kept))) => worker.kept_block(block, &cut.lines, (*first, kept, &gathered.gists), &asked),
            Some((first, None)) => worker.block(block, &cut.lines, *first, &asked),
            None => worker.block(block, &cut.lines, 0, &asked),
        };
        let mut columns = gathered.logs.get(input).map(|of_log| of_log.columns.clone()).unwrap_or_default();
        let merge = |portion: Portion<'a>, block: &Block| {
            telling.next = telling.next.saturating_add(u32::try_from(portion.summary.judged).unwrap_or(u32::MAX));
            telling.summary.absorb(portion.summary);
            telling.ids.absorb(portion.ids);
            telling.unknown.absorb(portion.unknown);
            columns.absorb(portion.columns);
            telling.sink.passed_over(portion.problems);
            for held in portion.held {
                if telling.sink.gives_up() {
                    break;
                }
                match held {
                    Held::Judged(judged) => telling.record(*judged),
                    Held::Unreadable(found) => telling.sink.unreadable(&found),
                    Held::Place(Place { place, number, is_noted }) => {
                        let item = telling.own.again(place, &cut.lines);
                        telling.item(item, number, is_noted);
                    }
                }
            }
            ask(telling.sink);
            let read = if is_kept { 0 } else { block.length() };
            let goes_on = (running.goes_on(read) && !telling.sink.gives_up()) || cut.blocks.last() == Some(block);
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
        self.telling.summary.partial = self.stopped.is_some();
        let mut problems = match self.stopped {
            None => duplicates::find(self.audit, std::mem::take(&mut self.telling.ids), self.running.threads),
            Some(place) => vec![stopped_at(place)],
        };
        problems.append(&mut self.of_logs);
        let lenses = self.telling.own.lenses.as_slice();
        if let Some(lens) = lenses.first() {
            problems.extend(self.telling.unknown.diagnostics(lens.vocabulary));
        }
        problems.extend(lenses.iter().flat_map(lens::Lens::unmatched_texts));
        crate::diagnostic::sort(&mut problems);
        self.telling.summary.log_findings = problems;
        self.telling.summary
    }
}

/// Says that the audit was stopped: what was judged is not all.
fn stopped_at(place: Span) -> Diagnostic {
    let message = "the audit was stopped before its end: this report is about a part of the logs";
    Diagnostic::without_place(codes::LOG_STOPPED, message)
        .with_label_in_log(place, "what stands from here on was not judged", "(not judged)")
        .with_help("audit again, to the end, before anybody relies on it")
}
