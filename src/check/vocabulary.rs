//! Pass 2: vocabularies, each with all that it extends.

mod field;
mod list;
mod roles;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::policy::{Field, NameList, Vocabulary};
use crate::syntax::ast::Word;

use super::group::VocabularyGroup;
use super::names::Declared;

/// The vocabularies that could be made, by name.
pub(super) type Vocabularies = BTreeMap<String, Made>;

/// A vocabulary, and what of it was not understood: uses of that are not reported on top.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) vocabulary: Arc<Vocabulary>,
    pub(super) unread: Unread,
}

/// What of a vocabulary was not understood.
#[derive(Debug, Clone, Default)]
pub(super) struct Unread {
    /// Names of fields, scales and kinds.
    pub(super) names: BTreeSet<String>,
    /// Whether a role was not understood.
    pub(super) role: bool,
}

impl Unread {
    /// Leaves out all that a vocabulary declares itself.
    fn leave_out(&mut self, group: &VocabularyGroup<'_>) {
        let lists = group.lists.iter().filter_map(|list| list.name.as_ref());
        let fields = group.fields.iter().filter_map(|field| field.name.as_ref());
        self.names.extend(lists.chain(fields).map(|name| name.text.clone()));
        self.role = true;
    }
}

/// Makes every vocabulary; the one that another extends comes first, whatever the order of the files.
pub(super) fn vocabularies(groups: &[VocabularyGroup<'_>], problems: &mut Vec<Diagnostic>) -> Vocabularies {
    let mut declared = Declared::default();
    let mut waiting: Vec<&VocabularyGroup<'_>> = groups
        .iter()
        .filter(|group| group.header.name.as_ref().is_some_and(|name| declared.is_new("vocabularies", name, problems)))
        .collect();
    let mut made = Vocabularies::new();
    loop {
        let ready = |group: &&VocabularyGroup<'_>| {
            group.header.extends.as_ref().is_none_or(|base| made.contains_key(&base.text))
        };
        let (now, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(ready);
        if now.is_empty() {
            report_unfounded(&later, &made, problems);
            return made;
        }
        for group in now {
            if let Some(name) = &group.header.name {
                let base = group.header.extends.as_ref().and_then(|base| made.get(&base.text)).cloned();
                made.insert(name.text.clone(), vocabulary(group, name, base.as_ref(), problems));
            }
        }
        waiting = later;
    }
}

/// Reports vocabularies that extend one that does not exist, or one another.
fn report_unfounded(groups: &[&VocabularyGroup<'_>], made: &Vocabularies, problems: &mut Vec<Diagnostic>) {
    let names: Vec<&str> =
        groups.iter().filter_map(|group| group.header.name.as_ref()).map(|name| name.text.as_str()).collect();
    for base in groups.iter().filter_map(|group| group.header.extends.as_ref()) {
        if names.contains(&base.text.as_str()) {
            let message = "vocabularies that extend one another have no beginning";
            problems.push(
                Diagnostic::new(
                    codes::VOCABULARY_CYCLE,
                    message,
                    base.span,
                    "this one extends it in turn, itself or through others",
                )
                .with_help("take one `extends` away"),
            );
        } else {
            problems.push(unknown_vocabulary(base, made));
        }
    }
}

/// Words the problem that no vocabulary has this name.
pub(super) fn unknown_vocabulary(name: &Word, known: &Vocabularies) -> Diagnostic {
    let message = format!("there is no vocabulary `{}`", name.text);
    let help = did_you_mean(&name.text, known.keys().map(String::as_str));
    let help =
        help.unwrap_or_else(|| "give the file that declares it on the command line, beside the policy".to_owned());
    Diagnostic::new(codes::UNKNOWN_VOCABULARY, message, name.span, "not built in, and not in any file of this run")
        .with_help(help)
}

fn vocabulary(group: &VocabularyGroup<'_>, name: &Word, base: Option<&Made>, problems: &mut Vec<Diagnostic>) -> Made {
    let mut unread = base.map(|base| base.unread.clone()).unwrap_or_default();
    unread.names.extend(group.unread.iter().map(|name| (*name).to_owned()));
    unread.role |= !group.unread.is_empty();
    let base = base.map(|base| &*base.vocabulary);
    let mut lists: Vec<NameList> = base.map(|base| base.lists.clone()).unwrap_or_default();
    let mut fields: Vec<Field> = base.map(|base| base.fields.clone()).unwrap_or_default();
    if can_be_counted(group, lists.len(), fields.len()) {
        for declaration in &group.lists {
            lists.extend(list::list(declaration, &lists, problems));
        }
        field::fields(&group.fields, &lists, &mut fields, &mut unread, problems);
    } else {
        problems.push(too_large(name));
        unread.leave_out(group);
    }
    roles::check(&fields, problems);
    let own = group.header.title.as_ref().map(|title| title.text.clone());
    if own.is_none() && group.header.extends.is_none() {
        problems.push(without_title(name));
    }
    let title = own.or_else(|| base.map(|base| base.title.clone())).unwrap_or_default();
    let vocabulary = Arc::new(Vocabulary::new(name.text.clone(), title, lists, fields));
    Made { vocabulary, unread }
}

/// How many fields a vocabulary may have, how many scales and kinds, and how many names each of them.
const MOST: usize = 10_000;

/// Says whether a vocabulary stays within [`MOST`] with all that it extends; asked before names are compared with one
/// another, which takes long where there are many.
fn can_be_counted(group: &VocabularyGroup<'_>, lists: usize, fields: usize) -> bool {
    lists + group.lists.len() <= MOST
        && fields + group.fields.len() <= MOST
        && group.lists.iter().all(|list| list.names.len() <= MOST)
}

fn too_large(name: &Word) -> Diagnostic {
    let message = format!("vocabulary `{}` has more than {MOST} fields, lists, or names in a list", name.text);
    Diagnostic::new(codes::VOCABULARY_TOO_LARGE, message, name.span, "too large")
        .with_help("leave out what no policy asks for")
}

fn without_title(name: &Word) -> Diagnostic {
    let message = format!("vocabulary `{}` has neither a title nor another that it extends", name.text);
    Diagnostic::new(codes::VOCABULARY_WITHOUT_TITLE, message, name.span, "what is it about?")
        .with_help(format!("write `vocabulary {} \"…\"`, or `vocabulary {} extends clinical`", name.text, name.text))
}
