//! What a history clause comes to: a range of exact fractions, and how it compares.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::policy::{Relation, Value};

use super::truth::Truth;

/// A quantity over earlier records, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// Nothing is known of it: the episode that asks has no key, or no time.
    Unknown,
    /// It has no value: an average or a share of no episodes.
    NoValue,
    /// It lies between two bounds, both included.
    Between(Bound, Bound),
}

/// A bound of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// less than every number
    Lowest,
    /// a fraction
    At(Ratio),
    /// greater than every number
    Highest,
}

/// An exact sum over a number of records: an average, a share, or with `of` one a plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// The sum.
    pub sum: Exact,
    /// Over how many.
    pub of: u64,
}

/// A decimal number without rounding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exact {
    /// The digits.
    pub mantissa: i128,
    /// How many of them stand after the point.
    pub scale: u32,
}

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };

    /// Gives a number as it stands.
    pub fn of(number: Decimal) -> Self {
        let number = number.normalize();
        Self { mantissa: number.mantissa(), scale: number.scale() }
    }

    /// Gives a whole number.
    pub fn whole(number: i128) -> Self {
        Self { mantissa: number, scale: 0 }
    }

    /// Adds without rounding; `None` where the digits would not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let mantissa = self.at_scale(scale)?.checked_add(other.at_scale(scale)?)?;
        Some(Self { mantissa, scale })
    }

    /// Subtracts without rounding.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { mantissa: other.mantissa.checked_neg()?, ..other })
    }

    /// Gives the digits if so many of them stand after the point; `None` where that are too few, or too many for all.
    pub(super) fn at_scale(self, scale: u32) -> Option<i128> {
        self.mantissa.checked_mul(10i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }

    /// Compares with another number.
    pub fn compare(self, other: Self) -> Ordering {
        Ratio { sum: self, of: 1 }.compare(other)
    }
}

impl Ratio {
    /// Gives a plain number.
    pub fn number(sum: Exact) -> Self {
        Self { sum, of: 1 }
    }

    /// Compares with a number by cross-multiplication.
    pub fn compare(self, other: Exact) -> Ordering {
        let (left, right) = (self.sum.mantissa, other.mantissa);
        if self.of == 1 && self.sum.scale == other.scale {
            return left.cmp(&right);
        }
        if left.signum() != right.signum() {
            return left.signum().cmp(&right.signum());
        }
        // left · 10^other.scale against right · of · 10^self.scale
        let one = product(left.unsigned_abs(), power(other.scale));
        let two = product(right.unsigned_abs().saturating_mul(u128::from(self.of)), power(self.sum.scale));
        if left < 0 { two.cmp(&one) } else { one.cmp(&two) }
    }

    /// Compares two fractions; the sums of records are small enough for it.
    pub fn cmp_ratio(self, other: Self) -> Ordering {
        let (left, right) = (self.sum.mantissa, other.sum.mantissa);
        if left.signum() != right.signum() {
            return left.signum().cmp(&right.signum());
        }
        let side = |sum: Exact, of: u64, scale: u32| {
            product(sum.mantissa.unsigned_abs().saturating_mul(u128::from(of)), power(scale))
        };
        let (one, two) = (side(self.sum, other.of, other.sum.scale), side(other.sum, self.of, self.sum.scale));
        if left < 0 { two.cmp(&one) } else { one.cmp(&two) }
    }
}

fn power(scale: u32) -> u128 {
    10u128.checked_pow(scale).unwrap_or(u128::MAX)
}

/// Multiplies in full: the high and the low half.
fn product(one: u128, two: u128) -> (u128, u128) {
    const HALF: u128 = u64::MAX as u128;
    let (a, b) = (one >> 64, one & HALF);
    let (c, d) = (two >> 64, two & HALF);
    let low = b * d;
    let (middle, carried) = (a * d).overflowing_add(b * c);
    let (low, carry) = low.overflowing_add(middle << 64);
    (a * c + (middle >> 64) + (u128::from(carried) << 64) + u128::from(carry), low)
}

impl Bound {
    /// Gives a whole number as a bound.
    pub fn whole(number: i128) -> Self {
        Self::At(Ratio::number(Exact::whole(number)))
    }

    fn compare(self, other: Exact) -> Ordering {
        match self {
            Self::Lowest => Ordering::Less,
            Self::At(ratio) => ratio.compare(other),
            Self::Highest => Ordering::Greater,
        }
    }
}

