//! What the first pass keeps of the records of a log, so that those need not be read again.
//!
//! Of each line stands the number of its gist; different gists are kept once. Where there are too many, a line is read again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::log::UnknownKeys;

/// In place of the number of a gist: the record has to be read again.
pub(super) const AGAIN: u16 = u16::MAX;

/// In place of the number of a gist: the line is no record.
pub(super) const NO_RECORD: u16 = u16::MAX - 1;

/// How many different gists are kept.
const MOST: u16 = NO_RECORD - 1;

/// How many bytes all of them have.
const MOST_BYTES: usize = 1 << 20;

/// What is kept of a block.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// For each line the number of a gist, or what stands in its place.
    pub(super) lines: Box<[u16]>,
    /// Which lines surely have to be read again, each by its place among the lines, with where it begins and how long it is;
    /// empty where so many have to that the block is better read as a whole.
    pub(super) places: Box<[Line]>,
    /// The keys of those of which there is a gist that no field asks for.
    pub(super) unknown: UnknownKeys,
}

/// Where a line stands: its place among those of its block, where it begins, and how long it is.
pub(super) type Line = (u32, u64, u32);

/// Of how many lines of a block one may be read by itself.
const ONE_IN: usize = 20;

impl Kept {
    /// Keeps what there is of a block; `places`: of the lines that have to be read again.
    pub(super) fn new(lines: Box<[u16]>, places: Vec<Line>, unknown: UnknownKeys) -> Self {
        let are_few = places.len() * ONE_IN <= lines.len();
        let places = if are_few { places.into_boxed_slice() } else { Box::default() };
        Self { lines, places, unknown }
    }

    /// Gives where a line stands, if it is known.
    pub(super) fn place(&self, line: usize) -> Option<(usize, usize)> {
        let at = self.places.binary_search_by_key(&line, |(line, ..)| *line as usize).ok()?;
        let (_, start, length) = self.places.get(at)?;
        Some((usize::try_from(*start).ok()?, *length as usize))
    }
}

/// All different gists.
#[derive(Debug, Default)]
pub(super) struct Gists {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    numbers: HashMap<Box<[u8]>, u16>,
    bytes: usize,
}

impl Gists {
    /// Gives the number of a gist; [`AGAIN`] where there is no room for another.
    fn number(&self, gist: &[u8]) -> u16 {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = known.numbers.get(gist) {
            return *number;
        }
        let next = u16::try_from(known.numbers.len()).unwrap_or(AGAIN);
        if next > MOST || known.bytes + gist.len() > MOST_BYTES {
            return AGAIN;
        }
        known.bytes += gist.len();
        known.numbers.insert(gist.into(), next);
        next
    }

    /// Gives all gists, by their numbers.
    pub(super) fn close(self) -> Vec<Box<[u8]>> {
        let known = self.known.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<(u16, Box<[u8]>)> = known.numbers.into_iter().map(|(gist, number)| (number, gist)).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, gist)| gist).collect()
    }
}

/// The numbers of gists that one worker has met.
#[derive(Debug, Default)]
pub(super) struct Met(HashMap<Box<[u8]>, u16>);

impl Met {
    /// Gives the number of a gist; [`AGAIN`] where there is no room for another.
    pub(super) fn number(&mut self, gist: &[u8], gists: &Gists) -> u16 {
        if let Some(number) = self.0.get(gist) {
            return *number;
        }
        let number = gists.number(gist);
        if number != AGAIN {
            self.0.insert(gist.into(), number);
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_gists_have_one_number_and_others_have_others() {
        let gists = Gists::default();
        let (mut one, mut other) = (Met::default(), Met::default());
        let numbers = [(&b"a"[..]), b"b", b"a"].map(|gist| one.number(gist, &gists));
        assert_eq!(numbers, [0, 1, 0]);
        assert_eq!([(&b"c"[..]), b"b"].map(|gist| other.number(gist, &gists)), [2, 1]);
        assert_eq!(gists.close(), [(&b"a"[..]).into(), (&b"b"[..]).into(), Box::<[u8]>::from(&b"c"[..])]);
    }

    #[test]
    fn where_there_is_no_room_the_record_is_read_again() {
        let gists = Gists::default();
        let mut met = Met::default();
        let long = vec![0; MOST_BYTES - 1];
        assert_eq!(met.number(&long, &gists), 0);
        assert_eq!([(&b"a"[..]), b"b", b"a"].map(|gist| met.number(gist, &gists)), [1, AGAIN, 1]);
        let gists = Gists::default();
        let numbers: Vec<u16> = (0..70_000u32).map(|gist| met.number(&gist.to_le_bytes(), &gists)).collect();
        assert_eq!(numbers.iter().filter(|number| **number == AGAIN).count(), 70_000 - usize::from(MOST) - 1);
        assert!(!numbers.contains(&NO_RECORD));
    }
}
