//! The exact verdict: what holds of an episode whatever the values that are missing (semantics.md, section 5).
//!
//! A version is encoded once, and asked about one record after the other by assumptions. Where the encoding is not exact
//! it allows more completions than there are, so that a verdict that is given holds, and one may be left open.

use std::collections::BTreeSet;

use crate::episode::Episode;
use crate::judge::{Evaluation, Judgement, Measured, Outcome, Standpoint, Verdict, candidates, judge_by};
use crate::policy::{DefaultNorm, HistoryId, Policy, RuleId, Version};

use super::among::Among;
use super::evidence::{self, Evidence};
use super::placing::Placing;
use super::recorded::Asked;
use super::repair::Otherwise;
use super::solver::Lit;
use super::subsets::fewest;
use super::trying;
use super::verdict::Verdicts;
use super::world::{Found, World};

/// After so many records an encoding is made anew: each record may leave a few statements behind.
const MOST_RECORDS: usize = 1_000;

/// What the completions of a record come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExactVerdict {
    /// The exact verdict.
    pub verdict: Verdict,
    /// The verdicts that remain possible, the strictest first; the exact one alone, if it is decided.
    pub possible: Vec<Verdict>,
    /// A smallest set of rules that jointly decide it, whatever the value; empty if none is needed.
    pub rules: Vec<RuleId>,
    /// Whether that no permit can hold is part of what decides it.
    pub by_default: bool,
}

/// Works out exact verdicts of one policy.
pub struct Exact<'p> {
    pub(super) policy: &'p Policy,
    versions: Vec<Option<Encoded<'p>>>,
    /// What could have been another in the records that each version judges.
    pub(super) otherwise: Vec<Otherwise>,
}

/// A version, encoded.
pub(crate) struct Encoded<'p> {
    pub(crate) world: World<'p>,
    used: usize,
}

impl<'p> Encoded<'p> {
    /// Encodes a version.
    pub(crate) fn new(version: &'p Version) -> Self {
        let mut world = World::completing(version);
        // What a verdict reads is encoded before a record is looked at: what a clause asks of the episode itself, too.
        world.of_version(0);
        world.in_force(0);
        for history in version.conditions.histories().iter().filter(|history| history.window.counts_itself()) {
            for asked in history.conditions() {
                world.condition(0, asked);
            }
            history.function.summed().and_then(|field| world.reading(0, field));
        }
        // And what places it among the others, so that it can be supposed to be written.
        for field in Placing::of(version, 0).of_all() {
            world.reading(0, field);
        }
        Self { world, used: 0 }
    }

    /// Gives what is assumed of the completions of a record, and the verdicts that they can have; none where a value cannot be
    /// said exactly. `at`: the version's number among those of its policy.
    pub(super) fn completions(
        &mut self,
        (at, version): (usize, &Version),
        episode: &Episode,
        standpoint: Standpoint<'_>,
        judgement: &Judgement,
    ) -> Option<(Vec<Lit>, Verdicts)> {
        let (measures, silent) = (measures(version, at, episode, standpoint), silent(judgement));
        let asked = Asked::of_completions(&measures, &silent);
        let mut assumed = self.world.recorded(&mut Evaluation::new(version, episode), asked)?;
        assumed.extend(self.world.in_force(0).map(|in_force| !in_force.no));
        Some((assumed, self.world.of_version(0)?))
    }

    /// Gives what all completions of which some literals hold have in common.
    pub(super) fn common(&mut self, assumed: &[Lit], verdicts: Verdicts) -> ExactVerdict {
        let mut can_be = |verdict| {
            let assumed = [assumed, &[verdicts.lit(verdict)]].concat();
            !matches!(self.world.settle(&assumed), Found::Cannot)
        };
        ExactVerdict::of(Verdict::ALL.into_iter().filter(|verdict| can_be(*verdict)).collect())
    }
}

impl<'p> Exact<'p> {
    /// Begins with nothing encoded.
    pub fn new(policy: &'p Policy) -> Self {
        let otherwise = policy.versions.iter().map(Otherwise::of).collect();
        Self { policy, versions: policy.versions.iter().map(|_| None).collect(), otherwise }
    }

