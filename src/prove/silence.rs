//! Whether leaving a value out pays: the same record with a value and without it, and a better verdict without it.
//!
//! The policy is asked about twice over one record, of which the second reading has one field of its own. Only what asks
//! whether a value is there, or counts its absence as satisfied, can make it pay (semantics.md section 5, the second
//! property), so that most policies are answered without a question.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, codes};
use crate::judge::Verdict;
use crate::policy::{Condition, ConditionId, FieldId, Policy, Role, Rule, Silence, Version};

use super::pasted::{self, shown};
use super::solver::Lit;
use super::witness::{Answer, Witness};
use super::world::World;

/// How many fields are asked about.
const MOST_ASKED: usize = 200;

/// Looks for fields that it pays to leave out, and that no rule accepts; each is told once.
pub(super) fn pays(policy: &Policy) -> Vec<Diagnostic> {
    let Some(version) = policy.versions.last() else { return Vec::new() };
    candidates(version).into_iter().take(MOST_ASKED).filter_map(|field| of_field(policy, version, field)).collect()
}

/// Gives the fields whose absence something could count in favour.
fn candidates(version: &Version) -> BTreeSet<FieldId> {
    let conditions = &version.conditions;
    let deciding = version.rules.iter().filter(|rule| rule.decides() || rule.is_permit());
    let clauses: Vec<ConditionId> = deciding.clone().flat_map(Rule::clauses).chain(version.applies_when).collect();
    let cells = conditions.tables().iter().flat_map(|table| &table.rows).flat_map(|row| row.cells.iter().copied());
    let leaves = conditions.leaves(clauses.into_iter().chain(cells));
    let asked = leaves.into_iter().filter_map(|leaf| match conditions.get(leaf) {
        Condition::Present(field) => Some(field.field),
        _ => None,
    });
    let lenient = deciding.filter(|rule| rule.silence == Some(Silence::Satisfied)).flat_map(Rule::clauses);
    let read = conditions.leaves(lenient).into_iter().flat_map(|leaf| reads(version, leaf));
    let time = version.vocabulary.role(Role::Time);
    asked.chain(read).filter(|field| Some(*field) != time).collect()
}

/// Gives the fields that a condition reads of the episode itself, keys of its history among them.
fn reads(version: &Version, leaf: ConditionId) -> Vec<FieldId> {
    let conditions = &version.conditions;
    let keys = match conditions.get(leaf) {
        Condition::Measure { history, .. } => conditions.history(*history).map(|history| &history.keys),
        _ => None,
    };
    let keys = keys.into_iter().flatten().map(|key| key.asked);
    conditions.reads(leaf).map(|field| field.field).chain(keys).collect()
}

fn of_field(policy: &Policy, version: &Version, field: FieldId) -> Option<Diagnostic> {
    let mut world = World::twice(policy, version.vocabulary.field(field)?);
    let last = policy.versions.len().checked_sub(1)?;
    let (without, with) = (last, last + policy.versions.len());
    let (absent, present) = (!world.reading(without, field)?.present, world.reading(with, field)?.present);
    let (better, worse) = (world.exactly(without)?, world.exactly(with)?);
    let context = world.in_force(without)?.yes;
    let permitted = world.solver.either(better.permissible, better.not_covered);
    let mut goal = vec![absent, present, context, permitted, worse.impermissible];
    goal.extend(accepted(&mut world, version, (without, with)));
    match world.find(&goal) {
        Answer::Case(case) => Some(told((last, version), field, &case)),
        Answer::None | Answer::Open => None,
    }
}

/// Demands that no rule decides which accepts silence.
fn accepted(world: &mut World<'_>, version: &Version, (without, with): (usize, usize)) -> Vec<Lit> {
    let (norms, permits) = World::deciding(version);
    let accepts = |id: &crate::policy::RuleId| {
        version.rules.get(id.0 as usize).is_some_and(|rule| rule.silence_accepted.is_some())
    };
    let mut demanded = Vec::new();
    for id in norms.iter().filter(|id| accepts(id)) {
        demanded.extend(world.says(with, *id).map(|says| !says.violated));
    }
    for id in permits.iter().filter(|id| accepts(id)) {
        demanded.extend(world.ground(without, *id).map(|ground| !ground.yes));
    }
    demanded
}

/// Tells what pays, at the rule that decides.
fn told((at, version): (usize, &Version), field: FieldId, case: &Witness) -> Diagnostic {
    let name = version.vocabulary.field_name(field);
    let (better, worse) = (case.judgements.first(), case.judgements.get(1));
    let outcomes =
        |judgement: Option<&crate::judge::Judgement>| judgement.map(|one| one.outcomes.clone()).unwrap_or_default();
    let both = outcomes(better).into_iter().zip(outcomes(worse));
    let changed = version
        .rules
        .iter()
        .zip(both)
        .find(|(_, (better, worse))| better.status() != worse.status() || better.ground() != worse.ground());
    let (origin, by) =
        changed.map_or((version.origin, String::new()), |(rule, _)| (rule.origin, format!(" by `{}`", rule.name)));
    let verdict = case.verdict(0).map_or("permissible", Verdict::words);
    let value = case.episodes.last().and_then(|episode| episode.value(field));
    let value =
        value.and_then(|value| crate::policy::write_value(&version.vocabulary, field, value)).unwrap_or_default();
    let message = format!("it pays to leave out `{name}`: what is impermissible{by} with it is {verdict} without it");
    let with = case.episodes.last().map(|episode| World::settings(version, episode)).unwrap_or_default();
    let cases = shown("written", &with, worse.map(|worse| pasted::told(worse, version)))
        + "\n"
        + &case.shown("left_out", version);
    let help = format!(
        "ask for the value (`require {name} is present`, or `if undocumented violated`), or write `silence is accepted \
         because \"…\"` into the rule"
    );
    let problem = Diagnostic::new(codes::PROOF_SILENCE_PAYS, message, origin, format!("as with `{name}` {value}"));
    case.with_supposed(problem, at, version).with_help(help).with_case(cases)
}
