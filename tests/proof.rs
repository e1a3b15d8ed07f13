//! Proofs against enumeration: of small policies, every record is judged, and the prover must say the same of all of them.

#![expect(clippy::unwrap_used, reason = "a test may fail so")]
#![expect(clippy::indexing_slicing, reason = "of lists of the test's own")]

#[path = "proof/asked.rs"]
mod asked;
#[path = "proof/checked.rs"]
mod checked;
#[path = "proof/clocks.rs"]
mod clocks;
#[path = "proof/conflicts.rs"]
mod conflicts;
#[path = "proof/contained.rs"]
mod contained;
#[path = "proof/differences.rs"]
mod differences;
#[path = "proof/gaps.rs"]
mod gaps;
#[path = "proof/generate.rs"]
mod generate;
#[path = "support/held_fixed.rs"]
mod held_fixed;
#[path = "proof/implied.rs"]
mod implied;
#[path = "proof/needless.rs"]
mod needless;
#[path = "proof/quotas.rs"]
mod quotas;
#[path = "proof/records.rs"]
mod records;
#[path = "proof/tables.rs"]
mod tables;
#[path = "proof/unthought.rs"]
mod unthought;
#[path = "proof/values.rs"]
mod values;
#[path = "proof/versions.rs"]
mod versions;
#[path = "proof/whatever.rs"]
mod whatever;
#[path = "proof/wider.rs"]
mod wider;

use std::collections::BTreeSet;
use std::ops::Range;

use forbear::check::load;
use forbear::diagnostic::Diagnostic;
use forbear::policy::PolicySet;
use forbear::prove::{Answer, matters};
use forbear::source::Sources;

use generate::Draw;

fn set(text: &str) -> PolicySet {
    let mut sources = Sources::new();
    sources.add("small.forbear", text);
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{text}\n{:?}", checked.problems);
    checked.set
}

/// Of wider policies, those are left out that tell more records apart.
const MOST_RECORDS: usize = 1_500;

/// Draws pairs of policies, each with its seed: small ones, and wider ones.
fn drawn(small: Range<u64>, wide: Range<u64>) -> impl Iterator<Item = (u64, String)> {
    let small = small.map(|seed| (seed, generate::two_policies(&mut Draw::new(seed))));
    let wide = wide.map(|seed| (seed, wider::two_policies(&mut Draw::new(seed))));
    small.chain(wide.filter(|(_, text)| records::count(&set(text)) <= MOST_RECORDS))
}

/// Gives the names between backticks in messages with some words in them.
fn named(problems: &[Diagnostic], words: &str) -> BTreeSet<String> {
    let with = problems.iter().filter(|problem| problem.message.contains(words));
    with.filter_map(|problem| Some(problem.message.split('`').nth(1)?.to_owned())).collect()
}

/// The shipped policies, with what stands beside each.
const SHIPPED: &[&[&str]] = &[
    &["hospital.forbear.md", "calendars/basel.yaml"],
    &["surgery.forbear"],
    &["medication.forbear", "vocabularies/pharmacy.forbear"],
    &["flight.forbear", "vocabularies/flight.forbear"],
    &["nursing_student.forbear", "vocabularies/nursing.forbear", "vocabularies/pharmacy.forbear"],
];

#[test]
fn nothing_known_afterwards_changes_a_verdict_and_much_that_was_known_before_does() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let (mut afterwards, mut before) = (0, 0);
    for files in SHIPPED {
        let mut sources = Sources::new();
        for file in *files {
            sources.add(*file, std::fs::read(folder.join(file)).unwrap());
        }
        let checked = load(&mut sources);
        assert!(!checked.has_errors(), "{files:?}");
        let policy = &checked.set.policies[0];
        for field in &policy.versions[0].vocabulary.fields {
            let answer = matters(policy, field);
            if field.known_afterwards {
                assert!(matches!(answer, Answer::None), "{files:?}: `{}` changes a verdict: {answer:?}", field.name);
                afterwards += 1;
            } else {
                before += usize::from(matches!(answer, Answer::Case(_)));
            }
        }
    }
    assert!(afterwards > 10 && before > 40, "{afterwards} and {before}");
}
