//! Conditions on a record as it could be known at some instant.
//!
//! A field that is known only afterwards has a time from which it was known; before that, `is present` is false, and a
//! comparison is *not known then*, which connectives treat as Kleene's middle value. What is missing may be anything, and
//! where it is unclear from when something was known, both readings are left. So a condition has a set of possible
//! values, computed connective by connective.

use jiff::Timestamp;

use crate::episode::Slot;
use crate::policy::time::{When, days};
use crate::policy::{Condition, ConditionId, FieldId, FieldRef, FieldType, TableId, TableTest, Value};

use super::condition::Evaluation;
use super::truth::Truth;

/// What a condition may be in a view: a set of true, false and not known then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Possible(u8);

/// One of the three values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    False,
    NotKnownThen,
    True,
}

const SEEN: [Seen; 3] = [Seen::False, Seen::NotKnownThen, Seen::True];

impl Possible {
    const FALSE: Self = Self(1);
    const NOT_KNOWN_THEN: Self = Self(2);
    pub(super) const TRUE: Self = Self(4);
    const TRUE_OR_FALSE: Self = Self(5);

    fn only(seen: Seen) -> Self {
        Self(1 << seen as u8)
    }

    fn has(self, seen: Seen) -> bool {
        self.0 & (1 << seen as u8) != 0
    }

    /// Gives what is possible by either reading.
    pub(super) fn or_by_another_reading(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Says whether it is true, whatever is missing.
    pub(super) fn is_true(self) -> bool {
        self == Self::TRUE
    }

    /// Says whether it may be true.
    pub(super) fn may_be_true(self) -> bool {
        self.has(Seen::True)
    }

    pub(super) fn and(self, other: Self) -> Self {
        self.combine(other, Seen::min)
    }

    fn or(self, other: Self) -> Self {
        self.combine(other, Seen::max)
    }

    fn not(self) -> Self {
        let turned = |seen| match seen {
            Seen::False => Seen::True,
            Seen::NotKnownThen => Seen::NotKnownThen,
            Seen::True => Seen::False,
        };
        self.each(|seen| Self::only(turned(seen)))
    }

    /// Gives what two rows come to if both may apply: what they agree in, else the middle value.
    fn agreed(self, other: Self) -> Self {
        self.combine(other, |one, two| if one == two { one } else { Seen::NotKnownThen })
    }

    fn combine(self, other: Self, connective: fn(Seen, Seen) -> Seen) -> Self {
        self.each(|one| other.each(|two| Self::only(connective(one, two))))
    }

    fn each(self, of: impl Fn(Seen) -> Self) -> Self {
        SEEN.into_iter().filter(|seen| self.has(*seen)).fold(Self(0), |all, seen| all.or_by_another_reading(of(seen)))
    }

    fn of(truth: Truth) -> Self {
        match truth {
            Truth::True => Self::TRUE,
            Truth::False => Self::FALSE,
            Truth::Unknown => Self::TRUE_OR_FALSE,
        }
    }
}

/// Whether a field is known at the instant of a view.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Knowledge {
    Known,
    NotYet,
    Unclear,
}

/// Whose view it is.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// A record that a history clause counts. Whether only where it does not lie after the view: what is known from its
    /// own time on was known then.
    Counting { earlier: bool },
    /// What a duty asks for. The field of the act, if it lies before the episode itself and so does not fit.
    Duty(Option<FieldId>),
}

/// A record as it could be known at some instant, which may be any of a range.
pub(super) struct View<'v, 'e> {
    pub(super) evaluation: &'v Evaluation<'e>,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
    /// Whether it is a day, to which other days compare as days.
    pub(super) by_days: bool,
    pub(super) purpose: Purpose,
}

impl View<'_, '_> {
    /// Gives what a condition may be.
    pub(super) fn possible(&self, id: ConditionId) -> Possible {
        let conditions = &self.evaluation.version.conditions;
        match conditions.get(id) {
            Condition::All(parts) => parts.iter().fold(Possible::TRUE, |all, part| all.and(self.possible(*part))),
            Condition::Any(parts) => parts.iter().fold(Possible::FALSE, |any, part| any.or(self.possible(*part))),
            Condition::Not(part) => self.possible(*part).not(),
            Condition::Defined(definition) => conditions
                .definition(*definition)
                .map_or(Possible::FALSE, |definition| self.possible(definition.condition)),
            Condition::Present(field) => self.presence(field.field),
            Condition::Table { table, test } => self.tabled(*table, test),
            leaf => self.comparison(leaf),
        }
    }

