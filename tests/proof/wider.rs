//! Wider policies, drawn by a seed: of percentages, durations, days, moments and tables, with versions, scopes and defaults of
//! their own. Beside `generate`, whose comparisons and rules they have, too.
//!
//! What is not known exactly stays out (docs/proof.md, *what is assumed*): lengths of months and years, a date beside an
//! instant, a length that is itself a field, and hours of the day. Clauses that look back stay out, too: `generate` has them.

use crate::generate::{self, Draw};
use crate::tables;

/// What they speak of.
const VOCABULARY: &str = "\
vocabulary small \"Small\"
scale level \"Level\" low < middle < high
kind hue \"Sort\" red, blue
field id    text    role id
field held_on instant role time
field risk  level role risk
field nearby  level role supervision
field certain boolean
field n     whole number from 0 to 4
field m     whole number from 0 to 4
field colour hue
field colours set of hue
field part percent from 0 to 30
field rest percent
field lasted duration
field waited duration
field planned date
field agreed date
field began instant
field ended instant
";

/// The topics of which `generate` draws comparisons, by its numbers, and those of which all values can be looked at beside
/// others.
const FEW: [usize; 4] = [0, 1, 2, 4];
const PERCENT: usize = 7;
const DURATIONS: usize = 8;
const DAYS: usize = 9;
const MOMENTS: usize = 10;
const TIME: usize = 11;
const TABLE: usize = 12;
const BESIDE_EACH_OTHER: usize = 13;

/// Ways in which versions of a policy follow each other: the lines of each that say when it is in force.
const TIMES: [&[&str]; 8] = [
    &[""],
    &[""],
    &["from 2026-03-02"],
    &["from 2026-03-02 until 2026-03-04"],
    &["from 2026-03-02 until 2026-03-04", "from 2026-03-05"],
    &["from 2026-03-02 until 2026-03-04", "from 2026-03-05 until 2026-03-08"],
    &["from 2026-03-02 until 2026-03-04", "from 2026-03-06"],
    &["from 2026-03-02 until 2026-03-04", "from 2026-03-06 until 2026-03-08"],
];

const RELATIONS: [&str; 6] = ["at least", "at most", "above", "below", "is", "is not"];
const ORDERS: [&str; 4] = ["before", "after", "on or before", "on or after"];

fn leaf(draw: &mut Draw, topics: &[usize]) -> String {
    match topics[draw.below(topics.len())] {
        PERCENT => percent(draw),
        BESIDE_EACH_OTHER => format!("part {} rest", draw.one_of(&RELATIONS)),
        DURATIONS => match draw.below(6) {
            0 | 1 => format!("lasted {} waited", draw.one_of(&RELATIONS)),
            2 => format!("lasted {} {}", draw.one_of(&RELATIONS), draw.one_of(&["1 hour", "120 minutes"])),
            3 => format!("waited {} {}", draw.one_of(&RELATIONS), draw.one_of(&["60 min", "2 hours"])),
            4 => format!("waited is {}", draw.one_of(&["missing", "present"])),
            _ => format!("{} between 1 hour and 2 hours", draw.one_of(&["lasted", "waited"])),
        },
        DAYS => day(draw),
        MOMENTS => moment(draw),
        TIME => match draw.below(3) {
            0 => "held_on is present".to_owned(),
            1 => format!("held_on {} 2026-03-03T08:00Z", draw.one_of(&ORDERS)),
            _ => format!("held_on {} {}", draw.one_of(&ORDERS), draw.one_of(&["2026-03-02", "2026-03-06"])),
        },
        TABLE => tables::leaf(draw),
        few => generate::leaf(draw, &[few]),
    }
}

fn percent(draw: &mut Draw) -> String {
    match draw.below(5) {
        0 | 1 => format!("part {} {}", draw.one_of(&RELATIONS), draw.one_of(&["10 %", "20 percent"])),
        2 | 3 => format!("rest {} {}", draw.one_of(&RELATIONS), draw.one_of(&["10", "20 %"])),
        _ => format!("{} between 10 % and 20 %", draw.one_of(&["part", "rest"])),
    }
}

