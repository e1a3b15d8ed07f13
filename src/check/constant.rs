//! Values as a policy writes them: by the type of the field that they are compared with.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostic, codes, did_you_mean, nearest};
use crate::policy::time::{self, NoTime};
use crate::policy::{Field, FieldType, ListId, NameList, Range, Term, Value as Constant, Written, number, value};
use crate::source::Span;
use crate::syntax::ast::{Value, ValueKind};

use super::condition::Conditioner;
use super::length::month_or_year;

impl Conditioner<'_> {
    /// Reads a value that is compared with a field: a constant of its type, or another field of a type that compares.
    ///
    /// Gives `None` where it does not fit, which is reported.
    pub(super) fn term(&mut self, field: &Field, written: &Value) -> Option<Term> {
        match &written.kind {
            ValueKind::Word(word) => self.word(field, word, written.span),
            _ => self.constant(field, written).map(Term::Constant),
        }
    }

    /// Reads a bare word: a level or name of the field's type, `true` or `false`, or another field.
    fn word(&mut self, field: &Field, word: &str, at: Span) -> Option<Term> {
        if let Some(name) = self.name_constant(field, word) {
            if self.vocabulary.find_field(word).is_some() {
                self.problems.push(two_meanings(word, at));
                return None;
            }
            return Some(Term::Constant(name));
        }
        match self.vocabulary.find_field(word) {
            Some(other) => self.other_field(field, other, at),
            None if self.tables.contains_key(word) => {
                self.problems.push(super::table_use::table_in_list(word, at));
                None
            }
            None if self.unread.names.contains(word) => None,
            None => {
                let problem = self.no_such_word(field, word, at);
                self.problems.push(problem);
                None
            }
        }
    }

    pub(super) fn name_constant(&self, field: &Field, word: &str) -> Option<Constant> {
        match field.kind {
            FieldType::Boolean => match word.to_ascii_lowercase().as_str() {
                "true" => Some(Constant::Boolean(true)),
                "false" => Some(Constant::Boolean(false)),
                _ => None,
            },
            FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => {
                self.vocabulary.list(list)?.find(word).map(Constant::Name)
            }
            _ => None,
        }
    }

    fn other_field(&mut self, field: &Field, other: crate::policy::FieldId, at: Span) -> Option<Term> {
        let compared = self.vocabulary.field(other)?;
        if self.compares(field.kind, compared.kind) {
            return Some(Term::Field(crate::policy::FieldRef::this(other)));
        }
        let problem = self.types_differ(field, compared, at);
        self.problems.push(problem);
        None
    }

    fn compares(&self, one: FieldType, other: FieldType) -> bool {
        use FieldType::*;
        match (one, other) {
            (Boolean, Boolean) | (Duration, Duration) | (Text, Text) | (Identity, Identity) => true,
            (Number(_) | WholeNumber(_), Number(_) | WholeNumber(_)) | (Percent(_), Percent(_)) => true,
            (Date | Instant, Date | Instant) => true,
            (Kind(a) | SetOfKind(a), Kind(b)) | (Scale(a), Scale(b)) => a == b,
            (SetOfIdentity, Identity) => true,
            _ => false,
        }
    }

    fn types_differ(&self, field: &Field, other: &Field, at: Span) -> Diagnostic {
        let (one, two) = (self.type_words(field.kind), self.type_words(other.kind));
        let scales = matches!((field.kind, other.kind), (FieldType::Scale(_), FieldType::Scale(_)));
        let code = if scales { codes::DIFFERENT_SCALES } else { codes::TYPES_DIFFER };
        let message = format!("`{}` is {one} and `{}` is {two}: the two do not compare", field.name, other.name);
        Diagnostic::new(code, message, at, format!("this is {two}"))
            .with_help("compare fields of one type; two different scales never compare")
    }

    fn no_such_word(&self, field: &Field, word: &str, at: Span) -> Diagnostic {
        if let Some(help) = presence(word) {
            let message = format!("whether something is written down is not asked with `is {word}`");
            return Diagnostic::new(codes::UNQUOTED_TEXT, message, at, "not a value").with_help(help);
        }
        match field.kind {
            FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => {
                self.unknown_name(list, word, at)
            }
            FieldType::Text | FieldType::Identity | FieldType::SetOfIdentity => self.unquoted(field, word, at),
            FieldType::Boolean if yes_or_no(word).is_some() => {
                let message = format!("`{word}` is neither `true` nor `false`");
                let help = yes_or_no(word).unwrap_or_default();
                Diagnostic::new(codes::TYPES_DIFFER, message, at, "does not fit").with_help(help)
            }
            _ => {
                let message = format!("`{word}` is not {}, as `{}` is", self.type_words(field.kind), field.name);
                let fields = self.vocabulary.fields.iter().map(|field| field.name.as_str());
                let help = did_you_mean(word, fields).unwrap_or_else(|| self.how_to_write(field.kind));
                Diagnostic::new(codes::TYPES_DIFFER, message, at, "does not fit").with_help(help)
            }
        }
    }

    /// Words the problem that a text or identity stands without quotes: fields of the type come first.
    fn unquoted(&self, field: &Field, word: &str, at: Span) -> Diagnostic {
        let message = format!("this is no field, and a {} stands in quotes", self.bare_type(field.kind));
        let group = format!("{word}.");
        let of_type = || self.vocabulary.fields.iter().filter(|other| self.compares(field.kind, other.kind));
        let in_group: Vec<&str> =
            of_type().map(|other| other.name.as_str()).filter(|name| name.starts_with(&group)).collect();
        let near = match in_group.as_slice() {
            [] => did_you_mean(word, of_type().map(|other| other.name.as_str())),
            names => Some(format!("did you mean `{}`?", names.join("`, `"))),
        };
        let help =
            near.unwrap_or_else(|| "put it in quotes, as logs write it, if these very words are meant".to_owned());
        Diagnostic::new(codes::UNQUOTED_TEXT, message, at, "neither a field nor in quotes").with_help(help)
    }

    /// Words the problem that a scale or kind has no such level or name.
    pub(super) fn unknown_name(&self, list: ListId, word: &str, at: Span) -> Diagnostic {
        let Some(list) = self.vocabulary.list(list) else {
            return Diagnostic::new(codes::UNKNOWN_LEVEL, format!("`{word}` is unknown"), at, "");
        };
        let (code, part) =
            if list.ordered { (codes::UNKNOWN_LEVEL, "level") } else { (codes::UNKNOWN_KIND_NAME, "name") };
        let message = format!("{} `{}` has no {part} `{word}`", list.word(), list.name);
        let help =
            near_names(list, word).or_else(|| self.of_another_list(list, word)).unwrap_or_else(|| all_names(list));
        Diagnostic::new(code, message, at, format!("not a {part} of `{}`", list.name)).with_help(help)
    }

    fn of_another_list(&self, list: &NameList, word: &str) -> Option<String> {
        let other = self.vocabulary.lists.iter().find(|other| other.find(word).is_some())?;
        Some(format!("`{word}` belongs to the {} `{}`; {}", other.word(), other.name, all_names(list)))
    }

    pub(super) fn constant(&mut self, field: &Field, written: &Value) -> Option<Constant> {
        let read = match (&written.kind, field.kind) {
            (ValueKind::Broken, _) => return None,
            (ValueKind::Text(text), FieldType::Text) => Ok(Constant::Text(value::plain_text(text))),
            (ValueKind::Text(text), FieldType::Identity | FieldType::SetOfIdentity) => {
                Ok(Constant::Identity(value::plain_text(text)))
            }
            (ValueKind::Number(text), FieldType::Number(range)) => {
                self.number(text, range, false, written.span).map(Constant::Number)
            }
            (ValueKind::Number(text), FieldType::WholeNumber(range)) => {
                self.number(text, range, true, written.span).map(Constant::Number)
            }
            (ValueKind::Number(text), FieldType::Percent(_)) if text.starts_with("0.") => {
                Err(fraction_or_percent(text, written.span))
            }
            (ValueKind::Number(text) | ValueKind::Percent(text), FieldType::Percent(range)) => {
                self.number(text, range, false, written.span).map(Constant::Percent)
            }
            (ValueKind::Duration { .. }, FieldType::Duration) => self.duration(written).map(Constant::Duration),
            (ValueKind::Date(text), FieldType::Date | FieldType::Instant) => self.day_or_instant(text, written.span),
            _ => Err(self.unfit(field, written)),
        };
        read.map_err(|problem| self.problems.push(problem)).ok()
    }

    /// Words the problem that a constant is of another type than the field.
    fn unfit(&self, field: &Field, written: &Value) -> Diagnostic {
        let message =
            format!("`{}` is {}, and this is {}", field.name, self.type_words(field.kind), kind_words(&written.kind));
        let help = match (&written.kind, field.kind) {
            (ValueKind::Number(text), FieldType::Duration) => {
                format!("add the unit: `{text} seconds`, `{text} minutes`, `{text} hours`")
            }
            (ValueKind::Text(text), FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list)) => {
                self.unquoted_name(list, text)
            }
            (ValueKind::Number(text), FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list)) => {
                self.name_written_as(list, text)
            }
            _ => self.how_to_write(field.kind),
        };
        let code = match (&written.kind, field.kind) {
            (ValueKind::Number(_), FieldType::Duration) => codes::NO_UNIT,
            _ => codes::TYPES_DIFFER,
        };
        Diagnostic::new(code, message, written.span, "does not fit").with_help(help)
    }

    fn unquoted_name(&self, list: ListId, text: &str) -> String {
        let Some(list) = self.vocabulary.list(list) else { return String::new() };
        let of_form =
            list.names.iter().find(|name| name.name == text || name.written.contains(&Written::Text(text.to_owned())));
        match of_form {
            Some(name) => format!("write `{}` without quotes", name.name),
            None => near_names(list, text).unwrap_or_else(|| all_names(list)),
        }
    }

    fn name_written_as(&self, list: ListId, text: &str) -> String {
        let Some(list) = self.vocabulary.list(list) else { return String::new() };
        let wanted = number::parse(text).map(Written::Number);
        let found = list.names.iter().find(|name| wanted.as_ref().is_some_and(|wanted| name.written.contains(wanted)));
        match found {
            Some(name) => format!("write `{}`: logs may say {text}, policies say the name", name.name),
            None => all_names(list),
        }
    }

    fn number(&self, text: &str, range: Range, whole: bool, at: Span) -> Result<Decimal, Diagnostic> {
        let number = number::parse(text).ok_or_else(|| not_exact(text, at))?;
        if whole && !number.is_integer() {
            let message = format!("`{text}` is not a whole number, as this field is");
            return Err(
                Diagnostic::new(codes::OUT_OF_RANGE, message, at, "has a fraction").with_help("write a whole number")
            );
        }
        if !range.contains(number) {
            return Err(out_of_range(text, range, at));
        }
        Ok(number)
    }

    /// Reads a duration; working days are for deadlines only.
    pub(super) fn duration(&self, written: &Value) -> Result<jiff::SignedDuration, Diagnostic> {
        exact_duration(written)
    }

    fn day_or_instant(&self, text: &str, at: Span) -> Result<Constant, Diagnostic> {
        if text.len() == 10 {
            return time::parse_date(text)
                .map(Constant::Date)
                .map_err(|_| no_such_time(text, at, "the calendar has no such day"));
        }
        match time::parse_instant(text, &self.zone) {
            Ok(when) if when.is_exact() => Ok(Constant::Instant(when)),
            Ok(_) => Err(no_such_time(text, at, "the clocks showed this time twice: add the offset, `+01:00`")),
            Err(NoTime::SkippedByClock) => Err(no_such_time(text, at, "the clocks were put forward over this time")),
            Err(_) => Err(no_such_time(text, at, "there is no such day or time")),
        }
    }

    /// Says in a few words what type a field is of: "a scale (`risk`)".
    pub(super) fn type_words(&self, kind: FieldType) -> String {
        let list_words = |id: ListId, of: &str| {
            let name = self.vocabulary.list(id).map_or("", |list| list.name.as_str());
            format!("{of} (`{name}`)")
        };
        match kind {
            FieldType::Boolean => "true or false".to_owned(),
            FieldType::Number(_) => "a number".to_owned(),
            FieldType::WholeNumber(_) => "a whole number".to_owned(),
            FieldType::Percent(_) => "a percentage".to_owned(),
            FieldType::Duration => "a duration".to_owned(),
            FieldType::Date => "a date".to_owned(),
            FieldType::Instant => "an instant".to_owned(),
            FieldType::Text => "a text".to_owned(),
            FieldType::Identity => "an identity".to_owned(),
            FieldType::Kind(id) => list_words(id, "a kind"),
            FieldType::Scale(id) => list_words(id, "a scale"),
            FieldType::SetOfKind(id) => list_words(id, "a set of a kind"),
            FieldType::SetOfIdentity => "a set of identities".to_owned(),
        }
    }

    fn bare_type(&self, kind: FieldType) -> &'static str {
        if kind == FieldType::Text { "text" } else { "person's identity" }
    }

    fn how_to_write(&self, kind: FieldType) -> String {
        match kind {
            FieldType::Boolean => "write `is true` or `is false`, or the field alone".to_owned(),
            FieldType::Number(_) | FieldType::WholeNumber(_) => "write a number: `3`".to_owned(),
            FieldType::Percent(_) => "write a percentage: `20 %`".to_owned(),
            FieldType::Duration => "write a number and a unit: `30 seconds`".to_owned(),
            FieldType::Date => "write a date: `2026-01-31`".to_owned(),
            FieldType::Instant => "write a date, or a date and a time: `2026-01-31T08:00`".to_owned(),
            FieldType::Text | FieldType::Identity | FieldType::SetOfIdentity => "write it in quotes".to_owned(),
            FieldType::Kind(id) | FieldType::Scale(id) | FieldType::SetOfKind(id) => {
                self.vocabulary.list(id).map(all_names).unwrap_or_default()
            }
        }
    }
}

