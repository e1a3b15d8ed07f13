//! Every record of the small vocabularies, as far as some policies tell records apart, and the exact verdict on each, by
//! enumeration: of every version that may be in force, and of every completion.

use std::collections::BTreeSet;

use forbear::episode::{Episode, Slot};
use forbear::judge::{Because, Bound, Evaluation, Judgement, Measured, Standpoint, Truth, Verdict, judge, judge_by};
use forbear::policy::time::When;
use forbear::policy::{
    Condition, ConditionId, FieldId, HistoryId, Policy, PolicySet, Term, Value, Version, write_value,
};
use forbear::prove::{Exact, Witness};
use forbear::source::{SourceId, Span};
use jiff::Timestamp;

use crate::held_fixed::held_fixed;
use crate::values::{compared_with, completing, fields, values};

/// A record, and what the count of earlier episodes comes to.
pub(crate) struct Record {
    episode: Episode,
    count: Option<Measured>,
}

impl Record {
    /// Gives the record of a case, as the first version reads it: all read it alike.
    pub(crate) fn of(case: &Witness) -> Self {
        Self { episode: case.episodes[0].clone(), count: case.supposed.first().map(|supposed| supposed.2) }
    }

    /// Gives the record without a field; none where it does not have it.
    pub(crate) fn without(&self, field: FieldId) -> Option<Self> {
        self.episode.value(field)?;
        let mut episode = self.episode.clone();
        episode.set(field, Slot::Missing, None);
        Some(Self { episode, count: self.count })
    }

    /// Gives the record with every value of each field that is missing, where a missing value is supposed to be some value.
    pub(crate) fn completions(&self, version: &Version) -> Vec<Self> {
        let mut episodes = vec![self.episode.clone()];
        for (field, values) in self.open(version) {
            episodes = with_each(episodes, field, &values);
            episodes.retain(|episode| episode.value(field).is_some());
        }
        episodes.into_iter().map(|episode| Self { episode, count: self.count }).collect()
    }

    /// Gives what is known of a comparison of a version.
    pub(crate) fn truth(&self, version: &Version, condition: ConditionId) -> Truth {
        match version.conditions.get(condition) {
            Condition::Measure { relation, right: Term::Constant(right), .. } => {
                self.count.map_or(Truth::Unknown, |count| count.compare(*relation, right))
            }
            _ => Evaluation::new(version, &self.episode).truth(condition),
        }
    }

    /// Gives what it says of a field, as a case does.
    pub(crate) fn says(&self, version: &Version, field: FieldId) -> Option<String> {
        write_value(&version.vocabulary, field, self.episode.value(field)?)
    }

    /// Gives the exact verdict of a policy: that of the version in force; where that is open, what all that may be have in
    /// common, *not covered* among them where there may be none.
    pub(crate) fn verdict(&self, policy: &Policy) -> Verdict {
        let may_be = policy.versions.iter().filter(|version| self.is_in_force(version) != Truth::False);
        let mut verdicts = may_be.map(|version| self.verdict_by(version));
        let surely = policy.versions.iter().any(|version| self.is_in_force(version) == Truth::True);
        let first = if surely { verdicts.next().unwrap() } else { Verdict::NotCovered };
        if verdicts.all(|verdict| verdict == first) { first } else { Verdict::Undetermined }
    }

    /// Gives the exact verdict of a version as if it were in force: what all completions have in common.
    fn verdict_by(&self, version: &Version) -> Verdict {
        let judgement = self.judged_by(version);
        if judgement.verdict != Verdict::Undetermined {
            return judgement.verdict;
        }
        let fixed = held_fixed(version, &self.episode, &judgement.outcomes);
        let counts = self.count.map_or(vec![None], |count| each_of(count).into_iter().map(Some).collect());
        let open = self.open(version);
        let mut common = None;
        for count in counts {
            let record = Self { episode: self.episode.clone(), count };
            if !record.has_in_common(&fixed, &open, &mut common) {
                return Verdict::Undetermined;
            }
        }
        common.unwrap_or(Verdict::Undetermined)
    }

    /// Says whether all completions of some fields have the one verdict that is known, if one is.
    fn has_in_common(&self, version: &Version, open: &[(FieldId, Vec<Value>)], common: &mut Option<Verdict>) -> bool {
        let Some(((field, values), others)) = open.split_first() else {
            let verdict = self.judged_by(version).verdict;
            return *common.get_or_insert(verdict) == verdict;
        };
        values.iter().all(|value| {
            let mut episode = self.episode.clone();
            episode.set(*field, Slot::Present(value.clone()), None);
            Self { episode, count: self.count }.has_in_common(version, others, common)
        })
    }

    /// Gives the fields that are missing and are supposed to have some value, with values that stand for all of each.
    fn open(&self, version: &Version) -> Vec<(FieldId, Vec<Value>)> {
        let read = read_by(version);
        let of = |name: &str| version.vocabulary.find_field(name).filter(|field| read.contains(field));
        let beside = |name: &str| self.episode.value(of(compared_with(name)?)?);
        let all = fields().filter_map(|name| Some((of(name)?, completing(name, beside(name))?)));
        all.filter(|(field, _)| self.episode.value(*field).is_none()).collect()
    }

    /// Says whether a version is in force at the time of the record.
    fn is_in_force(&self, version: &Version) -> Truth {
        let Some(in_force) = version.in_force else { return Truth::True };
        match version.vocabulary.find_field("held_on").and_then(|time| self.episode.value(time)) {
            Some(Value::Instant(at)) => in_force.contains(at.first_day).into(),
            _ => Truth::Unknown,
        }
    }

