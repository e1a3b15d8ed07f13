//! The main job: every record of every log, judged by every policy, and nothing lost.
//!
//! Takes a checked policy set, the opened logs and the present instant; gives each judged record to a [`Sink`] in the
//! order of the inputs, and at the end a [`Summary`] whose totals add up: records = judged + unreadable + left out. Where a
//! policy looks back, a record is judged when all were read: by its gist where no more is wanted of it, else read again. Only
//! what the summary and the history clauses need is kept, so that memory grows with the number of records and not with what
//! they say.

mod blocks;
mod brief;
mod duplicates;
mod gists;
mod glance;
mod late;
mod lens;
mod newest;
mod pass;
mod past;
mod run;
mod search;
mod summary;
mod telling;
mod texts;
mod time_slot;
mod wanting;
mod worker;

pub use summary::{DutyCounts, ForNobody, PolicySummary, RuleCounts, Summary};
pub use wanting::{Known, Wanting};

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, codes};
use crate::episode::Episode;
use crate::judge::{Chain, Citation, Judgement, Past, Standpoint, Verdict, cite, clear_only_without, judge};
use crate::log::{Input, Limits, Unreadable};
use crate::policy::{HistoryId, Policy, PolicySet, Version};
use crate::prove::{Evidence, ExactVerdict, Flip, Repair, Together};
use crate::source::{SourceId, Sources, Span};

/// What an audit works with.
pub struct Audit<'a> {
    /// The policies; without errors.
    pub set: &'a PolicySet,
    /// All inputs.
    pub sources: &'a Sources,
    /// The logs among them.
    pub inputs: &'a [Input],
    /// When it is made.
    pub clock: Clock,
    /// How much one record may ask of a reader.
    pub limits: Limits,
}

/// When an audit is made, and of what time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The present: no episode can lie after it, and no act has happened after it.
    pub present: Timestamp,
    /// The instant as of which duties are judged; not after the present.
    pub as_of: Timestamp,
    /// Whether records after the as-of instant are left out, and counted as such.
    pub reconstruct: bool,
    /// The first day from which the log is complete; unless stated, that of its first record.
    pub log_from: Option<Date>,
}

impl Clock {
    /// Makes an audit as of the present.
    pub fn at(present: Timestamp) -> Self {
        Self { present, as_of: present, reconstruct: false, log_from: None }
    }

    /// Makes an audit as of another instant; the present is the later of that and the clock.
    pub fn as_of(clock: Timestamp, as_of: Timestamp) -> Self {
        Self { as_of, ..Self::at(clock.max(as_of)) }
    }
}

/// How an audit is run. What it finds does not depend on it, unless it is stopped.
#[derive(Clone, Copy)]
pub struct Running<'w> {
    /// Whether the reasons of every rule are wanted, not only of those that a report shows.
    pub all_reasons: bool,
    /// Of which records, by their ids, reasons are wanted at all; of every one if nothing is said.
    pub about: Option<&'w (dyn Fn(&str) -> bool + Sync)>,
    /// How many records are judged at once, at most.
    pub threads: usize,
    /// Who watches it.
    pub watch: Option<&'w dyn Watch>,
}

impl Default for Running<'_> {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self { all_reasons: false, about: None, threads, watch: None }
    }
}

impl Running<'_> {
    /// Tells whoever watches that so many bytes more were read, and gives whether to go on.
    fn goes_on(&self, bytes: usize) -> bool {
        self.watch.is_none_or(|watch| {
            watch.advanced(bytes as u64);
            !watch.is_over()
        })
    }

    fn is_over(&self) -> bool {
        self.watch.is_some_and(Watch::is_over)
    }
}

/// Watches an audit while it runs.
pub trait Watch: Sync {
    /// Hears that so many bytes more of the logs were read: in all as many as [`Audit::bytes`] says.
    fn advanced(&self, bytes: u64);

    /// Says whether the audit is to stop: what is complete by then is what it comes to, and is marked as partial.
    fn is_over(&self) -> bool;
}

