//! The lines of an input, as byte ranges.

use std::io::BufRead;

/// A line: where it begins, where its text ends, and where the next one begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// The first byte.
    pub(super) start: usize,
    /// One past the last byte before the line break.
    pub(super) end: usize,
    /// The first byte of the next line.
    pub(super) next: usize,
}

/// Gives the lines from an offset on; a line ends in `\n` or `\r\n`.
pub(super) fn lines(bytes: &[u8], from: usize) -> impl Iterator<Item = Line> + '_ {
    let mut start = from;
    std::iter::from_fn(move || {
        let line = line_at(bytes, start)?;
        start = line.next;
        Some(line)
    })
}

/// Gives the line that begins at an offset; `None` at the end of the input.
pub(super) fn line_at(bytes: &[u8], start: usize) -> Option<Line> {
    let mut rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
    // `skip_until` searches a word at a time, and cannot fail on bytes in memory.
    let length = rest.skip_until(b'\n').unwrap_or(0);
    let next = start + length;
    let text = bytes.get(start..next).unwrap_or(&[]);
    let text = text.strip_suffix(b"\n").map_or(text, |text| text.strip_suffix(b"\r").unwrap_or(text));
    Some(Line { start, end: start + text.len(), next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_cover_the_input() {
        let found: Vec<(usize, usize, usize)> = lines(b"a\r\n\nbc", 0).map(|l| (l.start, l.end, l.next)).collect();
        assert_eq!(found, [(0, 1, 3), (3, 3, 4), (4, 6, 6)]);
        assert_eq!(lines(b"", 0).count(), 0);
    }
}
