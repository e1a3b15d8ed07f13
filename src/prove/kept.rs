//! What follows for counts where a log kept every quota of a policy all along.
//!
//! If no window of length D holds more than N records, one of length E holds at most N for each D that it takes to cover
//! it: of the records of any stretch of length D, the window of the last holds all.

use crate::policy::{Condition, Function, HistoryId, NormKind, Relation, Rule, Term, Value, Version};

use super::field::units;
use super::place::Place;
use super::quantity::Quantity;
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
        let quotas: Vec<(usize, i128)> = version
            .rules
            .iter()
            .filter_map(|rule| quota(version, rule))
            .filter_map(|(history, most)| Some((self.quantity(first, history)?, most)))
            .collect();
        let mut holds = Vec::new();
        for (quota, most) in quotas {
            let Some(quota) = self.quantities.get(quota).cloned() else { continue };
            let counts = self.quantities.iter().filter(|other| other.function == Function::Count);
            for other in counts.cloned().collect::<Vec<_>>() {
                let bound = self.covering(&other, &quota).and_then(|times| most.checked_mul(times));
                let Some(bound) = bound.filter(|_| self.is_contained(&other, &quota)) else { continue };
                let (high, bound) = (Place::of(other.high), Place::fixed(bound));
                holds.push(self.less(high, bound, false));
            }
        }
        holds
    }

    /// Gives how many windows of one clause cover one of another, wherever they lie.
    fn covering(&self, window: &Quantity, by: &Quantity) -> Option<i128> {
        let (window, by) = (self.reach(window)?.longest()?, self.reach(by)?.shortest()?);
        (by > 0).then(|| window.div_euclid(by) + i128::from(window % by != 0))
    }
}

/// Gives the count and the most of a rule that is a quota for every episode that it counts.
fn quota(version: &Version, rule: &Rule) -> Option<(HistoryId, i128)> {
    let plain = rule.norm.kind == NormKind::Limit && rule.unless.is_none() && rule.decides();
    (plain && version.applies_when.is_none()).then_some(())?;
    let Condition::Measure { history, relation: Relation::AtMost, right: Term::Constant(Value::Number(most)) } =
        version.conditions.get(rule.norm.condition)
    else {
        return None;
    };
    let clause = version.conditions.history(*history)?;
    let counts_all = match (rule.guard, clause.filter) {
        (None, None) => true,
        (Some(guard), Some(filter)) => version.conditions.is_same(guard, filter),
        _ => false,
    };
    let is_count = clause.function == Function::Count && clause.window.counts_itself();
    (counts_all && is_count).then_some(())?;
    Some((*history, units(*most)?))
}
