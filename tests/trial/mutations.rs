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
