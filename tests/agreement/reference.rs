//! The naive reference judge: semantics.md, sections 1, 2, 4, 5 (the Kleene verdict) and 6, said once more, by another
//! hand, as plainly as possible.
//!
//! Takes a checked policy and all records, each read once for each version; gives the verdict on one of them, the status
//! of every rule, and the unknown fields that the undetermined part of the policy reads. Views and history (sections 3
//! and 7) stand in `reference_view`, `reference_past` and `reference_measured`, duties (section 8) in `reference_duty`,
//! partial instants in `reference_instants`. It takes nothing from `judge`, and nothing here is meant to be fast.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use forbear::episode::Episode;
use forbear::policy::{
    Condition, ConditionId, DefaultNorm, Duty, FieldId, Function, HistoryId, Role, Rule, Silence, Term, Value, Version,
};
use jiff::civil::Date;

use super::reference_duty::{self, Chain, DutyStatus};
use super::reference_instants::{choices, holds, terms};
use super::reference_measured::Measured;
use super::reference_past::{self, Log};
use super::table;

/// Strong Kleene logic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Truth {
    True,
    False,
    Unknown,
}

use Truth::{False, True, Unknown};

pub(crate) fn not(a: Truth) -> Truth {
    match a {
        True => False,
        False => True,
        Unknown => Unknown,
    }
}

pub(crate) fn and(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (False, _) | (_, False) => False,
        (True, True) => True,
        _ => Unknown,
    }
}

pub(crate) fn or(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (True, _) | (_, True) => True,
        (False, False) => False,
        _ => Unknown,
    }
}

fn known(holds: bool) -> Truth {
    if holds { True } else { False }
}

/// Section 4: the first row that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Violated,
    NotApplicable,
    ExcusedNeeded,
    ExcusedNotNeeded,
    ExcusedPerhapsNeeded,
    Satisfied,
    Undetermined,
}

/// What one rule says of the episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// the ground of a `permit`: given, not given, undetermined
    Permit(Truth),
    /// the status of a requirement, and whether silence settled it
    Requirement { status: Status, by_silence: bool },
    /// what became of a duty
    Duty(Chain),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Permissible,
    Impermissible,
    Undetermined,
    NotCovered,
}

/// Which row of the table of section 5 gives the verdict; where the scope is F or U, which part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Row {
    NotInForce,
    DoesNotApply,
    TimeOpen,
    ScopeOpen,
    Violations,
    ByDefault,
    Undetermined,
    Permitted,
}

/// What one policy, with all its versions, says of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) row: Row,
    /// The version that is in force, if it is certain which; an index into the policy's versions.
    pub(crate) version: Option<usize>,
    /// What that version's rules say, in their order, whatever `applies when` says; empty where there is none.
    pub(crate) standings: Vec<(String, Standing)>,
    /// The names of the unknown fields that the undetermined scope, norms and permits read; earlier records, of which
    /// something is open, by their number.
    pub(crate) wanting: BTreeSet<String>,
    /// The status of every link of every duty of that version.
    pub(crate) duties: Vec<(String, Vec<DutyStatus>)>,
    /// Whether some average or share is perhaps of no episodes: it has no value, whatever else is known.
    pub(crate) of_none: bool,
}

// ---- sections 5 and 6: the verdict ------------------------------------------------------------------------------------

/// Judges one record among all.
pub(crate) fn verdict(log: &Log<'_>, record: usize) -> Judgement {
    let readings: Vec<Reading<'_>> = (0..log.policy.versions.len()).map(|at| log.reading(record, at)).collect();
    let candidates: Vec<usize> = (0..readings.len()).filter(|at| readings[*at].in_force() != False).collect();
    // Each version reads the time in its own zone, where it may be unfit though another reads it; but since versions do
    // not overlap, the first row of section 6 holds wherever one of them is surely in force.
    let sure: Vec<usize> = candidates.iter().copied().filter(|at| readings[*at].in_force() == True).collect();
    let open =
        |row, wanting| Judgement { row, version: None, standings: vec![], wanting, duties: vec![], of_none: false };
    match (sure.as_slice(), candidates.as_slice()) {
        ([one], _) => Judgement { version: Some(*one), ..readings[*one].judgement() },
        (_, []) => open(Row::NotInForce, BTreeSet::new()),
        (_, several) => open(Row::TimeOpen, several.iter().flat_map(|at| readings[*at].unknown_in_scope()).collect()),
    }
}

/// Section 5: the first row that fits. `ground` is T under `default permit`.
pub(crate) fn row(scope: Truth, norms: &[Status], ground: Truth) -> Row {
    if scope == False {
        Row::DoesNotApply
    } else if scope == Unknown {
        Row::ScopeOpen
    } else if norms.contains(&Status::Violated) {
        Row::Violations
    } else if ground == False {
        Row::ByDefault
    } else if norms.contains(&Status::Undetermined) || ground == Unknown {
        Row::Undetermined
    } else {
        Row::Permitted
    }
}

