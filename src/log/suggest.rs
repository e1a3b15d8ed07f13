//! A draft of a mapping, for a person to finish.
//!
//! Takes a log that nobody knows yet, or the data dictionary of a survey, and a vocabulary; gives a mapping in YAML. What
//! is sure is filled in: a column that has the very name of a field. Everything else stands as a comment, with what the
//! values look like and which fields it could be.
//!
//! Guarantees that the draft is a mapping that can be read, and that no value is shown that may say who somebody is, or is
//! free text: of a cell's text only small numbers, words of the vocabulary, and words such as `yes` or `NA` are shown.

mod columns;
mod dictionary;
mod draft;
mod fields;
mod guess;

use super::csv::Layout;
use super::format::Format;
use super::inputs::Input;
use super::limits::Limits;
use super::mapping::RecordsPath;
use super::record::Item;
use crate::policy::Vocabulary;
use crate::source::Sources;

/// What is known of how a log is to be read.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The line of a CSV file that has the names of the columns, from 1.
    pub header_row: Option<usize>,
    /// Where in a JSON document the records are: `entry[].resource`.
    pub records: Option<String>,
}

/// Drafts a mapping for a log, or from a data dictionary.
pub fn suggest(sources: &Sources, input: &Input, known: &Known, limits: &Limits, vocabulary: &Vocabulary) -> String {
    let columns = columns::gather(sources, input, known, limits);
    let name = sources.name(input.id);
    let fields = fields::Fields::new(vocabulary);
    match dictionary::questions(&columns, sources, input, limits) {
        Some(questions) => draft::of_dictionary(name, &questions, &fields),
        None => draft::of_log(name, &columns, &fields, &reading(sources, input, known)),
    }
}

/// Reads a log of which no more is known yet.
fn read(sources: &Sources, input: &Input, known: &Known, limits: &Limits, sink: &mut dyn FnMut(Item)) {
    let bytes = sources.bytes(input.id);
    let records = known.records.as_deref().and_then(RecordsPath::parse);
    match (input.format, known.header_row, records) {
        (Format::Csv, Some(header_row), _) => {
            let layout = Layout { header_row, separator: None, is_sheet: sources.is_sheet(input.id) };
            super::csv::read(bytes, input.id, layout, limits, sink);
        }
        (Format::Json | Format::Jsonl, _, Some(records)) => {
            super::json::read_within(bytes, input.id, &records, limits, sink);
        }
        _ => super::read(sources, input.id, input.format, limits, sink),
    }
}

/// Gives the lines on how the file is read.
fn reading(sources: &Sources, input: &Input, known: &Known) -> String {
    let mut lines = String::new();
    if let Some(records) = &known.records {
        lines += &format!("records: {records}\n");
    }
    if input.format != Format::Csv {
        return lines;
    }
    if let Some(row) = known.header_row {
        lines += &format!("header row: {row}\n");
    }
    lines += match super::csv::separator_of(sources.bytes(input.id), known.header_row.unwrap_or(1)) {
        b';' => "separator: \";\"\n",
        b'\t' => "separator: tab\n",
        _ => "",
    };
    lines
}

/// Says whether a text is a way to a list of records.
pub fn is_way_to_records(text: &str) -> bool {
    RecordsPath::parse(text).is_some()
}
