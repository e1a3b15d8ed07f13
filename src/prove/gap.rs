//! Cases that nobody thought of: an episode that the policy covers, that no rule forbids, and that no permit can hold for.
//!
//! Under `default forbid` most episodes that are not permitted are meant so: the permit says what it wants. Asked are the
//! names of a kind, where permits name several of them, and the levels of a scale between two that can be permitted: there
//! one that is missing reads like one that was forgotten.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, codes, enumerated};
use crate::policy::{
    Condition, DefaultNorm, Field, FieldId, FieldType, NameId, NameList, Policy, Rule, Term, Value, Version,
};

use super::solver::Lit;
use super::witness::{Answer, Witness};
use super::world::{Found, World};

/// Beyond so many names of one list, nothing is asked of it.
const MOST_NAMES: usize = 200;

/// Looks for names and levels that no permit can hold for, although no rule forbids them; each field is told once.
pub(super) fn unthought_of(policy: &Policy) -> Vec<Diagnostic> {
    let (Some(version), Some(at)) = (policy.versions.last(), policy.versions.len().checked_sub(1)) else {
        return Vec::new();
    };
    if version.default == DefaultNorm::Permit {
        return Vec::new();
    }
    let mut gaps = Gaps { world: World::new(&[policy]), version, at };
    named_by_permits(version).into_iter().filter_map(|(field, names)| gaps.of_field(field, &names)).collect()
}

/// Gives the fields of a kind or a scale that permits compare with constants, and with which of their names.
fn named_by_permits(version: &Version) -> Vec<(FieldId, BTreeSet<NameId>)> {
    let conditions = &version.conditions;
    let permits = version.rules.iter().filter(|rule| rule.is_permit());
    let leaves = conditions.leaves(permits.flat_map(Rule::clauses));
    let name = |value: &Value| match value {
        Value::Name(name) => Some(*name),
        _ => None,
    };
    let mut found: Vec<(FieldId, BTreeSet<NameId>)> = Vec::new();
    for leaf in leaves {
        let (field, names): (_, Vec<NameId>) = match conditions.get(leaf) {
            Condition::Compare { left, right: Term::Constant(value), .. } => {
                (left.field, name(value).into_iter().collect())
            }
            Condition::OneOf { left, values } => (left.field, values.iter().filter_map(name).collect()),
            Condition::Between { left, low: Term::Constant(low), high: Term::Constant(high) } => {
                (left.field, [low, high].into_iter().filter_map(name).collect())
            }
            _ => continue,
        };
        match found.iter_mut().find(|(known, _)| *known == field) {
            Some((_, known)) => known.extend(names),
            None => found.push((field, names.into_iter().collect())),
        }
    }
    found.retain(|(_, names)| !names.is_empty());
    found
}

struct Gaps<'p> {
    world: World<'p>,
    version: &'p Version,
    at: usize,
}

impl<'p> Gaps<'p> {
    fn of_field(&mut self, id: FieldId, named: &BTreeSet<NameId>) -> Option<Diagnostic> {
        let field = self.version.vocabulary.field(id)?;
        let (FieldType::Kind(list) | FieldType::Scale(list)) = field.kind else { return None };
        let list = self.version.vocabulary.list(list).filter(|list| list.names.len() <= MOST_NAMES)?;
        if !list.ordered && named.len() < 2 {
            return None;
        }
        let names: Vec<NameId> = (0..list.names.len()).filter_map(|at| u16::try_from(at).ok()).map(NameId).collect();
        let permitted: Vec<bool> = names.iter().map(|name| self.can_be_permitted(id, *name)).collect::<Option<_>>()?;
        let between = |at: usize| {
            let (before, after) = permitted.split_at_checked(at).unwrap_or_default();
            before.contains(&true) && after.contains(&true)
        };
        let open = names.iter().zip(&permitted).enumerate();
        let open = open.filter(|(at, (_, permitted))| !**permitted && (!list.ordered || between(*at)));
        let open: Vec<NameId> = open.map(|(_, (name, _))| *name).collect();
        if !permitted.contains(&true) {
            // That nothing is permitted at all is told elsewhere.
            return None;
        }
        let cases: Vec<(NameId, Witness)> =
            open.into_iter().filter_map(|name| Some((name, self.not_forbidden(id, name)?))).collect();
        self.told(field, list, &cases)
    }

    fn is(&mut self, field: FieldId, name: NameId) -> Option<Vec<Lit>> {
        let reading = self.world.reading(self.at, field)?;
        Some(vec![reading.present, *reading.names.get(usize::from(name.0))?])
    }

    /// Says whether some permit can hold for an episode with a name; none where it was not decided.
    fn can_be_permitted(&mut self, field: FieldId, name: NameId) -> Option<bool> {
        let mut assumed = self.world.covered(self.at)?;
        assumed.extend(self.is(field, name)?);
        let (_, permits) = World::deciding(self.version);
        let grounds: Vec<Lit> =
            permits.iter().filter_map(|permit| Some(!self.world.ground(self.at, *permit)?.no)).collect();
        assumed.push(self.world.solver.any(grounds));
        match self.world.settle(&assumed) {
            Found::Can(_) => Some(true),
            Found::Cannot => Some(false),
            Found::Open => None,
        }
    }

    /// Finds an episode with a name that is covered and that no rule forbids.
    fn not_forbidden(&mut self, field: FieldId, name: NameId) -> Option<Witness> {
        let mut goal = self.world.covered(self.at)?;
        goal.extend(self.is(field, name)?);
        for norm in World::deciding(self.version).0 {
            let says = self.world.says(self.at, norm)?;
            goal.extend([!says.violated, !says.undetermined]);
        }
        match self.world.find(&goal) {
            Answer::Case(case) => Some(*case),
            Answer::None | Answer::Open => None,
        }
    }

    fn told(&self, field: &Field, list: &NameList, cases: &[(NameId, Witness)]) -> Option<Diagnostic> {
        let (_, case) = cases.first()?;
        let names: Vec<String> = cases.iter().map(|(name, _)| format!("`{}`", list.name_of(*name))).collect();
        let message = format!(
            "nothing permits an episode whose `{}` is {}, and no rule forbids it",
            field.name,
            enumerated(&names, "or")
        );
        let permit = self.version.rules.iter().find(|rule| rule.is_permit())?;
        Some(Diagnostic::new(codes::PROOF_NOTHING_PERMITS, message, permit.origin, "cannot hold there").with_help(
            format!(
                "add a permit for it, or forbid it in a rule, so that readers see that it is meant; a case is {}",
                case.stated()
            ),
        ))
    }
}
