//! Quotas against every log of a few days: whether one is never laxer than another, over any log and over logs that kept the first.

use forbear::prove::{Answer, Prover};

use crate::generate::VOCABULARY;
use crate::set;

/// At most so many episodes in so many days.
type Quota = (usize, usize);

/// Logs reach back so many days; no window does further.
const DAYS: usize = 6;

/// How many episodes a log has on each day, that of the episode that is judged first.
type Log = [usize; DAYS];

fn policy(name: &str, quotas: &[Quota]) -> String {
    let rule = |(at, (most, days)): (usize, &Quota)| {
        let episodes = if *most == 1 { "episode" } else { "episodes" };
        let unit = if *days == 1 { "day" } else { "days" };
        format!("rule q{at} \"A quota\"\n  limit {most} {episodes} per ward in any {days} {unit}\n")
    };
    let rules: Vec<String> = quotas.iter().enumerate().map(rule).collect();
    format!("policy {name} \"{name}\"\n  vocabulary small\n  default permit\n\n{}", rules.join("\n"))
}

/// Says whether an episode on some day keeps a quota: the days that end with its own count.
fn keeps(log: &Log, day: usize, (most, days): Quota) -> bool {
    log[day..DAYS.min(day + days)].iter().sum::<usize>() <= most
}

/// Finds a log whose last episode keeps some quotas and not another; `throughout`: of which every other keeps the first, too. No
/// day needs more episodes than `most`.
fn exists(quotas: &[Quota], other: Quota, throughout: bool, most: usize) -> bool {
    let is_one = |log: &Log| {
        let of_day = |day: usize| log[day] == 0 || quotas.iter().all(|quota| keeps(log, day, *quota));
        let days = if throughout { 0..DAYS } else { 0..1 };
        log[0] > 0 && !keeps(log, 0, other) && days.into_iter().all(of_day)
    };
    let mut log: Log = [0; DAYS];
    loop {
        if is_one(&log) {
            return true;
        }
        let Some(day) = log.iter().position(|count| *count < most) else { return false };
        log[day] += 1;
        log[..day].fill(0);
    }
}

/// Asks the prover: over any log, and over logs that kept the first quotas; none where that makes no difference.
fn proved(quotas: &[Quota], other: Quota) -> (bool, Option<bool>) {
    let set = set(&format!("{VOCABULARY}\n{}\n{}", policy("first", quotas), policy("second", &[other])));
    let mut prover = Prover::new(&[&set.policies[0], &set.policies[1]]);
    let is_case = |answer: Answer| {
        assert!(!matches!(answer, Answer::Open), "it is decided");
        matches!(answer, Answer::Case(_))
    };
    let laxer = is_case(prover.laxer(0, 1));
    (laxer, prover.laxer_where_kept(0, 1).map(is_case))
}

#[test]
fn one_quota_is_never_laxer_than_another_where_no_log_shows_it() {
    let (mut tally, mut kept_differs) = ([0; 4], 0);
    for (most, days) in (1..=3).flat_map(|most| (1..=DAYS).map(move |days| (most, days))) {
        for other in (1..=4).flat_map(|most| (1..=DAYS).map(move |days| (most, days))) {
            let (laxer, kept) = proved(&[(most, days)], other);
            let shown = format!("{most} in {days} against {other:?}");
            assert_eq!(laxer, exists(&[(most, days)], other, false, other.0 + 1), "{shown}");
            let expected = exists(&[(most, days)], other, true, most);
            assert_eq!(kept.unwrap_or(laxer), expected, "where it was kept: {shown}");
            tally[usize::from(laxer)] += 1;
            tally[2 + usize::from(expected)] += 1;
            kept_differs += usize::from(laxer != expected);
        }
    }
    assert!(tally.iter().all(|count| *count > 80) && kept_differs > 40, "{tally:?} {kept_differs}");
}

#[test]
fn of_two_quotas_together_nothing_is_proved_that_a_log_refutes() {
    let all = || (1..=3).flat_map(|most| [1, 2, 3, 5].map(|days| (most, days)));
    let (mut tally, mut missed) = ([0; 4], 0);
    for one in all() {
        for two in all().filter(|two| two.1 > one.1) {
            for other in all() {
                let (laxer, kept) = proved(&[one, two], other);
                let shown = format!("{one:?} and {two:?} against {other:?}");
                assert_eq!(laxer, exists(&[one, two], other, false, other.0 + 1), "{shown}");
                let expected = exists(&[one, two], other, true, one.0.min(two.0));
                let kept = kept.unwrap_or(laxer);
                assert!(kept || !expected, "where they were kept: {shown}");
                tally[usize::from(laxer)] += 1;
                tally[2 + usize::from(expected)] += 1;
                missed += usize::from(kept != expected);
            }
        }
    }
    assert!(tally.iter().all(|count| *count > 80), "{tally:?}");
    assert!(missed * 20 < tally[2], "what follows of two quotas together is mostly found: {missed} of {tally:?}");
}
