//! What totals come to: the least and the greatest that a clause may be, whatever is open.

use std::cmp::Ordering;

use crate::judge::condition::Evaluation;
use crate::judge::measured::{Bound, Exact, Measured, Ratio};
use crate::policy::{FieldType, Function};

use super::steps::{Fulfil, Signed, Total, Values};

/// Gives a count.
pub(super) fn count(total: Total<(), ()>) -> Measured {
    Measured::count(total.sure.count, total.sure.count + total.maybe.count)
}

/// The least share leaves out whoever would fulfil the condition, and the greatest whoever would not.
pub(super) fn share(total: Total<Fulfil, Fulfil>) -> Measured {
    let Total { sure, maybe } = total;
    if sure.count == 0 {
        return Measured::NoValue;
    }
    let part = |some: i32, all: i64| {
        Bound::At(Ratio { sum: Exact::whole(i128::from(some) * 100), of: u64::try_from(all).unwrap_or(1) })
    };
    let may_fulfil = maybe.weight.yes + maybe.weight.perhaps;
    let low = part(sure.weight.yes, sure.count + maybe.count - i64::from(maybe.weight.yes));
    let high = part(sure.weight.yes + sure.weight.perhaps + may_fulfil, sure.count + i64::from(may_fulfil));
    Measured::Between(low, high)
}

/// A value that is missing may be anything in the range of its field; a record that may not count may add nothing.
pub(super) fn sum(total: Total<Values, Signed>, range: (Bound, Bound)) -> Measured {
    let (sure, maybe) = (total.sure.weight, total.maybe.weight);
    let open_maybe = maybe.below.open + maybe.above.open;
    let bound = |added: Values, end: Bound, counts: fn(Exact) -> bool, outermost: Bound| {
        let open_maybe = match end {
            Bound::At(end) if !counts(end.sum) => 0,
            _ => open_maybe,
        };
        let known = sure.sum.zip(added.sum).and_then(|(one, other)| one.plus(other));
        match (known, end, sure.open + open_maybe) {
            (Some(known), _, 0) => Bound::At(Ratio::number(known)),
            (Some(known), Bound::At(end), open) => {
                let times = end.sum.mantissa.checked_mul(i128::from(open));
                let all = times.and_then(|mantissa| known.plus(Exact { mantissa, ..end.sum }));
                all.map_or(outermost, |all| Bound::At(Ratio::number(all)))
            }
            _ => outermost,
        }
    };
    let (low, high) = range;
    Measured::Between(
        bound(maybe.below, low, |end| end.mantissa < 0, Bound::Lowest),
        bound(maybe.above, high, |end| end.mantissa > 0, Bound::Highest),
    )
}

/// Of records that all count surely; a value that is missing may be anything in the range of its field.
pub(super) fn average(total: Total<Values, Signed>, range: (Bound, Bound)) -> Measured {
    let Ok(of @ 1..) = u64::try_from(total.sure.count) else { return Measured::NoValue };
    let each = |bound: Bound| match bound {
        Bound::At(Ratio { sum, .. }) => Bound::At(Ratio { sum, of }),
        open => open,
    };
    match sum(total, range) {
        Measured::Between(low, high) => Measured::Between(each(low), each(high)),
        other => other,
    }
}

/// Gives the greatest (or the least) average: of those that may count, each that raises it (or lowers it) is taken in.
fn extreme(members: impl Iterator<Item = (bool, Bound)>, better: Ordering) -> Bound {
    let outermost = if better == Ordering::Greater { Bound::Highest } else { Bound::Lowest };
    let (mut total, mut of) = (Exact::ZERO, 0u64);
    let mut optional: Vec<Exact> = Vec::new();
    for (sure, bound) in members {
        let Bound::At(Ratio { sum, .. }) = bound else { return outermost };
        if sure {
            let Some(sum) = total.plus(sum) else { return outermost };
            (total, of) = (sum, of + 1);
        } else {
            optional.push(sum);
        }
    }
    optional.sort_by(|one, other| if better == Ordering::Greater { other.compare(*one) } else { one.compare(*other) });
    for value in optional {
        if (Ratio { sum: total, of }).compare(value) != better.reverse() {
            break;
        }
        let Some(sum) = total.plus(value) else { return outermost };
        (total, of) = (sum, of + 1);
    }
    Bound::At(Ratio { sum: total, of })
}

/// Gives the average of what is given one by one: whether it surely counts, and its value, if that is known.
pub(super) fn average_of_each(each: impl Iterator<Item = (bool, Option<Exact>)>, range: (Bound, Bound)) -> Measured {
    let bounds = |value: Option<Exact>| match value {
        Some(value) => (Bound::At(Ratio::number(value)), Bound::At(Ratio::number(value))),
        None => range,
    };
    let members: Vec<(bool, (Bound, Bound))> = each.map(|(sure, value)| (sure, bounds(value))).collect();
    if !members.iter().any(|(sure, _)| *sure) {
        return Measured::NoValue;
    }
    let highest = extreme(members.iter().map(|(sure, (_, high))| (*sure, *high)), Ordering::Greater);
    let lowest = extreme(members.iter().map(|(sure, (low, _))| (*sure, *low)), Ordering::Less);
    Measured::Between(lowest, highest)
}

/// Gives the range of what is summed: a duration is never negative.
pub(super) fn range_of(evaluation: &Evaluation<'_>, function: Function) -> (Bound, Bound) {
    let Some(field) = function.summed() else { return (Bound::Lowest, Bound::Highest) };
    let kind = evaluation.version.vocabulary.field(field).map(|field| field.kind);
    match kind {
        Some(FieldType::Number(range) | FieldType::WholeNumber(range) | FieldType::Percent(range)) => {
            let at = |end: Option<rust_decimal::Decimal>, open: Bound| {
                end.map_or(open, |end| Bound::At(Ratio::number(Exact::of(end))))
            };
            (at(range.low, Bound::Lowest), at(range.high, Bound::Highest))
        }
        Some(FieldType::Duration) => (Bound::whole(0), Bound::Highest),
        _ => (Bound::Lowest, Bound::Highest),
    }
}
