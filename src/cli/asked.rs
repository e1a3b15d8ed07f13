//! What `prove` and `diff` are asked about: a policy at a path, and conditions that are typed.

use std::ops::Range;
use std::path::Path;

use crate::check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::policy::{ConditionId, Policy, Version};
use crate::report::human;
use crate::source::{SourceId, Sources, Span};
use crate::syntax::is_literate;

use super::Ended;
use super::arguments::{BesideArguments, PolicyArguments};
use super::common::{Loaded, complain, complain_raw, load, require_sound_for, stderr_terminal};

/// Conditions that are asked about, in the text that their reader knows them from: what was typed, or a file.
pub(super) struct Wording {
    name: String,
    text: String,
    /// Where each condition stands in the text.
    places: Vec<Range<usize>>,
}

impl Wording {
    /// Gives one condition that was typed.
    pub(super) fn typed(words: &str) -> Self {
        Self::in_file("the condition".to_owned(), words.to_owned(), std::iter::once(0..words.len()).collect())
    }

    /// Gives conditions that stand in a file.
    pub(super) fn in_file(name: String, text: String, places: Vec<Range<usize>>) -> Self {
        Self { name, text, places }
    }

    /// Gives each condition.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| self.text.get(place.clone()).unwrap_or_default())
    }
}

/// Gives a condition on one line, each byte where it was.
fn on_one_line(words: &str) -> String {
    let one = |letter: char| if letter.is_whitespace() { " ".repeat(letter.len_utf8()) } else { letter.to_string() };
    words.chars().map(one).collect()
}

/// Loads the one policy at a path.
pub(super) fn load_one(path: &Path, beside: &BesideArguments) -> Result<Loaded, Ended> {
    let policies = std::iter::once(path.to_owned()).chain(beside.with.iter().cloned()).collect();
    let loaded = load(&PolicyArguments { policies, calendars: beside.calendars.clone() })?;
    require_sound_for(&loaded, true, "compared")?;
    let names: Vec<&str> = loaded.checked.set.policies.iter().map(|policy| policy.name.as_str()).collect();
    match names.as_slice() {
        [_] => Ok(loaded),
        names => Err(complain(&format!(
            "`{}` holds {} policies ({}); name a file that holds one",
            path.display(),
            names.len(),
            names.join(", ")
        ))),
    }
}

/// Gives the policy of what was loaded.
pub(super) fn policy(loaded: &Loaded) -> Result<&Policy, Ended> {
    loaded.checked.set.policies.first().ok_or_else(|| complain("there is no policy to ask about"))
}

/// Reads conditions in the words of a version of a policy: gives the policy with each as a definition, and where these are.
pub(super) fn with_conditions(
    loaded: &Loaded,
    version: usize,
    conditions: &Wording,
) -> Result<(Loaded, Vec<ConditionId>), Ended> {
    let (asked, typed) = written(loaded, version, conditions)?;
    if asked.checked.has_errors() {
        let (problems, sources) = typed.where_known(&asked, conditions);
        complain_raw(&human::render_all(&problems, &sources, stderr_terminal()));
        return Err(complain("nothing was proved: a condition was not understood"));
    }
    let found = found(&asked, version, conditions)
        .ok_or_else(|| complain("the condition does not belong to the policy: another one stands last in its file"))?;
    Ok((asked, found))
}

/// Reads one condition in the words of a version of a policy.
pub(super) fn with_condition(loaded: &Loaded, version: usize, condition: &str) -> Result<(Loaded, ConditionId), Ended> {
    let (asked, found) = with_conditions(loaded, version, &Wording::typed(condition))?;
    let found = found.first().copied().ok_or_else(|| complain("there is no condition to ask about"))?;
    Ok((asked, found))
}

/// Reads a condition in the words of a version of a policy, if they are words of that version.
pub(super) fn if_understood(
    loaded: &Loaded,
    version: usize,
    condition: &str,
) -> Result<Option<(Loaded, ConditionId)>, Ended> {
    let conditions = Wording::typed(condition);
    let (asked, _) = written(loaded, version, &conditions)?;
    if asked.checked.has_errors() {
        return Ok(None);
    }
    let found = found(&asked, version, &conditions).and_then(|found| found.first().copied());
    Ok(found.map(|found| (asked, found)))
}

