//! What would have made an episode permissible: the smallest changes of what was chosen, and from when a rule that looks
//! back would have been kept. And what would have unmade a verdict: a rating that is one level off.
//!
//! Takes an episode that was judged; gives changes that the judge confirms, each with a value near to what the record
//! holds. That nothing the team could have arranged would have made it permissible is said only where it is proved. What is
//! no choice stays as it is: the patient, the task, ratings, time, and whose episodes a quota counts.

mod fragile;
mod nearby;
mod waiting;

use std::collections::BTreeSet;

use crate::episode::{Episode, Slot};
use crate::judge::{Evaluation, Judgement, Measured, Standpoint, Status, Verdict, judge_by};
use crate::policy::{
    Condition, ConditionId, DefaultNorm, Field, FieldId, FieldType, History, HistoryId, Rule, RuleId, Value, Version,
};

use super::exact::{Encoded, Exact, measures, silent};
use super::placing::Placing;
use super::recorded::Asked;
use super::solver::Lit;
use super::subsets::subsets;
use super::world::{Found, World};

pub use fragile::Flip;
pub use waiting::Later;

/// How many changes are given, and how many fields are changed together.
const MOST_GIVEN: usize = 3;
const MOST_TOGETHER: usize = 3;

/// How many records are judged in search of changes.
const MOST_JUDGED: usize = 1_000;

/// How many fields are tried, and how many broken rules are asked about one by one.
const MOST_FIELDS: usize = 12;
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
}

impl Exact<'_> {
    /// Finds what would have made an episode permissible by the version that judged it; none where it is not impermissible.
    pub fn repair(&mut self, episode: &Episode, standpoint: Standpoint<'_>, judgement: &Judgement) -> Option<Repair> {
        let at = judgement.version?;
        let version = self.policy.versions.get(at)?;
        let measures = measures(version, at, episode, standpoint);
        let mut search = Search { version, at, episode, standpoint, measures, judged: 0 };
        let fields = self.otherwise.get(at)?.chosen.clone();
        let arranged = match search.smallest(&fields) {
            found if !found.is_empty() => Arranged::So(found),
            _ => self.nothing(&search, &fields, judgement),
        };
        let (later, permissible_later) = waiting::later(version, at, episode, standpoint, judgement);
        Some(Repair { arranged, later, permissible_later })
    }

    /// Proves that nothing could have been arranged, and says what stands against it.
    fn nothing(&mut self, search: &Search<'_>, fields: &[FieldId], judgement: &Judgement) -> Arranged {
        let (version, at) = (search.version, search.at);
        let open = left_open(version, at, fields);
        // Silence goes on settling a rule that reads nothing that was chosen.
        let reads_chosen = |rule: &RuleId| {
            let clauses: Vec<ConditionId> =
                version.rules.get(rule.0 as usize).into_iter().flat_map(Rule::clauses).collect();
            version.conditions.fields_read(clauses.clone()).any(|field| fields.contains(&field))
                || asked_by(version, clauses).iter().any(|clause| open.contains(clause))
        };
        let (perhaps_silent, silent): (Vec<RuleId>, Vec<RuleId>) =
            silent(judgement).into_iter().partition(reads_chosen);
        // What was chosen may have been anything: not only what a value that is known in part may be.
        let mut episode = search.episode.clone();
        fields.iter().for_each(|field| episode.set(*field, Slot::Missing, None));
        let Some(Encoded { world, .. }) = self.encoded(at) else { return Arranged::Open };
        let mut cannot = |wanted: &dyn Fn(&mut World<'_>) -> Option<Lit>| {
            // A verdict may be decided by what is documented, or whatever the value of the rest: neither may be possible.
            [true, false].into_iter().all(|completed| {
                let mut evaluation = Evaluation::new(version, &episode);
                let asked = Asked {
                    measures: &search.measures,
                    open: &open,
                    silent: &silent,
                    perhaps_silent: &perhaps_silent,
                    written: fields,
                    completed,
                };
                let Some(mut assumed) = world.recorded(&mut evaluation, asked) else { return false };
                let Some(wanted) = wanted(world) else { return false };
                assumed.push(wanted);
                matches!(world.settle(&assumed), Found::Cannot)
            })
        };
        if !cannot(&|world| Some(world.of_version(0)?.permissible)) {
            return Arranged::Open;
        }
        let (norms, permits) = World::deciding(version);
        let mut never_clear = |rule: RuleId| {
            cannot(&|world| {
                let says = world.says(0, rule)?;
                Some(world.solver.all([!says.violated, !says.undetermined]))
            })
        };
        let violated = norms.into_iter().filter(|rule| judgement.status(*rule) == Some(Status::Violated));
        let against: Vec<RuleId> = violated.take(MOST_AGAINST).filter(|rule| never_clear(*rule)).collect();
        let by_default = version.default == DefaultNorm::Forbid
            && cannot(&|world| {
                let grounds: Vec<Lit> =
                    permits.iter().filter_map(|permit| Some(world.ground(0, *permit)?.yes)).collect();
                Some(world.solver.any(grounds))
            });
        Arranged::Nothing { against, by_default }
    }
}

