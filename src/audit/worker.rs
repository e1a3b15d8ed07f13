//! Whoever judges the records of a log, and what becomes of a part of it.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::Diagnostic;
use crate::episode::Episode;
use crate::judge::{Standpoint, Verdict};
use crate::log::{IdDigests, Item, Record, UnknownKeys, Unreadable};
use crate::prove::{Among, Exact};
use crate::source::{SourceId, Span};

use super::blocks::{Block, Lines};
use super::brief::InBrief;
use super::lens::{self, Lens};
use super::past::Gathered;
use super::summary::Summary;
use super::{Audit, Judged, PolicyResult, Running, late, past};

/// What became of a part of a log.
pub(super) struct Portion {
    pub(super) summary: Summary,
    pub(super) ids: IdDigests,
    pub(super) unknown: UnknownKeys,
    /// How many problems a report would count of the records that nobody was shown.
    pub(super) problems: usize,
    /// The records that are left, since somebody may want to see them: where they stand, and their numbers.
    pub(super) held: Vec<(Span, u32)>,
}

impl Portion {
    fn new(audit: &Audit<'_>) -> Self {
        Self {
            summary: Summary::new(audit.set),
            ids: IdDigests::default(),
            unknown: UnknownKeys::of_part(),
            problems: 0,
            held: Vec::new(),
        }
    }
}

/// Of how many verdicts of an audit it is searched what would settle them, or would have made them others.
const MOST_SEARCHED: usize = 1_000;

/// Of how many verdicts it is searched what other episodes could say, too, where these are kept.
const MOST_AMONG: usize = 100;

/// Judges records, one after the other.
pub(super) struct Worker<'a> {
    audit: &'a Audit<'a>,
    /// What came before, for each policy that looks back, and what the records say, where they are kept.
    gathered: &'a Gathered<'a>,
    running: Running<'a>,
    /// The lens of each version of each policy.
    of_policies: Vec<Vec<usize>>,
    pub(super) lenses: Vec<Lens<'a>>,
    /// What works out exact verdicts, for each policy.
    exact: Vec<Exact<'a>>,
    /// Of how many verdicts it was searched what would settle them, or would have made them others.
    searched: usize,
    brief: Option<InBrief<'a>>,
    /// Whether some text is watched: which values are told depends on the order of the records.
    watches: bool,
    buffer: Vec<u8>,
}

/// What workers have to know of whoever receives what they find.
pub(super) struct Asked<'s> {
    /// Whether records with something to report are to be shown.
    pub(super) shows: &'s AtomicBool,
    /// Counts the problems of a record that is not shown.
    pub(super) count: fn(&Judged<'_>) -> usize,
}

/// What is the same for all lines of a block.
struct OfBlock<'s> {
    source: SourceId,
    lines: &'s Lines,
    /// Whether records with something to report are to be shown.
    shows: bool,
    count: fn(&Judged<'_>) -> usize,
}

impl<'a> Worker<'a> {
    pub(super) fn new(audit: &'a Audit<'a>, gathered: &'a Gathered<'a>, running: Running<'a>) -> Self {
        let lenses = Lens::all(audit.set);
        Self {
            audit,
            gathered,
            running,
            of_policies: lens::of_versions(&lenses, audit.set),
            brief: InBrief::new(audit, &lenses, &gathered.pasts),
            watches: lenses.iter().any(|lens| lens.watched().next().is_some()),
            lenses,
            exact: audit.set.policies.iter().map(Exact::new).collect(),
            searched: 0,
            buffer: Vec::new(),
        }
    }

