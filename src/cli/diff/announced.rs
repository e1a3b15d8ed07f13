//! `forbear diff --expect`: whether what changes is what was announced, no more and no less.

use std::ops::Range;
use std::path::Path;

use crate::policy::{ConditionId, Policy};
use crate::prove::{Answer, Beside, How, Prover};
use crate::report::proof::{self, Side};

use super::super::Ended;
use super::super::arguments::DiffArguments;
use super::super::asked::{Wording, policy, with_conditions};
use super::super::common::{cannot_read, complain, write};
use super::{both, versions};

/// What was announced: in which cases it becomes stricter, or looser, and whether that is all.
#[derive(Default)]
struct Announced {
    /// Whether stricter, and where it stands in the text when.
    changes: Vec<(bool, Range<usize>)>,
    /// What becomes of duties and advisory rules.
    beside: Vec<Beside>,
    nothing_else: bool,
}

fn announced(path: &Path, text: &str) -> Result<Announced, Ended> {
    let mut found = Announced::default();
    let mut begins = 0;
    for (whole, number) in text.split_inclusive('\n').zip(1..) {
        let (line, ends) = (whole.trim(), begins + whole.trim_end().len());
        begins += whole.len();
        let (stricter, looser) = (line.strip_prefix("stricter when "), line.strip_prefix("looser when "));
        match stricter.or(looser) {
            _ if line.is_empty() || line.starts_with('#') => {}
            Some(condition) => found.changes.push((stricter.is_some(), ends - condition.len()..ends)),
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
pub(super) fn expected(arguments: &DiffArguments, path: &Path) -> Result<Ended, Ended> {
    let text = std::fs::read_to_string(path).map_err(|error| cannot_read(path, &error))?;
    let announced = announced(path, &text)?;
    let places = announced.changes.iter().map(|(_, place)| place.clone()).collect();
    let conditions = Wording::in_file(path.display().to_string(), text, places);
    let (old, new) = both(arguments)?;
    let last = policy(&new)?.versions.len().saturating_sub(1);
    let (new, asked) = with_conditions(&new, last, &conditions)?;
    let Some(compared) = versions::last(policy(&old)?, policy(&new)?) else { return Err(Ended::Unusable) };
    let (was, is) = (&compared.was, &compared.is);
    let sides = [Side::new("before", was, &old.sources), Side::new("now", is, &new.sources)];
    let mut prover = Prover::new(&[was, is]);
    let mut held = true;
    // When it becomes looser, and when stricter.
    let mut said = [Vec::new(), Vec::new()];
    for (((stricter, _), condition), asked) in announced.changes.iter().zip(conditions.words()).zip(&asked) {
        let one = (0, *asked);
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
    held &= beside_as_announced(&announced, &compared.beside())?;
    if announced.nothing_else {
        for (conditions, stricter) in said.iter().zip([false, true]).rev() {
            held &= nothing_else(&mut prover, conditions, stricter, &sides)?;
        }
        held &= no_other_version(policy(&old)?, policy(&new)?)?;
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

/// Says what changes of versions that are in force at other times than those of which something was announced.
fn no_other_version(old: &Policy, new: &Policy) -> Result<bool, Ended> {
    let mut others = versions::without_other(old, new);
    for pair in versions::pairs(old, new).iter().filter(|pair| pair.from.is_some()) {
        let found = pair.changes();
        let from = pair.from.into_iter().filter(|_| !found.are_none());
        others.extend(from.map(|from| format!("the version in force from {from} does not say the same")));
    }
    for other in &others {
        write(&format!("more than announced: {other}\n"))?;
    }
    Ok(others.is_empty())
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
