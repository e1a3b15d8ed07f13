//! The core: what a checked policy means, without syntax.
//!
//! A [`PolicySet`] is made by `check` alone and read by everybody else: judging, explaining, and later proving,
//! translating and rendering. It knows nobody but `source`, and that only for origins.
//!
//! What holds of every policy here, because `check` made it:
//! - every id (field, list, name, condition, definition) exists;
//! - both sides of a comparison have types that compare;
//! - a condition's parts come before it in its arena, so that nothing refers to itself;
//! - no rule but those with `oblige` reads what is known only afterwards of the episode itself;
//! - the rows of a table leave no case open, and no case has two of them;
//! - no history clause stands within another, or in `applies when`.

pub mod calendar;
pub mod civil;
pub mod condition;
pub mod duty;
pub mod history;
pub mod norm;
pub mod number;
pub mod rule;
pub mod table;
pub mod time;
pub mod value;
pub mod version;
pub mod vocabulary;
pub mod written;

pub use calendar::Calendar;
pub use civil::{Length, Period};
pub use condition::{Condition, ConditionId, Conditions, Definition, DefinitionId, FieldRef, Relation, Scope, Term};
pub use duty::{Base, Deadline, Duty, Limit, Link};
pub use history::{Function, History, HistoryId, KeyPair, Window};
pub use norm::{Norm, NormKind};
pub use rule::{Rule, RuleId, RuleSeverity, Silence};
pub use table::{Row, Table, TableId, TableTest};
pub use value::{Names, People, Value};
pub use version::{DefaultNorm, InForce, Policy, PolicySet, RecordedWithin, Version};
pub use vocabulary::{Field, FieldId, FieldType, ListId, Name, NameId, NameList, Range, Role, Vocabulary, Written};
pub use written::write_value;
