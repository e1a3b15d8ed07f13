//! Working days: which days a named calendar has free, and in which years it can say so.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

/// `calendar NAME`: a weekend, holidays, and the years that they cover.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// The name by which policies ask for it.
    pub name: String,
    /// The days of the week that are free, by their number from Monday (0).
    pub weekend: BTreeSet<i8>,
    /// The days that are free besides.
    pub holidays: BTreeSet<Date>,
    /// The years of which it knows every holiday.
    pub years: BTreeSet<i16>,
}

/// A day of which a calendar cannot say whether it is a working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotCovered {
    /// The year that it does not cover.
    pub year: i16,
}

impl Calendar {
    /// Says whether a day is a working day.
    pub fn is_working_day(&self, day: Date) -> Result<bool, NotCovered> {
        if !self.years.contains(&day.year()) {
            return Err(NotCovered { year: day.year() });
        }
        Ok(!self.weekend.contains(&number_of(day.weekday())) && !self.holidays.contains(&day))
    }

    /// Gives the n-th working day after a day.
    pub fn working_day_after(&self, day: Date, count: u32) -> Result<Date, NotCovered> {
        let mut here = day;
        let mut left = count;
        while left > 0 {
            here = here.tomorrow().map_err(|_| NotCovered { year: here.year() })?;
            left -= u32::from(self.is_working_day(here)?);
        }
        Ok(here)
    }
}

/// Gives the number of a day of the week, from Monday (0).
pub fn number_of(day: Weekday) -> i8 {
    day.to_monday_zero_offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn easter() -> Calendar {
        let days = ["2026-04-03", "2026-04-06"];
        Calendar {
            name: "easter".to_owned(),
            weekend: [5, 6].into(),
            holidays: days.iter().map(|day| day.parse().unwrap()).collect(),
            years: [2026].into(),
        }
    }

    #[test]
    fn weekends_and_holidays_are_passed_over() {
        let thursday: Date = "2026-04-02".parse().unwrap();
        assert_eq!(easter().working_day_after(thursday, 1), Ok("2026-04-07".parse().unwrap()));
        assert_eq!(easter().working_day_after(thursday, 3), Ok("2026-04-09".parse().unwrap()));
        assert_eq!(easter().working_day_after(thursday, 0), Ok(thursday));
    }

    #[test]
    fn a_year_that_it_does_not_cover_is_no_guess() {
        let new_years_eve: Date = "2026-12-31".parse().unwrap();
        assert_eq!(easter().working_day_after(new_years_eve, 1), Err(NotCovered { year: 2027 }));
    }
}
