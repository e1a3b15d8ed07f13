//! What the authors say of the checking of a policy: why a rule has no example, and what is pointed out and meant.

use std::collections::BTreeMap;

use crate::check::Checked;
use crate::policy::Version;

use super::document::{Block, Inline};
use super::words::t;

/// Labels, and what belongs to each.
type Labelled = Vec<(String, Vec<Block>)>;

/// What one version says.
pub(super) struct Notes {
    /// What the header allows: the name under which the check points it out, and the reason.
    pub(super) of_header: Vec<Vec<Inline>>,
    /// What each rule says, by its place in the version.
    pub(super) of_rules: Vec<Labelled>,
}

/// The label of what the check would point out.
pub(super) const MEANT: &str = "Pointed out, and meant";

impl Notes {
    /// Gathers them.
    pub(super) fn of(version: &Version, checked: &Checked) -> Self {
        let mut meant: BTreeMap<_, Vec<Vec<Inline>>> = BTreeMap::new();
        for one in &checked.allowed {
            meant.entry(one.owner).or_default().push(vec![Inline::code(one.name()), t(": "), t(&one.because)]);
        }
        let of_rules = version.rules.iter().map(|rule| {
            let reason = checked.untested.get(&rule.origin);
            let reason = reason.map(|reason| ("No example because".to_owned(), vec![Block::text(reason)]));
            let accepted = rule.silence_accepted.as_ref();
            let accepted = accepted.map(|why| ("Silence is accepted because".to_owned(), vec![Block::text(why)]));
            reason.into_iter().chain(accepted).chain(meant.remove(&rule.origin).map(labelled)).collect()
        });
        let of_rules = of_rules.collect();
        Self { of_header: meant.remove(&version.origin).unwrap_or_default(), of_rules }
    }
}

fn labelled(mut meant: Vec<Vec<Inline>>) -> (String, Vec<Block>) {
    let blocks = match (meant.pop(), meant.is_empty()) {
        (Some(one), true) => vec![Block::Paragraph(one)],
        (last, _) => {
            let items = meant.into_iter().chain(last).map(|line| vec![Block::Paragraph(line)]);
            vec![Block::List(items.collect())]
        }
    };
    (MEANT.to_owned(), blocks)
}
