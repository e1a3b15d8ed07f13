//! What an episode can say: scales, kinds, fields and the roles that some fields play.

use rust_decimal::Decimal;

use crate::source::Span;

/// A field, as an index into its vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u16);

/// A scale or kind, as an index into its vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListId(pub u16);

/// A level or name, as an index into its scale or kind. Levels of a scale ascend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u16);

/// `vocabulary clinical "Clinical training"`, with all that it extends.
#[derive(Debug, Clone, PartialEq)]
pub struct Vocabulary {
    /// The name by which policies ask for it.
    pub name: String,
    /// The title; empty if it has none of its own.
    pub title: String,
    /// Scales and kinds.
    pub lists: Vec<NameList>,
    /// Fields, in the order of their declaration.
    pub fields: Vec<Field>,
    roles: [Option<FieldId>; Role::ALL.len()],
}

impl Vocabulary {
    /// Makes a vocabulary; which field plays a role is read from the fields.
    pub fn new(name: String, title: String, lists: Vec<NameList>, fields: Vec<Field>) -> Self {
        let mut roles = [None; Role::ALL.len()];
        for (at, field) in fields.iter().enumerate() {
            if let Some(slot) = field.role.and_then(|role| roles.get_mut(role as usize)) {
                *slot = u16::try_from(at).ok().map(FieldId);
            }
        }
        Self { name, title, lists, fields, roles }
    }

    /// Gives the field that plays a role.
    pub fn role(&self, role: Role) -> Option<FieldId> {
        self.roles.get(role as usize).copied().flatten()
    }

    /// Gives the field that says when an episode happened: its time, or else its start.
    pub fn episode_time(&self) -> Option<FieldId> {
        self.role(Role::Time).or_else(|| self.role(Role::Start))
    }

    /// Says whether that field is a date: history then reckons in whole days.
    pub fn counts_days(&self) -> bool {
        let time = self.episode_time().and_then(|time| self.field(time));
        time.is_some_and(|time| time.kind == FieldType::Date)
    }

    /// Gives a field; `None` for an id of another vocabulary.
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.get(usize::from(id.0))
    }

    /// Gives a field's name, or the empty string.
    pub fn field_name(&self, id: FieldId) -> &str {
        self.field(id).map_or("", |field| field.name.as_str())
    }

    /// Gives a scale or kind; `None` for an id of another vocabulary.
    pub fn list(&self, id: ListId) -> Option<&NameList> {
        self.lists.get(usize::from(id.0))
    }

    /// Finds a field by name.
    pub fn find_field(&self, name: &str) -> Option<FieldId> {
        let at = self.fields.iter().position(|field| field.name == name)?;
        u16::try_from(at).ok().map(FieldId)
    }

    /// Gives every field's id.
    pub fn field_ids(&self) -> impl Iterator<Item = FieldId> + use<> {
        (0..self.fields.len()).filter_map(|at| u16::try_from(at).ok().map(FieldId))
    }
}

/// A scale or a kind: names, in order or without.
#[derive(Debug, Clone, PartialEq)]
pub struct NameList {
    /// The name of the scale or kind.
    pub name: String,
    /// The title; may be empty.
    pub title: String,
    /// Whether the names are levels, ascending. Two scales never compare.
    pub ordered: bool,
    /// The names.
    pub names: Vec<Name>,
    /// Where it is declared.
    pub origin: Span,
}

impl NameList {
    /// Gives a name's text, or the empty string.
    pub fn name_of(&self, id: NameId) -> &str {
        self.names.get(usize::from(id.0)).map_or("", |name| name.name.as_str())
    }

    /// Finds a declared name, as policies write it.
    pub fn find(&self, name: &str) -> Option<NameId> {
        let at = self.names.iter().position(|known| known.name == name)?;
        u16::try_from(at).ok().map(NameId)
    }

    /// Says "scale" or "kind".
    pub fn word(&self) -> &'static str {
        if self.ordered { "scale" } else { "kind" }
    }
}

