//! Proofs and the cases against them, for people: a case is written as the language has it, ready to paste.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::diagnostic::enumerated;
use crate::judge::{Because, Judgement, Measured, Outcome, Status, Truth, Verdict};
use crate::policy::{Policy, Version};
use crate::prove::{Beside, Group, Reason, Witness, measured_words};
use crate::source::Sources;

/// What is said where a question was not decided.
pub const UNDECIDED: &str = "\
what stands in the way: a condition that the prover does not know exactly (months, a date beside an instant, a time of
day within a narrow window), and no case was found that the judge confirms\n";

/// What is said of a verdict that is decided only so.
const WHATEVER: &str = ", whatever the value of what is missing";

/// A policy that was asked about.
pub struct Side<'s> {
    /// How it is called.
    pub name: &'s str,
    policy: &'s Policy,
    sources: &'s Sources,
}

impl<'s> Side<'s> {
    /// Makes one, called by a name.
    pub fn new(name: &'s str, policy: &'s Policy, sources: &'s Sources) -> Self {
        Self { name, policy, sources }
    }
}

/// Says what a proof takes for granted, where it takes anything for granted.
pub fn assumptions(sides: &[Side<'_>]) -> String {
    let versions = || sides.iter().flat_map(|side| &side.policy.versions);
    let mut text = String::new();
    if versions().any(|version| !version.conditions.histories().is_empty()) {
        text +=
            "taken for granted: what the records before come to may be anything; the same question has one answer\n";
    }
    text + "taken for granted: a value is written in full or not at all; half-known dates and sets were not looked at\n"
}

/// Writes a case with what each policy says of it.
pub fn case(case: &Witness, sides: &[Side<'_>]) -> String {
    let mut text = case.written("counterexample");
    match case.following("counterexample") {
        Some(following) => text += &format!("\n{following}"),
        None => text += &supposed(case, sides),
    }
    for ((side, judgement), policy) in sides.iter().zip(&case.judgements).zip(0..) {
        let why = match case.is_whatever_the_value(policy) {
            true => WHATEVER.to_owned(),
            false => reasons(side, judgement),
        };
        let _ = writeln!(text, "  # {}: {}{why}", side.name, judgement.verdict.words());
    }
    text
}

/// Says what the history clauses that were asked are supposed to come to.
fn supposed(case: &Witness, sides: &[Side<'_>]) -> String {
    let mut lines: Vec<String> = Vec::new();
    let versions = sides.iter().flat_map(|side| side.policy.versions.iter().map(move |version| (side, version)));
    for (at, (side, version)) in versions.enumerate() {
        for (_, history, measured) in case.supposed.iter().filter(|(of, ..)| *of == at) {
            let Some(clause) = version.conditions.history(*history) else { continue };
            let words = side.sources.text(clause.origin).split_whitespace().collect::<Vec<_>>().join(" ");
            let lasts = version.is_length(clause.function);
            let line = format!("  # supposing that this comes to {}: {words}\n", measured_words(*measured, lasts));
            if !lines.contains(&line) && *measured != Measured::Unknown {
                lines.push(line);
            }
        }
    }
    lines.concat()
}

/// Says which rules a verdict rests on.
fn reasons(side: &Side<'_>, judgement: &Judgement) -> String {
    let Some(version) = judgement.version.and_then(|at| side.policy.versions.get(at)) else {
        return match judgement.because {
            Because::TimeOpen => ", for want of its time".to_owned(),
            _ => String::new(),
        };
    };
    let of = |wanted: &dyn Fn(&Outcome) -> bool| names(version, judgement, wanted);
    let (word, found) = match judgement.verdict {
        Verdict::NotCovered => return String::new(),
        Verdict::Impermissible if judgement.because == Because::ByDefault => {
            return ", since no rule permits it".to_owned();
        }
        Verdict::Impermissible => ("by", of(&|outcome| outcome.status() == Some(Status::Violated))),
        Verdict::Undetermined => {
            let open = |outcome: &Outcome| {
                outcome.status() == Some(Status::Undetermined) || outcome.ground() == Some(Truth::Unknown)
            };
            ("in", of(&open))
        }
        Verdict::Permissible => ("by", of(&|outcome| outcome.ground() == Some(Truth::True))),
    };
    if found.is_empty() { String::new() } else { format!(" {word} {}", found.join(", ")) }
}

fn names<'v>(version: &'v Version, judgement: &Judgement, wanted: &dyn Fn(&Outcome) -> bool) -> Vec<&'v str> {
    let both = version.rules.iter().zip(&judgement.outcomes).filter(|(rule, _)| rule.decides() || rule.is_permit());
    both.filter(|(_, outcome)| wanted(outcome)).map(|(rule, _)| rule.name.as_str()).collect()
}

/// The records of a log whose verdicts changed in one way.
#[derive(Debug, Default)]
pub struct Change {
    count: usize,
    ids: Vec<String>,
}

impl Change {
    /// Adds a record.
    pub fn add(&mut self, id: Option<String>) {
        const MOST_NAMED: usize = 20;
        self.count += 1;
        if self.ids.len() < MOST_NAMED {
            self.ids.push(id.unwrap_or_else(|| "one without an id".to_owned()));
        }
    }
}

/// Says which way a verdict changes.
pub fn direction(stricter: bool) -> &'static str {
    if stricter { "stricter" } else { "looser" }
}

