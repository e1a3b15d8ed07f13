//! Rules and verdicts as literals: the tables of semantics.md, sections 4 to 6, over what is known of conditions.

use jiff::civil::Date;

use crate::judge::Verdict;
use crate::policy::time::{day_nanoseconds, days};
use crate::policy::{DefaultNorm, NameId, Relation, Role, RuleId, Silence, TableTest, Term, Value, Version};

use super::dual::Dual;
use super::field::Family;
use super::place::Place;
use super::solver::Lit;
use super::world::World;

/// What a rule with a requirement says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Says {
    /// It is violated, perhaps by silence.
    pub(crate) violated: Lit,
    /// It is undetermined, and silence does not settle it.
    pub(crate) undetermined: Lit,
}

/// The verdicts, of which exactly one holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verdicts {
    pub(crate) not_covered: Lit,
    pub(crate) permissible: Lit,
    pub(crate) undetermined: Lit,
    pub(crate) impermissible: Lit,
}

impl Verdicts {
    /// Gives the literal of one verdict.
    pub(crate) fn lit(&self, verdict: Verdict) -> Lit {
        match verdict {
            Verdict::NotCovered => self.not_covered,
            Verdict::Permissible => self.permissible,
            Verdict::Undetermined => self.undetermined,
            Verdict::Impermissible => self.impermissible,
        }
    }
}

