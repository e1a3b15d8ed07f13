//! A policy's own examples: what is claimed, and of which cases.

use std::collections::BTreeMap;

use crate::check::{Claim, ClaimKind, Example, Situation, Subject};
use crate::policy::{FieldId, RuleId};

use super::document::{Block, Inline};
use super::index::Numbers;
use super::words::{Words, capital, joined, t};

/// Lists a version's examples under what is claimed of them, in the order in which that is first claimed; none if it has
/// no examples.
pub(super) fn list(words: &Words<'_>, examples: &[Example], numbers: &Numbers) -> Option<Block> {
    let mut claimed: Vec<(Vec<Inline>, Vec<Vec<Block>>)> = Vec::new();
    let mut known: BTreeMap<Vec<Inline>, usize> = BTreeMap::new();
    let mut add = |example: &Example, of: Vec<Inline>, claims: &[Claim], left_out: &[FieldId]| {
        let (claim, wanting) = apart(words, Some(numbers), claims, left_out);
        let at = *known.entry(claim.clone()).or_insert(claimed.len());
        if at == claimed.len() {
            claimed.push((claim, Vec::new()));
        }
        if let Some((_, items)) = claimed.get_mut(at) {
            items.push(vec![Block::Paragraph([vec![t(&example.title), t(": ")], of, wanting].concat())]);
        }
    };
    for example in of(words, examples) {
        match &example.subject {
            Subject::Case(situation, claimed) => add(example, case(words, situation), claimed, &named_last(situation)),
            Subject::Log(log) => {
                for (id, _, claimed) in &log.records {
                    let record = vec![t("record "), Inline::code(id), t(" of "), Inline::code(&log.file)];
                    add(example, record, claimed, &[]);
                }
            }
        }
    }
    let shown = claimed.into_iter().map(|(mut claim, items)| {
        claim.push(t(":"));
        vec![Block::Paragraph(capital(claim)), Block::List(items)]
    });
    let shown: Vec<Vec<Block>> = shown.collect();
    if shown.is_empty() { None } else { Some(Block::List(shown)) }
}

/// Gives the examples of a version.
pub(super) fn of<'e>(words: &Words<'_>, examples: &'e [Example]) -> impl Iterator<Item = &'e Example> {
    let (policy, at) = (words.version.policy.clone(), words.version.origin);
    examples.iter().filter(move |example| example.version.0 == policy && example.version.1 == at)
}

pub(super) fn case(words: &Words<'_>, situation: &Situation) -> Vec<Inline> {
    let mut said = vec![Inline::code(&situation.case)];
    for (field, setting) in &situation.with {
        said.push(t(", with "));
        said.extend(words.field(*field));
        said.push(t(": "));
        // The setting as it is written begins with the field, which is named already.
        let name = words.version.vocabulary.field_name(*field);
        said.push(Inline::code(setting.strip_prefix(name).unwrap_or(setting).trim_start()));
    }
    for field in &situation.without {
        said.push(t(", without "));
        said.extend(words.field(*field));
    }
    for (at, earlier) in situation.following.iter().enumerate() {
        said.push(t(if at == 0 { ", following " } else { " and " }));
        said.push(Inline::code(&earlier.case));
        said.push(t(&format!(" {} earlier", earlier.distance.words())));
    }
    if let Some(later) = situation.as_of_later {
        said.push(t(&format!(", looked at {} later", later.words())));
    }
    said
}

/// Gives the fields that are left out, where nothing is named after them.
fn named_last(situation: &Situation) -> Vec<FieldId> {
    if situation.following.is_empty() && situation.as_of_later.is_none() {
        situation.without.to_vec()
    } else {
        Vec::new()
    }
}

/// Says what is claimed, and apart from it what belongs to one example: for want of what it is undetermined.
pub(super) fn apart(
    words: &Words<'_>,
    numbers: Option<&Numbers>,
    claimed: &[Claim],
    left_out: &[FieldId],
) -> (Vec<Inline>, Vec<Inline>) {
    let said = joined(claimed.iter().map(|claim| one_claim(words, numbers, &claim.kind)).collect(), "and");
    let mut wanting = Vec::new();
    for claim in claimed {
        if let ClaimKind::Undetermined { fields, only } = &claim.kind
            && !fields.is_empty()
        {
            wanting.push(t(if *only { "; for want only of " } else { "; for want of " }));
            // What is left out has just been named.
            if left_out == fields.as_slice() {
                wanting.push(t(if fields.len() == 1 { "it" } else { "them" }));
            } else {
                wanting.extend(joined(fields.iter().map(|field| words.field(*field)).collect(), "and"));
            }
        }
    }
    (said, wanting)
}

fn one_claim(words: &Words<'_>, numbers: Option<&Numbers>, claim: &ClaimKind) -> Vec<Inline> {
    let rules = |before: &str, rules: &[RuleId], after: &str| {
        let named = rules.iter().filter_map(|id| {
            let at = usize::try_from(id.0).ok()?;
            let rule = words.rule(words.version.rules.get(at)?);
            Some(match numbers {
                Some(numbers) => vec![Inline::Text(format!("{} (", numbers.0.get(at)?)), rule, t(")")],
                None => vec![rule],
            })
        });
        let noun = if rules.len() == 1 { "rule " } else { "rules " };
        let mut said = vec![t(before), t(noun)];
        said.extend(joined(named.collect(), "and"));
        said.push(t(after));
        said
    };
    match claim {
        ClaimKind::Permissible => vec![t("permissible")],
        ClaimKind::NotCovered => vec![t("not covered")],
        ClaimKind::ImpermissibleBy { rules: broken, only } => {
            rules("not permissible, by ", broken, if *only { " alone" } else { "" })
        }
        ClaimKind::ImpermissibleByDefault { only } => {
            let only = if *only { " and for no other reason" } else { "" };
            vec![Inline::Text(format!("not permissible, since no ground is given{only}"))]
        }
        // For want of what, each example says itself.
        ClaimKind::Undetermined { .. } => vec![t("undetermined")],
        ClaimKind::Owes(duties) => rules("something is owed by ", duties, ""),
        ClaimKind::OwesNothing => vec![t("nothing is owed")],
        ClaimKind::ExcusedFrom(excused) => rules("excused from ", excused, ""),
        ClaimKind::OverdueWith(duties) => rules("what is owed by ", duties, " is overdue"),
        ClaimKind::NotYetOverdueWith(duties) => rules("something is owed by ", duties, ", and not yet overdue"),
    }
}
