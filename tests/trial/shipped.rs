//! The shipped policies' examples, and those of the documentation.

use std::path::PathBuf;

use super::{read, root, run_all, texts};

/// Each shipped policy with what stands beside it, and the changes of which it is proved that no episode tells them.
const SHIPPED: &[(&[&str], &[&str])] = &[
    // A row that reaches into another that gives the same says the same.
    (
        &["hospital.forbear.md", "hospital_examples.forbear", "calendars/basel.yaml"],
        &["operations: `low` becomes `moderate`"],
    ),
    // Nobody is trusted more than 5, so that a bound of 6 says the same.
    (&["surgery.forbear", "surgery_examples.forbear"], &["scrubbed: `5` becomes `6`"]),
    (&["medication.forbear", "medication_examples.forbear", "vocabularies/pharmacy.forbear"], &[]),
    (&["flight.forbear", "flight_examples.forbear", "vocabularies/flight.forbear"], &[]),
    (
        &[
            "nursing_student.forbear",
            "nursing_student_examples.forbear",
            "vocabularies/nursing.forbear",
            "vocabularies/pharmacy.forbear",
        ],
        &[],
    ),
];

#[test]
fn every_shipped_policy_shows_all_that_it_says_and_would_notice_nearly_every_change() {
    for (files, without_effect) in SHIPPED {
        shows_all(files, without_effect);
    }
}

fn shows_all(names: &[&str], wanted: &[&str]) {
    let files: Vec<PathBuf> = names.iter().map(|name| root().join("policies").join(name)).collect();
    let files = texts(&files);
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (sources, checked) = read(&files);
    let ran = run_all(&sources, &checked, true);
    assert_eq!(ran.failed, Vec::<String>::new());
    assert!(ran.problems.is_empty(), "{:#?}", ran.problems);
    let missing: Vec<_> = ran.coverage[0].items.iter().filter(|item| !item.reached).collect();
    assert!(missing.is_empty() && ran.coverage[0].untested.is_empty(), "{missing:#?}");
    let named = |one: &forbear::trial::Survivor| format!("{}: {}", one.rule.as_deref().unwrap_or("-"), one.change);
    let survivors: Vec<String> = ran.scores[0].survivors.iter().map(named).collect();
    assert_eq!(survivors, Vec::<String>::new(), "{names:?}");
    let without_effect: Vec<String> = ran.scores[0].without_effect.iter().map(named).collect();
    assert_eq!(without_effect, wanted, "{names:?}");
    assert!(ran.scores[0].killed * 100 >= ran.scores[0].mutants * 90);
}

#[test]
fn the_examples_of_their_page_hold() {
    let page = std::fs::read_to_string(root().join("docs/examples.md")).unwrap();
    let policy = page.split("```forbear\n").nth(1).unwrap().split("```").next().unwrap();
    let (sources, checked) = read(&[("ward.forbear", policy)]);
    let ran = run_all(&sources, &checked, false);
    assert_eq!((ran.held.len(), ran.failed.as_slice()), (8, [].as_slice()));
    assert!(checked.problems.is_empty(), "{:#?}", checked.problems);
    assert!(ran.coverage[0].untested.is_empty());
    // What follows on the page continues the policy.
    let more: Vec<&str> = page.split("```forbear\n").skip(2).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(more.len(), 2);
    let (_, checked) = read(&[("ward.forbear", &format!("{policy}\n{}", more.join("\n")))]);
    assert!(checked.problems.is_empty(), "{:#?}", checked.problems);
}

/// What the page shows of the command is what it writes.
#[test]
fn the_output_on_the_page_is_what_is_written() {
    let page = std::fs::read_to_string(root().join("docs/examples.md")).unwrap();
    let policy = page.split("```forbear\n").nth(1).unwrap().split("```").next().unwrap();
    let wrong = policy.replace("entrustment at least 4", "entrustment at least 3");
    let (_, failing, _) = super::command::run("page-wrong", &[("ward.forbear", &wrong)], &["ward.forbear"]);
    let (_, score, _) = super::command::run("page", &[("ward.forbear", policy)], &["ward.forbear", "--mutation"]);
    let shown: Vec<&str> = page.split("```text\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(shown.len(), 2);
    assert!(failing.contains(shown[0].trim_end()), "{failing}");
    assert!(score.contains(shown[1].trim_end()), "{score}");
}
