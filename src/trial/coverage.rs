//! What of a policy its examples reach: every status of every rule, and every comparison both ways, deciding both ways.
//!
//! Coverage is of what can be reached: a rule without `unless` cannot be excused. What is left out is named, with the
//! reason.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::audit::PolicyResult;
use crate::check::{Example, Situation, Subject};
use crate::episode::Episode;
use crate::judge::{
    DutyJudgement, DutyStatus, Evaluation, Judgement, Need, Outcome, Standpoint, Status, Truth, Verdict, judge_by,
};
use crate::policy::{Condition, ConditionId, History, Rule, RuleId, Silence, TableId, Version};
use crate::source::Span;

use super::{Stand, judged};

/// What the examples of one version reach.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Everything that can be reached, in the order of the policy.
    pub items: Vec<Item>,
    /// What was left out, since it cannot be reached.
    pub left_out: Vec<LeftOut>,
    /// Rules that no example breaks, and that do not say why.
    pub untested: Vec<RuleId>,
}

/// Something that an example can reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The rule; none for the scope, and for definitions, which several rules may use.
    pub rule: Option<String>,
    /// What is to be reached, in words: `violated`, `true`.
    pub what: &'static str,
    /// What it is of: the norm, or the comparison.
    pub origin: Span,
    /// Whether it is a comparison or a row of a table, not a status.
    pub comparison: bool,
    /// Whether an example reaches it.
    pub reached: bool,
}

/// Something that cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The rule.
    pub rule: String,
    /// What was left out.
    pub what: &'static str,
    /// Why.
    pub why: String,
}

impl Coverage {
    /// Gives how many items are reached, and how many there are.
    pub fn reached(&self) -> (usize, usize) {
        (self.items.iter().filter(|item| item.reached).count(), self.items.len())
    }
}

/// What was seen while the examples ran.
pub(super) struct Seen {
    /// Of each rule, what was reached.
    rules: Vec<BTreeSet<&'static str>>,
    /// Of each comparison, whether it was true, and whether it was false.
    leaves: BTreeMap<ConditionId, (bool, bool)>,
    scope: BTreeSet<&'static str>,
    /// The rows of tables that have applied.
    applied: BTreeSet<(TableId, usize)>,
    /// The comparisons that decide what a record of a log comes to.
    decide: BTreeSet<Deciding>,
    /// Whether some record of a log is claimed about.
    has_records: bool,
    /// Of each comparison within `where`, whether it was true of a record of a log, and whether it was false.
    past: BTreeMap<ConditionId, (bool, bool)>,
}

impl Seen {
    pub(super) fn new(version: &Version) -> Self {
        let rules = version.rules.iter().map(|_| BTreeSet::new()).collect();
        let leaves = leaves_of_version(version).into_keys().map(|leaf| (leaf, (false, false))).collect();
        let past = filters(version).into_iter().map(|leaf| (leaf, (false, false))).collect();
        let (scope, applied, decide) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { rules, leaves, scope, applied, decide, has_records: false, past }
    }

    /// Takes up a case that was judged.
    pub(super) fn add(
        &mut self,
        version: &Version,
        situation: &Situation,
        judgement: &Judgement,
        standpoint: Standpoint<'_>,
    ) {
        self.add_outcomes(judgement);
        let mut evaluation = Evaluation::looking_back(version, &situation.episode, standpoint.looking_back(0));
        self.add_leaves(&mut evaluation);
        for earlier in &situation.following {
            self.add_episode(version, &earlier.episode);
        }
    }

    /// Takes up a record of a log that is claimed about, as it was judged: also when it looks back.
    pub(super) fn add_record(&mut self, version: &Version, result: &PolicyResult<'_>, as_of: Timestamp) {
        self.has_records = true;
        self.add_outcomes(&result.judgement);
        let at = result.policy.versions.iter().position(|other| other.origin == version.origin).unwrap_or(0);
        let standpoint = Standpoint::after(as_of, result.past.map(|past| (past, result.record)));
        let mut evaluation = Evaluation::looking_back(version, &result.episode, standpoint.looking_back(at));
        self.add_leaves(&mut evaluation);
        if result.version.is_none() {
            return;
        }
        let as_it_is = tells_of(&result.judgement);
        let of_the_past = self.of_the_past(version);
        let own = both_ways(self.leaves.keys().copied().filter(|leaf| !of_the_past.contains(leaf)));
        for deciding in own.filter(|deciding| !self.decide.contains(deciding)).collect::<Vec<_>>() {
            if (evaluation.truth(deciding.leaf) == Truth::True) == deciding.when {
                let mut changed = version.clone();
                changed.conditions.replace(deciding.leaf, deciding.opposite());
                if tells_of(&judge_by(&changed, at, &result.episode, standpoint)) != as_it_is {
                    self.decide.insert(deciding);
                }
            }
        }
    }

