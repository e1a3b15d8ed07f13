//! What would have made an episode permissible: the smallest changes of what was chosen, and from when a rule that looks
//! back would have been kept. And what would have unmade a verdict: a rating that is one level off.
//!
//! Takes an episode that was judged; gives changes that the judge confirms, each with a value near to what the record
//! holds. That nothing the team could have arranged would have made it permissible is said only where it is proved. What is
//! no choice stays as it is: the patient, the task, ratings, time, and whose episodes a quota counts.

mod fragile;
mod nearby;
mod search;
mod waiting;

use std::collections::BTreeSet;

use crate::episode::{Episode, Slot};
use crate::judge::{Evaluation, Judgement, Standpoint, Status};
use crate::policy::{
    Condition, ConditionId, DefaultNorm, Field, FieldId, History, HistoryId, Rule, RuleId, Value, Version,
};

use super::exact::{Encoded, Exact, silent};
use super::placing::Placing;
use super::recorded::Asked;
use super::solver::Lit;
use super::world::{Found, World};

pub use fragile::Flip;
pub(super) use nearby::MOST_VALUES;
pub(super) use search::{Alternative, Choice, Chosen, MOST_FIELDS, Search, Side, records};
pub use waiting::Later;

/// How many broken rules are asked about one by one.
const MOST_AGAINST: usize = 10;

/// What a field could have held instead.
#[derive(Debug, Clone, PartialEq)]
pub enum To {
    /// This value.
    Value(Value),
    /// Another person or text than any that the policy or the record names.
    Another,
}

/// Fields that are changed together, each with what it could have held instead; in the order of the vocabulary.
pub type Changes = Vec<(FieldId, To)>;

/// What the team could have arranged.
#[derive(Debug, Clone, PartialEq)]
pub enum Arranged {
    /// Changes that would have made it permissible, the smallest first.
    So(Vec<Changes>),
    /// Nothing: proved. The rules that stand against it whatever the team chooses, if any does by itself; and whether
    /// nothing permits it.
    Nothing {
        /// Rules that no choice would have kept.
        against: Vec<RuleId>,
        /// Whether no choice would have given a permit.
        by_default: bool,
    },
    /// No change was found, and it is not proved that there is none.
    Open,
}

/// What would have made an impermissible episode permissible.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// What could have been arranged.
    pub arranged: Arranged,
    /// From when broken rules that look back would have been kept.
    pub later: Vec<Later>,
    /// Whether the episode would have been permissible from the latest of these on, with nothing else changed.
    pub permissible_later: bool,
    /// Whether it is proved that the version covers the episode whatever the team could have arranged; asked where nothing
    /// would have made it permissible.
    pub stays_covered: bool,
}

impl Exact<'_> {
    /// Finds what would have made an episode permissible by the version that judged it; none where it is not impermissible.
    pub fn repair(&mut self, episode: &Episode, standpoint: Standpoint<'_>, judgement: &Judgement) -> Option<Repair> {
        let at = judgement.version?;
        let version = self.policy.versions.get(at)?;
        let side = Side::new(version, at, episode, standpoint);
        let fields = self.otherwise.get(at)?.chosen.clone();
        let choices: Vec<Choice> = fields.iter().take(MOST_FIELDS).map(|field| Choice::of(&side, *field)).collect();
        let sides = [side];
        let [side] = &sides;
        let mut settle = |_: usize, record: &Episode, judgement: &Judgement| side.exactly(self, record, judgement);
        let found = Search::new(&sides, &mut settle).smallest(&choices);
        let (arranged, stays_covered) = if found.is_empty() {
            self.nothing(side, &fields, judgement)
        } else {
            (Arranged::So(found.iter().map(|set| search::changes(set)).collect()), false)
        };
        let (later, permissible_later) = waiting::later(version, at, episode, standpoint, judgement);
        Some(Repair { arranged, later, permissible_later, stays_covered })
    }

    /// Proves that nothing could have been arranged, and says what stands against it; and whether it is proved that nothing
    /// could have left the episode uncovered.
    fn nothing(&mut self, side: &Side<'_>, fields: &[FieldId], judgement: &Judgement) -> (Arranged, bool) {
        let unsettled = Unsettled::of(side, fields, judgement);
        if !unsettled.cannot(self, |world| Some(world.of_version(0)?.permissible)) {
            return (Arranged::Open, false);
        }
        let stays_covered = unsettled.cannot(self, |world| Some(world.of_version(0)?.not_covered));
        let (norms, permits) = World::deciding(side.version);
        let mut never_clear = |rule: RuleId| {
            unsettled.cannot(self, |world| {
                let says = world.says(0, rule)?;
                Some(world.solver.all([!says.violated, !says.undetermined]))
            })
        };
        let violated = norms.into_iter().filter(|rule| judgement.status(*rule) == Some(Status::Violated));
        let against: Vec<RuleId> = violated.take(MOST_AGAINST).filter(|rule| never_clear(*rule)).collect();
        let by_default = side.version.default == DefaultNorm::Forbid
            && unsettled.cannot(self, |world| {
                let grounds: Vec<Lit> =
                    permits.iter().filter_map(|permit| Some(world.ground(0, *permit)?.yes)).collect();
                Some(world.solver.any(grounds))
            });
        (Arranged::Nothing { against, by_default }, stays_covered)
    }
}

