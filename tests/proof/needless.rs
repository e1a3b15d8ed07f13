//! Silence that is asked where no value could matter: by hand, and against every completion of small records.

use forbear::check::load;
use forbear::prove::claims;
use forbear::source::Sources;

const HEAD: &str = "\
vocabulary small \"Small\"
scale level \"Level\" low < middle < high
field id text role id
field risk level
field certain boolean
field n whole number from 0 to 4
field who identity
";

/// Gives what is told of silence in a rule.
fn told(rule: &str) -> Vec<String> {
    let mut sources = Sources::new();
    let text = format!("{HEAD}\npolicy p \"P\"\n  vocabulary small\n  default permit\n\nrule r \"R\"\n{rule}");
    sources.add("small.forbear", text.as_str());
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{text}\n{:?}", checked.problems);
    let found = claims(&checked.set, &checked.problems).into_iter();
    found.map(|problem| problem.message).filter(|message| message.contains("no value could matter")).collect()
}

#[test]
fn a_guard_that_always_holds_needs_no_value() {
    let rule = "  when certain or not certain\n  require risk is low\n  if undocumented violated\n";
    let told = told(rule);
    assert!(matches!(told.as_slice(), [one] if one.contains("every value of `certain` leaves it")), "{told:?}");
}

#[test]
fn two_halves_that_cover_every_level_need_no_value() {
    let rule = "  forbid when certain and (risk at most middle or risk above middle)\n  if undocumented violated\n";
    let expected = "`if undocumented violated` of `r` is asked where no value could matter: with certain is true, every value of \
                    `risk` leaves it broken";
    assert_eq!(told(rule), [expected]);
}

#[test]
fn where_a_value_matters_nothing_is_told() {
    assert!(told("  require risk is low\n  if undocumented violated\n").is_empty());
    assert!(told("  when certain\n  require n at most 3\n  if undocumented violated\n").is_empty());
    assert!(told("  forbid when certain and risk is high\n  if undocumented violated\n").is_empty());
}

#[test]
fn a_range_that_leaves_nothing_open_needs_no_value() {
    let rule = "  when certain\n  require risk is low or n at least 0\n  if undocumented violated\n";
    assert_eq!(told(rule).len(), 1);
}

#[test]
fn who_it_was_may_be_nobody_and_so_matters() {
    let rule = "  forbid when who is \"A\" or who is not \"A\"\n  if undocumented violated\n";
    assert!(told(rule).is_empty());
}
