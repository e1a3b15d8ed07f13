//! The exact verdict as literals: what holds of a record whatever the values that are missing (semantics.md, section 5).
//!
//! Where Kleene decides, the exact verdict is his. Elsewhere it is a claim that a model makes at first freely, and that is
//! looked at when the model is: a world of its own (`exact`) is asked for a completion of that record with another verdict.
//! If there is one, its values are learnt, for all records: whoever claims a verdict must give it on the record completed
//! by these values, too. There are finitely many values that are told apart, so that this ends; and most questions need
//! few. That a verdict is undetermined is claimed with two completions that differ.

use jiff::Timestamp;

use crate::episode::Episode;
use crate::judge::{Judgement, Standpoint, Verdict, judge, judge_by};
use crate::policy::{Policy, Version};

use super::completion::Values;
use super::decode::Supposed;
use super::exact::{Encoded, Exact};
use super::solver::Lit;
use super::verdict::Verdicts;
use super::world::{Found, Settled, World};

/// The exact verdicts of a version.
pub(crate) struct Exactly<'p> {
    verdicts: Verdicts,
    /// The two completions with which *undetermined* is claimed; none before they are needed.
    doubts: Option<[usize; 2]>,
    /// What is asked about the completions of one record; made when first needed.
    completions: Option<Box<Encoded<'p>>>,
}

/// What can be said against a claim.
enum Against {
    /// A completion that has another verdict: one of its own, or another but for some values.
    Completion(Values, Option<usize>),
    /// All completions have one verdict, although none is claimed.
    Unanimous,
}

impl<'p> World<'p> {
    /// Gives the exact verdicts of one version on an episode in its time.
    pub(crate) fn exactly(&mut self, version: usize) -> Option<Verdicts> {
        let kleene = self.of_version(version)?;
        if self.completing {
            return Some(kleene);
        }
        if let Some(known) = self.exactly.get(&version) {
            return Some(known.verdicts);
        }
        self.in_force(version)?;
        let free = Verdict::ALL.map(|_| self.solver.free());
        self.exactly_one(&free);
        let [not_covered, permissible, undetermined, impermissible] = free;
        let verdicts = Verdicts { not_covered, permissible, undetermined, impermissible };
        for verdict in DECIDED {
            self.solver.implies(kleene.lit(verdict), verdicts.lit(verdict));
        }
        self.exactly.insert(version, Exactly { verdicts, doubts: None, completions: None });
        Some(verdicts)
    }

    /// Looks at the exact verdicts that the last model claims of its record. Says whether one was refuted: what refuted it is
    /// encoded then.
    pub(crate) fn learn(&mut self, settled: &Settled) -> bool {
        let versions: Vec<usize> = self.exactly.keys().copied().collect();
        for version in versions.iter().copied() {
            let learnt = match self.against(version, settled) {
                Some(Against::Completion(values, but_for)) => {
                    // A verdict that another version rightly leaves open is refuted by that alone.
                    for other in versions.iter().copied() {
                        self.doubt(other);
                    }
                    let completion = self.complete(version, &values, but_for);
                    self.instantiate(completion)
                }
                Some(Against::Unanimous) => self.doubt(version),
                None => None,
            };
            if learnt.is_some() {
                return true;
            }
        }
        false
    }

    /// Looks for something against what the last model claims of a version, where Kleene decides nothing; none where nothing is
    /// certain.
    fn against(&mut self, version: usize, settled: &Settled) -> Option<Against> {
        let kleene = self.of_version(version)?;
        let in_force = self.in_force(version)?;
        if !self.solver.value(kleene.undetermined) || self.solver.value(in_force.no) {
            return None;
        }
        let exactly = self.exactly.get(&version)?;
        let (verdicts, doubted) = (exactly.verdicts, exactly.doubts.is_some());
        let claimed = Verdict::ALL.into_iter().find(|verdict| self.solver.value(verdicts.lit(*verdict)))?;
        if claimed == Verdict::Undetermined && doubted {
            return None;
        }
        let of = *self.versions.get(version)?;
        let episode = self.episode(version, of, settled);
        let supposed: Vec<Supposed> = self.supposed(settled).into_iter().filter(|one| one.0 == version).collect();
        let encoded = self.exactly.get_mut(&version)?.completions.take();
        let mut completions = encoded.unwrap_or_else(|| Box::new(Encoded::new(of)));
        // What is like a completion that another claim rests on tells most about it.
        let doubts = self.exactly.values().filter_map(|exactly| exactly.doubts).flatten();
        let near: Vec<(usize, Values)> = doubts.map(|doubt| (doubt, self.values_of(doubt, version, settled))).collect();
        let found = completions.against(of, &episode, &supposed, claimed, &near);
        self.exactly.get_mut(&version)?.completions = Some(completions);
        found
    }

