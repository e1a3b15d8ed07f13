//! Conditions: one vector of small nodes that refer to each other by id.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::civil::Time;

use crate::source::Span;

use super::history::{Function, History, HistoryId, Window};
use super::table::{Table, TableId, TableTest};
use super::value::Value;
use super::vocabulary::FieldId;

/// A condition, as an index into the arena of its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionId(pub u32);

/// A definition, as an index into those of its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefinitionId(pub u32);

/// What can be true, false or unknown of an episode.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// `A and B`, or a list under `all of`; of nothing: true
    All(Box<[ConditionId]>),
    /// `A or B`, or a list under `any of`; of nothing: false
    Any(Box<[ConditionId]>),
    /// `not A`, `X is not V`, `X is not one of V, W`; and what `forbid when A` requires
    Not(ConditionId),
    /// `X is V`, `X at least V`, `X before Y`; a bare boolean field is `X is true`
    Compare {
        /// What is compared.
        left: FieldRef,
        /// How.
        relation: Relation,
        /// With what.
        right: Term,
    },
    /// `X is one of V, W`
    OneOf {
        /// What is compared.
        left: FieldRef,
        /// The values, any of which will do.
        values: Box<[Value]>,
    },
    /// `X between V and W`, both included
    Between {
        /// What is compared.
        left: FieldRef,
        /// The lower bound.
        low: Term,
        /// The upper bound.
        high: Term,
    },
    /// `X includes V`, for a set of a kind or of people
    Includes {
        /// The set.
        set: FieldRef,
        /// The member: a name, an identity, or a field of either type.
        member: Term,
    },
    /// the set has a member: the first thing that `rescue plan` asks
    NotEmpty(FieldRef),
    /// `X within D before Y`: 0 ≤ Y − X ≤ D. (`X within D after Y` is this with X and Y changed about.)
    Within {
        /// What comes first.
        first: FieldRef,
        /// How long it may be before the other.
        at_most: Term,
        /// What comes second.
        second: FieldRef,
    },
    /// `count of episodes … at most V`: what the records before come to, compared. (`any episode …` is a count of at
    /// least one, `no episode …` its negation.)
    Measure {
        /// What is compared.
        history: HistoryId,
        /// How.
        relation: Relation,
        /// With what.
        right: Term,
    },
    /// `X between 22:00 and 07:00` on the local clock; the start included, the end not; it may pass midnight
    Clock {
        /// The instant.
        left: FieldRef,
        /// The first time of day.
        from: Time,
        /// The time of day that ends it.
        until: Time,
    },
    /// `X is present`; `X is missing` is its negation
    Present(FieldRef),
    /// the name of a `define`
    Defined(DefinitionId),
    /// `X at most T`, `T at least V`, `T is never`: what a decision table gives, compared
    Table {
        /// The table.
        table: TableId,
        /// What is asked of its result.
        test: TableTest,
    },
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `is`
    Is,
    /// `at least`
    AtLeast,
    /// `at most`
    AtMost,
    /// `above`
    Above,
    /// `below`
    Below,
    /// `before`
    Before,
    /// `after`
    After,
}

impl Relation {
    /// Gives the words of the language.
    pub fn words(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::Above => "above",
            Self::Below => "below",
            Self::Before => "before",
            Self::After => "after",
        }
    }

    /// Says whether it holds of two that stand in this order; of moments, of exact ones.
    pub fn allows(self, order: Ordering) -> bool {
        match self {
            Self::Is => order.is_eq(),
            Self::AtLeast => order.is_ge(),
            Self::AtMost => order.is_le(),
            Self::Above | Self::After => order.is_gt(),
            Self::Below | Self::Before => order.is_lt(),
        }
    }

    /// Gives the relation that holds of what has an order where this one does not: not at least is below. `is` has none.
    pub fn opposite(self) -> Option<Self> {
        match self {
            Self::AtLeast => Some(Self::Below),
            Self::AtMost => Some(Self::Above),
            Self::Above => Some(Self::AtMost),
            Self::Below => Some(Self::AtLeast),
            Self::Is | Self::Before | Self::After => None,
        }
    }

    /// Turns a negated comparison of order round. Says whether a *not* is left.
    pub fn turned(self, negated: bool) -> (Self, bool) {
        match self.opposite() {
            Some(opposite) if negated => (opposite, false),
            _ => (self, negated),
        }
    }
}

