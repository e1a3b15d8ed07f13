//! Where an element of a JSON list ends, told by brackets and quotation marks alone.

/// An element as far as it can be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// One past its last byte.
    pub(super) end: usize,
    /// If the element turns out not to be valid: where the next one seems to begin within it.
    pub(super) restart: Option<usize>,
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

/// Finds the end of the element that begins at an offset.
///
/// A string ends with its line at the latest, since JSON has no line break in strings: so a missing quotation mark
/// spoils no later line. A closing bracket closes what was left open inside it.
pub(super) fn element(bytes: &[u8], start: usize) -> Element {
    let mut scan = Scan { bytes, at: start, open: Vec::new(), restart: None, column: column(bytes, start) };
    scan.run();
    Element { end: scan.at, restart: scan.restart }
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The closing brackets that are owed, the innermost last.
    open: Vec<u8>,
    restart: Option<usize>,
    /// How far the element's own line is indented.
    column: usize,
}

impl Scan<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.bytes.get(self.at).copied() {
            match byte {
                b'"' => {
                    self.string();
                    continue;
                }
                b'{' => self.open.push(b'}'),
                b'[' => self.open.push(b']'),
                b'}' | b']' => {
                    if self.close(byte) {
                        return;
                    }
                    continue;
                }
                b',' if self.open.is_empty() => return,
                b'\n' => self.line(),
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Closes a bracket; says whether the element ends with it, or before it.
    fn close(&mut self, byte: u8) -> bool {
        let Some(owed) = self.open.iter().rposition(|owed| *owed == byte) else {
            // A `]` that closes nothing here closes the list around the element. A stray `}` is gone over.
            if byte == b'}' && !self.open.is_empty() {
                self.at += 1;
                return false;
            }
            return true;
        };
        self.open.truncate(owed);
        self.at += 1;
        self.open.is_empty()
    }

    /// Goes over a string, to its closing quotation mark or to the end of the line.
    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.at += 2,
                b'\n' => return,
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
    }

    /// Looks at the line that begins behind a line break: does it begin as an element would?
    fn line(&mut self) {
        if self.restart.is_some() {
            return;
        }
        let line = self.bytes.get(self.at + 1..).unwrap_or(&[]);
        let indent = line.iter().take(self.column + 1).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if indent <= self.column && line.get(indent) == Some(&b'{') {
            self.restart = Some(self.at + 1 + indent);
        }
    }
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
        assert_eq!(end("{\"a\": [1 }, {"), "{\"a\": [1 }");
    }

    #[test]
    fn the_next_element_begins_on_a_line_like_the_first() {
        let text = "{\n  \"a\": {\"b\": 1,\n  {\n},\n{ \"a\": 2 }";
        assert_eq!(element(text.as_bytes(), 0).restart.and_then(|at| text.get(at..)), Some("{ \"a\": 2 }"));
    }

    #[test]
    fn nesting_ignores_texts() {
        assert_eq!(nesting(r#"{"a": "[[[\"[", "b": [[]]}"#), 3);
    }
}
