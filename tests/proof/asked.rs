//! What `prove` is asked beside *stricter* and *equivalent*, against every record: what is never permitted, what is always
//! satisfied, and whether what one policy permits another covers.

use forbear::judge::{Status, Truth, Verdict};
use forbear::policy::{ConditionId, Policy, PolicySet, RuleId};
use forbear::prove::{Answer, Prover};

use crate::records::{self, Record};
use crate::{drawn, set};

fn is_case(answer: &Answer, shown: &str) -> bool {
    assert!(!matches!(answer, Answer::Open), "not decided: {shown}");
    matches!(answer, Answer::Case(_))
}

#[test]
fn what_is_never_permitted_and_always_satisfied_is_so_of_every_record() {
    let mut tally = [0; 4];
    for (seed, text) in drawn(80_000..80_600, 180_000..180_450) {
        // An episode may be permissible although it breaks an advisory rule.
        let (before, after) = text.split_once("rule r0 \"r0\"\n").unwrap();
        let can_be = ["when", "require", "forbid"].iter().any(|word| after.trim_start().starts_with(word));
        let advisory = if can_be { "  severity advisory\n" } else { "" };
        let set = set(&format!("{before}rule r0 \"r0\"\n{advisory}{after}"));
        let policy = &set.policies[0];
        for at in 0..policy.versions.len() {
            permits_and_breaks(policy, at, &set, &format!("version {at}, seed {seed}\n{text}"), &mut tally);
        }
    }
    assert!(tally.iter().all(|count| *count > 60), "too few of one sort: {tally:?}");
}

/// Holds against every record what a policy permits by one of its versions. Counts what is not found and what is: of conditions,
/// and of rules.
fn permits_and_breaks(policy: &Policy, at: usize, set: &PolicySet, shown: &str, tally: &mut [usize; 4]) {
    let version = &policy.versions[at];
    if !version.conditions.histories().is_empty() {
        return;
    }
    let all = records::all(set);
    let is_permitted = |record: &&Record| {
        record.verdict(policy) == Verdict::Permissible && record.judgement(policy).version == Some(at)
    };
    let permitted: Vec<&Record> = all.iter().filter(is_permitted).collect();
    let mut prover = Prover::new(&[policy]);
    for clause in version.rules.iter().flat_map(|rule| rule.clauses()) {
        let answer = prover.permits(0, at, clause);
        let holds = |record: &Record| record.truth(version, clause) == Truth::True;
        assert_eq!(is_case(&answer, shown), permitted.iter().any(|record| holds(record)), "{clause:?}, {shown}");
        if let Answer::Case(case) = &answer {
            let case = Record::of(case);
            assert!(case.verdict(policy) == Verdict::Permissible && holds(&case), "{clause:?}, {shown}");
        }
        tally[usize::from(is_case(&answer, shown))] += 1;
    }
    for (rule, id) in version.rules.iter().zip((0..).map(RuleId)).filter(|(rule, _)| !rule.is_permit()) {
        let answer = prover.breaks(0, at, id);
        let is_open = |status| matches!(status, Some(Status::Violated | Status::Undetermined));
        let breaks = |record: &Record| is_open(record.judgement(policy).status(id));
        assert_eq!(is_case(&answer, shown), permitted.iter().any(|record| breaks(record)), "`{}`, {shown}", rule.name);
        if let Answer::Case(case) = &answer {
            let case = Record::of(case);
            assert!(case.verdict(policy) == Verdict::Permissible && breaks(&case), "`{}`, {shown}", rule.name);
        }
        tally[2 + usize::from(is_case(&answer, shown))] += 1;
    }
}

#[test]
fn what_one_policy_permits_and_another_does_not_cover_is_found() {
    let mut tally = [0; 2];
    for (seed, mut text) in drawn(90_000..91_500, 190_000..190_450) {
        if seed < 100_000 {
            let Some(scope) = text.lines().find(|line| line.starts_with("  applies when")) else { continue };
            // The first policy loses its scope, or has the opposite of it.
            let turned = if seed % 2 == 0 { String::new() } else { scope.replacen("when ", "when not (", 1) + ")" };
            text = text.replacen(scope, &turned, 1);
        }
        let set = set(&text);
        let [one, other] = set.policies.as_slice() else { panic!("{text}") };
        let answer = Prover::new(&[one, other]).uncovered(0, 1);
        let is_uncovered = |record: &Record| {
            record.verdict(one) == Verdict::Permissible && record.verdict(other) == Verdict::NotCovered
        };
        let found = is_case(&answer, &text);
        assert_eq!(found, records::all(&set).iter().any(is_uncovered), "seed {seed}\n{text}");
        if let Answer::Case(case) = &answer {
            assert!(is_uncovered(&Record::of(case)), "seed {seed}\n{text}");
        }
        tally[usize::from(found)] += 1;
    }
    assert!(tally.iter().all(|count| *count > 30), "too few of one sort: {tally:?}");
}

#[test]
fn what_became_stricter_or_looser_within_a_condition_and_outside_it_is_found() {
    let mut tally = [0; 2];
    for (seed, text) in drawn(95_000..95_600, 195_000..195_250) {
        let set = set(&text);
        let [one, other] = set.policies.as_slice() else { panic!("{text}") };
        let looks_back = |policy: &Policy| !policy.versions[0].conditions.histories().is_empty();
        if looks_back(one) || looks_back(other) {
            continue;
        }
        let all = records::all(&set);
        let changes: Vec<_> = all
            .iter()
            .map(|record| (record, record.verdict(one), record.verdict(other)))
            .filter(|(_, was, is)| was != is)
            .collect();
        let mut prover = Prover::new(&[one, other]);
        // What is announced stands in the last version.
        let (last, version) = other.versions.iter().enumerate().next_back().unwrap();
        let clauses: Vec<ConditionId> = version.rules.iter().flat_map(|rule| rule.clauses()).collect();
        for clause in clauses {
            for (stricter, outside) in [(true, true), (true, false), (false, true), (false, false)] {
                let answer = prover.changed((0, 1), stricter, &[(last, clause)], outside);
                let is_one = |(record, was, is): (&Record, Verdict, Verdict)| {
                    let is_decided = ![was, is].contains(&Verdict::Undetermined);
                    let fits = match record.truth(version, clause) {
                        Truth::True => !outside,
                        Truth::False => outside,
                        Truth::Unknown => outside && is_decided,
                    };
                    was != is && (is > was) == stricter && fits
                };
                let found = is_case(&answer, &text);
                let shown = format!("{clause:?} {stricter} {outside}, seed {seed}\n{text}");
                assert_eq!(found, changes.iter().any(|(record, was, is)| is_one((*record, *was, *is))), "{shown}");
                if let Answer::Case(case) = &answer {
                    let case = Record::of(case);
                    assert!(is_one((&case, case.verdict(one), case.verdict(other))), "{shown}");
                }
                tally[usize::from(found)] += 1;
            }
        }
    }
    assert!(tally.iter().all(|count| *count > 300), "too few of one sort: {tally:?}");
}
