//! The shipped policies' examples, and those of the documentation.

use std::path::PathBuf;

use super::{read, root, run_all, texts};

fn hospital() -> Vec<PathBuf> {
    let names = ["hospital.forbear.md", "hospital_examples.forbear", "calendars/basel.yaml"];
    names.iter().map(|name| root().join("policies").join(name)).collect()
}

#[test]
fn the_hospital_shows_all_of_its_policy_and_would_notice_nearly_every_change() {
    let files = texts(&hospital());
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let (sources, checked) = read(&files);
    let ran = run_all(&sources, &checked, true);
    assert_eq!(ran.failed, Vec::<String>::new());
    assert!(ran.problems.is_empty(), "{:#?}", ran.problems);
    let missing: Vec<_> = ran.coverage[0].items.iter().filter(|item| !item.reached).collect();
    assert!(missing.is_empty() && ran.coverage[0].untested.is_empty(), "{missing:#?}");
    // No claim can concern advice, so nothing notices that a rule which only advises is left out.
    let survivors: Vec<String> =
        ran.scores[0].survivors.iter().map(|one| format!("{:?}: {}", one.rule, one.change)).collect();
    assert_eq!(survivors, ["Some(\"planned_before\"): the rule is left out"]);
    assert!(ran.scores[0].killed * 100 >= ran.scores[0].mutants * 90);
}

#[test]
fn the_examples_of_their_page_hold() {
    let page = std::fs::read_to_string(root().join("docs/examples.md")).unwrap();
    let policy = page.split("```forbear\n").nth(1).unwrap().split("```").next().unwrap();
    let (sources, checked) = read(&[("ward.forbear", policy)]);
    let ran = run_all(&sources, &checked, false);
    assert_eq!((ran.held.len(), ran.failed.as_slice()), (7, [].as_slice()));
    assert!(checked.problems.is_empty(), "{:#?}", checked.problems);
    assert!(ran.coverage[0].untested.is_empty());
}
