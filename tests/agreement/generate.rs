//! Generated worlds: a vocabulary, a policy in one to three versions, and a log, all as text.
//!
//! Everything is drawn from streams of numbers that proptest makes and shrinks: a smaller number is a simpler choice,
//! and a stream that has run out chooses the simplest thing. What comes out is meant to pass the checker, and to sit on
//! the edges: constants and logged values come from one small pool for each type. `vocabulary`, `condition` and `log`
//! hold the three parts.

use std::fmt;

use jiff::Timestamp;

use proptest::collection::vec;
use proptest::prelude::*;

use super::condition::Conditions;
use super::duty;
use super::history::Looking;
use super::log;
use super::table;
use super::vocabulary::{Field, Type, Words};

/// One generated policy with its log.
pub(crate) struct World {
    /// Names and texts of the policy's files, vocabularies among them.
    pub(crate) files: Vec<(String, String)>,
    /// The log, one record in JSON a line.
    pub(crate) log: String,
    /// The instant as of which duties are judged.
    pub(crate) as_of: Timestamp,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, text) in &self.files {
            writeln!(f, "\n==== {name}\n{text}")?;
        }
        writeln!(f, "==== log.jsonl\n{}", self.log)
    }
}

/// What the rules of a world may ask for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Asking {
    /// The episode itself.
    Itself,
    /// Earlier episodes and deadlines too.
    Time,
    /// Earlier episodes too, but only how many, by what is known from the start.
    Counts,
}

/// Makes worlds with so many records each.
pub(crate) fn worlds(asking: Asking, records: usize) -> impl Strategy<Value = World> {
    let stream = |length| vec(any::<u32>(), length);
    (stream(60..80), stream(200..900), vec(stream(230..250), records))
        .prop_map(move |(words, rules, records)| world(asking, words, rules, records))
}

fn world(asking: Asking, words: Vec<u32>, rules: Vec<u32>, records: Vec<Vec<u32>>) -> World {
    let mut choose = Chooser::new(words);
    let as_of = if asking == Asking::Time && choose.chance(40) { choose.pick(AS_OF) } else { AS_OF[0] };
    let calendar = duty::calendar(&mut choose);
    let words = Words::draw(&mut choose);
    let mut files = vec![("ward.forbear".to_owned(), words.text()), ("calendars/ward.yaml".to_owned(), calendar)];
    files.extend(versions(asking, &words, &mut Chooser::new(rules)));
    let records: Vec<String> = records
        .into_iter()
        .enumerate()
        .map(|(at, stream)| log::record(&words, at, asking == Asking::Counts, &mut Chooser::new(stream)))
        .collect();
    World { files, log: records.join("\n"), as_of: as_of.parse().unwrap() }
}

/// Instants as of which duties are judged: after all records, and after most of them.
const AS_OF: [&str; 6] = [
    "2026-04-10T12:00Z",
    "2026-01-01T12:00Z",
    "2026-01-02T11:00Z",
    "2026-01-31T23:00Z",
    "2026-01-05T08:00Z",
    "2026-01-01T00:00Z",
];

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
fn versions(asking: Asking, words: &Words, choose: &mut Chooser) -> Vec<(String, String)> {
    // Around the days on which versions change, little is plain.
    let counts = if asking == Asking::Counts { [1, 1, 1, 1, 2] } else { [1, 1, 2, 2, 3] };
    let count = if words.has_time() { counts[choose.below(5)] } else { 1 };
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
        let header =
            format!("policy p \"Generated\"\n  version {at}.0\n{effective}  time zone {zone}\n  calendar ward\n");
        files.push((format!("p{at}.forbear"), header + &rules(asking, words, choose)));
    }
    files
}

fn days_between(first: &str, second: &str) -> i32 {
    let day = |text: &str| -> jiff::civil::Date { text.parse().unwrap() };
    (day(second) - day(first)).get_days()
}

/// What the clauses of one version may ask.
struct Clauses<'w> {
    asking: Asking,
    words: &'w Words,
    /// in scopes and permits: of the record alone
    plain: Conditions<'w>,
    /// in norms: of the record, and of those before it
    norm: Conditions<'w>,
    /// in what a duty asks for: of the record alone, with what is known afterwards
    act: Conditions<'w>,
    /// in guards and exceptions of duties: of all
    duty: Conditions<'w>,
}

