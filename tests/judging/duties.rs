//! Duties: every row of the table of their status, deadlines of every form, and chains.

use super::support::table_as_of;

/// As of the evening of Wednesday, 4 March 2026.
const AS_OF: &str = "2026-03-04T20:00:00+01:00";

fn policy(clauses: &str) -> String {
    format!(
        "policy one \"One\"\n  vocabulary small\n  time zone Europe/Zurich\n  calendar ward\n  default permit\n\nrule r \"R\"\n{clauses}\n"
    )
}

/// Holds what becomes of a duty against a table: `chain (link, …)`.
fn duty(clauses: &str, rows: &[(&str, &str)]) {
    let expected: Vec<String> = rows.iter().map(|(_, expected)| format!("permissible; r {expected}")).collect();
    let rows: Vec<(&str, &str)> =
        rows.iter().zip(&expected).map(|((record, _), expected)| (*record, expected.as_str())).collect();
    table_as_of(&policy(clauses), AS_OF, &rows);
}

#[test]
fn the_status_table() {
    duty(
        "  when harm above negligible\n  oblige debriefed within 24 hours\n  unless b",
        &[
            ("\"began\": \"2026-03-01T08:00\", \"harm\": \"negligible\"", "not_owed (not_owed)"),
            ("\"began\": \"2026-03-01T08:00\", \"harm\": \"low\", \"b\": true", "excused (excused)"),
            (
                "\"began\": \"2026-03-01T08:00\", \"harm\": \"low\", \"b\": false, \"debriefed\": \"2026-03-02T08:00\"",
                "fulfilled (fulfilled)",
            ),
            ("\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03-02T08:00\"", "fulfilled (fulfilled)"),
            ("\"began\": \"2026-03-01T08:00\", \"b\": false", "undetermined (undetermined)"),
            ("\"harm\": \"low\", \"b\": false", "undetermined (undetermined)"),
            (
                "\"began\": \"2026-03-01T08:00\", \"harm\": \"low\", \"b\": false, \"debriefed\": \"2026-03-02T08:01\"",
                "failed (late)",
            ),
            ("\"began\": \"2026-03-04T08:00\", \"harm\": \"low\", \"b\": false", "pending (pending)"),
            ("\"began\": \"2026-03-03T20:00\", \"harm\": \"low\", \"b\": false", "pending (pending)"),
            ("\"began\": \"2026-03-03T19:59\", \"harm\": \"low\", \"b\": false", "failed (overdue)"),
            (
                "\"began\": \"2026-03-01T08:00\", \"harm\": \"low\", \"b\": false, \"debriefed\": \"soon\"",
                "undetermined (undetermined)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"harm\": \"low\", \"b\": false, \"debriefed\": \"2026-02-28T08:00\"",
                "undetermined (undetermined)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"harm\": \"low\", \"b\": false, \"debriefed\": \"2026-03-02\"",
                "undetermined (undetermined)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"harm\": \"low\", \"b\": false, \"debriefed\": \"2026-03\"",
                "undetermined (undetermined)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"harm\": \"low\", \"b\": false, \"debriefed\": \"2026-03-05T08:00\"",
                "failed (overdue)",
            ),
        ],
    );
}

#[test]
fn without_a_deadline_it_is_done_or_outstanding() {
    duty(
        "  oblige debriefed",
        &[
            ("\"began\": \"2026-03-01T08:00\"", "outstanding (outstanding)"),
            ("\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03-04T08:00\"", "fulfilled (fulfilled)"),
        ],
    );
}

#[test]
fn a_chain_is_made_good_or_fails() {
    duty(
        "  oblige debriefed within 24 hours\n  otherwise oblige reported within 48 hours",
        &[
            ("\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03-01T09:00\"", "fulfilled (fulfilled, not_owed)"),
            ("\"began\": \"2026-03-01T08:00\", \"reported\": \"2026-03-04T08:00\"", "made_good (overdue, fulfilled)"),
            (
                "\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03-03T09:00\", \"reported\": \"2026-03-04T08:01\"",
                "failed (late, late)",
            ),
            ("\"began\": \"2026-03-02T08:00\"", "pending (overdue, pending)"),
            ("\"began\": \"2026-03-01T08:00\"", "failed (overdue, overdue)"),
            ("\"began\": \"2026-03-04T08:00\"", "pending (pending, not_owed)"),
            ("\"began\": \"2026-03-01T08:00\", \"debriefed\": \"?\"", "undetermined (undetermined, undetermined)"),
        ],
    );
}

