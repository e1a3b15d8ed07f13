//! What several commands do: read policies, open logs, ask the clock and the terminal, write.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use crate::audit::{Audit, Clock};
use crate::check::{self, Checked};
use crate::diagnostic::{Diagnostic, Severity, printable};
use crate::log::{Input, Limits};
use crate::policy::time;
use crate::report::InputRecord;
use crate::report::human::{self, Terminal};
use crate::source::Sources;

use super::Ended;
use super::arguments::{LogArguments, PolicyArguments};

/// The policies of a run, read and checked.
pub(super) struct Loaded {
    pub(super) sources: Sources,
    pub(super) checked: Checked,
    /// How many sources were named by the caller (the built-in vocabularies follow).
    pub(super) named: usize,
}

/// Reads and checks the policies; a file that cannot be read ends the run.
pub(super) fn load(arguments: &PolicyArguments) -> Result<Loaded, Ended> {
    let mut paths = Vec::new();
    for path in &arguments.policies {
        policy_files(path, &mut paths)?;
    }
    // A file that is named in two ways is one file.
    paths.sort();
    let mut known = BTreeSet::new();
    paths.retain(|path| known.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    if paths.is_empty() {
        return Err(complain("no policy was found: files end in `.forbear` or `.forbear.md`"));
    }
    let mut sources = Sources::new();
    for path in &paths {
        let bytes = std::fs::read(path).map_err(|error| cannot_read(path, &error))?;
        sources.add(path.to_string_lossy(), bytes);
    }
    let mut named = paths.len();
    for calendar in calendar_files(arguments, &paths)? {
        let bytes = std::fs::read(&calendar).map_err(|error| cannot_read(&calendar, &error))?;
        sources.add(calendar.to_string_lossy(), bytes);
        named += 1;
    }
    let checked = check::load(&mut sources);
    Ok(Loaded { sources, checked, named })
}

/// Finds the calendars: those in the folder that was named, or in the folders `calendars` beside the policies.
fn calendar_files(arguments: &PolicyArguments, policies: &[PathBuf]) -> Result<Vec<PathBuf>, Ended> {
    let beside = policies.iter().filter_map(|path| path.parent()).map(|folder| folder.join("calendars"));
    let folders: BTreeSet<PathBuf> = match &arguments.calendars {
        Some(folder) => [folder.clone()].into(),
        None => beside.filter(|folder| folder.is_dir()).collect(),
    };
    let mut found = Vec::new();
    for folder in folders {
        let entries = std::fs::read_dir(&folder).map_err(|error| cannot_read(&folder, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| cannot_read(&folder, &error))?.path();
            let is_calendar = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
            found.extend(is_calendar.then_some(path));
        }
    }
    found.sort();
    Ok(found)
}

/// Adds a file, or the policies in a folder and its folders.
pub(super) fn policy_files(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), Ended> {
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(|error| cannot_read(path, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| cannot_read(path, &error))?;
        let inner = entry.path();
        let name = inner.to_string_lossy().into_owned();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder || is_policy(&name) {
            policy_files(&inner, found)?;
        }
    }
    Ok(())
}

/// Knows a policy by the end of its name, in capitals or not.
fn is_policy(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with(".forbear") || name.ends_with(".forbear.md")
}

/// Says that a file cannot be read, and why.
pub(super) fn cannot_read(path: &Path, error: &io::Error) -> Ended {
    complain(&format!("`{}` cannot be read: {}", path.display(), in_words(error)))
}

/// Says what is wrong with a file in the user's words.
pub(super) fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you have no permission".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "what should be a folder in its path is a file".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "nothing can be written to that disk".to_owned(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "there is no room left".to_owned(),
        io::ErrorKind::InvalidFilename => "no file can have this name".to_owned(),
        _ => error.to_string(),
    }
}

/// Says that a file cannot be written, and why.
pub(super) fn cannot_write(path: &Path, error: &io::Error) -> Ended {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        _ => in_words(error),
    };
    complain(&format!("`{}` cannot be written: {why}", path.display()))
}

/// Stops before judging if the policies have errors, which are shown. Warnings are shown and do not stop.
pub(super) fn require_sound(loaded: &Loaded, quiet: bool) -> Result<(), Ended> {
    require_sound_for(loaded, quiet, "judged")
}

/// Stops likewise, and says what was not done.
pub(super) fn require_sound_for(loaded: &Loaded, quiet: bool, done: &str) -> Result<(), Ended> {
    let problems: Vec<Diagnostic> =
        loaded.checked.problems.iter().filter(|problem| problem.severity() <= Severity::Warning).cloned().collect();
    let errors = loaded.checked.has_errors();
    if !problems.is_empty() && (errors || !quiet) {
        complain_raw(&human::render_all(&problems, &loaded.sources, stderr_terminal()));
    }
    if errors {
        return Err(complain(&format!("nothing was {done}: the policies have {}", human::count_words(&problems))));
    }
    if loaded.checked.set.policies.is_empty() {
        return Err(complain(&format!("nothing was {done}: these files hold no policy, only vocabularies")));
    }
    Ok(())
}

/// Gives the bounds on one record.
pub(super) fn limits(arguments: &LogArguments) -> Limits {
    Limits { record_bytes: arguments.longest_record.saturating_mul(1024 * 1024), ..Limits::default() }
}

