//! A policy's own examples, run: whether each claim holds, what they reach, and whether they would notice a change.
//!
//! Takes a checked policy set with its examples, and the logs that some of them name; judges every case by the very
//! judge of audits, with the episodes that it follows as its past, and the records of logs by an audit. Gives each
//! example with its judgement to a [`Sink`]. It reads no clock: an example is judged as of its own time.
//!
//! - `claims`: whether a claim holds of a judgement;
//! - `records`: examples on a log;
//! - `coverage`: what of the policy the examples reach;
//! - `mutation`: whether an example fails when the policy says something else.

mod claims;
mod coverage;
mod mutation;
mod records;

pub use coverage::{Coverage, Item, LeftOut};
pub use mutation::{Score, Survivor, Telling};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::audit::{Judged, PolicyResult, Wanting};
use crate::check::{Claim, Earlier, Example, LogExample, Situation, Subject};
use crate::diagnostic::Diagnostic;
use crate::episode::Episode;
use crate::judge::{Gathering, Judgement, Past, Standpoint, Verdict, cite, judge};
use crate::log::Input;
use crate::policy::{Condition, FieldId, Policy, PolicySet, RuleId, Version};
use crate::prove::{Among, Evidence, Exact, ExactVerdict};
use crate::source::{Sources, Span};

/// What a trial works with.
pub struct Trial<'a> {
    /// The policies; without errors.
    pub set: &'a PolicySet,
    /// Their examples.
    pub examples: &'a [Example],
    /// Why no example breaks a rule, by the place of its name.
    pub untested: &'a BTreeMap<Span, String>,
    /// All inputs.
    pub sources: &'a Sources,
    /// The log of each example that names one, by the place of the example.
    pub logs: &'a [(Span, Input)],
}

/// Receives what a trial finds, in the order of the examples.
pub trait Sink {
    /// Receives an example, or one record of its log, that was judged.
    fn tried(&mut self, tried: &Tried<'_>);

    /// Receives a problem of another sort: a record that the log does not have, an earlier episode that no version
    /// covers.
    fn problem(&mut self, problem: Diagnostic);
}

/// An example, or one record of its log, with what was claimed and what came of it.
pub struct Tried<'t> {
    /// The example.
    pub example: &'t Example,
    /// The id of the record, if the example is one on a log.
    pub record: Option<&'t str>,
    /// What is claimed.
    pub claims: &'t [Claim],
    /// Whether each claim holds.
    pub held: &'t [bool],
    /// What is judged, with the reasons of every rule.
    pub judged: &'t Judged<'t>,
}

impl Tried<'_> {
    /// Says whether all claims hold.
    pub fn holds(&self) -> bool {
        self.held.iter().all(|held| *held)
    }
}

/// A version that has examples, as a policy of its own: an example is judged by the version beside which it stands.
pub(crate) struct Stand {
    pub(crate) policy: Policy,
}

impl Stand {
    fn of(version: &Version) -> Self {
        Self { policy: Policy { name: version.policy.clone(), versions: vec![version.clone()] } }
    }

    pub(crate) fn version(&self) -> Option<&Version> {
        self.policy.versions.first()
    }

    /// Lets some rules say nothing: they never apply, give no ground, and oblige to nothing. Their ids stay.
    pub(crate) fn silence(&mut self, rules: &[RuleId]) {
        for version in &mut self.policy.versions {
            silence(version, rules);
        }
    }
}

fn silence(version: &mut Version, rules: &[RuleId]) {
    for id in rules {
        let Some(rule) = version.rules.get_mut(id.0 as usize) else { continue };
        let never = version.conditions.add(Condition::Any(Box::new([])), rule.origin);
        rule.guard = Some(never);
    }
}

