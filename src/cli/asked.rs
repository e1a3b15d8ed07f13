//! What `prove` and `diff` are asked about: a policy at a path, and conditions that are typed.

use std::path::Path;

use crate::check;
use crate::policy::{ConditionId, Policy, Version};
use crate::report::human;
use crate::source::Sources;
use crate::syntax::is_literate;

use super::Ended;
use super::arguments::{BesideArguments, PolicyArguments};
use super::common::{Loaded, complain, complain_raw, load, require_sound_for, stderr_terminal};

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
    conditions: &[String],
) -> Result<(Loaded, Vec<ConditionId>), Ended> {
    let asked = written(loaded, version, conditions)?;
    if asked.checked.has_errors() {
        complain_raw(&human::render_all(&asked.checked.problems, &asked.sources, stderr_terminal()));
        return Err(complain("nothing was proved: a condition was not understood"));
    }
    let found = found(&asked, version, conditions)
        .ok_or_else(|| complain("the condition does not belong to the policy: another one stands last in its file"))?;
    Ok((asked, found))
}

/// Reads one condition in the words of a version of a policy.
pub(super) fn with_condition(loaded: &Loaded, version: usize, condition: &str) -> Result<(Loaded, ConditionId), Ended> {
    let (asked, found) = with_conditions(loaded, version, &[condition.to_owned()])?;
    let found = found.first().copied().ok_or_else(|| complain("there is no condition to ask about"))?;
    Ok((asked, found))
}

/// Reads a condition in the words of a version of a policy, if they are words of that version.
pub(super) fn if_understood(
    loaded: &Loaded,
    version: usize,
    condition: &str,
) -> Result<Option<(Loaded, ConditionId)>, Ended> {
    let conditions = [condition.to_owned()];
    let asked = written(loaded, version, &conditions)?;
    if asked.checked.has_errors() {
        return Ok(None);
    }
    let found = found(&asked, version, &conditions).and_then(|found| found.first().copied());
    Ok(found.map(|found| (asked, found)))
}

fn found(asked: &Loaded, version: usize, conditions: &[String]) -> Option<Vec<ConditionId>> {
    let of = asked.checked.set.policies.first()?.versions.get(version)?;
    let find = |name: String| of.conditions.definitions().iter().find(|definition| definition.name == name);
    (1..=conditions.len()).map(|number| Some(find(name(number))?.condition)).collect()
}

/// Writes conditions as definitions of a version, and checks everything anew.
fn written(loaded: &Loaded, version: usize, conditions: &[String]) -> Result<Loaded, Ended> {
    let of = policy(loaded)?.versions.get(version).ok_or_else(|| complain("there is no policy to ask about"))?;
    let mut sources = Sources::new();
    for (id, source) in loaded.sources.iter().take(loaded.named) {
        let mut bytes = source.bytes().to_vec();
        if id == of.origin.source {
            let definitions = definitions(conditions);
            match line_of_first(of, &bytes) {
                Some(at) => drop(bytes.splice(at..at, definitions.into_bytes())),
                None if is_literate(source.name()) => {
                    bytes.extend(format!("\n\n```forbear\n{definitions}```\n").into_bytes())
                }
                None => bytes.extend(format!("\n{definitions}").into_bytes()),
            }
        }
        sources.add(source.name(), bytes);
    }
    let checked = check::load(&mut sources);
    Ok(Loaded { sources, checked, named: loaded.named })
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

fn definitions(conditions: &[String]) -> String {
    let one = |(number, condition): (usize, &String)| {
        format!("define {} as {}\n\n", name(number + 1), condition.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    conditions.iter().enumerate().map(one).collect()
}
