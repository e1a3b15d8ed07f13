//! What would settle a verdict that looks back: fields of other episodes too, tried out by value.
//!
//! Takes the episodes among which one is judged. Values stand for all of their sort where that can be known: every name and
//! level, everybody whom some episode names and somebody new, numbers and moments at, between and beside those with which they
//! are compared. The past is made anew with the values written in, and the judge and the exact verdict decide, so that what
//! is said to settle a verdict does; that nothing does, or that a set always does, is said only where every sort was tried.

use std::collections::BTreeSet;

use crate::episode::{Episode, Slot};
use crate::judge::{Evaluation, Gathering, Measured, Standpoint, Verdict, judge_by};
use crate::policy::{
    Condition, Field, FieldId, FieldType, History, HistoryId, Policy, Role, Rule, Value, Version, Window,
};

use super::evidence::{Evidence, Settling};
use super::exact::{Exact, measures};
use super::sorts::{self, Sorts};
use super::subsets::subsets;
use super::turning;

/// How many episodes may have a part in it, and how many fields are looked at, and how many of them together.
const MOST_RECORDS: usize = 60;
const MOST_ITEMS: usize = 10;
const MOST_TOGETHER: usize = 3;

/// How many records are made, for one episode and for one set, and how many sets are given.
const MOST_TRIED: usize = 2_000;
const MOST_OF_A_SET: usize = 400;
const MOST_SETS: usize = 20;

/// The episodes among which one is judged, in the order in which a past took them up.
#[derive(Debug, Clone, Copy)]
pub struct Among<'a> {
    /// Each as the versions of the policy read it.
    pub episodes: &'a [Vec<Episode>],
}

/// A field of one of the episodes.
type Item = (usize, FieldId);

impl<'s> Others<'s> {
    /// Looks at the episodes among which one is judged; nothing where too many of them may have a part in it, or versions of the
    /// policy read them in other words.
    pub(super) fn of(policy: &'s Policy, at: usize, among: Among<'_>, standpoint: Standpoint<'s>) -> Option<Self> {
        let (version, (_, asks)) = (policy.versions.get(at)?, standpoint.past?);
        let all_read = among.episodes.iter().all(|readings| readings.len() == policy.versions.len());
        let company = Company::of(version, at, among, asks as usize).filter(|_| all_read && all_read_alike(policy))?;
        let others = Self { policy, version, at, company, standpoint, left: MOST_TRIED };
        others.is_faithful().then_some(others)
    }

    /// Says what some fields of the episode itself can settle.
    pub(super) fn tries_own(&mut self, exact: &mut Exact<'_>, set: &[FieldId]) -> Tried {
        let asks = self.company.asks;
        self.tries(exact, &set.iter().map(|field| (asks, *field)).collect::<Vec<_>>())
    }

    /// Adds what fields of other episodes can settle to what fields of the episode itself can. Of some sets of these it was not
    /// worked out whether they can, and so what holds them is not known to be the smallest.
    pub(super) fn extend(
        &mut self,
        exact: &mut Exact<'_>,
        own: &[FieldId],
        own_unsure: &[Vec<FieldId>],
        evidence: &mut Evidence,
    ) {
        let asks = self.company.asks;
        let all: Vec<Item> = self.items().into_iter().chain(own.iter().map(|field| (asks, *field))).collect();
        evidence.cut |= all.len() > MOST_ITEMS;
        let all: Vec<Item> = all.into_iter().take(MOST_ITEMS).collect();
        let mut unsure: Vec<Vec<Item>> =
            own_unsure.iter().map(|set| set.iter().map(|field| (asks, *field)).collect()).collect();
        for size in 1..=MOST_TOGETHER {
            for set in self.sets(&all, size, evidence) {
                if self.left == 0 || evidence.sets.len() >= MOST_SETS {
                    evidence.cut = true;
                    return;
                }
                let holds_unsure = unsure.iter().any(|known| known.iter().all(|item| set.contains(item)));
                if holds_unsure || self.holds_part_of(evidence, &set) {
                    continue;
                }
                let tried = self.tries(exact, &set);
                match tried.can {
                    true => evidence.sets.push(self.settling(&set, tried.always())),
                    false if tried.certain => {}
                    false => unsure.push(set),
                }
            }
        }
        evidence.cut |= !unsure.is_empty() || !self.sets(&all, MOST_TOGETHER + 1, evidence).is_empty();
        evidence.looks_back = false;
    }

