//! The episodes of the audit bench: 27 fields in nine groups, the same on every run, written as they are made.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// A vocabulary of 27 fields in nine groups, and ten rules on them.
pub(crate) const POLICY: &str = r#"
vocabulary ward "Ward"
scale risk "Risk" low < moderate < high < extreme
scale closeness "Supervision" remote < on_site < in_room < hands_on
scale stage "Stage" student < first_year < junior < senior < fellow
kind setting "Setting" clinical, simulation
kind activity "Activity" operation, procedure, medication, handover
kind failure "Failure" procedural, communication, diagnostic, planning
kind strategy "Strategy" take_over, verbal_cue, second_surgeon, stop
kind harm "Harm" none, mild, moderate_harm, severe
kind consent "Consent" given, refused, waived
field id                    text              role id
field occurred_at           instant           role time
field place.department      text
field place.setting         setting
field place.room            text
field activity.kind         activity
field activity.planned      boolean
field activity.description  text
field failure.kind          failure
field failure.anticipated   boolean
field failure.description   text
field education.objective   text
field education.value       risk
field education.briefed     boolean
field patient.risk          risk              role risk
field patient.asa           whole number from 1 to 5
field patient.consent       consent
field supervisor.id         identity
field supervisor.level      closeness         role supervision
field trainee.id            identity
field trainee.stage         stage
field trainee.entrustment   whole number from 1 to 5
field rescue.strategies     set of strategy   role rescue strategies
field rescue.by             identity
field rescue.stop_point     boolean
field outcome.harm          harm
field outcome.delay         number

policy ward_rules "Ward rules"
  time zone Europe/Zurich
  vocabulary ward
  default permit

rule ceiling
  risk ceiling high
rule in_the_room
  when activity.kind is operation
  supervision at least in_room
rule beside_the_junior
  when trainee.stage at most first_year
  supervision at least on_site
rule foreseen
  require failure.anticipated
rule briefed
  require education.briefed
rule stop_point
  require rescue.stop_point
rule can_take_over
  when patient.asa at least 3
  require rescue.strategies includes take_over
rule weighed
  require education.value at least moderate or patient.risk at most moderate
rule trusted
  require trainee.entrustment at least 2 or supervisor.level at least in_room or patient.risk is low
rule another_rescues
  when patient.asa at least 2
  require rescue.by is not trainee.id
"#;

/// The same ten rules, and a quota for each trainee.
pub(crate) const QUOTA: &str = "\nrule quota\n  limit 4 episodes per trainee.id in any 30 days\n";

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One record a line.
    Jsonl,
    /// A list of records.
    Json,
    Csv,
    Yaml,
}

/// Writes so many episodes.
pub(crate) fn write(path: &Path, shape: Shape, episodes: usize) {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    let mut choice = Choice(42);
    let mut line = String::new();
    if shape == Shape::Csv {
        writeln!(out, "{}", FIELDS.join(",")).unwrap();
    }
    for at in 0..episodes {
        line.clear();
        let values = values(at, &mut choice);
        match shape {
            Shape::Jsonl => jsonl(&values, &mut line),
            Shape::Json => {
                let mut record = String::new();
                jsonl(&values, &mut record);
                line.push_str(if at == 0 { "[\n" } else { ",\n" });
                line.push_str(record.trim_end());
            }
            Shape::Csv => csv(&values, &mut line),
            Shape::Yaml => yaml(&values, &mut line),
        }
        out.write_all(line.as_bytes()).unwrap();
    }
    if shape == Shape::Json {
        out.write_all(b"\n]\n").unwrap();
    }
    out.flush().unwrap();
}

/// The fields, in the order of [`values`]; those of a group follow each other.
pub(crate) const FIELDS: [&str; 27] = [
    "id",
    "occurred_at",
    "place.department",
    "place.setting",
    "place.room",
    "activity.kind",
    "activity.planned",
    "activity.description",
    "failure.kind",
    "failure.anticipated",
    "failure.description",
    "education.objective",
    "education.value",
    "education.briefed",
    "patient.risk",
    "patient.asa",
    "patient.consent",
    "supervisor.id",
    "supervisor.level",
    "trainee.id",
    "trainee.stage",
    "trainee.entrustment",
    "rescue.strategies",
    "rescue.by",
    "rescue.stop_point",
    "outcome.harm",
    "outcome.delay",
];

