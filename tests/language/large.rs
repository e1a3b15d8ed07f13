//! Vocabularies that are too large to be meant.

use super::checked;

/// Sizes at which a step that is quadratic would be felt: that the test comes to its end is what it shows.
#[test]
fn a_vocabulary_that_is_too_large_is_told_so_and_comes_to_an_end() {
    let count = 20_000;
    let fields: String = (0..count).map(|at| format!("field group.of_many.field_{at} text\n")).collect();
    let kinds: String = (0..count).map(|at| format!("kind kind_{at} a, b\n")).collect();
    let names: Vec<String> = (0..count).map(|at| format!("name_{at}")).collect();
    // What follows from leaving its declarations out is not told on top.
    let policy = "policy ward \"Ward\"\n  vocabulary ward\n  default permit\n\nrule one \"One\"\n  require group.of_many.field_19999 is present\n";
    for (declarations, policy) in [(fields, policy), (kinds, ""), (format!("kind many {}\n", names.join(", ")), "")] {
        let (_, checked) = checked("ward.forbear", &format!("vocabulary ward \"Ward\"\n\n{declarations}\n{policy}"));
        let codes: Vec<&str> = checked.problems.iter().map(|problem| problem.code.name()).collect();
        assert_eq!(codes, ["forbear::vocabulary::too_large"]);
    }
}
