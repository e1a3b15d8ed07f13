//! From a record to an episode, in the words of one vocabulary.
//!
//! Takes a record, gives an [`Episode`] and what does not fit. Guarantees that each field of the vocabulary ends in one
//! of the four states (present, missing, unfit, partial) as the semantics say, that whatever is unfit or partial for
//! want of fitting members has a finding, and that a name of a person stands in none.

mod levels;
mod repeats;
mod scalar;
mod sets;

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::finding::{Finding, FindingKind, Misfit, quote};
use super::record::{Entry, Raw, Record};
use crate::episode::{Episode, Slot};
use crate::policy::value::plain_text;
use crate::policy::{Field, FieldId, FieldType, ListId, NameId, Role, Value, Vocabulary};
use crate::source::Span;
pub(super) use levels::Levels;

/// Reads records in the words of one vocabulary and the clock of one time zone.
#[derive(Debug)]
pub struct Fitter<'v> {
    vocabulary: &'v Vocabulary,
    zone: TimeZone,
    paths: HashMap<&'v str, Vec<FieldId>>,
    levels: Vec<Levels<'v>>,
}

/// A record as a vocabulary reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted<'r> {
    /// The episode.
    pub episode: Episode,
    /// What does not fit.
    pub findings: Vec<Finding>,
    /// What is said where no field of the vocabulary asks, in the order of the record; for [`super::UnknownKeys`].
    pub unknown: Vec<&'r Entry>,
}

impl<'v> Fitter<'v> {
    /// Prepares to read records in a vocabulary; local times are those of `zone`.
    pub fn new(vocabulary: &'v Vocabulary, zone: TimeZone) -> Self {
        let mut paths: HashMap<&str, Vec<FieldId>> = HashMap::new();
        for (id, field) in vocabulary.field_ids().zip(&vocabulary.fields) {
            paths.entry(field.path.as_str()).or_default().push(id);
        }
        let levels = vocabulary.lists.iter().map(Levels::new).collect();
        Self { vocabulary, zone, paths, levels }
    }

