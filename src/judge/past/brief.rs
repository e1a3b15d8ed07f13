//! Records that the first pass takes up in brief: what a worker wrote of each, read again in the order of the log.

use crate::judge::brief::NO_KEY;
use crate::judge::truth::Truth;
use crate::source::Span;

use super::clock::Ticks;
use super::gather::{Gathering, OfVersion};
use super::marks::Mark;
use super::order::Keys;
use super::spans::Counted;

impl Gathering<'_> {
    /// Takes up the next record as [`BriefJudge::sight`](crate::judge::BriefJudge::sight) wrote it, and goes behind it. `None`
    /// if the bytes are not what that writes.
    pub fn add_brief(&mut self, place: Span, written: &mut &[u8]) -> Option<()> {
        let length = u32::from_le_bytes(take(written)?);
        let (id, rest) = written.split_at_checked(length as usize)?;
        *written = rest;
        self.records.add(std::str::from_utf8(id).ok()?, place);
        let [covered] = take(written)?;
        for version in &mut self.versions {
            let time = Some(i64::from_le_bytes(take(written)?)).filter(|time| *time != i64::MIN);
            version.earliest = time.into_iter().chain(version.earliest).min();
            version.add_brief(time.map(Ticks::exact), covered, written)?;
        }
        Some(())
    }
}

impl OfVersion {
    fn add_brief(&mut self, time: Option<Ticks>, covered: u8, written: &mut &[u8]) -> Option<()> {
        if self.clauses.is_empty() {
            return Some(());
        }
        self.times.push(time);
        for table in &mut self.tables {
            let length = u16::from_le_bytes(take(written)?);
            if length == NO_KEY {
                table.add_written(None);
                continue;
            }
            let (key, rest) = written.split_at_checked(usize::from(length))?;
            *written = rest;
            table.add_written(Some(std::str::from_utf8(key).ok()?));
        }
        for clause in &mut self.clauses {
            let [passes] = take(written)?;
            let is_placed = time.is_some() && self.tables.get(clause.table).is_some_and(Keys::last_has_one);
            clause.for_nobody += u32::from(!is_placed);
            let counts = is_placed && covered == Truth::True as u8 && passes != Truth::False as u8;
            let mark = if counts { Mark::plain(passes == Truth::True as u8, Counted::Yes) } else { Mark::NOTHING };
            clause.marks.push(mark);
        }
        Some(())
    }
}

fn take<const N: usize>(written: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = written.split_first_chunk::<N>()?;
    *written = rest;
    Some(*first)
}
