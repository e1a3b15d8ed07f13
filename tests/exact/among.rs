//! What would settle a verdict that looks back, among the fields of other episodes, against trying out every value.

use std::collections::BTreeSet;

use forbear::check::load;
use forbear::episode::{Episode, Slot};
use forbear::judge::{Gathering, Judgement, Standpoint, Verdict, judge};
use forbear::policy::time::{When, parse_instant};
use forbear::policy::{FieldId, NameId, Policy, Value};
use forbear::prove::{Among, Evidence, Exact};
use forbear::source::{SourceId, Sources, Span};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::generate::Draw;

const VOCABULARY: &str = "\
vocabulary small \"Small\"
scale level \"Level\" low < middle < high
field id text role id
field held_on instant role time
field ward identity
field risk level
field certain boolean
field n whole number from 0 to 3
field outcome level known afterwards at known_at
field known_at instant known afterwards
";

const DAYS: [i64; 5] = [-10, -5, 0, 5, 10];
const FIELDS: [&str; 7] = ["held_on", "ward", "risk", "certain", "n", "outcome", "known_at"];
/// What is known only afterwards of an episode is never what its own verdict wants.
const AFTERWARDS: [&str; 2] = ["outcome", "known_at"];

fn filter(draw: &mut Draw, earlier: bool) -> &'static str {
    let choices = [
        "",
        " where risk at least middle",
        " where certain",
        " where not certain",
        " where certain is present and risk is low",
        " where outcome at least middle",
        " where outcome is missing",
    ];
    choices[draw.below(if earlier { 7 } else { 5 })]
}

fn looking_back(draw: &mut Draw) -> String {
    let at = ["at least 1", "at most 1", "at least 2"][draw.below(3)];
    match draw.below(7) {
        0 => format!("sum of n over episodes{} per ward in the past 10 days at most 3", filter(draw, true)),
        1 => format!("time since the last episode{} per ward at least 5 days", filter(draw, true)),
        2 => format!("count of episodes{} per ward in any 10 days {at}", filter(draw, false)),
        3 => "share of episodes where risk is high per ward in the past 10 days at most 50 %".to_owned(),
        _ => {
            let window = ["in the past 10 days", "to date"][draw.below(2)];
            format!("count of episodes{} per ward {window} {at}", filter(draw, true))
        }
    }
}

fn policy(draw: &mut Draw) -> String {
    let own = ["certain", "risk is high", "risk is low or certain"][draw.below(3)];
    let rule = match draw.below(4) {
        0 => format!("limit {} episodes{} per ward in any 10 days", 1 + draw.below(2), filter(draw, false)),
        1 => format!("forbid when ({own}) and {}", looking_back(draw)),
        2 => format!("require {}", looking_back(draw)),
        _ => format!("forbid when ({own}) or {}", looking_back(draw)),
    };
    let second =
        if draw.below(3) == 0 { format!("\nrule b \"B\"\n  require {}\n", looking_back(draw)) } else { String::new() };
    format!("{VOCABULARY}\npolicy p \"P\"\n  vocabulary small\n  default permit\n\nrule a \"A\"\n  {rule}\n{second}")
}

fn at(text: &str) -> Timestamp {
    parse_instant(text, &TimeZone::UTC).unwrap().earliest
}

struct Log<'p> {
    policy: &'p Policy,
    episodes: Vec<Vec<Episode>>,
    as_of: Timestamp,
}

type Item = (usize, FieldId);

