//! From the parser's events to a tree of one record, with places, anchors and bounds.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span as YamlSpan, StrInput, Tag};

use super::words;
use crate::log::flatten::{within_depth, within_values};
use crate::log::limits::Limits;
use crate::log::plain::character_at;
use crate::log::record::Unreadable;
use crate::source::Span;

/// A value of a record, or the whole record.
#[derive(Debug)]
pub(in crate::log) struct Node {
    pub(in crate::log) place: Span,
    pub(in crate::log) kind: Kind,
    /// How many values it holds, aliases expanded.
    values: usize,
    /// How many bytes of text it holds, aliases expanded.
    bytes: usize,
}

/// What a node is.
#[derive(Debug)]
pub(in crate::log) enum Kind {
    /// A text; `plain` if it may stand for a number, `true`, `false` or nothing.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Child>),
    Group(Vec<(Child, Child)>),
}

/// A node within another. One that an alias stands for has the place of the alias.
#[derive(Debug, Clone)]
pub(in crate::log) struct Child {
    pub(in crate::log) node: Rc<Node>,
    pub(in crate::log) alias: Option<Span>,
}

impl Child {
    /// Gives where it stands in this record.
    pub(in crate::log) fn place(&self) -> Span {
        self.alias.unwrap_or(self.node.place)
    }
}

/// The anchors of a document that later items may refer to, by name.
#[derive(Debug, Default)]
pub(in crate::log) struct Anchors {
    by_name: HashMap<String, Rc<Node>>,
    values: usize,
    bytes: usize,
}

impl Anchors {
    /// Keeps an anchor, as long as all of them together are as small as one record's aliases must be.
    fn keep(&mut self, name: &str, node: &Rc<Node>, limits: &Limits) {
        self.values = self.values.saturating_add(node.values);
        self.bytes = self.bytes.saturating_add(node.bytes).saturating_add(name.len());
        if self.values <= limits.alias_values && self.bytes <= limits.record_bytes {
            self.by_name.insert(name.to_owned(), Rc::clone(node));
        }
    }
}

/// What stands where a record is expected.
pub(in crate::log) enum Found {
    /// A value, which may be a record.
    Node(Child),
    /// Something that is not taken up; what follows it is.
    Refused(Unreadable),
}

/// Builds trees from the events of one piece.
pub(in crate::log) struct Builder<'t, 'a> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    piece: Span,
    limits: &'a Limits,
    kept: &'a mut Anchors,
    names: HashMap<usize, String>,
    anchors: HashMap<usize, Rc<Node>>,
    /// How many lists and groups are open.
    open: usize,
    /// Whether the piece is a list, whose members are the records.
    in_list: bool,
    values: usize,
    alias_values: usize,
    alias_bytes: usize,
}

