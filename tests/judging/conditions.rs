//! Conditions, each as the requirement of a rule: what is known, what is not, and what is known in part.

use super::support::condition;

const T: &str = "satisfied";
const F: &str = "violated";
const U: &str = "undetermined";

#[test]
fn missing_is_neither_true_nor_false() {
    condition(
        "n is 3",
        &[("\"n\": 3", T), ("\"n\": 4", F), ("", U), ("\"n\": null", U), ("\"n\": \"\"", U), ("\"n\": \"  \"", U)],
    );
    condition("n is not 3", &[("\"n\": 3", F), ("\"n\": 4", T), ("", U)]);
    condition("place is one of ward, clinic", &[("\"place\": \"clinic\"", T), ("\"place\": \"theatre\"", F), ("", U)]);
    condition(
        "place is not one of ward, clinic",
        &[("\"place\": \"theatre\"", T), ("", U), ("\"place\": \"barn\"", U)],
    );
    condition(
        "by is not who",
        &[("\"by\": \"A\", \"who\": \"B\"", T), ("\"by\": \"A\", \"who\": \"A\"", F), ("\"by\": \"A\"", U)],
    );
}

#[test]
fn presence_is_always_known() {
    condition("n is present", &[("\"n\": 3", T), ("", F), ("\"n\": \"three\"", F), ("\"n\": 11", F)]);
    condition("n is missing", &[("\"n\": 3", F), ("", T), ("\"n\": null", T), ("\"n\": 11", T)]);
    condition("plan is present", &[("\"plan\": []", T), ("\"plan\": null", F), ("", F)]);
    condition("began is present", &[("\"began\": \"2026-03\"", T), ("\"began\": \"noon\"", F)]);
}

#[test]
fn connectives_are_those_of_kleene() {
    condition(
        "a and b",
        &[("\"a\": true, \"b\": true", T), ("\"a\": false", F), ("\"b\": false", F), ("\"a\": true", U), ("", U)],
    );
    condition(
        "a or b",
        &[("\"a\": true", T), ("\"b\": true", T), ("\"a\": false, \"b\": false", F), ("\"a\": false", U), ("", U)],
    );
    condition("not (a and b)", &[("\"a\": false", T), ("\"a\": true, \"b\": true", F), ("\"a\": true", U)]);
    condition("a or not a", &[("\"a\": false", T), ("", U)]);
}

#[test]
fn bounds_are_strict_or_not_as_they_say() {
    condition("n at least 3", &[("\"n\": 3", T), ("\"n\": 2", F)]);
    condition("n at most 3", &[("\"n\": 3", T), ("\"n\": 4", F)]);
    condition("n above 3", &[("\"n\": 3", F), ("\"n\": 4", T)]);
    condition("n below 3", &[("\"n\": 3", F), ("\"n\": 2", T)]);
    condition("n between 2 and 4", &[("\"n\": 1", F), ("\"n\": 2", T), ("\"n\": 4", T), ("\"n\": 5", F), ("", U)]);
    condition(
        "risk between low and moderate",
        &[("\"risk\": \"negligible\"", F), ("\"risk\": \"low\"", T), ("\"risk\": \"high\"", F)],
    );
    condition("risk above low", &[("\"risk\": \"low\"", F), ("\"risk\": \"moderate\"", T), ("\"risk\": \"Low\"", U)]);
}

#[test]
fn numbers_are_exact() {
    condition(
        "x is 2",
        &[("\"x\": 2", T), ("\"x\": 2.0", T), ("\"x\": 2e0", T), ("\"x\": \"2.00\"", T), ("\"x\": 2.0000000001", F)],
    );
    condition("x is 0.3", &[("\"x\": 0.3", T), ("\"x\": 0.30000000000000004", F)]);
    condition("n is 2", &[("\"n\": 2.0", T), ("\"n\": 2.5", U)]);
    condition(
        "x at most 1",
        &[("\"x\": 1.0000000000000000000000000001", U), ("\"x\": 0.9999999999999999999999999999", T)],
    );
}

#[test]
fn percentages_may_be_written_with_their_sign_or_without() {
    for written in ["20", "\"20\"", "\"20 %\"", "\"20%\"", "20.0"] {
        condition("p at least 20 %", &[(&format!("\"p\": {written}"), T)]);
        condition("p above 20 %", &[(&format!("\"p\": {written}"), F)]);
    }
}

#[test]
fn durations_are_elapsed_time() {
    for written in ["1 day", "24 hours", "24 h", "1440 min", "86400 s"] {
        condition("wait at most 1 day", &[(&format!("\"wait\": \"{written}\""), T)]);
        condition("wait below 24 hours", &[(&format!("\"wait\": \"{written}\""), F)]);
    }
    condition(
        "wait at most 1 week",
        &[
            ("\"wait\": \"168 hours\"", T),
            ("\"wait\": \"8 days\"", F),
            ("\"wait\": \"8\"", U),
            ("\"wait\": \"1 month\"", U),
        ],
    );
}

#[test]
fn texts_are_equal_when_the_same_after_trimming() {
    condition(
        "note is \"Größe\"",
        &[("\"note\": \" Größe \"", T), ("\"note\": \"Gro\\u0308ße\"", T), ("\"note\": \"größe\"", F)],
    );
    condition("who is \"S-1\"", &[("\"who\": \" S-1\"", T), ("\"who\": \"s-1\"", F)]);
}

