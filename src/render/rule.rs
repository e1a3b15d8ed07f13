//! Rules in plain English: what each demands or permits, except where, and what is said about it.

use crate::policy::{
    Condition, ConditionId, Function, HistoryId, NormKind, Relation, Rule, RuleSeverity, Silence, Term, Value, number,
};

use super::condition::{Mood, Said};
use super::document::{Block, Inline};
use super::words::{Words, t};

/// A rule in its parts, each of which stands by itself and can be compared with that of another version.
#[derive(Debug, Clone)]
pub(super) struct RuleParts {
    /// What it says: guard and norm.
    pub(super) says: Vec<Block>,
    /// Its other parts, each with a label.
    pub(super) rest: Vec<(String, Vec<Block>)>,
}

impl Words<'_> {
    /// Says a rule.
    pub(super) fn rule_parts(&self, rule: &Rule) -> RuleParts {
        let says = match &rule.duty {
            Some(duty) => self.duty(duty, rule.guard),
            None => self.norm(rule),
        };
        let mut rest = Vec::new();
        let mut add = |label: &str, blocks: Vec<Block>| rest.push((label.to_owned(), blocks));
        if let Some(unless) = self.exception(rule) {
            add("Exception", unless);
        }
        if let Some(silence) = rule.silence {
            add("If not documented", vec![Block::text(silence_words(rule, silence))]);
        }
        if !rule.is_permit() {
            add("Severity", vec![Block::text(severity_words(rule.severity))]);
        }
        if let Some(because) = &rule.because {
            add("Reason", vec![Block::text(because)]);
        }
        match rule.cites.as_slice() {
            [] => {}
            [one] => add("Source", vec![Block::text(one)]),
            several => {
                add("Sources", vec![Block::List(several.iter().map(|cited| vec![Block::text(cited)]).collect())])
            }
        }
        if let Some(remedy) = &rule.remedy {
            add("Remedy", vec![Block::text(remedy)]);
        }
        RuleParts { says, rest }
    }

    /// Says where a rule does not bind.
    fn exception(&self, rule: &Rule) -> Option<Vec<Block>> {
        let before = match rule.norm.kind {
            NormKind::Permit => "this ground is not given where ",
            NormKind::Oblige => "nothing is owed where ",
            _ => "this rule does not bind where ",
        };
        Some(self.condition(rule.unless?, Mood::Is).after(before).sentence())
    }

    /// Says the same where the rule has to be named first.
    pub(super) fn named_exception(&self, rule: &Rule, number: usize) -> Option<Vec<Block>> {
        let after = match rule.norm.kind {
            NormKind::Permit => "): this ground is not given where ",
            NormKind::Oblige => "): nothing is owed where ",
            _ => "): it does not bind where ",
        };
        let said = self.condition(rule.unless?, Mood::Is);
        let words = [vec![Inline::Text(format!("rule {number} (")), self.rule(rule), t(after)], said.words].concat();
        Some(Said { words, items: said.items }.sentence())
    }

    fn norm(&self, rule: &Rule) -> Vec<Block> {
        let condition = rule.norm.condition;
        let guarded = rule.guard.is_some();
        let joining = if guarded { "if " } else { "where " };
        match rule.norm.kind {
            NormKind::Permit => {
                let said = self.condition(condition, Mood::Is);
                self.guarded(rule.guard, said.after(&format!("failure may be allowed {joining}")))
            }
            NormKind::Forbid => {
                let said = self.negation(condition, Mood::Is);
                self.guarded(rule.guard, said.after(&format!("failure may not be allowed {joining}")))
            }
            NormKind::Never => {
                let said = self.negation(condition, Mood::Is);
                let mut blocks =
                    self.guarded(rule.guard, said.after(&format!("failure may never be allowed {joining}")));
                blocks.push(Block::text("There is no exception."));
                blocks
            }
            NormKind::RescuePlan => self.guarded(rule.guard, self.rescue_plan(condition)),
            NormKind::Limit => self.limit(rule),
            NormKind::Require | NormKind::RiskCeiling | NormKind::Supervision | NormKind::Oblige => {
                self.guarded(rule.guard, self.condition(condition, Mood::Must))
            }
        }
    }

    /// Puts the guard before what is said: in one sentence, or as a list of its own.
    pub(super) fn guarded(&self, guard: Option<ConditionId>, said: Said) -> Vec<Block> {
        let Some(guard) = guard else { return said.sentence() };
        let guard = self.condition(guard, Mood::Is).after("where ");
        if guard.items.is_empty() {
            let mut words = guard.words;
            words.push(t(", "));
            words.extend(said.words);
            return Said { words, items: said.items }.sentence();
        }
        let mut blocks = guard.sentence();
        blocks.extend(said.after("in such an episode, ").sentence());
        blocks
    }

    fn rescue_plan(&self, condition: ConditionId) -> Said {
        let conditions = &self.version.conditions;
        let parts: Vec<ConditionId> = match conditions.get(condition) {
            Condition::All(parts) => parts.to_vec(),
            _ => vec![condition],
        };
        let mut words = vec![t("a rescue must be planned")];
        let mut strategies = Vec::new();
        let mut further = Vec::new();
        for part in parts {
            match conditions.get(part) {
                Condition::NotEmpty(set) => {
                    words.push(t(": "));
                    words.extend(self.field(set.field));
                    words.push(t(" must name at least one"));
                }
                Condition::Includes { set, member } => strategies.push(self.term(member, set.field)),
                _ => further.push(self.condition(part, Mood::Must).words),
            }
        }
        if !strategies.is_empty() {
            words.push(t(", and among them "));
            words.extend(super::words::joined(strategies, "and"));
        }
        for said in further {
            words.push(t("; "));
            words.extend(said);
        }
        Said::short(words)
    }

    /// A limit judges only what it counts: that part of its guard is said with the count.
    fn limit(&self, rule: &Rule) -> Vec<Block> {
        let conditions = &self.version.conditions;
        let measured = match conditions.get(rule.norm.condition) {
            Condition::Any(parts) => parts.iter().rev().map(|part| conditions.get(*part)).next(),
            other => Some(other),
        };
        let Some(Condition::Measure { history, right, .. }) = measured else {
            return self.guarded(rule.guard, self.condition(rule.norm.condition, Mood::Must));
        };
        let guard = self.guard_of_limit(rule, *history);
        let Some(clause) = conditions.history(*history) else { return Vec::new() };
        let window = clause.window.length().map_or(String::new(), crate::policy::Length::words);
        let mut words = vec![Inline::Text(format!("in any period of {window}, at most "))];
        words.extend(self.term(right, crate::policy::FieldId(0)));
        let Function::Share(counted) = clause.function else {
            let one = matches!(right, Term::Constant(Value::Number(most)) if number::write(*most) == "1");
            words.push(t(if one { " episode" } else { " episodes" }));
            words.extend(self.same(clause));
            words.push(t(if one { " is allowed" } else { " are allowed" }));
            if clause.filter.is_some() {
                words.push(t(", counting only those"));
            }
            let mut blocks = self.guarded(guard, self.in_which(words, " in which ", clause.filter));
            blocks.push(remark(guard.is_some(), if clause.filter.is_some() { OF_SOME } else { OF_ALL }));
            return blocks;
        };
        words.push(t(" of the episodes"));
        words.extend(self.same(clause));
        let looked_at = self.in_which(words, ", in which ", clause.filter);
        let mut blocks = if looked_at.items.is_empty() {
            let mut words = looked_at.words;
            words.push(t(if clause.filter.is_some() { ", may be ones in which " } else { " may be ones in which " }));
            let counted = self.condition(counted, Mood::Is);
            words.extend(counted.words);
            self.guarded(guard, Said { words, items: counted.items })
        } else {
            let mut blocks = self.guarded(guard, looked_at);
            blocks.extend(self.condition(counted, Mood::Is).after("may be ones in which ").sentence());
            blocks
        };
        blocks.extend(self.asked_from(rule));
        blocks.push(remark(guard.is_some(), OF_SHARE));
        blocks
    }

    /// Says from how many episodes on a rate is asked.
    fn asked_from(&self, rule: &Rule) -> Option<Block> {
        let conditions = &self.version.conditions;
        let Condition::Any(parts) = conditions.get(rule.norm.condition) else { return None };
        let Condition::Measure { relation: Relation::Below, right, .. } = conditions.get(*parts.first()?) else {
            return None;
        };
        let words = self.term(right, crate::policy::FieldId(0));
        if super::document::plain(&words) == "1" {
            return None;
        }
        let mut said = vec![t("This is asked only where the share is taken of at least ")];
        said.extend(words);
        said.push(t(" episodes."));
        Some(Block::Paragraph(said))
    }

    /// Gives the guard that was written, without what the limit asks of the episode itself.
    fn guard_of_limit(&self, rule: &Rule, history: HistoryId) -> Option<ConditionId> {
        let conditions = &self.version.conditions;
        let guard = rule.guard?;
        let clause = conditions.history(history)?;
        let counts_it = |id: ConditionId| match clause.function {
            Function::Share(counted) => match conditions.get(id) {
                Condition::All(parts) => parts.iter().copied().eq(clause.filter.into_iter().chain([counted])),
                _ => false,
            },
            _ => clause.filter == Some(id),
        };
        if counts_it(guard) {
            return None;
        }
        match conditions.get(guard) {
            Condition::All(parts) => match &**parts {
                [written, itself] if counts_it(*itself) => Some(*written),
                _ => Some(guard),
            },
            _ => Some(guard),
        }
    }
}

