//! Whether a report says letter for letter what it says when it is written again.
//!
//! Takes the report of then, and is written to as a file would be; gives the first place at which they part. Pseudonyms
//! that were drawn under another key count as the same if each stands wherever the other does.

use std::collections::{HashMap, HashSet};
use std::io::{self, Read, Write};

use super::super::identities::{PSEUDONYM_LENGTH, is_pseudonym};

/// How much is held back until it is compared: a token that may differ is longer than a letter.
const BLOCK: usize = 1 << 16;

/// The length of a fingerprint: of a SHA-256 in hexadecimal.
const FINGERPRINT_LENGTH: usize = 64;

/// How many letters are shown before the place at which reports part, and from it on.
const SHOWN: (usize, usize) = (40, 60);

/// What in a report depends on the key of its pseudonyms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyed {
    /// Nothing that differs: the key is that of the report, or it was none.
    Nothing,
    /// Pseudonyms.
    Pseudonyms,
    /// Pseudonyms and fingerprints.
    Fingerprints,
}

/// Where a report parts from what is written again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parting {
    /// The line of the report, from 1.
    pub line: usize,
    /// What the report says there.
    pub then: String,
    /// What is written there now.
    pub now: String,
}

/// Compares what is written to it with a report of earlier.
pub struct Compared<R> {
    report: R,
    keyed: Keyed,
    /// What was written and the report, from the same letter on, as far as they are not done with.
    now: Vec<u8>,
    then: Vec<u8>,
    /// How many of these are compared; they are kept to be shown.
    done: usize,
    line: usize,
    /// Which pseudonym of then stands for which of now, and those that stand for one.
    names: HashMap<Vec<u8>, Vec<u8>>,
    taken: HashSet<Vec<u8>>,
    parting: Option<Parting>,
}

impl<R: Read> Compared<R> {
    /// Begins at the beginning of a report.
    pub fn new(report: R, keyed: Keyed) -> Self {
        Self {
            report,
            keyed,
            now: Vec::new(),
            then: Vec::new(),
            done: 0,
            line: 1,
            names: HashMap::new(),
            taken: HashSet::new(),
            parting: None,
        }
    }

    /// Gives where the two part; nothing: the report says the same from beginning to end.
    pub fn finish(mut self) -> io::Result<Option<Parting>> {
        self.settle(self.now.len())?;
        if self.parting.is_none() {
            self.read_until(self.now.len() + SHOWN.1)?;
            if self.then.len() > self.now.len() {
                self.part(self.now.len());
            }
        }
        Ok(self.parting)
    }

    /// Reads the report as far as so many letters are held of it, or to its end.
    fn read_until(&mut self, length: usize) -> io::Result<()> {
        let wanted = length.saturating_sub(self.then.len()) as u64;
        self.report.by_ref().take(wanted).read_to_end(&mut self.then).map(|_| ())
    }

    /// Compares all that begins before a place.
    fn settle(&mut self, until: usize) -> io::Result<()> {
        if self.parting.is_some() {
            return Ok(());
        }
        self.read_until(self.now.len())?;
        while self.done < until {
            match self.same_at(self.done) {
                Some(length) => {
                    self.line += usize::from(self.now.get(self.done) == Some(&b'\n'));
                    self.done += length;
                }
                None => {
                    self.part(self.done);
                    return Ok(());
                }
            }
        }
        let shown = self.done.saturating_sub(SHOWN.0);
        self.now.drain(..shown);
        self.then.drain(..shown);
        self.done -= shown;
        Ok(())
    }

    /// Gives how many letters from a place on say the same; nothing if they do not.
    fn same_at(&mut self, at: usize) -> Option<usize> {
        let now = self.now.get(at..)?;
        let length = keyed_length(now, self.keyed);
        if length == 1 {
            return (now.first() == self.then.get(at)).then_some(1);
        }
        let (now, then) = (now.get(..length)?, self.then.get(at..at + length)?);
        if keyed_length(then, self.keyed) != length || now.first() != then.first() && length == PSEUDONYM_LENGTH {
            return None;
        }
        let stands = match self.names.get(now) {
            Some(known) => known == then,
            None => {
                self.names.insert(now.to_vec(), then.to_vec());
                self.taken.insert(then.to_vec())
            }
        };
        stands.then_some(length)
    }

