//! Values of settings and cells of tables, in their one spelling.

use std::borrow::Cow;

use super::super::bare::Bare;
use super::super::table::apart;
use super::super::tree::{self, Node, Rule, first, parts};
use super::spelling;

/// Writes a value.
pub(super) fn value(node: &Node<'_>) -> String {
    match node.as_rule() {
        Rule::value => first(node.clone()).map_or_else(|| written(node), |part| value(&part)),
        Rule::string => spelling::text(node.as_str()).into_owned(),
        Rule::path | Rule::name => tree::plain_name(node.as_str()),
        Rule::number => spelling::number(node.as_str()),
        Rule::duration | Rule::percent => measure(node),
        Rule::date => tree::one_blank(node.as_str()),
        _ => written(node),
    }
}

fn written(node: &Node<'_>) -> String {
    node.as_str().trim_matches(spelling::is_blank).to_owned()
}

/// Writes a number and its unit.
pub(super) fn measure(node: &Node<'_>) -> String {
    let (mut amount, mut words) = (String::new(), Vec::new());
    for part in node.clone().into_inner() {
        match part.as_rule() {
            Rule::number => amount = spelling::number(part.as_str()),
            Rule::working => words.push("working"),
            Rule::unit => words.push(spelling::unit(part.as_str(), amount == "1")),
            _ => {}
        }
    }
    if node.as_rule() == Rule::percent {
        words.push("%");
    }
    format!("{amount} {}", words.join(" "))
}

/// Writes the value of a setting. Where nobody knows how it is read, words, dates and plain numbers stay as they are: in a
/// field of type text they are the text. Nothing else can be one without quotation marks.
pub(super) fn stated(node: &Node<'_>, bare: Option<Bare>) -> String {
    match node.as_rule() {
        _ if bare == Some(Bare::Text) => spelling::quoted(&tree::one_blank(node.as_str())),
        Rule::stated if bare == Some(Bare::Names) => values(node),
        Rule::relative => {
            let earlier = node.clone().into_inner().any(|part| part.as_rule() == Rule::k_earlier);
            let distance = first(node.clone()).map(|distance| measure(&distance)).unwrap_or_default();
            format!("{distance} {}", if earlier { "earlier" } else { "later" })
        }
        Rule::stated if parts(node.clone()).any(|part| has_spellings(&part)) => values(node),
        _ => written(node),
    }
}

fn has_spellings(node: &Node<'_>) -> bool {
    let inner = first(node.clone());
    let node = inner.as_ref().unwrap_or(node);
    match node.as_rule() {
        Rule::string | Rule::duration | Rule::percent => true,
        Rule::date => tree::one_blank(node.as_str()) != written(node),
        Rule::number => spelling::number(node.as_str()) != written(node),
        _ => false,
    }
}

fn values(node: &Node<'_>) -> String {
    parts(node.clone()).map(|part| value(&part)).collect::<Vec<_>>().join(", ")
}

/// Writes a row of a table; none for the line of dashes that Markdown has below a heading.
pub(super) fn row(line: &str) -> Option<String> {
    let row = apart(line.trim_end());
    if row.is_ruler() {
        return None;
    }
    let mut said = String::new();
    for piece in &row.cells {
        said.push_str(&format!("| {} ", cell(piece.text)));
    }
    if let Some(piece) = &row.result {
        let never = piece.text.eq_ignore_ascii_case("never");
        said.push_str(&format!("|| {} |", if never { "never".to_owned() } else { tree::plain_name(piece.text) }));
    }
    Some(said)
}

fn cell(text: &str) -> Cow<'_, str> {
    let parsed = tree::parse(Rule::only_cell, text).ok().and_then(first);
    parsed.and_then(|node| test(&node)).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn test(node: &Node<'_>) -> Option<String> {
    let which = node.as_rule();
    let is_single = |node: &Node<'_>| parts(node.clone()).nth(1).is_none();
    Some(match which {
        Rule::cell_any => "any".to_owned(),
        Rule::cell_to => range(node)?,
        Rule::cell_bounds => match bounds(node).as_slice() {
            [one] if one.as_rule() == Rule::between => range(one)?,
            several => several.iter().map(comparison).collect::<Option<Vec<_>>>()?.join(" and "),
        },
        Rule::cell_members => parts(node.clone()).map(|part| member(&part)).collect::<Option<Vec<_>>>()?.join(" and "),
        Rule::is => value(&first(node.clone())?),
        Rule::cell_values => values(node),
        Rule::is_not => format!("not {}", value(&first(node.clone())?)),
        Rule::is_one_of | Rule::cell_one_of => {
            let list = first(node.clone())?;
            if is_single(&list) { format!("is one of {}", values(&list)) } else { values(&list) }
        }
        Rule::is_not_one_of => {
            let list = first(node.clone())?;
            format!("{} {}", if is_single(&list) { "is not one of" } else { "not one of" }, values(&list))
        }
        Rule::cell_not => {
            let list = first(node.clone())?;
            format!("{} {}", if is_single(&list) { "not" } else { "not one of" }, values(&list))
        }
        _ => return None,
    })
}

/// Writes what is asked of a set.
fn member(node: &Node<'_>) -> Option<String> {
    let words = match node.as_rule() {
        Rule::includes => "includes",
        Rule::includes_any => "includes any of",
        Rule::includes_all => "includes all of",
        Rule::not_includes => "not includes",
        _ => return None,
    };
    let list = first(node.clone())?;
    let said = if list.as_rule() == Rule::values { values(&list) } else { value(&list) };
    Some(format!("{words} {said}"))
}

fn bounds<'t>(node: &Node<'t>) -> Vec<Node<'t>> {
    parts(node.clone()).collect()
}

fn range(node: &Node<'_>) -> Option<String> {
    let mut ends = parts(node.clone());
    Some(format!("{} to {}", value(&ends.next()?), value(&ends.next()?)))
}

fn comparison(node: &Node<'_>) -> Option<String> {
    let ends: Vec<String> = parts(node.clone()).map(|end| value(&end)).collect();
    Some(format!("{} {}", spelling::comparison(node.as_rule())?, ends.join(" and ")))
}