    /// Gives what something that is asked of a table may be: row by row, whether it may apply, and what it would give.
    fn tabled(&self, table: TableId, test: &TableTest) -> Possible {
        let conditions = &self.evaluation.version.conditions;
        let rows = conditions.table(table).map(|table| &*table.rows).unwrap_or_default();
        let (mut so_far, mut none_yet): (Option<Possible>, bool) = (None, true);
        for row in rows {
            let applies = row.cells.iter().fold(Possible::TRUE, |all, cell| all.and(self.possible(*cell)));
            if applies == Possible::FALSE {
                continue;
            }
            let given = match row.result {
                None => Possible::of(self.evaluation.of_result(test, None)),
                result => self.seen(test.fields(), || self.evaluation.of_result(test, result)),
            };
            // It applies beside one before it, or alone, or not at all.
            let beside = so_far.map(|so_far| so_far.agreed(given));
            let alone = none_yet.then_some(given);
            let without = so_far.filter(|_| applies.has(Seen::False));
            none_yet &= applies.has(Seen::False);
            so_far = [beside, alone, without].into_iter().flatten().reduce(Possible::or_by_another_reading);
        }
        so_far.unwrap_or(Possible::TRUE_OR_FALSE)
    }

    fn presence(&self, field: FieldId) -> Possible {
        match (self.slot_is(field), self.knowledge(field)) {
            (Held::Nothing, _) => Possible::FALSE,
            (Held::Unfit, _) => match self.purpose {
                Purpose::Counting { .. } => Possible::FALSE,
                Purpose::Duty(_) => Possible::TRUE_OR_FALSE,
            },
            (Held::Value, Knowledge::Known) => Possible::TRUE,
            (Held::Value, Knowledge::NotYet) => Possible::FALSE,
            (Held::Value, Knowledge::Unclear) => Possible::TRUE_OR_FALSE,
        }
    }

    fn comparison(&self, leaf: &Condition) -> Possible {
        self.seen(leaf.fields(), || self.evaluation.leaf(leaf))
    }

    /// Gives what a comparison of some fields may be, of which `read` says what the record as it stands makes of it.
    fn seen(&self, fields: impl Iterator<Item = FieldRef> + Clone, read: impl FnOnce() -> Truth) -> Possible {
        let known = fields.clone().map(|field| self.knowledge(field.field));
        let worst = known.fold(Knowledge::Known, |worst, known| match (worst, known) {
            (Knowledge::NotYet, _) | (_, Knowledge::NotYet) => Knowledge::NotYet,
            (Knowledge::Unclear, _) | (_, Knowledge::Unclear) => Knowledge::Unclear,
            _ => Knowledge::Known,
        });
        if worst == Knowledge::NotYet {
            return Possible::NOT_KNOWN_THEN;
        }
        let unfit = fields.clone().any(|field| self.slot_is(field.field) == Held::Unfit);
        let read = if unfit { Possible::TRUE_OR_FALSE } else { Possible::of(read()) };
        if worst == Knowledge::Unclear { read.or_by_another_reading(Possible::NOT_KNOWN_THEN) } else { read }
    }

    fn slot_is(&self, field: FieldId) -> Held {
        match (self.evaluation.episode.slot(field), self.purpose) {
            (Slot::Missing, _) => Held::Nothing,
            (Slot::Unfit, _) => Held::Unfit,
            (Slot::Present(_), Purpose::Duty(Some(unfit))) if unfit == field => Held::Unfit,
            (Slot::Present(_), _) => Held::Value,
        }
    }

    /// Says whether a field was known at the instant of the view.
    pub(super) fn is_known(&self, field: FieldId) -> Possible {
        match self.knowledge(field) {
            Knowledge::Known => Possible::TRUE,
            Knowledge::NotYet => Possible::NOT_KNOWN_THEN,
            Knowledge::Unclear => Possible::TRUE.or_by_another_reading(Possible::NOT_KNOWN_THEN),
        }
    }