impl<'p> Log<'p> {
    fn draw(policy: &'p Policy, text: &str, draw: &mut Draw) -> Self {
        let rules = text.split("default permit").nth(1).unwrap();
        let episode = |number: usize, draw: &mut Draw| {
            let vocabulary = &policy.versions[0].vocabulary;
            let mut episode = Episode::new(Span::new(SourceId(0), number, number), vocabulary.fields.len());
            let mut set = |name: &str, value| {
                episode.set(vocabulary.find_field(name).unwrap(), Slot::Present(value), None);
            };
            let id: Box<str> = format!("E{number}").into();
            set("id", Value::Text(id.clone()));
            let day = ["01", "05", "09", "20"][draw.below(4)];
            match draw.below(9) {
                0 => {}
                1 => set("held_on", Value::Instant(parse_instant(&format!("2026-03-{day}"), &TimeZone::UTC).unwrap())),
                _ => set("held_on", Value::Instant(When::exact(at(&format!("2026-03-{day}T12:00Z")), &TimeZone::UTC))),
            }
            if draw.below(6) > 0 {
                set("ward", Value::Identity(["A", "A", "B"][draw.below(3)].into()));
            }
            // What no rule reads is there, so that nothing is tried of it.
            let is_there = |name: &str, draw: &mut Draw| !rules.contains(name) || draw.below(3) > 0;
            if is_there("risk ", draw) {
                set("risk", Value::Name(NameId(u16::try_from(draw.below(3)).unwrap())));
            }
            if is_there("certain", draw) {
                set("certain", Value::Boolean(draw.below(2) == 0));
            }
            if is_there(" n ", draw) {
                set("n", Value::Number(i64::try_from(draw.below(4)).unwrap().into()));
            }
            if is_there("outcome", draw) {
                set("outcome", Value::Name(NameId(u16::try_from(draw.below(3)).unwrap())));
            }
            if is_there("outcome", draw) {
                let known = ["06", "08", "25"][draw.below(3)];
                set("known_at", Value::Instant(When::exact(at(&format!("2026-03-{known}T12:00Z")), &TimeZone::UTC)));
            }
            episode.id = Some(id.into());
            vec![episode]
        };
        let count = 2 + draw.below(2);
        Self {
            policy,
            episodes: (0..count).map(|number| episode(number, draw)).collect(),
            as_of: at("2026-06-01T00:00Z"),
        }
    }

    fn asks(&self) -> usize {
        self.episodes.len() - 1
    }

    fn asked<T>(&self, ask: impl FnOnce(&[&Episode], Standpoint<'_>, &Judgement) -> T) -> T {
        let mut gathering = Gathering::new(self.policy, self.as_of).unwrap();
        self.episodes.iter().for_each(|readings| gathering.add(&readings.iter().collect::<Vec<_>>()));
        let past = gathering.close();
        let standpoint = Standpoint::after(self.as_of, Some((&past, u32::try_from(self.asks()).unwrap())));
        let readings: Vec<&Episode> = self.episodes[self.asks()].iter().collect();
        let judgement = judge(self.policy, &readings, standpoint);
        ask(&readings, standpoint, &judgement)
    }

    fn is_settled(&self, exact: &mut Exact<'_>) -> bool {
        self.asked(|readings, standpoint, judgement| exact.verdict(readings, standpoint, judgement).verdict)
            != Verdict::Undetermined
    }

    fn open(&self) -> Vec<(Item, &'static str)> {
        let vocabulary = &self.policy.versions[0].vocabulary;
        let all = self.episodes.iter().enumerate().flat_map(|(at, readings)| {
            let fields = FIELDS.map(|name| (vocabulary.find_field(name).unwrap(), name));
            fields.map(|(field, name)| ((at, field), name, readings[0].is_open(field)))
        });
        let may_stand = |at: usize, name: &str| at != self.asks() || !AFTERWARDS.contains(&name);
        all.filter(|((at, _), name, open)| *open && may_stand(*at, name)).map(|(item, name, _)| (item, name)).collect()
    }

    /// Moments that are told apart: those of all episodes, so many days before and after, and what lies between.
    fn moments(&self, (at, field): Item) -> Vec<Value> {
        let vocabulary = &self.policy.versions[0].vocabulary;
        let fields = ["held_on", "known_at"].map(|name| vocabulary.find_field(name).unwrap());
        let all = self.episodes.iter().flat_map(|readings| fields.map(|field| readings[0].value(field)));
        let known = all.filter_map(|value| match value {
            Some(Value::Instant(when)) => Some([when.earliest, when.latest]),
            _ => None,
        });
        let shifts = DAYS.map(|days| SignedDuration::from_hours(days * 24));
        let edges = known.flatten().flat_map(|at| shifts.map(|shift| at.checked_add(shift).unwrap()));
        let near =
            edges.flat_map(|at| [-1, 0, 1].map(|nanos| at.checked_add(SignedDuration::from_nanos(nanos)).unwrap()));
        let near: BTreeSet<Timestamp> = near.collect();
        let fits = |moment: &Timestamp| match self.episodes[at][0].value(field) {
            Some(Value::Instant(when)) => when.earliest <= *moment && *moment <= when.latest,
            _ => true,
        };
        near.into_iter().filter(fits).map(|moment| Value::Instant(When::exact(moment, &TimeZone::UTC))).collect()
    }

    fn values(&self, item: Item, name: &str) -> Vec<Value> {
        match name {
            "held_on" | "known_at" => self.moments(item),
            "ward" => ["A", "B", "C"].map(|name| Value::Identity(name.into())).into(),
            "n" => [0, 1, 2, 3].map(|n: i64| Value::Number(n.into())).into(),
            "risk" | "outcome" => [0, 1, 2].map(|level| Value::Name(NameId(level))).into(),
            _ => [true, false].map(Value::Boolean).into(),
        }
    }

    fn with_each(&self, item: Item, name: &str) -> Vec<Self> {
        let with = |value| {
            let mut episodes = self.episodes.clone();
            episodes[item.0][0].set(item.1, Slot::Present(value), None);
            Self { policy: self.policy, episodes, as_of: self.as_of }
        };
        self.values(item, name).into_iter().map(with).collect()
    }

    /// Gives the smallest sets that can settle, each with whether it always does.
    fn evidence(&self, exact: &mut Exact<'_>) -> Vec<(Vec<Item>, bool)> {
        let open = self.open();
        let mut sets: Vec<u32> = (1..1u32 << open.len()).collect();
        sets.sort_by_key(|set| set.count_ones());
        let mut found: Vec<(u32, bool)> = Vec::new();
        for set in sets {
            if found.iter().any(|(known, _)| known & set == *known) {
                continue;
            }
            let mut logs = vec![Self { policy: self.policy, episodes: self.episodes.clone(), as_of: self.as_of }];
            for (_, (item, name)) in open.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1) {
                logs = logs.iter().flat_map(|log| log.with_each(*item, name)).collect();
            }
            let settled: BTreeSet<bool> = logs.iter().map(|log| log.is_settled(exact)).collect();
            if settled.contains(&true) {
                found.push((set, settled.len() == 1));
            }
        }
        let items =
            |set: u32| open.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, item)| item.0);
        found.into_iter().map(|(set, always)| (items(set).collect(), always)).collect()
    }
}

