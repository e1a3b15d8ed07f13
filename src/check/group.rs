//! Pass 1: which vocabulary or policy each declaration belongs to.
//!
//! Within one file, scales, kinds and fields belong to the vocabulary declared last above them, rules, definitions
//! and tables to the policy declared last above them.

use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::syntax::ast::{
    CaseDeclaration, Declaration, DefineDeclaration, Document, ExampleDeclaration, FieldDeclaration, ListDeclaration,
    PolicyHeader, RuleDeclaration, TableDeclaration, VocabularyHeader, Word,
};

/// All declarations of a run, by what they belong to.
#[derive(Default)]
pub(super) struct Groups<'d> {
    pub(super) vocabularies: Vec<VocabularyGroup<'d>>,
    pub(super) policies: Vec<PolicyGroup<'d>>,
    /// Cases and examples in files without a policy.
    pub(super) loose: Vec<Loose<'d>>,
}

/// The cases and examples of a file without a policy.
#[derive(Default)]
pub(super) struct Loose<'d> {
    /// The file's name without folders and endings.
    pub(super) stem: String,
    pub(super) cases: Vec<&'d CaseDeclaration>,
    pub(super) examples: Vec<&'d ExampleDeclaration>,
}

impl Loose<'_> {
    /// Gives where the first of them stands.
    pub(super) fn first_place(&self) -> Option<Span> {
        let cases = self.cases.iter().map(|case| case.span);
        cases.chain(self.examples.iter().map(|example| example.span)).min()
    }
}

/// A vocabulary with its declarations.
pub(super) struct VocabularyGroup<'d> {
    pub(super) header: &'d VocabularyHeader,
    pub(super) lists: Vec<&'d ListDeclaration>,
    pub(super) fields: Vec<&'d FieldDeclaration>,
    /// Names of declarations that were not understood.
    pub(super) unread: Vec<&'d str>,
}

/// A policy with its rules and definitions.
pub(super) struct PolicyGroup<'d> {
    pub(super) header: &'d PolicyHeader,
    pub(super) rules: Vec<&'d RuleDeclaration>,
    pub(super) defines: Vec<&'d DefineDeclaration>,
    pub(super) tables: Vec<&'d TableDeclaration>,
    pub(super) cases: Vec<&'d CaseDeclaration>,
    pub(super) examples: Vec<&'d ExampleDeclaration>,
    /// Whether everything that may belong to it was understood.
    pub(super) whole: bool,
    /// Names of declarations that were not understood.
    pub(super) unread: Vec<&'d str>,
    /// The vocabulary that is declared right below the header, as if it stood in it.
    pub(super) vocabulary_below: Option<&'d VocabularyHeader>,
}

/// Says whether a file declares a vocabulary of this name.
pub(super) fn declares_vocabulary(documents: &[Document], name: &str) -> bool {
    documents.iter().flat_map(|document| &document.declarations).any(|declaration| match declaration {
        Declaration::Vocabulary(header) => header.name.as_ref().is_some_and(|word| word.text == name),
        _ => false,
    })
}

