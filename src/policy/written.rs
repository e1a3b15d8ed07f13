//! Values as a case of the language states them.

use jiff::Timestamp;

use super::number;
use super::time::write_duration;
use super::value::Value;
use super::vocabulary::{FieldId, FieldType, NameId, Vocabulary};

/// Writes a value of a field as a case does; none where it cannot be written so.
pub fn write_value(vocabulary: &Vocabulary, field: FieldId, value: &Value) -> Option<String> {
    Some(match value {
        Value::Boolean(value) => value.to_string(),
        Value::Number(value) => number::write(*value),
        Value::Percent(value) => format!("{} %", number::write(*value)),
        Value::Duration(value) => write_duration(*value),
        Value::Date(day) => day.to_string(),
        Value::Instant(when) if when.is_exact() => write_instant(when.earliest),
        Value::Text(text) | Value::Identity(text) => quoted(text),
        Value::Name(name) => name_of(vocabulary, field, *name)?,
        Value::Names(names) if names.members.is_empty() => "nothing".to_owned(),
        Value::Names(names) => {
            let written: Option<Vec<String>> =
                names.members.iter().map(|name| name_of(vocabulary, field, *name)).collect();
            written?.join(", ")
        }
        Value::People(people) if people.members.is_empty() => "nothing".to_owned(),
        Value::People(people) => people.members.iter().map(|who| quoted(who)).collect::<Vec<_>>().join(", "),
        Value::Instant(_) | Value::Period(_) => return None,
    })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Writes an instant to the minute where it has no seconds.
fn write_instant(at: Timestamp) -> String {
    let text = at.to_string();
    text.strip_suffix(":00Z").map_or(text.clone(), |minutes| format!("{minutes}Z"))
}

fn name_of(vocabulary: &Vocabulary, field: FieldId, name: NameId) -> Option<String> {
    match vocabulary.field(field)?.kind {
        FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => {
            Some(vocabulary.list(list)?.name_of(name).to_owned())
        }
        _ => None,
    }
}
