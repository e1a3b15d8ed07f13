//! Conditions in plain English: a phrase, and where more is joined than a phrase can carry, a list below it.
//!
//! What is joined by `and` and by `or` never stands in one line: two simple parts make a phrase, everything else a list
//! that says whether all of it must hold or one of it.

use crate::policy::{Condition, ConditionId, FieldRef, Relation, TableTest, Term, Value};

use super::document::{Block, Inline};
use super::words::{Words, capital, joined, t};

/// How something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// "is at least"
    Is,
    /// "must be at least"
    Must,
}

/// A condition in words.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// The phrase.
    pub(super) words: Vec<Inline>,
    /// What stands in the list below it, if it has one: the phrase then announces it.
    pub(super) items: Vec<Vec<Block>>,
}

impl Said {
    pub(super) fn short(words: Vec<Inline>) -> Self {
        Self { words, items: Vec::new() }
    }

    /// Puts words before the phrase.
    pub(super) fn after(mut self, before: &str) -> Self {
        self.words.insert(0, t(before));
        self
    }

    /// Makes a sentence: a paragraph, and the list below it.
    pub(super) fn sentence(self) -> Vec<Block> {
        let mut words = capital(self.words);
        words.push(t(if self.items.is_empty() { "." } else { ":" }));
        let mut blocks = vec![Block::Paragraph(words)];
        if !self.items.is_empty() {
            blocks.push(Block::List(self.items));
        }
        blocks
    }

    /// Makes an item of a list.
    pub(super) fn item(self) -> Vec<Block> {
        let mut words = self.words;
        if self.items.is_empty() {
            return vec![Block::Paragraph(words)];
        }
        words.push(t(":"));
        vec![Block::Paragraph(words), Block::List(self.items)]
    }
}

