//! What machines read: the shapes of every JSON output.
//!
//! These structs are the contract, apart from the core, so that the core can change without it. Fields are added, never
//! renamed; `forbear schema output` prints them as a JSON Schema. Lines and columns count from 1, columns in code
//! points.

use schemars::JsonSchema;
use serde::Serialize;

use crate::audit::{Judged, PolicyResult, Summary};
use crate::diagnostic::Diagnostic;
use crate::judge::{Because, Citation, Leaf, Outcome, Status, Truth, Verdict};
use crate::log::Unreadable;
use crate::policy::{FieldId, Version};
use crate::source::{Sources, Span};

use super::identities::Identities;
use super::shown::{Held, Shower};
use super::wording::Speaker;

/// Everything that `--format json` and `--format jsonl` can write: for the schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is never made, only described")]
pub(super) enum Output {
    /// `forbear audit --format json`
    Audit(AuditDocument),
    /// one line of `forbear audit --format jsonl`
    Line(Line),
    /// `forbear check --format json`
    Check(CheckDocument),
}

/// `forbear audit --format json`
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditDocument {
    /// The program that wrote it.
    pub program: ToolVersion,
    /// The clock of the audit (RFC 3339): no episode can lie after it.
    pub present: String,
    /// Every input, with a digest of its bytes.
    pub inputs: Vec<InputRecord>,
    /// The policies and their versions.
    pub policies: Vec<PolicyRecord>,
    /// The totals: records = judged + unreadable.
    pub totals: Totals,
    /// One for each pair of episode and policy, and for each unreadable record, in the order of the inputs.
    pub judgements: Vec<Line>,
    /// What concerns the log as a whole: ids that stand twice, keys that no vocabulary knows.
    pub findings: Vec<Problem>,
}

/// One line of `--format jsonl`: its `kind` says what it is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Line {
    /// what a policy says of an episode
    Episode(JudgementRecord),
    /// a record that could not be read
    Unreadable(UnreadableRecord),
    /// what concerns the log as a whole
    Finding(Problem),
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
    /// What the verdict rests on: `permitted`, `violations`, `by_default`, `undetermined`, `scope_open`, `time_open`,
    /// `not_in_force` or `does_not_apply`.
    pub because: String,
    /// Each rule that is violated or undetermined.
    pub rules: Vec<RuleRecord>,
    /// Where nothing permits the episode, or it is open whether anything does: each permit, and why it is not given.
    pub permits: Vec<PermitRecord>,
    /// The fields on which an undetermined verdict turns.
    pub wanting: Vec<String>,
    /// What does not fit in the record.
    pub findings: Vec<Problem>,
}

/// A rule that is violated or undetermined.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleRecord {
    /// The rule's name.
    pub rule: String,
    /// `violated` or `undetermined`.
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
    /// What stands here; may be empty.
    pub label: String,
}

/// A place in an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The input.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in code points, from 1.
    pub column: usize,
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
    /// `policy` (vocabularies included) or `log`.
    pub role: String,
    /// The SHA-256 of its bytes, in hexadecimal.
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

/// The totals of an audit.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// All records.
    pub records: usize,
    /// Those that were judged.
    pub judged: usize,
    /// Those that could not be read.
    pub unreadable: usize,
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

