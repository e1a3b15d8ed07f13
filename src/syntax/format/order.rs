//! The one order of clauses: of a header, a rule, an example, and of what is said of a field.
//!
//! A clause takes along the comment beside it and those on lines of their own above it. Clauses of one rank stay in the
//! order in which they were written, so that an `otherwise` stays with the duty that it belongs to.

use super::items::{Item, Kind, Place};

const HEADER: &[&[&str]] = &[
    &["version"],
    &["owner"],
    &["effective"],
    &["time"],
    &["calendar"],
    &["vocabulary"],
    &["applies"],
    &["default"],
    &["recorded"],
    &["allow"],
];

/// The clauses of a rule and those of an example, which have no word in common.
const CLAUSES: &[&[&str]] = &[
    &["when"],
    &["permit", "forbid", "never", "require", "risk", "supervision", "rescue", "limit", "oblige", "otherwise"],
    &["unless"],
    &["if"],
    &["severity"],
    &["because"],
    &["cites"],
    &["remedy"],
    &["untested"],
    &["silence"],
    &["allow"],
    &["with"],
    &["without"],
    &["following"],
    &["as"],
];

const FIELD: &[&[&str]] = &[&["role"], &["known"], &["chosen"], &["judged"], &["from"]];

/// Puts the clauses of every declaration into their order.
pub(super) fn order(items: Vec<Item>) -> Vec<Item> {
    let mut ordered = Vec::with_capacity(items.len());
    let mut declaration = Vec::new();
    for item in items {
        if begins_declaration(&item) {
            ordered.extend(in_order(std::mem::take(&mut declaration)));
        }
        declaration.push(item);
    }
    ordered.extend(in_order(declaration));
    ordered
}

fn begins_declaration(item: &Item) -> bool {
    matches!(item, Item::Token { place: Place::New(Kind::Declaration | Kind::Field | Kind::Raw, _), .. })
}

/// A clause with its comments.
struct Clause {
    rank: usize,
    items: Vec<Item>,
}

fn in_order(items: Vec<Item>) -> Vec<Item> {
    let is_field = items.first().is_some_and(
        |first| matches!(first, Item::Token { place: Place::New(Kind::Field, _), text, .. } if text == "field"),
    );
    let mut head = Vec::new();
    let mut clauses: Vec<Clause> = Vec::new();
    let mut columns = 0;
    for item in items {
        let rank = if is_field { field_rank(&item, &mut columns) } else { clause_rank(&item) };
        let before = clauses.last_mut().map_or(&mut head, |clause| &mut clause.items);
        match rank {
            Some(rank) => {
                let mut own = before.split_off(without_comments(before));
                own.push(item);
                clauses.push(Clause { rank, items: own });
            }
            None => before.push(item),
        }
    }
    // What stands below the last clause stays below what is then the last.
    let below = clauses.last_mut().map(|last| last.items.split_off(without_comments(&last.items)));
    clauses.sort_by_key(|clause| clause.rank);
    head.extend(clauses.into_iter().flat_map(|clause| clause.items));
    head.extend(below.into_iter().flatten());
    head
}

/// Gives how many items stand before the comments at the end that have lines of their own.
fn without_comments(items: &[Item]) -> usize {
    items.iter().rposition(|item| !matches!(item, Item::Comment { alone: true, .. })).map_or(0, |last| last + 1)
}

/// Gives the rank of the clause that a token begins.
fn clause_rank(item: &Item) -> Option<usize> {
    let Item::Token { text, place: Place::New(kind, _), .. } = item else { return None };
    match kind {
        Kind::Header => Some(rank_among(HEADER, text)),
        Kind::Clause => Some(rank_among(CLAUSES, text)),
        Kind::Record => Some(CLAUSES.len()),
        _ => None,
    }
}

/// Gives the rank of what is said of a field. Its name, its type and its title come first.
fn field_rank(item: &Item, columns: &mut usize) -> Option<usize> {
    let Item::Token { text, stop: true, .. } = item else { return None };
    *columns += 1;
    let said = *columns > 2 && !text.starts_with('"');
    said.then(|| rank_among(FIELD, text))
}

fn rank_among(order: &[&[&str]], word: &str) -> usize {
    order.iter().position(|words| words.contains(&word)).unwrap_or(order.len())
}