    /// Takes up what `where` says of a record at which others look back.
    pub(super) fn add_past_record(&mut self, version: &Version, episode: &Episode) {
        let mut evaluation = Evaluation::new(version, episode);
        for (leaf, reached) in &mut self.past {
            reach(reached, evaluation.truth(*leaf));
        }
    }

    /// Gives the comparisons that may decide what a record comes to through others alone, and are not known to.
    pub(super) fn undecided_of_the_past(&self, version: &Version) -> Vec<Deciding> {
        if !self.has_records {
            return Vec::new();
        }
        both_ways(self.of_the_past(version)).filter(|deciding| !self.decide.contains(deciding)).collect()
    }

    /// Gives the comparisons that say which records count: those of filters, and of the scope.
    fn of_the_past(&self, version: &Version) -> BTreeSet<ConditionId> {
        let scope = version.applies_when.into_iter().flat_map(|scope| version.conditions.leaves([scope]));
        let leaves = self.past.keys().copied().chain(scope);
        leaves.filter(|leaf| self.leaves.contains_key(leaf)).collect()
    }

    /// Notes that a comparison decides what a record of a log comes to.
    pub(super) fn decides(&mut self, deciding: Deciding) {
        self.decide.insert(deciding);
    }

    fn add_episode(&mut self, version: &Version, episode: &Episode) {
        self.add_leaves(&mut Evaluation::new(version, episode));
    }

    fn add_leaves(&mut self, evaluation: &mut Evaluation<'_>) {
        for (leaf, reached) in &mut self.leaves {
            reach(reached, evaluation.truth(*leaf));
        }
        for table in tables(evaluation.version, self.leaves.keys()) {
            let rows = evaluation.rows(table).into_iter().filter(|(_, applies)| *applies == Truth::True);
            self.applied.extend(rows.map(|(row, _)| (table, row)));
        }
    }

    fn add_outcomes(&mut self, judgement: &Judgement) {
        if judgement.verdict == Verdict::NotCovered {
            self.scope.insert("not covered");
        }
        for (reached, outcome) in self.rules.iter_mut().zip(&judgement.outcomes) {
            reached.extend(words_of(outcome));
        }
        for duty in &judgement.duties {
            let Some(reached) = self.rules.get_mut(duty.rule.0 as usize) else { continue };
            reached.extend(duty.links.first().map(|link| duty_word(link.status)));
            let later = duty.links.iter().skip(1);
            reached.extend(later.filter(|link| link.status == DutyStatus::Fulfilled).map(|_| MADE_GOOD));
            if duty.links.iter().any(|link| link.by_silence) {
                reached.insert(BY_SILENCE);
            }
        }
    }

