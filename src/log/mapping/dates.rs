//! Dates and times in other forms: `day.month.year hour:minute`, or counted since a day.
//!
//! A form is read into parts once; a cell that has it is written as logs write it, `2026-03-04T10:30`. Whether the calendar
//! has such a day is left to fitting, which knows the words for it.

mod plain;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::policy::number;
pub(in crate::log) use plain::Room;

/// One form in which dates are written.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::log) enum DateForm {
    /// `day/month/year`
    Parts(Vec<Part>),
    /// `days since 1900`: a spreadsheet's day number, with a fraction for the time of day.
    Days { since_1904: bool },
    /// `seconds since 1970`
    Seconds { milliseconds: bool },
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::log) enum Part {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Hour,
    Minute,
    Second,
    HalfOfDay,
    Offset,
    Literal(char),
}

/// The words of a form; one that begins another stands behind it.
const WORDS: [(&str, Part); 10] = [
    ("short year", Part::ShortYear),
    ("year", Part::Year),
    ("month name", Part::MonthName),
    ("month", Part::Month),
    ("day", Part::Day),
    ("hour", Part::Hour),
    ("minute", Part::Minute),
    ("second", Part::Second),
    ("am/pm", Part::HalfOfDay),
    ("offset", Part::Offset),
];

/// What a form may be, for people.
pub(super) const FORMS: &str = "write it with the words `day`, `month`, `month name`, `year`, `short year`, `hour`, `minute`, `second`, `am/pm` \
     and `offset` and what stands between them, as in `day.month.year hour:minute`, or as `days since 1900`, \
     `days since 1904`, `seconds since 1970` or `milliseconds since 1970`";

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl DateForm {
    /// Reads a form; `None` if it is none, or has a part without what is around it.
    pub(in crate::log) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text {
            "days since 1900" => return Some(Self::Days { since_1904: false }),
            "days since 1904" => return Some(Self::Days { since_1904: true }),
            "seconds since 1970" => return Some(Self::Seconds { milliseconds: false }),
            "milliseconds since 1970" => return Some(Self::Seconds { milliseconds: true }),
            _ => {}
        }
        let parts = parts(text)?;
        has_what_it_needs(&parts).then_some(Self::Parts(parts))
    }

    /// Writes a cell of this form as logs write dates and times; `None` if it has another.
    pub(in crate::log) fn read(&self, cell: &str) -> Option<String> {
        match self {
            Self::Parts(parts) => read_parts(parts, cell),
            Self::Days { since_1904 } => of_days(number::parse(cell)?, *since_1904),
            Self::Seconds { milliseconds } => {
                let at = number::parse(cell)?.trunc().to_i64()?;
                let at = if *milliseconds {
                    jiff::Timestamp::from_millisecond(at)
                } else {
                    jiff::Timestamp::from_second(at)
                };
                at.ok().map(|at| at.to_string())
            }
        }
    }
}

fn parts(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = WORDS.iter().find_map(|(word, part)| Some((part, rest.strip_prefix(word)?)));
        let (part, behind) = match word {
            Some((part, behind)) => (part.clone(), behind),
            None if c == 'T' || !c.is_alphabetic() => (Part::Literal(c), rest.get(c.len_utf8()..)?),
            None => return None,
        };
        if !matches!(part, Part::Literal(_)) && parts.contains(&part) {
            return None;
        }
        parts.push(part);
        rest = behind;
    }
    Some(parts)
}

/// A year at least; each smaller part only with the next larger one.
fn has_what_it_needs(parts: &[Part]) -> bool {
    let has = |part: Part| parts.contains(&part);
    let (year, month) = (has(Part::Year) != has(Part::ShortYear), has(Part::Month) || has(Part::MonthName));
    let larger = [
        (month, year),
        (has(Part::Day), month),
        (has(Part::Hour), has(Part::Day)),
        (has(Part::Hour), has(Part::Minute)),
        (has(Part::Minute), has(Part::Hour)),
        (has(Part::Second), has(Part::Minute)),
        (has(Part::HalfOfDay), has(Part::Hour)),
        (has(Part::Offset), has(Part::Hour)),
    ];
    year && !(has(Part::Month) && has(Part::MonthName)) && larger.iter().all(|(small, large)| !small || *large)
}

