//! A JSON document that is read part by part: each part is some whole records, and each record can be read by itself.
//!
//! The document is looked through once, by brackets and quotation marks alone, a piece of it at a time. Where these leave any doubt
//! about where a record ends, the document is not cut, and is read as a whole.

use std::ops::Range;

use super::inside;
use super::record;
use super::split::skip_space;
use crate::log::format::without_mark;
use crate::log::limits::Limits;
use crate::log::mapping::Reading;
use crate::log::parts::Parts;
use crate::log::plain::{text, within_size};
use crate::log::record::{Item, Record, Unreadable};
use crate::source::{SourceId, Sources, Span};

/// How much of a document is looked through at once; what leads to its list of records has to stand in the first such piece.
const AT_ONCE: usize = 1 << 20;

/// Where the records of a document lie.
#[derive(Debug)]
pub struct Elements {
    id: SourceId,
    /// The keys from an element to the record that is in it; none where it is the record.
    inside: Vec<String>,
    parts: Vec<Range<usize>>,
}

impl Elements {
    /// Looks where the records of a document lie. `None` for one that has to be read from its beginning to its end: it is neither a
    /// list of groups nor one group after the other, or a bracket in it closes another than was opened last. `reading`: as a
    /// mapping says, if there is one. `bytes`: how long the parts are to be, or longer by up to a record.
    pub fn of(
        sources: &Sources,
        id: SourceId,
        limits: &Limits,
        reading: Option<&Reading>,
        bytes: usize,
    ) -> Option<Self> {
        Self::in_parts(sources, id, limits, reading, (bytes, AT_ONCE))
    }

    /// `lengths`: of a part, and of a piece that is looked through at once.
    fn in_parts(
        sources: &Sources,
        id: SourceId,
        limits: &Limits,
        reading: Option<&Reading>,
        (usual, at_once): (usize, usize),
    ) -> Option<Self> {
        let path = reading.and_then(|reading| reading.records.as_ref()).map(|said| &said.value);
        let mut buffer = Vec::new();
        let first = sources.read(id, 0..at_once, &mut buffer);
        let document = skip_space(first, first.len() - without_mark(first).len());
        let start = path.map_or(Some(document), |path| inside::list(first, document, &path.list))?;
        let around = path.map_or(0, |path| u32::try_from(path.list.len()).unwrap_or(DEEPEST));
        let is_list = first.get(start)? == &b'[';
        if around >= DEEPEST {
            return None;
        }
        let mut parts = Parts::new(usual, limits.record_bytes);
        let (mut structure, mut at) = (Structure::new(is_list, around), start + usize::from(is_list));
        let length = sources.length(id);
        while at < length && structure.place != Place::Behind {
            let bytes = sources.read(id, at..at + at_once, &mut buffer);
            if bytes.is_empty() {
                return None;
            }
            at += structure.follow(bytes, at, &mut |element| parts.take(element))?;
        }
        let is_whole = structure.is_whole() && only_space(sources, id, at, (length, at_once));
        let inside = path.map(|path| path.inside.clone()).unwrap_or_default();
        let parts = parts.close().filter(|_| is_whole)?;
        Some(Self { id, inside, parts })
    }

    /// Gives where the parts lie. Together they have every record once.
    pub fn parts(&self) -> &[Range<usize>] {
        &self.parts
    }

    /// Gives each record of a part, or what it lies in, whose bytes begin at an offset of the log, with its own offset.
    pub fn each(&self, part: &[u8], from: usize, take: &mut dyn FnMut(&[u8], usize)) {
        let mut give = |element: Range<usize>| {
            if let Some(bytes) = part.get(element.start - from..element.end - from) {
                take(bytes, element.start);
            }
        };
        // What is between them was found to be in order before.
        let _ = Structure::new(true, 0).follow(part, from, &mut give);
    }

    /// Reads a record, as [`Self::each`] gives it, that begins at a place.
    pub fn read(&self, element: &[u8], at: usize, limits: &Limits) -> Item {
        self.one(element, at, limits).map_or_else(Item::Unreadable, Item::Record)
    }

    fn one(&self, element: &[u8], at: usize, limits: &Limits) -> Result<Record, Unreadable> {
        let place = Span::new(self.id, at, at + element.len());
        within_size(place, limits.record_bytes)?;
        let (text, place) = inside::descend(text(element, at, self.id)?, place, &self.inside)?;
        record(text, place, limits)
    }
}

/// Says whether nothing but white space stands from a place on.
fn only_space(sources: &Sources, id: SourceId, from: usize, (length, at_once): (usize, usize)) -> bool {
    let mut buffer = Vec::new();
    (from..length).step_by(at_once).all(|at| {
        let bytes = sources.read(id, at..at + at_once, &mut buffer);
        !bytes.is_empty() && bytes.trim_ascii().is_empty()
    })
}

