//! One version of a policy, section by section.

use std::collections::BTreeSet;

use crate::check::Checked;
use crate::policy::{DefinitionId, FieldId, Rule};

use super::condition::Mood;
use super::document::{Block, Inline, Table};
use super::index::{Numbers, index, places};
use super::notes::Notes;
use super::prose::{Place as Beside, Told};
use super::rule::silence_words;
use super::usage::{Place, Usage};
use super::words::{Words, spaced, t};
use super::{changes, examples, header, table};

/// A chapter of rules: its heading, its name in links, and which rules stand in it.
struct Chapter {
    heading: &'static str,
    anchor: &'static str,
    holds: fn(&Rule) -> bool,
}

const CHAPTERS: [Chapter; 3] = [
    Chapter { heading: "Grounds on which failure may be allowed", anchor: "grounds", holds: Rule::is_permit },
    Chapter {
        heading: "What must hold",
        anchor: "requirements",
        holds: |rule| !rule.is_permit() && rule.duty.is_none(),
    },
    Chapter { heading: "What is owed afterwards", anchor: "duties", holds: |rule| rule.duty.is_some() },
];

/// Says whether a heading is that of a chapter of rules.
pub(super) fn is_chapter(heading: &str) -> bool {
    CHAPTERS.iter().any(|chapter| chapter.heading == heading)
}

/// Makes the sections of a version; `level` is that of their headings.
pub(super) fn blocks(
    words: &Words<'_>,
    checked: &Checked,
    since: Option<&Checked>,
    newest: bool,
    level: u8,
) -> Vec<Block> {
    let version = words.version;
    let numbers = numbers(&version.rules);
    let usage = Usage::of(version);
    let notes = Notes::of(version, checked);
    let told = Told::of(version, checked);
    let mut blocks = told.before(words, Beside::Header, level);
    blocks.push(header::table(words, &notes));
    blocks.extend(told.after(words, Beside::Header, level));
    blocks.push(how_to_read(words, &usage));
    let mut section = |anchor: &str, heading: &str, content: Vec<Block>| {
        if !content.is_empty() {
            blocks.push(Block::heading(level, &words.anchor("part", anchor), heading));
            blocks.extend(content);
        }
    };
    if let Some(old) = since {
        section("changes", "What changed", changes::blocks(words, checked, old, newest, level + 1));
    }
    section("scope", "What it covers, and what follows", [header::scope(words), header::verdict(version)].concat());
    for chapter in &CHAPTERS {
        section(chapter.anchor, chapter.heading, rules(words, chapter, (&notes, &told), &numbers, level + 1));
    }
    section("exceptions", "The exceptions, gathered", exceptions(words, &numbers));
    section("silence", "What silence counts as", silence(words, &numbers));
    section("definitions", "Definitions", definitions(words, &usage, &told, &numbers, level + 1));
    section("tables", "Tables", table::section(words, &usage, &told, &numbers, level + 1));
    section("index", "Index of fields and levels", index(words, &usage, &numbers, level + 1));
    section("examples", "Examples", examples(words, checked, &told, &numbers, level + 1));
    blocks.extend(told.before(words, Beside::End, level));
    blocks
}

fn how_to_read(words: &Words<'_>, usage: &Usage) -> Block {
    let mut said = vec![t("Words in quotation marks")];
    let of_rules = |id: &&FieldId| {
        usage.fields.get(id).is_some_and(|places| places.iter().any(|place| matches!(place, Place::Rule(_))))
    };
    let titled = |id: &&FieldId| words.version.vocabulary.field(**id).is_some_and(|field| !field.title.is_empty());
    if let Some(field) = usage.fields.keys().filter(of_rules).find(titled) {
        said.push(t(", such as "));
        said.extend(words.field(*field));
        said.push(t(","));
    }
    said.push(t(" are questions to which the record of an episode gives an answer. Words in "));
    said.push(Inline::term("italics"));
    said.push(t(" are the levels and names with which it answers. The index says what each of them means."));
    if !words.version.conditions.definitions().is_empty() {
        said.push(t(" What is in quotation marks and “holds” is a definition of this policy."));
    }
    if !words.version.conditions.tables().is_empty() {
        said.push(t(" A table that is named in quotation marks is shown row by row under “Tables”."));
    }
    Block::Remark(said)
}

/// Numbers the rules in the order in which the document has them.
fn numbers(rules: &[Rule]) -> Numbers {
    let mut numbers = vec![0; rules.len()];
    let mut next = 1;
    for chapter in &CHAPTERS {
        for (rule, number) in rules.iter().zip(&mut numbers) {
            if (chapter.holds)(rule) {
                *number = next;
                next += 1;
            }
        }
    }
    Numbers(numbers)
}

