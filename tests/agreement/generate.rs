//! Generated worlds: a vocabulary, a policy in one to three versions, and a log, all as text.
//!
//! Everything is drawn from streams of numbers that proptest makes and shrinks: a smaller number is a simpler choice,
//! and a stream that has run out chooses the simplest thing. What comes out is meant to pass the checker, and to sit on
//! the edges: constants and logged values come from one small pool for each type. `vocabulary`, `condition` and `log`
//! hold the three parts.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;

use super::condition::Conditions;
use super::log;
use super::vocabulary::{Type, Words};

/// One generated policy with its log.
pub(crate) struct World {
    /// Names and texts of the policy's files, vocabularies among them.
    pub(crate) files: Vec<(String, String)>,
    /// The log, one record in JSON a line.
    pub(crate) log: String,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, text) in &self.files {
            writeln!(f, "\n==== {name}\n{text}")?;
        }
        writeln!(f, "==== log.jsonl\n{}", self.log)
    }
}

/// Makes worlds with so many records each.
pub(crate) fn worlds(records: usize) -> impl Strategy<Value = World> {
    let stream = |length| vec(any::<u32>(), length);
    (stream(40..60), stream(150..700), vec(stream(180..200), records))
        .prop_map(|(words, rules, records)| world(words, rules, records))
}

fn world(words: Vec<u32>, rules: Vec<u32>, records: Vec<Vec<u32>>) -> World {
    let words = Words::draw(&mut Chooser::new(words));
    let mut files = vec![("ward.forbear".to_owned(), words.text())];
    files.extend(versions(&words, &mut Chooser::new(rules)));
    let records: Vec<String> = records
        .into_iter()
        .enumerate()
        .map(|(at, stream)| log::record(&words, at, &mut Chooser::new(stream)))
        .collect();
    World { files, log: records.join("\n") }
}

// ---- choosing ----------------------------------------------------------------------------------------------------------

/// Turns a stream of numbers into choices.
pub(crate) struct Chooser {
    stream: std::vec::IntoIter<u32>,
}

impl Chooser {
    pub(crate) fn new(stream: Vec<u32>) -> Self {
        Self { stream: stream.into_iter() }
    }

    /// Chooses a number below `end`, which must not be 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.stream.next().unwrap_or(0) as usize % end
    }

    /// Says yes in so many of a hundred cases, and no when the stream has run out.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    pub(crate) fn pick<'a, T: ?Sized, A: AsRef<[&'a T]>>(&mut self, among: A) -> &'a T {
        among.as_ref()[self.below(among.as_ref().len())]
    }

    pub(crate) fn pick_of<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    /// Chooses some of a list, in its order: at least one, at most `most`.
    pub(crate) fn some<T: Clone>(&mut self, among: &[T], most: usize) -> Vec<T> {
        let count = (1 + self.below(most)).min(among.len());
        let mut left: Vec<usize> = (0..among.len()).collect();
        let mut chosen: Vec<usize> = (0..count).map(|_| left.remove(self.below(left.len()))).collect();
        chosen.sort_unstable();
        chosen.into_iter().map(|at| among[at].clone()).collect()
    }
}

// ---- policies ----------------------------------------------------------------------------------------------------------

/// Days on which versions begin and end; the log's instants lie around them.
const BOUNDS: [&str; 12] = [
    "2025-01-01",
    "2025-10-25",
    "2025-10-26",
    "2025-10-27",
    "2025-11-01",
    "2025-12-30",
    "2025-12-31",
    "2026-01-01",
    "2026-01-02",
    "2026-03-28",
    "2026-03-29",
    "2026-04-01",
];

const ZONES: [&str; 3] = ["Europe/Zurich", "UTC", "America/New_York"];

