//! Records in brief, judged by every policy of a set: counted, and nothing made of them.
//!
//! A record is taken here only if every policy is sure of it and there is nothing to report of its data but unknown keys.
//! What is counted of it is what [`Summary::add_judged`](super::Summary) would count.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::episode::Brief;
use crate::episode::brief::MISSING;
use crate::judge::{Because, BriefJudge, BriefJudgement, Outcome, Past, Status, Verdict};
use crate::log::{Briefer, IdDigests, UnknownKeys};
use crate::policy::{FieldId, FieldType, HistoryId, Length, Role, Version};
use crate::source::SourceId;

use super::Audit;
use super::blocks::{Block, Lines};
use super::lens::{self, Lens};
use super::summary::{Summary, add_all, add_to};
use super::time_slot::TimeSlot;

/// Judges records in brief.
pub(super) struct InBrief<'a> {
    briefer: Briefer<'a>,
    policies: Vec<Judged<'a>>,
    /// Where each lens finds an id.
    ids: Vec<usize>,
    /// Texts that are compared with constants; one that is none of these is told.
    watched: Vec<(usize, Vec<Box<str>>)>,
    tally: Tally,
    /// The log of which the columns are known, and whether they are plain.
    columns_of: Option<(SourceId, bool)>,
}

/// One policy, and what it came to since that was last told.
struct Judged<'a> {
    judge: BriefJudge<'a>,
    versions: Vec<Counted<'a>>,
    past: Option<&'a Past<'a>>,
    verdicts: [usize; 4],
    by_default: usize,
    /// What it said of the record at hand.
    said: (Verdict, Because, Option<usize>),
}

/// What is counted of one version.
struct Counted<'a> {
    version: &'a Version,
    /// How many records it judged.
    records: usize,
    rules: Vec<OfRule>,
    for_nobody: BTreeMap<HistoryId, usize>,
    windows_before_log: usize,
    late: Late,
    time: Option<TimeSlot<'a>>,
    lengths: Vec<Length>,
    /// No window reaches back before the log begins from here on.
    within_from: Timestamp,
}

#[derive(Debug, Clone, Copy, Default)]
struct OfRule {
    violated: usize,
    by_silence: usize,
    undetermined: usize,
    satisfied_by_silence: usize,
}

/// When a record was written down too late to pass without a word.
#[derive(Debug, Clone, Copy)]
enum Late {
    Never,
    /// Any record that says when it was written down has to be looked at.
    Perhaps(usize),
}

#[derive(Debug, Default)]
struct Tally {
    records: usize,
    by_gist: usize,
    failing: usize,
    leading: [usize; 4],
}

