//! Compressed inputs: gzip and zstd, told by their content.
//!
//! What is packed is unpacked before it is read, since places count bytes of the text: into memory, or, where it is a file of
//! lines and there is much of it, into a file without a name ([`Room`]). Guarantees that no input unpacks beyond a bound, and that
//! one which is cut off, damaged, or fails its checksum gives an error and no text.

use std::io::{BufRead, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use super::room::{Full, Room};

/// The endings of compressed files.
const ENDINGS: [&str; 3] = [".gz", ".gzip", ".zst"];

/// How many times its own size an input may unpack to. Logs shrink to a tenth or a fiftieth; what shrinks to less is a
/// trap, or can be unpacked by its owner.
const MOST_TIMES: usize = 200;

/// So much may be unpacked however small the input is.
const ALWAYS_ALLOWED: usize = 64 * 1024 * 1024;

/// Gives a file's name without the ending that says that it is compressed; `None` if it has none.
pub(in crate::log) fn unpacked_name(name: &str) -> Option<&str> {
    ENDINGS.iter().find_map(|ending| {
        let (stem, last) = name.split_at_checked(name.len().checked_sub(ending.len())?)?;
        last.eq_ignore_ascii_case(ending).then_some(stem)
    })
}

/// Gives what an input unpacks to, in memory; `None` if it is not compressed.
pub(super) fn unpack(bytes: &[u8]) -> Option<Result<Vec<u8>, String>> {
    unpack_within(bytes, most(bytes.len()))
}

/// Gives how much an input of so many bytes may unpack to.
pub(super) fn most(bytes: usize) -> usize {
    bytes.saturating_mul(MOST_TIMES).max(ALWAYS_ALLOWED)
}

/// Says whether bytes begin as something compressed does.
pub(super) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(GZIP) || bytes.starts_with(ZSTD)
}

const GZIP: &[u8] = &[0x1F, 0x8B];
const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];

fn unpack_within(bytes: &[u8], most: usize) -> Option<Result<Vec<u8>, String>> {
    if !is_packed(bytes) {
        return None;
    }
    let mut room = Room::in_memory(most);
    let mut rest = bytes;
    Some(unpack_into(&mut rest, &mut room).map(|()| room.into_held()))
}

/// Unpacks what is read, which is compressed, to its end.
pub(super) fn unpack_into(from: &mut dyn BufRead, room: &mut Room<'_>) -> Result<(), String> {
    let is_gzip = from.fill_buf().is_ok_and(|first| first.first() == GZIP.first());
    let unpacked = if is_gzip { gzip(from, room) } else { zstd(from, room) };
    unpacked.map_err(|problem| problem.words(room.most()))
}

/// Why something cannot be unpacked.
#[derive(Debug, PartialEq, Eq)]
enum Problem {
    CutOff,
    Damaged,
    Checksum,
    TooLarge,
    Dictionary,
    Window,
    /// There is no room for what it unpacks to, in the user's words.
    NoRoom(String),
}

impl Problem {
    fn words(&self, most: usize) -> String {
        match self {
            Self::CutOff => "it is compressed and was cut off: copy or download it again".to_owned(),
            Self::Damaged => "it is compressed, and damaged: copy or download it again".to_owned(),
            Self::Checksum => "it is compressed, and its checksum is wrong: copy or download it again".to_owned(),
            Self::TooLarge => format!(
                "it unpacks to more than {} MiB, which is more than {MOST_TIMES} times its size; unpack it first if that is right",
                most / (1024 * 1024)
            ),
            Self::Dictionary => "it is compressed with a dictionary of its own; unpack it first".to_owned(),
            Self::Window => {
                "it is compressed so that unpacking takes much memory (`zstd --long`); unpack it first".to_owned()
            }
            Self::NoRoom(reason) => reason.clone(),
        }
    }
}

impl From<Full> for Problem {
    fn from(full: Full) -> Self {
        match full {
            Full::Bound => Self::TooLarge,
            Full::Disk(reason) => Self::NoRoom(reason),
        }
    }
}

/// Unpacks all members of a gzip file.
fn gzip(from: &mut dyn BufRead, room: &mut Room<'_>) -> Result<(), Problem> {
    copy(&mut MultiGzDecoder::new(from), room).map_err(|stopped| match stopped {
        Stopped::Full(full) => full.into(),
        Stopped::Failed(error) => match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Problem::CutOff,
            _ if error.to_string().contains("checksum") => Problem::Checksum,
            _ => Problem::Damaged,
        },
    })
}

