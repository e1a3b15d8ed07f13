//! A log that stays in its file, and is read block by block.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use super::super::spreadsheet;
use super::{in_words, packed};
use crate::source::Stored;

/// A file that is open, and as long as it was when it was opened: what is written behind that is not read.
#[derive(Debug)]
pub(super) struct OnDisk {
    file: File,
    length: usize,
}

impl OnDisk {
    /// Opens a file; `None` for what has no length: a pipe.
    pub(super) fn open(path: &Path) -> std::io::Result<Option<Self>> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let length = usize::try_from(metadata.len()).map_err(|_| ErrorKind::OutOfMemory)?;
        Ok(metadata.is_file().then_some(Self { file, length }))
    }

    /// Says whether what lies in it has to be unpacked: what it begins with tells.
    pub(super) fn is_packed(&self) -> Result<bool, String> {
        let mut first = vec![0; self.length.min(4)];
        self.fill(0, &mut first)?;
        Ok(packed::is_packed(&first) || spreadsheet::is_one(&first))
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
