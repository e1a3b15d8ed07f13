//! The table of episodes: to search, to filter, and to open, each with its reasoning.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::super::human::{counted, thousands};
use super::Whole;
use super::listing::{Entry, MOST, Reason};

/// Writes the table, and how many episodes it leaves out.
pub(super) fn table(whole: &Whole<'_>) -> Markup {
    let listing = whole.listing;
    if !listing.is_allowed {
        return html! {
            p { "At the privacy level " code { "committee" } " single episodes are not listed: whoever counts them would find the small numbers that the tables hide." }
        };
    }
    let entries: Vec<&Entry> = listing.entries().collect();
    let more = listing.all - entries.len();
    html! {
        p {
            "The failing episodes come first, then those that are left open, then others; " (thousands(MOST)) " at most. "
            @if more > 0 { strong { (counted(more, "more episode is", "more episodes are")) " not listed" } "; the formats " code { "jsonl" } " and " code { "csv" } " have them all." }
            @else { "All " (thousands(listing.all)) " are listed." }
        }
        (filter(&entries))
        div.wide role="region" aria-label="Episodes" tabindex="0" {
            table #episodes {
                caption.unseen { "Episodes" }
                thead { tr { @for head in ["episode", "when", "verdict", "unit", "kind of failure", "why"] { th scope="col" { (head) } } } }
                tbody { @for entry in entries { (row(entry)) } }
            }
        }
    }
}

fn row(entry: &Entry) -> Markup {
    html! {
        tr id={"record-" (entry.number)} data-verdict=(verdict(entry)) data-unit=(entry.unit) data-kind=(entry.kind) data-rules=(entry.rules.join(" ")) {
            th scope="row" { (entry.name) }
            td { (entry.time) }
            td { span.mark { (mark(entry)) " " (verdict(entry)) } }
            td { (entry.unit) }
            td { (entry.kind) }
            td { (why(entry)) }
        }
    }
}

/// Gives the verdict in words; an episode may fail for a missed duty alone.
fn verdict(entry: &Entry) -> &'static str {
    use crate::judge::Verdict;
    match entry.verdict {
        Verdict::Impermissible | Verdict::Undetermined => entry.verdict.words(),
        _ if entry.fails => "duty failed",
        other => other.words(),
    }
}

/// A sign that tells verdicts apart where words are skimmed.
fn mark(entry: &Entry) -> &'static str {
    match verdict(entry) {
        "impermissible" | "duty failed" => "✕",
        "undetermined" => "?",
        "permissible" => "✓",
        _ => "○",
    }
}

fn why(entry: &Entry) -> Markup {
    if entry.reasons.is_empty() && entry.fragile.is_empty() {
        return html! { span.quiet { "nothing is found" } };
    }
    html! {
        details {
            summary {
                @if entry.reasons.is_empty() { "fragile" }
                @else if entry.rules.is_empty() { (counted(entry.reasons.len(), "finding", "findings")) }
                @else { @for (at, rule) in entry.rules.iter().enumerate() { @if at > 0 { ", " } code { (rule) } } }
            }
            ul {
                @for reason in &entry.reasons { li { (reasoned(reason)) } }
                @for flip in &entry.fragile { li { strong { "fragile" } ": " (worded(flip)) } }
            }
            p.quiet {
                @for (policy, verdict) in &entry.policies { "policy " (policy) ": " (verdict) "; " }
                "at " (entry.place)
            }
        }
    }
}

fn reasoned(reason: &Reason) -> Markup {
    html! {
        strong { (reason.severity) } ": " (worded(&reason.message))
        @if let Some(help) = &reason.help { p.quiet { (worded(help)) } }
    }
}

/// Sets what stands in backticks as code.
fn worded(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Writes the form; without the script it stays hidden, and all episodes are there.
fn filter(entries: &[&Entry]) -> Markup {
    let choices = |of: &dyn Fn(&Entry) -> Vec<String>| -> BTreeSet<String> {
        entries.iter().flat_map(|entry| of(entry)).filter(|choice| !choice.is_empty()).collect()
    };
    let select = |name: &str, label: &str, choices: BTreeSet<String>| {
        html! {
            @if !choices.is_empty() {
                div {
                    label for={"filter-" (name)} { (label) }
                    select id={"filter-" (name)} name=(name) {
                        option value="" { "all" }
                        @for choice in choices { option value=(choice) { (choice) } }
                    }
                }
            }
        }
    };
    html! {
        form #filter hidden {
            div { label for="filter-search" { "Search" } input #filter-search type="search" name="search"; }
            (select("verdict", "Verdict", choices(&|entry| vec![verdict(entry).to_owned()])))
            div {
                label for="filter-rule" { "Rule" }
                select #filter-rule name="rule" {
                    option value="" { "all" }
                    @for rule in choices(&|entry| entry.rules.clone()) { option value=(rule) { (rule) } }
                }
            }
            (select("unit", "Unit", choices(&|entry| vec![entry.unit.clone()])))
            (select("kind", "Kind of failure", choices(&|entry| vec![entry.kind.clone()])))
            button type="reset" { "Show all" }
            button type="button" name="open" { "Open or close" }
            output name="count" for="filter-search" {}
        }
    }
}
