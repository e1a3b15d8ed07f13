//! Pass 4: conditions, from what is written to typed nodes of the core.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::policy::{
    Condition as Node, ConditionId, Conditions, DefinitionId, Field, FieldId, FieldRef, FieldType, Length, NameList,
    Relation, TableId, Term, Value as Constant, Vocabulary,
};
use crate::source::Span;
use crate::syntax::ast::{Comparison, Condition, ConditionKind, Value, ValueKind, Word};

use super::length::time_of_day;
use super::mistaken_list;
use super::names::unknown_field;
use super::table_use::table_for_field;
use super::vocabulary::Unread;

/// After so many problems, names near to an unknown one are no longer looked for: it takes time for each.
const MANY_PROBLEMS: usize = 500;

/// What a name that a policy defines stands for: a definition, or one that could not be made.
#[derive(Clone, Copy)]
pub(super) enum Defined {
    Good(DefinitionId),
    /// It has an error of its own, which is reported; its uses are not.
    Broken,
}

/// What the name of a table stands for: a table, or one that could not be made.
#[derive(Clone, Copy)]
pub(super) enum Tabled {
    Good(TableId),
    /// It has an error of its own, which is reported; its uses are not.
    Broken,
}

/// Whether a header names a calendar; one that could not be read has been reported.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum CalendarNamed {
    Yes,
    No,
}

/// Makes the conditions of one policy.
pub(super) struct Conditioner<'p> {
    pub(super) vocabulary: &'p Vocabulary,
    pub(super) unread: &'p Unread,
    pub(super) zone: TimeZone,
    /// Whether the header names a calendar, for working days.
    pub(super) calendar: CalendarNamed,
    pub(super) conditions: Conditions,
    pub(super) definitions: BTreeMap<String, Defined>,
    pub(super) tables: BTreeMap<String, Tabled>,
    pub(super) used_tables: BTreeSet<TableId>,
    pub(super) used: BTreeSet<DefinitionId>,
    pub(super) problems: &'p mut Vec<Diagnostic>,
}

