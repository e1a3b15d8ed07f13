//! `.xlsx`, by calamine, cell by cell: its ranges lay a sheet out in full.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use jiff::Unit;
use jiff::civil::DateTime;

use super::Problem;
use super::table::{Said, Table};

/// Gives every sheet that is one of cells.
pub(super) fn tables(bytes: &[u8], most: usize) -> Result<Vec<Table>, Problem> {
    // A crate for files of every origin may still meet one that it did not expect.
    catch_unwind(AssertUnwindSafe(|| read(bytes, most))).unwrap_or(Err(Problem::Damaged))
}

fn read(bytes: &[u8], most: usize) -> Result<Vec<Table>, Problem> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Problem::Damaged)?;
    let mut tables = Vec::new();
    for name in workbook.sheet_names() {
        let mut table = Table::new(name.clone());
        let mut cells = match workbook.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A chart, say.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(_) => return Err(Problem::Damaged),
        };
        while let Some(cell) = cells.next_cell().map_err(|_| Problem::Damaged)? {
            let (row, column) = cell.get_position();
            table.add(row, column, said(cell.get_value()), most)?;
        }
        tables.push(table);
    }
    Ok(tables)
}

fn said(value: &DataRef<'_>) -> Said {
    Said::Text(match value {
        DataRef::Int(number) => return Said::Number(number.to_string()),
        DataRef::Float(number) => return Said::Number(shown(*number)),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is) => is.to_string(),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => Data::Error(error.clone()).to_string(),
        DataRef::Empty => String::new(),
    })
}

/// Writes a number with the fifteen digits that the program keeps, without what binary fractions add behind them.
fn shown(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

/// Writes a date, a date with its time, a time of day or a length of time.
fn moment(at: &ExcelDateTime) -> String {
    let number = at.as_f64();
    if at.is_duration() {
        return format!("{} seconds", shown((number * 86_400.0).round()));
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let narrow = |part: u8| i8::try_from(part).unwrap_or(i8::MAX);
    let at = DateTime::new(
        i16::try_from(year).unwrap_or(i16::MAX),
        narrow(month),
        narrow(day),
        narrow(hour),
        narrow(minute),
        narrow(second),
        i32::from(milli) * 1_000_000,
    );
    let Ok(at) = at.and_then(|at| at.round(Unit::Second)) else { return shown(number) };
    match () {
        () if number.fract() == 0.0 => at.date().to_string(),
        () if number < 1.0 => at.time().to_string(),
        () => at.to_string(),
    }
}
