//! What changed against an older set of policies: header, rules, definitions, tables, vocabulary, examples.
//!
//! The cores are compared, by the names of fields and levels, so that layout, comments and the order of rules show
//! nothing. What is shown is in the words of each version.

mod examples;
mod tables;
mod vocabulary;

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Checked;
use crate::policy::{Calendar, Definition, PolicySet, Rule, Version};

use super::condition::Mood;
use super::document::{Block, Inline, Table, plain};
use super::words::{Words, joined, rule_title, spaced, t};
use super::{header, words::Call};

/// A thing of a version in its parts: a label and what belongs to it, each.
type Parts = Vec<(String, Vec<Block>)>;

/// Names the policies that the older set has and the newer one has not.
pub(super) fn dropped(new: &PolicySet, old: &PolicySet) -> Vec<Block> {
    let gone = old.policies.iter().filter(|policy| new.policies.iter().all(|kept| kept.name != policy.name));
    let gone: Vec<Vec<Inline>> = gone.map(|policy| vec![Inline::code(&policy.name)]).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let mut said = vec![t("No longer among these policies: ")];
    said.extend(joined(gone, "and"));
    said.push(t("."));
    vec![Block::Paragraph(said)]
}

/// Says what changed in one version.
pub(super) fn blocks(words: &Words<'_>, checked: &Checked, old: &Checked, newest: bool, level: u8) -> Vec<Block> {
    let Some(policy) = old.set.policies.iter().find(|policy| policy.name == words.version.policy) else {
        return vec![Block::text("This policy is new: what it is compared with has none of its name.")];
    };
    let Some(before) = counterpart(words.version, &policy.versions, newest) else {
        return vec![Block::text("This version is new: what it is compared with has none like it.")];
    };
    let old_words = Words::new(before, &words.prefix, Call::ByTitle);
    let compared = Compared { old: &old_words, new: words, level };
    let since = match &before.label {
        Some(label) => format!("version {label}"),
        None => "the version before".to_owned(),
    };
    let rules = compared.things(&RULES, &before.rules, &words.version.rules);
    let definitions =
        compared.things(&DEFINITIONS, before.conditions.definitions(), words.version.conditions.definitions());
    let mut blocks = [compared.header(), rules, definitions, tables::blocks(&compared)].concat();
    blocks.extend(vocabulary::blocks(&compared));
    blocks.extend(examples::blocks(&compared, &old.examples, &checked.examples));
    if blocks.is_empty() {
        return vec![Block::text(&format!("Nothing changed since {since}."))];
    }
    let opening =
        format!("Compared with {since}. Where only layout, comments or the order of rules differ, nothing is shown.");
    blocks.insert(0, Block::text(&opening));
    blocks
}

/// Finds the version with which one is compared: the same one, or for the newest the one before it.
fn counterpart<'a>(version: &Version, old: &'a [Version], newest: bool) -> Option<&'a Version> {
    let from = |version: &Version| version.in_force.map(|in_force| in_force.from);
    let same = old.iter().find(|other| other.label == version.label && from(other) == from(version));
    let labelled = || old.iter().rev().find(|other| other.label.is_some() && other.label == version.label);
    let last = || old.last().filter(|_| newest);
    same.or_else(labelled).or_else(last)
}

