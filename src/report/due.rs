//! What is owed now, soonest first: a list that a ward can work from.

use jiff::{SignedDuration, Timestamp};

use crate::audit::{Judged, PolicyResult, Sink};
use crate::judge::{DutyStatus, LinkJudgement};
use crate::log::Unreadable;
use crate::policy::{Link, Role, Rule, Value, Version};
use crate::source::{Sources, Span};

use super::duties::{deadline_words, decisive};
use super::findings::record_name;
use super::identities::Identities;

/// Gathers what is owed while an audit runs.
pub struct DueList<'a> {
    sources: &'a Sources,
    identities: &'a Identities,
    as_of: Timestamp,
    due: Vec<Due>,
    open: usize,
}

/// One thing that is owed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// By when, at the earliest; none: there is no deadline.
    pub deadline: Option<Timestamp>,
    /// The record.
    pub episode: String,
    /// Where the record stands.
    pub at: Span,
    /// The policy.
    pub policy: String,
    /// The rule.
    pub rule: String,
    /// The field that would say that it was done.
    pub act: String,
    /// What the rule is called.
    pub title: String,
    /// Who owes it, as a pseudonym unless asked for; none if the vocabulary does not say.
    pub who: Option<String>,
    /// `pending`, `outstanding` or `overdue`.
    pub status: &'static str,
    /// By when, on the local clock.
    pub by: String,
    /// How long is left, or how long it is overdue.
    pub left: String,
}

impl Due {
    /// Says whether its deadline has passed.
    pub fn is_overdue(&self) -> bool {
        self.status == DutyStatus::Overdue.word()
    }
}

impl<'a> DueList<'a> {
    /// Begins with nothing.
    pub fn new(sources: &'a Sources, identities: &'a Identities, as_of: Timestamp) -> Self {
        Self { sources, identities, as_of, due: Vec::new(), open: 0 }
    }

    /// Gives what is owed, soonest first; what has no deadline last.
    pub fn finish(mut self) -> (Vec<Due>, usize) {
        self.due.sort_by(|one, other| {
            let key = |due: &Due| (due.deadline.is_none(), due.deadline, due.episode.clone(), due.rule.clone());
            key(one).cmp(&key(other))
        });
        (self.due, self.open)
    }

    fn of_policy(&mut self, subject: &str, at: Span, result: &PolicyResult<'_>) {
        let Some(version) = result.version else { return };
        for duty in &result.judgement.duties {
            let Some(rule) = version.rules.get(duty.rule.0 as usize) else { continue };
            let Some((_, link, judged)) = decisive(rule, duty) else { continue };
            self.open += usize::from(judged.status == DutyStatus::Undetermined);
            if judged.status.is_owed() {
                let due = self.due(result, version, rule, link, judged);
                let policy = result.policy.name.clone();
                self.due.push(Due { episode: subject.to_owned(), at, policy, ..due });
            }
        }
    }

    fn due(
        &self,
        result: &PolicyResult<'_>,
        version: &Version,
        rule: &Rule,
        link: &Link,
        judged: LinkJudgement,
    ) -> Due {
        let by =
            judged.deadline.map(|deadline| deadline_words(deadline, judged.excluded, &version.zone, self.identities));
        // With the instant of the report, it would tell the day.
        let told = judged.deadline.filter(|_| !self.identities.is_for_committee());
        let left = told.map(|(first, last)| match judged.status {
            DutyStatus::Overdue => format!("{} overdue", roughly(self.as_of.duration_since(last))),
            // The last instant of a day is a nanosecond before the next.
            _ => format!("{} left", roughly(first.duration_since(self.as_of) + SignedDuration::from_nanos(1))),
        });
        let responsible = version.vocabulary.role(Role::Responsible).and_then(|field| result.episode.value(field));
        let who = responsible.and_then(|value| match value {
            Value::Identity(person) => Some(self.identities.show(person)),
            _ => None,
        });
        Due {
            deadline: judged.deadline.map(|(first, _)| first),
            episode: String::new(),
            at: result.episode.record,
            policy: String::new(),
            rule: rule.name.clone(),
            act: version.vocabulary.field_name(link.act).to_owned(),
            title: rule.title.clone(),
            who,
            status: judged.status.word(),
            by: by.unwrap_or_else(|| "no deadline".to_owned()),
            left: left.unwrap_or_default(),
        }
    }
}

impl Sink for DueList<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        let subject = record_name(record, self.sources, self.identities);
        for result in &record.results {
            self.of_policy(&subject, record.place, result);
        }
    }

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}
}

/// Writes a length of time in its one or two largest units.
fn roughly(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let words = |count: i64, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
    match units.iter().position(|(size, _)| seconds >= *size) {
        None => "less than a minute".to_owned(),
        Some(at) => {
            let parts = units.iter().skip(at).take(2).scan(seconds, |rest, (size, unit)| {
                let count = *rest / size;
                *rest %= size;
                Some((count, *unit))
            });
            let parts: Vec<String> =
                parts.filter(|(count, _)| *count > 0).map(|(count, unit)| words(count, unit)).collect();
            parts.join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_in_two_units() {
        let minutes = |minutes| roughly(SignedDuration::from_mins(minutes));
        assert_eq!(
            [minutes(0), minutes(5), minutes(65), minutes(1440), minutes(1445), minutes(4330)],
            ["less than a minute", "5 minutes", "1 hour 5 minutes", "1 day", "1 day", "3 days"]
        );
    }
}
