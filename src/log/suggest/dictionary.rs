//! The data dictionary of a survey, as REDCap exports it: a row for each question, with its type and its choices.

use super::columns::Columns;
use crate::log::inputs::Input;
use crate::log::limits::Limits;
use crate::log::record::{Item, Record};
use crate::source::Sources;

/// A question of the survey.
#[derive(Debug, Default)]
pub(super) struct Question {
    /// The name of its column.
    pub(super) name: String,
    pub(super) label: String,
    /// `radio`, `checkbox`, `text` …
    pub(super) kind: String,
    /// Each code with its label.
    pub(super) choices: Vec<(String, String)>,
    /// `date_dmy`, `integer` …
    pub(super) validation: String,
    /// Whether it says who somebody is.
    pub(super) is_identifier: bool,
}

const NAME: &str = "Variable / Field Name";
const KIND: &str = "Field Type";
const LABEL: &str = "Field Label";
const CHOICES: &str = "Choices, Calculations, OR Slider Labels";
const VALIDATION: &str = "Text Validation Type OR Show Slider Number";
const IDENTIFIER: &str = "Identifier?";

/// How many questions are read.
const MOST_QUESTIONS: usize = 5_000;

/// Gives the questions, if the log is a data dictionary: told by its columns.
pub(super) fn questions(columns: &Columns, sources: &Sources, input: &Input, limits: &Limits) -> Option<Vec<Question>> {
    let has = |name: &str| columns.all.iter().any(|column| column.name == name);
    if ![NAME, KIND, LABEL, CHOICES].into_iter().all(has) {
        return None;
    }
    let mut questions = Vec::new();
    crate::log::read(sources, input.id, input.format, limits, &mut |item| {
        if let Item::Record(record) = item
            && questions.len() < MOST_QUESTIONS
        {
            questions.push(question(&record));
        }
    });
    questions.retain(|question| !question.name.is_empty() && question.kind != "descriptive");
    Some(questions)
}

fn question(record: &Record) -> Question {
    let said = |name: &str| {
        let entry = record.entries.iter().find(|entry| entry.path == name);
        entry.and_then(|entry| entry.raw.as_text()).unwrap_or("").trim().to_owned()
    };
    let (kind, choices) = (said(KIND), said(CHOICES));
    let has_choices = matches!(kind.as_str(), "radio" | "dropdown" | "checkbox");
    let choice =
        |text: &str| text.split_once(',').map(|(code, label)| (code.trim().to_owned(), label.trim().to_owned()));
    let choices = match kind.as_str() {
        _ if has_choices => choices.split('|').filter_map(choice).collect(),
        "yesno" => pairs("yes", "no"),
        "truefalse" => pairs("true", "false"),
        _ => Vec::new(),
    };
    Question {
        name: said(NAME),
        label: said(LABEL),
        choices,
        validation: said(VALIDATION),
        is_identifier: said(IDENTIFIER) == "y",
        kind,
    }
}

fn pairs(one: &str, zero: &str) -> Vec<(String, String)> {
    vec![("1".to_owned(), one.to_owned()), ("0".to_owned(), zero.to_owned())]
}

impl Question {
    /// Says how dates of this question are exported: always year first, whatever the survey shows.
    pub(super) fn is_date(&self) -> bool {
        self.validation.starts_with("date")
    }

    /// Says whether the question takes free text.
    pub(super) fn is_text(&self) -> bool {
        self.kind == "notes" || (self.kind == "text" && self.validation.is_empty())
    }
}
