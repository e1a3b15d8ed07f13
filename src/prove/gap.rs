//! Cases that nobody thought of: an episode that the policy covers, that no rule forbids, and that no permit can hold for.
//!
//! Under `default forbid` most episodes that are not permitted are meant so: the permit says what it wants. Asked are the
//! names of a kind, where permits name several of them, and the levels of a scale between two that can be permitted: there
//! one that is missing reads like one that was forgotten. Levels are asked about with each name of another field, too.

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

/// Beyond so many names and levels together, two fields are not asked about together.
const MOST_TOGETHER: usize = 100;

/// How many combinations of all fields are asked about.
const MOST_COMBINATIONS: usize = 2_000;

/// Looks for names and levels that no permit can hold for, although no rule forbids them; each field is told once, and each two
/// fields.
pub(super) fn unthought_of(policy: &Policy) -> Vec<Diagnostic> {
    let (Some(version), Some(at)) = (policy.versions.last(), policy.versions.len().checked_sub(1)) else {
        return Vec::new();
    };
    if version.default == DefaultNorm::Permit {
        return Vec::new();
    }
    let mut gaps = Gaps { world: World::new(&[policy]), version, at, left: MOST_COMBINATIONS };
    let named = named_by_permits(version);
    let mut told: Vec<Diagnostic> = named.iter().filter_map(|(field, names)| gaps.of_field(*field, names)).collect();
    for (one, names) in &named {
        let others = named.iter().filter(|(other, _)| other != one);
        told.extend(others.filter_map(|(other, _)| gaps.of_two(*one, names, *other)));
    }
    told
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

/// Names that nothing permits, each with a case.
type Cases = Vec<(NameId, Witness)>;

struct Gaps<'p> {
    world: World<'p>,
    version: &'p Version,
    at: usize,
    /// How many combinations may still be asked about.
    left: usize,
}

impl<'p> Gaps<'p> {
    fn of_field(&mut self, id: FieldId, named: &BTreeSet<NameId>) -> Option<Diagnostic> {
        let (field, list) = self.list(id)?;
        if !list.ordered && named.len() < 2 {
            return None;
        }
        let names = all_names(list);
        let permitted: Vec<bool> =
            names.iter().map(|name| self.can_be_permitted(&[(id, *name)])).collect::<Option<_>>()?;
        let open = names.iter().zip(&permitted).enumerate();
        let open = open.filter(|(at, (_, can))| !**can && (!list.ordered || is_between(&permitted, *at)));
        let open: Vec<NameId> = open.map(|(_, (name, _))| *name).collect();
        if !permitted.contains(&true) {
            // That nothing is permitted at all is told elsewhere.
            return None;
        }
        let cases: Cases =
            open.into_iter().filter_map(|name| Some((name, self.not_forbidden(&[(id, name)])?))).collect();
        self.told(&[(field, list, &names_of(&cases))], &cases.first()?.1)
    }

    /// Looks for levels of a scale between two that can be permitted with a name of another field. Only a level that can be
    /// permitted with another name is told: what holds of every name is told of the level alone.
    fn of_two(&mut self, with: FieldId, named: &BTreeSet<NameId>, id: FieldId) -> Option<Diagnostic> {
        let ((beside, others), (field, list)) = (self.list(with)?, self.list(id)?);
        if !list.ordered || others.names.len() * list.names.len() > MOST_TOGETHER {
            return None;
        }
        let levels = all_names(list);
        self.left = self.left.checked_sub(named.len() * levels.len())?;
        let mut found: Option<(Vec<NameId>, Cases)> = None;
        for name in named {
            let permitted: Vec<bool> = levels
                .iter()
                .map(|level| self.can_be_permitted(&[(with, *name), (id, *level)]))
                .collect::<Option<_>>()?;
            let open = levels.iter().zip(&permitted).enumerate();
            let open = open.filter(|(at, (_, can))| !**can && is_between(&permitted, *at));
            let mut cases = Vec::new();
            for (_, (level, _)) in open {
                if self.can_be_permitted(&[(id, *level)])? {
                    cases.extend(self.not_forbidden(&[(with, *name), (id, *level)]).map(|case| (*level, case)));
                }
            }
            match &mut found {
                _ if cases.is_empty() => {}
                None => found = Some((vec![*name], cases)),
                Some((names, known)) if names_of(known) == names_of(&cases) => names.push(*name),
                Some(_) => {}
            }
        }
        let (names, cases) = found?;
        self.told(&[(beside, others, &names), (field, list, &names_of(&cases))], &cases.first()?.1)
    }

    /// Gives a field with its list, if that is not too long.
    fn list(&self, id: FieldId) -> Option<(&'p Field, &'p NameList)> {
        let field = self.version.vocabulary.field(id)?;
        let (FieldType::Kind(list) | FieldType::Scale(list)) = field.kind else { return None };
        Some((field, self.version.vocabulary.list(list).filter(|list| list.names.len() <= MOST_NAMES)?))
    }

    /// Assumes an episode that is covered and has some names.
    fn having(&mut self, names: &[(FieldId, NameId)]) -> Option<Vec<Lit>> {
        let mut assumed = self.world.covered(self.at)?;
        for (field, name) in names {
            let reading = self.world.reading(self.at, *field)?;
            assumed.extend([reading.present, *reading.names.get(usize::from(name.0))?]);
        }
        Some(assumed)
    }

    /// Says whether some permit can hold for an episode with some names; none where it was not decided.
    fn can_be_permitted(&mut self, names: &[(FieldId, NameId)]) -> Option<bool> {
        let mut assumed = self.having(names)?;
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

    /// Finds an episode with some names that is covered and that no rule forbids.
    fn not_forbidden(&mut self, names: &[(FieldId, NameId)]) -> Option<Witness> {
        let mut goal = self.having(names)?;
        for norm in World::deciding(self.version).0 {
            let says = self.world.says(self.at, norm)?;
            goal.extend([!says.violated, !says.undetermined]);
        }
        match self.world.find(&goal) {
            Answer::Case(case) => Some(*case),
            Answer::None | Answer::Open => None,
        }
    }

    fn told(&self, having: &[(&Field, &NameList, &[NameId])], case: &Witness) -> Option<Diagnostic> {
        let whose = |(field, list, names): &(&Field, &NameList, &[NameId])| {
            let names: Vec<String> = names.iter().map(|name| format!("`{}`", list.name_of(*name))).collect();
            format!("whose `{}` is {}", field.name, enumerated(&names, "or"))
        };
        let whose: Vec<String> = having.iter().map(whose).collect();
        let message = format!("nothing permits an episode {}, and no rule forbids it", whose.join(" and "));
        let permit = self.version.rules.iter().find(|rule| rule.is_permit())?;
        let problem = Diagnostic::new(codes::PROOF_NOTHING_PERMITS, message, permit.origin, "cannot hold there");
        let help = "add a permit for it, or forbid it in a rule, so that readers see that it is meant";
        let shown = case.shown("unthought_of", self.version);
        Some(case.with_supposed(problem, self.at, self.version).with_help(help).with_case(shown))
    }
}

fn all_names(list: &NameList) -> Vec<NameId> {
    (0..list.names.len()).filter_map(|at| u16::try_from(at).ok()).map(NameId).collect()
}

fn names_of(cases: &[(NameId, Witness)]) -> Vec<NameId> {
    cases.iter().map(|(name, _)| *name).collect()
}

/// Says whether something before a place is permitted, and something after it.
fn is_between(permitted: &[bool], at: usize) -> bool {
    let (before, after) = permitted.split_at_checked(at).unwrap_or_default();
    before.contains(&true) && after.contains(&true)
}
