//! Exact verdicts against enumeration: of small policies and records, every completion is judged, and every supplement.

#![expect(clippy::unwrap_used, reason = "a test may fail so")]
#![expect(clippy::indexing_slicing, reason = "of lists of the test's own")]

#[path = "exact/cases.rs"]
mod cases;
#[path = "exact/enumerate.rs"]
mod enumerate;
#[path = "proof/generate.rs"]
mod generate;

use forbear::check::load;
use forbear::judge::{Standpoint, Verdict, judge};
use forbear::policy::PolicySet;
use forbear::prove::Exact;
use forbear::source::Sources;
use jiff::Timestamp;

use enumerate::Case;
use generate::Draw;

/// Draws two policies; none where they have errors. Gives what draws on, and their text.
fn drawn(seed: u64) -> Option<(Draw, String, PolicySet)> {
    let mut draw = Draw::new(seed);
    let text = generate::two_policies(&mut draw);
    let mut sources = Sources::new();
    sources.add("small.forbear", text.as_str());
    let checked = load(&mut sources);
    (!checked.has_errors()).then_some((draw, text, checked.set))
}

#[test]
fn the_exact_verdict_is_what_all_completions_have_in_common() {
    let (mut decided, mut open, mut silent) = (0, 0, 0);
    for seed in 0..1_000 {
        let Some((mut draw, text, set)) = drawn(seed) else { continue };
        let policy = &set.policies[0];
        let mut exact = Exact::new(policy);
        for _ in 0..2 {
            let case = Case::draw(policy, &mut draw);
            let standpoint = Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&case.supposed);
            let judgement = judge(policy, &[&case.episode], standpoint);
            let found = exact.verdict(&[&case.episode], standpoint, &judgement);
            if judgement.verdict != Verdict::Undetermined {
                assert_eq!(found.verdict, judgement.verdict);
                assert!(case.completions(policy).iter().all(|verdict| *verdict == judgement.verdict), "{seed}\n{text}");
                continue;
            }
            let mut possible = case.completions(policy);
            possible.sort_unstable_by(|one, other| other.cmp(one));
            possible.dedup();
            assert_eq!(found.possible, possible, "seed {seed}\n{text}\n{:?}", case.episode);
            let only = if possible.len() == 1 { possible[0] } else { Verdict::Undetermined };
            assert_eq!(found.verdict, only, "seed {seed}\n{text}");
            decided += usize::from(only != Verdict::Undetermined);
            open += usize::from(only == Verdict::Undetermined);
            silent += usize::from(case.is_silent(policy));
            if only == Verdict::Impermissible {
                let size = found.rules.len() + usize::from(found.by_default);
                assert_eq!(Some(size), case.smallest_citation(policy), "seed {seed}\n{text}\n{found:?}");
            }
        }
    }
    assert!(decided > 30 && open > 300 && silent > 30, "too few of one sort: {decided} {open} {silent}");
}

#[test]
fn each_reported_set_is_minimal_and_none_is_left_out() {
    let (mut always, mut sometimes, mut several) = (0, 0, 0);
    for seed in 0..200 {
        let Some((mut draw, text, set)) = drawn(seed) else { continue };
        let policy = &set.policies[0];
        let mut exact = Exact::new(policy);
        let case = Case::draw(policy, &mut draw);
        let standpoint = Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&case.supposed);
        let judgement = judge(policy, &[&case.episode], standpoint);
        let found = exact.verdict(&[&case.episode], standpoint, &judgement);
        if found.verdict != Verdict::Undetermined || case.open_fields(policy).len() > 4 {
            continue;
        }
        let evidence = exact.evidence(&[&case.episode], standpoint, &judgement);
        let expected = case.evidence(policy);
        if evidence.cut {
            assert!(
                evidence.sets.iter().all(|set| expected.iter().any(|known| known.0 == set.fields)),
                "{seed}\n{text}"
            );
            continue;
        }
        let mut sets: Vec<_> = evidence.sets.iter().map(|set| (set.fields.clone(), set.always)).collect();
        sets.sort();
        for ((fields, said), (known, is)) in sets.iter().zip(&expected) {
            assert_eq!(fields, known, "seed {seed}\n{text}\n{:?}", case.episode);
            assert!(said.is_none_or(|said| said == *is), "seed {seed}\n{text}\n{:?} {fields:?}", case.episode);
        }
        assert_eq!(sets.len(), expected.len(), "seed {seed}\n{text}\n{:?}\n{expected:?}", case.episode);
        always += sets.iter().filter(|set| set.1 == Some(true)).count();
        sometimes += sets.iter().filter(|set| set.1 == Some(false)).count();
        several += usize::from(sets.len() > 1);
    }
    assert!(always > 20 && sometimes > 20 && several > 10, "too few of one sort: {always} {sometimes} {several}");
}
