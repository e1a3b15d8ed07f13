//! Lengths of time and times of day: what windows and deadlines may say, and conditions may not.

use jiff::civil::Time;
use rust_decimal::prelude::ToPrimitive;

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Length, Period, number};
use crate::source::Span;
use crate::syntax::ast::{Value, ValueKind};

use super::condition::Conditioner;
use super::constant::not_exact;

/// The longest period in months: a thousand years.
const LONGEST: i32 = 12_000;

impl Conditioner<'_> {
    /// Reads the length of a window or deadline: a duration, or a period of the calendar.
    pub(super) fn length(&mut self, written: &Value) -> Option<Length> {
        let read = match civil_unit(written) {
            Some((amount, months)) => period(amount, months, written.span).map(Length::Civil),
            None => self.duration(written).map(Length::Exact),
        };
        let read = read.and_then(|length| positive(length, written.span));
        read.map_err(|problem| self.problems.push(problem)).ok()
    }
}

fn positive(length: Length, at: Span) -> Result<Length, Diagnostic> {
    let is_positive = match length {
        Length::Exact(duration) => duration.is_positive(),
        Length::Civil(period) => period.months > 0,
    };
    if is_positive {
        return Ok(length);
    }
    let message = "this is no time at all";
    Err(Diagnostic::new(codes::OUT_OF_RANGE, message, at, "longer than nothing").with_help("write a length above zero"))
}

/// Gives the amount and the months of the unit, if it is one of the calendar.
fn civil_unit(written: &Value) -> Option<(&str, i32)> {
    let ValueKind::Duration { amount, unit, working: false } = &written.kind else { return None };
    match unit.to_ascii_lowercase().as_str() {
        "month" | "months" => Some((amount, 1)),
        "year" | "years" => Some((amount, 12)),
        _ => None,
    }
}

fn period(amount: &str, months: i32, at: Span) -> Result<Period, Diagnostic> {
    let whole = number::parse(amount).filter(rust_decimal::Decimal::is_integer).and_then(|amount| amount.to_i32());
    let months = whole.and_then(|amount| amount.checked_mul(months)).filter(|months| *months <= LONGEST);
    months.map(|months| Period { months }).ok_or_else(|| {
        let message = "a period of the calendar is a whole number of months or years";
        Diagnostic::new(codes::OUT_OF_RANGE, message, at, "not a whole number, or too long")
            .with_help("write it in months: `18 months`, or in days")
    })
}

/// Words the problem that a month or a year stands where an exact length belongs.
pub(super) fn month_or_year(unit: &str, at: Span) -> Diagnostic {
    let unit = unit.to_ascii_lowercase();
    let days = if unit.starts_with("month") { "30 days" } else { "365 days" };
    let message = format!("a {} has no fixed length", unit.trim_end_matches('s'));
    Diagnostic::new(codes::MONTH_OR_YEAR, message, at, "how many days is this?").with_help(format!(
        "write the days, `{days}` for one; only windows, deadlines and `within … before` count on the calendar"
    ))
}

/// Reads a time of day: `7:00`, `22:30`; `24:00` is the end of the day.
pub(super) fn time_of_day(text: &str, at: Span) -> Result<Time, Diagnostic> {
    let parts = text.split_once(':').and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
    let parts = parts.map(|(hour, minute): (i8, i8)| if (hour, minute) == (24, 0) { (0, 0) } else { (hour, minute) });
    parts.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok()).ok_or_else(|| {
        let message = format!("no clock shows `{text}`");
        Diagnostic::new(codes::NO_SUCH_DAY, message, at, "no such time of day")
            .with_help("write hours from 00 to 23 and minutes from 00 to 59: `22:30`")
    })
}

/// Reads a whole number of working days.
pub(super) fn working_days(amount: &str, at: Span) -> Result<u32, Diagnostic> {
    const MOST: u32 = 10_000;
    let whole = number::parse(amount).filter(rust_decimal::Decimal::is_integer).and_then(|amount| amount.to_u32());
    whole.filter(|days| (1..=MOST).contains(days)).ok_or_else(|| not_exact(&format!("{amount} working days"), at))
}
