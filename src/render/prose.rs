//! The committee's own prose, from a literate policy, in its place: around the rules beside which it was written.
//!
//! What follows a fence belongs to what the fence ends with, up to the next heading; from there on, and where there is no
//! heading, to what the next fence begins with; behind the last fence, to the end of the document. Its headings go as far down as the chapter in which it stands.

use std::collections::BTreeMap;

use crate::check::{Checked, Prose, ProseBlock, ProsePart, Stress};
use crate::policy::Version;
use crate::source::Span;

use super::document::{Block, Inline, Table, plain};
use super::words::Words;

/// Beside what it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Header,
    Rule(usize),
    Definition(usize),
    Table(usize),
    Examples,
    /// At the end of everything.
    End,
}

impl Place {
    /// Gives what links call what stands there.
    fn anchor(self, side: &str) -> String {
        match self {
            Self::Header => format!("{side}-header"),
            Self::Rule(at) => format!("{side}-rule-{}", at + 1),
            Self::Definition(at) => format!("{side}-definition-{}", at + 1),
            Self::Table(at) => format!("{side}-table-{}", at + 1),
            Self::Examples => format!("{side}-examples"),
            Self::End => "end".to_owned(),
        }
    }
}

/// The prose of one version.
pub(super) struct Told<'c> {
    before: BTreeMap<Place, Vec<&'c [ProseBlock]>>,
    after: BTreeMap<Place, Vec<&'c [ProseBlock]>>,
}

impl<'c> Told<'c> {
    /// Gathers it.
    pub(super) fn of(version: &Version, checked: &'c Checked) -> Self {
        let mut told = Self { before: BTreeMap::new(), after: BTreeMap::new() };
        if checked.prose.is_empty() {
            return told;
        }
        let mut places = Vec::new();
        for other in checked.set.policies.iter().flat_map(|policy| &policy.versions) {
            let is_own = other.origin == version.origin;
            places.extend(
                of_version(other, checked).into_iter().map(|(origin, place)| (origin, is_own.then_some(place))),
            );
        }
        places.sort_unstable_by_key(|(origin, place)| (origin.source, origin.start, *place));
        for prose in &checked.prose {
            let at = places.partition_point(|(origin, _)| {
                (origin.source, origin.start) < (prose.origin.source, prose.origin.start)
            });
            let beside = |at: Option<usize>| {
                let (origin, place) = places.get(at?)?;
                (origin.source == prose.origin.source).then_some(*place)
            };
            let (above, below) = (beside(at.checked_sub(1)), beside(Some(at)));
            told.add(prose, above, below);
        }
        told
    }

    /// `above`, `below`: whether anything stands there, and if it is of this version what.
    fn add(&mut self, prose: &'c Prose, above: Option<Option<Place>>, below: Option<Option<Place>>) {
        let is_heading = |block: &ProseBlock| matches!(block, ProseBlock::Heading(..));
        let heading = prose.blocks.iter().position(is_heading);
        let split = match (above, below) {
            (None, _) => 0,
            (_, None) => heading.unwrap_or(prose.blocks.len()),
            _ => heading.unwrap_or(0),
        };
        // What begins with a heading behind all rules belongs to none of them.
        let below = below.or(above.map(|above| above.map(|_| Place::End)));
        let (first, rest) = prose.blocks.split_at(split);
        for (blocks, place, to) in [(first, above, &mut self.after), (rest, below, &mut self.before)] {
            if let Some(place) = place.flatten().filter(|_| !blocks.is_empty()) {
                to.entry(place).or_default().push(blocks);
            }
        }
    }

    /// Gives what stands before something; `level`: of a heading there.
    pub(super) fn before(&self, words: &Words<'_>, place: Place, level: u8) -> Vec<Block> {
        blocks(words, self.before.get(&place), &place.anchor("before"), level)
    }

    /// Gives what stands after something.
    pub(super) fn after(&self, words: &Words<'_>, place: Place, level: u8) -> Vec<Block> {
        blocks(words, self.after.get(&place), &place.anchor("after"), level)
    }
}