/// What somebody wants to be given of the records that follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// Every record.
    Everything,
    /// The records of which there is something to report, and the number of problems of the others.
    Findings,
    /// The number of problems alone.
    Nothing,
}

/// Receives what an audit finds, in the order of the inputs.
pub trait Sink {
    /// Receives a record that was judged.
    fn judged(&mut self, record: &Judged<'_>);

    /// Says whether it will read the reasons of the next record: they take time to work out. Once it says no, it is not asked for
    /// those that follow.
    fn wants_reasons(&self) -> bool {
        true
    }

    /// Receives a record that could not be read.
    fn unreadable(&mut self, unreadable: &Unreadable);

    /// Says whether what it is given is of no use any more, as when nobody reads it: then the audit stops.
    fn gives_up(&self) -> bool {
        false
    }

    /// Says what it wants of the records that follow.
    fn wants(&self) -> Wants {
        Wants::Everything
    }

    /// Gives what counts the problems of a record that it is not given.
    fn counter(&self) -> fn(&Judged<'_>) -> usize {
        |_| 0
    }

    /// Receives the number of problems of records that it was not given, unreadable ones among them.
    fn passed_over(&mut self, problems: usize) {
        let _ = problems;
    }
}

/// Receives and forgets: only the summary is wanted.
pub struct Nowhere;

impl Sink for Nowhere {
    fn judged(&mut self, _record: &Judged<'_>) {}

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}

    fn wants(&self) -> Wants {
        Wants::Nothing
    }
}

/// A record with what every policy says of it.
pub struct Judged<'a> {
    /// The id that the record gives itself.
    pub id: Option<String>,
    /// Where the record stands.
    pub place: Span,
    /// What does not fit in the record.
    pub findings: Vec<Diagnostic>,
    /// What each policy says, in the order of their names.
    pub results: Vec<PolicyResult<'a>>,
    /// What would have made it permissible by every policy, where one is against it and several are concerned; worked out where
    /// [`PolicyResult::repair`] is. What one of them alone would have permitted is then no repair.
    pub together: Option<Together>,
}

impl Judged<'_> {
    /// Gives the strictest verdict of all policies.
    pub fn leading_verdict(&self) -> Verdict {
        self.results.iter().map(PolicyResult::verdict).max().unwrap_or(Verdict::NotCovered)
    }

    /// Says whether it is open what became of a duty.
    pub fn has_open_duty(&self) -> bool {
        let duties = self.results.iter().flat_map(|result| &result.judgement.duties);
        duties.into_iter().any(|duty| duty.chain == Chain::Undetermined)
    }

    /// Says whether the record fails: by the strictest verdict, or by a duty that was missed and not made good.
    pub fn fails(&self) -> bool {
        self.results.iter().any(PolicyResult::fails)
    }
}

/// What one policy says of one record.
pub struct PolicyResult<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The version that judges, if it is clear which.
    pub version: Option<&'a Version>,
    /// The record as that version reads it; as the first version does, where it is open which one judges.
    pub episode: Arc<Episode>,
    /// The judgement; its verdict is the Kleene one.
    pub judgement: Judgement,
    /// The exact verdict, where the Kleene verdict is undetermined.
    pub exact: Option<ExactVerdict>,
    /// What would settle a verdict that is undetermined; worked out where reasons are asked for, of the first thousand of
    /// an audit (fewer by a long policy) unless all are, since it takes a search.
    pub evidence: Option<Evidence>,
    /// What would have made an impermissible episode permissible; worked out where reasons are asked for, of the first
    /// thousand of an audit (fewer by a long policy) that are searched for this or for evidence unless all are.
    pub repair: Option<Repair>,
    /// The ratings that, one level off, would have given another verdict; worked out where reasons are asked for.
    pub fragile: Vec<Flip>,
    /// The other records, if the policy looks back at them.
    pub past: Option<&'a Past<'a>>,
    /// The number of this record among them.
    pub record: u32,
    /// For each history clause that counts some records for nobody: how many rules of this record are clear only since
    /// those do not count.
    pub for_nobody: Vec<(HistoryId, usize)>,
    /// The reasons for what is violated, undetermined or not given; of every rule if all were asked for.
    pub citations: Vec<Citation>,
}

