//! What machines read: the shapes of every JSON output.
//!
//! These structs are the contract, apart from the core, so that the core can change without it. Fields are added, never
//! renamed; `forbear schema output` prints them as a JSON Schema. Lines and columns count from 1, columns in code
//! points.

mod due;
mod made;
mod otherwise;
mod tell;
pub(super) mod trial;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

pub(super) use due::{DueDocument, DueRecord};
pub(super) use tell::{lines, unreadable};

/// Everything that `--format json` and `--format jsonl` can write: for the schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is never made, only described")]
pub(super) enum Output {
    /// `forbear audit --format json`
    Audit(Box<AuditDocument>),
    /// one line of `forbear audit --format jsonl`
    Line(Line),
    /// `forbear check --format json`
    Check(CheckDocument),
    /// `forbear due --format json`
    Due(DueDocument),
    /// `forbear test --format json`
    Test(trial::TestDocument),
}

/// `forbear audit --format json`; it is written piece by piece, in this order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditDocument {
    /// The program that wrote it.
    pub program: ToolVersion,
    /// The clock of the audit (RFC 3339): no episode can lie after it.
    pub present: String,
    /// The instant as of which duties are judged (RFC 3339).
    pub as_of: String,
    /// Whether records after that instant were left out.
    pub reconstructed: bool,
    /// The first day from which the log was said to be complete; null if nothing was said.
    pub log_from: Option<String>,
    /// How much of the log it shows: `committee`, `auditor` or `internal`.
    pub privacy: String,
    /// The policies and their versions.
    pub policies: Vec<PolicyRecord>,
    /// One for each pair of episode and policy, and for each unreadable record, in the order of the inputs.
    pub judgements: Vec<Line>,
    /// What concerns the log as a whole: ids that stand twice, keys that no vocabulary knows.
    pub findings: Vec<Problem>,
    /// Whether the audit was stopped before its end, so that all of this is about a part of the logs; absent if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub partial: bool,
    /// The totals: records = judged + unreadable + left out.
    pub totals: Totals,
    /// Where history counts records for nobody, since they have no key or no time: one for each clause.
    pub uncounted: Vec<UncountedRecord>,
    /// Every input, with a digest of its bytes.
    pub inputs: Vec<InputRecord>,
    /// The SHA-256 of the judgements in their canonical form, taken before pseudonyms, in hexadecimal.
    pub judgements_sha256: String,
}

/// By what a report was made, when, and how much it shows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Made {
    /// The program that wrote it.
    pub program: ToolVersion,
    /// The clock of the audit (RFC 3339): no episode can lie after it.
    pub present: String,
    /// The instant as of which duties are judged (RFC 3339).
    pub as_of: String,
    /// Whether records after that instant were left out.
    pub reconstructed: bool,
    /// The first day from which the log was said to be complete; null if nothing was said.
    pub log_from: Option<String>,
    /// How much of the log it shows: `committee`, `auditor` or `internal`.
    pub privacy: String,
    /// How people are shown: `clear` if as the log has them; absent where as pseudonyms.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub identities: Option<String>,
    /// The least number of episodes that tables show; absent but for a committee.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub small_cells: Option<usize>,
}

/// The last line of `--format jsonl`: without it, the report is not whole.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EndRecord {
    /// By what it was made, and when.
    #[serde(flatten)]
    pub made: Made,
    /// The policies and their versions.
    pub policies: Vec<PolicyRecord>,
    /// Whether the audit was stopped before its end, so that all of this is about a part of the logs; absent if not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub partial: bool,
    /// The totals: records = judged + unreadable + left out.
    pub totals: Totals,
    /// Every input, with a digest of its bytes.
    pub inputs: Vec<InputRecord>,
    /// The SHA-256 of the judgements in their canonical form, taken before pseudonyms, in hexadecimal.
    pub judgements_sha256: String,
}

/// One line of `--format jsonl`: its `kind` says what it is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line {
    /// what a policy says of an episode
    Episode(Box<JudgementRecord>),
    /// a record that could not be read
    Unreadable(UnreadableRecord),
    /// what concerns the log as a whole
    Finding(Problem),
    /// the last line: what was judged, by what, and the totals
    End(Box<EndRecord>),
}

