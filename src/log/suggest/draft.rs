//! The draft itself, as YAML with comments.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::columns::{Column, Columns};
use super::dictionary::Question;
use super::fields::{Fields, Known, is_person};
use super::guess::{self, Looks, NO, YES};
use crate::policy::{Field, FieldType, number};

/// Drafts a mapping for a log.
pub(super) fn of_log(name: &str, columns: &Columns, fields: &Fields<'_>, reading: &str) -> String {
    let looks: Vec<Looks> = columns.all.iter().map(|column| guess::look(column, fields)).collect();
    let mut text = head(name, &format!("{} records, {} columns", columns.records, columns.all.len()));
    text += reading;
    text += "# time zone: Europe/Zurich   # whose clock is meant where a time has no offset\n";
    let (commas, points) =
        looks.iter().fold((0, 0), |(commas, points), look| (commas + look.commas, points + look.points));
    if commas > 0 {
        let _ = writeln!(text, "# decimal: comma   # {commas} numbers have a comma, {points} a point");
    }
    let nothing: BTreeMap<&str, usize> =
        looks.iter().flat_map(|look| &look.nothing).fold(BTreeMap::new(), |mut all, value| {
            *all.entry(value.as_str()).or_default() += 1;
            all
        });
    if !nothing.is_empty() {
        let values: Vec<String> = nothing.keys().map(|value| literal(value)).collect();
        let _ = writeln!(text, "# missing: [{}]   # these may say that nothing is known", values.join(", "));
    }
    text += "# leave out:\n#   - when: {COLUMN: {begins: Total}}\n#     because: the row with totals\n\nfields:\n";
    let groups = boxes(&columns.all);
    let of_group = |column: &Column| groups.values().flatten().any(|member| std::ptr::eq(*member, column));
    for (column, look) in columns.all.iter().zip(&looks).filter(|(column, _)| !of_group(column)) {
        text += &of_column(column, look, fields);
    }
    for (base, members) in groups {
        text += &of_boxes(base, members.iter().map(|column| (column.name.as_str(), "")), fields);
    }
    if columns.beyond > 0 {
        text += "  # … and more columns than are looked at\n";
    }
    text
}

/// Drafts a mapping from a data dictionary.
pub(super) fn of_dictionary(name: &str, questions: &[Question], fields: &Fields<'_>) -> String {
    let mut text = head(name, &format!("a data dictionary of {} questions", questions.len()));
    text += "# for: \"*.csv\"   # the names of the exports\n";
    text += "# time zone: Europe/Zurich   # exports have no offset\n";
    text += "# missing: [-99]   # the codes for missing data, if the project has such\n";
    let identifiers: Vec<String> =
        questions.iter().filter(|one| one.is_identifier).map(|one| scalar(&one.name)).collect();
    if !identifiers.is_empty() {
        let _ = writeln!(text, "# The dictionary marks as identifiers: {}", identifiers.join(", "));
    }
    text += "\n# Columns that every export has, and columns of free text.\n";
    let notes: Vec<String> = questions.iter().filter(|one| one.kind == "notes").map(|one| scalar(&one.name)).collect();
    let mut ignored = vec!["redcap_*".to_owned(), "\"*_complete\"".to_owned()];
    ignored.extend(notes);
    let _ = writeln!(text, "ignore: [{}]\n\nfields:", ignored.join(", "));
    for question in questions.iter().filter(|one| one.kind != "notes") {
        text += &of_question(question, fields);
    }
    text
}

fn head(name: &str, of: &str) -> String {
    let name = crate::log::finding::quote_path(name);
    format!(
        "# A draft of a mapping, made of {name} ({of}).\n\
         # What is filled in has the name of its field. What stands behind `#` is for you to decide: take away the `#`,\n\
         # or the line. Values that may be names, and free texts, are not shown.\n\n"
    )
}

/// Drafts the lines of a column.
fn of_column(column: &Column, look: &Looks, fields: &Fields<'_>) -> String {
    let named = fields.named(&column.name);
    let codes: Vec<&str> = look.codes.iter().map(|(value, _)| value.as_str()).collect();
    let is_word = |value: &&str| number::parse(value).is_none() && !YES.contains(value) && !NO.contains(value);
    let words: Vec<&str> = codes.iter().copied().filter(is_word).collect();
    let like = fields.like(Known {
        column: &column.name,
        label: "",
        words: &words,
        time: look.dates.is_some(),
        numeric: look.numeric,
        distinct: look.distinct,
    });
    let field = named.or(like.first().copied());
    let person = named.map_or_else(|| like.iter().any(|field| is_person(field)), is_person);
    let mut text = String::new();
    let _ = writeln!(text, "  # {}: {}", scalar(&column.name), seen(column, look, person));
    let Some(field) = field else {
        return text;
    };
    if named.is_none() {
        let names: Vec<&str> = like.iter().map(|field| field.name.as_str()).collect();
        let _ = writeln!(text, "  #   could be {}", names.join(", "));
    }
    let (clauses, open) = clauses(field, (&column.name, look), &codes, fields);
    // A field is filled in by its name; how it is written only if that is sure as well.
    let mark = if named.is_some() && !open { "" } else { "# " };
    text += &line(mark, field, &column.name, &clauses);
    text
}

