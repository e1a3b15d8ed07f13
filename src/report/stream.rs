//! What the writers of reports share: what a report is about, where it goes, and that writing may fail half-way.

use std::io::{self, Write};

use crate::audit::{Clock, Sink, Summary};
use crate::policy::PolicySet;
use crate::source::Sources;

use super::identities::Identities;
use super::machine::InputRecord;

/// What the report on an audit is about.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// The policies.
    pub set: &'a PolicySet,
    /// All inputs.
    pub sources: &'a Sources,
    /// When the audit is made, and of what time.
    pub clock: Clock,
    /// How much of the log to show.
    pub identities: &'a Identities,
}

/// A report that is written while the audit runs, so that a long log asks for no more memory than a short one.
pub trait Report: Sink {
    /// Writes what comes after the last record, and says whether everything could be written.
    fn finish(&mut self, summary: &Summary, inputs: &[InputRecord]) -> io::Result<()>;
}

/// Where a report goes; after a failure nothing more is written.
pub(super) struct Stream<'a> {
    to: &'a mut dyn Write,
    failed: Option<io::Error>,
}

impl<'a> Stream<'a> {
    pub(super) fn new(to: &'a mut dyn Write) -> Self {
        Self { to, failed: None }
    }

    /// Writes a text.
    pub(super) fn text(&mut self, text: &str) {
        self.with(|to| to.write_all(text.as_bytes()));
    }

    /// Lets something write, unless writing has failed before.
    pub(super) fn with(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.failed.is_none() {
            self.failed = write(self.to).err();
        }
    }

    /// Says whether writing has failed.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Says whether everything could be written.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.to.flush(),
        }
    }
}
