//! What the generated worlds have reached: a check that never meets a status cannot fail on it.

use std::collections::BTreeMap;

use forbear::policy::{Condition, Policy};

use super::reference::{Judgement, Reading, Standing, Status, Truth};

/// How often each thing was met.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<String, usize>,
}

/// What must be met, and how often at least, where a policy asks of one record.
pub(crate) const OF_ITSELF: [(&str, usize); 72] = [
    ("records", 12_000),
    ("verdict Permissible", 1_000),
    ("verdict Impermissible", 1_500),
    ("verdict Undetermined", 1_000),
    ("verdict NotCovered", 1_500),
    ("row NotInForce", 1_000),
    ("row DoesNotApply", 500),
    ("row TimeOpen", 700),
    ("row ScopeOpen", 150),
    ("row Violations", 1_000),
    ("row ByDefault", 400),
    ("row Undetermined", 300),
    ("row Permitted", 1_000),
    ("several versions, in force: Permissible", 300),
    ("several versions, in force: Undetermined", 150),
    ("status Violated", 1_500),
    ("status Violated by silence", 150),
    ("status NotApplicable", 1_500),
    ("status ExcusedNeeded", 300),
    ("status ExcusedNotNeeded", 300),
    ("status ExcusedPerhapsNeeded", 80),
    ("status Satisfied", 1_500),
    ("status Satisfied by silence", 150),
    ("status Undetermined", 700),
    ("permit True", 700),
    ("permit False", 1_500),
    ("permit Unknown", 400),
    ("norm Permit", 1_500),
    ("norm Permit, undetermined", 400),
    ("norm Forbid", 1_000),
    ("norm Forbid, undetermined", 80),
    ("norm Never", 500),
    ("norm Never, undetermined", 50),
    ("norm Require", 1_000),
    ("norm Require, undetermined", 80),
    ("norm RiskCeiling", 500),
    ("norm RiskCeiling, undetermined", 50),
    ("norm Supervision", 500),
    ("norm Supervision, undetermined", 50),
    ("norm RescuePlan", 500),
    ("norm RescuePlan, undetermined", 50),
    ("condition Compare: True", 10_000),
    ("condition Compare: False", 10_000),
    ("condition Compare: Unknown", 10_000),
    ("condition Compare, partial: True", 500),
    ("condition Compare, partial: False", 500),
    ("condition Compare, partial: Unknown", 500),
    ("condition OneOf, partial: True", 40),
    ("condition OneOf, partial: False", 100),
    ("condition OneOf, partial: Unknown", 100),
    ("condition Between, partial: True", 100),
    ("condition Between, partial: False", 100),
    ("condition Between, partial: Unknown", 100),
    ("condition Within, partial: True", 30),
    ("condition Within, partial: False", 200),
    ("condition Within, partial: Unknown", 200),
    ("condition Within: True", 200),
    ("condition Includes: False", 2_000),
    ("condition Includes, partial: True", 500),
    ("condition Includes, partial: Unknown", 500),
    ("condition NotEmpty: False", 200),
    ("condition NotEmpty: Unknown", 300),
    ("condition NotEmpty, partial: True", 200),
    ("condition Present, partial: True", 200),
    ("condition Present: False", 1_000),
    ("condition Defined: Unknown", 1_000),
    ("condition Table: True", 1_000),
    ("condition Table: False", 1_000),
    ("condition Table: Unknown", 1_000),
    ("wanting the same", 800),
    ("wanting fewer", 100),
    ("wanting, and settled in the log", 1_000),
];