/// A sort of things that have names, and how they are shown.
struct Sort<T> {
    anchor: &'static str,
    heading: &'static str,
    name: fn(&T) -> &str,
    /// The title of one that is there, with a link.
    link: fn(&Words<'_>, &T) -> Inline,
    /// The title of one that is gone.
    title: fn(&T) -> String,
    parts: fn(&Words<'_>, &T) -> Parts,
}

const RULES: Sort<Rule> = Sort {
    anchor: "rules",
    heading: "The rules",
    name: |rule| &rule.name,
    link: |words, rule| words.rule(rule),
    title: rule_title,
    parts: rule_parts,
};

const DEFINITIONS: Sort<Definition> = Sort {
    anchor: "definitions",
    heading: "The definitions",
    name: |definition| &definition.name,
    link: |words, definition| words.definition(&definition.name),
    title: |definition| spaced(&definition.name),
    parts: definition_parts,
};

/// What became of one thing.
enum Change<'t, T> {
    Added(&'t T),
    /// As it was, and as it is.
    Kept(&'t T, &'t T),
    Removed(&'t T),
}

/// Pairs things by their names: in the order of the newer, those that are gone last.
fn changes<'t, T>(before: &'t [T], now: &'t [T], name: fn(&T) -> &str) -> Vec<Change<'t, T>> {
    let old: BTreeMap<&str, &T> = before.iter().map(|thing| (name(thing), thing)).collect();
    let new: BTreeSet<&str> = now.iter().map(name).collect();
    let there = now.iter().map(|thing| match old.get(name(thing)).copied() {
        None => Change::Added(thing),
        Some(was) => Change::Kept(was, thing),
    });
    let gone = before.iter().filter(|thing| !new.contains(name(thing))).map(Change::Removed);
    there.chain(gone).collect()
}

/// Two versions, each with its words.
pub(super) struct Compared<'a> {
    pub(super) old: &'a Words<'a>,
    pub(super) new: &'a Words<'a>,
    pub(super) level: u8,
}

impl Compared<'_> {
    pub(super) fn heading(&self, anchor: &str, text: &str) -> Block {
        Block::heading(self.level, &self.new.anchor("changed", anchor), text)
    }

    fn header(&self) -> Vec<Block> {
        let facts = |words: &Words<'_>| -> Vec<(String, Vec<Inline>)> {
            let mut facts: Vec<(String, Vec<Inline>)> =
                header::facts(words).into_iter().map(|(label, said)| (label.to_owned(), said)).collect();
            let title = words.version.title.trim();
            facts.insert(0, ("Title".to_owned(), if title.is_empty() { Vec::new() } else { vec![t(title)] }));
            facts.push(("Where no rule decides".to_owned(), vec![t(header::default(words.version))]));
            let recorded = words.version.recorded_within;
            let recorded = recorded.map(|within| crate::policy::Length::Exact(within.at_most).words());
            facts.extend(recorded.map(|length| ("Recorded within".to_owned(), vec![t(&length)])));
            facts.extend(words.version.calendar.as_deref().map(calendar_days));
            facts
        };
        let rows = differing(facts(self.old), facts(self.new));
        let mut table = Table::new("What changed in the header", &["What", "Before", "Now"]).headed();
        for (label, before, now) in rows {
            table.add(vec![vec![t(&label)], or_nothing(before), or_nothing(now)]);
        }
        let scope = |words: &Words<'_>| vec![("What it covers".to_owned(), header::scope(words))];
        let scope = self.parts(scope);
        let mut blocks = Vec::new();
        if !table.rows.is_empty() {
            blocks.push(Block::Table(table));
        }
        if !scope.is_empty() {
            blocks.push(Block::Labelled(scope));
        }
        self.under("header", "The header", blocks)
    }

    /// Says which things of a sort are new, changed and gone.
    fn things<T>(&self, sort: &Sort<T>, before: &[T], now: &[T]) -> Vec<Block> {
        let show = |change: Change<'_, T>| match change {
            Change::Added(thing) => {
                let link = vec![(sort.link)(self.new, thing)];
                Some(self.one("Added", link, (sort.name)(thing), (sort.parts)(self.new, thing), false))
            }
            Change::Kept(before, now) => {
                let changed = self.changed(|words| (sort.parts)(words, before), |words| (sort.parts)(words, now));
                let link = || vec![(sort.link)(self.new, now)];
                (!changed.is_empty()).then(|| self.one("Changed", link(), (sort.name)(now), changed, false))
            }
            Change::Removed(thing) => {
                let title = vec![t(&(sort.title)(thing))];
                Some(self.one("Removed", title, (sort.name)(thing), (sort.parts)(self.old, thing), true))
            }
        };
        self.under(sort.anchor, sort.heading, changes(before, now, sort.name).into_iter().filter_map(show).collect())
    }

    /// Puts a heading over what there is to show.
    fn under(&self, anchor: &str, heading: &str, mut blocks: Vec<Block>) -> Vec<Block> {
        if !blocks.is_empty() {
            blocks.insert(0, self.heading(anchor, heading));
        }
        blocks
    }

    /// Shows one thing that was added, removed or changed.
    fn one(&self, what: &str, title: Vec<Inline>, name: &str, parts: Parts, of_old: bool) -> Block {
        let mut line = vec![Inline::Strong(format!("{what}:")), t(" ")];
        let is_its_own_name = plain(&title) == name;
        line.extend(title);
        if !is_its_own_name {
            line.extend([t(" ("), Inline::code(name), t(")")]);
        }
        let mut parts = if of_old { unlinked(parts) } else { parts };
        // The line above has it.
        parts.retain(|(label, _)| label != "Title");
        Block::Together(vec![Block::Paragraph(line), Block::Labelled(parts)])
    }

    fn parts(&self, of: impl Fn(&Words<'_>) -> Parts) -> Parts {
        self.changed(&of, &of)
    }

    /// Gives the parts that differ, as they were and as they are.
    fn changed(&self, old: impl Fn(&Words<'_>) -> Parts, new: impl Fn(&Words<'_>) -> Parts) -> Parts {
        let names = differing(old(&self.old.by_name()), new(&self.new.by_name()));
        let (titled_old, titled_new) = (by_label(old(self.old)), by_label(new(self.new)));
        let mut shown = Vec::new();
        for (label, before, now) in names {
            let (mut was, mut is) = (titled_old.get(&label).cloned(), titled_new.get(&label).cloned());
            let without =
                |blocks: &Option<Vec<Block>>| blocks.clone().map(|blocks| unlinked(vec![(String::new(), blocks)]));
            if without(&was) == without(&is) {
                // Another field of the same title: only the names tell.
                (was, is) = (Some(before), Some(now));
            }
            let or_none = |blocks: Option<Vec<Block>>| match blocks {
                Some(blocks) if !blocks.is_empty() => blocks,
                _ => vec![Block::text("nothing")],
            };
            shown.extend(unlinked(vec![(format!("{label}, before"), or_none(was))]));
            shown.push((format!("{label}, now"), or_none(is)));
        }
        shown
    }
}

