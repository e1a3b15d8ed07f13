//! Where an element of a JSON list ends, told by brackets and quotation marks alone.
//!
//! An element whose brackets close is one element, whatever stands in it. One that lacks a bracket ends where the next
//! one begins, and that is told in two ways. A group that begins a line no further in than the element, and is neither in
//! a list nor behind a colon, cannot be in it. Other groups might be: they are marked, and are elements only if it never
//! closes.

use std::ops::Range;

use super::open::Open;

/// An element as far as it can be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// One past its last byte.
    pub(super) end: usize,
    /// If it lacks a bracket: the elements that follow it, up to where it was looked at.
    pub(super) after: Vec<Range<usize>>,
    /// How far was looked.
    pub(super) seen: usize,
}

/// Goes over white space.
pub(super) fn skip_space(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or(&[]);
    from + (rest.len() - rest.trim_ascii_start().len())
}

/// Gives the end of a run of bytes that begin nothing.
pub(super) fn stray(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or(&[]);
    let length = rest.iter().position(|byte| matches!(byte, b',' | b'{' | b'[' | b']' | b'"'));
    from + length.unwrap_or(rest.len()).max(1)
}

/// Gives the next byte behind an offset that is no white space.
pub(super) fn behind(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(skip_space(bytes, at + 1)).copied()
}

/// Finds the end of the element that begins at an offset.
///
/// A string ends with its line at the latest, since JSON has no line break in strings: so a missing quotation mark
/// spoils no later line. A closing bracket closes what was left open inside it.
pub(super) fn element(bytes: &[u8], start: usize) -> Element {
    let (open, column) = (Open::default(), column(bytes, start));
    Scan { bytes, at: start, open, before: b',', line: None, is_first: false, column }.run()
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Open,
    /// The last byte that is no white space; a comma where a string has swallowed it.
    before: u8,
    /// Where the line begins, if with a group and no further in than the element.
    line: Option<usize>,
    /// Whether nothing stands before on the line.
    is_first: bool,
    /// How far the element's own line is indented.
    column: usize,
}

/// Whether the element goes on.
#[derive(PartialEq, Eq)]
enum Step {
    On,
    Closed,
    Torn,
}

impl Scan<'_> {
    fn run(mut self) -> Element {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            let step = match byte {
                b'"' => {
                    self.string();
                    continue;
                }
                b'{' => self.group(),
                b'[' => self.opens(b']'),
                b'}' | b']' => self.close(byte),
                b',' if self.open.is_empty() => Step::Closed,
                // A key that stands in no group: the brace before it is missing.
                b':' if self.open.is_empty() => self.opens(b'}'),
                b'\n' => self.line(),
                _ => Step::On,
            };
            match step {
                Step::On => self.at += 1,
                Step::Closed => return Element { end: self.at, after: Vec::new(), seen: self.at },
                Step::Torn => break,
            }
            if !byte.is_ascii_whitespace() {
                self.before = byte;
                self.is_first = false;
            }
        }
        let seen = self.at;
        let after = self.open.after(seen);
        Element { end: after.first().map_or(seen, |next| next.start), after, seen }
    }

    fn opens(&mut self, owed: u8) -> Step {
        self.open.push(owed);
        Step::On
    }

    /// Opens a group: a part of the element, or perhaps the next element.
    fn group(&mut self) -> Step {
        let begins_line = self.line == Some(self.at);
        match self.open.innermost() {
            None if begins_line && self.before != b':' => return Step::Torn,
            Some(b'}') if begins_line && self.before != b':' => {
                if !self.open.leave_marked() {
                    return Step::Torn;
                }
                self.open.push_marked(self.at, false);
            }
            Some(b'}') if self.before == b',' && !self.is_first => self.open.push_marked(self.at, false),
            Some(b']') if begins_line => self.open.push_marked(self.at, self.before == b'['),
            _ => self.open.push(b'}'),
        }
        Step::On
    }

    fn close(&mut self, byte: u8) -> Step {
        if self.open.is_empty() {
            return Step::Closed;
        }
        let next = || behind(self.bytes, self.at);
        let Some(depth) = self.open.depth_of(byte) else {
            // A `]` that closes nothing here closes the list around the element, if that can end here.
            let ends_list = byte == b']' && ends_list(next());
            return if ends_list { Step::Torn } else { Step::On };
        };
        let may_be_outer = byte == b']' && matches!(next(), None | Some(b'['));
        self.open.close(depth, self.at + 1, may_be_outer);
        if !self.open.is_empty() {
            return Step::On;
        }
        self.at += 1;
        Step::Closed
    }

    /// Goes over a string, to its closing quotation mark or to the end of the line.
    fn string(&mut self) {
        let start = self.at;
        self.before = b'"';
        self.is_first = false;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' if self.bytes.get(self.at + 1) != Some(&b'\n') => self.at += 2,
                b'\n' => return self.torn(start),
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
    }

    /// Goes on behind a string that is not closed on its line, and has swallowed the bracket or comma that ends it.
    fn torn(&mut self, start: usize) {
        let swallowed = self.bytes.get(start..self.at).and_then(|text| text.trim_ascii_end().last().copied());
        match swallowed {
            Some(b'{') => self.open.push(b'}'),
            Some(b'[') => self.open.push(b']'),
            _ => {}
        }
        self.before = swallowed.filter(|byte| matches!(byte, b'{' | b'[')).unwrap_or(b',');
    }

    /// Looks at the line that begins behind a line break: does it begin as an element would?
    fn line(&mut self) -> Step {
        let line = self.bytes.get(self.at + 1..).unwrap_or(&[]);
        let indent = line.iter().take(self.column + 1).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let begins = indent <= self.column && line.get(indent) == Some(&b'{');
        self.line = begins.then_some(self.at + 1 + indent);
        self.is_first = true;
        Step::On
    }
}

