//! What a clause sums, record by record: eight bytes each, with a fixed number of digits after the point; what does not
//! fit so stands apart, so that nothing is rounded.

use std::collections::HashMap;

use crate::judge::measured::Exact;
use crate::policy::FieldType;

/// In place of an amount: it is not known.
const OPEN: i64 = i64::MIN;
/// In place of an amount: it stands apart.
const APART: i64 = i64::MIN + 1;

/// The amounts of records, by number; empty where nothing is summed.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    scale: u32,
    at: Vec<i64>,
    apart: HashMap<u32, Exact>,
}

/// What is known of one amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    Open,
    /// In units of the last digit after the point.
    Units(i64),
    Apart,
}

impl Amounts {
    /// Begins with no record. Durations are whole nanoseconds; other numbers have six digits after the point.
    pub(super) fn of(kind: FieldType) -> Self {
        let scale = if kind == FieldType::Duration { 0 } else { 6 };
        Self { scale, ..Self::default() }
    }

    /// Takes up the next record.
    pub(super) fn push(&mut self, value: Option<Exact>) {
        let at =
            match value.map(|value| (value, value.at_scale(self.scale).and_then(|units| i64::try_from(units).ok()))) {
                None => OPEN,
                Some((_, Some(units))) if units > APART => units,
                Some((value, _)) => {
                    self.apart.insert(u32::try_from(self.at.len()).unwrap_or(u32::MAX), value);
                    APART
                }
            };
        self.at.push(at);
    }

    /// Gives the amount of a record, as it stands here.
    pub(super) fn amount(&self, record: u32) -> Amount {
        match self.at.get(record as usize).copied() {
            None | Some(OPEN) => Amount::Open,
            Some(APART) => Amount::Apart,
            Some(units) => Amount::Units(units),
        }
    }

    /// Gives the amount of a record, if it is known.
    pub(super) fn get(&self, record: u32) -> Option<Exact> {
        match self.amount(record) {
            Amount::Open => None,
            Amount::Units(units) => Some(self.exact(i128::from(units))),
            Amount::Apart => self.apart.get(&record).copied(),
        }
    }

    /// Puts another amount in place of a record's.
    pub(super) fn set(&mut self, record: u32, value: Option<Exact>) {
        if let Some(at) = self.at.get_mut(record as usize) {
            *at = value.map_or(OPEN, |_| APART);
            self.apart.extend(value.map(|value| (record, value)));
        }
    }

    /// Gives a number of units as an amount.
    pub(super) fn exact(&self, units: i128) -> Exact {
        Exact { mantissa: units, scale: self.scale }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Range;

    fn exact(text: &str) -> Exact {
        Exact::of(text.parse().unwrap())
    }

    #[test]
    fn every_amount_is_given_back_as_it_is() {
        let texts = ["0", "-1.5", "0.000001", "0.0000001", "9000000000000", "10000000000000", "100"];
        let mut amounts = Amounts::of(FieldType::Number(Range::default()));
        texts.iter().for_each(|text| amounts.push(Some(exact(text))));
        amounts.push(None);
        for (text, record) in texts.iter().zip(0..) {
            assert!(amounts.get(record).is_some_and(|amount| amount.compare(exact(text)).is_eq()), "{text}");
        }
        assert_eq!(amounts.get(7), None);
        let apart: Vec<bool> = (0..7).map(|record| amounts.amount(record) == Amount::Apart).collect();
        assert_eq!(apart, [false, false, false, true, false, true, false]);
        amounts.set(0, Some(exact("0.5")));
        amounts.set(1, None);
        assert_eq!(
            [0, 1, 2].map(|record| amounts.get(record)),
            [Some(exact("0.5")), None, Some(Exact { mantissa: 1, scale: 6 })]
        );
    }
}
