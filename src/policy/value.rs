//! Values, as constants of a policy and as what an episode says.

use jiff::SignedDuration;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::civil::Period;
use super::time::When;
use super::vocabulary::NameId;

/// A value of a type of the language: what is known of it, which may leave a range open.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `true` or `false`
    Boolean(bool),
    /// a `number`, or a `whole number`
    Number(Decimal),
    /// a `percent`: the number of per cent
    Percent(Decimal),
    /// a `duration`: exact elapsed time
    Duration(SignedDuration),
    /// a period of the local calendar, `6 months`: in windows, deadlines and `within` only; no field has it
    Period(Period),
    /// a `date`: a local day
    Date(Date),
    /// an `instant`, exact or partial
    Instant(When),
    /// a `text`, after NFC and trimming
    Text(Box<str>),
    /// an `identity`: who somebody is, after NFC and trimming
    Identity(Box<str>),
    /// a level of a scale, or a name of a kind
    Name(NameId),
    /// a `set of` a kind
    Names(Names),
    /// a `set of identity`
    People(People),
}

/// A set of names of one kind: its known members, in order, and whether these are all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// The known members, ascending, each once.
    pub members: Box<[NameId]>,
    /// Whether nothing else may be in the set.
    pub complete: bool,
}

/// A set of people: its known members, in order, and whether these are all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    /// The known members, ascending, each once.
    pub members: Box<[Box<str>]>,
    /// Whether nobody else may be in the set.
    pub complete: bool,
}

impl Value {
    /// Gives the place of a name in its list, and of false and true in theirs.
    pub fn place(&self) -> Option<usize> {
        match self {
            Self::Name(NameId(at)) => Some(usize::from(*at)),
            Self::Boolean(value) => Some(usize::from(*value)),
            _ => None,
        }
    }

    /// Says whether the value is known only in part.
    pub fn is_partial(&self) -> bool {
        match self {
            Self::Instant(when) => !when.is_exact(),
            Self::Names(names) => !names.complete,
            Self::People(people) => !people.complete,
            _ => false,
        }
    }
}

/// Brings a text into the form in which texts and identities are compared: NFC, trimmed.
pub fn plain_text(text: &str) -> Box<str> {
    use unicode_normalization::UnicodeNormalization;
    let text = text.trim();
    if text.is_ascii() { text.into() } else { text.nfc().collect::<String>().into() }
}
