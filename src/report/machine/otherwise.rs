//! What would have made a verdict another, for programs.

use crate::policy::RuleId;
use crate::prove::{Arranged, Changed, Later, To};

use super::super::otherwise::{ByEveryPolicy, Otherwise};
use super::{AgainstRecord, ChangeRecord, FlipRecord, JudgementRecord, KeptFromRecord, TogetherRecord};

/// Tells what would have made an episode permissible by every policy.
pub(super) fn together(together: &ByEveryPolicy<'_>) -> TogetherRecord {
    let change = |one: &Changed| {
        let otherwise = together.of_policy(one.policy)?;
        let field = otherwise.version.vocabulary.field_name(one.field).to_owned();
        Some(ChangeRecord { field, to: otherwise.to(&one.to, one.field) })
    };
    let repairs = together.changes().iter().map(|set| set.iter().filter_map(change).collect()).collect();
    TogetherRecord { repairs, nothing_arranged: together.is_nothing() }
}

/// Adds it to a line. What one of several policies would have permitted is no repair: `alone`.
pub(super) fn tell(otherwise: &Otherwise<'_>, alone: bool, record: &mut JudgementRecord) {
    let (result, version) = (otherwise.result, otherwise.version);
    let rule = |id: &RuleId| version.rules.get(id.0 as usize).map(|rule| rule.name.clone()).unwrap_or_default();
    let field = |id| version.vocabulary.field_name(id).to_owned();
    if let Some(repair) = &result.repair {
        match &repair.arranged {
            Arranged::So(_) if !alone => {}
            Arranged::So(all) => {
                let change = |(id, to): &(_, To)| ChangeRecord { field: field(*id), to: otherwise.to(to, *id) };
                record.repairs = all.iter().map(|changes| changes.iter().map(change).collect()).collect();
            }
            Arranged::Nothing { against, by_default } => {
                let rules = against.iter().map(rule).collect();
                record.nothing_arranged = Some(AgainstRecord { rules, by_default: *by_default });
            }
            Arranged::Open => {}
        }
        let kept = repair.later.iter();
        let from = |later: &Later| otherwise.identities().written_time(later.from.to_string());
        record.kept_from = kept.map(|later| KeptFromRecord { rule: rule(&later.rule), from: from(later) }).collect();
    }
    let flip = |flip: &crate::prove::Flip| FlipRecord {
        field: field(flip.field),
        to: otherwise.value(&flip.to, flip.field),
        verdict: flip.verdict.word().to_owned(),
        broken: flip.broken.iter().map(rule).collect(),
    };
    record.fragile = result.fragile.iter().map(flip).collect();
}
