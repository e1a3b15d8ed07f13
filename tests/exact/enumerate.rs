//! A drawn record, and by brute force: its completions, its supplements, and what they come to.

use forbear::episode::{Episode, Slot};
use forbear::judge::{Measured, Outcome, Standpoint, Status, Truth, Verdict, judge};
use forbear::policy::{DefaultNorm, FieldId, FieldType, HistoryId, NameId, Policy, Value};
use forbear::prove::{Changes, To};
use forbear::source::{SourceId, Span};
use jiff::Timestamp;

use crate::generate::{Draw, FIELDS, values};
use crate::held_fixed::held_fixed;

/// A completed record, and what its history clauses are supposed to come to.
type Completed = (Episode, Vec<(usize, HistoryId, Measured)>);

/// A record, what each history clause may come to, and every value of it that is told apart.
pub(crate) struct Case {
    pub(crate) episode: Episode,
    pub(crate) supposed: Vec<(usize, HistoryId, Measured)>,
    choices: Vec<Vec<Measured>>,
}

fn is_completed(name: &str) -> bool {
    !matches!(name, "colours" | "first_one" | "other_one")
}

pub(crate) fn read(policy: &Policy) -> Vec<(&'static str, FieldId)> {
    let version = &policy.versions[0];
    let clauses = version.rules.iter().flat_map(|rule| rule.clauses()).chain(version.applies_when);
    let leaves = version.conditions.leaves(clauses);
    let is_read = |field| leaves.iter().any(|leaf| version.conditions.reads(*leaf).any(|read| read.field == field));
    let all = FIELDS.map(|name| (name, version.vocabulary.find_field(name).unwrap()));
    all.into_iter().filter(|(_, field)| is_read(*field)).collect()
}

impl Case {
    pub(crate) fn draw(policy: &Policy, draw: &mut Draw) -> Self {
        let version = &policy.versions[0];
        let mut episode = Episode::new(Span::new(SourceId(0), 0, 0), version.vocabulary.fields.len());
        for (name, field) in read(policy) {
            let values = values(name);
            match draw.below(10) {
                0..4 => {}
                4 => episode.set(field, Slot::Unfit, None),
                _ => episode.set(field, Slot::Present(values[draw.below(values.len())].clone()), None),
            }
        }
        let (mut ranges, mut choices) = (Vec::new(), Vec::new());
        for _ in version.conditions.histories() {
            let low = i64::try_from(draw.below(4)).unwrap();
            let high = low + i64::try_from(draw.below(3)).unwrap();
            ranges.push(Measured::count(low, high));
            choices.push((low..=high).map(|value| Measured::count(value, value)).collect());
        }
        Self::of(episode, &ranges, choices)
    }

    /// Supposes what each history clause comes to, and every value of it that is told apart.
    pub(crate) fn of(episode: Episode, ranges: &[Measured], choices: Vec<Vec<Measured>>) -> Self {
        Self { episode, supposed: suppose(ranges), choices }
    }

    pub(crate) fn with(&self, episode: Episode) -> Self {
        Self { episode, supposed: self.supposed.clone(), choices: self.choices.clone() }
    }

    pub(crate) fn is_silent(&self, policy: &Policy) -> bool {
        let is_so = |outcome: &Outcome| matches!(outcome, Outcome::Requirement { by_silence: true, .. });
        self.judged(policy, &self.episode, &self.supposed).outcomes.iter().any(is_so)
    }

    pub(crate) fn judged(
        &self,
        policy: &Policy,
        episode: &Episode,
        supposed: &[(usize, HistoryId, Measured)],
    ) -> forbear::judge::Judgement {
        judge(policy, &[episode], Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(supposed))
    }

    /// Gives the policy with what stays as it is on the record.
    fn held_fixed(&self, policy: &Policy) -> Policy {
        let outcomes = self.judged(policy, &self.episode, &self.supposed).outcomes;
        let version = held_fixed(&policy.versions[0], &self.episode, &outcomes).into_owned();
        Policy { name: policy.name.clone(), versions: vec![version] }
    }

    fn completed(&self, policy: &Policy) -> Vec<Completed> {
        let mut episodes = vec![self.episode.clone()];
        for (name, field) in read(policy).into_iter().filter(|(name, _)| is_completed(name)) {
            if self.episode.is_open(field) {
                episodes = with_each(&episodes, field, &fitting(policy, name, field));
            }
        }
        let mut measures = vec![Vec::new()];
        for choices in &self.choices {
            let longer = |known: &Vec<Measured>| {
                let known = known.clone();
                choices.iter().map(move |value| [known.clone(), vec![*value]].concat())
            };
            measures = measures.iter().flat_map(longer).collect();
        }
        let both = |episode: Episode| measures.iter().map(move |measures| (episode.clone(), suppose(measures)));
        episodes.into_iter().flat_map(both).collect()
    }

    /// Gives the verdict of every completion.
    pub(crate) fn completions(&self, policy: &Policy) -> Vec<Verdict> {
        let fixed = self.held_fixed(policy);
        let all = self.completed(policy);
        all.iter().map(|(episode, supposed)| self.judged(&fixed, episode, supposed).verdict).collect()
    }

