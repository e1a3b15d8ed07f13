//! Lists of bullets, nested by the columns of their dashes.
//!
//! The grammar reads bullets greedily: a bullet after an inner list becomes part of that list, wherever its dash
//! stands. Here they are sorted again: a list owns the bullets whose dashes stand in the column of its first; those
//! further left are handed to the list outside it.

use std::collections::VecDeque;

use crate::source::Span;

use super::ast::{Condition, ConditionKind};
use super::condition::{Lowered, Within, broken};
use super::parser::Lowering;
use super::problem;
use super::tree::{Node, Rule, parts, span};

/// One list while it is sorted.
pub(super) struct Bullets<'t> {
    any: bool,
    heading: Span,
    column: usize,
    first: Span,
    within: Within,
    queue: VecDeque<Node<'t>>,
    conditions: Vec<Condition>,
    /// Whether its columns cannot be compared, which is told once.
    unclear: bool,
}

impl<'t> Bullets<'t> {
    /// Lowers a list; the bullets that belong further out are handed back.
    pub(super) fn lower(lowering: &mut Lowering<'_>, node: Node<'t>, within: Within) -> Lowered<'t> {
        let whole = span(lowering.origin, &node);
        let any = node.clone().into_inner().any(|part| part.as_rule() == Rule::k_any);
        let heading = Span::new(whole.source, whole.start, whole.start + "all of".len());
        let queue: VecDeque<Node<'t>> = parts(node).collect();
        let Some(column) = queue.front().and_then(|bullet| dash_column(lowering, bullet)) else {
            return Lowered::of(broken(whole));
        };
        let first = queue.front().and_then(|bullet| dash_of(lowering, bullet)).unwrap_or(heading);
        let mut list = Self {
            any,
            heading,
            column,
            first,
            within: within.deeper(),
            queue,
            conditions: Vec::new(),
            unclear: false,
        };
        list.check_first(lowering);
        let left = list.sort(lowering);
        let end = list.conditions.last().map_or(heading, |last| last.span);
        let kind = if any { ConditionKind::Any(list.conditions) } else { ConditionKind::All(list.conditions) };
        Lowered { condition: Condition { kind, span: heading.to(end) }, left }
    }

    /// The first dash stands further to the right than those of the list outside.
    fn check_first(&mut self, lowering: &mut Lowering<'_>) {
        let (Some(outer), Some(column)) = (self.within.dash, self.within.dash_column) else { return };
        if !lowering.indented_alike(outer.start, self.first.start) {
            self.unclear = true;
            lowering.problems.push(problem::tabs_and_spaces(self.first, outer, "bullet"));
        } else if self.column <= column {
            let tabs = lowering.has_tab_before(self.first.start);
            lowering.problems.push(problem::stray_bullet(self.first, self.heading, tabs));
        }
    }

    /// Takes bullets while they are the list's own; gives those that belong further out.
    fn sort(&mut self, lowering: &mut Lowering<'_>) -> Vec<Node<'t>> {
        while let Some(bullet) = self.queue.pop_front() {
            let column = dash_column(lowering, &bullet).unwrap_or(self.column);
            let dash = dash_of(lowering, &bullet).unwrap_or(self.heading);
            if !self.unclear && !lowering.indented_alike(self.first.start, dash.start) {
                self.unclear = true;
                lowering.problems.push(problem::tabs_and_spaces(dash, self.first, "bullet"));
            }
            if self.unclear {
                self.take(lowering, bullet);
                continue;
            }
            if column < self.column && self.within.dash_column.is_some() {
                self.queue.push_front(bullet);
                return std::mem::take(&mut self.queue).into();
            }
            if column != self.column {
                let tabs = lowering.has_tab_before(dash.start);
                lowering.problems.push(problem::stray_bullet(dash, self.heading, tabs));
            }
            self.take(lowering, bullet);
        }
        Vec::new()
    }

    fn take(&mut self, lowering: &mut Lowering<'_>, bullet: Node<'t>) {
        for part in parts(bullet) {
            match part.as_rule() {
                Rule::condition => {
                    let lowered =
                        lowering.chain(part, self.within.bullet_at(self.column, self.first).unclear_if(self.unclear));
                    self.conditions.push(lowered.condition);
                    for bullet in lowered.left.into_iter().rev() {
                        self.queue.push_front(bullet);
                    }
                }
                Rule::bullet_end => self.check_end(lowering, &part),
                _ => {}
            }
        }
    }

    /// A connective at a bullet's end must say what the heading says.
    fn check_end(&self, lowering: &mut Lowering<'_>, end: &Node<'_>) {
        let words = end.as_str().to_ascii_lowercase();
        let (said, other) = if self.any { ("any", "and") } else { ("all", "or") };
        let contradicts = words.split(|c: char| !c.is_alphabetic()).any(|word| word == other);
        if contradicts {
            let at = span(lowering.origin, end);
            lowering.problems.push(problem::bullet_against_heading(at, other, said));
        }
    }
}

fn dash_of(lowering: &Lowering<'_>, bullet: &Node<'_>) -> Option<Span> {
    let dash = parts(bullet.clone()).find(|part| part.as_rule() == Rule::dash)?;
    Some(span(lowering.origin, &dash))
}

fn dash_column(lowering: &Lowering<'_>, bullet: &Node<'_>) -> Option<usize> {
    dash_of(lowering, bullet).map(|dash| lowering.column(dash.start))
}
