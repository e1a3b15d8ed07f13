//! Where what is unpacked goes: into memory, and from some size on into a file without a name, which goes with the process.

use std::fs::File;
use std::io::{ErrorKind, Write};

use super::super::spreadsheet;
use super::in_words;
use super::on_disk::OnDisk;

/// So much is held in memory.
pub(super) const HELD: usize = 16 * 1024 * 1024;

/// Makes a file for what is more.
pub(super) type MakeFile<'m> = &'m dyn Fn() -> std::io::Result<File>;

/// Takes what is unpacked, up to a bound.
pub(super) struct Room<'m> {
    most: usize,
    length: usize,
    held: Vec<u8>,
    /// How much is held before a file is made, if one may be.
    spills: Option<(usize, MakeFile<'m>)>,
    file: Option<File>,
}

/// What was unpacked.
#[derive(Debug)]
pub(super) enum Unpacked {
    /// In memory.
    Held(Vec<u8>),
    /// In a file without a name.
    OnDisk(OnDisk),
}

/// Why nothing more is taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// There is more than may be.
    Bound,
    /// It cannot be written, in the user's words.
    Disk(String),
}

impl<'m> Room<'m> {
    /// Makes room in memory.
    pub(super) fn in_memory(most: usize) -> Self {
        Self { most, length: 0, held: Vec::new(), spills: None, file: None }
    }

    /// Makes room in memory for so much; what is more goes into a file as a whole, but for a spreadsheet, which is read from memory.
    pub(super) fn on_disk(most: usize, held: usize, make: MakeFile<'m>) -> Self {
        Self { spills: Some((held, make)), ..Self::in_memory(most) }
    }

    /// Gives the most that it takes.
    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// Takes some bytes more.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Full> {
        self.length = self.length.saturating_add(bytes.len());
        if self.length > self.most {
            return Err(Full::Bound);
        }
        if let Some(file) = &mut self.file {
            return file.write_all(bytes).map_err(|error| no_room(&error));
        }
        self.held.extend_from_slice(bytes);
        let spills = self.spills.filter(|(held, _)| self.length > *held && !spreadsheet::is_one(&self.held));
        if let Some((_, make)) = spills {
            let mut file = make().map_err(|error| no_room(&error))?;
            file.write_all(&self.held).map_err(|error| no_room(&error))?;
            self.held = Vec::new();
            self.file = Some(file);
        }
        Ok(())
    }

    /// Gives what is in memory.
    pub(super) fn into_held(self) -> Vec<u8> {
        self.held
    }

    /// Gives what was taken.
    pub(super) fn close(self) -> Unpacked {
        match self.file {
            None => Unpacked::Held(self.held),
            Some(file) => Unpacked::OnDisk(OnDisk::of(file, self.length)),
        }
    }
}

/// Says that there is no room for a file that lies nowhere in particular.
fn no_room(error: &std::io::Error) -> Full {
    let why = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "there is no room left".to_owned()
        }
        _ => in_words(error),
    };
    Full::Disk(format!(
        "more of it is to be read than is held in memory, unpacked if it is compressed, and a temporary file for that cannot be \
         written ({why}): name a folder that has room for it in `TMPDIR`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Stored;

    fn taken(mut room: Room<'_>, pieces: &[&[u8]]) -> Result<Unpacked, Full> {
        pieces.iter().try_for_each(|piece| room.take(piece)).map(|()| room.close())
    }

    #[test]
    fn what_is_more_than_may_be_held_lies_in_a_file() {
        let make: MakeFile<'_> = &tempfile::tempfile;
        for (pieces, is_held) in [
            (vec![&b"0123"[..], b"4567"], true),
            (vec![b"0123", b"45678"], false),
            (vec![b"012345678", b"", b"9"], false),
            (vec![b"PK\x03\x04", b"a spreadsheet"], true),
        ] {
            let unpacked = taken(Room::on_disk(100, 8, make), &pieces).unwrap();
            let text = match unpacked {
                Unpacked::Held(text) => {
                    assert!(is_held, "{pieces:?}");
                    text
                }
                Unpacked::OnDisk(disk) => {
                    assert!(!is_held, "{pieces:?}");
                    let mut text = vec![0; disk.length()];
                    disk.fill(0, &mut text).unwrap();
                    text
                }
            };
            assert_eq!(text, pieces.concat());
        }
    }

    #[test]
    fn the_bound_holds_in_a_file_too() {
        let make: MakeFile<'_> = &tempfile::tempfile;
        assert!(taken(Room::on_disk(12, 8, make), &[b"0123456789", b"01"]).is_ok());
        let full = taken(Room::on_disk(12, 8, make), &[b"0123456789", b"012"]);
        assert_eq!(full.unwrap_err(), Full::Bound);
    }

    #[test]
    fn a_full_disk_and_a_folder_that_is_not_there_are_said() {
        let nowhere: MakeFile<'_> = &|| Err(ErrorKind::NotFound.into());
        let Err(Full::Disk(reason)) = taken(Room::on_disk(100, 8, nowhere), &[b"0123456789"]) else { panic!() };
        assert!(reason.contains("(there is no such file or folder)") && reason.contains("`TMPDIR`"), "{reason}");
        if cfg!(target_os = "linux") {
            let full: MakeFile<'_> = &|| File::options().write(true).open("/dev/full");
            let Err(Full::Disk(reason)) = taken(Room::on_disk(100, 8, full), &[b"0123456789"]) else { panic!() };
            assert!(reason.contains("(there is no room left)"), "{reason}");
        }
    }
}
