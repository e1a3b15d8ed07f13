//! Where `if undocumented` is consulted although no value could matter (semantics.md, section 4, silence).
//!
//! The solver proposes records of which a rule is open; whether every value of what is missing gives that rule one and the
//! same class of status, kept or broken, is asked of the completions of the record. Records are told apart by what is known of
//! the rule's comparisons, and by what stands beside what is missing in those that are open; one of each sort is looked at.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, codes};
use crate::episode::Episode;
use crate::judge::{Evaluation, Measured, Truth};
use crate::policy::{FieldId, HistoryId, Policy, Rule, Silence, Version};

use super::recorded::{Asked, is_completed};
use super::solver::Lit;
use super::witness::{Answer, Witness};
use super::world::{Found, World};

/// How many sorts of records of one rule are looked at, and how many rules.
const MOST_SORTS: usize = 100;
const MOST_RULES: usize = 200;

/// Looks for rules whose silence clause is consulted although no value could matter; each is told once.
pub(super) fn consulted(policy: &Policy) -> Vec<Diagnostic> {
    let (Some(version), Some(at)) = (policy.versions.last(), policy.versions.len().checked_sub(1)) else {
        return Vec::new();
    };
    let silent = version.rules.iter().filter(|rule| rule.silence.is_some() && rule.duty.is_none()).take(MOST_RULES);
    // Where only what is not completed can be missing, every value is a question of its own.
    let asked =
        silent.filter(|rule| version.conditions.fields_read(rule.clauses()).any(|field| completed(version, field)));
    let needless = Needless { policy, version, at };
    asked.filter_map(|rule| needless.of_rule(rule)).collect()
}

fn completed(version: &Version, field: FieldId) -> bool {
    version.vocabulary.field(field).is_some_and(|field| is_completed(field.kind))
}

struct Needless<'p> {
    policy: &'p Policy,
    version: &'p Version,
    at: usize,
}

/// What every value of what is missing comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Always {
    Kept,
    Broken,
}

impl Needless<'_> {
    fn of_rule(&self, rule: &Rule) -> Option<Diagnostic> {
        let mut world = World::new(&[self.policy]);
        let (violated, clear) = world.before_silence(self.at, rule);
        let mut goal = world.covered(self.at)?;
        goal.extend([!violated, !clear]);
        for _ in 0..MOST_SORTS {
            let Answer::Case(case) = world.find(&goal) else { return None };
            let episode = case.episodes.get(self.at)?;
            if let Some(always) = self.always(rule, episode, &case) {
                return Some(self.told(rule, always, &case));
            }
            let sort = self.sort(&mut world, rule, &case);
            goal.push(!world.solver.all(sort));
        }
        None
    }

    /// Says what every completion of a record comes to, where that is one class of status, and silence says otherwise or no
    /// more.
    fn always(&self, rule: &Rule, episode: &Episode, case: &Witness) -> Option<Always> {
        let mut world = World::completing(self.version);
        let (violated, clear) = world.before_silence(0, rule);
        let clauses = (0..).map(HistoryId).take(self.version.conditions.histories().len());
        let measures: Vec<Measured> = clauses.map(|history| case.measured(self.at, history)).collect();
        let mut evaluation = Evaluation::new(self.version, episode);
        let assumed = world.recorded(&mut evaluation, Asked::of_completions(&measures, &[]))?;
        let mut cannot = |not: Lit| {
            let assumed: Vec<Lit> = assumed.iter().copied().chain([not]).collect();
            matches!(world.settle(&assumed), Found::Cannot)
        };
        match (cannot(!clear), cannot(!violated)) {
            (true, false) => Some(Always::Kept),
            (false, true) => Some(Always::Broken),
            _ => None,
        }
    }

    /// Gives what is known of the comparisons of a rule in a record, and what is written of the fields of those that are open.
    fn sort(&self, world: &mut World<'_>, rule: &Rule, case: &Witness) -> Vec<Lit> {
        let conditions = &self.version.conditions;
        let known = case.known_of((self.at, self.version), conditions.leaves(rule.clauses()));
        let mut sort = Vec::new();
        let mut beside: BTreeSet<FieldId> = BTreeSet::new();
        for (leaf, truth) in known {
            sort.push(world.condition(self.at, leaf).is(truth, &mut world.solver));
            if truth == Truth::Unknown {
                beside.extend(conditions.reads(leaf).map(|read| read.field));
            }
        }
        let Some(episode) = case.episodes.get(self.at) else { return sort };
        for field in beside {
            let Some(reading) = world.reading(self.at, field) else { continue };
            match episode.value(field) {
                Some(value) => {
                    sort.push(reading.present);
                    // What cannot be said exactly tells no more records apart.
                    let _ = world.is_value(&reading, value, &mut sort);
                }
                None => sort.push(!reading.present),
            }
        }
        sort
    }

    fn told(&self, rule: &Rule, always: Always, case: &Witness) -> Diagnostic {
        let read: Vec<FieldId> = self.version.conditions.fields_read(rule.clauses()).collect();
        let missing = |field: &FieldId| {
            completed(self.version, *field) && case.episodes.get(self.at).is_some_and(|episode| episode.is_open(*field))
        };
        let mut names: Vec<String> = Vec::new();
        for field in read.iter().filter(|field| missing(field)) {
            let name = format!("`{}`", self.version.vocabulary.field_name(*field));
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let of_rule = |setting: &&super::Setting| {
            read.iter().any(|field| self.version.vocabulary.field_name(*field) == setting.field)
        };
        let stated: Vec<String> = case
            .settings
            .iter()
            .filter(of_rule)
            .map(|setting| format!("{} is {}", setting.field, setting.value))
            .collect();
        let stands = if stated.is_empty() {
            "whatever else is written".to_owned()
        } else {
            format!("with {}", stated.join(" and "))
        };
        let (class, rewrite) = match (always, stated.is_empty()) {
            (Always::Kept, false) => {
                ("kept", format!("add `unless {}`, so that silence is not asked there", stated.join(" and ")))
            }
            (Always::Kept, true) => {
                ("kept", "leave the clause out, and what it demands: it demands nothing".to_owned())
            }
            (Always::Broken, false) => {
                ("broken", format!("add a rule that says it: `forbid when {}`", stated.join(" and ")))
            }
            (Always::Broken, true) => ("broken", "leave the clause out, and forbid it outright".to_owned()),
        };
        let silence = match rule.silence {
            Some(Silence::Satisfied) => "satisfied",
            _ => "violated",
        };
        let message = format!(
            "`if undocumented {silence}` of `{}` is asked where no value could matter: {stands}, every value of {} leaves it {class}",
            rule.name,
            if names.is_empty() { "what is missing".to_owned() } else { names.join(" and ") }
        );
        let problem =
            Diagnostic::new(codes::PROOF_NEEDLESS_SILENCE, message, rule.origin, "silence decides, and need not");
        let shown = case.shown("silent", self.version);
        case.with_supposed(problem, self.at, self.version).with_help(rewrite).with_case(shown)
    }
}