/// A record of which some fields may hold anything.
pub(super) struct Unsettled<'u> {
    side: &'u Side<'u>,
    fields: &'u [FieldId],
    episode: Episode,
    /// The history clauses that read one of the fields.
    open: BTreeSet<HistoryId>,
    silent: Vec<RuleId>,
    perhaps_silent: Vec<RuleId>,
    /// The fields that hold nothing, which may stay so: nobody need write them.
    perhaps_missing: Vec<FieldId>,
}

impl<'u> Unsettled<'u> {
    /// Begins with the record as a side reads it, and what that says of it.
    pub(super) fn of(side: &'u Side<'u>, fields: &'u [FieldId], judgement: &Judgement) -> Self {
        let version = side.version;
        let open = left_open(version, side.at, fields);
        // Silence goes on settling a rule that reads nothing of them.
        let reads_one = |rule: &RuleId| {
            let clauses: Vec<ConditionId> =
                version.rules.get(rule.0 as usize).into_iter().flat_map(Rule::clauses).collect();
            version.conditions.fields_read(clauses.clone()).any(|field| fields.contains(&field))
                || asked_by(version, clauses).iter().any(|clause| open.contains(clause))
        };
        let (perhaps_silent, silent) = silent(judgement).into_iter().partition(reads_one);
        let is_missing = |field: &FieldId| !matches!(side.episode.slot(*field), Slot::Present(_));
        let perhaps_missing = fields.iter().copied().filter(is_missing).collect();
        // They may hold anything: not only what a value that is known in part may be.
        let mut episode = side.episode.clone();
        fields.iter().for_each(|field| episode.set(*field, Slot::Missing, None));
        Self { side, fields, episode, open, silent, perhaps_silent, perhaps_missing }
    }

    /// Says whether it is proved that something cannot be, whatever the fields hold and whatever the value of what is missing.
    pub(super) fn cannot(&self, exact: &mut Exact<'_>, wanted: impl Fn(&mut World<'_>) -> Option<Lit>) -> bool {
        let Some(Encoded { world, .. }) = exact.encoded(self.side.at) else { return false };
        // A verdict may be decided by what is documented, or whatever the value of the rest: neither may be possible.
        [true, false].into_iter().all(|completed| {
            let mut evaluation = Evaluation::new(self.side.version, &self.episode);
            let asked = Asked {
                measures: &self.side.measures,
                open: &self.open,
                silent: &self.silent,
                perhaps_silent: &self.perhaps_silent,
                written: self.fields,
                perhaps_missing: &self.perhaps_missing,
                completed,
            };
            let Some(mut assumed) = world.recorded(&mut evaluation, asked) else { return false };
            let Some(wanted) = wanted(world) else { return false };
            assumed.push(wanted);
            matches!(world.settle(&assumed), Found::Cannot)
        })
    }
}

/// The fields that a verdict reads of which the team, or whoever rates, could have said something else.
pub(super) struct Otherwise {
    /// What could have been arranged. The keys of history are left as they are: whose episodes are counted is no choice.
    pub(super) chosen: Vec<FieldId>,
    /// What is somebody's rating.
    judged: Vec<FieldId>,
}

impl Otherwise {
    /// Finds them, once for all records of a version.
    pub(super) fn of(version: &Version) -> Self {
        let deciding = version.rules.iter().filter(|rule| rule.decides() || rule.is_permit());
        let clauses = deciding.flat_map(Rule::clauses).chain(version.applies_when);
        let clauses: Vec<ConditionId> = clauses.collect();
        let histories = version.conditions.histories();
        let asked = asked_by(version, clauses.clone()).into_iter().filter_map(|id| histories.get(id.0 as usize));
        let of_itself = asked.flat_map(|history| read_of_itself(version, history));
        let read: BTreeSet<FieldId> = version.conditions.fields_read(clauses).chain(of_itself).collect();
        let keys = version.conditions.histories().iter().flat_map(|history| &history.keys);
        let keys: BTreeSet<FieldId> = keys.map(|key| key.asked).collect();
        let those = |is: fn(&Field) -> bool| {
            let is = move |field: &&FieldId| {
                version.vocabulary.field(**field).is_some_and(|field| is(field) && !field.known_afterwards)
            };
            read.iter().filter(is).copied()
        };
        let chosen = those(|field| field.chosen).filter(|field| !keys.contains(field)).collect();
        Self { chosen, judged: those(|field| field.judged).collect() }
    }
}

/// Gives the history clauses that some conditions ask.
fn asked_by(version: &Version, clauses: Vec<ConditionId>) -> BTreeSet<HistoryId> {
    let conditions = &version.conditions;
    let asked = |leaf| match conditions.get(leaf) {
        Condition::Measure { history, .. } => Some(*history),
        _ => None,
    };
    conditions.leaves(clauses).into_iter().filter_map(asked).collect()
}

/// Gives what a clause reads of the episode that asks, if that has a part in what it comes to.
fn read_of_itself(version: &Version, history: &History) -> BTreeSet<FieldId> {
    let itself = history.window.counts_itself();
    let asked = version.conditions.fields_read(history.conditions());
    asked.chain(history.function.summed()).filter(|_| itself).collect()
}

/// Gives the history clauses that may come to something else where some fields of the episode itself hold something else.
fn left_open(version: &Version, at: usize, fields: &[FieldId]) -> BTreeSet<HistoryId> {
    let placing = Placing::of(version, at);
    let concerned = |history: &History| {
        let read = read_of_itself(version, history);
        read.into_iter().chain(placing.fields(history)).any(|field| fields.contains(&field))
    };
    let clauses = (0..).map(HistoryId).zip(version.conditions.histories());
    clauses.filter(|(_, history)| concerned(history)).map(|(id, _)| id).collect()
}
