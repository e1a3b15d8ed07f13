//! From the tree to tokens: each in its one spelling, with where its line begins. Comments stand between them.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::bare::Bare;
use super::super::nesting;
use super::super::tree::{self, Node, Rule};
use super::items::{Item, Joint, Kind, Place};
use super::spelling::{self, is_blank};
use super::values;

mod cases;

/// Parses a stretch of a text; `None` if it cannot be parsed.
pub(super) fn parse(text: &str) -> Option<Node<'_>> {
    nesting::too_deep(text).is_none().then(|| tree::parse(Rule::file, text).ok()).flatten()
}

/// What is known of a text besides its tree.
#[derive(Clone, Copy)]
pub(super) struct Known<'t> {
    /// Whether something is said of a stretch.
    pub(super) warned: &'t dyn Fn(&Range<usize>) -> bool,
    /// The tables of the whole file.
    pub(super) tables: &'t BTreeSet<String>,
    /// How the value of a setting was read, by where it begins.
    pub(super) bare: &'t dyn Fn(usize) -> Option<Bare>,
}

/// Reads a text that was parsed. `keep` says of a declaration that it must stay as it is.
pub(super) fn read(
    text: &str,
    file: Node<'_>,
    keep: &mut dyn FnMut(Range<usize>) -> bool,
    known: Known<'_>,
) -> Vec<Item> {
    let comments = file.clone().into_inner().flatten().filter(|node| node.as_rule() == Rule::COMMENT);
    let comments: Vec<Range<usize>> = comments.map(|node| range(&node)).collect();
    let mut reader = Reader {
        text,
        at: 0,
        items: Vec::new(),
        next: None,
        inner: 2,
        after_comma: false,
        counted: (0, 0),
        dashes: Vec::new(),
        floor: 0,
        base: 4,
        depth: 0,
        known,
        negated: false,
    };
    let mut nodes = file.into_inner().filter(|node| node.as_rule() != Rule::EOI).peekable();
    while let Some(node) = nodes.next() {
        if node.as_rule() == Rule::COMMENT {
            reader.comment(&node);
            continue;
        }
        let mut whole = without_end(text, range(&node), &comments);
        let mut together = vec![node];
        // What begins a line decides how far an error reaches: a line with one in it stays one line.
        while let Some(next) = nodes.next_if(|next| is_on_the_line(text, whole.end, next)) {
            whole.end = without_end(text, range(&next), &comments).end;
            together.push(next);
        }
        match together.last() {
            Some(last) if keep(whole.clone()) => reader.raw(whole, last),
            _ => together.into_iter().for_each(|node| reader.declaration(node)),
        }
    }
    reader.items
}

/// Says whether a declaration begins on the line on which the one before it ends.
fn is_on_the_line(text: &str, end: usize, next: &Node<'_>) -> bool {
    let between = text.get(end..next.as_span().start()).unwrap_or("");
    next.as_rule() != Rule::COMMENT && !between.contains(['\n', '\r'])
}

fn range(node: &Node<'_>) -> Range<usize> {
    let span = node.as_span();
    span.start()..span.end()
}

