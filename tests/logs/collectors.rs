//! What is gathered over a whole audit.

use forbear::log::{Format, Ids, TextValues, UnknownKeys};
use insta::assert_snapshot;

use super::support::{Log, fit, vocabulary};

#[test]
fn unknown_keys_are_told_once_with_the_nearest_field() {
    let vocabulary = vocabulary();
    let log = Log::read("- id: 1\n  patient: {rsk: low}\n- asa: 2\n  patient.rsk: x\n- zzz: 1\n", Format::Yaml);
    let mut keys = UnknownKeys::new();
    for fitted in fit(&log, &vocabulary) {
        keys.add(&fitted.unknown);
    }
    assert_snapshot!(log.told(&keys.diagnostics(&vocabulary)));
}

/// The code warns that something is not read: where nothing is said, nothing is lost.
#[test]
fn a_key_counts_where_it_says_something() {
    let vocabulary = vocabulary();
    let told = |text: &str, format: Format| -> Vec<(String, usize)> {
        let log = Log::read(text, format);
        let mut keys = UnknownKeys::new();
        fit(&log, &vocabulary).iter().for_each(|fitted| keys.add(&fitted.unknown));
        keys.keys().map(|key| (key.path, key.records)).collect()
    };
    let csv = "id,empty,blank,some,patient.risk.note\n1,,  ,,\n2,,\u{a0},x,\n3,,,0,\n";
    assert_eq!(told(csv, Format::Csv), [("some".to_owned(), 2)]);
    let yaml = "- {id: 1, none: null, tilde: ~, blank: ' ', group: {}, deep: {none: null}, list: [], no: false}\n\
                - {id: 2, none: null, patient: {risk: low}, patient.risk.note: ~}\n";
    assert_eq!(told(yaml, Format::Yaml), [("list".to_owned(), 1), ("no".to_owned(), 1)]);
}

#[test]
fn ids_that_stand_twice_are_told_with_their_places() {
    let vocabulary = vocabulary();
    let id = vocabulary.find_field("id").unwrap();
    let log = Log::read("- id: A\n- id: B\n- id: A\n- x: 1\n- x: 2\n- id: B\n- id: A\n", Format::Yaml);
    let mut ids = Ids::new();
    for fitted in fit(&log, &vocabulary) {
        ids.add(&fitted.episode, fitted.episode.place(id));
    }
    let diagnostics: Vec<_> = ids.duplicates().iter().map(|duplicate| duplicate.diagnostic()).collect();
    assert_snapshot!(log.told(&diagnostics));
}

#[test]
fn texts_that_match_no_constant_are_listed() {
    let vocabulary = vocabulary();
    let field = vocabulary.find_field("education.objective").unwrap();
    let rows: String = (0..30).map(|at| format!("{at},text {}\n", at % 25)).collect();
    let log = Log::read(format!("id,education.objective\n1,knots\n{rows}"), Format::Csv);
    let mut values = TextValues::new();
    values.watch(field, ["knots", "sutures"]);
    for fitted in fit(&log, &vocabulary) {
        values.add(&fitted.episode);
    }
    let unmatched = values.unmatched();
    assert_eq!((unmatched[0].values.len(), unmatched[0].records), (20, 30));
    assert_snapshot!(log.told(&[unmatched[0].diagnostic(&vocabulary)]));
}
