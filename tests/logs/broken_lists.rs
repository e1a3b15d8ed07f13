//! Lists in JSON with broken elements in them: every other element is read once, and nothing in a broken one is a record.

use forbear::log::Format;
use proptest::prelude::*;

use super::support::Log;

fn good(id: usize) -> String {
    format!(r#"{{"id":"G{id}","patient":{{"risk":"low"}}}}"#)
}

/// Says which records are read, and how many cannot be.
#[track_caller]
fn reads(text: &str, ids: &[&str], unreadable: usize) {
    let log = Log::read(text, Format::Json);
    let outline = format!("{text}\n\n{}", log.outline());
    assert_eq!(log.ids(), ids, "{outline}");
    assert_eq!(log.reasons().len(), unreadable, "{outline}");
}

#[test]
fn a_thousand_records_are_read_after_any_number_that_lack_a_brace() {
    for count in [1, 8, 9, 500] {
        let mut elements = Vec::new();
        for id in 0..count {
            elements.extend([good(id).trim_end_matches('}').to_owned(), good(id)]);
        }
        elements.extend((count..1000).map(good));
        let log = Log::read(format!("[\n{}\n]", elements.join(",\n")), Format::Json);
        assert_eq!((log.records().len(), log.reasons().len()), (1000, count));
    }
}

#[test]
fn what_stands_in_a_broken_element_is_no_record() {
    let team = "\"team\": [\n{\"id\": \"T1\"},\n{\"id\": \"T2\"}\n]";
    reads(&format!("[\n{{\n\"id\": \"E1\",\n\"bad\": NaN,\n{team}\n}},\n{{\n\"id\": \"E2\"\n}}\n]"), &["E2"], 1);
    reads(&format!("{{\"id\": \"E1\", \"bad\": NaN, {team}}}"), &[], 1);
    // It lacks its brace, and the list in it does not.
    reads(&format!("[\n{{\"id\": \"E1\", {team},\n{{\"id\": \"E2\"}}\n]"), &["E2"], 1);
    reads(&format!("[\n{{\"id\": \"E1\",\n{team}\n{{\"id\": \"E2\"}},\n{{\"id\": \"E3\"}}\n]"), &["E2", "E3"], 1);
    // It lacks a key, and then its first brace.
    reads("[\n{\"id\": \"E1\", {\"id\": \"T1\"}, \"x\": 1},\n{\"id\": \"E2\"}\n]", &["E2"], 1);
    reads("[\n\"id\": \"E1\", \"patient\": {\"id\": \"T1\"}},\n{\"id\": \"E2\"}\n]", &["E2"], 1);
    // The file was cut off in it.
    reads("[\n{\n\"id\": \"E1\",\n\"team\": [\n{\"id\": \"T1\"},\n{\"id\": ", &[], 1);
}

#[test]
fn a_record_that_lost_its_end_ends_where_the_next_begins() {
    reads("[\n{\"id\": \"E1\", \"a\": [1,\n{\"id\": \"E2\", \"a\": [1]},\n{\"id\": \"E3\"}\n]", &["E2", "E3"], 1);
    reads("[\n{\"id\": \"E1\", \"a\": \"x\n{\"id\": \"E2\"}},\n{\"id\": \"E3\"}\n]", &["E2", "E3"], 2);
    reads("[\n{\"id\": \"E1\", \"a\": \"x\\\n{\"id\": \"E2\"},\n{\"id\": \"E3\"}\n]", &["E2", "E3"], 1);
    reads("[{\"id\": \"E1\"}, {\"id\": \"E2\", \"a\": {}, {\"id\": \"E3\"}, {\"id\": \"E4\"}]", &["E1", "E3", "E4"], 1);
    let pretty = "[\n  {\n    \"id\": \"E1\",\n    \"a\": {\n      \"b\": 1\n  },\n  {\n    \"id\": \"E2\"\n  }\n]";
    reads(pretty, &["E2"], 1);
}

#[test]
fn a_bracket_too_many_ends_no_list() {
    reads("[\n{\"id\": \"E1\"}],\n{\"id\": \"E2\"}\n]", &["E1", "E2"], 1);
    reads("[\n{\"id\": \"E1\", \"a\": 1], \"b\": {\"id\": \"T1\"}},\n{\"id\": \"E2\"}\n]", &["E2"], 1);
    reads("[\n{\"id\": \"E1\"}\n]\n[{\"id\": \"E2\"}]\n{\"id\": \"E3\"}", &["E1", "E2", "E3"], 0);
}

/// How an element came to be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Brace,
    Quote,
    NotANumber,
    Garbage,
    BraceTooMany,
    CutOff,
    CutOffWithComma,
}

