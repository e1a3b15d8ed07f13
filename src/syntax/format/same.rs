//! Whether two texts mean the same: their trees without places, their problems, and their comments.

use crate::source::Sources;

use super::super::ast::{
    AttributeKind, ClauseKind, Declaration, PolicyClauseKind, Setting, SettingKind, Subject, Value, ValueKind,
};
use super::super::bare::{Bare, BareValues};
use super::super::parser::Parsed;
use super::super::tree::plain_name;
use super::spelling;

/// Gives what a file says, places left out. `bare`: what is known of its settings without quotation marks.
pub(super) fn meaning(parsed: &Parsed, bare: &BareValues) -> (String, Vec<&'static str>) {
    let declarations = &parsed.document.declarations;
    let mut said: String = declarations.iter().map(|written| declaration(written, bare)).collect();
    said.push_str(&parsed.document.stem);
    let mut codes: Vec<&'static str> = parsed.problems.iter().map(|problem| problem.code.name()).collect();
    codes.sort_unstable();
    (said, codes)
}

/// Gives what a declaration says.
pub(super) fn declaration(declaration: &Declaration, bare: &BareValues) -> String {
    // The sign asks a `Span` for nothing: see there.
    one_unit(&format!("{:-?}\n", in_order(declaration.clone(), bare)))
}

/// Puts clauses into an order of this module's own. A duty and what is owed when it is missed stay as they follow each
/// other: there the order has a meaning.
fn in_order(mut declaration: Declaration, bare: &BareValues) -> Declaration {
    let read = |setting: &mut Setting| {
        read_as_known(setting, bare);
        read_by_its_values(setting);
    };
    match &mut declaration {
        Declaration::Rule(rule) => rule.clauses.sort_by_key(|clause| match clause.kind {
            ClauseKind::Norm(_) | ClauseKind::Otherwise(_) => 0,
            ClauseKind::When(_) => 1,
            ClauseKind::Unless(_) => 2,
            ClauseKind::IfUndocumented(_) => 3,
            ClauseKind::Severity(_) => 4,
            ClauseKind::Because(_) => 5,
            ClauseKind::Cites(_) => 6,
            ClauseKind::Remedy(_) => 7,
            ClauseKind::Untested(_) => 8,
            ClauseKind::SilenceAccepted(_) => 9,
            ClauseKind::Allow(_) => 10,
        }),
        Declaration::Policy(header) => header.clauses.sort_by_key(|clause| match clause.kind {
            PolicyClauseKind::Version(_) => 0,
            PolicyClauseKind::Owner(_) => 1,
            PolicyClauseKind::Effective { .. } => 2,
            PolicyClauseKind::TimeZone(_) => 3,
            PolicyClauseKind::Calendar(_) => 4,
            PolicyClauseKind::Vocabulary(_) => 5,
            PolicyClauseKind::AppliesWhen(_) => 6,
            PolicyClauseKind::DefaultPermit(_) => 7,
            PolicyClauseKind::RecordedWithin(_) => 8,
            PolicyClauseKind::Allow(_) => 9,
        }),
        Declaration::Field(field) => field.attributes.sort_by_key(|attribute| match attribute.kind {
            AttributeKind::Role(_) => 0,
            AttributeKind::KnownAfterwards(_) => 1,
            AttributeKind::Chosen => 2,
            AttributeKind::Judged => 3,
            AttributeKind::From(_) => 4,
        }),
        Declaration::Case(case) => case.settings.iter_mut().for_each(read),
        Declaration::Example(example) => {
            if let Subject::Case { with, .. } = &mut example.subject {
                with.iter_mut().for_each(read);
            }
        }
        _ => {}
    }
    declaration
}

/// Puts a text and names as they are known to be read in the place of their words.
fn read_as_known(setting: &mut Setting, bare: &BareValues) {
    match (bare.get(&setting.value), &setting.kind) {
        (Some(Bare::Text), _) => {
            let text = Value { kind: ValueKind::Text(std::mem::take(&mut setting.raw)), span: setting.value };
            setting.kind = SettingKind::Values(vec![text]);
        }
        (Some(Bare::Names), SettingKind::Values(values)) => {
            let names = values.iter().filter_map(|value| match &value.kind {
                ValueKind::Word(word) => Some(plain_name(word)),
                _ => None,
            });
            setting.raw = names.collect::<Vec<_>>().join(", ");
        }
        _ => {}
    }
}

/// Forgets how a setting is spelt where that is never asked for: what holds a quantity or a text in quotation marks is
/// read by its values alone.
fn read_by_its_values(setting: &mut Setting) {
    let as_it_stands = |value: &Value| match &value.kind {
        ValueKind::Word(_) | ValueKind::Date(_) | ValueKind::TimeOfDay(_) => true,
        ValueKind::Number(number) => !number.starts_with('-'),
        _ => false,
    };
    let by_values = match &setting.kind {
        SettingKind::Values(values) => !values.iter().all(as_it_stands),
        SettingKind::Relative { .. } => true,
        SettingKind::Words => false,
    };
    if by_values {
        setting.raw.clear();
    }
}

/// Writes units in one way. A quotation mark within a text is escaped here, so that no text looks like a unit.
fn one_unit(said: &str) -> String {
    const UNIT: &str = "unit: \"";
    let mut parts = said.split(UNIT);
    let mut written = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (unit, rest) = part.split_once('"').unwrap_or((part, ""));
        written.push_str(UNIT);
        written.push_str(spelling::unit(unit, false));
        written.push('"');
        written.push_str(rest);
    }
    written
}

/// Gives the comments, sorted.
pub(super) fn comments(parsed: &Parsed, sources: &Sources) -> Vec<String> {
    let text = |span: &crate::source::Span| sources.text(*span).trim_end().to_owned();
    let mut comments: Vec<String> = parsed.document.comments.iter().map(text).collect();
    comments.sort_unstable();
    comments
}
