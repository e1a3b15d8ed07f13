//! When a record counts: spans of the instant at which somebody asks.
//!
//! Whether a record counts for an episode depends, once their keys are equal, only on the time of that episode: it must
//! lie in the window, and the record's `where` must hold as far as it could then be known. So a record has spans of that
//! time: in some it surely counts, in others perhaps. Times are ticks: nanoseconds, or days where an episode's time is a
//! date; an instant before 1678 or after 2261 is taken for the nearest that can be held.

use super::clock::Ticks;

/// A span of the time of the episode that asks: from a tick, up to and without another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: i64,
    pub(super) until: i64,
    /// Whether the record surely counts; else perhaps.
    pub(super) sure: bool,
    /// Of a share: what is known of the counted condition, as far as the record counts.
    pub(super) counted: Counted,
}

/// What is known of the condition of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Counted {
    No,
    Perhaps,
    Yes,
}

impl Span {
    /// Gives what both have in common; `None` if that is nothing.
    pub(super) fn within(self, from: i64, until: i64) -> Option<Self> {
        let (from, until) = (self.from.max(from), self.until.min(until));
        (from < until).then_some(Self { from, until, ..self })
    }

    /// Says whether it covers a tick.
    pub(super) fn covers(&self, tick: i64) -> bool {
        self.from <= tick && tick < self.until
    }
}

/// A part of the time axis in which what is known of a record does not change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phase {
    pub(super) from: i64,
    pub(super) until: i64,
    /// Whether the record surely passes `where` in it, or perhaps.
    pub(super) sure: bool,
    pub(super) counted: Counted,
}

impl Phase {
    /// All of the time axis, in which the record surely passes.
    pub(super) const ALWAYS: Self = Self { from: i64::MIN, until: i64::MAX, sure: true, counted: Counted::Yes };

    /// Says whether it is all of the time axis.
    pub(super) fn is_always(&self) -> bool {
        self.from == i64::MIN && self.until == i64::MAX
    }

    /// Gives the span of time in which the record passes.
    pub(super) fn as_span(&self) -> Span {
        Span { from: self.from, until: self.until, sure: self.sure, counted: self.counted }
    }
}

/// Gives the spans of a record: `surely` and `perhaps` are the stretches, ascending, in which it lies in the window
/// whatever its time is, and in which it may.
pub(super) fn spans(phases: &[Phase], surely: &[(i64, i64)], perhaps: &[(i64, i64)]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for phase in phases {
        let whole = |sure| Span { from: phase.from, until: phase.until, sure, counted: phase.counted };
        let surely = if phase.sure { surely } else { &[] };
        found.extend(surely.iter().filter_map(|(from, until)| whole(true).within(*from, *until)));
        for (from, until) in perhaps {
            let mut begin = *from;
            for (sure_from, sure_until) in surely {
                found.extend(whole(false).within(begin, *until.min(sure_from)));
                begin = begin.max(*sure_until);
            }
            found.extend(whole(false).within(begin, *until));
        }
    }
    found.sort_by_key(|span| span.from);
    merged(found)
}

/// Joins neighbours that say the same, so that a span of time is covered by one of them.
fn merged(spans: Vec<Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.until == span.from && (last.sure, last.counted) == (span.sure, span.counted) => {
                last.until = span.until;
            }
            _ => joined.push(span),
        }
    }
    joined
}

/// Makes one of several records with one id: it surely counts where every one of them does, and perhaps where any may.
pub(super) fn together(records: &[Vec<Span>], all_here: bool) -> Vec<Span> {
    let mut edges: Vec<i64> =
        records.iter().flat_map(|spans| spans.iter()).flat_map(|span| [span.from, span.until]).collect();
    edges.sort_unstable();
    edges.dedup();
    let mut changes: Vec<(i64, i64, i64, [i64; 3])> = Vec::new();
    for span in records.iter().flat_map(|spans| spans.iter()) {
        let mut counted = [0; 3];
        if let Some(slot) = counted.get_mut(span.counted as usize) {
            *slot = 1;
        }
        let sure = i64::from(span.sure);
        changes.push((span.from, 1, sure, counted));
        changes.push((span.until, -1, -sure, counted.map(|count| -count)));
    }
    changes.sort_by_key(|change| change.0);
    let needed = i64::try_from(records.len()).unwrap_or(i64::MAX);
    let mut changes = changes.into_iter().peekable();
    let (mut may, mut sure, mut counted) = (0, 0, [0i64; 3]);
    let mut found = Vec::new();
    for (from, until) in edges.iter().zip(edges.iter().skip(1)) {
        while let Some(change) = changes.next_if(|change| change.0 <= *from) {
            may += change.1;
            sure += change.2;
            counted.iter_mut().zip(change.3).for_each(|(count, change)| *count += change);
        }
        if may > 0 {
            let counted = match counted {
                [_, 0, 0] => Counted::No,
                [0, 0, _] => Counted::Yes,
                _ => Counted::Perhaps,
            };
            found.push(Span { from: *from, until: *until, sure: all_here && sure == needed, counted });
        }
    }
    merged(found)
}