/// Writes every way in which verdicts change, each with a case.
pub fn differences(groups: &[Group], complete: bool, beside: &[Beside], sides: &[Side<'_>]) -> String {
    let mut text = String::new();
    for change in beside {
        let _ = writeln!(text, "{}\n", becomes(change));
    }
    for group in groups {
        let (was, is) = group.verdicts;
        let word = direction(is > was);
        let rules: Vec<&str> = group.rules.iter().map(String::as_str).collect();
        let by = if rules.is_empty() { String::new() } else { format!(", by {}", rules.join(", ")) };
        let _ = writeln!(text, "{word}: what was {} becomes {}{by}\n", was.words(), is.words());
        if let Some(sentence) = sentence(group, sides) {
            text += &wrapped(&sentence);
            text.push('\n');
        }
        text += &case(&group.case, sides);
        text.push('\n');
    }
    let kinds = match groups.len() {
        0 if beside.is_empty() => "nothing changes".to_owned(),
        0 => "no verdict changes".to_owned(),
        1 => "1 kind of change".to_owned(),
        count => format!("{count} kinds of change"),
    };
    let all = if complete { "no other verdict changes" } else { "there may be others: not everything was decided" };
    let _ = writeln!(text, "{kinds}; {all}");
    text + &assumptions(sides)
}

/// Says what becomes of a duty or an advisory rule.
pub fn becomes(change: &Beside) -> String {
    let what = if change.is_duty { "duty" } else { "advisory rule" };
    format!("{what} `{}` is {}", change.rule, change.how.word())
}

/// Says in a sentence which episodes change: "Episodes for which `risk ceiling low` does not hold …".
fn sentence(group: &Group, sides: &[Side<'_>]) -> Option<String> {
    let told: Vec<String> = group.because.iter().map(|reason| told(reason, sides)).collect::<Option<_>>()?;
    if told.is_empty() {
        return None;
    }
    let joined = enumerated(&told, "and");
    let (was, is) = group.verdicts;
    let rest = if [was, is].contains(&Verdict::Permissible) && ![was, is].contains(&Verdict::Undetermined) {
        "nothing else stands against them"
    } else {
        "the other rules say of them what they say of this case"
    };
    // What is told of exact verdicts holds of all.
    let is_exact = (0..2).any(|policy| group.case.is_whatever_the_value(policy));
    let is_open = [was, is].contains(&Verdict::Undetermined) && !is_exact;
    let matters = if is_open { ", and what is missing can change the verdict" } else { "" };
    let word = |verdict: Verdict, policy| {
        let whatever = if group.case.is_whatever_the_value(policy) { WHATEVER } else { "" };
        format!("{}{whatever}", verdict.words())
    };
    let (was, is) = (word(was, 0), word(is, 1));
    let stop = if was.ends_with(WHATEVER) { "," } else { "" };
    Some(format!("Episodes for which {joined} were {was}{stop} and become {is}, as long as {rest}{matters}."))
}

/// Says what is known of a comparison: what the record has, or else in the policy's own words.
fn told(reason: &Reason, sides: &[Side<'_>]) -> Option<String> {
    let side = sides.get(reason.policy)?;
    let version = side.policy.versions.get(reason.version)?;
    if let Some(said) = super::wording::said(version, reason.condition, reason.truth) {
        return Some(said);
    }
    let words = |side: &Side<'_>, version: &Version, id| {
        let text = side.sources.text(version.conditions.origin(id)?);
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let said = words(side, version, reason.condition)?;
    let stands_there = |other: &&Side<'_>| {
        let mut versions = other.policy.versions.iter();
        versions.any(|version| version.conditions.ids().any(|id| words(other, version, id).as_ref() == Some(&said)))
    };
    let only = sides.iter().filter(stands_there).count() < sides.len();
    let only = if only { format!(" ({})", side.name) } else { String::new() };
    Some(match reason.truth {
        Truth::True => format!("`{said}`{only} holds"),
        Truth::False => format!("`{said}`{only} does not hold"),
        Truth::Unknown => format!("it is open whether `{said}`{only} holds"),
    })
}

/// Breaks a sentence into lines.
fn wrapped(sentence: &str) -> String {
    const WIDTH: usize = 100;
    let (mut text, mut width) = (String::new(), 0);
    for word in sentence.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            text.push('\n');
            width = 0;
        } else if width > 0 {
            text.push(' ');
            width += 1;
        }
        text.push_str(word);
        width += length;
    }
    text.push('\n');
    text
}

/// Writes how many records of a log change, and which.
pub fn counted(changes: &BTreeMap<(Verdict, Verdict), Change>) -> String {
    let total: usize = changes.values().map(|change| change.count).sum();
    let mut text = format!("\nof {total} episodes of the log\n");
    for ((was, is), change) in changes.iter().filter(|((was, is), _)| was != is) {
        let more = change.count - change.ids.len();
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let (was, is) = (was.words(), is.words());
        let _ = writeln!(text, "  {} from {was} to {is}: {}{more}", change.count, change.ids.join(", "));
    }
    let same: usize = changes.iter().filter(|((was, is), _)| was == is).map(|(_, change)| change.count).sum();
    let _ = writeln!(text, "  {same} unchanged");
    text
}
