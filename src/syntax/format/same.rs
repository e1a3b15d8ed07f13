//! Whether two texts mean the same: their trees without places, their problems, and their comments.

use crate::source::Sources;

use super::super::ast::Declaration;
use super::super::parser::Parsed;
use super::spelling;

/// Gives what a file says, places left out.
pub(super) fn meaning(parsed: &Parsed) -> (String, Vec<&'static str>) {
    let mut said: String = parsed.document.declarations.iter().map(declaration).collect();
    said.push_str(&parsed.document.stem);
    let mut codes: Vec<&'static str> = parsed.problems.iter().map(|problem| problem.code.name()).collect();
    codes.sort_unstable();
    (said, codes)
}

/// Gives what a declaration says.
pub(super) fn declaration(declaration: &Declaration) -> String {
    // The sign asks a `Span` for nothing: see there.
    one_unit(&format!("{declaration:-?}\n"))
}

/// Writes units in one way. A quotation mark within a text is escaped here, so that no text looks like a unit.
fn one_unit(said: &str) -> String {
    const UNIT: &str = "unit: \"";
    let mut parts = said.split(UNIT);
    let mut written = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (unit, rest) = part.split_once('"').unwrap_or((part, ""));
        written.push_str(UNIT);
        written.push_str(spelling::unit(unit, false));
        written.push('"');
        written.push_str(rest);
    }
    written
}

/// Gives the comments, sorted.
pub(super) fn comments(parsed: &Parsed, sources: &Sources) -> Vec<String> {
    let text = |span: &crate::source::Span| sources.text(*span).trim_end().to_owned();
    let mut comments: Vec<String> = parsed.document.comments.iter().map(text).collect();
    comments.sort_unstable();
    comments
}
