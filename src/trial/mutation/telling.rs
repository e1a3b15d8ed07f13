//! A claim that holds of one version and fails of another, and the example that makes it.

use std::fmt::Write;

use crate::check::{Claim, ClaimKind, Situation};
use crate::judge::{Because, Judgement, Need, Outcome, Status, Verdict};
use crate::policy::{FieldId, RuleId, Version};

use super::Telling;
use super::change::Change;
use crate::trial::{Stand, all_hold, claims, judged, wanting};

/// Makes the example, if a situation tells both apart.
pub(super) fn of(
    version: &Version,
    stand: &Stand,
    changed: &Stand,
    change: &Change,
    situation: &Situation,
) -> Option<Telling> {
    let was = judged(&stand.policy, situation, |judgement, _| judgement.clone());
    let is = judged(&changed.policy, situation, |judgement, _| judgement.clone());
    let same =
        (was.verdict, &was.outcomes, &was.duties, &was.wanting) == (is.verdict, &is.outcomes, &is.duties, &is.wanting);
    if same {
        return None;
    }
    let wanting = || wanting(&stand.policy, situation);
    for kind in claims(version, &was, change.rule, wanting) {
        let claim = [Claim { kind, origin: change.origin }];
        if all_hold(&stand.policy, situation, &claim) && !all_hold(&changed.policy, situation, &claim) {
            let [claim] = claim;
            return Some(Telling { text: text(version, change, situation, &claim.kind) });
        }
    }
    None
}

/// Gives claims that may hold of a judgement, the plainest first.
fn claims(
    version: &Version,
    judgement: &Judgement,
    about: Option<RuleId>,
    wanting: impl FnOnce() -> Vec<FieldId>,
) -> Vec<ClaimKind> {
    let mut claims = Vec::new();
    match judgement.verdict {
        Verdict::Permissible => claims.push(ClaimKind::Permissible),
        Verdict::NotCovered => claims.push(ClaimKind::NotCovered),
        Verdict::Undetermined => {
            claims.push(ClaimKind::Undetermined { fields: wanting(), only: false });
        }
        Verdict::Impermissible => {
            let mut violated = of_status(version, judgement, Status::Violated);
            violated.sort_by_key(|rule| Some(*rule) != about);
            let one = |rule: &RuleId, only| ClaimKind::ImpermissibleBy { rules: vec![*rule], only };
            claims.extend(violated.first().map(|rule| one(rule, true)));
            claims.extend(violated.iter().map(|rule| one(rule, false)));
            if judgement.because == Because::ByDefault {
                claims.push(ClaimKind::ImpermissibleByDefault { only: true });
            }
            claims.push(ClaimKind::ImpermissibleByDefault { only: false });
        }
    }
    let excused = of_status(version, judgement, Status::Excused(Need::Needed));
    claims.extend(excused.into_iter().map(|rule| ClaimKind::ExcusedFrom(vec![rule])));
    let owed = judgement.duties.iter().filter(|duty| claims::owes(duty));
    claims.extend(owed.map(|duty| ClaimKind::Owes(vec![duty.rule])));
    for duty in &judgement.duties {
        if claims::is_overdue(duty) {
            claims.push(ClaimKind::OverdueWith(vec![duty.rule]));
        } else if claims::is_not_yet_overdue(duty) {
            claims.push(ClaimKind::NotYetOverdueWith(vec![duty.rule]));
        }
    }
    claims.push(ClaimKind::OwesNothing);
    claims
}

fn of_status(version: &Version, judgement: &Judgement, status: Status) -> Vec<RuleId> {
    let both = (0..).zip(version.rules.iter().zip(&judgement.outcomes));
    let found = both.filter(|(_, (rule, outcome))| rule.decides() && Outcome::status(outcome) == Some(status));
    found.map(|(at, _)| RuleId(at)).collect()
}

/// Writes the example.
fn text(version: &Version, change: &Change, situation: &Situation, claim: &ClaimKind) -> String {
    let rule = change.rule.and_then(|id| version.rules.get(id.0 as usize));
    let about = rule.map_or("the scope, or a definition".to_owned(), |rule| rule.name.clone());
    let what = change.what.replace(['`', '"'], "");
    let mut text = format!("example \"notices, in {about}, that {what}\" {}\n", situation.case);
    for (_, setting) in &situation.with {
        let _ = writeln!(text, "  with {setting}");
    }
    if !situation.without.is_empty() {
        let names: Vec<&str> = situation.without.iter().map(|field| version.vocabulary.field_name(*field)).collect();
        let _ = writeln!(text, "  without {}", names.join(", "));
    }
    if !situation.following.is_empty() {
        let earlier = situation.following.iter().map(|one| format!("{} {} earlier", one.case, one.distance.words()));
        let _ = writeln!(text, "  following {}", earlier.collect::<Vec<_>>().join(", "));
    }
    if let Some(later) = situation.as_of_later {
        let _ = writeln!(text, "  as of {} later", later.words());
    }
    let _ = writeln!(text, "  {}", claim_words(version, claim));
    text
}

/// Writes a case of its own, and the example.
pub(super) fn text_of_case<'s>(
    version: &Version,
    change: &Change,
    settings: impl Iterator<Item = (&'s str, &'s str)>,
    claim: &ClaimKind,
) -> String {
    let rule = change.rule.and_then(|id| version.rules.get(id.0 as usize));
    let about = rule.map_or("policy", |rule| rule.name.as_str());
    // Two changes of one rule begin at two places.
    let name = format!("told_apart_in_{about}_{}", change.origin.start);
    let mut text = format!("case {name}\n");
    for (field, value) in settings {
        let _ = writeln!(text, "  {field} {value}");
    }
    let what = change.what.replace(['`', '"'], "");
    let _ = writeln!(text, "\nexample \"notices, in {about}, that {what}\" {name}\n  {}", claim_words(version, claim));
    text
}

fn claim_words(version: &Version, claim: &ClaimKind) -> String {
    let rules = |rules: &[RuleId]| {
        let names = rules.iter().filter_map(|id| version.rules.get(id.0 as usize)).map(|rule| rule.name.as_str());
        names.collect::<Vec<_>>().join(", ")
    };
    let only = |only: &bool| if *only { " only" } else { "" };
    match claim {
        ClaimKind::Permissible => "is permissible".to_owned(),
        ClaimKind::NotCovered => "is not covered".to_owned(),
        ClaimKind::ImpermissibleBy { rules: named, only: alone } => {
            format!("is impermissible by {}{}", rules(named), only(alone))
        }
        ClaimKind::ImpermissibleByDefault { only: alone } => format!("is impermissible by default{}", only(alone)),
        ClaimKind::Undetermined { fields, .. } if fields.is_empty() => "is undetermined".to_owned(),
        ClaimKind::Undetermined { fields, only: alone } => {
            let names: Vec<&str> = fields.iter().map(|field| version.vocabulary.field_name(*field)).collect();
            format!("is undetermined for want of {}{}", names.join(", "), only(alone))
        }
        ClaimKind::Owes(named) => format!("owes {}", rules(named)),
        ClaimKind::OwesNothing => "owes nothing".to_owned(),
        ClaimKind::ExcusedFrom(named) => format!("is excused from {}", rules(named)),
        ClaimKind::OverdueWith(named) => format!("is overdue with {}", rules(named)),
        ClaimKind::NotYetOverdueWith(named) => format!("is not yet overdue with {}", rules(named)),
    }
}
