//! The words for records that cannot be read.

use super::record::Unreadable;
use crate::diagnostic::{Diagnostic, codes};

impl Unreadable {
    /// Words the problem for people.
    pub fn diagnostic(&self) -> Diagnostic {
        let message = format!("a record cannot be read: {}", self.reason);
        Diagnostic::new(codes::LOG_UNREADABLE, message, self.at, "cannot be read")
            .with_help("correct the record; until then it is counted as unreadable, and no policy judges it")
    }
}
