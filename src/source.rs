//! Which text, and where in it.
//!
//! Takes the bytes of every input of a run, policies and logs alike, and gives each a [`SourceId`]. A [`Span`] is a
//! place in one of them; it is small and `Copy`, and its text, line and column are looked up late, when somebody is
//! shown something. This module guarantees that looking up a span never fails: a span that does not fit its source is
//! clamped to it.

mod grid;

use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

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

/// Bytes that lie somewhere else and are read when they are asked for: a file.
pub trait Stored: std::fmt::Debug + Send + Sync {
    /// Gives how many bytes there are.
    fn length(&self) -> usize;

    /// Fills the room with the bytes that begin at an offset. An error is said in the user's words: lower-case start, no full
    /// stop.
    fn fill(&self, offset: usize, room: &mut [u8]) -> Result<(), String>;
}

/// The name and the bytes of one input.
#[derive(Debug)]
pub struct Source {
    name: String,
    /// The bytes, once they are held in memory.
    held: OnceLock<Vec<u8>>,
    /// Where they lie, if they need not be held.
    stored: Option<Box<dyn Stored>>,
    /// Why some of them could not be read.
    broken: OnceLock<String>,
    /// Whether none of its lines may be shown whole: a log may have names in every line.
    protected: bool,
    /// The SHA-256 digest of the file, where its text was made of it: unpacked, say.
    file_digest: Option<[u8; 32]>,
    /// The sheet of which its text was made, if it is a spreadsheet.
    grid: Option<Grid>,
    /// What lies before each block of the bytes, so that no place costs more than a look at its own.
    before: Mutex<Vec<Before>>,
    /// The bytes that were looked at last.
    window: Mutex<Held>,
}

/// How many lines begin, and how many code points stand, before a block.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    lines: usize,
    points: usize,
}

/// Some bytes, from an offset on.
#[derive(Debug, Default)]
struct Held {
    from: usize,
    bytes: Vec<u8>,
}

/// The bytes of a block, for counting lines and code points.
const BLOCK: usize = 4096;

/// How much is held of what was looked at last.
const WINDOW: usize = 1 << 16;

impl Source {
    fn new(name: String, bytes: Vec<u8>, protected: bool) -> Self {
        let made = Self::of(name, None, protected);
        let _ = made.held.set(bytes);
        made
    }

    fn of(name: String, stored: Option<Box<dyn Stored>>, protected: bool) -> Self {
        Self {
            name,
            held: OnceLock::new(),
            stored,
            broken: OnceLock::new(),
            protected,
            file_digest: None,
            grid: None,
            before: Mutex::default(),
            window: Mutex::default(),
        }
    }

    /// Gives the name under which people know the input: a path, or `-`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Says whether none of its lines may be shown whole.
    pub fn is_protected(&self) -> bool {
        self.protected
    }

    /// Gives all the bytes; those of a file are read into memory, and stay there.
    pub fn bytes(&self) -> &[u8] {
        self.held.get_or_init(|| {
            let mut bytes = vec![0; self.length()];
            let read = self.fill(0, &mut bytes);
            if read { bytes } else { Vec::new() }
        })
    }

    /// Gives the SHA-256 digest of the file, where the bytes are not those of the file itself.
    pub fn file_digest(&self) -> Option<[u8; 32]> {
        self.file_digest
    }

    /// Gives the sheet of which the text was made, if it is a spreadsheet.
    pub fn grid(&self) -> Option<&Grid> {
        self.grid.as_ref()
    }

    /// Gives how many bytes there are.
    pub fn length(&self) -> usize {
        match (self.held.get(), &self.stored) {
            (Some(bytes), _) => bytes.len(),
            (None, Some(stored)) => stored.length(),
            (None, None) => 0,
        }
    }

    /// Says why some of the bytes could not be read, if so.
    pub fn broken(&self) -> Option<&str> {
        self.broken.get().map(String::as_str)
    }

    fn fill(&self, offset: usize, room: &mut [u8]) -> bool {
        let Some(stored) = &self.stored else { return room.is_empty() };
        match stored.fill(offset, room) {
            Ok(()) => true,
            Err(reason) => {
                self.broken.get_or_init(|| reason);
                false
            }
        }
    }

