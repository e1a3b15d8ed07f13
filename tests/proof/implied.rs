//! Rules that add nothing, and definitions that are always the same, against every record.

use std::collections::BTreeSet;

use forbear::judge::{Judgement, Status, Truth};
use forbear::prove::claims;

use crate::generate::{self, Draw};
use crate::{MOST_RECORDS, drawn, records, set, wider};

/// Gives the first two names between backticks in each message with some words in it.
fn pairs(problems: &[forbear::diagnostic::Diagnostic], words: &str) -> Vec<(String, String)> {
    let with = problems.iter().filter(|problem| problem.message.contains(words));
    with.filter_map(|problem| {
        let mut names = problem.message.split('`').skip(1).step_by(2).map(str::to_owned);
        names.next().zip(names.next())
    })
    .collect()
}

#[test]
fn a_rule_adds_nothing_where_whatever_breaks_it_breaks_another() {
    let (mut told_of, mut not_told) = (0, 0);
    for (seed, text) in drawn(40_000..41_000, 140_000..140_400) {
        let mut set = set(&text);
        set.policies.truncate(1);
        let policy = &set.policies[0];
        let judgements: Vec<Judgement> = records::all(&set).iter().map(|record| record.judgement(policy)).collect();
        let covered: Vec<&Judgement> =
            judgements.iter().filter(|one| records::is_covered_by_the_last(policy, one)).collect();
        let rules = || policy.versions.last().unwrap().rules.iter().enumerate().filter(|(_, rule)| rule.decides());
        let breaks = |at: usize| -> BTreeSet<usize> {
            let is = |judgement: &&Judgement| judgement.outcomes[at].status() == Some(Status::Violated);
            covered.iter().enumerate().filter(|(_, judgement)| is(judgement)).map(|(number, _)| number).collect()
        };
        let broken: Vec<(&str, BTreeSet<usize>)> = rules().map(|(at, rule)| (rule.name.as_str(), breaks(at))).collect();
        let of = |name: &str| &broken.iter().find(|(known, _)| *known == name).unwrap().1;
        let told = pairs(&claims(&set, &[]), "adds nothing");
        for (rule, other) in &told {
            assert!(of(rule).is_subset(of(other)), "`{rule}` and `{other}`, seed {seed}\n{text}");
            told_of += 1;
        }
        let is_told = |name: &str| told.iter().any(|(rule, _)| rule == name);
        for (rule, breaks) in broken.iter().filter(|(rule, breaks)| !breaks.is_empty() && !is_told(rule)) {
            // Of two that say the same, one stays.
            let mut others = broken.iter().filter(|(other, _)| other != rule && !is_told(other));
            assert!(!others.any(|(_, other)| breaks.is_subset(other)), "`{rule}`, seed {seed}\n{text}");
            not_told += 1;
        }
    }
    assert!(told_of > 60 && not_told > 300, "{told_of} told, {not_told} not");
}

/// Writes a policy that demands what it defines.
fn small_definition(draw: &mut Draw) -> String {
    let topics: Vec<usize> = (0..2).map(|_| draw.below(6)).collect();
    let asked = generate::condition(draw, &topics, 2);
    format!(
        "{}\npolicy first \"first\"\n  vocabulary small\n  default permit\n\ndefine d as {asked}\n\nrule r \"r\"\n  require d\n",
        generate::VOCABULARY
    )
}

#[test]
fn a_definition_is_always_the_same_where_no_record_says_otherwise() {
    let mut tally = [0; 3];
    let small = (70_000..71_500).map(|seed| (seed, small_definition(&mut Draw::new(seed))));
    let wide = (171_000..171_600).map(|seed| (seed, wider::definition(&mut Draw::new(seed))));
    for (seed, text) in small.chain(wide) {
        let set = set(&text);
        if records::count(&set) > MOST_RECORDS {
            continue;
        }
        let policy = &set.policies[0];
        let condition = policy.versions[0].conditions.definitions()[0].condition;
        let truths: BTreeSet<Truth> =
            records::all(&set).iter().map(|record| record.truth(&policy.versions[0], condition)).collect();
        let problems = claims(&set, &[]);
        let is_told =
            |what: &str| problems.iter().any(|problem| problem.message.starts_with(&format!("`d` is {what}")));
        assert_eq!(is_told("never true"), !truths.contains(&Truth::True), "seed {seed}\n{text}");
        let never_false = truths.contains(&Truth::True) && !truths.contains(&Truth::False);
        assert_eq!(is_told("never false"), never_false, "seed {seed}\n{text}");
        let sort = if is_told("never true") { 0 } else { 1 + usize::from(never_false) };
        tally[sort] += 1;
    }
    assert!(tally.iter().all(|count| *count > 30), "too few of one sort: {tally:?}");
}
