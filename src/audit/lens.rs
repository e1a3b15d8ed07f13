//! Each way in which a run reads records: one vocabulary, and the clock of one zone.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::diagnostic::{Diagnostic, Quote};
use crate::episode::Episode;
use crate::log::{Entry, Finding, Fitter, Record, TextValues};
use crate::policy::time::{When, days};
use crate::policy::{FieldId, PolicySet, Role, Value, Version, Vocabulary};
use crate::source::Span;

use super::texts;

/// A vocabulary and a zone, with what they need to read records.
pub(super) struct Lens<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) zone: &'a TimeZone,
    fitter: Fitter<'a>,
    texts: TextValues,
}

/// A record as every lens reads it.
pub(super) struct Readings<'r> {
    /// One for each lens.
    pub(super) episodes: Vec<Arc<Episode>>,
    /// What does not fit, each once.
    pub(super) findings: Vec<Diagnostic>,
    /// What no vocabulary knows.
    pub(super) unknown: Vec<&'r Entry>,
    /// Which lens finds an id in it: the first that does.
    pub(super) named: Option<usize>,
    /// Where the id stands.
    pub(super) id_place: Option<Span>,
}

impl<'a> Lens<'a> {
    /// Makes a lens for each vocabulary and zone that the versions of a set have.
    pub(super) fn all(set: &'a PolicySet) -> Vec<Self> {
        let mut lenses: Vec<Self> = Vec::new();
        for version in set.policies.iter().flat_map(|policy| &policy.versions) {
            let at = match lenses.iter().position(|lens| lens.fits(version)) {
                Some(at) => at,
                None => {
                    lenses.push(Self {
                        vocabulary: &version.vocabulary,
                        zone: &version.zone,
                        fitter: Fitter::new(&version.vocabulary, version.zone.clone()),
                        texts: TextValues::new(),
                    });
                    lenses.len() - 1
                }
            };
            if let Some(lens) = lenses.get_mut(at) {
                texts::watch(version, &mut lens.texts);
            }
        }
        lenses
    }

    /// Says whether a version reads records through this lens.
    pub(super) fn fits(&self, version: &Version) -> bool {
        std::ptr::eq(self.vocabulary, &*version.vocabulary) && *self.zone == version.zone
    }

    /// Gives the time of an episode that was read through this lens, a date as its whole day.
    pub(super) fn time_of(&self, episode: &Episode) -> Option<When> {
        match episode.value(self.vocabulary.role(Role::Time)?)? {
            Value::Instant(when) => Some(*when),
            Value::Date(day) => days(*day, *day, self.zone).ok(),
            _ => None,
        }
    }

    /// Makes another reader of the same records.
    pub(super) fn another_fitter(&self) -> Fitter<'a> {
        Fitter::new(self.vocabulary, self.zone.clone())
    }

    /// Gives the texts that are watched, with what they are compared with.
    pub(super) fn watched(&self) -> impl Iterator<Item = (FieldId, Vec<Box<str>>)> + '_ {
        self.texts.watched()
    }

    /// Words what the watched texts said that no policy asks for.
    pub(super) fn unmatched_texts(&self) -> Vec<Diagnostic> {
        self.texts.unmatched().iter().map(|text| text.diagnostic(self.vocabulary)).collect()
    }
}

/// For each policy, the lens of each of its versions.
pub(super) fn of_versions(lenses: &[Lens<'_>], set: &PolicySet) -> Vec<Vec<usize>> {
    // INVARIANT: every version has a lens, so that the readings of a policy are in the order of its versions.
    let lens_of = |version: &Version| lenses.iter().position(|lens| lens.fits(version));
    set.policies.iter().map(|policy| policy.versions.iter().filter_map(lens_of).collect()).collect()
}

/// Gives a record as each version of a policy reads it.
pub(super) fn readings<'r>(of_versions: &[usize], episodes: &'r [Arc<Episode>]) -> Vec<&'r Episode> {
    of_versions.iter().filter_map(|at| episodes.get(*at)).map(Arc::as_ref).collect()
}

/// Shows the path of the value that does not fit in place of its line, and the mask of the value.
fn show_value(problem: &mut Diagnostic, finding: &Finding, vocabulary: &Vocabulary) {
    let field = finding.fields.first().and_then(|field| vocabulary.field(*field));
    let path = field.map_or("", |field| field.path.as_str());
    for label in &mut problem.labels {
        let mask = label.quote.as_ref().map_or_else(|| "…".to_owned(), Quote::mask);
        label.shown = Some(format!("{path}: {mask}"));
    }
}

/// Notes what the watched texts of a record say. Which of them are told depends on the order in which this is done.
pub(super) fn watch_texts(lenses: &mut [Lens<'_>], episodes: &[Arc<Episode>]) {
    for (lens, episode) in lenses.iter_mut().zip(episodes) {
        lens.texts.add(episode);
    }
}

/// Reads a record through every lens.
pub(super) fn read<'r>(lenses: &mut [Lens<'_>], record: &'r Record, present: Timestamp) -> Readings<'r> {
    let mut readings =
        Readings { episodes: Vec::new(), findings: Vec::new(), unknown: Vec::new(), named: None, id_place: None };
    for (at, lens) in lenses.iter_mut().enumerate() {
        let fitted = lens.fitter.fit(record, present);
        for finding in &fitted.findings {
            let mut worded = finding.diagnostic(lens.vocabulary);
            show_value(&mut worded, finding, lens.vocabulary);
            if !readings.findings.contains(&worded) {
                readings.findings.push(worded);
            }
        }
        if readings.named.is_none() && fitted.episode.id.is_some() {
            readings.named = Some(at);
            readings.id_place = lens.vocabulary.role(Role::Id).and_then(|id| fitted.episode.place(id));
        }
        if at == 0 {
            readings.unknown = fitted.unknown;
        } else {
            let also: HashSet<*const Entry> = fitted.unknown.iter().map(|entry| std::ptr::from_ref(*entry)).collect();
            readings.unknown.retain(|entry| also.contains(&std::ptr::from_ref(*entry)));
        }
        readings.episodes.push(Arc::new(fitted.episode));
    }
    readings
}
