//! Decision tables: from the lines of a table to [`ast::TableDeclaration`](super::ast::TableDeclaration).
//!
//! A row is one line. It is taken apart at its bars here, and not by the grammar, so that the message can say what of a
//! row is missing: a bar, a cell, the `||` before the result.

use super::ast::{
    CellTest, Comparison, TableCell, TableColumn, TableDeclaration, TableResult, TableRow, Value, ValueKind, Word,
};
use super::parser::Lowering;
use super::problem;
use super::problem::table as told;
use super::tree::{self, Node, Origin, Rule, first, parts, plain_name, span, text, word};

/// What stands for the bar before the result in a Markdown table, which has no `||`.
pub(super) const LAST_BAR: char = '\u{1F}';

/// A piece of a row, without the blanks around it.
#[derive(Clone, Copy)]
pub(super) struct Piece<'t> {
    pub(super) text: &'t str,
    /// Where it begins in the line.
    at: usize,
}

/// A row that was taken apart.
pub(super) struct Line<'t> {
    pub(super) cells: Vec<Piece<'t>>,
    /// What stands after `||`.
    pub(super) result: Option<Piece<'t>>,
    /// Whether a bar closes it.
    closed: bool,
    /// What stands after the bar that closes it.
    rest: Option<Piece<'t>>,
}

