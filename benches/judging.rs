//! What judging costs, beside what it cannot do without: one run, one machine, and the ratios at its end.
//!
//! criterion, since it is maintained and samples in time. Its own results are per benchmark; the ratios are made here
//! from the fastest sample of each.

#![expect(clippy::print_stdout, clippy::expect_used, clippy::panic, reason = "a benchmark is a program at the edge")]

use std::cell::RefCell;
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use forbear::audit::{Audit, Clock, Judged, Sink, Summary};
use forbear::check::{self, Checked};
use forbear::episode::Episode;
use forbear::judge::{Standpoint, judge};
use forbear::log::{self, Fitter, Format, Input, Item, Limits, Record, Unreadable};
use forbear::policy::{Policy, Version};
use forbear::source::Sources;
use jiff::Timestamp;

/// Ten rules over the built-in clinical vocabulary.
const POLICY: &str = r#"
policy bench "Ten rules"
  version    1
  effective  from 2025-01-01
  time zone  Europe/Zurich
  vocabulary clinical
  applies when setting is clinical

define high_stakes as patient.asa at least 4 or patient.emergency
define trusted as trainee.entrustment at least 4 and patient.risk at most low

rule learning
  permit when education.objective is present and failure.anticipated
rule ceiling
  risk ceiling moderate
rule stakes
  when high_stakes
  risk ceiling low
  severity critical
rule in_the_room
  when activity is operation
  supervision at least in_room
  unless trusted and supervision at least on_site
rule scrubbed
  when activity is operation and trainee.stage at most first_year
  supervision at least hands_on
rule rescue
  rescue plan with take_over ready within 30 seconds
  unless activity is procedure and trusted
rule own_rescuer
  require rescue.by is not trainee.id
rule able
  require supervisor.confidence is one of fair, sure or rescue.alternates is present
rule refusal
  never when patient.consent is refused
  if undocumented violated
rule stop_point
  require rescue.stop_point is present
  severity advisory
"#;

const RECORDS: usize = 20_000;

fn main() {
    let episodes = Episodes::generate();
    let checked = checked();
    let policy = checked.set.policies.first().expect("the policy was made");
    let version = policy.versions.first().expect("it has a version");
    let times = RefCell::new(Vec::new());
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .sample_size(10)
        .configure_from_args();
    let mut bench = Bench { criterion: &mut criterion, times: &times };
    one_episode(&mut bench, policy, version, &episodes.jsonl);
    whole_logs(&mut bench, &checked, &episodes);
    criterion.final_summary();
    ratios(&times.borrow());
}

fn checked() -> Checked {
    let mut sources = Sources::new();
    sources.add("bench.forbear", POLICY);
    let checked = check::load(&mut sources);
    assert!(!checked.has_errors(), "{:?}", checked.problems);
    checked
}

/// Runs benchmarks, and remembers of each its fastest sample, per record.
struct Bench<'a> {
    criterion: &'a mut Criterion,
    times: &'a RefCell<Vec<(&'static str, f64)>>,
}

impl Bench<'_> {
    /// Measures work that goes over this many records and bytes.
    fn run(&mut self, name: &'static str, records: usize, bytes: usize, mut work: impl FnMut() -> usize) {
        let mut group = self.criterion.benchmark_group("log");
        group.throughput(Throughput::ElementsAndBytes { elements: records as u64, bytes: bytes as u64 });
        let mut fastest = f64::INFINITY;
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| {
                let start = Instant::now();
                for _ in 0..times {
                    assert_eq!(black_box(work()), records);
                }
                let elapsed = start.elapsed();
                fastest = fastest.min(elapsed.as_secs_f64() / (times as f64 * records as f64));
                elapsed
            });
        });
        group.finish();
        if fastest.is_finite() {
            self.times.borrow_mut().push((name, fastest));
        }
    }
}

/// Does something with each of many, and counts them.
fn all<T, R>(many: impl IntoIterator<Item = T>, work: impl Fn(T) -> R) -> usize {
    many.into_iter().fold(0, |count, one| {
        black_box(work(one));
        count + 1
    })
}

