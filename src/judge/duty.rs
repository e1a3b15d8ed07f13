//! Duties: whether what an episode obliges to was done, in time, late, or not at all.
//!
//! Guard and exception are read on the record as it stands, what is owed in views: at the deadline, and at the as-of
//! instant. The meaning is that of semantics.md, section 8; every status is the first row of its table that fits.

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use crate::episode::Episode;
use crate::policy::calendar::NotCovered;
use crate::policy::time::{When, days};
use crate::policy::{Base, Deadline, FieldId, Length, Limit, Link, Rule, RuleId, Silence, Value, Version};

use super::condition::Evaluation;
use super::truth::Truth;
use super::view::{Possible, Purpose, View, instants, own_time};

/// What one duty comes to: each link of its chain, and the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyJudgement {
    /// The rule.
    pub rule: RuleId,
    /// Each link, in order.
    pub links: Vec<LinkJudgement>,
    /// The chain as a whole.
    pub chain: Chain,
}

/// What one link of a chain comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkJudgement {
    /// Its status.
    pub status: DutyStatus,
    /// By when it is owed, if that is known: one instant, or some instant between two.
    pub deadline: Option<(Timestamp, Timestamp)>,
    /// Whether the deadline itself is too late already (`before FIELD`).
    pub excluded: bool,
    /// Whether `if undocumented` settled it.
    pub by_silence: bool,
    /// The year that the calendar would have to cover, and does not.
    pub not_covered: Option<NotCovered>,
}

impl LinkJudgement {
    /// Gives the deadline from which the next link counts, once this one is missed.
    fn missed(&self) -> Option<(Timestamp, Timestamp)> {
        let passed = |last: Timestamp| {
            let passed = last.checked_add(SignedDuration::from_nanos(i64::from(self.excluded)));
            passed.unwrap_or(last)
        };
        self.deadline.map(|(first, last)| (passed(first), passed(last)))
    }
}

/// The status of a duty, or of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DutyStatus {
    /// Its guard is false, the episode is not covered, or the link before it was not missed.
    NotOwed,
    /// Its exception is true.
    Excused,
    /// It was done in time.
    Fulfilled,
    /// What is missing decides.
    Undetermined,
    /// It was done, and too late.
    Late,
    /// It is not done, and there is time.
    Pending,
    /// It is not done, and has no deadline.
    Outstanding,
    /// It is not done, as far as the log shows, and the deadline has passed.
    Overdue,
}

impl DutyStatus {
    /// Gives the word of machine output.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotOwed => "not_owed",
            Self::Excused => "excused",
            Self::Fulfilled => "fulfilled",
            Self::Undetermined => "undetermined",
            Self::Late => "late",
            Self::Pending => "pending",
            Self::Outstanding => "outstanding",
            Self::Overdue => "overdue",
        }
    }

    /// Says whether the duty was missed: then what stands after `otherwise` is owed.
    pub fn is_missed(self) -> bool {
        matches!(self, Self::Late | Self::Overdue)
    }

    /// Says whether something is still to be done.
    pub fn is_owed(self) -> bool {
        matches!(self, Self::Pending | Self::Outstanding | Self::Overdue)
    }
}

/// What a chain of links comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    /// Nothing is owed.
    NotOwed,
    /// The exception is true.
    Excused,
    /// The first link is fulfilled.
    Fulfilled,
    /// A later link is fulfilled.
    MadeGood,
    /// Its last owed link is pending.
    Pending,
    /// It has no deadline and is not done.
    Outstanding,
    /// Its last link is late or overdue.
    Failed,
    /// What is missing decides.
    Undetermined,
}

impl Chain {
    /// Gives the word of machine output.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotOwed => "not_owed",
            Self::Excused => "excused",
            Self::Fulfilled => "fulfilled",
            Self::MadeGood => "made_good",
            Self::Pending => "pending",
            Self::Outstanding => "outstanding",
            Self::Failed => "failed",
            Self::Undetermined => "undetermined",
        }
    }

    fn of(links: &[LinkJudgement]) -> Self {
        let Some((at, last)) = links.iter().enumerate().rev().find(|(_, link)| link.status != DutyStatus::NotOwed)
        else {
            return Self::NotOwed;
        };
        match last.status {
            DutyStatus::NotOwed => Self::NotOwed,
            DutyStatus::Excused => Self::Excused,
            DutyStatus::Fulfilled if at == 0 => Self::Fulfilled,
            DutyStatus::Fulfilled => Self::MadeGood,
            DutyStatus::Pending => Self::Pending,
            DutyStatus::Outstanding => Self::Outstanding,
            DutyStatus::Undetermined => Self::Undetermined,
            DutyStatus::Late | DutyStatus::Overdue => Self::Failed,
        }
    }
}

