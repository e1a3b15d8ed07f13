//! What the values of a column look like: dates, numbers, codes, nothing.

use super::columns::Column;
use super::fields::Fields;
use crate::log::mapping::DateForm;
use crate::policy::{number, time};

/// The forms of dates that are tried.
const FORMS: [&str; 16] = [
    "day.month.year",
    "day.month.year hour:minute",
    "day.month.year hour:minute:second",
    "day.month.short year",
    "day/month/year",
    "day/month/year hour:minute",
    "month/day/year",
    "month/day/year hour:minute",
    "month/day/year hour:minute am/pm",
    "day-month-year",
    "day month name year",
    "month name day, year",
    "day-month name-year",
    "year/month/day",
    "year/month/day hour:minute",
    "year.month.day",
];

/// Words that often say that nothing is known.
const NOTHING: [&str; 18] = [
    "NA", "N/A", "n/a", "na", "NaN", "NULL", "null", "None", "-", "--", "?", ".", "unknown", "Unknown", "#N/A",
    "missing", "k.A.", "n.a.",
];

/// Numbers that often say so.
const NO_NUMBERS: [&str; 8] = ["-1", "-9", "-99", "-999", "-9999", "-88", "-77", "9999"];

/// Words for yes and no.
pub(super) const YES: [&str; 8] = ["yes", "Yes", "YES", "y", "Y", "ja", "true", "TRUE"];
/// See [`YES`].
pub(super) const NO: [&str; 8] = ["no", "No", "NO", "n", "N", "nein", "false", "FALSE"];

/// What a column looks like.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// The forms that most of its values have, if they are dates; none for those of ISO 8601.
    pub(super) dates: Option<Vec<&'static str>>,
    /// How many of its different values are dates of another form, or none.
    pub(super) no_dates: usize,
    /// Whether most of its values are numbers.
    pub(super) numeric: bool,
    /// How many different values it has that say something.
    pub(super) distinct: usize,
    /// How many values are numbers with a comma, and with a point.
    pub(super) commas: usize,
    pub(super) points: usize,
    /// The values that may say that nothing is known.
    pub(super) nothing: Vec<String>,
    /// The values that may be shown, with how often they stand there, if the column looks like one of codes.
    pub(super) codes: Vec<(String, usize)>,
    /// How many different other values it has.
    pub(super) hidden: usize,
}

/// More different values than this are no codes.
const MOST_CODES: usize = 12;

/// Looks at the values of a column.
pub(super) fn look(column: &Column, fields: &Fields<'_>) -> Looks {
    let mut looks = Looks::default();
    let numeric =
        column.values.iter().filter(|(value, _)| number::parse(value).is_some()).count() * 2 > column.values.len();
    let is_nothing = |value: &str| NOTHING.contains(&value) || (numeric && NO_NUMBERS.contains(&value));
    let said: Vec<&(String, usize)> = column.values.iter().filter(|(value, _)| !is_nothing(value)).collect();
    looks.nothing = column.values.iter().map(|(value, _)| value).filter(|value| is_nothing(value)).cloned().collect();
    let values: Vec<&str> = said.iter().map(|(value, _)| value.as_str()).collect();
    (looks.dates, looks.no_dates) = dates(&values).map_or((None, 0), |(forms, others)| (Some(forms), others));
    (looks.numeric, looks.distinct) = (numeric, said.len());
    for (value, count) in &said {
        looks.commas += if is_with(value, ',') { *count } else { 0 };
        looks.points += if is_with(value, '.') { *count } else { 0 };
    }
    // Small numbers may be those of people: they are codes only where they come again and again.
    let come_again = said.len() * 2 <= column.filled;
    let shown = |value: &str| {
        (come_again && is_small_number(value)) || YES.contains(&value) || NO.contains(&value) || fields.knows(value)
    };
    if !column.many && said.len() <= MOST_CODES && looks.dates.is_none() {
        looks.codes = said.iter().filter(|(value, _)| shown(value)).map(|pair| (*pair).clone()).collect();
    }
    looks.hidden = said.len() - looks.codes.len();
    looks
}

/// Gives the forms that most values have, and how many have another; none if they are no dates.
fn dates(values: &[&str]) -> Option<(Vec<&'static str>, usize)> {
    let is_day = |text: &str| time::parse_instant(text, &jiff::tz::TimeZone::UTC).is_ok();
    let is_iso = |value: &&&str| value.len() >= 10 && value.get(4..5) == Some("-") && is_day(value);
    let iso = values.iter().filter(is_iso).count();
    let of_form = |form: &'static str| {
        let form = DateForm::parse(form);
        let is_one =
            |value: &&&str| form.as_ref().is_some_and(|form| form.read(value).is_some_and(|read| is_day(&read)));
        values.iter().filter(is_one).count()
    };
    let counts: Vec<(&'static str, usize)> = FORMS.iter().map(|form| (*form, of_form(form))).collect();
    let best = counts.iter().map(|(_, count)| *count).max().unwrap_or(0).max(iso);
    // Four in five: an export that many hands have filled in has slips.
    if best == 0 || best * 5 < values.len() * 4 {
        return None;
    }
    let forms = counts.into_iter().filter(|(_, count)| *count == best && iso < best).map(|(form, _)| form).collect();
    Some((forms, values.len() - best))
}

/// Says whether a value is a number with one such sign in it.
fn is_with(value: &str, sign: char) -> bool {
    let rest: Vec<&str> = value.split(sign).collect();
    let digits =
        |part: &&str| !part.is_empty() && part.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    rest.len() == 2 && rest.iter().all(digits)
}

/// A number that identifies nobody.
fn is_small_number(value: &str) -> bool {
    value.len() <= 3 && number::parse(value).is_some_and(|number| number.abs() <= 20.into())
}