impl ToolVersion {
    /// Gives the program that runs.
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

impl Place {
    pub(super) fn of(span: Span, sources: &Sources) -> Self {
        let at = sources.line_column(span);
        Self { file: sources.name(span.source).to_owned(), line: at.line, column: at.column }
    }
}

impl Problem {
    pub(super) fn of(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let labelled = |label: &crate::diagnostic::Label| {
            let place = Place::of(label.span, sources);
            LabelledPlace { file: place.file, line: place.line, column: place.column, label: label.text.clone() }
        };
        Self {
            code: diagnostic.code.name().to_owned(),
            severity: diagnostic.severity().word().to_owned(),
            message: diagnostic.message.clone(),
            at: diagnostic.labels.iter().map(labelled).collect(),
            help: diagnostic.help.clone(),
        }
    }
}

impl Totals {
    pub(super) fn of(summary: &Summary) -> Self {
        Self {
            records: summary.records,
            judged: summary.judged,
            unreadable: summary.unreadable,
            with_findings: summary.with_findings,
            verdicts: VerdictCounts {
                impermissible: summary.leading(Verdict::Impermissible),
                undetermined: summary.leading(Verdict::Undetermined),
                permissible: summary.leading(Verdict::Permissible),
                not_covered: summary.leading(Verdict::NotCovered),
            },
        }
    }
}

impl PolicyRecord {
    pub(super) fn all(set: &crate::policy::PolicySet, sources: &Sources) -> Vec<Self> {
        let version = |version: &Version| VersionRecord {
            version: version.label.clone(),
            title: version.title.clone(),
            from: version.in_force.map(|in_force| in_force.from.to_string()),
            until: version.in_force.and_then(|in_force| in_force.until).map(|until| until.to_string()),
            time_zone: version.zone.iana_name().map(str::to_owned),
            vocabulary: version.vocabulary.name.clone(),
            at: Place::of(version.origin, sources),
        };
        set.policies
            .iter()
            .map(|policy| Self { name: policy.name.clone(), versions: policy.versions.iter().map(version).collect() })
            .collect()
    }
}

/// Makes the lines of a judged record: one for each policy.
pub(super) fn lines(judged: &Judged<'_>, sources: &Sources, identities: &Identities) -> Vec<Line> {
    let line = |result| Line::Episode(record(judged, result, sources, identities));
    judged.results.iter().map(line).collect()
}

/// Makes the line of an unreadable record.
pub(super) fn unreadable(unreadable: &Unreadable, sources: &Sources) -> Line {
    Line::Unreadable(UnreadableRecord { at: Place::of(unreadable.at, sources), reason: unreadable.reason.clone() })
}

fn record(
    judged: &Judged<'_>,
    result: &PolicyResult<'_>,
    sources: &Sources,
    identities: &Identities,
) -> JudgementRecord {
    let judgement = &result.judgement;
    let mut record = JudgementRecord {
        subject: judged.id.clone(),
        episode: judged.id.clone(),
        at: Place::of(judged.place, sources),
        policy: result.policy.name.clone(),
        version: result.version.and_then(|version| version.label.clone()),
        verdict: judgement.verdict.word().to_owned(),
        because: because_word(judgement.because).to_owned(),
        rules: Vec::new(),
        permits: Vec::new(),
        wanting: judgement.wanting.iter().map(|field| result.field_name(*field)).collect(),
        findings: judged.findings.iter().map(|finding| Problem::of(finding, sources)).collect(),
    };
    if let Some(version) = result.version {
        let teller = Teller {
            version,
            result,
            sources,
            speaker: Speaker { shower: Shower { version, identities }, episode: result.episode },
        };
        for citation in &result.citations {
            teller.tell(citation, &mut record);
        }
    }
    record
}

fn because_word(because: Because) -> &'static str {
    match because {
        Because::NotInForce => "not_in_force",
        Because::DoesNotApply => "does_not_apply",
        Because::TimeOpen => "time_open",
        Because::ScopeOpen => "scope_open",
        Because::Violations => "violations",
        Because::ByDefault => "by_default",
        Because::Undetermined => "undetermined",
        Because::Permitted => "permitted",
    }
}

/// Tells the citations of one record.
struct Teller<'a> {
    version: &'a Version,
    result: &'a PolicyResult<'a>,
    sources: &'a Sources,
    speaker: Speaker<'a>,
}

impl Teller<'_> {
    fn tell(&self, citation: &Citation, record: &mut JudgementRecord) {
        let Some(rule) = citation.rule.and_then(|id| self.version.rules.get(id.0 as usize)) else { return };
        let message = self.speaker.why(rule, citation);
        let clause = Place::of(rule.norm.origin, self.sources);
        match citation.outcome {
            Some(Outcome::Requirement { status: status @ (Status::Violated | Status::Undetermined), by_silence }) => {
                let open = by_silence || status == Status::Undetermined;
                record.rules.push(RuleRecord {
                    rule: rule.name.clone(),
                    status: status.word().to_owned(),
                    by_silence,
                    severity: rule.severity.word().to_owned(),
                    message,
                    clause,
                    evidence: self.evidence(citation, open),
                });
            }
            Some(Outcome::Ground(truth @ (Truth::False | Truth::Unknown))) => record.permits.push(PermitRecord {
                rule: rule.name.clone(),
                ground: if truth == Truth::False { "not_given" } else { "undetermined" }.to_owned(),
                message,
                clause,
                evidence: self.evidence(citation, truth == Truth::Unknown),
            }),
            _ => {}
        }
    }

    /// Gives the values that decided; of what is open, those that leave it open come first.
    fn evidence(&self, citation: &Citation, open: bool) -> Vec<Evidence> {
        let mut clauses = [&citation.norm, &citation.guard, &citation.unless];
        if open {
            clauses.sort_by_key(|clause| clause.truth != Truth::Unknown);
        }
        let leaves = clauses.into_iter().flat_map(|clause| &clause.leaves);
        let fields = super::wording::each_once(leaves.flat_map(|leaf: &Leaf| self.speaker.fields(leaf)));
        fields.into_iter().map(|field| self.evidence_of(field)).collect()
    }

    fn evidence_of(&self, field: FieldId) -> Evidence {
        let held = self.speaker.shower.held(self.result.episode, field);
        let state = match held {
            Held::Missing => "missing",
            Held::Unfit => "unfit",
            Held::Partial(_) => "partial",
            Held::Value(_) => "present",
        };
        let place = self.result.episode.place(field).unwrap_or(self.result.episode.record);
        Evidence {
            field: self.version.vocabulary.field_name(field).to_owned(),
            value: self.value(field),
            state: state.to_owned(),
            at: Place::of(place, self.sources),
        }
    }

    fn value(&self, field: FieldId) -> Option<EvidenceValue> {
        use crate::policy::Value;
        Some(match self.result.episode.value(field)? {
            set @ (Value::Names(_) | Value::People(_)) => EvidenceValue::Many(self.speaker.shower.members(set, field)),
            Value::Text(text) => EvidenceValue::One(text.to_string()),
            value => EvidenceValue::One(self.speaker.shower.value(value, field)),
        })
    }
}
