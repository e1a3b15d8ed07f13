//! The parts of a log: records that follow each other, put together until they are long enough.

use std::ops::Range;

/// Puts records together to parts.
pub(super) struct Parts {
    /// How long a part is to be, or longer by up to a record.
    usual: usize,
    /// How long a record may be.
    most: usize,
    found: Vec<Range<usize>>,
    is_one_too_long: bool,
}

impl Parts {
    /// Begins with none.
    pub(super) fn new(usual: usize, most: usize) -> Self {
        Self { usual, most, found: Vec::new(), is_one_too_long: false }
    }

    /// Takes the next record, by where it lies.
    pub(super) fn take(&mut self, record: Range<usize>) {
        self.is_one_too_long |= record.len() > self.most;
        match self.found.last_mut() {
            Some(part) if part.len() < self.usual => part.end = record.end,
            _ => self.found.push(record),
        }
    }

    /// Gives the parts; `None` if a record is longer than one may be.
    pub(super) fn close(self) -> Option<Vec<Range<usize>>> {
        (!self.is_one_too_long).then_some(self.found)
    }
}
