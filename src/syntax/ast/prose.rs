//! The prose of a literate policy: what people say around the rules. Nothing is judged by it.

use crate::source::Span;

/// A stretch of prose between two fences, or before the first, or after the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// What it says.
    pub blocks: Vec<ProseBlock>,
    /// Where it stands.
    pub origin: Span,
}

/// A part of prose that begins on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProseBlock {
    /// A heading, and its level from 1.
    Heading(u8, Vec<ProsePart>),
    /// A paragraph.
    Paragraph(Vec<ProsePart>),
    /// A list: the number of its first item, if its items have numbers, and what stands in each.
    List(Option<u64>, Vec<Vec<ProseBlock>>),
    /// A quotation.
    Quote(Vec<ProseBlock>),
    /// Lines that are kept as they are.
    Code(String),
    /// A table: its head, and its rows, each cell a line.
    Table(Vec<Vec<ProsePart>>, Vec<Vec<Vec<ProsePart>>>),
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProsePart {
    /// What is said, without any marks.
    pub text: String,
    /// How it is said.
    pub stress: Stress,
    /// Where it leads.
    pub link: Option<String>,
}

/// How a part of a line is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stress {
    /// As it stands.
    Plain,
    /// `*so*`
    Emphasis,
    /// `**so**`
    Strong,
    /// in backticks
    Code,
}
