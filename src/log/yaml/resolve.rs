//! From the tree of a record to its flat form, and what a plain scalar stands for.

use super::tree::{Child, Kind};
use crate::log::flatten::Flat;
use crate::log::limits::Limits;
use crate::log::record::{Raw, Record, Unreadable};
use crate::policy::number;

/// Makes the record that a node is.
pub(super) fn record(child: &Child, limits: &Limits) -> Result<Record, Unreadable> {
    let place = child.place();
    let what = match &child.node.kind {
        Kind::Group(members) => {
            let mut flat = Flat::new(limits);
            group(&mut flat, members, child)?;
            return Ok(flat.finish(place));
        }
        Kind::List(_) => "a list",
        Kind::Scalar { text, plain } if scalar(text, *plain) == Raw::Nothing => "nothing",
        Kind::Scalar { .. } => "a single value",
    };
    Err(Unreadable { at: place, reason: format!("this is {what}, and a record is a group of keys with values") })
}

/// Takes up the members of a group; within an alias, everything stands where the alias stands.
fn group(flat: &mut Flat<'_>, members: &[(Child, Child)], around: &Child) -> Result<(), Unreadable> {
    for (key, value) in members {
        let (key, value) = (within(around, key), within(around, value));
        let at = key.place();
        let Kind::Scalar { text, plain } = &key.node.kind else {
            return Err(Unreadable { at, reason: "a key is a single word or text".to_owned() });
        };
        if at.is_empty() {
            return Err(Unreadable { at, reason: "a key is missing before this colon".to_owned() });
        }
        if *plain && text == "<<" {
            let reason = "merge keys (`<<`) are not read; write the values out".to_owned();
            return Err(Unreadable { at, reason });
        }
        member(flat, text, &key, &value)?;
    }
    Ok(())
}

fn member(flat: &mut Flat<'_>, key: &str, at: &Child, value: &Child) -> Result<(), Unreadable> {
    let (at, place) = (at.place(), value.place());
    match &value.node.kind {
        Kind::Group(members) if members.is_empty() => flat.value(key, at, Raw::Other("an empty group"), place),
        Kind::Group(members) => {
            let outer = flat.enter(key, at)?;
            group(flat, members, value)?;
            flat.leave(outer);
            Ok(())
        }
        Kind::List(members) => {
            let raws = members.iter().map(|member| {
                let member = within(value, member);
                (inside_list(&member), member.place())
            });
            flat.value(key, at, Raw::List(raws.collect()), place)
        }
        Kind::Scalar { text, plain } => flat.value(key, at, scalar(text, *plain), place),
    }
}

fn within(around: &Child, child: &Child) -> Child {
    Child { node: std::rc::Rc::clone(&child.node), alias: around.alias.or(child.alias) }
}

fn inside_list(child: &Child) -> Raw {
    match &child.node.kind {
        Kind::Scalar { text, plain } => scalar(text, *plain),
        Kind::List(_) => Raw::Other("a list"),
        Kind::Group(_) => Raw::Other("a group"),
    }
}

/// Says what a scalar stands for: nothing but `true`, `false`, `null`, `~` and numbers is more than a text, so that
/// `no`, `017` and dates stay as they are written.
fn scalar(text: &str, plain: bool) -> Raw {
    match text {
        _ if !plain => Raw::Text(text.to_owned()),
        "" | "~" | "null" => Raw::Nothing,
        "true" => Raw::Boolean(true),
        "false" => Raw::Boolean(false),
        _ if number::parse(text).is_some() => Raw::Number(text.to_owned()),
        _ => Raw::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_texts_unless_they_are_more() {
        for text in ["yes", "no", "True", "NULL", "1_000", "017", "2026-03-04", "0x10", ".5"] {
            assert_eq!(scalar(text, true), Raw::Text(text.to_owned()), "{text}");
        }
        assert_eq!(scalar("2.0", true), Raw::Number("2.0".to_owned()));
        assert_eq!(scalar("2.0", false), Raw::Text("2.0".to_owned()));
        assert_eq!(scalar("~", true), Raw::Nothing);
        assert_eq!(scalar("", false), Raw::Text(String::new()));
    }
}
