//! Pass 5: rules, each with at most one guard and exactly one norm.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::policy::{Condition as Node, ConditionId, Norm, NormKind, Rule, RuleSeverity, Silence};
use crate::source::Span;
use crate::syntax::ast::{Clause, ClauseKind, NormClause, Obligation, RuleDeclaration, Word};

use super::condition::Conditioner;
use super::header::repeated;
use super::names::Declared;
use super::norm;

/// Makes the rules of a policy; those with an error are left out, and every error is reported.
pub(super) fn rules(declarations: &[&RuleDeclaration], conditioner: &mut Conditioner<'_>) -> Vec<Rule> {
    let mut declared = Declared::default();
    let mut rules = Vec::new();
    for declaration in declarations {
        let new = declaration.name.as_ref().is_some_and(|name| declared.is_new("rules", name, conditioner.problems));
        let made = rule(declaration, conditioner);
        rules.extend(made.filter(|_| new));
    }
    rules
}

fn rule(declaration: &RuleDeclaration, conditioner: &mut Conditioner<'_>) -> Option<Rule> {
    report_repeated(declaration, conditioner.problems);
    let made = the_norm(declaration, conditioner);
    let mut rule = Rule {
        name: declaration.name.as_ref().map(|name| name.text.clone()).unwrap_or_default(),
        title: declaration.title.as_ref().map(|title| title.text.clone()).unwrap_or_default(),
        norm: Norm { kind: NormKind::Require, condition: crate::policy::ConditionId(0), origin: declaration.span },
        duty: None,
        guard: None,
        unless: None,
        silence: None,
        severity: RuleSeverity::default(),
        because: None,
        cites: Vec::new(),
        remedy: None,
        silence_accepted: None,
        origin: declaration.name.as_ref().map_or(declaration.span, |name| name.span),
    };
    let mut good = !declaration.broken;
    for clause in &declaration.clauses {
        match &clause.kind {
            ClauseKind::Norm(_) | ClauseKind::Otherwise(_) => {}
            ClauseKind::When(condition) => {
                rule.guard = conditioner.condition(condition);
                good &= rule.guard.is_some();
            }
            ClauseKind::Unless(condition) => {
                rule.unless = conditioner.condition(condition);
                good &= rule.unless.is_some();
            }
            ClauseKind::IfUndocumented(word) => rule.silence = silence(word, conditioner.problems),
            ClauseKind::Severity(word) => rule.severity = severity(word, conditioner.problems),
            ClauseKind::Because(text) => rule.because = Some(text.text.clone()),
            ClauseKind::Cites(text) => rule.cites.push(text.text.clone()),
            ClauseKind::Remedy(text) => rule.remedy = Some(text.text.clone()),
            ClauseKind::SilenceAccepted(text) => rule.silence_accepted = Some(text.text.clone()),
            // Why no example breaks it is read with the examples, what is allowed with the lints.
            ClauseKind::Untested(_) | ClauseKind::Allow(_) => {}
        }
    }
    let norm::Made { norm, counts_it, duty } = made?;
    rule.norm = norm;
    rule.duty = duty;
    rule.guard = both(rule.guard, counts_it, conditioner);
    refuse_what_the_norm_does_not_take(&rule, declaration, conditioner.problems);
    good.then_some(rule)
}

/// Makes the one norm; none and several are reported.
fn the_norm(declaration: &RuleDeclaration, conditioner: &mut Conditioner<'_>) -> Option<norm::Made> {
    let norms: Vec<(&NormClause, Span)> = declaration.clauses.iter().filter_map(norm_of).collect();
    let otherwise = otherwise(declaration, conditioner.problems);
    let mut made =
        norms.iter().map(|(clause, span)| norm::norm(clause, *span, &otherwise, conditioner)).collect::<Vec<_>>();
    match norms.as_slice() {
        [_] => made.pop().flatten(),
        [] => {
            if !declaration.broken {
                conditioner.problems.push(no_norm(declaration));
            }
            None
        }
        [first, rest @ ..] => {
            // What was not understood may have been the head of another rule, to which the second norm belongs.
            if !declaration.broken {
                conditioner.problems.push(several_norms(declaration, first.1, rest));
            }
            None
        }
    }
}

/// Gives what is owed when a duty is missed; without a duty there is nothing to miss.
fn otherwise<'d>(declaration: &'d RuleDeclaration, problems: &mut Vec<Diagnostic>) -> Vec<(&'d Obligation, Span)> {
    let links: Vec<(&Obligation, Span)> = declaration.clauses.iter().filter_map(otherwise_of).collect();
    let has_duty =
        declaration.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::Norm(NormClause::Oblige(_))));
    if let (Some((_, at)), false, false) = (links.first(), has_duty, declaration.broken) {
        let message = format!("{} says `otherwise`, and obliges to nothing before", rule_name(declaration));
        problems.push(
            Diagnostic::new(codes::OTHERWISE_ALONE, message, *at, "otherwise than what?")
                .with_help("put `oblige …` above it, or leave out the `otherwise`"),
        );
    }
    links
}

fn otherwise_of(clause: &Clause) -> Option<(&Obligation, Span)> {
    match &clause.kind {
        ClauseKind::Otherwise(obligation) => Some((obligation, clause.span)),
        _ => None,
    }
}

/// Joins the guard with what a limit asks of the episode itself.
fn both(
    guard: Option<ConditionId>,
    counts_it: Option<ConditionId>,
    conditioner: &mut Conditioner<'_>,
) -> Option<ConditionId> {
    let (Some(guard), Some(counts_it)) = (guard, counts_it) else { return guard.or(counts_it) };
    let origin = conditioner.conditions.origin(guard)?;
    Some(conditioner.conditions.add(Node::All([guard, counts_it].into()), origin))
}

