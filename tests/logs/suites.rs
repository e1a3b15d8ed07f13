//! The public suites of cases for JSON and YAML parsers, and where our readers differ from them on purpose.
//!
//! The cases lie in `suites/` as data, with their source and licence. docs/logs.md lists each difference with its reason, and
//! a test holds the page against what is so.

use std::collections::BTreeSet;

use forbear::log::{Format, Item, Limits, read};
use forbear::source::Sources;

const JSON: &str = include_str!("suites/json.txt");
const YAML: &str = include_str!("suites/yaml.txt");
const PAGE: &str = include_str!("../../docs/logs.md");

/// Reads the cases: the words before the bytes, and the bytes.
fn cases(text: &'static str) -> impl Iterator<Item = (Vec<&'static str>, Vec<u8>)> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| match line.split_once(" text ") {
        Some((words, text)) => (words.split(' ').collect(), serde_json::from_str::<String>(text).unwrap().into_bytes()),
        None => {
            let (words, hex) = line.split_once(" hex ").unwrap_or_else(|| panic!("{line}"));
            let bytes =
                (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap());
            (words.split(' ').collect(), bytes.collect())
        }
    })
}

/// Gives how many records are read, and why others cannot be.
fn outcome(bytes: &[u8], format: Format) -> (usize, Vec<String>) {
    let mut sources = Sources::new();
    let id = sources.add("log", bytes);
    let (mut records, mut reasons) = (0, Vec::new());
    read(&sources, id, format, &Limits::default(), &mut |item| match item {
        Item::Record(_) => records += 1,
        Item::Unreadable(unreadable) => reasons.push(unreadable.reason),
        Item::LeftOut(_) => panic!("no reader leaves anything out"),
    });
    (records, reasons)
}

/// Gives the names that a table of the page lists below a heading.
fn listed(heading: &str) -> BTreeSet<String> {
    let section = PAGE.split(&format!("\n### {heading}\n")).nth(1).unwrap_or_else(|| panic!("no section `{heading}`"));
    let rows = section.split("\n#").next().unwrap().lines().filter(|line| line.starts_with("| `"));
    let names =
        rows.flat_map(|row| row.split('|').nth(1).unwrap().split(',')).map(|name| name.trim().trim_matches('`'));
    names.map(str::to_owned).collect()
}

fn assert_listed(differ: &BTreeSet<String>, heading: &str) {
    let listed = listed(heading);
    assert_eq!(differ, &listed, "docs/logs.md, `{heading}`, should list these");
}

/// Each case is the value of a record: for a log is a list of records, and a case may be any value.
#[test]
fn json_is_read_as_the_suite_says_but_for_the_differences_that_are_listed() {
    let mut differ = BTreeSet::new();
    let mut count = 0;
    let large = [
        (vec!["n_structure_100000_opening_arrays"], vec![b'['; 100_000]),
        (vec!["n_structure_open_array_object"], b"[{\"\":".repeat(50_000)),
    ];
    for (words, bytes) in cases(JSON).chain(large) {
        let name = words[0];
        count += 1;
        outcome(&bytes, Format::Json);
        let record = [b"{\"id\": \"x\", \"value\": ".as_slice(), &bytes, b"}"].concat();
        for format in [Format::Json, Format::Jsonl] {
            if format == Format::Jsonl && record.contains(&b'\n') {
                continue;
            }
            let (records, reasons) = outcome(&record, format);
            let accepted = records == 1 && reasons.is_empty();
            match name.as_bytes()[0] {
                b'y' if !accepted => _ = differ.insert(name.to_owned()),
                b'n' if accepted => _ = differ.insert(name.to_owned()),
                _ => {}
            }
        }
    }
    assert_eq!(count, 318);
    assert_listed(&differ, "JSON: the public suite");
}

#[test]
fn yaml_is_read_as_the_suite_says_but_for_the_differences_that_are_listed() {
    let mut differ = BTreeSet::new();
    let mut count = 0;
    for (words, bytes) in cases(YAML) {
        count += 1;
        let (_, reasons) = outcome(&bytes, Format::Yaml);
        // What is valid but no record is refused as such, and not as invalid.
        let invalid = reasons.iter().filter(|reason| reason.starts_with("this is no valid YAML")).count();
        let as_told = match words[1] {
            "valid" => invalid == 0,
            _ => !reasons.is_empty(),
        };
        if !as_told {
            differ.insert(words[0].to_owned());
        }
    }
    assert_eq!(count, 402);
    assert_listed(&differ, "YAML: the public suite");
}
