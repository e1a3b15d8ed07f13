//! Instants, days and durations: values that may be known only within bounds.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

/// An instant as a range of what it may be.
///
/// An exact instant has one choice. A partial one (`2026-03`, `2026-03-04`) may be any instant from `earliest` to
/// `latest`; a local time that the clocks showed twice is one of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// The earliest instant that it may be.
    pub earliest: Timestamp,
    /// The latest instant that it may be.
    pub latest: Timestamp,
    /// The local day of the earliest, in the zone of the policy.
    pub first_day: Date,
    /// The local day of the latest.
    pub last_day: Date,
    /// Whether it is one of the two ends, and nothing between them.
    pub either_end: bool,
}

impl When {
    /// Makes an exact instant, with its local day in a zone.
    pub fn exact(at: Timestamp, zone: &TimeZone) -> Self {
        Self::between(at, at, false, zone)
    }

    fn between(earliest: Timestamp, latest: Timestamp, either_end: bool, zone: &TimeZone) -> Self {
        let day = |at| zone.to_datetime(at).date();
        Self { earliest, latest, first_day: day(earliest), last_day: day(latest), either_end }
    }

    /// Says whether the instant is known exactly.
    pub fn is_exact(&self) -> bool {
        self.earliest == self.latest
    }
}

/// Why a text is no instant or day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoTime {
    /// It is not written as `2026-03-04`, `2026-03-04T10:30` and the like.
    NotWrittenSo,
    /// It is written so, but the calendar or the clock has no such day or time.
    NoSuchTime,
    /// The clocks were put forward over this local time.
    SkippedByClock,
}

/// Reads an instant, in full or in part: `2026`, `2026-03`, `2026-03-04`, `2026-03-04T10:30[:15[.5]][Z|+01:00]`.
///
/// Without an offset the local clock of `zone` is meant. A local time that occurs twice gives both.
pub fn parse_instant(text: &str, zone: &TimeZone) -> Result<When, NoTime> {
    let text = text.trim();
    match text.len() {
        4 => whole_period(number(text)?, None, zone),
        7 => {
            let (year, month) = text.split_once('-').ok_or(NoTime::NotWrittenSo)?;
            whole_period(number(year)?, Some(number(month)?), zone)
        }
        10 => {
            let day = parse_date(text)?;
            days(day, day, zone)
        }
        _ => clock_time(text, zone),
    }
}

/// Reads a day: `2026-03-04`.
pub fn parse_date(text: &str) -> Result<Date, NoTime> {
    let text = text.trim();
    let mut parts = text.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(NoTime::NotWrittenSo);
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return Err(NoTime::NotWrittenSo);
    }
    civil_date(number(year)?, number(month)?, number(day)?)
}

fn civil_date(year: i16, month: i16, day: i16) -> Result<Date, NoTime> {
    let narrow = |part: i16| i8::try_from(part).map_err(|_| NoTime::NoSuchTime);
    Date::new(year, narrow(month)?, narrow(day)?).map_err(|_| NoTime::NoSuchTime)
}

fn number(text: &str) -> Result<i16, NoTime> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err(NoTime::NotWrittenSo);
    }
    text.parse().map_err(|_| NoTime::NotWrittenSo)
}

fn whole_period(year: i16, month: Option<i16>, zone: &TimeZone) -> Result<When, NoTime> {
    let first = civil_date(year, month.unwrap_or(1), 1)?;
    let last = if month.is_some() { first.last_of_month() } else { first.last_of_year() };
    days(first, last, zone)
}

/// Gives the instants from the beginning of one local day to the end of another.
pub fn days(first: Date, last: Date, zone: &TimeZone) -> Result<When, NoTime> {
    let earliest = start_of(first, zone)?;
    let next = last.tomorrow().map_err(|_| NoTime::NoSuchTime)?;
    let latest = start_of(next, zone)?.checked_sub(SignedDuration::from_nanos(1)).map_err(|_| NoTime::NoSuchTime)?;
    Ok(When { earliest, latest, first_day: first, last_day: last, either_end: false })
}

