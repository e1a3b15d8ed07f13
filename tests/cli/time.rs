//! Time on the command line: the clock, what is left out, what is owed, calendars, and what is pointed out of late
//! records.

use super::builder::Test;
use super::formats::snapshot;

/// Two versions of a policy with a quota, a duty and working days.
const POLICY: &str = "\
vocabulary ward \"A ward\"

field id              text      role id
field occurred_at     instant   role time
field recorded_at     instant   role recorded
field trainee.id      identity
field supervisor.id   identity  role responsible
field harmed          boolean   known afterwards
field debrief.held_at instant   \"Debrief held\"  known afterwards
field report.made_at  instant   \"Reported\"      known afterwards

policy ward_rules \"Ward\"
  version first
  effective from 2026-01-01 until 2026-02-28
  time zone Europe/Zurich
  vocabulary ward
  default permit

rule old \"Nothing is asked\"
  require trainee.id is present

policy ward_rules \"Ward\"
  version second
  effective from 2026-03-01
  time zone Europe/Zurich
  calendar ward
  vocabulary ward
  default permit
  recorded within 3 days

rule quota \"One in a fortnight\"
  limit 1 episode per trainee.id in any 14 days

rule debrief \"Debrief after harm\"
  when harmed
  oblige debrief.held_at within 24 hours
  otherwise oblige report.made_at within 2 working days
";

const CALENDAR: &str = "weekend: [saturday, sunday]\nyears: [2026]\nholidays:\n  2026-03-09: A holiday\n";

const LOG: &str = "\
- {id: EP-1, occurred_at: 2026-02-28T23:30, recorded_at: 2026-03-02T08:00, trainee: {id: Ann}, supervisor: {id: Bob}, harmed: false}
- {id: EP-2, occurred_at: 2026-03-05T10:00, recorded_at: 2026-03-05T12:00, trainee: {id: Ann}, supervisor: {id: Bob}, harmed: true}
- {id: EP-3, occurred_at: 2026-03-06T10:00, recorded_at: 2026-03-10T12:00, trainee: {id: Cy}, supervisor: {id: Bob}, harmed: true}
";

fn test() -> Test {
    Test::new().file("ward.forbear", POLICY).file("calendars/ward.yaml", CALENDAR).file("log.yaml", LOG)
}

#[test]
fn an_audit_tells_quotas_duties_and_late_records() {
    let arguments = "audit ward.forbear --log log.yaml --as-of 2026-03-11T09:00:00Z --show 9";
    snapshot("time_audit", &test().args(arguments).run().page());
}

#[test]
fn what_is_owed_is_listed_soonest_first() {
    let arguments = "due ward.forbear --log log.yaml --as-of 2026-03-10T12:00:00Z";
    snapshot("time_due", &test().args(arguments).run().page());
}

#[test]
fn a_duty_is_explained_link_by_link() {
    let arguments = "explain ward.forbear --log log.yaml --as-of 2026-03-11T09:00:00Z --episode EP-2";
    snapshot("time_explain", &test().args(arguments).run().page());
}

#[test]
fn an_instant_before_the_newest_record_is_refused_unless_later_ones_are_left_out() {
    let audit = |more: &str| {
        test().args(&format!("audit ward.forbear --log log.yaml --as-of 2026-03-05T20:00:00Z {more}")).run()
    };
    let refused = audit("");
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(2), ""));
    assert!(
        refused.stderr.contains("2026-03-06T09:00:00Z") && refused.stderr.contains("--reconstruct"),
        "{}",
        refused.stderr
    );
    let made = audit("--reconstruct --format json");
    let document: serde_json::Value = serde_json::from_str(&made.stdout).unwrap();
    assert_eq!((&document["totals"]["judged"], &document["totals"]["left_out"]), (&2.into(), &1.into()));
    assert_eq!((&document["as_of"], &document["reconstructed"]), (&"2026-03-05T20:00:00Z".into(), &true.into()));
}

#[test]
fn a_time_that_cannot_be_read_is_unusable() {
    for (option, wanted) in
        [("--as-of soon", "--as-of"), ("--log-from 1.3.2026", "--log-from"), ("--reconstruct", "--as-of")]
    {
        let output = test().args(&format!("audit ward.forbear --log log.yaml {option}")).run();
        assert_eq!(output.code, Some(2), "{option}");
        assert!(output.stderr.contains(wanted), "{}", output.stderr);
    }
}

#[test]
fn a_log_that_is_said_to_be_complete_has_no_window_before_it() {
    let audit =
        |more: &str| test().args(&format!("audit ward.forbear --log log.yaml --as-of 2026-03-10 {more}")).run().stdout;
    assert!(audit("").contains("look back to before the log begins"));
    assert!(!audit("--log-from 2026-01-01").contains("before the log begins"));
}

#[test]
fn a_missed_duty_is_a_finding_and_can_be_left_out() {
    let code = |more: &str| {
        test().args(&format!("audit ward.forbear --log log.yaml --as-of 2026-03-12 --quiet {more}")).code()
    };
    assert_eq!(code("--fail-on duty"), Some(1));
    assert_eq!(code("--fail-on impermissible"), Some(1), "Ann has two in a fortnight, over two versions");
    assert_eq!(code("--fail-on warning"), Some(1), "records were written down late");
    let due = |as_of: &str| test().args(&format!("due ward.forbear --log log.yaml --as-of {as_of}")).code();
    assert_eq!((due("2026-03-07T08:00:00Z"), due("2026-03-12")), (Some(0), Some(1)));
}

#[test]
fn calendars_are_found_beside_the_policy_or_where_they_are_said_to_be() {
    let without = Test::new().file("ward.forbear", POLICY).args("check ward.forbear").run();
    assert_eq!(without.code, Some(1));
    assert!(without.stdout.contains("there is no calendar `ward`"), "{}", without.stdout);
    let elsewhere = Test::new().file("ward.forbear", POLICY).file("data/ward.yaml", CALENDAR);
    assert_eq!(elsewhere.args("check ward.forbear --calendars data").code(), Some(0));
    let broken =
        Test::new().file("ward.forbear", POLICY).file("calendars/ward.yaml", "weekend: [saturday]\nyears: 2026\n");
    let broken = broken.args("check ward.forbear").run();
    assert_eq!(broken.code, Some(1));
    assert!(broken.stdout.contains("calendars/ward.yaml:2"), "{}", broken.stdout);
}

#[test]
fn a_policy_that_is_about_to_end_is_pointed_out_in_check_alone() {
    let ended = POLICY.replace("effective from 2026-03-01\n", "effective from 2026-03-01 until 2026-03-31\n");
    let test = |arguments: &str| {
        Test::new()
            .file("ward.forbear", &ended)
            .file("calendars/ward.yaml", CALENDAR)
            .file("log.yaml", LOG)
            .args(arguments)
            .run()
    };
    let check = test("check ward.forbear");
    assert!(check.stdout.contains("ended on 2026-03-31"), "{}", check.stdout);
    assert_eq!(check.code, Some(0), "a lint is no failure");
    assert!(!test("audit ward.forbear --log log.yaml --quiet").stderr.contains("ended on"));
}
