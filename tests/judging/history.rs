//! Conditions on earlier episodes: windows and their edges, views, ranges, keys, and what counts once.

use super::support::{permitting, said, table};

const OK: &str = "permissible; r satisfied";
const BROKEN: &str = "impermissible; r violated";
const NOT_APPLICABLE: &str = "permissible; r not applicable";

fn rule(clauses: &str) -> String {
    permitting(&format!("rule r \"R\"\n{clauses}"))
}

/// Two a day for each person.
fn two_a_day() -> String {
    rule("  limit 2 episodes per who in any 24 hours")
}

#[test]
fn a_limit_is_broken_by_the_episode_that_exceeds_it() {
    table(
        &two_a_day(),
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\"", OK),
            ("\"id\": \"2\", \"began\": \"2026-03-01T12:00\", \"who\": \"A\"", OK),
            ("\"id\": \"3\", \"began\": \"2026-03-01T16:00\", \"who\": \"A\"", BROKEN),
            ("\"id\": \"4\", \"began\": \"2026-03-01T16:00\", \"who\": \"B\"", OK),
        ],
    );
}

#[test]
fn exactly_so_long_ago_is_outside_and_a_moment_less_inside() {
    let first = ("\"id\": \"1\", \"began\": \"2026-03-01T08:00:00\", \"who\": \"A\"", OK);
    let second = ("\"id\": \"2\", \"began\": \"2026-03-01T09:00:00\", \"who\": \"A\"", OK);
    table(&two_a_day(), &[first, second, ("\"id\": \"3\", \"began\": \"2026-03-02T08:00:00\", \"who\": \"A\"", OK)]);
    table(
        &two_a_day(),
        &[first, second, ("\"id\": \"3\", \"began\": \"2026-03-02T07:59:59\", \"who\": \"A\"", BROKEN)],
    );
}

#[test]
fn episodes_at_one_instant_count_for_each_other() {
    let same = |id: &str| format!("\"id\": \"{id}\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\"");
    let [one, two, three] = ["1", "2", "3"].map(same);
    table(&two_a_day(), &[(&one, BROKEN), (&two, BROKEN), (&three, BROKEN)]);
}

#[test]
fn the_order_of_records_makes_no_difference() {
    table(
        &two_a_day(),
        &[
            ("\"id\": \"3\", \"began\": \"2026-03-01T16:00\", \"who\": \"A\"", BROKEN),
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\"", OK),
            ("\"id\": \"2\", \"began\": \"2026-03-01T12:00\", \"who\": \"A\"", OK),
        ],
    );
}

#[test]
fn the_past_leaves_the_episode_itself_out_and_every_record_with_its_id() {
    let before = rule("  require count of episodes per who in the past 24 hours at most 0");
    table(
        &before,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\"", OK),
            ("\"id\": \"1\", \"began\": \"2026-03-01T09:00\", \"who\": \"A\"", OK),
            ("\"id\": \"2\", \"began\": \"2026-03-01T10:00\", \"who\": \"A\"", BROKEN),
        ],
    );
}

#[test]
fn several_records_with_one_id_count_once() {
    let at_most_one = rule("  require count of episodes per who in the past 7 days at most 1");
    table(
        &at_most_one,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\"", OK),
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\"", OK),
            ("\"id\": \"2\", \"began\": \"2026-03-02T08:00\", \"who\": \"A\"", OK),
            ("\"began\": \"2026-03-03T08:00\", \"who\": \"A\"", BROKEN),
        ],
    );
}

#[test]
fn without_a_key_or_a_time_nothing_is_known_and_nobody_is_counted() {
    table(
        &two_a_day(),
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\"", "undetermined; r undetermined; wants who"),
            ("\"id\": \"2\", \"who\": \"A\"", "undetermined; r undetermined; wants began"),
            ("\"id\": \"3\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\"", OK),
            ("\"id\": \"4\", \"began\": \"2026-03-01T09:00\", \"who\": \"A\"", OK),
        ],
    );
}

#[test]
fn a_day_without_a_time_may_lie_on_either_side_of_an_edge() {
    let none_before = rule("  require no episode per who in the past 24 hours");
    let day = "\"id\": \"1\", \"began\": \"2026-03-01\", \"who\": \"A\"";
    let open = "undetermined; r undetermined; wants 1: an earlier episode";
    table(&none_before, &[(day, OK), ("\"id\": \"2\", \"began\": \"2026-03-02T00:00:00\", \"who\": \"A\"", open)]);
    table(&none_before, &[(day, OK), ("\"id\": \"2\", \"began\": \"2026-03-02T12:00:00\", \"who\": \"A\"", open)]);
    table(&none_before, &[(day, OK), ("\"id\": \"2\", \"began\": \"2026-03-03T00:00:00\", \"who\": \"A\"", OK)]);
    table(
        &none_before,
        &[
            (
                "\"id\": \"1\", \"began\": \"2026-03-01T12:00\", \"who\": \"A\"",
                "undetermined; r undetermined; wants 2: an earlier episode",
            ),
            (
                "\"id\": \"2\", \"began\": \"2026-03-01\", \"who\": \"A\"",
                "undetermined; r undetermined; wants began, 1: an earlier episode",
            ),
        ],
    );
}

