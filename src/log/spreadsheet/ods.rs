//! `.ods`: the tables of its `content.xml`.
//!
//! What is repeated (a cell 16384 times, a row a million times) is written out only where it says something, and only
//! within the bound.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Problem;
use super::table::{Said, Table};

/// The rows and columns that a sheet can have.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

/// Gives every sheet.
pub(super) fn tables(content: &[u8], most: usize) -> Result<Vec<Table>, Problem> {
    let mut reading =
        Reading { tables: Vec::new(), row: 0, repeat_row: 1, cells: Vec::new(), column: 0, cell: None, skip: 0, most };
    let text = std::str::from_utf8(content).map_err(|_| Problem::Damaged)?;
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(|_| Problem::Damaged)? {
            Event::Start(start) => reading.start(&start)?,
            Event::Empty(start) => {
                reading.start(&start)?;
                reading.end(start.name().into_inner())?;
            }
            Event::End(end) => reading.end(end.name().into_inner())?,
            Event::Text(text) => reading.text(&text.xml10_content())?,
            Event::CData(text) => reading.text(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let c = reference.resolve_char_ref().ok().flatten();
                let name = reference.xml10_content();
                match (c, quick_xml::escape::resolve_xml_entity(&name)) {
                    (Some(c), _) => reading.text(c.encode_utf8(&mut [0; 4]))?,
                    (None, Some(known)) => reading.text(known)?,
                    (None, None) => return Err(Problem::Damaged),
                }
            }
            Event::Eof => return Ok(reading.tables),
            _ => {}
        }
    }
}

struct Reading {
    tables: Vec<Table>,
    row: u32,
    repeat_row: u32,
    /// The cells of this row: column, how often repeated, what they say.
    cells: Vec<(u32, u32, Said)>,
    column: u32,
    cell: Option<Cell>,
    /// How deep within what is no text of the cell: a note.
    skip: usize,
    most: usize,
}

/// A cell in the making.
struct Cell {
    repeat: u32,
    /// What its attributes say; the text of its paragraphs is only how it is shown.
    value: Option<Said>,
    shown: String,
    paragraphs: usize,
}

impl Reading {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Problem> {
        let name = start.name();
        if self.skip > 0 || name.into_inner() == "office:annotation" {
            self.skip += 1;
            return Ok(());
        }
        match name.into_inner() {
            "table:table" => {
                self.tables.push(Table::new(attribute(start, "table:name").unwrap_or_default()));
                self.row = 0;
            }
            "table:table-row" => {
                self.repeat_row = repeats(start, "table:number-rows-repeated", MOST_ROWS);
                self.column = 0;
                self.cells.clear();
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let repeat = repeats(start, "table:number-columns-repeated", MOST_COLUMNS);
                self.cell = Some(Cell { repeat, value: value(start), shown: String::new(), paragraphs: 0 });
            }
            "text:p" => {
                if let Some(cell) = &mut self.cell {
                    cell.paragraphs += 1;
                    if cell.paragraphs > 1 {
                        cell.shown.push('\n');
                    }
                }
            }
            "text:s" => {
                let count = attribute(start, "text:c").and_then(|count| count.parse().ok()).unwrap_or(1usize);
                self.text(&" ".repeat(count.min(1_000)))?;
            }
            "text:tab" => self.text("\t")?,
            "text:line-break" => self.text("\n")?,
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Problem> {
        match &mut self.cell {
            Some(cell) if self.skip == 0 && cell.paragraphs > 0 => {
                cell.shown.push_str(text);
                if cell.shown.len() > self.most { Err(Problem::TooLarge) } else { Ok(()) }
            }
            _ => Ok(()),
        }
    }

    fn end(&mut self, name: &str) -> Result<(), Problem> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        match name {
            "table:table-cell" | "table:covered-table-cell" => {
                if let Some(cell) = self.cell.take() {
                    let said = cell.value.unwrap_or(Said::Text(cell.shown));
                    if !said.is_nothing() {
                        self.cells.push((self.column, cell.repeat, said));
                    }
                    self.column = self.column.saturating_add(cell.repeat).min(MOST_COLUMNS);
                }
            }
            "table:table-row" => self.end_row()?,
            _ => {}
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Problem> {
        let repeat = self.repeat_row.min(MOST_ROWS.saturating_sub(self.row));
        let cells = std::mem::take(&mut self.cells);
        let Some(table) = self.tables.last_mut().filter(|_| !cells.is_empty()) else {
            self.row += repeat;
            return Ok(());
        };
        for row in self.row..self.row + repeat {
            for (column, repeat, said) in &cells {
                for at in *column..(column + repeat).min(MOST_COLUMNS) {
                    table.add(row, at, said.clone(), self.most)?;
                }
            }
        }
        self.row += repeat;
        Ok(())
    }
}

/// Gives what the attributes of a cell say; `None` where its text does.
fn value(start: &BytesStart<'_>) -> Option<Said> {
    let said = match attribute(start, "office:value-type")?.as_str() {
        "float" | "percentage" | "currency" => return attribute(start, "office:value").map(Said::Number),
        "date" => attribute(start, "office:date-value"),
        "time" => attribute(start, "office:time-value"),
        "boolean" => attribute(start, "office:boolean-value"),
        _ => attribute(start, "office:string-value"),
    };
    said.map(Said::Text)
}

fn repeats(start: &BytesStart<'_>, name: &str, most: u32) -> u32 {
    attribute(start, name).and_then(|count| count.parse().ok()).unwrap_or(1).clamp(1, most)
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().flatten().find(|attribute| attribute.key.into_inner() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(|value| value.into_owned())
}
