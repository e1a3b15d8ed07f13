//! Exact verdicts in words: what decides whatever the value, and what would settle it.

use crate::audit::{Known, PolicyResult};
use crate::judge::{Verdict, Wanted};
use crate::policy::FieldId;
use crate::prove::ExactVerdict;

use super::machine::SettlingRecord;

use super::identities::Identities;

/// How many sets are told to people.
const MOST_TOLD: usize = 6;

/// Says whether the exact verdict is another than the one that is found rule by rule.
pub(super) fn differs(result: &PolicyResult<'_>) -> bool {
    result.verdict() != result.judgement.verdict
}

fn decided<'r>(result: &'r PolicyResult<'_>) -> Option<&'r ExactVerdict> {
    result.exact.as_ref().filter(|exact| exact.verdict != Verdict::Undetermined)
}

/// Names the rules that jointly decide the verdict.
pub(super) fn rules(result: &PolicyResult<'_>) -> Vec<String> {
    let Some(exact) = decided(result) else { return Vec::new() };
    let rule = |id: &crate::policy::RuleId| {
        result.version.and_then(|version| version.rules.get(id.0 as usize)).map(|rule| rule.name.clone())
    };
    let by_default = exact.by_default.then(|| "by default".to_owned());
    exact.rules.iter().filter_map(rule).chain(by_default).collect()
}

/// Gives the verdicts that remain possible, if several do.
pub(super) fn possible(result: &PolicyResult<'_>) -> Option<Vec<String>> {
    let exact = result.exact.as_ref().filter(|exact| exact.verdict == Verdict::Undetermined)?;
    Some(exact.possible.iter().map(|verdict| verdict.word().to_owned()).collect())
}

/// Tells what decides a verdict that rule by rule would be undetermined.
pub(super) fn whatever(result: &PolicyResult<'_>) -> Option<String> {
    let exact = decided(result)?;
    let fields: Vec<String> =
        result.judgement.wanting.iter().filter_map(|wanted| wanted.here()).map(|field| quoted(result, field)).collect();
    let of = if fields.is_empty() { "what is missing".to_owned() } else { fields.join(" and ") };
    let rules: Vec<String> = rules(result).into_iter().map(|rule| format!("`{rule}`")).collect();
    let rules = match rules.as_slice() {
        [] => String::new(),
        [one] => format!(": decided by {one}"),
        several => format!(": decided jointly by {}", several.join(", ")),
    };
    Some(format!("{} whatever the value of {of}{rules}", exact.verdict.words()))
}

fn quoted(result: &PolicyResult<'_>, field: FieldId) -> String {
    format!("`{}`", result.field_name(field))
}

/// Tells what would settle an undetermined verdict.
pub(super) fn settled_by(result: &PolicyResult<'_>, identities: &Identities) -> Option<String> {
    let evidence = result.evidence.as_ref().filter(|evidence| !evidence.sets.is_empty())?;
    let set = |set: &crate::prove::Settling| {
        let fields: Vec<String> = names(result, set, identities).map(|name| format!("`{name}`")).collect();
        let always = if set.always == Some(true) { " (always)" } else { "" };
        format!("{}{always}", fields.join(" and "))
    };
    let told: Vec<String> = evidence.sets.iter().take(MOST_TOLD).map(set).collect();
    let more = if !evidence.is_all() || evidence.sets.len() > MOST_TOLD { "; perhaps others" } else { "" };
    Some(format!("{}{more}", told.join("; or ")))
}

/// Gives what would settle an undetermined verdict, for programs.
pub(super) fn settling(result: &PolicyResult<'_>, identities: &Identities) -> Option<Vec<SettlingRecord>> {
    let set = |set: &crate::prove::Settling| SettlingRecord {
        fields: names(result, set, identities).collect(),
        always: set.always,
    };
    result.evidence.as_ref().map(|evidence| evidence.sets.iter().map(set).collect())
}

/// Names the fields of a set.
fn names<'r>(
    result: &'r PolicyResult<'_>,
    set: &'r crate::prove::Settling,
    identities: &'r Identities,
) -> impl Iterator<Item = String> + 'r {
    let own = set.fields.iter().map(|field| Wanted::Here(*field));
    let earlier = set.earlier.iter().map(|(record, field)| Wanted::Of { record: *record, field: *field });
    own.chain(earlier).map(|wanted| wanted_name(result, wanted, identities))
}

/// Names what an undetermined verdict is wanting for.
pub(super) fn wanting(result: &PolicyResult<'_>, identities: &Identities) -> Vec<String> {
    let wanting = result.wanting().values.into_iter();
    wanting.map(|wanted| wanted_name(result, wanted, identities)).collect()
}

/// Says how far it was looked for what is wanting, for programs; nothing where all of it is named.
pub(super) fn wanting_known(result: &PolicyResult<'_>) -> Option<String> {
    let word = match result.wanting().known {
        Known::All => return None,
        Known::Some => "some",
        Known::ByRule => "by_rule",
    };
    Some(word.to_owned())
}

/// Tells what an undetermined verdict is wanting for.
pub(super) fn wanting_words(result: &PolicyResult<'_>, identities: &Identities) -> String {
    let names = wanting(result, identities).join(", ");
    match (result.wanting().known, names.is_empty()) {
        (Known::All, true) => "nothing that could be written down in addition would settle it".to_owned(),
        (Known::All, false) => format!("the verdict turns on: {names}"),
        (Known::Some, true) => "what it turns on was not found out: the search was cut short".to_owned(),
        (Known::Some, false) => format!("the verdict turns on: {names}; perhaps on others"),
        (Known::ByRule, _) => format!("the open rules turn on: {names}"),
    }
}

/// Names what is wanting: a field, or an earlier record.
pub(super) fn wanted_name(result: &PolicyResult<'_>, wanted: Wanted, identities: &Identities) -> String {
    let id = result.wanted_id(wanted).map(|id| identities.episode(&id));
    result.wanted_name_of(wanted, id.as_deref())
}
