//! What texts were found to mean, so that each is worked out once and not in every record.

/// The longest text that is remembered.
const LONGEST: usize = 48;

/// How many are remembered of one field; one takes the place of another.
const CELLS: usize = 256;

/// The numbers of texts, by the texts.
#[derive(Debug)]
pub(super) struct Memo {
    cells: Vec<Cell>,
    /// The texts themselves, apart from what is looked at each time.
    texts: Vec<[u8; LONGEST]>,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    words: Words,
    number: u64,
}

/// The length of a text, and its first and last eight bytes: up to sixteen bytes, that is all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Words {
    length: usize,
    first: u64,
    last: u64,
}

impl Memo {
    pub(super) fn new() -> Self {
        Self { cells: Vec::new(), texts: Vec::new() }
    }

    /// Gives the number of a text, if it is remembered.
    #[inline]
    pub(super) fn get(&self, text: &[u8]) -> Option<u64> {
        let words = Words::of(text);
        let place = words.place();
        let cell = self.cells.get(place)?;
        let is_it = cell.words == words && (text.len() <= 16 || self.is_text_at(place, text));
        (is_it && !text.is_empty()).then_some(cell.number)
    }

    fn is_text_at(&self, place: usize, text: &[u8]) -> bool {
        self.texts.get(place).and_then(|known| known.get(..text.len())) == Some(text)
    }

    /// Remembers the number of a text.
    pub(super) fn put(&mut self, text: &[u8], number: u64) {
        if text.len() > LONGEST {
            return;
        }
        let words = Words::of(text);
        if self.cells.is_empty() {
            let nothing = Words { length: 0, first: 0, last: 0 };
            self.cells = vec![Cell { words: nothing, number: 0 }; CELLS];
            self.texts = vec![[0; LONGEST]; CELLS];
        }
        let place = words.place();
        if let Some(cell) = self.cells.get_mut(place)
            && let Some(room) = self.texts.get_mut(place).and_then(|known| known.get_mut(..text.len()))
        {
            room.copy_from_slice(text);
            (cell.words, cell.number) = (words, number);
        }
    }
}

impl Words {
    #[inline]
    fn of(text: &[u8]) -> Self {
        let length = text.len();
        match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            (Some(first), Some(last)) => {
                Self { length, first: u64::from_le_bytes(*first), last: u64::from_le_bytes(*last) }
            }
            _ => Self { length, first: text.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), last: 0 },
        }
    }

    /// Gives the cell of a text.
    #[inline]
    fn place(self) -> usize {
        let mixed = self.first ^ self.last.rotate_left(23) ^ self.length as u64;
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize % CELLS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_the_text_and_nothing_like_it() {
        let mut memo = Memo::new();
        let long = "x".repeat(LONGEST + 1);
        for (text, number) in [("low", 1), ("high", 2), ("[\"take_over\",\"stop\"]", 3), (long.as_str(), 4), ("", 5)] {
            memo.put(text.as_bytes(), number);
        }
        let known = ["low", "high", "[\"take_over\",\"stop\"]"].map(|text| memo.get(text.as_bytes()));
        assert_eq!(known, [Some(1), Some(2), Some(3)]);
        for other in ["lo", "low ", "", long.as_str(), "[\"take_over\",\"stoq\"]"] {
            assert_eq!(memo.get(other.as_bytes()), None, "{other}");
        }
    }
}
