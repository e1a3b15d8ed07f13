//! `forbear verify`: judges again what a report is about, and says whether the report stands.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use jiff::Timestamp;

use crate::audit::Audit;
use crate::report::{About, Again, Compared, InputRecord, Keyed, Parting, Recorded};
use crate::source::Sources;

use super::arguments::VerifyArguments;
use super::common::{self, Loaded, cannot_read, complain, load, write};
use super::logs;
use super::{Ended, privacy};

/// Runs the command: findings are what differs.
pub(super) fn run(arguments: &VerifyArguments) -> Ended {
    let read = |original: Original| Ok((recorded(arguments, &original)?, original));
    let original = timeless(arguments).and_then(|()| Original::open(&arguments.report)).and_then(read);
    match original.and_then(|(recorded, original)| verify(arguments, &recorded, &original)) {
        Ok(ended) | Err(ended) => ended,
    }
}

/// The report, which is read twice: what is no file of its own, a pipe say, is kept.
enum Original {
    File(File),
    Kept(Vec<u8>),
}

impl Original {
    fn open(path: &Path) -> Result<Self, Ended> {
        if path.is_dir() {
            return Err(complain(&format!("`{}` is a folder, and no report", path.display())));
        }
        let open = || {
            let mut file = File::open(path)?;
            if file.metadata()?.is_file() {
                return Ok(Self::File(file));
            }
            let mut kept = Vec::new();
            file.read_to_end(&mut kept).map(|_| Self::Kept(kept))
        };
        open().map_err(|error: io::Error| cannot_read(path, &error))
    }

    /// Gives the report from its beginning.
    fn reader(&self) -> io::Result<Box<dyn Read + '_>> {
        match self {
            Self::File(file) => {
                let mut file = file;
                io::Seek::rewind(&mut file)?;
                Ok(Box::new(file))
            }
            Self::Kept(bytes) => Ok(Box::new(bytes.as_slice())),
        }
    }
}

/// Refuses to be told of what time the report is.
fn timeless(arguments: &VerifyArguments) -> Result<(), Ended> {
    let given = [
        ("--as-of", arguments.log.as_of.is_some()),
        ("--reconstruct", arguments.log.reconstruct),
        ("--log-from", arguments.log.log_from.is_some()),
    ];
    if let Some((name, _)) = given.iter().find(|(_, given)| *given) {
        return Err(complain(&format!("leave out `{name}`: the report says of what time it is")));
    }
    Ok(())
}

fn recorded(arguments: &VerifyArguments, original: &Original) -> Result<Recorded, Ended> {
    let path = &arguments.report;
    let reader = original.reader().map_err(|error| cannot_read(path, &error))?;
    Recorded::read(BufReader::new(reader))
        .map_err(|why| complain(&format!("`{}` cannot be verified: {why}", path.display())))
}

fn verify(arguments: &VerifyArguments, recorded: &Recorded, original: &Original) -> Result<Ended, Ended> {
    let mut loaded = load(&arguments.policies)?;
    common::require_sound(&loaded, true)?;
    let logs = logs::open(&arguments.log.log, &arguments.log.mapping, &loaded.checked.set, &mut loaded.sources)?;
    let identities = privacy::identities(&arguments.log.privacy)?;
    let inputs = common::input_records(&loaded, &logs);
    rename(&mut loaded.sources, &recorded.inputs, &inputs);
    let Loaded { sources, checked, .. } = &loaded;
    let clock = recorded.clock;
    let audit = Audit { set: &checked.set, sources, inputs: &logs, clock, limits: common::limits(&arguments.log) };
    let about = About { set: &checked.set, sources, clock, identities: &identities };
    let mut again = Again::new(recorded, about);
    let summary = audit.run(false, &mut again);
    common::require_read(sources)?;
    let mut wrong = changed(&recorded.inputs, &inputs);
    wrong.extend(again.finish(&summary));
    let now = env!("CARGO_PKG_VERSION");
    let unread =
        (recorded.program != now).then(|| format!("forbear {} wrote it, and this is forbear {now}", recorded.program));
    if unread.is_none() && wrong.is_empty() {
        let identities = recorded.identities(&identities).ok_or_else(|| level_unknown(&arguments.report))?;
        let about = About { identities: &identities, ..about };
        let keyed = recorded.keyed(&identities, arguments.log.privacy.key.is_some());
        let parting = parting(recorded, original, keyed, (&audit, about));
        common::require_read(sources)?;
        wrong.extend(parting.map_err(|error| cannot_read(&arguments.report, &error))?.as_ref().map(in_words));
    }
    said(&wrong, unread.as_deref(), clock.as_of)
}