/// What was read of a cell, as digits.
#[derive(Default)]
struct Found {
    year: String,
    month: Option<u8>,
    day: Option<u8>,
    hour: Option<u8>,
    minute: Option<u8>,
    second: Option<String>,
    afternoon: Option<bool>,
    offset: Option<String>,
}

fn read_parts(parts: &[Part], cell: &str) -> Option<String> {
    let (mut found, mut rest) = (Found::default(), cell);
    for part in parts {
        rest = found.take(part, rest)?;
    }
    if rest.is_empty() { found.written() } else { None }
}

impl Found {
    /// Takes a part off the front, and gives the rest.
    fn take<'t>(&mut self, part: &Part, text: &'t str) -> Option<&'t str> {
        let mut two = |into: fn(&mut Self) -> &mut Option<u8>| {
            let (digits, rest) = digits(text, 1, 2)?;
            *into(self) = Some(digits.parse().ok()?);
            Some(rest)
        };
        match part {
            Part::Literal(c) if c.is_whitespace() => {
                let rest = text.trim_start();
                (rest.len() < text.len()).then_some(rest)
            }
            Part::Literal(c) => text.strip_prefix(*c),
            Part::Month => two(|found| &mut found.month),
            Part::Day => two(|found| &mut found.day),
            Part::Hour => two(|found| &mut found.hour),
            Part::Minute => two(|found| &mut found.minute),
            Part::Year => {
                let (digits, rest) = digits(text, 4, 4)?;
                digits.clone_into(&mut self.year);
                Some(rest)
            }
            Part::ShortYear => {
                let (digits, rest) = digits(text, 2, 2)?;
                self.year = format!("20{digits}");
                Some(rest)
            }
            Part::MonthName => self.month_name(text),
            Part::Second => self.seconds(text),
            Part::HalfOfDay => {
                let (half, rest) = text.split_at_checked(2)?;
                let afternoon = half.eq_ignore_ascii_case("pm");
                self.afternoon = (afternoon || half.eq_ignore_ascii_case("am")).then_some(afternoon);
                self.afternoon.map(|_| rest)
            }
            Part::Offset => {
                self.offset = Some(text.to_owned());
                Some("").filter(|_| !text.is_empty())
            }
        }
    }

    /// `March` or `Mar`, in English and in any letter case.
    fn month_name<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end)?;
        let word = word.to_ascii_lowercase();
        let is_it = |month: &&str| {
            *month == word || word.len() == 3 && month.starts_with(&word) || word == "sept" && **month == *"september"
        };
        let at = MONTHS.iter().position(is_it)?;
        self.month = u8::try_from(at + 1).ok();
        Some(rest.strip_prefix('.').unwrap_or(rest))
    }

    fn seconds<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (whole, rest) = digits(text, 1, 2)?;
        let (fraction, rest) = rest.strip_prefix('.').and_then(|rest| digits(rest, 1, 9)).unwrap_or(("", rest));
        let point = if fraction.is_empty() { "" } else { "." };
        self.second = Some(format!("{whole:0>2}{point}{fraction}"));
        Some(rest)
    }

    fn written(self) -> Option<String> {
        let mut text = self.year;
        for part in [self.month, self.day].into_iter().flatten() {
            text += &format!("-{part:02}");
        }
        let (Some(hour), Some(minute)) = (self.hour, self.minute) else { return Some(text) };
        let hour = match self.afternoon {
            None => hour,
            Some(_) if !(1..=12).contains(&hour) => return None,
            Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
        };
        text += &format!("T{hour:02}:{minute:02}");
        if let Some(second) = self.second {
            text += &format!(":{second}");
        }
        Some(text + self.offset.as_deref().unwrap_or(""))
    }
}

