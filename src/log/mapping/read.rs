//! From the text of a mapping to what it says; every problem has its place, and one run tells them all.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::dates::{DateForm, FORMS};
use super::literal::{Codes, Literal};
use super::numbers::{Numbers, Thousands};
use super::path::{Path, RecordsPath};
use super::problem::{not_understood, one_sign, said_twice, unknown_key};
use super::{Class, Column, LeaveOut, MappedField, Mapping, Origin, Reading, Said, Sheets, Test};
use crate::diagnostic::Diagnostic;
use crate::log::format::without_mark;
use crate::log::limits::Limits;
use crate::log::plain::{text, within_size};
use crate::log::record::Unreadable;
use crate::log::yaml::tree::{Anchors, Builder, Child, Found, Kind};
use crate::policy::number;
use crate::policy::time::Unit;
use crate::source::{SourceId, Sources, Span};

/// The keys of a mapping.
pub(super) const KEYS: [&str; 12] = [
    "for",
    "records",
    "header row",
    "separator",
    "sheets",
    "time zone",
    "decimal",
    "thousands",
    "missing",
    "leave out",
    "ignore",
    "fields",
];

/// The keys below a field.
pub(super) const FIELD_KEYS: [&str; 13] = [
    "from",
    "always",
    "checked in",
    "checked",
    "unchecked",
    "codes",
    "missing",
    "written",
    "decimal",
    "thousands",
    "unit",
    "times",
    "split by",
];

/// What stands before a fraction, and whether that is a comma.
pub(super) const DECIMAL: [(&str, bool); 2] = [("comma", true), ("point", false)];

/// What stands between cells.
pub(super) const SEPARATORS: [(&str, u8); 4] = [(",", b','), (";", b';'), ("|", b'|'), ("tab", b'\t')];

/// Reads a mapping; what could not be understood is in the problems, and then nothing of it may be used.
pub(super) fn read(sources: &Sources, id: SourceId) -> (Mapping, Vec<Diagnostic>) {
    let mapping = Mapping {
        source: id,
        logs: Vec::new(),
        reading: Reading::default(),
        zone: None,
        numbers: Numbers::default(),
        missing: Vec::new(),
        leave_out: Vec::new(),
        ignore: Vec::new(),
        fields: Vec::new(),
        columns: Vec::new(),
    };
    let mut reader = Reader { mapping, columns: HashMap::new(), problems: Vec::new() };
    match root(sources, id) {
        Ok(root) => reader.root(&root),
        Err(unreadable) => reader.problems.push(not_understood(
            unreadable.at,
            format!("the mapping cannot be read: {}", unreadable.reason),
            "correct the YAML",
        )),
    }
    (reader.mapping, reader.problems)
}

/// Gives the one document of the file.
fn root(sources: &Sources, id: SourceId) -> Result<Child, Unreadable> {
    let bytes = sources.bytes(id);
    let start = bytes.len() - without_mark(bytes).len();
    let place = Span::new(id, start, bytes.len());
    let limits = Limits::default();
    within_size(place, limits.record_bytes)?;
    let text = text(without_mark(bytes), start, id)?;
    let mut anchors = Anchors::default();
    let mut builder = Builder::new(text, place, &limits, &mut anchors);
    let root = match builder.next_record()? {
        Some(Found::Node(child)) => child,
        Some(Found::Refused(unreadable)) => return Err(unreadable),
        None => return Err(Unreadable { at: place, reason: "there is nothing in it".to_owned() }),
    };
    match builder.next_record()? {
        None => Ok(root),
        Some(_) => Err(Unreadable { at: root.place(), reason: "it has a second document or is a list".to_owned() }),
    }
}

struct Reader {
    mapping: Mapping,
    /// The columns by name.
    columns: HashMap<String, usize>,
    problems: Vec<Diagnostic>,
}

/// A key of a group, with its value.
type Member = (Said<String>, Child);

impl Reader {
    fn root(&mut self, root: &Child) {
        let whole = root.place();
        let Some(members) = self.group(root, "a mapping", Some(&KEYS)) else { return };
        let has_fields = members.iter().any(|(key, _)| key.value == "fields");
        // What is said of all fields is known before the first of them.
        let (fields, others): (Vec<&Member>, Vec<&Member>) = members.iter().partition(|(key, _)| key.value == "fields");
        for (key, value) in others.into_iter().chain(fields) {
            self.key(key, value);
        }
        let numbers = self.mapping.numbers;
        let thousands = members.iter().find(|(key, _)| key.value == "thousands");
        if let Some((_, value)) = thousands.filter(|_| numbers.is_ambiguous()) {
            self.problems.push(one_sign(numbers.comma, value.place()));
        }
        if !has_fields {
            let at = Span::new(whole.source, whole.start, whole.start);
            let help = "add `fields:`, and below it a line for each field, as in `patient.risk: Risk`";
            self.problems.push(not_understood(at, "the mapping does not say which fields are read", help));
        }
    }