    /// Works out the exact verdict on an episode, whose judgement is given.
    pub fn verdict(
        &mut self,
        readings: &[&Episode],
        standpoint: Standpoint<'_>,
        judgement: &Judgement,
    ) -> ExactVerdict {
        if judgement.verdict != Verdict::Undetermined {
            return ExactVerdict::decided(judgement.verdict);
        }
        self.count();
        if let Some(at) = judgement.version {
            let Some(episode) = readings.get(at) else { return ExactVerdict::open(Verdict::ALL) };
            return self.of_version(at, episode, standpoint, judgement);
        }
        let (versions, gap) = candidates(self.policy, readings);
        let mut possible: BTreeSet<Verdict> = gap.then_some(Verdict::NotCovered).into_iter().collect();
        for at in versions {
            let (Some(version), Some(episode)) = (self.policy.versions.get(at), readings.get(at)) else { continue };
            let judgement = judge_by(version, at, episode, standpoint);
            possible.extend(self.of_version(at, episode, standpoint, &judgement).possible);
        }
        ExactVerdict::of(possible)
    }

    /// Finds the smallest sets of fields that can settle an undetermined verdict, where the exact one is undetermined too.
    pub fn evidence(&mut self, readings: &[&Episode], standpoint: Standpoint<'_>, judgement: &Judgement) -> Evidence {
        self.evidence_among(readings, standpoint, judgement, None)
    }

    /// Finds them among the fields of other episodes too.
    pub fn evidence_among(
        &mut self,
        readings: &[&Episode],
        standpoint: Standpoint<'_>,
        judgement: &Judgement,
        among: Option<Among<'_>>,
    ) -> Evidence {
        // Which records are proposed depends on what a solver was asked before: so each episode has one of its own.
        self.versions.iter_mut().for_each(|encoded| *encoded = None);
        match judgement.version {
            _ if judgement.verdict != Verdict::Undetermined => Evidence::default(),
            Some(at) => evidence::of_version(self, at, readings, standpoint, judgement, among),
            None => evidence::of_time(self, readings, standpoint),
        }
    }

    pub(crate) fn encoded(&mut self, at: usize) -> Option<&mut Encoded<'p>> {
        let version = self.policy.versions.get(at)?;
        Some(self.versions.get_mut(at)?.get_or_insert_with(|| Encoded::new(version)))
    }

    /// Counts a record, and forgets encodings that have grown old.
    fn count(&mut self) {
        for encoded in &mut self.versions {
            match encoded {
                Some(known) if known.used >= MOST_RECORDS => *encoded = None,
                Some(known) => known.used += 1,
                None => {}
            }
        }
    }

    /// Works out the exact verdict of one version, which is in force or may be.
    pub(crate) fn of_version(
        &mut self,
        at: usize,
        episode: &Episode,
        standpoint: Standpoint<'_>,
        judgement: &Judgement,
    ) -> ExactVerdict {
        if judgement.verdict != Verdict::Undetermined {
            return ExactVerdict::decided(judgement.verdict);
        }
        let Some(version) = self.policy.versions.get(at) else { return ExactVerdict::open(Verdict::ALL) };
        if let Some(found) = trying::verdict(version, episode, judgement) {
            return found;
        }
        let Some(encoded) = self.encoded(at) else { return ExactVerdict::open(Verdict::ALL) };
        let Some((assumed, verdicts)) = encoded.completions((at, version), episode, standpoint, judgement) else {
            return ExactVerdict::open(Verdict::ALL);
        };
        let mut exact = encoded.common(&assumed, verdicts);
        encoded.world.cite(version, &assumed, &mut exact);
        exact
    }
}

impl ExactVerdict {
    fn decided(verdict: Verdict) -> Self {
        Self { verdict, possible: vec![verdict], rules: Vec::new(), by_default: false }
    }

    fn open(possible: impl IntoIterator<Item = Verdict>) -> Self {
        let possible = possible.into_iter().collect();
        Self { verdict: Verdict::Undetermined, possible, rules: Vec::new(), by_default: false }
    }

