//! Where documents, and the items of a list, begin: told by lines alone.
//!
//! `---` and `...` at the beginning of a line end whatever is open. In a document whose first line of content is an
//! item (`- `), every line that begins an item at the same indentation begins the next one: no text, however written,
//! may stand so far to the left. Any other document is one piece.

use crate::log::format::without_mark;
use crate::log::lines::{self, Line};

/// A document, or an item of a document that is a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The first byte, which is that of a line.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// Whether a document begins here.
    pub(super) begins_document: bool,
    /// Whether it is one value: an item of a list, or a document that begins with a word.
    pub(super) is_one: bool,
}

/// Gives the lines from an offset on. In YAML a line may also end in a `\r` alone.
pub(super) fn lines(bytes: &[u8], from: usize) -> impl Iterator<Item = Line> + '_ {
    lines::lines(bytes, from).flat_map(|line| {
        let text = bytes.get(line.start..line.end).unwrap_or(&[]);
        let ends = memchr::memchr_iter(b'\r', text).map(move |at| (line.start + at, line.start + at + 1));
        let mut start = line.start;
        ends.chain([(line.end, line.next)]).map(move |(end, next)| {
            let begins = std::mem::replace(&mut start, next);
            Line { start: begins, end, next }
        })
    })
}

/// Cuts an input into pieces.
pub(super) fn pieces(bytes: &[u8], sink: &mut dyn FnMut(Piece)) {
    let start = bytes.len() - without_mark(bytes).len();
    let mut cutter = Cutter::new(sink, start);
    for line in lines(bytes, start) {
        cutter.line(line, bytes.get(line.start..line.end).unwrap_or(&[]));
    }
    cutter.cut(bytes.len());
}

/// What is known of the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// No content yet.
    Open,
    /// Directives, which belong to the document that follows.
    Directives,
    /// A list whose items begin at an indentation.
    List(usize),
    /// A document that begins with a word, plain or in quotation marks.
    Word,
    /// Anything else.
    Whole,
}

/// Cuts line by line.
pub(super) struct Cutter<'s> {
    sink: &'s mut dyn FnMut(Piece),
    start: usize,
    shape: Shape,
    begins_document: bool,
}

impl<'s> Cutter<'s> {
    /// Begins at an offset.
    pub(super) fn new(sink: &'s mut dyn FnMut(Piece), start: usize) -> Self {
        Self { sink, start, shape: Shape::Open, begins_document: true }
    }

    /// Goes on with the next line, and its text.
    pub(super) fn line(&mut self, line: Line, text: &[u8]) {
        if let Some(rest) = marker(text, b"---") {
            if self.shape != Shape::Directives {
                self.end_document(line.start);
            }
            let bare = matches!(rest.trim_ascii_start(), [] | [b'#', ..]);
            self.shape = if bare && self.shape == Shape::Open { Shape::Open } else { Shape::Whole };
        } else if marker(text, b"...").is_some() {
            self.end_document(line.start);
            self.start = line.next;
        } else {
            self.content(line, text);
        }
    }

    fn content(&mut self, line: Line, text: &[u8]) {
        let indent = text.iter().take_while(|byte| **byte == b' ').count();
        let content = text.get(indent..).unwrap_or(&[]);
        let is_item = matches!(content, [b'-'] | [b'-', b' ' | b'\t', ..]);
        match self.shape {
            Shape::Open if matches!(content.trim_ascii_start(), [] | [b'#', ..]) => {}
            Shape::Open if indent == 0 && content.starts_with(b"%") => self.shape = Shape::Directives,
            Shape::Open if is_item => {
                self.start = line.start;
                self.shape = Shape::List(indent);
            }
            Shape::Open if matches!(content, [b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'"' | b'\'', ..]) => {
                self.shape = Shape::Word;
            }
            Shape::Open => self.shape = Shape::Whole,
            Shape::List(column) if is_item && indent == column => {
                self.cut(line.start);
                self.start = line.start;
            }
            Shape::List(_) | Shape::Word | Shape::Whole | Shape::Directives => {}
        }
    }

    fn end_document(&mut self, at: usize) {
        self.cut(at);
        self.start = at;
        self.shape = Shape::Open;
        self.begins_document = true;
    }

    /// Ends the piece that is open, if there is one.
    pub(super) fn cut(&mut self, end: usize) {
        if self.shape != Shape::Open && self.start < end {
            let is_one = matches!(self.shape, Shape::List(_) | Shape::Word);
            (self.sink)(Piece { start: self.start, end, begins_document: self.begins_document, is_one });
            self.begins_document = false;
        }
    }
}

/// Gives what stands behind a marker at the beginning of a line.
fn marker<'t>(text: &'t [u8], marker: &[u8]) -> Option<&'t [u8]> {
    let rest = text.strip_prefix(marker)?;
    matches!(rest, [] | [b' ' | b'\t' | b'\r', ..]).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        pieces(text.as_bytes(), &mut |piece| found.extend(text.get(piece.start..piece.end)));
        found
    }

    #[test]
    fn a_list_is_cut_into_items_and_a_stream_into_documents() {
        assert_eq!(cut("# a\n- b: 1\n  c:\n  - d\n- b: 2\n"), ["- b: 1\n  c:\n  - d\n", "- b: 2\n"]);
        assert_eq!(cut("a: 1\n---\nb:\n- c\n- d\n...\n# end\n"), ["a: 1\n", "---\nb:\n- c\n- d\n"]);
        assert_eq!(cut("  - a: 1\n  - a: 2"), ["  - a: 1\n", "  - a: 2"]);
        assert_eq!(cut("---\n# a\n---\n- a: 1\n--- [1]\n"), ["- a: 1\n", "--- [1]\n"]);
    }

    #[test]
    fn a_line_may_end_in_a_carriage_return_alone() {
        assert_eq!(cut("# a\r- b: 1\r- b: 2\r\n- b: [\n"), ["- b: 1\r", "- b: 2\r\n", "- b: [\n"]);
        assert_eq!(cut("a: 1\r---\rb: 1\r...\r\r\n"), ["a: 1\r", "---\rb: 1\r"]);
    }

    #[test]
    fn directives_stay_with_their_document() {
        assert_eq!(cut("%YAML 1.2\n---\na: 1\n---\nb: 1"), ["%YAML 1.2\n---\na: 1\n", "---\nb: 1"]);
    }

    #[test]
    fn what_has_no_content_has_no_pieces() {
        for text in ["", "\n\n", "# only\n  # comments\n", "---\n", "---\n...\n---\n", "\u{FEFF}"] {
            assert!(cut(text).is_empty(), "{text:?}");
        }
    }
}