#[test]
fn what_was_learnt_later_does_not_count_before() {
    let pause = rule("  forbid when any episode where harm is high per who in the past 14 days");
    table(
        &pause,
        &[
            (
                "\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"harm\": \"high\", \"learnt\": \"2026-03-05T12:00\"",
                OK,
            ),
            ("\"id\": \"2\", \"began\": \"2026-03-04T08:00\", \"who\": \"A\"", OK),
            ("\"id\": \"3\", \"began\": \"2026-03-05T12:00\", \"who\": \"A\"", "impermissible; r violated"),
        ],
    );
}

#[test]
fn unclear_when_it_was_known_leaves_both_readings() {
    let pause = rule("  forbid when any episode where harm is high per who in the past 14 days");
    let wants = |id: &str| format!("undetermined; r undetermined; wants {id}: an earlier episode");
    table(
        &pause,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"harm\": \"high\"", OK),
            (
                "\"id\": \"2\", \"began\": \"2026-03-04T08:00\", \"who\": \"A\", \"harm\": \"low\", \"learnt\": \"2026-03-04T09:00\"",
                &wants("1"),
            ),
            ("\"id\": \"3\", \"began\": \"2026-04-04T08:00\", \"who\": \"A\"", OK),
        ],
    );
}

#[test]
fn what_has_not_happened_yet_is_missing_in_the_view() {
    let pause =
        rule("  forbid when any episode where harm is high and debriefed is missing per who in the past 14 days");
    let first = "\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"harm\": \"high\", \"learnt\": \"2026-03-01T09:00\", \"debriefed\": \"2026-03-03T10:00\"";
    table(
        &pause,
        &[
            (first, OK),
            (
                "\"id\": \"2\", \"began\": \"2026-03-03T09:59\", \"who\": \"A\", \"harm\": \"low\", \"learnt\": \"2026-03-03T10:00\"",
                BROKEN,
            ),
            ("\"id\": \"3\", \"began\": \"2026-03-03T10:00\", \"who\": \"A\"", OK),
        ],
    );
}

#[test]
fn a_limit_judges_only_what_it_counts() {
    table(
        &rule("  limit 1 episode where a per who in any 7 days"),
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"a\": true", OK),
            ("\"id\": \"2\", \"began\": \"2026-03-02T08:00\", \"who\": \"A\", \"a\": false", NOT_APPLICABLE),
            ("\"id\": \"3\", \"began\": \"2026-03-03T08:00\", \"who\": \"A\", \"a\": true", BROKEN),
            ("\"id\": \"4\", \"began\": \"2026-03-04T08:00\", \"who\": \"A\"", "undetermined; r undetermined; wants a"),
        ],
    );
}

#[test]
fn where_it_is_open_whether_one_counts_the_count_is_a_range() {
    let open = "undetermined; r undetermined; wants 1: an earlier episode";
    table(
        &rule("  require count of episodes where a per who in the past 7 days at most 1"),
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\"", OK),
            ("\"id\": \"2\", \"began\": \"2026-03-02T08:00\", \"who\": \"A\", \"a\": true", OK),
            ("\"id\": \"3\", \"began\": \"2026-03-03T08:00\", \"who\": \"A\", \"a\": true", open),
            ("\"id\": \"4\", \"began\": \"2026-03-04T08:00\", \"who\": \"A\", \"a\": true", BROKEN),
        ],
    );
}

#[test]
fn a_sum_takes_what_is_missing_for_anything_in_its_range() {
    let sum = rule("  require sum of n over episodes per who in any 7 days at most 12");
    table(
        &sum,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"n\": 5", OK),
            ("\"id\": \"2\", \"began\": \"2026-03-02T08:00\", \"who\": \"A\"", "undetermined; r undetermined; wants n"),
            ("\"id\": \"3\", \"began\": \"2026-03-03T08:00\", \"who\": \"A\", \"n\": 8", BROKEN),
            ("\"id\": \"4\", \"began\": \"2026-03-10T09:00\", \"who\": \"A\", \"n\": 10", OK),
        ],
    );
    let durations = rule("  require sum of wait over episodes per who in any 24 hours at most 8 hours");
    table(
        &durations,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"wait\": \"5 hours\"", OK),
            ("\"id\": \"2\", \"began\": \"2026-03-01T20:00\", \"who\": \"A\", \"wait\": \"3 hours\"", OK),
            ("\"id\": \"3\", \"began\": \"2026-03-02T07:59\", \"who\": \"A\", \"wait\": \"1 minute\"", BROKEN),
        ],
    );
}

