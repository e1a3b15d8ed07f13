//! Days and moments in the words of a cell.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::policy::FieldType;
use crate::policy::time::{When, day_of, days};

use super::{Axis, Bound};

/// Writes stretches as a cell: those from one to another, by their place among all.
pub(super) fn write(axis: &Axis, from: usize, to: usize) -> String {
    let (below, above) = axis.bounds(from, to);
    let below = below.map(|bound| edge(axis, bound, false));
    let above = above.map(|bound| edge(axis, bound, true));
    match (&below, &above) {
        (Some((first, true)), Some((last, true))) if first == last => first.clone(),
        (Some((first, true)), Some((last, true))) => format!("{first} to {last}"),
        _ => {
            let below = below.map(|(at, with)| format!("{} {at}", if with { "on or after" } else { "after" }));
            let above = above.map(|(at, with)| format!("{} {at}", if with { "on or before" } else { "before" }));
            below.into_iter().chain(above).collect::<Vec<_>>().join(" and ")
        }
    }
}

/// Says a bound by the day of which it is the end, where it is one, else as a moment; and whether it belongs to the cell.
fn edge(axis: &Axis, (at, with): Bound, is_last: bool) -> (String, bool) {
    if axis.kind == FieldType::Date {
        let step = if with {
            0
        } else if is_last {
            -1
        } else {
            1
        };
        let day = i64::try_from(at).ok().and_then(|number| day_of(number + step));
        return (day.map(|day| day.to_string()).unwrap_or_default(), true);
    }
    let Some((moment, day, whole)) = in_day(axis, at) else { return (String::new(), with) };
    // A day among moments is all of it: `on or after` its first, `after` its last.
    let is_first_moment = whole.0 == moment;
    let is_last_moment = whole.1 == moment;
    let of_day = match (is_last, with) {
        (false, true) | (true, false) => is_first_moment,
        (false, false) | (true, true) => is_last_moment,
    };
    if of_day {
        return (day.to_string(), with);
    }
    // To the second and by UTC: exact whatever the clocks were put to, and a policy names no smaller part.
    (moment.to_string(), with)
}

/// Gives a moment, its day, and the first and last moment of that.
fn in_day(axis: &Axis, at: Decimal) -> Option<(Timestamp, Date, (Timestamp, Timestamp))> {
    let moment = Timestamp::from_nanosecond(i128::try_from(at).ok()?).ok()?;
    let day = When::exact(moment, &axis.zone).first_day;
    let whole = days(day, day, &axis.zone).ok()?;
    Some((moment, day, (whole.earliest, whole.latest)))
}
