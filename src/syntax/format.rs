//! One layout for what is written.
//!
//! Works on the tokens of the text, guided by the parse: it changes the blanks between tokens, and spellings that have
//! one reading, and puts clauses into one order. A declaration with errors stays as it is, byte for byte. What was laid
//! out is parsed again; if it meant anything else, or if a comment were lost, nothing is given but a diagnostic.
//!
//! `tokens` walks the tree and says where lines begin; `spelling` has the words; `order` puts clauses into their order;
//! `lines` puts tokens and comments on lines; `columns` aligns them; `same` compares meanings.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::source::{SourceId, Sources, Span};

use super::ast::{Declaration, Word};
use super::bare::{Bare, BareValues};
use super::literate;
use super::parser::{Parsed, parse, parse_and_keep};
use super::tree::Node;

mod columns;
mod items;
mod lines;
mod order;
mod same;
mod spelling;
mod tokens;
mod values;

/// A file, laid out.
#[derive(Debug)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// The declarations that have errors and were left as they are.
    pub kept: Vec<Span>,
}

/// Lays out a policy or vocabulary; the diagnostic says why it cannot be done. `bare`: how the values of its settings were
/// read, as far as somebody knows; words that are known to be a text get their quotation marks.
pub fn format(sources: &Sources, source: SourceId, bare: &BareValues) -> Result<Formatted, Box<Diagnostic>> {
    let mut masked = None;
    let (parsed, tree) = parse_and_keep(sources, source, &mut masked);
    let Ok(text) = std::str::from_utf8(sources.bytes(source)) else { return Err(unreadable(parsed, source)) };
    let is_literate = literate::is_literate(sources.name(source));
    let pieces: Vec<_> = if is_literate { literate::fences(text) } else { std::iter::once(0..text.len()).collect() };
    // The tree of a document is that of all its fences and of tables beside them: each fence is laid out by its own.
    let tree = tree.filter(|_| !is_literate);
    let told = Told::of(&parsed, bare, source);
    let mut written = Formatted { text: String::new(), kept: Vec::new() };
    let mut done = 0;
    for piece in pieces.iter().cloned() {
        written.text.push_str(text.get(done..piece.start).unwrap_or(""));
        let Some(laid_out) = lay_out(text, piece.clone(), &tree, source, &told, &mut written.kept) else {
            return Err(unreadable(parsed, source));
        };
        written.text.push_str(&laid_out);
        done = piece.end;
    }
    written.text.push_str(text.get(done..).unwrap_or(""));
    let bare = settled(bare, source, &pieces, &written.kept);
    require_same(sources, source, (&parsed, &bare), &written.text)?;
    Ok(written)
}

/// Gives what is known of the settings that were laid out: not of those that stay as they are.
fn settled(bare: &BareValues, source: SourceId, pieces: &[Range<usize>], kept: &[Span]) -> BareValues {
    let before = |starts: usize| starts.checked_sub(1);
    let in_piece = |at: usize| {
        let piece = before(pieces.partition_point(|piece| piece.start <= at)).and_then(|last| pieces.get(last));
        piece.is_some_and(|piece| at < piece.end)
    };
    let in_kept = |at: usize| {
        let last = before(kept.partition_point(|kept| kept.start <= at)).and_then(|last| kept.get(last));
        last.is_some_and(|kept| at < kept.end)
    };
    let own = bare.iter().filter(|(place, _)| place.source == source);
    let laid_out = own.filter(|(place, _)| in_piece(place.start) && !in_kept(place.start));
    laid_out.map(|(place, read)| (*place, *read)).collect()
}

/// Where problems of a text begin, in order.
struct Told {
    errors: Vec<usize>,
    /// Errors, and what is only pointed out.
    all: Vec<usize>,
    /// The names of the tables.
    tables: BTreeSet<String>,
    /// How settings were read, by where their values begin.
    bare: BTreeMap<usize, Bare>,
}

impl Told {
    fn of(parsed: &Parsed, bare: &BareValues, source: SourceId) -> Self {
        let starts = |counts: fn(&Diagnostic) -> bool| {
            let spans = parsed.problems.iter().filter(|problem| counts(problem)).filter_map(Diagnostic::span);
            let mut starts: Vec<usize> = spans.map(|span| span.start).collect();
            starts.sort_unstable();
            starts
        };
        let tables = parsed.document.declarations.iter().filter_map(|declaration| match declaration {
            Declaration::Table(table) => table.name.as_ref().map(|name| name.text.clone()),
            _ => None,
        });
        let tables = tables.collect();
        let own = bare.iter().filter(|(place, _)| place.source == source);
        let bare = own.map(|(place, bare)| (place.start, *bare)).collect();
        Self { errors: starts(|problem| problem.severity() == Severity::Error), all: starts(|_| true), tables, bare }
    }
}