/// Judges a situation, and gives the judgement with where it was judged from to whoever asks.
pub(crate) fn judged<T>(
    policy: &Policy,
    situation: &Situation,
    take: impl FnOnce(&Judgement, Standpoint<'_>) -> T,
) -> T {
    let past = gather(policy, situation);
    let record = u32::try_from(situation.following.len()).unwrap_or(u32::MAX);
    let standpoint = Standpoint::after(situation.as_of, past.as_ref().map(|past| (past, record)));
    let judgement = judge(policy, &[&situation.episode], standpoint);
    take(&judgement, standpoint)
}

/// Works out the exact verdict where the judgement leaves it undetermined.
fn exact(
    policy: &Policy,
    situation: &Situation,
    judgement: &Judgement,
    standpoint: Standpoint<'_>,
) -> Option<ExactVerdict> {
    let open = judgement.verdict == Verdict::Undetermined;
    open.then(|| Exact::new(policy).verdict(&[&situation.episode], standpoint, judgement))
}

/// Finds what would settle an undetermined verdict.
fn evidence(
    policy: &Policy,
    situation: &Situation,
    judgement: &Judgement,
    standpoint: Standpoint<'_>,
    exact: Option<&ExactVerdict>,
) -> Option<Evidence> {
    let open = exact.is_some_and(|exact| exact.verdict == Verdict::Undetermined);
    let before = situation.following.iter().map(|earlier| &earlier.episode);
    let episodes: Vec<Vec<Episode>> = before.chain([&situation.episode]).map(|one| vec![one.clone()]).collect();
    let among = Among { episodes: &episodes };
    open.then(|| Exact::new(policy).evidence_among(&[&situation.episode], standpoint, judgement, Some(among)))
}

/// Gives the fields that a situation is wanting for.
pub(crate) fn wanting(policy: &Policy, situation: &Situation) -> Vec<FieldId> {
    judged(policy, situation, |judgement, standpoint| {
        let exact = exact(policy, situation, judgement, standpoint);
        let evidence = evidence(policy, situation, judgement, standpoint, exact.as_ref());
        evidence.map(|evidence| evidence.fields()).unwrap_or_default()
    })
}

/// Takes up the earlier episodes and, last, the one that is judged.
fn gather<'p>(policy: &'p Policy, situation: &Situation) -> Option<Past<'p>> {
    let mut gathering = Gathering::new(policy, situation.as_of)?;
    for Earlier { episode, .. } in &situation.following {
        gathering.add(&[episode]);
    }
    gathering.add(&[&situation.episode]);
    Some(gathering.close())
}

/// Says whether all claims of a situation hold.
pub(crate) fn all_hold(policy: &Policy, situation: &Situation, claims: &[Claim]) -> bool {
    held(policy, situation, claims).into_iter().all(|held| held)
}

/// Says which claims of a situation hold.
fn held(policy: &Policy, situation: &Situation, claims: &[Claim]) -> Vec<bool> {
    judged(policy, situation, |judgement, standpoint| {
        let exact = exact(policy, situation, judgement, standpoint);
        let Some(version) = policy.versions.first() else { return Vec::new() };
        let mut without = |rules: &[RuleId]| {
            let mut stand = Stand::of(version);
            stand.silence(rules);
            judged(&stand.policy, situation, |judgement, standpoint| {
                let exact = self::exact(&stand.policy, situation, judgement, standpoint);
                exact.map_or(judgement.verdict, |exact| exact.verdict)
            })
        };
        let mut wanting = || {
            let evidence = evidence(policy, situation, judgement, standpoint, exact.as_ref());
            Wanting::of(judgement, evidence.as_ref())
        };
        claims
            .iter()
            .map(|claim| claims::holds(&claim.kind, version, judgement, exact.as_ref(), &mut wanting, &mut without))
            .collect()
    })
}

