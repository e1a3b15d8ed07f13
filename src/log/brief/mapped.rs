//! Rows of a table that is read through a mapping: each field straight from its cells.
//!
//! What a cell means is asked of what maps and fits records, once, and remembered. Only what has many different values is read
//! directly: texts as they stand, numbers, and times to the second.

use std::collections::HashSet;

use super::Briefer;
use super::cells::Cells;
use super::instant::Clock;
use super::memo::Memo;
use super::tree::Meaning;
use super::value::{Found, MILLION, Reader, Sort, Token, With, millionths};
use crate::episode::brief::{MISSING, nanoseconds, of_decimal, of_millionths, of_text};
use crate::log::mapping::{ByColumn, DateForm, Directly, From, Room, Tick};
use crate::policy::number;

/// The most boxes of one field that are told apart by one number.
const MOST_BOXES: usize = 64;

/// What is put together of one row may be so long.
const LONGEST: usize = 1 << 22;

/// Where the fields of a table come from.
#[derive(Debug)]
pub(super) struct Table {
    by_column: ByColumn,
    steps: Vec<Step>,
    /// The cells of the row at hand.
    cells: Vec<Token>,
    /// The row at hand, and behind it the texts that stand nowhere in it.
    composed: Vec<u8>,
    composes: bool,
    /// The cells of a sheet in which a number may mean something else than a text that is written like it.
    numbers: HashSet<usize>,
}

/// How the value of one field of the mapping is read.
#[derive(Debug)]
struct Step {
    field: usize,
    from: From,
    /// What each box says, by its text.
    ticks: Memo,
    missing: Missing,
    targets: Vec<Target>,
}

/// One reader, and how it comes to its value.
#[derive(Debug)]
struct Target {
    reader: usize,
    way: Way,
    /// What was found, by the text of the cell.
    memo: Memo,
}

#[derive(Debug)]
enum Way {
    Asked,
    AsWritten,
    /// With a sign before the fraction, times so many millionths.
    Number(u8, i64),
    Time(Vec<DateForm>, Option<Clock>),
}

/// What counts as missing in a field.
#[derive(Debug)]
struct Missing {
    texts: Vec<Box<[u8]>>,
    has_numbers: bool,
    /// Those of its numbers that one number can hold.
    numbers: Vec<u64>,
}

impl Table {
    /// Gives the row that was read last, and behind it the texts that stand nowhere in it.
    pub(super) fn composed(&self) -> &[u8] {
        &self.composed
    }
}

