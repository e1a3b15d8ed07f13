//! YAML that is read part by part: each part is some whole pieces, and each piece is a record that can be read by itself.
//!
//! The log is looked through once, line by line. Where an item may refer to what an earlier one defines, or a piece may hold more than
//! one value, the log is not cut, and is read as a whole.

use std::ops::Range;

use super::pieces::{Cutter, Piece, lines, pieces};
use super::read_piece;
use super::tree::Anchors;
use crate::log::format::without_mark;
use crate::log::limits::Limits;
use crate::log::lines::Line;
use crate::log::parts::Parts;
use crate::log::record::{Item, Unreadable};
use crate::source::{SourceId, Sources, Span};

/// How much of a log is looked through at once; a line that is longer cuts no log.
const AT_ONCE: usize = 1 << 20;

/// Where the records of a log lie.
#[derive(Debug)]
pub struct Pieces {
    id: SourceId,
    parts: Vec<Range<usize>>,
}

impl Pieces {
    /// Looks where the records of a log lie. `None` for a log that has to be read from its beginning to its end: it may have an
    /// anchor, has a list in brackets or a document that begins with none of its words, a directive, or a record that is longer
    /// than one may be. `bytes`: how long the parts are to be, or longer by up to a record.
    pub fn of(sources: &Sources, id: SourceId, limits: &Limits, bytes: usize) -> Option<Self> {
        Self::in_parts(sources, id, limits, (bytes, AT_ONCE))
    }

    /// `lengths`: of a part, and of what is looked through at once.
    fn in_parts(sources: &Sources, id: SourceId, limits: &Limits, (usual, at_once): (usize, usize)) -> Option<Self> {
        let (mut parts, mut are_records) = (Parts::new(usual, limits.record_bytes), true);
        let mut take = |piece: Piece| {
            are_records &= piece.is_one;
            parts.take(piece.start..piece.end);
        };
        let (mut buffer, length) = (Vec::new(), sources.length(id));
        let first = sources.read(id, 0..3, &mut buffer);
        let mut at = first.len() - without_mark(first).len();
        let mut cutter = Cutter::new(&mut take, at);
        while at < length {
            let bytes = sources.read(id, at..at + at_once, &mut buffer);
            let whole = if at + bytes.len() < length { memchr::memrchr(b'\n', bytes)? + 1 } else { bytes.len() };
            let bytes = bytes.get(..whole).filter(|bytes| is_plain_text(bytes))?;
            for Line { start, end, next } in lines(bytes, 0) {
                let text = bytes.get(start..end).unwrap_or(&[]);
                cutter.line(Line { start: at + start, end: at + end, next: at + next }, text);
            }
            at += whole;
        }
        cutter.cut(length);
        let parts = parts.close().filter(|_| are_records)?;
        Some(Self { id, parts })
    }

    /// Gives where the parts lie. Together they have every record once.
    pub fn parts(&self) -> &[Range<usize>] {
        &self.parts
    }

    /// Gives each record of a part, whose bytes begin at an offset of the log, with its own offset.
    pub fn each(&self, part: &[u8], from: usize, take: &mut dyn FnMut(&[u8], usize)) {
        pieces(part, &mut |piece| {
            if let Some(bytes) = part.get(piece.start..piece.end) {
                take(bytes, from + piece.start);
            }
        });
    }

    /// Reads a record, as [`Self::each`] gives it, that begins at a place.
    pub fn read(&self, piece: &[u8], at: usize, limits: &Limits) -> Item {
        let place = Span::new(self.id, at, at + piece.len());
        let mut read = None;
        let mut take = |item| read = Some(item);
        if let Err(unreadable) = read_piece(piece, place, true, limits, &mut Anchors::default(), &mut take) {
            return Item::Unreadable(unreadable);
        }
        // INVARIANT: a piece begins with a value.
        read.unwrap_or_else(|| Item::Unreadable(Unreadable { at: place, reason: "there is nothing in it".to_owned() }))
    }
}

