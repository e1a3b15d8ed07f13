//! The values of the fields of which drawn policies speak: those at, between and beside the constants of the policies.

use forbear::policy::time::When;
use forbear::policy::{NameId, Value};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use crate::generate;

/// The fields of longer lists of names.
const LONGER: [&str; 2] = ["grade", "shade"];

/// The fields of wider policies of which all values are looked at.
const WIDER: [&str; 9] = ["part", "rest", "lasted", "waited", "planned", "agreed", "began", "ended", "held_on"];

/// Gives the fields of which all values are looked at: of a small vocabulary, those that it has.
pub(crate) fn fields() -> impl Iterator<Item = &'static str> {
    generate::FIELDS.into_iter().chain(WIDER).chain(LONGER)
}

/// Percentages: of each stretch between constants (10 and 20) and ends of a range (0 and 30) two, so that one can lie below,
/// at and above another in it.
const PERCENT: [i64; 10] = [0, 3, 7, 10, 13, 17, 20, 23, 27, 30];

const MINUTES: [i64; 8] = [0, 30, 60, 80, 100, 120, 180, 240];

/// Around 2 and 5 March, with pairs that lie less than, just, and more than two days apart.
const DAYS: [&str; 11] = [
    "2026-02-26",
    "2026-02-27",
    "2026-03-01",
    "2026-03-02",
    "2026-03-03",
    "2026-03-04",
    "2026-03-05",
    "2026-03-06",
    "2026-03-07",
    "2026-03-08",
    "2026-03-10",
];

/// Around 3 March and 08:00 of that day, with pairs that lie less than, just, and more than two hours apart.
const HOURS: [&str; 15] = [
    "2026-03-02T20:00Z",
    "2026-03-02T21:00Z",
    "2026-03-02T23:00Z",
    "2026-03-03T00:00Z",
    "2026-03-03T01:00Z",
    "2026-03-03T06:00Z",
    "2026-03-03T07:00Z",
    "2026-03-03T08:00Z",
    "2026-03-03T09:00Z",
    "2026-03-03T10:00Z",
    "2026-03-03T12:00Z",
    "2026-03-03T23:00Z",
    "2026-03-04T00:00Z",
    "2026-03-04T01:00Z",
    "2026-03-04T05:00Z",
];

/// Before, in, between and after the versions that are drawn, on their first moments and their last.
const TIMES: [&str; 11] = [
    "2026-03-01T23:59:59.999999999Z",
    "2026-03-02T00:00Z",
    "2026-03-03T08:00Z",
    "2026-03-03T12:00Z",
    "2026-03-04T23:59:59.999999999Z",
    "2026-03-05T00:00Z",
    "2026-03-05T12:00Z",
    "2026-03-06T00:00Z",
    "2026-03-08T12:00Z",
    "2026-03-08T23:59:59.999999999Z",
    "2026-03-09T00:00Z",
];

/// Gives every value of a field by which the policies could tell records apart.
pub(crate) fn values(name: &str) -> Vec<Value> {
    let moments = |texts: &[&str]| texts.iter().map(|text| moment(text)).collect();
    match name {
        "part" => PERCENT.map(percent).to_vec(),
        "rest" => [-5].into_iter().chain(PERCENT).chain([40]).map(percent).collect(),
        "lasted" | "waited" => MINUTES.map(|it| Value::Duration(SignedDuration::from_mins(it))).to_vec(),
        "planned" | "agreed" => DAYS.map(|day| Value::Date(day.parse().unwrap())).to_vec(),
        "began" | "ended" => moments(&HOURS),
        "held_on" => moments(&TIMES),
        "grade" | "shade" => (0..4).map(|name| Value::Name(NameId(name))).collect(),
        _ => generate::values(name),
    }
}

/// Gives values that stand for all that a field could have where it is missing; none where it may never have existed, and so
/// stays missing in every completion. `beside`: the value of the field with which it is compared, if that is not missing.
pub(crate) fn completing(name: &str, beside: Option<&Value>) -> Option<Vec<Value>> {
    match (name, beside) {
        ("risk" | "nearby" | "certain" | "n" | "m" | "colour" | "grade" | "shade", _) => Some(values(name)),
        ("part" | "rest", Some(Value::Percent(beside))) => {
            // Nearer than any value of a case is to a constant.
            let step = Decimal::new(1, 20);
            let near = [beside - step, *beside, beside + step].into_iter();
            let fits = |near: &Decimal| name == "rest" || (Decimal::ZERO..=Decimal::from(30)).contains(near);
            Some(near.filter(fits).map(Value::Percent).chain(values(name)).collect())
        }
        ("part" | "rest", _) => Some(values(name)),
        _ => None,
    }
}

/// Gives the field of percentages with which one of them is compared.
pub(crate) fn compared_with(name: &str) -> Option<&'static str> {
    match name {
        "part" => Some("rest"),
        "rest" => Some("part"),
        _ => None,
    }
}

fn percent(number: i64) -> Value {
    Value::Percent(Decimal::from(number))
}

fn moment(text: &str) -> Value {
    let at: Timestamp = text.parse().unwrap();
    Value::Instant(When::exact(at, &TimeZone::UTC))
}
