//! `forbear due`: what is owed now, soonest first.

use std::io;

use crate::audit::Audit;
use crate::report::due::DueList;
use crate::report::{human, json};

use super::arguments::{DueArguments, DueFormat};
use super::common::{self, Loaded, load, stdout_terminal, write, written};
use super::logs;
use super::{Ended, privacy};

/// Runs the command: findings are what is overdue.
pub(super) fn run(arguments: &DueArguments) -> Ended {
    match load(&arguments.policies).and_then(|loaded| list(arguments, loaded)) {
        Ok(ended) | Err(ended) => ended,
    }
}

fn list(arguments: &DueArguments, mut loaded: Loaded) -> Result<Ended, Ended> {
    common::require_sound(&loaded, false)?;
    let inputs = logs::open(&arguments.log.log, &arguments.log.mapping, &loaded.checked.set, &mut loaded.sources)?;
    let identities = privacy::identities(&arguments.log.privacy)?;
    let clock = common::clock(&arguments.log)?;
    let (set, sources) = (&loaded.checked.set, &loaded.sources);
    let audit = Audit { set, sources, inputs: &inputs, clock, limits: common::limits(&arguments.log) };
    common::require_no_later_record(&audit)?;
    let mut list = DueList::new(sources, &identities, clock.as_of);
    audit.run(false, &mut list);
    common::require_read(sources)?;
    let (due, open) = list.finish();
    match arguments.format {
        DueFormat::Human => write(&human::due_list(&due, open, clock.as_of, stdout_terminal()))?,
        DueFormat::Json => {
            let inputs = common::input_records(&loaded, &inputs);
            let document = json::due_document(&due, open, clock, inputs, sources, &identities);
            written(json::write(&mut io::stdout().lock(), &document))?;
        }
    }
    let overdue = due.iter().any(crate::report::due::Due::is_overdue);
    Ok(if overdue { Ended::Findings } else { Ended::Clean })
}
