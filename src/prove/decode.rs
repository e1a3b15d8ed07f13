//! A model of the solver as a record: what each version reads, and how a case states it.

use jiff::Timestamp;

use crate::episode::{Episode, Slot};
use crate::judge::{Bound, Exact, Measured, Ratio};
use crate::policy::time::{DAY, When, day_of};
use crate::policy::{Field, FieldId, FieldType, Function, HistoryId, Names, People, Value, Version, write_value};
use crate::source::{SourceId, Span};

use super::field::{Family, ONE, UNIT_SCALE, What, name_id, number};
use super::line::Line;
use super::solver::Lit;
use super::world::{Settled, World};

/// A field and its value, as a case states them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The name of the field.
    pub field: String,
    /// The value in the words of a case.
    pub value: String,
}

/// What a history clause is supposed to come to: the version, by number among those asked about; the clause; the range.
pub type Supposed = (usize, HistoryId, Measured);

impl World<'_> {
    /// Gives the record of a model as a version reads it.
    pub(crate) fn episode(&self, at: usize, version: &Version, settled: &Settled) -> Episode {
        let nowhere = Span::new(SourceId(0), 0, 0);
        let mut episode = Episode::new(nowhere, version.vocabulary.fields.len());
        for (id, field) in version.vocabulary.field_ids().zip(&version.vocabulary.fields) {
            if let Some(value) = self.value(at, version, field, settled) {
                episode.set(id, Slot::Present(value), None);
            }
        }
        episode
    }

    /// Gives the value of a field in a model; none where it is missing, or does not fit.
    pub(crate) fn value(&self, at: usize, version: &Version, field: &Field, settled: &Settled) -> Option<Value> {
        let apart = self.is_apart(at, field);
        let shared = *self.by_path.get(&(field.path.clone(), Family::of(field.kind), apart))?;
        let shared = self.shared.get(shared)?;
        self.solver.value(shared.present).then_some(())?;
        let names = |list| version.vocabulary.list(list).map(|list| list.names.as_slice()).unwrap_or_default();
        let place = |text: &str, list| names(list).iter().position(|name| name.name == text).and_then(name_id);
        Some(match (&shared.what, field.kind) {
            (What::Truth(lit), _) => Value::Boolean(self.solver.value(*lit)),
            (What::Name(of), FieldType::Kind(list) | FieldType::Scale(list)) => {
                let (text, _) = of.iter().find(|(_, lit)| self.solver.value(*lit))?;
                Value::Name(place(text, list)?)
            }
            (What::Names(of), FieldType::SetOfKind(list)) => {
                let held = of.iter().filter(|(_, lit)| self.solver.value(*lit));
                let mut members: Vec<_> = held.filter_map(|(text, _)| place(text, list)).collect();
                members.sort_unstable();
                Value::Names(Names { members: members.into(), complete: true })
            }
            (What::Somebody(who), FieldType::Text) => Value::Text(self.alike.of(&settled.names, *who).into()),
            (What::Somebody(who), _) => Value::Identity(self.alike.of(&settled.names, *who).into()),
            (What::People { some, members }, _) => {
                let held = members.iter().filter(|(_, lit)| self.solver.value(**lit));
                let mut people: Vec<Box<str>> =
                    held.map(|(who, _)| self.alike.of(&settled.names, *who).into()).collect();
                if people.is_empty() && self.solver.value(*some) {
                    people.push("P-0".into());
                }
                people.sort_unstable();
                people.dedup();
                Value::People(People { members: people.into(), complete: true })
            }
            (What::Line(node), kind) => on_the_line(Line::of(&settled.places, *node), kind, version)?,
            _ => return None,
        })
    }

    /// Gives what the history clauses that were asked come to in a model.
    pub(crate) fn supposed(&self, settled: &Settled) -> Vec<Supposed> {
        let of = |((version, history), (at, asks)): (&(usize, HistoryId), &(usize, Lit))| {
            let quantity = self.quantities.get(*at)?;
            let bound = |node| {
                let place = Line::of(&settled.places, node);
                let scale = if self.unit(*version, quantity.function) == ONE { UNIT_SCALE } else { 0 };
                Bound::At(Ratio::number(Exact { mantissa: place, scale }))
            };
            let valued = self.solver.value(quantity.valued);
            let range = Measured::Between(bound(quantity.low), bound(quantity.high));
            let measured = match (self.solver.value(*asks), valued) {
                (false, _) => Measured::Unknown,
                (true, false) => Measured::NoValue,
                (true, true) => range,
            };
            Some((*version, *history, measured))
        };
        self.asked.iter().filter_map(of).collect()
    }

    /// Gives how many units on the line one of a history clause is: lengths of time are reckoned in nanoseconds.
    pub(crate) fn unit(&self, version: usize, function: Function) -> i128 {
        let lasts = self.versions.get(version).is_some_and(|version| version.is_length(function));
        if lasts { 1 } else { ONE }
    }

    /// Gives what a case states, field by field, in the words of one version.
    pub(crate) fn settings(version: &Version, episode: &Episode) -> Vec<Setting> {
        let vocabulary = &version.vocabulary;
        let of = |id: FieldId| {
            let value = write_value(vocabulary, id, episode.value(id)?)?;
            Some(Setting { field: vocabulary.field_name(id).to_owned(), value })
        };
        vocabulary.field_ids().filter_map(of).collect()
    }
}

fn on_the_line(place: i128, kind: FieldType, version: &Version) -> Option<Value> {
    Some(match kind {
        FieldType::Number(range) | FieldType::WholeNumber(range) => {
            Value::Number(number(place).filter(|number| range.contains(*number))?)
        }
        FieldType::Percent(range) => Value::Percent(number(place).filter(|number| range.contains(*number))?),
        FieldType::Duration => Value::Duration(jiff::SignedDuration::try_from_nanos_i128(place)?),
        FieldType::Date => Value::Date(day_of(i64::try_from(place.div_euclid(DAY)).ok()?)?),
        FieldType::Instant => Value::Instant(When::exact(Timestamp::from_nanosecond(place).ok()?, &version.zone)),
        _ => return None,
    })
}
