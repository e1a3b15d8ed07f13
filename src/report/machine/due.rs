//! `forbear due --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{InputRecord, Place, ToolVersion};

/// `forbear due --format json`
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DueDocument {
    /// The program that wrote it.
    pub program: ToolVersion,
    /// The instant as of which it holds (RFC 3339).
    pub as_of: String,
    /// Whether records after that instant were left out.
    pub reconstructed: bool,
    /// How much of the log it shows: `committee`, `auditor` or `internal`.
    pub privacy: String,
    /// Every input, with a digest of its bytes.
    pub inputs: Vec<InputRecord>,
    /// What is owed, soonest first; what has no deadline last.
    pub due: Vec<DueRecord>,
    /// How many duties are open for want of evidence.
    pub undetermined: usize,
}

/// Something that is owed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DueRecord {
    /// The episode's id, or its place.
    pub episode: String,
    /// Where the record stands.
    pub at: Place,
    /// The policy.
    pub policy: String,
    /// The rule.
    pub rule: String,
    /// The field that would say that it was done.
    pub act: String,
    /// Who owes it; null if the vocabulary or the record does not say.
    pub who: Option<String>,
    /// `pending`, `outstanding` or `overdue`.
    pub status: String,
    /// By when (RFC 3339); null if there is no deadline.
    pub deadline: Option<String>,
}
