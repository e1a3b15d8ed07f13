//! A JSON document in pieces: what would be too large to hold is written as it comes.

use std::io::{self, Write};

use serde::Serialize;

use super::stream::Stream;

/// Writes one document, indented as serde_json indents it.
pub(super) struct Pieces<'a> {
    to: Stream<'a>,
    /// The brackets that are open, each with whether something stands in it.
    open: Vec<(char, bool)>,
}

impl<'a> Pieces<'a> {
    /// Begins a document that is a group.
    pub(super) fn begin(to: &'a mut dyn Write) -> Self {
        let mut pieces = Self { to: Stream::new(to), open: Vec::new() };
        pieces.bracket('{', '}');
        pieces
    }

    /// Says whether writing has failed.
    pub(super) fn has_failed(&self) -> bool {
        self.to.has_failed()
    }

    /// Writes a value under a key.
    pub(super) fn field(&mut self, key: &str, value: &impl Serialize) {
        self.next(Some(key));
        self.value(value);
    }

    /// Writes an element of a list.
    pub(super) fn element(&mut self, value: &impl Serialize) {
        self.next(None);
        self.value(value);
    }

    /// Writes an element of a list in one line.
    pub(super) fn line(&mut self, value: &impl Serialize) {
        self.next(None);
        self.to.with(|to| Ok(serde_json::to_writer(to, value)?));
    }

    /// Opens a list under a key.
    pub(super) fn list(&mut self, key: &str) {
        self.next(Some(key));
        self.bracket('[', ']');
    }

    /// Opens a group that is an element of a list.
    pub(super) fn group(&mut self) {
        self.next(None);
        self.bracket('{', '}');
    }

    /// Closes what was opened last.
    pub(super) fn close(&mut self) {
        if let Some((bracket, filled)) = self.open.pop() {
            if filled {
                self.indent();
            }
            self.to.text(bracket.encode_utf8(&mut [0; 4]));
        }
    }

    /// Closes everything, and says whether all could be written.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        while !self.open.is_empty() {
            self.close();
        }
        self.to.text("\n");
        self.to.finish()
    }

    fn bracket(&mut self, opening: char, closing: char) {
        self.to.text(opening.encode_utf8(&mut [0; 4]));
        self.open.push((closing, false));
    }

    fn next(&mut self, key: Option<&str>) {
        if let Some((_, filled)) = self.open.last_mut() {
            let comma = if *filled { "," } else { "" };
            *filled = true;
            self.to.text(comma);
        }
        self.indent();
        if let Some(key) = key {
            self.to.text(&format!("\"{key}\": "));
        }
    }

    fn indent(&mut self) {
        self.to.text(&format!("\n{}", "  ".repeat(self.open.len())));
    }

    fn value(&mut self, value: &impl Serialize) {
        let indent = format!("\n{}", "  ".repeat(self.open.len()));
        self.to.with(|to| {
            // Within texts of JSON, line ends are escaped: each that stands here parts two lines.
            to.write_all(serde_json::to_string_pretty(value)?.replace('\n', &indent).as_bytes())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_what_serde_json_makes_of_the_whole() {
        let mut written = Vec::new();
        let mut pieces = Pieces::begin(&mut written);
        pieces.field("name", &"a\nb");
        pieces.list("none");
        pieces.close();
        pieces.list("several");
        pieces.element(&serde_json::json!({"x": [1, 2]}));
        pieces.group();
        pieces.field("y", &3);
        pieces.close();
        pieces.finish().unwrap();
        let whole = serde_json::json!({"name": "a\nb", "none": [], "several": [{"x": [1, 2]}, {"y": 3}]});
        assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string_pretty(&whole).unwrap() + "\n");
    }
}
