//! Where a table is asked: after `risk ceiling` and `supervision at least`, and in comparisons.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{
    Condition as Node, ConditionId, Field, FieldRef, FieldType, ListId, Relation, Table, TableTest, Term,
};
use crate::source::Span;
use crate::syntax::ast::{Comparison, Value, ValueKind, Word};

use super::condition::{Conditioner, Tabled};

impl Conditioner<'_> {
    /// Gives the table that a word after a comparison names; a name of the field's own type comes first.
    pub(super) fn table_meant(&self, field: &Field, written: &Value) -> Option<Tabled> {
        let ValueKind::Word(word) = &written.kind else { return None };
        self.tables.get(word).copied().filter(|_| self.name_constant(field, word).is_none())
    }

    /// Makes `X at most T`.
    pub(super) fn against_table(
        &mut self,
        (left, field): (FieldRef, &Field),
        relation: Relation,
        table: Tabled,
        written: &Value,
        at: Span,
    ) -> Option<ConditionId> {
        let Tabled::Good(id) = table else { return None };
        self.used_tables.insert(id);
        let table = self.conditions.table(id)?;
        if field.kind != FieldType::Scale(table.gives) {
            let problem = self.other_scale(table, field, written.span);
            self.problems.push(problem);
            return None;
        }
        Some(self.conditions.add(Node::Table { table: id, test: TableTest::Bounds { left, relation } }, at))
    }

    fn other_scale(&self, table: &Table, field: &Field, at: Span) -> Diagnostic {
        let gives = self.vocabulary.list(table.gives).map_or("", |list| list.name.as_str());
        let message = format!(
            "table `{}` gives levels of `{gives}`, and `{}` is {}: the two do not compare",
            table.name,
            field.name,
            self.type_words(field.kind)
        );
        Diagnostic::new(codes::DIFFERENT_SCALES, message, at, format!("gives `{gives}`"))
            .with_label(table.origin, "the table")
            .with_help(format!("compare it with a field of the scale `{gives}`, or let the table give another scale"))
    }

    /// Makes what is asked of a table itself: `T at least V`, `T is never`.
    pub(super) fn of_table(
        &mut self,
        table: Tabled,
        name: &Word,
        comparison: &Comparison,
        at: Span,
    ) -> Option<ConditionId> {
        let Tabled::Good(id) = table else { return None };
        self.used_tables.insert(id);
        let table = self.conditions.table(id)?;
        let field = self.as_field(table);
        let gives = |relation, right| TableTest::Gives { relation, right };
        let (test, negated) = match comparison {
            Comparison::IsNever => (TableTest::Never, false),
            Comparison::IsNotNever => (TableTest::Never, true),
            Comparison::Is(value) => (gives(Relation::Is, self.level(&field, value)?), false),
            Comparison::IsNot(value) => (gives(Relation::Is, self.level(&field, value)?), true),
            Comparison::AtLeast(value) => (gives(Relation::AtLeast, self.level(&field, value)?), false),
            Comparison::AtMost(value) => (gives(Relation::AtMost, self.level(&field, value)?), false),
            Comparison::Above(value) => (gives(Relation::Above, self.level(&field, value)?), false),
            Comparison::Below(value) => (gives(Relation::Below, self.level(&field, value)?), false),
            Comparison::Between(low, high) => {
                let (low, high) = (self.level(&field, low), self.level(&field, high));
                (TableTest::Between(low?, high?), false)
            }
            Comparison::IsOneOf(values) => (self.one_of_results(&field, values)?, false),
            Comparison::IsNotOneOf(values) => (self.one_of_results(&field, values)?, true),
            other => {
                self.problems.push(not_asked(other, name, at));
                return None;
            }
        };
        let made = self.conditions.add(Node::Table { table: id, test }, at);
        Some(if negated { self.not(made, at) } else { made })
    }

    /// Gives a field that is of the type of a table's results, for what they are compared with.
    fn as_field(&self, table: &Table) -> Field {
        Field {
            name: table.name.clone(),
            kind: FieldType::Scale(table.gives),
            title: String::new(),
            role: None,
            known_afterwards: false,
            known_at: None,
            chosen: false,
            judged: false,
            path: table.name.clone(),
            origin: table.origin,
        }
    }

    fn level(&mut self, field: &Field, value: &Value) -> Option<Term> {
        if self.table_meant(field, value).is_some() {
            let message = "two tables are not compared with one another";
            self.problems.push(
                Diagnostic::new(codes::TABLE_NOT_COMPARED, message, value.span, "a table as well")
                    .with_help("compare each of them with a field or a level"),
            );
            return None;
        }
        self.term(field, value)
    }

    fn one_of_results(&mut self, field: &Field, values: &[Value]) -> Option<TableTest> {
        let terms: Vec<Option<Term>> = values.iter().map(|value| self.level(field, value)).collect();
        let mut levels = Vec::new();
        for (term, value) in terms.into_iter().zip(values) {
            match term? {
                Term::Constant(level) => levels.push(level),
                Term::Field(_) => {
                    let message = "a table is asked for several levels, and this is a field";
                    self.problems.push(
                        Diagnostic::new(codes::TABLE_NOT_COMPARED, message, value.span, "not a level")
                            .with_help("compare the table with the field alone: `is`, `at least`, `at most`"),
                    );
                    return None;
                }
            }
        }
        Some(TableTest::OneOf(levels.into()))
    }

    /// Says that a table alone is no condition.
    pub(super) fn bare_table(&mut self, word: &Word) -> Option<ConditionId> {
        if let Some(Tabled::Good(id)) = self.tables.get(&word.text).copied() {
            self.used_tables.insert(id);
            let scale = self.conditions.table(id).map(|table| table.gives);
            let problem = self.alone(word, scale);
            self.problems.push(problem);
        }
        None
    }

    fn alone(&self, word: &Word, scale: Option<ListId>) -> Diagnostic {
        let list = scale.and_then(|scale| self.vocabulary.list(scale));
        let name = list.map_or("", |list| list.name.as_str());
        let message = format!(
            "`{}` is a table and gives a level of `{name}`, so it cannot stand alone as a condition",
            word.text
        );
        let of_scale = |field: &&Field| Some(field.kind) == scale.map(FieldType::Scale);
        let field = self.vocabulary.fields.iter().find(of_scale).map_or("FIELD", |field| field.name.as_str());
        Diagnostic::new(codes::TABLE_NOT_COMPARED, message, word.span, "what is asked of it?").with_help(format!(
            "compare a field with it, `{field} at most {}`, or ask `{} is never`",
            word.text, word.text
        ))
    }
}

