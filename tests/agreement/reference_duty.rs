//! Semantics.md, section 8, said once more: what became of a duty.
//!
//! Takes a record, the duty, and what is known of scope, guard and exception; gives the status of every link, and what
//! the chain comes to. What the record's own time and the base of a deadline may be is tried out: every choice gives a
//! deadline, and something counts as so only if it is so for all of them.

use std::collections::{BTreeMap, BTreeSet};

use forbear::policy::time::When;
use forbear::policy::{Base, Duty, FieldId, FieldType, Length, Limit, Link, Silence, Value};
use jiff::Timestamp;
use jiff::civil::Date;

use super::reference::{Reading, Truth};
use super::reference_instants::{around, end_of, ends_of, instants_of, local_day, midnight, on_the_clock};
use super::reference_past::{a_length_away, months_after, months_away, own_field};
use super::reference_view::{Moment, Onlooker, Seen, View};

/// What became of one link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DutyStatus {
    NotOwed,
    Excused,
    Fulfilled,
    Late,
    Pending,
    Outstanding,
    Overdue,
    Undetermined,
}

/// What a duty comes to with all that is owed otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Chain {
    NotOwed,
    Excused,
    Fulfilled,
    MadeGood,
    Pending,
    Outstanding,
    Failed,
    Undetermined,
}

/// A deadline in one choice of what is partial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: Timestamp,
    /// from where it is looked whether the act was in time
    seen_from: Moment,
}

impl Due {
    fn until(at: Timestamp) -> Self {
        Self { at, seen_from: Moment::At(at) }
    }

    fn before(at: Timestamp) -> Self {
        Self { at, seen_from: Moment::Before(at) }
    }

    /// What is due before an instant is too late at that instant.
    fn has_passed(&self, as_of: Timestamp) -> bool {
        match self.seen_from {
            Moment::Before(at) => at <= as_of,
            _ => self.at < as_of,
        }
    }
}

/// One choice: the record's own time (none: it is missing), and the deadline (none: nobody can say).
#[derive(Debug, Clone, Copy)]
struct Choice {
    own: Option<Moment>,
    due: Option<Due>,
}

/// Gives the status of every link. `owed` is what is known of scope, guard and exception.
pub(crate) fn links(reading: &Reading<'_>, duty: &Duty, owed: [Truth; 3], silence: Option<Silence>) -> Vec<DutyStatus> {
    let mut statuses: Vec<DutyStatus> = vec![];
    let mut missed: Option<When> = None;
    for link in &duty.links {
        let obligation = Obligation { reading, link };
        let choices = obligation.choices(missed.as_ref());
        let status = match statuses.last() {
            None => silent(obligation.status(owed, &choices), silence),
            // It is owed, since the one before it was missed: nothing else is asked.
            Some(DutyStatus::Late | DutyStatus::Overdue) => {
                silent(obligation.status([Truth::True, Truth::True, Truth::False], &choices), silence)
            }
            Some(DutyStatus::Undetermined) => DutyStatus::Undetermined,
            Some(_) => DutyStatus::NotOwed,
        };
        statuses.push(status);
        missed = obligation.missed(&choices);
    }
    statuses
}

/// `if undocumented violated` turns undetermined into overdue.
fn silent(status: DutyStatus, silence: Option<Silence>) -> DutyStatus {
    match (status, silence) {
        (DutyStatus::Undetermined, Some(Silence::Violated)) => DutyStatus::Overdue,
        _ => status,
    }
}

/// What the chain comes to: what the last link came to that may be owed.
pub(crate) fn chain(links: &[DutyStatus]) -> Chain {
    let last = links.iter().rposition(|status| *status != DutyStatus::NotOwed);
    let Some(last) = last else {
        return Chain::NotOwed;
    };
    match links[last] {
        DutyStatus::Fulfilled if last == 0 => Chain::Fulfilled,
        DutyStatus::Fulfilled => Chain::MadeGood,
        DutyStatus::Pending => Chain::Pending,
        DutyStatus::Outstanding => Chain::Outstanding,
        DutyStatus::Late | DutyStatus::Overdue => Chain::Failed,
        DutyStatus::Undetermined => Chain::Undetermined,
        DutyStatus::Excused => Chain::Excused,
        DutyStatus::NotOwed => Chain::NotOwed,
    }
}

/// A link, asked of a record.
struct Obligation<'a> {
    reading: &'a Reading<'a>,
    link: &'a Link,
}

