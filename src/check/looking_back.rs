//! Pass 6, continued: what history clauses may read, and where they may stand.
//!
//! History stands neither within `where`, nor in `applies when`, nor in what a duty asks for. What counts the episode
//! itself (`limit`, `in any`) may not read what is known only afterwards; what reads such a field of an earlier episode
//! should know from when it was known.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{
    Condition, ConditionId, FieldId, FieldType, Function, History, HistoryId, NormKind, Rule, Version,
};
use crate::source::Span;

/// Reports every clause that looks back where or how it may not.
pub(super) fn check(version: &Version, problems: &mut Vec<Diagnostic>) {
    let forbidden = version.applies_when.map(|scope| (scope, "`applies when`"));
    let of_duties = version.rules.iter().filter_map(|rule| rule.duty.as_ref()).flat_map(|duty| &duty.links);
    let forbidden = forbidden.into_iter().chain(of_duties.map(|link| (link.condition, "what a duty asks for")));
    let within = version.conditions.histories().iter().flat_map(History::conditions).map(|inner| (inner, "`where`"));
    for (clause, what) in forbidden.chain(within) {
        for (at, _) in histories_in(version, clause) {
            problems.push(misplaced(at, what));
        }
    }
    for (at, history) in version.conditions.histories().iter().enumerate() {
        let id = HistoryId(u32::try_from(at).unwrap_or(u32::MAX));
        reads_no_hindsight(version, id, history, problems);
    }
    for rule in &version.rules {
        guarded_by_a_count(version, rule, problems);
    }
}

/// Gives the history clauses within a condition, and where each is compared.
fn histories_in(version: &Version, clause: ConditionId) -> Vec<(Span, HistoryId)> {
    let compared = |leaf: ConditionId| match version.conditions.get(leaf) {
        Condition::Measure { history, .. } => Some((version.conditions.origin(leaf)?, *history)),
        _ => None,
    };
    version.conditions.leaves([clause]).into_iter().filter_map(compared).collect()
}

fn misplaced(at: Span, what: &str) -> Diagnostic {
    let message = format!("{what} cannot look back at earlier episodes");
    Diagnostic::new(codes::HISTORY_MISPLACED, message, at, "asks for earlier episodes")
        .with_help("ask this in the `when` or the norm of a rule")
}

/// Gives each field that a history clause reads of the records, with the place where it does.
fn reads(version: &Version, history: &History) -> Vec<(FieldId, Span)> {
    let leaves = version.conditions.leaves(history.conditions());
    let of_leaf = |leaf: ConditionId| {
        let origin = version.conditions.origin(leaf).unwrap_or(history.origin);
        version.conditions.reads(leaf).map(move |field| (field.field, origin)).collect::<Vec<_>>()
    };
    let summed = history.function.summed().map(|field| (field, history.origin));
    leaves.into_iter().flat_map(of_leaf).chain(summed).collect()
}

fn reads_no_hindsight(version: &Version, id: HistoryId, history: &History, problems: &mut Vec<Diagnostic>) {
    for (field_id, at) in reads(version, history) {
        let Some(field) = version.vocabulary.field(field_id).filter(|field| field.known_afterwards) else { continue };
        let dated = field.known_at.is_some() || matches!(field.kind, FieldType::Instant | FieldType::Date);
        if history.window.counts_itself() && asked_of_a_permission(version, id) {
            let message =
                format!("this counts the episode itself and reads `{}`, which is known only afterwards", field.name);
            problems.push(
                Diagnostic::new(codes::HINDSIGHT, message, at, "nobody knew this when the decision was taken")
                    .with_label(field.origin, "declared as known afterwards")
                    .with_help("ask for the episodes before it: `in the past 30 days`"),
            );
        } else if !dated {
            let message = format!("nobody can say from when `{}` of an earlier episode was known", field.name);
            problems.push(
                Diagnostic::new(codes::KNOWN_TOO_EARLY, message, at, "counts as known from the episode's own time")
                    .with_label(field.origin, "declared without the time at which it became known")
                    .with_help(format!("say so in the vocabulary: `field {} … known afterwards at FIELD`", field.name)),
            );
        }
    }
}

/// Says whether a rule asks a history clause that may not know everything: one without `oblige`. Of a limit, the guard
/// asks the same of the episode itself, and that is reported.
fn asked_of_a_permission(version: &Version, id: HistoryId) -> bool {
    let uses =
        |rule: &Rule| rule.clauses().any(|clause| histories_in(version, clause).iter().any(|(_, used)| *used == id));
    version.rules.iter().any(|rule| rule.duty.is_none() && rule.norm.kind != NormKind::Limit && uses(rule))
}

/// An average or a share of no episodes has no value: a rule that compares one should ask for a count beside it.
fn guarded_by_a_count(version: &Version, rule: &Rule, problems: &mut Vec<Diagnostic>) {
    let measured: Vec<(Span, HistoryId)> = rule.clauses().flat_map(|clause| histories_in(version, clause)).collect();
    let history = |id: HistoryId| version.conditions.history(id);
    let counts: Vec<&History> = measured
        .iter()
        .filter_map(|(_, id)| history(*id))
        .filter(|history| history.function == Function::Count)
        .collect();
    for (at, id) in &measured {
        let Some(asked) = history(*id) else { continue };
        let may_have_none = matches!(asked.function, Function::Average(_) | Function::Share(_));
        let is_counted = |count: &&&History| count.keys == asked.keys && count.window == asked.window;
        if may_have_none && !asked.window.counts_itself() && !counts.iter().any(|count| is_counted(&count)) {
            let message = "of no episodes this has no value, and the rule is then undetermined";
            problems.push(
                Diagnostic::new(codes::OF_NONE, message, *at, "undetermined where there are no such episodes")
                    .with_help("ask for a count beside it: `when count of episodes … at least 1`"),
            );
        }
    }
}
