//! The naive reference judge: semantics.md, sections 1, 2, 4, 5 (the Kleene verdict) and 6, said once more, by another
//! hand, as plainly as possible.
//!
//! Takes a checked policy and one reading of a record for each of its versions; gives the verdict, the status of every
//! rule, and the unknown fields that the undetermined part of the policy reads. It knows no interval arithmetic: what a
//! partial instant may be is tried out, instant by instant, at the ends and wherever a comparison could change. It
//! takes nothing from `judge`, and nothing here is meant to be fast.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use forbear::episode::Episode;
use forbear::policy::time::When;
use forbear::policy::{
    Condition, ConditionId, DefaultNorm, FieldRef, Policy, Relation, Role, Rule, Silence, Term, Value, Version,
};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

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
    /// The names of the unknown fields that the undetermined scope, norms and permits read.
    pub(crate) wanting: BTreeSet<String>,
}

// ---- sections 5 and 6: the verdict ------------------------------------------------------------------------------------

/// Judges one record, read once for each version of the policy.
pub(crate) fn verdict(policy: &Policy, readings: &[&Episode]) -> Judgement {
    let readings: Vec<Reading<'_>> =
        policy.versions.iter().zip(readings).map(|(version, episode)| Reading { version, episode }).collect();
    let candidates: Vec<usize> = (0..readings.len()).filter(|at| readings[*at].in_force() != False).collect();
    // Each version reads the time in its own zone, where it may be unfit though another reads it; but since versions do
    // not overlap, the first row of section 6 holds wherever one of them is surely in force.
    let sure: Vec<usize> = candidates.iter().copied().filter(|at| readings[*at].in_force() == True).collect();
    let open = |row, wanting| Judgement { row, version: None, standings: vec![], wanting };
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

/// A record as one version reads it.
struct Reading<'a> {
    version: &'a Version,
    episode: &'a Episode,
}

