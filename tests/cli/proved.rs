//! What `check` proves of a policy, with cases that can be pasted beside it.

use super::builder::Test;

const POLICY: &str = "\
vocabulary small \"Small\"
scale level \"Level\" low < middle < high
scale close \"Close\" away < near < in_room
field id text role id
field patient.risk level role risk
field supervision close role supervision
field frail boolean
field trainee.id identity
field held_at instant role time

policy d \"D\"
  vocabulary small

rule low \"Low\"
  permit when patient.risk is one of low, high

rule frail \"Frail\"
  permit when frail

rule quiet \"Quiet\"
  forbid when patient.risk is high and supervision below near
  if undocumented satisfied

rule often \"Often\"
  limit 2 episodes per trainee.id in any 30 days

rule pause \"Pause\"
  when frail
  require count of episodes per trainee.id in the past 30 days at least 4
";

/// Gives the cases of each problem, as the JSON of a check has them, by its code.
fn cases(policy: &str) -> Vec<(String, String)> {
    let run = Test::new().file("d.forbear", policy).args("check d.forbear --format json").run();
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let problems = document["problems"].as_array().unwrap();
    let text = |problem: &serde_json::Value, key: &str| problem[key].as_str().map(str::to_owned);
    problems.iter().filter_map(|problem| Some((text(problem, "code")?, text(problem, "case")?))).collect()
}

/// Makes an example of each verdict that stands in a comment.
fn with_claims(cases: &str) -> String {
    let (mut text, mut name) = (cases.to_owned(), "");
    for line in cases.lines() {
        name = line.strip_prefix("case ").unwrap_or(name);
        if let Some(verdict) = line.strip_prefix("  # ").filter(|verdict| *verdict != "nothing is written") {
            text += &format!("\nexample \"{name} alone\" {name}\n  is {verdict}\n");
        }
    }
    text
}

#[test]
fn cases_that_a_check_shows_can_be_pasted_and_have_the_verdicts_that_it_says() {
    let found = cases(POLICY);
    let codes: Vec<&str> = found.iter().map(|(code, _)| code.rsplit("::").next().unwrap()).collect();
    assert!(codes.contains(&"conflict") && codes.contains(&"silence_pays"), "{codes:?}");
    for (code, case) in found {
        let text = format!("{POLICY}\n{}", with_claims(&case));
        let run = Test::new().file("a.forbear", &text).args("test a.forbear").run();
        assert!(run.everything().contains(": all hold"), "{code}\n{text}\n{}", run.everything());
    }
}

#[test]
fn a_case_stands_below_its_problem_as_it_can_be_pasted() {
    let run = Test::new().file("d.forbear", POLICY).args("check d.forbear").run();
    let told = run.stdout;
    let (_, pays) = told.split_once("forbear::proof::silence_pays").unwrap();
    assert!(pays.contains("\n        case written\n          patient.risk  high\n"), "{told}");
    assert!(pays.contains("\n        case left_out\n"), "{told}");
}
