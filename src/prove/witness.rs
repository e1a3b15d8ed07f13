//! A case that answers a question: found by the solver, confirmed by the judge, and made as short as it can be.

use std::collections::BTreeSet;

use crate::episode::Episode;
use crate::judge::{Because, Evaluation, Judgement, Measured, Standpoint, Truth, Verdict};
use crate::policy::{Condition, ConditionId, HistoryId, Role, Term, Version};
use jiff::{SignedDuration, Timestamp};

use super::decode::{Setting, Supposed};
use super::place::Place;
use super::solver::Lit;
use super::verdict::Verdicts;
use super::whatever::judged;
use super::world::{Found, Settled, World};

/// How many models that the judge does not confirm are looked at.
const MOST_REFUSED: usize = 40;

/// A record, with what the judge says of it.
#[derive(Debug, Clone)]
pub struct Witness {
    /// What a case of it states, in the words of the version that is in force for the first policy, else of its first.
    pub settings: Vec<Setting>,
    /// The record as every version of every policy that was asked about reads it.
    pub episodes: Vec<Episode>,
    /// What history clauses are supposed to come to; empty where none was asked.
    pub supposed: Vec<Supposed>,
    /// How long before it others like it lie that make history clauses come to just that; none where none was found.
    pub before: Option<Vec<SignedDuration>>,
    /// What each policy says of it, replayed by the judge; the verdict is the exact one.
    pub judgements: Vec<Judgement>,
}

impl Witness {
    /// Gives what a history clause of a version, by number among those asked about, is supposed to come to.
    pub(super) fn measured(&self, version: usize, history: HistoryId) -> Measured {
        let found = self.supposed.iter().find(|(at, id, _)| (*at, *id) == (version, history));
        found.map_or(Measured::Unknown, |(.., measured)| *measured)
    }

    /// Gives what is known of each of some comparisons of a version, by number among those asked about.
    pub(super) fn known_of(
        &self,
        version: (usize, &Version),
        leaves: impl IntoIterator<Item = ConditionId>,
    ) -> Vec<(ConditionId, Truth)> {
        let (at, of) = version;
        let Some(episode) = self.episodes.get(at) else { return Vec::new() };
        let mut evaluation = Evaluation::new(of, episode);
        let mut truth = |leaf| match of.conditions.get(leaf) {
            Condition::Measure { history, relation, right: Term::Constant(right) } => {
                self.measured(at, *history).compare(*relation, right)
            }
            Condition::Measure { .. } => Truth::Unknown,
            _ => evaluation.truth(leaf),
        };
        leaves.into_iter().map(|leaf| (leaf, truth(leaf))).collect()
    }

    /// Says whether the verdict of a policy is decided only since it is the same whatever the value of what is missing.
    pub fn is_whatever_the_value(&self, policy: usize) -> bool {
        self.judgements.get(policy).is_some_and(|judgement| {
            let is_open = matches!(judgement.because, Because::Undetermined | Because::ScopeOpen | Because::TimeOpen);
            is_open && judgement.verdict != Verdict::Undetermined
        })
    }

    /// Gives the verdict of a policy.
    pub fn verdict(&self, policy: usize) -> Option<Verdict> {
        self.judgements.get(policy).map(|judgement| judgement.verdict)
    }
}

/// What came of a question.
#[derive(Debug, Clone)]
pub enum Answer {
    /// There is no such record.
    None,
    /// There is one.
    Case(Box<Witness>),
    /// It was not decided: what cannot be said exactly stands in the way.
    Open,
}

