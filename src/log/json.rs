//! Records in JSON: a list of them, one, or several after each other.
//!
//! The input is split into elements first, by brackets and quotation marks alone, so that an element that is not valid
//! spoils no other; each is then read by serde_json. An element whose brackets close is one element, and nothing in it is
//! a record. Where they do not close, the elements that follow it are known from the same look: no byte is looked at more
//! than twice.

mod elements;
mod inside;
mod object;
mod open;
mod split;

pub use elements::Elements;
pub(super) use object::record;

use std::collections::VecDeque;
use std::ops::Range;

use super::format::without_mark;
use super::limits::Limits;
use super::mapping::RecordsPath;
use super::plain::{end_of_character, text, within_size};
use super::record::{Item, Record, Unreadable};
use crate::source::{SourceId, Span};
use split::{behind, element, ends_list, skip_space, stray};

/// Reads the records of a log.
pub(super) fn read(bytes: &[u8], id: SourceId, limits: &Limits, sink: &mut dyn FnMut(Item)) {
    let at = bytes.len() - without_mark(bytes).len();
    Reader {
        bytes,
        id,
        limits,
        sink,
        at,
        ahead: VecDeque::new(),
        seen: 0,
        last_is_broken: false,
        inside: &[],
        in_document: false,
    }
    .stream();
}

/// Reads the records that lie in a list within each document, and perhaps deeper within each of its members.
pub(super) fn read_within(
    bytes: &[u8],
    id: SourceId,
    records: &RecordsPath,
    limits: &Limits,
    sink: &mut dyn FnMut(Item),
) {
    let at = bytes.len() - without_mark(bytes).len();
    let (ahead, inside) = (VecDeque::new(), records.inside.as_slice());
    Reader { bytes, id, limits, sink, at, ahead, seen: 0, last_is_broken: false, inside, in_document: true }
        .documents(&records.list);
}

struct Reader<'a> {
    bytes: &'a [u8],
    id: SourceId,
    limits: &'a Limits,
    sink: &'a mut dyn FnMut(Item),
    at: usize,
    /// The elements that are known to follow one that lacks a bracket.
    ahead: VecDeque<Range<usize>>,
    /// How far was looked for them; up to there nothing is looked for again.
    seen: usize,
    last_is_broken: bool,
    /// The keys from an element to the record that is in it; none where it is the record.
    inside: &'a [String],
    /// Whether the list lies in a document, which goes on behind it.
    in_document: bool,
}

impl Reader<'_> {
    /// Reads the list in each document, one after the other.
    fn documents(&mut self, list: &[String]) {
        while let Some(byte) = self.next_byte() {
            if byte != b'{' {
                self.garbage();
                continue;
            }
            let document = self.at;
            match inside::list(self.bytes, document, list) {
                Some(at) => {
                    self.at = at;
                    self.list();
                    self.at = inside::end(self.bytes, self.at, list.len());
                }
                None => {
                    let reason = format!("this document has no list `{}`", list.join("."));
                    self.refuse(document, document + 1, &reason);
                    self.at = inside::end(self.bytes, document, 0);
                }
            }
        }
    }

    /// Reads values one after the other; usually there is one.
    fn stream(&mut self) {
        while let Some(byte) = self.next_byte() {
            match byte {
                b'[' => self.list(),
                b'{' => self.element(),
                _ => self.garbage(),
            }
        }
    }

    fn list(&mut self) {
        let opened = self.at;
        self.at += 1;
        self.last_is_broken = false;
        while let Some(byte) = self.next_byte() {
            match byte {
                b',' => self.at += 1,
                b']' if self.ends_list() => {
                    self.at += 1;
                    return;
                }
                b'}' | b']' | b':' => {
                    let end = stray(self.bytes, self.at);
                    self.refuse(self.at, end, "a comma or the next record is expected here");
                    self.at = end;
                }
                _ => self.element(),
            }
        }
        // A file that was cut off between two records would else pass for a whole one.
        if !self.last_is_broken {
            let reason = "the list that begins here is not closed: the file may have been cut off, and records lost";
            self.refuse(opened, opened + 1, reason);
        }
    }

    /// Says whether the list can end with the bracket that stands here.
    fn ends_list(&self) -> bool {
        let next = behind(self.bytes, self.at);
        match next {
            _ if !self.in_document => ends_list(next),
            Some(b',') => behind(self.bytes, skip_space(self.bytes, self.at + 1)) == Some(b'"'),
            _ => matches!(next, None | Some(b'}')),
        }
    }

    fn next_byte(&mut self) -> Option<u8> {
        self.at = skip_space(self.bytes, self.at);
        self.bytes.get(self.at).copied()
    }

    /// Reads the element that begins here, and goes on behind it.
    fn element(&mut self) {
        let end = self.end();
        let item = self.one(end);
        self.last_is_broken = item.is_err();
        self.at = end.max(self.at + 1);
        (self.sink)(item.map_or_else(Item::Unreadable, Item::Record));
    }

    fn one(&self, end: usize) -> Result<Record, Unreadable> {
        let place = Span::new(self.id, self.at, end);
        within_size(place, self.limits.record_bytes)?;
        let bytes = self.bytes.get(self.at..end).unwrap_or(&[]).trim_ascii_end();
        let place = Span::new(self.id, self.at, self.at + bytes.len());
        let text = text(bytes, place.start, self.id)?;
        let (text, place) = inside::descend(text, place, self.inside)?;
        record(text, place, self.limits)
    }

    /// Gives the end of the element that begins here.
    fn end(&mut self) -> usize {
        while self.ahead.front().is_some_and(|next| next.start < self.at) {
            self.ahead.pop_front();
        }
        if let Some(known) = self.ahead.front().filter(|next| next.start == self.at) {
            return known.end;
        }
        if self.at < self.seen {
            let limit = self.ahead.front().map_or(self.seen, |next| next.start);
            return element(self.bytes.get(..limit).unwrap_or(&[]), self.at).seen;
        }
        let found = element(self.bytes, self.at);
        self.seen = found.seen;
        self.ahead = found.after.into();
        found.end
    }

    /// Goes over what is neither a record nor a list, to the next line that begins with one.
    fn garbage(&mut self) {
        let start = self.at;
        let begins = |at: usize| matches!(self.bytes.get(skip_space(self.bytes, at)), Some(b'{' | b'['));
        let mut lines = super::lines::lines(self.bytes, start).skip(1);
        self.at = lines.find(|line| begins(line.start)).map_or(self.bytes.len(), |line| line.start);
        self.refuse(start, start + 1, "this is no JSON: a record begins with `{`, a list of records with `[`");
    }

    fn refuse(&mut self, start: usize, end: usize, reason: &str) {
        self.last_is_broken = true;
        let end = end_of_character(self.bytes, end);
        (self.sink)(Item::Unreadable(Unreadable::new(self.id, start, end, reason)));
    }
}