/// Reads an exact duration.
pub(super) fn exact_duration(written: &Value) -> Result<jiff::SignedDuration, Diagnostic> {
    let ValueKind::Duration { amount, unit, working } = &written.kind else {
        return Err(not_a_duration(written));
    };
    if *working {
        let message = "working days occur in deadlines only, not in conditions";
        return Err(Diagnostic::new(codes::WORKING_DAYS, message, written.span, "how long is this?")
            .with_help("write hours, days or weeks: they are exact elapsed time"));
    }
    if ["month", "year"].iter().any(|civil| unit.to_ascii_lowercase().starts_with(civil)) {
        return Err(month_or_year(unit, written.span));
    }
    let exact =
        number::parse(amount).zip(time::Unit::parse(unit)).and_then(|(amount, unit)| time::duration(amount, unit));
    exact.ok_or_else(|| not_exact(&format!("{amount} {unit}"), written.span))
}

fn not_a_duration(written: &Value) -> Diagnostic {
    let message = format!("a duration belongs here, and this is {}", kind_words(&written.kind));
    Diagnostic::new(codes::NO_UNIT, message, written.span, "how long?")
        .with_help("write a number and a unit: `30 seconds`")
}

/// Knows what people call true and false.
fn yes_or_no(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "yes" | "y" | "on" => Some("write `is true`, or the field alone"),
        "no" | "n" | "off" => Some("write `is false`, or `not` and the field"),
        _ => None,
    }
}

