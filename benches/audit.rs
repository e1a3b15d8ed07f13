//! A million episodes, from a file to totals, beside what merely reading that file costs.
//!
//! Each measurement runs in a process of its own, turn by turn with the others, and the fastest of each counts: what else
//! the machine does only makes things slower. `EPISODES=100000 ROUNDS=3 cargo bench --bench audit` says how many, and
//! `ONLY=jsonl,tape` which. The yardsticks are simd-json, parsing each line to its tape and no more, on one thread, the csv
//! crate, going over its cells, and the parser of YAML that we use, giving its events.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here is the benchmark's own input")]

#[path = "support/measured.rs"]
#[expect(dead_code, reason = "other benches use the rest")]
mod measured;
#[path = "support/million.rs"]
mod million;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use forbear::audit::{Audit, Clock, Nowhere, Running, Summary};
use forbear::check::load;
use forbear::judge::BriefJudge;
use forbear::log::{Briefer, Fitter, Limits, Mapping};
use forbear::source::Sources;
use million::Shape;

/// What is measured: its name, the file that it reads, and what its time is compared with.
const MEASURED: [(&str, Shape, &str); 11] = [
    ("tape", Shape::Jsonl, "tape"),
    ("jsonl", Shape::Jsonl, "tape"),
    ("jsonl_one_thread", Shape::Jsonl, "tape"),
    ("jsonl_quota", Shape::Jsonl, "tape"),
    ("json_document", Shape::Json, "tape"),
    ("csv_crate", Shape::Csv, "csv_crate"),
    ("csv", Shape::Csv, "csv_crate"),
    ("csv_mapped", Shape::Csv, "csv_crate"),
    ("csv_mapped_quota", Shape::Csv, "csv_crate"),
    ("yaml_parser", Shape::Yaml, "yaml_parser"),
    ("yaml", Shape::Yaml, "yaml_parser"),
];

const SHAPES: [Shape; 4] = [Shape::Jsonl, Shape::Json, Shape::Csv, Shape::Yaml];

fn main() {
    if let Ok(name) = std::env::var("MEASURE") {
        return measure(&name);
    }
    let episodes = number("EPISODES", 1_000_000);
    let only = std::env::var("ONLY").unwrap_or_default();
    let chosen: Vec<_> =
        MEASURED.iter().filter(|(name, ..)| only.is_empty() || only.split(',').any(|wanted| wanted == *name)).collect();
    let mut best: Vec<Option<Figures>> = vec![None; chosen.len()];
    for shape in SHAPES {
        if chosen.iter().any(|(_, of, _)| *of == shape) {
            million::write(&path(shape), shape, of_shape(shape, episodes));
        }
    }
    for round in 0..number("ROUNDS", 5) {
        for ((name, ..), best) in chosen.iter().zip(&mut best) {
            let figures = in_its_own_process(name);
            println!("round {round}: {name:<18} {figures:?}");
            *best = Some(best.map_or(figures, |best| best.least(figures)));
        }
    }
    table(&chosen, &best, episodes);
    let (alone, count) = judging_alone();
    println!("\njudging alone: {alone:.0} ns an episode, with {count} records that are read in brief");
    for shape in SHAPES {
        let _ = std::fs::remove_file(path(shape));
    }
}

/// YAML takes its time: a tenth of it tells enough.
fn of_shape(shape: Shape, episodes: usize) -> usize {
    if shape == Shape::Yaml { episodes / 10 } else { episodes }
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(default)
}

fn path(shape: Shape) -> PathBuf {
    let name = match shape {
        Shape::Jsonl => "audit.jsonl",
        Shape::Json => "audit.json",
        Shape::Csv => "audit.csv",
        Shape::Yaml => "audit.yaml",
    };
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Wall time, time of all cores, and the most memory.
#[derive(Debug, Clone, Copy)]
struct Figures {
    wall: Duration,
    cpu: Duration,
    kib: usize,
}

impl Figures {
    fn least(self, other: Self) -> Self {
        Self { wall: self.wall.min(other.wall), cpu: self.cpu.min(other.cpu), kib: self.kib.min(other.kib) }
    }
}

fn in_its_own_process(name: &str) -> Figures {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).env("MEASURE", name).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let numbers: Vec<u64> = said.split_whitespace().map(|number| number.parse().unwrap()).collect();
    Figures {
        wall: Duration::from_nanos(numbers[0]),
        cpu: Duration::from_nanos(numbers[1]),
        kib: usize::try_from(numbers[2]).unwrap(),
    }
}

fn measure(name: &str) {
    let (_, shape, _) = MEASURED.iter().find(|(known, ..)| *known == name).unwrap();
    let path = path(*shape);
    let begun = Instant::now();
    let before = processor_time();
    match name {
        "tape" => tape(&path),
        "csv_crate" => csv_crate(&path),
        "yaml_parser" => yaml_parser(&path),
        "jsonl_quota" | "csv_mapped_quota" => {
            audit(&format!("{}{}", million::POLICY, million::QUOTA), &path, None, name != "jsonl_quota");
        }
        "jsonl_one_thread" => audit(million::POLICY, &path, Some(1), false),
        _ => audit(million::POLICY, &path, None, name == "csv_mapped"),
    }
    let wall = begun.elapsed();
    let cpu = processor_time() - before;
    println!("{} {} {}", wall.as_nanos(), cpu.as_nanos(), measured::peak_memory());
}

fn tape(path: &Path) {
    let mut lines = BufReader::with_capacity(1 << 20, File::open(path).unwrap());
    let (mut line, mut buffers) = (Vec::new(), simd_json::Buffers::default());
    let mut nodes = 0;
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).unwrap() == 0 {
            break;
        }
        nodes += simd_json::to_tape_with_buffers(&mut line, &mut buffers).unwrap().0.len();
    }
    assert!(nodes > 0);
}

