//! What texts were found to mean, so that each is worked out once and not in every record.

/// The longest text that is remembered.
const LONGEST: usize = 48;

/// How many are remembered of one field; one takes the place of another.
const CELLS: usize = 256;

/// The numbers of texts, by the texts.
#[derive(Debug)]
pub(super) struct Memo {
    cells: Vec<Cell>,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    length: u8,
    text: [u8; LONGEST],
    number: u64,
}

impl Memo {
    pub(super) fn new() -> Self {
        Self { cells: Vec::new() }
    }

    /// Gives the number of a text, if it is remembered.
    #[inline]
    pub(super) fn get(&self, text: &[u8]) -> Option<u64> {
        let cell = self.cells.get(place(text)?)?;
        let known = cell.text.get(..usize::from(cell.length))?;
        (known == text && !text.is_empty()).then_some(cell.number)
    }

    /// Remembers the number of a text.
    pub(super) fn put(&mut self, text: &[u8], number: u64) {
        let Some(place) = place(text) else { return };
        if self.cells.is_empty() {
            self.cells = vec![Cell { length: 0, text: [0; LONGEST], number: 0 }; CELLS];
        }
        let length = u8::try_from(text.len()).unwrap_or(0);
        if let Some(cell) = self.cells.get_mut(place)
            && let Some(room) = cell.text.get_mut(..text.len())
        {
            room.copy_from_slice(text);
            (cell.length, cell.number) = (length, number);
        }
    }
}

/// Gives the cell of a text: of its first eight bytes, its last eight and its length.
#[inline]
fn place(text: &[u8]) -> Option<usize> {
    if text.len() > LONGEST {
        return None;
    }
    let (first, last) = match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (text.iter().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
    };
    let mixed = (first ^ last.rotate_left(23) ^ text.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    Some((mixed >> 56) as usize % CELLS)
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