/// What a comparison compares with. Registers will be further terms.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// a constant of the policy
    Constant(Value),
    /// a field
    Field(FieldRef),
}

/// A field, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldRef {
    /// Whose field is meant.
    pub scope: Scope,
    /// Which field.
    pub field: FieldId,
}

/// Whose field is meant. Rows of registers, and `this` within `where`, will be further scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// the record that the condition is asked of: the one that is judged, or within `where` the one that is counted
    This,
}

impl FieldRef {
    /// Refers to a field of the record that the condition is asked of.
    pub fn this(field: FieldId) -> Self {
        Self { scope: Scope::This, field }
    }
}

/// `define high_stakes as …`
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The name.
    pub name: String,
    /// What it stands for.
    pub condition: ConditionId,
    /// Where it is written.
    pub origin: Span,
}

/// The conditions of one version. A condition's parts come before it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conditions {
    nodes: Vec<(Condition, Span)>,
    histories: Vec<History>,
    definitions: Vec<Definition>,
    tables: Vec<Table>,
}

impl Conditions {
    /// Makes an empty arena.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition with the place where it is written.
    pub fn add(&mut self, condition: Condition, origin: Span) -> ConditionId {
        let id = ConditionId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push((condition, origin));
        id
    }

    /// Adds a history clause, or gives the one that says the same.
    pub fn look_back(&mut self, history: History) -> HistoryId {
        let known = self.histories.iter().position(|known| self.is_same_history(known, &history));
        let at = known.unwrap_or(self.histories.len());
        if known.is_none() {
            self.histories.push(history);
        }
        HistoryId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    fn is_same_history(&self, one: &History, other: &History) -> bool {
        let same_function = match (one.function, other.function) {
            (Function::Share(one), Function::Share(other)) => self.is_same(one, other),
            (one, other) => one == other,
        };
        let same_filter = match (one.filter, other.filter) {
            (Some(one), Some(other)) => self.is_same(one, other),
            (one, other) => one == other,
        };
        same_function && same_filter && one.keys == other.keys && one.window == other.window
    }

    /// Says whether two conditions say the same, word for word.
    pub fn is_same(&self, one: ConditionId, other: ConditionId) -> bool {
        let all_same = |one: &[ConditionId], other: &[ConditionId]| {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| self.is_same(*one, *other))
        };
        one == other
            || match (self.get(one), self.get(other)) {
                (Condition::All(one), Condition::All(other)) | (Condition::Any(one), Condition::Any(other)) => {
                    all_same(one, other)
                }
                (Condition::Not(one), Condition::Not(other)) => self.is_same(*one, *other),
                (one, other) => one == other,
            }
    }

    /// Adds a definition.
    pub fn define(&mut self, definition: Definition) -> DefinitionId {
        let id = DefinitionId(u32::try_from(self.definitions.len()).unwrap_or(u32::MAX));
        self.definitions.push(definition);
        id
    }

    /// Adds a table.
    pub fn tabulate(&mut self, table: Table) -> TableId {
        let id = TableId(u32::try_from(self.tables.len()).unwrap_or(u32::MAX));
        self.tables.push(table);
        id
    }

    /// Gives a table; `None` for an id of another arena.
    pub fn table(&self, id: TableId) -> Option<&Table> {
        self.tables.get(id.0 as usize)
    }

    /// Gives all tables.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Puts another result into a row of a table: for asking what would be if the policy said something else.
    pub fn regive(&mut self, id: TableId, row: usize, result: Option<super::vocabulary::NameId>) {
        if let Some(row) = self.tables.get_mut(id.0 as usize).and_then(|table| table.rows.get_mut(row)) {
            row.result = result;
        }
    }

    /// Takes a row out of a table: for asking what would be without it.
    pub fn leave_out(&mut self, id: TableId, row: usize) {
        if let Some(table) = self.tables.get_mut(id.0 as usize) {
            let rows = std::mem::take(&mut table.rows).into_vec().into_iter().enumerate();
            table.rows = rows.filter(|(at, _)| *at != row).map(|(_, row)| row).collect();
        }
    }

    /// Puts another window into a history clause: for asking what would be if the policy said something else.
    pub fn rewindow(&mut self, id: HistoryId, window: Window) {
        if let Some(history) = self.histories.get_mut(id.0 as usize) {
            history.window = window;
        }
    }

