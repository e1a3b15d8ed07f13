//! Whoever judges the records of a log, and what becomes of a part of it.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::Diagnostic;
use crate::episode::Episode;
use crate::judge::{Standpoint, Verdict};
use crate::log::{ColumnsSeen, IdDigests, Item, Record, UnknownKeys, Unreadable};
use crate::prove::{Among, Exact};
use crate::source::{SourceId, Span};

use super::blocks::{Block, Lines};
use super::brief::InBrief;
use super::gists::{Kept, NO_RECORD};
use super::lens::{self, Lens};
use super::past::Gathered;
use super::summary::Summary;
use super::{Audit, Judged, PolicyResult, Running, late, past};

/// What became of a part of a log.
pub(super) struct Portion {
    pub(super) summary: Summary,
    pub(super) ids: IdDigests,
    pub(super) unknown: UnknownKeys,
    /// What a mapping met.
    pub(super) columns: ColumnsSeen,
    /// How many problems a report would count of the records that nobody was shown.
    pub(super) problems: usize,
    /// The records that are left, since somebody may want to see them.
    pub(super) held: Vec<Held>,
}

/// A record that is left to be judged by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    pub(super) place: Span,
    pub(super) number: u32,
    /// Whether its id and its unknown keys were counted already.
    pub(super) is_noted: bool,
}

impl Portion {
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

/// A search asks all rules again and again, so that what it costs is counted in rules: as many as usual at least.
const USUAL_RULES: usize = 40;

/// How much is searched in an audit for what would settle verdicts, or would have made them others: for a thousand, by usual
/// policies.
const MOST_SEARCHED: usize = 1_000 * USUAL_RULES;

/// How much is searched before what other episodes could say is left out, where these are kept: for a hundred verdicts.
const MOST_AMONG: usize = 100 * USUAL_RULES;

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
    /// How much was searched, in rules.
    searched: usize,
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
            brief: InBrief::new(audit, &lenses, Some(&gathered.pasts)),
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

    /// Judges the lines of a block of which the gists were kept: only those are read again that their gist does not settle.
    pub(super) fn kept_block(
        &mut self,
        block: &Block,
        lines: &Lines,
        (first, kept, gists): (u32, &Kept, &[Box<[u8]>]),
        asked: &Asked<'_>,
    ) -> Portion {
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
        portion: &mut Portion,
    ) {
        let shows = asked.shows.load(Ordering::Relaxed);
        let of_block = OfBlock { source: block.source, lines, shows, count: asked.count };
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
    fn line(&mut self, line: &[u8], at: usize, number: u32, of_block: &OfBlock<'_>, portion: &mut Portion) -> bool {
        let OfBlock { source, lines, shows, .. } = *of_block;
        let brief = self.brief.as_mut();
        let problems = brief.and_then(|brief| brief.line(line, lines, (source, at), number, shows, &mut portion.ids));
        if let Some(problems) = problems {
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
        portion: &mut Portion,
    ) -> bool {
        let OfBlock { source, lines, shows, count } = *of_block;
        let item = lines.read_noting(line, source, at, &self.audit.limits, &mut portion.columns);
        let is_record = matches!(item, Item::Record(_));
        if shows || self.watches {
            portion.held.push(Held { place: Span::new(source, at, at + line.len()), number, is_noted });
            return is_record;
        }
        match item {
            Item::Record(record) => {
                let Portion { summary, ids, unknown, problems, .. } = portion;
                let mut noted = Noted::new(is_noted, ids, unknown);
                self.record(&record, number, false, (summary, &mut noted), &mut |judged| *problems += count(judged));
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
        (summary, noted): (&mut Summary, &mut Noted<'_>),
        tell: &mut dyn FnMut(&Judged<'_>),
    ) -> bool {
        let readings = lens::read(&mut self.lenses, record, self.audit.clock.present);
        if past::is_left_out(&self.lenses, &readings.episodes, self.audit.clock) {
            summary.add_left_out();
            return false;
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
            let cost = result.version.map_or(0, |version| version.rules.len()).max(USUAL_RULES);
            if result.judgement.verdict == Verdict::Undetermined {
                let verdict = exact.verdict(&readings, standpoint, &result.judgement);
                let open = verdict.verdict == Verdict::Undetermined;
                // It takes a search, so that a log of which much is open is not searched for all of it.
                let searches = open && reasons && (all_reasons || self.searched < MOST_SEARCHED);
                self.searched += if searches { cost } else { 0 };
                let kept = self.gathered.kept.get(at).filter(|_| self.searched <= MOST_AMONG);
                let among = kept.map(|episodes| Among { episodes });
                result.evidence =
                    searches.then(|| exact.evidence_among(&readings, standpoint, &result.judgement, among));
                result.exact = Some(verdict);
            }
            if reasons {
                let searches = all_reasons || self.searched < MOST_SEARCHED;
                self.searched += if searches && result.verdict() == Verdict::Impermissible { cost } else { 0 };
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
