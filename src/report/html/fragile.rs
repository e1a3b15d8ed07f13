//! Which verdicts hang on a rating: what was rated, one level higher or lower, would have given another.
//!
//! It takes judging again to find out, so that only the first episodes of a log are searched, however they are shown; the
//! section says how many.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use maud::{Markup, html};

use crate::audit::{Judged, PolicyResult};
use crate::judge::{Status, Verdict};
use crate::policy::{RuleId, Value, Version};
use crate::prove::Flip;

use super::super::findings::record_name;
use super::super::human::thousands;
use super::super::small::may_show;
use super::super::stream::About;
use super::Whole;
use super::tables::numbers;

/// Of how many episodes it is looked at which ratings their verdicts hang on.
pub(super) const MOST_SEARCHED: usize = 1_000;

/// How many examples a rating has.
const MOST_EXAMPLES: usize = 5;

/// What is counted of the episodes that were searched.
#[derive(Default)]
pub(super) struct Fragility {
    searched: usize,
    policies: BTreeMap<String, OfPolicy>,
}

/// What is counted of one policy.
#[derive(Default)]
struct OfPolicy {
    /// Whether a field of one of its vocabularies is a rating.
    has_ratings: bool,
    /// Verdicts that hang on some rating.
    fragile: usize,
    /// By field, and how it would be rated.
    ratings: BTreeMap<(String, Side), OfRating>,
    /// By rule: verdicts in which it would be broken, and in which it would not be broken any more.
    rules: BTreeMap<String, [usize; 2]>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Higher,
    Lower,
    OtherWay,
}

/// Verdicts that one rating turns.
#[derive(Default)]
struct OfRating {
    /// Those that would become impermissible, those that would not be it any more, and others.
    turned: [usize; 3],
    /// The number and the name of the first of them.
    examples: Vec<(usize, String)>,
}

impl Fragility {
    /// Says whether the next episode is searched.
    pub(super) fn has_room(&self) -> bool {
        self.searched < MOST_SEARCHED
    }

    /// Counts an episode, the `number`th that is judged.
    pub(super) fn add(&mut self, judged: &Judged<'_>, number: usize, about: &About<'_>) {
        if !self.has_room() {
            return;
        }
        self.searched += 1;
        for result in &judged.results {
            let of_policy = self.policies.entry(result.policy.name.clone()).or_default();
            of_policy.has_ratings |= has_ratings(result);
            if let Some(version) = result.version.filter(|_| !result.fragile.is_empty()) {
                let name = || record_name(judged, about.sources, about.identities);
                of_policy.add(result, version, number, &name);
            }
        }
    }
}

impl OfPolicy {
    fn add(&mut self, result: &PolicyResult<'_>, version: &Version, number: usize, name: &dyn Fn() -> String) {
        self.fragile += 1;
        let was_broken = result.verdict() == Verdict::Impermissible;
        for flip in &result.fragile {
            let field = version.vocabulary.field_name(flip.field).to_owned();
            let of_rating = self.ratings.entry((field, side(flip))).or_default();
            let [to_broken, from_broken, others] = &mut of_rating.turned;
            match (was_broken, flip.verdict) {
                (true, _) => *from_broken += 1,
                (_, Verdict::Impermissible) => *to_broken += 1,
                _ => *others += 1,
            }
            if of_rating.examples.len() < MOST_EXAMPLES {
                of_rating.examples.push((number, name()));
            }
        }
        // A rule counts once for an episode, however many ratings it hangs on.
        let broken: BTreeSet<RuleId> = result.fragile.iter().flat_map(|flip| flip.broken.iter().copied()).collect();
        let rules = version.rules.iter().zip((0..).map(RuleId));
        for (rule, id) in rules.filter(|(rule, _)| rule.decides()) {
            let kept = was_broken && result.judgement.status(id) == Some(Status::Violated);
            if kept || broken.contains(&id) {
                let [would_break, would_keep] = self.rules.entry(rule.name.clone()).or_default();
                *would_break += usize::from(!kept);
                *would_keep += usize::from(kept);
            }
        }
    }
}

fn has_ratings(result: &PolicyResult<'_>) -> bool {
    let fields = result.policy.versions.iter().flat_map(|version| &version.vocabulary.fields);
    fields.into_iter().any(|field| field.judged)
}

fn side(flip: &Flip) -> Side {
    match (&flip.to, flip.higher) {
        (Value::Boolean(_), _) => Side::OtherWay,
        (_, true) => Side::Higher,
        (_, false) => Side::Lower,
    }
}

