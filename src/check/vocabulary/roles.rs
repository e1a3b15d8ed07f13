//! Roles: one field each, of a type that fits, and not known only afterwards where a permission reads it.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::{Field, FieldType, Role};

/// Reports roles that are bound twice, by a field of an unfit type, or by one known only afterwards.
pub(super) fn check(fields: &[Field], problems: &mut Vec<Diagnostic>) {
    for (at, field) in fields.iter().enumerate() {
        let Some(role) = field.role else { continue };
        let earlier = fields.iter().take(at).find(|other| other.role == Some(role));
        if let Some(earlier) = earlier {
            problems.push(bound_twice(role, field, earlier));
        }
        if let Some(wanted) = unfit_type(role, field.kind) {
            problems.push(of_unfit_type(role, field, wanted));
        }
        if field.known_afterwards && is_read_by_permissions(role) {
            problems.push(known_too_late(role, field));
        }
    }
}

/// Gives the type that the role wants, if the field's is another.
fn unfit_type(role: Role, kind: FieldType) -> Option<&'static str> {
    let moment = matches!(kind, FieldType::Instant | FieldType::Date);
    let (fits, wanted) = match role {
        Role::Id => (kind == FieldType::Text, "a text"),
        Role::Time | Role::Recorded => (moment, "an instant or a date"),
        Role::Start | Role::End => (kind == FieldType::Instant, "an instant"),
        Role::Risk | Role::Supervision => (matches!(kind, FieldType::Scale(_)), "a scale"),
        Role::RescueStrategies => (matches!(kind, FieldType::SetOfKind(_)), "a set of a kind"),
        Role::RescueReadiness => (kind == FieldType::Duration, "a duration"),
        Role::RescueOutcome => {
            (matches!(kind, FieldType::Kind(_) | FieldType::Scale(_) | FieldType::Boolean), "a kind")
        }
        Role::Responsible => (kind == FieldType::Identity, "an identity"),
        Role::FailureKind | Role::Unit => (matches!(kind, FieldType::Kind(_) | FieldType::Scale(_)), "a kind"),
    };
    (!fits).then_some(wanted)
}

fn is_read_by_permissions(role: Role) -> bool {
    matches!(role, Role::Time | Role::Risk | Role::Supervision | Role::RescueStrategies | Role::RescueReadiness)
}

fn bound_twice(role: Role, field: &Field, earlier: &Field) -> Diagnostic {
    let message = format!("two fields have the role `{}`: `{}` and `{}`", role.words(), earlier.name, field.name);
    Diagnostic::new(codes::ROLE_TWICE, message, field.origin, "here again")
        .with_label(earlier.origin, "here first")
        .with_help("leave the role to one of them")
}

fn of_unfit_type(role: Role, field: &Field, wanted: &str) -> Diagnostic {
    let message = format!("the role `{}` is for {wanted}, which `{}` is not", role.words(), field.name);
    Diagnostic::new(codes::ROLE_OF_UNFIT_TYPE, message, field.origin, "its type does not fit the role")
        .with_help("change the type, or give the role to another field")
}

fn known_too_late(role: Role, field: &Field) -> Diagnostic {
    let message = format!(
        "`{}` has the role `{}`, which permissions read, but is known only afterwards",
        field.name,
        role.words()
    );
    Diagnostic::new(codes::ROLE_KNOWN_AFTERWARDS, message, field.origin, "known afterwards")
        .with_help("give the role to what was known when the decision to hold back was taken")
}
