//! Every record of the small vocabulary, as far as some policies tell records apart.

use forbear::episode::{Episode, Slot};
use forbear::judge::{Because, Bound, Evaluation, Judgement, Measured, Standpoint, Truth, Verdict, judge};
use forbear::policy::time::When;
use forbear::policy::{
    Condition, ConditionId, FieldId, HistoryId, Policy, PolicySet, Term, Value, Version, write_value,
};
use forbear::source::{SourceId, Span};
use jiff::Timestamp;

use crate::generate::{FIELDS, values};
use crate::held_fixed::held_fixed;

/// A record, and what the count of earlier episodes comes to.
pub(crate) struct Record {
    episode: Episode,
    count: Option<Measured>,
}

impl Record {
    /// Gives the record without a field; none where it does not have it.
    pub(crate) fn without(&self, field: FieldId) -> Option<Self> {
        self.episode.value(field)?;
        let mut episode = self.episode.clone();
        episode.set(field, Slot::Missing, None);
        Some(Self { episode, count: self.count })
    }

    /// Gives the record with every value of each field that is missing, where a missing value is supposed to be some value.
    pub(crate) fn completions(&self, policy: &Policy) -> Vec<Self> {
        let mut episodes = vec![self.episode.clone()];
        for (field, values) in self.open(policy) {
            episodes = with_each(episodes, field, &values);
            episodes.retain(|episode| episode.value(field).is_some());
        }
        episodes.into_iter().map(|episode| Self { episode, count: self.count }).collect()
    }

    /// Gives what is known of a comparison of a policy.
    pub(crate) fn truth(&self, policy: &Policy, condition: ConditionId) -> Truth {
        let version = &policy.versions[0];
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

    /// Gives the exact verdict of a policy: what all completions have in common.
    pub(crate) fn verdict(&self, policy: &Policy) -> Verdict {
        let judgement = self.judgement(policy);
        if judgement.verdict != Verdict::Undetermined {
            return judgement.verdict;
        }
        let fixed = held_fixed(policy, &self.episode, &judgement.outcomes);
        let counts = self.count.map_or(vec![None], |count| each_of(count).into_iter().map(Some).collect());
        let open = self.open(policy);
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
    fn has_in_common(&self, policy: &Policy, open: &[(FieldId, Vec<Value>)], common: &mut Option<Verdict>) -> bool {
        let Some(((field, values), others)) = open.split_first() else {
            let verdict = self.judgement(policy).verdict;
            return *common.get_or_insert(verdict) == verdict;
        };
        values.iter().all(|value| {
            let mut episode = self.episode.clone();
            episode.set(*field, Slot::Present(value.clone()), None);
            Self { episode, count: self.count }.has_in_common(policy, others, common)
        })
    }

    /// Gives the fields that are missing and are supposed to have some value, with every value of each.
    fn open(&self, policy: &Policy) -> Vec<(FieldId, Vec<Value>)> {
        let version = &policy.versions[0];
        let completed = FIELDS.into_iter().filter(|name| !matches!(*name, "colours" | "first_one" | "other_one"));
        let read = completed.filter(|name| reads(version, name));
        let all = read.map(|name| (version.vocabulary.find_field(name).unwrap(), values(name)));
        all.filter(|(field, _)| self.episode.value(*field).is_none()).collect()
    }

    /// Gives what a policy says.
    pub(crate) fn judgement(&self, policy: &Policy) -> Judgement {
        let clauses = policy.versions[0].conditions.histories().len();
        let clauses = (0..).map(HistoryId).take(clauses);
        let supposed: Vec<_> = clauses.filter_map(|clause| Some((0, clause, self.count?))).collect();
        judge(policy, &[&self.episode], Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&supposed))
    }
}

/// Gives each count of a range.
fn each_of(count: Measured) -> Vec<Measured> {
    let Measured::Between(Bound::At(low), Bound::At(high)) = count else { return vec![count] };
    let whole = |bound: forbear::judge::Ratio| i64::try_from(bound.sum.mantissa).unwrap();
    (whole(low)..=whole(high)).map(|value| Measured::count(value, value)).collect()
}

/// Says whether a policy surely covers the record of a judgement.
pub(crate) fn is_covered(judgement: &Judgement) -> bool {
    judgement.because != Because::ScopeOpen && judgement.verdict != Verdict::NotCovered
}

/// Gives every record that any of the policies could tell from another.
pub(crate) fn all(set: &PolicySet) -> Vec<Record> {
    let version = &set.policies[0].versions[0];
    let read = |name: &str| set.policies.iter().any(|policy| reads(&policy.versions[0], name));
    let looks_back = set.policies.iter().any(|policy| !policy.versions[0].conditions.histories().is_empty());
    let nowhere = Span::new(SourceId(0), 0, 0);
    let mut episodes = vec![Episode::new(nowhere, version.vocabulary.fields.len())];
    for name in FIELDS {
        if read(name) {
            episodes = with_each(episodes, version.vocabulary.find_field(name).unwrap(), &values(name));
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

fn reads(version: &Version, name: &str) -> bool {
    let field = version.vocabulary.find_field(name).unwrap();
    let clauses = version.rules.iter().flat_map(|rule| rule.clauses()).chain(version.applies_when);
    let leaves = version.conditions.leaves(clauses);
    leaves.into_iter().any(|leaf| version.conditions.reads(leaf).any(|read| read.field == field))
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