impl PolicyResult<'_> {
    /// Gives the exact verdict.
    pub fn verdict(&self) -> Verdict {
        self.exact.as_ref().map_or(self.judgement.verdict, |exact| exact.verdict)
    }

    /// Says whether the episode fails by this policy: by the exact verdict, or by a duty that was missed and not made good.
    pub fn fails(&self) -> bool {
        self.verdict() == Verdict::Impermissible || self.judgement.fails(self.version)
    }
}

impl Audit<'_> {
    /// Gives how many bytes an audit reads: those of the logs. Where a policy looks back, a log is read twice of which no record is
    /// read in brief, or every one is wanted.
    pub fn bytes(&self, wants: Wants) -> u64 {
        let mut versions = self.set.policies.iter().flat_map(|policy| &policy.versions);
        let looks_back = versions.any(|version| !version.conditions.histories().is_empty());
        let once = |input: &Input| !looks_back || (wants != Wants::Everything && blocks::may_be_brief(self, input));
        let times = |input: &Input| if once(input) { 1 } else { 2 };
        self.inputs.iter().map(|input| times(input) * self.sources.length(input.id) as u64).sum()
    }

    /// Finds whether a record lies after the as-of instant: the time of the newest one that does.
    pub fn newest_after(&self) -> Option<Timestamp> {
        newest::after_as_of(self)
    }

    /// Runs the audit. `all_reasons` asks for the reasons of every rule, not only of those that a report shows.
    pub fn run(&self, all_reasons: bool, sink: &mut dyn Sink) -> Summary {
        self.run_so(Running { all_reasons, ..Running::default() }, sink)
    }

    /// Runs the audit in a certain way.
    pub fn run_so(&self, running: Running<'_>, sink: &mut dyn Sink) -> Summary {
        let mut gathered = past::gather(self, &running, sink.wants());
        let ids = std::mem::take(&mut gathered.ids);
        run::Run::new(self, &gathered, ids, running, sink).all()
    }
}

/// Judges a record by one policy, and gives the reasons if they are asked for. `lenses`: those of its versions, among the
/// `episodes` that were read through each.
fn result<'a>(
    policy: &'a Policy,
    past: Option<&'a Past<'a>>,
    (lenses, episodes): (&[usize], &[Arc<Episode>]),
    standpoint: Standpoint<'_>,
    reasons: bool,
    all: bool,
) -> Option<PolicyResult<'a>> {
    let judgement = judge(policy, &lens::readings(lenses, episodes), standpoint);
    let version = judgement.version.and_then(|at| policy.versions.get(at));
    let lens = lenses.get(judgement.version.unwrap_or(0))?;
    let episode = Arc::clone(episodes.get(*lens)?);
    let for_nobody =
        version.map(|version| clear_only_without(version, &episode, &judgement, standpoint)).unwrap_or_default();
    let cited = version.filter(|_| reasons);
    let citations = cited.map(|version| cite(version, &episode, &judgement, standpoint, all)).unwrap_or_default();
    let (exact, evidence, repair, fragile) = (None, None, None, Vec::new());
    Some(PolicyResult {
        policy,
        version,
        episode,
        judgement,
        exact,
        evidence,
        repair,
        fragile,
        past,
        record: standpoint.past.map_or(0, |(_, record)| record),
        for_nobody,
        citations,
    })
}

/// Says that a log has no record: it may be right, and it may be a broken export.
fn empty(log: SourceId) -> Diagnostic {
    let start = Span::new(log, 0, 0);
    Diagnostic::without_place(codes::LOG_EMPTY, "this log has no record in it")
        .with_label_in_log(start, "nothing to judge", "(nothing)")
        .with_help("look whether the file is the one that was meant")
}
