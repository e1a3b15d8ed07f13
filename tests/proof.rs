//! Proofs against enumeration: of small policies, every record is judged, and the prover must say the same of all of them.

#![expect(clippy::unwrap_used, reason = "a test may fail so")]
#![expect(clippy::indexing_slicing, reason = "of lists of the test's own")]

#[path = "proof/generate.rs"]
mod generate;
#[path = "proof/records.rs"]
mod records;

use std::collections::BTreeSet;

use forbear::check::load;
use forbear::diagnostic::Severity;
use forbear::judge::Verdict;
use forbear::policy::PolicySet;
use forbear::prove::{Answer, Prover};
use forbear::source::Sources;

use generate::Draw;

/// Checks policies; none where a drawn rule contradicts itself, which is an error.
fn set(text: &str) -> Option<PolicySet> {
    let mut sources = Sources::new();
    sources.add("small.forbear", text);
    let checked = load(&mut sources);
    if checked.has_errors() {
        let errors = checked.problems.iter().filter(|problem| problem.severity() == Severity::Error);
        let others: Vec<_> =
            errors.filter(|error| !["never-applies", "always-holds"].contains(&error.code.name())).collect();
        assert!(others.is_empty(), "{text}\n{others:?}");
        return None;
    }
    Some(checked.set)
}

#[test]
fn the_prover_finds_every_difference_and_no_other() {
    let mut tally = [0; 4];
    for seed in 0..1_500 {
        let text = generate::two_policies(&mut Draw::new(seed));
        let Some(set) = set(&text) else { continue };
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
        let laxer = matches!(prover.laxer(0, 1), Answer::Case(_));
        let expected = enumerated.iter().any(|(one, other)| {
            *one == Verdict::Permissible && matches!(other, Verdict::Impermissible | Verdict::Undetermined)
        });
        assert_eq!(laxer, expected, "seed {seed}\n{text}");
        tally[usize::from(differing.is_empty())] += 1;
        tally[2 + usize::from(laxer)] += 1;
    }
    assert!(tally.iter().all(|count| *count > 100), "too few of one sort to be worth it: {tally:?}");
}
