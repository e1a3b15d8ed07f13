//! From what the command line names to inputs with their formats. This is an edge: it reads files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::format::Format;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{SourceId, Sources, Stored};

/// One log: its bytes in [`Sources`], and how to read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// Its id in [`Sources`].
    pub id: SourceId,
    /// Its format.
    pub format: Format,
}

/// What could be opened, by name, and what could not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The logs, in the order of their names, whatever the order of the paths.
    pub inputs: Vec<Input>,
    /// The paths that could not be opened, in the order of their names.
    pub problems: Vec<CannotOpen>,
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
        Diagnostic {
            code: codes::LOG_CANNOT_OPEN,
            message: format!("the log `{}` cannot be opened: {}", super::finding::quote_path(&self.name), self.reason),
            labels: Vec::new(),
            help: Some("check the path, and that you may read what it names".to_owned()),
        }
    }
}

/// Opens logs: files, folders with all that lies in them, and `-` for the standard input.
///
/// A folder gives every file with a known extension, however deep, links followed once. A file that is named twice, or
/// reached in two ways, is read once.
pub fn open(paths: &[PathBuf], stdin: &mut dyn Read, sources: &mut Sources) -> Opened {
    let mut search = Search::default();
    let mut from_stdin = None;
    for path in paths {
        if path.as_os_str() == "-" {
            from_stdin.get_or_insert_with(|| read_all(stdin));
        } else {
            search.named(path);
        }
    }
    let mut files: Vec<(String, Option<PathBuf>)> =
        search.files.into_values().map(|path| (name(&path), Some(path))).collect();
    files.extend(from_stdin.is_some().then(|| ("-".to_owned(), None)));
    files.sort();
    let mut opened = Opened { inputs: Vec::new(), problems: search.problems };
    for (name, path) in files {
        let added = match &path {
            Some(path) => add_file(&name, path, sources),
            None => {
                from_stdin.take().unwrap_or_else(|| Ok(Vec::new())).and_then(|bytes| add(&name, None, bytes, sources))
            }
        };
        match added {
            Ok(input) => opened.inputs.push(input),
            Err(reason) => opened.problems.push(CannotOpen { name, reason }),
        }
    }
    opened.problems.sort();
    opened.problems.dedup();
    opened
}

/// Adds a file. One that has lines stays where it is, and is read block by block; another is read whole.
fn add_file(name: &str, path: &Path, sources: &mut Sources) -> Result<Input, String> {
    let format = Format::of_path(path);
    if let Some(format @ (Format::Jsonl | Format::Csv)) = format
        && let Some(file) = OnDisk::open(path).map_err(|error| in_words(&error))?
    {
        let mut first = vec![0; file.length.min(4)];
        file.fill(0, &mut first)?;
        refuse_packed(&first)?;
        return Ok(Input { id: sources.add_stored(name, Box::new(file)), format });
    }
    let bytes = std::fs::read(path).map_err(|error| in_words(&error))?;
    add(name, format, bytes, sources)
}

fn add(name: &str, format: Option<Format>, bytes: Vec<u8>, sources: &mut Sources) -> Result<Input, String> {
    refuse_packed(&bytes)?;
    let format = format.unwrap_or_else(|| Format::of_content(&bytes));
    Ok(Input { id: sources.add_protected(name, bytes), format })
}

/// A file that is open, and as long as it was when it was opened: what is written behind that is not read.
#[derive(Debug)]
struct OnDisk {
    file: File,
    length: usize,
}

impl OnDisk {
    /// Opens a file; `None` for what has no length: a pipe.
    fn open(path: &Path) -> std::io::Result<Option<Self>> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let length = usize::try_from(metadata.len()).map_err(|_| ErrorKind::OutOfMemory)?;
        Ok(metadata.is_file().then_some(Self { file, length }))
    }

    #[cfg(unix)]
    fn read_at(&self, offset: u64, room: &mut [u8]) -> std::io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, room, offset)
    }

    /// Elsewhere a handle has one place in its file, so that each read has one of its own.
    #[cfg(not(unix))]
    fn read_at(&self, offset: u64, room: &mut [u8]) -> std::io::Result<()> {
        use std::io::{Seek, SeekFrom};
        static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(room)
    }
}

impl Stored for OnDisk {
    fn length(&self) -> usize {
        self.length
    }

    fn fill(&self, offset: usize, room: &mut [u8]) -> Result<(), String> {
        self.read_at(offset as u64, room).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => "it became shorter while it was read".to_owned(),
            _ => in_words(&error),
        })
    }
}

/// Refuses what is compressed or an office document: its bytes are no text.
fn refuse_packed(bytes: &[u8]) -> Result<(), String> {
    let packed = match bytes {
        [0x1F, 0x8B, ..] | [0x28, 0xB5, 0x2F, 0xFD, ..] => {
            "it is compressed, which is not yet supported; unpack it first"
        }
        [b'P', b'K', 0x03, 0x04, ..] => "it is a spreadsheet or an archive, which is not yet supported; save it as CSV",
        _ => return Ok(()),
    };
    Err(packed.to_owned())
}

fn read_all(stdin: &mut dyn Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    stdin.read_to_end(&mut bytes).map(|_| bytes).map_err(|error| in_words(&error))
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The files to read, by where they really lie, each under the least of its names.
#[derive(Default)]
struct Search {
    files: BTreeMap<PathBuf, PathBuf>,
    problems: Vec<CannotOpen>,
}

impl Search {
    fn named(&mut self, path: &Path) {
        let metadata = match std::fs::metadata(path) {
            Ok(metadata) => metadata,
            Err(error) => return self.refuse(path, in_words(&error)),
        };
        if !metadata.is_dir() {
            return self.file(path);
        }
        let mut inside = Vec::new();
        // Each named folder is walked by itself, so that the names of its files do not depend on the other paths.
        self.folder(path, &mut BTreeSet::new(), &mut inside);
        if inside.is_empty() {
            let known = Format::EXTENSIONS.map(|extension| format!(".{extension}")).join(", ");
            self.refuse(path, format!("the folder has no file that ends in one of {known}"));
        }
        for file in inside {
            self.file(&file);
        }
    }

    /// Gathers the logs in a folder; `walked` keeps a link to a folder around it from being followed for ever.
    fn folder(&mut self, folder: &Path, walked: &mut BTreeSet<PathBuf>, found: &mut Vec<PathBuf>) {
        let entries =
            folder.canonicalize().and_then(|real| walked.insert(real).then(|| std::fs::read_dir(folder)).transpose());
        let entries = match entries {
            Ok(Some(entries)) => entries,
            Ok(None) => return,
            Err(error) => return self.refuse(folder, in_words(&error)),
        };
        let (readable, broken): (Vec<_>, Vec<_>) = entries.partition(Result::is_ok);
        for error in broken.into_iter().filter_map(Result::err) {
            self.refuse(folder, in_words(&error));
        }
        let mut paths: Vec<PathBuf> = readable.into_iter().flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.folder(&path, walked, found);
            } else if Format::of_path(&path).is_some() {
                found.push(path);
            }
        }
    }

    fn file(&mut self, path: &Path) {
        // A pipe lies nowhere else than under its name; whether there is something to read, reading tells.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let known = self.files.entry(real).or_insert_with(|| path.to_owned());
        if path < known.as_path() {
            path.clone_into(known);
        }
    }

    fn refuse(&mut self, path: &Path, reason: String) {
        self.problems.push(CannotOpen { name: name(path), reason });
    }
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
