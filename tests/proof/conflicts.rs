//! Rules that leave nothing permissible, and silence that decides where no value could matter, against every record.

use std::collections::BTreeSet;

use forbear::diagnostic::Diagnostic;
use forbear::judge::{Judgement, Outcome, Status, Truth, Verdict};
use forbear::policy::{DefaultNorm, FieldType, Policy, Rule};
use forbear::prove::claims;

use crate::records::{self, Record, is_covered_by_the_last};
use crate::{drawn, named, set};

#[test]
fn nothing_is_permissible_where_it_is_told_so_and_elsewhere_something_is() {
    let (mut told_of, mut not_told, mut explained) = (0, 0, 0);
    for (seed, text) in drawn(50_000..51_000, 150_000..150_600) {
        let mut set = set(&text);
        set.policies.truncate(1);
        let policy = &set.policies[0];
        let version = policy.versions.last().unwrap();
        if !version.conditions.histories().is_empty() {
            continue;
        }
        let all: Vec<(Record, Judgement)> = records::all(&set)
            .into_iter()
            .map(|record| (record.judgement(policy), record))
            .filter(|(judgement, _)| is_covered_by_the_last(policy, judgement))
            .map(|(judgement, record)| {
                let verdict = record.verdict(policy);
                (record, Judgement { verdict, ..judgement })
            })
            .collect();
        let problems = claims(&set, &[]);
        let conflicts = problems.iter().filter(|problem| problem.message.contains("permissible, because of "));
        for problem in conflicts {
            its_rules_make_a_conflict(policy, problem, &all, &format!("seed {seed}\n{text}"));
            explained += 1;
        }
        if !all.iter().any(|(_, judgement)| judgement.verdict == Verdict::Permissible) {
            continue;
        }
        let told = named(&problems, "nothing is permissible, because of");
        let of_permits = named(&problems, "permits is permissible, because of");
        let dead = named(&problems, "never");
        for (at, rule) in version.rules.iter().enumerate() {
            let reaches = |(record, judgement): &&(Record, Judgement)| {
                let holds = |clause| record.truth(version, clause) == Truth::True;
                let excepted = rule.unless.is_some_and(|unless| record.truth(version, unless) != Truth::False);
                match rule.is_permit() {
                    true => judgement.outcomes[at].ground() == Some(Truth::True),
                    false => rule.guard.is_some_and(holds) && !excepted,
                }
            };
            let of_rule: Vec<&Judgement> = all.iter().filter(reaches).map(|(_, judgement)| judgement).collect();
            let permissible = of_rule.iter().any(|judgement| judgement.verdict == Verdict::Permissible);
            let is_told = if rule.is_permit() { &of_permits } else { &told }.contains(&rule.name);
            let shown = format!("`{}`, seed {seed}\n{text}\n{problems:?}", rule.name);
            assert!(!(is_told && permissible), "{shown}");
            told_of += usize::from(is_told);
            // A rule that by itself forbids all that it applies to says just that, and what is open is no conflict.
            let breaks_itself = of_rule.iter().all(|judgement| {
                matches!(judgement.outcomes[at].status(), Some(Status::Violated | Status::Undetermined))
            });
            let is_asked = match rule.is_permit() {
                true => version.default == DefaultNorm::Forbid,
                false => rule.guard.is_some() && !breaks_itself,
            };
            if is_asked && !dead.contains(&rule.name) && !of_rule.is_empty() {
                assert_eq!(is_told, !permissible, "{shown}");
                not_told += usize::from(permissible);
            }
        }
    }
    assert!(explained > 40 && told_of > 10 && not_told > 120, "{told_of} told, {not_told} not");
}