fn rule_parts(words: &Words<'_>, rule: &Rule) -> Parts {
    let parts = words.rule_parts(rule);
    let title = ("Title".to_owned(), vec![Block::text(&rule_title(rule))]);
    // One source or several: the same part.
    let rest = parts
        .rest
        .into_iter()
        .map(|(label, said)| (if label == "Source" { "Sources".to_owned() } else { label }, said));
    [title, ("Rule".to_owned(), parts.says)].into_iter().chain(rest).collect()
}

fn definition_parts(words: &Words<'_>, definition: &Definition) -> Parts {
    let said = words.condition(definition.condition, Mood::Is).after("it holds where ");
    vec![("Meaning".to_owned(), said.sentence())]
}

fn calendar_days(calendar: &Calendar) -> (String, Vec<Inline>) {
    let listed = |days: Vec<String>| if days.is_empty() { "none".to_owned() } else { days.join(", ") };
    let weekend = listed(calendar.weekend.iter().map(|day| weekday(*day).to_owned()).collect());
    let holidays = listed(calendar.holidays.iter().map(ToString::to_string).collect());
    let years = listed(calendar.years.iter().map(ToString::to_string).collect());
    ("Free days".to_owned(), vec![t(&format!("weekend: {weekend}; holidays: {holidays}; years covered: {years}"))])
}

fn weekday(number: i8) -> &'static str {
    match number {
        0 => "Monday",
        1 => "Tuesday",
        2 => "Wednesday",
        3 => "Thursday",
        4 => "Friday",
        5 => "Saturday",
        _ => "Sunday",
    }
}

/// Gives the labels under which two lists differ, in the order of the newer, those that are gone last.
pub(super) fn differing<T: PartialEq + Default + Clone>(
    old: Vec<(String, T)>,
    new: Vec<(String, T)>,
) -> Vec<(String, T, T)> {
    let mut before = by_label(old.clone());
    let mut rows = Vec::new();
    for (label, now) in new {
        let was = before.remove(&label).unwrap_or_default();
        if was != now {
            rows.push((label, was, now));
        }
    }
    rows.extend(
        old.into_iter().filter(|(label, _)| before.contains_key(label)).map(|(label, was)| (label, was, T::default())),
    );
    rows
}

fn by_label<T>(parts: Vec<(String, T)>) -> BTreeMap<String, T> {
    parts.into_iter().collect()
}

pub(super) fn or_nothing(said: Vec<Inline>) -> Vec<Inline> {
    if said.is_empty() { vec![t("nothing")] } else { said }
}

/// Takes the links out: what is gone has no place in the document to which a link could lead.
fn unlinked(parts: Parts) -> Parts {
    parts.into_iter().map(|(label, blocks)| (label, blocks.into_iter().map(without_links).collect())).collect()
}

fn without_links(block: Block) -> Block {
    match block {
        Block::Paragraph(line) => Block::Paragraph(plain_line(line)),
        Block::Remark(line) => Block::Remark(plain_line(line)),
        Block::List(items) => {
            Block::List(items.into_iter().map(|item| item.into_iter().map(without_links).collect()).collect())
        }
        other => other,
    }
}

fn plain_line(line: Vec<Inline>) -> Vec<Inline> {
    let inner = |part| match part {
        Inline::Link { text, .. } => text,
        other => vec![other],
    };
    line.into_iter().flat_map(inner).collect()
}