    fn part(&mut self, at: usize) {
        let shown = |text: &[u8]| {
            let from = text
                .get(..at)
                .and_then(|before| before.iter().rposition(|byte| *byte == b'\n'))
                .map_or(0, |end| end + 1);
            let from = from.max(at.saturating_sub(SHOWN.0)).min(text.len());
            let rest = text.get(from..(at + SHOWN.1).min(text.len())).unwrap_or_default();
            let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
            String::from_utf8_lossy(line).trim_matches('\u{FFFD}').trim().to_owned()
        };
        self.parting = Some(Parting { line: self.line, then: shown(&self.then), now: shown(&self.now) });
    }
}

impl<R: Read> Write for Compared<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.parting.is_none() {
            self.now.extend_from_slice(bytes);
            if self.now.len() > BLOCK {
                // What a token could still go on in waits.
                self.settle(self.now.len() - SHOWN.1.max(FINGERPRINT_LENGTH))?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Gives the length of the token with which a text begins, if that depends on a key, and otherwise 1.
fn keyed_length(text: &[u8], keyed: Keyed) -> usize {
    let is_fingerprint = |token: &[u8]| token.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    match keyed {
        Keyed::Nothing => 1,
        _ if text.get(..PSEUDONYM_LENGTH).is_some_and(is_pseudonym) => PSEUDONYM_LENGTH,
        Keyed::Fingerprints if text.get(..FINGERPRINT_LENGTH).is_some_and(is_fingerprint) => FINGERPRINT_LENGTH,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(then: &str, now: &str, keyed: Keyed) -> Option<Parting> {
        let mut compared = Compared::new(then.as_bytes(), keyed);
        for part in now.as_bytes().chunks(7) {
            compared.write_all(part).unwrap();
        }
        compared.finish().unwrap()
    }

    #[test]
    fn the_first_letter_that_differs_is_found_with_its_line() {
        let long = "all is well\n".repeat(20_000);
        for keyed in [Keyed::Nothing, Keyed::Pseudonyms, Keyed::Fingerprints] {
            assert_eq!(compare(&long, &long, keyed), None);
            let parting = compare(&format!("{long}is ill\nend"), &format!("{long}is well\nend"), keyed).unwrap();
            assert_eq!(parting, Parting { line: 20_001, then: "is ill".to_owned(), now: "is well".to_owned() });
        }
        assert!(compare("one\ntwo", "one\n", Keyed::Nothing).is_some(), "the report goes on");
        assert!(compare("one\n", "one\ntwo", Keyed::Nothing).is_some(), "the report ends early");
        assert!(compare("", "", Keyed::Nothing).is_none());
    }

    #[test]
    fn pseudonyms_under_another_key_are_the_same_where_each_stands_for_one() {
        let (a, b, c) = ("P-AAAAA-BBBBB", "P-CCCCC-DDDDD", "P-00000-11111");
        let said = |one: &str, other: &str| format!("{one} was led by {other}, and {one} failed");
        let now = said(a, b);
        assert_eq!(compare(&said(b, c), &now, Keyed::Pseudonyms), None);
        assert!(compare(&said(b, c), &now, Keyed::Nothing).is_some());
        assert!(compare(&said(b, b), &now, Keyed::Pseudonyms).is_some(), "two became one");
        assert!(compare(&format!("{b} was led by {c}, and {a} failed"), &now, Keyed::Pseudonyms).is_some());
        assert!(compare(&said("E-CCCCC-DDDDD", c), &now, Keyed::Pseudonyms).is_some(), "an episode is nobody");
        let print = |digit: &str| digit.repeat(64);
        assert_eq!(compare(&print("a"), &print("7"), Keyed::Fingerprints), None);
        assert!(compare(&print("a"), &print("7"), Keyed::Pseudonyms).is_some());
    }
}