/// One value in a thousand is missing; but for the id and the strategies, of which none is not a value that is missing.
fn values(at: usize, choice: &mut Choice) -> [String; 27] {
    let minutes = at as u64 * 7 % (400 * 24 * 60);
    let day = jiff::civil::date(2025, 1, 1) + jiff::Span::new().days((minutes / 1440) as i64);
    let supervisor = format!("S-{:04}", choice.below(400));
    let trainee = format!("T-{:05}", choice.below(60_000));
    // The rescuer is the trainee, against the rule, once in fifty.
    let rescuer = if choice.below(50) == 0 { trainee.clone() } else { supervisor.clone() };
    let mut values = [
        format!("EP-{at:07}"),
        format!("{day}T{:02}:{:02}:00+01:00", minutes % 1440 / 60, minutes % 60),
        choice.of(&["general surgery", "orthopaedics", "obstetrics and gynaecology"]),
        choice.often(10, "simulation", &["clinical"]),
        choice.of(&["theatre 1", "theatre 2", "ward 14", "emergency room"]),
        choice.of(&["operation", "procedure", "medication", "handover"]),
        choice.often(9, "false", &["true"]),
        choice.of(&[
            "laparoscopic cholecystectomy, elective",
            "central line by ultrasound",
            "change of the dose at night",
        ]),
        choice.of(&["procedural", "communication", "diagnostic", "planning"]),
        choice.often(10, "false", &["true"]),
        choice.of(&[
            "poor trocar angle and left to struggle for five minutes",
            "did not call for help when the line would not pass",
        ]),
        choice.of(&["port placement under tension", "asking for help in time"]),
        choice.often(40, "low", &["moderate", "high"]),
        choice.often(10, "false", &["true"]),
        choice.often(200, "extreme", &["low", "moderate", "low", "moderate", "high"]),
        format!("{}", 1 + choice.below(4)),
        choice.often(40, "waived", &["given"]),
        supervisor,
        choice.often(20, "on_site", &["in_room", "hands_on"]),
        trainee,
        choice.of(&["student", "first_year", "junior", "senior", "fellow"]),
        format!("{}", 2 + choice.below(4)),
        choice.often(25, "verbal_cue", &["take_over|verbal_cue", "take_over", "take_over|stop"]),
        rescuer,
        choice.often(10, "false", &["true"]),
        choice.often(12, "mild", &["none"]),
        format!("{}.{}", choice.below(60), choice.below(10)),
    ];
    for (at, value) in values.iter_mut().enumerate() {
        if at > 0 && choice.below(1_000) == 0 {
            value.clear();
        }
    }
    values
}

fn jsonl(values: &[String; 27], line: &mut String) {
    line.push('{');
    let mut open = "";
    for (path, value) in FIELDS.into_iter().zip(values) {
        let (group, key) = path.split_once('.').unwrap_or(("", path));
        if group != open {
            if !open.is_empty() {
                line.push('}');
            }
            line.push_str(if line.len() > 1 { "," } else { "" });
            line.push_str(&format!("\"{group}\":{{"));
            open = group;
        } else if line.len() > 1 {
            line.push(',');
        }
        line.push_str(&format!("\"{key}\":"));
        json_value(path, value, line);
    }
    line.push_str("}}\n");
}

fn json_value(path: &str, value: &str, line: &mut String) {
    match value {
        "" => line.push_str("null"),
        "true" | "false" => line.push_str(value),
        _ if path == "rescue.strategies" => {
            let members: Vec<String> = value.split('|').map(|member| format!("\"{member}\"")).collect();
            line.push_str(&format!("[{}]", members.join(",")));
        }
        _ if value.parse::<f64>().is_ok() => line.push_str(value),
        _ => line.push_str(&format!("\"{value}\"")),
    }
}

/// Commas in texts are left out, so that no cell needs quotation marks.
fn csv(values: &[String; 27], line: &mut String) {
    for (at, value) in values.iter().enumerate() {
        line.push_str(if at > 0 { "," } else { "" });
        line.extend(value.chars().filter(|c| *c != ','));
    }
    line.push('\n');
}

fn yaml(values: &[String; 27], line: &mut String) {
    let mut open = "";
    for (at, (path, value)) in FIELDS.into_iter().zip(values).enumerate() {
        let (group, key) = path.split_once('.').unwrap_or(("", path));
        let lead = if at == 0 { "- " } else { "  " };
        if group != open {
            line.push_str(&format!("{lead}{group}:\n"));
            open = group;
        }
        line.push_str(if group.is_empty() { lead } else { "    " });
        line.push_str(&format!("{key}: "));
        json_value(path, value, line);
        line.push('\n');
    }
}

/// A linear congruential generator (Knuth, MMIX): plain, and the same on every run.
struct Choice(u64);

impl Choice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn of(&mut self, words: &[&str]) -> String {
        let at = self.below(words.len() as u64);
        words[usize::try_from(at).unwrap()].to_owned()
    }

    /// Gives the first once in so many times, else one of the others.
    fn often(&mut self, once_in: u64, rare: &str, others: &[&str]) -> String {
        if self.below(once_in) == 0 { rare.to_owned() } else { self.of(others) }
    }
}
