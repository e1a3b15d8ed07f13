//! Numbers that tell findings apart, from one run to the next: by what they are about, not by where it stands.
//!
//! Takes the policy, the rule and the record of a finding; of a problem of a policy its code, the declaration and the words at
//! fault. What is alike in all of them is numbered in the order of the log, or of the policy, so that no two findings of a run have
//! the same number, and a record or a line elsewhere changes none.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

use crate::audit::Judged;
use crate::diagnostic::Diagnostic;
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
        self.numbered(identities.fingerprint(&known_by(within, told, rule, sources)))
    }

    /// Gives the fingerprint of a problem of a policy.
    pub(super) fn of_problem(&mut self, problem: &Diagnostic, sources: &Sources) -> String {
        let bytes = Sha256::digest(stated_by(problem, sources));
        self.numbered(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Numbers what was given before.
    fn numbered(&mut self, print: String) -> String {
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
    let mut add = |part: &[u8]| append(part, &mut known);
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

/// Gives what a problem of a policy is known by: its code, the policy and the declaration in which it lies, and the words at fault.
fn stated_by(problem: &Diagnostic, sources: &Sources) -> Vec<u8> {
    let mut known = Vec::new();
    append(problem.code.name().as_bytes(), &mut known);
    let Some(place) = problem.span() else {
        append(problem.message.as_bytes(), &mut known);
        return known;
    };
    let (line, _) = sources.lines_around(Span::new(place.source, place.start, place.start), 0);
    let before = sources.text(Span::new(place.source, 0, line.end));
    let mut declarations = before.lines().rev().filter_map(declaration);
    let nearest = declarations.next();
    let around = nearest.into_iter().chain(declarations).find(|(word, _)| ["policy", "vocabulary"].contains(word));
    for (word, name) in [around, nearest].into_iter().map(Option::unwrap_or_default) {
        append(word.as_bytes(), &mut known);
        append(name.as_bytes(), &mut known);
    }
    // What is longer than a line begins with what it is.
    let words = sources.text(place);
    append(words.lines().next().unwrap_or_default().trim().as_bytes(), &mut known);
    known
}

/// Gives the word and the name of the declaration that begins with a line: it is not indented.
fn declaration(line: &str) -> Option<(&str, &str)> {
    let is_word = line.starts_with(|c: char| c.is_ascii_lowercase());
    let mut words = line.split_whitespace().filter(|_| is_word);
    Some((words.next()?, words.next().unwrap_or_default()))
}

/// Appends a part, so that it cannot be taken for another with more or less before it.
fn append(part: &[u8], to: &mut Vec<u8>) {
    to.extend((part.len() as u64).to_be_bytes());
    to.extend(part);
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
