//! Exact verdicts against enumeration: of small policies and records, every completion is judged, and every supplement.

#![expect(clippy::unwrap_used, reason = "a test may fail so")]
#![expect(clippy::indexing_slicing, reason = "of lists of the test's own")]

#[path = "exact/among.rs"]
mod among;
#[path = "exact/cases.rs"]
mod cases;
#[path = "exact/enumerate.rs"]
mod enumerate;
#[path = "exact/fractions.rs"]
mod fractions;
#[path = "proof/generate.rs"]
mod generate;
#[path = "support/held_fixed.rs"]
mod held_fixed;
#[path = "exact/moments.rs"]
mod moments;

use forbear::check::load;
use forbear::episode::{Episode, Slot};
use forbear::judge::{Standpoint, Verdict, judge};
use forbear::policy::{Condition, Policy, PolicySet};
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
    for seed in 0..1_000 {
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

#[test]
fn what_would_settle_a_verdict_depends_on_the_record_alone() {
    let (mut cut, mut whole) = (0, 0);
    for seed in 60_000..60_060 {
        let Some((mut draw, text, set)) = drawn(seed) else { continue };
        let policy = &set.policies[0];
        let mut asked_before = Exact::new(policy);
        for _ in 0..5 {
            let case = Case::draw(policy, &mut draw);
            let judgement = judge(policy, &[&case.episode], standpoint(&case));
            let found = asked_before.verdict(&[&case.episode], standpoint(&case), &judgement);
            if found.verdict != Verdict::Undetermined {
                continue;
            }
            let evidence = asked_before.evidence(&[&case.episode], standpoint(&case), &judgement);
            let alone = Exact::new(policy).evidence(&[&case.episode], standpoint(&case), &judgement);
            assert_eq!(evidence, alone, "seed {seed}\n{text}\n{:?}", case.episode);
            cut += usize::from(evidence.cut);
            whole += usize::from(!evidence.cut);
        }
    }
    assert!(cut > 5 && whole > 50, "too few of one sort: {cut} {whole}");
}

#[test]
fn what_is_written_in_addition_changes_no_decided_verdict_where_neither_silence_nor_presence_was_read() {
    let (mut added, mut set_aside) = (0, 0);
    for seed in 20_000..20_500 {
        let Some((mut draw, text, set)) = drawn(seed) else { continue };
        let policy = &set.policies[0];
        let case = Case::draw(policy, &mut draw);
        let verdict = |episode: &Episode| judge(policy, &[episode], standpoint(&case)).verdict;
        let before = verdict(&case.episode);
        if before == Verdict::Undetermined || case.is_silent(policy) || reads_presence(policy, &case) {
            set_aside += 1;
            continue;
        }
        for (name, field) in case.open_fields(policy) {
            for value in generate::values(name) {
                let mut more = case.episode.clone();
                more.set(field, Slot::Present(value), None);
                assert_eq!(verdict(&more), before, "seed {seed}\n{text}\n{:?}\n{more:?}", case.episode);
                added += 1;
            }
        }
    }
    assert!(added > 150 && set_aside > 50, "too few of one sort: {added} {set_aside}");
}

fn standpoint(case: &Case) -> Standpoint<'_> {
    Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&case.supposed)
}

/// Says whether it is asked of a field that is missing whether it is present.
fn reads_presence(policy: &Policy, case: &Case) -> bool {
    let conditions = &policy.versions[0].conditions;
    conditions.ids().any(|id| match conditions.get(id) {
        Condition::Present(field) => case.episode.is_open(field.field),
        _ => false,
    })
}

#[test]
fn what_is_known_only_afterwards_changes_no_verdict_of_a_policy_that_is_accepted() {
    let (mut judged, mut refused) = (0, 0);
    let afterwards =
        "field ward identity\nfield outcome level known afterwards\nfield told_at instant known afterwards\n";
    let duty = "\nrule told \"T\"\n  when outcome above low\n  oblige told_at within 3 days\n";
    for seed in 30_000..31_000 {
        let mut draw = Draw::new(seed);
        let text = generate::two_policies(&mut draw).replace("field ward identity\n", afterwards) + duty;
        // A permission that reads it is refused, wherever it does.
        if text.matches("risk ").count() > 0 && draw.below(3) == 0 {
            let (head, rules) = text.split_once("policy second").unwrap();
            let hindsight = format!("{head}policy second{}", rules.replacen("risk ", "outcome ", 1));
            if hindsight != text {
                let codes: Vec<&str> = problems(&hindsight).iter().map(|problem| problem.code.name()).collect();
                assert!(codes.contains(&"forbear::rule::hindsight"), "{hindsight}\n{codes:?}");
                refused += 1;
            }
        }
        let mut sources = Sources::new();
        sources.add("small.forbear", text.as_str());
        let checked = load(&mut sources);
        let policy = &checked.set.policies[1];
        let outcome = policy.versions[0].vocabulary.find_field("outcome").unwrap();
        let mut exact = Exact::new(policy);
        for _ in 0..4 {
            let case = Case::draw(policy, &mut draw);
            let mut verdict = |episode: &Episode| {
                let judgement = judge(policy, &[episode], standpoint(&case));
                exact.verdict(&[episode], standpoint(&case), &judgement).verdict
            };
            let before = verdict(&case.episode);
            for value in generate::values("risk") {
                let mut known = case.episode.clone();
                known.set(outcome, Slot::Present(value), None);
                assert_eq!(verdict(&known), before, "seed {seed}\n{text}\n{known:?}");
                judged += 1;
            }
        }
    }
    assert!(judged > 3_000 && refused > 20, "too few of one sort: {judged} {refused}");
}

fn problems(text: &str) -> Vec<forbear::diagnostic::Diagnostic> {
    let mut sources = Sources::new();
    sources.add("small.forbear", text);
    load(&mut sources).problems
}
