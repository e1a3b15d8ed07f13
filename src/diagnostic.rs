//! What every stage says when something is wrong.
//!
//! A [`Diagnostic`] is a plain value: a code of the register, one sentence in the user's words, labels in any of the
//! inputs, and a help that says what to do. How it looks on a terminal, in JSON or in a CI log is the business of
//! `report`.

mod enumerated;
mod nearest;
mod quote;
mod register;

pub use enumerated::enumerated;
pub use nearest::{did_you_mean, nearest, slips};
pub use quote::{Quote, QuoteClass};
pub use register::{Code, Severity, all_codes, find_code};

/// The codes by name, for the stages that report them.
pub mod codes {
    pub use super::register::codes::*;
}

use crate::source::Span;

/// A place with a few words on what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What stands here, in a few words; may be empty.
    pub text: String,
    /// What to show in place of the line itself, where the place lies in a log: the value alone, names protected.
    pub shown: Option<String>,
    /// What the log says here, if it stands masked in what is shown and in the message: a report may show it.
    pub quote: Option<Quote>,
}

impl Label {
    /// Makes a label in a log, with what may be shown of the line.
    pub fn in_log(span: Span, text: impl Into<String>, shown: impl Into<String>) -> Self {
        Self { span, text: text.into(), shown: Some(shown.into()), quote: None }
    }

    /// Makes a label.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into(), shown: None, quote: None }
    }
}

/// One problem, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// What is wrong: one sentence, lower-case start, no full stop, names in backticks.
    pub message: String,
    /// Where; the first label is the chief place.
    pub labels: Vec<Label>,
    /// What to do: begins with a verb.
    pub help: Option<String>,
    /// A case, or two, that show it, as the language writes them.
    pub case: Option<String>,
    /// What it is about, where its message also says what changes without it, such as how many records there are: it tells the
    /// problem from others of its code.
    pub about: Option<Box<str>>,
}

impl Diagnostic {
    /// Makes a problem at a place, with what stands there.
    pub fn new(code: Code, message: impl Into<String>, span: Span, label: impl Into<String>) -> Self {
        Self::without_place(code, message).with_label(span, label)
    }

    /// Makes a problem that lies nowhere in particular.
    pub fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), help: None, case: None, about: None }
    }

    /// Says what the log says at the last place: what the message and the label have its mask for.
    #[must_use]
    pub fn quoting(mut self, quote: Quote) -> Self {
        if let Some(label) = self.labels.last_mut() {
            label.quote = Some(quote);
        }
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label::new(span, text));
        self
    }

    /// Adds a place in a log, with what may be shown of its line.
    #[must_use]
    pub fn with_label_in_log(mut self, span: Span, text: impl Into<String>, shown: impl Into<String>) -> Self {
        self.labels.push(Label::in_log(span, text, shown));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to do, where there is something to say.
    #[must_use]
    pub fn with_help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// Adds a case that shows it.
    #[must_use]
    pub fn with_case(mut self, case: impl Into<String>) -> Self {
        self.case = Some(case.into());
        self
    }

    /// Says what it is about, where its message also says what changes without it.
    #[must_use]
    pub fn about(mut self, about: impl Into<Box<str>>) -> Self {
        self.about = Some(about.into());
        self
    }

    /// Gives the severity that the register states for the code.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// Gives the chief place.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }
}

/// Says whether a terminal would obey a character, or a reader be misled by it.
pub fn is_obeyed(c: char) -> bool {
    let redirects = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}');
    c.is_control() || redirects
}

/// Makes a text from outside safe to print on one line: short, and without what a terminal would obey or a reader be
/// misled by.
pub fn printable(text: &str, most: usize) -> String {
    let safe = |c: char| if is_obeyed(c) { '\u{FFFD}' } else { c };
    let mut shown: String = text.chars().take(most).map(safe).collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}

/// Puts problems into the order of their places and drops repetitions, so that every run says the same.
pub fn sort(problems: &mut Vec<Diagnostic>) {
    problems.sort_by(|a, b| (a.span(), a.code.name(), &a.message).cmp(&(b.span(), b.code.name(), &b.message)));
    problems.dedup();
}
