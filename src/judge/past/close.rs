//! The end of the first pass: what was taken up is put in order, and those that share an id are joined.

use std::collections::{BTreeMap, HashMap};

use crate::policy::{History, Length, Version, Window};

use super::amounts::Amounts;
use super::clock::{Reckoning, Ticks};
use super::gather::{Clause, OfVersion};
use super::group::{Dates, Group, Spanned, Totals};
use super::lane::Lane;
use super::marks::{Mark, Marks};
use super::order::{Keys, Ordering};
use super::others::Others;
use super::reach::Found;
use super::spans::{Phase, Span, spans, together};
use super::special::{Joint, Special, Specials};
use super::table::Table;
use super::times::Times;

/// What one version's history clauses need of the past.
#[derive(Debug)]
pub(super) struct VersionPast {
    pub(super) times: Times,
    pub(super) tables: Vec<Table>,
    pub(super) clauses: Vec<ClausePast>,
    /// How many windows they have, each with its keys.
    pub(super) windows: usize,
}

/// One clause: the marks of its plain records by position, and its special ones.
#[derive(Debug)]
pub(super) struct ClausePast {
    pub(super) table: usize,
    /// Which of the windows it has: those of the same keys and length are one. None of what overlaps.
    pub(super) window: Option<usize>,
    /// In each of the two orders.
    pub(super) marks: [Marks; 2],
    /// What is summed; none where nothing is.
    pub(super) amounts: Option<Amounts>,
    pub(super) specials: Specials,
    pub(super) for_nobody: u32,
    /// How many others it counts for each record, as far as that is plain.
    pub(super) others: Others,
}

impl VersionPast {
    /// Closes what was taken up for one version. `sets`: the records that share an id.
    pub(super) fn close(version: &Version, taken: OfVersion, sets: &[Vec<u32>]) -> Self {
        let OfVersion { mut times, tables, clauses, .. } = taken;
        times.shrink();
        let histories = version.conditions.histories();
        let ordered = |(at, keys): (usize, Keys)| {
            let passing =
                |(clause, history): (&Clause, &History)| clause.table == at && history.window != Window::AtTheSameTime;
            Table::new(keys, &times, clauses.iter().zip(histories).any(passing))
        };
        let tables: Vec<Table> = tables.into_iter().enumerate().map(ordered).collect();
        let mut windows = Vec::new();
        let close = |(clause, history): (Clause, &History)| {
            let table = tables.get(clause.table)?;
            let window = number_of(clause.table, history.window, &mut windows);
            Some(
                Closing { history, reckoning: Reckoning::of(version), table, times: &times, sets }
                    .close(clause, window),
            )
        };
        let clauses = clauses.into_iter().zip(histories).filter_map(close).collect();
        Self { times, tables, clauses, windows: windows.len() }
    }
}

/// Gives which of the windows this is. Whether the record that asks counts itself makes no other window of it.
fn number_of(table: usize, window: Window, windows: &mut Vec<(usize, Option<Length>)>) -> Option<usize> {
    let this = (window != Window::AtTheSameTime).then(|| (table, window.length()))?;
    let known = windows.iter().position(|known| *known == this);
    Some(known.unwrap_or_else(|| {
        windows.push(this);
        windows.len() - 1
    }))
}

impl ClausePast {
    /// Gives its plain records in their two orders, for one that asks.
    pub(super) fn lanes<'q>(&'q self, orders: &'q [Ordering; 2], found: Found) -> [Lane<'q>; 2] {
        let ([ticks, days], [of_ticks, of_days]) = (orders, &self.marks);
        let ([reach, day_reach], [own, own_day]) = (found.reaches, found.own);
        [
            Lane { order: ticks, marks: of_ticks, reach, own },
            Lane { order: days, marks: of_days, reach: day_reach, own: own_day },
        ]
    }

    /// Gives what a record adds to a sum, if it is known.
    pub(super) fn value(&self, record: u32) -> Option<crate::judge::Exact> {
        self.amounts.as_ref()?.get(record)
    }

    /// Gives the time of a special record in its group.
    pub(super) fn time(&self, special: Special, times: &Times) -> Option<Ticks> {
        if special.is_joint() { self.specials.joint(special.record)?.time } else { times.get(special.record) }
    }
}

/// What the closing of one clause rests on.
struct Closing<'c> {
    history: &'c History,
    reckoning: Reckoning<'c>,
    table: &'c Table,
    times: &'c Times,
    sets: &'c [Vec<u32>],
}

