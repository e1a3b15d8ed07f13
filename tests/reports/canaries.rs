//! Canaries: names, texts and numbers in a log, of which every output at every level shows none that it may not.

use super::builder::{Test, episode};

/// Reads people, texts, dates and other episodes, so that all are cited.
const POLICY: &str = "\
policy ward \"Ward\"
  effective from 2025-01-01
  time zone Europe/Zurich
  vocabulary clinical
  default permit
  recorded within 2 days

rule own_rescuer \"Nobody is their own rescue\"
  require rescue.by is not trainee.id

rule other \"The supervisor rescues\"
  require supervisor.id is rescue.by

rule alternates \"The trainee is no stand-in\"
  require not rescue.alternates includes trainee.id

rule stated \"The objective is one of ours\"
  require education.objective is \"knot security\"

rule room \"In the room\"
  when activity is operation
  supervision at least in_room

rule fit \"A patient who is well\"
  require patient.asa at most 2

rule young \"Recent policies only\"
  require occurred_at is before 2025-03-01

rule quota \"No more than one a month\"
  limit 1 episode per trainee.id in any 30 days

rule talk \"A talk within a day\"
  oblige debrief.held_at within 24 hours

example \"as in the log\" in \"log.jsonl\"
  EP-7301 is permissible
";

/// People, in clear nowhere.
const NAMES: &[&str] = &["Zwyssig", "Quendoline", "Xaver", "Ypsilanti", "Wunderli", "Vögtlin", "Ubaldo"];

/// What stands in texts, in the wrong column, beyond what can be read, and in keys that are sentences.
const TEXTS: &[&str] = &["kanarisch", "Papagei", "wrongcolumn", "756.9217", "79 555 01 99", "Nymphensittich"];

/// Ids of episodes and days, which a committee is not shown.
const IDS_AND_DAYS: &[&str] = &["EP-73", "2025-03-17", "2025-03-18", "2025-03-19", "2025-03-23"];

