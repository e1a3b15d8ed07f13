//! The schema of mappings and their reader say the same of what may stand where.

use forbear::log::{Mapping, mapping_schema};
use forbear::source::Sources;
use jsonschema::Validator;
use serde_json::Value;

use super::support::vocabulary;

pub(super) fn schema() -> Validator {
    jsonschema::validator_for(&mapping_schema()).unwrap()
}

/// Says whether a mapping fits the schema, as an editor would see it.
pub(super) fn fits(schema: &Validator, mapping: &str) -> bool {
    serde_yaml::from_str::<Value>(mapping).is_ok_and(|value| schema.is_valid(&value))
}

fn is_read(mapping: &str) -> bool {
    let mut sources = Sources::new();
    let id = sources.add("mapping.yaml", mapping);
    Mapping::read(&sources, id, &[&vocabulary()]).1.is_empty()
}

#[test]
fn what_the_schema_takes_is_read_and_what_it_does_not_is_told() {
    let schema = schema();
    let field = |clauses: &str| format!("fields:\n  {clauses}\n");
    let whole = |key: &str| format!("{key}\nfields:\n  id: Nr\n");
    let table = [
        (field("id: Nr"), true),
        (field("id: 7"), true),
        ("fields:\n".to_owned(), true),
        ("decimal: comma\n".to_owned(), false),
        ("[]\n".to_owned(), false),
        (whole("feilds: {}"), false),
        (whole("decimal: dot"), false),
        (whole("decimal: point"), true),
        (whole("thousands: blank"), true),
        (whole("thousands: space"), false),
        (whole("separator: tab"), true),
        (whole("separator: \"\\t\""), false),
        (whole("separator: \";;\""), false),
        (whole("header row: 3"), true),
        (whole("header row: \"3\""), true),
        (whole("header row: 0"), false),
        (whole("header row: third"), false),
        (whole("for: [a.csv, b*.csv]"), true),
        (whole("for: {a: b}"), false),
        (whole("sheets: all"), true),
        (whole("sheets: [Audit, Archive]"), true),
        (whole("missing: [NA, \"?\", -99, 9.5, true]"), true),
        (whole("missing: {NA: 1}"), false),
        (whole("leave out: {when: {Nr: Total}, because: totals}"), true),
        (whole("leave out: [{when: {Nr: {begins: Total}, D: \"\"}, because: totals}]"), true),
        (whole("leave out: [{when: {Nr: {not: [1, 2]}}, because: totals}]"), true),
        (whole("leave out: [{when: {Nr: {not: {begins: [A, B]}}}, because: totals}]"), true),
        (whole("leave out: [{when: {Nr: {ends: Total}}, because: totals}]"), false),
        (whole("leave out: [{when: {Nr: Total}}]"), false),
        (whole("leave out: [{because: totals}]"), false),
        (whole("leave out: [{when: {}, because: totals}]"), false),
        (field("id: [Nr]"), false),
        (field("id: {from: [A, B]}"), true),
        (field("id: {from: {A: B}}"), false),
        (field("id: {from: A, always: b}"), false),
        (field("patient.risk: {codes: {1: low}}"), false),
        (field("patient.risk: {from: R, codes: {1: low, 2.5: high}}"), true),
        (field("patient.risk: {from: R, codes: {1: \"\"}}"), false),
        (field("patient.risk: {from: R, codes: [low]}"), false),
        (field("patient.risk: {from: R, code: {1: low}}"), false),
        (field("failure.anticipated: {always: true}"), true),
        (field("occurred_at: {from: D, written: [day.month.year, days since 1900]}"), true),
        (field("weight: {from: W, times: 100, decimal: comma, thousands: point}"), true),
        (field("weight: {from: W, times: 0}"), false),
        (field("weight: {from: W, times: \"0\"}"), false),
        (field("rescue.ready_within: {from: R, unit: minutes}"), true),
        (field("rescue.ready_within: {from: R, unit: h}"), true),
        (field("rescue.ready_within: {from: R, unit: months}"), false),
        (field("rescue.strategies: {from: S, split by: \",\"}"), true),
        (field("rescue.strategies: {checked in: {a: take_over}, checked: 1, unchecked: [0, \"\"]}"), true),
        (field("rescue.strategies: {checked in: {a: take_over}, checked: 1}"), false),
        (field("rescue.team: {from: T, checked: 1}"), false),
    ];
    for (mapping, wanted) in &table {
        assert_eq!((fits(&schema, mapping), is_read(mapping)), (*wanted, *wanted), "{mapping}");
    }
}
