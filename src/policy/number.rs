//! Exact decimal numbers, as policies and logs write them.

use rust_decimal::Decimal;

/// The most significant digits that a number may have; one with more is not read.
pub const MOST_DIGITS: usize = 28;

/// Reads a number exactly: an optional sign, digits without a leading zero, a fraction, an exponent.
///
/// Gives `None` for anything else, and for a number that cannot be held exactly: more than 28 significant digits,
/// more than 28 places after the point, or a size beyond 10 to the power of 28.
pub fn parse(text: &str) -> Option<Decimal> {
    let (negative, rest) = split_sign(text);
    let (mantissa, exponent) = split_exponent(rest)?;
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let fraction = fraction.unwrap_or("0");
    if !all_digits(whole) || !all_digits(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    exact(negative, whole, fraction.trim_end_matches('0'), exponent)
}

fn split_sign(text: &str) -> (bool, &str) {
    for minus in ["-", "\u{2212}", "\u{2013}"] {
        if let Some(rest) = text.strip_prefix(minus) {
            return (true, rest);
        }
    }
    (false, text.strip_prefix('+').unwrap_or(text))
}

/// Splits `12e3` into `12` and 3; an exponent of more than four digits fits nothing.
fn split_exponent(text: &str) -> Option<(&str, i32)> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return Some((text, 0));
    };
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if !all_digits(digits) || digits.trim_start_matches('0').len() > 4 {
        return None;
    }
    Some((mantissa, exponent.parse().ok()?))
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn exact(negative: bool, whole: &str, fraction: &str, exponent: i32) -> Option<Decimal> {
    let digits: String = format!("{whole}{fraction}").trim_start_matches('0').to_owned();
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(Decimal::ZERO);
    }
    if significant.len() > MOST_DIGITS {
        return None;
    }
    let dropped = i32::try_from(digits.len() - significant.len()).ok()?;
    let power = exponent - i32::try_from(fraction.len()).ok()? + dropped;
    let mantissa: i128 = significant.parse().ok()?;
    let (mantissa, scale) = if power >= 0 {
        (mantissa.checked_mul(10i128.checked_pow(u32::try_from(power).ok()?)?)?, 0)
    } else {
        (mantissa, u32::try_from(-power).ok()?)
    };
    let signed = if negative { -mantissa } else { mantissa };
    Decimal::try_from_i128_with_scale(signed, scale).ok()
}

/// Writes a number in the shortest way that reads back the same.
pub fn write(number: Decimal) -> String {
    number.normalize().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_are_equal_however_they_are_written() {
        for text in ["2", "2.0", "2e0", "+2", "20e-1", "0.2E1", "2.000000000000000000000000000000000"] {
            assert_eq!(parse(text), Some(Decimal::from(2)), "{text}");
        }
        assert_eq!(parse("-0.50").map(write).as_deref(), Some("-0.5"));
    }

    #[test]
    fn what_is_no_exact_number_is_refused() {
        for text in ["", "-", "017", "1_000", "1,000", "0x10", ".5", "5.", "1e", "1e99999999", "1e40", "NaN", "inf"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("12345678901234567890123456789"), None, "29 digits");
        assert!(parse("1234567890123456789012345678").is_some(), "28 digits");
    }
}
