//! `forbear prove`: a statement about policies, proved for every episode there could be, or shown to be wrong by a case.

use std::path::Path;

use crate::policy::{Policy, RuleId};
use crate::prove::{Answer, Prover};
use crate::report::proof::{self, Side};

use super::Ended;
use super::arguments::ProveArguments;
use super::asked::{if_understood, load_one, policy, with_condition};
use super::common::{Loaded, complain, write};
use crate::diagnostic::did_you_mean;

/// Runs the command.
pub(super) fn run(arguments: &ProveArguments) -> Ended {
    let words: Vec<&str> = arguments.statement.iter().map(String::as_str).collect();
    let answered = match words.as_slice() {
        [one, "stricter", "than", other] => stricter(arguments, one, other),
        [one, "equivalent", "to", other] => equivalent(arguments, one, other),
        [one, "never", "permits", condition] => never_permits(arguments, one, condition),
        [one, "always", "satisfies", rule] => always_satisfies(arguments, one, rule),
        _ => Err(complain(
            "this is no statement that can be proved; write `A stricter than B`, `A equivalent to B`, \
             `A never permits \"CONDITION\"` or `A always satisfies RULE`",
        )),
    };
    match answered {
        Ok(ended) | Err(ended) => ended,
    }
}

fn loaded(arguments: &ProveArguments, path: &str) -> Result<Loaded, Ended> {
    load_one(Path::new(path), &arguments.beside)
}

/// Gives how two policies are called: by their names, or, where these are the same, by where they stand.
fn called<'n>(one: (&'n Policy, &'n str), other: (&'n Policy, &'n str)) -> (&'n str, &'n str) {
    if one.0.name == other.0.name { (one.1, other.1) } else { (&one.0.name, &other.0.name) }
}

/// Tells what came of a question: what is proved, or the case.
fn told(answer: &Answer, proved: &str, refuted: &str, sides: &[Side<'_>]) -> Result<Ended, Ended> {
    Ok(match answer {
        Answer::None => {
            write(&format!("proved: {proved}\n{}", proof::assumptions(sides)))?;
            Ended::Clean
        }
        Answer::Case(case) => {
            write(&format!("not so: {refuted}\n\n{}", proof::case(case, sides)))?;
            Ended::Findings
        }
        Answer::Open => {
            write(&format!("not decided: {proved}\n{}", proof::UNDECIDED))?;
            Ended::Findings
        }
    })
}

fn stricter(arguments: &ProveArguments, one: &str, other: &str) -> Result<Ended, Ended> {
    let (ours, theirs) = (loaded(arguments, one)?, loaded(arguments, other)?);
    let (first, second) = (policy(&ours)?, policy(&theirs)?);
    let mut prover = Prover::new(&[first, second]);
    let (one, other) = called((first, one), (second, other));
    let sides = [Side::new(one, first, &ours.sources), Side::new(other, second, &theirs.sources)];
    let proved = format!("whatever `{one}` permits, `{other}` permits too, or does not cover");
    let refuted = format!("`{one}` permits what `{other}` does not permit");
    let answer = prover.laxer(0, 1);
    let ended = told(&answer, &proved, &refuted, &sides)?;
    if let (Answer::Case(_), Some(Answer::None)) = (&answer, prover.laxer_where_kept(0, 1)) {
        write(&format!("\nnote: it holds in every log of which all episodes kept the quotas of `{one}`\n"))?;
    }
    if let (Answer::None, Answer::Case(case)) = (&answer, prover.uncovered(0, 1)) {
        write(&format!(
            "\nnote: `{one}` permits some episodes that `{other}` does not cover\n\n{}",
            proof::case(&case, &sides)
        ))?;
    }
    Ok(ended)
}

fn equivalent(arguments: &ProveArguments, one: &str, other: &str) -> Result<Ended, Ended> {
    let (ours, theirs) = (loaded(arguments, one)?, loaded(arguments, other)?);
    let (first, second) = (policy(&ours)?, policy(&theirs)?);
    let (one, other) = called((first, one), (second, other));
    let sides = [Side::new(one, first, &ours.sources), Side::new(other, second, &theirs.sources)];
    let answer = Prover::new(&[first, second]).different(0, 1);
    let proved = format!("`{one}` and `{other}` give the same verdict on every episode");
    told(&answer, &proved, &format!("`{one}` and `{other}` give different verdicts"), &sides)
}

fn never_permits(arguments: &ProveArguments, one: &str, condition: &str) -> Result<Ended, Ended> {
    let ours = loaded(arguments, one)?;
    let of = policy(&ours)?;
    let name = of.name.as_str();
    let proved = format!("`{name}` never permits an episode of which this is true: {condition}");
    let refuted = format!("`{name}` permits an episode of which this is true: {condition}");
    let (mut open, mut not_asked) = (false, Vec::new());
    // The last version first: what is wrong with the condition is told in its words.
    for (at, version) in of.versions.iter().enumerate().rev() {
        let is_last = at + 1 == of.versions.len();
        let asked =
            if is_last { Some(with_condition(&ours, at, condition)?) } else { if_understood(&ours, at, condition)? };
        let Some((asked, found)) = asked else {
            not_asked.extend(version.in_force);
            continue;
        };
        let answer = Prover::new(&[policy(&asked)?]).permits(0, at, found);
        if let Answer::Case(_) = answer {
            return told(&answer, &proved, &refuted, &[Side::new(name, policy(&asked)?, &asked.sources)]);
        }
        open |= matches!(answer, Answer::Open);
    }
    let answer = if open { Answer::Open } else { Answer::None };
    let ended = told(&answer, &proved, &refuted, &[Side::new(name, of, &ours.sources)])?;
    for in_force in not_asked.iter().rev() {
        let from = in_force.from;
        write(&format!("\nnote: not asked of the version in force from {from}, which does not have these words\n"))?;
    }
    Ok(ended)
}

fn always_satisfies(arguments: &ProveArguments, one: &str, rule: &str) -> Result<Ended, Ended> {
    let ours = loaded(arguments, one)?;
    let of = policy(&ours)?;
    let name = of.name.as_str();
    let sides = [Side::new(name, of, &ours.sources)];
    let mut prover = Prover::new(&[of]);
    let proved = format!("whatever `{name}` permits satisfies `{rule}`, or is excused from it");
    let refuted = format!("`{name}` permits an episode that does not satisfy `{rule}`");
    let found = rules(of, rule)?;
    let mut answer = Answer::None;
    for (version, id) in found {
        match (prover.breaks(0, version, id), &answer) {
            (case @ Answer::Case(_), _) => return told(&case, &proved, &refuted, &sides),
            (Answer::Open, _) => answer = Answer::Open,
            (Answer::None, _) => {}
        }
    }
    told(&answer, &proved, &refuted, &sides)
}

/// Finds a rule with a requirement in every version that has it.
fn rules(policy: &Policy, name: &str) -> Result<Vec<(usize, RuleId)>, Ended> {
    let mut found = Vec::new();
    let mut names = Vec::new();
    for (at, version) in policy.versions.iter().enumerate() {
        for (rule, id) in version.rules.iter().zip((0..).map(RuleId)) {
            let asks = !rule.is_permit() && rule.duty.is_none();
            names.extend(asks.then_some(rule.name.as_str()));
            found.extend((rule.name == name && asks).then_some((at, id)));
        }
    }
    if found.is_empty() {
        let help = did_you_mean(name, names).map(|help| format!("; {help}")).unwrap_or_default();
        return Err(complain(&format!("`{}` has no rule `{name}` with a requirement{help}", policy.name)));
    }
    Ok(found)
}
