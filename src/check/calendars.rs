//! Calendars: YAML of ours, small and typed, to [`Calendar`].
//!
//! A calendar names the days of the week that are free, the holidays, and the years of which it knows them all. A file
//! that cannot be read as one is reported with its place, and no policy that names it can be used.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Calendar, time};
use crate::source::{SourceId, Sources, Span};

/// All calendars of a run, by name; one that could not be read is `None`.
pub type Calendars = BTreeMap<String, Option<Arc<Calendar>>>;

/// How many days of one year may be free besides the weekends: more is a slip.
const LONGEST_YEAR: usize = 366;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    weekend: Vec<Day>,
    years: Vec<i16>,
    #[serde(default)]
    holidays: BTreeMap<String, Option<String>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Says whether an input is a calendar, by its name.
pub fn is_calendar(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Reads every calendar among the inputs; its name is that of its file.
pub(super) fn read(sources: &Sources, problems: &mut Vec<Diagnostic>) -> Calendars {
    let files = sources.iter().filter(|(_, source)| is_calendar(source.name()));
    let mut calendars = Calendars::new();
    for (id, source) in files {
        let name = name_of(source.name());
        let read = calendar(&name, sources, id);
        let read = read.map_err(|problem| problems.push(problem)).ok().map(Arc::new);
        if calendars.insert(name.clone(), read).is_some() {
            let message = format!("there are two calendars named `{name}`");
            let start = Span::new(id, 0, 0);
            problems.push(
                Diagnostic::new(codes::BAD_CALENDAR, message, start, "the second").with_help("leave one of them out"),
            );
        }
    }
    calendars
}

/// Gives the name of a calendar: that of its file without folders and ending.
fn name_of(path: &str) -> String {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
}

fn calendar(name: &str, sources: &Sources, id: SourceId) -> Result<Calendar, Diagnostic> {
    let text = String::from_utf8_lossy(sources.bytes(id));
    let written: Written = serde_yaml::from_str(&text).map_err(|error| unreadable(name, id, &text, &error))?;
    let years: BTreeSet<i16> = written.years.iter().copied().collect();
    let mut holidays = BTreeSet::new();
    for day in written.holidays.keys() {
        let found = time::parse_date(day).ok().filter(|day| years.contains(&day.year()));
        holidays.insert(found.ok_or_else(|| no_holiday(name, id, &text, day))?);
    }
    let weekend: BTreeSet<i8> = written.weekend.iter().map(|day| *day as i8).collect();
    let most = holidays.iter().fold(BTreeMap::<i16, usize>::new(), |mut counts, day: &Date| {
        *counts.entry(day.year()).or_default() += 1;
        counts
    });
    if weekend.len() == 7 || most.values().any(|count| *count >= LONGEST_YEAR) {
        let message = format!("calendar `{name}` has no working day");
        return Err(Diagnostic::new(codes::BAD_CALENDAR, message, Span::new(id, 0, 0), "every day is free")
            .with_help("leave at least one day of the week out of `weekend`"));
    }
    Ok(Calendar { name: name.to_owned(), weekend, holidays, years })
}

fn unreadable(name: &str, id: SourceId, text: &str, error: &serde_yaml::Error) -> Diagnostic {
    let at = error.location().map_or(0, |location| location.index().min(text.len()));
    let what = error.to_string();
    let what = what.split(" at line ").next().unwrap_or("").to_owned();
    let message = format!("calendar `{name}` cannot be read: {what}");
    Diagnostic::new(codes::BAD_CALENDAR, message, Span::new(id, at, at), "here")
        .with_help("write `weekend: [saturday, sunday]`, `years: [2026]`, and under `holidays:` lines such as `2026-01-01: New Year's Day`")
}

fn no_holiday(name: &str, id: SourceId, text: &str, day: &str) -> Diagnostic {
    let at = text.find(day).unwrap_or(0);
    let message = format!("`{day}` in calendar `{name}` is no day of a year that it covers");
    Diagnostic::new(codes::BAD_CALENDAR, message, Span::new(id, at, at + day.len()), "not a holiday")
        .with_help("write days as year-month-day, `2026-01-01`, and their years under `years`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_one(text: &str) -> Result<Calendar, String> {
        let mut sources = Sources::new();
        sources.add("calendars/ward.yaml", text);
        let mut problems = Vec::new();
        let read = read(&sources, &mut problems).remove("ward").flatten();
        read.map(|calendar| (*calendar).clone()).ok_or_else(|| {
            problems.first().map_or(String::new(), |problem| {
                let at = problem.span().map(|span| sources.line_column(span));
                format!("{} @{}", problem.message, at.map_or(0, |at| at.line))
            })
        })
    }

    #[test]
    fn a_calendar_says_which_days_are_free() {
        let text = "weekend: [saturday, sunday]\nyears: [2026]\nholidays:\n  2026-12-25: Christmas Day\n";
        let calendar = read_one(text).unwrap();
        assert_eq!(calendar.is_working_day("2026-12-25".parse().unwrap()), Ok(false));
        assert_eq!(calendar.is_working_day("2026-12-26".parse().unwrap()), Ok(false), "a Saturday");
        assert_eq!(calendar.is_working_day("2026-12-28".parse().unwrap()), Ok(true));
    }

    #[test]
    fn a_slip_is_told_with_its_place() {
        for (text, wanted) in [
            ("weekend: [saturday]\nyears: [2026]\nholidays:\n  2026-13-25: x\n", "`2026-13-25`"),
            ("weekend: [saturday]\nyears: [2026]\nholidays:\n  2025-12-25: x\n", "@4"),
            ("weekend: [caturday]\nyears: [2026]\n", "caturday"),
            ("weekend: [saturday]\nyear: [2026]\n", "year"),
            (
                "weekend: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]\nyears: [2026]\n",
                "no working day",
            ),
            ("{", "cannot be read"),
        ] {
            let told = read_one(text).unwrap_err();
            assert!(told.contains(wanted), "{told}");
        }
    }
}
