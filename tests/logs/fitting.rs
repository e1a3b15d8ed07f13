//! The four states of a field, by type.

use forbear::episode::Slot;
use forbear::log::{FindingKind, Format};
use forbear::policy::{NameId, Names, People, Value, Vocabulary};

use super::support::{Log, fit, vocabulary};

fn slot(vocabulary: &Vocabulary, text: &str, field: &str) -> (Slot, usize) {
    let log = Log::read(text, Format::Yaml);
    let fitted = fit(&log, vocabulary);
    let id = vocabulary.find_field(field).unwrap();
    (fitted[0].episode.slot(id).clone(), fitted[0].findings.len())
}

/// Writes a slot in short: the value, or the state, and `!` for a finding.
fn short(text: &str, field: &str) -> String {
    let (slot, findings) = slot(&vocabulary(), text, field);
    let state = match slot {
        Slot::Missing => "missing".to_owned(),
        Slot::Unfit => "unfit".to_owned(),
        Slot::Present(value) if value.is_partial() => "partial".to_owned(),
        Slot::Present(Value::Boolean(value)) => value.to_string(),
        Slot::Present(Value::Number(number) | Value::Percent(number)) => number.normalize().to_string(),
        Slot::Present(Value::Name(NameId(at))) => format!("#{at}"),
        Slot::Present(Value::Text(text) | Value::Identity(text)) => format!("{text:?}"),
        Slot::Present(Value::Duration(duration)) => format!("{}s", duration.as_secs()),
        Slot::Present(Value::Period(period)) => format!("{period:?}"),
        Slot::Present(Value::Date(day)) => day.to_string(),
        Slot::Present(Value::Instant(when)) => when.earliest.to_string(),
        Slot::Present(Value::Names(names)) => format!("{:?}", names.members.iter().map(|id| id.0).collect::<Vec<_>>()),
        Slot::Present(Value::People(people)) => format!("{:?}", people.members),
    };
    format!("{state}{}", "!".repeat(findings))
}

#[test]
fn every_type_has_its_forms() {
    let table = [
        ("failure.anticipated", "true", "true"),
        ("failure.anticipated", "'false'", "false"),
        ("failure.anticipated", "yes", "unfit!"),
        ("failure.anticipated", "True", "unfit!"),
        ("failure.anticipated", "1", "unfit!"),
        ("failure.anticipated", "", "missing"),
        ("failure.anticipated", "' '", "missing"),
        ("failure.anticipated", "~", "missing"),
        ("failure.anticipated", "{}", "unfit!"),
        ("failure.anticipated", "[true]", "unfit!"),
        ("patient.asa", "2", "2"),
        ("patient.asa", "2.0", "2"),
        ("patient.asa", "'2e0'", "2"),
        ("patient.asa", "2.5", "unfit!"),
        ("patient.asa", "7", "unfit!"),
        ("patient.asa", "three", "unfit!"),
        ("patient.asa", "017", "unfit!"),
        ("patient.asa", "true", "unfit!"),
        ("share", "20 %", "20"),
        ("share", "20%", "20"),
        ("share", "20", "20"),
        ("share", "101%", "unfit!"),
        ("weight", "-1.50", "-1.5"),
        ("weight", "1,5", "unfit!"),
        ("rescue.ready_within", "30 seconds", "30s"),
        ("rescue.ready_within", "PT1M", "60s"),
        ("rescue.ready_within", "30", "unfit!"),
        ("rescue.ready_within", "1 month", "unfit!"),
        ("seen_on", "2026-03-04", "2026-03-04"),
        ("seen_on", "2026-03", "unfit!"),
        ("seen_on", "2026-03-04T10:30", "unfit!"),
        ("occurred_at", "2026-03-04T10:30", "2026-03-04T09:30:00Z"),
        ("occurred_at", "2026-03", "partial"),
        ("occurred_at", "2026", "partial"),
        ("occurred_at", "2025-10-26T02:30", "partial"),
        ("occurred_at", "2025-03-30T02:30", "unfit!"),
        ("occurred_at", "2026-02-30", "unfit!"),
        ("occurred_at", "2026-06-01T14:00", "2026-06-01T12:00:00Z"),
        ("occurred_at", "2026-06-01T14:01", "unfit!"),
        ("occurred_at", "2026-06", "partial"),
        ("occurred_at", "2026-07", "unfit!"),
        ("patient.risk", "' high '", "#2"),
        ("patient.risk", "major", "#2"),
        ("patient.risk", "HIGH", "unfit!"),
        ("supervision", "4", "#1"),
        ("supervision", "4.0", "#1"),
        ("supervision", "'4'", "#1"),
        ("supervision", "5", "unfit!"),
        ("supervision", "In room", "#1"),
        ("education.objective", "\" e\\u0301 \"", "\"é\""),
        ("education.objective", "17.0", "\"17.0\""),
        ("education.objective", "true", "\"true\""),
        ("education.objective", "\"a\\0b\"", "unfit!"),
        ("trainee.id", "007", "\"007\""),
        ("rescue.strategies", "[]", "[]"),
        ("rescue.strategies", "take_over", "[0]"),
        ("rescue.strategies", "[cue, take_over, verbal_cue]", "[0, 1]"),
        ("rescue.strategies", "[cue, nonsense]", "partial!"),
        ("rescue.strategies", "[cue, ~, [a], {b: c}]", "partial!!!"),
        ("rescue.strategies", "[nonsense, other]", "partial!!"),
        ("rescue.strategies", "cue; take_over", "partial!"),
        ("rescue.strategies", "~", "missing"),
        ("rescue.team", "[S-2, S-1, S-2]", "[\"S-1\", \"S-2\"]"),
    ];
    for (field, value, expected) in table {
        let path = if field == "supervision" { "supervisor.level" } else { field };
        assert_eq!(short(&format!("{path}: {value}\n"), field), expected, "{field}: {value}");
    }
}

