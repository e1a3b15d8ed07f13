//! Why a condition is what it is: the comparisons that decide it.

use crate::policy::{Condition, ConditionId, Row, TableId};

use super::condition::Evaluation;
use super::truth::Truth;

/// A comparison that helps to decide a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// The comparison.
    pub condition: ConditionId,
    /// What is known of it.
    pub truth: Truth,
    /// Whether it stands under an odd number of negations: then the demand is its opposite.
    pub negated: bool,
}

/// Gives the comparisons that decide a condition: of a false conjunction those that are false, of a true one all, and
/// the other way about for a disjunction; of an unknown one those that are unknown. A definition is entered once.
pub fn reasons(evaluation: &mut Evaluation<'_>, condition: ConditionId) -> Vec<Leaf> {
    let definitions = evaluation.version.conditions.definitions().len();
    let mut search = Search { evaluation, seen: vec![false; definitions], leaves: Vec::new() };
    search.condition(condition, false);
    search.leaves
}

struct Search<'s, 'e> {
    evaluation: &'s mut Evaluation<'e>,
    seen: Vec<bool>,
    leaves: Vec<Leaf>,
}

impl Search<'_, '_> {
    fn condition(&mut self, id: ConditionId, negated: bool) {
        let truth = self.evaluation.truth(id);
        let version = self.evaluation.version;
        match version.conditions.get(id) {
            Condition::All(parts) | Condition::Any(parts) => {
                let deciding = |part: &&ConditionId| self.evaluation.truth(**part) == truth;
                let parts: Vec<ConditionId> = parts.iter().filter(deciding).copied().collect();
                parts.into_iter().for_each(|part| self.condition(part, negated));
            }
            Condition::Not(part) => self.condition(*part, !negated),
            Condition::Defined(definition) => {
                let seen = self.seen.get_mut(definition.0 as usize).is_none_or(|seen| std::mem::replace(seen, true));
                let body = version.conditions.definition(*definition).map(|definition| definition.condition);
                if let Some(body) = body.filter(|_| !seen) {
                    self.condition(body, negated);
                }
            }
            Condition::Table { table, .. } => {
                self.leaves.push(Leaf { condition: id, truth, negated });
                self.table(*table, truth);
            }
            _ => self.leaves.push(Leaf { condition: id, truth, negated }),
        }
    }

    /// Gives the cells by which the rows that may apply were found; where these disagree, those that are open too.
    fn table(&mut self, id: TableId, asked: Truth) {
        let version = self.evaluation.version;
        let Some(table) = version.conditions.table(id) else { return };
        let rows: Vec<&Row> = self.evaluation.rows(id).into_iter().filter_map(|(at, _)| table.rows.get(at)).collect();
        let agree = rows.windows(2).all(|pair| matches!(pair, [one, two] if one.result == two.result));
        let open_matters = asked == Truth::Unknown && !agree;
        for column in 0..table.columns.len() {
            let cells = || rows.iter().filter_map(|row| row.cells.get(column).copied());
            let is_any =
                |cell: ConditionId| matches!(version.conditions.get(cell), Condition::All(parts) if parts.is_empty());
            for wanted in [Truth::True, Truth::Unknown] {
                if wanted == Truth::Unknown && !open_matters {
                    continue;
                }
                let found = cells().find(|cell| !is_any(*cell) && self.evaluation.truth(*cell) == wanted);
                found.into_iter().for_each(|cell| self.condition(cell, false));
            }
        }
    }
}