impl<'a> InBrief<'a> {
    /// Prepares; `None` where no record can be judged in brief.
    pub(super) fn new(audit: &Audit<'a>, lenses: &[Lens<'a>], pasts: Option<&'a [Option<Past<'a>>]>) -> Option<Self> {
        if audit.clock.reconstruct {
            return None;
        }
        let briefer = briefer(audit, lenses)?;
        let bases = briefer.bases();
        let of_policies = lens::of_versions(lenses, audit.set);
        let mut policies = Vec::new();
        for ((at, policy), of_versions) in audit.set.policies.iter().enumerate().zip(&of_policies) {
            let past = pasts.and_then(|pasts| pasts.get(at)?.as_ref());
            let bases: Vec<usize> = of_versions.iter().filter_map(|lens| bases.get(*lens).copied()).collect();
            let judge = BriefJudge::new(policy, &bases, past);
            let versions =
                policy.versions.iter().zip(&bases).map(|(version, base)| Counted::of(version, *base, past)).collect();
            let said = (Verdict::NotCovered, Because::NotInForce, None);
            policies.push(Judged { judge, versions, past, verdicts: [0; 4], by_default: 0, said });
        }
        let ids = id_slots(lenses, bases);
        let watched = lenses.iter().zip(bases).flat_map(|(lens, base)| {
            lens.watched().map(|(field, constants)| (base + usize::from(field.0), constants)).collect::<Vec<_>>()
        });
        let watched = watched.collect();
        Some(Self { ids, watched, briefer, policies, tally: Tally::default(), columns_of: None })
    }

    /// Judges the record of a line and counts it. Gives how many problems a report would count of it; `None` if the record is the
    /// judge's, or has problems and these are to be shown.
    pub(super) fn line(
        &mut self,
        bytes: &[u8],
        lines: &Lines,
        place: (SourceId, usize),
        number: u32,
        shows: bool,
        ids: &mut IdDigests,
    ) -> Option<usize> {
        let Self { briefer, policies, watched, columns_of, .. } = self;
        let (record, texts) = read(briefer, bytes, lines, *columns_of)?;
        is_known(watched, record, texts).then_some(())?;
        let mut problems = 0;
        for policy in &mut *policies {
            problems += policy.judge(record, texts, number)?;
        }
        if shows && problems > 0 {
            return None;
        }
        let times = |policy: &Judged<'_>| policy.time(record);
        policies.iter_mut().for_each(|policy| policy.count(times(policy)));
        self.count();
        self.take(bytes, lines, place, ids);
        Some(problems)
    }

    /// Reads the record of a line, and writes its gist and what the first pass takes up of it; says whether that leaves open what
    /// nothing that came before can settle. `None` if something about the record is not plain.
    pub(super) fn sight(
        &mut self,
        bytes: &[u8],
        lines: &Lines,
        gist: &mut Vec<u8>,
        written: &mut Vec<u8>,
    ) -> Option<bool> {
        let Self { briefer, policies, watched, columns_of, .. } = self;
        let (record, bytes) = read(briefer, bytes, lines, *columns_of)?;
        is_known(watched, record, bytes).then_some(())?;
        gist.clear();
        let mut is_open = false;
        for policy in &mut *policies {
            let of_gist = policy.judge.gist(record, bytes, gist)?;
            policy.is_in_time(of_gist.version, record).then_some(())?;
            is_open |= of_gist.is_open;
        }
        let mut looking_back = policies.iter().filter(|policy| policy.looks_back());
        looking_back.try_for_each(|policy| policy.judge.sight(record, bytes, written))?;
        Some(is_open)
    }

    /// Says whether all that a first pass needs of a record can be told in brief.
    pub(super) fn sees(&self) -> bool {
        self.policies.iter().filter(|policy| policy.looks_back()).all(|policy| policy.judge.sees())
    }

    /// Counts the id and the unknown keys of the record that was read last.
    pub(super) fn take(&mut self, bytes: &[u8], lines: &Lines, place: (SourceId, usize), ids: &mut IdDigests) {
        let (record, bytes) = self.briefer.last(bytes);
        if let Some(id) = self.ids.iter().find_map(|at| record.text(*at, bytes)) {
            ids.add(id);
        }
        self.briefer.take(place.0, if lines.have_a_header() { 0 } else { place.1 });
    }

    /// Judges a record by its gist and counts it, but for its id and unknown keys, as [`line`](Self::line) does.
    pub(super) fn gist(&mut self, mut gist: &[u8], number: u32, shows: bool) -> Option<usize> {
        let mut problems = 0;
        for policy in &mut self.policies {
            problems += policy.judge_gist(&mut gist, number)?;
        }
        if shows && problems > 0 {
            return None;
        }
        let time = |policy: &Judged<'_>| policy.known_time(number);
        self.policies.iter_mut().for_each(|policy| policy.count(time(policy)));
        self.count();
        self.tally.by_gist += 1;
        Some(problems)
    }

    /// Counts what all policies said of the record at hand.
    fn count(&mut self) {
        let Self { policies, tally, .. } = self;
        let leading = policies.iter().map(|policy| policy.said.0).max().unwrap_or(Verdict::NotCovered);
        tally.records += 1;
        tally.failing += usize::from(leading == Verdict::Impermissible);
        add_to(&mut tally.leading, leading);
    }

    /// Prepares for the lines of a block.
    pub(super) fn prepare(&mut self, lines: &Lines, block: &Block) {
        prepare(Some(&mut self.briefer), lines, &mut self.columns_of, block);
    }

    /// Tells what was counted since this was last asked.
    pub(super) fn tell(&mut self, summary: &mut Summary, unknown: &mut UnknownKeys) {
        let Tally { records, by_gist, failing, leading } = std::mem::take(&mut self.tally);
        summary.records += records;
        summary.judged += records;
        summary.in_brief += records;
        summary.by_gist += by_gist;
        summary.failing += failing;
        add_all(&mut summary.leading, leading);
        for (policy, summary) in self.policies.iter_mut().zip(&mut summary.policies) {
            policy.tell(summary);
        }
        self.tell_unknown(unknown);
    }

    /// Tells the unknown keys of what was taken since this was last asked.
    pub(super) fn tell_unknown(&mut self, unknown: &mut UnknownKeys) {
        self.briefer.tell(unknown);
    }
}

/// Says whether no text that is watched is one that has to be told.
fn is_known(watched: &[(usize, Vec<Box<str>>)], record: &Brief, bytes: &[u8]) -> bool {
    watched.iter().all(|(at, constants)| {
        record.text(*at, bytes).is_none_or(|text| constants.iter().any(|known| known.as_bytes() == text))
    })
}

