//! A small model of a document: what the readings of a policy make, and what the writers write.
//!
//! It knows nothing of policies. Every text in it is plain: a writer escapes it.

use crate::diagnostic::printable;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// The deepest level of heading that the table of contents lists.
    pub contents_to: u8,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A part of a document that begins on a line of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading; the title of the document has level 1.
    Heading {
        /// Its level.
        level: u8,
        /// The name by which links reach it.
        anchor: String,
        /// Its text.
        text: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A remark, in smaller type.
    Remark(Vec<Inline>),
    /// A list; each item is made of blocks.
    List(Vec<Vec<Block>>),
    /// Labels, and what belongs to each.
    Labelled(Vec<(String, Vec<Block>)>),
    /// A table, with a heading over each column.
    Table(Table),
    /// A list whose items have numbers, from the first.
    Numbered(u64, Vec<Vec<Block>>),
    /// A quotation.
    Quote(Vec<Block>),
    /// Lines that are kept as they are.
    Code(Vec<Inline>),
    /// What people wrote beside the rules.
    Prose(Vec<Block>),
    /// Blocks that belong together, and on paper stay on one page where they can.
    Together(Vec<Block>),
}

/// A table. The first cell of a row is the heading of the row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// Whether the heading above says it already, so that nobody needs to see it twice.
    pub headed: bool,
    /// A heading for each column.
    pub head: Vec<Vec<Inline>>,
    /// Whether a row is a case: its cells together say which, and the last what follows. The first has no more weight
    /// than the others.
    pub of_cases: bool,
    /// The rows, each as long as the head.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// The name by which links reach it; empty: none do.
    pub anchor: String,
    /// Its cells.
    pub cells: Vec<Vec<Inline>>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Text of great weight.
    Strong(String),
    /// A word that is meant as such: a level, a name.
    Term(String),
    /// What stands so in the policy or in a log.
    Code(String),
    /// A link to a place elsewhere; whoever makes it has looked at where it leads.
    Away {
        /// The address.
        to: String,
        /// What is shown.
        text: Vec<Inline>,
    },
    /// A link to another place of the document.
    Link {
        /// The anchor.
        to: String,
        /// What is shown.
        text: Vec<Inline>,
    },
}

impl Document {
    /// Makes a document.
    pub fn new(title: &str, contents_to: u8, blocks: Vec<Block>) -> Self {
        Self { title: clean(title), contents_to, blocks }
    }
}

impl Block {
    /// Makes a heading.
    pub fn heading(level: u8, anchor: &str, text: &str) -> Self {
        Self::Heading { level, anchor: anchor.to_owned(), text: vec![Inline::text(text)] }
    }

    /// Makes a paragraph of plain text.
    pub fn text(text: &str) -> Self {
        Self::Paragraph(vec![Inline::text(text)])
    }
}

impl Table {
    /// Makes a table without rows.
    pub fn new(caption: &str, head: &[&str]) -> Self {
        let head = head.iter().map(|cell| vec![Inline::text(cell)]).collect();
        Self { caption: clean(caption), headed: false, head, of_cases: false, rows: Vec::new() }
    }

    /// Says that the heading above says what it shows.
    #[must_use]
    pub fn headed(self) -> Self {
        Self { headed: true, ..self }
    }

    /// Adds a row that no link reaches.
    pub fn add(&mut self, cells: Vec<Vec<Inline>>) {
        self.rows.push(Row { anchor: String::new(), cells });
    }
}

impl Inline {
    /// Makes plain text.
    pub fn text(text: &str) -> Self {
        Self::Text(clean(text))
    }

    /// Makes a word that is meant as such.
    pub fn term(text: &str) -> Self {
        Self::Term(clean(text))
    }

    /// Makes what stands so in the policy.
    pub fn code(text: &str) -> Self {
        Self::Code(clean(text))
    }

    /// Makes a link.
    pub fn link(to: &str, text: Vec<Self>) -> Self {
        Self::Link { to: to.to_owned(), text }
    }
}

/// Takes out what is obeyed and not shown: control characters, and those that turn the direction of writing.
pub(super) fn clean(text: &str) -> String {
    printable(text, usize::MAX)
}

/// Gives the text alone, without any marks.
pub(super) fn plain(line: &[Inline]) -> String {
    let mut text = String::new();
    for part in line {
        match part {
            Inline::Text(part) | Inline::Strong(part) | Inline::Term(part) | Inline::Code(part) => text.push_str(part),
            Inline::Link { text: inner, .. } | Inline::Away { text: inner, .. } => text.push_str(&plain(inner)),
        }
    }
    text
}
