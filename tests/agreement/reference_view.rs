//! Semantics.md, section 3, said once more: a record as it could be known at an instant.
//!
//! What a condition comes to in a view is a set over T, F and N (*not known then*), computed connective by connective.
//! Two things look at records in views: history at those it counts, and duties at the record itself. They differ in
//! what has a knowledge time, and in what a missing or unfit value means.

use forbear::episode::{Episode, Slot};
use forbear::policy::time::When;
use forbear::policy::{Condition, ConditionId, FieldId, FieldRef, FieldType, Term, Value, Version};
use jiff::Timestamp;
use jiff::civil::Date;

use super::reference::{self, Truth};
use super::reference_instants::{choices, end_of, holds, midnight, terms};
use super::table;

/// What a condition may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Seen {
    pub(crate) can_be_true: bool,
    pub(crate) can_be_false: bool,
    /// N, not known then
    pub(crate) can_be_unseen: bool,
}

/// One of the things that a condition may come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sight {
    False,
    Unseen,
    True,
}

impl Seen {
    pub(crate) const TRUE: Self = Self { can_be_true: true, can_be_false: false, can_be_unseen: false };
    pub(crate) const FALSE: Self = Self { can_be_true: false, can_be_false: true, can_be_unseen: false };
    pub(crate) const UNSEEN: Self = Self { can_be_true: false, can_be_false: false, can_be_unseen: true };
    pub(crate) const EITHER: Self = Self { can_be_true: true, can_be_false: true, can_be_unseen: false };

    fn of(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::TRUE,
            Truth::False => Self::FALSE,
            Truth::Unknown => Self::EITHER,
        }
    }

    pub(crate) fn or_also(self, other: Self) -> Self {
        Self {
            can_be_true: self.can_be_true || other.can_be_true,
            can_be_false: self.can_be_false || other.can_be_false,
            can_be_unseen: self.can_be_unseen || other.can_be_unseen,
        }
    }

    pub(crate) fn sights(self) -> Vec<Sight> {
        let all =
            [(self.can_be_false, Sight::False), (self.can_be_unseen, Sight::Unseen), (self.can_be_true, Sight::True)];
        all.into_iter().filter(|(can, _)| *can).map(|(_, sight)| sight).collect()
    }

    pub(crate) fn from_sight(sight: Sight) -> Self {
        match sight {
            Sight::True => Self::TRUE,
            Sight::False => Self::FALSE,
            Sight::Unseen => Self::UNSEEN,
        }
    }

    /// Tries every pair. Kleene's `and` is the least, his `or` the greatest, N lying in the middle.
    pub(crate) fn combine(self, other: Self, combine: fn(Sight, Sight) -> Sight) -> Self {
        let mut combined = Self::default();
        for one in self.sights() {
            for another in other.sights() {
                combined = combined.or_also(Self::from_sight(combine(one, another)));
            }
        }
        combined
    }

    fn negated(self) -> Self {
        Self { can_be_true: self.can_be_false, can_be_false: self.can_be_true, ..self }
    }

    pub(crate) fn is_true(self) -> bool {
        self == Self::TRUE
    }

    pub(crate) fn is_not_true(self) -> bool {
        !self.can_be_true
    }

    /// As `where` is read: T if T, F if *not T*, else U.
    pub(crate) fn counts(self) -> Truth {
        if self.is_true() {
            Truth::True
        } else if self.is_not_true() {
            Truth::False
        } else {
            Truth::Unknown
        }
    }
}

/// An instant to look from, or the day that is all that is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    At(Timestamp),
    /// up to an instant, itself excluded
    Before(Timestamp),
    On(Date),
    /// no one knows when
    Unclear,
}

/// Whether something was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    can_be: bool,
    can_be_not: bool,
}

impl Known {
    const YES: Self = Self { can_be: true, can_be_not: false };
    const EITHER: Self = Self { can_be: true, can_be_not: true };

    fn surely(is: bool) -> Self {
        Self { can_be: is, can_be_not: !is }
    }

    fn or_also(self, other: Self) -> Self {
        Self { can_be: self.can_be || other.can_be, can_be_not: self.can_be_not || other.can_be_not }
    }
}

/// Who looks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Onlooker {
    /// history, at a record that it may count
    History,
    /// a duty, at the record that it belongs to; `too_early`: its act, if that does not fit since it lies too early
    Duty { too_early: Option<FieldId> },
}

