//! Judges one by one what an audit would judge in brief: for tests that hold the one against the other.

use forbear::audit::{Judged, Sink, Summary};
use forbear::log::Unreadable;
use forbear::report::{InputRecord, Report};

/// Hides from the audit that few records are wanted.
pub(crate) struct OneByOne<S>(pub(crate) S);

impl<S: Sink> Sink for OneByOne<S> {
    fn judged(&mut self, record: &Judged<'_>) {
        self.0.judged(record);
    }

    fn wants_reasons(&self) -> bool {
        self.0.wants_reasons()
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.0.unreadable(unreadable);
    }
}

impl<S: Report> Report for OneByOne<S> {
    fn finish(&mut self, summary: &Summary, inputs: &[InputRecord]) -> std::io::Result<()> {
        self.0.finish(summary, inputs)
    }
}
