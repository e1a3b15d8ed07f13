//! From when a rule that looks back would have been kept, had the team waited and nothing else happened.
//!
//! The records that a clause counted leave its window one after the other. For each such moment the judge says, supposing
//! what the clause then comes to, whether the rule is kept. What is recorded between the episode and that moment is left out:
//! nobody could know it when the decision was taken.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use crate::episode::Episode;
use crate::judge::{
    Bound, Evaluation, Exact, Itself, Judgement, Looked, Measured, Past, Ratio, Standpoint, Status, Truth, Verdict,
    judge_by,
};
use crate::policy::time::days;
use crate::policy::{
    Condition, Function, History, HistoryId, Length, Role, Rule, RuleId, Term, Value, Version, Window,
};

/// A rule that looks back, and from when it would have been kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// The rule.
    pub rule: RuleId,
    /// From then on it would have been kept.
    pub from: Timestamp,
    /// Whether the whole local day is meant: times are days there.
    pub by_days: bool,
}

type Supposed = (usize, HistoryId, Measured);

/// Gives from when each violated rule that looks back would have been kept, and whether the episode would then have been
/// permissible.
pub(super) fn later(
    version: &Version,
    at: usize,
    episode: &Episode,
    standpoint: Standpoint<'_>,
    judgement: &Judgement,
) -> (Vec<Later>, bool) {
    let nothing = (Vec::new(), false);
    let Some((past, _)) = standpoint.past else { return nothing };
    let mut waiting = Waiting { version, at, episode, standpoint, past, clauses: Vec::new() };
    waiting.look();
    let violated = (0..).map(RuleId).zip(&version.rules);
    let violated = violated.filter(|(id, rule)| rule.decides() && judgement.status(*id) == Some(Status::Violated));
    let found: Vec<Later> = violated.filter_map(|(id, rule)| waiting.kept_from(id, rule)).collect();
    let last = found.iter().map(|later| later.from).max();
    let permissible = last.is_some_and(|from| waiting.judged(from).verdict == Verdict::Permissible);
    (found, permissible)
}

/// A clause whose records leave its window.
struct Leaving {
    id: HistoryId,
    function: Function,
    counts_itself: bool,
    /// When each record that counts, or may, leaves the window; the last first.
    leaves: Vec<Timestamp>,
    /// The time of the last one, for the time since then.
    last: Option<Timestamp>,
}

struct Waiting<'w> {
    version: &'w Version,
    at: usize,
    episode: &'w Episode,
    standpoint: Standpoint<'w>,
    past: &'w Past<'w>,
    clauses: Vec<Leaving>,
}