#[test]
fn a_group_where_a_value_is_expected_is_unfit_once() {
    assert_eq!(short("patient:\n  risk:\n    before: low\n    after: high\n", "patient.risk"), "unfit!");
    assert_eq!(short("patient:\n", "patient.risk"), "missing");
    assert_eq!(short("patient: {}\n", "patient.risk"), "missing");
}

#[test]
fn a_repeated_key_makes_what_lies_below_it_unfit() {
    let text = "id: 1\npatient: {risk: low, asa: 2}\npatient.risk: high\n";
    assert_eq!(short(text, "patient.risk"), "unfit!");
    assert_eq!(short(text, "patient.asa"), "2!");
    let text = "id: 1\npatient: {risk: low}\npatient: {asa: nonsense}\nid: 2\n";
    assert_eq!(short(text, "patient.risk"), "unfit!!");
    assert_eq!(short(text, "patient.asa"), "unfit!!");
    assert_eq!(short(text, "id"), "unfit!!");
    assert_eq!(short("id: 1\nnotes: a\nnotes: b\n", "id"), "\"1\"");
}

#[test]
fn sets_are_split_in_csv_only() {
    let vocabulary = vocabulary();
    let text = "id,rescue.strategies,rescue.team\n1, cue | take_over;cue ;,S-1\n2,,\n";
    let log = Log::read(text, Format::Csv);
    let fitted = fit(&log, &vocabulary);
    let field = |name| vocabulary.find_field(name).unwrap();
    let names = Names { members: [NameId(0), NameId(1)].into(), complete: true };
    assert_eq!(fitted[0].episode.value(field("rescue.strategies")), Some(&Value::Names(names)));
    let people = People { members: ["S-1".into()].into(), complete: true };
    assert_eq!(fitted[0].episode.value(field("rescue.team")), Some(&Value::People(people)));
    assert_eq!(fitted[1].episode.slot(field("rescue.team")), &Slot::Missing);
}

#[test]
fn a_repeated_column_is_a_finding_that_is_the_same_in_every_row() {
    let vocabulary = vocabulary();
    let log = Log::read("id,patient.risk,id\n1,low,1\n2,low,2\n", Format::Csv);
    let fitted = fit(&log, &vocabulary);
    assert_eq!(fitted[0].findings, fitted[1].findings);
    assert!(matches!(fitted[0].findings[0].kind, FindingKind::RepeatedKey { .. }));
    assert_eq!(fitted[0].episode.id, None);
}

#[test]
fn the_id_is_as_written() {
    let vocabulary = vocabulary();
    let log = Log::read("{\"id\": 7.0}\n{\"id\": \" EP-1 \"}\n{\"id\": null}\n{}\n", Format::Jsonl);
    let ids: Vec<Option<String>> = fit(&log, &vocabulary).into_iter().map(|fitted| fitted.episode.id).collect();
    assert_eq!(ids, [Some("7.0".to_owned()), Some("EP-1".to_owned()), None, None]);
}

#[test]
fn what_nobody_asks_for_is_listed() {
    let vocabulary = vocabulary();
    let log = Log::read("id: 1\nnotes: x\npatient: {name: y, risk: low}\nsupervisor:\n", Format::Yaml);
    let fitted = fit(&log, &vocabulary);
    let unknown: Vec<&str> = fitted[0].unknown.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(unknown, ["notes", "patient.name"]);
}

#[test]
fn of_one_set_not_every_member_is_told() {
    let members = vec!["nonsense"; 1_000].join(", ");
    assert_eq!(
        short(&format!("rescue.strategies: [cue, {members}]\n"), "rescue.strategies"),
        format!("partial{}", "!".repeat(20))
    );
}