/// The same, where policies look back and oblige.
pub(crate) const OF_TIME: [(&str, usize); 66] = [
    ("chain Excused", 48),
    ("chain Failed", 68),
    ("chain Fulfilled", 55),
    ("chain MadeGood", 13),
    ("chain NotOwed", 123),
    ("chain Outstanding", 4),
    ("chain Pending", 12),
    ("chain Undetermined", 90),
    ("condition Clock, partial: False", 4),
    ("condition Clock, partial: True", 4),
    ("condition Clock, partial: Unknown", 90),
    ("condition Clock: False", 307),
    ("condition Clock: True", 156),
    ("condition Clock: Unknown", 110),
    ("condition Table: False", 1267),
    ("condition Table: True", 845),
    ("condition Table: Unknown", 353),
    ("duty Excused", 48),
    ("duty Fulfilled", 68),
    ("duty Late", 35),
    ("duty NotOwed", 374),
    ("duty Outstanding", 4),
    ("duty Overdue", 96),
    ("duty Pending", 12),
    ("duty Undetermined", 162),
    ("history AtTheSameTime: False", 202),
    ("history AtTheSameTime: True", 177),
    ("history AtTheSameTime: Unknown", 416),
    ("history Average: False", 29),
    ("history Average: True", 24),
    ("history Average: Unknown", 458),
    ("history Count: False", 526),
    ("history Count: True", 713),
    ("history Count: Unknown", 573),
    ("history InAny: False", 194),
    ("history InAny: True", 430),
    ("history InAny: Unknown", 371),
    ("history InThePast: False", 358),
    ("history InThePast: True", 305),
    ("history InThePast: Unknown", 804),
    ("history Share: False", 76),
    ("history Share: True", 95),
    ("history Share: Unknown", 530),
    ("history Sum: False", 204),
    ("history Sum: True", 177),
    ("history Sum: Unknown", 206),
    ("history TimeSinceLast: False", 217),
    ("history TimeSinceLast: True", 154),
    ("history TimeSinceLast: Unknown", 153),
    ("history ToDate: False", 299),
    ("history ToDate: True", 250),
    ("history ToDate: Unknown", 330),
    ("records", 1693),
    ("status ExcusedNeeded", 57),
    ("status ExcusedNotNeeded", 79),
    ("status ExcusedPerhapsNeeded", 27),
    ("status NotApplicable", 505),
    ("status Satisfied", 619),
    ("status Satisfied by silence", 47),
    ("status Undetermined", 282),
    ("status Violated", 563),
    ("status Violated by silence", 69),
    ("verdict Impermissible", 534),
    ("verdict NotCovered", 446),
    ("verdict Permissible", 326),
    ("verdict Undetermined", 387),
];

impl Tally {
    pub(crate) fn count(&mut self, policy: &Policy, expected: &Judgement, judged: &Judgement) {
        self.add("records".to_owned());
        self.add(format!("verdict {:?}", expected.row.verdict()));
        self.add(format!("row {:?}", expected.row));
        let versions = if policy.versions.len() > 1 { "several versions" } else { "one version" };
        let reached = if expected.version.is_some() { "in force" } else { "not surely in force" };
        self.add(format!("{versions}, {reached}: {:?}", expected.row.verdict()));
        for status in expected.duties.iter().flat_map(|(_, links)| links) {
            self.add(format!("duty {status:?}"));
        }
        for (_, standing) in &expected.standings {
            self.add(match standing {
                Standing::Permit(ground) => format!("permit {ground:?}"),
                Standing::Requirement { status, by_silence: false } => format!("status {status:?}"),
                Standing::Requirement { status, by_silence: true } => format!("status {status:?} by silence"),
                Standing::Duty(chain) => format!("chain {chain:?}"),
            });
        }
        let rules = expected.version.and_then(|at| policy.versions.get(at)).map_or(&[][..], |version| &version.rules);
        for (rule, (_, standing)) in rules.iter().zip(&expected.standings) {
            let open = matches!(
                standing,
                Standing::Permit(Truth::Unknown) | Standing::Requirement { status: Status::Undetermined, .. }
            );
            self.add(format!("norm {:?}{}", rule.norm.kind, if open { ", undetermined" } else { "" }));
        }
        if !expected.wanting.is_empty() {
            self.add(if judged.wanting == expected.wanting { "wanting the same" } else { "wanting fewer" }.to_owned());
        }
    }

    /// Counts one condition with its truth.
    pub(crate) fn condition(&mut self, reading: &Reading<'_>, condition: &Condition, truth: Truth, partial: bool) {
        let words = format!("{condition:?}");
        let form = words.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
        self.add(format!("condition {form}{}: {truth:?}", if partial { ", partial" } else { "" }));
        if let Condition::Measure { history, .. } = condition
            && let Some(history) = reading.version.conditions.history(*history)
        {
            let [function, window] = [format!("{:?}", history.function), format!("{:?}", history.window)];
            let name = |words: &str| words.split(['(', ' ']).next().unwrap_or_default().to_owned();
            self.add(format!("history {}: {truth:?}", name(&function)));
            self.add(format!("history {}: {truth:?}", name(&window)));
        }
    }

    /// Counts the checker's warnings, which the generator may provoke.
    pub(crate) fn warnings(&mut self, warnings: &[String]) {
        warnings.iter().for_each(|code| self.add(format!("warning {code}")));
    }

    pub(crate) fn add(&mut self, what: String) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Prints the counts, and fails where the generator no longer reaches something.
    pub(crate) fn report_and_check(&self, expected: &[(&str, usize)]) {
        for (what, count) in &self.counts {
            println!("{count:>8}  {what}");
        }
        for (what, least) in expected {
            let count = self.counts.get(*what).copied().unwrap_or(0);
            assert!(count >= *least, "{what}: met {count} times, expected at least {least}");
        }
    }
}