impl Lowering<'_> {
    /// Lowers a table.
    pub(super) fn table(&mut self, node: Node<'_>) -> TableDeclaration {
        let begins = self.keyword_span(&node, "table".len());
        let mut table = TableDeclaration {
            name: None,
            gives: None,
            title: None,
            columns: Vec::new(),
            rows: Vec::new(),
            broken: false,
            span: begins,
        };
        let (mut named, mut lines) = (false, 0);
        for part in parts(node) {
            match part.as_rule() {
                Rule::table_name | Rule::bad_names => {
                    named = true;
                    table.span = begins.to(span(self.origin, &part));
                    self.table_name(part, &mut table);
                }
                Rule::text => table.title = Some(text(self.origin, &part)),
                Rule::table_line => {
                    lines += 1;
                    self.table_line(&part, lines, &mut table);
                }
                Rule::bad_line => {
                    table.broken = true;
                    let place = span(self.origin, &part);
                    self.problems.push(told::no_bar(part.as_str(), place));
                }
                _ => {}
            }
        }
        if !named {
            table.broken = true;
            self.problems.push(problem::missing_name("table", begins, None));
        }
        if lines == 0 && !table.broken {
            table.broken = true;
            self.problems.push(told::no_rows(table.span));
        }
        table
    }

    fn table_name(&mut self, node: Node<'_>, table: &mut TableDeclaration) {
        if node.as_rule() == Rule::bad_names {
            table.broken = true;
            self.problems.push(told::bad_opening(node.as_str().trim(), span(self.origin, &node)));
            return;
        }
        let mut names = parts(node);
        table.name = names.next().and_then(|name| self.declared_name("table", &name));
        match names.next() {
            Some(gives) if gives.as_rule() == Rule::path => table.gives = Some(word(self.origin, &gives)),
            Some(gives) => {
                table.gives = self.declared_name("scale", &gives);
            }
            None => {
                let name = table.name.as_ref().map_or("NAME", |name| name.text.as_str());
                self.problems.push(told::gives_nothing(name, table.span));
            }
        }
        table.broken |= table.name.is_none() || table.gives.is_none();
    }

    /// Lowers a line: the first is the header, every other a row, and a line of dashes is neither.
    fn table_line(&mut self, node: &Node<'_>, number: usize, table: &mut TableDeclaration) {
        let line = apart(node.as_str().trim_end());
        if line.is_ruler() {
            return;
        }
        let is_header = number == 1;
        if !is_header && table.columns.is_empty() {
            return; // the header has been reported
        }
        let place = span(self.origin, node);
        let origin = self.origin.at(node.as_span().start());
        let name = table.name.as_ref().map_or("NAME", |name| name.text.as_str());
        let Some(result) = self.result_of(&line, place, origin, is_header, table.columns.len(), name) else {
            table.broken = true;
            return;
        };
        if is_header {
            self.header(&line, result, origin, table);
        } else {
            let row = self.row(&line, result, place, origin, table);
            table.broken |= row.is_none();
            table.rows.extend(row);
        }
    }

    /// Gives the result of a line that is whole; one that is not is reported.
    fn result_of<'t>(
        &mut self,
        line: &Line<'t>,
        place: crate::source::Span,
        origin: Origin,
        is_header: bool,
        columns: usize,
        name: &str,
    ) -> Option<Piece<'t>> {
        let problem = match (&line.result, &line.rest) {
            (_, Some(rest)) if !line.cells.is_empty() => {
                told::after_the_result(rest.text, origin.span(rest.at, rest.at + rest.text.len()))
            }
            (None, _) => told::no_result_bar(line.cells.iter().map(|cell| cell.text), place, is_header, columns, name),
            (Some(_), _) if !line.closed => told::not_closed(place),
            (Some(result), _) => return Some(*result),
        };
        self.problems.push(problem);
        None
    }

    fn header(&mut self, line: &Line<'_>, result: Piece<'_>, origin: Origin, table: &mut TableDeclaration) {
        for cell in &line.cells {
            match tree::parse(Rule::path, cell.text).ok().filter(|path| path.as_str() == cell.text) {
                Some(path) => table.columns.push(TableColumn { field: word(origin.at(cell.at), &path) }),
                None => {
                    table.broken = true;
                    self.problems.push(told::no_field(cell.text, place_of(origin, *cell)));
                }
            }
        }
        if table.broken {
            table.columns.clear();
        }
        let Some(name) = &table.name else { return };
        if plain_name(result.text) != name.text {
            table.broken = true;
            self.problems.push(told::wrong_result_name(result.text, name, place_of(origin, result)));
        }
    }

    fn row(
        &mut self,
        line: &Line<'_>,
        result: Piece<'_>,
        place: crate::source::Span,
        origin: Origin,
        table: &TableDeclaration,
    ) -> Option<TableRow> {
        if line.cells.len() != table.columns.len() {
            let columns: Vec<&Word> = table.columns.iter().map(|column| &column.field).collect();
            let cells: Vec<&str> = line.cells.iter().map(|cell| cell.text).collect();
            self.problems.push(told::wrong_length(&cells, result.text, &columns, place));
            return None;
        }
        let cells: Vec<Option<TableCell>> = line.cells.iter().map(|cell| self.cell(*cell, origin)).collect();
        let result_span = place_of(origin, result);
        let result = self.result(result, origin);
        Some(TableRow { cells: cells.into_iter().collect::<Option<_>>()?, result: result?, result_span, span: place })
    }

    fn result(&mut self, piece: Piece<'_>, origin: Origin) -> Option<TableResult> {
        if piece.text.eq_ignore_ascii_case("never") {
            return Some(TableResult::Never);
        }
        let span = place_of(origin, piece);
        match tree::parse(Rule::name, piece.text).ok().filter(|name| name.as_str() == piece.text) {
            Some(name) => Some(TableResult::Level(Value { kind: ValueKind::Word(plain_name(name.as_str())), span })),
            None => {
                self.problems.push(told::no_level(piece.text, span));
                None
            }
        }
    }

    fn cell(&mut self, piece: Piece<'_>, origin: Origin) -> Option<TableCell> {
        let span = place_of(origin, piece);
        let parsed = tree::parse(Rule::only_cell, piece.text).ok().and_then(first);
        let Some(node) = parsed.filter(|_| !told::is_known_mistake(piece.text)) else {
            self.problems.push(told::no_cell(piece.text, span));
            return None;
        };
        let before = self.problems.len();
        let test = self.at(origin.at(piece.at), |this| this.cell_test(node));
        if test.is_none() && self.problems.len() == before {
            self.problems.push(told::no_cell(piece.text, span));
        }
        Some(TableCell { test: test?, span })
    }

    fn cell_test(&mut self, node: Node<'_>) -> Option<CellTest> {
        let comparison = match node.as_rule() {
            Rule::cell_any => return Some(CellTest::Any),
            Rule::cell_bounds | Rule::cell_members => {
                let bounds: Vec<Option<Comparison>> = parts(node).map(|bound| self.op(bound)).collect();
                return bounds.into_iter().collect::<Option<_>>().map(CellTest::All);
            }
            Rule::cell_to => {
                let values = self.cell_values(node)?;
                let [low, high] = <[Value; 2]>::try_from(values).ok()?;
                Comparison::Between(low, high)
            }
            Rule::cell_one_of => Comparison::IsOneOf(self.cell_values(first(node)?)?),
            Rule::cell_not => match self.cell_values(first(node)?)?.as_slice() {
                [one] => Comparison::IsNot(one.clone()),
                several => Comparison::IsNotOneOf(several.to_vec()),
            },
            Rule::cell_values => match self.cell_values(node)?.as_slice() {
                [one] => Comparison::Is(one.clone()),
                several => Comparison::IsOneOf(several.to_vec()),
            },
            _ => self.op(node)?,
        };
        Some(CellTest::All(vec![comparison]))
    }

    fn cell_values(&mut self, node: Node<'_>) -> Option<Vec<Value>> {
        let values: Vec<Value> = parts(node).map(|value| self.value(value)).collect();
        values.iter().all(|value| value.kind != ValueKind::Broken).then_some(values)
    }
}

