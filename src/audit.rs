//! The main job: every record of every log, judged by every policy, and nothing lost.
//!
//! Takes a checked policy set, the opened logs and the present instant; gives each judged record to a [`Sink`] in the
//! order of the inputs, and at the end a [`Summary`] whose totals add up: records = judged + unreadable + left out. Where a
//! policy looks back, the records are read twice: once for what came before, once to be judged. Only what the summary
//! and the history clauses need is kept, so that memory grows with the number of records and not with what they say.

mod late;
mod lens;
mod past;
mod summary;
mod texts;

pub use summary::{DutyCounts, ForNobody, PolicySummary, RuleCounts, Summary};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, codes};
use crate::episode::Episode;
use crate::judge::{Chain, Citation, Judgement, Past, Standpoint, Verdict, cite, clear_only_without, judge};
use crate::log::{self, Ids, Input, Item, Limits, Record, UnknownKeys, Unreadable};
use crate::policy::{HistoryId, Policy, PolicySet, Version};
use crate::prove::{Evidence, Exact, ExactVerdict, Flip, Repair};
use crate::source::{SourceId, Sources, Span};

use lens::Lens;

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

/// Receives what an audit finds, in the order of the inputs.
pub trait Sink {
    /// Receives a record that was judged.
    fn judged(&mut self, record: &Judged<'_>);

    /// Says whether it will read the reasons of the next record: they take time to work out.
    fn wants_reasons(&self) -> bool {
        true
    }

    /// Receives a record that could not be read.
    fn unreadable(&mut self, unreadable: &Unreadable);
}

/// Receives and forgets: only the summary is wanted.
pub struct Nowhere;

impl Sink for Nowhere {
    fn judged(&mut self, _record: &Judged<'_>) {}

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}
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
    pub episode: &'a Episode,
    /// The judgement; its verdict is the Kleene one.
    pub judgement: Judgement,
    /// The exact verdict, where the Kleene verdict is undetermined.
    pub exact: Option<ExactVerdict>,
    /// What would settle a verdict that is undetermined; worked out where reasons are asked for, of the first thousand of
    /// an audit unless all are, since it takes a search.
    pub evidence: Option<Evidence>,
    /// What would have made an impermissible episode permissible; worked out where reasons are asked for, of the first
    /// thousand of an audit that are searched for this or for evidence unless all are.
    pub repair: Option<Repair>,
    /// The ratings that, one level off, would have given another verdict; worked out where reasons are asked for.
    pub fragile: Vec<Flip>,
    /// The other records, if the policy looks back at them.
    pub past: Option<&'a Past<'a>>,
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
    /// Finds whether a record lies after the as-of instant: the time of the newest one that does.
    pub fn newest_after(&self) -> Option<Timestamp> {
        past::newest_after(self)
    }

    /// Runs the audit. `all_reasons` asks for the reasons of every rule, not only of those that a report shows.
    pub fn run(&self, all_reasons: bool, sink: &mut dyn Sink) -> Summary {
        let mut lenses = Lens::all(self.set);
        let pasts = past::gather(self, &mut lenses);
        let mut state = State {
            audit: self,
            pasts: &pasts,
            next: 0,
            of_policies: lens::of_versions(&lenses, self.set),
            lenses: Lens::all(self.set),
            summary: Summary::new(self.set),
            ids: Ids::new(),
            unknown: UnknownKeys::new(),
            of_logs: Vec::new(),
            exact: self.set.policies.iter().map(Exact::new).collect(),
            all_reasons,
            searched: 0,
        };
        for input in self.inputs {
            let before = state.summary.records;
            let of_log = log::read_input(self.sources, input, &self.limits, &mut |item| match item {
                Item::Record(record) => state.record(&record, sink),
                Item::Unreadable(unreadable) => {
                    state.summary.add_unreadable();
                    sink.unreadable(&unreadable);
                }
                Item::LeftOut(left_out) => state.summary.add_left_out_by_mapping(&left_out.because),
            });
            state.of_logs.extend(of_log);
            if state.summary.records == before {
                state.of_logs.push(empty(input.id));
            }
        }
        state.finish()
    }
}

struct State<'a> {
    audit: &'a Audit<'a>,
    /// What came before, for each policy that looks back.
    pasts: &'a [Option<Past<'a>>],
    /// The number of the next record among those that are judged.
    next: u32,
    /// The lens of each version of each policy.
    of_policies: Vec<Vec<usize>>,
    lenses: Vec<Lens<'a>>,
    summary: Summary,
    ids: Ids,
    unknown: UnknownKeys,
    /// What concerns a log as a whole: that it has no record, or not what its mapping reads.
    of_logs: Vec<Diagnostic>,
    /// What works out exact verdicts, for each policy.
    exact: Vec<Exact<'a>>,
    all_reasons: bool,
    /// Of how many verdicts it was searched what would settle them.
    searched: usize,
}

/// Of how many verdicts of an audit it is searched what would settle them, or would have made them others.
const MOST_SEARCHED: usize = 1_000;

