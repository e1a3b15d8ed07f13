//! What the solver says of a change for which no example was found near those that exist.
//!
//! Asked are changes of one rule alone that is no duty, and that read the same fields as before: what an undetermined verdict is
//! wanting for follows from the verdicts on other records, and is the same too where all that is told is the same.

use crate::check::ClaimKind;
use crate::judge::{Judgement, Outcome, Status, Verdict};
use crate::policy::{RuleId, Version};
use crate::prove::{Answer, told_apart};

use super::change::{Change, Edit};
use super::{Telling, telling};
use crate::trial::Stand;

/// What is known of a change.
pub(super) enum Proof {
    /// No episode tells it.
    WithoutEffect,
    /// An example that does.
    Told(Telling),
    /// It is not known.
    Open,
}

/// Asks about a change.
pub(super) fn of(version: &Version, changed: &Stand, change: &Change) -> Proof {
    let rule = change.rule.and_then(|id| version.rules.get(id.0 as usize));
    let same_fields = matches!(change.edit, Edit::Replace(..) | Edit::Result(..));
    if rule.is_none_or(|rule| rule.duty.is_some()) || !same_fields {
        return Proof::Open;
    }
    match told_apart(&Stand::of(version).policy, &changed.policy) {
        Answer::None => Proof::WithoutEffect,
        Answer::Open => Proof::Open,
        Answer::Case(witness) => {
            let [was, is] = witness.judgements.as_slice() else { return Proof::Open };
            let alone = witness.supposed.is_empty();
            match claim(was, is).filter(|_| alone) {
                None => Proof::Open,
                Some(claim) => {
                    let settings = witness.settings.iter().map(|one| (one.field.as_str(), one.value.as_str()));
                    Proof::Told(Telling { text: telling::text_of_case(version, change, settings, &claim) })
                }
            }
        }
    }
}

/// Gives a claim that holds of one judgement and not of the other. Only decided verdicts are claimed: one that is open may
/// be decided whatever the missing values are.
fn claim(was: &Judgement, is: &Judgement) -> Option<ClaimKind> {
    let decided = |judgement: &Judgement| judgement.verdict != Verdict::Undetermined;
    if !decided(was) || !decided(is) || was.verdict == is.verdict {
        return None;
    }
    let violated = |outcome: &Outcome| outcome.status() == Some(Status::Violated);
    Some(match was.verdict {
        Verdict::Permissible => ClaimKind::Permissible,
        Verdict::NotCovered => ClaimKind::NotCovered,
        _ => match was.outcomes.iter().position(violated).and_then(|at| u32::try_from(at).ok()) {
            Some(rule) => ClaimKind::ImpermissibleBy { rules: vec![RuleId(rule)], only: false },
            None => ClaimKind::ImpermissibleByDefault { only: false },
        },
    })
}