impl Row {
    pub(crate) fn verdict(self) -> Verdict {
        match self {
            Self::NotInForce | Self::DoesNotApply => Verdict::NotCovered,
            Self::TimeOpen | Self::ScopeOpen | Self::Undetermined => Verdict::Undetermined,
            Self::Violations | Self::ByDefault => Verdict::Impermissible,
            Self::Permitted => Verdict::Permissible,
        }
    }
}

/// Section 4: the status from guard, exception and requirement.
pub(crate) fn status(guard: Truth, unless: Truth, requirement: Truth) -> Status {
    if guard == True && unless == False && requirement == False {
        Status::Violated
    } else if guard == False {
        Status::NotApplicable
    } else if unless == True {
        match requirement {
            False => Status::ExcusedNeeded,
            True => Status::ExcusedNotNeeded,
            Unknown => Status::ExcusedPerhapsNeeded,
        }
    } else if requirement == True {
        Status::Satisfied
    } else {
        Status::Undetermined
    }
}

/// Section 4: silence replaces *undetermined* and nothing else.
pub(crate) fn settle(status: Status, silence: Option<Silence>) -> Standing {
    match (status, silence) {
        (Status::Undetermined, Some(Silence::Violated)) => {
            Standing::Requirement { status: Status::Violated, by_silence: true }
        }
        (Status::Undetermined, Some(Silence::Satisfied)) => {
            Standing::Requirement { status: Status::Satisfied, by_silence: true }
        }
        _ => Standing::Requirement { status, by_silence: false },
    }
}

