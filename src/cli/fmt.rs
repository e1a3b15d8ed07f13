//! `forbear fmt`: one layout for policies and vocabularies.

mod beside;

use std::collections::BTreeSet;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::report::human;
use crate::source::Sources;
use crate::syntax::{self, Formatted};

use beside::Beside;

use super::Ended;
use super::arguments::FmtArguments;
use super::common::{cannot_read, cannot_write, complain, complain_raw, policy_files, stderr_terminal, write};

/// Runs the command.
pub(super) fn run(arguments: &FmtArguments) -> Ended {
    match all(arguments) {
        Ok(ended) | Err(ended) => ended,
    }
}

fn all(arguments: &FmtArguments) -> Result<Ended, Ended> {
    if arguments.stdin_filename.is_some() && !arguments.files.iter().any(|path| is_standard(path)) {
        return Err(complain(
            "`--stdin-filename` says what the standard input is called, and `-` is not among the files",
        ));
    }
    let mut paths = Vec::new();
    for path in &arguments.files {
        if is_standard(path) { paths.push(path.clone()) } else { policy_files(path, &mut paths)? }
    }
    paths.sort();
    // A file that is named in two ways is one file.
    let mut known = BTreeSet::new();
    paths.retain(|path| known.insert(path.canonicalize().unwrap_or_else(|_| path.clone())));
    if paths.is_empty() {
        return Err(complain("no policy was found: files end in `.forbear` or `.forbear.md`"));
    }
    let mut worst = Ended::Clean;
    let mut beside = Beside::new(&paths);
    for path in &paths {
        // One file that cannot be used leaves the others to be laid out.
        worst = worse(worst, one(arguments, path, &mut beside).unwrap_or_else(|ended| ended));
    }
    Ok(worst)
}

fn worse(one: Ended, other: Ended) -> Ended {
    match (one, other) {
        (Ended::Unusable, _) | (_, Ended::Unusable) => Ended::Unusable,
        (Ended::Findings, _) | (_, Ended::Findings) => Ended::Findings,
        (Ended::Clean, Ended::Clean) => Ended::Clean,
    }
}

fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn one(arguments: &FmtArguments, path: &Path, beside: &mut Beside) -> Result<Ended, Ended> {
    let mut sources = Sources::new();
    let bytes = read(path)?;
    let stands_for = arguments.stdin_filename.as_deref().filter(|_| is_standard(path));
    let name = stands_for.unwrap_or(path);
    let source = sources.add(name.to_string_lossy(), bytes);
    let before = sources.bytes(source);
    let bare = match stands_for {
        Some(name) => beside::in_place_of(name, before, source),
        None if is_standard(path) => beside::alone(sources.name(source), before, source),
        None => beside.values(path, before, source),
    };
    let laid_out = match syntax::format(&sources, source, &bare) {
        Ok(laid_out) => laid_out,
        Err(problem) => {
            complain_raw(&human::render(&problem, &sources, stderr_terminal()));
            return Err(complain(&format!("`{}` was left as it is", name.display())));
        }
    };
    tell_kept(&laid_out, &sources);
    let changes = laid_out.text.as_bytes() != before;
    if arguments.diff && changes {
        write(&difference(name, &String::from_utf8_lossy(before), &laid_out.text))?;
    }
    if arguments.check || arguments.diff {
        if changes && arguments.check {
            complain_raw(&format!("`{}` would be laid out anew\n", name.display()));
        }
        return Ok(if changes || !laid_out.kept.is_empty() { Ended::Findings } else { Ended::Clean });
    }
    if is_standard(path) {
        write(&laid_out.text)?;
    } else if changes {
        replace(path, &laid_out.text).map_err(|error| cannot_write(path, &error))?;
    }
    Ok(if laid_out.kept.is_empty() { Ended::Clean } else { Ended::Findings })
}

fn read(path: &Path) -> Result<Vec<u8>, Ended> {
    let mut bytes = Vec::new();
    let read = if is_standard(path) {
        io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|read| bytes = read)
    };
    read.map_err(|error| cannot_read(path, &error)).map(|()| bytes)
}

/// Says which declarations were left as they are.
fn tell_kept(laid_out: &Formatted, sources: &Sources) {
    for kept in &laid_out.kept {
        let line = sources.line_column(*kept).line;
        let text = sources.text(*kept);
        let first = text.lines().next().unwrap_or("");
        complain(&format!(
            "{}:{line}: `{}` was left as it is, since it has errors, which `forbear check` shows",
            sources.name(kept.source),
            first.split('"').next().unwrap_or(first).trim()
        ));
    }
}

fn difference(path: &Path, before: &str, after: &str) -> String {
    let name = path.display();
    TextDiff::from_lines(before, after)
        .unified_diff()
        .header(&format!("{name}"), &format!("{name} (laid out)"))
        .to_string()
}

/// Writes beside the file and takes its place, so that no half of a policy is ever there. What a link points at is
/// replaced, not the link.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let target = path.canonicalize()?;
    let beside = beside(&target);
    let written = write_new(&beside, &target, text).and_then(|()| std::fs::rename(&beside, &target));
    if written.is_err() {
        // The error is told; what is left beside the file may be gone already.
        let _ = std::fs::remove_file(&beside);
    }
    written
}

fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

fn write_new(beside: &Path, target: &Path, text: &str) -> io::Result<()> {
    let permissions = std::fs::metadata(target)?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(beside)?;
    file.write_all(text.as_bytes())?;
    file.set_permissions(permissions)?;
    file.sync_all()
}
