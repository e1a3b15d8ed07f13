//! Columns: the values of a header, the settings of cases, the fields of a vocabulary, the forms of levels, the cells of
//! a table.

use super::super::table::{Line as Row, apart};
use super::items::Kind;
use super::lines::{Line, Piece};

/// The words of a header whose values stand below each other, and how wide they are with a blank.
const KEYS: &[&str] = &["version", "owner", "effective", "time zone", "calendar", "vocabulary", "default"];
const KEY_WIDTH: usize = 11;

/// Aligns what stands in columns.
pub(super) fn align(mut lines: Vec<Line>) -> Vec<Line> {
    for line in lines.iter_mut().filter(|line| line.kind == Kind::Header) {
        header(line);
    }
    settings(&mut lines);
    for run in lines.chunk_by_mut(|one, other| !other.gap && beside(one, other)) {
        match run.iter().map(|line| line.kind).find(|kind| *kind != Kind::Comment) {
            Some(Kind::Field) => fields(run),
            Some(Kind::Level) => levels(run),
            _ => {}
        }
    }
    for run in lines.chunk_by_mut(|one, other| in_table(one) && in_table(other)) {
        rows(run);
    }
    lines
}

/// Says whether two lines are of one block: comments between its lines belong to it.
fn beside(one: &Line, other: &Line) -> bool {
    let of_block = |line: &Line| matches!(line.kind, Kind::Field | Kind::Level);
    match (one.kind, other.kind) {
        (Kind::Comment, _) => of_block(other),
        (_, Kind::Comment) => of_block(one),
        (one, other) => one == other,
    }
}

fn width(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.text.chars().count() + 1).sum::<usize>().saturating_sub(1)
}

fn header(line: &mut Line) {
    let key = if line.pieces.first().is_some_and(|piece| piece.text == "time") { 2 } else { 1 };
    let Some(pieces) = line.pieces.get_mut(..key) else { return };
    let said: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
    if !KEYS.contains(&said.join(" ").as_str()) {
        return;
    }
    let padding = KEY_WIDTH.saturating_sub(width(pieces) + 1);
    if let Some(last) = pieces.last_mut() {
        last.padding = padding;
    }
}

/// Values of cases stand below each other throughout a file, since cases are read beside each other.
fn settings(lines: &mut [Line]) {
    let fields = lines.iter_mut().filter(|line| line.kind == Kind::Setting);
    let mut fields: Vec<&mut Piece> = fields.filter_map(|line| line.pieces.first_mut()).collect();
    let widest = fields.iter().map(|field| field.text.chars().count()).max().unwrap_or(0);
    for field in &mut fields {
        field.padding = widest + 1 - field.text.chars().count();
    }
}

/// Pads what stands before a stop of each line to one width, blanks after it included.
fn pad(run: &mut [Line], stop: usize, blanks: usize) {
    let mut ends: Vec<(usize, usize, usize)> = Vec::new();
    for (at, line) in run.iter().enumerate() {
        let stops: Vec<usize> =
            line.pieces.iter().enumerate().filter(|(_, piece)| piece.stop).map(|(at, _)| at).take(stop + 1).collect();
        let begin = stop.checked_sub(1).and_then(|before| stops.get(before)).copied().unwrap_or(0);
        if let Some(end) = stops.get(stop)
            && *end > begin
        {
            let inside = line.pieces.get(begin..*end).unwrap_or(&[]);
            let width = inside
                .iter()
                .map(|piece| piece.text.chars().count() + usize::from(piece.joint != super::items::Joint::Before))
                .sum();
            ends.push((at, *end, width));
        }
    }
    let widest = ends.iter().map(|(.., width)| *width).max().unwrap_or(0);
    for (at, end, width) in ends {
        if let Some(piece) = run.get_mut(at).and_then(|line| line.pieces.get_mut(end - 1)) {
            piece.padding = widest - width + blanks - 1;
        }
    }
}

fn fields(run: &mut [Line]) {
    // The first stop is the name, right after `field`.
    pad(run, 1, 2);
    pad(run, 2, 2);
    pad(run, 3, 3);
    for line in run {
        let stops: Vec<usize> =
            line.pieces.iter().enumerate().filter(|(_, piece)| piece.stop).map(|(at, _)| at).skip(4).collect();
        for stop in stops {
            if let Some(piece) = line.pieces.get_mut(stop - 1) {
                piece.padding = 2;
            }
        }
    }
}

/// `written` stands below `written`, where each level has a line of its own.
fn levels(run: &mut [Line]) {
    let own = |line: &Line| match line.pieces.iter().position(|piece| piece.stop) {
        Some(at) => at == 1 || at == 2 && line.pieces.first().is_some_and(|piece| piece.text == "<"),
        None => true,
    };
    if run.iter().all(own) {
        pad(run, 0, 1);
    }
}

/// Rows of one table, and comments between them.
fn in_table(line: &Line) -> bool {
    line.kind == Kind::Row || line.kind == Kind::Comment && line.indent == 2
}

fn rows(run: &mut [Line]) {
    let texts: Vec<String> = run.iter().filter(|line| line.kind == Kind::Row).filter_map(row_text).collect();
    let table: Vec<Row<'_>> = texts.iter().map(|text| apart(text)).collect();
    let mut widths: Vec<usize> = Vec::new();
    for row in &table {
        for (at, cell) in row.cells.iter().chain(&row.result).enumerate() {
            let width = cell.text.chars().count();
            match widths.get_mut(at) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.resize(at + 1, width),
            }
        }
    }
    let lines = run.iter_mut().filter(|line| line.kind == Kind::Row);
    for (line, row) in lines.zip(&table) {
        if let Some(piece) = line.pieces.first_mut() {
            piece.text = aligned(row, &widths);
        }
    }
}

fn row_text(line: &Line) -> Option<String> {
    line.pieces.first().map(|piece| piece.text.clone())
}

fn aligned(row: &Row<'_>, widths: &[usize]) -> String {
    let mut written = String::new();
    for (at, cell) in row.cells.iter().chain(&row.result).enumerate() {
        let width = widths.get(at).copied().unwrap_or(0);
        written.push_str(if at == row.cells.len() { "||" } else { "|" });
        written.push(' ');
        written.push_str(cell.text);
        written.extend(std::iter::repeat_n(' ', width + 1 - cell.text.chars().count().min(width)));
    }
    written.push('|');
    written
}
