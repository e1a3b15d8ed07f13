//! Single values: a text, as written and trimmed, in a type.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::log::finding::Misfit;
use crate::policy::time::{parse_date, parse_duration, parse_instant};
use crate::policy::value::plain_text;
use crate::policy::{FieldType, Range, Value, number};

/// Reads a text, which is not empty, as a value of a type that is neither a set nor a kind or scale.
pub(super) fn read(kind: FieldType, text: &str, zone: &TimeZone) -> Result<Value, Misfit> {
    match kind {
        FieldType::Boolean => boolean(text),
        FieldType::Number(range) => ranged(text, range).map(Value::Number),
        FieldType::WholeNumber(range) => whole(text, range).map(Value::Number),
        FieldType::Percent(range) => {
            let amount = text.strip_suffix('%').map_or(text, str::trim_end);
            ranged(amount, range).map(Value::Percent)
        }
        FieldType::Duration => duration(text),
        FieldType::Date => parse_date(text).map(Value::Date).map_err(Misfit::NotDate),
        FieldType::Instant => parse_instant(text, zone).map(Value::Instant).map_err(Misfit::NotInstant),
        FieldType::Text => plain(text).map(Value::Text),
        FieldType::Identity => plain(text).map(Value::Identity),
        // INVARIANT: the caller reads kinds, scales and sets itself; a list of them is what would be left here.
        FieldType::Kind(_) | FieldType::Scale(_) | FieldType::SetOfKind(_) | FieldType::SetOfIdentity => {
            Err(Misfit::List)
        }
    }
}

fn boolean(text: &str) -> Result<Value, Misfit> {
    match text {
        "true" => Ok(Value::Boolean(true)),
        "false" => Ok(Value::Boolean(false)),
        _ => Err(Misfit::NotBoolean),
    }
}

fn whole(text: &str, range: Range) -> Result<Decimal, Misfit> {
    let number = exact(text)?;
    if !number.fract().is_zero() {
        return Err(Misfit::NotWhole);
    }
    within(number, range)
}

fn ranged(text: &str, range: Range) -> Result<Decimal, Misfit> {
    within(exact(text)?, range)
}

fn within(number: Decimal, range: Range) -> Result<Decimal, Misfit> {
    if range.contains(number) { Ok(number) } else { Err(Misfit::OutOfRange(range)) }
}

/// Reads a number exactly, or says which way of writing one it is not.
fn exact(text: &str) -> Result<Decimal, Misfit> {
    let is_of = |other: &[char]| text.chars().all(|c| c.is_ascii_digit() || other.contains(&c));
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    number::parse(text).ok_or_else(|| match text {
        _ if !has_digit => Misfit::NotNumber,
        _ if text.contains(',') && is_of(&[',', '.', '-', '+', '\'', '’', ' ']) => Misfit::Comma,
        _ if could_be_number(text) => Misfit::TooManyDigits,
        _ => Misfit::NotNumber,
    })
}

/// Says whether a text is a number in form, whatever its size.
fn could_be_number(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+', '\u{2212}', '\u{2013}']).unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && digits(exponent) && (whole.len() == 1 || !whole.starts_with('0'))
}

fn duration(text: &str) -> Result<Value, Misfit> {
    let misfit = || if could_be_number(text) { Misfit::NoUnit } else { Misfit::NotDuration };
    parse_duration(text).map(Value::Duration).ok_or_else(misfit)
}

/// Brings a text into the form in which texts are compared; one with NUL in it is none.
pub(super) fn plain(text: &str) -> Result<Box<str>, Misfit> {
    if text.contains('\0') { Err(Misfit::Nul) } else { Ok(plain_text(text)) }
}

/// Says whether an instant or day lies after the present, whatever it may be.
pub(super) fn is_after(value: &Value, present: Timestamp, zone: &TimeZone) -> bool {
    match value {
        Value::Instant(when) => when.earliest > present,
        Value::Date(day) => *day > zone.to_datetime(present).date(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_none_are_told_apart() {
        let table = [
            ("three", Misfit::NotNumber),
            ("1,5", Misfit::Comma),
            ("1,000.5", Misfit::Comma),
            ("1e999", Misfit::TooManyDigits),
            ("12345678901234567890123456789", Misfit::TooManyDigits),
            ("017", Misfit::NotNumber),
            ("1_000", Misfit::NotNumber),
        ];
        for (text, misfit) in table {
            assert_eq!(exact(text), Err(misfit), "{text}");
        }
    }

    #[test]
    fn percents_may_have_their_sign() {
        for text in ["20", "20%", "20 %", "2e1"] {
            let value = read(FieldType::Percent(Range::default()), text, &TimeZone::UTC);
            assert_eq!(value, Ok(Value::Percent(20.into())), "{text}");
        }
        assert_eq!(read(FieldType::Duration, "30", &TimeZone::UTC), Err(Misfit::NoUnit));
        assert_eq!(read(FieldType::Duration, "1 month", &TimeZone::UTC), Err(Misfit::NotDuration));
    }
}
