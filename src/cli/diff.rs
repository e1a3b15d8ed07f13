//! `forbear diff`: which episodes change their verdict from one policy to another, and whether that is what was announced.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::audit::{Audit, Judged, Sink};
use crate::judge::Verdict;
use crate::log::{self, Input, Limits, Unreadable};
use crate::policy::{ConditionId, Policy, Version};
use crate::prove::{Answer, Prover};
use crate::report::human;
use crate::report::proof::{self, Change, Side};

use super::Ended;
use super::arguments::DiffArguments;
use super::asked::{load_one, policy, with_conditions};
use super::common::{self, Loaded, cannot_read, complain, complain_raw, stderr_terminal, write};

/// Runs the command.
pub(super) fn run(arguments: &DiffArguments) -> Ended {
    let answered = match &arguments.expect {
        Some(announced) => expected(arguments, announced),
        None => differences(arguments),
    };
    match answered {
        Ok(ended) | Err(ended) => ended,
    }
}

fn loaded(arguments: &DiffArguments, path: &Path) -> Result<Loaded, Ended> {
    load_one(path, &arguments.with, arguments.calendars.as_ref())
}

fn differences(arguments: &DiffArguments) -> Result<Ended, Ended> {
    let (mut old, mut new) = (loaded(arguments, &arguments.old)?, loaded(arguments, &arguments.new)?);
    let counted = if arguments.log.is_empty() { None } else { Some(count(arguments, &mut old, &mut new)?) };
    let (was, is) = (as_if_in_force(policy(&old)?), as_if_in_force(policy(&new)?));
    let (groups, complete) = Prover::new(&[&was, &is]).differences(0, 1);
    let sides = [Side::new("before", &was, &old.sources), Side::new("now", &is, &new.sources)];
    write(&proof::differences(&groups, complete, &sides))?;
    if let Some(counted) = counted {
        write(&proof::counted(&counted))?;
    }
    Ok(if groups.is_empty() && complete { Ended::Clean } else { Ended::Findings })
}

/// Gives the last version alone, as if it were in force always: what an amendment says is compared, not from when.
fn as_if_in_force(policy: &Policy) -> Policy {
    let last = policy.versions.last().map(|version| Version { in_force: None, ..version.clone() });
    Policy { name: policy.name.clone(), versions: last.into_iter().collect() }
}

/// Judges a log by both, and gives the records whose verdicts differ, by how.
fn count(
    arguments: &DiffArguments,
    old: &mut Loaded,
    new: &mut Loaded,
) -> Result<BTreeMap<(Verdict, Verdict), Change>, Ended> {
    let was = verdicts(&arguments.log, old, false)?;
    let is = verdicts(&arguments.log, new, true)?;
    let mut changes: BTreeMap<(Verdict, Verdict), Change> = BTreeMap::new();
    for ((id, was), (_, is)) in was.into_iter().zip(is) {
        changes.entry((was, is)).or_default().add(id);
    }
    Ok(changes)
}

fn verdicts(logs: &[PathBuf], loaded: &mut Loaded, tell: bool) -> Result<Vec<(Option<String>, Verdict)>, Ended> {
    let opened = log::open(logs, &mut std::io::stdin().lock(), &mut loaded.sources);
    for problem in &opened.problems {
        complain_raw(&human::render(&problem.diagnostic(), &loaded.sources, stderr_terminal()));
    }
    if !opened.problems.is_empty() {
        return Err(complain("nothing was counted: a log cannot be opened"));
    }
    let inputs: &[Input] = &opened.inputs;
    let clock = crate::audit::Clock::at(common::present());
    let (set, sources) = (&loaded.checked.set, &loaded.sources);
    let mut kept = Kept { verdicts: Vec::new(), tell };
    Audit { set, sources, inputs, clock, limits: Limits::default() }.run(false, &mut kept);
    Ok(kept.verdicts)
}

/// Keeps the id and the verdict of every record.
struct Kept {
    verdicts: Vec<(Option<String>, Verdict)>,
    /// Whether to tell what cannot be read: the same of both policies.
    tell: bool,
}

impl Sink for Kept {
    fn judged(&mut self, record: &Judged<'_>) {
        self.verdicts.push((record.id.clone(), record.leading_verdict()));
    }

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        if self.tell {
            complain_raw(&format!("{}\n", unreadable.diagnostic().message));
        }
    }
}

