//! Shares, averages and sums over a small past against enumeration: the exact verdict, what would settle it, and repairs.
//!
//! What such a clause comes to is seldom a finite decimal. The constants lie on such a fraction's neighbours with as many places
//! as a policy may write, and on those with few.

use std::collections::BTreeSet;
use std::sync::Arc;

use forbear::check::load;
use forbear::episode::{Episode, Slot};
use forbear::judge::{Bound, Evaluation, Exact as Decimal, Gathering, Judgement, Measured, Ratio};
use forbear::judge::{Outcome, Standpoint, Status, Verdict, judge};
use forbear::policy::time::{When, parse_instant};
use forbear::policy::{FieldId, HistoryId, Policy, Value};
use forbear::prove::{Arranged, Exact};
use forbear::source::{SourceId, Sources, Span};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::enumerate::{Case, changed, with_each};
use crate::generate::{Draw, VOCABULARY, values};

const SHARES: [&str; 18] = [
    "33 %",
    "33.3 %",
    "33.333333333333 %",
    "33.333333333334 %",
    "34 %",
    "50 %",
    "66 %",
    "66.666666666666 %",
    "66.666666666667 %",
    "67 %",
    "16.666666666666 %",
    "16.666666666667 %",
    "17 %",
    "25 %",
    "20 %",
    "0 %",
    "100 %",
    "40 %",
];
const AVERAGES: [&str; 18] = [
    "0.333",
    "0.333333333333",
    "0.333333333334",
    "0.34",
    "0.666666666666",
    "0.666666666667",
    "1",
    "1.333333333333",
    "1.333333333334",
    "1.34",
    "1.5",
    "1.666666666666",
    "1.666666666667",
    "2",
    "2.333333333333",
    "2.333333333334",
    "2.67",
    "3",
];
const SUMS: [&str; 7] = ["0", "1", "2", "3", "4", "5", "6"];

/// What is read of records: of each, some values are missing.
const READ: [&str; 4] = ["risk", "certain", "n", "m"];

fn own(draw: &mut Draw) -> String {
    draw.one_of(&["certain", "not certain", "risk is high", "risk at least middle", "n at least 2", "m below 2"])
        .to_owned()
}

/// Draws a clause without its comparison, and the constants with which it is compared.
fn body(draw: &mut Draw) -> (String, &'static [&'static str]) {
    let filter = draw.one_of(&["", "", " where certain", " where risk at least middle", " where n at least 1"]);
    let counted =
        draw.one_of(&[" where certain", " where risk is high", " where risk at least middle", " where n above 2"]);
    let among = draw.one_of(&["", "", " among episodes where risk at least middle", " among episodes where certain"]);
    let window = draw.one_of(&["in the past 30 days", "in any 30 days", "in any 10 days", "to date"]);
    match draw.below(5) {
        0 | 1 => (format!("share of episodes{counted}{among} per ward {window}"), &SHARES),
        2 | 3 => (format!("average of n over episodes{filter} per ward {window}"), &AVERAGES),
        _ => (format!("sum of n over episodes{filter} per ward {window}"), &SUMS),
    }
}

/// Draws a policy. The same clause may stand in several rules.
fn policy(draw: &mut Draw) -> String {
    let bodies = [body(draw), body(draw)];
    if draw.below(4) == 0 {
        return policy_of(&both_sides(&bodies[0], draw), "permit");
    }
    let mut rules = String::new();
    for at in 0..1 + draw.below(3) {
        let (body, constants) = &bodies[draw.below(2)];
        let relation = draw.one_of(&["at least", "at most", "above", "below", "is"]);
        // That a fraction cannot be equal to a field is not worked out.
        let to_field = body.starts_with("average") && relation != "is" && draw.below(4) == 0;
        let to = if to_field { "m" } else { draw.one_of(constants) };
        let clause = format!("{body} {relation} {to}");
        let norm = match draw.below(7) {
            0 => format!("require {clause}"),
            1 => format!("forbid when ({}) and {clause}", own(draw)),
            2 => format!("forbid when ({}) or {clause}", own(draw)),
            3 => format!("require {clause}\n  unless {}", own(draw)),
            4 => format!("permit when ({}) or {clause}", own(draw)),
            5 => format!("limit share of episodes where certain to {} per ward in any 30 days", draw.one_of(&SHARES)),
            _ => format!("forbid when {clause}"),
        };
        let silence = ["", "", "", "\n  if undocumented violated", "\n  if undocumented satisfied"][draw.below(5)];
        let silence = if norm.starts_with("permit") { "" } else { silence };
        rules += &format!("\nrule r{at} \"R\"\n  {norm}{silence}\n");
    }
    let default = if rules.contains("permit when") { draw.one_of(&["permit", "forbid"]) } else { "permit" };
    policy_of(&rules, default)
}

