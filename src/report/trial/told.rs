//! What a trial comes to, for people and for machines.

use std::fmt::Write;

use crate::diagnostic::Diagnostic;
use crate::policy::Version;
use crate::source::Sources;
use crate::trial::{Coverage, Item, Score, Tried};

use crate::report::machine::trial::{
    ClaimRecord, CoverageRecord, ExampleRecord, LeftOutRecord, MutationRecord, NotReached, SurvivorRecord, TestDocument,
};
use crate::report::machine::{InputRecord, Place, Problem, ToolVersion};

/// How many lines of what is not reached, or was left out, are shown to people.
const MOST_LINES: usize = 20;

/// One version that was tried.
pub struct VersionTried<'v> {
    /// The version.
    pub version: &'v Version,
    /// What its examples reach.
    pub coverage: Coverage,
    /// Whether they notice changes; none unless asked for.
    pub score: Option<Score>,
}

fn name_of(version: &Version) -> String {
    let label = version.label.as_ref().map(|label| format!(" {label}")).unwrap_or_default();
    format!("{}{label}", version.policy)
}

/// Gives a share in whole per cent, rounded down, so that only all is 100 %.
pub fn percent(reached: usize, all: usize) -> usize {
    (reached * 100).checked_div(all).unwrap_or(100)
}

/// Tells people what the examples of a version reach.
pub fn coverage_text(tried: &VersionTried<'_>, sources: &Sources) -> String {
    let (reached, all) = tried.coverage.reached();
    let mut text =
        format!("policy {}: coverage {} % ({reached} of {all})\n", name_of(tried.version), percent(reached, all));
    let missing: Vec<&Item> = tried.coverage.items.iter().filter(|item| !item.reached).collect();
    if !missing.is_empty() {
        text.push_str("  not reached by any example:\n");
    }
    for item in missing.iter().take(MOST_LINES) {
        let _ = writeln!(text, "    {}", item_words(item, sources));
    }
    if missing.len() > MOST_LINES {
        let _ = writeln!(text, "    and {} more (--format json has all)", missing.len() - MOST_LINES);
    }
    text.push_str(&left_out(&tried.coverage));
    text
}

fn item_words(item: &Item, sources: &Sources) -> String {
    let at = sources.line_column(item.origin);
    let rule = item.rule.as_ref().map(|rule| format!("{rule}: ")).unwrap_or_default();
    let place = format!("({}:{})", crate::diagnostic::printable(sources.name(item.origin.source), usize::MAX), at.line);
    if !item.comparison {
        return format!("{rule}{}  {place}", item.what);
    }
    let clause = sources.text(item.origin).split_whitespace().collect::<Vec<_>>().join(" ");
    let clause = crate::diagnostic::printable(&clause, 80);
    match item.what {
        "deciding true" => format!("{rule}`{clause}` never decides anything where it is true  {place}"),
        "deciding false" => format!("{rule}`{clause}` never decides anything where it is not  {place}"),
        what => format!("{rule}`{clause}` is never {what}  {place}"),
    }
}

/// Names what was left out, by its reason.
fn left_out(coverage: &Coverage) -> String {
    let mut by_reason: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for one in &coverage.left_out {
        match by_reason.iter_mut().find(|(what, why, _)| *what == one.what && *why == one.why) {
            Some((_, _, rules)) => rules.push(&one.rule),
            None => by_reason.push((one.what, &one.why, vec![&one.rule])),
        }
    }
    let mut text = String::new();
    if !by_reason.is_empty() {
        text.push_str("  left out, since it cannot be reached:\n");
    }
    for (what, why, rules) in by_reason {
        let _ = writeln!(text, "    {what}: {} ({why})", rules.join(", "));
    }
    text
}

