//! Cases: what each states, with what it is like.

use std::collections::BTreeMap;

use crate::policy::{FieldId, Length, Value};
use crate::source::Span;
use crate::syntax::ast::{CaseDeclaration, Setting, Word};

use super::super::names::Declared;
use super::{Maker, problem};

/// What is said of a field.
#[derive(Debug, Clone)]
pub(in crate::check) enum Stated {
    Value(Value),
    /// From the case's own time.
    Relative(Length, bool),
}

/// What a case states: of each field, and where.
pub(in crate::check) type Settings = BTreeMap<FieldId, (Stated, Span)>;

/// The cases of a version by name; none for one that has an error, which is reported.
#[derive(Default)]
pub(super) struct Cases {
    by_name: BTreeMap<String, Option<Settings>>,
}

impl Cases {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

/// What an example changes of its case.
pub(super) struct Changes {
    pub(super) with: Vec<(FieldId, String, Stated, Span)>,
    pub(super) without: Vec<FieldId>,
}

impl Changes {
    pub(super) fn apply(&self, settings: &mut Settings) {
        for (field, _, stated, place) in &self.with {
            settings.insert(*field, (stated.clone(), *place));
        }
        for field in &self.without {
            settings.remove(field);
        }
    }
}

impl Maker<'_> {
    /// Makes the cases.
    pub(super) fn cases(&mut self, declared: &[&CaseDeclaration]) -> Cases {
        let mut known = Declared::default();
        let mut by_name: BTreeMap<&str, &CaseDeclaration> = BTreeMap::new();
        for case in declared {
            let Some(name) = &case.name else { continue };
            if known.is_new("cases", name, self.conditioner.problems) {
                by_name.insert(&name.text, case);
            }
        }
        let mut cases = Cases::default();
        for case in declared {
            if let Some(name) = &case.name {
                self.case(name, &by_name, &mut cases);
            } else {
                // Its name could not be read; what it states is checked all the same.
                self.settings(&case.settings);
            }
        }
        cases
    }

    /// Makes a case after those that it is like. A loop, so that no chain is too long.
    fn case(&mut self, name: &Word, by_name: &BTreeMap<&str, &CaseDeclaration>, cases: &mut Cases) {
        let mut chain: Vec<&CaseDeclaration> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut next = by_name.get(name.text.as_str()).copied();
        let mut base = Some(Settings::new());
        while let Some(case) = next {
            let Some(own) = &case.name else { break };
            if let Some(made) = cases.by_name.get(&own.text) {
                base.clone_from(made);
                break;
            }
            if let Some(from) = places.insert(&own.text, chain.len()) {
                let steps = chain.get(from..).unwrap_or_default();
                self.conditioner.problems.push(problem::like_itself(steps));
                base = None;
                break;
            }
            chain.push(case);
            let Some(like) = &case.like else { break };
            next = by_name.get(like.text.as_str()).copied();
            if next.is_none() {
                if !self.conditioner.unread.names.contains(&like.text) {
                    let names = by_name.keys().copied().filter(|known| *known != own.text);
                    self.conditioner.problems.push(problem::unknown_case(like, names));
                }
                base = None;
            }
        }
        while let Some(case) = chain.pop() {
            let own = self.settings(&case.settings);
            base = base.zip(own).map(|(mut base, own)| {
                base.extend(own);
                base
            });
            if let Some(name) = &case.name {
                cases.by_name.insert(name.text.clone(), base.clone());
            }
        }
    }

    /// Reads settings; a field that is set twice is reported.
    fn settings(&mut self, written: &[Setting]) -> Option<Settings> {
        let mut settings = Some(Settings::new());
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for setting in written {
            if let Some(first) = seen.get(setting.field.text.as_str()) {
                self.conditioner.problems.push(problem::set_twice(&setting.field, *first));
                settings = None;
                continue;
            }
            seen.insert(&setting.field.text, setting.field.span);
            let read = self.setting(setting);
            settings = settings.zip(read).map(|(mut all, (field, stated))| {
                all.insert(field, (stated, setting.value));
                all
            });
        }
        settings
    }

    pub(super) fn changes(&mut self, with: &[Setting], without: &[Word]) -> Option<Changes> {
        let set = self.settings(with);
        let mut removed = Some(Vec::new());
        for word in without {
            let set_too = with.iter().find(|setting| setting.field.text == word.text);
            if let Some(setting) = set_too {
                self.conditioner.problems.push(problem::set_and_removed(word, setting.field.span));
            }
            let field = self.conditioner.field(word).map(|(id, _)| id);
            removed = removed.zip(field.filter(|_| set_too.is_none())).map(|(mut all, field)| {
                all.push(field);
                all
            });
        }
        let set = set?;
        let find = |setting: &Setting| {
            let field = self.version.vocabulary.find_field(&setting.field.text)?;
            let (stated, place) = set.get(&field)?.clone();
            let text =
                format!("{} {}", setting.field.text, setting.raw.split_whitespace().collect::<Vec<_>>().join(" "));
            Some((field, text, stated, place))
        };
        Some(Changes { with: with.iter().filter_map(find).collect(), without: removed? })
    }

    /// Finds a case; one that does not exist is reported.
    pub(super) fn find_case(&mut self, name: &Word, cases: &Cases) -> Option<Settings> {
        match cases.by_name.get(&name.text) {
            Some(made) => made.clone(),
            None => {
                if !self.conditioner.unread.names.contains(&name.text) {
                    self.conditioner.problems.push(problem::unknown_case(name, cases.names()));
                }
                None
            }
        }
    }
}