impl Briefer<'_> {
    /// Prepares for the rows of a table, which was made of a sheet or not; `None` where a field of it is not plain in any row.
    pub(super) fn table_of(&self, by_column: ByColumn, is_sheet: bool) -> Option<Box<Table>> {
        let (mut steps, mut composes) = (Vec::new(), false);
        for (field, from) in by_column.fields() {
            let mut targets = Vec::new();
            for path in by_column.targets(field) {
                let Meaning::Fields { from, to } = self.tree.meaning(path) else { return None };
                for at in from as usize..to as usize {
                    let reader = self.readers.get(at).filter(|reader| !reader.is_skipped());
                    let way = reader.map(|reader| Way::of(by_column.directly(field), reader));
                    targets.extend(way.map(|way| Target { reader: at, way, memo: Memo::new() }));
                }
            }
            let has_texts = targets.iter().any(|target| {
                let is_copied = matches!((&from, &target.way), (From::Cell(_), Way::AsWritten));
                self.readers.get(target.reader).is_some_and(Reader::reads_texts) && !is_copied
            });
            composes |= has_texts || matches!(from, From::Joined(_));
            if matches!(&from, From::Boxes(places) if places.len() > MOST_BOXES) {
                return None;
            }
            if !targets.is_empty() {
                let missing = Missing::of(&by_column, field);
                steps.push(Step { field, from, ticks: Memo::new(), missing, targets });
            }
        }
        let numbers = if is_sheet { by_column.with_a_comma() } else { HashSet::new() };
        let (cells, composed) = (Vec::new(), Vec::new());
        Some(Box::new(Table { by_column, steps, cells, composed, composes, numbers }))
    }

    /// Reads a row.
    pub(super) fn mapped_row(&mut self, cells: Cells<'_>) -> Option<()> {
        let mut table = self.table.take()?;
        let read = self.through(&mut table, cells);
        self.is_composed = table.composes;
        self.table = Some(table);
        read
    }

    fn through(&mut self, table: &mut Table, mut cells: Cells<'_>) -> Option<()> {
        let line = cells.line;
        let text = std::str::from_utf8(line).ok()?;
        table.cells.clear();
        for at in 0..self.columns.len() {
            let token = cells.next(at + 1 == self.columns.len())?;
            // Such a number is left to the mapping: what is remembered of cells, and read directly, is what texts mean.
            if !table.numbers.is_empty() && table.numbers.contains(&at) && is_fraction(token, line) {
                return None;
            }
            table.cells.push(token);
            self.cell(at, token, line)?;
        }
        let Table { by_column, steps, cells, composed, composes, .. } = table;
        let cell = |at: usize| cells.get(at).and_then(|token| text.get(token.range())).unwrap_or("");
        if by_column.leaves_out(&cell) {
            return None;
        }
        composed.clear();
        if *composes {
            composed.extend_from_slice(line);
        }
        for step in steps {
            let token = match &step.from {
                From::Always => None,
                From::Cell(at) => Some(*cells.get(*at)?),
                From::Joined(places) => {
                    let start = composed.len();
                    let texts = places.iter().map(|at| cell(*at));
                    by_column.join(step.field, texts, &mut |part| composed.extend_from_slice(part.as_bytes()));
                    Some(token_of(composed, start)?)
                }
                From::Boxes(places) => {
                    let texts = places.iter().map(|place| place.map(cell));
                    self.boxes(step, by_column, &texts.collect::<Vec<_>>())?;
                    continue;
                }
            };
            self.step(step, by_column, token, (line, composed, *composes))?;
            if composed.len() > LONGEST {
                return None;
            }
        }
        Some(())
    }

    /// Reads one field out of its cell; out of none where it is the same everywhere.
    fn step(
        &mut self,
        step: &mut Step,
        by_column: &ByColumn,
        token: Option<Token>,
        (line, composed, composes): (&[u8], &mut Vec<u8>, bool),
    ) -> Option<()> {
        for target in &mut step.targets {
            let reader = self.readers.get_mut(target.reader)?;
            let (fitter, clock) = self.lenses.get_mut(reader.lens)?;
            let mut with = With { fitter, clock, present: self.present, split_sets: true };
            let record = if composes { composed.as_slice() } else { line };
            let found = match token {
                Some(token) if token.is_nothing() => Found::Number(MISSING),
                Some(token) => match target.directly(&step.missing, token, record, reader, &mut with) {
                    Some(number) => Found::Number(number),
                    None => target.asked(by_column, step.field, token.of(record)?, reader, &with)?,
                },
                None => target.always(by_column, step.field, reader, &with)?,
            };
            let value = match found {
                Found::Number(number) => number,
                Found::Text(text) => {
                    let start = composed.len();
                    composed.extend_from_slice(text.as_bytes());
                    of_text(start, composed.len()).filter(|_| composes)?
                }
            };
            self.brief.set(reader.slot, value);
        }
        Some(())
    }

    /// Reads a set out of its boxes, of each the text if it is there.
    fn boxes(&mut self, step: &mut Step, by_column: &ByColumn, texts: &[Option<&str>]) -> Option<()> {
        let (mut checked, mut missing) = (0_u64, 0_u64);
        for (at, text) in texts.iter().enumerate() {
            let tick = text.map_or(Some(Tick::Missing), |text| step.tick(by_column, text));
            match tick? {
                Tick::Checked => checked |= 1 << at,
                Tick::Unchecked => {}
                Tick::Missing => missing |= 1 << at,
                Tick::Neither => return None,
            }
        }
        let key = (u128::from(checked) << 64 | u128::from(missing)).to_le_bytes();
        for target in &mut step.targets {
            let reader = self.readers.get_mut(target.reader)?;
            let (fitter, clock) = self.lenses.get_mut(reader.lens)?;
            let number = match target.memo.get(&key) {
                Some(number) => number,
                None => {
                    let with = With { fitter, clock, present: self.present, split_sets: true };
                    let raw = by_column.of_boxes(step.field, texts)?;
                    target.number(&key, reader.mapped(&raw, &with)?)?
                }
            };
            self.brief.set(reader.slot, number);
        }
        Some(())
    }
}

/// Says whether a cell is a number with a point in it, and stands without quotation marks.
fn is_fraction(token: Token, line: &[u8]) -> bool {
    let before = token.range().start.checked_sub(1).and_then(|at| line.get(at));
    let text = token.of(line).filter(|cell| before != Some(&b'"') && memchr::memchr(b'.', cell).is_some());
    text.and_then(|text| std::str::from_utf8(text).ok()).is_some_and(|text| number::parse(text).is_some())
}

/// Makes what stands from a place on a cell.
fn token_of(composed: &[u8], start: usize) -> Option<Token> {
    let sort = match composed.get(start..)? {
        [] => Sort::Nothing,
        text if text.is_ascii() => Sort::Text,
        _ => Sort::Unicode,
    };
    Token::new(sort, start, composed.len())
}

impl Step {
    fn tick(&mut self, by_column: &ByColumn, text: &str) -> Option<Tick> {
        const TICKS: [Tick; 4] = [Tick::Checked, Tick::Unchecked, Tick::Missing, Tick::Neither];
        if let Some(known) = self.ticks.get(text.as_bytes()) {
            return TICKS.get(usize::try_from(known).ok()?).copied();
        }
        let found = by_column.tick(self.field, text);
        let number = TICKS.iter().position(|tick| *tick == found)?;
        self.ticks.put(text.as_bytes(), number as u64);
        Some(found)
    }
}

