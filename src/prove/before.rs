//! Earlier episodes that make history clauses come to what a case supposes, where that is plain: so many episodes like the
//! case itself, each at a distance.
//!
//! Counts of the same records over windows of different lengths are rings around the time of the episode; as many as a
//! count asks for are put into its ring. Months are longer at one time and shorter at another: if need be, the case is moved.
//! Whether they do what they should, the judge says; else the case stays with its suppositions.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::episode::{Episode, Slot};
use crate::judge::{Gathering, Standpoint, Verdict};
use crate::policy::time::When;
use crate::policy::{FieldType, Function, Length, Policy, Role, Value, Version, Window};

use super::field::ONE;
use super::line::Line;
use super::verdict::Verdicts;
use super::whatever::judged;
use super::world::{Settled, World};

/// How many earlier episodes a case may have.
const MOST_BEFORE: i128 = 60;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// In how many years another time is looked for.
const YEARS: i16 = 6;

impl World<'_> {
    /// Gives how long before the episode others like it must lie for the judge to say the same without supposing anything. The
    /// episode is moved to another time where months must be longer or shorter.
    pub(crate) fn before(
        &self,
        settled: &Settled,
        episodes: &mut Vec<Episode>,
        verdicts: &[Verdicts],
    ) -> Option<Vec<SignedDuration>> {
        let needs = self.needs(settled)?;
        let has_months = needs.iter().any(|need| matches!(need.0.length(), Some(Length::Civil(_))));
        let (version, own) = self.versions.first().copied().zip(episodes.first())?;
        let at = time_of(version, own)?;
        let clock = Clock::of(version);
        let others = if has_months { clock.other_times(at) } else { Vec::new() };
        for at in [at].into_iter().chain(others) {
            let Some(distances) = clock.distances(&needs, at) else { continue };
            let moved: Option<Vec<Episode>> =
                self.versions.iter().zip(&*episodes).map(|(version, episode)| moved_to(version, episode, at)).collect();
            let moved = moved?;
            if self.is_judged_so(&moved, &distances, verdicts) {
                *episodes = moved;
                return Some(distances);
            }
        }
        None
    }

    fn is_judged_so(&self, episodes: &[Episode], distances: &[SignedDuration], verdicts: &[Verdicts]) -> bool {
        self.policies.iter().zip(&self.first).zip(verdicts).all(|((policy, first), verdicts)| {
            let own: Vec<&Episode> = episodes.iter().skip(*first).take(policy.versions.len()).collect();
            judged_after(policy, &own, distances).is_some_and(|verdict| self.solver.value(verdicts.lit(verdict)))
        })
    }

    /// Gives how many others each window must hold; none where that is not plain.
    fn needs(&self, settled: &Settled) -> Option<Vec<(Window, i128)>> {
        let mut needs: Vec<(Window, i128)> = Vec::new();
        let mut among = None;
        for (at, asks) in self.asked.values() {
            let quantity = self.quantities.get(*at)?;
            let (low, high) = (Line::of(&settled.places, quantity.low), Line::of(&settled.places, quantity.high));
            let itself = i128::from(quantity.window.counts_itself());
            let needed = (low / ONE).max(itself) - itself;
            if !self.solver.value(*asks) || needed == 0 {
                continue;
            }
            let plain = low == high && quantity.function == Function::Count && needed <= MOST_BEFORE;
            let same = among.is_none_or(|among| among == &quantity.among);
            (plain && same).then_some(())?;
            among = Some(&quantity.among);
            needs.push((quantity.window, needed));
        }
        (!needs.is_empty()).then_some(needs)
    }
}

/// How the times of the episodes of a version are told: days as their midnights, on a clock that runs evenly.
struct Clock {
    zone: TimeZone,
    by_days: bool,
}

impl Clock {
    fn of(version: &Version) -> Self {
        let by_days = version.vocabulary.counts_days();
        Self { zone: if by_days { TimeZone::UTC } else { version.zone.clone() }, by_days }
    }

    /// Puts as many into the ring of each window as its count asks for; none where windows ask for more than those around them.
    fn distances(&self, needs: &[(Window, i128)], at: Timestamp) -> Option<Vec<SignedDuration>> {
        let rings = needs.iter().map(|(window, needed)| Some((self.length(*window, at)?, *needed)));
        let mut rings: Vec<(SignedDuration, i128)> = rings.collect::<Option<_>>()?;
        rings.sort_unstable();
        let (mut distances, mut inner) = (Vec::new(), SignedDuration::ZERO);
        for (outer, needed) in rings {
            let placed = i128::try_from(distances.len()).ok()?;
            let more = u32::try_from(needed - placed).ok()?;
            if self.by_days {
                distances.extend(in_days(inner, outer, more)?);
            } else {
                distances.extend(in_moments(inner, outer, more));
            }
            inner = outer;
        }
        Some(distances)
    }

