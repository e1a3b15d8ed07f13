//! What stands before the rules: whose policy it is, when it holds, what it covers, and how a verdict comes about.

use crate::policy::{DefaultNorm, RuleSeverity, Version};

use super::condition::Mood;
use super::document::{Block, Inline, Table};
use super::notes::{MEANT, Notes};
use super::words::{Words, t};

/// Gives what a version's header says: a label and what belongs to it, each.
pub(super) fn facts(words: &Words<'_>) -> Vec<(&'static str, Vec<Inline>)> {
    let version = words.version;
    let mut facts = vec![("Name", vec![Inline::code(&version.policy)])];
    let mut add = |label, text: String| facts.push((label, vec![t(&text)]));
    if let Some(label) = &version.label {
        add("Version", label.clone());
    }
    if let Some(owner) = &version.owner {
        add("Owner", owner.clone());
    }
    add("In force", in_force(version));
    add("Time zone", version.zone.iana_name().unwrap_or("UTC").to_owned());
    if let Some(calendar) = &version.calendar {
        add("Calendar of working days", calendar.name.clone());
    }
    let vocabulary = &version.vocabulary;
    let mut named = vec![Inline::code(&vocabulary.name)];
    if !vocabulary.title.is_empty() {
        named.push(t(&format!(" ({})", vocabulary.title)));
    }
    facts.push(("Vocabulary", named));
    facts
}

fn in_force(version: &Version) -> String {
    match version.in_force {
        None => "always".to_owned(),
        Some(in_force) => match in_force.until {
            None => format!("from {}, without an end", in_force.from),
            Some(until) => format!("from {} to {}, both days included", in_force.from, until),
        },
    }
}

/// Makes the table of what the header says.
pub(super) fn table(words: &Words<'_>, notes: &Notes) -> Block {
    let mut table = Table::new("At a glance", &["What", "In this version"]).headed();
    for (label, said) in facts(words) {
        table.add(vec![vec![t(label)], said]);
    }
    for said in &notes.of_header {
        table.add(vec![vec![t(MEANT)], said.clone()]);
    }
    Block::Table(table)
}

/// Says which episodes are covered.
pub(super) fn scope(words: &Words<'_>) -> Vec<Block> {
    let when = if words.version.in_force.is_some() { " while it is in force" } else { "" };
    match words.version.applies_when {
        None => vec![Block::text(&format!("This policy covers every episode{when}."))],
        Some(scope) => {
            words.condition(scope, Mood::Is).after(&format!("this policy covers an episode{when} where ")).sentence()
        }
    }
}

/// Says what holds where no rule gives a ground.
pub(super) fn default(version: &Version) -> &'static str {
    match version.default {
        DefaultNorm::Forbid => "What no ground permits is not permitted.",
        DefaultNorm::Permit => "What no rule forbids is permitted.",
    }
}

/// Says how a verdict comes about.
pub(super) fn verdict(version: &Version) -> Vec<Block> {
    let norms = match version.default {
        DefaultNorm::Forbid => {
            "An episode is permissible where at least one of the grounds is given and none of the requirements is violated."
        }
        DefaultNorm::Permit => "An episode is permissible where none of the requirements is violated.",
    };
    let mut said = format!("{norms} {}", default(version));
    if version.rules.iter().any(|rule| rule.severity == RuleSeverity::Advisory && !rule.is_permit()) {
        said.push_str(" Advisory rules are reported and decide nothing.");
    }
    let mut blocks = vec![Block::text(&said)];
    if version.rules.iter().any(|rule| rule.duty.is_some()) {
        blocks.push(Block::text(
            "What is owed afterwards does not change that verdict. An episode fails where it is not permissible, or where something that is owed is missed and not made good.",
        ));
    }
    if !version.conditions.histories().is_empty() {
        blocks.push(Block::text(
            "Earlier episodes count whatever was decided about them, each as it could be known at the time of the episode that is judged. One at the very same moment counts as earlier.",
        ));
    }
    if let Some(within) = version.recorded_within {
        let length = crate::policy::Length::Exact(within.at_most).words();
        blocks.push(Block::text(&format!(
            "An episode that is recorded more than {length} after it happened is pointed out."
        )));
    }
    blocks
}
