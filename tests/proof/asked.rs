//! What `prove` is asked beside *stricter* and *equivalent*, against every record: what is never permitted, what is always
//! satisfied, and whether what one policy permits another covers.

use forbear::judge::{Status, Truth, Verdict};
use forbear::policy::{ConditionId, RuleId};
use forbear::prove::{Answer, Prover};

use crate::generate::{self, Draw};
use crate::{records, set};

fn is_case(answer: &Answer, shown: &str) -> bool {
    assert!(!matches!(answer, Answer::Open), "not decided: {shown}");
    matches!(answer, Answer::Case(_))
}

#[test]
fn what_is_never_permitted_and_always_satisfied_is_so_of_every_record() {
    let mut tally = [0; 4];
    for seed in 80_000..80_600 {
        let text = generate::two_policies(&mut Draw::new(seed));
        // An episode may be permissible although it breaks an advisory rule.
        let (before, after) = text.split_once("rule r0 \"r0\"\n").unwrap();
        let can_be = ["when", "require", "forbid"].iter().any(|word| after.trim_start().starts_with(word));
        let advisory = if can_be { "  severity advisory\n" } else { "" };
        let set = set(&format!("{before}rule r0 \"r0\"\n{advisory}{after}"));
        let policy = &set.policies[0];
        let version = &policy.versions[0];
        if !version.conditions.histories().is_empty() {
            continue;
        }
        let all = records::all(&set);
        let permitted: Vec<_> = all.iter().filter(|record| record.verdict(policy) == Verdict::Permissible).collect();
        let mut prover = Prover::new(&[policy]);
        let clauses: Vec<ConditionId> = version.rules.iter().flat_map(|rule| rule.clauses()).collect();
        for clause in clauses {
            let found = is_case(&prover.permits(0, 0, clause), &text);
            let expected = permitted.iter().any(|record| record.truth(policy, clause) == Truth::True);
            assert_eq!(found, expected, "{clause:?}, seed {seed}\n{text}");
            tally[usize::from(found)] += 1;
        }
        for (at, rule) in version.rules.iter().enumerate().filter(|(_, rule)| !rule.is_permit()) {
            let found = is_case(&prover.breaks(0, 0, RuleId(u32::try_from(at).unwrap())), &text);
            let is_open = |status| matches!(status, Some(Status::Violated | Status::Undetermined));
            let expected = permitted.iter().any(|record| is_open(record.judgement(policy).outcomes[at].status()));
            assert_eq!(found, expected, "`{}`, seed {seed}\n{text}", rule.name);
            tally[2 + usize::from(found)] += 1;
        }
    }
    assert!(tally.iter().all(|count| *count > 60), "too few of one sort: {tally:?}");
}

#[test]
fn what_one_policy_permits_and_another_does_not_cover_is_found() {
    let mut tally = [0; 2];
    for seed in 90_000..91_500 {
        let text = generate::two_policies(&mut Draw::new(seed));
        let Some(scope) = text.lines().find(|line| line.starts_with("  applies when")) else { continue };
        // The first policy loses its scope, or has the opposite of it.
        let turned = if seed % 2 == 0 { String::new() } else { scope.replacen("when ", "when not (", 1) + ")" };
        let text = text.replacen(scope, &turned, 1);
        let set = set(&text);
        let [one, other] = set.policies.as_slice() else { panic!("{text}") };
        let found = is_case(&Prover::new(&[one, other]).uncovered(0, 1), &text);
        let is_uncovered = |record: &records::Record| {
            record.verdict(one) == Verdict::Permissible && record.verdict(other) == Verdict::NotCovered
        };
        assert_eq!(found, records::all(&set).iter().any(is_uncovered), "seed {seed}\n{text}");
        tally[usize::from(found)] += 1;
    }
    assert!(tally.iter().all(|count| *count > 30), "too few of one sort: {tally:?}");
}

#[test]
fn what_became_stricter_or_looser_within_a_condition_and_outside_it_is_found() {
    let mut tally = [0; 2];
    for seed in 95_000..95_600 {
        let text = generate::two_policies(&mut Draw::new(seed));
        let set = set(&text);
        let [one, other] = set.policies.as_slice() else { panic!("{text}") };
        let looks_back = |policy: &forbear::policy::Policy| !policy.versions[0].conditions.histories().is_empty();
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
        let clauses: Vec<ConditionId> = other.versions[0].rules.iter().flat_map(|rule| rule.clauses()).collect();
        for clause in clauses {
            for (stricter, outside) in [(true, true), (true, false), (false, true), (false, false)] {
                let found = is_case(&prover.changed((0, 1), stricter, &[(0, clause)], outside), &text);
                let expected = changes.iter().any(|(record, was, is)| {
                    let is_decided = ![was, is].contains(&&Verdict::Undetermined);
                    let fits = match record.truth(other, clause) {
                        Truth::True => !outside,
                        Truth::False => outside,
                        Truth::Unknown => outside && is_decided,
                    };
                    (is > was) == stricter && fits
                });
                assert_eq!(found, expected, "{clause:?} {stricter} {outside}, seed {seed}\n{text}");
                tally[usize::from(found)] += 1;
            }
        }
    }
    assert!(tally.iter().all(|count| *count > 300), "too few of one sort: {tally:?}");
}
