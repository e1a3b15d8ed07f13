//! History clauses and limits: from the parse tree to [`ast::HistoryClause`](super::ast::HistoryClause).

use crate::source::Span;

use super::ast::{Condition, ConditionKind, HistoryClause, HistoryKind, NormClause, Value, WindowClause, WindowKind};
use super::condition::{Within, broken};
use super::parser::Lowering;
use super::tree::{Node, Rule, first, parts, span, word};

impl Lowering<'_> {
    /// Lowers a history clause with the comparison that follows it.
    pub(super) fn history(&mut self, node: Node<'_>, within: Within) -> Condition {
        let place = span(self.origin, &node);
        let mut inner = parts(node);
        let Some(clause) = inner.next().and_then(|clause| self.history_clause(clause, within)) else {
            return self.lost(place);
        };
        let before = self.problems.len();
        let comparison = match inner.next() {
            None => None,
            Some(op) => match self.op(op) {
                None if self.problems.len() == before => return self.lost(place),
                None => return broken(place),
                said => said,
            },
        };
        Condition { kind: ConditionKind::History(Box::new(clause), comparison), span: place }
    }

    /// Lowers everything of a clause but the comparison.
    fn history_clause(&mut self, node: Node<'_>, within: Within) -> Option<HistoryClause> {
        let place = span(self.origin, &node);
        let mut of = None;
        let which = node.as_rule();
        let mut clause = Gathered::new(place);
        for part in parts(node) {
            match part.as_rule() {
                Rule::path => of = Some(word(self.origin, &part)),
                _ => self.gather(part, &mut clause, within),
            }
        }
        let kind = match which {
            Rule::any_record => HistoryKind::Any,
            Rule::no_record => HistoryKind::No,
            Rule::count => HistoryKind::Count,
            Rule::sum => HistoryKind::Sum(of?),
            Rule::average => HistoryKind::Average(of?),
            Rule::share => HistoryKind::Share,
            Rule::since_last => HistoryKind::TimeSinceLast,
            _ => return None,
        };
        clause.of(kind)
    }

    /// Takes up a part that every history clause may have.
    fn gather(&mut self, part: Node<'_>, clause: &mut Gathered, within: Within) {
        match part.as_rule() {
            Rule::name if clause.noun.is_none() => clause.noun = Some(word(self.origin, &part)),
            Rule::r#where => clause.filter = self.filter(part, within),
            Rule::among => clause.among = parts(part).find_map(|inner| self.filter(inner, within)),
            Rule::per => {
                let paths = first(part).into_iter().flat_map(parts);
                clause.per = paths.map(|path| word(self.origin, &path)).collect();
            }
            Rule::in_the_past | Rule::in_any | Rule::to_date | Rule::same_time => {
                clause.window = self.window(part);
            }
            _ => {}
        }
    }

    /// Lowers `where C`; it nests, so its depth counts.
    fn filter(&mut self, node: Node<'_>, within: Within) -> Option<Box<Condition>> {
        let condition = first(node)?;
        let lowered = self.chain(condition, within.deeper());
        self.report_stray(&lowered.left, lowered.condition.span);
        Some(Box::new(lowered.condition))
    }

    fn window(&mut self, node: Node<'_>) -> Option<WindowClause> {
        let place = span(self.origin, &node);
        let kind = match node.as_rule() {
            Rule::to_date => WindowKind::ToDate,
            Rule::same_time => WindowKind::AtTheSameTime,
            Rule::in_any => WindowKind::InAny(self.only_value(node)?),
            _ => WindowKind::InThePast(self.only_value(node)?),
        };
        Some(WindowClause { kind, span: place })
    }

    fn only_value(&mut self, node: Node<'_>) -> Option<Value> {
        first(node).map(|value| self.value(value))
    }

    /// `limit N episodes [where C] [per F, …] in any D`
    pub(super) fn limit(&mut self, node: Node<'_>) -> Option<NormClause> {
        let (history, mut numbers) = self.limited(node, HistoryKind::Count)?;
        Some(NormClause::Limit { most: numbers.pop()?, history })
    }

    /// `limit share of episodes where C [among episodes where C] to P [per F, …] in any D [given at least N]`
    pub(super) fn limit_share(&mut self, node: Node<'_>) -> Option<NormClause> {
        let given = parts(node.clone()).find(|part| part.as_rule() == Rule::given).and_then(first);
        let given = given.map(|number| self.value(number));
        let (history, mut numbers) = self.limited(node, HistoryKind::Share)?;
        Some(NormClause::LimitShare { most: numbers.pop()?, history, given })
    }

    fn limited(&mut self, node: Node<'_>, kind: HistoryKind) -> Option<(HistoryClause, Vec<Value>)> {
        let mut clause = Gathered::new(span(self.origin, &node));
        let mut numbers = Vec::new();
        for part in parts(node) {
            match part.as_rule() {
                Rule::number | Rule::bad_number | Rule::percent => numbers.push(self.value(part)),
                _ => self.gather(part, &mut clause, Within::default()),
            }
        }
        Some((clause.of(kind)?, numbers))
    }
}

/// The parts of a history clause while they are read.
struct Gathered {
    noun: Option<super::ast::Word>,
    filter: Option<Box<Condition>>,
    among: Option<Box<Condition>>,
    per: Vec<super::ast::Word>,
    window: Option<WindowClause>,
    span: Span,
}

impl Gathered {
    fn new(span: Span) -> Self {
        Self { noun: None, filter: None, among: None, per: Vec::new(), window: None, span }
    }

    fn of(self, kind: HistoryKind) -> Option<HistoryClause> {
        let Self { noun, filter, among, per, window, span } = self;
        Some(HistoryClause { kind, noun: noun?, filter, among, per, window, span })
    }
}
