//! Records that history counts for nobody, since they have no key or no time: what they could change.

use crate::episode::Episode;
use crate::policy::{Condition, Function, HistoryId, Rule, Version};

use super::condition::Evaluation;
use super::measured::{Bound, Exact, Measured, Ratio};
use super::status::{Outcome, Status, outcome};
use super::{Judgement, Standpoint};

/// Gives, for each history clause that counts some records for nobody, how many rules of one record are clear (not
/// applicable, excused or satisfied) and would not be if those records counted.
pub fn clear_only_without(
    version: &Version,
    episode: &Episode,
    judgement: &Judgement,
    standpoint: Standpoint<'_>,
) -> Vec<(HistoryId, usize)> {
    let (Some(at), Some((past, _))) = (judgement.version, standpoint.past) else { return Vec::new() };
    let clauses = (0..).map(HistoryId).take(version.conditions.histories().len());
    let count = |history: HistoryId| {
        let nobody = past.for_nobody(at, history);
        if nobody == 0 {
            return None;
        }
        let mut evaluation = Evaluation::looking_back(version, episode, standpoint.looking_back(at));
        let widened = widened(evaluation.measure(history), version, history, nobody);
        evaluation.suppose(history, widened);
        let clear = version
            .rules
            .iter()
            .zip(&judgement.outcomes)
            .filter(|(rule, outcome)| is_clear(outcome) && rule.duty.is_none() && asks(version, rule, history));
        let changed = clear.filter(|(rule, _)| !is_clear(&outcome(rule, &mut evaluation))).count();
        Some((history, changed))
    };
    clauses.filter_map(count).collect()
}

pub(super) fn is_clear(outcome: &Outcome) -> bool {
    matches!(outcome.status(), Some(Status::NotApplicable | Status::Excused(_) | Status::Satisfied))
}

pub(super) fn asks(version: &Version, rule: &Rule, wanted: HistoryId) -> bool {
    let leaves = version.conditions.leaves(rule.clauses());
    let is_asked =
        |leaf| matches!(version.conditions.get(leaf), Condition::Measure { history, .. } if *history == wanted);
    leaves.into_iter().any(is_asked)
}

/// Gives what a clause may come to if so many more records may count.
pub(super) fn widened(measured: Measured, version: &Version, id: HistoryId, more: usize) -> Measured {
    let function = version.conditions.history(id).map(|history| history.function);
    let more = Exact::whole(i128::try_from(more).unwrap_or(i128::MAX));
    match (measured, function) {
        (Measured::Between(low, Bound::At(high)), Some(Function::Count)) => {
            let high = high.sum.plus(more).map_or(Bound::Highest, |sum| Bound::At(Ratio::number(sum)));
            Measured::Between(low, high)
        }
        (Measured::Between(_, high), Some(Function::TimeSinceLast)) => Measured::Between(Bound::whole(0), high),
        (Measured::Between(..) | Measured::NoValue, _) => Measured::Between(Bound::Lowest, Bound::Highest),
        (Measured::Unknown, _) => Measured::Unknown,
    }
}
