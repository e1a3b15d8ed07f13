//! Duties in words: what is owed, by when, and what became of it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::audit::PolicyResult;
use crate::diagnostic::{Code, Diagnostic, Label, codes};
use crate::judge::{Chain, DutyJudgement, DutyStatus, LinkJudgement, acts_too_early};
use crate::policy::{Base, FieldId, Limit, Link, Role, Rule, RuleSeverity, Version};

use super::findings::record_start;
use super::identities::Identities;
use super::shown::Held;
use super::wording::Speaker;

/// Says what became of a duty, unless nothing is to be said: it is not owed, excused, fulfilled or still to be done.
pub(super) fn problem(
    subject: &str,
    result: &PolicyResult<'_>,
    version: &Version,
    duty: &DutyJudgement,
    speaker: &Speaker<'_>,
) -> Option<Diagnostic> {
    let rule = version.rules.get(duty.rule.0 as usize)?;
    let (at, link, judged) = decisive(rule, duty)?;
    let about = Owed { version, result, rule, link, judged, speaker };
    let (code, message) = about.message(subject, duty.chain, at)?;
    let mut problem = Diagnostic::without_place(code, message);
    problem = problem.with_label(link.origin, about.what_the_clause_says(at));
    problem.labels.extend(about.labels());
    if let Some(year) = judged.not_covered {
        let calendar = version.calendar.as_ref().map_or("", |calendar| calendar.name.as_str());
        let help = format!("add the holidays of {} to calendar `{calendar}`, and the year to its `years`", year.year);
        return Some(problem.with_help(help));
    }
    Some(problem.with_help_if(rule.remedy.clone().or_else(|| about.help(duty.chain))))
}

/// Says whether [`problem`] has anything to say.
pub(super) fn is_told(duty: &DutyJudgement) -> bool {
    matches!(duty.chain, Chain::Failed | Chain::Undetermined | Chain::MadeGood)
}

/// Gives the link on which a chain turns: the last that is not unowed.
pub(super) fn decisive<'r>(rule: &'r Rule, duty: &DutyJudgement) -> Option<(usize, &'r Link, LinkJudgement)> {
    let links = &rule.duty.as_ref()?.links;
    let both = links.iter().zip(&duty.links).enumerate();
    both.filter(|(_, (_, judged))| judged.status != DutyStatus::NotOwed)
        .map(|(at, (link, judged))| (at, link, *judged))
        .next_back()
}

/// One link of a duty of one record.
struct Owed<'a> {
    version: &'a Version,
    result: &'a PolicyResult<'a>,
    rule: &'a Rule,
    link: &'a Link,
    judged: LinkJudgement,
    speaker: &'a Speaker<'a>,
}

