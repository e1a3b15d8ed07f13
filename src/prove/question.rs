//! What can be asked of policies.

use std::collections::BTreeSet;

use crate::judge::{Status, Truth, Verdict};
use crate::policy::{ConditionId, DefaultNorm, Field, Policy, RuleId};

use super::dual::Dual;
use super::solver::Lit;
use super::verdict::Verdicts;
use super::witness::{Answer, Witness};
use super::world::World;

/// How many kinds of change are told apart.
const MOST_GROUPS: usize = 200;

/// Asks about some policies over one record that all of them read.
pub struct Prover<'p> {
    pub(super) world: World<'p>,
}

/// Looks for two records that differ in one field alone and on which a policy has different verdicts. The case is the one of
/// them that the first reading of the policy sees; its judgements are those of both.
pub fn matters(policy: &Policy, field: &Field) -> Answer {
    Prover { world: World::twice(policy, field) }.different(0, 1)
}

/// The records whose verdicts differ in one way.
#[derive(Debug, Clone)]
pub struct Group {
    /// The verdict of the first policy, and of the second.
    pub verdicts: (Verdict, Verdict),
    /// The rules of either that are violated, undetermined, or give a ground, in the one and not the other, by name; where
    /// there are none, those that are undetermined in both.
    pub rules: BTreeSet<String>,
    /// What of the rules' conditions makes the change, whatever else holds of the record, as long as the other rules say
    /// what they say of the case: as few as there can be; empty where that was not found. Where a verdict is undetermined, and
    /// none is decided only whatever the value, they make the change only of records on which what is missing can matter.
    pub because: Vec<Reason>,
    /// One of them.
    pub case: Witness,
}

/// What is known of a condition of one of two policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Which policy, of the two.
    pub policy: usize,
    /// The version, by number among those of the policy.
    pub version: usize,
    /// The condition, a comparison.
    pub condition: ConditionId,
    /// What is known of it.
    pub truth: Truth,
}