/// One line of an announcement.
enum Announced {
    Change { stricter: bool, condition: String },
    NothingElse,
}

fn announcements(path: &Path) -> Result<Vec<Announced>, Ended> {
    let text = std::fs::read_to_string(path).map_err(|error| cannot_read(path, &error))?;
    let mut found = Vec::new();
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        let change = |stricter, condition: &str| Announced::Change { stricter, condition: condition.to_owned() };
        match (line.strip_prefix("stricter when "), line.strip_prefix("looser when ")) {
            _ if line.is_empty() || line.starts_with('#') => {}
            (Some(condition), _) => found.push(change(true, condition)),
            (_, Some(condition)) => found.push(change(false, condition)),
            _ if line == "nothing else" => found.push(Announced::NothingElse),
            _ => {
                return Err(complain(&format!(
                    "`{}`, line {number}, announces nothing; write `stricter when CONDITION`, `looser when CONDITION` or \
                     `nothing else`",
                    path.display()
                )));
            }
        }
    }
    if found.is_empty() {
        return Err(complain(&format!("`{}` announces nothing; write at least `nothing else`", path.display())));
    }
    Ok(found)
}

/// Holds the change against what was announced.
fn expected(arguments: &DiffArguments, path: &Path) -> Result<Ended, Ended> {
    let announced = announcements(path)?;
    let texts: Vec<String> = announced
        .iter()
        .filter_map(|line| match line {
            Announced::Change { condition, .. } => Some(condition.clone()),
            Announced::NothingElse => None,
        })
        .collect();
    let old = loaded(arguments, &arguments.old)?;
    let (new, asked) = with_conditions(&loaded(arguments, &arguments.new)?, &texts)?;
    let last = policy(&new)?.versions.len().saturating_sub(1);
    let (was, is) = (as_if_in_force(policy(&old)?), as_if_in_force(policy(&new)?));
    let sides = [Side::new("before", &was, &old.sources), Side::new("now", &is, &new.sources)];
    let mut prover = Prover::new(&[&was, &is]);
    let mut held = true;
    let (mut of_stricter, mut of_looser) = (Vec::new(), Vec::new());
    let changes = announced.iter().filter_map(|line| match line {
        Announced::Change { stricter, condition } => Some((*stricter, condition)),
        Announced::NothingElse => None,
    });
    for ((stricter, condition), asked) in changes.zip(&asked) {
        if asked.version != last {
            return Err(complain("the last version of the policy must stand last in its file for this"));
        }
        let pair = (0, asked.condition);
        if stricter {
            of_stricter.push(pair)
        } else {
            of_looser.push(pair)
        }
        let answer = prover.changed((0, 1), stricter, &[pair], false);
        let word = if stricter { "stricter" } else { "looser" };
        match answer {
            Answer::Case(_) => write(&format!("as announced: {word} when {condition}\n"))?,
            Answer::None => {
                held = false;
                write(&format!("less than announced: nothing becomes {word} when {condition}\n"))?;
            }
            Answer::Open => {
                held = false;
                write(&format!("not decided: {word} when {condition}\n{}", proof::UNDECIDED))?;
            }
        }
    }
    if announced.iter().any(|line| matches!(line, Announced::NothingElse)) {
        held &= nothing_else(&mut prover, &of_stricter, true, &sides)?;
        held &= nothing_else(&mut prover, &of_looser, false, &sides)?;
    }
    Ok(if held { Ended::Clean } else { Ended::Findings })
}

fn nothing_else(
    prover: &mut Prover<'_>,
    conditions: &[(usize, ConditionId)],
    stricter: bool,
    sides: &[Side<'_>],
) -> Result<bool, Ended> {
    let word = if stricter { "stricter" } else { "looser" };
    Ok(match prover.changed((0, 1), stricter, conditions, true) {
        Answer::None => {
            write(&format!("as announced: nothing else becomes {word}\n"))?;
            true
        }
        Answer::Case(case) => {
            write(&format!("more than announced: this becomes {word} too\n\n{}\n", proof::case(&case, sides)))?;
            false
        }
        Answer::Open => {
            write(&format!("not decided: whether anything else becomes {word}\n{}", proof::UNDECIDED))?;
            false
        }
    })
}
