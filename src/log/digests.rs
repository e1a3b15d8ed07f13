//! Digests of ids, by which those that stand once are told from those that may not, in little memory.
//!
//! Ids of one log mostly count up. So the digest of an id is the digest of what stands before its last digits, plus the number that
//! these are: ids that count up have digests that do, and of those the first and the last are kept. Any other id takes eight
//! bytes. Different ids may have the same digest, so that what is suspected has to be looked up in the log.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// How many digests lie side by side.
const MOST_IN_PART: usize = 1 << 16;

/// Shelves are told apart by the first six bits.
const SHELVES: u64 = 64;

/// So many bits stand behind these.
const SHIFT: u32 = 58;

/// So many digits are a number that surely has room.
const MOST_DIGITS: usize = 18;

/// Digests that count up: the first and the last.
type Run = (u64, u64);

/// Gathers the digest of each id.
#[derive(Debug, Default)]
pub struct IdDigests {
    /// Those of ids that stand by themselves.
    parts: Vec<Vec<u64>>,
    runs: Vec<Run>,
    /// What the next id may count on from.
    open: Option<Run>,
}

/// The digests of ids that may stand more than once.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Suspects {
    alone: HashSet<u64>,
    /// In order, and none of them touches another.
    runs: Vec<Run>,
}

impl IdDigests {
    /// Adds an id.
    pub fn add(&mut self, id: &[u8]) {
        let digest = Self::digest(id);
        self.add_run((digest, digest));
    }

    /// Takes over the digests of the part of the log that follows.
    pub fn absorb(&mut self, mut other: Self) {
        other.close();
        other.runs.into_iter().for_each(|run| self.add_run(run));
        for mut part in other.parts {
            match self.parts.last_mut().filter(|known| known.len() + part.len() <= MOST_IN_PART) {
                Some(known) => known.append(&mut part),
                None => {
                    part.reserve_exact(MOST_IN_PART.saturating_sub(part.len()));
                    self.parts.push(part);
                }
            }
        }
    }

    fn add_run(&mut self, run: Run) {
        match &mut self.open {
            Some((_, last)) if last.checked_add(1) == Some(run.0) => *last = run.1,
            _ => {
                self.close();
                self.open = Some(run);
            }
        }
    }

    /// Puts away what was counted up to here.
    fn close(&mut self) {
        match self.open.take() {
            Some((first, last)) if first == last => self.add_alone(first),
            Some(run) => self.runs.push(run),
            None => {}
        }
    }

    fn add_alone(&mut self, digest: u64) {
        match self.parts.last_mut().filter(|part| part.len() < MOST_IN_PART) {
            Some(part) => part.push(digest),
            None => self.parts.push(vec![digest]),
        }
    }

    /// Gives the digests of ids that may stand more than once.
    pub fn suspects(mut self) -> Suspects {
        self.close();
        self.runs.sort_unstable();
        let (covered, runs) = overlaps(&self.runs);
        let mut alone = HashSet::new();
        for part in &mut self.parts {
            alone.extend(part.iter().filter(|digest| is_within(&covered, **digest)));
            part.sort_unstable();
        }
        self.add_repeated(&mut alone);
        Suspects { alone, runs }
    }

    /// Finds what stands more than once among ids that stand by themselves; shelf by shelf, so that little has to be copied.
    fn add_repeated(&self, repeated: &mut HashSet<u64>) {
        let mut shelf = Vec::new();
        for first in 0..SHELVES {
            shelf.clear();
            for part in &self.parts {
                let begin = part.partition_point(|digest| digest >> SHIFT < first);
                let own = part.get(begin..).unwrap_or_default();
                let length = own.partition_point(|digest| digest >> SHIFT == first);
                shelf.extend_from_slice(own.get(..length).unwrap_or_default());
            }
            // What is sorted in parts is sorted fast by this one.
            shelf.sort();
            repeated.extend(shelf.windows(2).filter(|pair| pair.first() == pair.last()).flatten());
        }
    }

