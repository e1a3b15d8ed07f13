//! The words for lines of a table that are no rows, and for cells that say nothing.

use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::Word;

/// How many cells of a row a message repeats.
const MOST_CELLS: usize = 12;

/// A line within a table that does not begin with a bar.
pub(in crate::syntax) fn no_bar(line: &str, at: Span) -> Diagnostic {
    let line = line.trim();
    let line = line.split('#').next().unwrap_or(line).trim();
    let message = "this line stands in a table, and is no row of it";
    let problem = Diagnostic::new(codes::TABLE_NOT_A_ROW, message, at, "no bar at its beginning");
    if line.contains('|') {
        return problem.with_help(format!("begin the row with a bar: `| {}`", shortened(line)));
    }
    problem.with_help(
        "write each row on one line, from bar to bar: `| low | any || moderate |`; a clause belongs to a rule",
    )
}

/// `table NAME` without a line that is a row
pub(in crate::syntax) fn no_rows(at: Span) -> Diagnostic {
    let message = "this table has no rows";
    Diagnostic::new(codes::TABLE_NOT_A_ROW, message, at, "a header and rows belong below it")
        .with_help("begin with the header, the fields that decide and then the table's own name: `| education.value || acceptable_risk |`")
}

/// What stands after `table` is no name and `gives SCALE`.
pub(in crate::syntax) fn bad_opening(written: &str, at: Span) -> Diagnostic {
    let words: Vec<&str> = written.split_whitespace().collect();
    let gives = words.iter().position(|word| word.eq_ignore_ascii_case("gives"));
    let name = words.get(..gives.unwrap_or(words.len())).unwrap_or_default();
    let scale = gives.and_then(|gives| words.get(gives + 1)).copied().unwrap_or("SCALE");
    let message = format!("`{}` does not say what the table is called and what it gives", shortened(written));
    Diagnostic::new(codes::TABLE_NOT_A_ROW, message, at, "not a name and a scale")
        .with_help(format!("write `table {} gives {scale}`", joined(name)))
}

/// `table NAME` without `gives SCALE`
pub(in crate::syntax) fn gives_nothing(name: &str, at: Span) -> Diagnostic {
    let message = format!("table `{name}` does not say what it gives");
    Diagnostic::new(codes::TABLE_NOT_A_ROW, message, at, "levels of which scale?")
        .with_help(format!("name the scale of its results: `table {name} gives risk`"))
}

/// A row, or header, without `||`
pub(in crate::syntax) fn no_result_bar<'t>(
    cells: impl Iterator<Item = &'t str>,
    at: Span,
    is_header: bool,
    columns: usize,
    name: &str,
) -> Diagnostic {
    let mut cells: Vec<&str> = cells.take(MOST_CELLS).collect();
    let what = if is_header { "header" } else { "row" };
    let message = format!("this {what} has no `||`, so it does not say which cell is the result");
    let problem = Diagnostic::new(codes::TABLE_NOT_A_ROW, message, at, "`||` stands before the result");
    let result = match cells.len() {
        0 => {
            return problem.with_help(format!(
                "write the fields that decide, `||`, and the result: `| education.value || {name} |`"
            ));
        }
        // The result itself seems to be left out.
        count if !is_header && count <= columns => None,
        1 => None,
        _ => cells.pop(),
    };
    let result = result.unwrap_or(if is_header { name } else { "…" });
    problem.with_help(format!("write `{}`", row(&cells, result)))
}

/// A row that no bar closes
pub(in crate::syntax) fn not_closed(at: Span) -> Diagnostic {
    let message = "this row does not end in a bar, so it may go on or be cut off";
    Diagnostic::new(codes::TABLE_NOT_A_ROW, message, at, "no bar at its end")
        .with_help("end the row with `|`; a row stands on one line")
}

/// Something after the result
pub(in crate::syntax) fn after_the_result(rest: &str, at: Span) -> Diagnostic {
    let message = format!("`{}` stands after the result of this row", shortened(rest));
    Diagnostic::new(codes::TABLE_NOT_A_ROW, message, at, "the row has ended here")
        .with_help("put one result after `||`, and what decides before it; write a remark after `#`")
}

/// The cell of a header that is no field
pub(in crate::syntax) fn no_field(written: &str, at: Span) -> Diagnostic {
    if written.is_empty() {
        let message = "a column of this table has no name";
        return Diagnostic::new(codes::TABLE_NOT_A_ROW, message, at, "which field do its cells ask about?")
            .with_help("write the field, or take the bar away");
    }
    let words: Vec<&str> = written.split_whitespace().collect();
    let message = format!("`{}` cannot be the name of a field, and each column asks about one", shortened(written));
    Diagnostic::new(codes::TABLE_NOT_A_ROW, message, at, "not a field").with_help(format!(
        "write the field alone, such as `{}`; what is asked of it stands in the rows",
        words.join(".")
    ))
}

/// A header whose last cell is not the table's name
pub(in crate::syntax) fn wrong_result_name(written: &str, name: &Word, at: Span) -> Diagnostic {
    let message = format!("the last column is called `{}`, and the table `{}`", shortened(written), name.text);
    Diagnostic::new(codes::TABLE_RESULT_NAME, message, at, "the column of results bears the table's name")
        .with_label(name.span, "the table")
        .with_help(format!("write `{}` in the header", name.text))
}

