//! Documents as Markdown: CommonMark with tables, one line a paragraph.
//!
//! Links lead to headings only, under the names that hosts give to headings: a link to a row of a table would need HTML,
//! and a document that is pasted elsewhere is better without. Its text stands there all the same.

use std::collections::BTreeMap;

use super::document::{Block, Document, Inline, Table, plain};

/// Writes a document.
pub fn write(document: &Document) -> String {
    let mut writer = Writer { slugs: BTreeMap::new(), written: String::new() };
    writer.slugs = slugs(document);
    writer.written.push_str(&format!("# {}\n", writer.line(&[Inline::text(&document.title)])));
    writer.blocks(&document.blocks, "");
    writer.written
}

struct Writer {
    /// The name of each heading, by its anchor.
    slugs: BTreeMap<String, String>,
    written: String,
}

impl Writer {
    /// Writes blocks with an empty line before each.
    fn blocks(&mut self, blocks: &[Block], indent: &str) {
        for block in blocks {
            // What stands together is told by its heading.
            if let Block::Together(inner) | Block::Prose(inner) = block {
                self.blocks(inner, indent);
                continue;
            }
            self.written.push('\n');
            self.block(block, indent);
        }
    }

    fn block(&mut self, block: &Block, indent: &str) {
        match block {
            Block::Heading { level, text, .. } => {
                let marks = "#".repeat(usize::from(*level));
                self.push(indent, &format!("{marks} {}", self.line(text)));
            }
            Block::Paragraph(line) | Block::Remark(line) => self.push(indent, &guarded(&self.line(line))),
            Block::List(items) => self.list(items, indent, None),
            Block::Numbered(first, items) => self.list(items, indent, Some(*first)),
            Block::Quote(inner) => self.quote(inner, indent),
            Block::Code(lines) => self.code(lines, indent),
            Block::Labelled(rows) => self.labelled(rows, indent),
            Block::Table(table) => self.table(table, indent),
            Block::Together(inner) | Block::Prose(inner) => self.blocks(inner, indent),
        }
    }

    fn push(&mut self, indent: &str, line: &str) {
        self.written.push_str(indent);
        self.written.push_str(line);
        self.written.push('\n');
    }

    /// Writes lines between marks that are longer than any in them.
    fn code(&mut self, lines: &[Inline], indent: &str) {
        let marks = "`".repeat(longest_run(&plain(lines)).max(2) + 1);
        self.push(indent, &marks);
        for line in lines {
            self.push(indent, &plain(std::slice::from_ref(line)));
        }
        self.push(indent, &marks);
    }

    /// What a quotation holds is written apart, and each of its lines marked.
    fn quote(&mut self, inner: &[Block], indent: &str) {
        let before = std::mem::take(&mut self.written);
        self.blocks(inner, "");
        let quoted = std::mem::replace(&mut self.written, before);
        for line in quoted.trim().lines() {
            self.push(indent, &format!("> {line}"));
        }
    }

    /// `first`: the number of the first item, if they have numbers.
    fn list(&mut self, items: &[Vec<Block>], indent: &str, first: Option<u64>) {
        for (item, at) in items.iter().zip(0_u64..) {
            let mark = first.map_or_else(|| "-".to_owned(), |first| format!("{}.", first.saturating_add(at)));
            let inner = format!("{indent}{}", " ".repeat(mark.len() + 1));
            let mut blocks = item.iter();
            let said = match blocks.clone().next() {
                Some(Block::Paragraph(line) | Block::Remark(line)) => {
                    blocks.next();
                    guarded(&self.line(line))
                }
                _ => String::new(),
            };
            self.push(indent, &format!("{mark} {said}"));
            self.rest_of_item(blocks, &inner);
        }
    }

    /// Writes what follows the first line of an item; a list may stand close to it, and nothing else.
    fn rest_of_item<'b>(&mut self, blocks: impl Iterator<Item = &'b Block>, indent: &str) {
        for block in blocks {
            if !matches!(block, Block::List(_)) {
                self.written.push('\n');
            }
            self.block(block, indent);
        }
    }

    fn labelled(&mut self, rows: &[(String, Vec<Block>)], indent: &str) {
        let inner = format!("{indent}  ");
        for (label, blocks) in rows {
            let label = self.line(&[Inline::Strong(format!("{label}:"))]);
            let mut blocks = blocks.iter().peekable();
            let first = match blocks.peek() {
                Some(Block::Paragraph(line)) => format!(" {}", self.line(line)),
                _ => String::new(),
            };
            if !first.is_empty() {
                blocks.next();
            }
            // Another bullet than that of lists: two lists that follow each other are two.
            self.push(indent, &format!("* {label}{first}"));
            self.rest_of_item(blocks, &inner);
        }
    }

    fn table(&mut self, table: &Table, indent: &str) {
        if !table.headed {
            self.push(indent, &self.line(&[Inline::Strong(table.caption.clone())]));
            self.written.push('\n');
        }
        let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
        let head = table.head.iter().map(|cell| self.line(cell)).collect();
        self.push(indent, &row(head));
        self.push(indent, &row(table.head.iter().map(|_| "---".to_owned()).collect()));
        for line in &table.rows {
            let cells = line.cells.iter().map(|cell| self.line(cell)).collect();
            self.push(indent, &row(cells));
        }
    }

    fn line(&self, line: &[Inline]) -> String {
        let mut written = String::new();
        for part in line {
            match part {
                Inline::Text(text) => written.push_str(&escaped(text)),
                Inline::Strong(text) => written.push_str(&marked(text, "**")),
                Inline::Term(text) => written.push_str(&marked(text, "*")),
                Inline::Code(text) => written.push_str(&code(text)),
                Inline::Away { to, text } => written.push_str(&format!("[{}](<{to}>)", self.line(text))),
                Inline::Link { to, text } => {
                    let text = self.line(text);
                    match self.slugs.get(to) {
                        Some(slug) => written.push_str(&format!("[{text}](#{slug})")),
                        None => written.push_str(&text),
                    }
                }
            }
        }
        written
    }
}

