//! History clauses of which one may count whatever another counts, against every log of a few episodes.

use forbear::episode::{Episode, Slot};
use forbear::judge::{Gathering, Outcome, Standpoint, Status, judge};
use forbear::policy::time::When;
use forbear::policy::{NameId, Policy, Value};
use forbear::prove::{Answer, Prover};
use forbear::source::{SourceId, Span};
use jiff::{SignedDuration, Timestamp};

use crate::set;

const VOCABULARY: &str = "\
vocabulary small \"Small\"
scale level \"Level\" low < middle < high
field id    text    role id
field held_on instant role time
field risk  level
field ward  identity
field team  identity
";

const FILTERS: [&str; 4] =
    ["", " where risk is high", " where risk at least middle", " where risk is high or risk is middle"];
const KEYS: [&str; 3] = ["ward", "ward, team", "team, ward"];

/// How long before the episode that is judged others lie: in the last one, two, and three days.
const HOURS: [i64; 3] = [12, 36, 60];

/// How many others there are at most.
const MOST: usize = 2;

fn demands() -> Vec<String> {
    let mut demands = Vec::new();
    for (filter, keys) in FILTERS.iter().flat_map(|filter| KEYS.map(|keys| (filter, keys))) {
        for days in ["1 day", "2 days", "3 days"] {
            demands.push(format!("limit 1 episode{filter} per {keys} in any {days}"));
            demands.push(format!("limit 2 episodes{filter} per {keys} in any {days}"));
            demands.push(format!("forbid when any episode{filter} per {keys} in the past {days}"));
            demands.push(format!("require time since the last episode{filter} per {keys} at least {days}"));
        }
    }
    demands
}

fn policy(name: &str, demands: &[String]) -> String {
    let rules = demands.iter().enumerate().map(|(at, demand)| format!("rule r{at} \"R\"\n  {demand}\n"));
    let rules: Vec<String> = rules.collect();
    format!("policy {name} \"P\"\n  vocabulary small\n  default permit\n\n{}\n", rules.join("\n"))
}

/// An episode: how long before the last, its risk, and its team.
type Kind = (i64, Option<u16>, Option<&'static str>);

fn episode(policy: &Policy, (hours, risk, team): Kind) -> Episode {
    let version = &policy.versions[0];
    let nowhere = Span::new(SourceId(0), 0, 0);
    let mut episode = Episode::new(nowhere, version.vocabulary.fields.len());
    let last: Timestamp = "2026-03-10T12:00Z".parse().unwrap();
    let at = last - SignedDuration::from_hours(hours);
    let mut write = |name: &str, value: Value| {
        episode.set(version.vocabulary.find_field(name).unwrap(), Slot::Present(value), None);
    };
    write("held_on", Value::Instant(When::exact(at, &version.zone)));
    write("ward", Value::Identity("W".into()));
    if let Some(team) = team {
        write("team", Value::Identity(team.into()));
    }
    if let Some(risk) = risk {
        write("risk", Value::Name(NameId(risk)));
    }
    episode
}

/// Gives every selection of at most so many, one of a kind perhaps several times.
fn selections<T: Copy>(of: &[T], most: usize) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    if most > 0 {
        for (at, one) in of.iter().enumerate() {
            all.extend(selections(&of[at..], most - 1).into_iter().map(|rest| [vec![*one], rest].concat()));
        }
    }
    all
}

/// Gives, of each log, what each rule says of its last episode: that it is kept, or it is not, or it is open.
fn judged(policy: &Policy) -> Vec<Vec<Option<bool>>> {
    let kinds = HOURS.iter().flat_map(|hours| [Some(0), Some(1), Some(2), None].map(|risk| (*hours, risk)));
    let kinds: Vec<Kind> = kinds.flat_map(|(hours, risk)| ["A", "B"].map(|team| (hours, risk, Some(team)))).collect();
    let risks = [None, Some(0), Some(1), Some(2)];
    let own: Vec<Kind> = risks.iter().flat_map(|risk| [None, Some("A")].map(|team| (0, *risk, team))).collect();
    let mut all = Vec::new();
    for others in selections(&kinds, MOST) {
        for own in &own {
            let log: Vec<Episode> = others.iter().chain([own]).map(|kind| episode(policy, *kind)).collect();
            let mut gathering = Gathering::new(policy, Timestamp::MAX).unwrap();
            log.iter().for_each(|episode| gathering.add(&[episode]));
            let past = gathering.close();
            let last = u32::try_from(others.len()).unwrap();
            let standpoint = Standpoint::after(Timestamp::MAX, Some((&past, last)));
            let judgement = judge(policy, &[log.last().unwrap()], standpoint);
            let kept = |outcome: &Outcome| match outcome.status() {
                Some(Status::Violated) => Some(false),
                Some(Status::Undetermined) => None,
                _ => Some(true),
            };
            all.push(judgement.outcomes.iter().map(kept).collect());
        }
    }
    all
}