/// A level or name, with the ways in which logs write it.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The name itself.
    pub name: String,
    /// `written "In room", 4`
    pub written: Vec<Written>,
    /// Where it is declared.
    pub origin: Span,
}

/// One way in which logs write a level or name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Written {
    /// `"In room"`: matches exactly, after trimming
    Text(String),
    /// `4`: matches any number of that value
    Number(Decimal),
}

/// `field patient.risk  risk  role risk  judged`
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The dotted name.
    pub name: String,
    /// The title; may be empty.
    pub title: String,
    /// The type, with its range.
    pub kind: FieldType,
    /// The role that it plays.
    pub role: Option<Role>,
    /// `known afterwards`: nobody knew it when the decision to hold back was taken. Role `recorded` counts as such.
    pub known_afterwards: bool,
    /// `known afterwards at FIELD`: from when it was known.
    pub known_at: Option<FieldId>,
    /// `chosen`: the team could have arranged it otherwise.
    pub chosen: bool,
    /// `judged`: somebody's rating.
    pub judged: bool,
    /// `from PATH`: where the log has it; the name itself unless stated.
    pub path: String,
    /// Where it is declared.
    pub origin: Span,
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// `boolean`
    Boolean,
    /// `number [from A to B]`
    Number(Range),
    /// `whole number [from A to B]`
    WholeNumber(Range),
    /// `percent [from A to B]`
    Percent(Range),
    /// `duration`
    Duration,
    /// `date`
    Date,
    /// `instant`
    Instant,
    /// `text`
    Text,
    /// `identity`
    Identity,
    /// the name of a kind
    Kind(ListId),
    /// the name of a scale
    Scale(ListId),
    /// `set of` a kind
    SetOfKind(ListId),
    /// `set of identity`
    SetOfIdentity,
}

/// The bounds of a number, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// The least value.
    pub low: Option<Decimal>,
    /// The greatest value.
    pub high: Option<Decimal>,
}

impl Range {
    /// Says whether a number lies within the bounds.
    pub fn contains(&self, number: Decimal) -> bool {
        self.low.is_none_or(|low| low <= number) && self.high.is_none_or(|high| number <= high)
    }
}

/// What a field is to every policy, in whatever words its vocabulary speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// `role id`: the name of the record
    Id,
    /// `role time`: when it happened
    Time,
    /// `role recorded`: when it was written down
    Recorded,
    /// `role start`: the beginning of what lasts
    Start,
    /// `role end`: its end
    End,
    /// `role risk`: for `risk ceiling`
    Risk,
    /// `role supervision`: for `supervision at least`
    Supervision,
    /// `role rescue strategies`: for `rescue plan with`
    RescueStrategies,
    /// `role rescue readiness`: for `rescue plan ready within`
    RescueReadiness,
    /// `role rescue outcome`: for reports
    RescueOutcome,
    /// `role responsible`: who owes a duty
    Responsible,
    /// `role failure kind`: for reports
    FailureKind,
    /// `role unit`: for reports
    Unit,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 13] = [
        Self::Id,
        Self::Time,
        Self::Recorded,
        Self::Start,
        Self::End,
        Self::Risk,
        Self::Supervision,
        Self::RescueStrategies,
        Self::RescueReadiness,
        Self::RescueOutcome,
        Self::Responsible,
        Self::FailureKind,
        Self::Unit,
    ];

    /// Gives the words that stand after `role`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Time => "time",
            Self::Recorded => "recorded",
            Self::Start => "start",
            Self::End => "end",
            Self::Risk => "risk",
            Self::Supervision => "supervision",
            Self::RescueStrategies => "rescue strategies",
            Self::RescueReadiness => "rescue readiness",
            Self::RescueOutcome => "rescue outcome",
            Self::Responsible => "responsible",
            Self::FailureKind => "failure kind",
            Self::Unit => "unit",
        }
    }
}