/// Which part of a document it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Within the list of records.
    List,
    /// Where records stand one after the other.
    Bare,
    /// What follows the list within the document.
    Rest,
    /// Behind the document.
    Behind,
}

/// What is open where a document was looked at last.
struct Structure {
    place: Place,
    /// How many groups the list of records lies in.
    around: u32,
    /// For each bracket that is open, the innermost last, whether it is a brace.
    braces: u64,
    open: u32,
    in_string: bool,
    /// Whether a backslash stood last.
    is_escaped: bool,
    /// The last byte that is no white space, outside of strings.
    before: u8,
    /// Where the record at hand begins.
    begins: usize,
}

/// A document in which more brackets are open is not cut.
const DEEPEST: u32 = u64::BITS - 1;

impl Structure {
    fn new(is_list: bool, around: u32) -> Self {
        let place = if is_list { Place::List } else { Place::Bare };
        Self { place, around, braces: 0, open: 0, in_string: false, is_escaped: false, before: b',', begins: 0 }
    }

    /// Says whether a document may end here.
    fn is_whole(&self) -> bool {
        self.open == 0 && !self.in_string && matches!(self.place, Place::Bare | Place::Behind)
    }

    /// Follows some bytes, which begin at an offset, and gives each record that ends in them. Gives how many bytes were followed:
    /// fewer where the document ends. `None` where it is in doubt what belongs to what.
    fn follow(&mut self, bytes: &[u8], from: usize, found: &mut dyn FnMut(Range<usize>)) -> Option<usize> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            if self.in_string {
                at = self.string(bytes, at)?;
                continue;
            }
            at += 1;
            match byte {
                _ if byte.is_ascii_whitespace() => continue,
                b'{' | b'[' => self.opens(byte, from + at - 1)?,
                b'}' | b']' => {
                    if self.closes(byte)? {
                        found(self.begins..from + at);
                    }
                    if self.place == Place::Behind {
                        return Some(at);
                    }
                }
                b',' if self.place == Place::List => {}
                _ if self.open == 0 => return None,
                b'"' => self.in_string = true,
                _ => {}
            }
            self.goes_on(byte)?;
            self.before = byte;
        }
        Some(at)
    }

    /// Goes on in a string, to what stands behind it or to the end of the bytes. `None` where its line ends before it does.
    fn string(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'\n' => return None,
                _ if self.is_escaped => self.is_escaped = false,
                b'"' => {
                    self.in_string = false;
                    return Some(at);
                }
                b'\\' => self.is_escaped = true,
                _ => {}
            }
        }
        Some(at)
    }

    fn opens(&mut self, byte: u8, at: usize) -> Option<()> {
        let is_brace = byte == b'{';
        if self.open == 0 {
            is_brace.then_some(())?;
            self.begins = at;
        } else if is_brace && self.is_in_group() && self.before != b':' {
            // Perhaps the group before it lacks a bracket.
            return None;
        }
        self.braces = self.braces << 1 | u64::from(is_brace);
        self.open += 1;
        (self.open < DEEPEST).then_some(())
    }

    /// Closes what was opened last; says whether that is a record.
    fn closes(&mut self, byte: u8) -> Option<bool> {
        if self.open == 0 {
            (byte == b']' && self.place == Place::List).then_some(())?;
            self.place = if self.around == 0 { Place::Behind } else { Place::Rest };
            (self.open, self.braces) = (self.around, (1 << self.around) - 1);
            return Some(false);
        }
        (self.is_in_group() == (byte == b'}')).then_some(())?;
        self.braces >>= 1;
        self.open -= 1;
        if self.open > 0 {
            return Some(false);
        }
        if self.place == Place::Rest {
            self.place = Place::Behind;
        }
        Some(self.place != Place::Behind)
    }

    /// Behind the list, says `None` to what can only follow a bracket that does not close it.
    fn goes_on(&self, byte: u8) -> Option<()> {
        let fits = match self.before {
            _ if self.place != Place::Rest => true,
            b']' => matches!(byte, b',' | b'}' | b']'),
            b',' => !self.is_in_group() || byte == b'"',
            _ => true,
        };
        fits.then_some(())
    }

    fn is_in_group(&self) -> bool {
        self.open > 0 && self.braces & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::mapping::{RecordsPath, Said};

    /// Reads a document part by part; `None` if it is not cut.
    fn in_parts(text: &str, lengths: (usize, usize), path: Option<&RecordsPath>) -> Option<Vec<Item>> {
        let (mut sources, limits) = (Sources::new(), Limits::default());
        let id = sources.add("log.json", text);
        let records = path.map(|path| Said { value: path.clone(), at: Span::new(id, 0, 0) });
        let reading = Reading { records, ..Reading::default() };
        let elements = Elements::in_parts(&sources, id, &limits, Some(&reading), lengths)?;
        let mut items = Vec::new();
        for part in elements.parts() {
            let bytes = text.as_bytes().get(part.clone()).unwrap();
            elements.each(bytes, part.start, &mut |element, at| {
                assert_eq!(text.as_bytes().get(at..at + element.len()), Some(element));
                items.push(elements.read(element, at, &limits));
            });
        }
        Some(items)
    }

    fn whole(text: &str, path: Option<&RecordsPath>) -> Vec<Item> {
        let (id, limits) = (SourceId(0), Limits::default());
        let mut items = Vec::new();
        let mut take = |item| items.push(item);
        match path {
            None => super::super::read(text.as_bytes(), id, &limits, &mut take),
            Some(path) => super::super::read_within(text.as_bytes(), id, path, &limits, &mut take),
        }
        items
    }

    #[test]
    fn a_document_that_is_cut_is_read_as_if_it_were_whole() {
        let pieces = [
            "{",
            "{",
            "}",
            "}",
            "[",
            "]",
            ",",
            ",",
            ":",
            "\"a\"",
            "\"a\":",
            "\"b\":",
            "\"\\\"{\"",
            "1",
            "{\"a\":1}",
            ",\n{\"b\":[{},[]]}",
            " ",
            "\n",
            "\\",
            "\"",
            "\u{e9}",
            "{\"b\":{\"a\":1}}",
        ];
        let path = RecordsPath { list: vec!["x".to_owned(), "y".to_owned()], inside: vec!["a".to_owned()] };
        let (mut cut, mut spoilt, mut within, mut state) = (0, 0, 0, 7u64);
        for round in 0..90_000 {
            let path = (round % 4 == 1).then_some(&path);
            let (before, behind) = match (path, round % 3) {
                (None, 0) => ("", ""),
                (None, _) => ("[{\"a\":1}", "]"),
                (Some(_), 0) => ("{\"x\":{\"y\":[", "]}}"),
                (Some(_), _) => ("{\"w\":[{}],\"x\":{\"y\":[{\"a\":{}}", "],\"z\":[1,{\"a\":[[]]}]},\"v\":\"}\"}\n"),
            };
            let mut text = if round % 7 == 0 { "\u{FEFF}" } else { "" }.to_owned();
            text.push_str(before);
            for _ in 0..round % 13 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let piece = (state >> 33) as usize;
                // Whole records mostly: what is not in order is not cut.
                text.push_str(if piece % 5 > 1 { ", {\"a\":{\"b\":1}}" } else { pieces[piece / 5 % pieces.len()] });
            }
            text.push_str(behind);
            for lengths in [(1, 60), (9, 50), (40, 1_000)] {
                if let Some(found) = in_parts(&text, lengths, path) {
                    let wanted = whole(&text, path);
                    assert_eq!(found, wanted, "{text:?} in parts of {lengths:?}");
                    (cut, within) = (cut + 1, within + usize::from(path.is_some()));
                    spoilt += usize::from(wanted.iter().any(|item| matches!(item, Item::Unreadable(_))));
                }
            }
        }
        assert!(cut > 30_000 && spoilt > 700 && within > 3_000, "{cut} were cut, {spoilt} {within}");
    }

    #[test]
    fn what_leaves_in_doubt_where_a_record_ends_is_not_cut() {
        for text in [
            "",
            "1",
            "[",
            "[{}",
            "[{}]]",
            "[{}] [{}]",
            "[1, {}]",
            "[{]}]",
            "[{\"a\": 1 {\"a\": 1}]",
            "[{\"a\n\": 1}]",
            "[{}] x",
            "{}, {}",
            "{} [",
            "[{\"a\": \"b}]",
            "\"a\"",
            "[\"a\"]",
        ] {
            assert!(in_parts(text, (1_000, 1_000), None).is_none(), "{text}");
        }
        for text in ["[]", " [ {} ] \n", "{}{}", "{\"a\": 1}\n{\"a\": 2}\n", "[{\"a\": [{}, {\"b\": 1}]} , , {}]"] {
            assert_eq!(in_parts(text, (1_000, 1_000), None), Some(whole(text, None)), "{text}");
        }
        let deep = format!("[{}{}]", "{\"a\":".repeat(70), "}".repeat(70));
        assert!(in_parts(&deep, (1_000, 1_000), None).is_none());
    }
}