impl Waiting<'_> {
    /// Looks what each clause counted, and when that leaves its window.
    fn look(&mut self) {
        let mut evaluation =
            Evaluation::looking_back(self.version, self.episode, self.standpoint.looking_back(self.at));
        for (id, history) in (0..).map(HistoryId).zip(self.version.conditions.histories()) {
            let looked = evaluation.look(id);
            self.clauses.extend(looked.and_then(|looked| self.leaving(id, history, &looked)));
        }
    }

    fn leaving(&self, id: HistoryId, history: &History, looked: &Looked) -> Option<Leaving> {
        let counts_itself = looked.itself == Itself::Counted(Truth::True);
        let time = |record| self.past.time(self.at, record).map(|(_, last)| last);
        let times: Vec<Timestamp> = looked.seen.iter().map(|seen| time(seen.record)).collect::<Option<_>>()?;
        let last = times.iter().max().copied();
        let mut leaves: Vec<Timestamp> = match (history.function, history.window) {
            (Function::Count, Window::InThePast(length) | Window::InAny(length)) => {
                times.into_iter().map(|at| self.leaves(at, length)).collect::<Option<_>>()?
            }
            (Function::TimeSinceLast, _) => Vec::new(),
            _ => return None,
        };
        leaves.sort_unstable_by_key(|at| Reverse(*at));
        Some(Leaving { id, function: history.function, counts_itself, leaves, last })
    }

    /// Gives the first moment whose window does not hold a record of some time.
    fn leaves(&self, at: Timestamp, length: Length) -> Option<Timestamp> {
        let zone = &self.version.zone;
        if self.version.vocabulary.counts_days() {
            let day = length.days_after(zone.to_datetime(at).date())?;
            return Some(days(day, day, zone).ok()?.earliest);
        }
        let mut found = length.after(at, zone);
        // A month that was cut short, or a night with another hour, may still reach back to it.
        for _ in 0..40 {
            if length.before(found, zone) >= at {
                return Some(found);
            }
            found = found.checked_add(SignedDuration::from_hours(24)).ok()?;
        }
        None
    }

    /// Finds from when a rule would have been kept.
    fn kept_from(&self, id: RuleId, rule: &Rule) -> Option<Later> {
        let conditions = &self.version.conditions;
        let asked: Vec<(HistoryId, &Term)> = conditions
            .leaves(rule.clauses())
            .into_iter()
            .filter_map(|leaf| match conditions.get(leaf) {
                Condition::Measure { history, right, .. } => Some((*history, right)),
                _ => None,
            })
            .collect();
        let clauses = || {
            self.clauses
                .iter()
                .filter_map(|clause| Some((clause, asked.iter().find(|(history, _)| *history == clause.id)?.1)))
        };
        let own = self.own_time()?;
        let mut moments: Vec<Timestamp> =
            clauses().flat_map(|(clause, right)| clause.leaves.iter().copied().chain(since(clause, right))).collect();
        moments.retain(|at| *at > own);
        moments.sort_unstable();
        moments.dedup();
        let kept = |at: &Timestamp| {
            let status = self.judged(*at).status(id);
            !matches!(status, None | Some(Status::Violated | Status::Undetermined))
        };
        let from = moments.into_iter().find(kept)?;
        Some(Later { rule: id, from, by_days: self.version.vocabulary.counts_days() })
    }

    fn own_time(&self) -> Option<Timestamp> {
        match self.episode.value(self.version.vocabulary.role(Role::Time)?)? {
            Value::Instant(when) if when.is_exact() => Some(when.earliest),
            Value::Date(day) => Some(days(*day, *day, &self.version.zone).ok()?.latest),
            _ => None,
        }
    }

    /// Judges the episode, supposing what the clauses come to at a later moment.
    fn judged(&self, at: Timestamp) -> Judgement {
        let supposed: Vec<Supposed> =
            self.clauses.iter().filter_map(|clause| Some((self.at, clause.id, clause.at(at)?))).collect();
        judge_by(self.version, self.at, self.episode, self.standpoint.supposing(&supposed))
    }
}

impl Leaving {
    /// Gives what the clause comes to at a moment.
    fn at(&self, moment: Timestamp) -> Option<Measured> {
        match self.function {
            Function::Count => {
                let left = self.leaves.iter().filter(|leaves| **leaves > moment).count();
                let all = i64::try_from(left + usize::from(self.counts_itself)).ok()?;
                Some(Measured::count(all, all))
            }
            Function::TimeSinceLast => {
                let since = moment.duration_since(self.last?);
                let bound = Bound::At(Ratio::number(Exact { mantissa: since.as_nanos(), scale: 0 }));
                Some(Measured::Between(bound, bound))
            }
            _ => None,
        }
    }
}

/// Gives the moments at which the time since the last record is as long as what it is compared with, and just longer.
fn since(clause: &Leaving, right: &Term) -> Vec<Timestamp> {
    match (clause.last, right) {
        (Some(last), Term::Constant(Value::Duration(length))) if clause.function == Function::TimeSinceLast => {
            let at = |more| last.checked_add(*length).ok()?.checked_add(SignedDuration::from_secs(more)).ok();
            [at(0), at(1)].into_iter().flatten().collect()
        }
        _ => Vec::new(),
    }
}
