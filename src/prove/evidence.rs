//! What would settle an undetermined verdict: the smallest sets of fields of the episode, and whether each always does.
//!
//! The solver proposes values; whether they settle is asked of the judge and of the exact verdict on the record with
//! these values written in, and what history clauses come to is measured anew. Fields of earlier records are not
//! enumerated. The search begins with an encoding of its own, so that what it finds depends on nothing but the policy and
//! the record, wherever it is cut.

use std::collections::BTreeSet;

use crate::episode::{Episode, Slot};
use crate::judge::{Evaluation, Judgement, Measured, Standpoint, Verdict, candidates, clear_only_without, judge_by};
use crate::policy::{FieldId, HistoryId, Role, Version};

use super::among::{Among, Others};
use super::exact::{Encoded, Exact, measures};
use super::placing::Placing;
use super::recorded::Asked;
use super::solver::Lit;
use super::subsets::subsets;
use super::turning::{self, Turning};
use super::world::Found;

/// How many fields are looked at, and how many of them together.
const MOST_FIELDS: usize = 10;
const MOST_TOGETHER: usize = 4;

/// How many sets are given.
const MOST_SETS: usize = 20;

/// How many records are tried for one episode, and for one set.
const MOST_TRIED: usize = 100;
const MOST_OF_A_SET: usize = 64;

/// Fields that together can settle a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settling {
    /// The fields of the episode itself, in the order of the vocabulary.
    pub fields: Vec<FieldId>,
    /// Those of other episodes, by the number of each in the past.
    pub earlier: Vec<(u32, FieldId)>,
    /// Whether every value of them settles it; none where that was not worked out.
    pub always: Option<bool>,
}

/// What would settle a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The smallest sets of fields: those of the episode itself alone, then those with others, the fewest fields first.
    pub sets: Vec<Settling>,
    /// Whether there may be more: the search was cut short.
    pub cut: bool,
    /// Whether what other episodes leave open may have a part in it: their fields are not searched.
    pub looks_back: bool,
}

impl Evidence {
    /// Says whether these are all sets there are.
    pub fn is_all(&self) -> bool {
        !self.cut && !self.looks_back
    }

    /// Gives every field of other episodes that stands in one of the sets, by the number of each in the past.
    pub fn earlier(&self) -> Vec<(u32, FieldId)> {
        let all: BTreeSet<(u32, FieldId)> = self.sets.iter().flat_map(|set| set.earlier.iter().copied()).collect();
        all.into_iter().collect()
    }

    /// Gives every field of the episode itself that stands in one of the sets, in the order of the vocabulary.
    pub fn fields(&self) -> Vec<FieldId> {
        let all: BTreeSet<FieldId> = self.sets.iter().flat_map(|set| set.fields.iter().copied()).collect();
        all.into_iter().collect()
    }
}

