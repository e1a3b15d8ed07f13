//! Proofs against enumeration: of small policies, every record is judged, and the prover must say the same of all of them.

#![expect(clippy::unwrap_used, reason = "a test may fail so")]
#![expect(clippy::indexing_slicing, reason = "of lists of the test's own")]

#[path = "proof/asked.rs"]
mod asked;
#[path = "proof/conflicts.rs"]
mod conflicts;
#[path = "proof/contained.rs"]
mod contained;
#[path = "proof/gaps.rs"]
mod gaps;
#[path = "proof/generate.rs"]
mod generate;
#[path = "support/held_fixed.rs"]
mod held_fixed;
#[path = "proof/implied.rs"]
mod implied;
#[path = "proof/needless.rs"]
mod needless;
#[path = "proof/quotas.rs"]
mod quotas;
#[path = "proof/records.rs"]
mod records;
#[path = "proof/whatever.rs"]
mod whatever;

use std::collections::BTreeSet;

use forbear::check::load;
use forbear::diagnostic::Diagnostic;
use forbear::judge::{Because, Judgement, Outcome, Status, Truth, Verdict};
use forbear::policy::{DefaultNorm, Policy, PolicySet};
use forbear::prove::{Answer, Group, Prover, Reason, claims, matters};
use forbear::source::Sources;

use generate::Draw;

fn set(text: &str) -> PolicySet {
    let mut sources = Sources::new();
    sources.add("small.forbear", text);
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{text}\n{:?}", checked.problems);
    checked.set
}

/// Gives the names between backticks in messages with some words in them.
fn named(problems: &[Diagnostic], words: &str) -> BTreeSet<String> {
    let with = problems.iter().filter(|problem| problem.message.contains(words));
    with.filter_map(|problem| Some(problem.message.split('`').nth(1)?.to_owned())).collect()
}

#[test]
fn what_check_proves_is_what_enumeration_finds() {
    let mut tally = [0; 6];
    for seed in 10_000..10_500 {
        let text = generate::two_policies(&mut Draw::new(seed));
        let mut set = set(&text);
        set.policies.truncate(1);
        let version = &set.policies[0].versions[0];
        let judgements = records::all(&set).into_iter().map(|record| record.judgement(&set.policies[0]));
        let covered: Vec<Judgement> = judgements.filter(|judgement| judgement.because != Because::ScopeOpen).collect();
        let covered = || covered.iter().filter(|judgement| judgement.verdict != Verdict::NotCovered);
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
        let mut pays = BTreeSet::new();
        for name in generate::FIELDS {
            let field = version.vocabulary.find_field(name).unwrap();
            let better = |record: &records::Record| {
                record.without(field).is_some_and(|less| {
                    let verdicts = (record.verdict(&set.policies[0]), less.verdict(&set.policies[0]));
                    matches!(verdicts, (Verdict::Impermissible, Verdict::Permissible | Verdict::NotCovered))
                })
            };
            if records::all(&set).iter().any(better) {
                pays.insert(name.to_owned());
            }
        }
        // Of the ward, all values are one here; that it may pay to leave it out is not enumerated.
        let told: BTreeSet<String> =
            named(&problems, "it pays to leave out").into_iter().filter(|name| name != "ward").collect();
        assert_eq!(told, pays, "seed {seed}\n{text}\n{problems:?}");
        tally[4] += usize::from(!pays.is_empty());
        let has_permit = version.default == DefaultNorm::Permit || version.rules.iter().any(|rule| rule.is_permit());
        let permissible =
            records::all(&set).iter().any(|record| record.verdict(&set.policies[0]) == Verdict::Permissible);
        let none = problems.iter().any(|problem| problem.message.starts_with("nothing is ever permissible"));
        assert_eq!(none, !permissible && has_permit, "seed {seed}\n{text}\n{problems:?}");
        tally[2 + usize::from(permissible)] += 1;
    }
    assert!(
        tally.iter().take(5).all(|count| *count > 25) && tally[5] > 0,
        "too few of one sort to be worth it: {tally:?}"
    );
}

/// Demands that no permit can hold for what is told so, and that some such record is forbidden by no rule; counts what is told.
fn gaps_are_gaps(set: &PolicySet, problems: &[Diagnostic], text: &str) -> usize {
    let policy = &set.policies[0];
    let version = &policy.versions[0];
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
            let covered =
                || judged.iter().filter(|one| !matches!(one.because, Because::ScopeOpen | Because::DoesNotApply));
            let ground = |one: &Judgement| one.outcomes.iter().filter_map(Outcome::ground).max();
            assert!(covered().all(|one| ground(one) == Some(Truth::False)), "{text}\n{problem:?}");
            assert!(covered().any(|one| one.because == Because::ByDefault), "{text}\n{problem:?}");
            count += 1;
        }
    }
    count
}

