//! `forbear test`: a policy's own examples, what they reach, and whether they notice changes.

use std::io;
use std::path::{Path, PathBuf};

use crate::check::Subject;
use crate::diagnostic::{Diagnostic, Severity};
use crate::log::{self, Input};
use crate::report::trial::{
    self as told, ExampleRecord, VersionTried, coverage_text, example_record, failures, percent, score_text,
};
use crate::report::{Identities, human, json};
use crate::source::{Sources, Span};
use crate::trial::{Sink, Trial, Tried};

use super::arguments::{TestArguments, TestFormat};
use super::common::{self, Loaded, complain, load, stdout_terminal, write, written};
use super::{Ended, logs, privacy};

/// Runs the command.
pub(super) fn run(arguments: &TestArguments) -> Ended {
    match load(&arguments.policies).and_then(|loaded| test(arguments, loaded)) {
        Ok(ended) | Err(ended) => ended,
    }
}

fn test(arguments: &TestArguments, mut loaded: Loaded) -> Result<Ended, Ended> {
    common::require_sound(&loaded, false)?;
    let logs = open_logs(&mut loaded, &arguments.mapping)?;
    let (set, sources) = (&loaded.checked.set, &loaded.sources);
    let trial =
        Trial { set, examples: &loaded.checked.examples, untested: &loaded.checked.untested, sources, logs: &logs };
    let mut watch = Watch { sources, identities: privacy::pseudonyms()?, problems: Vec::new(), examples: Vec::new() };
    let mut versions = Vec::new();
    for (version, examples) in trial.by_version() {
        // A version that was superseded need not be tested for ever; one with rules and without examples is told.
        if examples.is_empty() && set.policies.iter().any(|policy| is_older(policy, version)) {
            continue;
        }
        let coverage = trial.run(version, &examples, &mut watch);
        watch.problems.extend(told::untested(version, &coverage));
        let score = arguments.mutation.then(|| trial.mutate(version, &examples));
        versions.push(VersionTried { version, coverage, score });
    }
    watch.problems.extend(too_little(arguments, &versions));
    let Watch { problems, examples, .. } = watch;
    match arguments.format {
        TestFormat::Human => {
            write(&human::render_all(&problems, sources, stdout_terminal()))?;
            write(&closing(&examples, &versions, sources))?;
        }
        TestFormat::Json => {
            let inputs: Vec<Input> = logs.iter().map(|(_, input)| input.clone()).collect();
            let inputs = common::input_records(&loaded, &inputs);
            let document = told::document(inputs, examples, &versions, &problems, sources);
            written(json::write(&mut io::stdout().lock(), &document))?;
        }
    }
    let failed = problems.iter().any(|problem| problem.severity() == Severity::Error);
    Ok(if failed { Ended::Findings } else { Ended::Clean })
}

fn is_older(policy: &crate::policy::Policy, version: &crate::policy::Version) -> bool {
    let last = policy.versions.last().map(|last| last.origin);
    policy.versions.iter().any(|own| own.origin == version.origin) && last != Some(version.origin)
}

fn too_little(arguments: &TestArguments, versions: &[VersionTried<'_>]) -> Vec<Diagnostic> {
    let Some(least) = arguments.min_coverage else { return Vec::new() };
    let short = versions.iter().filter(|tried| {
        let (reached, all) = tried.coverage.reached();
        percent(reached, all) < usize::from(least)
    });
    short.map(|tried| told::too_little_covered(tried, usize::from(least))).collect()
}

/// Gathers what is found.
struct Watch<'w> {
    sources: &'w Sources,
    /// How people in logs are shown.
    identities: Identities,
    problems: Vec<Diagnostic>,
    examples: Vec<ExampleRecord>,
}

impl Sink for Watch<'_> {
    fn tried(&mut self, tried: &Tried<'_>) {
        // Cases are made up, and so are the people in them; those of a log are not.
        let identities = if tried.record.is_some() { &self.identities } else { &Identities::CLEAR };
        self.problems.extend(failures(tried, identities));
        self.examples.push(example_record(tried, self.sources));
    }

    fn problem(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }
}

fn closing(examples: &[ExampleRecord], versions: &[VersionTried<'_>], sources: &Sources) -> String {
    let failing = examples.iter().filter(|example| !example.holds).count();
    let count = |count: usize| if count == 1 { "1 example".to_owned() } else { format!("{count} examples") };
    let held = examples.len() - failing;
    let mut text = match (examples.len(), failing) {
        (0, _) => "no examples\n".to_owned(),
        (_, 0) => format!("{}: all hold\n", count(examples.len())),
        (_, failing) => format!("{}: {held} hold, {failing} fail\n", count(examples.len())),
    };
    for tried in versions {
        text.push('\n');
        text.push_str(&coverage_text(tried, sources));
        if let Some(score) = &tried.score {
            text.push('\n');
            text.push_str(&score_text(tried.version, score, sources));
        }
    }
    text
}

/// Opens the logs that examples name, each relative to the file in which it is named, and gives them the mappings that are for
/// them.
fn open_logs(loaded: &mut Loaded, mappings: &[PathBuf]) -> Result<Vec<(Span, Input)>, Ended> {
    let mappings = logs::read_mappings(mappings, &loaded.checked.set, &mut loaded.sources)?;
    let (mut origins, mut inputs) = (Vec::new(), Vec::new());
    for example in &loaded.checked.examples {
        let Subject::Log(of_log) = &example.subject else { continue };
        let beside = PathBuf::from(loaded.sources.name(example.origin.source));
        let folder = beside.parent().unwrap_or(Path::new(""));
        let path = folder.join(&of_log.file);
        let opened = log::open(&[path], &mut io::empty(), &mut loaded.sources);
        let problem = opened.problems.first().map(|problem| problem.diagnostic().message);
        if problem.is_some() || opened.inputs.is_empty() {
            let why = problem.unwrap_or_else(|| format!("`{}` holds no log", of_log.file));
            return Err(complain(&format!("example \"{}\": {why}", example.title)));
        }
        origins.extend(opened.inputs.iter().map(|input| (input.id, example.origin)));
        inputs.extend(opened.inputs);
    }
    logs::map(&mappings, &mut inputs, &loaded.sources)?;
    let origin = |input: &Input| origins.iter().find(|(id, _)| *id == input.id).map(|(_, origin)| *origin);
    Ok(inputs.into_iter().filter_map(|input| Some((origin(&input)?, input))).collect())
}
