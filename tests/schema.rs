//! The JSON Schemas that `forbear schema` prints: that of output held against what the program really writes, that of mappings
//! against those that there are.

#[cfg(test)]
mod schema {
    mod mappings;

    use std::process::Command;

    use jsonschema::Validator;
    use serde_json::{Value, json as value};

    #[test]
    fn an_audit_as_one_document_fits_the_schema() {
        let document = json(&audit("json"));
        assert_eq!(faults(&document), Vec::<String>::new());
        let totals = &document["totals"];
        assert_eq!(
            totals["records"].as_u64(),
            Some(totals["judged"].as_u64().unwrap() + totals["unreadable"].as_u64().unwrap())
        );
        assert_eq!(
            document["judgements"].as_array().map(Vec::len),
            Some(17),
            "one policy, sixteen records and one unreadable"
        );
    }

    #[test]
    fn every_line_of_an_audit_fits_the_schema() {
        let output = audit("jsonl");
        let kinds: Vec<String> = output
            .lines()
            .map(|line| {
                let line = json(line);
                assert_eq!(faults(&line), Vec::<String>::new(), "{line}");
                line["kind"].as_str().unwrap().to_owned()
            })
            .collect();
        for kind in ["episode", "unreadable", "finding"] {
            assert!(kinds.iter().any(|known| known == kind), "no line of kind {kind}");
        }
    }

    #[test]
    fn a_check_fits_the_schema() {
        let output = forbear(&["check", "policies/hospital.forbear.md", "--format", "json"]);
        assert_eq!(faults(&json(&output)), Vec::<String>::new());
    }

    #[test]
    fn what_the_program_does_not_write_does_not_fit() {
        let output = audit("jsonl");
        let line = json(output.lines().next().unwrap());
        for spoil in [remove_verdict as fn(&mut Value), number_for_policy, evidence_without_place] {
            let mut spoilt = line.clone();
            spoil(&mut spoilt);
            assert_ne!(spoilt, line);
            assert_ne!(faults(&spoilt), Vec::<String>::new(), "{spoilt}");
        }
    }

    fn remove_verdict(line: &mut Value) {
        line.as_object_mut().unwrap().remove("verdict");
    }

    fn number_for_policy(line: &mut Value) {
        line["policy"] = 3.into();
    }

    fn evidence_without_place(line: &mut Value) {
        line["rules"] = serde_json::json!([{ "rule": "r", "evidence": [{ "field": "f" }] }]);
    }

    fn audit(format: &str) -> String {
        forbear(&[
            "audit",
            "policies/hospital.forbear.md",
            "--log",
            "examples/term/term_messy.jsonl",
            "--format",
            format,
        ])
    }

