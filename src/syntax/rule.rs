//! Rules, definitions and policy headers: from the parse tree to their declarations.

use crate::source::Span;

use super::ast::{
    AllowClause, Clause, ClauseKind, DefineDeclaration, NormClause, PolicyClause, PolicyClauseKind, PolicyHeader,
    RuleDeclaration, Text, Word,
};
use super::condition::{broken, with_a_broken_one};
use super::mistake::{self, Left};
use super::parser::Lowering;
use super::problem;
use super::tree::{self, Node, Origin, Rule, first, parts, span, text, word};

impl Lowering<'_> {
    pub(super) fn rule(&mut self, node: Node<'_>) -> RuleDeclaration {
        let mut rule = RuleDeclaration {
            name: None,
            title: None,
            clauses: Vec::new(),
            broken: false,
            span: self.keyword_span(&node, "rule".len()),
        };
        let mut named = false;
        for part in parts(node) {
            match part.as_rule() {
                Rule::short_name | Rule::bad_names => {
                    named = true;
                    rule.name = self.declared_name("rule", &part);
                    rule.span = rule.span.to(span(self.origin, &part));
                }
                Rule::text => rule.title = Some(text(self.origin, &part)),
                Rule::bad_clause => {
                    rule.broken = true;
                    rule.clauses.extend(self.bad_clause(&part));
                }
                _ => rule.clauses.extend(self.clause(part)),
            }
        }
        self.expect_name("rule", named, rule.title.as_ref(), rule.span);
        rule
    }

    /// Reports a clause that was not understood, and lowers what of it can be checked all the same.
    fn bad_clause(&mut self, bad: &Node<'_>) -> Option<Clause> {
        let origin = self.origin.at(bad.as_span().start());
        let left = mistake::report(self, bad, Rule::only_clause);
        let conditions = match left {
            Left::Nothing => return None,
            Left::Whole(tree) => return first(tree).and_then(|node| self.at(origin, |this| this.clause(node))),
            Left::Mended(text) => {
                let node = tree::parse(Rule::only_clause, &text).ok().and_then(first)?;
                return self.at(origin, |this| this.clause(node));
            }
            Left::Conditions(conditions) => conditions,
        };
        let place = span(self.origin, bad);
        let condition = with_a_broken_one(conditions, place);
        let opening = bad.as_str().split_whitespace().next().unwrap_or("").to_lowercase();
        let kind = match opening.as_str() {
            "when" => ClauseKind::When(condition),
            "unless" => ClauseKind::Unless(condition),
            "permit" => ClauseKind::Norm(NormClause::Permit(condition)),
            "forbid" => ClauseKind::Norm(NormClause::Forbid(condition)),
            "never" => ClauseKind::Norm(NormClause::Never(condition)),
            _ => ClauseKind::Norm(NormClause::Require(condition)),
        };
        Some(Clause { kind, span: place })
    }

    fn clause(&mut self, node: Node<'_>) -> Option<Clause> {
        let place = span(self.origin, &node);
        let kind = self.clause_kind(node)?;
        Some(Clause { kind, span: place })
    }

    fn clause_kind(&mut self, node: Node<'_>) -> Option<ClauseKind> {
        let which = node.as_rule();
        if let Some(norm) = self.norm(node.clone()) {
            return Some(ClauseKind::Norm(norm));
        }
        if which == Rule::allow {
            return Some(ClauseKind::Allow(self.allow(node)?));
        }
        if which == Rule::otherwise {
            return Some(ClauseKind::Otherwise(self.obligation(node)?));
        }
        let part = first(node)?;
        Some(match which {
            Rule::guard => ClauseKind::When(self.condition(part)),
            Rule::unless => ClauseKind::Unless(self.condition(part)),
            Rule::undocumented => ClauseKind::IfUndocumented(word(self.origin, &part)),
            Rule::severity => ClauseKind::Severity(word(self.origin, &part)),
            Rule::because => ClauseKind::Because(text(self.origin, &part)),
            Rule::cites => ClauseKind::Cites(text(self.origin, &part)),
            Rule::remedy => ClauseKind::Remedy(text(self.origin, &part)),
            Rule::untested => ClauseKind::Untested(text(self.origin, &part)),
            Rule::accepted => ClauseKind::SilenceAccepted(text(self.origin, &part)),
            _ => return None,
        })
    }

    fn norm(&mut self, node: Node<'_>) -> Option<NormClause> {
        let which = node.as_rule();
        match which {
            Rule::rescue => return Some(self.rescue_plan(node)),
            Rule::limit => return self.limit(node),
            Rule::limit_share => return self.limit_share(node),
            Rule::oblige => return Some(NormClause::Oblige(self.obligation(node)?)),
            _ => {}
        }
        let part = first(node)?;
        Some(match which {
            Rule::permit => NormClause::Permit(self.condition(part)),
            Rule::forbid => NormClause::Forbid(self.condition(part)),
            Rule::never => NormClause::Never(self.condition(part)),
            Rule::require => NormClause::Require(self.condition(part)),
            Rule::ceiling => NormClause::RiskCeiling(self.value(part)),
            Rule::supervision => NormClause::Supervision(self.value(part)),
            _ => return None,
        })
    }

    fn rescue_plan(&mut self, node: Node<'_>) -> NormClause {
        let mut with = Vec::new();
        let mut ready = None;
        for part in parts(node) {
            if part.as_rule() == Rule::names {
                with.extend(parts(part).map(|name| word(self.origin, &name)));
                self.report_last_comma(with.last().map(|name: &Word| name.span));
            } else if let Some(duration) = first(part) {
                ready = Some(self.value(duration));
            }
        }
        NormClause::RescuePlan { with, ready }
    }

    /// Lowers a tree that was parsed from another place.
    pub(super) fn at<T>(&mut self, origin: Origin, lower: impl FnOnce(&mut Self) -> T) -> T {
        let here = std::mem::replace(&mut self.origin, origin);
        let lowered = lower(self);
        self.origin = here;
        lowered
    }

    pub(super) fn define(&mut self, node: Node<'_>) -> DefineDeclaration {
        let place = span(self.origin, &node);
        let mut define = DefineDeclaration { name: None, condition: broken(place) };
        for part in parts(node) {
            match part.as_rule() {
                Rule::name | Rule::bad_name => define.name = self.declared_name("definition", &part),
                Rule::condition => define.condition = self.condition(part),
                _ => {}
            }
        }
        define
    }

    pub(super) fn policy(&mut self, node: Node<'_>) -> PolicyHeader {
        let begins = self.keyword_span(&node, "policy".len());
        let mut header = PolicyHeader { name: None, title: None, clauses: Vec::new(), broken: false, span: begins };
        let mut named = false;
        for part in parts(node) {
            match part.as_rule() {
                Rule::short_name | Rule::bad_names => {
                    named = true;
                    header.name = self.declared_name("policy", &part);
                    header.span = header.span.to(span(self.origin, &part));
                }
                Rule::text => header.title = Some(text(self.origin, &part)),
                Rule::bad_pclause => {
                    header.broken = true;
                    header.clauses.extend(self.bad_policy_clause(&part));
                }
                _ => header.clauses.extend(self.policy_clause(part)),
            }
        }
        self.expect_name("policy", named, header.title.as_ref(), header.span);
        header
    }

    /// Does for a clause of the header what `bad_clause` does for one of a rule.
    fn bad_policy_clause(&mut self, bad: &Node<'_>) -> Option<PolicyClause> {
        let origin = self.origin.at(bad.as_span().start());
        match mistake::report(self, bad, Rule::only_pclause) {
            Left::Nothing => None,
            Left::Whole(tree) => first(tree).and_then(|node| self.at(origin, |this| this.policy_clause(node))),
            Left::Mended(text) => {
                let node = tree::parse(Rule::only_pclause, &text).ok().and_then(first)?;
                self.at(origin, |this| this.policy_clause(node))
            }
            Left::Conditions(conditions) => {
                let place = span(self.origin, bad);
                let condition = Box::new(with_a_broken_one(conditions, place));
                Some(PolicyClause { kind: PolicyClauseKind::AppliesWhen(condition), span: place })
            }
        }
    }

    fn policy_clause(&mut self, node: Node<'_>) -> Option<PolicyClause> {
        let place = span(self.origin, &node);
        let kind = self.policy_clause_kind(node)?;
        Some(PolicyClause { kind, span: place })
    }

    fn policy_clause_kind(&mut self, node: Node<'_>) -> Option<PolicyClauseKind> {
        let which = node.as_rule();
        match which {
            Rule::default => {
                let permit = node.into_inner().any(|part| part.as_rule() == Rule::k_permit);
                return Some(PolicyClauseKind::DefaultPermit(permit));
            }
            Rule::effective => return self.effective(node),
            Rule::allow => return Some(PolicyClauseKind::Allow(self.allow(node)?)),
            _ => {}
        }
        let part = first(node)?;
        Some(match which {
            Rule::version => PolicyClauseKind::Version(self.as_written(&part)),
            Rule::owner => PolicyClauseKind::Owner(text(self.origin, &part)),
            Rule::zone => PolicyClauseKind::TimeZone(self.as_written(&part)),
            Rule::calendar => PolicyClauseKind::Calendar(word(self.origin, &part)),
            Rule::uses => PolicyClauseKind::Vocabulary(word(self.origin, &part)),
            Rule::applies => PolicyClauseKind::AppliesWhen(Box::new(self.condition(part))),
            Rule::recorded => PolicyClauseKind::RecordedWithin(self.value(part)),
            _ => return None,
        })
    }

    fn allow(&self, node: Node<'_>) -> Option<AllowClause> {
        let mut parts = parts(node);
        let lint = self.as_written(&parts.next()?);
        let because = parts.find(|part| part.as_rule() == Rule::text);
        Some(AllowClause { lint, because: because.map(|because| text(self.origin, &because)) })
    }

    fn effective(&mut self, node: Node<'_>) -> Option<PolicyClauseKind> {
        let mut days = Vec::new();
        for part in parts(node) {
            if part.as_rule() == Rule::bad_date {
                let place = span(self.origin, &part);
                self.problems.push(problem::bad_date(part.as_str(), place));
                return None;
            }
            days.push(self.as_written(&part));
        }
        let mut days = days.into_iter();
        Some(PolicyClauseKind::Effective { from: days.next()?, until: days.next() })
    }

    /// Reads a word as it stands: a label, a zone, a date.
    pub(super) fn as_written(&self, node: &Node<'_>) -> Word {
        Word { text: node.as_str().trim().to_owned(), span: span(self.origin, node) }
    }

    pub(super) fn keyword_span(&self, node: &Node<'_>, length: usize) -> Span {
        let start = node.as_span().start();
        self.origin.span(start, start + length)
    }

    fn expect_name(&mut self, what: &str, named: bool, title: Option<&Text>, at: Span) {
        if !named {
            let title = title.map(|title| title.text.as_str());
            self.problems.push(problem::missing_name(what, at, title));
        }
    }
}