/// Judging by itself, of records that were read (and fitted) before.
fn one_episode(bench: &mut Bench<'_>, policy: &Policy, version: &Version, jsonl: &str) {
    let records = records(jsonl);
    let fitter = Fitter::new(&version.vocabulary, version.zone.clone());
    let fitted: Vec<Episode> = records.iter().map(|record| fitter.fit(record, present()).episode).collect();
    bench.run("judge", RECORDS, jsonl.len(), || {
        all(&fitted, |episode| judge(policy, &[episode], Standpoint::alone(present())))
    });
    bench.run("fit + judge", RECORDS, jsonl.len(), || {
        all(&records, |record| judge(policy, &[&fitter.fit(record, present()).episode], Standpoint::alone(present())))
    });
}

/// Whole audits from bytes to totals, and the same bytes only parsed.
fn whole_logs(bench: &mut Bench<'_>, checked: &Checked, episodes: &Episodes) {
    let jsonl = &episodes.jsonl;
    bench.run("serde_json to Value", RECORDS, jsonl.len(), || {
        let parse = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("the log is JSONL");
        all(jsonl.lines(), parse)
    });
    let logs = [
        ("audit JSONL", Format::Jsonl, jsonl),
        ("audit CSV", Format::Csv, &episodes.csv),
        ("audit YAML", Format::Yaml, &episodes.yaml),
    ];
    for (name, format, text) in logs {
        let mut sources = Sources::new();
        let inputs = [Input::new(sources.add_protected("log", text.as_str()), format)];
        bench.run(name, RECORDS, text.len(), || {
            let audit = Audit {
                set: &checked.set,
                sources: &sources,
                inputs: &inputs,
                clock: Clock::at(present()),
                limits: Limits::default(),
            };
            judged(&audit.run(false, &mut Nowhere))
        });
    }
}

fn judged(summary: &Summary) -> usize {
    assert_eq!((summary.unreadable, summary.findings.len()), (0, 0), "the generated log is sound");
    summary.judged
}

struct Nowhere;

impl Sink for Nowhere {
    fn judged(&mut self, record: &Judged<'_>) {
        black_box(record.results.len());
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}
}

fn ratios(times: &[(&str, f64)]) {
    let Some((_, yardstick)) = times.iter().find(|(name, _)| *name == "serde_json to Value") else { return };
    println!("\n{:<24} {:>14} {:>16}", "fastest of each", "ns per record", "to serde_json");
    for (name, seconds) in times {
        println!("{name:<24} {:>14.0} {:>16.2}", seconds * 1e9, seconds / yardstick);
    }
}

fn present() -> Timestamp {
    Timestamp::from_second(1_790_000_000).expect("a valid second")
}

fn records(jsonl: &str) -> Vec<Record> {
    let mut sources = Sources::new();
    let id = sources.add_protected("log.jsonl", jsonl);
    let mut records = Vec::new();
    log::read(&sources, id, Format::Jsonl, &Limits::default(), &mut |item| match item {
        Item::Record(record) => records.push(record),
        Item::Unreadable(unreadable) => panic!("{unreadable:?}"),
        Item::LeftOut(left_out) => panic!("{left_out:?}"),
    });
    records
}

/// The same episodes in three formats; the same on every run.
struct Episodes {
    jsonl: String,
    csv: String,
    yaml: String,
}

impl Episodes {
    fn generate() -> Self {
        let mut choice = Choice(42);
        let mut episodes = Self { jsonl: String::new(), csv: format!("{}\n", header()), yaml: String::new() };
        for at in 0..RECORDS {
            episodes.add(&values(at, &mut choice));
        }
        println!("{RECORDS} records: {} bytes each in JSONL", episodes.jsonl.len() / RECORDS);
        episodes
    }

    fn add(&mut self, values: &[String]) {
        let (mut json, mut csv, mut yaml) = (Vec::new(), Vec::new(), String::new());
        for (group, members) in groups(values) {
            let pairs: Vec<String> =
                members.iter().map(|(key, value)| format!("\"{key}\": {}", as_json(value))).collect();
            let (lead, margin) = if yaml.is_empty() { ("- ", "  ") } else { ("  ", "  ") };
            if group.is_empty() {
                json.extend(pairs);
            } else {
                json.push(format!("\"{group}\": {{{}}}", pairs.join(", ")));
                let _ = writeln!(yaml, "{lead}{group}:");
            }
            for (at, (key, value)) in members.iter().enumerate() {
                let lead = if yaml.is_empty() && at == 0 { "- " } else { margin };
                let deeper = if group.is_empty() { "" } else { "  " };
                let _ = writeln!(yaml, "{lead}{deeper}{key}: {}", as_json(value));
                csv.push((*value).clone());
            }
        }
        let _ = writeln!(self.jsonl, "{{{}}}", json.join(", "));
        let _ = writeln!(self.csv, "{}", csv.join(","));
        self.yaml.push_str(&yaml);
    }
}

