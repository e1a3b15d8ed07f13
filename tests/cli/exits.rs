//! Exit codes: 0 nothing found, 1 findings, 2 the input or the call is unusable.

use super::builder::{Test, WARD, clean_log, episode, explained, mixed_log};

const BROKEN: &str =
    "policy ward \"Ward\"\n  vocabulary clinical\n  default permit\n\nrule one \"One\"\n  risk ceiling lwo\n";

const WARNED: &str =
    "policy ward \"Ward\"\n  vocabulary clinical\n  default permit\n\ndefine unused as patient.frail\n";

#[test]
fn a_policy_with_errors_is_a_finding_in_check_and_unusable_elsewhere() {
    let test = |arguments| Test::new().file("ward.forbear", BROKEN).file("log.jsonl", clean_log()).args(arguments);
    assert_eq!(test("check ward.forbear").code(), Some(1));
    assert_eq!(test("check ward.forbear --fail-on never").code(), Some(0));
    for arguments in ["audit ward.forbear --log log.jsonl", "explain ward.forbear --log log.jsonl --episode EP-1"] {
        let output = test(arguments).run();
        assert_eq!(output.code, Some(2), "{arguments}");
        assert_eq!(output.stdout, "");
        assert!(
            output.stderr.contains("unknown_level") && output.stderr.contains("nothing was judged"),
            "{}",
            output.stderr
        );
    }
}

#[test]
fn warnings_count_only_if_asked() {
    let test = |arguments| Test::new().file("ward.forbear", WARNED).file("log.jsonl", clean_log()).args(arguments);
    assert_eq!(test("check ward.forbear").code(), Some(0));
    assert_eq!(test("check ward.forbear --fail-on warning").code(), Some(1));
    assert_eq!(test("check ward.forbear --fail-on lint").code(), Some(1));
    assert_eq!(test("audit ward.forbear --log log.jsonl").code(), Some(0));
    assert_eq!(test("audit ward.forbear --log log.jsonl --fail-on warning").code(), Some(1));
}

#[test]
fn lints_count_only_if_asked_and_are_told_by_check_alone() {
    let test = |arguments| Test::ward().file("log.jsonl", clean_log()).args(arguments).run();
    assert_eq!(test("check ward.forbear").code, Some(0));
    assert_eq!(test("check ward.forbear --fail-on warning").code, Some(0));
    assert_eq!(test("check ward.forbear --fail-on lint").code, Some(1));
    assert!(test("check ward.forbear --format github").stdout.starts_with("::notice file=ward.forbear"));
    let audit = test("audit ward.forbear --log log.jsonl --fail-on warning");
    assert_eq!((audit.code, audit.stderr.as_str()), (Some(0), ""));
    let allowed = Test::new().file("ward.forbear", explained(WARD));
    assert_eq!(allowed.args("check ward.forbear --fail-on lint").code(), Some(0));
}

#[test]
fn each_sort_of_finding_counts_and_can_be_left_out() {
    let sorts = [
        ("impermissible", episode("EP-1", &[("supervisor.level", "\"on_site\"")])),
        ("undetermined", episode("EP-1", &[("patient.risk", "null")])),
        ("unreadable", clean_log() + "{\n"),
        ("data", episode("EP-1", &[("patient.asa", "9")])),
    ];
    for (sort, log) in sorts {
        let code = |arguments: &str| {
            let arguments = format!("audit ward.forbear --log log.jsonl {arguments}");
            Test::ward().file("log.jsonl", &log).args(&arguments).code()
        };
        let others: Vec<&str> = ["impermissible", "undetermined", "unreadable", "data"]
            .into_iter()
            .filter(|other| *other != sort)
            .collect();
        assert_eq!(code(""), Some(1), "{sort}");
        assert_eq!(code(&format!("--fail-on {sort}")), Some(1), "{sort}");
        assert_eq!(code(&format!("--fail-on {}", others.join(","))), Some(0), "{sort}");
        assert_eq!(code("--fail-on never"), Some(0), "{sort}");
        assert_eq!(code("--quiet"), Some(1), "{sort}");
        assert_eq!(code("--format json"), Some(1), "{sort}");
        assert_eq!(code("--format jsonl"), Some(1), "{sort}");
    }
}

