//! The lines or rows of a log, block by block: each can be read by itself, and together they are every line once.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::log::{self, ColumnsSeen, Elements, Format, Input, Item, Limits, Mapper, Mapping, Pieces, Rows};
use crate::source::{SourceId, Sources, Span};

use super::{Audit, Running, Wants};

/// The bytes of a block of which nothing more than numbers is wanted.
const LARGE: usize = 1 << 20;

/// The bytes of such a block of a mapped log, or of YAML: what is made of its records takes more room.
const MIDDLE: usize = 1 << 18;

/// The bytes of a block whose records are held with all that is said of them until it is their turn.
const SMALL: usize = 1 << 16;

/// How much is read at once beyond a block, to the end of its last line.
const BEYOND: usize = 1 << 14;

/// A part of a log: the lines of JSON that begin in it are its own, or the rows that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) source: SourceId,
    start: usize,
    end: usize,
}

/// A log that can be read line by line.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) blocks: Vec<Block>,
    pub(super) lines: Lines,
}

/// What the lines of a log are.
#[derive(Debug)]
pub(super) enum Lines {
    /// Records of JSON.
    Json,
    /// Records within a document of JSON.
    Elements(Elements),
    /// Items or documents of YAML.
    Pieces(Pieces),
    /// Rows of CSV, behind a header.
    Rows(Rows),
    /// Any of these, in words that a mapping turns into those of a vocabulary.
    Mapped(Box<Lines>, Mapper),
}

impl Lines {
    /// Reads a line, as [`Block::each_line`] gives it.
    pub(super) fn read(&self, line: &[u8], source: SourceId, at: usize, limits: &Limits) -> Item {
        self.read_noting(line, source, at, limits, &mut ColumnsSeen::default())
    }

    /// Reads a line, and notes what there is to be said of the log as a whole.
    pub(super) fn read_noting(
        &self,
        line: &[u8],
        source: SourceId,
        at: usize,
        limits: &Limits,
        seen: &mut ColumnsSeen,
    ) -> Item {
        match self {
            Self::Json => log::read_line(line, source, at, limits),
            Self::Elements(elements) => elements.read(line, at, limits),
            Self::Pieces(pieces) => pieces.read(line, at, limits),
            Self::Rows(rows) => rows.read(line, at, limits),
            Self::Mapped(lines, mapper) => mapper.item(lines.read(line, source, at, limits), (line, at), limits, seen),
        }
    }

    /// Says what concerns the log as a whole, of which every line was noted.
    pub(super) fn of_log(&self, seen: &ColumnsSeen) -> Vec<Diagnostic> {
        match self {
            Self::Json | Self::Elements(_) | Self::Pieces(_) | Self::Rows(_) => Vec::new(),
            Self::Mapped(_, mapper) => mapper.finish(seen),
        }
    }

    /// Notes that the record of a line was read, as reading it as a whole does.
    pub(super) fn note(&self, place: Span, seen: &mut ColumnsSeen) {
        if let (Some(rows), Some(mapper)) = (self.rows(), self.mapper()) {
            mapper.note(rows.columns(), place, seen);
        }
    }

    /// Gives what tells the rows of a table, if they are those of one.
    pub(super) fn rows(&self) -> Option<&Rows> {
        match self {
            Self::Json | Self::Elements(_) | Self::Pieces(_) => None,
            Self::Rows(rows) => Some(rows),
            Self::Mapped(lines, _) => lines.rows(),
        }
    }

    /// Gives what reads them in the words of a mapping, if they are mapped.
    pub(super) fn mapper(&self) -> Option<&Mapper> {
        match self {
            Self::Json | Self::Elements(_) | Self::Pieces(_) | Self::Rows(_) => None,
            Self::Mapped(_, mapper) => Some(mapper),
        }
    }

    /// Says whether there may be records among them that are read in brief.
    pub(super) fn may_be_brief(&self) -> bool {
        self.rows().is_some() || matches!(self, Self::Json | Self::Elements(_))
    }

    /// Says whether it takes long to read one of them as the judge reads it.
    pub(super) fn take_long(&self) -> bool {
        matches!(self, Self::Pieces(_) | Self::Mapped(..))
    }

    /// Says whether keys stand in a header, and not in every line.
    pub(super) fn have_a_header(&self) -> bool {
        self.rows().is_some()
    }
}