fn start_of(day: Date, zone: &TimeZone) -> Result<Timestamp, NoTime> {
    let midnight = zone.to_ambiguous_timestamp(day.to_datetime(Time::midnight()));
    midnight.compatible().map_err(|_| NoTime::NoSuchTime)
}

fn clock_time(text: &str, zone: &TimeZone) -> Result<When, NoTime> {
    let (day, rest) = text.split_at_checked(10).ok_or(NoTime::NotWrittenSo)?;
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or(NoTime::NotWrittenSo)?;
    let day = parse_date(day)?;
    let (clock, offset) = split_offset(rest);
    let local = day.to_datetime(parse_clock(clock)?);
    match offset {
        Some(offset) => at_offset(local, offset, zone),
        None => at_zone(local, zone),
    }
}

fn at_offset(local: DateTime, offset: &str, zone: &TimeZone) -> Result<When, NoTime> {
    let seconds = offset_seconds(offset)?;
    let fixed = jiff::tz::Offset::from_seconds(seconds).map_err(|_| NoTime::NoSuchTime)?;
    let at = fixed.to_timestamp(local).map_err(|_| NoTime::NoSuchTime)?;
    Ok(When::exact(at, zone))
}

fn at_zone(local: DateTime, zone: &TimeZone) -> Result<When, NoTime> {
    let meant = zone.to_ambiguous_timestamp(local);
    match meant.offset() {
        jiff::tz::AmbiguousOffset::Unambiguous { .. } => {
            let at = meant.compatible().map_err(|_| NoTime::NoSuchTime)?;
            Ok(When::exact(at, zone))
        }
        jiff::tz::AmbiguousOffset::Gap { .. } => Err(NoTime::SkippedByClock),
        jiff::tz::AmbiguousOffset::Fold { .. } => {
            let earliest = meant.earlier().map_err(|_| NoTime::NoSuchTime)?;
            let latest = meant.later().map_err(|_| NoTime::NoSuchTime)?;
            Ok(When::between(earliest, latest, true, zone))
        }
    }
}

/// Splits `10:30+01:00` into the clock and the offset.
fn split_offset(text: &str) -> (&str, Option<&str>) {
    let at = text.find(['Z', 'z', '+', '-', '\u{2212}']);
    match at.and_then(|at| text.split_at_checked(at)) {
        Some((clock, offset)) => (clock, Some(offset)),
        None => (text, None),
    }
}

fn offset_seconds(text: &str) -> Result<i32, NoTime> {
    if text.eq_ignore_ascii_case("z") {
        return Ok(0);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix(['-', '\u{2212}']).ok_or(NoTime::NotWrittenSo)?),
    };
    let digits = rest.replace(':', "");
    let shape_is_right =
        matches!(rest.len(), 2 | 4) && !rest.contains(':') || rest.len() == 5 && rest.get(2..3) == Some(":");
    let (hours, minutes) = match (shape_is_right, digits.split_at_checked(2)) {
        (true, Some((hours, minutes))) => (number(hours)?, if minutes.is_empty() { 0 } else { number(minutes)? }),
        _ => return Err(NoTime::NotWrittenSo),
    };
    if hours > 23 || minutes > 59 {
        return Err(NoTime::NoSuchTime);
    }
    Ok(sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60))
}

fn parse_clock(text: &str) -> Result<Time, NoTime> {
    let (whole, fraction) = text.split_once('.').map_or((text, ""), |(whole, fraction)| (whole, fraction));
    let parts: Vec<&str> = whole.split(':').collect();
    let two_digits = parts.iter().all(|part| part.len() == 2);
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] if two_digits && !text.contains('.') => (number(hour)?, number(minute)?, 0),
        [hour, minute, second] if two_digits => (number(hour)?, number(minute)?, number(second)?),
        _ => return Err(NoTime::NotWrittenSo),
    };
    let nanos = nanoseconds(fraction, text.contains('.'))?;
    let narrow = |part: i16| i8::try_from(part).map_err(|_| NoTime::NoSuchTime);
    Time::new(narrow(hour)?, narrow(minute)?, narrow(second)?, nanos).map_err(|_| NoTime::NoSuchTime)
}

