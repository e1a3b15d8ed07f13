//! Spellings with one reading only are accepted, and mean what the plain spelling means.

use super::understood;

/// What a clinician may type, and the plain spelling.
const SAME: &[(&str, &str)] = &[
    // quotes
    ("require education.objective is “suturing”", "require education.objective is \"suturing\""),
    ("require education.objective is „suturing“", "require education.objective is \"suturing\""),
    ("require education.objective is «suturing»", "require education.objective is \"suturing\""),
    ("require education.objective is \"suturing”", "require education.objective is \"suturing\""),
    // letter case
    ("REQUIRE failure.anticipated AND patient.frail", "require failure.anticipated and patient.frail"),
    ("When patient.frail\n  Require failure.anticipated", "when patient.frail\n  require failure.anticipated"),
    // symbols
    ("require patient.asa >= 3", "require patient.asa at least 3"),
    ("require patient.asa ≥ 3", "require patient.asa at least 3"),
    ("require patient.asa <= 3", "require patient.asa at most 3"),
    ("require patient.asa ≤ 3", "require patient.asa at most 3"),
    ("require patient.asa > 3", "require patient.asa above 3"),
    ("require patient.asa < 3", "require patient.asa below 3"),
    ("require patient.asa = 3", "require patient.asa is 3"),
    ("require patient.asa == 3", "require patient.asa is 3"),
    ("require patient.asa ≠ 3", "require patient.asa is not 3"),
    ("require patient.asa != 3", "require patient.asa is not 3"),
    ("require patient.asa <> 3", "require patient.asa is not 3"),
    // words of comparison
    ("require patient.asa not more than 3", "require patient.asa at most 3"),
    ("require patient.asa no more than 3", "require patient.asa at most 3"),
    ("require patient.asa not less than 3", "require patient.asa at least 3"),
    ("require patient.asa no less than 3", "require patient.asa at least 3"),
    ("require patient.asa no fewer than 3", "require patient.asa at least 3"),
    ("require patient.asa less than 3", "require patient.asa below 3"),
    ("require patient.asa fewer than 3", "require patient.asa below 3"),
    ("require patient.asa more than 3", "require patient.asa above 3"),
    ("require patient.asa greater than 3", "require patient.asa above 3"),
    ("require patient.asa greater than or equal to 3", "require patient.asa at least 3"),
    ("require patient.asa less than or equal to 3", "require patient.asa at most 3"),
    ("require patient.asa is greater than 3", "require patient.asa above 3"),
    ("require patient.asa is less than or equal to 3", "require patient.asa at most 3"),
    ("require patient.asa equals 3", "require patient.asa is 3"),
    ("require patient.asa is equal to 3", "require patient.asa is 3"),
    ("require patient.asa is at least 3", "require patient.asa at least 3"),
    ("require patient.asa is above 3", "require patient.asa above 3"),
    ("require patient.asa is between 2 and 3", "require patient.asa between 2 and 3"),
    ("require rescue.planned_at is before occurred_at", "require rescue.planned_at before occurred_at"),
    ("require activity is any of operation, procedure", "require activity is one of operation, procedure"),
    ("require activity is not any of operation, procedure", "require activity is not one of operation, procedure"),
    ("require patient.risk is not present", "require patient.risk is missing"),
    ("require patient.risk is not missing", "require patient.risk is present"),
    (
        "require rescue.planned_at within 1 hour of occurred_at",
        "require rescue.planned_at within 1 hour after occurred_at",
    ),
    // `between` takes the first `and`
    (
        "require patient.asa between 1 and 3 and patient.frail",
        "require (patient.asa between 1 and 3) and patient.frail",
    ),
    ("require patient.asa between 1 and 3 or patient.frail", "require (patient.asa between 1 and 3) or patient.frail"),
    ("require not patient.frail and failure.anticipated", "require (not patient.frail) and failure.anticipated"),
    // units and numbers
    ("require supervisor.time_to_reach at most 30 sec", "require supervisor.time_to_reach at most 30 seconds"),
    ("require supervisor.time_to_reach at most 30s", "require supervisor.time_to_reach at most 30 seconds"),
    ("require supervisor.time_to_reach at most 24h", "require supervisor.time_to_reach at most 24 hours"),
    ("require supervisor.time_to_reach at most 5 min", "require supervisor.time_to_reach at most 5 minutes"),
    ("require supervisor.time_to_reach at most 1 days", "require supervisor.time_to_reach at most 1 day"),
    ("require supervisor.time_to_reach at most 1 day", "require supervisor.time_to_reach at most 24 hours"),
    ("require supervisor.time_to_reach at most 1 week", "require supervisor.time_to_reach at most 168 hours"),
    ("require patient.asa at most 2.0", "require patient.asa at most 2"),
    // ends of clauses
    ("require failure.anticipated.", "require failure.anticipated"),
    ("require failure.anticipated;", "require failure.anticipated"),
    (
        "forbid when patient.frail, unless failure.anticipated.",
        "forbid when patient.frail\n  unless failure.anticipated",
    ),
    ("require: failure.anticipated", "require failure.anticipated"),
    ("when: patient.frail\n  require failure.anticipated", "when patient.frail\n  require failure.anticipated"),
    ("require failure.anticipated, and patient.frail", "require failure.anticipated and patient.frail"),
    ("require failure.anticipated and\n    patient.frail", "require failure.anticipated and patient.frail"),
    // lists
    (
        "require all of:\n    - patient.frail\n    - failure.anticipated",
        "require patient.frail and failure.anticipated",
    ),
    ("require all of\n    – patient.frail\n    — failure.anticipated", "require patient.frail and failure.anticipated"),
    ("require all of\n    • patient.frail\n    • failure.anticipated", "require patient.frail and failure.anticipated"),
    ("require all of\n    * patient.frail\n    * failure.anticipated", "require patient.frail and failure.anticipated"),
    ("require all of\n    ▪ patient.frail\n    · failure.anticipated", "require patient.frail and failure.anticipated"),
    (
        "require all of\n    1. patient.frail\n    2. failure.anticipated",
        "require patient.frail and failure.anticipated",
    ),
    (
        "require all of\n    1) patient.frail\n    2) failure.anticipated",
        "require patient.frail and failure.anticipated",
    ),
    (
        "require all of\n    - patient.frail,\n    - failure.anticipated.",
        "require patient.frail and failure.anticipated",
    ),
    (
        "require all of\n    - patient.frail;\n    - failure.anticipated;",
        "require patient.frail and failure.anticipated",
    ),
    (
        "require any of\n    - patient.frail; or\n    - failure.anticipated",
        "require patient.frail or failure.anticipated",
    ),
    (
        "require any of\n    - patient.frail, or\n    - failure.anticipated",
        "require patient.frail or failure.anticipated",
    ),
    // names
    ("supervision at least in-room", "supervision at least in_room"),
];