#[test]
fn averages_and_shares_of_none_have_no_value() {
    let average = rule(
        "  when count of episodes per who in the past 7 days at least 1\n  require average of n over episodes per who in the past 7 days at least 4",
    );
    table(
        &average,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"n\": 3", NOT_APPLICABLE),
            ("\"id\": \"2\", \"began\": \"2026-03-02T08:00\", \"who\": \"A\", \"n\": 5", BROKEN),
            ("\"id\": \"3\", \"began\": \"2026-03-03T08:00\", \"who\": \"A\", \"n\": 5", OK),
        ],
    );
    let unguarded = rule("  require average of n over episodes per who in the past 7 days at least 4");
    table(
        &unguarded,
        &[("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\"", "undetermined; r undetermined")],
    );
}

#[test]
fn a_rate_asks_for_a_denominator_of_its_own() {
    let rate =
        rule("  limit share of episodes where a among episodes where b to 50 % per who in any 7 days given at least 2");
    table(
        &rate,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"a\": true, \"b\": true", OK),
            (
                "\"id\": \"2\", \"began\": \"2026-03-02T08:00\", \"who\": \"A\", \"a\": true, \"b\": false",
                NOT_APPLICABLE,
            ),
            (
                "\"id\": \"3\", \"began\": \"2026-03-03T08:00\", \"who\": \"A\", \"a\": false, \"b\": true",
                NOT_APPLICABLE,
            ),
            ("\"id\": \"4\", \"began\": \"2026-03-04T08:00\", \"who\": \"A\", \"a\": true, \"b\": true", BROKEN),
        ],
    );
}

#[test]
fn the_time_since_the_last_of_none_is_longer_than_every_duration() {
    let recent = rule("  require time since the last episode where a per who at most 48 hours");
    table(
        &recent,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"a\": true", BROKEN),
            ("\"id\": \"2\", \"began\": \"2026-03-03T08:00\", \"who\": \"A\", \"a\": false", OK),
            ("\"id\": \"3\", \"began\": \"2026-03-03T08:01\", \"who\": \"A\"", BROKEN),
        ],
    );
}

#[test]
fn overlap_asks_for_more_than_a_touch() {
    let alone = rule("  require count of episodes per who at the same time at most 0");
    let record = |id: &str, from: &str, until: &str| {
        format!(
            "\"id\": \"{id}\", \"began\": \"2026-03-01T{from}\", \"who\": \"A\", \"from\": \"2026-03-01T{from}\", \"until\": \"2026-03-01T{until}\""
        )
    };
    let (one, two, three) =
        (record("1", "08:00", "10:00"), record("2", "10:00", "12:00"), record("3", "11:00", "13:00"));
    table(&alone, &[(&one, OK), (&two, BROKEN), (&three, BROKEN)]);
    table(&alone, &[(&one, OK), (&two, OK)]);
    let open = "\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"from\": \"2026-03-01T08:00\"";
    table(&alone, &[(open, BROKEN), (&two, BROKEN)]);
}

#[test]
fn an_end_that_does_not_fit_is_open_and_a_missing_one_lies_at_the_as_of_instant() {
    let alone = rule("  require count of episodes per who at the same time at most 0");
    let two = "\"id\": \"2\", \"began\": \"2026-03-01T10:00\", \"who\": \"A\", \"from\": \"2026-03-01T10:00\", \"until\": \"2026-03-01T12:00\"";
    let unfit = "\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"from\": \"2026-03-01T08:00\", \"until\": \"soon\"";
    let open_one = "undetermined; r undetermined; wants 1: an earlier episode";
    table(&alone, &[(unfit, "undetermined; r undetermined; wants until, 2: an earlier episode"), (two, open_one)]);
}

#[test]
fn records_of_one_id_overlap_surely_only_if_each_of_them_does() {
    let alone = rule("  require count of episodes per who at the same time at most 0");
    let record = |id: &str, from: &str, until: &str| {
        format!(
            "\"id\": \"{id}\", \"began\": \"2026-03-01T{from}\", \"who\": \"A\", \"from\": \"2026-03-01T{from}\", \"until\": \"2026-03-01T{until}\""
        )
    };
    let (early, late, asks) =
        (record("1", "08:00", "09:00"), record("1", "10:00", "11:00"), record("2", "10:30", "12:00"));
    let perhaps = "undetermined; r undetermined; wants 1: an earlier episode";
    table(&alone, &[(&early, OK), (&late, BROKEN), (&asks, perhaps)]);
}

