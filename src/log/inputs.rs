//! From what the command line names to inputs with their formats. This is an edge: it reads files.

mod lock_file;
pub(super) mod no_logs;
mod on_disk;
pub(super) mod packed;
mod room;
mod search;
pub(super) mod sheets;

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::format::Format;
use super::mapping::Mapping;
use super::spreadsheet::{self, Sheet};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{SourceId, Sources};
use on_disk::OnDisk;
use room::{Full, HELD, Room, Unpacked};
use search::Search;

/// One log: its bytes in [`Sources`], and how to read them.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its id in [`Sources`].
    pub id: SourceId,
    /// Its format.
    pub format: Format,
    /// What says which of its columns are which fields, if it is a foreign one.
    pub mapping: Option<Arc<Mapping>>,
}

impl Input {
    /// Makes a log that is written in the words of a vocabulary.
    pub fn new(id: SourceId, format: Format) -> Self {
        Self { id, format, mapping: None }
    }
}

/// What could be opened, by name, and what could not.
#[derive(Debug, Default, PartialEq)]
pub struct Opened {
    /// The logs, in the order of their names, whatever the order of the paths.
    pub inputs: Vec<Input>,
    /// The paths that could not be opened, in the order of their names.
    pub problems: Vec<CannotOpen>,
    /// What lies among the logs of a folder or a pattern and is none, in the order of the names.
    pub left_out: Vec<LockFile>,
    /// The files of folders that are no logs by their names, but for those that are surely something else, in the order of the
    /// names.
    pub no_logs: Vec<PathBuf>,
}

/// A file that an office program keeps beside one that is open there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockFile {
    /// The path as it was found.
    pub name: String,
}

impl LockFile {
    /// Words for people that it was left out.
    pub fn diagnostic(&self) -> Diagnostic {
        let name = super::finding::quote_path(&self.name);
        let message = format!("`{name}` is left out: an office program keeps it beside a file that is open there");
        Diagnostic::without_place(codes::LOG_LOCK_FILE, message)
            .with_help("save and close the file in that program, so that its last changes are judged too")
    }
}

/// A log that cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CannotOpen {
    /// The path as it was given, or was found in a folder.
    pub name: String,
    /// Why: one sentence, lower-case start, no full stop.
    pub reason: String,
}

impl CannotOpen {
    /// Words the problem for people.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::without_place(
            codes::LOG_CANNOT_OPEN,
            format!("the log `{}` cannot be opened: {}", super::finding::quote_path(&self.name), self.reason),
        )
        .with_help("check the path, and that you may read what it names")
    }
}

/// Opens logs: files, folders with all that lies in them, patterns (`logs/**/*.csv`), and `-` for the standard input.
///
/// A folder gives every file with a known extension, however deep, links followed once, but for what office programs keep beside
/// one. A file that is named twice, or reached in two ways, is read once. What is compressed is unpacked; its digest is still
/// that of the file.
pub fn open(paths: &[PathBuf], stdin: &mut dyn Read, sources: &mut Sources) -> Opened {
    let mut search = Search::default();
    let mut from_stdin = None;
    for path in paths {
        if path.as_os_str() == "-" {
            from_stdin.get_or_insert_with(|| take_all(stdin, HELD));
        } else {
            search.named(path);
        }
    }
    // What was named itself is read, whatever its name.
    search.no_logs.retain(|real, _| !search.files.contains_key(real));
    let mut no_logs: Vec<PathBuf> = search.no_logs.into_values().collect();
    no_logs.sort();
    let mut files: Vec<(String, Option<PathBuf>)> =
        search.files.into_values().map(|path| (name(&path), Some(path))).collect();
    files.extend(from_stdin.is_some().then(|| ("-".to_owned(), None)));
    files.sort();
    let left_out = search.left_out.into_iter().collect();
    let mut opened = Opened { inputs: Vec::new(), problems: search.problems, left_out, no_logs };
    for (name, path) in files {
        let added = match &path {
            Some(path) => add_file(&name, path, sources, &mut opened.inputs),
            None => {
                let taken = from_stdin.take().unwrap_or_else(|| Ok(Unpacked::Held(Vec::new())));
                taken.and_then(|taken| add_taken(&name, taken, sources, &mut opened.inputs))
            }
        };
        if let Err(reason) = added {
            opened.problems.push(CannotOpen { name, reason });
        }
    }
    opened.problems.sort();
    opened.problems.dedup();
    opened
}

/// Adds a file: as it lies on the disk, if it can be read at any place.
fn add_file(name: &str, path: &Path, sources: &mut Sources, inputs: &mut Vec<Input>) -> Result<(), String> {
    let format = Format::of_path(path);
    if let Some(file) = OnDisk::open(path).map_err(|error| in_words(&error))? {
        return add_on_disk(name, file, format, sources, inputs);
    }
    let bytes = std::fs::read(path).map_err(|error| in_words(&error))?;
    Content::of(bytes)?.add(name, format, sources, inputs);
    Ok(())
}

/// Adds what came from the standard input.
fn add_taken(name: &str, taken: Unpacked, sources: &mut Sources, inputs: &mut Vec<Input>) -> Result<(), String> {
    match taken {
        Unpacked::Held(bytes) => {
            Content::of(bytes)?.add(name, None, sources, inputs);
            Ok(())
        }
        Unpacked::OnDisk(file) => add_on_disk(name, file, None, sources, inputs),
    }
}

