//! What follows for counts where a log kept every quota of a policy all along.
//!
//! If no window of length D holds more than N records, one of length E holds at most N for each D that it takes to cover
//! it: of the records of any stretch of length D, the window of the last holds all.

use crate::policy::{Condition, Function, Length, NormKind, Relation, Rule, Term, Value, Version, Window};

use super::field::units;
use super::leaf::Place;
use super::solver::Lit;
use super::world::World;

impl World<'_> {
    /// Gives what holds of all counts that were asked for, if a policy's quotas were kept by every episode before.
    pub(crate) fn kept(&mut self, policy: usize) -> Vec<Lit> {
        let (Some(of), Some(first)) = (self.policies.get(policy).copied(), self.first.get(policy).copied()) else {
            return Vec::new();
        };
        // A quota of one of several versions was in force for a part of the log only.
        let [version] = of.versions.as_slice() else { return Vec::new() };
        let quotas: Vec<(usize, Length, i128)> = version
            .rules
            .iter()
            .filter_map(|rule| quota(version, rule))
            .filter_map(|(history, length, most)| Some((self.quantity(first, history)?, length, most)))
            .collect();
        let mut holds = Vec::new();
        for (quota, length, most) in quotas {
            let Some(among) = self.quantities.get(quota).map(|quantity| quantity.among.clone()) else { continue };
            let others: Vec<_> = self.quantities.iter().filter(|other| other.among == among).cloned().collect();
            for other in others.into_iter().filter(|other| other.function == Function::Count) {
                let times = other.window.length().and_then(|window| covering(window, length));
                let Some(bound) = times.and_then(|times| most.checked_mul(times)) else { continue };
                let (high, bound) = (Place::of(other.high), Place::fixed(bound));
                holds.push(self.less(high, bound, false));
            }
        }
        holds
    }
}

/// Gives the count, the length and the most of a rule that is a quota for every episode that it counts.
fn quota(version: &Version, rule: &Rule) -> Option<(crate::policy::HistoryId, Length, i128)> {
    let plain = rule.norm.kind == NormKind::Limit && rule.unless.is_none() && rule.decides();
    (plain && version.applies_when.is_none()).then_some(())?;
    let Condition::Measure { history, relation: Relation::AtMost, right: Term::Constant(Value::Number(most)) } =
        version.conditions.get(rule.norm.condition)
    else {
        return None;
    };
    let clause = version.conditions.history(*history)?;
    let Window::InAny(length) = clause.window else { return None };
    let counts_all = match (rule.guard, clause.filter) {
        (None, None) => true,
        (Some(guard), Some(filter)) => version.conditions.is_same(guard, filter),
        _ => false,
    };
    (counts_all && clause.function == Function::Count).then_some(())?;
    Some((*history, length, units(*most)?))
}

/// Gives how many windows of one length cover one of another.
fn covering(window: Length, by: Length) -> Option<i128> {
    match (window, by) {
        (Length::Exact(window), Length::Exact(by)) if !by.is_zero() => {
            Some(window.as_nanos().div_euclid(by.as_nanos()) + i128::from(window.as_nanos() % by.as_nanos() != 0))
        }
        _ => None,
    }
}
