//! Every way in which the verdicts of two policies differ, and why, against every record.

use std::collections::BTreeSet;

use forbear::judge::{Because, Judgement, Outcome, Status, Truth, Verdict};
use forbear::policy::{DefaultNorm, Policy, PolicySet, Version};
use forbear::prove::{Answer, Group, Prover, Reason, Witness};

use crate::generate::Draw;
use crate::records::{self, Record};
use crate::{drawn, set, wider};

#[test]
fn the_prover_finds_every_difference_and_no_other() {
    let mut tally = [0; 6];
    for (seed, text) in drawn(0..1_000, 100_000..100_750) {
        let set = set(&text);
        let [one, other] = set.policies.as_slice() else { panic!("{text}") };
        let enumerated: BTreeSet<(Verdict, Verdict)> =
            records::all(&set).iter().map(|record| (record.verdict(one), record.verdict(other))).collect();
        let mut prover = Prover::new(&[one, other]);
        let (groups, complete) = prover.differences(0, 1);
        assert!(complete, "not decided, seed {seed}\n{text}");
        let proved: BTreeSet<(Verdict, Verdict)> = groups.iter().map(|group| group.verdicts).collect();
        let differing: BTreeSet<(Verdict, Verdict)> =
            enumerated.iter().copied().filter(|(was, is)| was != is).collect();
        assert_eq!(proved, differing, "seed {seed}\n{text}");
        for group in &groups {
            let case = Record::of(&group.case);
            assert_eq!((case.verdict(one), case.verdict(other)), group.verdicts, "seed {seed}\n{text}\n{group:?}");
        }
        // `diff`, which alone tells why, leaves out from when versions are in force.
        let is_always = set.policies.iter().all(|policy| policy.versions[0].in_force.is_none());
        for group in groups.iter().filter(|group| seed % 1_000 < 300 && is_always && !group.because.is_empty()) {
            because_makes_the_change(&set, group, &format!("seed {seed}\n{text}\n{group:?}"));
            tally[4] += 1;
        }
        let untold = groups.iter().filter(|group| seed % 1_000 < 300 && is_always && group.because.is_empty());
        tally[5] += untold.count();
        let is_laxer = |(one, other): &(Verdict, Verdict)| {
            *one == Verdict::Permissible && matches!(other, Verdict::Impermissible | Verdict::Undetermined)
        };
        let laxer = enumerated.iter().any(is_laxer);
        let verdicts = |case: &Witness| (Record::of(case).verdict(one), Record::of(case).verdict(other));
        match prover.laxer(0, 1) {
            Answer::Case(case) => assert!(laxer && is_laxer(&verdicts(&case)), "seed {seed}\n{text}"),
            answer => assert!(!laxer && matches!(answer, Answer::None), "seed {seed}\n{text}"),
        }
        match prover.different(0, 1) {
            Answer::Case(case) => assert!(differing.contains(&verdicts(&case)), "seed {seed}\n{text}"),
            answer => assert!(differing.is_empty() && matches!(answer, Answer::None), "seed {seed}\n{text}"),
        }
        tally[usize::from(differing.is_empty())] += 1;
        tally[2 + usize::from(laxer)] += 1;
    }
    let [differ, same, laxer, stricter, told, untold] = tally;
    let few = [differ, same, laxer, stricter, told].into_iter().min();
    assert!(few > Some(60) && untold * 5 < told, "too few of one sort to be worth it: {tally:?}");
}

#[test]
fn of_two_percentages_beside_each_other_every_difference_is_found() {
    let mut tally = [0; 2];
    for seed in 130_000..130_600 {
        let text = wider::two_policies_of_percentages(&mut Draw::new(seed));
        let set = set(&text);
        let [one, other] = set.policies.as_slice() else { panic!("{text}") };
        let all = records::all(&set);
        let verdicts = all.iter().map(|record| (record.verdict(one), record.verdict(other)));
        let differing: BTreeSet<(Verdict, Verdict)> = verdicts.filter(|(was, is)| was != is).collect();
        let (groups, complete) = Prover::new(&[one, other]).differences(0, 1);
        let told: BTreeSet<(Verdict, Verdict)> = groups.iter().map(|group| group.verdicts).collect();
        for group in &groups {
            let case = Record::of(&group.case);
            assert_eq!(
                (case.verdict(one), case.verdict(other)),
                group.verdicts,
                "seed {seed}\n{text}\n{:?} {:?}",
                group.case.settings,
                group.case.judgements
            );
        }
        assert!(complete && told == differing, "seed {seed}\n{text}");
        tally[usize::from(told.is_empty())] += 1;
    }
    assert!(tally.iter().all(|count| *count > 40), "too few of one sort: {tally:?}");
}

/// Demands that every record of which what is told holds changes in the way that is told, if the other rules say of it what
/// they say of the case.
fn because_makes_the_change(set: &PolicySet, group: &Group, shown: &str) {
    let policies = || set.policies.iter().zip(&group.case.judgements);
    let of_scope = |case: &Judgement| case.verdict == Verdict::NotCovered || case.because == Because::ScopeOpen;
    let scope_changes = policies().any(|(_, case)| of_scope(case));
    let others = |version: &Version, judgement: &Judgement| -> Vec<(String, u8)> {
        let rules = version.rules.iter().zip(&judgement.outcomes);
        let others = rules.filter(|(rule, _)| scope_changes || !group.rules.contains(&rule.name));
        let others = others.filter(|(rule, _)| !rule.is_permit() || version.default == DefaultNorm::Forbid);
        let says = |outcome: &Outcome| match (outcome.status(), outcome.ground()) {
            (Some(Status::Violated), _) | (_, Some(Truth::True)) => 2,
            (Some(Status::Undetermined), _) | (_, Some(Truth::Unknown)) => 1,
            _ => 0,
        };
        others.map(|(rule, outcome)| (rule.name.clone(), says(outcome))).collect()
    };
    let mut found = 0;
    for record in records::all(set) {
        let holds = |reason: &Reason| {
            let version = &set.policies[reason.policy].versions[reason.version];
            record.truth(version, reason.condition) == reason.truth
        };
        let covered = |(policy, case): (&Policy, &Judgement)| {
            let judgement = record.judgement(policy);
            let is_out = matches!(judgement.because, Because::ScopeOpen | Because::DoesNotApply);
            scope_changes || !is_out && judgement.version == case.version
        };
        let alike = |(policy, case): (&Policy, &Judgement)| {
            of_scope(case)
                || case.version.is_none_or(|at| {
                    let version = &policy.versions[at];
                    others(version, case) == others(version, &record.judged_by(version))
                })
        };
        let (covered, alike) = (policies().all(covered), policies().all(alike));
        if covered && alike && group.because.iter().all(holds) {
            let verdicts = (record.verdict(&set.policies[0]), record.verdict(&set.policies[1]));
            let kleene = |policy: usize| record.judgement(&set.policies[policy]).verdict;
            let (was, is) = group.verdicts;
            let is_exact = (0..2).any(|policy| group.case.is_whatever_the_value(policy));
            let is_open = [was, is].contains(&Verdict::Undetermined) && !is_exact;
            let is_so = if is_open { (kleene(0), kleene(1)) } else { verdicts };
            assert_eq!(is_so, group.verdicts, "{shown}");
            found += 1;
        }
    }
    assert!(found > 0, "no record is told of: {shown}");
}
