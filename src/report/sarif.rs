//! `--format sarif`: SARIF 2.1.0, which code hosts and editors show beside the policy.
//!
//! Rules of the policies, and codes for what is no rule's, are SARIF's rules; each finding is a result with its place in the
//! policy, and the places in the log beside it. Results are written while the audit runs.

mod fingerprints;
mod shapes;

use std::io::{self, Write};

use serde_json::Value;

use crate::audit::{Judged, Sink, Summary};
use crate::check::Checked;
use crate::diagnostic::{Code, Diagnostic, Severity, codes};
use crate::log::Unreadable;
use crate::policy::RuleSeverity;
use crate::source::Sources;

use super::digest::JudgementDigest;
use super::findings::{Told, tell};
use super::machine::{InputRecord, Made, PolicyRecord, ToolVersion, Totals};
use super::pieces::Pieces;
use super::stream::{About, Report};

use fingerprints::{Fingerprints, Within};
use shapes::{Artifact, Driver, Invocation, Location, Message, Placed, Properties, Result, RuleShape, Tool};

/// Where the schema is described by those who made it.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What fingerprints are called; they are made otherwise under another name.
const FINGERPRINT: &str = "forbear/v1";

/// Writes the findings of an audit while it runs.
pub struct Findings<'a> {
    to: Pieces<'a>,
    about: About<'a>,
    rules: Vec<RuleShape>,
    digest: JudgementDigest,
    prints: Fingerprints,
}

impl<'a> Findings<'a> {
    /// Begins a document.
    pub fn new(to: &'a mut dyn Write, about: About<'a>) -> Self {
        let rules = shapes::rules_of(about.set);
        let to = begin(to, &rules);
        Self { to, about, rules, digest: JudgementDigest::default(), prints: Fingerprints::default() }
    }

    fn write(&mut self, within: Within<'_>, told: &Told<'_>) {
        let mut result = found(&self.about, within.record(), told);
        result.rule_index = self.rules.iter().position(|known| known.id == result.rule_id);
        let About { sources, identities, .. } = self.about;
        let print = self.prints.next(within, (told, &result.rule_id), sources, identities);
        result.partial_fingerprints = Some([(FINGERPRINT.to_owned(), print)].into());
        self.to.line(&result);
    }

    fn of_log(&mut self, within: Within<'_>, problem: &Diagnostic) {
        let told = Told { result: None, rule: None, problem: self.about.identities.worded(problem) };
        self.write(within, &told);
    }
}

impl Sink for Findings<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        self.digest.judged(record);
        for told in tell(record, self.about.sources, self.about.identities) {
            self.write(Within::Record(record), &told);
        }
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.digest.unreadable();
        self.of_log(Within::Unreadable(unreadable.at), &unreadable.diagnostic());
    }

    fn gives_up(&self) -> bool {
        self.to.has_failed()
    }
}

impl Report for Findings<'_> {
    fn finish(&mut self, summary: &Summary, inputs: &[InputRecord]) -> io::Result<()> {
        for finding in &summary.log_findings {
            self.of_log(Within::Log, finding);
        }
        let made = Made::of(&self.about);
        self.to.close();
        end(&mut self.to, inputs);
        self.to.field(
            "properties",
            &Properties {
                present: Some(made.present),
                as_of: Some(made.as_of),
                reconstructed: Some(made.reconstructed),
                log_from: made.log_from,
                privacy: Some(made.privacy),
                identities: made.identities,
                small_cells: made.small_cells,
                policies: Some(PolicyRecord::all(self.about.set, self.about.sources)),
                totals: Some(Totals::of(summary)),
                judgements_sha256: Some(self.digest.hexadecimal()),
                ..Properties::default()
            },
        );
        self.to.finish()
    }
}

/// Gives the results that a record has, to hold an earlier report against: without what tells one from another.
pub(super) fn of_record(record: &Judged<'_>, about: &About<'_>) -> Vec<Value> {
    let told = tell(record, about.sources, about.identities);
    told.iter().filter_map(|told| serde_json::to_value(found(about, Some(record), told)).ok()).collect()
}

/// Gives the results of what concerns no record, likewise.
pub(super) fn of_log(problems: &[Diagnostic], about: &About<'_>) -> Vec<Value> {
    let told = |problem| Told { result: None, rule: None, problem: about.identities.worded(problem) };
    problems.iter().filter_map(|problem| serde_json::to_value(found(about, None, &told(problem))).ok()).collect()
}