impl Reading<'_> {
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
        let standing = |rule: &Rule| (rule.name.clone(), self.standing(rule));
        let standings: Vec<(String, Standing)> = self.version.rules.iter().map(standing).collect();
        let row = row(scope, &self.norms(), self.ground());
        let wanting = if row.verdict() == Verdict::Undetermined { self.wanting(scope) } else { BTreeSet::new() };
        Judgement { row, version: None, standings, wanting }
    }

    /// The statuses of the rules with a requirement that are not advisory.
    fn norms(&self) -> Vec<Status> {
        let deciding = self.version.rules.iter().filter(|rule| rule.decides());
        let status = |rule| match self.standing(rule) {
            Standing::Requirement { status, .. } => Some(status),
            Standing::Permit(_) => None,
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

    fn standing(&self, rule: &Rule) -> Standing {
        if rule.is_permit() {
            return Standing::Permit(self.permit(rule));
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
            let open = match self.standing(rule) {
                Standing::Permit(ground) => ground == Unknown && self.version.default == DefaultNorm::Forbid,
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
            if let Term::Field(field) = term
                && self.episode.value(field.field).is_none_or(Value::is_partial)
            {
                unknown.insert(self.version.vocabulary.field_name(field.field).to_owned());
            }
        }
    }

    // ---- section 2: conditions ---------------------------------------------------------------------------------------

    fn truth(&self, id: ConditionId) -> Truth {
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
            | Condition::Within { .. } => self.comparison(condition),
        }
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
        let choices = choices(&terms, &values, &self.version.zone);
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
        Condition::Defined(id) => vec![version.conditions.definition(*id).expect("the definition exists").condition],
        _ => vec![],
    }
}

/// What a condition reads itself, in the order of the words.
fn terms(condition: &Condition) -> Vec<Term> {
    let field = |field: &FieldRef| Term::Field(*field);
    match condition {
        Condition::Compare { left, right, .. } => vec![field(left), right.clone()],
        Condition::OneOf { left, values } => {
            [field(left)].into_iter().chain(values.iter().cloned().map(Term::Constant)).collect()
        }
        Condition::Between { left, low, high } => vec![field(left), low.clone(), high.clone()],
        Condition::Includes { set, member } => vec![field(set), member.clone()],
        Condition::Within { first, at_most, second } => vec![field(first), at_most.clone(), field(second)],
        Condition::NotEmpty(of) | Condition::Present(of) => vec![field(of)],
        Condition::All(_) | Condition::Any(_) | Condition::Not(_) | Condition::Defined(_) => vec![],
    }
}

/// Of a set: T with a known member, F if it is complete and empty.
fn not_empty(set: &Value) -> Truth {
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
fn includes(set: &Value, member: &Value) -> Truth {
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

/// Says whether a comparison holds of values that are known exactly.
fn holds(condition: &Condition, values: &[Value], zone: &TimeZone) -> bool {
    let order = |a, b| order(a, b, zone);
    match (condition, values) {
        (Condition::Compare { relation, .. }, [left, right]) => match relation {
            Relation::Is => order(left, right) == Ordering::Equal,
            Relation::AtLeast => order(left, right) != Ordering::Less,
            Relation::AtMost => order(left, right) != Ordering::Greater,
            Relation::Above | Relation::After => order(left, right) == Ordering::Greater,
            Relation::Below | Relation::Before => order(left, right) == Ordering::Less,
        },
        (Condition::OneOf { .. }, [left, values @ ..]) => {
            values.iter().any(|value| order(left, value) == Ordering::Equal)
        }
        (Condition::Between { .. }, [left, low, high]) => {
            order(low, left) != Ordering::Greater && order(left, high) != Ordering::Greater
        }
        (Condition::Within { .. }, [first, Value::Duration(at_most), second]) => {
            let between = elapsed(first, second, zone);
            SignedDuration::ZERO <= between && between <= *at_most
        }
        other => panic!("no comparison: {other:?}"),
    }
}

/// Compares two exact values. A date and an instant compare as local dates.
fn order(left: &Value, right: &Value, zone: &TimeZone) -> Ordering {
    match (left, right) {
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) | (Value::Percent(a), Value::Percent(b)) => a.cmp(b),
        (Value::Duration(a), Value::Duration(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) | (Value::Identity(a), Value::Identity(b)) => a.cmp(b),
        (Value::Name(a), Value::Name(b)) => a.cmp(b),
        (Value::Instant(a), Value::Instant(b)) => a.earliest.cmp(&b.earliest),
        (Value::Date(_) | Value::Instant(_), Value::Date(_) | Value::Instant(_)) => {
            day(left, zone).cmp(&day(right, zone))
        }
        other => panic!("these do not compare: {other:?}"),
    }
}

/// Y − X; in whole days where one of them is a date.
fn elapsed(first: &Value, second: &Value, zone: &TimeZone) -> SignedDuration {
    match (first, second) {
        (Value::Instant(first), Value::Instant(second)) => second.earliest.duration_since(first.earliest),
        _ => SignedDuration::from_hours(24 * days_between(day(first, zone), day(second, zone))),
    }
}

fn days_between(first: Date, second: Date) -> i64 {
    i64::from((second - first).get_days())
}

fn day(value: &Value, zone: &TimeZone) -> Date {
    match value {
        Value::Date(day) => *day,
        Value::Instant(when) => zone.to_datetime(when.earliest).date(),
        other => panic!("{other:?} is no day"),
    }
}

/// The first instant of a local day.
fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(day.to_datetime(Time::midnight()))
        .compatible()
        .expect("the day lies within the calendar")
}

// ---- partial instants, tried out ---------------------------------------------------------------------------------------

/// Gives every choice of exact values to try. A field that is read twice has the same value both times.
fn choices(terms: &[Term], values: &[Value], zone: &TimeZone) -> Vec<Vec<Value>> {
    let landmarks = landmarks(values, zone);
    let mut choices: Vec<Vec<Value>> = vec![vec![]];
    for (at, value) in values.iter().enumerate() {
        let read_before = terms.iter().take(at).position(|term| matches!(term, Term::Field(_)) && *term == terms[at]);
        let mut longer = vec![];
        for choice in &choices {
            let next = match read_before {
                Some(before) => vec![choice[before].clone()],
                None => stands_for(value, &landmarks, zone),
            };
            longer.extend(next.into_iter().map(|value| [choice.clone(), vec![value]].concat()));
        }
        choices = longer;
    }
    choices
}

/// The exact values that a value may stand for, as far as they can make a difference.
fn stands_for(value: &Value, landmarks: &BTreeSet<Timestamp>, zone: &TimeZone) -> Vec<Value> {
    let Value::Instant(when) = value else {
        return vec![value.clone()];
    };
    let instants: Vec<Timestamp> = if when.either_end {
        vec![when.earliest, when.latest]
    } else {
        landmarks.iter().copied().filter(|at| (when.earliest..=when.latest).contains(at)).collect()
    };
    instants.into_iter().map(|at| Value::Instant(When::exact(at, zone))).collect()
}

/// Wherever a comparison of these values could change: their ends and midnights, as they are and a duration away, and
/// a nanosecond before and after.
fn landmarks(values: &[Value], zone: &TimeZone) -> BTreeSet<Timestamp> {
    let durations =
        values.iter().filter_map(|value| if let Value::Duration(duration) = value { Some(*duration) } else { None });
    let durations: Vec<SignedDuration> = durations.chain([SignedDuration::ZERO]).collect();
    let mut found = BTreeSet::new();
    for (value, duration) in values.iter().flat_map(|value| durations.iter().map(move |duration| (value, *duration))) {
        match value {
            Value::Instant(when) => {
                for end in [when.earliest, when.latest] {
                    found.extend([end - duration, end, end + duration]);
                }
            }
            Value::Date(day) => {
                let days = duration.as_hours() / 24 + 1;
                let midnight_of = |away: i64| midnight(*day + SignedDuration::from_hours(24 * away), zone);
                found.extend((-days..=days).map(midnight_of));
            }
            _ => {}
        }
    }
    let nanosecond = SignedDuration::from_nanos(1);
    found.into_iter().flat_map(|at| [at - nanosecond, at, at + nanosecond]).collect()
}

// ---- every condition by itself -----------------------------------------------------------------------------------------

/// Gives the truth of every condition of a version, in the order of its arena, and whether it reads a partial value.
pub(crate) fn truths(version: &Version, episode: &Episode) -> Vec<(ConditionId, Truth, bool)> {
    let reading = Reading { version, episode };
    let truth = |at: usize| {
        let id = ConditionId(u32::try_from(at).unwrap());
        let partial = terms(version.conditions.get(id)).iter().any(|term| match term {
            Term::Field(field) => episode.value(field.field).is_some_and(Value::is_partial),
            Term::Constant(_) => false,
        });
        (id, reading.truth(id), partial)
    };
    (0..version.conditions.len()).map(truth).collect()
}

#[cfg(test)]
#[path = "reference_tests.rs"]
mod tests;