    /// Gives the bytes of a range, as far as there are any; nothing where they cannot be read.
    pub fn read<'b>(&'b self, range: Range<usize>, buffer: &'b mut Vec<u8>) -> &'b [u8] {
        let length = self.length();
        let (start, end) = (range.start.min(length), range.end.min(length));
        if let Some(bytes) = self.held.get() {
            return bytes.get(start..end).unwrap_or(&[]);
        }
        buffer.resize(end.saturating_sub(start), 0);
        if !self.fill(start, buffer) {
            buffer.clear();
        }
        buffer
    }

    /// Looks at the bytes of a range, which is a short one.
    fn look<R>(&self, range: Range<usize>, with: impl FnOnce(&[u8]) -> R) -> R {
        if self.held.get().is_some() {
            return with(self.read(range, &mut Vec::new()));
        }
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let end = range.end.min(self.length());
        let is_held = window.from <= range.start && end <= window.from + window.bytes.len();
        if !is_held {
            let Held { from, bytes } = &mut *window;
            *from = range.start / BLOCK * BLOCK;
            self.read(*from..end.max(*from + WINDOW), bytes);
        }
        let start = range.start.saturating_sub(window.from);
        with(window.bytes.get(start..end.saturating_sub(window.from)).unwrap_or(&[]))
    }

    /// Gives what lies before a block; blocks are counted as far as somebody has asked.
    fn before(&self, block: usize) -> Before {
        let mut known = self.before.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_empty() {
            known.push(Before::default());
        }
        while known.len() <= block {
            let at = (known.len() - 1) * BLOCK;
            let last = known.last().copied().unwrap_or_default();
            let (lines, points) = self.look(at..at + BLOCK + 1, |bytes| {
                let block = bytes.get(..BLOCK.min(bytes.len())).unwrap_or(&[]);
                (line_ends(bytes, block.len()).count(), code_points(block))
            });
            known.push(Before { lines: last.lines + lines, points: last.points + points });
        }
        known.get(block).copied().unwrap_or_default()
    }

    /// Counts the code points before a byte.
    fn points_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        self.before(block).points + self.look(block * BLOCK..offset, code_points)
    }

    /// Gives the column, from 0, of a byte on a line. A byte order mark is not counted.
    fn column_of(&self, offset: usize, line_start: usize) -> usize {
        let has_mark = || self.look(0..3, |bytes| bytes == b"\xEF\xBB\xBF");
        let mark = usize::from(line_start == 0 && offset >= 3 && has_mark());
        self.points_before(offset).saturating_sub(self.points_before(line_start)).saturating_sub(mark)
    }

    /// Gives the line, from 0, in which a byte lies, and where that line begins.
    fn line_of(&self, offset: usize) -> (usize, usize) {
        let block = offset / BLOCK;
        let from = block * BLOCK;
        let mut line = self.before(block).lines;
        let in_block = self.look(from..offset + 1, |bytes| {
            let ends = line_ends(bytes, offset - from);
            ends.fold((0, None), |(count, _), at| (count + 1, Some(from + at + 1)))
        });
        line += in_block.0;
        (line, in_block.1.unwrap_or_else(|| self.start_of_line_before(block)))
    }

    /// Gives where the line begins that goes on into a block.
    fn start_of_line_before(&self, block: usize) -> usize {
        for earlier in (0..block).rev() {
            let at = earlier * BLOCK;
            if self.before(earlier).lines == self.before(earlier + 1).lines {
                continue;
            }
            let last = self.look(at..at + BLOCK + 1, |bytes| line_ends(bytes, BLOCK).last());
            if let Some(last) = last {
                return at + last + 1;
            }
        }
        0
    }

    /// Gives where so many lines after a line begin, or the end of the bytes.
    fn start_of_next(&self, offset: usize, mut lines: usize) -> usize {
        let length = self.length();
        let mut at = offset;
        while at < length {
            let end = (at / BLOCK + 1) * BLOCK;
            let found = self.look(at..end + 1, |bytes| {
                let own = (end - at).min(bytes.len());
                let ends: Vec<usize> = line_ends(bytes, own).take(lines).collect();
                (ends.len(), ends.last().copied())
            });
            lines -= found.0.min(lines);
            if let (0, Some(last)) = (lines, found.1) {
                return at + last + 1;
            }
            at = end;
        }
        length
    }
}

/// Finds where lines end, among the first of some bytes: `\n`, or a `\r` that is not followed by one.
fn line_ends(bytes: &[u8], first: usize) -> impl Iterator<Item = usize> + '_ {
    let own = bytes.get(..first.min(bytes.len())).unwrap_or(&[]);
    memchr::memchr2_iter(b'\n', b'\r', own)
        .filter(|at| bytes.get(*at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'))
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
