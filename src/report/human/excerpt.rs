//! What is shown of the inputs that a problem is about, as one text for miette.
//!
//! miette draws the labels of one text. Here each input gets a stretch of offsets of its own in an imagined text, so
//! that the clause and the value in the log stand in one drawing. Of a policy its lines are shown; of a log, where a
//! line may have names in it, only `path: value`, under the line's number.

use std::ops::Range;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::diagnostic::{Diagnostic, Label, is_obeyed, printable};
use crate::source::{SourceId, Sources, Span};

/// Stretches are this far apart; no input is so long.
const APART: usize = 1 << 40;

/// A stretch of lines is shown whole up to so many bytes; beyond, each label has lines of its own.
const LONGEST_STRETCH: usize = 16 * 1024;

/// A line is shown whole up to so many bytes; of a longer one, what stands around the label.
const LONGEST_LINE: usize = 1024;

/// How much of a long line is shown before a label, and after its beginning.
const WINDOW: (usize, usize) = (40, 80);

/// How long the words of a label may be.
const LONGEST_LABEL: usize = 300;

/// Stands behind the name of a cell, which needs no numbers of a line and a column behind it.
pub(super) const CELL: char = '\u{2060}';

/// The excerpts of one problem.
pub(super) struct Excerpts {
    pieces: Vec<Piece>,
    labels: Vec<LabeledSpan>,
}

/// Some lines of an input, a part of one line, or one value of a log.
struct Piece {
    name: String,
    text: String,
    base: usize,
    /// The bytes of the input that the text shows.
    shows: Range<usize>,
    /// The line and column, from 0, at which the text begins.
    begins: (usize, usize),
    /// Whether the text is a single line that stands for a place: then the place is its own.
    is_place: bool,
    source: SourceId,
}

impl Excerpts {
    /// Gathers what the labels of a problem point at.
    pub(super) fn of(problem: &Diagnostic, sources: &Sources) -> Self {
        let mut excerpts = Self { pieces: Vec::new(), labels: Vec::new() };
        for label in &problem.labels {
            let protected = sources.get(label.span.source).is_some_and(crate::source::Source::is_protected);
            let labelled = if protected {
                excerpts.value(label, sources)
            } else {
                excerpts.lines(label, &problem.labels, sources)
            };
            excerpts.labels.push(labelled);
        }
        excerpts
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = LabeledSpan> + '_ {
        self.labels.iter().cloned()
    }

    fn next_base(&self) -> usize {
        self.pieces.len() * APART
    }

    /// Shows the lines of a policy: those of all labels as one stretch if it is short, else those of the label.
    fn lines(&mut self, label: &Label, labels: &[Label], sources: &Sources) -> LabeledSpan {
        let known = self.pieces.iter().position(|piece| {
            let shows = piece.shows.start <= label.span.start && label.span.end <= piece.shows.end;
            piece.source == label.span.source && !piece.is_place && shows
        });
        let at = known.unwrap_or_else(|| {
            let piece = self.new_piece(label, labels, sources);
            self.pieces.push(piece);
            self.pieces.len() - 1
        });
        let (base, shows) = self.pieces.get(at).map_or((0, 0..0), |piece| (piece.base, piece.shows.clone()));
        let start = label.span.start.clamp(shows.start, shows.end);
        let end = label.span.end.clamp(start, shows.end);
        labelled(label, base + start - shows.start, end - start)
    }

    fn new_piece(&self, label: &Label, labels: &[Label], sources: &Sources) -> Piece {
        let all = labels.iter().fold(label.span, |all, other| all.to(other.span));
        let first_byte = Span::new(label.span.source, label.span.start, label.span.start);
        for stretch in [all, label.span, first_byte] {
            let (shows, first_line) = sources.lines_around(stretch, 1);
            if shows.len() > LONGEST_STRETCH {
                continue;
            }
            let bytes = sources.bytes(label.span.source).get(shows.clone()).unwrap_or(&[]);
            if bytes.split(|byte| matches!(byte, b'\n' | b'\r')).all(|line| line.len() <= LONGEST_LINE) {
                return self.piece(label, sources, shows, (first_line, 0), false);
            }
        }
        self.part_of_line(label, sources)
    }

    /// Shows what stands around a label in a line that is too long to be shown.
    fn part_of_line(&self, label: &Label, sources: &Sources) -> Piece {
        let at = sources.line_column(label.span);
        let (line, _) = sources.lines_around(Span::new(label.span.source, label.span.start, label.span.start), 0);
        let bytes = sources.bytes(label.span.source);
        let begins_point = |at: &usize| bytes.get(*at).is_none_or(|byte| byte & 0xC0 != 0x80);
        let from = label.span.start.saturating_sub(WINDOW.0).max(line.start);
        let from = (from..=label.span.start).find(begins_point).unwrap_or(label.span.start);
        let to = (label.span.start + WINDOW.1).min(line.end);
        let to = (label.span.start..=to).rev().find(begins_point).unwrap_or(to);
        self.piece(label, sources, from..to, (at.line - 1, at.column - 1), true)
    }

    fn piece(
        &self,
        label: &Label,
        sources: &Sources,
        shows: Range<usize>,
        begins: (usize, usize),
        is_place: bool,
    ) -> Piece {
        let bytes = sources.bytes(label.span.source).get(shows.clone()).unwrap_or(&[]);
        let text = harmless(&String::from_utf8_lossy(bytes));
        let name = printable(sources.name(label.span.source), usize::MAX);
        Piece { name, text, base: self.next_base(), shows, begins, is_place, source: label.span.source }
    }

