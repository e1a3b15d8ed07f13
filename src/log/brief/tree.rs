//! The keys of records as a tree, which learns in what order they follow each other.
//!
//! Records of one log are mostly of one shape. So each key remembers which one came behind it, and the next record is compared
//! with that before anything is looked up.

use std::collections::{HashMap, HashSet};

/// The most keys that are told apart; a log with more has keys made of data.
const MOST_KEYS: usize = 4_096;

/// The longest path that is told.
const LONGEST_PATH: usize = 1_024;

/// No key.
pub(super) const NONE: u32 = u32::MAX;

/// The record itself, around all keys.
pub(super) const ROOT: u32 = 0;

/// What stands under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Values of fields: the readers from one to another.
    Fields { from: u32, to: u32 },
    /// A group around fields.
    Group,
    /// Nothing that anybody asks for.
    Unknown,
    /// Something that only the reader of records can tell.
    Beyond,
}

/// A key below a group.
#[derive(Debug)]
pub(super) struct Key {
    /// As it is written, with its quotation marks, and the colon behind it.
    written: Box<[u8]>,
    /// The first sixteen bytes of that as one number, and which bits of it are its own.
    begins: u128,
    own: u128,
    pub(super) path: String,
    pub(super) meaning: Meaning,
    /// The number of the path: the same for `a.b` and for `b` in `a`.
    pub(super) number: u32,
    /// The key that is expected first below it, and behind it.
    first: u32,
    next: u32,
    below: HashMap<Box<[u8]>, u32>,
}

impl Key {
    /// Gives how many bytes it has as it is written.
    pub(super) fn written_length(&self) -> usize {
        self.written.len().saturating_sub(1)
    }
}

/// What the vocabularies of an audit ask for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The readers of each path.
    pub(super) fields: HashMap<String, (u32, u32)>,
    pub(super) groups: HashSet<String>,
}

#[derive(Debug)]
pub(super) struct Tree {
    asked: Asked,
    keys: Vec<Key>,
    numbers: HashMap<String, u32>,
}

impl Tree {
    pub(super) fn new(asked: Asked) -> Self {
        let root = Key {
            written: Box::default(),
            begins: 0,
            own: 0,
            path: String::new(),
            meaning: Meaning::Group,
            number: NONE,
            first: NONE,
            next: NONE,
            below: HashMap::new(),
        };
        Self { asked, keys: vec![root], numbers: HashMap::new() }
    }

    #[inline]
    pub(super) fn key(&self, key: u32) -> Option<&Key> {
        self.keys.get(key as usize)
    }

    /// Gives the key that is expected behind another, or first in a group, if that and a colon are what stands here; and how many
    /// bytes both have.
    #[inline]
    pub(super) fn expected(&self, group: u32, before: u32, rest: &[u8]) -> Option<(u32, usize)> {
        let guess = if before == NONE { self.key(group)?.first } else { self.key(before)?.next };
        let key = self.key(guess)?;
        let length = key.written.len();
        let is_it = match rest.first_chunk::<16>() {
            Some(bytes) if length <= 16 => u128::from_le_bytes(*bytes) & key.own == key.begins,
            _ => rest.get(..length)? == &*key.written,
        };
        is_it.then_some((guess, length))
    }

    /// Finds a key below a group as it is written, and expects it there from now on.
    pub(super) fn find(&mut self, group: u32, before: u32, written: &[u8]) -> Option<u32> {
        let known = self.key(group)?.below.get(written).copied();
        let found = match known {
            Some(known) => known,
            None => self.add(group, written)?,
        };
        let expects = if before == NONE { group } else { before };
        let key = self.keys.get_mut(expects as usize)?;
        if before == NONE {
            key.first = found;
        } else {
            key.next = found;
        }
        Some(found)
    }

    fn add(&mut self, group: u32, written: &[u8]) -> Option<u32> {
        let name = std::str::from_utf8(written.get(1..written.len().checked_sub(1)?)?).ok()?;
        let around = self.key(group)?;
        let path = if group == ROOT { name.to_owned() } else { format!("{}.{name}", around.path) };
        if path.len() > LONGEST_PATH || self.keys.len() >= MOST_KEYS {
            return None;
        }
        let meaning = self.meaning(&path);
        let next_number = u32::try_from(self.numbers.len()).ok()?;
        let number = *self.numbers.entry(path.clone()).or_insert(next_number);
        let at = u32::try_from(self.keys.len()).ok()?;
        self.keys.get_mut(group as usize)?.below.insert(written.into(), at);
        let written = [written, b":"].concat();
        let (begins, own) = first_sixteen(&written);
        let (written, below) = (written.into(), HashMap::new());
        self.keys.push(Key { written, begins, own, path, meaning, number, first: NONE, next: NONE, below });
        Some(at)
    }

    /// Gives what stands under a path.
    pub(super) fn meaning(&self, path: &str) -> Meaning {
        let is_group = self.asked.groups.contains(path);
        let mut around = path.match_indices('.').filter_map(|(at, _)| path.get(..at));
        let is_below_a_field = around.any(|group| self.asked.fields.contains_key(group));
        match self.asked.fields.get(path) {
            _ if is_below_a_field => Meaning::Beyond,
            Some(_) if is_group => Meaning::Beyond,
            Some((from, to)) => Meaning::Fields { from: *from, to: *to },
            None if is_group => Meaning::Group,
            None => Meaning::Unknown,
        }
    }

    /// Gives how many paths there are.
    pub(super) fn paths(&self) -> usize {
        self.numbers.len()
    }
}

/// Gives the first sixteen bytes as one number, the first byte lowest, and which bits of it are bytes that there are.
fn first_sixteen(written: &[u8]) -> (u128, u128) {
    let bytes = written.iter().take(16).zip((0..).step_by(8));
    bytes.fold((0, 0), |(begins, own), (byte, shift)| (begins | u128::from(*byte) << shift, own | 0xFF << shift))
}
