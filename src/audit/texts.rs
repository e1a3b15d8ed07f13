//! Which texts guards and scopes compare with constants: an audit lists the values that matched none of them.

use crate::log::TextValues;
use crate::policy::{Condition, FieldId, Term, Value, Version};

/// Watches the texts that a version's guards and scope compare with constants.
pub(super) fn watch(version: &Version, texts: &mut TextValues) {
    for id in version.conditions.leaves(version.guards_and_scope()) {
        match version.conditions.get(id) {
            Condition::Compare { left, right: Term::Constant(value), .. } => watch_one(left.field, [value], texts),
            Condition::OneOf { left, values } => watch_one(left.field, values.iter(), texts),
            _ => {}
        }
    }
}

fn watch_one<'v>(field: FieldId, values: impl IntoIterator<Item = &'v Value>, texts: &mut TextValues) {
    let constants: Vec<&str> = values.into_iter().filter_map(text_of).collect();
    if !constants.is_empty() {
        texts.watch(field, constants);
    }
}

fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
