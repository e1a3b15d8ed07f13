//! Records in YAML: one document, many, or a list of records.
//!
//! The input is cut by lines into documents, and a document that is a list into its items; each piece is then parsed by
//! itself. So a mistake spoils one record, a piece too long is not looked at, and time is linear whatever stands there.
//! An alias may refer to an anchor in an earlier item: the anchors of a document are kept from piece to piece.
//!
//! What is read is YAML 1.2 without merge keys and without tags of one's own. A document or list in brackets
//! (`[ … ]`) is one piece.

mod parts;
mod pieces;
mod resolve;
pub(super) mod tree;
mod words;

use super::limits::Limits;
use super::plain::{text, within_size};
use super::record::{Item, Unreadable};
use crate::source::{SourceId, Span};
pub use parts::Pieces;
use pieces::pieces;
use resolve::record;
use tree::{Anchors, Builder, Found};

/// Reads the records of a log.
pub(super) fn read(bytes: &[u8], id: SourceId, limits: &Limits, sink: &mut dyn FnMut(Item)) {
    let mut anchors = Anchors::default();
    pieces(bytes, &mut |piece| {
        if piece.begins_document {
            anchors = Anchors::default();
        }
        let place = Span::new(id, piece.start, piece.end);
        let bytes = bytes.get(piece.start..piece.end).unwrap_or(&[]);
        if let Err(unreadable) = read_piece(bytes, place, piece.is_one, limits, &mut anchors, sink) {
            sink(Item::Unreadable(unreadable));
        }
    });
}

/// Reads the bytes of a piece that lies at a place. Of one that is one value, nothing is given where something in it cannot be
/// read: what stands there, at a wrong indentation perhaps, belongs to the record.
fn read_piece(
    bytes: &[u8],
    place: Span,
    is_one: bool,
    limits: &Limits,
    anchors: &mut Anchors,
    sink: &mut dyn FnMut(Item),
) -> Result<(), Unreadable> {
    within_size(place, limits.record_bytes)?;
    let text = text(bytes, place.start, place.source)?;
    let mut builder = Builder::new(text, place, limits, anchors);
    let mut first = None;
    while let Some(found) = builder.next_record()? {
        let item = match found {
            Found::Node(node) => record(&node, limits).map_or_else(Item::Unreadable, Item::Record),
            Found::Refused(unreadable) => Item::Unreadable(unreadable),
        };
        match (is_one, first.is_none()) {
            (true, true) => first = Some(item),
            _ => {
                first.take().into_iter().for_each(&mut *sink);
                sink(item);
            }
        }
    }
    first.into_iter().for_each(sink);
    Ok(())
}
