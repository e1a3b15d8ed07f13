//! What each command writes, in each of its formats.

use super::builder::{Test, WARD, episode, explained, mixed_log};

/// Five unrelated mistakes.
const BAD: &str = "\
policy ward \"Ward\"
  vocabulary clincal
  default permit

policy theatre \"Theatre\"
  vocabulary clinical
  default permit

rule in_the_room \"Operations need the supervisor in the room\"
  when activity is operation or procedure
  supervision at least in_rom

rule rescue \"A take-over is ready\"
  rescue plan with take_over ready within 30

rule harmless \"It went well\"
  require outcome.harm is none
";

pub(crate) fn snapshot(name: &str, page: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/snapshots"));
    settings.bind(|| insta::assert_snapshot!(name, page));
}

#[test]
fn check_reports_five_unrelated_mistakes_in_one_run() {
    let output = Test::new().file("bad.forbear", BAD).args("check bad.forbear").run();
    for code in ["unknown_vocabulary", "mistaken_list", "unknown_level", "no_unit", "hindsight"] {
        assert!(output.stdout.contains(code), "{code} is not told:\n{}", output.stdout);
    }
    snapshot("check_human", &output.page());
}

#[test]
fn check_writes_workflow_commands() {
    let output = Test::new().file("bad.forbear", BAD).args("check bad.forbear --format github").run();
    assert_eq!(output.stdout.lines().count(), 5);
    snapshot("check_github", &output.page());
}

#[test]
fn check_writes_json() {
    let policy =
        "policy ward \"Ward\"\n  vocabulary clinical\n  default permit\n\nrule one \"One\"\n  risk ceiling lwo\n";
    snapshot(
        "check_json",
        &Test::new().file("ward.forbear", policy).args("check ward.forbear --format json").run().page(),
    );
}

#[test]
fn check_says_what_was_checked() {
    assert_eq!(
        Test::new().file("ward.forbear", explained(WARD)).args("check ward.forbear").run().page(),
        "exit 0\n--- stdout ---\nchecked policy ward, 4 rules: nothing found\n"
    );
    assert_eq!(
        Test::ward().args("check ward.forbear").run().stdout.lines().last(),
        Some("checked policy ward, 4 rules: 4 lints found")
    );
    assert_eq!(
        Test::new().file("ward.forbear", explained(WARD)).args("check ward.forbear --quiet").run().page(),
        "exit 0\n"
    );
}

#[test]
fn audit_for_people() {
    let log = episode("EP-1", &[]) + &episode("EP-2", &[("supervisor.level", "\"on_site\""), ("patient.risk", "null")]);
    snapshot(
        "audit_human",
        &Test::ward().file("log.jsonl", log).args("audit ward.forbear --log log.jsonl").run().page(),
    );
}

#[test]
fn audit_of_every_sort_for_people() {
    let test = Test::ward().file("log.jsonl", mixed_log()).args("audit ward.forbear --log log.jsonl --show 99");
    snapshot("audit_human_of_every_sort", &test.run().page());
}

#[test]
fn audit_writes_a_line_for_each_pair() {
    let output =
        Test::ward().file("log.jsonl", mixed_log()).args("audit ward.forbear --log log.jsonl --format jsonl").run();
    assert_eq!(output.stdout.lines().count(), 9, "eight records, and the line at the end");
    snapshot("audit_jsonl", &output.page());
}

#[test]
fn audit_writes_one_document() {
    let log = episode("EP-2", &[("supervisor.level", "\"on_site\"")]) + "{\n";
    let test = Test::ward().file("log.jsonl", log).args("audit ward.forbear --log log.jsonl --format json");
    snapshot("audit_json", &test.run().page());
}

#[test]
fn explain_shows_the_whole_reasoning() {
    let log = episode("EP-2", &[("supervisor.level", "\"on_site\""), ("rescue.by", "null")]);
    let test = Test::ward().file("log.jsonl", log).args("explain ward.forbear --log log.jsonl --episode EP-2");
    snapshot("explain", &test.run().page());
}

#[test]
fn explain_code_shows_the_page() {
    let output = Test::new().args("explain-code type::unknown_level").run();
    assert_eq!(output.code, Some(0));
    assert!(output.stdout.starts_with("forbear::type::unknown_level  (error)\n"), "{}", output.stdout);
    assert_eq!(Test::new().args("explain-code forbear::type::unknown_level").run().stdout, output.stdout);
    let unknown = Test::new().args("explain-code forbear::type::unknown_levle").run();
    assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(2), ""));
    assert!(unknown.stderr.contains("did you mean `forbear::type::unknown_level`"), "{}", unknown.stderr);
    let all = Test::new().args("explain-code").run().stdout;
    assert_eq!(all.lines().count(), forbear::diagnostic::all_codes().len());
}

#[test]
fn no_escape_codes_where_no_terminal_is() {
    let test = |arguments| Test::ward().file("bad.forbear", BAD).file("log.jsonl", mixed_log()).args(arguments);
    for arguments in [
        "check bad.forbear",
        "audit bad.forbear --log log.jsonl",
        "audit ward.forbear --log log.jsonl",
        "explain ward.forbear --log log.jsonl --episode EP-2",
    ] {
        assert!(!test(arguments).run().everything().contains('\u{1B}'), "{arguments}");
    }
}

#[test]
fn colour_where_a_terminal_is_unless_it_is_not_wanted() {
    let test = || Test::ward().file("log.jsonl", mixed_log()).args("audit ward.forbear --log log.jsonl");
    let Some(coloured) = test().env("TERM", "xterm").run_in_terminal() else { return };
    if !coloured.contains("EP-2") {
        return; // `script` of this system works in another way
    }
    assert!(coloured.contains('\u{1B}'));
    for plain in [test().env("NO_COLOR", "1"), test().env("TERM", "dumb")] {
        assert!(!plain.run_in_terminal().unwrap().contains('\u{1B}'));
    }
}

#[test]
fn ten_thousand_episodes_are_told_on_a_few_screens() {
    let record = |at: usize| match at % 5 {
        0 => episode(&format!("EP-{at}"), &[("supervisor.level", "\"on_site\"")]),
        1 => episode(&format!("EP-{at}"), &[("patient.risk", "null")]),
        2 => episode(&format!("EP-{at}"), &[("supervisor.level", "\"near by\"")]),
        3 => "{\n".to_owned(),
        _ => episode(&format!("EP-{at}"), &[]),
    };
    let log: String = (0..10_000).map(record).collect();
    let output = Test::ward().file("log.jsonl", log).args("audit ward.forbear --log log.jsonl").run();
    assert!(output.stdout.contains("10\u{202F}000 records: 8000 judged, 2000 unreadable"), "{}", output.stdout);
    assert!(output.stdout.lines().count() < 200, "{}", output.stdout);
}
