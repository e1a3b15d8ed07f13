//! SARIF validates against the schema of those who made it, and its fingerprints stay when lines move.

use std::collections::BTreeSet;

use serde_json::Value;

use super::builder::{Test, episode, mixed_log};

const SCHEMA: &str = include_str!("schemas/sarif-schema-2.1.0.json");

/// Stories with every sort of finding: policy files, and logs.
const STORIES: &[(&[&str], &[&str])] = &[
    (&["policies/hospital.forbear.md"], &["examples/term/term.jsonl", "examples/term/term_messy.jsonl"]),
    (&["policies/surgery.forbear", "policies/hospital.forbear.md"], &["examples/surgery/theatre.yaml"]),
    (&["policies/medication.forbear", "policies/vocabularies"], &["examples/medication/drugs.jsonl"]),
];

#[test]
fn audits_validate_against_the_public_schema() {
    let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let mut results = 0;
    for (policies, logs) in STORIES {
        for privacy in ["committee", "auditor", "internal"] {
            let arguments = [
                &["audit"],
                *policies,
                &["--log"],
                logs,
                &["--format", "sarif", "--privacy", privacy, "--small-cells", "1"],
            ];
            let document = in_checkout(&arguments.concat());
            let faults: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert_eq!(faults, Vec::<String>::new(), "{policies:?}");
            results += document["runs"][0]["results"].as_array().unwrap().len();
        }
    }
    assert!(results > 100, "{results} results");
}

#[test]
fn checks_validate_too_and_a_broken_document_does_not() {
    let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
    let policy = "tests/language/bad/five_mistakes_in_one_run.forbear";
    let mut document = in_checkout(&["check", policy, "--format", "sarif"]);
    assert!(validator.is_valid(&document));
    assert!(document["runs"][0]["results"].as_array().unwrap().len() >= 5);
    document["runs"][0]["results"][0]["kind"] = "guess".into();
    assert!(!validator.is_valid(&document));
}

#[test]
fn a_result_has_its_rule_its_clause_and_the_values_beside_it() {
    let document = of_log(&episode("EP-2", &[("supervisor.level", "\"on_site\"")]));
    let run = &document["runs"][0];
    let result = &run["results"][0];
    assert_eq!(result["ruleId"], "ward/in_the_room");
    let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], result["ruleId"]);
    let help = rule["help"]["markdown"].as_str().unwrap();
    assert!(help.contains("Ask the supervisor in before the first incision"), "{help}");
    let place = |location: &Value| {
        let place = &location["physicalLocation"];
        (place["artifactLocation"]["uri"].clone(), place["region"]["startLine"].clone())
    };
    assert_eq!(place(&result["locations"][0]), ("ward.forbear".into(), 12.into()));
    assert_eq!(place(&result["relatedLocations"][0]), ("log.jsonl".into(), 1.into()));
    assert_eq!((&result["kind"], &result["level"]), (&"fail".into(), &"error".into()));
    let artifacts = run["artifacts"].as_array().unwrap();
    assert!(
        artifacts.iter().all(|artifact| artifact["hashes"]["sha-256"].as_str().is_some_and(|hash| hash.len() == 64))
    );
}

#[test]
fn what_is_open_is_no_failure() {
    let document = of_log(&episode("EP-3", &[("patient.risk", "null")]));
    let result = &document["runs"][0]["results"][0];
    assert_eq!((&result["kind"], &result["level"]), (&"open".into(), &"none".into()));
}

#[test]
fn fingerprints_stay_when_lines_move_and_tell_findings_apart() {
    let prints = |log: &str| -> Vec<String> {
        let document = of_log(log);
        let results = document["runs"][0]["results"].as_array().unwrap();
        results.iter().map(|result| result["partialFingerprints"]["forbear/v1"].as_str().unwrap().to_owned()).collect()
    };
    let log = mixed_log();
    let before = prints(&log);
    let moved = prints(&format!("{}\n\n{log}", episode("EP-0", &[])));
    assert_eq!(before, moved);
    let different: BTreeSet<&String> = before.iter().collect();
    assert_eq!(different.len(), before.len(), "each finding has its own");
    assert!(before.len() > 5);
}

fn of_log(log: &str) -> Value {
    let test = Test::ward().file("log.jsonl", log);
    let output = test.args("audit ward.forbear --log log.jsonl --format sarif").run();
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", output.everything()))
}

fn in_checkout(arguments: &[&str]) -> Value {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_forbear"));
    let output = program.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {arguments:?}"))
}
