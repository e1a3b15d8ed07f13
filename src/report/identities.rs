//! Who somebody is, behind a pseudonym.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::diagnostic::printable;

/// How identities are shown.
///
/// A pseudonym is drawn by a keyed function from a key that was made at random for this run (or is held by whoever
/// may join two reports). Without the key it says nothing about the person; it is no digest of the name, which could be
/// found by trying names.
#[derive(Clone)]
pub enum Identities {
    /// As the log has them.
    Clear,
    /// As pseudonyms under a key.
    Pseudonyms([u8; 32]),
}

/// How much of a name is shown, where names are asked for.
const LONGEST_NAME: usize = 100;

/// Letters and digits that are not mistaken for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Identities {
    /// Shows an identity.
    pub fn show(&self, identity: &str) -> String {
        match self {
            Self::Clear => printable(identity, LONGEST_NAME),
            Self::Pseudonyms(key) => pseudonym(key, identity),
        }
    }
}

/// Draws ten characters, fifty bits: two of a hundred thousand people share one with a chance of four in a million.
fn pseudonym(key: &[u8; 32], identity: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return "P-?".to_owned();
    };
    mac.update(identity.as_bytes());
    let drawn = mac.finalize().into_bytes();
    let letter =
        |byte: &u8| ALPHABET.get(usize::from(*byte) % ALPHABET.len()).map_or('?', |letter| char::from(*letter));
    let letters: Vec<char> = drawn.iter().take(10).map(letter).collect();
    let (first, second) = letters.split_at(letters.len() / 2);
    format!("P-{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_are_stable_under_a_key_and_differ_between_keys() {
        let one = Identities::Pseudonyms([1; 32]);
        let other = Identities::Pseudonyms([2; 32]);
        assert_eq!(one.show("T-1"), one.show("T-1"));
        assert_ne!(one.show("T-1"), one.show("T-2"));
        assert_ne!(one.show("T-1"), other.show("T-1"));
        assert!(!one.show("T-1").contains("T-1"));
        assert_eq!(Identities::Clear.show("T-1"), "T-1");
    }
}
