//! Decision tables: what is asked of one, in words, and its rows.

mod shown;

pub(super) use shown::section;

use crate::policy::{ListId, Relation, Table, TableId, TableTest, Term, Value};

use super::condition::{Mood, be, verb};
use super::document::Inline;
use super::words::{Call, Words, joined, quoted, spaced, t};

impl Words<'_> {
    /// Says what is asked of a table.
    pub(super) fn table_test(&self, id: TableId, test: &TableTest, negated: bool, mood: Mood) -> Vec<Inline> {
        let Some(table) = self.version.conditions.table(id) else { return Vec::new() };
        if let TableTest::Bounds { left, relation } = test {
            let (relation, negated) = relation.turned(negated);
            let order = if relation == Relation::Is { String::new() } else { format!("{} ", relation.words()) };
            let mut words = self.field(left.field);
            words.push(Inline::Text(format!(" {} {order}what the table ", be(mood, negated))));
            words.extend(self.table(table));
            words.push(t(" gives"));
            return words;
        }
        let mut words = vec![t("what the table ")];
        words.extend(self.table(table));
        words.push(t(" gives "));
        words.extend(self.asked_of_result(table.gives, test, negated, mood));
        words
    }

    /// Names a table, with a link; with its name too where two tables share a title.
    pub(super) fn table(&self, table: &Table) -> Vec<Inline> {
        let anchor = self.anchor("table", &table.name);
        let titled = called(table);
        match (self.call, self.table_titles.get(&titled)) {
            (Call::ByName, _) => vec![Inline::link(&anchor, vec![Inline::code(&table.name)])],
            (Call::ByTitle, Some(2..)) => {
                let link = Inline::link(&anchor, vec![Inline::text(&quoted(&titled))]);
                vec![link, t(" ("), Inline::code(&table.name), t(")")]
            }
            (Call::ByTitle, _) => vec![Inline::link(&anchor, vec![Inline::text(&quoted(&titled))])],
        }
    }

    fn asked_of_result(&self, gives: ListId, test: &TableTest, negated: bool, mood: Mood) -> Vec<Inline> {
        let levels = |values: &[Value], joining| {
            joined(values.iter().map(|value| vec![self.level(gives, value)]).collect(), joining)
        };
        let (verb, rest) = match test {
            TableTest::Gives { relation, right } => {
                let (relation, negated) = relation.turned(negated);
                let order = if relation == Relation::Is { String::new() } else { format!("{} ", relation.words()) };
                (format!("{} {order}", be(mood, negated)), self.result(gives, right))
            }
            TableTest::OneOf(values) => {
                let none = negated && values.len() > 1;
                let verb =
                    if none { format!("{} none of ", be(mood, false)) } else { format!("{} ", be(mood, negated)) };
                (verb, levels(values, if none { "and" } else { "or" }))
            }
            TableTest::Between(low, high) => {
                let mut rest = self.result(gives, low);
                rest.push(t(" and "));
                rest.extend(self.result(gives, high));
                rest.push(t(" (both included)"));
                (verb(mood, negated, "lie between", "lies between"), rest)
            }
            TableTest::Never => (format!("{} ", be(mood, negated)), vec![Inline::term("never")]),
            // It begins with its field.
            TableTest::Bounds { .. } => (String::new(), Vec::new()),
        };
        let mut words = vec![Inline::Text(verb)];
        words.extend(rest);
        words
    }

    fn result(&self, gives: ListId, term: &Term) -> Vec<Inline> {
        match term {
            Term::Constant(value) => vec![self.level(gives, value)],
            Term::Field(field) => self.field(field.field),
        }
    }

    fn level(&self, list: ListId, value: &Value) -> Inline {
        let list = self.version.vocabulary.list(list);
        match (list, value) {
            (Some(list), Value::Name(name)) => Inline::term(&spaced(list.name_of(*name))),
            _ => Inline::text(""),
        }
    }
}

/// Gives the title of a table, or its name as words where it has none.
pub(super) fn called(table: &Table) -> String {
    if table.title.trim().is_empty() { spaced(&table.name) } else { table.title.clone() }
}
