//! `prove` and `diff`: what is proved, what is shown instead, and the exit code.

use super::builder::{Test, WARD, episode};

/// The ward's policy, with one thing said otherwise.
fn changed(from: &str, to: &str) -> String {
    assert!(WARD.contains(from));
    WARD.replace(from, to)
}

/// Gives what is shown from the case on.
fn from_case(shown: &str) -> String {
    let (_, case) = shown.split_once("case ").unwrap();
    format!("case {case}")
}

fn two(new: &str) -> Test {
    Test::ward().file("new.forbear", new)
}

#[test]
fn a_policy_is_as_strict_as_itself() {
    let test = two(WARD).args("prove new.forbear stricter than ward.forbear");
    insta::assert_snapshot!(test.run().page());
    assert_eq!(two(WARD).args("prove new.forbear equivalent to ward.forbear").code(), Some(0));
    assert_eq!(two(WARD).args("diff ward.forbear new.forbear").code(), Some(0));
}

#[test]
fn a_higher_ceiling_is_shown_by_a_case() {
    let new = changed("risk ceiling low", "risk ceiling moderate");
    insta::assert_snapshot!(two(&new).args("prove new.forbear stricter than ward.forbear").run().page());
    assert_eq!(two(&new).args("prove ward.forbear stricter than new.forbear").code(), Some(0));
    insta::assert_snapshot!("higher_ceiling_diff", two(&new).args("diff ward.forbear new.forbear").run().page());
}

#[test]
fn a_change_is_held_against_what_was_announced() {
    let new = changed("risk ceiling low", "risk ceiling moderate");
    let expecting =
        |text: &str| two(&new).file("announced", text).args("diff ward.forbear new.forbear --expect announced");
    assert_eq!(expecting("looser when patient.risk is moderate\nnothing else\n").code(), Some(0));
    insta::assert_snapshot!("less_than_announced", expecting("stricter when patient.risk is high\n").run().page());
    insta::assert_snapshot!("more_than_announced", expecting("nothing else\n").run().page());
    insta::assert_snapshot!(
        "not_understood",
        expecting("# One\n\n  looser when  patient.risk is modrate\n").run().page()
    );
    assert_eq!(expecting("laxer when patient.risk is high\n").code(), Some(2));
    assert_eq!(expecting("# nothing yet\n").code(), Some(2));
}

#[test]
fn a_mistake_in_a_condition_is_shown_where_it_was_typed() {
    let condition = "patient.risk is low and\n  patient.rsk is high";
    let statement = ["prove", "ward.forbear", "never", "permits", condition];
    insta::assert_snapshot!("mistake_in_a_condition", two(WARD).args_as_they_are(&statement).run().page());
}

#[test]
fn numbers_of_a_case_are_round_where_they_are_compared_with_each_other() {
    let policy = "vocabulary v \"V\"\nfield dose number\nfield usual_dose number\n\n\
        policy p \"P\"\n  vocabulary v\n  default permit\n\nrule r \"R\"\n  forbid when usual_dose above 100\n";
    let test = Test::new().file("p.forbear", policy);
    let words = ["prove", "p.forbear", "never", "permits", "dose above usual_dose and usual_dose above 99.5"];
    insta::assert_snapshot!("compared_numbers_are_round", test.args_as_they_are(&words).run().page());
}

#[test]
fn what_becomes_of_a_duty_is_told_and_held_against_what_was_announced() {
    let duty =
        |hours: u32| format!("{WARD}\nrule debrief \"Debriefing\"\n  oblige debrief.held_at within {hours} hours\n");
    let advisory = format!("{WARD}\nrule calm \"Calm\"\n  severity advisory\n  require patient.risk at most low\n");
    let diff = |old: &str, new: &str, more: &str| {
        let test = Test::new().file("old.forbear", old).file("new.forbear", new);
        test.file("announced", "duty debrief is changed\nnothing else\n")
            .args(&format!("diff old.forbear new.forbear{more}"))
    };
    for (old, new, told) in [
        (duty(24), duty(48), "duty `debrief` is changed"),
        (duty(24), WARD.to_owned(), "duty `debrief` is dropped"),
        (WARD.to_owned(), duty(24), "duty `debrief` is new"),
        (WARD.to_owned(), advisory.clone(), "advisory rule `calm` is new"),
    ] {
        let run = diff(&old, &new, "").run();
        assert!(run.stdout.contains(told) && run.stdout.contains("no verdict changes"), "{}", run.everything());
        assert_eq!(run.code, Some(1));
    }
    assert_eq!(diff(&duty(24), &duty(24), "").code(), Some(0));
    assert_eq!(diff(&duty(24), &duty(48), " --expect announced").code(), Some(0));
    let less = diff(&duty(24), &duty(24), " --expect announced").run();
    assert!(less.stdout.contains("less than announced: duty `debrief` is changed"), "{}", less.everything());
    let more = diff(&duty(24), WARD, " --expect announced").run();
    assert!(more.stdout.contains("more than announced: duty `debrief` is dropped"), "{}", more.everything());
    assert_eq!((less.code, more.code), (Some(1), Some(1)));
}

