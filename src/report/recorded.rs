//! What a report of earlier says of itself, so that it can be held against judging again.
//!
//! Takes a report as `json`, `jsonl`, SARIF or HTML; gives its clock, the digests of its inputs and of its judgements, and of
//! a report that lists judgements an outline of each: what does not depend on pseudonyms or on how much is shown.

mod compared;
mod finding;
mod written;

use std::io::{self, BufRead};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::audit::{Clock, Judged, Sink, Summary};
use crate::log::Unreadable;

use super::digest::JudgementDigest;
use super::machine::{self, InputRecord, PolicyRecord, Totals};
use super::sarif;
use super::stream::About;

pub use compared::{Compared, Keyed, Parting};
use written::{Form, Shows};

/// A report of earlier.
pub struct Recorded {
    /// The version of the program that wrote it.
    pub program: String,
    /// When it was made, and of what time.
    pub clock: Clock,
    /// Its inputs.
    pub inputs: Vec<InputRecord>,
    judgements_sha256: String,
    totals: Option<Value>,
    policies: Option<Value>,
    /// Each judgement and unreadable record, or each finding; none in a format that has no such list.
    outlines: Option<Vec<Outline>>,
    form: Form,
    shows: Shows,
}

/// What a line says that judging again must say too.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Judgement")]
struct Outline {
    digest: [u8; 16],
    /// The episode, its policy and its verdict, in words.
    said: Box<str>,
    is_judgement: bool,
}

/// A line of a report, as far as it does not depend on how much is shown.
#[derive(Deserialize, serde::Serialize)]
struct Judgement {
    kind: String,
    at: Option<At>,
    #[serde(skip_serializing)]
    episode: Option<String>,
    policy: Option<String>,
    version: Option<String>,
    verdict: Option<String>,
    kleene: Option<String>,
    because: Option<String>,
    fails: Option<bool>,
    decided_by: Option<Vec<String>>,
    possible: Option<Vec<String>>,
    #[serde(default)]
    wanting: Vec<String>,
    wanting_known: Option<String>,
    #[serde(default)]
    settled_by: Vec<Settling>,
    #[serde(default)]
    repairs: Vec<Vec<OfField>>,
    nothing_arranged: Option<Against>,
    together: Option<Together>,
    #[serde(default)]
    kept_from: Vec<Part>,
    #[serde(default)]
    fragile: Vec<Rating>,
    #[serde(default)]
    rules: Vec<Part>,
    #[serde(default)]
    permits: Vec<Part>,
    #[serde(default)]
    duties: Vec<Part>,
    #[serde(default)]
    findings: Vec<Part>,
}