    /// Puts together what was reached, and what was not.
    pub(super) fn finish(self, stand: &Stand, examples: &[&Example], untested: &BTreeMap<Span, String>) -> Coverage {
        let mut coverage = Coverage::default();
        let Some(version) = stand.version() else { return coverage };
        for ((rule, reached), id) in version.rules.iter().zip(&self.rules).zip(0..) {
            let why = untested.get(&rule.origin).map(String::as_str);
            add_rule(&mut coverage, version, rule, why, reached);
            if must_be_broken(rule) && !reached.iter().any(|word| BREAKS.contains(word)) && why.is_none() {
                coverage.untested.push(RuleId(id));
            }
        }
        let matters = mattering(stand, examples, self.decide.clone());
        let negated = negated(version);
        for (leaf, owner) in leaves_of_version(version) {
            let Some(origin) = version.conditions.origin(leaf) else { continue };
            let (own_true, own_false) = self.leaves.get(&leaf).copied().unwrap_or_default();
            let past = self.past.get(&leaf).copied().filter(|_| self.has_records);
            let (past_true, past_false) = past.unwrap_or_default();
            let (was_true, was_false) = (own_true || past_true, own_false || past_false);
            let decides = |when| matters.contains(&Deciding { leaf, when });
            // `is missing` and `is not` are written as one, and kept as the opposite of a comparison.
            let way = |what: bool| what != negated.contains(&leaf);
            let was = |what: bool| if way(what) { was_true } else { was_false };
            let reached = [
                ("true", was(true)),
                ("false", was(false)),
                ("deciding true", decides(way(true))),
                ("deciding false", decides(way(false))),
            ];
            for (what, reached) in reached {
                if what == "deciding false" && is_implied(version, leaf) {
                    continue;
                }
                coverage.items.push(Item { rule: owner.clone(), what, origin, comparison: true, reached });
            }
        }
        for table in tables(version, self.leaves.keys()) {
            let rows = version.conditions.table(table).map(|table| &*table.rows).unwrap_or_default();
            coverage.items.extend(rows.iter().enumerate().map(|(at, row)| Item {
                rule: None,
                what: "applied",
                origin: row.origin,
                comparison: true,
                reached: self.applied.contains(&(table, at)),
            }));
        }
        coverage
    }
}

fn reach((was_true, was_false): &mut (bool, bool), truth: Truth) {
    match truth {
        Truth::True => *was_true = true,
        Truth::False => *was_false = true,
        Truth::Unknown => {}
    }
}

/// Gives the tables that some comparisons ask, each once.
fn tables<'l>(version: &Version, leaves: impl Iterator<Item = &'l ConditionId>) -> BTreeSet<TableId> {
    let asked = leaves.filter_map(|leaf| match version.conditions.get(*leaf) {
        Condition::Table { table, .. } => Some(*table),
        _ => None,
    });
    asked.collect()
}

const BY_SILENCE: &str = "settled by silence";
const MADE_GOOD: &str = "made good";

/// What shows that a rule can be broken.
const BREAKS: &[&str] = &["violated", "overdue", "late", "outstanding", "pending"];

/// Says whether a rule is one that an example must break.
fn must_be_broken(rule: &Rule) -> bool {
    !rule.is_permit()
}

fn words_of(outcome: &Outcome) -> Vec<&'static str> {
    match outcome {
        Outcome::Requirement { status, by_silence } => {
            let word = match status {
                Status::Violated => "violated",
                Status::Satisfied => "satisfied",
                Status::Excused(Need::Needed) => "excused",
                Status::Undetermined => "undetermined",
                Status::Excused(_) | Status::NotApplicable => "not applicable",
            };
            if *by_silence { vec![BY_SILENCE] } else { vec![word] }
        }
        Outcome::Ground(Truth::True) => vec!["given"],
        Outcome::Ground(Truth::False) => vec!["not given"],
        Outcome::Ground(Truth::Unknown) => vec!["undetermined"],
        Outcome::Duty(_) => Vec::new(),
    }
}

fn duty_word(status: DutyStatus) -> &'static str {
    match status {
        DutyStatus::NotOwed => "not owed",
        DutyStatus::Excused => "excused",
        DutyStatus::Fulfilled => "fulfilled",
        DutyStatus::Undetermined => "undetermined",
        DutyStatus::Late => "late",
        DutyStatus::Pending => "pending",
        DutyStatus::Outstanding => "outstanding",
        DutyStatus::Overdue => "overdue",
    }
}

/// Adds what can be reached of a rule, and what cannot.
fn add_rule(
    coverage: &mut Coverage,
    version: &Version,
    rule: &Rule,
    untested: Option<&str>,
    reached: &BTreeSet<&'static str>,
) {
    let (wanted, left_out) = of_rule(version, rule, untested);
    for what in wanted {
        let item = Item {
            rule: Some(rule.name.clone()),
            what,
            origin: rule.norm.origin,
            comparison: false,
            reached: reached.contains(what),
        };
        coverage.items.push(item);
    }
    coverage.left_out.extend(left_out.into_iter().map(|(what, why)| LeftOut { rule: rule.name.clone(), what, why }));
}

