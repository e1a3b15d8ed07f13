//! The main job: every record of every log, judged by every policy, and nothing lost.
//!
//! Takes a checked policy set, the opened logs and the present instant; gives each judged record to a [`Sink`] in the
//! order of the inputs, and at the end a [`Summary`] whose totals add up: records = judged + unreadable. Only what the
//! summary counts is kept, so that memory grows with the number of ids and not with what records say.

mod lens;
mod summary;
mod texts;

pub use summary::{PolicySummary, RuleCounts, Summary};

use jiff::Timestamp;

use crate::diagnostic::{Diagnostic, codes};
use crate::episode::Episode;
use crate::judge::{Citation, Judgement, Verdict, cite, judge};
use crate::log::{self, Ids, Input, Item, Limits, Record, UnknownKeys, Unreadable};
use crate::policy::{Policy, PolicySet, Version};
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
    /// The present: no episode can lie after it.
    pub present: Timestamp,
    /// How much one record may ask of a reader.
    pub limits: Limits,
}

/// Receives what an audit finds, in the order of the inputs.
pub trait Sink {
    /// Receives a record that was judged.
    fn judged(&mut self, record: &Judged<'_>);

    /// Receives a record that could not be read.
    fn unreadable(&mut self, unreadable: &Unreadable);
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
        self.results.iter().map(|result| result.judgement.verdict).max().unwrap_or(Verdict::NotCovered)
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
    /// The judgement.
    pub judgement: Judgement,
    /// The reasons for what is violated, undetermined or not given; of every rule if all were asked for.
    pub citations: Vec<Citation>,
}

impl Audit<'_> {
    /// Runs the audit. `all_reasons` asks for the reasons of every rule, not only of those that a report shows.
    pub fn run(&self, all_reasons: bool, sink: &mut dyn Sink) -> Summary {
        let mut state = State {
            audit: self,
            lenses: Lens::all(self.set),
            summary: Summary::new(self.set),
            ids: Ids::new(),
            unknown: UnknownKeys::new(),
            empty: Vec::new(),
            all_reasons,
        };
        for input in self.inputs {
            let before = state.summary.records;
            log::read(self.sources, input.id, input.format, &self.limits, &mut |item| match item {
                Item::Record(record) => state.record(&record, sink),
                Item::Unreadable(unreadable) => {
                    state.summary.add_unreadable();
                    sink.unreadable(&unreadable);
                }
            });
            if state.summary.records == before {
                state.empty.push(empty(input.id));
            }
        }
        state.finish()
    }
}

struct State<'a> {
    audit: &'a Audit<'a>,
    lenses: Vec<Lens<'a>>,
    summary: Summary,
    ids: Ids,
    unknown: UnknownKeys,
    /// Logs without any record.
    empty: Vec<Diagnostic>,
    all_reasons: bool,
}

impl<'a> State<'a> {
    fn record(&mut self, record: &Record, sink: &mut dyn Sink) {
        let readings = lens::read(&mut self.lenses, record, self.audit.present);
        self.unknown.add(&readings.unknown);
        let named = readings.named.and_then(|at| readings.episodes.get(at));
        if let Some(episode) = named {
            self.ids.add(episode, readings.id_place);
        }
        let judged = Judged {
            id: named.and_then(|episode| episode.id.clone()),
            place: record.span,
            findings: readings.findings,
            results: self.results(&readings.episodes),
        };
        self.summary.add_judged(&judged);
        sink.judged(&judged);
    }

    fn results<'r>(&self, episodes: &'r [Episode]) -> Vec<PolicyResult<'r>>
    where
        'a: 'r,
    {
        // INVARIANT: every policy has a version, and every version a lens, so that no policy is left out.
        self.audit.set.policies.iter().filter_map(|policy| self.result(policy, episodes)).collect()
    }

    fn result<'r>(&self, policy: &'r Policy, episodes: &'r [Episode]) -> Option<PolicyResult<'r>> {
        let reading_of = |version: &Version| {
            let at = self.lenses.iter().position(|lens| lens.fits(version))?;
            episodes.get(at)
        };
        let readings: Vec<&Episode> = policy.versions.iter().filter_map(reading_of).collect();
        let judgement = judge(policy, &readings);
        let version = judgement.version.and_then(|at| policy.versions.get(at));
        let episode = *readings.get(judgement.version.unwrap_or(0))?;
        let citations = version.map(|version| cite(version, episode, &judgement, self.all_reasons)).unwrap_or_default();
        Some(PolicyResult { policy, version, episode, judgement, citations })
    }

    fn finish(mut self) -> Summary {
        let mut problems: Vec<Diagnostic> = self.ids.duplicates().iter().map(log::DuplicateId::diagnostic).collect();
        problems.append(&mut self.empty);
        if let Some(lens) = self.lenses.first() {
            problems.extend(self.unknown.diagnostics(lens.vocabulary));
        }
        problems.extend(self.lenses.iter().flat_map(Lens::unmatched_texts));
        crate::diagnostic::sort(&mut problems);
        self.summary.log_findings = problems;
        self.summary
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
