//! One record, read in the words of one vocabulary, and where its values stood.

pub mod brief;

pub use brief::Brief;

use crate::policy::{FieldId, Value};
use crate::source::Span;

/// What an episode says of one field.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Slot {
    /// Nothing: the key is absent, or its value null, empty or white space only.
    #[default]
    Missing,
    /// Something that does not fit the field's type or range; conditions read it as missing.
    Unfit,
    /// A value, which may be known only in part.
    Present(Value),
}

/// A record as one vocabulary reads it. Made by `log`, read by `judge`.
#[derive(Debug, Clone, PartialEq)]
pub struct Episode {
    /// The id that the record gives itself, as written.
    pub id: Option<String>,
    /// Where the whole record stands.
    pub record: Span,
    slots: Vec<Slot>,
    places: Vec<Option<Span>>,
}

impl Episode {
    /// Makes an episode of which nothing is known, for a vocabulary of so many fields.
    pub fn new(record: Span, fields: usize) -> Self {
        Self { id: None, record, slots: vec![Slot::Missing; fields], places: vec![None; fields] }
    }

    /// Says what is known of a field, and where it stands.
    pub fn set(&mut self, field: FieldId, slot: Slot, place: Option<Span>) {
        let at = usize::from(field.0);
        if let (Some(known), Some(stood)) = (self.slots.get_mut(at), self.places.get_mut(at)) {
            *known = slot;
            *stood = place;
        }
    }

    /// Gives what is known of a field.
    pub fn slot(&self, field: FieldId) -> &Slot {
        self.slots.get(usize::from(field.0)).unwrap_or(&Slot::Missing)
    }

    /// Gives a field's value, if it has one.
    pub fn value(&self, field: FieldId) -> Option<&Value> {
        match self.slot(field) {
            Slot::Present(value) => Some(value),
            Slot::Missing | Slot::Unfit => None,
        }
    }

    /// Gives where a field's value stands; `None` if the record does not have it.
    pub fn place(&self, field: FieldId) -> Option<Span> {
        self.places.get(usize::from(field.0)).copied().flatten()
    }

    /// Says whether a field's value is missing, unfit or known only in part.
    pub fn is_open(&self, field: FieldId) -> bool {
        self.value(field).is_none_or(Value::is_partial)
    }
}
