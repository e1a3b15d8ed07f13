//! What is written, with the place of every part.
//!
//! A [`Document`] does not promise that names exist, that types fit or that a rule has exactly one norm: `check` sees
//! to that. It does promise that `and` and `or` are not mixed, that bullets are nested as their columns say, and that
//! nothing nests deeper than 32 levels.

use crate::source::{SourceId, Span};

mod prose;
mod table;
mod trial;
mod unread;

pub use prose::{Prose, ProseBlock, ProsePart, Stress};
pub use table::{CellTest, TableCell, TableColumn, TableDeclaration, TableResult, TableRow};
pub use trial::{
    CaseDeclaration, Claim, ClaimKind, ExampleDeclaration, Following, LogClaims, Setting, SettingKind, Subject,
};
pub use unread::Unread;

/// One file.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file.
    pub source: SourceId,
    /// The file's name without folders and endings, for what belongs to a policy by the name of its file.
    pub stem: String,
    /// Its declarations, in order.
    pub declarations: Vec<Declaration>,
    /// Its comments, in order.
    pub comments: Vec<Span>,
    /// The prose around its fences, if it is a literate policy.
    pub prose: Vec<Prose>,
}

/// A name or path, in NFC, hyphens read as underscores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A text in quotes; several that follow each other are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text without its quotes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// A declaration.
#[derive(Debug, Clone)]
pub enum Declaration {
    /// `policy NAME …`
    Policy(PolicyHeader),
    /// `rule NAME …`
    Rule(RuleDeclaration),
    /// `define NAME as …`
    Define(DefineDeclaration),
    /// `table NAME gives SCALE` and its rows
    Table(TableDeclaration),
    /// `case NAME …`
    Case(CaseDeclaration),
    /// `example "…" …`
    Example(ExampleDeclaration),
    /// `vocabulary NAME …`
    Vocabulary(VocabularyHeader),
    /// `scale NAME a < b` or `kind NAME a, b`
    List(ListDeclaration),
    /// `field NAME TYPE …`
    Field(FieldDeclaration),
    /// one that was not understood or is not yet supported, which has been reported
    Unread(Unread),
}

/// `policy NAME "title"` and its clauses.
#[derive(Debug, Clone)]
pub struct PolicyHeader {
    /// The name; none if it could not be read, which has been reported.
    pub name: Option<Word>,
    /// The title.
    pub title: Option<Text>,
    /// The clauses that were understood, in order.
    pub clauses: Vec<PolicyClause>,
    /// Whether some clause was not understood: then what seems to be missing may stand there.
    pub broken: bool,
    /// Where the declaration begins: its keyword, and its name if it has one.
    pub span: Span,
}

/// A clause of a header.
#[derive(Debug, Clone)]
pub struct PolicyClause {
    /// What it says.
    pub kind: PolicyClauseKind,
    /// Where it stands.
    pub span: Span,
}

/// What a clause of a header says.
#[derive(Debug, Clone)]
pub enum PolicyClauseKind {
    /// `version 2.1`
    Version(Word),
    /// `owner "…"`
    Owner(Text),
    /// `effective from DATE [until DATE]`
    Effective {
        /// The first day, as written.
        from: Word,
        /// The last day, as written.
        until: Option<Word>,
    },
    /// `time zone NAME`
    TimeZone(Word),
    /// `calendar NAME`
    Calendar(Word),
    /// `vocabulary NAME`
    Vocabulary(Word),
    /// `applies when C`
    AppliesWhen(Box<Condition>),
    /// `default permit`; false for `default forbid`
    DefaultPermit(bool),
    /// `recorded within D`
    RecordedWithin(Value),
    /// `allow LINT because "…"`
    Allow(AllowClause),
}

/// `allow LINT because "…"`: a lint that is not to be told here.
#[derive(Debug, Clone)]
pub struct AllowClause {
    /// The name of the lint, as written.
    pub lint: Word,
    /// Why; none where the reason was left out.
    pub because: Option<Text>,
}

