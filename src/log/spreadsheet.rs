//! Spreadsheets: `.xlsx` and `.ods`, each sheet as a table in the form of CSV.
//!
//! Takes the bytes of a file, gives the text of each sheet that is not blank, and for each the [`Grid`] by which a place in
//! that text is told as a cell of the sheet: so one reader reads all tables, and a finding still says `sheet Audit, cell
//! D17`. What a cell shows is the business of the program that draws it; what is read is its value: a date as
//! `2026-03-04`, or with a time of day as an instant; a length of time in seconds; a number with a point. In the text a number
//! stands without quotation marks, and a text that looks like one in them: so it is known which of both a cell has.
//!
//! Guarantees that a small file gives no large text: what is unpacked, and what is made of it, stays within a bound. A sheet is
//! never laid out in full, since two cells may lie a million rows apart.

mod ods;
mod table;
mod xlsx;

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::source::Grid;
use table::Table;

/// A sheet as text.
pub(super) struct Sheet {
    pub(super) text: Vec<u8>,
    pub(super) grid: Grid,
}

/// Why a spreadsheet is not read.
enum Problem {
    TooLarge,
    Damaged,
    Protected,
    NoSpreadsheet,
}

impl Problem {
    fn words(&self, most: usize) -> String {
        match self {
            Self::TooLarge => format!(
                "it is a spreadsheet that unpacks to more than {} MiB; save the sheet as CSV if that is right",
                most / (1024 * 1024)
            ),
            Self::Damaged => "it is a damaged spreadsheet; open it and save it again".to_owned(),
            Self::Protected => {
                "it is an old or a protected Excel file; save it as `.xlsx` without a password, or as CSV".to_owned()
            }
            Self::NoSpreadsheet => "it is an archive; unpack it first".to_owned(),
        }
    }
}

/// Says whether bytes begin as a spreadsheet does, or as what is refused in its place.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(ARCHIVE) || bytes.starts_with(OLD)
}

const ARCHIVE: &[u8] = &[b'P', b'K', 0x03, 0x04];
const OLD: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// Gives the sheets of a spreadsheet that are not blank; `None` if it is no spreadsheet.
pub(super) fn read(bytes: &[u8], most: usize) -> Option<Result<Vec<Sheet>, String>> {
    let tables = match bytes {
        _ if bytes.starts_with(ARCHIVE) => tables(bytes, most),
        _ if bytes.starts_with(OLD) => Err(Problem::Protected),
        _ => return None,
    };
    let sheets =
        tables.and_then(|tables| tables.into_iter().map(|table| table.sheet(most)).collect::<Result<Vec<_>, _>>());
    let filled = |sheets: Vec<Sheet>| sheets.into_iter().filter(|sheet| !sheet.text.is_empty()).collect();
    Some(sheets.map(filled).map_err(|problem| problem.words(most)))
}

fn tables(bytes: &[u8], most: usize) -> Result<Vec<Table>, Problem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Problem::Damaged)?;
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    within(&mut archive, most)?;
    if names.iter().any(|name| name.ends_with("workbook.xml")) {
        return xlsx::tables(bytes, most);
    }
    if names.iter().any(|name| name == "content.xml") {
        let mut content = Vec::new();
        let mut file = archive.by_name("content.xml").map_err(|_| Problem::Damaged)?;
        file.read_to_end(&mut content).map_err(|_| Problem::Damaged)?;
        return ods::tables(&content, most);
    }
    Err(Problem::NoSpreadsheet)
}

/// Unpacks every part once and keeps nothing, so that what it says of its own size need not be believed.
fn within(archive: &mut ZipArchive<Cursor<&[u8]>>, most: usize) -> Result<(), Problem> {
    let mut left = most as u64;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| Problem::Damaged)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| Problem::Damaged)?;
        left = left.checked_sub(unpacked).ok_or(Problem::TooLarge)?;
    }
    Ok(())
}
