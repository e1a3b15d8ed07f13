//! Which fields and levels a policy reads, and where.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::FieldId;
use crate::policy::{Base, Condition, ConditionId, Function, History, ListId, NameId, Rule, Term, Value, Version};

use super::words::list_of;

/// A place of a policy that reads fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// `applies when`
    Scope,
    /// A rule, by its number.
    Rule(usize),
    /// A definition, by its number.
    Definition(usize),
}

/// What is read where.
#[derive(Debug, Default)]
pub(super) struct Usage {
    pub(super) fields: BTreeMap<FieldId, BTreeSet<Place>>,
    pub(super) names: BTreeMap<(ListId, NameId), BTreeSet<Place>>,
    pub(super) definitions: BTreeMap<u32, BTreeSet<Place>>,
}

impl Usage {
    /// Looks through a version. What a definition reads is read by the definition, not by the rules that use it.
    pub(super) fn of(version: &Version) -> Self {
        let mut usage = Self::default();
        usage.read(version, Place::Scope, version.applies_when.into_iter().collect());
        for (at, rule) in version.rules.iter().enumerate() {
            usage.read(version, Place::Rule(at), clauses(rule));
            for link in rule.duty.iter().flat_map(|duty| &duty.links) {
                usage.field(link.act, Place::Rule(at));
                if let Some(Base::Field(base)) = link.deadline.map(|deadline| deadline.base) {
                    usage.field(base, Place::Rule(at));
                }
            }
        }
        for (at, definition) in version.conditions.definitions().iter().enumerate() {
            usage.read(version, Place::Definition(at), vec![definition.condition]);
        }
        usage
    }

    fn field(&mut self, field: FieldId, place: Place) {
        self.fields.entry(field).or_default().insert(place);
    }

    fn read(&mut self, version: &Version, place: Place, mut waiting: Vec<ConditionId>) {
        let mut seen = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let condition = version.conditions.get(id);
            for field in condition.fields() {
                self.field(field.field, place);
            }
            self.values(version, condition, place);
            match condition {
                Condition::All(parts) | Condition::Any(parts) => waiting.extend(parts.iter()),
                Condition::Not(part) => waiting.push(*part),
                Condition::Defined(definition) => {
                    self.definitions.entry(definition.0).or_default().insert(place);
                }
                Condition::Measure { history, .. } => {
                    let history = version.conditions.history(*history);
                    waiting.extend(history.into_iter().flat_map(|history| self.history(history, place)));
                }
                _ => {}
            }
        }
    }

    /// Takes up what a history clause reads, and gives the conditions within it.
    fn history(&mut self, history: &History, place: Place) -> Vec<ConditionId> {
        for key in &history.keys {
            self.field(key.asked, place);
        }
        let mut within: Vec<ConditionId> = history.filter.into_iter().collect();
        match history.function {
            Function::Sum(of) | Function::Average(of) => self.field(of, place),
            Function::Share(counted) => within.push(counted),
            Function::Count | Function::TimeSinceLast => {}
        }
        within
    }

    fn values(&mut self, version: &Version, condition: &Condition, place: Place) {
        let (field, values): (_, Vec<&Value>) = match condition {
            Condition::Compare { left, right, .. } => (left, constant(right).into_iter().collect()),
            Condition::Includes { set, member } => (set, constant(member).into_iter().collect()),
            Condition::Between { left, low, high } => (left, constant(low).into_iter().chain(constant(high)).collect()),
            Condition::OneOf { left, values } => (left, values.iter().collect()),
            _ => return,
        };
        let list = version.vocabulary.field(field.field).and_then(|field| list_of(field.kind));
        for value in values {
            if let (Some(list), Value::Name(name)) = (list, value) {
                self.names.entry((list, *name)).or_default().insert(place);
            }
        }
    }
}

fn constant(term: &Term) -> Option<&Value> {
    match term {
        Term::Constant(value) => Some(value),
        Term::Field(_) => None,
    }
}

/// Gives the conditions of a rule's clauses.
fn clauses(rule: &Rule) -> Vec<ConditionId> {
    let links = rule.duty.iter().flat_map(|duty| &duty.links).map(|link| link.condition);
    rule.guard.into_iter().chain(rule.unless).chain([rule.norm.condition]).chain(links).collect()
}
