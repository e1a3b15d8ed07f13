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
