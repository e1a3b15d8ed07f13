//! What clocks show: `X between 22:00 and 07:00`, of an instant on the line.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::policy::time::{DAY, is_on_clock, is_time_between};

use super::line::{Line, Node};
use super::solver::Lit;
use super::subsets::fewest;
use super::world::World;

/// `X between 22:00 and 07:00`, of a place on the line.
pub(crate) struct ClockTest {
    pub(crate) node: Node,
    pub(crate) zone: TimeZone,
    pub(crate) from: Time,
    pub(crate) until: Time,
    pub(crate) lit: Lit,
}

/// What is said of clocks and was not found to hold at any moment.
pub(crate) struct ClockClash {
    pub(crate) lits: Vec<Lit>,
    /// Whether there is no such moment.
    pub(crate) certain: bool,
}

impl ClockTest {
    fn shows(&self, at: i128) -> Option<bool> {
        let at = Timestamp::from_nanosecond(at).ok()?;
        Some(is_on_clock(at, self.from, self.until, &self.zone))
    }
}

impl World<'_> {
    /// Moves instants within a day so that the clocks show what the model says.
    pub(crate) fn set_clocks(&self, places: &mut [i128]) -> Result<(), ClockClash> {
        const QUARTER: i128 = DAY / 96;
        let nodes: BTreeSet<Node> = self.clocks.iter().map(|test| test.node).collect();
        for node in nodes {
            let tests = self.clocks.iter().filter(|test| test.node == node);
            let said: Vec<(&ClockTest, bool)> = tests.map(|test| (test, self.solver.value(test.lit))).collect();
            let fits = |at: i128| said.iter().all(|(test, holds)| test.shows(at) == Some(*holds));
            let now = Line::of(places, node);
            let steps = (0..=192).flat_map(|step| [now + step * QUARTER, now - step * QUARTER]);
            let near = said.iter().flat_map(|(test, _)| edges_of_day(test, now));
            let found = steps.chain(near).find(|at| fits(*at) && self.line.may_move(places, node, *at));
            match (found, places.get_mut(node.index())) {
                (Some(at), Some(place)) => *place = at,
                _ => return Err(clash(&said)),
            }
        }
        Ok(())
    }
}

fn clash(said: &[(&ClockTest, bool)]) -> ClockClash {
    let literal = |(test, holds): &(&ClockTest, bool)| if *holds { test.lit } else { !test.lit };
    let never = said.iter().find_map(|(test, _)| never_on(&test.zone, said));
    let certain = never.is_some();
    ClockClash { lits: never.as_deref().unwrap_or(said).iter().map(literal).collect(), certain }
}

/// Gives the fewest statements about the clocks of one zone that hold together at no time of day; none where all may hold.
fn never_on<'t>(zone: &TimeZone, said: &[(&'t ClockTest, bool)]) -> Option<Vec<(&'t ClockTest, bool)>> {
    let of_zone: Vec<(&ClockTest, bool)> = said.iter().copied().filter(|(test, _)| test.zone == *zone).collect();
    (!is_some_time(&of_zone)).then(|| fewest(of_zone, |kept| !is_some_time(kept)))
}

/// Says whether clocks can show what is said of them: what they show changes only where one of the hours begins or ends.
fn is_some_time(said: &[(&ClockTest, bool)]) -> bool {
    let mut times = said.iter().flat_map(|(test, _)| [test.from, test.until]);
    let shows = |time: Time| said.iter().all(|(test, holds)| is_time_between(time, test.from, test.until) == *holds);
    said.is_empty() || times.any(shows)
}

/// Gives the moments near another at which the hours of a test begin and end, and the last before each.
fn edges_of_day(test: &ClockTest, near: i128) -> Vec<i128> {
    let Ok(at) = Timestamp::from_nanosecond(near) else { return Vec::new() };
    let day = test.zone.to_datetime(at).date();
    let days = [day.yesterday().unwrap_or(day), day, day.tomorrow().unwrap_or(day)];
    let moment = |day: jiff::civil::Date, time: Time| {
        let at = test.zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().ok()?;
        Some([at.as_nanosecond(), at.as_nanosecond() - 1])
    };
    days.into_iter().flat_map(|day| [moment(day, test.from), moment(day, test.until)]).flatten().flatten().collect()
}