#[test]
fn what_has_one_reading_is_accepted() {
    let mut wrong = Vec::new();
    for (typed, plain) in SAME {
        let (typed_means, plain_means) = (understood(&format!("  {typed}")), understood(&format!("  {plain}")));
        assert!(plain_means.is_ok(), "{plain}: {plain_means:?}");
        if typed_means != plain_means {
            wrong.push(format!("{typed}\n  {typed_means:?}\n  {plain_means:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// After a trailing comma the next clause is no item of the list.
/// A blank that the grammar does not know, and that is cut off elsewhere, would take the clause before it with it.
#[test]
fn every_blank_of_unicode_is_a_blank() {
    let plain = "require patient.frail and failure.anticipated";
    let wanted = understood(plain);
    for blank in ('\0'..=char::MAX).filter(|c| c.is_whitespace()) {
        for pasted in [
            format!("require{blank}patient.frail and failure.anticipated"),
            format!("require patient.frail{blank}and failure.anticipated"),
            format!("{plain}{blank}"),
        ] {
            assert_eq!(understood(&pasted), wanted, "U+{:04X} in {pasted:?}", blank as u32);
        }
    }
}

/// Where a comment went on behind it, what a word processor shows on the next line would be gone.
#[test]
fn a_break_within_a_paragraph_ends_a_comment() {
    let wanted = understood("require patient.frail and failure.anticipated");
    for soft in ['\u{0B}', '\u{0C}', '\u{85}', '\u{2028}', '\u{2029}'] {
        assert_eq!(
            understood(&format!("require patient.frail # for now{soft}and failure.anticipated")),
            wanted,
            "{soft:?}"
        );
    }
}

#[test]
fn lists_end_where_no_value_follows() {
    let plain = understood("  when activity is one of operation, procedure\n  supervision at least in_room");
    assert!(plain.is_ok());
    assert_eq!(understood("  when activity is one of operation, procedure,\n  supervision at least in_room"), plain);
    let ceiling = understood("  when activity is one of operation, procedure\n  risk ceiling low");
    assert!(ceiling.is_ok());
    assert_eq!(understood("  when activity is one of operation, procedure,\n  risk ceiling low"), ceiling);
}

/// Nothing in these may be accepted, each for its reason.
#[test]
fn what_has_two_readings_is_refused() {
    for clauses in [
        "permit only when failure.anticipated",
        "require patient.frail or patient.vulnerable and failure.anticipated",
        "require activity is one of operation, procedure, and patient.frail, failure.anticipated",
        "require patient.asa above - 5",
        "require patient.asa at most 1,5",
        "require occurred_at after 01.02.2026",
        "require occurred_at after 2026-1-1",
        "require patient.consent is Given",
        "require patient.asa is \"3\"",
        "require failure.anticipated is yes",
    ] {
        assert!(understood(&format!("  {clauses}")).is_err(), "{clauses}");
    }
}