fn not_asked(comparison: &Comparison, name: &Word, at: Span) -> Diagnostic {
    let message = format!("`{}` cannot be asked of the table `{}`, which gives a level", comparison.words(), name.text);
    let help = match comparison {
        Comparison::IsPresent | Comparison::IsMissing => {
            "ask whether the fields are documented that its columns read; a table always gives something"
        }
        _ => "ask with `is`, `is one of`, `at least`, `at most`, `above`, `below`, `between` or `is never`",
    };
    Diagnostic::new(codes::TABLE_NOT_COMPARED, message, at, "").with_help(help)
}

/// A table where only a field can stand
pub(super) fn table_for_field(word: &Word) -> Diagnostic {
    let message = format!("`{}` is a table, and only a field can stand here", word.text);
    Diagnostic::new(codes::TABLE_NOT_COMPARED, message, word.span, "not a field")
        .with_help("name a field; a table is compared with one in the `when` or the norm of a rule")
}

/// A table among several values
pub(super) fn table_in_list(word: &str, at: Span) -> Diagnostic {
    let message = format!("the table `{word}` is one of several values here, and a table is compared alone");
    Diagnostic::new(codes::TABLE_NOT_COMPARED, message, at, "a table")
        .with_help(format!("join comparisons with `or`: `… is {word} or …`"))
}
