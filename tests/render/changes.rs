//! What changed since an older version: the meaning is compared, and nothing else.

use std::fs;

use forbear::check::Checked;
use forbear::render::{document, html, markdown};

use super::whole::is_in_order;
use super::{checked, checked_text, every_policy, hospital, path, snapshot};

fn changes(new: &Checked, old: &Checked) -> String {
    let written = markdown::write(&document(new, Some(&old.set)));
    let (_, rest) = written.split_once("# What changed\n").unwrap();
    rest.split("# What it covers").next().unwrap().trim_end_matches('#').trim().to_owned()
}

#[test]
fn two_versions() {
    let (old, new) = (checked(&[path("tests/render/before.forbear")]), checked(&[path("tests/render/after.forbear")]));
    snapshot("changes", &changes(&new, &old));
    let page = scraper::Html::parse_document(&html::write(&document(&new, Some(&old.set))));
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    is_in_order("changes", &page);
}

#[test]
fn since_itself_nothing_changed() {
    for (name, checked) in every_policy() {
        let written = markdown::write(&document(&checked, Some(&checked.set)));
        let versions = checked.set.policies.iter().flat_map(|policy| &policy.versions).count();
        assert_eq!(written.matches("\nNothing changed since ").count(), versions, "{name}");
    }
}

#[test]
fn layout_comments_and_order_change_nothing() {
    let text = fs::read_to_string(path("tests/render/before.forbear")).unwrap();
    let (head, rules) = text.split_once("rule seen").unwrap();
    let mut rules: Vec<String> = format!("rule seen{rules}").split("\n\n").map(str::to_owned).collect();
    rules.reverse();
    let other = format!("{head}\n# A comment\n{}\n", rules.join("\n\n# Another\n\n\n"))
        .replace("  when grave", "      when   grave  # so");
    assert_ne!(other, text);
    assert_eq!(changes(&checked_text(&other), &checked_text(&text)), "Nothing changed since version 1.");
}

#[test]
fn one_changed_rule_shows_that_rule_alone() {
    let text = fs::read_to_string(path("policies/hospital.forbear.md")).unwrap();
    let other = text.replace("risk ceiling negligible", "risk ceiling low");
    let fences = |text: &str| {
        let blocks: Vec<&str> =
            text.split("```forbear\n").skip(1).map(|block| block.split("```").next().unwrap()).collect();
        blocks.concat().replace("  calendar   basel\n", "").replace("working days", "days")
    };
    let said = changes(&checked_text(&fences(&other)), &checked_text(&fences(&text)));
    assert_eq!(said.matches("**Changed:**").count(), 1, "{said}");
    assert!(said.contains("`frail`") && said.contains("before:**") && said.contains("*negligible*"), "{said}");
}

#[test]
fn a_policy_that_is_new_and_one_that_is_gone() {
    let ward = checked(&[path("tests/render/before.forbear")]);
    let written = markdown::write(&document(&ward, Some(&hospital().set)));
    assert!(written.contains("No longer among these policies: `hospital`."), "{written}");
    assert!(written.contains("This policy is new"), "{written}");
}

#[test]
fn a_field_of_another_name_and_the_same_title_is_told_by_name() {
    let text = |field: &str| {
        format!(
            "vocabulary v \"V\"\nfield id text role id\nfield {field} boolean \"The answer\"\n\
             policy p \"P\"\n  version 1\n  vocabulary v\n  default permit\nrule r \"R\"\n  require {field}\n"
        )
    };
    let said = changes(&checked_text(&text("newer")), &checked_text(&text("older")));
    assert!(said.contains("`older` must be answered yes") && said.contains("`newer` must be answered yes"), "{said}");
}
