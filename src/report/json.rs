//! `--format json`: one document; `--format jsonl`: one line for each pair of episode and policy.

use std::io::{self, Write};

use crate::audit::{Clock, Judged, Sink, Summary};
use crate::check::Checked;
use crate::log::Unreadable;
use crate::source::Sources;

use super::digest::JudgementDigest;
use super::due::Due;
use super::identities::Identities;
use super::machine::{
    self, CheckDocument, DueDocument, DueRecord, EndRecord, InputRecord, Line, Made, Output, Place, PolicyRecord,
    Problem, ToolVersion, Totals, UncountedRecord,
};
use super::pieces::Pieces;
use super::stream::{About, Report, Stream};

/// Writes each judgement as a line while the audit runs, and at the end a line that says of what and by what.
pub struct Lines<'a> {
    to: Stream<'a>,
    about: About<'a>,
    digest: JudgementDigest,
}

impl<'a> Lines<'a> {
    /// Writes to a stream.
    pub fn new(to: &'a mut dyn Write, about: About<'a>) -> Self {
        Self { to: Stream::new(to), about, digest: JudgementDigest::default() }
    }

    fn write(&mut self, line: &Line) {
        self.to.with(|to| {
            serde_json::to_writer(&mut *to, line)?;
            to.write_all(b"\n")
        });
    }
}

impl Sink for Lines<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        self.digest.judged(record);
        for line in machine::lines(record, self.about.sources, self.about.identities) {
            self.write(&line);
        }
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.digest.unreadable();
        self.write(&machine::unreadable(unreadable, self.about.sources));
    }

    fn gives_up(&self) -> bool {
        self.to.has_failed()
    }
}

impl Report for Lines<'_> {
    fn finish(&mut self, summary: &Summary, inputs: &[InputRecord]) -> io::Result<()> {
        for finding in &summary.log_findings {
            let finding = self.about.identities.worded(finding);
            self.write(&Line::Finding(Problem::of(&finding, self.about.sources)));
        }
        let end = EndRecord {
            made: Made::of(&self.about),
            policies: PolicyRecord::all(self.about.set, self.about.sources),
            partial: summary.partial,
            totals: Totals::of(summary),
            inputs: inputs.to_vec(),
            judgements_sha256: self.digest.hexadecimal(),
        };
        self.write(&Line::End(Box::new(end)));
        self.to.finish()
    }
}

/// Writes one document while the audit runs: an [`super::machine::AuditDocument`], piece by piece.
pub struct Document<'a> {
    to: Pieces<'a>,
    about: About<'a>,
    digest: JudgementDigest,
}

impl<'a> Document<'a> {
    /// Begins a document.
    pub fn new(to: &'a mut dyn Write, about: About<'a>) -> Self {
        let made = Made::of(&about);
        let mut pieces = Pieces::begin(to);
        pieces.field("program", &made.program);
        pieces.field("present", &made.present);
        pieces.field("as_of", &made.as_of);
        pieces.field("reconstructed", &made.reconstructed);
        pieces.field("log_from", &made.log_from);
        pieces.field("privacy", &made.privacy);
        if let Some(identities) = &made.identities {
            pieces.field("identities", identities);
        }
        if let Some(small_cells) = &made.small_cells {
            pieces.field("small_cells", small_cells);
        }
        pieces.field("policies", &PolicyRecord::all(about.set, about.sources));
        pieces.list("judgements");
        Self { to: pieces, about, digest: JudgementDigest::default() }
    }
}

impl Sink for Document<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        self.digest.judged(record);
        for line in machine::lines(record, self.about.sources, self.about.identities) {
            self.to.element(&line);
        }
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.digest.unreadable();
        self.to.element(&machine::unreadable(unreadable, self.about.sources));
    }

    fn gives_up(&self) -> bool {
        self.to.has_failed()
    }
}

impl Report for Document<'_> {
    fn finish(&mut self, summary: &Summary, inputs: &[InputRecord]) -> io::Result<()> {
        let worded = |finding| Problem::of(&self.about.identities.worded(finding), self.about.sources);
        let findings: Vec<Problem> = summary.log_findings.iter().map(worded).collect();
        self.to.close();
        self.to.field("findings", &findings);
        if summary.partial {
            self.to.field("partial", &true);
        }
        self.to.field("totals", &Totals::of(summary));
        self.to.field("uncounted", &UncountedRecord::all(summary, self.about.sources));
        self.to.field("inputs", &inputs);
        self.to.field("judgements_sha256", &self.digest.hexadecimal());
        self.to.finish()
    }
}

/// Makes the document of what is owed.
pub fn due_document(
    due: &[Due],
    undetermined: usize,
    clock: Clock,
    inputs: Vec<InputRecord>,
    sources: &Sources,
    identities: &Identities,
) -> DueDocument {
    let record = |due: &Due| DueRecord {
        episode: due.episode.clone(),
        at: Place::of(due.at, sources),
        policy: due.policy.clone(),
        rule: due.rule.clone(),
        act: due.act.clone(),
        who: due.who.clone(),
        status: due.status.to_owned(),
        deadline: due.deadline.map(|deadline| identities.written_time(deadline.to_string())),
    };
    DueDocument {
        program: ToolVersion::this(),
        as_of: clock.as_of.to_string(),
        reconstructed: clock.reconstruct,
        privacy: identities.privacy().word().to_owned(),
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