impl<'a> Trial<'a> {
    /// Gives every version that an example stands beside, in the order of the set, with its examples.
    pub fn by_version(&self) -> Vec<(&'a Version, Vec<&'a Example>)> {
        let versions = self.set.policies.iter().flat_map(|policy| &policy.versions);
        let of = |version: &'a Version| {
            let is_of = |example: &&Example| example.version.0 == version.policy && example.version.1 == version.origin;
            (version, self.examples.iter().filter(is_of).collect())
        };
        versions.map(of).collect()
    }

    /// Runs the examples of one version, and gives what they reach.
    pub fn run(&self, version: &Version, examples: &[&Example], sink: &mut dyn Sink) -> Coverage {
        let stand = Stand::of(version);
        let mut seen = coverage::Seen::new(version);
        for example in examples {
            match &example.subject {
                Subject::Case(situation, claims) => {
                    try_case(&stand, example, situation, claims, sink, &mut seen);
                }
                Subject::Log(log) => {
                    self.try_log(&stand, example, log, sink, Some(&mut seen));
                }
            }
        }
        seen.finish(&stand, examples, self.untested)
    }

    /// Tries every change of a version, and gives how many its examples notice.
    pub fn mutate(&self, version: &Version, examples: &[&Example]) -> Score {
        let records_notice = |changed: &Stand| {
            let mut notices = Notices(false);
            for example in examples {
                if let Subject::Log(log) = &example.subject {
                    self.try_log(changed, example, log, &mut notices, None);
                }
            }
            notices.0
        };
        mutation::mutate(version, examples, self.sources, &records_notice)
    }

    fn try_log(
        &self,
        stand: &Stand,
        example: &Example,
        log: &LogExample,
        sink: &mut dyn Sink,
        seen: Option<&mut coverage::Seen>,
    ) {
        let of_example = self.logs.iter().filter(|(origin, _)| *origin == example.origin);
        let inputs: Vec<Input> = of_example.map(|(_, input)| input.clone()).collect();
        if !inputs.is_empty() {
            let policy = records::with_its_others(self.set, stand);
            records::try_log(&records::OfLog { trial: self, stand, policy, example, log, inputs }, sink, seen);
        }
    }
}

/// Hears only whether some claim fails.
struct Notices(bool);

impl Sink for Notices {
    fn tried(&mut self, tried: &Tried<'_>) {
        self.0 |= !tried.holds();
    }

    fn problem(&mut self, _problem: Diagnostic) {}
}

fn try_case(
    stand: &Stand,
    example: &Example,
    situation: &Situation,
    claims: &[Claim],
    sink: &mut dyn Sink,
    seen: &mut coverage::Seen,
) {
    let Some(version) = stand.version() else { return };
    let held = held(&stand.policy, situation, claims);
    judged(&stand.policy, situation, |judgement, standpoint| {
        seen.add(version, situation, judgement, standpoint);
        let citations = cite(version, &situation.episode, judgement, standpoint, true);
        let exact = exact(&stand.policy, situation, judgement, standpoint);
        let evidence = evidence(&stand.policy, situation, judgement, standpoint, exact.as_ref());
        let result = PolicyResult {
            policy: &stand.policy,
            version: judgement.version.and(Some(version)),
            episode: Arc::new(situation.episode.clone()),
            judgement: judgement.clone(),
            exact,
            evidence,
            repair: None,
            fragile: Vec::new(),
            past: standpoint.past.map(|(past, _)| past),
            record: standpoint.past.map_or(0, |(_, record)| record),
            for_nobody: Vec::new(),
            citations,
        };
        let id = Some(example.title.clone());
        let results = vec![result];
        let judged = Judged { id, place: example.origin, findings: Vec::new(), results, together: None };
        sink.tried(&Tried { example, record: None, claims, held: &held, judged: &judged });
    });
    for earlier in &situation.following {
        let alone = judge(&stand.policy, &[&earlier.episode], Standpoint::alone(situation.as_of));
        if alone.verdict == Verdict::NotCovered {
            sink.problem(claims::uncovered(earlier, version));
        }
    }
}