impl<'p> Prover<'p> {
    /// Begins to ask.
    pub fn new(policies: &[&'p Policy]) -> Self {
        Self { world: World::new(policies) }
    }

    /// Looks for a record that one policy permits, and that another covers and does not permit.
    pub fn laxer(&mut self, one: usize, other: usize) -> Answer {
        self.laxer_given(one, other, &[]).unwrap_or(Answer::Open)
    }

    /// Looks for the same, where some literals hold: first for one that the other forbids, since that is clearer than one that it
    /// leaves open.
    fn laxer_given(&mut self, one: usize, other: usize, given: &[Lit]) -> Option<Answer> {
        let permits: Wanted = (one, &[Verdict::Permissible]);
        let forbids = self.goal(&[permits, (other, &[Verdict::Impermissible])])?;
        let does_not_permit = self.goal(&[permits, (other, &[Verdict::Impermissible, Verdict::Undetermined])])?;
        Some(self.find_first(&[forbids.as_slice(), given].concat(), &[does_not_permit.as_slice(), given].concat()))
    }

    /// Looks for what is clear, and only if that is not found for all that is asked.
    fn find_first(&mut self, clear: &[Lit], all: &[Lit]) -> Answer {
        match self.world.find(clear) {
            case @ Answer::Case(_) => case,
            _ => self.world.find(all),
        }
    }

    /// Looks for the same, in a log of which every episode kept the quotas of the first policy. `None` where it has no
    /// quota that would make a difference.
    pub fn laxer_where_kept(&mut self, one: usize, other: usize) -> Option<Answer> {
        // What follows is demanded of the history clauses that the question asks.
        self.goal(&[(one, &Verdict::ALL), (other, &Verdict::ALL)])?;
        let kept = self.world.kept(one);
        if kept.is_empty() { None } else { self.laxer_given(one, other, &kept) }
    }

    /// Looks for a record that one policy permits, and that another does not cover.
    pub fn uncovered(&mut self, one: usize, other: usize) -> Answer {
        match self.goal(&[(one, &[Verdict::Permissible]), (other, &[Verdict::NotCovered])]) {
            Some(goal) => self.world.find(&goal),
            None => Answer::Open,
        }
    }

    /// Gives the literals that policies have certain verdicts, each one of some.
    fn goal(&mut self, wanted: &[Wanted]) -> Option<Vec<Lit>> {
        let mut goal = Vec::new();
        for (policy, verdicts) in wanted {
            let lits = self.world.of_policy(*policy)?;
            goal.push(self.world.solver.any(verdicts.iter().map(|verdict| lits.lit(*verdict))));
        }
        Some(goal)
    }

    /// Looks for a record on which two policies have different verdicts.
    pub fn different(&mut self, one: usize, other: usize) -> Answer {
        let (Some(first), Some(second)) = (self.world.of_policy(one), self.world.of_policy(other)) else {
            return Answer::Open;
        };
        let decided = self.differ(first, second, pairs().filter(is_decided));
        let differ = self.differ(first, second, pairs());
        self.find_first(&[decided], &[differ])
    }

    fn differ(&mut self, first: Verdicts, second: Verdicts, pairs: impl Iterator<Item = (Verdict, Verdict)>) -> Lit {
        let solver = &mut self.world.solver;
        let each: Vec<Lit> = pairs.map(|(was, is)| solver.both(first.lit(was), second.lit(is))).collect();
        solver.any(each)
    }

    /// Looks for a record that became stricter, or looser, from one policy to another: within some conditions of the
    /// other, by version and condition, or outside all of them. Where it is open whether one holds, a change from or to
    /// *undetermined* is not outside: what is not known may be what was announced.
    pub fn changed(
        &mut self,
        (one, other): (usize, usize),
        stricter: bool,
        conditions: &[(usize, ConditionId)],
        outside: bool,
    ) -> Answer {
        let (Some(first), Some(second), Some(begins)) =
            (self.world.of_policy(one), self.world.of_policy(other), self.world.first.get(other).copied())
        else {
            return Answer::Open;
        };
        let changed = self.differ(first, second, pairs().filter(|(was, is)| (is > was) == stricter));
        let known = conditions.iter().map(|(version, id)| self.world.condition(begins + version, *id));
        let known: Vec<Dual> = known.collect();
        let solver = &mut self.world.solver;
        let within = solver.any(known.iter().map(|condition| condition.yes));
        if !outside {
            return self.world.find(&[changed, within]);
        }
        let surely = solver.all(known.iter().map(|condition| condition.no));
        let decided = solver.all([!first.undetermined, !second.undetermined]);
        let is_outside = solver.either(surely, decided);
        self.world.find(&[changed, !within, is_outside])
    }

    /// Looks for a record that a policy permits by one of its versions although a condition of that version is true.
    pub fn permits(&mut self, policy: usize, version: usize, condition: ConditionId) -> Answer {
        let Some(at) = self.world.first.get(policy).map(|first| first + version) else { return Answer::Open };
        let (Some(verdicts), Some(in_force)) = (self.world.of_policy(policy), self.world.in_force(at)) else {
            return Answer::Open;
        };
        let holds = self.world.condition(at, condition).yes;
        self.world.find(&[verdicts.permissible, in_force.yes, holds])
    }

    /// Looks for a record that a policy permits although a rule of one of its versions is violated or undetermined.
    pub fn breaks(&mut self, policy: usize, version: usize, rule: RuleId) -> Answer {
        let Some(at) = self.world.first.get(policy).map(|first| first + version) else { return Answer::Open };
        let (Some(verdicts), Some(in_force), Some(says)) =
            (self.world.of_policy(policy), self.world.in_force(at), self.world.says(at, rule))
        else {
            return Answer::Open;
        };
        let not_clear = self.world.solver.either(says.violated, says.undetermined);
        self.world.find(&[verdicts.permissible, in_force.yes, not_clear])
    }

    /// Gives every way in which the verdicts of two policies differ, with a record of each; and whether that is all.
    pub fn differences(&mut self, one: usize, other: usize) -> (Vec<Group>, bool) {
        let mut groups = Vec::new();
        let mut complete = true;
        let (Some(first), Some(second)) = (self.world.of_policy(one), self.world.of_policy(other)) else {
            return (groups, false);
        };
        for (was, is) in pairs() {
            let goal = [first.lit(was), second.lit(is)];
            // Each group is left behind for the rest of the search by a literal of its own.
            let mut left = vec![];
            loop {
                let assumed: Vec<Lit> = goal.iter().copied().chain(left.iter().copied()).collect();
                match self.world.find(&assumed) {
                    Answer::None => break,
                    Answer::Open => {
                        complete = false;
                        break;
                    }
                    Answer::Case(case) => {
                        let (rules, lits) = self.responsible(one, other, &case);
                        left.push(!self.world.solver.all(lits));
                        // By Kleene it is sooner proved; where he leaves open what is decided, it is not so by him.
                        let exactly = [one, other].into_iter().any(|policy| case.is_whatever_the_value(policy));
                        let change = match exactly {
                            true => self.world.solver.both(first.lit(was), second.lit(is)),
                            false => self.change_by_kleene((one, was), (other, is)),
                        };
                        let mut told_of = rules.clone();
                        if exactly {
                            told_of
                                .extend(self.open_rules(one, &case).into_iter().chain(self.open_rules(other, &case)));
                        }
                        let because = self.because((one, other), &case, &told_of, (change, exactly));
                        groups.push(Group { verdicts: (was, is), rules, because, case: *case });
                    }
                }
                if groups.len() >= MOST_GROUPS {
                    return (groups, false);
                }
            }
        }
        (groups, complete)
    }

    fn change_by_kleene(&mut self, (one, was): (usize, Verdict), (other, is): (usize, Verdict)) -> Lit {
        let (Some(first), Some(second)) = (self.world.by_kleene(one), self.world.by_kleene(other)) else {
            return self.world.solver.no();
        };
        self.world.solver.both(first.lit(was), second.lit(is))
    }

    /// Gives the rules that say something of a record in one policy which the other's rule of that name does not say, and
    /// the literals of what they say.
    fn responsible(&mut self, one: usize, other: usize, case: &Witness) -> (BTreeSet<String>, Vec<Lit>) {
        let (ours, theirs) = (self.sayings(one, case), self.sayings(other, case));
        let mut rules = BTreeSet::new();
        let names: BTreeSet<&String> = ours.iter().chain(&theirs).map(|saying| &saying.0).collect();
        let of = |all: &[Saying], name: &String| all.iter().find(|saying| saying.0 == *name).map(|saying| saying.1);
        for name in names {
            // A rule that the other does not have says nothing there.
            if of(&ours, name).unwrap_or(0) != of(&theirs, name).unwrap_or(0) {
                rules.insert(name.clone());
            }
        }
        if rules.is_empty() {
            // What is open in both is decided in one of them, whatever the value.
            rules.extend(ours.iter().chain(&theirs).filter(is_open).map(|saying| saying.0.clone()));
        }
        let concerned = ours.iter().chain(&theirs).filter(|saying| rules.contains(&saying.0));
        let lits = concerned.map(|saying| saying.2).collect();
        (rules, lits)
    }

    /// Gives the rules that are open where a policy decides only whatever the value: together they decide it.
    fn open_rules(&mut self, policy: usize, case: &Witness) -> Vec<String> {
        let sayings = if case.is_whatever_the_value(policy) { self.sayings(policy, case) } else { Vec::new() };
        sayings.iter().filter(is_open).map(|saying| saying.0.clone()).collect()
    }

    /// Gives what each rule of a policy says of a record that bears on the verdict, with the literal of that.
    pub(super) fn sayings(&mut self, policy: usize, case: &Witness) -> Vec<Saying> {
        let version = case.judgements.get(policy).and_then(|judgement| judgement.version);
        let Some((version, first)) = version.zip(self.world.first.get(policy).copied()) else { return Vec::new() };
        let at = first + version;
        let Some(of) = self.world.versions.get(at).copied() else { return Vec::new() };
        let (norms, permits) = World::deciding(of);
        let name = |rule: RuleId| of.rules.get(rule.0 as usize).map(|rule| rule.name.clone()).unwrap_or_default();
        let outcomes = case.judgements.get(policy).map(|judgement| judgement.outcomes.clone()).unwrap_or_default();
        // Of what it does not cover a policy says nothing, whatever its rules would have said.
        if outcomes.is_empty() {
            return Vec::new();
        }
        let outcome = |rule: RuleId| outcomes.get(rule.0 as usize).copied();
        let mut sayings = Vec::new();
        for rule in norms {
            let Some(says) = self.world.says(at, rule) else { continue };
            let (what, lit) = match outcome(rule).and_then(|outcome| outcome.status()) {
                Some(Status::Violated) => (VIOLATED, says.violated),
                Some(Status::Undetermined) => (OPEN, says.undetermined),
                _ => (0, !self.world.solver.either(says.violated, says.undetermined)),
            };
            sayings.push((name(rule), what, lit));
        }
        // Where everything is permitted by default, a permit has no effect.
        for rule in permits.into_iter().filter(|_| of.default == DefaultNorm::Forbid) {
            let Some(ground) = self.world.ground(at, rule) else { continue };
            let (what, lit) = match outcome(rule).and_then(|outcome| outcome.ground()) {
                Some(Truth::True) => (PERMITTED, ground.yes),
                Some(Truth::Unknown) => (PERHAPS_PERMITTED, ground.open(&mut self.world.solver)),
                _ => (0, ground.no),
            };
            sayings.push((name(rule), what, lit));
        }
        sayings
    }
}

/// A policy, and the verdicts of which one is looked for.
type Wanted = (usize, &'static [Verdict]);

/// What a rule says of a record: its name, what it is, and the literal of it.
pub(super) type Saying = (String, u8, Lit);

/// What a rule can say that bears on a verdict; else 0.
const OPEN: u8 = 1;
const VIOLATED: u8 = 2;
const PERHAPS_PERMITTED: u8 = 3;
const PERMITTED: u8 = 4;

/// Says whether it is open what a rule says.
fn is_open(saying: &&Saying) -> bool {
    [OPEN, PERHAPS_PERMITTED].contains(&saying.1)
}

/// Gives every pair of different verdicts, those first that are decided.
fn pairs() -> impl Iterator<Item = (Verdict, Verdict)> {
    let all = || Verdict::ALL.into_iter().flat_map(|was| Verdict::ALL.map(|is| (was, is)));
    all().filter(is_decided).chain(all().filter(|pair| !is_decided(pair))).filter(|(was, is)| was != is)
}

/// Says whether neither verdict of a pair is open.
fn is_decided((was, is): &(Verdict, Verdict)) -> bool {
    ![was, is].contains(&&Verdict::Undetermined)
}
