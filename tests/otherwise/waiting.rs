//! From when a rule that looks back would have been kept: by hand, over small logs.

use forbear::audit::{Audit, Clock, Judged, Sink};
use forbear::check::load;
use forbear::log::{Format, Input, Limits, Unreadable};
use forbear::source::Sources;

const HEAD: &str = "\
vocabulary small \"Small\"
kind harm_kind \"Harm\" none, severe
field id text role id
field held_on instant role time
field day date
field who identity
field harm harm_kind known afterwards

policy p \"P\"
  vocabulary small
  default permit

";

/// Gives what is said of one episode: each rule with the moment from which it would have been kept, and whether the episode
/// would then have been permissible.
fn later(rules: &str, log: &str, id: &str) -> (Vec<(String, String)>, bool) {
    struct Found<'w>(&'w str, Option<(Vec<(String, String)>, bool)>);
    impl Sink for Found<'_> {
        fn judged(&mut self, record: &Judged<'_>) {
            let result = &record.results[0];
            let Some(repair) = result.repair.as_ref().filter(|_| record.id.as_deref() == Some(self.0)) else { return };
            let rule = |id: forbear::policy::RuleId| result.version.unwrap().rules[id.0 as usize].name.clone();
            let said = repair.later.iter().map(|later| (rule(later.rule), later.from.to_string())).collect();
            self.1 = Some((said, repair.permissible_later));
        }
        fn unreadable(&mut self, _: &Unreadable) {}
    }
    let mut sources = Sources::new();
    sources.add("small.forbear", format!("{HEAD}{rules}"));
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{:?}", checked.problems);
    let inputs = [Input { id: sources.add_protected("log.yaml", log), format: Format::Yaml, mapping: None }];
    let clock = Clock::at("2026-12-31T00:00:00Z".parse().unwrap());
    let audit = Audit { set: &checked.set, sources: &sources, inputs: &inputs, clock, limits: Limits::default() };
    let mut found = Found(id, None);
    audit.run(false, &mut found);
    found.1.unwrap()
}

fn said(rule: &str, from: &str) -> (Vec<(String, String)>, bool) {
    (vec![(rule.to_owned(), from.to_owned())], true)
}

const FOUR: &str = "\
- {id: A, held_on: 2026-03-01T10:00Z, who: T-1, harm: severe}
- {id: B, held_on: 2026-03-05T10:00Z, who: T-1, harm: none}
- {id: C, held_on: 2026-03-09T10:00Z, who: T-1, harm: none}
- {id: D, held_on: 2026-03-10T10:00Z, who: T-1, harm: none}
- {id: E, held_on: 2026-03-02T10:00Z, who: T-2, harm: none}
";

#[test]
fn a_quota_is_kept_from_when_enough_have_left_its_window() {
    let two = "rule quota \"Q\"\n  limit 2 episodes per who in any 30 days\n";
    assert_eq!(later(two, FOUR, "C"), said("quota", "2026-03-31T10:00:00Z"), "A leaves");
    assert_eq!(later(two, FOUR, "D"), said("quota", "2026-04-04T10:00:00Z"), "A and B leave");
}

#[test]
fn what_was_recorded_afterwards_is_not_foreseen() {
    // D lies between C and the moment from which C would have been kept; nobody could know of it.
    let two = "rule quota \"Q\"\n  limit 2 episodes per who in any 30 days\n";
    let (kept, permissible) = later(two, FOUR, "C");
    assert_eq!((kept.len(), permissible), (1, true));
}

#[test]
fn a_pause_ends_when_its_cause_has_left_the_window() {
    let pause = "rule pause \"P\"\n  forbid when any episode where harm is severe per who in the past 14 days\n";
    assert_eq!(later(pause, FOUR, "B"), said("pause", "2026-03-15T10:00:00Z"));
}

#[test]
fn the_time_since_the_last_grows_to_what_is_asked() {
    let rest = "rule rest \"R\"\n  require time since the last episode per who at least 5 days\n";
    assert_eq!(later(rest, FOUR, "C"), said("rest", "2026-03-10T10:00:00Z"));
    let longer = "rule rest \"R\"\n  require time since the last episode per who above 5 days\n";
    assert_eq!(later(longer, FOUR, "C"), said("rest", "2026-03-10T10:00:01Z"));
}

#[test]
fn a_month_ends_on_the_local_calendar() {
    let month = "rule quota \"Q\"\n  limit 1 episode per who in any 1 month\n";
    let log = "- {id: A, held_on: 2026-01-31T10:00Z, who: T-1}\n- {id: B, held_on: 2026-02-10T10:00Z, who: T-1}\n";
    let (kept, permissible) = later(month, log, "B");
    assert!(permissible, "{kept:?}");
    assert!(kept[0].1.starts_with("2026-03-01") || kept[0].1.starts_with("2026-02-28"), "{kept:?}");
}

#[test]
fn two_rules_are_kept_from_two_moments_and_the_later_makes_it_permissible() {
    let both = "rule quota \"Q\"\n  limit 2 episodes per who in any 30 days\n\n\
                rule rest \"R\"\n  require time since the last episode per who at least 2 days\n";
    let (kept, permissible) = later(both, FOUR, "D");
    let expected = [("quota", "2026-04-04T10:00:00Z"), ("rest", "2026-03-11T10:00:00Z")];
    assert_eq!(kept, expected.map(|(rule, from)| (rule.to_owned(), from.to_owned())));
    assert!(permissible);
}

#[test]
fn another_rule_that_is_broken_stays_broken() {
    let both = "rule quota \"Q\"\n  limit 2 episodes per who in any 30 days\n\n\
                rule nobody \"N\"\n  forbid when who is \"T-1\"\n";
    let (kept, permissible) = later(both, FOUR, "C");
    assert_eq!(kept, said("quota", "2026-03-31T10:00:00Z").0);
    assert!(!permissible);
}
