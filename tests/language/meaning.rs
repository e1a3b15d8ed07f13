//! What a policy means, written out: for comparing two ways to write it.

use std::fmt::Write;

use forbear::check::Checked;
use forbear::policy::{Condition, ConditionId, FieldId, FieldRef, Function, Term, Value, Version};

/// Writes all policies out, without places and titles.
pub(crate) fn meaning(checked: &Checked) -> String {
    let mut text = String::new();
    for version in checked.set.policies.iter().flat_map(|policy| &policy.versions) {
        let condition = |id: Option<ConditionId>| id.map_or("-".to_owned(), |id| of(version, id));
        let days = version.in_force.map(|days| (days.from, days.until));
        let _ = writeln!(
            text,
            "policy {} {:?} {days:?} {:?} {:?} applies {}",
            version.policy,
            version.label,
            version.zone.iana_name(),
            version.default,
            condition(version.applies_when)
        );
        for rule in &version.rules {
            let _ = writeln!(
                text,
                "rule {} {} {:?} {:?}: {} | when {} | unless {} | {} cites",
                rule.name,
                rule.norm.kind.words(),
                rule.severity,
                rule.silence,
                of(version, rule.norm.condition),
                condition(rule.guard),
                condition(rule.unless),
                rule.cites.len()
            );
        }
    }
    text
}

/// Writes the norm of the only rule out.
pub(crate) fn of(version: &Version, id: ConditionId) -> String {
    let all = |parts: &[ConditionId]| parts.iter().map(|part| of(version, *part)).collect::<Vec<_>>().join(", ");
    let name = |field: &FieldRef| version.vocabulary.field_name(field.field).to_owned();
    let term = |left: &FieldRef, term: &Term| match term {
        Term::Constant(value) => constant(version, left, value),
        Term::Field(field) => name(field),
    };
    match version.conditions.get(id) {
        Condition::All(parts) => format!("all[{}]", all(parts)),
        Condition::Any(parts) => format!("any[{}]", all(parts)),
        Condition::Not(part) => format!("not {}", of(version, *part)),
        Condition::Compare { left, relation, right } => {
            format!("{} {} {}", name(left), relation.words(), term(left, right))
        }
        Condition::OneOf { left, values } => {
            let values: Vec<String> = values.iter().map(|value| constant(version, left, value)).collect();
            format!("{} is one of {}", name(left), values.join("/"))
        }
        Condition::Between { left, low, high } => {
            format!("{} between {} and {}", name(left), term(left, low), term(left, high))
        }
        Condition::Includes { set, member } => format!("{} includes {}", name(set), term(set, member)),
        Condition::NotEmpty(set) => format!("{} is not empty", name(set)),
        Condition::Within { first, at_most, second } => {
            format!("{} within {} before {}", name(first), term(first, at_most), name(second))
        }
        Condition::Measure { history, relation, right } => {
            let clause = version.conditions.history(*history).unwrap();
            let keys: Vec<&str> = clause.keys.iter().map(|key| version.vocabulary.field_name(key.asked)).collect();
            let function = match clause.function {
                Function::Count => "count".to_owned(),
                Function::Sum(field) => format!("sum of {}", version.vocabulary.field_name(field)),
                Function::Average(field) => format!("average of {}", version.vocabulary.field_name(field)),
                Function::Share(counted) => format!("share of [{}]", of(version, counted)),
                Function::TimeSinceLast => "time since the last".to_owned(),
            };
            let filter = clause.filter.map_or(String::new(), |filter| format!(" where [{}]", of(version, filter)));
            let right = match right {
                Term::Constant(value) => constant(version, &FieldRef::this(FieldId(0)), value),
                Term::Field(field) => name(field),
            };
            let window = clause.window.words();
            format!("{function}{filter} per {} {window} {} {right}", keys.join("/"), relation.words())
        }
        Condition::Clock { left, from, until } => format!("{} on the clock {from} to {until}", name(left)),
        Condition::Present(field) => format!("{} is present", name(field)),
        Condition::Table { table, test } => {
            let table = version.conditions.table(*table).unwrap();
            let row = |row: &forbear::policy::Row| format!("{} gives {:?}", all(&row.cells), row.result);
            let rows: Vec<String> = table.rows.iter().map(row).collect();
            format!("{test:?} of {} [{}]", table.name, rows.join("; "))
        }
        Condition::Defined(definition) => {
            version.conditions.definition(*definition).map_or("?".to_owned(), |body| of(version, body.condition))
        }
    }
}

fn constant(version: &Version, field: &FieldRef, value: &Value) -> String {
    use forbear::policy::FieldType::{Kind, Scale, SetOfKind};
    let kind = version.vocabulary.field(field.field).map(|field| field.kind);
    match (value, kind) {
        (Value::Name(name), Some(Kind(list) | Scale(list) | SetOfKind(list))) => {
            let list = version.vocabulary.list(list).unwrap();
            list.names[usize::from(name.0)].name.clone()
        }
        (Value::Number(number) | Value::Percent(number), _) => number.normalize().to_string(),
        (Value::Boolean(value), _) => value.to_string(),
        (other, _) => format!("{other:?}"),
    }
}
