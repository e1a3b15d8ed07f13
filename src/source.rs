//! Which text, and where in it.
//!
//! Takes the bytes of every input of a run, policies and logs alike, and gives each a [`SourceId`]. A [`Span`] is a
//! place in one of them; it is small and `Copy`, and its text, line and column are looked up late, when somebody is
//! shown something. This module guarantees that looking up a span never fails: a span that does not fit its source is
//! clamped to it.

mod grid;
mod input;

use std::ops::Range;

pub use grid::Grid;
pub use input::{Source, Stored};

/// One input of a run: the index of its text in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A place in an input: byte offsets, the end excluded.
///
/// Shown for debugging with a minus sign, `{:-?}`, it shows nothing: so two trees can be compared but for their places.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The input in which the place lies.
    pub source: SourceId,
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl std::fmt::Debug for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if f.sign_minus() {
            return f.write_str("_");
        }
        f.debug_struct("Span")
            .field("source", &self.source)
            .field("start", &self.start)
            .field("end", &self.end)
            .finish()
    }
}

impl Span {
    /// Makes a span from the first byte and one past the last.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        Self { source, start, end: end.max(start) }
    }

    /// Gives the smallest span that covers both; the other is ignored if it lies in another input.
    pub fn to(self, other: Span) -> Self {
        if self.source != other.source {
            return self;
        }
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Gives the number of bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Says whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// A line and a column for people: both count from 1, columns in code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column in code points, from 1.
    pub column: usize,
}

/// All inputs of a run.
#[derive(Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
}

impl Sources {
    /// Makes an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an input and gives its id.
    pub fn add(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> SourceId {
        self.push(Source::new(name.into(), bytes.into(), false))
    }

    /// Adds an input of which no line may be shown whole, since any may have names in it: a log.
    pub fn add_protected(&mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> SourceId {
        self.push(Source::new(name.into(), bytes.into(), true))
    }

    /// States the SHA-256 digest of the file that an input's bytes were made of.
    pub fn set_file_digest(&mut self, id: SourceId, sha256: [u8; 32]) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            source.file_digest = Some(sha256);
        }
    }