fn day(draw: &mut Draw) -> String {
    let constant = ["2026-03-02", "2026-03-05"];
    match draw.below(7) {
        0 => format!("planned {} agreed", draw.one_of(&ORDERS)),
        1 => format!("planned within 2 days before {}", "agreed"),
        2 => format!("planned within {} after agreed", draw.one_of(&["48 hours", "2 days"])),
        3 => format!("planned {} {}", draw.one_of(&ORDERS), draw.one_of(&constant)),
        4 => format!("agreed {} {}", draw.one_of(&ORDERS), draw.one_of(&constant)),
        5 => "planned between 2026-03-02 and 2026-03-05".to_owned(),
        // A day beside a moment that is written: the moment's local day counts.
        _ => format!("agreed {} 2026-03-02T18:00Z", draw.one_of(&ORDERS)),
    }
}

fn moment(draw: &mut Draw) -> String {
    match draw.below(7) {
        0 => format!("began {} ended", draw.one_of(&ORDERS)),
        1 => format!("began within {} before ended", draw.one_of(&["2 hours", "120 minutes"])),
        2 => "began within 2 hours after ended".to_owned(),
        3 => format!("began {} 2026-03-03T08:00Z", draw.one_of(&ORDERS)),
        4 => format!("ended {} 2026-03-03T09:00+01:00", draw.one_of(&ORDERS)),
        5 => format!("{} {} 2026-03-03", draw.one_of(&["began", "ended"]), draw.one_of(&ORDERS)),
        _ => "ended between 2026-03-03 and 2026-03-03T08:00Z".to_owned(),
    }
}

/// Draws what is spoken of: one topic with many values at most, and some with few.
fn topics(draw: &mut Draw) -> Vec<usize> {
    let mut topics = match draw.below(6) {
        5 => Vec::new(),
        many => vec![[PERCENT, DURATIONS, DAYS, MOMENTS, 3][many]],
    };
    for _ in 0..2 - topics.len() {
        topics.push(FEW[draw.below(FEW.len())]);
    }
    if draw.below(2) == 0 {
        topics.push(TABLE);
    }
    topics
}

fn rule(draw: &mut Draw, topics: &[usize], name: &str) -> String {
    if !topics.contains(&TABLE) || draw.below(3) > 0 {
        return generate::rule(draw, name, &|draw| leaf(draw, topics));
    }
    let leaf = |draw: &mut Draw| leaf(draw, topics);
    let mut text = format!("rule {name} \"{name}\"\n");
    if draw.below(3) == 0 {
        text += &format!("  when {}\n", generate::joined(draw, 1, &leaf));
    }
    text += draw.one_of(&["  risk ceiling bound\n", "  supervision at least bound\n"]);
    if draw.below(3) == 0 {
        text += &format!("  unless {}\n", generate::joined(draw, 1, &leaf));
    }
    if draw.below(4) == 0 {
        text += &format!("  if undocumented {}\n", draw.one_of(&["violated", "satisfied"]));
    }
    text
}

/// What a version says, but for when it is in force.
#[derive(Clone)]
struct Version {
    scope: String,
    default: &'static str,
    rules: Vec<String>,
    table: String,
}

impl Version {
    fn draw(draw: &mut Draw, topics: &[usize]) -> Self {
        let rules = (0..1 + draw.below(3)).map(|at| rule(draw, topics, &format!("r{at}"))).collect();
        let default = draw.one_of(&["permit", "forbid"]);
        Self { scope: scope(draw, topics), default, rules, table: table(draw, topics) }
    }

    /// Gives it with one thing changed, and perhaps with another scope or another default.
    fn changed(&self, draw: &mut Draw, topics: &[usize]) -> Self {
        let mut changed = self.clone();
        match draw.below(4) {
            0 => changed.table = table(draw, topics),
            _ => changed.rules = generate::changed(draw, &self.rules, &|draw, name| rule(draw, topics, name)),
        }
        if draw.below(3) == 0 {
            changed.scope = scope(draw, topics);
        }
        if draw.below(5) == 0 {
            changed.default = draw.one_of(&["permit", "forbid"]);
        }
        changed
    }

