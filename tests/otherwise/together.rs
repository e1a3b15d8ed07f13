//! What every policy would have permitted, against enumeration: two policies over two vocabularies that do not say everything in
//! the same words.

use std::collections::BTreeSet;
use std::sync::Arc;

use forbear::check::load;
use forbear::episode::{Episode, Slot};
use forbear::judge::{Judgement, Measured, Standpoint, Verdict, judge};
use forbear::policy::{NameId, Names, Policy, Value};
use forbear::prove::{Changed, Exact, Party, To, Together, together};
use forbear::source::{SourceId, Sources, Span};
use jiff::Timestamp;

use crate::enumerate::{Case, read};
use crate::generate::{self, Draw, FIELDS, VOCABULARY, values};

/// The same fields in another order; a kind in another order and with one name more; fewer numbers; `m` stands elsewhere.
fn other_vocabulary() -> String {
    let (head, fields) = VOCABULARY.split_once("field id").unwrap();
    let mut fields: Vec<&str> = fields.lines().skip(1).collect();
    fields.reverse();
    let fields = fields.join("\n").replace("field n     whole number from 0 to 4", "field n whole number from 0 to 3");
    let fields =
        fields.replace("field m     whole number from 0 to 4", "field m whole number from 0 to 4 from elsewhere");
    let head = head.replace("vocabulary small", "vocabulary other").replace("red, blue", "blue, green, red");
    format!("{head}field id text role id\n{fields}\n")
}

/// A field of the records, and which of the vocabularies have it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Raw {
    name: &'static str,
    on: [bool; 2],
}

fn all_fields() -> Vec<Raw> {
    let shared = FIELDS.into_iter().filter(|name| *name != "m").map(|name| Raw { name, on: [true, true] });
    shared.chain([[true, false], [false, true]].map(|on| Raw { name: "m", on })).collect()
}

/// Gives a value in the words of a vocabulary; none where it has none.
fn in_words(side: usize, name: &str, value: &Value) -> Option<Value> {
    let hue = |NameId(at): NameId| NameId([2, 0][usize::from(at)]);
    Some(match (side, name, value) {
        (1, "colour", Value::Name(name)) => Value::Name(hue(*name)),
        (1, "colours", Value::Names(names)) => {
            let mut members: Vec<NameId> = names.members.iter().copied().map(hue).collect();
            members.sort_unstable();
            Value::Names(Names { members: members.into(), complete: true })
        }
        (1, "n", value) if *value == Value::Number(4.into()) => return None,
        (_, _, value) => value.clone(),
    })
}

/// An episode as both policies read it, and what their history clauses come to.
struct Pair<'p> {
    policies: &'p [Policy; 2],
    cases: [Case; 2],
}

type Episodes = [Episode; 2];

impl<'p> Pair<'p> {
    fn draw(policies: &'p [Policy; 2], draw: &mut Draw) -> Self {
        let fields = |side: usize| policies[side].versions[0].vocabulary.fields.len();
        let mut episodes = [0, 1].map(|side| Episode::new(Span::new(SourceId(0), 0, 0), fields(side)));
        for raw in all_fields() {
            let values = values(raw.name);
            if draw.below(4) > 0 {
                put(policies, &mut episodes, raw, &values[draw.below(values.len())]);
            }
        }
        let cases = [0, 1].map(|side| {
            let histories = policies[side].versions[0].conditions.histories();
            let ranges: Vec<Measured> = histories
                .iter()
                .map(|_| {
                    let low = i64::try_from(draw.below(4)).unwrap();
                    Measured::count(low, low + i64::from(draw.below(3) == 0))
                })
                .collect();
            let choices = ranges.iter().map(|range| ends(*range)).collect();
            Case::of(episodes[side].clone(), &ranges, choices)
        });
        Self { policies, cases }
    }

    fn episodes(&self) -> Episodes {
        [0, 1].map(|side| self.cases[side].episode.clone())
    }