/// `rule NAME "title"` and its clauses.
#[derive(Debug, Clone)]
pub struct RuleDeclaration {
    /// The name; none if it could not be read, which has been reported.
    pub name: Option<Word>,
    /// The title.
    pub title: Option<Text>,
    /// The clauses that were understood, in order.
    pub clauses: Vec<Clause>,
    /// Whether some clause was not understood, or is not yet supported: then what seems to be missing may stand there.
    pub broken: bool,
    /// Where the declaration begins: its keyword, and its name if it has one.
    pub span: Span,
}

/// A clause of a rule.
#[derive(Debug, Clone)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// Where it stands.
    pub span: Span,
}

/// What a clause of a rule says.
#[derive(Debug, Clone)]
pub enum ClauseKind {
    /// `when C`
    When(Condition),
    /// one of the norms
    Norm(NormClause),
    /// `otherwise oblige …`: what is owed when the duty before it is missed
    Otherwise(Obligation),
    /// `unless C`
    Unless(Condition),
    /// `if undocumented WORD`
    IfUndocumented(Word),
    /// `severity WORD`
    Severity(Word),
    /// `because "…"`
    Because(Text),
    /// `cites "…"`
    Cites(Text),
    /// `remedy "…"`
    Remedy(Text),
    /// `untested because "…"`
    Untested(Text),
    /// `silence is accepted because "…"`
    SilenceAccepted(Text),
    /// `allow LINT because "…"`
    Allow(AllowClause),
}

/// A norm as written.
#[derive(Debug, Clone)]
pub enum NormClause {
    /// `permit when C`
    Permit(Condition),
    /// `forbid when C`
    Forbid(Condition),
    /// `never when C`
    Never(Condition),
    /// `require C`
    Require(Condition),
    /// `risk ceiling LEVEL`
    RiskCeiling(Value),
    /// `supervision at least LEVEL`
    Supervision(Value),
    /// `rescue plan [with S, …] [ready within D]`
    RescuePlan {
        /// The strategies that it must include.
        with: Vec<Word>,
        /// How soon it must be ready.
        ready: Option<Value>,
    },
    /// `limit N episodes [where C] [per F, …] in any D`
    Limit {
        /// The most that may be.
        most: Value,
        /// Which records count, and over what time.
        history: HistoryClause,
    },
    /// `limit share of episodes where C [among episodes where C] to P [per F, …] in any D [given at least N]`
    LimitShare {
        /// The greatest share.
        most: Value,
        /// Which records count, and over what time.
        history: HistoryClause,
        /// How many there must be for the limit to hold.
        given: Option<Value>,
    },
    /// `oblige FIELD …`
    Oblige(Obligation),
}

/// `FIELD [within D [of FIELD]] [with C]`, after `oblige`
#[derive(Debug, Clone)]
pub struct Obligation {
    /// The field that says that it was done.
    pub act: Word,
    /// By when.
    pub deadline: Option<DeadlineClause>,
    /// What must hold besides.
    pub with: Option<Condition>,
}

/// By when something is owed.
#[derive(Debug, Clone)]
pub struct DeadlineClause {
    /// How long.
    pub kind: DeadlineKind,
    /// `of FIELD`: from when; of `before FIELD`, that field.
    pub base: Option<Word>,
    /// Where it stands.
    pub span: Span,
}

/// How long somebody has.
#[derive(Debug, Clone)]
pub enum DeadlineKind {
    /// `within D`
    Within(Value),
    /// `before FIELD`
    Before,
    /// `by the end of the day`
    EndOfDay,
    /// `by the end of the next working day`
    NextWorkingDay,
    /// `by 12:00 on the next [working] day`
    Clock {
        /// The time of day, as written.
        time: Word,
        /// Whether it says `working`.
        working: bool,
    },
}

