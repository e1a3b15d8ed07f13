//! What decision tables give, in words: which row applied, or which may still apply.

use crate::diagnostic::enumerated;
use crate::judge::{Evaluation, Leaf, Truth};
use crate::policy::{Condition, Relation, Row, Table, TableTest, Term, Value};
use crate::source::Span;

use super::wording::{Speaker, each_once, turned};

/// How many rows of one table are pointed at.
const MOST_ROWS: usize = 8;

/// A row of a table that may apply.
pub(super) struct Applying<'a> {
    pub(super) row: &'a Row,
    /// Whether it surely applies.
    pub(super) surely: bool,
}

/// A table that a comparison asks, and the rows of it that may apply.
pub(super) struct Asked<'a> {
    pub(super) table: &'a Table,
    pub(super) test: &'a TableTest,
    pub(super) rows: Vec<Applying<'a>>,
}

impl<'a> Speaker<'a> {
    /// Gives the table that a comparison asks.
    pub(super) fn asked_table(&self, leaf: &Leaf) -> Option<Asked<'a>> {
        let version = self.shower.version;
        let Condition::Table { table: id, test } = version.conditions.get(leaf.condition) else { return None };
        let table = version.conditions.table(*id)?;
        let mut evaluation = Evaluation::new(version, self.episode);
        let rows = evaluation.rows(*id).into_iter();
        let rows = rows
            .filter_map(|(at, applies)| Some(Applying { row: table.rows.get(at)?, surely: applies == Truth::True }));
        Some(Asked { table, test, rows: rows.collect() })
    }

    /// Gives the rows to point at, and what to say there.
    pub(super) fn row_labels(&self, leaf: &Leaf) -> Vec<(Span, String)> {
        let Some(asked) = self.asked_table(leaf) else { return Vec::new() };
        let rows = asked.rows.iter().take(MOST_ROWS);
        let words = |applying: &Applying<'_>| {
            if applying.surely { "the row that applies" } else { "a row that may apply" }.to_owned()
        };
        rows.map(|applying| (applying.row.origin, words(applying))).collect()
    }

    /// Says what a table gives: "`acceptable_risk` gives `low`".
    pub(super) fn table_fact(&self, leaf: &Leaf) -> Option<String> {
        let asked = self.asked_table(leaf)?;
        let results = self.results(&asked);
        let verb = if results.len() > 1 { "may give" } else { "gives" };
        Some(format!("`{}` {verb} {}", asked.table.name, enumerated(&results, "or")))
    }

    /// Says what a table may give, where that is open.
    pub(super) fn open_table_fact(&self, leaf: &Leaf) -> Option<String> {
        let asked = self.asked_table(leaf)?;
        if self.results(&asked).len() > 1 { self.table_fact(leaf) } else { None }
    }

    /// Gives the results of the rows that may apply, each once.
    fn results(&self, asked: &Asked<'_>) -> Vec<String> {
        each_once(asked.rows.iter().map(|applying| format!("`{}`", self.result(asked.table, applying.row))))
    }

    /// Gives the result of a row as the policy writes it.
    pub(super) fn result(&self, table: &Table, row: &Row) -> String {
        let list = self.shower.version.vocabulary.list(table.gives);
        match (row.result, list) {
            (Some(level), Some(list)) => list.name_of(level).to_owned(),
            _ => "never".to_owned(),
        }
    }

    /// Says what a comparison with a table has and what it asks.
    pub(super) fn unmet_table(&self, leaf: &Leaf) -> Option<String> {
        let asked = self.asked_table(leaf)?;
        let name = &asked.table.name;
        let is_never = !asked.rows.is_empty() && asked.rows.iter().all(|applying| applying.row.result.is_none());
        Some(match asked.test {
            TableTest::Bounds { left, .. } if is_never && !leaf.negated => {
                let field = self.shower.version.vocabulary.field_name(left.field);
                format!("`{name}` gives `never`, so no level of `{field}` suffices")
            }
            TableTest::Bounds { left, .. } => {
                format!("{} and must {}", self.fact(left.field), self.table_demand(leaf)?)
            }
            _ => format!("{} and must {}", self.table_fact(leaf)?, self.table_demand(leaf)?),
        })
    }

    /// Says what a comparison with a table asks, after "must".
    pub(super) fn table_demand(&self, leaf: &Leaf) -> Option<String> {
        let asked = self.asked_table(leaf)?;
        let not = if leaf.negated { "not " } else { "" };
        let order = |relation: Relation| {
            let (relation, not) = turned(relation, leaf.negated);
            let words = if relation == Relation::Is { String::new() } else { format!("{} ", relation.words()) };
            format!("{not}be {words}")
        };
        Some(match asked.test {
            TableTest::Bounds { relation, .. } => {
                let results = self.results(&asked);
                let which = if results.len() > 1 { "one of which" } else { "which" };
                format!("{}{}, {which} `{}` gives", order(*relation), enumerated(&results, "or"), asked.table.name)
            }
            TableTest::Gives { relation, right } => format!("{}{}", order(*relation), self.level(asked.table, right)),
            TableTest::OneOf(levels) => {
                let levels: Vec<String> =
                    levels.iter().map(|level| self.level(asked.table, &Term::Constant(level.clone()))).collect();
                format!("{not}be one of {}", levels.join(", "))
            }
            TableTest::Between(low, high) => {
                format!("{not}be between {} and {}", self.level(asked.table, low), self.level(asked.table, high))
            }
            TableTest::Never => format!("{not}be `never`"),
        })
    }

    /// Shows what a result is compared with.
    fn level(&self, table: &Table, term: &Term) -> String {
        match (term, self.shower.version.vocabulary.list(table.gives)) {
            (Term::Constant(Value::Name(level)), Some(list)) => format!("`{}`", list.name_of(*level)),
            (Term::Field(field), _) => {
                let name = self.shower.version.vocabulary.field_name(field.field);
                format!("`{name}`")
            }
            _ => String::new(),
        }
    }
}
