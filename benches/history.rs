//! What looking back costs: the same log, judged by the same policy without and with a quota, and with two quotas, a rate
//! and a pause; then a log in which the time of every episode is only a day, in a process of its own.
//!
//! `cargo bench --bench history` judges a million episodes; `EPISODES=100000 cargo bench --bench history` fewer. Each
//! audit runs three times, turn by turn, and the fastest counts. Memory is what the process holds at most, of which the
//! log itself is part: its growth from the audits without history to those with it is what history keeps.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "what fails here is the benchmark's own input")]
#![expect(clippy::indexing_slicing, reason = "of tables of the benchmark's own")]

use std::fmt::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use forbear::audit::{Audit, Clock, Judged, Sink, Summary};
use forbear::check::load;
use forbear::log::{Format, Input, Limits, Unreadable};
use forbear::source::Sources;

const VOCABULARY: &str = "\
vocabulary ward \"Ward\"
scale harm \"Harm\" none < mild < moderate < severe
field id               text     role id
field occurred_at      instant  role time
field trainee.id       identity
field supervisor.id    identity
field harm_foreseen    harm
field outcome.harm     harm     known afterwards at outcome.known_at
field outcome.known_at instant  known afterwards
field debrief.held_at  instant  known afterwards
field minutes          duration

policy ward_rules \"Ward\"
  time zone Europe/Zurich
  vocabulary ward
  default permit

rule foreseen \"Little harm is foreseen\"
  require harm_foreseen at most mild

rule short \"It is short\"
  require minutes at most 80 minutes
";

const QUOTA: &str = "
rule quota \"Two a month for each trainee\"
  limit 2 episodes per trainee.id in any 30 days
";

const MORE: &str = "
rule pair \"Five a year for each pair\"
  limit 5 episodes per trainee.id, supervisor.id in any 365 days

rule rate \"Not half of them are long\"
  limit share of episodes where minutes above 40 minutes to 50 % per trainee.id in any 90 days given at least 5

rule pause \"Not again within two weeks of severe harm that was not debriefed\"
  forbid when any episode where outcome.harm at least severe and debrief.held_at is missing
    per trainee.id in the past 14 days
";

fn main() {
    let episodes = std::env::var("EPISODES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    if let Ok(days) = std::env::var("ONLY_DAYS") {
        return compare(episodes, &log(episodes, true), &days);
    }
    compare(episodes, &log(episodes, false), "to the second");
    let this = std::env::current_exe().unwrap();
    assert!(Command::new(this).env("ONLY_DAYS", "only to the day").status().unwrap().success());
}

fn compare(episodes: usize, log: &str, times: &str) {
    println!("{episodes} episodes, {} MB of JSONL, times known {times}", log.len() / 1_000_000);
    let one = format!("{VOCABULARY}{QUOTA}");
    let all = format!("{one}{MORE}");
    let runs = [("without history", VOCABULARY), ("one quota", &one), ("two quotas, a rate and a pause", &all)];
    let mut fastest = [Duration::MAX; 3];
    let mut peaks = [0; 3];
    for _ in 0..3 {
        for (at, (_, policy)) in runs.iter().enumerate() {
            let (took, summary) = audit(policy, log);
            fastest[at] = fastest[at].min(took);
            peaks[at] = peaks[at].max(if peaks[at] == 0 { peak_memory() } else { 0 });
            assert_eq!(summary.judged, episodes);
        }
    }
    for ((name, _), (took, peak)) in runs.iter().zip(fastest.iter().zip(peaks)) {
        let each = took.as_nanos() / u128::try_from(episodes).unwrap();
        let ratio = took.as_secs_f64() / fastest[0].as_secs_f64();
        let kept = (peak - peaks[0]) * 1024 / episodes;
        println!(
            "{name:<32} {:>8.2} s {each:>8} ns each {ratio:>6.2}   peak {peak:>7} KiB, {kept:>4} bytes an episode",
            took.as_secs_f64()
        );
    }
}

fn audit(policy: &str, log: &str) -> (Duration, Summary) {
    let mut sources = Sources::new();
    sources.add("ward.forbear", policy);
    let checked = load(&mut sources);
    assert!(!checked.has_errors());
    let id = sources.add_protected("log.jsonl", log);
    let inputs = [Input { id, format: Format::Jsonl }];
    let clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
    let audit = Audit { set: &checked.set, sources: &sources, inputs: &inputs, clock, limits: Limits::default() };
    let begun = Instant::now();
    let summary = audit.run(false, &mut Nowhere);
    (begun.elapsed(), summary)
}

/// Wants nothing but the totals.
struct Nowhere;

impl Sink for Nowhere {
    fn judged(&mut self, _record: &Judged<'_>) {}

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}
}

/// Makes a log over six years: a thousand episodes for each trainee, the same on every run.
fn log(episodes: usize, only_days: bool) -> String {
    let mut state = 42u64;
    let mut draw = |below: u64| {
        // A linear congruential generator (Knuth, MMIX): enough to scatter times and names.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let trainees = u64::try_from(episodes / 1000).unwrap().max(1);
    let mut log = String::new();
    for number in 0..episodes {
        let at = jiff::Timestamp::from_second(1_577_836_800 + i64::try_from(draw(6 * 365 * 86_400)).unwrap()).unwrap();
        let known = at + jiff::SignedDuration::from_hours(5);
        let mut at = at.to_string();
        at.truncate(if only_days { "2026-01-01".len() } else { at.len() });
        let (trainee, supervisor) = (draw(trainees), draw(40));
        let foreseen = ["none", "mild", "moderate"][usize::try_from(draw(3)).unwrap()];
        let harm = ["none", "none", "mild", "severe"][usize::try_from(draw(4)).unwrap()];
        let minutes = draw(90);
        writeln!(
            log,
            "{{\"id\":\"E{number}\",\"occurred_at\":\"{at}\",\"trainee\":{{\"id\":\"T-{trainee}\"}},\"supervisor\":{{\"id\":\"S-{supervisor}\"}},\"harm_foreseen\":\"{foreseen}\",\"outcome\":{{\"harm\":\"{harm}\",\"known_at\":\"{known}\"}},\"minutes\":\"{minutes} minutes\"}}"
        )
        .unwrap();
    }
    log
}

/// Reads the most memory that the process has held, in KiB; 0 where the system does not say.
fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|count| count.parse().ok()).unwrap_or(0)
}