/// Says whether some lines surely have no anchor (`&name`) and no directive.
fn is_plain_text(bytes: &[u8]) -> bool {
    let behind = |at: usize| bytes.get(at + 1).copied();
    let before = |at: usize| at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    // Within a word an ampersand is a part of it, and before white space it begins nothing.
    let in_word = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let may_be_anchor =
        |at: usize| !before(at).is_some_and(in_word) && behind(at).is_some_and(|byte| !byte.is_ascii_whitespace());
    !memchr::memchr_iter(b'&', bytes).any(may_be_anchor)
        && !memchr::memchr_iter(b'%', bytes).any(|at| before(at).is_none_or(|byte| matches!(byte, b'\n' | b'\r')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_parts(text: &str, lengths: (usize, usize)) -> Option<Vec<Item>> {
        let (mut sources, limits) = (Sources::new(), Limits::default());
        let id = sources.add("log.yaml", text);
        let pieces = Pieces::in_parts(&sources, id, &limits, lengths)?;
        let mut items = Vec::new();
        for part in pieces.parts() {
            let bytes = text.as_bytes().get(part.clone()).unwrap();
            pieces.each(bytes, part.start, &mut |piece, at| {
                assert_eq!(text.as_bytes().get(at..at + piece.len()), Some(piece));
                items.push(pieces.read(piece, at, &limits));
            });
        }
        Some(items)
    }

    fn whole(text: &str) -> Vec<Item> {
        let mut items = Vec::new();
        super::super::read(text.as_bytes(), SourceId(0), &Limits::default(), &mut |item| items.push(item));
        items
    }

    #[test]
    fn a_log_that_is_cut_is_read_as_if_it_were_whole() {
        let pieces = [
            "- a: 1\n",
            "- a: 1\n  b: [1, 2]\n",
            "-\n",
            "- \n",
            "  - a\n",
            " b: 1\n",
            "b: 1\n",
            "\"c\": 1\n",
            "'d': 1\n",
            "---\n",
            "...\n",
            "--- x\n",
            "# c\n",
            "\n",
            "  c: |\n    x\n",
            "- - a: 1\n",
            "- {a: 1}\n",
            "{a: 1}\n",
            "[{a: 1}]\n",
            "  d: R&D\n",
            "  d: &e 1\n",
            "  d: *e\n",
            "  \"f\": \"x\n",
            "%YAML 1.2\n",
            "\t\n",
            "- a: 1\r\n",
            "x\r",
            "- a: 1\r",
            "\r",
            "\u{e9}: 1\n",
            "? a\n",
            "- a: &\n",
            "\u{FEFF}",
            "- *e\n",
            "- !!str a\n",
            "  x: [\n",
            "  y: ]\n",
            ": z\n",
            "- ? [a]\n  : b\n",
            "  &e\n",
            "- \"&e\n",
            "&e a\n",
        ];
        let (mut cut, mut spoilt, mut several, mut state) = (0, 0, 0, 11u64);
        for round in 0..60_000 {
            let mut text = if round % 7 == 0 { "\u{FEFF}" } else { "" }.to_owned();
            for _ in 0..round % 13 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let piece = (state >> 33) as usize;
                text.push_str(if piece % 5 > 1 { "- a: 1\n  b: 2\n" } else { pieces[piece / 5 % pieces.len()] });
            }
            for lengths in [(1, 40), (20, 60), (40, 1_000)] {
                if let Some(found) = in_parts(&text, lengths) {
                    let wanted = whole(&text);
                    assert_eq!(found, wanted, "{text:?} in parts of {lengths:?}");
                    (cut, several) = (cut + 1, several + usize::from(wanted.len() > 2));
                    spoilt += usize::from(wanted.iter().any(|item| matches!(item, Item::Unreadable(_))));
                }
            }
        }
        assert!(cut > 30_000 && several > 20_000 && spoilt > 5_000, "{cut} were cut: {several} {spoilt}");
    }

    #[test]
    fn what_may_refer_to_another_record_is_not_cut() {
        for text in [
            "- a: &b 1\n- a: *b\n",
            "[{a: 1}, {a: 2}]\n",
            "%YAML 1.2\n---\na: 1\n",
            "- a: 1\r%a\n",
            "&a b: 1\n",
            "? a\n: 1\n",
        ] {
            assert!(in_parts(text, (1_000, 1_000)).is_none(), "{text}");
        }
        for text in [
            "",
            "# none\n",
            "- a: R&D, A & B\n- a: 1%\n",
            "a: 1\n---\n\"b\": 2\n...\n",
            "- a: *b\n",
            "- a: 1\r- a: 2\r- a: [\n",
        ] {
            assert_eq!(in_parts(text, (1_000, 1_000)), Some(whole(text)), "{text}");
        }
    }
}
