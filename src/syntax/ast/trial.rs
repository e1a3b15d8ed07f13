//! Cases and examples as written.

use crate::source::Span;

use super::{Text, Value, Word};

/// `case NAME [like NAME]` and its settings.
#[derive(Debug, Clone)]
pub struct CaseDeclaration {
    /// The name; none if it could not be read, which has been reported.
    pub name: Option<Word>,
    /// The case whose settings it has, but for its own.
    pub like: Option<Word>,
    /// What it states.
    pub settings: Vec<Setting>,
    /// Where the declaration begins: its keyword, and its name if it has one.
    pub span: Span,
}

/// `FIELD value, value`
#[derive(Debug, Clone)]
pub struct Setting {
    /// The field.
    pub field: Word,
    /// What it is said to be.
    pub kind: SettingKind,
    /// The value as it stands, for fields of type text.
    pub raw: String,
    /// Where the value stands.
    pub value: Span,
    /// Where the whole setting stands.
    pub span: Span,
}

/// What a field is said to be.
#[derive(Debug, Clone)]
pub enum SettingKind {
    /// `V`, `V, W`
    Values(Vec<Value>),
    /// `2 hours later`, `1 day earlier`: from the case's own time
    Relative {
        /// How far from it.
        distance: Value,
        /// Whether it lies before.
        earlier: bool,
    },
    /// several words without quotes
    Words,
}

/// `example "title" CASE` or `example "title" in "FILE"`, with what it claims.
#[derive(Debug, Clone)]
pub struct ExampleDeclaration {
    /// The title; none if it has none.
    pub title: Option<Text>,
    /// What is judged.
    pub subject: Subject,
    /// Where the declaration begins: its keyword, and its title if it has one.
    pub span: Span,
    /// Whether some part was not understood: then what seems to be missing may stand there.
    pub broken: bool,
}

/// What an example judges.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A case of the policy.
    Case {
        /// Its name; none if it is left out.
        case: Option<Word>,
        /// `with FIELD value`, each
        with: Vec<Setting>,
        /// `without FIELD`, each
        without: Vec<Word>,
        /// `following CASE D earlier`, each
        following: Vec<Following>,
        /// `as of D later`, each
        as_of: Vec<Value>,
        /// What it claims.
        claims: Vec<Claim>,
    },
    /// Records of a log.
    Log {
        /// The file, relative to the policy's.
        file: Text,
        /// `as of DATE`, each
        as_of: Vec<Word>,
        /// What it claims of each record.
        records: Vec<LogClaims>,
    },
}

/// `CASE D earlier`
#[derive(Debug, Clone)]
pub struct Following {
    /// The case.
    pub case: Word,
    /// How much earlier.
    pub distance: Value,
    /// Where it stands.
    pub span: Span,
}

/// `EP-1 is permissible`
#[derive(Debug, Clone)]
pub struct LogClaims {
    /// The record's id.
    pub record: Text,
    /// What is claimed of it.
    pub claims: Vec<Claim>,
}

/// A claim.
#[derive(Debug, Clone)]
pub struct Claim {
    /// What it says.
    pub kind: ClaimKind,
    /// Where it stands.
    pub span: Span,
}

/// What a claim says.
#[derive(Debug, Clone)]
pub enum ClaimKind {
    /// `is permissible`
    Permissible,
    /// `is impermissible by R, … [only]`
    ImpermissibleBy {
        /// The rules.
        rules: Vec<Word>,
        /// Whether nothing else makes it so.
        only: bool,
    },
    /// `is impermissible by default [only]`
    ImpermissibleByDefault {
        /// Whether nothing else makes it so.
        only: bool,
    },
    /// `is undetermined [for want of F, … [only]]`
    Undetermined {
        /// The fields.
        fields: Vec<Word>,
        /// Whether nothing else is wanting.
        only: bool,
    },
    /// `is not covered`
    NotCovered,
    /// `is excused from R, …`
    ExcusedFrom(Vec<Word>),
    /// `is overdue with R, …`
    OverdueWith(Vec<Word>),
    /// `is not yet overdue with R, …`
    NotYetOverdueWith(Vec<Word>),
    /// `owes nothing`
    OwesNothing,
    /// `owes R, …`
    Owes(Vec<Word>),
}

impl ClaimKind {
    /// Says whether it claims a verdict.
    pub fn is_verdict(&self) -> bool {
        match self {
            Self::Permissible
            | Self::ImpermissibleBy { .. }
            | Self::ImpermissibleByDefault { .. }
            | Self::Undetermined { .. }
            | Self::NotCovered => true,
            Self::ExcusedFrom(_)
            | Self::OverdueWith(_)
            | Self::NotYetOverdueWith(_)
            | Self::OwesNothing
            | Self::Owes(_) => false,
        }
    }
}
