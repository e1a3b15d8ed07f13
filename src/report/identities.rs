//! Who somebody is and what a log says of them: how much of it a report shows.

use hmac::{Hmac, KeyInit, Mac};
use jiff::civil::Date;
use sha2::Sha256;

use crate::diagnostic::{Diagnostic, QuoteClass, printable};

/// How much of a log a report shows (docs/privacy.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Privacy {
    /// Pseudonyms for people and episodes, years in place of dates, no small numbers.
    Committee,
    /// Pseudonyms for people; ids of episodes, and dates.
    Auditor,
    /// All but free text.
    Internal,
}

impl Privacy {
    /// Gives the word that reports print.
    pub fn word(self) -> &'static str {
        match self {
            Self::Committee => "committee",
            Self::Auditor => "auditor",
            Self::Internal => "internal",
        }
    }
}

/// How identities, ids, dates and values are shown.
///
/// A pseudonym is drawn by a keyed function from a key that was made at random for this run (or is held by whoever
/// may join two reports). Without the key it says nothing about the person; it is no digest of the name, which could be
/// found by trying names.
#[derive(Clone)]
pub struct Identities {
    privacy: Privacy,
    /// The key of the pseudonyms; none: people are shown as the log has them.
    key: Option<[u8; 32]>,
    /// The least number of episodes that tables for a committee show.
    least_cell: usize,
}

/// The least number of episodes that tables for a committee show, unless another is asked for.
pub const LEAST_CELL: usize = 5;

/// How much of a name is shown, where names are asked for.
const LONGEST_NAME: usize = 100;

/// A number of more digits may be somebody's number.
const MOST_DIGITS: usize = 3;

/// Letters and digits that are not mistaken for one another.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many letters a pseudonym has, as `P-XXXXX-XXXXX`.
pub(super) const PSEUDONYM_LENGTH: usize = 13;

/// Says whether a text is what a pseudonym looks like.
pub(super) fn is_pseudonym(text: &[u8]) -> bool {
    let letter = |(at, byte): (usize, &u8)| match at {
        0 => matches!(byte, b'P' | b'E'),
        1 | 7 => *byte == b'-',
        _ => ALPHABET.contains(byte),
    };
    text.len() == PSEUDONYM_LENGTH && text.iter().enumerate().all(letter)
}

impl Identities {
    /// Shows everything as the log has it, but free text.
    pub const CLEAR: Self = Self { privacy: Privacy::Internal, key: None, least_cell: LEAST_CELL };

    /// Shows people as pseudonyms under a key, and the rest as the level says.
    pub fn under(key: [u8; 32], privacy: Privacy) -> Self {
        Self { privacy, key: Some(key), least_cell: LEAST_CELL }
    }

    /// Shows people as pseudonyms under the same key, or one that says nothing if there is none, and the rest as a level says.
    pub(super) fn at(&self, privacy: Privacy) -> Self {
        Self::under(self.key.unwrap_or_default(), privacy)
    }

    /// Hides smaller numbers of episodes from a committee; with 1, none.
    #[must_use]
    pub fn hiding_below(self, least_cell: usize) -> Self {
        Self { least_cell, ..self }
    }

    /// Gives the least number of episodes that tables may show.
    pub(super) fn least_cell(&self) -> usize {
        if self.is_for_committee() { self.least_cell } else { 1 }
    }

    /// Says whether small numbers of episodes are hidden, so that single episodes may not be listed either.
    pub fn hides_small_numbers(&self) -> bool {
        self.least_cell() > 1
    }

    /// Says whether people are shown as the log has them.
    pub(super) fn is_clear(&self) -> bool {
        self.key.is_none()
    }

    /// Gives the level.
    pub fn privacy(&self) -> Privacy {
        self.privacy
    }

    /// Says whether nothing may be shown that tells one episode from another.
    pub(super) fn is_for_committee(&self) -> bool {
        self.privacy == Privacy::Committee
    }

    /// Shows an identity.
    pub fn show(&self, identity: &str) -> String {
        match &self.key {
            None => printable(identity, LONGEST_NAME),
            Some(key) => pseudonym('P', key, identity.as_bytes()),
        }
    }

    /// Shows the id of an episode.
    pub fn episode(&self, id: &str) -> String {
        match &self.key {
            Some(key) if self.is_for_committee() => pseudonym('E', key, id.as_bytes()),
            _ => printable(id, LONGEST_NAME),
        }
    }

    /// Shows a day, or its year.
    pub(super) fn day(&self, day: Date) -> String {
        if self.is_for_committee() { day.year().to_string() } else { day.to_string() }
    }

    /// Shows what is written as a date or instant that begins with its year, or the year.
    pub(super) fn written_time(&self, written: String) -> String {
        if self.is_for_committee() { year_of(&written).to_owned() } else { written }
    }

