//! When a case happens: as it states, or at noon of the first local day on which it and all that it follows are in
//! force.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time, date};

use crate::episode::{Episode, Slot};
use crate::policy::time::{When, days};
use crate::policy::{FieldId, FieldType, Length, Role, Value, Version};
use crate::source::Span;

use super::super::example::{Earlier, Situation, Stating};
use super::case::{Settings, Stated};

/// The day from which cases of a policy without a beginning are dated.
const FIRST_DAY: Date = date(2026, 1, 1);

/// The time of an episode: an instant, and its local day where the vocabulary says days only.
#[derive(Clone, Copy)]
struct Moment {
    at: Timestamp,
    day: Date,
}

impl Moment {
    fn noon(day: Date, version: &Version) -> Option<Self> {
        let noon = day.to_datetime(Time::constant(12, 0, 0, 0));
        let at = version.zone.to_ambiguous_timestamp(noon).compatible().ok()?;
        Some(Self { at, day })
    }

    fn earlier(self, distance: Length, version: &Version) -> Self {
        let at = distance.before(self.at, &version.zone);
        let of_days = distance.days_before(self.day).filter(|_| says_days(version));
        Self { at, day: of_days.unwrap_or_else(|| version.zone.to_datetime(at).date()) }
    }

    fn later(self, distance: Length, version: &Version) -> Self {
        let at = distance.after(self.at, &version.zone);
        let of_days = distance.days_after(self.day).filter(|_| says_days(version));
        Self { at, day: of_days.unwrap_or_else(|| version.zone.to_datetime(at).date()) }
    }

    /// Gives the moment as a value of a field.
    fn value(self, kind: FieldType, version: &Version) -> Value {
        match kind {
            FieldType::Date => Value::Date(self.day),
            _ => Value::Instant(When::exact(self.at, &version.zone)),
        }
    }
}

/// Says whether the role `time` field is a date.
fn says_days(version: &Version) -> bool {
    let field = version.vocabulary.role(Role::Time).and_then(|field| version.vocabulary.field(field));
    field.is_some_and(|field| field.kind == FieldType::Date)
}

/// An earlier episode to be made.
pub(in crate::check) struct Before {
    pub(in crate::check) case: String,
    pub(in crate::check) settings: Settings,
    pub(in crate::check) distance: Length,
    pub(in crate::check) origin: Span,
}

/// What an example sets, as it is written, and what it leaves out.
type Changes = (Vec<(FieldId, String)>, Vec<FieldId>);

/// Makes the episode of an example, those that it follows, and the instant as of which it is judged.
pub(in crate::check) fn situation(
    version: &Version,
    stating: Stating,
    (with, without): Changes,
    before: &[Before],
    later: Option<Length>,
) -> Option<Situation> {
    let distances: Vec<Length> = before.iter().map(|before| before.distance).collect();
    let own = stated_moment(&stating.settings, version).or_else(|| first_moment(&distances, version))?;
    let mut episode = episode(&stating.settings, own, &stating.title, stating.origin, version);
    for field in &without {
        episode.set(*field, Slot::Missing, None);
        if version.vocabulary.role(Role::Id) == Some(*field) {
            episode.id = None;
        }
    }
    let mut ids = BTreeMap::new();
    let earlier = |before: &Before| {
        let id = new_id(&before.case, before.distance, &mut ids);
        let moment = own.earlier(before.distance, version);
        let episode = earlier_episode(&before.settings, moment, &id, before.origin, version);
        Earlier {
            case: before.case.clone(),
            distance: before.distance,
            episode,
            origin: before.origin,
            settings: before.settings.clone(),
        }
    };
    let following = before.iter().map(earlier).collect();
    let as_of = later.map_or(own, |later| own.later(later, version));
    let end_of_day = days(as_of.day, as_of.day, &version.zone).ok().filter(|_| says_days(version));
    Some(Situation {
        case: stating.case.clone(),
        with,
        without,
        following,
        as_of_later: later,
        episode,
        as_of: end_of_day.map_or(as_of.at, |day| day.latest),
        stating,
    })
}

/// Makes up an id that no other record of the example has.
fn new_id(case: &str, distance: Length, ids: &mut BTreeMap<String, usize>) -> String {
    let plain = format!("{case}, {} earlier", distance.words());
    let same = ids.entry(plain.clone()).or_insert(0);
    *same += 1;
    if *same == 1 { plain } else { format!("{plain} ({same})") }
}

/// Gives the time that a case states: of what is known in part, the beginning.
fn stated_moment(settings: &Settings, version: &Version) -> Option<Moment> {
    match settings.get(&version.vocabulary.role(Role::Time)?)? {
        (Stated::Value(Value::Instant(when)), _) => Some(Moment { at: when.earliest, day: when.first_day }),
        (Stated::Value(Value::Date(day)), _) => Moment::noon(*day, version),
        _ => None,
    }
}

/// Finds noon of the first local day on which an episode and all that it follows are in force.
fn first_moment(distances: &[Length], version: &Version) -> Option<Moment> {
    let from = version.in_force.map(|in_force| in_force.from);
    let Some(from) = from else { return Moment::noon(FIRST_DAY, version) };
    let mut own = Moment::noon(from, version)?;
    // The latest of the days that each of them asks for, found from a day that is surely not too late.
    for distance in distances {
        let mut day = distance.days_after(from).unwrap_or_else(|| {
            let start = Moment { at: own.at, day: from };
            let begins = Moment::noon(from, version).unwrap_or(start);
            begins.later(*distance, version).day
        });
        for _ in 0..3 {
            day = day.yesterday().ok()?;
        }
        for _ in 0..6 {
            let moment = Moment::noon(day, version)?;
            if moment.earlier(*distance, version).day >= from {
                break;
            }
            day = day.tomorrow().ok()?;
        }
        if day > own.day {
            own = Moment::noon(day, version)?;
        }
    }
    Some(own)
}

/// Makes an episode that came before: its time is that distance before, whatever it states itself.
fn earlier_episode(settings: &Settings, moment: Moment, id: &str, at: Span, version: &Version) -> Episode {
    let mut settings = settings.clone();
    for role in [Role::Time, Role::Id] {
        if let Some(field) = version.vocabulary.role(role) {
            settings.remove(&field);
        }
    }
    episode(&settings, moment, id, at, version)
}

fn episode(settings: &Settings, moment: Moment, id: &str, at: Span, version: &Version) -> Episode {
    let vocabulary = &version.vocabulary;
    let mut episode = Episode::new(at, vocabulary.fields.len());
    episode.id = Some(id.to_owned());
    if let Some(field) = vocabulary.role(Role::Id) {
        episode.set(field, Slot::Present(Value::Text(id.into())), None);
    }
    if let Some(field) = vocabulary.role(Role::Time) {
        let kind = vocabulary.field(field).map_or(FieldType::Instant, |field| field.kind);
        episode.set(field, Slot::Present(moment.value(kind, version)), None);
    }
    for (field, (stated, place)) in settings {
        let kind = vocabulary.field(*field).map_or(FieldType::Instant, |field| field.kind);
        let value = match stated {
            Stated::Value(value) => value.clone(),
            Stated::Relative(length, true) => moment.earlier(*length, version).value(kind, version),
            Stated::Relative(length, false) => moment.later(*length, version).value(kind, version),
        };
        if let (true, Value::Text(own)) = (vocabulary.role(Role::Id) == Some(*field), &value) {
            episode.id = Some(own.to_string());
        }
        episode.set(*field, Slot::Present(value), Some(*place));
    }
    episode
}
