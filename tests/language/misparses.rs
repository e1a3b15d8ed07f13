//! Whatever PEG would read with another meaning than a person, is read as the person does, or refused.
//!
//! The numbers are those of the list in the design's notes on the grammar.

use super::{checked, understood};

/// Gives the norm of the only rule.
fn norm(clauses: &str) -> String {
    let meaning = understood(clauses).unwrap_or_else(|errors| panic!("{clauses}\n{errors:?}"));
    let rule = meaning.lines().find(|line| line.starts_with("rule ")).unwrap();
    rule.split_once(": ").unwrap().1.to_owned()
}

fn refused(clauses: &str, code: &str) {
    match understood(clauses) {
        Ok(meaning) => panic!("accepted:\n{clauses}\n{meaning}"),
        Err(codes) => assert!(codes.iter().any(|is| is == code), "{clauses}\n{codes:?}"),
    }
}

const A: &str = "patient.frail is true";
const B: &str = "patient.vulnerable is true";
const C: &str = "failure.anticipated is true";
const D: &str = "trainee.distressed is true";

#[test]
fn s01_bullets_nest_by_their_column() {
    let list = "  require all of\n    - patient.frail\n    - any of\n        - patient.vulnerable\n        - failure.anticipated\n    - trainee.distressed\n";
    assert_eq!(norm(list), format!("all[{A}, any[{B}, {C}], {D}] | when - | unless - | 0 cites"));
    let deeper = "  require any of\n    - patient.frail\n    - all of\n      - patient.vulnerable\n      - any of\n        - failure.anticipated\n        - trainee.distressed\n    - trainee.first_attempt";
    let first = "trainee.first_attempt is true";
    assert!(norm(deeper).starts_with(&format!("any[{A}, all[{B}, any[{C}, {D}]], {first}]")), "{}", norm(deeper));
    refused(
        "  require all of\n    - patient.frail\n    - any of\n        - patient.vulnerable\n      - failure.anticipated",
        "syntax::stray_bullet",
    );
    refused("  require all of\n    - patient.frail\n  - patient.vulnerable", "syntax::stray_bullet");
}

/// How wide a tab is shown, nobody knows: beside spaces it says nothing.
#[test]
fn s01_tabs_beside_spaces_are_no_columns() {
    let spaces = "  require any of\n    - all of\n        - patient.frail\n        - patient.vulnerable\n    - failure.anticipated";
    let tabs = spaces.replace("    ", "\t");
    assert_eq!(norm(&tabs), norm(spaces));
    refused(
        "  require any of\n - all of\n        - patient.frail\n        - patient.vulnerable\n\t- failure.anticipated",
        "syntax::stray_bullet",
    );
    refused("  require any of\n\t- patient.frail\n    and patient.vulnerable", "syntax::stray_bullet");
    refused("  require any of\n    - patient.frail\n\tand patient.vulnerable", "syntax::stray_bullet");
}

#[test]
fn s02_a_connective_at_the_margin_of_a_list_is_refused() {
    let list = |tail: &str| format!("  require any of\n    - patient.frail\n    - patient.vulnerable\n{tail}");
    for margin in [
        "and failure.anticipated",
        "  and failure.anticipated",
        "    and failure.anticipated",
        "    or failure.anticipated",
    ] {
        refused(&list(margin), "syntax::joined_to_list");
    }
    let within = norm(&list("      and failure.anticipated"));
    assert!(within.starts_with(&format!("any[{A}, all[{B}, {C}]]")), "{within}");
    let whole = norm("  require (any of\n    - patient.frail\n    - patient.vulnerable) and failure.anticipated");
    assert!(whole.starts_with(&format!("all[any[{A}, {B}], {C}]")), "{whole}");
}

#[test]
fn s03_a_bullet_may_end_in_the_word_of_its_heading_only() {
    refused("  require all of\n    - patient.frail or\n    - patient.vulnerable", "syntax::bullet_against_heading");
    refused("  require any of\n    - patient.frail and\n    - patient.vulnerable", "syntax::bullet_against_heading");
    let fits = norm("  require all of\n    - patient.frail and\n    - patient.vulnerable");
    assert!(fits.starts_with(&format!("all[{A}, {B}]")), "{fits}");
}

#[test]
fn s04_a_norm_is_never_swallowed_by_an_and() {
    refused(
        "  when patient.frail and\n  supervision at least in_room\n  require failure.anticipated",
        "syntax::not_understood",
    );
    refused("  when patient.frail or\n  risk ceiling low\n  require failure.anticipated", "syntax::not_understood");
    refused(
        "  when patient.frail and   # so far\n\n  supervision at least in_room\n  require failure.anticipated",
        "syntax::not_understood",
    );
}

