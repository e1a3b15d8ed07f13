//! Pass 6, continued: conditions that can be seen at a glance never to be true.
//!
//! Only what stands together under `and` is looked at, one field at a time: which levels, names or numbers are left.
//! The proof over all conditions comes with the solver.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{
    Condition, ConditionId, DefinitionId, FieldId, FieldType, NormKind, Range, Relation, Rule, Term, Value, Version,
};

/// Reports clauses that no episode can fulfil: guards, grounds, exceptions, demands, scopes.
pub(super) fn check(version: &Version, problems: &mut Vec<Diagnostic>) {
    for rule in &version.rules {
        for (clause, what) in clauses(version, rule) {
            if let Some(field) = never_true(version, clause) {
                problems.extend(report(version, clause, field, &format!("rule `{}` {what}", rule.name)));
            }
        }
    }
    for rule in version.rules.iter().filter(|rule| rule.norm.kind == NormKind::Require) {
        problems.extend(always_true(version, rule));
    }
    if let Some((clause, field)) = version.applies_when.and_then(|clause| Some((clause, never_true(version, clause)?)))
    {
        problems.extend(report(version, clause, field, &format!("policy `{}` never applies", version.policy)));
    }
}

/// Gives a rule's clauses with what it means if one is never true.
fn clauses(version: &Version, rule: &Rule) -> Vec<(ConditionId, &'static str)> {
    let mut clauses: Vec<(ConditionId, &'static str)> = Vec::new();
    clauses.extend(rule.guard.map(|guard| (guard, "never applies")));
    clauses.extend(rule.unless.map(|unless| (unless, "has an exception that never holds")));
    match (rule.norm.kind, version.conditions.get(rule.norm.condition)) {
        (NormKind::Permit, _) => clauses.push((rule.norm.condition, "never gives a ground")),
        (NormKind::Forbid | NormKind::Never, Condition::Not(forbidden)) => {
            clauses.push((*forbidden, "never forbids anything"))
        }
        _ => clauses.push((rule.norm.condition, "demands what can never be")),
    }
    clauses
}

fn report(version: &Version, clause: ConditionId, field: FieldId, what: &str) -> Option<Diagnostic> {
    let name = version.vocabulary.field_name(field);
    let message = format!("{what}: no value of `{name}` fits all that is asked of it");
    let label = format!("asks too much of `{name}`");
    let problem = Diagnostic::new(codes::NEVER_APPLIES, message, version.conditions.origin(clause)?, label);
    let is_name = matches!(version.vocabulary.field(field)?.kind, FieldType::Kind(_) | FieldType::Boolean);
    let help = if is_name {
        "join alternatives with `or`, or ask with `is one of`"
    } else {
        "mend the bounds, so that some value lies within all of them"
    };
    Some(problem.with_help(help))
}

/// Reports a demand that every value of some field fulfils: mostly `or` stands there for `and`.
fn always_true(version: &Version, rule: &Rule) -> Option<Diagnostic> {
    let demand = rule.norm.condition;
    if !matches!(version.conditions.get(demand), Condition::Any(_)) {
        return None;
    }
    let field = nothing_left(version, demand, false)?;
    let name = version.vocabulary.field_name(field);
    let message = format!("rule `{}` demands what every value of `{name}` fulfils", rule.name);
    let at = version.conditions.origin(demand)?;
    Some(
        Diagnostic::new(codes::ALWAYS_HOLDS, message, at, format!("holds for every value of `{name}`"))
            .with_help("write `and` in place of `or` if all of it must hold, or ask with `is not one of`"),
    )
}

/// Gives the field of which nothing is left where a clause is true, if there is one.
fn never_true(version: &Version, clause: ConditionId) -> Option<FieldId> {
    nothing_left(version, clause, true)
}

fn nothing_left(version: &Version, clause: ConditionId, wanted: bool) -> Option<FieldId> {
    let mut left = Left { version, fields: BTreeMap::new(), seen: BTreeSet::new() };
    left.take(clause, wanted);
    left.fields.into_iter().find(|(_, possible)| possible.is_empty()).map(|(field, _)| field)
}

/// What is left of each field's values.
struct Left<'v> {
    version: &'v Version,
    fields: BTreeMap<FieldId, Possible>,
    /// Definitions that were looked into, and as what: a second look takes nothing more away.
    seen: BTreeSet<(DefinitionId, bool)>,
}