/// Searches the sets of open fields, the smallest first.
pub(super) fn of_version(
    exact: &mut Exact<'_>,
    at: usize,
    readings: &[&Episode],
    standpoint: Standpoint<'_>,
    judgement: &Judgement,
    among: Option<Among<'_>>,
) -> Evidence {
    let (Some(version), Some(episode)) = (exact.policy.versions.get(at), readings.get(at)) else {
        return Evidence { cut: true, ..Evidence::default() };
    };
    let mut search = Search::new(exact, at, version, episode, standpoint);
    let mut others = among.and_then(|among| Others::of(search.exact.policy, at, among, standpoint));
    let turning = search.turning(others.is_some());
    let fields = search.candidates(&turning, judgement);
    let (cut, looks_back) = (fields.len() > MOST_FIELDS, search.looks_back(&turning, judgement));
    let mut evidence = Evidence { cut, looks_back, ..Evidence::default() };
    let mut fields: Vec<FieldId> = fields.into_iter().take(MOST_FIELDS).collect();
    fields.sort_unstable();
    let mut unsure: Vec<Vec<FieldId>> = Vec::new();
    for size in 1..=MOST_TOGETHER {
        for set in subsets(&fields, size) {
            let set: Vec<FieldId> = set.into_iter().copied().collect();
            let holds = |known: &Vec<FieldId>| known.iter().all(|field| set.contains(field));
            if evidence.holds_part_of(&set) || unsure.iter().any(holds) {
                continue;
            }
            match search.settles_among(others.as_mut(), &set) {
                Some(Settles::Never) => {}
                Some(Settles::Sometimes(always)) => {
                    evidence.sets.push(Settling { fields: set, earlier: Vec::new(), always });
                }
                // What holds it may not be among the smallest.
                None => unsure.push(set),
            }
            if evidence.sets.len() >= MOST_SETS || search.left == 0 {
                evidence.cut = true;
                return evidence;
            }
        }
    }
    // Only where no larger set is left is it known that there is none.
    evidence.cut |= subsets(&fields, MOST_TOGETHER + 1)
        .into_iter()
        .any(|set| !evidence.holds_part_of(&set.into_iter().copied().collect::<Vec<_>>()));
    evidence.cut |= !unsure.is_empty();
    if let Some(others) = &mut others {
        others.extend(search.exact, &fields, &unsure, &mut evidence);
    }
    evidence
}

impl Evidence {
    /// Says whether one of the sets lies within another.
    fn holds_part_of(&self, set: &[FieldId]) -> bool {
        self.sets.iter().any(|known| known.earlier.is_empty() && known.fields.iter().all(|field| set.contains(field)))
    }
}

/// Asks whether the episode's time alone settles the verdict, where it is open which version was in force.
pub(super) fn of_time(exact: &mut Exact<'_>, readings: &[&Episode], standpoint: Standpoint<'_>) -> Evidence {
    let policy = exact.policy;
    let (versions, gap) = candidates(policy, readings);
    let time_of = |version: &Version| version.vocabulary.role(Role::Time);
    let Some(time) = policy.versions.first().and_then(time_of) else {
        return Evidence { cut: true, ..Evidence::default() };
    };
    // Where no version may have been in force, the episode may be not covered, which is decided.
    let mut can = gap;
    let mut always = Some(true);
    let mut evidence = Evidence::default();
    for at in versions {
        let (Some(version), Some(episode)) = (policy.versions.get(at), readings.get(at)) else { continue };
        let Some(own) = time_of(version) else { continue };
        let mut search = Search { is_in_force: true, ..Search::new(exact, at, version, episode, standpoint) };
        let turning = search.turning(false);
        evidence.cut |= turning.fields.iter().any(|field| *field != own);
        evidence.looks_back |= !turning.clauses.is_empty();
        let settles = search.settles(&[own]);
        can |= matches!(settles, Some(Settles::Sometimes(_)));
        always = match (always, settles) {
            (Some(true), Some(Settles::Sometimes(Some(true)))) => Some(true),
            (Some(false), _) | (_, Some(Settles::Never | Settles::Sometimes(Some(false)))) => Some(false),
            _ => None,
        };
    }
    evidence.sets.extend(can.then(|| Settling { fields: vec![time], earlier: Vec::new(), always }));
    evidence.cut |= !can;
    evidence
}

#[derive(Clone, Copy)]
enum Settles {
    Never,
    /// And whether always.
    Sometimes(Option<bool>),
}

/// What came of the values that were tried.
struct Tried {
    /// Whether some settle the verdict, and whether some do not.
    can: bool,
    cannot: bool,
    /// Whether every value is tried by trying one of its sort.
    certain: bool,
}

struct Search<'s, 'p, 'e> {
    exact: &'s mut Exact<'p>,
    at: usize,
    version: &'e Version,
    episode: &'e Episode,
    standpoint: Standpoint<'e>,
    /// What the history clauses of the version come to before anything is written.
    measures: Vec<Measured>,
    placing: Placing<'e>,
    /// What places the episode among others, and what a clause adds up: not all values of these can be tried.
    endless: BTreeSet<FieldId>,
    /// Whether the version is supposed to be in force surely.
    is_in_force: bool,
    left: usize,
}

