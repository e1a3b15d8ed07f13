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

/// Records of every sort: alike in their id, in all they say, or in what is wrong with them.
fn records_alike() -> Vec<String> {
    let nameless = |record: String, id: &str| record.replace(&format!("\"id\": \"{id}\", "), "");
    let elsewhere = [("supervisor.level", "\"on_site\"")];
    let no_goal = [("education.objective", "null"), ("rescue.by", "\"T-1\"")];
    vec![
        episode("EP-1", &elsewhere),
        nameless(episode("X", &no_goal), "X"),
        episode("EP-1", &elsewhere),
        // One rule, two values of one field and of others that do not fit, and below two keys of which a report shows the length.
        episode(
            "EP-2",
            &[
                ("supervisor.level", "\"in_rom\""),
                ("rescue.by", "\"T-1\""),
                ("rescue.strategies", "[\"aaaa\", \"bbbb\"]"),
            ],
        ),
        nameless(episode("X", &no_goal), "X"),
        nameless(episode("X", &[("education.objective", "null")]), "X"),
        episode("EP-3", &[("a long key", "1"), ("a tall key", "1"), ("kee", "1")]),
        "{\"id\": \"EP-7\", \"activity\": \"oper\n".to_owned(),
        "{\"id\": \"EP-8\", \"activity\": \"oper\n".to_owned(),
        "{\"id\": \"EP-7\", \"activity\": \"oper\n".to_owned(),
        episode("EP-4", &[("kee", "1"), ("occurred_at", "\"2199-01-01T10:00:00+01:00\"")]),
        episode("EP-5", &[("occurred_at", "\"2024-12-31T10:00:00+01:00\"")]),
    ]
}

/// A finding: what tells it from others, its rule and its episode.
fn findings(name: &str, log: &str) -> Vec<[String; 3]> {
    let document = of_log_in(name, log);
    let results = document["runs"][0]["results"].as_array().unwrap();
    let told = |result: &Value| {
        ["/partialFingerprints/forbear~1v1", "/ruleId", "/properties/episode"]
            .map(|pointer| result.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned())
    };
    results.iter().map(told).collect()
}

/// Holds the fingerprints of a log against those of the log with one more record, wherever that stands.
fn stay_wherever_one_is_added(name: &str, records: &[String], added: &str, write: &dyn Fn(&[&str]) -> String) {
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let before = findings(name, &write(&records));
    let different: BTreeSet<&String> = before.iter().map(|[print, ..]| print).collect();
    assert_eq!(different.len(), before.len(), "each finding has its own: {before:#?}");
    // What concerns the log as a whole comes in the order of its places.
    let before = BTreeSet::from_iter(before);
    for at in 0..=records.len() {
        let mut more = records.clone();
        more.insert(at, added);
        let mut after = BTreeSet::from_iter(findings(name, &write(&more)));
        after.retain(|[_, _, episode]| episode != "EP-0");
        assert_eq!(before, after, "{name}, with a record before the {at}.");
    }
}

#[test]
fn no_two_findings_share_a_fingerprint_and_a_record_elsewhere_changes_none() {
    let added = episode("EP-0", &[("supervisor.level", "\"on_site\""), ("rescue.by", "\"T-1\""), ("kee", "1")]);
    let records = records_alike();
    let lines = |records: &[&str]| records.join("\n\n");
    stay_wherever_one_is_added("log.jsonl", &records, &added, &lines);
    // What is broken spoils what stands around it in other formats.
    let whole: Vec<String> = records.into_iter().filter(|record| record.ends_with("}\n")).collect();
    let list = |records: &[&str]| format!("[{}]", records.join(",\n"));
    stay_wherever_one_is_added("log.json", &whole, &added, &list);
    let blocks = |records: &[&str]| records.concat().lines().map(block).collect::<String>();
    stay_wherever_one_is_added("log.yaml", &whole, &added, &blocks);
    let table =
        |records: &[&str]| format!("{}\n{}", COLUMNS.join(","), records.concat().lines().map(row).collect::<String>());
    stay_wherever_one_is_added("log.csv", &whole, &added, &table);
}

#[test]
fn the_fingerprints_of_a_check_stay_when_lines_move_and_tell_problems_apart() {
    let policy = |head: &str, between: &str| {
        format!(
            "{head}policy ward \"Ward\"\n  vocabulary clinical\n  default permit\n\n\
             rule one \"One\"\n  require patient.rsk at most low\n  forbid when patient.riks is high and patient.riks is low\n\n\
             {between}rule two \"Two\"\n  require patient.rsk at most low\n"
        )
    };
    let problems = |text: String| -> Vec<(String, String)> {
        let output = Test::new().file("ward.forbear", text).args("check ward.forbear --format sarif").run();
        let document: Value = serde_json::from_str(&output.stdout).unwrap();
        let results = document["runs"][0]["results"].as_array().unwrap();
        let told = |result: &Value| {
            let print = result["partialFingerprints"]["forbear/v1"].as_str().unwrap().to_owned();
            (print, result["ruleId"].as_str().unwrap().to_owned())
        };
        results.iter().map(told).collect()
    };
    let before = problems(policy("", ""));
    assert!(before.len() >= 4, "{before:?}");
    let prints: BTreeSet<&String> = before.iter().map(|(print, _)| print).collect();
    assert_eq!(prints.len(), before.len(), "each problem has its own: {before:#?}");
    assert_eq!(problems(policy("# A head\n\n", "")), before);
    // One more rule with a problem elsewhere changes none of the others.
    let mut after = problems(policy("# A head\n\n", "rule more \"More\"\n  require patient.rsk at most low\n\n"));
    assert!(after.len() > before.len());
    after.retain(|problem| before.contains(problem));
    assert_eq!(after, before);
}

/// Writes a record of JSON as an item of YAML, in several lines.
fn block(record: &str) -> String {
    let record: serde_json::Map<String, Value> = serde_json::from_str(record).unwrap();
    let lines: Vec<String> = record.iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
    format!("- {}\n", lines.join("  "))
}

const COLUMNS: [&str; 13] = [
    "id",
    "occurred_at",
    "activity",
    "failure.anticipated",
    "education.objective",
    "patient.risk",
    "supervisor.level",
    "trainee.id",
    "rescue.by",
    "rescue.strategies",
    "a long key",
    "a tall key",
    "kee",
];

fn row(record: &str) -> String {
    let record: Value = serde_json::from_str(record).unwrap();
    let cell = |column: &&str| match &record[*column] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(members) => members.iter().map(|member| member.as_str().unwrap()).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    };
    COLUMNS.iter().map(cell).collect::<Vec<String>>().join(",") + "\n"
}

fn of_log(log: &str) -> Value {
    of_log_in("log.jsonl", log)
}

fn of_log_in(name: &str, log: &str) -> Value {
    let test = Test::ward().file(name, log);
    let output = test.args(&format!("audit ward.forbear --log {name} --format sarif")).run();
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", output.everything()))
}

fn in_checkout(arguments: &[&str]) -> Value {
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_forbear"));
    let output = program.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {arguments:?}"))
}
