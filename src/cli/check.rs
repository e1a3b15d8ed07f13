//! `forbear check`: every problem of the policies, for people, for programs, or for a CI page.

use std::io;

use crate::check::lints;
use crate::diagnostic::{self, Severity};
use crate::prove;
use crate::report::{github, human, json, sarif};

use super::Ended;
use super::arguments::{CheckArguments, CheckFailOn, CheckFormat};
use super::common::{self, Loaded, load, stdout_terminal, write, written};

/// Runs the command.
pub(super) fn run(arguments: &CheckArguments) -> Ended {
    match load(&arguments.policies).map(with_proofs).map(with_lints).and_then(|loaded| report(arguments, &loaded)) {
        Ok(ended) | Err(ended) => ended,
    }
}

/// Adds what is proved of policies without errors: this command alone tells it.
fn with_proofs(mut loaded: Loaded) -> Loaded {
    if !loaded.checked.has_errors() {
        let proved = prove::claims(&loaded.checked.set, &loaded.checked.problems);
        loaded.checked.problems.extend(proved);
    }
    loaded
}

/// Adds what could be said better: this command alone tells it.
fn with_lints(mut loaded: Loaded) -> Loaded {
    let found = lints(&loaded.checked, &loaded.sources, common::present());
    loaded.checked.problems.extend(found);
    diagnostic::sort(&mut loaded.checked.problems);
    loaded
}

fn report(arguments: &CheckArguments, loaded: &Loaded) -> Result<Ended, Ended> {
    let (sources, problems) = (&loaded.sources, &loaded.checked.problems);
    match arguments.format {
        CheckFormat::Human => {
            write(&human::render_all(problems, sources, stdout_terminal()))?;
            if !arguments.quiet {
                write(&closing(loaded))?;
            }
        }
        CheckFormat::Json => {
            let document = json::check_document(&loaded.checked, sources, common::input_records(loaded, &[]));
            written(json::write(&mut io::stdout().lock(), &document))?;
        }
        CheckFormat::Sarif => {
            let inputs = common::input_records(loaded, &[]);
            written(sarif::check(&mut io::stdout().lock(), &loaded.checked, sources, &inputs))?;
        }
        CheckFormat::Github => {
            let lines: String = problems.iter().map(|problem| github::line(problem, sources) + "\n").collect();
            write(&lines)?;
        }
    }
    Ok(ended(arguments.fail_on, loaded))
}

fn ended(fail_on: CheckFailOn, loaded: &Loaded) -> Ended {
    let least = match fail_on {
        CheckFailOn::Error => Severity::Error,
        CheckFailOn::Warning => Severity::Warning,
        CheckFailOn::Lint => Severity::Lint,
        CheckFailOn::Never => return Ended::Clean,
    };
    if common::any_at_least(&loaded.checked, least) { Ended::Findings } else { Ended::Clean }
}

/// Says what was checked and what was found.
fn closing(loaded: &Loaded) -> String {
    let checked = &loaded.checked;
    let rules: usize =
        checked.set.policies.iter().flat_map(|policy| &policy.versions).map(|version| version.rules.len()).sum();
    let rules = if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") };
    let names: Vec<&str> = checked.set.policies.iter().map(|policy| policy.name.as_str()).collect();
    let what = match names.as_slice() {
        [] if checked.has_errors() => files(loaded.named),
        [] => "vocabularies only".to_owned(),
        [name] => format!("policy {name}, {rules}"),
        names => format!("policies {}, {rules}", names.join(", ")),
    };
    format!("checked {what}: {} found\n", human::count_words(&checked.problems))
}

fn files(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}
