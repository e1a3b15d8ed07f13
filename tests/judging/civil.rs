//! Time on the local calendar and the local clock: months, leap days, times of day, and the two nights of the clock.

use super::support::{condition, permitting, table};

#[test]
fn a_month_back_ends_on_the_last_day_of_a_shorter_one() {
    let none = permitting("rule r \"R\"\n  require no episode per who in the past 1 month");
    let first = ("\"id\": \"1\", \"began\": \"2026-02-28T08:00\", \"who\": \"A\"", "permissible; r satisfied");
    for (time, expected) in [
        ("2026-03-28T07:59", "impermissible; r violated"),
        ("2026-03-28T08:00", "permissible; r satisfied"),
        ("2026-03-31T08:00", "permissible; r satisfied"),
        ("2026-03-31T07:59", "impermissible; r violated"),
    ] {
        table(&none, &[first, (&format!("\"id\": \"2\", \"began\": \"{time}\", \"who\": \"A\""), expected)]);
    }
}

#[test]
fn a_year_after_a_leap_day_is_the_last_of_february() {
    condition(
        "planned within 1 year before began",
        &[
            ("\"planned\": \"2024-02-29T08:00\", \"began\": \"2025-02-28T08:00\"", "satisfied"),
            ("\"planned\": \"2024-02-29T08:00\", \"began\": \"2025-02-28T08:01\"", "violated"),
            ("\"planned\": \"2025-03-29T08:00\", \"began\": \"2026-03-29T08:00\"", "satisfied"),
            ("\"planned\": \"2026-03-29T08:01\", \"began\": \"2026-03-29T08:00\"", "violated"),
        ],
    );
    condition(
        "day within 6 months before booked",
        &[
            ("\"day\": \"2025-08-31\", \"booked\": \"2026-02-28\"", "satisfied"),
            ("\"day\": \"2025-08-31\", \"booked\": \"2026-03-01\"", "violated"),
        ],
    );
}

#[test]
fn a_time_of_day_includes_its_start_and_not_its_end() {
    condition(
        "began between 22:00 and 07:00",
        &[
            ("\"began\": \"2026-03-01T21:59:59\"", "violated"),
            ("\"began\": \"2026-03-01T22:00:00\"", "satisfied"),
            ("\"began\": \"2026-03-02T06:59:59\"", "satisfied"),
            ("\"began\": \"2026-03-02T07:00:00\"", "violated"),
            ("\"began\": \"2026-03-02T06:00:00+00:00\"", "violated"),
            ("\"began\": \"2026-03-02\"", "undetermined"),
        ],
    );
    condition("began between 08:00 and 12:00", &[("\"began\": \"2026-03-01T12:00\"", "violated")]);
}

#[test]
fn the_night_of_two_half_past_twos() {
    condition(
        "began between 02:15 and 02:45",
        &[
            ("\"began\": \"2025-10-26T02:30\"", "satisfied"),
            ("\"began\": \"2025-10-26T02:30+02:00\"", "satisfied"),
            ("\"began\": \"2025-10-26T02:30+01:00\"", "satisfied"),
        ],
    );
    let none = permitting("rule r \"R\"\n  require no episode per who in the past 30 minutes");
    let first = ("\"id\": \"1\", \"began\": \"2025-10-26T02:20+02:00\", \"who\": \"A\"", "permissible; r satisfied");
    let twice = "\"id\": \"2\", \"began\": \"2025-10-26T02:30\", \"who\": \"A\"";
    table(&none, &[first, (twice, "undetermined; r undetermined; wants began, 1: an earlier episode")]);
    let later = "\"id\": \"2\", \"began\": \"2025-10-26T02:30+01:00\", \"who\": \"A\"";
    table(&none, &[first, (later, "permissible; r satisfied")]);
}

#[test]
fn a_day_of_a_window_has_24_hours_in_every_night() {
    let none = permitting("rule r \"R\"\n  require no episode per who in the past 1 day");
    let first = ("\"id\": \"1\", \"began\": \"2026-03-28T12:00\", \"who\": \"A\"", "permissible; r satisfied");
    // The clocks go forward in between: 13:00 is 24 hours after 12:00.
    table(
        &none,
        &[first, ("\"id\": \"2\", \"began\": \"2026-03-29T12:59\", \"who\": \"A\"", "impermissible; r violated")],
    );
    table(
        &none,
        &[first, ("\"id\": \"2\", \"began\": \"2026-03-29T13:00\", \"who\": \"A\"", "permissible; r satisfied")],
    );
}