/// Cuts a log that can be read line by line into blocks, by what is wanted of its records; `None` for one that cannot.
pub(super) fn of(audit: &Audit<'_>, input: &Input, wants: Wants) -> Option<Cut> {
    let sources = audit.sources;
    if !may_have_lines(audit, input) {
        return None;
    }
    let mapping = input.mapping.as_ref();
    let bytes = match wants {
        Wants::Nothing if mapping.is_none() && input.format != Format::Yaml => LARGE,
        Wants::Nothing => MIDDLE,
        _ => SMALL,
    };
    let reading = mapping.map(|mapping| mapping.reading());
    let block = |part: &Range<usize>| Block { source: input.id, start: part.start, end: part.end };
    let blocks_of = |parts: &[Range<usize>]| parts.iter().map(block).collect();
    let (blocks, lines) = match input.format {
        Format::Csv => {
            let rows = Rows::of(sources, input.id, &audit.limits, reading, bytes)?;
            (blocks_of(rows.parts()), Lines::Rows(rows))
        }
        Format::Json => {
            let elements = Elements::of(sources, input.id, &audit.limits, reading, bytes)?;
            (blocks_of(elements.parts()), Lines::Elements(elements))
        }
        Format::Jsonl => {
            let length = sources.length(input.id);
            let block = |start: usize| Block { source: input.id, start, end: (start + bytes).min(length) };
            ((0..length).step_by(bytes).map(block).collect(), Lines::Json)
        }
        Format::Yaml => {
            let pieces = Pieces::of(sources, input.id, &audit.limits, bytes)?;
            (blocks_of(pieces.parts()), Lines::Pieces(pieces))
        }
    };
    let lines = match mapping {
        None => lines,
        Some(mapping) => Lines::Mapped(Box::new(lines), Mapper::new(mapping, input.id, input.format)),
    };
    Some(Cut { blocks, lines })
}

/// Says whether a log may have lines that can be read one by one. Of one in any format but JSON Lines it may still turn out that it
/// has none.
fn may_have_lines(audit: &Audit<'_>, input: &Input) -> bool {
    input.mapping.as_ref().is_none_or(|mapping| reads_lines(input.format, mapping))
        && !log::is_foreign(audit.sources, input.id)
}

/// Says whether the lines of a log may be read in brief.
pub(super) fn may_be_brief(audit: &Audit<'_>, input: &Input) -> bool {
    let is_read_whole = input.format == Format::Yaml || (input.mapping.is_some() && input.format != Format::Csv);
    !is_read_whole && may_have_lines(audit, input)
}

/// Says whether a mapping finds a record in each line: in JSON Lines it may look for them in a list within each.
fn reads_lines(format: Format, mapping: &Mapping) -> bool {
    format != Format::Jsonl || mapping.reading().records.is_none()
}

/// What became of reading a log.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// What concerns it as a whole.
    pub(super) of_log: Vec<Diagnostic>,
    /// Where it was stopped, if it was: what stands behind that was not given.
    pub(super) stopped: Option<usize>,
}

/// Reads a log record by record: by lines where it has them, so that no more of it is held than a block.
///
/// Gives nothing more when whoever watches says that it is over.
pub(super) fn each_item(audit: &Audit<'_>, input: &Input, running: &Running<'_>, sink: &mut dyn FnMut(Item)) -> Read {
    let Some(Cut { blocks, lines }) = of(audit, input, Wants::Nothing) else {
        let (mut read, mut stopped) = (0, None);
        let of_log = log::read_input(audit.sources, input, &audit.limits, &mut |item| {
            let at = match &item {
                Item::Record(record) => record.span,
                Item::Unreadable(unreadable) => unreadable.at,
                Item::LeftOut(left_out) => left_out.at,
            };
            if running.goes_on(at.end.saturating_sub(read)) {
                sink(item);
            } else {
                stopped.get_or_insert(at.start);
            }
            read = read.max(at.end);
        });
        return Read { of_log, stopped };
    };
    let (mut buffer, mut seen) = (Vec::new(), ColumnsSeen::default());
    for block in blocks {
        if running.is_over() {
            return Read { of_log: Vec::new(), stopped: Some(block.start) };
        }
        block.each_line(audit.sources, &lines, &mut buffer, |line, at| {
            sink(lines.read_noting(line, input.id, at, &audit.limits, &mut seen));
        });
        running.goes_on(block.length());
    }
    Read { of_log: lines.of_log(&seen), stopped: None }
}

