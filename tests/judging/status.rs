//! Statuses of rules: guard, exception and requirement; silence; every norm; advice.

use super::support::{permitting, rule, said, table};

/// Guard, exception, requirement, each true, false or missing; then the status.
const STATUSES: [(&str, &str); 27] = [
    ("TFT", "satisfied"),
    ("TFF", "violated"),
    ("TF-", "undetermined"),
    ("TTT", "excused, not needed"),
    ("TTF", "excused, needed"),
    ("TT-", "excused, perhaps needed"),
    ("T-T", "satisfied"),
    ("T-F", "undetermined"),
    ("T--", "undetermined"),
    ("FFT", "not applicable"),
    ("FFF", "not applicable"),
    ("FF-", "not applicable"),
    ("FTT", "not applicable"),
    ("FTF", "not applicable"),
    ("FT-", "not applicable"),
    ("F-T", "not applicable"),
    ("F-F", "not applicable"),
    ("F--", "not applicable"),
    ("-FT", "satisfied"),
    ("-FF", "undetermined"),
    ("-F-", "undetermined"),
    ("-TT", "excused, not needed"),
    ("-TF", "excused, needed"),
    ("-T-", "excused, perhaps needed"),
    ("--T", "satisfied"),
    ("--F", "undetermined"),
    ("---", "undetermined"),
];

/// Makes the record in which `a`, `b` and `c` are so.
fn record(values: &str) -> String {
    let value = |(name, value): (char, char)| match value {
        'T' => Some(format!("\"{name}\": true")),
        'F' => Some(format!("\"{name}\": false")),
        _ => None,
    };
    "abc".chars().zip(values.chars()).filter_map(value).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_status_is_the_first_row_that_fits() {
    for silence in ["", "\n  if undocumented violated", "\n  if undocumented satisfied"] {
        let policy = rule(&format!("  when a\n  require c\n  unless b{silence}"));
        let log: String = STATUSES.iter().map(|(values, _)| format!("{{{}}}\n", record(values))).collect();
        for ((values, status), lines) in STATUSES.into_iter().zip(said(&policy, &log)) {
            let settled = match (status, silence.rsplit(' ').next()) {
                ("undetermined", Some("violated")) => "violated by silence",
                ("undetermined", Some("satisfied")) => "satisfied by silence",
                _ => status,
            };
            let verdict = match settled {
                "violated" | "violated by silence" => "impermissible",
                "undetermined" => "undetermined",
                _ => "permissible",
            };
            let line = lines[0].split("; wants").next().unwrap();
            assert_eq!(line, format!("{verdict}; r {settled}"), "{values}{silence}");
        }
    }
}

#[test]
fn what_is_wanting_is_what_leaves_the_rule_open() {
    table(
        &rule("  when a\n  require c\n  unless b"),
        &[
            ("", "undetermined; r undetermined; wants a, b, c"),
            ("\"a\": true", "undetermined; r undetermined; wants b, c"),
            ("\"a\": true, \"b\": false", "undetermined; r undetermined; wants c"),
            ("\"a\": true, \"c\": false", "undetermined; r undetermined; wants b"),
            ("\"b\": false, \"c\": false", "undetermined; r undetermined; wants a"),
            ("\"a\": true, \"b\": \"no\", \"c\": false", "undetermined; r undetermined; wants b"),
        ],
    );
}

#[test]
fn each_norm_demands_what_it_says() {
    for (norm, satisfied, violated) in [
        ("forbid when a", "\"a\": false", "\"a\": true"),
        ("never when a", "\"a\": false", "\"a\": true"),
        ("require a", "\"a\": true", "\"a\": false"),
        ("risk ceiling low", "\"risk\": \"low\"", "\"risk\": \"moderate\""),
        ("supervision at least near", "\"supervision\": \"near\"", "\"supervision\": \"far\""),
        ("supervision at least near", "\"supervision\": 2", "\"supervision\": \"far\""),
        ("supervision at least near", "\"supervision\": \" close by \"", "\"supervision\": \"far\""),
        ("rescue plan", "\"plan\": [\"watch\"]", "\"plan\": []"),
        ("rescue plan with stop, call", "\"plan\": [\"call\", \"stop\"]", "\"plan\": [\"stop\", \"watch\"]"),
        (
            "rescue plan ready within 30 seconds",
            "\"plan\": [\"stop\"], \"ready\": \"30 s\"",
            "\"plan\": [\"stop\"], \"ready\": \"31 s\"",
        ),
        (
            "rescue plan with stop ready within 1 minute",
            "\"plan\": [\"stop\"], \"ready\": \"60 seconds\"",
            "\"plan\": [\"call\"], \"ready\": \"60 seconds\"",
        ),
    ] {
        let policy = rule(&format!("  {norm}"));
        table(&policy, &[(satisfied, "permissible; r satisfied"), (violated, "impermissible; r violated")]);
        assert!(said(&policy, "{}\n")[0][0].starts_with("undetermined; r undetermined; wants "), "{norm}");
    }
}

#[test]
fn a_rescue_plan_is_open_only_where_nothing_decides() {
    table(
        &rule("  rescue plan with stop ready within 30 seconds"),
        &[
            ("\"plan\": [\"stop\"]", "undetermined; r undetermined; wants ready"),
            ("\"ready\": \"10 s\"", "undetermined; r undetermined; wants plan"),
            ("\"ready\": \"40 s\"", "impermissible; r violated"),
            ("\"plan\": []", "impermissible; r violated"),
            ("\"plan\": [\"call\"]", "impermissible; r violated"),
            ("\"plan\": [\"call\", \"shout\"], \"ready\": \"10 s\"", "undetermined; r undetermined; wants plan"),
            ("\"plan\": [\"stop\", \"shout\"], \"ready\": \"10 s\"", "permissible; r satisfied"),
            ("\"plan\": [\"stop\"], \"ready\": \"10\"", "undetermined; r undetermined; wants ready"),
        ],
    );
    table(
        &rule("  rescue plan"),
        &[
            ("\"plan\": [\"shout\"]", "undetermined; r undetermined; wants plan"),
            ("\"plan\": null", "undetermined; r undetermined; wants plan"),
        ],
    );
}

#[test]
fn never_takes_silence_against_it() {
    table(
        &rule("  when b\n  never when a\n  if undocumented violated"),
        &[
            ("\"b\": true, \"a\": true", "impermissible; r violated"),
            ("\"b\": true", "impermissible; r violated by silence"),
            ("\"a\": true", "impermissible; r violated by silence"),
            ("\"a\": false", "permissible; r satisfied"),
            ("\"b\": false", "permissible; r not applicable"),
        ],
    );
}

#[test]
fn advice_is_reported_and_decides_nothing() {
    let policy =
        permitting("rule r \"R\"\n  require a\n  severity advisory\n\nrule s \"S\"\n  require b\n  severity minor");
    table(
        &policy,
        &[
            ("\"a\": false, \"b\": true", "permissible; r violated, s satisfied"),
            ("\"b\": true", "permissible; r undetermined, s satisfied"),
            ("\"a\": false, \"b\": false", "impermissible; r violated, s violated"),
            ("", "undetermined; r undetermined, s undetermined; wants b"),
        ],
    );
}

/// Every severity but advice decides alike.
#[test]
fn a_minor_rule_decides_as_a_critical_one_does() {
    for severity in ["minor", "major", "critical"] {
        let policy = rule(&format!("  require a\n  severity {severity}"));
        table(&policy, &[("\"a\": false", "impermissible; r violated")]);
    }
}