/// Takes blanks and comments off the end.
fn without_end(text: &str, whole: Range<usize>, comments: &[Range<usize>]) -> Range<usize> {
    let mut end = whole.end;
    let mut before = comments.partition_point(|comment| comment.start < end);
    loop {
        end = whole.start + text.get(whole.start..end).unwrap_or("").trim_end_matches(is_blank).len();
        match before.checked_sub(1).and_then(|at| comments.get(at)) {
            Some(comment) if comment.end >= end && comment.start >= whole.start => {
                end = comment.start;
                before -= 1;
            }
            _ => return whole.start..end,
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    /// Up to where the text has been read.
    at: usize,
    items: Vec<Item>,
    /// Where the next token stands, if not on the line of the last.
    next: Option<Place>,
    inner: usize,
    after_comma: bool,
    /// A byte and its column, both already counted.
    counted: (usize, usize),
    /// The columns of the open lists' dashes.
    dashes: Vec<usize>,
    /// How many of them lie outside the parentheses.
    floor: usize,
    /// How far in the outermost dashes go.
    base: usize,
    /// How many parentheses are open.
    depth: usize,
    known: Known<'t>,
    /// Whether the next comparison is said as its opposite.
    negated: bool,
}

impl<'t> Reader<'t> {
    fn declaration(&mut self, node: Node<'t>) {
        let which = node.as_rule();
        self.symbols(node.as_span().start());
        self.next = Some(Place::New(if which == Rule::field { Kind::Field } else { Kind::Declaration }, 0));
        self.fresh(if which == Rule::define { 2 } else { 4 });
        self.inner = 2;
        if which == Rule::field {
            self.field(node)
        } else {
            self.children(node)
        }
        self.next = None;
    }

    /// A field has columns: its name, its type, its title, and what else is said of it.
    fn field(&mut self, node: Node<'t>) {
        for part in node.into_inner() {
            if tree::is_keyword(part.as_rule()) || part.as_rule() == Rule::COMMENT {
                self.node(part);
            } else {
                self.symbols(part.as_span().start());
                let first = self.items.len();
                self.node(part);
                self.mark_at(first);
            }
        }
    }

    fn marked(&mut self, node: Node<'t>) {
        let first = self.items.len();
        self.children(node);
        self.mark_at(first);
    }

    /// Forgets the lists of the clause before.
    fn fresh(&mut self, base: usize) {
        self.dashes.clear();
        (self.floor, self.base, self.inner, self.depth) = (0, base, 4, 0);
    }

    fn raw(&mut self, whole: Range<usize>, node: &Node<'t>) {
        let before = self.text.get(..whole.start).unwrap_or("");
        let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1).max(self.at);
        let indented = self.text.get(line..whole.start).unwrap_or("").chars().all(is_blank);
        let start = if indented { line } else { whole.start };
        self.next = Some(Place::New(Kind::Raw, 0));
        self.push(self.text.get(start..whole.end).unwrap_or("").to_owned(), whole.start, whole.end, Joint::Blank);
        let after = node.clone().into_inner().flatten().filter(|part| part.as_rule() == Rule::COMMENT);
        for comment in after.filter(|comment| comment.as_span().start() >= whole.end) {
            self.comment(&comment);
        }
    }

    fn node(&mut self, node: Node<'t>) {
        let which = node.as_rule();
        match which {
            Rule::COMMENT => return self.comment(&node),
            Rule::setting => return self.setting(node),
            Rule::bullet_end if node.as_str() == "," => return self.stop(&node),
            Rule::bullet_end => return self.only_comments(node),
            Rule::stop => return self.stop(&node),
            _ => {}
        }
        self.symbols(node.as_span().start());
        self.begin(&node);
        match which {
            _ if spelling::comparison(which).is_some() => self.comparison(node),
            Rule::not => self.not(node),
            Rule::bullets => self.bullets(node),
            Rule::group => self.group(node),
            Rule::connective => self.connective(node),
            Rule::text => self.pieces(node),
            Rule::with => self.with(node),
            Rule::claims => self.claims(node),
            Rule::record => self.record(node),
            Rule::written => self.marked(node),
            Rule::of_base => self.of_base(node),
            Rule::duration | Rule::percent => self.measure(&node),
            Rule::table_line => self.row(&node),
            Rule::role_words => self.leaf(&node),
            _ if node.clone().into_inner().next().is_none() => self.leaf(&node),
            _ => self.children(node),
        }
    }

    fn children(&mut self, node: Node<'t>) {
        let end = node.as_span().end();
        for child in node.into_inner() {
            self.node(child);
        }
        self.symbols(end);
    }

    /// Says where the line of a node begins.
    fn begin(&mut self, node: &Node<'t>) {
        let kind = match node.as_rule() {
            Rule::version
            | Rule::owner
            | Rule::effective
            | Rule::zone
            | Rule::calendar
            | Rule::uses
            | Rule::applies
            | Rule::default
            | Rule::recorded => Kind::Header,
            Rule::guard
            | Rule::permit
            | Rule::forbid
            | Rule::never
            | Rule::require
            | Rule::ceiling
            | Rule::supervision
            | Rule::rescue
            | Rule::limit
            | Rule::limit_share
            | Rule::oblige
            | Rule::otherwise
            | Rule::unless
            | Rule::undocumented
            | Rule::severity
            | Rule::because
            | Rule::cites
            | Rule::remedy
            | Rule::untested
            | Rule::accepted
            | Rule::allow
            | Rule::without
            | Rule::following
            | Rule::as_of
            | Rule::as_of_date
            | Rule::with
            | Rule::claims => Kind::Clause,
            Rule::record => Kind::Record,
            Rule::table_line => Kind::Row,
            which => return self.keep_line_end(which, node.as_span().start()),
        };
        self.fresh(4);
        self.next = Some(Place::New(kind, 2));
    }

    /// Keeps a line end of the author's where one reads well.
    fn keep_line_end(&mut self, which: Rule, start: usize) {
        let kept = match which {
            Rule::connective => self.depth == 0,
            Rule::r#where
            | Rule::per
            | Rule::among
            | Rule::in_the_past
            | Rule::in_any
            | Rule::to_date
            | Rule::given => true,
            Rule::value | Rule::path | Rule::name | Rule::earlier | Rule::form => self.after_comma,
            Rule::level => {
                self.after_comma || matches!(self.items.last(), Some(Item::Token { text, .. }) if text != "<")
            }
            _ => false,
        };
        if kept && self.next.is_none() && self.line_ends(start) > 0 {
            let kind = if which == Rule::level { Kind::Level } else { Kind::Other };
            self.next = Some(Place::New(kind, self.inner));
        }
    }

    /// Counts the line ends since the last token or comment.
    fn line_ends(&self, until: usize) -> usize {
        let between = self.text.get(self.at..until).unwrap_or("");
        let ends = |(at, c): &(usize, char)| {
            matches!(c, '\n' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
                || *c == '\r' && !between.get(at + 1..).unwrap_or("").starts_with('\n')
        };
        between.char_indices().filter(ends).count()
    }

    fn push(&mut self, text: String, start: usize, end: usize, joint: Joint) {
        let gap = self.line_ends(start) > 1;
        self.after_comma = text == ",";
        let place = self.next.take().unwrap_or(Place::Same);
        let (inner, depth) = (self.inner, self.depth);
        self.items.push(Item::Token { text, place, joint, inner, gap, stop: false, depth });
        self.at = end.max(self.at);
    }

    /// Marks the last token as one before which a long line may be broken.
    fn mark(&mut self) {
        self.mark_at(self.items.len().saturating_sub(1));
    }

    fn mark_at(&mut self, at: usize) {
        if let Some(Item::Token { stop, .. }) = self.items.get_mut(at) {
            *stop = true;
        }
    }

    fn comment(&mut self, node: &Node<'t>) {
        self.symbols(node.as_span().start());
        let start = node.as_span().start();
        let ends = self.line_ends(start);
        let indented = self.text.get(..start).unwrap_or("").ends_with(is_blank)
            && !self.text.get(..start).unwrap_or("").ends_with(['\n', '\r']);
        let alone = ends > 0 || self.items.is_empty();
        let text = node.as_str().trim_end().to_owned();
        self.items.push(Item::Comment { text, alone, indented, gap: ends > 1 });
        self.at = node.as_span().end();
    }

    fn only_comments(&mut self, node: Node<'t>) {
        self.symbols(node.as_span().start());
        let end = node.as_span().end();
        for part in node.into_inner().flatten() {
            match part.as_rule() {
                Rule::COMMENT => {
                    self.at = part.as_span().start().max(self.at);
                    self.comment(&part);
                }
                _ => self.at = part.as_span().end(),
            }
        }
        self.pass_over(end);
    }

    /// Passes over words that say nothing, and leaves the blanks after them to be counted.
    fn pass_over(&mut self, end: usize) {
        let passed = self.text.get(self.at..end).unwrap_or("");
        self.at += passed.trim_end_matches(is_blank).len();
    }

    fn stop(&mut self, node: &Node<'t>) {
        self.symbols(node.as_span().start());
        if node.as_str() == "," && (self.known.warned)(&(node.as_span().start()..node.as_span().end())) {
            self.push(",".to_owned(), node.as_span().start(), node.as_span().end(), Joint::Before);
        } else {
            self.pass_over(node.as_span().end());
        }
    }

    /// Takes what the grammar has no name for: commas, parentheses, `<`.
    fn symbols(&mut self, until: usize) {
        let mut here = self.at;
        while here < until {
            let rest = self.text.get(here..until).unwrap_or("");
            let Some(from) = rest.find(|c| !is_blank(c)) else { return };
            let symbol = rest.get(from..).unwrap_or("");
            let single = symbol.starts_with([',', '(', ')', ':', '<']);
            let length = if single { 1 } else { symbol.find(is_blank).unwrap_or(symbol.len()) };
            let (start, end) = (here + from, here + from + length);
            self.symbol(symbol.get(..length).unwrap_or(""), start, end);
            here = end;
        }
    }

    fn symbol(&mut self, symbol: &str, start: usize, end: usize) {
        let joint = match symbol {
            ":" => {
                self.at = end;
                return;
            }
            "," | ")" => Joint::Before,
            "(" => Joint::After,
            _ => Joint::Blank,
        };
        let after = self.text.get(end..).unwrap_or("");
        let breaks = || after.chars().take_while(|c| is_blank(*c)).any(|c| matches!(c, '\n' | '\r'));
        if symbol == "<" && self.next.is_none() && (self.line_ends(start) > 0 || breaks()) {
            self.next = Some(Place::New(Kind::Level, self.inner));
        }
        self.push(symbol.to_owned(), start, end, joint);
    }

    fn leaf(&mut self, node: &Node<'t>) {
        let written = node.as_str().trim_matches(is_blank);
        let start = node.as_span().start();
        let text = match node.as_rule() {
            Rule::string => spelling::text(written).into_owned(),
            Rule::name | Rule::path => tree::plain_name(written),
            Rule::number => spelling::number(written),
            Rule::role_words => spelling::words(written),
            Rule::dash => "-".to_owned(),
            which if tree::is_keyword(which) => written.to_lowercase(),
            _ => written.to_owned(),
        };
        if !text.is_empty() {
            self.push(text, start, start + node.as_str().trim_end_matches(is_blank).len(), Joint::Blank);
        }
    }

    /// `not a is b` is said as `a is not b`.
    fn not(&mut self, node: Node<'t>) {
        if tree::negated_comparison(&node, self.known.tables).is_none() {
            return self.children(node);
        }
        let times = node.clone().into_inner().filter(|part| part.as_rule() == Rule::k_not).count();
        self.negated = times % 2 == 1;
        for part in node.into_inner() {
            if part.as_rule() == Rule::k_not {
                self.pass_over(part.as_span().end());
            } else {
                self.node(part);
            }
        }
    }

    fn comparison(&mut self, node: Node<'t>) {
        let end = node.as_span().end();
        let which = node.as_rule();
        let words =
            if std::mem::take(&mut self.negated) { spelling::negated(which) } else { spelling::comparison(which) };
        let words = words.unwrap_or("");
        let mut said = false;
        for part in node.into_inner() {
            let is_word = tree::is_keyword(part.as_rule());
            if said {
                self.node(part);
            } else if is_word {
                self.at = part.as_span().end();
            } else {
                if part.as_rule() == Rule::COMMENT {
                    let from = part.as_span().start();
                    self.pass_over(from);
                    self.comment(&part);
                    continue;
                }
                self.pass_over(part.as_span().start());
                let at = self.at;
                self.push(words.to_owned(), at, at, Joint::Blank);
                said = true;
                self.node(part);
            }
        }
        if !said {
            let at = self.at;
            self.push(words.to_owned(), at, at, Joint::Blank);
        }
        self.symbols(end);
    }

    fn connective(&mut self, node: Node<'t>) {
        let place = self.next;
        for part in node.into_inner() {
            self.pass_over(part.as_span().start());
            self.next = self.next.or(place);
            self.node(part);
        }
        self.mark();
    }

    fn group(&mut self, node: Node<'t>) {
        let floor = std::mem::replace(&mut self.floor, self.dashes.len());
        let inner = self.inner;
        self.depth += 1;
        self.children(node);
        self.depth -= 1;
        self.dashes.truncate(self.floor);
        (self.floor, self.inner) = (floor, inner);
    }

    fn bullets(&mut self, node: Node<'t>) {
        let end = node.as_span().end();
        let mut first = true;
        for part in node.into_inner() {
            if part.as_rule() == Rule::bullet {
                self.symbols(part.as_span().start());
                self.bullet(part, std::mem::take(&mut first));
            } else {
                self.node(part);
            }
        }
        self.symbols(end);
    }

    fn bullet(&mut self, node: Node<'t>, first: bool) {
        let column = self.column(node.as_span().start());
        if first {
            self.dashes.push(column);
        }
        while self.dashes.len() > self.floor + 1 && self.dashes.last().is_some_and(|last| *last > column) {
            self.dashes.pop();
        }
        let indent = self.base + 2 * self.dashes.len().saturating_sub(1);
        self.next = Some(Place::New(Kind::Other, indent));
        self.inner = indent + 2;
        self.children(node);
    }

    /// Gives the column of a byte. They are asked for in the order of the text.
    fn column(&mut self, at: usize) -> usize {
        let (from, column) = self.counted;
        let since = self.text.get(from..at).unwrap_or("");
        let column = match since.rfind(['\n', '\r']) {
            Some(end) => since.get(end + 1..).unwrap_or("").chars().count(),
            None => column + since.chars().count(),
        };
        self.counted = (at, column);
        column
    }

    /// Strings that follow each other: the line ends between them are the author's.
    fn pieces(&mut self, node: Node<'t>) {
        let mut first = true;
        for part in node.into_inner() {
            let follows = part.as_rule() == Rule::string && !std::mem::take(&mut first);
            if follows && self.line_ends(part.as_span().start()) > 0 {
                self.next = Some(Place::New(Kind::Other, self.inner));
            }
            self.node(part);
        }
    }

    fn of_base(&mut self, node: Node<'t>) {
        let end = node.as_span().end();
        for part in node.into_inner() {
            if part.as_rule() == Rule::k_after {
                self.push("of".to_owned(), part.as_span().start(), part.as_span().end(), Joint::Blank);
            } else {
                self.node(part);
            }
        }
        self.symbols(end);
    }

    /// A number and its unit.
    fn measure(&mut self, node: &Node<'t>) {
        let start = node.as_span().start();
        self.push(values::measure(node), start, start + node.as_str().trim_end_matches(is_blank).len(), Joint::Blank);
    }
}
