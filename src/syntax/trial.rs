//! Cases and examples: from the parse tree to [`ast::CaseDeclaration`](super::ast::CaseDeclaration) and its kin.

use crate::source::Span;

use super::ast::{
    CaseDeclaration, Claim, ClaimKind, ExampleDeclaration, Following, LogClaims, Setting, SettingKind, Subject, Text,
    Word,
};
use super::mistake::examples as mistakes;
use super::parser::Lowering;
use super::problem;
use super::tree::{self, Node, Rule, first, one_blank, parts, span, text, whole_characters, word};

impl Lowering<'_> {
    pub(super) fn case(&mut self, node: Node<'_>) -> CaseDeclaration {
        let begins = self.keyword_span(&node, "case".len());
        let mut case = CaseDeclaration { name: None, like: None, settings: Vec::new(), span: begins };
        let mut named = false;
        for part in parts(node) {
            match part.as_rule() {
                Rule::case_name | Rule::bad_names => {
                    named = true;
                    case.name = self.declared_name("case", &part);
                    case.span = begins.to(span(self.origin, &part));
                }
                Rule::like => case.like = first(part).map(|name| word(self.origin, &name)),
                Rule::setting => case.settings.extend(self.setting(part)),
                Rule::bad_line => self.bad_line(&part, mistakes::Place::Case),
                _ => {}
            }
        }
        if !named {
            self.problems.push(problem::missing_name("case", begins, None));
        }
        case
    }

    /// Lowers a setting; one that stands on the line of something else is refused.
    fn setting(&mut self, node: Node<'_>) -> Option<Setting> {
        let place = span(self.origin, &node);
        let mut inner = parts(node.clone());
        let (field, value) = (inner.next()?, inner.next()?);
        let raw = one_blank(value.as_str());
        let value_place = span(self.origin, &value);
        let field = word(self.origin, &field);
        if let Some(problem) = mistakes::in_words(&value, &field.text, value_place) {
            self.problems.push(problem);
            return None;
        }
        let kind = match value.as_rule() {
            Rule::relative => self.relative(value)?,
            Rule::stated => SettingKind::Values(parts(value).map(|value| self.value(value)).collect()),
            _ => SettingKind::Words,
        };
        Some(Setting { field, kind, raw, value: value_place, span: place })
    }

    fn relative(&mut self, node: Node<'_>) -> Option<SettingKind> {
        let earlier = node.clone().into_inner().any(|part| part.as_rule() == Rule::k_earlier);
        let distance = self.value(first(node)?);
        Some(SettingKind::Relative { distance, earlier })
    }

    pub(super) fn example(&mut self, node: Node<'_>) -> ExampleDeclaration {
        let begins = self.keyword_span(&node, "example".len());
        let (mut title, mut case, mut broken) = (None, None, false);
        let (mut with, mut without, mut following, mut as_of, mut claims) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut bad_before = None;
        for part in parts(node) {
            match part.as_rule() {
                Rule::text => title = Some(text(self.origin, &part)),
                Rule::case_ref => case = first(part).map(|name| word(self.origin, &name)),
                Rule::with => broken |= !self.with(part, &mut with),
                Rule::without => without.extend(self.words(part)),
                Rule::following => following.extend(parts(part).filter_map(|part| self.earlier(part))),
                Rule::as_of => as_of.extend(first(part).map(|length| self.value(length))),
                Rule::claims => claims.extend(parts(part).filter_map(|claim| self.claim(claim))),
                Rule::bad_part => {
                    broken = true;
                    // A line that goes on what was not understood is not told again, and neither is a whole part before it.
                    let is_whole = tree::parse(Rule::only_part, part.as_str().trim_end()).is_ok();
                    if !is_whole && !self.goes_on(bad_before, &part) {
                        self.bad_line(&part, mistakes::Place::Example);
                    }
                    bad_before = Some(part.as_span().end());
                }
                _ => {}
            }
        }
        let at = title.as_ref().map_or(begins, |title: &Text| begins.to(title.span));
        self.expect_title(title.as_ref(), begins);
        let subject = Subject::Case { case, with, without, following, as_of, claims };
        ExampleDeclaration { title, subject, span: at, broken }
    }

    /// Lowers settings; says whether all were understood.
    fn with(&mut self, node: Node<'_>, settings: &mut Vec<Setting>) -> bool {
        let mut all = true;
        for part in parts(node) {
            if part.as_rule() == Rule::setting {
                let setting = self.setting(part);
                all &= setting.is_some();
                settings.extend(setting);
            } else {
                all = false;
                self.bad_line(&part, mistakes::Place::With);
            }
        }
        all
    }

    fn earlier(&mut self, node: Node<'_>) -> Option<Following> {
        let place = span(self.origin, &node);
        let mut inner = parts(node);
        let (case, length) = (inner.next()?, inner.next()?);
        Some(Following { case: word(self.origin, &case), distance: self.value(length), span: place })
    }

    fn claim(&mut self, node: Node<'_>) -> Option<Claim> {
        let place = span(self.origin, &node);
        let which = node.as_rule();
        let only = parts(node.clone()).any(|part| part.as_rule() == Rule::only);
        let named = || -> Vec<Word> { self.words_in(node.clone()) };
        let kind = match which {
            Rule::is_permissible => ClaimKind::Permissible,
            Rule::by_nothing => ClaimKind::ImpermissibleByDefault { only },
            Rule::is_impermissible => ClaimKind::ImpermissibleBy { rules: named(), only },
            Rule::is_undetermined => ClaimKind::Undetermined { fields: named(), only },
            Rule::is_not_covered => ClaimKind::NotCovered,
            Rule::is_excused => ClaimKind::ExcusedFrom(named()),
            Rule::is_overdue => ClaimKind::OverdueWith(named()),
            Rule::is_not_overdue => ClaimKind::NotYetOverdueWith(named()),
            Rule::owes_nothing => ClaimKind::OwesNothing,
            Rule::owes => ClaimKind::Owes(named()),
            _ => return None,
        };
        Some(Claim { kind, span: place })
    }

    fn words(&self, node: Node<'_>) -> Vec<Word> {
        self.words_in(node)
    }

    /// Gives the words of the lists in a node.
    fn words_in(&self, node: Node<'_>) -> Vec<Word> {
        let lists = parts(node).filter(|part| matches!(part.as_rule(), Rule::names | Rule::paths));
        lists.flat_map(parts).map(|name| word(self.origin, &name)).collect()
    }

    pub(super) fn log_example(&mut self, node: Node<'_>) -> Option<ExampleDeclaration> {
        let begins = self.keyword_span(&node, "example".len());
        let in_at = node.clone().into_inner().find(|part| part.as_rule() == Rule::k_in)?.as_span().start();
        let (mut title, mut file, mut as_of, mut records, mut broken) = (None, None, Vec::new(), Vec::new(), false);
        for part in parts(node) {
            match part.as_rule() {
                Rule::text if part.as_span().start() < in_at => title = Some(text(self.origin, &part)),
                Rule::text => file = Some(text(self.origin, &part)),
                Rule::as_of_date => as_of.extend(first(part).map(|date| self.as_written(&date))),
                Rule::record => {
                    let good = self.record(part, &mut records);
                    broken |= !good;
                }
                Rule::bad_record => {
                    broken = true;
                    self.bad_line(&part, mistakes::Place::Log);
                }
                _ => {}
            }
        }
        let at = title.as_ref().map_or(begins, |title: &Text| begins.to(title.span));
        self.expect_title(title.as_ref(), begins);
        Some(ExampleDeclaration { title, subject: Subject::Log { file: file?, as_of, records }, span: at, broken })
    }

    /// Lowers a record with its claims; it begins its line, or something is left over from the line above.
    fn record(&mut self, node: Node<'_>, records: &mut Vec<LogClaims>) -> bool {
        let place = span(self.origin, &node);
        if !self.begins_line(place.start) {
            self.bad_line(&node, mistakes::Place::Log);
            return false;
        }
        let mut inner = parts(node);
        let (Some(id), Some(claims)) = (inner.next(), inner.next()) else { return true };
        let quoted = first(id.clone()).is_some_and(|part| part.as_rule() == Rule::string)
            || id.as_str().starts_with(['"', '\u{201C}', '\u{201E}', '\u{AB}']);
        let written = id.as_str().trim();
        let name = if quoted {
            written.trim_matches(['"', '\u{201C}', '\u{201D}', '\u{201E}', '\u{AB}', '\u{BB}'])
        } else {
            written
        };
        let record = Text { text: name.to_owned(), span: span(self.origin, &id) };
        let claims = parts(claims).filter_map(|claim| self.claim(claim)).collect();
        records.push(LogClaims { record, claims });
        true
    }

    fn expect_title(&mut self, title: Option<&Text>, at: Span) {
        if title.is_none() {
            self.problems.push(problem::example_without_title(at));
        }
    }

    /// Says whether a line goes on one that was not understood: it stands right below, and that one ends in a comma.
    fn goes_on(&self, before: Option<usize>, node: &Node<'_>) -> bool {
        let start = self.origin.base + node.as_span().start();
        let until = before.map(|end| self.origin.base + end);
        let between = until.and_then(|end| self.text.get(end..start));
        let comma = until.and_then(|end| self.text.get(..end)).is_some_and(|text| text.trim_end().ends_with(','));
        comma && between.is_some_and(|between| between.trim().is_empty())
    }

    fn bad_line(&mut self, node: &Node<'_>, place: mistakes::Place) {
        let text = node.as_str().trim_end();
        let origin = self.origin.at(node.as_span().start());
        let mistake = mistakes::of_line(text, place);
        let at = whole_characters(origin, text, mistake.at, mistake.length);
        self.problems.push(problem::not_understood(mistake.message, at, Some(mistake.help)));
    }
}
