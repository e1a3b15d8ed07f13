//! Records in YAML: one document, many, or a list of records.
//!
//! The input is cut by lines into documents, and a document that is a list into its items; each piece is then parsed by
//! itself. So a mistake spoils one record, a piece too long is not looked at, and time is linear whatever stands there.
//! An alias may refer to an anchor in an earlier item: the anchors of a document are kept from piece to piece.
//!
//! What is read is YAML 1.2 without merge keys and without tags of one's own. A document or list in brackets
//! (`[ … ]`) is one piece.

mod pieces;
mod resolve;
pub(super) mod tree;
mod words;

use super::limits::Limits;
use super::plain::{text, within_size};
use super::record::{Item, Unreadable};
use crate::source::{SourceId, Span};
use pieces::{Piece, pieces};
use resolve::record;
use tree::{Anchors, Builder, Found};

/// Reads the records of a log.
pub(super) fn read(bytes: &[u8], id: SourceId, limits: &Limits, sink: &mut dyn FnMut(Item)) {
    let mut anchors = Anchors::default();
    pieces(bytes, &mut |piece| {
        if piece.begins_document {
            anchors = Anchors::default();
        }
        if let Err(unreadable) = read_piece(bytes, id, &piece, limits, &mut anchors, sink) {
            sink(Item::Unreadable(unreadable));
        }
    });
}

fn read_piece(
    bytes: &[u8],
    id: SourceId,
    piece: &Piece,
    limits: &Limits,
    anchors: &mut Anchors,
    sink: &mut dyn FnMut(Item),
) -> Result<(), Unreadable> {
    let place = Span::new(id, piece.start, piece.end);
    within_size(place, limits.record_bytes)?;
    let text = text(bytes.get(piece.start..piece.end).unwrap_or(&[]), piece.start, id)?;
    let mut builder = Builder::new(text, place, limits, anchors);
    while let Some(found) = builder.next_record()? {
        sink(match found {
            Found::Node(node) => record(&node, limits).map_or_else(Item::Unreadable, Item::Record),
            Found::Refused(unreadable) => Item::Unreadable(unreadable),
        });
    }
    Ok(())
}
