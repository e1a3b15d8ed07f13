//! `forbear test` as it is called.

use std::fs;
use std::process::Command;

use super::WARD;

/// Runs the command in a folder of its own; gives the exit code and the output.
pub(crate) fn run(name: &str, files: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let folder = std::env::temp_dir().join(format!("forbear-test-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        fs::write(folder.join(file), text).unwrap();
    }
    let output =
        Command::new(env!("CARGO_BIN_EXE_forbear")).arg("test").args(arguments).current_dir(&folder).output().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// Examples that break every rule, and hold.
const GOOD: &str = r#"
example "routine" routine
  is permissible

example "risk" routine
  with patient.risk high
  is impermissible by ceiling only

example "corridor" routine
  with supervision on_site
  is impermissible by room only

example "against advice" routine
  with patient.asa 4
  is permissible

example "third" routine
  following routine 3 days earlier, routine 12 days earlier
  is impermissible by quota only

example "harm" routine
  with outcome.harm mild
  with outcome.known_at 1 hour later
  as of 2 hours later
  owes debrief
"#;

#[test]
fn all_hold() {
    let (code, out, err) = run("good", &[("ward.forbear", &format!("{WARD}{GOOD}"))], &["ward.forbear"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.starts_with("6 examples: all hold\n\npolicy ward: coverage "), "{out}");
}

#[test]
fn a_failing_example_shows_claim_verdict_and_reasons() {
    let wrong = GOOD.replace("is impermissible by room only", "is impermissible by ceiling only");
    let (code, out, _) = run("wrong", &[("ward.forbear", &format!("{WARD}{wrong}"))], &["ward.forbear"]);
    assert_eq!(code, 1);
    for part in [
        "\"corridor\" is impermissible by `room`, and the example claims otherwise",
        "`ceiling` is satisfied: `patient.risk` is `low`",
        "`room` is violated: `supervision` is `on_site` and must be at least",
        "6 examples: 5 hold, 1 fail",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
}

#[test]
fn a_rule_that_no_example_breaks_fails_the_run_unless_it_says_why() {
    let cut = GOOD.split("example \"third\"").next().unwrap().to_owned()
        + "example \"harm\""
        + GOOD.split("example \"harm\"").nth(1).unwrap();
    let (code, out, _) = run("untested", &[("ward.forbear", &format!("{WARD}{cut}"))], &["ward.forbear"]);
    assert!(code == 1 && out.contains("no example breaks `quota`"), "{out}");
    let said = WARD.replace("in any 30 days\n", "in any 30 days\n  untested because \"Nobody can count\"\n");
    let (code, out, _) = run("said", &[("ward.forbear", &format!("{said}{cut}"))], &["ward.forbear"]);
    assert!(code == 0 && out.contains("violated: quota (untested because \"Nobody can count\")"), "{out}");
}

#[test]
fn too_little_coverage_fails_the_run_where_it_is_asked_for() {
    let files = [("ward.forbear", format!("{WARD}{GOOD}"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(run("least", &files, &["ward.forbear", "--min-coverage", "20"]).0, 0);
    let (code, out, _) = run("most", &files, &["ward.forbear", "--min-coverage", "100"]);
    assert!(code == 1 && out.contains("and 100 % is asked for"), "{out}");
}

#[test]
fn a_policy_with_an_error_is_unusable() {
    let files = [("ward.forbear", format!("{WARD}\nexample \"one\" nothing_such\n  is permissible\n"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (code, out, err) = run("error", &files, &["ward.forbear"]);
    assert!(code == 2 && out.is_empty() && err.contains("there is no case `nothing_such`"), "{err}");
}

const LOG: &str = "\
- {id: EP-1, occurred_at: 2026-03-01T10:00, setting: clinical, activity: operation, failure: {anticipated: true},
   education: {objective: knots}, patient: {risk: low, asa: 2}, supervisor: {level: in_room}, trainee: {id: T-1}, outcome: {harm: none}}
- {id: EP-2, occurred_at: 2026-03-02T10:00, setting: clinical, activity: operation, failure: {anticipated: true},
   education: {objective: knots}, patient: {risk: high, asa: 2}, supervisor: {level: in_room}, trainee: {id: T-1}, outcome: {harm: none}}
";

#[test]
fn records_of_a_log_are_examples_too() {
    let of_log =
        "\nexample \"march\" in \"march.yaml\"\n  EP-1 is permissible\n  EP-2 is impermissible by ceiling only\n";
    let policy = format!("{WARD}{GOOD}{of_log}");
    let (code, out, err) = run("log", &[("ward.forbear", &policy), ("march.yaml", LOG)], &["ward.forbear"]);
    assert!(code == 0 && out.starts_with("8 examples: all hold"), "{out}{err}");
    let wrong = policy.replace("EP-1 is permissible", "EP-1 is not covered\n  EP-9 is permissible");
    let (code, out, _) = run("wrong-log", &[("ward.forbear", &wrong), ("march.yaml", LOG)], &["ward.forbear"]);
    assert!(code == 1 && out.contains("`EP-1` is permissible") && out.contains("has no record `EP-9`"), "{out}");
    let (code, _, err) = run("no-log", &[("ward.forbear", &policy)], &["ward.forbear"]);
    assert!(code == 2 && err.contains("march.yaml"), "{err}");
}

#[test]
fn a_foreign_log_is_read_through_the_mapping_that_is_for_it() {
    let of_log =
        "\nexample \"march\" in \"march.csv\"\n  EP-1 is permissible\n  EP-2 is impermissible by ceiling only\n";
    let own = "\nexample \"own words\" in \"march.yaml\"\n  EP-1 is permissible\n";
    let policy = format!("{WARD}{GOOD}{of_log}{own}");
    let export = "Nr;When;Risk\nEP-1;1.3.2026;1\nEP-2;2.3.2026;2\nTotal;;3\n";
    let mapping = "for: march.csv\nleave out: {when: {Nr: Total}, because: totals}\nfields:\n  id: Nr\n  \
                   occurred_at: {from: When, written: day.month.year}\n  patient.risk: {from: Risk, codes: {1: low, 2: high}}\n  \
                   setting: {always: clinical}\n  activity: {always: operation}\n  failure.anticipated: {always: true}\n  \
                   education.objective: {always: knots}\n  patient.asa: {always: 2}\n  supervision: {always: in_room}\n  \
                   trainee.id: {always: T-1}\n  outcome.harm: {always: none}\n";
    let files =
        [("ward.forbear", policy.as_str()), ("march.csv", export), ("march.yaml", LOG), ("mapping.yaml", mapping)];
    let mapped = ["ward.forbear", "--mapping", "mapping.yaml", "--mutation"];
    let (code, out, err) = run("mapped", &files, &mapped);
    assert!(code == 0 && out.starts_with("9 examples: all hold"), "{out}{err}");
    let (code, out, _) = run("unmapped", &files, &["ward.forbear"]);
    assert!(code == 1 && out.contains("the log `march.csv` has no record `EP-1`"), "{out}");
    let (_, out, _) = run("mapped-json", &files, &[&mapped[..3], &["--format", "json"]].concat());
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    let roles: Vec<&str> =
        document["inputs"].as_array().unwrap().iter().filter_map(|input| input["role"].as_str()).collect();
    assert!(roles.contains(&"mapping"), "{roles:?}");
    let other = mapping.replace("for: march.csv", "for: april.csv");
    let files =
        [("ward.forbear", policy.as_str()), ("march.csv", export), ("march.yaml", LOG), ("mapping.yaml", &other)];
    let (code, _, err) = run("mapped-none", &files, &mapped);
    assert!(code == 2 && err.contains("this mapping is for none of the logs"), "{err}");
}

#[test]
fn machines_read_the_same() {
    let wrong = GOOD.replace("is impermissible by room only", "is impermissible by ceiling only");
    let files = [("ward.forbear", format!("{WARD}{wrong}"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let (code, out, _) = run("json", &files, &["ward.forbear", "--format", "json", "--mutation"]);
    assert_eq!(code, 1);
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["examples"].as_array().unwrap().len(), 6);
    assert_eq!(document["examples"][2]["holds"], false);
    assert_eq!(document["problems"][0]["code"], "forbear::example::fails");
    assert!(document["mutation"][0]["mutants"].as_u64().unwrap() > 20);
    let schema = forbear::report::json::schema();
    assert!(jsonschema::is_valid(&schema, &document));
}

/// A record of March is judged by the version of March, as in an audit, wherever the example stands.
#[test]
fn records_of_a_log_are_judged_by_the_version_in_force() {
    let version = |label: &str, effective: &str, level: &str| {
        format!(
            "policy ward \"Ward\"\n  version {label}\n  effective {effective}\n  time zone Europe/Zurich\n  \
             vocabulary clinical\n  default permit\n\nrule ceiling \"Ceiling\"\n  risk ceiling {level}\n"
        )
    };
    let old = version("1", "from 2026-01-01 until 2026-03-31", "low");
    let new = version("2", "from 2026-04-01", "moderate");
    let example = "\nexample \"the spring\" in \"log.yaml\"\n  as of 2026-05-31\n  \
                   EP-1 is impermissible by ceiling only\n  EP-2 is permissible\n  EP-3 is not covered\n";
    let log = "- id: EP-1\n  occurred_at: 2026-03-02T08:00:00+01:00\n  patient: {risk: moderate}\n\
               - id: EP-2\n  occurred_at: 2026-04-02T08:00:00+02:00\n  patient: {risk: moderate}\n\
               - id: EP-3\n  occurred_at: 2025-04-02T08:00:00+02:00\n  patient: {risk: moderate}\n";
    let files = [("old.forbear", old.as_str()), ("new.forbear", &format!("{new}{example}")), ("log.yaml", log)];
    let (_, out, err) = run("versions", &files, &["old.forbear", "new.forbear", "--mutation"]);
    assert!(out.contains("all hold"), "{out}\n{err}");
    // What a record is claimed to be notices changes of its version: a lower ceiling forbids EP-2.
    assert!(out.contains("ceiling, `moderate` becomes `high`"), "{out}");
    assert!(!out.contains("ceiling, `moderate` becomes `low`"), "{out}");
    let wrong = example.replace("EP-1 is impermissible by ceiling only", "EP-1 is permissible");
    let files = [("old.forbear", old.as_str()), ("new.forbear", &format!("{new}{wrong}")), ("log.yaml", log)];
    let (code, out, _) = run("versions-wrong", &files, &["old.forbear", "new.forbear"]);
    assert!(code == 1 && !out.contains("all hold"), "{out}");
}

/// A rule that looks back, and a log of which one record is claimed about: the others are its past.
#[test]
fn what_records_of_a_log_come_to_when_they_look_back_is_coverage() {
    let policy = "policy ward \"Ward\"\n  time zone Europe/Zurich\n  vocabulary clinical\n  default permit\n\n\
                  rule pause \"A pause\"\n  forbid when any episode where patient.risk at least high and supervision is on_call\n    \
                  per trainee.id in the past 14 days\n\n\
                  rule quota \"Two\"\n  limit 2 episodes where activity is operation per trainee.id in any 30 days\n\n";
    let record = |id: &str, day: u8, activity: &str, risk: &str, level: &str| {
        format!(
            "- {{id: {id}, occurred_at: 2026-03-{day:02}T10:00:00+01:00, activity: {activity}, patient: {{risk: {risk}}}, \
             supervisor: {{level: {level}}}, trainee: {{id: T-1}}}}\n"
        )
    };
    let log = [
        record("EP-1", 1, "medication", "high", "on_call"),
        record("EP-2", 2, "operation", "high", "in_room"),
        record("EP-3", 3, "operation", "low", "on_call"),
        record("EP-4", 4, "operation", "low", "in_room"),
        record("EP-5", 15, "medication", "low", "in_room"),
    ]
    .concat();
    let not_reached = |name: &str, claims: &str| {
        let text = format!("{policy}example \"march\" in \"march.yaml\"\n{claims}");
        let files = [("ward.forbear", text.as_str()), ("march.yaml", log.as_str())];
        let (_, out, err) = run(name, &files, &["ward.forbear", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
        assert!(document["examples"].as_array().unwrap().iter().all(|one| one["holds"] == true), "{out}");
        let missing = document["coverage"][0]["not_reached"].as_array().unwrap().clone();
        let line = |one: &serde_json::Value| one["clause"]["line"].as_u64().unwrap();
        let named = |one: &serde_json::Value| format!("{} {}", line(one), one["what"].as_str().unwrap());
        missing.iter().map(named).collect::<Vec<_>>()
    };
    // EP-2 is forbidden by one of them, EP-4 by both, EP-5 by neither: it is no operation, and EP-1 is just too long ago.
    let claims =
        "  EP-2 is impermissible by pause only\n  EP-4 is impermissible by pause, quota\n  EP-5 is permissible\n";
    let both = not_reached("past", claims);
    assert_eq!(both, ["7 undetermined", "11 undetermined"]);
    // Of EP-5 alone nothing decides but that nothing is in its way.
    let one = not_reached("past-alone", "  EP-5 is permissible\n");
    assert!(one.contains(&"7 violated".to_owned()) && one.contains(&"7 true".to_owned()), "{one:#?}");
    assert!(!one.contains(&"11 false".to_owned()), "{one:#?}");
}

/// Of what is owed the verdict tells nothing: the message says what is claimed, by when it was due, and as of when that is told.
#[test]
fn a_failing_claim_about_a_duty_shows_by_when_it_was_due() {
    let harm = "\nexample \"harm\" routine\n  with outcome.harm mild\n  with outcome.known_at 1 hour later\n";
    let told = |name: &str, more: &str| {
        let (code, out, _) = run(name, &[("ward.forbear", &format!("{WARD}{harm}{more}"))], &["ward.forbear"]);
        assert_eq!(code, 1);
        out
    };
    let early = told("early", "  as of 24 hours later\n  is overdue with debrief\n");
    for part in [
        "\"harm\" is not overdue with `debrief`, and the example claims that it is",
        "`debrief` is pending, due by 2026-02-02 12:00, as of 2026-02-02 12:00",
    ] {
        assert!(early.contains(part), "{part}\n{early}");
    }
    let late = told("late", "  as of 25 hours later\n  is not yet overdue with debrief\n");
    for part in [
        "\"harm\" does not owe `debrief` with time left",
        "`debrief` is overdue, due by 2026-02-02 12:00, and what is owed otherwise is pending, due by 2026-02-09 12:00, as of 2026-02-02 13:00",
    ] {
        assert!(late.contains(part), "{part}\n{late}");
    }
}

/// Of a record of a log, as an audit as of that day would find it.
#[test]
fn a_record_of_a_log_can_be_claimed_to_be_overdue() {
    let log = LOG.replacen("outcome: {harm: none}", "outcome: {harm: mild, known_at: 2026-03-01T11:00}", 1);
    let claims = |day: &str, claim: &str| {
        format!("{WARD}\nexample \"march\" in \"march.yaml\"\n  as of {day}\n  EP-1 {claim}\n")
    };
    for (name, day, claim, holds) in [
        ("log-pending", "2026-03-01", "is not yet overdue with debrief", true),
        ("log-overdue", "2026-03-02", "is permissible and is overdue with debrief", true),
        ("log-not-yet", "2026-03-01", "is overdue with debrief", false),
    ] {
        let policy = claims(day, claim);
        let (_, out, err) = run(name, &[("ward.forbear", &policy), ("march.yaml", &log)], &["ward.forbear"]);
        assert_eq!(out.contains("1 example: all hold"), holds, "{out}{err}");
    }
}
