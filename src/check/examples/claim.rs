//! Claims: whether what they name exists, and is of a sort that they can concern.

use crate::policy::{Duty, FieldId, Rule, RuleId, RuleSeverity, Silence};
use crate::syntax::ast::{self, ClaimKind as Written, ExampleDeclaration, Word};

use super::super::example::{Claim, ClaimKind};
use super::{Maker, problem};

/// What a claim says of a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern {
    Impermissible,
    Owes,
    Overdue,
    Excused,
}

impl Maker<'_> {
    /// Makes the claims of an example; none where one has an error, all of which are reported.
    pub(super) fn claims(&mut self, written: &[ast::Claim], example: &ExampleDeclaration) -> Option<Vec<Claim>> {
        if written.is_empty() && !example.broken {
            self.conditioner.problems.push(problem::without_claim(example.span));
        }
        let mut verdicts = written.iter().filter(|claim| claim.kind.is_verdict());
        let first = verdicts.next();
        for other in verdicts {
            self.conditioner.problems.extend(first.map(|first| problem::two_verdicts(other.span, first.span)));
        }
        let mut claims = Some(Vec::new());
        for claim in written {
            let kind = self.claim(claim);
            claims = claims.zip(kind).map(|(mut claims, kind)| {
                claims.push(Claim { kind, origin: claim.span });
                claims
            });
        }
        claims.filter(|claims| !claims.is_empty())
    }

    fn claim(&mut self, claim: &ast::Claim) -> Option<ClaimKind> {
        Some(match &claim.kind {
            Written::Permissible => ClaimKind::Permissible,
            Written::NotCovered => ClaimKind::NotCovered,
            Written::ImpermissibleByDefault { only } => ClaimKind::ImpermissibleByDefault { only: *only },
            Written::OwesNothing => ClaimKind::OwesNothing,
            Written::ImpermissibleBy { rules, only } => {
                ClaimKind::ImpermissibleBy { rules: self.rules(rules, Concern::Impermissible)?, only: *only }
            }
            Written::Owes(rules) => ClaimKind::Owes(self.rules(rules, Concern::Owes)?),
            Written::ExcusedFrom(rules) => ClaimKind::ExcusedFrom(self.rules(rules, Concern::Excused)?),
            Written::OverdueWith(rules) => ClaimKind::OverdueWith(self.rules(rules, Concern::Overdue)?),
            Written::NotYetOverdueWith(rules) => ClaimKind::NotYetOverdueWith(self.rules(rules, Concern::Overdue)?),
            Written::Undetermined { fields, only } => {
                ClaimKind::Undetermined { fields: self.fields(fields)?, only: *only }
            }
        })
    }

    fn fields(&mut self, words: &[Word]) -> Option<Vec<FieldId>> {
        let found: Vec<Option<FieldId>> =
            words.iter().map(|word| self.conditioner.field(word).map(|(id, _)| id)).collect();
        found.into_iter().collect()
    }

    fn rules(&mut self, words: &[Word], concern: Concern) -> Option<Vec<RuleId>> {
        let found: Vec<Option<RuleId>> = words.iter().map(|word| self.concerned(word, concern)).collect();
        found.into_iter().collect()
    }

    fn concerned(&mut self, word: &Word, concern: Concern) -> Option<RuleId> {
        let id = self.rule(word, word.span)?;
        let rule = self.version.rules.get(id.0 as usize)?;
        if can_concern(rule, concern) {
            return Some(id);
        }
        self.conditioner.problems.push(problem::unfit_claim(word, rule, concern));
        None
    }
}

fn can_concern(rule: &Rule, concern: Concern) -> bool {
    match concern {
        Concern::Impermissible => rule.decides(),
        Concern::Owes => rule.duty.is_some(),
        Concern::Overdue => has_deadline(rule),
        Concern::Excused => rule.unless.is_some() && !rule.is_permit(),
    }
}

/// Says whether a duty can be overdue: it has a deadline, or silence counts as not done.
fn has_deadline(rule: &Rule) -> bool {
    let dated = |duty: &Duty| duty.links.iter().any(|link| link.deadline.is_some());
    rule.duty.as_ref().is_some_and(|duty| dated(duty) || rule.silence == Some(Silence::Violated))
}

/// Says why a rule makes nothing impermissible.
pub(super) fn why_not_impermissible(rule: &Rule) -> (&'static str, String) {
    let name = &rule.name;
    match () {
        () if rule.is_permit() => (
            "a permit forbids nothing",
            "write `is impermissible by default`: that is so where no permit gives a ground".to_owned(),
        ),
        () if rule.duty.is_some() => (
            "a duty makes nothing impermissible",
            format!("write `owes {name}`, or name a rule that demands something"),
        ),
        () if rule.severity == RuleSeverity::Advisory => {
            ("an advisory rule decides nothing", "name a rule that decides, or change its severity".to_owned())
        }
        () => ("it decides nothing", "name a rule that demands something".to_owned()),
    }
}