#[test]
fn an_announcement_holds_where_it_is_open_whether_its_condition_does() {
    let old = WARD.to_owned();
    let new = format!("{WARD}\nrule away \"Not in an operation\"\n  forbid when activity is operation\n");
    let silent = format!("{new}  if undocumented violated\n");
    let diff = |new: &str| {
        let test = Test::new().file("old.forbear", &old).file("new.forbear", new);
        test.file("announced", "stricter when activity is operation\nnothing else\n")
            .args("diff old.forbear new.forbear --expect announced")
    };
    assert_eq!(diff(&new).code(), Some(0), "{}", diff(&new).run().everything());
    // Who forbids what is not documented does more than that.
    let more = diff(&silent).run();
    assert!(more.stdout.contains("more than announced: this becomes stricter too"), "{}", more.everything());
}

#[test]
fn a_comparison_says_that_it_is_of_the_last_versions() {
    let first = WARD.replacen("effective from 2025-01-01", "effective from 2024-01-01 until 2024-12-31", 1);
    let first = first.replacen("version 1.0", "version 0.9", 1);
    let test = Test::new().file("old/one.forbear", &first).file("old/two.forbear", WARD).file("new.forbear", WARD);
    let told = test.args("diff old new.forbear").run();
    assert!(told.stdout.contains("the version in force from 2024-01-01 is dropped"), "{}", told.everything());
    assert!(told.stdout.contains("compared: what the last version of each says"), "{}", told.everything());
    assert_eq!(told.code, Some(1));
}

#[test]
fn a_change_of_a_version_that_is_no_longer_in_force_is_told_and_is_more_than_was_announced() {
    let first = |ceiling: &str| {
        let dated = WARD.replacen("effective from 2025-01-01", "effective from 2024-01-01 until 2024-12-31", 1);
        dated.replacen("version 1.0", "version 0.9", 1).replacen("risk ceiling low", ceiling, 1)
    };
    let diff = |ceiling: &str, more: &str| {
        let old = Test::new().file("old/one.forbear", first("risk ceiling low")).file("old/two.forbear", WARD);
        let new = old.file("new/one.forbear", first(ceiling)).file("new/two.forbear", WARD);
        new.file("announced", "nothing else\n").args(&format!("diff old new{more}")).run()
    };
    insta::assert_snapshot!("an_earlier_version_changes", diff("risk ceiling moderate", "").page());
    assert_eq!(diff("risk ceiling low", "").code, Some(0));
    let more = diff("risk ceiling moderate", " --expect announced");
    let told = "more than announced: the version in force from 2024-01-01 does not say the same";
    assert!(more.code == Some(1) && more.stdout.contains(told), "{}", more.everything());
    assert_eq!(diff("risk ceiling low", " --expect announced").code, Some(0));
}

#[test]
fn what_is_never_permitted_and_what_is_always_kept() {
    let prove = |statement: &[&str]| Test::ward().args_as_they_are(statement).run();
    let high = prove(&["prove", "ward.forbear", "never", "permits", "patient.risk at least high"]);
    assert_eq!(high.code, Some(0), "{}", high.everything());
    let low = prove(&["prove", "ward.forbear", "never", "permits", "patient.risk is low"]);
    insta::assert_snapshot!("permits_low_risk", low.page());
    assert_eq!(prove(&["prove", "ward.forbear", "always", "satisfies", "ceiling"]).code, Some(0));
    insta::assert_snapshot!(
        "no_such_rule",
        prove(&["prove", "ward.forbear", "always", "satisfies", "ceilling"]).page()
    );
    insta::assert_snapshot!("no_statement", prove(&["prove", "ward.forbear", "is", "good"]).page());
}