/// Judges a duty. `scope`: whether the episode is covered.
pub(super) fn judge(
    id: RuleId,
    rule: &Rule,
    links: &[Link],
    scope: Truth,
    as_of: Timestamp,
    evaluation: &mut Evaluation<'_>,
) -> DutyJudgement {
    let guard = scope.and(rule.guard.map_or(Truth::True, |guard| evaluation.truth(guard)));
    let exception = rule.unless.map_or(Truth::False, |unless| evaluation.truth(unless));
    let silence = rule.silence == Some(Silence::Violated);
    let mut judged: Vec<LinkJudgement> = Vec::new();
    for link in links {
        let reader = Reader { evaluation, link, as_of };
        let before = judged.last();
        let (guard, exception) = match before {
            None => (guard, exception),
            Some(before) => (owed_after(before.status), Truth::False),
        };
        let mut link = reader.judge(guard, exception, before.and_then(LinkJudgement::missed), silence);
        // Done or not: nobody can say that it was owed.
        if before.is_some_and(|before| before.status == DutyStatus::Undetermined) {
            link.status = DutyStatus::Undetermined;
        }
        judged.push(link);
    }
    let chain = Chain::of(&judged);
    DutyJudgement { rule: id, links: judged, chain }
}

/// Says whether what stands after `otherwise` is owed, by the status of the link before it.
fn owed_after(before: DutyStatus) -> Truth {
    match before {
        DutyStatus::Late | DutyStatus::Overdue => Truth::True,
        DutyStatus::Undetermined => Truth::Unknown,
        _ => Truth::False,
    }
}

/// By when, or why that cannot be said.
enum ByWhen {
    /// There is no deadline.
    Never,
    /// The base is missing.
    Unknown,
    /// The calendar does not cover a year.
    NotCovered(NotCovered),
    /// Between two instants, both included.
    At(Timestamp, Timestamp),
}

/// One link, read on one record.
struct Reader<'r, 'e> {
    evaluation: &'r Evaluation<'e>,
    link: &'r Link,
    as_of: Timestamp,
}

impl Reader<'_, '_> {
    fn judge(
        &self,
        guard: Truth,
        exception: Truth,
        missed: Option<(Timestamp, Timestamp)>,
        silence: bool,
    ) -> LinkJudgement {
        let by_when = self.by_when(missed);
        let status = self.status(guard, exception, &by_when);
        let by_silence = silence && status == DutyStatus::Undetermined;
        LinkJudgement {
            status: if by_silence { DutyStatus::Overdue } else { status },
            deadline: match by_when {
                ByWhen::At(first, last) => Some((first, last)),
                _ => None,
            },
            excluded: self.link.deadline.is_some_and(|deadline| deadline.limit == Limit::Before),
            by_silence,
            not_covered: match by_when {
                ByWhen::NotCovered(year) if guard != Truth::False && exception != Truth::True => Some(year),
                _ => None,
            },
        }
    }

    /// Gives the first row that fits.
    fn status(&self, guard: Truth, exception: Truth, by_when: &ByWhen) -> DutyStatus {
        if guard == Truth::False {
            return DutyStatus::NotOwed;
        }
        if exception == Truth::True {
            return DutyStatus::Excused;
        }
        let now = self.done(self.as_of, self.as_of);
        let in_time = match by_when {
            ByWhen::At(first, last) => Some(self.done((*first).min(self.as_of), (*last).min(self.as_of))),
            ByWhen::Never => Some(now),
            ByWhen::Unknown | ByWhen::NotCovered(_) => None,
        };
        if in_time.is_some_and(Possible::is_true) {
            return DutyStatus::Fulfilled;
        }
        let Some(in_time) = in_time.filter(|_| guard == Truth::True && exception == Truth::False) else {
            return DutyStatus::Undetermined;
        };
        if !in_time.may_be_true() && now.is_true() {
            return DutyStatus::Late;
        }
        match by_when {
            ByWhen::At(first, _) if !now.is_true() && self.as_of <= *first => DutyStatus::Pending,
            ByWhen::Never if !now.may_be_true() => DutyStatus::Outstanding,
            ByWhen::At(_, last) if !now.may_be_true() && self.as_of > *last => DutyStatus::Overdue,
            _ => DutyStatus::Undetermined,
        }
    }

    /// Says what is known of what is owed, as it could be seen at an instant of a range.
    fn done(&self, from: Timestamp, until: Timestamp) -> Possible {
        let purpose = Purpose::Duty(self.acts_before_the_episode().then_some(self.link.act));
        View { evaluation: self.evaluation, from, until, by_days: false, purpose }.possible(self.link.condition)
    }

    /// Says whether the act surely lies before the episode itself; with a deadline `within`, it then does not fit.
    fn acts_before_the_episode(&self) -> bool {
        let within = self.link.deadline.is_some_and(|deadline| deadline.limit != Limit::Before);
        within && acts_too_early(self.evaluation.version, self.evaluation.episode, self.link.act)
    }

