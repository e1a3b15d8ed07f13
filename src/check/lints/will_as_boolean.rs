//! A person's will as a boolean.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::Field;

use super::{Finding, Ground};

/// Words of a name that are about somebody's will, whoever it is.
const WILL: &[&str] =
    &["consent", "consents", "consented", "assent", "assented", "refusal", "refused", "refuses", "declined", "willing"];

/// Words that are so beside the word for a person: `patient.agrees`, but not `goal_agreed`.
const OF_A_PERSON: &[&str] =
    &["agree", "agrees", "agreed", "agreement", "permission", "wish", "wishes", "wants", "objects", "objected"];

/// Words for a person whose will counts.
const PERSONS: &[&str] = &[
    "patient",
    "relative",
    "relatives",
    "family",
    "parent",
    "parents",
    "guardian",
    "trainee",
    "student",
    "learner",
    "client",
];

/// Words after which the name is about a paper or a question, not about the will.
const ABOUT_IT: &[&str] = &[
    "documented",
    "recorded",
    "filed",
    "scanned",
    "needed",
    "required",
    "possible",
    "asked",
    "sought",
    "discussed",
    "form",
];

/// Points out each boolean field for what somebody wants: refused and not asked would be the same `false`.
pub(super) fn find(ground: &Ground<'_>) -> Vec<Finding> {
    let of_will = ground.boolean_fields().into_iter().filter(|field| is_will(&field.name));
    of_will.map(|field| Finding::of_field(field, words(field))).collect()
}

fn is_will(name: &str) -> bool {
    let parts: Vec<&str> = name.split(['.', '_']).collect();
    let has = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    !has(ABOUT_IT) && (has(WILL) || has(OF_A_PERSON) && has(PERSONS))
}

fn words(field: &Field) -> Diagnostic {
    let message = format!(
        "`{}` is a person's will, and a boolean cannot tell a refusal from a question that nobody asked",
        field.name
    );
    let kind = field.name.rsplit('.').next().unwrap_or_default();
    Diagnostic::new(codes::WILL_AS_BOOLEAN, message, field.origin, "either true or false")
        .with_help(format!("declare `kind {kind} given, refused, not_asked`, and the field as `{} {kind}`", field.name))
}

#[cfg(test)]
mod tests {
    use super::is_will;

    #[test]
    fn names_about_the_will_are_found_and_others_are_not() {
        for name in ["patient.consent", "consented", "patient.agrees", "trainee.willing", "consent_obtained"] {
            assert!(is_will(name), "{name}");
        }
        for name in [
            "consent_documented",
            "education.goal_agreed",
            "stop_point_agreed",
            "patient.consent_form_scanned",
            "permission_slip",
            "patient.frail",
            "consensus",
        ] {
            assert!(!is_will(name), "{name}");
        }
    }
}
