//! The exact verdict by trying: where little is missing, the judge is asked about every value that it could have.
//!
//! Takes an episode whose verdict is open rule by rule. The rules that are clear stay so whatever is filled in; the open ones are
//! judged anew with each value of the booleans, names and levels that are missing, and, of one moment that is known in part, at
//! each point where something that they ask may turn and on both sides of it. So hours of the day, months, and days beside
//! moments are decided exactly, which the encoding takes to come out either way. Where more is missing, or what is missing is not
//! of such a sort, nothing is said.

mod moments;

use std::collections::BTreeSet;

use crate::episode::{Episode, Slot};
use crate::judge::{Evaluation, Judgement, Outcome, Status, Truth, Verdict, outcome, verdict_by};
use crate::policy::{
    Condition, ConditionId, DefaultNorm, FieldId, FieldType, NameId, Role, Rule, RuleId, Value, Version,
};

use super::exact::ExactVerdict;
use super::subsets::subsets;
use super::world::World;

/// How many records are judged where no moment is known in part: more are not slower to encode.
const MOST_RECORDS: usize = 16;

/// How many are judged where one is.
const MOST_MOMENTS: usize = 6_000;

/// How many rules are cited together at most before they are only left out one by one.
const MOST_CITED: usize = 3;

/// Finds the exact verdict by trying; none where it is not found so.
pub(super) fn verdict(version: &Version, episode: &Episode, judgement: &Judgement) -> Option<ExactVerdict> {
    is_in_force(version, episode).then_some(())?;
    let open = Open::of(version, judgement)?;
    let tried = open.values(episode)?;
    let mut came: Vec<Came> = Vec::new();
    let mut at = vec![0; tried.len()];
    let mut episode = episode.clone();
    loop {
        for ((field, values), at) in tried.iter().zip(&at) {
            episode.set(*field, Slot::Present(values.get(*at)?.clone()), None);
        }
        came.push(open.judged(&episode, judgement));
        if !next(&mut at, &tried) {
            break;
        }
    }
    let possible: BTreeSet<Verdict> = came.iter().map(|came| came.verdict).collect();
    let mut exact = ExactVerdict::of(possible);
    let cited = open.cited(exact.verdict, &came);
    exact.by_default = cited.contains(&None);
    exact.rules = cited.into_iter().flatten().collect();
    Some(exact)
}

/// Says whether a version is in force at whatever moment an episode may have.
fn is_in_force(version: &Version, episode: &Episode) -> bool {
    let Some(in_force) = version.in_force else { return true };
    match version.vocabulary.role(Role::Time).and_then(|time| episode.value(time)) {
        Some(Value::Date(day)) => in_force.contains(*day),
        Some(Value::Instant(when)) => in_force.contains(when.first_day) && in_force.contains(when.last_day),
        _ => false,
    }
}

/// Goes to the next combination of values; says whether there is one.
fn next(at: &mut [usize], tried: &[(FieldId, Vec<Value>)]) -> bool {
    for (at, (_, values)) in at.iter_mut().zip(tried) {
        *at += 1;
        if *at < values.len() {
            return true;
        }
        *at = 0;
    }
    false
}

/// The rules of a version that are open, and what they ask.
struct Open<'v> {
    version: &'v Version,
    rules: Vec<(RuleId, &'v Rule)>,
    /// Their comparisons, those of the cells of tables among them.
    leaves: BTreeSet<ConditionId>,
}

/// What one record came to.
struct Came {
    verdict: Verdict,
    outcomes: Vec<Outcome>,
}

impl<'v> Open<'v> {
    /// Finds them; none where the scope is open, or one of them looks back.
    fn of(version: &'v Version, judgement: &Judgement) -> Option<Self> {
        let is_open = |outcome: &Outcome| {
            matches!(
                outcome,
                Outcome::Requirement { status: Status::Undetermined, .. } | Outcome::Ground(Truth::Unknown)
            )
        };
        let rules = (0..).map(RuleId).zip(&version.rules).zip(&judgement.outcomes);
        let rules: Vec<(RuleId, &Rule)> = rules.filter(|(_, outcome)| is_open(outcome)).map(|(rule, _)| rule).collect();
        let conditions = &version.conditions;
        let mut leaves = conditions.leaves(rules.iter().flat_map(|(_, rule)| rule.clauses()));
        let of_cells = |leaf: &ConditionId| match conditions.get(*leaf) {
            Condition::Table { table, .. } => conditions.table(*table),
            _ => None,
        };
        let tables: Vec<_> = leaves.iter().filter_map(of_cells).collect();
        leaves
            .extend(conditions.leaves(tables.iter().flat_map(|table| &table.rows).flat_map(|row| row.cells.to_vec())));
        let looks_back = leaves.iter().any(|leaf| matches!(conditions.get(*leaf), Condition::Measure { .. }));
        let scope_is_open = judgement.outcomes.is_empty() || judgement.because == crate::judge::Because::ScopeOpen;
        (!looks_back && !scope_is_open && !rules.is_empty()).then_some(Self { version, rules, leaves })
    }

