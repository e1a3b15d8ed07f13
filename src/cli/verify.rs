//! `forbear verify`: judges again what a report is about, and says whether the report stands.

use std::fs::File;
use std::io::BufReader;

use crate::audit::Audit;
use crate::report::{About, Again, InputRecord, Recorded};

use super::arguments::VerifyArguments;
use super::common::{self, Loaded, cannot_read, complain, load, write};
use super::logs;
use super::{Ended, privacy};

/// Runs the command: findings are what differs.
pub(super) fn run(arguments: &VerifyArguments) -> Ended {
    match recorded(arguments).and_then(|recorded| verify(arguments, &recorded)) {
        Ok(ended) | Err(ended) => ended,
    }
}

fn recorded(arguments: &VerifyArguments) -> Result<Recorded, Ended> {
    let given = [
        ("--as-of", arguments.log.as_of.is_some()),
        ("--reconstruct", arguments.log.reconstruct),
        ("--log-from", arguments.log.log_from.is_some()),
    ];
    if let Some((name, _)) = given.iter().find(|(_, given)| *given) {
        return Err(complain(&format!("leave out `{name}`: the report says of what time it is")));
    }
    let path = &arguments.report;
    if path.is_dir() {
        return Err(complain(&format!("`{}` is a folder, and no report", path.display())));
    }
    let file = BufReader::new(File::open(path).map_err(|error| cannot_read(path, &error))?);
    Recorded::read(file).map_err(|why| complain(&format!("`{}` cannot be verified: {why}", path.display())))
}

fn verify(arguments: &VerifyArguments, recorded: &Recorded) -> Result<Ended, Ended> {
    let mut loaded = load(&arguments.policies)?;
    common::require_sound(&loaded, true)?;
    let logs = logs::open(&arguments.log.log, &arguments.log.mapping, &loaded.checked.set, &mut loaded.sources)?;
    let identities = privacy::identities(&arguments.log.privacy)?;
    let Loaded { sources, checked, .. } = &loaded;
    let clock = recorded.clock;
    let audit = Audit { set: &checked.set, sources, inputs: &logs, clock, limits: common::limits(&arguments.log) };
    let mut again = Again::new(recorded, About { set: &checked.set, sources, clock, identities: &identities });
    let summary = audit.run(false, &mut again);
    let mut wrong = changed(&recorded.inputs, &common::input_records(&loaded, &logs));
    wrong.extend(again.finish(&summary));
    let program = env!("CARGO_PKG_VERSION");
    let other = if recorded.program == program {
        String::new()
    } else {
        format!("forbear {} wrote the report, and this is forbear {program}\n", recorded.program)
    };
    if wrong.is_empty() {
        write(&format!("{other}the report stands: the same inputs and the same judgements, as of {}\n", clock.as_of))?;
        return Ok(Ended::Clean);
    }
    let list: String = wrong.iter().map(|one| format!("  {one}\n")).collect();
    write(&format!("{other}the report does not stand, as of {}\n{list}", clock.as_of))?;
    Ok(Ended::Findings)
}

/// Says which inputs are others than those of the report: what they hold counts, and not where they lie.
fn changed(then: &[InputRecord], now: &[InputRecord]) -> Vec<String> {
    let missing = |of: &[InputRecord], among: &[InputRecord]| -> Vec<InputRecord> {
        let same =
            |one: &InputRecord| among.iter().any(|other| (&other.role, &other.sha256) == (&one.role, &one.sha256));
        of.iter().filter(|one| !same(one)).cloned().collect()
    };
    let (gone, mut new) = (missing(then, now), missing(now, then));
    let mut wrong = Vec::new();
    for was in gone {
        let file_name = |name: &str| name.rsplit(['/', '\\']).next().map(str::to_owned);
        let is = new.iter().position(|is| is.role == was.role && file_name(&is.name) == file_name(&was.name));
        match is.map(|at| new.remove(at)) {
            Some(is) => wrong.push(format!(
                "the {} `{}` has changed: its sha256 was {}…, and is {}…",
                is.role,
                is.name,
                beginning(&was),
                beginning(&is)
            )),
            None => wrong.push(format!("the {} `{}` of the report was not given", was.role, was.name)),
        }
    }
    wrong.extend(new.iter().map(|is| format!("the {} `{}` is not among the inputs of the report", is.role, is.name)));
    wrong
}

fn beginning(input: &InputRecord) -> String {
    input.sha256.chars().take(16).collect()
}