#[test]
fn sets_of_which_some_members_are_unfit_say_what_is_known() {
    condition(
        "plan includes stop",
        &[
            ("\"plan\": [\"stop\", \"shout\"]", T),
            ("\"plan\": [\"call\", \"shout\"]", U),
            ("\"plan\": [\"call\"]", F),
            ("\"plan\": []", F),
            ("\"plan\": \"\"", U),
            ("", U),
        ],
    );
    condition(
        "plan includes any of stop, watch",
        &[("\"plan\": [\"watch\"]", T), ("\"plan\": [\"call\", \"shout\"]", U), ("\"plan\": [\"call\"]", F)],
    );
    condition(
        "plan includes all of stop, watch",
        &[
            ("\"plan\": [\"watch\", \"stop\", \"shout\"]", T),
            ("\"plan\": [\"watch\", \"shout\"]", U),
            ("\"plan\": [\"watch\"]", F),
        ],
    );
    condition(
        "team includes who",
        &[
            ("\"team\": [\"A\", \"B\"], \"who\": \"B\"", T),
            ("\"team\": [\"A\"], \"who\": \"B\"", F),
            ("\"team\": [\"A\"]", U),
            ("\"team\": []", U),
        ],
    );
}

#[test]
fn instants_that_are_known_in_part_decide_where_all_of_them_do() {
    condition(
        "began before 2026-03-01T00:00:00Z",
        &[
            ("\"began\": \"2026-02\"", T),
            ("\"began\": \"2026-03-01\"", U),
            ("\"began\": \"2026-01\"", T),
            ("\"began\": \"2026\"", U),
            ("\"began\": \"2025\"", T),
            ("\"began\": \"2026-03-02\"", F),
        ],
    );
    condition(
        "planned before began",
        &[
            ("\"planned\": \"2026-01\", \"began\": \"2026-02\"", T),
            ("\"planned\": \"2026-02\", \"began\": \"2026-02\"", U),
            ("\"planned\": \"2026-02\", \"began\": \"2026-01\"", F),
            ("\"planned\": \"2026-02-01T10:00\", \"began\": \"2026-02-01T10:00\"", F),
            ("\"planned\": \"2026-02-01T10:00\"", U),
        ],
    );
    // A local hour that occurs twice is one of two instants.
    condition(
        "began before 2025-10-26T01:00:00Z",
        &[
            ("\"began\": \"2025-10-26T02:30:00\"", U),
            ("\"began\": \"2025-10-26T02:30:00+02:00\"", T),
            ("\"began\": \"2025-10-26T01:59:00\"", T),
            ("\"began\": \"2025-10-26T03:00:00\"", F),
        ],
    );
}

#[test]
fn a_date_is_compared_with_the_local_date_of_an_instant() {
    condition(
        "planned before day",
        &[
            ("\"planned\": \"2026-02-28T22:59:00Z\", \"day\": \"2026-03-01\"", T),
            ("\"planned\": \"2026-02-28T23:00:00Z\", \"day\": \"2026-03-01\"", F),
            ("\"planned\": \"2026-02\", \"day\": \"2026-03-01\"", T),
            ("\"planned\": \"2026-03\", \"day\": \"2026-03-01\"", F),
            ("\"planned\": \"2026-03\", \"day\": \"2026-03-02\"", U),
            ("\"planned\": \"2026-03\"", U),
        ],
    );
    condition(
        "booked after day",
        &[
            ("\"booked\": \"2026-03-02\", \"day\": \"2026-03-01\"", T),
            ("\"booked\": \"2026-03-01\", \"day\": \"2026-03-01\"", F),
        ],
    );
    condition(
        "day is 2026-03-01",
        &[("\"day\": \"2026-03-01\"", T), ("\"day\": \"2026-03-02\"", F), ("\"day\": \"2026-03\"", U)],
    );
}

#[test]
fn within_has_an_order_and_both_ends() {
    condition(
        "planned within 2 hours before began",
        &[
            ("\"planned\": \"2026-03-01T08:00Z\", \"began\": \"2026-03-01T10:00Z\"", T),
            ("\"planned\": \"2026-03-01T10:00Z\", \"began\": \"2026-03-01T10:00Z\"", T),
            ("\"planned\": \"2026-03-01T07:59Z\", \"began\": \"2026-03-01T10:00Z\"", F),
            ("\"planned\": \"2026-03-01T10:01Z\", \"began\": \"2026-03-01T10:00Z\"", F),
            ("\"planned\": \"2026-03-01\", \"began\": \"2026-03-01T10:00Z\"", U),
            ("\"planned\": \"2026-03-02\", \"began\": \"2026-03-01T10:00Z\"", F),
            ("\"planned\": \"2026-03-01T08:00Z\"", U),
        ],
    );
    condition(
        "began within 2 hours after planned",
        &[
            ("\"planned\": \"2026-03-01T08:00Z\", \"began\": \"2026-03-01T10:00Z\"", T),
            ("\"planned\": \"2026-03-01T11:00Z\", \"began\": \"2026-03-01T10:00Z\"", F),
        ],
    );
    // Over the change of the clocks, hours are elapsed hours.
    condition(
        "planned within 24 hours before began",
        &[
            ("\"planned\": \"2025-10-25T10:00\", \"began\": \"2025-10-26T10:00\"", F),
            ("\"planned\": \"2026-03-28T10:00\", \"began\": \"2026-03-29T11:00\"", T),
        ],
    );
}