/// A place; that of a finding on the log as a whole is a list, and is not looked at.
#[derive(Deserialize, serde::Serialize)]
#[serde(untagged)]
enum At {
    One {
        #[serde(skip_serializing)]
        file: String,
        line: usize,
        column: usize,
    },
    Several(#[serde(skip_serializing)] Vec<serde::de::IgnoredAny>),
}

/// A rule, a permit, a link of a duty, or what does not fit.
#[derive(Deserialize, serde::Serialize)]
struct Part {
    rule: Option<String>,
    status: Option<String>,
    by_silence: Option<bool>,
    ground: Option<String>,
    link: Option<usize>,
    chain: Option<String>,
    code: Option<String>,
    severity: Option<String>,
    #[serde(default)]
    evidence: Vec<OfField>,
}

/// A field that is named, and what is known of it; its value is not looked at, since it may be shown as a pseudonym.
#[derive(Deserialize, serde::Serialize)]
struct OfField {
    field: String,
    state: Option<String>,
}

/// Fields that together can settle a verdict.
#[derive(Deserialize, serde::Serialize)]
struct Settling {
    fields: Vec<String>,
    always: Option<bool>,
}

/// What stands against an episode, whatever was chosen.
#[derive(Deserialize, serde::Serialize)]
struct Against {
    rules: Vec<String>,
    by_default: bool,
}

/// What would have made an episode permissible by every policy.
#[derive(Deserialize, serde::Serialize)]
struct Together {
    repairs: Vec<Vec<OfField>>,
    nothing_arranged: bool,
}

/// A rating that is one level off: a level, a number, or yes or no, which every report shows.
#[derive(Deserialize, serde::Serialize)]
struct Rating {
    field: String,
    to: String,
    verdict: String,
    broken: Vec<String>,
}

impl From<Judgement> for Outline {
    fn from(judgement: Judgement) -> Self {
        let at = match &judgement.at {
            Some(At::One { file, line, .. }) => format!("{file}:{line}"),
            _ => "no place".to_owned(),
        };
        let episode = judgement.episode.as_ref().map_or("a record".to_owned(), |id| format!("`{id}`"));
        let said = match (&judgement.policy, &judgement.verdict) {
            (Some(policy), Some(verdict)) => {
                format!("{episode} at {at} is {} by policy `{policy}`", verdict.replace('_', " "))
            }
            _ => format!("the record at {at} cannot be read"),
        };
        let is_judgement = matches!(judgement.kind.as_str(), "episode" | "unreadable");
        Self { digest: digest(&judgement), said: said.into(), is_judgement }
    }
}

fn digest(statement: &impl serde::Serialize) -> [u8; 16] {
    let hash = Sha256::digest(serde_json::to_vec(statement).unwrap_or_default());
    let mut digest = [0; 16];
    digest.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    digest
}

/// The head of a report, wherever it stands in it.
#[derive(Deserialize)]
struct Head {
    present: String,
    as_of: String,
    reconstructed: bool,
    log_from: Option<String>,
    judgements_sha256: String,
    totals: Option<Value>,
    policies: Option<Value>,
    program: Option<Program>,
    #[serde(flatten)]
    shows: Shows,
    inputs: Option<Vec<Input>>,
}

#[derive(Deserialize)]
struct Program {
    version: String,
}

#[derive(Deserialize)]
struct Input {
    name: String,
    role: String,
    sha256: String,
}

impl Recorded {
    /// Reads a report; the error says why it cannot be verified.
    pub fn read(mut report: impl BufRead) -> Result<Self, String> {
        let mut first = String::new();
        report.read_line(&mut first).map_err(|error| in_words(&error))?;
        // A document may stand on one line as well, and only a line of a list says at once of which kind it is.
        if serde_json::from_str::<Value>(&first).is_ok_and(|line| line.get("kind").is_some()) {
            return Self::of_lines(first, report);
        }
        let mut whole = first;
        report.read_to_string(&mut whole).map_err(|error| in_words(&error))?;
        match whole.trim_start().chars().next() {
            Some('{') => Self::of_document(&whole),
            Some('<') => Self::of_page(&whole),
            _ => Err(NO_REPORT.to_owned()),
        }
    }

    fn of_lines(first: String, rest: impl BufRead) -> Result<Self, String> {
        let mut outlines = Vec::new();
        let mut end: Option<Value> = None;
        for line in std::iter::once(Ok(first)).chain(rest.lines()) {
            let line = line.map_err(|error| in_words(&error))?;
            if end.is_some() && !line.trim().is_empty() {
                return Err("something stands behind its last line".to_owned());
            }
            if line.starts_with("{\"kind\":\"end\"") {
                end = Some(serde_json::from_str(&line).map_err(|_| NO_REPORT.to_owned())?);
            } else if !line.trim().is_empty() {
                let number = outlines.len() + 1;
                let outline = serde_json::from_str(&line);
                outlines.push(outline.map_err(|_| format!("its line {number} is none that Forbear writes"))?);
            }
        }
        let end = end.ok_or("it is not whole: the line that ends a report is missing")?;
        Self::of_head(head(end)?, Form::Lines, Some(outlines))
    }