#[test]
fn episodes_of_a_log_that_change_are_counted() {
    let new = changed("risk ceiling low", "risk ceiling moderate");
    let log = super::builder::mixed_log() + &super::builder::episode("EP-9", &[("patient.risk", "\"moderate\"")]);
    let test = two(&new).file("log.jsonl", log).args("diff ward.forbear new.forbear --log log.jsonl");
    insta::assert_snapshot!(test.run().page());
}

#[test]
fn a_case_that_is_shown_can_be_pasted_and_says_the_same() {
    let new = changed("risk ceiling low", "risk ceiling moderate");
    let shown = two(&new).args("prove new.forbear stricter than ward.forbear").run().stdout;
    let case = from_case(&shown);
    let claimed = |policy: &str, claim: &str| {
        let text = format!("{policy}\n{case}\nexample \"as shown\" counterexample\n  {claim}\n");
        Test::new().file("ward.forbear", text).args("test ward.forbear").run().everything()
    };
    for (policy, claim) in [(new.as_str(), "is permissible"), (WARD, "is impermissible by ceiling only")] {
        let told = claimed(policy, claim);
        assert!(told.contains("1 example") && !told.contains("as shown"), "{told}\n{case}");
    }
    assert!(claimed(WARD, "is permissible").contains("as shown"));
}

/// A policy of one quota.
fn quota(name: &str, most: u32, days: u32) -> String {
    format!(
        "policy {name} \"{name}\"\n  vocabulary clinical\n  default permit\n\nrule quota \"At most so many\"\n  \
         limit {most} episodes per trainee.id in any {days} days\n"
    )
}

#[test]
fn quotas_are_compared_over_sequences_of_episodes() {
    let prove = |ours: (u32, u32), theirs: (u32, u32)| {
        let (ours, theirs) = (quota("dept", ours.0, ours.1), quota("house", theirs.0, theirs.1));
        let test = Test::new().file("dept.forbear", ours).file("house.forbear", theirs);
        test.args("prove dept.forbear stricter than house.forbear").run()
    };
    // Whatever is in the shorter window is in the longer one.
    for (ours, theirs) in [((2, 30), (3, 30)), ((2, 60), (3, 30)), ((2, 30), (2, 30))] {
        assert_eq!(prove(ours, theirs).code, Some(0), "{ours:?} {theirs:?}");
    }
    insta::assert_snapshot!("quota_longer_window", prove((2, 30), (3, 60)).page());
    insta::assert_snapshot!("quota_kept_throughout", prove((2, 30), (4, 60)).page());
    assert_eq!(prove((3, 30), (2, 30)).code, Some(1));
    let note = "it holds in every log";
    assert!(prove((2, 30), (6, 61)).stdout.contains(note), "61 days take three times 30");
    assert!(!prove((2, 30), (5, 61)).stdout.contains(note));
}

#[test]
fn the_episodes_before_a_case_can_be_pasted_too() {
    let near = |level: &str| format!("\nrule near \"Near\"\n  require supervision at least {level}\n");
    // What another rule leaves open would be a case too, and one of which nobody could say what came before.
    for [of_dept, of_house] in [[near("in_room"), near("on_site")], [String::new(), String::new()]] {
        let (ours, theirs) = (quota("dept", 2, 30) + &of_dept, quota("house", 3, 60) + &of_house);
        let test = Test::new().file("dept.forbear", &ours).file("house.forbear", &theirs);
        let shown = test.args("prove dept.forbear stricter than house.forbear").run().stdout;
        let case = from_case(&shown);
        let case = case.split("\nnote").next().unwrap();
        for (policy, claim) in [(&ours, "is permissible"), (&theirs, "is impermissible by quota only")] {
            let text = format!("{policy}\n{case}  {claim}\n");
            let told = Test::new().file("a.forbear", text).args("test a.forbear").run().everything();
            assert!(told.contains("1 example") && !told.contains("counterexample"), "{told}");
        }
    }
}

#[test]
fn a_log_from_the_standard_input_is_read_once_for_both() {
    let new = changed("risk ceiling low", "risk ceiling moderate");
    let log = super::builder::episode("EP-9", &[("patient.risk", "\"moderate\"")]);
    let test = two(&new).stdin(log).args("diff ward.forbear new.forbear --log -");
    let told = test.run();
    assert!(told.stdout.contains("1 from impermissible to permissible: EP-9"), "{}", told.everything());
}

