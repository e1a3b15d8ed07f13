//! Times of day, against every hour of a day.

use forbear::judge::Verdict;
use forbear::prove::{Answer, Prover, claims};

use crate::generate::Draw;
use crate::{named, set};

/// A time of day from one hour to before another, or all others.
struct Hours {
    from: usize,
    until: usize,
    not: bool,
}

impl Hours {
    fn drawn(draw: &mut Draw) -> Self {
        let from = draw.below(24);
        let until = (from + 1 + draw.below(23)) % 24;
        Self { from, until, not: draw.below(4) == 0 }
    }

    fn written(&self) -> String {
        let plain = format!("happened between {:02}:00 and {:02}:00", self.from, self.until);
        if self.not { format!("not ({plain})") } else { plain }
    }

    fn holds(&self, hour: usize) -> bool {
        let after_midnight = self.until < self.from;
        let is_in = match after_midnight {
            true => self.from <= hour || hour < self.until,
            false => self.from <= hour && hour < self.until,
        };
        is_in != self.not
    }
}

#[test]
fn what_no_clock_shows_is_told_and_nothing_else() {
    let mut tally = [0; 3];
    for seed in 0..600 {
        let mut draw = Draw::new(seed);
        let [when, also, forbidden] = [(); 3].map(|()| Hours::drawn(&mut draw));
        let text = format!(
            "vocabulary v \"V\"\nfield happened instant role time\nfield alone boolean\n\n\
             policy p \"P\"\n  vocabulary v\n  default permit\n  time zone Europe/Zurich\n\n\
             rule r \"R\"\n  when {} and {}\n  forbid when {} and alone\n",
            when.written(),
            also.written(),
            forbidden.written(),
        );
        let applies = |hour: &usize| when.holds(*hour) && also.holds(*hour);
        let problems = claims(&set(&text), &[]);
        let told = ["never applies", "can never be violated"].map(|words| !named(&problems, words).is_empty());
        let never_applies = !(0..24).any(|hour| applies(&hour));
        let never_violated = !never_applies && !(0..24).filter(applies).any(|hour| forbidden.holds(hour));
        assert_eq!(told, [never_applies, never_violated], "seed {seed}\n{text}{problems:?}");
        tally[if never_applies { 0 } else { 1 + usize::from(never_violated) }] += 1;
    }
    assert!(tally.iter().all(|count| *count > 40), "too few of one sort: {tally:?}");
}

#[test]
fn clocks_of_two_zones_are_not_held_against_each_other() {
    let policy = |name: &str, zone: &str| {
        format!(
            "policy {name} \"{name}\"\n  vocabulary v\n  default permit\n  time zone {zone}\n\n\
             rule r \"R\"\n  forbid when happened between 08:00 and 09:00\n\n"
        )
    };
    let text = "vocabulary v \"V\"\nfield happened instant role time\n\n".to_owned();
    let set = set(&(text + &policy("a", "Asia/Tokyo") + &policy("b", "Europe/Zurich")));
    let [tokyo, zurich] = set.policies.as_slice() else { panic!("two policies") };
    // At eight in Zurich it is afternoon in Tokyo, and the other way round.
    for pair in [[tokyo, zurich], [zurich, tokyo]] {
        let answer = Prover::new(&pair).laxer(0, 1);
        let Answer::Case(case) = answer else { panic!("{answer:?}") };
        assert_eq!([0, 1].map(|at| case.verdict(at)), [Some(Verdict::Permissible), Some(Verdict::Impermissible)]);
    }
}