    fn of_document(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Document {
            judgements: Vec<Outline>,
        }
        let value = || serde_json::from_str::<Value>(text).map_err(|_| NO_REPORT.to_owned());
        if let Ok(document) = serde_json::from_str::<Document>(text) {
            return Self::of_head(
                serde_json::from_str(text).map_err(|_| NO_REPORT.to_owned())?,
                Form::Document,
                Some(document.judgements),
            );
        }
        let sarif = value()?;
        let run = sarif.pointer("/runs/0").ok_or(NO_REPORT)?;
        let results = run.get("results").and_then(Value::as_array).ok_or(NO_REPORT)?;
        let outlines = results.iter().map(finding::outline).collect();
        let head = head(run.get("properties").cloned().ok_or(NO_REPORT)?)?;
        let mut recorded = Self::of_head(head, Form::Findings, Some(outlines))?;
        recorded.program = text_at(run, "/tool/driver/version");
        let artifacts = run.get("artifacts").and_then(Value::as_array).into_iter().flatten();
        recorded.inputs = artifacts
            .map(|artifact| InputRecord {
                name: text_at(artifact, "/properties/name"),
                role: text_at(artifact, "/properties/role"),
                sha256: text_at(artifact, "/hashes/sha-256"),
            })
            .collect();
        Ok(recorded)
    }

    fn of_page(text: &str) -> Result<Self, String> {
        let (_, rest) = text.split_once(PAGE_MARK).ok_or(NO_REPORT)?;
        let (json, _) = rest.split_once("</script>").ok_or(NO_REPORT)?;
        Self::of_head(serde_json::from_str(json).map_err(|_| NO_REPORT.to_owned())?, Form::Page, None)
    }

    fn of_head(head: Head, form: Form, outlines: Option<Vec<Outline>>) -> Result<Self, String> {
        let instant = |text: &str| text.parse::<Timestamp>().map_err(|_| "its clock is none".to_owned());
        let log_from: Option<Result<Date, _>> = head.log_from.as_deref().map(str::parse);
        let clock = Clock {
            present: instant(&head.present)?,
            as_of: instant(&head.as_of)?,
            reconstruct: head.reconstructed,
            log_from: log_from.transpose().map_err(|_| "its clock is none")?,
        };
        let inputs = head.inputs.into_iter().flatten();
        Ok(Self {
            program: head.program.map(|program| program.version).unwrap_or_default(),
            clock,
            inputs: inputs.map(|one| InputRecord { name: one.name, role: one.role, sha256: one.sha256 }).collect(),
            judgements_sha256: head.judgements_sha256,
            totals: head.totals,
            policies: head.policies.map(without_places),
            outlines: outlines.map(|all| all.into_iter().filter(|one| one.is_judgement).collect()),
            form,
            shows: head.shows,
        })
    }
}

/// What stands in a page before the report's account of itself.
pub(super) const PAGE_MARK: &str = "<script type=\"application/json\" id=\"report\">";

const NO_REPORT: &str = "it is no report that tells its inputs and the digest of its judgements";

fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::InvalidData => "it is no text".to_owned(),
        _ => error.to_string(),
    }
}

fn head(value: Value) -> Result<Head, String> {
    serde_json::from_value(value).map_err(|_| NO_REPORT.to_owned())
}

/// Leaves out of the policies' versions where they are written: a file may lie elsewhere.
fn without_places(mut policies: Value) -> Value {
    let of_policy = |policy: &mut Value| policy.get_mut("versions").and_then(Value::as_array_mut).map(std::mem::take);
    for policy in policies.as_array_mut().into_iter().flatten() {
        let mut versions = of_policy(policy).unwrap_or_default();
        versions.iter_mut().filter_map(Value::as_object_mut).for_each(|version| drop(version.remove("at")));
        if let Some(policy) = policy.as_object_mut() {
            policy.insert("versions".to_owned(), versions.into());
        }
    }
    policies
}

