//! The special records with one key, by their time, with running totals.

use std::collections::{BTreeSet, HashMap};

use crate::judge::measured::Exact;
use crate::policy::Function;

use super::clock::Ticks;
use super::spans::{Span, counts_at};
use super::special::Special;
use super::steps::{Fulfil, Signed, Steps, Total, Values, Weight};

/// The times that are parts of dates, from their first tick to their last.
pub(super) type Dates = BTreeSet<(i64, i64)>;

/// A record with its spans, and its value where something is summed.
pub(super) type Spanned<'s> = (&'s [Span], Option<Exact>);

/// The special records with one key.
#[derive(Debug)]
pub(super) struct Group {
    /// Those that may count, by their time.
    pub(super) records: Box<[Special]>,
    /// The longest time, in ticks, over which the time of one of them is open.
    pub(super) longest: i64,
    pub(super) totals: Totals,
}

/// What they come to.
#[derive(Debug)]
pub(super) enum Totals {
    Counts(Summed<(), ()>),
    Shares(Summed<Fulfil, Fulfil>),
    Sums(Summed<Values, Signed>),
    None,
}

/// The totals of a group: for whoever asks at an instant, and for whoever has a part of a date for a time.
#[derive(Debug)]
pub(super) struct Summed<S, M> {
    pub(super) steps: Steps<S, M>,
    /// By the first and the last tick of such a part.
    of_dates: HashMap<(i64, i64), Total<S, M>>,
}

impl Totals {
    /// Adds up the records of a group, for those who ask at the given parts of dates too.
    pub(super) fn new(function: Function, records: &[Spanned<'_>], dates: Option<&Dates>) -> Self {
        match function {
            Function::Count => Self::Counts(Summed::new(records, dates)),
            Function::Share(_) => Self::Shares(Summed::new(records, dates)),
            Function::Sum(_) | Function::Average(_) => Self::Sums(Summed::new(records, dates)),
            Function::TimeSinceLast => Self::None,
        }
    }
}

impl<S: Weight, M: Weight> Summed<S, M> {
    fn new(records: &[Spanned<'_>], dates: Option<&Dates>) -> Self {
        let of_record = |(spans, value): &Spanned<'_>| -> Vec<(Span, Option<Exact>)> {
            spans.iter().map(|span| (*span, *value)).collect()
        };
        let spans: Vec<(Span, Option<Exact>)> = records.iter().flat_map(of_record).collect();
        let total = |date: &(i64, i64)| {
            let time = Ticks { first: date.0, last: date.1, either: false };
            let counting = records.iter().filter_map(|(spans, value)| Some((counts_at(spans, time)?, *value)));
            let total = counting.fold(Total::default(), |total: Total<S, M>, ((sure, counted), value)| {
                total.with(&Span { from: 0, until: 1, sure, counted }, value)
            });
            (*date, total)
        };
        let of_dates = dates.into_iter().flatten().map(total).collect();
        Self { steps: Steps::new(&spans), of_dates }
    }

    /// Gives the total for whoever asks at a part of a date that was foreseen.
    pub(super) fn of_date(&self, time: Ticks) -> Option<Total<S, M>> {
        self.of_dates.get(&(time.first, time.last)).copied()
    }
}