    /// Gives the values to try of each field that is open; none where they cannot all be.
    fn values(&self, episode: &Episode) -> Option<Vec<(FieldId, Vec<Value>)>> {
        let conditions = &self.version.conditions;
        let reads = |leaf: &ConditionId| conditions.reads(*leaf).map(|field| field.field).collect::<Vec<_>>();
        let read: BTreeSet<FieldId> = self.leaves.iter().flat_map(reads).collect();
        let (mut tried, mut count, mut moments) = (Vec::new(), 1usize, 0);
        for field in read.into_iter().filter(|field| episode.is_open(*field)) {
            let kind = self.version.vocabulary.field(field)?.kind;
            let values: Vec<Value> = match (episode.slot(field), kind) {
                (Slot::Present(Value::Instant(when)), _) => {
                    moments += 1;
                    moments::of(self.version, &self.leaves, episode, field, *when, MOST_MOMENTS)?
                }
                (Slot::Present(_), _) => return None,
                (_, FieldType::Boolean) => [false, true].map(Value::Boolean).into(),
                (_, FieldType::Kind(list) | FieldType::Scale(list)) => {
                    let names = self.version.vocabulary.list(list)?.names.len();
                    (0..u16::try_from(names).ok()?).map(|name| Value::Name(NameId(name))).collect()
                }
                (_, FieldType::Number(_) | FieldType::WholeNumber(_) | FieldType::Percent(_)) => return None,
                // Whatever else is missing may never have existed: what compares it stays open.
                _ => continue,
            };
            // That it is written, or not, is about the record.
            let asks_whether =
                |leaf: &ConditionId| matches!(conditions.get(*leaf), Condition::Present(asked) if asked.field == field);
            let is_written = matches!(episode.slot(field), Slot::Present(_));
            if !is_written && self.leaves.iter().any(asks_whether) {
                return None;
            }
            count = count.checked_mul(values.len())?;
            tried.push((field, values));
        }
        let most = if moments == 0 { MOST_RECORDS } else { MOST_MOMENTS };
        (moments < 2 && count <= most && !tried.is_empty()).then_some(tried)
    }

    /// Judges the open rules anew; what the others say stands.
    fn judged(&self, episode: &Episode, judgement: &Judgement) -> Came {
        let mut evaluation = Evaluation::new(self.version, episode);
        let mut outcomes = judgement.outcomes.clone();
        for (id, rule) in &self.rules {
            if let Some(known) = outcomes.get_mut(id.0 as usize) {
                *known = outcome(rule, &mut evaluation);
            }
        }
        Came { verdict: verdict_by(self.version, &outcomes), outcomes }
    }

    /// Gives a smallest set of rules of which one decides each of the records: none stands for that no permit can hold.
    fn cited(&self, verdict: Verdict, came: &[Came]) -> Vec<Option<RuleId>> {
        let (norms, permits) = World::deciding(self.version);
        let by_default = self.version.default == DefaultNorm::Forbid;
        let ground = |came: &Came, rule: RuleId| came.outcomes.get(rule.0 as usize).and_then(Outcome::ground);
        let all = |decides: &dyn Fn(&Came) -> bool| came.iter().map(decides).collect::<Vec<bool>>();
        let mut parts: Vec<(Option<RuleId>, Vec<bool>)> = Vec::new();
        match verdict {
            Verdict::Impermissible => {
                let is_violated = |came: &Came, rule: RuleId| {
                    came.outcomes.get(rule.0 as usize).and_then(Outcome::status) == Some(Status::Violated)
                };
                parts.extend(norms.into_iter().map(|rule| (Some(rule), all(&|came| is_violated(came, rule)))));
                if by_default {
                    let none = |came: &Came| permits.iter().all(|rule| ground(came, *rule) == Some(Truth::False));
                    parts.push((None, all(&none)));
                }
            }
            Verdict::Permissible if by_default => {
                let is_given = |came: &Came, rule: RuleId| ground(came, rule) == Some(Truth::True);
                parts.extend(permits.iter().map(|rule| (Some(*rule), all(&|came| is_given(came, *rule)))));
            }
            _ => return Vec::new(),
        }
        parts.retain(|(_, decides)| decides.contains(&true));
        smallest(&parts).into_iter().map(|(part, _)| *part).collect()
    }
}

type Part = (Option<RuleId>, Vec<bool>);

/// Gives a smallest selection of which one decides each record: of few by trying, of more by leaving out.
fn smallest(parts: &[Part]) -> Vec<&Part> {
    let decides = |chosen: &[&Part]| {
        let records = chosen.first().map_or(0, |(_, decides)| decides.len());
        records > 0 && (0..records).all(|at| chosen.iter().any(|(_, decides)| decides.get(at) == Some(&true)))
    };
    for size in 1..=MOST_CITED.min(parts.len()) {
        if let Some(found) = subsets(parts, size).into_iter().find(|chosen| decides(chosen)) {
            return found;
        }
    }
    let mut kept: Vec<&Part> = parts.iter().collect();
    for part in parts {
        let without: Vec<&Part> = kept.iter().copied().filter(|known| !std::ptr::eq(*known, part)).collect();
        if decides(&without) {
            kept = without;
        }
    }
    kept
}
