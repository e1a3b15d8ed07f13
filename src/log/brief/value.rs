//! One value of one field, in brief: what the reader of records would make of it, or nothing.

use jiff::Timestamp;

use super::instant::Clock;
use super::memo::Memo;
use crate::episode::Slot;
use crate::episode::brief::{
    MISSING, UNREAD, nanoseconds, of_decimal, of_millionths, of_nanoseconds, of_text, of_value,
};
use crate::log::fit::Fitter;
use crate::log::limits::Limits;
use crate::log::record::Raw;
use crate::policy::value::plain_text;
use crate::policy::{FieldId, FieldType, Range, Role, Value};
use crate::source::{SourceId, Span};

/// A value as it stands in a record: two words, so that it is handed on without a detour through memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    sort: Sort,
    /// Where its bytes begin and end; of a text, without the quotation marks.
    place: u64,
}

impl Token {
    #[inline]
    pub(super) fn new(sort: Sort, start: usize, end: usize) -> Option<Self> {
        Some(Self { sort, place: of_text(start, end)? })
    }

    /// Gives its bytes, out of those of the record.
    #[inline]
    pub(super) fn of(self, record: &[u8]) -> Option<&[u8]> {
        record.get(self.range())
    }

    /// Gives where its bytes stand in those of the record.
    #[inline]
    pub(super) fn range(self) -> std::ops::Range<usize> {
        (self.place >> 32) as usize..(self.place & u64::from(u32::MAX)) as usize
    }

    /// Takes the white space of ASCII off both ends.
    pub(super) fn trimmed(self, record: &[u8]) -> Option<Self> {
        let bytes = self.of(record)?;
        if !matches!(bytes, [first, .., last] if *first <= b' ' || *last <= b' ') {
            return Some(self);
        }
        let start = self.range().start + (bytes.len() - bytes.trim_ascii_start().len());
        let sort = if bytes.trim_ascii().is_empty() { Sort::Nothing } else { self.sort };
        Self::new(sort, start, start + bytes.trim_ascii().len())
    }

    /// Says whether it is more than nothing or blanks; `None` where it begins with an escape, which may be one of a blank.
    #[inline]
    pub(super) fn says_something(self, record: &[u8]) -> Option<bool> {
        let bytes = self.of(record)?;
        match bytes {
            _ if self.is_nothing() => Some(false),
            // The usual case: nothing that is visible in ASCII is a blank.
            [b'!'..=b'[' | b']'..=b'~', ..] => Some(true),
            _ => match (std::str::from_utf8(bytes).ok()?.trim_start(), self.sort) {
                ("", _) => Some(false),
                (text, Sort::Escaped) if text.starts_with('\\') => None,
                _ => Some(true),
            },
        }
    }

    /// Says whether nothing stands there.
    #[inline]
    pub(super) fn is_nothing(self) -> bool {
        self.sort == Sort::Nothing
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Nothing,
    /// A text of ASCII, as it stands.
    Text,
    /// A text with other characters in it, as it stands.
    Unicode,
    /// A text with a backslash.
    Escaped,
    /// A number, `true` or `false`.
    Word,
    List,
}

/// Reads the values of one field through one lens.
#[derive(Debug)]
pub(super) struct Reader {
    /// Where the value belongs in a brief record.
    pub(super) slot: usize,
    pub(super) lens: usize,
    pub(super) field: FieldId,
    form: Form,
    texts: Memo,
    lists: Memo,
    /// Of the record's time: the last instant at which it can lie.
    latest: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Not even whether it can be read matters.
    Skipped,
    /// Only that it can be read matters.
    Unread,
    Text,
    Instant,
    /// In millionths.
    Number {
        low: i64,
        high: i64,
        whole: bool,
    },
    /// Whatever has few values.
    Remembered,
    /// People of whom something is asked.
    Beyond,
    People,
}

/// What a reader needs besides the value.
pub(super) struct With<'a, 'v> {
    pub(super) fitter: &'a Fitter<'v>,
    pub(super) clock: &'a mut Clock,
    pub(super) present: Timestamp,
    /// Whether one text may be several members of a set.
    pub(super) split_sets: bool,
}

impl Reader {
    /// Makes the reader of a field of which nothing is asked.
    pub(super) fn skip(&mut self) {
        self.form = Form::Skipped;
    }