#[test]
fn working_days_pass_over_weekends_and_holidays() {
    table_as_of(
        &policy("  oblige reported within 2 working days"),
        "2026-04-30T12:00:00+02:00",
        &[
            // Thursday before Easter: the second working day after it is Wednesday.
            (
                "\"began\": \"2026-04-02T08:00\", \"reported\": \"2026-04-08T23:59:59\"",
                "permissible; r fulfilled (fulfilled)",
            ),
            ("\"began\": \"2026-04-02T08:00\", \"reported\": \"2026-04-09T00:00:00\"", "permissible; r failed (late)"),
            // Labour Day is on the deadline.
            ("\"began\": \"2026-04-29T08:00\"", "permissible; r pending (pending)"),
            ("\"began\": \"2026-04-28T08:00\"", "permissible; r pending (pending)"),
        ],
    );
}

#[test]
fn a_year_that_the_calendar_does_not_cover_is_no_guess() {
    table_as_of(
        &policy("  oblige reported within 3 working days of planned"),
        "2027-01-01T12:00:00+01:00",
        &[(
            "\"began\": \"2026-03-01T08:00\", \"planned\": \"2024-12-20T08:00\"",
            "permissible; r undetermined (undetermined)",
        )],
    );
}

#[test]
fn days_end_on_the_local_clock() {
    table_as_of(
        &policy("  oblige debriefed by the end of the day"),
        "2026-03-31T12:00:00+02:00",
        &[
            (
                "\"began\": \"2026-03-28T23:30\", \"debriefed\": \"2026-03-28T23:59:59\"",
                "permissible; r fulfilled (fulfilled)",
            ),
            ("\"began\": \"2026-03-28T23:30\", \"debriefed\": \"2026-03-29T00:00:00\"", "permissible; r failed (late)"),
            (
                "\"began\": \"2026-03-28T23:30+00:00\", \"debriefed\": \"2026-03-29T23:00:00\"",
                "permissible; r fulfilled (fulfilled)",
            ),
        ],
    );
    table_as_of(
        &policy("  oblige debriefed by 12:00 on the next day"),
        "2026-03-31T13:00:00+02:00",
        &[
            (
                "\"began\": \"2026-03-28T08:00\", \"debriefed\": \"2026-03-29T12:00:00\"",
                "permissible; r fulfilled (fulfilled)",
            ),
            ("\"began\": \"2026-03-28T08:00\", \"debriefed\": \"2026-03-29T12:00:01\"", "permissible; r failed (late)"),
        ],
    );
    table_as_of(
        &policy("  oblige debriefed by the end of the next working day"),
        "2026-03-31T13:00:00+02:00",
        &[(
            "\"began\": \"2026-03-27T08:00\", \"debriefed\": \"2026-03-30T23:00:00\"",
            "permissible; r fulfilled (fulfilled)",
        )],
    );
}

#[test]
fn a_deadline_across_the_change_of_the_clocks() {
    // 24 hours are 24 hours, a month is a month of the local clock.
    table_as_of(
        &policy("  oblige debriefed within 24 hours"),
        "2026-04-30T12:00:00+02:00",
        &[
            (
                "\"began\": \"2026-03-28T12:00\", \"debriefed\": \"2026-03-29T13:00\"",
                "permissible; r fulfilled (fulfilled)",
            ),
            ("\"began\": \"2026-03-28T12:00\", \"debriefed\": \"2026-03-29T13:01\"", "permissible; r failed (late)"),
        ],
    );
    table_as_of(
        &policy("  oblige debriefed within 1 month"),
        "2026-04-30T12:00:00+02:00",
        &[
            (
                "\"began\": \"2026-03-15T12:00\", \"debriefed\": \"2026-04-15T12:00\"",
                "permissible; r fulfilled (fulfilled)",
            ),
            ("\"began\": \"2026-03-15T12:00\", \"debriefed\": \"2026-04-15T12:01\"", "permissible; r failed (late)"),
        ],
    );
}