/// Says whether a problem begins within a stretch.
fn touched(starts: &[usize], range: &Range<usize>) -> bool {
    let from = starts.partition_point(|start| *start < range.start);
    starts.get(from).is_some_and(|start| *start < range.end)
}

/// Lays out one stretch of the text: the whole, or what stands within one fence.
fn lay_out(
    text: &str,
    piece: Range<usize>,
    tree: &Option<Node<'_>>,
    source: SourceId,
    told: &Told,
    kept: &mut Vec<Span>,
) -> Option<String> {
    let within = text.get(piece.clone()).unwrap_or("");
    let tree = match tree {
        Some(tree) => tree.clone(),
        None => tokens::parse(within)?,
    };
    let in_text = |range: &Range<usize>| piece.start + range.start..piece.start + range.end;
    let mut keep = |range: Range<usize>| {
        let range = in_text(&range);
        let is_broken = touched(&told.errors, &range);
        if is_broken {
            kept.push(Span::new(source, range.start, range.end));
        }
        is_broken
    };
    let known = tokens::Known {
        warned: &|range| touched(&told.all, &in_text(range)),
        tables: &told.tables,
        bare: &|start| told.bare.get(&(piece.start + start)).copied(),
    };
    let items = tokens::read(within, tree, &mut keep, known);
    let lines = columns::align(lines::arrange(order::order(items)));
    let line_end = if within.contains("\r\n") { "\r\n" } else { "\n" };
    let mut laid_out = lines::write(&lines, line_end);
    if piece.end == text.len() && piece.start > 0 && !within.ends_with(['\n', '\r']) {
        laid_out.truncate(laid_out.trim_end_matches(['\n', '\r']).len());
    }
    Some(laid_out)
}

/// A file that could not be parsed at all has exactly one problem.
fn unreadable(parsed: Parsed, source: SourceId) -> Box<Diagnostic> {
    let start = Span::new(source, 0, 0);
    Box::new(parsed.problems.into_iter().next().unwrap_or_else(|| changed(start)))
}

/// Parses what was laid out, and refuses it if it says anything else.
fn require_same(
    sources: &Sources,
    source: SourceId,
    (before, bare): (&Parsed, &BareValues),
    laid_out: &str,
) -> Result<(), Box<Diagnostic>> {
    let nothing = BareValues::new();
    let mut again = Sources::new();
    let id = again.add(sources.name(source), laid_out);
    let after = parse(&again, id);
    if same::meaning(before, bare) != same::meaning(&after, &nothing) {
        return Err(Box::new(changed(first_difference((before, bare), &after, source))));
    }
    if same::comments(before, sources) != same::comments(&after, &again) {
        let message = "this file was not laid out: a comment would have been lost";
        let at = before.document.comments.first().copied().unwrap_or(Span::new(source, 0, 0));
        let problem = Diagnostic::new(codes::WOULD_CHANGE_MEANING, message, at, "the comments begin here");
        return Err(Box::new(problem.with_help("leave the file as it is, and report what you have seen")));
    }
    Ok(())
}

fn first_difference((before, bare): (&Parsed, &BareValues), after: &Parsed, source: SourceId) -> Span {
    let nothing = BareValues::new();
    let pairs = before.document.declarations.iter().zip(&after.document.declarations);
    let differ = |(one, other): &(&Declaration, &Declaration)| {
        same::declaration(one, bare) != same::declaration(other, &nothing)
    };
    let differing = pairs.filter(differ).find_map(|(one, _)| place(one));
    differing.unwrap_or(Span::new(source, 0, 0))
}

fn changed(at: Span) -> Diagnostic {
    let message = "this file was not laid out: the result would mean something else";
    Diagnostic::new(codes::WOULD_CHANGE_MEANING, message, at, "the first difference lies here")
        .with_help("leave the file as it is, and report what you have seen")
}

/// Gives where a declaration begins, as far as the tree knows.
fn place(declaration: &Declaration) -> Option<Span> {
    let name = |name: &Option<Word>| name.as_ref().map(|name| name.span);
    match declaration {
        Declaration::Policy(header) => Some(header.span),
        Declaration::Rule(rule) => Some(rule.span),
        Declaration::Table(table) => Some(table.span),
        Declaration::Case(case) => Some(case.span),
        Declaration::Example(example) => Some(example.span),
        Declaration::Define(define) => name(&define.name),
        Declaration::Vocabulary(vocabulary) => name(&vocabulary.name),
        Declaration::List(list) => name(&list.name),
        Declaration::Field(field) => name(&field.name),
        Declaration::Unread(_) => None,
    }
}
