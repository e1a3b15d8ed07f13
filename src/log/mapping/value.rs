//! One cell, as the mapping reads it.

use jiff::tz::TimeZone;

use super::dates::DateForm;
use super::literal::Literal;
use super::numbers::{NotSo, Numbers, times};
use super::{Class, MappedField, Mapping, Said};
use crate::diagnostic::nearest;
use crate::log::record::{Local, Raw, Refusal, Refused};
use crate::policy::time::parse_instant;
use crate::source::Span;

impl Mapping {
    /// Says whether a cell, trimmed, says nothing.
    pub(super) fn is_missing(&self, field: &MappedField, cell: (&str, Numbers)) -> bool {
        cell.0.is_empty() || is_one_of(&self.missing, cell) || is_one_of(&field.missing, cell)
    }

    /// Gives how the numbers of a field are written.
    pub(super) fn numbers_of(&self, field: &MappedField) -> Numbers {
        field.numbers.as_ref().map_or(self.numbers, |said| said.value)
    }

    /// Reads what a column says for a field.
    pub(super) fn value(&self, field: &MappedField, raw: &Raw, place: Span, split: bool) -> Raw {
        match raw {
            Raw::List(members) if field.class == Class::Set => {
                Raw::List(members.iter().map(|(raw, at)| (self.value(field, raw, *at, false), *at)).collect())
            }
            Raw::Nothing | Raw::List(_) | Raw::Other(_) | Raw::Local(_) | Raw::Refused(_) => raw.clone(),
            Raw::Boolean(_) | Raw::Number(_) | Raw::Text(_) => {
                let text = raw.as_text().unwrap_or("").trim();
                let numbers = self.numbers_of(field).of(raw);
                if self.is_missing(field, (text, numbers)) {
                    return Raw::Nothing;
                }
                match &field.split_by {
                    Some(by) => self.members(field, (text.split(by.value.as_str()), numbers), place),
                    None if split && field.class == Class::Set => {
                        self.members(field, (text.split(['|', ';']), numbers), place)
                    }
                    None => self.single(field, raw, (text, numbers)),
                }
            }
        }
    }

    /// Reads the members of a set that stand in one cell.
    fn members<'t>(
        &self,
        field: &MappedField,
        (parts, numbers): (impl Iterator<Item = &'t str>, Numbers),
        place: Span,
    ) -> Raw {
        let parts = parts.map(|part| (part.trim(), numbers)).filter(|part| !self.is_missing(field, *part));
        let members: Vec<(Raw, Span)> =
            parts.map(|part| (self.single(field, &Raw::Text(part.0.to_owned()), part), place)).collect();
        if members.is_empty() { Raw::Nothing } else { Raw::List(members) }
    }

    fn single(&self, field: &MappedField, raw: &Raw, (text, numbers): (&str, Numbers)) -> Raw {
        let refused =
            |why: Refusal, at: Span| Raw::Refused(Box::new(Refused { written: text.to_owned(), why, rule: at }));
        if let Some(codes) = &field.codes {
            return match codes.find((text, numbers)) {
                Some(value) => Raw::Text(value.to_owned()),
                None => {
                    let near = nearest(text, codes.known()).into_iter().map(str::to_owned).collect();
                    refused(Refusal::NoCode { near }, codes.at)
                }
            };
        }
        match field.class {
            Class::Time => self.time(field, raw, text).unwrap_or_else(|(why, at)| refused(why, at)),
            Class::Number | Class::Duration => {
                self.quantity(field, raw, (text, numbers)).unwrap_or_else(|(why, at)| refused(why, at))
            }
            Class::Set | Class::Other => raw.clone(),
        }
    }

    fn time(&self, field: &MappedField, raw: &Raw, text: &str) -> Result<Raw, (Refusal, Span)> {
        let written = match &field.forms {
            None => text.to_owned(),
            Some(forms) => in_form(forms, text).map_err(|why| (why, forms.at))?,
        };
        Ok(match (&self.zone, &field.forms) {
            (Some(zone), _) => Raw::Local(Box::new(Local { text: written, zone: TimeZone::clone(zone) })),
            (None, Some(_)) => Raw::Text(written),
            (None, None) => raw.clone(),
        })
    }

    fn quantity(
        &self,
        field: &MappedField,
        raw: &Raw,
        (text, numbers): (&str, Numbers),
    ) -> Result<Raw, (Refusal, Span)> {
        let at = field.numbers.as_ref().map_or(field.name.at, |said| said.at);
        let mut usual = numbers.usual(text).map_err(|why| (Refusal::NotSoWritten(why), at))?;
        if let Some(factor) = &field.times {
            usual = match times(&usual, factor.value) {
                Some(product) => product,
                None => return Ok(raw.clone()),
            };
        }
        let is_bare = !usual.contains(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E'));
        if let Some(unit) = field.unit.as_ref().filter(|_| is_bare) {
            usual = format!("{usual} {}", unit.value);
        }
        Ok(if usual == text { raw.clone() } else { Raw::Text(usual) })
    }
}

/// Reads a date in the form that it has; in two forms that make two dates of it, nobody can tell which is meant. What would
/// be no day of the calendar counts only where no form makes one of it.
fn in_form(forms: &Said<Vec<DateForm>>, text: &str) -> Result<String, Refusal> {
    let mut read: Vec<String> = forms.value.iter().filter_map(|form| form.read(text)).collect();
    read.sort_unstable_by_key(|read| parse_instant(read, &TimeZone::UTC).is_err());
    let mut days = read.iter().take_while(|read| parse_instant(read, &TimeZone::UTC).is_ok());
    if days.any(|other| Some(other) != read.first()) {
        return Err(Refusal::InTwoForms);
    }
    read.into_iter().next().ok_or(Refusal::InNoForm)
}

fn is_one_of(literals: &[Literal], cell: (&str, Numbers)) -> bool {
    literals.iter().any(|literal| literal.fits(cell))
}

/// Says why a number is refused.
pub(in crate::log) fn not_so(why: NotSo) -> &'static str {
    match why {
        NotSo::Point => "a point stands in it, and the mapping says that a comma stands before the fraction",
        NotSo::Thousands => "it is not written as the mapping says that numbers are",
    }
}
