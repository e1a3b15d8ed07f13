//! Whether two versions, each with a vocabulary of its own, say the same: conditions and history clauses as texts that are
//! equal if and only if they say the same word for word.

use std::collections::HashMap;

use crate::policy::{Condition, ConditionId, DefinitionId, FieldRef, Function, History, Length, Term, Value, Version};
use crate::source::Span;

/// The numbers of what was written: definitions are written as numbers, so that no text grows beyond what a policy says.
#[derive(Default)]
pub(crate) struct Numbers {
    known: HashMap<String, usize>,
    of_definitions: HashMap<(Span, DefinitionId), usize>,
}

impl Numbers {
    /// Numbers every definition of a version, each after those that it uses.
    pub(crate) fn number(&mut self, version: &Version) {
        let definitions = (0..).map(DefinitionId).zip(version.conditions.definitions());
        let mut in_order: Vec<_> = definitions.collect();
        // INVARIANT: the parts of a condition come before it.
        in_order.sort_by_key(|(_, definition)| definition.condition);
        for (id, definition) in in_order {
            let text = condition(self, version, definition.condition);
            let next = self.known.len();
            let number = *self.known.entry(text).or_insert(next);
            self.of_definitions.insert((version.origin, id), number);
        }
    }
}

/// Writes a condition of a version whose definitions have numbers.
pub(crate) fn condition(numbers: &Numbers, version: &Version, id: ConditionId) -> String {
    let conditions = &version.conditions;
    let parts = |word: &str, parts: &[ConditionId]| {
        let each: Vec<String> = parts.iter().map(|part| condition(numbers, version, *part)).collect();
        format!("{word}({})", each.join(", "))
    };
    let field = |field: &FieldRef| path(version, *field);
    let term = |field: FieldRef, term: &Term| match term {
        Term::Constant(value) => constant(version, field, value),
        Term::Field(other) => path(version, *other),
    };
    match conditions.get(id) {
        Condition::All(list) => parts("all", list),
        Condition::Any(list) => parts("any", list),
        Condition::Not(part) => format!("not({})", condition(numbers, version, *part)),
        Condition::Defined(definition) => {
            format!("definition {:?}", numbers.of_definitions.get(&(version.origin, *definition)))
        }
        Condition::Compare { left, relation, right } => {
            format!("{} {} {}", field(left), relation.words(), term(*left, right))
        }
        Condition::OneOf { left, values } => {
            let values: Vec<String> = values.iter().map(|value| constant(version, *left, value)).collect();
            format!("{} one of {}", field(left), values.join(", "))
        }
        Condition::Between { left, low, high } => {
            format!("{} between {} and {}", field(left), term(*left, low), term(*left, high))
        }
        Condition::Includes { set, member } => format!("{} includes {}", field(set), term(*set, member)),
        Condition::NotEmpty(set) => format!("{} some", field(set)),
        Condition::Within { first, at_most, second } => {
            format!("{} {} before {}", field(first), term(*first, at_most), field(second))
        }
        Condition::Clock { left, from, until } => {
            format!("{} clock {from} {until} in {}", field(left), version.zone.iana_name().unwrap_or("?"))
        }
        Condition::Present(present) => format!("{} present", field(present)),
        Condition::Measure { history, relation, right } => {
            let clause =
                conditions.history(*history).map(|clause| self::history(numbers, version, clause)).unwrap_or_default();
            let right = match right {
                Term::Constant(value) => format!("{value:?}"),
                Term::Field(other) => path(version, *other),
            };
            format!("{clause} {} {right}", relation.words())
        }
        // A table is one of its version: nobody else says the same.
        Condition::Table { table, test } => format!("table {:?} {table:?} {test:?}", version.origin),
    }
}

/// Writes a history clause of a version.
pub(crate) fn history(numbers: &Numbers, version: &Version, history: &History) -> String {
    let function = match history.function {
        Function::Count => "count".to_owned(),
        Function::Sum(field) => format!("sum of {}", path(version, FieldRef::this(field))),
        Function::Average(field) => format!("average of {}", path(version, FieldRef::this(field))),
        Function::Share(counted) => format!("share of {}", condition(numbers, version, counted)),
        Function::TimeSinceLast => "since".to_owned(),
    };
    // Months are those of a calendar.
    let zone = match history.window.length() {
        Some(Length::Civil(_)) => format!(" in {}", version.zone.iana_name().unwrap_or("?")),
        _ => String::new(),
    };
    format!("{function} {} {}{zone}", among(numbers, version, history), history.window.words())
}

/// Writes which records a history clause looks at, leaving the window out.
pub(crate) fn among(numbers: &Numbers, version: &Version, history: &History) -> String {
    let mut keys: Vec<String> = history.keys.iter().map(|key| path(version, FieldRef::this(key.stored))).collect();
    keys.sort_unstable();
    let filter = history.filter.map(|filter| condition(numbers, version, filter)).unwrap_or_default();
    format!("where {filter} per {}", keys.join(", "))
}

fn path(version: &Version, field: FieldRef) -> String {
    version.vocabulary.field(field.field).map_or_else(String::new, |field| format!("`{}`", field.path))
}

fn constant(version: &Version, field: FieldRef, value: &Value) -> String {
    use crate::policy::FieldType::{Kind, Scale, SetOfKind};
    match (value, version.vocabulary.field(field.field).map(|field| field.kind)) {
        (Value::Name(name), Some(Kind(list) | Scale(list) | SetOfKind(list))) => {
            let list = version.vocabulary.list(list);
            list.map_or_else(String::new, |list| format!("{:?} of {}", list.name_of(*name), list.name))
        }
        (value, _) => format!("{value:?}"),
    }
}
