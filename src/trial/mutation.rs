//! Whether the examples would notice a change: the policy says something else, and some claim should fail.
//!
//! A change is made to the checked core, never to the text; all cases are judged again. One that no claim notices is
//! shown as the sentence that it would make of the policy, with an example that would notice: found by a bounded search
//! over the values that the policy names, and verified by judging both. Where there is none, the solver is asked: it proves
//! that no episode tells the change, or finds one that does.

mod change;
mod deadline;
mod leaf;
mod length;
mod proof;
mod rule;
mod search;
mod table;
mod telling;
mod values;

pub(crate) use change::Change;

use crate::check::{Claim, Example, Situation, Subject};
use crate::policy::{Rule, Version};
use crate::source::{Sources, Span};

use super::{Stand, all_hold};

/// How many changes of a version its examples notice.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// How many changes were tried.
    pub mutants: usize,
    /// How many made a claim fail.
    pub killed: usize,
    /// The others.
    pub survivors: Vec<Survivor>,
    /// Changes of which it is proved that no episode tells them: they do not count.
    pub without_effect: Vec<Survivor>,
    /// Rules that were not changed, since they only advise: no claim can concern them.
    pub left_out: Vec<String>,
}

/// A change that no example notices.
#[derive(Debug, Clone)]
pub struct Survivor {
    /// The rule; none where the scope or a definition was changed.
    pub rule: Option<String>,
    /// Where the changed clause is written.
    pub origin: Span,
    /// What was changed, in words.
    pub change: String,
    /// The clause as it would read.
    pub sentence: String,
    /// An example that would notice, if one was found.
    pub example: Option<Telling>,
}

/// An example that holds of the policy and fails of the changed one.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Its text, ready to paste.
    pub text: String,
}

/// A sort of change: every change of that sort that can be made to a version.
type Operator = fn(&Version, &Sources) -> Vec<Change>;

/// The register of changes. To add one: a function, and a line here.
const OPERATORS: &[Operator] = &[
    leaf::level_up_or_down,
    leaf::bound_in_or_out,
    leaf::number_up_or_down,
    leaf::and_or,
    length::longer_or_shorter,
    deadline::later_or_earlier,
    table::other_result,
    table::without_a_row,
    rule::without_exception,
    rule::without_guard,
    rule::without_a_term_of_the_guard,
    rule::permit_forbid,
    rule::deleted,
];

/// Tries every change of a version. Records of logs are asked only of what no case notices, since each time a whole log is
/// judged.
pub(super) fn mutate(
    version: &Version,
    examples: &[&Example],
    sources: &Sources,
    records_notice: &dyn Fn(&Stand) -> bool,
) -> Score {
    let situations: Vec<(&Situation, &[Claim])> = examples.iter().filter_map(|example| of_case(example)).collect();
    let mut score = Score { left_out: advice(version).map(|rule| rule.name.clone()).collect(), ..Score::default() };
    for change in OPERATORS.iter().flat_map(|operator| operator(version, sources)) {
        let rule = change.rule.and_then(|id| version.rules.get(id.0 as usize));
        if rule.is_some_and(|rule| score.left_out.contains(&rule.name)) {
            continue;
        }
        let mut changed = Stand::of(version);
        if let Some(version) = changed.policy.versions.first_mut() {
            change.apply(version);
        }
        score.mutants += 1;
        let cases_notice = situations.iter().any(|(situation, claims)| !all_hold(&changed.policy, situation, claims));
        if cases_notice || records_notice(&changed) {
            score.killed += 1;
            continue;
        }
        let mut example = search::telling(version, &changed, &change, &situations);
        let mut survivors = &mut score.survivors;
        if example.is_none() {
            match proof::of(version, &changed, &change) {
                proof::Proof::WithoutEffect => {
                    score.mutants -= 1;
                    survivors = &mut score.without_effect;
                }
                proof::Proof::Told(found) => example = Some(found),
                proof::Proof::Open => {}
            }
        }
        survivors.push(Survivor {
            rule: rule.map(|rule| rule.name.clone()),
            origin: change.origin,
            change: change.what,
            sentence: change.sentence,
            example,
        });
    }
    score
}

/// Gives the rules that only advise and that no claim can concern. Of a duty that only advises, what is owed can be
/// claimed all the same, and of a rule with an `unless`, who is excused from it.
fn advice(version: &Version) -> impl Iterator<Item = &Rule> {
    version
        .rules
        .iter()
        .filter(|rule| !rule.decides() && !rule.is_permit() && rule.duty.is_none() && rule.unless.is_none())
}

fn of_case<'e>(example: &&'e Example) -> Option<(&'e Situation, &'e [Claim])> {
    match &example.subject {
        Subject::Case(situation, claims) => Some((situation, claims)),
        Subject::Log(_) => None,
    }
}
