//! The logs of `examples/` are read.

use std::collections::BTreeMap;
use std::path::PathBuf;

use forbear::log::{Format, Raw, Record, open};
use forbear::source::Sources;

use super::support::Log;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).unwrap()
}

/// Gives what a record says, whatever its format: the values that are there, as written.
fn said(record: &Record) -> BTreeMap<String, String> {
    let text = |raw: &Raw| match raw {
        Raw::Boolean(value) => value.to_string(),
        Raw::Number(text) | Raw::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    let value = |raw: &Raw| match raw {
        Raw::List(members) => members.iter().map(|(member, _)| text(member)).collect::<Vec<_>>().join("|"),
        raw => text(raw),
    };
    let there = record.entries.iter().filter(|entry| entry.raw != Raw::Nothing);
    there.map(|entry| (entry.path.clone(), value(&entry.raw))).collect()
}

#[test]
fn the_same_log_says_the_same_in_four_formats() {
    let read = |name: &str, format| -> Vec<BTreeMap<String, String>> {
        let log = Log::read(file(&format!("formats/{name}")), format);
        assert_eq!(log.reasons(), Vec::<&str>::new());
        log.records().into_iter().map(said).collect()
    };
    let yaml = read("theatre.yaml", Format::Yaml);
    assert_eq!(yaml.len(), 6);
    assert_eq!(read("theatre.json", Format::Json), yaml);
    assert_eq!(read("theatre.jsonl", Format::Jsonl), yaml);
    assert_eq!(read("theatre.csv", Format::Csv), yaml);
}

#[test]
fn the_messy_log_has_one_unreadable_record_and_loses_none() {
    let text = file("term/term_messy.jsonl");
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
    let log = Log::read(text, Format::Jsonl);
    assert_eq!((log.records().len(), log.unreadable().len()), (lines - 1, 1));
}

#[test]
fn all_examples_open() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut sources = Sources::new();
    let opened = open(&[folder], &mut std::io::empty(), &mut sources);
    assert!(opened.problems.is_empty() && opened.inputs.len() >= 10, "{opened:?}");
}