/// Writes the section.
pub(super) fn section(whole: &Whole<'_>, least: usize) -> Markup {
    let fragility = whole.fragility;
    let with_ratings = || fragility.policies.iter().filter(|(_, of_policy)| of_policy.has_ratings);
    if with_ratings().next().is_none() {
        return html! {
            p.remark { "No field of the vocabulary is " code { "judged" } ", so nothing can be told here." }
        };
    }
    let listed: HashSet<usize> = whole.listing.entries().map(|entry| entry.number).collect();
    html! {
        p {
            "What is rated by judgement could have been rated one level higher or lower by somebody else. A verdict that would then be another is fragile: it is no reason to doubt the rule, but one to look at the rating. "
            (searched(fragility.searched, whole.summary.judged))
        }
        @for (policy, of_policy) in with_ratings() {
            p { "By policy " strong { (policy) } ", " (how_many(of_policy.fragile, fragility.searched, least)) }
            @if of_policy.fragile > 0 {
                (ratings(policy, of_policy, fragility.searched, least))
                @if whole.listing.is_allowed { (examples(of_policy, &listed)) }
                @if !of_policy.rules.is_empty() { (rules(policy, of_policy, fragility.searched, least)) }
            }
        }
        @if least > 1 { p.remark { "· stands for a number that is small, or that would tell one." } }
    }
}

fn searched(searched: usize, judged: usize) -> Markup {
    html! {
        @if searched < judged {
            strong { "Only the first " (thousands(searched)) " of " (thousands(judged)) " episodes were searched" }
            " for it; " code { "forbear explain" } " searches any one."
        }
        @else { "All " (thousands(searched)) " episodes were searched for it." }
    }
}

fn how_many(fragile: usize, searched: usize, least: usize) -> Markup {
    html! {
        @if fragile == 0 { "none of these verdicts is fragile." }
        @else if may_show(fragile, searched, least) { (thousands(fragile)) " of these verdicts " (if fragile == 1 { "is" } else { "are" }) " fragile." }
        @else { "some are fragile: how many is not shown, since it or what it leaves is small." }
    }
}

/// Gives numbers of episodes as they may be shown: none of them, if one or what they leave is small.
fn shown(counts: &[usize], searched: usize, least: usize) -> Vec<Option<usize>> {
    let rest = searched.saturating_sub(counts.iter().sum());
    let tells = counts.iter().chain([&rest]).any(|count| *count > 0 && *count < least);
    counts.iter().map(|count| (!tells).then_some(*count)).collect()
}

fn words(side: &Side) -> &'static str {
    match side {
        Side::Higher => "one level higher",
        Side::Lower => "one level lower",
        Side::OtherWay => "the other way",
    }
}

fn ratings(policy: &str, of_policy: &OfPolicy, searched: usize, least: usize) -> Markup {
    let row = |((field, side), of_rating): (&(String, Side), &OfRating)| {
        let all = of_rating.turned.iter().sum();
        let mut counts = shown(&of_rating.turned, searched, least);
        counts.push(may_show(all, searched, least).then_some(all));
        (html! { code { (field) } " " (words(side)) }, counts)
    };
    let rows: Vec<(Markup, Vec<Option<usize>>)> = of_policy.ratings.iter().map(row).collect();
    let heads = ["had it been rated", "would be impermissible", "would no longer be impermissible", "otherwise", "all"];
    numbers(&format!("Verdicts of policy {policy} that would be others"), &heads, &rows)
}

fn rules(policy: &str, of_policy: &OfPolicy, searched: usize, least: usize) -> Markup {
    let row = |(name, counts): (&String, &[usize; 2])| (html! { code { (name) } }, shown(counts, searched, least));
    let rows: Vec<(Markup, Vec<Option<usize>>)> = of_policy.rules.iter().map(row).collect();
    let heads = ["rule", "would be violated", "would no longer be violated"];
    numbers(&format!("Rules of policy {policy} on which fragile verdicts turn"), &heads, &rows)
}

/// Names some episodes of each rating, and leads to those that the table lists.
fn examples(of_policy: &OfPolicy, listed: &HashSet<usize>) -> Markup {
    html! {
        details.examples {
            summary { "Examples" }
            ul {
                @for ((field, side), of_rating) in &of_policy.ratings {
                    li {
                        code { (field) } " " (words(side)) ": "
                        @for (at, (number, name)) in of_rating.examples.iter().enumerate() {
                            @if at > 0 { ", " }
                            @if listed.contains(number) { a href={"#record-" (number)} { (name) } } @else { (name) }
                        }
                        @let more = of_rating.turned.iter().sum::<usize>().saturating_sub(of_rating.examples.len());
                        @if more > 0 { " and " (thousands(more)) " more" }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_small_or_leave_a_small_one_are_not_shown() {
        assert_eq!(shown(&[10, 0, 6], 40, 5), [Some(10), Some(0), Some(6)]);
        for small in [[3, 0, 10], [10, 0, 27], [0, 0, 1]] {
            assert_eq!(shown(&small, 40, 5), [None, None, None], "{small:?}");
        }
        assert_eq!(shown(&[3, 0, 37], 40, 1), [Some(3), Some(0), Some(37)]);
    }
}
