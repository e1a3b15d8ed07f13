//! A log that stays in its file, and is read block by block; or one that is unpacked out of it.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::room::{MakeFile, Room, Unpacked};
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

    /// Makes one of a file of this length.
    pub(super) fn of(file: File, length: usize) -> Self {
        Self { file, length }
    }

    /// Gives so many of the bytes that it begins with, or all if it has fewer.
    pub(super) fn first(&self, most: usize) -> Result<Vec<u8>, String> {
        let mut first = vec![0; self.length.min(most)];
        self.fill(0, &mut first)?;
        Ok(first)
    }

    /// Unpacks what lies in it; gives besides the digest of what was read. What is more than so much goes into a file.
    pub(super) fn unpack(&self, held: usize, make: MakeFile<'_>) -> Result<(Unpacked, [u8; 32]), String> {
        self.unpack_into(Room::on_disk(packed::most(self.length), held, make))
    }

    fn unpack_into(&self, mut room: Room<'_>) -> Result<(Unpacked, [u8; 32]), String> {
        let mut reading = Reading { disk: self, at: 0, digest: Sha256::new(), failed: None };
        let mut from = BufReader::with_capacity(1 << 16, &mut reading);
        let unpacked = packed::unpack_into(&mut from, &mut room);
        match reading.failed {
            Some(reason) => Err(reason),
            None => unpacked.map(|()| (room.close(), reading.digest.finalize().into())),
        }
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

/// Reads a file from its beginning to its end, and works out its digest.
struct Reading<'f> {
    disk: &'f OnDisk,
    at: usize,
    digest: Sha256,
    /// Why it could not be read.
    failed: Option<String>,
}

impl Read for Reading<'_> {
    fn read(&mut self, room: &mut [u8]) -> std::io::Result<usize> {
        let length = room.len().min(self.disk.length - self.at);
        let Some(room) = room.get_mut(..length) else { return Ok(0) };
        if let Err(reason) = self.disk.fill(self.at, room) {
            self.failed = Some(reason);
            return Err(ErrorKind::Other.into());
        }
        self.digest.update(&room);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::super::room::HELD;
    use super::*;
    use std::io::{Seek, SeekFrom, Write};

    fn on_disk(bytes: &[u8]) -> OnDisk {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        OnDisk::of(file, bytes.len())
    }

    fn packed_in_both_ways(text: &[u8]) -> [Vec<u8>; 2] {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        let zstd = ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest);
        [encoder.finish().unwrap(), zstd]
    }

    /// Text that does not shrink to nothing.
    fn text(length: usize) -> Vec<u8> {
        (0..length as u32).map(|at| b'a' + (at.wrapping_mul(2_654_435_761) >> 27) as u8 % 26).collect()
    }

    fn unpacked(packed: &[u8], held: usize) -> Result<(Vec<u8>, bool), String> {
        let (unpacked, digest) = on_disk(packed).unpack(held, &tempfile::tempfile)?;
        assert_eq!(digest, <[u8; 32]>::from(Sha256::digest(packed)));
        Ok(match unpacked {
            Unpacked::Held(text) => (text, true),
            Unpacked::OnDisk(disk) => {
                let mut text = vec![0; disk.length()];
                disk.fill(0, &mut text)?;
                (text, false)
            }
        })
    }

    #[test]
    fn what_is_unpacked_out_of_a_file_is_what_is_unpacked_in_memory() {
        let text = text(300_000);
        for packed in packed_in_both_ways(&text) {
            let twice = [packed.as_slice(), &packed].concat();
            assert!(unpacked(&packed, HELD) == Ok((text.clone(), true)));
            assert!(unpacked(&packed, 299_999) == Ok((text.clone(), false)));
            assert!(unpacked(&twice, 300_000) == Ok(([text.as_slice(), &text].concat(), false)));
            // Whatever is wrong with it is said in the same words, and nothing is given.
            let mut problems = std::collections::BTreeSet::new();
            for at in (0..packed.len()).step_by(9_973).chain(packed.len() - 9..packed.len()) {
                let mut changed = packed.clone();
                changed[at] ^= 0x41;
                for bytes in [&packed[..at], &changed] {
                    let Some(wanted) = packed::unpack(bytes) else { continue };
                    let found = unpacked(bytes, 1_000).map(|(text, _)| text);
                    assert!(found == wanted, "{at} of {}: {:?} {:?}", packed.len(), found.err(), wanted.err());
                    problems.extend(wanted.err());
                }
            }
            assert!(problems.len() > 1, "{problems:?}");
        }
    }

    #[test]
    fn a_bomb_stops_at_the_bound_on_disk_too() {
        const MOST: usize = 1 << 20;
        for (length, stops) in [(MOST, false), (MOST + 1, true)] {
            for packed in packed_in_both_ways(&vec![b'x'; length]) {
                let unpacked = on_disk(&packed).unpack_into(Room::on_disk(MOST, 1_000, &tempfile::tempfile));
                let told = unpacked.map(|_| String::new()).unwrap_or_else(|told| told);
                assert_eq!(told.starts_with("it unpacks to more than 1 MiB"), stops, "{told}");
            }
        }
    }

    #[test]
    fn a_file_that_becomes_shorter_while_it_is_unpacked_is_said() {
        let [packed, _] = packed_in_both_ways(&text(300_000));
        let mut disk = on_disk(&packed);
        disk.file.seek(SeekFrom::Start(0)).unwrap();
        disk.file.set_len(packed.len() as u64 - 4).unwrap();
        let mut told = |length: usize| {
            disk.length = length;
            disk.unpack(HELD, &tempfile::tempfile).map(|_| ()).unwrap_err()
        };
        assert_eq!(told(packed.len()), "it became shorter while it was read");
        assert!(told(packed.len() - 4).contains("was cut off"));
    }
}
