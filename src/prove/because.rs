//! Why a verdict changes from one policy to another: the fewest comparisons that make the change.

use std::collections::BTreeSet;

use crate::judge::{Because, Judgement, Verdict};
use crate::policy::{DefaultNorm, Rule};

use super::question::{Prover, Reason};
use super::solver::Lit;
use super::witness::Witness;
use super::world::Found;

/// Of so many comparisons it is found which make a change of exact verdicts.
const MOST_EXACT: usize = 24;

impl Prover<'_> {
    /// Finds the fewest comparisons of some rules that make a change of a case as long as every other rule says what it says of
    /// that case; none where these do not suffice, or it was not decided. `exactly`: the change is one of exact verdicts.
    pub(super) fn because(
        &mut self,
        (one, other): (usize, usize),
        case: &Witness,
        rules: &BTreeSet<String>,
        (change, exactly): (Lit, bool),
    ) -> Vec<Reason> {
        let mut context = vec![!change];
        let mut reasons = Vec::new();
        let of_scope =
            |judgement: &Judgement| judgement.verdict == Verdict::NotCovered || judgement.because == Because::ScopeOpen;
        let is_left = |policy: usize| case.judgements.get(policy).is_some_and(of_scope);
        let scope_changes = is_left(one) || is_left(other);
        for policy in [one, other] {
            if !is_left(policy) {
                let sayings = self.sayings(policy, case).into_iter();
                let others = sayings.filter(|saying| scope_changes || !rules.contains(&saying.0));
                context.extend(others.map(|saying| saying.2));
            }
            reasons.extend(self.comparisons(policy, case, rules, scope_changes, &mut context));
        }
        let with_literals = reasons.into_iter().filter_map(|reason| Some((reason, self.holds(&reason)?)));
        let mut kept: Vec<(Reason, Lit)> = with_literals.collect();
        // What holds of exact verdicts is proved one by one, each with what it learns.
        if exactly && kept.len() > MOST_EXACT {
            return Vec::new();
        }
        if !self.suffice(&context, &kept, exactly) {
            return Vec::new();
        }
        // One is told even where what the other rules say would do.
        let mut at = 0;
        while at < kept.len() && kept.len() > 1 {
            let left_out = kept.remove(at);
            if !self.suffice(&context, &kept, exactly) {
                kept.insert(at, left_out);
                at += 1;
            }
        }
        kept.into_iter().map(|(reason, _)| reason).collect()
    }

    fn suffice(&mut self, context: &[Lit], kept: &[(Reason, Lit)], exactly: bool) -> bool {
        let assumed: Vec<Lit> = context.iter().copied().chain(kept.iter().map(|kept| kept.1)).collect();
        let found = if exactly { self.world.settle(&assumed) } else { self.world.settle_by_kleene(&assumed) };
        matches!(found, Found::Cannot)
    }

    /// Gives the comparisons of some rules with what is known of them in a case; where the scope changes, those of the scope.
    /// Where it does not, it joins what is taken for granted.
    fn comparisons(
        &mut self,
        policy: usize,
        case: &Witness,
        rules: &BTreeSet<String>,
        scope_changes: bool,
        context: &mut Vec<Lit>,
    ) -> Vec<Reason> {
        let Some(first) = self.world.first.get(policy).copied() else { return Vec::new() };
        let Some(version) = self.world.policies.get(policy).and_then(|policy| policy.versions.len().checked_sub(1))
        else {
            return Vec::new();
        };
        let at = case.judgements.get(policy).and_then(|judgement| judgement.version).unwrap_or(version);
        let Some(of) = self.world.versions.get(first + at).copied() else { return Vec::new() };
        let bears = |rule: &&Rule| rule.decides() || rule.is_permit() && of.default == DefaultNorm::Forbid;
        let concerned = |rule: &&Rule| !scope_changes && bears(rule) && rules.contains(&rule.name);
        let concerned = of.rules.iter().filter(concerned).flat_map(Rule::clauses);
        let scope = of.applies_when.filter(|_| scope_changes);
        if !scope_changes {
            context.extend(self.world.covered(first + at).into_iter().flatten());
        }
        let known = case.known_of((first + at, of), of.conditions.leaves(concerned.chain(scope)));
        known.into_iter().map(|(condition, truth)| Reason { policy, version: at, condition, truth }).collect()
    }

    /// Gives the literal that a comparison is as it is.
    fn holds(&mut self, reason: &Reason) -> Option<Lit> {
        let at = self.world.first.get(reason.policy)? + reason.version;
        let known = self.world.condition(at, reason.condition);
        Some(known.is(reason.truth, &mut self.world.solver))
    }
}
