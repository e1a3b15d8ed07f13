//! Keys that stand twice: nobody can tell which value is meant, so none is used.

use std::collections::HashSet;

use super::{Fitted, Fitter, groups_around};
use crate::episode::Slot;
use crate::log::finding::{Finding, FindingKind};
use crate::log::record::{Record, Repeat};
use crate::policy::FieldId;

/// Gives the paths that are repeated.
pub(super) fn paths(record: &Record) -> HashSet<&str> {
    record.repeats.iter().map(|repeat| repeat.path.as_str()).collect()
}

/// Says whether a path is repeated, or lies in a group that is.
pub(super) fn concern(repeated: &HashSet<&str>, path: &str) -> bool {
    !repeated.is_empty() && (repeated.contains(path) || in_repeated(repeated, path))
}

fn in_repeated(repeated: &HashSet<&str>, path: &str) -> bool {
    groups_around(path).any(|group| repeated.contains(group))
}

/// Makes every field at or below a repeated key unfit, with one finding for the outermost key.
pub(super) fn set(fitter: &Fitter<'_>, record: &Record, repeated: &HashSet<&str>, fitted: &mut Fitted<'_>) {
    for repeat in record.repeats.iter().filter(|repeat| !in_repeated(repeated, &repeat.path)) {
        let fields: Vec<FieldId> = fields(fitter, repeat);
        for field in &fields {
            fitted.episode.set(*field, Slot::Unfit, Some(repeat.again));
        }
        if !fields.is_empty() {
            let kind = FindingKind::RepeatedKey { path: repeat.path.clone(), first: repeat.first };
            fitted.findings.push(Finding { kind, fields, place: repeat.again, value: None });
        }
    }
}

/// Gives the fields at or below a repeated key; or the one above it, where a group stands for its value.
fn fields(fitter: &Fitter<'_>, repeat: &Repeat) -> Vec<FieldId> {
    let fields = fitter.vocabulary.field_ids().zip(&fitter.vocabulary.fields);
    let below = fields.filter(|(_, field)| is_at_or_below(&field.path, &repeat.path)).map(|(id, _)| id);
    let mut found: Vec<FieldId> = below.collect();
    if found.is_empty() {
        found.extend(fitter.field_around(&repeat.path));
    }
    found
}

fn is_at_or_below(path: &str, group: &str) -> bool {
    path.strip_prefix(group).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