    /// Gives every selection of so many fields, one of another episode among them, that has no smaller one in it that settles.
    fn sets(&self, all: &[Item], size: usize, evidence: &Evidence) -> Vec<Vec<Item>> {
        let sets = subsets(all, size).into_iter().map(|set| set.into_iter().copied().collect());
        let has_another = |set: &Vec<Item>| set.iter().any(|item| item.0 != self.company.asks);
        sets.filter(has_another).filter(|set| !self.holds_part_of(evidence, set)).collect()
    }
}

/// Says whether every version reads records in the same words, so that what is written for one is for all.
fn all_read_alike(policy: &Policy) -> bool {
    let same = |one: &Version, other: &Version| {
        let fields = one.vocabulary.fields.iter().zip(&other.vocabulary.fields);
        one.vocabulary.fields.len() == other.vocabulary.fields.len()
            && fields.into_iter().all(|(one, other): (&Field, &Field)| one.path == other.path && one.kind == other.kind)
    };
    policy.versions.windows(2).all(|pair| matches!(pair, [one, other] if same(one, other)))
}

/// The episodes that may have a part in what one comes to.
struct Company {
    /// The number of each among all, and its readings.
    episodes: Vec<(u32, Vec<Episode>)>,
    /// Which of them asks.
    asks: usize,
}

impl Company {
    /// Leaves out those that surely have none; nothing where too many are left.
    fn of(version: &Version, at: usize, among: Among<'_>, asks: usize) -> Option<Self> {
        let own = among.episodes.get(asks)?.get(at)?;
        let may = |(number, readings): &(usize, &Vec<Episode>)| {
            let episode = readings.get(at);
            *number == asks
                || episode.is_some_and(|episode| {
                    // Several records with one id count together.
                    episode.id.is_some() && episode.id == own.id
                        || version.conditions.histories().iter().any(|one| may_count(version, one, own, episode))
                })
        };
        let kept = || among.episodes.iter().enumerate().filter(may);
        if kept().count() > MOST_RECORDS {
            return None;
        }
        let place = kept().position(|(number, _)| number == asks)?;
        let episodes = kept().map(|(number, readings)| Some((u32::try_from(number).ok()?, readings.clone())));
        Some(Self { episodes: episodes.collect::<Option<Vec<_>>>()?, asks: place })
    }
}

/// Says whether an episode may count for another, whatever is written in addition: by its keys and its time.
fn may_count(version: &Version, history: &History, own: &Episode, episode: &Episode) -> bool {
    let may_be_same = history.keys.iter().all(|key| match (own.value(key.asked), episode.value(key.stored)) {
        (Some(own), Some(other)) => own == other,
        _ => true,
    });
    let time = version.vocabulary.episode_time();
    let times = time.and_then(|time| Some((own.value(time)?, episode.value(time)?)));
    let is_near = match times {
        Some((Value::Instant(own), Value::Instant(other))) if history.window != Window::AtTheSameTime => {
            let begins = history.window.length().map(|length| length.before(own.earliest, &version.zone));
            // Days differ in length: a little more than the window is looked at.
            let begins = begins.and_then(|at| at.checked_sub(jiff::SignedDuration::from_hours(96)).ok());
            other.earliest <= own.latest && begins.is_none_or(|begins| other.latest >= begins)
        }
        _ => true,
    };
    may_be_same && is_near
}

/// What came of the values that were tried.
#[derive(Debug, Default)]
pub(super) struct Tried {
    /// Whether some settle the verdict, and whether some do not.
    pub(super) can: bool,
    cannot: bool,
    /// Whether every sort was tried.
    pub(super) certain: bool,
}

impl Tried {
    /// Says whether all values settle the verdict, where some do; none where that is not known.
    pub(super) fn always(&self) -> Option<bool> {
        if self.cannot { Some(false) } else { self.certain.then_some(true) }
    }
}

/// The episodes among which one is judged, and how much is still tried.
pub(super) struct Others<'s> {
    policy: &'s Policy,
    version: &'s Version,
    at: usize,
    company: Company,
    standpoint: Standpoint<'s>,
    left: usize,
}