fn norm_of(clause: &Clause) -> Option<(&NormClause, Span)> {
    match &clause.kind {
        ClauseKind::Norm(norm) => Some((norm, clause.span)),
        _ => None,
    }
}

fn rule_name(declaration: &RuleDeclaration) -> String {
    declaration.name.as_ref().map_or_else(|| "this rule".to_owned(), |name| format!("rule `{}`", name.text))
}

fn no_norm(declaration: &RuleDeclaration) -> Diagnostic {
    let message = format!("{} demands nothing and permits nothing", rule_name(declaration));
    Diagnostic::new(codes::NO_NORM, message, declaration.span, "a norm is missing").with_help(
        "add one of `permit when`, `forbid when`, `never when`, `require`, `risk ceiling`, `supervision at least`, `rescue plan`, `limit`, `oblige`",
    )
}

fn several_norms(declaration: &RuleDeclaration, first: Span, rest: &[(&NormClause, Span)]) -> Diagnostic {
    let message = format!("{} has {} norms, and a rule has one", rule_name(declaration), rest.len() + 1);
    let mut problem = Diagnostic::new(codes::SEVERAL_NORMS, message, first, "the first");
    // A few places tell enough; thousands would tell nobody anything.
    for (_, span) in rest.iter().take(5) {
        problem = problem.with_label(*span, "another");
    }
    problem.with_help("make a rule of each, so that a verdict can say which one is broken")
}

fn report_repeated(declaration: &RuleDeclaration, problems: &mut Vec<Diagnostic>) {
    // Several norms are several rules in one, each with clauses of its own: that is told, and tells enough.
    if declaration.clauses.iter().filter_map(norm_of).nth(1).is_some() {
        return;
    }
    let mut firsts = HashMap::new();
    for clause in &declaration.clauses {
        let several = matches!(
            clause.kind,
            ClauseKind::Norm(_) | ClauseKind::Otherwise(_) | ClauseKind::Cites(_) | ClauseKind::Allow(_)
        );
        let first = firsts.entry(std::mem::discriminant(&clause.kind)).or_insert(clause.span);
        if !several && *first != clause.span {
            problems.push(repeated(&rule_name(declaration), clause.span, *first));
        }
    }
}

fn silence(word: &Word, problems: &mut Vec<Diagnostic>) -> Option<Silence> {
    match word.text.as_str() {
        "violated" => Some(Silence::Violated),
        "satisfied" => Some(Silence::Satisfied),
        _ => {
            let message = format!("`if undocumented` is followed by `violated` or `satisfied`, not by `{}`", word.text);
            problems.push(
                Diagnostic::new(codes::UNKNOWN_SILENCE, message, word.span, "what does silence count as?").with_help(
                    did_you_mean(&word.text, ["violated", "satisfied"])
                        .unwrap_or_else(|| "write `if undocumented violated`".to_owned()),
                ),
            );
            None
        }
    }
}

fn severity(word: &Word, problems: &mut Vec<Diagnostic>) -> RuleSeverity {
    let found = RuleSeverity::ALL.into_iter().find(|severity| severity.word() == word.text);
    found.unwrap_or_else(|| {
        let words = RuleSeverity::ALL.map(RuleSeverity::word);
        let message = format!("`{}` is not a severity", word.text);
        let help = did_you_mean(&word.text, words).unwrap_or_else(|| format!("choose one of: {}", words.join(", ")));
        problems.push(Diagnostic::new(codes::UNKNOWN_SEVERITY, message, word.span, "not a severity").with_help(help));
        RuleSeverity::default()
    })
}

fn refuse_what_the_norm_does_not_take(rule: &Rule, declaration: &RuleDeclaration, problems: &mut Vec<Diagnostic>) {
    for clause in &declaration.clauses {
        let problem = match (rule.norm.kind, &clause.kind) {
            (NormKind::Never, ClauseKind::Unless(_)) => softened(clause.span, "an exception"),
            (NormKind::Never, ClauseKind::IfUndocumented(_)) if rule.silence == Some(Silence::Satisfied) => {
                softened(clause.span, "silence that counts in favour")
            }
            (NormKind::Never, ClauseKind::Severity(_)) if rule.severity == RuleSeverity::Advisory => {
                softened(clause.span, "a severity that decides nothing")
            }
            (NormKind::Oblige, ClauseKind::IfUndocumented(_)) if rule.silence == Some(Silence::Satisfied) => {
                silence_on_a_duty(clause.span)
            }
            (NormKind::Permit, ClauseKind::Severity(_)) => not_of_a_permit(clause.span, "severity"),
            (NormKind::Permit, ClauseKind::IfUndocumented(_)) => not_of_a_permit(clause.span, "if undocumented"),
            _ => continue,
        };
        problems.push(problem.with_label(rule.norm.origin, "the norm"));
    }
}

fn silence_on_a_duty(at: Span) -> Diagnostic {
    let message = "a duty is not fulfilled by silence";
    Diagnostic::new(codes::DUTY_BY_SILENCE, message, at, "silence would count as having done it")
        .with_help("write `if undocumented violated`, or leave it out")
}

fn softened(at: Span, what: &str) -> Diagnostic {
    Diagnostic::new(
        codes::NEVER_SOFTENED,
        format!("`never` takes no exception, and this is {what}"),
        at,
        "softens the `never`",
    )
    .with_help("leave it out, or write `forbid when` if there are exceptions")
}

fn not_of_a_permit(at: Span, clause: &str) -> Diagnostic {
    let message = format!("a permit is never violated, so `{clause}` means nothing here");
    Diagnostic::new(codes::MEANINGLESS_ON_PERMIT, message, at, "has no effect on a permit")
        .with_help("leave it out, or demand something with `require`")
}