impl<'w> Clauses<'w> {
    /// Draws what conditions are about, and writes definitions.
    fn draw(asking: Asking, words: &'w Words, annex: bool, choose: &mut Chooser) -> (Self, String) {
        let mut text = String::new();
        let mut define = |name: String, conditions: &Conditions<'_>, depth, choose: &mut Chooser| {
            text += &format!("\ndefine {name} as {}\n", conditions.clause(depth, choose));
            name
        };
        let mut plain = Conditions::new(words, annex, choose);
        let columns: Vec<Field> = plain.fields_of(|_| true).into_iter().cloned().collect();
        let (tables, tabled) = table::draw(words, &columns, choose);
        plain.tables = tabled;
        for at in 0..choose.below(3) {
            let name = define(format!("defined_{at}"), &plain, 2, choose);
            plain.defined.push(name);
        }
        let mut act = plain.with_hindsight(choose);
        if choose.chance(35) {
            let name = define("seen".to_owned(), &act, 1, choose);
            act.defined.push(name);
        }
        let (mut norm, mut duty) = (plain.clone(), act.clone());
        let counts_only = asking == Asking::Counts;
        let may_look = if counts_only { words.has_time() } else { Looking::is_possible(words) };
        if asking != Asking::Itself && may_look && choose.chance(80) {
            let (mut of_itself, mut of_earlier) = (plain.clone(), act.clone());
            if counts_only {
                (of_itself.tables, of_itself.defined) = (vec![], vec![]);
                of_earlier = of_itself.clone();
            }
            let looking = Looking { words, counts_only, of_itself, of_earlier };
            norm.looking = Some(Box::new(looking.clone()));
            duty.looking = Some(Box::new(Looking { of_itself: act.clone(), ..looking }));
            if choose.chance(30) {
                let name = define("looked_back".to_owned(), &norm, 1, choose);
                norm.defined.push(name.clone());
                duty.defined.push(name);
            }
        }
        (Self { asking, words, plain, norm, act, duty }, tables + &text)
    }

    /// Says whether a rule is a duty or a limit, and which.
    fn draw_kind(&self, choose: &mut Chooser) -> &'static str {
        let kind = choose.pick([
            "require",
            "forbid",
            "permit",
            "never",
            "risk",
            "supervision",
            "rescue",
            "forbid",
            "require",
            "limit",
            "limit",
            "oblige",
            "oblige",
        ]);
        let owes_nothing = kind == "oblige" && self.asking != Asking::Time;
        if owes_nothing || kind == "limit" && (self.norm.looking.is_none() || !self.words.has_time()) {
            "require"
        } else {
            kind
        }
    }
}

/// Writes the rest of a policy: what follows the calendar.
fn rules(asking: Asking, words: &Words, choose: &mut Chooser) -> String {
    let annex = choose.chance(25);
    let (clauses, definitions) = Clauses::draw(asking, words, annex, choose);
    let mut text = format!("  vocabulary {}\n", if annex { "annex" } else { "ward" });
    if choose.chance(35) {
        let condition = clauses.plain.clause(1, choose);
        text += &format!("  applies when {condition}\n");
    }
    let permits_by_default = choose.chance(45);
    text += ["  default forbid\n", "  default permit\n"][usize::from(permits_by_default)];
    text += &definitions;
    // Where one condition is beyond what is fast, the record is: so there are few.
    let count = 1 + choose.below(if asking == Asking::Counts { 2 } else { 4 });
    let mut written: Vec<String> = (0..count).map(|at| rule(&clauses, at, choose)).collect();
    if !permits_by_default {
        let easy = choose.chance(70);
        let condition = clauses.plain.clause(usize::from(!easy), choose);
        let guard =
            if choose.chance(20) { format!("  when {}\n", clauses.norm.clause(0, choose)) } else { String::new() };
        written.push(format!("rule ground \"A ground\"\n{guard}  permit when {condition}\n"));
    }
    for rule in written {
        text += "\n";
        text += &rule;
    }
    text
}

fn rule(of: &Clauses<'_>, at: usize, choose: &mut Chooser) -> String {
    let kind = of.draw_kind(choose);
    let depth = if of.asking == Asking::Counts { 1 } else { 2 };
    let conditions = if kind == "oblige" { &of.duty } else { &of.norm };
    let norm = match kind {
        "risk" => vec![format!("risk ceiling {}", level(of, "risk", choose))],
        "supervision" => vec![format!("supervision at least {}", level(of, "closeness", choose))],
        "rescue" => vec![rescue_plan(of.words, choose)],
        "limit" => of.norm.looking.iter().map(|looking| looking.limit(choose)).collect(),
        "oblige" => duty::duty(of.words, &of.act, choose),
        "require" => vec![format!("require {}", conditions.clause(depth, choose))],
        _ => vec![format!("{kind} when {}", conditions.clause(depth, choose))],
    };
    let mut clauses = vec![];
    if choose.chance(if kind == "limit" { 25 } else { 60 }) {
        clauses.push(format!("when {}", conditions.clause(1, choose)));
    }
    clauses.extend(norm);
    if kind != "never" && choose.chance(40) {
        clauses.push(format!("unless {}", conditions.clause(1, choose)));
    }
    if kind != "permit" && choose.chance(30) {
        let only_against = kind == "never" || kind == "oblige" || choose.chance(50);
        clauses.push(format!("if undocumented {}", if only_against { "violated" } else { "satisfied" }));
    }
    if kind != "permit" && choose.chance(40) {
        let severities = ["critical", "major", "minor", "advisory"];
        let most = if kind == "never" { 3 } else { 4 };
        clauses.push(format!("severity {}", choose.pick_of(&severities[..most])));
    }
    format!("rule r{at} \"Rule {at}\"\n  {}\n", clauses.join("\n  "))
}

/// A level, or the table that gives one.
fn level(of: &Clauses<'_>, scale: &str, choose: &mut Chooser) -> String {
    let by_table = table::level(&of.norm, scale, choose);
    by_table.unwrap_or_else(|| choose.pick_of(of.words.levels(scale)).clone())
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
