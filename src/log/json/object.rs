//! One JSON object as a record.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::split::nesting;
use crate::log::flatten::{Flat, within_depth, within_values};
use crate::log::limits::Limits;
use crate::log::plain::character_at;
use crate::log::record::{Raw, Record, Unreadable};
use crate::source::Span;

/// Reads the object that is the text of a place.
pub(in crate::log) fn record(text: &str, place: Span, limits: &Limits) -> Result<Record, Unreadable> {
    if !text.starts_with('{') {
        return Err(Unreadable {
            at: place,
            reason: format!("this is {}, and a record is a group in braces", kind(text)),
        });
    }
    let mut reader = Reader { text, place, limits, flat: Flat::new(limits), values: 0 };
    reader.group(text)?;
    Ok(reader.flat.finish(place))
}

struct Reader<'t, 'l> {
    text: &'t str,
    place: Span,
    limits: &'l Limits,
    flat: Flat<'l>,
    values: usize,
}

impl<'t> Reader<'t, '_> {
    fn group(&mut self, text: &'t str) -> Result<(), Unreadable> {
        for (key, value) in self.parse(text, Members(self.limits.values))? {
            let at = self.span(key.get());
            let key = self.string(key.get())?;
            self.member(&key, at, value.get())?;
        }
        Ok(())
    }

    fn member(&mut self, key: &str, at: Span, value: &'t str) -> Result<(), Unreadable> {
        let place = self.span(value);
        match value.as_bytes().first() {
            Some(b'{') if is_empty_group(value) => self.flat.value(key, at, Raw::Other("an empty group"), place),
            Some(b'{') => {
                let outer = self.flat.enter(key, at)?;
                self.group(value)?;
                self.flat.leave(outer);
                Ok(())
            }
            Some(b'[') => {
                let list = self.list(value, place)?;
                self.flat.value(key, at, list, place)
            }
            _ => {
                let raw = self.scalar(value)?;
                self.flat.value(key, at, raw, place)
            }
        }
    }

    fn list(&mut self, text: &'t str, place: Span) -> Result<Raw, Unreadable> {
        within_depth(self.flat.depth() + 1, self.limits, place)?;
        let members = self.parse(text, Elements(self.limits.values))?;
        self.values += members.len();
        within_values(self.values, self.limits, place)?;
        let mut raws = Vec::with_capacity(members.len());
        for member in members {
            let place = self.span(member.get());
            raws.push((self.list_member(member.get(), place)?, place));
        }
        Ok(Raw::List(raws))
    }

    fn list_member(&self, text: &'t str, place: Span) -> Result<Raw, Unreadable> {
        let other = match text.as_bytes().first() {
            Some(b'{') => "a group",
            Some(b'[') => "a list",
            _ => return self.scalar(text),
        };
        within_depth(self.flat.depth() + 1 + nesting(text), self.limits, place)?;
        Ok(Raw::Other(other))
    }

    fn scalar(&self, text: &'t str) -> Result<Raw, Unreadable> {
        Ok(match text {
            "null" => Raw::Nothing,
            "true" => Raw::Boolean(true),
            "false" => Raw::Boolean(false),
            _ if text.starts_with('"') => Raw::Text(self.string(text)?.into_owned()),
            _ => Raw::Number(text.to_owned()),
        })
    }

    fn string(&self, text: &'t str) -> Result<Cow<'t, str>, Unreadable> {
        let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        if let Some(inside) = inside.filter(|inside| !inside.contains('\\')) {
            return Ok(Cow::Borrowed(inside));
        }
        serde_json::from_str::<String>(text).map(Cow::Owned).map_err(|error| self.refusal(text, &error))
    }

    fn parse<S: DeserializeSeed<'t>>(&self, text: &'t str, seed: S) -> Result<S::Value, Unreadable> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let value = seed.deserialize(&mut deserializer).map_err(|error| self.refusal(text, &error))?;
        deserializer.end().map_err(|error| self.refusal(text, &error))?;
        Ok(value)
    }

    /// Gives where a part of the text stands: the parts are borrowed from it, so that their addresses tell.
    fn offset(&self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.place.start + offset.min(self.text.len())
    }

    fn span(&self, part: &str) -> Span {
        let start = self.offset(part);
        Span::new(self.place.source, start, start + part.len())
    }

    fn refusal(&self, part: &str, error: &serde_json::Error) -> Unreadable {
        let lines_before = part.split_inclusive('\n').take(error.line().saturating_sub(1));
        let inside = lines_before.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        let offset = self.offset(part) - self.place.start + inside.min(part.len());
        Unreadable { at: character_at(self.text, offset, self.place), reason: words(error) }
    }
}

fn is_empty_group(text: &str) -> bool {
    text.bytes().skip(1).find(|byte| !byte.is_ascii_whitespace()) == Some(b'}')
}

/// Says what a JSON value is.
fn kind(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b'0'..=b'9' | b'-') => "a number",
        _ if text == "null" => "nothing (`null`)",
        _ if text == "true" || text == "false" => "`true` or `false`",
        _ => "no valid JSON",
    }
}

/// Words an error of serde_json, whose own words are for programmers and end in a place.
fn words(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or(&said);
    if said.starts_with(TOO_MANY) {
        return said.to_owned();
    }
    if error.is_eof() {
        return "the record is cut off: a closing brace, bracket or quotation mark is missing".to_owned();
    }
    let plain = match said {
        "expected value" => "a value is expected here",
        "key must be a string" => "a key in quotation marks is expected here",
        "expected `,` or `}`" => "a comma or a closing brace is expected here",
        "expected `,` or `]`" => "a comma or a closing bracket is expected here",
        "expected `:`" => "a colon is expected here",
        "trailing comma" => "a comma stands before the closing bracket",
        "trailing characters" => "something stands behind the end of the record",
        "expected ident" => "a text needs quotation marks",
        "invalid number" => "this is no number",
        "invalid escape" => "a backslash stands before a character that needs none",
        said if said.starts_with("control character") => "a text is not closed on its line, or has a control character",
        said if said.contains("surrogate") || said.contains("hex escape") || said.contains("code point") => {
            "this code of a character (`\\u…`) has no meaning"
        }
        _ => "something unexpected stands here",
    };
    format!("this is no valid JSON: {plain}")
}

const TOO_MANY: &str = "this record has more than ";

/// The keys and values of an object, as written; the number is the most that are taken.
struct Members(usize);

/// The elements of a list, as written; the number is the most that are taken.
struct Elements(usize);

impl<'t> DeserializeSeed<'t> for Members {
    type Value = Vec<(&'t RawValue, &'t RawValue)>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'t> Visitor<'t> for Members {
    type Value = Vec<(&'t RawValue, &'t RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a group in braces")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::with_capacity(16);
        while let Some(key) = map.next_key::<&RawValue>()? {
            members.push((key, map.next_value()?));
            stop_beyond(members.len(), self.0)?;
        }
        Ok(members)
    }
}

impl<'t> DeserializeSeed<'t> for Elements {
    type Value = Vec<&'t RawValue>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'t> Visitor<'t> for Elements {
    type Value = Vec<&'t RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list in brackets")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
            stop_beyond(elements.len(), self.0)?;
        }
        Ok(elements)
    }
}

fn stop_beyond<E: serde::de::Error>(count: usize, most: usize) -> Result<(), E> {
    if count > most { Err(E::custom(format_args!("{TOO_MANY}{most} values"))) } else { Ok(()) }
}
