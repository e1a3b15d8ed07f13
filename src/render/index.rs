//! The index: every field and every level with its meaning, and where each is used.

use std::collections::BTreeSet;

use crate::policy::{DefinitionId, Field, FieldId, FieldType, ListId, NameList, Range, Written, number};

use super::document::{Block, Inline, Row, Table};
use super::usage::{Place, Usage};
use super::words::{Words, joined, list_of, quoted, spaced, t};

/// The number of each rule in the document, by its place in the version.
pub(super) struct Numbers(pub(super) Vec<usize>);

/// Makes the index; `level` is that of its headings.
pub(super) fn index(words: &Words<'_>, usage: &Usage, numbers: &Numbers, level: u8) -> Vec<Block> {
    let maker = Maker { words, usage, numbers };
    let vocabulary = &words.version.vocabulary;
    let mut blocks = Vec::new();
    let (read, unread): (Vec<FieldId>, Vec<FieldId>) =
        vocabulary.field_ids().partition(|field| usage.fields.contains_key(field));
    if !read.is_empty() {
        blocks.push(Block::heading(level, &words.anchor("index", "fields"), "Fields that this policy reads"));
        blocks.push(maker.fields("Fields that this policy reads", &read, true));
    }
    let of_fields = read.iter().filter_map(|field| list_of(vocabulary.field(*field)?.kind));
    let given = words.version.conditions.tables().iter().map(|table| table.gives);
    let lists: BTreeSet<ListId> = of_fields.chain(given).collect();
    let all = (0..vocabulary.lists.len()).filter_map(|at| u16::try_from(at).ok().map(ListId));
    let (used, unused): (Vec<ListId>, Vec<ListId>) = all.partition(|list| lists.contains(list));
    if !used.is_empty() {
        blocks.push(Block::heading(level, &words.anchor("index", "levels"), "Levels and names of these fields"));
        blocks.extend(used.iter().filter_map(|list| maker.list(*list)));
    }
    if !unread.is_empty() || !unused.is_empty() {
        blocks.push(Block::heading(level, &words.anchor("index", "rest"), "The rest of the vocabulary"));
        blocks.push(Block::text("No rule reads these. They are part of what a record of an episode can say."));
    }
    if !unread.is_empty() {
        blocks.push(maker.fields("Fields that no rule reads", &unread, false));
    }
    if !unused.is_empty() {
        blocks.push(maker.other_lists(&unused));
    }
    blocks
}

/// Says where something is used: "scope, rules 1 and 7".
pub(super) fn places(words: &Words<'_>, numbers: &Numbers, places: &BTreeSet<Place>) -> Vec<Inline> {
    let mut phrases = Vec::new();
    let mut rules: Vec<(usize, usize)> = Vec::new();
    let mut tables = Vec::new();
    for place in places {
        match place {
            Place::Scope => phrases.push(vec![t("what the policy covers")]),
            Place::Rule(at) => rules.push((numbers.0.get(*at).copied().unwrap_or_default(), *at)),
            Place::Definition(at) => {
                let id = DefinitionId(u32::try_from(*at).unwrap_or(u32::MAX));
                phrases
                    .extend(words.version.conditions.definition(id).map(|known| vec![words.definition(&known.name)]));
            }
            Place::Table(at) => {
                let table = words.version.conditions.tables().get(*at);
                tables.extend(table.map(|table| words.table(table)));
            }
        }
    }
    if !tables.is_empty() {
        let word = if tables.len() == 1 { "the table " } else { "the tables " };
        phrases.push([vec![t(word)], joined(tables, "and")].concat());
    }
    rules.sort_unstable();
    let word = if rules.len() == 1 { "rule " } else { "rules " };
    let links = rules.iter().filter_map(|(number, at)| {
        let rule = words.version.rules.get(*at)?;
        Some(vec![Inline::link(&words.anchor("rule", &rule.name), vec![t(&number.to_string())])])
    });
    let links: Vec<Vec<Inline>> = links.collect();
    if !links.is_empty() {
        let mut said = vec![t(word)];
        said.extend(joined(links, "and"));
        phrases.push(said);
    }
    joined_with_semicolons(phrases)
}

fn joined_with_semicolons(phrases: Vec<Vec<Inline>>) -> Vec<Inline> {
    let mut said = Vec::new();
    for (at, phrase) in phrases.into_iter().enumerate() {
        if at > 0 {
            said.push(t("; "));
        }
        said.extend(phrase);
    }
    said
}

struct Maker<'a> {
    words: &'a Words<'a>,
    usage: &'a Usage,
    numbers: &'a Numbers,
}