#[test]
fn before_excludes_the_base_itself() {
    duty(
        "  oblige debriefed before planned",
        &[
            (
                "\"began\": \"2026-03-01T08:00\", \"planned\": \"2026-03-03T08:00\", \"debriefed\": \"2026-03-03T07:59:59\"",
                "fulfilled (fulfilled)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"planned\": \"2026-03-03T08:00\", \"debriefed\": \"2026-03-03T08:00\"",
                "failed (late)",
            ),
            ("\"began\": \"2026-03-01T08:00\", \"planned\": \"2026-03-05T08:00\"", "pending (pending)"),
            ("\"began\": \"2026-03-01T08:00\"", "undetermined (undetermined)"),
        ],
    );
}

#[test]
fn before_a_date_is_before_that_day_begins() {
    duty(
        "  oblige debriefed before booked",
        &[
            (
                "\"began\": \"2026-03-01T08:00\", \"booked\": \"2026-03-03\", \"debriefed\": \"2026-03-02T23:59:59\"",
                "fulfilled (fulfilled)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"booked\": \"2026-03-03\", \"debriefed\": \"2026-03-03T00:00\"",
                "failed (late)",
            ),
            ("\"began\": \"2026-03-01T08:00\", \"booked\": \"2026-03-05\"", "pending (pending)"),
            ("\"began\": \"2026-03-01T08:00\", \"booked\": \"2026-03-04\"", "failed (overdue)"),
        ],
    );
}

#[test]
fn what_had_not_happened_decides_whatever_else_does_not_fit() {
    duty(
        "  oblige debriefed within 24 hours with reported after learnt",
        &[
            (
                "\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03-01T09:00\", \"reported\": \"soon\"",
                "failed (overdue)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03-01T09:00\", \"reported\": \"soon\", \"learnt\": \"2026-03-01T08:30\"",
                "undetermined (undetermined)",
            ),
        ],
    );
}

#[test]
fn what_comes_after_an_undetermined_duty_is_undetermined() {
    duty(
        "  oblige debriefed within 24 hours\n  otherwise oblige reported within 24 hours",
        &[(
            "\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03\", \"reported\": \"2026-03-02T20:00\"",
            "undetermined (undetermined, undetermined)",
        )],
    );
}

#[test]
fn what_must_hold_besides_is_part_of_the_duty() {
    duty(
        "  oblige debriefed within 24 hours with who is not by",
        &[
            (
                "\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03-01T09:00\", \"who\": \"A\", \"by\": \"B\"",
                "fulfilled (fulfilled)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03-01T09:00\", \"who\": \"A\", \"by\": \"A\"",
                "failed (overdue)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"debriefed\": \"2026-03-01T09:00\", \"who\": \"A\"",
                "undetermined (undetermined)",
            ),
        ],
    );
}

#[test]
fn two_dates_count_in_calendar_days() {
    duty(
        "  oblige told within 2 days of booked",
        &[
            (
                "\"began\": \"2026-03-01T08:00\", \"booked\": \"2026-03-01\", \"told\": \"2026-03-03\"",
                "fulfilled (fulfilled)",
            ),
            (
                "\"began\": \"2026-03-01T08:00\", \"booked\": \"2026-03-01\", \"told\": \"2026-03-04\"",
                "undetermined (undetermined)",
            ),
            ("\"began\": \"2026-02-01T08:00\", \"booked\": \"2026-02-25\", \"told\": \"2026-02-28\"", "failed (late)"),
            ("\"began\": \"2026-03-01T08:00\", \"booked\": \"2026-03-02\"", "pending (pending)"),
            ("\"began\": \"2026-03-01T08:00\", \"booked\": \"2026-03-01\"", "failed (overdue)"),
        ],
    );
}

#[test]
fn silence_may_count_against_a_duty() {
    duty(
        "  when harm above negligible\n  oblige debriefed within 24 hours\n  if undocumented violated",
        &[
            ("\"began\": \"2026-03-01T08:00\"", "failed (overdue)"),
            ("\"began\": \"2026-03-01T08:00\", \"harm\": \"negligible\"", "not_owed (not_owed)"),
        ],
    );
}
