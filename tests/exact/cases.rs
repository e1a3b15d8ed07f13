//! Cases by hand: what a completion changes, and what it leaves as the record has it.

use forbear::check::load;
use forbear::episode::{Episode, Slot};
use forbear::judge::Verdict::{self, Impermissible, NotCovered, Permissible, Undetermined};
use forbear::judge::{Measured, Standpoint, judge};
use forbear::policy::time::parse_instant;
use forbear::policy::{HistoryId, Value};
use forbear::prove::{Exact, ExactVerdict};
use forbear::source::{SourceId, Sources, Span};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const VOCABULARY: &str = "\
vocabulary small \"Small\"
field id text role id
field held_on instant role time
field certain boolean
field asked boolean
field ward identity
field other identity
";

/// Gives the exact verdict on an episode with a time, or a part of one, and what history comes to.
fn exact(policies: &str, held_on: &str, counts: Option<(i64, i64)>) -> ExactVerdict {
    let mut sources = Sources::new();
    sources.add("small.forbear", format!("{VOCABULARY}\n{policies}"));
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{policies}\n{:?}", checked.problems);
    let policy = &checked.set.policies[0];
    let vocabulary = &policy.versions[0].vocabulary;
    let mut episode = Episode::new(Span::new(SourceId(0), 0, 0), vocabulary.fields.len());
    if !held_on.is_empty() {
        let when = Value::Instant(parse_instant(held_on, &TimeZone::UTC).unwrap());
        episode.set(vocabulary.find_field("held_on").unwrap(), Slot::Present(when), None);
    }
    let supposed: Vec<_> =
        counts.into_iter().map(|(low, high)| (0, HistoryId(0), Measured::count(low, high))).collect();
    let standpoint = Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&supposed);
    let readings: Vec<&Episode> = policy.versions.iter().map(|_| &episode).collect();
    let judgement = judge(policy, &readings, standpoint);
    assert_eq!(judgement.verdict, Undetermined, "rule by rule, each case is open\n{policies}");
    Exact::new(policy).verdict(&readings, standpoint, &judgement)
}

fn of_rules(rules: &str) -> Vec<Verdict> {
    exact(&format!("policy p \"P\"\n  vocabulary small\n  default permit\n\n{rules}"), "", None).possible
}

#[test]
fn rules_that_leave_nothing_between_them_decide_jointly() {
    let both = "rule a \"A\"\n  forbid when certain\n\nrule b \"B\"\n  forbid when not certain\n";
    assert_eq!(of_rules(both), [Impermissible]);
    assert_eq!(of_rules("rule a \"A\"\n  forbid when certain\n"), [Impermissible, Permissible]);
}

#[test]
fn what_silence_settled_stays_as_it_is() {
    // If `certain` is true, `a` would be broken; but silence counted as satisfying it, and that holds.
    let settled = "rule a \"A\"\n  forbid when certain\n  if undocumented satisfied\n\n\
                   rule b \"B\"\n  forbid when not certain\n";
    assert_eq!(of_rules(settled), [Impermissible, Permissible]);
}

#[test]
fn is_missing_is_about_the_record() {
    let missing = "rule a \"A\"\n  forbid when certain is present\n\nrule b \"B\"\n  forbid when certain and asked\n\n\
                   rule c \"C\"\n  require (certain is missing) or asked\n";
    assert_eq!(of_rules(missing), [Impermissible, Permissible], "nothing but `b` is open");
}

#[test]
fn who_is_missing_may_be_nobody() {
    let people = "rule a \"A\"\n  forbid when ward is other\n\nrule b \"B\"\n  forbid when ward is not other\n";
    assert_eq!(of_rules(people), [Undetermined]);
}

#[test]
fn a_clause_comes_to_one_value_of_its_range() {
    let policy = |limit: u8| {
        format!(
            "policy p \"P\"\n  vocabulary small\n  default permit\n\n\
             rule a \"A\"\n  forbid when count of episodes per ward in the past 30 days at most 1\n\n\
             rule b \"B\"\n  forbid when count of episodes per ward in the past 30 days at least {limit}\n"
        )
    };
    assert_eq!(exact(&policy(2), "2026-03-01T12:00", Some((1, 2))).possible, [Impermissible]);
    assert_eq!(exact(&policy(3), "2026-03-01T12:00", Some((1, 2))).possible, [Impermissible, Permissible]);
}

#[test]
fn all_versions_that_may_be_in_force_must_agree() {
    let version = |label: &str, effective: &str, rule: &str| {
        format!(
            "policy p \"P\"\n  version {label}\n  effective {effective}\n  vocabulary small\n  default permit\n\n\
             rule a \"A\"\n  forbid when {rule}\n\nrule b \"B\"\n  forbid when not certain\n\n"
        )
    };
    let first = version("1", "from 2026-01-01 until 2026-03-15", "certain");
    let same = format!("{first}{}", version("2", "from 2026-03-16", "certain"));
    let found = exact(&same, "2026-03", None);
    assert_eq!(found.possible, [Impermissible]);
    let looser = format!("{first}{}", version("2", "from 2026-03-16", "certain and asked"));
    assert_eq!(exact(&looser, "2026-03", None).possible, [Impermissible, Permissible]);
    let gap = format!("{first}{}", version("2", "from 2026-03-20", "certain"));
    assert_eq!(exact(&gap, "2026-03", None).possible, [Impermissible, NotCovered]);
    assert_eq!(exact(&same, "", None).possible, [Impermissible, NotCovered], "before 2026 nothing was in force");
}
