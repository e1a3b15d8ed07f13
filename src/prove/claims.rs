//! What `forbear check` proves of each policy: that every rule can matter, and that rules together leave something to be
//! permitted.
//!
//! Takes a sound set, and gives warnings; each rests on a proof, so that none is a guess. A question that cannot be decided
//! is passed over. Of each policy the last version is looked at, since one that was replaced is not rewritten.

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::policy::{DefaultNorm, DefinitionId, Policy, PolicySet, Rule, RuleId, Version};
use crate::source::Span;

use super::solver::Lit;
use super::subsets::fewest;
use super::verdict::Says;
use super::witness::{Answer, Witness};
use super::world::{Found, World};

/// Beyond so many rules, they are not compared two by two.
const MOST_COMPARED: usize = 400;

/// Beyond so many, nothing is proved of a policy: each rule is asked about with all others beside it.
const MOST_RULES: usize = 2_000;

/// How many conflicts are told.
const MOST_CONFLICTS: usize = 20;

/// Proves what can be proved of every policy. `known`: what was found without a proof, and is not told twice.
pub fn claims(set: &PolicySet, known: &[Diagnostic]) -> Vec<Diagnostic> {
    let seen = |known: &&Diagnostic| [codes::NEVER_APPLIES, codes::ALWAYS_HOLDS].contains(&known.code);
    let seen: Vec<Span> = known.iter().filter(seen).filter_map(Diagnostic::span).collect();
    let overlap = |one: Span, other: Span| one.source == other.source && one.start < other.end && other.start < one.end;
    let is_new = |one: &Diagnostic| one.span().is_none_or(|at| !seen.iter().any(|seen| overlap(at, *seen)));
    let few = |policy: &&Policy| policy.versions.last().is_some_and(|version| version.rules.len() <= MOST_RULES);
    let of_each = |policy| {
        let (pays, unthought_of) = (super::silence::pays(policy), super::gap::unthought_of(policy));
        of_policy(policy).into_iter().chain(pays).chain(unthought_of).chain(super::needless::consulted(policy))
    };
    let proved = set.policies.iter().filter(few).flat_map(of_each);
    proved.filter(is_new).collect()
}

fn of_policy(policy: &Policy) -> Vec<Diagnostic> {
    let (Some(at), mut world) = (policy.versions.len().checked_sub(1), World::new(&[policy])) else {
        return Vec::new();
    };
    let Some(version) = policy.versions.get(at) else { return Vec::new() };
    let Some(context) = world.covered(at) else { return Vec::new() };
    let mut claims = Claims { world, version, at, context, problems: Vec::new() };
    claims.definitions();
    if claims.never_applies() {
        return claims.problems;
    }
    let alive: Vec<RuleId> = claims.ids().filter(|rule| claims.can_matter(*rule)).collect();
    claims.implied(&alive);
    claims.leaves_something(&alive);
    claims.problems
}

struct Claims<'p> {
    world: World<'p>,
    version: &'p Version,
    at: usize,
    /// That the version is in force and applies.
    context: Vec<Lit>,
    problems: Vec<Diagnostic>,
}

impl<'p> Claims<'p> {
    fn ids(&self) -> impl Iterator<Item = RuleId> + use<> {
        (0..u32::try_from(self.version.rules.len()).unwrap_or(u32::MAX)).map(RuleId)
    }