/// A record as one version reads it, among all records.
pub(crate) struct Reading<'a> {
    pub(crate) log: &'a Log<'a>,
    pub(crate) version: &'a Version,
    pub(crate) episode: &'a Episode,
    /// Which record and which version.
    record: usize,
    at: usize,
    /// What the history clauses came to, as far as they were asked for.
    measured: RefCell<BTreeMap<HistoryId, Measured>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(log: &'a Log<'a>, record: usize, at: usize) -> Self {
        let (version, episode) = (&log.policy.versions[at], log.records[record][at]);
        Self { log, version, episode, record, at, measured: RefCell::default() }
    }

    /// Section 6: does the episode's time lie within the version's days? Each day that it may be is asked.
    fn in_force(&self) -> Truth {
        let Some(period) = self.version.in_force else {
            return True;
        };
        let Some(time) = self.version.vocabulary.role(Role::Time).and_then(|field| self.episode.value(field)) else {
            return Unknown;
        };
        let days: Vec<Date> = match time {
            Value::Date(day) => vec![*day],
            Value::Instant(when) if when.either_end => vec![when.first_day, when.last_day],
            Value::Instant(when) => {
                let bounds = [Some(period.from), period.until].into_iter().flatten();
                let near = bounds.flat_map(|day| [day.yesterday().unwrap(), day, day.tomorrow().unwrap()]);
                near.chain([when.first_day, when.last_day])
                    .filter(|day| (when.first_day..=when.last_day).contains(day))
                    .collect()
            }
            other => panic!("{other:?} is no time"),
        };
        of_all(days.into_iter().map(|day| period.from <= day && period.until.is_none_or(|until| day <= until)))
    }

    fn judgement(&self) -> Judgement {
        let scope = self.version.applies_when.map_or(True, |condition| self.truth(condition));
        let standing = |rule: &Rule| (rule.name.clone(), self.standing(rule, scope));
        let standings: Vec<(String, Standing)> = self.version.rules.iter().map(standing).collect();
        let row = row(scope, &self.norms(scope), self.ground());
        let wanting = if row.verdict() == Verdict::Undetermined { self.wanting(scope) } else { BTreeSet::new() };
        let of_none = self.measured.borrow().values().any(|measured| *measured == Measured::PerhapsOfNone);
        Judgement { row, version: None, standings, wanting, duties: self.duties(scope), of_none }
    }

    /// Section 8: the links of every duty.
    fn duties(&self, scope: Truth) -> Vec<(String, Vec<DutyStatus>)> {
        let of_rule = |rule: &Rule| Some((rule.name.clone(), self.links(scope, rule, rule.duty.as_ref()?)));
        self.version.rules.iter().filter_map(of_rule).collect()
    }

    fn links(&self, scope: Truth, rule: &Rule, duty: &Duty) -> Vec<DutyStatus> {
        reference_duty::links(self, duty, [scope, self.guard(rule), self.unless(rule)], rule.silence)
    }

    /// The statuses of the rules with a requirement that are not advisory.
    fn norms(&self, scope: Truth) -> Vec<Status> {
        let deciding = self.version.rules.iter().filter(|rule| rule.decides());
        let status = |rule| match self.standing(rule, scope) {
            Standing::Requirement { status, .. } => Some(status),
            Standing::Permit(_) | Standing::Duty(_) => None,
        };
        deciding.filter_map(status).collect()
    }

    /// T under `default permit`, else the disjunction of the permits.
    fn ground(&self) -> Truth {
        if self.version.default == DefaultNorm::Permit {
            return True;
        }
        let permits = self.version.rules.iter().filter(|rule| rule.is_permit());
        permits.map(|rule| self.permit(rule)).fold(False, or)
    }

    /// `G and not E and P`
    fn permit(&self, rule: &Rule) -> Truth {
        and(and(self.guard(rule), not(self.unless(rule))), self.truth(rule.norm.condition))
    }

    fn standing(&self, rule: &Rule, scope: Truth) -> Standing {
        if rule.is_permit() {
            return Standing::Permit(self.permit(rule));
        }
        if let Some(duty) = &rule.duty {
            return Standing::Duty(reference_duty::chain(&self.links(scope, rule, duty)));
        }
        settle(status(self.guard(rule), self.unless(rule), self.truth(rule.norm.condition)), rule.silence)
    }

    fn guard(&self, rule: &Rule) -> Truth {
        rule.guard.map_or(True, |condition| self.truth(condition))
    }

    fn unless(&self, rule: &Rule) -> Truth {
        rule.unless.map_or(False, |condition| self.truth(condition))
    }

    // ---- section 5: what is wanting ----------------------------------------------------------------------------------

    /// The unknown fields that the undetermined scope, norms and permits read.
    fn wanting(&self, scope: Truth) -> BTreeSet<String> {
        let mut wanting = if scope == Unknown { self.unknown_in_scope() } else { BTreeSet::new() };
        for rule in &self.version.rules {
            let open = match self.standing(rule, scope) {
                Standing::Permit(ground) => ground == Unknown && self.version.default == DefaultNorm::Forbid,
                Standing::Duty(_) => false,
                Standing::Requirement { status, .. } => status == Status::Undetermined && rule.decides(),
            };
            if open {
                let conditions = [rule.guard, rule.unless, Some(rule.norm.condition)];
                conditions.into_iter().flatten().for_each(|condition| self.unknown_in(condition, &mut wanting));
            }
        }
        wanting
    }

    /// The time, if it is unknown whether the version is in force, and what `applies when` reads.
    fn unknown_in_scope(&self) -> BTreeSet<String> {
        let mut unknown = BTreeSet::new();
        if self.in_force() == Unknown {
            unknown.extend(
                self.version
                    .vocabulary
                    .role(Role::Time)
                    .map(|field| self.version.vocabulary.field_name(field).to_owned()),
            );
        }
        if let Some(condition) = self.version.applies_when {
            self.unknown_in(condition, &mut unknown);
        }
        unknown
    }

    fn unknown_in(&self, id: ConditionId, unknown: &mut BTreeSet<String>) {
        let condition = self.version.conditions.get(id);
        parts(self.version, condition).into_iter().for_each(|part| self.unknown_in(part, unknown));
        for term in terms(condition) {
            if let Term::Field(field) = term {
                self.unknown_field(field.field, unknown);
            }
        }
        if let Condition::Measure { history, .. } = condition {
            self.unknown_in_history(*history, unknown);
        }
    }

    fn unknown_field(&self, field: FieldId, unknown: &mut BTreeSet<String>) {
        if self.episode.is_open(field) {
            unknown.insert(self.version.vocabulary.field_name(field).to_owned());
        }
    }

    /// What leaves a history clause open: the record's own key and times, what `where` asks of the record itself if it
    /// counts itself, and the earlier records of which it is open whether or with what they count.
    fn unknown_in_history(&self, id: HistoryId, unknown: &mut BTreeSet<String>) {
        let history = self.version.conditions.history(id).unwrap();
        let of_roles = [Role::Time, Role::Start, Role::End].map(|role| self.version.vocabulary.role(role));
        let keys = history.keys.iter().map(|key| key.asked);
        keys.chain(of_roles.into_iter().flatten()).for_each(|field| self.unknown_field(field, unknown));
        if history.window.counts_itself() {
            let asked = match history.function {
                Function::Sum(field) | Function::Average(field) => {
                    self.unknown_field(field, unknown);
                    None
                }
                Function::Share(condition) => Some(condition),
                Function::Count | Function::TimeSinceLast => None,
            };
            asked.into_iter().chain(history.filter).for_each(|condition| self.unknown_in(condition, unknown));
        }
        let earlier = reference_past::open_records(self.log, self.record, self.at, id);
        unknown.extend(earlier.into_iter().map(earlier_record));
    }

    // ---- section 2: conditions ---------------------------------------------------------------------------------------

    pub(crate) fn truth(&self, id: ConditionId) -> Truth {
        let condition = self.version.conditions.get(id);
        let parts = parts(self.version, condition).into_iter().map(|part| self.truth(part));
        match condition {
            Condition::All(_) | Condition::Defined(_) => parts.fold(True, and),
            Condition::Any(_) => parts.fold(False, or),
            Condition::Not(_) => not(parts.fold(True, and)),
            Condition::Present(field) => known(self.episode.value(field.field).is_some()),
            Condition::NotEmpty(set) => self.episode.value(set.field).map_or(Unknown, not_empty),
            Condition::Includes { .. }
            | Condition::Compare { .. }
            | Condition::OneOf { .. }
            | Condition::Between { .. }
            | Condition::Clock { .. }
            | Condition::Within { .. } => self.comparison(condition),
            Condition::Table { table, test } => table::truth(self, *table, test),
            Condition::Measure { history, relation, right } => {
                let right = match right {
                    Term::Constant(value) => Some(value),
                    Term::Field(field) => self.episode.value(field.field),
                };
                self.measured(*history).compare(*relation, right)
            }
        }
    }

    /// Section 7: what a history clause comes to.
    pub(crate) fn measured(&self, id: HistoryId) -> Measured {
        let compute = || reference_past::measured(self.log, self.record, self.at, id);
        if let Some(known) = self.measured.borrow().get(&id) {
            return known.clone();
        }
        let measured = compute();
        self.measured.borrow_mut().insert(id, measured.clone());
        measured
    }

    /// U if anything that is read is missing; else T or F if so for whatever the partial values may be, else U.
    fn comparison(&self, condition: &Condition) -> Truth {
        let terms = terms(condition);
        let value = |term: &Term| match term {
            Term::Constant(value) => Some(value.clone()),
            Term::Field(field) => self.episode.value(field.field).cloned(),
        };
        let Some(values) = terms.iter().map(value).collect::<Option<Vec<Value>>>() else {
            return Unknown;
        };
        if let (Condition::Includes { .. }, [set, member]) = (condition, values.as_slice()) {
            return includes(set, member);
        }
        let choices = choices(condition, &values, &[], &self.version.zone);
        of_all(choices.iter().map(|choice| holds(condition, choice, &self.version.zone)))
    }
}

