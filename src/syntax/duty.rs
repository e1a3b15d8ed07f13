//! Duties: from the parse tree to [`ast::Obligation`](super::ast::Obligation).

use super::ast::{DeadlineClause, DeadlineKind, Obligation};
use super::parser::Lowering;
use super::tree::{Node, Rule, first, parts, span, word};

impl Lowering<'_> {
    /// Lowers what stands after `oblige`.
    pub(super) fn obligation(&mut self, node: Node<'_>) -> Option<Obligation> {
        let mut obligation = None;
        for part in parts(node) {
            match (part.as_rule(), &mut obligation) {
                (Rule::path, none @ None) => {
                    *none = Some(Obligation { act: word(self.origin, &part), deadline: None, with: None });
                }
                (Rule::condition, Some(obligation)) => obligation.with = Some(self.condition(part)),
                (_, Some(obligation)) => obligation.deadline = self.deadline(part),
                _ => {}
            }
        }
        obligation
    }

    fn deadline(&mut self, node: Node<'_>) -> Option<DeadlineClause> {
        let place = span(self.origin, &node);
        let which = node.as_rule();
        let working = node.clone().into_inner().any(|part| part.as_rule() == Rule::k_working);
        let (mut base, mut value, mut clock) = (None, None, None);
        for part in parts(node) {
            match part.as_rule() {
                Rule::path => base = Some(word(self.origin, &part)),
                Rule::of_base => base = first(part).map(|path| word(self.origin, &path)),
                Rule::time_of_day => clock = Some(self.as_written(&part)),
                _ => value = Some(self.value(part)),
            }
        }
        let kind = match which {
            Rule::by_within => DeadlineKind::Within(value?),
            Rule::by_before => DeadlineKind::Before,
            Rule::by_end => DeadlineKind::EndOfDay,
            Rule::by_next_day => DeadlineKind::NextWorkingDay,
            Rule::by_clock => DeadlineKind::Clock { time: clock?, working },
            _ => return None,
        };
        Some(DeadlineClause { kind, base, span: place })
    }
}