    /// Judges the lines of a block, of which the first record has a number.
    pub(super) fn block(&mut self, block: &Block, lines: &Lines, first: u32, asked: &Asked<'_>) -> Portion {
        let mut portion = Portion::new(self.audit);
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut number = first;
        let shows = asked.shows.load(Ordering::Relaxed);
        let of_block = OfBlock { source: block.source, lines, shows, count: asked.count };
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

    /// Judges one line, or holds it back; says whether it is a record.
    fn line(&mut self, line: &[u8], at: usize, number: u32, of_block: &OfBlock<'_>, portion: &mut Portion) -> bool {
        let OfBlock { source, lines, shows, count } = *of_block;
        let brief = self.brief.as_mut();
        let problems = brief.and_then(|brief| brief.line(line, lines, (source, at), number, shows, &mut portion.ids));
        if let Some(problems) = problems {
            portion.problems += problems;
            return true;
        }
        let item = lines.read(line, source, at, &self.audit.limits);
        let is_record = matches!(item, Item::Record(_));
        if shows || self.watches {
            portion.held.push((Span::new(source, at, at + line.len()), number));
            return is_record;
        }
        match item {
            Item::Record(record) => {
                let Portion { summary, ids, unknown, problems, .. } = portion;
                self.record(&record, number, false, (summary, ids, unknown), &mut |judged| *problems += count(judged));
            }
            Item::Unreadable(_) => {
                portion.summary.add_unreadable();
                portion.problems += 1;
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

    /// Judges a record and counts it, unless it is left out; says whether it was judged.
    pub(super) fn record(
        &mut self,
        record: &Record,
        number: u32,
        reasons: bool,
        (summary, ids, unknown): (&mut Summary, &mut IdDigests, &mut UnknownKeys),
        tell: &mut dyn FnMut(&Judged<'_>),
    ) -> bool {
        let readings = lens::read(&mut self.lenses, record, self.audit.clock.present);
        if past::is_left_out(&self.lenses, &readings.episodes, self.audit.clock) {
            summary.add_left_out();
            return false;
        }
        unknown.add(&readings.unknown);
        let named = readings.named.and_then(|at| readings.episodes.get(at));
        let id = named.and_then(|episode| episode.id.clone());
        if let Some(id) = &id {
            ids.add(id.as_bytes());
        }
        let is_wanted = self.running.about.is_none_or(|about| id.as_deref().is_some_and(about));
        let results = self.results(&readings.episodes, number, reasons && is_wanted);
        let mut findings: Vec<Diagnostic> = readings.findings;
        for result in &results {
            late::point_out(result, self.audit.clock, &mut findings);
        }
        let judged = Judged { id, place: record.span, findings, results };
        summary.add_judged(&judged);
        tell(&judged);
        true
    }

    fn results<'r>(&mut self, episodes: &'r [Episode], number: u32, reasons: bool) -> Vec<PolicyResult<'r>>
    where
        'a: 'r,
    {
        // INVARIANT: every policy has a version, and every version a lens, so that no policy is left out.
        let all_reasons = self.running.all_reasons;
        let policies = self.audit.set.policies.iter().zip(&self.gathered.pasts).zip(&self.of_policies);
        let mut results = Vec::new();
        for (at, (((policy, past), lenses), exact)) in policies.zip(&mut self.exact).enumerate() {
            let standpoint = Standpoint::after(self.audit.clock.as_of, past.as_ref().map(|past| (past, number)));
            let readings = lens::readings(lenses, episodes);
            let Some(mut result) = super::result(policy, past.as_ref(), &readings, standpoint, reasons, all_reasons)
            else {
                continue;
            };
            if result.judgement.verdict == Verdict::Undetermined {
                let verdict = exact.verdict(&readings, standpoint, &result.judgement);
                let open = verdict.verdict == Verdict::Undetermined;
                // It takes a search, so that a log of which much is open is not searched for all of it.
                let searches = open && reasons && (all_reasons || self.searched < MOST_SEARCHED);
                self.searched += usize::from(searches);
                let kept = self.gathered.kept.get(at).filter(|_| self.searched <= MOST_AMONG);
                let among = kept.map(|episodes| Among { episodes });
                result.evidence =
                    searches.then(|| exact.evidence_among(&readings, standpoint, &result.judgement, among));
                result.exact = Some(verdict);
            }
            if reasons {
                let searches = all_reasons || self.searched < MOST_SEARCHED;
                self.searched += usize::from(searches && result.verdict() == Verdict::Impermissible);
                super::otherwise(exact, &mut result, standpoint, searches);
            }
            results.push(result);
        }
        results
    }
}

/// Gives an unreadable record to whoever wants it.
pub(super) fn unreadable(unreadable: &Unreadable, summary: &mut Summary, sink: &mut dyn super::Sink) {
    summary.add_unreadable();
    sink.unreadable(unreadable);
}
