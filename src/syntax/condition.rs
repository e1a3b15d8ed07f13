//! Conditions: from the parse tree to [`ast::Condition`](super::ast::Condition).

use crate::source::Span;

use super::ast::{Comparison, Condition, ConditionKind, Value, ValueKind};
use super::bullets::Bullets;
use super::chain::{Chain, ListInChain};
use super::guess::{Guess, MOST_GUESSES};
use super::nesting::DEEPEST;
use super::parser::Lowering;
use super::problem;
use super::tree::{self, Node, Rule, first, parts, plain_name, span, text, word};

/// Joins what was understood of a condition with a part that was not: so it is checked, and never counts.
pub(super) fn with_a_broken_one(mut parts: Vec<Condition>, place: Span) -> Condition {
    parts.push(broken(place));
    Condition { kind: ConditionKind::All(parts), span: place }
}

/// How deep the parse tree of lists may nest before their columns are known: sibling lists nest in it.
const DEEPEST_TREE: usize = 256;

/// In how long a sentence a list is looked for that was meant: it takes time for each of its words.
const MOST_CONDITIONS: usize = 64;

/// Where a condition stands: within which list, how deep, and how deep in the tree.
#[derive(Clone, Copy, Default)]
pub(super) struct Within {
    /// The column of the dashes of the innermost list.
    pub(super) dash_column: Option<usize>,
    /// Where the first of these dashes stands.
    pub(super) dash: Option<Span>,
    depth: usize,
    tree_depth: usize,
}

impl Within {
    pub(super) fn deeper(self) -> Self {
        Self { depth: self.depth + 1, tree_depth: self.tree_depth + 1, ..self }
    }

    /// Goes into a bullet of a list whose dashes stand in a column, that of the first.
    pub(super) fn bullet_at(self, column: usize, first: Span) -> Self {
        Self { dash_column: Some(column), dash: Some(first), ..self }
    }

    /// Leaves columns alone that cannot be compared.
    pub(super) fn unclear_if(self, unclear: bool) -> Self {
        if unclear { Self { dash_column: None, dash: None, ..self } } else { self }
    }
}

/// A condition, and the bullets after it that belong to a list further out.
pub(super) struct Lowered<'t> {
    pub(super) condition: Condition,
    pub(super) left: Vec<Node<'t>>,
}

impl Lowered<'_> {
    pub(super) fn of(condition: Condition) -> Self {
        Self { condition, left: Vec::new() }
    }
}

