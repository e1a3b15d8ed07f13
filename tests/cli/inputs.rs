//! Files, folders, the standard input; and a reader who goes away.

use super::builder::{Test, WARD, clean_log, episode, explained, mixed_log, settled};

#[test]
fn a_log_may_come_from_the_standard_input() {
    let from_file = Test::ward()
        .file("-file.jsonl", mixed_log())
        .args("audit ward.forbear --log ./-file.jsonl --format jsonl")
        .run();
    let piped = Test::ward().stdin(mixed_log()).args("audit ward.forbear --log - --format jsonl").run();
    assert_eq!(piped.code, Some(1));
    assert_eq!(settled(&piped.stdout), settled(&from_file.stdout).replace("./-file.jsonl", "-"));
    let yaml = "- {id: EP-1, activity: operation}\n- {id: EP-2}\n";
    let output = Test::ward().stdin(yaml).args("audit ward.forbear --log -").run();
    assert!(output.stdout.contains("2 records: 2 judged, 0 unreadable"), "{}", output.stdout);
}

#[cfg(unix)]
#[test]
fn a_log_may_come_from_a_pipe_that_has_a_name() {
    let test = Test::ward().stdin(mixed_log()).args("audit ward.forbear --log /dev/stdin --format json");
    let output = test.run();
    assert_eq!((output.code, output.stderr.as_str()), (Some(1), ""));
    assert_eq!(json(&output.stdout)["totals"]["records"], 8);
}

/// Names and texts from outside say nothing to a terminal.
#[cfg(unix)]
#[test]
fn nothing_that_a_terminal_would_obey_is_printed() {
    let log = "lo\u{1B}[31mg\n\u{202E}.jsonl";
    let policy =
        WARD.replace("policy ward", "policy ward \u{1B}[2J").replace("rule goal", "rule gaol\u{1B}[2J\u{202E}");
    let test = |arguments: &str| {
        Test::ward()
            .file(&format!("logs/{log}"), mixed_log() + &episode("EP-9\\u001b[2J", &[]))
            .file("bad\u{1B}/bad\u{1B}.forbear", &policy)
            .file("none/\u{1B}.jsonl", [0x1F, 0x8B])
            .args(arguments)
            .run()
            .everything()
    };
    for arguments in [
        "check bad\u{1B}",
        "check bad\u{1B} --format github",
        "check gone\u{1B}.forbear",
        "audit ward.forbear --log logs",
        "audit ward.forbear --log none",
        "audit bad\u{1B} --log logs",
        "explain ward.forbear --log logs --episode EP-2",
        "explain ward.forbear --log logs --episode EP-99[2J",
        "explain ward.forbear --log logs --episode EP-6",
    ] {
        let shown = test(arguments);
        let obeyed = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202E}';
        assert_eq!(shown.chars().find(obeyed), None, "{arguments}\n{}", shown.escape_debug());
        assert!(!shown.contains("31mg\n"), "{arguments}\n{shown}");
    }
}

#[test]
fn a_folder_gives_all_logs_in_it() {
    let test = Test::ward()
        .file("logs/b.jsonl", episode("EP-2", &[]))
        .file("logs/deep/a.yaml", "- {id: EP-1}\n")
        .file("logs/c.csv", "id\nEP-3\n")
        .file("logs/notes.txt", "not a log")
        .args("audit ward.forbear --log logs --format jsonl");
    let output = test.run();
    let line = "forbear: 1 file in the folder is no log by its name, and is not read: `logs/notes.txt`\n";
    assert_eq!(output.stderr.replace('\\', "/"), line);
    let ids: Vec<String> =
        output.stdout.lines().filter_map(|line| json(line)["episode"].as_str().map(str::to_owned)).collect();
    assert_eq!(ids, ["EP-2", "EP-3", "EP-1"]);
}

