//! What looking back costs: the same log, judged by the same policy without and with history, part by part.
//!
//! `cargo bench --bench history` judges a million episodes; `EPISODES=100000 cargo bench --bench history` fewer, and
//! `PART=window cargo bench --bench history` one part alone. Each part runs in a process of its own. Each audit runs three
//! times, turn by turn, and the fastest counts. Memory is what the process holds at most, of which the log itself is part:
//! its growth from the audits without history to those with it is what history keeps.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "what fails here is the benchmark's own input")]
#![expect(clippy::indexing_slicing, reason = "of tables of the benchmark's own")]

#[path = "support/measured.rs"]
mod measured;

use std::fmt::Write;
use std::process::Command;
use std::time::Duration;

use measured::{audit, peak_memory};

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

const LONG: &str = "
rule long \"Not eight long ones within a month\"
  forbid when count of episodes where minutes above 40 minutes per trainee.id in the past 30 days above 8
";

const HOURS: &str = "
rule hours \"Not more than twelve hours a month\"
  forbid when sum of minutes over episodes per trainee.id in the past 30 days above 12 hours
";

const LATER: &str = "
rule later \"No severe harm that was known by then\"
  forbid when any episode where outcome.harm at least none per trainee.id in the past 14 days
";

const OVERLAP: &str = "
rule alone \"Two at once\"
  forbid when count of episodes per trainee.id at the same time above 1
";

/// What is compared: policies, each with what the one before it has and more, and the log that they judge.
struct Part {
    name: &'static str,
    says: &'static str,
    log: Shape,
    runs: &'static [(&'static str, &'static [&'static str])],
}

/// What the episodes of a log say of time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Seconds,
    Days,
    Stretches,
}

const FEW_AND_MORE: &[(&str, &[&str])] = &[("one quota", &[QUOTA]), ("two quotas, a rate and a pause", &[QUOTA, MORE])];

const PARTS: [Part; 5] = [
    Part { name: "seconds", says: "times known to the second", log: Shape::Seconds, runs: FEW_AND_MORE },
    Part { name: "days", says: "times known only to the day", log: Shape::Days, runs: FEW_AND_MORE },
    Part {
        name: "window",
        says: "clauses with one key and one window",
        log: Shape::Seconds,
        runs: &[("one of them", &[QUOTA]), ("two of them", &[QUOTA, LONG]), ("three of them", &[QUOTA, LONG, HOURS])],
    },
    Part {
        name: "later",
        says: "of every episode something becomes known later",
        log: Shape::Seconds,
        runs: &[("one clause that asks for it", &[LATER])],
    },
    Part {
        name: "overlap",
        says: "episodes that last for a while",
        log: Shape::Stretches,
        runs: &[("one at the same time", &[OVERLAP])],
    },
];

fn main() {
    let episodes = std::env::var("EPISODES").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    if let Ok(name) = std::env::var("PART") {
        return compare(episodes, PARTS.iter().find(|part| part.name == name).unwrap());
    }
    let this = std::env::current_exe().unwrap();
    for part in PARTS {
        assert!(Command::new(&this).env("PART", part.name).status().unwrap().success());
    }
}

fn compare(episodes: usize, part: &Part) {
    let log = log(episodes, part.log);
    println!("{episodes} episodes, {} MB of JSONL, {}", log.len() / 1_000_000, part.says);
    let runs: Vec<(&str, &[&str])> =
        [("without history", &[][..])].into_iter().chain(part.runs.iter().copied()).collect();
    let mut fastest = vec![Duration::MAX; runs.len()];
    let mut peaks = vec![0; runs.len()];
    for _ in 0..3 {
        for (at, (_, rules)) in runs.iter().enumerate() {
            let (took, summary) = audit(&policy(part.log, rules), &log);
            fastest[at] = fastest[at].min(took);
            peaks[at] = peaks[at].max(if peaks[at] == 0 { peak_memory() } else { 0 });
            assert_eq!(summary.judged, episodes);
        }
    }
    for ((name, _), (took, peak)) in runs.iter().zip(fastest.iter().zip(&peaks)) {
        let each = took.as_nanos() / u128::try_from(episodes).unwrap();
        let ratio = took.as_secs_f64() / fastest[0].as_secs_f64();
        let kept = (peak - peaks[0]) * 1024 / episodes;
        println!(
            "{name:<32} {:>8.2} s {each:>8} ns each {ratio:>6.2}   peak {peak:>7} KiB, {kept:>4} bytes an episode",
            took.as_secs_f64()
        );
    }
}

/// Gives a policy with some rules more, over a vocabulary for such a log.
fn policy(log: Shape, rules: &[&str]) -> String {
    let lasting = "instant  role start\nfield ended_at         instant  role end";
    let base =
        if log == Shape::Stretches { VOCABULARY.replace("instant  role time", lasting) } else { VOCABULARY.to_owned() };
    base + &rules.concat()
}

/// Makes a log over six years: a thousand episodes for each trainee, the same on every run.
fn log(episodes: usize, shape: Shape) -> String {
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
        at.truncate(if shape == Shape::Days { "2026-01-01".len() } else { at.len() });
        let (trainee, supervisor) = (draw(trainees), draw(40));
        let foreseen = ["none", "mild", "moderate"][usize::try_from(draw(3)).unwrap()];
        let harm = ["none", "none", "mild", "severe"][usize::try_from(draw(4)).unwrap()];
        let minutes = draw(90);
        let ended = if shape == Shape::Stretches { format!("\"ended_at\":\"{known}\",") } else { String::new() };
        writeln!(
            log,
            "{{\"id\":\"E{number}\",\"occurred_at\":\"{at}\",{ended}\"trainee\":{{\"id\":\"T-{trainee}\"}},\"supervisor\":{{\"id\":\"S-{supervisor}\"}},\"harm_foreseen\":\"{foreseen}\",\"outcome\":{{\"harm\":\"{harm}\",\"known_at\":\"{known}\"}},\"minutes\":\"{minutes} minutes\"}}"
        )
        .unwrap();
    }
    log
}