type Wanted = (Vec<&'static str>, Vec<(&'static str, String)>);

fn of_rule(version: &Version, rule: &Rule, untested: Option<&str>) -> Wanted {
    let mut left_out = Vec::new();
    let mut wanted = match &rule.duty {
        Some(duty) => of_duty(rule, duty, &mut left_out),
        None if rule.is_permit() => vec!["given", "not given"],
        None => vec!["violated", "satisfied"],
    };
    if let (Some(reason), false) = (untested, rule.is_permit()) {
        let breaks: Vec<&'static str> = wanted.iter().filter(|what| BREAKS.contains(what)).copied().collect();
        wanted.retain(|what| !breaks.contains(what));
        left_out.extend(breaks.into_iter().map(|what| (what, format!("untested because \"{reason}\""))));
    }
    if !rule.is_permit() {
        match rule.unless {
            Some(_) => wanted.push("excused"),
            None => left_out.push(("excused", "it has no `unless`".to_owned())),
        }
    }
    if rule.duty.is_none() {
        match rule.silence {
            Some(Silence::Violated | Silence::Satisfied) => {
                wanted.push(BY_SILENCE);
                left_out.push(("undetermined", "silence settles it".to_owned()));
            }
            None if always_known(version, rule) => {
                left_out.push(("undetermined", "it asks only whether something is documented".to_owned()));
            }
            None => wanted.push("undetermined"),
        }
    }
    (wanted, left_out)
}

