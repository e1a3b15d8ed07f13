//! Logs on the command line, each with the mapping that is for it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, codes};
use crate::log::{self, CannotOpen, Input, Mapping};
use crate::policy::{PolicySet, Vocabulary};
use crate::report::human;
use crate::source::Sources;

use super::Ended;
use super::common::{cannot_read, complain, complain_raw, remark, stderr_terminal};

/// Opens the logs; one that cannot be opened, or a mapping with a mistake in it, ends the run.
pub(super) fn open(
    logs: &[PathBuf],
    mapping_paths: &[PathBuf],
    set: &PolicySet,
    sources: &mut Sources,
) -> Result<Vec<Input>, Ended> {
    let mappings = read_mappings(mapping_paths, set, sources)?;
    let mut inputs = as_they_are(logs, mapping_paths, sources)?;
    if inputs.is_empty() {
        let known = log::Format::EXTENSIONS.map(|extension| format!("`.{extension}`")).join(", ");
        return Err(complain(&format!("no log was found: files end in one of {known}")));
    }
    map(&mappings, &mut inputs, sources)?;
    Ok(inputs)
}

/// Gives each log the mapping that is for it, and leaves of a spreadsheet the sheets that are meant.
pub(super) fn map(mappings: &[Arc<Mapping>], inputs: &mut Vec<Input>, sources: &Sources) -> Result<(), Ended> {
    give(mappings, inputs, sources)?;
    let unclear = log::choose_sheets(inputs, sources);
    end_with(unclear.iter().map(CannotOpen::diagnostic), sources)
}

/// Opens logs without a mapping; one that cannot be opened ends the run. `others`: files that are named as something else.
pub(super) fn as_they_are(logs: &[PathBuf], others: &[PathBuf], sources: &mut Sources) -> Result<Vec<Input>, Ended> {
    let opened = log::open(logs, &mut io::stdin().lock(), sources);
    for left_out in &opened.left_out {
        complain_raw(&human::render(&left_out.diagnostic(), sources, stderr_terminal()));
    }
    let others: Vec<PathBuf> = others.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let is_other = |path: &Path| path.canonicalize().is_ok_and(|real| others.contains(&real));
    let no_logs: Vec<&Path> = opened.no_logs.iter().map(PathBuf::as_path).filter(|path| !is_other(path)).collect();
    if let Some(words) = log::not_read(&no_logs) {
        remark(&words);
    }
    end_with(opened.problems.iter().map(CannotOpen::diagnostic), sources)?;
    Ok(opened.inputs)
}

/// Ends the run with problems, if there are any.
fn end_with(problems: impl Iterator<Item = Diagnostic>, sources: &Sources) -> Result<(), Ended> {
    let mut ended = Ok(());
    for problem in problems {
        complain_raw(&human::render(&problem, sources, stderr_terminal()));
        ended = Err(Ended::Unusable);
    }
    ended
}

/// Reads the mappings in the words of the policies' vocabularies.
pub(super) fn read_mappings(
    paths: &[PathBuf],
    set: &PolicySet,
    sources: &mut Sources,
) -> Result<Vec<Arc<Mapping>>, Ended> {
    let mut vocabularies: Vec<&Vocabulary> = Vec::new();
    for version in set.policies.iter().flat_map(|policy| &policy.versions) {
        if !vocabularies.iter().any(|known| std::ptr::eq(*known, &*version.vocabulary)) {
            vocabularies.push(&version.vocabulary);
        }
    }
    let (mut mappings, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        let bytes = std::fs::read(path).map_err(|error| cannot_read(path, &error))?;
        let id = sources.add(path.to_string_lossy(), bytes);
        let (mapping, mut found) = Mapping::read(sources, id, &vocabularies);
        mappings.push(Arc::new(mapping));
        problems.append(&mut found);
    }
    refuse(&problems, sources)?;
    Ok(mappings)
}

/// Gives each log the mapping that is for it.
fn give(mappings: &[Arc<Mapping>], inputs: &mut [Input], sources: &Sources) -> Result<(), Ended> {
    let mut problems = Vec::new();
    let mut used = vec![false; mappings.len()];
    for input in inputs.iter_mut() {
        let name = sources.name(input.id);
        for (mapping, used) in mappings.iter().zip(&mut used).filter(|(mapping, _)| mapping.is_for(name)) {
            *used = true;
            match &input.mapping {
                None => input.mapping = Some(Arc::clone(mapping)),
                Some(other) => problems.push(two(name, other, mapping)),
            }
        }
    }
    let idle = mappings.iter().zip(used).filter(|(_, used)| !used);
    problems.extend(idle.map(|(mapping, _)| for_no_log(mapping)));
    refuse(&problems, sources)
}

fn two(log: &str, first: &Mapping, second: &Mapping) -> Diagnostic {
    let message = format!("two mappings are for the log `{log}`, and nobody can tell which is meant");
    Diagnostic::new(codes::MAPPING_FOR_NO_LOG, message, second.place(), "this is for it")
        .with_label(first.place(), "and so is this")
        .with_help("name in each mapping the logs that it is for, as in `for: \"theatre*.csv\"`")
}

fn for_no_log(mapping: &Mapping) -> Diagnostic {
    let message = "this mapping is for none of the logs";
    Diagnostic::new(codes::MAPPING_FOR_NO_LOG, message, mapping.place(), "no log has such a name")
        .with_help("correct the names behind `for`, or leave the mapping out")
}

fn refuse(problems: &[Diagnostic], sources: &Sources) -> Result<(), Ended> {
    if problems.is_empty() {
        return Ok(());
    }
    complain_raw(&human::render_all(problems, sources, stderr_terminal()));
    Err(complain(&format!("nothing was judged: the mapping has {}", human::count_words(problems))))
}
