//! Where in a sheet a place of a table lies whose text was made of a spreadsheet.

use super::LineColumn;

/// The rows and columns of a sheet, by the text that was made of it: a row begins where it says, and commas outside quotation
/// marks part its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    sheet: String,
    /// Where each row begins, with its number in the sheet.
    rows: Vec<(usize, u32)>,
    /// The number of the first column, from 1.
    first_column: u32,
}

impl Grid {
    /// Makes one from the sheet's name, where each of its rows begins, with its number from 1, and the number of the first
    /// column, from 1.
    pub fn new(sheet: String, rows: Vec<(usize, u32)>, first_column: u32) -> Self {
        Self { sheet, rows, first_column }
    }

    /// Gives the name of the sheet.
    pub fn sheet(&self) -> &str {
        &self.sheet
    }

    /// Gives where in the text a row of the sheet begins, or the next row that says something.
    pub fn row_start(&self, row: usize) -> Option<usize> {
        let at = self.rows.partition_point(|(_, number)| (*number as usize) < row);
        self.rows.get(at).map(|(start, _)| *start)
    }

    /// Gives the number of a row and a column for a byte of the text.
    pub(super) fn cell(&self, text: &[u8], offset: usize) -> LineColumn {
        let at = self.rows.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
        let (start, row) = self.rows.get(at).copied().unwrap_or((0, 1));
        let before = text.get(start..offset.min(text.len())).unwrap_or(&[]);
        let (mut quoted, mut commas) = (false, 0);
        for byte in before {
            quoted ^= *byte == b'"';
            commas += usize::from(*byte == b',' && !quoted);
        }
        LineColumn { line: row as usize, column: self.first_column as usize + commas }
    }
}

/// Writes a cell as spreadsheets do: `D17`.
pub(super) fn name(cell: LineColumn) -> String {
    let (mut letters, mut rest) = (Vec::new(), cell.column);
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", cell.line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_name_them() {
        for (column, wanted) in [(1, "A1"), (26, "Z1"), (27, "AA1"), (702, "ZZ1"), (703, "AAA1"), (16_384, "XFD1")] {
            assert_eq!(name(LineColumn { line: 1, column }), wanted);
        }
    }

    #[test]
    fn a_place_in_the_text_is_a_cell() {
        let text = b"a,b\n\"x,\n\"\"y\",z\n";
        let grid = Grid::new("S".to_owned(), vec![(0, 3), (4, 7)], 2);
        for (offset, wanted) in [(0, "B3"), (2, "C3"), (4, "B7"), (9, "B7"), (13, "C7"), (99, "C7")] {
            assert_eq!(name(grid.cell(text, offset)), wanted, "{offset}");
        }
    }
}