/// Knows what people call being present or missing.
fn presence(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "documented" | "recorded" | "stated" | "filled" | "known" | "written" | "available" => {
            Some("write `is present`")
        }
        "empty" | "undocumented" | "absent" | "blank" | "unknown" | "none" | "null" => Some("write `is missing`"),
        _ => None,
    }
}

fn two_meanings(word: &str, at: Span) -> Diagnostic {
    let message = format!("`{word}` is both a name of this type and a field");
    Diagnostic::new(codes::TWO_MEANINGS, message, at, "which of the two?")
        .with_help("give the field or the name another name in the vocabulary")
}

/// Finds the nearest names by their own spelling and by their written forms.
fn near_names(list: &NameList, word: &str) -> Option<String> {
    let of_form = |text: &str| {
        list.names
            .iter()
            .find(|name| name.written.iter().any(|form| matches!(form, Written::Text(known) if known == text)))
    };
    let names = list.names.iter().map(|name| name.name.as_str());
    let forms = list.names.iter().flat_map(|name| &name.written).filter_map(|form| match form {
        Written::Text(text) => Some(text.as_str()),
        Written::Number(_) => None,
    });
    let mut found: Vec<&str> = Vec::new();
    for near in nearest(word, names.chain(forms)) {
        let name = list.find(near).map(|id| list.name_of(id)).or_else(|| of_form(near).map(|name| name.name.as_str()));
        found.extend(name.filter(|name| !found.contains(name)));
    }
    let quoted: Vec<String> = found.iter().map(|name| format!("`{name}`")).collect();
    (!quoted.is_empty()).then(|| format!("did you mean {}?", quoted.join(" or ")))
}

