//! When claims hold, and when they do not.

use forbear::check::Subject;
use forbear::diagnostic::codes;

use super::{WARD, read, run_all, ward};

/// Claims about the routine case with some changes: those that hold, and those that do not.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    (
        "",
        &["is permissible", "owes nothing", "is permissible and owes nothing"],
        &[
            "is undetermined",
            "is not covered",
            "is impermissible by default",
            "is impermissible by ceiling",
            "owes debrief",
        ],
    ),
    ("with setting simulation", &["is not covered", "owes nothing"], &["is permissible"]),
    (
        "with patient.risk high",
        &["is impermissible by ceiling", "is impermissible by ceiling only"],
        &["is impermissible by room", "is impermissible by default", "is excused from ceiling", "is permissible"],
    ),
    (
        "with patient.risk high\n  with supervision on_site",
        &["is impermissible by ceiling", "is impermissible by room, ceiling", "is impermissible by room, ceiling only"],
        &["is impermissible by ceiling only", "is impermissible by room only"],
    ),
    (
        "with patient.risk high\n  without supervision",
        &["is impermissible by ceiling"],
        &["is impermissible by ceiling only"],
    ),
    (
        "with patient.risk high\n  without education.objective",
        &["is impermissible by ceiling", "is impermissible by default"],
        &["is impermissible by ceiling only", "is impermissible by default only"],
    ),
    (
        "without education.objective",
        &["is impermissible by default", "is impermissible by default only"],
        &["is impermissible by ceiling"],
    ),
    (
        "without education.objective\n  without supervision",
        &["is impermissible by default"],
        &["is impermissible by default only"],
    ),
    (
        "with patient.risk high\n  with patient.asa 1",
        &["is permissible", "is excused from ceiling"],
        &["is impermissible by ceiling"],
    ),
    ("with patient.asa 1", &["is permissible"], &["is excused from ceiling"]),
    ("with patient.asa 5", &["is permissible"], &[]),
    (
        "without supervision",
        &["is undetermined", "is undetermined for want of supervision", "is undetermined for want of supervision only"],
        &["is undetermined for want of patient.risk", "is permissible"],
    ),
    (
        "without supervision\n  without failure.anticipated",
        &[
            "is undetermined for want of supervision",
            "is undetermined for want of failure.anticipated, supervision only",
        ],
        &["is undetermined for want of supervision only"],
    ),
    (
        "following routine 3 days earlier, routine 12 days earlier",
        &["is impermissible by quota only"],
        &["is permissible"],
    ),
    // Exact distances: thirty days are just outside the window, a second less is inside.
    ("following routine 3 days earlier, routine 30 days earlier", &["is permissible"], &[]),
    ("following routine 3 days earlier, routine 2591999 seconds earlier", &["is impermissible by quota only"], &[]),
    ("following routine 3 days earlier, routine 3 days earlier", &["is impermissible by quota only"], &[]),
    (
        "with outcome.harm mild\n  with outcome.known_at 1 hour later\n  as of 2 hours later",
        &["is permissible and owes debrief"],
        &["owes nothing"],
    ),
    (
        "with outcome.harm mild\n  with outcome.known_at 1 hour later\n  with debrief.held_at 24 hours later\n  as of 2 days later",
        &["owes nothing"],
        &["owes debrief"],
    ),
    // The report that stands in for the debrief is owed, though the debrief was made good late.
    (
        "with outcome.harm mild\n  with outcome.known_at 1 hour later\n  with debrief.held_at 25 hours later\n  as of 2 days later",
        &["owes debrief"],
        &["owes nothing"],
    ),
    // The deadline itself is still in time.
    (
        "with outcome.harm mild\n  with outcome.known_at 1 hour later\n  as of 24 hours later",
        &["is not yet overdue with debrief", "is permissible and owes debrief and is not yet overdue with debrief"],
        &["is overdue with debrief", "owes nothing"],
    ),
    // A second later it is not, though the report that stands in for it has time.
    (
        "with outcome.harm mild\n  with outcome.known_at 1 hour later\n  as of 86401 seconds later",
        &["is overdue with debrief", "owes debrief"],
        &["is not yet overdue with debrief"],
    ),
    // Held too late, it is overdue no more; the report is owed, until it is overdue too.
    (
        "with outcome.harm mild\n  with outcome.known_at 1 hour later\n  with debrief.held_at 25 hours later\n  as of 8 days later",
        &["owes debrief", "is not yet overdue with debrief"],
        &["is overdue with debrief"],
    ),
    (
        "with outcome.harm mild\n  with outcome.known_at 1 hour later\n  with debrief.held_at 25 hours later\n  as of 193 hours later",
        &["owes debrief", "is overdue with debrief"],
        &["is not yet overdue with debrief"],
    ),
    // Nothing is owed: neither holds.
    (
        "with outcome.harm mild\n  with outcome.known_at 1 hour later\n  with debrief.held_at 24 hours later\n  as of 9 days later",
        &["owes nothing"],
        &["is overdue with debrief", "is not yet overdue with debrief"],
    ),
    ("", &["owes nothing"], &["is overdue with debrief", "is not yet overdue with debrief"]),
    // Whether anything is owed is open.
    ("without outcome.harm", &[], &["is overdue with debrief", "is not yet overdue with debrief", "owes nothing"]),
    // What lies after the as-of instant has not happened.
    (
        "with outcome.harm mild\n  with outcome.known_at 1 hour later\n  with debrief.held_at 3 hours later\n  as of 2 hours later",
        &["owes debrief"],
        &["owes nothing"],
    ),
    ("with outcome.harm mild\n  without outcome.harm\n", &[], &[]),
];