/// `count of episodes [where C] per F, … in the past D`, and its kin
#[derive(Debug, Clone)]
pub struct HistoryClause {
    /// What is made of the records.
    pub kind: HistoryKind,
    /// What the records are called.
    pub noun: Word,
    /// `where C`
    pub filter: Option<Box<Condition>>,
    /// `among episodes where C`
    pub among: Option<Box<Condition>>,
    /// `per F, …`
    pub per: Vec<Word>,
    /// From when to when; none for `time since the last`, or where it is left out.
    pub window: Option<WindowClause>,
    /// Where the clause stands, without the comparison.
    pub span: Span,
}

/// What a history clause makes of the records that count.
#[derive(Debug, Clone)]
pub enum HistoryKind {
    /// `any episode …`
    Any,
    /// `no episode …`
    No,
    /// `count of …`, and `limit N`
    Count,
    /// `sum of X over …`
    Sum(Word),
    /// `average of X over …`
    Average(Word),
    /// `share of …`, and `limit share`
    Share,
    /// `time since the last …`
    TimeSinceLast,
}

/// A window of time.
#[derive(Debug, Clone)]
pub struct WindowClause {
    /// Which.
    pub kind: WindowKind,
    /// Where it stands.
    pub span: Span,
}

/// Which window of time it is.
#[derive(Debug, Clone)]
pub enum WindowKind {
    /// `in the past D`
    InThePast(Value),
    /// `in any D`
    InAny(Value),
    /// `to date`
    ToDate,
    /// `at the same time`
    AtTheSameTime,
}

/// `define NAME as C`
#[derive(Debug, Clone)]
pub struct DefineDeclaration {
    /// The name; none if it could not be read, which has been reported.
    pub name: Option<Word>,
    /// What it stands for.
    pub condition: Condition,
}

/// `vocabulary NAME [extends NAME] ["title"]`
#[derive(Debug, Clone)]
pub struct VocabularyHeader {
    /// The name; none if it could not be read, which has been reported.
    pub name: Option<Word>,
    /// What it extends.
    pub extends: Option<Word>,
    /// The title.
    pub title: Option<Text>,
}

/// `scale NAME "title" a < b` or `kind NAME "title" a, b`
#[derive(Debug, Clone)]
pub struct ListDeclaration {
    /// Whether it is a scale.
    pub ordered: bool,
    /// The name; none if it could not be read, which has been reported.
    pub name: Option<Word>,
    /// The title.
    pub title: Option<Text>,
    /// Its levels or names.
    pub names: Vec<NameDeclaration>,
}

/// A level or name with its written forms.
#[derive(Debug, Clone)]
pub struct NameDeclaration {
    /// The name.
    pub name: Word,
    /// `written "…", 4`
    pub written: Vec<Value>,
}

/// `field NAME TYPE "title" …`
#[derive(Debug, Clone)]
pub struct FieldDeclaration {
    /// The dotted name; none if it could not be read, which has been reported.
    pub name: Option<Word>,
    /// The type.
    pub kind: TypeName,
    /// The title.
    pub title: Option<Text>,
    /// What else is said of it.
    pub attributes: Vec<Attribute>,
}

/// A type as written.
#[derive(Debug, Clone)]
pub struct TypeName {
    /// What is written.
    pub kind: TypeKind,
    /// Where.
    pub span: Span,
}

/// Which type is written.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// `number [from A to B]`
    Number(Option<(Value, Value)>),
    /// `whole number [from A to B]`
    WholeNumber(Option<(Value, Value)>),
    /// `percent [from A to B]`
    Percent(Option<(Value, Value)>),
    /// `set of NAME`
    SetOf(Word),
    /// any other name: a basic type, a kind or a scale
    Named(Word),
}

/// What a field declaration says after the type.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// What it says.
    pub kind: AttributeKind,
    /// Where it stands.
    pub span: Span,
}

/// Which attribute it is.
#[derive(Debug, Clone)]
pub enum AttributeKind {
    /// `role WORDS`
    Role(Word),
    /// `known afterwards [at FIELD]`
    KnownAfterwards(Option<Word>),
    /// `chosen`
    Chosen,
    /// `judged`
    Judged,
    /// `from PATH`
    From(Text),
}