fn logs() -> Vec<(&'static str, String)> {
    let of = |id: &str, day: &str, more: &[(&str, &str)]| {
        let at = format!("\"2025-03-{day}T10:00:00+01:00\"");
        let mut changes: Vec<(&str, &str)> =
            vec![("occurred_at", &at), ("trainee.id", "\"Xaver Zwyssig\""), ("rescue.by", "\"Xaver Zwyssig\"")];
        changes.extend(more);
        episode(id, &changes)
    };
    let lines = [
        of(
            "EP-7301",
            "17",
            &[
                ("education.objective", "\"kanarisch, and more\""),
                ("supervisor.id", "\"Quendoline Ypsilanti\""),
                ("rescue.alternates", "[\"Xaver Zwyssig\", \"Vögtlin\"]"),
                ("debrief.held_at", "\"2025-03-23T10:00\""),
                ("recorded_at", "\"2025-03-23T12:00\""),
            ],
        ),
        of("EP-7302", "18", &[("supervisor.level", "\"Wunderli wrongcolumn\""), ("patient.asa", "756.9217")]),
        of("EP-7303", "19", &[("patient.asa", "\"+41 79 555 01 99\""), ("activity", "\"Papagei\"")]),
        of("EP-7304", "19", &[("occurred_at", "\"Wunderli\""), ("education.objective", "\"Papa\\u0000gei Papagei\"")]),
        of("EP-7305", "19", &[("trainee.idd", "\"Ubaldo\""), ("the Nymphensittich said", "\"Papagei\"")]),
        of("EP-7305", "19", &[("rescue.by", "{\"name\": \"Ubaldo\"}"), ("rescue.alternates", "[[\"Ubaldo\"]]")]),
        of("EP-7306", "19", &[]).replacen("\"trainee.id\"", "\"trainee.id\": \"Ubaldo\", \"trainee.id\"", 1),
        "{\"id\": \"EP-7307\", \"trainee.id\": \"Ubaldo\", \"rescue.by\": }\n".to_owned(),
        "Ubaldo Papagei\n".to_owned(),
    ];
    let csv = "\
id;occurred_at;recorded_at;activity;trainee.id;supervisor.id;rescue.by;supervisor.level;patient.asa;education.objective
EP-7301;2025-03-17T10:00;2025-03-23;operation;Xaver Zwyssig;Quendoline Ypsilanti;Xaver Zwyssig;on_site;1;kanarisch
EP-7302;2025-03-18;2025-03-18;Xaver Zwyssig;operation;;Ubaldo;Wunderli wrongcolumn;756.9217;kanarisch
EP-7302;Wunderli;;Papagei;Ubaldo;;;+41 79 555 01 99;Vögtlin;
EP-7303;2025-03-19;\"Ubaldo
";
    let yaml = "\
- id: EP-7301
  occurred_at: 2025-03-17T10:00:00+01:00
  activity: operation
  trainee: {id: Xaver Zwyssig, idd: Ubaldo}
  supervisor: {id: Quendoline Ypsilanti, level: Wunderli wrongcolumn}
  education: {objective: kanarisch}
  rescue: {by: Xaver Zwyssig}
- {id: EP-7302, trainee: *Ubaldo}
- {id: EP-7303, trainee: !Ubaldo x, activity: &Papagei y}
- id: EP-7304
  Papagei: [Ubaldo
";
    let json = format!("[{}]", lines[..6].concat().trim().replace('\n', ","));
    vec![("log.jsonl", lines.concat()), ("log.csv", csv.to_owned()), ("log.yaml", yaml.to_owned()), ("log.json", json)]
}

/// Every command that reads a log, in every format.
fn commands() -> Vec<String> {
    let mut commands: Vec<String> = ["human --show 999", "json", "jsonl", "sarif", "junit", "github", "csv", "html"]
        .map(|format| format!("audit ward.forbear --log LOG LEVEL --format {format}"))
        .into();
    commands.extend(["human", "json"].map(|format| format!("due ward.forbear --log LOG LEVEL --format {format}")));
    commands.extend((7301..=7308).map(|id| format!("explain ward.forbear --log LOG LEVEL --episode EP-{id}")));
    commands
}

/// Runs every command at a level, and gives the lines that show a canary, with what they show.
fn shown(level: &str, canaries: &[&[&str]]) -> Vec<String> {
    let mut shown = Vec::new();
    for (file, log) in logs() {
        for command in commands() {
            let arguments = command.replace("LOG", file).replace("LEVEL", level);
            let output = Test::new().file("ward.forbear", POLICY).file(file, &log).args(&arguments).run();
            assert_ne!(output.everything().trim(), "", "{arguments}");
            // What is asked for on the command line may be said again.
            let asked = arguments.split_once("--episode ").map_or("-", |(_, id)| id);
            for line in output.everything().replace(&format!("`{asked}`"), "").lines() {
                let found: Vec<&&str> =
                    canaries.iter().flat_map(|some| some.iter()).filter(|c| line.contains(**c)).collect();
                if !found.is_empty() {
                    shown.push(format!("{arguments}: {found:?}: {}", line.chars().take(400).collect::<String>()));
                }
            }
        }
    }
    shown
}

fn none(shown: Vec<String>) {
    assert!(
        shown.is_empty(),
        "{} lines\n{}",
        shown.len(),
        shown.iter().take(20).cloned().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn an_auditor_sees_no_name_and_no_text() {
    none(shown("--privacy auditor", &[NAMES, TEXTS]));
}

#[test]
fn a_committee_sees_no_id_and_no_day_either() {
    for level in ["--privacy committee", "--privacy committee --small-cells 1"] {
        none(shown(level, &[NAMES, TEXTS, IDS_AND_DAYS]));
    }
}

#[test]
fn free_text_is_shown_at_no_level_and_names_only_if_asked() {
    // A name that stands where a name of a kind should is shown there: `internal` shows what does not fit.
    none(shown("--privacy internal", &[&["kanarisch", "Quendoline", "Ypsilanti"]]));
}

/// Otherwise the tests above would hold of a program that reads nothing.
#[test]
fn the_canaries_are_there_to_be_seen() {
    let seen = shown("--privacy internal --identities clear", &[NAMES]).join("\n");
    for name in ["Zwyssig", "Ypsilanti"] {
        assert!(seen.contains(name), "{name}");
    }
    let seen = shown("--privacy internal", &[TEXTS]).join("\n");
    assert!(seen.contains("wrongcolumn") && seen.contains("756.9217"), "{seen}");
    let seen = shown("--privacy auditor", &[IDS_AND_DAYS]).join("\n");
    assert!(IDS_AND_DAYS.iter().all(|canary| seen.contains(canary)), "{seen}");
}

#[test]
fn tests_and_differences_on_a_log_show_no_name_and_no_text() {
    let (file, log) = logs().remove(0);
    for arguments in
        ["test ward.forbear", "test ward.forbear --format json", "diff ward.forbear new.forbear --log log.jsonl"]
    {
        let new = POLICY.replace("at most 2", "at most 1").split("example").next().unwrap().to_owned();
        let test = Test::new().file("ward.forbear", POLICY).file("new.forbear", new).file(file, &log);
        let output = test.args(arguments).run();
        let found: Vec<&&str> = NAMES.iter().chain(TEXTS).filter(|c| output.everything().contains(**c)).collect();
        assert!(found.is_empty(), "{arguments}: {found:?}\n{}", output.everything());
        assert_ne!(output.code, Some(2), "{}", output.everything());
    }
}