    /// Makes the reader of a field; `is_read`: whether anybody asks what a text says.
    pub(super) fn new(
        slot: usize,
        lens: usize,
        field: FieldId,
        fitter: &Fitter<'_>,
        is_read: bool,
        present: Timestamp,
    ) -> Option<Self> {
        let declared = fitter.vocabulary().field(field)?;
        let form = match declared.kind {
            FieldType::Text | FieldType::Identity if is_read => Form::Text,
            FieldType::Text | FieldType::Identity => Form::Unread,
            FieldType::Instant => Form::Instant,
            FieldType::Number(range) | FieldType::Percent(range) => number(range, false),
            FieldType::WholeNumber(range) => number(range, true),
            FieldType::SetOfIdentity if is_read => Form::Beyond,
            FieldType::SetOfIdentity => Form::People,
            _ => Form::Remembered,
        };
        let latest = i64::try_from(present.as_nanosecond()).ok();
        let latest = latest.filter(|_| declared.role == Some(Role::Time));
        Some(Self { slot, lens, field, form, texts: Memo::new(), lists: Memo::new(), latest })
    }

    /// Reads a value; `None` if anything about it is not plain.
    #[inline]
    pub(super) fn read(&mut self, token: Token, record: &[u8], with: &mut With<'_, '_>) -> Option<u64> {
        let bytes = token.of(record)?;
        match (token.sort, self.form) {
            (Sort::Nothing, _) => Some(MISSING),
            (_, Form::Skipped) => Some(UNREAD),
            (_, Form::Beyond) => None,
            (Sort::Text | Sort::Unicode | Sort::Escaped | Sort::Word, Form::Unread) => Some(UNREAD),
            (Sort::Text, Form::Text) => text(token, bytes),
            (Sort::Unicode, Form::Text) => unicode(token, bytes),
            (Sort::Word, Form::Text) => Some(token.place),
            (Sort::Text, Form::Instant) => self.instant(bytes, with),
            (Sort::Word | Sort::Text, Form::Number { low, high, whole }) => {
                match millionths(bytes, b'.').filter(|number| fits(*number, low, high, whole)) {
                    Some(number) => of_millionths(number),
                    // It lies outside, or is written in another way.
                    None => self.remembered(bytes, with),
                }
            }
            (Sort::Text, Form::People) => (!bytes.trim_ascii().is_empty()).then_some(UNREAD),
            (Sort::List, Form::People) => people(bytes),
            (Sort::Text | Sort::Unicode | Sort::Word, Form::Remembered | Form::Number { .. }) => {
                self.remembered(bytes, with)
            }
            (Sort::List, Form::Remembered) => self.list(bytes, with),
            _ => None,
        }
    }

    fn instant(&mut self, bytes: &[u8], with: &mut With<'_, '_>) -> Option<u64> {
        let Some(at) = with.clock.read(bytes) else {
            let found = self.by_the_reader(&Raw::Text(as_text(bytes)?), with)?;
            let is_late = |latest: i64| found != MISSING && nanoseconds(found) > latest;
            return (!self.latest.is_some_and(is_late)).then_some(found);
        };
        if self.latest.is_some_and(|latest| at > latest) {
            return None;
        }
        of_nanoseconds(at)
    }

    fn remembered(&mut self, bytes: &[u8], with: &mut With<'_, '_>) -> Option<u64> {
        if let Some(known) = self.texts.get(bytes) {
            return Some(known);
        }
        let found = self.by_the_reader(&Raw::Text(as_text(bytes)?), with)?;
        self.texts.put(bytes, found);
        Some(found)
    }

    fn list(&mut self, bytes: &[u8], with: &mut With<'_, '_>) -> Option<u64> {
        if let Some(known) = self.lists.get(bytes) {
            return Some(known);
        }
        let group = format!("{{\"it\":{}}}", as_text(bytes)?);
        let nowhere = Span::new(SourceId(0), 0, group.len());
        let record = crate::log::json::record(&group, nowhere, &Limits::default()).ok()?;
        let found = self.by_the_reader(&record.entries.first()?.raw, with)?;
        self.lists.put(bytes, found);
        Some(found)
    }

    /// Says whether nothing is asked of the field.
    pub(super) fn is_skipped(&self) -> bool {
        self.form == Form::Skipped
    }

    /// Says whether it is asked what a text says.
    pub(super) fn reads_texts(&self) -> bool {
        self.form == Form::Text
    }

    /// Says whether any text as it stands is one that fits.
    pub(super) fn takes_texts(&self) -> bool {
        matches!(self.form, Form::Text | Form::Unread)
    }

    /// Says whether instants are read.
    pub(super) fn reads_instants(&self) -> bool {
        self.form == Form::Instant
    }

    /// Says whether numbers are read directly.
    pub(super) fn reads_numbers(&self) -> bool {
        matches!(self.form, Form::Number { .. })
    }

    /// Gives an instant that fits, if the field is one of instants.
    pub(super) fn instant_at(&self, at: i64) -> Option<u64> {
        let is_late = self.latest.is_some_and(|latest| at > latest);
        (self.reads_instants() && !is_late).then(|| of_nanoseconds(at))?
    }