impl<'t, 'a> Builder<'t, 'a> {
    /// Begins with the text of a piece.
    pub(in crate::log) fn new(text: &'t str, piece: Span, limits: &'a Limits, kept: &'a mut Anchors) -> Self {
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            emit_anchor_events: true,
            emit_comments: false,
        };
        let parser = Parser::new_from_str_with_options(text, options);
        let (names, anchors) = (HashMap::new(), HashMap::new());
        let (values, alias_values, alias_bytes) = (0, 0, 0);
        Self {
            parser,
            text,
            piece,
            limits,
            kept,
            names,
            anchors,
            open: 0,
            in_list: false,
            values,
            alias_values,
            alias_bytes,
        }
    }

    /// Gives what stands where the next record is expected; an error ends the piece.
    pub(in crate::log) fn next_record(&mut self) -> Result<Option<Found>, Unreadable> {
        (self.values, self.alias_values, self.alias_bytes) = (0, 0, 0);
        while let Some((event, span)) = self.event()? {
            match event {
                Event::SequenceStart(..) if self.open == 1 && !self.in_list => self.in_list = true,
                Event::SequenceEnd if self.open == 0 => self.in_list = false,
                event if begins_node(&event) => return self.found(event, &span).map(Some),
                _ => {}
            }
        }
        Ok(None)
    }

    fn found(&mut self, event: Event<'t>, span: &YamlSpan) -> Result<Found, Unreadable> {
        match self.node(event, span, 1) {
            Ok(child) => Ok(Found::Node(child)),
            Err(Stop::Broken(unreadable)) => Err(unreadable),
            Err(Stop::Refused(unreadable)) => {
                let around = usize::from(self.in_list);
                while self.open > around && self.event()?.is_some() {}
                Ok(Found::Refused(unreadable))
            }
        }
    }

    fn event(&mut self) -> Result<Option<(Event<'t>, YamlSpan)>, Unreadable> {
        loop {
            let Some(next) = self.parser.next_event() else {
                return Ok(None);
            };
            let (event, span) = next.map_err(|error| self.broken(&error))?;
            match event {
                Event::Anchor(id, name) => {
                    self.names.insert(id, name.into_owned());
                    continue;
                }
                Event::SequenceStart(..) | Event::MappingStart(..) => self.open += 1,
                Event::SequenceEnd | Event::MappingEnd => self.open = self.open.saturating_sub(1),
                _ => {}
            }
            return Ok(Some((event, span)));
        }
    }

    fn anchor_name(&mut self) {
        if let Some(Ok((Event::Anchor(id, name), _))) = self.parser.next_event() {
            self.names.insert(id, name.into_owned());
        }
    }

    fn broken(&self, error: &ScanError) -> Unreadable {
        let offset = error.marker().byte_offset().unwrap_or(0);
        Unreadable { at: character_at(self.text, offset, self.piece), reason: words::of_error(error.kind()) }
    }

    fn place(&self, span: &YamlSpan) -> Span {
        let Range { start, end } = span.byte_range().unwrap_or(0..0);
        Span::new(self.piece.source, self.piece.start + start, self.piece.start + end)
    }

    fn node(&mut self, event: Event<'t>, span: &YamlSpan, depth: usize) -> Result<Child, Stop> {
        let place = self.place(span);
        self.values += 1;
        within_values(self.values, self.limits, place)?;
        let is_scalar = matches!(event, Event::Scalar(..));
        let (kind, anchor) = match event {
            Event::Alias(id) => return self.alias(place, self.anchors.get(&id).cloned()),
            Event::UnresolvedAlias(name) => return self.alias(place, self.kept.by_name.get(name.as_ref()).cloned()),
            Event::Scalar(text, style, anchor, tag) => (scalar(text, style, tag.as_deref(), place)?, anchor),
            Event::SequenceStart(_, anchor, tag) => (self.list(tag.as_deref(), place, depth)?, anchor),
            Event::MappingStart(_, anchor, tag) => (self.group(tag.as_deref(), place, depth)?, anchor),
            _ => return Err(refused(place, "something unexpected stands here")),
        };
        let node = Rc::new(Node::new(place, kind.0, kind.1));
        if anchor != 0 {
            // The name of a group's anchor came before its members; that of a scalar comes now.
            if is_scalar {
                self.anchor_name();
            }
            self.remember(anchor, &node);
        }
        Ok(Child { node, alias: None })
    }

    fn list(&mut self, tag: Option<&Tag>, place: Span, depth: usize) -> Result<(Kind, Span), Stop> {
        plain_collection(tag, place)?;
        within_depth(depth, self.limits, place)?;
        let mut members = Vec::new();
        loop {
            let (event, span) = self.next_inside(place)?;
            if event == Event::SequenceEnd {
                return Ok((Kind::List(members), self.place(&span)));
            }
            members.push(self.node(event, &span, depth + 1)?);
        }
    }

    fn group(&mut self, tag: Option<&Tag>, place: Span, depth: usize) -> Result<(Kind, Span), Stop> {
        plain_collection(tag, place)?;
        within_depth(depth, self.limits, place)?;
        let mut members = Vec::new();
        loop {
            let (event, span) = self.next_inside(place)?;
            if event == Event::MappingEnd {
                return Ok((Kind::Group(members), self.place(&span)));
            }
            let key = self.node(event, &span, depth + 1)?;
            let (event, span) = self.next_inside(place)?;
            members.push((key, self.node(event, &span, depth + 1)?));
        }
    }

    fn next_inside(&mut self, place: Span) -> Result<(Event<'t>, YamlSpan), Stop> {
        let next = self.event().map_err(Stop::Broken)?;
        next.ok_or_else(|| Stop::Broken(Unreadable { at: place, reason: "the record is cut off".to_owned() }))
    }

    fn alias(&mut self, place: Span, node: Option<Rc<Node>>) -> Result<Child, Stop> {
        let Some(node) = node else {
            return Err(refused(place, "this alias refers to no anchor before it"));
        };
        self.alias_values = self.alias_values.saturating_add(node.values);
        self.alias_bytes = self.alias_bytes.saturating_add(node.bytes);
        if self.alias_values > self.limits.alias_values {
            let reason = format!("the aliases of this record expand to more than {} values", self.limits.alias_values);
            return Err(refused(place, reason));
        }
        if self.alias_bytes > self.limits.record_bytes {
            return Err(refused(place, "the aliases of this record expand to more text than a record may have"));
        }
        Ok(Child { node, alias: Some(place) })
    }

    fn remember(&mut self, anchor: usize, node: &Rc<Node>) {
        if let Some(name) = self.names.get(&anchor) {
            self.kept.keep(name, node, self.limits);
        }
        self.anchors.insert(anchor, Rc::clone(node));
    }
}

