//! The JSON Schema of a mapping, by which an editor completes and checks one while it is written.
//!
//! It has the keys of the registers by which mappings are read, and their words. It says what may be written, and not whether a
//! vocabulary has such a field: that is told when the mapping is used.

use serde_json::{Map, Value, json};

use super::numbers::Thousands;
use super::read::{DECIMAL, FIELD_KEYS, KEYS, SEPARATORS};
use crate::policy::time::Unit;

/// Gives the JSON Schema of mappings: a draft that all editors know.
pub fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Forbear mapping",
        "description": "How a log with columns and codes of its own says what the fields of policies ask for.",
        "type": "object",
        "properties": properties(&KEYS, of_mapping),
        "additionalProperties": false,
        "required": ["fields"],
        "definitions": {
            "value": {
                "description": "A value as the log writes it. A number without quotation marks stands for any number of the same value.",
                "type": ["string", "number", "boolean"],
            },
            "values": {
                "description": "A value, or a list of them.",
                "anyOf": [value(), {"type": "array", "items": value()}],
            },
            "says": says(),
            "field": field(),
        },
    })
}

fn properties(keys: &[&str], of: impl Fn(&str) -> Value) -> Map<String, Value> {
    keys.iter().map(|key| ((*key).to_owned(), of(key))).collect()
}

/// Says what may stand below a key of the mapping.
fn of_mapping(key: &str) -> Value {
    match key {
        "for" => {
            values("The names of the logs that the mapping is for; `*` stands for any part.", json!(["theatre*.csv"]))
        }
        "records" => json!({
            "description": "Where in a JSON document the records are.",
            "type": "string",
            "examples": ["entry[].resource"],
        }),
        "header row" => json!({
            "description": "The line of a CSV file, or the row of a sheet, that has the names of the columns; what stands above is not read.",
            "anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[1-9][0-9]*$"}],
            "examples": [3],
        }),
        "separator" => one_of("What stands between cells, where the header alone does not tell.", &words(&SEPARATORS)),
        "sheets" => values("The sheets of a spreadsheet that are read, or `all`.", json!(["all", ["Audit"]])),
        "time zone" => json!({
            "description": "Whose clock is meant where a time has no offset; unless stated, the policy's.",
            "type": "string",
            "examples": ["Europe/Zurich"],
        }),
        "decimal" => decimal(),
        "thousands" => thousands(),
        "missing" => values("What says, in every column, that nothing is known.", json!(["NA", ["NA", -99]])),
        "leave out" => leave_out(),
        "ignore" => {
            values("Columns that are not read; `*` stands for any part of a name.", json!([["remarks", "admin_*"]]))
        }
        "fields" => json!({
            "description": "A line for each field: its name, as policies have it, and the column that it is read from.",
            "anyOf": [{"type": "object", "additionalProperties": {"$ref": "#/definitions/field"}}, {"type": "null"}],
            "examples": [{"id": "Nr"}],
        }),
        _ => json!({}),
    }
}

/// Says what may stand below a key of a field.
fn of_field(key: &str) -> Value {
    match key {
        "from" => values("The column; what several say is joined with a blank.", json!(["Risk", ["Date", "Time"]])),
        "always" => with(value(), "The same in every record, as the vocabulary calls it.", json!(["clinical"])),
        "checked in" => json!({
            "description": "A set, from a column for each member, with what the vocabulary calls that.",
            "type": "object",
            "additionalProperties": value(),
            "examples": [{"plan___1": "take_over"}],
        }),
        "checked" => values("What a box says that is checked.", json!([1])),
        "unchecked" => values("What a box says that is not checked.", json!([0])),
        "codes" => json!({
            "description": "What the log's codes stand for, as the vocabulary calls it; where there are codes, nothing else is read.",
            "type": "object",
            "additionalProperties": {"type": ["string", "number", "boolean"], "pattern": "\\S"},
            "examples": [{"1": "low", "2": "high"}],
        }),
        "missing" => values("What says that nothing is known.", json!([9, ["NA", -99]])),
        "written" => values(
            "How dates and times are written, in one form or several: of `day`, `month`, `month name`, `year`, `short year`, `hour`, \
             `minute`, `second`, `am/pm` and `offset`, or as `days since 1900`, `days since 1904`, `seconds since 1970` or \
             `milliseconds since 1970`.",
            json!(["day.month.year", ["day.month.year hour:minute", "day.month.year"], "days since 1900"]),
        ),
        "decimal" => decimal(),
        "thousands" => thousands(),
        "unit" => one_of("The unit of a duration that is written as a bare number.", &words(&Unit::NAMES)),
        "times" => json!({
            "description": "What a number is multiplied by, exactly.",
            "anyOf": [{"type": "number", "not": {"const": 0}}, {"type": "string", "pattern": "[1-9]"}],
            "examples": [100],
        }),
        "split by" => json!({
            "description": "What stands between the members of a set in one cell.",
            "type": "string",
            "minLength": 1,
            "examples": [","],
        }),
        _ => json!({}),
    }
}

