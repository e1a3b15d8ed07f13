//! What changes from one version to another of what decides no verdict: duties, and advisory rules.
//!
//! They are compared as they are written, once names are looked up: two ways to say one thing are a change here.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::{Base, ConditionId, Deadline, Length, Limit, Rule, Version};

use super::same::{Numbers, condition};

/// A rule that decides no verdict, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// Its name.
    pub rule: String,
    /// Whether it is a duty; else it is advisory.
    pub is_duty: bool,
    /// What becomes of it.
    pub how: How,
}

/// What becomes of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// There was none of that name.
    New,
    /// There is none of that name any more.
    Dropped,
    /// It says something else.
    Changed,
}

impl How {
    /// Gives the word for people, which is also that of an announcement.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Dropped => "dropped",
            Self::Changed => "changed",
        }
    }
}

/// Compares the duties and advisory rules of two versions, by name; in the order of their names.
pub fn beside(was: &Version, is: &Version) -> Vec<Beside> {
    let mut numbers = Numbers::default();
    let (before, now) = (said(&mut numbers, was), said(&mut numbers, is));
    let names: BTreeSet<&str> = before.keys().chain(now.keys()).copied().collect();
    let change = |rule: &str| {
        let (how, is_duty) = match (before.get(rule), now.get(rule)) {
            (Some(was), Some(is)) if was != is => (How::Changed, is.0),
            (None, Some(is)) => (How::New, is.0),
            (Some(was), None) => (How::Dropped, was.0),
            _ => return None,
        };
        Some(Beside { rule: rule.to_owned(), is_duty, how })
    };
    names.into_iter().filter_map(change).collect()
}

/// Gives each rule that decides no verdict by its name: whether it is a duty, and what it says.
fn said<'v>(numbers: &mut Numbers, version: &'v Version) -> BTreeMap<&'v str, (bool, String)> {
    numbers.number(version);
    let concerned = version.rules.iter().filter(|rule| !rule.decides() && !rule.is_permit());
    concerned.map(|rule| (rule.name.as_str(), (rule.duty.is_some(), text(numbers, version, rule)))).collect()
}

fn text(numbers: &Numbers, version: &Version, rule: &Rule) -> String {
    let write = |id: ConditionId| condition(numbers, version, id);
    let guard = rule.guard.map(write).unwrap_or_default();
    let unless = rule.unless.map(write).unwrap_or_default();
    let Some(duty) = &rule.duty else {
        return format!("{guard}; {unless}; {}; {:?}", write(rule.norm.condition), rule.silence);
    };
    let links = duty.links.iter().map(|link| {
        let deadline = link.deadline.map(|deadline| deadline_text(version, deadline)).unwrap_or_default();
        format!("; {} {deadline}", write(link.condition))
    });
    format!("{guard}; {unless}; {:?}{}", rule.silence, links.collect::<String>())
}

/// Writes a deadline; what a local clock or a calendar has a part in, with these.
fn deadline_text(version: &Version, deadline: Deadline) -> String {
    let base = match deadline.base {
        Base::Field(field) => format!("of {}", version.vocabulary.field_name(field)),
        base => format!("{base:?}"),
    };
    match deadline.limit {
        Limit::Within(Length::Exact(length)) => format!("{base} within {length:?}"),
        limit => format!("{base} {limit:?} in {:?}, {:?}", version.zone.iana_name(), version.calendar),
    }
}
