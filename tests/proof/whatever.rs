//! Exact verdicts in proofs: what holds of a record whatever the values that are missing.

use forbear::judge::Verdict;
use forbear::policy::PolicySet;
use forbear::prove::{Answer, Prover, claims};

use crate::{named, set};

const HEAD: &str = "\
vocabulary small \"Small\"
scale level \"Level\" low < middle < high
field id text role id
field risk level
field supervision level
field frail boolean
";

fn policies(texts: &[&str]) -> PolicySet {
    let policy = |(at, rules): (usize, &&str)| format!("policy p{at} \"P\"\n  vocabulary small\n{rules}\n");
    set(&format!("{HEAD}\n{}", texts.iter().enumerate().map(policy).collect::<Vec<_>>().join("\n")))
}

const BOTH_WAYS: &str = "
rule low \"Low\"
  permit when risk at most low

rule other \"Other\"
  permit when risk above low and supervision at least middle

rule written \"Written\"
  severity advisory
  require risk is missing
";

#[test]
fn what_is_permissible_whatever_the_value_is_permitted() {
    let set = policies(&[BOTH_WAYS]);
    let policy = &set.policies[0];
    let missing = policy.versions[0].rules[2].norm.condition;
    let mut prover = Prover::new(&[policy]);
    let Answer::Case(case) = prover.permits(0, 0, missing) else { panic!("no case") };
    assert_eq!(case.verdict(0), Some(Verdict::Permissible));
    let risk = policy.versions[0].vocabulary.find_field("risk").unwrap();
    assert!(case.episodes[0].is_open(risk));
}

#[test]
fn two_ways_to_say_one_thing_are_equivalent() {
    let set = policies(&[
        "  default permit\n\nrule a \"A\"\n  when frail\n  require risk at most low\n\n\
         rule b \"B\"\n  when not frail\n  require risk at most low\n",
        "  default permit\n\nrule a \"A\"\n  require risk at most low\n",
    ]);
    let mut prover = Prover::new(&[&set.policies[0], &set.policies[1]]);
    assert!(matches!(prover.different(0, 1), Answer::None));
    let (groups, complete) = prover.differences(0, 1);
    assert!(groups.is_empty() && complete, "{groups:?}");
}

#[test]
fn what_is_permissible_only_whatever_the_value_is_no_conflict_and_pays() {
    let set = policies(&["
rule low \"Low\"
  permit when risk at most low

rule other \"Other\"
  permit when risk above low

rule unsaid \"Unsaid\"
  forbid when risk is present
"]);
    let problems = claims(&set, &[]);
    assert!(!problems.iter().any(|problem| problem.message.contains("nothing is ever")), "{problems:?}");
    assert!(named(&problems, "it pays to leave out").contains("risk"), "{problems:?}");
}