impl Words<'_> {
    /// Says a condition.
    pub(super) fn condition(&self, id: ConditionId, mood: Mood) -> Said {
        let (condition, negated) = self.without_nots(id);
        match condition {
            Condition::All(parts) | Condition::Any(parts) if parts.len() == 1 => {
                // Of one part, all and any are the same.
                let part = parts.iter().copied().next().unwrap_or(id);
                if negated { self.negation(part, mood) } else { self.condition(part, mood) }
            }
            Condition::All(parts) => self.compound(parts, true, negated, mood),
            Condition::Any(parts) => self.compound(parts, false, negated, mood),
            Condition::Measure { history, relation, right } => self.measure(*history, *relation, right, negated, mood),
            leaf => Said::short(self.leaf(leaf, negated, mood)),
        }
    }

    /// Says that a condition is false.
    pub(super) fn negation(&self, id: ConditionId, mood: Mood) -> Said {
        let (condition, negated) = self.without_nots(id);
        match condition {
            Condition::All(parts) => self.compound(parts, true, !negated, mood),
            Condition::Any(parts) => self.compound(parts, false, !negated, mood),
            Condition::Measure { history, relation, right } => self.measure(*history, *relation, right, !negated, mood),
            leaf => Said::short(self.leaf(leaf, !negated, mood)),
        }
    }

    /// Takes every `not` off the front, and says whether their number was odd.
    pub(super) fn without_nots(&self, id: ConditionId) -> (&Condition, bool) {
        let conditions = &self.version.conditions;
        let (mut condition, mut negated) = (conditions.get(id), false);
        while let Condition::Not(part) = condition {
            (condition, negated) = (conditions.get(*part), !negated);
        }
        (condition, negated)
    }

    fn compound(&self, parts: &[ConditionId], all: bool, negated: bool, mood: Mood) -> Said {
        if let Some(words) = self.members(parts, all, negated, mood) {
            return Said::short(words);
        }
        if let ([one, other], false, Mood::Is) = (parts, negated, mood)
            && self.is_simple(*one)
            && self.is_simple(*other)
        {
            let mut words = self.condition(*one, mood).words;
            words.push(t(if all { " and " } else { " or " }));
            words.extend(self.condition(*other, mood).words);
            return Said::short(words);
        }
        let words = match (all, negated, mood) {
            (true, false, Mood::Is) => "all of these hold",
            (true, true, Mood::Is) => "not all of these hold",
            (false, false, Mood::Is) => "at least one of these holds",
            (false, true, Mood::Is) => "none of these holds",
            (true, false, Mood::Must) => "all of these must hold",
            (true, true, Mood::Must) => "at least one of these must not hold",
            (false, false, Mood::Must) => "at least one of these must hold",
            (false, true, Mood::Must) => "none of these may hold",
        };
        let items = parts.iter().map(|part| self.condition(*part, Mood::Is).item()).collect();
        Said { words: vec![t(words)], items }
    }

    /// Says whether a part can stand in one line beside another without being misread.
    fn is_simple(&self, id: ConditionId) -> bool {
        match self.without_nots(id).0 {
            Condition::OneOf { values, .. } => values.len() == 1,
            Condition::Compare { .. }
            | Condition::Includes { .. }
            | Condition::NotEmpty(_)
            | Condition::Present(_)
            | Condition::Defined(_) => true,
            Condition::Table { test, .. } => match test {
                TableTest::Bounds { .. } | TableTest::Gives { .. } | TableTest::Never => true,
                TableTest::OneOf(values) => values.len() == 1,
                TableTest::Between(..) => false,
            },
            Condition::All(_)
            | Condition::Any(_)
            | Condition::Not(_)
            | Condition::Between { .. }
            | Condition::Within { .. }
            | Condition::Measure { .. }
            | Condition::Clock { .. } => false,
        }
    }

    /// `includes any of`, `includes all of`: one phrase, where all parts ask the same set.
    fn members(&self, parts: &[ConditionId], all: bool, negated: bool, mood: Mood) -> Option<Vec<Inline>> {
        let conditions = &self.version.conditions;
        let asked = parts.iter().map(|part| match conditions.get(*part) {
            Condition::Includes { set, member } => Some((*set, member)),
            _ => None,
        });
        let asked: Vec<(FieldRef, &Term)> = asked.collect::<Option<_>>()?;
        let (set, _) = asked.first().copied()?;
        if asked.iter().any(|(other, _)| *other != set) {
            return None;
        }
        let members = asked.iter().map(|(_, member)| self.member(member, set)).collect();
        let (verb, joining) = match (all, negated, mood) {
            (true, false, Mood::Is) => ("includes", "and"),
            (true, false, Mood::Must) => ("must include", "and"),
            (false, false, Mood::Is) => ("includes at least one of", "and"),
            (false, false, Mood::Must) => ("must include at least one of", "and"),
            (true, true, Mood::Is) => ("does not include all of", "and"),
            (true, true, Mood::Must) => ("must not include all of", "and"),
            (false, true, Mood::Is) => ("includes none of", "and"),
            (false, true, Mood::Must) => ("must include none of", "and"),
        };
        let mut words = self.field(set.field);
        words.push(Inline::Text(format!(" {verb} ")));
        words.extend(joined(members, joining));
        Some(words)
    }

    fn member(&self, member: &Term, set: FieldRef) -> Vec<Inline> {
        match member {
            Term::Constant(_) => self.term(member, set.field),
            Term::Field(_) => {
                let mut words = vec![t("the value of ")];
                words.extend(self.term(member, set.field));
                words
            }
        }
    }

    /// Says a condition without parts.
    fn leaf(&self, leaf: &Condition, negated: bool, mood: Mood) -> Vec<Inline> {
        let with = |field: FieldRef, verb: String, rest: Vec<Inline>| {
            let mut words = self.field(field.field);
            words.push(Inline::Text(format!(" {verb}")));
            words.extend(rest);
            words
        };
        match leaf {
            Condition::Compare { left, relation, right } => self.comparison(*left, *relation, right, negated, mood),
            Condition::OneOf { left, values } => {
                let none = negated && values.len() > 1;
                let verb =
                    if none { format!("{} none of ", be(mood, false)) } else { format!("{} ", be(mood, negated)) };
                with(*left, verb, self.values(values, left.field, if none { "and" } else { "or" }))
            }
            Condition::Between { left, low, high } => {
                let mut rest = self.term(low, left.field);
                rest.push(t(" and "));
                rest.extend(self.term(high, left.field));
                rest.push(t(" (both included)"));
                with(*left, format!("{} between ", be(mood, negated)), rest)
            }
            Condition::Includes { set, member } => {
                with(*set, verb(mood, negated, "include", "includes"), self.member(member, *set))
            }
            Condition::NotEmpty(set) if negated => with(*set, verb(mood, false, "name", "names"), vec![t("none")]),
            Condition::NotEmpty(set) => with(*set, verb(mood, false, "name", "names"), vec![t("at least one")]),
            Condition::Present(field) => with(*field, format!("{} documented", be(mood, negated)), Vec::new()),
            Condition::Within { first, at_most, second } => {
                let mut rest = vec![t("within ")];
                rest.extend(self.term(at_most, first.field));
                rest.push(t(" before "));
                rest.extend(self.field(second.field));
                with(*first, verb(mood, negated, "lie", "lies"), rest)
            }
            Condition::Clock { left, from, until } => {
                let (from, until) = (from.strftime("%H:%M"), until.strftime("%H:%M"));
                let rest = format!("between {from} and {until} on the local clock ({until} itself not included)");
                with(*left, verb(mood, negated, "lie", "lies"), vec![t(&rest)])
            }
            Condition::Defined(definition) => {
                let name = self.version.conditions.definition(*definition).map_or("", |known| known.name.as_str());
                vec![
                    self.definition(name),
                    Inline::Text(format!(" {}", verb(mood, negated, "hold", "holds").trim_end())),
                ]
            }
            Condition::Table { table, test } => self.table_test(*table, test, negated, mood),
            // Those with parts are said elsewhere.
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::Measure { .. } => Vec::new(),
        }
    }

    fn comparison(&self, left: FieldRef, relation: Relation, right: &Term, negated: bool, mood: Mood) -> Vec<Inline> {
        let mut words = self.field(left.field);
        if let (Relation::Is, Term::Constant(Value::Boolean(answer))) = (relation, right) {
            let answer = if *answer == negated { "no" } else { "yes" };
            words.push(Inline::Text(format!(" {} answered {answer}", be(mood, false))));
            return words;
        }
        let (relation, negated) = relation.turned(negated);
        let order = match (relation, right) {
            (Relation::Is, Term::Field(_)) => "the same as ".to_owned(),
            (Relation::Is, Term::Constant(_)) => String::new(),
            (relation, _) => format!("{} ", relation.words()),
        };
        words.push(Inline::Text(format!(" {} {order}", be(mood, negated))));
        words.extend(self.term(right, left.field));
        words
    }
}

pub(super) fn be(mood: Mood, negated: bool) -> &'static str {
    match (mood, negated) {
        (Mood::Is, false) => "is",
        (Mood::Is, true) => "is not",
        (Mood::Must, false) => "must be",
        (Mood::Must, true) => "must not be",
    }
}

/// Gives a verb with a blank behind it.
pub(super) fn verb(mood: Mood, negated: bool, plain: &str, third: &str) -> String {
    match (mood, negated) {
        (Mood::Is, false) => format!("{third} "),
        (Mood::Is, true) => format!("does not {plain} "),
        (Mood::Must, false) => format!("must {plain} "),
        (Mood::Must, true) => format!("must not {plain} "),
    }
}
