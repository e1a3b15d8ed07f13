//! What proofs cost: two policies of 200 rules over 40 fields that differ in one threshold, some of whose rules compare numbers with
//! each other, and that are equivalent; and everything that `check` proves of the hospital's policy.
//!
//! `cargo bench --bench proof` asks each question anew five times, encoding included, and prints the fastest and the
//! slowest. That the changed policy really differs, and the other does not, is asserted.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::unwrap_used, reason = "what fails here is the benchmark's own input")]
#![expect(clippy::indexing_slicing, reason = "of tables of the benchmark's own")]

#[path = "support/large.rs"]
mod large;

use std::time::{Duration, Instant};

use forbear::check::load;
use forbear::policy::PolicySet;
use forbear::prove::{Answer, Prover, claims};
use forbear::source::Sources;

fn main() {
    let same = set(&policies(60, 0));
    let changed = set(&policies(61, 0));
    let compared = set(&policies(61, 20));
    let hospital = hospital();
    let questions: [(&str, &dyn Fn()); 5] = [
        ("200 rules, 40 fields, one threshold changed: every difference", &|| {
            let (groups, complete) = prover(&changed).differences(0, 1);
            assert!(complete && !groups.is_empty(), "it differs");
        }),
        ("the same with 20 rules that compare numbers with each other", &|| {
            let (groups, complete) = prover(&compared).differences(0, 1);
            assert!(complete && !groups.is_empty(), "it differs");
        }),
        ("the same: whether the new one is stricter", &|| {
            assert!(matches!(prover(&changed).laxer(1, 0), Answer::Case(_)), "it is laxer");
        }),
        ("200 rules, 40 fields, written in another order: equivalent", &|| {
            assert!(matches!(prover(&same).different(0, 1), Answer::None), "it is equivalent");
        }),
        ("the hospital's policy, everything that check proves", &|| {
            assert!(claims(&hospital, &[]).is_empty());
        }),
    ];
    for (name, ask) in questions {
        let (mut fastest, mut slowest) = (Duration::MAX, Duration::ZERO);
        for _ in 0..5 {
            let begun = Instant::now();
            ask();
            let took = begun.elapsed();
            (fastest, slowest) = (fastest.min(took), slowest.max(took));
        }
        println!("{name:<66} {:>8.1} ms to {:>8.1} ms", milliseconds(fastest), milliseconds(slowest));
    }
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

fn prover(set: &PolicySet) -> Prover<'_> {
    let policies: Vec<_> = set.policies.iter().collect();
    Prover::new(&policies)
}

fn set(text: &str) -> PolicySet {
    let mut sources = Sources::new();
    sources.add("large.forbear", text);
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{:?}", checked.problems.first());
    checked.set
}

fn hospital() -> PolicySet {
    let mut sources = Sources::new();
    sources.add("hospital.forbear.md", include_str!("../policies/hospital.forbear.md"));
    sources.add("calendars/basel.yaml", include_str!("../policies/calendars/basel.yaml"));
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{:?}", checked.problems.first());
    checked.set
}

/// Writes two policies: the second has the rules of the first in reverse, one with another threshold. Some
/// compare numbers with each other.
fn policies(threshold: u64, of_pairs: usize) -> String {
    let rules = (0..large::RULES - of_pairs).map(|at| large::rule(at, 60));
    let rules: Vec<String> = rules.chain((0..of_pairs).map(comparing)).collect();
    let mut others: Vec<String> = rules.iter().rev().cloned().collect();
    // The first rule is the last of the other policy.
    *others.last_mut().unwrap() = large::rule(0, threshold);
    large::vocabulary("") + &large::policy("first", &rules) + &large::policy("second", &others)
}

/// Writes a rule that compares numbers with each other, in pairs, and one with a constant.
fn comparing(number: usize) -> String {
    let mut draw = large::Draw(u64::try_from(large::RULES + number).unwrap());
    let pairs = u64::try_from(large::FIELDS / 8).unwrap();
    let (one, two) = (3 + 8 * draw.below(pairs), 3 + 8 * draw.below(pairs));
    let (other, least) = (two + 4, 70 + draw.below(30));
    format!(
        "rule c{number} \"c{number}\"\n  when value_{one} above value_{}\n  forbid when value_{other} above value_{two} and value_{other} above {least}\n\n",
        one + 4
    )
}
