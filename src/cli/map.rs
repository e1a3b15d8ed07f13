//! `forbear map suggest`: a draft of a mapping, for a person to finish.

use crate::check;
use crate::log::{self, Limits};
use crate::policy::Vocabulary;
use crate::source::Sources;

use super::Ended;
use super::arguments::{MapArguments, MapCommand, PolicyArguments, SuggestArguments};
use super::common::{complain, load, require_sound_for, write};
use super::logs;

/// Runs the command.
pub(super) fn run(arguments: &MapArguments) -> Ended {
    let MapCommand::Suggest(arguments) = &arguments.command;
    match suggest(arguments) {
        Ok(()) => Ended::Clean,
        Err(ended) => ended,
    }
}

fn suggest(arguments: &SuggestArguments) -> Result<(), Ended> {
    if let Some(records) = arguments.records.as_ref().filter(|way| !log::is_way_to_records(way)) {
        let help = "as in `entry[].resource` or `statements[]`";
        return Err(complain(&format!("`{records}` is no way to a list of records; write it {help}")));
    }
    if arguments.policies.is_empty() {
        let mut sources = Sources::new();
        let checked = check::load(&mut sources);
        return match checked.vocabularies.get("clinical") {
            Some(clinical) => draft(arguments, clinical, sources),
            None => Err(complain("there is no vocabulary to map to")),
        };
    }
    let policies = PolicyArguments { policies: arguments.policies.clone(), calendars: None };
    let loaded = load(&policies)?;
    require_sound_for(&loaded, true, "drafted")?;
    let policy = loaded.checked.set.policies.first();
    match policy.and_then(|policy| policy.versions.last()) {
        Some(version) => draft(arguments, &version.vocabulary, loaded.sources),
        None => Err(complain("there is no vocabulary to map to")),
    }
}

fn draft(arguments: &SuggestArguments, vocabulary: &Vocabulary, mut sources: Sources) -> Result<(), Ended> {
    let opened = logs::as_they_are(std::slice::from_ref(&arguments.log), &[], &mut sources)?;
    let sheet = |input: &log::Input| {
        let of = sources.get(input.id).and_then(crate::source::Source::grid).map(crate::source::Grid::sheet);
        arguments.sheet.as_deref().is_none_or(|asked| of == Some(asked))
    };
    let inputs: Vec<log::Input> = opened.iter().filter(|input| sheet(input)).cloned().collect();
    match inputs.as_slice() {
        [input] => {
            let known = log::Known { header_row: arguments.header_row, records: arguments.records.clone() };
            write(&log::suggest(&sources, input, &known, &Limits::default(), vocabulary))
        }
        [] => Err(complain("the log has no such sheet")),
        inputs => Err(complain(&format!(
            "a mapping is drafted for one log, and these are {}; `--sheet` names one of several sheets",
            inputs.len()
        ))),
    }
}
