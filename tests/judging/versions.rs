//! Which version judges: before, within, between and after; days in each version's own zone; times known in part.

use super::support::table;

/// Two versions with a gap in February 2026, in the first of which `a` is asked, in the second `b`.
const WARD: &str = "\
policy ward \"Ward\"
  version first
  effective from 2025-07-01 until 2026-01-31
  time zone Europe/Zurich
  vocabulary small
  default permit

rule r \"R\"
  require a

policy ward \"Ward\"
  version second
  effective from 2026-03-01
  time zone Europe/Zurich
  vocabulary small
  default permit

rule r \"R\"
  require b
";

/// Holds times, of records in which `a` and `b` are true, against what must be said.
fn times(policy: &str, rows: &[(&str, &str)]) {
    let records: Vec<String> =
        rows.iter().map(|(time, _)| format!("\"began\": \"{time}\", \"a\": true, \"b\": true")).collect();
    let rows: Vec<(&str, &str)> =
        records.iter().map(String::as_str).zip(rows.iter().map(|(_, expected)| *expected)).collect();
    table(policy, &rows);
}

const FIRST: &str = "permissible; version first; r satisfied";
const SECOND: &str = "permissible; version second; r satisfied";
const OPEN: &str = "undetermined; wants began";
const NONE: &str = "not covered";

#[test]
fn the_version_of_the_day_judges() {
    times(
        WARD,
        &[
            ("2025-06-30T12:00:00+02:00", NONE),
            ("2025-07-01T00:00:00+02:00", FIRST),
            ("2026-01-31T12:00:00+01:00", FIRST),
            ("2026-02-01T12:00:00+01:00", NONE),
            ("2026-02-28T12:00:00+01:00", NONE),
            ("2026-03-01T12:00:00+01:00", SECOND),
            ("2026-12-24T12:00:00+01:00", SECOND),
        ],
    );
}

#[test]
fn a_day_begins_at_midnight_of_the_policys_zone() {
    times(
        WARD,
        &[
            ("2026-01-31T22:59:59Z", FIRST),
            ("2026-01-31T23:00:00Z", NONE),
            ("2026-02-28T22:59:59Z", NONE),
            ("2026-02-28T23:00:00Z", SECOND),
            ("2025-06-30T21:59:59Z", NONE),
            ("2025-06-30T22:00:00Z", FIRST),
            ("2026-01-31T20:00:00-05:00", NONE),
            // without an offset, the clock of the policy's zone
            ("2026-01-31T23:59", FIRST),
            ("2026-02-01T00:00", NONE),
        ],
    );
}

#[test]
fn each_version_counts_days_in_its_own_zone() {
    let policy = WARD.replacen("2026-01-31\n  time zone Europe/Zurich", "2026-02-28\n  time zone Asia/Tokyo", 1);
    times(
        &policy,
        &[
            ("2026-02-28T14:59:59Z", FIRST),
            // In Tokyo it is March already, in Zurich not yet.
            ("2026-02-28T15:00:00Z", NONE),
            ("2026-02-28T23:00:00Z", SECOND),
        ],
    );
}

#[test]
fn a_time_that_is_known_in_part_decides_where_all_of_it_does() {
    times(
        WARD,
        &[
            ("2025", OPEN),
            ("2026", OPEN),
            ("2024", NONE),
            ("2025-06", NONE),
            ("2025-07", FIRST),
            ("2026-01", FIRST),
            ("2026-01-31", FIRST),
            ("2026-02", NONE),
            ("2026-03", SECOND),
        ],
    );
}

#[test]
fn a_missing_or_unfit_time_leaves_the_version_open() {
    table(
        WARD,
        &[
            ("\"a\": true, \"b\": true", OPEN),
            ("\"began\": null, \"a\": false, \"b\": false", OPEN),
            ("\"began\": \"yesterday\"", OPEN),
            ("\"began\": \"2026-02-30\"", OPEN),
            // after the present, and so unfit
            ("\"began\": \"2027-02-01T00:00:00Z\"", OPEN),
        ],
    );
    let always = "policy ward \"Ward\"\n  vocabulary small\n  default permit\n\nrule r \"R\"\n  require a\n";
    table(always, &[("\"a\": true", "permissible; r satisfied")]);
}

/// A local time that occurs twice lies on one day all the same; one that never occurs is unfit.
#[test]
fn hours_that_occur_twice_or_never() {
    times(
        WARD,
        &[("2025-10-26T02:30:00", FIRST), ("2026-03-29T02:30:00", OPEN), ("2026-03-29T02:30:00+01:00", SECOND)],
    );
    // In Beirut the last hour of the 25th occurred twice; both are of the 25th.
    let beirut = WARD.replace("Europe/Zurich", "Asia/Beirut").replace("until 2026-01-31", "until 2025-10-25");
    times(&beirut, &[("2025-10-25T23:30:00", FIRST), ("2025-10-26T00:30:00", NONE)]);
}
