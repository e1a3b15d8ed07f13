//! What the authors say of the checking of a policy: why a rule has no example, and what is pointed out and meant.

use std::collections::BTreeMap;

use crate::check::{Allowed, Checked};
use crate::source::Span;

use super::document::{Block, Inline};
use super::words::t;

/// The reasons of rules and headers, by the place of the name that has them.
pub(super) struct Notes<'a> {
    untested: &'a BTreeMap<Span, String>,
    allowed: BTreeMap<Span, Vec<&'a Allowed>>,
}

impl<'a> Notes<'a> {
    /// Gathers them.
    pub(super) fn of(checked: &'a Checked) -> Self {
        let mut allowed: BTreeMap<Span, Vec<&Allowed>> = BTreeMap::new();
        for one in &checked.allowed {
            allowed.entry(one.owner).or_default().push(one);
        }
        Self { untested: &checked.untested, allowed }
    }

    /// Gives those of a rule, each with a label.
    pub(super) fn of_rule(&self, name: Span) -> Vec<(String, Vec<Block>)> {
        let untested =
            self.untested.get(&name).map(|reason| ("No example because".to_owned(), vec![Block::text(reason)]));
        let mut meant: Vec<Vec<Block>> = self.meant(name).map(|line| vec![Block::Paragraph(line)]).collect();
        let meant = match meant.len() {
            0 => None,
            1 => meant.pop(),
            _ => Some(vec![Block::List(meant)]),
        };
        untested.into_iter().chain(meant.map(|blocks| (MEANT.to_owned(), blocks))).collect()
    }

    /// Gives what a rule or a header allows: the name under which the check points it out, and the reason.
    pub(super) fn meant(&self, name: Span) -> impl Iterator<Item = Vec<Inline>> {
        let allowed = self.allowed.get(&name).into_iter().flatten();
        allowed.map(|one| {
            let lint = one.lint.name().rsplit("::").next().unwrap_or_default();
            vec![Inline::code(lint), t(": "), t(&one.because)]
        })
    }
}

/// The label of what the check would point out.
pub(super) const MEANT: &str = "Pointed out, and meant";