/// Demands that the rules that are told leave nothing permissible wherever the conflict is, and that each of them is needed.
fn its_rules_make_a_conflict(policy: &Policy, problem: &Diagnostic, all: &[(Record, Judgement)], shown: &str) {
    let version = policy.versions.last().unwrap();
    let (of, because) = problem.message.split_once(", because of ").unwrap();
    let number = |name: &str| version.rules.iter().position(|rule| rule.name == name);
    let named = |text: &str| -> Vec<usize> { text.split('`').skip(1).step_by(2).filter_map(number).collect() };
    let of = named(of).first().map(|at| (*at, &version.rules[*at]));
    let is_within = |(record, judgement): &&(Record, Judgement)| {
        let holds = |clause| record.truth(version, clause) == Truth::True;
        let excepted = |rule: &Rule| rule.unless.is_some_and(|unless| record.truth(version, unless) != Truth::False);
        let is_of = of.is_none_or(|(at, rule)| match rule.is_permit() {
            true => judgement.outcomes[at].ground() == Some(Truth::True),
            false => rule.guard.is_some_and(holds) && !excepted(rule),
        });
        let mut grounds = judgement.outcomes.iter().filter_map(Outcome::ground);
        is_of && (version.default == DefaultNorm::Permit || grounds.any(|ground| ground == Truth::True))
    };
    let within: Vec<&(Record, Judgement)> = all.iter().filter(is_within).collect();
    let is_clear = |judgement: &Judgement, at: &usize| {
        !matches!(judgement.outcomes[*at].status(), Some(Status::Violated | Status::Undetermined))
    };
    let leave_something =
        |rules: &[usize]| within.iter().any(|(_, judgement)| rules.iter().all(|at| is_clear(judgement, at)));
    let rules = named(because);
    assert!(!leave_something(&rules), "{shown}\n{problem:?}");
    for left_out in &rules {
        let others: Vec<usize> = rules.iter().copied().filter(|at| at != left_out).collect();
        assert!(leave_something(&others), "{shown}\n{problem:?}");
    }
}

#[test]
fn silence_is_called_needless_where_every_value_comes_to_one() {
    let (mut told_of, mut missed, mut not_told) = (0, 0, 0);
    for (seed, text) in drawn(60_000..61_500, 160_000..160_600) {
        // Whether a value is written is about the record, whatever it could be.
        let asks_whether = ["is missing", "is present"].iter().any(|words| text.contains(words));
        if asks_whether || !text.contains("  if undocumented") {
            continue;
        }
        let mut set_of = set(&text);
        set_of.policies.truncate(1);
        let without: Vec<&str> = text.lines().filter(|line| !line.starts_with("  if undocumented")).collect();
        let mut unsettled = set(&without.join("\n"));
        unsettled.policies.truncate(1);
        let policy = &unsettled.policies[0];
        let version = policy.versions.last().unwrap();
        if !version.conditions.histories().is_empty() {
            continue;
        }
        let told: BTreeSet<String> = claims(&set_of, &[])
            .iter()
            .filter(|problem| problem.message.contains("is asked where no value could matter"))
            .filter_map(|problem| Some(problem.message.split('`').nth(3)?.to_owned()))
            .collect();
        let mut covered = records::all(&unsettled);
        covered.retain(|record| is_covered_by_the_last(policy, &record.judgement(policy)));
        let rules = set_of.policies[0].versions.last().unwrap().rules.iter().enumerate();
        for (at, rule) in rules.filter(|(_, rule)| rule.silence.is_some()) {
            let status = |record: &Record| match record.judgement(policy).outcomes.get(at).map(Outcome::status) {
                Some(Some(Status::Violated)) => Some(false),
                Some(Some(Status::Undetermined)) | Some(None) | None => None,
                Some(Some(_)) => Some(true),
            };
            let is_needless = |record: &&Record| {
                let all = record.completions(version);
                let first = all.first().and_then(&status);
                status(record).is_none()
                    && all.len() > 1
                    && first.is_some()
                    && all.iter().all(|one| status(one) == first)
            };
            let found = covered.iter().any(|record| is_needless(&record));
            let is_told = told.contains(&rule.name);
            assert!(!is_told || found, "`{}`, seed {seed}\n{text}", rule.name);
            told_of += usize::from(is_told);
            // A hundred sorts of records are looked at, and what is written beside what is missing makes a sort of its own: of
            // lengths, days and moments there are countless.
            let has_countless = version.conditions.fields_read(rule.clauses()).any(|field| {
                let kind = version.vocabulary.field(field).map(|field| field.kind);
                matches!(kind, Some(FieldType::Duration | FieldType::Date | FieldType::Instant))
            });
            assert!(is_told || !found || has_countless, "`{}`, seed {seed}\n{text}", rule.name);
            missed += usize::from(found && !is_told);
            not_told += usize::from(!found);
        }
    }
    assert!(told_of > 60 && not_told > 100 && missed * 20 < told_of, "{told_of} told, {missed} missed, {not_told} not");
}
