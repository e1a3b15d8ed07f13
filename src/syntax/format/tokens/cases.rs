//! Settings, claims and rows of tables.

use super::super::super::tree::{self, Node, Rule};
use super::super::items::{Joint, Kind, Place};
use super::super::spelling::is_blank;
use super::super::values;
use super::Reader;

impl<'t> Reader<'t> {
    /// `with` and its settings: the first beside it, the others below the first.
    pub(super) fn with(&mut self, node: Node<'t>) {
        let is_with = node.as_rule() == Rule::with;
        let mut first = true;
        let end = node.as_span().end();
        for part in node.into_inner() {
            if is_with && part.as_rule() == Rule::setting {
                self.symbols(part.as_span().start());
                if !std::mem::take(&mut first) {
                    self.next = Some(Place::New(Kind::Other, "  with ".len()));
                }
                self.setting_here(part);
            } else {
                self.node(part);
            }
        }
        self.symbols(end);
    }

    /// A record of a log and what is claimed of it, on one line.
    pub(super) fn record(&mut self, node: Node<'t>) {
        for part in node.into_inner() {
            if part.as_rule() == Rule::claims { self.claims(part) } else { self.node(part) }
        }
    }

    pub(super) fn claims(&mut self, node: Node<'t>) {
        let end = node.as_span().end();
        for part in node.into_inner() {
            if part.as_rule() == Rule::k_and {
                let start = part.as_span().start();
                if self.line_ends(start) > 0 {
                    self.next = Some(Place::New(Kind::Other, self.inner));
                }
                self.pass_over(start);
            }
            self.node(part);
        }
        self.symbols(end);
    }

    pub(super) fn setting(&mut self, node: Node<'t>) {
        self.symbols(node.as_span().start());
        self.next = Some(Place::New(Kind::Setting, 2));
        self.setting_here(node);
    }

    fn setting_here(&mut self, node: Node<'t>) {
        let mut inner = tree::parts(node);
        let (Some(field), Some(value)) = (inner.next(), inner.next()) else { return };
        self.leaf(&field);
        let start = value.as_span().start();
        let length = value.as_str().trim_end_matches(is_blank).len();
        let bare = (self.known.bare)(start);
        self.push(values::stated(&value, bare), start, start + length, Joint::Blank);
    }

    /// A row of a table. The line of dashes below a heading says nothing.
    pub(super) fn row(&mut self, node: &Node<'t>) {
        let (start, length) = (node.as_span().start(), node.as_str().trim_end_matches(is_blank).len());
        match values::row(node.as_str()) {
            Some(row) => self.push(row, start, start + length, Joint::Blank),
            None => {
                self.next = None;
                self.at = start + length;
            }
        }
    }
}
