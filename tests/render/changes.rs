//! What changed since an older version: the meaning is compared, and nothing else.

use std::fs;

use forbear::check::{Checked, load};
use forbear::render::{document, html, markdown};
use forbear::source::Sources;

use super::whole::is_in_order;
use super::{checked, checked_text, every_policy, hospital, path, snapshot};

fn changes(new: &Checked, old: &Checked) -> String {
    let written = markdown::write(&document(new, Some(old)));
    let (_, rest) = written.split_once("# What changed\n").unwrap();
    rest.split("# What it covers").next().unwrap().trim_end_matches('#').trim().to_owned()
}

#[test]
fn two_versions() {
    let (old, new) = (checked(&[path("tests/render/before.forbear")]), checked(&[path("tests/render/after.forbear")]));
    snapshot("changes", &changes(&new, &old));
    let page = scraper::Html::parse_document(&html::write(&document(&new, Some(&old))));
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    is_in_order("changes", &page);
}

#[test]
fn since_itself_nothing_changed() {
    for (name, checked) in every_policy() {
        let written = markdown::write(&document(&checked, Some(&checked)));
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

/// Checks another wording of the hospital's policy, without its calendar.
fn hospital_with(from: &str, to: &str) -> Checked {
    let text = fs::read_to_string(path("policies/hospital.forbear.md")).unwrap();
    let other = text.replace("  calendar   basel\n", "").replace("working days", "days").replace(from, to);
    let mut sources = Sources::new();
    sources.add("hospital.forbear.md", other);
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{:?}", checked.problems);
    checked
}

#[test]
fn one_changed_rule_shows_that_rule_alone() {
    let other = hospital_with("risk ceiling negligible", "risk ceiling low");
    let said = changes(&other, &hospital_with("", ""));
    assert_eq!(said.matches("**Changed:**").count(), 1, "{said}");
    assert!(said.contains("`frail`") && said.contains("before:**") && said.contains("*negligible*"), "{said}");
}

#[test]
fn one_changed_row_shows_that_row_alone() {
    let other = hospital_with("| moderate        | low             |", "| moderate        | negligible      |");
    let said = changes(&other, &hospital_with("", ""));
    let wanted = "### The tables\n\n\
        **Changed:** [“What may be borne for what is learnt”](#what-may-be-borne-for-what-is-learnt) (`acceptable_risk`)\n\n\
        | “What there is to be learnt” | Before | Now |\n| --- | --- | --- |\n\
        | *moderate* | *low* | *negligible* |";
    assert_eq!(said.split_once("nothing is shown.\n\n").unwrap().1, wanted, "{said}");
}

#[test]
fn tables_that_are_new_changed_and_gone() {
    let old = fs::read_to_string(path("tests/render/tables.forbear")).unwrap();
    let new = [
        // A row that is gone, and two in its place.
        (
            "  | 1 to 2                  | any               || away     |\n",
            "  | 1                       | any               || away     |\n  | 2                       | any               || beside   |\n",
        ),
        // Another result, for never.
        ("  | sew           | true     || never    |", "  | sew           | true     || none     |"),
        // Another question.
        (
            "  | harm      || afterwards |\n  | none      || none       |\n  | not none  || large      |",
            "  | harm | seen || afterwards |\n  | none | any || none |\n  | not none | any || large |",
        ),
        // One that nothing asks any more, and another in its place, of another name.
        ("by_number", "by_dose"),
    ];
    let new = new.iter().fold(old.clone(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    snapshot("tables_changed", &changes(&checked_text(&new), &checked_text(&old)));
    let (new, old) = (checked_text(&new), checked_text(&old));
    let page = scraper::Html::parse_document(&html::write(&document(&new, Some(&old))));
    is_in_order("tables changed", &page);
}

#[test]
fn the_order_of_rows_and_columns_changes_nothing() {
    let old = fs::read_to_string(path("tests/render/tables.forbear")).unwrap();
    let table = "table by_act gives hazard \"What may be borne\"\n";
    let (head, rest) = old.split_once(table).unwrap();
    let (_, rest) = rest.split_once("\n\n").unwrap();
    let other = "  | seen | act || by_act |\n  | not true | sew || none |\n  | true | sew || never |\n  \
                 | any | not cut, sew || small |\n  | true | cut || large |\n  | false | cut || middling |";
    let new = format!("{head}{table}{other}\n\n{rest}");
    assert_eq!(changes(&checked_text(&new), &checked_text(&old)), "Nothing changed since version 1.");
}

#[test]
fn a_policy_that_is_new_and_one_that_is_gone() {
    let ward = checked(&[path("tests/render/before.forbear")]);
    let written = markdown::write(&document(&ward, Some(&hospital())));
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

#[test]
fn examples_that_are_new_changed_and_gone() {
    let policy = "policy ward \"Ward\"\n  version 1\n  vocabulary clinical\n  default permit\n\n\
                  rule ceiling \"The risk is low\"\n  risk ceiling low\n\n";
    let case = |risk: &str| format!("case act\n  patient.risk {risk}\n\n");
    let old = "example \"kept\" act\n  with patient.risk negligible\n  is permissible\n\n\
               example \"its case\" act\n  is permissible\n\n\
               example \"its claim\" act\n  with patient.risk high\n  is impermissible by ceiling\n\n\
               example \"gone\" act\n  without patient.risk\n  is undetermined for want of patient.risk\n";
    let new = "example \"kept\" act\n  with patient.risk negligible\n  is permissible\n\n\
               example \"its case\" act\n  is permissible\n\n\
               example \"its claim\" act\n  with patient.risk high\n  is impermissible by ceiling only\n\n\
               example \"new\" act\n  with patient.risk critical\n  is impermissible by ceiling\n";
    let old = checked_text(&format!("{policy}{}{old}", case("low")));
    let new = checked_text(&format!("{policy}{}{new}", case("negligible")));
    snapshot("examples_changed", &changes(&new, &old));
}
