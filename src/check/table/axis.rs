//! The values of a column, laid out: so finely that each condition of its cells holds of all of a stretch, or of none.
//!
//! Of a scale, kind or boolean the stretches are the names themselves. Of what has an order they are the constants that
//! the cells name, and what lies between two of them; stretches without a value of the declared type are left out. Moments are
//! counted in nanoseconds, days in days. Of texts and people the stretches are those that the cells name, and all others; of
//! sets, which of the members that the cells name are in it.

mod moments;

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::policy::time::{day_number, days, write_duration};
use crate::policy::{Condition, ConditionId, Conditions, FieldType, NameId, Range, Term, Value, Vocabulary, number};

/// Of how many members of a set a table may ask: each of them doubles the sets there are.
const MOST_MEMBERS: usize = 10;

/// How many texts or people one column may name.
const MOST_SAID: usize = 2_000;

/// The stretches of one column, in order.
#[derive(Clone)]
pub(super) struct Axis {
    kind: FieldType,
    /// The constants in order, of what has one and is no scale.
    points: Vec<Decimal>,
    /// The constants of what has no order.
    said: Vec<Value>,
    zone: TimeZone,
    /// The stretches that have a value: of names their numbers; of texts and people the number of a constant, or one more; of
    /// sets a bit for each member; else `2 k + 1` is the k-th constant, `2 k` what lies before it.
    pub(super) stretches: Vec<usize>,
}

/// A bound, and whether it belongs to what it bounds.
type Bound = (Decimal, bool);

/// Which stretches a cell holds of, as bits in their order.
pub(super) type Held = Box<[u64]>;

impl Axis {
    /// Lays out a column by the cells in it.
    pub(super) fn new(
        kind: FieldType,
        cells: &[ConditionId],
        conditions: &Conditions,
        (vocabulary, zone): (&Vocabulary, &TimeZone),
    ) -> Option<Self> {
        let mut constants = Vec::new();
        cells.iter().for_each(|cell| constants_of(conditions, *cell, &mut constants));
        let mut axis = Self { kind, points: Vec::new(), said: Vec::new(), zone: zone.clone(), stretches: Vec::new() };
        let count = match kind {
            FieldType::Boolean => 2,
            FieldType::Kind(list) | FieldType::Scale(list) => vocabulary.list(list).map_or(0, |list| list.names.len()),
            FieldType::Text | FieldType::Identity => {
                axis.said = distinct(constants);
                if axis.said.len() > MOST_SAID {
                    return None;
                }
                axis.said.len() + 1
            }
            FieldType::SetOfKind(_) | FieldType::SetOfIdentity => {
                axis.said = distinct(constants);
                if axis.said.len() > MOST_MEMBERS {
                    return None;
                }
                1 << axis.said.len()
            }
            _ => {
                let ends = constants.iter().filter_map(|value| axis.ends(value));
                let points = ends.flat_map(|(low, high)| [low, high]).collect();
                axis.lay_out_numbers(points);
                return Some(axis);
            }
        };
        axis.stretches = (0..count).collect();
        Some(axis)
    }

    fn lay_out_numbers(&mut self, mut points: Vec<Decimal>) {
        let range = match self.kind {
            FieldType::Number(range) | FieldType::Percent(range) | FieldType::WholeNumber(range) => range,
            _ => Range { low: None, high: None },
        };
        let whole = self.is_whole();
        points.extend(range.low);
        points.extend(range.high);
        points.sort_unstable();
        points.dedup();
        let has_value = |stretch: &usize| {
            let at = |index: usize| points.get(index).copied();
            let before = (stretch / 2).checked_sub(1).and_then(at);
            let here = at(stretch / 2);
            match (stretch % 2 == 1, before, here) {
                (true, _, Some(point)) => range.contains(point) && (!whole || point.is_integer()),
                (true, _, None) => false,
                (false, before, here) => {
                    let below = here.is_none_or(|here| range.low.is_none_or(|low| low < here));
                    let above = before.is_none_or(|before| range.high.is_none_or(|high| high > before));
                    below && above && (!whole || has_whole(before, here))
                }
            }
        };
        self.stretches = (0..=2 * points.len()).filter(has_value).collect();
        self.points = points;
    }

