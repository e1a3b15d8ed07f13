//! Duties, as text: acts and bases of type instant and date, every form of deadline, and what is owed otherwise.

use super::condition::Conditions;
use super::generate::Chooser;
use super::vocabulary::{Field, Type, Words};

/// Writes `oblige …` with all that is owed otherwise, one clause each.
pub(crate) fn duty(words: &Words, conditions: &Conditions<'_>, choose: &mut Chooser) -> Vec<String> {
    let mut clauses = vec![format!("oblige {}", link(words, conditions, true, choose))];
    while clauses.len() < 4 && choose.chance(45) {
        clauses.push(format!("otherwise oblige {}", link(words, conditions, false, choose)));
    }
    clauses
}

fn link(words: &Words, conditions: &Conditions<'_>, is_first: bool, choose: &mut Chooser) -> String {
    let timed = conditions.fields_of(|field| field.kind.is_time() && field.name != "born_on");
    let done = conditions.fields_of(|field| field.kind.is_time() && field.afterwards);
    let others = conditions.fields_of(|field| field.kind.is_time() && !field.is_role_time());
    let act = if choose.chance(70) { choose.pick_of(&done) } else { choose.pick_of(&others) };
    let with =
        if choose.chance(30) { format!(" with {}", conditions.clause(choose.below(2), choose)) } else { String::new() };
    if choose.chance(12) {
        let other = conditions.fields_of(|field| !field.kind.is_time());
        let act = if choose.chance(50) { choose.pick_of(&other) } else { act };
        return format!("{}{with}", act.name);
    }
    // A field of another type is an act with a deadline if a moment is read beside it.
    let plain = conditions.fields_of(|field| !field.kind.is_time());
    if choose.chance(8) {
        let beside = format!("{} {} {}", act.name, choose.pick(["after", "before"]), choose.pick_of(&timed).name);
        let act = *choose.pick_of(&plain);
        return format!("{} {} with {beside}", act.name, deadline(words, &timed, act, is_first, choose));
    }
    format!("{} {}{with}", act.name, deadline(words, &timed, act, is_first, choose))
}

fn deadline(words: &Words, timed: &[&Field], act: &Field, is_first: bool, choose: &mut Chooser) -> String {
    let states_base = (is_first && !words.has_time()) || choose.chance(35);
    let base = choose.pick_of(timed);
    if choose.chance(12) {
        return format!("before {}", base.name);
    }
    let base_is_date = match (states_base, is_first) {
        (true, _) => base.kind == Type::Date,
        (false, true) => words.time() == Some(Type::Date),
        (false, false) => false,
    };
    let of = if states_base { format!(" of {}", base.name) } else { String::new() };
    let limit = match choose.below(10) {
        0..=2 => format!("within {}", choose.pick(["1 day", "3 days", "2 weeks", "1 day"])),
        3 if !(base_is_date && act.kind == Type::Date) => {
            format!("within {}", choose.pick(["36 hours", "24 hours", "90 minutes", "12 hours"]))
        }
        3 | 4 => format!("within {}", choose.pick(["1 month", "3 months", "1 year"])),
        5 | 6 => format!("within {}", choose.pick(["1 working day", "3 working days", "10 working days"])),
        7 => "by the end of the day".to_owned(),
        8 => "by the end of the next working day".to_owned(),
        _ => format!("by {} on the next{} day", choose.pick(["12:00", "08:15"]), choose.pick(["", " working"])),
    };
    format!("{limit}{of}")
}

/// The calendar that every policy names. It may not know every year.
pub(crate) fn calendar(choose: &mut Chooser) -> String {
    let years = choose.pick(["2025, 2026", "2025, 2026", "2025, 2026, 2027", "2026", "2025"]);
    let first = if years.contains("2026") { "2026-01-01: New Year's Day" } else { "2025-12-31: New Year's Eve" };
    let weekend = choose.pick(["saturday, sunday", "friday, saturday", "sunday"]);
    format!("weekend: [{weekend}]\nyears: [{years}]\nholidays:\n  {first}\n")
}
