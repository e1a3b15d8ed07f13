//! One JSON object, walked once: every byte is looked at, and nothing is kept of what nobody asks for.
//!
//! What it accepts, the reader of records accepts; it gives up at everything that is odd, and leaves the record to that.

use super::Briefer;
use super::tree::{Meaning, NONE, ROOT};
use super::value::{Sort, Token};

/// How deep groups and lists may nest here.
const DEEPEST: usize = 12;

/// A place in a record.
pub(super) struct Scan<'s> {
    bytes: &'s [u8],
    at: usize,
    /// Whether all of it is ASCII, without backslashes and control characters: then only a quotation mark ends a text.
    is_plain: bool,
    /// Whether everything so far is ASCII.
    is_ascii: bool,
    /// How many values there were.
    values: usize,
    deepest: usize,
}

impl<'s> Scan<'s> {
    pub(super) fn new(bytes: &'s [u8], deepest: usize) -> Self {
        Self { bytes, at: 0, is_plain: is_plain(bytes), is_ascii: true, values: 0, deepest: deepest.min(DEEPEST) }
    }

    /// Reads the object that is the whole record.
    pub(super) fn record(&mut self, briefer: &mut Briefer<'_>) -> Option<()> {
        self.take(b'{')?;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            self.group(briefer, ROOT, 1)?;
        }
        let is_whole = self.at == self.bytes.len() && self.values <= briefer.limits.values;
        let is_text = self.is_ascii || std::str::from_utf8(self.bytes).is_ok();
        (is_whole && is_text).then_some(())
    }

    /// Reads the members of a group that is not empty, and its closing brace.
    fn group(&mut self, briefer: &mut Briefer<'_>, group: u32, depth: usize) -> Option<()> {
        let mut before = NONE;
        loop {
            let start = self.at;
            let key = self.key(briefer, group, before)?;
            self.space();
            self.member(briefer, key, start, depth)?;
            self.space();
            match self.next()? {
                b',' => self.space(),
                b'}' => return Some(()),
                _ => return None,
            }
            before = key;
        }
    }

    /// Reads a key and the colon behind it.
    #[inline]
    fn key(&mut self, briefer: &mut Briefer<'_>, group: u32, before: u32) -> Option<u32> {
        let rest = self.bytes.get(self.at..)?;
        let key = if let Some((key, length)) = briefer.tree.expected(group, before, rest) {
            self.at += length;
            key
        } else {
            let start = self.at;
            self.take(b'"')?;
            let sort = self.text()?;
            let written = self.bytes.get(start..self.at)?;
            if sort == Sort::Escaped {
                return None;
            }
            self.space();
            self.take(b':')?;
            briefer.tree.find(group, before, written)?
        };
        briefer.is_first_here(key).then_some(key)
    }

    fn member(&mut self, briefer: &mut Briefer<'_>, key: u32, key_start: usize, depth: usize) -> Option<()> {
        let meaning = briefer.tree.key(key)?.meaning;
        let is_group = self.peek()? == b'{';
        match meaning {
            Meaning::Beyond => None,
            Meaning::Group | Meaning::Unknown if is_group => {
                self.at += 1;
                self.space();
                let may_be_deeper = depth < self.deepest && self.peek()? != b'}';
                may_be_deeper.then(|| self.group(briefer, key, depth + 1)).flatten()
            }
            Meaning::Fields { .. } if is_group => None,
            Meaning::Group => None,
            Meaning::Unknown => {
                if self.value(depth)?.says_something(self.bytes)? {
                    let length = briefer.tree.key(key)?.written_length();
                    briefer.unknown.push((key, key_start, length));
                }
                Some(())
            }
            Meaning::Fields { from, to } => {
                let token = self.value(depth)?;
                briefer.read(from, to, token, self.bytes)
            }
        }
    }

    /// Reads a value that is no group.
    #[inline]
    fn value(&mut self, depth: usize) -> Option<Token> {
        self.values += 1;
        let start = self.at;
        match self.peek()? {
            b'"' => {
                self.at += 1;
                let sort = self.text()?;
                Token::new(sort, start + 1, self.at - 1)
            }
            b'[' => {
                self.list(depth + 1)?;
                Token::new(Sort::List, start, self.at)
            }
            b'n' => self.word(b"null", start, Sort::Nothing),
            b't' => self.word(b"true", start, Sort::Word),
            b'f' => self.word(b"false", start, Sort::Word),
            _ => self.number(start),
        }
    }

    fn word(&mut self, word: &[u8], start: usize, sort: Sort) -> Option<Token> {
        self.bytes.get(start..start + word.len()).filter(|bytes| *bytes == word)?;
        self.at += word.len();
        Token::new(sort, start, self.at)
    }

    #[inline]
    fn number(&mut self, start: usize) -> Option<Token> {
        let rest = self.bytes.get(start..)?;
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
        let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        self.at += length;
        is_number(rest.get(..length)?).then(|| Token::new(Sort::Word, start, self.at))?
    }

    /// Reads a list with all that is in it.
    fn list(&mut self, depth: usize) -> Option<()> {
        if depth > self.deepest {
            return None;
        }
        self.take(b'[')?;
        self.space();
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        loop {
            // A group in a list is no value of any field: its keys may be whatever they are.
            if self.peek()? == b'{' {
                return None;
            } else {
                self.value(depth)?
            };
            self.space();
            match self.next()? {
                b',' => self.space(),
                b']' => return Some(()),
                _ => return None,
            }
        }
    }

    /// Goes behind the closing quotation mark of a text.
    #[inline]
    fn text(&mut self) -> Option<Sort> {
        if self.is_plain {
            self.at += to_the_mark(self.bytes.get(self.at..)?)? + 1;
            return Some(Sort::Text);
        }
        self.odd_text()
    }

    fn odd_text(&mut self) -> Option<Sort> {
        let mut sort = Sort::Text;
        loop {
            let (length, is_ascii) = plain(self.bytes.get(self.at..)?)?;
            self.at += length;
            self.is_ascii &= is_ascii;
            if !is_ascii && sort == Sort::Text {
                sort = Sort::Unicode;
            }
            match self.next()? {
                b'"' => return Some(sort),
                b'\\' => {
                    matches!(self.next()?, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't').then_some(())?;
                    sort = Sort::Escaped;
                }
                _ => return None,
            }
        }
    }

    #[inline]
    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then_some(())
    }
}

