//! `forbear diff`: which episodes change their verdict from one policy to another, and whether that is what was announced.

use std::collections::BTreeMap;
use std::path::Path;

use crate::audit::{Audit, Clock, Judged, Sink};
use crate::judge::Verdict;
use crate::log::{Limits, Unreadable};
use crate::policy::{ConditionId, Policy, PolicySet, Version};
use crate::prove::{Answer, Beside, How, Prover, beside};
use crate::report::proof::{self, Change, Side};

use super::Ended;
use super::arguments::DiffArguments;
use super::asked::{load_one, policy, with_conditions};
use super::common::{self, Loaded, cannot_read, complain, complain_raw, write};
use super::logs;

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

fn both(arguments: &DiffArguments) -> Result<(Loaded, Loaded), Ended> {
    Ok((load_one(&arguments.old, &arguments.beside)?, load_one(&arguments.new, &arguments.beside)?))
}

fn differences(arguments: &DiffArguments) -> Result<Ended, Ended> {
    let (old, mut new) = both(arguments)?;
    let counted = if arguments.log.is_empty() { None } else { Some(count(arguments, policy(&old)?, &mut new)?) };
    let (was, is) = (as_if_in_force(policy(&old)?), as_if_in_force(policy(&new)?));
    let (groups, complete) = Prover::new(&[&was, &is]).differences(0, 1);
    let beside = changes_beside(&was, &is);
    let sides = [Side::new("before", &was, &old.sources), Side::new("now", &is, &new.sources)];
    write(&proof::differences(&groups, complete, &beside, &sides))?;
    write(&of_the_last_version(policy(&old)?, policy(&new)?))?;
    if let Some(counted) = counted {
        write(&proof::counted(&counted))?;
    }
    Ok(if groups.is_empty() && beside.is_empty() && complete { Ended::Clean } else { Ended::Findings })
}

/// Gives what changes of duties and advisory rules.
fn changes_beside(was: &Policy, is: &Policy) -> Vec<Beside> {
    let both = was.versions.last().zip(is.versions.last());
    both.map(|(was, is)| beside(was, is)).unwrap_or_default()
}

/// Says that the last versions alone are compared, where there are others.
fn of_the_last_version(old: &Policy, new: &Policy) -> String {
    let several = [old, new].iter().any(|policy| policy.versions.len() > 1);
    let note = "compared: what the last version of each says, as if both were in force\n";
    if several { note.to_owned() } else { String::new() }
}

/// Gives the last version alone, as if it were in force always: what an amendment says is compared, not from when.
fn as_if_in_force(policy: &Policy) -> Policy {
    let last = policy.versions.last().map(|version| Version { in_force: None, ..version.clone() });
    Policy { name: policy.name.clone(), versions: last.into_iter().collect() }
}

/// Judges a log by both in one reading, and gives the records by how their verdicts differ.
fn count(arguments: &DiffArguments, was: &Policy, new: &mut Loaded) -> Result<Changes, Ended> {
    let set = PolicySet { policies: vec![was.clone(), policy(new)?.clone()] };
    let inputs = logs::open(&arguments.log, &arguments.mapping, &set, &mut new.sources)?;
    let clock = Clock::at(common::present());
    let audit = Audit { set: &set, sources: &new.sources, inputs: &inputs, clock, limits: Limits::default() };
    let mut counted = Counted(Changes::new());
    audit.run(false, &mut counted);
    common::require_read(&new.sources)?;
    Ok(counted.0)
}

type Changes = BTreeMap<(Verdict, Verdict), Change>;

struct Counted(Changes);

impl Sink for Counted {
    fn judged(&mut self, record: &Judged<'_>) {
        if let [was, is] = record.results.as_slice() {
            self.0.entry((was.verdict(), is.verdict())).or_default().add(record.id.clone());
        }
    }

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        complain_raw(&format!("{}\n", unreadable.diagnostic().message));
    }
}

/// What was announced: in which cases it becomes stricter, or looser, and whether that is all.
#[derive(Default)]
struct Announced {
    /// Whether stricter, and when.
    changes: Vec<(bool, String)>,
    /// What becomes of duties and advisory rules.
    beside: Vec<Beside>,
    nothing_else: bool,
}