#[test]
fn what_records_of_one_id_say_is_summed_over_those_that_have_a_time() {
    let little = rule("  require sum of n over episodes per who in the past 7 days at most 3");
    table(
        &little,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"n\": 3", OK),
            ("\"id\": \"1\", \"who\": \"A\", \"n\": 9", "undetermined; r undetermined; wants began"),
            ("\"id\": \"2\", \"began\": \"2026-03-02T08:00\", \"who\": \"A\", \"n\": 0", OK),
        ],
    );
}

#[test]
fn a_partial_time_of_the_last_episode_is_what_is_wanting() {
    let rested = rule("  require time since the last episode per who at least 3 days");
    table(
        &rested,
        &[
            ("\"id\": \"1\", \"began\": \"2026-03\", \"who\": \"A\"", OK),
            (
                "\"id\": \"2\", \"began\": \"2026-04-02T08:00\", \"who\": \"A\"",
                "undetermined; r undetermined; wants 1: an earlier episode",
            ),
        ],
    );
}

#[test]
fn only_covered_episodes_count_by_the_version_of_their_own_day() {
    let versions = "\
policy one \"One\"
  version first
  effective from 2026-01-01 until 2026-02-28
  vocabulary small
  time zone Europe/Zurich
  applies when a
  default permit

rule r \"R\"
  limit 1 episode per who in any 30 days

policy one \"One\"
  version second
  effective from 2026-03-01
  vocabulary small
  time zone Europe/Zurich
  default permit

rule r \"R\"
  limit 1 episode per who in any 30 days
";
    table(
        versions,
        &[
            (
                "\"id\": \"1\", \"began\": \"2026-02-28T23:59:59\", \"who\": \"A\", \"a\": false",
                "not covered; version first",
            ),
            (
                "\"id\": \"2\", \"began\": \"2026-03-01T00:00:00\", \"who\": \"A\"",
                "permissible; version second; r satisfied",
            ),
            (
                "\"id\": \"3\", \"began\": \"2026-02-28T23:00:00\", \"who\": \"B\", \"a\": true",
                "permissible; version first; r satisfied",
            ),
            (
                "\"id\": \"4\", \"began\": \"2026-03-01T01:00:00\", \"who\": \"B\"",
                "impermissible; version second; r violated",
            ),
        ],
    );
}

#[test]
fn impermissible_and_excused_episodes_count_like_others() {
    let lines = said(
        &permitting("rule r \"R\"\n  limit 1 episode per who in any 7 days\n  unless b\n\nrule s \"S\"\n  require a"),
        "{\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"a\": false, \"b\": true}\n{\"id\": \"2\", \"began\": \"2026-03-02T08:00\", \"who\": \"A\", \"a\": true, \"b\": false}\n",
    );
    assert_eq!(lines[1], ["impermissible; r violated, s satisfied"]);
}

#[test]
fn two_keys_make_one_quota_for_each_combination() {
    table(
        &rule("  limit 1 episode per who, place in any 7 days"),
        &[
            ("\"id\": \"1\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \"place\": \"ward\"", OK),
            ("\"id\": \"2\", \"began\": \"2026-03-02T08:00\", \"who\": \"A\", \"place\": \"clinic\"", OK),
            ("\"id\": \"3\", \"began\": \"2026-03-03T08:00\", \"who\": \"A\", \"place\": \"ward\"", BROKEN),
        ],
    );
}

#[test]
fn a_crowd_too_large_to_look_at_one_by_one_is_left_open() {
    let alone = rule("  require count of episodes per who at the same time at most 5");
    let record = |at: usize| {
        let (hour, minute) = (at / 60 % 24, at % 60);
        format!(
            "\"id\": \"{at}\", \"began\": \"2026-03-01T08:00\", \"who\": \"A\", \
             \"from\": \"2026-03-01T{hour:02}:{minute:02}\", \"until\": \"2026-04-01\""
        )
    };
    let some: Vec<String> = (0..200).map(record).collect();
    let many: Vec<String> = (0..10_001).map(record).collect();
    let verdict = |records: &[String]| {
        let log: String = records.iter().map(|record| format!("{{{record}}}\n")).collect();
        said(&alone, &log).concat().iter().map(|line| line.split(';').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(verdict(&some), vec!["impermissible"; 200]);
    assert_eq!(verdict(&many), vec!["undetermined"; 10_001]);
}
