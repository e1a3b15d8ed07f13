//! From what is written to what is meant: [`Checked`].
//!
//! Takes parsed documents and gives the policy set, with every error and warning that can be found without a proof.
//! It works in passes; a pass never stops at its first error, and what was reported once is not reported again in its
//! consequences:
//!
//! 1. `group`: which vocabulary or policy each declaration belongs to;
//! 2. `vocabulary`: scales, kinds, fields and roles, with what they extend;
//! 3. `header`: when a policy is in force, in which zone and words;
//! 4. `definitions`, `condition`, `history`: names, types, units and ranges of conditions;
//!    `table`, `table_use`: decision tables, with no gap and no overlap, and where they are asked;
//! 5. `rule`, `norm`: clauses and their norms;
//! 6. `hindsight`, `looking_back`, `glance`, `warnings`: what permissions and history may read, and what can never apply;
//! 7. `versions`: overlap and gaps;
//! 8. `examples`: cases become episodes, and examples claims about them;
//! 9. `lints`: what could be said better, when somebody asks for it ([`lints`]).
//!
//! A set with an error among its problems must not be judged by.

mod calendars;
mod condition;
mod constant;
mod definitions;
mod example;
mod examples;
mod glance;
mod group;
mod guesses;
mod header;
mod hindsight;
mod history;
mod length;
mod lints;
mod looking_back;
mod mistaken_list;
mod names;
mod norm;
mod policy;
mod rule;
mod table;
mod table_use;
mod versions;
mod vocabulary;
mod warnings;

pub use crate::syntax::ast::{Prose, ProseBlock, ProsePart, Stress};
pub use calendars::{Calendars, is_calendar};
pub use example::{Claim, ClaimKind, Earlier, Example, LogExample, Situation, Subject};
pub use lints::{Allowed, lint_names, lints};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::policy::{PolicySet, Vocabulary};
use crate::source::{SourceId, Sources, Span};
use crate::syntax::ast::Document;
use crate::syntax::{BareValues, parse};

use examples::Beside;

/// The name under which the built-in vocabulary is shown.
const CLINICAL_NAME: &str = "clinical.forbear (built in)";

/// The text of the built-in vocabulary.
const CLINICAL: &str = include_str!("../policies/vocabularies/clinical.forbear");

/// What the documents of a run mean, and what is wrong with them.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// The policies.
    pub set: PolicySet,
    /// The vocabularies by name, those that no policy uses included.
    pub vocabularies: BTreeMap<String, Arc<Vocabulary>>,
    /// The policies' own examples, in the order of the versions.
    pub examples: Vec<Example>,
    /// `untested because "…"`: why no example breaks a rule, by the place of its name.
    pub untested: BTreeMap<Span, String>,
    /// `allow LINT because "…"`, each.
    pub allowed: Vec<Allowed>,
    /// The prose of literate policies, in its order.
    pub prose: Vec<Prose>,
    /// How the values of settings were read, as far as they could be: for whoever writes them anew.
    pub bare: BareValues,
    /// All problems, of parsing and of meaning, in the order of their places.
    pub problems: Vec<Diagnostic>,
}

impl Checked {
    /// Says whether anything makes the set unusable.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity() == Severity::Error)
    }
}

/// Parses and checks all policy, vocabulary and calendar files that `sources` holds so far; calendars are those whose
/// names end in `.yaml`.
///
/// The built-in vocabularies are added to `sources` unless a file declares one of the same name.
pub fn load(sources: &mut Sources) -> Checked {
    let written = sources.iter().filter(|(_, source)| !calendars::is_calendar(source.name()));
    let ids: Vec<_> = written.map(|(id, _)| id).collect();
    let mut documents = Vec::new();
    let mut problems = Vec::new();
    let calendars = calendars::read(sources, &mut problems);
    let mut guesses = Vec::new();
    for id in ids {
        let parsed = parse(sources, id);
        if parsed.document.declarations.is_empty() && parsed.problems.is_empty() {
            problems.push(nothing_declared(id));
        }
        documents.push(parsed.document);
        problems.extend(parsed.problems);
        guesses.extend(parsed.guesses);
    }
    if !group::declares_vocabulary(&documents, "clinical") {
        let id = sources.add(CLINICAL_NAME, CLINICAL);
        documents.push(parse(sources, id).document);
    }
    let mut checked = check(&documents, &calendars);
    guesses::settle(guesses, &documents, &checked.vocabularies, &mut problems);
    checked.problems.extend(problems);
    crate::diagnostic::sort(&mut checked.problems);
    checked
}

fn nothing_declared(id: SourceId) -> Diagnostic {
    let message = "this file declares nothing, so there is nothing to check";
    Diagnostic::new(codes::NOTHING_DECLARED, message, Span::new(id, 0, 0), "no declaration in all of it")
        .with_help("begin it with `policy NAME \"title\"` or `vocabulary NAME \"title\"`, or leave the file out")
}

/// Checks documents that were parsed before.
pub fn check(documents: &[Document], calendars: &Calendars) -> Checked {
    let mut problems = Vec::new();
    let groups = group::group(documents, &mut problems);
    let vocabularies = vocabulary::vocabularies(&groups.vocabularies, &mut problems);
    let mut versions = Vec::new();
    for group in &groups.policies {
        let made = policy::version(group, &vocabularies, calendars, &mut problems);
        versions.extend(made.map(|(version, unread)| Beside { group, version, unread }));
    }
    let (examples, bare) = examples::make(&versions, &groups.loose, &mut problems);
    let untested = groups.policies.iter().flat_map(|group| examples::untested(&group.rules)).collect();
    let allowed = lints::allowed(&groups.policies, &mut problems);
    let versions = versions.into_iter().map(|beside| beside.version).collect();
    let set = versions::arrange(versions, &mut problems);
    let vocabularies = vocabularies.into_iter().map(|(name, made)| (name, made.vocabulary)).collect();
    let prose = documents.iter().flat_map(|document| document.prose.iter().cloned()).collect();
    crate::diagnostic::sort(&mut problems);
    Checked { set, vocabularies, examples, untested, allowed, prose, bare, problems }
}