    /// Says whether nothing lies between a value and the next.
    fn is_whole(&self) -> bool {
        matches!(self.kind, FieldType::WholeNumber(_) | FieldType::Date | FieldType::Instant)
    }

    /// Gives the first and the last point that a constant stands for: of a day among moments, both its ends.
    fn ends(&self, value: &Value) -> Option<(Decimal, Decimal)> {
        let one = |point: Decimal| Some((point, point));
        match (value, self.kind) {
            (Value::Number(number) | Value::Percent(number), _) => one(*number),
            (Value::Duration(duration), _) => one(Decimal::try_from_i128_with_scale(duration.as_nanos(), 9).ok()?),
            (Value::Date(day), FieldType::Date) => one(day_number(*day).into()),
            (Value::Instant(when), FieldType::Date) => one(day_number(when.first_day).into()),
            (Value::Date(day), FieldType::Instant) => {
                let whole = days(*day, *day, &self.zone).ok()?;
                Some((nanoseconds(whole.earliest)?, nanoseconds(whole.latest)?))
            }
            (Value::Instant(when), FieldType::Instant) => {
                Some((nanoseconds(when.earliest)?, nanoseconds(when.latest)?))
            }
            _ => None,
        }
    }

    /// Gives of which stretches a cell holds.
    pub(super) fn held(&self, conditions: &Conditions, cell: ConditionId) -> Held {
        let mut bits = vec![0_u64; self.stretches.len().div_ceil(64)];
        for (at, stretch) in self.stretches.iter().enumerate() {
            if self.holds(conditions, cell, *stretch)
                && let Some(word) = bits.get_mut(at / 64)
            {
                *word |= 1 << (at % 64);
            }
        }
        bits.into()
    }

    fn holds(&self, conditions: &Conditions, id: ConditionId, stretch: usize) -> bool {
        let place = |value: &Value| self.place(value);
        match conditions.get(id) {
            Condition::All(parts) => parts.iter().all(|part| self.holds(conditions, *part, stretch)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(conditions, *part, stretch)),
            Condition::Not(part) => !self.holds(conditions, *part, stretch),
            Condition::Compare { relation, right: Term::Constant(value), .. } => {
                place(value).is_some_and(|(first, last)| relation.allows(order(stretch, first, last)))
            }
            Condition::OneOf { values, .. } => {
                values.iter().filter_map(place).any(|(first, last)| order(stretch, first, last).is_eq())
            }
            Condition::Between { low: Term::Constant(low), high: Term::Constant(high), .. } => {
                place(low).is_some_and(|(low, _)| low <= stretch)
                    && place(high).is_some_and(|(_, high)| stretch <= high)
            }
            Condition::Includes { member: Term::Constant(member), .. } => {
                self.said.iter().position(|said| said == member).is_some_and(|at| stretch & (1 << at) != 0)
            }
            _ => false,
        }
    }

    /// Gives the first and the last stretch that a constant is.
    fn place(&self, value: &Value) -> Option<(usize, usize)> {
        if matches!(self.kind, FieldType::Text | FieldType::Identity) {
            return self.said.iter().position(|said| said == value).map(|at| (at, at));
        }
        if let Some(name) = value.place() {
            return Some((name, name));
        }
        let (low, high) = self.ends(value)?;
        let at = |point: Decimal| self.points.binary_search(&point).ok().map(|at| 2 * at + 1);
        Some((at(low)?, at(high)?))
    }

    /// Writes the widest cell around a stretch all of which is like it.
    pub(super) fn write_around(&self, at: usize, alike: &dyn Fn(usize) -> bool, vocabulary: &Vocabulary) -> String {
        if matches!(self.kind, FieldType::SetOfKind(_) | FieldType::SetOfIdentity) {
            return self.write_members(at, alike, vocabulary);
        }
        let mut to = at;
        while to + 1 < self.stretches.len() && alike(to + 1) {
            to += 1;
        }
        self.write(at, to, vocabulary)
    }

