//! Which fields and levels a policy reads, and where.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::{
    Base, Condition, ConditionId, FieldId, FieldRef, History, ListId, NameId, Table, TableId, TableTest, Term, Value,
    Version,
};

use super::words::list_of;

/// A place of a policy that reads fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// `applies when`
    Scope,
    /// A rule, by its number.
    Rule(usize),
    /// A definition, by its number.
    Definition(usize),
    /// A table, by its number.
    Table(usize),
}

/// What is read where.
#[derive(Debug, Default)]
pub(super) struct Usage {
    pub(super) fields: BTreeMap<FieldId, BTreeSet<Place>>,
    pub(super) names: BTreeMap<(ListId, NameId), BTreeSet<Place>>,
    pub(super) definitions: BTreeMap<u32, BTreeSet<Place>>,
    pub(super) tables: BTreeMap<TableId, BTreeSet<Place>>,
}

impl Usage {
    /// Looks through a version. What a definition or a table reads is read by it, not by the rules that use it.
    pub(super) fn of(version: &Version) -> Self {
        let mut usage = Self::default();
        usage.read(version, Place::Scope, version.applies_when.into_iter().collect());
        for (at, rule) in version.rules.iter().enumerate() {
            usage.read(version, Place::Rule(at), rule.clauses().chain(rule.links()).collect());
            for link in rule.duty.iter().flat_map(|duty| &duty.links) {
                usage.field(link.act, Place::Rule(at));
                if let Some(Base::Field(base)) = link.deadline.map(|deadline| deadline.base) {
                    usage.field(base, Place::Rule(at));
                }
            }
        }
        for (at, definition) in version.conditions.definitions().iter().enumerate() {
            usage.read(version, Place::Definition(at), vec![definition.condition]);
        }
        for (at, table) in version.conditions.tables().iter().enumerate() {
            usage.table(version, table, Place::Table(at));
        }
        usage
    }

    fn table(&mut self, version: &Version, table: &Table, place: Place) {
        for column in &table.columns {
            self.field(column.field, place);
        }
        for row in &table.rows {
            self.read(version, place, row.cells.to_vec());
            if let Some(result) = row.result {
                self.names.entry((table.gives, result)).or_default().insert(place);
            }
        }
    }

    fn field(&mut self, field: FieldId, place: Place) {
        self.fields.entry(field).or_default().insert(place);
    }

    fn read(&mut self, version: &Version, place: Place, mut waiting: Vec<ConditionId>) {
        let mut seen = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let condition = version.conditions.get(id);
            for field in condition.fields() {
                self.field(field.field, place);
            }
            self.values(version, condition, place);
            match condition {
                Condition::All(parts) | Condition::Any(parts) => waiting.extend(parts.iter()),
                Condition::Not(part) => waiting.push(*part),
                Condition::Defined(definition) => {
                    self.definitions.entry(definition.0).or_default().insert(place);
                }
                Condition::Measure { history, .. } => {
                    let history = version.conditions.history(*history);
                    waiting.extend(history.into_iter().flat_map(|history| self.history(history, place)));
                }
                Condition::Table { table, .. } => {
                    self.tables.entry(*table).or_default().insert(place);
                }
                Condition::Compare { .. }
                | Condition::OneOf { .. }
                | Condition::Between { .. }
                | Condition::Includes { .. }
                | Condition::NotEmpty(_)
                | Condition::Within { .. }
                | Condition::Clock { .. }
                | Condition::Present(_) => {}
            }
        }
    }

    /// Takes up what a history clause reads, and gives the conditions within it.
    fn history(&mut self, history: &History, place: Place) -> Vec<ConditionId> {
        for key in &history.keys {
            self.field(key.asked, place);
        }
        if let Some(of) = history.function.summed() {
            self.field(of, place);
        }
        history.conditions().collect()
    }

    fn values(&mut self, version: &Version, condition: &Condition, place: Place) {
        let of_field = |field: &FieldRef| version.vocabulary.field(field.field).and_then(|field| list_of(field.kind));
        let (list, values): (_, Vec<&Value>) = match condition {
            Condition::Compare { left, right, .. } => (of_field(left), constant(right).into_iter().collect()),
            Condition::Includes { set, member } => (of_field(set), constant(member).into_iter().collect()),
            Condition::Between { left, low, high } => {
                (of_field(left), constant(low).into_iter().chain(constant(high)).collect())
            }
            Condition::OneOf { left, values } => (of_field(left), values.iter().collect()),
            Condition::Table { table, test } => {
                (version.conditions.table(*table).map(|table| table.gives), asked_of_result(test))
            }
            // What these compare with is no name of a list.
            Condition::Within { .. } | Condition::Measure { .. } | Condition::Clock { .. } => return,
            // These compare nothing.
            Condition::All(_)
            | Condition::Any(_)
            | Condition::Not(_)
            | Condition::NotEmpty(_)
            | Condition::Present(_)
            | Condition::Defined(_) => return,
        };
        for value in values {
            if let (Some(list), Value::Name(name)) = (list, value) {
                self.names.entry((list, *name)).or_default().insert(place);
            }
        }
    }
}

fn asked_of_result(test: &TableTest) -> Vec<&Value> {
    match test {
        TableTest::Gives { right, .. } => constant(right).into_iter().collect(),
        TableTest::Between(low, high) => constant(low).into_iter().chain(constant(high)).collect(),
        TableTest::OneOf(values) => values.iter().collect(),
        TableTest::Bounds { .. } | TableTest::Never => Vec::new(),
    }
}

fn constant(term: &Term) -> Option<&Value> {
    match term {
        Term::Constant(value) => Some(value),
        Term::Field(_) => None,
    }
}