    /// Gives the vocabulary.
    pub(super) fn vocabulary(&self) -> &'v Vocabulary {
        self.vocabulary
    }

    /// Gives the zone of its local times.
    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Reads one value of one field by itself; `None` if there is anything to report.
    pub(super) fn alone(&self, id: FieldId, raw: &Raw, split_sets: bool, present: Timestamp) -> Option<Slot> {
        let field = self.vocabulary.field(id)?;
        if !matches!(field.kind, FieldType::SetOfKind(_) | FieldType::SetOfIdentity) {
            return self.single(field, raw, present).ok();
        }
        let mut found = Vec::new();
        let nowhere = Span::new(crate::source::SourceId(0), 0, 0);
        let slot = sets::read(self, id, field, raw, nowhere, split_sets, &mut found);
        found.is_empty().then_some(slot)
    }

    /// Reads a record; a record's time after `present` does not fit.
    pub fn fit<'r>(&self, record: &'r Record, present: Timestamp) -> Fitted<'r> {
        let episode = Episode::new(record.span, self.vocabulary.fields.len());
        let mut fitted = Fitted { episode, findings: Vec::new(), unknown: Vec::new() };
        let repeated = repeats::paths(record);
        for entry in &record.entries {
            match self.paths.get(entry.path.as_str()) {
                _ if repeats::concern(&repeated, &entry.path) && self.asks_for(&entry.path) => {}
                Some(fields) => {
                    for field in fields {
                        self.set(*field, entry, record.split_sets, present, &mut fitted);
                    }
                }
                None => self.unasked(entry, &mut fitted),
            }
        }
        repeats::set(self, record, &repeated, &mut fitted);
        fitted
    }

    fn set(&self, id: FieldId, entry: &Entry, split_sets: bool, present: Timestamp, fitted: &mut Fitted<'_>) {
        let Some(field) = self.vocabulary.field(id) else {
            return;
        };
        let place = if entry.place.is_empty() && !split_sets { entry.key } else { entry.place };
        let found = &mut fitted.findings;
        let slot = match field.kind {
            FieldType::SetOfKind(_) | FieldType::SetOfIdentity => {
                sets::read(self, id, field, &entry.raw, place, split_sets, found)
            }
            _ => match self.single(field, &entry.raw, present) {
                Ok(slot) => slot,
                Err(kind) => {
                    found.push(Finding { kind, fields: vec![id], place, value: shown(field, &entry.raw) });
                    Slot::Unfit
                }
            },
        };
        if field.role == Some(Role::Id) && matches!(slot, Slot::Present(_)) {
            fitted.episode.id = entry.raw.as_text().map(|text| plain_text(text).into_string());
        }
        fitted.episode.set(id, slot, Some(place));
    }

    /// Reads the value of a field that holds one.
    fn single(&self, field: &Field, raw: &Raw, present: Timestamp) -> Result<Slot, FindingKind> {
        let (text, zone) = match raw {
            Raw::Nothing => return Ok(Slot::Missing),
            Raw::Other(_) => return Err(FindingKind::Unfit(Misfit::Group)),
            Raw::List(_) => return Err(FindingKind::Unfit(Misfit::List)),
            Raw::Refused(refused) => return Err(FindingKind::refused(refused)),
            Raw::Local(local) => (local.text.trim(), &local.zone),
            Raw::Boolean(_) | Raw::Number(_) | Raw::Text(_) => (raw.as_text().unwrap_or("").trim(), &self.zone),
        };
        if text.is_empty() {
            return Ok(Slot::Missing);
        }
        let value = match field.kind {
            FieldType::Kind(list) | FieldType::Scale(list) => {
                Value::Name(self.level(list, text).ok_or_else(|| self.unknown_level(list, text))?)
            }
            kind => scalar::read(kind, text, zone).map_err(FindingKind::Unfit)?,
        };
        if field.role == Some(Role::Time) && scalar::is_after(&value, present, zone) {
            return Err(FindingKind::Unfit(Misfit::AfterThePresent(present)));
        }
        Ok(Slot::Present(value))
    }

    fn level(&self, list: ListId, text: &str) -> Option<NameId> {
        self.levels.get(usize::from(list.0))?.find(text)
    }

    fn unknown_level(&self, list: ListId, text: &str) -> FindingKind {
        let near = self.levels.get(usize::from(list.0)).map_or(Vec::new(), |levels| levels.near(text));
        FindingKind::UnknownLevel { list, near }
    }

    /// Says whether a path is a field's, or lies below one.
    fn asks_for(&self, path: &str) -> bool {
        self.paths.contains_key(path) || self.field_around(path).is_some()
    }

    /// Gives the field of which a path is a part, as if it were a group.
    fn field_around(&self, path: &str) -> Option<FieldId> {
        groups_around(path).find_map(|group| self.paths.get(group)).and_then(|fields| fields.first().copied())
    }

    /// Takes up what stands where no field is: below a field, which then has a group for a value, or nowhere.
    fn unasked<'r>(&self, entry: &'r Entry, fitted: &mut Fitted<'r>) {
        if let Some(id) = self.field_around(&entry.path) {
            let place = entry.key.to(entry.place);
            match fitted.findings.iter_mut().find(|finding| finding.fields == [id] && is_group(finding)) {
                Some(finding) => finding.place = finding.place.to(place),
                None if fitted.episode.place(id).is_some() => return fitted.unknown.extend(says_something(entry)),
                None => {
                    let kind = FindingKind::Unfit(Misfit::Group);
                    fitted.findings.push(Finding { kind, fields: vec![id], place, value: None });
                }
            }
            let whole = fitted.findings.iter().find(|finding| finding.fields == [id]).map(|finding| finding.place);
            return fitted.episode.set(id, Slot::Unfit, whole);
        }
        fitted.unknown.extend(says_something(entry));
    }
}

/// Gives an entry unless nothing would be lost with it: it is null, an empty group, or blank.
fn says_something(entry: &Entry) -> Option<&Entry> {
    let is_blank = entry.raw.as_text().is_some_and(|text| text.trim().is_empty());
    (!is_blank && !matches!(entry.raw, Raw::Nothing | Raw::Other(_))).then_some(entry)
}

fn is_group(finding: &Finding) -> bool {
    finding.kind == FindingKind::Unfit(Misfit::Group)
}

/// Gives the groups around a path, the outermost first: `a` and `a.b` of `a.b.c`.
pub(super) fn groups_around(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('.').filter_map(|(at, _)| path.get(..at))
}

/// Gives a value as a finding may show it; people are never shown, nor free text that a mapping refuses.
fn shown(field: &Field, raw: &Raw) -> Option<String> {
    let is_person = matches!(field.kind, FieldType::Identity | FieldType::SetOfIdentity);
    let is_free = matches!((field.kind, raw), (FieldType::Text, Raw::Refused(_)));
    raw.as_text().filter(|_| !is_person && !is_free).map(|text| quote(text.trim()))
}

/// Makes a finding on a part of a value.
fn misfit(id: FieldId, misfit: Misfit, place: Span, value: Option<String>) -> Finding {
    Finding { kind: FindingKind::Unfit(misfit), fields: vec![id], place, value }
}
