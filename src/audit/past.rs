//! What came before: the first pass over the records, for the policies that look back.

use jiff::Timestamp;

use crate::episode::Episode;
use crate::judge::{Gathering, Past};
use crate::log::Item;
use crate::policy::time::{When, days};
use crate::policy::{Policy, Role, Value, Version};

use super::lens::{self, Lens};
use super::{Audit, Clock, PolicyResult};

/// The past of each policy that looks back.
#[derive(Debug, Default)]
pub(super) struct Gathered<'a> {
    pub(super) pasts: Vec<Option<Past<'a>>>,
    /// For each log that was read by blocks: the number of the first record of each block.
    pub(super) firsts: Vec<Vec<u32>>,
}

/// Takes up every record that is judged, for each policy that looks back; reads nothing where none does.
pub(super) fn gather<'a>(audit: &Audit<'a>, _running: &super::Running) -> Gathered<'a> {
    let mut lenses = Lens::all(audit.set);
    Gathered { pasts: gather_pasts(audit, &mut lenses), firsts: Vec::new() }
}

fn gather_pasts<'a>(audit: &Audit<'a>, lenses: &mut [Lens<'a>]) -> Vec<Option<Past<'a>>> {
    let mut gatherings: Vec<Option<Gathering<'a>>> =
        audit.set.policies.iter().map(|policy| gathering(policy, audit.clock)).collect();
    if gatherings.iter().all(Option::is_none) {
        return gatherings.into_iter().map(|_| None).collect();
    }
    let of_policies = lens::of_versions(lenses, audit.set);
    each_record(audit, lenses, |lenses, episodes| {
        if is_left_out(lenses, episodes, audit.clock) {
            return;
        }
        for (of_versions, gathering) in of_policies.iter().zip(&mut gatherings) {
            if let Some(gathering) = gathering {
                gathering.add(&lens::readings(of_versions, episodes));
            }
        }
    });
    gatherings.into_iter().map(|gathering| gathering.map(Gathering::close)).collect()
}

fn gathering(policy: &Policy, clock: Clock) -> Option<Gathering<'_>> {
    let zone = &policy.versions.first()?.zone;
    let begins = clock.log_from.and_then(|day| days(day, day, zone).ok()).map(|day| day.earliest);
    Some(Gathering::new(policy, clock.as_of)?.complete_since(begins))
}

/// Reads every record of an audit through every lens.
fn each_record<'a>(audit: &Audit<'a>, lenses: &mut [Lens<'a>], mut take: impl FnMut(&[Lens<'a>], &[Episode])) {
    for input in audit.inputs {
        super::blocks::each_item(audit, input, &mut |item| {
            if let Item::Record(record) = item {
                let readings = lens::read(lenses, &record, audit.clock.present);
                take(lenses, &readings.episodes);
            }
        });
    }
}

/// Finds the newest record that surely lies after the as-of instant: its time, in the words of its log.
pub(super) fn newest_after(audit: &Audit<'_>) -> Option<Timestamp> {
    let mut lenses = Lens::all(audit.set);
    let mut newest = None;
    each_record(audit, &mut lenses, |lenses, episodes| {
        newest = newest.max(time_of(lenses, episodes).map(|when| when.earliest));
    });
    newest.filter(|newest| *newest > audit.clock.as_of)
}

/// Says whether a record lies after the as-of instant and is therefore left out.
pub(super) fn is_left_out(lenses: &[Lens<'_>], episodes: &[Episode], clock: Clock) -> bool {
    clock.reconstruct && time_of(lenses, episodes).is_some_and(|when| when.earliest > clock.as_of)
}

/// Gives the time of a record, by the first lens that finds one.
fn time_of(lenses: &[Lens<'_>], episodes: &[Episode]) -> Option<When> {
    lenses.iter().zip(episodes).find_map(|(lens, episode)| lens.time_of(episode))
}

/// Reads the time of an episode, a date as its whole day.
pub(super) fn instants(version: &Version, episode: &Episode, role: Role) -> Option<When> {
    match episode.value(version.vocabulary.role(role)?)? {
        Value::Instant(when) => Some(*when),
        Value::Date(day) => days(*day, *day, &version.zone).ok(),
        _ => None,
    }
}

/// Says whether a window of some history clause reaches back before the log begins.
pub(super) fn reaches_before_log(result: &PolicyResult<'_>) -> bool {
    let (Some(version), Some(past)) = (result.version, result.past) else { return false };
    let (Some(time), Some(begins)) = (instants(version, result.episode, Role::Time), past.begins()) else {
        return false;
    };
    let mut lengths = version.conditions.histories().iter().filter_map(|history| history.window.length());
    lengths.any(|length| length.before(time.earliest, &version.zone) < begins)
}