/// A record, as one version reads it, at a moment.
pub(crate) struct View<'a> {
    pub(crate) version: &'a Version,
    pub(crate) record: &'a Episode,
    /// The instant from which it is looked at.
    pub(crate) from: Moment,
    /// The record's own time; none: it is missing.
    pub(crate) own: Option<Moment>,
    pub(crate) onlooker: Onlooker,
}

impl View<'_> {
    /// What a condition may come to.
    pub(crate) fn see(&self, id: ConditionId) -> Seen {
        let condition = self.version.conditions.get(id);
        match condition {
            Condition::All(parts) => {
                parts.iter().fold(Seen::TRUE, |seen, part| seen.combine(self.see(*part), Ord::min))
            }
            Condition::Any(parts) => {
                parts.iter().fold(Seen::FALSE, |seen, part| seen.combine(self.see(*part), Ord::max))
            }
            Condition::Not(part) => self.see(*part).negated(),
            Condition::Defined(id) => self.see(self.version.conditions.definition(*id).unwrap().condition),
            Condition::Present(field) => self.presence(field.field),
            Condition::Measure { .. } => panic!("no history is asked of what is counted, or by a duty's condition"),
            Condition::Table { .. } => table::see(self, condition),
            _ => self.comparison(condition),
        }
    }

    fn presence(&self, field: FieldId) -> Seen {
        match self.record.slot(field) {
            _ if self.is_unfit(field) => Seen::EITHER,
            Slot::Missing | Slot::Unfit => Seen::FALSE,
            Slot::Present(_) => {
                let known = self.known(field);
                Seen { can_be_true: known.can_be, can_be_false: known.can_be_not, ..Seen::default() }
            }
        }
    }

    /// What is not known is N; what may be known has its value, and a missing field may have any.
    fn comparison(&self, condition: &Condition) -> Seen {
        self.of_fields(condition.fields(), || self.of_values(condition))
    }

    /// What is asked of the result of a table, as far as the fields are known that it is compared with.
    pub(crate) fn among(
        &self,
        fields: impl Iterator<Item = FieldRef>,
        of: impl Fn(&dyn Fn(&FieldRef) -> Option<Value>) -> Truth,
        whatever: bool,
    ) -> Seen {
        let asked = || Seen::of(of(&|field| self.record.value(field.field).cloned()));
        if whatever { asked() } else { self.of_fields(fields, asked) }
    }

    fn of_fields(&self, fields: impl Iterator<Item = FieldRef>, of_values: impl Fn() -> Seen) -> Seen {
        let fields: Vec<FieldId> = fields.map(|field| field.field).collect();
        if self.is_duty() {
            if fields.iter().any(|field| self.is_surely_not_known(*field)) {
                return Seen::UNSEEN; // whatever else is on record
            }
            if fields.iter().any(|field| self.is_unfit(*field)) {
                return Seen::EITHER; // something is on record
            }
        }
        let known: Vec<Known> = fields.iter().map(|field| self.known(*field)).collect();
        let mut seen = Seen::default();
        if known.iter().all(|known| known.can_be) {
            seen = of_values();
        }
        seen.can_be_unseen |= known.iter().any(|known| known.can_be_not);
        seen
    }

    fn of_values(&self, condition: &Condition) -> Seen {
        let value = |term: &Term| match term {
            Term::Constant(value) => Some(value.clone()),
            Term::Field(field) => self.record.value(field.field).cloned(),
        };
        match terms(condition).iter().map(value).collect::<Option<Vec<Value>>>() {
            None => Seen::EITHER,
            Some(values) => {
                let choices = choices(condition, &values, &[], &self.version.zone);
                let all = choices.iter().map(|choice| Seen::of(of_exact(condition, choice, self.version)));
                all.fold(Seen::default(), Seen::or_also)
            }
        }
    }

    /// Whether a field's value was known, for what is summed.
    pub(crate) fn knows(&self, field: FieldId) -> Truth {
        match self.known(field) {
            Known { can_be: true, can_be_not: false } => Truth::True,
            Known { can_be: false, .. } => Truth::False,
            Known { .. } => Truth::Unknown,
        }
    }

    // ---- when something was known ------------------------------------------------------------------------------------

    /// Says whether a field was known: an unclear knowledge time leaves both readings.
    fn known(&self, id: FieldId) -> Known {
        let field = self.version.vocabulary.field(id).unwrap();
        let from_when = if self.is_moment(id) && (self.is_duty() || field.known_afterwards) {
            id
        } else if !field.known_afterwards {
            return Known::YES;
        } else if let Some(at) = field.known_at {
            at
        } else {
            return self.own.map_or(Known::EITHER, |own| self.own_is_past(own));
        };
        self.record.value(from_when).map_or(Known::EITHER, |when| {
            let all = self.stands_for(from_when, when);
            all.iter().map(|when| self.is_past(when)).reduce(Known::or_also).unwrap()
        })
    }

    /// Says whether an exact instant, or a day, is not after the moment of the view.
    fn is_past(&self, value: &Value) -> Known {
        let zone = &self.version.zone;
        match (value, self.from) {
            (_, Moment::Unclear) => Known::EITHER,
            (Value::Instant(when), Moment::At(from)) => Known::surely(when.earliest <= from),
            (Value::Instant(when), Moment::Before(from)) => Known::surely(when.earliest < from),
            (Value::Instant(when), Moment::On(day)) => {
                Known { can_be: when.earliest <= end_of(day, zone), can_be_not: midnight(day, zone) < when.earliest }
            }
            (Value::Date(day), Moment::On(from)) => Known::surely(*day <= from),
            // Beside an instant, a date is any instant of its day.
            (Value::Date(day), Moment::At(from)) => {
                Known { can_be: midnight(*day, zone) <= from, can_be_not: from < end_of(*day, zone) }
            }
            (Value::Date(day), Moment::Before(from)) => {
                Known { can_be: midnight(*day, zone) < from, can_be_not: from <= end_of(*day, zone) }
            }
            other => panic!("no moments: {other:?}"),
        }
    }

    fn own_is_past(&self, own: Moment) -> Known {
        match own {
            Moment::Unclear => Known::EITHER,
            Moment::On(day) => self.is_past(&Value::Date(day)),
            Moment::At(at) | Moment::Before(at) => self.is_past(&Value::Instant(When::exact(at, &self.version.zone))),
        }
    }

    /// Says whether a moment is missing, or anything surely became known after that of the view; of what is unfit nobody
    /// can say.
    fn is_surely_not_known(&self, field: FieldId) -> bool {
        let has_not_happened = self.is_moment(field) && *self.record.slot(field) == Slot::Missing;
        !self.is_unfit(field) && (has_not_happened || !self.known(field).can_be)
    }

    /// Says whether something is on record for a duty, and does not fit.
    fn is_unfit(&self, field: FieldId) -> bool {
        match self.onlooker {
            Onlooker::Duty { too_early } => too_early == Some(field) || *self.record.slot(field) == Slot::Unfit,
            Onlooker::History => false,
        }
    }

    /// The exact values that a field's value may stand for, as far as it matters when it was.
    fn stands_for(&self, id: FieldId, value: &Value) -> Vec<Value> {
        let presence = Condition::Present(forbear::policy::FieldRef::this(id));
        let all = choices(&presence, std::slice::from_ref(value), &self.turns(), &self.version.zone);
        all.into_iter().flatten().collect()
    }

    /// The instants at which something becomes known.
    fn turns(&self) -> Vec<Timestamp> {
        match self.from {
            Moment::At(at) | Moment::Before(at) => vec![at],
            Moment::On(day) => vec![midnight(day, &self.version.zone), end_of(day, &self.version.zone)],
            Moment::Unclear => vec![],
        }
    }

    fn is_duty(&self) -> bool {
        matches!(self.onlooker, Onlooker::Duty { .. })
    }

    fn is_moment(&self, id: FieldId) -> bool {
        let field = self.version.vocabulary.field(id).unwrap();
        matches!(field.kind, FieldType::Instant | FieldType::Date)
    }
}

/// A comparison of exact instants; a set may still be known in part.
fn of_exact(condition: &Condition, values: &[Value], version: &Version) -> Truth {
    match (condition, values) {
        (Condition::Includes { .. }, [set, member]) => reference::includes(set, member),
        (Condition::NotEmpty(_), [set]) => reference::not_empty(set),
        _ if holds(condition, values, &version.zone) => Truth::True,
        _ => Truth::False,
    }
}