/// Tells people whether the examples of a version notice changes.
pub fn score_text(version: &Version, score: &Score, sources: &Sources) -> String {
    let (killed, all) = (score.killed, score.mutants);
    let mut text = format!(
        "policy {}: mutation score {} % ({killed} of {all} changes make an example fail)\n",
        name_of(version),
        percent(killed, all)
    );
    if !score.left_out.is_empty() {
        let _ = writeln!(
            text,
            "  left out, since it only advises and no claim can concern it: {}",
            score.left_out.join(", ")
        );
    }
    for same in &score.without_effect {
        let at = sources.line_column(same.origin);
        let name = crate::diagnostic::printable(sources.name(same.origin.source), usize::MAX);
        let rule = same.rule.as_ref().map(|rule| format!("{rule}, ")).unwrap_or_default();
        let _ = writeln!(
            text,
            "  not counted, since it is proved that no episode tells it: {rule}{}  ({name}:{})",
            same.change, at.line
        );
    }
    for survivor in &score.survivors {
        let at = sources.line_column(survivor.origin);
        let name = crate::diagnostic::printable(sources.name(survivor.origin.source), usize::MAX);
        let rule = survivor.rule.as_ref().map(|rule| format!("{rule}, ")).unwrap_or_default();
        let _ = writeln!(text, "\n  no example notices: {rule}{}  ({name}:{})", survivor.change, at.line);
        for line in survivor.sentence.lines() {
            let _ = writeln!(text, "    {line}");
        }
        match &survivor.example {
            Some(telling) => {
                text.push_str("  an example that would:\n\n");
                for line in telling.text.lines() {
                    let _ = writeln!(text, "    {line}");
                }
            }
            None => text
                .push_str("  no example that would was found: it may change nothing, or lie beyond what was tried\n"),
        }
    }
    text
}

/// Makes the record of an example.
pub fn example_record(tried: &Tried<'_>, sources: &Sources) -> ExampleRecord {
    let result = tried.judged.results.first();
    let version = result.and_then(|result| super::version_of(tried, result));
    let claims = tried.claims.iter().zip(tried.held);
    let claim = |(claim, held): (&crate::check::Claim, &bool)| ClaimRecord {
        at: Place::of(claim.origin, sources),
        holds: *held,
    };
    ExampleRecord {
        example: tried.example.title.clone(),
        record: tried.record.map(str::to_owned),
        at: Place::of(tried.example.origin, sources),
        policy: tried.example.version.0.clone(),
        version: version.and_then(|version| version.label.clone()),
        verdict: result.map(|result| result.verdict().word().to_owned()).unwrap_or_default(),
        holds: tried.holds(),
        claims: claims.map(claim).collect(),
    }
}

/// Makes the document of a trial.
pub fn document(
    inputs: Vec<InputRecord>,
    examples: Vec<ExampleRecord>,
    versions: &[VersionTried<'_>],
    problems: &[Diagnostic],
    sources: &Sources,
) -> TestDocument {
    TestDocument {
        program: ToolVersion::this(),
        inputs,
        examples,
        coverage: versions.iter().map(|tried| coverage_record(tried, sources)).collect(),
        mutation: versions.iter().filter_map(|tried| mutation_record(tried, sources)).collect(),
        problems: problems.iter().map(|problem| Problem::of(problem, sources)).collect(),
    }
}

fn coverage_record(tried: &VersionTried<'_>, sources: &Sources) -> CoverageRecord {
    let (reached, items) = tried.coverage.reached();
    let missing = tried.coverage.items.iter().filter(|item| !item.reached);
    let not_reached = missing.map(|item| NotReached {
        rule: item.rule.clone(),
        what: item.what.to_owned(),
        clause: Place::of(item.origin, sources),
    });
    let left_out = tried.coverage.left_out.iter().map(|one| LeftOutRecord {
        rule: one.rule.clone(),
        what: one.what.to_owned(),
        reason: one.why.clone(),
    });
    let untested = tried.coverage.untested.iter().filter_map(|id| tried.version.rules.get(id.0 as usize));
    CoverageRecord {
        policy: tried.version.policy.clone(),
        version: tried.version.label.clone(),
        reached,
        items,
        not_reached: not_reached.collect(),
        left_out: left_out.collect(),
        untested: untested.map(|rule| rule.name.clone()).collect(),
    }
}

fn mutation_record(tried: &VersionTried<'_>, sources: &Sources) -> Option<MutationRecord> {
    let score = tried.score.as_ref()?;
    let record = |survivor: &crate::trial::Survivor| SurvivorRecord {
        rule: survivor.rule.clone(),
        clause: Place::of(survivor.origin, sources),
        change: survivor.change.clone(),
        sentence: survivor.sentence.clone(),
        example: survivor.example.as_ref().map(|telling| telling.text.clone()),
    };
    Some(MutationRecord {
        policy: tried.version.policy.clone(),
        version: tried.version.label.clone(),
        mutants: score.mutants,
        killed: score.killed,
        survivors: score.survivors.iter().map(record).collect(),
        without_effect: score.without_effect.iter().map(record).collect(),
        left_out: score.left_out.clone(),
    })
}