/// The fields, in the order of [`values`]; those of a group follow each other.
const FIELDS: [&str; 26] = [
    "id",
    "occurred_at",
    "department",
    "setting",
    "activity",
    "failure.anticipated",
    "failure.kind",
    "failure.description",
    "education.objective",
    "education.value",
    "patient.risk",
    "patient.asa",
    "patient.emergency",
    "patient.consent",
    "supervisor.id",
    "supervisor.level",
    "supervisor.confidence",
    "trainee.id",
    "trainee.stage",
    "trainee.entrustment",
    "rescue.strategies",
    "rescue.ready_within",
    "rescue.by",
    "rescue.stop_point",
    "outcome.harm",
    "debrief.held_at",
];

fn header() -> String {
    FIELDS.join(",")
}

fn values(at: usize, choice: &mut Choice) -> Vec<String> {
    let day = format!("2025-{:02}-{:02}", 1 + at % 12, 1 + at % 28);
    let supervisor = format!("S-{}", choice.below(40));
    [
        format!("EP-{at}"),
        format!("{day}T{:02}:20:00+02:00", 7 + at % 10),
        choice.of(&["surgery", "orthopaedics", "obstetrics"]),
        choice.of(&["clinical", "clinical", "clinical", "simulation"]),
        choice.of(&["operation", "procedure", "medication"]),
        choice.of(&["true", "true", "false"]),
        choice.of(&["procedure", "communication", "diagnostic"]),
        "poor trocar angle and left to struggle for five minutes".to_owned(),
        "port placement".to_owned(),
        choice.of(&["low", "moderate", "high"]),
        choice.of(&["negligible", "Low", "moderate", "high"]),
        format!("{}", 1 + choice.below(5)),
        choice.of(&["false", "false", "true"]),
        choice.of(&["given", "given", "given", "refused", ""]),
        supervisor.clone(),
        choice.of(&["In room", "on site", "hands_on", "remote"]),
        choice.of(&["sure", "fair", "doubtful"]),
        format!("T-{}", choice.below(90)),
        choice.of(&["first_year", "junior", "senior", "fellow"]),
        format!("{}", 1 + choice.below(5)),
        choice.of(&["take_over|verbal_cue", "take_over", "verbal_cue"]),
        choice.of(&["10 seconds", "30 seconds", "2 minutes"]),
        supervisor,
        "five minutes without progress".to_owned(),
        choice.of(&["none", "mild"]),
        format!("{day}T18:00:00+02:00"),
    ]
    .into()
}

/// Fields and values by the group that they stand in.
fn groups(values: &[String]) -> Vec<(&'static str, Vec<(&'static str, &String)>)> {
    let mut groups: Vec<(&str, Vec<(&str, &String)>)> = Vec::new();
    for (path, value) in FIELDS.into_iter().zip(values) {
        let (group, key) = path.split_once('.').unwrap_or(("", path));
        match groups.last_mut() {
            Some((last, members)) if *last == group => members.push((key, value)),
            _ => groups.push((group, vec![(key, value)])),
        }
    }
    groups
}

/// Writes a value in JSON, which is YAML too.
fn as_json(value: &str) -> String {
    let bare = matches!(value, "true" | "false") || value.parse::<u32>().is_ok();
    match value {
        "" => "null".to_owned(),
        _ if bare => value.to_owned(),
        _ if value.contains("take_over") || value == "verbal_cue" => {
            let members: Vec<String> = value.split('|').map(|member| format!("\"{member}\"")).collect();
            format!("[{}]", members.join(", "))
        }
        _ => format!("\"{value}\""),
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
        words.get(usize::try_from(at).unwrap_or(0)).copied().unwrap_or("").to_owned()
    }
}
