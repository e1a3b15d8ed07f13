//! The entry: a file in, [`Parsed`] out.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Sources, Span};

use super::ast::{Declaration, Document};
use super::guess::Guess;
use super::literate;
use super::nesting;
use super::problem;
use super::tree::{self, Node, Origin, Rule};

/// A file as written, and what is wrong with how it is written.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// What was understood.
    pub document: Document,
    /// What was not, in the order of the text. While there is any error, nothing may be judged by the document.
    pub problems: Vec<Diagnostic>,
    /// Which of these have better words if some names exist.
    pub guesses: Vec<Guess>,
}

/// Parses one policy or vocabulary; a name that ends in `.md` is read as Markdown with `forbear` fences.
pub fn parse(sources: &Sources, source: SourceId) -> Parsed {
    let mut masked = None;
    parse_and_keep(sources, source, &mut masked).0
}

/// Parses like [`parse`], and gives the tree as well. Of a literate policy it is that of the text without its prose.
pub(super) fn parse_and_keep<'t>(
    sources: &'t Sources,
    source: SourceId,
    masked: &'t mut Option<String>,
) -> (Parsed, Option<Node<'t>>) {
    let start = Span::new(source, 0, 0);
    let text = match std::str::from_utf8(sources.bytes(source)) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            return (failed(source, problem::not_text(Span::new(source, at, at + 1))), None);
        }
    };
    let (mut parsed, tree) = if literate::is_literate(sources.name(source)) {
        *masked = literate::mask(text);
        match masked {
            Some(masked) => parse_text(source, masked),
            None => (failed(source, problem::no_fence(start)), None),
        }
    } else {
        parse_text(source, text)
    };
    if literate::is_literate(sources.name(source)) {
        parsed.document.prose = literate::prose(source, text);
        // Of a document that has no block at all, that alone is told.
        let unread = tree.is_some().then(|| literate::unread(text)).into_iter().flatten();
        parsed.problems.extend(unread.map(|(at, why)| problem::unread_block(Span::new(source, at.start, at.end), why)));
        crate::diagnostic::sort(&mut parsed.problems);
    }
    parsed.document.stem = stem(sources.name(source));
    (parsed, tree)
}

/// Gives a file's name without its folders and endings.
fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.split('.').next().unwrap_or(file).to_owned()
}

fn failed(source: SourceId, problem: Diagnostic) -> Parsed {
    let document =
        Document { source, stem: String::new(), declarations: Vec::new(), comments: Vec::new(), prose: Vec::new() };
    Parsed { document, problems: vec![problem], guesses: Vec::new() }
}

fn parse_text(source: SourceId, text: &str) -> (Parsed, Option<Node<'_>>) {
    let place = |at| tree::whole_characters(Origin { source, base: 0 }, text, at, 1);
    if let Some(at) = nesting::too_deep(text) {
        return (failed(source, problem::too_deep(place(at))), None);
    }
    match tree::parse(Rule::file, text) {
        Ok(file) => {
            let mut lowering = Lowering {
                origin: Origin { source, base: 0 },
                text,
                problems: Vec::new(),
                guesses: Vec::new(),
                tables: tree::tables(&file),
                last_column: Cell::new((0, 0)),
            };
            let document = lowering.file(file.clone());
            let mut problems = lowering.problems;
            crate::diagnostic::sort(&mut problems);
            (Parsed { document, problems, guesses: lowering.guesses }, Some(file))
        }
        Err(stopped) if stopped.too_deep => (failed(source, problem::too_deep(place(stopped.at))), None),
        Err(stopped) => {
            let message = "this text could not be read".to_owned();
            (failed(source, problem::not_understood(message, place(stopped.at), None)), None)
        }
    }
}

/// What the lowering of one file works with.
pub(super) struct Lowering<'t> {
    pub(super) origin: Origin,
    pub(super) text: &'t str,
    pub(super) problems: Vec<Diagnostic>,
    pub(super) guesses: Vec<Guess>,
    /// The tables that the file declares.
    pub(super) tables: BTreeSet<String>,
    /// The byte whose column was asked for last, and that column.
    last_column: Cell<(usize, usize)>,
}

impl Lowering<'_> {
    fn file(&mut self, file: Node<'_>) -> Document {
        let comments = file.clone().into_inner().flatten();
        let comments = comments.filter(|node| node.as_rule() == Rule::COMMENT);
        let comments = comments.map(|node| tree::span(self.origin, &node)).collect();
        let mut declarations: Vec<Declaration> = Vec::new();
        for node in tree::parts(file) {
            if node.as_rule() == Rule::bad_decl {
                declarations.extend(self.bad_declaration(&node));
            } else {
                declarations.extend(self.declaration(node));
            }
        }
        Document { source: self.origin.source, stem: String::new(), declarations, comments, prose: Vec::new() }
    }

    /// Gives the column of a byte, in code points from 0.
    pub(super) fn column(&self, at: usize) -> usize {
        // Columns are asked for in the order of the text: what stands before the last one is not counted again.
        let (from, column) = self.last_column.get();
        let column = match self.text.get(from..at) {
            Some(since) => match since.rfind(['\n', '\r']) {
                Some(line_end) => since.get(line_end + 1..).unwrap_or("").chars().count(),
                None => column + since.chars().count(),
            },
            None => self.line_before(at).chars().count(),
        };
        self.last_column.set((at, column));
        column
    }

    /// Says whether only blanks stand before a byte on its line.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or("").chars().rev();
        before.take_while(|c| !matches!(c, '\n' | '\r')).all(char::is_whitespace)
    }

    /// Says whether a tab stands before a byte on its line.
    pub(super) fn has_tab_before(&self, at: usize) -> bool {
        const FAR_ENOUGH: usize = 400;
        let before = self.text.get(..at).unwrap_or("").chars().rev().take(FAR_ENOUGH);
        before.take_while(|c| !matches!(c, '\n' | '\r')).any(|c| c == '\t')
    }

    /// Says whether the columns of two bytes can be compared: tabs and other characters stand before both in the same
    /// order, as far as both lines go. How wide a tab is shown, nobody knows.
    pub(super) fn indented_alike(&self, one: usize, other: usize) -> bool {
        let tabs = self.has_tab_before(one) || self.has_tab_before(other);
        // What stands further on in a line is compared by the first of that line.
        let tabs = tabs && self.begins_line(other);
        let before = |at| self.line_before(at).chars().map(|c| c == '\t');
        !tabs || before(one).zip(before(other)).all(|(one, other)| one == other)
    }

    fn line_before(&self, at: usize) -> &str {
        let before = self.text.get(..at).unwrap_or("");
        before.rsplit(['\n', '\r']).next().unwrap_or("")
    }

    /// Gives the text at a place, its blanks and line ends as single blanks.
    pub(super) fn one_line(&self, span: Span) -> String {
        let text = self.text.get(span.start..span.end).unwrap_or("");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