    /// Leaves out each member that makes no difference, and writes the others.
    fn write_members(&self, at: usize, alike: &dyn Fn(usize) -> bool, vocabulary: &Vocabulary) -> String {
        let mut asked = (1_usize << self.said.len()) - 1;
        for member in 0..self.said.len() {
            let fewer = asked & !(1 << member);
            if self.stretches.iter().all(|other| (other ^ at) & fewer != 0 || alike(*other)) {
                asked = fewer;
            }
        }
        let said = self.said.iter().enumerate().filter(|(member, _)| asked & (1 << member) != 0);
        let said = said.map(|(member, value)| {
            let not = if at & (1 << member) == 0 { "not " } else { "" };
            format!("{not}includes {}", self.write_value(value, vocabulary))
        });
        let said = said.collect::<Vec<_>>().join(" and ");
        if said.is_empty() { "any".to_owned() } else { said }
    }

    fn write_value(&self, value: &Value, vocabulary: &Vocabulary) -> String {
        match (value, self.kind) {
            (Value::Name(name), FieldType::SetOfKind(list)) => {
                vocabulary.list(list).map_or_else(String::new, |list| list.name_of(*name).to_owned())
            }
            (Value::Text(text) | Value::Identity(text), _) => {
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
            _ => String::new(),
        }
    }

    /// Writes texts or people: those from one to another, or, where what is not named belongs to them, all but the others.
    fn write_said(&self, from: usize, to: usize, vocabulary: &Vocabulary) -> String {
        let write = |values: &[Value]| {
            values.iter().map(|value| self.write_value(value, vocabulary)).collect::<Vec<_>>().join(", ")
        };
        if to < self.said.len() {
            return write(self.said.get(from..=to).unwrap_or_default());
        }
        let others = self.said.get(..from).unwrap_or_default();
        format!("{} {}", if others.len() == 1 { "not" } else { "not one of" }, write(others))
    }

    /// Writes stretches as a cell: those from one to another, by their place among all; names without an order, each.
    pub(super) fn write(&self, from: usize, to: usize, vocabulary: &Vocabulary) -> String {
        if from == 0 && to + 1 == self.stretches.len() {
            return "any".to_owned();
        }
        let name = |at: usize| self.name(at, vocabulary);
        let (first, last) = (from == 0, to + 1 == self.stretches.len());
        match self.kind {
            FieldType::Boolean | FieldType::Kind(_) => (from..=to).map(name).collect::<Vec<_>>().join(", "),
            FieldType::Scale(_) if from == to => name(from),
            FieldType::Scale(_) if first => format!("at most {}", name(to)),
            FieldType::Scale(_) if last => format!("at least {}", name(from)),
            FieldType::Scale(_) => format!("{} to {}", name(from), name(to)),
            FieldType::Text | FieldType::Identity => self.write_said(from, to, vocabulary),
            FieldType::SetOfKind(_) | FieldType::SetOfIdentity => {
                self.write_members(from, &|other| other == from, vocabulary)
            }
            FieldType::Date | FieldType::Instant => moments::write(self, from, to),
            _ => self.write_numbers(from, to),
        }
    }

    fn name(&self, at: usize, vocabulary: &Vocabulary) -> String {
        let number = self.stretches.get(at).copied().unwrap_or(0);
        match self.kind {
            FieldType::Kind(list) | FieldType::Scale(list) => {
                let id = NameId(u16::try_from(number).unwrap_or(u16::MAX));
                vocabulary.list(list).map_or_else(String::new, |list| list.name_of(id).to_owned())
            }
            _ => (number == 1).to_string(),
        }
    }

    fn write_numbers(&self, from: usize, to: usize) -> String {
        let whole = matches!(self.kind, FieldType::WholeNumber(_));
        let (below, above) = self.bounds(from, to);
        let below = below.map(|(at, with)| if whole && !with { (next_whole(at), true) } else { (at, with) });
        let above = above.map(|(at, with)| if whole && !with { (last_whole(at), true) } else { (at, with) });
        let write = |number: Decimal| self.write_number(number);
        match (below, above) {
            (Some((low, true)), Some((high, true))) if low == high => write(low),
            (Some((low, true)), Some((high, true))) => format!("{} to {}", write(low), write(high)),
            (below, above) => {
                let below =
                    below.map(|(at, with)| format!("{} {}", if with { "at least" } else { "above" }, write(at)));
                let above = above.map(|(at, with)| format!("{} {}", if with { "at most" } else { "below" }, write(at)));
                below.into_iter().chain(above).collect::<Vec<_>>().join(" and ")
            }
        }
    }

    /// Gives the lower and the upper bound of some stretches, each with whether it belongs to them; none at the end of the
    /// range.
    fn bounds(&self, from: usize, to: usize) -> (Option<Bound>, Option<Bound>) {
        let stretch = |at: usize| self.stretches.get(at).copied().unwrap_or(0);
        let point = |at: usize| self.points.get(at).copied();
        let (low, high) = (stretch(from), stretch(to));
        let mut below = (low % 2 == 1).then(|| (point(low / 2), true));
        below = below.or_else(|| (low / 2).checked_sub(1).map(|at| (point(at), false)));
        let below = below.and_then(|(at, with)| Some((at?, with))).filter(|_| from > 0);
        let above = point(high / 2).map(|at| (at, high % 2 == 1)).filter(|_| to + 1 < self.stretches.len());
        (below, above)
    }

    fn write_number(&self, at: Decimal) -> String {
        match self.kind {
            FieldType::Duration => as_duration(at).map(write_duration).unwrap_or_default(),
            FieldType::Percent(_) => format!("{} %", number::write(at)),
            _ => number::write(at),
        }
    }
}

fn has_whole(above: Option<Decimal>, below: Option<Decimal>) -> bool {
    match (above, below) {
        (Some(above), Some(below)) => next_whole(above) < below,
        _ => true,
    }
}

fn next_whole(above: Decimal) -> Decimal {
    above.floor().checked_add(Decimal::ONE).unwrap_or(Decimal::MAX)
}

fn last_whole(below: Decimal) -> Decimal {
    below.ceil().checked_sub(Decimal::ONE).unwrap_or(Decimal::MIN)
}

/// Says how a stretch lies to those from one to another.
fn order(stretch: usize, first: usize, last: usize) -> Ordering {
    if stretch < first {
        Ordering::Less
    } else if stretch > last {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

fn distinct(values: Vec<Value>) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for value in values {
        if !found.contains(&value) {
            found.push(value);
        }
        // Of more than these, no table can be looked at.
        if found.len() > MOST_SAID {
            break;
        }
    }
    found
}

fn constants_of(conditions: &Conditions, id: ConditionId, found: &mut Vec<Value>) {
    match conditions.get(id) {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| constants_of(conditions, *part, found));
        }
        Condition::Not(part) => constants_of(conditions, *part, found),
        Condition::Compare { right: Term::Constant(value), .. }
        | Condition::Includes { member: Term::Constant(value), .. } => found.push(value.clone()),
        Condition::OneOf { values, .. } => found.extend(values.iter().cloned()),
        Condition::Between { low: Term::Constant(low), high: Term::Constant(high), .. } => {
            found.extend([low, high].into_iter().cloned());
        }
        _ => {}
    }
}

fn nanoseconds(at: Timestamp) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(at.as_nanosecond(), 0).ok()
}

fn as_duration(seconds: Decimal) -> Option<jiff::SignedDuration> {
    let whole = i64::try_from(seconds.trunc()).ok()?;
    let nanos = (seconds - seconds.trunc()).checked_mul(Decimal::from(1_000_000_000))?;
    Some(jiff::SignedDuration::new(whole, i32::try_from(nanos.trunc()).ok()?))
}