impl<'a> State<'a> {
    fn record(&mut self, record: &Record, sink: &mut dyn Sink) {
        let readings = lens::read(&mut self.lenses, record, self.audit.clock.present);
        if past::is_left_out(&self.lenses, &readings.episodes, self.audit.clock) {
            self.summary.add_left_out();
            return;
        }
        self.unknown.add(&readings.unknown);
        let named = readings.named.and_then(|at| readings.episodes.get(at));
        if let Some(episode) = named {
            self.ids.add(episode, readings.id_place);
        }
        let results = self.results(&readings.episodes, sink.wants_reasons());
        self.next = self.next.saturating_add(1);
        let mut findings = readings.findings;
        for result in &results {
            late::point_out(result, self.audit.clock, &mut findings);
        }
        let id = named.and_then(|episode| episode.id.clone());
        let judged = Judged { id, place: record.span, findings, results };
        self.summary.add_judged(&judged);
        sink.judged(&judged);
    }

    fn results<'r>(&mut self, episodes: &'r [Episode], reasons: bool) -> Vec<PolicyResult<'r>>
    where
        'a: 'r,
    {
        // INVARIANT: every policy has a version, and every version a lens, so that no policy is left out.
        let policies = self.audit.set.policies.iter().zip(self.pasts).zip(&self.of_policies);
        let mut results = Vec::new();
        for (((policy, past), lenses), exact) in policies.zip(&mut self.exact) {
            let standpoint = Standpoint::after(self.audit.clock.as_of, past.as_ref().map(|past| (past, self.next)));
            let readings = lens::readings(lenses, episodes);
            let Some(mut result) = result(policy, past.as_ref(), &readings, standpoint, reasons, self.all_reasons)
            else {
                continue;
            };
            if result.judgement.verdict == Verdict::Undetermined {
                let verdict = exact.verdict(&readings, standpoint, &result.judgement);
                let open = verdict.verdict == Verdict::Undetermined && result.version.is_some();
                // It takes a search, so that a log of which much is open is not searched for all of it.
                let searches = open && reasons && (self.all_reasons || self.searched < MOST_SEARCHED);
                self.searched += usize::from(searches);
                result.evidence = searches.then(|| exact.evidence(&readings, standpoint, &result.judgement));
                result.exact = Some(verdict);
            }
            if reasons {
                let searches = self.all_reasons || self.searched < MOST_SEARCHED;
                self.searched += usize::from(searches && result.verdict() == Verdict::Impermissible);
                otherwise(exact, &mut result, standpoint, searches);
            }
            results.push(result);
        }
        results
    }

    fn finish(mut self) -> Summary {
        let mut problems: Vec<Diagnostic> = self.ids.duplicates().iter().map(log::DuplicateId::diagnostic).collect();
        problems.append(&mut self.of_logs);
        if let Some(lens) = self.lenses.first() {
            problems.extend(self.unknown.diagnostics(lens.vocabulary));
        }
        problems.extend(self.lenses.iter().flat_map(Lens::unmatched_texts));
        crate::diagnostic::sort(&mut problems);
        self.summary.log_findings = problems;
        self.summary
    }
}

/// Judges a record by one policy, and gives the reasons if they are asked for.
fn result<'r>(
    policy: &'r Policy,
    past: Option<&'r Past<'r>>,
    readings: &[&'r Episode],
    standpoint: Standpoint<'_>,
    reasons: bool,
    all: bool,
) -> Option<PolicyResult<'r>> {
    let judgement = judge(policy, readings, standpoint);
    let version = judgement.version.and_then(|at| policy.versions.get(at));
    let episode = *readings.get(judgement.version.unwrap_or(0))?;
    let for_nobody =
        version.map(|version| clear_only_without(version, episode, &judgement, standpoint)).unwrap_or_default();
    let cited = version.filter(|_| reasons);
    let citations = cited.map(|version| cite(version, episode, &judgement, standpoint, all)).unwrap_or_default();
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
        for_nobody,
        citations,
    })
}

/// Works out what would have made the verdict another; `searches`: also what could have been arranged.
fn otherwise(exact: &mut Exact<'_>, result: &mut PolicyResult<'_>, standpoint: Standpoint<'_>, searches: bool) {
    let verdict = result.verdict();
    let (episode, judgement) = (result.episode, &result.judgement);
    result.fragile = exact.fragile(episode, standpoint, judgement, verdict);
    if searches && verdict == Verdict::Impermissible {
        result.repair = exact.repair(episode, standpoint, judgement);
    }
}

/// Says that a log has no record: it may be right, and it may be a broken export.
fn empty(log: SourceId) -> Diagnostic {
    let start = Span::new(log, 0, 0);
    Diagnostic {
        code: codes::LOG_EMPTY,
        message: "this log has no record in it".to_owned(),
        labels: Vec::new(),
        help: None,
    }
    .with_label_in_log(start, "nothing to judge", "(nothing)")
    .with_help("look whether the file is the one that was meant")
}
