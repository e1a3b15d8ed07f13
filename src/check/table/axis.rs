//! The values of a column, laid out: so finely that each condition of its cells holds of all of a stretch, or of none.
//!
//! Of a scale, kind or boolean the stretches are the names themselves. Of what has an order they are the constants that
//! the cells name, and what lies between two of them; stretches without a value of the declared type are left out.

use rust_decimal::Decimal;

use crate::policy::time::write_duration;
use crate::policy::{Condition, ConditionId, Conditions, FieldType, NameId, Range, Term, Value, Vocabulary, number};

/// Says whether the values of a type can be laid out.
pub(super) fn can_be_laid_out(kind: FieldType) -> bool {
    use FieldType::*;
    matches!(kind, Boolean | Kind(_) | Scale(_) | Number(_) | WholeNumber(_) | Percent(_) | Duration)
}

/// The stretches of one column, in order.
#[derive(Clone)]
pub(super) struct Axis {
    kind: FieldType,
    /// The constants in order, of what has one and is no scale.
    points: Vec<Decimal>,
    /// The stretches that have a value: of names their numbers; else `2 k + 1` is the k-th constant, `2 k` what lies
    /// before it.
    pub(super) stretches: Vec<usize>,
}

/// Which stretches a cell holds of, as bits in their order.
pub(super) type Held = Box<[u64]>;

impl Axis {
    /// Lays out a column by the cells in it.
    pub(super) fn new(
        kind: FieldType,
        cells: &[ConditionId],
        conditions: &Conditions,
        vocabulary: &Vocabulary,
    ) -> Self {
        let count = match kind {
            FieldType::Boolean => 2,
            FieldType::Kind(list) | FieldType::Scale(list) => vocabulary.list(list).map_or(0, |list| list.names.len()),
            _ => {
                let mut constants = Vec::new();
                cells.iter().for_each(|cell| constants_of(conditions, *cell, &mut constants));
                return Self::of_numbers(kind, constants);
            }
        };
        Self { kind, points: Vec::new(), stretches: (0..count).collect() }
    }

    fn of_numbers(kind: FieldType, mut points: Vec<Decimal>) -> Self {
        let (range, whole) = match kind {
            FieldType::Number(range) | FieldType::Percent(range) => (range, false),
            FieldType::WholeNumber(range) => (range, true),
            _ => (Range { low: None, high: None }, false),
        };
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
        let stretches = (0..=2 * points.len()).filter(has_value).collect();
        Self { kind, points, stretches }
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
                place(value).is_some_and(|bound| relation.allows(stretch.cmp(&bound)))
            }
            Condition::OneOf { values, .. } => values.iter().any(|value| place(value) == Some(stretch)),
            Condition::Between { low: Term::Constant(low), high: Term::Constant(high), .. } => {
                place(low).is_some_and(|low| low <= stretch) && place(high).is_some_and(|high| stretch <= high)
            }
            _ => false,
        }
    }

    /// Gives the stretch that a constant is.
    fn place(&self, value: &Value) -> Option<usize> {
        let of_constant = || self.points.binary_search(&as_number(value)?).ok().map(|at| 2 * at + 1);
        value.place().or_else(of_constant)
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
        let stretch = |at: usize| self.stretches.get(at).copied().unwrap_or(0);
        let point = |at: usize| self.points.get(at).copied();
        let whole = matches!(self.kind, FieldType::WholeNumber(_));
        let (low, high) = (stretch(from), stretch(to));
        // The bound itself, and whether it belongs to the cell; none at the end of the range.
        let mut below = (low % 2 == 1).then(|| (point(low / 2), true));
        below = below.or_else(|| (low / 2).checked_sub(1).map(|at| (point(at), false)));
        let below = below.and_then(|(at, with)| Some((at?, with))).filter(|_| from > 0);
        let above = point(high / 2).map(|at| (at, high % 2 == 1)).filter(|_| to + 1 < self.stretches.len());
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

fn constants_of(conditions: &Conditions, id: ConditionId, found: &mut Vec<Decimal>) {
    match conditions.get(id) {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| constants_of(conditions, *part, found));
        }
        Condition::Not(part) => constants_of(conditions, *part, found),
        Condition::Compare { right: Term::Constant(value), .. } => found.extend(as_number(value)),
        Condition::OneOf { values, .. } => found.extend(values.iter().filter_map(as_number)),
        Condition::Between { low: Term::Constant(low), high: Term::Constant(high), .. } => {
            found.extend([low, high].into_iter().filter_map(as_number));
        }
        _ => {}
    }
}

/// A duration as a number of seconds.
fn as_number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) | Value::Percent(number) => Some(*number),
        Value::Duration(duration) => Decimal::try_from_i128_with_scale(duration.as_nanos(), 9).ok(),
        _ => None,
    }
}

fn as_duration(seconds: Decimal) -> Option<jiff::SignedDuration> {
    let whole = i64::try_from(seconds.trunc()).ok()?;
    let nanos = (seconds - seconds.trunc()).checked_mul(Decimal::from(1_000_000_000))?;
    Some(jiff::SignedDuration::new(whole, i32::try_from(nanos.trunc()).ok()?))
}
