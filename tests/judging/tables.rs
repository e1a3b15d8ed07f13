//! Decision tables: rows that may apply, results that agree, and `never`.

use super::support::table;

fn policy(rule: &str, rows: &str) -> String {
    format!(
        "policy one \"One\"\n  vocabulary small\n  default permit\n\nrule r \"R\"\n{rule}\n\ntable t gives risk\n{rows}\n"
    )
}

const BY_N: &str = "  | n       | a     || t     |\n  | below 3 | any   || low   |\n  | 3 to 5  | true  || low   |\n  | 3 to 5  | false || high  |\n  | above 5 | any   || never |";

#[test]
fn a_level_comes_from_the_row_that_applies() {
    table(
        &policy("  risk ceiling t", BY_N),
        &[
            ("\"n\": 2, \"risk\": \"low\"", "permissible; r satisfied"),
            ("\"n\": 2, \"risk\": \"high\"", "impermissible; r violated"),
            ("\"n\": 4, \"a\": false, \"risk\": \"high\"", "permissible; r satisfied"),
            ("\"n\": 4, \"a\": true, \"risk\": \"high\"", "impermissible; r violated"),
        ],
    );
}

#[test]
fn rows_that_agree_need_no_further_input() {
    table(
        &policy("  risk ceiling t", BY_N),
        &[
            ("\"n\": 4, \"risk\": \"low\"", "permissible; r satisfied"),
            ("\"n\": 4, \"risk\": \"high\"", "undetermined; r undetermined; wants a"),
            ("\"n\": 4", "undetermined; r undetermined; wants risk, a"),
            ("\"n\": 2", "undetermined; r undetermined; wants risk"),
            ("\"a\": true, \"risk\": \"low\"", "undetermined; r undetermined; wants n"),
        ],
    );
}

#[test]
fn never_is_false_whether_or_not_the_field_is_known_and_unless_still_counts() {
    table(
        &policy("  risk ceiling t\n  unless b", BY_N),
        &[
            ("\"n\": 6, \"b\": false", "impermissible; r violated"),
            ("\"n\": 6, \"b\": false, \"risk\": \"low\"", "impermissible; r violated"),
            ("\"n\": 6, \"b\": true", "permissible; r excused, needed"),
        ],
    );
}

#[test]
fn of_never_only_is_never_is_true() {
    let of = |asked: &str, with_never: &str, with_low: &str| {
        let rule = format!("  require {asked}");
        table(&policy(&rule, BY_N), &[("\"n\": 6", with_never), ("\"n\": 1", with_low)]);
    };
    let (yes, no) = ("permissible; r satisfied", "impermissible; r violated");
    of("t is never", yes, no);
    of("t is not never", no, yes);
    of("t is low", no, yes);
    of("t is not low", yes, no);
    of("t at least low", no, yes);
    of("t is one of low, high", no, yes);
    of("t between low and high", no, yes);
}

/// Two rows give different levels, and both are levels that are asked for.
#[test]
fn what_is_asked_of_a_table_is_one_comparison() {
    let open = "\"n\": 4";
    table(&policy("  require t is one of low, high", BY_N), &[(open, "permissible; r satisfied")]);
    table(&policy("  require t between low and high", BY_N), &[(open, "permissible; r satisfied")]);
    table(&policy("  require t is never", BY_N), &[(open, "impermissible; r violated")]);
    table(&policy("  require t is low", BY_N), &[(open, "undetermined; r undetermined; wants a")]);
}