/// Says whether bytes are ASCII, without backslashes and control characters.
fn is_plain(bytes: &[u8]) -> bool {
    // Without a way out in between, sixteen bytes are looked at at once.
    let is_odd = |byte: &u8| (*byte < 0x20) | (*byte >= 0x80) | (*byte == b'\\');
    bytes.chunks(512).all(|some| !some.iter().fold(false, |odd, byte| odd | is_odd(byte)))
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Marks, with its highest bit, each byte that is zero, if no lower one is.
#[inline]
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

/// Gives how many bytes come before a quotation mark. Eight are looked at at once.
#[inline]
fn to_the_mark(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let found = zeros(u64::from_le_bytes(*eight) ^ (ONES * 0x22));
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let rest = bytes.get(at..)?;
    rest.iter().position(|byte| *byte == b'"').map(|length| at + length)
}

/// Gives how many bytes come before a quotation mark, a backslash or a control character, and whether they are ASCII.
/// Eight bytes are looked at at once.
#[inline]
fn plain(bytes: &[u8]) -> Option<(usize, bool)> {
    let (mut at, mut others) = (0, 0);
    while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight);
        let below_space = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let found = zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5C)) | below_space;
        if found != 0 {
            let length = (found.trailing_zeros() / 8) as usize;
            // Of the last eight bytes, only those before the mark count.
            others |= word & HIGH & !(u64::MAX << (8 * length));
            return Some((at + length, others == 0));
        }
        others |= word & HIGH;
        at += 8;
    }
    let rest = bytes.get(at..)?;
    let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
    let is_ascii = rest.get(..length)?.is_ascii();
    Some((at + length, others == 0 && is_ascii))
}

/// Says whether a run of the bytes that numbers are made of is a number of JSON.
fn is_number(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(bytes);
    if whole == 0 || (whole > 1 && bytes.first() == Some(&b'0')) {
        return false;
    }
    let mut rest = bytes.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or_default();
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        return !exponent.is_empty() && digits(exponent) == exponent.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_ends_at_the_first_mark_wherever_it_stands() {
        for length in 0..30 {
            for mark in ["\"", "\\", "\n", "\u{1}"] {
                for filling in ["x", "!", "\u{7f}", "é"] {
                    let before = filling.repeat(length);
                    let text = format!("{before}{mark}{}", "\"".repeat(length));
                    let found = plain(text.as_bytes());
                    assert_eq!(found, Some((before.len(), length == 0 || filling != "é")), "{text:?}");
                }
            }
        }
        assert_eq!(plain(b"never closed"), None);
    }

    #[test]
    fn a_plain_text_ends_at_its_quotation_mark() {
        for length in 0..30 {
            for behind in ["", "!", "\"\"", "#################"] {
                let text = format!("{}\"{behind}", "!#".repeat(length));
                assert_eq!(to_the_mark(text.as_bytes()), Some(2 * length), "{text}");
            }
            assert_eq!(to_the_mark("#".repeat(length).as_bytes()), None);
        }
    }

    #[test]
    fn plain_is_what_has_nothing_odd_anywhere() {
        for at in [0, 1, 15, 16, 17, 511, 512, 600] {
            assert!(is_plain("~ ".repeat(at).as_bytes()));
            for odd in ["\u{1f}", "\\", "\u{80}", "\n", "\u{0}"] {
                assert!(!is_plain(format!("{}{odd}{}", "~".repeat(at), " ".repeat(600 - at)).as_bytes()), "{at}");
            }
        }
    }

    #[test]
    fn numbers_are_those_of_json() {
        for good in ["0", "-0", "12", "1.5", "1e3", "-1.25E-10", "0.0", "1E+2"] {
            assert!(is_number(good.as_bytes()), "{good}");
        }
        for bad in ["", "-", "01", "1.", ".5", "1e", "+1", "1e+", "1.2.3", "--1", "1-2"] {
            assert!(!is_number(bad.as_bytes()), "{bad}");
        }
    }
}