fn csv_crate(path: &Path) {
    let mut reader = csv::Reader::from_reader(BufReader::with_capacity(1 << 20, File::open(path).unwrap()));
    let mut record = csv::ByteRecord::new();
    let mut bytes = 0;
    while reader.read_byte_record(&mut record).unwrap() {
        bytes += record.iter().map(<[u8]>::len).sum::<usize>();
    }
    assert!(bytes > 0);
}

fn yaml_parser(path: &Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let events = granit_parser::Parser::new_from_str(&text).map(Result::unwrap).count();
    assert!(events > 0);
}

/// Judges records that are read already, each a hundred times, by the ten rules; gives the nanoseconds of one, and how many records.
fn judging_alone() -> (f64, u32) {
    const TIMES: u32 = 100;
    let path = path(Shape::Jsonl).with_file_name("few.jsonl");
    million::write(&path, Shape::Jsonl, 10_000);
    let text = std::fs::read(&path).unwrap();
    let _ = std::fs::remove_file(&path);
    let mut sources = Sources::new();
    sources.add("ward.forbear", million::POLICY);
    let checked = load(&mut sources);
    let policy = &checked.set.policies[0];
    let present = "2027-01-01T00:00:00Z".parse().unwrap();
    let lenses = policy
        .versions
        .iter()
        .map(|version| (Fitter::new(&version.vocabulary, version.zone.clone()), BriefJudge::reads(version).collect()));
    let mut briefer = Briefer::new(lenses.collect(), &Limits::default(), present);
    let mut judge = BriefJudge::new(policy, briefer.bases(), None);
    let (mut spent, mut judged) = (Duration::ZERO, 0);
    for line in text.split(|byte| *byte == b'\n') {
        let Some(record) = briefer.json(line) else { continue };
        let begun = Instant::now();
        let sure = (0..TIMES).filter(|_| judge.judge(std::hint::black_box(record), line, 0).is_some()).count();
        if sure > 0 {
            spent += begun.elapsed();
            judged += 1;
        }
    }
    (spent.as_secs_f64() * 1e9 / f64::from(judged * TIMES), judged)
}

fn audit(policy: &str, path: &Path, threads: Option<usize>, is_mapped: bool) {
    let summary = audit_file(policy, path, threads, is_mapped);
    assert!(summary.unreadable == 0 && summary.judged > 0, "the generated log is sound");
    let found = summary.failing as f64 / summary.judged as f64;
    // A longer log has no more trainees, so that the quota is broken more often.
    let most = if policy.contains("quota") { 1.0 } else { 0.7 };
    assert!((0.25..=most).contains(&found), "findings in {found} of the records");
}

/// Judges a log in a file by a policy, as the command does without a report; with so many threads, and through a mapping that names
/// each column and gives codes for a level.
fn audit_file(policy: &str, path: &Path, threads: Option<usize>, is_mapped: bool) -> Summary {
    let mut sources = Sources::new();
    sources.add("ward.forbear", policy);
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{:?}", checked.problems);
    let mut opened = forbear::log::open(&[path.to_owned()], &mut std::io::empty(), &mut sources);
    if is_mapped {
        let fields: Vec<String> = million::FIELDS.map(|field| format!("  {field}: {}\n", column(field))).to_vec();
        let id = sources.add("mapping.yaml", format!("missing: [NA]\nfields:\n{}", fields.concat()));
        let vocabulary = &checked.set.policies[0].versions[0].vocabulary;
        let (mapping, problems) = Mapping::read(&sources, id, &[vocabulary]);
        assert!(problems.is_empty(), "{problems:?}");
        opened.inputs[0].mapping = Some(Arc::new(mapping));
    }
    let clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
    let audit =
        Audit { set: &checked.set, sources: &sources, inputs: &opened.inputs, clock, limits: Limits::default() };
    let running = Running::default();
    let threads = threads.unwrap_or(running.threads);
    audit.run_so(Running { threads, ..running }, &mut Nowhere)
}

fn column(field: &str) -> String {
    if field == "patient.risk" {
        return format!("{{from: {field}, codes: {{low: low, moderate: moderate, high: high, extreme: extreme}}}}");
    }
    field.to_owned()
}

/// Gives the time that all threads of this process have used, in ticks of a hundredth of a second.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 =
        behind_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn table(chosen: &[&(&str, Shape, &str)], best: &[Option<Figures>], episodes: usize) {
    println!(
        "\n{episodes} episodes (YAML: a tenth)\n{:<18} {:>9} {:>9} {:>9} {:>10} {:>10}",
        "", "wall s", "CPU s", "MiB", "wall ratio", "CPU ratio"
    );
    let per_episode = |name: &str| {
        let at = chosen.iter().position(|(known, ..)| *known == name)?;
        let figures = best[at]?;
        let count = of_shape(chosen[at].1, episodes) as f64;
        Some((figures.wall.as_secs_f64() / count, figures.cpu.as_secs_f64() / count))
    };
    for ((name, _, yardstick), figures) in chosen.iter().zip(best) {
        let Some(figures) = figures else { continue };
        let (own, other) = (per_episode(name), per_episode(yardstick));
        let ratio = own.zip(other).map(|(own, other)| (own.0 / other.0, own.1 / other.1));
        let (wall, cpu) = ratio.unwrap_or((f64::NAN, f64::NAN));
        println!(
            "{name:<18} {:>9.2} {:>9.2} {:>9.1} {wall:>10.2} {cpu:>10.2}",
            figures.wall.as_secs_f64(),
            figures.cpu.as_secs_f64(),
            figures.kib as f64 / 1024.0,
        );
    }
}