    /// Gives the digest of an id.
    pub fn digest(id: &[u8]) -> u64 {
        let digits = id.iter().rev().take(MOST_DIGITS).take_while(|byte| byte.is_ascii_digit()).count();
        let (before, digits) = id.split_at_checked(id.len() - digits).unwrap_or((id, &[]));
        let number = digits.iter().fold(0, |number: u64, digit| number * 10 + u64::from(digit - b'0'));
        // `EP-7` and `EP-07` are two ids.
        BuildHasherDefault::<DefaultHasher>::default().hash_one((before, digits.len())).wrapping_add(number)
    }
}

impl Suspects {
    /// Says whether no id stands more than once.
    pub fn is_empty(&self) -> bool {
        self.alone.is_empty() && self.runs.is_empty()
    }

    /// Says whether an id may stand more than once.
    pub fn has(&self, id: &[u8]) -> bool {
        let digest = IdDigests::digest(id);
        self.alone.contains(&digest) || is_within(&self.runs, digest)
    }
}

/// Gives what some runs cover, and what more than one of them covers: each in order, and none touches another.
fn overlaps(sorted: &[Run]) -> (Vec<Run>, Vec<Run>) {
    let (mut covered, mut twice): (Vec<Run>, Vec<Run>) = (Vec::new(), Vec::new());
    for (first, last) in sorted {
        match covered.last_mut() {
            Some((_, reach)) if *first <= *reach => {
                join(&mut twice, (*first, *last.min(reach)));
                *reach = *last.max(reach);
            }
            _ => covered.push((*first, *last)),
        }
    }
    (covered, twice)
}

/// Adds a run that begins no earlier than those before it.
fn join(runs: &mut Vec<Run>, (first, last): Run) {
    match runs.last_mut() {
        Some((_, reach)) if first <= *reach => *reach = last.max(*reach),
        _ => runs.push((first, last)),
    }
}

fn is_within(runs: &[Run], digest: u64) -> bool {
    let behind = runs.partition_point(|(first, _)| *first <= digest);
    let run = behind.checked_sub(1).and_then(|at| runs.get(at));
    run.is_some_and(|(_, last)| digest <= *last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_stand_twice_are_suspected_in_whatever_part() {
        let (mut one, mut other) = (IdDigests::default(), IdDigests::default());
        for number in 0..100_000 {
            one.add(format!("EP-{number}").as_bytes());
            other.add(format!("EQ-{number}").as_bytes());
        }
        other.add(b"EP-7");
        one.absorb(other);
        assert!(
            one.runs.len() < 20 && one.parts.iter().map(Vec::len).sum::<usize>() < 20,
            "ids that count up are runs"
        );
        let suspects = one.suspects();
        assert!(suspects.has(b"EP-7"));
        assert!(!suspects.has(b"EP-8") && !suspects.has(b"EQ-7") && !suspects.has(b"EP-07"));
    }

    #[test]
    fn what_is_suspected_is_what_stands_twice_in_whatever_order() {
        let mut state = 3_u64;
        let mut draw = move |most: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % most
        };
        for round in 0..400 {
            let (mut digests, mut times) = (IdDigests::default(), std::collections::BTreeMap::new());
            for _ in 0..draw(8) {
                let mut part = IdDigests::default();
                let (first, count, kind) = (draw(60), draw(20), draw(4));
                for number in first..first + count {
                    let id = match kind {
                        0 => format!("EP-{number}"),
                        1 => format!("EP-{number:04}"),
                        2 => format!("{number}/x"),
                        _ => format!("EP-{}", number * 2),
                    };
                    part.add(id.as_bytes());
                    *times.entry(id).or_insert(0) += 1;
                }
                digests.absorb(part);
            }
            let suspects = digests.suspects();
            for (id, times) in &times {
                assert_eq!(suspects.has(id.as_bytes()), *times > 1, "{id} in round {round}");
            }
            assert_eq!(suspects.is_empty(), times.values().all(|times| *times == 1));
        }
    }

    #[test]
    fn long_numbers_and_no_numbers_are_ids_as_well() {
        for (one, other) in
            [("9".repeat(18), "9".repeat(19)), (String::new(), "0".to_owned()), ("a".into(), "a0".into())]
        {
            let mut digests = IdDigests::default();
            digests.add(one.as_bytes());
            digests.add(other.as_bytes());
            assert!(digests.suspects().is_empty(), "{one} {other}");
        }
    }
}