    fn json(text: &str) -> Value {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Says where a document does not fit the schema that the program prints.
    fn faults(document: &Value) -> Vec<String> {
        let schema = json(&forbear(&["schema", "output"]));
        let validator = jsonschema::validator_for(&schema).unwrap();
        validator.iter_errors(document).map(|error| error.to_string()).collect()
    }

    fn forbear(arguments: &[&str]) -> String {
        let program = env!("CARGO_BIN_EXE_forbear");
        let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Stories whose output has every verdict, findings, unreadable records and findings of the log as a whole.
    const STORIES: &[(&[&str], &[&str])] = &[
        (&["policies/hospital.forbear.md"], &["examples/term/term.jsonl", "examples/term/term_messy.jsonl"]),
        (&["policies/surgery.forbear", "policies/hospital.forbear.md"], &["examples/surgery/theatre.yaml"]),
        (
            &[
                "policies/nursing_student.forbear",
                "policies/vocabularies/nursing.forbear",
                "policies/vocabularies/pharmacy.forbear",
            ],
            &["examples/nursing/placement.csv"],
        ),
    ];

    const BAD: &[&str] = &[
        "tests/language/bad/five_mistakes_in_one_run.forbear",
        "tests/language/bad/warnings_only.forbear",
        "tests/language/bad/versions_overlap_and_leave_a_gap.forbear",
        "tests/language/bad/document_without_a_fence.forbear.md",
    ];

    #[test]
    fn other_stories_fit_the_schema() {
        let schema = schema();
        for (policies, logs) in STORIES {
            assert_fits(&schema, &json(&story(policies, logs, "json")));
            for line in story(policies, logs, "jsonl").lines() {
                assert_fits(&schema, &json(line));
            }
        }
        for policy in BAD {
            assert_fits(&schema, &json(&forbear(&["check", policy, "--format", "json"])));
        }
    }

    #[test]
    fn what_breaks_a_line_is_noticed() {
        let schema = schema();
        let (policies, logs) = STORIES[0];
        let lines: Vec<Value> = story(policies, logs, "jsonl").lines().map(json).collect();
        let of_kind = |kind: &str| lines.iter().find(|line| line["kind"] == kind).unwrap().clone();
        let violated = lines.iter().find(|line| line["rules"][0]["status"] == "violated").unwrap().clone();
        for (path, whole) in [
            ("/verdict", &violated),
            ("/because", &violated),
            ("/policy", &violated),
            ("/at", &violated),
            ("/at/line", &violated),
            ("/rules", &violated),
            ("/rules/0/status", &violated),
            ("/rules/0/clause", &violated),
            ("/rules/0/evidence/0/field", &violated),
            ("/rules/0/evidence/0/at", &violated),
            ("/kind", &violated),
            ("/reason", &of_kind("unreadable")),
            ("/code", &of_kind("finding")),
        ] {
            assert_noticed(&schema, &without(whole, path), path);
        }
        for (path, value) in [
            ("/kind", value!("judgement")),
            ("/verdict", value!(null)),
            ("/verdict", value!(1)),
            ("/wanting", value!("patient.risk")),
            ("/at/line", value!("4")),
            ("/rules/0/by_silence", value!("yes")),
            ("/rules/0/evidence/0/value", value!(4)),
        ] {
            assert_noticed(&schema, &with(&violated, path, value), path);
        }
    }

    #[test]
    fn what_breaks_a_document_is_noticed() {
        let schema = schema();
        let (policies, logs) = STORIES[0];
        let document = json(&story(policies, logs, "json"));
        let paths = ["/present", "/totals", "/totals/unreadable", "/totals/verdicts/undetermined", "/inputs/0/sha256"];
        for path in paths.into_iter().chain(["/judgements", "/judgements/0/verdict", "/policies", "/program/version"]) {
            assert_noticed(&schema, &without(&document, path), path);
        }
        assert_noticed(&schema, &with(&document, "/totals/records", value!(-1)), "a negative count");
        assert_noticed(&schema, &with(&document, "/totals/sure", value!(1)), "a key that nobody knows");
        assert_noticed(&schema, &with(&document, "/judgements/0/kind", value!("guess")), "a kind that nobody knows");
        for value in [value!(null), value!({}), value!([]), value!("permissible"), value!({"kind": "episode"})] {
            assert_noticed(&schema, &value, "no output at all");
        }
    }

    #[test]
    fn the_schema_is_one_itself_and_explains_every_property() {
        let text = forbear(&["schema", "output"]);
        let schema = json(&text);
        assert!(jsonschema::meta::is_valid(&schema));
        let mut unexplained = Vec::new();
        let definitions = schema["$defs"].as_object().unwrap();
        for (name, definition) in definitions {
            let properties = definition["properties"].as_object();
            for (property, says) in properties.into_iter().flatten() {
                if says["description"].as_str().is_none_or(str::is_empty) && says["const"].is_null() {
                    unexplained.push(format!("{name}.{property}"));
                }
            }
        }
        assert_eq!(unexplained, Vec::<String>::new());
    }

    fn schema() -> Validator {
        jsonschema::validator_for(&json(&forbear(&["schema", "output"]))).unwrap()
    }

    fn story(policies: &[&str], logs: &[&str], format: &str) -> String {
        forbear(&[&["audit"], policies, &["--log"], logs, &["--format", format]].concat())
    }

    fn assert_fits(schema: &Validator, value: &Value) {
        let errors: Vec<String> = schema.iter_errors(value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{value:#}\n{}", errors.join("\n"));
    }

    fn assert_noticed(schema: &Validator, value: &Value, what: &str) {
        assert!(!schema.is_valid(value), "{what} is not noticed: {value:#}");
    }

    /// Gives a value from which something was taken.
    fn without(whole: &Value, path: &str) -> Value {
        let mut changed = whole.clone();
        let (group, key) = path.rsplit_once('/').unwrap();
        let taken = changed.pointer_mut(group).and_then(Value::as_object_mut).and_then(|group| group.remove(key));
        assert!(taken.is_some(), "{path} is not in {whole:#}");
        changed
    }

    /// Gives a value in which something was changed or added.
    fn with(whole: &Value, path: &str, value: Value) -> Value {
        let mut changed = whole.clone();
        let (group, key) = path.rsplit_once('/').unwrap();
        changed.pointer_mut(group).and_then(Value::as_object_mut).unwrap().insert(key.to_owned(), value);
        changed
    }
}
