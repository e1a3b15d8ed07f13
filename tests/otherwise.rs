//! Repairs and fragile ratings against enumeration: of small policies and records, everything that the team could have chosen
//! is judged, and every rating that is one level off.

#![expect(clippy::unwrap_used, reason = "a test may fail so")]
#![expect(clippy::indexing_slicing, reason = "of lists of the test's own")]
#![expect(dead_code, reason = "what it shares with other tests has more than it needs")]

#[path = "exact/enumerate.rs"]
mod enumerate;
#[path = "proof/generate.rs"]
mod generate;
#[path = "support/held_fixed.rs"]
mod held_fixed;
#[path = "otherwise/together.rs"]
mod together;
#[path = "otherwise/waiting.rs"]
mod waiting;

use std::collections::BTreeSet;
use std::sync::Arc;

use forbear::check::load;
use forbear::episode::{Episode, Slot};
use forbear::judge::{Outcome, Standpoint, Status, Verdict, judge};
use forbear::policy::{FieldId, FieldType, Policy, Value, Vocabulary};
use forbear::prove::{Arranged, Changes, Exact, To};
use forbear::source::{SourceId, Sources, Span};
use jiff::Timestamp;

use enumerate::{Case, changed, read};
use generate::{Draw, values};

/// Draws a policy of whose fields some are chosen and some judged; none where it has errors.
fn drawn(seed: u64) -> Option<(Draw, String, Policy)> {
    let mut draw = Draw::new(seed);
    let text = generate::two_policies(&mut draw);
    let mut sources = Sources::new();
    sources.add("small.forbear", text.as_str());
    let checked = load(&mut sources);
    let mut policy = checked.set.policies.first().filter(|_| !checked.has_errors())?.clone();
    let vocabulary: &mut Vocabulary = Arc::make_mut(&mut policy.versions[0].vocabulary);
    for field in &mut vocabulary.fields {
        field.chosen = field.name != "ward" && draw.below(3) != 0;
        field.judged = !field.chosen;
    }
    Some((draw, text, policy))
}

/// Gives what the team could have arranged: for each set of chosen fields, whether some values of it are permissible.
struct Chosen<'c> {
    case: &'c Case,
    policy: &'c Policy,
    fields: Vec<(&'static str, FieldId)>,
}

impl Chosen<'_> {
    /// Gives the records with every value of some fields.
    fn records(&self, set: u32) -> Vec<Episode> {
        let mut all = vec![self.case.episode.clone()];
        for (_, (name, field)) in self.fields.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1) {
            let further = all.iter().flat_map(|episode| {
                values(name).into_iter().map(|value| {
                    let mut with = episode.clone();
                    with.set(*field, Slot::Present(value), None);
                    with
                })
            });
            all = further.collect();
        }
        all
    }

    fn is_permissible(&self, episode: &Episode) -> bool {
        self.case.with(episode.clone()).exact(self.policy) == Verdict::Permissible
    }

    /// Gives the inclusion-minimal sets of fields with which it can be permissible.
    fn smallest(&self) -> Vec<BTreeSet<FieldId>> {
        let mut sets: Vec<u32> = (1..1u32 << self.fields.len()).collect();
        sets.sort_by_key(|set| set.count_ones());
        let mut found: Vec<u32> = Vec::new();
        for set in sets {
            if !found.iter().any(|known| known & set == *known)
                && self.records(set).iter().any(|record| self.is_permissible(record))
            {
                found.push(set);
            }
        }
        let of = |set: &u32| {
            let of_set = self.fields.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
            of_set.map(|(_, (_, field))| *field).collect()
        };
        found.iter().map(of).collect()
    }
}

#[test]
fn repairs_are_the_smallest_changes_and_nothing_is_said_only_where_nothing_would_do() {
    let (mut repaired, mut several, mut nothing, mut open) = (0, 0, 0, 0);
    for seed in 0..1_500 {
        let Some((mut draw, text, policy)) = drawn(seed) else { continue };
        let case = Case::draw(&policy, &mut draw);
        let vocabulary = &policy.versions[0].vocabulary;
        let is_chosen = |field: FieldId| vocabulary.field(field).unwrap().chosen;
        let fields: Vec<_> = read(&policy).into_iter().filter(|(_, field)| is_chosen(*field)).collect();
        let standpoint = Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&case.supposed);
        let judgement = judge(&policy, &[&case.episode], standpoint);
        if case.exact(&policy) != Verdict::Impermissible || fields.len() > 4 {
            continue;
        }
        let repair = Exact::new(&policy).repair(&case.episode, standpoint, &judgement).unwrap();
        let chosen = Chosen { case: &case, policy: &policy, fields };
        let expected = chosen.smallest();
        let shown = || {
            format!(
                "seed {seed} {:?} {:?}\n{text}\n{:?}\n{expected:?}\n{repair:?}",
                chosen.fields, case.supposed, case.episode
            )
        };
        match &repair.arranged {
            Arranged::So(found) => {
                let small = expected.iter().filter(|set| set.len() <= 3).count();
                assert_eq!(found.len(), small.min(3), "{}", shown());
                assert!(found.is_sorted_by_key(Vec::len), "{}", shown());
                for changes in found {
                    assert!(chosen.is_permissible(&changed(&case.episode, changes)), "{}", shown());
                    assert!(expected.contains(&changes.iter().map(|(field, _)| *field).collect()), "{}", shown());
                    assert!(is_nearest(&chosen, changes), "{}", shown());
                }
                several += usize::from(found.iter().any(|changes| changes.len() > 1));
                repaired += 1;
            }
            Arranged::Nothing { against, by_default } => {
                assert!(expected.is_empty(), "{}", shown());
                let whole = chosen.records((1 << chosen.fields.len()) - 1);
                for record in &whole {
                    let judged = case.judged(&policy, record, &case.supposed);
                    assert_ne!(case.with(record.clone()).exact(&policy), Verdict::Permissible, "{}", shown());
                    let status =
                        |rule: &forbear::policy::RuleId| judged.outcomes.get(rule.0 as usize).map(Outcome::status);
                    let not_clear = [None, Some(Some(Status::Violated)), Some(Some(Status::Undetermined))];
                    assert!(against.iter().all(|rule| not_clear.contains(&status(rule))), "{}", shown());
                    let ground = judged.outcomes.iter().filter_map(|outcome| outcome.ground()).max();
                    assert!(!by_default || ground != Some(forbear::judge::Truth::True), "{}", shown());
                }
                nothing += 1;
            }
            Arranged::Open => {
                assert!(expected.iter().all(|set| set.len() > 3), "{}", shown());
                open += 1;
            }
        }
    }
    assert!(
        repaired > 100 && several > 30 && nothing > 300,
        "too few of one sort: {repaired} {several} {nothing} {open}"
    );
    // What is left open is what a completion could make permissible, or silence.
    assert!(open * 5 < nothing, "too many are left open: {open} beside {nothing}");
}