/// Says that nobody can write a report again that does not say how much it shows.
fn level_unknown(report: &Path) -> Ended {
    complain(&format!("`{}` cannot be verified: it names none of the privacy levels", report.display()))
}

/// Says what came of it; `unread`: why the words of the report were not compared. A report of which the words were not compared
/// has not been verified, whatever its judgements are.
fn said(wrong: &[String], unread: Option<&str>, as_of: Timestamp) -> Result<Ended, Ended> {
    let remark = unread.map(|why| format!("its words were not compared: {why}\n")).unwrap_or_default();
    if !wrong.is_empty() {
        let list: String = wrong.iter().map(|one| format!("  {one}\n")).collect();
        write(&format!("the report does not stand, as of {as_of}\n{list}{remark}"))?;
        return Ok(Ended::Findings);
    }
    let (stands, ended) = match unread {
        None => ("the report stands: the same inputs, the same judgements and the same words", Ended::Clean),
        Some(_) => {
            ("the inputs and the judgements of the report are the same, and no more is known of it", Ended::Unusable)
        }
    };
    write(&format!("{stands}, as of {as_of}\n{remark}"))?;
    Ok(ended)
}

/// Writes the report again as it was written, and gives where the two part.
fn parting(
    recorded: &Recorded,
    original: &Original,
    keyed: Keyed,
    (audit, about): (&Audit<'_>, About<'_>),
) -> io::Result<Option<Parting>> {
    let mut compared = Compared::new(original.reader()?, keyed);
    let mut report = recorded.writer(&mut compared, about);
    let summary = audit.run(false, &mut *report);
    report.finish(&summary, &recorded.inputs)?;
    drop(report);
    compared.finish()
}

fn in_words(parting: &Parting) -> String {
    let Parting { line, then, now } = parting;
    format!(
        "its words differ first in line {line}\n    the report has         {then}\n    written again, it has  {now}"
    )
}

/// Gives inputs the names that they have in the report, so that it can be written again: where they lie does not matter.
fn rename(sources: &mut Sources, then: &[InputRecord], now: &[InputRecord]) {
    let mut left: Vec<&InputRecord> = then.iter().collect();
    let mut names = Vec::new();
    for is in now {
        let was = left.iter().position(|was| is_same(was, is));
        names.extend(was.map(|at| (is.name.as_str(), left.remove(at).name.as_str())));
    }
    let places: Vec<_> = sources.iter().map(|(id, source)| (id, source.name().to_owned())).collect();
    for (id, name) in places {
        if let Some(at) = names.iter().position(|(is, _)| *is == name) {
            let (_, was) = names.remove(at);
            sources.rename(id, was);
        }
    }
}

/// Says whether two inputs are the same: what they hold counts, and not where they lie.
fn is_same(one: &InputRecord, other: &InputRecord) -> bool {
    (&one.role, &one.sha256) == (&other.role, &other.sha256)
}

/// Says which inputs are others than those of the report: what they hold counts, and not where they lie.
fn changed(then: &[InputRecord], now: &[InputRecord]) -> Vec<String> {
    let missing = |of: &[InputRecord], among: &[InputRecord]| -> Vec<InputRecord> {
        let same = |one: &InputRecord| among.iter().any(|other| is_same(one, other));
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
