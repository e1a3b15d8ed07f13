//! What a judge wants, tried out: other records of the same log lend their values to the open fields of one.
//!
//! Section 5, properties: where silence settled nothing and nothing is asked of presence, more evidence changes nothing
//! that was decided. So as long as only fields are filled in that nobody wanted, an undetermined verdict has to stay so.

use std::collections::BTreeSet;

use forbear::episode::{Episode, Slot};
use forbear::policy::{Condition, ConditionId, FieldId, Policy, Role, Value, Version};

use super::pipeline::Run;
use super::reference::{self, Judgement, Standing, Verdict};
use super::reference_past::Log;

/// How many records of a log lend their values.
const LENDERS: usize = 4;

/// Says whether filling in what nobody wanted decides the verdict, which it must not.
pub(crate) fn unwanted_fields_decide(run: &Run, record: usize, judged: &Judgement) -> bool {
    let silent =
        |(_, standing): &(String, Standing)| matches!(standing, Standing::Requirement { by_silence: true, .. });
    if judged.standings.iter().any(silent) {
        return false;
    }
    let asked = asked_for_presence(&run.policy);
    let fills = |name: &str| !judged.wanting.contains(name) && !asked.contains(name);
    some_supplement_decides(run, record, &fills)
}

/// Says whether the log has values that decide the verdict when only what is wanted is filled in.
pub(crate) fn wanted_fields_decide(run: &Run, record: usize, judged: &Judgement) -> bool {
    some_supplement_decides(run, record, &|name| judged.wanting.contains(name))
}

fn some_supplement_decides(run: &Run, record: usize, fills: &dyn Fn(&str) -> bool) -> bool {
    let count = run.episodes.len();
    (1..=LENDERS.min(count - 1)).any(|away| {
        let lent = run.policy.versions.iter().zip(&run.episodes[record]).zip(&run.episodes[(record + away) % count]);
        let filled: Vec<Episode> =
            lent.map(|((version, episode), lender)| fill(version, episode, lender, fills)).collect();
        let mut records = run.log().records;
        records[record] = filled.iter().collect();
        let log = Log::new(&run.policy, records, run.as_of);
        reference::verdict(&log, record).row.verdict() != Verdict::Undetermined
    })
}

/// Fills in open fields from another record, as the same version reads it.
fn fill(version: &Version, episode: &Episode, lender: &Episode, fills: &dyn Fn(&str) -> bool) -> Episode {
    let mut filled = episode.clone();
    // Who the record is, is no evidence: it says which other records are the same.
    let open = |field: &FieldId| {
        version.vocabulary.role(Role::Id) != Some(*field)
            && episode.is_open(*field)
            && fills(version.vocabulary.field_name(*field))
    };
    for field in version.vocabulary.field_ids().filter(open) {
        if let Some(value) = lender.value(field)
            && episode.value(field).is_none_or(|partial| refines(value, partial))
        {
            filled.set(field, Slot::Present(value.clone()), None);
        }
    }
    filled
}

/// Says whether a value is one of those that a partial one may stand for.
fn refines(value: &Value, partial: &Value) -> bool {
    match (value, partial) {
        (Value::Instant(value), Value::Instant(partial)) if partial.either_end => {
            value.is_exact() && [partial.earliest, partial.latest].contains(&value.earliest)
        }
        (Value::Instant(value), Value::Instant(partial)) => {
            partial.earliest <= value.earliest && value.latest <= partial.latest
        }
        (Value::Names(value), Value::Names(partial)) => {
            value.complete && partial.members.iter().all(|member| value.members.contains(member))
        }
        (Value::People(value), Value::People(partial)) => {
            value.complete && partial.members.iter().all(|member| value.members.contains(member))
        }
        _ => false,
    }
}

/// The fields of which it means something that they are missing: some condition asks whether they are present, or what
/// has no end lasts until the as-of instant.
fn asked_for_presence(policy: &Policy) -> BTreeSet<String> {
    let mut asked = BTreeSet::new();
    for version in &policy.versions {
        let end = version.vocabulary.role(Role::End);
        asked.extend(end.map(|field| version.vocabulary.field_name(field).to_owned()));
        for at in 0..version.conditions.len() {
            if let Condition::Present(field) = version.conditions.get(ConditionId(u32::try_from(at).unwrap())) {
                asked.insert(version.vocabulary.field_name(field.field).to_owned());
            }
        }
    }
    asked
}
