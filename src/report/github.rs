//! `--format github`: workflow commands, which a CI page shows beside the line.

use std::fmt::Write;

use crate::diagnostic::{Diagnostic, Severity, printable};
use crate::source::Sources;

/// Writes one problem as one line.
pub fn line(problem: &Diagnostic, sources: &Sources) -> String {
    let command = match problem.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Lint => "notice",
    };
    let mut line = format!("::{command} ");
    if let Some(span) = problem.span() {
        let at = sources.line_column(span);
        let file = property(&whole(sources.name(span.source)));
        let _ = write!(line, "file={file},line={},col={},", at.line, at.column);
    }
    let help = problem.help.as_ref().map(|help| format!("\nhelp: {}", whole(help))).unwrap_or_default();
    let message = data(&format!("{}{help}", whole(&problem.message)));
    let _ = write!(line, "title={}::{message}", property(problem.code.name()));
    line
}

/// Makes a text from outside safe to print, whole: a log of a CI is read on a terminal too.
fn whole(text: &str) -> String {
    printable(text, usize::MAX)
}

/// Escapes what ends a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what ends a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
