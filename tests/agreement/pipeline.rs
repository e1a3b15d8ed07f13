//! The glue: a generated world through the whole program, as text, to judgements in the reference's own types.

use forbear::check::check;
use forbear::diagnostic::{Diagnostic, Severity};
use forbear::episode::Episode;
use forbear::judge::{self, Because, Evaluation, Need, Outcome, judge};
use forbear::log::{Fitter, Format, Item, Limits, read};
use forbear::policy::{ConditionId, Policy, Version};
use forbear::source::Sources;
use forbear::syntax::parse;
use jiff::Timestamp;

use super::generate::World;
use super::reference::{self, Judgement, Row, Standing};

/// What the program makes of a world.
pub(crate) struct Run {
    /// The policy.
    pub(crate) policy: Policy,
    /// Each record, as each version reads it.
    pub(crate) episodes: Vec<Vec<Episode>>,
    /// What the judge says of each record.
    pub(crate) judged: Vec<Judgement>,
    /// The codes of the checker's warnings.
    pub(crate) warnings: Vec<String>,
}

/// Parses, checks, reads and judges. What the checker refuses, and what the reader cannot read, is an error.
pub(crate) fn run(world: &World) -> Result<Run, String> {
    let mut sources = Sources::new();
    for (name, text) in &world.files {
        sources.add(name, text.as_str());
    }
    let ids: Vec<_> = sources.iter().map(|(id, _)| id).collect();
    let parsed: Vec<_> = ids.into_iter().map(|id| parse(&sources, id)).collect();
    let documents: Vec<_> = parsed.iter().map(|parsed| parsed.document.clone()).collect();
    let checked = check(&documents);
    let problems: Vec<&Diagnostic> =
        parsed.iter().flat_map(|parsed| &parsed.problems).chain(&checked.problems).collect();
    let errors: Vec<_> = problems.iter().filter(|problem| problem.severity() == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(format!("the checker refuses it: {errors:#?}"));
    }
    let [policy] = checked.set.policies.as_slice() else {
        return Err(format!("{} policies in place of one", checked.set.policies.len()));
    };
    let episodes = episodes(world, &mut sources, policy)?;
    let judged = episodes.iter().map(|readings| judged(policy, &readings.iter().collect::<Vec<_>>())).collect();
    let warnings = problems.iter().map(|problem| format!("{:?}", problem.code)).collect();
    Ok(Run { policy: policy.clone(), episodes, judged, warnings })
}

/// Reads each record in the words and the zone of each version.
fn episodes(world: &World, sources: &mut Sources, policy: &Policy) -> Result<Vec<Vec<Episode>>, String> {
    let log = sources.add("log.jsonl", world.log.as_str());
    let mut items = vec![];
    read(sources, log, Format::Jsonl, &Limits::default(), &mut |item| items.push(item));
    let long_after: Timestamp = "2100-01-01T00:00Z".parse().unwrap();
    let fitters: Vec<Fitter<'_>> =
        policy.versions.iter().map(|version| Fitter::new(&version.vocabulary, version.zone.clone())).collect();
    let fit = |item: Item| match item {
        Item::Record(record) => Ok(fitters.iter().map(|fitter| fitter.fit(&record, long_after).episode).collect()),
        Item::Unreadable(unreadable) => Err(format!("unreadable: {unreadable:?}")),
    };
    items.into_iter().map(fit).collect()
}

/// Judges one record, and says it in the reference's words.
fn judged(policy: &Policy, readings: &[&Episode]) -> Judgement {
    let judgement = judge(policy, readings);
    let version = judgement.version.or(Some(0)).and_then(|at| policy.versions.get(at));
    let rules = version.iter().flat_map(|version| &version.rules).map(|rule| rule.name.clone());
    let names = |field| version.map_or("", |version| version.vocabulary.field_name(field)).to_owned();
    let row = row(judgement.because);
    assert_eq!(verdict(judgement.verdict), row.verdict(), "{judgement:?}");
    Judgement {
        row,
        version: judgement.version,
        standings: rules.zip(judgement.outcomes.iter().map(standing)).collect(),
        wanting: judgement.wanting.into_iter().map(names).collect(),
    }
}

fn verdict(verdict: judge::Verdict) -> reference::Verdict {
    match verdict {
        judge::Verdict::NotCovered => reference::Verdict::NotCovered,
        judge::Verdict::Permissible => reference::Verdict::Permissible,
        judge::Verdict::Undetermined => reference::Verdict::Undetermined,
        judge::Verdict::Impermissible => reference::Verdict::Impermissible,
    }
}

fn row(because: Because) -> Row {
    match because {
        Because::NotInForce => Row::NotInForce,
        Because::DoesNotApply => Row::DoesNotApply,
        Because::TimeOpen => Row::TimeOpen,
        Because::ScopeOpen => Row::ScopeOpen,
        Because::Violations => Row::Violations,
        Because::ByDefault => Row::ByDefault,
        Because::Undetermined => Row::Undetermined,
        Because::Permitted => Row::Permitted,
    }
}

fn standing(outcome: &Outcome) -> Standing {
    match outcome {
        Outcome::Requirement { status, by_silence } => {
            Standing::Requirement { status: self::status(*status), by_silence: *by_silence }
        }
        Outcome::Ground(ground) => Standing::Permit(truth(*ground)),
    }
}

fn status(status: judge::Status) -> reference::Status {
    match status {
        judge::Status::Violated => reference::Status::Violated,
        judge::Status::NotApplicable => reference::Status::NotApplicable,
        judge::Status::Excused(Need::Needed) => reference::Status::ExcusedNeeded,
        judge::Status::Excused(Need::NotNeeded) => reference::Status::ExcusedNotNeeded,
        judge::Status::Excused(Need::PerhapsNeeded) => reference::Status::ExcusedPerhapsNeeded,
        judge::Status::Satisfied => reference::Status::Satisfied,
        judge::Status::Undetermined => reference::Status::Undetermined,
    }
}

fn truth(truth: judge::Truth) -> reference::Truth {
    match truth {
        judge::Truth::True => reference::Truth::True,
        judge::Truth::False => reference::Truth::False,
        judge::Truth::Unknown => reference::Truth::Unknown,
    }
}

/// Gives what the judge knows of some conditions of one version.
pub(crate) fn truths(
    version: &Version,
    episode: &Episode,
    ids: impl Iterator<Item = ConditionId>,
) -> Vec<reference::Truth> {
    let mut evaluation = Evaluation::new(version, episode);
    ids.map(|id| truth(evaluation.truth(id))).collect()
}