/// Unpacks all frames of a zstd file; what a frame says to skip is skipped.
fn zstd(mut from: &mut dyn BufRead, room: &mut Room<'_>) -> Result<(), Problem> {
    while !is_at_end(from) {
        let mut decoder = match StreamingDecoder::new(&mut from) {
            Ok(decoder) => decoder,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                skip(from, u64::from(length))?;
                continue;
            }
            Err(FrameDecoderError::WindowSizeTooBig { .. }) => return Err(Problem::Window),
            Err(FrameDecoderError::DictNotProvided { .. }) => return Err(Problem::Dictionary),
            Err(_) => return Err(if is_at_end(from) { Problem::CutOff } else { Problem::Damaged }),
        };
        let copied = copy(&mut decoder, room);
        let frame = decoder.into_frame_decoder();
        match copied {
            Err(Stopped::Full(full)) => return Err(full.into()),
            Err(Stopped::Failed(_)) => return Err(if is_at_end(from) { Problem::CutOff } else { Problem::Damaged }),
            Ok(()) => {}
        }
        let stated = frame.get_checksum_from_data();
        if stated.is_some() && stated != frame.get_calculated_checksum() {
            return Err(Problem::Checksum);
        }
    }
    Ok(())
}

/// Says whether nothing more can be read.
fn is_at_end(from: &mut dyn BufRead) -> bool {
    from.fill_buf().is_ok_and(<[u8]>::is_empty)
}

fn skip(from: &mut dyn BufRead, length: u64) -> Result<(), Problem> {
    let skipped = std::io::copy(&mut from.take(length), &mut std::io::sink());
    if skipped.is_ok_and(|skipped| skipped == length) { Ok(()) } else { Err(Problem::CutOff) }
}

enum Stopped {
    Full(Full),
    Failed(std::io::Error),
}

/// Reads to the end, unless more comes than there is room for.
fn copy(from: &mut dyn Read, room: &mut Room<'_>) -> Result<(), Stopped> {
    let mut some = vec![0; 1 << 16];
    loop {
        let read = match from.read(&mut some) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            read => read.map_err(Stopped::Failed)?,
        };
        match some.get(..read) {
            None | Some([]) => return Ok(()),
            Some(bytes) => room.take(bytes).map_err(Stopped::Full)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    const MOST: usize = 1 << 20;

    fn gzipped(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zstandard(text: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn all(text: &[u8]) -> [Vec<u8>; 2] {
        [gzipped(text), zstandard(text)]
    }

    #[test]
    fn several_members_are_one_text() {
        for [one, two] in [[gzipped(b"a\n"), gzipped(b"b\n")], [zstandard(b"a\n"), zstandard(b"b\n")]] {
            let both = [one, two].concat();
            assert_eq!(unpack_within(&both, MOST), Some(Ok(b"a\nb\n".to_vec())));
        }
        let skipped =
            [zstandard(b"a\n"), vec![0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3], zstandard(b"b\n")].concat();
        assert_eq!(unpack_within(&skipped, MOST), Some(Ok(b"a\nb\n".to_vec())));
    }

    #[test]
    fn what_is_cut_off_anywhere_is_no_text() {
        let text: Vec<u8> = (0..2000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for packed in all(&text) {
            for end in (4..packed.len()).step_by(97).chain([packed.len() - 1]) {
                let told = unpack_within(&packed[..end], MOST).unwrap().unwrap_err();
                assert!(told.contains("cut off"), "{end} of {}: {told}", packed.len());
            }
        }
    }

    #[test]
    fn no_changed_byte_gives_another_text() {
        let text = b"EP-1,low\nEP-2,high\nEP-3,moderate\n".repeat(9);
        for packed in all(&text) {
            for at in 0..packed.len() {
                let mut changed = packed.clone();
                changed[at] ^= 0x41;
                if let Some(Ok(read)) = unpack_within(&changed, MOST) {
                    // A name or a time in the head of a gzip file is no part of its text.
                    assert!(read == text || packed[0] == 0x28 && at < 6, "byte {at} of {}", packed.len());
                }
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_the_bound() {
        for packed in all(&vec![b'x'; MOST + 1]) {
            assert!(packed.len() < MOST / 100);
            let told = unpack_within(&packed, MOST).unwrap().unwrap_err();
            assert!(told.starts_with("it unpacks to more than 1 MiB"), "{told}");
        }
        let inside = all(&vec![b'x'; MOST]);
        assert!(inside.iter().all(|packed| matches!(unpack_within(packed, MOST), Some(Ok(_)))));
    }

    #[test]
    fn endings_are_known_in_any_letter_case() {
        assert_eq!(unpacked_name("a.JSONL.GZ"), Some("a.JSONL"));
        assert_eq!(unpacked_name("ä.zst"), Some("ä"));
        assert_eq!(unpacked_name("gz"), None);
        assert_eq!(unpacked_name("a.csv"), None);
    }
}
