//! Verdicts that hang on a rating: how many would be others if somebody had rated one level higher or lower.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::audit::{Judged, PolicyResult};
use crate::judge::Verdict;
use crate::policy::{RuleId, Value, Version};
use crate::prove::Flip;

use super::super::human::thousands;
use super::super::small::may_show;
use super::Whole;
use super::tables::numbers;

/// Of how many episodes it is asked, at least: it takes time to work out.
const MOST: usize = 10_000;

/// What hangs on ratings, over the episodes of which it was asked.
#[derive(Debug, Default)]
pub(super) struct Fragile {
    looked: usize,
    policies: BTreeMap<String, OfPolicy>,
}

/// The verdicts of one policy.
#[derive(Debug, Default)]
struct OfPolicy {
    /// Those that hang on some rating, by what they are.
    verdicts: BTreeMap<&'static str, usize>,
    ratings: BTreeMap<Rating, usize>,
    /// By rule: those in which it would be violated, and is not.
    broken: BTreeMap<String, usize>,
}

/// A field that is rated otherwise, and what that does to the verdict.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rating {
    field: String,
    how: &'static str,
    is: &'static str,
    would_be: &'static str,
}

impl Fragile {
    /// Says whether it will ask of another episode.
    pub(super) fn has_room(&self) -> bool {
        self.looked < MOST
    }

    /// Counts an episode of which it was asked.
    pub(super) fn add(&mut self, judged: &Judged<'_>) {
        self.looked += 1;
        for result in judged.results.iter().filter(|result| !result.fragile.is_empty()) {
            let Some(version) = result.version else { continue };
            self.policies.entry(result.policy.name.clone()).or_default().add(result, version);
        }
    }
}

impl OfPolicy {
    fn add(&mut self, result: &PolicyResult<'_>, version: &Version) {
        let is = result.verdict();
        *self.verdicts.entry(is.words()).or_default() += 1;
        let rule = |rule: &RuleId| version.rules.get(rule.0 as usize).map(|rule| rule.name.clone());
        let mut broken: Vec<String> = result.fragile.iter().flat_map(|flip| &flip.broken).filter_map(rule).collect();
        broken.sort_unstable();
        broken.dedup();
        for rule in broken {
            *self.broken.entry(rule).or_default() += 1;
        }
        for flip in &result.fragile {
            *self.ratings.entry(Rating::of(flip, is, version)).or_default() += 1;
        }
    }
}

impl Rating {
    fn of(flip: &Flip, is: Verdict, version: &Version) -> Self {
        let how = match (&flip.to, flip.higher) {
            (Value::Boolean(_), _) => "the other way",
            (_, true) => "one level higher",
            (_, false) => "one level lower",
        };
        let field = version.vocabulary.field_name(flip.field).to_owned();
        Self { field, how, is: is.words(), would_be: flip.verdict.words() }
    }
}

/// Writes the section.
pub(super) fn section(whole: &Whole<'_>, least: usize) -> Markup {
    let fragile = whole.fragile;
    let shown = |count: usize| may_show(count, fragile.looked, least).then_some(count);
    html! {
        p.remark {
            "Ratings are judgements of people. A verdict is counted here if it would be another, had one field that is judged been \
             rated one level higher or lower, and everything else been the same."
        }
        @if fragile.looked < whole.summary.judged {
            p.remark {
                "This was asked of " @if least > 1 { "some" } @else { (thousands(fragile.looked)) } " of the episodes, in the order of the logs."
            }
        }
        @for policy in &whole.summary.policies {
            @match fragile.policies.get(&policy.name) {
                None => p { "By policy " strong { (policy.name) } " no verdict hangs on a single rating." },
                Some(of_policy) => {
                    (numbers(&format!("Verdicts of policy {} that hang on a rating", policy.name), &["verdict", "episodes"],
                        &of_policy.verdicts.iter().map(|(is, count)| (html! { (is) }, vec![shown(*count)])).collect::<Vec<_>>()))
                    (numbers(&format!("What another rating would do by policy {}", policy.name), &["rating, and what it does", "episodes"],
                        &most_first(&of_policy.ratings, Rating::label, shown)))
                    @if !of_policy.broken.is_empty() {
                        (numbers(&format!("Rules of policy {} that another rating would violate", policy.name), &["rule", "episodes"],
                            &most_first(&of_policy.broken, |rule| html! { code { (rule) } }, shown)))
                    }
                }
            }
        }
    }
}

impl Rating {
    fn label(&self) -> Markup {
        html! { code { (self.field) } " " (self.how) br; span.quiet { (self.is) " → " (self.would_be) } }
    }
}

fn most_first<K: Ord>(
    counts: &BTreeMap<K, usize>,
    label: impl Fn(&K) -> Markup,
    shown: impl Fn(usize) -> Option<usize>,
) -> Vec<(Markup, Vec<Option<usize>>)> {
    let mut rows: Vec<(&K, usize)> = counts.iter().map(|(key, count)| (key, *count)).collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    rows.into_iter().map(|(key, count)| (label(key), vec![shown(count)])).collect()
}
