//! What changed in the examples: those that are new, that claim something else or of another case, and that are gone.
//!
//! An example is known by its title. Moments are not compared: where none is stated, they hang on the first day of the
//! version.

use crate::check::{Claim, Example, Subject};
use crate::policy::{Role, Value};

use super::super::document::{Block, Inline};
use super::super::examples::{apart, case, of};
use super::super::words::{Words, capital, t};
use super::{Compared, Parts, Sort};

fn sort<'e>() -> Sort<&'e Example> {
    Sort {
        anchor: "examples",
        heading: "The examples",
        name: |example| &example.title,
        link: |_, example| t(&example.title),
        title: |example| example.title.clone(),
        parts: |words, example| parts(words, example),
    }
}

/// Says which examples are new, changed and gone.
pub(super) fn blocks(compared: &Compared<'_>, before: &[Example], now: &[Example]) -> Vec<Block> {
    let before: Vec<&Example> = of(compared.old, before).collect();
    let now: Vec<&Example> = of(compared.new, now).collect();
    compared.things(&sort(), &before, &now)
}

fn parts(words: &Words<'_>, example: &Example) -> Parts {
    let line = |said: Vec<Inline>| vec![Block::Paragraph(said)];
    match &example.subject {
        Subject::Case(situation, claims) => vec![
            ("Example".to_owned(), line(case(words, situation))),
            ("What is on record".to_owned(), line(on_record(words, situation))),
            ("Claim".to_owned(), line(claim(words, claims))),
        ],
        Subject::Log(log) => {
            let claimed = log.records.iter().map(|(id, _, claims)| {
                let mut said = vec![Inline::code(id), t(": ")];
                said.extend(claim(words, claims));
                line(said)
            });
            vec![
                ("Example".to_owned(), line(vec![t("records of "), Inline::code(&log.file)])),
                ("Claim".to_owned(), vec![Block::List(claimed.collect())]),
            ]
        }
    }
}

fn claim(words: &Words<'_>, claims: &[Claim]) -> Vec<Inline> {
    let (said, wanting) = apart(words, None, claims, &[]);
    capital([said, wanting].concat())
}

/// Gives what the case states with what the example changes, but for its id, and for moments.
fn on_record(words: &Words<'_>, situation: &crate::check::Situation) -> Vec<Inline> {
    let vocabulary = &words.version.vocabulary;
    let mut said = Vec::new();
    for id in vocabulary.field_ids() {
        let is_made_up = vocabulary.field(id).is_some_and(|field| field.role == Some(Role::Id));
        let Some(value) = situation.episode.value(id).filter(|_| !is_made_up) else { continue };
        if matches!(value, Value::Instant(_) | Value::Date(_)) {
            continue;
        }
        if !said.is_empty() {
            said.push(t("; "));
        }
        said.extend(words.field(id));
        said.push(t(": "));
        said.push(words.value(value, id));
    }
    super::or_nothing(said)
}
