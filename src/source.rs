//! Which text, and where in it.
//!
//! Takes the bytes of every input of a run, policies and logs alike, and gives each a [`SourceId`]. A [`Span`] is a
//! place in one of them; it is small and `Copy`, and its text, line and column are looked up late, when somebody is
//! shown something. This module guarantees that looking up a span never fails: a span that does not fit its source is
//! clamped to it.

mod grid;

use std::ops::Range;
use std::sync::OnceLock;

pub use grid::Grid;

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

/// The name and the bytes of one input.
#[derive(Debug)]
pub struct Source {
    name: String,
    bytes: Vec<u8>,
    /// Whether none of its lines may be shown whole: a log may have names in every line.
    protected: bool,
    /// The SHA-256 digest of the file, where its text was made of it: unpacked, say.
    file_digest: Option<[u8; 32]>,
    /// The sheet of which its text was made, if it is a spreadsheet.
    grid: Option<Grid>,
    line_starts: OnceLock<Vec<usize>>,
    /// How many code points stand before each block of the bytes, so that a column in a line of a gigabyte costs no more
    /// than one in a short line.
    points_before_block: OnceLock<Vec<usize>>,
}

/// The bytes of a block, for counting code points.
const BLOCK: usize = 4096;

impl Source {
    fn new(name: String, bytes: Vec<u8>, protected: bool) -> Self {
        let (line_starts, points_before_block) = (OnceLock::new(), OnceLock::new());
        Self { name, bytes, protected, file_digest: None, grid: None, line_starts, points_before_block }
    }

    /// Gives the name under which people know the input: a path, or `-`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Says whether none of its lines may be shown whole.
    pub fn is_protected(&self) -> bool {
        self.protected
    }

    /// Gives the bytes as they were read.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Gives the SHA-256 digest of the file, where the bytes are not those of the file itself.
    pub fn file_digest(&self) -> Option<[u8; 32]> {
        self.file_digest
    }

    /// Gives the sheet of which the text was made, if it is a spreadsheet.
    pub fn grid(&self) -> Option<&Grid> {
        self.grid.as_ref()
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| line_starts(&self.bytes))
    }

    /// Counts the code points before a byte.
    fn points_before(&self, offset: usize) -> usize {
        let blocks = self.points_before_block.get_or_init(|| {
            let counts = self.bytes.chunks(BLOCK).scan(0, |sum, block| {
                let before = *sum;
                *sum += code_points(block);
                Some(before)
            });
            counts.collect()
        });
        let block = offset / BLOCK;
        let Some(before) = blocks.get(block) else {
            return self.bytes.chunks(BLOCK).next_back().map_or(0, code_points) + blocks.last().copied().unwrap_or(0);
        };
        before + code_points(self.bytes.get(block * BLOCK..offset).unwrap_or(&[]))
    }

    /// Gives the column, from 0, of a byte on a line. A byte order mark is not counted.
    fn column_of(&self, offset: usize, line_start: usize) -> usize {
        let mark = usize::from(line_start == 0 && offset >= 3 && self.bytes.starts_with(b"\xEF\xBB\xBF"));
        self.points_before(offset).saturating_sub(self.points_before(line_start)).saturating_sub(mark)
    }

    /// Gives the line, from 0, in which a byte lies, and where that line begins.
    fn line_of(&self, offset: usize) -> (usize, usize) {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).saturating_sub(1);
        (line, starts.get(line).copied().unwrap_or(0))
    }
}

/// Finds where each line begins: after `\n`, `\r\n` or a lone `\r`.
fn line_starts(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    for (at, byte) in bytes.iter().enumerate() {
        let ends_line = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends_line {
            starts.push(at + 1);
        }
    }
    starts
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

    /// States the sheet that an input's text was made of.
    pub fn set_grid(&mut self, id: SourceId, grid: Grid) {
        if let Some(source) = self.sources.get_mut(id.0 as usize) {
            source.grid = Some(grid);
        }
    }

    /// Gives the cell in which a place lies, if its input is a spreadsheet: `sheet Audit, cell D17`.
    pub fn cell(&self, span: Span) -> Option<String> {
        let source = self.get(span.source)?;
        let grid = source.grid()?;
        Some(format!("sheet {}, cell {}", grid.sheet(), grid::name(grid.cell(&source.bytes, span.start))))
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

    /// Gives the text at a place; bytes that are no UTF-8 appear as the replacement character.
    pub fn text(&self, span: Span) -> String {
        let bytes = self.bytes(span.source);
        let end = span.end.min(bytes.len());
        let slice = bytes.get(span.start.min(end)..end).unwrap_or(&[]);
        String::from_utf8_lossy(slice).into_owned()
    }

    /// Gives the bytes of the lines from one byte to another, with so many lines around them, and the number of the first
    /// line, from 0.
    pub fn lines_around(&self, span: Span, around: usize) -> (Range<usize>, usize) {
        let Some(source) = self.get(span.source) else { return (0..0, 0) };
        let length = source.bytes.len();
        let starts = source.line_starts();
        let first = source.line_of(span.start.min(length)).0.saturating_sub(around);
        let last = source.line_of(span.end.min(length)).0 + around;
        let from = starts.get(first).copied().unwrap_or(0);
        let to = starts.get(last + 1).copied().unwrap_or(length);
        (from..to, first)
    }

    /// Gives line and column of a place's first byte; of a spreadsheet, the numbers of its row and its column.
    pub fn line_column(&self, span: Span) -> LineColumn {
        let Some(source) = self.get(span.source) else {
            return LineColumn { line: 1, column: 1 };
        };
        let offset = span.start.min(source.bytes.len());
        if let Some(grid) = &source.grid {
            return grid.cell(&source.bytes, offset);
        }
        let (line, start) = source.line_of(offset);
        LineColumn { line: line + 1, column: source.column_of(offset, start) + 1 }
    }
}

/// Counts code points: every byte that does not continue one begins one.
fn code_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
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
}
