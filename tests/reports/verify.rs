//! `forbear verify`: a report stands as long as nothing of it, of its inputs and of its judgements is another.

use super::builder::{Test, WARD, episode, mixed_log};

const LISTING: [&str; 2] = ["json", "jsonl"];
const ALL: [&str; 4] = ["json", "jsonl", "sarif", "html"];

/// Gives a report on the mixed log.
fn report(format: &str, more: &str) -> String {
    let arguments = format!("audit ward.forbear --log log.jsonl --format {format} {more}");
    Test::ward().file("log.jsonl", mixed_log()).args(&arguments).run().stdout
}

/// Verifies a report against a policy and a log.
fn verify(report: &str, policy: &str, log: &str) -> (Option<i32>, String) {
    let test = Test::new().file("ward.forbear", policy).file("log.jsonl", log).file("report", report);
    let output = test.args("verify report ward.forbear --log log.jsonl").run();
    (output.code, output.everything())
}

fn assert_says(report: &str, policy: &str, log: &str, code: i32, words: &[&str]) {
    let (is, said) = verify(report, policy, log);
    assert_eq!(is, Some(code), "{said}");
    for word in words {
        assert!(said.contains(word), "`{word}` is not said\n{said}");
    }
}

#[test]
fn what_was_not_touched_stands_at_every_level_and_as_of_any_time() {
    for format in ALL {
        for more in [
            "",
            "--privacy committee --small-cells 1",
            "--privacy internal --identities clear",
            "--as-of 2025-06-01 --log-from 2025-01-01",
        ] {
            assert_says(&report(format, more), WARD, &mixed_log(), 0, &["the report stands"]);
        }
    }
}

#[test]
fn another_log_is_told_with_the_first_judgement_that_differs() {
    let other = mixed_log().replacen("on_site", "in_room", 1);
    for format in LISTING {
        let told = [
            "`log.jsonl` has changed",
            "`EP-2` at log.jsonl:2 is impermissible",
            "log.jsonl:2 is permissible",
            "totals differ",
        ];
        assert_says(&report(format, ""), WARD, &other, 1, &told);
    }
    assert_says(
        &report("sarif", ""),
        WARD,
        &other,
        1,
        &[
            "`log.jsonl` has changed",
            "`EP-2` is impermissible, and has `ward/in_the_room` not kept, at ward.forbear:12",
        ],
    );
}

#[test]
fn another_log_with_the_same_judgements_is_another_log() {
    let other = mixed_log().replace("knot security", "knots");
    for format in ALL {
        let (code, said) = verify(&report(format, ""), WARD, &other);
        assert_eq!((code, said.matches("has changed").count(), said.contains("differ")), (Some(1), 1, false), "{said}");
    }
}

#[test]
fn what_every_policy_would_have_permitted_stands_too() {
    let beside = "policy beside \"Beside\"\n  vocabulary clinical\n  default permit\n\nrule free \"Whoever is in the room has a \
                  rescuer beside them\"\n  forbid when supervision at least in_room\n  unless rescue.rescuer_free\n";
    let run = |report: &str, arguments: &str| {
        let test = Test::ward().file("beside.forbear", beside).file("log.jsonl", mixed_log()).file("report", report);
        test.args(&format!("{arguments} ward.forbear beside.forbear --log log.jsonl")).run()
    };
    for format in LISTING {
        let report = run("", &format!("audit --format {format}")).stdout;
        assert!(report.contains("\"together\""), "{report}");
        assert_eq!(run(&report, "verify report").code, Some(0));
        let changed = [
            report.replacen("\"nothing_arranged\": false", "\"nothing_arranged\": true", 1),
            report.replacen("\"nothing_arranged\":false", "\"nothing_arranged\":true", 1),
        ];
        let changed = changed.iter().find(|changed| **changed != report).unwrap();
        let said = run(changed, "verify report");
        assert!(said.code == Some(1) && said.everything().contains("for other reasons"), "{}", said.everything());
    }
}

#[test]
fn another_policy_is_told() {
    let other = WARD.replace("risk ceiling low", "risk ceiling negligible");
    for format in ALL {
        assert_says(&report(format, ""), &other, &mixed_log(), 1, &["the policy `ward.forbear` has changed", "differ"]);
    }
}

#[test]
fn a_record_more_or_less_is_told() {
    let log = mixed_log();
    let (less, _) = log.trim_end().rsplit_once('\n').unwrap();
    for format in LISTING {
        assert_says(&report(format, ""), WARD, &format!("{less}\n"), 1, &["`EP-8`", "no such record is judged again"]);
        let more = log.clone() + &episode("EP-9", &[]);
        assert_says(&report(format, ""), WARD, &more, 1, &["judged again, `EP-9`", "the report does not say so"]);
    }
}