/// Learns the columns of the log that a block is of, where it has any and they are not known.
pub(super) fn prepare(
    briefer: Option<&mut Briefer<'_>>,
    lines: &Lines,
    columns_of: &mut Option<(SourceId, bool)>,
    block: &Block,
) {
    let (Some(briefer), Some(rows)) = (briefer, lines.rows()) else { return };
    if columns_of.is_none_or(|(source, _)| source != block.source) {
        *columns_of = Some((block.source, briefer.columns(rows, lines.mapper()).is_some()));
    }
}

/// Reads a line in brief, and gives the bytes in which its texts stand; `None` if anything about it is not plain.
pub(super) fn read<'b>(
    briefer: &'b mut Briefer<'_>,
    line: &'b [u8],
    lines: &Lines,
    columns_of: Option<(SourceId, bool)>,
) -> Option<(&'b Brief, &'b [u8])> {
    match lines.rows() {
        Some(rows) => {
            columns_of.is_some_and(|(_, are_plain)| are_plain).then(|| briefer.row(line, rows.separator()))?
        }
        None if lines.may_be_brief() => briefer.json(line),
        // YAML, and what a mapping makes of a record of JSON, is the judge's.
        None => None,
    }?;
    Some(briefer.last(line))
}

/// Prepares to read through the lenses of an audit; `None` where ids are not texts.
pub(super) fn briefer<'a>(audit: &Audit<'a>, lenses: &[Lens<'a>]) -> Option<Briefer<'a>> {
    let mut through = Vec::new();
    for lens in lenses {
        let id = lens.vocabulary.role(Role::Id).and_then(|id| lens.vocabulary.field(id));
        if id.is_some_and(|field| !matches!(field.kind, FieldType::Text | FieldType::Identity)) {
            return None;
        }
        let versions =
            audit.set.policies.iter().flat_map(|policy| &policy.versions).filter(|version| lens.fits(version));
        let read: Vec<FieldId> = versions.flat_map(BriefJudge::reads).collect();
        through.push((lens.another_fitter(), read));
    }
    Some(Briefer::new(through, &audit.limits, audit.clock.present))
}

/// Gives where each lens finds an id in a brief record.
pub(super) fn id_slots(lenses: &[Lens<'_>], bases: &[usize]) -> Vec<usize> {
    let slot = |(lens, base): (&Lens<'_>, &usize)| Some(base + usize::from(lens.vocabulary.role(Role::Id)?.0));
    lenses.iter().zip(bases).filter_map(slot).collect()
}

/// Gives what is kept of a judgement, and how many problems a report would count.
fn of(judgement: &BriefJudgement<'_>) -> ((Verdict, Because, Option<usize>), usize) {
    let BriefJudgement { verdict, because, version, outcomes, .. } = *judgement;
    let told = |outcome: &&Outcome| matches!(outcome.status(), Some(Status::Violated | Status::Undetermined));
    let rules = outcomes.iter().filter(told).count();
    ((verdict, because, version), rules + usize::from(matches!(because, Because::ByDefault | Because::NotInForce)))
}

impl Judged<'_> {
    /// Judges a record, and gives how many problems a report would count.
    fn judge(&mut self, record: &Brief, bytes: &[u8], number: u32) -> Option<usize> {
        let judgement = self.judge.judge(record, bytes, number)?;
        let (said, problems) = of(&judgement);
        self.is_in_time(said.2, record).then_some(())?;
        self.said = said;
        Some(problems)
    }

    /// Judges a record by its gist.
    fn judge_gist(&mut self, gist: &mut &[u8], number: u32) -> Option<usize> {
        let (said, problems) = of(&self.judge.judge_gist(gist, number)?);
        self.said = said;
        Some(problems)
    }

    /// Says whether a record surely was not written down too late.
    fn is_in_time(&self, version: Option<usize>, record: &Brief) -> bool {
        let version = version.and_then(|at| self.versions.get(at));
        version.is_none_or(|version| version.late.is_out_of_question(record))
    }

    fn looks_back(&self) -> bool {
        self.versions.iter().any(|counted| !counted.version.conditions.histories().is_empty())
    }

    /// Gives the time of the record at hand, where a window may reach back from it.
    fn time(&self, record: &Brief) -> Option<Timestamp> {
        self.past?;
        self.versions.get(self.said.2?)?.time_of(record)
    }

    /// Gives the time of the record at hand, as it was taken up.
    fn known_time(&self, number: u32) -> Option<Timestamp> {
        let at = self.said.2?;
        self.versions.get(at).filter(|counted| counted.time.is_some() && !counted.lengths.is_empty())?;
        Some(self.past?.time(at, number)?.0)
    }

    /// Counts what was said of the record at hand.
    fn count(&mut self, time: Option<Timestamp>) {
        let (verdict, because, version) = self.said;
        add_to(&mut self.verdicts, verdict);
        self.by_default += usize::from(because == Because::ByDefault);
        let Some(counted) = version.and_then(|at| self.versions.get_mut(at)) else { return };
        let BriefJudgement { outcomes, for_nobody, .. } = self.judge.last();
        if let (Some(begins), Some(time)) = (self.past.and_then(Past::begins), time) {
            counted.windows_before_log += usize::from(counted.reaches_before(begins, time));
        }
        if because == Because::DoesNotApply {
            return;
        }
        counted.records += 1;
        for (counts, outcome) in counted.rules.iter_mut().zip(outcomes) {
            counts.add(outcome);
        }
        for (history, changed) in for_nobody {
            *counted.for_nobody.entry(*history).or_default() += changed;
        }
    }

    fn tell(&mut self, summary: &mut super::PolicySummary) {
        add_all(&mut summary.verdicts, std::mem::take(&mut self.verdicts));
        summary.by_default += std::mem::take(&mut self.by_default);
        for (at, counted) in self.versions.iter_mut().enumerate() {
            counted.tell(at, self.past, summary);
        }
    }
}

impl<'a> Counted<'a> {
    fn of(version: &'a Version, base: usize, past: Option<&Past<'_>>) -> Self {
        let lengths: Vec<Length> =
            version.conditions.histories().iter().filter_map(|history| history.window.length()).collect();
        let longest = lengths.iter().map(|length| length.at_most()).max().unwrap_or_default();
        let within_from = past.and_then(Past::begins).and_then(|begins| begins.checked_add(longest).ok());
        let slot = |role| version.vocabulary.role(role).map(|field: FieldId| base + usize::from(field.0));
        let may_be_late =
            version.recorded_within.is_some() || version.in_force.is_some_and(|in_force| in_force.until.is_some());
        Self {
            version,
            records: 0,
            rules: vec![OfRule::default(); version.rules.len()],
            for_nobody: BTreeMap::new(),
            windows_before_log: 0,
            late: slot(Role::Recorded).filter(|_| may_be_late).map_or(Late::Never, Late::Perhaps),
            time: TimeSlot::of(&version.vocabulary, &version.zone, base),
            lengths,
            within_from: within_from.unwrap_or(Timestamp::MAX),
        }
    }

    /// Gives the time of a record, where a window may reach back from it.
    fn time_of(&self, record: &Brief) -> Option<Timestamp> {
        self.time.filter(|_| !self.lengths.is_empty())?.read(record)
    }

    /// Says whether some window reaches back before the log begins.
    fn reaches_before(&self, begins: Timestamp, time: Timestamp) -> bool {
        time < self.within_from && self.lengths.iter().any(|length| length.before(time, &self.version.zone) < begins)
    }

    fn tell(&mut self, at: usize, past: Option<&Past<'_>>, summary: &mut super::PolicySummary) {
        summary.windows_before_log += std::mem::take(&mut self.windows_before_log);
        for (rule, counts) in self.version.rules.iter().zip(&mut self.rules) {
            let OfRule { violated, by_silence, undetermined, satisfied_by_silence } = std::mem::take(counts);
            if violated + undetermined + satisfied_by_silence > 0 {
                let known = summary.rules.entry(rule.name.clone()).or_default();
                known.take_severity(at, rule.severity);
                known.violated += violated;
                known.by_silence += by_silence;
                known.undetermined += undetermined;
                known.satisfied_by_silence += satisfied_by_silence;
            }
            if rule.duty.is_some() && self.records > 0 {
                summary.duties.entry(rule.name.clone()).or_default().take_severity(at, rule.severity);
            }
        }
        self.records = 0;
        for (history, not_clear) in std::mem::take(&mut self.for_nobody) {
            if let Some(past) = past {
                summary.add_to_nobody(self.version, past, at, history, not_clear);
            }
        }
    }
}

impl OfRule {
    #[inline]
    fn add(&mut self, outcome: &Outcome) {
        let Outcome::Requirement { status, by_silence } = outcome else { return };
        match status {
            Status::Violated => {
                self.violated += 1;
                self.by_silence += usize::from(*by_silence);
            }
            Status::Undetermined => self.undetermined += 1,
            Status::Satisfied => self.satisfied_by_silence += usize::from(*by_silence),
            Status::NotApplicable | Status::Excused(_) => {}
        }
    }
}

impl Late {
    fn is_out_of_question(self, record: &Brief) -> bool {
        match self {
            Self::Never => true,
            Self::Perhaps(recorded) => record.get(recorded) == MISSING,
        }
    }
}