impl Others<'_> {
    /// Says whether the episodes that are left come to what all of them do.
    fn is_faithful(&self) -> bool {
        let Some(own) = self.own(&self.company.episodes) else { return false };
        let all = measures(self.version, self.at, own, self.standpoint);
        self.with_past(&self.company.episodes, |standpoint| measures(self.version, self.at, own, standpoint))
            == Some(all)
    }

    fn own<'e>(&self, episodes: &'e [(u32, Vec<Episode>)]) -> Option<&'e Episode> {
        episodes.get(self.company.asks)?.1.get(self.at)
    }

    fn with_past<T>(&self, episodes: &[(u32, Vec<Episode>)], ask: impl FnOnce(Standpoint<'_>) -> T) -> Option<T> {
        let mut gathering = Gathering::new(self.policy, self.standpoint.as_of)?;
        for (_, readings) in episodes {
            gathering.add(&readings.iter().collect::<Vec<_>>());
        }
        let past = gathering.close();
        let asks = u32::try_from(self.company.asks).ok()?;
        Some(ask(Standpoint::after(self.standpoint.as_of, Some((&past, asks)))))
    }

    /// Gives the open fields of other episodes that may have a part in it, in the order of the episodes.
    fn items(&self) -> Vec<Item> {
        let clauses = self.clauses();
        let mut items = Vec::new();
        for (place, (_, readings)) in self.company.episodes.iter().enumerate() {
            let Some(episode) = readings.get(self.at).filter(|_| place != self.company.asks) else { continue };
            let read: BTreeSet<FieldId> = clauses.iter().flat_map(|history| self.read(history, episode)).collect();
            let may_stand = |field: &FieldId| {
                let role = self.version.vocabulary.field(*field).and_then(|field| field.role);
                !matches!(role, Some(Role::Recorded | Role::Id))
            };
            items.extend(read.into_iter().filter(may_stand).map(|field| (place, field)));
        }
        items
    }

    /// Gives the history clauses that a verdict may ask.
    fn clauses(&self) -> Vec<&History> {
        let conditions = &self.version.conditions;
        let asks = self.version.rules.iter().filter(|rule| rule.decides() || rule.is_permit()).flat_map(Rule::clauses);
        let asked: BTreeSet<HistoryId> = (conditions.leaves(asks).into_iter())
            .filter_map(|leaf| match conditions.get(leaf) {
                Condition::Measure { history, .. } => Some(*history),
                _ => None,
            })
            .collect();
        asked.into_iter().filter_map(|id| conditions.history(id)).collect()
    }

    /// Gives the open fields of an episode of which it may depend how a clause counts it.
    fn read(&self, history: &History, episode: &Episode) -> Vec<FieldId> {
        let Some(own) = self.own(&self.company.episodes) else { return Vec::new() };
        if !may_count(self.version, history, own, episode) {
            return Vec::new();
        }
        let mut evaluation = Evaluation::new(self.version, episode);
        if history.filter.is_some_and(|filter| turning::never_counts(&mut evaluation, filter)) {
            return Vec::new();
        }
        let scopes = self.policy.versions.iter().filter_map(|version| version.applies_when);
        let asked = history.conditions().chain(scopes);
        let mut read: Vec<FieldId> = self.version.conditions.fields_read(asked).collect();
        let role = |role| self.version.vocabulary.role(role);
        let lasts = history.window == Window::AtTheSameTime;
        let stretch = [Role::Start, Role::End].into_iter().filter_map(role).filter(|_| lasts);
        let time = self.version.vocabulary.episode_time();
        read.extend(
            history.keys.iter().map(|key| key.stored).chain(time).chain(stretch).chain(history.function.summed()),
        );
        let of = |field: &FieldId| self.version.vocabulary.field(*field);
        let known_at: Vec<FieldId> = read.iter().filter_map(|field| of(field)?.known_at).collect();
        read.extend(known_at);
        read.into_iter().filter(|field| episode.is_open(*field)).collect()
    }

    /// Says whether one of the sets lies within another.
    fn holds_part_of(&self, evidence: &Evidence, set: &[Item]) -> bool {
        let asks = self.company.asks;
        evidence.sets.iter().any(|known| {
            let earlier = |(number, field): &(u32, FieldId)| {
                set.iter().any(|(place, own)| {
                    own == field && self.company.episodes.get(*place).is_some_and(|(known, _)| known == number)
                })
            };
            known.fields.iter().all(|field| set.contains(&(asks, *field))) && known.earlier.iter().all(earlier)
        })
    }

    fn settling(&self, set: &[Item], always: Option<bool>) -> Settling {
        let asks = self.company.asks;
        let number = |place: usize| self.company.episodes.get(place).map(|(number, _)| *number);
        let mut fields: Vec<FieldId> = set.iter().filter(|item| item.0 == asks).map(|item| item.1).collect();
        fields.sort_unstable();
        let others = set.iter().filter(|item| item.0 != asks);
        let mut earlier: Vec<(u32, FieldId)> = others.filter_map(|item| Some((number(item.0)?, item.1))).collect();
        earlier.sort_unstable();
        Settling { fields, earlier, always }
    }

    /// Tries values of every sort of some fields.
    fn tries(&mut self, exact: &mut Exact<'_>, set: &[Item]) -> Tried {
        let mut tried = Tried { certain: true, ..Tried::default() };
        let mut choices: Vec<(Item, Vec<Value>)> = Vec::new();
        for item in set {
            let Sorts { values, all } = self.sorts(*item, set);
            tried.certain &= all;
            choices.push((*item, values));
        }
        let mut chosen = vec![0usize; choices.len()];
        for count in 0.. {
            if count >= MOST_OF_A_SET || self.left == 0 {
                tried.certain = false;
                break;
            }
            self.left -= 1;
            let mut episodes = self.company.episodes.clone();
            for ((place, field), value) in
                choices.iter().zip(&chosen).filter_map(|((item, values), at)| Some((*item, values.get(*at)?)))
            {
                let readings = episodes.get_mut(place).map(|(_, readings)| readings);
                readings.into_iter().flatten().for_each(|one| one.set(field, Slot::Present(value.clone()), None));
            }
            match self.is_settled(exact, &episodes) {
                Some(true) => tried.can = true,
                Some(false) => tried.cannot = true,
                None => tried.certain = false,
            }
            if tried.can && tried.cannot || !next(&mut chosen, &choices) {
                break;
            }
        }
        tried
    }

    fn is_settled(&self, exact: &mut Exact<'_>, episodes: &[(u32, Vec<Episode>)]) -> Option<bool> {
        let own = episodes.get(self.company.asks)?.1.get(self.at)?;
        let (version, at) = (self.version, self.at);
        let (judgement, measured) = self.with_past(episodes, |standpoint| {
            (judge_by(version, at, own, standpoint), measures(version, at, own, standpoint))
        })?;
        let supposed: Vec<(usize, HistoryId, Measured)> =
            (0..).map(HistoryId).zip(measured).map(|(id, measured)| (at, id, measured)).collect();
        let standpoint = Standpoint::alone(self.standpoint.as_of).supposing(&supposed);
        Some(exact.of_version(at, own, standpoint, &judgement).verdict != Verdict::Undetermined)
    }

    fn sorts(&self, (place, field): Item, set: &[Item]) -> Sorts {
        let episode = |place: usize| self.company.episodes.get(place).and_then(|(_, readings)| readings.get(self.at));
        let (Some(own), Some(asks)) = (episode(place), episode(self.company.asks)) else { return Sorts::default() };
        let all: Vec<&Episode> = (0..self.company.episodes.len()).filter_map(episode).collect();
        // Others stand to the one that looks back, and not to each other; where that one's own moments are not known, or are tried
        // beside those of others, not every order of them is tried.
        let (ours, is_ours) = (self.company.asks, place == self.company.asks);
        let moments = || set.iter().filter(|item| self.is_moment(item.1));
        let alone = moments().count() < 2 || moments().all(|item| item.0 != ours);
        let is_known = |other: usize, time: FieldId| {
            (other, time) == (place, field)
                || !episode(other).and_then(|one| one.value(time)).is_some_and(Value::is_partial)
        };
        let met = if is_ours { 0..all.len() } else { ours..ours + 1 };
        let moments_known = !self.is_moment(field)
            || alone && met.into_iter().all(|other| self.moments().into_iter().all(|time| is_known(other, time)));
        let Sorts { values, all: every } = sorts::of(self.version, (own, asks), &all, field);
        Sorts { values, all: every && moments_known }
    }

    fn is_moment(&self, field: FieldId) -> bool {
        let kind = self.version.vocabulary.field(field).map(|field| field.kind);
        matches!(kind, Some(FieldType::Instant | FieldType::Date))
    }

    fn moments(&self) -> Vec<FieldId> {
        let role = |role| self.version.vocabulary.role(role);
        [Role::Time, Role::Start, Role::End].into_iter().filter_map(role).collect()
    }
}

/// Goes to the next selection; says whether there is one.
fn next(chosen: &mut [usize], choices: &[(Item, Vec<Value>)]) -> bool {
    for (at, (_, values)) in chosen.iter_mut().zip(choices) {
        *at += 1;
        if *at < values.len() {
            return true;
        }
        *at = 0;
    }
    false
}
