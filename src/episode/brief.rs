//! A record in brief: eight bytes for each field, for those records of which everything is plain.
//!
//! It holds what a reader is sure of and a judge can compare at once: values that are known in full, of which equal ones have
//! equal numbers, and those that are ordered ascend. Nothing partial, unfit or repeated is ever in it; a record with such a
//! thing is an [`Episode`](super::Episode), and so is one with a value that no number here stands for.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::policy::time::day_number;
use crate::policy::{NameId, Value};

/// In place of a value: there is none.
pub const MISSING: u64 = u64::MAX;

/// In place of a text: there is one, or white space, and what it says was not looked at.
pub const UNREAD: u64 = u64::MAX - 1;

/// Numbers are held in millionths.
const PLACES: u32 = 6;

/// The greatest size of what is held as a signed number.
const GREATEST: i64 = 1 << 61;

/// What a record says of the fields of one vocabulary or several, side by side.
#[derive(Debug, Clone, Default)]
pub struct Brief {
    slots: Vec<u64>,
}

impl Brief {
    /// Makes room for so many fields, of which nothing is known.
    pub fn new(fields: usize) -> Self {
        Self { slots: vec![MISSING; fields] }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.slots.fill(MISSING);
    }

    /// Says what is known of a field.
    pub fn set(&mut self, at: usize, value: u64) {
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = value;
        }
    }

    /// Gives what is known of a field.
    #[inline]
    pub fn get(&self, at: usize) -> u64 {
        self.slots.get(at).copied().unwrap_or(MISSING)
    }

    /// Gives the text of a field of type text or identity, out of the bytes that the record was read from.
    pub fn text<'b>(&self, at: usize, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let place = self.get(at);
        if place == MISSING {
            return None;
        }
        let (start, end) = ((place >> 32) as usize, (place & u64::from(u32::MAX)) as usize);
        bytes.get(start..end)
    }
}

/// Gives the number of a text that stands at a place of the bytes that a record is read from.
pub fn of_text(start: usize, end: usize) -> Option<u64> {
    let (start, end) = (u32::try_from(start).ok()?, u32::try_from(end).ok()?);
    (start < u32::MAX).then(|| u64::from(start) << 32 | u64::from(end))
}

/// Gives the number of a value that is known in full; `None` for texts, which are told by their place, for sets of people,
/// and for what lies beyond what a number here can hold.
pub fn of_value(value: &Value) -> Option<u64> {
    match value {
        Value::Boolean(value) => Some(u64::from(*value)),
        Value::Number(number) | Value::Percent(number) => of_decimal(*number),
        Value::Duration(duration) => of_duration(*duration),
        Value::Date(day) => of_signed(day_number(*day)),
        Value::Instant(when) if when.is_exact() => of_instant(when.earliest),
        Value::Name(name) => Some(u64::from(name.0)),
        Value::Names(names) if names.complete => names.members.iter().try_fold(0, |set, name| Some(set | bit(*name)?)),
        _ => None,
    }
}

/// Gives the number in which a name of a set is one bit; sets of more than 62 names have none.
pub fn bit(name: NameId) -> Option<u64> {
    (name.0 < 62).then(|| 1 << name.0)
}

/// Gives the number of a decimal.
pub fn of_decimal(number: Decimal) -> Option<u64> {
    let number = number.normalize();
    let raised = 10i128.checked_pow(PLACES.checked_sub(number.scale())?)?;
    of_signed(i64::try_from(number.mantissa().checked_mul(raised)?).ok()?)
}

/// Gives the number of a whole number of millionths.
pub fn of_millionths(millionths: i64) -> Option<u64> {
    of_signed(millionths)
}

/// Gives the number of a length of time.
pub fn of_duration(duration: SignedDuration) -> Option<u64> {
    of_signed(i64::try_from(duration.as_nanos()).ok()?)
}

/// Gives the number of an instant.
pub fn of_instant(at: Timestamp) -> Option<u64> {
    of_nanoseconds(i64::try_from(at.as_nanosecond()).ok()?)
}

/// Gives the number of the instant that lies so many nanoseconds after 1970 began.
pub fn of_nanoseconds(nanoseconds: i64) -> Option<u64> {
    of_signed(nanoseconds)
}

/// Gives the nanoseconds of an instant or a length of time back.
pub fn nanoseconds(number: u64) -> i64 {
    (number ^ 1 << 63) as i64
}

fn of_signed(number: i64) -> Option<u64> {
    (-GREATEST..=GREATEST).contains(&number).then_some(number as u64 ^ 1 << 63)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Names, number};

    #[test]
    fn numbers_keep_their_order_and_their_equals() {
        let written = ["-3", "-0.000001", "0", "0.0", "0.000001", "2", "2.50", "2.5", "1e9"];
        let of = |text: &str| of_decimal(number::parse(text).unwrap()).unwrap();
        for one in written {
            for other in written {
                let exact = number::parse(one).unwrap().cmp(&number::parse(other).unwrap());
                assert_eq!(of(one).cmp(&of(other)), exact, "{one} {other}");
            }
        }
        assert_eq!(of_decimal(number::parse("0.0000001").unwrap()), None);
        assert_eq!(of_decimal(number::parse("1e20").unwrap()), None);
    }

    #[test]
    fn what_is_known_in_part_has_no_number() {
        let names = |complete| Value::Names(Names { members: [NameId(0), NameId(3)].into(), complete });
        assert_eq!(of_value(&names(true)), Some(9));
        assert_eq!(of_value(&names(false)), None);
        assert_eq!(bit(NameId(62)), None);
        assert_eq!(nanoseconds(of_nanoseconds(-5).unwrap()), -5);
    }
}