/// A column alone, or all that is to be said of a field.
fn field() -> Value {
    json!({
        "description": "The column that the field is read from, or all that is to be said of it.",
        "anyOf": [
            value(),
            {
                "type": "object",
                "properties": properties(&FIELD_KEYS, of_field),
                "additionalProperties": false,
                "oneOf": [{"required": ["from"]}, {"required": ["always"]}, {"required": ["checked in"]}],
                "dependencies": {
                    "checked in": ["checked", "unchecked"],
                    "checked": ["checked in"],
                    "unchecked": ["checked in"],
                },
            },
        ],
    })
}

fn leave_out() -> Value {
    let one = json!({
        "type": "object",
        "properties": {
            "when": {
                "description": "Columns, and what each of them must say.",
                "type": "object",
                "additionalProperties": {"$ref": "#/definitions/says"},
                "minProperties": 1,
            },
            "because": with(value(), "The reason, which the report states.", json!(["the row with totals"])),
        },
        "additionalProperties": false,
        "required": ["when", "because"],
    });
    json!({
        "description": "Rows that are no episodes: conditions, each with its reason.",
        "anyOf": [one, {"type": "array", "items": one}],
        "examples": [[{"when": {"Nr": {"begins": "Total"}, "Date": ""}, "because": "the row with totals"}]],
    })
}

/// What a column must say for a row to be left out.
fn says() -> Value {
    let texts = values("Texts with which it begins.", json!(["Total"]));
    json!({
        "description": "A value, one of several, a text that begins so, or `not` one of these.",
        "anyOf": [
            {"$ref": "#/definitions/values"},
            {
                "type": "object",
                "properties": {"begins": texts, "not": {"$ref": "#/definitions/says"}},
                "additionalProperties": false,
            },
        ],
    })
}

fn decimal() -> Value {
    one_of("What stands before a fraction.", &words(&DECIMAL))
}

fn thousands() -> Value {
    one_of("What stands between thousands; not the decimal sign.", &words(&Thousands::ALL))
}

fn value() -> Value {
    json!({"$ref": "#/definitions/value"})
}

fn values(description: &str, examples: Value) -> Value {
    with(json!({"$ref": "#/definitions/values"}), description, examples)
}

/// Says something beside a reference, which alone may stand where it stands.
fn with(reference: Value, description: &str, examples: Value) -> Value {
    json!({"description": description, "allOf": [reference], "examples": examples})
}

fn one_of(description: &str, words: &[&str]) -> Value {
    json!({"description": description, "enum": words, "examples": words})
}

fn words<T>(register: &[(&'static str, T)]) -> Vec<&'static str> {
    register.iter().map(|(word, _)| *word).collect()
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;
    use crate::source::Sources;

    /// Gives a mapping in which an example of a key stands, and whatever it takes besides.
    fn mapping_with(key: &str, example: &Value, of_field: bool) -> Value {
        match key {
            _ if !of_field && key == "thousands" => {
                json!({"fields": {"id": "Nr"}, key: example, "decimal": other_than(example)})
            }
            _ if !of_field && key == "fields" => json!({key: example}),
            _ if !of_field => json!({"fields": {"id": "Nr"}, key: example}),
            "from" | "always" => json!({"fields": {"x": {key: example}}}),
            "checked in" | "checked" | "unchecked" => {
                let mut field = json!({"checked in": {"a": "b"}, "checked": 1, "unchecked": 0});
                field[key] = example.clone();
                json!({"fields": {"x": field}})
            }
            "thousands" => json!({"fields": {"x": {"from": "X", key: example, "decimal": other_than(example)}}}),
            _ => json!({"fields": {"x": {"from": "X", key: example}}}),
        }
    }

    fn other_than(thousands: &Value) -> &'static str {
        if thousands == "point" { "comma" } else { "point" }
    }

    fn keys_of(properties: &Value) -> Vec<&str> {
        properties.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn the_schema_has_the_keys_that_are_read_and_each_of_its_examples_is_read() {
        let schema = schema();
        let of_field = &schema["definitions"]["field"]["anyOf"][1]["properties"];
        for (known, properties, is_of_field) in
            [(KEYS.as_slice(), &schema["properties"], false), (FIELD_KEYS.as_slice(), of_field, true)]
        {
            let mut known = known.to_vec();
            known.sort_unstable();
            assert_eq!(keys_of(properties), known);
            for key in known {
                assert!(properties[key]["description"].as_str().is_some_and(|says| !says.is_empty()), "{key}");
                let examples = properties[key]["examples"].as_array().map(Vec::as_slice).unwrap_or_default();
                assert!(!examples.is_empty(), "{key} has no example");
                for example in examples {
                    let mapping = mapping_with(key, example, is_of_field).to_string();
                    let mut sources = Sources::new();
                    let id = sources.add("mapping.yaml", mapping.clone());
                    assert_eq!(read(&sources, id).1, [], "{mapping}");
                }
            }
        }
    }
}