/// What a policy says of a record.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JudgementRecord {
    /// The id of what is judged; null if the record has none.
    pub subject: Option<String>,
    /// The episode's id; null if the record has none.
    pub episode: Option<String>,
    /// Where the record stands.
    pub at: Place,
    /// The policy.
    pub policy: String,
    /// The version's label; null if it has none, none is in force, or it is open which.
    pub version: Option<String>,
    /// `permissible`, `impermissible`, `undetermined` or `not_covered`.
    pub verdict: String,
    /// The verdict that is found rule by rule (Kleene's), where it differs: `undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kleene: Option<String>,
    /// Where it differs: the rules that jointly decide the verdict, whatever the value of what is missing; `by default` is
    /// that no permit can hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Vec<String>>,
    /// Of an undetermined verdict: the verdicts that remain possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub possible: Option<Vec<String>>,
    /// What the Kleene verdict rests on: `permitted`, `violations`, `by_default`, `undetermined`, `scope_open`, `time_open`,
    /// `not_in_force` or `does_not_apply`.
    pub because: String,
    /// Each rule that is violated or undetermined, or that silence settled.
    pub rules: Vec<RuleRecord>,
    /// Each link of a duty that is or was owed.
    pub duties: Vec<DutyRecord>,
    /// Whether the episode fails by this policy: by its verdict, or by a duty that was missed and not made good.
    pub fails: bool,
    /// Where nothing permits the episode, or it is open whether anything does: each permit, and why it is not given.
    pub permits: Vec<PermitRecord>,
    /// What an undetermined verdict is wanting for: the fields that stand in one of the smallest sets that can settle it.
    pub wanting: Vec<String>,
    /// Where `wanting` is not that, neither more nor less: `some`, where there may be others, earlier episodes that are named
    /// among them; `by_rule`, where nothing was searched for and these are the fields on which the open rules turn.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub wanting_known: Option<String>,
    /// The smallest sets of fields that can settle an undetermined verdict, of the first thousand of an audit or,
    /// by a policy of more than 40 rules, of fewer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_by: Option<Vec<SettlingRecord>>,
    /// What would have made an impermissible episode permissible: alternatives, the smallest first, each of changes to
    /// fields that the vocabulary calls chosen. The judge has confirmed each. Left out where other policies are concerned: what
    /// one of several would have permitted is no repair.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub repairs: Vec<Vec<ChangeRecord>>,
    /// Where it is proved that nothing the team could have arranged would have made it permissible: what stands against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nothing_arranged: Option<AgainstRecord>,
    /// Where several policies are concerned, and one is against the episode: what would have made it permissible by every one.
    /// The same for each policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub together: Option<TogetherRecord>,
    /// From when broken rules that look back would have been kept, had nothing else been recorded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub kept_from: Vec<KeptFromRecord>,
    /// The ratings that, one level off, would have given another verdict.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub fragile: Vec<FlipRecord>,
    /// What does not fit in the record.
    pub findings: Vec<Problem>,
}

/// Fields that together can settle a verdict.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettlingRecord {
    /// The fields.
    pub fields: Vec<String>,
    /// Whether every value of them settles it; null where that was not worked out.
    pub always: Option<bool>,
}

/// What would have made an episode permissible by every policy.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TogetherRecord {
    /// Alternatives, the smallest first, each of changes to fields that every vocabulary calls chosen that has them. The judge has
    /// confirmed each for every policy.
    pub repairs: Vec<Vec<ChangeRecord>>,
    /// Whether it is proved that nothing the team could have arranged would have done.
    pub nothing_arranged: bool,
}

/// What a field could have held instead.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRecord {
    /// The field.
    pub field: String,
    /// What it could have held; null where it is any other person or text than those that the policy or the record names.
    pub to: Option<String>,
}

/// What stands against an episode, whatever the team had chosen.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgainstRecord {
    /// The rules that no choice would have kept; empty where they stand against it only together.
    pub rules: Vec<String>,
    /// Whether no rule would have permitted it.
    pub by_default: bool,
}

/// From when a rule that looks back would have been kept.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptFromRecord {
    /// The rule.
    pub rule: String,
    /// From when (RFC 3339); for a committee the year.
    pub from: String,
}

