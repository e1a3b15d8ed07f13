//! `activity is operation or procedure`, and `is one of a, b, and c`: names that stand where conditions belong.

use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::policy::{FieldType, NameList};
use crate::syntax::ast::{Comparison, Condition, ConditionKind, Value, ValueKind, Word};

use super::condition::Conditioner;

/// Counts the bare words after a comparison that are names of its field's kind or scale, and nothing else.
pub(super) fn length(conditioner: &Conditioner<'_>, comparison: &Condition, after: &[Condition]) -> usize {
    let Some(list) = list_of(conditioner, comparison) else { return 0 };
    after.iter().take_while(|part| name_in(conditioner, list, part).is_some()).count()
}

/// Words the problem, with what to write instead.
pub(super) fn problem(
    conditioner: &Conditioner<'_>,
    comparison: &Condition,
    words: &[Condition],
    joining: &str,
) -> Option<Diagnostic> {
    let list = list_of(conditioner, comparison)?;
    let ConditionKind::Comparison(left, compared) = &comparison.kind else { return None };
    let names: Vec<&str> = words.iter().filter_map(|word| name_in(conditioner, list, word)).collect();
    let place = words.first()?.span.to(words.last()?.span);
    let values = asked(compared)?;
    if matches!(compared, Comparison::AtLeast(_) | Comparison::AtMost(_) | Comparison::Above(_) | Comparison::Below(_))
    {
        let message = format!(
            "`{}` is not a condition, and one level is enough after `{}`",
            names.join("`, `"),
            compared.words()
        );
        let problem = Diagnostic::new(codes::MISTAKEN_LIST, message, place, "a level, standing alone");
        return Some(problem.with_help(format!(
            "name the one level that bounds it: `{} {} …`",
            left.text,
            compared.words()
        )));
    }
    let all: Vec<&str> = values.into_iter().filter_map(word_of).chain(names.iter().copied()).collect();
    let message = format!("`{}` is not a condition; does it belong to a list?", names.join("`, `"));
    let problem =
        Diagnostic::new(codes::MISTAKEN_LIST, message, place, format!("a name of `{}`, standing alone", left.text));
    Some(problem.with_help(help(&left.text, compared, joining, &all.join(", "))))
}

/// Says what to write: what `and` joined stays joined by *all*, what `or` joined by *any*.
fn help(field: &str, comparison: &Comparison, joining: &str, names: &str) -> String {
    match (comparison, joining) {
        (Comparison::IsNot(_) | Comparison::IsNotOneOf(_), _) => format!("write `{field} is not one of {names}`"),
        (Comparison::Is(_), "and") => {
            format!("write `{field} is one of {names}` if either will do: it has one value, never both")
        }
        (Comparison::Is(_) | Comparison::IsOneOf(_), _) => format!("write `{field} is one of {names}`"),
        (Comparison::Includes(_) | Comparison::IncludesAll(_), "and") => {
            format!("write `{field} includes all of {names}`")
        }
        (Comparison::Includes(_), _) | (Comparison::IncludesAny(_), "or") => {
            format!("write `{field} includes any of {names}`")
        }
        _ => format!(
            "write `{field} includes any of {names}` if one is enough, `{field} includes all of {names}` if all are wanted"
        ),
    }
}

/// Gives the values of a comparison of which several could be meant.
fn asked(comparison: &Comparison) -> Option<Vec<&Value>> {
    match comparison {
        Comparison::IsOneOf(values)
        | Comparison::IsNotOneOf(values)
        | Comparison::IncludesAny(values)
        | Comparison::IncludesAll(values) => Some(values.iter().collect()),
        Comparison::Is(value)
        | Comparison::IsNot(value)
        | Comparison::Includes(value)
        | Comparison::AtLeast(value)
        | Comparison::AtMost(value)
        | Comparison::Above(value)
        | Comparison::Below(value) => Some(vec![value]),
        _ => None,
    }
}

fn list_of<'c>(conditioner: &Conditioner<'c>, comparison: &Condition) -> Option<&'c NameList> {
    let ConditionKind::Comparison(left, compared) = &comparison.kind else { return None };
    asked(compared)?;
    let field = conditioner.vocabulary.field(conditioner.vocabulary.find_field(&left.text)?)?;
    let (FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list)) = field.kind else { return None };
    conditioner.vocabulary.list(list)
}

/// Finds the name that a bare word means: itself, or one that it is misspelt for.
fn name_in<'l>(conditioner: &Conditioner<'l>, list: &'l NameList, part: &Condition) -> Option<&'l str> {
    let ConditionKind::Bare(Word { text, .. }) = &part.kind else { return None };
    let is_known = conditioner.vocabulary.find_field(text).is_some()
        || conditioner.definitions.contains_key(text)
        || conditioner.unread.names.contains(text);
    if is_known {
        return None;
    }
    let fields = conditioner.vocabulary.fields.iter().map(|field| field.name.as_str());
    let names = list.names.iter().map(|name| name.name.as_str());
    let own: Vec<&str> = names.clone().collect();
    let best = nearest(text, names.chain(fields)).first().copied()?;
    own.into_iter().find(|name| *name == best)
}

fn word_of(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::Word(word) => Some(word),
        _ => None,
    }
}