fn announced(path: &Path) -> Result<Announced, Ended> {
    let text = std::fs::read_to_string(path).map_err(|error| cannot_read(path, &error))?;
    let mut found = Announced::default();
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        match (line.strip_prefix("stricter when "), line.strip_prefix("looser when ")) {
            _ if line.is_empty() || line.starts_with('#') => {}
            (Some(condition), _) => found.changes.push((true, condition.to_owned())),
            (_, Some(condition)) => found.changes.push((false, condition.to_owned())),
            _ if line == "nothing else" => found.nothing_else = true,
            _ => match announced_beside(line) {
                Some(beside) => found.beside.push(beside),
                None => {
                    return Err(complain(&format!(
                        "`{}`, line {number}, announces nothing; write `stricter when CONDITION`, `looser when CONDITION`, \
                         `duty NAME is new`, `dropped` or `changed`, the same of an advisory `rule`, or `nothing else`",
                        path.display()
                    )));
                }
            },
        }
    }
    if found.changes.is_empty() && found.beside.is_empty() && !found.nothing_else {
        return Err(complain(&format!("`{}` announces nothing; write at least `nothing else`", path.display())));
    }
    Ok(found)
}

/// Reads `duty NAME is dropped`, `rule NAME is new`.
fn announced_beside(line: &str) -> Option<Beside> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [kind, rule, "is", how] = words.as_slice() else { return None };
    let how = [How::New, How::Dropped, How::Changed].into_iter().find(|known| known.word() == *how)?;
    ["duty", "rule"].contains(kind).then(|| Beside { rule: (*rule).to_owned(), is_duty: *kind == "duty", how })
}

/// Holds the change against what was announced.
fn expected(arguments: &DiffArguments, path: &Path) -> Result<Ended, Ended> {
    let announced = announced(path)?;
    let conditions: Vec<String> = announced.changes.iter().map(|(_, condition)| condition.clone()).collect();
    let (old, new) = both(arguments)?;
    let (new, asked) = with_conditions(&new, &conditions)?;
    let last = policy(&new)?.versions.len().saturating_sub(1);
    let (was, is) = (as_if_in_force(policy(&old)?), as_if_in_force(policy(&new)?));
    let sides = [Side::new("before", &was, &old.sources), Side::new("now", &is, &new.sources)];
    let mut prover = Prover::new(&[&was, &is]);
    let mut held = true;
    // Of the last version, which alone is compared: when it becomes looser, and when stricter.
    let mut said = [Vec::new(), Vec::new()];
    for ((stricter, condition), asked) in announced.changes.iter().zip(&asked) {
        if asked.version != last {
            return Err(complain("the last version of the policy must stand last in its file for this"));
        }
        let one = (0, asked.condition);
        let word = proof::direction(*stricter);
        let answer = prover.changed((0, 1), *stricter, &[one], false);
        held &= matches!(answer, Answer::Case(_));
        write(&match answer {
            Answer::Case(_) => format!("as announced: {word} when {condition}\n"),
            Answer::None => format!("less than announced: nothing becomes {word} when {condition}\n"),
            Answer::Open => format!("not decided: {word} when {condition}\n{}", proof::UNDECIDED),
        })?;
        if let Some(said) = said.get_mut(usize::from(*stricter)) {
            said.push(one);
        }
    }
    held &= beside_as_announced(&announced, &changes_beside(&was, &is))?;
    if announced.nothing_else {
        for (conditions, stricter) in said.iter().zip([false, true]).rev() {
            held &= nothing_else(&mut prover, conditions, stricter, &sides)?;
        }
    }
    Ok(if held { Ended::Clean } else { Ended::Findings })
}

/// Holds what becomes of duties and advisory rules against what was announced.
fn beside_as_announced(announced: &Announced, found: &[Beside]) -> Result<bool, Ended> {
    for expected in &announced.beside {
        let word = if found.contains(expected) { "as" } else { "less than" };
        write(&format!("{word} announced: {}\n", proof::becomes(expected)))?;
    }
    let others = || found.iter().filter(|one| announced.nothing_else && !announced.beside.contains(one));
    for other in others() {
        write(&format!("more than announced: {}\n", proof::becomes(other)))?;
    }
    Ok(announced.beside.iter().all(|expected| found.contains(expected)) && others().next().is_none())
}

fn nothing_else(
    prover: &mut Prover<'_>,
    conditions: &[(usize, ConditionId)],
    stricter: bool,
    sides: &[Side<'_>],
) -> Result<bool, Ended> {
    let word = proof::direction(stricter);
    let answer = prover.changed((0, 1), stricter, conditions, true);
    write(&match &answer {
        Answer::None => format!("as announced: nothing else becomes {word}\n"),
        Answer::Case(case) => format!("more than announced: this becomes {word} too\n\n{}\n", proof::case(case, sides)),
        Answer::Open => format!("not decided: whether anything else becomes {word}\n{}", proof::UNDECIDED),
    })?;
    Ok(matches!(answer, Answer::None))
}
