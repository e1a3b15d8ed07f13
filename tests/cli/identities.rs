//! Who somebody is stands in clear in no output unless asked.

use super::builder::{Test, episode};

/// Rules that read every sort of identity, so that all are cited.
const POLICY: &str = "\
policy ward \"Ward\"
  effective from 2025-01-01
  time zone Europe/Zurich
  vocabulary clinical
  default permit

rule own_rescuer \"Nobody is their own rescue\"
  require rescue.by is not trainee.id

rule other \"The supervisor rescues\"
  require supervisor.id is rescue.by
  because \"They answer for it\"

rule alternates \"The trainee is no stand-in\"
  require not rescue.alternates includes trainee.id

rule room \"In the room\"
  when activity is operation
  supervision at least in_room

rule judged \"Somebody judged\"
  require education.judged_by is present
";

/// Parts of invented names, each in a place of its own.
const NAMES: &[&str] = &[
    "Anna", "Muster", "Berta", "Beispiel", "Carla", "Clausen", "Dora", "Dunkel", "Emil", "Ernst", "Fritz", "Fischli",
    "Gerda", "Geheim", "Hanna", "Heinz", "Ida", "Imhof", "Jakob", "Jost",
];

fn logs() -> Vec<(&'static str, String)> {
    let lines = [
        episode(
            "EP-1",
            &[
                ("trainee.id", "\"Anna Muster\""),
                ("rescue.by", "\"Anna Muster\""),
                ("supervisor.id", "\"Berta Beispiel\""),
            ],
        ),
        episode(
            "EP-2",
            &[
                ("supervisor.level", "\"on_site\""),
                ("trainee.id", "\"Anna Muster\""),
                ("rescue.alternates", "[\"Anna Muster\", \"Berta Beispiel\"]"),
            ],
        ),
        // values that do not fit
        episode("EP-3", &[("trainee.id", "[\"Carla Clausen\"]"), ("supervisor.id", "{\"name\": \"Dora Dunkel\"}")]),
        episode(
            "EP-4",
            &[
                ("trainee.id", "\"Gerda\\u0000Geheim\""),
                ("rescue.alternates", "[\"Hanna Heinz\", {\"name\": \"Dora Dunkel\"}, null]"),
            ],
        ),
        // keys that nobody knows, twice, and keys that stand twice
        episode("EP-5", &[("trainee.idd", "\"Emil Ernst\""), ("rescue.alternates", "\"Ida Imhof\"")]),
        episode("EP-6", &[]).replacen("\"trainee.id\"", "\"trainee.id\": \"Jakob Jost\", \"trainee.id\"", 1),
        // the same id twice
        episode("EP-1", &[("trainee.id", "\"Berta Beispiel\"")]),
        // records that cannot be read
        "{\"id\": \"EP-7\", \"trainee.id\": \"Fritz Fischli\", \"rescue.by\": }\n".to_owned(),
        "{\"id\": \"EP-8\", \"trainee.id\": \"Fritz Fischli\n".to_owned(),
        "\"Fritz Fischli\"\n".to_owned(),
        "Fritz Fischli\n".to_owned(),
    ];
    let csv = "\
id,occurred_at,activity,trainee.id,supervisor.id,rescue.by,rescue.alternates,supervisor.level,patient.asa,trainee.idd
EP-1,2025-03-04T10:00:00+01:00,operation,Anna Muster,Berta Beispiel,Anna Muster,Anna Muster|Carla Clausen,on_site,IV,Emil Ernst
EP-2,2025-03-04,operation,Anna Muster,,Anna Muster,|Hanna Heinz,in_rom,9,Dora Dunkel
EP-2,,operation,Anna Muster,Berta Beispiel,,,on_site,2,
EP-3,2025-03-04,operation,Fritz Fischli,Gerda Geheim
EP-4,2025-03-04,operation,\"Fritz Fischli,Ida Imhof
";
    let yaml = "\
- id: EP-1
  occurred_at: 2025-03-04T10:00:00+01:00
  activity: operation
  trainee: {id: Anna Muster, idd: Emil Ernst}
  supervisor: {id: Berta Beispiel, level: on_site}
  rescue: {by: Anna Muster, alternates: [Anna Muster, [Carla Clausen]]}
- id: EP-2
  trainee: {id: {name: Dora Dunkel}}
- id: EP-3
  trainee: {id: Jakob Jost, id: Hanna Heinz}
- Fritz Fischli
- id: EP-4
  trainee: {id: \"Fritz Fischli
";
    let json = format!(
        "[{}, {{\"id\": \"EP-9\", \"trainee.id\": \"Fritz Fischli\" \"rescue.by\"",
        lines[..6].concat().trim().replace('\n', ",")
    );
    vec![("log.jsonl", lines.concat()), ("log.csv", csv.to_owned()), ("log.yaml", yaml.to_owned()), ("log.json", json)]
}

const COMMANDS: &[&str] = &[
    "audit ward.forbear --log LOG --show 999",
    "audit ward.forbear --log LOG --format json",
    "audit ward.forbear --log LOG --format jsonl",
    "audit ward.forbear --log LOG --quiet",
    "explain ward.forbear --log LOG --episode EP-1",
    "explain ward.forbear --log LOG --episode EP-2",
    "explain ward.forbear --log LOG --episode EP-3",
    "explain ward.forbear --log LOG --episode EP-4",
    "explain ward.forbear --log LOG --episode EP-5",
    "explain ward.forbear --log LOG --episode EP-0",
];

#[test]
fn no_name_stands_in_clear_in_any_output() {
    let mut wrong = Vec::new();
    for (file, log) in logs() {
        for command in COMMANDS {
            let arguments = command.replace("LOG", file);
            let output = Test::new().file("ward.forbear", POLICY).file(file, &log).args(&arguments).run();
            for (number, line) in output.everything().lines().enumerate() {
                let shown: Vec<&&str> = NAMES.iter().filter(|name| line.contains(**name)).collect();
                if !shown.is_empty() {
                    wrong.push(format!("{arguments}: line {}: {shown:?}: {line}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Otherwise the test above would hold of an audit that reads nothing.
#[test]
fn the_same_records_are_judged_and_cited_all_the_same() {
    for (file, log) in logs() {
        let arguments = format!("audit ward.forbear --log {file} --format json");
        let output = Test::new().file("ward.forbear", POLICY).file(file, &log).args(&arguments).run();
        let document: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        assert!(document["totals"]["judged"].as_u64() > Some(1), "{file}: {}", document["totals"]);
        assert!(document["totals"]["unreadable"].as_u64() > Some(0), "{file}: {}", document["totals"]);
        assert!(document["totals"]["with_findings"].as_u64() > Some(0), "{file}: {}", document["totals"]);
        let own_rescuer = &document["judgements"][0]["rules"][0];
        assert_eq!(own_rescuer["rule"], "own_rescuer", "{file}");
        let people: Vec<&str> =
            own_rescuer["evidence"].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap()).collect();
        assert!(people.len() == 2 && people[0].starts_with("P-") && people[0] == people[1], "{file}: {people:?}");
    }
}

#[test]
fn names_stand_in_clear_if_asked() {
    let (file, log) = logs().swap_remove(0);
    for format in ["human --show 99", "json", "jsonl"] {
        let arguments =
            format!("audit ward.forbear --log {file} --privacy internal --identities clear --format {format}");
        let output = Test::new().file("ward.forbear", POLICY).file(file, &log).args(&arguments).run();
        assert!(output.stdout.contains("Anna Muster"), "{format}\n{}", output.stdout);
    }
}

#[test]
fn pseudonyms_differ_from_run_to_run() {
    let run = || {
        let test = Test::new().file("ward.forbear", POLICY).file("log.jsonl", &logs()[0].1);
        test.args("audit ward.forbear --log log.jsonl --format jsonl").run().stdout
    };
    assert_ne!(run(), run());
}
