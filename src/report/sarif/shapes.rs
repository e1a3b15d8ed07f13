//! The shapes of SARIF 2.1.0, as far as reports use them.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use crate::diagnostic::{Code, all_codes};
use crate::policy::{PolicySet, Rule, RuleSeverity, Version};
use crate::source::{Sources, Span};

use super::super::machine::{InputRecord, PolicyRecord, Totals};

#[derive(Serialize)]
pub(super) struct Tool<'a> {
    pub(super) driver: Driver<'a>,
}

#[derive(Serialize)]
pub(super) struct Driver<'a> {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) rules: &'a [RuleShape],
}

/// A rule of a policy, or a code.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleShape {
    pub(super) id: String,
    short_description: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message>,
    help: Help,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
pub(super) struct Message {
    pub(super) text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Result {
    pub(super) rule_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule_index: Option<usize>,
    pub(super) kind: &'static str,
    pub(super) level: &'static str,
    pub(super) message: Message,
    pub(super) locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) partial_fingerprints: Option<BTreeMap<String, String>>,
    /// Nothing is ever suppressed, and an empty list says so.
    pub(super) suppressions: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) properties: Option<Properties>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) id: usize,
    pub(super) physical_location: Placed,
    /// The cell of a spreadsheet, whose lines are those of the text that was made of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logical_locations: Option<[Cell; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cell {
    pub(super) fully_qualified_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Placed {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

impl Placed {
    pub(super) fn of(span: Span, sources: &Sources) -> Self {
        let start = sources.line_column(span);
        let end = sources.line_column(Span::new(span.source, span.end, span.end)).max(start);
        Self {
            artifact_location: ArtifactLocation { uri: uri(sources.name(span.source)) },
            region: Region {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
            },
        }
    }
}

#[derive(Serialize)]
pub(super) struct Artifact {
    location: ArtifactLocation,
    hashes: BTreeMap<&'static str, String>,
    roles: [&'static str; 1],
    properties: BTreeMap<&'static str, String>,
}

impl Artifact {
    pub(super) fn of(input: &InputRecord) -> Self {
        let role = if input.role == "log" { "analysisTarget" } else { "userSpecifiedConfiguration" };
        Self {
            location: ArtifactLocation { uri: uri(&input.name) },
            hashes: [("sha-256", input.sha256.clone())].into(),
            roles: [role],
            properties: [("name", input.name.clone()), ("role", input.role.clone())].into(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation {
    pub(super) execution_successful: bool,
}

/// What SARIF has no place for.
#[derive(Serialize, Default)]
pub(super) struct Properties {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) episode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verdict: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) present: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) as_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reconstructed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) log_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) privacy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identities: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) small_cells: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) policies: Option<Vec<PolicyRecord>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) totals: Option<Totals>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) judgements_sha256: Option<String>,
}

/// Gives the rules of all policies, and the codes for what is no rule's.
pub(super) fn rules_of(set: &PolicySet) -> Vec<RuleShape> {
    let mut rules: Vec<RuleShape> = Vec::new();
    for policy in &set.policies {
        // The last version that has a rule says what it is.
        for version in policy.versions.iter().rev() {
            for rule in &version.rules {
                let shape = rule_of(version, rule);
                if !rules.iter().any(|known| known.id == shape.id) {
                    rules.push(shape);
                }
            }
        }
    }
    let of_no_rule = |code: &&Code| ["verdict", "log"].iter().any(|area| code.name().split("::").nth(1) == Some(area));
    rules.extend(all_codes().iter().filter(of_no_rule).map(|code| rule_of_code(*code)));
    rules
}

fn rule_of(version: &Version, rule: &Rule) -> RuleShape {
    let title = if rule.title.is_empty() { &rule.name } else { &rule.title };
    let mut text = title.clone();
    let mut markdown = format!("**{}**\n", escaped(title));
    let said = [("Because", rule.because.as_ref()), ("Remedy", rule.remedy.as_ref())];
    let cited = rule.cites.iter().map(|source| ("Source", Some(source)));
    for (word, said) in said.into_iter().chain(cited) {
        if let Some(said) = said {
            let _ = write!(text, "\n{word}: {said}");
            let _ = write!(markdown, "\n- {word}: {}", escaped(said));
        }
    }
    RuleShape {
        id: format!("{}/{}", version.policy, rule.name),
        short_description: Message { text: title.clone() },
        full_description: rule.because.as_ref().map(|because| Message { text: because.clone() }),
        help: Help { text, markdown },
        default_configuration: Configuration {
            level: match rule.severity {
                RuleSeverity::Advisory => "note",
                RuleSeverity::Minor => "warning",
                RuleSeverity::Major | RuleSeverity::Critical => "error",
            },
        },
    }
}

/// Gives a code with its page.
pub(super) fn rule_of_code(code: Code) -> RuleShape {
    RuleShape {
        id: code.name().to_owned(),
        short_description: Message { text: code.title().to_owned() },
        full_description: None,
        help: Help { text: code.page().to_owned(), markdown: code.page().to_owned() },
        default_configuration: Configuration { level: super::level_of(code.severity()) },
    }
}

/// Escapes what Markdown would obey.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| if "\\`*_[]<>#|".contains(c) { vec!['\\', c] } else { vec![c] }).collect()
}

/// Writes a path as a reference: relative paths stay relative.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut written = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.strip_prefix("./").unwrap_or(&path).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("./logs/März 2025.csv"), "logs/M%C3%A4rz%202025.csv");
        assert_eq!(uri("/var/log/a:b.jsonl"), "file:///var/log/a%3Ab.jsonl");
        assert_eq!(uri("-"), "-");
    }
}
