//! Whoever judges the records of a log, and what becomes of a part of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::episode::Episode;
use crate::judge::{Standpoint, Verdict};
use crate::log::{ColumnsSeen, IdDigests, Item, Record, UnknownKeys, Unreadable};
use crate::prove::Exact;
use crate::source::{SourceId, Span};

use super::blocks::{Block, Lines};
use super::brief::InBrief;
use super::gists::{Kept, NO_RECORD};
use super::lens::{self, Lens};
use super::past::Gathered;
use super::summary::Summary;
use super::{Audit, Judged, PolicyResult, Running, late, past};

/// What became of a part of a log.
pub(super) struct Portion<'a> {
    pub(super) summary: Summary,
    pub(super) ids: IdDigests,
    pub(super) unknown: UnknownKeys,
    /// What a mapping met.
    pub(super) columns: ColumnsSeen,
    /// How many problems a report would count of the records that nobody was shown.
    pub(super) problems: usize,
    /// The records that are left, since somebody may want to see them.
    pub(super) held: Vec<Held<'a>>,
}

/// A record that is left to be told in the order of the log.
pub(super) enum Held<'a> {
    /// It was judged and counted.
    Judged(Box<Unsearched<'a>>),
    /// It was counted.
    Unreadable(Unreadable),
    /// It is to be read again, judged and counted.
    Place(Place),
}

/// Where a record stands that is judged by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) place: Span,
    pub(super) number: u32,
    /// Whether its id and its unknown keys were counted already.
    pub(super) is_noted: bool,
}

/// A record that was judged, and not searched yet for what would settle its verdicts or would have made them others.
pub(super) struct Unsearched<'a> {
    pub(super) judged: Judged<'a>,
    /// Of each policy: the lenses of its versions.
    pub(super) lenses: Arc<[Vec<usize>]>,
    /// What was read through each lens.
    pub(super) episodes: Vec<Arc<Episode>>,
    /// Whether reasons are wanted of it.
    pub(super) reasons: bool,
}

impl Unsearched<'_> {
    /// Takes back the reasons, which nobody wants any more.
    pub(super) fn without_reasons(&mut self) {
        self.reasons = false;
        for result in &mut self.judged.results {
            result.citations.clear();
            result.fragile.clear();
        }
    }
}

impl Portion<'_> {
    fn new(audit: &Audit<'_>) -> Self {
        Self {
            summary: Summary::new(audit.set),
            ids: IdDigests::default(),
            unknown: UnknownKeys::of_part(),
            columns: ColumnsSeen::default(),
            problems: 0,
            held: Vec::new(),
        }
    }
}

/// How many records of one block are held with all that is said of them. Of more, only where they stand is held.
const MOST_HELD: usize = 256;

/// Judges records, one after the other.
pub(super) struct Worker<'a> {
    audit: &'a Audit<'a>,
    /// What came before, for each policy that looks back, and what the records say, where they are kept.
    gathered: &'a Gathered<'a>,
    running: Running<'a>,
    /// The lens of each version of each policy.
    of_policies: Arc<[Vec<usize>]>,
    pub(super) lenses: Vec<Lens<'a>>,
    /// What works out exact verdicts, for each policy.
    exact: Vec<Exact<'a>>,
    brief: Option<InBrief<'a>>,
    /// Whether some text is watched: which values are told depends on the order of the records.
    watches: bool,
    buffer: Vec<u8>,
}

/// Where the id and the unknown keys of a record are counted; nowhere if they were already.
pub(super) struct Noted<'n>(Option<(&'n mut IdDigests, &'n mut UnknownKeys)>);

impl<'n> Noted<'n> {
    pub(super) fn new(is_noted: bool, ids: &'n mut IdDigests, unknown: &'n mut UnknownKeys) -> Self {
        Self((!is_noted).then_some((ids, unknown)))
    }
}

/// What workers have to know of whoever receives what they find.
pub(super) struct Asked<'s> {
    /// Whether records with something to report are to be shown; once they are not, none is again.
    pub(super) shows: &'s AtomicBool,
    /// Whether reasons are wanted of these; once they are not, none are again.
    pub(super) reasons: &'s AtomicBool,
    /// Counts the problems of a record that is not shown.
    pub(super) count: fn(&Judged<'_>) -> usize,
}

/// What is the same for all lines of a block.
struct OfBlock<'s> {
    source: SourceId,
    lines: &'s Lines,
    /// Whether records with something to report are to be shown.
    shows: bool,
    /// Whether reasons are wanted of these.
    reasons: bool,
    count: fn(&Judged<'_>) -> usize,
}

impl<'s> OfBlock<'s> {
    fn new(source: SourceId, lines: &'s Lines, asked: &Asked<'_>) -> Self {
        let (shows, reasons) = (asked.shows.load(Ordering::Relaxed), asked.reasons.load(Ordering::Relaxed));
        Self { source, lines, shows, reasons, count: asked.count }
    }
}

