//! One row of a CSV file, split into cells.

use crate::log::lines::line_at;

/// A row: its cells as far as it could be split.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    /// One past the last byte before the line break.
    pub(super) end: usize,
    /// Where reading goes on.
    pub(super) next: usize,
    pub(super) problem: Option<(usize, Problem)>,
}

/// A cell as written, quotation marks included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

/// Why a row cannot be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    NotClosed,
    BehindQuotes,
    TooManyCells,
}

impl Problem {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::NotClosed => "the quotation mark that opens this cell is not closed in its row",
            Self::BehindQuotes => {
                "something stands behind a closing quotation mark; one that belongs to the text is written twice"
            }
            Self::TooManyCells => "this row has more cells than a record may have values",
        }
    }
}

/// Splits the row that begins at an offset; a row ends in `\n`, `\r\n` or `\r`.
///
/// Where a cell in quotation marks goes wrong, the row is its first line, and reading goes on at the next. That looks at
/// no byte more than twice: a line that ends inside quotation marks closes those of any such line before it.
pub(super) fn split(bytes: &[u8], start: usize, separator: u8, most: usize) -> Row {
    let mut cells = Vec::with_capacity(16);
    let mut at = start;
    loop {
        let cell = match cell(bytes, at, separator) {
            Ok(cell) => cell,
            Err(problem) => return broken(bytes, (start, at), cells, problem),
        };
        at = cell.end;
        if cells.len() >= most {
            return broken(bytes, (start, at), cells, (cell.start, Problem::TooManyCells));
        }
        cells.push(cell);
        match bytes.get(at) {
            Some(byte) if *byte == separator => at += 1,
            Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => {
                return Row { cells, end: at, next: at + 2, problem: None };
            }
            _ => return Row { cells, end: at, next: (at + 1).min(bytes.len()), problem: None },
        }
    }
}

/// Makes a row of its first line. What is wrong with it is placed on that line, wherever it came to light: other lines are rows of
/// their own, and may be sound. `cell`: where the cell at fault begins.
fn broken(bytes: &[u8], (start, cell): (usize, usize), cells: Vec<Cell>, (at, problem): (usize, Problem)) -> Row {
    let (end, next) = line_at(bytes, start).map_or((start, start + 1), |line| (line.end, line.next));
    let problem = match problem {
        Problem::BehindQuotes if at >= next => (if cell < next { cell } else { start }, Problem::NotClosed),
        problem => (if at < next { at } else { start }, problem),
    };
    Row { cells, end, next, problem: Some(problem) }
}

fn cell(bytes: &[u8], start: usize, separator: u8) -> Result<Cell, (usize, Problem)> {
    let rest = bytes.get(start..).unwrap_or(&[]);
    let ends = |byte: &u8| *byte == separator || matches!(byte, b'\n' | b'\r');
    if rest.first() != Some(&b'"') {
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        return Ok(Cell { start, end: start + length, quoted: false });
    }
    let mut at = 1;
    loop {
        let inside = rest.get(at..).unwrap_or(&[]);
        let mark = inside.iter().position(|byte| *byte == b'"').ok_or((start, Problem::NotClosed))?;
        at += mark + 1;
        match rest.get(at) {
            Some(b'"') => at += 1,
            Some(byte) if !ends(byte) => return Err((start + at, Problem::BehindQuotes)),
            _ => return Ok(Cell { start, end: start + at, quoted: true }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<&str> {
        split(text.as_bytes(), 0, b',', 100).cells.iter().map(|cell| text.get(cell.start..cell.end).unwrap()).collect()
    }

    #[test]
    fn rows_are_split_at_separators_outside_quotation_marks() {
        assert_eq!(cells("a,\"b,\n\"\"c\",\r\nd"), ["a", "\"b,\n\"\"c\"", ""]);
        assert_eq!(cells("a b,c\"d\n"), ["a b", "c\"d"]);
        assert_eq!(cells("a\rb"), ["a"]);
    }

    #[test]
    fn after_a_problem_reading_goes_on_at_the_next_line() {
        let row = split(b"a,\"b\nc,d\n", 0, b',', 100);
        assert_eq!((row.next, row.problem), (5, Some((2, Problem::NotClosed))));
        let row = split(b"a,\"b\" c\nd", 0, b',', 100);
        assert_eq!((row.next, row.problem), (8, Some((5, Problem::BehindQuotes))));
        let row = split(b"a,\"b\nc,\"d\"\n", 0, b',', 100);
        assert_eq!(
            (row.next, row.problem),
            (5, Some((2, Problem::NotClosed))),
            "the line of the row, not that of another"
        );
    }
}