#[test]
fn s05_no_clause_counts_of_which_only_the_beginning_was_understood() {
    refused(
        "  when patient.consent is given and patient.frail is never so\n  require failure.anticipated",
        "syntax::not_understood",
    );
    refused("  require failure.anticipated unless so", "name::unknown_field");
    refused("  require (failure.anticipated unless patient.frail)", "syntax::not_understood");
    refused("  require failure.anticipated very much", "syntax::not_understood");
}

#[test]
fn s06_text_and_identities_are_quoted() {
    refused("  require education.objective is suturing", "type::unquoted_text");
    refused("  require rescue.by is not trainee.idd", "type::unquoted_text");
    let quoted = norm("  require education.objective is \"suturing\"");
    assert!(quoted.contains("suturing"), "{quoted}");
    let field = norm("  require rescue.by is not trainee.id");
    assert!(field.starts_with("not rescue.by is trainee.id"), "{field}");
}

/// What is forgotten in one setting is not taken from the next.
#[test]
fn s07_and_s08_a_setting_stands_on_one_line() {
    refused("  require failure.anticipated\n\ncase plain\n  patient.asa 2\n  minutes 30", "name::unknown_field");
    refused("  require failure.anticipated\n\ncase plain\n  patient.risk\n  patient.asa 2", "syntax::not_understood");
}

#[test]
fn s09_a_row_stands_on_one_line() {
    refused(
        "  risk ceiling low\n\ntable t gives risk\n  | patient.asa || t |\n  | 1 || low\n  | 2 || high |",
        "table::not_a_row",
    );
}

/// A number and its unit stand on one line.
#[test]
fn s07_a_unit_is_not_looked_for_on_the_next_line() {
    assert!(understood("  require supervisor.time_to_reach at most 30\n    minutes").is_err());
}

#[test]
fn s10_a_text_ends_on_its_line() {
    let text = "policy ward \"Ward\"\n  vocabulary clinical\n  default permit\n\nrule one \"One\"\n  require failure.anticipated\n  because \"Nobody is\n\nrule two \"Two\"\n  require patient.frail\n  because \"Or so\"\n";
    let (_, checked) = checked("ward.forbear", text);
    let codes: Vec<&str> = checked.problems.iter().map(|problem| problem.code.name()).collect();
    assert_eq!(codes, ["forbear::syntax::unclosed_text"]);
}

#[test]
fn s11_a_header_clause_and_a_declaration_are_told_apart() {
    let text = "policy ward_policy \"Ward\"\n  vocabulary ward\n  default permit\n\nvocabulary ward extends clinical\n\nkind bay north, south\nfield bay bay\n\nrule one \"One\"\n  require bay is north\n";
    let (_, vocabulary_last) = checked("ward.forbear", text);
    let codes: Vec<&str> = vocabulary_last.problems.iter().map(|problem| problem.code.name()).collect();
    // A rule belongs to the policy above it: here a vocabulary stands between, which is said and not guessed.
    let names: Vec<&str> = vocabulary_last.set.policies.iter().map(|policy| policy.name.as_str()).collect();
    assert!(!codes.is_empty() || names == ["ward_policy"], "{codes:?} {names:?}");
    let rules: usize = vocabulary_last.set.policies.iter().map(|policy| policy.versions[0].rules.len()).sum();
    assert!(!codes.is_empty() || rules == 1, "the rule was lost without a word");
}

#[test]
fn s12_a_version_is_a_label() {
    for label in ["2.10", "2.1", "v2.1-beta", "2026"] {
        let text = format!("policy ward \"Ward\"\n  version {label}\n  vocabulary clinical\n  default permit\n");
        let (_, checked) = checked("ward.forbear", &text);
        assert_eq!(checked.set.policies[0].versions[0].label.as_deref(), Some(label), "{:?}", checked.problems);
    }
}

#[test]
fn s13_keywords_end_where_words_end() {
    refused("  forbidwhen patient.frail", "syntax::unknown_clause");
    for clause in ["  require patient.consent isgiven", "  require notpatient.frail", "  permitwhen patient.frail"] {
        assert!(understood(clause).is_err(), "{clause}");
    }
    assert!(understood("  require patient.frail andpatient.vulnerable").is_err());
    assert!(understood("  supervision atleast in_room").is_err());
}