    /// Gives the exact verdict.
    pub(crate) fn exact(&self, policy: &Policy) -> Verdict {
        let kleene = self.judged(policy, &self.episode, &self.supposed).verdict;
        if kleene != Verdict::Undetermined {
            return kleene;
        }
        let all = self.completions(policy);
        if all.iter().all(|verdict| *verdict == all[0]) { all[0] } else { Verdict::Undetermined }
    }

    /// Gives how many rules, `by default` among them, are needed at least so that one forbids each completion.
    pub(crate) fn smallest_citation(&self, policy: &Policy) -> Option<usize> {
        let fixed = self.held_fixed(policy);
        let rules = fixed.versions[0].rules.len();
        let mut forbidding = Vec::new();
        for (episode, supposed) in self.completed(policy) {
            let judgement = self.judged(&fixed, &episode, &supposed);
            let mut bits = 0u32;
            for (at, outcome) in judgement.outcomes.iter().enumerate() {
                let violated = outcome.status() == Some(Status::Violated) && fixed.versions[0].rules[at].decides();
                bits |= u32::from(violated) << at;
            }
            let ground = Truth::any(judgement.outcomes.iter().filter_map(Outcome::ground));
            let none = fixed.versions[0].default == DefaultNorm::Forbid && ground == Truth::False;
            forbidding.push(bits | u32::from(none) << rules);
        }
        let fits = |set: &u32| forbidding.iter().all(|bits| bits & set != 0);
        (0..1u32 << (rules + 1)).filter(fits).map(|set| set.count_ones() as usize).min()
    }

    pub(crate) fn open_fields(&self, policy: &Policy) -> Vec<(&'static str, FieldId)> {
        read(policy).into_iter().filter(|(_, field)| self.episode.is_open(*field)).collect()
    }

    /// Gives the inclusion-minimal sets that can settle, each with whether it always does.
    pub(crate) fn evidence(&self, policy: &Policy) -> Vec<(Vec<FieldId>, bool)> {
        let open = self.open_fields(policy);
        let mut sets: Vec<u32> = (1..1u32 << open.len()).collect();
        sets.sort_by_key(|set| set.count_ones());
        let mut found: Vec<(u32, bool)> = Vec::new();
        for set in sets {
            if found.iter().any(|(known, _)| known & set == *known) {
                continue;
            }
            let mut episodes = vec![self.episode.clone()];
            for (at, (name, field)) in open.iter().enumerate() {
                if set >> at & 1 == 1 {
                    episodes = with_each(&episodes, *field, &values(name));
                }
            }
            let settled = |episode: Episode| self.with(episode).exact(policy) != Verdict::Undetermined;
            let settled: Vec<bool> = episodes.into_iter().map(settled).collect();
            if settled.contains(&true) {
                found.push((set, !settled.contains(&false)));
            }
        }
        let fields = |set: u32| {
            let of_set = open.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1);
            of_set.map(|(_, (_, field))| *field).collect()
        };
        let mut sets: Vec<(Vec<FieldId>, bool)> =
            found.into_iter().map(|(set, always)| (fields(set), always)).collect();
        for (fields, _) in &mut sets {
            fields.sort_unstable();
        }
        sets.sort();
        sets
    }
}

/// Gives every value that a field can have in the words of a policy.
fn fitting(policy: &Policy, name: &str, field: FieldId) -> Vec<Value> {
    let vocabulary = &policy.versions[0].vocabulary;
    match vocabulary.field(field).unwrap().kind {
        FieldType::Kind(list) | FieldType::Scale(list) => {
            let names = vocabulary.list(list).unwrap().names.len();
            (0..u16::try_from(names).unwrap()).map(|at| Value::Name(NameId(at))).collect()
        }
        FieldType::WholeNumber(range) => {
            let fits = |value: &Value| matches!(value, Value::Number(number) if range.contains(*number));
            values(name).into_iter().filter(fits).collect()
        }
        _ => values(name),
    }
}

fn suppose(measures: &[Measured]) -> Vec<(usize, HistoryId, Measured)> {
    measures.iter().zip(0..).map(|(measured, id)| (0, HistoryId(id), *measured)).collect()
}

/// Gives every record with each of some values of a field.
pub(crate) fn with_each(episodes: &[Episode], field: FieldId, values: &[Value]) -> Vec<Episode> {
    let of = |episode: &Episode| {
        let episode = episode.clone();
        values.iter().map(move |value| {
            let mut with = episode.clone();
            with.set(field, Slot::Present(value.clone()), None);
            with
        })
    };
    episodes.iter().flat_map(of).collect()
}

/// Gives a record with some changes.
pub(crate) fn changed(episode: &Episode, changes: &Changes) -> Episode {
    let mut episode = episode.clone();
    for (field, to) in changes {
        let value = match to {
            To::Value(value) => value.clone(),
            To::Another => Value::Identity("Nobody".into()),
        };
        episode.set(*field, Slot::Present(value), None);
    }
    episode
}
