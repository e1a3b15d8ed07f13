//! Declarations of a vocabulary, and which declaration a node is.

use super::ast::{
    Attribute, AttributeKind, Declaration, DefineDeclaration, FieldDeclaration, ListDeclaration, NameDeclaration, Text,
    TypeKind, TypeName, Unread, Value, VocabularyHeader, Word,
};
use super::condition::with_a_broken_one;
use super::mistake::{self, Left};
use super::parser::Lowering;
use super::problem;
use super::tree::{self, Node, Rule, first, parts, plain_name, span, text, word};

/// Words that the language keeps for itself, now or later: none can be the whole name of anything.
const RESERVED: &[&str] = &[
    "record",
    "records",
    "register",
    "holds",
    "expect",
    "each",
    "every",
    "this",
    "different",
    "latest",
    "next",
    "once",
    "judges",
    "refines",
    "among",
    "month",
    "months",
    "year",
    "years",
    "quarter",
    "today",
    "start",
    "end",
    "untested",
    "silence",
    "allow",
    "true",
    "false",
];

/// Words that cannot be the name of a level or name, since comparisons begin with them.
const NO_LEVELS: &[&str] =
    &["present", "missing", "one", "no", "equal", "more", "less", "greater", "fewer", "nothing", "true", "false"];

impl Lowering<'_> {
    /// Lowers a declaration; none where it was not understood, which is reported.
    pub(super) fn declaration(&mut self, node: Node<'_>) -> Option<Declaration> {
        Some(match node.as_rule() {
            Rule::policy => Declaration::Policy(self.policy(node)),
            Rule::rule => Declaration::Rule(self.rule(node)),
            Rule::define => Declaration::Define(self.define(node)),
            Rule::case => Declaration::Case(self.case(node)),
            Rule::example => Declaration::Example(self.example(node)),
            Rule::log_example => Declaration::Example(self.log_example(node)?),
            Rule::vocabulary => Declaration::Vocabulary(self.vocabulary(node)),
            Rule::scale => Declaration::List(self.list(node, true)),
            Rule::kind => Declaration::List(self.list(node, false)),
            Rule::field => Declaration::Field(self.field(node)?),
            Rule::table => Declaration::Table(self.table(node)),
            _ => return None,
        })
    }

    /// Reports a declaration that was not understood. One that is whole above the line at fault still counts.
    pub(super) fn bad_declaration(&mut self, node: &Node<'_>) -> Vec<Declaration> {
        let origin = self.origin.at(node.as_span().start());
        let good = match mistake::report(self, node, Rule::only_decl) {
            Left::Nothing => None,
            Left::Whole(tree) => first(tree).and_then(|good| self.at(origin, |this| this.declaration(good))),
            Left::Mended(text) => {
                let good = tree::parse(Rule::only_decl, &text).ok().and_then(first);
                good.and_then(|good| self.at(origin, |this| this.declaration(good)))
            }
            Left::Conditions(conditions) => {
                let name = name_of(node).map(|text| Word { text, span: span(self.origin, node) });
                let condition = with_a_broken_one(conditions, span(self.origin, node));
                Some(Declaration::Define(DefineDeclaration { name, condition }))
            }
        };
        let unread = if good.is_some() { Declaration::Unread(Unread { name: None }) } else { unread(node) };
        good.into_iter().chain([unread]).collect()
    }

    /// Reads the name that a declaration gives; none where it cannot be one, which is reported.
    pub(super) fn declared_name(&mut self, what: &str, node: &Node<'_>) -> Option<Word> {
        let name = word(self.origin, node);
        if matches!(node.as_rule(), Rule::bad_name | Rule::bad_names) {
            let problem = unfit_name(what, node.as_str().trim(), name.span);
            self.problems.push(problem);
            return None;
        }
        self.refuse_reserved(&name, RESERVED);
        Some(name)
    }

    fn refuse_reserved(&mut self, name: &Word, reserved: &[&str]) {
        if reserved.contains(&name.text.to_ascii_lowercase().as_str()) {
            self.problems.push(problem::reserved_name(&name.text, name.span));
        }
    }

    fn vocabulary(&mut self, node: Node<'_>) -> VocabularyHeader {
        let mut header = VocabularyHeader { name: None, extends: None, title: None };
        for part in parts(node) {
            match part.as_rule() {
                Rule::name | Rule::bad_name => header.name = self.declared_name("vocabulary", &part),
                Rule::extends => header.extends = first(part).map(|name| word(self.origin, &name)),
                Rule::text => header.title = Some(text(self.origin, &part)),
                _ => {}
            }
        }
        header
    }

    fn list(&mut self, node: Node<'_>, ordered: bool) -> ListDeclaration {
        let mut list = ListDeclaration { ordered, name: None, title: None, names: Vec::new() };
        let what = if ordered { "scale" } else { "kind" };
        for part in parts(node) {
            match part.as_rule() {
                Rule::name | Rule::bad_name => list.name = self.declared_name(what, &part),
                Rule::text => list.title = Some(text(self.origin, &part)),
                Rule::level => list.names.extend(self.level(part)),
                _ => {}
            }
        }
        list
    }

    fn level(&mut self, node: Node<'_>) -> Option<NameDeclaration> {
        let mut inner = parts(node);
        let name = word(self.origin, &inner.next()?);
        self.refuse_reserved(&name, RESERVED);
        self.refuse_reserved(&name, NO_LEVELS);
        let written = inner.next().map(parts).into_iter().flatten();
        let written = written.map(|form| self.value(form)).collect();
        Some(NameDeclaration { name, written })
    }

    fn field(&mut self, node: Node<'_>) -> Option<FieldDeclaration> {
        let mut inner = parts(node);
        let name = inner.next()?;
        let name = self.declared_name("field", &name);
        let kind = self.type_name(inner.next()?)?;
        let mut field = FieldDeclaration { name, kind, title: None, attributes: Vec::new() };
        for part in inner {
            if part.as_rule() == Rule::text {
                field.title = Some(text(self.origin, &part));
            } else {
                field.attributes.extend(self.attribute(part));
            }
        }
        Some(field)
    }

    fn type_name(&mut self, node: Node<'_>) -> Option<TypeName> {
        let place = span(self.origin, &node);
        let inner = first(node)?;
        let which = inner.as_rule();
        let kind = match which {
            Rule::name => TypeKind::Named(word(self.origin, &inner)),
            Rule::set_of => TypeKind::SetOf(word(self.origin, &first(inner)?)),
            Rule::whole_type => TypeKind::WholeNumber(self.range(inner)),
            Rule::number_type => TypeKind::Number(self.range(inner)),
            Rule::percent_type => TypeKind::Percent(self.range(inner)),
            _ => return None,
        };
        Some(TypeName { kind, span: place })
    }

    fn range(&mut self, node: Node<'_>) -> Option<(Value, Value)> {
        let mut bounds = parts(first(node)?);
        let (low, high) = (bounds.next()?, bounds.next()?);
        Some((self.value(low), self.value(high)))
    }

    fn attribute(&mut self, node: Node<'_>) -> Option<Attribute> {
        let place = span(self.origin, &node);
        let which = node.as_rule();
        let inner = first(node);
        let kind = match which {
            Rule::chosen => AttributeKind::Chosen,
            Rule::judged => AttributeKind::Judged,
            Rule::known => AttributeKind::KnownAfterwards(inner.map(|path| word(self.origin, &path))),
            Rule::role => AttributeKind::Role(self.role_words(&inner?)),
            Rule::from => AttributeKind::From(self.path_or_text(&inner?)),
            _ => return None,
        };
        Some(Attribute { kind, span: place })
    }

    fn role_words(&self, node: &Node<'_>) -> Word {
        let words: Vec<String> = node.as_str().split_whitespace().map(str::to_lowercase).collect();
        Word { text: words.join(" "), span: span(self.origin, node) }
    }

    fn path_or_text(&self, node: &Node<'_>) -> Text {
        if node.as_rule() == Rule::string {
            return text(self.origin, node);
        }
        Text { text: plain_name(node.as_str()), span: span(self.origin, node) }
    }
}

/// Keeps of a declaration the name that it seems to declare.
fn unread(node: &Node<'_>) -> Declaration {
    Declaration::Unread(Unread { name: name_of(node) })
}

fn name_of(node: &Node<'_>) -> Option<String> {
    node.as_str().split_whitespace().nth(1).map(|word| plain_name(word.trim_end_matches([':', '=', ','])))
}

/// Says why a text cannot be a name: several words, a word of the language, or no word at all.
fn unfit_name(what: &str, written: &str, at: crate::source::Span) -> crate::diagnostic::Diagnostic {
    let words: Vec<&str> =
        written.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect();
    let begins_well = written.chars().next().is_some_and(char::is_alphabetic);
    match words.as_slice() {
        [_, _, ..] if begins_well => problem::name_of_several_words(what, written, &words.join("_"), at),
        [word] if begins_well && *word == written => problem::reserved_name(written, at),
        _ => problem::bad_name(what, written, at),
    }
}
