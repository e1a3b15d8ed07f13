//! Earlier episodes that make history clauses come to what a case supposes, where that is plain: so many episodes like the
//! case itself, each at a distance.
//!
//! Counts of the same records over windows of different lengths are rings around the time of the episode; as many as a
//! count asks for are put into its ring. Whether they do what they should, the judge says; else the case stays with its
//! suppositions.

use jiff::{SignedDuration, Timestamp};

use crate::episode::{Episode, Slot};
use crate::judge::{Gathering, Standpoint, Verdict};
use crate::policy::time::When;
use crate::policy::{Function, Length, Policy, Role, Value, Version, Window};

use super::field::ONE;
use super::line::Line;
use super::verdict::Verdicts;
use super::whatever::judged;
use super::world::{Settled, World};

/// How many earlier episodes a case may have.
const MOST_BEFORE: i128 = 60;

impl World<'_> {
    /// Gives how long before the episode others like it must lie for the judge to say the same without supposing anything.
    pub(crate) fn before(
        &self,
        settled: &Settled,
        episodes: &[Episode],
        verdicts: &[Verdicts],
    ) -> Option<Vec<SignedDuration>> {
        let distances = self.distances(settled)?;
        let all = self.policies.iter().zip(&self.first).zip(verdicts);
        for ((policy, first), verdicts) in all {
            let own: Vec<&Episode> = episodes.iter().skip(*first).take(policy.versions.len()).collect();
            let verdict = judged_after(policy, &own, &distances)?;
            self.solver.value(verdicts.lit(verdict)).then_some(())?;
        }
        Some(distances)
    }

    /// Puts as many into the ring of each window as its count asks for; none where that is not plain.
    fn distances(&self, settled: &Settled) -> Option<Vec<SignedDuration>> {
        let mut rings: Vec<(SignedDuration, i128)> = Vec::new();
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
            rings.push((length(quantity.window)?, needed));
        }
        rings.sort_unstable();
        let (mut distances, mut inner) = (Vec::new(), SignedDuration::ZERO);
        for (outer, needed) in rings {
            let placed = i128::try_from(distances.len()).ok()?;
            let more = u32::try_from(needed - placed).ok()?;
            let room = (outer - inner) / i32::try_from(more + 1).ok()?;
            let step = room.min(SignedDuration::from_hours(24));
            // At the very edge of the inner window a record is out of it already; of the episode itself it is kept apart.
            let from = if inner.is_zero() { step } else { inner };
            distances
                .extend((0..more).filter_map(|number| Some(from + step.checked_mul(i32::try_from(number).ok()?)?)));
            inner = outer;
        }
        (!distances.is_empty()).then_some(distances)
    }
}

/// Gives how far a window reaches back; a very long time where it has no end.
fn length(window: Window) -> Option<SignedDuration> {
    match window {
        Window::InThePast(Length::Exact(length)) | Window::InAny(Length::Exact(length)) => Some(length),
        Window::ToDate => Some(SignedDuration::from_hours(24 * 3650)),
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
    let time = version.vocabulary.role(Role::Time)?;
    let Some(Value::Instant(when)) = episode.value(time) else { return None };
    let at = when.earliest.checked_sub(distance).ok()?;
    let mut shifted = episode.clone();
    shifted.set(time, Slot::Present(Value::Instant(When::exact(at, &version.zone))), None);
    Some(shifted)
}
