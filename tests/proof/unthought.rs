//! Cases that no permit covers, of drawn policies and against every record: what is told is so, and what is so is told.

use std::collections::BTreeSet;

use forbear::judge::{Judgement, Outcome, Status, Truth};
use forbear::policy::{Policy, Version};
use forbear::prove::claims;

use crate::generate::{self, Draw};
use crate::records::{self, Record, is_covered};
use crate::set;

const VOCABULARY: &str = "\
vocabulary small \"Small\"
scale grade \"Grade\" slight < some < much < extreme
kind shade \"Shade\" black, white, grey, brown
field id text role id
field held_on instant role time
field grade grade
field shade shade
field certain boolean
";

const GRADES: [&str; 4] = ["slight", "some", "much", "extreme"];
const SHADES: [&str; 4] = ["black", "white", "grey", "brown"];

fn leaf(draw: &mut Draw) -> String {
    match draw.below(7) {
        0 => format!("grade {} {}", draw.one_of(&["at most", "at least"]), draw.one_of(&GRADES)),
        1 | 2 => format!("grade {} {}", draw.one_of(&["is", "is", "is not"]), draw.one_of(&GRADES)),
        3 => format!("shade is {}", draw.one_of(&SHADES)),
        4 | 5 => format!("shade is one of {}, {}", draw.one_of(&SHADES[..2]), draw.one_of(&SHADES[2..])),
        _ => format!("certain is {}", draw.one_of(&["true", "false"])),
    }
}

/// Writes a policy of one to three permits and up to two other rules; and the permits alone.
fn drawn(draw: &mut Draw) -> (String, String) {
    let (mut rules, mut permits) = (String::new(), String::new());
    let wanted = (1 + draw.below(3), draw.below(3));
    let mut found = (0, 0);
    while found != wanted {
        let rule = generate::rule(draw, &format!("r{}", found.0 + found.1), &leaf) + "\n";
        let is_permit = rule.contains("  permit when");
        let (found, wanted) = if is_permit { (&mut found.0, wanted.0) } else { (&mut found.1, wanted.1) };
        if *found < wanted {
            *found += 1;
            rules += &rule;
            permits += if is_permit { &rule } else { "" };
        }
    }
    let scope = if draw.below(4) == 0 { format!("  applies when {}\n", leaf(draw)) } else { String::new() };
    (format!("{VOCABULARY}\npolicy first \"first\"\n  vocabulary small\n{scope}\n{rules}"), permits)
}

/// The covered records of a policy, with what it says of each.
struct Covered<'p> {
    version: &'p Version,
    records: Vec<(Record, Judgement)>,
}

impl<'p> Covered<'p> {
    fn of(policy: &'p Policy, records: Vec<Record>) -> Self {
        let judged = records.into_iter().map(|record| (record.judgement(policy), record));
        // Where nothing permits it, the verdict is *impermissible*; what does not apply is left out.
        let covered = judged.filter(|(judgement, _)| is_covered(judgement));
        let records = covered.map(|(judgement, record)| (record, judgement)).collect();
        Self { version: &policy.versions[0], records }
    }

    fn having<'c>(&'c self, names: &'c [(&str, &str)]) -> impl Iterator<Item = &'c Judgement> {
        let says = |record: &Record, name: &str| record.says(self.version, self.version.vocabulary.find_field(name)?);
        let has = move |record: &Record| names.iter().all(|(of, name)| says(record, of).as_deref() == Some(name));
        self.records.iter().filter(move |(record, _)| has(record)).map(|(_, judgement)| judgement)
    }

    fn can_be_permitted(&self, names: &[(&str, &str)]) -> bool {
        let may = |outcome: &Outcome| outcome.ground().is_some_and(|ground| ground != Truth::False);
        self.having(names).any(|judgement| judgement.outcomes.iter().any(may))
    }

    fn is_forbidden_by_no_rule(&self, names: &[(&str, &str)]) -> bool {
        let against = |outcome: &Outcome| matches!(outcome.status(), Some(Status::Violated | Status::Undetermined));
        self.having(names).any(|judgement| !judgement.outcomes.iter().any(against))
    }