    fn key(&mut self, key: &Said<String>, value: &Child) {
        match key.value.as_str() {
            "for" => self.mapping.logs = self.texts(value),
            "records" => self.mapping.reading.records = self.parsed(value, RecordsPath::parse, RECORDS),
            "header row" => {
                let row = |text: &str| text.parse().ok().filter(|row| *row > 0);
                self.mapping.reading.header_row =
                    self.parsed(value, row, "write the number of the row, counted from 1");
            }
            "separator" => {
                self.mapping.reading.separator =
                    self.parsed(value, separator, "write `\",\"`, `\";\"`, `\"|\"` or `tab`");
            }
            "sheets" => self.mapping.reading.sheets = Some(self.sheets(value)),
            "time zone" => {
                let zone =
                    self.parsed(value, |name| TimeZone::get(name).ok(), "write it as in `Europe/Zurich`, or `UTC`");
                self.mapping.zone = zone.map(|zone| zone.value);
            }
            "decimal" => {
                let comma = self.decimal(value);
                self.mapping.numbers.comma = comma.unwrap_or_default();
            }
            "thousands" => self.mapping.numbers.thousands = self.thousands(value),
            "missing" => self.mapping.missing = self.literals(value),
            "leave out" => self.leave_out(value),
            "ignore" => self.mapping.ignore = self.texts(value),
            "fields" => self.fields(value),
            _ => {}
        }
    }

    fn sheets(&mut self, value: &Child) -> Sheets {
        match &value.node.kind {
            Kind::Scalar { text, plain: true } if text == "all" => Sheets::All,
            _ => Sheets::Named(self.texts(value)),
        }
    }

    fn decimal(&mut self, value: &Child) -> Option<bool> {
        let comma = |text: &str| DECIMAL.iter().find(|(word, _)| *word == text).map(|(_, comma)| *comma);
        self.parsed(value, comma, "write `comma` or `point`").map(|said| said.value)
    }

    fn thousands(&mut self, value: &Child) -> Option<Thousands> {
        let sign = |text: &str| Thousands::ALL.iter().find(|(word, _)| *word == text).map(|(_, sign)| *sign);
        self.parsed(value, sign, "write `point`, `comma`, `blank` or `apostrophe`").map(|said| said.value)
    }

    fn leave_out(&mut self, value: &Child) {
        let items: Vec<Child> = match &value.node.kind {
            Kind::List(items) => items.clone(),
            _ => vec![value.clone()],
        };
        for item in &items {
            let Some(members) = self.group(item, "`leave out`", Some(&["when", "because"])) else { continue };
            let find = |name: &str| members.iter().find(|(key, _)| key.value == name).map(|(_, value)| value.clone());
            let (Some(when), Some(because)) = (find("when"), find("because")) else {
                let help = "write `- when: {Nr: Total}` and below it `because: the row with the total`";
                self.problems.push(not_understood(
                    item.place(),
                    "what is left out needs a condition and a reason",
                    help,
                ));
                continue;
            };
            let Some(because) = self.said(&because) else { continue };
            let Some(tests) = self.group(&when, "`when`", None) else { continue };
            let when = tests.iter().filter_map(|(column, test)| Some((self.column(column.clone()), self.test(test)?)));
            let when: Vec<(usize, Test)> = when.collect();
            if when.is_empty() {
                let help = "name a column and what it says, as in `when: {Nr: Total}`";
                self.problems.push(not_understood(
                    item.place(),
                    "a condition without a column would leave out every record",
                    help,
                ));
                continue;
            }
            self.mapping.leave_out.push(LeaveOut { when, because });
        }
    }

    fn test(&mut self, value: &Child) -> Option<Test> {
        let mut test = Test { values: Vec::new(), begins: Vec::new(), not: false };
        let Kind::Group(_) = value.node.kind else {
            test.values = self.literals(value);
            return Some(test);
        };
        for (key, value) in self.group(value, "a condition", Some(&["begins", "not"]))? {
            match key.value.as_str() {
                "begins" => test.begins = self.texts(&value).into_iter().map(|said| said.value).collect(),
                _ => {
                    let inner = self.test(&value)?;
                    test = Test { not: !inner.not, ..inner };
                }
            }
        }
        Some(test)
    }

