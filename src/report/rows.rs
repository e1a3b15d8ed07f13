//! `--format csv`: one row for each finding, for a spreadsheet.

use std::io::{self, Write};

use crate::audit::{Judged, Sink, Summary, Wants};
use crate::diagnostic::Diagnostic;
use crate::judge::Verdict;
use crate::log::Unreadable;
use crate::source::Span;

use super::findings::{Told, tell};
use super::machine::InputRecord;
use super::stream::{About, Report};

/// The head of the table.
const HEAD: [&str; 18] = [
    "episode",
    "policy",
    "version",
    "verdict",
    "fails",
    "rule",
    "rule_severity",
    "code",
    "severity",
    "message",
    "help",
    "log",
    "log_line",
    "log_column",
    "log_cell",
    "policy_file",
    "policy_line",
    "privacy",
];

/// Writes the rows while the audit runs.
pub struct Rows<'a> {
    to: ::csv::Writer<&'a mut dyn Write>,
    about: About<'a>,
    failed: Option<io::Error>,
}

impl<'a> Rows<'a> {
    /// Begins a table.
    pub fn new(to: &'a mut dyn Write, about: About<'a>) -> Self {
        let mut rows = Self { to: ::csv::Writer::from_writer(to), about, failed: None };
        rows.write(HEAD.map(str::to_owned));
        rows
    }

    fn write(&mut self, cells: [String; 18]) {
        if self.failed.is_none() {
            self.failed = self.to.write_record(cells.iter().map(|cell| harmless(cell))).err().map(of_csv);
        }
    }

    /// Writes what is told of no policy: unreadable records, and what concerns the log as a whole.
    fn of_log(&mut self, problem: &Diagnostic) {
        let told = Told { result: None, rule: None, problem: self.about.identities.worded(problem) };
        self.row(None, &told);
    }

    fn row(&mut self, judged: Option<&Judged<'_>>, told: &Told<'_>) {
        let (problem, result) = (&told.problem, told.result);
        let is_log = |span: &Span| self.about.sources.get(span.source).is_some_and(crate::source::Source::is_protected);
        let spans = || problem.labels.iter().map(|label| label.span);
        let in_log = spans().find(is_log).or(judged.map(|judged| judged.place));
        let [log, log_line, log_column] = self.place(in_log);
        let log_cell = in_log.and_then(|span| self.about.sources.cell(span)).unwrap_or_default();
        let [policy_file, policy_line, _] = self.place(spans().find(|span| !is_log(span)));
        let id = judged.and_then(|judged| judged.id.as_deref());
        let verdict = result.map(|result| result.verdict()).or(judged.map(Judged::leading_verdict));
        self.write([
            id.map(|id| self.about.identities.episode(id)).unwrap_or_default(),
            result.map(|result| result.policy.name.clone()).unwrap_or_default(),
            result.and_then(|result| result.version?.label.clone()).unwrap_or_default(),
            verdict.map(Verdict::word).unwrap_or_default().to_owned(),
            result.map(|result| result.fails().to_string()).unwrap_or_default(),
            told.rule.map(|rule| rule.name.clone()).unwrap_or_default(),
            told.rule.map(|rule| rule.severity.word().to_owned()).unwrap_or_default(),
            problem.code.name().to_owned(),
            problem.severity().word().to_owned(),
            problem.message.clone(),
            problem.help.clone().unwrap_or_default(),
            log,
            log_line,
            log_column,
            log_cell,
            policy_file,
            policy_line,
            self.about.identities.privacy().word().to_owned(),
        ]);
    }

    fn place(&self, span: Option<Span>) -> [String; 3] {
        let Some(span) = span else { return Default::default() };
        let at = self.about.sources.line_column(span);
        [self.about.sources.name(span.source).to_owned(), at.line.to_string(), at.column.to_string()]
    }
}

impl Sink for Rows<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        for told in tell(record, self.about.sources, self.about.identities) {
            self.row(Some(record), &told);
        }
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.of_log(&unreadable.diagnostic());
    }

    fn gives_up(&self) -> bool {
        self.failed.is_some()
    }

    fn wants(&self) -> Wants {
        Wants::Findings
    }
}

impl Report for Rows<'_> {
    fn finish(&mut self, summary: &Summary, _inputs: &[InputRecord]) -> io::Result<()> {
        for finding in &summary.log_findings {
            self.of_log(finding);
        }
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.to.flush(),
        }
    }
}

/// Gives what went wrong with writing, as whoever was written to says it.
fn of_csv(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// Keeps a spreadsheet from taking a cell for a formula: one that begins like one gets an apostrophe before it.
fn harmless(cell: &str) -> String {
    let plain: String = cell.chars().map(|c| if crate::diagnostic::is_obeyed(c) { ' ' } else { c }).collect();
    if plain.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']) {
        format!("'{plain}")
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_begins_like_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "\u{ff1d}1"] {
            assert!(harmless(bad).starts_with('\''), "{bad}: {}", harmless(bad));
        }
        assert_eq!(harmless("EP-1 is open: a = b"), "EP-1 is open: a = b");
        assert_eq!(harmless("two\nlines"), "two lines");
    }
}