/// Gives where everything stands that the document of a version shows.
fn of_version(version: &Version, checked: &Checked) -> Vec<(Span, Place)> {
    let rules = version.rules.iter().map(|rule| rule.origin).enumerate().map(|(at, origin)| (origin, Place::Rule(at)));
    let definitions = version.conditions.definitions().iter().enumerate();
    let definitions = definitions.map(|(at, definition)| (definition.origin, Place::Definition(at)));
    let tables = version.conditions.tables().iter().enumerate();
    let tables = tables.map(|(at, table)| (table.origin, Place::Table(at)));
    let own = |example: &&crate::check::Example| example.version == (version.policy.clone(), version.origin);
    let examples = checked.examples.iter().filter(own).map(|example| (example.origin, Place::Examples));
    let header = std::iter::once((version.origin, Place::Header));
    header.chain(rules).chain(definitions).chain(tables).chain(examples).collect()
}

/// Makes blocks of what was written; the highest heading gets the level that is given.
fn blocks(words: &Words<'_>, written: Option<&Vec<&[ProseBlock]>>, anchor: &str, level: u8) -> Vec<Block> {
    let mut writer = Writer { words, anchor, level, last: level.saturating_sub(1), headings: 0 };
    let each = written.into_iter().flatten();
    each.map(|blocks| writer.blocks(blocks)).filter(|blocks| !blocks.is_empty()).map(Block::Prose).collect()
}

struct Writer<'w> {
    words: &'w Words<'w>,
    anchor: &'w str,
    level: u8,
    /// The level of the heading before.
    last: u8,
    headings: usize,
}

impl Writer<'_> {
    fn blocks(&mut self, written: &[ProseBlock]) -> Vec<Block> {
        written.iter().filter_map(|block| self.block(block)).collect()
    }

    fn block(&mut self, block: &ProseBlock) -> Option<Block> {
        Some(match block {
            ProseBlock::Heading(level, text) => return self.heading(*level, &line(text)),
            ProseBlock::Paragraph(text) => Block::Paragraph(line(text)),
            ProseBlock::List(first, items) => {
                let items = items.iter().map(|item| self.blocks(item)).collect();
                match first {
                    Some(first) => Block::Numbered(*first, items),
                    None => Block::List(items),
                }
            }
            ProseBlock::Quote(inner) => Block::Quote(self.blocks(inner)),
            ProseBlock::Code(code) => Block::Code(code.lines().map(Inline::code).collect()),
            ProseBlock::Table(head, rows) => Block::Table(table(head, rows)),
        })
    }

    /// The title of a document is the first level, and its chapters the second: neither is passed over. The title of the
    /// policy stands above all of it already, and so does that of a chapter.
    fn heading(&mut self, level: u8, text: &[Inline]) -> Option<Block> {
        const DEEPEST: u8 = 6;
        let said = plain(text);
        let stands = level == 1 && said.trim() == self.words.version.title.trim();
        if stands || super::version::is_chapter(said.trim()) {
            return None;
        }
        let level = self.level.saturating_add(level.saturating_sub(2)).min(self.last.saturating_add(1)).min(DEEPEST);
        self.last = level;
        self.headings += 1;
        let anchor = self.words.anchor("prose", &format!("{}-{}", self.anchor, self.headings));
        Some(Block::Heading { level, anchor, text: text.to_vec() })
    }
}

fn table(head: &[Vec<ProsePart>], rows: &[Vec<Vec<ProsePart>>]) -> Table {
    let mut made = Table::new("A table of the text", &[]).headed();
    made.of_cases = true;
    made.head = head.iter().map(|cell| line(cell)).collect();
    for row in rows {
        let cells = row.iter().map(|cell| line(cell)).chain(std::iter::repeat(Vec::new()));
        made.add(cells.take(head.len()).collect());
    }
    made
}

fn line(parts: &[ProsePart]) -> Vec<Inline> {
    let mut line = Vec::new();
    for part in parts {
        let said = match part.stress {
            Stress::Plain => Inline::text(&part.text),
            Stress::Emphasis => Inline::term(&part.text),
            Stress::Strong => Inline::Strong(super::document::clean(&part.text)),
            Stress::Code => Inline::code(&part.text),
        };
        line.push(match part.link.as_deref().filter(|to| is_safe(to)) {
            Some(to) => Inline::Away { to: to.to_owned(), text: vec![said] },
            None => said,
        });
    }
    line
}

/// Knows the links that lead somewhere from wherever the document lies, and do nothing but lead there.
fn is_safe(to: &str) -> bool {
    let lower = to.to_ascii_lowercase();
    let known = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    known && to.chars().all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '\\'))
}