fn text_at(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// What the report says of a record, and what judging again says of it; nothing, if there is no such record.
type Difference = (Option<Box<str>>, Option<Box<str>>);

/// Judges again, and holds each judgement against the report.
pub struct Again<'a> {
    about: About<'a>,
    recorded: &'a Recorded,
    digest: JudgementDigest,
    /// How many lines were looked at.
    seen: usize,
    /// The first line that differs: what the report says, and what judging again says.
    differs: Option<Difference>,
}

impl<'a> Again<'a> {
    /// Begins before the first record.
    pub fn new(recorded: &'a Recorded, about: About<'a>) -> Self {
        Self { about, recorded, digest: JudgementDigest::default(), seen: 0, differs: None }
    }

    fn line(&mut self, line: &machine::Line) {
        if self.wants_reasons() {
            self.compare(serde_json::to_value(line).ok().and_then(|value| serde_json::from_value(value).ok()));
        }
    }

    fn findings(&mut self, findings: &[Value]) {
        for now in findings {
            self.compare(Some(finding::outline(now)));
        }
    }

    fn compare(&mut self, now: Option<Outline>) {
        let Some(outlines) = self.recorded.outlines.as_ref().filter(|_| self.differs.is_none()) else { return };
        let then = outlines.get(self.seen);
        self.seen += 1;
        if now.as_ref().map(|now| now.digest) != then.map(|then| then.digest) {
            self.differs = Some((then.map(|then| then.said.clone()), now.map(|now| now.said)));
        }
    }

    /// Says what the report has that judging again does not give; nothing: it stands.
    pub fn finish(mut self, summary: &Summary) -> Vec<String> {
        if self.recorded.form == Form::Findings {
            self.findings(&sarif::of_log(&summary.log_findings, &self.about));
        }
        let what = if self.recorded.form == Form::Findings { "finding is made" } else { "record is judged" };
        let outlines = self.recorded.outlines.iter().flatten();
        if self.differs.is_none()
            && let Some(more) = outlines.clone().nth(self.seen)
        {
            self.differs = Some((Some(more.said.clone()), None));
        }
        let mut wrong = Vec::new();
        let differs = self.differs.is_some();
        match self.differs {
            Some((Some(then), Some(now))) if then == now => {
                wrong.push(format!("the first judgement that differs: {now}, for other reasons than the report has"));
            }
            Some((Some(then), Some(now))) => {
                wrong.push(format!(
                    "the first judgement that differs: the report says that {then}; judged again, {now}"
                ));
            }
            Some((Some(then), None)) => wrong.push(format!("the report says that {then}; no such {what} again")),
            Some((None, Some(now))) => wrong.push(format!("judged again, {now}; the report does not say so")),
            Some((None, None)) | None => {}
        }
        if self.digest.hexadecimal() != self.recorded.judgements_sha256 && !differs {
            wrong.push("the judgements differ: their digest is another".to_owned());
        }
        let totals = serde_json::to_value(Totals::of(summary)).ok();
        if self.recorded.totals.is_some() && self.recorded.totals != totals {
            wrong.push("the totals differ".to_owned());
        }
        let policies = serde_json::to_value(PolicyRecord::all(self.about.set, self.about.sources)).ok();
        if self.recorded.policies.is_some() && self.recorded.policies != policies.map(without_places) {
            wrong.push("the versions of policies differ from those that the report names".to_owned());
        }
        wrong
    }
}

impl Sink for Again<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        self.digest.judged(record);
        if !self.wants_reasons() {
            return;
        }
        if self.recorded.form == Form::Findings {
            self.findings(&sarif::of_record(record, &self.about));
        } else {
            for line in machine::lines(record, self.about.sources, self.about.identities) {
                self.line(&line);
            }
        }
    }

    fn wants_reasons(&self) -> bool {
        self.recorded.outlines.is_some() && self.differs.is_none()
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.digest.unreadable();
        if self.recorded.form == Form::Findings {
            self.findings(&sarif::of_log(&[unreadable.diagnostic()], &self.about));
        } else {
            self.line(&machine::unreadable(unreadable, self.about.sources));
        }
    }
}
