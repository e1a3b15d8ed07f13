//! What `prove` and `diff` are asked about: a policy at a path, and conditions that are typed.

use std::path::Path;

use crate::check;
use crate::policy::{ConditionId, Policy, Version};
use crate::report::human;
use crate::source::Sources;

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

/// Reads conditions in the words of a policy: gives it with each as a definition, and where these are.
pub(super) fn with_conditions(loaded: &Loaded, conditions: &[String]) -> Result<(Loaded, Vec<Asked>), Ended> {
    let of = policy(loaded)?
        .versions
        .iter()
        .map(|version| version.origin)
        .max_by_key(|origin| (origin.source, origin.start));
    let Some(at) = of else { return Err(complain("there is no policy to ask about")) };
    let mut sources = Sources::new();
    for (id, source) in loaded.sources.iter().take(loaded.named) {
        let mut bytes = source.bytes().to_vec();
        if id == at.source {
            bytes.extend(definitions(conditions, source.name().ends_with(".md")).into_bytes());
        }
        sources.add(source.name(), bytes);
    }
    let checked = check::load(&mut sources);
    if checked.has_errors() {
        complain_raw(&human::render_all(&checked.problems, &sources, stderr_terminal()));
        return Err(complain("nothing was proved: a condition was not understood"));
    }
    let asked = Loaded { sources, checked, named: loaded.named };
    let found = (1..=conditions.len()).map(|number| Asked::find(policy(&asked)?, &name(number)));
    let found = found.collect::<Result<Vec<Asked>, Ended>>()?;
    Ok((asked, found))
}

/// A condition that was asked about: the version whose words it uses, and which condition of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) version: usize,
    pub(super) condition: ConditionId,
}

impl Asked {
    fn find(policy: &Policy, name: &str) -> Result<Self, Ended> {
        let of = |(version, of): (usize, &Version)| {
            let definition = of.conditions.definitions().iter().find(|definition| definition.name == name)?;
            Some(Self { version, condition: definition.condition })
        };
        let found = policy.versions.iter().enumerate().find_map(of);
        found
            .ok_or_else(|| complain("the condition does not belong to the policy: another one stands last in its file"))
    }
}

fn name(number: usize) -> String {
    format!("asked_condition_{number}")
}

/// Writes conditions as definitions behind everything else.
fn definitions(conditions: &[String], literate: bool) -> String {
    let one = |(number, condition): (usize, &String)| {
        format!("\ndefine {} as {}\n", name(number + 1), condition.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let all: String = conditions.iter().enumerate().map(one).collect();
    if literate { format!("\n\n```forbear\n{all}```\n") } else { format!("\n{all}") }
}
