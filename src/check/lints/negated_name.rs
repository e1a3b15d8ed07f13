//! A field whose name says that something is not so.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::Field;

use super::{Finding, Ground};

/// Words that negate the rest of a name which they begin: `not_fit`, `no_consent`.
const NEGATIONS: &[&str] = &["not", "no", "non", "without", "lacks", "lacking"];

/// What `un` negates. A list, since `unit`, `union` and `unstable_angina` begin so too.
const UN: &[&str] = &[
    "accompanied",
    "approved",
    "attended",
    "authorised",
    "authorized",
    "available",
    "aware",
    "certified",
    "consented",
    "controlled",
    "debriefed",
    "disclosed",
    "documented",
    "expected",
    "fit",
    "informed",
    "known",
    "licensed",
    "monitored",
    "noticed",
    "observed",
    "planned",
    "prepared",
    "qualified",
    "ready",
    "recorded",
    "reported",
    "safe",
    "seen",
    "signed",
    "stable",
    "suitable",
    "supervised",
    "sure",
    "trained",
    "treated",
    "willing",
];

/// What `in` and `im` negate.
const IN: &[&str] = &[
    "incapable/capable",
    "incompetent/competent",
    "incomplete/complete",
    "inadequate/adequate",
    "inappropriate/appropriate",
    "ineligible/eligible",
    "insufficient/sufficient",
    "unable/able",
];

/// Points out each boolean field with a negated name: `not unsupervised` is easily misread.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let fields = ground.boolean_fields().into_iter();
    fields.filter_map(|field| Some(Finding::of_field(field, words(field, &positive(&field.name)?)))).collect()
}

fn words(field: &Field, positive: &str) -> Diagnostic {
    let message = format!("the name `{}` says that something is not so: `not {0}` is easily misread", field.name);
    Diagnostic::new(codes::NEGATED_NAME, message, field.origin, "negated").with_help(format!(
        "name it `{positive}`, and have the log say that; if the log cannot, `allow negated_name because \"…\"` in the header of the policy",
    ))
}

/// Gives the name without its negation; none if it is not negated. Only the last part of a dotted name tells.
fn positive(name: &str) -> Option<String> {
    let (group, last) = name.rsplit_once('.').map_or(("", name), |(group, last)| (group, last));
    let (first, rest) = last.split_once('_').map_or((last, ""), |(first, rest)| (first, rest));
    let plain = if NEGATIONS.contains(&first) && !rest.is_empty() {
        rest.to_owned()
    } else {
        let word = affirmed(first)?;
        if rest.is_empty() { word.to_owned() } else { format!("{word}_{rest}") }
    };
    Some(if group.is_empty() { plain } else { format!("{group}.{plain}") })
}

fn affirmed(word: &str) -> Option<&str> {
    let un = word.strip_prefix("un").filter(|rest| UN.contains(rest));
    un.or_else(|| IN.iter().filter_map(|pair| pair.split_once('/')).find(|(no, _)| *no == word).map(|(_, yes)| yes))
}

#[cfg(test)]
mod tests {
    use super::positive;

    #[test]
    fn names_that_negate_are_found_and_others_are_not() {
        let cases = [
            ("not_fit", "fit"),
            ("patient.no_consent", "patient.consent"),
            ("unsupervised", "supervised"),
            ("trainee.unsupervised_before", "trainee.supervised_before"),
            ("supervisor.unable", "supervisor.able"),
            ("record.incomplete", "record.complete"),
            ("non_elective", "elective"),
        ];
        for (name, wanted) in cases {
            assert_eq!(positive(name).as_deref(), Some(wanted), "{name}");
        }
        for name in [
            "notes",
            "note_taken",
            "unit",
            "uniform",
            "union",
            "under_age",
            "nothing",
            "no",
            "nonunion",
            "patient.do_not_resuscitate",
            "incident",
            "infected",
            "indicated",
            "notified",
            "normal",
            "known",
            "unconscious",
            "failure.never_event",
            "neverland",
            "unilateral",
            "not.present",
        ] {
            assert_eq!(positive(name), None, "{name}");
        }
    }
}
