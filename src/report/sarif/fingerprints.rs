//! Numbers that tell findings apart, from one run to the next: by what they are about, not by where it stands.
//!
//! Takes the policy, the rule and the record of a finding; what is alike in all of them is numbered in the order of the log, so
//! that no two findings of a run have the same number, and a record elsewhere changes none.

use std::collections::{HashMap, HashSet};

use crate::audit::Judged;
use crate::source::{Sources, Span};

use super::super::findings::Told;
use super::super::identities::Identities;

/// What a finding was found in.
#[derive(Clone, Copy)]
pub(super) enum Within<'a> {
    /// a record
    Record(&'a Judged<'a>),
    /// a record that cannot be read, at this place
    Unreadable(Span),
    /// the log as a whole
    Log,
}

impl<'a> Within<'a> {
    /// Gives the record, if it could be read.
    pub(super) fn record(self) -> Option<&'a Judged<'a>> {
        match self {
            Self::Record(judged) => Some(judged),
            Self::Unreadable(_) | Self::Log => None,
        }
    }
}

/// The fingerprints that were given.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// The first eight bytes of each: two that are alike in these alone get different numbers all the same.
    given: HashSet<u64>,
    /// How often those were given that were given more than once.
    again: HashMap<u64, usize>,
}

impl Fingerprints {
    /// Gives the fingerprint of a finding of a rule, or of a code.
    pub(super) fn next(
        &mut self,
        within: Within<'_>,
        (told, rule): (&Told<'_>, &str),
        sources: &Sources,
        identities: &Identities,
    ) -> String {
        let print = identities.fingerprint(&known_by(within, told, rule, sources));
        let start = print.get(..16).and_then(|start| u64::from_str_radix(start, 16).ok()).unwrap_or_default();
        if self.given.insert(start) {
            return print;
        }
        let before = self.again.entry(start).or_insert(1);
        *before += 1;
        format!("{print}-{before}")
    }
}

/// Gives what a finding is known by: the policy, the rule, the record, and of a record's data what is said of them.
fn known_by(within: Within<'_>, told: &Told<'_>, rule: &str, sources: &Sources) -> Vec<u8> {
    let mut known = Vec::new();
    let mut add = |part: &[u8]| {
        known.extend((part.len() as u64).to_be_bytes());
        known.extend(part);
    };
    add(told.result.map_or("", |result| result.policy.name.as_str()).as_bytes());
    add(rule.as_bytes());
    match within {
        Within::Record(Judged { id: Some(id), .. }) => add(id.as_bytes()),
        // What has no id is known by what it says.
        Within::Record(judged) => add(sources.text(judged.place).trim().as_bytes()),
        Within::Unreadable(place) => add(line(place, sources).trim().as_bytes()),
        Within::Log => {}
    }
    if told.result.is_none() {
        // Several values of one record may not fit.
        add(told.problem.about.as_deref().unwrap_or(&told.problem.message).as_bytes());
    }
    known
}

/// Longer lines hold many records, and would change with each of them.
const LONGEST_LINE: usize = 1 << 12;

/// Gives the line on which something cannot be read.
fn line(place: Span, sources: &Sources) -> String {
    let (lines, _) = sources.lines_around(Span::new(place.source, place.start, place.start), 0);
    if lines.len() > LONGEST_LINE {
        return String::new();
    }
    sources.text(Span::new(place.source, lines.start, lines.end))
}
