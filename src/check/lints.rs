//! Pass 9: what can be used and could be said better.
//!
//! Takes a sound [`Checked`] and gives lints, each a file of its own with one line in [`LINTS`]. A lint reads the last
//! version of each policy, since one that was adopted and replaced is not rewritten. What a rule or a header allows by
//! name is left out, and an `allow` that allowed nothing is told.

mod about_to_end;
mod allowed;
mod crowded_line;
mod negated_name;
mod repeated_guard;
mod unrestricted_permit;
mod unused_severity;
mod will_as_boolean;
mod without_deadline;
mod without_reason;

pub use allowed::Allowed;
pub(super) use allowed::allowed;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::policy::{Field, FieldType, Rule, Version};
use crate::source::{Sources, Span};

use super::{CLINICAL_NAME, Checked};

/// A lint: its code, and the function that finds it. Its name, for `allow`, is the last part of the code.
struct Lint {
    code: Code,
    find: fn(&Ground<'_>) -> Vec<Finding>,
}

/// The register: one line a lint.
const LINTS: &[Lint] = &[
    Lint { code: codes::WITHOUT_REASON, find: without_reason::find },
    Lint { code: codes::WILL_AS_BOOLEAN, find: will_as_boolean::find },
    Lint { code: codes::NEGATED_NAME, find: negated_name::find },
    Lint { code: codes::UNUSED_SEVERITY, find: unused_severity::find },
    Lint { code: codes::UNRESTRICTED_PERMIT, find: unrestricted_permit::find },
    Lint { code: codes::CROWDED_LINE, find: crowded_line::find },
    Lint { code: codes::REPEATED_GUARD, find: repeated_guard::find },
    Lint { code: codes::ABOUT_TO_END, find: about_to_end::find },
    Lint { code: codes::WITHOUT_DEADLINE, find: without_deadline::find },
];

/// Gives the names by which lints are allowed, in the order of the register.
pub fn lint_names() -> impl Iterator<Item = &'static str> {
    LINTS.iter().map(|lint| name(lint.code))
}

fn name(code: Code) -> &'static str {
    code.name().rsplit("::").next().unwrap_or_default()
}

/// What a lint reads.
struct Ground<'a> {
    checked: &'a Checked,
    sources: &'a Sources,
    present: Timestamp,
}

impl<'a> Ground<'a> {
    /// Gives the last version of each policy.
    fn versions(&self) -> impl Iterator<Item = &'a Version> + use<'a> {
        self.checked.set.policies.iter().filter_map(|policy| policy.versions.last())
    }

    /// Gives each rule of these versions.
    fn rules(&self) -> impl Iterator<Item = (&'a Version, &'a Rule)> + use<'a> {
        self.versions().flat_map(|version| version.rules.iter().map(move |rule| (version, rule)))
    }

    /// Gives each boolean field that is declared in a file of the run, once.
    fn boolean_fields(&self) -> Vec<&'a Field> {
        let built_in = self.sources.iter().find(|(_, source)| source.name() == CLINICAL_NAME).map(|(id, _)| id);
        let fields = self.checked.vocabularies.values().flat_map(|vocabulary| &vocabulary.fields);
        let mut known = BTreeSet::new();
        fields
            .filter(|field| field.kind == FieldType::Boolean && Some(field.origin.source) != built_in)
            .filter(|field| known.insert(field.origin))
            .collect()
    }
}

/// Something that a lint found, and who may allow it.
struct Finding {
    problem: Diagnostic,
    /// The places of names under which an `allow` counts: those of the rule and its version, or that of the field.
    owners: Vec<Span>,
}

impl Finding {
    fn of_rule(version: &Version, rule: &Rule, problem: Diagnostic) -> Self {
        Self { problem, owners: vec![rule.origin, version.origin] }
    }

    fn of_policy(version: &Version, problem: Diagnostic) -> Self {
        Self { problem, owners: vec![version.origin] }
    }

    /// Of a field; the header of any policy that speaks its vocabulary may allow it.
    fn of_field(field: &Field, problem: Diagnostic) -> Self {
        Self { problem, owners: vec![field.origin] }
    }
}

/// Finds every lint that is not allowed. Where anything is wrong with the policies, nothing is said about style.
pub fn lints(checked: &Checked, sources: &Sources, present: Timestamp) -> Vec<Diagnostic> {
    if checked.has_errors() {
        return Vec::new();
    }
    let ground = Ground { checked, sources, present };
    let versions: BTreeMap<Span, &Version> = ground.versions().map(|version| (version.origin, version)).collect();
    let mut told = Vec::new();
    for lint in LINTS {
        let allows: Vec<&Allowed> = checked.allowed.iter().filter(|allowed| allowed.lint == lint.code).collect();
        told.extend(not_allowed((lint.find)(&ground), &allows, &versions));
    }
    crate::diagnostic::sort(&mut told);
    told
}

/// Leaves out what is allowed, and adds each `allow` that allowed nothing.
fn not_allowed(found: Vec<Finding>, allows: &[&Allowed], versions: &BTreeMap<Span, &Version>) -> Vec<Diagnostic> {
    let mut by_owner: BTreeMap<Span, Vec<usize>> = BTreeMap::new();
    for (at, finding) in found.iter().enumerate() {
        for owner in &finding.owners {
            by_owner.entry(*owner).or_default().push(at);
        }
    }
    let mut left_out = BTreeSet::new();
    let mut told = Vec::new();
    for allowed in allows {
        let Some(version) = versions.get(&allowed.version) else { continue };
        let fields = version.vocabulary.fields.iter().map(|field| field.origin);
        let owners = std::iter::once(allowed.owner).chain(fields.filter(|_| allowed.owner == version.origin));
        let hit: Vec<usize> = owners.filter_map(|owner| by_owner.get(&owner)).flatten().copied().collect();
        if hit.is_empty() {
            told.push(allowed::allows_nothing(allowed));
        }
        left_out.extend(hit);
    }
    let kept = found.into_iter().enumerate().filter(|(at, _)| !left_out.contains(at));
    told.extend(kept.map(|(_, finding)| finding.problem));
    told
}