impl<'s, 'p, 'e> Search<'s, 'p, 'e> {
    fn new(
        exact: &'s mut Exact<'p>,
        at: usize,
        version: &'e Version,
        episode: &'e Episode,
        standpoint: Standpoint<'e>,
    ) -> Self {
        let placing = Placing::of(version, at);
        let itself = version.conditions.histories().iter().filter(|history| history.window.counts_itself());
        let summed = itself.filter_map(|history| history.function.summed());
        let endless = placing.of_all().into_iter().chain(summed).collect();
        let measures = measures(version, at, episode, standpoint);
        let is_in_force = false;
        Self { exact, at, version, episode, standpoint, measures, placing, endless, is_in_force, left: MOST_TRIED }
    }

    fn evaluation(&self) -> Evaluation<'e> {
        let mut evaluation =
            Evaluation::looking_back(self.version, self.episode, self.standpoint.looking_back(self.at));
        for (id, measured) in (0..).map(HistoryId).zip(&self.measures) {
            evaluation.suppose(id, *measured);
        }
        evaluation
    }

    /// Gives what the verdict can turn on.
    fn turning(&self, others: bool) -> Turning {
        turning::of(&mut self.evaluation(), others)
    }

    /// Gives the fields that can stand in a set, those on which the Kleene verdict turns first; never one that is known only
    /// afterwards.
    fn candidates(&self, turning: &Turning, judgement: &Judgement) -> Vec<FieldId> {
        let clauses = turning.clauses.iter().filter_map(|id| self.version.conditions.history(*id));
        let places = clauses.flat_map(|history| self.placing.fields(history));
        let all: BTreeSet<FieldId> =
            turning.fields.iter().copied().chain(places.filter(|field| self.episode.is_open(*field))).collect();
        let may_stand = |field: &FieldId| {
            let field = self.version.vocabulary.field(*field);
            field.is_some_and(|field| !field.known_afterwards && !matches!(field.role, Some(Role::Recorded | Role::Id)))
        };
        let mut fields: Vec<FieldId> = all.into_iter().filter(may_stand).collect();
        let first = |field: &FieldId| judgement.wanting.iter().any(|wanted| wanted.here() == Some(*field));
        fields.sort_by_key(|field| (!first(field), *field));
        fields
    }

    /// Says whether more than the fields of the episode that are searched may have a part in it: a clause of which it is open
    /// what it comes to, or records that count for nobody and would matter if they counted.
    fn looks_back(&self, turning: &Turning, judgement: &Judgement) -> bool {
        let is_open = |id: &HistoryId| {
            // Where it is not known at all, the episode itself has no place among the others.
            let measured = self.measures.get(id.0 as usize);
            measured.is_some_and(|measured| matches!(measured, Measured::Between(low, high) if low != high))
        };
        let nobody = clear_only_without(self.version, self.episode, judgement, self.standpoint);
        turning.clauses.iter().any(is_open) || nobody.iter().any(|(_, not_clear)| *not_clear > 0)
    }

    /// Says whether some fields can settle the verdict; what the solver leaves open is tried out among the other episodes.
    fn settles_among(&mut self, others: Option<&mut Others<'_>>, set: &[FieldId]) -> Option<Settles> {
        let found = self.settles(set);
        let Some(others) = others else { return found };
        match found {
            None | Some(Settles::Sometimes(None)) => {
                let tried = others.tries_own(self.exact, set);
                match (found, tried.can) {
                    (_, true) => Some(Settles::Sometimes(tried.always())),
                    (None, false) => tried.certain.then_some(Settles::Never),
                    (found, false) => found,
                }
            }
            found => found,
        }
    }

    /// Says whether some fields can settle the verdict; none where that was not worked out.
    fn settles(&mut self, set: &[FieldId]) -> Option<Settles> {
        let measures = self.measures.clone();
        let open = BTreeSet::new();
        let asked = |completed| Asked {
            measures: &measures,
            open: &open,
            silent: &[],
            perhaps_silent: &[],
            written: set,
            perhaps_missing: &[],
            completed,
        };
        let certain = set.iter().all(|field| !self.endless.contains(field));
        let (mut tried, mut all) = (Tried { can: false, cannot: false, certain }, false);
        // Values that settle by themselves, and values that leave it open, are looked for first.
        for (completed, decided) in [(false, true), (true, false)] {
            let written = self.propose(asked(completed), Some(decided), &[]);
            if let Some(Some((written, ..))) = written {
                self.try_out(set, &written, &mut tried);
            }
        }
        let mut left: Vec<Lit> = Vec::new();
        while !(tried.can && tried.cannot) {
            if left.len() >= MOST_OF_A_SET || self.left == 0 {
                tried.certain = false;
                break;
            }
            let Some((written, said, is_certain)) = self.propose(asked(true), None, &left)? else {
                all = true;
                break;
            };
            tried.certain &= is_certain;
            self.try_out(set, &written, &mut tried);
            left.push(said);
        }
        match (tried.can, tried.cannot) {
            (true, true) => Some(Settles::Sometimes(Some(false))),
            (true, false) => Some(Settles::Sometimes((all && tried.certain).then_some(true))),
            (false, _) if tried.certain => Some(Settles::Never),
            (false, _) => None,
        }
    }

    /// Asks whether the verdict on a record is decided, and at other times, where its time is written.
    fn try_out(&mut self, set: &[FieldId], written: &Episode, tried: &mut Tried) {
        if !self.placing.can_be_measured(written, set) {
            tried.certain = false;
            return;
        }
        let moved = self.placing.at_other_times((self.episode, written), set, self.standpoint);
        self.left = self.left.saturating_sub(moved.len());
        for record in std::iter::once(written).chain(&moved) {
            let settled = self.is_settled(record);
            tried.can |= settled;
            tried.cannot |= !settled;
            if tried.can && tried.cannot {
                return;
            }
        }
    }

    /// Gives the record with values of the fields that are supposed to be written, of all that were not left; what is said
    /// by them is told by a literal. The outer none: it was not worked out.
    fn propose(
        &mut self,
        asked: Asked<'_>,
        decided: Option<bool>,
        left: &[Lit],
    ) -> Option<Option<(Episode, Lit, bool)>> {
        self.left = self.left.saturating_sub(1);
        let Encoded { world, .. } = self.exact.encoded(self.at)?;
        let mut evaluation = Evaluation::new(self.version, self.episode);
        let mut assumed = world.recorded(&mut evaluation, asked)?;
        let verdicts = world.of_version(0)?;
        let is_in_force = self.is_in_force;
        assumed.extend(world.in_force(0).map(|in_force| if is_in_force { in_force.yes } else { !in_force.no }));
        assumed.extend(left);
        assumed.extend(decided.map(|decided| if decided { !verdicts.undetermined } else { verdicts.undetermined }));
        let settled = match world.settle(&assumed) {
            Found::Can(settled) => settled,
            Found::Cannot => return Some(None),
            Found::Open => return None,
        };
        let who = world.who(self.episode, asked.written);
        let mut written = self.episode.clone();
        for field in asked.written {
            written.set(*field, Slot::Present(world.supplied(*field, &settled, &who)?), None);
        }
        let (said, certain) = world.said_of(asked.written, self.episode);
        let said = !world.solver.all(said);
        Some(Some((written, said, certain)))
    }

    /// Says whether the verdict on a record is decided.
    fn is_settled(&mut self, written: &Episode) -> bool {
        let judgement = judge_by(self.version, self.at, written, self.standpoint);
        self.exact.of_version(self.at, written, self.standpoint, &judgement).verdict != Verdict::Undetermined
    }
}
