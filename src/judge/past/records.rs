//! The names and places of all records, side by side: to name those that are counted.
//!
//! Of each record stands only what differs from the one before it: how far on it begins, and the end of its id. Every
//! sixteenth begins anew, so that any of them is a few steps away.

use crate::source::{SourceId, Span};

use super::OfRecord;

/// How many records are read from one that begins anew.
const BLOCK: u32 = 16;

/// The ids and the places of records, by number.
#[derive(Debug, Default)]
pub(super) struct Records {
    bytes: Vec<u8>,
    /// Where each record begins that begins anew.
    blocks: Vec<u64>,
    count: u32,
    last: Entry,
    /// The last id that was not empty, and whether each such one comes behind all before it: then none stands twice.
    greatest: Vec<u8>,
    is_mixed: bool,
}

/// One record, as the next is told by it.
#[derive(Debug, Default)]
struct Entry {
    source: u32,
    start: u64,
    id: Vec<u8>,
}

impl Records {
    /// Takes up a record, and gives its number.
    pub(super) fn add(&mut self, id: &str, place: Span) -> u32 {
        if self.count.is_multiple_of(BLOCK) {
            self.blocks.push(self.bytes.len() as u64);
            self.last = Entry::default();
        }
        let number = self.count;
        self.count = self.count.saturating_add(1);
        if !self.is_mixed && !id.is_empty() {
            self.is_mixed = id.as_bytes() <= self.greatest.as_slice();
            self.greatest.clear();
            self.greatest.extend(id.as_bytes());
        }
        self.last.write_next(id, place, &mut self.bytes);
        number
    }

    /// Gives the name and the place of a record.
    pub(super) fn get(&self, record: u32) -> Option<OfRecord> {
        if record >= self.count {
            return None;
        }
        let at = *self.blocks.get((record / BLOCK) as usize)?;
        let mut bytes = self.bytes.get(usize::try_from(at).ok()?..)?;
        let mut entry = Entry::default();
        for _ in 0..=record % BLOCK {
            entry.read_next(&mut bytes)?;
        }
        let start = usize::try_from(entry.start).ok()?;
        let id = String::from_utf8(entry.id).ok()?;
        Some(OfRecord { id, place: Span::new(SourceId(entry.source), start, start + 1) })
    }

    /// Gives the records that share an id with others, set by set, in their order.
    pub(super) fn sharing_an_id(&self) -> Vec<Vec<u32>> {
        if !self.is_mixed {
            return Vec::new();
        }
        let by_digest = self.by_digest();
        let alike = by_digest.chunk_by(|one, other| one >> 32 == other >> 32).filter(|records| records.len() > 1);
        let mut sets: Vec<Vec<u32>> = Vec::new();
        for records in alike {
            let mut records: Vec<(String, u32)> = records.iter().filter_map(|packed| self.named(*packed)).collect();
            records.sort();
            let same = records.chunk_by(|one, other| one.0 == other.0).filter(|set| set.len() > 1);
            sets.extend(same.map(|set| set.iter().map(|(_, record)| *record).collect::<Vec<u32>>()));
        }
        sets.sort();
        sets
    }

    /// Gives every record that has an id, sorted by a digest of it, in the upper half, with its number in the lower:
    /// comparing the ids of millions of records would take longer than judging them.
    fn by_digest(&self) -> Vec<u64> {
        let mut packed = Vec::with_capacity(self.count as usize);
        let mut bytes = self.bytes.as_slice();
        let mut entry = Entry::default();
        for record in 0..self.count {
            if record.is_multiple_of(BLOCK) {
                entry = Entry::default();
            }
            if entry.read_next(&mut bytes).is_some() && !entry.id.is_empty() {
                packed.push(digest(&entry.id) << 32 | u64::from(record));
            }
        }
        packed.sort_unstable();
        packed
    }

    fn named(&self, packed: u64) -> Option<(String, u32)> {
        let record = u32::try_from(packed & u64::from(u32::MAX)).ok()?;
        Some((self.get(record)?.id, record))
    }
}