    /// Shows a value of a log, and nothing else of its line.
    fn value(&mut self, label: &Label, sources: &Sources) -> LabeledSpan {
        let base = self.next_base();
        let at = sources.line_column(label.span);
        let text = label.shown.clone().map_or_else(|| "…".to_owned(), |shown| printable(&shown, LONGEST_LABEL));
        let value_at = text.find(": ").map_or(0, |colon| colon + 2);
        let length = text.len() - value_at;
        let name = printable(sources.name(label.span.source), usize::MAX);
        let cell = sources.cell(label.span).map(|cell| format!("{name}, {}{CELL}", printable(&cell, usize::MAX)));
        self.pieces.push(Piece {
            name: cell.unwrap_or(name),
            text,
            base,
            shows: 0..0,
            begins: (at.line - 1, at.column - 1),
            is_place: true,
            source: label.span.source,
        });
        labelled(label, base + value_at, length)
    }
}

/// Makes some lines of a text safe to print. What is replaced keeps its length, so that every label stays where it is.
fn harmless(lines: &str) -> String {
    let replaced = |c: char| match c.len_utf8() {
        3 => "\u{FFFD}",
        2 => "??",
        _ => "?",
    };
    let mut text = String::with_capacity(lines.len());
    let mut chars = lines.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // It ends a line, but sends a terminal back to the beginning of the same.
            '\r' if chars.peek() != Some(&'\n') => text.push('\n'),
            '\n' | '\r' | '\t' => text.push(c),
            _ if is_obeyed(c) => text.push_str(replaced(c)),
            _ => text.push(c),
        }
    }
    text
}

fn labelled(label: &Label, start: usize, length: usize) -> LabeledSpan {
    let text = (!label.text.is_empty()).then(|| printable(&label.text, LONGEST_LABEL));
    LabeledSpan::new(text, start, length)
}

impl SourceCode for Excerpts {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let piece = self.pieces.get(span.offset() / APART).ok_or(MietteError::OutOfBounds)?;
        let within = SourceSpan::new((span.offset() - piece.base).into(), span.len());
        let found = piece.text.as_str().read_span(&within, before, after)?;
        let shifted = SourceSpan::new((found.span().offset() + piece.base).into(), found.span().len());
        let (line, column) =
            if piece.is_place { piece.begins } else { (piece.begins.0 + found.line(), found.column()) };
        let contents =
            MietteSpanContents::new_named(piece.name.clone(), found.data(), shifted, line, column, found.line_count());
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Terminal, render};
    use crate::diagnostic::{Diagnostic, codes};
    use crate::source::{Sources, Span};

    const PLAIN: Terminal = Terminal { colour: false, width: 80 };

    /// Renders a problem at the first `@` of a policy.
    fn at_sign(text: &str) -> String {
        let mut sources = Sources::new();
        let source = sources.add("ward.forbear", text);
        let at = text.find('@').unwrap();
        let problem = Diagnostic::new(codes::NOT_UNDERSTOOD, "not expected", Span::new(source, at, at + 1), "here");
        render(&problem, &sources, PLAIN)
    }

    #[test]
    fn a_place_far_to_the_right_is_shown_with_what_stands_around_it() {
        let shown = at_sign(&format!("rule r\n  require {}ü @ b\n", "ü".repeat(70_000)));
        assert!(shown.contains("ward.forbear:2:70013"), "{shown}");
        assert!(shown.contains("üüü @ b") && shown.len() < 2_000, "{shown}");
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_printed() {
        let shown = at_sign("rule r \"\u{1B}[2J\"\n  require @\n");
        assert!(!shown.contains('\u{1B}') && shown.contains("?[2J"), "{shown}");
    }

    #[test]
    fn what_would_mislead_a_reader_is_not_printed_and_labels_stay_where_they_are() {
        let shown = at_sign("rule r \"\u{202E}ü\u{9B}\"\n  require \u{202E}\u{85} @\n");
        assert!(!shown.contains(['\u{202E}', '\u{9B}', '\u{85}']) && shown.contains("\"\u{FFFD}ü??\""), "{shown}");
        let column =
            |text: &str| shown.lines().find_map(|line| line.find(text).map(|at| line.split_at(at).0.chars().count()));
        assert_eq!(column("@"), column("┬"), "{shown}");
    }

    #[test]
    fn lines_that_end_in_a_lone_carriage_return_are_lines() {
        let shown = at_sign("policy p\r  version 1\rrule r\r  require @\r  because \"x\"\r");
        assert!(shown.contains("ward.forbear:4:11") && shown.contains(" 4 │   require @\n"), "{shown}");
        assert!(!shown.contains('\r') && !shown.contains("policy p"), "{shown}");
    }

    #[test]
    fn a_long_policy_is_shown_around_the_place_only() {
        let lines: String = (1..20_000).map(|at| format!("# {at}\n")).collect();
        let shown = at_sign(&format!("{lines}@\n{lines}"));
        assert!(shown.contains("ward.forbear:20000:1") && shown.contains("# 19999"), "{shown}");
        assert!(shown.lines().count() < 12, "{shown}");
    }
}