/// A condition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What it says.
    pub kind: ConditionKind,
    /// Where it stands.
    pub span: Span,
}

/// What a condition says.
#[derive(Debug, Clone)]
pub enum ConditionKind {
    /// `A and B`, or a list under `all of`
    All(Vec<Condition>),
    /// `A or B`, or a list under `any of`
    Any(Vec<Condition>),
    /// `not A`
    Not(Box<Condition>),
    /// a bare word: a boolean field or a definition
    Bare(Word),
    /// `X` and what is said of it
    Comparison(Word, Comparison),
    /// a history clause, and what is said of its result; nothing of `any` and `no`
    History(Box<HistoryClause>, Option<Comparison>),
    /// something that has been reported and means nothing
    Broken,
}

/// What is said of a field.
#[derive(Debug, Clone)]
pub enum Comparison {
    /// `is V`
    Is(Value),
    /// `is not V`
    IsNot(Value),
    /// `is one of V, W`
    IsOneOf(Vec<Value>),
    /// `is not one of V, W`
    IsNotOneOf(Vec<Value>),
    /// `at least V`
    AtLeast(Value),
    /// `at most V`
    AtMost(Value),
    /// `above V`
    Above(Value),
    /// `below V`
    Below(Value),
    /// `between V and W`
    Between(Value, Value),
    /// `before V`
    Before(Value),
    /// `after V`
    After(Value),
    /// `on or before V`
    OnOrBefore(Value),
    /// `on or after V`
    OnOrAfter(Value),
    /// `within D before X`
    WithinBefore(Value, Word),
    /// `within D after X`
    WithinAfter(Value, Word),
    /// `includes V`
    Includes(Value),
    /// `includes any of V, W`
    IncludesAny(Vec<Value>),
    /// `includes all of V, W`
    IncludesAll(Vec<Value>),
    /// `not includes V`, in a cell of a table
    NotIncludes(Value),
    /// `is present`
    IsPresent,
    /// `is missing`
    IsMissing,
    /// `is never`, of a table
    IsNever,
    /// `is not never`, of a table
    IsNotNever,
}

/// A value as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What is written.
    pub kind: ValueKind,
    /// Where.
    pub span: Span,
}

/// Which value is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueKind {
    /// a bare word: a field, a level or a name
    Word(String),
    /// a text in quotes
    Text(String),
    /// a number, as written
    Number(String),
    /// a percentage: its number, as written
    Percent(String),
    /// a duration: its number and its unit, as written
    Duration {
        /// The number.
        amount: String,
        /// The unit.
        unit: String,
        /// Whether it says `working days`.
        working: bool,
    },
    /// `2026-03-04`, with or without a time
    Date(String),
    /// `22:00`
    TimeOfDay(String),
    /// something that has been reported and means nothing
    Broken,
}

impl Comparison {
    /// Gives the words of the comparison, for messages.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Is(_) => "is",
            Self::IsNot(_) => "is not",
            Self::IsOneOf(_) => "is one of",
            Self::IsNotOneOf(_) => "is not one of",
            Self::AtLeast(_) => "at least",
            Self::AtMost(_) => "at most",
            Self::Above(_) => "above",
            Self::Below(_) => "below",
            Self::Between(..) => "between",
            Self::Before(_) => "before",
            Self::After(_) => "after",
            Self::OnOrBefore(_) => "on or before",
            Self::OnOrAfter(_) => "on or after",
            Self::WithinBefore(..) => "within … before",
            Self::WithinAfter(..) => "within … after",
            Self::Includes(_) => "includes",
            Self::IncludesAny(_) => "includes any of",
            Self::IncludesAll(_) => "includes all of",
            Self::NotIncludes(_) => "not includes",
            Self::IsPresent => "is present",
            Self::IsMissing => "is missing",
            Self::IsNever => "is never",
            Self::IsNotNever => "is not never",
        }
    }
}
