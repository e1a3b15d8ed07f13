//! Records of a generated log: fitting, missing, unfit and partial values, as JSON text.

use std::collections::BTreeMap;

use super::generate::Chooser;
use super::vocabulary::{Field, PARTIAL_INSTANTS, Type, Words};

/// Writes one record. How much it leaves out, gets wrong or half says differs from record to record; `is_plain`: mostly nothing.
pub(crate) fn record(words: &Words, at: usize, is_plain: bool, choose: &mut Chooser) -> String {
    let holes = if is_plain { [0, 0, 0, 5, 15] } else { [0, 0, 5, 15, 40] }[choose.below(5)];
    let partial = if is_plain { 0 } else { 15 } + holes / 2;
    let nested = !choose.chance(10);
    let mut entries: Vec<(&str, String)> = vec![];
    // Sets of people are read by nothing that is fast.
    for field in words.fields.iter().filter(|field| !is_plain || field.kind != Type::SetOfIdentity) {
        let value = if field.name == "id" { id(at, choose) } else { value(field, words, (holes, partial), choose) };
        if let Some(value) = value {
            entries.push((field.path, value));
        }
    }
    if nested { write_nested(&entries) } else { write_flat(&entries) }
}

/// Gives the record's id; sometimes that of one before it, sometimes none.
fn id(at: usize, choose: &mut Chooser) -> Option<String> {
    match choose.below(100) {
        0..85 => Some(format!("\"EP-{at}\"")),
        85..95 => Some(format!("\"EP-{}\"", choose.below(at + 1))),
        _ => None,
    }
}

/// Gives a value in JSON; `None`: the key is left out.
fn value(field: &Field, words: &Words, (holes, partial): (usize, usize), choose: &mut Chooser) -> Option<String> {
    if choose.chance(holes) {
        return [None, None, Some("null"), Some("\"\""), Some("\"  \"")][choose.below(5)].map(str::to_owned);
    }
    if choose.chance(holes / 2) {
        return Some((*choose.pick_of(field.kind.unfit())).to_owned());
    }
    Some(match field.kind {
        Type::Instant if choose.chance(partial) => (*choose.pick_of(&PARTIAL_INSTANTS)).to_owned(),
        Type::SetOf(list) => set(Type::Kind(list), words, partial, choose),
        Type::SetOfIdentity if choose.chance(holes) => "[\"S-1\", [1]]".to_owned(),
        kind => choose.pick_of(&kind.fitting(words)).clone(),
    })
}

fn set(member: Type, words: &Words, partial: usize, choose: &mut Chooser) -> String {
    let mut members = if choose.chance(80) { choose.some(&member.fitting(words), 3) } else { vec![] };
    if choose.chance(partial) {
        members.push((*choose.pick_of(member.unfit())).to_owned());
    }
    format!("[{}]", members.join(", "))
}

fn write_flat(entries: &[(&str, String)]) -> String {
    let entries: Vec<String> = entries.iter().map(|(path, value)| format!("\"{path}\": {value}")).collect();
    format!("{{{}}}", entries.join(", "))
}

/// Writes `a.b` as a group `a`.
fn write_nested(entries: &[(&str, String)]) -> String {
    let mut groups: BTreeMap<&str, Vec<(&str, String)>> = BTreeMap::new();
    let mut outer = vec![];
    for (path, value) in entries {
        match path.split_once('.') {
            Some((group, key)) => groups.entry(group).or_default().push((key, value.clone())),
            None => outer.push((*path, value.clone())),
        }
    }
    outer.extend(groups.iter().map(|(group, entries)| (*group, write_flat(entries))));
    write_flat(&outer)
}