/// Forbids what lies on both sides of a constant, or of two.
fn both_sides((body, constants): &(String, &'static [&'static str]), draw: &mut Draw) -> String {
    let low = draw.below(constants.len());
    let high = [low, low, (low + 1) % constants.len()][draw.below(3)];
    let (low, high) = (constants[low], constants[high]);
    let (up_to, from) = (draw.one_of(&["at most", "below"]), draw.one_of(&["at least", "above"]));
    let own = [String::new(), format!("({}) or ", own(draw))];
    let own = &own[draw.below(2)];
    format!(
        "\nrule r0 \"R\"\n  forbid when {body} {up_to} {low}\n\nrule r1 \"R\"\n  forbid when {own}{body} {from} {high}\n"
    )
}

fn policy_of(rules: &str, default: &str) -> String {
    format!("{VOCABULARY}\npolicy p \"P\"\n  vocabulary small\n  default {default}\n{rules}")
}

/// An episode that looks back, the last of some.
struct Scene<'p> {
    policy: &'p Policy,
    episodes: Vec<Episode>,
    /// The constants of the policy, and every value of a field with which a clause may be compared.
    constants: Vec<Ratio>,
    /// The fields that rules read, each with its name.
    read: Vec<(&'static str, FieldId)>,
}

impl<'p> Scene<'p> {
    fn draw(policy: &'p Policy, text: &str, draw: &mut Draw) -> Self {
        let vocabulary = &policy.versions[0].vocabulary;
        let rules = text.split_once("\nrule ").unwrap().1;
        let words: BTreeSet<&str> = rules.split(|at: char| !at.is_alphanumeric() && at != '.').collect();
        let read = READ.into_iter().filter(|name| words.contains(name));
        let read: Vec<_> = read.map(|name| (name, vocabulary.find_field(name).unwrap())).collect();
        let written = words.iter().filter_map(|word| word.parse::<rust_decimal::Decimal>().ok());
        let constants = written
            .map(|number| Ratio::number(Decimal::of(number)))
            .chain((0..5).map(|n| Ratio::number(Decimal::whole(n))));
        let count = 2 + draw.below(5);
        let episodes = (0..=count).map(|at| episode(policy, &read, at, at == count, draw)).collect();
        Self { policy, episodes, constants: constants.collect(), read }
    }

    fn own(&self) -> &Episode {
        self.episodes.last().unwrap()
    }