    fn judged(&self, side: usize, episode: &Episode) -> Judgement {
        let standpoint = Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&self.cases[side].supposed);
        judge(&self.policies[side], &[episode], standpoint)
    }

    fn verdicts(&self, episodes: &Episodes) -> [Verdict; 2] {
        [0, 1].map(|side| self.judged(side, &episodes[side]).verdict)
    }

    fn exact(&self, episodes: &Episodes) -> [Verdict; 2] {
        [0, 1].map(|side| self.cases[side].with(episodes[side].clone()).exact(&self.policies[side]))
    }

    /// Gives what is read and could have been arranged: what every vocabulary calls chosen that has it.
    fn chosen(&self) -> Vec<Raw> {
        let is_chosen = |side: usize, raw: Raw| {
            let vocabulary = &self.policies[side].versions[0].vocabulary;
            vocabulary.field(vocabulary.find_field(raw.name).unwrap()).unwrap().chosen
        };
        let is_read = |side: usize, raw: Raw| read(&self.policies[side]).iter().any(|(name, _)| *name == raw.name);
        let may = |raw: &Raw| {
            let mut sides = (0..2).filter(|side| raw.on[*side]);
            sides.clone().all(|side| is_chosen(side, *raw)) && sides.any(|side| is_read(side, *raw))
        };
        all_fields().into_iter().filter(may).collect()
    }

    /// Gives the records with every value of some fields that both vocabularies have words for.
    fn records(&self, set: &[Raw]) -> Vec<Episodes> {
        let mut all = vec![self.episodes()];
        for raw in set {
            let with = |episodes: &Episodes| {
                let each = values(raw.name).into_iter();
                let with = |value: Value| {
                    let mut episodes = episodes.clone();
                    put(self.policies, &mut episodes, *raw, &value).then_some(episodes)
                };
                each.filter_map(with).collect::<Vec<_>>()
            };
            all = all.iter().flat_map(with).collect();
        }
        all
    }

    /// Gives the inclusion-minimal sets of fields with which every policy can permit it.
    fn smallest(&self, fields: &[Raw]) -> Vec<BTreeSet<Raw>> {
        let mut sets = subsets(fields);
        sets.sort_by_key(Vec::len);
        let mut found: Vec<BTreeSet<Raw>> = Vec::new();
        for set in sets.into_iter().filter(|set| !set.is_empty()) {
            let is_known = found.iter().any(|known| known.iter().all(|raw| set.contains(raw)));
            if !is_known && self.records(&set).iter().any(|episodes| is_permissible(self.exact(episodes))) {
                found.push(set.into_iter().collect());
            }
        }
        found
    }

    /// Gives what was changed, and the records with it.
    fn changed(&self, changes: &[Changed]) -> (BTreeSet<Raw>, Episodes) {
        let (mut set, mut episodes) = (BTreeSet::new(), self.episodes());
        for change in changes {
            let name = self.policies[change.policy].versions[0].vocabulary.field_name(change.field);
            let raw = all_fields().into_iter().find(|raw| raw.name == name && raw.on[change.policy]).unwrap();
            let value = match &change.to {
                To::Another => Value::Identity("Nobody".into()),
                To::Value(to) => {
                    let is_it = |value: &Value| in_words(change.policy, name, value).as_ref() == Some(to);
                    values(name).into_iter().find(is_it).unwrap()
                }
            };
            assert!(put(self.policies, &mut episodes, raw, &value), "{change:?}");
            set.insert(raw);
        }
        (set, episodes)
    }
}

fn ends(range: Measured) -> Vec<Measured> {
    let Measured::Between(low, high) = range else { return vec![range] };
    [low, high].map(|end| Measured::Between(end, end)).into()
}

fn subsets(fields: &[Raw]) -> Vec<Vec<Raw>> {
    let mut all = vec![Vec::new()];
    for raw in fields {
        let with: Vec<Vec<Raw>> = all.iter().map(|set| [set.as_slice(), &[*raw]].concat()).collect();
        all.extend(with);
    }
    all
}

/// Writes a value, which is unfit where a vocabulary has no words for it; says whether all have.
fn put(policies: &[Policy; 2], episodes: &mut Episodes, raw: Raw, value: &Value) -> bool {
    let mut all = true;
    for side in (0..2).filter(|side| raw.on[*side]) {
        let field = policies[side].versions[0].vocabulary.find_field(raw.name).unwrap();
        let value = in_words(side, raw.name, value);
        all &= value.is_some();
        episodes[side].set(field, value.map_or(Slot::Unfit, Slot::Present), None);
    }
    all
}

fn is_permissible(verdicts: [Verdict; 2]) -> bool {
    verdicts.contains(&Verdict::Permissible)
        && verdicts.iter().all(|verdict| matches!(verdict, Verdict::Permissible | Verdict::NotCovered))
}

/// Draws two policies, each with a vocabulary of its own of which some fields are chosen; none where they have errors.
fn drawn(seed: u64) -> Option<(Draw, String, [Policy; 2])> {
    let mut draw = Draw::new(seed + 300_000);
    let text = generate::two_policies(&mut draw);
    let (first, second) = text.split_once("policy second").unwrap();
    let second = second.replacen("vocabulary small", "vocabulary other", 1);
    let text = format!("{}\n{first}policy second{second}", other_vocabulary());
    let mut sources = Sources::new();
    sources.add("small.forbear", text.as_str());
    let checked = load(&mut sources);
    if checked.has_errors() {
        // What the second vocabulary has no words for.
        let known = ["out_of_range"];
        assert!(
            checked.problems.iter().any(|problem| known.iter().any(|code| problem.code.name().contains(code))),
            "{text}\n{:?}",
            checked.problems
        );
        return None;
    }
    let mut policies = [checked.set.policies[0].clone(), checked.set.policies[1].clone()];
    let everywhere: Vec<bool> = FIELDS.iter().map(|_| draw.below(5) > 0).collect();
    for policy in &mut policies {
        for field in &mut Arc::make_mut(&mut policy.versions[0].vocabulary).fields {
            let at = FIELDS.iter().position(|name| *name == field.name);
            field.chosen = at.is_some_and(|at| everywhere[at]) && draw.below(6) > 0;
        }
    }
    Some((draw, text, policies))
}