/// Values that a field may still have.
#[derive(Clone)]
enum Possible {
    /// Levels, names, or `false` and `true`, by index.
    Names(Vec<bool>),
    /// Numbers between bounds, and whether each bound itself is left out.
    Numbers { range: Range, above: bool, below: bool },
}

impl Possible {
    fn is_empty(&self) -> bool {
        match self {
            Self::Names(left) => !left.contains(&true),
            Self::Numbers { range, above, below } => match (range.low, range.high) {
                (Some(low), Some(high)) => low > high || (low == high && (*above || *below)),
                _ => false,
            },
        }
    }
}

impl Left<'_> {
    /// Takes away what a condition excludes that must be true (or, negated, must be false).
    fn take(&mut self, id: ConditionId, wanted: bool) {
        match (self.version.conditions.get(id), wanted) {
            (Condition::All(parts), true) | (Condition::Any(parts), false) => {
                parts.iter().for_each(|part| self.take(*part, wanted));
            }
            (Condition::Not(part), _) => self.take(*part, !wanted),
            (Condition::Defined(definition), _) => {
                let first_time = self.seen.insert((*definition, wanted));
                let body = self.version.conditions.definition(*definition).filter(|_| first_time);
                if let Some(definition) = body {
                    self.take(definition.condition, wanted);
                }
            }
            (Condition::Compare { left, relation, right: Term::Constant(value) }, _) => {
                self.compare(left.field, *relation, value, wanted);
            }
            (Condition::OneOf { left, values }, _) => {
                let keep = |at: usize| values.iter().any(|value| value.place() == Some(at)) == wanted;
                self.keep_names(left.field, keep);
            }
            (Condition::Between { left, low: Term::Constant(low), high: Term::Constant(high) }, true) => {
                self.compare(left.field, Relation::AtLeast, low, true);
                self.compare(left.field, Relation::AtMost, high, true);
            }
            _ => {}
        }
    }

    fn compare(&mut self, field: FieldId, relation: Relation, value: &Value, wanted: bool) {
        let relation = if wanted { Some(relation) } else { relation.opposite() };
        match (value.place(), number_of(value), relation) {
            (Some(bound), _, Some(relation)) => self.keep_names(field, |at| relation.allows(at.cmp(&bound))),
            (Some(bound), _, None) => self.keep_names(field, |at| at != bound),
            (_, Some(bound), Some(relation)) => self.keep_numbers(field, relation, bound),
            _ => {}
        }
    }

    fn possible(&mut self, field: FieldId) -> Option<&mut Possible> {
        let whole = match self.version.vocabulary.field(field)?.kind {
            FieldType::Boolean => Possible::Names(vec![true; 2]),
            FieldType::Kind(list) | FieldType::Scale(list) => {
                Possible::Names(vec![true; self.version.vocabulary.list(list)?.names.len()])
            }
            FieldType::Number(range) | FieldType::WholeNumber(range) | FieldType::Percent(range) => {
                Possible::Numbers { range, above: false, below: false }
            }
            _ => return None,
        };
        Some(self.fields.entry(field).or_insert(whole))
    }

    fn keep_names(&mut self, field: FieldId, keep: impl Fn(usize) -> bool) {
        if let Some(Possible::Names(left)) = self.possible(field) {
            for (at, possible) in left.iter_mut().enumerate() {
                *possible &= keep(at);
            }
        }
    }

    fn keep_numbers(&mut self, field: FieldId, relation: Relation, bound: Decimal) {
        let Some(Possible::Numbers { range, above, below }) = self.possible(field) else { return };
        if matches!(relation, Relation::Is | Relation::AtLeast | Relation::Above)
            && range.low.is_none_or(|low| low <= bound)
        {
            *above = relation == Relation::Above || (*above && range.low == Some(bound));
            range.low = Some(bound);
        }
        if matches!(relation, Relation::Is | Relation::AtMost | Relation::Below)
            && range.high.is_none_or(|high| high >= bound)
        {
            *below = relation == Relation::Below || (*below && range.high == Some(bound));
            range.high = Some(bound);
        }
    }
}

fn number_of(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) | Value::Percent(number) => Some(*number),
        _ => None,
    }
}
