//! Input made to hurt: a clear reason each, in bounded time and memory.

use forbear::log::{Format, Limits};

use super::support::{Log, fit, vocabulary};

const FORMATS: [Format; 4] = [Format::Yaml, Format::Json, Format::Jsonl, Format::Csv];

/// Reads a text that has one record before the bad one and one after.
#[track_caller]
fn spoils_one(text: impl Into<Vec<u8>>, format: Format, limits: &Limits, reason: &str) {
    let log = Log::within(text, format, limits);
    assert_eq!(log.records().len(), 2, "{}", log.outline());
    assert_eq!(log.reasons().len(), 1, "{}", log.outline());
    assert!(log.reasons()[0].contains(reason), "{}", log.reasons()[0]);
}

#[test]
fn an_alias_bomb() {
    let mut bomb = "- id: 1\n- id: 2\n  a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (one, other) in ["ab", "bc", "cd", "de", "ef", "fg", "gh"].map(|pair| pair.split_at(1)) {
        bomb.push_str(&format!("  {other}: &{other} [{}]\n", vec![format!("*{one}"); 9].join(", ")));
    }
    bomb.push_str("- id: 3\n");
    spoils_one(bomb, Format::Yaml, &Limits::default(), "expand to more than 10000 values");
}

#[test]
fn an_alias_bomb_over_many_items_and_one_of_text() {
    let mut text = "- a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (one, other) in ["ab", "bc", "cd", "de", "ef", "fg", "gh"].map(|pair| pair.split_at(1)) {
        text.push_str(&format!("- {other}: &{other} [{}]\n", vec![format!("*{one}"); 9].join(", ")));
    }
    let log = Log::read(text, Format::Yaml);
    assert!(log.reasons().iter().any(|reason| reason.contains("expand to more")), "{}", log.outline());
    let long = "x".repeat(1_000_000);
    let aliases = vec!["*a"; 1_000].join(", ");
    let text = format!("- id: 1\n- id: 2\n  a: &a {long}\n  b: [{aliases}]\n- id: 3\n");
    spoils_one(text, Format::Yaml, &Limits::default(), "expand to more text than a record may have");
}

#[test]
fn an_alias_to_itself() {
    spoils_one("- id: 1\n- id: 2\n  a: &a [*a]\n- id: 3\n", Format::Yaml, &Limits::default(), "refers to no anchor");
}

#[test]
fn nesting_without_end() {
    for levels in [40, 10_000, 100_000] {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        let groups = "{\"a\":".repeat(levels);
        let braces = "}".repeat(levels);
        for (open, close) in
            [(open.as_str(), close.as_str()), (open.as_str(), ""), (groups.as_str(), &format!("1{braces}"))]
        {
            let deep = format!("{{\"id\": 2, \"x\": {open}{close}}}");
            let jsonl = format!("{{\"id\": 1}}\n{deep}\n{{\"id\": 3}}\n");
            spoils_one(jsonl, Format::Jsonl, &Limits::default(), "");
            let json = format!("[\n{{\"id\": 1}},\n{deep},\n{{\"id\": 3}}\n]");
            spoils_one(json, Format::Json, &Limits::default(), "");
            let yaml = format!("- id: 1\n- id: 2\n  x: {open}{close}\n- id: 3\n");
            spoils_one(yaml, Format::Yaml, &Limits::default(), "");
        }
        let dashes = "- ".repeat(levels);
        let yaml = format!("- id: 1\n- id: 2\n  x:\n    {dashes}1\n- id: 3\n");
        spoils_one(yaml, Format::Yaml, &Limits::default(), "");
    }
    let whole = format!("[{}", "[".repeat(100_000));
    for format in FORMATS {
        let log = Log::read(whole.clone(), format);
        assert!(log.records().is_empty() && log.items.len() < 3, "{format:?}");
    }
}

#[test]
fn the_reason_for_nesting_is_clear() {
    let deep = format!("{{\"a\": {}{}}}", "[".repeat(40), "]".repeat(40));
    assert_eq!(
        Log::read(deep, Format::Jsonl).reasons(),
        ["the groups and lists of this record nest more than 32 deep"]
    );
}

#[test]
fn a_record_that_is_too_long() {
    let limits = Limits { record_bytes: 1_000, ..Limits::default() };
    let long = "x".repeat(2_000);
    let why = "this record is longer than 1000 bytes";
    spoils_one(format!("- id: 1\n- id: {long}\n- id: 3\n"), Format::Yaml, &limits, why);
    spoils_one(format!("id: 1\n---\nid: {long}\n---\nid: 3\n"), Format::Yaml, &limits, why);
    spoils_one(format!("[{{\"id\": 1}}, {{\"id\": \"{long}\"}}, {{\"id\": 3}}]"), Format::Json, &limits, why);
    spoils_one(format!("{{\"id\": 1}}\n{{\"id\": \"{long}\"}}\n{{\"id\": 3}}\n"), Format::Jsonl, &limits, why);
    spoils_one(format!("id\n1\n{long}\n3\n"), Format::Csv, &limits, why);
    spoils_one(format!("id\n1\n\"{long}\n\"\n3\n"), Format::Csv, &limits, why);
}

