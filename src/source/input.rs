//! One input: its bytes, held in memory or read when they are asked for, and where its lines begin.
//!
//! What lies before a place is counted block by block, as far as somebody has asked, so that no place costs more than a look at its
//! own block, however long the input or one of its lines is.

use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

use super::Grid;

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
    pub(super) file_digest: Option<[u8; 32]>,
    /// The sheet of which its text was made, if it is a spreadsheet.
    pub(super) grid: Option<Grid>,
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
pub(super) const BLOCK: usize = 4096;

/// How much is held of what was looked at last.
const WINDOW: usize = 1 << 16;

impl Source {
    pub(super) fn new(name: String, bytes: Vec<u8>, protected: bool) -> Self {
        let made = Self::of(name, None, protected);
        let _ = made.held.set(bytes);
        made
    }

    pub(super) fn of(name: String, stored: Option<Box<dyn Stored>>, protected: bool) -> Self {
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

    /// Gives it another name.
    pub(super) fn rename(&mut self, name: &str) {
        name.clone_into(&mut self.name);
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
    pub(super) fn column_of(&self, offset: usize, line_start: usize) -> usize {
        let has_mark = || self.look(0..3, |bytes| bytes == b"\xEF\xBB\xBF");
        let mark = usize::from(line_start == 0 && offset >= 3 && has_mark());
        self.points_before(offset).saturating_sub(self.points_before(line_start)).saturating_sub(mark)
    }

    /// Gives the line, from 0, in which a byte lies, and where that line begins.
    pub(super) fn line_of(&self, offset: usize) -> (usize, usize) {
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
    pub(super) fn start_of_next(&self, offset: usize, mut lines: usize) -> usize {
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

/// Counts code points: every byte that does not continue one begins one.
fn code_points(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}