fn found(evidence: &Evidence, asks: usize) -> Vec<(Vec<Item>, Option<bool>)> {
    let set = |set: &forbear::prove::Settling| {
        let own = set.fields.iter().map(|field| (asks, *field));
        let mut items: Vec<Item> =
            set.earlier.iter().map(|(at, field)| (usize::try_from(*at).unwrap(), *field)).chain(own).collect();
        items.sort_unstable();
        (items, set.always)
    };
    evidence.sets.iter().map(set).collect()
}

#[test]
fn fields_of_other_episodes_stand_in_the_smallest_sets_and_none_is_left_out() {
    let (mut others, mut mixed, mut always, mut whole) = (0, 0, 0, 0);
    for seed in 0..1_000 {
        let mut draw = Draw::new(seed + 90_000);
        let text = policy(&mut draw);
        let mut sources = Sources::new();
        sources.add("small.forbear", text.as_str());
        let checked = load(&mut sources);
        assert!(!checked.has_errors(), "{text}\n{:?}", checked.problems);
        let policy = &checked.set.policies[0];
        let mut exact = Exact::new(policy);
        let log = Log::draw(policy, &text, &mut draw);
        let moments = log.open().iter().filter(|(_, name)| ["held_on", "known_at"].contains(name)).count();
        if log.is_settled(&mut exact) || log.open().len() > 5 || moments > 2 {
            continue;
        }
        let evidence = log.asked(|readings, standpoint, judgement| {
            Exact::new(policy).evidence_among(readings, standpoint, judgement, Some(Among { episodes: &log.episodes }))
        });
        let expected = log.evidence(&mut exact);
        let found = found(&evidence, log.asks());
        let told = || format!("seed {seed}\n{text}\n{:#?}\n{found:?}\n{expected:?}", log.episodes);
        for (set, said) in &found {
            let known = expected.iter().find(|known| known.0 == *set);
            assert!(known.is_some(), "{set:?} is none of the smallest\n{}", told());
            assert!(said.is_none_or(|said| Some(said) == known.map(|known| known.1)), "{set:?}\n{}", told());
            let of_others = set.iter().filter(|item| item.0 != log.asks()).count();
            others += usize::from(of_others > 0);
            mixed += usize::from(of_others > 0 && of_others < set.len());
            always += usize::from(*said == Some(true));
        }
        if evidence.is_all() {
            assert_eq!(found.len(), expected.len(), "{}", told());
            whole += 1;
        }
    }
    assert!(
        others > 30 && mixed > 3 && always > 100 && whole > 150,
        "too few of one sort: {others} {mixed} {always} {whole}"
    );
}
