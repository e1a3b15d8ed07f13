//! Records that lie within a document: `entry[].resource` of a bundle.
//!
//! The list is found by looking at brackets, quotation marks and keys alone, so that a document may be larger than a record
//! and broken further down; its members are then read like those of any list.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::split::skip_space;
use crate::log::record::Unreadable;
use crate::source::Span;

/// Gives where the list begins to which the keys lead, within the group that begins at an offset.
pub(super) fn list(bytes: &[u8], document: usize, keys: &[String]) -> Option<usize> {
    let (mut at, mut wanted) = (document + 1, keys.iter());
    let mut key = wanted.next()?;
    loop {
        at = skip_space(bytes, at);
        let (name, behind) = string(bytes, at)?;
        let value = skip_space(bytes, skip_space(bytes, behind) + 1);
        if bytes.get(skip_space(bytes, behind)) != Some(&b':') {
            return None;
        }
        if name == key.as_bytes() {
            match (wanted.next(), bytes.get(value)?) {
                (None, b'[') => return Some(value),
                (Some(next), b'{') => (key, at) = (next, value + 1),
                _ => return None,
            }
            continue;
        }
        at = skip_space(bytes, value_end(bytes, value)?);
        if bytes.get(at) != Some(&b',') {
            return None;
        }
        at += 1;
    }
}

/// Gives the text in quotation marks that begins at an offset, as written, and where it ends.
fn string(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let rest = bytes.get(at..)?.strip_prefix(b"\"")?;
    let mut escaped = false;
    let length = rest.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    })?;
    Some((rest.get(..length)?, at + length + 2))
}

/// Gives where a value ends.
fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => string(bytes, at).map(|(_, end)| end),
        b'{' | b'[' => Some(end(bytes, at, 0)),
        _ => {
            let rest = bytes.get(at..)?;
            let length = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace());
            Some(at + length.unwrap_or(rest.len()))
        }
    }
}

/// Gives the end of what is open, so many brackets deep, at an offset; that of the input if it never closes.
pub(super) fn end(bytes: &[u8], from: usize, open: usize) -> usize {
    let (mut at, mut open) = (from, open);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => match string(bytes, at) {
                Some((_, end)) => {
                    at = end;
                    continue;
                }
                None => return bytes.len(),
            },
            b'{' | b'[' => open += 1,
            b'}' | b']' => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Goes down from an element to the record in it.
pub(super) fn descend<'t>(mut text: &'t str, mut place: Span, keys: &[String]) -> Result<(&'t str, Span), Unreadable> {
    for key in keys {
        let members: HashMap<String, &RawValue> = serde_json::from_str(text).map_err(|_| Unreadable {
            at: place,
            reason: format!("this is no valid JSON, or no group with a key `{key}`"),
        })?;
        let Some(found) = members.get(key) else {
            return Err(Unreadable {
                at: place,
                reason: format!("it has no key `{key}`, in which the record would be"),
            });
        };
        let start = place.start + (found.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        text = found.get();
        place = Span::new(place.source, start, start + text.len());
    }
    Ok((text, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(path: &str) -> Vec<String> {
        path.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn a_list_is_found_behind_other_members() {
        let text = br#"{"a": "]{\"", "entry": 1, "b": {"entry": []}, "n": -1.5, "data" : {"x": [[]], "list": [1]}}"#;
        let found = list(text, 0, &keys("data.list")).unwrap();
        assert!(text[found..].starts_with(b"[1]"));
        assert_eq!(list(text, 0, &keys("entry")), None);
        assert_eq!(list(text, 0, &keys("b.entry")).map(|at| text[at..].starts_with(b"[]")), Some(true));
        for broken in ["{", "{\"a\"", "{\"a\":", "{\"a\": 1", "{a: []}", "{\"a\" []}"] {
            assert_eq!(list(broken.as_bytes(), 0, &keys("a")), None, "{broken}");
        }
    }

    #[test]
    fn what_is_open_ends_with_its_bracket() {
        assert_eq!(end(b"{\"}\": [1]} x", 0, 0), 10);
        assert_eq!(end(b"1], 2} {", 0, 2), 6);
        assert_eq!(end(b"[{", 0, 0), 2);
    }
}