/// Whom a quota judges.
const OF_ALL: &str =
    "The episode itself is counted. The one that exceeds the limit breaks this rule, and the earlier ones do not.";

/// Whom a quota of some episodes judges.
const OF_SOME: &str = "The episode itself is counted. The one that exceeds the limit breaks this rule, and the earlier ones do not. An episode that is not counted is not judged by it.";

/// Whom a rate judges.
const OF_SHARE: &str = "The episode itself is counted. This rule judges only an episode that is itself one of those whose share is limited.";

/// Says whom a limit judges; the guard asks something of the episode that is judged, and nothing of those that are counted.
fn remark(guarded: bool, whom: &str) -> Block {
    let counted = " The earlier ones are counted whether or not the condition at the beginning holds of them.";
    Block::Remark(vec![Inline::Text(format!("{whom}{}", if guarded { counted } else { "" }))])
}

/// Says what silence counts as.
pub(super) fn silence_words(rule: &Rule, silence: Silence) -> &'static str {
    match silence {
        Silence::Violated if rule.duty.is_some() => {
            "Where what is documented leaves this duty open, it counts as overdue."
        }
        Silence::Violated => "Where what is documented leaves this rule open, it counts as violated.",
        Silence::Satisfied => "Where what is documented leaves this rule open, it counts as met.",
    }
}

/// Says how grave it is to break a rule.
pub(super) fn severity_words(severity: RuleSeverity) -> &'static str {
    match severity {
        RuleSeverity::Advisory => "Advisory: it is reported, and decides nothing.",
        RuleSeverity::Minor => "Minor.",
        RuleSeverity::Major => "Major.",
        RuleSeverity::Critical => "Critical.",
    }
}