impl<'a> Worker<'a> {
    /// `in_brief`: whether records may be judged without a word about them.
    pub(super) fn new(audit: &'a Audit<'a>, gathered: &'a Gathered<'a>, running: Running<'a>, in_brief: bool) -> Self {
        let lenses = Lens::all(audit.set);
        Self {
            audit,
            gathered,
            running,
            of_policies: lens::of_versions(&lenses, audit.set).into(),
            brief: in_brief.then(|| InBrief::new(audit, &lenses, Some(&gathered.pasts))).flatten(),
            watches: lenses.iter().any(|lens| lens.watched().next().is_some()),
            lenses,
            exact: audit.set.policies.iter().map(Exact::new).collect(),
            buffer: Vec::new(),
        }
    }

    /// Judges the lines of a block, of which the first record has a number.
    pub(super) fn block(&mut self, block: &Block, lines: &Lines, first: u32, asked: &Asked<'_>) -> Portion<'a> {
        let mut portion = Portion::new(self.audit);
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut number = first;
        let of_block = OfBlock::new(block.source, lines, asked);
        if let Some(brief) = &mut self.brief {
            brief.prepare(lines, block);
        }
        block.each_line(self.audit.sources, lines, &mut buffer, |line, at| {
            let is_record = self.line(line, at, number, &of_block, &mut portion);
            number = number.saturating_add(u32::from(is_record));
        });
        if let Some(brief) = &mut self.brief {
            brief.tell(&mut portion.summary, &mut portion.unknown);
        }
        self.buffer = buffer;
        portion
    }

    /// Judges the lines of a block of which the gists were kept: only those are read again that their gist does not settle.
    pub(super) fn kept_block(
        &mut self,
        block: &Block,
        lines: &Lines,
        (first, kept, gists): (u32, &Kept, &[Box<[u8]>]),
        asked: &Asked<'_>,
    ) -> Portion<'a> {
        let mut portion = Portion::new(self.audit);
        portion.unknown.absorb(kept.unknown.clone());
        let shows = asked.shows.load(Ordering::Relaxed);
        let mut left = Vec::new();
        let mut number = first;
        for (at, gist) in kept.lines.iter().enumerate() {
            let gist_of = gists.get(usize::from(*gist));
            let brief = self.brief.as_mut().zip(gist_of);
            match brief.and_then(|(brief, gist)| brief.gist(gist, number, shows)) {
                Some(problems) => portion.problems += problems,
                None => left.push((at, number, gist_of.is_some())),
            }
            number = number.saturating_add(u32::from(*gist != NO_RECORD));
        }
        if !left.is_empty() {
            self.read_again(block, lines, (&left, kept), asked, &mut portion);
        }
        if let Some(brief) = &mut self.brief {
            brief.tell(&mut portion.summary, &mut portion.unknown);
        }
        portion
    }

    /// Judges some lines of a block: each with its place among the lines, its number, and whether it was noted. Where they are few,
    /// and it is known where they stand, no others are read.
    fn read_again(
        &mut self,
        block: &Block,
        lines: &Lines,
        (left, kept): (&[(usize, u32, bool)], &Kept),
        asked: &Asked<'_>,
        portion: &mut Portion<'a>,
    ) {
        let of_block = OfBlock::new(block.source, lines, asked);
        let (sources, mut buffer) = (self.audit.sources, std::mem::take(&mut self.buffer));
        if let Some(brief) = &mut self.brief {
            brief.prepare(lines, block);
        }
        let mut judge = |line: &[u8], at: usize, number: u32, is_noted: bool| {
            if is_noted {
                self.by_itself(line, at, number, true, &of_block, portion);
            } else {
                self.line(line, at, number, &of_block, portion);
            }
        };
        let places: Option<Vec<(usize, usize)>> = left.iter().map(|(line, ..)| kept.place(*line)).collect();
        if let Some(places) = places {
            for ((start, length), (_, number, is_noted)) in places.into_iter().zip(left) {
                let line = sources.read(block.source, start..start + length, &mut buffer);
                judge(line, start, *number, *is_noted);
            }
        } else {
            let (mut at_line, mut left) = (0, left.iter().peekable());
            block.each_line(sources, lines, &mut buffer, |line, at| {
                if let Some((_, number, is_noted)) = left.next_if(|(wanted, ..)| *wanted == at_line) {
                    judge(line, at, *number, *is_noted);
                }
                at_line += 1;
            });
        }
        self.buffer = buffer;
    }