#[test]
fn of_two_clauses_one_is_kept_wherever_the_other_is_just_where_no_log_shows_otherwise() {
    let demands = demands();
    let all = set(&format!("{VOCABULARY}\n{}", policy("together", &demands)));
    let logs = judged(&all.policies[0]);
    let policies =
        demands.iter().enumerate().map(|(at, demand)| policy(&format!("p{at:03}"), std::slice::from_ref(demand)));
    let each = set(&format!("{VOCABULARY}\n{}", policies.collect::<Vec<_>>().join("\n")));
    let mut tally = [0; 3];
    for one in 0..demands.len() {
        for two in (0..demands.len()).filter(|two| (one * 31 + two * 17) % 7 == 0) {
            let answer = Prover::new(&[&each.policies[one], &each.policies[two]]).laxer(0, 1);
            let shown = format!("{} against {}", demands[one], demands[two]);
            assert!(!matches!(answer, Answer::Open), "{shown}");
            let found = matches!(answer, Answer::Case(_));
            let expected = logs.iter().any(|log| log[one] == Some(true) && log[two] != Some(true));
            assert_eq!(found, expected, "{shown}");
            tally[usize::from(found)] += 1;
            tally[2] += usize::from(!found && one % 4 != two % 4);
        }
    }
    assert!(tally.iter().all(|count| *count > 100), "{tally:?}");
}

/// Asks about one limit and another, of so many episodes in a window.
fn asked<T>(vocabulary: &str, zone: &str, limits: [(u32, &str); 2], ask: impl FnOnce(Prover<'_>) -> T) -> T {
    let of = |name: &str, (most, window): (u32, &str)| {
        let limit = format!("limit {most} episodes per ward in any {window}");
        policy(name, &[limit]).replace("  default", &format!("  time zone  {zone}\n  default"))
    };
    let [one, two] = limits;
    let set = set(&format!("{vocabulary}\n{}\n{}", of("one", one), of("two", two)));
    ask(Prover::new(&[&set.policies[0], &set.policies[1]]))
}

/// Says whether one limit on two episodes is never laxer than another; where it is, earlier episodes show it.
fn is_proved(vocabulary: &str, [one, two]: [&str; 2], zone: &str) -> bool {
    let answer = asked(vocabulary, zone, [(2, one), (2, two)], |mut prover| prover.laxer(0, 1));
    assert!(!matches!(answer, Answer::Open), "not decided: {one} and {two}");
    if let Answer::Case(case) = &answer {
        assert!(case.before.is_some(), "{one} and {two} are shown with dates");
    }
    matches!(answer, Answer::None)
}

#[test]
fn months_are_held_against_days_as_the_calendar_has_them() {
    let by_date = VOCABULARY.replace("instant role time", "date role time");
    for (vocabulary, zone) in [(VOCABULARY, "UTC"), (by_date.as_str(), "UTC"), (by_date.as_str(), "Europe/Zurich")] {
        let proved = [["31 days", "1 month"], ["1 month", "28 days"], ["366 days", "1 year"], ["1 year", "365 days"]];
        let refuted = [["30 days", "1 month"], ["1 month", "29 days"], ["365 days", "1 year"], ["1 year", "366 days"]];
        assert!(proved.iter().all(|windows| is_proved(vocabulary, *windows, zone)), "{zone}");
        assert!(refuted.iter().all(|windows| !is_proved(vocabulary, *windows, zone)), "{zone}");
    }
    // Where clocks are set, a month may be an hour short of 28 days, and an hour longer than 31.
    let zurich = |one: &str, two: &str| is_proved(VOCABULARY, [one, two], "Europe/Zurich");
    assert!(!zurich("1 month", "28 days") && !zurich("31 days", "1 month"));
    assert!(zurich("1 month", "27 days") && zurich("32 days", "1 month"));
}

#[test]
fn quotas_that_were_kept_bound_what_longer_windows_count_months_among_them() {
    let is_proved = |limits: [(u32, &str); 2]| {
        let answer = asked(VOCABULARY, "Europe/Zurich", limits, |mut prover| prover.laxer_where_kept(0, 1));
        matches!(answer, Some(Answer::None))
    };
    assert!(is_proved([(2, "30 days"), (4, "1 month")]) && !is_proved([(2, "30 days"), (3, "1 month")]));
    assert!(is_proved([(2, "1 month"), (6, "60 days")]) && !is_proved([(2, "1 month"), (4, "60 days")]));
}
