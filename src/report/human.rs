//! What people read on a terminal: problems with their places, summaries, and how to see the rest.
//!
//! This is the door to miette: a [`Diagnostic`] becomes one of miette's here and nowhere else.

mod audit;
mod committee;
mod due;
mod excerpt;

pub use audit::{AuditPrinter, closing_lines};
pub use due::due_list;

use std::fmt::Write;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};

use crate::diagnostic::{Diagnostic, Severity, printable};
use crate::source::Sources;

use excerpt::Excerpts;

/// How a terminal looks.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// Whether to use colour.
    pub colour: bool,
    /// How many columns there are.
    pub width: usize,
}

impl Terminal {
    /// No terminal: a file.
    pub const PLAIN: Self = Self { colour: false, width: 80 };

    /// Gives a style's beginning and end; nothing without colour.
    fn styled(&self, style: anstyle::Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        self.styled(anstyle::Style::new().bold(), text)
    }

    fn coloured(&self, colour: anstyle::AnsiColor, text: &str) -> String {
        self.styled(anstyle::Style::new().fg_color(Some(colour.into())).bold(), text)
    }
}

/// Renders one problem with the clauses and values that it is about.
pub fn render(problem: &Diagnostic, sources: &Sources, terminal: Terminal) -> String {
    let shown = Shown { problem, excerpts: Excerpts::of(problem, sources) };
    let styles = if terminal.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(terminal.width)
        .with_context_lines(1)
        .with_links(false)
        .without_syntax_highlighting();
    let mut text = String::new();
    if handler.render_report(&mut text, &shown).is_err() {
        text = format!("{}: {shown}\n", problem.code.name());
    }
    without_numbers(&text) + &problem.case.as_deref().map(pasted).unwrap_or_default()
}

/// Takes away the line and the column that stand behind the name of a cell.
fn without_numbers(text: &str) -> String {
    let mut parts = text.split(excerpt::CELL);
    let mut kept = parts.next().unwrap_or("").to_owned();
    for part in parts {
        kept.push_str(part.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    kept
}

/// Renders several problems, and how many there are of each severity.
pub fn render_all(problems: &[Diagnostic], sources: &Sources, terminal: Terminal) -> String {
    problems.iter().fold(String::new(), |mut text, problem| {
        let _ = writeln!(text, "{}", render(problem, sources, terminal));
        text
    })
}

/// Writes a case as it can be pasted, set in below its problem.
fn pasted(case: &str) -> String {
    case.lines().fold("\n".to_owned(), |mut text, line| {
        let _ = writeln!(text, "{}", format!("        {}", printable(line, LONGEST_SENTENCE)).trim_end());
        text
    })
}

/// Counts problems in words: "2 errors, 1 warning"; "nothing" if there are none.
pub fn count_words(problems: &[Diagnostic]) -> String {
    let counts = [Severity::Error, Severity::Warning, Severity::Lint].map(|severity| {
        let count = problems.iter().filter(|problem| problem.severity() == severity).count();
        (count > 0).then(|| counted(count, severity.word(), &format!("{}s", severity.word())))
    });
    let words: Vec<String> = counts.into_iter().flatten().collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

/// Writes a count with its noun.
pub(in crate::report) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}

/// Writes a number with thin groups of three digits: 10 000.
pub(in crate::report) fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 4 {
            grouped.push('\u{202F}');
        }
        grouped.push(digit);
    }
    grouped
}

/// How much of a message or help is shown: they may quote what a policy says.
const LONGEST_SENTENCE: usize = 1000;

/// A problem as miette wants it.
struct Shown<'a> {
    problem: &'a Diagnostic,
    excerpts: Excerpts,
}

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.problem.code.name())
    }
}

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&printable(&self.problem.message, LONGEST_SENTENCE))
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(self.problem.code.name()))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Lint => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let help = self.problem.help.as_ref().map(|help| printable(help, LONGEST_SENTENCE));
        help.map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.excerpts.is_empty()).then_some(&self.excerpts)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpts.labels()))
    }
}
