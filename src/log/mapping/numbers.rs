//! Numbers with a decimal comma, or with signs between thousands.

use rust_decimal::Decimal;

use crate::log::record::Raw;
use crate::policy::number;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Numbers {
    /// Whether a comma stands before the fraction.
    pub(super) comma: bool,
    /// What stands between thousands, if anything does.
    pub(super) thousands: Option<Thousands>,
}

/// What stands between thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thousands {
    Point,
    Comma,
    Blank,
    Apostrophe,
}

impl Thousands {
    pub(super) const ALL: [(&'static str, Self); 4] =
        [("point", Self::Point), ("comma", Self::Comma), ("blank", Self::Blank), ("apostrophe", Self::Apostrophe)];

    fn is(self, c: char) -> bool {
        match self {
            Self::Point => c == '.',
            Self::Comma => c == ',',
            Self::Blank => matches!(c, ' ' | '\u{A0}' | '\u{202F}' | '\u{2009}'),
            Self::Apostrophe => matches!(c, '\'' | '’'),
        }
    }
}

/// Why a number is not written as the mapping says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSo {
    /// A point stands where a comma is the decimal sign.
    Point,
    /// A sign of thousands does not stand between groups of three digits.
    Thousands,
}

impl Numbers {
    /// Says whether one sign would stand both between thousands and before the fraction: `1.200` would be two numbers.
    pub(super) fn is_ambiguous(self) -> bool {
        self.thousands == Some(if self.comma { Thousands::Comma } else { Thousands::Point })
    }

    /// Says whether numbers are written as everywhere else.
    pub(super) fn is_usual(self) -> bool {
        self == Self::default()
    }

    /// Gives how a value is written: a number of JSON, or of a numeric cell, has a point, whatever the texts around it have.
    pub(super) fn of(self, raw: &Raw) -> Self {
        if matches!(raw, Raw::Number(_)) { Self::default() } else { self }
    }

    /// Reads a number exactly; `None` where it is none, or not written so.
    pub(super) fn parse(self, text: &str) -> Option<Decimal> {
        if self.is_usual() { number::parse(text) } else { number::parse(&self.usual(text).ok()?) }
    }

    /// Writes a number, perhaps with its unit behind it, with a point and without signs between thousands. What is no
    /// number is given back as it is.
    pub(super) fn usual(self, text: &str) -> Result<String, NotSo> {
        let of_number = |c: char| c.is_ascii_digit() || ".,-+\u{2212}\u{2013}".contains(c) || self.is_thousands(c);
        let end = text.find(|c: char| !of_number(c)).unwrap_or(text.len());
        let (amount, unit) = text.split_at_checked(end).unwrap_or((text, ""));
        let trimmed = amount.trim_end();
        if self.is_usual() || !trimmed.contains(|c: char| c.is_ascii_digit()) || unit.contains(',') {
            return Ok(text.to_owned());
        }
        let sign_of_fraction = if self.comma { ',' } else { '.' };
        let (whole, fraction) = trimmed.split_once(sign_of_fraction).map_or((trimmed, None), |(w, f)| (w, Some(f)));
        let mut plain = self.whole(whole)?;
        if let Some(fraction) = fraction {
            if fraction.contains(|c: char| !c.is_ascii_digit()) {
                return Err(NotSo::Thousands);
            }
            plain.push('.');
            plain.push_str(fraction);
        }
        let is_one = unit.is_empty() || (is_exponent(unit) && trimmed.len() == amount.len());
        let gap = if is_one { "" } else { " " };
        Ok(format!("{plain}{gap}{}", unit.trim_start()))
    }

    fn is_thousands(self, c: char) -> bool {
        self.thousands.is_some_and(|sign| sign.is(c))
    }

    /// Takes the signs out of the digits before the fraction.
    fn whole(self, text: &str) -> Result<String, NotSo> {
        if self.comma && text.contains('.') && self.thousands != Some(Thousands::Point) {
            return Err(NotSo::Point);
        }
        let mut groups = text.split(|c| self.is_thousands(c));
        let first = groups.next().unwrap_or("");
        let rest: Vec<&str> = groups.collect();
        let digits = |group: &str| group.chars().all(|c| c.is_ascii_digit());
        let short = first.trim_start_matches(['-', '+', '\u{2212}', '\u{2013}']);
        let first_fits = rest.is_empty() || (1..=3).contains(&short.len()) && digits(short);
        if !first_fits || rest.iter().any(|group| group.len() != 3 || !digits(group)) {
            return Err(NotSo::Thousands);
        }
        Ok(format!("{first}{}", rest.concat()))
    }
}

/// Says whether what stands behind digits belongs to the number: `e3`.
fn is_exponent(text: &str) -> bool {
    let digits = text.strip_prefix(['e', 'E']).map(|rest| rest.strip_prefix(['+', '-']).unwrap_or(rest));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Multiplies a number exactly; `None` where it is no number, or the product cannot be held.
pub(super) fn times(text: &str, factor: Decimal) -> Option<String> {
    let product = number::parse(text)?.checked_mul(factor)?;
    Some(number::write(product.normalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Numbers = Numbers { comma: true, thousands: None };

    #[test]
    fn a_decimal_comma_becomes_a_point_and_a_point_is_refused() {
        for (text, wanted) in [
            ("2,5", Ok("2.5")),
            ("-0,25", Ok("-0.25")),
            ("3", Ok("3")),
            ("2.5", Err(NotSo::Point)),
            ("1,2,3", Err(NotSo::Thousands)),
            ("2,5 h", Ok("2.5 h")),
            ("2,5min", Ok("2.5 min")),
            ("2,5e-3", Ok("2.5e-3")),
            ("2,5 e", Ok("2.5 e")),
            ("about 2,5", Ok("about 2,5")),
        ] {
            assert_eq!(COMMA.usual(text).as_deref(), wanted.as_deref(), "{text}");
        }
    }

    #[test]
    fn thousands_are_taken_out_only_between_groups_of_three() {
        let point = Numbers { comma: true, thousands: Some(Thousands::Point) };
        let apostrophe = Numbers { comma: false, thousands: Some(Thousands::Apostrophe) };
        let blank = Numbers { comma: true, thousands: Some(Thousands::Blank) };
        for (numbers, text, wanted) in [
            (point, "1.234.567,5", Ok("1234567.5")),
            (point, "1.23", Err(NotSo::Thousands)),
            (apostrophe, "12’345.5", Ok("12345.5")),
            (apostrophe, "1'2345", Err(NotSo::Thousands)),
            (blank, "1\u{202F}000 minutes", Ok("1000 minutes")),
        ] {
            assert_eq!(numbers.usual(text).as_deref(), wanted.as_deref(), "{text}");
        }
    }

    #[test]
    fn a_number_is_the_same_whatever_stands_before_its_fraction() {
        let point = Numbers::default();
        for text in [
            "1",
            "1.0",
            "1.00",
            "+1.0",
            "-99.50",
            "\u{2212}99.5",
            "0.5",
            "5.",
            ".5",
            "1e0",
            "1.5e3",
            "01",
            "1.0 h",
            "x",
        ] {
            let with_a_comma = text.replace('.', ",");
            assert_eq!(COMMA.parse(&with_a_comma), point.parse(text), "{text}");
            if text.contains('.') {
                assert_eq!((COMMA.parse(text), point.parse(&with_a_comma)), (None, None), "{text}");
            }
        }
    }

    #[test]
    fn products_are_exact() {
        assert_eq!(times("0.2", Decimal::from(100)).as_deref(), Some("20"));
        assert_eq!(times("x", Decimal::from(100)), None);
    }
}