impl Owed<'_> {
    fn message(&self, subject: &str, chain: Chain, at: usize) -> Option<(Code, String)> {
        let (name, act) = (&self.rule.name, self.version.vocabulary.field_name(self.link.act));
        let otherwise = if at > 0 { ", owed since the duty before it was missed" } else { "" };
        let advisory = self.rule.severity == RuleSeverity::Advisory;
        let failed = |code| if advisory { codes::ADVICE_NOT_FOLLOWED } else { code };
        let by = self.due_words();
        Some(match (chain, self.judged.status) {
            (Chain::Failed, DutyStatus::Overdue) if self.judged.by_silence => (
                failed(codes::DUTY_OVERDUE),
                format!("{subject} fails by `{name}`, for which silence counts as not done: {}", self.what_is_open()),
            ),
            (Chain::Failed, DutyStatus::Overdue) => (
                failed(codes::DUTY_OVERDUE),
                format!("{subject} fails by `{name}`: the log shows no `{act}`{by}{otherwise}"),
            ),
            (Chain::Failed, _) => (
                failed(codes::DUTY_LATE),
                format!("{subject} fails by `{name}`: {} and was due{by}{otherwise}", self.speaker.fact(self.link.act)),
            ),
            (Chain::MadeGood, _) => (
                codes::DUTY_MADE_GOOD,
                format!(
                    "{subject} missed what `{name}` asks for first, and made it good: {}",
                    self.speaker.fact(self.link.act)
                ),
            ),
            (Chain::Undetermined, _) if self.judged.not_covered.is_some() => {
                let year = self.judged.not_covered.map_or(0, |year| year.year);
                let calendar = self.version.calendar.as_ref().map_or("", |calendar| calendar.name.as_str());
                (
                    codes::YEAR_NOT_COVERED,
                    format!(
                        "by when {subject} owes `{act}` cannot be said: calendar `{calendar}` does not cover {year}"
                    ),
                )
            }
            (Chain::Undetermined, _) => (
                codes::DUTY_UNDETERMINED,
                format!("whether {subject} did what `{name}` asks for is open: {}", self.what_is_open()),
            ),
            _ => return None,
        })
    }

    /// Says by when it was due: " by 2026-03-05 10:00".
    fn due_words(&self) -> String {
        self.judged
            .deadline
            .map(|deadline| {
                let identities = self.speaker.shower.identities;
                format!(" by {}", deadline_words(deadline, self.judged.excluded, &self.version.zone, identities))
            })
            .unwrap_or_default()
    }

    fn what_is_open(&self) -> String {
        if acts_too_early(self.version, &self.result.episode, self.link.act) {
            return format!("{}, before the episode itself", self.speaker.fact(self.link.act));
        }
        let open: Vec<String> = self.open_fields().into_iter().map(|field| self.speaker.fact(field)).collect();
        if open.is_empty() { "the log does not say it exactly enough".to_owned() } else { open.join(", ") }
    }

    /// Gives the fields that leave the duty open: of its guard, its exception, its deadline, and what it asks for.
    fn open_fields(&self) -> Vec<FieldId> {
        let conditions = &self.version.conditions;
        let clauses = [self.rule.guard, self.rule.unless, Some(self.link.condition)].into_iter().flatten();
        let fields = self.base().into_iter().chain(conditions.fields_read(clauses));
        let open = fields.filter(|field| self.result.episode.is_open(*field));
        super::wording::each_once(open)
    }

    /// Gives the field from which the deadline counts.
    fn base(&self) -> Option<FieldId> {
        match self.link.deadline?.base {
            Base::Episode => self.version.vocabulary.role(Role::Time),
            Base::Field(field) => Some(field),
            Base::Missed => None,
        }
    }

    fn what_the_clause_says(&self, at: usize) -> String {
        let otherwise = if at > 0 { "owed otherwise" } else { "owed" };
        format!("{otherwise}{} by `{}`", self.due_words().replacen(" by ", " until ", 1), self.rule.name)
    }

    fn labels(&self) -> Vec<Label> {
        let base = self.base().filter(|_| self.link.deadline.is_some_and(|deadline| deadline.limit != Limit::Before));
        let from = base.filter(|base| *base != self.link.act).and_then(|base| self.label(base, "counts from here"));
        let act = self.label(
            self.link.act,
            match self.judged.status {
                DutyStatus::Late => "too late",
                DutyStatus::Fulfilled => "made good here",
                _ => "",
            },
        );
        act.into_iter().chain(from).collect()
    }

    fn label(&self, field: FieldId, says: &str) -> Option<Label> {
        let path = &self.version.vocabulary.field(field)?.path;
        let (value, says) = match self.speaker.shower.held(&self.result.episode, field) {
            Held::Missing => ("(nothing)".to_owned(), "not documented"),
            Held::Unfit => ("(unreadable)".to_owned(), "cannot be read"),
            Held::Partial(value) => (value, "known only in part"),
            Held::Value(value) | Held::Text(value) => (value, says),
        };
        let place = self.result.episode.place(field).unwrap_or(record_start(self.result.episode.record));
        Some(Label::in_log(place, says, format!("{path}: {value}")))
    }

    fn help(&self, chain: Chain) -> Option<String> {
        let help = match chain {
            Chain::Failed if self.judged.status == DutyStatus::Overdue => {
                "do it now and record when; if it was done, record that"
            }
            Chain::Undetermined if self.open_fields().is_empty() => "correct in the log what does not fit",
            Chain::Undetermined => "document what is missing",
            _ => return None,
        };
        Some(help.to_owned())
    }
}

/// Writes by when a link of a duty was due, if it was owed by any time.
pub(super) fn due_by(link: &LinkJudgement, version: &Version, identities: &Identities) -> Option<String> {
    let deadline = link.deadline.filter(|_| link.status != DutyStatus::NotOwed)?;
    Some(deadline_words(deadline, link.excluded, &version.zone, identities))
}

/// Writes a deadline on the local clock; one that is open says between when. A committee is told its year.
pub(super) fn deadline_words(
    (first, last): (Timestamp, Timestamp),
    excluded: bool,
    zone: &TimeZone,
    identities: &Identities,
) -> String {
    if identities.is_for_committee() {
        return format!("some day of {}", zone.to_datetime(last).year());
    }
    let before = if excluded { "before " } else { "" };
    let at = |instant: Timestamp| {
        instant.checked_add(jiff::SignedDuration::from_nanos(i64::from(excluded))).unwrap_or(instant)
    };
    let (first, last) = (written(at(first), zone), written(at(last), zone));
    if first == last { format!("{before}{first}") } else { format!("{before}some time from {first} to {last}") }
}

/// Writes an instant on the local clock; the last instant of a day is its end.
pub(super) fn written(at: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(at);
    if local.time() == jiff::civil::Time::constant(23, 59, 59, 999_999_999) {
        return format!("the end of {}", local.date());
    }
    let form = if local.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    local.strftime(form).to_string()
}