impl Measured {
    /// Gives a quantity that is known.
    pub fn exactly(ratio: Ratio) -> Self {
        Self::Between(Bound::At(ratio), Bound::At(ratio))
    }

    /// Gives a count between two numbers.
    pub fn count(low: i64, high: i64) -> Self {
        Self::Between(Bound::whole(i128::from(low)), Bound::whole(i128::from(high)))
    }

    /// Compares with a value: true or false if so for the whole range, else unknown.
    pub fn compare(self, relation: Relation, value: &Value) -> Truth {
        let (Self::Between(low, high), Some(bound)) = (self, number_of(value)) else { return Truth::Unknown };
        let (low, high) = (low.compare(bound), high.compare(bound));
        let all_or_none = |all: bool, none: bool| match (all, none) {
            (true, _) => Truth::True,
            (_, true) => Truth::False,
            _ => Truth::Unknown,
        };
        match relation {
            Relation::AtLeast => all_or_none(low != Ordering::Less, high == Ordering::Less),
            Relation::Above => all_or_none(low == Ordering::Greater, high != Ordering::Greater),
            Relation::AtMost => all_or_none(high != Ordering::Greater, low == Ordering::Greater),
            Relation::Below => all_or_none(high == Ordering::Less, low != Ordering::Less),
            Relation::Is => all_or_none(
                low == Ordering::Equal && high == Ordering::Equal,
                low == Ordering::Greater || high == Ordering::Less,
            ),
            Relation::Before | Relation::After => Truth::Unknown,
        }
    }
}

/// Gives the number that a value stands for among quantities: durations in nanoseconds.
pub(super) fn number_of(value: &Value) -> Option<Exact> {
    match value {
        Value::Number(number) | Value::Percent(number) => Some(Exact::of(*number)),
        Value::Duration(duration) => Some(Exact::whole(duration.as_nanos())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::of(text.parse().unwrap())
    }

    #[test]
    fn fractions_compare_exactly() {
        let third = Ratio { sum: exact("1"), of: 3 };
        assert_eq!(third.compare(exact("0.3333333333333333333333333333")), Ordering::Greater);
        assert_eq!(third.compare(exact("0.3333333333333333333333333334")), Ordering::Less);
        assert_eq!(Ratio { sum: exact("-2"), of: 4 }.compare(exact("-0.5")), Ordering::Equal);
        assert_eq!(Ratio { sum: exact("-2"), of: 3 }.compare(exact("-0.5")), Ordering::Less);
        assert_eq!(Ratio { sum: exact("7.5"), of: 3 }.cmp_ratio(Ratio { sum: exact("5"), of: 2 }), Ordering::Equal);
        let long = exact("9999999999999999999999999999");
        assert_eq!(
            Ratio { sum: long, of: u64::MAX }.compare(exact("0.0000000000000000000000000001")),
            Ordering::Greater
        );
    }

    #[test]
    fn sums_do_not_round() {
        let sum = exact("10000000000000000000").plus(exact("0.000000000000000001")).unwrap();
        assert_eq!(
            sum.minus(exact("10000000000000000000")).unwrap().compare(exact("0.000000000000000001")),
            Ordering::Equal
        );
        assert_eq!(exact("9999999999999999999999999999").plus(exact("0.0000000000000000000000000001")), None);
    }

    #[test]
    fn a_range_compares_if_all_of_it_does() {
        let two_or_three = Measured::count(2, 3);
        let ask = |relation, number: i64| two_or_three.compare(relation, &Value::Number(number.into()));
        assert_eq!(ask(Relation::AtLeast, 2), Truth::True);
        assert_eq!(ask(Relation::AtLeast, 3), Truth::Unknown);
        assert_eq!(ask(Relation::AtLeast, 4), Truth::False);
        assert_eq!(ask(Relation::Above, 3), Truth::False);
        assert_eq!(ask(Relation::AtMost, 2), Truth::Unknown);
        assert_eq!(ask(Relation::Below, 2), Truth::False);
        assert_eq!(ask(Relation::Is, 2), Truth::Unknown);
        assert_eq!(ask(Relation::Is, 4), Truth::False);
        assert_eq!(Measured::NoValue.compare(Relation::AtMost, &Value::Number(1.into())), Truth::Unknown);
        let at_least = Measured::Between(Bound::whole(3), Bound::Highest);
        assert_eq!(at_least.compare(Relation::AtLeast, &Value::Number(3.into())), Truth::True);
        assert_eq!(at_least.compare(Relation::AtMost, &Value::Number(100.into())), Truth::Unknown);
    }
}
