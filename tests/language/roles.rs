//! Which type each role is for: the reference says what the checker does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::checked;

/// A type as the reference names it, and as a field has it.
const TYPES: [(&str, &str); 12] = [
    ("boolean", "boolean"),
    ("number", "number"),
    ("whole number", "whole number"),
    ("percent", "percent"),
    ("duration", "duration"),
    ("date", "date"),
    ("instant", "instant"),
    ("text", "text"),
    ("identity", "identity"),
    ("a kind", "place"),
    ("a scale", "danger"),
    ("a set of a kind", "set of place"),
];

/// Gives the types, as the reference names them, of which a field with the role may be.
fn accepted(role: &str) -> BTreeSet<String> {
    let is_accepted = |kind: &str| {
        let text = format!(
            "vocabulary ward \"Ward\"\n\nkind place bay, corridor\nscale danger small < great\n\nfield x {kind} role {role}\n"
        );
        let (_, checked) = checked("ward.forbear", &text);
        let codes: Vec<&str> = checked.problems.iter().map(|problem| problem.code.name()).collect();
        assert!(matches!(codes.as_slice(), [] | ["forbear::vocabulary::role_of_unfit_type"]), "{text}\n{codes:?}");
        codes.is_empty()
    };
    TYPES.iter().filter(|(_, kind)| is_accepted(kind)).map(|(name, _)| (*name).to_owned()).collect()
}

#[test]
fn the_reference_names_the_types_of_every_role() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/language.md")).unwrap();
    let section = page.split("\n### Roles\n").nth(1).unwrap().split("\n### ").next().unwrap();
    let mut roles = 0;
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let types = cells[2].replace(", ", " or ");
        let named: BTreeSet<String> = types.split(" or ").map(|name| with_article(name, &types)).collect();
        for role in cells[1].split(", ") {
            assert_eq!(accepted(role.trim_matches('`')), named, "{row}");
            roles += 1;
        }
    }
    assert_eq!(roles, forbear::policy::Role::ALL.len());
}

/// Completes `a kind or scale`.
fn with_article(name: &str, all: &str) -> String {
    if all.starts_with("a ") && matches!(name, "kind" | "scale") { format!("a {name}") } else { name.to_owned() }
}
