//! `forbear test --format json`.

use schemars::JsonSchema;
use serde::Serialize;

use super::{InputRecord, Place, Problem, ToolVersion};

/// `forbear test --format json`
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestDocument {
    /// The program that wrote it.
    pub program: ToolVersion,
    /// Every input, with a digest of its bytes.
    pub inputs: Vec<InputRecord>,
    /// Each example, or each record of an example on a log, in order.
    pub examples: Vec<ExampleRecord>,
    /// What the examples of each version reach.
    pub coverage: Vec<CoverageRecord>,
    /// The mutation score of each version; empty unless asked for.
    pub mutation: Vec<MutationRecord>,
    /// Everything that does not hold, and everything that makes the run fail.
    pub problems: Vec<Problem>,
}

/// An example, or one record of an example on a log.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleRecord {
    /// The title.
    pub example: String,
    /// The record's id; null if the example is of a case.
    pub record: Option<String>,
    /// Where the example stands.
    pub at: Place,
    /// The policy.
    pub policy: String,
    /// The version's label; null if it has none.
    pub version: Option<String>,
    /// `permissible`, `impermissible`, `undetermined` or `not_covered`.
    pub verdict: String,
    /// Whether every claim holds.
    pub holds: bool,
    /// Each claim.
    pub claims: Vec<ClaimRecord>,
}

/// A claim of an example.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimRecord {
    /// Where it stands.
    pub at: Place,
    /// Whether it holds.
    pub holds: bool,
}

/// What the examples of a version reach.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverageRecord {
    /// The policy.
    pub policy: String,
    /// The version's label; null if it has none.
    pub version: Option<String>,
    /// How many items are reached.
    pub reached: usize,
    /// How many items there are.
    pub items: usize,
    /// What is not reached.
    pub not_reached: Vec<NotReached>,
    /// What cannot be reached, and why.
    pub left_out: Vec<LeftOutRecord>,
    /// Rules that no example breaks, and that do not say why.
    pub untested: Vec<String>,
}

/// Something that no example reaches.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotReached {
    /// The rule; null where several use the comparison, or none does.
    pub rule: Option<String>,
    /// The status, or of a comparison `true`, `false`, `deciding true` or `deciding false`.
    pub what: String,
    /// Where the norm or the comparison stands.
    pub clause: Place,
}

/// Something that cannot be reached.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOutRecord {
    /// The rule.
    pub rule: String,
    /// The status.
    pub what: String,
    /// Why it cannot be reached.
    pub reason: String,
}

/// The mutation score of a version.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MutationRecord {
    /// The policy.
    pub policy: String,
    /// The version's label; null if it has none.
    pub version: Option<String>,
    /// How many changes were tried.
    pub mutants: usize,
    /// How many made an example fail.
    pub killed: usize,
    /// Those that no example noticed.
    pub survivors: Vec<SurvivorRecord>,
    /// Changes of which it is proved that no episode tells them; they are not among the mutants.
    pub without_effect: Vec<SurvivorRecord>,
    /// Rules that were not changed, since they only advise: no claim can concern them.
    pub left_out: Vec<String>,
}

/// A change that no example noticed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SurvivorRecord {
    /// The rule; null if it is of the scope or of a definition.
    pub rule: Option<String>,
    /// Where the changed clause stands.
    pub clause: Place,
    /// What was changed, in words.
    pub change: String,
    /// The clause as it would read.
    pub sentence: String,
    /// An example that would notice, ready to paste; null if none was found.
    pub example: Option<String>,
}
