//! Changes that examples notice, and examples for those that they do not.

use forbear::trial::Survivor;

use super::{WARD, read, run_all};

fn survivors(examples: &str) -> Vec<Survivor> {
    let (sources, checked) = read(&[("ward.forbear", &format!("{WARD}\n{examples}"))]);
    run_all(&sources, &checked, true).scores.remove(0).survivors
}

const ONE: &str = "example \"routine\" routine\n  is permissible and owes nothing\n";

#[test]
fn changes_are_shown_as_the_sentences_that_they_make() {
    let sentences: Vec<String> = survivors(ONE).into_iter().map(|one| one.sentence).collect();
    for wanted in [
        "risk ceiling moderate",
        "patient.asa at most 0",
        "patient.asa below 1",
        "supervision at least on_site",
        "supervision at least hands_on",
        "limit 3 episodes per trainee.id in any 30 days",
        "limit 1 episodes per trainee.id in any 30 days",
        "failure.anticipated or education.objective is present",
        "(without) when activity is operation",
        "(without) unless patient.asa at most 1",
        "(without) supervision at least in_room",
    ] {
        let noticed = ["supervision at least hands_on"].contains(&wanted);
        assert_eq!(sentences.iter().any(|sentence| sentence == wanted), !noticed, "{wanted}\n{sentences:#?}");
    }
}

/// Pasted beside the policy, every example holds, and the change is noticed.
#[test]
fn an_example_that_is_shown_can_be_pasted_and_notices_the_change() {
    let before = survivors(ONE);
    let shown: Vec<&str> = before.iter().filter_map(|one| Some(one.example.as_ref()?.text.as_str())).collect();
    assert!(shown.len() * 10 >= before.len() * 7, "{} of {} survivors have an example", shown.len(), before.len());
    let unique: std::collections::BTreeSet<&str> = shown.iter().map(|text| text.lines().next().unwrap()).collect();
    assert_eq!(unique.len(), shown.len(), "titles stand twice");
    let pasted = format!("{ONE}\n{}", shown.join("\n"));
    let (sources, checked) = read(&[("ward.forbear", &format!("{WARD}\n{pasted}"))]);
    let ran = run_all(&sources, &checked, true);
    assert_eq!(ran.failed, Vec::<String>::new());
    let named = |one: &Survivor| format!("{:?} {}", one.rule, one.change);
    let told: Vec<String> = before.iter().filter(|one| one.example.is_some()).map(named).collect();
    let still: Vec<String> = ran.scores[0].survivors.iter().map(named).filter(|name| told.contains(name)).collect();
    assert_eq!(still, Vec::<String>::new());
}

/// A rule that asks for so much that no example with one or two values changed tells whether it is there.
const FAR: &str = "policy far \"Far\"
  vocabulary clinical
  default permit

rule far \"Far\"
  forbid when activity is operation and patient.asa at least 4 and patient.frail and trainee.stage is student

case near
  activity medication

example \"near\" near
  is permissible
";

fn scored(text: &str) -> forbear::trial::Score {
    let (sources, checked) = read(&[("far.forbear", text)]);
    assert!(!checked.has_errors(), "{:?}", checked.problems);
    let ran = run_all(&sources, &checked, true);
    ran.scores.into_iter().next().unwrap()
}

/// The solver finds the case, and pasted it notices the change.
#[test]
fn a_case_far_from_every_example_is_found_and_can_be_pasted() {
    let text = FAR.replace(
        "activity medication",
        "activity medication\n  patient.asa 1\n  patient.frail false\n  trainee.stage fellow",
    );
    let score = scored(&text);
    let of = |what: &str| score.survivors.iter().find(|one| one.change == what).cloned();
    let survivor = of("`4` becomes `5`").unwrap_or_else(|| panic!("{:#?}", score.survivors));
    let example = survivor.example.unwrap().text;
    assert!(example.starts_with("case told_apart_in_far_"), "{example}");
    let pasted = scored(&format!("{text}\n{example}"));
    assert!(!pasted.survivors.iter().any(|one| one.change == survivor.change), "{example}");
    assert_eq!(pasted.killed + pasted.survivors.len(), pasted.mutants);
}

/// Nobody has more than 6, so that it makes no difference whether 6 or more is asked, or 6.
#[test]
fn a_change_that_no_episode_tells_does_not_count() {
    let text = FAR.replace("patient.asa at least 4", "patient.asa between 4 and 6");
    let score = scored(&text);
    let changes: Vec<&str> = score.without_effect.iter().map(|one| one.change.as_str()).collect();
    assert_eq!(changes, ["`6` becomes `7`"]);
    assert!(!score.survivors.iter().any(|one| one.change == "`6` becomes `7`"));
    assert_eq!(score.killed + score.survivors.len(), score.mutants);
}
