//! A policy's own examples: what is claimed, and of which cases.

use std::collections::BTreeMap;

use crate::check::{Claim, ClaimKind, Example, Situation, Subject};
use crate::policy::RuleId;

use super::document::{Block, Inline};
use super::words::{Words, capital, joined, t};

/// Makes the lists of a version's examples, one for each thing that is claimed, in the order in which they are first
/// claimed; none if it has no examples.
pub(super) fn lists(words: &Words<'_>, examples: &[Example]) -> Vec<Block> {
    let own = |example: &&Example| {
        let (name, origin) = &example.version;
        *name == words.version.policy && *origin == words.version.origin
    };
    let mut claimed: Vec<(Vec<Inline>, Vec<Vec<Block>>)> = Vec::new();
    let mut known: BTreeMap<Vec<Inline>, usize> = BTreeMap::new();
    let mut add = |example: &Example, of: Vec<Inline>, claim: Vec<Inline>| {
        let at = *known.entry(claim.clone()).or_insert(claimed.len());
        if at == claimed.len() {
            claimed.push((claim, Vec::new()));
        }
        if let Some((_, items)) = claimed.get_mut(at) {
            items.push(vec![Block::Paragraph([vec![t(&example.title), t(": ")], of].concat())]);
        }
    };
    for example in examples.iter().filter(own) {
        match &example.subject {
            Subject::Case(situation, claimed) => add(example, case(words, situation), claims(words, claimed)),
            Subject::Log(log) => {
                for (id, _, claimed) in &log.records {
                    let record = vec![t("record "), Inline::code(id), t(" of "), Inline::code(&log.file)];
                    add(example, record, claims(words, claimed));
                }
            }
        }
    }
    let shown = claimed.into_iter().map(|(mut claim, items)| {
        claim.push(t(":"));
        Block::Together(vec![Block::Paragraph(capital(claim)), Block::List(items)])
    });
    shown.collect()
}

fn case(words: &Words<'_>, situation: &Situation) -> Vec<Inline> {
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

fn claims(words: &Words<'_>, claimed: &[Claim]) -> Vec<Inline> {
    joined(claimed.iter().map(|claim| one_claim(words, &claim.kind)).collect(), "and")
}

fn one_claim(words: &Words<'_>, claim: &ClaimKind) -> Vec<Inline> {
    let rules = |before: &str, rules: &[RuleId], after: &str| {
        let named = rules.iter().filter_map(|id| words.version.rules.get(usize::try_from(id.0).ok()?));
        let noun = if rules.len() == 1 { "rule " } else { "rules " };
        let mut said = vec![t(before), t(noun)];
        said.extend(joined(named.map(|rule| vec![words.rule(rule)]).collect(), "and"));
        said.push(t(after));
        said
    };
    match claim {
        ClaimKind::Permissible => vec![t("permissible")],
        ClaimKind::NotCovered => vec![t("not covered")],
        ClaimKind::ImpermissibleBy { rules: broken, only } => {
            rules("not permissible, by the ", broken, if *only { " alone" } else { "" })
        }
        ClaimKind::ImpermissibleByDefault { only } => {
            let only = if *only { " and for no other reason" } else { "" };
            vec![Inline::Text(format!("not permissible, since no ground is given{only}"))]
        }
        ClaimKind::Undetermined { fields, only } => {
            let mut said = vec![t("undetermined")];
            if !fields.is_empty() {
                said.push(t(if *only { ", for want only of " } else { ", for want of " }));
                said.extend(joined(fields.iter().map(|field| words.field(*field)).collect(), "and"));
            }
            said
        }
        ClaimKind::Owes(duties) => rules("something is owed by the ", duties, ""),
        ClaimKind::OwesNothing => vec![t("nothing is owed")],
        ClaimKind::ExcusedFrom(excused) => rules("excused from the ", excused, ""),
    }
}
