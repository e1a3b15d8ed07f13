//! What decision tables give.
//!
//! A row may apply if none of its cells is false. What is asked is true if it is true of the results of all rows that
//! may apply, false if it is false of all, and else unknown.

use crate::policy::{NameId, Row, TableId, TableTest, Value};

use super::compare;
use super::condition::Evaluation;
use super::truth::Truth;

impl Evaluation<'_> {
    /// Gives the rows of a table that may apply, by number, and whether each surely does.
    pub fn rows(&mut self, table: TableId) -> Vec<(usize, Truth)> {
        let version = self.version;
        let rows = version.conditions.table(table).map(|table| &*table.rows).unwrap_or_default();
        let applying = rows.iter().enumerate().map(|(at, row)| (at, self.applies(row)));
        applying.filter(|(_, applies)| *applies != Truth::False).collect()
    }

    fn applies(&mut self, row: &Row) -> Truth {
        let mut truth = Truth::True;
        for cell in &row.cells {
            truth = truth.and(self.truth(*cell));
            if truth == Truth::False {
                break;
            }
        }
        truth
    }

    /// Gives what is known of something that is asked of a table. Allocates nothing.
    pub(super) fn tabled(&mut self, table: TableId, test: &TableTest) -> Truth {
        let version = self.version;
        let rows = version.conditions.table(table).map(|table| &*table.rows).unwrap_or_default();
        let mut common = None;
        for row in rows {
            if self.applies(row) == Truth::False {
                continue;
            }
            let truth = self.of_result(test, row.result);
            if truth == Truth::Unknown || common.is_some_and(|common| common != truth) {
                return Truth::Unknown;
            }
            common = Some(truth);
        }
        // INVARIANT: of a table without gaps some row may apply; of another, nothing is known.
        common.unwrap_or(Truth::Unknown)
    }

    /// Gives what is known of something that is asked of one result.
    pub(super) fn of_result(&self, test: &TableTest, result: Option<NameId>) -> Truth {
        let Some(result) = result else { return (*test == TableTest::Never).into() };
        let result = Value::Name(result);
        match test {
            TableTest::Never => Truth::False,
            TableTest::Bounds { left, relation } => match self.value(*left) {
                Some(left) => compare::compare(left, *relation, &result),
                None => Truth::Unknown,
            },
            TableTest::Gives { relation, right } => match self.term(right) {
                Some(right) => compare::compare(&result, *relation, right),
                None => Truth::Unknown,
            },
            TableTest::OneOf(values) => compare::is_one_of(&result, values),
            TableTest::Between(low, high) => match (self.term(low), self.term(high)) {
                (Some(low), Some(high)) => compare::is_between(&result, low, high, &self.version.zone),
                _ => Truth::Unknown,
            },
        }
    }
}