    fn fields(&mut self, value: &Child) {
        // A draft of which nothing is decided yet has nothing there but comments.
        if matches!(&value.node.kind, Kind::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null"))
        {
            return;
        }
        let Some(members) = self.group(value, "`fields`", None) else { return };
        for (name, value) in members {
            let field = match &value.node.kind {
                Kind::Group(_) => self.field(name, &value),
                Kind::Scalar { .. } => self.said(&value).map(|column| {
                    let columns = vec![self.column(column)];
                    MappedField::new(name, Origin::Columns(columns))
                }),
                Kind::List(_) => {
                    self.problems.push(not_understood(
                        value.place(),
                        "a list does not say how the field is read",
                        ORIGIN,
                    ));
                    None
                }
            };
            self.mapping.fields.extend(field);
        }
    }

    fn field(&mut self, name: Said<String>, value: &Child) -> Option<MappedField> {
        let members = self.group(value, "a field", Some(&FIELD_KEYS))?;
        let find = |name: &str| members.iter().find(|(key, _)| key.value == name).map(|(_, value)| value);
        let origins: Vec<&Member> =
            members.iter().filter(|(key, _)| matches!(key.value.as_str(), "from" | "always" | "checked in")).collect();
        let [(origin, of)] = origins.as_slice() else {
            let what = if origins.is_empty() { "nothing says" } else { "two things say" };
            let what = format!("{what} where `{}` comes from", name.value);
            self.problems.push(not_understood(name.at, what, ORIGIN));
            return None;
        };
        let origin = match origin.value.as_str() {
            "from" => {
                let columns = self.texts(of);
                Origin::Columns(columns.into_iter().map(|column| self.column(column)).collect())
            }
            "always" => Origin::Always(self.said(of)?),
            _ => self.boxes(of, find("checked"), find("unchecked"))?,
        };
        let mut field = MappedField::new(name, origin);
        for (key, value) in &members {
            self.clause(&mut field, key, value);
        }
        Some(field)
    }

    fn clause(&mut self, field: &mut MappedField, key: &Said<String>, value: &Child) {
        let is_boxes = matches!(field.origin, Origin::Boxes { .. });
        match key.value.as_str() {
            "written" => {
                let said = self.texts(value);
                let forms = said.iter().filter_map(|form| self.form(form)).collect();
                field.forms = Some(Said { value: forms, at: value.place() });
            }
            "codes" => field.codes = self.codes(key.at, value),
            "missing" => field.missing = self.literals(value),
            "decimal" => {
                let comma = self.decimal(value).unwrap_or_default();
                self.numbers_of(field, key.at).comma = comma;
            }
            "thousands" => {
                let thousands = self.thousands(value);
                self.numbers_of(field, key.at).thousands = thousands;
            }
            "unit" => {
                let unit = |text: &str| Unit::parse(text).map(|_| text.to_owned());
                field.unit = self.parsed(value, unit, "write `seconds`, `minutes`, `hours`, `days` or `weeks`");
            }
            "times" => {
                let factor = |text: &str| number::parse(text).filter(|factor| *factor != Decimal::ZERO);
                field.times = self.parsed(value, factor, "write a number other than 0, as in `times: 100`");
            }
            "split by" => field.split_by = self.said(value).filter(|said| !said.value.is_empty()),
            "checked" | "unchecked" if !is_boxes => {
                let what = format!("`{}` says nothing without `checked in`", key.value);
                self.problems.push(not_understood(key.at, what, "add `checked in`, or delete the line"));
            }
            _ => {}
        }
    }

    /// Gives what a field says of its own numbers, which begins with what the mapping says of all.
    fn numbers_of<'f>(&self, field: &'f mut MappedField, at: Span) -> &'f mut Numbers {
        let all = self.mapping.numbers;
        &mut field.numbers.get_or_insert(Said { value: all, at }).value
    }

    fn form(&mut self, said: &Said<String>) -> Option<DateForm> {
        let form = DateForm::parse(&said.value);
        if form.is_none() {
            let what = format!("`{}` is no form of a date", super::super::finding::quote(&said.value));
            self.problems.push(not_understood(said.at, what, FORMS));
        }
        form
    }

    fn boxes(&mut self, of: &Child, checked: Option<&Child>, unchecked: Option<&Child>) -> Option<Origin> {
        let members = self.group(of, "`checked in`", None)?;
        let mut boxes = Vec::new();
        for (column, value) in members {
            boxes.push((self.column(column), self.said(&value)?));
        }
        let (Some(checked), Some(unchecked)) = (checked, unchecked) else {
            let help = "add what a box says, as in `checked: 1` and `unchecked: 0`";
            self.problems.push(not_understood(
                of.place(),
                "nothing says what a checked and an unchecked box look like",
                help,
            ));
            return None;
        };
        Some(Origin::Boxes { boxes, checked: self.literals(checked), unchecked: self.literals(unchecked) })
    }

    fn codes(&mut self, at: Span, value: &Child) -> Option<Codes> {
        let Kind::Group(members) = &value.node.kind else {
            let help = "write each code with what it stands for, as in `codes: {1: low, 2: high}`";
            self.problems.push(not_understood(value.place(), "these are no codes", help));
            return None;
        };
        let mut pairs = Vec::new();
        for (code, value) in members {
            let code = self.literal(code)?;
            let Some(stands_for) = self.said(value).filter(|said| !said.value.trim().is_empty()) else {
                if matches!(value.node.kind, Kind::Scalar { .. }) {
                    let what = format!("the code `{}` stands for nothing", super::super::finding::quote(&code.text));
                    self.problems.push(not_understood(
                        code.at,
                        what,
                        "write what it stands for, or list the code under `missing`",
                    ));
                }
                continue;
            };
            pairs.push((code, stands_for));
        }
        let (codes, twice) = Codes::new(at, pairs);
        self.problems.extend(twice.into_iter().map(|at| said_twice("this code", None, at)));
        Some(codes)
    }

    /// Gives a column's place among all columns.
    fn column(&mut self, said: Said<String>) -> usize {
        let name = said.value.trim().to_owned();
        if let Some(known) = self.columns.get(&name) {
            return *known;
        }
        self.columns.insert(name.clone(), self.mapping.columns.len());
        let path = Path::parse(&name);
        self.mapping.columns.push(Column { name, at: said.at, path });
        self.mapping.columns.len() - 1
    }

    /// Gives the members of a group whose keys are texts, each once, and known if a list is given.
    fn group(&mut self, child: &Child, what: &str, known: Option<&[&str]>) -> Option<Vec<Member>> {
        let Kind::Group(members) = &child.node.kind else {
            let help = "write keys with values behind a colon";
            self.problems.push(not_understood(child.place(), format!("{what} is a group of keys with values"), help));
            return None;
        };
        let mut found: Vec<Member> = Vec::new();
        let mut firsts: HashMap<String, Span> = HashMap::new();
        for (key, value) in members {
            let Some(key) = self.said(key) else { continue };
            if let Some(first) = firsts.insert(key.value.clone(), key.at) {
                let what = format!("`{}`", super::super::finding::quote(&key.value));
                self.problems.push(said_twice(&what, Some(first), key.at));
            } else if let Some(known) = known.filter(|known| !known.contains(&key.value.as_str())) {
                self.problems.push(unknown_key(&key.value, key.at, what, known));
            } else {
                found.push((key, value.clone()));
            }
        }
        Some(found)
    }

    /// Gives a scalar as written.
    fn said(&mut self, child: &Child) -> Option<Said<String>> {
        match &child.node.kind {
            Kind::Scalar { text, .. } => Some(Said { value: text.clone(), at: child.place() }),
            _ => {
                self.problems.push(not_understood(
                    child.place(),
                    "a single word or text is expected here",
                    "write one value",
                ));
                None
            }
        }
    }

    /// Gives one text or several.
    fn texts(&mut self, child: &Child) -> Vec<Said<String>> {
        let one = std::slice::from_ref(child);
        let members = if let Kind::List(members) = &child.node.kind { members.as_slice() } else { one };
        members.iter().filter_map(|member| self.said(member)).collect()
    }

    fn literal(&mut self, child: &Child) -> Option<Literal> {
        let plain = matches!(child.node.kind, Kind::Scalar { plain: true, .. });
        self.said(child).map(|said| Literal::new(said.value.trim().to_owned(), plain, said.at))
    }

    fn literals(&mut self, child: &Child) -> Vec<Literal> {
        let one = std::slice::from_ref(child);
        let members = if let Kind::List(members) = &child.node.kind { members.as_slice() } else { one };
        members.iter().filter_map(|member| self.literal(member)).collect()
    }

    /// Reads a scalar, or says what would be one.
    fn parsed<T>(&mut self, child: &Child, parse: impl Fn(&str) -> Option<T>, help: &str) -> Option<Said<T>> {
        let said = self.said(child)?;
        let value = parse(said.value.trim());
        if value.is_none() {
            let what = format!("`{}` is not understood here", super::super::finding::quote(&said.value));
            self.problems.push(not_understood(said.at, what, help));
        }
        value.map(|value| Said { value, at: said.at })
    }
}

impl MappedField {
    fn new(name: Said<String>, origin: Origin) -> Self {
        Self {
            name,
            origin,
            forms: None,
            codes: None,
            missing: Vec::new(),
            numbers: None,
            unit: None,
            times: None,
            split_by: None,
            targets: Vec::new(),
            class: Class::Other,
        }
    }
}

fn separator(text: &str) -> Option<u8> {
    SEPARATORS.iter().find(|(word, _)| *word == text).map(|(_, separator)| *separator)
}

const RECORDS: &str = "write the way to the list, as in `entry[].resource` or `statements[]`";

const ORIGIN: &str = "write the column (`from: Risk`), a value that is the same everywhere (`always: surgery`), or boxes (`checked in: …`)";
