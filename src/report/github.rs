//! `--format github`: workflow commands, which a CI page shows beside the line.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::audit::{Judged, Sink, Summary, Wants};
use crate::diagnostic::{Diagnostic, Severity, printable};
use crate::log::Unreadable;
use crate::source::Sources;

use super::findings::{count, diagnose};
use super::human::counted;
use super::machine::InputRecord;
use super::stream::{About, Report, Stream};

/// How many lines of each command a page of a CI shows; it drops what is beyond without a word.
const MOST: usize = 10;

/// Writes the first findings of an audit, as many as a page shows, and says how many more there are.
pub struct Annotations<'a> {
    to: Stream<'a>,
    about: About<'a>,
    /// How many errors, warnings and notices were written.
    written: [usize; 3],
    hidden: usize,
}

impl<'a> Annotations<'a> {
    /// Begins with nothing written.
    pub fn new(to: &'a mut dyn Write, about: About<'a>) -> Self {
        Self { to: Stream::new(to), about, written: [0; 3], hidden: 0 }
    }

    fn has_room(&self) -> bool {
        [Severity::Error, Severity::Warning].into_iter().any(|severity| self.room(severity))
    }

    fn room(&self, severity: Severity) -> bool {
        // The last notice says how many more there are.
        let most = if severity == Severity::Lint { MOST - 1 } else { MOST };
        self.written.get(severity as usize).is_some_and(|written| *written < most)
    }

    fn write(&mut self, problem: &Diagnostic) {
        if !self.room(problem.severity()) {
            self.hidden += 1;
            return;
        }
        if let Some(written) = self.written.get_mut(problem.severity() as usize) {
            *written += 1;
        }
        let line = line(problem, self.about.sources);
        self.to.text(&format!("{line}\n"));
    }
}

impl Sink for Annotations<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        if !self.has_room() {
            self.hidden += count(record);
            return;
        }
        for problem in diagnose(record, self.about.sources, self.about.identities) {
            self.write(&problem);
        }
    }

    fn wants_reasons(&self) -> bool {
        self.has_room()
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.write(&unreadable.diagnostic());
    }

    fn gives_up(&self) -> bool {
        self.to.has_failed()
    }

    fn wants(&self) -> Wants {
        if self.has_room() { Wants::Findings } else { Wants::Nothing }
    }

    fn counter(&self) -> fn(&Judged<'_>) -> usize {
        count
    }

    fn passed_over(&mut self, problems: usize) {
        self.hidden += problems;
    }
}

impl Report for Annotations<'_> {
    fn finish(&mut self, summary: &Summary, _inputs: &[InputRecord]) -> io::Result<()> {
        for finding in &summary.log_findings {
            let finding = self.about.identities.worded(finding);
            self.write(&finding);
        }
        let records = counted(summary.records, "record", "records");
        let (failing, open) = (summary.failing, summary.leading(crate::judge::Verdict::Undetermined));
        let hidden = match self.hidden {
            0 => String::new(),
            more => format!("; {} not shown here", counted(more, "more finding is", "more findings are")),
        };
        let privacy = self.about.identities.privacy().word();
        let partial = if summary.partial { "partial, the audit was stopped: " } else { "" };
        let said =
            format!("{partial}{records}, {failing} failing, {open} undetermined{hidden} (privacy level {privacy})");
        self.to.text(&format!("::notice title=forbear audit::{}\n", data(&said)));
        self.to.finish()
    }
}

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
    // A line of a spreadsheet is one of the text that was made of it.
    let cell = problem.span().and_then(|span| sources.cell(span)).map(|cell| format!(" ({})", whole(&cell)));
    let lines = problem.case.iter().flat_map(|case| case.lines());
    let case: String = lines.map(|line| format!("\n{}", whole(line))).collect();
    let message = data(&format!("{}{}{help}{case}", whole(&problem.message), cell.unwrap_or_default()));
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
