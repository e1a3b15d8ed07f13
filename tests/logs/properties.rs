//! The same record is the same episode in every format.

use forbear::episode::Slot;
use forbear::log::{Format, Raw};
use proptest::prelude::*;

use super::support::{Log, fit, vocabulary};

/// A record as paths with values: a text, or the members of a set.
type Written = Vec<(&'static str, Vec<String>)>;

fn single(
    path: &'static str,
    values: impl Strategy<Value = String>,
) -> impl Strategy<Value = (&'static str, Vec<String>)> {
    values.prop_map(move |value| (path, vec![value]))
}

fn one_of(forms: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(forms).prop_map(str::to_owned)
}

fn record() -> impl Strategy<Value = Written> {
    let text = || "[ -~äé\u{301}€\n\t]{0,12}";
    let strategies = prop::collection::vec(one_of(&["cue", "take_over", "nonsense", "call_help"]), 1..4);
    (
        single("id", "[A-Z]{1,3}-[0-9]{1,4}| 0?[0-9]{1,3} "),
        single("patient.risk", one_of(&["low", " High", "majr", "", "2"])),
        single("patient.asa", one_of(&["1", "2.0", "7", "2e0", "017", "1_0", "-1", "three", " "])),
        single("supervisor.level", one_of(&["3", "4.0", "in-room", "in room", "5"])),
        single("failure.anticipated", one_of(&["true", "false", "no", "True", ""])),
        single("education.objective", text()),
        single("trainee.id", text()),
        single("rescue.ready_within", one_of(&["30 s", "30", "PT5M", "2 months"])),
        single("occurred_at", one_of(&["2026-03-04T10:30", "2026-03", "2026", "2027-01-01", "2025-03-30 02:30"])),
        strategies.prop_map(|members| ("rescue.strategies", members)),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i, j)| vec![a, b, c, d, e, f, g, h, i, j])
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn json(record: &Written) -> String {
    let value = |members: &[String]| match members {
        [one] => quoted(one),
        many => format!("[{}]", many.iter().map(|member| quoted(member)).collect::<Vec<_>>().join(", ")),
    };
    let members = record.iter().map(|(path, members)| format!("{}: {}", quoted(path), value(members)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

/// Writes plain scalars where YAML takes them for the same text, and groups for dotted paths.
fn yaml(record: &Written) -> String {
    let scalar = |text: &str| {
        let is_plain = !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
            && !text.starts_with('-');
        if is_plain { text.to_owned() } else { quoted(text) }
    };
    let mut lines = String::from("-\n");
    for (path, members) in record {
        let value = match members.as_slice() {
            [one] => scalar(one),
            many => format!("[{}]", many.iter().map(|member| scalar(member)).collect::<Vec<_>>().join(", ")),
        };
        lines.push_str(&format!("  {path}: {value}\n"));
    }
    lines
}

fn csv(record: &Written) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(record.iter().map(|(path, _)| *path)).unwrap();
    writer.write_record(record.iter().map(|(_, members)| members.join("|"))).unwrap();
    writer.into_inner().unwrap()
}

/// Gives what an episode says, and how often something does not fit.
fn said(text: Vec<u8>, format: Format) -> (Option<String>, Vec<Slot>, Vec<String>) {
    let vocabulary = vocabulary();
    let log = Log::read(text, format);
    assert_eq!(log.reasons(), Vec::<&str>::new());
    let fitted = fit(&log, &vocabulary).remove(0);
    let slots = vocabulary.field_ids().map(|id| fitted.episode.slot(id).clone()).collect();
    (
        fitted.episode.id,
        slots,
        fitted.findings.iter().map(|finding| format!("{:?} {:?}", finding.kind, finding.value)).collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_same_record_is_the_same_episode_in_every_format(record in record()) {
        let expected = said(json(&record).into_bytes(), Format::Jsonl);
        prop_assert_eq!(&said(format!("[{}]", json(&record)).into_bytes(), Format::Json), &expected);
        prop_assert_eq!(&said(yaml(&record).into_bytes(), Format::Yaml), &expected);
        prop_assert_eq!(&said(csv(&record), Format::Csv), &expected);
    }

    #[test]
    fn what_the_csv_crate_writes_is_read_back(rows in prop::collection::vec(prop::collection::vec("[a-c,;\"\n\r é]{0,6}", 3), 1..6)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["x", "y", "z"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let log = Log::read(writer.into_inner().unwrap(), Format::Csv);
        let text = |raw: &Raw| match raw { Raw::Text(text) => text.clone(), _ => String::new() };
        let read: Vec<Vec<String>> = log.records().iter().map(|record| record.entries.iter().map(|entry| text(&entry.raw)).collect()).collect();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(prop::sample::select(b"{}[]\"\\,:;-#&*!|>%@ \n\r\ta1\xC3\xFF\0?'".to_vec()), 0..200)) {
        for format in [Format::Yaml, Format::Json, Format::Jsonl, Format::Csv] {
            let log = Log::read(bytes.clone(), format);
            for record in log.records() {
                prop_assert!(record.span.end <= bytes.len());
                for entry in &record.entries {
                    prop_assert!(entry.place.end <= bytes.len() && entry.key.end <= bytes.len());
                }
            }
        }
    }
}
