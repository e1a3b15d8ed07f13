//! Which files the paths of a command line name: files, folders with all that lies in them, and patterns.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::lock_file::kept_beside;
use super::{CannotOpen, LockFile, in_words, name, no_logs};
use crate::log::finding::quote_path;
use crate::log::format::Format;

/// The files to read, by where they really lie, each under the least of its names.
#[derive(Default)]
pub(super) struct Search {
    pub(super) files: BTreeMap<PathBuf, PathBuf>,
    pub(super) problems: Vec<CannotOpen>,
    pub(super) left_out: BTreeSet<LockFile>,
    /// The files of folders that are no logs by their names, by where they really lie.
    pub(super) no_logs: BTreeMap<PathBuf, PathBuf>,
}

impl Search {
    pub(super) fn named(&mut self, path: &Path) {
        let metadata = match std::fs::metadata(path) {
            Ok(metadata) => metadata,
            // A shell that found no such file, or none that knows `**`, leaves the pattern to us.
            Err(error) => match path.to_str().filter(|text| text.contains(['*', '?', '['])) {
                Some(pattern) => return self.pattern(path, pattern),
                None => return self.refuse(path, in_words(&error)),
            },
        };
        if !metadata.is_dir() {
            return match kept_beside(path) {
                None => self.file(path),
                Some(beside) => self.refuse(path, no_log(beside)),
            };
        }
        if self.inside(path) == 0 {
            let known = Format::EXTENSIONS.map(|extension| format!(".{extension}")).join(", ");
            self.refuse(path, format!("the folder has no file that ends in one of {known}"));
        }
    }

    /// Takes up the logs in a folder and its folders, and gives how many they are.
    fn inside(&mut self, folder: &Path) -> usize {
        let mut found = Vec::new();
        // Each named folder is walked by itself, so that the names of its files do not depend on the other paths.
        self.folder(folder, &mut BTreeSet::new(), &mut found);
        let (logs, others): (Vec<&PathBuf>, Vec<&PathBuf>) =
            found.iter().partition(|file| Format::of_path(file).is_some());
        logs.iter().for_each(|file| take_up(file, &mut self.files));
        let is_known = |file: &Path| no_logs::is_known(file.strip_prefix(folder).unwrap_or(file));
        others.iter().filter(|file| !is_known(file)).for_each(|file| take_up(file, &mut self.no_logs));
        logs.len()
    }

    /// Takes up what a pattern names, as if each had been named: `logs/**/*.csv`.
    fn pattern(&mut self, path: &Path, pattern: &str) {
        let paths = match glob::glob(pattern) {
            Ok(paths) => paths,
            Err(error) => return self.refuse(path, format!("the pattern is not understood: {}", error.msg)),
        };
        let mut found = 0;
        let left_out = self.left_out.len();
        for path in paths {
            match path {
                Ok(path) if path.is_dir() => found += self.inside(&path),
                Ok(path) if self.leaves_out(&path) => {}
                Ok(path) => {
                    found += 1;
                    self.file(&path);
                }
                Err(error) => self.refuse(error.path(), in_words(error.error())),
            }
        }
        if found == 0 {
            let what = if self.left_out.len() > left_out { "log" } else { "file" };
            self.refuse(path, format!("no {what} has a name like this pattern"));
        }
    }

    /// Gathers the files in a folder; `walked` keeps a link to a folder around it from being followed for ever.
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
            } else if !self.leaves_out(&path) {
                found.push(path);
            }
        }
    }

    /// Leaves out, and notes, what an office program keeps beside a log.
    fn leaves_out(&mut self, path: &Path) -> bool {
        let is_lock_file = kept_beside(path).is_some();
        if is_lock_file {
            self.left_out.insert(LockFile { name: name(path) });
        }
        is_lock_file
    }

    fn file(&mut self, path: &Path) {
        take_up(path, &mut self.files);
    }

    fn refuse(&mut self, path: &Path, reason: String) {
        self.problems.push(CannotOpen { name: name(path), reason });
    }
}

/// Takes up a file, under the least of its names.
fn take_up(path: &Path, files: &mut BTreeMap<PathBuf, PathBuf>) {
    // A pipe lies nowhere else than under its name; whether there is something to read, reading tells.
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let known = files.entry(real).or_insert_with(|| path.to_owned());
    if path < known.as_path() {
        path.clone_into(known);
    }
}

/// Says why a file that was named is no log.
fn no_log(beside: &str) -> String {
    let beside = quote_path(beside);
    format!("an office program keeps it beside `{beside}` while that is open there, and no log is in it")
}
