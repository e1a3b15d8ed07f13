//! Moments of which only the day or the month is known, against every half hour of it: hours of the day, months, and days beside
//! moments are decided exactly.

use std::collections::BTreeSet;

use forbear::check::load;
use forbear::episode::{Episode, Slot};
use forbear::judge::{Standpoint, Verdict, judge};
use forbear::policy::time::{When, parse_date, parse_instant};
use forbear::policy::{Policy, Value};
use forbear::prove::Exact;
use forbear::source::{SourceId, Sources, Span};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::generate::Draw;

const VOCABULARY: &str = "
vocabulary small \"Small\"
field id text role id
field occurred instant role time
field planned instant
field day date
field sure boolean
field calm boolean

policy p \"P\"
  vocabulary small
  time zone Europe/Zurich
";

/// Comparisons whose edges lie on half hours.
const COMPARISONS: [&str; 14] = [
    "occurred between 22:00 and 07:00",
    "occurred between 02:30 and 12:00",
    "occurred before 2026-03-29",
    "occurred after 2026-03-28T18:30",
    "occurred before planned",
    "planned within 1 month before occurred",
    "planned within 1 month after occurred",
    "planned within 20 hours before occurred",
    "occurred within 36 hours before planned",
    "occurred before day",
    "day within 30 days before occurred",
    "occurred between 2026-03-28T12:00 and 2026-03-29T03:00",
    "sure",
    "calm",
];

fn condition(draw: &mut Draw, depth: usize) -> String {
    let one = |draw: &mut Draw| {
        let comparison = COMPARISONS[draw.below(COMPARISONS.len())];
        if draw.below(3) == 0 { format!("not ({comparison})") } else { comparison.to_owned() }
    };
    if depth == 0 {
        return one(draw);
    }
    let word = if draw.below(2) == 0 { "and" } else { "or" };
    format!("({} {word} {})", condition(draw, depth - 1), one(draw))
}

fn policy(draw: &mut Draw) -> String {
    let mut text = VOCABULARY.to_owned();
    let forbids = draw.below(3) == 0;
    text.push_str(if forbids { "  default forbid\n" } else { "  default permit\n" });
    if forbids {
        let depth = draw.below(2);
        text.push_str(&format!("\nrule some \"A ground\"\n  permit when {}\n", condition(draw, depth)));
    }
    for at in 0..=draw.below(3) {
        let norm = ["require", "forbid when"][draw.below(2)];
        let depth = draw.below(3);
        text.push_str(&format!("\nrule r{at} \"A rule\"\n  {norm} {}\n", condition(draw, depth)));
    }
    text
}

/// Draws a record: its time known in part, the rest exactly or not at all.
fn record(policy: &Policy, draw: &mut Draw, zone: &TimeZone) -> Episode {
    let vocabulary = &policy.versions[0].vocabulary;
    let mut episode = Episode::new(Span::new(SourceId(0), 0, 0), vocabulary.fields.len());
    let mut set = |name: &str, value: Value| {
        episode.set(vocabulary.find_field(name).unwrap(), Slot::Present(value), None);
    };
    let known = ["2026-03-28", "2026-03-29", "2026-10-25", "2026-02-28", "2026-03-31"][draw.below(5)];
    set("occurred", Value::Instant(parse_instant(known, zone).unwrap()));
    let planned = ["2026-02-28T10:00", "2026-03-28T17:30", "2026-03-29T04:00", "2026-01-31T02:30", "2026-04-30T23:30"];
    if draw.below(5) > 0 {
        set("planned", Value::Instant(parse_instant(planned[draw.below(5)], zone).unwrap()));
    }
    if draw.below(5) > 0 {
        let days = ["2026-03-28", "2026-03-29", "2026-02-27"];
        set("day", Value::Date(parse_date(days[draw.below(3)]).unwrap()));
    }
    if draw.below(2) > 0 {
        set("sure", Value::Boolean(draw.below(2) > 0));
    }
    episode
}

/// Judges the record with every half hour in place of its time, a nanosecond to either side, and all values of what is missing.
fn possible(policy: &Policy, episode: &Episode, standpoint: Standpoint<'_>, zone: &TimeZone) -> BTreeSet<Verdict> {
    let vocabulary = &policy.versions[0].vocabulary;
    let field = |name: &str| vocabulary.find_field(name).unwrap();
    let Some(Value::Instant(when)) = episode.value(field("occurred")).cloned() else { return BTreeSet::new() };
    let mut moments = vec![when.latest];
    let mut at = when.earliest;
    while at <= when.latest {
        let aside = [-1, 0, 1].map(|nanosecond| at + SignedDuration::from_nanos(nanosecond));
        moments.extend(aside.into_iter().filter(|at| (when.earliest..=when.latest).contains(at)));
        at += SignedDuration::from_mins(30);
    }
    let mut found = BTreeSet::new();
    for sure in [false, true] {
        for calm in [false, true] {
            for at in &moments {
                let mut whole = episode.clone();
                let mut set = |name: &str, value| whole.set(field(name), Slot::Present(value), None);
                set("occurred", Value::Instant(When::exact(*at, zone)));
                if episode.value(field("sure")).is_none() {
                    set("sure", Value::Boolean(sure));
                }
                set("calm", Value::Boolean(calm));
                found.insert(judge(policy, &[&whole], standpoint).verdict);
            }
        }
    }
    found
}

#[test]
fn a_moment_that_is_known_in_part_is_tried_wherever_something_may_turn() {
    let zone = TimeZone::get("Europe/Zurich").unwrap();
    let (mut decided, mut open) = (0, 0);
    for seed in 0..700 {
        let mut draw = Draw::new(900_000 + seed);
        let text = policy(&mut draw);
        let mut sources = Sources::new();
        sources.add("small.forbear", text.as_str());
        let checked = load(&mut sources);
        assert!(!checked.has_errors(), "{text}\n{:#?}", checked.problems);
        let policy = &checked.set.policies[0];
        let mut exact = Exact::new(policy);
        for _ in 0..3 {
            let episode = record(policy, &mut draw, &zone);
            let standpoint = Standpoint::alone(Timestamp::UNIX_EPOCH);
            let judgement = judge(policy, &[&episode], standpoint);
            if judgement.verdict != Verdict::Undetermined {
                continue;
            }
            let found = exact.verdict(&[&episode], standpoint, &judgement);
            let expected = possible(policy, &episode, standpoint, &zone);
            let said: BTreeSet<Verdict> = found.possible.iter().copied().collect();
            assert_eq!(said, expected, "seed {seed}\n{text}\n{episode:?}");
            let is_decided = expected.len() == 1 && !expected.contains(&Verdict::Undetermined);
            decided += usize::from(is_decided);
            open += usize::from(!is_decided);
            if is_decided && found.verdict == Verdict::Impermissible {
                assert!(!found.rules.is_empty() || found.by_default, "seed {seed}\n{text}");
            }
        }
    }
    assert!(decided > 30 && open > 300, "{decided} were decided, {open} open");
}