/// Reads the clock, once a run.
#[expect(clippy::disallowed_methods, reason = "this is the edge at which the clock is read")]
pub(super) fn present() -> Timestamp {
    let now = Timestamp::now();
    // Whole seconds: a report prints the clock, and nobody reads nanoseconds.
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// Gives when the audit is made: now, or as of the instant that was asked for.
pub(super) fn clock(arguments: &LogArguments) -> Result<Clock, Ended> {
    let mut clock = match &arguments.as_of {
        None => Clock::at(present()),
        Some(text) => Clock::as_of(present(), as_of(text)?),
    };
    clock.reconstruct = arguments.reconstruct;
    if let Some(day) = &arguments.log_from {
        let day = time::parse_date(day);
        clock.log_from = Some(day.map_err(|_| complain("`--log-from` takes a day of the calendar: `2026-01-31`"))?);
    }
    Ok(clock)
}

/// Reads an instant; a day is meant to its end.
fn as_of(text: &str) -> Result<Timestamp, Ended> {
    let when = time::parse_instant(text, &TimeZone::UTC);
    let when =
        when.map_err(|_| complain("`--as-of` takes a day or an instant: `2026-01-31`, `2026-01-31T12:00:00+01:00`"))?;
    Ok(when.latest)
}

/// Refuses to judge as of an instant before the newest record, unless later records are left out.
pub(super) fn require_no_later_record(audit: &Audit<'_>) -> Result<(), Ended> {
    if audit.clock.as_of == audit.clock.present || audit.clock.reconstruct {
        return Ok(());
    }
    match audit.newest_after() {
        None => Ok(()),
        Some(newest) => Err(complain(&format!(
            "nothing was judged: the log has a record of {newest}, after the instant of `--as-of`; `--reconstruct` leaves such records out"
        ))),
    }
}

/// Ends the run if a log could not be read to its end: what was found is not the whole.
pub(super) fn require_read(sources: &Sources) -> Result<(), Ended> {
    match sources.broken() {
        None => Ok(()),
        Some((name, reason)) => Err(complain(&format!("the log `{name}` cannot be read to its end: {reason}"))),
    }
}

/// Lists the named policies, the calendars, the mappings and the logs with their digests.
pub(super) fn input_records(loaded: &Loaded, logs: &[Input]) -> Vec<InputRecord> {
    let record = |(at, (id, source)): (usize, (crate::source::SourceId, &crate::source::Source))| {
        let is_log = logs.iter().any(|log| log.id == id);
        let role = match () {
            () if is_log => "log",
            () if logs.iter().any(|log| log.mapping.as_ref().is_some_and(|mapping| mapping.source == id)) => "mapping",
            () if at < loaded.named && check::is_calendar(source.name()) => "calendar",
            () if at < loaded.named => "policy",
            () => return None,
        };
        let sha256 = digest(source).iter().map(|byte| format!("{byte:02x}")).collect();
        Some(InputRecord { name: source.name().to_owned(), role: role.to_owned(), sha256 })
    };
    loaded.sources.iter().enumerate().filter_map(record).collect()
}

/// Gives the digest of an input: of the file, where its text was made of one; read block by block where it does not lie in
/// memory.
fn digest(source: &crate::source::Source) -> [u8; 32] {
    const BLOCK: usize = 1 << 20;
    if let Some(known) = source.file_digest() {
        return known;
    }
    let (mut hasher, mut buffer) = (Sha256::new(), Vec::new());
    for start in (0..source.length()).step_by(BLOCK) {
        hasher.update(source.read(start..start + BLOCK, &mut buffer));
    }
    hasher.finalize().into()
}

/// Asks how the standard output looks.
pub(super) fn stdout_terminal() -> Terminal {
    terminal(io::stdout().is_terminal())
}

/// Asks how the standard error looks.
pub(super) fn stderr_terminal() -> Terminal {
    terminal(io::stderr().is_terminal())
}

fn terminal(is_terminal: bool) -> Terminal {
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let columns = is_terminal.then(terminal_size::terminal_size).flatten().map(|(width, _)| usize::from(width.0));
    Terminal { colour: is_terminal && !no_colour && !dumb, width: columns.unwrap_or(80).clamp(40, 100) }
}

/// Writes to the standard output.
pub(super) fn write(text: &str) -> Result<(), Ended> {
    written(io::stdout().lock().write_all(text.as_bytes()))
}

/// Says what became of writing.
pub(super) fn written(result: io::Result<()>) -> Result<(), Ended> {
    match result {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            Err(complain("the output was not written to its end: nobody reads it any more"))
        }
        Err(error) => Err(complain(&format!("the output could not be written: {error}"))),
    }
}

/// Says on the standard error why a run is unusable.
pub(super) fn complain(message: &str) -> Ended {
    remark(message);
    Ended::Unusable
}

/// Says something on the standard error, in one line.
pub(super) fn remark(message: &str) {
    complain_raw(&format!("forbear: {}\n", printable(message, usize::MAX)));
}

/// Writes to the standard error.
pub(super) fn complain_raw(text: &str) {
    // There is nowhere to say that the standard error cannot be written.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Says whether problems of at least a severity exist.
pub(super) fn any_at_least(checked: &Checked, least: Severity) -> bool {
    checked.problems.iter().any(|problem| problem.severity() <= least)
}