#[test]
fn a_length_of_time_that_is_supposed_is_told_in_hours_and_days() {
    let pause = |hours: u32| {
        format!(
            "{WARD}\nrule pause \"Not at once\"\n  forbid when time since the last episode per trainee.id below {hours} hours\n"
        )
    };
    let test = Test::new().file("old.forbear", pause(24)).file("new.forbear", pause(48));
    let told = test.args("diff old.forbear new.forbear").run().stdout;
    assert!(told.contains("# supposing that this comes to 1 day: time since the last episode"), "{told}");
}

#[test]
fn by_a_long_policy_an_audit_searches_fewer_verdicts_for_what_would_settle_them() {
    for (rules, searched) in [(40, 150), (400, 100)] {
        let rule =
            |at| format!("rule r{at} \"r{at}\"\n  forbid when trainee.stage is student and activity is operation\n\n");
        let rules: String = (0..rules).map(rule).collect();
        let policy = format!("policy long \"Long\"\n  vocabulary clinical\n  default permit\n\n{rules}");
        let log: String = (0..150).map(|at| episode(&format!("EP-{at}"), &[])).collect();
        let test = Test::new().file("long.forbear", policy).file("log.jsonl", log);
        let output = test.args("audit long.forbear --log log.jsonl --format jsonl").run();
        assert_eq!(output.stdout.matches("\"verdict\":\"undetermined\"").count(), 150, "{}", output.stderr);
        assert_eq!(output.stdout.matches("\"settled_by\"").count(), searched, "with {} bytes of rules", rules.len());
        assert_eq!(output.stdout.matches("\"wanting_known\":\"by_rule\"").count(), 150 - searched);
    }
}

#[test]
fn a_change_of_what_a_policy_covers_is_one_change_of_each_kind() {
    let policy = |scope: &str| {
        format!(
            "policy ward \"Ward\"\n  vocabulary clinical\n{scope}  default permit\n\nrule r \"R\"\n  risk ceiling low\n"
        )
    };
    let test = Test::new()
        .file("old.forbear", policy(""))
        .file("new.forbear", policy("  applies when activity is operation\n"));
    let shown = test.args("diff old.forbear new.forbear").run().stdout;
    assert!(!shown.contains("there may be others"), "{shown}");
    for (was, is) in [("impermissible", "not covered"), ("permissible", "not covered")] {
        let told = format!("what was {was} becomes {is}");
        assert_eq!(shown.matches(&told).count(), 1, "{told}\n{shown}");
    }
}

#[test]
fn what_is_never_permitted_is_asked_of_every_version() {
    let version = |label: &str, dates: &str, ceiling: &str| {
        format!(
            "policy ward \"Ward\"\n  version {label}\n  effective from {dates}\n  vocabulary clinical\n  default permit\n\n\
             rule r \"R\"\n  risk ceiling {ceiling}\n"
        )
    };
    let test = || {
        let first = version("1", "2025-01-01 until 2025-12-31", "high");
        Test::new().file("ward/one.forbear", first).file("ward/two.forbear", version("2", "2026-01-01", "low"))
    };
    let never = |condition: &str| test().args_as_they_are(&["prove", "ward", "never", "permits", condition]).run();
    let shown = never("patient.risk is high");
    assert_eq!(shown.code, Some(1), "{}", shown.everything());
    assert!(shown.stdout.contains("occurred_at   2025-"), "{}", shown.everything());
    assert_eq!(never("patient.risk is critical").code, Some(0), "{}", never("patient.risk is critical").everything());
    assert_eq!(never("patient.rsik is critical").code, Some(2));
}

#[test]
fn a_version_that_does_not_have_the_words_of_a_condition_is_named() {
    let tiny =
        "vocabulary tiny \"Tiny\"\nfield id text role id\nfield occurred_at instant role time\nfield calm boolean\n";
    let version = |label: &str, dates: &str, vocabulary: &str, rule: &str| {
        format!(
            "policy ward \"Ward\"\n  version {label}\n  effective from {dates}\n  vocabulary {vocabulary}\n  default permit\n\n\
             rule r \"R\"\n  {rule}\n"
        )
    };
    let first = version("1", "2025-01-01 until 2025-12-31", "tiny", "forbid when not calm");
    let test = Test::new()
        .file("ward/tiny.forbear", tiny)
        .file("ward/one.forbear", first)
        .file("ward/two.forbear", version("2", "2026-01-01", "clinical", "risk ceiling low"));
    let shown = test.args_as_they_are(&["prove", "ward", "never", "permits", "patient.risk is high"]).run();
    let note = "note: not asked of the version in force from 2025-01-01, which does not have these words";
    assert!(shown.code == Some(0) && shown.stdout.contains(note), "{}", shown.everything());
}