    /// Gives a number that fits, if the field is one of numbers.
    pub(super) fn number_of(&self, millionths: i64) -> Option<u64> {
        let Form::Number { low, high, whole } = self.form else { return None };
        fits(millionths, low, high, whole).then(|| of_millionths(millionths))?
    }

    /// Reads what a mapping made of a value; `None` if there is anything to report of it.
    pub(super) fn mapped(&self, raw: &Raw, with: &With<'_, '_>) -> Option<Found> {
        if self.form == Form::Skipped {
            return Some(Found::Number(UNREAD));
        }
        let value = match with.fitter.alone(self.field, raw, with.split_sets, with.present)? {
            Slot::Missing => return Some(Found::Number(MISSING)),
            Slot::Present(value) => value,
            Slot::Unfit => return None,
        };
        match (self.form, value) {
            (Form::Beyond, _) => None,
            (Form::Unread | Form::People, _) => Some(Found::Number(UNREAD)),
            (Form::Text, Value::Text(text) | Value::Identity(text)) => Some(Found::Text(text)),
            (_, value) => of_value(&value).map(Found::Number),
        }
    }

    fn by_the_reader(&self, raw: &Raw, with: &With<'_, '_>) -> Option<u64> {
        match with.fitter.alone(self.field, raw, with.split_sets, with.present)? {
            Slot::Missing => Some(MISSING),
            Slot::Present(value) => of_value(&value),
            Slot::Unfit => None,
        }
    }
}

/// What a value was found to be.
pub(super) enum Found {
    Number(u64),
    /// A text that stands nowhere in the record, in the form in which texts are compared.
    Text(Box<str>),
}

pub(super) const MILLION: i64 = 1_000_000;

fn fits(millionths: i64, low: i64, high: i64, whole: bool) -> bool {
    low <= millionths && millionths <= high && !(whole && millionths % MILLION != 0)
}

fn number(range: Range, whole: bool) -> Form {
    let bound = |end: Option<rust_decimal::Decimal>, without: i64| {
        end.map_or(Some(without), |end| of_decimal(end).map(nanoseconds))
    };
    match (bound(range.low, i64::MIN), bound(range.high, i64::MAX)) {
        (Some(low), Some(high)) => Form::Number { low, high, whole },
        _ => Form::Remembered,
    }
}

/// Gives a plain number in millionths; one that is written in another way, or too finely, is left to others. `point`: what stands
/// before its fraction.
pub(super) fn millionths(text: &[u8], point: u8) -> Option<i64> {
    let (is_negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let (mut number, mut places, mut whole) = (0i64, None, 0);
    if digits.len() > 16 {
        return None;
    }
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                number = number * 10 + i64::from(byte - b'0');
                places = places.map(|places| places + 1);
                whole += i32::from(places.is_none());
            }
            _ if *byte == point && places.is_none() => places = Some(0),
            _ => return None,
        }
    }
    let has_leading_zero = whole > 1 && digits.first() == Some(&b'0');
    if whole == 0 || whole > 9 || has_leading_zero || places == Some(0) {
        return None;
    }
    let raised = 10i64.checked_pow(6u32.checked_sub(places.unwrap_or(0))?)?;
    let number = number.checked_mul(raised)?;
    Some(if is_negative { -number } else { number })
}

/// Gives the place of a text whose form is the one in which texts are compared.
fn text(token: Token, bytes: &[u8]) -> Option<u64> {
    match bytes {
        [] => Some(MISSING),
        [first, .., last] if *first <= b' ' || *last <= b' ' => None,
        [only] if *only <= b' ' => None,
        _ => Some(token.place),
    }
}

/// Does so for one with other characters than ASCII: if bringing it into that form changes nothing.
fn unicode(token: Token, bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok()?;
    (*plain_text(text) == *text && !text.is_empty()).then_some(token.place)
}

fn as_text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// Says whether a list is one of people, all of whom have a name.
fn people(list: &[u8]) -> Option<u64> {
    let members: Vec<&str> = serde_json::from_slice(list).ok()?;
    members.iter().all(|member| !member.trim().is_empty()).then_some(UNREAD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::number;

    #[test]
    fn plain_numbers_are_what_the_one_reader_says_or_left_to_it() {
        for text in [
            "0",
            "-0",
            "1",
            "12.5",
            "-3.25",
            "999999999",
            "0.000001",
            "017",
            "1.",
            ".5",
            "1e3",
            "",
            "-",
            "1.0000001",
            "1234567890",
            "1.2.3",
            "+1",
        ] {
            if let Some(found) = millionths(text.as_bytes(), b'.') {
                let exact = number::parse(text).unwrap();
                assert_eq!(of_millionths(found), of_decimal(exact), "{text}");
            }
        }
        assert_eq!(millionths(b"12.5", b'.'), Some(12_500_000));
        assert_eq!(millionths(b"017", b'.'), None);
    }
}
