//! Instants as most logs write them: `2026-03-04T10:30:15Z`, with an offset, or by the local clock.

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::policy::time::day_of;

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400;

/// How many days are remembered.
const DAYS: usize = 64;

/// Reads instants by the clock of one zone; days on which that is set are left to others.
#[derive(Debug)]
pub(super) struct Clock {
    zone: TimeZone,
    /// Days that were looked at, by number: the seconds by which their clock is ahead, if it is so all day.
    days: Vec<(i64, Option<i64>)>,
}

impl Clock {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self { zone, days: vec![(i64::MIN, None); DAYS] }
    }

    /// Gives an instant in nanoseconds since 1970; `None` for what is written in another way, known in part, or no instant.
    pub(super) fn read(&mut self, text: &[u8]) -> Option<i64> {
        let (whole, rest) = text.split_at_checked(16)?;
        let digit = |at: usize| whole.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10);
        let two = |at: usize| Some(i64::from(digit(at)? * 10 + digit(at + 1)?));
        let marks = [whole.get(4)?, whole.get(7)?, whole.get(10)?, whole.get(13)?];
        if !matches!(marks, [b'-', b'-', b'T' | b' ', b':']) {
            return None;
        }
        let (year, month, day) = (two(0)? * 100 + two(2)?, two(5)?, two(8)?);
        let (hour, minute) = (two(11)?, two(14)?);
        let (second, rest) = match rest {
            [b':', tens, ones, rest @ ..] if tens.is_ascii_digit() && ones.is_ascii_digit() => {
                (i64::from((tens - b'0') * 10 + (ones - b'0')), rest)
            }
            _ => (0, rest),
        };
        if !(1900..2200).contains(&year) || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let number = day_number(year, month, day)?;
        let local = number * DAY + hour * 3_600 + minute * 60 + second;
        Some((local - self.ahead(rest, number)?) * SECOND)
    }

    /// Gives by how many seconds the clock is ahead: as written, or on a day in the zone.
    fn ahead(&mut self, offset: &[u8], day: i64) -> Option<i64> {
        let digits = |[tens, ones]: [u8; 2]| {
            let both = tens.is_ascii_digit() && ones.is_ascii_digit();
            both.then(|| i64::from((tens - b'0') * 10 + (ones - b'0')))
        };
        match *offset {
            [] => self.ahead_on(day),
            [b'Z'] => Some(0),
            [sign @ (b'+' | b'-'), h, hh, b':', m, mm] => {
                let (hours, minutes) = (digits([h, hh])?, digits([m, mm])?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                let seconds = hours * 3_600 + minutes * 60;
                Some(if sign == b'-' { -seconds } else { seconds })
            }
            _ => None,
        }
    }

    fn ahead_on(&mut self, day: i64) -> Option<i64> {
        let at = usize::try_from(day.rem_euclid(DAYS as i64)).ok()?;
        if let Some((_, ahead)) = self.days.get(at).filter(|(known, _)| *known == day) {
            return *ahead;
        }
        let ahead = self.all_day(day);
        if let Some(cell) = self.days.get_mut(at) {
            *cell = (day, ahead);
        }
        ahead
    }

    /// Gives by how much the clock is ahead, if it shows midnight when the day begins and is not set until it ends.
    fn all_day(&self, number: i64) -> Option<i64> {
        let day = day_of(number)?;
        let begins = self.zone.to_ambiguous_timestamp(day.to_datetime(Time::midnight()));
        let begins: Timestamp = begins.unambiguous().ok()?;
        let ahead = i64::from(self.zone.to_offset(begins).seconds());
        let ends = begins.as_second() + DAY;
        let is_set = self.zone.following(begins).next().is_some_and(|set| set.timestamp().as_second() <= ends);
        (!is_set && begins.as_second() + ahead == number * DAY).then_some(ahead)
    }
}

/// Gives the number of a day of the calendar: the days since 1970-01-01.
fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];
    let at = usize::try_from(month - 1).ok()?;
    let (before, next) = (*days_before.get(at)?, *days_before.get(at + 1)?);
    let leap_day = i64::from(is_leap && month > 2);
    let length = next - before + i64::from(is_leap && month == 2);
    if day < 1 || day > length {
        return None;
    }
    let years = year - 1;
    let since_year_one = years * 365 + years / 4 - years / 100 + years / 400 + before + leap_day + day - 1;
    Some(since_year_one - 719_162)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::time::parse_instant;

    /// Every instant that is read is the one that the log's own reader reads; the days on which clocks are set are among
    /// those that are tried.
    #[test]
    fn instants_are_read_as_by_the_one_reader() {
        let zones = ["Europe/Zurich", "America/Sao_Paulo", "Pacific/Apia", "UTC", "Africa/Cairo"];
        let offsets = ["", "Z", "+01:00", "-05:30", "+24:00", "+1", "z"];
        for zone in zones.map(|zone| TimeZone::get(zone).unwrap()) {
            let mut clock = Clock::new(zone.clone());
            let mut read = 0;
            for day in (-26_000..40_000).step_by(37).chain(20_300..20_700).chain(14_950..15_350) {
                let date = day_of(day).unwrap();
                for (at, time) in
                    ["T00:00", " 00:30:00", "T02:30:59", "T23:59:59", "T24:00", "T12:61"].iter().enumerate()
                {
                    let text = format!("{date}{time}{}", offsets[(at + day.unsigned_abs() as usize) % offsets.len()]);
                    if let Some(found) = clock.read(text.as_bytes()) {
                        let expected = parse_instant(&text, &zone).unwrap();
                        assert!(expected.is_exact());
                        assert_eq!(i128::from(found), expected.earliest.as_nanosecond(), "{text}");
                        read += 1;
                    }
                }
            }
            assert!(read > 3_000, "{read}");
        }
    }

    #[test]
    fn what_is_no_instant_to_the_second_is_left_to_others() {
        let mut clock = Clock::new(TimeZone::UTC);
        for text in
            ["2026", "2026-02-29T10:00", "2026-13-01T10:00", "2026-03-04T10:30:15.5Z", "", "2026-03-04T10:30:1Z"]
        {
            assert_eq!(clock.read(text.as_bytes()), None, "{text}");
        }
        assert!(clock.read(b"2024-02-29T10:00").is_some());
    }
}
