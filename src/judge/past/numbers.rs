//! Keys by number. Most are short, and stand in the table itself: to look one up takes one look into memory, not three.

use std::collections::HashMap;

/// The number of each key, in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    short: HashMap<u128, u32>,
    long: HashMap<Box<str>, u32>,
}

impl Numbers {
    /// Gives the number of a key; one that is new gets the next.
    pub(super) fn of(&mut self, key: &str) -> u32 {
        let next = self.count();
        if let Some(packed) = packed(key) {
            return *self.short.entry(packed).or_insert(next);
        }
        if let Some(number) = self.long.get(key) {
            return *number;
        }
        self.long.insert(key.into(), next);
        next
    }

    /// Gives how many keys there are.
    pub(super) fn count(&self) -> u32 {
        u32::try_from(self.short.len() + self.long.len()).unwrap_or(u32::MAX)
    }
}

/// Gives a key of at most fifteen bytes as a number, with its length in the first byte, so that no two are the same.
fn packed(key: &str) -> Option<u128> {
    let mut bytes = [0; 16];
    let (length, rest) = bytes.split_first_mut()?;
    rest.get_mut(..key.len())?.copy_from_slice(key.as_bytes());
    *length = u8::try_from(key.len()).ok()?;
    Some(u128::from_ne_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_have_one_number_and_others_have_others() {
        let mut numbers = Numbers::default();
        let keys = ["", "a", "a\0", "b", "fifteen bytes..", "sixteen bytes...", "ö", "sixteen bytes..!", "\0"];
        for _ in 0..2 {
            let given = keys.map(|key| numbers.of(key));
            assert_eq!(given, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
        }
        assert_eq!(numbers.count(), 9);
    }
}
