//! How a report was written, so that it can be written again in the same way.

use std::io::Write;

use serde::Deserialize;

use super::super::identities::{Identities, LEAST_CELL, Privacy};
use super::super::stream::{About, Report};
use super::super::{html, json, sarif};
use super::{Keyed, Recorded};

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Document,
    Lines,
    /// SARIF, which lists findings alone.
    Findings,
    Page,
}

/// How much a report shows.
#[derive(Deserialize)]
pub(super) struct Shows {
    privacy: Option<String>,
    identities: Option<String>,
    small_cells: Option<usize>,
}

impl Recorded {
    /// Gives how the report shows people, ids, dates and values, under the key of this run; nothing if it does not say.
    pub fn identities(&self, of_run: &Identities) -> Option<Identities> {
        let levels = [Privacy::Committee, Privacy::Auditor, Privacy::Internal];
        let said = self.shows.privacy.as_deref()?;
        let privacy = levels.into_iter().find(|level| level.word() == said)?;
        if privacy == Privacy::Internal && self.shows.identities.as_deref() == Some("clear") {
            return Some(Identities::CLEAR);
        }
        Some(of_run.at(privacy).hiding_below(self.shows.small_cells.unwrap_or(LEAST_CELL)))
    }

    /// Says what in the report may differ since it was drawn under another key, unless somebody says that it is the same.
    pub fn keyed(&self, identities: &Identities, is_its_key: bool) -> Keyed {
        match identities.privacy() {
            _ if is_its_key || identities.is_clear() => Keyed::Nothing,
            Privacy::Committee => Keyed::Fingerprints,
            Privacy::Auditor | Privacy::Internal => Keyed::Pseudonyms,
        }
    }

    /// Gives what writes such a report again.
    pub fn writer<'w>(&self, to: &'w mut dyn Write, about: About<'w>) -> Box<dyn Report + 'w> {
        match self.form {
            Form::Document => Box::new(json::Document::new(to, about)),
            Form::Lines => Box::new(json::Lines::new(to, about)),
            Form::Findings => Box::new(sarif::Findings::new(to, about)),
            Form::Page => Box::new(html::Page::new(to, about)),
        }
    }
}