fn examples(words: &Words<'_>, checked: &Checked, told: &Told<'_>, numbers: &Numbers, level: u8) -> Vec<Block> {
    let mut blocks = told.before(words, Beside::Examples, level);
    blocks.extend(examples::list(words, &checked.examples, numbers));
    blocks.extend(told.after(words, Beside::Examples, level));
    blocks
}

fn rules(
    words: &Words<'_>,
    chapter: &Chapter,
    (notes, told): (&Notes, &Told<'_>),
    numbers: &Numbers,
    level: u8,
) -> Vec<Block> {
    let mut blocks = Vec::new();
    let all = words.version.rules.iter().zip(&numbers.0).zip(&notes.of_rules).enumerate();
    for (at, ((rule, number), noted)) in all.filter(|(_, ((rule, _), _))| (chapter.holds)(rule)) {
        blocks.extend(told.before(words, Beside::Rule(at), level));
        let parts = words.rule_parts(rule);
        let title = super::words::rule_title(rule);
        let mut inner = vec![Block::heading(level, &words.anchor("rule", &rule.name), &format!("{number}. {title}"))];
        inner.extend(parts.says);
        let mut rest = vec![("Name".to_owned(), vec![Block::Paragraph(vec![Inline::code(&rule.name)])])];
        rest.splice(0..0, parts.rest.into_iter().chain(noted.iter().cloned()));
        inner.push(Block::Labelled(rest));
        blocks.push(Block::Together(inner));
        blocks.extend(told.after(words, Beside::Rule(at), level));
    }
    blocks
}

fn exceptions(words: &Words<'_>, numbers: &Numbers) -> Vec<Block> {
    let excepted = words
        .version
        .rules
        .iter()
        .zip(&numbers.0)
        .filter_map(|(rule, number)| Some((*number, words.named_exception(rule, *number)?)));
    let mut excepted: Vec<(usize, Vec<Block>)> = excepted.collect();
    excepted.sort_by_key(|(number, _)| *number);
    if excepted.is_empty() {
        return vec![Block::text("No rule has an exception.")];
    }
    vec![Block::List(excepted.into_iter().map(|(_, item)| item).collect())]
}

fn silence(words: &Words<'_>, numbers: &Numbers) -> Vec<Block> {
    let mut blocks = vec![Block::text(
        "What is not documented is neither a yes nor a no. A rule that turns on it is left undetermined, and so is the episode, unless something else decides it; the audit names the fields that would settle it. A value that cannot be read counts as not documented.",
    )];
    if words.version.rules.iter().any(|rule| rule.duty.is_some()) {
        blocks.push(Block::text("For what is owed, a moment that is not documented has not happened."));
    }
    let settled = words.version.rules.iter().zip(&numbers.0).filter_map(|(rule, number)| {
        let silence = rule.silence?;
        Some((
            *number,
            vec![vec![Inline::Text(format!("{number}. ")), words.rule(rule)], vec![t(silence_words(rule, silence))]],
        ))
    });
    let mut settled: Vec<(usize, Vec<Vec<Inline>>)> = settled.collect();
    settled.sort_by_key(|(number, _)| *number);
    if settled.is_empty() {
        blocks.push(Block::text("No rule of this policy says anything else."));
        return blocks;
    }
    blocks.push(Block::text("These rules say something else:"));
    let mut table = Table::new("Rules that say what silence counts as", &["Rule", "What silence counts as"]).headed();
    settled.into_iter().for_each(|(_, cells)| table.add(cells));
    blocks.push(Block::Table(table));
    blocks
}

fn definitions(words: &Words<'_>, usage: &Usage, told: &Told<'_>, numbers: &Numbers, level: u8) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (at, definition) in words.version.conditions.definitions().iter().enumerate() {
        blocks.extend(told.before(words, Beside::Definition(at), level));
        let name = spaced(&definition.name);
        let mut inner = vec![Block::heading(level, &words.anchor("definition", &definition.name), &name)];
        let said = words.condition(definition.condition, Mood::Is);
        inner.extend(said.after(&format!("“{name}” holds where ")).sentence());
        let nowhere = BTreeSet::new();
        let used = u32::try_from(at).ok().map(DefinitionId).and_then(|id| usage.definitions.get(&id.0));
        let used = places(words, numbers, used.unwrap_or(&nowhere));
        let mut rows = vec![("Name".to_owned(), vec![Block::Paragraph(vec![Inline::code(&definition.name)])])];
        if !used.is_empty() {
            rows.insert(0, ("Used by".to_owned(), vec![Block::Paragraph(used)]));
        }
        inner.push(Block::Labelled(rows));
        blocks.push(Block::Together(inner));
        blocks.extend(told.after(words, Beside::Definition(at), level));
    }
    blocks
}