fn seen(column: &Column, look: &Looks, person: bool) -> String {
    let mut said = vec![match column.filled {
        0 => "always blank".to_owned(),
        1 => "filled once".to_owned(),
        filled => format!("filled {filled} times"),
    }];
    if let Some(forms) = &look.dates {
        let slips = if look.no_dates == 0 { "" } else { ", but not all" };
        said.push(match forms.as_slice() {
            [] => "dates, year first".to_owned(),
            [one] => format!("dates, `{one}`{slips}"),
            several => format!(
                "dates, which fit {}",
                several.iter().map(|form| format!("`{form}`")).collect::<Vec<_>>().join(" and ")
            ),
        });
    } else if !look.codes.is_empty() && !person {
        let codes: Vec<String> = look.codes.iter().map(|(value, count)| format!("{value} ({count})")).collect();
        said.push(codes.join(", "));
    }
    if column.nested {
        said.push(format!(
            "a list of groups: name a way into it, as in `{0}[0].code`, or `records: {0}[]` if each is a record",
            column.name
        ));
    }
    if look.hidden > 0 && look.dates.is_none() {
        let more = if column.many { "more than are counted" } else { &look.hidden.to_string() };
        said.push(format!("{more} other values, not shown"));
    }
    said.join("; ")
}

/// Gives what is to be said besides the column, and whether something of it is open.
fn clauses(field: &Field, (column, look): (&str, &Looks), codes: &[&str], fields: &Fields<'_>) -> (Vec<String>, bool) {
    match field.kind {
        FieldType::Instant | FieldType::Date => match look.dates.as_deref() {
            None => (Vec::new(), false),
            Some([]) => (Vec::new(), false),
            Some(forms) => {
                let form = forms.first().copied().unwrap_or_default();
                (vec![format!("written: {}", scalar(form))], forms.len() > 1 || look.no_dates > 0)
            }
        },
        FieldType::Boolean => {
            let pair = |code: &&str| {
                let value = match *code {
                    "1" => "true",
                    "0" => "false",
                    code if YES.contains(&code) => "true",
                    code if NO.contains(&code) => "false",
                    _ => "VALUE",
                };
                format!("{}: {value}", literal(code))
            };
            let pairs: Vec<String> = codes.iter().map(pair).collect();
            let usual = codes.iter().all(|code| matches!(*code, "true" | "false"));
            if usual && look.hidden == 0 { (Vec::new(), false) } else { (vec![braced("codes", &pairs)], true) }
        }
        FieldType::Kind(_) | FieldType::Scale(_) => {
            if look.hidden == 0 && codes.iter().all(|code| fields.takes(field, code)) {
                return (Vec::new(), false);
            }
            let pair = |code: &&str| format!("{}: {}", literal(code), fields.level(field, code).unwrap_or("LEVEL"));
            (vec![braced("codes", &codes.iter().map(pair).collect::<Vec<_>>())], true)
        }
        FieldType::Duration => (vec![format!("unit: {}", unit([column]))], true),
        _ => (Vec::new(), false),
    }
}

fn braced(key: &str, pairs: &[String]) -> String {
    format!("{key}: {{{}}}", pairs.join(", "))
}

/// Writes the line of a field.
fn line(mark: &str, field: &Field, column: &str, clauses: &[String]) -> String {
    if clauses.is_empty() {
        return format!("  {mark}{}: {}\n", field.name, scalar(column));
    }
    format!("  {mark}{}: {{from: {}, {}}}\n", field.name, scalar(column), clauses.join(", "))
}

/// Gives the unit that a name or label has a word for; else a word that no mapping takes, since a wrong unit would be taken.
fn unit<'n>(names: impl IntoIterator<Item = &'n str>) -> &'static str {
    const UNITS: [(&str, &[&str]); 4] = [
        ("seconds", &["s", "sec", "secs", "second", "seconds"]),
        ("minutes", &["min", "mins", "minute", "minutes"]),
        ("hours", &["h", "hr", "hrs", "hour", "hours"]),
        ("days", &["d", "day", "days"]),
    ];
    let names: Vec<String> = names.into_iter().map(str::to_lowercase).collect();
    let mut words = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    let known = words.find_map(|word| UNITS.iter().find(|(_, words)| words.contains(&word)));
    known.map_or("UNIT", |(unit, _)| unit)
}

