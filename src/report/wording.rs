//! Judgements in words.
//!
//! Every sentence is made of facts (what the record says of a field) and demands (what the policy asks of it), both
//! from the core and never from the text, so that they say what was judged.

use crate::episode::Episode;
use crate::judge::{Citation, Clause, Leaf, Outcome, Status, Truth};
use crate::policy::{Condition, FieldId, NormKind, Relation, Rule, Term, Value};

use super::shown::{Held, Shower};

/// Speaks about one episode.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub(super) shower: Shower<'a>,
    pub(super) episode: &'a Episode,
}

impl Speaker<'_> {
    /// Says why a rule has its status, in one sentence without its subject: "`supervision` is `on_site` and must be …".
    pub(super) fn why(&self, rule: &Rule, citation: &Citation) -> String {
        match citation.outcome {
            Some(Outcome::Requirement { status: Status::Violated, by_silence: false }) => {
                self.why_violated(rule, &citation.norm)
            }
            Some(Outcome::Ground(Truth::False)) => self.why_not_given(citation),
            Some(Outcome::Requirement { status: Status::NotApplicable, .. }) => self.facts(&citation.guard.leaves),
            Some(Outcome::Requirement { status: Status::Excused(_), .. }) => self.facts(&citation.unless.leaves),
            Some(Outcome::Requirement { status: Status::Satisfied, by_silence: false }) => {
                self.facts(&citation.norm.leaves)
            }
            Some(Outcome::Ground(Truth::True)) => self.facts(&citation.norm.leaves),
            _ => self.what_is_open(citation),
        }
    }

    fn why_violated(&self, rule: &Rule, norm: &Clause) -> String {
        if matches!(rule.norm.kind, NormKind::Forbid | NormKind::Never) {
            return self.facts(&norm.leaves);
        }
        let sentences = each_once(norm.leaves.iter().map(|leaf| self.unmet(leaf)));
        sentences.join("; ")
    }

    fn why_not_given(&self, citation: &Citation) -> String {
        let failing =
            [(&citation.guard, Truth::False), (&citation.unless, Truth::True), (&citation.norm, Truth::False)];
        let failing = failing.into_iter().find(|(clause, truth)| clause.truth == *truth).map(|(clause, _)| clause);
        failing
            .map(|clause| each_once(clause.leaves.iter().map(|leaf| self.unmet(leaf))).join("; "))
            .unwrap_or_default()
    }

    /// Says which values leave a rule open.
    fn what_is_open(&self, citation: &Citation) -> String {
        let clauses = [&citation.guard, &citation.unless, &citation.norm];
        let open =
            clauses.into_iter().filter(|clause| clause.truth == Truth::Unknown).flat_map(|clause| &clause.leaves);
        each_once(open.flat_map(|leaf| self.open_fields(leaf)).map(|field| self.fact(field))).join(", ")
    }

    /// Gives the fields of a comparison that leave it open.
    pub(super) fn open_fields(&self, leaf: &Leaf) -> Vec<FieldId> {
        let node = self.shower.version.conditions.get(leaf.condition);
        node.fields().map(|field| field.field).filter(|field| self.episode.is_open(*field)).collect()
    }

    /// Gives the fields of a comparison, each once.
    pub(super) fn fields(&self, leaf: &Leaf) -> Vec<FieldId> {
        let node = self.shower.version.conditions.get(leaf.condition);
        each_once(node.fields().map(|field| field.field))
    }

    fn facts(&self, leaves: &[Leaf]) -> String {
        each_once(leaves.iter().flat_map(|leaf| self.fields(leaf)).map(|field| self.fact(field))).join(" and ")
    }

    /// Says what the record has of a field.
    pub(super) fn fact(&self, field: FieldId) -> String {
        let name = self.shower.version.vocabulary.field_name(field);
        match self.shower.held(self.episode, field) {
            Held::Missing => format!("`{name}` is not documented"),
            Held::Unfit => format!("`{name}` is documented, but cannot be read"),
            Held::Value(value) if value.starts_with('"') => format!("`{name}` is {value}"),
            Held::Value(value) => format!("`{name}` is `{value}`"),
            Held::Partial(value) => format!("`{name}` is known only in part (`{value}`)"),
        }
    }

    /// Says what a comparison has and what it asks: "`supervision` is `on_site` and must be at least `in_room`".
    fn unmet(&self, leaf: &Leaf) -> String {
        let Some(first) = self.fields(leaf).into_iter().next() else {
            return String::new();
        };
        let presence = matches!(self.shower.version.conditions.get(leaf.condition), Condition::Present(_));
        if presence && !leaf.negated {
            return self.fact(first);
        }
        format!("{} and must {}", self.fact(first), self.demand(leaf))
    }

    /// Says what a comparison asks of its first field, after "must".
    pub(super) fn demand(&self, leaf: &Leaf) -> String {
        let not = if leaf.negated { "not " } else { "" };
        match self.shower.version.conditions.get(leaf.condition) {
            Condition::Compare { left, relation, right } => {
                let (relation, not) = turned(*relation, leaf.negated);
                let order = if relation == Relation::Is { String::new() } else { format!("{} ", relation.words()) };
                format!("{not}be {order}{}", self.term(right, left.field))
            }
            Condition::OneOf { left, values } => format!("{not}be one of {}", self.values(values, left.field)),
            Condition::Between { left, low, high } => {
                format!("{not}be between {} and {}", self.term(low, left.field), self.term(high, left.field))
            }
            Condition::Includes { set, member } => format!("{not}include {}", self.term(member, set.field)),
            Condition::NotEmpty(_) => format!("{not}name a strategy at least"),
            Condition::Present(_) if leaf.negated => "be missing".to_owned(),
            Condition::Present(_) => "be documented".to_owned(),
            Condition::Within { first, at_most, second } => {
                let other = self.shower.version.vocabulary.field_name(second.field);
                format!("{not}be within {} before `{other}`", self.term(at_most, first.field))
            }
            _ => String::new(),
        }
    }

    fn values(&self, values: &[Value], field: FieldId) -> String {
        let shown: Vec<String> = values.iter().map(|value| format!("`{}`", self.shower.value(value, field))).collect();
        shown.join(", ")
    }

    fn term(&self, term: &Term, field: FieldId) -> String {
        match term {
            Term::Constant(value) => format!("`{}`", self.shower.value(value, field)),
            Term::Field(other) => {
                let name = self.shower.version.vocabulary.field_name(other.field);
                match self.shower.held(self.episode, other.field) {
                    Held::Value(value) | Held::Partial(value) => format!("`{name}` (`{value}`)"),
                    Held::Missing | Held::Unfit => format!("`{name}`"),
                }
            }
        }
    }
}

/// Turns a negated comparison of order round: not at least is below.
fn turned(relation: Relation, negated: bool) -> (Relation, &'static str) {
    match (relation, negated) {
        (relation, false) => (relation, ""),
        (Relation::AtLeast, true) => (Relation::Below, ""),
        (Relation::AtMost, true) => (Relation::Above, ""),
        (Relation::Above, true) => (Relation::AtMost, ""),
        (Relation::Below, true) => (Relation::AtLeast, ""),
        (relation, true) => (relation, "not "),
    }
}

/// Keeps the first of equal things, in order.
pub(super) fn each_once<T: PartialEq>(things: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for thing in things {
        if !kept.contains(&thing) {
            kept.push(thing);
        }
    }
    kept
}