/// A rating that is one level off, and what it would have given.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlipRecord {
    /// The field that is rated.
    pub field: String,
    /// The rating.
    pub to: String,
    /// `permissible`, `impermissible`, `undetermined` or `not_covered`.
    pub verdict: String,
    /// The rules that would be violated and are not.
    pub broken: Vec<String>,
}

/// A rule that is violated or undetermined, or that silence settled.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleRecord {
    /// The rule's name.
    pub rule: String,
    /// `violated` or `undetermined`; `satisfied` only where `if undocumented` settled it so.
    pub status: String,
    /// Whether `if undocumented` settled it.
    pub by_silence: bool,
    /// `advisory`, `minor`, `major` or `critical`.
    pub severity: String,
    /// Why, in one sentence.
    pub message: String,
    /// Where the norm is written.
    pub clause: Place,
    /// The values that decided, and those that are wanting.
    pub evidence: Vec<Evidence>,
    /// What its history clauses came to, and which records they counted.
    pub history: Vec<HistoryRecord>,
    /// The decision tables that were asked.
    pub tables: Vec<TableRecord>,
}

/// What a history clause came to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryRecord {
    /// Where the clause is written.
    pub clause: Place,
    /// What it came to, in one sentence.
    pub message: String,
    /// The least that it may be; null if there is no bound, or it has no value.
    pub low: Option<String>,
    /// The most that it may be; null if there is no bound, or it has no value.
    pub high: Option<String>,
    /// Whether the episode counts itself: `yes`, `no`, `perhaps`; null if the window leaves it out.
    pub counts_itself: Option<String>,
    /// From when the window reaches back (RFC 3339), that instant excluded; null if it reaches back for ever.
    pub after: Option<String>,
    /// Whether the window reaches back before the log begins.
    pub before_log: bool,
    /// The records that count, or may, by their time: the latest hundred.
    pub counted: Vec<CountedRecord>,
    /// How many more there are.
    pub more: usize,
}

/// Records that a history clause counts for nobody.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UncountedRecord {
    /// The policy.
    pub policy: String,
    /// Where the clause is written.
    pub clause: Place,
    /// How many records have no key or no time.
    pub records: usize,
    /// How many statuses are clear (not applicable, excused or satisfied) and would not be if those records counted.
    pub not_clear: usize,
}

/// A record that a history clause counts, or may count.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedRecord {
    /// Its id; null if it has none.
    pub episode: Option<String>,
    /// Where it stands.
    pub at: Place,
    /// Its local day, or the days between which it lies.
    pub date: Option<String>,
    /// Whether it surely counts.
    pub sure: bool,
}

/// A link of a duty that is or was owed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyRecord {
    /// The rule's name.
    pub rule: String,
    /// Which link of the chain it is, from 1.
    pub link: usize,
    /// `excused`, `fulfilled`, `late`, `pending`, `outstanding`, `overdue` or `undetermined`.
    pub status: String,
    /// Whether `if undocumented` settled it.
    pub by_silence: bool,
    /// The last instant at which it is in time (RFC 3339); null if there is none, or it is not known exactly.
    pub deadline: Option<String>,
    /// What the chain comes to: `fulfilled`, `made_good`, `pending`, `outstanding`, `failed`, `undetermined`, `excused`.
    pub chain: String,
    /// `advisory`, `minor`, `major` or `critical`.
    pub severity: String,
    /// Where the link is written.
    pub clause: Place,
    /// What says that it was done, and from when the deadline counts.
    pub evidence: Vec<Evidence>,
    /// The decision tables that say whether it is owed, or what is.
    pub tables: Vec<TableRecord>,
}

/// A permit that is not given.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PermitRecord {
    /// The rule's name.
    pub rule: String,
    /// `not_given` or `undetermined`.
    pub ground: String,
    /// Why, in one sentence.
    pub message: String,
    /// Where the permit is written.
    pub clause: Place,
    /// The values that decided, and those that are wanting.
    pub evidence: Vec<Evidence>,
    /// The decision tables that were asked.
    pub tables: Vec<TableRecord>,
}

/// A decision table that was asked, and the rows of it that may apply.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableRecord {
    /// The table's name.
    pub table: String,
    /// The rows that may apply; one, if what is documented tells which.
    pub rows: Vec<TableRowRecord>,
}