fn nanoseconds(fraction: &str, written: bool) -> Result<i32, NoTime> {
    if !written {
        return Ok(0);
    }
    let digits = !fraction.is_empty() && fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err(NoTime::NotWrittenSo);
    }
    format!("{fraction:0<9}").parse().map_err(|_| NoTime::NotWrittenSo)
}

/// The nanoseconds of 24 hours.
pub const DAY: i128 = 86_400_000_000_000;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Gives the number of a day: the days since 1970-01-01.
pub fn day_number(day: Date) -> i64 {
    day.duration_since(EPOCH).as_hours() / 24
}

/// Gives the day of a number; `None` beyond the calendar.
pub fn day_of(number: i64) -> Option<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(number).ok()?).ok()
}

/// Gives a day as the nanoseconds since 1970-01-01, every day having 24 hours.
pub fn day_nanoseconds(day: Date) -> i128 {
    i128::from(day_number(day)) * DAY
}

/// Says whether a local clock shows a time from one to before another; they may have midnight between them.
pub fn is_on_clock(at: Timestamp, from: Time, until: Time, zone: &TimeZone) -> bool {
    is_time_between(zone.to_datetime(at).time(), from, until)
}

/// Says whether a time of day lies from one to before another; they may have midnight between them.
pub fn is_time_between(time: Time, from: Time, until: Time) -> bool {
    if from < until { from <= time && time < until } else { from <= time || time < until }
}

/// A unit of exact elapsed time: a day is 24 hours, a week 168.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `seconds`
    Seconds,
    /// `minutes`
    Minutes,
    /// `hours`
    Hours,
    /// `days`
    Days,
    /// `weeks`
    Weeks,
}

impl Unit {
    /// The names of units, those that are written most first; months and years are none.
    pub const NAMES: [(&'static str, Self); 19] = [
        ("seconds", Self::Seconds),
        ("minutes", Self::Minutes),
        ("hours", Self::Hours),
        ("days", Self::Days),
        ("weeks", Self::Weeks),
        ("second", Self::Seconds),
        ("secs", Self::Seconds),
        ("sec", Self::Seconds),
        ("s", Self::Seconds),
        ("minute", Self::Minutes),
        ("mins", Self::Minutes),
        ("min", Self::Minutes),
        ("hour", Self::Hours),
        ("hrs", Self::Hours),
        ("hr", Self::Hours),
        ("h", Self::Hours),
        ("day", Self::Days),
        ("d", Self::Days),
        ("week", Self::Weeks),
    ];

    /// Reads the name of a unit in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, unit)| *unit)
    }

    /// Gives the name of one.
    pub fn word(self) -> &'static str {
        match self {
            Self::Seconds => "second",
            Self::Minutes => "minute",
            Self::Hours => "hour",
            Self::Days => "day",
            Self::Weeks => "week",
        }
    }

    /// Gives the seconds in one.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Seconds => 1,
            Self::Minutes => 60,
            Self::Hours => 3_600,
            Self::Days => 86_400,
            Self::Weeks => 604_800,
        }
    }
}

/// Gives so many of a unit exactly; `None` where that is finer than a nanosecond or longer than can be held.
pub fn duration(amount: Decimal, unit: Unit) -> Option<SignedDuration> {
    let nanos = amount.checked_mul(Decimal::from(unit.seconds()))?.checked_mul(Decimal::from(1_000_000_000))?;
    let nanos = nanos.normalize();
    if nanos.scale() != 0 {
        return None;
    }
    let nanos: i128 = nanos.mantissa();
    let seconds = i64::try_from(nanos / 1_000_000_000).ok()?;
    let rest = i32::try_from(nanos % 1_000_000_000).ok()?;
    Some(SignedDuration::new(seconds, rest))
}

