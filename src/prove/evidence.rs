//! What would settle an undetermined verdict: the smallest sets of fields of the episode, and whether each always does.
//!
//! The solver proposes values; whether they settle is asked of the judge and of the exact verdict on the record with
//! these values written in. Fields of earlier records are not enumerated, and history clauses keep their range.

use jiff::Timestamp;

use crate::episode::{Episode, Slot};
use crate::judge::{Evaluation, Judgement, Measured, Standpoint, Verdict, judge_by};
use crate::policy::{FieldId, HistoryId, Policy, Role, Version};

use super::exact::{Encoded, Exact, measures};
use super::recorded::Asked;
use super::solver::Lit;
use super::subsets::subsets;
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
    /// The fields, in the order of the vocabulary.
    pub fields: Vec<FieldId>,
    /// Whether every value of them settles it; none where that was not worked out.
    pub always: Option<bool>,
}

/// What would settle a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The smallest sets of fields of the episode itself, the fewest fields first.
    pub sets: Vec<Settling>,
    /// Whether there may be more: the search was cut short.
    pub cut: bool,
}

/// Searches the sets of open fields, the smallest first.
pub(super) fn of_version(
    exact: &mut Exact<'_>,
    policy: &Policy,
    at: usize,
    readings: &[&Episode],
    standpoint: Standpoint<'_>,
    judgement: &Judgement,
) -> Evidence {
    let (Some(version), Some(episode)) = (policy.versions.get(at), readings.get(at)) else {
        return Evidence { cut: true, ..Evidence::default() };
    };
    let fields = open_fields(exact, at, version, episode, judgement);
    let mut evidence = Evidence { cut: fields.len() > MOST_FIELDS, ..Evidence::default() };
    let fields: Vec<FieldId> = fields.into_iter().take(MOST_FIELDS).collect();
    let measures = measures(version, at, episode, standpoint);
    let mut search = Search { exact, at, version, episode, as_of: standpoint.as_of, measures, left: MOST_TRIED };
    for size in 1..=MOST_TOGETHER {
        for set in subsets(&fields, size) {
            let set: Vec<FieldId> = set.into_iter().copied().collect();
            let holds_one = |known: &Settling| known.fields.iter().all(|field| set.contains(field));
            if evidence.sets.iter().any(holds_one) {
                continue;
            }
            match search.settles(&set) {
                Some(Settles::Never) => {}
                Some(Settles::Sometimes(always)) => evidence.sets.push(Settling { fields: set, always }),
                None => evidence.cut = true,
            }
            if evidence.sets.len() >= MOST_SETS || search.left == 0 {
                evidence.cut = true;
                return evidence;
            }
        }
    }
    evidence.cut |= fields.len() > MOST_TOGETHER && evidence.sets.is_empty();
    evidence
}

/// Gives the fields of the episode that are open and read; never one that is known only afterwards.
fn open_fields(
    exact: &mut Exact<'_>,
    at: usize,
    version: &Version,
    episode: &Episode,
    judgement: &Judgement,
) -> Vec<FieldId> {
    let read: Vec<FieldId> = exact
        .encoded(at)
        .map(|Encoded { world, .. }| world.readings.keys().map(|(_, field)| *field).collect())
        .unwrap_or_default();
    let may_stand = |field: &FieldId| {
        version
            .vocabulary
            .field(*field)
            .is_some_and(|field| !field.known_afterwards && !matches!(field.role, Some(Role::Recorded | Role::Id)))
    };
    let mut fields: Vec<FieldId> = read.into_iter().filter(|field| episode.is_open(*field)).filter(may_stand).collect();
    // Those on which the Kleene verdict turns come first, in case there are too many.
    let first = |field: &FieldId| judgement.wanting.iter().any(|wanted| wanted.here() == Some(*field));
    fields.sort_by_key(|field| (!first(field), *field));
    let most = fields.len().min(MOST_FIELDS);
    if let Some(looked_at) = fields.get_mut(..most) {
        looked_at.sort_unstable();
    }
    fields
}

enum Settles {
    Never,
    /// And whether always.
    Sometimes(Option<bool>),
}

struct Search<'s, 'p, 'e> {
    exact: &'s mut Exact<'p>,
    at: usize,
    version: &'e Version,
    episode: &'e Episode,
    as_of: Timestamp,
    /// What the history clauses of the version come to: the same whatever is written.
    measures: Vec<Measured>,
    left: usize,
}

impl Search<'_, '_, '_> {
    /// Says whether some fields can settle the verdict; none where that was not worked out.
    fn settles(&mut self, set: &[FieldId]) -> Option<Settles> {
        let measures = self.measures.clone();
        let asked =
            |completed| Asked { measures: &measures, silent: &[], perhaps_silent: &[], written: set, completed };
        let (mut can, mut cannot, mut all, mut certain) = (false, false, false, true);
        // Values that settle by themselves, and values that leave it open, are looked for first.
        for (completed, decided) in [(false, true), (true, false)] {
            let written = self.propose(asked(completed), Some(decided), &[]);
            if let Some(Some((written, ..))) = written {
                let settled = self.is_settled(&written);
                can |= settled;
                cannot |= !settled;
            }
        }
        let mut left: Vec<Lit> = Vec::new();
        while !(can && cannot) {
            if left.len() >= MOST_OF_A_SET || self.left == 0 {
                certain = false;
                break;
            }
            let Some((written, said, is_certain)) = self.propose(asked(true), None, &left)? else {
                all = true;
                break;
            };
            certain &= is_certain;
            let settled = self.is_settled(&written);
            can |= settled;
            cannot |= !settled;
            left.push(said);
        }
        match (can, cannot) {
            (true, true) => Some(Settles::Sometimes(Some(false))),
            (true, false) => Some(Settles::Sometimes((all && certain).then_some(true))),
            (false, _) if certain => Some(Settles::Never),
            (false, _) => None,
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
        assumed.extend(world.in_force(0).map(|in_force| !in_force.no));
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
        let measures = (0..).map(HistoryId).zip(&self.measures);
        let supposed: Vec<_> = measures.map(|(id, measured)| (self.at, id, *measured)).collect();
        let standpoint = Standpoint::alone(self.as_of).supposing(&supposed);
        let judgement = judge_by(self.version, self.at, written, standpoint);
        self.exact.of_version(self.at, written, standpoint, &judgement).verdict != Verdict::Undetermined
    }
}