    fn rule(&self, id: RuleId) -> Option<&'p Rule> {
        self.version.rules.get(id.0 as usize)
    }

    /// Says whether it is proved that some literals, which say nothing of exact verdicts, never hold together where the version
    /// applies.
    fn cannot(&mut self, lits: &[Lit]) -> bool {
        let assumed: Vec<Lit> = self.context.iter().chain(lits).copied().collect();
        matches!(self.world.settle_by_kleene(&assumed), Found::Cannot)
    }

    /// Says whether it is proved that nothing is permissible where some literals hold and the version applies.
    fn permits_nothing(&mut self, lits: &[Lit]) -> bool {
        let (Some(kleene), Some(verdicts)) = (self.world.of_version(self.at), self.world.exactly(self.at)) else {
            return false;
        };
        // Most that can be permissible is so by Kleene, which is soon found.
        let by_kleene: Vec<Lit> = lits.iter().copied().chain([kleene.permissible]).collect();
        if !self.cannot(&by_kleene) {
            return false;
        }
        let assumed: Vec<Lit> = self.context.iter().chain(lits).copied().chain([verdicts.permissible]).collect();
        matches!(self.world.settle(&assumed), Found::Cannot)
    }

    fn tell(&mut self, code: Code, message: String, at: Span, label: &str, help: &str) {
        self.problems.push(Diagnostic::new(code, message, at, label).with_help(help));
    }

    /// Says whether the version applies to nothing at all, and tells it.
    fn never_applies(&mut self) -> bool {
        let never = self.cannot(&[]);
        if never {
            let scope = self.version.applies_when.and_then(|scope| self.version.conditions.origin(scope));
            let at = scope.unwrap_or(self.version.origin);
            let message = format!("policy `{}` never applies", self.version.policy);
            let help = "mend its `applies when`: no episode fulfils it";
            self.tell(codes::NEVER_APPLIES, message, at, "never true", help);
        }
        never
    }

    /// Looks for definitions that are never true, or never false.
    fn definitions(&mut self) {
        for (definition, id) in self.version.conditions.definitions().iter().zip((0..).map(DefinitionId)) {
            let known = self.world.defined(self.at, id);
            let what = if matches!(self.world.settle(&[known.yes]), Found::Cannot) {
                "never true"
            } else if matches!(self.world.settle(&[known.no]), Found::Cannot) {
                "never false"
            } else {
                continue;
            };
            let message = format!("`{}` is {what}, whatever an episode says", definition.name);
            let help = "mend its condition, or write what it comes to where it is used";
            self.tell(codes::PROOF_CONSTANT_DEFINITION, message, definition.origin, what, help);
        }
    }

    /// Says whether a rule can apply, and be violated or give a ground; else tells it.
    fn can_matter(&mut self, id: RuleId) -> bool {
        let Some(rule) = self.rule(id).filter(|rule| rule.duty.is_none()) else { return false };
        if let Some(guard) = rule.guard {
            // Silence may let a rule be violated although nobody knows whether it applies.
            let violated = self.world.says(self.at, id).map_or(self.world.solver.no(), |says| says.violated);
            let applies = self.world.condition(self.at, guard).yes;
            if self.cannot(&[applies]) && (rule.is_permit() || self.cannot(&[violated])) {
                let at = self.version.conditions.origin(guard).unwrap_or(rule.origin);
                let message = format!("rule `{}` never applies where the policy does", rule.name);
                let help = "mend its `when`, or the `applies when` of the policy: no episode fulfils both";
                self.tell(codes::NEVER_APPLIES, message, at, "never true here", help);
                return false;
            }
        }
        if rule.is_permit() {
            return self.can_permit(id, rule);
        }
        let Some(says) = self.world.says(self.at, id) else { return false };
        if self.cannot(&[says.violated]) {
            let message = format!("rule `{}` can never be violated", rule.name);
            let help =
                "mend what it demands, its `when` or its `unless`: as they stand, they leave nothing to be broken";
            self.tell(codes::PROOF_NEVER_VIOLATED, message, rule.norm.origin, "nothing can break this", help);
            return false;
        }
        true
    }

    fn can_permit(&mut self, id: RuleId, rule: &Rule) -> bool {
        let Some(ground) = self.world.ground(self.at, id) else { return false };
        if self.version.default == DefaultNorm::Permit {
            return false;
        }
        if self.cannot(&[ground.yes]) {
            let message = format!("rule `{}` never permits anything where the policy applies", rule.name);
            let help = "mend its conditions: no episode fulfils all of them";
            self.tell(codes::NEVER_APPLIES, message, rule.norm.origin, "never given", help);
            return false;
        }
        true
    }

    /// Looks for rules that say nothing that another does not.
    fn implied(&mut self, alive: &[RuleId]) {
        let deciding: Vec<RuleId> =
            alive.iter().copied().filter(|id| self.rule(*id).is_some_and(Rule::decides)).collect();
        let says = deciding.into_iter().filter_map(|id| Some((id, self.world.says(self.at, id)?)));
        let norms: Vec<(RuleId, Says)> = says.collect();
        if norms.len() > MOST_COMPARED {
            return;
        }
        let mut implied: Vec<RuleId> = Vec::new();
        for (id, says) in &norms {
            // A model in which the rule is violated rules out every other that is not violated in it.
            let assumed: Vec<Lit> = self.context.iter().copied().chain([says.violated]).collect();
            if !matches!(self.world.settle(&assumed), Found::Can(_)) {
                continue;
            }
            let mut candidates: Vec<(RuleId, Says)> = norms.iter().copied().filter(|other| other.0 != *id).collect();
            candidates.retain(|other| self.world.solver.value(other.1.violated) && !implied.contains(&other.0));
            let found = candidates.into_iter().find(|other| self.cannot(&[says.violated, !other.1.violated]));
            let Some((other, _)) = found else { continue };
            implied.push(*id);
            let (Some(rule), Some(other)) = (self.rule(*id), self.rule(other)) else { continue };
            let message = format!("rule `{}` adds nothing: whatever breaks it breaks `{}` too", rule.name, other.name);
            let problem = Diagnostic::new(codes::PROOF_IMPLIED, message, rule.origin, "says no more")
                .with_label(other.origin, "than this")
                .with_help("leave it out, or say what it demands beyond the other rule");
            self.problems.push(problem);
        }
    }

    /// Looks for permits, and for guards, under which nothing is permissible.
    fn leaves_something(&mut self, alive: &[RuleId]) {
        let (_, permits) = World::deciding(self.version);
        if self.version.default == DefaultNorm::Forbid && permits.is_empty() {
            // The checker says so, without a proof.
            return;
        }
        if self.permits_nothing(&[]) {
            self.conflict(&[], None);
            return;
        }
        let before = self.problems.len();
        for id in alive {
            if self.problems.len() - before >= MOST_CONFLICTS {
                break;
            }
            let Some(rule) = self.rule(*id) else { continue };
            let lit = if rule.is_permit() {
                let Some(ground) = self.world.ground(self.at, *id) else { continue };
                ground.yes
            } else if let Some(guard) = rule.guard.filter(|_| rule.decides()) {
                let unless = rule.unless.map(|unless| self.world.condition(self.at, unless).no);
                let guard = self.world.condition(self.at, guard).yes;
                let excepted = unless.unwrap_or(self.world.solver.yes());
                self.world.solver.both(guard, excepted)
            } else {
                continue;
            };
            if self.permits_nothing(&[lit]) {
                self.conflict(&[lit], Some(rule));
            }
        }
    }

    /// Finds the fewest rules that leave nothing permissible, and tells them.
    fn conflict(&mut self, within: &[Lit], of: Option<&Rule>) {
        let mut kept: Vec<(RuleId, Lit)> = Vec::new();
        for id in World::deciding(self.version).0 {
            let Some(says) = self.world.says(self.at, id) else { continue };
            let clear = self.world.solver.all([!says.violated, !says.undetermined]);
            kept.push((id, clear));
        }
        let mut within = within.to_vec();
        if self.version.default == DefaultNorm::Forbid && of.is_none_or(|rule| !rule.is_permit()) {
            let (_, permits) = World::deciding(self.version);
            let grounds: Vec<Lit> =
                permits.iter().filter_map(|permit| Some(self.world.ground(self.at, *permit)?.yes)).collect();
            within.push(self.world.solver.any(grounds));
        }
        let cannot = |claims: &mut Self, kept: &[(RuleId, Lit)]| {
            let lits: Vec<Lit> = within.iter().copied().chain(kept.iter().map(|one| one.1)).collect();
            claims.cannot(&lits)
        };
        if !cannot(self, &kept) {
            return;
        }
        let kept = fewest(kept, |kept| cannot(self, kept));
        let assumed: Vec<Lit> = self.context.iter().chain(&within).copied().collect();
        let case = match self.world.find(&assumed) {
            Answer::Case(case) => Some(*case),
            Answer::None | Answer::Open => None,
        };
        self.tell_conflict(&kept, of, case.as_ref());
    }

    fn tell_conflict(&mut self, kept: &[(RuleId, Lit)], of: Option<&Rule>, case: Option<&Witness>) {
        let rules: Vec<&Rule> = kept.iter().filter_map(|(id, _)| self.rule(*id)).collect();
        // A rule that alone forbids all that it applies to says just that.
        if let (Some(rule), [alone]) = (of, rules.as_slice())
            && alone.origin == rule.origin
        {
            return;
        }
        let names: Vec<String> = rules.iter().map(|rule| format!("`{}`", rule.name)).collect();
        let names = if names.is_empty() { "its own conditions".to_owned() } else { names.join(", ") };
        let (what, origin, label) = match of {
            Some(rule) if rule.is_permit() => {
                (format!("nothing that `{}` permits is permissible", rule.name), rule.origin, "whatever this permits")
            }
            Some(rule) => {
                let what = format!("where `{}` applies nothing is permissible", rule.name);
                (what, rule.origin, "whatever this applies to")
            }
            None => ("nothing is ever permissible".to_owned(), self.version.origin, "permits nothing"),
        };
        let message = format!("{what}, because of {names}");
        let mut problem = Diagnostic::new(codes::PROOF_CONFLICT, message, origin, label).with_help(
            "add what may be done to one of them, or an `unless` to the other; if it is meant so, forbid it in one rule",
        );
        if let Some(case) = case {
            let shown = case.shown("in_conflict", self.version);
            problem = case.with_supposed(problem, self.at, self.version).with_case(shown);
        }
        for rule in rules.iter().filter(|rule| rule.origin != origin) {
            problem = problem.with_label(rule.origin, "stands against it");
        }
        self.problems.push(problem);
    }
}
