//! Grounds, the default, scope, and the rows of the verdict.

use super::support::table;

fn forbidding(rules: &str) -> String {
    format!("policy one \"One\"\n  vocabulary small\n\n{rules}\n")
}

#[test]
fn what_no_rule_permits_is_impermissible() {
    table(
        &forbidding("rule p \"P\"\n  when a\n  permit when b\n  unless c"),
        &[
            ("\"a\": true, \"b\": true, \"c\": false", "permissible; p given"),
            ("\"a\": false", "impermissible; p not given"),
            ("\"b\": false", "impermissible; p not given"),
            ("\"c\": true", "impermissible; p not given"),
            ("\"a\": true, \"b\": true", "undetermined; p open; wants c"),
            ("\"b\": true, \"c\": false", "undetermined; p open; wants a"),
            ("", "undetermined; p open; wants a, b, c"),
        ],
    );
    table(&forbidding("rule r \"R\"\n  require a"), &[("\"a\": true", "impermissible; r satisfied")]);
}

#[test]
fn one_ground_of_several_is_enough() {
    table(
        &forbidding("rule p \"P\"\n  permit when a\n\nrule q \"Q\"\n  permit when b"),
        &[
            ("\"a\": true", "permissible; p given, q open"),
            ("\"a\": false, \"b\": true", "permissible; p not given, q given"),
            ("\"a\": false", "undetermined; p not given, q open; wants b"),
            ("\"a\": false, \"b\": false", "impermissible; p not given, q not given"),
            ("", "undetermined; p open, q open; wants a, b"),
        ],
    );
}

/// Violation, then no ground, then what is open, then permission.
#[test]
fn the_verdict_is_the_first_row_that_fits() {
    table(
        &forbidding("rule p \"P\"\n  permit when a\n\nrule r \"R\"\n  require b\n\nrule s \"S\"\n  require c"),
        &[
            ("\"a\": true, \"b\": true, \"c\": true", "permissible; p given, r satisfied, s satisfied"),
            ("\"a\": true, \"b\": false", "impermissible; p given, r violated, s undetermined"),
            ("\"b\": false", "impermissible; p open, r violated, s undetermined"),
            ("\"a\": false", "impermissible; p not given, r undetermined, s undetermined"),
            ("\"a\": true, \"b\": true", "undetermined; p given, r satisfied, s undetermined; wants c"),
            ("\"b\": true, \"c\": true", "undetermined; p open, r satisfied, s satisfied; wants a"),
            ("\"b\": true", "undetermined; p open, r satisfied, s undetermined; wants a, c"),
        ],
    );
}

#[test]
fn a_policy_covers_what_it_applies_to() {
    let policy = "policy one \"One\"\n  vocabulary small\n  applies when place is ward and n at least 2\n  default permit\n\nrule r \"R\"\n  require a\n";
    table(
        policy,
        &[
            ("\"place\": \"clinic\"", "not covered"),
            ("\"n\": 1", "not covered"),
            ("\"place\": \"ward\", \"n\": 2, \"a\": false", "impermissible; r violated"),
            ("\"place\": \"ward\", \"n\": 2, \"a\": true", "permissible; r satisfied"),
            ("\"n\": 2, \"a\": false", "undetermined; r violated; wants place"),
            ("\"place\": \"ward\", \"n\": 11, \"a\": true", "undetermined; r satisfied; wants n"),
            ("\"a\": true", "undetermined; r satisfied; wants n, place"),
        ],
    );
}

#[test]
fn a_definition_is_its_condition() {
    table(
        &forbidding("define busy as n above 3 or b\n\nrule p \"P\"\n  permit when not busy and a"),
        &[
            ("\"n\": 2, \"b\": false, \"a\": true", "permissible; p given"),
            ("\"n\": 4, \"a\": true", "impermissible; p not given"),
            ("\"n\": 2, \"a\": true", "undetermined; p open; wants b"),
            ("\"a\": false", "impermissible; p not given"),
        ],
    );
}