    pub(super) fn of(possible: BTreeSet<Verdict>) -> Self {
        let mut all = possible.iter();
        match (all.next(), all.next()) {
            (Some(only), None) => Self::decided(*only),
            _ => Self::open(Verdict::ALL.into_iter().filter(|verdict| possible.contains(verdict))),
        }
    }
}

impl World<'_> {
    /// Finds a smallest set of rules that jointly decide: one of those norms is violated, or one of those permits given,
    /// whatever the value.
    fn cite(&mut self, version: &Version, assumed: &[Lit], exact: &mut ExactVerdict) {
        let (norms, permits) = Self::deciding(version);
        let mut parts: Vec<(Option<RuleId>, Lit)> = Vec::new();
        match exact.verdict {
            Verdict::Impermissible => {
                parts.extend(norms.iter().filter_map(|rule| Some((Some(*rule), self.says(0, *rule)?.violated))));
                if version.default == DefaultNorm::Forbid {
                    let none: Vec<Lit> = permits.iter().filter_map(|rule| Some(self.ground(0, *rule)?.no)).collect();
                    parts.push((None, self.solver.all(none)));
                }
            }
            Verdict::Permissible if version.default == DefaultNorm::Forbid => {
                parts.extend(permits.iter().filter_map(|rule| Some((Some(*rule), self.ground(0, *rule)?.yes))));
            }
            _ => return,
        }
        let chosen = self.smallest(assumed, &parts);
        exact.by_default = chosen.iter().any(|rule| rule.is_none());
        exact.rules = chosen.into_iter().flatten().collect();
    }

    /// Finds a smallest selection of which one holds whatever the value: of one or two by trying, of more by leaving out.
    fn smallest(&mut self, assumed: &[Lit], parts: &[(Option<RuleId>, Lit)]) -> Vec<Option<RuleId>> {
        let decides = |world: &mut Self, chosen: &[&(Option<RuleId>, Lit)]| {
            let none = chosen.iter().map(|(_, lit)| !*lit);
            let all: Vec<Lit> = assumed.iter().copied().chain(none).collect();
            matches!(world.settle(&all), Found::Cannot)
        };
        let mut open = Vec::new();
        for part in parts {
            let can: Vec<Lit> = assumed.iter().copied().chain([part.1]).collect();
            if !matches!(self.settle(&can), Found::Cannot) {
                open.push(part);
            }
        }
        for (at, one) in open.iter().enumerate() {
            if decides(self, &[one]) {
                return vec![one.0];
            }
            for other in open.iter().take(if open.len() <= MOST_TRIED { at } else { 0 }) {
                if decides(self, &[one, other]) {
                    // One alone may still come later: it is looked for first.
                    if let Some(alone) = open.iter().find(|part| decides(self, &[part])) {
                        return vec![alone.0];
                    }
                    return vec![other.0, one.0];
                }
            }
        }
        fewest(open, |kept| decides(self, kept)).into_iter().map(|part| part.0).collect()
    }
}

/// With more rules than this, pairs are not tried.
const MOST_TRIED: usize = 24;

/// Gives what the history clauses of a version come to for an episode.
pub(crate) fn measures(version: &Version, at: usize, episode: &Episode, standpoint: Standpoint<'_>) -> Vec<Measured> {
    let mut evaluation = Evaluation::looking_back(version, episode, standpoint.looking_back(at));
    let supposed = |id: HistoryId| {
        let found = standpoint.supposed.iter().find(|(version, history, _)| (*version, *history) == (at, id));
        found.map(|(.., measured)| *measured)
    };
    let clauses = (0..).map(HistoryId).take(version.conditions.histories().len());
    clauses.map(|id| supposed(id).unwrap_or_else(|| evaluation.measure(id))).collect()
}

/// Gives the rules that silence settled.
pub(crate) fn silent(judgement: &Judgement) -> Vec<RuleId> {
    let by_silence = |outcome: &Outcome| matches!(outcome, Outcome::Requirement { by_silence: true, .. });
    let rules = (0..).map(RuleId).zip(&judgement.outcomes);
    rules.filter(|(_, outcome)| by_silence(outcome)).map(|(rule, _)| rule).collect()
}