/// A row with more or fewer cells than the header has columns
pub(in crate::syntax) fn wrong_length(cells: &[&str], result: &str, columns: &[&Word], at: Span) -> Diagnostic {
    let count = |count: usize| if count == 1 { "one cell".to_owned() } else { format!("{count} cells") };
    let message = format!(
        "this row has {} before its result, and the table asks about {}",
        count(cells.len()),
        fields(columns.len())
    );
    let label = if cells.len() < columns.len() { "too short" } else { "too long" };
    let mut problem = Diagnostic::new(codes::TABLE_ROW_LENGTH, message, at, label);
    if let (Some(first), Some(last)) = (columns.first(), columns.last()) {
        problem = problem.with_label(first.span.to(last.span), "the columns");
    }
    let Some(missing) = columns.get(cells.len()..).filter(|missing| !missing.is_empty()) else {
        return problem.with_help(
            "take away the cells that belong to no column, or add the column to the header and to every row",
        );
    };
    let missing: Vec<String> = missing.iter().take(MOST_CELLS).map(|word| format!("`{}`", word.text)).collect();
    let filled = cells.iter().copied().chain(columns.iter().skip(cells.len()).map(|_| "any")).take(MOST_CELLS);
    let row = row(&filled.collect::<Vec<_>>(), result);
    let missing = missing.join(", ");
    problem.with_help(format!("write `{row}` if it is to hold whatever {missing} is, or say for which"))
}

fn fields(count: usize) -> String {
    if count == 1 { "one field".to_owned() } else { format!("{count} fields") }
}

/// A cell that is no condition
pub(in crate::syntax) fn no_cell(written: &str, at: Span) -> Diagnostic {
    let label = if written.is_empty() { "nothing stands here" } else { "not a condition on the column's field" };
    let message = match written {
        "" => "a cell of this row is empty".to_owned(),
        _ => format!("`{}` says nothing that can be asked of the column's field", shortened(written)),
    };
    let problem = Diagnostic::new(codes::TABLE_BAD_CELL, message, at, label);
    let help = known_mistake(written).unwrap_or_else(|| {
        "write a value, several with commas, `at least …`, `at most …`, `above …`, `below …`, `A to B`, `not …` or `any`"
            .to_owned()
    });
    problem.with_help(help)
}

/// Says whether a cell that could be read is most likely meant otherwise.
pub(in crate::syntax) fn is_known_mistake(written: &str) -> bool {
    known_mistake(written).is_some()
}

/// Gives what to write in place of a cell in other words.
fn known_mistake(written: &str) -> Option<String> {
    let words: Vec<&str> = written.split_whitespace().collect();
    Some(match words.as_slice() {
        [] | ["-" | "–" | "—" | "*"] => "write `any` if the field does not matter in this row".to_owned(),
        ["all" | "n/a" | "other" | "otherwise" | "else" | "rest"] => {
            "write `any` if the field does not matter; what is left over is to be said in so many words: `above moderate`"
                .to_owned()
        }
        [value, "or", "more" | "higher" | "greater" | "above"] => format!("write `at least {value}`"),
        [value, "or", "less" | "lower" | "fewer" | "below"] => format!("write `at most {value}`"),
        ["up", "to", value] | ["to", value] => format!("write `at most {value}`"),
        ["from", value] => format!("write `at least {value}`"),
        ["from", low, "to", high] => format!("write `{low} to {high}`"),
        [value] if value.ends_with('+') => format!("write `at least {}`", value.trim_end_matches('+')),
        ["present" | "missing"] | ["is", "present" | "missing"] | ["is" | "not", "not" | "is", "present" | "missing"] => {
            "ask in the rule whether something is documented; a table asks for values".to_owned()
        }
        _ => return None,
    })
}

/// A result that is neither a level nor `never`
pub(in crate::syntax) fn no_level(written: &str, at: Span) -> Diagnostic {
    let (message, label) = match written {
        "" => ("this row has no result".to_owned(), "nothing stands here"),
        _ => (format!("`{}` is no result: a row gives one level, or `never`", shortened(written)), "not a level"),
    };
    let words: Vec<&str> = written.split_whitespace().collect();
    let help = match words.as_slice() {
        ["at", "most" | "least", level] => {
            format!("write `{level}`: the rule that uses the table says whether it is the most or the least")
        }
        [_, _, ..] => {
            format!("write one level, or `never` where none suffices; `{}`, if that is its name", joined(&words))
        }
        _ => "write one level of the table's scale, or `never` where none suffices".to_owned(),
    };
    Diagnostic::new(codes::TABLE_BAD_CELL, message, at, label).with_help(help)
}

fn row(cells: &[&str], result: &str) -> String {
    let cells: String = cells.iter().map(|cell| format!(" {} |", shortened(cell))).collect();
    format!("|{cells}| {} |", shortened(result))
}

fn joined(words: &[&str]) -> String {
    if words.is_empty() { "NAME".to_owned() } else { shortened(&words.join("_").replace('-', "_")) }
}

fn shortened(text: &str) -> String {
    crate::diagnostic::printable(text, 60)
}