#[test]
fn an_id_that_stands_twice_is_a_data_finding_and_a_misspelt_key_a_warning() {
    let code = |log: String, arguments: &str| {
        Test::ward().file("log.jsonl", log).args(&format!("audit ward.forbear --log log.jsonl {arguments}")).code()
    };
    let twice = || episode("EP-1", &[]) + &episode("EP-1", &[]);
    assert_eq!(code(twice(), ""), Some(1));
    assert_eq!(code(twice(), "--fail-on data"), Some(1));
    assert_eq!(code(twice(), "--fail-on impermissible,undetermined,unreadable"), Some(0));
    let misspelt = || episode("EP-1", &[("patient.rsk", "1")]);
    assert_eq!(code(misspelt(), ""), Some(0));
    assert_eq!(code(misspelt(), "--fail-on warning"), Some(1));
}

#[test]
fn nothing_found_is_quiet_if_asked() {
    let test = |arguments| Test::ward().file("log.jsonl", clean_log()).args(arguments).run();
    assert_eq!(test("audit ward.forbear --log log.jsonl").code, Some(0));
    assert_eq!(test("audit ward.forbear --log log.jsonl --quiet").page(), "exit 0\n");
    assert_eq!(test("explain ward.forbear --log log.jsonl --episode EP-1").code, Some(0));
    let mixed = Test::ward().file("log.jsonl", mixed_log()).args("audit ward.forbear --log log.jsonl --quiet").run();
    assert_eq!(mixed.page(), "exit 1\n");
}

#[test]
fn unusable_calls_are_told_on_the_standard_error() {
    let test = |arguments: &str| {
        Test::ward()
            .file("log.jsonl", clean_log())
            .file("only/vocabulary.forbear", "vocabulary small \"Small\"\n\nkind k a, b\n")
            .args(arguments)
            .run()
    };
    for (arguments, told) in [
        ("audit ward.forbear --log nowhere.jsonl", "there is no such file or folder"),
        ("audit ward.forbear --log only", "the folder has no file"),
        ("audit nowhere.forbear --log log.jsonl", "there is no such file"),
        ("check nowhere.forbear", "there is no such file"),
        ("audit only --log log.jsonl", "no policy"),
        ("audit ward.forbear", "--log"),
        ("audit ward.forbear --log log.jsonl --format xml", "possible values"),
        ("explain ward.forbear --log log.jsonl --episode EP-11", "no record of these logs has the id `EP-11`"),
        ("judge ward.forbear", "unrecognized subcommand"),
        ("", "Usage"),
    ] {
        let output = test(arguments);
        assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{arguments}");
        assert!(output.stderr.contains(told), "{arguments}\n{}", output.stderr);
    }
    assert_eq!(test("--version").code, Some(0));
    assert_eq!(test("--help").code, Some(0));
}

#[test]
fn one_log_that_cannot_be_opened_stops_the_audit_of_the_others() {
    let test =
        Test::ward().file("log.jsonl", mixed_log()).args("audit ward.forbear --log log.jsonl nowhere.jsonl").run();
    assert_eq!((test.code, test.stdout.as_str()), (Some(2), ""));
}

#[test]
fn warnings_of_a_policy_stand_beside_an_audit_and_not_in_it() {
    let policy = WARD.replace("rule goal", "define unused as patient.frail\n\nrule goal");
    let output = Test::new()
        .file("ward.forbear", policy)
        .file("log.jsonl", clean_log())
        .args("audit ward.forbear --log log.jsonl --format jsonl")
        .run();
    assert!(output.stderr.contains("unused_definition"), "{}", output.stderr);
    assert!(!output.stdout.contains("unused_definition"));
    assert_eq!(output.code, Some(0));
}