    /// Gives a number that tells one finding from another and does not change with its place. It is keyed where ids are
    /// not shown.
    pub(super) fn fingerprint(&self, of: &[u8]) -> String {
        let bytes: Vec<u8> = match &self.key {
            Some(key) if self.is_for_committee() => keyed(key, of),
            _ => <Sha256 as sha2::Digest>::digest(of).to_vec(),
        };
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Words a problem for the level: what a log says stands masked in it, and is put in clear where it may be.
    pub fn worded(&self, problem: &Diagnostic) -> Diagnostic {
        let mut worded = problem.clone();
        for label in &mut worded.labels {
            let Some(quote) = &label.quote else { continue };
            let Some(shown) = self.quoted(quote.class, &quote.text) else { continue };
            let mask = quote.mask();
            worded.message = worded.message.replacen(&mask, &format!("`{shown}`"), 1);
            worded.about = worded.about.take().map(|about| about.replacen(&mask, &shown, 1).into());
            label.shown = label.shown.take().map(|text| text.replacen(&mask, &shown, 1));
        }
        worded
    }

    /// Gives what a log says as it may be shown; none: it stays masked.
    fn quoted(&self, class: QuoteClass, text: &str) -> Option<String> {
        let clear = || Some(printable(text, LONGEST_NAME));
        match (class, self.privacy) {
            (QuoteClass::Free, _) => None,
            (QuoteClass::Id, _) => Some(self.episode(text)),
            (QuoteClass::Time, Privacy::Committee) => Some(year_of(text).to_owned()).filter(|year| !year.is_empty()),
            (_, Privacy::Committee) => None,
            (_, Privacy::Internal) | (QuoteClass::Time, Privacy::Auditor) => clear(),
            (QuoteClass::Number, Privacy::Auditor) if digits(text) <= MOST_DIGITS => clear(),
            (QuoteClass::Key, Privacy::Auditor) if is_one_word(text) => clear(),
            (QuoteClass::Number | QuoteClass::Key | QuoteClass::Word, Privacy::Auditor) => None,
        }
    }
}

fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// Gives the year with which a date begins; nothing if it begins with none.
fn year_of(written: &str) -> &str {
    let year = written.split('-').next().unwrap_or("");
    if year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) { year } else { "" }
}

/// Says whether a key could be the name of a column, and is not a sentence.
fn is_one_word(key: &str) -> bool {
    key.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '[' | ']'))
}

fn keyed(key: &[u8; 32], of: &[u8]) -> Vec<u8> {
    // A key of 32 bytes always fits.
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(of).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

/// Draws ten characters, fifty bits: two of a hundred thousand people share one with a chance of four in a million.
fn pseudonym(sort: char, key: &[u8; 32], of: &[u8]) -> String {
    // An episode's pseudonym is not that of a person of the same name.
    let drawn = if sort == 'P' { keyed(key, of) } else { keyed(key, &[&[0, sort as u8], of].concat()) };
    let letter =
        |byte: &u8| ALPHABET.get(usize::from(*byte) % ALPHABET.len()).map_or('?', |letter| char::from(*letter));
    let letters: Vec<char> = drawn.iter().take(10).map(letter).collect();
    let (first, second) = letters.split_at(letters.len() / 2);
    format!("{sort}-{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_are_stable_under_a_key_and_differ_between_keys() {
        let one = Identities::under([1; 32], Privacy::Auditor);
        let other = Identities::under([2; 32], Privacy::Auditor);
        assert_eq!(one.show("T-1"), one.show("T-1"));
        assert_ne!(one.show("T-1"), one.show("T-2"));
        assert_ne!(one.show("T-1"), other.show("T-1"));
        assert!(!one.show("T-1").contains("T-1"));
        assert_eq!(Identities::CLEAR.show("T-1"), "T-1");
        assert!(is_pseudonym(one.show("T-1").as_bytes()) && is_pseudonym(pseudonym('E', &[1; 32], b"EP-1").as_bytes()));
        assert!(!is_pseudonym(b"T-1") && !is_pseudonym(b"X-AAAAA-BBBBB") && !is_pseudonym(b"P-AAAAAABBBBBB"));
    }

    #[test]
    fn an_episode_has_a_pseudonym_of_its_own_for_a_committee_only() {
        let committee = Identities::under([1; 32], Privacy::Committee);
        assert!(committee.episode("T-1").starts_with("E-"));
        assert_ne!(committee.episode("T-1").strip_prefix("E-"), committee.show("T-1").strip_prefix("P-"));
        assert_eq!(Identities::under([1; 32], Privacy::Auditor).episode("EP-1"), "EP-1");
    }

    #[test]
    fn what_a_log_says_is_shown_by_class_and_level() {
        let shown = |class, text: &str| {
            let at =
                |privacy| Identities::under([1; 32], privacy).quoted(class, text).unwrap_or_else(|| "-".to_owned());
            [Privacy::Committee, Privacy::Auditor, Privacy::Internal].map(at).join(" ")
        };
        assert_eq!(shown(QuoteClass::Free, "Muster"), "- - -");
        assert_eq!(shown(QuoteClass::Word, "Muster"), "- - Muster");
        assert_eq!(shown(QuoteClass::Number, "9"), "- 9 9");
        assert_eq!(shown(QuoteClass::Number, "756123"), "- - 756123");
        assert_eq!(shown(QuoteClass::Time, "2025-02-30"), "2025 2025-02-30 2025-02-30");
        assert_eq!(shown(QuoteClass::Time, "30.2.2025"), "- 30.2.2025 30.2.2025");
        assert_eq!(shown(QuoteClass::Key, "trainee.idd"), "- trainee.idd trainee.idd");
        assert_eq!(shown(QuoteClass::Key, "Anna Muster"), "- - Anna Muster");
    }
}
