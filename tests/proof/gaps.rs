//! Cases that no permit covers: by hand, where there is one and where there is none.

use forbear::check::load;
use forbear::prove::claims;
use forbear::source::Sources;

const HEAD: &str = "\
vocabulary small \"Small\"
scale level \"Level\" low < middle < high < extreme
kind hue \"Hue\" red, blue, green
field id text role id
field risk level
field colour hue
field certain boolean
";

/// Gives what is told of cases that no permit covers.
fn told(scope: &str, rules: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let text = format!("{HEAD}\npolicy p \"P\"\n  vocabulary small\n{scope}\n{rules}");
    sources.add("small.forbear", text.as_str());
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{text}\n{:?}", checked.problems);
    let found = claims(&checked.set, &checked.problems).into_iter();
    found.map(|problem| problem.message).filter(|message| message.starts_with("nothing permits an")).collect()
}

const TWO_HUES: &str = "rule a \"A\"\n  permit when colour is one of red, blue\n\nrule c \"C\"\n  require certain\n";

#[test]
fn a_name_that_permits_leave_out_is_told() {
    let expected = "nothing permits an episode whose `colour` is `green`, and no rule forbids it";
    assert_eq!(told("", TWO_HUES), [expected]);
}

#[test]
fn a_name_that_a_rule_forbids_is_not() {
    let forbidden = format!("{TWO_HUES}\nrule g \"G\"\n  forbid when colour is green\n");
    assert!(told("", &forbidden).is_empty());
}

#[test]
fn a_name_that_the_policy_does_not_cover_is_not() {
    assert!(told("  applies when colour is not green\n", TWO_HUES).is_empty());
}

#[test]
fn a_name_that_another_permit_may_hold_for_is_not() {
    let third = format!("{TWO_HUES}\nrule d \"D\"\n  permit when certain and risk is low\n");
    assert!(told("", &third).is_empty());
}

#[test]
fn a_permit_of_one_name_says_what_it_means() {
    assert!(told("", "rule a \"A\"\n  permit when colour is red\n").is_empty());
}

#[test]
fn a_level_between_two_that_can_be_permitted_is_told_and_one_beyond_them_is_not() {
    let two = "rule a \"A\"\n  permit when risk at most low\n\nrule b \"B\"\n  permit when risk is high and certain\n";
    assert_eq!(told("", two), ["nothing permits an episode whose `risk` is `middle`, and no rule forbids it"]);
    assert!(told("", "rule a \"A\"\n  permit when risk at most middle\n").is_empty());
}

#[test]
fn a_level_between_two_that_can_be_permitted_with_a_name_is_told_with_it() {
    let rules = "rule a \"A\"\n  permit when colour is red and risk is one of low, high\n\n\
                 rule b \"B\"\n  permit when colour is blue and risk at most high\n\n\
                 rule g \"G\"\n  forbid when colour is green\n";
    let expected =
        "nothing permits an episode whose `colour` is `red` and whose `risk` is `middle`, and no rule forbids it";
    assert_eq!(told("", rules), [expected]);
    let forbidden = format!("{rules}\nrule m \"M\"\n  forbid when colour is red and risk is middle\n");
    assert!(told("", &forbidden).is_empty());
}

#[test]
fn a_name_that_is_permitted_up_to_a_lower_level_than_another_says_what_it_means() {
    let rules = "rule a \"A\"\n  permit when colour is red and risk is low\n\n\
                 rule b \"B\"\n  permit when colour is blue and risk at most high\n\n\
                 rule g \"G\"\n  forbid when colour is green\n";
    assert!(told("", rules).is_empty());
}

#[test]
fn a_level_that_no_name_makes_permissible_is_told_once() {
    let rules = "rule a \"A\"\n  permit when colour is red and risk is one of low, high\n\n\
                 rule b \"B\"\n  permit when colour is blue and risk is one of low, high\n\n\
                 rule g \"G\"\n  forbid when colour is green\n";
    assert_eq!(told("", rules), ["nothing permits an episode whose `risk` is `middle`, and no rule forbids it"]);
}
