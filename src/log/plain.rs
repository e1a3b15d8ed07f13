//! From bytes to text: UTF-8 without NUL, or the place where it is not.

use super::record::Unreadable;
use crate::source::{SourceId, Span};

/// Gives the text that lies at an offset of an input.
pub(super) fn text(bytes: &[u8], offset: usize, source: SourceId) -> Result<&str, Unreadable> {
    if let Some(at) = bytes.contains(&0).then(|| bytes.iter().position(|byte| *byte == 0)).flatten() {
        return Err(Unreadable::new(
            source,
            offset + at,
            offset + at + 1,
            "a NUL byte stands here, which belongs to no text",
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = offset + error.valid_up_to();
        let reason = "this is not UTF-8 text from here on; save the log as UTF-8";
        Unreadable::new(source, at, at + error.error_len().unwrap_or(1), reason)
    })
}

/// Gives the place of the whole character that a reader stopped at, an offset in the text of a place; behind the last one
/// it is empty. Readers count bytes, and what is underlined is a character.
pub(super) fn character_at(text: &str, offset: usize, place: Span) -> Span {
    let start = text.floor_char_boundary(offset);
    let character = text.get(start..).and_then(|rest| rest.chars().next());
    let at = place.start + start;
    Span::new(place.source, at, at + character.map_or(0, char::len_utf8))
}

/// Gives the first offset from one on that does not lie within a character.
pub(super) fn end_of_character(bytes: &[u8], offset: usize) -> usize {
    let rest = bytes.get(offset..).unwrap_or(&[]);
    let is_within = |byte: &&u8| **byte & 0b1100_0000 == 0b1000_0000;
    offset + rest.iter().take(3).take_while(is_within).count()
}

/// Refuses a record of too many bytes, before anything looks at them.
pub(super) fn within_size(place: Span, most: usize) -> Result<(), Unreadable> {
    if place.len() <= most {
        return Ok(());
    }
    let reason = format!("this record is longer than {}", bytes_in_words(most));
    Err(Unreadable { at: Span::new(place.source, place.start, place.start), reason })
}

/// Says a number of bytes: `16 MiB`.
fn bytes_in_words(bytes: usize) -> String {
    const MEBIBYTE: usize = 1024 * 1024;
    if bytes >= MEBIBYTE && bytes.is_multiple_of(MEBIBYTE) {
        return format!("{} MiB", bytes / MEBIBYTE);
    }
    format!("{bytes} bytes")
}