    fn text(&self, name: &str, number: usize, in_force: &str) -> String {
        let Self { scope, default, rules, table } = self;
        let in_force = if in_force.is_empty() { String::new() } else { format!("  effective {in_force}\n") };
        format!(
            "policy {name} \"{name}\"\n  version {number}\n{in_force}  vocabulary small\n{scope}  default {default}\n\n{}\n{table}",
            rules.join("\n")
        )
    }
}

fn scope(draw: &mut Draw, topics: &[usize]) -> String {
    if draw.below(2) == 0 {
        return String::new();
    }
    format!("  applies when {}\n", generate::joined(draw, 1, &|draw| leaf(draw, topics)))
}

fn table(draw: &mut Draw, topics: &[usize]) -> String {
    let columns: Vec<&str> = topics.iter().filter_map(|topic| column(*topic)).collect();
    if topics.contains(&TABLE) { tables::table(draw, &columns) } else { String::new() }
}

/// Gives the field by which a table may decide, of a topic.
fn column(topic: usize) -> Option<&'static str> {
    match topic {
        0 => Some("risk"),
        1 => Some("nearby"),
        2 => Some("certain"),
        3 => Some("n"),
        4 => Some("colour"),
        PERCENT => Some("part"),
        DURATIONS => Some("lasted"),
        DAYS => Some("planned"),
        MOMENTS => Some("began"),
        _ => None,
    }
}

/// Writes two policies over one vocabulary, each in one version or two. The second is often the first with something changed.
pub(crate) fn two_policies(draw: &mut Draw) -> String {
    let topics = topics(draw);
    of_topics(draw, topics)
}

/// Writes two policies that compare two percentages with each other. They are apart, since much of that is not decided: it takes
/// a completion for each of countless values (see `differences`).
pub(crate) fn two_policies_of_percentages(draw: &mut Draw) -> String {
    of_topics(draw, vec![PERCENT, BESIDE_EACH_OTHER])
}

/// Writes a policy that demands what it defines, and of which two percentages may be compared, since no verdict is asked about.
pub(crate) fn definition(draw: &mut Draw) -> String {
    let mut topics = topics(draw);
    if topics.contains(&PERCENT) {
        topics.push(BESIDE_EACH_OTHER);
    }
    let asked = generate::joined(draw, 2, &|draw| leaf(draw, &topics));
    let table = table(draw, &topics);
    format!(
        "{VOCABULARY}\npolicy first \"first\"\n  vocabulary small\n  default permit\n\ndefine d as {asked}\n\nrule r \"r\"\n  require d\n\n{table}"
    )
}

fn of_topics(draw: &mut Draw, mut topics: Vec<usize>) -> String {
    let times = [TIMES[draw.below(TIMES.len())], TIMES[draw.below(TIMES.len())]];
    let times = if draw.below(3) == 0 { times } else { [times[0]; 2] };
    if times.iter().any(|times| !times[0].is_empty()) && draw.below(3) == 0 {
        topics.push(TIME);
    }
    let mut version = Version::draw(draw, &topics);
    let mut first = vec![version.clone()];
    version = version.changed(draw, &topics);
    first.push(version);
    let second: Vec<Version> = match draw.below(6) {
        0 => first.clone(),
        1 => first.iter().map(|version| version.changed(draw, &topics)).collect(),
        _ => {
            let mut second = first.clone();
            let at = draw.below(times[1].len());
            second[at] = second[at].changed(draw, &topics);
            second
        }
    };
    let policy = |name: &str, versions: &[Version], times: &[&str]| -> String {
        let all = versions.iter().zip(times).enumerate();
        all.map(|(at, (version, in_force))| version.text(name, at + 1, in_force) + "\n").collect()
    };
    format!("{VOCABULARY}\n{}{}", policy("first", &first, times[0]), policy("second", &second, times[1]))
}