    fn knowledge(&self, field: FieldId) -> Knowledge {
        match known_from(self.evaluation, field, self.purpose) {
            KnownFrom::Always => Knowledge::Known,
            KnownFrom::NotYet => Knowledge::NotYet,
            KnownFrom::Unclear => Knowledge::Unclear,
            // A day is known on that day.
            KnownFrom::Day(_, latest) if self.by_days && latest <= self.until => Knowledge::Known,
            KnownFrom::Between(_, latest) | KnownFrom::Day(_, latest) if latest <= self.from => Knowledge::Known,
            KnownFrom::Between(earliest, _) | KnownFrom::Day(earliest, _) if earliest > self.until => Knowledge::NotYet,
            KnownFrom::Between(..) | KnownFrom::Day(..) => Knowledge::Unclear,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Nothing,
    Unfit,
    Value,
}

/// From when a field is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KnownFrom {
    /// In every view.
    Always,
    /// It has not happened.
    NotYet,
    /// From an instant between two.
    Between(Timestamp, Timestamp),
    /// From a day: its first instant and its last.
    Day(Timestamp, Timestamp),
    /// Nobody can say.
    Unclear,
}

/// Gives from when a field is known: an instant or date from itself, another from the field that its declaration names,
/// or else from the episode's own time.
pub(super) fn known_from(evaluation: &Evaluation<'_>, id: FieldId, purpose: Purpose) -> KnownFrom {
    let Some(field) = evaluation.version.vocabulary.field(id) else { return KnownFrom::Always };
    let moment = matches!(field.kind, FieldType::Instant | FieldType::Date);
    match purpose {
        Purpose::Duty(Some(unfit)) if unfit == id => return KnownFrom::Always,
        // Something is on record: what it says is open, and not when.
        Purpose::Duty(_) if *evaluation.episode.slot(id) == Slot::Unfit => return KnownFrom::Always,
        Purpose::Duty(_) if moment => {
            return match evaluation.episode.slot(id) {
                Slot::Missing => KnownFrom::NotYet,
                _ => at(evaluation, Some(id)),
            };
        }
        _ if !field.known_afterwards => return KnownFrom::Always,
        _ => {}
    }
    match (moment, field.known_at, purpose) {
        (true, ..) => at(evaluation, Some(id)),
        (_, Some(named), _) => at(evaluation, Some(named)),
        (_, None, Purpose::Counting { earlier: true }) => KnownFrom::Always,
        _ => at(evaluation, own_time(evaluation)),
    }
}

/// Gives the field that says when a record happened; for what lasts and has no other, its start.
pub(super) fn own_time(evaluation: &Evaluation<'_>) -> Option<FieldId> {
    evaluation.version.vocabulary.episode_time()
}

fn at(evaluation: &Evaluation<'_>, field: Option<FieldId>) -> KnownFrom {
    let Some((field, when)) = field.and_then(|field| Some((field, instants(evaluation, field)?))) else {
        return KnownFrom::Unclear;
    };
    match evaluation.episode.value(field) {
        Some(Value::Date(_)) => KnownFrom::Day(when.earliest, when.latest),
        _ => KnownFrom::Between(when.earliest, when.latest),
    }
}

/// Gives the instants that a field of type instant or date may stand for.
pub(super) fn instants(evaluation: &Evaluation<'_>, field: FieldId) -> Option<When> {
    match evaluation.episode.value(field)? {
        Value::Instant(when) => Some(*when),
        Value::Date(day) => days(*day, *day, &evaluation.version.zone).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Possible = Possible::TRUE;
    const F: Possible = Possible::FALSE;
    const N: Possible = Possible::NOT_KNOWN_THEN;
    const U: Possible = Possible::TRUE_OR_FALSE;

    #[test]
    fn not_known_then_is_the_middle_value() {
        assert_eq!([T.and(N), F.and(N), N.and(N)], [N, F, N]);
        assert_eq!([T.or(N), F.or(N), N.or(N)], [T, N, N]);
        assert_eq!([T.not(), F.not(), N.not()], [F, T, N]);
    }

    #[test]
    fn what_is_missing_leaves_both_values() {
        assert_eq!(U.and(N), F.or_by_another_reading(N));
        assert_eq!(U.or(N), T.or_by_another_reading(N));
        assert_eq!(U.not(), U);
        assert!(!U.is_true() && U.may_be_true() && !N.may_be_true());
    }
}