    /// Judges one line, or holds it back; says whether it is a record.
    fn line(&mut self, line: &[u8], at: usize, number: u32, of_block: &OfBlock<'_>, portion: &mut Portion<'a>) -> bool {
        let OfBlock { source, lines, shows, .. } = *of_block;
        let brief = self.brief.as_mut();
        let problems = brief.and_then(|brief| brief.line(line, lines, (source, at), number, shows, &mut portion.ids));
        if let Some(problems) = problems {
            lines.note(Span::new(source, at, at + line.len()), &mut portion.columns);
            portion.problems += problems;
            return true;
        }
        self.by_itself(line, at, number, false, of_block, portion)
    }

    /// Judges the whole record of a line, or holds it back; says whether it is a record. `is_noted`: whether its id and its
    /// unknown keys were counted already.
    fn by_itself(
        &mut self,
        line: &[u8],
        at: usize,
        number: u32,
        is_noted: bool,
        of_block: &OfBlock<'_>,
        portion: &mut Portion<'a>,
    ) -> bool {
        let OfBlock { source, lines, shows, reasons, count } = *of_block;
        let item = lines.read_noting(line, source, at, &self.audit.limits, &mut portion.columns);
        let is_record = matches!(item, Item::Record(_));
        let holds = shows || self.watches;
        if holds && portion.held.len() >= MOST_HELD {
            portion.held.push(Held::Place(Place { place: Span::new(source, at, at + line.len()), number, is_noted }));
            return is_record;
        }
        match item {
            Item::Record(record) => {
                let Portion { summary, ids, unknown, .. } = portion;
                let mut noted = Noted::new(is_noted, ids, unknown);
                if let Some(judged) = self.record(&record, number, reasons && shows, (summary, &mut noted)) {
                    if holds {
                        portion.held.push(Held::Judged(Box::new(judged)));
                    } else {
                        portion.problems += count(&judged.judged);
                    }
                }
            }
            Item::Unreadable(found) => {
                portion.summary.add_unreadable();
                if holds {
                    portion.held.push(Held::Unreadable(found));
                } else {
                    portion.problems += 1;
                }
            }
            Item::LeftOut(left_out) => portion.summary.add_left_out_by_mapping(&left_out.because),
        }
        is_record
    }

    /// Reads a line that was held back again.
    pub(super) fn again(&mut self, place: Span, lines: &Lines) -> Item {
        let Worker { audit, buffer, .. } = self;
        let bytes = audit.sources.read(place.source, place.start..place.end, buffer);
        lines.read(bytes, place.source, place.start, &audit.limits)
    }

    /// Judges a record and counts it; `None` if it is left out.
    pub(super) fn record(
        &mut self,
        record: &Record,
        number: u32,
        reasons: bool,
        (summary, noted): (&mut Summary, &mut Noted<'_>),
    ) -> Option<Unsearched<'a>> {
        let readings = lens::read(&mut self.lenses, record, self.audit.clock.present);
        if past::is_left_out(&self.lenses, &readings.episodes, self.audit.clock) {
            summary.add_left_out();
            return None;
        }
        let named = readings.named.and_then(|at| readings.episodes.get(at));
        let id = named.and_then(|episode| episode.id.clone());
        if let Some((ids, unknown)) = &mut noted.0 {
            unknown.add(&readings.unknown);
            if let Some(id) = &id {
                ids.add(id.as_bytes());
            }
        }
        let is_wanted = self.running.about.is_none_or(|about| id.as_deref().is_some_and(about));
        let (mut findings, episodes, reasons) = (readings.findings, readings.episodes, reasons && is_wanted);
        let results = self.results(&episodes, number, reasons);
        for result in &results {
            late::point_out(result, self.audit.clock, &mut findings);
        }
        let judged = Judged { id, place: record.span, findings, results, together: None };
        summary.add_judged(&judged);
        Some(Unsearched { judged, lenses: Arc::clone(&self.of_policies), episodes, reasons })
    }

    fn results(&mut self, episodes: &[Arc<Episode>], number: u32, reasons: bool) -> Vec<PolicyResult<'a>> {
        // INVARIANT: every policy has a version, and every version a lens, so that no policy is left out.
        let all_reasons = self.running.all_reasons;
        let policies = self.audit.set.policies.iter().zip(&self.gathered.pasts).zip(self.of_policies.iter());
        let mut results = Vec::new();
        for (((policy, past), lenses), exact) in policies.zip(&mut self.exact) {
            let standpoint = Standpoint::after(self.audit.clock.as_of, past.as_ref().map(|past| (past, number)));
            let read = (lenses.as_slice(), episodes);
            let Some(mut result) = super::result(policy, past.as_ref(), read, standpoint, reasons, all_reasons) else {
                continue;
            };
            if result.judgement.verdict == Verdict::Undetermined {
                let readings = lens::readings(lenses, episodes);
                result.exact = Some(exact.verdict(&readings, standpoint, &result.judgement));
            }
            if reasons {
                result.fragile = exact.fragile(&result.episode, standpoint, &result.judgement, result.verdict());
            }
            results.push(result);
        }
        results
    }
}
