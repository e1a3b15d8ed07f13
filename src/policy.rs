//! The core: what a checked policy means, without syntax.
//!
//! A [`PolicySet`] is made by `check` alone and read by everybody else: judging, explaining, and later proving,
//! translating and rendering. It knows nobody but `source`, and that only for origins.
//!
//! What holds of every policy here, because `check` made it:
//! - every id (field, list, name, condition, definition) exists;
//! - both sides of a comparison have types that compare;
//! - a condition's parts come before it in its arena, so that nothing refers to itself;
//! - no rule here reads what is known only afterwards.

pub mod condition;
pub mod norm;
pub mod number;
pub mod rule;
pub mod time;
pub mod value;
pub mod version;
pub mod vocabulary;

pub use condition::{Condition, ConditionId, Conditions, Definition, DefinitionId, FieldRef, Relation, Scope, Term};
pub use norm::{Norm, NormKind};
pub use rule::{Rule, RuleId, RuleSeverity, Silence};
pub use value::{Names, People, Value};
pub use version::{DefaultNorm, InForce, Policy, PolicySet, Version};
pub use vocabulary::{Field, FieldId, FieldType, ListId, Name, NameId, NameList, Range, Role, Vocabulary, Written};