impl World<'_> {
    /// Gives what a rule with a requirement says.
    pub(crate) fn says(&mut self, version: usize, id: RuleId) -> Option<Says> {
        let rule = self.versions.get(version)?.rules.get(id.0 as usize)?;
        let (violated, clear) = self.before_silence(version, rule);
        let open = self.solver.both(!violated, !clear);
        let no = self.solver.no();
        // In a completion, a status that silence settled on the record stays as it is.
        let settled = match (rule.silence, self.without_view(version)) {
            (Some(_), _) if self.completing => self.by_silence(id),
            (Some(_), of) if of != version => {
                let (violated, clear) = self.before_silence(of, rule);
                self.solver.both(!violated, !clear)
            }
            _ => no,
        };
        let (violated, open) = (self.solver.both(violated, !settled), self.solver.either(open, settled));
        Some(match rule.silence {
            Some(Silence::Violated) => Says { violated: self.solver.either(violated, open), undetermined: no },
            Some(Silence::Satisfied) => Says { violated, undetermined: no },
            None => Says { violated, undetermined: open },
        })
    }

    /// Gives that a rule is violated, and that it is clear, before silence is asked.
    pub(crate) fn before_silence(&mut self, version: usize, rule: &crate::policy::Rule) -> (Lit, Lit) {
        let (guard, unless, condition) = self.clauses(version, rule);
        let violated = self.solver.all([guard.yes, unless.no, condition.no]);
        (violated, self.solver.any([guard.no, unless.yes, condition.yes]))
    }

    /// Gives the ground that a permit gives.
    pub(crate) fn ground(&mut self, version: usize, id: RuleId) -> Option<Dual> {
        let rule = self.versions.get(version)?.rules.get(id.0 as usize)?;
        let (guard, unless, condition) = self.clauses(version, rule);
        Some(Dual::all(&mut self.solver, &[guard, !unless, condition]))
    }

    /// Gives that a rule's `unless` holds, and was needed.
    pub(crate) fn excused(&mut self, version: usize, id: RuleId) -> Option<Lit> {
        let rule = self.versions.get(version)?.rules.get(id.0 as usize)?;
        let (guard, unless, condition) = self.clauses(version, rule);
        Some(self.solver.all([!guard.no, unless.yes, condition.no]))
    }

    fn clauses(&mut self, version: usize, rule: &crate::policy::Rule) -> (Dual, Dual, Dual) {
        let yes = Dual::known(self.solver.yes());
        let guard = rule.guard.map_or(yes, |guard| self.condition(version, guard));
        let unless = rule.unless.map_or(!yes, |unless| self.condition(version, unless));
        (guard, unless, self.condition(version, rule.norm.condition))
    }

    /// Gives the rules of a version whose statuses enter the verdict, and its permits.
    pub(crate) fn deciding(version: &Version) -> (Vec<RuleId>, Vec<RuleId>) {
        let with_ids = || version.rules.iter().zip((0..).map(RuleId));
        let norms = with_ids().filter(|(rule, _)| rule.decides()).map(|(_, id)| id).collect();
        let permits = with_ids().filter(|(rule, _)| rule.is_permit()).map(|(_, id)| id).collect();
        (norms, permits)
    }

    /// Gives the verdicts of one version on an episode in its time, by Kleene.
    pub(crate) fn of_version(&mut self, version: usize) -> Option<Verdicts> {
        if let Some(known) = self.verdicts.get(&version) {
            return Some(*known);
        }
        let of = *self.versions.get(version)?;
        let yes = Dual::known(self.solver.yes());
        let applies = of.applies_when.map_or(yes, |scope| self.condition(version, scope));
        let (norms, permits) = Self::deciding(of);
        let says: Vec<Says> = norms.iter().filter_map(|rule| self.says(version, *rule)).collect();
        let ground = match of.default {
            DefaultNorm::Permit => yes,
            DefaultNorm::Forbid => {
                let grounds: Vec<Dual> = permits.iter().filter_map(|rule| self.ground(version, *rule)).collect();
                Dual::any(&mut self.solver, &grounds)
            }
        };
        let violated = self.solver.any(says.iter().map(|says| says.violated).collect::<Vec<_>>());
        let open = self.solver.any(says.iter().map(|says| says.undetermined).collect::<Vec<_>>());
        let forbidden = self.solver.either(violated, ground.no);
        let verdicts = Verdicts {
            not_covered: applies.no,
            impermissible: self.solver.both(applies.yes, forbidden),
            permissible: self.solver.all([applies.yes, !violated, !open, ground.yes]),
            undetermined: self.solver.no(),
        };
        let decided = [verdicts.not_covered, verdicts.impermissible, verdicts.permissible];
        let undetermined = !self.solver.any(decided);
        let verdicts = Verdicts { undetermined, ..verdicts };
        self.verdicts.insert(version, verdicts);
        Some(verdicts)
    }

    /// Gives the exact verdicts of a policy: by the version in force. Where the time of the episode is missing, it is not
    /// covered only if no version would cover it.
    pub(crate) fn of_policy(&mut self, policy: usize) -> Option<Verdicts> {
        self.by_the_version_in_force(policy, Self::exactly)
    }

    /// Gives the verdicts of a policy by Kleene.
    pub(crate) fn by_kleene(&mut self, policy: usize) -> Option<Verdicts> {
        self.by_the_version_in_force(policy, Self::of_version)
    }

    fn by_the_version_in_force(
        &mut self,
        policy: usize,
        of_version: impl Fn(&mut Self, usize) -> Option<Verdicts>,
    ) -> Option<Verdicts> {
        let count = self.policies.get(policy)?.versions.len();
        let first = *self.first.get(policy)?;
        let (mut not_covered, mut permissible, mut impermissible) = (Vec::new(), Vec::new(), Vec::new());
        for version in first..first + count {
            let in_force = self.in_force(version)?;
            let of_version = of_version(self, version)?;
            not_covered.push(self.solver.either(in_force.no, of_version.not_covered));
            permissible.push(self.solver.both(in_force.yes, of_version.permissible));
            impermissible.push(self.solver.both(in_force.yes, of_version.impermissible));
        }
        let not_covered = self.solver.all(not_covered);
        let (permissible, impermissible) = (self.solver.any(permissible), self.solver.any(impermissible));
        let undetermined = !self.solver.any([not_covered, permissible, impermissible]);
        Some(Verdicts { not_covered, permissible, undetermined, impermissible })
    }

    /// Gives that a version is in force and applies.
    pub(crate) fn covered(&mut self, version: usize) -> Option<Vec<Lit>> {
        let of = *self.versions.get(version)?;
        let applies = of.applies_when.map_or(self.solver.yes(), |scope| self.condition(version, scope).yes);
        Some(vec![self.in_force(version)?.yes, applies])
    }

    /// Gives whether a version is in force at the time of the episode.
    pub(crate) fn in_force(&mut self, version: usize) -> Option<Dual> {
        let of = *self.versions.get(version)?;
        let Some(in_force) = &of.in_force else { return Some(Dual::known(self.solver.yes())) };
        let Some(field) = of.vocabulary.role(Role::Time) else { return Some(Dual::unknown(&self.solver)) };
        let reading = self.reading(version, field)?;
        let place = Place::of(reading.node()?);
        let edge = |day: Date| match reading.family {
            Family::Date => Some((day_nanoseconds(day), day_nanoseconds(day))),
            _ => days(day, day, &of.zone).ok().map(|day| (day.earliest.as_nanosecond(), day.latest.as_nanosecond())),
        };
        let from = edge(in_force.from).map(|day| self.less(Place::fixed(day.0), place, false));
        let until = in_force.until.and_then(edge).map(|day| self.less(place, Place::fixed(day.1), false));
        let within = self.solver.all(from.into_iter().chain(until));
        Some(Dual::where_known(&mut self.solver, reading.present, within))
    }

    /// Gives what is known of something that is asked of one result of a table.
    pub(crate) fn of_result(&mut self, version: usize, test: &TableTest, result: Option<NameId>) -> Dual {
        let Some(result) = result else {
            return Dual::known(self.solver.constant(*test == TableTest::Never));
        };
        match test {
            TableTest::Never => Dual::known(self.solver.no()),
            TableTest::Bounds { left, relation } => {
                let right = Term::Constant(Value::Name(result));
                self.compare(version, *left, *relation, &right).unwrap_or_else(|| Dual::unknown(&self.solver))
            }
            TableTest::OneOf(values) => Dual::known(self.solver.constant(values.contains(&Value::Name(result)))),
            TableTest::Gives { relation, right } => self.result_to(version, result, *relation, right),
            TableTest::Between(low, high) => {
                let parts = [(Relation::AtLeast, low), (Relation::AtMost, high)];
                let parts = parts.map(|(relation, right)| self.result_to(version, result, relation, right));
                Dual::all(&mut self.solver, &parts)
            }
        }
    }

    fn result_to(&mut self, version: usize, result: NameId, relation: Relation, right: &Term) -> Dual {
        match right {
            Term::Constant(Value::Name(bound)) => Dual::known(self.solver.constant(relation.allows(result.cmp(bound)))),
            Term::Constant(_) => Dual::unknown(&self.solver),
            Term::Field(field) => {
                let Some(reading) = self.reading(version, field.field) else { return Dual::unknown(&self.solver) };
                let fits = |at: usize| relation.allows(usize::from(result.0).cmp(&at));
                let fitting = reading.names.iter().enumerate().filter(|(at, _)| fits(*at)).map(|(_, lit)| *lit);
                let lit = self.solver.any(fitting.collect::<Vec<_>>());
                Dual::where_known(&mut self.solver, reading.counted, lit)
            }
        }
    }
}