    /// Writes what stands in the records, one a line.
    fn told(&self) -> String {
        let fields = ["held_on", "ward"].map(|name| self.policy.versions[0].vocabulary.find_field(name).unwrap());
        let of = |episode: &Episode, field| match episode.value(field) {
            Some(Value::Instant(when)) => when.earliest.to_string(),
            value => format!("{value:?}"),
        };
        let line = |episode: &Episode| {
            let read = self.read.iter().map(|(name, field)| format!("{name} {}", of(episode, *field)));
            fields.iter().map(|field| of(episode, *field)).chain(read).collect::<Vec<_>>().join(", ")
        };
        self.episodes.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Gives the scene with another record in the place of the one that looks back.
    fn with(&self, own: Episode) -> Self {
        let mut episodes = self.episodes.clone();
        *episodes.last_mut().unwrap() = own;
        Self { policy: self.policy, episodes, constants: self.constants.clone(), read: self.read.clone() }
    }

    fn asked<T>(&self, ask: impl FnOnce(Standpoint<'_>, &Judgement) -> T) -> T {
        let as_of = Timestamp::UNIX_EPOCH;
        let Some(mut gathering) = Gathering::new(self.policy, as_of) else {
            let standpoint = Standpoint::alone(as_of);
            return ask(standpoint, &judge(self.policy, &[self.own()], standpoint));
        };
        self.episodes.iter().for_each(|episode| gathering.add(&[episode]));
        let past = gathering.close();
        let standpoint = Standpoint::after(as_of, Some((&past, u32::try_from(self.episodes.len() - 1).unwrap())));
        ask(standpoint, &judge(self.policy, &[self.own()], standpoint))
    }

    fn verdict(&self) -> Verdict {
        self.asked(|_, judgement| judgement.verdict)
    }

    /// Gives the case with what each clause comes to: its least and its greatest value, the constants between, and between each two
    /// of these another.
    fn case(&self) -> Case {
        let version = &self.policy.versions[0];
        let measures: Vec<Measured> = self.asked(|standpoint, _| {
            let mut evaluation = Evaluation::looking_back(version, self.own(), standpoint.looking_back(0));
            let clauses = (0..).map(HistoryId).take(version.conditions.histories().len());
            clauses.map(|id| evaluation.measure(id)).collect()
        });
        let choices = measures.iter().map(|measured| self.values_of(*measured)).collect();
        Case::of(self.own().clone(), &measures, choices)
    }

    fn values_of(&self, measured: Measured) -> Vec<Measured> {
        let Measured::Between(Bound::At(low), Bound::At(high)) = measured else { return vec![measured] };
        let inside = |value: &Ratio| low.cmp_ratio(*value).is_lt() && value.cmp_ratio(high).is_lt();
        let mut marks: Vec<Ratio> = self.constants.iter().copied().filter(inside).chain([low, high]).collect();
        marks.sort_by(|one, other| one.cmp_ratio(*other));
        marks.dedup_by(|one, other| one.cmp_ratio(*other).is_eq());
        let between: Vec<Ratio> = marks.windows(2).map(|pair| half_way(pair[0], pair[1])).collect();
        let exactly = |value: Ratio| Measured::Between(Bound::At(value), Bound::At(value));
        marks.into_iter().chain(between).map(exactly).collect()
    }

    fn exact(&self) -> Verdict {
        self.case().exact(self.policy)
    }

    /// Gives the records with every value of some fields.
    fn records(&self, set: &[(&'static str, FieldId)]) -> Vec<Self> {
        let mut all = vec![self.own().clone()];
        for (name, field) in set {
            all = with_each(&all, *field, &values(name));
        }
        all.into_iter().map(|own| self.with(own)).collect()
    }

    /// Gives the smallest sets of some fields of which one is as wanted, each with whether all are.
    fn smallest(
        &self,
        fields: &[(&'static str, FieldId)],
        is_wanted: impl Fn(&Self) -> bool,
    ) -> Vec<(BTreeSet<FieldId>, bool)> {
        let mut sets: Vec<u32> = (1..1u32 << fields.len()).collect();
        sets.sort_by_key(|set| set.count_ones());
        let mut found: Vec<(u32, bool)> = Vec::new();
        let of_set = |set: u32| {
            let fields = fields.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1);
            fields.map(|(_, field)| *field).collect::<Vec<_>>()
        };
        for set in sets {
            if found.iter().any(|(known, _)| known & set == *known) {
                continue;
            }
            let wanted: BTreeSet<bool> = self.records(&of_set(set)).iter().map(&is_wanted).collect();
            if wanted.contains(&true) {
                found.push((set, wanted.len() == 1));
            }
        }
        let fields = |set| of_set(set).into_iter().map(|(_, field)| field).collect();
        found.into_iter().map(|(set, always)| (fields(set), always)).collect()
    }
}

fn episode(policy: &Policy, read: &[(&'static str, FieldId)], at: usize, is_last: bool, draw: &mut Draw) -> Episode {
    let vocabulary = &policy.versions[0].vocabulary;
    let mut episode = Episode::new(Span::new(SourceId(0), at, at), vocabulary.fields.len());
    let mut set = |field, value| episode.set(field, Slot::Present(value), None);
    let day = if is_last { 28 } else { 1 + draw.below(27) };
    let held_on = parse_instant(&format!("2026-03-{day:02}T12:00Z"), &TimeZone::UTC).unwrap();
    let named = |name| vocabulary.find_field(name).unwrap();
    set(named("held_on"), Value::Instant(When::exact(held_on.earliest, &TimeZone::UTC)));
    if is_last || draw.below(8) > 0 {
        let ward = if !is_last && draw.below(6) == 0 { "B" } else { "A" };
        set(named("ward"), Value::Identity(ward.into()));
    }
    for (name, field) in read {
        let missing = if is_last { 3 } else { 9 };
        if draw.below(missing) > 0 {
            let values = values(name);
            set(*field, values[draw.below(values.len())].clone());
        }
    }
    let id: Box<str> = format!("E{at}").into();
    set(named("id"), Value::Text(id.clone()));
    episode.id = Some(id.into());
    episode
}

fn rules(text: &str) -> &str {
    text.split_once("\npolicy ").unwrap().1
}

fn half_way(one: Ratio, other: Ratio) -> Ratio {
    let scale = one.sum.scale.max(other.sum.scale);
    let of = |ratio: Ratio, over: u64| ratio.sum.mantissa * 10i128.pow(scale - ratio.sum.scale) * i128::from(over);
    let mantissa = of(one, other.of) + of(other, one.of);
    Ratio { sum: Decimal { mantissa, scale }, of: 2 * one.of * other.of }
}

/// Draws a policy; none where it has errors.
fn drawn(seed: u64) -> (Draw, String, Policy) {
    let mut draw = Draw::new(seed + 700_000);
    let text = policy(&mut draw);
    let mut sources = Sources::new();
    sources.add("small.forbear", text.as_str());
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{text}\n{:?}", checked.problems);
    (draw, text, checked.set.policies[0].clone())
}

/// Says whether some clause comes to a fraction that is no finite decimal, at least or at most.
fn is_endless(case: &Case) -> bool {
    let is_so = |bound: &Bound| match bound {
        Bound::At(ratio) => ratio.sum.mantissa * 10i128.pow(12) % i128::from(ratio.of) != 0,
        _ => false,
    };
    case.supposed.iter().any(|(.., measured)| match measured {
        Measured::Between(low, high) => is_so(low) || is_so(high),
        _ => false,
    })
}

#[test]
fn the_exact_verdict_over_fractions_is_what_all_completions_have_in_common() {
    let (mut decided, mut open, mut endless, mut ranged) = (0, 0, 0, 0);
    for seed in 0..1_000 {
        let (mut draw, text, policy) = drawn(seed);
        let mut exact = Exact::new(&policy);
        for _ in 0..3 {
            let scene = Scene::draw(&policy, &text, &mut draw);
            let case = scene.case();
            let shown = || format!("seed {seed}\n{}\n{:?}\n{}", rules(&text), case.supposed, scene.told());
            let (judgement, found) = scene.asked(|standpoint, judgement| {
                (judgement.clone(), exact.verdict(&[scene.own()], standpoint, judgement))
            });
            let mut possible = case.completions(&policy);
            possible.sort_unstable_by(|one, other| other.cmp(one));
            possible.dedup();
            if judgement.verdict != Verdict::Undetermined {
                assert_eq!(found.verdict, judgement.verdict, "{}", shown());
                assert_eq!(possible, [judgement.verdict], "{}", shown());
                continue;
            }
            assert_eq!(found.possible, possible, "{}", shown());
            let only = if possible.len() == 1 { possible[0] } else { Verdict::Undetermined };
            assert_eq!(found.verdict, only, "{}", shown());
            if only == Verdict::Impermissible {
                let size = found.rules.len() + usize::from(found.by_default);
                assert_eq!(Some(size), case.smallest_citation(&policy), "{}\n{found:?}", shown());
            }
            decided += usize::from(only != Verdict::Undetermined);
            open += usize::from(only == Verdict::Undetermined);
            endless += usize::from(is_endless(&case));
            let is_ranged = |measured: &Measured| matches!(measured, Measured::Between(low, high) if low != high);
            ranged += usize::from(case.supposed.iter().any(|(.., measured)| is_ranged(measured)));
        }
    }
    assert!(
        decided > 40 && open > 300 && endless > 80 && ranged > 250,
        "too few of one sort: {decided} {open} {endless} {ranged}"
    );
}

#[test]
fn what_would_settle_a_verdict_over_fractions_is_minimal_and_none_is_left_out() {
    let (mut always, mut sometimes, mut whole, mut endless) = (0, 0, 0, 0);
    for seed in 10_000..11_000 {
        let (mut draw, text, policy) = drawn(seed);
        let scene = Scene::draw(&policy, &text, &mut draw);
        let open: Vec<_> = scene.read.iter().copied().filter(|(_, field)| scene.own().is_open(*field)).collect();
        if scene.verdict() != Verdict::Undetermined || open.len() > 3 || scene.exact() != Verdict::Undetermined {
            continue;
        }
        let evidence =
            scene.asked(|standpoint, judgement| Exact::new(&policy).evidence(&[scene.own()], standpoint, judgement));
        let expected = scene.smallest(&open, |scene| scene.exact() != Verdict::Undetermined);
        let shown = || format!("seed {seed}\n{}\n{}\n{evidence:?}\n{expected:?}", rules(&text), scene.told());
        for set in &evidence.sets {
            let fields: BTreeSet<FieldId> = set.fields.iter().copied().collect();
            let known = expected.iter().find(|(known, _)| *known == fields);
            assert!(known.is_some(), "{fields:?} is none of the smallest\n{}", shown());
            assert!(set.always.is_none_or(|said| Some(said) == known.map(|known| known.1)), "{fields:?}\n{}", shown());
            always += usize::from(set.always == Some(true));
            sometimes += usize::from(set.always == Some(false));
        }
        if !evidence.cut {
            assert_eq!(evidence.sets.len(), expected.len(), "{}", shown());
            whole += 1;
            endless += usize::from(is_endless(&scene.case()));
        }
    }
    assert!(
        always > 30 && sometimes > 40 && whole > 120 && endless > 20,
        "too few of one sort: {always} {sometimes} {whole} {endless}"
    );
}

#[test]
fn repairs_over_fractions_are_permissible_and_nothing_is_said_only_where_nothing_would_do() {
    let (mut repaired, mut nothing, mut open, mut endless) = (0, 0, 0, 0);
    for seed in 20_000..22_000 {
        let (mut draw, text, mut policy) = drawn(seed);
        for field in &mut Arc::make_mut(&mut policy.versions[0].vocabulary).fields {
            field.chosen = READ.contains(&field.name.as_str()) && draw.below(3) != 0;
        }
        let scene = Scene::draw(&policy, &text, &mut draw);
        if scene.exact() != Verdict::Impermissible {
            continue;
        }
        let repair = scene
            .asked(|standpoint, judgement| Exact::new(&policy).repair(scene.own(), standpoint, judgement).unwrap());
        let vocabulary = &policy.versions[0].vocabulary;
        let is_chosen = |field: FieldId| vocabulary.field(field).unwrap().chosen;
        let chosen: Vec<_> = scene.read.iter().copied().filter(|(_, field)| is_chosen(*field)).collect();
        let expected = scene.smallest(&chosen, |scene| scene.verdict() == Verdict::Permissible);
        let shown = || format!("seed {seed}\n{}\n{}\n{chosen:?}\n{repair:?}\n{expected:?}", rules(&text), scene.told());
        match &repair.arranged {
            Arranged::So(found) => {
                assert!(found.is_sorted_by_key(Vec::len) && found.len() <= 3, "{}", shown());
                for changes in found {
                    let fields: BTreeSet<FieldId> = changes.iter().map(|(field, _)| *field).collect();
                    let record = scene.with(changed(scene.own(), changes));
                    assert_eq!(record.verdict(), Verdict::Permissible, "{}", shown());
                    assert!(expected.iter().any(|(known, _)| *known == fields), "{}", shown());
                }
                assert_eq!(found.len(), expected.iter().filter(|set| set.0.len() <= 3).count().min(3), "{}", shown());
                repaired += 1;
            }
            Arranged::Nothing { against, .. } => {
                assert!(expected.is_empty(), "{}", shown());
                for record in scene.records(&chosen) {
                    assert_ne!(record.exact(), Verdict::Permissible, "{}", shown());
                    let outcomes = record.asked(|_, judgement| judgement.outcomes.clone());
                    let status =
                        |rule: &forbear::policy::RuleId| outcomes.get(rule.0 as usize).and_then(Outcome::status);
                    let not_clear = [Some(Status::Violated), Some(Status::Undetermined)];
                    assert!(against.iter().all(|rule| not_clear.contains(&status(rule))), "{}", shown());
                }
                nothing += 1;
                endless += usize::from(is_endless(&scene.case()));
            }
            Arranged::Open => {
                assert!(expected.iter().all(|(set, _)| set.len() > 3), "{}", shown());
                open += 1;
            }
        }
    }
    assert!(
        repaired > 100 && nothing > 300 && endless > 100,
        "too few of one sort: {repaired} {nothing} {open} {endless}"
    );
}
