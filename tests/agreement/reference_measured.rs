//! What the records that count come to: counts, sums, averages, shares and the time since the last, each as the least
//! and the greatest over all choices for those that may count, and compared exactly. For `reference_past`.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use forbear::policy::{Relation, Value};
use rust_decimal::Decimal;

use super::reference::Truth;

/// One end of what a quantity may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Lowest,
    /// so much, divided by a number of records
    Of(Decimal, u32),
    Highest,
}

/// What a history clause comes to for the record that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Measured {
    /// the record has no key or no time
    NoAnswer,
    /// the least and the greatest
    Range(Bound, Bound),
    /// there may be no episode of which to take an average or a share
    PerhapsOfNone,
}

/// Whether a record counts, in one of the ways that things may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Out,
    /// it counts; of a share: among all, and not among those that are asked for
    In,
    /// of a share: among those that are asked for
    Hit,
}

/// What one record, or all those with one id, contributes.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) states: BTreeSet<State>,
    /// The least and the greatest of what is summed, or the time since, where it counts.
    pub(crate) amount: Option<(Bound, Bound)>,
}

impl Part {
    pub(crate) fn surely_counts(&self) -> bool {
        !self.states.contains(&State::Out)
    }

    pub(crate) fn may_count(&self) -> bool {
        self.states.iter().any(|state| *state != State::Out)
    }

    /// Says whether something is open about it.
    pub(crate) fn is_open(&self) -> bool {
        self.states.len() > 1 || self.amount.is_some_and(|(low, high)| cmp(low, high) != Ordering::Equal)
    }
}

// ---- what it comes to --------------------------------------------------------------------------------------------------

pub(crate) fn count(parts: &[Part]) -> Measured {
    let surely = parts.iter().filter(|part| part.surely_counts()).count();
    let perhaps = parts.iter().filter(|part| part.may_count()).count();
    Measured::Range(Bound::Of(Decimal::from(surely), 1), Bound::Of(Decimal::from(perhaps), 1))
}

pub(crate) fn sum(parts: &[Part]) -> Measured {
    let mut low = Bound::Of(Decimal::ZERO, 1);
    let mut high = low;
    for part in parts.iter().filter(|part| part.may_count()) {
        let (mut least_of_it, mut greatest_of_it) = part.amount.expect("it has an amount");
        if !part.surely_counts() {
            let nothing = Bound::Of(Decimal::ZERO, 1);
            (least_of_it, greatest_of_it) = (least(least_of_it, nothing), greatest(greatest_of_it, nothing));
        }
        (low, high) = (plus(low, least_of_it), plus(high, greatest_of_it));
    }
    Measured::Range(low, high)
}

/// The least average over all choices for those that may count: with none of them, with the smallest, with the two
/// smallest, and so on; the greatest likewise.
pub(crate) fn average(parts: &[Part]) -> Measured {
    let sure: Vec<&Part> = parts.iter().filter(|part| part.surely_counts()).collect();
    if sure.is_empty() {
        return Measured::PerhapsOfNone;
    }
    let unsure: Vec<&Part> = parts.iter().filter(|part| part.may_count() && !part.surely_counts()).collect();
    let extreme = |side: fn(&Part) -> Bound, better: fn(Bound, Bound) -> Bound, first: Ordering| {
        let mut more: Vec<Bound> = unsure.iter().map(|part| side(part)).collect();
        more.sort_by(|one, other| if first == Ordering::Less { cmp(*one, *other) } else { cmp(*other, *one) });
        let zero = Bound::Of(Decimal::ZERO, 1);
        let mut total = sure.iter().map(|part| side(part)).fold(zero, plus);
        let mut records = u32::try_from(sure.len()).unwrap();
        let mut found = over(total, records);
        for next in more {
            total = plus(total, next);
            records += 1;
            found = better(found, over(total, records));
        }
        found
    };
    let low = extreme(|part| part.amount.unwrap().0, least, Ordering::Less);
    let high = extreme(|part| part.amount.unwrap().1, greatest, Ordering::Greater);
    Measured::Range(low, high)
}

