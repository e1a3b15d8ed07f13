//! The episodes that a page lists: the failing first, then the undetermined, then others, up to a bound.

use crate::audit::{Judged, PolicyResult};
use crate::judge::Verdict;
use crate::policy::Role;

use super::super::findings::{record_name, tell};
use super::super::otherwise::Otherwise;
use super::super::shown::Shower;
use super::super::stream::About;
use super::gather::{group_of_role, version_and_episode};

/// How many episodes are listed.
pub(super) const MOST: usize = 1_000;

/// How many reasons are told of one episode.
const MOST_REASONS: usize = 30;

/// The episodes that are listed so far.
pub(super) struct Listing {
    /// Whether single episodes are listed at all.
    pub(super) is_allowed: bool,
    failing: Vec<Entry>,
    open: Vec<Entry>,
    others: Vec<Entry>,
    pub(super) all: usize,
}

/// One episode.
pub(super) struct Entry {
    /// Which it is of all that are judged, from 1.
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) time: String,
    pub(super) place: String,
    pub(super) verdict: Verdict,
    pub(super) fails: bool,
    /// Each policy that has something to say, with its verdict.
    pub(super) policies: Vec<(String, &'static str)>,
    pub(super) rules: Vec<String>,
    pub(super) unit: String,
    pub(super) kind: String,
    pub(super) reasons: Vec<Reason>,
    /// The ratings that, one level off, would have given another verdict.
    pub(super) fragile: Vec<String>,
}

/// Why.
pub(super) struct Reason {
    pub(super) severity: &'static str,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Listing {
    pub(super) fn new(is_allowed: bool) -> Self {
        Self { is_allowed, failing: Vec::new(), open: Vec::new(), others: Vec::new(), all: 0 }
    }

    /// Says whether another failing episode would be listed.
    pub(super) fn has_room(&self) -> bool {
        self.is_allowed && self.failing.len() < MOST
    }

    pub(super) fn add(&mut self, judged: &Judged<'_>, about: &About<'_>) {
        self.all += 1;
        if !self.is_allowed {
            return;
        }
        let before = self.failing.len();
        let (list, before) = match (judged.fails(), judged.leading_verdict() == Verdict::Undetermined) {
            (true, _) => (&mut self.failing, 0),
            (_, open) if open || judged.has_open_duty() => (&mut self.open, before),
            _ => {
                let before = before + self.open.len();
                (&mut self.others, before)
            }
        };
        if before + list.len() < MOST {
            list.push(entry(judged, self.all, about));
        }
    }

    /// Gives the episodes in the order in which they are listed.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.failing.iter().chain(&self.open).chain(&self.others).take(MOST)
    }
}

fn entry(judged: &Judged<'_>, number: usize, about: &About<'_>) -> Entry {
    let told = tell(judged, about.sources, about.identities);
    let mut rules: Vec<String> = told.iter().filter_map(|told| told.rule).map(|rule| rule.name.clone()).collect();
    rules.dedup();
    let reasons = told.into_iter().take(MOST_REASONS).map(|told| Reason {
        severity: told.problem.severity().word(),
        message: told.problem.message,
        help: told.problem.help,
    });
    let at = about.sources.line_column(judged.place);
    let group = |role| group_of_role(judged, role).map(|group| group.words()).unwrap_or_default();
    Entry {
        number,
        name: record_name(judged, about.sources, about.identities),
        time: judged.results.first().and_then(|result| time(result, about)).unwrap_or_default(),
        place: format!("{}:{}", about.sources.name(judged.place.source), at.line),
        verdict: judged.leading_verdict(),
        fails: judged.fails(),
        policies: judged.results.iter().map(|result| (result.policy.name.clone(), result.verdict().words())).collect(),
        rules,
        unit: group(Role::Unit),
        kind: group(Role::FailureKind),
        reasons: reasons.collect(),
        fragile: judged.results.iter().flat_map(|result| fragile(result, about)).collect(),
    }
}

fn fragile(result: &PolicyResult<'_>, about: &About<'_>) -> Vec<String> {
    let told = result.version.map(|version| Otherwise::new(result, version, about.identities).fragile());
    told.unwrap_or_default()
}

fn time(result: &PolicyResult<'_>, about: &About<'_>) -> Option<String> {
    let (version, episode) = version_and_episode(result)?;
    let field = version.vocabulary.role(Role::Time)?;
    Some(Shower { version, identities: about.identities }.value(episode.value(field)?, field))
}