impl Entry {
    /// Writes a record as it differs from this one, and becomes it.
    fn write_next(&mut self, id: &str, place: Span, bytes: &mut Vec<u8>) {
        let source = place.source.0;
        let moved = u64::from(source != self.source);
        if moved == 1 {
            self.start = 0;
        }
        let start = place.start as u64;
        let (back, far) = if start < self.start { (1, self.start - start) } else { (0, start - self.start) };
        write(far << 2 | back << 1 | moved, bytes);
        if moved == 1 {
            write(u64::from(source), bytes);
        }
        let shared = self.id.iter().zip(id.as_bytes()).take_while(|(one, other)| one == other).count();
        let rest = id.as_bytes().get(shared..).unwrap_or_default();
        write(shared as u64, bytes);
        write(rest.len() as u64, bytes);
        bytes.extend(rest);
        self.id.truncate(shared);
        self.id.extend(rest);
        (self.source, self.start) = (source, start);
    }

    /// Reads the record after this one, and becomes it.
    fn read_next(&mut self, bytes: &mut &[u8]) -> Option<()> {
        let first = read(bytes)?;
        if first & 1 == 1 {
            self.source = u32::try_from(read(bytes)?).ok()?;
            self.start = 0;
        }
        let far = first >> 2;
        self.start = if first & 2 == 2 { self.start.checked_sub(far)? } else { self.start.checked_add(far)? };
        let shared = usize::try_from(read(bytes)?).ok()?;
        let length = usize::try_from(read(bytes)?).ok()?;
        let (rest, left) = bytes.split_at_checked(length)?;
        *bytes = left;
        self.id.truncate(shared);
        self.id.extend(rest);
        Some(())
    }
}

/// Writes a number, seven bits a byte, the lowest first.
fn write(mut number: u64, bytes: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(number & 0x7F).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}

fn read(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Gives half a digest.
fn digest(id: &[u8]) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id) >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(source: u32, start: usize) -> Span {
        Span::new(SourceId(source), start, start + 1)
    }

    /// Ids that have much, little and nothing in common, in sources that follow and in one that comes back.
    fn some() -> Vec<(String, Span)> {
        let numbered = (0..50usize).map(|number| (format!("EP-{number}"), place(0, number * 700)));
        let odd = ["", "", "EP-7", "größer", "großer", "grün", &"x".repeat(1_000), "EP-7"];
        let odd =
            odd.iter().zip(0..).map(|(id, number)| ((*id).to_owned(), place(number % 3, 5_000_000 - number as usize)));
        numbered.chain(odd).collect()
    }

    #[test]
    fn names_and_places_are_given_back() {
        let mut records = Records::default();
        let some = some();
        let numbers: Vec<u32> = some.iter().map(|(id, place)| records.add(id, *place)).collect();
        assert_eq!(numbers, (0..58).collect::<Vec<u32>>());
        for ((id, place), number) in some.iter().zip(0..) {
            assert_eq!(records.get(number), Some(OfRecord { id: id.clone(), place: *place }));
        }
        assert_eq!(records.get(58), None);
    }

    #[test]
    fn those_that_share_an_id_are_found() {
        let mut records = Records::default();
        some().iter().for_each(|(id, place)| _ = records.add(id, *place));
        assert_eq!(records.sharing_an_id(), [[7, 52, 57]], "one without an id shares it with none");
    }

    #[test]
    fn an_id_that_stands_twice_is_found_wherever_it_stands() {
        let ids = ["a", "b", "", "c", "d"];
        let alike = |ids: &[&str]| {
            let mut records = Records::default();
            ids.iter().zip(0..).for_each(|(id, at)| _ = records.add(id, place(0, at)));
            records.sharing_an_id()
        };
        assert!(alike(&ids).is_empty());
        for again in ids.iter().filter(|id| !id.is_empty()) {
            for at in 0..=ids.len() {
                let mut more = ids.to_vec();
                more.insert(at, again);
                let places: Vec<u32> = (0..).zip(&more).filter(|(_, id)| id == &again).map(|(at, _)| at).collect();
                assert_eq!(alike(&more), [places], "{more:?}");
            }
        }
    }

    #[test]
    fn one_more_in_a_row_costs_a_few_bytes() {
        let mut records = Records::default();
        for number in 0..10_000usize {
            records.add(&format!("EP-{number}"), place(0, number * 700));
        }
        let kept = records.bytes.len() + records.blocks.len() * size_of::<u64>();
        assert!(kept < 75_000, "{kept}");
    }
}
