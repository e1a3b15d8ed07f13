//! Drafts of mappings: they can be read, and show nobody's name.

use std::path::PathBuf;

use forbear::check::load;
use forbear::log::{Format, Input, Known, Limits, Mapping, suggest};
use forbear::policy::Vocabulary;
use forbear::source::Sources;
use proptest::prelude::*;

use super::support::vocabulary;

fn example(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).unwrap()
}

fn draft(name: &str, bytes: impl Into<Vec<u8>>, known: &Known, vocabulary: &Vocabulary) -> String {
    let mut sources = Sources::new();
    let id = sources.add_protected(name, bytes);
    let input = Input::new(id, Format::of_path(std::path::Path::new(name)).unwrap());
    suggest(&sources, &input, known, &Limits::default(), vocabulary)
}

/// A draft has no mistake in it.
fn assert_sound(text: &str, vocabulary: &Vocabulary) {
    let mut sources = Sources::new();
    let id = sources.add("mapping.yaml", text);
    let (_, problems) = Mapping::read(&sources, id, &[vocabulary]);
    assert_eq!(problems, [], "{text}");
}

#[test]
fn a_draft_of_every_example_is_a_mapping() {
    let checked = load(&mut Sources::new());
    let clinical = &checked.vocabularies["clinical"];
    let rows = |header_row: usize| Known { header_row: Some(header_row), records: None };
    let within = |way: &str| Known { header_row: None, records: Some(way.to_owned()) };
    for (name, known) in [
        ("export/theatre.csv", rows(3)),
        ("export/theatre.csv", Known::default()),
        ("survey/episodes.csv", Known::default()),
        ("survey/dictionary.csv", Known::default()),
        ("fhir/bundle.json", within("entry[].resource")),
        ("fhir/bundle.json", Known::default()),
        ("xapi/statements.json", within("statements[]")),
        ("nursing/placement.csv", Known::default()),
        ("term/term_messy.jsonl", Known::default()),
        ("surgery/theatre.yaml", Known::default()),
    ] {
        assert_sound(&draft(name, example(name), &known, clinical), clinical);
    }
}

#[test]
fn the_draft_of_a_messy_export_and_of_a_dictionary() {
    let checked = load(&mut Sources::new());
    let clinical = &checked.vocabularies["clinical"];
    let rows = Known { header_row: Some(3), records: None };
    insta::assert_snapshot!("suggest_export", draft("theatre.csv", example("export/theatre.csv"), &rows, clinical));
    let known = Known::default();
    insta::assert_snapshot!(
        "suggest_dictionary",
        draft("dictionary.csv", example("survey/dictionary.csv"), &known, clinical)
    );
}

#[test]
fn no_name_number_or_free_text_is_shown() {
    let log = "Case,Doctor,Mail,Phone,Who was called,Comment,Risk,Resident no,Assistant\n\
               4711,Anna Meier,a@b.ch,0041 1,Meier,she cried,low,3,Huber\n\
               4712,Anna Meier,a@b.ch,0041 1,Huber,NA,low,3,Huber\n\
               4713,Anna Meier,a@b.ch,0041 1,Huber,she cried,High,7,Huber\n";
    let text = draft("log.csv", log, &Known::default(), &vocabulary());
    for secret in ["4711", "Meier", "Huber", "a@b", "0041", "cried"] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
    assert!(text.contains("low (2)") && text.contains("High (1)") && text.contains("missing: [NA]"), "{text}");
    assert_sound(&text, &vocabulary());
}

#[test]
fn names_of_columns_are_written_so_that_they_can_be_read_back() {
    for name in [
        "a: b", "- x", "# x", "*", "\"q\"", "{a}", "x,y", "yes", "true", "1", "ä b", " ", "a'b", "a\\b", "?", "&a", "%",
    ] {
        let log = format!("\"{}\",id\n1,2\n", name.replace('"', "\"\""));
        let text = draft("log.csv", log, &Known::default(), &vocabulary());
        assert_sound(&text, &vocabulary());
        // As if somebody had taken away the `#` of a line that names the column.
        let column = text.lines().find(|line| line.starts_with("  # ") && line.contains(": filled once")).unwrap();
        let column = column.strip_prefix("  # ").unwrap().split(": filled").next().unwrap();
        assert_sound(&format!("{text}  patient.asa: {column}\n"), &vocabulary());
        assert_sound(&format!("{text}  patient.asa: {{from: {column}}}\n"), &vocabulary());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever a log says, the draft is a mapping.
    #[test]
    fn any_draft_is_a_mapping(log in "[ -~\n\"äß\u{202E}]{0,200}") {
        for name in ["log.csv", "log.json", "log.yaml"] {
            assert_sound(&draft(name, log.clone(), &Known::default(), &vocabulary()), &vocabulary());
        }
    }
}