impl Node {
    /// Makes a node that begins at a place, and ends where the parser says or with its last child: the end of a group
    /// without braces is told only when something else has begun.
    fn new(begins: Span, kind: Kind, ends: Span) -> Self {
        let (mut values, mut bytes, mut last) = (1usize, 0usize, begins.end);
        let mut take = |child: &Child| {
            values = values.saturating_add(child.node.values);
            bytes = bytes.saturating_add(child.node.bytes);
            last = last.max(child.place().end);
        };
        match &kind {
            Kind::Scalar { .. } => {}
            Kind::List(members) => members.iter().for_each(take),
            Kind::Group(members) => members.iter().flat_map(|(key, value)| [key, value]).for_each(&mut take),
        }
        if let Kind::Scalar { text, .. } = &kind {
            bytes = text.len();
        }
        let end = if ends.is_empty() { last } else { last.max(ends.end) };
        Self { place: Span::new(begins.source, begins.start, end), kind, values, bytes }
    }
}

/// Why a node is not built.
enum Stop {
    /// The text cannot be read on.
    Broken(Unreadable),
    /// The text can be read on, behind this record.
    Refused(Unreadable),
}

impl From<Unreadable> for Stop {
    fn from(unreadable: Unreadable) -> Self {
        Self::Refused(unreadable)
    }
}

fn refused(at: Span, reason: impl Into<String>) -> Stop {
    Stop::Refused(Unreadable { at, reason: reason.into() })
}

fn begins_node(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::MappingStart(..)
            | Event::Alias(_)
            | Event::UnresolvedAlias(_)
    )
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>, place: Span) -> Result<(Kind, Span), Stop> {
    let plain = match tag {
        None => style == ScalarStyle::Plain,
        Some(tag) if is_text(tag) => false,
        Some(tag) if matches!(tag.core_suffix(), Some("null" | "bool" | "int" | "float")) => true,
        Some(_) => return Err(refused(place, FOREIGN_TAG)),
    };
    Ok((Kind::Scalar { text: text.into_owned(), plain }, place))
}

fn is_text(tag: &Tag) -> bool {
    tag.core_suffix() == Some("str") || tag.to_string() == "!"
}

fn plain_collection(tag: Option<&Tag>, place: Span) -> Result<(), Stop> {
    match tag {
        Some(tag) if !matches!(tag.core_suffix(), Some("map" | "seq")) => Err(refused(place, FOREIGN_TAG)),
        _ => Ok(()),
    }
}

const FOREIGN_TAG: &str = "the value has a tag (`!…`) that says nothing in a log";