    /// Gives how far a window reaches back; a very long time where it has no end.
    fn length(&self, window: Window, at: Timestamp) -> Option<SignedDuration> {
        match window {
            Window::InThePast(length) | Window::InAny(length) => Some(at.duration_since(length.before(at, &self.zone))),
            Window::ToDate => Some(DAY * 3650),
            Window::AtTheSameTime => None,
        }
    }

    /// Gives other times, in the years that follow one, before which months are shorter or longer: the first and the last day
    /// of each month, and the days on which clocks are set.
    fn other_times(&self, at: Timestamp) -> Vec<Timestamp> {
        let zone = &self.zone;
        let year = zone.to_datetime(at).year();
        let hour = if self.by_days { 0 } else { 12 };
        let time = |day: Date| zone.to_ambiguous_timestamp(day.at(hour, 0, 0, 0)).compatible().ok();
        let months = (0..YEARS).flat_map(|years| (1..=12).map(move |month| (year.saturating_add(years), month)));
        let firsts = months.filter_map(|(year, month)| Date::new(year, month, 1).ok());
        let of_months = firsts.flat_map(|first| [first, first.last_of_month()]);
        let changes = zone.following(at).take(2 * usize::from(YEARS.unsigned_abs()));
        let of_clocks = changes.map(|change| zone.to_datetime(change.timestamp()).date());
        of_months.chain(of_clocks).filter_map(time).collect()
    }
}

/// Gives so many distances between those of two windows, a day apart if there is room.
fn in_moments(inner: SignedDuration, outer: SignedDuration, count: u32) -> Vec<SignedDuration> {
    let parts = i32::try_from(count).unwrap_or(i32::MAX).saturating_add(1);
    let step = ((outer - inner) / parts).min(DAY);
    // At the very edge of the inner window a record is out of it already; of the episode itself it is kept apart.
    let from = if inner.is_zero() { step } else { inner };
    (0..parts - 1).filter_map(|number| Some(from + step.checked_mul(number)?)).collect()
}

/// Gives so many distances between those of two windows in whole days, several on the last of them if need be; none where only
/// the day of the episode itself is left.
fn in_days(inner: SignedDuration, outer: SignedDuration, count: u32) -> Option<Vec<SignedDuration>> {
    let (from, last) = (inner.max(DAY), outer - DAY);
    let room = count == 0 || from <= last;
    let number = |number: u32| (from + DAY * i32::try_from(number).unwrap_or(i32::MAX)).min(last);
    room.then(|| (0..count).map(number).collect())
}

fn time_of(version: &Version, episode: &Episode) -> Option<Timestamp> {
    match episode.value(version.vocabulary.role(Role::Time)?)? {
        Value::Instant(when) => Some(when.earliest),
        Value::Date(day) => TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok(),
        _ => None,
    }
}

/// Judges an episode that follows others like it.
fn judged_after(policy: &Policy, own: &[&Episode], distances: &[SignedDuration]) -> Option<Verdict> {
    let Some(mut gathering) = Gathering::new(policy, Timestamp::MAX) else {
        return Some(judged(policy, own, Standpoint::alone(Timestamp::UNIX_EPOCH)).verdict);
    };
    for distance in distances {
        let earlier: Option<Vec<Episode>> =
            policy.versions.iter().zip(own).map(|(version, episode)| shifted(version, episode, *distance)).collect();
        let earlier = earlier?;
        gathering.add(&earlier.iter().collect::<Vec<_>>());
    }
    gathering.add(own);
    let past = gathering.close();
    let record = u32::try_from(distances.len()).ok()?;
    let standpoint = Standpoint::after(Timestamp::UNIX_EPOCH, Some((&past, record)));
    Some(judged(policy, own, standpoint).verdict)
}

/// Gives an episode like another, so much earlier.
fn shifted(version: &Version, episode: &Episode, distance: SignedDuration) -> Option<Episode> {
    let at = time_of(version, episode)?.checked_sub(distance).ok()?;
    moved_to(version, episode, at)
}

/// Gives an episode like another, at a time.
fn moved_to(version: &Version, episode: &Episode, at: Timestamp) -> Option<Episode> {
    let time = version.vocabulary.role(Role::Time)?;
    let value = match version.vocabulary.field(time)?.kind {
        FieldType::Date => Value::Date(TimeZone::UTC.to_datetime(at).date()),
        _ => Value::Instant(When::exact(at, &version.zone)),
    };
    let mut moved = episode.clone();
    moved.set(time, Slot::Present(value), None);
    Some(moved)
}