#[test]
fn a_verdict_that_was_changed_by_hand_is_found_although_the_digest_stands() {
    for (format, is, becomes) in [
        ("jsonl", "\"verdict\":\"impermissible\",\"because\"", "\"verdict\":\"permissible\",\"because\""),
        (
            "json",
            "\"verdict\": \"impermissible\",\n      \"because\"",
            "\"verdict\": \"permissible\",\n      \"because\"",
        ),
        ("jsonl", "\"rule\":\"in_the_room\"", "\"rule\":\"ceiling\""),
        ("json", "\"failing\": 3", "\"failing\": 1"),
        ("json", "\"from\": \"2025-01-01\"", "\"from\": \"2024-01-01\""),
        ("sarif", "\"from\": \"2025-01-01\"", "\"from\": \"2024-01-01\""),
        ("html", "\"from\":\"2025-01-01\"", "\"from\":\"2024-01-01\""),
    ] {
        let spoilt = report(format, "").replacen(is, becomes, 1);
        assert_says(&spoilt, WARD, &mixed_log(), 1, &["does not stand", "differ"]);
    }
}

#[test]
fn each_statement_that_was_changed_by_hand_is_found_with_its_record() {
    let altered = [
        ("\"because\":\"violations\"", "\"because\":\"by_default\""),
        ("\"status\":\"violated\"", "\"status\":\"undetermined\""),
        ("\"fails\":true", "\"fails\":false"),
        ("\"severity\":\"major\"", "\"severity\":\"minor\""),
        ("\"possible\":[\"", "\"possible\":[\"not_covered\",\""),
        ("\"wanting\":[\"", "\"wanting\":[\"activity\",\""),
        ("\"settled_by\":[{\"fields\":[\"", "\"settled_by\":[{\"fields\":[\"activity\",\""),
        ("\"repairs\":[[{\"field\":\"", "\"repairs\":[[{\"field\":\"not_"),
        ("\"fragile\":[{\"field\":\"", "\"fragile\":[{\"field\":\"not_"),
        ("\"evidence\":[{\"field\":\"", "\"evidence\":[{\"field\":\"not_"),
        ("\"state\":\"missing\"", "\"state\":\"present\""),
        ("\"ground\":\"not_given\"", "\"ground\":\"undetermined\""),
        ("\"code\":\"forbear::log::", "\"code\":\"forbear::type::"),
    ];
    let whole = report("jsonl", "");
    for (is, becomes) in altered {
        assert!(whole.contains(is), "{is} is nowhere in the report\n{whole}");
        let told = ["does not stand", "the first judgement that differs", "log.jsonl:"];
        assert_says(&whole.replacen(is, becomes, 1), WARD, &mixed_log(), 1, &told);
    }
}

#[test]
fn each_finding_in_sarif_that_was_changed_by_hand_is_found_with_its_place() {
    let whole = report("sarif", "");
    let (head, results) = whole.split_once("\"results\"").unwrap();
    for (is, becomes) in [
        ("\"ruleId\":\"ward/in_the_room\"", "\"ruleId\":\"ward/ceiling\""),
        ("\"kind\":\"fail\"", "\"kind\":\"open\""),
        ("\"level\":\"error\"", "\"level\":\"note\""),
        ("\"startLine\":12", "\"startLine\":11"),
        ("\"verdict\":\"impermissible\"", "\"verdict\":\"permissible\""),
        ("\"policy\":\"ward\"", "\"policy\":\"word\""),
        ("\"version\":\"1.0\"", "\"version\":\"2.0\""),
        ("\"code\":\"forbear::rule::violated\"", "\"code\":\"forbear::rule::undetermined\""),
    ] {
        assert!(results.contains(is), "{is} is nowhere in the results");
        let spoilt = format!("{head}\"results\"{}", results.replacen(is, becomes, 1));
        assert_says(
            &spoilt,
            WARD,
            &mixed_log(),
            1,
            &["does not stand", "the first judgement that differs", "ward.forbear:"],
        );
    }
}

#[test]
fn a_finding_that_was_taken_out_of_sarif_is_told() {
    let mut sarif: serde_json::Value = serde_json::from_str(&report("sarif", "")).unwrap();
    sarif["runs"][0]["results"].as_array_mut().unwrap().remove(0);
    assert_says(&sarif.to_string(), WARD, &mixed_log(), 1, &["judged again, `EP-2` is impermissible"]);
}

#[test]
fn what_is_no_whole_report_cannot_be_verified() {
    let whole = report("jsonl", "");
    let (cut, _) = whole.trim_end().rsplit_once('\n').unwrap();
    let log = mixed_log();
    assert_says(cut, WARD, &log, 2, &["it is not whole"]);
    assert_says(&format!("{whole}{whole}"), WARD, &log, 2, &["something stands behind its last line"]);
    for nothing in ["", "{", "{}", "[]", "<html></html>", "{\"kind\": 1}", "id,verdict\n"] {
        assert_says(nothing, WARD, &log, 2, &["cannot be verified"]);
    }
    assert_says(&whole, "policy ward\n  vocabulary clinicl\n", &log, 2, &["have 1 error"]);
}

