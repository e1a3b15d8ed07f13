//! `--format json`: one document; `--format jsonl`: one line for each pair of episode and policy.

use std::io::{self, Write};

use crate::audit::{Clock, Judged, Sink, Summary};
use crate::check::Checked;
use crate::log::Unreadable;
use crate::policy::PolicySet;
use crate::source::Sources;

use super::due::Due;
use super::identities::Identities;
use super::machine::{
    self, AuditDocument, CheckDocument, DueDocument, DueRecord, InputRecord, Line, Output, PartialRecord, Place,
    PolicyRecord, Problem, ToolVersion, Totals, UncountedRecord,
};

/// Writes each judgement as a line while the audit runs.
pub struct Lines<'a, W: Write> {
    to: W,
    sources: &'a Sources,
    identities: &'a Identities,
    failed: Option<io::Error>,
}

impl<'a, W: Write> Lines<'a, W> {
    /// Writes to a stream.
    pub fn new(to: W, sources: &'a Sources, identities: &'a Identities) -> Self {
        Self { to, sources, identities, failed: None }
    }

    fn write(&mut self, line: &Line) {
        if self.failed.is_none() {
            self.failed = write_line(&mut self.to, line).err();
        }
    }

    /// Writes what concerns the log as a whole, and says whether all could be written.
    pub fn finish(mut self, summary: &Summary) -> io::Result<()> {
        for finding in &summary.log_findings {
            self.write(&Line::Finding(Problem::of(finding, self.sources)));
        }
        if summary.partial {
            self.write(&Line::Partial(PartialRecord { records: summary.records }));
        }
        match self.failed {
            Some(error) => Err(error),
            None => self.to.flush(),
        }
    }
}

fn write_line(to: &mut impl Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *to, line)?;
    to.write_all(b"\n")
}

impl<W: Write> Sink for Lines<'_, W> {
    fn judged(&mut self, record: &Judged<'_>) {
        for line in machine::lines(record, self.sources, self.identities) {
            self.write(&line);
        }
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.write(&machine::unreadable(unreadable, self.sources));
    }
}

/// Gathers judgements for one document.
pub struct Document<'a> {
    sources: &'a Sources,
    identities: &'a Identities,
    judgements: Vec<Line>,
}

impl<'a> Document<'a> {
    /// Begins an empty document.
    pub fn new(sources: &'a Sources, identities: &'a Identities) -> Self {
        Self { sources, identities, judgements: Vec::new() }
    }

    /// Makes the document.
    pub fn finish(self, set: &PolicySet, summary: &Summary, inputs: Vec<InputRecord>, clock: Clock) -> AuditDocument {
        AuditDocument {
            program: ToolVersion::this(),
            present: clock.present.to_string(),
            as_of: clock.as_of.to_string(),
            reconstructed: clock.reconstruct,
            log_from: clock.log_from.map(|day| day.to_string()),
            inputs,
            policies: PolicyRecord::all(set, self.sources),
            partial: summary.partial,
            totals: Totals::of(summary),
            uncounted: UncountedRecord::all(summary, self.sources),
            judgements: self.judgements,
            findings: summary.log_findings.iter().map(|finding| Problem::of(finding, self.sources)).collect(),
        }
    }
}

impl Sink for Document<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        self.judgements.extend(machine::lines(record, self.sources, self.identities));
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.judgements.push(machine::unreadable(unreadable, self.sources));
    }
}

/// Makes the document of what is owed.
pub fn due_document(
    due: &[Due],
    undetermined: usize,
    clock: Clock,
    inputs: Vec<InputRecord>,
    sources: &Sources,
) -> DueDocument {
    let record = |due: &Due| DueRecord {
        episode: due.episode.clone(),
        at: Place::of(due.at, sources),
        policy: due.policy.clone(),
        rule: due.rule.clone(),
        act: due.act.clone(),
        who: due.who.clone(),
        status: due.status.to_owned(),
        deadline: due.deadline.map(|deadline| deadline.to_string()),
    };
    DueDocument {
        program: ToolVersion::this(),
        as_of: clock.as_of.to_string(),
        reconstructed: clock.reconstruct,
        inputs,
        due: due.iter().map(record).collect(),
        undetermined,
    }
}

/// Makes the document of a check.
pub fn check_document(checked: &Checked, sources: &Sources, inputs: Vec<InputRecord>) -> CheckDocument {
    CheckDocument {
        program: ToolVersion::this(),
        inputs,
        policies: PolicyRecord::all(&checked.set, sources),
        problems: checked.problems.iter().map(|problem| Problem::of(problem, sources)).collect(),
    }
}

/// Writes a document, indented, with a line end.
pub fn write(to: &mut impl Write, document: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *to, document)?;
    to.write_all(b"\n")?;
    to.flush()
}

/// Gives the JSON Schema of every JSON output.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Output).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), "Forbear output".into());
    }
    schema
}
