//! The other formats, and files in place of the standard output.

use std::fs;

use serde_json::Value;

use super::builder::{Test, episode, mixed_log};

fn mixed() -> Test {
    Test::ward().file("log.jsonl", mixed_log())
}

#[test]
fn every_format_goes_to_a_file_as_it_goes_to_the_standard_output() {
    for format in ["human", "json", "jsonl", "sarif", "junit", "github", "csv", "html"] {
        let arguments = format!("audit ward.forbear --log log.jsonl --format {format} --as-of 2099-01-01");
        let shown = mixed().args(&arguments).run();
        let test = mixed().args(&format!("{arguments} -o report"));
        let output = test.run();
        assert_eq!((output.stdout.as_str(), output.code), ("", Some(1)), "{format}: {}", output.stderr);
        let written = fs::read_to_string(test.path("report")).unwrap();
        assert_eq!(super::builder::settled(&written), super::builder::settled(&shown.stdout), "{format}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told_and_nothing_is_left() {
    let test = mixed().args("audit ward.forbear --log log.jsonl --format csv -o nowhere/report.csv");
    let output = test.run();
    assert_eq!(output.code, Some(2));
    assert!(output.stderr.contains("`nowhere/report.csv` cannot be written"), "{}", output.stderr);
}

#[test]
fn a_row_for_each_finding_reads_back_and_no_cell_is_a_formula() {
    let log = mixed_log() + &episode("=HYPERLINK(\\\"x\\\")", &[("patient.risk", "\"high\"")]);
    let test = Test::ward().file("log.jsonl", log).args("audit ward.forbear --log log.jsonl --format csv");
    let output = test.run().stdout;
    let mut reader = csv::Reader::from_reader(output.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    let column = |name: &str| head.iter().position(|known| known == name).unwrap();
    let cells = |name: &str| rows.iter().map(|row| row[column(name)].to_owned()).collect::<Vec<_>>();
    assert!(cells("episode").contains(&"'=HYPERLINK(\"x\")".to_owned()), "{output}");
    assert!(rows.iter().flat_map(|row| row.iter()).all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{output}");
    assert!(cells("rule").contains(&"in_the_room".to_owned()));
    assert!(cells("code").contains(&"forbear::log::unreadable".to_owned()));
    assert!(cells("log_line").iter().all(|line| line.parse::<usize>().is_ok()), "{output}");
}

#[test]
fn a_ci_page_gets_the_first_annotations_and_is_told_how_many_more_there_are() {
    let log: String = (0..40).map(|at| episode(&format!("EP-{at}"), &[("patient.risk", "\"high\"")])).collect();
    let test = Test::ward().file("log.jsonl", log).args("audit ward.forbear --log log.jsonl --format github");
    let output = test.run().stdout;
    assert_eq!(output.lines().filter(|line| line.starts_with("::error ")).count(), 10, "{output}");
    let last = output.lines().last().unwrap();
    assert!(
        last.starts_with("::notice ") && last.contains("40 failing") && last.contains("30 more findings"),
        "{last}"
    );
}

#[test]
fn the_last_line_says_what_was_judged_by_what_and_the_totals() {
    let output = mixed().args("audit ward.forbear --log log.jsonl --format jsonl").run().stdout;
    let last: Value = serde_json::from_str(output.lines().last().unwrap()).unwrap();
    assert_eq!(last["kind"], "end");
    assert_eq!(last["totals"]["records"], 8);
    assert_eq!(last["privacy"], "auditor");
    assert_eq!(last["inputs"].as_array().unwrap().len(), 2);
    assert_eq!(last["judgements_sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn the_digest_of_the_judgements_is_the_same_in_every_format_and_at_every_level() {
    let mut digests: Vec<String> = Vec::new();
    for format in ["json", "jsonl", "sarif"] {
        for privacy in ["committee", "auditor", "internal"] {
            let arguments =
                format!("audit ward.forbear --log log.jsonl --format {format} --privacy {privacy} --small-cells 1");
            let output = mixed().args(&arguments).run().stdout;
            let (_, rest) = output.split_once("\"judgements_sha256\":").unwrap();
            digests.push(rest.split('"').nth(1).unwrap().to_owned());
        }
    }
    digests.dedup();
    assert_eq!(digests.len(), 1, "{digests:?}");
    let changed = mixed_log().replacen("on_site", "in_room", 1);
    let test = Test::ward().file("log.jsonl", changed).args("audit ward.forbear --log log.jsonl --format jsonl");
    assert!(!test.run().stdout.contains(&digests[0]), "another verdict, another digest");
}