fn of_duty(rule: &Rule, duty: &crate::policy::Duty, left_out: &mut Vec<(&'static str, String)>) -> Vec<&'static str> {
    let dated = duty.links.first().is_some_and(|link| link.deadline.is_some());
    let mut wanted = vec!["fulfilled"];
    if dated {
        wanted.extend(["pending", "late", "overdue"]);
    } else {
        wanted.push("outstanding");
        left_out.push(("overdue", "it has no deadline".to_owned()));
    }
    match rule.guard {
        Some(_) => wanted.push("not owed"),
        None => left_out.push(("not owed", "it has no `when`".to_owned())),
    }
    if duty.links.len() > 1 {
        wanted.push(MADE_GOOD);
    }
    wanted
}

/// Says whether a rule's conditions are never open.
fn always_known(version: &Version, rule: &Rule) -> bool {
    let leaves = version.conditions.leaves(rule.clauses());
    leaves.into_iter().all(|leaf| matches!(version.conditions.get(leaf), Condition::Present(_)))
}

/// Gives the comparisons of a version, with the rule that they belong to; none where several use them.
///
/// What a duty asks for is told by its status; what it asks besides belongs here.
pub(super) fn leaves_of_version(version: &Version) -> BTreeMap<ConditionId, Option<String>> {
    let mut owners: BTreeMap<ConditionId, Vec<&str>> = BTreeMap::new();
    for rule in &version.rules {
        let norm = Some(rule.norm.condition).filter(|_| rule.duty.is_none());
        let links = rule.links().filter(|link| !matches!(version.conditions.get(*link), Condition::Present(_)));
        let links: Vec<ConditionId> = links.collect();
        let clauses = [rule.guard, rule.unless, norm].into_iter().flatten().chain(links);
        for leaf in with_filters(version, clauses) {
            owners.entry(leaf).or_default().push(&rule.name);
        }
    }
    for leaf in version.applies_when.into_iter().flat_map(|scope| with_filters(version, [scope])) {
        owners.entry(leaf).or_default();
    }
    let owner = |names: Vec<&str>| match names.as_slice() {
        [name] => Some((*name).to_owned()),
        _ => None,
    };
    owners.into_iter().map(|(leaf, names)| (leaf, owner(names))).collect()
}

/// Gives the comparisons of some clauses, and those of the filters of their history clauses.
fn with_filters(version: &Version, clauses: impl IntoIterator<Item = ConditionId>) -> BTreeSet<ConditionId> {
    let conditions = &version.conditions;
    let mut leaves = conditions.leaves(clauses);
    let mut filters = Vec::new();
    for leaf in &leaves {
        if let Condition::Measure { history, .. } = conditions.get(*leaf)
            && let Some(history) = conditions.history(*history)
        {
            filters.extend(history.conditions());
        }
    }
    leaves.extend(conditions.leaves(filters));
    leaves
}

/// Gives the comparisons of what history clauses ask of the records that they count.
fn filters(version: &Version) -> BTreeSet<ConditionId> {
    let asked = version.conditions.histories().iter().flat_map(History::conditions);
    version.conditions.leaves(asked)
}

/// Gives the comparisons that are written together with their `not`.
fn negated(version: &Version) -> BTreeSet<ConditionId> {
    let conditions = &version.conditions;
    let of = |id: ConditionId| match conditions.get(id) {
        Condition::Not(part) if conditions.origin(id) == conditions.origin(*part) => Some(*part),
        _ => None,
    };
    conditions.ids().filter_map(of).collect()
}

/// Says whether something is false only where something else is that stands beside it: that a rescue plan has some strategy,
/// where it must have a certain one.
fn is_implied(version: &Version, leaf: ConditionId) -> bool {
    let conditions = &version.conditions;
    let Condition::NotEmpty(set) = conditions.get(leaf) else { return false };
    let includes = |rule: &Rule| {
        let leaves = conditions.leaves([rule.norm.condition]);
        leaves.contains(&leaf)
            && leaves
                .into_iter()
                .any(|other| matches!(conditions.get(other), Condition::Includes { set: of, .. } if of == set))
    };
    version.rules.iter().any(includes)
}

/// A comparison that decides what something comes to: with the opposite in its place, that would be something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Deciding {
    /// The comparison.
    pub(super) leaf: ConditionId,
    /// Whether it decides where it is true, or where it is not.
    pub(super) when: bool,
}

impl Deciding {
    /// Gives what takes its place: something that never is, or always.
    pub(super) fn opposite(self) -> Condition {
        if self.when { Condition::Any(Box::new([])) } else { Condition::All(Box::new([])) }
    }
}

/// Gives both ways in which each comparison may decide.
fn both_ways(leaves: impl IntoIterator<Item = ConditionId>) -> impl Iterator<Item = Deciding> {
    leaves.into_iter().flat_map(|leaf| [true, false].map(|when| Deciding { leaf, when }))
}

/// Finds the comparisons that decide what some example comes to.
fn mattering(stand: &Stand, examples: &[&Example], known: BTreeSet<Deciding>) -> BTreeSet<Deciding> {
    let mut found = known;
    let Some(version) = stand.version() else { return found };
    let situations = || {
        examples.iter().filter_map(|example| match &example.subject {
            Subject::Case(situation, _) => Some(&**situation),
            Subject::Log(_) => None,
        })
    };
    let as_it_is: Vec<Tells> = situations().map(|one| tells(stand, one)).collect();
    for deciding in both_ways(leaves_of_version(version).into_keys()) {
        if found.contains(&deciding) {
            continue;
        }
        let mut changed = Stand { policy: stand.policy.clone() };
        if let Some(version) = changed.policy.versions.first_mut() {
            version.conditions.replace(deciding.leaf, deciding.opposite());
        }
        let differs = |(situation, was): (&Situation, &Tells)| tells(&changed, situation) != *was;
        if situations().zip(&as_it_is).any(differs) {
            found.insert(deciding);
        }
    }
    found
}

/// What an example comes to, as far as anybody is told: the verdict, what is violated or open, and what is owed.
pub(super) type Tells = (Verdict, Vec<Option<Status>>, Vec<DutyJudgement>);

fn tells(stand: &Stand, situation: &Situation) -> Tells {
    judged(&stand.policy, situation, |judgement, _| tells_of(judgement))
}

/// Gives what a judgement tells.
pub(super) fn tells_of(judgement: &Judgement) -> Tells {
    let told = |outcome: &Outcome| outcome.status().filter(|status| is_told(*status));
    (judgement.verdict, judgement.outcomes.iter().map(told).collect(), judgement.duties.clone())
}

/// Says whether a status is cited: that a rule is satisfied, or does not apply, is the same to whoever reads a verdict.
fn is_told(status: Status) -> bool {
    matches!(status, Status::Violated | Status::Undetermined)
}