#[test]
fn claims_hold_as_the_table_says() {
    for (changes, holding, failing) in TABLE {
        let claims = holding.iter().map(|claim| (claim, true)).chain(failing.iter().map(|claim| (claim, false)));
        for (claim, holds) in claims {
            let ran = ward(&format!("example \"one\" routine\n  {changes}\n  {claim}\n"));
            assert_eq!(ran.failed.is_empty(), holds, "{changes}\n  {claim}");
            assert_eq!(ran.problems.is_empty(), holds, "{changes}\n  {claim}");
        }
    }
}

fn time_of(policy: &str) -> String {
    let (_, checked) = read(&[("ward.forbear", policy)]);
    let Subject::Case(situation, _) = &checked.examples[0].subject else { panic!("no case") };
    situation.as_of.to_string()
}

/// Noon of the first day on which it and all that it follows are in force.
#[test]
fn the_time_of_a_case_is_made_up() {
    let example = |following: &str| format!("{WARD}\nexample \"one\" routine\n  {following}\n  is permissible\n");
    assert_eq!(time_of(&example("")), "2026-02-01T11:00:00Z");
    assert_eq!(time_of(&example("following routine 10 days earlier")), "2026-02-11T11:00:00Z");
    assert_eq!(time_of(&example("following routine 2 hours earlier")), "2026-02-01T11:00:00Z");
    assert_eq!(time_of(&example("following routine 13 hours earlier")), "2026-02-02T11:00:00Z");
    assert_eq!(time_of(&example("following routine 1 month earlier")), "2026-03-01T11:00:00Z");
    // In summer noon is an hour earlier by the clock of Greenwich; the distance stays exact.
    assert_eq!(time_of(&example("following routine 60 days earlier")), "2026-04-02T10:00:00Z");
    let always = example("").replace("  effective  from 2026-02-01\n", "");
    assert_eq!(time_of(&always), "2026-01-01T11:00:00Z");
    let stated = example("with occurred_at 2026-05-01T08:00");
    assert_eq!(time_of(&stated), "2026-05-01T06:00:00Z");
}

#[test]
fn an_earlier_episode_that_is_not_covered_is_pointed_out() {
    let ran = ward(
        "example \"one\" routine\n  with occurred_at 2026-02-02T08:00\n  following routine 3 days earlier\n  is permissible\n",
    );
    assert_eq!(ran.held, ["one"]);
    assert_eq!(ran.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [codes::FOLLOWING_UNCOVERED]);
}

/// A file without a policy belongs to the only one, or to the one whose name begins its name.
#[test]
fn examples_may_stand_in_a_file_of_their_own() {
    let examples = "case other like routine\n  patient.risk high\n\nexample \"own file\" other\n  is impermissible by ceiling only\n";
    let (sources, checked) = read(&[("cases.forbear", examples), ("ward.forbear", WARD)]);
    assert_eq!(run_all(&sources, &checked, false).held, ["own file"]);
    let second = WARD.replace("policy ward", "policy theatre");
    let (_, checked) = read(&[("cases.forbear", examples), ("theatre.forbear", &second), ("ward.forbear", WARD)]);
    assert!(checked.problems.iter().any(|problem| problem.code == codes::NO_POLICY));
    let (sources, checked) =
        read(&[("theatre_cases.forbear", examples), ("theatre.forbear", &second), ("ward.forbear", WARD)]);
    assert_eq!(run_all(&sources, &checked, false).held, ["own file"]);
    assert_eq!(checked.examples[0].version.0, "theatre");
}

/// Of several versions, the one whose period contains the stated time judges, or else the latest.
#[test]
fn the_version_is_chosen_by_the_time_that_an_example_states() {
    let first = WARD.replace("from 2026-02-01", "from 2026-02-01 until 2026-05-31");
    let second =
        WARD.replace("from 2026-02-01", "from 2026-06-01").replace("risk ceiling low", "risk ceiling moderate");
    let rules_only = |text: &str| text.split("case routine").next().unwrap().to_owned();
    let case = WARD.split("case routine").nth(1).unwrap();
    let examples = format!(
        "case routine{case}\ncase spring like routine\n  occurred_at 2026-03-01T08:00\n  patient.risk moderate\n\n\
         example \"in spring\" spring\n  is impermissible by ceiling only\n\n\
         example \"later\" routine\n  with patient.risk moderate\n  is permissible\n"
    );
    let (sources, checked) =
        read(&[("a.forbear", &rules_only(&first)), ("b.forbear", &rules_only(&second)), ("cases.forbear", &examples)]);
    let ran = run_all(&sources, &checked, false);
    assert_eq!((ran.held.as_slice(), ran.failed.len()), (["in spring".to_owned(), "later".to_owned()].as_slice(), 0));
}
