//! Whether a claim holds of a judgement: the table of semantics.md, section 9.

use crate::audit::{Known, Wanting};
use crate::check::{ClaimKind, Earlier};
use crate::diagnostic::{Diagnostic, codes};
use crate::judge::{Chain, DutyJudgement, DutyStatus, Judgement, Need, Outcome, Status, Truth, Verdict, Wanted};
use crate::policy::{DefaultNorm, RuleId, Version};
use crate::prove::ExactVerdict;

/// Says whether a claim holds. `wanting` finds what an undetermined verdict is wanting for; `without` judges again as if some
/// rules said nothing.
pub(super) fn holds(
    claim: &ClaimKind,
    version: &Version,
    judgement: &Judgement,
    exact: Option<&ExactVerdict>,
    wanting: &mut dyn FnMut() -> Wanting,
    without: &mut dyn FnMut(&[RuleId]) -> Verdict,
) -> bool {
    let verdict = exact.map_or(judgement.verdict, |exact| exact.verdict);
    let decided = exact.filter(|exact| exact.verdict == Verdict::Impermissible);
    let cited = |rule: &RuleId| {
        status(judgement, *rule) == Some(Status::Violated) || decided.is_some_and(|exact| exact.rules.contains(rule))
    };
    match claim {
        ClaimKind::Permissible => verdict == Verdict::Permissible,
        ClaimKind::NotCovered => verdict == Verdict::NotCovered,
        ClaimKind::ImpermissibleBy { rules, only } => {
            verdict == Verdict::Impermissible
                && rules.iter().all(cited)
                && (!only || without(rules) == Verdict::Permissible)
        }
        ClaimKind::ImpermissibleByDefault { only } => {
            let others = [Status::Violated, Status::Undetermined];
            verdict == Verdict::Impermissible
                && (no_ground(version, judgement) || decided.is_some_and(|exact| exact.by_default))
                && (!only || deciding(version, judgement).all(|status| !others.contains(&status)))
        }
        ClaimKind::Undetermined { fields, only } => {
            if verdict != Verdict::Undetermined || fields.is_empty() && !only {
                return verdict == Verdict::Undetermined;
            }
            let Wanting { values, known } = wanting();
            let is_wanting = |field: &crate::policy::FieldId| values.contains(&Wanted::Here(*field));
            let is_named = |wanted: &Wanted| wanted.here().is_some_and(|field| fields.contains(&field));
            // Where the search was cut, it is not known that nothing else is wanting.
            let nothing_else = || known == Known::All && values.iter().all(is_named);
            fields.iter().all(is_wanting) && (!only || nothing_else())
        }
        ClaimKind::Owes(rules) => rules.iter().all(|rule| judgement.duty(*rule).is_some_and(owes)),
        ClaimKind::OwesNothing => {
            let open = |duty: &DutyJudgement| duty.links.iter().any(|link| link.status == DutyStatus::Undetermined);
            !judgement.duties.iter().any(|duty| owes(duty) || open(duty))
        }
        ClaimKind::OverdueWith(rules) => rules.iter().all(|rule| judgement.duty(*rule).is_some_and(is_overdue)),
        ClaimKind::NotYetOverdueWith(rules) => {
            rules.iter().all(|rule| judgement.duty(*rule).is_some_and(is_not_yet_overdue))
        }
        ClaimKind::ExcusedFrom(rules) => rules.iter().all(|rule| is_excused(judgement, *rule)),
    }
}

pub(super) fn owes(duty: &DutyJudgement) -> bool {
    duty.links.iter().any(|link| link.status.is_owed())
}

pub(super) fn is_overdue(duty: &DutyJudgement) -> bool {
    duty.links.iter().any(|link| link.status == DutyStatus::Overdue)
}

/// Something is owed, and there is time for all of it.
pub(super) fn is_not_yet_overdue(duty: &DutyJudgement) -> bool {
    duty.links.iter().any(|link| link.status == DutyStatus::Pending) && !is_overdue(duty)
}

fn status(judgement: &Judgement, rule: RuleId) -> Option<Status> {
    judgement.outcomes.get(rule.0 as usize).and_then(Outcome::status)
}

fn is_excused(judgement: &Judgement, rule: RuleId) -> bool {
    match judgement.duty(rule) {
        Some(duty) => duty.chain == Chain::Excused,
        None => status(judgement, rule) == Some(Status::Excused(Need::Needed)),
    }
}

/// Says whether no permit can hold, and nothing is permitted by default.
fn no_ground(version: &Version, judgement: &Judgement) -> bool {
    let grounds = judgement.outcomes.iter().filter_map(Outcome::ground);
    version.default == DefaultNorm::Forbid && Truth::any(grounds) == Truth::False
}

fn deciding(version: &Version, judgement: &Judgement) -> impl Iterator<Item = Status> {
    let both = version.rules.iter().zip(&judgement.outcomes);
    both.filter(|(rule, _)| rule.decides()).filter_map(|(_, outcome)| outcome.status())
}

/// Words the warning that an earlier episode is not covered, so that it counts for nothing.
pub(super) fn uncovered(earlier: &Earlier, version: &Version) -> Diagnostic {
    let message = format!(
        "the earlier `{}` is not covered by policy `{}`, so it counts for nothing",
        earlier.case, version.policy
    );
    let problem = Diagnostic::new(
        codes::FOLLOWING_UNCOVERED,
        message,
        earlier.origin,
        "not in force then, or outside `applies when`",
    );
    problem.with_help("state another time for the example, or another case; leave it out if it is not meant to count")
}