/// T if true every time, F if false every time, else U.
fn of_all(results: impl Iterator<Item = bool>) -> Truth {
    let results: BTreeSet<bool> = results.collect();
    match (results.contains(&true), results.contains(&false)) {
        (true, false) => True,
        (false, true) => False,
        _ => Unknown,
    }
}

fn parts(version: &Version, condition: &Condition) -> Vec<ConditionId> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.to_vec(),
        Condition::Not(part) => vec![*part],
        Condition::Table { table, .. } => table::cells(version.conditions.table(*table).expect("the table exists")),
        Condition::Defined(id) => vec![version.conditions.definition(*id).expect("the definition exists").condition],
        _ => vec![],
    }
}

/// Of a set: T with a known member, F if it is complete and empty.
pub(crate) fn not_empty(set: &Value) -> Truth {
    match set {
        Value::Names(names) if names.members.is_empty() => {
            if names.complete {
                False
            } else {
                Unknown
            }
        }
        Value::People(people) if people.members.is_empty() => {
            if people.complete {
                False
            } else {
                Unknown
            }
        }
        _ => True,
    }
}

/// T if it is a known member, F if it is not and the set is complete, else U.
pub(crate) fn includes(set: &Value, member: &Value) -> Truth {
    let (is_member, complete) = match (set, member) {
        (Value::Names(names), Value::Name(name)) => (names.members.contains(name), names.complete),
        (Value::People(people), Value::Identity(person)) => (people.members.contains(person), people.complete),
        other => panic!("no set and its member: {other:?}"),
    };
    if is_member {
        True
    } else if complete {
        False
    } else {
        Unknown
    }
}

// ---- every condition by itself -----------------------------------------------------------------------------------------

/// Gives the truth of every condition of a version, in the order of its arena, and whether it reads a partial value.
pub(crate) fn truths(reading: &Reading<'_>) -> Vec<(ConditionId, Truth, bool)> {
    let conditions = &reading.version.conditions;
    let truth = |at: usize| {
        let id = ConditionId(u32::try_from(at).unwrap());
        let partial = terms(conditions.get(id)).iter().any(|term| match term {
            Term::Field(field) => reading.episode.value(field.field).is_some_and(Value::is_partial),
            Term::Constant(_) => false,
        });
        (id, reading.truth(id), partial)
    };
    (0..conditions.len()).map(truth).collect()
}

/// The name of what is wanting of an earlier record.
pub(crate) fn earlier_record(number: usize) -> String {
    format!("(record {number})")
}

#[cfg(test)]
#[path = "reference_tests.rs"]
mod tests;
