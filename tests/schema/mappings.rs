//! The schema of mappings, held against every mapping that stands in the checkout.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;

use super::{forbear, json};

fn schema() -> Validator {
    let schema = json(&forbear(&["schema", "mapping"]));
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
}

/// Says where a mapping does not fit; what an editor sees of it is what the YAML says.
fn faults(schema: &Validator, mapping: &str) -> Vec<String> {
    let value: Value = serde_yaml::from_str(mapping).unwrap_or_else(|error| panic!("{error}: {mapping}"));
    schema.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

/// Gives the files of a folder that end so.
fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    found.retain(|path| path.to_string_lossy().ends_with(end));
    found
}

#[test]
fn every_mapping_of_the_examples_and_of_a_new_project_fits() {
    let schema = schema();
    let folders = ["examples", "templates"].into_iter().flat_map(|folder| files(folder, ".yaml"));
    let texts = folders.map(|path| (fs::read_to_string(&path).unwrap(), path));
    let mappings: Vec<_> = texts.filter(|(text, _)| text.lines().any(|line| line == "fields:")).collect();
    assert!(mappings.len() >= 5, "{} mappings", mappings.len());
    for (text, path) in mappings {
        assert_eq!(faults(&schema, &text), Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn every_mapping_of_the_documentation_fits() {
    let schema = schema();
    let mut mappings = 0;
    for path in files("docs", ".md") {
        let page = fs::read_to_string(&path).unwrap();
        // What the page of a code shows as bad may be no mapping at all.
        let good =
            page.split_once("\n## Bad\n").map_or(page.as_str(), |(_, rest)| rest.split_once("\n## Good\n").unwrap().1);
        for fence in good.split("```yaml mapping\n").skip(1) {
            let mapping = fence.split_once("```").unwrap().0;
            assert_eq!(faults(&schema, mapping), Vec::<String>::new(), "{}: {mapping}", path.display());
            mappings += 1;
        }
    }
    assert!(mappings > 20, "{mappings} mappings");
}

#[test]
fn a_draft_fits() {
    let schema = schema();
    for log in ["examples/export/theatre.csv", "examples/xapi/statements.json", "examples/survey/dictionary.csv"] {
        let draft = forbear(&["map", "suggest", log]);
        assert!(draft.contains("\nfields:"), "{log}: {draft}");
        assert_eq!(faults(&schema, &draft), Vec::<String>::new(), "{draft}");
    }
}