    /// Demands that who claims a decided verdict gives it on a completion, too; so of every version, since what two versions
    /// make of one completion is often the same.
    fn instantiate(&mut self, completion: usize) -> Option<()> {
        let versions: Vec<(usize, Verdicts)> = self.exactly.iter().map(|(at, known)| (*at, known.verdicts)).collect();
        for (version, claimed) in versions {
            let given = self.given(version, completion)?;
            for verdict in DECIDED {
                self.solver.implies(claimed.lit(verdict), given.lit(verdict));
            }
        }
        Some(())
    }

    /// Gives the verdicts of a version on a completion.
    fn given(&mut self, version: usize, completion: usize) -> Option<Verdicts> {
        let view = self.view(version, completion)?;
        self.of_version(view)
    }

    /// Demands that who claims that a verdict is undetermined has a completion on which it is, or two that differ.
    fn doubt(&mut self, version: usize) -> Option<()> {
        if self.exactly.get(&version)?.doubts.is_some() {
            return None;
        }
        let [one, other] = [(); 2].map(|()| self.complete(version, &Values::default(), None));
        self.instantiate(one)?;
        self.instantiate(other)?;
        let (first, second) = (self.given(version, one)?, self.given(version, other)?);
        let same = DECIDED.map(|verdict| self.solver.both(first.lit(verdict), second.lit(verdict)));
        let same = self.solver.any(same);
        let exactly = self.exactly.get_mut(&version)?;
        exactly.doubts = Some([one, other]);
        self.solver.implies(exactly.verdicts.undetermined, !same);
        Some(())
    }
}

/// How many values a completion may have that is told as another but for them.
const MOST_UNLIKE: usize = 4;

/// The verdicts that are no longer open.
const DECIDED: [Verdict; 3] = [Verdict::NotCovered, Verdict::Permissible, Verdict::Impermissible];

impl Encoded<'_> {
    /// Looks for something against a claim about the verdict on a record that is undetermined by Kleene. `supposed`: what the
    /// history clauses come to.
    fn against(
        &mut self,
        version: &Version,
        episode: &Episode,
        supposed: &[Supposed],
        claimed: Verdict,
        near: &[(usize, Values)],
    ) -> Option<Against> {
        let supposed: Vec<Supposed> = supposed.iter().map(|(_, history, measured)| (0, *history, *measured)).collect();
        let standpoint = Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&supposed);
        let judgement = judge_by(version, 0, episode, standpoint);
        let (assumed, verdicts) = self.completions((0, version), episode, standpoint, &judgement)?;
        if claimed == Verdict::Undetermined {
            let is_open = self.common(&assumed, verdicts).verdict == Verdict::Undetermined;
            return (!is_open).then_some(Against::Unanimous);
        }
        Verdict::ALL.into_iter().filter(|verdict| *verdict != claimed).find_map(|verdict| {
            let assumed = [assumed.as_slice(), &[verdicts.lit(verdict)]].concat();
            let Found::Can(settled) = self.world.settle(&assumed) else { return None };
            let values = self.world.values(&settled, true);
            Some(match self.nearest(&assumed, near) {
                Some((unlike, completion)) => Against::Completion(unlike, Some(completion)),
                None => Against::Completion(values, None),
            })
        })
    }

    /// Finds the completion that is nearest to some others: what is not as in one of them, and its number.
    fn nearest(&mut self, assumed: &[Lit], near: &[(usize, Values)]) -> Option<(Values, usize)> {
        let mut best: Option<(Values, usize)> = None;
        for (completion, values) in near {
            let wished = self.world.as_in(values);
            let Some(settled) = self.world.settle_with_most(assumed, wished) else { continue };
            let unlike = self.world.unlike(&self.world.values(&settled, false), values);
            let known = best.as_ref().map_or(MOST_UNLIKE + 1, |(values, _)| values.count());
            if (1..known).contains(&unlike.count()) {
                best = Some((unlike, *completion));
            }
        }
        best
    }
}

/// Judges, and gives the exact verdict.
pub(crate) fn judged(policy: &Policy, readings: &[&Episode], standpoint: Standpoint<'_>) -> Judgement {
    let mut judgement = judge(policy, readings, standpoint);
    if judgement.verdict == Verdict::Undetermined {
        judgement.verdict = Exact::new(policy).verdict(readings, standpoint, &judgement).verdict;
    }
    judgement
}
