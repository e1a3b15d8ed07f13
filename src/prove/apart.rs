//! Whether two policies with the same rules can be told apart by what anybody is told of an episode: its verdict, and of each
//! rule whether it is violated, open or excused.

use crate::judge::Verdict;
use crate::policy::{Policy, RuleId};

use super::solver::Lit;
use super::witness::Answer;
use super::world::World;

/// Looks for a record of which two policies say something else, each of one version and with the same rules in the same order.
/// `None` is a proof that there is none. Of duties nothing is asked.
pub fn told_apart(one: &Policy, other: &Policy) -> Answer {
    let mut world = World::new(&[one, other]);
    let (Some(first), Some(second)) = (world.of_policy(0), world.of_policy(1)) else { return Answer::Open };
    let mut differ: Vec<Lit> = Vec::new();
    for verdict in Verdict::ALL {
        differ.push(world.not_same(first.lit(verdict), second.lit(verdict)));
    }
    let of_rules = world.rules_differ(one);
    let of_rules = world.solver.any(of_rules);
    // What the rules of a policy say where it does not apply, nobody is told.
    differ.push(world.solver.both(of_rules, !first.not_covered));
    let goal = world.solver.any(differ);
    world.find(&[goal])
}

impl World<'_> {
    fn not_same(&mut self, one: Lit, other: Lit) -> Lit {
        let (first, second) = (self.solver.both(one, !other), self.solver.both(!one, other));
        self.solver.either(first, second)
    }

    /// Gives that a rule says something else in the second version than in the first, for each.
    fn rules_differ(&mut self, policy: &Policy) -> Vec<Lit> {
        let Some(version) = policy.versions.first() else { return Vec::new() };
        let mut differ = Vec::new();
        for (rule, id) in version.rules.iter().zip((0..).map(RuleId)).filter(|(rule, _)| rule.duty.is_none()) {
            let pairs = [self.said(0, id, rule.is_permit()), self.said(1, id, rule.is_permit())];
            let [Some(one), Some(other)] = pairs else { continue };
            for (one, other) in one.into_iter().zip(other) {
                differ.push(self.not_same(one, other));
            }
        }
        differ
    }

    fn said(&mut self, version: usize, id: RuleId, permits: bool) -> Option<Vec<Lit>> {
        if permits {
            let ground = self.ground(version, id)?;
            return Some(vec![ground.yes, ground.no]);
        }
        let says = self.says(version, id)?;
        Some(vec![says.violated, says.undetermined, self.excused(version, id)?])
    }
}
