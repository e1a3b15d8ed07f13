//! Citations: the rules that a verdict rests on, each with the comparisons that decided it.

use crate::episode::Episode;
use crate::policy::{Condition, ConditionId, RuleId, Version};

use super::condition::Evaluation;
use super::duty::Chain;
use super::past::Looked;
use super::reason::{Leaf, reasons};
use super::status::{Outcome, Status};
use super::truth::Truth;
use super::{Because, Judgement, Standpoint};

/// A rule, or the scope, with what decided it.
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    /// The rule; none for `applies when`.
    pub rule: Option<RuleId>,
    /// What the rule says; none for `applies when`.
    pub outcome: Option<Outcome>,
    /// What decided its guard (or the scope).
    pub guard: Clause,
    /// What decided its exception.
    pub unless: Clause,
    /// What decided its requirement or ground; of a duty, what its first link asks for.
    pub norm: Clause,
    /// What its history clauses looked at, each once.
    pub looked: Vec<Looked>,
}

/// A clause with what is known of it, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// The condition; none if the rule has no such clause.
    pub condition: Option<ConditionId>,
    /// What is known of it.
    pub truth: Truth,
    /// The comparisons that decided it.
    pub leaves: Vec<Leaf>,
}

/// Cites what a report shows: rules that are violated or undetermined, permits where none is given, and the scope where
/// it is not true. With `all`, every rule and the scope.
pub fn cite(
    version: &Version,
    episode: &Episode,
    judgement: &Judgement,
    standpoint: Standpoint<'_>,
    all: bool,
) -> Vec<Citation> {
    let back = judgement.version.and_then(|at| standpoint.looking_back(at));
    let mut evaluation = Evaluation::looking_back(version, episode, back);
    let mut citations = Vec::new();
    let scope_decides = matches!(judgement.because, Because::DoesNotApply | Because::ScopeOpen);
    if let Some(scope) = version.applies_when.filter(|_| all || scope_decides) {
        let guard = clause(&mut evaluation, Some(scope), Truth::True);
        let looked = Vec::new();
        citations.push(Citation { rule: None, outcome: None, guard, unless: nothing(), norm: nothing(), looked });
    }
    for (at, (rule, outcome)) in version.rules.iter().zip(&judgement.outcomes).enumerate() {
        if !all && !is_shown(outcome, judgement) {
            continue;
        }
        let guard = clause(&mut evaluation, rule.guard, Truth::True);
        let unless = clause(&mut evaluation, rule.unless, Truth::False);
        let norm = clause(&mut evaluation, Some(rule.norm.condition), Truth::True);
        let looked = looked(&mut evaluation, [&norm, &guard, &unless]);
        let rule = u32::try_from(at).ok().map(RuleId);
        citations.push(Citation { rule, outcome: Some(*outcome), guard, unless, norm, looked });
    }
    citations
}

/// Looks at what the history clauses among the deciding comparisons count.
fn looked(evaluation: &mut Evaluation<'_>, clauses: [&Clause; 3]) -> Vec<Looked> {
    let leaves = clauses.into_iter().flat_map(|clause| &clause.leaves);
    let conditions = &evaluation.version.conditions;
    let mut histories = Vec::new();
    for leaf in leaves {
        if let Condition::Measure { history, .. } = conditions.get(leaf.condition)
            && !histories.contains(history)
        {
            histories.push(*history);
        }
    }
    histories.into_iter().filter_map(|history| evaluation.look(history)).collect()
}

fn is_shown(outcome: &Outcome, judgement: &Judgement) -> bool {
    match outcome {
        Outcome::Requirement { status, by_silence } => {
            *by_silence || matches!(status, Status::Violated | Status::Undetermined)
        }
        Outcome::Ground(truth) => match judgement.because {
            Because::ByDefault => true,
            Because::Undetermined => *truth == Truth::Unknown,
            _ => false,
        },
        Outcome::Duty(chain) => !matches!(chain, Chain::NotOwed | Chain::Excused | Chain::Fulfilled),
    }
}

fn clause(evaluation: &mut Evaluation<'_>, condition: Option<ConditionId>, absent: Truth) -> Clause {
    match condition {
        None => Clause { condition: None, truth: absent, leaves: Vec::new() },
        Some(id) => Clause { condition, truth: evaluation.truth(id), leaves: reasons(evaluation, id) },
    }
}

fn nothing() -> Clause {
    Clause { condition: None, truth: Truth::True, leaves: Vec::new() }
}