/// Sorts the declarations of all documents.
pub(super) fn group<'d>(documents: &'d [Document], problems: &mut Vec<Diagnostic>) -> Groups<'d> {
    let mut groups = Groups::default();
    for document in documents {
        let (mut vocabulary, mut policy) = (None, None);
        let mut unread = false;
        let mut below_header = false;
        let mut loose = Loose { stem: document.stem.clone(), ..Loose::default() };
        for declaration in &document.declarations {
            match declaration {
                Declaration::Vocabulary(header) => {
                    let above = policy.as_mut().filter(|_: &&mut PolicyGroup<'_>| below_header);
                    above.into_iter().for_each(|policy| policy.vocabulary_below = Some(header));
                    groups.vocabularies.extend(vocabulary.replace(VocabularyGroup {
                        header,
                        lists: Vec::new(),
                        fields: Vec::new(),
                        unread: Vec::new(),
                    }));
                }
                Declaration::Policy(header) => {
                    groups.policies.extend(policy.replace(PolicyGroup {
                        header,
                        rules: Vec::new(),
                        defines: Vec::new(),
                        tables: Vec::new(),
                        cases: Vec::new(),
                        examples: Vec::new(),
                        whole: !header.broken,
                        unread: Vec::new(),
                        vocabulary_below: None,
                    }));
                }
                Declaration::Case(case) if policy.is_none() => loose.cases.push(case),
                Declaration::Example(example) if policy.is_none() => loose.examples.push(example),
                _ => {
                    unread |= matches!(declaration, Declaration::Unread(_));
                    let stray = place(declaration, vocabulary.as_mut(), policy.as_mut());
                    // What was not understood above may have been the header that seems to be missing.
                    problems.extend(stray.filter(|_| !unread));
                }
            }
            below_header = matches!(declaration, Declaration::Policy(_));
        }
        groups.vocabularies.extend(vocabulary);
        groups.policies.extend(policy);
        groups.loose.extend(loose.first_place().is_some().then_some(loose));
    }
    groups
}

/// Puts a declaration where it belongs; gives a problem where there is no such place.
fn place<'d>(
    declaration: &'d Declaration,
    vocabulary: Option<&mut VocabularyGroup<'d>>,
    policy: Option<&mut PolicyGroup<'d>>,
) -> Option<Diagnostic> {
    match (declaration, vocabulary, policy) {
        (Declaration::List(list), Some(vocabulary), _) => vocabulary.lists.push(list),
        (Declaration::Field(field), Some(vocabulary), _) => vocabulary.fields.push(field),
        (Declaration::Rule(rule), _, Some(policy)) => policy.rules.push(rule),
        (Declaration::Define(define), _, Some(policy)) => policy.defines.push(define),
        (Declaration::Table(table), _, Some(policy)) => {
            policy.whole &= !table.broken;
            policy.tables.push(table);
        }
        (Declaration::Case(case), _, Some(policy)) => policy.cases.push(case),
        (Declaration::Example(example), _, Some(policy)) => policy.examples.push(example),
        (Declaration::List(list), None, _) => return Some(no_vocabulary("a scale or kind", list.name.as_ref()?.span)),
        (Declaration::Field(field), None, _) => return Some(no_vocabulary("a field", field.kind.span)),
        (Declaration::Rule(rule), _, None) => return Some(no_policy("a rule", rule.span)),
        (Declaration::Table(table), _, None) => return Some(no_policy("a table", table.span)),
        (Declaration::Define(define), _, None) => return Some(no_policy("a definition", name_place(define)?)),
        (Declaration::Unread(unread), vocabulary, policy) => {
            if let Some(vocabulary) = vocabulary {
                vocabulary.unread.extend(unread.name.as_deref());
            }
            if let Some(policy) = policy {
                policy.whole = false;
                policy.unread.extend(unread.name.as_deref());
            }
        }
        // Cases and examples without a policy above them are put aside before.
        (
            Declaration::Vocabulary(_) | Declaration::Policy(_) | Declaration::Case(_) | Declaration::Example(_),
            _,
            _,
        ) => {}
    }
    None
}

fn name_place(define: &DefineDeclaration) -> Option<Span> {
    define.name.as_ref().map(|name: &Word| name.span)
}

fn no_policy(what: &str, at: Span) -> Diagnostic {
    let message = format!("{what} stands here before any `policy`, so it belongs to none");
    Diagnostic::new(codes::NO_POLICY, message, at, "to which policy does it belong?")
        .with_help("begin the file with `policy NAME \"title\"`")
}

fn no_vocabulary(what: &str, at: Span) -> Diagnostic {
    let message = format!("{what} stands here before any `vocabulary` declaration, so it belongs to none");
    Diagnostic::new(codes::NO_VOCABULARY, message, at, "to which vocabulary does it belong?")
        .with_help("put `vocabulary NAME \"title\"`, or `vocabulary NAME extends clinical`, above it")
}