    /// Gives what a policy says.
    pub(crate) fn judgement(&self, policy: &Policy) -> Judgement {
        let supposed: Vec<_> = (0..).zip(&policy.versions).flat_map(|(at, of)| self.supposed(at, of)).collect();
        let readings = vec![&self.episode; policy.versions.len()];
        judge(policy, &readings, Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&supposed))
    }

    /// Gives what a version says, as if it were in force.
    pub(crate) fn judged_by(&self, version: &Version) -> Judgement {
        let supposed = self.supposed(0, version);
        judge_by(version, 0, &self.episode, Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&supposed))
    }

    fn supposed(&self, at: usize, version: &Version) -> Vec<(usize, HistoryId, Measured)> {
        let clauses = (0..).map(HistoryId).take(version.conditions.histories().len());
        clauses.filter_map(|clause| Some((at, clause, self.count?))).collect()
    }
}

/// Gives exact verdicts as an audit does.
pub(crate) struct Audit<'p> {
    policy: &'p Policy,
    exact: Exact<'p>,
}

impl<'p> Audit<'p> {
    pub(crate) fn new(policy: &'p Policy) -> Self {
        Self { policy, exact: Exact::new(policy) }
    }

    /// Gives the exact verdict on a record that does not look back.
    pub(crate) fn verdict(&mut self, record: &Record) -> Verdict {
        let judgement = record.judgement(self.policy);
        if judgement.verdict != Verdict::Undetermined {
            return judgement.verdict;
        }
        let readings = vec![&record.episode; self.policy.versions.len()];
        self.exact.verdict(&readings, Standpoint::alone(Timestamp::UNIX_EPOCH), &judgement).verdict
    }
}

/// Gives each count of a range.
fn each_of(count: Measured) -> Vec<Measured> {
    let Measured::Between(Bound::At(low), Bound::At(high)) = count else { return vec![count] };
    let whole = |bound: forbear::judge::Ratio| i64::try_from(bound.sum.mantissa / 10i128.pow(bound.sum.scale)).unwrap();
    (whole(low)..=whole(high)).map(|value| Measured::count(value, value)).collect()
}

/// Says whether a policy surely covers the record of a judgement.
pub(crate) fn is_covered(judgement: &Judgement) -> bool {
    !matches!(judgement.because, Because::ScopeOpen | Because::TimeOpen) && judgement.verdict != Verdict::NotCovered
}

/// Says whether the last version of a policy, which alone is checked, surely covers the record of a judgement.
pub(crate) fn is_covered_by_the_last(policy: &Policy, judgement: &Judgement) -> bool {
    is_covered(judgement) && judgement.version == Some(policy.versions.len() - 1)
}

/// Gives how many records there are, but for what looks back.
pub(crate) fn count(set: &PolicySet) -> usize {
    let vocabulary = &set.policies[0].versions[0].vocabulary;
    let read = read_by_any(set);
    let is_read = |name: &&str| vocabulary.find_field(name).is_some_and(|field| read.contains(&field));
    fields().filter(is_read).map(|name| values(name).len() + 1).product()
}

fn read_by_any(set: &PolicySet) -> BTreeSet<FieldId> {
    set.policies.iter().flat_map(|policy| &policy.versions).flat_map(read_by).collect()
}

/// Gives every record that any of the policies could tell from another.
pub(crate) fn all(set: &PolicySet) -> Vec<Record> {
    let versions = || set.policies.iter().flat_map(|policy| &policy.versions);
    let version = &set.policies[0].versions[0];
    let read = read_by_any(set);
    let looks_back = versions().any(|version| !version.conditions.histories().is_empty());
    let nowhere = Span::new(SourceId(0), 0, 0);
    let mut episodes = vec![Episode::new(nowhere, version.vocabulary.fields.len())];
    for name in fields() {
        if let Some(field) = version.vocabulary.find_field(name).filter(|field| read.contains(field)) {
            episodes = with_each(episodes, field, &values(name));
        }
    }
    if !looks_back {
        return episodes.into_iter().map(|episode| Record { episode, count: None }).collect();
    }
    let at = version.vocabulary.find_field("held_on").unwrap();
    let ward = version.vocabulary.find_field("ward").unwrap();
    let time = Value::Instant(When::exact("2026-03-01T12:00Z".parse().unwrap(), &version.zone));
    let counts: Vec<(i64, i64)> = (0..5).flat_map(|low| (low..5).map(move |high| (low, high))).collect();
    let mut records = Vec::new();
    for episode in episodes {
        let mut timed = episode.clone();
        timed.set(at, Slot::Present(time.clone()), None);
        timed.set(ward, Slot::Present(Value::Identity("W".into())), None);
        let of =
            |(low, high): &(i64, i64)| Record { episode: timed.clone(), count: Some(Measured::count(*low, *high)) };
        records.extend(counts.iter().map(of));
        records.push(Record { episode, count: Some(Measured::Unknown) });
    }
    records
}

/// Gives the fields that the verdict of a version reads: its time, where it is not always in force.
fn read_by(version: &Version) -> BTreeSet<FieldId> {
    let clauses = version.rules.iter().flat_map(|rule| rule.clauses()).chain(version.applies_when);
    let time = version.vocabulary.find_field("held_on").filter(|_| version.in_force.is_some());
    version.conditions.fields_read(clauses).chain(time).collect()
}

/// Gives each episode without the field, and with every value of it.
fn with_each(episodes: Vec<Episode>, field: FieldId, values: &[Value]) -> Vec<Episode> {
    let mut all = Vec::new();
    for episode in episodes {
        for value in values {
            let mut with = episode.clone();
            with.set(field, Slot::Present(value.clone()), None);
            all.push(with);
        }
        all.push(episode);
    }
    all
}
