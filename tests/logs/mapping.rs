//! Mappings: what is wrong with them, what they make of records, and that nothing is lost.

use std::sync::Arc;

use forbear::diagnostic::Diagnostic;
use forbear::log::{Fitter, Format, Input, Item, LeftOut, Limits, Mapping, Raw, Record, read_input};
use forbear::source::Sources;
use proptest::prelude::*;

use super::mapping_schema;
use super::support::{present, vocabulary, zurich};

/// Reads a mapping, and says what is wrong with it.
fn problems(text: &str) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    let id = sources.add("mapping.yaml", text);
    let (_, problems) = Mapping::read(&sources, id, &[&vocabulary()]);
    (sources, problems)
}

/// Says each problem with the text that is underlined.
fn told(text: &str) -> String {
    let (sources, problems) = problems(text);
    let tell = |problem: &Diagnostic| {
        let at = problem.span().unwrap();
        let place = sources.line_column(at);
        let marked = sources.text(at);
        let marked = marked.lines().next().unwrap_or("");
        let help = problem.help.as_deref().unwrap_or("");
        format!(
            "{}:{} [{marked}] {}: {}\n  help: {help}",
            place.line,
            place.column,
            problem.code.name(),
            problem.message
        )
    };
    problems.iter().map(tell).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_mistake_is_told_with_its_place_in_one_run() {
    let text = "\
feilds: {}
decimal: comma,
time zone: Europe/Basel
records: entry
header row: 0
separator: \";;\"
missing: {NA: 1}
leave out:
  - when: {Nr: Total}
  - because: x
  - {when: {}, because: y}
fields:
  patient.rsk: Risk
  patient.asa: {from: ASA, unit: minutes}
  patient.risk: {codes: {1: lo}}
  supervision: {from: S, codes: {1: in room, 2: \"\", 1.0: on_site}}
  supervisor.level: S
  occurred_at: {from: Date, written: DD.MM.YYYY}
  failure.anticipated: {always: maybe}
  rescue.strategies: {checked in: {a: take_ovr}, checked: 1}
  rescue.team: {from: T, checked: 1}
  weight: [W]
  share: {from: P, always: 3}
";
    insta::assert_snapshot!(told(text));
}

#[test]
fn one_sign_cannot_stand_between_thousands_and_before_the_fraction() {
    for (said, is_told) in [
        ("thousands: point\n", true),
        ("decimal: comma\nthousands: point\n", false),
        ("thousands: comma\ndecimal: comma\n", true),
        ("thousands: comma\n", false),
        ("thousands: blank\n", false),
    ] {
        let told = told(&format!("{said}fields:\n  id: Nr\n"));
        assert_eq!(told.contains("is also the decimal sign"), is_told, "{said}{told}");
    }
    let of_field = told("fields:\n  id: Nr\n  patient.asa: {from: ASA, thousands: point}\n");
    assert!(of_field.contains("[thousands]") && of_field.contains("is also the decimal sign"), "{of_field}");
}

#[test]
fn what_is_no_mapping_at_all_is_told() {
    for (text, wanted) in [
        ("", "there is nothing in it"),
        ("- a\n- b\n", "second document or is a list"),
        ("fields: {id: a}\n---\nfields: {id: a}\n", "second document"),
        ("fields: [", "cannot be read"),
        ("just a text", "a mapping is a group of keys"),
        ("missing: NA\n", "does not say which fields"),
        ("fields:\n\tid: a\n", "cannot be read"),
        ("fields: &x {id: *x}\n", "refers to no anchor"),
    ] {
        let (_, problems) = problems(text);
        let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(messages.iter().any(|message| message.contains(wanted)), "{text:?}: {messages:?}");
    }
}

/// A log that was read through a mapping.
struct Mapped {
    sources: Sources,
    items: Vec<Item>,
    of_log: Vec<Diagnostic>,
}

fn mapped(text: &str, log: &str, format: Format) -> Mapped {
    let mut sources = Sources::new();
    let mapping_id = sources.add("mapping.yaml", text);
    let (mapping, problems) = Mapping::read(&sources, mapping_id, &[&vocabulary()]);
    assert_eq!(problems, [], "{mapping:?}");
    assert!(mapping_schema::fits(&mapping_schema::schema(), text), "{text}");
    let id = sources.add_protected("log", log);
    let input = Input { mapping: Some(Arc::new(mapping)), ..Input::new(id, format) };
    let mut items = Vec::new();
    let of_log = read_input(&sources, &input, &Limits::default(), &mut |item| items.push(item));
    Mapped { sources, items, of_log }
}

impl Mapped {
    fn records(&self) -> Vec<&Record> {
        self.items.iter().filter_map(|item| if let Item::Record(record) = item { Some(record) } else { None }).collect()
    }

    fn left_out(&self) -> Vec<&LeftOut> {
        self.items.iter().filter_map(|item| if let Item::LeftOut(it) = item { Some(it) } else { None }).collect()
    }

    /// Gives what is found in the records, with the text at the first place and that at the second.
    fn found(&self) -> Vec<String> {
        let vocabulary = vocabulary();
        let fitter = Fitter::new(&vocabulary, zurich());
        let mut found = Vec::new();
        for record in self.records() {
            for finding in fitter.fit(record, present()).findings {
                let problem = finding.diagnostic(&vocabulary);
                let places: Vec<String> = problem.labels.iter().map(|label| self.sources.text(label.span)).collect();
                found.push(format!("{} {places:?}", problem.message));
            }
        }
        found
    }
}

#[test]
fn a_finding_points_at_the_cell_and_at_the_line_of_the_mapping() {
    let mapping =
        "fields:\n  patient.risk: {from: R, codes: {1: low}}\n  seen_on: {from: D, written: day/month/year}\n";
    let log = mapped(mapping, "R,D\n2,4.3.2026\n1,31/2/2026\n", Format::Csv);
    let expected = [
        "`patient.risk` is a number of 1 digit: the mapping has no code for it [\"2\", \"codes\"]",
        "`seen_on` is a date: that is not written as the mapping says [\"4.3.2026\", \"day/month/year\"]",
        "`seen_on` is a date: the calendar has no such day [\"31/2/2026\"]",
    ];
    assert_eq!(log.found(), expected);
}

#[test]
fn who_somebody_is_and_free_text_are_in_no_finding_of_a_mapping() {
    let mapping = "fields:\n  trainee.id: {from: T, codes: {1: T-1}}\n  rescue.team: {from: B, split by: \",\", codes: {1: S-1}}\n  education.objective: {from: G, codes: {1: knots}}\n";
    let log = mapped(mapping, "T,B,G\nAnna Meier,\"1, Berta Huber\",about Anna Meier\n", Format::Csv);
    let vocabulary = vocabulary();
    let fitter = Fitter::new(&vocabulary, zurich());
    let fitted = fitter.fit(log.records()[0], present());
    assert_eq!(fitted.findings.len(), 3);
    for finding in fitted.findings {
        let message = finding.diagnostic(&vocabulary).message;
        assert!(!message.contains("Meier") && !message.contains("Huber"), "{message}");
    }
}

fn risk_of(record: &Record) -> String {
    match &record.entries.iter().find(|entry| entry.path == "patient.risk").unwrap().raw {
        Raw::Refused(_) => "refused".to_owned(),
        raw => raw.as_text().unwrap_or("nothing").to_owned(),
    }
}

/// Says of each cell of a column what a mapping makes of it.
fn risks_of(mapping: &str, cells: &[&str]) -> Vec<String> {
    let rows: String = cells.iter().map(|cell| format!("{cell}\n")).collect();
    let log = mapped(mapping, &format!("R;b\n{}", rows.replace('\n', ";\n")), Format::Csv);
    let said = |item: &Item| match item {
        Item::Record(record) => risk_of(record),
        Item::LeftOut(_) => "left out".to_owned(),
        Item::Unreadable(unreadable) => panic!("{unreadable:?}"),
    };
    log.items.iter().map(said).collect()
}

#[test]
fn a_code_that_is_a_number_stands_for_every_cell_of_its_value_whatever_stands_before_the_fraction() {
    let mapping = "missing: -99\nleave out: {when: {R: 7}, because: totals}\n\
                   fields:\n  patient.risk: {from: R, codes: {1: low, 2.5: moderate, \"3\": high}, missing: 9}\n";
    let table = [
        ("1", "low"),
        ("1.0", "low"),
        ("+1.00", "low"),
        ("1e0", "low"),
        ("1.0e0", "low"),
        ("2.5", "moderate"),
        ("2.50", "moderate"),
        ("25e-1", "moderate"),
        ("3", "high"),
        // In quotation marks a code is that text alone.
        ("3.0", "refused"),
        ("-99.0", "nothing"),
        ("\u{2212}99.0", "nothing"),
        ("9.00", "nothing"),
        ("7.0", "left out"),
        ("1.", "refused"),
        ("01.0", "refused"),
        ("1.0 h", "refused"),
    ];
    let cells: Vec<&str> = table.iter().map(|(cell, _)| *cell).collect();
    let wanted: Vec<&str> = table.iter().map(|(_, wanted)| *wanted).collect();
    assert_eq!(risks_of(mapping, &cells), wanted);
    let with_a_comma: Vec<String> = cells.iter().map(|cell| cell.replace('.', ",")).collect();
    let with_a_comma: Vec<&str> = with_a_comma.iter().map(String::as_str).collect();
    assert_eq!(risks_of(&format!("decimal: comma\n{mapping}"), &with_a_comma), wanted);
    // The other sign is neither here nor there the one before a fraction.
    assert_eq!(risks_of(mapping, &["1,0", "-99,0"]), ["refused", "refused"]);
    assert_eq!(risks_of(&format!("decimal: comma\n{mapping}"), &["1.0", "-99.0"]), ["refused", "refused"]);
}

#[test]
fn a_code_is_compared_with_thousands_as_numbers_are_written() {
    let mapping = "decimal: comma\nthousands: point\nfields:\n  patient.risk: {from: R, codes: {1: low, 1000: high}}\n";
    assert_eq!(risks_of(mapping, &["1,000", "1.000", "1.000,0", "1000"]), ["low", "high", "high", "high"]);
}

#[test]
fn boxes_and_joined_columns_are_compared_as_numbers_are_written() {
    let mapping = "decimal: comma\nmissing: -99\nfields:\n  education.objective: {from: [A, B]}\n  \
                   rescue.strategies: {checked in: {C: take_over, D: verbal_cue}, checked: 1, unchecked: 0}\n";
    let log = mapped(mapping, "A;B;C;D\nx;-99,0;1,0;0,0\n", Format::Csv);
    let raws: Vec<&Raw> = log.records()[0].entries.iter().map(|entry| &entry.raw).collect();
    assert_eq!(raws[0], &Raw::Text("x".into()));
    let Raw::List(members) = raws[1] else { panic!("{raws:?}") };
    assert_eq!(members.iter().map(|(raw, _)| raw).collect::<Vec<_>>(), [&Raw::Text("take_over".into())]);
}

#[test]
fn a_number_of_json_has_a_point_whatever_the_texts_beside_it_have() {
    let mapping = "decimal: comma\nfields:\n  patient.risk: {from: R, codes: {1: low, 2.5: high}}\n";
    let log = mapped(mapping, r#"[{"R": 1.0}, {"R": "1,0"}, {"R": 2.50}, {"R": "2,50"}, {"R": "1.0"}]"#, Format::Json);
    assert_eq!(log.records().into_iter().map(risk_of).collect::<Vec<_>>(), ["low", "low", "high", "high", "refused"]);
}

#[test]
fn two_forms_that_make_two_days_of_one_cell_make_none() {
    let mapping = "fields:\n  seen_on: {from: D, written: [day/month/year, month/day/year]}\n";
    let log = mapped(mapping, "D\n3/4/2026\n25/4/2026\n5/5/2026\n", Format::Csv);
    assert_eq!(log.found().len(), 1, "{:?}", log.found());
    assert!(log.found()[0].contains("two different dates"));
}

#[test]
fn a_time_is_read_on_the_clock_of_the_mapping() {
    let zones = "time zone: America/New_York\nfields:\n  occurred_at: D\n";
    let log = mapped(zones, "D\n2026-03-04T10:00\n2026-03-04T10:00Z\n2026-03-08T02:30\n", Format::Csv);
    let vocabulary = vocabulary();
    let fitter = Fitter::new(&vocabulary, zurich());
    let at = |record: &Record| {
        format!("{:?}", fitter.fit(record, present()).episode.value(vocabulary.find_field("occurred_at").unwrap()))
    };
    assert!(at(log.records()[0]).contains("2026-03-04T15:00:00Z"), "{}", at(log.records()[0]));
    assert!(at(log.records()[1]).contains("2026-03-04T10:00:00Z"));
    assert_eq!(at(log.records()[2]), "None", "the clocks were put forward");
}

#[test]
fn a_column_that_stands_twice_says_nothing() {
    let log = mapped("fields:\n  patient.risk: R\n", "R,R\nlow,high\n", Format::Csv);
    assert_eq!(
        log.found(),
        ["`patient.risk` stands twice in one record, and nobody can tell which is meant [\"R\", \"R\"]"]
    );
    let log = mapped("fields:\n  patient.risk: R\n", "R,patient.risk\nlow,high\n", Format::Csv);
    assert_eq!(log.found().len(), 1);
    let log = mapped("ignore: patient.*\nfields:\n  patient.risk: R\n", "R,patient.risk\nlow,high\n", Format::Csv);
    assert_eq!(log.found().len(), 0);
}

#[test]
fn what_is_left_out_keeps_its_place_and_reason() {
    let mapping = "leave out: {when: {id: {begins: [Total, Sum]}, R: \"\"}, because: totals}\nfields:\n  id: id\n  patient.risk: R\n";
    let log = mapped(mapping, "id,R\n1,low\nTotal,\nTotals,low\nSum of all,\n", Format::Csv);
    let left_out = log.left_out();
    let texts: Vec<String> = left_out.iter().map(|it| log.sources.text(it.at)).collect();
    assert_eq!(texts, ["Total,", "Sum of all,"]);
    assert_eq!(log.sources.text(left_out[0].rule), "totals");
    assert_eq!(log.records().len(), 2);
}

#[test]
fn a_broken_member_of_a_bundle_spoils_no_other() {
    let mapping = "records: entry[].resource\nfields:\n  id: id\n";
    let bundle = "{\"a\": [{}], \"entry\": [\n {\"resource\": {\"id\": \"1\"}},\n {\"resource\": {\"id\": 2 \"x\"}},\n {\"no\": 1},\n \
                  {\"resource\": {\"id\": \"4\"}}\n], \"link\": [{\"id\": \"5\"}]}\n{\"entry\": [{\"resource\": {\"id\": \"6\"}}]}\n{\"b\": 1}";
    let log = mapped(mapping, bundle, Format::Json);
    let ids: Vec<&Raw> = log.records().iter().map(|record| &record.entries[0].raw).collect();
    assert_eq!(ids, [&Raw::Text("1".into()), &Raw::Text("4".into()), &Raw::Text("6".into())]);
    let unreadable: Vec<&str> = log
        .items
        .iter()
        .filter_map(|item| if let Item::Unreadable(it) = item { Some(it.reason.as_str()) } else { None })
        .collect();
    assert_eq!(unreadable.len(), 3, "{unreadable:?}");
    assert!(unreadable[2].contains("no list `entry`"), "{unreadable:?}");
}

#[test]
fn a_column_that_is_not_there_is_told_once_for_each_log() {
    let log = mapped("fields:\n  id: id\n  patient.risk: Risk\n", "id,Risks\n1,low\n2,low\n", Format::Csv);
    let messages: Vec<&str> = log.of_log.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["this log has no column `Risk`, which the mapping reads"]);
    assert_eq!(log.of_log[0].help.as_deref(), Some("did you mean `Risks`?"));
}

/// Deep and long paths, many columns and many codes cost no more than their length.
#[test]
fn a_large_mapping_takes_no_time_out_of_proportion() {
    let columns: String = (0..20_000).map(|at| format!("  x{at}: c{at}\n")).collect();
    let begun = std::time::Instant::now();
    assert_eq!(problems(&format!("fields:\n{columns}")).1.len(), 20_000);
    let codes: String = (0..30_000).map(|at| format!("{at}: low, ")).collect();
    let mapping = format!("fields:\n  patient.risk: {{from: R, codes: {{{codes}}}}}\n");
    let log = format!("R\n{}", "77\n".repeat(20_000));
    assert_eq!(mapped(&mapping, &log, Format::Csv).records().len(), 20_000);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever cells say, every row comes out as something, and every place lies in the log or in the mapping.
    #[test]
    fn no_row_is_lost(rows in proptest::collection::vec("[ -~ä|;]{0,12}(,[0-9.,/: -]{0,12}){0,4}", 0..12)) {
        let mapping = "decimal: comma\nthousands: point\nmissing: [NA, -9]\ntime zone: Europe/Zurich\n\
                       leave out: [{when: {a: {begins: T}}, because: t}, {when: {b: {not: [\"\", 1]}, c: 1}, because: u}]\n\
                       fields:\n  id: a\n  weight: {from: b, times: 0.1}\n  occurred_at: {from: [c, d], written: [day.month.year hour:minute, days since 1900]}\n  \
                       rescue.strategies: {checked in: {d: take_over, e: verbal_cue}, checked: 1, unchecked: 0}\n  \
                       rescue.ready_within: {from: e, unit: minutes}\n";
        let text = format!("a,b,c,d,e\n{}\n", rows.join("\n"));
        let plain = super::support::Log::read(text.clone(), Format::Csv);
        let log = mapped(mapping, &text, Format::Csv);
        prop_assert_eq!(log.items.len(), plain.items.len());
        let vocabulary = vocabulary();
        let fitter = Fitter::new(&vocabulary, zurich());
        for record in log.records() {
            for entry in &record.entries {
                prop_assert!(entry.place.end <= log.sources.bytes(entry.place.source).len());
            }
            fitter.fit(record, present());
        }
    }
}