fn place_of(origin: Origin, piece: Piece<'_>) -> crate::source::Span {
    origin.span(piece.at, piece.at + piece.text.len().max(1))
}

/// How a text in straight quotes ends.
const STRAIGHT: &[char] = &['"'];

/// How a text in curly quotes ends, by the habit of one country or another.
const CURLY: &[char] = &['\u{201C}', '\u{201D}'];

/// Takes a line apart at its bars; a bar in quotes is none.
pub(super) fn apart(line: &str) -> Line<'_> {
    let mut pieces = Vec::new();
    let (mut from, mut in_quotes, mut result_from): (_, Option<&[char]>, _) = (1, None, None);
    let mut bars = line.char_indices().skip(1).peekable();
    while let Some((at, c)) = bars.next() {
        match (in_quotes, c) {
            // What follows a backslash is no end, but a quotation mark or backslash of the text.
            (Some(STRAIGHT), '\\') => drop(bars.next_if(|(_, next)| matches!(next, '"' | '\\'))),
            (Some(ends), c) if ends.contains(&c) => in_quotes = None,
            (Some(_), _) => {}
            (None, '"') => {
                // One that is straight at its beginning alone ends where a curly one does.
                let straight = line.get(at + 1..).is_some_and(|rest| rest.contains('"'));
                in_quotes = Some(if straight { STRAIGHT } else { CURLY });
            }
            (None, '\u{201C}' | '\u{201D}' | '\u{201E}') => in_quotes = Some(CURLY),
            (None, '\u{AB}') => in_quotes = Some(&['\u{BB}']),
            (None, '|' | LAST_BAR) => {
                pieces.push(piece(line, from, at));
                from = at + c.len_utf8();
                let double = c == '|' && bars.next_if(|(_, next)| *next == '|').is_some();
                from += usize::from(double);
                if (double || c == LAST_BAR) && result_from.is_none() {
                    result_from = Some(pieces.len());
                }
            }
            (None, _) => {}
        }
    }
    let last = piece(line, from, line.len());
    let closed = last.text.is_empty();
    if !closed {
        pieces.push(last);
    }
    let mut after = pieces.split_off(result_from.unwrap_or(pieces.len()));
    let rest = if after.len() > 1 { after.drain(1..).next() } else { None };
    Line { cells: pieces, result: after.pop(), closed, rest }
}

fn piece(line: &str, from: usize, to: usize) -> Piece<'_> {
    let text = line.get(from..to).unwrap_or("");
    let blanks = text.len() - text.trim_start().len();
    // An empty cell is pointed at where it begins.
    let at = if blanks == text.len() { from } else { from + blanks };
    Piece { text: text.trim(), at }
}

impl Line<'_> {
    /// Knows the line of dashes that Markdown has below a header.
    pub(super) fn is_ruler(&self) -> bool {
        let dashes = |text: &str| text.contains("--") && text.chars().all(|c| matches!(c, '-' | ':' | ' '));
        !self.cells.is_empty() && self.cells.iter().chain(&self.result).all(|piece| dashes(piece.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let line = apart(line);
        let cells: Vec<&str> = line.cells.iter().map(|cell| cell.text).collect();
        format!("{cells:?} {:?} {} {:?}", line.result.map(|r| r.text), line.closed, line.rest.map(|r| r.text))
    }

    #[test]
    fn a_line_is_taken_apart_at_its_bars() {
        assert_eq!(shown("| a | b || c |"), r#"["a", "b"] Some("c") true None"#);
        assert_eq!(shown("|a|b||c"), r#"["a", "b"] Some("c") false None"#);
        assert_eq!(shown("| a | b |"), r#"["a", "b"] None true None"#);
        assert_eq!(shown("| a \u{1F} b |"), r#"["a"] Some("b") true None"#);
        assert_eq!(shown("| \"x | y\" || c |"), r#"["\"x | y\""] Some("c") true None"#);
        for quoted in ["„x | y“", "“x | y”", "”x | y”", "«x | y»", "\"x | y”"] {
            assert_eq!(shown(&format!("| {quoted} || c |")), format!("[{quoted:?}] Some(\"c\") true None"));
        }
        assert_eq!(shown(r#"| "x\" | y" || c |"#), r#"["\"x\\\" | y\""] Some("c") true None"#);
        assert_eq!(shown("| a || b | c |"), r#"["a"] Some("b") true Some("c")"#);
        assert_eq!(shown("|"), r#"[] None true None"#);
        assert_eq!(shown("| a | || c |"), r#"["a", ""] Some("c") true None"#);
    }

    #[test]
    fn a_line_of_dashes_is_no_row() {
        assert!(apart("| --- | :---: || --- |").is_ruler());
        assert!(apart("|---|---|").is_ruler());
        assert!(!apart("| low || --- |").is_ruler());
        assert!(!apart("| - || - |").is_ruler());
    }
}
