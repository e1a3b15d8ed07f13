//! Where a command writes what was asked for: the standard output, or a file that is there whole or not at all.
//!
//! Takes a path, or none for the standard output, and what writes; a file is written beside its place under another name, and
//! takes its name when everything is in it. What a link points at is replaced, not the link. Pipes and devices cannot be
//! replaced, and are written as they are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::Ended;
use super::common::{cannot_write, complain, written};

/// Lets `write` write to a file that then is there whole or, where writing fails, as it was; without a path, to the standard
/// output. Gives what `write` gives. An error is said, with the place.
pub(super) fn deliver<T>(path: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> Result<T, Ended> {
    let Some(path) = path else {
        let mut out = BufWriter::new(io::stdout().lock());
        let result = write(&mut out).and_then(|result| out.flush().map(|()| result));
        return result.map_err(|error| match NoReport::said(&error) {
            Some(why) => complain(why),
            None => written(Err(error)).err().unwrap_or(Ended::Unusable),
        });
    };
    to_file(path, write).map_err(|error| match NoReport::said(&error) {
        Some(why) => complain(&format!("{why}; `{}` was not written", path.display())),
        None => cannot_write(path, &error),
    })
}

/// Why nothing was written, though it could be: one sentence, lower-case start, no full stop.
#[derive(Debug)]
pub(super) struct NoReport(pub(super) String);

impl NoReport {
    fn said(error: &io::Error) -> Option<&str> {
        error.get_ref()?.downcast_ref().map(|Self(why)| why.as_str())
    }
}

impl std::fmt::Display for NoReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoReport {}

impl From<NoReport> for io::Error {
    fn from(why: NoReport) -> Self {
        Self::other(why)
    }
}

fn to_file<T>(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let known = fs::metadata(&target).ok();
    if known.as_ref().is_some_and(fs::Metadata::is_dir) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        return filled(OpenOptions::new().write(true).open(&target)?, write).map(|(result, _)| result);
    }
    let permissions = known.map(|known| known.permissions());
    if permissions.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let beside = Beside::new(&target)?;
    let (result, file) = filled(beside.open()?, write)?;
    if let Some(permissions) = permissions {
        file.set_permissions(permissions)?;
    }
    file.sync_all()?;
    fs::rename(&beside.0, &target)?;
    Ok(result)
}

fn filled<T>(file: File, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<(T, File)> {
    let mut out = BufWriter::new(file);
    let result = write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok((result, file))
}

/// A name beside a file, which nothing has when this is gone.
struct Beside(PathBuf);

impl Beside {
    fn new(target: &Path) -> io::Result<Self> {
        let name = target.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_string_lossy();
        Ok(Self(target.with_file_name(format!(".{name}.{}.tmp", std::process::id()))))
    }

    fn open(&self) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(&self.0)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // It has taken the name that it was meant for, or was never made, or an error is told already.
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("forbear-output-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_file_is_there_whole_or_as_it_was() {
        let folder = folder("whole");
        let path = folder.join("report.json");
        let given = to_file(&path, |out| out.write_all(b"whole").map(|()| 7)).unwrap();
        assert_eq!((given, fs::read(&path).unwrap().as_slice()), (7, b"whole".as_slice()));
        let broken = to_file(&path, |out| {
            out.write_all(&[b'x'; 100_000])?;
            Err::<(), _>(io::ErrorKind::StorageFull.into())
        });
        assert_eq!(broken.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(names(&folder), ["report.json"], "nothing is left beside it");
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_what_it_points_at_is_replaced() {
        let folder = folder("link");
        fs::write(folder.join("real"), "old").unwrap();
        std::os::unix::fs::symlink(folder.join("real"), folder.join("link")).unwrap();
        to_file(&folder.join("link"), |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(folder.join("real")).unwrap(), b"new");
        assert!(fs::symlink_metadata(folder.join("link")).unwrap().is_symlink());
        fs::remove_dir_all(folder).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_is_written_as_it_is_and_a_full_one_is_told() {
        to_file(Path::new("/dev/null"), |out| out.write_all(b"gone")).unwrap();
        let full = to_file(Path::new("/dev/full"), |out| out.write_all(b"no room"));
        assert_eq!(full.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