    fn is_gap(&self, names: &[(&str, &str)]) -> bool {
        !self.can_be_permitted(names) && self.is_forbidden_by_no_rule(names)
    }

    /// Gives the levels that lie between two that can be permitted, with a name of the other field or whatever it is, and are
    /// a gap.
    fn between(&self, with: &[(&str, &str)]) -> BTreeSet<String> {
        let of = |level| with.iter().copied().chain([("grade", level)]).collect::<Vec<_>>();
        let can: Vec<bool> = GRADES.iter().map(|level| self.can_be_permitted(&of(level))).collect();
        let is_between = |at: usize| can[..at].contains(&true) && can[at..].contains(&true);
        let gaps = GRADES.iter().enumerate().filter(|(at, level)| is_between(*at) && self.is_gap(&of(level)));
        gaps.map(|(_, level)| (*level).to_owned()).collect()
    }
}

#[test]
fn what_no_permit_covers_is_told_and_nothing_else() {
    let mut tally = [0; 6];
    for seed in 120_000..121_000 {
        let (text, permits) = drawn(&mut Draw::new(seed));
        let set = set(&text);
        let covered = Covered::of(&set.policies[0], records::all(&set));
        let named = |names: [&'static str; 4]| names.into_iter().filter(|name| permits.contains(name)).collect();
        let (shades, grades): (Vec<&str>, Vec<&str>) = (named(SHADES), named(GRADES));
        let problems = claims(&set, &[]);
        let messages = problems.iter().map(|problem| problem.message.as_str());
        let told: Vec<&str> =
            messages.filter_map(|message| message.strip_prefix("nothing permits an episode whose ")).collect();
        let of = |begins: &str, joined: bool| -> Vec<BTreeSet<String>> {
            let fit = told.iter().filter(|one| one.starts_with(begins) && one.contains(" and whose ") == joined);
            fit.map(|one| one.split('`').skip(1).step_by(2).map(str::to_owned).collect()).collect()
        };
        let shown = format!("seed {seed}\n{text}\n{told:?}");
        // Names are asked about where permits name two or more, and one can be permitted.
        let can = SHADES.iter().any(|shade| covered.can_be_permitted(&[("shade", shade)]));
        let open = SHADES.iter().filter(|shade| shades.len() > 1 && can && covered.is_gap(&[("shade", shade)]));
        let open: BTreeSet<String> = open.map(|shade| (*shade).to_owned()).collect();
        let with_field = |field: &str, names: &BTreeSet<String>| -> Vec<BTreeSet<String>> {
            let all = names.iter().cloned().chain([field.to_owned()]).collect();
            if names.is_empty() { Vec::new() } else { vec![all] }
        };
        assert_eq!(of("`shade`", false), with_field("shade", &open), "{shown}");
        tally[usize::from(!open.is_empty())] += 1;
        // Levels are asked about where permits name one.
        let levels = if grades.is_empty() { BTreeSet::new() } else { covered.between(&[]) };
        assert_eq!(of("`grade`", false), with_field("grade", &levels), "{shown}");
        tally[2 + usize::from(!levels.is_empty())] += 1;
        // With each name that permits name, too, where the level can be permitted with another.
        let with = |shade: &&str| -> BTreeSet<String> {
            let between = if grades.is_empty() { BTreeSet::new() } else { covered.between(&[("shade", shade)]) };
            between.into_iter().filter(|level| covered.can_be_permitted(&[("grade", level)])).collect()
        };
        // Of names that differ in their levels, the first are told.
        let first = shades.iter().map(with).find(|levels| !levels.is_empty());
        let expected = first.map(|levels| {
            let alike = shades.iter().filter(|shade| with(shade) == levels).map(|shade| (*shade).to_owned());
            let words = ["shade", "grade"].map(str::to_owned);
            alike.chain(levels.iter().cloned()).chain(words).collect::<BTreeSet<String>>()
        });
        let expected: Vec<BTreeSet<String>> = expected.into_iter().collect();
        assert_eq!(of("`shade`", true), expected, "{shown}");
        tally[4 + usize::from(!expected.is_empty())] += 1;
    }
    assert!(tally.iter().all(|count| *count > 20), "too few of one sort: {tally:?}");
}