    /// Gives a condition; an id of another arena is answered with the empty `any of`, which is false.
    pub fn get(&self, id: ConditionId) -> &Condition {
        static NOTHING: std::sync::LazyLock<Condition> = std::sync::LazyLock::new(|| Condition::Any(Box::new([])));
        self.nodes.get(id.0 as usize).map_or(&NOTHING, |(condition, _)| condition)
    }

    /// Gives the place where a condition is written.
    pub fn origin(&self, id: ConditionId) -> Option<Span> {
        self.nodes.get(id.0 as usize).map(|(_, origin)| *origin)
    }

    /// Gives a history clause; `None` for an id of another arena.
    pub fn history(&self, id: HistoryId) -> Option<&History> {
        self.histories.get(id.0 as usize)
    }

    /// Gives all history clauses.
    pub fn histories(&self) -> &[History] {
        &self.histories
    }

    /// Gives a definition.
    pub fn definition(&self, id: DefinitionId) -> Option<&Definition> {
        self.definitions.get(id.0 as usize)
    }

    /// Gives all definitions.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// Gives the conditions without parts that lie within some clauses, through definitions too, each once.
    pub fn leaves(&self, clauses: impl IntoIterator<Item = ConditionId>) -> BTreeSet<ConditionId> {
        let mut waiting: Vec<ConditionId> = clauses.into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut leaves = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.get(id) {
                Condition::All(parts) | Condition::Any(parts) => waiting.extend(parts.iter()),
                Condition::Not(part) => waiting.push(*part),
                Condition::Defined(definition) => {
                    waiting.extend(self.definition(*definition).map(|definition| definition.condition));
                }
                _ => {
                    leaves.insert(id);
                }
            }
        }
        leaves
    }

    /// Gives the fields that the comparisons of some clauses read of the record that is asked; one may come more than once.
    pub fn fields_read<'c, C>(&'c self, clauses: C) -> impl Iterator<Item = FieldId> + use<'c, C>
    where
        C: IntoIterator<Item = ConditionId>,
    {
        self.leaves(clauses).into_iter().flat_map(|leaf| self.reads(leaf)).map(|read| read.field)
    }

    /// Gives the fields that a condition without parts reads of the record that it is asked of, those of a table's
    /// columns among them.
    pub fn reads(&self, leaf: ConditionId) -> impl Iterator<Item = FieldRef> + use<'_> {
        let node = self.get(leaf);
        let table = match node {
            Condition::Table { table, .. } => self.table(*table),
            _ => None,
        };
        node.fields().chain(table.into_iter().flat_map(|table| table.columns.iter().copied()))
    }

    /// Puts a condition in the place of another: for asking what would be if the policy said something else.
    ///
    /// Its parts must come before it, as everywhere.
    pub fn replace(&mut self, id: ConditionId, condition: Condition) {
        if let Some((known, _)) = self.nodes.get_mut(id.0 as usize) {
            *known = condition;
        }
    }

    /// Gives the id of every condition, parts before wholes.
    pub fn ids(&self) -> impl Iterator<Item = ConditionId> + use<> {
        (0..self.nodes.len()).filter_map(|at| u32::try_from(at).ok()).map(ConditionId)
    }

    /// Gives the number of conditions.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Says whether there is none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

impl Condition {
    /// Gives the fields that the condition reads itself of the record that it is asked of, not through its parts, and
    /// not in the columns of a table ([`Conditions::reads`] gives these too).
    pub fn fields(&self) -> impl Iterator<Item = FieldRef> + Clone + use<> {
        let of = |term: &Term| match term {
            Term::Field(field) => Some(*field),
            Term::Constant(_) => None,
        };
        let fields = match self {
            Self::Compare { left, right, .. } => [Some(*left), of(right), None],
            Self::Between { left, low, high } => [Some(*left), of(low), of(high)],
            Self::Includes { set, member } => [Some(*set), of(member), None],
            Self::Within { first, at_most, second } => [Some(*first), of(at_most), Some(*second)],
            Self::OneOf { left: field, .. }
            | Self::Clock { left: field, .. }
            | Self::NotEmpty(field)
            | Self::Present(field) => [Some(*field), None, None],
            Self::Measure { right, .. } => [of(right), None, None],
            Self::Table { test, .. } => {
                let mut fields = test.fields();
                [fields.next(), fields.next(), None]
            }
            Self::All(_) | Self::Any(_) | Self::Not(_) | Self::Defined(_) => [None, None, None],
        };
        fields.into_iter().flatten()
    }
}
