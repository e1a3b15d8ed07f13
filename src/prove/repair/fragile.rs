//! Whether a verdict hangs on a rating: what it would have been, had a judged value been one level higher or lower.

use rust_decimal::Decimal;

use crate::episode::{Episode, Slot};
use crate::judge::{Judgement, Standpoint, Status, Verdict, judge_by};
use crate::policy::{Field, FieldId, FieldType, NameId, RuleId, Value, Version};

use super::super::exact::Exact;

/// How many ratings of one episode are moved.
const MOST_RATINGS: usize = 20;

/// A rating that is one level off, and the verdict that it gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// The field that is rated.
    pub field: FieldId,
    /// The rating.
    pub to: Value,
    /// Whether it is the next higher one; else the next lower.
    pub higher: bool,
    /// The verdict that it gives.
    pub verdict: Verdict,
    /// The rules that are then violated and were not.
    pub broken: Vec<RuleId>,
}

impl Exact<'_> {
    /// Gives the ratings that, one level off, would have given another verdict than the exact one, field by field, the higher
    /// first.
    pub fn fragile(
        &mut self,
        episode: &Episode,
        standpoint: Standpoint<'_>,
        judgement: &Judgement,
        verdict: Verdict,
    ) -> Vec<Flip> {
        let Some((at, version)) = judgement.version.and_then(|at| Some((at, self.policy.versions.get(at)?))) else {
            return Vec::new();
        };
        let judged = self.otherwise.get(at).map(|otherwise| otherwise.judged.clone()).unwrap_or_default();
        let judged = judged.into_iter().filter_map(|id| Some((id, version.vocabulary.field(id)?)));
        let mut found = Vec::new();
        let mut other = episode.clone();
        for (id, field) in judged.take(MOST_RATINGS) {
            let Some(rated) = episode.value(id) else { continue };
            for higher in [true, false] {
                let Some(to) = one_level_off(version, field, rated, higher) else { continue };
                other.set(id, Slot::Present(to.clone()), None);
                let judged = judge_by(version, at, &other, standpoint);
                let would_be = self.of_version(at, &other, standpoint, &judged).verdict;
                if would_be != verdict {
                    let broken = broken(version, judgement, &judged);
                    found.push(Flip { field: id, to, higher, verdict: would_be, broken });
                }
            }
            other.set(id, Slot::Present(rated.clone()), None);
        }
        found
    }
}

/// Gives the next higher or lower level of a scale, or the next whole number of its range.
fn one_level_off(version: &Version, field: &Field, value: &Value, higher: bool) -> Option<Value> {
    match (field.kind, value) {
        (FieldType::Scale(list), Value::Name(name)) => {
            let next = if higher { name.0.checked_add(1) } else { name.0.checked_sub(1) }?;
            let levels = version.vocabulary.list(list)?.names.len();
            (usize::from(next) < levels).then_some(Value::Name(NameId(next)))
        }
        // Of two ratings, true is the higher one.
        (FieldType::Boolean, Value::Boolean(value)) => (*value != higher).then_some(Value::Boolean(higher)),
        (FieldType::WholeNumber(range), Value::Number(number)) => {
            let one = if higher { Decimal::ONE } else { Decimal::NEGATIVE_ONE };
            number.checked_add(one).filter(|number| range.contains(*number)).map(Value::Number)
        }
        _ => None,
    }
}

/// Gives the rules that decide, are violated, and were not.
fn broken(version: &Version, was: &Judgement, is: &Judgement) -> Vec<RuleId> {
    let violated = |judgement: &Judgement, rule| judgement.status(rule) == Some(Status::Violated);
    let rules = version.rules.iter().zip((0..).map(RuleId)).filter(|(rule, _)| rule.decides()).map(|(_, id)| id);
    rules.filter(|rule| violated(is, *rule) && !violated(was, *rule)).collect()
}