fn found(asked: &Loaded, version: usize, conditions: &Wording) -> Option<Vec<ConditionId>> {
    let of = asked.checked.set.policies.first()?.versions.get(version)?;
    let find = |name: String| of.conditions.definitions().iter().find(|definition| definition.name == name);
    (1..=conditions.places.len()).map(|number| Some(find(name(number))?.condition)).collect()
}

/// Conditions as they were written into a file as definitions.
struct Written {
    source: SourceId,
    /// Where each stands.
    places: Vec<Range<usize>>,
}

impl Written {
    /// Gives the errors, those of the conditions where their reader knows them from: no file of his has them as definitions.
    fn where_known(&self, asked: &Loaded, conditions: &Wording) -> (Vec<Diagnostic>, Sources) {
        let mut sources = Sources::new();
        for (_, source) in asked.sources.iter().take(asked.named) {
            sources.add(source.name(), source.bytes().to_vec());
        }
        let known = sources.add(conditions.name.as_str(), conditions.text.as_bytes());
        let moved = |span: Span| {
            let at = self.places.partition_point(|place| place.end < span.end);
            let within = self.places.get(at).filter(|place| place.start <= span.start && span.source == self.source);
            let (place, start) = (within?, conditions.places.get(at)?.start);
            Some(Span::new(known, span.start - place.start + start, span.end - place.start + start))
        };
        let mut problems = asked.checked.problems.clone();
        problems.retain(|problem| problem.severity() == Severity::Error);
        for label in problems.iter_mut().flat_map(|problem| &mut problem.labels) {
            label.span = moved(label.span).unwrap_or(label.span);
        }
        (problems, sources)
    }
}

/// Writes conditions as definitions of a version, and checks everything anew.
fn written(loaded: &Loaded, version: usize, conditions: &Wording) -> Result<(Loaded, Written), Ended> {
    let of = policy(loaded)?.versions.get(version).ok_or_else(|| complain("there is no policy to ask about"))?;
    let mut sources = Sources::new();
    let mut typed = Written { source: of.origin.source, places: Vec::new() };
    for (id, source) in loaded.sources.iter().take(loaded.named) {
        let mut bytes = source.bytes().to_vec();
        if id == of.origin.source {
            let at = line_of_first(of, &bytes);
            let (before, after) = match at {
                Some(_) => ("", ""),
                None if is_literate(source.name()) => ("\n\n```forbear\n", "```\n"),
                None => ("\n", ""),
            };
            let at = at.unwrap_or(bytes.len());
            let mut text = before.to_owned();
            for (words, number) in conditions.words().zip(1..) {
                text.push_str(&format!("define {} as ", name(number)));
                let start = at + text.len();
                text.push_str(&on_one_line(words));
                typed.places.push(start..at + text.len());
                text.push_str("\n\n");
            }
            text.push_str(after);
            drop(bytes.splice(at..at, text.into_bytes()));
        }
        sources.add(source.name(), bytes);
    }
    let checked = check::load(&mut sources);
    Ok((Loaded { sources, checked, named: loaded.named }, typed))
}

/// Gives where the line begins on which the first rule or definition of a version stands.
fn line_of_first(version: &Version, bytes: &[u8]) -> Option<usize> {
    let definitions = version.conditions.definitions().iter().map(|definition| definition.origin);
    let own = version.rules.iter().map(|rule| rule.origin).chain(definitions);
    let own = own.filter(|origin| origin.source == version.origin.source && origin.start > version.origin.start);
    let first = own.map(|origin| origin.start).min()?;
    let line = bytes.get(..first)?.iter().rposition(|byte| *byte == b'\n')?;
    Some(line + 1)
}

fn name(number: usize) -> String {
    format!("asked_condition_{number}")
}