/// Drafts the lines of a question.
fn of_question(question: &Question, fields: &Fields<'_>) -> String {
    let labels: Vec<&str> = question.choices.iter().map(|(_, label)| label.as_str()).collect();
    if question.kind == "checkbox" {
        let columns: Vec<(String, &str)> = question
            .choices
            .iter()
            .map(|(code, label)| (format!("{}___{}", question.name, code.to_lowercase()), label.as_str()))
            .collect();
        return of_boxes(&question.name, columns.iter().map(|(name, label)| (name.as_str(), *label)), fields);
    }
    let named = fields.named(&question.name);
    let words: Vec<&str> = labels.iter().copied().filter(|label| number::parse(label).is_none()).collect();
    let like = fields.like(Known {
        column: &question.name,
        label: &question.label,
        words: &words,
        time: question.is_date(),
        numeric: words.is_empty(),
        distinct: question.choices.len(),
    });
    let like: Vec<&Field> = like.into_iter().filter(|field| !question.is_identifier || is_person(field)).collect();
    let mut text = format!("  # {}: {}", scalar(&question.name), comment(&question.label));
    if question.is_identifier {
        text += " (identifier)";
    } else if question.is_text() {
        text += " (text)";
    }
    text.push('\n');
    let Some(field) = named.or(like.first().copied()) else { return text };
    if named.is_none() {
        let names: Vec<&str> = like.iter().map(|field| field.name.as_str()).collect();
        let _ = writeln!(text, "  #   could be {}", names.join(", "));
    }
    let (pairs, open): (Vec<String>, Vec<String>) = choices(field, question, fields);
    let clauses = match (&pairs.is_empty(), field.kind) {
        (false, _) => vec![braced("codes", &pairs)],
        (true, FieldType::Duration) => vec![format!("unit: {}", unit([question.name.as_str(), &question.label]))],
        (true, _) => Vec::new(),
    };
    let sure = named.is_some() && open.is_empty() && field.kind != FieldType::Duration;
    text += &line(if sure { "" } else { "# " }, field, &question.name, &clauses);
    for code in open {
        let _ = writeln!(text, "  #   open: {code}");
    }
    text
}

/// Gives the codes of which the label is a level of the field, and the others.
fn choices(field: &Field, question: &Question, fields: &Fields<'_>) -> (Vec<String>, Vec<String>) {
    let (mut pairs, mut open) = (Vec::new(), Vec::new());
    for (code, label) in &question.choices {
        let stands_for = match field.kind {
            FieldType::Boolean if matches!(label.as_str(), "yes" | "true") => Some("true"),
            FieldType::Boolean if matches!(label.as_str(), "no" | "false") => Some("false"),
            FieldType::Kind(_) | FieldType::Scale(_) => fields.level(field, label),
            FieldType::WholeNumber(_) | FieldType::Number(_) if code == label => continue,
            _ => None,
        };
        match stands_for {
            Some(value) => pairs.push(format!("{}: {value}", literal(code))),
            None => open.push(format!("{} is {}", literal(code), comment(label))),
        }
    }
    (pairs, open)
}

/// Finds columns that are boxes of one set: `plan___1`, `plan___2`.
fn boxes(columns: &[Column]) -> BTreeMap<&str, Vec<&Column>> {
    let mut groups: BTreeMap<&str, Vec<&Column>> = BTreeMap::new();
    for column in columns {
        let is_box =
            column.values.iter().all(|(value, _)| matches!(value.as_str(), "0" | "1" | "Checked" | "Unchecked"));
        if let Some((base, _)) = column.name.split_once("___").filter(|_| is_box) {
            groups.entry(base).or_default().push(column);
        }
    }
    groups
}

/// Drafts a set from its boxes.
fn of_boxes<'b>(base: &str, columns: impl Iterator<Item = (&'b str, &'b str)> + Clone, fields: &Fields<'_>) -> String {
    let labels: Vec<&str> = columns.clone().map(|(_, label)| label).filter(|label| !label.is_empty()).collect();
    let like = fields.like(Known { column: base, words: &labels, ..Known::default() });
    let sets = like.into_iter().filter(|field| matches!(field.kind, FieldType::SetOfKind(_)));
    let field = sets.clone().next();
    let names: Vec<&str> = sets.map(|field| field.name.as_str()).collect();
    let could = if names.is_empty() { "a set".to_owned() } else { names.join(", ") };
    let mut text = format!("  # {}: a box for each member; could be {could}\n", scalar(base));
    let name = field.map_or("FIELD", |field| field.name.as_str());
    let _ = writeln!(text, "  # {name}:\n  #   checked in:");
    for (column, label) in columns {
        let member = field.and_then(|field| fields.level(field, label)).unwrap_or("MEMBER");
        let told = if label.is_empty() { String::new() } else { format!("   # {}", comment(label)) };
        let _ = writeln!(text, "  #     {}: {member}{told}", scalar(column));
    }
    text += "  #   checked: 1\n  #   unchecked: 0\n";
    text
}

/// Makes a text safe within a comment.
fn comment(text: &str) -> String {
    crate::log::finding::quote(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Writes a text as a scalar that stands for it, also within braces.
fn scalar(text: &str) -> String {
    let begins = text.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let plain = text.chars().all(|c| c.is_alphanumeric() || "_-./() :".contains(c));
    let inside = !text.ends_with([' ', ':']) && !text.contains(": ") && !text.contains("  ");
    let reserved = matches!(text, "true" | "false" | "null");
    if begins && plain && inside && !reserved { text.to_owned() } else { quoted(text) }
}

/// Writes a code: a number without quotation marks, since it stands for any number of the same value.
fn literal(text: &str) -> String {
    if number::parse(text).is_some() { text.to_owned() } else { scalar(text) }
}

/// In quotation marks, as JSON has them, which YAML reads as well.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
