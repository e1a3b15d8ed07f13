//! `forbear diff`: which episodes change their verdict from one policy to another, and whether that is what was announced.

mod announced;
mod versions;

use std::collections::BTreeMap;

use crate::audit::{Audit, Clock, Judged, Sink};
use crate::judge::Verdict;
use crate::log::{Limits, Unreadable};
use crate::policy::{Policy, PolicySet};
use crate::report::proof::{self, Change, Side};

use super::Ended;
use super::arguments::DiffArguments;
use super::asked::{load_one, policy};
use super::common::{self, Loaded, complain_raw, write};
use super::logs;

/// Runs the command.
pub(super) fn run(arguments: &DiffArguments) -> Ended {
    let answered = match &arguments.expect {
        Some(announced) => announced::expected(arguments, announced),
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
    let (was, is) = (policy(&old)?, policy(&new)?);
    let mut same = true;
    for pair in versions::pairs(was, is) {
        let found = pair.changes();
        let is_last = pair.from.is_none();
        if is_last || !found.are_none() {
            let sides = [Side::new("before", &pair.was, &old.sources), Side::new("now", &pair.is, &new.sources)];
            write(&pair.heading())?;
            write(&proof::differences(&found.groups, found.complete, &found.beside, &sides))?;
        }
        same &= found.are_none();
    }
    for only in versions::without_other(was, is) {
        write(&format!("{only}\n"))?;
        same = false;
    }
    write(&versions::compared(was, is))?;
    if let Some(counted) = counted {
        write(&proof::counted(&counted))?;
    }
    Ok(if same { Ended::Clean } else { Ended::Findings })
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