    /// Gives by when it is owed.
    fn by_when(&self, missed: Option<(Timestamp, Timestamp)>) -> ByWhen {
        let Some(deadline) = self.link.deadline else { return ByWhen::Never };
        let version = self.evaluation.version;
        let base = match deadline.base {
            Base::Missed => missed,
            Base::Field(field) if deadline.limit == Limit::Before => self.beginning(field),
            Base::Field(field) => self.instants(Some(field)),
            Base::Episode => self.instants(own_time(self.evaluation)),
        };
        let Some((first, last)) = base else { return ByWhen::Unknown };
        if let Some(day) = self.both_dates(deadline) {
            return day.map_or(ByWhen::Unknown, |end| ByWhen::At(end, end));
        }
        match (limit_after(first, deadline, version), limit_after(last, deadline, version)) {
            (Ok(first), Ok(last)) => ByWhen::At(first, last),
            (Err(year), _) | (_, Err(year)) => ByWhen::NotCovered(year),
        }
    }

    fn instants(&self, field: Option<FieldId>) -> Option<(Timestamp, Timestamp)> {
        instants(self.evaluation, field?).map(|when: When| (when.earliest, when.latest))
    }

    /// Gives from when something is no longer before a field: of a date, from the beginning of that day.
    fn beginning(&self, field: FieldId) -> Option<(Timestamp, Timestamp)> {
        let (first, last) = self.instants(Some(field))?;
        match self.evaluation.episode.value(field)? {
            Value::Date(_) => Some((first, first)),
            _ => Some((first, last)),
        }
    }

    /// Where base and act are both dates, the deadline is the end of a day.
    #[expect(clippy::option_option, reason = "not two dates, and two dates without a deadline, are two things")]
    fn both_dates(&self, deadline: Deadline) -> Option<Option<Timestamp>> {
        let base = match deadline.base {
            Base::Field(field) => Some(field),
            Base::Episode => own_time(self.evaluation),
            Base::Missed => None,
        };
        let Some(Value::Date(base)) = self.evaluation.episode.value(base?) else { return None };
        let act = self.evaluation.version.vocabulary.field(self.link.act)?;
        let Limit::Within(length) = deadline.limit else { return None };
        if act.kind != crate::policy::FieldType::Date {
            return None;
        }
        let last = length.days_after(*base).and_then(|day| days(day, day, &self.evaluation.version.zone).ok());
        Some(last.map(|day| day.latest))
    }
}

/// Says whether the act of a duty surely lies before the episode itself.
pub fn acts_too_early(version: &Version, episode: &Episode, act: FieldId) -> bool {
    let evaluation = &Evaluation::new(version, episode);
    let time = own_time(evaluation).filter(|time| *time != act);
    let (Some(act), Some(time)) = (instants(evaluation, act), time.and_then(|time| instants(evaluation, time))) else {
        return false;
    };
    act.latest < time.earliest
}

/// Gives the last instant at which something is in time, counted from an instant.
fn limit_after(base: Timestamp, deadline: Deadline, version: &Version) -> Result<Timestamp, NotCovered> {
    let zone = &version.zone;
    let day = zone.to_datetime(base).date();
    let end_of = |day| days(day, day, zone).map_or(Timestamp::MAX, |day| day.latest);
    let working_day = |count| match &version.calendar {
        Some(calendar) => calendar.working_day_after(day, count),
        None => Err(NotCovered { year: day.year() }),
    };
    Ok(match deadline.limit {
        Limit::Within(length @ (Length::Exact(_) | Length::Civil(_))) => length.after(base, zone),
        Limit::WorkingDays(count) => end_of(working_day(count)?),
        Limit::EndOfDay => end_of(day),
        Limit::ClockOn { time, working } => {
            let day = if working { working_day(1)? } else { day.tomorrow().unwrap_or(day) };
            on_clock(day.to_datetime(time), time, version)
        }
        Limit::Before => base.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(base),
    })
}

/// Gives the instant at which the local clock shows a time; if it does so twice, the second.
fn on_clock(local: jiff::civil::DateTime, _time: Time, version: &Version) -> Timestamp {
    let meant = version.zone.to_ambiguous_timestamp(local);
    meant.later().unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(status: DutyStatus) -> LinkJudgement {
        LinkJudgement { status, deadline: None, excluded: false, by_silence: false, not_covered: None }
    }

    #[test]
    fn a_chain_is_what_its_last_owed_link_makes_of_it() {
        use DutyStatus::{Excused, Fulfilled, Late, NotOwed, Outstanding, Overdue, Pending, Undetermined};
        let table = [
            (vec![Fulfilled, NotOwed], Chain::Fulfilled),
            (vec![Late, Fulfilled], Chain::MadeGood),
            (vec![Overdue, Fulfilled], Chain::MadeGood),
            (vec![Overdue, Late], Chain::Failed),
            (vec![Overdue, Late, Pending], Chain::Pending),
            (vec![Late], Chain::Failed),
            (vec![Overdue], Chain::Failed),
            (vec![Pending, NotOwed], Chain::Pending),
            (vec![Outstanding, NotOwed], Chain::Outstanding),
            (vec![Undetermined, Undetermined], Chain::Undetermined),
            (vec![Excused, NotOwed], Chain::Excused),
            (vec![NotOwed, NotOwed], Chain::NotOwed),
        ];
        for (statuses, expected) in table {
            let links: Vec<LinkJudgement> = statuses.iter().map(|status| link(*status)).collect();
            assert_eq!(Chain::of(&links), expected, "{statuses:?}");
        }
    }
}