impl Conditioner<'_> {
    /// Makes a condition; `None` where a part of it has an error, all of which are reported.
    pub(super) fn condition(&mut self, written: &Condition) -> Option<ConditionId> {
        let at = written.span;
        match &written.kind {
            ConditionKind::Broken => None,
            ConditionKind::All(parts) => {
                self.parts(parts, "and").map(|parts| self.conditions.add(Node::All(parts), at))
            }
            ConditionKind::Any(parts) => self.parts(parts, "or").map(|parts| self.conditions.add(Node::Any(parts), at)),
            ConditionKind::Not(part) => self.condition(part).map(|part| self.not(part, at)),
            ConditionKind::Bare(word) => self.bare(word),
            ConditionKind::Comparison(left, comparison) => self.comparison(left, comparison, at),
            ConditionKind::History(clause, comparison) => self.history(clause, comparison.as_ref(), at),
        }
    }

    pub(super) fn not(&mut self, part: ConditionId, at: Span) -> ConditionId {
        self.conditions.add(Node::Not(part), at)
    }

    fn parts(&mut self, written: &[Condition], joining: &str) -> Option<Box<[ConditionId]>> {
        let mut parts = Some(Vec::with_capacity(written.len()));
        let mut at = 0;
        while let Some(part) = written.get(at) {
            let made = self.condition(part);
            at += 1;
            let mistaken = mistaken_list::length(self, part, written.get(at..).unwrap_or(&[]));
            if mistaken > 0 {
                let words = written.get(at..at + mistaken).unwrap_or(&[]);
                let problem = mistaken_list::problem(self, part, words, joining);
                self.problems.extend(problem);
                at += mistaken;
            }
            match made.filter(|_| mistaken == 0) {
                Some(made) => parts.iter_mut().for_each(|parts: &mut Vec<ConditionId>| parts.push(made)),
                None => parts = None,
            }
        }
        parts.map(Vec::into_boxed_slice)
    }

    /// Makes a condition of a bare word: a definition, or a boolean field.
    fn bare(&mut self, word: &Word) -> Option<ConditionId> {
        if let Some(defined) = self.definitions.get(&word.text) {
            let Defined::Good(id) = *defined else { return None };
            self.used.insert(id);
            return Some(self.conditions.add(Node::Defined(id), word.span));
        }
        if self.tables.contains_key(&word.text) {
            return self.bare_table(word);
        }
        let (id, field) = self.field(word)?;
        if field.kind == FieldType::Boolean {
            let right = Term::Constant(Constant::Boolean(true));
            let node = Node::Compare { left: FieldRef::this(id), relation: Relation::Is, right };
            return Some(self.conditions.add(node, word.span));
        }
        let message =
            format!("`{}` is {}, so it cannot stand alone as a condition", word.text, self.type_words(field.kind));
        self.problems.push(
            Diagnostic::new(codes::NOT_A_CONDITION, message, word.span, "what is asked of it?")
                .with_help("say what is asked: `is …`, `at least …`, `is present`"),
        );
        None
    }

    /// Finds a field; one that does not exist is reported.
    pub(super) fn field(&mut self, word: &Word) -> Option<(FieldId, Field)> {
        let found = self.vocabulary.find_field(&word.text);
        let found = found.and_then(|id| Some((id, self.vocabulary.field(id)?.clone())));
        if found.is_none() && !self.unread.names.contains(&word.text) {
            let problem = self.not_a_field(word);
            self.problems.push(problem);
        }
        found
    }

    fn not_a_field(&self, word: &Word) -> Diagnostic {
        if self.tables.contains_key(&word.text) {
            return table_for_field(word);
        }
        if self.definitions.contains_key(&word.text) {
            let message = format!("`{}` is a definition, a condition of its own", word.text);
            return Diagnostic::new(codes::UNKNOWN_FIELD, message, word.span, "nothing more can be said of it")
                .with_help(format!("write `{}` alone, or `not {}`", word.text, word.text));
        }
        if let Some(field) = self.vocabulary.fields.iter().find(|field| field.path == word.text) {
            let message = format!("`{}` is where logs have the field `{}`", word.text, field.name);
            return Diagnostic::new(codes::UNKNOWN_FIELD, message, word.span, "a path, not a field")
                .with_help(format!("write `{}`", field.name));
        }
        if let Some(bound) = bound_word(&word.text) {
            let message = format!("`{}` alone is not a condition", word.text);
            return Diagnostic::new(codes::UNKNOWN_FIELD, message, word.span, "more or less than what?")
                .with_help(format!("write `{bound}` and the value, without `or`"));
        }
        if let Some(list) = self.vocabulary.lists.iter().find(|list| list.find(&word.text).is_some()) {
            let message = format!("`{}` is a name of the {} `{}`, not a condition", word.text, list.word(), list.name);
            return Diagnostic::new(codes::UNKNOWN_FIELD, message, word.span, "of which field?")
                .with_help(self.of_which_field(&word.text));
        }
        if self.problems.len() > MANY_PROBLEMS {
            let message = format!("vocabulary `{}` has no field `{}`", self.vocabulary.name, word.text);
            return Diagnostic::new(codes::UNKNOWN_FIELD, message, word.span, "not a field and not a definition");
        }
        let definitions: Vec<String> = self.definitions.keys().cloned().collect();
        let lowered = word.text.to_lowercase();
        let capital =
            nearest(&lowered, self.vocabulary.lists.iter().flat_map(|list| &list.names).map(|name| name.name.as_str()));
        match capital.first().filter(|near| **near == lowered) {
            Some(near) => Diagnostic::new(
                codes::UNKNOWN_FIELD,
                format!("`{}` is unknown", word.text),
                word.span,
                "names are matched exactly",
            )
            .with_help(self.of_which_field(near)),
            None => unknown_field(word, self.vocabulary, &definitions),
        }
    }

    /// Says of which field a name may be: `department is surgery`.
    fn of_which_field(&self, name: &str) -> String {
        let lists = self.vocabulary.lists.iter().filter(|list| list.find(name).is_some());
        let of_list = |list: &NameList| {
            self.vocabulary.fields.iter().find(|field| self.is_of_list(field, &list.name)).map(|field| &field.name)
        };
        match lists.filter_map(of_list).next() {
            Some(field) => format!("say of which field: `{field} is {name}`"),
            None => format!("write which field is compared with `{name}`"),
        }
    }

    fn is_of_list(&self, field: &Field, name: &str) -> bool {
        let (FieldType::Kind(id) | FieldType::Scale(id)) = field.kind else { return false };
        self.vocabulary.list(id).is_some_and(|list| list.name == name)
    }

    pub(super) fn comparison(&mut self, left: &Word, comparison: &Comparison, at: Span) -> Option<ConditionId> {
        if let Some(table) = self.tables.get(&left.text).copied() {
            return self.of_table(table, left, comparison, at);
        }
        let Some((id, field)) = self.field(left) else {
            self.look_at_distance(comparison);
            return None;
        };
        if let Some(problem) = self.unfit_comparison(&field, comparison, left.span.to(at)) {
            self.problems.push(problem);
            self.look_at_distance(comparison);
            return None;
        }
        let this = FieldRef::this(id);
        let node = match comparison {
            Comparison::Is(value) => return self.compare(this, &field, Relation::Is, value, at),
            Comparison::IsNot(value) => {
                let is = self.compare(this, &field, Relation::Is, value, at)?;
                Node::Not(is)
            }
            Comparison::AtLeast(value) => return self.compare(this, &field, Relation::AtLeast, value, at),
            Comparison::AtMost(value) => return self.compare(this, &field, Relation::AtMost, value, at),
            Comparison::Above(value) => return self.compare(this, &field, Relation::Above, value, at),
            Comparison::Below(value) => return self.compare(this, &field, Relation::Below, value, at),
            Comparison::Before(value) => return self.compare(this, &field, Relation::Before, value, at),
            Comparison::After(value) => return self.compare(this, &field, Relation::After, value, at),
            Comparison::OnOrBefore(value) => Node::Not(self.compare(this, &field, Relation::After, value, at)?),
            Comparison::OnOrAfter(value) => Node::Not(self.compare(this, &field, Relation::Before, value, at)?),
            Comparison::IsOneOf(values) => return self.one_of(this, &field, values, at),
            Comparison::IsNotOneOf(values) => Node::Not(self.one_of(this, &field, values, at)?),
            Comparison::Between(low, high) if is_clock(low) || is_clock(high) => {
                return self.clock(this, &field, low, high, at);
            }
            Comparison::Between(low, high) => {
                let (low, high) = (self.term(&field, low), self.term(&field, high));
                Node::Between { left: this, low: low?, high: high? }
            }
            Comparison::WithinBefore(span, other) => return self.within(this, &field, span, other, true, at),
            Comparison::WithinAfter(span, other) => return self.within(this, &field, span, other, false, at),
            Comparison::Includes(value) => Node::Includes { set: this, member: self.term(&field, value)? },
            Comparison::NotIncludes(value) => {
                let member = self.term(&field, value)?;
                Node::Not(self.conditions.add(Node::Includes { set: this, member }, at))
            }
            Comparison::IncludesAny(values) => Node::Any(self.members(this, &field, values)?),
            Comparison::IncludesAll(values) => Node::All(self.members(this, &field, values)?),
            Comparison::IsPresent => Node::Present(this),
            // Told by `unfit_comparison`.
            Comparison::IsNever | Comparison::IsNotNever => return None,
            Comparison::IsMissing => {
                let present = self.conditions.add(Node::Present(this), at);
                Node::Not(present)
            }
        };
        Some(self.conditions.add(node, at))
    }

    /// Looks at what of a comparison does not depend on the field that is compared: a length, and the field at its end.
    fn look_at_distance(&mut self, comparison: &Comparison) {
        if let Comparison::WithinBefore(span, other) | Comparison::WithinAfter(span, other) = comparison {
            self.length(span);
            self.field(other);
        }
    }

    pub(super) fn compare(
        &mut self,
        left: FieldRef,
        field: &Field,
        relation: Relation,
        value: &Value,
        at: Span,
    ) -> Option<ConditionId> {
        if let Some(table) = self.table_meant(field, value) {
            return self.against_table((left, field), relation, table, value, at);
        }
        let right = self.term(field, value)?;
        Some(self.conditions.add(Node::Compare { left, relation, right }, at))
    }

    /// `is one of`: constants in one node; with a field among the values, any of several comparisons.
    fn one_of(&mut self, left: FieldRef, field: &Field, values: &[Value], at: Span) -> Option<ConditionId> {
        let terms: Vec<Option<Term>> = values.iter().map(|value| self.term(field, value)).collect();
        let terms: Vec<Term> = terms.into_iter().collect::<Option<_>>()?;
        let constants: Option<Box<[Constant]>> = terms.iter().map(constant_of).collect();
        if let Some(values) = constants {
            return Some(self.conditions.add(Node::OneOf { left, values }, at));
        }
        let compare = |right| Node::Compare { left, relation: Relation::Is, right };
        let parts = terms.into_iter().map(|right| self.conditions.add(compare(right), at)).collect();
        Some(self.conditions.add(Node::Any(parts), at))
    }

    /// `X between 22:00 and 07:00`
    fn clock(&mut self, left: FieldRef, field: &Field, low: &Value, high: &Value, at: Span) -> Option<ConditionId> {
        if field.kind != FieldType::Instant {
            let message = format!("`{}` is {}, and has no time of day", field.name, self.type_words(field.kind));
            self.problems.push(
                Diagnostic::new(codes::NO_SUCH_COMPARISON, message, at, "")
                    .with_help("ask a field of type instant for its time of day"),
            );
            return None;
        }
        let mut time = |value: &Value| match &value.kind {
            ValueKind::TimeOfDay(text) => {
                time_of_day(text, value.span).map_err(|problem| self.problems.push(problem)).ok()
            }
            _ => {
                let message = "one of the two is a time of day, and the other is not";
                self.problems.push(
                    Diagnostic::new(codes::TYPES_DIFFER, message, value.span, "not a time of day")
                        .with_help("write both as hours and minutes: `between 22:00 and 07:00`"),
                );
                None
            }
        };
        let (from, until) = (time(low), time(high));
        Some(self.conditions.add(Node::Clock { left, from: from?, until: until? }, at))
    }

    fn members(&mut self, set: FieldRef, field: &Field, values: &[Value]) -> Option<Box<[ConditionId]>> {
        let terms: Vec<Option<Term>> = values.iter().map(|value| self.term(field, value)).collect();
        let terms: Vec<Term> = terms.into_iter().collect::<Option<_>>()?;
        let add = |(member, value): (Term, &Value)| self.conditions.add(Node::Includes { set, member }, value.span);
        Some(terms.into_iter().zip(values).map(add).collect())
    }

    fn within(
        &mut self,
        this: FieldRef,
        field: &Field,
        span: &Value,
        other: &Word,
        before: bool,
        at: Span,
    ) -> Option<ConditionId> {
        let at_most = self.length(span);
        let (other_id, other_field) = self.field(other)?;
        if !is_moment(other_field.kind) {
            let problem = self.not_a_moment(&other_field, other.span);
            self.problems.push(problem);
            return None;
        }
        let at_most = Term::Constant(match at_most? {
            Length::Exact(duration) => Constant::Duration(duration),
            Length::Civil(period) => Constant::Period(period),
        });
        debug_assert!(is_moment(field.kind));
        let other = FieldRef::this(other_id);
        let (first, second) = if before { (this, other) } else { (other, this) };
        Some(self.conditions.add(Node::Within { first, at_most, second }, at))
    }

    fn not_a_moment(&self, field: &Field, at: Span) -> Diagnostic {
        let message = format!(
            "`{}` is {}, and only dates and instants come before or after",
            field.name,
            self.type_words(field.kind)
        );
        Diagnostic::new(codes::NO_SUCH_COMPARISON, message, at, "not a moment")
            .with_help("name a field of type date or instant")
    }

    /// Says why a comparison cannot be asked of a field's type.
    fn unfit_comparison(&self, field: &Field, comparison: &Comparison, at: Span) -> Option<Diagnostic> {
        let words = comparison.words();
        let is_set = matches!(field.kind, FieldType::SetOfKind(_) | FieldType::SetOfIdentity);
        let wants_set = matches!(
            comparison,
            Comparison::Includes(_)
                | Comparison::NotIncludes(_)
                | Comparison::IncludesAny(_)
                | Comparison::IncludesAll(_)
        );
        let wants_moment = matches!(
            comparison,
            Comparison::Before(_)
                | Comparison::After(_)
                | Comparison::OnOrBefore(_)
                | Comparison::OnOrAfter(_)
                | Comparison::WithinBefore(..)
                | Comparison::WithinAfter(..)
        );
        let wants_order = matches!(
            comparison,
            Comparison::AtLeast(_) | Comparison::AtMost(_) | Comparison::Above(_) | Comparison::Below(_)
        );
        let between = matches!(comparison, Comparison::Between(..));
        let help = match () {
            () if matches!(comparison, Comparison::IsPresent | Comparison::IsMissing) => return None,
            () if matches!(comparison, Comparison::IsNever | Comparison::IsNotNever) => {
                "ask a decision table whether it gives `never`; a field is one of its values, or missing"
            }
            () if is_set && !wants_set => "ask a set with `includes`, `includes any of` or `includes all of`",
            () if wants_set && !is_set => "ask with `is` or `is one of`",
            () if wants_moment && !is_moment(field.kind) => return Some(self.not_a_moment(field, at)),
            () if wants_order && is_moment(field.kind) => "ask with `before` or `after`",
            () if (wants_order || between) && !is_ordered(field.kind) && !(between && is_moment(field.kind)) => {
                "ask with `is` or `is one of`; only scales, numbers, percentages and durations have an order"
            }
            () => return None,
        };
        let message =
            format!("`{}` is {}, and `{words}` cannot be asked of it", field.name, self.type_words(field.kind));
        Some(Diagnostic::new(codes::NO_SUCH_COMPARISON, message, at, "").with_help(help))
    }
}

fn is_clock(value: &Value) -> bool {
    matches!(value.kind, ValueKind::TimeOfDay(_))
}

/// Knows the bound that somebody means by `or more`.
fn bound_word(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "more" | "higher" | "greater" | "older" | "closer" => Some("at least"),
        "less" | "fewer" | "lower" | "younger" => Some("at most"),
        _ => None,
    }
}

fn is_moment(kind: FieldType) -> bool {
    matches!(kind, FieldType::Date | FieldType::Instant)
}

fn is_ordered(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Scale(_)
            | FieldType::Number(_)
            | FieldType::WholeNumber(_)
            | FieldType::Percent(_)
            | FieldType::Duration
    )
}

fn constant_of(term: &Term) -> Option<Constant> {
    match term {
        Term::Constant(value) => Some(value.clone()),
        Term::Field(_) => None,
    }
}