/// Takes digits off the front: as many as there are, up to a bound.
fn digits(text: &str, least: usize, most: usize) -> Option<(&str, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least { None } else { text.split_at_checked(count) }
}

/// Writes a spreadsheet's day number: a day, or with a fraction an instant, to the second.
///
/// Counted from 1900, the number 60 is a day that never was (29 February 1900), and what follows is one too high.
pub(in crate::log) fn of_days(number: Decimal, since_1904: bool) -> Option<String> {
    let (day, fraction) = (number.floor(), number.fract());
    if number.is_sign_negative() || day > Decimal::from(2_958_465) {
        return None;
    }
    let mut day = day.to_i64()?;
    let mut seconds = (fraction * Decimal::from(86_400)).round().to_i64()?;
    if seconds == 86_400 {
        (day, seconds) = (day + 1, 0);
    }
    let base = match day {
        _ if since_1904 => Date::constant(1904, 1, 1),
        60 => return None,
        0..60 => Date::constant(1899, 12, 31),
        _ => Date::constant(1899, 12, 30),
    };
    let date = base.checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
    if fraction.is_zero() {
        return Some(date.to_string());
    }
    Some(format!("{date}T{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str, cell: &str) -> Option<String> {
        DateForm::parse(form).unwrap_or_else(|| panic!("{form}")).read(cell)
    }

    #[test]
    fn dates_are_read_as_their_form_says_and_in_no_other_way() {
        for (form, cell, wanted) in [
            ("day.month.year", "4.3.2026", Some("2026-03-04")),
            ("day.month.year", "04.03.2026", Some("2026-03-04")),
            ("day.month.year", "4/3/2026", None),
            ("day.month.year", "4.3.26", None),
            ("day.month.short year", "4.3.26", Some("2026-03-04")),
            ("month/day/year hour:minute am/pm", "3/4/2026 12:05 AM", Some("2026-03-04T00:05")),
            ("month/day/year hour:minute am/pm", "3/4/2026  1:05 pm", Some("2026-03-04T13:05")),
            ("month/day/year hour:minute am/pm", "3/4/2026 13:05 pm", None),
            ("day month name year", "4 Mar. 2026", Some("2026-03-04")),
            ("month name day, year", "September 4, 2026", Some("2026-09-04")),
            ("day.month.year hour:minute", "31.02.2026 24:61", Some("2026-02-31T24:61")),
            ("day.month.year hour:minute:second", "4.3.2026 1:02:3.5", Some("2026-03-04T01:02:03.5")),
            ("year-month-day hour:minute offset", "2026-03-04 10:30 +01:00", Some("2026-03-04T10:30+01:00")),
            ("yearmonthday", "20260304", Some("2026-03-04")),
            ("month/year", "3/2026", Some("2026-03")),
            ("day.month.year", "4.3.2026 ", None),
            ("days since 1900", "46085.4375", Some("2026-03-04T10:30:00")),
            ("days since 1900", "46085", Some("2026-03-04")),
            ("days since 1900", "59", Some("1900-02-28")),
            ("days since 1900", "60", None),
            ("days since 1900", "61", Some("1900-03-01")),
            ("days since 1904", "44623", Some("2026-03-04")),
            ("days since 1900", "-1", None),
            ("days since 1900", "1e20", None),
            ("seconds since 1970", "1772620200", Some("2026-03-04T10:30:00Z")),
            ("milliseconds since 1970", "1772620200000", Some("2026-03-04T10:30:00Z")),
        ] {
            assert_eq!(read(form, cell).as_deref(), wanted, "{form}: {cell}");
        }
    }

    #[test]
    fn a_form_has_a_year_and_no_part_without_the_larger_one() {
        for wrong in [
            "",
            "day.month",
            "DD.MM.YYYY",
            "year day",
            "year month day hour",
            "hour:minute",
            "year year",
            "year short year",
        ] {
            assert_eq!(DateForm::parse(wrong), None, "{wrong}");
        }
    }
}