    /// Gives an input another name: that which it has in a report, say.
    pub fn rename(&mut self, id: SourceId, name: &str) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            source.rename(name);
        }
    }

    /// States the sheet that an input's text was made of.
    pub fn set_grid(&mut self, id: SourceId, grid: Grid) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            source.grid = Some(grid);
        }
    }

    /// Says whether an input's text was made of a sheet of a spreadsheet.
    pub fn is_sheet(&self, id: SourceId) -> bool {
        self.get(id).is_some_and(|source| source.grid().is_some())
    }

    /// Gives the cell in which a place lies, if its input is a spreadsheet: `sheet Audit, cell D17`.
    pub fn cell(&self, span: Span) -> Option<String> {
        let source = self.get(span.source)?;
        let grid = source.grid()?;
        Some(format!("sheet {}, cell {}", grid.sheet(), grid::name(grid.cell(source.bytes(), span.start))))
    }

    /// Adds an input that need not be held in memory, of which no line may be shown whole.
    pub fn add_stored(&mut self, name: impl Into<String>, stored: Box<dyn Stored>) -> SourceId {
        self.push(Source::of(name.into(), Some(stored), true))
    }

    fn push(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(source);
        id
    }

    /// Gives an input; `None` for an id of another collection.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }

    /// Gives all inputs with their ids, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.sources.iter().enumerate().map(|(at, source)| (SourceId(at as u32), source))
    }

    /// Gives the name of an input, or the empty string.
    pub fn name(&self, id: SourceId) -> &str {
        self.get(id).map_or("", Source::name)
    }

    /// Gives the bytes of an input.
    pub fn bytes(&self, id: SourceId) -> &[u8] {
        self.get(id).map_or(&[], Source::bytes)
    }

    /// Gives how many bytes an input has.
    pub fn length(&self, id: SourceId) -> usize {
        self.get(id).map_or(0, Source::length)
    }

    /// Gives some of the bytes of an input, as far as it has them; `buffer` is room that may be used for them.
    pub fn read<'b>(&'b self, id: SourceId, range: Range<usize>, buffer: &'b mut Vec<u8>) -> &'b [u8] {
        self.get(id).map_or(&[], |source| source.read(range, buffer))
    }

    /// Gives the first input of which some bytes could not be read, with the reason.
    pub fn broken(&self) -> Option<(&str, &str)> {
        self.sources.iter().find_map(|source| Some((source.name(), source.broken()?)))
    }

    /// Gives the text at a place; bytes that are no UTF-8 appear as the replacement character.
    pub fn text(&self, span: Span) -> String {
        String::from_utf8_lossy(self.read(span.source, span.start..span.end, &mut Vec::new())).into_owned()
    }

    /// Gives the bytes of the lines from one byte to another, with so many lines around them, and the number of the first
    /// line, from 0.
    pub fn lines_around(&self, span: Span, around: usize) -> (Range<usize>, usize) {
        let Some(source) = self.get(span.source) else { return (0..0, 0) };
        let length = source.length();
        let (line, mut from) = source.line_of(span.start.min(length));
        let first = line.saturating_sub(around);
        for _ in first..line {
            from = source.line_of(from.saturating_sub(1)).1;
        }
        let to = source.start_of_next(source.line_of(span.end.min(length)).1, around + 1);
        (from..to, first)
    }

    /// Gives line and column of a place's first byte; of a spreadsheet, the numbers of its row and its column.
    pub fn line_column(&self, span: Span) -> LineColumn {
        let Some(source) = self.get(span.source) else {
            return LineColumn { line: 1, column: 1 };
        };
        let offset = span.start.min(source.length());
        if let Some(grid) = &source.grid {
            return grid.cell(source.bytes(), offset);
        }
        let (line, start) = source.line_of(offset);
        LineColumn { line: line + 1, column: source.column_of(offset, start) + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::input::BLOCK;
    use super::*;

    #[test]
    fn lines_end_in_any_of_the_three_ways() {
        let mut sources = Sources::new();
        let id = sources.add("a", "one\r\ntwo\rthree\nfour");
        let at = |start| sources.line_column(Span::new(id, start, start));
        assert_eq!(at(0), LineColumn { line: 1, column: 1 });
        assert_eq!(at(5), LineColumn { line: 2, column: 1 });
        assert_eq!(at(9), LineColumn { line: 3, column: 1 });
        assert_eq!(at(16), LineColumn { line: 4, column: 2 });
    }

    #[test]
    fn columns_are_right_across_blocks_and_after_a_byte_order_mark() {
        let mut sources = Sources::new();
        let long = format!("\u{FEFF}{}\nab", "ü".repeat(10_000));
        let id = sources.add("a", long.clone());
        for (at, (offset, _)) in long.char_indices().enumerate().skip(1).take(10_000).step_by(997) {
            assert_eq!(
                sources.line_column(Span::new(id, offset, offset)),
                LineColumn { line: 1, column: at },
                "{offset}"
            );
        }
        let end = long.len();
        assert_eq!(sources.line_column(Span::new(id, end, end)), LineColumn { line: 2, column: 3 });
        let whole = sources.add("b", "x".repeat(BLOCK));
        assert_eq!(sources.line_column(Span::new(whole, BLOCK, BLOCK)).column, BLOCK + 1);
    }

    #[test]
    fn columns_count_code_points_and_places_never_fail() {
        let mut sources = Sources::new();
        let id = sources.add("a", "grösse 3");
        assert_eq!(sources.line_column(Span::new(id, 8, 9)), LineColumn { line: 1, column: 8 });
        assert_eq!(sources.line_column(Span::new(id, 800, 900)), LineColumn { line: 1, column: 9 });
        assert_eq!(sources.text(Span::new(id, 800, 900)), "");
    }

    /// Bytes that are no more than looked at.
    #[derive(Debug)]
    struct Elsewhere(Vec<u8>);

    impl Stored for Elsewhere {
        fn length(&self) -> usize {
            self.0.len()
        }

        fn fill(&self, offset: usize, room: &mut [u8]) -> Result<(), String> {
            let bytes = self.0.get(offset..offset + room.len()).ok_or("it became shorter while it was read")?;
            room.copy_from_slice(bytes);
            Ok(())
        }
    }

    #[test]
    fn places_are_the_same_whether_the_bytes_are_held_or_not() {
        let mut text = String::from("\u{FEFF}first\r");
        for number in 0..9_000 {
            let end = ["\n", "\r\n", "\r", "", "\n\n"][number * 7 % 5];
            text.push_str(&format!("{number} größer{end}"));
        }
        text.push_str(&"x".repeat(3 * BLOCK));
        let starts: Vec<usize> = {
            let bytes = text.as_bytes();
            let ends = (0..bytes.len())
                .filter(|at| bytes[*at] == b'\n' || (bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
            std::iter::once(0).chain(ends.map(|at| at + 1)).collect()
        };
        let mut sources = Sources::new();
        let held = sources.add("held", text.clone());
        let stored = sources.add_stored("stored", Box::new(Elsewhere(text.clone().into_bytes())));
        let offsets = (0..text.len()).step_by(41).chain((0..text.len()).rev().step_by(1_013)).chain([text.len()]);
        for offset in offsets {
            let line = starts.partition_point(|start| *start <= offset) - 1;
            for id in [held, stored] {
                let span = Span::new(id, offset, offset + 3);
                assert_eq!(sources.line_column(span).line, line + 1, "{offset}");
                let first = line.saturating_sub(1);
                let end_line = starts.partition_point(|start| *start <= (offset + 3).min(text.len())) - 1;
                let to = starts.get(end_line + 2).copied().unwrap_or(text.len());
                assert_eq!(sources.lines_around(span, 1), (starts[first]..to, first), "{offset}");
            }
            let [one, other] = [held, stored].map(|id| {
                let span = Span::new(id, offset, offset + 3);
                (sources.line_column(span), sources.text(span))
            });
            assert_eq!(one, other);
        }
        assert_eq!(sources.broken(), None);
    }

    #[test]
    fn bytes_that_cannot_be_read_are_told() {
        #[derive(Debug)]
        struct Gone;
        impl Stored for Gone {
            fn length(&self) -> usize {
                100
            }
            fn fill(&self, _offset: usize, _room: &mut [u8]) -> Result<(), String> {
                Err("it became shorter while it was read".to_owned())
            }
        }
        let mut sources = Sources::new();
        let id = sources.add_stored("gone", Box::new(Gone));
        assert_eq!(sources.text(Span::new(id, 3, 5)), "");
        assert_eq!(sources.broken(), Some(("gone", "it became shorter while it was read")));
    }
}