impl Lowering<'_> {
    /// Lowers the condition of a clause.
    pub(super) fn condition(&mut self, node: Node<'_>) -> Condition {
        let lowered = self.chain(node, Within::default());
        self.report_stray(&lowered.left, lowered.condition.span);
        lowered.condition
    }

    pub(super) fn report_stray(&mut self, left: &[Node<'_>], heading: Span) {
        if let Some(bullet) = left.first() {
            let dash = first(bullet.clone()).map_or(heading, |dash| span(self.origin, &dash));
            let tabs = self.has_tab_before(dash.start);
            self.problems.push(problem::stray_bullet(dash, heading, tabs));
        }
    }

    /// Lowers `A and B and C`, or a single condition.
    pub(super) fn chain<'t>(&mut self, node: Node<'t>, within: Within) -> Lowered<'t> {
        let whole = span(self.origin, &node);
        if within.depth > DEEPEST || within.tree_depth > DEEPEST_TREE {
            self.problems.push(problem::too_deep(Span::new(whole.source, whole.start, whole.start + 1)));
            return Lowered::of(broken(whole));
        }
        let mut operands = Vec::new();
        let mut words = Vec::new();
        let mut left = Vec::new();
        for part in parts(node) {
            if part.as_rule() == Rule::connective {
                words.push(self.connective(&part, within));
            } else {
                let lowered = self.operand(part, within);
                operands.push(lowered.condition);
                left = lowered.left;
            }
        }
        Lowered { condition: self.joined(operands, &words, whole), left }
    }

    /// Reads `and` or `or`, and refuses one that begins a line at or left of the dashes.
    fn connective(&mut self, node: &Node<'_>, within: Within) -> &'static str {
        let is_or = node.clone().into_inner().any(|part| part.as_rule() == Rule::k_or);
        let joining = if is_or { "or" } else { "and" };
        let place = span(self.origin, node);
        let left_of_dash = within.dash_column.is_some_and(|dash| self.column(place.start) <= dash);
        if !self.begins_line(place.start) {
            return joining;
        }
        if let Some(dash) = within.dash.filter(|dash| !self.indented_alike(dash.start, place.start)) {
            self.problems.push(problem::tabs_and_spaces(place, dash, &format!("`{joining}`")));
        } else if left_of_dash {
            self.problems.push(problem::joined_to_list(place, joining));
        }
        joining
    }

    fn joined(&mut self, mut operands: Vec<Condition>, words: &[&'static str], whole: Span) -> Condition {
        if operands.len() == 1
            && let Some(only) = operands.pop()
        {
            return only;
        }
        let place = operands.iter().fold(operands.first().map_or(whole, |o| o.span), |all, one| all.to(one.span));
        match (words.contains(&"and"), words.contains(&"or")) {
            (true, true) => {
                self.report_mixed(&operands, words, place);
                // What compares is checked all the same; a bare word may be one of a list that was meant.
                operands.retain(|operand| matches!(operand.kind, ConditionKind::Comparison(..)));
                with_a_broken_one(operands, place)
            }
            (_, true) => Condition { kind: ConditionKind::Any(operands), span: place },
            _ => Condition { kind: ConditionKind::All(operands), span: place },
        }
    }

    /// Reports `and` mixed with `or`; `a is b or c and d` is first of all a list, if `c` is a name of what `a` may be.
    fn report_mixed(&mut self, operands: &[Condition], words: &[&'static str], place: Span) {
        let texts = operands.iter().map(|operand| self.one_line(operand.span)).collect();
        let problem = problem::mixed_and_or(place, &Chain { texts, words: words.to_vec() }.readings());
        let too_many = operands.len() > MOST_CONDITIONS || self.guesses.len() >= MOST_GUESSES;
        let lists = if too_many { Vec::new() } else { self.lists_in_chain(operands, words) };
        let better = |list: ListInChain| {
            let mixed = list.chain.words.contains(&"and") && list.chain.words.contains(&"or");
            let better = if mixed {
                problem::mixed_and_or(place, &list.chain.readings())
            } else {
                problem::list_of_conditions(&list.names, &list.field, list.place, &list.chain.plain())
            };
            (list.needed, better)
        };
        let instead: Vec<_> = lists.into_iter().map(better).collect();
        if !instead.is_empty() {
            self.guesses.push(Guess { problem: problem.clone(), instead });
        }
        self.problems.push(problem);
    }

    fn operand<'t>(&mut self, node: Node<'t>, within: Within) -> Lowered<'t> {
        match node.as_rule() {
            Rule::not => self.not(node, within),
            Rule::group => self.group(node, within),
            Rule::bullets => Bullets::lower(self, node, within),
            Rule::history => Lowered::of(self.history(node, within)),
            _ => Lowered::of(self.comparison(node)),
        }
    }

    fn not<'t>(&mut self, node: Node<'t>, within: Within) -> Lowered<'t> {
        let place = span(self.origin, &node);
        let times = node.clone().into_inner().filter(|part| part.as_rule() == Rule::k_not).count();
        let negated = tree::negated_comparison(&node, &self.tables);
        let Some(inner) = first(node) else {
            return Lowered::of(self.lost(place));
        };
        let mut lowered = self.operand(inner, within);
        if times % 2 == 1 {
            if let Some((ConditionKind::Comparison(_, comparison), _)) =
                negated.map(|node| (&mut lowered.condition.kind, node))
                && let Some(opposite) = opposite(comparison)
            {
                *comparison = opposite;
                return lowered;
            }
            let span = place.to(lowered.condition.span);
            let kind = ConditionKind::Not(Box::new(lowered.condition));
            lowered.condition = Condition { kind, span: Span { end: span.end.min(place.end.max(span.start)), ..span } };
        }
        lowered
    }

    fn group<'t>(&mut self, node: Node<'t>, within: Within) -> Lowered<'t> {
        let place = span(self.origin, &node);
        let Some(inner) = first(node) else {
            return Lowered::of(self.lost(place));
        };
        let mut lowered = self.chain(inner, Within { dash_column: None, dash: None, ..within.deeper() });
        self.report_stray(&lowered.left, lowered.condition.span);
        lowered.condition.span = place;
        Lowered::of(lowered.condition)
    }

    fn comparison(&mut self, node: Node<'_>) -> Condition {
        let place = span(self.origin, &node);
        let mut inner = parts(node);
        let Some(path) = inner.next() else {
            return self.lost(place);
        };
        let left = word(self.origin, &path);
        let Some(op) = inner.next() else {
            return Condition { kind: ConditionKind::Bare(left), span: place };
        };
        let before = self.problems.len();
        match self.op(op) {
            // INVARIANT: what is broken has been reported, so that no part of a policy goes missing in silence.
            None if self.problems.len() == before => self.lost(place),
            Some(comparison) => Condition { kind: ConditionKind::Comparison(left, comparison), span: place },
            None => broken(place),
        }
    }

    /// Reads what is said of a field; `None` where a part of it has been reported.
    pub(super) fn op(&mut self, node: Node<'_>) -> Option<Comparison> {
        let which = node.as_rule();
        match which {
            Rule::is_present | Rule::is_not_missing => return Some(Comparison::IsPresent),
            Rule::is_missing | Rule::is_not_present => return Some(Comparison::IsMissing),
            Rule::is_never => return Some(Comparison::IsNever),
            Rule::is_not_never => return Some(Comparison::IsNotNever),
            Rule::within => return self.within(node),
            _ => {}
        }
        let mut values = self.operands_of(node);
        if values.iter().any(|value| value.kind == ValueKind::Broken) {
            return None;
        }
        match which {
            Rule::is_one_of => return Some(Comparison::IsOneOf(values)),
            Rule::is_not_one_of => return Some(Comparison::IsNotOneOf(values)),
            Rule::includes_any => return Some(Comparison::IncludesAny(values)),
            Rule::includes_all => return Some(Comparison::IncludesAll(values)),
            _ => {}
        }
        let last = values.pop()?;
        match which {
            Rule::is => Some(Comparison::Is(last)),
            Rule::is_not => Some(Comparison::IsNot(last)),
            Rule::at_least => Some(Comparison::AtLeast(last)),
            Rule::at_most => Some(Comparison::AtMost(last)),
            Rule::above => Some(Comparison::Above(last)),
            Rule::below => Some(Comparison::Below(last)),
            Rule::before => Some(Comparison::Before(last)),
            Rule::after => Some(Comparison::After(last)),
            Rule::on_or_before => Some(Comparison::OnOrBefore(last)),
            Rule::on_or_after => Some(Comparison::OnOrAfter(last)),
            Rule::includes => Some(Comparison::Includes(last)),
            Rule::not_includes => Some(Comparison::NotIncludes(last)),
            Rule::between => values.pop().map(|low| Comparison::Between(low, last)),
            _ => None,
        }
    }

    fn within(&mut self, node: Node<'_>) -> Option<Comparison> {
        let before = node.clone().into_inner().any(|part| part.as_rule() == Rule::k_before);
        let mut inner = parts(node);
        let (duration, path) = (inner.next()?, inner.next()?);
        let duration = self.value(duration);
        let other = word(self.origin, &path);
        if duration.kind == ValueKind::Broken {
            return None;
        }
        Some(if before { Comparison::WithinBefore(duration, other) } else { Comparison::WithinAfter(duration, other) })
    }

    fn operands_of(&mut self, node: Node<'_>) -> Vec<Value> {
        let mut values = Vec::new();
        for part in parts(node) {
            if part.as_rule() == Rule::values {
                values.extend(parts(part).map(|value| self.value(value)));
                self.report_last_comma(values.last().map(|value| value.span));
            } else {
                values.push(self.value(part));
            }
            if values.last().is_some_and(|value| value.kind == ValueKind::Broken) {
                break;
            }
        }
        values
    }

    /// Warns of a comma after the last of a list. One that joins conditions, or ends a bullet, has a sense.
    pub(super) fn report_last_comma(&mut self, last: Option<Span>) {
        let Some(last) = last else { return };
        let Some(rest) = self.text.get(last.end..) else { return };
        let Some(after) = rest.trim_start().strip_prefix(',') else { return };
        let at = last.end + rest.len() - rest.trim_start().len();
        let after = after.trim_start();
        let begins: String = after.chars().take(8).collect();
        let word: String = begins.chars().take_while(|c| c.is_alphabetic()).collect();
        let joins = matches!(word.to_ascii_lowercase().as_str(), "and" | "or");
        if !joins && tree::parse(Rule::dash, &begins).is_err() {
            self.problems.push(problem::list_ends_in_comma(Span::new(last.source, at, at + 1)));
        }
    }

    /// Reads a value; one that cannot be meant is reported and gives `Broken`.
    pub(super) fn value(&mut self, node: Node<'_>) -> Value {
        let node = if node.as_rule() == Rule::value { first(node.clone()).unwrap_or(node) } else { node };
        let place = span(self.origin, &node);
        let written = node.as_str().trim();
        let kind = match node.as_rule() {
            Rule::path | Rule::name => ValueKind::Word(plain_name(written)),
            Rule::string => ValueKind::Text(text(self.origin, &node).text),
            Rule::number => ValueKind::Number(plain_sign(written)),
            Rule::percent => ValueKind::Percent(first(node).map_or_else(String::new, |n| plain_sign(n.as_str()))),
            Rule::duration => duration(node),
            Rule::date => ValueKind::Date(tree::one_blank(written)),
            Rule::bad_number => {
                let in_list = self.is_in_list(place.start);
                self.reported(problem::number_with_separator(written, place, in_list))
            }
            Rule::bad_date => self.reported(problem::bad_date(written, place)),
            Rule::time_of_day => ValueKind::TimeOfDay(written.to_owned()),
            Rule::bad_duration => self.reported(problem::duration_with_comma(written, place)),
            _ => self.reported(problem::lost(place)),
        };
        Value { kind, span: place }
    }

    /// Says whether a value stands after `of` or a comma, where another may follow it.
    fn is_in_list(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or("").trim_end();
        before.ends_with(',') || before.get(before.len().saturating_sub(3)..).is_some_and(|end| end.trim() == "of")
    }

    /// Reports a part that nothing else explains.
    pub(super) fn lost(&mut self, place: Span) -> Condition {
        self.problems.push(problem::lost(place));
        broken(place)
    }

    fn reported(&mut self, problem: crate::diagnostic::Diagnostic) -> ValueKind {
        self.problems.push(problem);
        ValueKind::Broken
    }
}