/// Every pair of numbers that the choices can give: those that are asked for, and all. In per cent.
pub(crate) fn share(parts: &[Part]) -> Measured {
    let mut pairs = BTreeSet::from([(0_u32, 0_u32)]);
    for part in parts {
        let with = |(hits, all): (u32, u32), state: &State| match state {
            State::Out => (hits, all),
            State::In => (hits, all + 1),
            State::Hit => (hits + 1, all + 1),
        };
        pairs = pairs.iter().flat_map(|pair| part.states.iter().map(move |state| with(*pair, state))).collect();
    }
    if pairs.contains(&(0, 0)) {
        return Measured::PerhapsOfNone;
    }
    let shares: Vec<Bound> = pairs.iter().map(|(hits, all)| Bound::Of(Decimal::from(hits * 100), *all)).collect();
    let low = shares.iter().copied().reduce(least).unwrap();
    Measured::Range(low, shares.iter().copied().reduce(greatest).unwrap())
}

pub(crate) fn time_since_last(parts: &[Part]) -> Measured {
    let since = |part: &Part| part.amount.expect("it has a time");
    let any = parts.iter().filter(|part| part.may_count()).map(|part| since(part).0);
    let sure = parts.iter().filter(|part| part.surely_counts()).map(|part| since(part).1);
    Measured::Range(any.fold(Bound::Highest, least), sure.fold(Bound::Highest, least))
}

impl Measured {
    /// Compares: T or F if so for all that it may be, else U.
    pub(crate) fn compare(&self, relation: Relation, right: Option<&Value>) -> Truth {
        let (Self::Range(low, high), Some(right)) = (self, right) else {
            return Truth::Unknown;
        };
        let right = Bound::Of(quantity(right), 1);
        let (low, high) = (cmp(*low, right), cmp(*high, right));
        let (always, never) = match relation {
            Relation::Is => {
                (low == Ordering::Equal && high == Ordering::Equal, low == Ordering::Greater || high == Ordering::Less)
            }
            Relation::AtLeast => (low != Ordering::Less, high == Ordering::Less),
            Relation::AtMost => (high != Ordering::Greater, low == Ordering::Greater),
            Relation::Above => (low == Ordering::Greater, high != Ordering::Greater),
            Relation::Below => (high == Ordering::Less, low != Ordering::Less),
            Relation::Before | Relation::After => panic!("no quantity lies before another"),
        };
        match (always, never) {
            (true, _) => Truth::True,
            (_, true) => Truth::False,
            _ => Truth::Unknown,
        }
    }
}

// ---- bounds ------------------------------------------------------------------------------------------------------------

/// A number, a percentage, or a duration in nanoseconds.
pub(crate) fn quantity(value: &Value) -> Decimal {
    match value {
        Value::Number(number) | Value::Percent(number) => *number,
        Value::Duration(duration) => Decimal::from(duration.as_nanos()),
        other => panic!("{other:?} is no quantity"),
    }
}

/// Compares exactly, by multiplying crosswise.
fn cmp(one: Bound, other: Bound) -> Ordering {
    match (one, other) {
        (Bound::Of(one, parts), Bound::Of(other, also_parts)) => {
            (one * Decimal::from(also_parts)).cmp(&(other * Decimal::from(parts)))
        }
        (Bound::Lowest, Bound::Lowest) | (Bound::Highest, Bound::Highest) => Ordering::Equal,
        (Bound::Lowest, _) | (_, Bound::Highest) => Ordering::Less,
        (Bound::Highest, _) | (_, Bound::Lowest) => Ordering::Greater,
    }
}

pub(crate) fn least(one: Bound, other: Bound) -> Bound {
    if cmp(one, other) == Ordering::Greater { other } else { one }
}

pub(crate) fn greatest(one: Bound, other: Bound) -> Bound {
    if cmp(one, other) == Ordering::Less { other } else { one }
}

fn plus(one: Bound, other: Bound) -> Bound {
    match (one, other) {
        (Bound::Of(one, 1), Bound::Of(other, 1)) => Bound::Of(one + other, 1),
        (Bound::Lowest, _) | (_, Bound::Lowest) => Bound::Lowest,
        _ => Bound::Highest,
    }
}

fn over(total: Bound, records: u32) -> Bound {
    match total {
        Bound::Of(total, _) => Bound::Of(total, records),
        endless => endless,
    }
}
