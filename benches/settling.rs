//! What searches cost, a verdict at a time: the exact verdict, what would settle one that stays open, and what would have made an
//! impermissible episode permissible.
//!
//! `cargo bench --bench settling` asks of the hospital's policy and the episodes of its examples, as they are and each with one
//! value left out; and of a policy of 200 rules and records drawn at random. It prints the mean and the slowest.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "what fails here is the benchmark's own input")]
#![expect(clippy::indexing_slicing, reason = "of tables of the benchmark's own")]

#[path = "support/large.rs"]
mod large;

use std::time::{Duration, Instant};

use forbear::check::{Checked, Subject, load};
use forbear::episode::{Episode, Slot};
use forbear::judge::{Gathering, Standpoint, Verdict, judge};
use forbear::policy::{FieldType, NameId, Policy, Value};
use forbear::prove::{Arranged, Exact};
use forbear::source::{SourceId, Sources, Span};
use jiff::Timestamp;

use large::Draw;

/// How many records are drawn.
const DRAWN: usize = 400;

/// What some searches took, one by one.
#[derive(Default)]
struct Took(Vec<Duration>);

impl Took {
    fn by<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        self.0.push(begun.elapsed());
        done
    }

    fn print(&self, name: &str) {
        let count = u32::try_from(self.0.len()).unwrap();
        let mean = self.0.iter().sum::<Duration>() / count.max(1);
        let slowest = self.0.iter().max().copied().unwrap_or_default();
        println!("  {name:<42} {count:>5} verdicts, {:>8.2} ms, {:>8.2} ms at most", ms(mean), ms(slowest));
    }
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// What each sort of search took.
#[derive(Default)]
struct All {
    exact: Took,
    evidence: Took,
    repair: Took,
    repaired: usize,
    nothing: usize,
}

impl All {
    fn ask(&mut self, exact: &mut Exact<'_>, policy: &Policy, episode: &Episode, standpoint: Standpoint<'_>) {
        let judgement = judge(policy, &[episode], standpoint);
        let mut verdict = judgement.verdict;
        if verdict == Verdict::Undetermined {
            verdict = self.exact.by(|| exact.verdict(&[episode], standpoint, &judgement)).verdict;
        }
        match verdict {
            Verdict::Undetermined => {
                self.evidence.by(|| exact.evidence(&[episode], standpoint, &judgement));
            }
            Verdict::Impermissible => {
                let repair = self.repair.by(|| exact.repair(episode, standpoint, &judgement)).unwrap();
                self.repaired += usize::from(matches!(repair.arranged, Arranged::So(_)));
                self.nothing += usize::from(matches!(repair.arranged, Arranged::Nothing { .. }));
            }
            Verdict::Permissible | Verdict::NotCovered => {}
        }
    }

    fn print(&self, name: &str) {
        println!("{name}");
        self.exact.print("the exact verdict");
        self.evidence.print("what would settle it");
        self.repair.print("what would have made it permissible");
        println!(
            "  of these, {} with changes, {} of which it is proved that there are none",
            self.repaired, self.nothing
        );
    }
}

fn main() {
    hospital().print("the hospital's policy, 23 rules");
    generated().print("200 rules, 40 fields");
}

fn checked(files: &[(&str, &str)]) -> Checked {
    let mut sources = Sources::new();
    for (name, text) in files {
        sources.add(*name, *text);
    }
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{:?}", checked.problems.first());
    checked
}

fn hospital() -> All {
    let checked = checked(&[
        ("hospital.forbear.md", include_str!("../policies/hospital.forbear.md")),
        ("hospital_examples.forbear", include_str!("../policies/hospital_examples.forbear")),
        ("calendars/basel.yaml", include_str!("../policies/calendars/basel.yaml")),
    ]);
    let policy = &checked.set.policies[0];
    assert!(policy.versions.len() == 1, "an episode is read once");
    let (mut all, mut exact) = (All::default(), Exact::new(policy));
    for example in &checked.examples {
        let Subject::Case(situation, _) = &example.subject else { continue };
        let mut gathering = Gathering::new(policy, situation.as_of).unwrap();
        for episode in situation.following.iter().map(|earlier| &earlier.episode).chain([&situation.episode]) {
            gathering.add(&[episode]);
        }
        let past = gathering.close();
        let record = u32::try_from(situation.following.len()).unwrap();
        let standpoint = Standpoint::after(situation.as_of, Some((&past, record)));
        all.ask(&mut exact, policy, &situation.episode, standpoint);
        for field in policy.versions[0].vocabulary.field_ids() {
            if situation.episode.value(field).is_some() {
                let mut without = situation.episode.clone();
                without.set(field, Slot::Missing, None);
                all.ask(&mut exact, policy, &without, standpoint);
            }
        }
    }
    all
}

fn generated() -> All {
    let rules: Vec<String> = (0..large::RULES).map(|at| large::rule(at, 60)).collect();
    let text = large::vocabulary(" chosen") + &large::policy("first", &rules);
    let checked = checked(&[("large.forbear", &text)]);
    let policy = &checked.set.policies[0];
    let (mut all, mut exact, mut draw) = (All::default(), Exact::new(policy), Draw(7));
    for _ in 0..DRAWN {
        let episode = drawn(policy, &mut draw);
        all.ask(&mut exact, policy, &episode, Standpoint::alone(Timestamp::UNIX_EPOCH));
    }
    all
}

/// Draws a record of which every fourth value is missing.
fn drawn(policy: &Policy, draw: &mut Draw) -> Episode {
    let vocabulary = &policy.versions[0].vocabulary;
    let mut episode = Episode::new(Span::new(SourceId(0), 0, 0), vocabulary.fields.len());
    for field in vocabulary.field_ids() {
        let value = match vocabulary.field(field).unwrap().kind {
            FieldType::Boolean => Value::Boolean(draw.below(4) == 0),
            // Low levels and numbers break few rules.
            FieldType::Scale(_) => Value::Name(NameId(u16::try_from(draw.below(3)).unwrap())),
            FieldType::Kind(_) => Value::Name(NameId(u16::try_from(draw.below(4)).unwrap())),
            FieldType::Number(_) => Value::Number(draw.below(90).into()),
            _ => continue,
        };
        if draw.below(4) > 0 {
            episode.set(field, Slot::Present(value), None);
        }
    }
    episode
}
