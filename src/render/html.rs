//! Documents as one page of HTML that needs nothing else: no network, no script.

use super::document::{Block, Document, Inline, Table, plain};

/// How the page looks, on screens and on paper.
const STYLE: &str = include_str!("html/style.css");

/// Writes a document.
pub fn write(document: &Document) -> String {
    let mut page = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    // The page asks nobody for anything, and says so to the browser.
    page.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.push_str(&format!("<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n", escaped(&document.title)));
    page.push_str("<a class=\"skip\" href=\"#content\">To the text</a>\n");
    page.push_str(&format!("<header><h1>{}</h1></header>\n", escaped(&document.title)));
    page.push_str(&contents(document));
    page.push_str("<main id=\"content\" tabindex=\"-1\">\n");
    blocks(&document.blocks, &mut page);
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// Writes the table of contents: lists within lists, as deep as the headings.
fn contents(document: &Document) -> String {
    let mut headings = Vec::new();
    let mut waiting: Vec<&Block> = document.blocks.iter().rev().collect();
    while let Some(block) = waiting.pop() {
        match block {
            Block::Together(inner) | Block::Prose(inner) => waiting.extend(inner.iter().rev()),
            Block::Heading { level, anchor, text } if *level <= document.contents_to => {
                headings.push((*level, anchor, plain(text)));
            }
            _ => {}
        }
    }
    let mut written = String::from("<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n");
    let mut depth = 1;
    for (level, anchor, text) in headings {
        if level > depth {
            written.push_str("<ul>\n");
            depth += 1;
        } else {
            written.push_str("</li>\n");
            while depth > level {
                written.push_str("</ul>\n</li>\n");
                depth -= 1;
            }
        }
        written.push_str(&format!("<li><a href=\"#{}\">{}</a>", escaped(anchor), escaped(&text)));
    }
    while depth > 1 {
        written.push_str("</li>\n</ul>\n");
        depth -= 1;
    }
    written.push_str("</nav>\n");
    written
}

fn blocks(written: &[Block], page: &mut String) {
    for one in written {
        block(one, page);
    }
}

fn block(block: &Block, page: &mut String) {
    match block {
        Block::Heading { level, anchor, text } => {
            page.push_str(&format!("<h{level} id=\"{}\">{}</h{level}>\n", escaped(anchor), line(text)));
        }
        Block::Paragraph(text) => page.push_str(&format!("<p>{}</p>\n", line(text))),
        Block::Remark(text) => page.push_str(&format!("<p class=\"remark\">{}</p>\n", line(text))),
        Block::List(items) => list(items, "ul", "", page),
        Block::Numbered(first, items) => list(items, "ol", &format!(" start=\"{first}\""), page),
        Block::Quote(inner) => framed("blockquote", "", inner, page),
        Block::Code(lines) => {
            let lines: Vec<String> = lines.iter().map(|part| escaped(&plain(std::slice::from_ref(part)))).collect();
            page.push_str(&format!("<pre>{}</pre>\n", lines.join("\n")));
        }
        Block::Prose(inner) => framed("div", " class=\"prose\"", inner, page),
        Block::Labelled(rows) => {
            page.push_str("<dl>\n");
            for (label, content) in rows {
                page.push_str(&format!("<dt>{}</dt>\n<dd>\n", escaped(label)));
                blocks(content, page);
                page.push_str("</dd>\n");
            }
            page.push_str("</dl>\n");
        }
        Block::Table(of_rows) => table(of_rows, page),
        Block::Together(inner) => framed("section", " class=\"together\"", inner, page),
    }
}

fn framed(name: &str, attributes: &str, inner: &[Block], page: &mut String) {
    page.push_str(&format!("<{name}{attributes}>\n"));
    blocks(inner, page);
    page.push_str(&format!("</{name}>\n"));
}

fn list(items: &[Vec<Block>], name: &str, attributes: &str, page: &mut String) {
    page.push_str(&format!("<{name}{attributes}>\n"));
    for item in items {
        page.push_str("<li>");
        let mut inner = item.iter();
        if let Some(first) = inner.next() {
            match first {
                Block::Paragraph(text) => page.push_str(&line(text)),
                other => block(other, page),
            }
        }
        for other in inner {
            page.push('\n');
            block(other, page);
        }
        page.push_str("</li>\n");
    }
    page.push_str(&format!("</{name}>\n"));
}

fn table(table: &Table, page: &mut String) {
    // A table that is wider than the screen scrolls within its own frame, which the keyboard reaches.
    let caption = escaped(&table.caption);
    let cases = if table.of_cases { " class=\"cases\"" } else { "" };
    page.push_str(&format!(
        "<div class=\"wide\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">\n<table{cases}>\n"
    ));
    let hidden = if table.headed { " class=\"unseen\"" } else { "" };
    page.push_str(&format!("<caption{hidden}>{caption}</caption>\n<thead>\n<tr>"));
    for cell in &table.head {
        page.push_str(&format!("<th scope=\"col\">{}</th>", line(cell)));
    }
    page.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        let id = if row.anchor.is_empty() { String::new() } else { format!(" id=\"{}\"", escaped(&row.anchor)) };
        page.push_str(&format!("<tr{id}>"));
        for (at, cell) in row.cells.iter().enumerate() {
            let written = line(cell);
            page.push_str(&match at {
                0 => format!("<th scope=\"row\">{written}</th>"),
                _ => format!("<td>{written}</td>"),
            });
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
}

fn line(parts: &[Inline]) -> String {
    let mut written = String::new();
    for part in parts {
        written.push_str(&match part {
            Inline::Text(text) => escaped(text),
            Inline::Strong(text) => format!("<strong>{}</strong>", escaped(text)),
            Inline::Term(text) => format!("<em>{}</em>", escaped(text)),
            Inline::Code(text) => format!("<code>{}</code>", escaped(text)),
            Inline::Away { to, text } => format!("<a href=\"{}\">{}</a>", escaped(to), line(text)),
            Inline::Link { to, text } => format!("<a href=\"#{}\">{}</a>", escaped(to), line(text)),
        });
    }
    written
}

/// Escapes what HTML would obey, within text and within attributes.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&#39;"),
            c => written.push(c),
        }
    }
    written
}
