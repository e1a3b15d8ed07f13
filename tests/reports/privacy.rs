//! Levels, and the key by which two reports can be joined.

use super::builder::{Output, Test, mixed_log};

fn ward() -> Test {
    Test::ward().file("log.jsonl", mixed_log())
}

fn pseudonyms(output: &Output) -> Vec<String> {
    let words = output.stdout.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let mut found: Vec<String> = words.filter(|word| word.starts_with("P-")).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn names_in_clear_go_with_the_internal_level_alone() {
    for level in ["", "--privacy auditor", "--privacy committee"] {
        let output = ward().args(&format!("audit ward.forbear --log log.jsonl --identities clear {level}")).run();
        assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{level}");
        assert_eq!(output.stderr, "forbear: `--identities clear` goes with `--privacy internal` alone\n");
    }
}

#[test]
fn a_format_that_lists_episodes_is_refused_to_a_committee_whose_small_numbers_are_hidden() {
    for format in ["json", "jsonl", "sarif", "junit", "github", "csv"] {
        let arguments = format!("audit ward.forbear --log log.jsonl --privacy committee --format {format} -o report");
        let test = ward().args(&arguments);
        let output = test.run();
        assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""), "{format}");
        assert!(output.stderr.contains(&format!("`--format {format}` lists single episodes")), "{}", output.stderr);
        assert!(output.stderr.contains("choose `--format human` or `--format html`"), "{}", output.stderr);
        assert!(!test.path("report").exists(), "{format}");
    }
}

#[test]
fn every_report_says_its_level() {
    for format in ["human", "json", "jsonl", "sarif", "junit", "github", "csv", "html"] {
        for level in ["committee", "auditor", "internal"] {
            let arguments =
                format!("audit ward.forbear --log log.jsonl --format {format} --privacy {level} --small-cells 1");
            let output = ward().args(&arguments).run();
            assert!(output.stdout.contains(level), "{arguments}\n{}", output.stdout);
        }
    }
}

#[test]
fn a_key_that_is_kept_joins_two_reports_and_another_does_not() {
    let test = ward().args("audit ward.forbear --log log.jsonl --format jsonl --key desk.key --new-key");
    let first = pseudonyms(&test.run());
    assert_eq!(first.len(), 1);
    let test = test.args("audit ward.forbear --log log.jsonl --format json --key desk.key");
    assert_eq!(pseudonyms(&test.run()), first);
    let test = test.args("audit ward.forbear --log log.jsonl --format json");
    assert_ne!(pseudonyms(&test.run()), first);
}

#[test]
fn a_key_is_drawn_only_if_asked_and_never_twice() {
    let test = ward().args("audit ward.forbear --log log.jsonl --key desk.key");
    let output = test.run();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("`--new-key` draws one"), "{}", output.stderr);
    let test = test.args("audit ward.forbear --log log.jsonl --key desk.key --new-key");
    assert_eq!(test.code(), Some(1));
    let output = test.run();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("is there already"), "{}", output.stderr);
}

#[test]
fn what_is_no_key_is_refused() {
    for text in ["", "secret", &"g".repeat(64)] {
        let test = ward().file("desk.key", text);
        close(&test);
        let output = test.args("audit ward.forbear --log log.jsonl --key desk.key").run();
        assert_eq!(output.code, Some(2));
        assert!(output.stderr.contains("holds no key"), "{}", output.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let test = ward().args("audit ward.forbear --log log.jsonl --key desk.key --new-key");
    test.run();
    let path = test.path("desk.key");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let output = test.args("audit ward.forbear --log log.jsonl --key desk.key").run();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("can be read by others"), "{}", output.stderr);
}

#[cfg(unix)]
fn close(test: &Test) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(test.path("desk.key"), std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn close(_test: &Test) {}

#[test]
fn an_episode_is_explained_by_its_pseudonym_too() {
    let test = ward().args(
        "audit ward.forbear --log log.jsonl --format jsonl --privacy committee --small-cells 1 --key k --new-key",
    );
    let output = test.run();
    let (_, rest) = output.stdout.split_once("\"episode\":\"E-").unwrap();
    let id = format!("E-{}", rest.split('"').next().unwrap());
    let arguments = format!("explain ward.forbear --log log.jsonl --privacy committee --key k --episode {id}");
    let explained = test.args(&arguments).run();
    assert!(explained.stdout.starts_with(&id), "{}", explained.everything());
    assert!(!explained.stdout.contains("EP-1"), "{}", explained.stdout);
}

#[test]
fn a_committee_is_not_shown_when_an_earlier_episode_was() {
    let policy = "policy ward \"Ward\"\n  vocabulary clinical\n  default permit\n\nrule quota \"One\"\n  limit 1 episodes per \
                  trainee.id in any 30 days\n";
    let log = "id,occurred_at,trainee.id\nA,2025-03-07T10:00,T\nB,2025-03-09T10:00,T\n";
    for (level, is_shown) in [("committee --small-cells 1", false), ("auditor", true)] {
        for command in [
            format!("audit w.forbear --log log.csv --format json --privacy {level}"),
            format!("explain w.forbear --log log.csv --episode B --privacy {}", level.split(' ').next().unwrap()),
        ] {
            let said = Test::new().file("w.forbear", policy).file("log.csv", log).args(&command).run().stdout;
            assert!(said.contains("kept"), "{said}");
            // 30 days behind the other episode.
            assert_eq!(said.contains("04-06"), is_shown, "{command}\n{said}");
        }
    }
}