/// Says whether spans, which ascend and do not overlap, cover the time of whoever asks: surely if they do so whatever it is.
pub(super) fn counts_at(spans: &[Span], time: Ticks) -> Option<(bool, Counted)> {
    let at = |tick: i64| from(spans, tick).first().filter(|span| span.covers(tick));
    if time.is_exact() {
        return at(time.first).map(|span| (span.sure, span.counted));
    }
    if time.either {
        let (one, other) = (at(time.first), at(time.last));
        let sure = one.is_some_and(|span| span.sure) && other.is_some_and(|span| span.sure);
        return one.or(other).map(|span| (sure, both(one, other).unwrap_or(span.counted)));
    }
    let mut may = from(spans, time.first).iter().take_while(|span| span.from <= time.last);
    let first = may.next()?;
    let mut counted = first.counted;
    let mut reaches = first.sure && first.from <= time.first;
    let mut end = first.until;
    for span in may {
        counted = if counted == span.counted { counted } else { Counted::Perhaps };
        reaches &= span.sure && span.from == end;
        end = span.until;
    }
    Some((reaches && time.last < end, counted))
}

/// Gives those of some spans that do not end before a tick. One that stands for many may have many.
fn from(spans: &[Span], tick: i64) -> &[Span] {
    const FEW: usize = 8;
    let is_over = |span: &Span| span.until <= tick;
    let first = if spans.len() > FEW {
        spans.partition_point(is_over)
    } else {
        spans.iter().position(|span| !is_over(span)).unwrap_or(spans.len())
    };
    spans.get(first..).unwrap_or_default()
}

fn both(one: Option<&Span>, other: Option<&Span>) -> Option<Counted> {
    match (one, other) {
        (Some(one), Some(other)) if one.counted == other.counted => Some(one.counted),
        (Some(_), Some(_)) => Some(Counted::Perhaps),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALWAYS: Phase = Phase::ALWAYS;

    fn shown(spans: &[Span]) -> Vec<(i64, i64, bool)> {
        spans.iter().map(|span| (span.from, span.until, span.sure)).collect()
    }

    #[test]
    fn a_record_counts_from_its_time_until_it_leaves_the_window() {
        assert_eq!(shown(&spans(&[ALWAYS], &[(10, 40)], &[(10, 40)])), [(10, 40, true)]);
        let partial = spans(&[ALWAYS], &[(15, 40)], &[(10, 45)]);
        assert_eq!(shown(&partial), [(10, 15, false), (15, 40, true), (40, 45, false)]);
        assert_eq!(shown(&spans(&[ALWAYS], &[], &[(10, 45)])), [(10, 45, false)]);
    }

    #[test]
    fn what_becomes_known_later_counts_from_then() {
        let later = Phase { from: 20, ..ALWAYS };
        assert_eq!(shown(&spans(&[later], &[(10, 40)], &[(10, 40)])), [(20, 40, true)]);
        let phases = [Phase { until: 20, sure: false, ..ALWAYS }, later];
        assert_eq!(shown(&spans(&phases, &[(10, 40)], &[(10, 40)])), [(10, 20, false), (20, 40, true)]);
    }

    #[test]
    fn records_of_one_id_count_once() {
        let one = spans(&[ALWAYS], &[(10, 40)], &[(10, 40)]);
        let two = spans(&[ALWAYS], &[(20, 50)], &[(20, 50)]);
        let both = together(&[one.clone(), two.clone()], true);
        assert_eq!(shown(&both), [(10, 20, false), (20, 40, true), (40, 50, false)]);
        assert_eq!(shown(&together(&[one, two], false)), [(10, 50, false)]);
    }
}
