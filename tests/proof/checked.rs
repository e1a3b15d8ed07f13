//! What `check` proves of each policy, against every record: what never applies, what is never violated, what it pays to leave
//! out, and whether anything is permissible.

use std::collections::BTreeSet;

use forbear::diagnostic::Diagnostic;
use forbear::judge::{Because, Judgement, Outcome, Status, Truth, Verdict};
use forbear::policy::{DefaultNorm, Policy, PolicySet};
use forbear::prove::claims;

use crate::records::{self, Record, is_covered_by_the_last};
use crate::values::fields;
use crate::{drawn, named, set};

#[test]
fn what_check_proves_is_what_enumeration_finds() {
    let mut tally = [0; 6];
    for (seed, text) in drawn(10_000..10_500, 110_000..110_400) {
        let mut set = set(&text);
        set.policies.truncate(1);
        let policy = &set.policies[0];
        let version = policy.versions.last().unwrap();
        let all = records::all(&set);
        let judgements = all.iter().map(|record| record.judgement(policy));
        let covered: Vec<Judgement> =
            judgements.filter(|judgement| is_covered_by_the_last(policy, judgement)).collect();
        let covered = || covered.iter();
        let problems = claims(&set, &[]);
        if covered().next().is_none() {
            assert_eq!(named(&problems, "never applies"), BTreeSet::from(["first".to_owned()]), "seed {seed}\n{text}");
            continue;
        }
        let ever = |at: usize, what: &dyn Fn(&Outcome) -> bool| covered().any(|one| what(&one.outcomes[at]));
        let violated = |outcome: &Outcome| outcome.status() == Some(Status::Violated);
        let given = |outcome: &Outcome| outcome.ground() == Some(Truth::True);
        let never = named(&problems, "never");
        for (at, rule) in version.rules.iter().enumerate() {
            let wanted = if rule.is_permit() { ever(at, &given) } else { ever(at, &violated) };
            let told_at_all = !(rule.is_permit() && version.default == DefaultNorm::Permit);
            assert_eq!(
                !never.contains(&rule.name),
                wanted || !told_at_all,
                "{}, seed {seed}\n{text}\n{problems:?}",
                rule.name
            );
            tally[usize::from(wanted)] += 1;
        }
        tally[5] += gaps_are_gaps(&set, &problems, &text);
        let pays = pays(policy, &all);
        // Of the ward, all values are one here; that it may pay to leave it out is not enumerated.
        let told: BTreeSet<String> =
            named(&problems, "it pays to leave out").into_iter().filter(|name| name != "ward").collect();
        assert_eq!(told, pays, "seed {seed}\n{text}\n{problems:?}");
        tally[4] += usize::from(!pays.is_empty());
        let has_permit = version.default == DefaultNorm::Permit || version.rules.iter().any(|rule| rule.is_permit());
        let mut by_the_last = all.iter().filter(|record| record.judgement(policy).version == last(policy));
        let permissible = by_the_last.any(|record| record.verdict(policy) == Verdict::Permissible);
        let none = problems.iter().any(|problem| problem.message.starts_with("nothing is ever permissible"));
        assert_eq!(none, !permissible && has_permit, "seed {seed}\n{text}\n{problems:?}");
        tally[2 + usize::from(permissible)] += 1;
    }
    assert!(
        tally.iter().take(5).all(|count| *count > 25) && tally[5] > 0,
        "too few of one sort to be worth it: {tally:?}"
    );
}

fn last(policy: &Policy) -> Option<usize> {
    policy.versions.len().checked_sub(1)
}

/// Gives the fields that it pays to leave out where the last version is in force; when it happened is not asked about.
fn pays(policy: &Policy, all: &[Record]) -> BTreeSet<String> {
    let is_worse = |record: &&Record| {
        record.judgement(policy).version == last(policy) && record.verdict(policy) == Verdict::Impermissible
    };
    let worse: Vec<&Record> = all.iter().filter(is_worse).collect();
    let vocabulary = &policy.versions[0].vocabulary;
    let is_better = |less: &Record| matches!(less.verdict(policy), Verdict::Permissible | Verdict::NotCovered);
    let pays = |name: &&str| {
        let Some(field) = vocabulary.find_field(name) else { return false };
        worse.iter().any(|record| record.without(field).is_some_and(|less| is_better(&less)))
    };
    fields().filter(|name| *name != "held_on").filter(pays).map(str::to_owned).collect()
}

/// Demands that no permit can hold for what is told so, and that some such record is forbidden by no rule; counts what is told.
fn gaps_are_gaps(set: &PolicySet, problems: &[Diagnostic], text: &str) -> usize {
    let policy = &set.policies[0];
    let version = policy.versions.last().unwrap();
    let told = problems.iter().filter(|problem| problem.message.starts_with("nothing permits an episode"));
    let mut count = 0;
    for problem in told {
        let mut words = problem.message.split('`').skip(1).step_by(2);
        let name = words.next().unwrap();
        let field = version.vocabulary.find_field(name).unwrap();
        for level in words {
            let is = |record: &records::Record| record.says(version, field).as_deref() == Some(level);
            let judged: Vec<Judgement> =
                records::all(set).iter().filter(|record| is(record)).map(|record| record.judgement(policy)).collect();
            let covered = || judged.iter().filter(|one| is_covered_by_the_last(policy, one));
            let ground = |one: &Judgement| one.outcomes.iter().filter_map(Outcome::ground).max();
            assert!(covered().all(|one| ground(one) == Some(Truth::False)), "{text}\n{problem:?}");
            assert!(covered().any(|one| one.because == Because::ByDefault), "{text}\n{problem:?}");
            count += 1;
        }
    }
    count
}
