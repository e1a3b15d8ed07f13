//! The policy as a document that a meeting can vote on.
//!
//! A reading of the core, never of the text of the rules: [`document()`] makes a [`Document`] of headings, paragraphs, lists and tables;
//! [`markdown`] and [`html`] write such documents and know nothing of policies. The same policies give the same bytes.

mod changes;
mod condition;
mod document;
mod duty;
mod examples;
mod header;
mod history;
pub mod html;
mod index;
pub mod markdown;
mod notes;
mod prose;
mod rule;
mod table;
mod usage;
mod version;
mod words;

pub use document::{Block, Document, Inline, Row, Table};

use crate::check::Checked;
use crate::policy::Version;

use words::{Call, Words};

/// Makes the document of all policies of a set; with an older set, what changed since.
pub fn document(checked: &Checked, since: Option<&Checked>) -> Document {
    let versions: Vec<(&Version, bool)> = checked
        .set
        .policies
        .iter()
        .flat_map(|policy| {
            let last = policy.versions.len();
            policy.versions.iter().enumerate().map(move |(at, version)| (version, at + 1 == last))
        })
        .collect();
    let alone = versions.len() == 1;
    let mut blocks = since.map(|old| changes::dropped(&checked.set, &old.set)).unwrap_or_default();
    for (at, (version, newest)) in versions.iter().enumerate() {
        let prefix = if alone { String::new() } else { format!("p{}-", at + 1) };
        let words = Words::new(version, &prefix, Call::ByTitle);
        let level = if alone { 2 } else { 3 };
        if !alone {
            blocks.push(Block::heading(2, &words.anchor("policy", &version.policy), &version_title(version, true)));
        }
        blocks.extend(version::blocks(&words, checked, since, *newest, level));
    }
    let title = match (versions.as_slice(), checked.set.policies.as_slice()) {
        ([(version, _)], _) => version_title(version, false),
        ([(version, _), ..], [_]) => version_title(version, false),
        (_, policies) => {
            let names: Vec<String> = policies.iter().map(|policy| words::spaced(&policy.name)).collect();
            format!("Policies: {}", names.join(", "))
        }
    };
    Document::new(&title, if alone { 3 } else { 4 }, blocks)
}

fn version_title(version: &Version, with_label: bool) -> String {
    let title = version.title.trim();
    let title = if title.is_empty() { words::spaced(&version.policy) } else { title.to_owned() };
    match (&version.label, with_label) {
        (Some(label), true) => format!("{title}, version {label}"),
        _ => title,
    }
}