impl World<'_> {
    /// Looks for a record of which some literals hold, the shortest that is found, and lets the judge say the same.
    pub(crate) fn find(&mut self, goal: &[Lit]) -> Answer {
        let verdicts: Vec<Verdicts> = (0..self.policies.len()).filter_map(|policy| self.of_policy(policy)).collect();
        for _ in 0..MOST_REFUSED {
            let Some(settled) = self.most_stated(goal) else {
                return match self.settle(goal) {
                    Found::Cannot => Answer::None,
                    _ => Answer::Open,
                };
            };
            let goal: Vec<Lit> = goal.iter().copied().chain(self.as_it_is(&verdicts)).collect();
            let settled = self.shorten(&goal, settled);
            if let Some(witness) = self.replay(&settled, &verdicts) {
                return Answer::Case(Box::new(witness));
            }
            let model = self.model();
            self.set_aside(&model);
        }
        Answer::Open
    }

    /// Finds a record on which as much as possible is written: what is missing would leave things open.
    fn most_stated(&mut self, goal: &[Lit]) -> Option<Settled> {
        let recorded = self.readings.iter().filter(|((version, _), _)| !self.views.contains_key(version));
        let present: BTreeSet<Lit> = recorded.map(|(_, reading)| reading.present).collect();
        self.settle_with_most(goal, present)
    }

    /// Gives the verdicts that hold in the last model, and whether they hold by Kleene, too: a case of which a verdict holds
    /// whatever is missing is harder to read.
    fn as_it_is(&mut self, verdicts: &[Verdicts]) -> Vec<Lit> {
        let judging: Vec<usize> = self.exactly.keys().copied().collect();
        let mut all = verdicts.to_vec();
        for version in judging {
            if self.in_force(version).is_some_and(|in_force| !self.solver.value(in_force.no)) {
                all.extend(self.of_version(version));
            }
        }
        let each = all.iter().flat_map(|verdicts| Verdict::ALL.map(|verdict| verdicts.lit(verdict)));
        each.filter(|lit| self.solver.value(*lit)).collect()
    }

    /// Lets history clauses come to one value each, and leaves out one value after the other, as long as nothing changes.
    fn shorten(&mut self, goal: &[Lit], mut settled: Settled) -> Settled {
        let times = self.time_fields();
        let mut assumed = goal.to_vec();
        let asked: BTreeSet<usize> = self.asked.values().map(|(quantity, _)| *quantity).collect();
        for quantity in asked {
            let Some(quantity) = self.quantities.get(quantity) else { continue };
            let (low, high) = (Place::of(quantity.low), Place::of(quantity.high));
            let is_one = self.less(high, low, false);
            self.assume_if_possible(is_one, None, &mut assumed, &mut settled);
        }
        for at in 0..self.shared.len() {
            let Some(present) = self.shared.get(at).map(|shared| shared.present) else { continue };
            if times.contains(&at) {
                let keep = if self.solver.value(present) { present } else { !present };
                assumed.push(keep);
            } else {
                self.assume_if_possible(!present, Some(present), &mut assumed, &mut settled);
            }
        }
        settled
    }

    /// Assumes a literal where it can hold with all that is assumed, else another; the last model is then of what is assumed.
    fn assume_if_possible(&mut self, lit: Lit, other: Option<Lit>, assumed: &mut Vec<Lit>, settled: &mut Settled) {
        let model = self.solver.model();
        assumed.push(lit);
        if let Found::Can(found) = self.settle_if_easy(assumed) {
            *settled = found;
            return;
        }
        assumed.pop();
        assumed.extend(other);
        self.solver.recall(model);
    }

    /// Gives the shared fields that say when an episode happened.
    fn time_fields(&self) -> Vec<usize> {
        let of = |(at, version): (usize, &&Version)| {
            let field = version.vocabulary.role(Role::Time)?;
            self.readings.get(&(at, field)).map(|reading| reading.shared)
        };
        self.versions.iter().enumerate().filter_map(of).collect()
    }

    /// Lets the judge say what it says of the record of a model; none where it says something else.
    fn replay(&self, settled: &Settled, verdicts: &[Verdicts]) -> Option<Witness> {
        let recorded = self.versions.iter().enumerate().filter(|(at, _)| !self.views.contains_key(at));
        let mut episodes: Vec<Episode> = recorded.map(|(at, version)| self.episode(at, version, settled)).collect();
        let supposed = self.supposed(settled);
        let mut judgements = self.judged(&episodes, &supposed, verdicts)?;
        let before = self.before(settled, &mut episodes, verdicts);
        if before.is_some() {
            judgements = self.judged(&episodes, &supposed, verdicts).unwrap_or(judgements);
        }
        let told = judgements.first().and_then(|judgement| judgement.version).unwrap_or(0);
        let settings = self.versions.get(told).zip(episodes.get(told));
        let settings = settings.map(|(version, episode)| Self::settings(version, episode)).unwrap_or_default();
        Some(Witness { settings, episodes, supposed, before, judgements })
    }

    /// Gives what each policy says of a record; none where it is not what the last model says.
    fn judged(&self, episodes: &[Episode], supposed: &[Supposed], verdicts: &[Verdicts]) -> Option<Vec<Judgement>> {
        let all = self.policies.iter().zip(&self.first).zip(verdicts);
        all.map(|((policy, first), verdicts)| {
            let readings: Vec<&Episode> = episodes.iter().skip(*first).take(policy.versions.len()).collect();
            let own: Vec<Supposed> = supposed
                .iter()
                .filter_map(|(version, history, measured)| Some((version.checked_sub(*first)?, *history, *measured)))
                .collect();
            let judgement = judged(policy, &readings, Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&own));
            self.solver.value(verdicts.lit(judgement.verdict)).then_some(judgement)
        })
        .collect()
    }

    /// Gives what holds in the last model of fields and of what is not said exactly.
    fn model(&self) -> Vec<Lit> {
        use super::field::What;
        let mut lits: Vec<Lit> = self.shared.iter().map(|shared| shared.present).collect();
        for shared in &self.shared {
            match &shared.what {
                What::Truth(lit) => lits.push(*lit),
                What::Name(names) | What::Names(names) => lits.extend(names.iter().map(|name| name.1)),
                What::People { members, .. } => lits.extend(members.values()),
                What::Line(_) | What::Somebody(_) => {}
            }
        }
        let mut opaque: Vec<Lit> = self.opaque.values().copied().collect();
        opaque.sort_unstable();
        lits.extend(opaque);
        lits.extend(self.clocks.iter().map(|test| test.lit));
        lits.into_iter().map(|lit| if self.solver.value(lit) { lit } else { !lit }).collect()
    }
}
