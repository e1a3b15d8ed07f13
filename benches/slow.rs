//! Logs made to be slow: what looking back costs where everything that helps is missing.
//!
//! `cargo bench --bench slow` judges six logs of a hundred thousand records by clauses of every sort, each log in a process
//! of its own, and prints time and memory; `EPISODES=20000 cargo bench --bench slow` fewer. Twice the records should take
//! about twice the time.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "what fails here is the benchmark's own input")]

#[path = "support/measured.rs"]
mod measured;

use std::fmt::Write;
use std::process::Command;

use measured::{audit, peak_memory};

const POLICY: &str = "\
vocabulary ward \"Ward\"
field id            text     role id
field occurred_at   instant  role time
field began_at      instant  role start
field ended_at      instant  role end
field trainee.id    identity
field good          boolean  known afterwards at known_at
field known_at      instant  known afterwards
field points        number
field easy          boolean

policy ward_rules \"Ward\"
  time zone Europe/Zurich
  vocabulary ward
  default permit

rule quota \"Two a month\"
  limit 2 episodes per trainee.id in any 30 days

rule rate \"Not half of them are bad\"
  limit share of episodes where easy is true to 50 % per trainee.id in any 6 months given at least 5

rule sum \"No more than so many points\"
  forbid when sum of points over episodes per trainee.id in the past 90 days above 100

rule average \"Not too many points\"
  forbid when average of points over episodes per trainee.id to date above 10

rule pause \"Not at once\"
  forbid when time since the last episode where good is true per trainee.id below 2 hours

rule together \"Not two at once\"
  forbid when any episode per trainee.id at the same time
";

const LOGS: [&str; 6] = ["one instant", "one id", "only days", "no values", "overlapping stretches", "one key"];

fn main() {
    let episodes = std::env::var("EPISODES").ok().and_then(|count| count.parse().ok()).unwrap_or(100_000);
    if let Ok(name) = std::env::var("SLOW_LOG") {
        return one(&name, episodes);
    }
    println!("{episodes} records");
    for name in LOGS {
        let this = std::env::current_exe().unwrap();
        assert!(Command::new(this).env("SLOW_LOG", name).status().unwrap().success());
    }
}

fn one(name: &str, episodes: usize) {
    let (took, summary) = audit(POLICY, &log(name, episodes));
    assert_eq!(summary.judged, episodes);
    println!("{name:<22} {:>8.2} s   peak {:>8} KiB", took.as_secs_f64(), peak_memory());
}

/// Makes a log in which every record is of one trainee, and one thing more is bad.
fn log(name: &str, episodes: usize) -> String {
    let mut log = String::new();
    for number in 0..episodes {
        let second = i64::try_from(number).unwrap() * 1_800 % (5 * 365 * 86_400);
        let at = jiff::Timestamp::from_second(1_577_836_800 + second).unwrap();
        let end = at + jiff::SignedDuration::from_hours(if name == "overlapping stretches" { 50_000 } else { 1 });
        let at = if name == "one instant" { jiff::Timestamp::from_second(1_577_836_800).unwrap() } else { at };
        let id = if name == "one id" { 0 } else { number };
        let mut time = at.to_string();
        time.truncate(if name == "only days" { 10 } else { time.len() });
        let easy = number % 4 == 0;
        let known = at + jiff::SignedDuration::from_hours(3);
        let values = if name == "no values" {
            String::new()
        } else {
            format!(
                ",\"points\":\"{}.5\",\"easy\":{easy},\"good\":{},\"known_at\":\"{known}\"",
                number % 7,
                number % 3 == 0
            )
        };
        writeln!(
            log,
            "{{\"id\":\"E{id}\",\"occurred_at\":\"{time}\",\"began_at\":\"{at}\",\"ended_at\":\"{end}\",\"trainee\":{{\"id\":\"T\"}}{values}}}"
        )
        .unwrap();
    }
    log
}