impl Way {
    fn of(directly: Directly, reader: &Reader) -> Self {
        match directly {
            Directly::AsWritten if reader.takes_texts() => Self::AsWritten,
            Directly::Number { comma, times } if reader.reads_numbers() => {
                let factor = times.map_or(Some(MILLION), |times| of_decimal(times).map(nanoseconds));
                factor.map_or(Self::Asked, |factor| Self::Number(if comma { b',' } else { b'.' }, factor))
            }
            Directly::Time { forms, zone } if reader.reads_instants() => Self::Time(forms, zone.map(Clock::new)),
            _ => Self::Asked,
        }
    }
}

impl Target {
    /// Reads a cell without asking what it means; `None` where that has to be asked.
    fn directly(
        &mut self,
        missing: &Missing,
        token: Token,
        record: &[u8],
        reader: &mut Reader,
        with: &mut With<'_, '_>,
    ) -> Option<u64> {
        let cell = token.of(record)?;
        match &mut self.way {
            Way::Asked => None,
            Way::AsWritten => {
                let token = token.trimmed(record)?;
                (!missing.may_be(token.of(record)?)).then(|| reader.read(token, record, with))?
            }
            Way::Number(point, factor) => {
                let number = millionths(cell, *point)?;
                if missing.is_number(cell, number) {
                    return Some(MISSING);
                }
                let product = i128::from(number) * i128::from(*factor);
                let millionths = product / i128::from(MILLION);
                let is_exact = product % i128::from(MILLION) == 0;
                reader.number_of(i64::try_from(millionths).ok().filter(|_| is_exact)?)
            }
            Way::Time(forms, clock) => {
                if missing.may_be(cell) {
                    return None;
                }
                let clock = clock.as_mut().unwrap_or(with.clock);
                let mut room = Room::default();
                let written = if forms.is_empty() { cell } else { in_form(forms, cell, &mut room)? };
                reader.instant_at(clock.read(written)?)
            }
        }
    }

    /// Asks what a cell means, and remembers it.
    fn asked(
        &mut self,
        by_column: &ByColumn,
        field: usize,
        cell: &[u8],
        reader: &Reader,
        with: &With<'_, '_>,
    ) -> Option<Found> {
        if let Some(known) = self.memo.get(cell) {
            return Some(Found::Number(known));
        }
        let raw = by_column.meaning(field, std::str::from_utf8(cell).ok()?)?;
        let found = reader.mapped(&raw, with)?;
        if let Found::Number(number) = found {
            self.memo.put(cell, number);
        }
        Some(found)
    }

    /// Gives what is the same in all rows.
    fn always(&mut self, by_column: &ByColumn, field: usize, reader: &Reader, with: &With<'_, '_>) -> Option<Found> {
        const KEY: &[u8] = b"always";
        if let Some(known) = self.memo.get(KEY) {
            return Some(Found::Number(known));
        }
        let found = reader.mapped(&by_column.constant(field)?, with)?;
        if let Found::Number(number) = found {
            self.memo.put(KEY, number);
        }
        Some(found)
    }

    /// Remembers a number; texts have none.
    fn number(&mut self, key: &[u8], found: Found) -> Option<u64> {
        let Found::Number(number) = found else { return None };
        self.memo.put(key, number);
        Some(number)
    }
}

/// Writes a time that has one of several forms, and surely none of the others.
fn in_form<'r>(forms: &[DateForm], cell: &[u8], room: &'r mut Room) -> Option<&'r [u8]> {
    let own = forms.iter().position(|form| form.plain(cell, room).is_some())?;
    let text = std::str::from_utf8(cell).ok()?;
    let mut others = forms.iter().enumerate().filter(|(at, _)| *at != own);
    others.all(|(_, form)| form.read(text).is_none()).then(|| forms.get(own)?.plain(cell, room))?
}

impl Missing {
    fn of(by_column: &ByColumn, field: usize) -> Self {
        let (texts, numbers) = by_column.missing(field);
        Self {
            texts: texts.into_iter().map(|text| text.as_bytes().into()).collect(),
            has_numbers: !numbers.is_empty(),
            numbers: numbers.into_iter().filter_map(of_decimal).collect(),
        }
    }

    /// Says whether a cell may count as missing.
    fn may_be(&self, cell: &[u8]) -> bool {
        let is_trimmed = match cell {
            [b'!'..=b'~', .., b'!'..=b'~'] | [b'!'..=b'~'] => true,
            _ => std::str::from_utf8(cell).is_ok_and(|text| !text.is_empty() && text.trim().len() == text.len()),
        };
        !is_trimmed || self.is_text(cell) || (self.has_numbers && is_like_a_number(cell))
    }

    fn is_text(&self, cell: &[u8]) -> bool {
        self.texts.iter().any(|text| **text == *cell)
    }

    /// Says whether a number counts as missing.
    fn is_number(&self, cell: &[u8], millionths: i64) -> bool {
        of_millionths(millionths).is_some_and(|number| self.numbers.contains(&number)) || self.is_text(cell)
    }
}

/// Says whether a text may be a number, in whatever way: then it ends in a digit, and begins with one or a sign, which may be no
/// ASCII.
fn is_like_a_number(cell: &[u8]) -> bool {
    cell.last().is_some_and(u8::is_ascii_digit)
        && cell.iter().all(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b',' | b'e' | b'E' | b' ' | b'\'' | 0x80..)
        })
}
