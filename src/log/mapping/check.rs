//! A mapping against the vocabularies of a run: are there such fields, and do they take what the mapping gives them?

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::problem::{one_sign, said_twice, unfit_clause, unfit_value, unknown_field};
use super::{Class, MappedField, Mapping, Origin, Said, read};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::log::fit::Fitter;
use crate::log::record::{Entry, Raw, Record};
use crate::policy::{FieldId, Vocabulary};
use crate::source::{SourceId, Sources, Span};

impl Mapping {
    /// Reads a mapping among the inputs, for policies with these vocabularies. With problems, it must not be used.
    pub fn read(sources: &Sources, id: SourceId, vocabularies: &[&Vocabulary]) -> (Self, Vec<Diagnostic>) {
        let (mut mapping, mut problems) = read::read(sources, id);
        let fitters: Vec<(&Vocabulary, Fitter<'_>)> =
            vocabularies.iter().map(|vocabulary| (*vocabulary, Fitter::new(vocabulary, TimeZone::UTC))).collect();
        let mut taken: HashMap<String, Span> = HashMap::new();
        for field in &mut mapping.fields {
            settle(field, &fitters, &mut problems);
            for target in &field.targets {
                if let Some(first) = taken.insert(target.clone(), field.name.at) {
                    problems.push(said_twice(&format!("`{}`", field.name.value), Some(first), field.name.at));
                }
            }
        }
        crate::diagnostic::sort(&mut problems);
        (mapping, problems)
    }
}

/// Finds a field in every vocabulary, and says what does not go with it.
fn settle(field: &mut MappedField, fitters: &[(&Vocabulary, Fitter<'_>)], problems: &mut Vec<Diagnostic>) {
    let name = field.name.value.trim();
    let mut known: Vec<(&Vocabulary, &Fitter<'_>, FieldId)> = Vec::new();
    for (vocabulary, fitter) in fitters {
        known.extend(find(vocabulary, name).map(|id| (*vocabulary, fitter, id)));
    }
    let Some((first, _, id)) = known.first() else {
        let names =
            fitters.iter().flat_map(|(vocabulary, _)| vocabulary.fields.iter().map(|field| field.name.as_str()));
        problems.push(unknown_field(name, field.name.at, did_you_mean(name, names)));
        return;
    };
    field.class = first.field(*id).map(|field| Class::of(field.kind)).unwrap_or_default();
    for (vocabulary, _, id) in &known {
        let path = vocabulary.field(*id).map(|field| field.path.clone());
        field.targets.extend(path.filter(|path| !field.targets.contains(path)));
    }
    clauses(field, problems);
    numbers(field, problems);
    for said in values(field) {
        problems.extend(misfit(said, &known));
    }
}

/// Finds a field by its name, or by the path that logs of the vocabulary have for it.
fn find(vocabulary: &Vocabulary, name: &str) -> Option<FieldId> {
    let by_path =
        || vocabulary.field_ids().zip(&vocabulary.fields).find(|(_, field)| field.path == name).map(|(id, _)| id);
    vocabulary.find_field(name).or_else(by_path)
}

/// Says which clauses do not go with the type of their field.
fn clauses(field: &MappedField, problems: &mut Vec<Diagnostic>) {
    let quantity = matches!(field.class, Class::Number | Class::Duration);
    let boxes = match &field.origin {
        Origin::Boxes { boxes, .. } => boxes.first().map(|(_, said)| said.at),
        _ => None,
    };
    let said = [
        ("written", field.forms.as_ref().map(|said| said.at), field.class == Class::Time, "dates and times"),
        ("unit", field.unit.as_ref().map(|said| said.at), field.class == Class::Duration, "durations"),
        ("times", field.times.as_ref().map(|said| said.at), quantity, "numbers and durations"),
        ("decimal` or `thousands", field.numbers.as_ref().map(|said| said.at), quantity, "numbers and durations"),
        ("split by", field.split_by.as_ref().map(|said| said.at), field.class == Class::Set, "sets"),
        ("checked in", boxes, field.class == Class::Set, "sets"),
    ];
    for (clause, at, goes, needs) in said {
        if let Some(at) = at.filter(|_| !goes) {
            problems.push(unfit_clause(clause, &field.name.value, needs, at));
        }
    }
}

/// Says where one sign would stand between thousands and before the fraction.
fn numbers(field: &MappedField, problems: &mut Vec<Diagnostic>) {
    if let Some(said) = field.numbers.as_ref().filter(|said| said.value.is_ambiguous()) {
        problems.push(one_sign(said.value.comma, said.at));
    }
}

/// Gives what the mapping itself puts into a field.
fn values(field: &MappedField) -> Vec<&Said<String>> {
    let mut values: Vec<&Said<String>> = Vec::new();
    match &field.origin {
        Origin::Always(said) => values.push(said),
        Origin::Boxes { boxes, .. } => values.extend(boxes.iter().map(|(_, said)| said)),
        Origin::Columns(_) => {}
    }
    values.extend(field.codes.iter().flat_map(|codes| codes.pairs.iter().map(|(_, said)| said)));
    values
}

/// Says why no vocabulary takes a value for a field, as a log's value would be told.
fn misfit(said: &Said<String>, known: &[(&Vocabulary, &Fitter<'_>, FieldId)]) -> Option<Diagnostic> {
    let mut first = None;
    for (vocabulary, fitter, id) in known {
        let path = vocabulary.field(*id)?.path.clone();
        let entry = Entry { path, key: said.at, place: said.at, raw: Raw::Text(said.value.clone()) };
        let record = Record { span: said.at, entries: vec![entry], repeats: Vec::new(), split_sets: false };
        match fitter.fit(&record, Timestamp::MAX).findings.first() {
            None => return None,
            Some(finding) => first.get_or_insert_with(|| unfit_value(&finding.diagnostic(vocabulary), said.at)),
        };
    }
    first
}