/// An element: its fault, and a number that says where in it.
type Element = (Fault, usize);

fn element() -> impl Strategy<Value = Element> {
    use Fault as F;
    let faults = vec![
        F::None,
        F::None,
        F::Brace,
        F::Quote,
        F::NotANumber,
        F::Garbage,
        F::BraceTooMany,
        F::CutOff,
        F::CutOffWithComma,
    ];
    (prop::sample::select(faults), 0..10_000usize)
}

/// How the elements are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    OneALine,
    Indented,
}

fn written(at: usize, layout: Layout, (fault, place): Element) -> String {
    let value = serde_json::json!({
        "id": format!("E{at}"), "patient": {"risk": "low", "asa": 2},
        "rescue": {"strategies": ["take_over", "cue"], "team": [{"id": "T1"}, {"id": "T2", "of": {"id": "T3"}}]}, "x": 0.5
    });
    let text = match layout {
        Layout::OneALine => value.to_string(),
        Layout::Indented => serde_json::to_string_pretty(&value).unwrap().replace('\n', "\n  "),
    };
    let nth = |mark: char| {
        let places: Vec<usize> = text.match_indices(mark).map(|(at, _)| at).collect();
        places[place % places.len()]
    };
    // Right behind a colon or a bracket, the next record would pass for the value.
    let cut_off = text.split_at(place % (text.len() - 1) + 1).0.trim_end_matches([':', '[', ' ', '\n']);
    let without = |at: usize| format!("{}{}", text.split_at(at).0, text.split_at(at + 1).1);
    match fault {
        Fault::None => format!("{text},"),
        Fault::Brace => format!("{},", without(nth('}'))),
        Fault::Quote => format!("{},", without(nth('"'))),
        Fault::NotANumber => format!("{},", text.replace("0.5", "NaN")),
        Fault::Garbage => format!("{text} oops,"),
        Fault::BraceTooMany => format!("{text}}},"),
        Fault::CutOff => cut_off.to_owned(),
        Fault::CutOffWithComma => format!("{cut_off},"),
    }
}

/// Says whether a fault leaves the record as it was.
fn is_whole(fault: Fault) -> bool {
    matches!(fault, Fault::None | Fault::Garbage | Fault::BraceTooMany)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn broken_elements_spoil_no_others(
        layout in prop::sample::select(vec![Layout::OneALine, Layout::Indented]),
        mut elements in prop::collection::vec(element(), 0..12),
        may_lack_brackets in any::<bool>(),
        is_closed in any::<bool>(),
    ) {
        // A brace too many somewhere may close what a list without its bracket left open: then nobody can tell.
        elements.retain(|(fault, _)| match fault {
            Fault::BraceTooMany => !may_lack_brackets,
            Fault::Quote | Fault::CutOff | Fault::CutOffWithComma => may_lack_brackets,
            _ => true,
        });
        elements.push((Fault::None, 0));
        let lines: Vec<String> = elements.iter().enumerate().map(|(at, element)| written(at, layout, *element)).collect();
        let text = format!("[\n  {}\n{}", lines.join("\n  ").trim_end_matches(','), if is_closed { "]" } else { "" });
        let log = Log::read(text.clone(), Format::Json);
        let whole: Vec<String> =
            elements.iter().enumerate().filter(|(_, (fault, _))| is_whole(*fault)).map(|(at, _)| format!("E{at}")).collect();
        prop_assert_eq!(log.ids(), whole, "{}\n\n{}", text, log.outline());
        let faults = elements.iter().filter(|(fault, _)| *fault != Fault::None).count() + usize::from(!is_closed);
        prop_assert!(log.reasons().len() >= faults, "{}\n\n{}", text, log.outline());
    }
}