/// A row of a decision table.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableRowRecord {
    /// What it gives: a level, or `never`.
    pub result: String,
    /// Whether it surely applies.
    pub sure: bool,
    /// Where it is written.
    pub at: Place,
}

/// A value that decided, or its absence.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The field's name.
    pub field: String,
    /// The value; null where it is missing or unfit.
    pub value: Option<EvidenceValue>,
    /// `present`, `partial`, `missing` or `unfit`.
    pub state: String,
    /// Where the value stands; the record's place where it is missing.
    pub at: Place,
}

/// A value: identities as pseudonyms unless asked for.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum EvidenceValue {
    /// any value but a set
    One(String),
    /// the members of a set
    Many(Vec<String>),
}

/// A record that could not be read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnreadableRecord {
    /// Where the reading failed.
    pub at: Place,
    /// Why.
    pub reason: String,
}

/// A problem with its code and place.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// The stable code: `forbear explain-code CODE` tells more.
    pub code: String,
    /// `error`, `warning` or `lint`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// Where; the first place is the chief one.
    pub at: Vec<LabelledPlace>,
    /// What to do.
    pub help: Option<String>,
    /// Of what is proved of a policy: a case that shows it, or two, as the language writes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub case: Option<String>,
}

/// A place with what stands there.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelledPlace {
    /// The input.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in code points, from 1.
    pub column: usize,
    /// The cell, if the input is a spreadsheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// What stands here; may be empty.
    pub label: String,
}

/// A place in an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The input.
    pub file: String,
    /// The line, from 1; of a spreadsheet, the row.
    pub line: usize,
    /// The column in code points, from 1; of a spreadsheet, the column of the sheet.
    pub column: usize,
    /// The cell, if the input is a spreadsheet: `sheet Audit, cell D17`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

/// The program and its version.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolVersion {
    /// `forbear`
    pub name: String,
    /// The version.
    pub version: String,
}

/// An input of the run.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InputRecord {
    /// Its name as given.
    pub name: String,
    /// `policy` (vocabularies included), `calendar`, `mapping` or `log`.
    pub role: String,
    /// The SHA-256 of the bytes of the file, in hexadecimal.
    pub sha256: String,
}

/// A policy of the run.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyRecord {
    /// Its name.
    pub name: String,
    /// Its versions, the earliest first.
    pub versions: Vec<VersionRecord>,
}

/// A version of a policy.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionRecord {
    /// Its label.
    pub version: Option<String>,
    /// Its title.
    pub title: String,
    /// The first local day on which it is in force; null: it always was.
    pub from: Option<String>,
    /// The last such day; null: it has no end.
    pub until: Option<String>,
    /// Its time zone.
    pub time_zone: Option<String>,
    /// Its vocabulary.
    pub vocabulary: String,
    /// Where it is written.
    pub at: Place,
}

/// The totals of an audit: records = judged + unreadable + left out.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// All records.
    pub records: usize,
    /// Those that were judged.
    pub judged: usize,
    /// Those that could not be read.
    pub unreadable: usize,
    /// Those that were left out: after the as-of instant, or by a mapping.
    pub left_out: usize,
    /// Those of them that a mapping leaves out, by its reason.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left_out_by_mapping: BTreeMap<String, usize>,
    /// Those that fail: by their verdict, or by a duty that was missed and not made good.
    pub failing: usize,
    /// Those in which some value does not fit.
    pub with_findings: usize,
    /// By strictest verdict of all policies.
    pub verdicts: VerdictCounts,
}

/// Records by verdict.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictCounts {
    /// Broken rules, or nothing permits it.
    pub impermissible: usize,
    /// What is missing decides.
    pub undetermined: usize,
    /// Permitted, and nothing speaks against it.
    pub permissible: usize,
    /// Outside the policies' time or scope.
    pub not_covered: usize,
}

/// `forbear check --format json`
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckDocument {
    /// The program that wrote it.
    pub program: ToolVersion,
    /// Every input, with a digest of its bytes.
    pub inputs: Vec<InputRecord>,
    /// The policies and their versions, as far as they could be made.
    pub policies: Vec<PolicyRecord>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}