impl Obligation<'_> {
    /// The first row of the table that fits.
    fn status(&self, [scope, guard, unless]: [Truth; 3], choices: &[Choice]) -> DutyStatus {
        let as_of = self.reading.log.as_of;
        let has_deadline = self.link.deadline.is_some();
        let in_time = self.in_all(choices, |choice| self.in_time(choice));
        let by_now = self.in_all(choices, |choice| self.look(choice, Moment::At(as_of)));
        let surely = |has_passed: bool| {
            has_deadline
                && choices.iter().all(|choice| choice.due.is_some_and(|due| due.has_passed(as_of) == has_passed))
        };
        let open = [scope, guard, unless].contains(&Truth::Unknown);
        if scope == Truth::False || guard == Truth::False {
            DutyStatus::NotOwed
        } else if unless == Truth::True {
            DutyStatus::Excused
        } else if in_time.is_true() {
            DutyStatus::Fulfilled
        } else if open || (has_deadline && choices.iter().all(|choice| choice.due.is_none())) {
            DutyStatus::Undetermined
        } else if in_time.is_not_true() && by_now.is_true() {
            DutyStatus::Late
        } else if !by_now.is_true() && surely(false) {
            DutyStatus::Pending
        } else if by_now.is_not_true() && !has_deadline {
            DutyStatus::Outstanding
        } else if by_now.is_not_true() && surely(true) {
            DutyStatus::Overdue
        } else {
            DutyStatus::Undetermined
        }
    }

    fn in_all(&self, choices: &[Choice], look: impl Fn(&Choice) -> Seen) -> Seen {
        choices.iter().map(look).fold(Seen::default(), Seen::or_also)
    }

    /// C in the view at the deadline, or at the as-of instant if that is earlier or there is none.
    fn in_time(&self, choice: &Choice) -> Seen {
        let as_of = self.reading.log.as_of;
        match (self.link.deadline, choice.due) {
            (None, _) => self.look(choice, Moment::At(as_of)),
            (Some(_), Some(due)) if as_of < due.at => self.look(choice, Moment::At(as_of)),
            (Some(_), Some(due)) => self.look(choice, due.seen_from),
            // Nobody can say when it is due: it may be any time.
            (Some(_), None) => {
                let any = self.times().into_iter().flat_map(around).chain([Timestamp::MIN]);
                let any = any.filter(|at| *at <= as_of).map(|at| self.look(choice, Moment::At(at)));
                any.fold(Seen::default(), Seen::or_also)
            }
        }
    }

    fn look(&self, choice: &Choice, from: Moment) -> Seen {
        let within = self.link.deadline.is_some_and(|deadline| deadline.limit != Limit::Before);
        let onlooker = Onlooker::Duty { too_early: Some(self.link.act).filter(|_| within && self.is_too_early()) };
        let (version, record) = (self.reading.version, self.reading.episode);
        View { version, record, from, own: choice.own, onlooker }.see(self.link.condition)
    }

    /// An act that lies before the record's own time, whatever the two may be, is unfit.
    fn is_too_early(&self) -> bool {
        let ends = |field: FieldId| {
            let ends = self.reading.episode.value(field).map(|value| ends_of(value, &self.reading.version.zone));
            ends.filter(|ends| !ends.is_empty())
        };
        let own = own_field(self.reading.version).and_then(ends);
        own.zip(ends(self.link.act)).is_some_and(|(own, act)| act.iter().max() < own.iter().min())
    }

    // ---- deadlines -----------------------------------------------------------------------------------------------------

    /// Every choice that can make a difference.
    fn choices(&self, missed: Option<&When>) -> Vec<Choice> {
        let own = own_field(self.reading.version).and_then(|field| self.moments(field));
        let own: Vec<Option<Moment>> = own.map_or(vec![None], |own| own.into_iter().map(Some).collect());
        let of = |own: &Option<Moment>| -> Vec<Option<Due>> {
            let Some(deadline) = self.link.deadline else {
                return vec![None];
            };
            match deadline.base {
                Base::Episode => own.map_or(vec![None], |own| self.due(own, deadline.limit)),
                Base::Field(field) => self.moments(field).map_or(vec![None], |all| {
                    all.into_iter().flat_map(|base| self.due(base, deadline.limit)).collect()
                }),
                Base::Missed => missed.map_or(vec![None], |missed| {
                    self.instants(missed).into_iter().map(|base| self.due_from(base, deadline.limit)).collect()
                }),
            }
        };
        let mut found = BTreeMap::new();
        let times = self.times();
        for own in own {
            for due in of(&own) {
                let place = (own.map(|own| place(own, &times)), due.map(|due| place(Moment::At(due.at), &times)));
                found.entry(place).or_insert(vec![]).push(Choice { own, due });
            }
        }
        // Two that lie alike come to the same; the first and the last are kept for what is owed otherwise.
        let ends = |alike: Vec<Choice>| {
            let first = alike.iter().min_by_key(|choice| choice.due).copied();
            [first, alike.iter().max_by_key(|choice| choice.due).copied()]
        };
        found.into_values().flat_map(ends).flatten().collect()
    }

    /// The deadline that was missed, from the earliest to the latest that it may be; none if nobody can say.
    fn missed(&self, choices: &[Choice]) -> Option<When> {
        let all: Option<Vec<Timestamp>> = choices.iter().map(|choice| Some(choice.due?.at)).collect();
        let (earliest, latest) = (*all.as_ref()?.iter().min()?, *all.as_ref()?.iter().max()?);
        let day = |at| local_day(at, &self.reading.version.zone);
        Some(When { earliest, latest, first_day: day(earliest), last_day: day(latest), either_end: false })
    }

    /// The deadlines that a base may give.
    fn due(&self, base: Moment, limit: Limit) -> Vec<Option<Due>> {
        let zone = &self.reading.version.zone;
        let both_dates = self.kind_of(self.link.act) == FieldType::Date;
        match (base, limit) {
            (Moment::On(day), Limit::Within(length)) if both_dates => {
                let day = match length {
                    Length::Exact(duration) => day + duration,
                    Length::Civil(period) => months_away(day, period.months),
                };
                vec![Some(Due::until(end_of(day, zone)))]
            }
            // What is of that day itself, is not before it.
            (Moment::On(day), Limit::Before) => vec![Some(Due::before(midnight(day, zone)))],
            (Moment::On(day), Limit::Within(_)) => {
                let day = forbear::policy::time::days(day, day, zone).unwrap();
                let all = self.instants(&day).into_iter().map(|at| self.due_from(at, limit));
                all.collect()
            }
            (Moment::On(day), _) => vec![self.due_from(midnight(day, zone), limit)],
            (Moment::At(at) | Moment::Before(at), _) => vec![self.due_from(at, limit)],
            (Moment::Unclear, _) => vec![None],
        }
    }

    fn due_from(&self, base: Timestamp, limit: Limit) -> Option<Due> {
        let zone = &self.reading.version.zone;
        let day = local_day(base, zone);
        let at = match limit {
            Limit::Before => return Some(Due::before(base)),
            Limit::Within(Length::Exact(duration)) => base + duration,
            Limit::Within(Length::Civil(period)) => months_after(base, period.months, zone),
            Limit::EndOfDay => end_of(day, zone),
            Limit::WorkingDays(days) => end_of(self.working_day(day, days)?, zone),
            Limit::ClockOn { time, working: true } => on_the_clock(self.working_day(day, 1)?, time, zone),
            Limit::ClockOn { time, working: false } => on_the_clock(day.tomorrow().unwrap(), time, zone),
        };
        Some(Due::until(at))
    }

    /// The n-th working day after a day; none if the calendar does not know every day until then.
    fn working_day(&self, day: Date, days: u32) -> Option<Date> {
        let calendar = self.reading.version.calendar.as_ref()?;
        let mut day = day;
        let mut passed = 0;
        while passed < days {
            day = day.tomorrow().unwrap();
            if !calendar.years.contains(&day.year()) {
                return None;
            }
            let free =
                calendar.holidays.contains(&day) || calendar.weekend.contains(&day.weekday().to_monday_zero_offset());
            passed += u32::from(!free);
        }
        Some(day)
    }

    // ---- what may be ---------------------------------------------------------------------------------------------------

    fn kind_of(&self, field: FieldId) -> FieldType {
        self.reading.version.vocabulary.field(field).unwrap().kind
    }

    /// The moments that a field may stand for; none if it is missing.
    fn moments(&self, field: FieldId) -> Option<Vec<Moment>> {
        match self.reading.episode.value(field)? {
            Value::Date(day) => Some(vec![Moment::On(*day)]),
            Value::Instant(when) => Some(self.instants(when).into_iter().map(Moment::At).collect()),
            other => panic!("{other:?} is no moment"),
        }
    }

    /// The instants that a partial one may be, wherever the deadline could pass one of the record's times.
    fn instants(&self, when: &When) -> Vec<Timestamp> {
        if when.is_exact() {
            return vec![when.earliest];
        }
        let zone = &self.reading.version.zone;
        let mut landmarks = self.times();
        match self.link.deadline.map(|deadline| deadline.limit) {
            Some(Limit::Within(length)) => {
                let away: Vec<Timestamp> = landmarks.iter().flat_map(|at| a_length_away(*at, length, zone)).collect();
                landmarks.extend(away);
            }
            Some(Limit::Before) | None => {}
            Some(_) => {
                let mut day = when.first_day;
                while day <= when.last_day {
                    landmarks.insert(midnight(day, zone));
                    day = day.tomorrow().unwrap();
                }
            }
        }
        instants_of(when, &landmarks.into_iter().flat_map(around).collect())
    }

    /// The ends of all times of the record, and the as-of instant.
    fn times(&self) -> BTreeSet<Timestamp> {
        let (version, record) = (self.reading.version, self.reading.episode);
        let values = version.vocabulary.field_ids().filter_map(|field| record.value(field));
        values.flat_map(|value| ends_of(value, &version.zone)).chain([self.reading.log.as_of]).collect()
    }
}

/// Where a moment lies among some instants: two that lie alike make no difference.
fn place(moment: Moment, times: &BTreeSet<Timestamp>) -> (usize, usize) {
    match moment {
        Moment::At(at) | Moment::Before(at) => {
            (times.iter().filter(|time| **time < at).count(), times.iter().filter(|time| **time <= at).count())
        }
        Moment::On(_) | Moment::Unclear => (0, 0),
    }
}
