//! How much a report shows, and the key of its pseudonyms: drawn for the run, or kept in a file of its own.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;

use crate::report::{Identities, Privacy};

use super::Ended;
use super::arguments::{AuditFormat, PrivacyArguments, PrivacyLevel, ShowIdentities};
use super::common::{cannot_read, cannot_write, complain};

/// Gives how a run shows people, ids, dates and values.
pub(super) fn identities(arguments: &PrivacyArguments) -> Result<Identities, Ended> {
    let privacy = match arguments.privacy {
        PrivacyLevel::Committee => Privacy::Committee,
        PrivacyLevel::Auditor => Privacy::Auditor,
        PrivacyLevel::Internal => Privacy::Internal,
    };
    if arguments.identities == ShowIdentities::Clear {
        return match privacy {
            Privacy::Internal => Ok(Identities::CLEAR),
            Privacy::Auditor | Privacy::Committee => {
                Err(complain("`--identities clear` goes with `--privacy internal` alone"))
            }
        };
    }
    let key = match &arguments.key {
        None => drawn()?,
        Some(path) if arguments.new_key => made(path)?,
        Some(path) => kept(path)?,
    };
    Ok(Identities::under(key, privacy).hiding_below(arguments.small_cells))
}

/// Draws pseudonyms for one run, at the level of an auditor.
pub(super) fn pseudonyms() -> Result<Identities, Ended> {
    Ok(Identities::under(drawn()?, Privacy::Auditor))
}

/// Refuses to list single episodes to a committee: whoever counts them would find the small numbers that tables hide.
pub(super) fn require_tables(format: AuditFormat, identities: &Identities) -> Result<(), Ended> {
    if matches!(format, AuditFormat::Human | AuditFormat::Html) || !identities.hides_small_numbers() {
        return Ok(());
    }
    let name = format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    Err(complain(&format!(
        "`--format {name}` lists single episodes, which `--privacy committee` does not show; choose `--format human` or \
         `--format html`, or list them under pseudonyms with `--small-cells 1`"
    )))
}

fn drawn() -> Result<[u8; 32], Ended> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|_| complain("the system gives no random key for pseudonyms"))?;
    Ok(key)
}

/// Draws a key and keeps it in a file that is not there yet, and that nobody else can read.
fn made(path: &Path) -> Result<[u8; 32], Ended> {
    let key = drawn()?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => complain(&format!(
            "`{}` is there already, and a new key would part its pseudonyms from the old; leave out `--new-key`",
            path.display()
        )),
        _ => cannot_write(path, &error),
    })?;
    let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let written = file.write_all(format!("{digits}\n").as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| cannot_write(path, &error))?;
    Ok(key)
}

/// Reads a key that was kept.
fn kept(path: &Path) -> Result<[u8; 32], Ended> {
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            complain(&format!("there is no key in `{}`; `--new-key` draws one and keeps it there", path.display()))
        }
        io::ErrorKind::InvalidData => no_key(path),
        _ => cannot_read(path, &error),
    })?;
    refuse_if_open(path)?;
    parsed(text.trim()).ok_or_else(|| no_key(path))
}

fn no_key(path: &Path) -> Ended {
    complain(&format!("`{}` holds no key: 64 hexadecimal digits are expected", path.display()))
}

/// Refuses a key that others on this machine can read.
#[cfg(unix)]
fn refuse_if_open(path: &Path) -> Result<(), Ended> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_err(|error| cannot_read(path, &error))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(complain(&format!(
        "the key in `{0}` can be read by others on this machine; take that away with `chmod 600 {0}`",
        path.display()
    )))
}

#[cfg(not(unix))]
fn refuse_if_open(_path: &Path) -> Result<(), Ended> {
    Ok(())
}

fn parsed(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        assert_eq!(parsed(&"0f".repeat(32)), Some([15; 32]));
        for bad in [String::new(), "0f".repeat(31), "0f".repeat(33), "+f".repeat(31) + "zz", "ü".repeat(32)] {
            assert_eq!(parsed(&bad), None, "{bad}");
        }
    }
}