#[test]
fn what_every_policy_would_have_permitted_is_found_and_nothing_is_said_only_where_nothing_would_do() {
    let (mut repaired, mut broken, mut nothing, mut hopeless, mut open) = (0, 0, 0, 0, 0);
    for seed in 0..2_500 {
        let Some((mut draw, text, policies)) = drawn(seed) else { continue };
        let pair = Pair::draw(&policies, &mut draw);
        let fields = pair.chosen();
        if fields.len() > 4 {
            continue;
        }
        let episodes = pair.episodes();
        let mut exact = [0, 1].map(|side| Exact::new(&policies[side]));
        let standpoints =
            [0, 1].map(|side| Standpoint::alone(Timestamp::UNIX_EPOCH).supposing(&pair.cases[side].supposed));
        let judgements = [0, 1].map(|side| pair.judged(side, &episodes[side]));
        let verdicts =
            [0, 1].map(|side| exact[side].verdict(&[&episodes[side]], standpoints[side], &judgements[side]).verdict);
        let repairs = [0, 1].map(|side| {
            let repaired = (verdicts[side] == Verdict::Impermissible)
                .then(|| exact[side].repair(&episodes[side], standpoints[side], &judgements[side]));
            repaired.flatten()
        });
        let mut parties: Vec<Party<'_, '_>> = exact
            .iter_mut()
            .enumerate()
            .map(|(side, exact)| Party {
                exact,
                episode: &episodes[side],
                standpoint: standpoints[side],
                judgement: &judgements[side],
                verdict: verdicts[side],
                repair: repairs[side].as_ref(),
            })
            .collect();
        let found = together(&mut parties);
        let shown = || format!("seed {seed}\n{text}\n{:?}\n{fields:?}\n{verdicts:?} {found:?}\n{repairs:?}", episodes);
        let all = || subsets(&fields).into_iter().flat_map(|set| pair.records(&set));
        let expected = pair.smallest(&fields);
        match &found {
            None if !verdicts.contains(&Verdict::Impermissible) => {}
            None => {
                let beside = (0..2).find(|side| verdicts[*side] == Verdict::NotCovered);
                let beside = beside.unwrap_or_else(|| panic!("both are concerned\n{}", shown()));
                assert!(all().all(|records| pair.exact(&records)[beside] == Verdict::NotCovered), "{}", shown());
            }
            Some(Together::So(found)) => {
                let small = expected.iter().filter(|set| set.len() <= 3).count();
                assert_eq!(found.len(), small.min(3), "{}\n{expected:?}", shown());
                assert!(found.is_sorted_by_key(Vec::len), "{}", shown());
                for changes in found {
                    let (set, records) = pair.changed(changes);
                    assert!(is_permissible(pair.exact(&records)), "{}", shown());
                    assert!(expected.contains(&set), "{}\n{expected:?}", shown());
                }
                repaired += 1;
            }
            Some(Together::Nothing) => {
                assert!(expected.is_empty(), "{}\n{expected:?}", shown());
                assert!(
                    pair.records(&fields).iter().all(|records| !is_permissible(pair.exact(records))),
                    "{}",
                    shown()
                );
                nothing += 1;
                let alone = |repair: &forbear::prove::Repair| {
                    matches!(repair.arranged, forbear::prove::Arranged::Nothing { .. })
                };
                hopeless += usize::from(!repairs.iter().flatten().any(alone));
            }
            Some(Together::Open) => {
                assert!(expected.iter().all(|set| set.len() > 3), "{}\n{expected:?}", shown());
                open += 1;
            }
        }
        if found.is_some() {
            broken += usize::from(repairs.iter().flatten().any(|repair| is_broken_elsewhere(repair, &found)));
        }
    }
    assert!(
        repaired > 80 && broken > 150 && nothing > 500 && hopeless > 10,
        "too few of one sort: {repaired} {broken} {nothing} {hopeless} {open}"
    );
    // What is left open is what a completion could make permissible, or silence.
    assert!(open * 5 < nothing, "too many are left open: {open} beside {nothing}");
}

/// Says whether what one policy would have permitted is not what all would.
fn is_broken_elsewhere(repair: &forbear::prove::Repair, found: &Option<Together>) -> bool {
    let forbear::prove::Arranged::So(alone) = &repair.arranged else { return false };
    let all = match found {
        Some(Together::So(all)) => all.as_slice(),
        _ => &[],
    };
    let same = |changes: &forbear::prove::Changes, set: &Vec<Changed>| {
        set.len() == changes.len()
            && set.iter().zip(changes).all(|(one, (field, to))| one.field == *field && one.to == *to)
    };
    !alone.iter().any(|changes| all.iter().any(|set| same(changes, set)))
}
