//! A report is the same, byte for byte, whoever judged its records: several workers by blocks, one, or all of them one by one in
//! the order of the log. So is what was searched, of which there is only so much.

use std::fs;
use std::path::Path;

use forbear::audit::{Audit, Clock, Running};
use forbear::check::load;
use forbear::log::{Limits, open};
use forbear::report::human::{AuditPrinter, Terminal};
use forbear::report::{About, Identities, Privacy, Report, github, html, json, rows, sarif};
use forbear::source::Sources;

use super::blocks::log;
use super::million::{self, Shape};

const FORMATS: [&str; 7] = ["json", "jsonl", "sarif", "html", "csv", "github", "human"];

/// Writes a report. `is_slow`: with every record judged in the order of the log.
fn report(policy: &str, path: &Path, threads: usize, is_slow: bool, format: &str) -> String {
    let mut sources = Sources::new();
    sources.add("ward.forbear", policy);
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{:#?}", checked.problems);
    let inputs = open(&[path.to_owned()], &mut std::io::empty(), &mut sources).inputs;
    let clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
    let (set, sources, limits) = (&checked.set, &sources, Limits::default());
    // Where later records are left out and a policy looks back, no block is judged by itself; none is later here.
    let of_audit = Clock { reconstruct: is_slow, ..clock };
    let audit = Audit { set, sources, inputs: &inputs, clock: of_audit, limits };
    let running = Running { threads, ..Running::default() };
    let identities = Identities::under([0; 32], Privacy::Auditor);
    let about = About { set, sources, clock, identities: &identities };
    if format == "human" {
        let mut printer = AuditPrinter::new(sources, &identities, Terminal { colour: false, width: 100 }, 400);
        let summary = audit.run_so(running, &mut printer);
        return printer.finish(&summary);
    }
    let mut text = Vec::new();
    let run = |report: &mut dyn Report| {
        let summary = audit.run_so(running, report);
        report.finish(&summary, &[]).unwrap();
    };
    match format {
        "json" => run(&mut json::Document::new(&mut text, about)),
        "jsonl" => run(&mut json::Lines::new(&mut text, about)),
        "sarif" => run(&mut sarif::Findings::new(&mut text, about)),
        "html" => run(&mut html::Page::new(&mut text, about)),
        "csv" => run(&mut rows::Rows::new(&mut text, about)),
        _ => run(&mut github::Annotations::new(&mut text, about)),
    }
    String::from_utf8(text).unwrap()
}

fn all_ways_agree(policy: &str, path: &Path, formats: &[&str], at_least: usize) {
    for format in formats {
        let slow = report(policy, path, 1, true, format);
        assert!(slow.len() > at_least, "{format}: only {} bytes", slow.len());
        for threads in [1, 3] {
            let fast = report(policy, path, threads, false, format);
            let differs = slow.lines().zip(fast.lines()).find(|(one, other)| one != other);
            assert!(fast == slow, "{format} by {threads} threads: {differs:#?}");
        }
    }
}

#[test]
fn a_report_does_not_tell_who_judged() {
    let path = log("told.jsonl", Shape::Jsonl, |at, line| match at % 50 {
        9 => line.replacen(&format!("EP-{at:07}"), "EP-0000003", 1),
        10 => line.replace('}', ""),
        12 => line.replace("+01:00", ""),
        15 => line.replacen("moderate", "modest", 1),
        16 => line.replace("2025-", "2028-"),
        18 => line.replacen("true", "null", 2),
        _ => line.to_owned(),
    });
    let short: Vec<String> = fs::read_to_string(&path).unwrap().lines().take(1_200).map(str::to_owned).collect();
    fs::write(&path, short.join("\n")).unwrap();
    all_ways_agree(&format!("{}{}", million::POLICY, million::QUOTA), &path, &FORMATS, 4_000);
}

/// Short lines, so that a block has more of them than are held, and more is to be searched than is.
#[test]
fn nor_does_one_of_many_short_records() {
    const POLICY: &str = "
vocabulary small \"Small\"
scale grade \"Grade\"
  low < middle < high
field id text role id
field time instant role time
field who text
field level grade chosen
field task text

policy p \"P\"
  vocabulary small
  default permit

rule not_high \"Not high\"
  forbid when level is high

rule few \"Few\"
  limit 900 episodes where level is low per who in any 30 days

rule not_alone \"Not alone\"
  when task is \"alone\"
  forbid when level at least middle
";
    let path = log("short.jsonl", Shape::Jsonl, |_, _| String::new());
    let line = |at: usize| {
        let level = ["\"high\"", "\"low\"", "null", "\"high\""][at % 4];
        let task = ["alone", "both", "three"][at % 3];
        let (day, hour) = (at / 24 % 28 + 1, at % 24);
        format!(
            "{{\"id\":\"{at}\",\"time\":\"2026-03-{day:02}T{hour:02}:00Z\",\"who\":\"w\",\"level\":{level},\"task\":\"{task}\"}}"
        )
    };
    fs::write(&path, (0..2_200).map(line).collect::<Vec<_>>().join("\n")).unwrap();
    all_ways_agree(POLICY, &path, &["jsonl", "html", "csv"], 4_000);
}