impl Block {
    /// Gives where it ends.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Gives how many bytes it has.
    pub(super) fn length(&self) -> usize {
        self.end - self.start
    }

    /// Gives each line of the block that is not blank, with the place where it begins: of JSON without white space around it, of
    /// CSV the row without its end. `buffer` is room that may be used again.
    pub(super) fn each_line(
        &self,
        sources: &Sources,
        lines: &Lines,
        buffer: &mut Vec<u8>,
        mut take: impl FnMut(&[u8], usize),
    ) {
        match lines {
            Lines::Mapped(lines, _) => self.each_line(sources, lines, buffer, take),
            Lines::Json => self.each_line_of_json(sources, buffer, take),
            Lines::Rows(rows) => rows.each(self.read(sources, buffer), self.start, &mut take),
            Lines::Pieces(pieces) => pieces.each(self.read(sources, buffer), self.start, &mut take),
            Lines::Elements(elements) => elements.each(self.read(sources, buffer), self.start, &mut take),
        }
    }

    fn read<'b>(&self, sources: &'b Sources, buffer: &'b mut Vec<u8>) -> &'b [u8] {
        sources.read(self.source, self.start..self.end, buffer)
    }

    fn each_line_of_json(&self, sources: &Sources, buffer: &mut Vec<u8>, mut take: impl FnMut(&[u8], usize)) {
        let from = self.start.saturating_sub(1);
        let mut beyond = BEYOND;
        loop {
            let length = sources.length(self.source);
            let until = self.end.saturating_add(beyond).min(length);
            let bytes = sources.read(self.source, from..until, buffer);
            let (own, is_whole) = self.own_lines(bytes, from);
            if is_whole || until >= length || bytes.len() < until - from {
                return each(bytes, own, from, &mut take);
            }
            // The last line is a long one.
            beyond = beyond.saturating_mul(4);
        }
    }

    /// Gives where the lines that begin in the block lie in bytes that begin at a place, and whether the last is there whole.
    fn own_lines(&self, bytes: &[u8], from: usize) -> (Range<usize>, bool) {
        let first = match self.start {
            0 => log::mark_length(bytes),
            _ => match memchr::memchr(b'\n', bytes) {
                Some(at) => at + 1,
                None => return (0..0, true),
            },
        };
        // The last line begins behind the last line break before the end of the block.
        let end = self.end - from;
        if first >= end {
            return (0..0, true);
        }
        match memchr::memchr(b'\n', bytes.get(end - 1..).unwrap_or_default()) {
            Some(at) => (first..end + at, true),
            None => (first..bytes.len(), false),
        }
    }
}

fn each(bytes: &[u8], own: Range<usize>, from: usize, take: &mut impl FnMut(&[u8], usize)) {
    let mut at = own.start;
    while at < own.end {
        let rest = bytes.get(at..own.end).unwrap_or_default();
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default();
        let text = line.trim_ascii_start();
        let start = at + (line.len() - text.len());
        let text = text.trim_ascii_end();
        if !text.is_empty() {
            take(text, from + start);
        }
        at += length + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_lines(text: &str, block: usize) -> Vec<(String, usize)> {
        let mut sources = Sources::new();
        let source = sources.add("log.jsonl", text);
        let mut found = Vec::new();
        for start in (0..text.len()).step_by(block) {
            let block = Block { source, start, end: (start + block).min(text.len()) };
            block.each_line(&sources, &Lines::Json, &mut Vec::new(), |line, at| {
                found.push((String::from_utf8(line.to_owned()).unwrap(), at));
            });
        }
        found
    }

    #[test]
    fn every_line_is_given_once_however_the_log_is_cut() {
        let long = "x".repeat(40);
        for text in
            ["a\nbc\n\n  d \r\n", "a", "\n\n\n", "", "a\n\n\nb", &format!("{long}\na\n{long}"), "\u{FEFF}a\nb\n"]
        {
            let whole = all_lines(text, 1_000);
            for block in 1..20 {
                if !text.starts_with('\u{FEFF}') || block > 3 {
                    assert_eq!(all_lines(text, block), whole, "{text:?} {block}");
                }
            }
            for (line, at) in whole {
                assert!(text.get(at..).unwrap().starts_with(&line));
            }
        }
    }
}