#[test]
fn what_nobody_wrote_down_may_be_left_so() {
    let chosen = ["a", "b", "c", "d", "e"];
    let fields: String = chosen.iter().map(|name| format!("field {name} boolean chosen\n")).collect();
    let text = format!(
        "vocabulary small \"Small\"\nfield id text role id\n{fields}\npolicy p \"P\"\n  vocabulary small\n  default permit\n\n\
         rule r \"R\"\n  require a is missing\n\nrule s \"S\"\n  require b and c and d and e\n"
    );
    let mut sources = Sources::new();
    sources.add("small.forbear", text.as_str());
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{:?}", checked.problems);
    let policy = &checked.set.policies[0];
    let vocabulary = &policy.versions[0].vocabulary;
    let arranged = |written: &[&str]| {
        let mut episode = Episode::new(Span::new(SourceId(0), 0, 0), vocabulary.fields.len());
        for name in written {
            episode.set(vocabulary.find_field(name).unwrap(), Slot::Present(Value::Boolean(false)), None);
        }
        let standpoint = Standpoint::alone(Timestamp::UNIX_EPOCH);
        let judgement = judge(policy, &[&episode], standpoint);
        Exact::new(policy).repair(&episode, standpoint, &judgement).unwrap().arranged
    };
    // Four changes would do, which are more than are tried.
    assert_eq!(arranged(&chosen[1..]), Arranged::Open);
    assert!(matches!(arranged(&chosen), Arranged::Nothing { .. }), "what is written is not left out");
}

/// Says whether no level nearer to the one that was recorded would do, where one level alone is changed.
fn is_nearest(chosen: &Chosen<'_>, changes: &Changes) -> bool {
    let [(field, To::Value(Value::Name(to)))] = changes.as_slice() else { return true };
    let version = &chosen.policy.versions[0];
    let is_scale = matches!(version.vocabulary.field(*field).unwrap().kind, FieldType::Scale(_));
    let Some(Value::Name(was)) = chosen.case.episode.value(*field).filter(|_| is_scale) else { return true };
    (0..3u16).filter(|level| level.abs_diff(was.0) < to.0.abs_diff(was.0) && *level != was.0).all(|level| {
        let nearer = vec![(*field, To::Value(Value::Name(forbear::policy::NameId(level))))];
        !chosen.is_permissible(&changed(&chosen.case.episode, &nearer))
    })
}

#[test]
fn a_verdict_is_fragile_where_a_rating_one_level_off_gives_another() {
    let (mut flips, mut firm) = (0, 0);
    for seed in 0..2_000 {
        let Some((mut draw, text, policy)) = drawn(seed) else { continue };
        let case = Case::draw(&policy, &mut draw);
        let standpoint = Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&case.supposed);
        let judgement = judge(&policy, &[&case.episode], standpoint);
        let mut exact = Exact::new(&policy);
        let verdict = exact.verdict(&[&case.episode], standpoint, &judgement).verdict;
        let found = exact.fragile(&case.episode, standpoint, &judgement, verdict);
        let found: Vec<_> = found.iter().map(|flip| (flip.field, flip.to.clone(), flip.verdict)).collect();
        let mut expected = Vec::new();
        for (name, field) in read(&policy) {
            let vocabulary = &policy.versions[0].vocabulary;
            let Some(rated) = case.episode.value(field).filter(|_| vocabulary.field(field).unwrap().judged) else {
                continue;
            };
            let in_order = values(name);
            let here = in_order.iter().position(|value| value == rated).unwrap();
            if !["risk", "nearby", "certain", "n", "m"].contains(&name) {
                continue;
            }
            for at in [here.checked_add(1), here.checked_sub(1)].into_iter().flatten() {
                let Some(to) = in_order.get(at) else { continue };
                let mut episode = case.episode.clone();
                episode.set(field, Slot::Present(to.clone()), None);
                let is = case.with(episode).exact(&policy);
                if is != verdict {
                    expected.push((field, to.clone(), is));
                }
                firm += usize::from(is == verdict);
            }
        }
        assert_eq!(found, expected, "seed {seed}\n{text}\n{:?}", case.episode);
        flips += found.len();
    }
    assert!(flips > 80 && firm > 200, "too few of one sort: {flips} {firm}");
}
