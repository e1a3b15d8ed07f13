//! Duties in plain English: what is owed, by when, and what is owed when that is missed.

use jiff::civil::Time;

use crate::policy::{Base, Condition, ConditionId, Deadline, Duty, Limit, Link};

use super::condition::{Mood, Said};
use super::document::{Block, Inline};
use super::words::{Words, t};

impl Words<'_> {
    /// Says a duty with all that is owed otherwise.
    pub(super) fn duty(&self, duty: &Duty, guard: Option<ConditionId>) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (at, link) in duty.links.iter().enumerate() {
            let said = self.link(link);
            if at == 0 {
                blocks.extend(self.guarded(guard, said));
            } else {
                blocks.extend(said.after("if that is missed, ").sentence());
            }
        }
        blocks
    }

    fn link(&self, link: &Link) -> Said {
        let mut words = vec![t("this is owed ")];
        match link.deadline {
            Some(deadline) => words.extend(self.deadline(deadline)),
            None => words.push(t("without a deadline")),
        }
        words.push(t(": "));
        words.extend(self.field(link.act));
        let Some(with) = self.with(link) else { return Said::short(words) };
        let said = self.condition(with, Mood::Is);
        words.push(t(", in such a way that "));
        words.extend(said.words);
        Said { words, items: said.items }
    }

    /// Gives what is asked besides the act.
    fn with(&self, link: &Link) -> Option<ConditionId> {
        let conditions = &self.version.conditions;
        let Condition::All(parts) = conditions.get(link.condition) else { return None };
        match &**parts {
            [act, with] if matches!(conditions.get(*act), Condition::Present(_)) => Some(*with),
            _ => None,
        }
    }

    fn deadline(&self, deadline: Deadline) -> Vec<Inline> {
        let base = match deadline.base {
            Base::Episode => vec![t("the episode")],
            Base::Missed => vec![t("the deadline that was missed")],
            Base::Field(field) => self.field(field),
        };
        let before = match deadline.limit {
            Limit::Within(length) => format!("within {} after ", length.words()),
            Limit::WorkingDays(1) => "by the end of the next working day after ".to_owned(),
            Limit::WorkingDays(days) => format!("within {days} working days after "),
            Limit::EndOfDay => "by the end of the day of ".to_owned(),
            Limit::ClockOn { time, working } => {
                let clock = if time == Time::MAX { "24:00".to_owned() } else { time.strftime("%H:%M").to_string() };
                format!("by {clock} on the next {}day after ", if working { "working " } else { "" })
            }
            Limit::Before => "before ".to_owned(),
        };
        let mut words = vec![Inline::Text(before)];
        words.extend(base);
        words
    }
}