/// Writes each version as a file of its own.
fn versions(words: &Words, choose: &mut Chooser) -> Vec<(String, String)> {
    let count = if words.has_time() { [1, 1, 2, 2, 3][choose.below(5)] } else { 1 };
    let limited = words.has_time() && (count > 1 || choose.chance(30));
    let mut bounds = choose.some(&BOUNDS, BOUNDS.len());
    if bounds.len() < 2 * count {
        bounds = BOUNDS.to_vec();
    }
    let start = choose.below(bounds.len() - 2 * count + 1);
    let mut zone = *choose.pick_of(&ZONES);
    let mut files = vec![];
    for (at, days) in bounds[start..].chunks(2).take(count).enumerate() {
        // Another zone only where that cannot make two versions overlap.
        let apart = at > 0 && days_between(bounds[start + 2 * at - 1], days[0]) > 2;
        if apart && choose.chance(40) {
            zone = *choose.pick_of(&ZONES);
        }
        let open_end = at + 1 == count && choose.chance(70);
        let until = if open_end { String::new() } else { format!(" until {}", days[1]) };
        let effective = if limited { format!("  effective from {}{until}\n", days[0]) } else { String::new() };
        let header = format!("policy p \"Generated\"\n  version {at}.0\n{effective}  time zone {zone}\n");
        files.push((format!("p{at}.forbear"), header + &rules(words, choose)));
    }
    files
}

fn days_between(first: &str, second: &str) -> i32 {
    let day = |text: &str| -> jiff::civil::Date { text.parse().unwrap() };
    (day(second) - day(first)).get_days()
}

/// Writes the rest of a policy: what follows the time zone.
fn rules(words: &Words, choose: &mut Chooser) -> String {
    let annex = choose.chance(25);
    let mut conditions = Conditions::new(words, annex, choose);
    let mut text = format!("  vocabulary {}\n", if annex { "annex" } else { "ward" });
    if choose.chance(35) {
        let condition = conditions.clause(1, choose);
        text += &format!("  applies when {condition}\n");
    }
    let permits_by_default = choose.chance(45);
    text += ["  default forbid\n", "  default permit\n"][usize::from(permits_by_default)];
    let definitions = choose.below(3);
    for at in 0..definitions {
        let name = format!("defined_{at}");
        let condition = conditions.clause(2, choose);
        text += &format!("\ndefine {name} as {condition}\n");
        conditions.defined.push(name);
    }
    let count = 1 + choose.below(4);
    let mut written: Vec<String> = (0..count).map(|at| rule(words, &conditions, at, choose)).collect();
    if !permits_by_default {
        let easy = choose.chance(70);
        let condition = conditions.clause(usize::from(!easy), choose);
        let guard =
            if choose.chance(20) { format!("  when {}\n", conditions.clause(0, choose)) } else { String::new() };
        written.push(format!("rule ground \"A ground\"\n{guard}  permit when {condition}\n"));
    }
    for rule in written {
        text += "\n";
        text += &rule;
    }
    text
}

fn rule(words: &Words, conditions: &Conditions<'_>, at: usize, choose: &mut Chooser) -> String {
    let kind = *choose.pick_of(&[
        "require",
        "forbid",
        "permit",
        "never",
        "risk",
        "supervision",
        "rescue",
        "forbid",
        "require",
    ]);
    let norm = match kind {
        "risk" => format!("risk ceiling {}", choose.pick_of(words.levels("risk"))),
        "supervision" => format!("supervision at least {}", choose.pick_of(words.levels("closeness"))),
        "rescue" => rescue_plan(words, choose),
        "require" => format!("require {}", conditions.clause(2, choose)),
        _ => format!("{kind} when {}", conditions.clause(2, choose)),
    };
    let mut clauses = vec![];
    if choose.chance(60) {
        clauses.push(format!("when {}", conditions.clause(1, choose)));
    }
    clauses.push(norm);
    if kind != "never" && choose.chance(40) {
        clauses.push(format!("unless {}", conditions.clause(1, choose)));
    }
    if kind != "permit" && choose.chance(30) {
        let word = if kind == "never" || choose.chance(50) { "violated" } else { "satisfied" };
        clauses.push(format!("if undocumented {word}"));
    }
    if kind != "permit" && choose.chance(40) {
        let severities = ["critical", "major", "minor", "advisory"];
        let most = if kind == "never" { 3 } else { 4 };
        clauses.push(format!("severity {}", choose.pick_of(&severities[..most])));
    }
    format!("rule r{at} \"Rule {at}\"\n  {}\n", clauses.join("\n  "))
}

fn rescue_plan(words: &Words, choose: &mut Chooser) -> String {
    let mut plan = "rescue plan".to_owned();
    if choose.chance(60) {
        plan += &format!(" with {}", choose.some(words.levels("strategy"), 2).join(", "));
    }
    if choose.chance(60) {
        plan += &format!(" ready within {}", choose.pick_of(&Type::Duration.constants(words)));
    }
    plan
}
