//! What stands outside the fences of a literate policy, for the document that people read.
//!
//! HTML within it is text like any other, but for its remarks, which nobody is shown; of a picture its description stays.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::source::{SourceId, Span};

use super::super::ast::{Prose, ProseBlock, ProsePart, Stress};
use super::{announces_table, is_ours};

/// Lists and quotations within each other: what lies deeper stands beside what is around it.
const DEEPEST: usize = 12;

/// Reads the prose of a literate policy.
pub(in crate::syntax) fn read(source: SourceId, text: &str) -> Vec<Prose> {
    let mut reader = Reader::new(source);
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        reader.event(event, range);
    }
    reader.close();
    reader.done
}

/// The lines of a row of a table.
type Cells = Vec<Vec<ProsePart>>;

/// What is open around a line.
enum Frame {
    Quote(Vec<ProseBlock>),
    List(Option<u64>, Vec<Vec<ProseBlock>>),
    Item(Vec<ProseBlock>),
}

struct Reader {
    source: SourceId,
    done: Vec<Prose>,
    blocks: Vec<ProseBlock>,
    range: Option<Range<usize>>,
    frames: Vec<Frame>,
    /// How many frames were not opened, since they lie too deep.
    flat: usize,
    line: Vec<ProsePart>,
    emphasis: usize,
    strong: usize,
    link: Option<String>,
    /// The lines of a block of code.
    code: Option<String>,
    table: Option<(Cells, Vec<Cells>)>,
    in_head: bool,
    /// Within a fence of ours: its last line.
    fence: Option<String>,
    /// Whether a table that comes next belongs to the rules.
    announced: bool,
    /// Within such a table.
    passing: bool,
}

impl Reader {
    fn new(source: SourceId) -> Self {
        Self {
            source,
            done: Vec::new(),
            blocks: Vec::new(),
            range: None,
            frames: Vec::new(),
            flat: 0,
            line: Vec::new(),
            emphasis: 0,
            strong: 0,
            link: None,
            code: None,
            table: None,
            in_head: false,
            fence: None,
            announced: false,
            passing: false,
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if let Some(last) = &mut self.fence {
            match event {
                Event::Text(text) => last.clone_from(
                    &text.lines().rfind(|line| !line.trim().is_empty()).map_or_else(|| last.clone(), str::to_owned),
                ),
                Event::End(TagEnd::CodeBlock) => {
                    self.announced = announces_table(last);
                    self.fence = None;
                }
                _ => {}
            }
            return;
        }
        if self.passing {
            self.passing = event != Event::End(TagEnd::Table);
            return;
        }
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_ours(&info) => {
                self.flush();
                if self.frames.is_empty() {
                    self.close();
                }
                self.fence = Some(String::new());
                return;
            }
            Event::Start(Tag::Table(_)) if std::mem::take(&mut self.announced) => {
                self.passing = true;
                return;
            }
            _ => {}
        }
        let whole = self.range.get_or_insert(range.clone());
        whole.end = whole.end.max(range.end);
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(text),
            Event::Html(html) | Event::InlineHtml(html) => self.html(html),
            Event::Code(code) => self.part(code.into_string(), Some(Stress::Code)),
            Event::SoftBreak | Event::HardBreak => self.part(" ".to_owned(), None),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        self.announced = false;
        let opens = match tag {
            Tag::Emphasis => {
                self.emphasis += 1;
                return;
            }
            Tag::Strong => {
                self.strong += 1;
                return;
            }
            Tag::Link { dest_url, .. } => {
                self.link = Some(dest_url.into_string());
                return;
            }
            Tag::Image { .. } | Tag::TableCell => return,
            Tag::TableHead => {
                self.in_head = true;
                return;
            }
            Tag::TableRow => {
                self.table.iter_mut().for_each(|table| table.1.push(Vec::new()));
                return;
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(String::new());
                return;
            }
            Tag::Table(_) => {
                self.flush();
                self.table = Some((Vec::new(), Vec::new()));
                return;
            }
            Tag::BlockQuote(_) => Frame::Quote(Vec::new()),
            Tag::List(first) => Frame::List(first, Vec::new()),
            Tag::Item => Frame::Item(Vec::new()),
            _ => return self.flush(),
        };
        self.flush();
        if self.frames.len() < DEEPEST { self.frames.push(opens) } else { self.flat += 1 }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Link => self.link = None,
            TagEnd::TableHead => self.in_head = false,
            TagEnd::TableCell => self.cell(),
            TagEnd::Heading(level) => {
                let line = std::mem::take(&mut self.line);
                self.push(ProseBlock::Heading(number(level), line));
            }
            TagEnd::CodeBlock => {
                let code = self.code.take();
                code.into_iter().for_each(|code| self.push(ProseBlock::Code(code)));
            }
            TagEnd::Table => {
                let table = self.table.take();
                table.into_iter().for_each(|(head, rows)| self.push(ProseBlock::Table(head, rows)));
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.end_frame(),
            TagEnd::Image | TagEnd::TableRow => {}
            _ => self.flush(),
        }
    }

    fn end_frame(&mut self) {
        self.flush();
        if self.flat > 0 {
            self.flat -= 1;
            return;
        }
        match self.frames.pop() {
            Some(Frame::Quote(blocks)) => self.push(ProseBlock::Quote(blocks)),
            Some(Frame::List(first, items)) => self.push(ProseBlock::List(first, items)),
            Some(Frame::Item(blocks)) => match self.frames.last_mut() {
                Some(Frame::List(_, items)) => items.push(blocks),
                _ => blocks.into_iter().for_each(|block| self.push(block)),
            },
            None => {}
        }
    }

    fn cell(&mut self) {
        let line = std::mem::take(&mut self.line);
        let Some((head, rows)) = &mut self.table else { return };
        if self.in_head {
            head.push(line);
        } else {
            rows.last_mut().into_iter().for_each(|row| row.push(line.clone()));
        }
    }

    fn text(&mut self, text: CowStr<'_>) {
        match &mut self.code {
            Some(code) => code.push_str(&text),
            None => self.part(text.into_string(), None),
        }
    }

    fn html(&mut self, html: CowStr<'_>) {
        if !html.trim_start().starts_with("<!--") {
            self.part(html.into_string(), None);
        }
    }

    fn part(&mut self, text: String, stress: Option<Stress>) {
        let said = match (self.strong, self.emphasis) {
            (1.., _) => Stress::Strong,
            (_, 1..) => Stress::Emphasis,
            _ => Stress::Plain,
        };
        let stress = stress.unwrap_or(said);
        match self.line.last_mut() {
            Some(last) if last.stress == stress && last.link == self.link => last.text.push_str(&text),
            _ => self.line.push(ProsePart { text, stress, link: self.link.clone() }),
        }
    }

    /// Ends a line that has no mark of its own around it, as in a list without empty lines.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.iter().any(|part| !part.text.trim().is_empty()) {
            self.push(ProseBlock::Paragraph(line));
        }
    }

    fn push(&mut self, block: ProseBlock) {
        match self.frames.last_mut() {
            Some(Frame::Quote(blocks) | Frame::Item(blocks)) => blocks.push(block),
            Some(Frame::List(_, items)) => items.push(vec![block]),
            None => self.blocks.push(block),
        }
    }

    /// Ends a stretch.
    fn close(&mut self) {
        self.flush();
        let blocks = std::mem::take(&mut self.blocks);
        if let Some(range) = self.range.take().filter(|_| !blocks.is_empty()) {
            self.done.push(Prose { blocks, origin: Span::new(self.source, range.start, range.end) });
        }
    }
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
