//! Values as reports show them.

use jiff::tz::TimeZone;

use crate::episode::{Episode, Slot};
use crate::policy::time::{When, write_duration};
use crate::policy::{FieldId, FieldType, Length, ListId, NameId, Role, Value, Version, number};

use crate::diagnostic::{Quote, QuoteClass, printable};

use super::identities::Identities;

/// What is needed to show the values of one version's episodes.
#[derive(Clone, Copy)]
pub(super) struct Shower<'a> {
    pub(super) version: &'a Version,
    pub(super) identities: &'a Identities,
}

/// What a field holds, for people.
pub(super) enum Held {
    /// Nothing.
    Missing,
    /// Something that does not fit.
    Unfit,
    /// A value.
    Value(String),
    /// A text: what may be told of it, and no more.
    Text(String),
    /// A value that is known only in part.
    Partial(String),
}

impl Shower<'_> {
    /// Shows what an episode says of a field.
    pub(super) fn held(&self, episode: &Episode, field: FieldId) -> Held {
        match episode.slot(field) {
            Slot::Missing => Held::Missing,
            Slot::Unfit => Held::Unfit,
            Slot::Present(value) if value.is_partial() => Held::Partial(self.value(value, field)),
            Slot::Present(Value::Text(text)) => Held::Text(self.text(text, field)),
            Slot::Present(value) => Held::Value(self.value(value, field)),
        }
    }

    /// Shows what a policy compares a field with: whole, since the policy has it.
    pub(super) fn constant(&self, value: &Value, field: FieldId) -> String {
        match value {
            Value::Text(text) => format!("\"{}\"", printable(text, LONGEST_TEXT)),
            Value::Date(day) => day.to_string(),
            Value::Instant(when) => write_instant(when, &self.version.zone),
            other => self.value(other, field),
        }
    }

    /// Shows a value of a record, as much of it as the level allows.
    pub(super) fn value(&self, value: &Value, field: FieldId) -> String {
        match value {
            Value::Names(_) | Value::People(_) => {
                let members = self.members(value, field);
                if members.is_empty() { "empty".to_owned() } else { members.join(", ") }
            }
            Value::Boolean(value) => value.to_string(),
            Value::Number(value) => number::write(*value),
            Value::Percent(value) => format!("{} %", number::write(*value)),
            Value::Duration(value) => write_duration(*value),
            Value::Period(period) => Length::Civil(*period).words(),
            Value::Date(day) => self.identities.day(*day),
            Value::Instant(when) if self.identities.is_for_committee() => years(when),
            Value::Instant(when) => write_instant(when, &self.version.zone),
            Value::Text(text) => self.text(text, field),
            Value::Identity(person) => self.identities.show(person),
            Value::Name(name) => self.name(field, *name),
        }
    }

    /// Shows the members of a set; of another value, the value alone.
    pub(super) fn members(&self, value: &Value, field: FieldId) -> Vec<String> {
        match value {
            Value::Names(names) => names.members.iter().map(|name| self.name(field, *name)).collect(),
            Value::People(people) => people.members.iter().map(|person| self.identities.show(person)).collect(),
            other => vec![self.value(other, field)],
        }
    }

    /// Tells of a text of a record no more than its length; of an id, itself.
    fn text(&self, text: &str, field: FieldId) -> String {
        let is_id = self.version.vocabulary.role(Role::Id) == Some(field);
        if is_id { self.identities.episode(text) } else { Quote::new(QuoteClass::Free, text).mask() }
    }

    fn name(&self, field: FieldId, name: NameId) -> String {
        let list = self.list_of(field).and_then(|list| self.version.vocabulary.list(list));
        list.map(|list| list.name_of(name).to_owned()).unwrap_or_default()
    }

    /// Gives the kind or scale of a field.
    pub(super) fn list_of(&self, field: FieldId) -> Option<ListId> {
        match self.version.vocabulary.field(field)?.kind {
            FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => Some(list),
            _ => None,
        }
    }
}

/// How much of a text of a policy is shown.
const LONGEST_TEXT: usize = 60;

/// Writes the year or years in which something may lie.
fn years(when: &When) -> String {
    let (first, last) = (when.first_day.year(), when.last_day.year());
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

fn write_instant(when: &When, zone: &TimeZone) -> String {
    if when.is_exact() || when.either_end {
        let local = zone.to_datetime(when.earliest);
        let seconds =
            if local.second() == 0 && local.subsec_nanosecond() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
        let written = local.strftime(seconds).to_string();
        return if when.either_end { format!("{written}, which the clocks showed twice") } else { written };
    }
    let (first, last) = (when.first_day, when.last_day);
    let month = first.day() == 1 && last == first.last_of_month();
    let year = first.day() == 1 && first.month() == 1 && last == first.last_of_year();
    match () {
        () if first == last => format!("{first}, some time of the day"),
        () if month => format!("some day of {}", first.strftime("%Y-%m")),
        () if year => format!("some day of {}", first.year()),
        () => format!("some time from {first} to {last}"),
    }
}