#[test]
fn a_line_of_20_mebibytes() {
    let long = "x".repeat(20 * 1024 * 1024);
    let why = "this record is longer than 16 MiB";
    spoils_one(format!("- id: 1\n- id: {long}\n- id: 3\n"), Format::Yaml, &Limits::default(), why);
    spoils_one(
        format!("{{\"id\": 1}}\n{{\"id\": \"{long}\"}}\n{{\"id\": 3}}\n"),
        Format::Jsonl,
        &Limits::default(),
        why,
    );
}

#[test]
fn a_record_of_too_many_values() {
    let many = vec!["1"; 100_001].join(",");
    let why = "more than 100000 values";
    spoils_one(format!("- id: 1\n- id: [{many}]\n- id: 3\n"), Format::Yaml, &Limits::default(), why);
    spoils_one(format!("[{{\"id\": 1}}, {{\"id\": [{many}]}}, {{\"id\": 3}}]"), Format::Json, &Limits::default(), why);
    spoils_one(format!("id\n1\n{many}\n3\n"), Format::Csv, &Limits::default(), "more cells");
    let key = "k".repeat(2_000);
    spoils_one(format!("{{}}\n{{\"{key}\": 1}}\n{{}}"), Format::Jsonl, &Limits::default(), "longer than 1024 bytes");
}

#[test]
fn numbers_beyond_any_type_are_unfit() {
    let huge = "9".repeat(10_000);
    for number in ["1e999999999", "-1e-999999999", huge.as_str(), "0.00000000000000000000000000001"] {
        let log = Log::read(
            format!("{{\"weight\": {number}, \"share\": {number}, \"patient\": {{\"asa\": {number}}}}}"),
            Format::Jsonl,
        );
        let vocabulary = vocabulary();
        let fitted = fit(&log, &vocabulary);
        assert_eq!(fitted[0].findings.len(), 3, "{number}");
    }
}

/// Sizes at which a step that is quadratic would be felt: that the test comes to its end is what it shows.
#[test]
fn hurtful_logs_come_to_an_end() {
    let lines = 40_000;
    let hurtful = [
        (Format::Csv, format!("a,b\n{}", "x,\"y\n".repeat(lines))),
        (Format::Csv, format!("a,b\nx,\"y\n{}", "\"\"\n".repeat(lines))),
        (Format::Json, format!("[{}", "{\"a\": {\n".repeat(lines))),
        (Format::Json, format!("[\n{}", "{\"a\": [1\n".repeat(lines))),
        (Format::Json, format!("[\n{}", "{\"a\": {\"b\": 1},\n".repeat(lines))),
        (Format::Json, format!("[\n{}", "{} {\"a\": [1,\n".repeat(lines / 2))),
        (Format::Json, format!("[\n{}]", "{\"a\": [{\n".repeat(lines))),
        (Format::Json, format!("[{{{}", ",{\"a\":1".repeat(lines))),
        (Format::Json, format!("[\n{}", "{\"a\": [\n".repeat(lines))),
        (Format::Json, "{".repeat(lines)),
        (Format::Json, "{\n".repeat(lines)),
        (Format::Json, format!("[{}{}", "[".repeat(lines), "}".repeat(lines))),
        (Format::Json, format!("[{{{}", "]  ,".repeat(lines))),
        (Format::Json, "x\n".repeat(lines)),
        (Format::Json, "}".repeat(lines)),
        (Format::Jsonl, "{\"a\": \n".repeat(lines)),
        (Format::Yaml, "- a: \"b\n".repeat(lines)),
        (Format::Yaml, "- [a\n".repeat(lines)),
        (Format::Yaml, format!("a:\n{}", "- \"b\n".repeat(lines))),
        (Format::Yaml, "--- {\n".repeat(lines)),
        (Format::Yaml, "? ".repeat(lines)),
        (Format::Yaml, "a: ".repeat(lines)),
        (Format::Yaml, format!("a: {}", "&a ".repeat(lines))),
        (Format::Yaml, format!("a: |\n{}", " \n".repeat(lines))),
        (Format::Yaml, format!("{}\n- a", "#\n".repeat(lines))),
        (Format::Yaml, format!("- {}", "{a: 1},".repeat(lines))),
        (Format::Yaml, format!("%{}", "a ".repeat(lines))),
    ];
    for (format, text) in hurtful {
        let head: String = text.chars().take(30).collect();
        let log = Log::read(text, format);
        assert!(log.items.len() <= lines + 1, "{format:?} {head:?} {}", log.items.len());
    }
}

#[test]
fn every_prefix_of_a_log_is_read_without_harm() {
    let texts = [
        (Format::Yaml, "- id: 1\n  a: {b: [x, 'y']}\n  c: |\n    d\n- id: \"2\"\n---\n? e\n: &f g\n...\n"),
        (Format::Json, "[{\"id\": 1, \"a\": {\"b\": [\"x\\u00e9\", null]}}, {\"id\": true}]"),
        (Format::Jsonl, "{\"id\": 1, \"é\": \"\\n\"}\r\n{\"id\": 2}\n"),
        (Format::Csv, "id,\"é\"\r\n1,\"x\r\n\"\"y\"\r\n2,\r\n"),
    ];
    for (format, text) in texts {
        for end in 0..=text.len() {
            Log::read(text.as_bytes()[..end].to_vec(), format);
            // Any bytes in any format.
            for other in FORMATS {
                Log::read(text.as_bytes()[end..].to_vec(), other);
            }
        }
    }
}