#[test]
fn what_is_no_log_in_a_folder_is_told_in_one_line_but_for_what_is_known_to_be_something_else() {
    let mut test = Test::ward().file("logs/a.jsonl", clean_log());
    for other in [
        "b.pdf",
        "deep/c.txt",
        "d",
        "deep/e.TXT",
        ".hidden",
        ".git/config",
        "ward.forbear",
        "named.log",
        "deep/f.jsonl",
    ] {
        test = test.file(&format!("logs/{other}"), "{}");
    }
    let mut test = test.args("audit ward.forbear --log logs logs/deep logs/named.log --format json");
    let output = test.run();
    assert_eq!(json(&output.stdout)["totals"]["records"], 4, "{}", output.everything());
    assert_eq!(
        output.stderr.replace('\\', "/"),
        "forbear: 4 files in the folder are no logs by their names, and are not read: `logs/b.pdf`, `logs/d`, \
         `logs/deep/c.txt` and 1 more (`.txt`)\n"
    );
    let mapping = "fields:\n  id: id\n";
    test = Test::ward().file("logs/a.jsonl", clean_log()).file("logs/mapping.txt", mapping);
    let output = test.args("audit ward.forbear --log logs --mapping logs/mapping.txt").run();
    assert_eq!((output.code, output.stderr.as_str()), (Some(0), ""));
}