/// Makes a result of a finding.
fn found(about: &About<'_>, judged: Option<&Judged<'_>>, told: &Told<'_>) -> Result {
    let problem = &told.problem;
    let policy = told.result.map(|result| result.policy.name.as_str());
    let rule = match (policy, told.rule) {
        (Some(policy), Some(rule)) => format!("{policy}/{}", rule.name),
        _ => problem.code.name().to_owned(),
    };
    let level = match told.rule.map(|rule| rule.severity) {
        Some(RuleSeverity::Advisory) => "note",
        Some(RuleSeverity::Minor) => "warning",
        _ => level_of(problem.severity()),
    };
    let episode = judged.and_then(|judged| judged.id.as_deref());
    let mut result = placed(problem, about.sources, rule, level);
    result.properties = Some(Properties {
        code: Some(problem.code.name().to_owned()),
        episode: episode.map(|id| about.identities.episode(id)),
        policy: policy.map(str::to_owned),
        version: told.result.and_then(|result| result.version?.label.clone()),
        verdict: told.result.map(|result| result.verdict().word().to_owned()),
        ..Properties::default()
    });
    result
}

/// Writes the problems of a check.
pub fn check(to: &mut dyn Write, checked: &Checked, sources: &Sources, inputs: &[InputRecord]) -> io::Result<()> {
    let mut known: Vec<Code> = Vec::new();
    for problem in &checked.problems {
        if !known.contains(&problem.code) {
            known.push(problem.code);
        }
    }
    let rules: Vec<RuleShape> = known.into_iter().map(shapes::rule_of_code).collect();
    let mut pieces = begin(to, &rules);
    let mut prints = Fingerprints::default();
    for problem in &checked.problems {
        let mut result = placed(problem, sources, problem.code.name().to_owned(), level_of(problem.severity()));
        result.rule_index = rules.iter().position(|rule| rule.id == result.rule_id);
        result.partial_fingerprints = Some([(FINGERPRINT.to_owned(), prints.of_problem(problem, sources))].into());
        pieces.line(&result);
    }
    pieces.close();
    end(&mut pieces, inputs);
    pieces.finish()
}

/// Begins a document, up to its first result.
fn begin<'a>(to: &'a mut dyn Write, rules: &[RuleShape]) -> Pieces<'a> {
    let mut pieces = Pieces::begin(to);
    pieces.field("$schema", &SCHEMA);
    pieces.field("version", &"2.1.0");
    pieces.list("runs");
    pieces.group();
    let ToolVersion { name, version } = ToolVersion::this();
    pieces.field("tool", &Tool { driver: Driver { name, version, rules } });
    pieces.field("columnKind", &"unicodeCodePoints");
    pieces.list("results");
    pieces
}

/// Writes what concerns a run as a whole.
fn end(pieces: &mut Pieces<'_>, inputs: &[InputRecord]) {
    pieces.field("artifacts", &inputs.iter().map(Artifact::of).collect::<Vec<_>>());
    pieces.field("invocations", &[Invocation { execution_successful: true }]);
}

fn level_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Lint => "note",
    }
}

/// Says whether a problem is that nobody can tell: SARIF has a kind of its own for it.
fn is_open(code: Code) -> bool {
    [
        codes::RULE_UNDETERMINED,
        codes::ADVICE_UNDETERMINED,
        codes::DUTY_UNDETERMINED,
        codes::YEAR_NOT_COVERED,
        codes::GROUND_UNDETERMINED,
        codes::SCOPE_UNDETERMINED,
        codes::TIME_OPEN,
    ]
    .contains(&code)
}

/// Makes a result with its places: the chief one, and the others beside it.
fn placed(problem: &Diagnostic, sources: &Sources, rule_id: String, level: &'static str) -> Result {
    let is_open = is_open(problem.code);
    let help = problem.help.as_ref().map(|help| format!("\n\nHelp: {help}")).unwrap_or_default();
    let case = problem.case.as_ref().map(|case| format!("\n\n{case}")).unwrap_or_default();
    let mut locations = problem.labels.iter().enumerate().map(|(at, label)| Location {
        id: at,
        physical_location: Placed::of(label.span, sources),
        logical_locations: sources.cell(label.span).map(|cell| [shapes::Cell { fully_qualified_name: cell }]),
        message: (!label.text.is_empty()).then(|| Message { text: label.text.clone() }),
    });
    Result {
        rule_id,
        rule_index: None,
        kind: if is_open { "open" } else { "fail" },
        level: if is_open { "none" } else { level },
        message: Message { text: format!("{}{help}{case}", problem.message) },
        locations: locations.next().into_iter().collect(),
        related_locations: locations.collect(),
        partial_fingerprints: None,
        suppressions: [],
        properties: None,
    }
}
