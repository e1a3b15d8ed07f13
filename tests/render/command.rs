//! `forbear doc` as it is called.

use std::fs;
use std::process::{Command, Output};

use super::path;

fn run(arguments: &[&str]) -> Output {
    let folder = path("");
    Command::new(env!("CARGO_BIN_EXE_forbear")).arg("doc").args(arguments).current_dir(folder).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn markdown_goes_to_the_standard_output() {
    let output = run(&["tests/render/before.forbear"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).starts_with("# Ward\n\n| What | In this version |\n"));
}

/// docs/documents.md quotes a sentence; it is the one that is written.
#[test]
fn the_page_on_documents_quotes_what_is_written() {
    let page = fs::read_to_string(path("docs/documents.md")).unwrap();
    let quoted: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("> ")).collect();
    let written = text(&run(&["policies/hospital.forbear.md"]).stdout);
    assert!(!quoted.is_empty());
    for sentence in quoted {
        assert!(written.lines().any(|line| line == sentence), "{sentence}");
    }
}

#[test]
fn the_name_of_the_file_chooses_html_unless_the_format_is_said() {
    let folder = std::env::temp_dir().join(format!("forbear-doc-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("ward.html");
    let name = file.to_string_lossy().into_owned();
    let output = run(&["tests/render/before.forbear", "-o", &name]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), String::new()), "{}", text(&output.stderr));
    assert!(fs::read_to_string(&file).unwrap().starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
    run(&["tests/render/before.forbear", "--format", "markdown", "-o", &name]);
    assert!(fs::read_to_string(&file).unwrap().starts_with("# Ward\n"));
    let nowhere = folder.join("no/such/folder.html").to_string_lossy().into_owned();
    let output = run(&["tests/render/before.forbear", "-o", &nowhere]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("cannot be written"), "{}", text(&output.stderr));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn since_takes_the_policy_as_it_was() {
    let output = run(&["tests/render/after.forbear", "--since", "tests/render/before.forbear"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("## What changed\n\nCompared with version 1."));
    let output = run(&["tests/render/after.forbear", "--since", "tests/render/nowhere.forbear"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("there is no such file"), "{}", text(&output.stderr));
}

#[test]
fn a_policy_with_an_error_gives_no_document() {
    let folder = std::env::temp_dir().join(format!("forbear-doc-bad-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("bad.forbear");
    fs::write(&file, "policy p \"P\"\n  vocabulary clinical\nrule r \"R\"\n  risk ceiling nowhere\n").unwrap();
    let name = file.to_string_lossy().into_owned();
    for arguments in [vec![name.as_str()], vec!["tests/render/before.forbear", "--since", &name]] {
        let output = run(&arguments);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), String::new()));
        let told = text(&output.stderr);
        assert!(told.contains("forbear::type::unknown_level") && told.contains("nothing was written"), "{told}");
    }
    fs::remove_dir_all(&folder).unwrap();
}