#[test]
fn the_time_is_that_of_the_report() {
    let test = Test::ward().file("log.jsonl", mixed_log()).file("report", report("json", ""));
    let output = test.args("verify report ward.forbear --log log.jsonl --as-of 2025-01-01").run();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("leave out `--as-of`"), "{}", output.stderr);
}

#[test]
fn a_report_of_which_the_words_cannot_be_compared_does_not_pass() {
    let old =
        report("jsonl", "").replace(&format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION")), "\"version\":\"0.0.7\"");
    let told = ["no more is known of it", "its words were not compared: forbear 0.0.7 wrote it"];
    assert_says(&old, WARD, &mixed_log(), 2, &told);
    for format in ["json", "jsonl", "html", "sarif"] {
        let whole = report(format, "");
        assert!(whole.contains("\"privacy\""), "{format}");
        for odd in [whole.replace("\"privacy\"", "\"prevacy\""), whole.replace("\"auditor\"", "\"auditer\"")] {
            assert_says(&odd, WARD, &mixed_log(), 2, &["names none of the privacy levels"]);
        }
    }
    let folder = Test::ward().file("log.jsonl", mixed_log()).file("reports/x", "");
    assert_eq!(folder.args("verify reports ward.forbear --log log.jsonl").code(), Some(2));
}

#[test]
fn a_word_that_was_changed_by_hand_is_found_with_its_line() {
    for (format, is, becomes) in [
        ("html", "Low risk only", "Low risk mostly"),
        ("html", "<td class=\"number\">3</td>", "<td class=\"number\">1</td>"),
        ("html", "</main>", "<p>All is well.</p></main>"),
        ("json", "\"message\": \"", "\"message\": \"hardly: "),
        ("jsonl", "\"message\":\"", "\"message\":\"hardly: "),
        ("sarif", "\"text\": \"", "\"text\": \"hardly: "),
        ("json", "\"column\": 3", "\"column\": 4"),
    ] {
        let whole = report(format, "");
        assert!(whole.contains(is), "{is} is nowhere in {format}");
        let told = ["the report does not stand", "its words differ first in line ", "written again, it has"];
        assert_says(&whole.replacen(is, becomes, 1), WARD, &mixed_log(), 1, &told);
    }
}

#[test]
fn a_pseudonym_that_was_changed_is_found_where_it_stands_alone_or_its_key_is_given() {
    let log = episode("EP-1", &[("rescue.by", "\"T-1\"")]);
    let test = Test::ward().file("log.jsonl", &log);
    let test = test.args("audit ward.forbear --log log.jsonl --format jsonl -o report --key key --new-key");
    assert_eq!(test.code(), Some(1));
    let report = std::fs::read_to_string(test.path("report")).unwrap();
    let at = report.find("`P-").map(|at| at + 1).unwrap_or_else(|| panic!("{report}"));
    let (pseudonym, somebody) = (report.get(at..at + 13).unwrap(), "P-00000-00000");
    assert!(report.matches(pseudonym).count() > 1, "{pseudonym} stands once\n{report}");
    let (once, everywhere) = (report.replacen(pseudonym, somebody, 1), report.replace(pseudonym, somebody));
    let mut test = test.file("once", once).file("everywhere", everywhere);
    for (call, code) in [
        ("verify report ward.forbear --log log.jsonl", 0),
        ("verify report ward.forbear --log log.jsonl --key key", 0),
        ("verify once ward.forbear --log log.jsonl", 1),
        ("verify everywhere ward.forbear --log log.jsonl", 0),
        ("verify everywhere ward.forbear --log log.jsonl --key key", 1),
    ] {
        test = test.args(call);
        assert_eq!(test.code(), Some(code), "{call}\n{}", test.run().everything());
    }
}

#[test]
fn where_its_inputs_lie_and_in_which_order_they_are_given_does_not_matter() {
    let other = WARD.replace("policy ward", "policy other");
    for format in ALL {
        let call = format!("audit ward.forbear other.forbear --log log.jsonl --format {format}");
        let report = Test::ward().file("other.forbear", &other).file("log.jsonl", mixed_log()).args(&call).run().stdout;
        let moved = Test::new().file("report", report).file("logs/of_march.jsonl", mixed_log());
        let moved = moved.file("a/of_the_ward.forbear", WARD).file("a/another.forbear", &other);
        let output = moved.args("verify report a --log logs").run();
        assert_eq!(output.code, Some(0), "{format}\n{}", output.everything());
    }
}