fn all_names(list: &NameList) -> String {
    let names: Vec<&str> = list.names.iter().map(|name| name.name.as_str()).collect();
    let joined = names.join(if list.ordered { " < " } else { ", " });
    format!("choose one of `{}`: {joined}", list.name)
}

/// Words the problem that a number cannot be held exactly.
pub(super) fn not_exact(text: &str, at: Span) -> Diagnostic {
    let message = format!("`{text}` cannot be held exactly");
    Diagnostic::new(codes::OUT_OF_RANGE, message, at, "too long, or too large")
        .with_help("write at most 28 digits, without a leading zero")
}

fn out_of_range(text: &str, range: Range, at: Span) -> Diagnostic {
    let bound = |bound: Option<Decimal>| bound.map_or_else(|| "any".to_owned(), number::write);
    let message = format!("`{text}` lies outside the range of this field");
    Diagnostic::new(
        codes::OUT_OF_RANGE,
        message,
        at,
        format!("the field goes from {} to {}", bound(range.low), bound(range.high)),
    )
    .with_help("choose a number within the range, or widen it in the vocabulary")
}

fn no_such_time(text: &str, at: Span, why: &str) -> Diagnostic {
    Diagnostic::new(codes::NO_SUCH_DAY, format!("`{text}` is no exact moment: {why}"), at, "no such moment")
        .with_help("write a day of the calendar, `2026-01-31`, or a moment, `2026-01-31T08:00`")
}

fn kind_words(kind: &ValueKind) -> &'static str {
    match kind {
        ValueKind::Word(_) => "a word",
        ValueKind::Text(_) => "a text in quotes",
        ValueKind::Number(_) => "a number",
        ValueKind::Percent(_) => "a percentage",
        ValueKind::Duration { .. } => "a duration",
        ValueKind::Date(_) => "a date",
        ValueKind::TimeOfDay(_) => "a time of day",
        ValueKind::Broken => "nothing that could be read",
    }
}

/// `to 0.2`, where a percentage belongs
fn fraction_or_percent(text: &str, at: Span) -> Diagnostic {
    let message = format!("`{text}` can be read as a share of one, or as less than one per cent");
    let fraction = text.parse::<rust_decimal::Decimal>().ok().and_then(|share| share.checked_mul(100.into()));
    let help = match fraction {
        Some(percent) => format!("write `{} %` or `{text} %`", percent.normalize()),
        None => "write a percentage: `20 %`".to_owned(),
    };
    Diagnostic::new(codes::FRACTION_OR_PERCENT, message, at, "per cent, or a share?").with_help(help)
}