/// Says whether a list can end before a byte: the end of the input, another list, or a record.
pub(super) fn ends_list(next: Option<u8>) -> bool {
    matches!(next, None | Some(b'[' | b'{'))
}

/// The deepest indentation that is looked at, so that no line makes another look at it again and again.
const DEEPEST_COLUMN: usize = 64;

/// Gives how far the line of an offset is indented; for one inside the line, how far in it lies.
fn column(bytes: &[u8], start: usize) -> usize {
    let before = bytes.get(start.saturating_sub(DEEPEST_COLUMN)..start).unwrap_or(&[]);
    before.iter().rev().take_while(|byte| **byte != b'\n').count()
}

/// Gives how deep brackets nest in a valid value.
pub(super) fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(text: &str) -> &str {
        text.get(..element(text.as_bytes(), 0).end).unwrap()
    }

    #[test]
    fn an_element_ends_with_its_bracket_or_before_a_comma() {
        assert_eq!(end(r#"{"a": "}"}, {}"#), r#"{"a": "}"}"#);
        assert_eq!(end("12 , 3"), "12 ");
        assert_eq!(end("\"a,b\", 3"), "\"a,b\"");
        assert_eq!(end("{\"a\": 1]"), "{\"a\": 1");
        assert_eq!(end("{\"a\": 1], \"b\": 2}, {}"), "{\"a\": 1], \"b\": 2}");
        assert_eq!(end("{\"a\": [1 }, {"), "{\"a\": [1 }");
        assert_eq!(end("\"a\": 1, \"b\": {}}, {}"), "\"a\": 1, \"b\": {}}");
    }

    /// Gives the texts of an element and of those that follow it.
    fn split(text: &str) -> Vec<&str> {
        let found = element(text.as_bytes(), 0);
        let all = std::iter::once(0..found.end).chain(found.after);
        all.map(|range| text.get(range).unwrap().trim_end_matches(['\n', ','])).collect()
    }

    #[test]
    fn an_element_without_its_bracket_ends_where_the_next_begins() {
        assert_eq!(split("{\n  \"a\": {\"b\": 1,\n  {\n},\n{ \"a\": 2 }"), ["{\n  \"a\": {\"b\": 1,\n  {\n}"]);
        assert_eq!(split("{\"a\": [1,\n{\"b\": [2]},\n{\"c\": 3\n]"), ["{\"a\": [1", "{\"b\": [2]}", "{\"c\": 3\n]"]);
        assert_eq!(split("{\"a\": {}, {\"b\": 2}, {\"c\": 3}]"), ["{\"a\": {}, ", "{\"b\": 2}", "{\"c\": 3}"]);
    }

    #[test]
    fn a_group_in_a_list_that_closes_or_is_cut_off_is_no_element() {
        assert_eq!(split("{\"a\": [\n{\"b\": 1}\n],\n\"c\": 1,\n{\"d\": 4}").len(), 1);
        assert_eq!(split("{\"a\": [\n{\"b\": 1},\n{\"b\": ").len(), 1);
        assert_eq!(split("{\"a\": [\n{\"b\": 1}], nan}").len(), 1);
    }

    #[test]
    fn nesting_ignores_texts() {
        assert_eq!(nesting(r#"{"a": "[[[\"[", "b": [[]]}"#), 3);
    }
}
