//! Changes of lengths of time by one of the unit in which they are written: bounds and windows; deadlines are in `deadline`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;

use crate::policy::time::Unit;
use crate::policy::{Condition, HistoryId, Length, Period, RuleId, Term, Value, Version, Window};
use crate::source::Sources;

use super::change::{Change, Edit, written};
use super::leaf::leaves;

/// A length of time is one unit longer, or shorter.
pub(super) fn longer_or_shorter(version: &Version, sources: &Sources) -> Vec<Change> {
    [bounds(version, sources), windows(version, sources)].concat()
}

/// A length of time that another one replaces, in a clause.
pub(super) struct Stepped {
    pub(super) length: Length,
    pub(super) what: String,
    pub(super) sentence: String,
}

fn bounds(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut changes = Vec::new();
    for (id, rule) in leaves(version) {
        let node = version.conditions.get(id);
        let (Some(old), Some(origin)) = (bound(node), version.conditions.origin(id)) else { continue };
        for step in steps(&written(sources, origin), Length::Exact(old)) {
            let Length::Exact(new) = step.length else { continue };
            let edit = Edit::Replace(id, with_bound(node, new));
            changes.push(Change { rule, origin, what: step.what, sentence: step.sentence, edit });
        }
    }
    changes
}

fn bound(condition: &Condition) -> Option<SignedDuration> {
    let (Condition::Compare { right: term, .. }
    | Condition::Measure { right: term, .. }
    | Condition::Within { at_most: term, .. }) = condition
    else {
        return None;
    };
    match term {
        Term::Constant(Value::Duration(duration)) => Some(*duration),
        _ => None,
    }
}

fn with_bound(condition: &Condition, new: SignedDuration) -> Condition {
    let mut changed = condition.clone();
    if let Condition::Compare { right: term, .. }
    | Condition::Measure { right: term, .. }
    | Condition::Within { at_most: term, .. } = &mut changed
    {
        *term = Term::Constant(Value::Duration(new));
    }
    changed
}

fn windows(version: &Version, sources: &Sources) -> Vec<Change> {
    let mut asked: BTreeMap<HistoryId, BTreeSet<Option<RuleId>>> = BTreeMap::new();
    for (id, rule) in leaves(version) {
        if let Condition::Measure { history, .. } = version.conditions.get(id) {
            asked.entry(*history).or_default().insert(rule);
        }
    }
    let mut changes = Vec::new();
    for (id, rules) in asked {
        let rule = if rules.len() == 1 { rules.into_iter().next().flatten() } else { None };
        let Some(history) = version.conditions.history(id) else { continue };
        let Some(old) = history.window.length() else { continue };
        for step in steps(&written(sources, history.origin), old) {
            let window = match history.window {
                Window::InAny(_) => Window::InAny(step.length),
                _ => Window::InThePast(step.length),
            };
            let (origin, edit) = (history.origin, Edit::Window(id, window));
            changes.push(Change { rule, origin, what: step.what, sentence: step.sentence, edit });
        }
    }
    changes
}

/// Gives a clause with a length one longer, and one shorter; nothing where it is not written there.
pub(super) fn steps(text: &str, old: Length) -> Vec<Stepped> {
    let words: Vec<&str> = text.split(' ').collect();
    let place = (0..words.len()).rev().find_map(|at| {
        let amount: i64 = words.get(at)?.parse().ok()?;
        let (one, name) = unit(words.get(at + 1)?)?;
        (times(one, amount) == Some(old)).then_some((at, amount, one, name))
    });
    let Some((at, amount, one, name)) = place else { return Vec::new() };
    let say = |amount: i64| format!("{amount} {name}{}", if amount == 1 { "" } else { "s" });
    let step = |new: i64| {
        let mut said: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        said.splice(at..at + 2, [say(new)]);
        let what = format!("`{}` becomes `{}`", say(amount), say(new));
        Some(Stepped { length: times(one, new)?, what, sentence: said.join(" ") })
    };
    [amount + 1, amount - 1].into_iter().filter(|new| *new > 0).filter_map(step).collect()
}

fn times(one: Length, amount: i64) -> Option<Length> {
    Some(match one {
        Length::Exact(one) => Length::Exact(one.checked_mul(i32::try_from(amount).ok()?)?),
        Length::Civil(one) => Length::Civil(Period { months: one.months.checked_mul(i32::try_from(amount).ok()?)? }),
    })
}

/// Gives one of a unit, and its name.
fn unit(word: &str) -> Option<(Length, &'static str)> {
    let word = word.trim_end_matches([',', ')', '.']);
    match word.to_lowercase().as_str() {
        "month" | "months" => Some((Length::Civil(Period { months: 1 }), "month")),
        "year" | "years" => Some((Length::Civil(Period { months: 12 }), "year")),
        _ => {
            let unit = Unit::parse(word)?;
            Some((Length::Exact(SignedDuration::from_secs(unit.seconds())), unit.word()))
        }
    }
}

/// Gives the shorter of the two lengths between which a change of a window lies.
pub(super) fn shorter(version: &Version, edit: &Edit) -> Option<Length> {
    let Edit::Window(id, window) = edit else { return None };
    let (old, new) = (version.conditions.history(*id)?.window.length()?, window.length()?);
    let order = |length: &Length| match length {
        Length::Exact(duration) => (duration.as_secs(), duration.subsec_nanos()),
        Length::Civil(period) => (i64::from(period.months), 0),
    };
    Some(if order(&old) <= order(&new) { old } else { new })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_one_of_its_unit_longer_or_shorter() {
        let said = |text, hours| {
            let steps = steps(text, Length::Exact(SignedDuration::from_hours(hours)));
            steps.into_iter().map(|step| step.sentence).collect::<Vec<_>>()
        };
        assert_eq!(said("in any 30 days", 720), ["in any 31 days", "in any 29 days"]);
        assert_eq!(said("within 1 week of x", 168), ["within 2 weeks of x"]);
        assert_eq!(said("within 3 working days", 72), Vec::<String>::new());
        assert_eq!(said("limit 30 episodes", 720), Vec::<String>::new());
    }
}