impl Maker<'_> {
    fn fields(&self, caption: &str, fields: &[FieldId], read: bool) -> Block {
        let head: &[&str] = if read {
            &["Field", "In the policy", "What it can say", "Notes", "Read by"]
        } else {
            &["Field", "In the policy", "What it can say", "Notes"]
        };
        let mut table = Table { headed: read, ..Table::new(caption, head) };
        for id in fields {
            let Some(field) = self.words.version.vocabulary.field(*id) else { continue };
            let title = if field.title.is_empty() { spaced(&field.name) } else { field.title.clone() };
            let mut cells =
                vec![vec![t(&title)], vec![Inline::code(&field.name)], self.type_words(field.kind), self.notes(field)];
            if read {
                let used = self.usage.fields.get(id);
                cells.push(used.map_or(Vec::new(), |used| places(self.words, self.numbers, used)));
            }
            table.rows.push(Row { anchor: self.words.anchor("field", &field.name), cells });
        }
        Block::Table(table)
    }

    fn notes(&self, field: &Field) -> Vec<Inline> {
        let mut notes: Vec<Vec<Inline>> = Vec::new();
        match (field.known_afterwards, field.known_at) {
            (true, Some(at)) => {
                let mut note = vec![t("known only afterwards, from the moment of ")];
                note.extend(self.words.field(at));
                notes.push(note);
            }
            (true, None) => notes.push(vec![t("known only afterwards")]),
            (false, _) => {}
        }
        if field.chosen {
            notes.push(vec![t("chosen by the team")]);
        }
        if field.judged {
            notes.push(vec![t("somebody’s judgement")]);
        }
        notes.extend(field.role.map(|role| vec![t(&format!("role: {}", role.words()))]));
        joined_with_semicolons(notes)
    }

    fn type_words(&self, kind: FieldType) -> Vec<Inline> {
        let text = match kind {
            FieldType::Boolean => "yes or no".to_owned(),
            FieldType::Number(range) => format!("a number{}", range_words(range, "")),
            FieldType::WholeNumber(range) => format!("a whole number{}", range_words(range, "")),
            FieldType::Percent(range) => format!("per cent{}", range_words(range, "\u{a0}%")),
            FieldType::Duration => "a length of time".to_owned(),
            FieldType::Date => "a day".to_owned(),
            FieldType::Instant => "a moment".to_owned(),
            FieldType::Text => "text".to_owned(),
            FieldType::Identity => "a person".to_owned(),
            FieldType::SetOfIdentity => "one person or several".to_owned(),
            FieldType::Kind(list) => return self.list_words("one of ", list),
            FieldType::Scale(list) => return self.list_words("a level of ", list),
            FieldType::SetOfKind(list) => return self.list_words("any of ", list),
        };
        vec![Inline::Text(text)]
    }

    fn list_words(&self, before: &str, list: ListId) -> Vec<Inline> {
        [vec![t(before)], self.words.list(list)].concat()
    }

    fn list(&self, id: ListId) -> Option<Block> {
        let list = self.words.version.vocabulary.list(id)?;
        let order = if list.ordered { ", the lowest first" } else { "" };
        let caption = format!("{} ({} {}{order})", list_title(list), list.word(), list.name);
        let mut table = Table::new(
            &caption,
            &[if list.ordered { "Level" } else { "Name" }, "In the policy", "Written in logs also as", "Named by"],
        );
        let mut anchor = self.words.anchor("list", &list.name);
        for (at, name) in list.names.iter().enumerate() {
            let written = name.written.iter().map(|written| vec![Inline::code(&written_words(written))]).collect();
            let used = u16::try_from(at).ok().and_then(|at| self.usage.names.get(&(id, crate::policy::NameId(at))));
            let used = used.map_or(Vec::new(), |used| places(self.words, self.numbers, used));
            let cells = vec![vec![t(&spaced(&name.name))], vec![Inline::code(&name.name)], joined(written, "or"), used];
            table.rows.push(Row { anchor: std::mem::take(&mut anchor), cells });
        }
        Some(Block::Table(table))
    }

    fn other_lists(&self, lists: &[ListId]) -> Block {
        let mut table =
            Table::new("Scales and kinds that no rule reads", &["Scale or kind", "In the policy", "Levels or names"]);
        for id in lists {
            let Some(list) = self.words.version.vocabulary.list(*id) else { continue };
            let names: Vec<Vec<Inline>> = list.names.iter().map(|name| vec![Inline::code(&name.name)]).collect();
            let mut said = if list.ordered { vec![t("ascending: ")] } else { Vec::new() };
            said.extend(joined(names, "and"));
            let cells = vec![vec![t(&list_title(list))], vec![Inline::code(&list.name)], said];
            table.rows.push(Row { anchor: self.words.anchor("list", &list.name), cells });
        }
        Block::Table(table)
    }
}

impl Words<'_> {
    /// Names a scale or kind by its title, with a link.
    pub(super) fn list(&self, id: ListId) -> Vec<Inline> {
        let list = self.version.vocabulary.list(id);
        let named =
            |list: &NameList| Inline::link(&self.anchor("list", &list.name), vec![t(&quoted(&list_title(list)))]);
        list.map(named).into_iter().collect()
    }
}

fn list_title(list: &NameList) -> String {
    if list.title.is_empty() { spaced(&list.name) } else { list.title.clone() }
}

fn range_words(range: Range, unit: &str) -> String {
    match (range.low, range.high) {
        (Some(low), Some(high)) => format!(" from {}{unit} to {}{unit}", number::write(low), number::write(high)),
        (Some(low), None) => format!(" from {}{unit}", number::write(low)),
        (None, Some(high)) => format!(" up to {}{unit}", number::write(high)),
        (None, None) => String::new(),
    }
}

/// Writes a form of a level as logs have it.
pub(super) fn written_words(written: &Written) -> String {
    match written {
        Written::Text(text) => text.clone(),
        Written::Number(value) => number::write(*value),
    }
}
