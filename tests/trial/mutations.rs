//! Changes that examples notice, and examples for those that they do not.

use forbear::trial::Survivor;

use super::{WARD, read, run_all};

fn survivors(examples: &str) -> Vec<Survivor> {
    let (sources, checked) = read(&[("ward.forbear", &format!("{WARD}\n{examples}"))]);
    run_all(&sources, &checked, true).scores.remove(0).survivors
}

const ONE: &str = "example \"routine\" routine\n  is permissible and owes nothing\n";

#[test]
fn changes_are_shown_as_the_sentences_that_they_make() {
    let sentences: Vec<String> = survivors(ONE).into_iter().map(|one| one.sentence).collect();
    for wanted in [
        "risk ceiling moderate",
        "patient.asa at most 0",
        "patient.asa below 1",
        "supervision at least on_site",
        "supervision at least hands_on",
        "limit 3 episodes per trainee.id in any 30 days",
        "limit 1 episodes per trainee.id in any 30 days",
        "failure.anticipated or education.objective is present",
        "(without) when activity is operation",
        "(without) unless patient.asa at most 1",
        "(without) supervision at least in_room",
    ] {
        let noticed = ["supervision at least hands_on"].contains(&wanted);
        assert_eq!(sentences.iter().any(|sentence| sentence == wanted), !noticed, "{wanted}\n{sentences:#?}");
    }
}

/// Pasted beside the policy, every example holds, and the change is noticed.
#[test]
fn an_example_that_is_shown_can_be_pasted_and_notices_the_change() {
    let before = survivors(ONE);
    let shown: Vec<&str> = before.iter().filter_map(|one| Some(one.example.as_ref()?.text.as_str())).collect();
    assert!(shown.len() * 10 >= before.len() * 7, "{} of {} survivors have an example", shown.len(), before.len());
    let unique: std::collections::BTreeSet<&str> = shown.iter().map(|text| text.lines().next().unwrap()).collect();
    assert_eq!(unique.len(), shown.len(), "titles stand twice");
    let pasted = format!("{ONE}\n{}", shown.join("\n"));
    let (sources, checked) = read(&[("ward.forbear", &format!("{WARD}\n{pasted}"))]);
    let ran = run_all(&sources, &checked, true);
    assert_eq!(ran.failed, Vec::<String>::new());
    let named = |one: &Survivor| format!("{:?} {}", one.rule, one.change);
    let told: Vec<String> = before.iter().filter(|one| one.example.is_some()).map(named).collect();
    let still: Vec<String> = ran.scores[0].survivors.iter().map(named).filter(|name| told.contains(name)).collect();
    assert_eq!(still, Vec::<String>::new());
}

/// Duties with every form of deadline that has a number.
const OWED: &str = r#"policy owed "Owed"
  effective  from 2026-03-02
  time zone  Europe/Zurich
  calendar   basel
  vocabulary clinical
  default permit

rule days "Within days, then working days"
  when outcome.harm above none
  oblige debrief.held_at within 2 days
  otherwise oblige report.made_at within 3 working days

rule told "From when it was known"
  when outcome.harm above none
  oblige disclosure.made_at within 1 month of outcome.known_at

rule clock "By the clock"
  when outcome.harm above none
  oblige review.held_at by 12:00 on the next working day

case harm
  outcome.harm  mild

example "harm" harm
  is permissible
"#;

