//! Which version is in force: what an audit says of every record, against enumeration, where versions follow each other, leave gaps,
//! and where it is not known when an episode happened.

use forbear::judge::{Because, Verdict};

use crate::records;
use crate::{drawn, set};

#[test]
fn the_exact_verdict_is_that_of_the_version_in_force_and_where_it_is_open_that_of_all() {
    let (mut in_force, mut none, mut open, mut in_common) = (0, 0, 0, 0);
    for (seed, text) in drawn(0..0, 170_000..170_300) {
        let set = set(&text);
        let policy = &set.policies[0];
        if policy.versions[0].in_force.is_none() || records::count(&set) > 600 {
            continue;
        }
        let mut exact = records::Audit::new(policy);
        for record in records::all(&set) {
            let verdict = record.verdict(policy);
            assert_eq!(exact.verdict(&record), verdict, "seed {seed}\n{text}");
            match record.judgement(policy).because {
                Because::NotInForce => none += 1,
                Because::TimeOpen if verdict == Verdict::Undetermined => open += 1,
                Because::TimeOpen => in_common += 1,
                _ => in_force += 1,
            }
        }
    }
    assert!(in_force.min(none).min(open) > 300 && in_common > 40, "{in_force}, {none}, {open}, {in_common}");
}