/// Adds what lies on the disk. It stays there, and is read block by block if it can be cut, or so does what it unpacks to; a
/// spreadsheet is read whole.
fn add_on_disk(
    name: &str,
    file: OnDisk,
    format: Option<Format>,
    sources: &mut Sources,
    inputs: &mut Vec<Input>,
) -> Result<(), String> {
    let first = file.first(SIGNATURE)?;
    if packed::is_packed(&first) {
        return match file.unpack(HELD, &tempfile::tempfile)? {
            (Unpacked::Held(text), digest) => {
                Content::of_text(text, Some(digest))?.add(name, format, sources, inputs);
                Ok(())
            }
            (Unpacked::OnDisk(file), digest) => add_unpacked(name, file, digest, format, sources, inputs),
        };
    }
    if spreadsheet::is_one(&first) {
        Content::of_text(file.first(usize::MAX)?, None)?.add(name, format, sources, inputs);
        return Ok(());
    }
    add_stored(name, file, format, sources, inputs)?;
    Ok(())
}

/// Adds a text that lies on the disk.
fn add_stored(
    name: &str,
    file: OnDisk,
    format: Option<Format>,
    sources: &mut Sources,
    inputs: &mut Vec<Input>,
) -> Result<SourceId, String> {
    let format = format.map_or_else(|| file.first(Format::LOOK).map(|first| Format::of_content(&first)), Ok)?;
    let id = sources.add_stored(name, Box::new(file));
    inputs.push(Input::new(id, format));
    Ok(id)
}

/// Adds what was unpacked into a file, with the digest of what it was unpacked out of.
fn add_unpacked(
    name: &str,
    file: OnDisk,
    digest: [u8; 32],
    format: Option<Format>,
    sources: &mut Sources,
    inputs: &mut Vec<Input>,
) -> Result<(), String> {
    if packed::is_packed(&file.first(SIGNATURE)?) {
        return Err(TWICE.to_owned());
    }
    let id = add_stored(name, file, format, sources, inputs)?;
    sources.set_file_digest(id, digest);
    Ok(())
}

/// How much of a file tells whether it is something else than a text.
const SIGNATURE: usize = 4;

const TWICE: &str = "it is compressed twice; unpack it first";

/// What lies in a file, and the digest of the file where that is not the text itself.
struct Content {
    texts: Texts,
    of_file: Option<[u8; 32]>,
}

enum Texts {
    One(Vec<u8>),
    Sheets(Vec<Sheet>),
}

impl Content {
    /// Unpacks what is compressed.
    fn of(bytes: Vec<u8>) -> Result<Self, String> {
        let (text, of_file) = match packed::unpack(&bytes) {
            Some(text) => (text?, Some(Sha256::digest(&bytes).into())),
            None => (bytes, None),
        };
        Self::of_text(text, of_file)
    }

    /// Makes tables of a spreadsheet, and refuses what is no text; with the digest of the file that it was unpacked out of.
    fn of_text(text: Vec<u8>, of_file: Option<[u8; 32]>) -> Result<Self, String> {
        if packed::is_packed(&text) {
            return Err(TWICE.to_owned());
        }
        let Some(sheets) = spreadsheet::read(&text, packed::most(text.len())) else {
            return Ok(Self { texts: Texts::One(text), of_file });
        };
        let sheets = sheets?;
        if sheets.is_empty() {
            return Err("it is a spreadsheet in which nothing is written".to_owned());
        }
        let of_file = of_file.unwrap_or_else(|| Sha256::digest(&text).into());
        Ok(Self { texts: Texts::Sheets(sheets), of_file: Some(of_file) })
    }

    fn add(self, name: &str, format: Option<Format>, sources: &mut Sources, inputs: &mut Vec<Input>) {
        let mut added = Vec::new();
        match self.texts {
            Texts::One(text) => {
                let format = format.unwrap_or_else(|| Format::of_content(&text));
                added.push(Input::new(sources.add_protected(name, text), format));
            }
            Texts::Sheets(sheets) => {
                for sheet in sheets {
                    let id = sources.add_protected(name, sheet.text);
                    sources.set_grid(id, sheet.grid);
                    added.push(Input::new(id, Format::Csv));
                }
            }
        }
        if let Some(sha256) = self.of_file {
            added.iter().for_each(|input| sources.set_file_digest(input.id, sha256));
        }
        inputs.extend(added);
    }
}

/// Takes all that comes: what is more than may be held goes into a file without a name.
fn take_all(stdin: &mut dyn Read, held: usize) -> Result<Unpacked, String> {
    let mut room = Room::on_disk(usize::MAX, held, &tempfile::tempfile);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = match stdin.read(&mut buffer) {
            Ok(0) => return Ok(room.close()),
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(in_words(&error)),
        };
        room.take(buffer.get(..length).unwrap_or_default()).map_err(|full| match full {
            Full::Disk(why) => why,
            Full::Bound => in_words(&ErrorKind::OutOfMemory.into()),
        })?;
    }
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Words an error of the operating system; its own words differ between systems.
fn in_words(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "the right to read it is missing".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::OutOfMemory => "it is too large for the memory of this machine".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}