#[test]
fn what_an_office_program_left_in_a_folder_is_told_and_does_not_end_the_run() {
    let test = Test::ward().file("logs/a.jsonl", clean_log()).file("logs/~$b.xlsx", "somebody");
    let output = test.args("audit ward.forbear --log logs").run();
    assert_eq!(output.code, Some(0), "{}", output.everything());
    assert!(output.stdout.contains("2 records: 2 judged, 0 unreadable"), "{}", output.stdout);
    insta::assert_snapshot!(output.stderr.replace('\\', "/"), @"
    forbear::log::lock_file

      ⚠ `logs/~$b.xlsx` is left out: an office program keeps it beside a file that
      │ is open there
      help: save and close the file in that program, so that its last changes are
            judged too
    ");
    let named = Test::ward().file("~$b.xlsx", "somebody").args("audit ward.forbear --log ~$b.xlsx").run();
    insta::assert_snapshot!(named.page(), @"
    exit 2
    --- stderr ---
    forbear::log::cannot_open

      × the log `~$b.xlsx` cannot be opened: an office program keeps it beside
      │ `b.xlsx` while that is open there, and no log is in it
      help: check the path, and that you may read what it names
    ");
}

#[test]
fn a_key_that_never_says_anything_is_not_told_however_the_log_is_read() {
    let record = |at: usize| {
        let some = if at.is_multiple_of(3) { "\"x\"" } else { ["null", "\"\"", "\" \\t\"", "\"\\u00a0 \""][at % 4] };
        episode(&format!("EP-{at}"), &[("spare", ["null", "\" \"", "\"\\n\"", "{}"][at % 4]), ("some", some)])
    };
    let lines: Vec<String> = (0..60).map(record).collect();
    let list = format!("[{}]", lines.join(","));
    let rows =
        (0..60).map(|at| format!("EP-{at},{},{}\n", ["", " ", "\u{a0}"][at % 3], ["\" x\"", "", "\" \""][at % 3]));
    let table = format!("id,spare,some\n{}", rows.collect::<String>());
    for (name, log) in [("log.jsonl", lines.concat()), ("log.json", list), ("log.csv", table)] {
        for format in ["human", "csv", "json"] {
            let arguments = format!("audit ward.forbear --log {name} --privacy internal --format {format}");
            let output = Test::ward().file(name, &log).args(&arguments).run();
            let told = output.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(told.contains("what 20 records say"), "{name} {format}\n{told}");
            assert!(!told.contains("spare"), "{name} {format}\n{told}");
        }
    }
}

#[test]
fn a_folder_gives_all_policies_in_it() {
    let other = explained(WARD).replace("policy ward", "policy theatre");
    let test = Test::new()
        .file("policies/ward.forbear", explained(WARD))
        .file("policies/deep/theatre.forbear.md", format!("# Theatre\n\n```forbear\n{other}```\n"))
        .file("policies/README.md", "no policy")
        .args("check policies");
    assert_eq!(test.run().stdout, "checked policies theatre, ward, 8 rules: nothing found\n");
}

#[test]
fn the_order_of_files_changes_nothing() {
    let test = |arguments: &str| {
        let test = Test::ward()
            .file("theatre.forbear", WARD.replace("policy ward", "policy theatre"))
            .file("a.jsonl", mixed_log())
            .file("b.yaml", "- {id: EP-20}\n- {id: EP-1}\n")
            .file("c.csv", "id,patient.risk,trainee.idd\nEP-21,high,x\n");
        settled(&test.args(&format!("{arguments} --privacy internal --identities clear")).run().stdout)
    };
    for format in ["human", "json", "jsonl"] {
        let one = test(&format!(
            "audit ward.forbear theatre.forbear --log a.jsonl --log b.yaml --log c.csv --format {format}"
        ));
        let other =
            test(&format!("audit theatre.forbear ward.forbear --log c.csv a.jsonl --log b.yaml --format {format}"));
        assert!(one.contains("EP-2"));
        assert_eq!(one, other);
    }
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let test = Test::ward()
        .file("log.jsonl", clean_log())
        .args("audit ward.forbear --log log.jsonl ./log.jsonl . --format json");
    assert_eq!(json(&test.run().stdout)["totals"]["records"], 2);
}

#[test]
fn every_record_of_a_log_is_counted() {
    let test = Test::ward().file("log.jsonl", mixed_log()).args("audit ward.forbear --log log.jsonl --format json");
    let document = json(&test.run().stdout);
    let totals = &document["totals"];
    assert_eq!(
        (totals["records"].as_u64(), totals["judged"].as_u64(), totals["unreadable"].as_u64()),
        (Some(8), Some(7), Some(1))
    );
    assert_eq!(document["judgements"].as_array().map(Vec::len), Some(8));
    let of_verdicts: u64 = totals["verdicts"].as_object().unwrap().values().filter_map(serde_json::Value::as_u64).sum();
    assert_eq!(of_verdicts, 7);
}

#[test]
fn a_record_beyond_the_limit_is_unreadable_and_the_audit_goes_on() {
    let long = episode("EP-1", &[("notes", &format!("\"{}\"", "x".repeat(1_100_000)))]);
    let log = long + &episode("EP-2", &[]);
    let test = |arguments: &str| {
        let test = Test::ward()
            .file("log.jsonl", &log)
            .args(&format!("audit ward.forbear --log log.jsonl --format json {arguments}"));
        json(&test.run().stdout)["totals"]["unreadable"].as_u64()
    };
    assert_eq!((test(""), test("--longest-record 1")), (Some(0), Some(1)));
}

#[test]
fn a_reader_who_goes_away_ends_the_run_and_it_is_said() {
    let log: String =
        (0..2000).map(|at| episode(&format!("EP-{at}"), &[("supervisor.level", "\"on_site\"")])).collect();
    for more in ["--show 9999", "--format jsonl", "--format json", "--format csv", "--format html", "--format sarif"] {
        let arguments = format!("audit ward.forbear --log log.jsonl {more}");
        let test = Test::ward().file("log.jsonl", &log).args(&arguments);
        let mut child = test.command().spawn().unwrap();
        drop(child.stdin.take());
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let told = "forbear: the output was not written to its end: nobody reads it any more\n";
        assert_eq!(String::from_utf8_lossy(&output.stderr), told, "{arguments}");
        assert_eq!(output.status.code(), Some(2), "{arguments}");
    }
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_chain_of_definitions_is_too_long_in_whatever_order_it_is_written() {
    let link = |at: usize| match at {
        0 => "define d0 as patient.frail\n\n".to_owned(),
        at => format!("define d{at} as d{} and patient.frail\n\n", at - 1),
    };
    let upwards: String = (0..1_000).map(link).collect();
    let downwards: String = (0..40).rev().map(link).collect();
    for (chain, last) in [(upwards, 999), (downwards, 39)] {
        let policy = format!(
            "policy ward \"Ward\"\n  vocabulary clinical\n  default permit\n\n{chain}rule r \"R\"\n  forbid when d{last}\n"
        );
        let output = Test::new().file("ward.forbear", policy).args("check ward.forbear").run();
        let told = output.stdout.matches("more than 32 definitions use one another in a chain").count();
        assert_eq!((output.code, told), (Some(1), 1), "{}", output.everything());
    }
}

#[test]
fn a_finding_in_a_spreadsheet_names_the_sheet_and_the_cell() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().set_name("Legend").unwrap().write(0, 0, "what the colours mean").unwrap();
    let sheet = workbook.add_worksheet().set_name("Audit").unwrap();
    let rows = [["Export of the ward", "", ""], ["Nr", "Date", "Risk"], ["7", "4.3.2025", "hgih"]];
    for (row, cells) in (3..).zip(rows) {
        for (column, cell) in (1..).zip(cells) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let book = workbook.save_to_buffer().unwrap();
    let mapping = "sheets: Audit\nheader row: 5\nfields:\n  id: Nr\n  occurred_at: {from: Date, written: day.month.year}\n  \
                   patient.risk: {from: Risk, codes: {high: high}}\n";
    let run = |arguments: &str| Test::ward().file("a.xlsx", &book).file("m.yaml", mapping).args(arguments).run();
    let told = run("audit ward.forbear --log a.xlsx --mapping m.yaml --show 99").stdout;
    assert!(told.contains("[a.xlsx, sheet Audit, cell D6]"), "{told}");
    assert!(told.contains("m.yaml:6:") && told.contains("1 record: 1 judged"), "{told}");
    let lines = run("audit ward.forbear --log a.xlsx --mapping m.yaml --format jsonl").stdout;
    let judged = json(lines.lines().next().unwrap());
    let at = &judged["at"];
    assert_eq!(
        (&at["line"], &at["column"], &at["cell"]),
        (&6.into(), &2.into(), &"sheet Audit, cell B6".into()),
        "{judged}"
    );
    let explained = run("explain ward.forbear --log a.xlsx --mapping m.yaml --episode 7").stdout;
    assert!(explained.contains("a.xlsx, sheet Audit, cell D6"), "{explained}");
    let unclear = run("audit ward.forbear --log a.xlsx").stderr;
    assert!(unclear.contains("it has the sheets `Legend`, `Audit`"), "{unclear}");
}

#[test]
fn mappings_that_are_for_no_log_or_for_one_and_the_same_are_refused() {
    let log = clean_log();
    let run = |one: &str, two: &str| {
        let of = |logs: &str| format!("for: {logs}\nfields:\n");
        let test =
            Test::ward().file("a.jsonl", &log).file("b.jsonl", &log).file("1.yaml", of(one)).file("2.yaml", of(two));
        test.args("audit ward.forbear --log a.jsonl b.jsonl --mapping 1.yaml --mapping 2.yaml").run()
    };
    assert_eq!(run("a*", "b.jsonl").code, Some(1), "the ids stand twice");
    let none = run("a*", "[c*, \"*.csv\"]");
    assert!(
        none.code == Some(2) && none.stderr.contains("this mapping is for none of the logs"),
        "{}",
        none.everything()
    );
    let both = run("a*", "\"*\"");
    assert!(
        both.code == Some(2) && both.stderr.contains("two mappings are for the log `a.jsonl`"),
        "{}",
        both.everything()
    );
}

/// Packs a log of some 18 MiB, which is more than is unpacked in memory.
fn packed_table() -> (String, Vec<u8>, Vec<u8>) {
    use std::io::Write;
    let aside = "nothing to be said of it ".repeat(800);
    let row = |at: usize| format!("EP-{at},2025-03-04T10:00:00+01:00,operation,{},{aside}\n", ["low", "high"][at % 2]);
    let rows: String = (0..950).map(row).collect();
    let text = format!("id,occurred_at,activity,patient.risk,failure.description\n{rows}");
    assert!(text.len() > 16 << 20);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    (text, gzip.finish().unwrap(), zstd)
}

#[test]
fn a_large_log_that_is_compressed_is_judged_as_what_is_in_it_under_the_digest_of_its_file() {
    let (text, gzip, zstd) = packed_table();
    let test = Test::ward().file("log.csv", text).file("log.csv.gz", &gzip).file("log.csv.zst", &zstd);
    let run = |name: &str| {
        let arguments = format!("audit ward.forbear --as-of 2027-01-01 --format json --log {name}");
        let mut command = test.command();
        let output = command.args(arguments.split_whitespace()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let plain = run("log.csv");
    assert_eq!(json(&plain)["totals"]["judged"], 950);
    for (name, bytes) in [("log.csv.gz", &gzip), ("log.csv.zst", &zstd)] {
        let found = run(name);
        assert!(settled(&found).replace(name, "log.csv") == settled(&plain), "{name}");
        let digest: String =
            sha2::Digest::finalize(sha2::Digest::chain_update(<sha2::Sha256 as sha2::Digest>::new(), bytes))
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
        assert!(found.contains(&digest), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_large_log_for_which_there_is_no_room_is_said_and_nothing_is_judged() {
    let (_, gzip, _) = packed_table();
    let test = Test::ward().file("log.csv.gz", &gzip).env("TMPDIR", "/nowhere");
    let output = test.args("audit ward.forbear --log log.csv.gz").run();
    assert_eq!((output.code, output.stdout.as_str()), (Some(2), ""));
    let told = output.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("forbear::log::cannot_open") && told.contains("TMPDIR"), "{told}");
    assert!(!told.contains("nothing to be said"), "{told}");
}