/// Puts marks close around a text: a blank between them would make them stars.
fn marked(text: &str, marks: &str) -> String {
    let inner = text.trim();
    if inner.is_empty() {
        return String::new();
    }
    let (before, after) = text.split_once(inner).unwrap_or_default();
    format!("{}{marks}{}{marks}{}", escaped(before), escaped(inner), escaped(after))
}

/// Gives every heading the name under which hosts of Markdown show it; the second of a name ends in `-1`.
fn slugs(document: &Document) -> BTreeMap<String, String> {
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut slugs = BTreeMap::new();
    let mut slug = |text: &str| {
        let name = slug(text);
        let times = taken.entry(name.clone()).or_default();
        *times += 1;
        if *times == 1 { name } else { format!("{name}-{}", *times - 1) }
    };
    slug(&document.title);
    let mut waiting: Vec<&Block> = document.blocks.iter().rev().collect();
    while let Some(block) = waiting.pop() {
        match block {
            Block::Together(inner) | Block::Prose(inner) => waiting.extend(inner.iter().rev()),
            Block::Heading { anchor, text, .. } => {
                slugs.insert(anchor.clone(), slug(&plain(text)));
            }
            _ => {}
        }
    }
    slugs
}

fn slug(text: &str) -> String {
    let kept = text.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Escapes what Markdown would obey within a line.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let within_word = before.is_alphanumeric() && rest.peek().is_some_and(|after| after.is_alphanumeric());
        match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '$' => written.extend(['\\', c]),
            '_' if !within_word => written.push_str("\\_"),
            '&' => written.push_str("&amp;"),
            c if c.is_whitespace() && c != '\u{a0}' => written.push(' '),
            c => written.push(c),
        }
        before = c;
    }
    written
}

/// Escapes what would make of a paragraph something else: `#`, `-`, `+`, `=`, `1.` at its beginning.
fn guarded(line: &str) -> String {
    let line = line.trim();
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = line.split_at_checked(digits).unwrap_or(("", line));
    if digits > 0 && rest.starts_with(['.', ')']) {
        return format!("{number}\\{rest}");
    }
    if line.starts_with(['#', '-', '+', '=']) { format!("\\{line}") } else { line.to_owned() }
}

/// Writes code between as many backticks as it does not hold itself. A bar would end the cell of a table.
fn code(text: &str) -> String {
    let longest = longest_run(text);
    let marks = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    let text = text.replace('|', "\\|");
    if text.is_empty() { String::new() } else { format!("{marks}{pad}{text}{pad}{marks}") }
}

/// Counts the backticks that stand together.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_markdown_would_obey_is_escaped() {
        let written = ["a*b", "<b>", "x|y", "`", "in_room", "_x_", "a & b", "[l](u)", "a\nb", "$x$"].map(escaped);
        let wanted =
            ["a\\*b", "\\<b\\>", "x\\|y", "\\`", "in_room", "\\_x\\_", "a &amp; b", "\\[l\\](u)", "a b", "\\$x\\$"];
        assert_eq!(written, wanted);
        assert_eq!(
            ["# a", "1. a", "- a", "2026-01-01", "a"].map(guarded),
            ["\\# a", "1\\. a", "\\- a", "2026-01-01", "a"]
        );
        assert_eq!(["a", "a`b", "a|b"].map(code), ["`a`", "`` a`b ``", "`a\\|b`"]);
    }

    #[test]
    fn headings_of_one_name_have_names_of_their_own() {
        let heading = |anchor: &str| Block::heading(2, anchor, "Rules, and so on");
        let named = slugs(&Document::new("Title", 2, vec![heading("a"), heading("b")]));
        assert_eq!(named.get("a").map(String::as_str), Some("rules-and-so-on"));
        assert_eq!(named.get("b").map(String::as_str), Some("rules-and-so-on-1"));
    }
}