/// Gives the comparison that says in one what this one says after `not`.
fn opposite(comparison: &Comparison) -> Option<Comparison> {
    Some(match comparison.clone() {
        Comparison::Is(value) => Comparison::IsNot(value),
        Comparison::IsNot(value) => Comparison::Is(value),
        Comparison::IsOneOf(values) => Comparison::IsNotOneOf(values),
        Comparison::IsNotOneOf(values) => Comparison::IsOneOf(values),
        Comparison::IsPresent => Comparison::IsMissing,
        Comparison::IsMissing => Comparison::IsPresent,
        _ => return None,
    })
}

fn duration(node: Node<'_>) -> ValueKind {
    let (mut amount, mut unit, mut working) = (String::new(), String::new(), false);
    for part in parts(node) {
        match part.as_rule() {
            Rule::number => amount = plain_sign(part.as_str()),
            Rule::working => working = true,
            _ => unit = part.as_str().to_owned(),
        }
    }
    ValueKind::Duration { amount, unit, working }
}

/// Makes a condition that has been reported and means nothing.
pub(super) fn broken(span: Span) -> Condition {
    Condition { kind: ConditionKind::Broken, span }
}

/// Writes the minus signs of word processors as `-`.
fn plain_sign(number: &str) -> String {
    number.trim().replace(['\u{2212}', '\u{2013}'], "-")
}