#[test]
fn the_prover_finds_every_difference_and_no_other() {
    let mut tally = [0; 6];
    for seed in 0..1_000 {
        let text = generate::two_policies(&mut Draw::new(seed));
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
        for group in groups.iter().filter(|group| seed < 300 && !group.because.is_empty()) {
            because_makes_the_change(&set, group, &format!("seed {seed}\n{text}\n{group:?}"));
            tally[4] += 1;
        }
        // What is decided only whatever the value cannot be told by what is known of comparisons.
        let is_plain = |case: &Judgement| {
            case.verdict == Verdict::Undetermined || !matches!(case.because, Because::Undetermined | Because::ScopeOpen)
        };
        let untold = groups.iter().filter(|group| group.because.is_empty());
        tally[5] += untold.filter(|group| group.case.judgements.iter().all(is_plain)).count();
        let laxer = matches!(prover.laxer(0, 1), Answer::Case(_));
        let expected = enumerated.iter().any(|(one, other)| {
            *one == Verdict::Permissible && matches!(other, Verdict::Impermissible | Verdict::Undetermined)
        });
        assert_eq!(laxer, expected, "seed {seed}\n{text}");
        tally[usize::from(differing.is_empty())] += 1;
        tally[2 + usize::from(laxer)] += 1;
    }
    let [differ, same, laxer, stricter, told, untold] = tally;
    let few = [differ, same, laxer, stricter, told].into_iter().min();
    assert!(few > Some(60) && untold * 5 < told, "too few of one sort to be worth it: {tally:?}");
}

/// Demands that every record of which what is told holds changes in the way that is told, if the other rules say of it what
/// they say of the case.
fn because_makes_the_change(set: &PolicySet, group: &Group, shown: &str) {
    let policies = || set.policies.iter().zip(&group.case.judgements);
    let of_scope = |case: &Judgement| case.verdict == Verdict::NotCovered || case.because == Because::ScopeOpen;
    let scope_changes = policies().any(|(_, case)| of_scope(case));
    let others = |policy: &Policy, judgement: &Judgement| -> Vec<(String, u8)> {
        let rules = policy.versions[0].rules.iter().zip(&judgement.outcomes);
        let others = rules.filter(|(rule, _)| scope_changes || !group.rules.contains(&rule.name));
        let others = others.filter(|(rule, _)| !rule.is_permit() || policy.versions[0].default == DefaultNorm::Forbid);
        let says = |outcome: &Outcome| match (outcome.status(), outcome.ground()) {
            (Some(Status::Violated), _) | (_, Some(Truth::True)) => 2,
            (Some(Status::Undetermined), _) | (_, Some(Truth::Unknown)) => 1,
            _ => 0,
        };
        others.map(|(rule, outcome)| (rule.name.clone(), says(outcome))).collect()
    };
    let mut found = 0;
    for record in records::all(set) {
        let holds = |reason: &Reason| record.truth(&set.policies[reason.policy], reason.condition) == reason.truth;
        let covered = |policy: &Policy| {
            scope_changes || !matches!(record.judgement(policy).because, Because::ScopeOpen | Because::DoesNotApply)
        };
        let covered = policies().all(|(policy, _)| covered(policy));
        let alike = |policy: &Policy, case: &Judgement| {
            of_scope(case) || others(policy, case) == others(policy, &record.judgement(policy))
        };
        let alike = policies().all(|(policy, case)| alike(policy, case));
        if covered && alike && group.because.iter().all(holds) {
            let verdicts = (record.verdict(&set.policies[0]), record.verdict(&set.policies[1]));
            let kleene = |policy: usize| record.judgement(&set.policies[policy]).verdict;
            let (was, is) = group.verdicts;
            let is_open = [was, is].contains(&Verdict::Undetermined);
            let is_so = if is_open { (kleene(0), kleene(1)) } else { verdicts };
            assert_eq!(is_so, group.verdicts, "{shown}");
            found += 1;
        }
    }
    assert!(found > 0, "no record is told of: {shown}");
}

/// The shipped policies, with what stands beside each.
const SHIPPED: &[&[&str]] = &[
    &["hospital.forbear.md", "calendars/basel.yaml"],
    &["surgery.forbear"],
    &["medication.forbear", "vocabularies/pharmacy.forbear"],
    &["flight.forbear", "vocabularies/flight.forbear"],
    &["nursing_student.forbear", "vocabularies/nursing.forbear", "vocabularies/pharmacy.forbear"],
];

#[test]
fn nothing_known_afterwards_changes_a_verdict_and_much_that_was_known_before_does() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let (mut afterwards, mut before) = (0, 0);
    for files in SHIPPED {
        let mut sources = Sources::new();
        for file in *files {
            sources.add(*file, std::fs::read(folder.join(file)).unwrap());
        }
        let checked = load(&mut sources);
        assert!(!checked.has_errors(), "{files:?}");
        let policy = &checked.set.policies[0];
        for field in &policy.versions[0].vocabulary.fields {
            let answer = matters(policy, field);
            if field.known_afterwards {
                assert!(matches!(answer, Answer::None), "{files:?}: `{}` changes a verdict: {answer:?}", field.name);
                afterwards += 1;
            } else {
                before += usize::from(matches!(answer, Answer::Case(_)));
            }
        }
    }
    assert!(afterwards > 10 && before > 40, "{afterwards} and {before}");
}
