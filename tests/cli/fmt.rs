//! `fmt`: what it knows of a file from what lies beside it.

use std::fs;

use super::builder::Test;

const VOCABULARY: &str = "vocabulary ward extends clinical\n\nfield ward.goal  text  \"Goal\"\n";

const POLICY: &str =
    "policy ours \"Ours\"\n  vocabulary ward\n\nrule goal \"A goal\"\n  permit when ward.goal is present\n";

const EXAMPLES: &str = "case one\n  ward.goal     knot security\n  patient.risk  low\n\nexample \"A goal\" one\n  with ward.goal knots\n  is permissible\n";

fn folder() -> Test {
    Test::new()
        .file("policies/vocabularies/ward.forbear", VOCABULARY)
        .file("policies/ours.forbear", POLICY)
        .file("policies/ours_examples.forbear", EXAMPLES)
}

#[test]
fn a_text_gets_its_quotation_marks_whether_the_file_is_named_or_its_folder() {
    for named in ["policies", "policies/ours_examples.forbear"] {
        let test = folder().args_as_they_are(&["fmt", "--check", named]);
        assert_eq!(test.code(), Some(1), "{named}");
        let test = test.args_as_they_are(&["fmt", named]);
        assert_eq!(test.code(), Some(0), "{named}");
        let laid_out = fs::read_to_string(test.path("policies/ours_examples.forbear")).unwrap();
        assert_eq!(laid_out, EXAMPLES.replace("knot security", "\"knot security\"").replace("knots", "\"knots\""));
        assert_eq!(test.args_as_they_are(&["fmt", "--check", named]).code(), Some(0), "{named}");
    }
}

#[test]
fn where_the_vocabulary_is_not_there_the_words_stay() {
    let alone = || Test::new().file("ours.forbear", POLICY).file("ours_examples.forbear", EXAMPLES);
    assert_eq!(alone().args("fmt --check .").code(), Some(0));
    // Named together with the policy it is there.
    let named = alone().file("elsewhere/ward.forbear", VOCABULARY);
    assert_eq!(named.args("fmt --check ours_examples.forbear elsewhere/ward.forbear ours.forbear").code(), Some(1));
}

/// In one of them the field is a text, in the other a kind.
#[test]
fn of_two_vocabularies_with_one_name_nobody_knows_which_is_meant() {
    let kind =
        "vocabulary ward extends clinical\n\nkind goal \"Goal\"\n  knots, drains\n\nfield ward.goal  goal  \"Goal\"\n";
    let test = folder().file("policies/vocabularies/later.forbear", kind).args("fmt --check policies");
    assert_eq!(test.code(), Some(0));
}

#[test]
fn the_standard_input_is_read_by_itself() {
    let text = "policy p \"P\"\n  vocabulary clinical\n\ncase one\n  education.objective  knot security\n";
    let done = Test::new().stdin(text).args("fmt -").run();
    assert_eq!(done.stdout, text.replace("knot security", "\"knot security\""));
}

/// What an editor holds is laid out as the file would be, and nothing is written to it.
#[test]
fn the_standard_input_may_stand_for_a_file() {
    let stands_for = |name: &'static str| ["fmt", "--stdin-filename", name, "-"];
    let name = "policies/ours_examples.forbear";
    let test = folder().stdin(EXAMPLES.replace("knots", "many knots")).args_as_they_are(&stands_for(name));
    let done = test.run();
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let quoted = EXAMPLES.replace("knot security", "\"knot security\"").replace("knots", "\"many knots\"");
    assert_eq!(done.stdout, quoted);
    assert_eq!(fs::read_to_string(test.path(name)).unwrap(), EXAMPLES);
    // A file that is not there yet.
    let others =
        Test::new().file("policies/vocabularies/ward.forbear", VOCABULARY).file("policies/ours.forbear", POLICY);
    let done = others.stdin(EXAMPLES).args_as_they_are(&stands_for(name)).run();
    assert_eq!(done.stdout, EXAMPLES.replace("knot security", "\"knot security\"").replace("knots", "\"knots\""));
}

#[test]
fn its_name_says_whether_it_is_a_document() {
    let text = "# Ours\n\n    as it is\n\n```forbear\npolicy p \"P\"\n    vocabulary   clinical\n```\n";
    let document = Test::new().stdin(text).args_as_they_are(&["fmt", "--stdin-filename", "ours.forbear.md", "-"]).run();
    assert_eq!(document.stdout, text.replace("    vocabulary   clinical", "  vocabulary clinical"));
    let plain = Test::new().stdin(text).args_as_they_are(&["fmt", "--stdin-filename", "ours.forbear", "-"]).run();
    assert_eq!(plain.code, Some(1));
}

#[test]
fn its_name_stands_in_messages() {
    let asked = |more: &'static [&'static str], text: &'static str| {
        let arguments = [&["fmt", "--stdin-filename", "wards/ours.forbear", "-"], more].concat();
        Test::new().stdin(text).args_as_they_are(&arguments).run()
    };
    let broken = asked(&[], "rule ours \"Ours\"\n  permitted when x\n");
    assert!(broken.stderr.contains("wards/ours.forbear:1: `rule ours` was left as it is"), "{}", broken.stderr);
    let crooked = "vocabulary  ours \"Ours\"\n";
    let check = asked(&["--check"], crooked);
    assert_eq!((check.code, check.stdout.as_str()), (Some(1), ""));
    assert!(check.stderr.contains("`wards/ours.forbear` would be laid out anew"), "{}", check.stderr);
    let diff = asked(&["--diff"], crooked);
    assert!(diff.stdout.starts_with("--- wards/ours.forbear\n"), "{}", diff.stdout);
}

#[test]
fn a_name_without_the_standard_input_is_refused() {
    let done = folder().args_as_they_are(&["fmt", "--stdin-filename", "a.forbear", "policies"]).run();
    assert_eq!(done.code, Some(2));
    assert!(done.stderr.contains("`-` is not among the files"), "{}", done.stderr);
}