/// The fields that a verdict reads of which the team, or whoever rates, could have said something else.
pub(super) struct Otherwise {
    /// What could have been arranged. The keys of history are left as they are: whose episodes are counted is no choice.
    chosen: Vec<FieldId>,
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
fn left_open(version: &Version, at: usize, fields: &[FieldId]) -> Vec<HistoryId> {
    let placing = Placing::of(version, at);
    let concerned = |history: &History| {
        let read = read_of_itself(version, history);
        read.into_iter().chain(placing.fields(history)).any(|field| fields.contains(&field))
    };
    let clauses = (0..).map(HistoryId).zip(version.conditions.histories());
    clauses.filter(|(_, history)| concerned(history)).map(|(id, _)| id).collect()
}

/// Looks for changes by judging.
struct Search<'s> {
    version: &'s Version,
    at: usize,
    episode: &'s Episode,
    standpoint: Standpoint<'s>,
    /// What the history clauses of the version come to.
    measures: Vec<Measured>,
    judged: usize,
}

impl Search<'_> {
    /// Gives the smallest changes that make the episode permissible: the fewest fields first, each set of fields once and
    /// with values as near as there are.
    fn smallest(&mut self, fields: &[FieldId]) -> Vec<Changes> {
        let values: Vec<Choice> = fields
            .iter()
            .take(MOST_FIELDS)
            .map(|field| Choice {
                field: *field,
                values: nearby::values(self.version, self.episode, &self.measures, *field),
            })
            .collect();
        let mut found: Vec<Changes> = Vec::new();
        for size in 1..=MOST_TOGETHER {
            for set in subsets(&values, size) {
                let holds = |known: &Changes| known.iter().all(|(field, _)| set.iter().any(|one| one.field == *field));
                if found.iter().any(holds) {
                    continue;
                }
                found.extend(self.nearest(&set));
                if found.len() >= MOST_GIVEN || self.judged >= MOST_JUDGED {
                    return found;
                }
            }
        }
        found
    }

    /// Gives the nearest values of some fields that make the episode permissible.
    fn nearest(&mut self, set: &[&Choice]) -> Option<Changes> {
        for chosen in by_distance(set) {
            if self.judged >= MOST_JUDGED {
                return None;
            }
            self.judged += 1;
            let mut episode = self.episode.clone();
            for (choice, (to, _)) in set.iter().zip(&chosen) {
                episode.set(choice.field, Slot::Present(written(self.version, choice.field, to)?), None);
            }
            if judge_by(self.version, self.at, &episode, self.standpoint).verdict == Verdict::Permissible {
                return Some(set.iter().zip(chosen).map(|(choice, (to, _))| (choice.field, to.clone())).collect());
            }
        }
        None
    }
}

/// A field with what it could have held instead, the nearest first.
struct Choice {
    field: FieldId,
    values: Vec<(To, usize)>,
}

/// Gives the values of some fields in all combinations, the nearest first; of many values only the nearest are combined.
fn by_distance<'c>(set: &[&'c Choice]) -> Vec<Vec<&'c (To, usize)>> {
    let most = match set.len() {
        1 => usize::MAX,
        2 => 16,
        _ => 8,
    };
    let mut all: Vec<(usize, Vec<&(To, usize)>)> = vec![(0, Vec::new())];
    for choice in set {
        let further = all.iter().flat_map(|(sum, known)| {
            choice.values.iter().take(most).map(move |value| {
                let mut more = known.clone();
                more.push(value);
                (sum + value.1, more)
            })
        });
        all = further.collect();
    }
    all.sort_by_key(|(sum, _)| *sum);
    all.into_iter().map(|(_, chosen)| chosen).collect()
}

/// Gives the value that is written into the record.
fn written(version: &Version, field: FieldId, to: &To) -> Option<Value> {
    // No log has an identity with a line end in it, nor can a policy write one.
    let nobody = || Box::from("\nanother");
    match to {
        To::Value(value) => Some(value.clone()),
        To::Another => Some(match version.vocabulary.field(field)?.kind {
            FieldType::Text => Value::Text(nobody()),
            _ => Value::Identity(nobody()),
        }),
    }
}