/// A deadline that is another is told by an example on each side of it, ready to paste.
#[test]
fn examples_on_both_sides_of_a_deadline_notice_that_it_is_another() {
    let scored = |examples: &str| {
        let calendar = "weekend: [saturday, sunday]\nyears: [2026]\n";
        let (sources, checked) =
            read(&[("owed.forbear", &format!("{OWED}\n{examples}")), ("calendars/basel.yaml", calendar)]);
        run_all(&sources, &checked, true)
    };
    let before = scored("");
    let of_deadlines: Vec<&Survivor> = before.scores[0]
        .survivors
        .iter()
        .filter(|one| one.sentence.contains("oblige") && !one.sentence.starts_with('('))
        .collect();
    let sentences: Vec<&str> = of_deadlines.iter().map(|one| one.sentence.as_str()).collect();
    assert_eq!(
        sentences,
        [
            "oblige debrief.held_at within 3 days",
            "oblige debrief.held_at within 1 day",
            "otherwise oblige report.made_at within 4 working days",
            "otherwise oblige report.made_at within 2 working days",
            "oblige disclosure.made_at within 2 months of outcome.known_at",
            "oblige review.held_at by 13:00 on the next working day",
            "oblige review.held_at by 11:00 on the next working day",
        ]
    );
    let shown: Vec<&str> = of_deadlines.iter().filter_map(|one| Some(one.example.as_ref()?.text.as_str())).collect();
    assert_eq!(shown.len(), sentences.len(), "{of_deadlines:#?}");
    assert!(shown.iter().all(|text| text.contains("overdue with")), "{shown:#?}");
    let after = scored(&shown.join("\n"));
    assert_eq!(after.failed, Vec::<String>::new());
    let still: Vec<&str> = after.scores[0].survivors.iter().map(|one| one.sentence.as_str()).collect();
    assert!(!still.iter().any(|one| sentences.contains(one)), "{still:#?}");
}

/// A rule that asks for so much that no example with one or two values changed tells whether it is there.
const FAR: &str = "policy far \"Far\"
  vocabulary clinical
  default permit

rule far \"Far\"
  forbid when activity is operation and patient.asa at least 4 and patient.frail and trainee.stage is student

case near
  activity medication

example \"near\" near
  is permissible
";

fn scored(text: &str) -> forbear::trial::Score {
    let (sources, checked) = read(&[("far.forbear", text)]);
    assert!(!checked.has_errors(), "{:?}", checked.problems);
    let ran = run_all(&sources, &checked, true);
    ran.scores.into_iter().next().unwrap()
}

/// The solver finds the case, and pasted it notices the change.
#[test]
fn a_case_far_from_every_example_is_found_and_can_be_pasted() {
    let text = FAR.replace(
        "activity medication",
        "activity medication\n  patient.asa 1\n  patient.frail false\n  trainee.stage fellow",
    );
    let score = scored(&text);
    let of = |what: &str| score.survivors.iter().find(|one| one.change == what).cloned();
    let survivor = of("`4` becomes `5`").unwrap_or_else(|| panic!("{:#?}", score.survivors));
    let example = survivor.example.unwrap().text;
    assert!(example.starts_with("case told_apart_in_far_"), "{example}");
    let pasted = scored(&format!("{text}\n{example}"));
    assert!(!pasted.survivors.iter().any(|one| one.change == survivor.change), "{example}");
    assert_eq!(pasted.killed + pasted.survivors.len(), pasted.mutants);
}

/// Nobody has more than 6, so that it makes no difference whether 6 or more is asked, or 6.
#[test]
fn a_change_that_no_episode_tells_does_not_count() {
    let text = FAR.replace("patient.asa at least 4", "patient.asa between 4 and 6");
    let score = scored(&text);
    let changes: Vec<&str> = score.without_effect.iter().map(|one| one.change.as_str()).collect();
    assert_eq!(changes, ["`6` becomes `7`"]);
    assert!(!score.survivors.iter().any(|one| one.change == "`6` becomes `7`"));
    assert_eq!(score.killed + score.survivors.len(), score.mutants);
}

/// Debriefed late is debriefed: no claim tells by which deadline the same act is owed otherwise.
#[test]
fn a_second_deadline_of_the_same_act_is_not_changed() {
    let text = OWED.replace("  calendar   basel\n", "").replace("within 3 working days", "within 7 days");
    let text = text.replace("otherwise oblige report.made_at", "otherwise oblige debrief.held_at");
    let text = text.replace("by 12:00 on the next working day", "by 12:00 on the next day");
    let sentences: Vec<String> = scored(&text).survivors.into_iter().map(|one| one.sentence).collect();
    assert!(sentences.iter().any(|one| one == "oblige debrief.held_at within 3 days"), "{sentences:#?}");
    assert!(!sentences.iter().any(|one| one.starts_with("otherwise")), "{sentences:#?}");
}
