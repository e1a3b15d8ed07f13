//! Dates and times of digits alone, written as logs write them without a text for each part.

use super::{DateForm, Part};

/// The longest that a time to the second is written.
const LONGEST: usize = 19;

/// A time as it is written, part by part.
pub(in crate::log) type Room = [u8; LONGEST];

impl DateForm {
    /// Writes a cell that has a time of day as [`DateForm::read`] does, to the second, into some room; `None` also for much that
    /// has this form, but not in digits alone.
    pub(in crate::log) fn plain<'r>(&self, cell: &[u8], room: &'r mut Room) -> Option<&'r [u8]> {
        let Self::Parts(parts) = self else { return None };
        let (mut rest, mut has_second, mut has_minute) = (cell, false, false);
        *room = *b"0000-00-00T00:00:00";
        for part in parts {
            rest = match part {
                Part::Literal(' ') => {
                    let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
                    rest.get(blanks..).filter(|_| blanks > 0)?
                }
                Part::Literal(c) if c.is_ascii() && !c.is_whitespace() => {
                    rest.split_first().filter(|(first, _)| char::from(**first) == *c)?.1
                }
                Part::Year => two(two(rest, room, 0, true)?, room, 2, true)?,
                Part::ShortYear => {
                    room.get_mut(..2)?.copy_from_slice(b"20");
                    two(rest, room, 2, true)?
                }
                Part::Month => two(rest, room, 5, false)?,
                Part::Day => two(rest, room, 8, false)?,
                Part::Hour => two(rest, room, 11, false)?,
                Part::Minute => {
                    has_minute = true;
                    two(rest, room, 14, false)?
                }
                Part::Second => {
                    has_second = true;
                    let rest = two(rest, room, 17, false)?;
                    if matches!(rest, [b'.', digit, ..] if digit.is_ascii_digit()) {
                        return None;
                    }
                    rest
                }
                Part::MonthName | Part::HalfOfDay | Part::Offset | Part::Literal(_) => return None,
            };
        }
        let length = if has_second { LONGEST } else { 16 };
        (rest.is_empty() && has_minute).then(|| room.get(..length))?
    }
}

/// Takes one or two digits off the front, writes them as two at a place, and gives the rest.
fn two<'c>(cell: &'c [u8], room: &mut Room, at: usize, both: bool) -> Option<&'c [u8]> {
    let to = room.get_mut(at..at + 2)?;
    match cell {
        [tens, ones, rest @ ..] if tens.is_ascii_digit() && ones.is_ascii_digit() => {
            to.copy_from_slice(&[*tens, *ones]);
            Some(rest)
        }
        [ones, rest @ ..] if ones.is_ascii_digit() && !both => {
            to.copy_from_slice(&[b'0', *ones]);
            Some(rest)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_is_written_as_the_one_reader_writes_it() {
        let forms = [
            "day.month.year hour:minute",
            "month/day/year hour:minute:second",
            "yearmonthday hourminute",
            "day.month.short year hour:minute",
            "year-month-dayThour:minute:second.",
            "day.month.year",
            "day month name year hour:minute",
            "year-month-day hour:minute offset",
            "month/day/year hour:minute am/pm",
            "days since 1900",
            "hour:minute  day\u{a0}month\u{b7}year",
        ];
        let pieces =
            ["1", "12", "03", "2026", "99", ".", "/", ":", " ", "-", "T", "  ", "\t", "9", "x", "\u{e4}", "am"];
        let whole = ["4.3.2026 10:30", "04.03.2026  1:02", "3/14/2026 23:59:07", "20260304 1030", "4.3.26 7:08"];
        let whole =
            whole.into_iter().chain(["2026-03-04T10:30:15.", "2026-03-04T10:30:15.5", "31.2.2026 24:61", "4.3.2026"]);
        let whole: Vec<&str> = whole.collect();
        let (mut state, mut plain) = (3_u64, 0);
        let mut below = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound
        };
        for _ in 0..40_000 {
            let mut cell = whole[below(whole.len())].to_owned();
            for _ in 0..below(3) {
                let at = (0..=cell.len()).filter(|at| cell.is_char_boundary(*at)).nth(below(cell.chars().count() + 1));
                cell.insert_str(at.unwrap(), pieces[below(pieces.len())]);
            }
            for form in forms {
                let form = DateForm::parse(form).unwrap_or_else(|| panic!("{form}"));
                if let Some(found) = form.plain(cell.as_bytes(), &mut [0; LONGEST]) {
                    assert_eq!(form.read(&cell).as_deref(), std::str::from_utf8(found).ok(), "{cell}");
                    plain += 1;
                }
            }
        }
        assert!(plain > 10_000, "{plain}");
    }
}