impl Closing<'_> {
    fn close(&self, mut clause: Clause, window: Option<usize>) -> ClausePast {
        for (set, number) in self.sets.iter().zip(0..) {
            self.join(number, set, &mut clause);
        }
        let Clause { table, marks, amounts, mut specials, for_nobody, .. } = clause;
        specials.stretches = specials.are_stretches();
        specials.shrink();
        let in_order = |order: &Ordering| Marks::new(&marks, order.records(), amounts.as_ref());
        let marks = self.table.orders.each_ref().map(in_order);
        let others = Others::default();
        let mut past = ClausePast { table, window, marks, amounts, specials, for_nobody, others };
        let groups = self.groups(&past);
        past.specials.groups = groups;
        let [of_ticks, _] = &past.marks;
        past.others = Others::of(self.history, self.reckoning, self.table, self.times, (of_ticks, &past.specials));
        past
    }

    /// Lets records with one id count once in each group: the first of them there stands for all.
    fn join(&self, number: u32, set: &[u32], clause: &mut Clause) {
        let mut by_key: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for record in set {
            if let Some(key) = self.table.key(*record) {
                by_key.entry(key).or_default().push(*record);
            }
        }
        for (key, records) in by_key {
            let Some((first, rest)) = records.split_first() else { continue };
            let all_here = records.len() == set.len();
            let each: Vec<Vec<Span>> = records.iter().map(|record| self.own_spans(*record, clause)).collect();
            let spans = together(&each, all_here);
            let known = records.iter().filter_map(|record| self.times.get(*record));
            let time = known.reduce(|one, other| Ticks {
                first: one.first.min(other.first),
                last: one.last.max(other.last),
                either: false,
            });
            clause.agree_on_a_value(&records);
            for record in &records {
                if let Some(mark) = clause.marks.get_mut(*record as usize) {
                    *mark = Mark::SPECIAL;
                }
            }
            let specials = &mut clause.specials;
            specials.joint.insert(*first, Joint { spans, time, records: records.clone(), all_here });
            specials.joint.extend(rest.iter().map(|record| (*record, Joint::default())));
            specials.stands_for.insert((number, key), *first);
        }
    }

    /// Gives the spans of a record by itself, plain or special.
    fn own_spans(&self, record: u32, clause: &Clause) -> Vec<Span> {
        let plain = clause.marks.get(record as usize).and_then(|mark| mark.read()).zip(self.times.get(record));
        match plain {
            Some(((sure, counted), time)) => {
                of_plain(time, Phase { sure, counted, ..Phase::ALWAYS }, self.history.window, self.reckoning)
            }
            None => clause.specials.own_spans(record).to_vec(),
        }
    }

    fn groups(&self, past: &ClausePast) -> HashMap<u32, Group> {
        let mut by_key: HashMap<u32, Vec<Special>> = HashMap::new();
        for special in past.specials.all() {
            if let Some(key) = self.table.key(special.record) {
                by_key.entry(key).or_default().push(special);
            }
        }
        let mut dates: HashMap<u32, Dates> = HashMap::new();
        for (record, time) in self.times.parts_of_dates() {
            if let Some(key) = self.table.key(record).filter(|key| by_key.contains_key(key)) {
                dates.entry(key).or_default().insert((time.first, time.last));
            }
        }
        let group = |(key, records): (u32, Vec<Special>)| (key, self.group(past, records, dates.get(&key)));
        by_key.into_iter().map(group).collect()
    }

    fn group(&self, past: &ClausePast, mut records: Vec<Special>, dates: Option<&Dates>) -> Group {
        let time = |special: Special| past.time(special, self.times);
        records.sort_unstable_by_key(|special| (time(*special).map_or(0, |time| time.first), special.record));
        let spanned =
            |special: &Special| -> Spanned<'_> { (past.specials.spans_of(*special), past.value(special.record)) };
        let spanned: Vec<Spanned<'_>> = records.iter().map(spanned).collect();
        let totals = Totals::new(self.history.function, &spanned, dates);
        let open = |special: &Special| time(*special).map_or(0, |time| time.last.saturating_sub(time.first));
        let longest = records.iter().map(open).max().unwrap_or(0);
        Group { records: records.into_boxed_slice(), longest, totals }
    }
}

/// Gives the spans of a plain record: its phase, where its time lies in the window.
pub(super) fn of_plain(time: Ticks, phase: Phase, window: Window, reckoning: Reckoning<'_>) -> Vec<Span> {
    let [surely, perhaps] = reckoning.in_window(time, window);
    spans(&[phase], &surely, &perhaps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;

    #[test]
    fn clauses_with_the_same_keys_and_the_same_length_have_one_window() {
        let days = |days: i64| Length::Exact(SignedDuration::from_hours(days * 24));
        let asked = [
            (0, Window::InAny(days(30))),
            (0, Window::InThePast(days(30))),
            (1, Window::InAny(days(30))),
            (0, Window::InAny(days(31))),
            (0, Window::ToDate),
            (0, Window::AtTheSameTime),
            (0, Window::ToDate),
        ];
        let mut windows = Vec::new();
        let numbers = asked.map(|(table, window)| number_of(table, window, &mut windows));
        assert_eq!(numbers, [Some(0), Some(0), Some(1), Some(2), Some(3), None, Some(3)]);
        assert_eq!(windows.len(), 4);
    }
}
