//! From the bytes of a log to episodes.
//!
//! Takes the inputs of a run (their bytes lie in [`Sources`]) and gives, in two steps, what a judge reads:
//! - [`read`] turns one input into [`Item`]s, records and unreadable ones, in the order of the input, each value with
//!   its place. It guarantees that every record is an item, that one bad record spoils no other whose bounds can be
//!   told, and that time and memory stay bounded whatever the bytes are;
//! - a [`Fitter`] reads a record in the words of one vocabulary: an [`Episode`](crate::episode::Episode) and the
//!   [`Finding`]s on what does not fit.
//!
//! Beside them stand four collectors over a whole audit: [`UnknownKeys`], [`Ids`], [`TextValues`], and [`open`], which
//! brings paths and the standard input into [`Sources`]. Which episodes a policy covers, and what follows, is left to
//! others; no reader knows a vocabulary.

mod brief;
mod csv;
mod digests;
mod finding;
mod fit;
mod flatten;
mod format;
mod ids;
mod inputs;
mod json;
mod jsonl;
mod limits;
mod lines;
mod mapping;
mod parts;
mod plain;
pub mod record;
mod spreadsheet;
mod suggest;
mod text_values;
mod unknown_keys;
mod unreadable;
mod yaml;

pub use brief::Briefer;
pub use csv::Rows;
pub use digests::{IdDigests, Suspects};
pub use finding::{Finding, FindingKind, Misfit};
pub use fit::{Fitted, Fitter};
pub use format::Format;
pub use ids::{DuplicateId, Ids};
pub use inputs::no_logs::not_read;
pub use inputs::sheets::choose_sheets;
pub use inputs::{CannotOpen, Input, LockFile, Opened, open};
pub use json::Elements;
pub use limits::Limits;
pub use mapping::{ColumnsSeen, Mapper, Mapping, NotSo, Reading, Sheets, schema as mapping_schema};
pub use record::{Entry, Item, LeftOut, Raw, Record, Refusal, Refused, Repeat, Unreadable};
pub use suggest::{Known, is_way_to_records, suggest};
pub use text_values::{TextValues, UnmatchedText};
pub use unknown_keys::{UnknownKey, UnknownKeys};
pub use yaml::Pieces;

use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Sources, Span};

/// Reads one input as its mapping says, if it has one, and gives each of its records to `sink`, in the order of the input.
/// What it gives back concerns the input as a whole.
pub fn read_input(sources: &Sources, input: &Input, limits: &Limits, sink: &mut dyn FnMut(Item)) -> Vec<Diagnostic> {
    let Some(mapping) = &input.mapping else {
        read(sources, input.id, input.format, limits, sink);
        return Vec::new();
    };
    let bytes = sources.bytes(input.id);
    let (mapper, mut seen) = (Mapper::new(mapping, input.id, input.format), ColumnsSeen::default());
    let reading = mapping.reading();
    let mut mapped = |item| sink(mapper.item(item, (bytes, 0), limits, &mut seen));
    match (input.format, &reading.records) {
        _ if format::foreign_encoding(bytes).is_some() => read(sources, input.id, input.format, limits, &mut mapped),
        (Format::Json | Format::Jsonl, Some(records)) => {
            json::read_within(bytes, input.id, &records.value, limits, &mut mapped);
        }
        (Format::Csv, _) => {
            let row = reading.header_row.as_ref().map_or(1, |said| said.value);
            let row = header_line(sources, input.id, row);
            let separator = reading.separator.as_ref().map(|said| said.value);
            let layout = csv::Layout { header_row: row, separator, is_sheet: sources.is_sheet(input.id) };
            csv::read(bytes, input.id, layout, limits, &mut mapped);
        }
        _ => read(sources, input.id, input.format, limits, &mut mapped),
    }
    mapper.finish(&seen)
}

/// Gives the line that has the header: of a spreadsheet, that of the row.
fn header_line(sources: &Sources, id: SourceId, row: usize) -> usize {
    let Some(grid) = sources.get(id).and_then(|source| source.grid()) else { return row };
    let start = grid.row_start(row).unwrap_or(usize::MAX);
    let before = sources.bytes(id).iter().take(start).filter(|byte| **byte == b'\n').count();
    before + 1
}

/// Says whether an input is in an encoding other than UTF-8 that gives itself away: it has no lines then.
pub fn is_foreign(sources: &Sources, id: SourceId) -> bool {
    format::foreign_encoding(sources.read(id, 0..2, &mut Vec::new())).is_some()
}

/// Gives how many bytes the byte order mark at the beginning of an input has.
pub fn mark_length(bytes: &[u8]) -> usize {
    bytes.len() - format::without_mark(bytes).len()
}

/// Reads one line of JSON Lines: its bytes without white space around them, which begin at a place.
pub fn read_line(line: &[u8], id: SourceId, at: usize, limits: &Limits) -> Item {
    jsonl::one(line, Span::new(id, at, at + line.len()), limits).map_or_else(Item::Unreadable, Item::Record)
}

/// Reads one input, and gives each of its records to `sink`, in the order of the input.
pub fn read(sources: &Sources, id: SourceId, format: Format, limits: &Limits, sink: &mut dyn FnMut(Item)) {
    let bytes = sources.bytes(id);
    if let Some(reason) = format::foreign_encoding(bytes) {
        return sink(Item::Unreadable(Unreadable::new(id, 0, bytes.len().min(2), reason)));
    }
    match format {
        Format::Yaml => yaml::read(bytes, id, limits, sink),
        Format::Json => json::read(bytes, id, limits, sink),
        Format::Jsonl => jsonl::read(bytes, id, limits, sink),
        Format::Csv => {
            let layout = csv::Layout { header_row: 1, separator: None, is_sheet: sources.is_sheet(id) };
            csv::read(bytes, id, layout, limits, sink);
        }
    }
}