/// Reads a duration as a log writes it: `30 seconds`, `24h`, or ISO 8601 without months and years (`PT30S`).
pub fn parse_duration(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    if text.starts_with(['P', 'p']) {
        return iso_duration(text);
    }
    let at = text.find(|c: char| c.is_alphabetic() && c != 'e' && c != 'E')?;
    let (amount, unit) = text.split_at_checked(at)?;
    // Elapsed time is never negative: a minus in a log is a slip, and would pass for very soon.
    duration(super::number::parse(amount.trim())?, Unit::parse(unit.trim())?).filter(|elapsed| !elapsed.is_negative())
}

/// Reads `P1DT2H30M5.5S` or `P2W`; a sign, months and years are refused.
fn iso_duration(text: &str) -> Option<SignedDuration> {
    let span: jiff::Span = text.to_ascii_uppercase().parse().ok()?;
    if span.get_years() != 0 || span.get_months() != 0 || span.is_negative() {
        return None;
    }
    span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()
}

/// Writes a duration in the largest unit that gives a whole number: `30 seconds`, `2 weeks`.
pub fn write_duration(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    if duration.subsec_nanos() != 0 {
        return format!("{} seconds", duration.as_secs_f64());
    }
    let units = [Unit::Weeks, Unit::Days, Unit::Hours, Unit::Minutes];
    let unit = units.into_iter().find(|unit| seconds % unit.seconds() == 0 && seconds != 0).unwrap_or(Unit::Seconds);
    let count = seconds / unit.seconds();
    format!("{count} {}{}", unit.word(), if count.abs() == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zurich() -> TimeZone {
        TimeZone::get("Europe/Zurich").unwrap()
    }

    #[test]
    fn a_part_of_a_date_is_the_interval_of_what_it_may_be() {
        let march = parse_instant("2026-03", &TimeZone::UTC).unwrap();
        assert_eq!(march.earliest, "2026-03-01T00:00:00Z".parse().unwrap());
        assert_eq!(march.latest, "2026-03-31T23:59:59.999999999Z".parse().unwrap());
        let day = parse_instant("2026-03-29", &zurich()).unwrap();
        assert_eq!(day.latest.duration_since(day.earliest).as_secs() + 1, 23 * 3600, "the night the clocks go forward");
    }

    #[test]
    fn the_two_nights_of_the_clock() {
        let twice = parse_instant("2025-10-26T02:30", &zurich()).unwrap();
        assert!(twice.either_end);
        assert_eq!(twice.latest.duration_since(twice.earliest), SignedDuration::from_hours(1));
        assert_eq!(parse_instant("2025-03-30 02:30", &zurich()), Err(NoTime::SkippedByClock));
        assert!(parse_instant("2025-10-26T02:30+02:00", &zurich()).unwrap().is_exact());
    }

    #[test]
    fn instants_are_written_in_one_of_the_agreed_ways() {
        for good in ["2026-03-04T10:30", "2026-03-04 10:30:15", "2026-03-04T10:30:15.250Z", "2026-03-04T10:30-0500"] {
            assert!(parse_instant(good, &TimeZone::UTC).unwrap().is_exact(), "{good}");
        }
        for bad in [
            "4.3.2026",
            "2026-3-4",
            "2026-02-30",
            "2026-03-04T25:00",
            "2026-03-04T10",
            "20260304",
            "soon",
            "",
            "2026-03-04T10:30+1",
        ] {
            assert!(parse_instant(bad, &TimeZone::UTC).is_err(), "{bad}");
        }
    }

    #[test]
    fn durations_need_a_unit() {
        let seconds = |text| parse_duration(text).map(|duration| duration.as_secs());
        assert_eq!(seconds("30 seconds"), Some(30));
        assert_eq!(seconds("0.5h"), Some(1800));
        assert_eq!(seconds("PT1M30S"), Some(90));
        assert_eq!(seconds("P2W"), Some(1_209_600));
        for bad in ["30", "1 month", "P1M", "-PT5S", "about 2h", "-5 minutes", "2 working days", "h", "1e40 s"] {
            assert_eq!(parse_duration(bad), None, "{bad}");
        }
        assert_eq!(write_duration(SignedDuration::from_secs(1_209_600)), "2 weeks");
    }
}
