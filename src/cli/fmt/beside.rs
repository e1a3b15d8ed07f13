//! What is known of the words without quotation marks in a file that is laid out: as `check` reads them, together with what
//! lies beside the file, and with what is named in the same run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::check::{self, Checked};
use crate::diagnostic::{Severity, codes};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::BareValues;

/// Files that were checked together.
struct Together {
    sources: Sources,
    by_path: BTreeMap<PathBuf, SourceId>,
    checked: Checked,
}

/// What was checked to lay out the files of a run: each folder once.
pub(super) struct Beside {
    named: Vec<PathBuf>,
    of_run: Option<Together>,
    of_folders: BTreeMap<PathBuf, Together>,
}

impl Beside {
    pub(super) fn new(named: &[PathBuf]) -> Self {
        Self { named: named.to_vec(), of_run: None, of_folders: BTreeMap::new() }
    }

    /// Gives how the settings of a file are read; those of which it is not known are left out.
    pub(super) fn values(&mut self, path: &Path, bytes: &[u8], id: SourceId) -> BareValues {
        let folder = folder_of(path);
        let in_folder = self.of_folders.entry(folder).or_insert_with_key(|folder| Together::load(&files_of(folder)));
        let mut values = in_folder.values(path, bytes, id);
        let elsewhere = |named: &PathBuf| named.parent() != path.parent();
        if self.named.iter().any(elsewhere) {
            let of_run = self.of_run.get_or_insert_with(|| Together::load(&self.named));
            for (place, read) in of_run.values(path, bytes, id) {
                values.entry(place).or_insert(read);
            }
        }
        values
    }
}

/// Gives how the settings of a text alone are read.
pub(super) fn alone(name: &str, bytes: &[u8], id: SourceId) -> BareValues {
    let mut sources = Sources::new();
    let own = sources.add(name, bytes);
    let checked = check::load(&mut sources);
    renamed(&checked, own, id)
}

/// Gives how the settings of a text are read that stands for a file: together with what lies beside that file, which itself
/// need not be there.
pub(super) fn in_place_of(path: &Path, bytes: &[u8], id: SourceId) -> BareValues {
    let own = canonical(path);
    let mut others = files_of(&folder_of(path));
    others.retain(|other| canonical(other) != own);
    let mut sources = Sources::new();
    let own_id = sources.add(path.to_string_lossy(), bytes);
    Together::read(sources, BTreeMap::from([(own, own_id)]), &others).values(path, bytes, id)
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Gives the policies in a folder, and in the folder `vocabularies` within it.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in [folder.to_owned(), folder.join("vocabularies")] {
        // A folder that cannot be read tells nothing of the words.
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        let is_policy = |path: &PathBuf| {
            let name = path.to_string_lossy();
            name.ends_with(".forbear") || name.ends_with(".forbear.md")
        };
        files.extend(entries.filter(is_policy));
    }
    files.sort();
    files
}

impl Together {
    fn load(paths: &[PathBuf]) -> Self {
        Self::read(Sources::new(), BTreeMap::new(), paths)
    }

    /// Reads files beside those that are read already.
    fn read(mut sources: Sources, mut by_path: BTreeMap<PathBuf, SourceId>, paths: &[PathBuf]) -> Self {
        for path in paths {
            if let Ok(bytes) = std::fs::read(path) {
                by_path.insert(canonical(path), sources.add(path.to_string_lossy(), bytes));
            }
        }
        let checked = check::load(&mut sources);
        Self { sources, by_path, checked }
    }

    fn values(&self, path: &Path, bytes: &[u8], id: SourceId) -> BareValues {
        let own = self.by_path.get(&canonical(path)).filter(|own| self.sources.bytes(**own) == bytes);
        // Of two vocabularies with one name, nobody knows which is meant.
        let unclear = self
            .checked
            .problems
            .iter()
            .any(|problem| problem.severity() == Severity::Error && problem.code == codes::DUPLICATE_NAME);
        own.filter(|_| !unclear).map(|own| renamed(&self.checked, *own, id)).unwrap_or_default()
    }
}

fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Gives what was read of one source, as places of another.
fn renamed(checked: &Checked, own: SourceId, id: SourceId) -> BareValues {
    let of_own = checked.bare.iter().filter(|(place, _)| place.source == own);
    of_own.map(|(place, read)| (Span::new(id, place.start, place.end), *read)).collect()
}
